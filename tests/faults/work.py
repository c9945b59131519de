"""People at work: the clerk sends a plan to the leader, who gives it back, over and over.

Every act is told apart: a leader's by its reason, a clerk's by its place between two of those. What
was answered with success must be there afterwards; what was not may be.
"""

import contextlib
import http.client
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from support.liveserver import Answer, Live, Person

from lth.demo import PASSWORD

PEOPLE = {41: "yen-the", 30: "tap-son", 31: "ham-giang", 32: "ham-tan"}
"""Communes of the demo whose plans stand complete, by document: with the leader, or sent up."""

AT_LEADER = 41
SEND, GIVE_BACK = "send_for_clearance", "decline"
PATIENCE = 30
_SEEN = re.compile(r'name="seen"[^>]*value="(\d+)"')


@dataclass
class Deed:
    """One act that was sent off; `done` once it was answered with success."""

    document_id: int
    act: str
    reason: str
    done: bool = False


@dataclass
class Desk:
    """A commune's clerk and leader, and all that they have sent off."""

    document_id: int
    clerk: Person
    leader: Person
    deeds: list[Deed] = field(default_factory=list)
    codes: dict[int, int] = field(default_factory=dict)
    broken: int = 0
    slowest: float = 0.0
    _turn: str = SEND

    def step(self) -> bool:
        """Do the next act; False where it was not done, or nobody knows."""
        who = self.leader if self._turn == GIVE_BACK else self.clerk
        path = f"/commune/documents/{self.document_id}/acts/{self._turn}"
        try:
            page = self._note(who.get(path, timeout=PATIENCE))
            found = _SEEN.search(page.text) if page.code == 200 else None
            if found is None:
                if page.code in {200, 302, 403, 404, 409}:  # the last one had been done after all
                    self._turn = GIVE_BACK if self._turn == SEND else SEND
                return False
            deed = Deed(self.document_id, self._turn, f"Lần {len(self.deeds) + 1}")
            self.deeds.append(deed)
            sent = {"seen": found[1], "reason": deed.reason}
            answer = self._note(who.post(path, sent, timeout=PATIENCE))
        except (OSError, http.client.HTTPException):
            self.broken += 1
            return False
        deed.done = answer.code == 302
        if deed.done:
            self._turn = GIVE_BACK if self._turn == SEND else SEND
        return deed.done

    def _note(self, answer: Answer) -> Answer:
        self.codes[answer.code] = self.codes.get(answer.code, 0) + 1
        self.slowest = max(self.slowest, answer.seconds)
        return answer

    @property
    def done(self) -> int:
        return sum(deed.done for deed in self.deeds)


def desks(server: Live) -> list[Desk]:
    """Sign everybody in, and have each plan with its clerk or its leader."""
    found = []
    for document_id, place in PEOPLE.items():
        clerk = server.sign_in(f"can-bo.{place}@lth.example", PASSWORD)
        leader = server.sign_in(f"lanh-dao.{place}@lth.example", PASSWORD)
        desk = Desk(document_id, clerk, leader)
        if document_id == AT_LEADER:
            desk._turn = GIVE_BACK
        else:
            _recall(clerk, document_id)
        found.append(desk)
    return found


def _recall(clerk: Person, document_id: int) -> None:
    path = f"/commune/documents/{document_id}/acts/recall"
    seen = _SEEN.search(clerk.get(path).text)
    assert seen is not None
    assert clerk.post(path, {"seen": seen[1]}).code == 302


@contextlib.contextmanager
def at_work(desks: list[Desk]) -> Iterator[None]:
    """Have everybody work meanwhile, each in a thread."""
    ending = threading.Event()

    def work(desk: Desk) -> None:
        while not ending.is_set():
            if not desk.step():
                ending.wait(0.3)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def wait_for_more(desks: list[Desk], acts: int, seconds: float = 120) -> None:
    """Wait until so many more acts were done."""
    wanted = sum(desk.done for desk in desks) + acts
    end = time.monotonic() + seconds
    while sum(desk.done for desk in desks) < wanted:
        assert time.monotonic() < end, "nobody gets on with their work"
        time.sleep(0.05)
