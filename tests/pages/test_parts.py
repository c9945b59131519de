"""The pages of a plan's parts: each line is saved by itself, with and without JavaScript."""

import html
import re

import pytest
from sqlalchemy import delete, event, select
from support.pages import check_page

from lth.access.scope import Purpose, system
from lth.content.schema import LINE_TYPES, PartGroup
from lth.models import PartLine, Revision

pytestmark = pytest.mark.databases("sqlite")  # what they save is tested on both beneath the pages

DRAFTING = "xã Long Hiệp"
CLERK = "can-bo.long-hiep@lth.example"
MONEY = {"activity": "Tập huấn ban chủ nhiệm", "source": "state", "amount": "100 triệu"}


@pytest.fixture
def clerk(visitor):
    return visitor(CLERK)


@pytest.fixture
def draft(document_of, session):
    """The pages of a draft in which nobody has written any part yet, whatever the demo says."""
    document = document_of(DRAFTING)
    with system(session, Purpose.LOAD):
        head = select(Revision.id).where(Revision.document_id == document.id)
        session.execute(delete(PartLine).where(PartLine.revision_id.in_(head)))
        session.commit()
    return f"/commune/documents/{document.id}/draft/parts"


def form(part: str, *, seen: int = 0, was: dict | None = None, **typed: str) -> dict:
    """What a browser sends: every field's text, and beside it what the page had shown."""
    names = [one.name for one in LINE_TYPES[part].fields]
    shown = {f"{name}:was": (was or {}).get(name, "") for name in names}
    return {"seen": seen, **shown, **typed}


def add(browser, draft, part="budget", **typed):
    answer = browser.post(f"{draft}/{part}/lines", form(part, **(typed or MONEY)))
    assert answer.status_code == 302, answer.text
    return answer


def keys(page: str, part: str = "budget") -> list[str]:
    return re.findall(rf'<details class="fold line" id="({part}-\d+)"', page)


def seen(page: str, key: str) -> int:
    after = page.partition(f'id="{key}"')[2]
    return int(re.search(r'name="seen" value="(\d+)"', after)[1])


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("group", PartGroup)
def test_each_page_is_well_made_empty_and_full(clerk, draft, group):
    check_page(clerk.get(f"{draft}/{group}").text)
    add(clerk, draft)
    add(clerk, draft, "basis", type="Quyết định", number="1336/QĐ-TTg", dated_on="31/8/2020")
    add(clerk, draft, "task", title="Thành lập câu lạc bộ", leads="Hội Người cao tuổi xã")
    add(clerk, draft, "baseline", indicator="clubs_existing", value="1")
    check_page(clerk.get(f"{draft}/{group}").text)


def test_a_line_is_added_and_shown_where_it_stands(clerk, draft):
    answer = add(clerk, draft)
    assert answer.headers["Location"].endswith("/draft/parts/budget?more=budget#add-budget")
    page = clerk.get(answer.headers["Location"]).text
    assert "Đã thêm vào “Các khoản kinh phí”." in words(page)
    assert "Tập huấn ban chủ nhiệm Ngân sách nhà nước 100.000.000 đồng" in words(page)
    assert re.search(r'id="add-budget" open', page)
    assert "Kinh phí (1)" in words(page)


def test_what_cannot_be_read_comes_back_as_typed(clerk, draft):
    answer = clerk.post(f"{draft}/budget/lines", form("budget", **MONEY | {"amount": "nhiều"}))
    assert answer.status_code == 422
    check_page(answer.text)
    assert 'value="nhiều"' in answer.text
    assert "Số tiền: Nhập số tiền bằng đồng" in words(answer.text)
    assert 'href="#add-budget-amount"' in answer.text
    assert re.search(r'<option value="state" selected>', answer.text)


def test_a_line_is_changed_in_place(clerk, draft):
    add(clerk, draft)
    page = clerk.get(f"{draft}/budget").text
    (key,) = keys(page)
    typed = MONEY | {"amount": "200 triệu"}
    answer = clerk.post(
        f"{draft}/budget/lines/{key}", form("budget", seen=seen(page, key), **typed)
    )
    assert answer.headers["Location"].endswith(f"/budget#{key}")
    assert "200.000.000 đồng" in words(clerk.get(f"{draft}/budget").text)


