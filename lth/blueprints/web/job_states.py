"""How the page of a long job says where it stands, and how often it asks again."""

from lth.core.language import lazy_gettext
from lth.models.long_job import LongJobState

JOB_LABEL = {
    LongJobState.WAITING: lazy_gettext("Đang chờ"),
    LongJobState.RUNNING: lazy_gettext("Đang làm"),
    LongJobState.DONE: lazy_gettext("Xong"),
    LongJobState.FAILED: lazy_gettext("Không làm được"),
}
UNFINISHED = frozenset({LongJobState.WAITING, LongJobState.RUNNING})
REFRESH_SECONDS = 3
