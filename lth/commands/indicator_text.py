"""Write the indicators that a plan file may name, for a terminal and as JSON."""

import json
from collections.abc import Sequence
from typing import Any

import click

from lth.core.i18n import Message
from lth.core.language import current, gettext, say
from lth.exchange.plan_file.codes import ListedIndicator, listed
from lth.programmes.catalogue_file import TOPIC_LABEL


def as_json(codes: Sequence[str]) -> str:
    """Return the indicators of some programmes as JSON, with their names in both languages."""
    return json.dumps([_row(one) for one in listed(codes)], ensure_ascii=False, indent=2)


def _row(one: ListedIndicator) -> dict[str, Any]:
    row = one.indicator
    return {
        "code": row.code,
        "label": {"vi": row.label_vi, "en": row.label_en},
        "unit": {"vi": row.unit_vi, "en": row.unit_en},
        "measure": row.measure.value,
        "example": one.example,
        "denominators": list(one.denominators),
        "programmes": list(one.programmes),
    }


def as_text(codes: Sequence[str]) -> str:
    """Return the indicators of some programmes in columns, under their topics."""
    rows = listed(codes)
    widest = max(len(one.indicator.code) for one in rows)
    parts: list[str] = []
    for topic, label in TOPIC_LABEL.items():
        lines = [_line(one, codes, widest) for one in rows if one.indicator.topic == topic]
        if lines:
            parts.append("\n".join([click.style(say(Message(label)), bold=True), *lines]))
    return "\n\n".join(parts)


def _line(one: ListedIndicator, codes: Sequence[str], widest: int) -> str:
    row, english = one.indicator, current() == "en"
    label, unit = (row.label_en, row.unit_en) if english else (row.label_vi, row.unit_vi)
    only = tuple(one.programmes) != tuple(codes)
    where = gettext("; chỉ %(programmes)s", programmes=", ".join(one.programmes)) if only else ""
    return f"  {row.code:<{widest}}  {label} ({unit}{where})"