def test_two_people_change_one_field(clerk, draft):
    """The second is told what the first wrote, and may write over it."""
    add(clerk, draft)
    page = clerk.get(f"{draft}/budget").text
    (key,) = keys(page)
    url, version, was = f"{draft}/budget/lines/{key}", seen(page, key), {"amount": "100.000.000"}

    keep = {"activity": MONEY["activity"], "source": "state"}
    first = form("budget", seen=version, was=was | keep, **keep, amount="200 triệu")
    assert clerk.post(url, first).status_code == 302
    second = form("budget", seen=version, was=was | keep, **keep, amount="300 triệu")
    answer = clerk.post(url, second)
    assert answer.status_code == 409
    check_page(answer.text)
    assert "vừa ghi “200.000.000”" in words(answer.text)
    assert 'value="300 triệu"' in answer.text
    again = {"amount": "200.000.000"} | keep
    late = form("budget", seen=seen(answer.text, key), was=again, **keep, amount="300 triệu")
    assert clerk.post(url, late).status_code == 302
    assert "300.000.000 đồng" in words(clerk.get(f"{draft}/budget").text)


def test_what_was_typed_into_a_removed_line_is_not_lost(clerk, draft):
    add(clerk, draft)
    page = clerk.get(f"{draft}/budget").text
    (key,) = keys(page)
    url, version = f"{draft}/budget/lines/{key}", seen(page, key)
    assert clerk.post(f"{url}/remove", {"seen": version}).status_code == 302
    answer = clerk.post(url, form("budget", seen=version, **MONEY | {"amount": "300 triệu"}))
    assert answer.status_code == 409
    check_page(answer.text)
    assert "Một người khác vừa bỏ dòng này." in words(answer.text)
    assert 'value="300 triệu"' in answer.text


def test_a_line_is_removed_unless_it_changed_meanwhile(clerk, draft):
    add(clerk, draft)
    page = clerk.get(f"{draft}/budget").text
    (key,) = keys(page)
    stale = clerk.post(f"{draft}/budget/lines/{key}/remove", {"seen": 0})
    assert stale.status_code == 409
    check_page(stale.text)
    assert "vừa sửa dòng “Tập huấn ban chủ nhiệm”" in words(stale.text)
    gone = clerk.post(f"{draft}/budget/lines/{key}/remove", {"seen": seen(page, key)})
    assert gone.status_code == 302
    assert not keys(clerk.get(f"{draft}/budget").text)


def test_lines_change_places(clerk, draft):
    for name in ("Một", "Hai"):
        add(clerk, draft, "recipient", name=name)
    first, second = keys(clerk.get(f"{draft}/papers").text, "recipient")
    url = f"{draft}/recipient/lines/{second}/move"
    assert clerk.post(url, {"to": "up", "seen": 2}).status_code == 302
    assert keys(clerk.get(f"{draft}/papers").text, "recipient") == [second, first]
    assert clerk.post(url, {"to": "up", "seen": 2}).status_code == 409


def test_the_sums_stand_beside_the_printed_total(clerk, draft):
    add(clerk, draft)
    add(clerk, draft, activity="Tuyên truyền", source="social", year="2021", amount="60 triệu")
    total = {"seen": 0, "budget_total:was": "", "budget_total": "200 triệu"}
    answer = clerk.post(f"{draft}/header/lines/header", total)
    assert answer.headers["Location"].endswith("/budget#header")
    page = words(clerk.get(f"{draft}/budget").text)
    assert "Cộng 2 khoản 160.000.000 đồng" in page
    assert "Chênh lệch 40.000.000 đồng tổng ghi cao hơn các khoản cộng lại" in page
    assert "Ngân sách nhà nước 100.000.000 đồng Xã hội hóa 60.000.000 đồng" in page
    assert "2021 60.000.000 đồng Cả giai đoạn 100.000.000 đồng" in page


