"""Write docs/workflow.md from the workflow table: the diagram and the table of acts.

`python scripts/workflow_doc.py` writes it; a test holds the file to the table.
"""

from pathlib import Path

from lth.workflow.acts import ACT_LABEL, By, Place, Row
from lth.workflow.states import STATUS_LABEL
from lth.workflow.table import TABLE

TARGET = Path(__file__).parent.parent / "docs" / "workflow.md"

HEAD = """# The workflow

Made from `lth/workflow/table.py` by `make docs`; edit the table, not this page.

Plans and syntheses walk the same states. Nobody is named by level: *own* is the document's
unit, *next* the next step of its road, fixed when the document is created.
"""


def diagram() -> str:
    """The states and acts as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"  {status.value}: {label}" for status, label in STATUS_LABEL.items()]
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in TABLE:
        for source, target in _moves(row):
            names = arrows.setdefault((source, target), [])
            if row.act.value not in names:
                names.append(row.act.value)
    lines += [
        f"  {source} --> {target}: {', '.join(acts)}" for (source, target), acts in arrows.items()
    ]
    return "\n".join([*lines, "```"])


def _moves(row: Row) -> list[tuple[str, str]]:
    if row.target is None:
        return []
    sources = sorted(status.value for status in row.sources) or ["[*]"]
    return [(source, row.target.value) for source in sources]


def table() -> str:
    """The rows of the table as a Markdown table."""
    lines = [
        "| act | vi | from | to | by | when | guards | told |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [_line(row) for row in TABLE])


def _role(by: By) -> str:
    return by.role.value.replace("_", " ") if by.role else "drafter of the kind"


def _line(row: Row) -> str:
    everyone = len(row.sources) == len(STATUS_LABEL)
    sources = "any" if everyone else ", ".join(sorted(one.value for one in row.sources)) or "–"
    anybody = len(row.by) > 6
    by = (
        "who did the last act"
        if anybody
        else ", ".join(f"{_role(one)} ({one.place.value})" for one in row.by)
    )
    cells = [
        row.act.value.replace("_", " "),
        ACT_LABEL[row.act],
        sources,
        row.target.value if row.target else "unchanged" if row.reverts is not None else "as before",
        by,
        ", ".join(name.replace("_", " ") for name in row.when),
        ", ".join(name.replace("_", " ") for name in row.guards),
        ", ".join(
            tell.audience.replace("_", " ") + (" (their turn)" if tell.turn else "")
            for tell in row.tells
        ),
    ]
    return "| " + " | ".join(cells) + " |"


def page() -> str:
    places = f"Places: {', '.join(place.value for place in Place)}.\n"
    return "\n".join([HEAD, diagram(), "", "## Every act", "", places, table(), ""])


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
