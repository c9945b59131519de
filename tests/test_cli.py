"""The ``lth`` command: what it lists, how it fails, and a real run of it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
import pytest
from click.testing import CliRunner

from lth.cli import main
from lth.commands import COMMANDS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with no setting but a new home."""
    for name in list(os.environ):
        if name.startswith("LTH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LTH_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_exists_and_explains_itself(name: str) -> None:
    module, _, attribute = COMMANDS[name].target.partition(":")
    assert isinstance(getattr(import_module(module), attribute), click.Command)
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output


def test_help_lists_every_command_and_imports_none_of_them() -> None:
    script = (
        "import sys\nfrom lth.cli import main\ntry: main(['--help'])\n"
        "finally: assert not {'flask', 'sqlalchemy', 'granian'} & set(sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    for name, entry in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(entry.summary[:20])}", result.stdout, re.M)


def test_an_unknown_command_is_an_error() -> None:
    assert CliRunner().invoke(main, ["no-such-command"]).exit_code == 2


def test_a_bad_setting_ends_in_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTH_DEMO", "perhaps")
    result = CliRunner().invoke(main, ["migrate"])
    assert result.exit_code == 1
    assert result.output == "Error: LTH_DEMO holds 'perhaps'; expected: 1 or 0.\n"


def test_migrate_twice(home: Path) -> None:
    for _ in range(2):
        result = CliRunner().invoke(main, ["migrate"])
        assert result.exit_code == 0, result.output
    assert (home / "lth.db").stat().st_size > 0


@pytest.fixture
def server(home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """``lth run`` in earnest, on a free port; ready when yielded."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "lth", "run", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that its workers can be ended with it
    )
    with process:
        assert process.stdout is not None
        printed = []
        try:
            for line in process.stdout:
                printed.append(line)
                if "Started worker-1" in line:
                    break
            else:
                pytest.fail("".join(printed))
            yield process, port
        finally:
            with contextlib.suppress(ProcessLookupError):  # all of them ended when asked
                os.killpg(process.pid, signal.SIGKILL)


def fetch(url: str) -> bytes:
    """Read ``url`` as soon as somebody listens there: a worker says so a moment too early."""
    for _ in range(200):
        with contextlib.suppress(URLError), urlopen(url, timeout=10) as response:  # noqa: S310 - our own server
            return bytes(response.read())
        time.sleep(0.05)
    pytest.fail(f"nobody listens at {url}")


def test_run_serves_and_stops_when_asked(server: tuple[subprocess.Popen[str], int]) -> None:
    process, port = server
    assert json.loads(fetch(f"http://127.0.0.1:{port}/healthz"))["status"] == "ok"
    second = CliRunner().invoke(main, ["run", "--port", str(port)])
    assert second.exit_code == 1
    assert "--port" in second.output
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