def test_htmx_gets_the_line_the_sums_and_the_tabs_alone(clerk, draft):
    add(clerk, draft)
    page = clerk.get(f"{draft}/budget").text
    (key,) = keys(page)
    typed = form("budget", seen=seen(page, key), **MONEY | {"amount": "200 triệu"})
    saved = by_htmx(clerk, f"{draft}/budget/lines/{key}", typed)
    assert saved.status_code == 200
    assert "<html" not in saved.text
    assert keys(saved.text) == [key]
    assert 'id="budget-totals"' in saved.text
    assert 'id="draft-nav"' in saved.text
    assert 'id="found-budget" hx-swap-oob="true"' in saved.text
    assert "200.000.000 đồng" in words(saved.text)
    wrong = by_htmx(clerk, f"{draft}/budget/lines/{key}", typed | {"amount": "nhiều"})
    assert wrong.status_code == 422
    assert 'value="nhiều"' in wrong.text
    assert "<html" not in wrong.text


def test_htmx_gets_the_new_line_and_an_empty_form(clerk, draft):
    added = by_htmx(clerk, f"{draft}/budget/lines", form("budget", **MONEY))
    assert len(keys(added.text)) == 1
    assert 'id="add-budget" open' in added.text
    assert added.text.count("Tập huấn ban chủ nhiệm") < 6  # in the line alone


def by_htmx(browser, url, data):
    data = {"csrf_token": browser.token(), **data}
    return browser.client.post(url, data=data, headers={"HX-Request": "true"})


def test_a_directive_asks_for_no_figures(clerk, draft):
    document = draft.removesuffix("/parts")
    choice = {"seen": 0, "issuance:was": "plan", "issuance": "directive"}
    assert clerk.post(f"{draft}/header/lines/header", choice).status_code == 302
    page = clerk.get(document).text
    check_page(page)
    assert "không đặt chỉ tiêu riêng" in words(page)
    assert "Chưa nhập" not in words(page)


def test_the_plans_page_shows_every_part(clerk, draft):
    add(clerk, draft)
    add(clerk, draft, "duty", agency="Hội Người cao tuổi xã", text="Chủ trì triển khai.")
    page = clerk.get(draft.removesuffix("/draft/parts")).text
    check_page(page)
    shown = words(page)
    assert "Tập huấn ban chủ nhiệm Ngân sách nhà nước 100.000.000 đồng" in shown
    assert "Hội Người cao tuổi xã Chủ trì triển khai." in shown


def test_a_page_makes_few_queries_however_many_lines(clerk, draft, engine_of):
    def queries(url):
        statements = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("BEGIN", "PRAGMA", "SET", "SELECT set_config")):
                statements.append(statement)

        event.listen(engine_of, "before_cursor_execute", note)
        clerk.get(url)
        event.remove(engine_of, "before_cursor_execute", note)
        return len(statements)

    few = [queries(f"{draft}/{group}") for group in PartGroup]
    for number in range(12):
        add(clerk, draft, activity=f"Việc {number}")
        add(clerk, draft, "recipient", name=f"Ấp {number}")
        add(clerk, draft, "task", title=f"Nhiệm vụ {number}")
    assert [queries(f"{draft}/{group}") for group in PartGroup] == few
    assert max(few) <= 12


@pytest.mark.parametrize("address", ["/nothing", "/budget/lines/x/move"])
def test_what_there_is_not(clerk, draft, address):
    answer = clerk.get(draft + address)
    assert answer.status_code == (404 if address == "/nothing" else 302)  # back to where it stands
    wrong = f"{draft}/nothing/lines"
    assert clerk.post(wrong, {"seen": 0}).status_code == 404


def test_nobody_else_writes(visitor, document_of):
    document = document_of(DRAFTING)
    lead = visitor("lanh-dao.long-hiep@lth.example")
    url = f"/commune/documents/{document.id}/draft/parts/budget"
    assert lead.get(url).status_code == 403
    assert lead.post(f"{url}/lines", form("budget", **MONEY)).status_code == 403
    assert visitor("clerk").post(f"{url}/lines", form("budget", **MONEY)).status_code == 404


# --- Figures that come of the lines -------------------------------------------------------


def test_a_computed_figure_is_shown_with_its_lines_and_has_no_input(clerk, draft):
    add(clerk, draft)
    page = clerk.get(draft.removesuffix("/parts")).text
    assert 'name="budget_state@2021:value"' not in page
    assert "Tự tính từ 1 khoản kinh phí" in words(page)
    assert 'name="members_total@2021:value"' in page
    answer = clerk.get(f"{draft.removesuffix('/parts')}/lines/budget_state@2021")
    assert answer.headers["Location"].endswith("/draft/parts/budget")


