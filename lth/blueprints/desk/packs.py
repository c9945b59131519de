"""Packs of workbooks: those of all units below out and in, each a long job with its page."""

from flask import Blueprint, abort, current_app, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from lth.blueprints.document.wording import period_name
from lth.blueprints.web import current
from lth.blueprints.web.downloads import ZIP, download
from lth.blueprints.web.extensions import store_of
from lth.blueprints.web.forms import Form, UploadField
from lth.blueprints.web.job_states import JOB_LABEL, REFRESH_SECONDS, UNFINISHED
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.errors import RefusedError
from lth.core.i18n import N_, unpack
from lth.core.language import lazy_gettext
from lth.core.vietnamese import capitalize_first
from lth.exchange.workbook import packs
from lth.models import LongJob
from lth.notifications import long_jobs

KINDS = (packs.OUT, packs.IN)
KIND_LABEL = {kind: lazy_gettext(label) for kind, label in packs.LABEL.items()}


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/packs", "packs", listing)
    rule("/packs/out", "packs_out", out, methods=["POST"])
    rule("/packs/in", "packs_in", take_in, methods=["POST"])
    rule("/packs/<int:job_id>", "pack", one)
    rule("/packs/<int:job_id>/file", "pack_file", file)


class PackForm(Form):
    """Of which period the workbooks are wanted."""

    period = SelectField(lazy_gettext("Kỳ kế hoạch"))


class PackUploadForm(Form):
    """A pack of workbooks that came back."""

    file = UploadField(lazy_gettext("Gói .zip gồm các tệp .xlsx"))


@needs(Permission.SYNTHESISE)
def listing() -> ResponseReturnValue:
    """Offer both ways, and list what was asked for."""
    return _page(_period_form(), PackUploadForm())


def _period_form() -> PackForm:
    form = PackForm()
    found = packs.periods(current.database(), current.actor(), current.scope())
    form.period.choices = [
        SelectChoice(str(one.id), capitalize_first(period_name(one))) for one in found
    ]
    return form


def _page(form: PackForm, upload: PackUploadForm, code: int = 200) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    html = render_template(
        "packs.html",
        form=form,
        upload=upload,
        jobs=long_jobs.mine(session, actor, KINDS, current.now()),
        kind_label=KIND_LABEL,
        job_label=JOB_LABEL,
    )
    return html, code


@needs(Permission.SYNTHESISE)
def out() -> ResponseReturnValue:
    """Ask for the workbooks of a period."""
    form = _period_form()
    if not form.validate():
        return _page(form, PackUploadForm(formdata=None), 422)
    return _begun(packs.OUT, {"period": int(form.period.data)})


@needs(Permission.SYNTHESISE)
def take_in() -> ResponseReturnValue:
    """Take a pack; what is in it is read in the background."""
    form = PackUploadForm()
    if not form.validate():
        return _page(_empty(), form, 422)
    with attempt(form=form) as outcome:
        data = _sent(form)
        packs.check_pack(data)
    if not outcome.done:
        return _page(_empty(), form, outcome.code)
    return _begun(packs.IN, {}, store_of(current_app).put(data))


def _empty() -> PackForm:
    form = _period_form()
    form.period.data = None
    return form


def _sent(form: PackUploadForm) -> bytes:
    sent = form.file.data
    if sent is None:
        raise RefusedError("file", N_("Hãy chọn gói .zip."))
    with sent.stream as stream:
        data = stream.read(packs.LARGEST_PACK + 1)
    if len(data) > packs.LARGEST_PACK:
        text = N_("Gói lớn quá %(most)s MB. Hãy chia nhỏ.")
        raise RefusedError("file", text, most=packs.LARGEST_PACK // 1_000_000)
    return data


def _begun(kind: str, request: dict, sent: str | None = None) -> ResponseReturnValue:
    session, actor = current.database(), current.actor()
    with attempt() as outcome:
        job = long_jobs.begin(session, actor, kind, request, current.now(), sent_digest=sent)
        job_id = job.id
    outcome.flash()
    return redirect(desk_url("pack", job_id=job_id))


@needs(Permission.SYNTHESISE)
def one(job_id: int) -> ResponseReturnValue:
    """Show how far a job is, or what came of it; while it lasts, the page asks again by itself."""
    job = _job(job_id)
    response = make_response(
        render_template(
            "pack.html",
            job=job,
            kind_label=KIND_LABEL,
            job_label=JOB_LABEL,
            told=[unpack(one) for one in job.answer.get("told", ())],
            units=[_unit(one) for one in job.answer.get("units", ())],
        )
    )
    if job.state in UNFINISHED:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _unit(told: dict) -> dict:
    cells = [
        one | {"problem": unpack(one["problem"]) if one["problem"] else None}
        for one in told.get("cells", ())
    ]
    return told | {"told": [unpack(one) for one in told.get("told", ())], "cells": cells}


@needs(Permission.SYNTHESISE)
def file(job_id: int) -> ResponseReturnValue:
    """Give the file that a job made."""
    job = _job(job_id)
    if job.result_digest is None:
        abort(404)
    try:
        data = store_of(current_app).get(job.result_digest)
    except KeyError:
        abort(404)
    return download(data, ZIP, job.result_name)


def _job(job_id: int) -> LongJob:
    found = long_jobs.find(current.database(), current.actor(), job_id, current.now())
    if found is None or found.kind not in KINDS:
        abort(404)
    return found
