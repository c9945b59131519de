"""Links to another phase, topic or time beside a matrix."""

from dataclasses import dataclass

from lth.core.i18n import Message
from lth.core.language import gettext, say
from lth.programmes.catalogue_file import TOPIC_LABEL
from lth.synthesis.matrix import MAIN


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another phase, topic or time."""

    label: str
    url: str
    current: bool


def topic_name(topic: str) -> str:
    if topic == MAIN:
        return gettext("Chỉ tiêu chính")
    return say(Message(TOPIC_LABEL.get(topic, topic)))
