"""The form of a plan file as one table: which keys there are, and what each of them holds.

The reader, the writer and the JSON Schema all go by it, so that they cannot disagree. A key has
the name that people write and the field of the dataclass in `lth.content.model` that it
fills; where the two differ the file speaks as a plan does ("from", "with", "to").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lth.content import model
from lth.models.content import AreaType, Comparator, CountsFrom, TargetScope
from lth.models.document import SignForm
from lth.models.finding import Stage
from lth.models.parts import (
    Frequency,
    Issuance,
    IssuerForm,
    MoneyLevel,
    MoneySource,
    PaperRole,
    Term,
)
from lth.models.unit import Level

FORMAT = 1


class Holds(StrEnum):
    """What a scalar is read as. FIGURE is a number in the measure of its line's indicator."""

    TEXT = "text"
    NAMES = "names"
    WHOLE = "whole"
    YEAR = "year"
    DAY = "day"
    FLAG = "flag"
    FIGURE = "figure"
    INDICATOR = "indicator"
    PHASE = "phase"
    FINDINGS = "findings"
    PARTS = "parts"
    PROGRAMME = "programme"
    FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Form:
    """A mapping's keys, by name and in the order in which they are written.

    `short` names the key that a line may consist of alone: "- Thường trực Huyện ủy".
    """

    keys: tuple["Key", ...]
    builds: type | None = None
    short: str = ""

    def __iter__(self):
        return iter(self.keys)

    @property
    def by_name(self) -> Mapping[str, "Key"]:
        return {key.name: key for key in self.keys}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, what it holds, what it is for, and the field it fills.

    A `Form` holds a mapping; with `many` it is a list of them. `field` is empty where the name
    is the same.
    """

    name: str
    holds: Holds | type[StrEnum] | Form
    help: str
    field: str = ""
    required: bool = False
    many: bool = False

    @property
    def fills(self) -> str:
        return self.field or self.name


def _line_key(example: str) -> Key:
    text = f"Name of this line, to be kept over revisions; {example} and so on unless given."
    return Key("key", Holds.TEXT, text)


UNIT = Form(
    (
        Key("name", Holds.TEXT, "Type and name: huyện Trà Cú.", required=True),
        Key("level", Level, "Tier of the unit.", required=True),
        Key("parent", Holds.TEXT, "Type and name of the unit above: tỉnh Trà Vinh.", "parent_name"),
        Key("parent_level", Level, "Tier of the unit above."),
        Key("communes", Holds.WHOLE, "How many units of the lowest tier are within it."),
    ),
    model.Place,
)

SPAN = (
    Key("from", Holds.YEAR, "First year; left out where a plan says only “đến năm …”.", "start"),
    Key("to", Holds.YEAR, "Last year, in it.", "end", required=True),
)
PERIOD = Form(SPAN, model.Span)
PHASE = Form(
    (
        Key("key", Holds.TEXT, "Name that targets use; “2026-2030” unless given."),
        *SPAN,
    )
)

PAPER = Form(
    (
        _line_key("paper-1"),
        Key("role", PaperRole, "What it is in the dossier.", required=True),
        Key("number", Holds.TEXT, "As printed: 793/QĐ-UBND; /KH-UBND while blank."),
        Key("date", Holds.DAY, "Its day.", "dated_on"),
        Key("issuer", Holds.TEXT, "Who issues it."),
        Key("issuer_form", IssuerForm, "Whose authority it has; collective unless given."),
        Key("verb", Holds.TEXT, "What it does: ban hành, phê duyệt."),
        Key("title", Holds.TEXT, "Trích yếu."),
        Key("sign_form", SignForm, "How it is signed (Nghị định 30/2020/NĐ-CP, Điều 13)."),
        Key("position", Holds.TEXT, "Position of who signs; never a name."),
        Key("signed", Holds.FLAG, "Whether a name stands below."),
    ),
    model.Paper,
)

BASIS = Form(
    (
        _line_key("basis-1"),
        Key("type", Holds.TEXT, "Luật, Nghị định, Quyết định, Kế hoạch, Tờ trình, …"),
        Key("number", Holds.TEXT, "1336/QĐ-TTg; none for a Luật cited by name."),
        Key("date", Holds.DAY, "Its day.", "dated_on"),
        Key("issuer", Holds.TEXT, "Who issued it."),
        Key("title", Holds.TEXT, "What it is about."),
        Key("ending", Holds.TEXT, "Punctuation as printed at the end of the line."),
    ),
    model.LegalBasis,
)

RECIPIENT = Form(
    (
        _line_key("recipient-1"),
        Key("name", Holds.TEXT, "Whom it is sent to.", required=True),
        Key("purpose", Holds.TEXT, "What stands in brackets: để báo cáo."),
    ),
    model.Recipient,
    short="name",
)

DEFINITION = Form(
    (
        _line_key("definition-1"),
        Key("term", Term, "What is defined.", required=True),
        Key("age", Holds.WHOLE, "Years, where the term is an age."),
        Key("text", Holds.TEXT, "The definition in the plan's words."),
    ),
    model.Definition,
)

BASELINE = Form(
    (
        _line_key("baseline-1"),
        Key("indicator", Holds.INDICATOR, "Code of the indicator.", required=True),
        Key("value", Holds.FIGURE, "Its figure at the start."),
        Key("as_of", Holds.TEXT, "Of when, as printed: 2016, 31/12/2020."),
        Key("wording", Holds.TEXT, "The plan's words."),
    ),
    model.Baseline,
)

TARGET = Form(
    (
        Key(
            "key",
            Holds.TEXT,
            "Name of this line, to be kept over revisions; clubs_new@2026-2030 unless given.",
        ),
        Key("id", Holds.TEXT, "A short name within this file, for share_of."),
        Key("indicator", Holds.INDICATOR, "Code of the indicator.", required=True),
        Key("phase", Holds.PHASE, "Key of the phase; needed where there are several."),
        Key("comparator", Comparator, "eq unless given; between where from and to stand."),
        Key("value", Holds.FIGURE, "The figure as read aloud: 70 for 70 %, đồng for money."),
        Key("from", Holds.FIGURE, "Lower bound of between.", "low"),
        Key("to", Holds.FIGURE, "Upper bound of between.", "high"),
        Key("scope", TargetScope, "What one value speaks of; the indicator's own unless given."),
        Key("counts_from", CountsFrom, "What is counted; the indicator's own unless given."),
        Key("numerator", Holds.INDICATOR, "Indicator counted above the line, if named."),
        Key("denominator", Holds.INDICATOR, "Indicator counted below the line, if named."),
        Key("area", AreaType, "Kind of area that the figure holds for; all unless given."),
        Key(
            "share_of",
            Holds.TEXT,
            "key or id of the target that it is a part of.",
            "parent_share_key",
        ),
        Key("wording", Holds.TEXT, "The plan's words."),
        Key("source", Holds.TEXT, "Where it stands in the plan: I.2.", "source_ref"),
    ),
    model.Target,
)

BUDGET_LINE = Form(
    (
        _line_key("budget-1"),
        Key("activity", Holds.TEXT, "What the money is for.", required=True),
        Key("source", MoneySource, "Where it comes from."),
        Key("level", MoneyLevel, "Tier of the state budget."),
        Key("year", Holds.YEAR, "Year, where the line is of one."),
        Key("amount", Holds.WHOLE, "Whole đồng."),
        Key("per_year", Holds.WHOLE, "Whole đồng a year.", "annual_rate"),
        Key("years", Holds.WHOLE, "For how many years."),
    ),
    model.BudgetLine,
)
BUDGET = Form(
    (
        Key("total", Holds.WHOLE, "Total as printed, in whole đồng.", "budget_total"),
        Key("lines", BUDGET_LINE, "Activities with their money.", many=True),
    )
)

TASK = Form(
    (
        _line_key("task-1"),
        Key("title", Holds.TEXT, "What is done.", required=True),
        Key("leads", Holds.NAMES, "Who leads (chủ trì)."),
        Key("with", Holds.NAMES, "Who coordinates (phối hợp).", "coordinating"),
        Key("from", Holds.DAY, "First day.", "starts_on"),
        Key("to", Holds.DAY, "Last day.", "ends_on"),
    ),
    model.Task,
)

DUTY = Form(
    (
        _line_key("duty-1"),
        Key("agency", Holds.TEXT, "Whose duty it is.", required=True),
        Key("text", Holds.TEXT, "The duty in the plan's words."),
    ),
    model.Duty,
)

REPORTING = Form(
    (
        _line_key("reporting-1"),
        Key("reporter", Holds.TEXT, "Who reports.", required=True),
        Key("to", Holds.NAMES, "To whom.", "addressees"),
        Key("through", Holds.TEXT, "Through whom."),
        Key("frequency", Frequency, "How often."),
        Key("due", Holds.TEXT, "By when, as printed: trước 15/12."),
        Key("content", Holds.TEXT, "The plan's words."),
    ),
    model.ReportingDuty,
)

SECTION = Form(
    (
        _line_key("section-1"),
        Key("title", Holds.TEXT, "Heading with its numeral: I. Mục tiêu.", required=True),
        Key("text", Holds.TEXT, "Its text.", "body"),
    ),
    model.Section,
)

INHERITS = Form(
    (
        Key("issuer", Holds.TEXT, "Who issued the plan above.", "parent_issuer"),
        Key("paper", Holds.TEXT, "Its number and day.", "parent_paper"),
        Key("targets", TARGET, "Its targets, which this plan has to keep to.", "floors", many=True),
    )
)

EXPECTED = Form(
    (
        Key("stage", Stage, "Stage of the checks; issue unless given."),
        Key("findings", Holds.FINDINGS, "Codes of the checks that fire, no others."),
    )
)

PLAN = Form(
    (
        Key("format", Holds.FORMAT, "Version of this form: 1.", required=True),
        Key("programme", Holds.PROGRAMME, "Programme version: 1533, 1336, 1648.", required=True),
        Key("unit", UNIT, "Whose plan it is.", "place", required=True),
        Key("period", PERIOD, "Years of the plan, both in it.", required=True),
        Key("phases", PHASE, "Its phases; one, the whole period, unless given.", many=True),
        Key("made_on", Holds.DAY, "Day by whose rules it is judged; the newest paper's, or today."),
        Key("final", Holds.FLAG, "false for a draft whose number and day come with issuing."),
        Key("issuance", Issuance, "How it is issued; plan unless given."),
        Key("title", Holds.TEXT, "Title as printed over the plan."),
        Key("decided_title", Holds.TEXT, "Title as Article 1 of the decision gives it."),
        Key("papers", PAPER, "Papers of the dossier.", many=True),
        Key("bases", BASIS, "Legal bases (căn cứ), in order.", many=True),
        Key("recipients", RECIPIENT, "Nơi nhận, in order.", many=True),
        Key("definitions", DEFINITION, "What the plan means by a term.", many=True),
        Key("baseline", BASELINE, "Figures at the start.", "baselines", many=True),
        Key("targets", TARGET, "Chỉ tiêu.", many=True),
        Key("budget", BUDGET, "Kinh phí."),
        Key("tasks", TASK, "Nhiệm vụ.", many=True),
        Key("duties", DUTY, "Phân công: what the plan says of one agency.", many=True),
        Key("reporting", REPORTING, "Chế độ báo cáo.", many=True),
        Key("sections", SECTION, "Narrative parts, in order.", many=True),
        Key("inherits", INHERITS, "What the level above asks for."),
        Key("unreadable", Holds.PARTS, "Parts that the source has lost."),
        Key("expected", EXPECTED, "What the checks are expected to find in this file."),
    )
)

PARTS = (
    "papers",
    "bases",
    "recipients",
    "definitions",
    "baseline",
    "targets",
    "budget",
    "tasks",
    "duties",
    "reporting",
    "sections",
)
"""What `unreadable` may name: the keys of a plan that are a part of the paper."""
