"""One's own second factor: setting it up, its recovery codes, turning it off."""

from typing import Any

import segno
from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from lth.administration import accounts, second_factor
from lth.blueprints.account.forms import CodeOnlyForm, SecondFactorForm
from lth.blueprints.account.views import blueprint, go_on_here
from lth.blueprints.web import confirming
from lth.blueprints.web.current import database, now
from lth.blueprints.web.forms import Form
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.blueprints.web.second_factor import is_lacking, prover
from lth.core.errors import BlockedError
from lth.core.language import gettext


@blueprint.get("/second-factor", endpoint="second_factor")
@needs(Permission.SIGNED_IN)
def show_second_factor() -> ResponseReturnValue:
    """Show whether the second factor is on, and what can be done with it."""
    return _page()


@blueprint.post("/second-factor")
@needs(Permission.SIGNED_IN)
def begin_second_factor() -> ResponseReturnValue:
    """Make a secret for an app, shown on the page until its first code is confirmed."""
    with attempt(BlockedError) as outcome:
        second_factor.begin(database(), _person_id(), now())
    if outcome.blocked:
        outcome.flash()
    return redirect(url_for("account.second_factor"))


@blueprint.post("/second-factor/on")
@needs(Permission.SIGNED_IN)
def confirm_second_factor() -> ResponseReturnValue:
    """Ask for the second factor from now on; shows the recovery codes, this once."""
    form = SecondFactorForm()
    if not form.validate():
        return _page(form), 422
    codes = None
    with attempt(BlockedError, form=form) as outcome:
        if _knows_password(form):
            codes = second_factor.confirm(database(), prover(_person_id()), str(form.code.data))
            _blame(form, wrong=codes is None)
        if codes is not None:
            go_on_here(second_factor_at=now())
    if codes is None:
        return _page(form), outcome.code if outcome.blocked else 422
    return _codes_page(codes)


@blueprint.post("/second-factor/codes")
@needs(Permission.SIGNED_IN)
def renew_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes; those before are void."""
    form = CodeOnlyForm()
    if not form.validate():
        return _page(codes_form=form), 422
    codes = None
    with attempt(BlockedError, form=form) as outcome:
        codes = second_factor.renew_codes(database(), prover(_person_id()), str(form.code.data))
        _blame(form, wrong=codes is None)
    if codes is None:
        return _page(codes_form=form), outcome.code if outcome.blocked else 422
    return _codes_page(codes)


@blueprint.post("/second-factor/off")
@needs(Permission.SIGNED_IN)
def turn_off_second_factor() -> ResponseReturnValue:
    """Ask for the password alone from now on."""
    form = SecondFactorForm()
    if confirming.asks_to_look():
        return _page(form)
    if not form.validate():
        return _page(form), 422
    gone = False
    with attempt(BlockedError, form=form) as outcome:
        if _knows_password(form):
            gone = second_factor.turn_off(database(), prover(_person_id()), str(form.code.data))
            _blame(form, wrong=not gone)
    if not gone:
        return _page(form), outcome.code if outcome.blocked else 422
    flash(gettext("Đã tắt xác nhận hai bước."), "success")
    return redirect(url_for("account.second_factor"))


def _person_id() -> int:
    return current_user.account.person_id


def _knows_password(form: SecondFactorForm) -> bool:
    known = accounts.knows_password(database(), _person_id(), str(form.password.data), now())
    if not known:
        form.password.errors = [gettext("Mật khẩu hiện tại chưa đúng.")]
    return known


def _blame(form: Any, *, wrong: bool) -> None:
    if wrong:
        form.code.errors = [gettext("Mã chưa đúng hoặc đã được dùng. Hãy nhập mã đang hiện.")]


def _codes_page(codes: list[str]) -> str:
    return render_template("account/recovery_codes.html", codes=codes)


def _page(form: Form | None = None, codes_form: Form | None = None) -> str:
    settings, person_id = current_app.config["SETTINGS"], _person_id()
    secret = second_factor.secret_to_confirm(database(), person_id, settings.secret_key)
    shown = form if form is not None else SecondFactorForm(formdata=None)
    return render_template(
        "account/second_factor.html",
        form=shown,
        codes_form=codes_form if codes_form is not None else CodeOnlyForm(formdata=None),
        failed=codes_form if codes_form is not None else shown,
        state=second_factor.state(database(), person_id),
        secret=secret,
        qr=_qr(secret) if secret else "",
        email=current_user.account.email,
        lacking=is_lacking(),
    )


def _qr(secret: str) -> Markup:
    """Draw what an app reads: SVG in the page, since no file of it must lie anywhere."""
    email = current_user.account.email
    address = second_factor.address_for_app(secret, email, gettext("Kế hoạch CLB Liên thế hệ"))
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=4, border=3, light="#fff", svgclass="qr"))  # noqa: S704
