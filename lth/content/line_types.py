"""Declare the line types of a plan beside targets and sections: papers, money, tasks, duties, …

Each is declared here and nowhere else; a field says its label, what it is for in a plan file, and
the hint beside its input, where it has one (`lth.content.schema`).
Figures are exact integers in the indicator's measure (đồng, 1/100 %), as in `lth.models`.
"""

from dataclasses import replace
from datetime import date

from lth.content.schema import Columns, ContentLine, PartGroup, Said, Texts, Typed, line_type
from lth.content.targets import AREA_TYPE_LABEL
from lth.core.i18n import N_, Message
from lth.core.readers.document_numbers import tidied
from lth.core.vietnamese import format_date, format_money
from lth.models.content import AreaType
from lth.models.document import SignForm
from lth.models.parts import (
    Frequency,
    Issuance,
    IssuerForm,
    MoneyLevel,
    MoneySource,
    PaperRole,
    Part,
    Term,
)

# --- Words --------------------------------------------------------------------------------

SIGN_FORM_LABEL = {
    SignForm.TM: N_("TM. (thay mặt tập thể)"),
    SignForm.TM_KT: N_("TM. … KT. (thay mặt tập thể, cấp phó ký thay)"),
    SignForm.HEAD: N_("Người đứng đầu ký"),
    SignForm.KT: N_("KT. (cấp phó ký thay người đứng đầu)"),
    SignForm.TL: N_("TL. (thừa lệnh)"),
    SignForm.TUQ: N_("TUQ. (thừa ủy quyền)"),
    SignForm.Q: N_("Q. (quyền)"),
}
ISSUANCE_LABEL = {
    Issuance.PLAN: N_("Kế hoạch ban hành độc lập"),
    Issuance.DECISION_WITH_PLAN: N_("Quyết định ban hành kèm theo kế hoạch"),
    Issuance.DECISION_APPROVING: N_("Quyết định phê duyệt kế hoạch của một cơ quan"),
    Issuance.DIRECTIVE: N_("Công văn chỉ đạo: viện dẫn kế hoạch đã có, chỉ giao nhiệm vụ"),
}
PAPER_ROLE_LABEL = {
    PaperRole.DECISION: N_("Quyết định"),
    PaperRole.PLAN: N_("Kế hoạch"),
    PaperRole.PROPOSAL: N_("Tờ trình"),
    PaperRole.DIRECTIVE: N_("Công văn chỉ đạo"),
    PaperRole.CITED: N_("Kế hoạch được viện dẫn"),
}
ISSUER_FORM_LABEL = {
    IssuerForm.COLLECTIVE: N_("Tập thể (Ủy ban nhân dân)"),
    IssuerForm.HEAD: N_("Người đứng đầu (Chủ tịch)"),
    IssuerForm.OFFICE: N_("Cơ quan chuyên môn (sở, phòng)"),
}
SOURCE_LABEL = {
    MoneySource.STATE: N_("Ngân sách nhà nước"),
    MoneySource.SOCIAL: N_("Xã hội hóa"),
    MoneySource.FUND: N_("Quỹ của địa phương"),
    MoneySource.OTHER: N_("Nguồn khác"),
}
LEVEL_LABEL = {
    MoneyLevel.CENTRAL: N_("Trung ương"),
    MoneyLevel.PROVINCE: N_("Cấp tỉnh"),
    MoneyLevel.DISTRICT: N_("Cấp huyện"),
    MoneyLevel.COMMUNE: N_("Cấp xã"),
}
FREQUENCY_LABEL = {
    Frequency.MONTHLY: N_("Hằng tháng"),
    Frequency.QUARTERLY: N_("Hằng quý"),
    Frequency.HALF_YEAR: N_("6 tháng"),
    Frequency.NINE_MONTHS: N_("9 tháng"),
    Frequency.YEARLY: N_("Hằng năm"),
    Frequency.PHASE: N_("Từng giai đoạn"),
    Frequency.AD_HOC: N_("Kịp thời, khi có vướng mắc"),
}
TERM_LABEL = {
    Term.OLDER: N_("Người cao tuổi"),
    Term.YOUNG: N_("Người trẻ tuổi"),
    Term.STANDARD: N_("Câu lạc bộ đạt chuẩn"),
}

LONGEST_TEXT = 8000
_AGENCY = N_("Ghi đúng tên cơ quan, ví dụ: Phòng Văn hóa - Xã hội.")
_ONE_A_LINE = N_("Mỗi dòng một cơ quan.")
_PAPER_HEADS = {"main": N_("Văn bản"), "last": N_("Ngày")}

