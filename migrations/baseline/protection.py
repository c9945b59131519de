"""Say who may read and write which row of each table, and what stands once it is there.

The conditions read like `lth/access/scope.py`; `tests/database` holds both to one expectation.
"""

from schema_tools.policies import (
    CHECK,
    SYSTEM,
    SYSTEM_ADMIN,
    Policies,
    every,
    in_document,
    in_revision,
    near,
    there,
)
from schema_tools.protection import CONTENT, Protection
from schema_tools.rules import GROWS_ONLY, Rule, changed, fixed, kept_by_own_unit


def _public(written_by: str) -> Protection:
    """Public knowledge: read by all."""
    return Protection(every(written_by) | {"SELECT": "true"})


_ADMINISTRATOR = "$system OR $system_admin OR unit_id = $administered"

# A road is laid by the settings of the units above.
SETTINGS = Protection(
    every(_ADMINISTRATOR) | {"SELECT": f"$system OR $system_admin OR {near()}"},
)

# Someone who holds or held a role on one's own line of the tree may be met on a document's road.
PERSON = Protection(
    {
        "SELECT": "$system OR $system_admin OR id = $me OR "
        + there("role_assignment AS a", "a.person_id = person.id"),
        "INSERT": SYSTEM_ADMIN,
        "UPDATE": "$system OR $system_admin OR id = $me",
    }
)

ROLE_ASSIGNMENT = Protection(
    every(_ADMINISTRATOR) | {"SELECT": f"$system OR $system_admin OR person_id = $me OR {near()}"}
)

_DECIDES = "unit_id = $own AND $role IN ('leader', 'unit_admin')"
DELEGATION = Protection(
    {
        "SELECT": "$system OR $system_admin OR unit_id = $own OR receiver_id = $me",
        "INSERT": f"$system OR {_DECIDES} AND created_by_id = $me",
        "UPDATE": f"$system OR {_DECIDES}",
    },
    (
        Rule(
            "never_rewritten",
            "UPDATE",
            "what is decided is never rewritten, and ends once",
            changed(
                "unit_id",
                "giver_id",
                "receiver_id",
                "form",
                "subject",
                "programme_id",
                "number",
                "decided_on",
                "starts_on",
                "ends_on",
                "passed_on_from_id",
                "created_at",
                "created_by_id",
            )
            + f" OR OLD.ended_at IS NOT NULL AND {changed('ended_at', 'ended_by_id')}",
        ),
        Rule("never_goes", "DELETE", "what was decided stays"),
    ),
)

AUDIT_ENTRY = Protection(
    {
        "SELECT": _ADMINISTRATOR,
        "INSERT": "$system OR person_id = $me AND ($system_admin OR unit_id = $administered)",
    },
    GROWS_ONLY,
)

# An administrator sees who was invited to the unit; who the addresses are, nobody.
INVITATION = Protection(
    {
        "SELECT": _ADMINISTRATOR,
        "INSERT": SYSTEM,
        "UPDATE": SYSTEM,
    },
    (
        fixed(
            "keeps_its_answer",
            ("accepted_at", "declined_at", "withdrawn_at", "person_id"),
            "an invitation is answered once",
            "(OLD.accepted_at IS NOT NULL OR OLD.declined_at IS NOT NULL"
            " OR OLD.withdrawn_at IS NOT NULL)",
        ),
        Rule("never_goes", "DELETE", "an invitation stays"),
    ),
)

ADDRESS_CHANGE = Protection(dict.fromkeys(("SELECT", "INSERT", "UPDATE"), SYSTEM))

# A unit's acts lengthen its own chain; chain 0 is that of no unit.
_OWN_CHAIN = "$system OR $system_admin OR chain = $own"
TRAIL_LINK = Protection({"SELECT": _OWN_CHAIN, "INSERT": _OWN_CHAIN}, GROWS_ONLY)
TRAIL_HEAD = Protection(
    {"SELECT": _OWN_CHAIN, "INSERT": _OWN_CHAIN, "UPDATE": _OWN_CHAIN},
    (
        Rule(
            "never_goes_back",
            "UPDATE",
            "a chain only grows",
            "NEW.seq < OLD.seq OR NEW.chain <> OLD.chain",
        ),
        Rule("never_goes", "DELETE", "a chain only grows"),
    ),
)

CALENDAR_FEED = Protection(
    dict.fromkeys(("SELECT", "INSERT", "UPDATE"), "$system OR person_id = $me")
)

