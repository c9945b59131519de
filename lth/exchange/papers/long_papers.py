"""A paper that takes longer to write than a page may: a long job writes it as it stood when asked.

The paper itself, and the template it is written on, are kept as files until then: the job reads no
document, and writes what whoever asked was shown.
"""

from collections.abc import Callable

from lth.core.i18n import N_
from lth.exchange.files.store import FileStore
from lth.exchange.files.stores import store_at
from lth.exchange.papers import file_names, pdf, word
from lth.exchange.papers.packing import packed_paper, unpacked_paper
from lth.exchange.papers.text import PaperText
from lth.notifications.long_jobs import JobResult, JobWork, long_job

KIND = "paper"

MOST_AT_ONCE = 8_000
"""Cells of units × indicators × phases that are written while a browser waits, in about a second:
130 units × 60 indicators × 3 phases, 23.400 cells, take near three."""

WRITERS: dict[str, Callable[[PaperText, bytes | None], bytes]] = {
    "docx": word.write,
    "pdf": lambda paper, _: pdf.write(paper),
}
"""By the ending of a file: what writes a paper, on a unit's own template where it has one."""


def ordered(
    store: FileStore, paper: PaperText, template: bytes | None, form: str, title: str
) -> dict[str, str]:
    """Keep what the job needs, and return what it is asked for with `long_jobs.begin`."""
    return {
        "paper": store.put(packed_paper(paper).encode()),
        "template": store.put(template) if template else "",
        "form": form,
        "title": title,
    }


@long_job(KIND, N_("Lập tệp của bảng tổng hợp"), "paper-jobs/{}")
def _write(work: JobWork) -> JobResult:
    """Write the paper that was ordered."""
    work.tell(0, 1)
    store, asked = store_at(work.settings.files), work.request
    paper = unpacked_paper(store.get(asked["paper"]).decode())
    template = store.get(asked["template"]) if asked["template"] else None
    digest = store.put(WRITERS[asked["form"]](paper, template))
    work.tell(1, 1)
    name = file_names.plain(asked["title"], asked["form"])
    return JobResult({"title": asked["title"], "form": asked["form"]}, digest, name)
