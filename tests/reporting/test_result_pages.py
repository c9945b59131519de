"""The dashboards as pages: at every level and role, within a dozen queries, figures as reckoned."""

import re
from xml.etree import ElementTree

import html5lib
import pytest
from sqlalchemy import event, select
from support.pages import check_page
from support.people import let_in
from support.resultworld import ResultWorld
from synthesis.builders import NOON

from lth.access.scope import Purpose, system
from lth.blueprints.reporting import kept_pages
from lth.models import Document, Event
from lth.models.document import Status
from lth.models.person import Role
from lth.reporting import club_sums

SVG = "{http://www.w3.org/2000/svg}"
XHTML = "{http://www.w3.org/1999/xhtml}"
DOZEN = 12


@pytest.fixture
def dataset() -> str:
    return "results"


@pytest.fixture
def world(session) -> ResultWorld:
    return ResultWorld(session)


@pytest.fixture
def get(new_client, world):
    """A page as somebody gets it, by a path below their level's."""
    browsers = {}

    def page(who: str, path: str = "/results", status: int = 200) -> str:
        if who not in browsers:
            browsers[who] = new_client()
            let_in(browsers[who], world.people[who])
        client = browsers[who]
        level = world.units[who.partition("@")[2]].level.value
        answer = client.get(f"/{level}{path}")
        assert answer.status_code == status, answer.text[:2000]
        return answer.text if answer.mimetype == "text/html" else ""

    return page


@pytest.fixture
def asked(engine):
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SELECT set_config")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def forget() -> None:
    """As in a process that has just begun: the dearest."""
    club_sums.forget()
    kept_pages.forget()


def pages(world: ResultWorld, key: str) -> list[str]:
    unit = f"/results/units/{world.units[key].id}"
    names = ("table", "beside", "clubs", "indicators/clubs_new", "indicators/loan_access_pct")
    topics = ["/results?topic=funds", "/results?window=0"]
    return ["/results", *topics, unit, *(f"{unit}/{name}" for name in names)]


@pytest.mark.parametrize("role", ["clerk", "specialist", "leader", "observer"])
@pytest.mark.parametrize("key", ["travinh", "tracu", "tapson"])
def test_every_page_of_every_level_and_role(get, world, asked, key, role) -> None:
    get(f"{role}@{key}", "/documents")  # signed in
    asked.clear()
    listed = pages(world, key)
    if key != "tapson":
        listed.append(f"/results/units/{world.units[key].id}/map")
    for path in listed:
        forget()
        page = get(f"{role}@{key}", path)
        check_page(page)
        assert len(asked) <= DOZEN, f"{path}: {len(asked)}\n" + "\n".join(asked)
        asked.clear()


def test_units_below_are_shown_and_others_are_not_there(get, world) -> None:
    tapson, huyenhoi = world.units["tapson"], world.units["huyenhoi"]
    assert "Xã Tập Sơn" in get("leader@tracu", f"/results/units/{tapson.id}")
    assert "Xã Tập Sơn" in get("leader@travinh", f"/results/units/{tapson.id}")
    for hidden in (huyenhoi.id, world.units["travinh"].id, 999_999):
        for name in ("", "/table", "/beside", "/clubs", "/indicators/clubs_new"):
            get("leader@tracu", f"/results/units/{hidden}{name}", 404)
    get("leader@tracu", f"/results/units/{tapson.id}/indicators/nothing", 404)
    for wrong in ("period=999", "window=999", "window=x", "topic=x"):
        get("leader@tracu", f"/results?{wrong}", 404)


def tree(page: str) -> ElementTree.Element:
    return html5lib.HTMLParser(namespaceHTMLElements=True).parse(page)


def words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def sentences(page: str) -> list[str]:
    (said,) = [one for one in tree(page).iter(XHTML + "ul") if one.get("class") == "say"]
    return [words(one) for one in said.iter(XHTML + "li")]


def test_a_leader_reads_in_ten_seconds_who_needs_them(get) -> None:
    assert sentences(get("leader@tracu")) == [
        "Đến 14/6/2021 đã qua 45 % thời gian: 2 trên 2 chỉ tiêu đạt hoặc đúng tiến độ.",
        "Báo cáo 6 tháng đầu năm 2021: 2 trên 3 đơn vị đã gửi. Quá hạn chưa gửi: Xã Kim Sơn.",
        "1 trên 4 câu lạc bộ có số liệu ngoài định mức.",
    ]


def test_the_province_is_behind_and_says_in_what(get) -> None:
    first = sentences(get("leader@travinh"))[0]
    assert first.startswith("Đến 14/6/2021 đã qua 45 % thời gian: 0 trên 2 chỉ tiêu")
    assert "Chậm: Câu lạc bộ thành lập mới (30 %), Số thành viên câu lạc bộ (36 %)." in first


