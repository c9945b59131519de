"""Numbers of papers: unique in their series, from 01 each year, gaps asked back, one at a time."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from support.flowworld import SIGNED, Flow

from lth.access.scope import Purpose, Scope, bind, system
from lth.core.errors import BlockedError
from lth.models import AuditEntry, HandOver, OfficialPaper, SignedCopy
from lth.models.document import Status
from lth.models.opinion import Verdict
from lth.models.paper import PaperLink
from lth.workflow import papers, register
from lth.workflow.acts import Act
from lth.workflow.kinds import SYNTHESIS
from lth.workflow.papers import HandEntry, PaperSearch

from .test_concurrency import act, at_once, split  # noqa: F401 - a fixture

TODAY = SIGNED["document_date"]


def paper_of(flow: Flow, document_id: int, link: PaperLink | None = None) -> OfficialPaper | None:
    flow.session.expire_all()
    with system(flow.session, Purpose.LOAD):
        statement = (
            select(OfficialPaper)
            .where(OfficialPaper.document_id == document_id)
            .order_by(OfficialPaper.id.desc())
        )
        if link is not None:
            statement = statement.where(OfficialPaper.link == link)
        return flow.session.scalars(statement).first()


def entry(number: str, subject: str = "Về lịch trực", day: date | None = TODAY, **more):
    return HandEntry(number=number, day=day, subject=subject, **more)


def enter(flow: Flow, who: str, *numbers: str, **more) -> None:
    for number in numbers:
        actor = flow.acting(who)
        papers.enter_by_hand(flow.session, actor, entry(number, **more), flow.now)
        flow.session.commit()


def numbers(flow: Flow, who: str, **search) -> list[str]:
    flow.acting(who)
    scope = Scope.of(flow.actor(who))
    found, _ = papers.listed(flow.session, scope, PaperSearch(**search), limit=100)
    return [one.written for one in found]


# --- Issuing ------------------------------------------------------------------------------


def test_what_is_issued_stands_in_the_register(flow, approved, leader):
    flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": "7/KH-UBND"})
    paper = paper_of(flow, approved)
    assert (paper.number, paper.symbol, paper.written) == (7, "KH-UBND", "07/KH-UBND")
    assert (paper.year, paper.issued_on, paper.letters) == (2021, TODAY, "KH")
    assert paper.signer.splitlines()[0] == "TM. ỦY BAN NHÂN DÂN"
    assert paper.entered_by_name == flow.actor(leader).person_name
    assert len(paper.code) == 10


def test_a_number_of_the_register_is_refused_and_the_next_one_named(flow, approved, leader):
    enter(flow, "clerk@tapson", "01/KH-BCĐ", "02/KH-BCĐ")
    with pytest.raises(BlockedError) as refused:
        flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": "2/KH-BCĐ"})
    (message,) = refused.value.messages
    assert message.field == "document_number"
    assert "03/KH-BCĐ" in str(message)


def test_the_same_number_is_free_for_another_kind_year_and_unit(flow, approved, leader):
    enter(flow, "clerk@tapson", "92/QĐ-UBND")
    enter(flow, "clerk@tapson", "92/KH-UBND", day=date(2020, 12, 31))
    enter(flow, "specialist@tracu", "92/KH-UBND", day=date(2021, 5, 6))
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    assert paper_of(flow, approved).written == "92/KH-UBND"


def test_a_gap_is_asked_back_and_then_taken(flow, approved, leader):
    enter(flow, "clerk@tapson", "01/KH-BCĐ", "02/KH-BCĐ")
    issue = SIGNED | {"document_number": "5/KH-BCĐ"}
    with pytest.raises(BlockedError) as refused:
        flow.do(leader, approved, Act.ISSUE, **issue)
    (message,) = refused.value.messages
    assert message.field == "number_confirmed"
    assert "03, 04" in str(message)
    flow.do(leader, approved, Act.ISSUE, **issue, number_confirmed=True)
    scope = Scope.of(flow.actor(leader))
    flow.acting(leader)
    assert papers.empty_numbers(flow.session, scope, 2021) == {"KH-BCĐ": [3, 4]}


def test_an_office_that_numbers_elsewhere_is_not_asked(flow, approved, leader):
    enter(flow, "clerk@tapson", "57/KH-UBND")
    flow.do(leader, approved, Act.ISSUE, **SIGNED | {"document_number": "93/KH-UBND"})
    assert paper_of(flow, approved).number == 93


def test_what_is_proposed_goes_on_in_the_units_own_symbol_and_begins_anew(flow, clerk):
    actor = flow.acting(clerk)
    proposed = register.suggested
    assert proposed(flow.session, actor.unit_id, ("KH", "QĐ"), 2022) == [
        "01/KH-UBND",
        "01/QĐ-UBND",
    ]
    enter(flow, clerk, "04/KH-BCĐ", day=date(2021, 5, 7 - 1))
    assert proposed(flow.session, actor.unit_id, ("KH",), 2021) == ["05/KH-BCĐ"]
    assert proposed(flow.session, actor.unit_id, ("KH",), 2022) == ["01/KH-BCĐ"]


def test_an_undone_issue_leaves_the_number_free(flow, approved, leader):
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    code = paper_of(flow, approved).code
    flow.do(leader, approved, Act.UNDO)
    assert paper_of(flow, approved).number is None
    assert numbers(flow, leader, text="92/") == []
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    assert (paper_of(flow, approved).number, paper_of(flow, approved).code) == (92, code)


def test_it_is_not_undone_once_a_signed_copy_is_there(flow, approved, leader):
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    flow.acting(leader)
    flow.session.get_one(OfficialPaper, paper_of(flow, approved).id).signed_at = flow.now
    flow.acting(leader)
    flow.session.commit()
    with pytest.raises(Exception, match=r"điều chỉnh|không áp dụng"):
        flow.do(leader, approved, Act.UNDO)
    assert paper_of(flow, approved).number == 92


def test_an_amendment_replaces_and_a_revocation_revokes(flow, issued, clerk, leader):
    first = paper_of(flow, issued)
    flow.do(clerk, issued, Act.AMEND, reason="Sai mục tiêu")
    flow.write(clerk, issued, "Sửa một câu")
    flow.do(clerk, issued, Act.SEND_FOR_CLEARANCE)
    flow.do(leader, issued, Act.SUBMIT)
    flow.do("specialist@tracu", issued, Act.OPEN)
    for who in ("specialist", "finance_appraiser", "format_appraiser"):
        flow.do(f"{who}@tracu", issued, Act.GIVE_OPINION, verdict=Verdict.AGREE)
    flow.do("leader@tracu", issued, Act.APPROVE)
    flow.do(leader, issued, Act.ISSUE, **SIGNED | {"document_number": "800/KH-UBND"})
    second = paper_of(flow, issued)
    assert (second.follows_id, second.link) == (first.id, PaperLink.REPLACES)
    flow.do(
        leader,
        issued,
        Act.REVOKE,
        reason="Không còn phù hợp",
        document_number="801/QĐ-UBND",
        document_date=TODAY,
    )
    third = paper_of(flow, issued)
    assert (third.follows_id, third.link) == (second.id, PaperLink.REVOKES)
    assert third.letters == "QĐ"
    flow.do(leader, issued, Act.UNDO)
    assert paper_of(flow, issued).number is None
    assert "801/QĐ-UBND" not in numbers(flow, leader)


def test_of_two_who_give_the_same_number_at_once_one_gets_it(flow, at_once):  # noqa: F811
    """Two documents of one unit, two sessions: the database keeps the number to one of them."""
    plan = flow.document("travinh", Status.CLEARANCE)
    summed_up = flow.document("travinh", Status.CLEARANCE, SYNTHESIS)
    number = {"document_number": "300/KH-UBND", "document_date": TODAY, "number_confirmed": True}
    done, refused = split(
        at_once(
            *[act(flow, "leader@travinh", one, Act.ISSUE, **number) for one in (plan, summed_up)]
        )
    )
    assert done == ["issue"]
    (error,) = refused
    assert [message.field for message in error.messages] == ["document_number"]
    assert "301/KH-UBND" in str(error)


# --- By hand ------------------------------------------------------------------------------


def test_what_is_entered_by_hand_is_in_the_trail(flow, clerk):
    enter(flow, clerk, "12/TB-UBND", subject="Về việc nghỉ lễ Quốc khánh")
    with system(flow.session, Purpose.LOAD):
        last = flow.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.what, last.person_name) == ("papers.entered", flow.actor(clerk).person_name)
    assert "12/TB-UBND" in last.data["subject"]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"number": ""}, ["document_number"]),
        ({"number": "12"}, ["document_number"]),
        ({"number": "0/TB-UBND"}, ["document_number"]),
        ({"day": None}, ["document_date"]),
        ({"day": date(2031, 1, 1)}, ["document_date"]),
        ({"subject": "  "}, ["subject"]),
        (
            {"number": "", "day": None, "subject": ""},
            ["document_date", "document_number", "subject"],
        ),
    ],
)
def test_what_is_wrong_by_hand_is_said_beside_its_field(flow, clerk, wrong, fields):
    actor = flow.acting(clerk)
    typed = {"number": "12/TB-UBND", "day": TODAY, "subject": "Về lịch trực"} | wrong
    with pytest.raises(BlockedError) as refused:
        papers.enter_by_hand(flow.session, actor, HandEntry(**typed), flow.now)
    assert sorted(message.field for message in refused.value.messages) == fields


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"text": "nghi le"}, ["03/TB-UBND"]),
        ({"text": "NGHỈ LỄ"}, ["03/TB-UBND"]),
        ({"text": "581/UBND"}, ["581/UBND-KGVX"]),
        ({"letters": ""}, ["581/UBND-KGVX"]),
        ({"letters": "TB"}, ["03/TB-UBND"]),
        ({"until": date(2020, 12, 31)}, ["03/TB-UBND"]),
        ({"year": 2020}, ["03/TB-UBND"]),
        ({"text": "%"}, []),
        ({"text": "_"}, []),
        ({"text": "không có"}, []),
    ],
)
def test_the_register_is_searched(flow, clerk, search, found):
    enter(flow, clerk, "03/TB-UBND", subject="Về việc nghỉ lễ", day=date(2020, 9, 1))
    enter(flow, clerk, "581/UBND-KGVX", subject="V/v hỗ trợ 100% kinh phí", day=TODAY)
    mine = [one for one in numbers(flow, clerk, **search) if "KH-" not in one and "QĐ" not in one]
    assert mine == found


def test_nobody_of_another_unit_sees_it(flow, clerk):
    enter(flow, clerk, "03/TB-UBND", subject="Về việc nghỉ lễ")
    for who in ("clerk@dinhan", "specialist@tracu", "observer@travinh"):
        if who in _people(flow):
            assert "03/TB-UBND" not in numbers(flow, who), who


def _people(flow: Flow) -> set[str]:
    flow.actor("system_admin")
    return set(flow._actors)


# --- What the database keeps --------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE official_paper SET number = 5, written = '05/KH-UBND' WHERE number IS NOT NULL",
        "UPDATE official_paper SET subject = 'khác' WHERE number IS NOT NULL",
        "UPDATE official_paper SET code = 'AAAAAAAAAA'",
        "UPDATE official_paper SET follows_id = id, link = 'replaces' WHERE number IS NOT NULL",
        "DELETE FROM official_paper",
    ],
)
def test_what_is_in_the_register_stays(flow, approved, leader, change):
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    bind(flow.session, Scope.system(Purpose.RECONCILE))
    with pytest.raises(DBAPIError):
        flow.session.execute(text(change))


def test_a_hand_over_and_a_signed_copy_are_never_changed(flow, approved, leader):
    flow.do(leader, approved, Act.ISSUE, **SIGNED)
    actor = flow.acting(leader)
    by = {
        "paper_id": paper_of(flow, approved).id,
        **{"unit_id": actor.unit_id, "person_id": actor.person_id, "at": flow.now},
    }
    prints = dict.fromkeys(("package_sha256", "pdf_sha256", "word_sha256"), "0" * 64)
    flow.acting(leader)
    flow.session.add(HandOver(**by, **prints, has_number=True, size=1, pages=1))
    flow.session.add(SignedCopy(**by, file_name="a.pdf", sha256="0" * 64, size=1))
    flow.session.commit()
    for table in ("hand_over", "signed_copy"):
        for change in (f"UPDATE {table} SET size = 2", f"DELETE FROM {table}"):  # noqa: S608 - own names
            flow.session.rollback()
            bind(flow.session, Scope.system(Purpose.RECONCILE))
            with pytest.raises(DBAPIError):
                flow.session.execute(text(change))