ROSTER = Protection(
    every("$system OR created_by_id = $me AND ($system_admin OR unit_id = $administered)")
)

# Those who write in a unit and its administrator take packets in and answer them.
EXCHANGE_PACKET = Protection(
    {
        "SELECT": "$system OR unit_id = $own AND $drafts",
        "INSERT": "$system OR person_id = $me AND unit_id IN ($writing, $administered)",
    },
    GROWS_ONLY,
)

# A paper is written, and read again, by those on the line of its unit.
PAPER_TEMPLATE = Protection(
    {
        "SELECT": f"$system OR $system_admin OR {near()}",
        "INSERT": f"$system OR person_id = $me AND ({_ADMINISTRATOR})",
        "UPDATE": _ADMINISTRATOR,
    },
    (
        fixed(
            "never_rewritten",
            (
                *("unit_id", "person_id", "layout", "sha256", "file_name", "uploaded_at"),
                *("person_name", "person_position", "unit_name"),
            ),
            "a template stays what it was",
        ),
        fixed(
            "is_retired_once",
            ("retired_at",),
            "what is retired stays retired",
            "OLD.retired_at IS NOT NULL",
        ),
        Rule("never_goes", "DELETE", "papers were written on it"),
    ),
)
# Who uploaded a workbook looks it over alone; one that a unit was sent, its drafters.
WORKBOOK_UPLOAD = Protection(
    every("$system OR unit_id = $own AND $drafts AND (created_by_id = $me OR offered_by <> '')")
)
# Who sent an existing plan to be read takes items of it alone.
READING_UPLOAD = Protection(every("$system OR unit_id = $own AND $drafts AND created_by_id = $me"))
# Who sent a list of clubs takes rows of it alone.
CLUB_LIST = Protection(every("$system OR unit_id = $own AND $drafts AND created_by_id = $me"))
SHEET_MATCH = Protection(every("$system OR unit_id = $own AND $drafts"))
LONG_JOB = Protection(every("$system OR person_id = $me"))

JOB_RUN = Protection({"SELECT": SYSTEM_ADMIN, "INSERT": SYSTEM, "UPDATE": SYSTEM})

OUTBOX = Protection(
    {
        "SELECT": "$system OR $system_admin OR person_id = $me OR unit_id = $administered",
        "INSERT": SYSTEM,
        "UPDATE": _ADMINISTRATOR,
        "DELETE": SYSTEM,
    }
)

# A unit's administrator says who takes part of those below it, however far.
_ADMINISTERS_BELOW = "$system OR $system_admin OR unit_id <> $administered AND " + there(
    "unit AS u", "u.id = $table.unit_id AND u.path ^@ $path"
)
PARTICIPATION = Protection(
    {
        "SELECT": f"$system OR $system_admin OR parent_id = $own OR {near()}",
        "INSERT": _ADMINISTERS_BELOW,
        "UPDATE": _ADMINISTERS_BELOW,
        "DELETE": SYSTEM,
    }
)

PARTICIPATION_MOVE = Protection(
    {
        "SELECT": f"$system OR $system_admin OR parent_id = $own OR {near()}",
        "INSERT": _ADMINISTERS_BELOW,
    },
    GROWS_ONLY,
)

DEADLINE = Protection(
    every(
        "$system OR $system_admin OR setter_id = $administered AND (unit_id IS NULL OR "
        + there("unit AS u", "u.id = deadline.unit_id AND u.path ^@ $path")
        + ")"
    )
    | {
        "SELECT": f"$system OR $system_admin OR {near('setter_id')}"
        f" AND (unit_id IS NULL OR {near()})"
    }
)

