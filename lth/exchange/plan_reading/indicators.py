"""Which indicator a figure speaks of, by the words beside it.

A rule needs its words in what the figure counts (`subject`: the words behind it, or those before
it where it is "… chiếm 60 %"), and may ask for words before it or in the whole sentence. The first
rule that holds is taken; where none does, the figure is nobody's: nothing is guessed.
"""

from dataclasses import dataclass
from functools import partial

from lth.exchange.plan_reading.figures import FigureUnit
from lth.exchange.plan_reading.wording import words

CLUB = r"(?:câu\s+(?:lạc\s+)?bộ|clb\w*)"
COMMUNE = r"(?:(?:đơn vị (?:hành chính )?cấp )?xã\b|phường|thị trấn|cơ sở\b|đặc khu)"
MEMBER = r"(?:thành viên|hội viên|người tham gia)"
OLDER = r"(?:người cao tuổi|nct|người già)"
WOMEN = r"(?:phụ nữ|nữ\b|nữ giới)"
YOUNG = r"(?:người trẻ|trẻ tuổi|thanh niên|thanh,? thiếu niên|người dưới ¤)"
POOR = r"(?:nghèo|khó khăn)"
ETHNIC = r"dân tộc"
FULL = (
    r"(?:(?:đủ|đầy đủ|tốt)\s+(?:cả\s+|tất cả\s+|các\s+)*(?:¤+|mảng|hoạt động|nội dung|"
    r"nhiệm vụ|lĩnh vực)"
    r"|(?:bảo|đảm) (?:đảm|bảo)? ?(?:các )?hoạt động và (?:được )?quản lý tốt|hoạt động (?:đủ|"
    r"đầy đủ)"
    r"|(?:bảo đảm|đảm bảo) các hoạt động)"
)
INCOME_FUND = r"quỹ (?:để )?(?:tăng thu nhập|ttn|quay vòng|sinh kế)"
TWO_FUNDS = (
    r"(?:tăng thu nhập (?:và|,) (?:có )?(?:quỹ )?hoạt động|quỹ hoạt động (?:và|,) (?:có )?(?:quỹ )?"
    r"(?:để )?tăng thu nhập|(?:hai|02|2|đủ các) (?:loại )?quỹ)"
)
DIGITAL = r"(?:chuyển đổi số|chuyên đổi số|chuyển đổi xanh|khởi nghiệp)"
LOAN = r"(?:vay vốn|vay từ|vay quỹ|tiếp cận (?:nguồn )?vốn)"
TRAINED = r"(?:tập huấn|bồi dưỡng|nâng cao (?:năng lực|nhận thức|kiến thức)|đào tạo)"
TOLD = r"(?:tuyên truyền|truyền thông|phổ biến|tiếp cận thông tin)"
FOUNDED = (
    r"(?:thành lập|xây dựng|nhân rộng|phát triển|ra mắt|lập) (?:\w+ ){0,3}?(?:mới|thêm)?|\bthêm\b"
)


def _group(people: str) -> str:
    """Return the pattern of words that say which part of the members a share is."""
    link = r"(?:chiếm|đạt|là|bằng)"
    return (
        rf"(?:\blà|\bgồm|\bthuộc(?: diện)?|thành viên) (?:người |hộ )?{people}|"
        rf"^\W*{people}(?: tham gia)?\W*$|{people}(?:,? \w+){{0,8}} {link}\b|"
        rf"{people}[^;]*(?:{link}|từ|:|tỷ lệ)\s*$|(?:tỷ lệ|tỉ lệ) (?:\w+ ){{0,3}}{people}\W*$"
    )


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """An indicator and the words that make a figure one of it; see the module."""

    unit: FigureUnit
    indicator: str
    subject: str
    before: str = ""
    sentence: str = ""
    near: str = ""
    """Words in the paragraph or the headings over it."""
    never: str = ""
    denominator: str = ""
    at_least: bool = False
    """A bare share below 100 % is what is to be reached at least."""


_share = partial(IndicatorRule, FigureUnit.PERCENT)
_count = partial(IndicatorRule, FigureUnit.COUNT)
_money = partial(IndicatorRule, FigureUnit.MONEY)
_START = r"^[\W_]*(?:trở lên\s+)?(?:(?:tỷ lệ|tỉ lệ|trên|tổng|số lượng|số|các|những|mô hình|có)\s+)*"
_IN_CLUBS = rf"(?:{MEMBER}|{CLUB})"

