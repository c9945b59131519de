"""Find the papers of a dossier: number, day, who issues it, what it is about, who signs it."""

import re
from dataclasses import dataclass, field
from datetime import date

from lth.content.line_types import Paper
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import tidied
from lth.core.vietnamese import capitalize_first
from lth.exchange.plan_reading.bases import NUMBER, day_of, is_basis
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node, is_label, starts_a_paper
from lth.exchange.plan_reading.offices import place_in, proper
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.document import SignForm
from lth.models.parts import IssuerForm, PaperRole, Part

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
_SIGNS = (
    ("TM", r"^t[./]?m\s*[./]?\s"),
    ("KT", r"^k[./]?t\s*[./]\s?"),
    ("TL", r"^tl\s*\."),
    ("TUQ", r"^tuq\s*\."),
    ("Q", r"^q\s*\."),
)
_POSITION = (
    r"^(?:kt\s*\.\s*|q\s*\.\s*|tm\s*\.\s*)?(?P<position>(?:phó\s+)?(?:chủ tịch|giám đốc|"
    r"trưởng phòng|trưởng ban|"
    r"chánh văn phòng|thủ tướng|bộ trưởng))\b.{0,30}$"
)
_ATTACHED = (
    rf"kèm theo\s+(?P<kind>quyết định|kế hoạch|công văn)\s+số\s*:?\s*(?P<number>{NUMBER})\s*"
    r"(?:ngày\s+(?P<day>[\d/.-]+|\d+\s+tháng\s+\d+\s+năm\s+\d{4}))?\s*(?:của\s+(?P<issuer>[^)]+))?"
)
FROM_ATTACHED = Message(N_("Lấy theo câu “Kèm theo …” ở đầu bản kế hoạch, vì phần đầu đã mất."))
NO_NUMBER = Message(N_("Chưa thấy số, ký hiệu."))
BLANK = Message(N_("Số hoặc ngày còn để trống."))
FROM_TITLE = Message(N_("Cơ quan ban hành lấy theo địa bàn trong tên kế hoạch."))


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
        if node.kind or len(node.text) > 110 or _is_foot(node.text) or node.text.endswith("/."):
            break
        start -= 1
    return start


def _is_foot(text: str) -> bool:
    plain = toneless(text.strip())
    signs = any(words(pattern).match(plain) for _, pattern in _SIGNS)
    return signs or bool(words(_POSITION).match(plain)) or has(r"^\(đã ký\)|^lưu\b", text)


