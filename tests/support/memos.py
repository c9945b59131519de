"""A kind of document that only tests know."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from lth.models.kind import Kind, StandardSection
from lth.models.person import Role

SECTION = "s.request"
_Remembering = type(lru_cache(lambda: None))


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
    _forget()
    try:
        yield kind
    finally:
        del Kind._registered["memo"]
        _forget()


def _forget() -> None:
    """Have nothing remembered that was made of the kinds there are: statements name them."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lth."):
            for found in list(vars(module).values()):
                if isinstance(found, _Remembering):
                    found.cache_clear()
