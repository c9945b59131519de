"""The frame around every page: headers, errors, assets, transactions, health."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, Response, abort, render_template_string, request
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from support.databases import Databases

from lth.blueprints.web.extensions import db
from lth.blueprints.web.permissions import Permission, needs
from lth.core import schema


def add_view(app: Flask, path: str, view: Callable[[], Any], **options: Any) -> None:
    """Add a page to a test's own application, open to everybody."""
    app.add_url_rule(path, path.strip("/"), needs(Permission.PUBLIC)(view), **options)


@pytest.fixture
def own_app(databases: Databases, database: str) -> Flask:
    """An application of this test's own, which may get more pages before its first request."""
    return databases.make_app()


@pytest.mark.databases("sqlite")
def test_every_answer_carries_the_headers(client: FlaskClient) -> None:
    for path in ("/healthz", "/static/favicon.svg", "/no-such-page"):
        with client.get(path) as response:
            headers = response.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


@pytest.mark.databases("sqlite")
def test_over_https_cookies_and_transport_are_secure(make_app: Callable[..., Flask]) -> None:
    app = make_app(LTH_BASE_URL="https://lth.tinh.gov.vn/")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    response = app.test_client().get("/healthz")
    assert "max-age=31536000" in response.headers["Strict-Transport-Security"]


@pytest.mark.databases("sqlite")
def test_a_page_is_kept_in_no_cache(client: FlaskClient) -> None:
    response = client.get("/no-such-page")
    assert response.mimetype == "text/html"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", ["text/csv", "application/json", "application/zip", "image/png"])
def test_nor_is_a_file_or_an_answer_to_a_script(own_app: Flask, kind: str) -> None:
    """Of the trail, of people: whoever signs in next on the computer would find it."""
    add_view(own_app, "/file", lambda: Response("x", mimetype=kind))
    for path in ("/file", "/healthz", "/"):
        assert own_app.test_client().get(path).headers["Cache-Control"] == "no-store", path


@pytest.mark.databases("sqlite")
def test_an_asset_is_kept_for_good_under_its_own_address_only(client: FlaskClient) -> None:
    with client.application.test_request_context():
        address = render_template_string("{{ asset_url('favicon.svg') }}")
    with client.get(address) as named:
        assert "immutable" in named.headers["Cache-Control"]
        assert "Cookie" not in named.headers.get("Vary", "")
    for other in ("/static/favicon.svg", "/static/favicon.svg?v=0"):
        with client.get(other) as unnamed:
            assert "immutable" not in unnamed.headers["Cache-Control"]


class Text(HTMLParser):
    """What a reader sees of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str | None] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href"))


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 413, 418, 429, 500, 503])
def test_an_error_says_what_to_do_in_vietnamese(own_app: Flask, code: int) -> None:
    own_app.config["TESTING"] = False
    add_view(own_app, "/broken", lambda: abort(code))
    response = own_app.test_client().get("/broken")
    assert response.status_code == code
    page = Text(response.text)
    assert "hãy" in "".join(page.words).lower()
    assert "/" in page.links


@pytest.mark.databases("sqlite")
def test_an_unforeseen_error_shows_nothing_of_itself(own_app: Flask) -> None:
    own_app.config["TESTING"] = False

    def fail() -> str:
        raise ValueError("hush")

    add_view(own_app, "/broken", fail)
    response = own_app.test_client().get("/broken")
    assert response.status_code == 500
    assert "hush" not in response.text


@pytest.mark.databases("sqlite")
def test_a_form_without_its_token_is_refused_with_a_way_back(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(WTF_CSRF_ENABLED=True)
    add_view(app, "/form", lambda: "saved", methods=["POST"])
    response = app.test_client().post("/form", headers={"Referer": "http://localhost/documents/1"})
    assert response.status_code == 400
    page = Text(response.text)
    assert "/documents/1" in page.links
    assert "Chưa có gì được lưu" in "".join(page.words)
    elsewhere = app.test_client().post("/form", headers={"Referer": "https://evil.example/x"})
    assert not any("evil" in str(link) for link in Text(elsewhere.text).links)


@pytest.mark.databases("sqlite")
def test_a_body_that_is_too_large_is_refused(own_app: Flask) -> None:
    add_view(own_app, "/form", lambda: str(len(request.form)), methods=["POST"])
    response = own_app.test_client().post("/form", data={"x": "y" * (17 * 1024 * 1024)})
    assert response.status_code == 413


def test_a_get_cannot_write_and_a_post_can(databases: Databases, own_app: Flask) -> None:
    def write() -> str:
        db.session.execute(text("DELETE FROM login_attempt"))
        db.session.commit()
        return "written"

    add_view(own_app, "/write", write, methods=["GET", "POST"])
    client = own_app.test_client()
    for _ in range(2):  # the second time on connections that have done both
        with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
            client.get("/write")
        assert client.post("/write").text == "written"


def test_a_database_that_is_busy_or_away_is_no_fault_of_the_page(own_app: Flask) -> None:
    def fail() -> str:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    add_view(own_app, "/busy", fail)
    response = own_app.test_client().get("/busy")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"


def test_health(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.json == {"status": "ok", "database": "ok", "disk": "ok"}


@pytest.mark.databases("postgres")
def test_health_without_a_database(databases: Databases, app: Flask) -> None:
    databases.blank("gone")
    gone = databases.make_app("gone")
    databases.store.drop("gone")
    response = gone.test_client().get("/healthz")
    assert response.status_code == 503
    assert gone.test_client().get("/no-such-page").status_code == 404


@pytest.mark.databases("sqlite")
def test_behind_a_trusted_proxy_the_outer_address_counts(make_app: Callable[..., Flask]) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    for proxies, expected in (("0", "127.0.0.1 http"), ("1", "203.0.113.9 https")):
        app = make_app(LTH_TRUSTED_PROXIES=proxies)
        add_view(app, "/who", lambda: f"{request.remote_addr} {request.scheme}")
        assert app.test_client().get("/who", headers=headers).text == expected


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("proxies", "prefix", "expected"),
    [("0", "0", ""), ("0", "1", ""), ("1", "0", ""), ("3", "0", ""), ("1", "1", "/lth")],
)
def test_a_path_before_all_addresses_is_taken_where_a_setting_says_so(
    make_app: Callable[..., Flask], proxies: str, prefix: str, expected: str
) -> None:
    app = make_app(LTH_TRUSTED_PROXIES=proxies, LTH_TRUSTED_PREFIX=prefix)
    page = app.test_client().get("/sign-in", headers={"X-Forwarded-Prefix": "/lth"}).text
    assert re.findall(r'action="([^"]*)/sign-in"', page) == [expected]


def test_the_migrations_are_found() -> None:
    assert (schema.directory() / "env.py").is_file()
