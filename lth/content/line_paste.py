"""Take apart what is pasted into one input: recipients, legal bases, a budget's table."""

import re
from collections.abc import Mapping

from lth.content import line_table
from lth.content.line_values import lined
from lth.models.parts import Part

_BULLET = "-–•+* "

_BASIS = re.compile(r"(?:Căn cứ|Xét|Thực hiện|Theo)\s+(?:vào\s+)?(?P<rest>.+)", re.IGNORECASE)
_KINDS = (
    *("Luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Quyết định", "Chỉ thị", "Thông tư"),
    *("Kế hoạch", "Công văn", "Tờ trình", "Chương trình", "Hướng dẫn", "Đề án", "Báo cáo"),
)
_PAPER = re.compile(
    rf"(?P<type>{'|'.join(_KINDS)})\s+(?:số\s*:?\s*)?(?P<number>[^\s,;]*/[^\s,;]+),?\s*"
    r"(?:ngày\s+(?P<day>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}"
    r"|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}),?\s*)?(?P<rest>.*)",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"(?P<title>(?:Bộ )?Luật\s.+?)(?:,?\s+(?:số\s+\S+\s+)?ngày\s+"
    r"(?P<day>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}))?",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"của\s+(?P<issuer>.+?)(?:,?\s+(?P<title>(?:phê duyệt|ban hành|về|V/v|quy định|hướng dẫn|"
    r"sửa đổi|triển khai|thực hiện|giao|đề nghị)\b.*))?",
    re.IGNORECASE,
)


def several(part: str, values: Mapping[str, str]) -> list[dict[str, str]]:
    """List the lines in the inputs of a new line: several, where a list was pasted into one."""
    if part == Part.RECIPIENT and "\n" in lined(values.get("name", "")):
        return [_recipient(text) for text in _lines(values["name"])]
    if part == Part.BASIS and not (values.get("type") or values.get("number")):
        texts = _lines(values.get("title", ""))
        if any(_BASIS.fullmatch(text) for text in texts):
            return [_basis(text) for text in texts]
    if line_table.is_table(part, values):
        return line_table.read(values["activity"]).rows
    return [dict(values)]


def _lines(text: str) -> list[str]:
    bare = (line.lstrip(_BULLET).rstrip(";., ") for line in lined(text).split("\n"))
    return [line for line in bare if line]


def _recipient(text: str) -> dict[str, str]:
    """Read "UBND tỉnh (để báo cáo)" as a name and what stands in brackets."""
    name, _, purpose = text.partition(" (")
    if text.endswith(")") and purpose:
        return {"name": name, "purpose": purpose.removesuffix(")")}
    return {"name": text}


def _basis(text: str) -> dict[str, str]:
    """Return a sentence of a document's head taken apart; one that cannot be is kept as a title."""
    match = _BASIS.fullmatch(text)
    rest = match["rest"] if match else text
    paper, law = _PAPER.fullmatch(rest), _LAW.fullmatch(rest)
    if paper is not None:
        issuer = _ISSUER.fullmatch(paper["rest"])
        title = (issuer["title"] or "") if issuer else paper["rest"]
        return {
            "type": _capital(paper["type"].lower()),
            "number": paper["number"],
            "dated_on": _day(paper["day"]),
            "issuer": issuer["issuer"] if issuer else "",
            "title": _capital(title),
        }
    if law is not None:
        return {"type": "Luật", "title": _capital(law["title"]), "dated_on": _day(law["day"])}
    return {"title": rest}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(text: str | None) -> str:
    """Return a day in words or figures, as an input has it."""
    return "/".join(re.findall(r"\d+", text)) if text else ""
