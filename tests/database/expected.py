"""Who may read and write which rows of `world.py`, written by hand from the rules of scope.

Rows are told by their names in the world, with wildcards; ``*`` is all of a table and ``-`` none.
Of every table each viewer stands in exactly one line. The rules: ARCHITECTURE.md, "Tenants and
the tree", and `docs/adr`, "Row-level security".
"""

import re

_VIEWERS = """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D
specialist@E specialist@P observer@P system_admin nobody system
"""
VIEWERS = _VIEWERS.split()

_PUBLIC = """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C: *
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: *
specialist@E specialist@P observer@P: *
system_admin nobody system: *
"""

_SYSTEM_ONLY = """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P: -
system_admin nobody: -
system: *
"""

_PLANS = """
clerk@A leader@A unit_admin@A: A.* D.issued P.issued
observer@A: A.submitted A.review A.returned A.approved A.issued A.revoked D.issued P.issued
clerk@B: B.* D.issued P.issued
clerk@C: C.* E.issued P.issued
specialist@D finance_appraiser@D format_appraiser@D leader@D unit_admin@D: A.* B.* D.* P.issued
observer@D: A.* B.* D.issued D.synthesis P.issued
specialist@E: C.* E.* P.issued
specialist@P observer@P: *
system_admin nobody: -
system: *
"""

_REVISIONS = """
clerk@A leader@A unit_admin@A: A.* D.issued/1 P.issued/1
observer@A: A.submitted/1 A.review/1 A.returned/1 A.approved/1 A.issued/1 A.revoked/1 \
  D.issued/1 P.issued/1
clerk@B: B.* D.issued/1 P.issued/1
clerk@C: C.* E.issued/1 P.issued/1
specialist@D finance_appraiser@D format_appraiser@D leader@D unit_admin@D: \
  A.submitted/1 A.review/1 A.returned/1 A.approved/1 A.issued/1 A.revoked/1 B.* D.* P.issued/1
observer@D: A.submitted/1 A.review/1 A.returned/1 A.approved/1 A.issued/1 A.revoked/1 B.* \
  D.issued/1 D.synthesis/1 P.issued/1
specialist@E: C.approved/1 E.issued/1 P.issued/1
specialist@P observer@P: A.approved/1 A.issued/1 A.revoked/1 B.issued/1 C.approved/1 \
  D.issued/1 D.synthesis/1 E.issued/1 P.issued/1
system_admin nobody: -
system: *
"""

_SAID = """
clerk@A leader@A observer@A unit_admin@A: A.returned/1 A.approved/1
clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: *
specialist@E specialist@P observer@P: -
system_admin nobody: -
system: *
"""

_PEOPLE = """
clerk@A leader@A observer@A unit_admin@A: *@A *@D *@P
clerk@B: *@B *@D *@P
clerk@C: *@C *@E *@P
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: \
  *@A *@B *@D *@P
specialist@E: *@C *@E *@P
specialist@P observer@P: *@*
system_admin system: *
nobody: -
"""

_SETTINGS = """
clerk@A leader@A observer@A unit_admin@A: A D P
clerk@B: B D P
clerk@C: C E P
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: A B D P
specialist@E: C E P
specialist@P observer@P: *
system_admin system: *
nobody: -
"""

_QUOTAS = """
clerk@A leader@A observer@A unit_admin@A: D→A
clerk@B: D→B
clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: \
  D→A D→B P→D
specialist@E: P→E
specialist@P observer@P: *
system_admin nobody: -
system: *
"""

_CHAINS = """
clerk@A leader@A observer@A unit_admin@A: A
clerk@B: B
clerk@C: C
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: D
specialist@E: E
specialist@P observer@P: P
system_admin system: *
nobody: -
"""
_LINKS = re.sub(r": ([A-Z])$", r": \1:*", _CHAINS, flags=re.MULTILINE)

_PAPERS = """
clerk@A leader@A unit_admin@A: A.* D.issued/1 P.issued/1
observer@A: A.issued/1 A.revoked/1 A.byhand D.issued/1 P.issued/1
clerk@B: B.issued/1 D.issued/1 P.issued/1
clerk@C: E.issued/1 P.issued/1
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: \
  A.issued/1 A.revoked/1 B.issued/1 D.issued/1 P.issued/1
specialist@E: E.issued/1 P.issued/1
specialist@P observer@P: A.issued/1 A.revoked/1 B.issued/1 D.issued/1 E.issued/1 P.issued/1
system_admin nobody: -
system: *
"""

