"""Settings, read once from the environment (``LTH_*``) and checked before anything starts.

This is a leaf module: it imports nothing of the project but the zone, and nothing of Flask, so that
the command line, the migrations and a worker read the same settings in the same way.
``docs/settings.md`` lists every variable; a test holds the two together.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lth.core import clock

_PASSWORD = re.compile(r"(://[^:/@]*):.*@", re.DOTALL)
_SHOWABLE = re.compile(r"\w[\w+]*://([^:/@]*:\*\*\*@|[^:/@]*@)?[\w.-]*(:\w*)?(/[^@]*)?")
_OFFSET = re.compile(r"^([+-]\d+)([smhd])$")
_OFFSET_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
_MINIMUM_KEY_LENGTH = 32
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Between which a rehearsal may set the clock."""
_DATABASE_URLS = ("database_url", "migration_database_url", "backup_database_url")


class SettingError(ValueError):
    """A setting that cannot be used; the text names the variable and says what it should be."""


@dataclass(frozen=True)
class Settings:
    """Settings from the environment, checked. Addresses are normalised, paths are absolute."""

    home: Path
    """Folder of the embedded run: the database file, the secret key and the files put in."""
    files: str
    """Where files that people put in are kept: an absolute folder, or ``s3://BUCKET/PREFIX?…``."""
    clamav: str | None
    """The virus scanner, ``HOST:PORT`` or the path of its socket; ``None``: nothing is checked."""
    database_url: str
    """SQLAlchemy address, ``sqlite:///…`` or ``postgresql+psycopg://…``."""
    migration_database_url: str | None
    """The same database under the role that owns the tables; ``None``: use ``database_url``."""
    backup_database_url: str | None
    """The same database under a role that reads every row; ``None``: use the one above."""
    redis_url: str | None
    smtp_url: str | None
    """``None``: mail is held in the outbox and shown, never sent."""
    secret_key: str
    key_is_set: bool
    """Whether `secret_key` is that of LTH_SECRET_KEY, and not that of the file (or a new one)."""
    base_url: str
    """Without a trailing slash; links in mail begin with it."""
    mail_from: str
    demo: bool
    trusted_proxies: int
    """How many proxies in front of the server set ``X-Forwarded-*``."""
    trusted_prefix: bool
    """Whether the nearest of them also says under which path the site stands."""
    session_hours: int
    """How long somebody stays signed in at most, however busy."""
    signature_roots: Path | None
    """Folder of the certificates by which signatures of files are judged; ``None``: none are."""
    clock_offset: timedelta
    """Added to the machine's clock in a rehearsal; zero in earnest."""

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def database_folder(self) -> tuple[Path, ...]:
        """Return the folder of the database's file, if it is one on this machine."""
        if not self.is_sqlite:
            return ()
        return (Path(self.database_url.removeprefix("sqlite:///")).parent,)

    @property
    def key_file(self) -> Path:
        """Where an embedded run keeps its secret key."""
        return self.home / "secret_key"

    @property
    def is_secure(self) -> bool:
        """Tell whether people reach the site over https (cookies are then marked Secure)."""
        return self.base_url.startswith("https://")

    def __repr__(self) -> str:
        """Show the settings with every secret masked: this ends up in logs and tracebacks."""
        shown = {field.name: getattr(self, field.name) for field in fields(self)}
        del shown["secret_key"]
        for name in (*_DATABASE_URLS, "redis_url", "smtp_url"):
            shown[name] = mask_url(shown[name]) if shown[name] else None
        inside = ", ".join(f"{name}={value!r}" for name, value in shown.items())
        return f"Settings({inside})"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Nothing is made: `lth.core.home` does that for those who begin a run.

    Raises:
        SettingError: naming the variable, what it held (never a secret) and what was expected.
    """
    env = os.environ if environ is None else environ
    home = home_folder(env)
    database_url = _read(
        env,
        "LTH_DATABASE_URL",
        _database_url,
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
        default=f"sqlite:///{home / 'lth.db'}",
        show=mask_url,
    )
    return Settings(
        home=home,
        files=_read(
            env,
            "LTH_FILES",
            _files,
            "a folder that may be written, or s3://BUCKET/PREFIX?endpoint=https://HOST",
            default=str(home / "files"),
            show=mask_url,
        ),
        clamav=_read(
            env, "LTH_CLAMAV", _daemon, "HOST:PORT, or the path of a socket, of a ClamAV daemon"
        ),
        database_url=database_url,
        migration_database_url=_same_database_url(
            env, "LTH_MIGRATION_DATABASE_URL", "OWNER", database_url
        ),
        backup_database_url=_same_database_url(
            env, "LTH_BACKUP_DATABASE_URL", "lth_backup", database_url
        ),
        redis_url=_read(
            env,
            "LTH_REDIS_URL",
            _url_with(("redis", "rediss", "unix")),
            "redis://HOST:PORT/NUMBER (or rediss://, unix://)",
            show=mask_url,
        ),
        smtp_url=_read(
            env,
            "LTH_SMTP_URL",
            _url_with(("smtp", "smtps")),
            "smtp://USER:PASSWORD@HOST:PORT (STARTTLS where offered) or smtps:// (TLS at once)",
            show=mask_url,
        ),
        secret_key=_secret_key(env, home, embedded=database_url.startswith("sqlite")),
        key_is_set=bool(env.get("LTH_SECRET_KEY", "").strip()),
        base_url=_read(
            env,
            "LTH_BASE_URL",
            _base_url,
            "the address people type, such as https://lth.tinh.gov.vn",
            default="http://127.0.0.1:8000",
        ),
        mail_from=_read(
            env,
            "LTH_MAIL_FROM",
            _address,
            "a mail address, such as lth@tinh.gov.vn",
            default="lth@localhost",
        ),
        demo=_read(env, "LTH_DEMO", _flag, "1 or 0", default="0"),
        trusted_proxies=_read(
            env, "LTH_TRUSTED_PROXIES", _count, "how many proxies, from 0 to 9", default="0"
        ),
        trusted_prefix=_read(env, "LTH_TRUSTED_PREFIX", _flag, "1 or 0", default="0"),
        session_hours=_read(
            env, "LTH_SESSION_HOURS", _hours, "how many hours, from 1 to 24", default="12"
        ),
        signature_roots=_read(
            env, "LTH_SIGNATURE_ROOTS", _folder, "a folder with certificates in PEM or DER"
        ),
        clock_offset=_read(
            env,
            "LTH_CLOCK",
            _clock_offset,
            "an instant such as 2021-05-07T08:00 or a shift such as -90d, +3h, between the years"
            f" {_EARLIEST.year} and {_LATEST.year}",
            default="+0s",
        ),
    )


def home_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of what an installation keeps. Raises SettingError."""
    env = os.environ if environ is None else environ
    home: Path = _read(env, "LTH_HOME", _path, "a folder that may be written", default="instance")
    return home


