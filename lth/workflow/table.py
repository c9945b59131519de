"""Declare the rules of the workflow, in one table.

The pages' buttons, the permission check, the diagram in `docs/workflow.md` and the operation
itself all read `TABLE`. Its rows are data: conditions, guards, effects and audiences are names,
looked up in their registries; no row speaks of a level or of a kind, only of *own unit*, *next
step* and of whoever drafts documents of the kind.
"""

from lth.models.document import Status
from lth.models.person import Role
from lth.workflow.acts import Act, By, Place, Row, Tell
from lth.workflow.states import OWED, WRITTEN

ALL = frozenset(Status)

OWN_DRAFTER = By(None, Place.OWN)
OWN_LEADER = By(Role.LEADER, Place.OWN)
NEXT_LEADER = By(Role.LEADER, Place.NEXT)
NEXT_SPECIALIST = By(Role.SPECIALIST, Place.NEXT)
NEXT_FINANCE = By(Role.FINANCE_APPRAISER, Place.NEXT)
NEXT_FORMAT = By(Role.FORMAT_APPRAISER, Place.NEXT)
ANYONE = tuple(By(role, place) for role in Role for place in Place)

COMPLETE = (
    "nothing_missing",
    "no_errors",
    "warnings_explained",
    "remarks_answered",
    "takeover_stands",
    "absence_reasoned",
)


_SEND = ("keep_findings", "freeze_head", "keep_absence", "send_head", "follow_requests")
"""How a revision leaves its unit: frozen with all that is said beside it."""

FORWARD = frozenset(
    {
        Act.SEND_FOR_CLEARANCE,
        Act.SUBMIT,
        Act.OPEN,
        Act.GIVE_OPINION,
        Act.APPROVE,
        Act.ISSUE,
        Act.ACKNOWLEDGE,
        Act.GRANT_EXTENSION,
    }
)
"""The acts that take a document further up its road, and answering a unit that asks for time."""


