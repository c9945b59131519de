"""The reporting regimes of the five documents, as data for the demo (`lth/data/regimes.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lth.models.parts import Frequency
from lth.reporting.regimes import RegimeTerms


@dataclass(frozen=True, slots=True)
class DocumentRegime:
    """What a document says of reports: to whom (`owner`, a unit's full name), and the terms.

    `plan` names it in `lth/data/plans`. Where not the units below report but clubs, offices or the
    association (`reporter`), nothing of it becomes a regime of units (`of_units` is false).
    """

    plan: str
    owner: str
    programme: str
    name: str
    frequency: Frequency
    content: str
    recipients: str
    source: str
    reporter: str = ""
    of_units: bool = True

    def terms(self, programme_id: int) -> RegimeTerms:
        """Return it as the terms of a regime, by the decree's windows and the usual days."""
        return RegimeTerms(
            programme_id=programme_id,
            name=self.name,
            frequency=self.frequency,
            content=self.content,
            recipients=self.recipients,
            source=self.source,
        )


@cache
def of_documents() -> tuple[DocumentRegime, ...]:
    """List what the five documents say, document by document; one says nothing."""
    text = files("lth").joinpath("data", "regimes.toml").read_text(encoding="utf-8")
    return tuple(_read(row) for row in tomllib.loads(text)["regime"])


def _read(row: dict[str, str | bool]) -> DocumentRegime:
    values = row | {"frequency": Frequency(str(row["frequency"]))}
    return DocumentRegime(**values)  # type: ignore[arg-type] # the file's keys are the fields
