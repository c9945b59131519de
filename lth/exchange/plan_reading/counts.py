"""Rules for figures that count clubs, communes, people, meetings, and for amounts of money."""

from functools import partial

from lth.exchange.plan_reading.figures import FigureUnit
from lth.exchange.plan_reading.indicator_rules import IndicatorRule
from lth.exchange.plan_reading.indicator_words import (
    CLUB,
    COMMUNE,
    DIGITAL,
    ETHNIC,
    FOUNDED,
    FULL,
    INCOME_FUND,
    LOAN,
    MEMBER,
    OLDER,
    POOR,
    TWO_FUNDS,
    WOMEN,
    YOUNG,
)

_count = partial(IndicatorRule, FigureUnit.COUNT)
_money = partial(IndicatorRule, FigureUnit.MONEY)
_EVENT = r"(?:câu lạc bộ|clb\w*) (?:tham (?:gia|dự)|dự)\b|hội thi|giao lưu|hội diễn|khen thưởng"
"""Clubs of an event are not all there are."""
_IN_CLUBS = rf"(?:{MEMBER}|{CLUB})"
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
        sentence=rf"^(?=.*(?:{MEMBER}|{CLUB})|(?!.*{OLDER})).*"
        r"(?:khám (?:sức khỏe|sức khoẻ|bệnh).*năm|năm.*khám (?:sức|bệnh))",
        never=r"/\s*(?:tháng|tuần|quý)",
    ),
    _count(
        "board_size",
        r"^\s*(?:thành viên|người|đồng chí|ủy viên)",
        before=r"ban chủ nhiệm[^,;.]*(?:gồm|có|từ)?\s*$",
        never=r"tập huấn",
    ),
    _count(
        "volunteers",
        r"^\s*(?:người|thành viên)(?! cao tuổi| có hoàn| nghèo)",
        before=r"tình nguyện viên[^;.]*(?::|gồm|là)\W*$|"
        r"tình nguyện viên(?:(?!giúp|chăm sóc|hỗ trợ|tập huấn)[^;.])*$",
    ),
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
        before=rf"nâng (?:tổng )?số (?:lượng )?(?:các )?{CLUB}(?![^;]*(?:mới|thêm)\b)[^;]*$",
    ),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}\W*$",
        before=r"nâng (?:tổng )?số(?: lên| đạt)?(?: ít nhất| tối thiểu)?\W*$",
    ),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}",
        before=r"¤\W*(?:\w+ ){0,4}?(?:có|đạt)\s*$",
        never=rf"thành lập|xây dựng|nhân rộng|thêm|mới|đạt chuẩn|ra mắt|{_EVENT}",
    ),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}",
        before=r"(?:tổng (?:cộng )?(?:số|có)|nâng (?:tổng )?số|lên|(?:toàn|trong) (?:huyện|"
        r"tỉnh|xã|phường|thành phố|"
        r"thị xã|địa bàn \w+) (?:phấn đấu )?(?:có|đạt)|đạt|duy trì và phát triển)[^;.]{0,40}$",
        never=rf"thành lập|xây dựng|nhân rộng|thêm|mới|{_EVENT}",
    ),
    _count(
        "clubs_total",
        r"^\W*$",
        before=rf"nâng (?:tổng )?số (?:lượng )?(?:các )?{CLUB}[^;.]*lên\W*$",
    ),
    _count(
        "clubs_total",
        rf"^\s*{CLUB}\s*(?:trở lên|trên địa bàn)?\W*(?:$|¤|với|hoạt động\b)|^\s*{CLUB}\s*[,;(]",
        before=r"^\W*(?:toàn \w+ )?(?:phấn đấu )?(?:có|đạt)\W*$",
        never=rf"thành lập|xây dựng|nhân rộng|thêm|mới|{_EVENT}",
    ),
    _count("clubs_total", rf"^\s*{CLUB}", before=r"(?:lũy kế|luỹ kế|cộng dồn)(?: là| đạt)?\W*$"),
    _count("clubs_new", rf"^\s*(?:mô hình\s+)?{CLUB}", before=FOUNDED, never=_EVENT),
    _count(
        "clubs_new",
        rf"^\s*{CLUB}\W*$",
        before=r"^[^,;.]{0,40}(?:mỗi|hằng|hàng|từng) năm\W*$",
        near=r"(?:thành lập|xây dựng|nhân rộng) [^.;]*(?:câu lạc bộ|clb)",
    ),
    _count("clubs_maintained", rf"^\s*(?:mô hình\s+)?{CLUB}", before=r"duy trì"),
    _count(
        "clubs_new",
        rf"^\s*(?:mô hình\s+)?{CLUB}[^,;]*(?:mới|được (?:thành lập|xây dựng))",
        never=r"đã (?:được )?(?:thành lập|xây dựng)",
    ),
    _count(
        "communes_with_club",
        rf"^\s*{COMMUNE}|^\W*$",
        before=rf"số {COMMUNE}[^;.]*có {CLUB}[^;.]*(?::|là|đạt)\W*$",
    ),
    _count(
        "communes_with_club",
        r"^\W*$",
        before=rf"nâng (?:tổng )?số {COMMUNE}[^;]*có {CLUB}[^;]*lên\W*$",
    ),
    _count(
        "communes_with_club",
        rf"^\s*(?:số )?{COMMUNE}[^;]*(?:có|thành lập|xây dựng)[^;]*{CLUB}",
        never=r"\btại\s*$|\bthêm\s*$",
    ),
    _count("loans_members", rf"^\s*(?:lượt\s+)?{_PEOPLE}.*{LOAN}"),
    _count("loans_members", rf"^\s*(?:lượt\s+)?{_PEOPLE}", before=LOAN),
    _count("homecare_persons", rf"^\s*{_PEOPLE}[^,;]*chăm sóc (?:sức khỏe )?tại nhà"),
    _count(
        "homecare_persons",
        rf"^\s*{_PEOPLE}",
        before=r"chăm sóc (?:sức khỏe )?tại nhà (?:cho|được)\W*$",
    ),
    _count(
        "members_older",
        rf"^\s*{_PEOPLE}?\s*(?:là\s+)?{OLDER}",
        near=_IN_CLUBS,
        never=r"(?:thôn|tổ dân phố|ấp|bản|khu|xóm|nơi|địa bàn|xã|phường) có\W*$|"
        r"(?:giúp|giúp đỡ|chăm sóc|hỗ trợ|thăm hỏi|tặng quà|tập huấn|khám bệnh)(?: cho)?\W*$",
    ),
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
        "club_size_avg",
        rf"^\s*{_PEOPLE}",
        before=rf"(?:bình quân|trung bình)[^,;.]*(?:mỗi|một|từng) (?:một )?{CLUB}[^,;.]*$",
        never=r"tình nguyện|lượt|cán bộ",
    ),
    _count(
        "club_size_avg",
        rf"^\s*{_PEOPLE}\s*(?:/|mỗi|một)\s*(?:\d\s*)?{CLUB}",
        before=r"(?:bình quân|trung bình)[^,;.]*$",
        never=r"tình nguyện|lượt|cán bộ",
    ),
    _count(
        "club_size",
        rf"^\s*{_PEOPLE}",
        before=r"(?:(?:mỗi|một|từng) (?:một )?(?:mô hình )?(?:câu lạc bộ|clb)|quy mô|cơ cấu)[^;]*$",
        never=r"tình nguyện|lượt|giúp (?!nhau)|cán bộ",
    ),
    _count(
        "club_size",
        rf"^\s*{_PEOPLE}\s*(?:/|mỗi|một)\s*(?:\d\s*)?{CLUB}",
        never=r"tình nguyện|bình quân|chăm sóc",
    ),
    _count(
        "members_total",
        rf"^\s*{MEMBER}",
        near=CLUB,
        never=r"ban chủ nhiệm|hội viên mới|vào hội\b|tập huấn",
    ),
    _count(
        "members_total",
        r"^\s*người",
        before=rf"{MEMBER}[^,;]*$",
        near=CLUB,
        never=rf"bình quân|trung bình|^\s*người\s*/\s*{CLUB}",
    ),
)

