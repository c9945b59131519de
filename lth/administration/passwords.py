"""Passwords: kept as argon2id hashes, compared at one cost for all, ruled fit or unfit."""

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lth.core.errors import RefusedError
from lth.core.i18n import N_

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 200
"""More is no safer and only costs the server time."""

_COMMON = frozenset(
    [
        "0123456789",
        "1234567890",
        "0987654321",
        "9876543210",
        "1234512345",
        "1122334455",
        "12345678910",
        "123456789a",
        "a123456789",
        "abc1234567",
        "abcd123456",
        "abcde12345",
        "abcdef1234",
        "abcdefghij",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "matkhau123",
        "matkhau1234",
        "matkhau12345",
        "matkhaumoi",
        "mậtkhẩu123",
        "qwerty1234",
        "qwertyuiop",
        "qwerty12345",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "asdfghjkl1",
        "zaq12wsxcde",
        "admin12345",
        "admin123456",
        "administrator",
        "quantri123",
        "vietnam123",
        "vietnam1234",
        "vietnam2021",
        "vietnam2026",
        "iloveyou123",
        "anhyeuem123",
        "emyeuanh123",
        "taikhoan123",
        "welcome123",
        "letmein1234",
        "nguoicaotuoi",
    ]
)


class _Hashing:
    """The parameters in use: argon2-cffi's own, which follow RFC 9106 (64 MiB, three passes)."""

    hasher = PasswordHasher()


def set_cost(time: int, memory_kib: int, parallelism: int) -> None:
    """Hash with other parameters from now on; older hashes stay good and are renewed at sign-in."""
    _Hashing.hasher = PasswordHasher(
        time_cost=time, memory_cost=memory_kib, parallelism=parallelism
    )


def hash_password(password: str) -> str:
    """Return the hash to keep. Takes about a tenth of a second, on purpose."""
    return _Hashing.hasher.hash(_plain(password))


def verify(kept_hash: str | None, password: str) -> bool:
    """Tell whether the password is the one that was hashed.

    Without a hash (nobody has that address, or has set no password yet) it is compared with a
    hash that nothing fits, so that the answer takes as long.
    """
    try:
        fits = _Hashing.hasher.verify(kept_hash or _nobodys(_Hashing.hasher), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return fits and kept_hash is not None


def is_outdated(kept_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than those in use."""
    return _Hashing.hasher.check_needs_rehash(kept_hash)


def check(password: str, repeated: str, email: str) -> None:
    """Raise RefusedError where a new password breaks a rule or was typed twice differently."""
    if len(password) < MINIMUM_LENGTH:
        raise RefusedError(
            "password", N_("Mật khẩu cần ít nhất %(count)s ký tự."), count=MINIMUM_LENGTH
        )
    if len(password) > MAXIMUM_LENGTH:
        raise RefusedError(
            "password", N_("Mật khẩu dài quá %(count)s ký tự."), count=MAXIMUM_LENGTH
        )
    if _is_email(password, email):
        raise RefusedError(
            "password", N_("Mật khẩu không được là địa chỉ thư điện tử của anh/chị.")
        )
    if _is_common(password):
        raise RefusedError(
            "password", N_("Mật khẩu này quá dễ đoán. Hãy ghép vài từ không liên quan với nhau.")
        )
    if password != repeated:
        raise RefusedError("repeated", N_("Hai lần nhập mật khẩu chưa giống nhau."))


def _is_email(password: str, email: str) -> bool:
    typed, address = password.casefold().strip(), email.casefold()
    return typed in {address, address.partition("@")[0]}


def _is_common(password: str) -> bool:
    typed = _plain(password).casefold()
    return typed in _COMMON or len(set(typed)) < 4


def _plain(password: str) -> str:
    """Return one form for what Vietnamese keyboards may send as one character or as two."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=2)
def _nobodys(hasher: PasswordHasher) -> str:
    return hasher.hash("một mật khẩu không ai dùng")