_REQUESTS = """
clerk@A leader@A observer@A unit_admin@A: A.*
clerk@B: B.*
clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: *
specialist@E: -
specialist@P observer@P: A.up*
system_admin nobody: -
system: *
"""

_VISITS = """
clerk@A leader@A observer@A unit_admin@A: A D
clerk@B: P
clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: *
specialist@E: -
specialist@P observer@P: *
system_admin nobody: -
system: *
"""

_FINDINGS = """
clerk@A leader@A observer@A unit_admin@A: D
clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: D
specialist@E: -
specialist@P observer@P: D
system_admin nobody: -
system: D
"""

_CLUBS = """
clerk@A leader@A observer@A unit_admin@A: A
clerk@B: B
clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: A B
specialist@E: -
specialist@P observer@P: A B
system_admin nobody: -
system: *
"""

_REGIMES = """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C: P
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: P
specialist@E specialist@P observer@P system_admin system: P
nobody: -
"""

READS = {
    "club": _CLUBS,
    "club_move": _CLUBS,
    "club_book": _CLUBS,
    "club_book_change": _CLUBS,
    "club_key": """
clerk@A leader@A unit_admin@A: A
observer@A clerk@C: -
clerk@B: B
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "report_regime": _REGIMES,
    "report_window": _REGIMES,
    "score_card": _REGIMES,
    "report_value": _REVISIONS,
    "report_item": _REVISIONS,
    "trail_head": _CHAINS,
    "trail_link": _LINKS,
    "unit": _PUBLIC,
    "unit_lineage": _PUBLIC,
    "office": _PUBLIC,
    "programme": _PUBLIC,
    "period": _PUBLIC,
    "phase": _PUBLIC,
    "area": _PUBLIC,
    "indicator": _PUBLIC,
    "calendar_day": _PUBLIC,
    "person": _PEOPLE,
    "role_assignment": _PEOPLE,
    "credential": _SYSTEM_ONLY,
    "password_reset": _SYSTEM_ONLY,
    "login_attempt": _SYSTEM_ONLY,
    "address_change": _SYSTEM_ONLY,
    "invitation": """
clerk@A leader@A observer@A clerk@B clerk@C: -
unit_admin@A: A
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D: -
unit_admin@D: D
specialist@E specialist@P observer@P nobody: -
system_admin system: *
""",
    "user_session": _SYSTEM_ONLY,
    "second_factor": _SYSTEM_ONLY,
    "recovery_code": _SYSTEM_ONLY,
    "audit_entry": """
clerk@A leader@A observer@A clerk@B clerk@C: -
unit_admin@A: unit_admin@A
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D: -
unit_admin@D: unit_admin@D
specialist@E specialist@P observer@P nobody: -
system_admin system: *
""",
    "participation": """
clerk@A leader@A observer@A unit_admin@A: A D
clerk@B: B D
clerk@C: C E
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: A B D
specialist@E: C E
specialist@P observer@P: *
system_admin system: *
nobody: -
""",
    "participation_move": """
clerk@A leader@A observer@A unit_admin@A: A D
clerk@B: B D
clerk@C: C E
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: A B D
specialist@E: C E
specialist@P observer@P: *
system_admin system: *
nobody: -
""",
    "unit_settings": _SETTINGS,
    "reception": """
clerk@A leader@A observer@A unit_admin@A clerk@B: D P
clerk@C: E P
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: D P
specialist@E: E P
specialist@P observer@P: *
system_admin system: *
nobody: -
""",
    "deadline": """
clerk@A leader@A observer@A unit_admin@A: P→all D→all D→A
clerk@B: P→all D→all D→B
clerk@C: P→all E→all
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: P→all D→*
specialist@E: P→all E→all
specialist@P observer@P: *
system_admin system: *
nobody: -
""",
    "document": _PLANS,
    "document_step": _PLANS,
    "revision": _REVISIONS,
    "revision_editor": _REVISIONS,
    "target": _REVISIONS,
    "section": _REVISIONS,
    "part_line": _REVISIONS,
    "finding": _REVISIONS,
    "explanation": _REVISIONS,
    "unlocked_line": _REVISIONS,
    "report_request": _REQUESTS,
    "request_move": _REQUESTS,
    "visit": _VISITS,
    "visited_club": _VISITS,
    "visit_finding": _FINDINGS,
    "finding_move": _FINDINGS,
    "check_switch": _SETTINGS,
    "receipt": """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: *
specialist@E: -
specialist@P observer@P: *
system_admin nobody: -
system: *
""",
    "opinion": _SAID,
    "remark": _SAID,
    "attachment": """
clerk@A leader@A unit_admin@A: A.draft+ A.review+ A.approved+ A.returned+2 A.review+request \
  A.returned+remark
observer@A: A.review+ A.approved+ A.review+request A.returned+remark
clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: \
  A.review+ A.approved+ A.review+request A.review+remark A.returned+remark
specialist@E: -
specialist@P observer@P: A.approved+
system_admin nobody: -
system: *
""",
    "event": """
clerk@A leader@A unit_admin@A: A.draft#1 A.clearance#* A.submitted#* A.review#[1234] A.returned#* \
  A.approved#* A.issued#* A.revoked#*
observer@A: A.submitted#3 A.review#[34] A.returned#[345] A.approved#[345] A.issued#[3456] \
  A.revoked#[34567]
clerk@B: B.*
clerk@C: C.*
specialist@D finance_appraiser@D format_appraiser@D leader@D unit_admin@D: A.submitted#3 \
  A.review#[345] A.returned#[345] A.approved#[345] A.issued#[3456] A.revoked#[34567] \
  B.*#[3456] D.*
observer@D: A.submitted#3 A.review#[345] A.returned#[345] A.approved#[345] A.issued#[3456] \
  A.revoked#[34567] B.*#[3456] D.*#[3456]
specialist@E: C.approved#[345] E.*
specialist@P: A.approved#[345] A.issued#[3456] B.issued#[3456] C.approved#[345] \
  D.synthesis#3 D.issued#[3456] E.issued#[3456] P.*
observer@P: A.approved#[345] A.issued#[3456] B.issued#[3456] C.approved#[345] \
  D.synthesis#3 D.issued#[3456] E.issued#[3456] P.issued#3
system_admin nobody: -
system: *
""",
    "outbox": """
clerk@A: clerk@A
leader@A: leader@A
unit_admin@A: clerk@A leader@A
clerk@B: clerk@B
specialist@D unit_admin@D: specialist@D
observer@A clerk@C finance_appraiser@D format_appraiser@D leader@D observer@D: -
specialist@E specialist@P observer@P nobody: -
system_admin system: *
""",
    "delegation": """
clerk@A leader@A observer@A unit_admin@A: clerk@A
clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: specialist@D
specialist@E specialist@P observer@P nobody: -
system_admin system: *
""",
    "calendar_feed": """
clerk@A: clerk@A
leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "workbook_upload": """
clerk@A: clerk@A D>A
leader@A unit_admin@A: D>A
observer@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "reading_upload": """
clerk@A: clerk@A
leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "club_list": """
clerk@A: clerk@A
leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "sheet_match": """
clerk@A leader@A unit_admin@A: A
observer@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "long_job": """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D: specialist@D
finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "roster": """
clerk@A leader@A observer@A clerk@B clerk@C: -
unit_admin@A: unit_admin@A
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "agency_code": _SETTINGS,
    "exchange_packet": """
clerk@A leader@A unit_admin@A: clerk@A
observer@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D unit_admin@D: unit_admin@D
observer@D specialist@E specialist@P observer@P system_admin nobody: -
system: *
""",
    "paper_template": """
clerk@A leader@A observer@A unit_admin@A: A
clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: A
specialist@E: -
specialist@P observer@P system_admin: A
nobody: -
system: *
""",
    "job_run": """
clerk@A leader@A observer@A unit_admin@A clerk@B clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: -
specialist@E specialist@P observer@P nobody: -
system_admin system: *
""",
    "official_paper": _PAPERS,
    "hand_over": """
clerk@A leader@A unit_admin@A: A.*
observer@A: A.issued/1 A.revoked/1
clerk@B: B.issued/1
clerk@C: -
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: D.issued/1
specialist@E: E.issued/1
specialist@P observer@P: P.issued/1
system_admin nobody: -
system: *
""",
    "signed_copy": _PAPERS.replace("A.byhand ", ""),
    "quota": _QUOTAS,
    "quota_move": _QUOTAS.replace("D→A", "D→A A→D"),
    "allotment": """
clerk@A leader@A observer@A unit_admin@A clerk@B: D.issued P.issued
clerk@C: P.issued
specialist@D finance_appraiser@D format_appraiser@D leader@D observer@D unit_admin@D: \
  D.issued P.issued
specialist@E: P.issued
specialist@P observer@P: *
system_admin nobody: -
system: *
""",
}

