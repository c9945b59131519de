"""Tables, constraints and relationships, one concept a file.

Importing this package registers every table on `Base.metadata`.
"""

from lth.models.agency_code import AgencyCode
from lth.models.attachment import Attachment
from lth.models.base import Base
from lth.models.club import Club, ClubKey, ClubMove
from lth.models.club_book import ClubBook, ClubBookChange
from lth.models.club_list import ClubList
from lth.models.content import Section, Target
from lth.models.deadline import CalendarDay, CalendarFeed, Deadline
from lth.models.delegation import Delegation
from lth.models.document import Document, DocumentStep, Event, Receipt, Revision, RevisionEditor
from lth.models.finding import CheckSwitch, Explanation, KeptFinding, UnlockedLine
from lth.models.invitation import AddressChange, Invitation
from lth.models.long_job import LongJob
from lth.models.opinion import Opinion, Remark
from lth.models.outbox import JobRun, OutboxMessage
from lth.models.packet import ExchangePacket
from lth.models.paper import HandOver, OfficialPaper, SignedCopy
from lth.models.paper_template import PaperLayout, PaperTemplate
from lth.models.parts import PartLine
from lth.models.person import (
    Credential,
    LoginAttempt,
    PasswordReset,
    Person,
    RoleAssignment,
    UserSession,
)
from lth.models.programme import (
    Area,
    Indicator,
    Participation,
    ParticipationMove,
    Period,
    Phase,
    Programme,
)
from lth.models.quota import Allotment, Quota, QuotaMove
from lth.models.reading import ReadingUpload
from lth.models.report import (
    ReportItem,
    ReportRegime,
    ReportValue,
    ReportWindow,
)
from lth.models.request import ReportRequest, RequestMove
from lth.models.roster import Roster
from lth.models.score_card import ScoreCard
from lth.models.second_factor import RecoveryCode, SecondFactor
from lth.models.settings import Reception, UnitSettings
from lth.models.trail import AuditEntry, TrailHead, TrailLink
from lth.models.unit import Office, Unit, UnitLineage
from lth.models.visit import FindingMove, Visit, VisitedClub, VisitFinding
from lth.models.workbook import SheetMatch, WorkbookUpload
