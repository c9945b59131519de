"""Look at the signatures of a PDF: the door to `reckoning`, which runs in a process of its own."""

from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from lth.core import apart
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.signatures.report import SignatureReport, from_json

NOT_INSTALLED = Message(
    N_("Máy chủ chưa cài phần kiểm tra chữ ký số, nên chưa xem được chữ ký của tệp này.")
)


def is_installed() -> bool:
    """Tell whether signatures can be looked at: whether the extra `sign` is installed."""
    return find_spec("pyhanko") is not None


def examine(pdf: bytes, roots: Path | None, *, now: datetime) -> tuple[SignatureReport, ...]:
    """Report each signature of a PDF, none where it has none.

    `roots` is a folder of certificates (PEM or DER) that are trusted; without it no chain is known.
    Nothing is fetched from elsewhere.

    Raises:
        BlockedError: where the extra `sign` is not installed, and for a PDF that is broken,
            encrypted, or takes too long.
    """
    if not is_installed():
        raise BlockedError(NOT_INSTALLED)
    answer = apart.call(
        "lth.exchange.signatures.reckoning:examine_apart",
        pdf,
        str(roots.resolve()) if roots else "",
        now.isoformat(),
        seconds=30,
        megabytes=1024,
    )
    return tuple(from_json(one) for one in answer)
