"""Find legal bases (căn cứ): what the lines that begin with "Căn cứ", "Xét", "Thực hiện" cite."""

import re
from collections.abc import Iterator
from datetime import date

from lth.content.line_types import LegalBasis
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import tidied
from lth.core.vietnamese import capitalize_first
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import Part

_LEAD = (
    r"^\W*(?:căn cứ(?: vào)?|xét(?: đề nghị)?|theo đề nghị|thực hiện|triển khai(?: thực hiện)?|"
    r"trên cơ sở|tiếp theo)\s+"
)
_KIND = (
    r"(?:nghị quyết(?: liên tịch)?|nghị định|quyết định|chỉ thị|thông tư(?: liên tịch)?|"
    r"kế hoạch|công văn|tờ trình|chương trình|hướng dẫn|đề án|báo cáo|thông báo|kết luận|văn bản)"
)
NUMBER = r"\d{1,5}(?:/\d{4})?\s*[-/]\s*[A-ZĐa-z][\wĐđ&.]*(?:\s?[-–/]\s?[A-ZĐ][\wĐđ&]*)*"
DAY = (
    r"(?:ngày\s+)?(?P<day>\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|"
    r"\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})"
)
_PAPER = (
    rf"(?P<kind>{_KIND})\s+(?:số\s*:?\s*)?(?P<number>{NUMBER})"
    rf"(?:,?\s*{DAY})?(?:,?\s*của\s+(?P<issuer>.+?)(?=,?\s+(?:về\b|phê duyệt|ban hành|quy định|"
    r"hướng dẫn|sửa đổi|v/v|giao\b|triển khai|thực hiện|đề nghị)|[;:.]\s|[;:.,]$|,\s|$))?"
)
_LAW = rf"^\W*(?P<title>(?:bộ )?luật\s+[^;]+?)(?:,?\s*(?:số\s+\S+\s*)?{DAY})?[\s;,.]*(?:và\s*)?$"
_BY = (
    r"(?:đề nghị|của)\s+(?:của\s+)?(?P<by>(?:giám đốc|trưởng|chủ tịch|chánh|ban|sở|phòng|"
    r"hội).+?)\s+tại\b"
)
_CUT = (
    r"[,.;]\s+(?:ủy ban nhân dân|ubnd|chủ tịch|phòng|sở|hội|ban đại diện)[^;]{0,90}?"
    r"(?:xây dựng|ban hành|đề nghị|có ý kiến|triển khai|yêu cầu|hướng dẫn|báo cáo)\b.*$"
)
LAW_ONLY = Message(N_("Chỉ có tên luật, không có số hoặc ngày."))
NO_DAY = Message(N_("Không thấy ngày ban hành."))


def bases(nodes: list[Node]) -> list[FoundItem]:
    """List the bases that lines cite, each once, in the order of the text."""
    found: list[FoundItem] = []
    seen: set[tuple[str, object]] = set()
    for node in nodes:
        for line, at in _of_line(node.text):
            key = (line.number or toneless(line.title.lower()), line.dated_on)
            if key in seen:
                continue
            seen.add(key)
            why = () if line.number or line.dated_on else (LAW_ONLY,)
            if line.number and line.dated_on is None:
                why = (NO_DAY,)
            sureness = Sureness.LIKELY if why else Sureness.SURE
            quote = Quote(node.line_at(at), at, node.text[at : at + 200].strip())
            found.append(FoundItem(Part.BASIS, line, quote, sureness, why))
    return found


def is_basis(text: str) -> bool:
    """Tell whether a paragraph cites what a plan is based on."""
    lead = words(_LEAD).match(toneless(text))
    if lead is None:
        return False
    rest = text[lead.end() :]
    plain = toneless(rest)
    if words(r"^\W*(?:bộ )?luật\s").match(plain):
        return True
    cited = words(rf"{_KIND}\s+(?:số\s*:?\s*)?{NUMBER}").search(plain)
    if cited is None:
        return False
    carries_out = has(r"^\W*(?:thực hiện|triển khai|trên cơ sở)", text)
    return cited.start() < (12 if carries_out else 160)


def _of_line(text: str) -> Iterator[tuple[LegalBasis, int]]:
    lead = words(_LEAD).match(toneless(text))
    if not is_basis(text) or lead is None:
        return
    begins = lead.end()
    cut = words(_CUT).search(toneless(text), begins + 20)
    until = cut.start() if cut and _cites(text[begins : cut.start()]) else len(text)
    for start, piece in _pieces(text[:until], begins):
        line = _one(piece)
        if line is not None:
            yield line, start


def _cites(text: str) -> bool:
    return words(rf"{NUMBER}|luật").search(toneless(text)) is not None


def _pieces(text: str, begins: int) -> Iterator[tuple[int, str]]:
    """Part a line at semicolons, and before each further paper it cites by number."""
    plain = toneless(text)
    marks = [begins]
    pattern = (
        rf";\s*(?=\S)|(?:,|\bvà)\s+(?={_KIND}\s+số\s+\d)|,\s+(?=(?:bộ )?luật\s)|"
        rf"(?<=\d)\s*,?\s*và\s+(?=luật\s)"
    )
    marks += [match.end() for match in words(pattern).finditer(plain, begins)]
    for at, start in enumerate(marks):
        end = marks[at + 1] if at + 1 < len(marks) else len(text)
        yield start, text[start:end]


def _one(piece: str) -> LegalBasis | None:
    plain = toneless(piece)
    law = words(_LAW).match(plain)
    if law is not None and not words(rf"^\W*luật.*{_KIND}\s+số").match(plain):
        title = piece[law.start("title") : law.end("title")].strip(" ,;.")
        return LegalBasis("", type="Luật", title=title, dated_on=day_of(law["day"]))
    paper = words(_PAPER).search(plain)
    if paper is None:
        return None
    issuer = piece[paper.start("issuer") : paper.end("issuer")] if paper["issuer"] else ""
    by = words(_BY).search(plain[: paper.start()])
    if not issuer and by:
        issuer = piece[by.start("by") : by.end("by")]
    title = re.sub(r"^(?:[\s,]|(?i:về việc|v/v|về))+", "", piece[paper.end() :]).strip(" ,;.:")
    return LegalBasis(
        "",
        type=capitalize_first(proper_kind(piece[paper.start("kind") : paper.end("kind")].lower())),
        number=tidied(re.sub(r"\s+", "", piece[paper.start("number") : paper.end("number")])),
        dated_on=day_of(paper["day"]),
        issuer=issuer.strip(" ,;.")[:200],
        title=title[:500],
    )


_KINDS = ("nghị quyết", "nghị định", "quyết định", "kế hoạch", "công văn", "tờ trình", "thông tư")


def proper_kind(text: str) -> str:
    """Return the name of a sort of paper with its own tones: "kê hoạch" → "kế hoạch"."""
    plain = toneless(text)
    return next((kind for kind in _KINDS if toneless(kind) == plain), text)


def day_of(text: str | None) -> date | None:
    """Return the day that figures say, day first; None where the calendar has none such."""
    if not text:
        return None
    day, month, year = (int(part) for part in re.findall(r"\d+", text)[:3])
    try:
        return date(year, month, day)
    except ValueError:
        return None