# The next step answers a request for more time also on what was never sent to it.
_NEXT_ABOVE = there(
    "unit AS u", "u.id = document.next_unit_id AND $path ^@ u.path AND u.id <> $writing"
)
DOCUMENT = Protection(
    {
        "SELECT": """
    $system OR CASE $own
        WHEN unit_id THEN $drafts OR sent_number IS NOT NULL OR in_force_number IS NOT NULL
        ELSE unit_path ^@ $path OR in_force_number IS NOT NULL AND $path ^@ unit_path END""",
        "INSERT": "$system OR unit_id = $writing AND unit_path = $path"
        f" AND (next_unit_id IS NULL OR {_NEXT_ABOVE})",
        "UPDATE": "$system OR $writing IN (unit_id, next_unit_id)",
        CHECK: """
    $system OR CASE $writing
        WHEN unit_id THEN true
        WHEN next_unit_id THEN sent_number IS NOT NULL OR asked_until IS NOT NULL
        ELSE false END""",
    },
    (
        fixed(
            "keeps_its_road",
            (
                "unit_id",
                "unit_path",
                "programme_id",
                "period_id",
                "kind",
                "subperiod",
                "mode",
                "next_unit_id",
                "created_at",
                "created_by_id",
            ),
            "its unit, period and road are fixed",
        ),
        kept_by_own_unit("sent_number", "in_force_number", "cleared_from"),
        Rule(
            "extended_from_above",
            "UPDATE OF extended_until",
            "only the next step extends its time",
            f"OLD.unit_id = public.lth_unit_id() AND {changed('extended_until')}",
            asks_scope=True,
        ),
    ),
)

DOCUMENT_STEP = Protection(
    {
        "SELECT": f"$system OR {in_document()}",
        "INSERT": f"$system OR {in_document('d.unit_id = $writing')}",
    },
    GROWS_ONLY,
)

_FROZEN = "OLD.frozen_at IS NOT NULL"
_STAYS_ISSUED = "OLD.issued_at IS NOT NULL AND NEW.issued_at IS NOT NULL"
_SIGNATURE = ("issued_at", "document_number", "issued_on", "sign_form", "signed_by_id")
REVISION = Protection(
    {
        "SELECT": """
    $system OR CASE $own
        WHEN unit_id THEN $drafts OR submitted_at IS NOT NULL OR issued_at IS NOT NULL
        WHEN next_unit_id THEN submitted_at IS NOT NULL AND withdrawn_at IS NULL
        ELSE released_at IS NOT NULL AND withdrawn_at IS NULL AND unit_path ^@ $path
            OR issued_at IS NOT NULL AND $path ^@ unit_path END""",
        "INSERT": "$system OR unit_id = $writing AND unit_path = $path AND "
        + in_document(
            "d.unit_id = $writing AND d.next_unit_id IS NOT DISTINCT FROM revision.next_unit_id"
        ),
        "UPDATE": """
    $system OR CASE $writing
        WHEN unit_id THEN true
        WHEN next_unit_id THEN submitted_at IS NOT NULL AND withdrawn_at IS NULL
        ELSE false END""",
        "DELETE": SYSTEM,
    },
    (
        fixed(
            "keeps_its_place",
            ("document_id", "number", "unit_id", "unit_path", "next_unit_id", "created_at"),
            "its document, number and road are fixed",
        ),
        fixed(
            "stays_frozen",
            ("frozen_at", "sha256", "absence_reason"),
            "what is frozen stays frozen",
            _FROZEN,
        ),
        Rule("frozen_never_goes", "DELETE", "what is frozen stays", _FROZEN),
        fixed(
            "keeps_its_lateness",
            ("days_late",),
            "what was sent late stays sent late",
            "OLD.submitted_at IS NOT NULL",
        ),
        fixed(
            "keeps_its_signature",
            _SIGNATURE,
            "what is issued keeps its number, date and signature",
            _STAYS_ISSUED,
        ),
        Rule(
            "keeps_its_block",
            "UPDATE OF signature",
            "what is issued keeps its signature",
            f"{_STAYS_ISSUED} AND OLD.signature{{text}} {{differs}} NEW.signature{{text}}",
        ),
        kept_by_own_unit(
            "based_on_number",
            "edit_count",
            "edited_at",
            "frozen_at",
            "sha256",
            "submitted_at",
            "days_late",
            "withdrawn_at",
            "taken_over_at",
            "absence_reason",
            *_SIGNATURE,
            "signature",
        ),
    ),
)

# A private act stays in the unit that did it; an observer does not read the own unit's.
_ACT = """
    CASE WHEN event.private
        THEN event.unit_id = $own AND ($drafts OR d.unit_id <> event.unit_id)
        ELSE $own IN (d.unit_id, d.next_unit_id)
            OR d.released_number IS NOT NULL AND d.unit_path ^@ $path END"""
EVENT = Protection(
    {
        "SELECT": f"$system OR {in_document(_ACT)}",
        "INSERT": "$system OR unit_id = $writing AND person_id = $me AND role = $role AND "
        + in_document("$writing IN (d.unit_id, d.next_unit_id)"),
    },
    GROWS_ONLY,
)

