"""Tables, constraints and relationships, one concept a file.

Importing this package registers every table on `Base.metadata`.
"""

from lth.models.base import Base
from lth.models.calendar import CalendarDay
from lth.models.content import Section, Target
from lth.models.deadline import Deadline
from lth.models.delegation import Delegation
from lth.models.document import Document, DocumentStep, Revision, RevisionEditor
from lth.models.event import Event
from lth.models.feed import CalendarFeed
from lth.models.finding import CheckSwitch, Explanation, KeptFinding, UnlockedLine
from lth.models.job import JobRun
from lth.models.opinion import Opinion, Remark
from lth.models.outbox import OutboxMessage
from lth.models.parts import PartLine
from lth.models.person import (
    AuditEntry,
    Credential,
    LoginAttempt,
    PasswordReset,
    Person,
    RoleAssignment,
)
from lth.models.programme import Area, Indicator, Participation, Period, Phase, Programme
from lth.models.quota import Allotment, Quota, QuotaMove
from lth.models.receipt import Receipt
from lth.models.settings import Reception, UnitSettings
from lth.models.unit import Office, Unit, UnitLineage

__all__ = [
    "Allotment",
    "Area",
    "AuditEntry",
    "Base",
    "CalendarDay",
    "CalendarFeed",
    "CheckSwitch",
    "Credential",
    "Deadline",
    "Delegation",
    "Document",
    "DocumentStep",
    "Event",
    "Explanation",
    "Indicator",
    "JobRun",
    "KeptFinding",
    "LoginAttempt",
    "Office",
    "Opinion",
    "OutboxMessage",
    "PartLine",
    "Participation",
    "PasswordReset",
    "Period",
    "Person",
    "Phase",
    "Programme",
    "Quota",
    "QuotaMove",
    "Receipt",
    "Reception",
    "Remark",
    "Revision",
    "RevisionEditor",
    "RoleAssignment",
    "Section",
    "Target",
    "Unit",
    "UnitLineage",
    "UnitSettings",
    "UnlockedLine",
]
