"""Every figure of a club's monthly book, declared once, in the words of a club's board.

The form, the paper form, the checks, the history and every export read it from here. A text that
was typed is read by `read_typed`; what was there when a page was written is told by `mark_of`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lth.core import language
from lth.core.clean_text import visible
from lth.core.formats import format_money, format_number
from lth.core.i18n import N_, Message
from lth.core.readers.numbers import UnreadableNumberError, read_count, read_money
from lth.models import ClubBook
from lth.models.programme import Measure

MOST_COUNT = 100_000
MOST_MONEY = 100_000_000_000
"""Counts and đồng beyond which a figure is a slip of the hand, and of no club."""

MOST_WORDS = 2_000

AREAS, DIFFICULTIES = "areas", "difficulties"
"""What a book has beside its figures."""

Value = int | str | list[str] | None


class BookScreen(StrEnum):
    """The two screens of the form."""

    PEOPLE = "people"
    MONEY = "money"


@dataclass(frozen=True)
class BookField:
    """A figure: its label as a board says it, unit, hint, measure; NULL is “not given”, 0 is 0.

    `is_stock`: as it stands at the end of the month; else what happened in it. `norm` is the
    indicator whose threshold holds for the figure itself, where there is one; `norm_size` of its
    integers make one.
    """

    name: str
    label: str
    unit: str
    measure: Measure = Measure.COUNT
    hint: str = ""
    is_stock: bool = False
    within: str = ""
    norm: str = ""
    norm_size: int = 1

    @property
    def is_money(self) -> bool:
        return self.measure is Measure.MONEY

    @property
    def most(self) -> int:
        return MOST_MONEY if self.is_money else MOST_COUNT

    def written(self, value: int | None) -> str:
        """Write the figure as it stands in its box: grouped, without its unit."""
        return format_number(value)

    def spoken(self, value: int | None) -> str:
        """Write the figure with its unit; nothing as a dash."""
        if value is None:
            return "–"
        if self.is_money:
            return format_money(value)
        return f"{format_number(value)} {language.gettext(self.unit)}"

    def read(self, text: str) -> int | None:
        """Read what was typed; None for nothing.

        Raises UnreadableFigureError.
        """
        if not text.strip():
            return None
        try:
            read = read_money if self.is_money else read_count
            value = read(text, language.current())
        except UnreadableNumberError as error:
            raise UnreadableFigureError(
                error.message or Message(_NO_NUMBER[self.is_money])
            ) from error
        if value < 0:
            raise UnreadableFigureError(Message(N_("Không ghi số âm.")))
        if value > self.most:
            raise UnreadableFigureError(Message(N_("Số này quá lớn. Hãy xem lại.")))
        return value


_NO_NUMBER = {
    False: N_("Hãy ghi một số, ví dụ 52."),
    True: N_("Hãy ghi số tiền, ví dụ 1.500.000 hoặc 1,5 triệu."),
}


class UnreadableFigureError(ValueError):
    """What was typed is no figure; `message` says what to type."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class BookGroup:
    """Some figures under a heading on one of the two screens."""

    screen: BookScreen
    title: str
    fields: tuple[BookField, ...]
    hint: str = ""


_PEOPLE, _TIMES, _MEETINGS = N_("người"), N_("lượt"), N_("buổi")
_DONG = N_("đồng")


def _stock(name: str, label: str, **more: Any) -> BookField:
    return BookField(name, label, _PEOPLE, is_stock=True, **more)


def _money(name: str, label: str, **more: Any) -> BookField:
    return BookField(name, label, _DONG, Measure.MONEY, **more)


GROUPS = (
    BookGroup(
        BookScreen.PEOPLE,
        N_("Sinh hoạt trong tháng"),
        (
            BookField(
                *("meetings", N_("Số buổi sinh hoạt"), _MEETINGS),
                norm="meetings_month",
                norm_size=100,
            ),
            BookField(
                "attended",
                N_("Số lượt người dự"),
                _TIMES,
                hint=N_("Cộng số người dự của các buổi."),
            ),
        ),
    ),
    BookGroup(
        BookScreen.PEOPLE,
        N_("Thành viên vào cuối tháng"),
        (
            _stock("members", N_("Tất cả thành viên")),
            _stock("women", N_("Là nữ"), within="members"),
            _stock("older", N_("Là người cao tuổi"), hint=N_("Từ đủ 60 tuổi."), within="members"),
            _stock("older_women", N_("Là nữ cao tuổi"), within="older"),
            _stock("young", N_("Là người trẻ"), hint=N_("Chưa đủ 60 tuổi."), within="members"),
            _stock(
                "poor",
                N_("Nghèo, cận nghèo, khó khăn"),
                hint=N_("Chỉ ghi số người, không ghi tên."),
                within="members",
            ),
            _stock("ethnic", N_("Là người dân tộc thiểu số"), within="members"),
            BookField("joined", N_("Mới vào trong tháng"), _PEOPLE),
            BookField("left", N_("Ra khỏi câu lạc bộ trong tháng"), _PEOPLE),
        ),
        hint=N_("Một người có thể đếm ở nhiều dòng: bà Hoa vừa là nữ vừa là người cao tuổi."),
    ),
    BookGroup(
        BookScreen.PEOPLE,
        N_("Sức khỏe và giúp nhau"),
        (
            BookField(
                "exercise",
                N_("Số buổi tập dưỡng sinh, thể thao"),
                _MEETINGS,
                hint=N_("Cả tháng, không phải mỗi tuần."),
            ),
            BookField("health_checks", N_("Số lượt khám, đo sức khỏe"), _TIMES),
            BookField(
                "volunteers",
                N_("Tình nguyện viên chăm sóc tại nhà"),
                _PEOPLE,
                is_stock=True,
                within="members",
                norm="volunteers",
            ),
            BookField(
                "homecare_persons", N_("Người được chăm sóc tại nhà"), _PEOPLE, is_stock=True
            ),
            BookField("homecare_visits", N_("Số lượt đến nhà chăm sóc"), _TIMES),
            BookField("helped", N_("Số trường hợp khó khăn được giúp"), N_("trường hợp")),
        ),
    ),
    BookGroup(
        BookScreen.MONEY,
        N_("Quỹ tăng thu nhập"),
        (
            _money("income_in", N_("Thu vào quỹ trong tháng")),
            _money("income_out", N_("Chi ra khỏi quỹ trong tháng")),
            _money(
                "income_balance",
                N_("Quỹ còn vào cuối tháng"),
                hint=N_("Tính cả tiền đang cho vay."),
                is_stock=True,
            ),
        ),
        hint=N_("Cho vay và thu gốc không tính là chi, thu: tiền vẫn là của quỹ."),
    ),
    BookGroup(
        BookScreen.MONEY,
        N_("Cho vay"),
        (
            BookField("loans_given", N_("Số lượt cho vay mới"), _TIMES),
            _stock("borrowers", N_("Số thành viên đang vay"), within="members"),
            _money("lent", N_("Tiền cho vay trong tháng")),
            _money("repaid", N_("Tiền gốc đã trả trong tháng")),
            _money("interest", N_("Tiền lãi thu trong tháng")),
            _money("outstanding", N_("Còn đang cho vay vào cuối tháng"), is_stock=True),
            _money("overdue", N_("Trong đó quá hạn chưa trả"), is_stock=True),
        ),
    ),
    BookGroup(
        BookScreen.MONEY,
        N_("Quỹ hoạt động"),
        (
            _money("operating_in", N_("Thu vào quỹ hoạt động")),
            _money("operating_out", N_("Chi từ quỹ hoạt động")),
            _money("operating_balance", N_("Quỹ hoạt động còn vào cuối tháng"), is_stock=True),
        ),
    ),
)