# --- Papers -------------------------------------------------------------------------------


def _decided(line: "Header", _language: str) -> Texts:
    if not line.decided_title or line.decided_title == line.title:
        return ()
    return (Message(N_("Điều 1: %(title)s"), {"title": line.decided_title}),)


@line_type(
    Part.HEADER,
    PartGroup.PAPERS,
    N_("Hình thức ban hành và tên kế hoạch"),
    Columns(
        ("title",), (_decided,), ("issuance",), ("budget_total",), {"last": N_("Tổng kinh phí ghi")}
    ),
    single=True,
)
class Header(ContentLine):
    """Statements that a plan makes once: how it is issued, its title as printed over it and as
    the decision's Article 1 gives it, and the printed total of its budget in đồng. `made_on` is
    the own day of a plan that came from a file, where that says it (`Content.made_on`).
    """

    issuance: Issuance = Typed.CHOICE(
        N_("Hình thức ban hành"),
        "How it is issued; plan unless given.",
        labels=ISSUANCE_LABEL,
        empty=Issuance.PLAN,
    )
    title: str = Typed.LONG(
        N_("Tên kế hoạch"),
        "Title as printed over the plan.",
        N_("Như in dưới chữ “KẾ HOẠCH”, không gồm chữ “Kế hoạch”."),
    )
    decided_title: str = Typed.LONG(
        N_("Tên kế hoạch ghi tại Điều 1 của quyết định"),
        "Title as Article 1 of the decision gives it.",
        N_("Chỉ khi ban hành bằng quyết định. Phải trùng từng chữ với tên ở trên."),
    )
    budget_total: int | None = Typed.MONEY(
        N_("Tổng kinh phí ghi trong kế hoạch"),
        "Total as printed, in whole đồng.",
        N_("Ví dụ: 500 triệu. Để trống nếu kế hoạch không ghi tổng."),
        group=PartGroup.BUDGET,
        file="budget.total",
    )
    made_on: date | None = Typed.DAY(
        N_("Ngày để xét kế hoạch"),
        "Day by whose rules it is judged, where no paper in it has that day.",
        N_("Chỉ có ở kế hoạch đưa vào từ tệp; để trống nếu là ngày bắt đầu soạn ở đây."),
        rare=True,
        file="",
    )


@line_type(
    Part.PAPER,
    PartGroup.PAPERS,
    N_("Văn bản trong hồ sơ"),
    Columns(
        ("role", "number"),
        ("title", "sign_form", "position"),
        ("issuer",),
        ("dated_on",),
        _PAPER_HEADS,
    ),
    hint=N_("Quyết định, tờ trình, kế hoạch: số và ngày có thể để trống khi chưa cấp."),
    file="papers",
    about="Papers of the dossier.",
    told_by=("title", "number"),
)
class Paper(ContentLine):
    """A paper of the dossier: its number as printed ("793/QĐ-UBND", "/KH-UBND" while blank), who
    issues it, what it does ("ban hành", "phê duyệt"), and how it is signed; `signed` where
    somebody's name stands below.
    """

    role: PaperRole = Typed.CHOICE(
        N_("Loại văn bản"), "What it is in the dossier.", labels=PAPER_ROLE_LABEL, required=True
    )
    number: str = Typed.TEXT(
        N_("Số, ký hiệu"),
        "As printed: 793/QĐ-UBND; /KH-UBND while blank.",
        N_("Ví dụ 793/QĐ-UBND; chưa cấp số thì ghi /KH-UBND."),
        most=60,
        tidy=tidied,
    )
    dated_on: date | None = Typed.DAY(N_("Ngày ban hành"), "Its day.", file="date")
    issuer: str = Typed.TEXT(N_("Cơ quan ban hành"), "Who issues it.")
    issuer_form: IssuerForm = Typed.CHOICE(
        N_("Thẩm quyền"),
        "Whose authority it has; collective unless given.",
        labels=ISSUER_FORM_LABEL,
        empty=IssuerForm.COLLECTIVE,
    )
    title: str = Typed.LONG(N_("Trích yếu"), "Trích yếu.")
    verb: str = Typed.TEXT(
        N_("Văn bản này làm gì với kế hoạch"),
        "What it does: ban hành, phê duyệt.",
        most=60,
        offered=("ban hành", "phê duyệt"),
    )
    sign_form: SignForm | None = Typed.CHOICE(
        N_("Cách ký"),
        "How it is signed (Nghị định 30/2020/NĐ-CP, Điều 13).",
        labels=SIGN_FORM_LABEL,
    )
    position: str = Typed.TEXT(
        N_("Chức vụ người ký"), "Position of who signs; never a name.", most=100
    )
    signed: bool = Typed.FLAG(N_("Đã có tên người ký"), "Whether a name stands below.")


