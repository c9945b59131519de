"""Texts that were changed, with their words marked: deleted, inserted."""

from flask import Flask
from markupsafe import Markup, escape

from lth.core import word_diff
from lth.core.language import gettext
from lth.core.word_diff import RunKind, WordRun


def marked(before: str | None, now: str | None, *, excerpt: bool = False) -> Markup:
    """Mark up what `now` says with what `before` said; of a long text an excerpt has the changes
    alone. Ends of lines stay as they are, for an element that keeps them.
    """
    compare = word_diff.excerpt if excerpt else word_diff.compare
    return Markup().join(_mark(run) for run in compare(before or "", now or ""))


def _mark(run: WordRun) -> Markup:
    if run.kind is RunKind.LEFT_OUT:
        return Markup('<span class="muted">[…] </span>')
    if run.kind is RunKind.KEPT:
        return escape(run.text)
    deleted = run.kind is RunKind.DELETED
    element = Markup("<del>%s</del>%s") if deleted else Markup("<ins>%s</ins>%s")
    text = run.text.rstrip() or run.text
    return element % (_spoken(deleted) + escape(text), run.text[len(text) :])


def _spoken(deleted: bool) -> Markup:
    """Say to a screen reader what sighted readers see from the colour and the stroke."""
    said = gettext("[bỏ:] ") if deleted else gettext("[thêm:] ")
    return Markup('<span class="visually-hidden">%s</span>') % said


def register(app: Flask) -> None:
    """Give templates `words_changed(before, now, excerpt=…)`."""
    app.jinja_env.globals["words_changed"] = marked
