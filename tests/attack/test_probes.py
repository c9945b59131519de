"""Probes of every route with what no browser of ours sends: headers, ways out, bodies, methods."""

import gzip
import html
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask

from .addresses import targets
from .holdings import Holdings
from .strangers import LEAVING, Findings, Knocker, address_of

EVIL = "evil.example"

HOSTILE_HEADERS = (
    {"Host": EVIL},
    {"X-Forwarded-Host": EVIL, "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": f"//{EVIL}"},
    {"Forwarded": f"for=1.2.3.4;host={EVIL};proto=https"},
    {"X-Original-URL": "/admin/people", "X-Rewrite-URL": "/admin/people"},
    {"X-HTTP-Method-Override": "POST"},
    {"Origin": f"https://{EVIL}", "Referer": f"https://{EVIL}/x"},
    {"Accept-Language": "x" * 4000, "Accept": "\x00", "Accept-Encoding": "gzip;q=nan, *;q=-1"},
    {"Cookie": "lth_session=.eJx; " + "a=b; " * 200},
    {"Cookie": "lth_session=" + "A" * 3000},
    {"Range": "bytes=0-0,-1,5-2", "If-None-Match": '"', "If-Modified-Since": "never"},
    {"HX-Request": "true", "HX-Current-URL": f"https://{EVIL}", "LTH-Form": "\xff"},
    {"Authorization": "Basic !!!!"},
)
WAYS_OUT = (
    f"//{EVIL}",
    f"https://{EVIL}",
    f"https:{EVIL}",
    f"http:///{EVIL}",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"/\t/{EVIL}",
    f"\t//{EVIL}",
    f"/..//{EVIL}",
    f"/%2f%2f{EVIL}",
    "javascript:alert(1)",
    f"/\r\nLocation: https://{EVIL}",
    f"/x\x00//{EVIL}",
    f"/@{EVIL}",
    f"///{EVIL}",
    "//[",
)
BODIES = (
    {"data": b"", "content_type": ""},
    {"data": b"{", "content_type": "application/json"},
    {"json": [[[[]]]]},
    {"data": b"\xff\xfe%zz=%", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"a=%00&%00=b&a[]=1&a.b=2", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"x", "content_type": "multipart/form-data"},
    {
        "data": b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x"\r\n\r\n'
        b"\x00\r\n--x--",
        "content_type": "multipart/form-data; boundary=x",
    },
    {"data": b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>', "content_type": "text/xml"},
    {"data": gzip.compress(b"a=b"), "headers": {"Content-Encoding": "gzip"}},
)
TOO_MUCH = (
    {"data": b"a=" + b"x" * (17 * 1024 * 1024)},
    {"data": b"&".join(b"f%d=1" % number for number in range(30_000))},
    {"data": b"[" * 100_000, "content_type": "application/json"},
)
METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "CONNECT", "NONSENSE", "HEAD", "OPTIONS")

KNOCKERS = ("", "can-bo.tap-son", "lanh-dao.huyen-tra-cu", "quan-tri.tap-son", "quan-tri")
SHORT_KNOCKERS = ("can-bo.tap-son",)


def everybody(accounts=KNOCKERS) -> list:
    """Make a case of each account, of which the test suite runs a few."""
    return [
        pytest.param(
            account,
            marks=[] if account in SHORT_KNOCKERS else [pytest.mark.long],
            id=account or "nobody",
        )
        for account in accounts
    ]


@pytest.fixture
def findings(report, request) -> Iterator[Findings]:
    found = Findings()
    yield found
    kind = " ".join(request.node.originalname.split("_")[1:])
    who = request.node.callspec.params.get("account") or "nobody"
    report.note(kind.capitalize(), who, found)


@pytest.fixture
def every_target(guarded: Flask, connection):
    """One address of every route, with ids that are somebody else's."""
    theirs = Holdings.of(connection, "huyện Trà Cú")
    found = [t for t in targets(guarded, connection, theirs, None, 1) if t.endpoint not in LEAVING]
    assert len(found) > 150
    return found


@pytest.mark.parametrize("account", everybody())
def test_hostile_headers(guarded, every_target, findings, account):
    knocker = Knocker(guarded, address_of(account), [], findings)
    for target in every_target:
        for headers in HOSTILE_HEADERS if target.method == "GET" else HOSTILE_HEADERS[:3]:
            if "Cookie" in headers:
                answer = guarded.test_client(use_cookies=False).get(target.address, headers=headers)
                knocker.judge(answer, f"{target.address} with {headers}")
            else:
                answer = knocker.send(target.method, target.address, headers=headers)
            if f"//{EVIL}" in html.unescape(answer.get_data().decode("utf-8", "replace")):
                findings.faults.append(f"{target.address} links to {EVIL} because of {headers}")
    assert not findings.faults, "\n".join(findings.faults[:20])


@pytest.mark.parametrize("account", everybody())
def test_ways_out(guarded, every_target, findings, account):
    knocker = Knocker(guarded, address_of(account), [], findings)
    for target in every_target:
        few = target.endpoint.startswith(("auth.", "account.")) or target.method == "POST"
        for way in WAYS_OUT if few else WAYS_OUT[:2]:
            fields = {"next": [way], "back": [way], "seen": ["1"]}
            address = f"{target.address}?next={quote(way)}&back={quote(way)}"
            knocker.send(target.method, address, fields)
    assert not findings.faults, "\n".join(findings.faults[:20])


@pytest.mark.parametrize("account", everybody())
def test_strange_bodies(guarded, every_target, findings, account):
    knocker = Knocker(guarded, address_of(account), [], findings)
    for target in every_target:
        for body in BODIES if target.method == "POST" else BODIES[1:2]:
            knocker.send(target.method, target.address, **body)
    assert not findings.faults, "\n".join(findings.faults[:20])


@pytest.mark.parametrize("account", everybody(KNOCKERS[:2]))
def test_bodies_that_are_too_much(guarded, every_target, findings, account):
    knocker = Knocker(guarded, address_of(account), [], findings)
    one_of_each = {target.endpoint.partition(".")[0]: target for target in every_target[::-1]}
    for target in one_of_each.values():
        for body in TOO_MUCH:
            answer = knocker.send("POST", target.address, **body)
            assert answer.status_code in {302, 400, 401, 403, 404, 405, 409, 410, 413, 422}
    assert not findings.faults, "\n".join(findings.faults[:20])


@pytest.mark.parametrize("account", everybody())
def test_methods_that_nobody_routes(guarded, every_target, findings, account):
    knocker = Knocker(guarded, address_of(account), [], findings)
    allowed = {"HEAD", "OPTIONS"}
    for target in every_target:
        for method in METHODS:
            answer = knocker.send(method, target.address)
            if method not in allowed and answer.status_code < 400:
                findings.faults.append(f"{method} {target.address} answers {answer.status_code}")
            if method == "HEAD" and answer.get_data():
                findings.faults.append(f"HEAD {target.address} has a body")
    assert not findings.faults, "\n".join(findings.faults[:20])
