"""Which indicator a figure speaks of, by the words beside it.

A rule needs its words in what the figure counts (`subject`: the words behind it, or those before
it where it is "… chiếm 60 %"), and may ask for words before it or in the whole sentence. The first
rule that holds is taken; where none does, the figure is nobody's: nothing is guessed.
"""

from dataclasses import dataclass

from lth.exchange.plan_reading.figures import Unit
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
    r"(?:(?:đủ|đầy đủ|tốt)\s+(?:cả\s+|tất cả\s+|các\s+)*(?:¤+|mảng|hoạt động|nội dung|nhiệm vụ|lĩnh vực)"
    r"|(?:bảo|đảm) (?:đảm|bảo)? ?(?:các )?hoạt động và (?:được )?quản lý tốt|hoạt động (?:đủ|đầy đủ)"
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
class Rule:
    """An indicator and the words that make a figure one of it; see the module."""

    indicator: str
    unit: Unit
    subject: str
    before: str = ""
    sentence: str = ""
    near: str = ""
    """Words in the paragraph or the headings over it."""
    never: str = ""
    denominator: str = ""
    at_least: bool = False
    """A bare share below 100 % is what is to be reached at least."""


_P, _C, _M = Unit.PERCENT, Unit.COUNT, Unit.MONEY
_START = r"^[\W_]*(?:trở lên\s+)?(?:(?:tỷ lệ|tỉ lệ|trên|tổng|số lượng|số|các|những|mô hình|có)\s+)*"
_IN_CLUBS = rf"(?:{MEMBER}|{CLUB})"

SHARES = (
    Rule("loan_rate_month", _P, r"", sentence=r"lãi suất"),
    Rule("older_women_share_pct", _P, rf"(?:nữ|phụ nữ) (?:là )?{OLDER}|{OLDER} (?:là )?(?:nữ|phụ nữ)"),
    Rule("commune_coverage_pct", _P, rf"{_START}{COMMUNE}.*{CLUB}", never=r"^[\s,]*thành viên|nông thôn mới|đạt chuẩn",
         denominator="communes_total", at_least=True),
    Rule("clubs_two_funds_pct", _P, rf"{_START}{CLUB}.*{TWO_FUNDS}", at_least=True),
    Rule("clubs_income_fund_pct", _P, rf"{_START}{CLUB}.*{INCOME_FUND}", at_least=True,
         never=rf"^[^,]*{MEMBER}"),
    Rule("clubs_full8_pct", _P, rf"{_START}{CLUB}.*{FULL}", at_least=True),
    Rule("clubs_digital_green_pct", _P, rf"{_START}{CLUB}.*{DIGITAL}", at_least=True),
    Rule("clubs_maintained_pct", _P, rf"{_START}{CLUB}.*(?:duy trì|quản lý)", at_least=True),
    Rule("clubs_maintained_pct", _P, rf"{_START}{CLUB}", before=r"duy trì", at_least=True),
    Rule("boards_trained_pct", _P, rf"{_START}(?:thành viên )?(?:ban chủ nhiệm|bcn).*{TRAINED}", at_least=True,
         denominator="clubs_total"),
    Rule("staff_trained_pct", _P, rf"{_START}(?:cán bộ|công chức|người làm công tác)(?=.*(?:{CLUB}|mô hình|đề án)).*{TRAINED}",
         at_least=True, denominator="staff_total", never=r"ban chủ nhiệm câu lạc bộ được"),
    Rule("loan_access_pct", _P, rf"{_START}(?:{MEMBER}|{OLDER}).*nhu cầu.*{LOAN}", at_least=True,
         denominator="loan_need_members"),
    Rule("loan_access_pct", _P, rf"{_START}{MEMBER}.*{LOAN}", at_least=True),
    Rule("health_book_pct", _P, rf"{_START}{MEMBER}.*sổ (?:theo dõi|khám|quản lý)? ?(?:sức khỏe|sức khoẻ)",
         at_least=True),
    Rule("outreach_pct", _P, rf"{_START}(?:{MEMBER}|{OLDER}|người dân|cộng đồng).*{TOLD}.*(?:{CLUB}|mô hình|đề án)", at_least=True,
         never=r"^[^,]*(?:ban chủ nhiệm|cán bộ)"),
    Rule("older_reach_pct", _P, rf"{_START}{OLDER}.*(?:hưởng lợi|thụ hưởng)", at_least=True),
    Rule("older_reach_pct", _P, rf"{OLDER}(?: trên địa bàn| toàn \w+| của \w+)+ .*tham gia.*{CLUB}",
         at_least=True),
    Rule("older_share_pct", _P, _group(OLDER), near=_IN_CLUBS,
         never=r"dân số|bảo hiểm|thẻ|trợ cấp|khám|mừng thọ|hội viên hội|vào hội|sức khỏe|tuyên truyền"),
    Rule("women_share_pct", _P, _group(WOMEN), near=_IN_CLUBS, never=r"dân số|hội phụ nữ"),
    Rule("young_share_pct", _P, _group(YOUNG), near=_IN_CLUBS),
    Rule("poor_share_pct", _P, _group(POOR), near=_IN_CLUBS,
         never=r"hộ nghèo (?:còn|giảm|xuống)|giảm|vay|bảo hiểm|tỷ lệ (?:hộ )?nghèo"),
)  # fmt: skip

