"""Make the JSON Schema of a plan file of its form: for editors, and for programs that write one.

`lth/data/schema/plan-1.json` is this, written by `scripts/plan_file_schema.py`. It says what a
schema can: the reader knows more (which phases there are, how many places a figure may have).
"""

import json
from typing import Any

from lth.checks import CHECKS
from lth.exchange.plan_file import form as plan_form
from lth.exchange.plan_file.codes import listed
from lth.exchange.plan_file.form import FORMAT, Holds, Key, KeyForm
from lth.programmes import catalogue_file

ID = f"urn:lth:plan:{FORMAT}"
"""A name, so that nothing is fetched from anywhere."""

WHOLE = r"^[0-9]+(_[0-9]{3})*$"
FIGURE = r"^[0-9]+(_[0-9]{3})*(\.[0-9]{1,2})?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INDICATOR = "indicator"
"""The definition that has the codes of indicators."""

_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_NAME: dict[str, Any] = {"type": "string", "minLength": 1}
_SCALARS: dict[Holds, dict[str, Any]] = {
    Holds.TEXT: _TEXT,
    Holds.PROSE: _TEXT,
    Holds.NAMES: {"anyOf": [_NAME, {"type": "array", "items": _NAME}]},
    Holds.WHOLE: {"type": ["integer", "string"], "minimum": 0, "pattern": WHOLE},
    Holds.YEAR: {"type": ["integer", "string"], "minimum": 1900, "maximum": 2199},
    Holds.DAY: {"type": "string", "pattern": DAY},
    Holds.FLAG: {"type": "boolean"},
    Holds.FIGURE: {"type": ["number", "string"], "minimum": 0, "pattern": FIGURE},
    Holds.INDICATOR: {"$ref": f"#/definitions/{INDICATOR}"},
    Holds.PHASE: {"type": ["string", "integer"]},
    Holds.FINDINGS: {"type": "array", "items": {"enum": list(CHECKS)}},
    Holds.PROGRAMME: {"enum": [*catalogue_file.CODES, *map(int, catalogue_file.CODES)]},
    Holds.FORMAT: {"const": FORMAT},
}


def schema() -> dict[str, Any]:
    """Return the schema of a whole plan file (JSON Schema, draft 7, which editors know best)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ID,
        "title": "A plan of the intergenerational self-help clubs",
        **_mapping(plan_form.PLAN),
        "definitions": {
            INDICATOR: _indicators(),
            **{form.name: _alone_or_whole(form) for form in _named()},
        },
    }


def text() -> str:
    """Return the schema as it stands in the repository."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _indicators() -> dict[str, Any]:
    """List the codes of every programme, each with its name: editors complete them, and show that
    beside them (`enumDescriptions`).
    """
    rows = [one.indicator for one in listed()]
    return {
        "title": "Indicator",
        "description": "Code of an indicator; lth plan indicators lists them by programme.",
        "enum": [row.code for row in rows],
        "enumDescriptions": [f"{row.label_vi} ({row.unit_vi})" for row in rows],
    }


def _mapping(form: KeyForm) -> dict[str, Any]:
    required = [key.name for key in form if key.required]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _described(key) for key in form},
        **({"required": required} if required else {}),
    }


def _described(key: Key) -> dict[str, Any]:
    """Say what a key may hold; one that is not required may also be left empty."""
    holds = _of(key)
    return {"description": key.help, **(holds if key.required else _or_empty(holds))}


def _or_empty(holds: dict[str, Any]) -> dict[str, Any]:
    if "enum" in holds:
        return {**holds, "enum": [*holds["enum"], None]}
    if "type" in holds:
        kinds = holds["type"] if isinstance(holds["type"], list) else [holds["type"]]
        return {**holds, "type": [*kinds, "null"]}
    return {"anyOf": [*holds.get("anyOf", [holds]), {"type": "null"}]}


def _of(key: Key) -> dict[str, Any]:
    if isinstance(key.holds, KeyForm):
        one = _object(key.holds)
        return {"type": "array", "items": one} if key.many else one
    if key.holds is Holds.PARTS:
        return {"type": "array", "items": {"enum": list(plan_form.parts())}}
    if isinstance(key.holds, Holds):
        return dict(_SCALARS[key.holds])
    return {"enum": [word.value for word in key.holds]}


def _object(form: KeyForm) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{form.name}"} if form.name else _mapping(form)


def _named() -> list[KeyForm]:
    """List the forms that are described once, and elsewhere by their names."""
    holds = [key.holds for key in plan_form.PLAN if isinstance(key.holds, KeyForm)]
    return [form for form in holds if form.name]


def _alone_or_whole(form: KeyForm) -> dict[str, Any]:
    return {"anyOf": [_NAME, _mapping(form)]} if form.short else _mapping(form)
