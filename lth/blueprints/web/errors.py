"""The pages of errors: they say what happened, and what to do now.

A page that stays open gets a notice for beside its form, never a page: it holds what was typed.
"""

from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from lth.blueprints.web import addresses, in_place, kept_form, other_role
from lth.blueprints.web.extensions import db
from lth.blueprints.web.kept_form import SendingAgain
from lth.blueprints.web.other_role import WayOn
from lth.blueprints.web.permissions import needs_signing_in
from lth.core import language
from lth.core.language import gettext, lazy_gettext, speaking

# fmt: off
_TEXTS: dict[int, tuple[Any, Any]] = {
    400: (lazy_gettext("Không đọc được yêu cầu"),
          lazy_gettext("Dữ liệu vừa gửi không đúng dạng nên chưa có gì được lưu. "
                       "Hãy quay lại trang trước, tải lại trang rồi làm lại.")),
    401: (lazy_gettext("Cần đăng nhập"),
          lazy_gettext("Hãy đăng nhập rồi mở lại trang này.")),
    403: (lazy_gettext("Vai trò hiện tại không được làm việc này"),
          lazy_gettext("Nếu anh/chị giữ nhiều vai trò, hãy đổi vai trò ở đầu trang. "
                       "Nếu cần thêm quyền, hãy liên hệ người quản trị của đơn vị.")),
    404: (lazy_gettext("Không tìm thấy trang"),
          lazy_gettext("Địa chỉ này không có, hoặc không thuộc phạm vi của anh/chị. "
                       "Hãy kiểm tra lại đường dẫn hoặc về bàn làm việc.")),
    405: (lazy_gettext("Không mở được trang theo cách này"),
          lazy_gettext("Trang này chỉ nhận dữ liệu gửi từ biểu mẫu. "
                       "Hãy về bàn làm việc và bắt đầu lại từ đó.")),
    409: (lazy_gettext("Trang đã cũ"),
          lazy_gettext("Trong lúc trang này đang mở, đã có người thay đổi nội dung. "
                       "Hãy tải lại trang để xem bản mới rồi làm lại.")),
    413: (lazy_gettext("Dữ liệu gửi lên quá lớn"),
          lazy_gettext("Chưa có gì được lưu. "
                       "Hãy gửi tệp nhỏ hơn 16 MB hoặc chia thành nhiều phần.")),
    429: (lazy_gettext("Thử quá nhiều lần"),
          lazy_gettext("Hãy đợi ít phút rồi thử lại.")),
    500: (lazy_gettext("Hệ thống gặp lỗi"),
          lazy_gettext("Việc vừa làm chưa được lưu và lỗi đã được ghi lại. "
                       "Hãy thử lại; nếu vẫn lỗi, hãy báo cho người quản trị hệ thống.")),
    503: (lazy_gettext("Hệ thống đang bận"),
          lazy_gettext("Việc vừa làm chưa được lưu. Hãy đợi một phút rồi thử lại.")),
}
_KEPT: dict[int, Any] = {
    400: lazy_gettext("Chưa có gì được lưu. Hãy gửi lại; nếu vẫn không được, hãy chép nội dung ra "
                      "chỗ khác rồi tải lại trang."),
    401: lazy_gettext("Phiên làm việc đã hết. Hãy đăng nhập ngay tại đây để gửi tiếp."),
    403: lazy_gettext("Chưa có gì được lưu. Nếu anh/chị giữ nhiều vai trò, hãy đổi vai trò ở đầu "
                      "trang. Nếu cần thêm quyền, hãy liên hệ người quản trị của đơn vị."),
    404: lazy_gettext("Văn bản hoặc mục này không còn, hoặc không thuộc phạm vi của anh/chị. "
                      "Chưa có gì được lưu; hãy chép nội dung ra chỗ khác nếu còn cần."),
    405: lazy_gettext("Chưa có gì được lưu. Hãy chép nội dung ra chỗ khác rồi tải lại trang."),
    409: lazy_gettext("Trong lúc trang này đang mở, đã có người thay đổi văn bản, nên chưa lưu "
                      "được. Hãy xem bản hiện nay trước khi gửi lại."),
}
"""What to do where what was typed is still on the page; of other codes the common text says it."""
# fmt: on


_NOT_HERE = frozenset({403, 404})
"""The codes of what may be open in another role."""


