"""The parts of a document beside its targets and sections: papers, money, tasks, duties, and so on.

A part is a list of lines, each edited and compared by itself. All parts lie in one table, so that
a whole document is read in one query (docs/adr/0007-parts-in-one-table.md); what the lines of each
part have is declared once, as its line type (`lth/content/line_types.py`).
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lth.models.base import Base
from lth.models.content import ContentRow


class Issuance(StrEnum):
    """A way to issue a document: by a decision with the plan, by one approving an office's plan, as
    a plan alone, or as a letter that cites a plan and sets tasks only.
    """

    DECISION_WITH_PLAN = "decision_with_plan"
    DECISION_APPROVING = "decision_approving"
    PLAN = "plan"
    DIRECTIVE = "directive"


class PaperRole(StrEnum):
    """A paper's part in the dossier: CITED is the document that a directive refers to."""

    DECISION = "decision"
    PLAN = "plan"
    PROPOSAL = "proposal"
    DIRECTIVE = "directive"
    CITED = "cited"


class IssuerForm(StrEnum):
    """Whose authority a paper has: a collective (UBND), its head (Chủ tịch), or an office."""

    COLLECTIVE = "collective"
    HEAD = "head"
    OFFICE = "office"


class MoneySource(StrEnum):
    """Nguồn kinh phí: ngân sách nhà nước, xã hội hóa, quỹ của địa phương, khác."""

    STATE = "state"
    SOCIAL = "social"
    FUND = "fund"
    OTHER = "other"


class MoneyLevel(StrEnum):
    """Cấp ngân sách."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Frequency(StrEnum):
    """The rhythm of a report; AD_HOC is "kịp thời, khi có vướng mắc"."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEARLY = "yearly"
    PHASE = "phase"
    AD_HOC = "ad_hoc"


class Term(StrEnum):
    """A term that a document should define before it counts by it."""

    OLDER = "older"
    YOUNG = "young"
    STANDARD = "standard"


class Part(StrEnum):
    """The parts that some rule names; HEADER has one line, of what a document says once."""

    HEADER = "header"
    PAPER = "paper"
    BASIS = "basis"
    RECIPIENT = "recipient"
    DEFINITION = "definition"
    BASELINE = "baseline"
    BUDGET = "budget"
    TASK = "task"
    DUTY = "duty"
    REPORTING = "reporting"


class PartLine(ContentRow, Base):
    """A line of a part, in order. `data` has its fields by name: numbers exact, days as ISO text,
    words of an enum as their text; what is empty is left out.
    """

    __tablename__ = "part_line"
    __table_args__ = (UniqueConstraint("revision_id", "line_key"),)

    part: Mapped[str] = mapped_column(String(24))
    ordinal: Mapped[int] = mapped_column(default=1)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
