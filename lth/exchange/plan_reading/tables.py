"""Know tables: rows that follow each other, what stands above them, and what their columns are."""

from collections.abc import Iterator
from dataclasses import dataclass

from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import has

NAME = r"chỉ tiêu|nội dung|mục tiêu|\btên\b|hạng mục|nhiệm vụ|hoạt động|công việc"
UNIT = r"đơn vị(?: tính)?|đvt"
MONEY = r"kinh phí|thành tiền|số tiền|dự toán|mức chi"
SUM = r"^\W*(?:tổng|cộng)\b"
NOTE = r"ghi chú|nguồn|cơ quan|thời gian|cơ sở|đơn vị (?:thực hiện|chủ trì)|chủ trì|phối hợp"
BEFORE = r"hiện trạng|thực trạng|hiện có|thực hiện (?:năm )?20|kết quả|ước (?:thực hiện|đạt)|đầu kỳ"
"""Columns of what is there already, which is no target."""


@dataclass(frozen=True, slots=True)
class TableRead:
    """Rows of cells, the first of them the heads of columns; `above`: the words before it."""

    rows: list[Node]
    above: str = ""

    @property
    def head(self) -> tuple[str, ...]:
        return self.rows[0].cells

    def column(self, pattern: str) -> int | None:
        """Return the first column whose head has such words."""
        return next((at for at, cell in enumerate(self.head) if has(pattern, cell)), None)


def tables(root: Node) -> Iterator[TableRead]:
    """Yield the tables of a text, each with the last three paragraphs above it."""
    rows: list[Node] = []
    above: list[str] = []
    for node in root.walk():
        if node.cells:
            rows.append(node)
            continue
        if rows:
            yield TableRead(rows, " ".join(above[-3:]))
            rows, above = [], []
        above.append(node.text[:300])
    if rows:
        yield TableRead(rows, " ".join(above[-3:]))


def cell_of(row: Node, at: int | None) -> str:
    """Return a cell of a row, empty where there is none."""
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def is_sum(row: Node) -> bool:
    """Tell whether a row is the sum of those above it."""
    return any(has(SUM, cell) for cell in row.cells[:3])


def sum_cell(table: TableRead, row: Node, name: int, at: int) -> str:
    """Return the cell of a row of sums that stands below a head; its first cells may be merged."""
    label = next((i for i, cell in enumerate(row.cells) if has(SUM, cell)), name)
    merged = len(row.cells) != len(table.head) and label != name
    return cell_of(row, at + (len(row.cells) - len(table.head) if merged else 0))
