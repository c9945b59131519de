"""The second step of signing in: the code, after the password. Nothing opens in between."""

from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lth.administration import second_factor, sessions
from lth.blueprints.auth.forms import CodeForm, SignInForm
from lth.blueprints.auth.views import blueprint, code_page, go_on, sign_in_page
from lth.blueprints.web import current, in_place
from lth.blueprints.web.addresses import safe_next
from lth.blueprints.web.current import AWAITING_KEY, database, now
from lth.blueprints.web.errors import error_response
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.blueprints.web.second_factor import prover
from lth.core.errors import ThrottledError
from lth.core.language import gettext


@blueprint.get("/sign-in/code")
@needs(Permission.PUBLIC)
def ask_code() -> ResponseReturnValue:
    """Show the form for the code, to whom the password has let so far."""
    if _awaited() is None:
        return redirect(url_for("auth.sign_in", next=safe_next(request.args.get("next"))))
    return code_page(CodeForm(formdata=None, next=safe_next(request.args.get("next")) or ""))


@blueprint.post("/sign-in/code")
@needs(Permission.PUBLIC)
def enter_code() -> ResponseReturnValue:
    """Sign in with the code: a new session, in place of the one that waited for it."""
    form, person_id = CodeForm(), _awaited()
    if person_id is None:
        return _begin_again(form)
    if not form.validate():
        return _refused(form, 422)
    with attempt(ThrottledError, form=form, at_once=True) as outcome:
        right = second_factor.check(database(), prover(person_id), str(form.code.data))
        if right:
            current.begin_session(person_id, second_factor_at=now())
    if outcome.blocked:
        return _refused(form, outcome.code)
    if not right:
        form.code.errors = [gettext("Mã chưa đúng hoặc đã được dùng. Hãy nhập mã đang hiện.")]
        return _refused(form, 422)
    return go_on(form.next.data, form.kept.data)


def _awaited() -> int | None:
    token = cookie.get(AWAITING_KEY)
    return sessions.awaiting_code(database(), token, now()) if isinstance(token, str) else None


def _begin_again(form: CodeForm) -> ResponseReturnValue:
    """Ask for the password again: too long ago, or never given."""
    text = gettext("Đã quá 10 phút từ khi nhập mật khẩu. Hãy đăng nhập lại.")
    if in_place.stays_open():
        return error_response(401, text=text)
    flash(text, "warning")
    again = SignInForm(formdata=None, next=safe_next(form.next.data) or "", kept=form.kept.data)
    return sign_in_page(again), 401


def _refused(form: CodeForm, code: int) -> ResponseReturnValue:
    if not in_place.stays_open():
        return code_page(form), code
    wrong = [str(text) for field in form for text in field.errors] + list(form.form_errors)
    answer = error_response(code, title=gettext("Chưa đăng nhập được"), text=" ".join(wrong))
    answer.headers[in_place.NOTICE] = in_place.CODE
    return answer
