"""Know how a paper is signed by its foot: "TM. …", "KT. CHỦ TỊCH", and whose position it is."""

import re

from lth.core.vietnamese import capitalize_first
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.offices import proper
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.document import SignForm

_SIGNS = (
    ("TM", r"^t[./]?m\s*[./]?\s"),
    ("KT", r"^k[./]?t\s*[./]?\s(?=\w)|^kt\."),
    ("TL", r"^tl\s*\."),
    ("TUQ", r"^tuq\s*\."),
    ("Q", r"^q\s*\."),
)
_POSITION = (
    r"^(?:k[./]?t\s*[./]?\s*|q\s*\.\s*|tm\s*\.\s*)?(?P<position>(?:phó\s+|p\.\s*)?"
    r"(?:chủ tịch|giám đốc|trưởng phòng|trưởng ban|"
    r"chánh văn phòng|thủ tướng|bộ trưởng))\b.{0,30}$"
)


def is_of_signature(text: str) -> bool:
    """Tell whether a line is of a foot: who signs, "(Đã ký)", "Lưu"."""
    plain = toneless(text.strip())
    signs = any(words(pattern).match(plain) for _, pattern in _SIGNS)
    return signs or bool(words(_POSITION).match(plain)) or has(r"^\(đã ký\)|^lưu\b", text)


def signature(body: list[Node]) -> tuple[SignForm | None, str, bool]:
    """Return how a paper is signed, the position of who signs, and whether a name stands below."""
    signs: list[str] = []
    position, at_position = "", None
    for at, node in enumerate(body):
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
    below = body[at_position + 1 : at_position + 5] if at_position is not None else []
    signed = any(not one.kind and 2 < len(one.text) < 60 for one in below)
    return _sign_form(signs, position), position, signed


def _position(text: str) -> str:
    words_of = proper(re.sub(r"(?i)^p\.\s*", "phó ", text).upper()).split()
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
