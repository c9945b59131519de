"""Exactly who gets mail of each act, and whose turn it says it is: a second, hand-written table."""

from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import func, select
from support.mailworld import SIGNED, World, add_role, edit

from lth.access.scope import Purpose, system
from lth.core.errors import BlockedError
from lth.models import OutboxMessage, Person, UnitSettings
from lth.models.kind import Kind
from lth.models.opinion import Verdict
from lth.models.person import Role
from lth.workflow.acts import Act, Row
from lth.workflow.kinds import PLAN, SYNTHESIS
from lth.workflow.table import TABLE

TURN, NEWS = True, False

WHY = {"reason": "Sai số người cao tuổi"}
AGREE = {"verdict": Verdict.AGREE}


@dataclass(frozen=True)
class Step:
    """One act, who does it with what, and who is told."""

    who: str
    act: Act
    told: dict[str, bool]
    inputs: dict[str, object] = field(default_factory=dict)


def step(who: str, act: Act, inputs: dict[str, object] | None = None, **told: bool) -> Step:
    """`tapson_clerk=NEWS` for the clerk of Tập Sơn."""
    named = {key.replace("_", ".", 1): turn for key, turn in told.items()}
    return Step(who, act, named, inputs or {})


def cleared(clerk: str, unit: str) -> Step:
    return step(clerk, Act.SEND_FOR_CLEARANCE, **{f"{unit}_leader": TURN})


TO_THE_LEADERS = step(
    "tapson.clerk", Act.SEND_FOR_CLEARANCE, tapson_leader=TURN, tapson_leader2=TURN
)
SUBMITTED = step(
    "tapson.leader",
    Act.SUBMIT,
    tracu_specialist=TURN,
    tracu_specialist2=TURN,
    tapson_clerk=NEWS,
)
OPENED = step(
    "tracu.specialist",
    Act.OPEN,
    tracu_finance_appraiser=TURN,
    tracu_format_appraiser=TURN,
    tapson_clerk=NEWS,
)
UP_TO_REVIEW = (TO_THE_LEADERS, SUBMITTED, OPENED)
OPINIONS = (
    step("tracu.specialist", Act.GIVE_OPINION, AGREE),
    step("tracu.finance_appraiser", Act.GIVE_OPINION, AGREE),
    step("tracu.format_appraiser", Act.GIVE_OPINION, AGREE, tracu_leader=TURN),
)
APPROVED = step(
    "tracu.leader", Act.APPROVE, tapson_leader=TURN, tapson_leader2=TURN, tapson_clerk=NEWS
)
RETURNED = step(
    "tracu.specialist2",
    Act.RETURN,
    WHY,
    tapson_clerk=TURN,
    tapson_leader=NEWS,
    tapson_leader2=NEWS,
)

UNTIL = {"until": date(2021, 6, 10)}

