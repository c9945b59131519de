"""The pages of errors: they say what happened, and what to do now.

A page that stays open gets a notice for beside its form, never a page: it holds what was typed.
"""

from contextlib import suppress
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
from lth.core import disk, language, secret_paths
from lth.core.gateway import REFUSAL
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
    408: (lazy_gettext("Đường truyền quá chậm"),
          lazy_gettext("Nội dung chưa đến đủ nên chưa có gì được lưu. "
                       "Hãy quay lại trang trước rồi gửi lại.")),
    409: (lazy_gettext("Trang đã cũ"),
          lazy_gettext("Trong lúc trang này đang mở, đã có người thay đổi nội dung. "
                       "Hãy tải lại trang để xem bản mới rồi làm lại.")),
    413: (lazy_gettext("Dữ liệu gửi lên quá lớn"),
          lazy_gettext("Chưa có gì được lưu. "
                       "Hãy gửi ít hơn 16 MB (trang đính kèm tệp: 64 MB mỗi lần) hoặc "
                       "chia thành nhiều lần.")),
    429: (lazy_gettext("Thử quá nhiều lần"),
          lazy_gettext("Hãy đợi ít phút rồi thử lại.")),
    500: (lazy_gettext("Hệ thống gặp lỗi"),
          lazy_gettext("Việc vừa làm chưa được lưu và lỗi đã được ghi lại. "
                       "Hãy thử lại; nếu vẫn lỗi, hãy báo cho người quản trị hệ thống.")),
    503: (lazy_gettext("Máy đang bận"),
          lazy_gettext("Việc vừa làm chưa được lưu. Hãy đợi một phút rồi thử lại.")),
    507: (lazy_gettext("Máy chủ hết chỗ lưu"),
          lazy_gettext("Việc vừa làm chưa được lưu vì ổ đĩa của máy chủ đã đầy. Hãy báo cho người "
                       "quản trị hệ thống; có chỗ trống rồi thì làm lại được ngay.")),
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
    503: lazy_gettext("Chưa có gì được lưu. Những gì anh/chị đã nhập vẫn còn trên trang này; "
                      "hãy đợi một phút rồi gửi lại."),
    507: lazy_gettext("Chưa có gì được lưu vì ổ đĩa của máy chủ đã đầy. Những gì anh/chị đã nhập "
                      "vẫn còn trên trang này. Hãy báo cho người quản trị hệ thống; có chỗ trống "
                      "rồi thì gửi lại được ngay."),
}
"""What to do where what was typed is still on the page; of other codes the common text says it."""
_KEPT_TITLES = {
    503: lazy_gettext("Máy đang bận, nội dung vẫn còn"),
    507: lazy_gettext("Máy chủ hết chỗ lưu, nội dung vẫn còn"),
}
# fmt: on

_BUSY = frozenset({503, 507})
"""The codes after which what is kept can be sent again as it is; 507 is said with 503."""

_DISK = "lth_disk"


_NOT_HERE = frozenset({403, 404})
"""The codes of what may be open in another role."""


def register(app: Flask) -> None:
    """Have ``app`` answer every error with a page that says what to do."""
    settings = app.config["SETTINGS"]
    app.extensions[_DISK] = disk.DiskWatch(settings.home, *settings.database_folder)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    for busy in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(busy, _database_error)
    app.register_error_handler(OSError, _file_error)


def disk_is_full() -> bool:
    """Tell whether the machine has no room left, as far as can be told from here."""
    watch: disk.DiskWatch = current_app.extensions[_DISK]
    return watch.is_full()


def refuse() -> Response | None:
    """Refuse what the gateway had no room or no patience for, before anything is asked."""
    code = request.environ.get(REFUSAL)
    return None if code is None else error_response(code, plain=True)


