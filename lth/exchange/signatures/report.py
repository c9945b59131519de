"""What is known of one signature, as a value and in three lines.

Bytes are counted from 0. A line is a `Message`, so that it can be kept (`as_json`) and said later
in either language.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lth.core.i18n import Message, pack, unpack


class Certainty(StrEnum):
    """What is known of a thing: that it is so, that it is not, or neither (không xác định)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class SignatureUse(StrEnum):
    """What a signature in a PDF stands for: somebody's, or a time stamp of the whole document."""

    SIGNATURE = "signature"
    TIME_STAMP = "time_stamp"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature of a PDF, in the order in which they were added.

    `intact`, `chain_known` and `status_known` are the three things, `intact_line`, `chain_line` and
    `status_line` what there is to say of each. `signer` and `organisation` are the certificate's
    own names, true as far as `chain_known` is. `chain` are the names from the signer's certificate
    to the root; `certificate` is its SHA-256. `signed_bytes` are the stretches that it covers,
    first and after-last; `appended` is how many bytes came after it was made. `said_time` is the
    signer's own clock, `stamped_time` that of a time stamp of which the chain is known.
    """

    field: str
    use: SignatureUse
    intact: Certainty
    intact_line: Message
    chain_known: Certainty
    chain_line: Message
    status_known: Certainty
    status_line: Message
    signer: str = ""
    organisation: str = ""
    issuer: str = ""
    chain: tuple[str, ...] = ()
    certificate: str = ""
    signed_bytes: tuple[tuple[int, int], ...] = ()
    appended: int = 0
    said_time: datetime | None = None
    stamped_time: datetime | None = None

    @property
    def lines(self) -> tuple[Message, Message, Message]:
        """Return the three lines: intact, whose, status at the time of signing."""
        return self.intact_line, self.chain_line, self.status_line


_LINES = ("intact_line", "chain_line", "status_line")
_TIMES = ("said_time", "stamped_time")


def as_json(report: SignatureReport) -> dict[str, Any]:
    """Return a report as JSON to keep beside the file; see `from_json`."""
    kept = asdict(report)
    kept |= {name: pack(getattr(report, name)) for name in _LINES}
    kept |= {name: kept[name] and kept[name].isoformat() for name in _TIMES}
    return kept


def from_json(kept: dict[str, Any]) -> SignatureReport:
    """Return the report that was kept."""
    values = dict(kept)
    values |= {name: unpack(kept[name]) for name in _LINES}
    values |= {name: kept[name] and datetime.fromisoformat(kept[name]) for name in _TIMES}
    values |= {name: Certainty(kept[name]) for name in ("intact", "chain_known", "status_known")}
    values["use"] = SignatureUse(kept["use"])
    values["chain"] = tuple(kept["chain"])
    values["signed_bytes"] = tuple((first, last) for first, last in kept["signed_bytes"])
    return SignatureReport(**values)