def _cited(line: "LegalBasis", _language: str) -> Texts:
    head = " ".join(text for text in (line.type, line.number) if text)
    found = line.title if line.title and not line.number else head
    return (found,) if found else ()


def _cited_title(line: "LegalBasis", _language: str) -> Texts:
    return (line.title,) if line.title and line.number else ()


@line_type(
    Part.BASIS,
    PartGroup.PAPERS,
    N_("Căn cứ"),
    Columns((_cited,), (_cited_title,), ("issuer",), ("dated_on",), _PAPER_HEADS),
    hint=N_("Theo thứ tự in; dấu câu cuối dòng do phần mềm đặt."),
    file="bases",
    about="Legal bases (căn cứ), in order.",
    named_by=("number", "title", "type"),
    told_by=("title", "number", "type"),
)
class LegalBasis(ContentLine):
    """Căn cứ. `ending` is the punctuation as printed; empty where the product will write it."""

    type: str = Typed.TEXT(
        N_("Loại văn bản"),
        "Luật, Nghị định, Quyết định, Kế hoạch, Tờ trình, …",
        most=60,
        offered=("Luật", "Nghị định", "Quyết định", "Kế hoạch", "Công văn", "Tờ trình"),
    )
    number: str = Typed.TEXT(
        N_("Số, ký hiệu"),
        "1336/QĐ-TTg; none for a Luật cited by name.",
        N_("Luật thì để trống."),
        most=60,
        tidy=tidied,
    )
    dated_on: date | None = Typed.DAY(N_("Ngày ban hành"), "Its day.", file="date")
    issuer: str = Typed.TEXT(N_("Cơ quan ban hành"), "Who issued it.")
    title: str = Typed.LONG(
        N_("Tên gọi, trích yếu"),
        "What it is about.",
        pasted=N_(
            "Hoặc chỉ dán nguyên văn vào ô này, mỗi dòng một câu “Căn cứ …”: phần mềm tự tách số, "
            "ngày, cơ quan."
        ),
    )
    ending: str = Typed.TEXT(
        N_("Dấu cuối dòng như bản in"),
        "Punctuation as printed at the end of the line.",
        N_("Xóa trống để phần mềm tự đặt dấu theo quy định."),
        most=3,
        rare=True,
    )


@line_type(
    Part.RECIPIENT,
    PartGroup.PAPERS,
    N_("Nơi nhận"),
    Columns(("name",), beside=("purpose",)),
    hint=N_("Nhớ cơ quan cấp trên đã giao và nơi nhận báo cáo."),
    file="recipients",
    about="Nơi nhận, in order.",
    short="name",
)
class Recipient(ContentLine):
    """Nơi nhận; `purpose` is what stands in brackets, such as "để báo cáo"."""

    name: str = Typed.TEXT(
        N_("Nơi nhận"),
        "Whom it is sent to.",
        required=True,
        pasted=N_("Mỗi dòng một nơi nhận, dán cả danh sách cũng được."),
    )
    purpose: str = Typed.TEXT(
        N_("Ghi trong ngoặc"),
        "What stands in brackets: để báo cáo.",
        N_("Ví dụ: để báo cáo."),
        most=100,
    )


@line_type(
    Part.DEFINITION,
    PartGroup.PAPERS,
    N_("Giải thích từ ngữ"),
    Columns(("term",), ("text",), last=(Said("age", N_("%(age)s tuổi")),)),
    hint=N_("Người cao tuổi từ bao nhiêu tuổi, thế nào là đạt chuẩn."),
    file="definitions",
    about="What the plan means by a term.",
    order=("term", "age", "text"),
)
class Definition(ContentLine):
    """A term and what the plan means by it; `age` in years, where the term is an age."""

    term: Term = Typed.CHOICE(N_("Từ ngữ"), "What is defined.", labels=TERM_LABEL, required=True)
    text: str = Typed.LONG(
        N_("Được hiểu là"),
        "The definition in the plan's words.",
        N_("Ví dụ: công dân từ đủ 60 tuổi trở lên."),
        most=LONGEST_TEXT,
    )
    age: int | None = Typed.NUMBER(
        N_("Mốc tuổi"), "Years, where the term is an age.", N_("Nếu có."), most=120, least=1
    )


# --- Figures and money --------------------------------------------------------------------


def _of_area(line: "Baseline", _language: str) -> Texts:
    return () if line.area is AreaType.ALL else (Message(AREA_TYPE_LABEL[line.area]),)