def test_section_four_takes_the_sums_over_with_what_was_typed(clerk, draft):
    add(clerk, draft)
    url = draft.removesuffix("/parts")
    page = clerk.get(url).text
    version = re.search(r'name="s.funding:seen" value="(\d+)"', page)[1]
    typed = {"section": "s.funding", "s.funding:body": "Đang gõ dở.", "insert": "s.funding"}
    answer = clerk.post(url, typed | {"s.funding:seen": version})
    assert answer.status_code == 302
    shown = clerk.get(url).text.partition('id="body-s.funding"')[2].partition("</textarea>")[0]
    assert "Đang gõ dở.\n\nTổng kinh phí dự kiến: 100.000.000 đồng, gồm:" in html.unescape(shown)
    assert clerk.get(url).text.count('name="insert"') == 1


# --- A pasted table -----------------------------------------------------------------------

TABLE = "Tập huấn\tbuổi\t2\t5.000.000\t\tNSNN\tCấp xã\t2021\nMua loa\tbộ\t3\t2.000.000\t7.000.000"


def test_a_pasted_table_is_shown_first_then_added_and_taken_back(clerk, draft):
    shown = clerk.post(f"{draft}/budget/lines", form("budget", activity=TABLE))
    assert shown.status_code == 422
    check_page(shown.text)
    assert not keys(clerk.get(f"{draft}/budget").text)
    said = words(shown.text)
    assert "Đọc được 2 dòng" in said and "Ngân sách nhà nước" in said and "10.000.000" in said
    assert "số lượng × đơn giá là 6.000.000" in said
    sure = re.search(r'name="sure" value="(\w+)"', shown.text)[1]
    done = clerk.post(f"{draft}/budget/lines", form("budget", activity=TABLE) | {"sure": sure})
    assert done.status_code == 302
    page = clerk.get(done.headers["Location"].partition("#")[0]).text
    check_page(page)
    added = keys(page)
    assert len(added) == 2 and "2 buổi × 5.000.000" in words(page)
    taken = clerk.post(f"{draft}/budget/take-back", {"key": added})
    assert taken.status_code == 302 and not keys(clerk.get(f"{draft}/budget").text)


def test_a_table_changed_since_it_was_shown_is_shown_again(clerk, draft):
    shown = clerk.post(f"{draft}/budget/lines", form("budget", activity=TABLE))
    sure = re.search(r'name="sure" value="(\w+)"', shown.text)[1]
    other = TABLE.replace("Mua loa", "Thuê loa")
    again = clerk.post(f"{draft}/budget/lines", form("budget", activity=other) | {"sure": sure})
    assert again.status_code == 422 and "Thuê loa" in again.text


def test_wrong_cells_of_a_table_are_marked_and_nothing_is_added(clerk, draft):
    heads = "Nội dung\tĐVT\tSố lượng\tĐơn giá\tThành tiền\tNguồn\tCấp\tNăm\n"
    wrong = heads + TABLE.replace("5.000.000", "năm triệu").replace("NSNN", "bà con")
    shown = clerk.post(f"{draft}/budget/lines", form("budget", activity=wrong))
    assert shown.status_code == 422 and "2 ô chưa đọc được" in words(shown.text)
    assert 'name="sure"' not in shown.text and "năm triệu" in shown.text
    assert not keys(clerk.get(f"{draft}/budget").text)


def test_quantity_times_price_is_the_amount(clerk, draft):
    typed = {"activity": "Mua loa", "quantity": "3", "unit_price": "2 triệu", "unit": "bộ"}
    add(clerk, draft, **typed)
    assert "6.000.000" in words(clerk.get(f"{draft}/budget").text)


@pytest.mark.parametrize("group", list(PartGroup))
def test_every_form_of_what_there_is_saves_itself_and_says_so(clerk, draft, group):
    """Only a line that is not there yet waits for its button."""
    page = clerk.get(f"{draft}/{group}").text
    for form in re.findall(r"<form[^>]*data-unsaved.*?</form>", page, re.S):
        if "data-keeps" in form.partition(">")[0]:
            continue
        assert "data-saves-itself" in form.partition(">")[0], form[:300]
        assert "data-saved" in form, form[:300]
