"""Which papers there are of a document, state by state, for each side of its road."""

from datetime import UTC, date, datetime

import pytest

from lth.access.scope import Scope, Sight
from lth.exchange.papers.issuing import issuing
from lth.exchange.papers.offers import PaperName, offered
from lth.models import Document, Opinion, Revision
from lth.models.document import Mode, SignForm, Status
from lth.workflow.kinds import PLAN, SYNTHESIS

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OWN = Scope(3, "1.2.3.", Sight.ALL)
OBSERVER = Scope(3, "1.2.3.", Sight.SUBMITTED)
ABOVE = Scope(2, "1.2.", Sight.ALL)
PROVINCE = Scope(1, "1.", Sight.ALL)
BELOW = Scope(4, "1.2.3.4.", Sight.ALL)
OPINIONS = [Opinion(person_id=7)]


def revision(number: int, *, sent: bool = False, issued: bool = False) -> Revision:
    made = Revision(id=number, number=number, document_id=1)
    made.submitted_at = NOW if sent else None
    if issued:
        made.issued_at, made.issued_on = NOW, date(2026, 11, 20)
        made.document_number, made.sign_form = "5/KH-UBND", SignForm.TM
    return made


def document(status: Status, *revisions: Revision, kind=PLAN, mode=Mode.APPROVE, **numbers):
    made = Document(id=1, kind=kind, mode=mode, status=status)
    made.unit_id, made.unit_path = 3, "1.2.3."
    made.next_unit_id = None if mode is Mode.FINAL else 2
    made.head_number = max(one.number for one in revisions)
    for name, value in numbers.items():
        setattr(made, name, value)
    return made, {one.number: one for one in revisions}


def found(made, scope, opinions=()) -> list[tuple[str, int, bool]]:
    papers = offered(*made, scope, opinions)
    return [(one.name.value, one.revision.number, one.draft) for one in papers]


DRAFT = document(Status.DRAFT, revision(1))
SENT = document(Status.SUBMITTED, revision(1, sent=True), sent_number=1)
REVIEW = document(Status.REVIEW, revision(1, sent=True), sent_number=1)
RETURNED = document(Status.RETURNED, revision(1, sent=True), revision(2), sent_number=1)
APPROVED = document(Status.APPROVED, revision(1, sent=True), sent_number=1, released_number=1)
ISSUED = document(
    Status.ISSUED,
    revision(1, sent=True, issued=True),
    **dict.fromkeys(("sent_number", "released_number", "in_force_number"), 1),
)
AMENDED = document(
    Status.DRAFT,
    revision(1, sent=True, issued=True),
    revision(2),
    **dict.fromkeys(("sent_number", "released_number", "in_force_number"), 1),
)
REVOKED = document(Status.REVOKED, revision(1, sent=True, issued=True), sent_number=1)
ACKNOWLEDGED = document(
    Status.ISSUED,
    revision(1, sent=True, issued=True),
    mode=Mode.ACKNOWLEDGE,
    **dict.fromkeys(("sent_number", "released_number", "in_force_number"), 1),
)
FINAL = document(Status.ISSUED, revision(1, issued=True), mode=Mode.FINAL, in_force_number=1)

CASES = [
    (DRAFT, OWN, [("main", 1, True), ("proposal", 1, True)]),
    (SENT, OWN, [("main", 1, True), ("proposal", 1, False)]),
    (SENT, OBSERVER, [("main", 1, True), ("proposal", 1, False)]),
    (SENT, ABOVE, [("main", 1, True), ("proposal", 1, False)]),
    (REVIEW, ABOVE, [("main", 1, True), ("proposal", 1, False)]),
    (RETURNED, OWN, [("main", 2, True), ("proposal", 2, True)]),
    (RETURNED, ABOVE, [("main", 1, True), ("proposal", 1, False), ("return", 1, False)]),
    (APPROVED, PROVINCE, [("main", 1, True)]),
    (ISSUED, OWN, [("main", 1, False), ("proposal", 1, False)]),
    (ISSUED, BELOW, [("main", 1, False)]),
    (AMENDED, OWN, [("main", 2, True), ("in-force", 1, False), ("proposal", 2, True)]),
    (AMENDED, BELOW, [("main", 1, False)]),
    (AMENDED, ABOVE, [("main", 1, False), ("proposal", 1, False)]),
    (REVOKED, OWN, [("main", 1, False)]),
    (ACKNOWLEDGED, OWN, [("main", 1, False)]),
    (ACKNOWLEDGED, ABOVE, [("main", 1, False)]),
    (FINAL, OWN, [("main", 1, False)]),
]


@pytest.mark.parametrize(("made", "scope", "wanted"), CASES)
def test_each_state_has_its_papers(made, scope, wanted):
    assert found(made, scope) == wanted


def test_opinions_make_a_report_for_those_who_appraise_alone():
    assert ("appraisal", 1, True) in found(REVIEW, ABOVE, OPINIONS)
    assert ("appraisal", 1, False) in found(APPROVED, ABOVE, OPINIONS)
    for scope in (OWN, PROVINCE):
        assert "appraisal" not in [one[0] for one in found(APPROVED, scope, OPINIONS)]


def test_whose_paper_it_is():
    papers = {one.name: one for one in offered(*RETURNED, ABOVE, OPINIONS)}
    issuers = {name: paper.issuer_of(RETURNED[0]) for name, paper in papers.items()}
    assert issuers == {
        PaperName.MAIN: 3,
        PaperName.PROPOSAL: 3,
        PaperName.APPRAISAL: 2,
        PaperName.RETURN: 2,
    }


def test_nothing_seen_is_nothing_offered():
    made, _ = SENT
    assert offered(made, {}, OWN, OPINIONS) == []
    assert offered(*SENT, Scope(9, "1.9.", Sight.ALL), OPINIONS) == []


def test_a_synthesis_is_printed_for_those_above_what_it_adds_up():
    numbers = dict.fromkeys(("sent_number", "released_number", "in_force_number"), 1)
    made = document(Status.ISSUED, revision(1, sent=True, issued=True), kind=SYNTHESIS, **numbers)
    assert found(made, OWN)[0] == ("main", 1, False)
    assert found(made, PROVINCE) == [("main", 1, False)]
    assert found(made, BELOW) == []


# --- What it was issued with --------------------------------------------------------------


def test_a_draft_was_issued_with_nothing():
    found = issuing(None, revision(1))
    assert (found.number, found.symbol, found.day, found.draft) == ("", "", None, True)
    assert found.signature.lines == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert found.signature.name == ""


def test_who_signs_for_another_stands_as_it_was_kept():
    made = revision(1, issued=True)
    made.signature = {
        "lines": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        "name": "Phó Chủ tịch xã",
    }
    found = issuing(None, made)
    assert (found.number, found.symbol, found.kind) == ("05", "KH-UBND", "KH")
    assert found.day == date(2026, 11, 20)
    assert found.signature.lines[1:] == ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert found.signature.name == "Phó Chủ tịch xã"
    assert not found.draft
