"""Write what is made of the form of plan files: the JSON Schema, and the keys in the docs."""

from collections.abc import Iterator
from pathlib import Path

from lth.checks import CHECKS
from lth.exchange.plan_file import form, json_schema
from lth.exchange.plan_file.form import Holds, Key, KeyForm

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
    Holds.INDICATOR: "indicator",
    Holds.PHASE: "phase",
    Holds.FINDINGS: f"list of {min(CHECKS)} … {max(CHECKS)}",
    Holds.PARTS: "list of " + ", ".join(form.parts()),
    Holds.PROGRAMME: "text",
    Holds.FORMAT: "1",
}


def page(text: str) -> str:
    """The page with its tables of keys made anew."""
    return text.partition(HEADING)[0] + HEADING + "".join(_tables("", form.PLAN))


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
