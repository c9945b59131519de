"""What is changed carries the version it was seen in: an older page changes nothing.

Every POST form of every page is sent as if somebody else had changed meanwhile what it is about:
the versions that it carries are others than those that are kept.
"""

import re

import pytest
from support.sentforms import Pairs

VERSION = re.compile(r"(.*:)?(seen|was)")
"""How the hidden fields of a version are called, alone or with the thing's name before it."""

WITHOUT = {
    # Something new, which takes nobody's place.
    "delegation_record": "a new decision; the same for the same days is refused",
    "document_add_part": "a new line",
    "document_add_item": "a new item; the same one twice from one page is added once",
    "document_remark": "a new remark",
    "document_attach": "a new file; the same one is refused",
    "document_remark_attach": "a new file; the same one is refused",
    "document_request_attach": "a new file; the same one is refused",
    "document_start": "a new document; a second of its kind in a period is refused",
    "roster_upload": "a new list",
    "clubs_list_upload": "a new list",
    "reading_upload": "a new text",
    "club_visit_plan": "a new visit",
    "club_visit_find": "a new finding",
    "register_enter": "a new line; a number that was given is refused",
    "document_correct": "as a new line of the register",
    "club_found": "a new club; a second of its name in a village is asked back",
    "document_put_signed": "a further copy; those before stay, and the same one is refused",
    "regime_add": "a new regime; a second of its rhythm is refused",
    "regime_take": "as a new regime",
    "regime_open": "a new window; one that is open is refused",
    "regime_open_review": "as a new window",
    "compare": "nothing is written",
    "codes_create": "a new code; a second for the same days is refused",
    "codes_import": "as a new code",
    "packet_upload": "a new packet; one that came before is told",
    "document_workbook_upload": "a new file to look over",
    "packs_in": "a new job",
    "packs_out": "a new job",
    "document_paper_begin": "a new job",
    "calendar_decide": "a day that was decided is refused",
    "programme_import": "what the file would change is shown, and carried as `seen` from there",
    "units_import": "units that are there already are left alone",
    # Once done, it is done: a second time finds nothing left to do.
    "document_file_remove": "a file is never changed, only removed, and once",
    "document_open_line": "what is open already stays as it is, with its first reason",
    "document_take_back_parts": "the key of a new line is its version",
    "register_struck": "a number is struck out once",
    "delegation_end": "a decision is never changed, only ended, and once",
    "retry_all": "only what was given up until now is tried again",
    "roster_remind": "only who has not answered until now is reminded",
    "inbox_many": "each document is named with its version",
    "work_many": "each document is named with its version",
    # One's own, and nobody else's.
    **dict.fromkeys(
        (
            *("begin_second_factor", "confirm_second_factor", "renew_recovery_codes"),
            *("turn_off_second_factor", "change_password", "change_address", "answer_change"),
            *("choose_mail", "switch_language", "switch_role", "begin_in"),
            *("make_feed", "revoke_feed", "open_one", "read_one", "read_all"),
            *("end_session", "end_other_sessions"),
        ),
        "one's own",
    ),
    **dict.fromkeys(("answer", "answer_invitation"), "an invitation is answered once"),
    # Nobody is signed in, or no longer.
    **dict.fromkeys(
        ("enter", "enter_code", "sign_out", "send_link", "come_in", "leave"),
        "no data of anybody is changed",
    ),
    "set_password": "the link is good once",
}
"""Forms that carry no version, and why they need none."""

NOTHING_YET = {
    "checks_off",
    "deadlines_create",
    "offices_create",
    "people_create",
    "programme_open",
}
"""Forms of something new, which are the same as those that change it: their version is empty."""

BITES = {
    "document_answer_quotas",
    "document_do",
    "document_note_older",
    "document_save_draft",
    "document_settle",
    "document_take_over",
    "handle",
    "offices_change",
    "people_do",
    "people_rename",
}
"""Forms that do something when their version is right: of them it is not held in vain."""


SECOND_PRESS = {"document_add_item", "document_take_item"}
"""Forms that add something new, whose version tells a second press of the button from the first."""


def older(name: str, value: str) -> str:
    """Another version than the one that a form carries, as somebody's older page would have."""
    if name.endswith("was"):
        return f"{value}1"
    if value.isdecimal():
        return "0" if int(value) else "1"
    if re.match(r"\d{4}-\d{2}-\d{2}T", value) or not value:
        return "2020-01-02T03:04:05+00:00"
    return "0" * len(value)


def versions(pairs: Pairs) -> list[str]:
    return [name for name, _ in pairs if VERSION.fullmatch(name)]


def test_a_form_of_an_older_page_changes_nothing(found, commits):
    """What such a form is answered may differ; that nothing is changed may not."""
    wrong, bit = [], set()
    for one in found:
        pairs = one.filled(" khác", anew=True)
        if not pairs or one.name in NOTHING_YET | SECOND_PRESS or not versions(pairs):
            continue
        stale = [(name, older(name, v) if VERSION.fullmatch(name) else v) for name, v in pairs]
        commits()
        answer = one.send(stale)
        if commits() or answer.status_code >= 500:
            wrong.append((one.name, answer.status_code, one.action))
            continue
        one.send(pairs)
        if commits():
            bit.add(one.name)
    assert wrong == []
    assert bit >= BITES, BITES - bit


