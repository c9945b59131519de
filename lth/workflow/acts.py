"""Declare what can be done to a document, and what the rows of the table are made of."""

from dataclasses import dataclass
from enum import StrEnum

from lth.core.i18n import N_
from lth.models.document import Status
from lth.models.kind import Kind
from lth.models.person import Role


class Act(StrEnum):
    """An act on a document."""

    START = "start"
    SEND_FOR_CLEARANCE = "send_for_clearance"
    DECLINE = "decline"
    SUBMIT = "submit"
    RECALL = "recall"
    OPEN = "open"
    GIVE_OPINION = "give_opinion"
    RETURN = "return"
    APPROVE = "approve"
    REOPEN = "reopen"
    ISSUE = "issue"
    ACKNOWLEDGE = "acknowledge"
    AMEND = "amend"
    REVOKE = "revoke"
    ASK_BACK = "ask_back"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    UNDO = "undo"


class Place(StrEnum):
    """The actor's place on the road."""

    OWN = "own"
    NEXT = "next"


@dataclass(frozen=True)
class By:
    """A role at a place of the road; no role: the one that drafts documents of the kind."""

    role: Role | None
    place: Place


def ways_of_naming(kind: Kind, role: Role, place: Place) -> set[By]:
    """Name a role at a place of the road as the table does, for documents of a kind."""
    drafts = place is Place.OWN and role is kind.drafter
    return {By(role, place), By(None, place)} if drafts else {By(role, place)}


@dataclass(frozen=True)
class Tell:
    """An audience by name, and why it is told: its turn has come, or it is news."""

    audience: str
    turn: bool = False


@dataclass(frozen=True)
class Row:
    """One way an act may move a document.

    `when`: conditions that choose this row, silently; `guards`: what must hold, else the act
    is refused with a reason; `asks`: what the actor has to fill in; `effects` happen in order;
    `reverts` take them back on *undo* (None: the act cannot be undone). `target` None leaves
    the state as it is. `private`: the act stays within the unit that does it. `any_version`: others
    of its kind may have come between the version that the actor saw and this one.
    """

    act: Act
    sources: frozenset[Status]
    target: Status | None
    by: tuple[By, ...]
    when: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    reverts: tuple[str, ...] | None = ()
    tells: tuple[Tell, ...] = ()
    private: bool = False
    any_version: bool = False


_WORDS = {
    Act.START: (N_("Bắt đầu soạn"), N_("Đã bắt đầu soạn")),
    Act.SEND_FOR_CLEARANCE: (N_("Trình lãnh đạo"), N_("Đã trình lãnh đạo")),
    Act.DECLINE: (N_("Chưa duyệt, chuyển lại"), N_("Lãnh đạo chưa duyệt, đã chuyển lại")),
    Act.SUBMIT: (N_("Duyệt và trình lên cấp trên"), N_("Đã trình lên cấp trên")),
    Act.RECALL: (N_("Rút lại"), N_("Đã rút lại")),
    Act.OPEN: (N_("Tiếp nhận, mở thẩm định"), N_("Đã tiếp nhận, mở thẩm định")),
    Act.GIVE_OPINION: (N_("Cho ý kiến thẩm định"), N_("Đã cho ý kiến thẩm định")),
    Act.RETURN: (N_("Trả lại"), N_("Đã trả lại")),
    Act.APPROVE: (N_("Phê duyệt"), N_("Đã phê duyệt")),
    Act.REOPEN: (N_("Mở lại để thẩm định"), N_("Đã mở lại để thẩm định")),
    Act.ISSUE: (N_("Ban hành"), N_("Đã ban hành")),
    Act.ACKNOWLEDGE: (N_("Ghi nhận đã tiếp nhận"), N_("Đã tiếp nhận")),
    Act.AMEND: (N_("Điều chỉnh"), N_("Đã mở bản điều chỉnh")),
    Act.REVOKE: (N_("Thu hồi"), N_("Đã thu hồi")),
    Act.ASK_BACK: (N_("Đề nghị chuyển lại để sửa"), N_("Đã đề nghị chuyển lại để sửa")),
    Act.ASK_EXTENSION: (N_("Xin gia hạn"), N_("Đã xin gia hạn")),
    Act.GRANT_EXTENSION: (N_("Cho gia hạn"), N_("Đã cho gia hạn")),
    Act.REFUSE_EXTENSION: (N_("Không gia hạn"), N_("Không đồng ý gia hạn")),
    Act.UNDO: (N_("Hoàn tác"), N_("Đã hoàn tác")),
}
ACT_LABEL = {act: label for act, (label, _) in _WORDS.items()}
ACT_DONE = {act: done for act, (_, done) in _WORDS.items()}
"""An act once it was done, in lists of what has happened."""