STORIES: dict[str, tuple[str, Kind, tuple[Step, ...]]] = {
    "more time is asked for, refused, asked for again and granted": (
        "tapson.clerk",
        PLAN,
        (
            step(
                "tapson.clerk",
                Act.ASK_EXTENSION,
                WHY | UNTIL,
                tracu_specialist=TURN,
                tracu_specialist2=TURN,
                tracu_leader=NEWS,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
            ),
            step(
                "tracu.leader",
                Act.REFUSE_EXTENSION,
                WHY,
                tapson_clerk=TURN,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
            ),
            step(
                "tapson.leader",
                Act.ASK_EXTENSION,
                WHY | UNTIL,
                tracu_specialist=TURN,
                tracu_specialist2=TURN,
                tracu_leader=NEWS,
                tapson_leader2=NEWS,
            ),
            step(
                "tracu.specialist",
                Act.GRANT_EXTENSION,
                tapson_clerk=TURN,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
            ),
        ),
    ),
    "a unit asks to have it back, at each desk": (
        "tapson.clerk",
        PLAN,
        (
            TO_THE_LEADERS,
            step("tapson.clerk", Act.ASK_BACK, WHY, tapson_leader=TURN, tapson_leader2=TURN),
            SUBMITTED,
            OPENED,
            step(
                "tapson.leader",
                Act.ASK_BACK,
                WHY,
                tracu_specialist=TURN,
                tracu_specialist2=TURN,
                tracu_leader=NEWS,
            ),
            *OPINIONS,
            APPROVED,
            step(
                "tapson.clerk",
                Act.ASK_BACK,
                WHY,
                tracu_leader=TURN,
                tracu_specialist=NEWS,
                tracu_specialist2=NEWS,
            ),
        ),
    ),
    "a district asks for more time for its synthesis, and to have it back": (
        "tracu.specialist",
        SYNTHESIS,
        (
            step(
                "tracu.specialist",
                Act.ASK_EXTENSION,
                WHY | UNTIL,
                travinh_specialist=TURN,
                travinh_specialist2=TURN,
                travinh_leader=NEWS,
                tracu_leader=NEWS,
            ),
            cleared("tracu.specialist", "tracu"),
            step("tracu.specialist", Act.ASK_BACK, WHY, tracu_leader=TURN),
        ),
    ),
    "a leader declines a draft": (
        "tapson.clerk",
        PLAN,
        (TO_THE_LEADERS, step("tapson.leader", Act.DECLINE, WHY, tapson_clerk=TURN)),
    ),
    "the drafter recalls": (
        "tapson.clerk",
        PLAN,
        (
            TO_THE_LEADERS,
            SUBMITTED,
            step("tapson.clerk", Act.RECALL, tracu_specialist=NEWS, tracu_specialist2=NEWS),
        ),
    ),
    "the leader recalls": (
        "tapson.clerk",
        PLAN,
        (
            TO_THE_LEADERS,
            SUBMITTED,
            step(
                "tapson.leader",
                Act.RECALL,
                tracu_specialist=NEWS,
                tracu_specialist2=NEWS,
                tapson_clerk=NEWS,
            ),
        ),
    ),
    "returned, declined, mended, submitted again": (
        "tapson.clerk",
        PLAN,
        (
            *UP_TO_REVIEW,
            RETURNED,
            TO_THE_LEADERS,
            step("tapson.leader2", Act.DECLINE, WHY, tapson_clerk=TURN),
            TO_THE_LEADERS,
            SUBMITTED,
        ),
    ),
    "a return is undone": (
        "tapson.clerk",
        PLAN,
        (
            *UP_TO_REVIEW,
            RETURNED,
            step(
                "tracu.specialist2",
                Act.UNDO,
                tapson_clerk=NEWS,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
            ),
        ),
    ),
    "approved, reopened, approved, issued, amended, issued, revoked": (
        "tapson.clerk",
        PLAN,
        (
            *UP_TO_REVIEW,
            *OPINIONS,
            APPROVED,
            step(
                "tracu.leader",
                Act.REOPEN,
                WHY,
                tracu_specialist=TURN,
                tracu_specialist2=TURN,
                tapson_clerk=NEWS,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
            ),
            APPROVED,
            step(
                "tapson.leader2",
                Act.ISSUE,
                SIGNED,
                tapson_clerk=NEWS,
                tracu_specialist=NEWS,
                tracu_specialist2=NEWS,
            ),
            step(
                "tapson.clerk",
                Act.AMEND,
                WHY,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
                tracu_specialist=NEWS,
                tracu_specialist2=NEWS,
            ),
            step(
                "tapson.clerk",
                Act.UNDO,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
                tracu_specialist=NEWS,
                tracu_specialist2=NEWS,
            ),
            step(
                "tapson.leader",
                Act.REVOKE,
                WHY | SIGNED | {"document_number": "93/QĐ-UBND"},
                tapson_clerk=NEWS,
                tracu_specialist=NEWS,
                tracu_specialist2=NEWS,
            ),
        ),
    ),
    "a district's plan is issued, acknowledged and handed down": (
        "tracu.clerk",
        PLAN,
        (
            cleared("tracu.clerk", "tracu"),
            step(
                "tracu.leader",
                Act.ISSUE,
                SIGNED,
                travinh_specialist=TURN,
                travinh_specialist2=TURN,
                tracu_clerk=NEWS,
                tapson_clerk=NEWS,
                tapson_clerk2=NEWS,
                ngaixuyen_clerk=NEWS,
            ),
            step(
                "travinh.specialist",
                Act.ACKNOWLEDGE,
                {"reason": "Lưu ý nguồn vốn"},
                tracu_clerk=NEWS,
                tracu_leader=NEWS,
            ),
            step(
                "tracu.leader",
                Act.REVOKE,
                WHY | SIGNED | {"document_number": "94/QĐ-UBND"},
                tracu_clerk=NEWS,
                travinh_specialist=NEWS,
                travinh_specialist2=NEWS,
                tapson_clerk=NEWS,
                tapson_clerk2=NEWS,
                ngaixuyen_clerk=NEWS,
            ),
        ),
    ),
    "a province's plan has nobody above": (
        "travinh.clerk",
        PLAN,
        (
            cleared("travinh.clerk", "travinh"),
            step(
                "travinh.leader",
                Act.ISSUE,
                SIGNED,
                travinh_clerk=NEWS,
                tracu_clerk=NEWS,
                canglong_clerk=NEWS,
            ),
        ),
    ),
    "a synthesis is its specialist's": (
        "tracu.specialist",
        SYNTHESIS,
        (
            cleared("tracu.specialist", "tracu"),
            step("tracu.leader", Act.DECLINE, WHY, tracu_specialist=TURN),
            cleared("tracu.specialist", "tracu"),
            step(
                "tracu.leader",
                Act.SUBMIT,
                travinh_specialist=TURN,
                travinh_specialist2=TURN,
                tracu_specialist=NEWS,
            ),
            step("tracu.specialist", Act.RECALL, travinh_specialist=NEWS, travinh_specialist2=NEWS),
            cleared("tracu.specialist", "tracu"),
            step(
                "tracu.leader",
                Act.SUBMIT,
                travinh_specialist=TURN,
                travinh_specialist2=TURN,
                tracu_specialist=NEWS,
            ),
            step(
                "travinh.specialist2",
                Act.OPEN,
                travinh_finance_appraiser=TURN,
                travinh_format_appraiser=TURN,
                tracu_specialist=NEWS,
            ),
            step("travinh.finance_appraiser", Act.GIVE_OPINION, AGREE),
            step("travinh.format_appraiser", Act.GIVE_OPINION, AGREE, travinh_leader=TURN),
            step("travinh.leader", Act.APPROVE, tracu_leader=TURN, tracu_specialist=NEWS),
            step(
                "tracu.leader",
                Act.ISSUE,
                SIGNED,
                tracu_specialist=NEWS,
                travinh_specialist=NEWS,
                travinh_specialist2=NEWS,
            ),
            step(
                "tracu.specialist",
                Act.AMEND,
                WHY,
                tracu_leader=NEWS,
                travinh_specialist=NEWS,
                travinh_specialist2=NEWS,
            ),
        ),
    ),
}

