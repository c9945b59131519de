"""What is chosen as a paper is handed over: how urgent it is, whom its edXML package is for."""

from collections.abc import Sequence

from flask import url_for
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from lth.blueprints.web import current
from lth.blueprints.web.forms import Checkboxes, Form, VersionField
from lth.core import clock
from lth.core.i18n import Message
from lth.core.language import gettext, lazy_gettext, say
from lth.core.urgency import URGENCY_NAME, Urgency
from lth.exchange.handover import commands, receivers
from lth.exchange.handover.receivers import PaperReceivers
from lth.models import Document, HandOver, OfficialPaper, Revision
from lth.models.person import Role


class HandOverForm(Form):
    """What is handed over is the document as the page showed it."""

    receivers = Checkboxes(lazy_gettext("Gói tin .edxml gửi đến"))
    urgency = SelectField(lazy_gettext("Độ khẩn"))
    seen = VersionField(validators=[InputRequired(lazy_gettext("Trang đã cũ, hãy tải lại."))])

    def offer(self, found: PaperReceivers) -> None:
        """Offer those that a package may be for, each with its code."""
        self.receivers.choices = [
            SelectChoice(
                one.name,
                gettext("%(name)s: mã %(code)s", name=one.name, code=one.code)
                if one.code
                else gettext("%(name)s: chưa có mã", name=one.name),
            )
            for one in found.agencies
        ]

    def offer_urgency(self, paper: OfficialPaper | None) -> None:
        """Offer how urgent a paper may be: as it was, once it is out with its stamp."""
        offered = [paper.urgency] if paper and commands.has_fixed_urgency(paper) else Urgency
        self.urgency.choices = [
            SelectChoice(one.value, say(Message(URGENCY_NAME[one]))) for one in offered
        ]


def found_for(document: Document, revision: Revision) -> PaperReceivers:
    """Return who the paper of a revision that was read may be sent to."""
    session, scope = current.database(), current.scope()
    return receivers.find(session, document, revision, clock.today(), scope)


def shown(
    document: Document,
    paper: OfficialPaper | None,
    found: PaperReceivers,
    packages: Sequence[HandOver],
) -> HandOverForm:
    """Make the form as the page shows it: ticked as the last time, or as is usual."""
    form = HandOverForm(formdata=None)
    form.offer(found)
    form.offer_urgency(paper)
    form.urgency.data = (paper.urgency if paper else Urgency.NORMAL).value
    last = [name for name, _ in packages[0].receivers] if packages else found.usual()
    form.receivers.data = [one.name for one in found.chosen(last)]
    form.seen.data = document.lock_version
    return form


def without_code(found: PaperReceivers) -> list[tuple[str, str]]:
    """List the receivers that have no code, each with the page that enters it; no address for who
    has no role that may.
    """
    own = current.actor().unit_id
    may_enter = any(
        held.role is Role.UNIT_ADMIN and held.unit_id == own for held in current.assignments()
    )
    return [
        (one.name, url_for("admin.codes_add", name=one.name) if may_enter else "")
        for one in found.agencies
        if not one.code
    ]
