"""The district's desk: it drafts, issues, hands quotas down, reviews and synthesises."""

from lth.blueprints.calendar import views as calendar_views
from lth.blueprints.clubs import books, moving, ratings
from lth.blueprints.clubs import findings as club_findings
from lth.blueprints.clubs import views as clubs_views
from lth.blueprints.clubs import visits as club_visits
from lth.blueprints.delegations import views
from lth.blueprints.desk import inbox, packs, trail, worklist
from lth.blueprints.desk import views as desk_views
from lth.blueprints.document import attachments, handover, long_papers, papers
from lth.blueprints.document import views as document_views
from lth.blueprints.drafting import checks, parts, reading, target_form, workbook
from lth.blueprints.drafting import views as drafting_views
from lth.blueprints.quotas import assigned, splitting
from lth.blueprints.quotas import views as quotas_views
from lth.blueprints.register import views as register_views
from lth.blueprints.reporting import (
    completeness,
    dashboards,
    doubts,
    items,
    regime_keeping,
    regime_opening,
    regimes,
    requests,
    result_map,
    result_tables,
    review,
    values,
)
from lth.blueprints.synthesis import views as synthesis_views
from lth.blueprints.web.levels import level_blueprint
from lth.models.unit import Level

blueprint = level_blueprint(
    Level.DISTRICT,
    desk_views,
    worklist,
    calendar_views,
    clubs_views,
    club_visits,
    club_findings,
    moving,
    trail,
    document_views,
    handover,
    register_views,
    papers,
    long_papers,
    attachments,
    drafting_views,
    target_form,
    parts,
    workbook,
    reading,
    checks,
    values,
    items,
    inbox,
    packs,
    synthesis_views,
    quotas_views,
    splitting,
    assigned,
    books,
    regimes,
    review,
    regime_keeping,
    regime_opening,
    requests,
    ratings,
    completeness,
    dashboards,
    doubts,
    result_map,
    result_tables,
    views,
)
