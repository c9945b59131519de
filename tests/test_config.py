"""Settings: what is understood, what is refused and in which words."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from lth.core import home
from lth.core.config import SettingError, Settings, load, mask_url

KEY = "k" * 40
DOCS = Path(__file__).parents[1] / "docs" / "settings.md"


def settings(folder: Path, **environ: str) -> Settings:
    return load({"LTH_HOME": str(folder), **environ})


def test_nothing_set_is_an_embedded_run(tmp_path: Path) -> None:
    found = settings(tmp_path / "new" / "home")
    assert list(tmp_path.iterdir()) == []  # reading makes nothing
    assert home.settle(found).home.is_dir()
    assert found.database_url == f"sqlite:///{tmp_path}/new/home/lth.db"
    assert found.is_sqlite
    assert not found.demo
    assert found.smtp_url is None
    assert found.base_url == "http://127.0.0.1:8000"


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: home.settle(settings(tmp_path)).secret_key, range(16)))
    assert len(keys) == 1
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_damaged_key_file_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(SettingError, match="damaged"):
        settings(tmp_path)


def test_a_production_run_is_given_its_key(tmp_path: Path) -> None:
    url = "postgres://lth_app:hush@db/lth"
    with pytest.raises(SettingError, match="LTH_SECRET_KEY is not set"):
        settings(tmp_path, LTH_DATABASE_URL=url)
    assert not (tmp_path / "secret_key").exists()
    found = settings(tmp_path, LTH_DATABASE_URL=url, LTH_SECRET_KEY=KEY)
    assert found.database_url == "postgresql+psycopg://lth_app:hush@db/lth"
    assert found.secret_key == KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LTH_DATABASE_URL", "mysql://u:hush@h/d"),
        ("LTH_DATABASE_URL", "sqlite://"),
        ("LTH_DATABASE_URL", "sqlite:///:memory:"),
        ("LTH_DATABASE_URL", "postgresql://u:hush@h:port/d"),
        ("LTH_DATABASE_URL", "hush"),
        ("LTH_MIGRATION_DATABASE_URL", "postgresql://u:hush@h/d"),
        ("LTH_REDIS_URL", "http://u:hush@h"),
        ("LTH_SMTP_URL", "smtp://u:hush@h:99999"),
        ("LTH_SMTP_URL", "u:hush@h"),
        ("LTH_SECRET_KEY", "hush"),
        ("LTH_BASE_URL", "lth.tinh.gov.vn"),
        ("LTH_BASE_URL", "ftp://lth.tinh.gov.vn"),
        ("LTH_MAIL_FROM", "nobody"),
        ("LTH_DEMO", "perhaps"),
        ("LTH_TRUSTED_PROXIES", "-1"),
        ("LTH_TRUSTED_PROXIES", "many"),
        ("LTH_CLOCK", "yesterday"),
        ("LTH_CLOCK", "2021-13-01"),
        ("LTH_CLOCK", "+99999999999d"),
        ("LTH_CLOCK", "-99999999999d"),
        ("LTH_CLOCK", f"+{'9' * 5000}s"),
        ("LTH_CLOCK", "+400000d"),
        ("LTH_CLOCK", "9999-12-31T23:59:59"),
        ("LTH_CLOCK", "9999-12-31T23:59:59-14:00"),
        ("LTH_CLOCK", "0001-01-01T00:00:00"),
        ("LTH_CLOCK", "0001-01-01T00:00:00+14:00"),
        ("LTH_CLOCK", "1999-12-31"),
        ("LTH_CLOCK", "2101-01-01"),
        ("LTH_CLOCK", "NaN"),
        ("LTH_CLOCK", "inf"),
        ("LTH_CLOCK", "+NaNd"),
        ("LTH_CLOCK", "+1e9d"),
        ("LTH_HOME", "/dev/null/below"),
    ],
)
def test_a_bad_value_is_named_without_giving_a_secret_away(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(SettingError) as caught:
        load({"LTH_HOME": str(tmp_path), name: value})
    message = str(caught.value)
    assert name in message
    assert "expected" in message
    assert "hush" not in message


@given(password=st.text(min_size=1).filter(str.strip), user=st.sampled_from(["", "u"]))
def test_no_password_is_ever_shown(password: str, user: str) -> None:
    shown = mask_url(f"smtp://{user}:QQ{password}QQ@host/path?key=QQsecretQQ")
    assert "QQ" not in shown
    assert "QQ" not in mask_url(f"{user}:QQ{password}QQ")
    without_host = password.replace("@", "")  # what follows an @ is the host, whatever was meant
    assert "QQ" not in mask_url(f"smtp://{user}:QQ{without_host}QQ")


def test_printing_the_settings_shows_no_secret(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        LTH_SECRET_KEY=KEY,
        LTH_DATABASE_URL="postgresql://u:hush@h/d",
        LTH_SMTP_URL="smtp://u:hush@h",
    )
    assert "hush" not in repr(found)
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    ("value", "offset"),
    [
        ("-90d", timedelta(days=-90)),
        ("+3h", timedelta(hours=3)),
        ("2021-05-07T08:00", timedelta(hours=-7)),
        ("2021-05-07T08:00+00:00", timedelta(0)),
        ("2021-05-08", timedelta(hours=9)),
    ],
)
def test_the_clock_can_be_set_for_a_rehearsal(
    tmp_path: Path, value: str, offset: timedelta
) -> None:
    with time_machine.travel(datetime(2021, 5, 7, 8, tzinfo=UTC), tick=False):
        assert settings(tmp_path, LTH_CLOCK=value).clock_offset == offset


def test_every_setting_is_documented() -> None:
    documented = DOCS.read_text(encoding="utf-8")
    derived = {"clock_offset": "LTH_CLOCK", "key_is_set": "LTH_SECRET_KEY"}
    for field in fields(Settings):
        assert f"`{derived.get(field.name, f'LTH_{field.name.upper()}')}`" in documented