def register(app: Flask) -> None:
    """Have ``app`` answer every error with a page that says what to do."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    for busy in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(busy, _database_error)


def error_response(
    code: int,
    title: str | None = None,
    text: str | None = None,
    action: tuple[str, str] | None = None,
) -> Response:
    """Return the error page for ``code``; title, text and action default to the common ones.

    ``action`` is the label and address of what to do next. Where the layout cannot be drawn (with
    the database away nobody is known to be signed in), it is the plainest page, in Vietnamese.
    Either shows what a refused form held, to be sent again. A page that stays open gets the notice
    for beside its form instead. What another of the person's roles opens leads there.
    """
    stays_open = in_place.stays_open()
    way_on = other_role.way_on() if code in _NOT_HERE and not stays_open else None
    db.session.rollback()
    html = _notice(code, title, text) if stays_open else _page(code, title, text, action, way_on)
    response = make_response(html, code)
    if stays_open:
        response.headers[in_place.NOTICE] = str(code)
        response.headers["HX-Reswap"] = "none"
    if code == 503:
        response.headers["Retry-After"] = "60"
    return response


def _page(
    code: int,
    title: str | None,
    text: str | None,
    action: tuple[str, str] | None,
    way_on: WayOn | None,
) -> str:
    """Write the page of an error; the plainest one where the frame itself is broken."""

    def page(template: str, kept: SendingAgain | None) -> str:
        common_title, common_text = _texts(code)
        label, url = action or (gettext("Về bàn làm việc"), "/")
        return render_template(
            template,
            code=code,
            title=(way_on and way_on.title) or title or common_title,
            text=(way_on and way_on.text) or text or common_text,
            action={"label": label, "url": url},
            way_on=way_on,
            kept=kept,
        )

    kept = kept_form.of_request()
    try:
        return page("error.html", kept_form.sending_again(kept, code))
    except Exception:  # whatever broke the frame, a person must read what to do
        current_app.logger.exception("the error page for %s cannot be drawn", request.path)
        with speaking(language.DEFAULT):
            return page("error_plain.html", kept_form.sending_blindly(kept))


def _notice(code: int, title: str | None, text: str | None) -> str:
    """Write what a page that stays open shows beside its form.

    It is drawn without the frame, which may be what fails.
    """
    common_title, common_text = _texts(code)
    return current_app.jinja_env.get_template("error_part.html").render(
        code=code,
        title=title or common_title,
        text=text or str(_KEPT.get(code, common_text)),
        action=_document_now(code),
    )


def _texts(code: int) -> tuple[str, str]:
    title, text = _TEXTS.get(code, _TEXTS[500 if code >= 500 else 400])
    return str(title), str(text)


def _document_now(code: int) -> dict[str, str] | None:
    """Return the way to the document that somebody else has changed, as it is now."""
    document_id = (request.view_args or {}).get("document_id")
    if code != 409 or document_id is None:
        return None
    url = url_for(f"{request.blueprint}.document", document_id=document_id)
    return {"label": gettext("Xem văn bản hiện nay"), "url": url}


def _http_error(error: HTTPException) -> Response | HTTPException:
    """Word an HTTP error; a redirect or a ready-made answer passes through."""
    if error.code is None or error.code < 400 or error.response is not None:
        return error
    response = error_response(error.code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _stale_form(error: CSRFError) -> Response:
    current_app.logger.info("form refused at %s: %s", request.path, error.description)
    if not current_user.is_authenticated and (in_place.stays_open() or needs_signing_in()):
        return make_response(current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
    return error_response(
        400,
        title=gettext("Biểu mẫu đã hết hiệu lực"),
        text=gettext(
            "Có thể anh/chị đã đăng xuất hoặc đăng nhập lại ở cửa sổ khác, hoặc trình duyệt chặn "
            "cookie. Chưa có gì được lưu. Hãy mở lại trang rồi gửi lại."
        ),
        action=(gettext("Mở lại trang"), _page_before()),
    )


def _database_error(error: SQLAlchemyError) -> Response:
    """Answer a database that is busy or away; a GET that tried to write is a bug, and shows."""
    if "readonly" in str(error):
        raise error
    current_app.logger.error("database unavailable at %s", request.path, exc_info=error)
    return error_response(503)


def _page_before() -> str:
    """Return the path of the page that sent the form, if it is one of ours."""
    before = addresses.parts(request.referrer)
    return before.path if before.path and before.netloc == request.host else "/"
