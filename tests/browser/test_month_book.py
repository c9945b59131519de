"""A board fills its month on a telephone: without a connection, across a restart, by two at once.

What is typed arrives, and arrives once.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import date

import pypdfium2
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.visitor import NARROW
from support.visitors import PEOPLE
from werkzeug.serving import make_server

from lth.access.actor import Actor
from lth.access.scope import Purpose, Scope, bind, system
from lth.blueprints.web.extensions import db
from lth.clubs import books, keys
from lth.clubs.book_fields import FIELDS
from lth.clubs.keys import NewKey
from lth.core import clock
from lth.models import Club, ClubBook, Credential, RoleAssignment
from lth.models.person import Role

TOUCH = {"locale": "vi-VN", "viewport": NARROW, "has_touch": True, "is_mobile": True}
OFFLINE = "Chưa có mạng"


class Server:
    """The demo on one port, that can be stopped and started again."""

    def __init__(self, app: Flask) -> None:
        self._app, self._port, self._server = app, 0, None
        self.start()

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self._app, threaded=True)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="book-demo")
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None


@pytest.fixture
def server(demo: Flask) -> Iterator[Server]:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    running = Server(demo)
    yield running
    running.stop()


_CLERK = (
    select(RoleAssignment)
    .join(Credential, Credential.person_id == RoleAssignment.person_id)
    .where(Credential.email == PEOPLE["clerk"], RoleAssignment.role == Role.CLERK)
)


class Office:
    """What the commune does and what is kept, behind the telephones' backs."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context(), Session(db.engine) as session, system(session, Purpose.LOAD):
            self._actor = Actor.of(session.scalars(_CLERK).one())
            place = {"unit_id": self._actor.unit_id, "unit_path": self._actor.unit_path}
            club = Club(name="Ấp Chợ", founded_on=date(2020, 1, 5), created_at=clock.now(), **place)
            club.number = 99
            session.add(club)
            session.flush()
            self.club_id = club.id
            session.commit()

    def give_key(self) -> NewKey:
        with self._app.app_context(), Session(db.engine) as session:
            actor = self._actor
            bind(session, Scope.of(actor))
            before = keys.in_force(session, self.club_id, Scope.of(actor))
            seen = before.id if before else 0
            given = keys.give(session, actor, self.club_id, seen, now=clock.now())
            session.commit()
            return given

    def fill_last_month(self) -> None:
        """Write every figure of the month before, the longest that there may be."""
        last = books.month_before(clock.today().replace(day=1))
        place = {"unit_id": self._actor.unit_id, "unit_path": self._actor.unit_path}
        figures = {one.name: 98_765_432 if one.is_money else 12_345 for one in FIELDS}
        with self._app.app_context(), Session(db.engine) as session:
            with system(session, Purpose.LOAD):
                kept = {"club_id": self.club_id, "month": last, "saved_at": clock.now()}
                session.add(ClubBook(**kept, **place, **figures))
            session.commit()

    def books(self) -> list[ClubBook]:
        with self._app.app_context(), Session(db.engine) as session:
            with system(session, Purpose.LOAD):
                found = list(
                    session.scalars(select(ClubBook).where(ClubBook.club_id == self.club_id))
                )
            session.expunge_all()
            return found

    @property
    def book(self) -> ClubBook:
        (only,) = self.books()
        return only


@pytest.fixture
def office(demo: Flask) -> Office:
    return Office(demo)


