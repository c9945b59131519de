"""Ratings of clubs: the list, and how one club got its rating, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from lth.blueprints.clubs.views import common, list_tabs
from lth.blueprints.web import current, paging, tables
from lth.blueprints.web.forms import Form
from lth.blueprints.web.levels import desk_urls
from lth.blueprints.web.permissions import GRANTS, Permission, needs
from lth.clubs import ratings, register
from lth.clubs.score_card import (
    RATING_LABEL,
    ClubScore,
    Rating,
)
from lth.core import clock
from lth.core.formats import format_percent
from lth.core.language import gettext, lazy_gettext, say
from lth.exchange.grids.tables import ListTable
from lth.models import Club, Programme

PERIODS = (6, 12, 3)
"""Of how many months a rating can be, the usual one first."""

STANDARD = "standard"
"""The choice of clubs that are standard, beside the ratings."""


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/ratings", "club_ratings", listing)
    rule("/clubs/<int:club_id>/rating", "club_rating", one)


class RatingFilter(Form):
    """Which clubs are listed, rated by how many months."""

    class Meta(Form.Meta):
        csrf = False

    programme = SelectField(lazy_gettext("Chương trình"), validate_choice=False)
    until = SelectField(lazy_gettext("Đến hết"), validate_choice=False)
    months = SelectField(lazy_gettext("Theo sổ của"), validate_choice=False)
    rating = SelectField(lazy_gettext("Xếp loại"), validate_choice=False)


@dataclass(frozen=True)
class RatingsAsked:
    """What the address asks for, as far as there is such a thing."""

    programme: Programme
    months: Sequence[date]
    rating: str
    form: RatingFilter


def _asked() -> RatingsAsked:
    """Read the filter. Answers 404 where no programme is there at all."""
    session, form = current.database(), RatingFilter(request.args)
    kept = ratings.months_kept(session, current.scope())
    months = {f"{month:%Y-%m}": month for month in kept or ratings.months_before(clock.today(), 1)}
    last = months.get(form.until.data or "", next(iter(months.values())))
    programmes = ratings.programmes(session, last)
    if not programmes:
        abort(404)
    form.until.choices = [
        SelectChoice(key, gettext("tháng %(month)s", month=_short(month)))
        for key, month in months.items()
    ]
    form.until.data = f"{last:%Y-%m}"
    form.programme.choices = [SelectChoice(str(one.id), one.code) for one in programmes]
    form.months.choices = [
        SelectChoice(str(count), gettext("%(count)s tháng", count=count)) for count in PERIODS
    ]
    form.rating.choices = [
        SelectChoice("", gettext("Tất cả")),
        *(SelectChoice(str(one), say_rating(one)) for one in Rating),
        SelectChoice(STANDARD, gettext("Đạt chuẩn")),
    ]
    by_id = {str(one.id): one for one in programmes}
    programme = by_id.get(form.programme.data or "", programmes[0])
    counts = {str(count): count for count in PERIODS}
    count = counts.get(form.months.data or "", PERIODS[0])
    rating = form.rating.data if form.rating.data in {*Rating, STANDARD} else ""
    form.programme.data, form.months.data, form.rating.data = str(programme.id), str(count), rating
    return RatingsAsked(programme, ratings.months_until(last, count), rating, form)


def say_rating(rating: Rating) -> str:
    """Say a rating in the page's language."""
    return gettext(RATING_LABEL[rating])