# The reviewing unit's; the document's own unit reads what is published.
_SAID: Policies = {
    "SELECT": "$system OR unit_id = $own"
    f" OR published_at IS NOT NULL AND {in_revision('r.unit_id = $own')}",
    "INSERT": "$system OR unit_id = $writing AND person_id = $me"
    f" AND {in_revision('r.next_unit_id = $writing')}",
    "UPDATE": "$system OR unit_id = $writing",
    "DELETE": "$system OR unit_id = $writing AND person_id = $me",
}
OPINION = Protection(_SAID)

_ANSWERED = f"published_at IS NOT NULL AND {in_revision('r.unit_id = $writing')}"
_PUBLISHED = "OLD.published_at IS NOT NULL"
REMARK = Protection(
    _SAID | {"UPDATE": f"$system OR unit_id = $writing OR {_ANSWERED}"},
    (
        fixed(
            "keeps_its_words",
            ("revision_id", "unit_id", "person_id", "line_key", "text", "created_at"),
            "what is published keeps its words",
            _PUBLISHED,
        ),
        Rule("published_never_goes", "DELETE", "what is published stays", _PUBLISHED),
    ),
)

# A file is read with what it is of, and put there by who has that in hand.
_WITH = """
    CASE WHEN $table.remark_id IS NOT NULL THEN {remark}
        WHEN $table.event_id IS NOT NULL THEN {event}
        ELSE {revision} END"""
_ITS_REMARK, _ITS_EVENT, _ITS_REVISION = (
    "m.id = $table.remark_id AND r.document_id = $table.document_id",
    "e.id = $table.event_id AND e.document_id = $table.document_id",
    "r.document_id = $table.document_id AND r.number",
)
_REMARKED = "remark AS m JOIN revision AS r ON r.id = m.revision_id"
_OPEN = "r.unit_id = $writing AND r.frozen_at IS NULL"
_HELD_FILE = "$system OR unit_id = $writing AND " + _WITH.format(
    remark=there(
        _REMARKED,
        f"{_ITS_REMARK} AND m.unit_id = $writing AND m.person_id = $me AND m.published_at IS NULL",
    ),
    event=there("event AS e", f"{_ITS_EVENT} AND e.unit_id = $writing"),
    revision=there("revision AS r", f"{_ITS_REVISION} >= $table.from_number AND {_OPEN}"),
)
# Its own unit also sees one that is gone before it was sent: an UPDATE must see what it leaves.
ATTACHMENT = Protection(
    {
        "SELECT": "$system OR unit_id = $own AND $drafts OR "
        + _WITH.format(
            remark=there(_REMARKED, _ITS_REMARK),
            event=there("event AS e", _ITS_EVENT),
            revision=there(
                "revision AS r",
                f"{_ITS_REVISION} >= $table.from_number"
                " AND r.number < COALESCE($table.removed_number, r.number + 1)",
            ),
        ),
        "INSERT": f"$system OR person_id = $me AND ({_HELD_FILE})",
        "UPDATE": _HELD_FILE,
        "DELETE": SYSTEM,
    },
    (
        fixed(
            "never_rewritten",
            (
                *("document_id", "remark_id", "event_id", "from_number", "unit_id", "person_id"),
                *("name", "media_type", "size", "sha256", "note", "added_at"),
                *("person_name", "person_position", "unit_name"),
            ),
            "a file stays what it is",
        ),
        Rule(
            "is_removed_once",
            "UPDATE",
            "what is removed stays removed",
            "OLD.removed_at IS NOT NULL",
        ),
        Rule("never_goes", "DELETE", "what was there stays in the trail", "OLD.remark_id IS NULL"),
    ),
)

_GIVER = f"$system OR {in_document('d.unit_id = $writing')}"
_GIVEN = """
    (CASE $own
        WHEN d.unit_id THEN true
        WHEN quota.unit_id THEN true
        WHEN d.next_unit_id THEN d.sent_number IS NOT NULL
        ELSE d.released_number IS NOT NULL AND d.unit_path ^@ $path END)"""
QUOTA = Protection(every(_GIVER) | {"SELECT": f"$system OR {in_document(_GIVEN)}"})
ALLOTMENT = Protection(every(_GIVER) | {"SELECT": f"$system OR {in_document()}"})

