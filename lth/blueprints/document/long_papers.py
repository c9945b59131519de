"""Papers of a large synthesis: asked for, written in the background, taken from the job's page."""

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from lth.blueprints.document import papers
from lth.blueprints.web import current
from lth.blueprints.web.extensions import store_of
from lth.blueprints.web.job_states import JOB_LABEL, REFRESH_SECONDS, UNFINISHED
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core.i18n import unpack
from lth.exchange.papers import file_names, long_papers
from lth.models import LongJob
from lth.notifications import long_jobs


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    address = "/documents/<int:document_id>/papers/<paper>.<form>"
    rule(address, "document_paper_begin", begin, methods=["POST"])
    rule("/paper-jobs/<int:job_id>", "paper_job", one)
    rule("/paper-jobs/<int:job_id>/file", "paper_job_file", file)


@needs(Permission.READ_DOCUMENTS)
def begin(document_id: int, paper: str, form: str) -> ResponseReturnValue:
    """Have a paper written as it stands now; 404 for one that there is not."""
    document, wanted = papers.wanted(document_id, paper, form)
    text, template = papers.written(document, wanted, form)
    store, title = store_of(current_app), papers.title(document, wanted)
    request = long_papers.ordered(store, text, template, form, title)
    request["document"] = document.id
    with attempt() as outcome:
        job = long_jobs.begin(
            current.database(),
            current.actor(),
            long_papers.KIND,
            request,
            current.now(),
            sent_digest=request["paper"],
        )
        job_id = job.id
    outcome.flash()
    return redirect(desk_url("paper_job", job_id=job_id))


@needs(Permission.READ_DOCUMENTS)
def one(job_id: int) -> ResponseReturnValue:
    """Show how a paper stands; until it is written, the page asks again by itself."""
    job = _job(job_id)
    told = [unpack(one) for one in job.answer.get("told", ())]
    response = make_response(
        render_template("paper_job.html", job=job, job_label=JOB_LABEL, told=told)
    )
    if job.state in UNFINISHED:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@needs(Permission.READ_DOCUMENTS)
def file(job_id: int) -> ResponseReturnValue:
    """Give the paper that was written."""
    job = _job(job_id)
    if job.result_digest is None:
        abort(404)
    try:
        data = store_of(current_app).get(job.result_digest)
    except KeyError:
        abort(404)
    answer = Response(data, content_type=papers.FORMS[job.answer["form"]].mimetype)
    title, form = job.answer["title"], job.answer["form"]
    answer.headers["Content-Disposition"] = file_names.disposition(title, form)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _job(job_id: int) -> LongJob:
    found = long_jobs.find(current.database(), current.actor(), job_id, current.now())
    if found is None or found.kind != long_papers.KIND:
        abort(404)
    return found
