"""What a letter of the talk over quotas tells; it hangs on no event, its row says it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lth.models.person import Role

HANDED, ANSWERED, SETTLED = "quota_handed", "quota_answered", "quota_settled"
KINDS = (HANDED, ANSWERED, SETTLED)
"""Figures handed down, the answer that goes up, and what was decided on it."""


@dataclass(frozen=True)
class Line:
    """One figure: what it is of, what it is, and what it was (or, in an answer, is assigned)."""

    label: str
    value: str
    before: str
    move: str
    reason: str


@dataclass(frozen=True)
class Talk:
    """A letter's figures, who wrote it, and by when an answer is wanted."""

    document_id: int
    period_code: str
    giver: str
    actor_name: str
    actor_role: Role
    actor_unit: str
    at: datetime
    figures: list[Mapping[str, str]]
    reply_by: date | None
    late: bool

    def lines(self, language: str) -> list[Line]:
        """The figures in "vi" or "en"."""
        return [
            Line(
                one[f"label_{language}"],
                one[f"value_{language}"],
                one.get(f"before_{language}", ""),
                one["move"],
                one["reason"],
            )
            for one in self.figures
        ]


def read(kind: str, data: Mapping[str, Any]) -> Talk | None:
    """The talk that a message's row holds; None for every other kind of message."""
    if kind not in KINDS:
        return None
    return Talk(
        document_id=data["document_id"],
        period_code=data["period"],
        giver=data["giver"],
        actor_name=data["actor"],
        actor_role=Role(data["actor_role"]),
        actor_unit=data["actor_unit"],
        at=datetime.fromisoformat(data["at"]),
        figures=data["figures"],
        reply_by=date.fromisoformat(data["reply_by"]) if data["reply_by"] else None,
        late=data["late"],
    )