SHARES = (
    _share("loan_rate_month", r"", sentence=r"lãi suất"),
    _share(
        "older_women_share_pct", rf"(?:nữ|phụ nữ) (?:là )?{OLDER}|{OLDER} (?:là )?(?:nữ|phụ nữ)"
    ),
    _share(
        "commune_coverage_pct",
        rf"{_START}{COMMUNE}.*{CLUB}",
        never=r"^[\s,]*thành viên|nông thôn mới|đạt chuẩn",
        denominator="communes_total",
        at_least=True,
    ),
    _share("clubs_two_funds_pct", rf"{_START}{CLUB}.*{TWO_FUNDS}", at_least=True),
    _share(
        "clubs_income_fund_pct",
        rf"{_START}{CLUB}.*{INCOME_FUND}",
        at_least=True,
        never=rf"^[^,]*{MEMBER}",
    ),
    _share("clubs_full8_pct", rf"{_START}{CLUB}.*{FULL}", at_least=True),
    _share("clubs_digital_green_pct", rf"{_START}{CLUB}.*{DIGITAL}", at_least=True),
    _share("clubs_maintained_pct", rf"{_START}{CLUB}.*(?:duy trì|quản lý)", at_least=True),
    _share("clubs_maintained_pct", rf"{_START}{CLUB}", before=r"duy trì", at_least=True),
    _share(
        "boards_trained_pct",
        rf"{_START}(?:thành viên )?(?:ban chủ nhiệm|bcn).*{TRAINED}",
        at_least=True,
        denominator="clubs_total",
    ),
    _share(
        "boards_trained_pct",
        rf"{_START}{CLUB} có (?:ban chủ nhiệm|bcn).*{TRAINED}",
        at_least=True,
        denominator="clubs_total",
    ),
    _share(
        "staff_trained_pct",
        rf"{_START}(?:cán bộ|công chức|người làm công tác)(?=.*(?:{CLUB}|mô hình|"
        rf"đề án)).*{TRAINED}",
        at_least=True,
        denominator="staff_total",
        never=r"ban chủ nhiệm câu lạc bộ được",
    ),
    _share(
        "loan_access_pct",
        rf"{_START}(?:{MEMBER}|{OLDER}).*nhu cầu.*{LOAN}",
        at_least=True,
        denominator="loan_need_members",
    ),
    _share("loan_access_pct", rf"{_START}{MEMBER}.*{LOAN}", at_least=True),
    _share(
        "health_book_pct",
        rf"{_START}{MEMBER}.*sổ (?:theo dõi|khám|quản lý)? ?(?:sức khỏe|sức khoẻ)",
        at_least=True,
    ),
    _share(
        "outreach_pct",
        rf"{_START}(?:{MEMBER}|{OLDER}|người dân|cộng đồng).*{TOLD}.*(?:{CLUB}|mô hình|đề án)",
        at_least=True,
        never=r"^[^,]*(?:ban chủ nhiệm|cán bộ)",
    ),
    _share("older_reach_pct", rf"{_START}{OLDER}.*(?:hưởng lợi|thụ hưởng)", at_least=True),
    _share(
        "older_reach_pct",
        rf"{OLDER}(?: trên địa bàn| toàn \w+| của \w+)+ .*tham gia.*{CLUB}",
        at_least=True,
    ),
    _share(
        "older_share_pct",
        _group(OLDER),
        near=_IN_CLUBS,
        never=r"dân số|bảo hiểm|thẻ|trợ cấp|khám|mừng thọ|hội viên hội|vào hội|sức khỏe|"
        r"tuyên truyền",
    ),
    _share("women_share_pct", _group(WOMEN), near=_IN_CLUBS, never=r"dân số|hội phụ nữ"),
    _share("young_share_pct", _group(YOUNG), near=_IN_CLUBS),
    _share(
        "poor_share_pct",
        _group(POOR),
        near=_IN_CLUBS,
        never=r"hộ nghèo (?:còn|giảm|xuống)|giảm|vay|bảo hiểm|tỷ lệ (?:hộ )?nghèo",
    ),
)

