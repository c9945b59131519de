"""The sign-in pages. Nobody is known here yet; what they call runs under the scope SIGN_IN."""

from importlib import import_module
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from lth.administration import accounts
from lth.administration.accounts import Account, Attempt
from lth.blueprints.auth.forms import CodeForm, LinkForm, PasswordForm, SignInForm
from lth.blueprints.web import addresses, current, in_place, kept_form
from lth.blueprints.web.addresses import safe_next
from lth.blueprints.web.current import begin_half_session, begin_session, database, end_session, now
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.extensions import login
from lth.blueprints.web.kept_form import KeptForm
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock, language
from lth.core.database import unit_of_work
from lth.core.errors import ThrottledError
from lth.core.language import gettext
from lth.models.person import Role, SessionEnd

blueprint = Blueprint("auth", __name__)

ADMINISTRATORS = frozenset({Role.UNIT_ADMIN, Role.SYSTEM_ADMIN})


@blueprint.get("/")
@needs(Permission.PUBLIC)
def home() -> ResponseReturnValue:
    """Lead to the desk of the role one is in, or to the sign-in page."""
    return redirect(home_url())


@blueprint.get("/sign-in")
@needs(Permission.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Show the form, and in the demo the accounts to try."""
    if current.is_signed_in():
        return redirect(home_url())
    form = SignInForm(formdata=None, next=safe_next(request.args.get("next")) or "")
    return sign_in_page(form)


@blueprint.post("/sign-in")
@needs(Permission.PUBLIC)
def enter() -> ResponseReturnValue:
    """Sign in. Whatever is wrong is said in the same words, so that no account is given away."""
    form = SignInForm()
    if not form.validate():
        return _not_in(form, 422)
    with attempt(ThrottledError, form=form, at_once=True) as outcome:
        begun = accounts.begin_sign_in(database(), str(form.email.data), _address(), now())
    if outcome.blocked:
        return _not_in(form, outcome.code)
    with attempt(ThrottledError, form=form, at_once=True) as outcome:
        account = _admitted(begun, str(form.password.data))
    if outcome.blocked:
        return _not_in(form, outcome.code)
    if account is None:
        form.form_errors.append(gettext("Địa chỉ thư điện tử hoặc mật khẩu chưa đúng."))
        return _not_in(form, 422)
    if not current.is_signed_in():
        return _ask_for_code(form)
    return go_on(form.next.data, form.kept.data)


@blueprint.get("/session")
@needs(Permission.PUBLIC)
def session() -> ResponseReturnValue:
    """Say who is signed in now and in which role, with a token: for a page that stays open."""
    acting = current.actor_or_none()
    answer = jsonify(
        person=current_user.account.person_id if current.is_signed_in() else None,
        name=current_user.account.name if current.is_signed_in() else "",
        role=acting.assignment_id if acting else None,
        token=generate_csrf(),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/sign-out")
@needs(Permission.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    chosen = language.current()
    with unit_of_work(database()):
        end_session(SessionEnd.SIGNED_OUT)
    cookie[current.LANGUAGE_KEY] = chosen
    flash(gettext("Anh/chị đã đăng xuất."), "success")
    return redirect(safe_next(request.form.get("next")) or url_for("auth.sign_in"))


@blueprint.get("/forgotten")
@needs(Permission.PUBLIC)
def forgotten() -> ResponseReturnValue:
    """Show the form that asks for a link."""
    return render_template("auth/forgotten.html", form=LinkForm(formdata=None))


@blueprint.post("/forgotten")
@needs(Permission.PUBLIC)
def send_link() -> ResponseReturnValue:
    """Send a link if the address is somebody's; the answer is the same if it is nobody's."""
    form = LinkForm()
    if not form.validate():
        return render_template("auth/forgotten.html", form=form), 422
    with attempt(form=form) as outcome:
        accounts.ask_for_link(database(), str(form.email.data), _address(), now())
    if outcome.blocked:
        return render_template("auth/forgotten.html", form=form), outcome.code
    return render_template("auth/link_sent.html", email=form.email.data)


@blueprint.get("/password/<token>")
@needs(Permission.PUBLIC)
def password(token: str) -> ResponseReturnValue:
    """Show the form that a one-time link opens; opening it uses nothing up."""
    account = accounts.holder(database(), token, now())
    if account is None:
        return render_template("auth/link_over.html"), 410
    return _password_page(PasswordForm(formdata=None), account)


@blueprint.post("/password/<token>")
@needs(Permission.PUBLIC)
def set_password(token: str) -> ResponseReturnValue:
    """Set the password and use the link up."""
    form = PasswordForm()
    account = accounts.holder(database(), token, now())
    if account is None:
        return render_template("auth/link_over.html"), 410
    if not form.validate():
        return _password_page(form, account), 422
    new, repeated = str(form.password.data), str(form.repeated.data)
    with attempt(form=form) as outcome:
        account = accounts.set_by_link(database(), token, new, repeated, now())
    if account is None:
        return render_template("auth/link_over.html"), 410
    if outcome.blocked:
        return _password_page(form, account), outcome.code
    flash(gettext("Mật khẩu đã được đặt. Hãy đăng nhập bằng mật khẩu mới."), "success")
    return redirect(url_for("auth.sign_in"))


@login.unauthorized_handler
def _sign_in_first() -> ResponseReturnValue:
    """Send somebody who has not signed in to the sign-in page, which keeps the form they sent; a
    page that is open asks there.
    """
    if in_place.stays_open():
        return error_response(401)
    kept = kept_form.of_request()
    if kept is not None:
        return sign_in_page(_asking(kept)), 401
    flash(gettext("Hãy đăng nhập để mở trang này."), "info")
    return redirect(url_for("auth.sign_in", next=_wanted()))


def _asking(kept: KeptForm) -> SignInForm:
    """Make a sign-in form that carries what was sent while nobody was signed in."""
    return SignInForm(formdata=None, next=_wanted() or "", kept=kept.dumped())


def go_on(next_page: str | None, kept_before: str | None) -> ResponseReturnValue:
    """Lead whoever has just signed in on, or show what they sent before, to be sent again."""
    kept = kept_form.loaded(kept_before)
    if kept is None:
        return redirect(safe_next(next_page) or url_for("auth.home"))
    current.read_again()
    return render_template("kept_form.html", kept=kept_form.sending_again(kept))


def _wanted() -> str | None:
    """Return the page to come back to: this one, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path if request.query_string else request.path
    before = addresses.parts(request.referrer)
    return safe_next(before.path) if before.netloc == request.host else None


def home_url() -> str:
    """Return the address where the actor's work begins."""
    actor = current.actor_or_none()
    if actor is None:
        return url_for("account.profile" if current.is_signed_in() else "auth.sign_in")
    if actor.role in ADMINISTRATORS or actor.level is None:
        return url_for("admin.people")
    return url_for(f"{actor.level.value}.desk")


def _admitted(begun: Attempt, password: str) -> Account | None:
    """Compare in between two transactions, so that no writer waits for argon2; and sign in."""
    account = accounts.finish_sign_in(database(), begun, password, clock.today(), now())
    if account is not None and account.has_second_factor:
        begin_half_session(account)
    elif account is not None:
        begin_session(account.person_id)
    else:
        current_app.logger.info("sign-in refused from %s", _address())
    return account


def _ask_for_code(form: SignInForm) -> ResponseReturnValue:
    """Answer the right password of somebody whose second factor is asked for."""
    if in_place.stays_open():
        text = gettext("Hãy nhập mã trong ứng dụng xác nhận trên điện thoại.")
        answer = error_response(401, title=gettext("Cần mã xác nhận"), text=text)
        answer.headers[in_place.NOTICE] = in_place.CODE
        return answer
    if form.kept.data:
        waiting = {"next": form.next.data or "", "kept": form.kept.data}
        return code_page(CodeForm(formdata=None, **waiting))
    return redirect(url_for("auth.ask_code", next=safe_next(form.next.data)))


def code_page(form: CodeForm) -> str:
    """Return the page that asks for the code of the second factor."""
    return render_template("auth/second_factor.html", form=form)


def _not_in(form: SignInForm, code: int) -> ResponseReturnValue:
    """Say why somebody is not let in, on the sign-in page or in the dialog of an open page."""
    if not in_place.stays_open():
        return sign_in_page(form), code
    wrong = [str(text) for field in form for text in field.errors] + list(form.form_errors)
    return error_response(code, title=gettext("Chưa đăng nhập được"), text=" ".join(wrong))


def sign_in_page(form: SignInForm) -> str:
    """Return the sign-in page, in the demo with the accounts to try."""
    return render_template("auth/sign_in.html", form=form, demo_accounts=_demo())


def _password_page(form: PasswordForm, account: Any) -> str:
    return render_template("auth/password.html", form=form, known=account)


def _demo() -> Any:
    """List the demo's accounts by unit and their password; None in earnest, without a demo."""
    if not current_app.config["SETTINGS"].demo:
        return None
    demo = import_module("lth.demo")
    return {"units": demo.accounts(database()), "password": demo.PASSWORD}


def _address() -> str:
    return request.remote_addr or ""
