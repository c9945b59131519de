"""A part's line in one row: what it is about, and two facts beside it."""

from lth.content.part_values import Shown, Words, said
from lth.content.schema import ContentLine, Item, Said
from lth.core.i18n import Message


def summary(line: ContentLine, words: Words) -> dict[str, list[Shown]]:
    """The texts that stand side by side in a line's row: `main`, `sub` under it, `beside`, `last`.

    A field without a value is left out.
    """
    columns = line.line_type.columns
    shown = {name: getattr(columns, name) for name in ("main", "sub", "beside", "last")}
    return {
        name: [text for item in items for text in _texts(line, item, words) if text]
        for name, items in shown.items()
    }


def _texts(line: ContentLine, item: Item, words: Words) -> tuple[Shown, ...]:
    if callable(item):
        return item(line, words.language)
    shown = Said(item) if isinstance(item, str) else item
    text = said(line, line.line_type.by_name[shown.field], words)
    if not text:
        return (Message(shown.none),) if shown.none else ()
    filling = shown.within.partition("%(")[2].partition(")")[0]
    return (Message(shown.within, {filling: text}),) if shown.within else (text,)
