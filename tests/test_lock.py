"""What an installation consists of is locked to the file, without what only tests need."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUN, DEV = "requirements.lock", "requirements-dev.lock"
_PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^ ;\\]+)( ; [^\\]+)? \\$", re.MULTILINE)


def blocks(lock: str) -> list[str]:
    """Each package with its hashes."""
    return re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8").strip())


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package; on some machines one is another."""
    found: dict[str, set[str]] = {}
    for name, version, _ in _PIN.findall((ROOT / lock).read_text("utf-8")):
        found.setdefault(name, set()).add(version)
    return found


def named(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", one) for one in requirements)
    return {re.sub(r"[._-]+", "-", name[0]).lower() for name in names if name}


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    for block in blocks(lock):
        first, *hashes = block.splitlines()
        assert _PIN.match(first), first
        assert hashes
        assert all(re.match(r"    --hash=sha256:[0-9a-f]{64}( \\)?$", line) for line in hashes)


@pytest.mark.parametrize("lock", [RUN, DEV])
def test_no_place_is_named_that_packages_come_from(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"https?:|file:|--(?!hash)|/", text)


def test_what_is_needed_to_run_is_locked_as_it_is_tested() -> None:
    extras = PROJECT["optional-dependencies"]
    run, dev = pins(RUN), pins(DEV)
    assert set(run) >= named(PROJECT["dependencies"] + extras["prod"] + extras["build"])
    assert set(dev) >= named([one for extra in extras.values() for one in extra])
    assert {name: versions for name, versions in run.items() if dev.get(name) != versions} == {}


def test_what_only_tests_need_is_not_installed_to_run() -> None:
    extras = PROJECT["optional-dependencies"]
    only = named(extras["test"] + extras["dev"]) - named(extras["prod"] + extras["build"])
    assert only & set(pins(RUN)) == set()
    assert only <= set(pins(DEV))
