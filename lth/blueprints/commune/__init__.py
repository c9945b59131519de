"""The commune's desk: it drafts and issues."""

from lth.blueprints.calendar import views as calendar_views
from lth.blueprints.clubs import acts as club_acts
from lth.blueprints.clubs import book_keeping, books, ratings
from lth.blueprints.clubs import findings as club_findings
from lth.blueprints.clubs import lists as club_lists
from lth.blueprints.clubs import views as clubs_views
from lth.blueprints.clubs import visits as club_visits
from lth.blueprints.delegations import views
from lth.blueprints.desk import trail, worklist
from lth.blueprints.desk import views as desk_views
from lth.blueprints.document import attachments, handover, papers
from lth.blueprints.document import views as document_views
from lth.blueprints.drafting import checks, parts, reading, target_form, workbook
from lth.blueprints.drafting import views as drafting_views
from lth.blueprints.quotas import assigned
from lth.blueprints.register import views as register_views
from lth.blueprints.reporting import (
    completeness,
    dashboards,
    doubts,
    items,
    regimes,
    requests,
    result_tables,
    review,
    values,
)
from lth.blueprints.web.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.COMMUNE,
    desk_views,
    worklist,
    calendar_views,
    clubs_views,
    club_visits,
    club_findings,
    club_acts,
    club_lists,
    trail,
    document_views,
    handover,
    register_views,
    papers,
    attachments,
    drafting_views,
    target_form,
    parts,
    workbook,
    reading,
    checks,
    values,
    items,
    assigned,
    books,
    book_keeping,
    regimes,
    review,
    requests,
    ratings,
    completeness,
    dashboards,
    doubts,
    result_tables,
    views,
)
