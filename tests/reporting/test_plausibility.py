"""What does not look right in a report: by figures that are doubted, and by some that are not."""

from datetime import date

import pytest
from sqlalchemy import select
from support import draftworld, reportworld

from lth.access.scope import Purpose, Scope, bind, system
from lth.content.targets import PARTS
from lth.core.errors import BlockedError, NotFoundError
from lth.models import Document, Explanation, Indicator, KeptFinding, ReportValue
from lth.models.programme import Measure, RollUp
from lth.models.report import Reported
from lth.reporting import plausibility, plausible_reads
from lth.reporting.plausibility import ComparedFigure, doubts
from lth.reporting.plausible_reads import LastReport
from lth.reporting.windows import WindowSpan

HALF = (date(2020, 12, 15), date(2021, 6, 14))
YEAR = (date(2020, 12, 15), date(2021, 12, 14))
BEFORE = LastReport(date(2020, 6, 15), date(2020, 12, 14), {})


def indicator(code: str = "members_total", measure: Measure = Measure.COUNT) -> Indicator:
    return Indicator(
        code=code,
        label_vi=code,
        label_en=code,
        unit_vi="",
        unit_en="",
        measure=measure,
        roll_up=RollUp.SUM,
        extra={"counts_from": "cumulative"},
    )


def codes(*figures: ComparedFigure, last: LastReport | None = BEFORE, span=HALF) -> list[str]:
    return [one.code for one in doubts(figures, last, span)]


def one(value: int | None, code: str = "members_total", **more) -> ComparedFigure:
    return ComparedFigure(indicator(code), value, **more)


@pytest.mark.parametrize(
    ("value", "last", "speaks"),
    [
        (300, 100, True),
        (299, 100, False),
        (30, 100, True),
        (34, 100, False),
        (19, 0, False),  # too small to be worth a word
        (20, 0, True),
        (0, 0, False),
        (6, 2, False),
    ],
)
def test_a_jump_from_the_last_report(value, last, speaks) -> None:
    assert codes(one(value, last=last)) == (["P01"] if speaks else [])


def test_money_jumps_from_twenty_million_on() -> None:
    fund = indicator("income_fund_balance", Measure.MONEY)
    assert codes(ComparedFigure(fund, 60_000_000, last=20_000_000)) == ["P01"]
    assert codes(ComparedFigure(fund, 19_000_000, last=1_000_000)) == []


def test_what_happens_over_time_is_held_against_a_window_as_long() -> None:
    """Half a year with 30 cases, then a whole one with 100: as many a month, nearly."""
    half = LastReport(*HALF, {})
    assert codes(one(100, "helped_cases", last=30), last=half, span=YEAR) == []
    assert codes(one(182, "helped_cases", last=30), last=half, span=YEAR) == ["P01"]


def test_nothing_is_said_without_a_last_report_or_of_nil() -> None:
    assert codes(one(300, last=None)) == []
    assert codes(one(300, last=100), last=None) == []
    assert codes(one(None, last=100)) == []


def test_a_copy_of_the_last_report() -> None:
    names = ("a", "b", "c", "d")
    same = [one(at, name, last=at) for at, name in enumerate(names, 5)]
    assert codes(*same) == ["P02"]
    assert codes(*same[:3]) == [], "three may be alike by chance"
    assert codes(*same[:3], one(9, "d", last=8)) == []
    assert codes(*(one(0, name, last=0) for name in names)) == [], "nothing happened twice"


def test_far_from_the_neighbours() -> None:
    assert codes(one(300, beside=(100, 90, 110))) == ["P04"]
    assert codes(one(299, beside=(100, 90, 110))) == []
    assert codes(one(300, beside=(100, 90))) == [], "two neighbours would be told apart"


def test_members_a_club_far_from_the_neighbours() -> None:
    """90 members a club where the others have 60: one and a half times as many."""
    clubs = one(2, "clubs_total", beside=(1, 2, 3))
    assert codes(one(180, beside=(60, 120, 180)), clubs) == ["P03"]
    assert codes(one(178, beside=(60, 120, 180)), clubs) == []
    said = doubts([one(180, beside=(60, 120, 180)), clubs], BEFORE, HALF)[0].said
    assert str(said) == (
        "Mỗi câu lạc bộ bình quân 90 thành viên; mức giữa của 3 đơn vị cùng cấp là 60."
    )


def test_a_part_is_no_larger_than_its_whole() -> None:
    """Of a percentage, and of the fund with what is lent of it; each part is named once."""
    pairs = [("clubs_standard", "clubs_total"), ("clubs_standard", "clubs_existing"), *PARTS]
    clubs = one(36, "clubs_total"), one(30, "clubs_existing")
    assert larger(one(37, "clubs_standard"), *clubs, parts=pairs) == [
        "“clubs_standard” (37) lại nhiều hơn “clubs_total” (36)."
    ]
    assert larger(one(30, "clubs_standard"), *clubs, parts=pairs) == []
    fund = one(20, "income_fund_balance")
    assert len(larger(fund, one(21, "loan_outstanding"), one(22, "loan_overdue"))) == 2
    assert larger(one(None, "income_fund_balance"), one(21, "loan_outstanding")) == []


