"""Take a file in: judged by what is in it, checked for viruses, and an image made fit to be kept.

It takes a while and asks nothing of the database, so that whoever calls it holds no lock meanwhile.
"""

import base64
from collections.abc import Collection
from dataclasses import dataclass

from lth.core import apart
from lth.core.errors import BlockedError
from lth.core.i18n import N_, Message
from lth.exchange.files.kinds import ANY, FileKind, FileType, judge
from lth.exchange.files.virus_check import VirusScanner

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
"""Bytes of one file. A scanned plan of fifty pages has half of that."""


@dataclass(frozen=True)
class TakenFile:
    """A file that may be kept."""

    kind: FileKind
    data: bytes


@dataclass(frozen=True)
class Intake:
    """The way in; without a scanner nothing is looked for in a file."""

    scanner: VirusScanner | None = None

    def take(self, data: bytes, name: str, among: Collection[FileType] = ANY) -> TakenFile:
        """Return a file as it is kept.

        Raises BlockedError for one that is too large (read `LARGEST` and one byte to tell), not
        `among` what is taken, infected, broken, or that cannot be checked now.
        """
        if len(data) > LARGEST:
            text = N_("Tệp lớn quá %(most)s MB. Hãy nén ảnh trong tệp hoặc tách thành nhiều tệp.")
            raise BlockedError(Message(text, {"most": LARGEST // MEGABYTE}))
        kind = judge(data, name, among)
        if self.scanner is not None:
            self.scanner.check(data)
        return TakenFile(kind, _tidied(data, kind) if kind.is_image else data)


def _tidied(data: bytes, kind: FileKind) -> bytes:
    answer = apart.call(
        "lth.exchange.files.images:tidied", data, kind.type.value, seconds=20, megabytes=1024
    )
    return base64.b64decode(answer)
