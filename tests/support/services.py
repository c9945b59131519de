"""Servers and programs that some tests need and not every machine has."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def program(names: tuple[str, ...], debian_package: str) -> str:
    """Return the path of the first program found; without one, skip the test and say why.

    Under ``LTH_REQUIRE_ALL`` (set by .ci/run, which installs them) the test fails instead.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    reason = f"needs {names[0]} (Debian package {debian_package})"
    if os.environ.get("LTH_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing and listens on a socket file only; yield its address."""
    socket = folder / "redis.sock"
    command = [program(("redis-server",), "redis-server"), "--port", "0", "--save", ""]
    process = subprocess.Popen(
        [*command, "--unixsocket", str(socket), "--daemonize", "no"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            _wait_until_ready(process)
            yield f"unix://{socket}"
        finally:
            process.terminate()


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    """Read what Redis prints until it says that it listens."""
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if "ready to accept connections" in line.lower():
            return
    pytest.fail(f"redis-server did not start:\n{''.join(printed)}")
