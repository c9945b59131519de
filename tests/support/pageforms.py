"""The forms of a page that are posted, with what they would send as they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import html5lib

WORDLESS = {"hidden", "submit", "button", "image", "reset"}
LOOK = "look"


@dataclass
class PageForm:
    """A form that is posted."""

    page: str
    action: str
    marks: set[str]
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return re.sub(r"\d+|lines/[^/?]+|parts/\w+/[^/]+", "N", self.action.partition("?")[0])

    @property
    def default(self) -> tuple[str, str]:
        return self.buttons[0] if self.buttons else ("no button", self.page)

    @property
    def is_harmless(self) -> bool:
        """Whether Enter gives the page back, or keeps what was typed, which is all there is."""
        return self.default[0] == LOOK or bool(self.marks & {"data-save", "data-keeps"})


def forms_of(page: str, html: str) -> Iterator[PageForm]:
    """Find the forms in which there is something to type or tick."""
    return (form for form, typed in all_forms_of(page, html) if typed)


def all_forms_of(page: str, html: str) -> Iterator[tuple[PageForm, bool]]:
    """Find the forms that are posted, and whether there is something to type or tick in each."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        found = PageForm(page, form.get("action") or page, set(form.attrib))
        outside = [
            one for one in tree.iter() if one.get("form") and one.get("form") == form.get("id")
        ]
        typed = read_controls([*form.iter(), *outside], found)
        yield found, typed


def read_controls(form: list[ElementTree.Element], found: PageForm) -> bool:
    """Read what the form would send; tell whether there is something to type or tick."""
    typed = False
    for one in form:
        kind, name = one.get("type", ""), one.get("name", "")
        if one.tag == "button" and kind in {"", "submit"}:
            found.buttons.append((name, one.get("value", "")))
        elif one.tag == "textarea":
            found.fields.setdefault(name, []).append(one.text or "")
        elif one.tag == "select":
            options = list(one.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            found.fields.setdefault(name, []).extend(o.get("value", "") for o in chosen)
        elif one.tag == "input" and (
            kind not in {"checkbox", "radio"} or one.get("checked") is not None
        ):
            found.fields.setdefault(name, []).append(one.get("value", ""))
        typed |= one.tag in {"textarea", "select"} or (one.tag == "input" and kind not in WORDLESS)
    return typed
