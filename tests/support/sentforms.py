"""The forms of pages, read and filled in as a person would, each with what it is sent with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser

LOOK = "look"
OWN = frozenset({"csrf_token", "as_role", "confirmed"})
"""What every form carries."""
TYPED = frozenset({"text", "email", "search", "password", "tel", "url"})

Pairs = list[tuple[str, str]]


@dataclass
class Control:
    """One control of a form; `value` is what is sent, None where nothing is."""

    name: str
    kind: str
    value: str | None
    attributes: dict[str, str]
    options: list[str] = field(default_factory=list)


@dataclass
class SentForm:
    """A POST form of a page."""

    action: str
    controls: list[Control]
    buttons: list[tuple[str, str]]

    def pairs(self) -> Pairs:
        """What is sent as the page shows it, by the form's own button."""
        sent = [(one.name, one.value) for one in self.controls if one.value is not None]
        return [*sent, *self.buttons[:1]]

    def filled(
        self, words: str, today: date, known: dict[str, str], *, anew: bool = False
    ) -> Pairs:
        """What is sent by somebody who fills it in; `known` has values of fields by name.

        What stands in a field of one line stays, or is said `anew`.
        """
        chosen: set[str] = set()
        sent: Pairs = []
        ticked = {one.name for one in self.controls if one.kind == "radio" and one.value}
        for one in self.controls:
            value = _filled(one, words, today, known)
            if anew and value and value == one.value and one.kind == "text":
                value = _other(one, words)
            if one.kind == "radio" and one.name not in ticked and one.name not in chosen:
                value = one.options[0]
            if one.kind == "radio" and value is not None:
                chosen.add(one.name)
            if value is not None:
                sent.append((one.name, value))
        return [*sent, *self.buttons[:1], ("confirmed", "1")]

    def names(self) -> list[str]:
        """The fields that it has, by name, but for those that every form carries."""
        sent = dict.fromkeys(one.name for one in self.controls)
        return [name for name in sent if name not in OWN]


def _filled(one: Control, words: str, today: date, known: dict[str, str]) -> str | None:
    if one.name in known:
        return known[one.name]
    if one.kind == "checkbox" and one.name == "document":
        return one.options[0]
    if one.kind in {"hidden", "radio", "checkbox"}:
        return one.value
    if one.kind == "select":
        return one.value or next((option for option in one.options if option), "")
    if one.kind == "textarea":
        return f"{one.value or ''}{words}"
    return one.value or _typed(one.attributes, words, today)


def _other(one: Control, words: str) -> str:
    """Another text or number than the one that stands in a field; a day stays."""
    if one.attributes.get("placeholder") == "07/5/2021":
        return one.value
    return "7" if one.attributes.get("inputmode") else f"{one.value}{words}"


def _typed(attributes: dict[str, str], words: str, today: date) -> str:
    if attributes.get("placeholder") == "07/5/2021":
        day = today + timedelta(days=20)
        return f"{day + timedelta(days=2 if day.isoweekday() > 5 else 0):%d/%m/%Y}"
    return "5" if attributes.get("inputmode") in {"numeric", "decimal"} else words.strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._form: SentForm | None = None
        self._text: Control | None = None
        self._select: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = None
            if values.get("method", "").lower() == "post":
                self._form = SentForm(values.get("action", ""), [], [])
                self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, values)

    def _control(self, tag: str, values: dict[str, str]) -> None:
        name = values.get("name", "")
        if tag == "button" and name and name != LOOK:
            self._form.buttons.append((name, values.get("value", "")))
        elif tag == "option" and self._select is not None:
            self._select.options.append(values.get("value", ""))
            if "selected" in values or self._select.value is None:
                self._select.value = values.get("value", "")
        elif not name or "disabled" in values:
            return
        elif tag == "input":
            self._input(name, values)
        elif tag == "textarea":
            self._text = Control(name, "textarea", "", values)
            self._form.controls.append(self._text)
        elif tag == "select":
            self._select = Control(name, "select", None, values)
            self._form.controls.append(self._select)

    def _input(self, name: str, values: dict[str, str]) -> None:
        kind, value = values.get("type", "text"), values.get("value", "")
        if kind == "submit" and name != LOOK:
            self._form.buttons.append((name, value))
        elif kind in {"checkbox", "radio"}:
            sent = (value or "on") if "checked" in values else None
            self._form.controls.append(Control(name, kind, sent, values, [value or "on"]))
        elif kind == "hidden":
            self._form.controls.append(Control(name, kind, value, values))
        elif kind in TYPED:
            self._form.controls.append(Control(name, "text", value, values))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            if self._text is not None:
                self._text.value = self._text.value.removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


def forms_of(page: str) -> Iterator[SentForm]:
    """Read the POST forms of a page, in its order."""
    reader = _Reader()
    reader.feed(page)
    yield from reader.forms
