"""Write what is made of the form of plan files: the JSON Schema, the keys and the codes of
indicators in the docs.
"""

from collections.abc import Iterator
from pathlib import Path

from lth.checks import CHECKS
from lth.exchange.plan_file import form, json_schema
from lth.exchange.plan_file.codes import ListedIndicator, listed
from lth.exchange.plan_file.form import Holds, Key, KeyForm
from lth.programmes.catalogue_file import CODES, TOPIC_LABEL

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "lth" / "data" / "schema" / f"plan-{form.FORMAT}.json"
PAGE = ROOT / "docs" / "plan-files.md"
HEADING = "## Keys\n"

HOLDS = {
    Holds.TEXT: "text",
    Holds.PROSE: "text",
    Holds.NAMES: "list of texts",
    Holds.WHOLE: "whole number",
    Holds.YEAR: "year",
    Holds.DAY: "day",
    Holds.FLAG: "true, false",
    Holds.FIGURE: "figure",
    Holds.INDICATOR: "[indicator](#indicators)",
    Holds.PHASE: "phase",
    Holds.FINDINGS: f"list of {min(CHECKS)} … {max(CHECKS)}",
    Holds.PARTS: "list of " + ", ".join(form.parts()),
    Holds.PROGRAMME: "text",
    Holds.FORMAT: "1",
}


def page(text: str) -> str:
    """The page with its tables of keys and of indicators made anew."""
    made = "".join([*_tables("", form.PLAN), *_indicators()])
    return text.partition(HEADING)[0] + HEADING + made


def _indicators() -> Iterator[str]:
    """The indicators that a file may name, a table for each topic."""
    yield "\n## Indicators\n\nThe codes that a file may name; those of one programme alone say so."
    yield " `lth plan indicators` lists them too, `--json` with what a program needs.\n"
    for topic, label in TOPIC_LABEL.items():
        rows = [one for one in listed() if one.indicator.topic == topic]
        if rows:
            yield f"\n### {label}\n\n| code | means | in | a share of | a figure |\n"
            yield "|---|---|---|---|---|\n"
            yield from map(_indicator, rows)


def _indicator(one: ListedIndicator) -> str:
    row = one.indicator
    only = "" if one.programmes == CODES else f" ({', '.join(one.programmes)})"
    of = ", ".join(f"`{code}`" for code in one.denominators)
    means = f"{row.label_vi}{only}"
    return f"| `{row.code}` | {means} | {row.unit_vi} | {of} | `{one.example}` |\n"


def _tables(name: str, of: KeyForm) -> Iterator[str]:
    """A form's table, then those of the forms within it."""
    if name:
        yield f"\n### `{name}`{_note(of)}\n"
    yield "\n| key | holds | meaning |\n|---|---|---|\n"
    yield from (f"| {_name(key)} | {_holds(key)} | {key.help} |\n" for key in of)
    for key in of:
        if isinstance(key.holds, KeyForm) and (key.holds is not form.TARGET or not name):
            yield from _tables(f"{name}.{key.name}".lstrip("."), key.holds)


def _note(of: KeyForm) -> str:
    return f", or the {of.short} alone" if of.short else ""


def _name(key: Key) -> str:
    return f"**`{key.name}`**" if key.required else f"`{key.name}`"


def _holds(key: Key) -> str:
    if isinstance(key.holds, KeyForm):
        return "list" if key.many else "keys of its own"
    if isinstance(key.holds, Holds):
        return HOLDS[key.holds]
    return ", ".join(f"`{word.value}`" for word in key.holds)


if __name__ == "__main__":
    SCHEMA.write_text(json_schema.text(), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {SCHEMA.name} and {PAGE.name}")