def test_the_bars_are_as_long_as_the_figures_in_the_table(get) -> None:
    """Of 6 assigned and planned the district has done 3: bars of 100, 100 and 50 per cent."""
    page = tree(get("leader@tracu"))
    (chart,) = [
        one
        for one in page.iter(SVG + "svg")
        if one.get("aria-labelledby", "").startswith("chart-clubs_new-t")
    ]
    assert chart.get("role") == "img"
    bars = {one.get("class"): one.get("width") for one in chart.iter(SVG + "rect")}
    assert bars == {
        "chart-assigned": "100.00%",
        "chart-planned": "100.00%",
        "chart-done": "50.00%",
    }
    marks = [one.get("x") for one in chart.iter(SVG + "svg") if one.get("x")]
    assert marks == ["100.00%"]
    (pace,) = list(chart.iter(SVG + "line"))
    assert pace.get("x1") == "45.20%"  # of the time is over
    (row,) = [
        one
        for one in page.iter(XHTML + "tr")
        if words(one).startswith("Câu lạc bộ thành lập mới CLB")
    ]
    assert [words(one) for one in row.iter(XHTML + "td")] == [
        "6", "6", "3 theo sổ, chưa báo cáo", "50 %", "đúng tiến độ",
    ]  # fmt: skip


def test_a_figure_is_followed_down_to_its_clubs(get, world) -> None:
    """Province, district, commune, club."""
    start = get("leader@travinh")
    for key in ("travinh", "tracu", "ngaixuyen"):
        address = f"/province/results/units/{world.units[key].id}/indicators/members_total"
        assert f'href="{address}"' in start
        start = get("leader@travinh", address.removeprefix("/province"))
    (table,) = [one for one in tree(start).iter(XHTML + "table") if "sổ của từng" in words(one)]
    assert "Câu lạc bộ số 160tháng 5/2021" in words(table)


def test_clubs_outside_the_norms(get, world) -> None:
    page = get("observer@tracu", f"/results/units/{world.units['tracu'].id}/clubs")
    assert "1 trên 4 câu lạc bộ đang hoạt động" in words(tree(page))
    assert "Quy mô mỗi câu lạc bộ: 45 (định mức 50–70)" in page
    assert "Tỷ lệ thành viên là người cao tuổi: 88,89 % (định mức 60–70 %)" in page


@pytest.mark.databases("sqlite")
def test_a_table_as_a_file(new_client, world) -> None:
    client = new_client()
    let_in(client, world.people["leader@tracu"])
    unit = f"/district/results/units/{world.units['tracu'].id}"
    listed = client.get(f"{unit}/table?file=csv").get_data().decode("utf-8-sig").splitlines()
    assert listed[0].startswith("Đơn vị;Nguồn;Câu lạc bộ thành lập mới")
    assert listed[3].startswith("Xã Tập Sơn;;2;3;110;180;")
    for path in (
        "/district/results",
        f"{unit}/beside",
        f"{unit}/clubs",
        f"{unit}/indicators/clubs_new",
    ):
        answer = client.get(f"{path}?file=xlsx")
        assert answer.status_code == 200
        assert answer.data.startswith(b"PK"), path


def test_units_by_the_office_that_sent_their_reports(get, session, world) -> None:
    """One commune's report was sent by its association, the other's by its office."""
    sent = {"tapson": "Hội Người cao tuổi", "ngaixuyen": "Văn phòng"}
    with system(session, Purpose.LOAD):
        for key, office in sent.items():
            unit = world.units[key]
            of_unit = (Document.unit_id == unit.id) & (Document.kind == "report")
            document = session.scalars(select(Document).where(of_unit)).one()
            sending = Event(
                **{"document_id": document.id, "seq": 1, "action": "submit", "at": NOON},
                **{"to_status": Status.SUBMITTED, "revision_number": 1, "role": Role.LEADER},
                **{"person_id": world.people[f"leader@{key}"], "unit_id": unit.id},
                office_name=office,
            )
            session.add(sending)
        session.flush()
    session.commit()
    path = f"/results/units/{world.units['tracu'].id}/table"
    everybody = get("leader@tracu", path)
    assert '<option value="Hội Người cao tuổi">' in everybody
    one = get("leader@tracu", f"{path}?office=Hội Người cao tuổi")
    assert "Xã Tập Sơn" in one
    assert "Xã Ngãi Xuyên" not in one
    get("leader@tracu", f"{path}?office=Không có", 404)


@pytest.mark.databases("sqlite")
def test_a_page_weighs_little(get) -> None:
    page = get("leader@travinh")
    assert len(page.encode()) < 60_000
    assert not re.search(r"style=", page)
