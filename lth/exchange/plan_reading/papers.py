"""Make the papers of a dossier lines: what a plan says of its decision fills gaps."""

from lth.content.line_types import Paper
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import tidied
from lth.exchange.plan_reading.bases import NUMBER, day_of
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.offices import place_in
from lth.exchange.plan_reading.sheets import PaperRead, named, place_of_title
from lth.exchange.plan_reading.signatures import signature
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.document import SignForm
from lth.models.parts import IssuerForm, PaperRole, Part

_ATTACHED = (
    rf"kèm theo\s+(?P<kind>quyết định|kế hoạch|công văn)\s+số\s*:?\s*(?P<number>{NUMBER})\s*"
    r"(?:ngày\s+(?P<day>[\d/.-]+|\d+\s+tháng\s+\d+\s+năm\s+\d{4}))?\s*(?:của\s+(?P<issuer>[^)]+))?"
)
FROM_ATTACHED = Message(N_("Lấy theo câu “Kèm theo …” ở đầu bản kế hoạch, vì phần đầu đã mất."))
NO_NUMBER = Message(N_("Chưa thấy số, ký hiệu."))
BLANK = Message(N_("Số hoặc ngày còn để trống."))
FROM_TITLE = Message(N_("Cơ quan ban hành lấy theo địa bàn trong tên kế hoạch."))


def papers(found: list[PaperRead]) -> list[FoundItem]:
    """Return the papers of a dossier as lines; what a plan says of its decision fills gaps."""
    _from_attached(found)
    decided = any(one.role is PaperRole.DECISION for one in found)
    items = []
    for sheet in found:
        form, position, signed = signature(sheet.body)
        issuer, why = sheet.issuer, list(sheet.why)
        if not _has_place(issuer) and sheet.role is not PaperRole.PROPOSAL:
            place = place_of_title(sheet.title) or place_of_title(
                " ".join(one.title for one in found)
            )
            if place:
                said = issuer.startswith("Chủ tịch")
                head = "Chủ tịch " if said or _signs_as_head(form, position, sheet) else ""
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
                other.issuer = named(text[match.start("issuer") : match.end("issuer")])
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