FIELDS = tuple(one for group in GROUPS for one in group.fields)
BY_NAME = {one.name: one for one in FIELDS}
NAMES = (*BY_NAME, AREAS, DIFFICULTIES)
"""Everything in a book that a board writes."""

SCREENS = {
    BookScreen.PEOPLE: N_("Người và sinh hoạt"),
    BookScreen.MONEY: N_("Tiền, hoạt động, khó khăn"),
}
OTHER_LABELS = {
    AREAS: N_("Các mảng có hoạt động trong tháng"),
    DIFFICULTIES: N_("Khó khăn, đề nghị"),
}


def label_of(name: str) -> str:
    """Return the label of anything in a book, in the current language."""
    return language.gettext(BY_NAME[name].label if name in BY_NAME else OTHER_LABELS[name])


def groups_of(screen: BookScreen) -> list[BookGroup]:
    """List the groups of one screen."""
    return [group for group in GROUPS if group.screen is screen]


def values_of(book: ClubBook | None) -> dict[str, Any]:
    """Return all that a book says; of no book, that nothing was given."""
    if book is None:
        return dict.fromkeys(BY_NAME) | {AREAS: [], DIFFICULTIES: ""}
    return {name: getattr(book, name) for name in NAMES}


def mark_of(name: str, value: Value) -> str:
    """Return what tells a value from any other: a page carries it, to be compared when it saves."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, list):
        return ",".join(sorted(value))
    if isinstance(value, str):
        return hashlib.sha256(value.encode()).hexdigest()[:16]
    return str(value)


def shown(name: str, value: Any, areas: Mapping[str, str] | None = None) -> str:
    """Write anything in a book for people to read, nothing as a dash; `areas`: names by code."""
    if name in BY_NAME:
        return BY_NAME[name].spoken(value)
    if name == AREAS:
        return ", ".join((areas or {}).get(code, code) for code in value or ()) or "–"
    return str(value or "") or "–"


def empty_in(values: Mapping[str, Any]) -> list[str]:
    """List the figures that were not given."""
    return [name for name in BY_NAME if values.get(name) is None]


@dataclass(frozen=True)
class TypedMonth:
    """What was typed of a month: figures that could be read, and what stands against others.

    A name that is in neither was not sent, and is not changed.
    """

    values: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    errors: dict[str, Message] = field(default_factory=dict)


MARK = ":was"
"""What follows a figure's name in the name of the field that carries its mark."""


def read_typed(sent: Mapping[str, str], areas: Iterable[str] | None = None) -> TypedMonth:
    """Read the fields of a form. `areas`: the boxes ticked, None where the form shows none."""
    typed = TypedMonth()
    for name, text in sent.items():
        if name.endswith(MARK) and name.removesuffix(MARK) in NAMES:
            typed.marks[name.removesuffix(MARK)] = text
        elif name in BY_NAME:
            try:
                typed.values[name] = BY_NAME[name].read(text)
            except UnreadableFigureError as error:
                typed.errors[name] = error.message
    if DIFFICULTIES in sent:
        _read_words(typed, sent[DIFFICULTIES])
    if areas is not None:
        typed.values[AREAS] = sorted(set(areas))
    return typed


def _read_words(typed: TypedMonth, text: str) -> None:
    words = visible(text).replace("\r\n", "\n").strip()
    if len(words) > MOST_WORDS:
        said = N_("Viết ngắn lại giúp: nhiều nhất %(most)s chữ cái.")
        typed.errors[DIFFICULTIES] = Message(said, {"most": MOST_WORDS})
    else:
        typed.values[DIFFICULTIES] = words
