"""Every route is in this list, written by hand; a new one that is not fails here."""

import pytest
from flask import Flask

from lth.blueprints.web.permissions import GRANTS, Permission, needs, permission_of, register
from lth.models.person import Role

LEVEL = {
    "desk": "read_documents",
    "club_ratings": "read_clubs",
    "club_rating": "read_clubs",
    "work": "act",
    "work_many": "act",
    "month": "read_documents",
    "trail": "read_trail",
    "trail_file": "read_trail",
    "document_handover": "read_documents",
    "document_hand_over": "keep_register",
    "document_package": "read_documents",
    "document_put_signed": "keep_register",
    "document_signed": "read_documents",
    "document_correction": "keep_register",
    "document_correct": "keep_register",
    "register": "read_register",
    "register_file": "read_register",
    "register_new": "keep_register",
    "register_enter": "keep_register",
    "register_strike": "keep_register",
    "register_struck": "keep_register",
    "reports_sent": "read_documents",
    "reports_sent_in": "read_documents",
    "documents": "read_documents",
    "document": "read_documents",
    "document_act": "act",
    "document_do": "act",
    "document_papers": "read_documents",
    "document_paper": "read_documents",
    "document_files": "read_documents",
    "document_attach": "act",
    "document_remark_files": "read_documents",
    "document_remark_attach": "act",
    "document_request_files": "read_documents",
    "document_request_attach": "act",
    "document_file": "read_documents",
    "document_file_remove": "act",
    "document_remark": "review",
    "document_reword": "review",
    "document_unpin": "review",
    "reading_new": "draft",
    "reading_upload": "draft",
    "reading": "draft",
    "reading_take": "draft",
    "reading_convert": "draft",
    "reading_drop": "draft",
    "document_new": "draft",
    "document_start": "draft",
    "document_draft": "draft",
    "document_save_draft": "draft",
    "document_answer": "draft",
    "document_open_line": "draft",
    "document_line": "draft",
    "document_save_line": "draft",
    "document_parts": "draft",
    "document_add_part": "draft",
    "document_save_part": "draft",
    "document_take_back_parts": "draft",
    "document_remove_part": "draft",
    "document_move_part": "draft",
    "document_values": "draft",
    "document_save_values": "draft",
    "document_values_from_books": "draft",
    "document_values_nil": "draft",
    "document_items": "draft",
    "document_add_item": "draft",
    "document_save_item": "draft",
    "document_remove_item": "draft",
    "document_move_item": "draft",
    "document_checks": "read_documents",
    "document_explain": "draft",
    "document_workbook_file": "read_documents",
    "document_workbook": "draft",
    "document_workbook_upload": "draft",
    "document_workbook_merge": "draft",
    "document_workbook_apply": "draft",
    "document_workbook_convert": "draft",
    "document_workbook_match": "draft",
    "document_workbook_drop": "draft",
    "clubs_books": "read_clubs",
    "club_books": "read_clubs",
    "club_book": "read_clubs",
    "club_book_paper": "read_clubs",
    "regimes": "read_documents",
    "regime_windows": "read_documents",
    "regime": "read_documents",
    "document_review": "read_documents",
    "request": "read_documents",
    "request_step": "move_request",
    "clubs": "read_clubs",
    "club": "read_clubs",
    "club_history": "read_clubs",
    "club_visits": "read_clubs",
    "club_visited": "read_clubs",
    "club_visit": "read_clubs",
    "club_visit_new": "keep_visits",
    "club_visit_plan": "keep_visits",
    "club_visit_edit": "keep_visits",
    "club_visit_change": "keep_visits",
    "club_visit_off": "keep_visits",
    "club_visit_call_off": "keep_visits",
    "club_visit_done": "keep_visits",
    "club_visit_note_done": "keep_visits",
    "club_visit_find": "keep_visits",
    "club_findings": "read_clubs",
    "club_finding": "read_clubs",
    "club_finding_step": "keep_visits",
    "document_doubts": "read_documents",
    "document_confirm": "draft",
    "results": "read_documents",
    "results_unit": "read_documents",
    "results_table": "read_documents",
    "results_beside": "read_documents",
    "results_clubs": "read_documents",
    "results_indicator": "read_documents",
    "delegations": "delegate",
    "delegation_new": "delegate",
    "delegation_record": "delegate",
    "delegation_end": "delegate",
}
ASKING = {"requests": "read_documents"}
REVIEWING = {
    "results_map": "read_documents",
    "requests_below": "read_documents",
    "clubs_units": "read_clubs",
    "club_move": "keep_regimes",
    "club_do_move": "keep_regimes",
    "inbox": "read_documents",
    "inbox_many": "review",
    "document_paper_begin": "read_documents",
    "paper_job": "read_documents",
    "paper_job_file": "read_documents",
    "packs": "synthesise",
    "packs_out": "synthesise",
    "packs_in": "synthesise",
    "pack": "synthesise",
    "pack_file": "synthesise",
    "document_synthesis": "read_documents",
    "document_take_over": "synthesise",
    "document_figure": "read_documents",
    "document_clubs": "read_documents",
    "document_items_below": "read_documents",
    "document_take_item": "synthesise",
    "document_money": "read_documents",
    "document_matrix": "read_documents",
}
GIVING = {
    "document_quotas": "read_documents",
    "document_quotas_of_unit": "read_documents",
    "document_settle": "hand_down",
    "document_split": "hand_down",
    "document_hand_down": "hand_down",
    "document_note_older": "hand_down",
}
KEEPING_BOOKS = {
    "club_book_save": "keep_clubs",
    "club_book_correction": "keep_clubs",
    "club_book_correct": "keep_clubs",
    "club_key": "keep_clubs",
    "club_key_give": "keep_clubs",
    "club_key_revoke": "keep_clubs",
}
KEEPING = {
    "regime_new": "keep_regimes",
    "regime_add": "keep_regimes",
    "regime_take": "keep_regimes",
    "regime_edit": "keep_regimes",
    "regime_change": "keep_regimes",
    "regime_end": "keep_regimes",
    "regime_open": "keep_regimes",
    "regime_review": "keep_regimes",
    "regime_open_review": "keep_regimes",
}
RECEIVING = {
    "document_assigned": "read_documents",
    "document_answer_quotas": "answer_quota",
}
KEEPING_CLUBS = {
    "club_new": "keep_clubs",
    "club_found": "keep_clubs",
    "club_edit": "keep_clubs",
    "club_change": "keep_clubs",
    "club_act": "keep_clubs",
    "club_do": "keep_clubs",
    "clubs_list": "keep_clubs",
    "clubs_list_upload": "keep_clubs",
    "clubs_list_template": "keep_clubs",
    "clubs_list_one": "keep_clubs",
    "clubs_list_write": "keep_clubs",
    "clubs_list_rows": "keep_clubs",
    "clubs_list_drop": "keep_clubs",
}
SCORING = {"score_card": "keep_regimes", "score_card_save": "keep_regimes"}
DESKS = {
    "commune": LEVEL | ASKING | RECEIVING | KEEPING_CLUBS | KEEPING_BOOKS,
    "district": LEVEL | ASKING | REVIEWING | GIVING | KEEPING | RECEIVING,
    "province": LEVEL | REVIEWING | GIVING | KEEPING | SCORING,
}
ADMINISTERING = {
    "checks": "checks off on",
    "codes": "codes add create end finish import list remove",
    "deadlines": "deadlines rounds all set_all add change create edit remove",
    "offices": "offices add change create edit remove",
    "participation": "participation period join_all join come leave go",
    "people": "people add create do end end_role give invitation_do invitations name one rename"
    " role",
    "ready": "ready",
    "roster": "roster do drop mend one progress remind rows send template upload",
    "settings": "settings save below set_below reset_below",
    "templates": "templates back file one upload",
    "trail": "trail file",
}
"""The endpoints of the administrators' sections: the section itself, then what is done in it."""