@line_type(
    Part.BASELINE,
    PartGroup.BASELINE,
    N_("Số liệu thực trạng"),
    Columns(("indicator",), (_of_area, "wording"), ("as_of",), ("value",)),
    hint=N_("Số liệu đầu kỳ, để biết “duy trì 100 %” là bao nhiêu."),
    file="baseline",
    about="Figures at the start.",
    attribute="baselines",
    told_by=(),
)
class Baseline(ContentLine):
    """Thực trạng: an indicator's figure at the start; `as_of` as the document prints it. One of an
    area is what figures of that area are shares of.
    """

    indicator: str = Typed.INDICATOR(N_("Chỉ tiêu"), "Code of the indicator.", required=True)
    value: int | None = Typed.FIGURE(N_("Số liệu"), "Its figure at the start.")
    as_of: str = Typed.TEXT(
        N_("Thời điểm"),
        "Of when, as printed: 2016, 31/12/2020.",
        N_("Như trong kế hoạch, ví dụ: 31/12/2020."),
        most=60,
    )
    wording: str = Typed.LONG(N_("Lời văn trong kế hoạch"), "The plan's words.", most=2000)
    area: AreaType = Typed.CHOICE(
        N_("Địa bàn"),
        "Kind of area that the figure holds for; all unless given.",
        labels=AREA_TYPE_LABEL,
        empty=AreaType.ALL,
    )


def _each(line: "BudgetLine", language: str) -> Texts:
    if line.quantity is None or line.unit_price is None:
        return ()
    price = format_money(line.unit_price, language)
    counted = {"quantity": line.quantity, "unit": line.unit, "price": price}
    return (Message("%(quantity)s %(unit)s × %(price)s", counted),)


def _rate(line: "BudgetLine", language: str) -> Texts:
    if line.annual_rate is None:
        return ()
    rate = format_money(line.annual_rate, language)
    if line.years is None:
        return (Message(N_("%(rate)s mỗi năm"), {"rate": rate}),)
    return (Message(N_("%(rate)s mỗi năm × %(years)s năm"), {"rate": rate, "years": line.years}),)


@line_type(
    Part.BUDGET,
    PartGroup.BUDGET,
    N_("Các khoản kinh phí"),
    Columns(
        ("activity",),
        (_each, _rate),
        ("source", "level", "year"),
        (Said("amount", none=N_("chưa có số tiền")),),
        {"beside": N_("Nguồn, cấp, năm")},
    ),
    hint=N_("Mỗi việc, mỗi nguồn một dòng; tổng do phần mềm cộng."),
    file="budget.lines",
    about="Activities with their money.",
    order=(
        *("activity", "unit", "quantity", "unit_price", "source", "level", "year", "amount"),
        *("annual_rate", "years"),
    ),
)
class BudgetLine(ContentLine):
    """An activity's money from one source, in đồng: `quantity` at `unit_price` each, or
    `annual_rate` a year for `years` years.
    """

    activity: str = Typed.LONG(
        N_("Nội dung chi"),
        "What the money is for.",
        required=True,
        pasted=N_(
            "Hoặc dán cả bảng từ Excel vào ô này (nội dung, đơn vị, số lượng, đơn giá, thành tiền, "
            "nguồn, cấp, năm): phần mềm đọc thử để anh/chị xem trước khi thêm."
        ),
    )
    source: MoneySource | None = Typed.CHOICE(
        N_("Nguồn"), "Where it comes from.", labels=SOURCE_LABEL
    )
    level: MoneyLevel | None = Typed.CHOICE(
        N_("Cấp ngân sách"), "Tier of the state budget.", labels=LEVEL_LABEL
    )
    year: int | None = Typed.YEAR(
        N_("Năm"),
        "Year, where the line is of one.",
        N_("Để trống nếu chi cho cả giai đoạn."),
        least=1990,
        most=2100,
    )
    amount: int | None = Typed.MONEY(
        N_("Số tiền"),
        "Whole đồng.",
        N_("Ví dụ: 100 triệu. Để trống thì lấy mức mỗi năm nhân số năm."),
    )
    annual_rate: int | None = Typed.MONEY(N_("Mức mỗi năm"), "Whole đồng a year.", file="per_year")
    years: int | None = Typed.NUMBER(N_("Số năm"), "For how many years.", least=1, most=50)
    unit: str = Typed.TEXT(N_("Đơn vị tính"), "What is counted: buổi, người, bộ.", most=60)
    quantity: int | None = Typed.NUMBER(N_("Số lượng"), "How many.", least=1, most=10_000_000)
    unit_price: int | None = Typed.MONEY(
        N_("Đơn giá"), "Whole đồng each.", N_("Số tiền tự tính: số lượng × đơn giá.")
    )

    @property
    def product(self) -> int | None:
        """Compute số lượng × đơn giá, or mức mỗi năm × số năm, in đồng, where both are known."""
        if self.quantity is not None and self.unit_price is not None:
            return self.quantity * self.unit_price
        if self.annual_rate is None or self.years is None:
            return None
        return self.annual_rate * self.years

    def completed(self, before: ContentLine | None) -> "BudgetLine":
        """Return the line, with the product as its amount if none was typed or it was one."""
        computed = isinstance(before, BudgetLine) and before.amount == before.product
        if self.amount is None or (computed and before.amount == self.amount):
            return self if self.product is None else replace(self, amount=self.product)
        return self


