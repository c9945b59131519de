"""A province of 124 communes is brought in from one Excel list, in less than half an hour's work.

What a person does is counted, not timed: pages read, buttons and links pressed, fields typed in,
files chosen. Each has a generous price in seconds, and the sum is held to the half hour.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator
from sqlalchemy import func, select
from support.databases import Databases, dispose
from support.lists import workbook
from support.provinces import of_communes, people_of, with_mistakes
from support.visitor import WIDE, Judge, Visitor, named
from werkzeug.serving import make_server

from lth.access.scope import Purpose
from lth.administration import invitations, people
from lth.administration.links import PATH
from lth.commands import acting_for
from lth.core import clock
from lth.core.vietnamese import capitalize_first
from lth.core.workdays import Calendar
from lth.models import Invitation, OutboxMessage
from lth.programmes import catalogue

PASSWORD = "chín con ngựa gỗ"
PROVINCE, COMMUNES = of_communes(124)
PEOPLE = 372
EMAILS = [row[4] for row in people_of(COMMUNES)]

PER_PAGE, PER_PRESS, PER_FIELD, PER_FILE = 25, 4, 20, 30
"""Seconds: to read a page, to find and press a button, to think of and type a field, to find a
file."""
HALF_AN_HOUR, FIVE_MINUTES = 30 * 60, 5 * 60


class Worker(Visitor):
    """A person whose steps are counted."""

    def __init__(self, *args: Any) -> None:
        self.pages = self.presses = self.fields = self.files = 0
        super().__init__(*args)

    def arrived(self, refused: int = 0) -> None:
        self.pages += 1
        super().arrived(refused)

    def open(self, path: str) -> "Worker":
        self.page.goto(self.home + path)
        self.arrived()
        return self

    def follow(self, name: str, *, within: Locator | None = None) -> "Worker":
        self.presses += 1
        link = (within or self.page).get_by_role("link", name=named(name))
        with self.page.expect_navigation():  # a list of a province may take its time
            link.first.click()
        self.arrived()
        return self

    def _press(self, button: Locator, refused: int = 0) -> None:
        self.presses += 1
        super()._press(button, refused)

    def tick(self, name: str, *, within: Locator | None = None) -> "Worker":
        self.presses += 1
        (within or self.page).get_by_role("checkbox", name=name).check()
        return self

    def fill(self, name: str, text: str, *, within: Locator | None = None) -> "Worker":
        self.fields += 1
        (within or self.page).get_by_label(name, exact=True).fill(text)
        return self

    def choose_option(self, name: str, text: str, *, within: Locator | None = None) -> "Worker":
        self.fields += 1
        (within or self.page).get_by_label(name, exact=True).select_option(text)
        return self

    def attach(self, name: str, file: Path) -> "Worker":
        self.files += 1
        self.page.get_by_label(name).set_input_files(file)
        return self

    @property
    def steps(self) -> str:
        counted = f"{self.pages} pages, {self.presses} presses, {self.fields} fields"
        return f"{counted}, {self.files} files: {self.seconds} s"

    @property
    def seconds(self) -> int:
        return (
            self.pages * PER_PAGE
            + self.presses * PER_PRESS
            + self.fields * PER_FIELD
            + self.files * PER_FILE
        )


@pytest.fixture
def new_installation(_open_databases: Callable[[str], Databases]) -> Iterator[Flask]:
    """The application on a database in which nothing is but the schema."""
    databases = _open_databases("sqlite")
    databases.copy("empty", "province")
    app = databases.make_app("province", TESTING=False, WTF_CSRF_ENABLED=True)
    yield app
    dispose(app)


@pytest.fixture
def administrator(new_installation: Flask) -> str:
    """The address at which the first administrator sets their password, which a command prints."""
    with acting_for(new_installation, Purpose.LOAD) as session:
        catalogue.install(session)
        token = people.appoint_first(
            session, "quan-tri@tinh.test", "Quản trị hệ thống", now=clock.now()
        )
    return PATH + token


@pytest.fixture
def elsewhere(new_installation: Flask) -> str:
    """The address at which the first commune's clerk, who works elsewhere, sets a password."""
    with acting_for(new_installation, Purpose.LOAD) as session:
        token = people.appoint_first(session, EMAILS[1], "Công chức", now=clock.now())
    return PATH + token


