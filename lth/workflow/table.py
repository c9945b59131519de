"""The rules of the workflow, in one table.

The pages' buttons, the permission check, the diagram in `docs/workflow.md` and the operation
itself all read `TABLE`. Its rows are data: conditions, guards, effects and audiences are names,
looked up in their registries; no row speaks of a level, only of *own unit* and *next step*.
"""

from lth.models.document import Kind, Status
from lth.models.person import Role
from lth.workflow.acts import Act, By, Place, Row, Tell

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
OWED = frozenset({Status.DRAFT, Status.CLEARANCE, Status.RETURNED})
"""States of a document that its unit still owes; with any other it has done its part."""


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
                guards=("window_open", *COMPLETE),
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
                guards=("window_open", *COMPLETE),
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
                guards=("could_be_sent_again",),
                effects=("withdraw_head", "open_revision"),
                reverts=("discard_head", "restore_sent"),
                tells=(Tell("next_specialists"), Tell("drafters")),
            ),
            *_asking_rows(kinds, drafter),
        ]
    return tuple(rows)


def _asking_rows(kinds: frozenset[Kind], drafter: By) -> tuple[Row, ...]:
    """What a unit asks for when it is stuck: to have a document back, or more time for it."""
    back = {"guards": ("reason_given", "not_asked_just_now"), "asks": ("reason",)}
    return (
        Row(
            Act.ASK_BACK,
            kinds,
            status_set(Status.CLEARANCE),
            None,
            by=(drafter,),
            **back,
            tells=(Tell("own_leaders", turn=True),),
            private=True,
        ),
        Row(
            Act.ASK_BACK,
            kinds,
            status_set(Status.REVIEW),
            None,
            by=(drafter, OWN_LEADER),
            **back,
            tells=(Tell("next_specialists", turn=True), Tell("next_leaders")),
        ),
        Row(
            Act.ASK_BACK,
            kinds,
            status_set(Status.APPROVED),
            None,
            by=(drafter, OWN_LEADER),
            **back,
            tells=(Tell("next_leaders", turn=True), Tell("next_specialists")),
        ),
        Row(
            Act.ASK_EXTENSION,
            kinds,
            OWED,
            None,
            by=(drafter, OWN_LEADER),
            when=("due_from_above",),
            guards=("reason_given", "extends_the_time"),
            asks=("until", "reason"),
            effects=("ask_extension",),
            reverts=("take_extension_back",),
            tells=(Tell("next_specialists", turn=True), Tell("next_leaders"), Tell("own_leaders")),
        ),
    )


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
        guards=("not_editor", "window_open", "takeover_stands"),
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

_EXTENSION_ROWS = (
    Row(
        Act.GRANT_EXTENSION,
        BOTH,
        OWED,
        None,
        by=(NEXT_SPECIALIST, NEXT_LEADER),
        when=("extension_waits",),
        guards=("not_asker", "extends_the_time"),
        asks=("until", "comment"),
        effects=("grant_extension",),
        reverts=("take_extension_back",),
        tells=(Tell("drafters", turn=True), Tell("own_leaders")),
    ),
    Row(
        Act.REFUSE_EXTENSION,
        BOTH,
        OWED,
        None,
        by=(NEXT_SPECIALIST, NEXT_LEADER),
        when=("extension_waits",),
        guards=("reason_given",),
        asks=("reason",),
        effects=("refuse_extension",),
        reverts=("take_extension_back",),
        tells=(Tell("drafters", turn=True), Tell("own_leaders")),
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
        guards=("not_editor", "window_open", "takeover_stands", *_ISSUE["guards"]),
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
        guards=("not_editor", "window_open", *COMPLETE, *_ISSUE["guards"]),
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

TABLE: tuple[Row, ...] = (
    *_drafting_rows(),
    *_CLEARANCE_ROWS,
    *_REVIEW_ROWS,
    *_EXTENSION_ROWS,
    *_ISSUE_ROWS,
)


def rows(kind: Kind, status: Status | None, act: Act | None = None) -> list[Row]:
    """The rows for a kind in a state (None: before it exists), of one act or of all."""
    return [
        row
        for row in TABLE
        if kind in row.kinds
        and (status in row.sources if status else not row.sources)
        and (act is None or row.act is act)
    ]
