"""“Đúng như đã ban hành”: anybody may ask of a paper in hand whether it is as it was issued.

Without an account and without a cookie; nothing is written, and a file that is compared is not
kept. An unknown code is answered as that of a paper that was never issued, with the same page.
"""

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lth.administration.pace import NetworkPace
from lth.administration.throttle import network
from lth.blueprints.register.wording import kind_label, printed_code, suffers
from lth.blueprints.web import current
from lth.blueprints.web.extensions import csrf, store_of
from lth.blueprints.web.permissions import Permission, needs
from lth.core import database
from lth.core.errors import ThrottledError
from lth.core.i18n import C_
from lth.exchange import public_check
from lth.exchange.public_check import PublicPaper, Sameness
from lth.models.paper import PaperLink

blueprint = Blueprint("papers", __name__, url_prefix="/papers")

TRIES, WINDOW = 30, timedelta(minutes=1)
"""How many codes that no paper has are answered to one network, and in what time. Whoever asks for
a paper that there is is answered all the same: somebody behind the same line may have tried many.
"""
ASKS = 300
"""How often one network asks at all in that time; each answer reads a whole signed copy."""

OFTEN = C_("Nơi này vừa hỏi quá nhiều lần. Hãy chờ %(num)s phút rồi thử lại.")
OFTEN_SHORTLY = C_("Nơi này vừa hỏi quá nhiều lần. Hãy chờ %(num)s giây rồi thử lại.")
TOO_MANY = C_("Nơi này vừa thử nhiều mã không có. Hãy chờ %(num)s phút rồi thử lại.")
SHORTLY = C_("Nơi này vừa thử nhiều mã không có. Hãy chờ %(num)s giây rồi thử lại.")

PACE, ASKED = "lth_paper_pace", "lth_paper_asked"


@blueprint.record
def _set_pace(state) -> None:  # type: ignore[no-untyped-def] # Flask's own
    state.app.extensions[PACE] = NetworkPace(TRIES, WINDOW)
    state.app.extensions[ASKED] = NetworkPace(ASKS, WINDOW)


@blueprint.after_request
def _keep_out_of_indexes(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("")
@needs(Permission.PUBLIC)
def ask() -> ResponseReturnValue:
    """Ask for the code on a paper; one that is typed leads to its page."""
    typed = request.args.get("code", "")
    code = public_check.read_code(typed)
    if code:
        return redirect(url_for("papers.check", code=printed_code(code)))
    return render_template("public/ask.html", typed=typed, wrong=bool(typed.strip()))


@blueprint.get("/<code>")
@needs(Permission.PUBLIC)
def check(code: str) -> ResponseReturnValue:
    """Say whether there is such a paper, and whether it is still in force."""
    paper = _find(code)
    return _answer(paper) if paper else _unknown()


@blueprint.post("/<code>")
@csrf.exempt
@needs(Permission.PUBLIC)
def compare(code: str) -> ResponseReturnValue:
    """Compare a file with the signed copy. It is read once, and forgotten."""
    database.set_reading(True)  # it writes nothing, so that nobody who writes has to wait for it
    paper = _find(code)
    if paper is None:
        return _unknown()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _answer(paper, missing=True), 422
    return _answer(paper, public_check.compare(paper, sent.stream.read()))


def _find(code: str) -> PublicPaper | None:
    """Find the paper of a code; one network does not try very many that are none's.

    Raises ThrottledError.
    """
    _hold_back(ASKED, OFTEN, OFTEN_SHORTLY)
    paper = public_check.find(current.database(), code)
    if paper is None:
        _hold_back(PACE, TOO_MANY, SHORTLY)
    return paper


def _hold_back(kind: str, minutes: str, seconds: str) -> None:
    """Count an asking of a kind. Raises ThrottledError where there were too many before it."""
    pace: NetworkPace = current_app.extensions[kind]
    asking = network(request.remote_addr or "")
    wait = pace.wait(asking, current.now())
    if wait > timedelta(0):
        raise ThrottledError(wait, minutes, seconds)
    pace.count(asking, current.now())


def _answer(
    paper: PublicPaper, sameness: Sameness | None = None, *, missing: bool = False
) -> Response:
    store = store_of(current_app._get_current_object())  # type: ignore[attr-defined]
    return make_response(
        render_template(
            "public/check.html",
            paper=paper,
            code=printed_code(paper.code),
            kind=kind_label(paper.letters),
            became=[(suffers(one), url_for(".check", code=one.code)) for one in paper.followers],
            over=any(one.link is not PaperLink.CORRECTS for one in paper.followers),
            whole=public_check.is_whole(store, paper.signed),
            sameness=sameness,
            missing=missing,
        )
    )


def _unknown() -> ResponseReturnValue:
    return render_template("public/unknown.html"), 404
