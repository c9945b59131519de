"""Where a scanner is set, nothing passes that it has not called clean."""

import socket

import pytest

from lth.core.errors import BlockedError
from lth.exchange.files import virus_check
from lth.exchange.files.intake import Intake
from lth.exchange.files.virus_check import VirusScanner
from tests.support import files
from tests.support.clamav import EICAR, daemon


def test_what_is_clean_passes_whole():
    data = files.PDF + bytes(200_000)
    with daemon() as (address, got):
        VirusScanner(address).check(data)
    assert got == [data]


def test_a_socket_of_the_machine_is_as_good(tmp_path):
    with daemon(at=tmp_path / "clamd.ctl") as (address, got):
        VirusScanner(address).check(files.PDF)
    assert got == [files.PDF]


def test_what_is_infected_is_refused_by_name():
    with daemon() as (address, _), pytest.raises(BlockedError, match=r"mã độc \(Win\.Test\.EICAR"):
        VirusScanner(address).check(files.PDF + EICAR)


@pytest.mark.parametrize(
    "answer", [b"", b"stream: ERROR\0", b"OK\0", b"stream: OK FOUND? \0", b"\0"]
)
def test_any_other_answer_is_none(answer):
    with daemon(answer) as (address, _), pytest.raises(BlockedError, match="chưa kiểm tra được"):
        VirusScanner(address).check(files.PDF)


def test_a_daemon_that_takes_less_than_was_sent_lets_nothing_pass():
    with daemon(most=100_000) as (address, _), pytest.raises(BlockedError, match="chưa kiểm tra"):
        VirusScanner(address).check(bytes(3_000_000))


def test_a_daemon_that_is_away_lets_nothing_pass(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for address in (f"127.0.0.1:{port}", str(tmp_path / "none.ctl")):
        with pytest.raises(BlockedError, match="thử lại sau"):
            VirusScanner(address).check(files.PDF)


def test_a_daemon_that_says_nothing_is_not_waited_for():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BlockedError, match="thử lại sau"):
            VirusScanner(address, seconds=0.2).check(files.PDF)


def test_the_intake_asks_it_before_anything_is_unpacked(monkeypatch):
    asked = []
    monkeypatch.setattr(virus_check.VirusScanner, "check", lambda _self, data: asked.append(data))
    photograph = files.photograph()
    Intake(VirusScanner("127.0.0.1:1")).take(photograph, "ảnh.jpg")
    assert asked == [photograph]
