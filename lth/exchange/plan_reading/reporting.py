"""Find who reports to whom, how often and by when."""

import re
from collections.abc import Iterator

from lth.content.line_types import ReportingDuty
from lth.core.i18n import N_, Message
from lth.exchange.plan_reading.figures import sentences
from lth.exchange.plan_reading.found import FoundItem, Quote, Sureness
from lth.exchange.plan_reading.lines import Node
from lth.exchange.plan_reading.wording import has, toneless, words
from lth.models.parts import Frequency, Part

_FREQUENCIES = (
    (Frequency.MONTHLY, r"(?:hằng|hàng|mỗi|từng) tháng|báo cáo tháng|cuối tháng"),
    (
        Frequency.QUARTERLY,
        r"(?:hằng|hàng|mỗi|từng|cuối|theo) (?:quý|quí)(?! định| chế| trình)|(?:cuối|báo cáo) quý",
    ),
    (
        Frequency.HALF_YEAR,
        r"(?:06|6|sáu) tháng|15/0?6|"
        r"\d/0?[67]\b[^.;]{0,20}? và (?:trước )?(?:ngày )?\d{1,2}/(?:0?1|1[12])\b",
    ),
    (Frequency.NINE_MONTHS, r"(?:09|9|chín) tháng"),
    (
        Frequency.YEARLY,
        r"(?:hằng|hàng|mỗi|từng|cuối|01|1|một) năm|(?:tháng|quý|,|và) năm\b(?! tình| bắt| chắc)|"
        r"báo cáo năm|cả năm|"
        r"năm \(trước|15/1[12]/|theo năm|\(năm\)|"
        r"\d/0?[5-7]\b[^.;]{0,20}? và (?:trước )?(?:ngày )?\d{1,2}/1[12]\b",
    ),
    (Frequency.PHASE, r"(?:giữa kỳ|cuối kỳ|sơ kết,? tổng kết giai đoạn|kết thúc giai đoạn)"),
)
_NAME = (
    r"(?:ban đại diện|bđd|hội|ubnd|ủy ban|sở|phòng|văn phòng|chủ tịch|bộ|thường trực|cơ quan "
    r"thường trực|ban công tác|ban chỉ đạo|trung ương hội|hđnd|huyện ủy|đảng ủy)"
)
_STOP = (
    r"(?=\s+(?:để |kết quả|theo |trước |định kỳ|qua |nắm|chỉ đạo|xem xét|tình hình|về |hằng|hàng|"
    r"vào|tổng hợp|và định kỳ|báo cáo|những|các vấn đề|khi|6 tháng|năm|vướng|khó khăn)|"
    r"\s*[(,;.:]|$)"
)
_TO = (
    rf"báo cáo[^;.]{{0,140}}?(?:\b(?:về|cho|gửi|lên|tới|đến|với|trình)\s+|báo cáo\s+|"
    rf"(?<=báo cáo )|(?<=, ))"
    rf"(?P<to>{_NAME}\b.*?(?:,\s+{_NAME}\b[^,;.(]*?)?){_STOP}"
)
_DIRECT = rf"báo cáo\s+(?:về\s+|cho\s+|gửi\s+|lên\s+)?(?P<to>{_NAME}\b.*?){_STOP}"
_THROUGH = rf"\(?\b(?:thông )?qua\s+(?P<through>{_NAME}\b[^);.,]*)"
_COLLECTED = (
    rf"(?:báo cáo|phản ánh|gửi)\s+(?:[^;.]{{0,140}}?(?:về|cho|"
    rf"gửi)\s+)?(?P<through>{_NAME}\b[^;.,(]*?)\s+"
    rf"(?:\([^)]*\)\s+)?(?:trước [^;.]*?)?để\s+(?:tổng hợp,?\s*)?"
    rf"(?:và\s+)?báo cáo\s+(?P<to>{_NAME}\b[^;.(]*?){_STOP}"
)
_DUE = r"trước ngày [\d/]+(?:\s+(?:và|,)\s+[\d/]+)*(?: (?:tháng )?cuối quý| hằng năm| hàng năm)?|trước ngày \d+ tháng cuối quý"  # noqa: E501 - one expression
_OFFICES = (
    r"(?:các|ubnd|ủy ban|thủ trưởng|sở|phòng|hội|ban đại diện|đơn vị|chủ tịch|ban|trạm|văn phòng)"
)
_AHEAD = (
    r"^(?:[^:]{0,30}báo cáo[^:]{0,20}:)?(?:[\s,]|đồng thời|định kỳ|(?:hằng|hàng|mỗi|cuối|"
    r"từng) (?:tháng|quý|quí|năm)|(?:06|6|9|09) tháng|"
    r"và|đề nghị|yêu cầu|giao|trước ngày [\d/]+)*"
)
_DOES = (
    r"(?:tổ chức (?:triển|thực)|triển khai|tổng hợp|(?:có )?báo cáo|kịp thời|phản ánh|gửi|định kỳ|"
    r"chủ động|theo chức năng|thực hiện|phối hợp|căn cứ|có trách nhiệm|hằng|hàng|tiến hành)"
)
_OPENING = rf"{_AHEAD}(?P<who>{_OFFICES}\b[^;:.]{{2,170}}?)[\s,]+(?={_DOES}\b)"
_INSIDE = (
    rf"(?:[,;]|\btham mưu(?: cho)?|\bgiúp)\s+(?P<who>{_OFFICES}\b[^;:.]{{2,140}}?)\s+(?={_DOES}\b)"
)
_TROUBLE = r"vướng mắc|khó khăn|phát sinh"