def test_a_version_that_is_not_sent_is_no_version(found, commits):
    wrong = []
    for one in found:
        pairs = one.filled(" khác", anew=True)
        if not pairs or one.name in NOTHING_YET | SECOND_PRESS or not versions(pairs):
            continue
        commits()
        answer = one.send([pair for pair in pairs if not VERSION.fullmatch(pair[0])])
        if commits() or answer.status_code >= 500:
            wrong.append((one.name, answer.status_code, one.action))
    assert wrong == []


def test_every_form_carries_one_or_says_why_it_needs_none(found):
    bare = set()
    for one in found:
        form = one.read()
        if form is not None and not versions(form.pairs()):
            bare.add(one.name)
    assert bare - set(WITHOUT) == set()


ELSEWHERE = {
    "calendar_forget": "blueprints/test_calendar.py",
    **dict.fromkeys(("club_change", "club_do", "club_do_move"), "blueprints/test_clubs.py"),
    **dict.fromkeys(("clubs_list_write", "clubs_list_drop"), "blueprints/test_club_lists.py"),
    "checks_on": "pages/test_checks.py",
    "codes_finish": "blueprints/test_agency_codes.py",
    "codes_remove": "blueprints/test_agency_codes.py",
    "keep": "blueprints/test_book.py",
    "club_book_save": "blueprints/test_club_books.py",
    "club_book_correct": "blueprints/test_club_books.py",
    "club_key_give": "blueprints/test_club_books.py",
    "club_key_revoke": "blueprints/test_club_books.py",
    "correct": "blueprints/test_book.py",
    "document_confirm": "reporting/test_doubt_pages.py",
    "deadlines_change": "blueprints/test_admin.py",
    "deadlines_remove": "blueprints/test_admin.py",
    "deadlines_set_all": "pages/test_deadlines_for_all.py",
    "document_hand_down": "quotas/test_quotas.py",
    "document_move_part": "drafting/test_parts.py",
    "document_remove_part": "pages/test_parts.py",
    **dict.fromkeys(
        (
            *("document_save_values", "document_values_from_books", "document_values_nil"),
            *("document_save_item", "document_remove_item", "document_move_item"),
        ),
        "reporting/test_report_pages.py",
    ),
    "document_reword": "pages/test_return.py",
    "document_unpin": "workflow/test_appraisal.py",
    "packet_answer": "blueprints/test_packets.py",
    "participation_come": "pages/test_participation.py",
    "participation_go": "pages/test_participation.py",
    "people_invitation_do": "administration/test_invitations.py",
    "people_replace_address": "blueprints/test_admin.py",
    "club_finding_step": "pages/test_visit_pages.py",
    "club_visit_call_off": "pages/test_visit_pages.py",
    "club_visit_change": "pages/test_visit_pages.py",
    "club_visit_note_done": "pages/test_visit_pages.py",
    "request_step": "pages/test_request_pages.py",
    "rename": "blueprints/test_account.py",
    "reset_second_factor": "blueprints/test_second_factor.py",
    "reading_convert": "exchange/plan_reading/test_reading_pages.py",
    "reading_drop": "exchange/plan_reading/test_reading_pages.py",
    "reading_take": "exchange/plan_reading/test_reading_pages.py",
    "roster_do": "blueprints/test_roster.py",
    "roster_drop": "blueprints/test_roster.py",
    "roster_mend": "blueprints/test_roster.py",
    "roster_send": "blueprints/test_roster.py",
    "templates_back": "blueprints/test_paper_templates.py",
    "document_workbook_apply": "exchange/workbook/test_workbook_pages.py",
    "document_workbook_convert": "exchange/workbook/test_workbook_pages.py",
    "document_workbook_drop": "exchange/workbook/test_workbook_pages.py",
    "document_workbook_match": "exchange/workbook/test_workbook_pages.py",
    "regime_change": "pages/test_regimes.py",
    "regime_end": "pages/test_regimes.py",
    "settings_reset_below": "pages/test_settings_below.py",
    "settings_set_below": "pages/test_settings_below.py",
}
"""Forms that carry one and that the demo has no occasion for, and where they are tried."""


def test_every_route_that_writes_is_accounted_for(found, guarded):
    """A new POST route is in the walk, in one of the lists above, or in none: then this says so."""
    shown = {one.name for one in found}
    writes = {
        rule.endpoint.partition(".")[2]
        for rule in guarded.url_map.iter_rules()
        if "POST" in rule.methods
    }
    assert sorted(writes - shown - set(WITHOUT) - set(ELSEWHERE)) == []
    assert sorted((set(WITHOUT) | NOTHING_YET | set(ELSEWHERE)) - writes) == []


@pytest.mark.parametrize(
    ("name", "value", "other"),
    [
        ("seen", "7", "0"),
        ("x:seen", "0", "1"),
        ("was", "a", "a1"),
        ("seen", "", "2020-01-02T03:04:05+00:00"),
        ("seen", "abc", "000"),
    ],
)
def test_an_older_version_is_another(name, value, other):
    assert older(name, value) == other
