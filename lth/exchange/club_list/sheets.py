"""Clubs as a list: the columns of its file, the list to fill in, and the rows to mend."""

from collections.abc import Iterable, Mapping

from lth.core.i18n import N_, Bilingual
from lth.core.language import gettext, say
from lth.exchange.club_list.judging import JudgedRow
from lth.exchange.club_list.words import COLUMN_LABEL, ClubColumn
from lth.exchange.grids.tables import ListTable, TableValue, as_excel
from lth.models import Club

_HOW = (
    (ClubColumn.NUMBER, N_("Số trong sổ. Câu lạc bộ mới thì để trống, phần mềm cho số.")),
    (ClubColumn.NAME, N_("Bắt buộc. Như trong quyết định thành lập.")),
    (ClubColumn.VILLAGE, N_("Dòng không có số được tìm theo tên và thôn, ấp.")),
    (ClubColumn.FOUNDING_NUMBER, N_("Số và ký hiệu, ví dụ 12/QĐ-UBND.")),
    (ClubColumn.FOUNDED_ON, N_("Bắt buộc với câu lạc bộ mới, ví dụ 07/5/2021.")),
    (ClubColumn.BOARD_SIZE, N_("Một số, ví dụ 5.")),
    (ClubColumn.AREAS, N_("Tên các mảng, cách nhau dấu “;”. Đủ cả thì ghi “8/8”.")),
    (ClubColumn.INCOME_FUND, N_("Ghi “có” hoặc “không”.")),
    (ClubColumn.OPERATING_FUND, N_("Ghi “có” hoặc “không”.")),
    (ClubColumn.NOTE, N_("Không bắt buộc.")),
)


def heads() -> list[str]:
    """Name the columns in the current language."""
    return [gettext(COLUMN_LABEL[column]) for column in ClubColumn]


def cells(club: Club, areas: Mapping[str, Bilingual]) -> list[TableValue]:
    """Return a club as a row of its list, in the order of the columns."""
    yes = {True: gettext("có"), False: gettext("không")}
    return [
        *(club.number, club.name, club.village, club.founding_number),
        *(club.founded_on, club.board_size, names(club.areas, areas)),
        *(yes[club.has_income_fund], yes[club.has_operating_fund], club.note),
    ]


def names(codes: Iterable[str], areas: Mapping[str, Bilingual]) -> str:
    """Name some areas as a cell has them: their own names have commas."""
    return "; ".join(say(areas[code]) for code in codes if code in areas)


def template(clubs: Iterable[Club], areas: Mapping[str, Bilingual]) -> bytes:
    """Write the list to fill in: the clubs that there are, and how each column is written.

    Its headings are in Vietnamese, as a list is read.
    """
    head = [COLUMN_LABEL[column] for column in ClubColumn]
    listed = ListTable(gettext("Danh sách"), head, [cells(club, areas) for club in clubs])
    how = [[COLUMN_LABEL[column], gettext(text)] for column, text in _HOW]
    how += [["", say(name)] for name in areas.values()]
    explained = ListTable(gettext("Hướng dẫn"), [gettext("Cột"), gettext("Cách ghi")], how)
    return as_excel(listed, explained)


def rows_to_mend(rows: Iterable[JudgedRow]) -> bytes:
    """Write the rows that have faults as they stand, with a column that says what is wrong."""
    head = [*(COLUMN_LABEL[column] for column in ClubColumn), gettext("Cần sửa gì")]
    wrong = [[*(one.row.cell(column) for column in ClubColumn), told(one)] for one in rows]
    return as_excel(ListTable(gettext("Cần sửa"), head, wrong))


def told(one: JudgedRow) -> str:
    """Say in one text what is wrong with a row, column by column."""
    return " ".join(
        f"{gettext(COLUMN_LABEL[problem.column])}: {say(problem.said)}" for problem in one.problems
    )
