"""A kind of document that only tests know."""

from collections.abc import Iterator
from contextlib import contextmanager

from lth.models.kind import Kind, StandardSection
from lth.models.person import Role

SECTION = "s.request"


@contextmanager
def memos() -> Iterator[Kind]:
    """Tờ trình: drafted by the clerk, without figures that are asked for, any number a period."""
    kind = Kind.register(
        "memo",
        label="Tờ trình",
        name="Tờ trình %(period)s",
        within="tờ trình %(period)s",
        drafter=Role.CLERK,
        drafter_label="Cán bộ lập kế hoạch",
        once_a_period=False,
        sections=(StandardSection(SECTION, "I. Đề nghị", "Đề nghị điều gì.", required=True),),
    )
    try:
        yield kind
    finally:
        del Kind._registered["memo"]
