"""People from a list: uploaded, mended in place, sent once, followed until they accept."""

import html
import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from support.lists import HEADINGS, text, workbook
from support.pages import check_page
from support.people import email
from support.queries import counted
from werkzeug.datastructures import FileStorage
from world import World

from lth.access.roles import ROLE_LABEL
from lth.core import clock
from lth.core.errors import RefusedError
from lth.exchange.roster.headings import read as read_list
from lth.exchange.roster.words import Column
from lth.models import AuditEntry, Invitation, OutboxMessage, Roster, Unit
from lth.models.person import Role

LEADER = ROLE_LABEL[Role.LEADER]


def rows_of(world: World) -> list[tuple[str, ...]]:
    """A list for D: two good rows, and one of each kind of mistake."""
    d, a = world.units["D"].full_name, world.units["A"].full_name
    return [
        HEADINGS,
        (d, "Lãnh đạo huyện", "Chủ tịch", LEADER, "ld@d.test"),
        (a, "Lãnh đạo xã", "Chủ tịch", LEADER, "ld@a.test"),
        (f"{a}h", "Cán bộ xã", "", "văn thư", "cb@a.test"),
        (a, "Cán bộ xã", "", "Lãnh đạp", "cb2@a.test"),
        (a, "Cán bộ xã", "", "văn thư", "cb3 a.test"),
        (a, "Lãnh đạo xã", "Chủ tịch", LEADER, "LD@a.test"),
        (world.units["C"].full_name, "Người nơi khác", "", "văn thư", "c@c.test"),
    ]


