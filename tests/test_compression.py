"""Pages go out compressed where the browser takes that, and otherwise as they are."""

import gzip
import re

LINKED = re.compile(r'(?:href|src)="(/static/[^"#]+)')


def test_a_page_is_compressed_for_a_browser_that_asks(client):
    plain = client.get("/sign-in")
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert b"<!doctype html>" in gzip.decompress(packed.data)


def test_caches_keep_the_two_apart(client):
    assert "Accept-Encoding" in client.get("/sign-in").headers["Vary"]


def test_a_short_answer_is_left_alone(client):
    answer = client.get("/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


def test_a_first_visit_weighs_less_than_sixty_kilobytes(client):
    page = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    links = set(LINKED.findall(gzip.decompress(page.data).decode()))
    asking = {"headers": {"Accept-Encoding": "gzip"}, "buffered": True}
    files = [client.get(link, **asking) for link in links]
    assert {"text/css", "text/javascript"} <= {one.mimetype for one in files}
    assert all(one.headers["Content-Encoding"] == "gzip" for one in files if len(one.data) > 1024)
    assert len(page.data) + sum(len(one.data) for one in files) < 60_000