# The unit below answers, the giver does the rest.
_IN_TURN = there(
    "quota AS q JOIN document AS d ON d.id = q.document_id",
    "q.id = quota_move.quota_id AND"
    " CASE WHEN quota_move.move IN ('accept', 'counter') THEN q.unit_id ELSE d.unit_id END"
    " = $writing",
)
QUOTA_MOVE = Protection(
    {
        "SELECT": "$system OR " + there("quota AS q", "q.id = quota_move.quota_id"),
        "INSERT": f"$system OR unit_id = $writing AND person_id = $me AND {_IN_TURN}",
    },
    GROWS_ONLY,
)

# The own unit's; once it is in the register, whoever reads its revision reads the paper too.
OFFICIAL_PAPER = Protection(
    {
        "SELECT": f"""
    $system OR CASE $own
        WHEN unit_id THEN $drafts OR registered_at IS NOT NULL
        ELSE registered_at IS NOT NULL AND {in_revision()} END""",
        "INSERT": "$system OR unit_id = $writing"
        f" AND (document_id IS NULL OR {in_document('d.unit_id = $writing')})",
        "UPDATE": "$system OR unit_id = $writing",
    },
    (
        fixed(
            "keeps_its_place",
            ("unit_id", "document_id", "revision_id", "code", "created_at"),
            "its unit, revision and code are fixed",
        ),
        fixed(
            "keeps_its_number",
            (
                *("letters", "subject", "number", "symbol", "written", "year", "issued_on"),
                *("signer", "registered_at", "entered_by_id", "entered_by_name"),
                *("follows_id", "link"),
            ),
            "what is in the register stays as it was entered",
            "OLD.registered_at IS NOT NULL AND NEW.registered_at IS NOT NULL",
        ),
        fixed(
            "stays_struck_out",
            ("struck_at", "struck_by_id", "struck_by_name", "struck_reason"),
            "a number is struck out once",
            "OLD.struck_at IS NOT NULL",
        ),
        fixed(
            "keeps_its_stamp",
            ("urgency",),
            "a paper that is out keeps its stamp",
            "OLD.registered_at IS NOT NULL AND OLD.handed_over_at IS NOT NULL"
            " AND NEW.registered_at IS NOT NULL",
        ),
        Rule("never_goes", "DELETE", "a paper stays"),
    ),
)
_OF_PAPER = there("official_paper AS p", "p.id = $table.paper_id")
_PUT_BY_OWN = "$system OR unit_id = $writing AND person_id = $me AND " + there(
    "official_paper AS p", "p.id = $table.paper_id AND p.unit_id = $writing"
)
HAND_OVER = Protection(
    {"SELECT": f"$system OR unit_id = $own AND {_OF_PAPER}", "INSERT": _PUT_BY_OWN}, GROWS_ONLY
)
SIGNED_COPY = Protection({"SELECT": f"$system OR {_OF_PAPER}", "INSERT": _PUT_BY_OWN}, GROWS_ONLY)

# Clubs and their books are read by their commune and every unit above it.
_OF_CLUBS = "$system OR unit_path ^@ $path"
_BY_OWN_COMMUNE = "$system OR unit_id = $writing AND unit_path = $path"
CLUB = Protection(
    {"SELECT": _OF_CLUBS, "INSERT": _BY_OWN_COMMUNE, "UPDATE": _BY_OWN_COMMUNE},
    (Rule("never_goes", "DELETE", "a club stays in the register"),),
)
CLUB_MOVE = Protection({"SELECT": _OF_CLUBS, "INSERT": _BY_OWN_COMMUNE}, GROWS_ONLY)
CLUB_KEY = Protection(
    {
        "SELECT": "$system OR unit_id = $own AND $drafts",
        "INSERT": "$system OR unit_id = $writing AND person_id = $me",
        "UPDATE": "$system OR unit_id = $writing",
    },
    (
        fixed(
            "stays_revoked",
            ("token_hash", "code_hash", "club_id", "unit_id", "revoked_at"),
            "a key is given out once and revoked once",
            "(OLD.revoked_at IS NOT NULL OR OLD.token_hash <> NEW.token_hash)",
        ),
        Rule("never_goes", "DELETE", "who could come in stays known"),
    ),
)
CLUB_BOOK = Protection(
    {"SELECT": _OF_CLUBS, "INSERT": _BY_OWN_COMMUNE, "UPDATE": _BY_OWN_COMMUNE},
    (
        fixed("keeps_its_month", ("club_id", "month"), "its club and month are fixed"),
        Rule("never_goes", "DELETE", "a book is corrected, never thrown away"),
    ),
)
CLUB_BOOK_CHANGE = Protection({"SELECT": _OF_CLUBS, "INSERT": _BY_OWN_COMMUNE}, GROWS_ONLY)

