"""No log says a secret: a link that opens an account, a calendar's address, what was sent along."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from support.loops import run_apart

from lth.administration import links
from lth.blueprints.web.extensions import db
from lth.core import secret_paths
from lth.core.gateway import Gateway

ERRORS = {
    "a bug": RuntimeError("nothing comes of it"),
    "no database": OperationalError("SELECT", {}, Exception("gone")),
    "no room": OSError(28, "No space left on device"),
}


def secret_rules(app: Flask) -> list[tuple[str, str, str]]:
    """Method, path and endpoint of every route whose address has a secret in it."""
    found = []
    for rule in app.url_map.iter_rules():
        if "token" in rule.arguments:
            path = rule.rule.replace("<token>", links.new_token())
            found += [(one, path, rule.endpoint) for one in ("GET", "POST") if one in rule.methods]
    return found


def secret_in(path: str) -> str:
    return max(path.replace(".", "/").split("/"), key=len)


@pytest.fixture
def failing(make_app: Callable[..., Flask]) -> Iterator[Callable[[Exception], Flask]]:
    """The application, in which what has a secret in its address fails."""
    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    before = dict(app.view_functions)

    def break_it(error: Exception) -> Flask:
        def fail(**_values: str) -> str:
            raise error

        for _, _, endpoint in secret_rules(app):
            fail.permission = before[endpoint].permission  # type: ignore[attr-defined]
            app.view_functions[endpoint] = fail
        return app

    yield break_it
    app.view_functions.update(before)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", ERRORS)
def test_whatever_fails_at_a_secret_address(failing, kind: str, caplog) -> None:
    app = failing(ERRORS[kind])
    asked = secret_rules(app)
    assert {path.rpartition("/")[0] for _, path, _ in asked} == {
        *("/invitation", "/password", "/account/address", "/calendar", "/book/in")
    }
    for method, path, _ in asked:
        caplog.clear()
        answer = app.test_client().open(path, method=method)
        assert answer.status_code in {500, 503}
        assert caplog.text
        assert secret_in(path) not in caplog.text, (method, path)


@pytest.mark.databases("sqlite")
def test_a_form_that_is_refused_there(guarded: Flask, caplog) -> None:
    for method, path, _ in secret_rules(guarded):
        if method == "POST":
            with caplog.at_level("DEBUG"):
                assert guarded.test_client().post(path).status_code == 400
            assert "form refused at" in caplog.text
            assert secret_in(path) not in caplog.text, path


def test_what_the_gateway_cannot_answer(caplog) -> None:
    secret = links.new_token()

    def fail(*_asked: object) -> list[bytes]:
        raise RuntimeError("nothing comes of it")

    scope = SimpleNamespace(
        proto="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="127.0.0.1:40000",
        scheme="http",
        method="GET",
        path=f"/invitation/{secret}",
        query_string="",
        headers={},
    )
    protocol = SimpleNamespace(response_bytes=lambda *_answer: None)
    run_apart(Gateway(fail).__rsgi__(scope, protocol))
    assert "no answer to GET /invitation/…" in caplog.text
    assert secret not in caplog.text


def test_other_paths_are_said_as_they_are() -> None:
    for path in ("/commune/documents/12/parts/finance", "/admin/units/7/people/invitations", "/"):
        assert secret_paths.told(path) == path


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x1b[2K", "\x85", "\u2028"])
def test_no_path_writes_a_line_of_its_own(end: str) -> None:
    told = secret_paths.told(f"/x{end}2026-11-29 INFO sign-in of somebody else")
    assert len(told.splitlines()) == 1
    assert told.isprintable()


def test_what_is_sent_with_a_statement_that_fails(app: Flask) -> None:
    secret = links.new_token()
    with app.app_context(), pytest.raises(DBAPIError) as failed:
        db.session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": secret})
    assert secret not in str(failed.value)
