"""Sổ văn bản đi: what a unit has numbered and sent, searched and taken along; entering by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from lth.blueprints.register.forms import LETTER, HandEntryForm, RegisterFilter
from lth.blueprints.register.wording import follows_text, kind_label, printed_code, public_path
from lth.blueprints.web import confirming, current, layout, paging, tables
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.core import clock
from lth.core.formats import format_date, format_moment
from lth.core.language import gettext
from lth.exchange.grids.tables import ListTable
from lth.models import OfficialPaper
from lth.workflow import papers, register

EXPORTED = 10_000
"""How many rows a file has at most, the newest first."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/register", "register", listing)
    rule("/register/file", "register_file", taken_along)
    rule("/register/new", "register_new", new)
    rule("/register/new", "register_enter", enter, methods=["POST"])


@needs(Permission.READ_REGISTER)
def listing() -> ResponseReturnValue:
    """List the papers of the own unit as looked for, newest first."""
    session, scope = current.database(), current.scope()
    form = _form()
    wanted = form.search()
    offset = paging.SIZE * (paging.number() - 1)
    valid = form.validate()
    found, total = (
        papers.listed(session, scope, wanted, limit=paging.SIZE, offset=offset)
        if valid
        else ([], 0)
    )
    year = wanted.year or clock.today().year
    return render_template(
        "register/register.html",
        form=form,
        rows=[_row(one, of) for one, of in _with_followers(found)],
        empty=_empty(papers.empty_numbers(session, scope, year)),
        year=year,
        tabs=layout.register_tabs(current.actor()),
        files=_files(),
        total=total,
        most=EXPORTED,
        page=paging.page(total),
        reads_documents=current.actor().role in GRANTS[Permission.READ_DOCUMENTS],
        may_enter=current.actor().role in GRANTS[Permission.KEEP_REGISTER],
    )


@needs(Permission.READ_REGISTER)
def taken_along() -> ResponseReturnValue:
    """Answer with a file of what was looked for."""
    if not tables.wanted():
        abort(404)
    form = _form()
    found, total = (
        papers.listed(current.database(), current.scope(), form.search(), limit=EXPORTED)
        if form.validate()
        else ([], 0)
    )
    title = gettext("Sổ văn bản đi")
    table = ListTable(
        title=title,
        head=_head(),
        rows=[_cells(one, of) for one, of in _with_followers(found)],
        note=f"{title}, {current.actor().unit_name}. {_note(len(found), total)}",
    )
    return tables.answer(table, "so-van-ban-di")


@needs(Permission.KEEP_REGISTER)
def new() -> ResponseReturnValue:
    """Show the form of a paper that is entered by hand."""
    return _entry_page(HandEntryForm(formdata=None))


@needs(Permission.KEEP_REGISTER)
def enter() -> ResponseReturnValue:
    """Enter a paper by hand; what rules refuse comes back as it was typed."""
    form = HandEntryForm()
    if confirming.asks_to_look():
        return _entry_page(form)
    if not form.validate():
        return _entry_page(form), 422
    with attempt(form=form) as outcome:
        papers.enter_by_hand(current.database(), current.actor(), form.entry(), current.now())
    if not outcome.done:
        return _entry_page(form), outcome.code
    outcome.flash(gettext("Đã vào sổ văn bản đi."))
    return redirect(desk_url("register"))


def _entry_page(form: HandEntryForm) -> str:
    session, unit_id = current.database(), current.actor().unit_id
    following = register.suggested(
        session, unit_id or 0, ("", "QĐ", "TB", "BC"), clock.today().year
    )
    return render_template("register/new.html", form=form, following=" · ".join(following))


def _form() -> RegisterFilter:
    """Make the search; the kinds and years are those that the register has."""
    kinds, years = papers.kinds_and_years(current.database(), current.scope())
    form = RegisterFilter(request.args)
    form.kind.choices = [
        SelectChoice("", gettext("Mọi loại")),
        *(SelectChoice(letters or LETTER, kind_label(letters)) for letters in kinds),
    ]
    form.year.choices = [
        SelectChoice("", gettext("Mọi năm")),
        *(SelectChoice(str(year), str(year)) for year in years),
    ]
    return form


def _with_followers(
    found: Sequence[OfficialPaper],
) -> Iterable[tuple[OfficialPaper, list[OfficialPaper]]]:
    following = papers.followers(current.database(), [one.id for one in found])
    return [(one, following.get(one.id, [])) for one in found]


def _row(paper: OfficialPaper, following: list[OfficialPaper]) -> dict[str, Any]:
    return {
        "written": paper.written,
        "day": format_date(paper.issued_on),
        "kind": kind_label(paper.letters),
        "subject": paper.subject,
        "signer": paper.signer.rpartition("\n")[2],
        "entered": gettext(
            "%(person)s vào sổ %(at)s",
            person=paper.entered_by_name,
            at=format_moment(paper.registered_at),
        ),
        "document_id": paper.document_id if paper.revision_id else None,
        "notes": follows_text(paper, following),
        "address": public_path(paper),
        "code": printed_code(paper.code),
    }


def _cells(paper: OfficialPaper, following: list[OfficialPaper]) -> Sequence[str | int]:
    row = _row(paper, following)
    return (
        *(paper.number or 0, paper.symbol or "", row["day"], row["kind"], row["subject"]),
        *(paper.signer.replace("\n", ", "), paper.entered_by_name),
        *("; ".join(row["notes"]), row["code"]),
    )


def _head() -> tuple[str, ...]:
    return (
        *(gettext("Số"), gettext("Ký hiệu"), gettext("Ngày ký"), gettext("Loại văn bản")),
        *(gettext("Trích yếu"), gettext("Người ký"), gettext("Người vào sổ")),
        *(gettext("Ghi chú"), gettext("Mã tra cứu")),
    )


def _empty(holes: dict[str, list[int]]) -> list[str]:
    """Word the numbers that were passed over: "KH-UBND: 02, 05–07"."""
    return [f"{symbol}: {', '.join(_ranges(numbers))}" for symbol, numbers in holes.items()]


def _ranges(numbers: Sequence[int]) -> list[str]:
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [f"{one[0]:02}" if len(one) == 1 else f"{one[0]:02}–{one[-1]:02}" for one in found]


def _files() -> list[tuple[str, str]]:
    """List the addresses of the files of what is looked for, each with its name."""
    endpoint = f"{request.endpoint}_file"
    asked = {name: value for name, value in request.args.items() if name in RegisterFilter.ASKED}
    labels = {"xlsx": gettext("Tải tệp Excel"), "csv": gettext("Tải tệp CSV")}
    return [
        (paging.address(endpoint, {**asked, "file": kind}), label) for kind, label in labels.items()
    ]


def _note(rows: int, total: int) -> str:
    when = format_moment(current.now())
    return gettext(
        "Xuất lúc %(when)s: %(rows)s trong %(total)s văn bản.", when=when, rows=rows, total=total
    )