def upload(client: Any, data: bytes, name: str = "nguoi.csv", where: str = "/admin/roster") -> str:
    answer = client.post(where, data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.fixture
def admin(signed_in):
    return signed_in("unit_admin@D")


@pytest.fixture
def address(world, admin) -> str:
    """Where the list of D is mended."""
    return upload(admin, text(rows_of(world)).encode())


def test_the_page_takes_a_list(admin):
    check_page(admin.get("/admin/roster").text)


def test_a_list_is_shown_with_the_state_of_each_row(admin, address):
    page = admin.get(address).text
    check_page(page)
    for shown in ("all", "good", "wrong", "double", "skipped", "sent"):
        check_page(admin.get(f"{address}?show={shown}").text)
    assert page.count('name="row"') == 4


# --- Mending ------------------------------------------------------------------------------


def field(page: str, name: str) -> str:
    """The value of an input of the page."""
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def version(client: Any, address: str) -> str:
    return field(client.get(f"{address}?show=all").text + client.get(address).text, "seen")


def mend(client: Any, address: str, key: int, seen: str | None = None, **cells: str):
    data = {"row": str(key), "seen": seen or version(client, address)}
    data |= {f"{name}-{key}": value for name, value in cells.items()}
    return client.post(address, data=data)


def states(client: Any, address: str) -> dict[str, int]:
    page = client.get(f"{address}?show=all").text
    counted = re.findall(r'show=(\w+)"[^>]*>[^<]*<b>(\d+)</b>', page)
    return {name: int(count) for name, count in counted if name != "all"}


def test_a_row_is_mended_where_it_stands(admin, address, world):
    assert states(admin, address) == {"wrong": 4, "double": 1, "good": 2}
    assert mend(admin, address, 3, unit=world.units["A"].full_name).status_code == 302
    assert mend(admin, address, 4, role="Quan sát").status_code == 302
    assert mend(admin, address, 5, email="cb3@a.test").status_code == 302
    assert states(admin, address) == {"wrong": 1, "double": 1, "good": 5}


def test_what_is_not_in_the_form_stays(admin, address, read):
    mend(admin, address, 5, email="cb3@a.test")
    [kept] = read(select(Roster.lines))
    assert kept[4]["cells"]["name"] == "Cán bộ xã"
    assert kept[4]["cells"]["email"] == "cb3@a.test"


def test_what_was_probably_meant_is_taken_with_one_press(admin, address, world):
    data = {"row": ["3", "4", "5", "7"], "seen": version(admin, address), "guess": "1"}
    assert admin.post(address, data=data).status_code == 302
    assert states(admin, address) == {"wrong": 2, "double": 1, "good": 4}


def test_one_likeness_is_chosen_among_several(admin, address, world, read):
    chosen = f"3:unit:{world.units['A'].full_name}"
    data = {"row": "3", "seen": version(admin, address), "take": chosen, "name-3": "Cán bộ mới"}
    admin.post(address, data=data)
    [kept] = read(select(Roster.lines))
    assert kept[2]["cells"]["unit"] == world.units["A"].full_name
    assert kept[2]["cells"]["name"] == "Cán bộ mới"


def test_a_row_is_left_out_and_taken_in_again(admin, address):
    data = {"row": "7", "seen": version(admin, address), "skip-7": "1"}
    admin.post(address, data=data)
    assert states(admin, address)["skipped"] == 1
    mend(admin, address, 7)
    assert "skipped" not in states(admin, address)


def test_nothing_typed_in_an_older_window_is_lost_or_wins(admin, address, read):
    old = version(admin, address)
    mend(admin, address, 5, email="moi@a.test")
    answer = mend(admin, address, 5, old, email="cu@a.test")
    assert answer.status_code == 409
    assert field(answer.text, "email-5") == "cu@a.test"
    [kept] = read(select(Roster.lines))
    assert kept[4]["cells"]["email"] == "moi@a.test"


@pytest.mark.parametrize(
    "data",
    [
        {"row": ["x", "-1", "99999999999999999999", "0"], "guess": "1"},
        {"row": "3", "take": "3:nothing:x"},
        {"row": "3", "take": "99:unit:x"},
        {"row": "3", "take": "::"},
        {"row": "3", "unit-3": "\u202e" * 3000, "email-3": "a\0b@x"},
    ],
)
def test_no_form_breaks_the_page(admin, address, data):
    answer = admin.post(address, data=data | {"seen": version(admin, address)})
    assert answer.status_code in {302, 422}, answer.text
    assert admin.get(address).status_code == 200


def test_rows_to_mend_are_downloaded_with_what_is_wrong_and_read_again(admin, address):
    data = admin.get(f"{address}/rows").data
    found = read_list(data)
    assert [row.cells[Column.EMAIL] for row in found.rows][:2] == ["cb@a.test", "cb2@a.test"]
    again = upload(admin, data, "sua.xlsx")
    assert states(admin, again)["wrong"] == 4


def test_the_template_has_a_row_for_each_role_that_is_missing(admin, world):
    answer = admin.get("/admin/roster/template")
    assert answer.mimetype.endswith("sheet")
    with pytest.raises(RefusedError, match="không có dòng nào"):
        read_list(answer.data)  # nobody is in it yet
    shared = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/sharedStrings.xml").decode()
    assert world.units["A"].full_name in shared
    assert world.units["C"].full_name not in shared


def test_no_cell_becomes_a_formula(admin, address):
    mend(admin, address, 7, name='=HYPERLINK("http://x.test")', unit="=1+1")
    sheet = zipfile.ZipFile(io.BytesIO(admin.get(f"{address}/rows").data)).read(
        "xl/worksheets/sheet1.xml"
    )
    assert b"<f>" not in sheet


@pytest.mark.parametrize("data", [b"", b"no list", b"PK\x03\x04"])
def test_what_is_no_list_is_refused_beside_its_field(admin, data):
    answer = admin.post("/admin/roster", data={"file": (io.BytesIO(data), "x.csv")})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_a_form_without_a_file_is_refused(admin):
    assert admin.post("/admin/roster", data={}).status_code == 422
    none_chosen = FileStorage(io.BytesIO(), filename="", name="file")
    answer = admin.post("/admin/roster", data={"file": none_chosen})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert "Hãy chọn tệp danh sách." in answer.text
    assert "thiếu ô" not in answer.text


def test_a_unit_that_has_ended_takes_no_list(admin, world, write):
    write(update(Unit).where(Unit.id == world.units["D"].id).values(valid_to=clock.today()))
    data = text(rows_of(world)).encode()
    answer = admin.post("/admin/roster", data={"file": (io.BytesIO(data), "x.csv")})
    assert answer.status_code == 422
    assert "không còn hoạt động" in answer.text


# --- Whose list it is ---------------------------------------------------------------------


@pytest.mark.parametrize("who", ["unit_admin@A", "system_admin"])
def test_nobody_else_opens_a_list(signed_in, world, address, who):
    other = signed_in(who)
    places = [address] if who != "system_admin" else []
    places.append(address.replace("/admin/", f"/admin/units/{world.units['D'].id}/"))
    for place in places:
        assert other.get(place).status_code == 404
        assert other.get(f"{place}/rows").status_code == 404
        for sent in ("", "/send", "/drop"):
            assert other.post(place + sent, data={"row": "3", "confirmed": "1"}).status_code == 404


def test_a_list_that_has_expired_is_gone(admin, address, write):
    write(update(Roster).values(expires_at=clock.now() - timedelta(seconds=1)))
    assert admin.get(address).status_code == 404


def test_a_list_is_let_go(admin, address, read):
    assert len(read(select(Roster.id))) == 1
    (version,) = read(select(Roster.version))
    admin.post(f"{address}/drop", data={"seen": str(version - 1)})
    assert len(read(select(Roster.id))) == 1
    assert admin.post(f"{address}/drop", data={"seen": str(version)}).status_code == 302
    assert read(select(Roster.id)) == []


def test_one_person_keeps_only_so_many_lists(admin, world, read):
    for _ in range(7):
        upload(admin, text(rows_of(world)).encode())
    mine = select(func.count()).select_from(Roster).where(Roster.unit_id == world.units["D"].id)
    assert read(mine) == [5]


def test_the_system_administrator_brings_in_the_people_of_a_unit(signed_in, world):
    place = f"/admin/units/{world.units['P'].id}/roster"
    rows = rows_of(world)
    address = upload(signed_in("system_admin"), workbook(rows), "a.xlsx", place)
    assert states(signed_in("system_admin"), address) == {"wrong": 3, "double": 1, "good": 3}


# --- Sending ------------------------------------------------------------------------------


def send(client: Any, address: str, seen: str | None = None):
    data = {"seen": seen or version(client, address), "confirmed": "1"}
    return client.post(f"{address}/send", data=data)


def invited(read) -> list[tuple[str, Role]]:
    return read(
        select(Invitation.email, Invitation.role)
        .where(Invitation.email.endswith("d.test") | Invitation.email.endswith("a.test"))
        .order_by(Invitation.id)
    )


def test_sending_is_confirmed_first(admin, address, read):
    asked = admin.post(f"{address}/send", data={"seen": version(admin, address)})
    assert asked.status_code == 200
    check_page(asked.text)
    assert 'name="confirmed"' in asked.text
    assert invited(read) == []


def test_all_good_rows_are_invited_once_however_often_one_presses(admin, address, world, read):
    seen = version(admin, address)
    mails = read(select(func.count()).select_from(OutboxMessage))[0]
    assert send(admin, address, seen).headers["Location"].endswith("/progress")
    assert send(admin, address, seen).headers["Location"] == address
    assert send(admin, address).headers["Location"] == address
    assert invited(read) == [("ld@d.test", Role.LEADER), ("ld@a.test", Role.LEADER)]
    assert read(select(func.count()).select_from(OutboxMessage)) == [mails + 2]
    assert read(select(func.count()).where(AuditEntry.what == "roster.sent")) == [1]
    assert states(admin, address) == {"wrong": 4, "double": 1, "sent": 2}


def test_what_was_changed_since_it_was_seen_is_not_sent(admin, address, read):
    old = version(admin, address)
    mend(admin, address, 5, email="cb3@a.test")
    send(admin, address, old)
    assert invited(read) == []


def test_the_same_list_again_invites_nobody_twice(admin, address, world, read):
    send(admin, address)
    again = upload(admin, text(rows_of(world)).encode())
    assert states(admin, again) == {"wrong": 4, "double": 3}
    assert len(invited(read)) == 2


def test_who_holds_the_role_already_is_not_invited(admin, world):
    a = world.units["A"].full_name
    rows = [HEADINGS, (a, "Lãnh đạo", "", LEADER, email("leader@A"))]
    address = upload(admin, text(rows).encode())
    assert states(admin, address) == {"double": 1}


def test_who_has_an_account_elsewhere_is_a_row_like_any_other(admin, world, read):
    """The page does not tell: an address of E's people, one of D's people, one of nobody."""
    a = world.units["A"].full_name
    emails = [email("specialist@E"), "khong.ai@a.test"]
    rows = [HEADINGS, *[(a, f"Người {at}", "", LEADER, one) for at, one in enumerate(emails)]]
    address = upload(admin, text(rows).encode())
    page = admin.get(f"{address}?show=all").text
    assert states(admin, address) == {"good": 2}
    shown = [re.sub(r"Người \d|Dòng \d|row=\d|" + "|".join(emails), "", row) for row in re.findall(
        r"<tr>\n<th scope=\"row\">.*?</tr>", page, re.S
    )]  # fmt: skip
    assert shown[0] == shown[1]


# --- Who has accepted ---------------------------------------------------------------------


@pytest.fixture
def sent(admin, address) -> None:
    send(admin, address)


def test_who_has_accepted_is_shown_by_unit_and_by_state(admin, sent):
    for asked in ("", "?show=open", "?show=accepted", "?show=failed", "?unit=1", "?show=nothing"):
        page = admin.get(f"/admin/roster/progress{asked}")
        assert page.status_code == 200
        check_page(page.text)
    assert "ld@a.test" in admin.get("/admin/roster/progress?show=waiting").text


def test_all_are_reminded_at_most_once_a_day(admin, sent, write, read):
    times = select(Invitation.times).where(Invitation.email.in_(["ld@a.test", "ld@d.test"]))
    admin.post("/admin/roster/progress")
    assert read(times) == [1, 1]
    write(update(Invitation).values(mailed_at=clock.now() - timedelta(days=2)))
    admin.post("/admin/roster/progress")
    admin.post("/admin/roster/progress")
    assert read(times) == [2, 2]


def test_one_is_sent_again_or_withdrawn(admin, sent, write, read):
    [one] = read(select(Invitation.id).where(Invitation.email == "ld@a.test"))
    write(update(Invitation).values(mailed_at=clock.now() - timedelta(days=2)))
    seen = _seen(admin, one)
    admin.post(f"/admin/roster/progress/{one}/remind", data={"seen": seen})
    assert read(select(Invitation.times).where(Invitation.id == one)) == [2]
    admin.post(f"/admin/roster/progress/{one}/withdraw", data={"seen": seen})
    assert read(select(Invitation.withdrawn_at).where(Invitation.id == one)) == [None]
    admin.post(f"/admin/roster/progress/{one}/withdraw", data={"seen": _seen(admin, one)})
    assert read(select(Invitation.withdrawn_at).where(Invitation.id == one)) != [None]


def _seen(client, invitation_id: int) -> str:
    page = client.get("/admin/roster/progress?show=open").text
    [form] = re.findall(rf'progress/{invitation_id}/remind.*?name="seen" value="(\w+)"', page, re.S)
    return form


def test_an_invitation_elsewhere_is_not_there(admin, sent, signed_in, read):
    [one] = read(select(Invitation.id).where(Invitation.email == "ld@a.test"))
    stranger = signed_in("unit_admin@A")
    [at_d] = read(select(Invitation.id).where(Invitation.email == "ld@d.test"))
    assert stranger.post(f"/admin/roster/progress/{at_d}/withdraw").status_code == 404
    assert "ld@d.test" not in stranger.get("/admin/roster/progress?show=open").text
    assert "ld@a.test" in stranger.get("/admin/roster/progress?show=open").text
    assert one


# --- However many there are ---------------------------------------------------------------


def test_pages_ask_as_much_for_many_as_for_few(admin, world, session):
    def asked(count: int) -> list[int]:
        d = world.units["D"].full_name
        rows = [(d, f"Người {n}", "", LEADER, f"n{n}.{count}@d.test") for n in range(count)]
        rows += [(f"{d}x", f"Sai {n}", "", "gì", "x") for n in range(count)]
        address = upload(admin, text([HEADINGS, *rows]).encode())
        found = []
        for place in (address, f"{address}?show=all", "/admin/roster/progress", "/admin/ready"):
            with counted(session) as statements:
                assert admin.get(place).status_code == 200
            found.append(len(statements))
        send(admin, address)
        return found

    few, many = asked(2), asked(40)
    assert few == many
    assert max(many) <= 12
