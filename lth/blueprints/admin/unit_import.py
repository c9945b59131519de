"""Choose provinces of the file that ships, see what they would bring, and bring them in."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lth.blueprints.admin.base import blueprint, show
from lth.blueprints.web import confirming, current
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database, now
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core.formats import format_number
from lth.core.language import gettext, pgettext, say
from lth.core.vietnamese import capitalize_first
from lth.programmes import onboarding
from lth.units.importing import ImportReport, provinces, read_units

NAMED = 30
"""How many units that are left out are named."""


@blueprint.get("/units/import", endpoint="units_choose")
@blueprint.post("/units/import", endpoint="units_import")
@needs(Permission.ADMINISTER_SYSTEM)
def units_import() -> ResponseReturnValue:
    """Show the provinces to choose from; rehearse what is chosen, and do it once confirmed."""
    chosen = set(request.form.getlist("province"))
    if request.method != "POST" or confirming.asks_to_look():
        return _page(chosen)
    confirmed = confirming.is_confirmed()
    with attempt() if confirmed else rehearse() as outcome:
        person = current.actor().person_id
        report = onboarding.bring_units(database(), read_units(), chosen, person, now=now())
    if not outcome.done:
        return _page(chosen, error=outcome.text), outcome.code
    if confirmed:
        outcome.flash(gettext("Đã thêm %(count)s đơn vị.", count=format_number(report.units_added)))
        return redirect(url_for("admin.units"))
    return _confirm(report)


def _page(chosen: set[str], error: str = "") -> str:
    there = onboarding.provinces_there(database())
    found = [
        (one, (one.code, one.valid_from.isoformat()) in there) for one in provinces(read_units())
    ]
    today = [pair for pair in found if pair[0].valid_to is None]
    before = [pair for pair in found if pair[0].valid_to is not None]
    return show(
        "units_import",
        None,
        sets=[
            (gettext("Từ 01/7/2025 (hai cấp)"), today),
            (gettext("Trước 01/7/2025 (ba cấp)"), before),
        ],
        chosen=chosen,
        error=error,
    )


def _confirm(report: ImportReport) -> str:
    counts = (
        (gettext("Thêm mới: %(count)s"), report.units_added),
        (gettext("Đã có, giữ nguyên: %(count)s"), report.units_present),
        (gettext("Kết thúc theo tệp: %(count)s"), report.units_ended),
    )
    rows = [ConfirmationRow(text % {"count": format_number(count)}) for text, count in counts]
    if report.problems:
        named = [
            f"{capitalize_first(one.name or one.key)}: {say(one.said)}"
            for one in report.problems[:NAMED]
        ]
        more = [] if len(report.problems) <= NAMED else ["…"]
        left_out = gettext("Không đưa vào: %(count)s", count=format_number(len(report.problems)))
        rows.append(ConfirmationRow(left_out, [*named, *more]))
    return confirming.page(
        gettext("Nhập đơn vị"),
        gettext("Chưa ghi gì. Khi xác nhận, danh sách đơn vị sẽ thay đổi như sau:"),
        rows,
        gettext("Nhập đơn vị"),
        back=(pgettext("many", "Đơn vị"), url_for("admin.units")),
        note=gettext("Đơn vị đã nhập không xóa được; nhập lại lần nữa không thêm gì."),
    )