def status_set(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_DRAFTING_ROWS = (
    Row(
        Act.START,
        frozenset(),
        Status.DRAFT,
        by=(OWN_DRAFTER,),
        guards=("unit_in_force", "takes_part", "no_live_document"),
        reverts=None,
        private=True,
    ),
    Row(
        Act.SEND_FOR_CLEARANCE,
        WRITTEN,
        Status.CLEARANCE,
        by=(OWN_DRAFTER,),
        when=("clearance_needed",),
        guards=("takes_part", "window_open", *COMPLETE),
        asks=("absence",),
        effects=("remember_origin", "keep_absence"),
        tells=(Tell("own_leaders", turn=True),),
        private=True,
    ),
    Row(
        Act.SUBMIT,
        WRITTEN,
        Status.SUBMITTED,
        by=(OWN_DRAFTER,),
        when=("clearance_skipped", "next_approves"),
        guards=("takes_part", "window_open", *COMPLETE),
        asks=("absence",),
        effects=_SEND,
        reverts=("withdraw_head", "open_revision", "carry_unlocked", "follow_requests"),
        tells=(Tell("next_specialists", turn=True), Tell("own_leaders")),
    ),
    Row(
        Act.RECALL,
        status_set(Status.SUBMITTED),
        Status.DRAFT,
        by=(OWN_DRAFTER, OWN_LEADER),
        guards=("could_be_sent_again",),
        effects=("withdraw_head", "open_revision", "follow_requests"),
        reverts=("discard_head", "restore_sent", "follow_requests"),
        tells=(Tell("next_specialists"), Tell("drafters")),
    ),
)

_BACK = {"guards": ("reason_given", "not_asked_just_now"), "asks": ("reason",)}

_ASKING_ROWS = (
    Row(
        Act.ASK_BACK,
        status_set(Status.CLEARANCE),
        None,
        by=(OWN_DRAFTER,),
        **_BACK,
        tells=(Tell("own_leaders", turn=True),),
        private=True,
    ),
    Row(
        Act.ASK_BACK,
        status_set(Status.REVIEW),
        None,
        by=(OWN_DRAFTER, OWN_LEADER),
        **_BACK,
        tells=(Tell("next_specialists", turn=True), Tell("next_leaders")),
    ),
    Row(
        Act.ASK_BACK,
        status_set(Status.APPROVED),
        None,
        by=(OWN_DRAFTER, OWN_LEADER),
        **_BACK,
        tells=(Tell("next_leaders", turn=True), Tell("next_specialists")),
    ),
    Row(
        Act.ASK_EXTENSION,
        OWED,
        None,
        by=(OWN_DRAFTER, OWN_LEADER),
        when=("due_from_above",),
        guards=("reason_given", "extends_the_time"),
        asks=("until", "reason"),
        effects=("ask_extension",),
        reverts=("take_extension_back",),
        tells=(Tell("next_specialists", turn=True), Tell("next_leaders"), Tell("own_leaders")),
    ),
)
"""What a unit asks for when it is stuck: to have a document back, or more time for it."""

_CLEARANCE_ROWS = (
    *(
        Row(
            Act.DECLINE,
            status_set(Status.CLEARANCE),
            origin,
            by=(OWN_LEADER,),
            when=(came_from,),
            guards=("reason_given",),
            asks=("reason",),
            tells=(Tell("drafters", turn=True),),
            private=True,
        )
        for origin, came_from in (
            (Status.DRAFT, "came_from_draft"),
            (Status.RETURNED, "came_from_returned"),
        )
    ),
    Row(
        Act.SUBMIT,
        status_set(Status.CLEARANCE),
        Status.SUBMITTED,
        by=(OWN_LEADER,),
        when=("next_approves",),
        guards=("takes_part", "not_editor", "window_open", "takeover_stands", "absence_reasoned"),
        asks=("absence",),
        effects=_SEND,
        reverts=("withdraw_head", "open_revision", "carry_unlocked", "follow_requests"),
        tells=(Tell("next_specialists", turn=True), Tell("drafters")),
    ),
)

_REVIEW_ROWS = (
    Row(
        Act.OPEN,
        status_set(Status.SUBMITTED),
        Status.REVIEW,
        by=(NEXT_SPECIALIST,),
        tells=(Tell("next_appraisers", turn=True), Tell("drafters")),
    ),
    Row(
        Act.GIVE_OPINION,
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
        status_set(Status.REVIEW),
        Status.APPROVED,
        by=(NEXT_LEADER,),
        guards=("not_editor", "opinions_in", "disagreement_overruled", "absence_reasoned"),
        asks=("overruling", "absence"),
        effects=("note_absence", "publish", "release"),
        reverts=("unrelease", "unpublish"),
        tells=(Tell("own_leaders", turn=True), Tell("drafters")),
    ),
    Row(
        Act.REOPEN,
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

_ANSWER = {
    "by": (NEXT_SPECIALIST, NEXT_LEADER),
    "when": ("extension_waits",),
    "reverts": ("take_extension_back",),
    "tells": (Tell("drafters", turn=True), Tell("own_leaders")),
}

_EXTENSION_ROWS = (
    Row(
        Act.GRANT_EXTENSION,
        OWED,
        None,
        **_ANSWER,
        guards=("not_asker", "extends_the_time"),
        asks=("until", "comment"),
        effects=("grant_extension",),
    ),
    Row(
        Act.REFUSE_EXTENSION,
        OWED,
        None,
        **_ANSWER,
        guards=("reason_given",),
        asks=("reason",),
        effects=("refuse_extension",),
    ),
)

_SIGNED = ("document_signed", "number_unused", "number_follows")
_ISSUE_TELLS = (Tell("drafters"), Tell("units_below"))
_ISSUE_STRAIGHT = {
    "by": (OWN_LEADER,),
    "asks": ("document", "absence"),
    "effects": (*_SEND, "issue_head"),
    "reverts": ("unissue_head", "withdraw_head", "open_revision", "follow_requests"),
    "tells": (*_ISSUE_TELLS, Tell("next_specialists", turn=True)),
}

_ISSUE_ROWS = (
    Row(
        Act.ISSUE,
        status_set(Status.APPROVED),
        Status.ISSUED,
        by=(OWN_LEADER,),
        guards=(*_SIGNED, "absence_reasoned"),
        asks=("document", "absence"),
        effects=("note_absence", "issue_head"),
        reverts=("unissue_head",),
        tells=(*_ISSUE_TELLS, Tell("next_specialists")),
    ),
    Row(
        Act.ISSUE,
        status_set(Status.CLEARANCE),
        Status.ISSUED,
        **_ISSUE_STRAIGHT,
        when=("next_does_not_approve",),
        guards=(
            *("takes_part", "not_editor", "window_open"),
            *("takeover_stands", "absence_reasoned", *_SIGNED),
        ),
    ),
    Row(
        Act.ISSUE,
        WRITTEN,
        Status.ISSUED,
        **_ISSUE_STRAIGHT,
        when=("next_does_not_approve", "clearance_skipped"),
        guards=("takes_part", "not_editor", "window_open", *COMPLETE, *_SIGNED),
    ),
    Row(
        Act.ACKNOWLEDGE,
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
        status_set(Status.ISSUED),
        Status.DRAFT,
        by=(OWN_DRAFTER,),
        guards=("reason_given",),
        asks=("reason",),
        effects=("open_revision",),
        reverts=("discard_head",),
        tells=(Tell("own_leaders"), Tell("next_specialists")),
    ),
    Row(
        Act.REVOKE,
        status_set(Status.ISSUED),
        Status.REVOKED,
        by=(OWN_LEADER,),
        guards=("reason_given", "revocation_signed"),
        asks=("reason", "document"),
        effects=("stand_down", "drop_requests"),
        reverts=("stand_up", "follow_requests"),
        tells=(Tell("drafters"), Tell("next_specialists"), Tell("units_below")),
    ),
    Row(
        Act.UNDO,
        ALL,
        None,
        by=ANYONE,
        when=("did_last_act",),
        guards=(
            "within_undo_window",
            "nothing_written_since",
            "undo_leaves_syntheses_true",
            "undo_leaves_one_live",
            "paper_not_signed",
        ),
        reverts=None,
        tells=(Tell("told_of_undone"),),
    ),
)

TABLE: tuple[Row, ...] = (
    *_DRAFTING_ROWS,
    *_ASKING_ROWS,
    *_CLEARANCE_ROWS,
    *_REVIEW_ROWS,
    *_EXTENSION_ROWS,
    *_ISSUE_ROWS,
)


def rows(status: Status | None, act: Act | None = None) -> list[Row]:
    """List the rows for a state (None: before the document exists), of one act or of all."""
    return [
        row
        for row in TABLE
        if (status in row.sources if status else not row.sources)
        and (act is None or row.act is act)
    ]
