"""What every page of results begins with: whose results, of which period, window and topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from lth.blueprints.reporting import result_words
from lth.blueprints.web import current, paging
from lth.blueprints.web.levels import desk_url
from lth.core import clock
from lth.core.errors import NotFoundError
from lth.core.language import gettext
from lth.core.vietnamese import capitalize_first
from lth.models import Unit
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.reporting import result_choice, result_mark, standing
from lth.reporting.result_choice import ResultChoice, ResultPeriod
from lth.reporting.result_mark import Mark
from lth.reporting.standing import MAIN, ResultSheet

KEPT = ("period", "window")
"""What of an address goes on to the other pages of results."""


@dataclass(frozen=True)
class ResultPage:
    """A page of results: its unit, what may be chosen, and what is."""

    unit: Unit
    periods: Sequence[ResultPeriod]
    choice: ResultChoice | None
    topic: str
    code: str = ""

    @cached_property
    def results(self) -> ResultSheet:
        """Read the three figures. Raises NotFoundError where there is no period at all."""
        if self.choice is None:
            raise NotFoundError
        return standing.results(
            *(current.database(), current.scope(), self.unit, self.choice),
            topic=self.topic,
            code=self.code,
        )

    @cached_property
    def mark(self) -> Mark:
        """Read what changes with everything that the page is made of."""
        if self.choice is None:
            raise NotFoundError
        return result_mark.mark(current.database(), current.scope(), self.unit, self.choice)

    @property
    def name(self) -> str:
        return capitalize_first(self.unit.full_name)

    @property
    def kicker(self) -> str:
        return result_words.choice_name(self.choice) if self.choice is not None else ""

    @property
    def is_own(self) -> bool:
        return self.unit.id == current.scope().unit_id

    def url(self, page: str = "results_unit", unit_id: int | None = None, **values: Any) -> str:
        """Lead to a page of a unit's results, in the same period and window."""
        kept = {name: request.args[name] for name in KEPT if name in request.args}
        unit_id = unit_id or self.unit.id
        if page == "results_unit" and unit_id == current.scope().unit_id:
            return desk_url("results", **kept, **values)
        return desk_url(page, unit_id=unit_id, **kept, **values)

    def crumbs(self, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
        """Lead from the own unit's results to this unit's, and on to the page."""
        kept = {name: request.args[name] for name in KEPT if name in request.args}
        found: list[tuple[str, str | None]] = [(gettext("Kết quả"), desk_url("results", **kept))]
        if not self.is_own:
            found.append((self.name, self.url()))
        if more:
            return [*found, *more]
        return [*found[:-1], (found[-1][0], None)]

    def choices(self) -> dict[str, Any]:
        """Return the options of the form that chooses, each as value and words."""
        choice = self.choice
        if choice is None:
            return {}
        windows = [
            (str(one.period_id), capitalize_first(result_words.window_name(one)))
            for one in self._windows()
        ]
        return {
            "period_options": [
                (str(one.id), capitalize_first(result_words.plan_name(one))) for one in self.periods
            ],
            "window_options": [*windows, ("0", gettext("Đến hôm nay, theo sổ câu lạc bộ"))],
            "topic_options": [
                (topic, result_words.topic_name(topic)) for topic in (MAIN, *TOPIC_LABEL)
            ],
            "chosen": {
                "period": str(choice.period.id),
                "window": str(choice.window.period_id if choice.window else 0),
                "topic": self.topic,
            },
        }

    def _windows(self) -> Sequence[result_choice.ResultWindow]:
        return self.choice.period.windows if self.choice is not None else ()


def look(unit_id: int | None = None, code: str = "") -> ResultPage:
    """Read what the address asks for, of one indicator or of a topic.

    Raises NotFoundError for what is not there to be seen.
    """
    session, scope = current.database(), current.scope()
    unit = _own() if unit_id in {None, scope.unit_id} else None
    if unit is None:
        unit = result_choice.unit_seen(session, scope, unit_id or 0)
    periods = result_choice.periods(session, scope, unit.path)
    choice = result_choice.choose(
        periods, clock.today(), period_id=_number("period"), window_id=_number("window")
    )
    topic = request.args.get("topic") or MAIN
    if topic != MAIN and topic not in TOPIC_LABEL:
        raise NotFoundError
    return ResultPage(unit, periods, choice, topic, code)


def _own() -> Unit:
    """Return the unit of the role in use, which was read with the account."""
    actor = current.actor()
    return next(one.unit for one in current.assignments() if one.id == actor.assignment_id)


def _number(name: str) -> int | None:
    """Read an id that the address asks for; None where it asks for none.

    Raises NotFoundError for what can be no id.
    """
    text = request.args.get(name, "")
    if not text:
        return None
    number = paging.whole(text, paging.LARGEST_ID + 1)
    if number is None:
        raise NotFoundError
    return number
