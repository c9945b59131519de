"""One family of errors, one place that commits, one helper by which pages run operations."""

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from wtforms import StringField

import lth
from lth.access.scope import Purpose, system
from lth.blueprints.web import committing
from lth.blueprints.web.extensions import db
from lth.blueprints.web.forms import Form
from lth.blueprints.web.refusals import CODES, attempt, code_of
from lth.core import errors
from lth.core.errors import BlockedError, LthError, NotFoundError, RefusedError, StaleError
from lth.core.i18n import Message

ROOT = Path(lth.__file__).parent
TREES = {path.relative_to(ROOT): ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}
COMMITS = {
    Path("core/database.py"): 1,  # `unit_of_work`, by which all else commits
}
ADD = text(
    "INSERT INTO login_attempt (key, network, at) VALUES ('x', '', '2021-05-07 00:00:00+00:00')"
)
COUNT = text("SELECT count(*) FROM login_attempt")


def family(base: type[LthError] = LthError) -> Iterator[type[LthError]]:
    yield base
    for kind in base.__subclasses__():
        yield from family(kind)


def names(node: ast.AST | None) -> set[str]:
    """The last part of each name in an expression: of `(a.B, C)` B and C."""
    found = set() if node is None else set(ast.walk(node))
    named = {one.id for one in found if isinstance(one, ast.Name)}
    return named | {one.attr for one in found if isinstance(one, ast.Attribute)}


def test_the_whole_family_stands_in_one_module_and_has_its_code() -> None:
    for module in walk_packages(lth.__path__, "lth."):
        if not module.name.endswith(("__main__", ".wsgi")):
            import_module(module.name)
    kinds = set(family())
    assert {kind.__module__ for kind in kinds} == {errors.__name__}
    assert CODES.keys() < kinds
    assert all(kind is LthError or set(kind.__mro__) & CODES.keys() for kind in kinds)


def test_no_page_catches_the_family_by_hand() -> None:
    kinds = {kind.__name__ for kind in family()}
    caught = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        if path.parts[0] == "blueprints" and path.parts[1] != "web"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or names(node.type) & (kinds | {"Exception", "BaseException"}))
    ]
    assert caught == []


def test_what_is_written_is_committed_in_one_place() -> None:
    found = {
        path: sum(isinstance(one, ast.Attribute) and one.attr == "commit" for one in ast.walk(tree))
        for path, tree in TREES.items()
    }
    assert {path: count for path, count in found.items() if count} == COMMITS


def test_the_zone_is_named_once() -> None:
    named = [
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and "ZoneInfo" in names(node.func))
        or (isinstance(node, ast.Constant) and re.fullmatch(r"Asia/\w+", str(node.value)))
    ]
    assert set(named) == {Path("core/clock.py")}


def write() -> None:
    with system(db.session(), Purpose.SIGN_IN):
        db.session.execute(ADD)


class NameForm(Form):
    name = StringField()


@pytest.fixture
def page(app: Flask) -> Iterator[Callable[[], int]]:
    """A request that may write; gives how many rows have been committed with its answer."""

    def rows() -> int:
        committing.keep()
        with Session(db.engine) as session, system(session, Purpose.SIGN_IN):
            return session.execute(COUNT).scalar_one()

    with app.test_request_context("/", method="POST"):
        yield rows


def test_what_is_done_is_committed(page: Callable[[], int]) -> None:
    with attempt() as outcome:
        write()
    assert outcome.done
    assert outcome.messages == ()
    assert page() == 1


def test_what_a_rule_refuses_stands_beside_its_field_and_leaves_nothing(
    page: Callable[[], int],
) -> None:
    form = NameForm(formdata=None, name="xã")
    with attempt(form=form) as outcome:
        write()
        raise BlockedError(Message("ngắn quá", field="name"), Message("hết chỗ", field="other"))
    assert outcome.blocked
    assert outcome.code == 422
    assert (form.name.errors, form.form_errors) == (["ngắn quá"], ["hết chỗ"])
    assert form.name.data == "xã"
    assert page() == 0


def test_what_somebody_overtook_is_nothing_wrong_with_the_form(page: Callable[[], int]) -> None:
    form = NameForm(formdata=None)
    with attempt(form=form) as outcome:
        write()
        raise StaleError(Message("đã có người sửa"))
    assert outcome.stale
    assert (outcome.code, outcome.text) == (409, "đã có người sửa")
    assert not form.errors
    assert page() == 0


@pytest.mark.parametrize(
    ("held", "error"),
    [
        ((), NotFoundError()),
        ((), ValueError("a bug")),
        ((StaleError,), RefusedError("name", Message("ngắn quá"))),
    ],
)
def test_what_is_not_held_goes_on_to_its_handler(
    page: Callable[[], int], held: tuple[type[LthError], ...], error: Exception
) -> None:
    with pytest.raises(type(error)), attempt(*held):
        write()
        raise error
    assert page() == 0


def test_a_kind_of_an_error_has_the_code_of_the_nearest() -> None:
    assert code_of(RefusedError("name", Message("ngắn quá"))) == 422
    assert code_of(LthError(Message("sai"))) == 400