_SYSTEM_WRITES = "system: * | * | *"
_SYSTEM_ADMIN_WRITES = "system_admin system: * | * | *"

_SETTINGS_WRITES = """
unit_admin@A: A | A | A
unit_admin@D: D | D | D
system_admin system: * | * | *
"""


def _chains_written(what: str) -> str:
    """Let everybody lengthen their own unit's chain."""
    own = [
        f"{viewer}: {what.format(viewer[-1])}"
        for viewer in VIEWERS
        if viewer not in {"system_admin", "nobody", "system"}
    ]
    return "\n".join([*own, f"system_admin system: {what.format('*').replace('*:*', '*')}"])


_CONTENT_WRITES = """
clerk@A leader@A: A.draft/1 A.clearance/1 A.returned/2 | A.draft/1 A.clearance/1 A.returned/2 \
  | A.draft/1 A.clearance/1 A.returned/2
specialist@D finance_appraiser@D format_appraiser@D leader@D: D.draft/1 | D.draft/1 | D.draft/1
system: A.draft/1 A.clearance/1 A.returned/2 D.draft/1 \
  | A.draft/1 A.clearance/1 A.returned/2 D.draft/1 | A.draft/1 A.clearance/1 A.returned/2 D.draft/1
"""

_PUT_IN = """
clerk@A: A.* | - | -
clerk@B: B.* | - | -
specialist@D: D.* | - | -
specialist@E: E.* | - | -
specialist@P: P.* | - | -
system: * | - | -
"""

