"""Write what was read of an existing plan, for a terminal and as JSON."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from lth.core import language
from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.core.vietnamese import format_money
from lth.exchange.plan_file.reader import indicators
from lth.exchange.plan_reading import shown
from lth.exchange.plan_reading.found import SURENESS_LABEL, FoundItem, Reading, Sureness, Unplaced
from lth.exchange.plan_reading.periods import key_of

COLOURS = {Sureness.SURE: "green", Sureness.LIKELY: "yellow", Sureness.LOOK: "red"}


def written(path: Path) -> str:
    """Say where the plan file is, and what to do with it."""
    return gettext("Đã ghi tệp kế hoạch %(file)s; kiểm tra bằng “lth plan check”.", file=str(path))


# --- JSON ---------------------------------------------------------------------------------


def as_json(name: str, reading: Reading) -> str:
    """Return all that was read as JSON: values as they are stored, reasons in words."""
    data = {
        "file": name,
        "programme": reading.programme,
        "unit": _plain(reading.unit),
        "period": key_of(reading.period),
        "phases": [key_of(phase) for phase in reading.phases],
        "header": _plain(reading.header),
        "items": [_item(item) for item in reading.items],
        "unplaced": [_unplaced(one) for one in reading.unplaced],
        "notes": [say(note) for note in reading.notes],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _item(item: FoundItem) -> dict[str, Any]:
    values = {name: value for name, value in _plain(item.line).items() if value not in ("", None)}
    return {
        "part": item.part,
        "values": values,
        "sureness": item.sureness.value,
        "why": [say(why) for why in item.why],
        "quote": _plain(item.quote),
    }


def _unplaced(one: Unplaced) -> dict[str, Any]:
    return {"quote": _plain(one.quote), "why": say(one.why), "suggestion": one.suggestion}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {one.name: _plain(getattr(value, one.name)) for one in fields}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (date, Fraction)):
        return str(value)
    return value


# --- A terminal ---------------------------------------------------------------------------


def as_text(name: str, reading: Reading) -> str:
    """Return the items by part, each with its words and how sure it is; then what is not placed."""
    blocks = ["\n".join(_head(name, reading))]
    known = indicators(reading.programme)
    for part, items in shown.parts_of(reading):
        lines = [click.style(f"{say(shown.label_of(part))} ({len(items)})", bold=True)]
        for item in items:
            words = shown.words_of(item, known, language.current())
            lines += _told(" · ".join(say(word) for word in words), item)
        blocks.append("\n".join(lines))
    if reading.unplaced:
        title = gettext("Chưa xếp được vào đâu (%(count)s)", count=len(reading.unplaced))
        lines = [click.style(title, bold=True), *_left(reading)]
        blocks.append("\n".join(lines))
    blocks.append(_sum(reading))
    return "\n\n".join(blocks)


def _head(name: str, reading: Reading) -> Iterator[str]:
    yield name
    unit = reading.unit.name if reading.unit else "?"
    period = key_of(reading.period) or "?"
    yield gettext("Đơn vị: %(unit)s. Kỳ: %(period)s.", unit=unit, period=period.replace("-", "–"))
    if reading.header.title:
        yield gettext("Tên kế hoạch: %(title)s", title=reading.header.title)
    if reading.header.budget_total is not None:
        money = format_money(reading.header.budget_total, language.current())
        yield gettext("Tổng kinh phí ghi trong văn bản: %(money)s", money=money)
    for note in reading.notes:
        yield say(note)


def _told(words: str, item: FoundItem) -> Iterator[str]:
    sureness = say(Message(SURENESS_LABEL[item.sureness]))
    yield f"  {words} [{click.style(sureness, fg=COLOURS[item.sureness])}]"
    yield "     " + gettext(
        "dòng %(line)s: “%(text)s”", line=item.quote.line, text=_cut(item.quote.text)
    )
    for why in item.why:
        yield f"     → {say(why)}"


def _left(reading: Reading) -> Iterator[str]:
    known = indicators(reading.programme)
    for one in reading.unplaced:
        yield "  " + gettext(
            "dòng %(line)s: “%(text)s”", line=one.quote.line, text=_cut(one.quote.text)
        )
        yield f"     → {say(one.why)}"
        if one.suggestion in known:
            label = known[one.suggestion].label_vi
            if language.current() == "en":
                label = known[one.suggestion].label_en
            yield "     " + gettext("Có thể là: %(indicator)s", indicator=label)


def _sum(reading: Reading) -> str:
    sure = sum(item.sureness is Sureness.SURE for item in reading.items)
    return gettext(
        "Đọc được %(found)s mục, %(sure)s mục chắc; %(left)s chỗ chưa xếp được. "
        "Hãy đối chiếu với văn bản gốc trước khi dùng.",
        found=len(reading.items),
        sure=sure,
        left=len(reading.unplaced),
    )


def _cut(text: str) -> str:
    return text if len(text) <= 160 else text[:157] + "…"