def error_response(
    code: int,
    title: str | None = None,
    text: str | None = None,
    action: tuple[str, str] | None = None,
    *,
    plain: bool = False,
) -> Response:
    """Return the error page for ``code``; title, text and action default to the common ones.

    ``action`` is the label and address of what to do next. Where the layout cannot be drawn, it is
    the plainest page, in Vietnamese; with ``plain`` it is that one at once, and the database is
    asked nothing. Either shows what a refused form held, to be sent again. A page that stays open
    gets the notice for beside its form instead. What another of the person's roles opens leads
    there.
    """
    stays_open = in_place.stays_open()
    way_on = None
    if code in _NOT_HERE and not stays_open and not plain:
        way_on = other_role.way_on()
    with suppress(SQLAlchemyError):  # the connection may be what has failed
        db.session.rollback()
    if stays_open:
        html = _notice(code, title, text)
    elif plain:
        html = _plain_page(code, title, text, action)
    else:
        html = _page(code, title, text, action, way_on)
    response = make_response(html, 503 if code in _BUSY else code)
    if stays_open:
        response.headers[in_place.NOTICE] = str(code)
        response.headers["HX-Reswap"] = "none"
    if code in _BUSY:
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
    try:
        kept = kept_form.sending_again(kept_form.of_request(), code)
        words = _words(code, title, text, action, kept)
        words["title"] = (way_on and way_on.title) or words["title"]
        words["text"] = (way_on and way_on.text) or words["text"]
        return render_template("error.html", **words, way_on=way_on)
    except Exception:  # whatever broke the frame, a person must read what to do
        current_app.logger.exception("the error page for %s cannot be drawn", _where())
        return _plain_page(code, title, text, action)


def _plain_page(
    code: int, title: str | None, text: str | None, action: tuple[str, str] | None
) -> str:
    """Write the page of an error with nothing that the frame has, and so nothing of the database.

    ``render_template`` would ask for the frame's values all the same.
    """
    with speaking(language.DEFAULT):
        kept = kept_form.sending_blindly(kept_form.of_request())
        words = _words(code, title, text, action, kept)
        return current_app.jinja_env.get_template("error_plain.html").render(**words)


def _words(
    code: int,
    title: str | None,
    text: str | None,
    action: tuple[str, str] | None,
    kept: SendingAgain | None,
) -> dict[str, Any]:
    """Return what either page says."""
    common_title, common_text = _texts(code)
    if kept is not None and code in _BUSY:
        common_title = str(_KEPT_TITLES[code])
    label, url = action or (gettext("Về bàn làm việc"), "/")
    return {
        "code": 503 if code in _BUSY else code,
        "title": title or common_title,
        "text": text or common_text,
        "action": {"label": label, "url": url},
        "kept": kept,
    }


def _notice(code: int, title: str | None, text: str | None) -> str:
    """Write what a page that stays open shows beside its form.

    It is drawn without the frame, which may be what fails.
    """
    common_title, common_text = _texts(code)
    return current_app.jinja_env.get_template("error_part.html").render(
        code=code,
        title=title or str(_KEPT_TITLES.get(code, common_title)),
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
    current_app.logger.info("form refused at %s: %s", _where(), error.description)
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
    if _is_of_disk(error):
        return _disk_full(error)
    reason = getattr(error, "orig", None) or error
    current_app.logger.error("database unavailable at %s: %s", _where(), reason)
    return error_response(503, plain=True)


def _file_error(error: OSError) -> Response:
    """Answer a file that found no room, such as a large upload's; others are bugs, and show."""
    if not disk.is_full(error):
        raise error
    return _disk_full(error)


def _is_of_disk(error: Exception) -> bool:
    watch: disk.DiskWatch = current_app.extensions[_DISK]
    return watch.caused(error)


def _disk_full(error: Exception) -> Response:
    reason = getattr(error, "orig", None) or error
    current_app.logger.error("the disk is full at %s: %s", _where(), reason)
    return error_response(507, plain=True)


def _where() -> str:
    """Return the path of this request as a log may say it."""
    return secret_paths.told(request.path)


def _page_before() -> str:
    """Return the path of the page that sent the form, if it is one of ours."""
    before = addresses.parts(request.referrer)
    return before.path if before.path and before.netloc == request.host else "/"
