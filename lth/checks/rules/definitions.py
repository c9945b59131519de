"""V13: what a plan counts by is defined, and an older person is who the law says it is."""

import re
from collections.abc import Iterator

from lth.checks.ages import LEGAL_AGE, definitions_of, older_from, young_until
from lth.checks.prose import lowered
from lth.checks.registry import Fault, check
from lth.checks.rules.members import YOUNG, YOUNG_SHARE, all_told, missing_half
from lth.checks.wording import figure
from lth.content.model import DEFINITIONS, Content, TargetLine
from lth.core.i18n import N_
from lth.models.finding import Severity, Stage
from lth.models.parts import Term

STANDARD_CLUBS = "clubs_standard"

_OLDER_FROM = re.compile(r"người cao tuổi ?(?:\( ?)?(?:là )?(?:người )?từ (?:đủ )?(\d{2}) tuổi")


@check(
    "V13",
    "DEFINITION",
    N_("Định nghĩa rõ độ tuổi, người trẻ, câu lạc bộ đạt chuẩn"),
    Severity.WARNING,
    Stage.DRAFT,
)
def definition(content: Content) -> Iterator[Fault]:
    """Require definitions: two plans can only be added up if they count the same people. So an
    older person is one of 60 and more, as the law has it; and a plan that sets a figure for
    young members or for standard clubs, which no law defines, says what it means. The young need
    no definition where older and young are all members by the plan's own figures or words: they
    are then those who are not older. Where the share of older members is missing beside that of
    the young (V10), the line between the two is asked for once both are there. A draft may still
    lack a definition; what contradicts the law is said at once.
    """
    if content.is_directive:
        return
    yield from _ages(content)
    young = _first(content, YOUNG_SHARE) or _first(content, YOUNG)
    if young is not None and not _settled(content):
        yield Fault.of(
            N_("Có chỉ tiêu cho người trẻ (%(figure)s), nhưng không nói người trẻ là ai."),
            N_("Ghi rõ người trẻ là từ bao nhiêu đến bao nhiêu tuổi."),
            young.key,
            stage=Stage.SUBMIT,
            mend=DEFINITIONS,
            figure=figure(young, content),
        )
    standard = _first(content, STANDARD_CLUBS)
    if standard is not None and not _defined(content, Term.STANDARD):
        yield Fault.of(
            N_("Có chỉ tiêu câu lạc bộ đạt chuẩn (%(figure)s), nhưng không nói chuẩn là gì."),
            N_("Ghi rõ câu lạc bộ phải đạt những gì mới là đạt chuẩn."),
            standard.key,
            stage=Stage.SUBMIT,
            mend=DEFINITIONS,
            figure=figure(standard, content),
        )


def _settled(content: Content) -> bool:
    """Tell whether it is said who is young, or need not be yet."""
    return _defined(content, Term.YOUNG) or missing_half(content) is not None or all_told(content)


def _first(content: Content, indicator: str) -> TargetLine | None:
    return next(iter(content.of(indicator)), None)


def _defined(content: Content, term: Term) -> bool:
    return any(
        line.term is term and (line.text.strip() or line.age is not None)
        for line in content.definitions
    )


def _ages(content: Content) -> Iterator[Fault]:
    """Find ages that differ from the law's, and young members who are older members too."""
    told = {LEGAL_AGE}
    older = LEGAL_AGE
    for line in definitions_of(content, Term.OLDER):
        age = older_from(line)
        if age is not None and age not in told:
            told.add(age)
            older = age
            yield _unlawful(age, line.key)
    for place, text in content.worded():
        match = _OLDER_FROM.search(lowered(text))
        age = int(match[1]) if match else LEGAL_AGE
        if age < LEGAL_AGE and age not in told:
            told.add(age)
            yield _unlawful(age, place)
    for line in definitions_of(content, Term.YOUNG):
        oldest = young_until(line)
        if oldest is not None and oldest >= older:
            yield _both(oldest, older, line.key)


def _unlawful(age: int, place: str) -> Fault:
    return Fault.of(
        N_(
            "Kế hoạch tính người cao tuổi từ %(age)s tuổi, Luật Người cao tuổi (Điều 2) quy"
            " định từ đủ %(legal)s tuổi."
        ),
        N_("Tính người cao tuổi từ đủ %(legal)s tuổi, người trẻ hơn ghi thành nhóm riêng."),
        place,
        age=age,
        legal=LEGAL_AGE,
    )


def _both(oldest: int, older: int, place: str) -> Fault:
    return Fault.of(
        N_(
            "Người trẻ tính đến %(oldest)s tuổi, người cao tuổi từ %(older)s tuổi: có người"
            " thuộc cả hai nhóm."
        ),
        N_("Cho tuổi của hai nhóm nối tiếp nhau, không trùng."),
        place,
        oldest=oldest,
        older=older,
    )
