"""Rules for figures that are shares: of communes, of clubs, of members."""

from functools import partial

from lth.exchange.plan_reading.figures import FigureUnit
from lth.exchange.plan_reading.indicator_rules import IndicatorRule
from lth.exchange.plan_reading.indicator_words import (
    CLUB,
    COMMUNE,
    DIGITAL,
    FULL,
    INCOME_FUND,
    LOAN,
    MEMBER,
    OLDER,
    POOR,
    TOLD,
    TRAINED,
    TWO_FUNDS,
    WOMEN,
    YOUNG,
)

_START = r"^[\W_]*(?:trở lên\s+)?(?:(?:tỷ lệ|tỉ lệ|trên|tổng|số lượng|số|các|những|mô hình|có)\s+)*"
_IN_CLUBS = rf"(?:{MEMBER}|{CLUB})"


def _group(people: str) -> str:
    """Return the pattern of words that say which part of the members a share is."""
    link = r"(?:chiếm|đạt|là|bằng)"
    return (
        rf"(?:\blà|\bgồm|\bthuộc(?: diện)?|thành viên) (?:người |hộ )?{people}|"
        rf"^\W*có hoàn cảnh(?: \w+){{0,2}}? {people}|"
        rf"^\W*{people}(?: tham gia)?\W*$|{people}(?:,? \w+){{0,8}} {link}\b|"
        rf"{people}[^;]*(?:{link}|từ|:|tỷ lệ)\s*$|(?:tỷ lệ|tỉ lệ) (?:\w+ ){{0,3}}{people}\W*$"
    )


_share = partial(IndicatorRule, FigureUnit.PERCENT)

SHARES = (
    _share("loan_rate_month", r"", before=r"lãi suất[^;,%]{0,60}$"),
    _share(
        "older_women_share_pct", rf"(?:nữ|phụ nữ) (?:là )?{OLDER}|{OLDER} (?:là )?(?:nữ|phụ nữ)"
    ),
    _share(
        "commune_coverage_pct",
        rf"{_START}{COMMUNE}.*{CLUB}",
        never=r"^[\s,]*thành viên|nông thôn mới|đạt chuẩn|"
        r"có\s+(?:số )?(?:thôn|tổ dân phố|ấp|bản|khu|khóm|xóm|chi hội)\b|"
        r"xã (?:khu vực|biên giới|bãi ngang|nghèo)",
        denominator="communes_total",
        at_least=True,
    ),
    _share("clubs_two_funds_pct", rf"{_START}{CLUB}(?:(?!{FULL}).)*{TWO_FUNDS}", at_least=True),
    _share(
        "clubs_income_fund_pct",
        rf"{_START}{CLUB}(?:(?!{FULL}).)*{INCOME_FUND}",
        at_least=True,
        never=rf"^[^,]*{MEMBER}",
    ),
    _share("clubs_full8_pct", rf"{_START}{CLUB}.*{FULL}", at_least=True),
    _share("clubs_standard_pct", rf"{_START}{CLUB}.*(?:đạt|theo) (?:tiêu )?chuẩn", at_least=True),
    _share("clubs_digital_green_pct", rf"{_START}{CLUB}.*{DIGITAL}", at_least=True),
    _share(
        "clubs_maintained_pct",
        rf"{_START}{CLUB}.*(?:duy trì|được quản lý|quản lý (?:tốt|hiệu quả|chặt))",
        at_least=True,
    ),
    _share("clubs_maintained_pct", rf"{_START}{CLUB}", before=r"duy trì", at_least=True),
    _share(
        "boards_trained_pct",
        rf"{_START}(?:thành viên )?(?:ban chủ nhiệm|bcn)",
        before=r"(?:tập huấn|bồi dưỡng)[^;,.]*cho\W*$",
        never=r"\blại cho|\bcũ\b",
        at_least=True,
        denominator="clubs_total",
    ),
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
        never=r"hộ nghèo (?:còn|giảm|xuống)|giảm|vay|bảo hiểm|"
        r"tỷ lệ (?:hộ )?nghèo(?![^;.]*(?:thành viên|tham gia))",
    ),
)
