"""The templates of mail: a plain Jinja environment, the same in a page, a thread and a job."""

from typing import Any

from jinja2 import Environment, PackageLoader, Template, select_autoescape

from lth.access.roles import role_label
from lth.core import language
from lth.core.formats import FILTERS
from lth.core.vietnamese import capitalize_first, lower_first
from lth.mail.declarations import DECLARED
from lth.workflow.kinds import period_name

FOLDER = "mail/"


class UnknownKindError(LookupError):
    """A message of a kind that nobody has declared."""


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("lth"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        FILTERS,
        capitalize_first=capitalize_first,
        lower_first=lower_first,
        period_name=period_name,
        role_label=role_label,
    )
    made.globals.update(_=language.gettext, ngettext=language.ngettext)
    return made


ENVIRONMENT = _environment()


def template(kind: str) -> Template:
    """Return the template of a kind of message. Raises UnknownKindError."""
    if kind not in DECLARED:
        raise UnknownKindError(kind)
    return ENVIRONMENT.get_template(f"{FOLDER}{kind}.txt")


def block(of: Template, name: str, words: dict[str, Any]) -> str:
    """Return one block of a template in a line; empty where it has none of that name."""
    made = of.blocks.get(name)
    return " ".join("".join(made(of.new_context(words))).split()) if made else ""


def verify() -> None:
    """Raise LookupError naming every kind without a template and every template without a kind."""
    names = (name.removeprefix(FOLDER) for name in ENVIRONMENT.list_templates(["txt"]))
    found = {name.removesuffix(".txt") for name in names if "/" not in name}
    strays = sorted(found ^ DECLARED.keys())
    if strays:
        raise LookupError("messages without a template or without a kind: " + ", ".join(strays))
