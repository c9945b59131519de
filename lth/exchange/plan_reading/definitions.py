"""Find what a plan means by its terms: who is an older person, who is young, what is a standard
club.
"""

from lth.content.line_types import Definition
from lth.exchange.plan_reading.figures import sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.sections import is_form
from lth.exchange.plan_reading.wording import toneless, words
from lth.models.parts import Part, Term

_AGE = r"(?P<age>\d{2})(?:\s*tuổi)?"
_SAYS = r"\s*(?:\(\s*|,?\s*(?:là|được hiểu là|được tính)\s+|:\s*)"
_OLDER = (
    rf"(?:người cao tuổi|nct){_SAYS}?(?P<text>(?:(?:là |gồm )?(?:những )?(?:người|công dân)"
    rf"(?: việt nam)? )?(?:có độ tuổi )?từ (?:đủ )?{_AGE}\s*(?:tuổi )?trở lên)"
)
_YOUNG = (
    rf"(?:người trẻ|trẻ tuổi)(?: tuổi)?{_SAYS}(?P<text>(?:(?:những )?người )?(?:có độ tuổi )?"
    rf"(?:từ \d\d (?:tuổi )?đến )?dưới {_AGE}\s*tuổi)"
)
_STANDARD = rf"(?:câu lạc bộ|clb) đạt (?:tiêu )?chuẩn{_SAYS}(?P<text>[^.;]{{20,500}})"
_OLDEST_START = 65
"""Who is a year older than that is one of a group of older persons, no definition of them."""


def definitions(root: Node) -> list[FoundItem]:
    """List the terms that a plan defines, each once."""
    found: list[FoundItem] = []
    taken: set[Term] = set()
    for node in root.walk():
        if node.cells or is_form(node):
            continue
        for start, sentence in sentences(node.text):
            plain = toneless(sentence)
            for term, pattern in _TERMS:
                match = words(pattern).search(plain)
                if match is None or term in taken:
                    continue
                age = int(match["age"]) if "age" in match.re.groupindex else None
                if age is not None and not 18 <= age <= _OLDEST_START:
                    continue
                taken.add(term)
                text = sentence[match.start("text") : match.end("text")].strip(" ,:")
                at = start + match.start()
                line = Definition("", term=term, text=text, age=age)
                quote = Quote(node.line_at(at), at, sentence[match.start() : match.end()])
                found.append(FoundItem(Part.DEFINITION, line, quote, Sureness.LIKELY))
    return found


_TERMS = ((Term.OLDER, _OLDER), (Term.YOUNG, _YOUNG), (Term.STANDARD, _STANDARD))