@pytest.fixture
def telephone(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open a telephone that comes in by a key; its faults in scripts fail the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_one(key: NewKey, **options: object) -> Page:
        context = browser.new_context(**TOUCH | options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        page = context.new_page()
        come_in(page, server.home, key)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert faults == []


def come_in(page: Page, home: str, key: NewKey) -> None:
    page.goto(f"{home}/book/in/{key.token}")
    page.get_by_label("Mã của câu lạc bộ").fill(key.code)
    page.get_by_role("button", name="Mở sổ").click()
    expect(page.get_by_role("heading", name="Sổ tháng")).to_be_visible()


def month() -> str:
    return f"{clock.today():%Y-%m}"


def open_month(page: Page, home: str) -> None:
    """Open this month's book, and wait until the telephone has kept its pages."""
    page.goto(f"{home}/book/{month()}")
    kept(page)


def kept(page: Page) -> None:
    page.locator('#state[data-worker="ready"]').wait_for(state="attached")
    page.wait_for_function(
        """async () => {
          const pages = await caches.open("lth-book-pages");
          const files = await caches.open("lth-book-files");
          const here = location.origin + location.pathname;
          const names = (await files.keys()).map((one) => one.url);
          return await pages.match(here) && ["book.js", "book.css", "lth.css", "icons.svg"].every(
            (name) => names.some((url) => url.includes(name)));
        }"""
    )


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def says(page: Page, words: str) -> None:
    expect(page.locator("#state")).to_contain_text(words, timeout=40_000)


def test_a_month_filled_without_a_connection_arrives_once(telephone, office, server, judge):
    page = telephone(office.give_key())
    assert judge.faults(page) == []
    open_month(page, server.home)
    assert judge.faults(page) == []
    page.context.set_offline(True)
    server.stop()  # a window that is closed could still reach it
    page.reload()
    says(page, OFFLINE)
    fill(page, "Tất cả thành viên", "52")
    fill(page, "Là nữ", "30")
    page.close()

    page = page.context.new_page()
    page.goto(f"{server.home}/book/{month()}")
    expect(page.get_by_label("Tất cả thành viên", exact=True)).to_have_value("52")
    page.get_by_role("link", name="Sang phần 2").click()
    fill(page, "Thu vào quỹ trong tháng", "1.500.000")
    page.get_by_label("Tăng thu nhập").check()
    fill(page, "Khó khăn, đề nghị", "Thiếu sân tập")
    page.get_by_role("button", name="Gửi sổ tháng").click()
    says(page, "có mạng sẽ tự gửi sổ")
    assert judge.faults(page) == []
    assert office.books() == []

    page.context.set_offline(False)
    says(page, "Chưa có mạng")
    assert office.books() == []
    server.start()
    says(page, "Đã gửi lúc")
    book = office.book
    assert (book.month, book.members, book.women, book.older) == (
        clock.today().replace(day=1),
        *(52, 30, None),
    )
    assert (book.income_in, book.areas, book.difficulties) == (
        1_500_000,
        ["income"],
        "Thiếu sân tập",
    )
    assert book.sent_at is not None
    assert book.version == 2, "one save, one sending"
    assert judge.faults(page) == []
    page.goto(f"{server.home}/book/")
    page.reload()
    waiting = page.get_by_text("Có số trên máy chưa gửi").filter(visible=True)
    expect(waiting).to_have_count(0)
    assert office.book.version == 2


def test_an_answer_that_is_lost_doubles_nothing(telephone, office, server):
    page = telephone(office.give_key())
    open_month(page, server.home)
    lost = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page.route(f"**/book/{month()}", lose_the_first)
    fill(page, "Tất cả thành viên", "52")
    says(page, OFFLINE)
    says(page, "Đã lưu lúc")
    assert lost == [200], "the server had it before the connection broke"
    assert (office.book.members, office.book.version) == (52, 1)


def test_what_waits_is_sent_from_the_list_of_months_too(telephone, office, server):
    page = telephone(office.give_key())
    kept(page)
    open_month(page, server.home)
    page.context.set_offline(True)
    fill(page, "Số buổi sinh hoạt", "2")
    says(page, OFFLINE)
    page.get_by_role("link", name="Các tháng").click()
    says(page, "Có 1 ô chưa gửi")
    expect(page.get_by_text("Có số trên máy chưa gửi").filter(visible=True)).to_have_count(1)
    page.context.set_offline(False)
    expect(page.get_by_text("Đang ghi, 1/30 ô")).to_be_visible(timeout=40_000)
    assert (office.book.meetings, office.book.version) == (2, 1)


def test_two_telephones_at_once_overwrite_nothing(telephone, office, server):
    key = office.give_key()
    one, other = telephone(key), telephone(key)
    for page in (one, other):
        open_month(page, server.home)
        page.context.set_offline(True)
    fill(one, "Tất cả thành viên", "52")
    fill(one, "Số buổi sinh hoạt", "2")
    fill(other, "Tất cả thành viên", "53")
    fill(other, "Là nữ", "30")
    for page in (one, other):
        says(page, OFFLINE)
    one.context.set_offline(False)
    says(one, "Đã lưu lúc")
    other.context.set_offline(False)
    says(other, "Hãy chọn số đúng")
    assert (office.book.members, office.book.women, office.book.meetings) == (52, 30, 2)
    expect(other.get_by_text("52 người. Ở đây ghi: 53 người.")).to_be_visible()
    expect(other.get_by_label("Số buổi sinh hoạt", exact=True)).to_have_value("2")
    other.get_by_role("link", name="Sang phần 2").click()
    other.get_by_role("button", name="Đến ô đó").click()
    expect(other.get_by_label("Tất cả thành viên", exact=True)).to_be_focused()
    other.get_by_role("button", name="Giữ số ở đây").click()
    says(other, "Đã lưu lúc")
    assert office.book.members == 53
    one.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    fill(one, "Là người cao tuổi", "34")
    says(one, "Đã lưu lúc")
    expect(one.get_by_label("Tất cả thành viên", exact=True)).to_have_value("53")
    assert (office.book.members, office.book.older) == (53, 34)


def test_one_telephone_may_take_what_the_other_wrote(telephone, office, server):
    key = office.give_key()
    one, other = telephone(key), telephone(key)
    for page in (one, other):
        open_month(page, server.home)
    other.context.set_offline(True)
    fill(other, "Tất cả thành viên", "53")
    fill(one, "Tất cả thành viên", "52")
    says(one, "Đã lưu lúc")
    other.context.set_offline(False)
    says(other, "Hãy chọn số đúng")
    other.get_by_role("button", name="Lấy 52").click()
    expect(other.get_by_label("Tất cả thành viên", exact=True)).to_have_value("52")
    assert (office.book.members, office.book.version) == (52, 1)


def test_a_key_that_ended_keeps_what_was_typed_for_the_next(telephone, office, server):
    page = telephone(office.give_key())
    open_month(page, server.home)
    key = office.give_key()
    fill(page, "Tất cả thành viên", "52")
    says(page, "không còn dùng được")
    assert office.books() == []
    page.goto(f"{server.home}/book/{month()}")
    expect(page.get_by_role("heading", name="Chưa mở được sổ")).to_be_visible()
    come_in(page, server.home, key)
    expect(page.get_by_text("Đang ghi, 1/30 ô")).to_be_visible(timeout=40_000)
    assert office.book.members == 52


def test_once_the_board_has_left_nothing_of_it_opens_without_a_connection(
    telephone, office, server
):
    page = telephone(office.give_key())
    open_month(page, server.home)
    page.goto(f"{server.home}/book/")
    page.get_by_role("button", name="Thoát sổ trên máy này").click()
    expect(page.get_by_role("heading", name="Đã thoát")).to_be_visible()
    page.wait_for_function("async () => !(await caches.has('lth-book-pages'))")
    page.goto(f"{server.home}/book/{month()}")
    expect(page.get_by_role("heading", name="Chưa mở được sổ")).to_be_visible()


def test_what_is_wrong_or_unlikely_is_said_beside_its_box(telephone, office, server, judge):
    page = telephone(office.give_key())
    open_month(page, server.home)
    fill(page, "Tất cả thành viên", "năm mươi")
    fill(page, "Là nữ", "30")
    says(page, "Có ô cần sửa")
    expect(page.locator("#said-members")).to_contain_text("Hãy ghi một số")
    waiting = page.locator(".is-kept")
    expect(waiting).to_have_count(1)
    expect(waiting).to_have_attribute("data-figure", "members")
    assert (office.book.members, office.book.women) == (None, 30)
    fill(page, "Tất cả thành viên", "20")
    says(page, "Đã lưu lúc")
    expect(page.locator("#said-women")).to_contain_text("nhiều hơn")
    assert judge.faults(page) == []
    page.get_by_role("link", name="Sang phần 2").click()
    page.get_by_role("button", name="Gửi sổ tháng").click()
    expect(page.locator("#pause-place")).to_contain_text("Còn 28 ô để trống")
    assert office.book.sent_at is None
    page.get_by_role("button", name="Vẫn gửi sổ tháng").click()
    expect(page.get_by_text("Sổ đã đến xã")).to_be_visible()
    assert office.book.sent_at is not None


def test_the_paper_form_is_one_sheet(telephone, office, server):
    page = telephone(office.give_key())
    office.fill_last_month()
    page.goto(f"{server.home}/book/{month()}/paper?empty=1")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 1
    words = printed[0].get_textpage().get_text_range()
    assert "Chủ nhiệm câu lạc bộ" in words
    printed.close()


def test_without_scripts_the_same_form_is_sent(telephone, office, server):
    page = telephone(office.give_key(), java_script_enabled=False)
    page.goto(f"{server.home}/book/{month()}")
    fill(page, "Tất cả thành viên", "52")
    page.get_by_role("button", name="Lưu", exact=True).click()
    says(page, "Đã lưu lúc")
    page.get_by_role("button", name="Gửi sổ tháng").click()
    expect(page.get_by_text("Còn 29 ô để trống")).to_have_count(2)
    page.get_by_role("button", name="Vẫn gửi sổ tháng").click()
    expect(page.get_by_text("Sổ đã đến xã")).to_be_visible()
    assert (office.book.members, office.book.version) == (52, 2)
