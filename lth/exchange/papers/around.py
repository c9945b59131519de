"""What stands around the text of every paper of a unit: agency, place, symbol, periods in words."""

from lth.core.vietnamese import capitalize_first, lower_first, nfc
from lth.exchange.papers.text import KIND_NAME, PaperText
from lth.models import Unit
from lth.models.programme import Period
from lth.workflow.signing import COLLECTIVE

COMMITTEE_LETTERS = "UBND"
_SMALL = frozenset({"và", "của"})


def committee(unit: Unit) -> str:
    """Name a unit's committee within a sentence: "Ủy ban nhân dân xã Tập Sơn"."""
    return f"{COLLECTIVE} {unit.full_name}"


def agency(unit: Unit) -> str:
    """Name it as it stands at the top of a paper (ô 2), in capitals."""
    return committee(unit).upper()


def initials(office: str) -> str:
    """Return an office's letters in a symbol: PLĐTBXH of "Phòng Lao động - Thương binh và Xã hội"."""
    words = nfc(office).replace("-", " ").replace(",", " ").split()
    kept = [word for word in words if word not in _SMALL]
    return "".join(word if word.isupper() else word[0].upper() for word in kept)


def years(period: Period) -> str:
    """Word a period within a sentence, in Vietnamese: "năm 2021", "giai đoạn 2026–2035"."""
    code = period.code
    return f"năm {code}" if code.isdigit() else f"giai đoạn {code.replace('-', '–')}"


def titled(kind: str, title: str) -> str:
    """Put a kind of paper and its title into one: "Kế hoạch phát triển Câu lạc bộ …"."""
    return f"{capitalize_first(kind)} {lower_first(title)}".strip()


def belongs(paper: PaperText, issuer: str) -> str:
    """Say where an annex belongs to: "(Kèm theo Báo cáo số 12/BC-UBND ngày … của …)"."""
    day = paper.dated.partition(", ")[2]
    return f"(Kèm theo {KIND_NAME[paper.kind]} số {paper.numbered} {day} của {issuer})"