# A regime binds the units below its own, which read it; those above see it too.
_ITS_REGIME = "$system OR unit_id IN ($writing, $administered)"
REPORT_REGIME = Protection(
    {
        "SELECT": f"$system OR $system_admin OR {near()}",
        "INSERT": _ITS_REGIME,
        "UPDATE": _ITS_REGIME,
    },
    (Rule("never_goes", "DELETE", "a regime ends, it does not go"),),
)
SCORE_CARD = Protection(every(_ITS_REGIME) | {"SELECT": f"$system OR $system_admin OR {near()}"})
REPORT_WINDOW = Protection(
    {"SELECT": f"$system OR $system_admin OR {near()}", "INSERT": _ITS_REGIME}, GROWS_ONLY
)

# A request is read by the unit that asks and by those above it that it has reached. That unit
# says what it asks; whoever owes the next step takes it.
_REACHED = "$system OR unit_path ^@ $path AND $path ^@ top_path"
_AT_WORK = "$writing IN (unit_id, owed_by_id)"
REPORT_REQUEST = Protection(
    {
        "SELECT": _REACHED,
        "INSERT": "$system OR unit_id = $writing AND unit_path = $path AND "
        + in_document("d.unit_id = $writing"),
        "UPDATE": f"$system OR {_AT_WORK}",
        CHECK: "$system OR $writing IS NOT NULL AND unit_path ^@ $path AND $path ^@ top_path",
    },
    (
        fixed(
            "keeps_its_place",
            (
                *("unit_id", "unit_path", "unit_name", "document_id", "programme_id"),
                *("period_id", "kind", "line_key", "raised_at"),
            ),
            "its unit and report are fixed",
        ),
        Rule(
            "only_rises",
            "UPDATE",
            "what a unit has seen it goes on seeing",
            "length(NEW.top_path) > length(OLD.top_path)",
        ),
        kept_by_own_unit("text", "level"),
        Rule("never_goes", "DELETE", "what was asked stays asked"),
    ),
)
REQUEST_MOVE = Protection(
    {
        "SELECT": "$system OR " + there("report_request AS q", "q.id = request_move.request_id"),
        "INSERT": "$system OR unit_id = $writing AND person_id = $me AND "
        + there(
            "report_request AS q",
            "q.id = request_move.request_id AND $writing IN (q.unit_id, q.owed_by_id)",
        ),
    },
    GROWS_ONLY,
)

# A visit is read with the clubs that it goes to, and written by the unit that makes it.
_OF_CLUB = there("club AS c", "c.id = $table.club_id")
_OF_VISIT = there("visit AS v", "v.id = $table.visit_id AND v.unit_id = $writing")
_STAYS_DONE = "OLD.done_on IS NOT NULL OR OLD.called_off_at IS NOT NULL"
VISIT = Protection(
    {
        "SELECT": "$system OR unit_id = $own OR "
        + there("visited_club AS c", "c.visit_id = visit.id"),
        "INSERT": "$system OR unit_id = $writing AND person_id = $me",
        "UPDATE": "$system OR unit_id = $writing",
    },
    (
        fixed("keeps_its_unit", ("unit_id", "created_at", "person_id"), "its unit is fixed"),
        fixed(
            "stays_over",
            ("planned_on", "visitors", "done_on", "called_off_at", "called_off_reason"),
            "a visit that was made or called off stays so",
            f"({_STAYS_DONE})",
        ),
        Rule("never_goes", "DELETE", "a visit is called off, it does not go"),
    ),
)
VISITED_CLUB = Protection(
    {
        "SELECT": f"$system OR {_OF_CLUB}",
        "INSERT": f"$system OR unit_id = $writing AND {_OF_CLUB}",
        "UPDATE": "$system OR unit_id = $writing",
        "DELETE": "$system OR unit_id = $writing",
    },
    (fixed("keeps_its_place", ("visit_id", "club_id", "unit_id"), "its visit and club are fixed"),),
)
_BY_MENDER = there("club AS c", "c.id = visit_finding.club_id AND c.unit_id = $writing")
VISIT_FINDING = Protection(
    {
        "SELECT": f"$system OR {_OF_CLUB}",
        "INSERT": f"$system OR unit_id = $writing AND person_id = $me AND {_OF_VISIT}",
        "UPDATE": f"$system OR unit_id = $writing OR {_BY_MENDER}",
    },
    (
        fixed(
            "keeps_its_words",
            ("visit_id", "club_id", "unit_id", "text", "mender", "created_at", "person_id"),
            "what was found keeps its words",
        ),
        Rule("never_goes", "DELETE", "what was found stays"),
    ),
)
FINDING_MOVE = Protection(
    {
        "SELECT": "$system OR " + there("visit_finding AS f", "f.id = finding_move.finding_id"),
        "INSERT": "$system OR unit_id = $writing AND person_id = $me AND "
        + there(
            "visit_finding AS f JOIN club AS c ON c.id = f.club_id",
            "f.id = finding_move.finding_id AND $writing IN (f.unit_id, c.unit_id)",
        ),
    },
    GROWS_ONLY,
)

