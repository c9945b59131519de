"""What the pages of the trail share: what is looked for, and the files that are taken along."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Response, abort, request
from wtforms import SelectField, StringField

from lth.access import chain
from lth.administration.audit import TrailSearch
from lth.blueprints.web.current import database, now
from lth.blueprints.web.forms import DayField, Form, LineField
from lth.core import clock
from lth.core.formats import format_moment
from lth.core.language import gettext, lazy_gettext
from lth.core.likely_days import DayKind
from lth.core.vietnamese import capitalize_first
from lth.exchange.trail_sheet import TrailSheet, as_csv, as_excel
from lth.models import AuditEntry, Event

EXPORTED = 10_000
"""How many rows a file has at most: the newest of those that were found."""

_TYPES = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        as_excel,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


class EventFilter(Form):
    """A search in what was done on documents; what cannot be read is not looked for."""

    class Meta(Form.Meta):
        csrf = False

    ASKED = frozenset({"q", "what", "document", "since", "until"})
    """The names of what can be looked for."""

    q = StringField(lazy_gettext("Tên người thực hiện"))
    what = SelectField(lazy_gettext("Việc"), validate_choice=False)
    document = LineField(lazy_gettext("Đơn vị hoặc số văn bản"))
    since = DayField(lazy_gettext("Từ ngày"), day_kind=DayKind.SEARCHED)
    until = DayField(lazy_gettext("Đến hết ngày"), day_kind=DayKind.SEARCHED)

    def search(self) -> TrailSearch:
        """Return what is looked for, as far as it can be read."""
        known = {str(value) for value, *_ in self.what.iter_choices()}
        return TrailSearch(
            name=self.q.data or "",
            what=self.what.data if self.what.data in known else "",
            since=self.since.data,
            until=self.until.data,
            document=self.document.data or "" if self.document else "",
        )


class EntryFilter(EventFilter):
    """A search in what administrators did: it is about no document."""

    document = None


def files() -> list[tuple[str, str]]:
    """List the kinds of files that can be taken along, each with its name."""
    return [("xlsx", gettext("Tải tệp Excel")), ("csv", gettext("Tải tệp CSV"))]


def places(rows: Iterable[Event | AuditEntry]) -> dict[str, chain.ChainPlace]:
    """Return where the rows of a page stand in their chains."""
    return chain.places(database(), [row.link_key for row in rows])


def answer(
    kind: str,
    head: Sequence[str],
    rows: Sequence[Event | AuditEntry],
    cells: Callable[[Any], Sequence[str]],
    total: int,
) -> Response:
    """Answer with a file of rows that the actor has found; `cells` words one of them.

    Each row has its number in the chain and its hash; the file has the ends of these chains too,
    so that a printed copy can be held to the trail later.
    """
    if kind not in _TYPES:
        abort(404)
    stand = places(rows)
    found = [(*cells(row), stand[row.link_key].seq, stand[row.link_key].hash) for row in rows]
    ends = chain.ends_of(database(), {place.chain for place in stand.values()})
    sheet = TrailSheet(
        title=gettext("Nhật ký"),
        head=(*head, gettext("Số trong chuỗi"), gettext("Mã băm")),
        rows=found,
        ends_title=gettext("Cuối chuỗi khi xuất"),
        ends_head=(
            gettext("Đơn vị"),
            gettext("Số của chuỗi"),
            gettext("Số trong chuỗi"),
            gettext("Mã băm"),
        ),
        ends=[
            (capitalize_first(unit) or gettext("Toàn hệ thống"), one.chain, one.seq, one.hash)
            for unit, one in ends
        ],
        note=_note(len(rows), total),
    )
    write, content_type = _TYPES[kind]
    response = Response(write(sheet), content_type=content_type)
    name = f"nhat-ky-{clock.today().isoformat()}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def wanted_file() -> str:
    """Return the kind of file that is asked for."""
    return request.args.get("file", "")


def _note(rows: int, total: int) -> str:
    when = format_moment(now())
    if rows < total:
        return gettext(
            "Xuất lúc %(when)s: %(rows)s dòng mới nhất trong %(total)s dòng tìm được.",
            when=when,
            rows=rows,
            total=total,
        )
    return gettext("Xuất lúc %(when)s: %(rows)s dòng.", when=when, rows=rows)
