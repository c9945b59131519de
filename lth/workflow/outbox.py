"""Mail of the acts, written in the transaction of the act that it tells of."""

from lth.access.scope import Purpose, system
from lth.mail import outbox
from lth.mail.declarations import Payload, declare
from lth.mail.outbox import Mail
from lth.workflow.acts import Act
from lth.workflow.context import ActContext
from lth.workflow.registry import audience

MAIL = {act: declare(act.value, Payload) for act in Act if act is not Act.START}
"""The message of each act. Its row keeps whether it calls to act; what else it tells is read from
the event that it hangs on, and whom it tells stands in the table (`Row.tells`)."""


def write(context: ActContext) -> int:
    """Write to each person whom the act's row of the table tells; returns how many.

    Whoever acts is not told of it. Who is in two audiences gets one message, and the one
    that calls for an act goes before mere news.
    """
    with system(context.session, Purpose.TELL):
        return len(outbox.write(context.session, _mails(context), context.now))


def _mails(context: ActContext) -> list[Mail]:
    chosen: dict[int, Mail] = {}
    for tell in sorted(context.row.tells, key=lambda tell: not tell.turn):
        told = Payload(turn=tell.turn)
        for person_id, unit_id in audience[tell.audience](context):
            mail = Mail(MAIL[context.row.act], told, person_id, unit_id, event_id=context.event.id)
            chosen.setdefault(person_id, mail)
    chosen.pop(context.actor.person_id, None)
    return list(chosen.values())
