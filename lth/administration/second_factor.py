"""The second factor: a code from an app on one's phone (RFC 6238), asked for after the password.

The app's secret is kept nowhere: it is derived from a salt in the database and the key of the
installation (`LTH_SECRET_KEY`, an argument here), so that a copy of the database signs in nobody.
A code is taken once, half a minute early or late; ten recovery codes, of which only keyed hashes
are kept, stand in for a lost phone. They are digits, for a phone's number pad.

Everything here runs under the named system scope SIGN_IN.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from lth.access.scope import Purpose, system
from lth.administration import accounts, audit, sessions, throttle
from lth.administration.context import AdminContext
from lth.administration.throttle import Tried
from lth.core.errors import RefusedError, StaleError
from lth.core.i18n import N_, Message
from lth.mail import outbox
from lth.mail.declarations import Payload, Reach, declare
from lth.mail.outbox import Mail
from lth.models import Person, RecoveryCode, SecondFactor
from lth.models.person import SessionEnd

STEP_SECONDS = 30
CODES = 10
DIGITS = 12
"""Of a recovery code."""


@dataclass(frozen=True)
class FactorState:
    """A person's second factor: since when it is asked for, and the recovery codes left."""

    on_since: datetime | None = None
    codes_left: int = 0

    @property
    def version(self) -> str:
        """What changes whenever it is set up anew."""
        return self.on_since.isoformat() if self.on_since else ""


@dataclass(frozen=True)
class Prover:
    """Somebody who types a code: who, from where, by the installation's key, and when."""

    person_id: int
    address: str
    key: str
    now: datetime


@dataclass(frozen=True, kw_only=True)
class FactorResetMail(Payload):
    """That an administrator has taken a person's second factor away."""

    actor: str
    at: datetime

    def page(self) -> str | None:
        """Lead to the page on which another is set up."""
        return "/account/second-factor"


RESET_MAIL = declare(
    "second_factor_reset",
    FactorResetMail,
    page=FactorResetMail.page,
    at_once=True,
    reach=Reach.ACCOUNT,
)


def state(session: Session, person_id: int) -> FactorState:
    """Return how a person's second factor stands."""
    left = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    statement = select(SecondFactor.confirmed_at, left).where(SecondFactor.person_id == person_id)
    with system(session, Purpose.SIGN_IN):
        row = session.execute(statement).first()
    return FactorState(*row) if row is not None and row[0] is not None else FactorState()


# --- Setting it up ------------------------------------------------------------------------


def begin(session: Session, person_id: int, now: datetime) -> None:
    """Make a secret that nobody is asked for yet; one that was never confirmed goes.

    Raises RefusedError where the second factor is on already.
    """
    with system(session, Purpose.SIGN_IN):
        _lock(session, person_id)
        found = session.get(SecondFactor, person_id)
        if found is not None and found.confirmed_at is not None:
            raise RefusedError("", N_("Xác nhận hai bước đã được bật."))
        session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))
        session.execute(
            SecondFactor.__table__.insert().values(
                person_id=person_id, salt=secrets.token_urlsafe(32), made_at=now, last_step=0
            )
        )


def secret_to_confirm(session: Session, person_id: int, key: str) -> str | None:
    """Return the secret that an app is to be given; None where none is waiting for it."""
    statement = select(SecondFactor.salt).where(
        SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_(None)
    )
    with system(session, Purpose.SIGN_IN):
        salt = session.scalar(statement)
    return _secret(salt, key) if salt is not None else None


