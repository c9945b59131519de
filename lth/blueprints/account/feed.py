"""One's own calendar address: made, shown once, replaced, revoked."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lth.administration import feeds
from lth.blueprints.account.views import blueprint
from lth.blueprints.web.current import database, now
from lth.blueprints.web.permissions import Permission, needs
from lth.core import language
from lth.core.database import unit_of_work
from lth.core.language import gettext


@blueprint.get("/calendar", endpoint="feed")
@needs(Permission.SIGNED_IN)
def page() -> ResponseReturnValue:
    """What the address is for, whether there is one, and what can be done with it."""
    return _page()


@blueprint.post("/calendar", endpoint="make_feed")
@needs(Permission.SIGNED_IN)
def make() -> ResponseReturnValue:
    """A new address instead of the one before, shown in this answer and never again."""
    with unit_of_work(database()):
        token = feeds.make(database(), _person_id(), language.current(), now())
    address = current_app.config["SETTINGS"].base_url + url_for("feed.calendar", token=token)
    return _page(address)


@blueprint.post("/calendar/revoke", endpoint="revoke_feed")
@needs(Permission.SIGNED_IN)
def revoke() -> ResponseReturnValue:
    """The address leads nowhere any more."""
    with unit_of_work(database()):
        revoked = feeds.revoke(database(), _person_id(), now())
    if revoked:
        flash(gettext("Đã thu hồi địa chỉ lịch. Ứng dụng lịch không đọc được hạn nữa."), "success")
    return redirect(url_for("account.feed"))


def _person_id() -> int:
    return current_user.account.person_id


def _page(address: str = "") -> str:
    return render_template(
        "account/calendar.html",
        address=address,
        webcal=f"webcal:{address.partition(':')[2]}" if address else "",
        made_at=feeds.made_at(database(), _person_id()),
    )