BY_OFFICE = Message(N_("Bên báo cáo lấy theo cơ quan được giao ở mục này."))
LONGEST_PARAGRAPH = 6000


def reporting(root: Node, duties: list[FoundItem]) -> list[FoundItem]:
    """List the reports that are due, one for each frequency."""
    owners = {item.quote.line: str(getattr(item.line, "agency", "")) for item in duties}
    found: list[FoundItem] = []
    for node in root.walk():
        if node.cells or not has(r"báo cáo|phản ánh", node.text):
            continue
        owner = next((owners[one.number] for one in node.path()[::-1] if one.number in owners), "")
        carried = ""
        for start, sentence in _clauses(node.text[:LONGEST_PARAGRAPH]):
            for line, sureness, why in _of_sentence(sentence, owner, carried):
                if any(_same(line, one.line) for one in found):
                    continue
                quote = Quote(node.line_at(start), start, sentence.strip()[:300])
                found.append(FoundItem(Part.REPORTING, line, quote, sureness, why))
                carried = "" if why else line.reporter
    return found


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences, but for a semicolon's half that goes on with the same report."""
    for start, sentence in sentences(text):
        again = words(r"\bđồng thời\b").search(toneless(sentence))
        if again is None:
            yield start, sentence
        else:
            yield start, sentence[: again.start()]
            yield start + again.start(), sentence[again.start() :]


def _of_sentence(
    text: str, owner: str, carried: str
) -> Iterator[tuple[ReportingDuty, Sureness, tuple[Message, ...]]]:
    plain = toneless(text)
    collected = words(_COLLECTED).search(plain)
    direct = collected or words(_TO).search(plain) or words(_DIRECT).search(plain)
    if direct is None:
        return
    addressees = _names(text[direct.start("to") : direct.end("to")])
    by_way = collected or words(_THROUGH).search(plain)
    through = text[by_way.start("through") : by_way.end("through")] if by_way else ""
    who = _reporter(text, plain[: direct.end()]) or carried
    due = words(_DUE).search(plain)
    often = [kind for kind, pattern in _FREQUENCIES if words(pattern).search(plain)]
    if not often and has(_TROUBLE, text) and has(r"kịp thời|nếu có|phản ánh", text):
        often = [Frequency.AD_HOC]
    elif often and has(_TROUBLE, text) and has("kịp thời", text):
        often = [*often, Frequency.AD_HOC]
    reporter = (who if len(who) > 3 else "") or owner
    if not reporter or not addressees or not often:
        return
    why = () if who else (BY_OFFICE,)
    for one in often:
        line = ReportingDuty(
            "",
            reporter=reporter[:200],
            addressees=addressees,
            through=through.strip(" ,;.)")[:200],
            frequency=one,
            due=text[due.start() : due.end()][:120] if due else "",
        )
        yield line, Sureness.LIKELY if why else Sureness.SURE, why


def _reporter(text: str, plain: str) -> str:
    """Return who reports, where a sentence says it: at its start, or behind a comma."""
    opening = words(_OPENING).match(plain)
    if opening is not None and not has(r"\b(?:để|qua|với)$", opening["who"]):
        return text[opening.start("who") : opening.end("who")].strip(" ,")
    for match in words(_INSIDE).finditer(plain):
        who = text[match.start("who") : match.end("who")].strip(" ,")
        after = plain[match.end() :]
        other = has(r"\bđể$|theo dõi|đôn đốc|kiểm tra|giám sát|triển khai|thực hiện", who)
        if not other and words(r"^[\w\s]{0,40}(?:báo cáo|phản ánh)").search(after):
            return who
    return ""


def _names(text: str) -> tuple[str, ...]:
    parts = re.split(
        r",\s+|\s+và\s+(?=UBND|Ủy|Uỷ|Sở|Hội|Phòng|Bộ|Ban|Trung ương|TW|Thường|HĐND|Huyện|Đảng)",
        text.strip(" ,;.("),
    )
    return tuple(part.strip()[:200] for part in parts if len(part.strip()) > 2)[:6]


def _same(line: ReportingDuty, there: object) -> bool:
    return isinstance(there, ReportingDuty) and (
        (there.reporter, there.addressees, there.frequency)
        == (line.reporter, line.addressees, line.frequency)
    )