@pytest.fixture
def home(new_installation: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, new_installation, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="new-installation")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def worker(browser: Browser, home: str, judge: Judge) -> Iterator[Callable[[], Worker]]:
    contexts = []

    def begin() -> Worker:
        contexts.append(browser.new_context(locale="vi-VN", viewport=WIDE))
        return Worker(contexts[-1], home, judge)

    yield begin
    for context in contexts:
        context.close()


@pytest.fixture
def found(new_installation: Flask) -> Callable[[Any], list[Any]]:
    """What the database holds now."""

    def rows(statement: Any) -> list[Any]:
        with acting_for(new_installation, Purpose.LOAD) as session:
            return [tuple(row) for row in session.execute(statement)]

    return rows


@pytest.fixture
def invitation_of(new_installation: Flask) -> Callable[[str], str]:
    """The page that the mail to an address leads to; the mail itself is held."""

    def address(email: str) -> str:
        wanted = select(OutboxMessage.secret).where(
            OutboxMessage.kind == "invitation", OutboxMessage.address == email
        )
        with acting_for(new_installation, Purpose.LOAD) as session:
            return invitations.PATH + session.scalars(wanted).one()

    return address


def begin_work(worker: Worker, link: str, email: str) -> None:
    """Set the password, and sign in."""
    worker.open(link)
    worker.fill("Mật khẩu mới", PASSWORD).fill("Nhập lại mật khẩu mới", PASSWORD)
    worker.press("Đặt mật khẩu")
    sign_in(worker, email)


def sign_in(worker: Worker, email: str) -> None:
    worker.fill("Địa chỉ thư điện tử", email).fill("Mật khẩu", PASSWORD)
    worker.press("Đăng nhập")


def bring_units(worker: Worker) -> None:
    """Choose the province in the list of today's, and open its pages."""
    worker.follow("Đơn vị").follow("Nhập đơn vị")
    worker.page.locator(f'[id="province-{PROVINCE.key}"]').check()
    worker.presses += 1
    worker.press("Xem trước").press("Nhập đơn vị")
    worker.fill("Tên đơn vị", f"{PROVINCE.type} {PROVINCE.name}")
    with worker.page.expect_navigation():
        worker.page.get_by_role("button", name="Lọc").click()
    worker.presses += 1
    worker.arrived()
    worker.follow(capitalize_first(f"{PROVINCE.type} {PROVINCE.name}"))


def join(worker: Worker) -> None:
    """Have the province and all its communes take part in the period of programme 1648."""
    worker.follow("Tham gia")
    period = worker.page.get_by_role("link", name="Chương trình 1648").first.inner_text()
    worker.follow(period)
    worker.press("Cho mọi đơn vị tham gia")
    worker.press("Cho tham gia")


def set_deadline(worker: Worker) -> None:
    worker.follow("Hạn nộp")
    worker.follow("Đặt hạn nộp")
    period = worker.page.get_by_label("Kỳ", exact=True).locator("option", has_text="1648").first
    worker.choose_option("Kỳ", period.get_attribute("value") or "")
    worker.choose_option("Loại văn bản", "plan")
    worker.fill("Hạn nộp", f"{Calendar().shift(clock.today(), 30):%d/%m/%Y}")
    worker.press("Lưu")


def wrong_fields(worker: Worker) -> list[tuple[Locator, str]]:
    """The rows to mend, each with the fields that something is wrong in."""
    rows = worker.page.locator("section.panel[id^='row-']").all()
    return [
        (row, one.get_attribute("id").partition("-")[0])
        for row in rows
        for one in row.locator("[aria-invalid]").all()
    ]


def mend(worker: Worker) -> None:
    """Take what was meant where it is one thing only, type the rest, leave out what is double."""
    worker.press("Nhận các gợi ý duy nhất")
    for row, field in wrong_fields(worker):
        if field == "role":
            worker.choose_option("Vai trò", "Cán bộ lập kế hoạch", within=row)
        elif field == "unit":
            worker.fill("Đơn vị", row.locator("button.chip").first.inner_text(), within=row)
        else:
            worker.fill("Thư điện tử", "bo-sung@xa.test", within=row)
    worker.press("Lưu và kiểm tra lại")