def mask_url(url: str) -> str:
    """Return ``url`` without its password and query, or nothing of it when it is no address."""
    masked = _PASSWORD.sub(r"\1:***@", url).partition("?")[0]
    no_host = "@" not in masked and re.search(r"://[^/]*:\w*\D", masked)
    return masked if _SHOWABLE.fullmatch(masked) and not no_host else "(not shown)"


def _read(
    env: Mapping[str, str],
    name: str,
    parse: Callable[[str], Any],
    expected: str,
    *,
    default: str | None = None,
    show: Callable[[str], str] = str,
) -> Any:
    """Parse one variable; an empty one counts as not set."""
    held = env.get(name, "").strip()
    if not held and default is None:
        return None
    try:
        return parse(held or str(default))
    except ValueError as error:
        detail = f" ({error})" if show is str and str(error) else ""
        raise SettingError(f"{name} holds {show(held)!r}{detail}; expected: {expected}.") from error


def _path(text: str) -> Path:
    """Return a folder that is there, or may be made."""
    path = Path(text).expanduser().resolve()
    standing = next(one for one in (path, *path.parents) if one.exists())
    if not standing.is_dir():
        raise ValueError(f"{standing} is no folder")
    return path


def _folder(text: str) -> Path:
    """Return a folder that is there."""
    path = Path(text).expanduser().resolve()
    if not path.is_dir():
        raise ValueError("no such folder")
    return path


def _files(text: str) -> str:
    """Return an absolute folder, or the address of a bucket, which has no password in it."""
    if "://" not in text:
        return str(_path(text))
    parts = urlsplit(text)
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    if parts.scheme != "s3" or not parts.hostname or "@" in text or parts.fragment:
        raise ValueError
    if not options.keys() <= {"endpoint", "region"}:
        raise ValueError
    if "endpoint" in options:
        _base_url(options["endpoint"])
    return text


