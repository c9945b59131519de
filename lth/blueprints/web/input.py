"""Everything that a browser sends is cleaned in one place, before anything reads it.

Texts lose in silence what no text has a use for; an address with such a character is no address of
ours. What nobody sees is taken out of every field as well, but forms are given it (`typed`): a
name that holds it is refused beside its field (`web.forms`). JSON is read nowhere.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from flask import Request, abort, current_app, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.utils import cached_property

from lth.core import clean_text

Pairs = ImmutableMultiDict[str, str]
View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(largest: int) -> Callable[[View], View]:
    """Stamp a view that takes more bytes at once than others do; its path ends in `UPLOADS`."""

    def stamp(view: View) -> View:
        view.largest_body = largest  # type: ignore[attr-defined] # that is the stamp
        return view

    return stamp


UPLOADS = "/files"
"""How the paths end that take more, by which the gateway knows them before the application does."""


class CleanRequest(Request):
    """A request whose arguments, fields, file names and cookies are clean."""

    @property
    def max_content_length(self) -> int | None:
        """Bytes that are taken at once: more by a view that says so."""
        view = current_app.view_functions.get(self.endpoint or "")
        largest: int | None = getattr(view, "largest_body", None)
        return largest or current_app.config["MAX_CONTENT_LENGTH"]

    @cached_property
    def args(self) -> Pairs:  # type: ignore[override]
        """The arguments of the address."""
        return _pairs(super().args.items(multi=True))

    @cached_property
    def cookies(self) -> Pairs:  # type: ignore[override]
        """The cookies; ours are plain ASCII."""
        found = super().cookies.items(multi=True)
        return ImmutableMultiDict((name, value) for name, value in found if value.isascii())

    @property
    def typed(self) -> Pairs:
        """The fields as they were typed, clean, but with what nobody sees."""
        self._load_form_data()
        return self.__dict__["typed_form"]

    def _load_form_data(self) -> None:
        if "typed_form" in self.__dict__:
            return
        super()._load_form_data()
        own: dict[str, Any] = self.__dict__
        sent = list(own["form"].items(multi=True))
        own["typed_form"] = ImmutableMultiDict(
            (clean_text.visible(name), clean_text.cleaned(value)) for name, value in sent
        )
        own["form"] = _pairs(sent)
        own["files"] = ImmutableMultiDict(map(_file, own["files"].items(multi=True)))


def refuse_address() -> None:
    """Answer 404 to an address with a character that none of ours has."""
    if clean_text.hidden_at(request.path) is not None:
        abort(404)


def _pairs(sent: Iterable[tuple[str, str]]) -> Pairs:
    return ImmutableMultiDict(
        (clean_text.visible(name), clean_text.visible(value)) for name, value in sent
    )


def _file(pair: tuple[str, FileStorage]) -> tuple[str, FileStorage]:
    name, file = pair
    if file.filename:
        file.filename = " ".join(clean_text.visible(file.filename).split())
    return clean_text.visible(name), file
