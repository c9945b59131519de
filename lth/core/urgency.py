"""How urgent a paper is (độ khẩn), as it is stamped and sent (Nghị định 30/2020/NĐ-CP, PL I)."""

from enum import StrEnum

from lth.core.i18n import N_


class Urgency(StrEnum):
    """How soon a paper is to be delivered; most papers bear no stamp."""

    NORMAL = "normal"
    URGENT = "urgent"
    VERY_URGENT = "very_urgent"
    EXPRESS = "express"


URGENCY_NAME = {
    Urgency.NORMAL: N_("Thường"),
    Urgency.URGENT: N_("Khẩn"),
    Urgency.VERY_URGENT: N_("Thượng khẩn"),
    Urgency.EXPRESS: N_("Hỏa tốc"),
}
"""Names, as offices say them; the stamp (ô 10b) is in capitals."""

STAMP_WIDTH = {Urgency.URGENT: 20, Urgency.VERY_URGENT: 40, Urgency.EXPRESS: 30}
"""Width of the stamp's box in mm; papers that are not urgent have none."""

STAMP_HEIGHT = 8
"""Height of the stamp's box in mm."""