def _daemon(text: str) -> str:
    host, _, port = text.rpartition(":")
    is_address = bool(host) and "/" not in text and port.isascii() and port.isdigit()
    if not text.startswith("/") and not (is_address and 0 < int(port) < 65_536):
        raise ValueError
    return text


def _database_url(text: str) -> str:
    """Give the driver that is installed, and an absolute path to a SQLite file."""
    if text.startswith(("postgres://", "postgresql://")):
        text = "postgresql+psycopg://" + text.partition("://")[2]
    if text.startswith("postgresql+psycopg://"):
        urlsplit(text).port  # noqa: B018 - reading it is what checks it
        return text
    prefix, separator, path = text.partition("sqlite:///")
    if prefix or not separator or not path or path == ":memory:":
        raise ValueError
    return f"sqlite:///{Path(path).expanduser().resolve()}"


def _same_database_url(
    env: Mapping[str, str], name: str, role: str, database_url: str
) -> str | None:
    """Read the address of the same database under another role."""
    expected = f"postgresql://{role}:PASSWORD@HOST/DATABASE, the database of LTH_DATABASE_URL"
    url: str | None = _read(env, name, _database_url, expected, show=mask_url)
    if url and url.startswith("sqlite") != database_url.startswith("sqlite"):
        raise SettingError(f"{name} holds {mask_url(url)!r}; expected: {expected}.")
    return url


def _url_with(schemes: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        port_is_number = parts.port is None or parts.port > 0
        if parts.scheme not in schemes or not port_is_number:
            raise ValueError
        if not parts.hostname and not (parts.scheme == "unix" and parts.path):
            raise ValueError
        return text

    return parse


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


def _address(text: str) -> str:
    address = parseaddr(text)[1]
    name, _, domain = address.rpartition("@")
    if not name or not domain or "\n" in text or "\r" in text:
        raise ValueError
    return text


def _flag(text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise ValueError
    return text.lower() in _TRUE


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 1:
        raise ValueError
    return int(text)


def _hours(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:3]) <= 24:
        raise ValueError
    return int(text)


def _clock_offset(text: str) -> timedelta:
    """Turn a shift, or the instant the clock should start from, into a distance from now.

    An instant without a zone is Vietnamese time.
    """
    now = datetime.now(UTC)
    try:
        instant = _instant(text, now)
    except OverflowError as error:
        raise ValueError("no calendar reaches so far") from error
    if not _EARLIEST <= instant <= _LATEST:
        raise ValueError("out of all reach")
    return instant - now


def _instant(text: str, now: datetime) -> datetime:
    if match := _OFFSET.match(text):
        return now + timedelta(**{_OFFSET_UNITS[match[2]]: int(match[1])})
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.TIMEZONE)


def _secret_key(env: Mapping[str, str], home: Path, *, embedded: bool) -> str:
    """Return the key that signs cookies and links; only an embedded run has one of its own.

    Several machines of a production run must share one key, so that one has to be given.
    """
    key = env.get("LTH_SECRET_KEY", "").strip()
    if key and len(key) < _MINIMUM_KEY_LENGTH:
        raise SettingError(
            f"LTH_SECRET_KEY holds {len(key)} characters; expected: at least "
            f"{_MINIMUM_KEY_LENGTH} random ones (python3 -c 'import secrets; "
            "print(secrets.token_urlsafe(48))')."
        )
    if key:
        return key
    if not embedded:
        raise SettingError(
            "LTH_SECRET_KEY is not set; expected, since LTH_DATABASE_URL names a PostgreSQL "
            "server: a random key, the same on every machine (python3 -c 'import secrets; "
            "print(secrets.token_urlsafe(48))')."
        )
    return _new_or_kept_key(home / "secret_key")


def _new_or_kept_key(path: Path) -> str:
    """Return the key of the file, or a new one that is not kept yet."""
    return read_key(path) if path.exists() else secrets.token_urlsafe(48)


def read_key(path: Path) -> str:
    """Read the key of an embedded run."""
    try:
        key = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        key = ""
    except OSError as error:
        raise SettingError(
            f"LTH_SECRET_KEY is not set and the key file {path} cannot be read ({error.strerror});"
            " expected: a file that lth may read."
        ) from error
    if len(key) < _MINIMUM_KEY_LENGTH:
        raise SettingError(
            f"LTH_SECRET_KEY is not set and the key file {path} is damaged; expected: "
            "a key file made by lth. Delete it to get a new one (everybody signs in again)."
        )
    return key