OPEN = (
    "answer_invitation enter forgotten home invitation password send_link session set_password"
    " sign_in sign_out"
)
BOARD = "door come_in leave worker months month keep correction correct paper"
ACCESS = {
    **{
        f"admin.{section}" if name == section else f"admin.{section}_{name}": "administer_unit"
        for section, names in ADMINISTERING.items()
        for name in names.split()
    },
    **{f"auth.{name}": "public" for name in OPEN.split()},
    "account.switch_language": "public",
    "mail.handle": "administer_unit",
    "mail.retry_all": "administer_unit",
    "mail.background": "administer_system",
    "admin.units": "administer_system",
    "admin.units_choose": "administer_system",
    "admin.units_import": "administer_system",
    "admin.programmes": "administer_system",
    "admin.programme_file": "administer_system",
    "admin.programme_add": "administer_system",
    "admin.programme_import": "administer_system",
    "admin.programme_period": "administer_system",
    "admin.programme_open": "administer_system",
    "admin.programme_period_edit": "administer_system",
    "admin.programme_period_change": "administer_system",
    "admin.calendar": "administer_system",
    "admin.calendar_decide": "administer_system",
    "admin.calendar_forget": "administer_system",
    "packets.listing": "exchange",
    "packets.packet_upload": "exchange",
    "packets.one": "exchange",
    "packets.file": "exchange",
    "packets.attachment": "exchange",
    "packets.packet_answer": "exchange",
    "account.profile": "signed_in",
    "account.change_password": "signed_in",
    "account.switch_role": "signed_in",
    "account.own_name": "signed_in",
    "account.rename": "signed_in",
    "account.begin_in": "signed_in",
    "account.answer": "signed_in",
    "account.own_address_form": "signed_in",
    "account.change_address": "signed_in",
    "account.address_change": "public",
    "account.answer_change": "public",
    "admin.people_address": "administer_system",
    "admin.people_replace_address": "administer_system",
    "account.choose_mail": "signed_in",
    "account.end_session": "signed_in",
    "account.second_factor": "signed_in",
    "account.begin_second_factor": "signed_in",
    "account.confirm_second_factor": "signed_in",
    "account.renew_recovery_codes": "signed_in",
    "account.turn_off_second_factor": "signed_in",
    "auth.ask_code": "public",
    "auth.enter_code": "public",
    "admin.reset_second_factor": "administer_system",
    "account.end_other_sessions": "signed_in",
    "account.feed": "signed_in",
    "account.make_feed": "signed_in",
    "account.revoke_feed": "signed_in",
    "feed.calendar": "public",
    "notices.listing": "read_notices",
    "notices.one": "read_notices",
    "notices.open_one": "read_notices",
    "notices.read_one": "read_notices",
    "notices.read_all": "read_notices",
    "mail.message": "read_mail",
    "mail.outgoing": "read_mail",
    "guide.start": "signed_in",
    "static": "public",
    "health.healthz": "public",
    **{f"book.{name}": "public" for name in BOARD.split()},
    "papers.ask": "public",
    "papers.check": "public",
    "papers.compare": "public",
    **{f"{level}.{name}": needed for level, desk in DESKS.items() for name, needed in desk.items()},
}
HOLDERS = {
    "read_documents": "clerk leader specialist finance_appraiser format_appraiser observer",
    "read_register": "clerk leader specialist finance_appraiser format_appraiser observer"
    " unit_admin",
    "keep_register": "clerk leader specialist",
    "read_clubs": "clerk leader specialist finance_appraiser format_appraiser observer",
    "keep_clubs": "clerk leader",
    "keep_regimes": "leader specialist",
    "act": "clerk leader specialist finance_appraiser format_appraiser",
    "draft": "clerk specialist",
    "review": "leader specialist finance_appraiser format_appraiser",
    "synthesise": "specialist",
    "hand_down": "clerk specialist leader",
    "answer_quota": "clerk leader",
    "move_request": "clerk leader specialist",
    "keep_visits": "clerk leader specialist",
    "delegate": "leader unit_admin",
    "exchange": "clerk leader specialist unit_admin",
    "administer_unit": "unit_admin system_admin",
    "administer_system": "system_admin",
    "read_mail": "unit_admin system_admin",
    "read_notices": " ".join(role.value for role in Role),
}


def test_every_route_is_in_the_list(app):
    found = {endpoint: permission_of(app, endpoint).value for endpoint in app.view_functions}
    assert found == ACCESS


@pytest.mark.parametrize("permission", HOLDERS)
def test_who_holds_a_permission(permission):
    roles = GRANTS[Permission(permission)]
    assert {role.value for role in roles} == set(HOLDERS[permission].split())


def test_a_view_without_a_stamp_stops_the_application():
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(LookupError, match="open"):
        register(app)


def test_a_stamped_view_lets_it_start():
    app = Flask(__name__)
    app.add_url_rule("/open", "open", needs(Permission.PUBLIC)(lambda: ""))
    register(app)
    assert permission_of(app, "open") is Permission.PUBLIC


def test_without_signing_in_every_page_leads_to_the_sign_in_page(guarded):
    client = guarded.test_client()
    for rule in guarded.url_map.iter_rules():
        if permission_of(guarded, rule.endpoint) is Permission.PUBLIC or rule.arguments:
            continue
        if "GET" in rule.methods:
            answer = client.get(rule.rule)
            assert answer.status_code == 302, rule
            assert "/sign-in" in answer.headers["Location"], rule
