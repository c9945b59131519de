"""Part a dossier into its papers, each with what its head says: number, day, issuer, title."""

import re
from dataclasses import dataclass, field
from datetime import date

from lth.core.i18n import Message
from lth.core.readers.document_numbers import tidied
from lth.core.vietnamese import capitalize_first
from lth.exchange.plan_reading.bases import day_of, is_basis
from lth.exchange.plan_reading.lines import Node, is_label
from lth.exchange.plan_reading.offices import place_in
from lth.exchange.plan_reading.outline import starts_a_paper
from lth.exchange.plan_reading.signatures import is_of_signature
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import PaperRole

_ROLES = (
    (PaperRole.DECISION, r"^quyết định$"),
    (PaperRole.PROPOSAL, r"^tờ trình$"),
    (PaperRole.PLAN, r"^kế hoạch$"),
    (PaperRole.DIRECTIVE, r"^công văn$"),
)
_MOTTO = r"cộng h[oò]a xã hội|^độc lập\W"
_NUMBER_LINE = (
    r"^số\s*:?\s*(?P<number>\d*\s*(?:/\s*\d{4}\s*)?/\s*[A-ZĐ][\w&.]*(?:\s?[-–]\s?[A-ZĐ][\w&.]*)*)"
)
_DAY_LINE = r"ngày\s*(?P<day>\d{1,2})?\s*tháng\s*(?P<month>\d{1,2})?\s*năm\s*(?P<year>\d{4})"
_COMMITTEE = r"(?:ủy ban nhân dân|ubnd)"
_ISSUER = rf"^(?:(?P<head>chủ tịch)\s+)?{_COMMITTEE}(?P<place>\s+.*)?$"
_TYPE = r"(?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu)"
_OFFICE = r"^(?:sở|phòng|hội|ban đại diện|ban công tác)\b"


@dataclass
class PaperRead:
    """One paper of the dossier as paragraphs: those of its head, and all from its name on."""

    role: PaperRole
    head: list[Node]
    body: list[Node]
    named: Node | None = None
    title: str = ""
    issuer: str = ""
    number: str = ""
    dated_on: date | None = None
    year: int | None = None
    place: tuple[str, str] | None = None
    why: list[Message] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        return self.head + self.body


def sheets(nodes: list[Node]) -> list[PaperRead]:
    """Part a dossier into its papers; one whose name is lost is a plan, or a letter."""
    starts = [at for at, node in enumerate(nodes) if not node.kind and starts_a_paper(node.text)]
    starts = [at for at in starts if _role(nodes[at].text) is not None]
    if not starts:
        is_letter = any(has(r"^(?:v/v|kính gửi)", node.text) for node in nodes[:40])
        role = PaperRole.DIRECTIVE if is_letter else PaperRole.PLAN
        at = next((i for i, one in enumerate(nodes) if one.kind or is_basis(one.text)), 0)
        head = nodes[:at]
        sheet = PaperRead(role, head, nodes[at:])
        sheet.title = _letter_title(head) if is_letter else _lost_title(head)
        return [_filled(sheet)]
    found = []
    begins = [_head_start(nodes, at) for at in starts]
    for i, at in enumerate(starts):
        end = begins[i + 1] if i + 1 < len(starts) else len(nodes)
        role = _role(nodes[at].text) or PaperRole.PLAN
        sheet = PaperRead(role, nodes[begins[i] : at], nodes[at + 1 : end], nodes[at])
        sheet.title = _title(sheet.body)
        found.append(_filled(sheet))
    return found


def _role(text: str) -> PaperRole | None:
    return next((role for role, pattern in _ROLES if has(pattern, text.strip())), None)


def _head_start(nodes: list[Node], at: int) -> int:
    """Return where the head of a paper begins that is named at `at`."""
    start = at
    while start > 0 and at - start < 14:
        node = nodes[start - 1]
        if (
            node.kind
            or len(node.text) > 110
            or is_of_signature(node.text)
            or node.text.endswith("/.")
        ):
            break
        start -= 1
    return start


def _title(body: list[Node]) -> str:
    """Return the lines below a paper's name, up to where its text begins."""
    found: list[str] = []
    for node in body[:8]:
        text = node.text
        titled = not found and not has(r"^(?:căn cứ|xét|theo đề nghị)|(?:như sau|[:;.])\s*$", text)
        stops = (
            node.kind
            or (is_basis(text) and not titled)
            or (is_label(text) and not has(r"^(?:về việc|v/v|thực hiện)", text))
        )
        if stops or text.startswith("(") or _is_issuer_line(text):
            break
        if found and (text[0].isdigit() or has(rf"^(?:{_COMMITTEE}|để)\b", text)):
            break
        found.append(text)
    return _sentence_case(" ".join(found)).strip(" .")


