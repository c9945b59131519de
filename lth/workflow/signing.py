"""Make the block that a document is signed with where one person signs for another.

Nghị định 30/2020/NĐ-CP, Điều 13 (who may sign in which form) and Phụ lục I, phần II, mục 7 (how the
signer's powers and position are written). Nothing here reads the database: words in, words out.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from lth.access.actor import Actor, OnBehalf
from lth.access.on_behalf import by_decision
from lth.core.i18n import N_, Message
from lth.core.likely_days import YEAR
from lth.core.readers.document_numbers import (
    DocumentNumberError,
    fault_of_kind,
    read_document_number,
)
from lth.models import Period
from lth.models.document import SignForm

COLLECTIVE = "Ủy ban nhân dân"
HEAD = "Chủ tịch"

FORMS = {
    SignForm.KT: (SignForm.TM_KT, SignForm.KT),
    SignForm.TL: (SignForm.TL,),
    SignForm.TUQ: (SignForm.TUQ,),
    SignForm.Q: (SignForm.Q, SignForm.TM),
}
"""The forms of signature that fit each form of decision, the usual one first.

Who holds Q. signs as the head does: alone, or (TM.) for the collective.
"""

_OF_THE_COMMITTEE = re.compile(
    r"^((?:Phó )?Chủ tịch)\s+(?:Ủy ban nhân dân|UBND)\b.*$", re.IGNORECASE
)


def fault_of_number(text: str, kinds: tuple[str, ...]) -> Message | None:
    """Say why a text is not the number of a document of one of these kinds (any, if none)."""
    try:
        number = read_document_number(text)
    except DocumentNumberError as error:
        return replace(error.message, field="document_number")
    fault = fault_of_kind(number, kinds) if kinds else None
    return fault and replace(fault, field="document_number")


def fault_of_day(
    day: date | None, *, today: date, period: Period, confirmed: bool
) -> Message | None:
    """Say why a document of a period cannot have been signed on a day, or ask whether it was.

    It cannot before the programme was decided. It is likely within a year of its period, or of
    today: what comes late is signed late.
    """
    if day is None:
        return Message(N_("Cần ghi ngày ký văn bản."), field="document_date")
    if day > today:
        return Message(N_("Ngày ký không thể sau hôm nay."), field="document_date")
    if day < period.programme.starts_on <= today:
        return Message(
            N_("Ngày ký %(date)s trước khi có chương trình (%(first)s), hãy kiểm tra lại."),
            {"date": day, "first": period.programme.starts_on},
            field="document_date",
        )
    in_its_time = period.starts_on - YEAR <= day <= period.ends_on + YEAR
    if confirmed or in_its_time or today - day <= YEAR:
        return None
    return Message(
        N_("Có đúng là ngày %(date)s không? Kỳ này từ %(first)s đến %(last)s."),
        {"date": day, "first": period.starts_on, "last": period.ends_on},
        field="day_confirmed",
    )


def forms(lent: OnBehalf) -> tuple[SignForm, ...]:
    """List the forms that a decision allows; KT. for one who signs TL. is by order too."""
    return FORMS[SignForm.TL if _by_order(lent) else lent.form]


def _by_order(lent: OnBehalf) -> bool:
    """Tell whether it was passed on by one who signs by the head's order."""
    return lent.under is not None and lent.under.form is SignForm.TL


def block(actor: Actor, sign_form: SignForm) -> dict[str, Any] | None:
    """Make what a revision keeps of its signature: quyền hạn and chức vụ line by line, the signer,
    for whom, and by which decision. None for those who sign in their own right.
    """
    lent = actor.on_behalf
    if lent is None:
        return None
    return {
        "lines": _lines(actor, lent, sign_form),
        "name": actor.person_name,
        "position": _own_position(actor, lent),
        "for_name": lent.giver.name,
        "for_position": _given_position(lent),
        "form": lent.form.value,
        "number": lent.number,
        "decided_on": lent.decided_on.isoformat(),
        "delegation_id": lent.delegation_id,
    }


def block_lines(actor: Actor, sign_form: SignForm) -> list[str]:
    """Write the block of a signature line by line, the signer's name last."""
    lent = block(actor, sign_form)
    if lent is not None:
        return [*lent["lines"], lent["name"]]
    collective = {SignForm.TM, SignForm.TM_KT}
    deputy = {SignForm.KT, SignForm.TM_KT}
    abbreviated = {SignForm.TL: f"TL. {HEAD}", SignForm.TUQ: f"TUQ. {HEAD}"}
    lines = [f"TM. {COLLECTIVE}"] if sign_form in collective else []
    lines += [f"KT. {HEAD}"] if sign_form in deputy else []
    lines += [abbreviated[sign_form]] if sign_form in abbreviated else []
    position = _position(actor.position) or HEAD
    lines.append(f"Q. {position}" if sign_form is SignForm.Q else position)
    return [*(line.upper() for line in lines), actor.person_name]


def told(signature: dict[str, Any]) -> Message:
    """Say "A ký thay B theo QĐ số 12/QĐ-UBND ngày 01/6/2021", from a block as it was kept."""
    return by_decision(
        signature["name"],
        SignForm(signature["form"]),
        signature["for_name"],
        signature["number"],
        date.fromisoformat(signature["decided_on"]),
    )


def _lines(actor: Actor, lent: OnBehalf, sign_form: SignForm) -> list[str]:
    """Write the lines in capitals, as they stand above the name."""
    head, own = _head(lent), _own_position(actor, lent)
    powers = {
        SignForm.TM: [f"TM. {COLLECTIVE}", f"Q. {head}"],
        SignForm.Q: [f"Q. {head}"],
        SignForm.KT: [f"KT. {head}", own],
        SignForm.TM_KT: [f"TM. {COLLECTIVE}", f"KT. {head}", own],
        SignForm.TL: [f"TL. {head}", own],
        SignForm.TUQ: [f"TUQ. {head}", own],
    }[sign_form]
    if _by_order(lent):
        powers.insert(1, f"KT. {_given_position(lent)}")
    return [line.upper() for line in powers]


def _head(lent: OnBehalf) -> str:
    """Return the position of the head of the unit, in whose stead it is signed in the end."""
    first = lent.under or lent.giver
    return _position(first.position) or HEAD


def _given_position(lent: OnBehalf) -> str:
    """Return the giver's position; where it is unknown, that of one who holds TL. in words."""
    position = _position(lent.giver.position)
    if position:
        return position
    return "Người ký thừa lệnh" if _by_order(lent) else HEAD


def _own_position(actor: Actor, lent: OnBehalf) -> str:
    """Return the signer's position; where it is unknown, what the decision's form makes them."""
    if lent.form is SignForm.Q:
        return f"Q. {_head(lent)}"
    position = _position(actor.position)
    if position:
        return position
    return {
        SignForm.KT: f"Phó {_given_position(lent) if _by_order(lent) else _head(lent)}",
        SignForm.TL: "Người được giao ký thừa lệnh",
        SignForm.TUQ: "Người được ủy quyền",
    }[lent.form]


def _position(written: str) -> str:
    """Write a position as in a block: without the name of the committee, which is above it."""
    text = " ".join(written.split())
    found = _OF_THE_COMMITTEE.match(text)
    return found[1] if found else text