def _title(body: list[Node]) -> str:
    """Return the lines below a paper's name, up to where its text begins."""
    found: list[str] = []
    for node in body[:8]:
        text = node.text
        stops = (
            node.kind
            or is_basis(text)
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
            return _named(node.text)
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
        return _named(name)
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


def _named(text: str) -> str:
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


# --- As lines -----------------------------------------------------------------------------


def papers(found: list[PaperRead]) -> list[FoundItem]:
    """Return the papers of a dossier as lines; what a plan says of its decision fills gaps."""
    _from_attached(found)
    decided = any(one.role is PaperRole.DECISION for one in found)
    items = []
    for sheet in found:
        form, position, signed = signature(sheet)
        issuer, why = sheet.issuer, list(sheet.why)
        if not _has_place(issuer) and sheet.role is not PaperRole.PROPOSAL:
            place = place_of_title(sheet.title) or place_of_title(
                " ".join(one.title for one in found)
            )
            if place:
                head = "Chủ tịch " if _signs_as_head(form, position, sheet) else ""
                if not issuer.startswith(("Phòng", "Sở", "Hội", "Ban")):
                    issuer = f"{head}Ủy ban nhân dân {place[0]} {place[1]}"
                    why.append(FROM_TITLE)
        elif _signs_as_head(form, position, sheet) and issuer.startswith("Ủy ban"):
            issuer = f"Chủ tịch {issuer}"
        attached = decided and sheet.role is PaperRole.PLAN
        line = Paper(
            "",
            role=sheet.role,
            number=sheet.number,
            dated_on=sheet.dated_on,
            issuer=issuer[:200],
            issuer_form=_form(issuer),
            title=sheet.title[:500],
            verb=_verb(found) if sheet.role is PaperRole.DECISION or attached else "",
            sign_form=form,
            position=position,
            signed=signed,
        )
        if not sheet.number and not attached:
            why.append(NO_NUMBER)
        elif sheet.number.startswith("/") or (sheet.dated_on is None and not attached):
            why.append(BLANK)
        at = sheet.named or (sheet.nodes[0] if sheet.nodes else Node("", 1))
        quote = Quote(
            at.number, 0, " ".join(filter(None, (at.text, sheet.number, sheet.title)))[:300]
        )
        sureness = Sureness.LIKELY if why else Sureness.SURE
        items.append(FoundItem(Part.PAPER, line, quote, sureness, tuple(why)))
    return items


def _from_attached(found: list[PaperRead]) -> None:
    """Fill the decision's number and day from "(Kèm theo Quyết định số …)" over the plan."""
    for sheet in found:
        for node in sheet.body[:6]:
            match = words(_ATTACHED).search(toneless(node.text))
            if match is None:
                continue
            kind = has("quyết định", match["kind"])
            role = PaperRole.DECISION if kind else PaperRole.PLAN
            other = next((one for one in found if one.role is role and one is not sheet), None)
            if other is None or other.number:
                continue
            text = node.text
            other.number = tidied(text[match.start("number") : match.end("number")])
            other.dated_on = other.dated_on or day_of(match["day"])
            if match["issuer"] and not _has_place(other.issuer):
                other.issuer = _named(text[match.start("issuer") : match.end("issuer")])
            other.why.append(FROM_ATTACHED)


def _has_place(issuer: str) -> bool:
    return place_in(issuer) is not None


def _signs_as_head(form: SignForm | None, position: str, sheet: PaperRead) -> bool:
    if sheet.role is not PaperRole.DIRECTIVE or "hủ tịch" not in position:
        return False
    return form in {SignForm.KT, SignForm.HEAD}


def _form(issuer: str) -> IssuerForm:
    if issuer.startswith("Chủ tịch"):
        return IssuerForm.HEAD
    offices = ("Phòng", "Sở", "Hội", "Ban ", "Trưởng")
    return IssuerForm.OFFICE if issuer.startswith(offices) else IssuerForm.COLLECTIVE


def _verb(found: list[PaperRead]) -> str:
    texts = [one.title for one in found if one.role is PaperRole.DECISION]
    return "phê duyệt" if any(has(r"phê duyệt", text[:60]) for text in texts) else "ban hành"


def signature(sheet: PaperRead) -> tuple[SignForm | None, str, bool]:
    """Return how a paper is signed, the position of who signs, and whether a name stands below."""
    signs: list[str] = []
    position, at_position = "", None
    for at, node in enumerate(sheet.body):
        plain = toneless(node.text.strip())
        if node.kind or len(plain) > 70:
            continue
        found = [sign for sign, pattern in _SIGNS if words(pattern).match(plain)]
        match = words(_POSITION).match(plain)
        if (match or found) and (node.text.isupper() or found or at > 3):
            if at_position is not None and at - at_position > 8:
                break
            signs += found
        if match and (signs or at > 3) and len(plain) < 45:
            text = node.text.strip()[match.start("position") : match.end("position")]
            position, at_position = _position(text), at
    below = sheet.body[at_position + 1 : at_position + 5] if at_position is not None else []
    signed = any(not one.kind and 2 < len(one.text) < 60 for one in below)
    return _sign_form(signs, position), position, signed


def _position(text: str) -> str:
    words_of = proper(text.upper()).split()
    if words_of[0] == "Phó":
        return f"Phó {capitalize_first(' '.join(words_of[1:]).lower())}"
    return capitalize_first(" ".join(words_of).lower())


def _sign_form(signs: list[str], position: str) -> SignForm | None:
    if "TM" in signs and "KT" in signs:
        return SignForm.TM_KT
    for sign in ("TL", "TUQ", "KT", "Q", "TM"):
        if sign in signs:
            return SignForm(sign)
    return SignForm.HEAD if position else None
