"""Programmes: what there is of each, a file that brings one in, and the periods to open."""

from datetime import date

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from lth.administration.context import fingerprint
from lth.blueprints.admin import base
from lth.blueprints.admin.base import blueprint, show
from lth.blueprints.admin.forms import PeriodForm, ProgrammeFileForm
from lth.blueprints.web import confirming, current
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.current import database, now
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt, rehearse
from lth.core.formats import format_date, format_number
from lth.core.i18n import N_, Message
from lth.core.language import gettext, ngettext, pgettext, say
from lth.exchange import programme_file
from lth.exchange.programme_file import ProgrammeFileError
from lth.models import Period, Programme
from lth.models.programme import PeriodUse
from lth.programmes import catalogue, catalogue_text, changes, overview, periods
from lth.programmes.changes import CatalogueThing, ChangeKind, ProgrammeChanges
from lth.programmes.periods import PeriodTerms
from lth.workflow.kinds import period_name

NAMED = 30
"""How many things of a kind are named before a file is brought in."""

_KIND_LABEL = {
    ChangeKind.NEW: N_("Mới"),
    ChangeKind.CHANGED: N_("Thay đổi"),
    ChangeKind.GONE: N_("Bỏ đi"),
}
_THING_LABEL = {
    CatalogueThing.PROGRAMME: N_("Chương trình"),
    CatalogueThing.PERIOD: N_("Kỳ"),
    CatalogueThing.AREA: N_("Mảng"),
    CatalogueThing.INDICATOR: N_("Chỉ tiêu"),
}


@blueprint.get("/programmes")
@needs(Permission.ADMINISTER_SYSTEM)
def programmes() -> ResponseReturnValue:
    """List the programmes with their periods and phases."""
    return show("programmes", None, found=overview.programmes(database()), period_name=period_name)


@blueprint.get("/programmes/<code>/file", endpoint="programme_file")
@needs(Permission.ADMINISTER_SYSTEM)
def take_out(code: str) -> ResponseReturnValue:
    """Give a programme as the file that would bring it in."""
    try:
        text = catalogue_text.write(database(), code)
    except LookupError:
        abort(404)
    named = {"Content-Disposition": f'attachment; filename="{code}.toml"'}
    return Response(text, mimetype="application/toml", headers=named)


@blueprint.get("/programmes/import", endpoint="programme_add")
@blueprint.post("/programmes/import", endpoint="programme_import")
@needs(Permission.ADMINISTER_SYSTEM)
def bring_in() -> ResponseReturnValue:
    """Check a file, show what it would do, and bring it in once that is confirmed."""
    form = ProgrammeFileForm()
    if not form.is_submitted() or confirming.asks_to_look():
        return _import_page(form)
    if not form.validate():
        return _import_page(form), 422
    sent = form.sent()
    name = gettext("Tệp chương trình")
    try:
        file = programme_file.read(sent, name)
    except ProgrammeFileError as error:
        form.text.data = sent if isinstance(sent, str) else sent.decode("utf-8", "replace")
        return _import_page(form, problems=error.problems), 422
    found = changes.compare(database(), file)
    if found.is_none or found.refused:
        form.text.data = sent if isinstance(sent, str) else sent.decode("utf-8-sig")
        return _import_page(form, found=found), 422 if found.refused else 200
    if not confirming.is_confirmed():
        return _confirm(found, sent if isinstance(sent, str) else sent.decode("utf-8-sig"))
    with attempt() as outcome:
        seen = request.form.get("seen", "")
        person = current.actor().person_id
        changes.bring_in(database(), file, person, now=now(), seen=seen)
    outcome.flash(gettext("Đã đưa chương trình %(code)s vào.", code=file.code))
    return redirect(url_for("admin.programmes"))


def _confirm(found: ProgrammeChanges, text: str) -> str:
    rows = [
        ConfirmationRow(f"{say(Message(label))}: {format_number(len(those))}", _named(those))
        for kind, label in _KIND_LABEL.items()
        if (those := found.of(kind))
    ]
    same = len(found.of(ChangeKind.SAME))
    return confirming.page(
        gettext("Đưa chương trình %(code)s vào", code=found.code),
        ngettext("%(num)s mục giữ nguyên.", "%(num)s mục giữ nguyên.", same),
        rows,
        gettext("Đưa vào"),
        back=(gettext("Đưa chương trình vào từ tệp"), url_for("admin.programme_add")),
        instead={"text": text, "seen": found.version},
        danger=bool(found.of(ChangeKind.GONE)),
    )