def _sentence_case(text: str) -> str:
    """Write a title that is all capitals as a sentence, its names as names."""
    if not text.isupper():
        return text
    lower = capitalize_first(text.lower())
    found = place_in(text)
    if found is not None:
        kind, name = found
        lower = lower.replace(f"{kind} {name.lower()}", f"{kind} {name}")
    return lower.replace("đề án", "Đề án")


def _lost_title(head: list[Node]) -> str:
    return next((one.text for one in head if len(one.text) > 30), "")


def _letter_title(head: list[Node]) -> str:
    for at, one in enumerate(head):
        if has(r"^(?:v/v|về việc)\b", one.text):
            rest = []
            for node in head[at + 1 : at + 6]:
                if node.kind or is_label(node.text) or words(_DAY_LINE).search(toneless(node.text)):
                    break
                rest.append(node.text)
            return re.sub(r"(?i)^(?:v/v|về việc)\s*", "", " ".join([one.text, *rest]))
    return ""


def _is_issuer_line(text: str) -> bool:
    match = words(_ISSUER).match(toneless(text.strip()))
    return match is not None and (
        text.isupper() or (len(text) < 60 and not text.endswith((".", ":")))
    )


# --- What a head says ---------------------------------------------------------------------


def _filled(sheet: PaperRead) -> PaperRead:
    for node in sheet.head:
        plain = toneless(node.text)
        if match := words(_NUMBER_LINE).match(plain):
            sheet.number = tidied(node.text[match.start("number") : match.end("number")])
        if match := words(_DAY_LINE).search(plain):
            sheet.year = int(match["year"])
            if match["day"] and match["month"]:
                sheet.dated_on = day_of(f"{match['day']}/{match['month']}/{match['year']}")
    sheet.issuer = _issuer(sheet)
    places = (place_in(node.text) for node in sheet.head if node.text.isupper())
    sheet.place = place_in(sheet.issuer) or next(filter(None, places), None)
    return sheet


def _issuer(sheet: PaperRead) -> str:
    """Return who issues a paper: as the line over its bases says it, else as its head does."""
    for node in sheet.body[:8]:
        if _is_issuer_line(node.text) and node.text.isupper():
            return named(node.text)
    lines = [node.text for node in sheet.head if not has(_MOTTO, node.text)]
    for at, text in enumerate(lines):
        match = words(_ISSUER).match(toneless(text.strip()))
        if match is None:
            continue
        place = (match["place"] or "").strip()
        rest = lines[at + 1 : at + 4]
        name = text
        if not place and rest and words(rf"^{_TYPE}\s").match(toneless(rest[0])):
            name, rest = f"{text} {rest[0]}", rest[1:]
        if office := _office(rest):
            return office
        if rest and _is_issuer_line(rest[0]):  # the committee above stands over the one that issues
            continue
        return named(name)
    return _office(lines)


def _office(lines: list[str]) -> str:
    """Return an office that a head names over two lines: "PHÒNG LAO ĐỘNG", "THƯƠNG BINH …"."""
    if not lines or not words(_OFFICE).match(toneless(lines[0])) or not lines[0].isupper():
        return ""
    parts = []
    for text in lines[:3]:
        if not text.isupper() or has(r"^số\b", text):
            break
        parts.append(text)
    text = capitalize_first(" ".join(parts).lower())
    if has(r"lao động", text):
        kind = text.split()[0]
        return f"{kind} Lao động - Thương binh và Xã hội"
    return text


def named(text: str) -> str:
    """Write "CHỦ TỊCH UBND HUYỆN TRÀ CÚ" as "Chủ tịch Ủy ban nhân dân huyện Trà Cú"."""
    found = place_in(text)
    head = "Chủ tịch " if has(r"^chủ tịch", text) else ""
    committee = "Ủy ban nhân dân"
    return f"{head}{committee} {found[0]} {found[1]}" if found else f"{head}{committee}"


def place_of_title(title: str) -> tuple[str, str] | None:
    """Return the place that a title names: "… trên địa bàn xã Tam Tiến đến năm 2035"."""
    match = re.search(r"(?i)địa bàn\s+(.+)", title)
    found = place_in(match[1]) if match else None
    return found or place_in(title)