WITHOUT_CLEARANCE: dict[str, tuple[str, Kind, tuple[Step, ...]]] = {
    "a clerk submits": (
        "tapson.clerk",
        PLAN,
        (
            step(
                "tapson.clerk",
                Act.SUBMIT,
                tracu_specialist=TURN,
                tracu_specialist2=TURN,
                tapson_leader=NEWS,
                tapson_leader2=NEWS,
            ),
        ),
    ),
    "a specialist submits a synthesis": (
        "tracu.specialist",
        SYNTHESIS,
        (
            step(
                "tracu.specialist",
                Act.SUBMIT,
                travinh_specialist=TURN,
                travinh_specialist2=TURN,
                tracu_leader=NEWS,
            ),
        ),
    ),
    "a leader issues at once": (
        "tracu.clerk",
        PLAN,
        (
            step(
                "tracu.leader",
                Act.ISSUE,
                SIGNED,
                travinh_specialist=TURN,
                travinh_specialist2=TURN,
                tracu_clerk=NEWS,
                tapson_clerk=NEWS,
                tapson_clerk2=NEWS,
                ngaixuyen_clerk=NEWS,
            ),
        ),
    ),
}


def play(world: World, story: tuple[str, Kind, tuple[Step, ...]]) -> int:
    """Play a story, each act telling exactly whom it should; returns the document's id."""
    starter, kind, steps = story
    document_id = world.start(starter, kind)
    for one in steps:
        event = world.do(one.who, document_id, one.act, **one.inputs)
        assert world.told(event) == one.told, f"{one.act} by {one.who}"
    return document_id