_PEOPLE = rf"(?:{MEMBER}|người|{OLDER}|phụ nữ)"
COUNTS = (
    _count(
        "meetings_month",
        r"^\s*(?:lần|buổi|kỳ)?\s*(?:sinh hoạt)?\s*(?:/|mỗi|một|trong)?\s*tháng|^\s*lần",
        sentence=r"sinh hoạt.*tháng|tháng.*sinh hoạt",
        never=r"/\s*(?:năm|tuần|quý)|khám|dưỡng sinh\W*$|hàng năm|hằng năm|năm tổ chức",
    ),
    _count(
        "exercise_week",
        r"^\s*(?:lần|buổi|ngày)\s*(?:/|mỗi|một|trong)\s*(?:\d )?tuần",
        sentence=r"dưỡng sinh|thể dục|thể thao|luyện tập",
    ),
    _count(
        "health_check_year",
        r"^\s*lần",
        sentence=r"khám (?:sức khỏe|sức khoẻ|bệnh).*năm|năm.*khám (?:sức|bệnh)",
        never=r"/\s*(?:tháng|tuần|quý)",
    ),
    _count(
        "board_size",
        r"^\s*(?:thành viên|người|đồng chí|ủy viên)",
        before=r"ban chủ nhiệm[^,;.]*(?:gồm|có|từ)?\s*$",
        never=r"tập huấn",
    ),
    _count("volunteers", r"^\s*(?:người|thành viên)", before=r"tình nguyện viên[^;.]*$"),
    _count(
        "exercise_week",
        r"^\s*(?:lần|buổi|ngày)",
        before=r"tuần[^,;.]*(?:dưỡng sinh|thể dục|luyện tập)[^,;.]*$",
    ),
    _count("volunteers", r"^\s*(?:\w+\s+)?tình nguyện viên"),
    _count("clubs_standard", rf"^\s*{CLUB}.*(?:đạt|theo) (?:tiêu )?chuẩn"),
    _count("clubs_full8", rf"^\s*{CLUB}[^,;]*{FULL}"),
    _count("clubs_digital_green", rf"^\s*{CLUB}[^,;]*{DIGITAL}"),
    _count("clubs_two_funds", rf"^\s*{CLUB}[^,;]*{TWO_FUNDS}"),
    _count("clubs_income_fund", rf"^\s*{CLUB}[^,;]*có {INCOME_FUND}"),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}",
        before=rf"nâng (?:tổng )?số (?:lượng )?(?:các )?{CLUB}",
        never=r"(?:thành lập|xây dựng) (?:mới|thêm)",
    ),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}",
        before=r"¤\W*(?:\w+ ){0,4}?(?:có|đạt)\s*$",
        never=r"thành lập|xây dựng|nhân rộng|thêm|mới|đạt chuẩn|ra mắt",
    ),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}",
        before=r"(?:tổng (?:cộng )?(?:số|có)|nâng (?:tổng )?số|lên|(?:toàn|trong) (?:huyện|"
        r"tỉnh|xã|phường|thành phố|"
        r"thị xã|địa bàn \w+) (?:phấn đấu )?(?:có|đạt)|đạt|duy trì và phát triển)[^;.]{0,40}$",
        never=r"thành lập|xây dựng|nhân rộng|thêm|mới",
    ),
    _count(
        "clubs_total",
        r"^\W*$",
        before=rf"nâng (?:tổng )?số (?:lượng )?(?:các )?{CLUB}[^;.]*lên\W*$",
    ),
    _count("clubs_new", rf"^\s*(?:mô hình\s+)?{CLUB}", before=FOUNDED),
    _count("clubs_maintained", rf"^\s*(?:mô hình\s+)?{CLUB}", before=r"duy trì"),
    _count(
        "clubs_new",
        rf"^\s*(?:mô hình\s+)?{CLUB}[^,;]*(?:mới|được (?:thành lập|xây dựng))",
        never=r"đã (?:được )?(?:thành lập|xây dựng)",
    ),
    _count(
        "communes_with_club",
        rf"^\s*(?:số )?{COMMUNE}[^;]*(?:có|thành lập|xây dựng)[^;]*{CLUB}",
        never=r"\btại\s*$",
    ),
    _count("loans_members", rf"^\s*(?:lượt\s+)?{_PEOPLE}.*{LOAN}"),
    _count("loans_members", rf"^\s*(?:lượt\s+)?{_PEOPLE}", before=LOAN),
    _count("homecare_persons", rf"^\s*{_PEOPLE}[^,;]*chăm sóc (?:sức khỏe )?tại nhà"),
    _count(
        "homecare_persons",
        rf"^\s*{_PEOPLE}",
        before=r"chăm sóc (?:sức khỏe )?tại nhà (?:cho|được)\W*$",
    ),
    _count("members_older", rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{OLDER}", near=_IN_CLUBS),
    _count(
        "members_older",
        rf"^\s*(?:{MEMBER}|người)",
        before=rf"{OLDER}(?: là| có| đạt|:)*\s*$",
        near=_IN_CLUBS,
    ),
    _count(
        "members_women",
        rf"^\s*(?:{MEMBER}|người)\W*$",
        before=rf"{WOMEN}(?: thiểu số| tuổi)?(?: là| có| đạt|:)*\s*$",
        near=_IN_CLUBS,
    ),
    _count(
        "members_ethnic",
        rf"^\s*(?:{MEMBER}|người)\W*$",
        before=rf"{ETHNIC}(?: thiểu số| tuổi)?(?: là| có| đạt|:)*\s*$",
        near=_IN_CLUBS,
    ),
    _count(
        "members_young",
        rf"^\s*(?:{MEMBER}|người)\W*$",
        before=rf"{YOUNG}(?: thiểu số| tuổi)?(?: là| có| đạt|:)*\s*$",
        near=_IN_CLUBS,
    ),
    _count("members_women", rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{WOMEN}", near=_IN_CLUBS),
    _count(
        "members_ethnic",
        rf"^\s*{_PEOPLE}?\s*(?:là\s+)?(?:người\s+)?(?:đồng bào\s+)?{ETHNIC}",
        near=_IN_CLUBS,
    ),
    _count(
        "members_poor",
        rf"^\s*{_PEOPLE}?\s*(?:là\s+|thuộc\s+|có\s+)?(?:người\s+|hộ\s+|hoàn cảnh\s+)?{POOR}",
        near=_IN_CLUBS,
        never=r"chăm sóc|giúp đỡ|trợ giúp",
    ),
    _count("members_young", rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{YOUNG}", near=_IN_CLUBS),
    _count(
        "club_size",
        rf"^\s*{_PEOPLE}",
        before=r"(?:(?:mỗi|một|từng) (?:một )?(?:mô hình )?(?:câu lạc bộ|clb)|quy mô|cơ cấu)[^;]*$",
        never=r"tình nguyện|lượt|giúp (?!nhau)|cán bộ",
    ),
    _count("club_size", rf"^\s*{_PEOPLE}\s*(?:/|mỗi|một)\s*(?:\d\s*)?{CLUB}"),
    _count(
        "members_total",
        rf"^\s*{MEMBER}",
        near=CLUB,
        never=r"ban chủ nhiệm|kết nạp|hội viên mới|tập huấn",
    ),
    _count("members_total", r"^\s*người", before=rf"{MEMBER}[^,;]*$", near=CLUB),
)

MONEY = (
    _money(
        "member_fee_month",
        r"^\)?\s*/\s*(?:người\s*/\s*)?tháng|mỗi tháng|hằng tháng|hàng tháng",
        sentence=r"(?:hội )?phí|đóng góp",
    ),
    _money(
        "income_fund_min",
        r"",
        before=rf"quỹ.*(?:mỗi|từng|một) {CLUB}|(?:mỗi|từng|một|các) {CLUB}.*quỹ|^\s*{CLUB}[^;]*quỹ",
        never=r"bình quân|trung bình",
    ),
    _money(
        "income_fund_min",
        rf"^\s*(?:làm|xây dựng|tạo|cho|vào)\b.{{0,20}}quỹ[^,;.]*{CLUB}",
        never=r"bình quân|trung bình",
    ),
    _money(
        "income_fund_min",
        rf"^\s*(?:/|mỗi|cho mỗi)\s*{CLUB}",
        before=r"quỹ",
        never=r"bình quân|trung bình",
    ),
)

PER_CLUB = rf"(?:mỗi|từng|/\s*1?|một) (?:một )?(?:mô hình )?{CLUB}|/\s*1?\s*{CLUB}|{CLUB} có không"


@dataclass(frozen=True, slots=True)
class WordsAround:
    """The toneless words around a figure: see `IndicatorRule`; `around` is all of its clause."""

    subject: str
    before: str
    around: str
    sentence: str
    near: str


def matching(rules: tuple[IndicatorRule, ...], said: WordsAround) -> IndicatorRule | None:
    """Return the first rule that holds of the words around a figure, if any."""
    for rule in rules:
        wanted = (
            (rule.subject, said.subject),
            (rule.before, said.before),
            (rule.sentence, said.sentence),
            (rule.near, said.near),
        )
        if not all(not pattern or words(pattern).search(text) for pattern, text in wanted):
            continue
        unwanted = (said.subject, said.around, said.before[-80:])
        if rule.never and any(words(rule.never).search(text) for text in unwanted):
            continue
        return rule
    return None