def address_for_app(secret: str, email: str, site: str) -> str:
    """Return what the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)


def confirm(session: Session, prover: Prover, code: str) -> list[str] | None:
    """Ask for the second factor from now on, if the app shows the right code.

    Returns the recovery codes, to be shown once; None where the code is wrong, which is counted.
    Every session of the person ends. Raises ThrottledError.
    """
    with system(session, Purpose.SIGN_IN):
        name = _lock(session, prover.person_id)
        waiting = SecondFactor.confirmed_at.is_(None)
        if not _proves(session, prover, code, waiting):
            return None
        session.execute(_of(update(SecondFactor), prover).values(confirmed_at=prover.now))
        sessions.end_all(session, prover.person_id, SessionEnd.SECOND_FACTOR, prover.now)
        audit.record(session, None, "second_factor.on", prover.person_id, name, now=prover.now)
        return _make_codes(session, prover)


def renew_codes(session: Session, prover: Prover, code: str) -> list[str] | None:
    """Make new recovery codes instead of those before; None where the code is wrong.

    Raises ThrottledError.
    """
    with system(session, Purpose.SIGN_IN):
        name = _lock(session, prover.person_id)
        if not check(session, prover, code):
            return None
        audit.record(session, None, "second_factor.codes", prover.person_id, name, now=prover.now)
        return _make_codes(session, prover)


def turn_off(session: Session, prover: Prover, code: str) -> bool:
    """Ask for no second factor from now on; returns False where the code is wrong.

    Raises ThrottledError.
    """
    with system(session, Purpose.SIGN_IN):
        name = _lock(session, prover.person_id)
        if not check(session, prover, code):
            return False
        _forget(session, prover.person_id)
        audit.record(session, None, "second_factor.off", prover.person_id, name, now=prover.now)
    return True


def reset(admin: AdminContext, person_id: int, seen: str) -> None:
    """Take away the second factor of somebody who has lost it; they are told, and signed out.

    For the system's administrator alone, and never their own: that takes the password and a code.
    Raises RefusedError, also where it is not on, and StaleError where it is another by now than the
    one that was seen.
    """
    if admin.actor.person_id == person_id:
        raise RefusedError("", N_("Hãy tắt xác nhận hai bước của mình ở trang tài khoản."))
    with system(admin.session, Purpose.SIGN_IN):
        _lock(admin.session, person_id)
        found = state(admin.session, person_id)
        if found.on_since is not None and found.version != seen:
            text = N_("Người này vừa bật lại xác nhận hai bước. Hãy xem lại trước khi gỡ.")
            raise StaleError(Message(text))
        name = _reset(admin.session, person_id, admin.actor.person_name, admin.now)
        admin.note_at(None, "second_factor.reset", name)


def reset_from_command(session: Session, email: str, now: datetime) -> None:
    """Do the same from the command line, for whom no administrator can do it."""
    with system(session, Purpose.SIGN_IN):
        account = accounts.by_email(session, email)
        if account is None:
            raise RefusedError("", N_("Không có tài khoản nào với địa chỉ này."))
        name = _reset(session, account.person_id, "", now)
        audit.record(session, None, "second_factor.reset", None, name, now=now)


def _reset(session: Session, person_id: int, actor: str, now: datetime) -> str:
    name = _lock(session, person_id)
    if not _forget(session, person_id):
        raise RefusedError("", N_("Người này chưa bật xác nhận hai bước."))
    sessions.end_all(session, person_id, SessionEnd.SECOND_FACTOR, now)
    letter = FactorResetMail(actor=actor, at=now)
    outbox.write(session, [Mail(RESET_MAIL, letter, person_id, None)], now)
    return name


# --- Proving it ---------------------------------------------------------------------------


def check(session: Session, prover: Prover, code: str) -> bool:
    """Tell whether a code is right, of the app or for recovery, and use it up; a wrong one counts.

    Raises ThrottledError.
    """
    with system(session, Purpose.SIGN_IN):
        return _proves(session, prover, code, SecondFactor.confirmed_at.is_not(None))


def _proves(session: Session, prover: Prover, typed: str, condition: ColumnElement[bool]) -> bool:
    tried = Tried.of(str(prover.person_id), prover.address, "code")
    throttle.hold(session, tried)
    known = sessions.known_from(session, prover.person_id)
    throttle.slow(session, tried, known, prover.now, *accounts.OWN_TRIED_OFTEN)
    statement = _of(select(SecondFactor.salt), prover).where(condition)
    salt = session.scalar(statement)
    code = re.sub(r"[\s-]", "", typed)
    right = salt is not None and (
        _takes(session, prover, salt, code) or _recovers(session, prover, code)
    )
    if not right:
        throttle.fail(session, tried, prover.now, exists=True)
        return False
    throttle.forgive(session, tried)
    return True


def _takes(session: Session, prover: Prover, salt: str, code: str) -> bool:
    """Take a code of the app, once: of two who send it at once one is let in."""
    app = pyotp.TOTP(_secret(salt, prover.key), interval=STEP_SECONDS)
    now = int(prover.now.timestamp()) // STEP_SECONDS
    fitting = [step for step in (now - 1, now, now + 1) if _same(app.generate_otp(step), code)]
    if not fitting:
        return False
    taken = _of(update(SecondFactor), prover).where(SecondFactor.last_step < fitting[-1])
    return bool(session.execute(taken.values(last_step=fitting[-1])).rowcount)


def _recovers(session: Session, prover: Prover, code: str) -> bool:
    """Use a recovery code up."""
    used = update(RecoveryCode).where(
        RecoveryCode.person_id == prover.person_id,
        RecoveryCode.code_hash == _hash(code, prover),
        RecoveryCode.used_at.is_(None),
    )
    return bool(session.execute(used.values(used_at=prover.now)).rowcount)


def _make_codes(session: Session, prover: Prover) -> list[str]:
    person_id = prover.person_id
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}}" for _ in range(CODES)]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_hash(code, prover)) for code in codes
    )
    session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _forget(session: Session, person_id: int) -> bool:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    gone = delete(SecondFactor).where(SecondFactor.person_id == person_id)
    return bool(session.execute(gone.returning(SecondFactor.confirmed_at)).scalar())


def _lock(session: Session, person_id: int) -> str:
    """Return the person's name; they are locked: one change at a time."""
    statement = select(Person.name).where(Person.id == person_id).with_for_update()
    return session.scalars(statement).one()


def _of(statement: Any, prover: Prover) -> Any:
    return statement.where(SecondFactor.person_id == prover.person_id)


def _secret(salt: str, key: str) -> str:
    """Derive an app's secret: 160 bits, as RFC 4226 has it."""
    derived = hmac.digest(key.encode(), f"lth second factor:{salt}".encode(), "sha256")
    return base64.b32encode(derived[:20]).decode()


def _same(code: str, typed: str) -> bool:
    return hmac.compare_digest(code.encode(), typed.encode())


def _hash(code: str, prover: Prover) -> str:
    """Return what is kept of a recovery code: too short to be kept under a plain hash."""
    said = f"lth recovery code:{prover.person_id}:{code}"
    return hmac.new(prover.key.encode(), said.encode(), "sha256").hexdigest()
