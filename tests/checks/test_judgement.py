"""The checks within the product: what is off, what is explained, what is kept, what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from support import draftworld as world
from support.draftworld import NOON, acting, actor, head, save, start
from support.queries import counted

from lth.access.scope import Purpose, Scope, system
from lth.checks import judgement
from lth.content.model import BudgetLine, Header
from lth.core.errors import BlockedError, NotFoundError, NotNowError, NotYoursError, StaleError
from lth.drafting import Source, TargetEdit, parts
from lth.models import CheckSwitch, Explanation, KeptFinding, RevisionEditor
from lth.models.document import Mode, Status
from lth.models.finding import Severity, Stage
from lth.models.parts import Part
from lth.workflow import documents, revisions
from lth.workflow.context import ActContext
from lth.workflow.registry import effect, guard

LATER = NOON + timedelta(hours=1)
WHO = "clerk@tapson"
FIRST = 1
"""The version of a line that a plan begins with."""
NO_MONEY = ("V03", "budget")


@pytest.fixture
def session(drafting_session):
    return drafting_session


@pytest.fixture
def document(session):
    """Tập Sơn's plan, begun from the district's: no money in it yet."""
    return start(session, source=Source.ABOVE)


def report(session, document, who=WHO):
    scope = Scope.of(acting(session, who))
    return judgement.report(
        session, documents.get(session, document.id, scope), head(session, document), scope
    )


def codes(items):
    return {item.finding.code for item in items}


def explain(
    session, document, text="Chưa phân bổ", *, who=WHO, about=NO_MONEY, seen=None, now=NOON
):
    one = acting(session, who)
    judgement.explain(session, one, document.id, *about, text, now=now, seen=seen)


def note(session, document, about=NO_MONEY):
    return next(
        item.note
        for item in report(session, document).items
        if (item.finding.code, item.finding.place) == about
    )


def switch_off(session, unit_id, code):
    with system(session, Purpose.LOAD):
        why = {"reason": "Xã không có khoản chi", "switched_at": NOON}
        person = actor(session, WHO).person_id
        session.add(CheckSwitch(unit_id=unit_id, code=code, person_id=person, **why))
        session.flush()


def put(session, document, *lines):
    """Lines of the header and the budget, as the pages of the parts would save them."""
    acting(session, WHO)
    found = {Part.HEADER: [], Part.BUDGET: []}
    for line in lines:
        found[Part.HEADER if isinstance(line, Header) else Part.BUDGET].append(line)
    parts.put(session, head(session, document), found)
    session.flush()


def context_of(session, document, who=WHO):
    one = acting(session, who)
    return ActContext(session, documents.get(session, document.id, Scope.of(one)), one, NOON)


# --- What is found ------------------------------------------------------------------------


def test_the_errors_come_first(session, document):
    put(session, document, Header("", budget_total=5), BudgetLine("", "Tập huấn", amount=4))
    found = report(session, document)
    assert codes(found.errors) == {"V01"}
    assert found.items[0].finding.code == "V01"
    severities = [item.finding.severity for item in found.items]
    assert severities == sorted(severities, key=list(Severity).index)


def test_a_plan_to_be_approved_is_judged_as_submitted_and_one_to_be_issued_as_issued(
    session, document
):
    assert judgement.stage_of(document) is Stage.SUBMIT
    document.mode = Mode.ACKNOWLEDGE
    assert judgement.stage_of(document) is Stage.ISSUE


def test_what_is_off_says_nothing_and_is_told(session, document):
    assert "V03" in codes(report(session, document).warnings)
    switch_off(session, document.unit_id, "V03")
    found = report(session, document)
    assert "V03" not in codes(found.items)
    assert found.off["V03"].text == "Xã không có khoản chi"
    assert found.off["V03"].by == WHO


def test_an_error_stays_though_its_check_is_off(session, document):
    put(session, document, Header("", budget_total=5), BudgetLine("", "Tập huấn", amount=4))
    switch_off(session, document.unit_id, "V01")
    assert codes(report(session, document).errors) == {"V01"}


def test_what_another_unit_has_off_is_on_here(session, document):
    switch_off(session, document.next_unit_id, "V03")
    assert "V03" in codes(report(session, document).warnings)


def test_a_report_takes_six_queries_however_much_is_found(session, document):
    scope, document_id = Scope.of(acting(session, WHO)), document.id
    put(session, document, *(BudgetLine("", f"Việc {one}") for one in range(40)))
    with counted(session) as statements:
        document = documents.get(session, document_id, scope)
        revision = head(session, document)
        before = len(statements)
        judgement.report(session, document, revision, scope)
    assert len(statements) - before == 6


# --- Explaining ---------------------------------------------------------------------------


def test_a_warning_is_explained_and_that_is_an_edit(session, document):
    revision = head(session, document)
    edits = revision.edit_count
    explain(session, document, "  Chưa phân bổ.\r\n")
    assert (note(session, document).text, note(session, document).by) == ("Chưa phân bổ.", WHO)
    assert "V03" not in codes(report(session, document).unexplained)
    assert (revision.edit_count, revision.edited_at) == (edits + 1, NOON)


def test_a_second_clerk_who_explains_has_edited_the_revision(session, document):
    explain(session, document, who="clerk2@tapson")
    editors = session.scalars(
        select(RevisionEditor.person_id).where(
            RevisionEditor.revision_id == head(session, document).id
        )
    )
    assert actor(session, "clerk2@tapson").person_id in set(editors)


def test_it_can_be_changed_and_taken_back_by_who_has_seen_it(session, document):
    explain(session, document)
    explain(session, document, "Cấp trên phân bổ sau", seen=NOON, now=LATER)
    assert note(session, document).text == "Cấp trên phân bổ sau"
    explain(session, document, "", seen=LATER, now=LATER)
    assert note(session, document) is None


def test_the_same_text_again_is_no_edit(session, document):
    explain(session, document)
    edits = head(session, document).edit_count
    explain(session, document)
    assert head(session, document).edit_count == edits


def test_what_somebody_else_wrote_meanwhile_is_not_lost(session, document):
    explain(session, document, who="clerk2@tapson")
    with pytest.raises(StaleError, match="Chưa phân bổ"):
        explain(session, document, "Không cần tiền")
    explain(session, document, "Không cần tiền", seen=NOON)
    assert note(session, document).text == "Không cần tiền"


def test_what_somebody_else_took_back_meanwhile_is_asked_about(session, document):
    with pytest.raises(StaleError, match="vừa xóa"):
        explain(session, document, seen=NOON)


@pytest.mark.parametrize(
    ("text", "said"), [("  ", "chưa có nội dung"), ("a" * 4001, "dài quá 4000 ký tự")]
)
def test_nothing_and_too_much_are_refused(session, document, text, said):
    with pytest.raises(BlockedError, match=said):
        explain(session, document, text)


@pytest.mark.parametrize("about", [("V03", "tasks"), ("V99", ""), ("V01", "budget")])
def test_what_no_check_warns_of_cannot_be_explained(session, document, about):
    put(session, document, Header("", budget_total=5), BudgetLine("", "Tập huấn", amount=4))
    with pytest.raises(NotFoundError):
        explain(session, document, about=about)


def test_only_drafters_explain(session, document):
    for who in ("leader@tapson", "specialist@tracu"):
        with pytest.raises(NotYoursError):
            explain(session, document, who=who)
    with pytest.raises(NotFoundError):
        explain(session, document, who="clerk@ngaixuyen")


def test_nothing_is_explained_once_the_plan_is_with_the_leader(session, document):
    document.status = Status.CLEARANCE
    session.flush()
    with pytest.raises(NotNowError):
        explain(session, document)


def test_an_explanation_goes_into_the_next_revision(session, document):
    explain(session, document)
    world.give_back(session, document, {})
    assert note(session, document).text == "Chưa phân bổ"


# --- Keeping ------------------------------------------------------------------------------


def freeze(session, document):
    context = context_of(session, document)
    effect["keep_findings"](context)
    effect["freeze_head"](context)
    session.flush()


def test_what_is_found_stays_with_the_revision_that_was_sent(session, document):
    explain(session, document)
    now = report(session, document)
    freeze(session, document)
    switch_off(session, document.unit_id, "V13")
    kept = report(session, document)
    assert kept.standing
    assert [item.finding for item in kept.items] == [item.finding for item in now.items]
    assert note(session, document).text == "Chưa phân bổ"


def test_findings_are_not_taken_into_a_copy(session, document):
    freeze(session, document)
    sent = head(session, document)
    world.give_back(session, document, {})
    kept = select(KeptFinding.revision_id).distinct()
    assert set(session.scalars(kept)) == {sent.id}
    assert not report(session, document).standing


def test_a_copy_that_is_discarded_leaves_no_explanation(session, document):
    explain(session, document)
    revision = head(session, document)
    with system(session, Purpose.OPEN_REVISION):
        session.expunge(revision)
        revisions.discard(session, revision.id)
        left = session.scalars(select(Explanation)).all()
    assert left == []


# --- Refusing -----------------------------------------------------------------------------


def test_a_plan_with_an_error_is_refused_by_name_and_arithmetic(session, document):
    put(session, document, Header("", budget_total=5), BudgetLine("", "Tập huấn", amount=4))
    refused = guard["no_errors"](context_of(session, document))
    assert str(refused).startswith("Phải sửa lỗi trước khi trình: Tổng kinh phí ghi 5 đồng")


def test_unexplained_warnings_are_refused_and_counted(session, document):
    open_ones = len(report(session, document).unexplained)
    assert open_ones > 2
    refused = str(guard["warnings_explained"](context_of(session, document)))
    assert refused.startswith(f"{open_ones} cảnh báo cần sửa hoặc giải trình:")
    assert refused.endswith(f"Còn {open_ones - 2} cảnh báo khác.")


def test_nothing_is_refused_once_all_is_explained(session, document):
    for item in report(session, document).unexplained:
        explain(session, document, about=(item.finding.code, item.finding.place))
    context = context_of(session, document)
    assert guard["no_errors"](context) is None
    assert guard["warnings_explained"](context) is None


def test_what_is_mended_needs_no_explanation(session, document):
    edit = TargetEdit("older_share_pct@2021", FIRST, value="70-90")
    saved = save(session, WHO, document, edit)
    assert saved.complete
    assert codes(report(session, document).warnings) >= {"V27"}
    seen = saved.saved["older_share_pct@2021"]
    edit = TargetEdit("older_share_pct@2021", seen, value="60-70")
    assert save(session, WHO, document, edit).complete
    places = {(item.finding.code, item.finding.place) for item in report(session, document).items}
    assert ("V27", "older_share_pct@2021") not in places


def test_other_figures_want_another_look_at_the_explanation(session, document):
    about = ("V27", "older_share_pct@2021")
    version = FIRST
    for typed in ("70-90", "75-95"):
        result = save(session, WHO, document, TargetEdit(about[1], version, value=typed))
        assert result.complete
        version = result.saved[about[1]]
        assert about in places_of(report(session, document).unexplained)
        before = note(session, document, about)
        explain(session, document, about=about, seen=before.at if before else None)
        assert about not in places_of(report(session, document).unexplained)
    assert note(session, document, about).text == "Chưa phân bổ"


def places_of(items):
    return {(item.finding.code, item.finding.place) for item in items}
