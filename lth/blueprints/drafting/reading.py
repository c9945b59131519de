"""Reading an existing plan: a Word, PDF or text file, or pasted words, looked over item by item."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.confirming import ConfirmationRow
from lth.blueprints.web.forms import Form, UploadField
from lth.blueprints.web.input import takes_up_to
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.content import targets
from lth.content.model import Span
from lth.core.errors import RefusedError
from lth.core.i18n import N_, Message
from lth.core.language import gettext, lazy_gettext, ngettext, say
from lth.exchange.plan_reading import proposals, taking, uploads
from lth.exchange.plan_reading.extract import MOST_BYTES
from lth.exchange.plan_reading.found import SURENESS_LABEL
from lth.exchange.plan_reading.proposals import Proposal, ProposalState, ReadingReport
from lth.exchange.plan_reading.shown import label_of
from lth.exchange.plan_reading.taking import Decided
from lth.models import Period, ReadingUpload
from lth.workflow import documents, kinds
from lth.workflow.kinds import document_name, filed, period_name

HOME = "/plan-readings"
ONE = f"{HOME}/<int:reading_id>"
LARGEST_REQUEST = MOST_BYTES + 1024 * 1024
SECTIONS_LABEL = N_("Thuyết minh")
HEADER_LABEL = N_("Tên và hình thức ban hành")


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule(f"{HOME}/new", "reading_new", new)
    rule(f"{HOME}/files", "reading_upload", upload, methods=["POST"])
    rule(ONE, "reading", page)
    rule(f"{ONE}/take", "reading_take", take, methods=["POST"])
    rule(f"{ONE}/encoding", "reading_convert", convert, methods=["POST"])
    rule(f"{ONE}/drop", "reading_drop", drop, methods=["POST"])


class ReadingForm(Form):
    """An existing plan, as a file or as words."""

    period = HiddenField()
    file = UploadField(lazy_gettext("Tệp Word, PDF hoặc văn bản"))
    pasted = TextAreaField(lazy_gettext("Hoặc dán nội dung kế hoạch"))


# --- In -----------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def new() -> ResponseReturnValue:
    """Take an existing plan, and list those that are being looked over."""
    period = _period(request.args)
    return _new_page(period, ReadingForm(period=period.id))


def _period(values) -> Period:
    """Find the period that an address or a form names; 404 for what there is not."""
    period = current.database().get(Period, paging.whole_in(values, "period"))
    if period is None or period.use is not filed().use or current.actor().unit_id is None:
        abort(404)
    return period


def _new_page(period: Period, form: ReadingForm, code: int = 200) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    html = render_template(
        "reading_new.html",
        form=form,
        period=period,
        kind=kinds.filed(),
        document=documents.begun(session, actor.unit_id, period.id, kinds.filed(), current.scope()),
        uploads=uploads.kept(session, actor, period.id, current.now()),
        megabytes=MOST_BYTES // (1024 * 1024),
    )
    return html, code


@needs(Permission.DRAFT)
@takes_up_to(LARGEST_REQUEST)
def upload() -> ResponseReturnValue:
    """Read a file or words and keep them; nothing is written into a plan yet."""
    period, form = _period(request.form), ReadingForm()
    if not form.validate():
        return _new_page(period, form, 422)
    with attempt(form=form) as outcome:
        reading_id = _kept(period, form).id
    if not outcome.done:
        return _new_page(period, form, outcome.code)
    return redirect(desk_url("reading", reading_id=reading_id))


def _kept(period: Period, form: ReadingForm) -> ReadingUpload:
    session, actor, now = current.database(), current.actor(), current.now()
    # as it was pasted: a soft hyphen, which nobody sees, is a letter in an old font
    sent, pasted = form.file.data, request.typed.get("pasted", "")
    if sent is None and not pasted.strip():
        raise RefusedError("file", N_("Hãy chọn tệp, hoặc dán nội dung kế hoạch."))
    session.rollback()  # nothing is locked while a stranger's file is read
    if sent is None:
        name, text = gettext("Nội dung đã dán"), uploads.tried(pasted)
    else:
        with sent.stream as stream:
            name, text = sent.filename, uploads.words_of(stream.read(MOST_BYTES + 1))
    return uploads.keep(session, actor, period, text, name, now=now)


# --- Looking over -------------------------------------------------------------------------


@needs(Permission.DRAFT)
def page(reading_id: int) -> ResponseReturnValue:
    """Show what was found, part by part; or ask first what the words are written in."""
    return _shown(_found(reading_id))


def _found(reading_id: int, *, to_change: bool = False) -> ReadingUpload:
    session, actor, now = current.database(), current.actor(), current.now()
    found = uploads.find(session, actor, reading_id, now, to_change=to_change)
    if found is None:
        abort(404)
    return found


def _shown(
    found: ReadingUpload, decided: Decided | None = None, code: int = 200
) -> ResponseReturnValue:
    """Show the step that a file is at; after a refusal, with what was ticked and chosen."""
    common = {"upload": found, "kind": kinds.filed(), "period": found.period}
    if uploads.asks_encoding(found):
        samples = uploads.samples(found)
        return render_template("reading_encoding.html", **common, samples=samples), code
    phases = decided.phases if decided else {}
    report = taking.look(current.database(), current.actor(), found, phases)
    html = render_template(
        "reading.html",
        **common,
        report=report,
        document=report.now.document,
        parts=_parts(report),
        differs=_differs(report),
        facts=_facts(report),
        unplaced=[(one, _suggested(one.suggestion, report)) for one in report.reading.unplaced],
        sureness=SURENESS_LABEL,
        ticked=None if decided is None else decided.ticked,
        chosen=decided.chosen if decided else {},
        phases=phases,
        sure=sum(map(report.is_sure, report.items)),
    )
    return html, code


def _parts(report: ReadingReport) -> list[tuple[str, str, list[Proposal], list[Proposal]]]:
    """List (part, name, what is to be decided, what is not) of each part with something found."""
    found = []
    for part in proposals.ORDER:
        items = report.of(part)
        if items:
            opened = [one for one in items if one.is_open]
            found.append((part, _label(part), opened, [one for one in items if not one.is_open]))
    return found


def _facts(report: ReadingReport) -> list[tuple[str, str]]:
    """List whose plan the file is, of which years and phases."""
    reading, unknown = report.reading, gettext("chưa rõ")
    phases = ", ".join(_years(one) for one in reading.phases)
    return [
        (gettext("Kế hoạch của"), reading.unit.name if reading.unit else unknown),
        (gettext("Những năm"), _years(reading.period) if reading.period else unknown),
        *([(gettext("Giai đoạn nêu trong văn bản"), phases)] if phases else []),
    ]


def _years(span: Span) -> str:
    if span.start is None:
        return gettext("đến năm %(year)s", year=span.end)
    return str(span.end) if span.start == span.end else f"{span.start}–{span.end}"


def _suggested(suggestion: str, report: ReadingReport) -> str:
    """Name the indicator that may be meant, where it is one."""
    indicator = report.now.indicators.get(suggestion)
    return say(targets.label(indicator)) if indicator else suggestion


def _label(part: str) -> str:
    if part == proposals.SECTION:
        return gettext(SECTIONS_LABEL)
    return gettext(HEADER_LABEL) if part == "header" else say(label_of(part))


def _differs(report: ReadingReport) -> str:
    """Say in what the file is not the plan that is drafted; empty where it is."""
    differs, told = report.differs, []
    if differs.unit:
        told.append(gettext("của %(unit)s", unit=differs.unit))
    if differs.years:
        told.append(period_name(differs.years))
    if differs.programme:
        told.append(gettext("theo đề án %(code)s", code=differs.programme))
    return ", ".join(told)


# --- Taking -------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def take(reading_id: int) -> ResponseReturnValue:
    """Count what was ticked and ask once more; once confirmed, write it into the plan."""
    decided = _decided()
    if confirming.asks_to_look():
        return _shown(_found(reading_id), decided)
    if part := request.form.get("all"):
        return _with_all_of(_found(reading_id), decided, part)
    if not confirming.is_confirmed():
        return _confirmation(reading_id, decided)
    session, actor, now = current.database(), current.actor(), current.now()
    with attempt() as outcome:
        found = _found(reading_id, to_change=True)
        done = taking.take(session, actor, found, decided, now=now)
    if not outcome.done:
        outcome.flash()
        return _shown(_found(reading_id), decided, outcome.code)
    flash(
        ngettext(
            "Đã lấy %(num)s mục vào bản thảo.", "Đã lấy %(num)s mục vào bản thảo.", done.written
        ),
        "success",
    )
    if done.left:
        flash(
            ngettext(
                "Còn %(num)s mục của văn bản chưa lấy.",
                "Còn %(num)s mục của văn bản chưa lấy.",
                done.left,
            ),
            "info",
        )
    return redirect(desk_url("document_draft", document_id=done.document.id))


def _with_all_of(found: ReadingUpload, decided: Decided, part: str) -> ResponseReturnValue:
    """Show the page again with every new item of a part ticked."""
    report = taking.look(current.database(), current.actor(), found, decided.phases)
    more = {one.id for one in report.of(part, ProposalState.NEW)}
    return _shown(found, replace(decided, ticked={*decided.ticked, *more}))


def _decided() -> Decided:
    """Read boxes, choices and phases as the page sends them."""
    return Decided(
        ticked=set(request.form.getlist("take")),
        chosen={
            id: value
            for id, value in _told("choose|").items()
            if value in {proposals.TAKE, proposals.KEEP}
        },
        phases={id: code for id, code in _told("phase|").items() if code},
        seen=request.form.get("seen", ""),
    )


def _told(mark: str) -> dict[str, str]:
    return {
        name[len(mark) :]: value for name, value in request.form.items() if name.startswith(mark)
    }


def _confirmation(reading_id: int, decided: Decided) -> ResponseReturnValue:
    """Ask once more, with what would be written; nothing is."""
    with attempt() as outcome:
        found = _found(reading_id)
        report, items = taking.decide(current.database(), current.actor(), found, decided)
        html = _asked_page(found, report, items)
    if not outcome.done:
        outcome.flash()
        return _shown(_found(reading_id), decided, outcome.code)
    return html, 200


def _asked_page(found: ReadingUpload, report: ReadingReport, items: Sequence[Proposal]) -> str:
    plan, count = document_name(kinds.filed(), found.period.code), len(items)
    lead = gettext("Ghi vào bản thảo đang có: %(plan)s.", plan=plan)
    if report.now.document is None:
        lead = gettext("Lập bản thảo mới: %(plan)s, rồi ghi vào đó.", plan=plan)
    return confirming.page(
        ngettext("Lấy %(num)s mục vào bản thảo", "Lấy %(num)s mục vào bản thảo", count),
        f"{lead} {_counted(report, items)}",
        _rows(items),
        ngettext("Lấy %(num)s mục", "Lấy %(num)s mục", count),
        kicker=found.file_name,
        back=(gettext("Lấy từ kế hoạch có sẵn"), desk_url("reading", reading_id=found.id)),
    )


def _counted(report: ReadingReport, items: Sequence[Proposal]) -> str:
    """Say how many of the items were ticked by the page, and how many by the person."""
    sure = sum(map(report.is_sure, items))
    replaced = sum(one.state is ProposalState.OTHER for one in items)
    told = []
    if sure:
        own = len(items) - sure
        text = N_("%(sure)s mục do phần mềm đánh dấu sẵn vì đọc chắc, %(own)s mục do anh/chị chọn.")
        if not own:
            text = N_("Cả %(sure)s mục do phần mềm đánh dấu sẵn vì đọc chắc.")
        told.append(say(Message(text, {"sure": sure, "own": own})))
    if replaced:
        text = N_("%(count)s mục thay cho nội dung đang có.")
        told.append(say(Message(text, {"count": replaced})))
    return " ".join(told)


def _rows(items: Sequence[Proposal]) -> list[ConfirmationRow]:
    found = []
    for part in proposals.ORDER:
        of = [one for one in items if one.part == part]
        if of:
            lines = [" · ".join(say(word) for word in one.words if word) for one in of]
            found.append(ConfirmationRow(f"{_label(part)} ({len(of)})", lines))
    return found


# --- Answers ------------------------------------------------------------------------------


@needs(Permission.DRAFT)
def convert(reading_id: int) -> ResponseReturnValue:
    """Keep whether the words are converted from an old encoding."""
    with attempt() as outcome:
        found = _found(reading_id, to_change=True)
        seen = request.form.get("seen", "")
        uploads.convert(found, seen, converts=request.form.get("converts") == "1")
    if not outcome.done:
        outcome.flash()
    return redirect(desk_url("reading", reading_id=reading_id))


@needs(Permission.DRAFT)
def drop(reading_id: int) -> ResponseReturnValue:
    """Let go of a file; what was taken of it stays."""
    with attempt() as outcome:
        found = _found(reading_id, to_change=True)
        period_id = found.period_id
        uploads.drop(current.database(), found, request.form.get("seen", ""))
    outcome.flash(gettext("Đã bỏ tệp. Những gì đã lấy vào bản thảo vẫn còn."))
    if not outcome.done:
        return redirect(desk_url("reading", reading_id=reading_id))
    return redirect(desk_url("reading_new", period=period_id))
