"""The form of plan files against the dataclasses, the JSON Schema and the page about it."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
import yaml

from lth.content import model
from lth.exchange.plan_file import PlanFileError, form, json_schema, read
from lth.exchange.plan_file.form import KeyForm
from lth.programmes import catalogue_file
from lth.programmes.catalogue_file import CODES

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "lth" / "data" / "schema" / "plan-1.json"
PAGE = ROOT / "docs" / "plan-files.md"
PLANS = sorted((ROOT / "lth" / "data" / "plans").glob("*.yaml"))


def forms(of: KeyForm = form.PLAN) -> Iterator[KeyForm]:
    """A form and all within it, each once."""
    found = {id(of): of}
    for key in of:
        if isinstance(key.holds, KeyForm):
            found |= {id(one): one for one in forms(key.holds)}
    yield from found.values()


@pytest.mark.parametrize("of", [one for one in forms() if one.builds], ids=lambda one: one.builds)
def test_a_form_has_a_key_for_every_field_of_what_it_builds(of: KeyForm) -> None:
    fills = {key.fills for key in of}
    if of is form.TARGET:  # `value` is the lower or the upper one; `id` ends with the file
        fills -= {"value", "id"}
    assert fills == {field.name for field in fields(of.builds)}


def test_a_plan_has_a_key_for_every_field_of_a_document() -> None:
    of_file = {"format", "expected"}
    of_header = {"issuance", "title", "decided_title", "budget_total"}
    fills = {key.fills for key in form.PLAN} - of_file - of_header - {"inherits"}
    fills |= {key.fills for key in form.INHERITS}
    known = {field.name for field in fields(model.Content)}
    assert fills == known - {"header", "indicators", "more", "standard"}
    assert of_header == {field.name for field in fields(model.Header)} - {"key", "made_on"}


def test_names_within_a_form_are_not_used_twice() -> None:
    for of in forms():
        assert len(of.by_name) == len(of.keys)


def test_the_schema_in_the_repository_is_made_of_the_form() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == json_schema.text(), "run `make docs`"


def test_the_page_names_every_key_and_every_word_of_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for of in forms():
        for key in of:
            assert f"`{key.name}`" in page, f"run `make docs`: {key.name}"
            assert key.help in page
            words = key.holds if isinstance(key.holds, type) else ()
            assert all(f"`{word.value}`" in page for word in words)


def as_json(text: str) -> Any:
    """A plan file as other programs take YAML: days are texts."""

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader


def example() -> str:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return text


@pytest.fixture(scope="module")
def valid() -> Any:
    return fastjsonschema.compile(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [PAGE, *PLANS], ids=lambda path: path.stem)
def test_the_example_and_the_files_that_ship_keep_to_the_schema(path: Path, valid: Any) -> None:
    text = example() if path is PAGE else path.read_text(encoding="utf-8")
    valid(as_json(text))
    assert read(text, path.name).content.place.name


def test_the_example_shows_every_part() -> None:
    said = as_json(example())
    shown = {"phases", "made_on", "final", "decided_title", "unreadable", "expected"}
    assert {key.name for key in form.PLAN} == set(said) | shown


HEAD = """format: 1
programme: "1336"
unit: {name: xã Tập Sơn, level: commune}
period: {from: 2021, to: 2025}
"""

REFUSED = [
    "format: 2\n",
    HEAD + "leads: []\n",
    HEAD + "issuance: letter\n",
    HEAD + "tasks: [{leads: [A]}]\n",
    HEAD + "tasks: {title: A}\n",
    HEAD + "targets: [{indicator: clubs_new, value: many}]\n",
    HEAD + "targets: [{indicator: clubs_new, value: -1}]\n",
    HEAD + "targets: [{indicator: clubs_new, phase: [2021]}]\n",
    HEAD + "papers: [{role: decision, date: 07/5/2021}]\n",
    HEAD + "papers: [{role: decision, signed: perhaps}]\n",
    HEAD + "unreadable: [pictures]\n",
    HEAD + "expected: {findings: [V99]}\n",
    HEAD + "budget: {total: 1.5}\n",
    HEAD + "budget: [1]\n",
    HEAD + "recipients: [[A]]\n",
    HEAD.replace("2021", "21"),
    HEAD.replace("1336", "1337"),
    HEAD.replace("level: commune", "level: ward"),
    HEAD.replace("programme", "program"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_schema_refuses_the_reader_refuses_too(text: str, valid: Any) -> None:
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        valid(as_json(text))
    with pytest.raises(PlanFileError):
        read(text, "plan.yaml")


def test_what_is_left_empty_is_left_out(valid: Any) -> None:
    optional = [key.name for key in form.PLAN if not key.required]
    text = HEAD + "".join(f"{name}:\n" for name in optional)
    valid(as_json(text))
    assert read(text, "plan.yaml").content == read(HEAD, "plan.yaml").content


def test_the_schema_has_every_code_of_every_programme_with_its_name() -> None:
    listed = json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"]["indicator"]
    named = dict(zip(listed["enum"], listed["enumDescriptions"], strict=True))
    rows = [row for code in CODES for row in catalogue_file.read(code).indicators]
    assert named == {row.code: f"{row.label_vi} ({row.unit_vi})" for row in rows}


def test_the_page_has_every_code_of_every_programme_with_its_name() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for code in CODES:
        for row in catalogue_file.read(code).indicators:
            assert f"| `{row.code}` | {row.label_vi}" in page, f"run `make docs`: {row.code}"