@needs(Permission.READ_CLUBS)
def listing() -> ResponseReturnValue:
    """List the clubs that run with their ratings, those below the others first by place."""
    session, scope, asked = current.database(), current.scope(), _asked()
    card = ratings.card(session, asked.programme.id, scope)
    clubs = ratings.running(session, scope)
    scored = ratings.scores(session, clubs, asked.months, asked.programme.id, card.terms)
    found = [one for one in scored if _is_asked_for(one, asked.rating)]
    if tables.wanted():
        return tables.answer(_table(found, asked), "xep-loai-clb")
    page = paging.page(len(found))
    first = paging.SIZE * (paging.number() - 1)
    return render_template(
        "clubs/ratings.html",
        tabs=list_tabs(),
        form=asked.form,
        rows=found[first : first + paging.SIZE],
        counts=[(say_rating(one), _count(scored, one)) for one in Rating],
        standard=sum(one.is_standard for one in scored),
        total=len(scored),
        page=page,
        span=_span(asked.months),
        is_sample=card.version == 0,
        rating_label=say_rating,
        rating_url=_rating_urls(asked),
        may_set=may_set_card(),
    )


def _is_asked_for(one: ClubScore, rating: str) -> bool:
    if rating == STANDARD:
        return one.is_standard
    return not rating or one.rating == rating


def _count(scored: Sequence[ClubScore], rating: Rating) -> int:
    return sum(one.rating is rating for one in scored)


def _span(months: Sequence[date]) -> str:
    first, last = months[0], months[-1]
    return gettext(
        "từ tháng %(first)s đến tháng %(last)s",
        first=_short(first),
        last=_short(last),
    )


def _short(month: date) -> str:
    return f"{month.month}/{month.year}"


def _rating_urls(asked: RatingsAsked) -> Any:
    more = {
        "programme": asked.programme.id,
        "months": len(asked.months),
        "until": f"{asked.months[-1]:%Y-%m}",
    }
    return desk_urls("club_rating", "club_id", **more)


def may_set_card() -> bool:
    """Tell whether the person may set the card: it is the province's."""
    return (
        current.actor().role in GRANTS[Permission.KEEP_REGIMES]
        and ratings.top_of(current.scope()) == current.actor().unit_id
    )


def _table(found: Sequence[ClubScore], asked: RatingsAsked) -> ListTable:
    title = gettext("Xếp loại câu lạc bộ")
    return ListTable(
        title=title,
        head=[
            gettext("Đơn vị"),
            gettext("Câu lạc bộ"),
            gettext("Điểm"),
            gettext("Điểm tối đa"),
            gettext("Tỷ lệ"),
            gettext("Xếp loại"),
            gettext("Đạt chuẩn"),
        ],
        rows=[
            (
                one.club.unit.full_name,
                one.club.name,
                one.points,
                one.most,
                format_percent(one.share),
                say_rating(one.rating),
                gettext("Có") if one.is_standard else gettext("Không"),
            )
            for one in found
        ],
        note=f"{title}, {asked.programme.code}, {_span(asked.months)}.",
    )


@needs(Permission.READ_CLUBS)
def one(club_id: int) -> ResponseReturnValue:
    """Show how a club got its rating, line by line."""
    session, scope = current.database(), current.scope()
    club, asked = register.get(session, club_id, scope), _asked()
    card = ratings.card(session, asked.programme.id, scope)
    [scored] = ratings.scores(session, [club], asked.months, asked.programme.id, card.terms)
    if tables.wanted():
        return tables.answer(_one_table(club, scored, asked), "xep-loai-clb")
    del asked.form.rating
    return render_template(
        "clubs/rating.html",
        **common(club),
        scored=scored,
        form=asked.form,
        span=_span(asked.months),
        rating=say_rating(scored.rating),
        share=format_percent(scored.share),
        is_sample=card.version == 0,
    )


def _one_table(club: Club, scored: ClubScore, asked: RatingsAsked) -> ListTable:
    title = gettext("Xếp loại câu lạc bộ")
    return ListTable(
        title=title,
        head=[gettext("Tiêu chí"), gettext("Yêu cầu"), gettext("Kết quả"), gettext("Điểm")],
        rows=[
            (say(line.label), say(line.asked), say(line.found), line.points)
            for line in scored.lines
        ],
        note=f"{club.name}, {club.unit.full_name}, {_span(asked.months)}: "
        f"{say_rating(scored.rating)}.",
    )