def send(worker: Worker) -> None:
    """Send all good rows, and confirm it."""
    worker.press("Gửi 372 lời mời")
    worker.press("Gửi 372 lời mời")


def accept_as_new(worker: Worker, invitation: str, email: str) -> None:
    """Make the account on the page of the mail, sign in, and be at work."""
    worker.open(invitation)
    worker.sees("Tạo tài khoản và nhận lời mời")
    worker.fill("Mật khẩu mới", PASSWORD).fill("Nhập lại mật khẩu mới", PASSWORD)
    worker.press("Nhận lời mời")
    sign_in(worker, email)
    at_work(worker)


def accept_as_known(worker: Worker, invitation: str, email: str) -> None:
    """Sign in with the account of another place, accept, and change to the new role."""
    worker.open(invitation)
    worker.sees("Địa chỉ này đã có tài khoản.").misses("Tạo tài khoản và nhận lời mời")
    worker.follow("Đăng nhập", within=worker.page.get_by_role("main"))
    sign_in(worker, email)
    worker.press("Nhận lời mời")
    worker.sees("Đã nhận lời mời.")
    worker.press("Chuyển sang", within=worker.page.locator("#roles"))
    at_work(worker)


def decline(worker: Worker, invitation: str) -> None:
    worker.open(invitation)
    worker.unfold("Từ chối")
    worker.press("Đồng ý: Từ chối")
    worker.sees("Đã từ chối lời mời")


def at_work(worker: Worker) -> None:
    """On the desk of a commune's role."""
    assert worker.page.get_by_role("heading", level=1).inner_text() == "Bàn làm việc"
    worker.sees(f"{COMMUNES[0].type} {COMMUNES[0].name}")


def test_a_province_of_124_communes_is_brought_in_from_a_list(
    worker: Callable[[], Worker],
    administrator: str,
    found,
    invitation_of,
    elsewhere: str,
    tmp_path: Path,
) -> None:
    file = tmp_path / "danh-sach.xlsx"
    file.write_bytes(workbook(with_mistakes(people_of(COMMUNES))))
    admin = worker()
    begin_work(admin, administrator, "quan-tri@tinh.test")
    bring_units(admin)
    join(admin)
    set_deadline(admin)

    admin.follow("Mời từ danh sách")
    admin.attach("Tệp danh sách (.xlsx hoặc .csv)", file).press("Tải lên và kiểm tra")
    admin.sees("Bỏ qua 1 dòng không ghi tên người")
    mend(admin)
    send(admin)
    assert found(select(func.count()).select_from(Invitation)) == [(PEOPLE,)]
    assert found(select(func.count()).where(OutboxMessage.kind == "invitation")) == [(PEOPLE,)]
    admin.sees("Đã gửi 372 lời mời.")

    leader, clerk, unit_admin = EMAILS[:3]
    accepting, known, declining = worker(), worker(), worker()
    accept_as_new(accepting, invitation_of(leader), leader)
    begin_work(worker(), elsewhere, clerk)  # at another time, in another window
    accept_as_known(known, invitation_of(clerk), clerk)
    decline(declining, invitation_of(unit_admin))

    admin.follow("Sẵn sàng chạy")
    admin.sees("124 đơn vị đang hoạt động.", "124 trên 124 đơn vị cấp dưới tham gia.")
    admin.sees("124 trên 124 đơn vị có hạn nộp kế hoạch.")
    admin.sees("2 đã nhận lời, 369 chưa trả lời, 1 từ chối.")
    admin.sees("1 trên 124 đơn vị có đủ lãnh đạo và người lập kế hoạch.")
    admin.follow("Lời mời")
    admin.sees("Chưa nhận lời 369", "Đã nhận lời 2", "Từ chối 1")

    assert admin.pages <= 26, admin.steps
    assert admin.presses <= 26, admin.steps
    assert admin.fields <= 12, admin.steps
    assert admin.files == 1
    assert admin.seconds < HALF_AN_HOUR, admin.steps
    for one in (accepting, known, declining):
        assert one.seconds < FIVE_MINUTES, one.steps
