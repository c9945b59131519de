"""Signing for somebody, by which decision, in words; and what a lent role does not let one do."""

from datetime import date
from typing import Any

from lth.access.actor import Actor, OnBehalf
from lth.core.i18n import N_, Message
from lth.models.delegation import Subject
from lth.models.document import SignForm

STANDS_IN = {
    SignForm.KT: N_("ký thay %(giver)s"),
    SignForm.TL: N_("ký thừa lệnh %(giver)s"),
    SignForm.TUQ: N_("ký thừa ủy quyền của %(giver)s"),
    SignForm.Q: N_("giữ quyền thay %(giver)s"),
}
"""What somebody does for a giver, by the form of the decision."""

FORM_LABEL = {
    SignForm.KT: N_("KT. – ký thay: cấp phó ký thay người đứng đầu"),
    SignForm.TL: N_("TL. – thừa lệnh: trưởng đơn vị trực thuộc ký theo quy chế làm việc"),
    SignForm.TUQ: N_("TUQ. – thừa ủy quyền: có văn bản, có thời hạn, không được ủy quyền lại"),
    SignForm.Q: N_("Q. – quyền: người được giao quyền cấp trưởng"),
}
SUBJECT_LABEL = {
    Subject.ALL: N_("Văn bản của đơn vị và văn bản cấp dưới trình"),
    Subject.OWN: N_("Chỉ văn bản của đơn vị (duyệt, trình, ban hành)"),
    Subject.BELOW: N_("Chỉ văn bản cấp dưới trình (phê duyệt, trả lại)"),
}


def stands_in(form: SignForm, giver: str) -> Message:
    """Say "ký thay Chủ tịch"."""
    return Message(STANDS_IN[form], {"giver": giver})


def decision(number: str, decided_on: date) -> Message:
    """Say "QĐ số 12/QĐ-UBND ngày 01/6/2021"; what is no decision is called a document."""
    params = {"number": number, "date": decided_on}
    if "/QĐ-" in number:
        return Message(N_("QĐ số %(number)s ngày %(date)s"), params)
    return Message(N_("văn bản số %(number)s ngày %(date)s"), params)


def by_decision(person: str, form: SignForm, giver: str, number: str, decided_on: date) -> Message:
    """Say "A ký thay B theo QĐ số 12/QĐ-UBND ngày 01/6/2021"."""
    return Message(
        N_("%(person)s %(stands_in)s theo %(decision)s"),
        {
            "person": person,
            "stands_in": stands_in(form, giver),
            "decision": decision(number, decided_on),
        },
    )


def recorded(actor: Actor) -> dict[str, Any] | None:
    """Return what an event keeps of the decision under which it was done, in words as of then."""
    lent = actor.on_behalf
    if lent is None:
        return None
    return {
        "delegation_id": lent.delegation_id,
        "person": actor.person_name,
        "giver": lent.giver.name,
        "form": lent.form.value,
        "number": lent.number,
        "decided_on": lent.decided_on.isoformat(),
    }


def who(data: dict[str, Any] | None, name: str) -> Message | str:
    """Say who did an act, from what its event keeps: the name alone, or who for whom."""
    if not data:
        return name
    day = date.fromisoformat(data["decided_on"])
    return by_decision(data["person"], SignForm(data["form"]), data["giver"], data["number"], day)


def until(lent: OnBehalf) -> Message:
    """Say "ký thay B đến hết ngày 15/6/2021"."""
    return Message(
        N_("%(stands_in)s đến hết ngày %(date)s"),
        {"stands_in": stands_in(lent.form, lent.giver.name), "date": lent.ends_on},
    )


def notice(lent: OnBehalf) -> Message:
    """Say what the receiver reads on their desk: for whom, by which decision, until when."""
    return Message(
        N_("Anh/chị đang %(stands_in)s theo %(decision)s, đến hết ngày %(date)s."),
        {
            "stands_in": stands_in(lent.form, lent.giver.name),
            "decision": decision(lent.number, lent.decided_on),
            "date": lent.ends_on,
        },
    )


def over(lent: OnBehalf) -> Message:
    """Say what the receiver reads when the power that they worked under is theirs no more."""
    return Message(
        N_("Việc %(stands_in)s theo %(decision)s đã kết thúc."),
        {
            "stands_in": stands_in(lent.form, lent.giver.name),
            "decision": decision(lent.number, lent.decided_on),
        },
    )
