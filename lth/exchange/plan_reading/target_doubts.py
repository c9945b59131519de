"""Say why a figure is no target as it stands, why it is not sure, and which indicator it goes on
with.
"""

from lth.core.i18n import N_, Message
from lth.exchange.plan_reading.figures import FigureRead, FigureUnit
from lth.exchange.plan_reading.indicator_rules import IndicatorRule
from lth.exchange.plan_reading.indicator_words import CLUB
from lth.exchange.plan_reading.target_words import FigureSaid, counts_two_sorts, each_place
from lth.exchange.plan_reading.wording import has
from lth.models.content import TargetScope

VAGUE = Message(N_("Có “khoảng”, “gần”: không rõ là ít nhất, đúng bằng hay nhiều nhất."))
NO_INDICATOR = Message(N_("Có số nhưng chưa rõ là chỉ tiêu nào."))
BARE_SHARE = Message(N_("Không có từ so sánh; tỷ lệ phải đạt được hiểu là “ít nhất”."))
ELSEWHERE = Message(N_("Nằm ngoài phần mục tiêu, chỉ tiêu."))
AS_BEFORE = Message(N_("Câu chỉ nêu vùng: hiểu là cùng chỉ tiêu với số đứng trước."))
SAME_AS_BEFORE = Message(N_("Câu chỉ nêu thêm năm: hiểu là cùng chỉ tiêu với số đứng trước."))
EACH_COMMUNE = Message(N_("“Mỗi xã có ít nhất một câu lạc bộ” được hiểu là tất cả các xã."))
YEARS_UNCLEAR = Message(N_("Những năm chỉ nói bằng lời (“hai năm đầu”): chưa rõ là năm nào."))
_YEARS_IN_WORDS = r"năm (?:đầu|cuối|còn lại|tiếp theo|sau)\b"
EACH_PLACE = Message(
    N_("Chỉ tiêu cho từng nơi (mỗi huyện, mỗi thôn): cần ghi con số của cả đơn vị.")
)
TWO_SORTS = Message(
    N_("Số chung của phường và thị trấn: ghi riêng cho phường, cho thị trấn, hoặc cho mọi xã.")
)
STACKED = Message(N_("Có hai cách so sánh chồng nhau (“ít nhất”, “trở lên” cùng một khoảng)."))

AND_ANOTHER_YEAR = r"(?:vào|trong|đến|tới|cuối|hết) ¤+\s*(?:và|,|;)\s*(?:đạt |lên |tăng lên )?$"


_ONLY_YEARS = (
    r"^\W*(?:(?:đến|vào|hết|cuối|giai đoạn|và|năm)\s)*(?=¤)[¤\s–-]+\W*"
    r"(?:(?:là|đạt|lên|tăng lên)\s*)?$"
)


def goes_with(said: FigureSaid, before: IndicatorRule) -> bool:
    """Tell whether a figure is of the indicator before it: "5 câu lạc bộ trong năm 2023 và 4 câu
    lạc bộ trong năm 2024", "năm 2023 đạt 60 %; năm 2025 đạt 75 %", "20 câu lạc bộ (mỗi năm
    5 câu lạc bộ)".
    """
    figure = said.figure
    if figure.unit is FigureUnit.COUNT and not has(rf"^\s*{CLUB}", figure.right):
        return False
    if has(_ONLY_YEARS, figure.left):
        return has(r"^\s*(?:trở lên)?\W*$", figure.right)
    if before.indicator == "clubs_new" and has(r"trong đó\W*(?:năm )?¤+\W*$", figure.left):
        return True
    each_year = has(r"\(\s*(?:mỗi|hằng|hàng) năm\W*$", figure.left)
    return (each_year and before.indicator == "clubs_new") or has(AND_ANOTHER_YEAR, figure.left)


def unclear(figure: FigureRead, rule: IndicatorRule) -> Message | None:
    """Say why a figure of a known indicator is no target as it stands, if it is none."""
    if has(_YEARS_IN_WORDS, figure.left):
        return YEARS_UNCLEAR
    if counts_two_sorts(figure):
        return TWO_SORTS
    if rule.indicator == "clubs_new" and each_place(figure.left) is TargetScope.UNIT:
        return EACH_PLACE
    return VAGUE if figure.comparator is None else None