def _named(those: list[changes.CatalogueChange]) -> list[str]:
    named = [f"{say(Message(_THING_LABEL[row.thing]))}: {say(row.label)}" for row in those[:NAMED]]
    return named if len(those) <= NAMED else [*named, "…"]


def _import_page(form: ProgrammeFileForm, **values: object) -> str:
    return show("programme_import", None, form=form, thing_label=_THING_LABEL, **values)


# --- Periods ------------------------------------------------------------------------------


@blueprint.get("/programmes/<code>/periods", endpoint="programme_period")
@blueprint.post("/programmes/<code>/periods", endpoint="programme_open")
@needs(Permission.ADMINISTER_SYSTEM)
def open_period(code: str) -> ResponseReturnValue:
    """Open a period of a programme."""
    return _period(_programme(code), None)


@blueprint.get("/programmes/<code>/periods/<int:period_id>", endpoint="programme_period_edit")
@blueprint.post("/programmes/<code>/periods/<int:period_id>", endpoint="programme_period_change")
@needs(Permission.ADMINISTER_SYSTEM)
def change_period(code: str, period_id: int) -> ResponseReturnValue:
    """Extend a period, or cut it otherwise while no document stands on it."""
    programme = _programme(code)
    period = database().get(Period, period_id, options=[joinedload(Period.phases)])
    if period is None or period.programme_id != programme.id or period.use is not PeriodUse.PLAN:
        abort(404)
    return _period(programme, period)


def _period(programme: Programme, period: Period | None) -> ResponseReturnValue:
    form = PeriodForm()
    if not form.is_submitted():
        form = PeriodForm(**_days(period), **_text(period), seen=_version(period))
    elif period is not None:
        form = PeriodForm(**_days(period))  # a day that stays as it is is not asked back
    title = gettext("Sửa kỳ") if period else gettext("Mở kỳ")

    def draw() -> str:
        return base.form_page(
            None,
            form,
            title,
            (pgettext("many", "Chương trình"), url_for("admin.programmes")),
            kicker=gettext("Chương trình %(code)s", code=programme.code),
            submit=title,
            sends=True,
        )

    if not form.is_submitted() or confirming.asks_to_look():
        return draw()
    if not form.validate():
        return draw(), 422
    confirmed, person, moment = confirming.is_confirmed(), current.actor().person_id, now()
    with attempt(form=form) if confirmed else rehearse(form=form) as outcome:
        admin = base.context(None)
        if period is not None:
            admin.session.refresh(period)
            admin.check_seen(str(form.seen.data or ""), _version(period), "periods.")
        wanted = form.terms()
        periods.open_period(
            admin.session, programme, wanted, person, now=moment, there_is=period is not None
        )
    if outcome.blocked:
        return draw(), outcome.code
    if confirmed or not outcome.done:
        outcome.flash(gettext("Đã lưu kỳ %(code)s.", code=str(form.code.data)))
        return redirect(url_for("admin.programmes"))
    return confirming.page(
        title,
        gettext(
            "%(period)s, từ ngày %(first)s đến hết ngày %(last)s, chia thành:",
            period=period_name(wanted.code),
            first=format_date(wanted.starts_on),
            last=format_date(wanted.ends_on),
        ),
        _phase_rows(wanted),
        title,
        kicker=gettext("Chương trình %(code)s", code=programme.code),
        note=gettext("Khi đã có văn bản của kỳ thì chỉ kéo dài được ngày cuối."),
    )


def _phase_rows(wanted: PeriodTerms) -> list[ConfirmationRow]:
    return [
        ConfirmationRow(
            one.code.replace("-", "–"),
            [f"{format_date(one.starts_on)} – {format_date(one.ends_on)}"],
        )
        for one in wanted.phases
    ]


def _days(period: Period | None) -> dict[str, date]:
    """Return a period's days as the form has them."""
    return {"starts_on": period.starts_on, "ends_on": period.ends_on} if period else {}


def _text(period: Period | None) -> dict[str, str]:
    """Return a period's name and its phases as the form has them."""
    if period is None:
        return {}
    phases = (f"{one.code}: {format_date(one.ends_on)}" for one in period.phases)
    return {"code": period.code, "phases": "\n".join(phases)}


def _version(period: Period | None) -> str:
    if period is None:
        return ""
    phases = [(one.code, one.starts_on, one.ends_on) for one in period.phases]
    return fingerprint(period.code, period.starts_on, period.ends_on, phases)


def _programme(code: str) -> Programme:
    try:
        return catalogue.programme(database(), code)
    except LookupError:
        abort(404)
