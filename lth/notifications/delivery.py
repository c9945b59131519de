"""Draining the outbox: claim, send over one connection, say what became of each mail.

A mail is sent at least once, and once unless the process dies between the relay's "taken" and the
commit that says so; then it goes out again under the same Message-ID. The same drain runs in the
thread of the embedded run (which ticks too), in an RQ job and from the command line.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.core import clock, database
from lth.core.config import Settings
from lth.models.outbox import Delivery
from lth.notifications import digests, envelope, leases, long_jobs, messages, tick, validity
from lth.notifications.envelope import UndeliverableError
from lth.notifications.facts import MailFacts
from lth.notifications.leases import Claim
from lth.notifications.smtp import DelayedError, RejectedError, Relay, SmtpRelay, UnreachableError

logger = logging.getLogger(__name__)

BATCH = 20
SHARE = 100
"""Mails that the thread sends before it looks at the clock again."""
POLL_SECONDS = 1.0
LONGEST_REST_SECONDS = 60.0

Sessions = Callable[[], Session]


@dataclass
class DrainReport:
    """Numbers of a drain's mails, by what became of them.

    `unreachable` says why no relay took anything; `full`: it took as many as it was allowed to, and
    more may be due.
    """

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    discarded: int = 0
    held: int = 0
    unreachable: str = ""
    full: bool = False

    def count(self, outcome: Delivery) -> None:
        """Count one more row that came to this."""
        name = "deferred" if outcome is Delivery.WAITING else outcome.value
        setattr(self, name, getattr(self, name) + 1)

    @property
    def taken(self) -> int:
        """The number of rows that were settled, however."""
        return self.sent + self.deferred + self.failed + self.discarded


def relay_of(settings: Settings) -> Relay | None:
    """Return the relay that the settings name, if any."""
    if settings.smtp_url is None:
        return None
    return SmtpRelay(settings.smtp_url, envelope.sender(settings).domain)


def drain(
    settings: Settings,
    sessions: Sessions,
    *,
    now: Callable[[], datetime] = clock.now,
    limit: int | None = None,
    relay: Relay | None = None,
    stop: threading.Event | None = None,
) -> DrainReport:
    """Send what is due, all of it or up to `limit` mails; without a relay, hold what waits.

    `relay` is what LTH_SMTP_URL says unless given. Ends early, after the mail under way, when
    `stop` is set. An unreachable relay is reported and costs no mail an attempt.
    """
    relay = relay or relay_of(settings)
    with sessions() as session, system(session, Purpose.DELIVER):
        if relay is None:
            return DrainReport(held=_hold(session, now()))
        if not _any(session, leases.any_due, now()):
            return DrainReport()
        return _Drain(settings, session, relay, now, stop or threading.Event()).run(limit)


def run_forever(settings: Settings, sessions: Sessions, stop: threading.Event) -> None:
    """Drain about every second, and tick every minute, until `stop` is set; what goes wrong is
    logged and outlived.

    While the relay or the database cannot be reached it asks less and less often.
    """
    pace = tick.Pace()
    rest = POLL_SECONDS
    while not stop.wait(rest):
        if pace.due(clock.now()):
            _tick(settings, sessions)
        _long_jobs(settings, sessions)
        try:
            report = drain(settings, sessions, limit=SHARE, stop=stop)
            well = not report.unreachable
        except Exception:  # whatever it was, the next mail must still go out
            logger.exception("the outbox could not be drained")
            report, well = DrainReport(), False
        if report.full:
            rest = 0.0
        else:
            rest = POLL_SECONDS if well else min(max(rest, POLL_SECONDS) * 2, LONGEST_REST_SECONDS)


def _tick(settings: Settings, sessions: Sessions) -> None:
    try:
        tick.run(settings, sessions)
    except Exception:  # the database is away; the mail is still tried, and the next tick comes
        logger.exception("the tick could not run")


def _long_jobs(settings: Settings, sessions: Sessions) -> None:
    try:
        long_jobs.run_due(settings, sessions)
    except Exception:  # the database is away; mail is still tried, and the job waits
        logger.exception("the long jobs could not be looked for")


def _any(session: Session, question: Callable[[Session, datetime], bool], now: datetime) -> bool:
    with database.reading(), database.unit_of_work(session):
        return question(session, now)


def _hold(session: Session, now: datetime) -> int:
    if not _any(session, leases.any_to_hold, now):
        return 0
    with database.unit_of_work(session):
        held = leases.hold(session, now)
    logger.info("held %s mails: LTH_SMTP_URL is not set", held)
    return held


@dataclass
class _Drain:
    """One drain under way."""

    settings: Settings
    session: Session
    relay: Relay
    now: Callable[[], datetime]
    stop: threading.Event

    def __post_init__(self) -> None:
        self.report = DrainReport()

    def run(self, limit: int | None) -> DrainReport:
        try:
            with self.relay:
                while not self.stop.is_set() and not self.report.full:
                    left = BATCH if limit is None else min(BATCH, limit - self.report.taken)
                    if not self._batch(left):
                        break
                    self.report.full = self.report.taken == limit
        except UnreachableError as error:
            self.report.unreachable = str(error)
            logger.error("the mail relay cannot be reached, mail waits: %s", error)
        return self.report

    def _batch(self, size: int) -> bool:
        """Claim some and send them; tell whether there were any."""
        with database.unit_of_work(self.session):
            left = leases.claim(self.session, self.now(), size)
        if not left:
            return False
        try:
            while left and not self.stop.is_set():
                left = self._renewed(left)
                if left:
                    self._deliver(left[0], self._facts(left[0].id))
                    left = left[1:]
        except UnreachableError:
            self._give_back(left)
            raise
        self._give_back(left)
        return True

    def _give_back(self, left: Sequence[Claim]) -> None:
        if left:
            with database.unit_of_work(self.session):
                leases.give_back(self.session, left)

    def _facts(self, message_id: int) -> MailFacts:
        """Read a mail at the moment it is sent: who it is for and whether it is true, by now."""
        with database.reading(), database.unit_of_work(self.session):
            return validity.sending(self.session, [message_id], self.now())[message_id]

    def _renewed(self, left: list[Claim]) -> list[Claim]:
        """Return the claims with time for a slow relay, without those that were taken over."""
        now = self.now()
        if left[0].lease - now > leases.RENEW_BELOW:
            return left
        with database.unit_of_work(self.session):
            return leases.renew(self.session, left, now)

    def _deliver(self, claim: Claim, mail: MailFacts) -> None:
        if mail.withheld is not None:
            self._settle(claim, mail, Delivery.DISCARDED, mail.withheld.value)
        elif claim.attempt > leases.MAX_ATTEMPTS:  # whoever tried it last died of it
            last = mail.last_error or "no attempt came to an end"
            self._settle(claim, mail, Delivery.FAILED, last)
        else:
            self._settle(claim, mail, *self._try(claim, mail))

    def _try(self, claim: Claim, mail: MailFacts) -> tuple[Delivery, str]:
        """Write a mail and give it to the relay; return what became of it, and why."""
        try:
            text = messages.write(self.settings, mail)
            self.relay.send(envelope.build(self.settings, mail, text, self.now()))
        except UnreachableError:
            raise
        except (RejectedError, UndeliverableError) as error:
            return Delivery.FAILED, str(error)
        except DelayedError as error:
            return _later(claim), str(error)
        except Exception as error:  # a text that cannot be made must not stop everybody's mail
            logger.exception("mail %s cannot be written", claim.id)
            return _later(claim), f"{type(error).__name__}: {error}"
        return Delivery.SENT, ""

    def _settle(self, claim: Claim, mail: MailFacts, outcome: Delivery, note: str) -> None:
        """Write what became of a mail, and of what its digest left out, in one transaction."""
        with database.unit_of_work(self.session):
            ours = leases.settle(self.session, claim, outcome, self.now(), note)
            if ours and outcome in {Delivery.SENT, Delivery.DISCARDED}:
                digests.leave_out(self.session, mail.left_out)
        if not ours:
            logger.warning("mail %s was taken over while it was being sent", claim.id)
            return
        self.report.count(outcome)
        level = logging.ERROR if outcome is Delivery.FAILED else logging.INFO
        why = f": {note}" if note else ""
        logger.log(level, "mail %s: %s at attempt %s%s", claim.id, outcome, claim.attempt, why)


def _later(claim: Claim) -> Delivery:
    """Return another try, or giving up when there were enough."""
    return Delivery.WAITING if claim.attempt < leases.MAX_ATTEMPTS else Delivery.FAILED
