"""The rules of the workflow, in one table.

The pages' buttons, the permission check, the diagram in `docs/workflow.md` and the operation
itself all read `TABLE`. Its rows are data: conditions, guards, effects and audiences are names,
looked up in their registries; no row speaks of a level, only of *own unit* and *next step*.
"""

from dataclasses import dataclass
from enum import StrEnum

from lth.i18n import N_
from lth.models.person import Role
from lth.models.plan import Kind, Status


class Act(StrEnum):
    """What can be done to a document."""

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
    UNDO = "undo"


class Place(StrEnum):
    """Where on the road the actor stands."""

    OWN = "own"
    NEXT = "next"


@dataclass(frozen=True)
class By:
    """A role at a place of the road."""

    role: Role
    place: Place


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
    kinds: frozenset[Kind]
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


ACT_LABEL = {
    Act.START: N_("Bắt đầu soạn"),
    Act.SEND_FOR_CLEARANCE: N_("Trình lãnh đạo"),
    Act.DECLINE: N_("Chưa duyệt, chuyển lại"),
    Act.SUBMIT: N_("Duyệt và trình lên cấp trên"),
    Act.RECALL: N_("Rút lại"),
    Act.OPEN: N_("Tiếp nhận, mở thẩm định"),
    Act.GIVE_OPINION: N_("Cho ý kiến thẩm định"),
    Act.RETURN: N_("Trả lại"),
    Act.APPROVE: N_("Phê duyệt"),
    Act.REOPEN: N_("Mở lại để thẩm định"),
    Act.ISSUE: N_("Ban hành"),
    Act.ACKNOWLEDGE: N_("Ghi nhận đã tiếp nhận"),
    Act.AMEND: N_("Điều chỉnh"),
    Act.REVOKE: N_("Thu hồi"),
    Act.UNDO: N_("Hoàn tác"),
}

ACT_DONE = {
    Act.START: N_("Đã bắt đầu soạn"),
    Act.SEND_FOR_CLEARANCE: N_("Đã trình lãnh đạo"),
    Act.DECLINE: N_("Lãnh đạo chưa duyệt, đã chuyển lại"),
    Act.SUBMIT: N_("Đã trình lên cấp trên"),
    Act.RECALL: N_("Đã rút lại"),
    Act.OPEN: N_("Đã tiếp nhận, mở thẩm định"),
    Act.GIVE_OPINION: N_("Đã cho ý kiến thẩm định"),
    Act.RETURN: N_("Đã trả lại"),
    Act.APPROVE: N_("Đã phê duyệt"),
    Act.REOPEN: N_("Đã mở lại để thẩm định"),
    Act.ISSUE: N_("Đã ban hành"),
    Act.ACKNOWLEDGE: N_("Đã tiếp nhận"),
    Act.AMEND: N_("Đã mở bản điều chỉnh"),
    Act.REVOKE: N_("Đã thu hồi"),
    Act.UNDO: N_("Đã hoàn tác"),
}

STATUS_LABEL = {
    Status.DRAFT: N_("Dự thảo"),
    Status.CLEARANCE: N_("Đã trình lãnh đạo"),
    Status.SUBMITTED: N_("Đã trình"),
    Status.REVIEW: N_("Đang thẩm định"),
    Status.RETURNED: N_("Đã trả lại"),
    Status.APPROVED: N_("Đã duyệt"),
    Status.ISSUED: N_("Đã ban hành"),
    Status.REVOKED: N_("Đã thu hồi"),
}

BOTH = frozenset(Kind)
PLAN = frozenset({Kind.PLAN})
SYNTHESIS = frozenset({Kind.SYNTHESIS})
ALL = frozenset(Status)

OWN_CLERK = By(Role.CLERK, Place.OWN)
OWN_LEADER = By(Role.LEADER, Place.OWN)
OWN_SPECIALIST = By(Role.SPECIALIST, Place.OWN)
NEXT_LEADER = By(Role.LEADER, Place.NEXT)
NEXT_SPECIALIST = By(Role.SPECIALIST, Place.NEXT)
NEXT_FINANCE = By(Role.FINANCE_APPRAISER, Place.NEXT)
NEXT_FORMAT = By(Role.FORMAT_APPRAISER, Place.NEXT)
ANYONE = tuple(By(role, place) for role in Role for place in Place)

DRAFTER = ((PLAN, OWN_CLERK), (SYNTHESIS, OWN_SPECIALIST))
"""Who drafts which kind: a plan is the clerk's, a synthesis the specialist's."""

