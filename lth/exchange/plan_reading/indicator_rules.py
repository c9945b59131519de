"""What a rule is by which a figure is known to be an indicator's.

A rule needs its words in what the figure counts (`subject`: the words behind it, or those before
it where it is "… chiếm 60 %"), and may ask for words before it or in the whole sentence. The first
rule that holds is taken; where none does, the figure is nobody's: nothing is guessed.
"""

from dataclasses import dataclass

from lth.exchange.plan_reading.figures import FigureUnit
from lth.exchange.plan_reading.wording import words


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """An indicator and the words that make a figure one of it; see the module."""

    unit: FigureUnit
    indicator: str
    subject: str
    before: str = ""
    sentence: str = ""
    near: str = ""
    """Words in the paragraph or the headings over it."""
    never: str = ""
    denominator: str = ""
    at_least: bool = False
    """A bare share below 100 % is what is to be reached at least."""


@dataclass(frozen=True, slots=True)
class WordsAround:
    """The toneless words around a figure: see `IndicatorRule`; `around` is all of its clause."""

    subject: str
    before: str
    around: str
    sentence: str
    near: str


def matching(rules: tuple[IndicatorRule, ...], said: WordsAround) -> IndicatorRule | None:
    """Return the first rule that holds of the words around a figure, if any."""
    for rule in rules:
        wanted = (
            (rule.subject, said.subject),
            (rule.before, said.before),
            (rule.sentence, said.sentence),
            (rule.near, said.near),
        )
        if not all(not pattern or words(pattern).search(text) for pattern, text in wanted):
            continue
        unwanted = (said.subject, said.around, said.before[-80:])
        if rule.never and any(words(rule.never).search(text) for text in unwanted):
            continue
        return rule
    return None