@pytest.mark.parametrize("name", STORIES)
def test_each_act_tells_exactly_these(world: World, name: str) -> None:
    play(world, STORIES[name])


@pytest.mark.parametrize("name", WITHOUT_CLEARANCE)
def test_where_the_unit_needs_no_clearance(world: World, name: str) -> None:
    with system(world.session, Purpose.LOAD):
        for key in ("tapson", "tracu"):
            unit_id = world.units[key].id
            settings = world.session.get(UnitSettings, unit_id) or UnitSettings(
                unit_id=unit_id, required_opinions=[]
            )
            settings.clearance_needed = False
            world.session.add(settings)
    play(world, WITHOUT_CLEARANCE[name])


def _played(row: Row) -> bool:
    """Whether some story has an act of this row that tells somebody, judged by act and audience."""
    return any(
        one.act is row.act and one.told
        for _, _, steps in (*STORIES.values(), *WITHOUT_CLEARANCE.values())
        for one in steps
    )


@pytest.mark.parametrize("row", [row for row in TABLE if row.tells], ids=lambda row: row.act.value)
def test_no_act_that_tells_is_left_out_of_the_stories(row: Row) -> None:
    assert _played(row)


def test_a_start_tells_nobody(world: World) -> None:
    world.start("tapson.clerk")
    with system(world.session, Purpose.DELIVER):
        assert world.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_a_refused_act_tells_nobody(world: World) -> None:
    document_id = play(world, ("tapson.clerk", PLAN, UP_TO_REVIEW))
    before = _count(world)
    with pytest.raises(BlockedError):
        world.do("tracu.specialist", document_id, Act.RETURN)
    world.session.rollback()
    assert _count(world) == before


def test_the_mail_goes_with_its_act(world: World) -> None:
    """Rows are written in the act's own transaction: without it there is none."""
    document_id = play(world, ("tapson.clerk", PLAN, UP_TO_REVIEW))
    before = _count(world)
    world.session.commit = world.session.flush  # type: ignore[method-assign] # the process dies here
    world.do("tracu.specialist", document_id, Act.RETURN, **WHY)
    assert _count(world) == before + 3
    world.session.rollback()
    assert _count(world) == before


def test_a_person_of_two_audiences_gets_one_mail_and_it_calls_to_act(world: World) -> None:
    """A leader who holds the clerk's role too and wrote in the plan: approval is news to those who
    wrote, and the leaders' turn to issue."""
    starter, kind, steps = ("tapson.clerk", PLAN, (*UP_TO_REVIEW, *OPINIONS))
    add_role(world, "tapson.leader2", "tapson", Role.CLERK)
    document_id = world.start(starter, kind)
    edit(world, "tapson.leader2", document_id)
    for one in steps:
        event = world.do(one.who, document_id, one.act, **one.inputs)
    event = world.do("tracu.leader", document_id, Act.APPROVE)
    assert world.told(event) == {
        "tapson.leader": TURN,
        "tapson.leader2": TURN,
        "tapson.clerk": NEWS,
    }


def test_if_no_drafter_is_left_all_clerks_are_told(world: World) -> None:
    document_id = world.start("tapson.clerk")
    world.do("tapson.clerk", document_id, Act.SEND_FOR_CLEARANCE)
    with system(world.session, Purpose.LOAD):
        world.session.get_one(Person, world.people["tapson.clerk"]).active = False
    event = world.do("tapson.leader", document_id, Act.DECLINE, **WHY)
    assert world.told(event) == {"tapson.clerk2": TURN}


def _count(world: World) -> int:
    with system(world.session, Purpose.DELIVER):
        return world.session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
