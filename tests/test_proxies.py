"""The proxies that the guide shows, run: what they let through, and what they say of it."""

import contextlib
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support.databases import Databases
from support.liveserver import CLERK, PATIENT, Live, Person, environ_of_world, live, until
from support.services import program
from support.smtp import free_port

PROXIES = Path(__file__).parents[1] / "docs" / "proxy"
NAME = "lth.tinh.gov.vn"
SPOOFED = {
    "X_Forwarded_For": "203.0.113.9",
    "X_Forwarded_Proto": "http",
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Prefix": "/evil",
}
HALF_BODY = (
    b"POST /half HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\nemail=a"
)
MANY = 30


class Recorder(ThreadingHTTPServer):
    """Stands where lth does, and keeps the path and headers of each request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Recording)
        self.seen: list[tuple[str, dict[str, str]]] = []


class _Recording(BaseHTTPRequestHandler):
    server: Recorder

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.path, headers))
        self.rfile.read(int(headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def nginx(folder: Path, upstream: int, port: int) -> list[str]:
    """The guide's file for nginx, on other ports and with a certificate of ours."""
    text = (PROXIES / "nginx.conf").read_text("utf-8")
    text = _replaced(
        text,
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("/var/log/nginx/lth.log", str(folder / "access.log")),
        ("/etc/ssl/lth/fullchain.pem", str(folder / "cert.pem")),
        ("/etc/ssl/lth/privkey.pem", str(folder / "key.pem")),
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    main = folder / "main.conf"
    main.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{text}}}\n",
        "utf-8",
    )
    return [program(("nginx", "/usr/sbin/nginx"), "nginx-light"), "-c", str(main)]


def caddy(folder: Path, upstream: int, port: int) -> list[str]:
    """The guide's file for Caddy, on other ports and with a certificate of ours."""
    text = (PROXIES / "Caddyfile").read_text("utf-8")
    keys = f"tls {folder}/cert.pem {folder}/key.pem"
    text = _replaced(
        text,
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("{\n\tservers", "{\n\tadmin off\n\tauto_https off\n\tservers"),
        (f"{NAME} {{", f"https://127.0.0.1:{port} {{\n\tbind 127.0.0.1\n\t{keys}"),
    )
    file = folder / "Caddyfile"
    file.write_text(text, "utf-8")
    return [program(("caddy",), "caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]


def _replaced(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture(params=[nginx, caddy])
def proxied(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[int, int], contextlib.AbstractContextManager[None]]]:
    """Run a proxy on a port in front of another."""
    make_certificate(tmp_path)

    @contextlib.contextmanager
    def run(upstream: int, port: int) -> Iterator[None]:
        command = request.param(tmp_path, upstream, port)
        home = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        with (tmp_path / "proxy.log").open("wb") as log:
            process = subprocess.Popen(command, env=home, stdout=log, stderr=log)
        with process:
            try:
                until(lambda: _listens(port, process), f"no proxy: {tmp_path}/proxy.log")
                yield
            finally:
                process.terminate()

    yield run


def make_certificate(folder: Path) -> None:
    """Make a key and a certificate that it signs itself."""
    openssl = program(("openssl",), "openssl")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *files, *names],
        check=True,
        capture_output=True,
    )


def _listens(port: int, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "the proxy has ended"
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    server = Recorder()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def half_sent(port: int) -> ssl.SSLSocket:
    """A client that sends a part of a form, and waits."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection(("127.0.0.1", port), timeout=PATIENT)
    client = trusting.wrap_socket(raw, server_hostname="127.0.0.1")
    client.sendall(HALF_BODY)
    return client


def test_it_vouches_for_who_asks_and_waits_for_the_whole(proxied, recorder: Recorder) -> None:
    port = free_port()
    with proxied(recorder.server_port, port), contextlib.ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(half_sent(port))
        assert Person(port, https=True).get("/whole", **SPOOFED).body == b"ok"
        time.sleep(1)  # for what must not come
        [(path, headers)] = recorder.seen
    assert path == "/whole"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == headers["host"] == f"127.0.0.1:{port}"
    assert not headers.get("x-forwarded-prefix")


def test_its_log_says_no_link_that_opens_an_account(
    proxied, recorder: Recorder, tmp_path: Path
) -> None:
    """Whoever may read logs, or is sent them, could open it."""
    port, secret = free_port(), "Aa0_-" * 9
    with proxied(recorder.server_port, port):
        person = Person(port, https=True)
        for path in ("/invitation/", "/password/", "/account/address/", "/sign-in?next=/password/"):
            person.get(path + secret, Referer=f"https://127.0.0.1:{port}/password/{secret}")
        person.get(f"/calendar/{secret}.ics")
        person.get("/healthz")
    assert len(recorder.seen) == 6
    logs = "".join(file.read_text("utf-8") for file in tmp_path.glob("*.log"))
    assert secret not in logs
    if (tmp_path / "access.log").exists():
        assert '"GET /healthz" 200' in logs
        assert '"GET /invitation/..." 200' in logs


@pytest.fixture
def behind(
    _open_databases: Callable[[str], Databases], tmp_path: Path
) -> Iterator[tuple[Live, int]]:
    """A server that trusts one proxy, and the port that people know."""
    port = free_port()
    environ = environ_of_world(_open_databases("sqlite"), "proxied")
    settings = {"LTH_BASE_URL": f"https://127.0.0.1:{port}", "LTH_TRUSTED_PROXIES": "1"}
    with live(environ | settings, tmp_path, demo=False) as server:
        yield server, port


def test_people_work_through_it(proxied, behind: tuple[Live, int]) -> None:
    server, port = behind
    with proxied(server.port, port):
        clerk = Person(port, https=True).sign_in(CLERK)
        assert all(re.search(r"; ?Secure", cookie) for cookie in clerk.set_cookies)
        assert clerk.set_cookies
        desk = clerk.get("/commune/", Accept_Encoding="gzip")
        assert (desk.code, desk.headers["content-encoding"]) == (200, "gzip")
        assert "</html>" in desk.text
        home = clerk.get("/").headers["location"]
        assert home in {"/commune/", f"https://127.0.0.1:{port}/commune/"}
        large = clerk.post("/account/language", {"language": "v" * 15_000_000})
        assert large.code != 413
        larger = clerk.post("/account/language", {"language": "v" * 16_800_000})
        assert (larger.code, "16 MB" in larger.text) == (413, True)
        with contextlib.ExitStack() as stack:
            for _ in range(MANY):
                stack.enter_context(half_sent(port))
            assert clerk.get("/commune/").code == 200
        assert "/evil" not in clerk.get("/", **SPOOFED).headers["location"]