COMPLETE = (
    "nothing_missing",
    "no_errors",
    "warnings_explained",
    "remarks_answered",
    "takeover_stands",
)
WRITTEN = frozenset({Status.DRAFT, Status.RETURNED})


def status_set(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


def _drafting_rows() -> tuple[Row, ...]:
    rows = []
    for kinds, drafter in DRAFTER:
        rows += [
            Row(
                Act.START,
                kinds,
                frozenset(),
                Status.DRAFT,
                by=(drafter,),
                guards=("unit_in_force", "takes_part", "no_live_document"),
                reverts=None,
                private=True,
            ),
            Row(
                Act.SEND_FOR_CLEARANCE,
                kinds,
                WRITTEN,
                Status.CLEARANCE,
                by=(drafter,),
                when=("clearance_needed",),
                guards=COMPLETE,
                effects=("remember_origin",),
                tells=(Tell("own_leaders", turn=True),),
                private=True,
            ),
            Row(
                Act.SUBMIT,
                kinds,
                WRITTEN,
                Status.SUBMITTED,
                by=(drafter,),
                when=("clearance_skipped", "next_approves"),
                guards=COMPLETE,
                effects=("keep_findings", "freeze_head", "send_head"),
                reverts=("withdraw_head", "open_revision", "carry_unlocked"),
                tells=(Tell("next_specialists", turn=True), Tell("own_leaders")),
            ),
            Row(
                Act.RECALL,
                kinds,
                status_set(Status.SUBMITTED),
                Status.DRAFT,
                by=(drafter, OWN_LEADER),
                effects=("withdraw_head", "open_revision"),
                reverts=("discard_head", "restore_sent"),
                tells=(Tell("next_specialists"), Tell("drafters")),
            ),
        ]
    return tuple(rows)


_CLEARANCE_ROWS = (
    Row(
        Act.DECLINE,
        BOTH,
        status_set(Status.CLEARANCE),
        Status.DRAFT,
        by=(OWN_LEADER,),
        when=("came_from_draft",),
        guards=("reason_given",),
        asks=("reason",),
        tells=(Tell("drafters", turn=True),),
        private=True,
    ),
    Row(
        Act.DECLINE,
        BOTH,
        status_set(Status.CLEARANCE),
        Status.RETURNED,
        by=(OWN_LEADER,),
        when=("came_from_returned",),
        guards=("reason_given",),
        asks=("reason",),
        tells=(Tell("drafters", turn=True),),
        private=True,
    ),
    Row(
        Act.SUBMIT,
        BOTH,
        status_set(Status.CLEARANCE),
        Status.SUBMITTED,
        by=(OWN_LEADER,),
        when=("next_approves",),
        guards=("not_editor", "takeover_stands"),
        effects=("keep_findings", "freeze_head", "send_head"),
        reverts=("withdraw_head", "open_revision", "carry_unlocked"),
        tells=(Tell("next_specialists", turn=True), Tell("drafters")),
    ),
)

_REVIEW_ROWS = (
    Row(
        Act.OPEN,
        BOTH,
        status_set(Status.SUBMITTED),
        Status.REVIEW,
        by=(NEXT_SPECIALIST,),
        tells=(Tell("next_appraisers", turn=True), Tell("drafters")),
    ),
    Row(
        Act.GIVE_OPINION,
        BOTH,
        status_set(Status.REVIEW),
        None,
        by=(NEXT_SPECIALIST, NEXT_FINANCE, NEXT_FORMAT),
        guards=("not_editor", "disagreement_reasoned"),
        asks=("verdict",),
        effects=("record_opinion",),
        reverts=("strike_opinion",),
        tells=(Tell("next_leaders_when_opinions_in", turn=True),),
        private=True,
        any_version=True,
    ),
    Row(
        Act.RETURN,
        BOTH,
        status_set(Status.REVIEW),
        Status.RETURNED,
        by=(NEXT_SPECIALIST, NEXT_LEADER),
        guards=("reason_given",),
        asks=("reason",),
        effects=("publish", "open_revision", "unlock_pointed"),
        reverts=("discard_head", "unpublish"),
        tells=(Tell("drafters", turn=True), Tell("own_leaders")),
    ),
    Row(
        Act.APPROVE,
        BOTH,
        status_set(Status.REVIEW),
        Status.APPROVED,
        by=(NEXT_LEADER,),
        guards=("not_editor", "opinions_in", "disagreement_overruled"),
        asks=("overruling",),
        effects=("publish", "release"),
        reverts=("unrelease", "unpublish"),
        tells=(Tell("own_leaders", turn=True), Tell("drafters")),
    ),
    Row(
        Act.REOPEN,
        BOTH,
        status_set(Status.APPROVED),
        Status.REVIEW,
        by=(NEXT_LEADER,),
        guards=("reason_given", "not_in_standing_synthesis"),
        asks=("reason",),
        effects=("unrelease",),
        reverts=("release",),
        tells=(Tell("next_specialists", turn=True), Tell("drafters"), Tell("own_leaders")),
    ),
)

_ISSUE = {
    "guards": ("document_signed", "number_unused"),
    "asks": ("document",),
}
_ISSUE_TELLS = (Tell("drafters"), Tell("units_below"))

_ISSUE_ROWS = (
    Row(
        Act.ISSUE,
        BOTH,
        status_set(Status.APPROVED),
        Status.ISSUED,
        by=(OWN_LEADER,),
        **_ISSUE,
        effects=("issue_head",),
        reverts=("unissue_head",),
        tells=(*_ISSUE_TELLS, Tell("next_specialists")),
    ),
    Row(
        Act.ISSUE,
        BOTH,
        status_set(Status.CLEARANCE),
        Status.ISSUED,
        by=(OWN_LEADER,),
        when=("next_does_not_approve",),
        guards=("not_editor", "takeover_stands", *_ISSUE["guards"]),
        asks=_ISSUE["asks"],
        effects=("keep_findings", "freeze_head", "send_head", "issue_head"),
        reverts=("unissue_head", "withdraw_head", "open_revision"),
        tells=(*_ISSUE_TELLS, Tell("next_specialists", turn=True)),
    ),
    Row(
        Act.ISSUE,
        BOTH,
        WRITTEN,
        Status.ISSUED,
        by=(OWN_LEADER,),
        when=("next_does_not_approve", "clearance_skipped"),
        guards=("not_editor", *COMPLETE, *_ISSUE["guards"]),
        asks=_ISSUE["asks"],
        effects=("keep_findings", "freeze_head", "send_head", "issue_head"),
        reverts=("unissue_head", "withdraw_head", "open_revision"),
        tells=(*_ISSUE_TELLS, Tell("next_specialists", turn=True)),
    ),
    Row(
        Act.ACKNOWLEDGE,
        BOTH,
        status_set(Status.ISSUED),
        None,
        by=(NEXT_SPECIALIST,),
        when=("next_acknowledges", "not_yet_released"),
        asks=("comment",),
        effects=("publish", "release"),
        reverts=("unrelease", "unpublish"),
        tells=(Tell("drafters"), Tell("own_leaders")),
    ),
    Row(
        Act.AMEND,
        PLAN,
        status_set(Status.ISSUED),
        Status.DRAFT,
        by=(OWN_CLERK,),
        guards=("reason_given",),
        asks=("reason",),
        effects=("open_revision",),
        reverts=("discard_head",),
        tells=(Tell("own_leaders"), Tell("next_specialists")),
    ),
    Row(
        Act.AMEND,
        SYNTHESIS,
        status_set(Status.ISSUED),
        Status.DRAFT,
        by=(OWN_SPECIALIST,),
        guards=("reason_given",),
        asks=("reason",),
        effects=("open_revision",),
        reverts=("discard_head",),
        tells=(Tell("own_leaders"), Tell("next_specialists")),
    ),
    Row(
        Act.REVOKE,
        BOTH,
        status_set(Status.ISSUED),
        Status.REVOKED,
        by=(OWN_LEADER,),
        guards=("reason_given", "revocation_signed"),
        asks=("reason", "document"),
        effects=("stand_down",),
        reverts=("stand_up",),
        tells=(Tell("drafters"), Tell("next_specialists"), Tell("units_below")),
    ),
    Row(
        Act.UNDO,
        BOTH,
        ALL,
        None,
        by=ANYONE,
        when=("did_last_act",),
        guards=(
            "within_undo_window",
            "nothing_written_since",
            "undo_leaves_syntheses_true",
            "undo_leaves_one_live",
        ),
        reverts=None,
        tells=(Tell("told_of_undone"),),
    ),
)

TABLE: tuple[Row, ...] = (*_drafting_rows(), *_CLEARANCE_ROWS, *_REVIEW_ROWS, *_ISSUE_ROWS)


def rows(kind: Kind, status: Status | None, act: Act | None = None) -> list[Row]:
    """The rows for a kind in a state (None: before it exists), of one act or of all."""
    return [
        row
        for row in TABLE
        if kind in row.kinds
        and (status in row.sources if status else not row.sources)
        and (act is None or row.act is act)
    ]