MONEY = (
    _money(
        "income_fund_balance",
        r"",
        before=r"tổng (?:số |nguồn )?(?:tiền |vốn )?quỹ tăng thu nhập[^,;.]*$",
        never=r"bình quân|trung bình|mỗi|từng",
    ),
    _money(
        "income_fund_avg",
        r"",
        before=rf"quỹ[^;.]*(?:bình quân|trung bình)[^;.]*{CLUB}[^,;.]*$|"
        rf"(?:bình quân|trung bình)[^;.]*{CLUB}[^;.]*quỹ[^,;.]*$",
        never=r"\bvay\b|\bphí\b",
    ),
    _money(
        "income_fund_avg",
        rf"^\s*(?:/|mỗi|một)\s*{CLUB}",
        before=r"quỹ[^;.]*(?:bình quân|trung bình)[^,;.]*$|"
        r"(?:bình quân|trung bình)[^;.]*quỹ[^,;.]*$",
        never=r"\bvay\b|\bphí\b",
    ),
    _money(
        "member_fee_month",
        r"^\)?\s*/\s*(?:người\s*/\s*)?tháng|mỗi tháng|hằng tháng|hàng tháng",
        sentence=r"(?:hội )?phí|đóng góp",
    ),
    _money(
        "income_fund_min",
        r"",
        before=rf"quỹ.*(?:mỗi|từng|một) {CLUB}|(?:mỗi|từng|một|các) {CLUB}.*quỹ|"
        rf"^\s*(?:tổng )?(?:số )?(?:các )?{CLUB}[^;]*quỹ",
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