# --- Work ---------------------------------------------------------------------------------


def _days(line: "Task", language: str) -> Texts:
    days = [format_date(day, language) for day in (line.starts_on, line.ends_on) if day]
    return (" – ".join(days),) if days else ()


@line_type(
    Part.TASK,
    PartGroup.TASKS,
    N_("Nhiệm vụ"),
    Columns(
        ("title",),
        (Said("coordinating", N_("Phối hợp: %(who)s")),),
        ("leads",),
        (_days,),
        {"last": N_("Thời gian")},
    ),
    hint=N_("Mỗi nhiệm vụ một cơ quan chủ trì."),
    file="tasks",
    about="Nhiệm vụ.",
)
class Task(ContentLine):
    """Nhiệm vụ: what is done, who leads (chủ trì), who coordinates (phối hợp), and when."""

    title: str = Typed.LONG(N_("Nhiệm vụ"), "What is done.", most=2000, required=True)
    leads: tuple[str, ...] = Typed.LIST(
        N_("Chủ trì"), "Who leads (chủ trì).", N_("Mỗi nhiệm vụ một cơ quan chủ trì.")
    )
    coordinating: tuple[str, ...] = Typed.LIST(
        N_("Phối hợp"), "Who coordinates (phối hợp).", _ONE_A_LINE, file="with"
    )
    starts_on: date | None = Typed.DAY(N_("Từ ngày"), "First day.", file="from")
    ends_on: date | None = Typed.DAY(N_("Đến ngày"), "Last day.", file="to")


@line_type(
    Part.DUTY,
    PartGroup.TASKS,
    N_("Phân công trách nhiệm"),
    Columns(("agency",), ("text",)),
    hint=N_("Mỗi cơ quan một dòng, như trong phần Tổ chức thực hiện."),
    file="duties",
    about="Phân công: what the plan says of one agency.",
)
class Duty(ContentLine):
    """Words that the plan's last section has of one agency, in its own words."""

    agency: str = Typed.TEXT(N_("Cơ quan"), "Whose duty it is.", _AGENCY, required=True)
    text: str = Typed.LONG(N_("Trách nhiệm"), "The duty in the plan's words.", most=LONGEST_TEXT)


@line_type(
    Part.REPORTING,
    PartGroup.TASKS,
    N_("Chế độ báo cáo"),
    Columns(
        ("reporter",),
        ("content",),
        ("addressees", Said("through", N_("qua %(who)s"))),
        ("frequency", "due"),
        {"last": N_("Kỳ hạn")},
    ),
    hint=N_("Ai báo cáo ai, bao lâu một lần, trước ngày nào."),
    file="reporting",
    about="Chế độ báo cáo.",
)
class ReportingDuty(ContentLine):
    """Chế độ báo cáo: who reports to whom, through whom, how often, and by when ("trước 15/12")."""

    reporter: str = Typed.TEXT(
        N_("Ai báo cáo"), "Who reports.", N_("Ví dụ: Ủy ban nhân dân các xã."), required=True
    )
    addressees: tuple[str, ...] = Typed.LIST(N_("Báo cáo ai"), "To whom.", _ONE_A_LINE, file="to")
    through: str = Typed.TEXT(N_("Gửi qua"), "Through whom.", N_("Cơ quan tổng hợp, nếu có."))
    frequency: Frequency | None = Typed.CHOICE(
        N_("Bao lâu một lần"), "How often.", labels=FREQUENCY_LABEL
    )
    due: str = Typed.TEXT(
        N_("Thời hạn"),
        "By when, as printed: trước 15/12.",
        N_("Ví dụ: trước ngày 15/12."),
        most=120,
    )
    content: str = Typed.LONG(N_("Nội dung báo cáo"), "The plan's words.", most=2000)