PROTECTION = {
    "unit": _public(SYSTEM_ADMIN),
    "unit_lineage": _public(SYSTEM_ADMIN),
    "office": _public(_ADMINISTRATOR),
    "programme": _public(SYSTEM),
    "period": _public(SYSTEM),
    "phase": _public(SYSTEM),
    "area": _public(SYSTEM),
    "indicator": _public(SYSTEM),
    "calendar_day": _public(SYSTEM),
    "credential": Protection(every(SYSTEM)),
    "password_reset": Protection(every(SYSTEM)),
    "invitation": INVITATION,
    "address_change": ADDRESS_CHANGE,
    "login_attempt": Protection(every(SYSTEM)),
    "user_session": Protection(every(SYSTEM)),
    "second_factor": Protection(every(SYSTEM)),
    "recovery_code": Protection(every(SYSTEM)),
    "person": PERSON,
    "role_assignment": ROLE_ASSIGNMENT,
    "delegation": DELEGATION,
    "audit_entry": AUDIT_ENTRY,
    "trail_link": TRAIL_LINK,
    "trail_head": TRAIL_HEAD,
    "calendar_feed": CALENDAR_FEED,
    "roster": ROSTER,
    "paper_template": PAPER_TEMPLATE,
    "workbook_upload": WORKBOOK_UPLOAD,
    "reading_upload": READING_UPLOAD,
    "sheet_match": SHEET_MATCH,
    "long_job": LONG_JOB,
    "job_run": JOB_RUN,
    "outbox": OUTBOX,
    "unit_settings": SETTINGS,
    "reception": SETTINGS,
    "check_switch": SETTINGS,
    "agency_code": SETTINGS,
    "exchange_packet": EXCHANGE_PACKET,
    "participation": PARTICIPATION,
    "participation_move": PARTICIPATION_MOVE,
    "deadline": DEADLINE,
    "document": DOCUMENT,
    "document_step": DOCUMENT_STEP,
    "event": EVENT,
    "revision": REVISION,
    "revision_editor": CONTENT,
    "target": CONTENT,
    "section": CONTENT,
    "receipt": CONTENT,
    "part_line": CONTENT,
    "report_value": CONTENT,
    "report_item": CONTENT,
    "finding": CONTENT,
    "explanation": CONTENT,
    "unlocked_line": CONTENT,
    "opinion": OPINION,
    "remark": REMARK,
    "attachment": ATTACHMENT,
    "quota": QUOTA,
    "allotment": ALLOTMENT,
    "quota_move": QUOTA_MOVE,
    "official_paper": OFFICIAL_PAPER,
    "hand_over": HAND_OVER,
    "signed_copy": SIGNED_COPY,
    "club": CLUB,
    "club_move": CLUB_MOVE,
    "club_list": CLUB_LIST,
    "club_key": CLUB_KEY,
    "club_book": CLUB_BOOK,
    "club_book_change": CLUB_BOOK_CHANGE,
    "report_regime": REPORT_REGIME,
    "report_window": REPORT_WINDOW,
    "report_request": REPORT_REQUEST,
    "request_move": REQUEST_MOVE,
    "visit": VISIT,
    "visited_club": VISITED_CLUB,
    "visit_finding": VISIT_FINDING,
    "finding_move": FINDING_MOVE,
    "score_card": SCORE_CARD,
}
"""Every table has its row here; one that holds content of a revision needs no more than the row."""