_PEOPLE = rf"(?:{MEMBER}|người|{OLDER}|phụ nữ)"
COUNTS = (
    Rule("meetings_month", _C, r"^\s*(?:lần|buổi|kỳ)?\s*(?:sinh hoạt)?\s*(?:/|mỗi|một|trong)?\s*tháng|^\s*lần",
         sentence=r"sinh hoạt.*tháng|tháng.*sinh hoạt", never=r"/\s*(?:năm|tuần|quý)|khám|dưỡng sinh|hàng năm|hằng năm|năm tổ chức"),
    Rule("exercise_week", _C, r"^\s*(?:lần|buổi|ngày)\s*(?:/|mỗi|một|trong)\s*(?:\d )?tuần",
         sentence=r"dưỡng sinh|thể dục|thể thao|luyện tập"),
    Rule("health_check_year", _C, r"^\s*lần", sentence=r"khám (?:sức khỏe|sức khoẻ|bệnh).*năm|năm.*khám (?:sức|bệnh)",
         never=r"/\s*(?:tháng|tuần|quý)"),
    Rule("board_size", _C, r"^\s*(?:thành viên|người|đồng chí|ủy viên)",
         before=r"ban chủ nhiệm[^,;.]*(?:gồm|có|từ)?\s*$", never=r"tập huấn"),
    Rule("volunteers", _C, r"^\s*(?:\w+\s+)?tình nguyện viên"),
    Rule("clubs_standard", _C, rf"^\s*{CLUB}.*(?:đạt|theo) (?:tiêu )?chuẩn"),
    Rule("clubs_full8", _C, rf"^\s*{CLUB}[^,;]*{FULL}"),
    Rule("clubs_digital_green", _C, rf"^\s*{CLUB}[^,;]*{DIGITAL}"),
    Rule("clubs_two_funds", _C, rf"^\s*{CLUB}[^,;]*{TWO_FUNDS}"),
    Rule("clubs_income_fund", _C, rf"^\s*{CLUB}[^,;]*có {INCOME_FUND}"),
    Rule("clubs_total", _C, rf"^\s*{CLUB}", before=rf"nâng (?:tổng )?số (?:lượng )?(?:các )?{CLUB}",
         never=r"(?:thành lập|xây dựng) (?:mới|thêm)"),
    Rule("clubs_total", _C, rf"^\s*{CLUB}", before=r"¤\W*(?:\w+ ){0,4}?(?:có|đạt)\s*$",
         never=r"thành lập|xây dựng|nhân rộng|thêm|mới|đạt chuẩn|ra mắt"),
    Rule("clubs_total", _C, rf"^\s*{CLUB}",
         before=r"(?:tổng (?:cộng )?(?:số|có)|nâng (?:tổng )?số|lên|(?:toàn|trong) (?:huyện|tỉnh|xã|phường|thành phố|"
                r"thị xã|địa bàn \w+) (?:phấn đấu )?(?:có|đạt)|đạt|duy trì và phát triển)[^;.]{0,40}$",
         never=r"thành lập|xây dựng|nhân rộng|thêm|mới"),
    Rule("clubs_total", _C, r"^\W*$", before=rf"nâng (?:tổng )?số (?:lượng )?(?:các )?{CLUB}[^;.]*lên\W*$"),
    Rule("clubs_new", _C, rf"^\s*(?:mô hình\s+)?{CLUB}", before=FOUNDED),
    Rule("clubs_maintained", _C, rf"^\s*(?:mô hình\s+)?{CLUB}", before=r"duy trì"),
    Rule("clubs_new", _C, rf"^\s*(?:mô hình\s+)?{CLUB}[^,;]*(?:mới|được (?:thành lập|xây dựng))",
         never=r"đã (?:được )?(?:thành lập|xây dựng)"),
    Rule("communes_with_club", _C, rf"^\s*(?:số )?{COMMUNE}[^;]*(?:có|thành lập|xây dựng)[^;]*{CLUB}",
         never=r"\btại\s*$"),
    Rule("loans_members", _C, rf"^\s*(?:lượt\s+)?{_PEOPLE}.*{LOAN}"),
    Rule("loans_members", _C, rf"^\s*(?:lượt\s+)?{_PEOPLE}", before=LOAN),
    Rule("homecare_persons", _C, rf"^\s*{_PEOPLE}[^,;]*chăm sóc (?:sức khỏe )?tại nhà"),
    Rule("homecare_persons", _C, rf"^\s*{_PEOPLE}", before=r"chăm sóc (?:sức khỏe )?tại nhà (?:cho|được)\W*$"),
    Rule("members_older", _C, rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{OLDER}", near=_IN_CLUBS),
    Rule("members_older", _C, rf"^\s*(?:{MEMBER}|người)", before=rf"{OLDER}(?: là| có| đạt|:)*\s*$",
         near=_IN_CLUBS),
    Rule("members_women", _C, rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{WOMEN}", near=_IN_CLUBS),
    Rule("members_ethnic", _C, rf"^\s*{_PEOPLE}?\s*(?:là\s+)?(?:người\s+)?(?:đồng bào\s+)?{ETHNIC}",
         near=_IN_CLUBS),
    Rule("members_poor", _C, rf"^\s*{_PEOPLE}?\s*(?:là\s+|thuộc\s+|có\s+)?(?:người\s+|hộ\s+|hoàn cảnh\s+)?{POOR}",
         near=_IN_CLUBS, never=r"chăm sóc|giúp đỡ|trợ giúp"),
    Rule("members_young", _C, rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{YOUNG}", near=_IN_CLUBS),
    Rule("club_size", _C, rf"^\s*{_PEOPLE}",
         before=r"(?:(?:mỗi|một|từng) (?:một )?(?:mô hình )?(?:câu lạc bộ|clb)|quy mô|cơ cấu)[^;]*$",
         never=r"tình nguyện|lượt|giúp (?!nhau)|cán bộ"),
    Rule("club_size", _C, rf"^\s*{_PEOPLE}\s*(?:/|mỗi|một)\s*(?:\d\s*)?{CLUB}"),
    Rule("members_total", _C, rf"^\s*{MEMBER}", near=CLUB, never=r"ban chủ nhiệm|kết nạp|hội viên mới|tập huấn"),
    Rule("members_total", _C, r"^\s*người", before=rf"{MEMBER}[^,;]*$", near=CLUB),
)  # fmt: skip

MONEY = (
    Rule("member_fee_month", _M, r"^\)?\s*/\s*(?:người\s*/\s*)?tháng|mỗi tháng|hằng tháng|hàng tháng",
         sentence=r"(?:hội )?phí|đóng góp"),
    Rule("income_fund_min", _M, r"",
         before=rf"quỹ.*(?:mỗi|từng|một) {CLUB}|(?:mỗi|từng|một|các) {CLUB}.*quỹ|^\s*{CLUB}[^;]*quỹ"),
    Rule("income_fund_min", _M, rf"^\s*(?:làm|xây dựng|tạo|cho|vào)\b.{{0,20}}quỹ[^,;.]*{CLUB}"),
    Rule("income_fund_min", _M, rf"^\s*(?:/|mỗi|cho mỗi)\s*{CLUB}", before=r"quỹ"),
)  # fmt: skip

PER_CLUB = rf"(?:mỗi|từng|/\s*1?|một) (?:một )?(?:mô hình )?{CLUB}|/\s*1?\s*{CLUB}|{CLUB} có không"


@dataclass(frozen=True, slots=True)
class Words:
    """The toneless words around a figure: see `Rule`; `around` is all of its clause."""

    subject: str
    before: str
    around: str
    sentence: str
    near: str


def matching(rules: tuple[Rule, ...], said: Words) -> Rule | None:
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