WRITES = {
    "trail_head": _chains_written("{0} | {0} | -"),
    "trail_link": _chains_written("{0}:* | - | -"),
    "unit": _SYSTEM_ADMIN_WRITES,
    "unit_lineage": _SYSTEM_ADMIN_WRITES,
    "office": _SETTINGS_WRITES,
    "programme": _SYSTEM_WRITES,
    "period": _SYSTEM_WRITES,
    "phase": _SYSTEM_WRITES,
    "area": _SYSTEM_WRITES,
    "indicator": _SYSTEM_WRITES,
    "calendar_day": _SYSTEM_WRITES,
    "person": """
clerk@A: - | clerk@A | -
leader@A: - | leader@A | -
observer@A: - | observer@A | -
unit_admin@A: - | unit_admin@A | -
clerk@B: - | clerk@B | -
clerk@C: - | clerk@C | -
specialist@D: - | specialist@D | -
finance_appraiser@D: - | finance_appraiser@D | -
format_appraiser@D: - | format_appraiser@D | -
leader@D: - | leader@D | -
observer@D: - | observer@D | -
unit_admin@D: - | unit_admin@D | -
specialist@E: - | specialist@E | -
specialist@P: - | specialist@P | -
observer@P: - | observer@P | -
system_admin system: * | * | -
""",
    "credential": _SYSTEM_WRITES,
    "role_assignment": """
unit_admin@A: *@A | *@A | *@A
unit_admin@D: *@D | *@D | *@D
system_admin system: * | * | *
""",
    "password_reset": _SYSTEM_WRITES,
    "login_attempt": _SYSTEM_WRITES,
    "address_change": "system: * | * | -",
    "invitation": "system: * | * | -",
    "user_session": _SYSTEM_WRITES,
    "second_factor": _SYSTEM_WRITES,
    "recovery_code": _SYSTEM_WRITES,
    "audit_entry": """
unit_admin@A: unit_admin@A | - | -
unit_admin@D: unit_admin@D | - | -
system_admin: system_admin | - | -
system: * | - | -
""",
    "participation": """
unit_admin@D: A B | A B | -
system_admin: * | * | -
system: * | * | *
""",
    "participation_move": """
unit_admin@D: A B | - | -
system_admin system: * | - | -
""",
    "unit_settings": _SETTINGS_WRITES,
    "agency_code": _SETTINGS_WRITES,
    "exchange_packet": """
clerk@A: clerk@A | - | -
unit_admin@D: unit_admin@D | - | -
system: * | - | -
""",
    "reception": """
unit_admin@D: D | D | D
system_admin system: * | * | *
""",
    "deadline": """
unit_admin@D: D→* | D→* | D→*
system_admin system: * | * | *
""",
    "document": """
clerk@A leader@A: A.* | A.* | -
clerk@B: B.* | B.* | -
clerk@C: C.* | C.* | -
specialist@D finance_appraiser@D format_appraiser@D leader@D: D.* | D.* B.* A.submitted A.review \
  A.returned A.approved A.issued A.revoked | -
specialist@E: E.* | E.* C.* | -
specialist@P: P.* | P.* D.issued D.synthesis E.issued | -
system: * | * | -
""",
    "document_step": """
clerk@A leader@A: A.* | - | -
clerk@B: B.* | - | -
clerk@C: C.* | - | -
specialist@D finance_appraiser@D format_appraiser@D leader@D: D.* | - | -
specialist@E: E.* | - | -
specialist@P: P.* | - | -
system: * | - | -
""",
    "revision": """
clerk@A leader@A: A.* | A.* | -
clerk@B: B.* | B.* | -
clerk@C: C.* | C.* | -
specialist@D finance_appraiser@D format_appraiser@D leader@D: D.* | D.* B.* A.submitted/1 \
  A.review/1 A.returned/1 A.approved/1 A.issued/1 A.revoked/1 | -
specialist@E: E.* | E.* C.* | -
specialist@P: P.* | P.* D.issued/1 D.synthesis/1 E.issued/1 | -
system: * | * | A.draft/1 A.clearance/1 A.returned/2 D.draft/1
""",
    "revision_editor": _CONTENT_WRITES,
    "target": _CONTENT_WRITES,
    "section": _CONTENT_WRITES,
    "part_line": _CONTENT_WRITES,
    "finding": _CONTENT_WRITES,
    "explanation": _CONTENT_WRITES,
    "unlocked_line": _CONTENT_WRITES,
    "report_value": _CONTENT_WRITES,
    "report_item": _CONTENT_WRITES,
    "club": """
clerk@A leader@A: A | A | -
clerk@B: B | B | -
system: * | * | -
""",
    "club_move": """
clerk@A leader@A: A | - | -
clerk@B: B | - | -
system: * | - | -
""",
    "club_key": """
clerk@A: A | A | -
leader@A: - | A | -
clerk@B: B | B | -
system: * | * | -
""",
    "club_book": """
clerk@A leader@A: A | A | -
clerk@B: B | B | -
system: * | * | -
""",
    "club_book_change": """
clerk@A leader@A: A | - | -
clerk@B: B | - | -
system: * | - | -
""",
    "report_regime": """
specialist@P system: P | P | -
""",
    "report_window": """
specialist@P system: P | - | -
""",
    "report_request": """
clerk@A leader@A: A.* | A.* | -
clerk@B: B.* | B.* | -
specialist@D finance_appraiser@D format_appraiser@D leader@D: - | A.open B.open | -
specialist@P: - | A.up | -
system: * | * | -
""",
    "request_move": """
clerk@A: A.open A.up | - | -
clerk@B: B.open | - | -
system: * | - | -
""",
    "visit": """
clerk@A: A | A | -
leader@A: - | A | -
specialist@D: D | D | -
finance_appraiser@D format_appraiser@D leader@D: - | D | -
specialist@P: P | P | -
system: * | * | -
""",
    "visited_club": """
clerk@A leader@A: A | A | A
specialist@D finance_appraiser@D format_appraiser@D leader@D: D | D | D
specialist@P: P | P | P
system: * | * | *
""",
    "visit_finding": """
clerk@A leader@A: - | D | -
specialist@D: D | D | -
finance_appraiser@D format_appraiser@D leader@D: - | D | -
system: D | D | -
""",
    "finding_move": """
clerk@A: D | - | -
system: D | - | -
""",
    "score_card": """
specialist@P system: P | P | P
""",
    "check_switch": _SETTINGS_WRITES,
    "receipt": "",
    "opinion": """
specialist@D: * | * | *
finance_appraiser@D format_appraiser@D leader@D: - | * | -
system: * | * | *
""",
    "remark": """
clerk@A leader@A: - | A.returned/1 A.approved/1 | -
specialist@D: * | * | A.review/1
finance_appraiser@D format_appraiser@D leader@D: - | * | -
system: * | * | A.review/1
""",
    "attachment": """
clerk@A: A.draft+ A.returned+2 A.review+request | A.draft+ A.returned+2 A.review+request | -
leader@A: - | A.draft+ A.returned+2 A.review+request | -
specialist@D: A.review+remark | A.review+remark | -
system: * | * | A.review+remark A.returned+remark
""",
    "event": """
clerk@A: A.*#[12] | - | -
leader@A: A.submitted#3 A.review#3 A.returned#3 A.approved#3 A.issued#[36] A.revoked#[367] | - | -
clerk@B: B.*#[12] | - | -
clerk@C: C.*#[12] | - | -
specialist@D: A.review#[45] A.returned#[45] A.approved#4 A.issued#4 A.revoked#4 B.issued#4 \
  D.synthesis#[12] | - | -
leader@D: A.approved#5 A.issued#5 A.revoked#5 B.issued#5 D.issued#[36] D.synthesis#3 | - | -
specialist@E: C.approved#4 | - | -
specialist@P: D.issued#4 E.issued#4 | - | -
system: * | - | -
""",
    "outbox": """
unit_admin@A: - | clerk@A leader@A | -
unit_admin@D: - | specialist@D | -
system_admin: - | * | -
system: * | * | *
""",
    "delegation": """
leader@A: clerk@A | clerk@A | -
unit_admin@A: - | clerk@A | -
leader@D: specialist@D | specialist@D | -
unit_admin@D: - | specialist@D | -
system: * | * | -
""",
    "calendar_feed": """
clerk@A: clerk@A | clerk@A | -
system: * | * | -
""",
    "workbook_upload": """
clerk@A: clerk@A D>A | clerk@A D>A | clerk@A D>A
leader@A unit_admin@A: D>A | D>A | D>A
system: * | * | *
""",
    "reading_upload": """
clerk@A: clerk@A | clerk@A | clerk@A
system: * | * | *
""",
    "club_list": """
clerk@A: clerk@A | clerk@A | clerk@A
system: * | * | *
""",
    "sheet_match": """
clerk@A leader@A unit_admin@A: A | A | A
system: * | * | *
""",
    "long_job": """
specialist@D: specialist@D | specialist@D | specialist@D
system: * | * | *
""",
    "roster": """
unit_admin@A: unit_admin@A | unit_admin@A | unit_admin@A
system: * | * | *
""",
    "paper_template": """
unit_admin@A: A | A | -
system_admin: - | A | -
system: * | * | -
""",
    "job_run": """
system: * | * | -
""",
    "official_paper": """
clerk@A leader@A: A.* | A.* | -
clerk@B: B.* | B.* | -
specialist@D finance_appraiser@D format_appraiser@D leader@D: D.* | D.* | -
specialist@E: E.* | E.* | -
specialist@P: P.* | P.* | -
system: * | * | -
""",
    "hand_over": _PUT_IN,
    "signed_copy": _PUT_IN,
    "quota": """
specialist@D finance_appraiser@D format_appraiser@D leader@D: D→* | D→* | D→*
specialist@P: P→* | P→* | P→*
system: * | * | *
""",
    "quota_move": """
clerk@A: A→D | - | -
specialist@D: D→* | - | -
specialist@P: P→* | - | -
system: * | - | -
""",
    "allotment": """
specialist@D finance_appraiser@D format_appraiser@D leader@D: D.issued | D.issued | D.issued
specialist@P: P.issued | P.issued | P.issued
system: * | * | *
""",
}
"""Rows of which a copy may be inserted, which may be updated, which deleted. Who is not named may
do nothing."""