def larger(*figures: ComparedFigure, parts=PARTS) -> list[str]:
    return [str(one.said) for one in doubts(figures, None, HALF, parts) if one.code == "P06"]


def test_far_beyond_what_is_to_be_reached() -> None:
    assert codes(one(60, done=60, goal=20)) == ["P05"]
    assert codes(one(59, done=59, goal=20)) == []
    assert codes(one(0, done=0, goal=90)) == [], "to be behind is no error"


# --- In a report --------------------------------------------------------------------------


@pytest.fixture
def dataset() -> str:
    return "reporting"


@pytest.fixture
def regime(session):
    with system(session, Purpose.LOAD):
        return session.scalars(select(reportworld.ReportRegime)).one()


@pytest.fixture
def report(session):
    """A report of Tập Sơn, filled from its clubs' books."""
    return reportworld.start(session)


def look(session, document: Document, who: str = "clerk@tapson"):
    scope = Scope.of(draftworld.acting(session, who))
    head = draftworld.head(session, document)
    said = plausible_reads.said(session, document, head, scope)
    return plausibility.look(session, document, head, scope, *said)


def earlier(session, regime, **values: int) -> None:
    """The unit's report of the window before, sent with these figures."""
    span = WindowSpan(date(2020, 6, 15), date(2020, 12, 14))
    reportworld.open_span(session, regime, span)
    last = reportworld.start(session, code=CODE)
    with system(session, Purpose.LOAD):
        head = draftworld.head(session, last)
        for row in session.scalars(select(ReportValue).where(ReportValue.revision_id == head.id)):
            session.delete(row)
        session.flush()
        of_programme = select(Indicator).where(Indicator.programme_id == regime.programme_id)
        named = {row.code: row.id for row in session.scalars(of_programme)}
        for code, value in values.items():
            place = {"line_key": code, "indicator_id": named[code], "revision_id": head.id}
            session.add(ReportValue(**place, reported=Reported.VALUE, value=value))
        session.flush()
        last.in_force_number = head.number
        session.flush()
    bind(session, Scope.of(draftworld.acting(session, "clerk@tapson")))


CODE = "2020-N"


def test_a_report_is_held_against_the_units_last_one(session, regime, report) -> None:
    members = reportworld.values(session, report)["members_total"].value
    earlier(session, regime, members_total=members * 4)
    found = look(session, report)
    assert [(item.finding.code, item.finding.place) for item in found.unexplained] == [
        ("P01", "members_total")
    ]


def test_a_word_settles_a_doubt_until_the_figure_changes(session, regime, report) -> None:
    members = reportworld.values(session, report)["members_total"].value
    earlier(session, regime, members_total=members * 4)
    clerk = draftworld.acting(session, "clerk@tapson")
    place = ("P01", "members_total")
    plausibility.confirm(session, clerk, report.id, *place, "Đã tách xã.", now=reportworld.NOON)
    found = look(session, report)
    assert found.unexplained == []
    assert found.items[0].note.text == "Đã tách xã."
    row = reportworld.values(session, report)["members_total"]
    row.value = members - 1
    session.flush()
    assert [one.outdated for one in look(session, report).items] == [True]
    with pytest.raises(NotFoundError):
        plausibility.confirm(session, clerk, report.id, "P02", "", "Vì sao", now=reportworld.NOON)
    with pytest.raises(BlockedError):
        plausibility.confirm(session, clerk, report.id, "P05", "x", "", now=reportworld.NOON)
    assert session.scalars(select(Explanation)).one().person_name == "clerk@tapson"


def test_it_is_kept_as_it_stood_when_the_report_was_sent(session, regime, report) -> None:
    members = reportworld.values(session, report)["members_total"].value
    earlier(session, regime, members_total=members * 4)
    from lth.drafting import figure_rooms  # noqa: PLC0415 - only here

    head = draftworld.head(session, report)
    scope = Scope.of(draftworld.acting(session, "clerk@tapson"))
    room = figure_rooms.room_of(report.kind)
    assert [gap.key for gap in room.look(session, report, head, scope).gaps].count("members_total")
    room.settle(session, report, head, scope, reportworld.NOON)
    kept = session.scalars(select(KeptFinding).where(KeptFinding.revision_id == head.id)).all()
    assert [(one.code, one.place) for one in kept] == [("P01", "members_total")]


def test_a_unit_reads_no_neighbour_but_their_middle(session, report) -> None:
    """Two neighbours are too few to say anything of them."""
    scope = Scope.of(draftworld.acting(session, "clerk@tapson"))
    ids = [row.id for row in session.scalars(select(Indicator))]
    assert plausible_reads.beside(session, report, ids, scope).neighbours == {}
    assert session.info["scope"] == scope, "it has stepped back down"
