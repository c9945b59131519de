"""The score card of a province: the marks by which its clubs are rated."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from lth.blueprints.clubs.ratings import may_set_card
from lth.blueprints.web import confirming, current, paging
from lth.blueprints.web.forms import CountField, SeenForm
from lth.blueprints.web.levels import desk_url
from lth.blueprints.web.permissions import Permission, needs
from lth.blueprints.web.refusals import attempt
from lth.clubs import ratings
from lth.clubs.score_card import CRITERION_LABEL, CardTerms, Criterion, changed
from lth.core import clock
from lth.core.formats import format_number
from lth.core.language import gettext, lazy_gettext
from lth.models import Programme


def add_to(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/clubs/ratings/card", "score_card", card_page)
    rule("/clubs/ratings/card", "score_card_save", save_card, methods=["POST"])


def _marks_field(label: Any, most: int) -> CountField:
    return CountField(
        label,
        validators=[
            InputRequired(lazy_gettext("Cần ghi một số.")),
            NumberRange(0, most, lazy_gettext("Ghi số từ 0 đến %(max)s.")),
        ],
    )


_TWO, _ONE = lazy_gettext("2 điểm từ"), lazy_gettext("1 điểm từ")
_LARGEST_FUND = 10_000_000_000


class ScoreCardForm(SeenForm):
    """The marks of a card."""

    programme = SelectField(lazy_gettext("Chương trình"), validate_choice=False)
    area_two, area_one = _marks_field(_TWO, 100), _marks_field(_ONE, 100)
    meetings_two, meetings_one = _marks_field(_TWO, 100), _marks_field(_ONE, 100)
    books_two, books_one = _marks_field(_TWO, 100), _marks_field(_ONE, 100)
    board_two = _marks_field(lazy_gettext("2 điểm nếu đúng"), 50)
    board_one = _marks_field(lazy_gettext("1 điểm nếu lệch không quá"), 50)
    funds_two, funds_one = _marks_field(_TWO, 2), _marks_field(_ONE, 2)
    fund_floor_two = _marks_field(_TWO, _LARGEST_FUND)
    fund_floor_one = _marks_field(_ONE, _LARGEST_FUND)
    good = _marks_field(lazy_gettext("Tốt, từ"), 100)
    fair = _marks_field(lazy_gettext("Khá, từ"), 100)
    average = _marks_field(lazy_gettext("Trung bình, từ"), 100)

    @classmethod
    def filled(cls, terms: CardTerms, version: int) -> "ScoreCardForm":
        """Fill the form with what holds."""
        marks = {"area": terms.area, **terms.marks}
        values = {f"{key}_two": format_number(pair.two) for key, pair in marks.items()}
        values |= {f"{key}_one": format_number(pair.one) for key, pair in marks.items()}
        values |= {str(key): least for key, least in terms.levels.items()}
        return cls(formdata=None, seen=str(version), **values)

    def said(self) -> dict[str, int]:
        """Return the marks by the fields' names."""
        fixed = {"seen", "programme", "csrf_token"}
        return {field.name: field.data for field in self if field.name not in fixed}


@needs(Permission.KEEP_REGIMES)
def card_page() -> ResponseReturnValue:
    """Show the card of the province to whoever sets it."""
    programme = _programme(request.args.get("programme", ""))
    card = ratings.card(current.database(), programme.id, current.scope())
    return _card_page(ScoreCardForm.filled(card.terms, card.version), programme, card)


def _programme(text: str) -> Programme:
    """Find the programme of a card; answers 404 where the unit sets none."""
    if not may_set_card():
        abort(404)
    programmes = ratings.programmes(current.database(), clock.today())
    found = next((one for one in programmes if str(one.id) == text), None)
    return found or next(iter(programmes), None) or abort(404)


def _card_page(
    form: ScoreCardForm, programme: Programme, card: ratings.CardInForce, code: int = 200
) -> ResponseReturnValue:
    form.programme.choices = [SelectChoice(str(programme.id), programme.code)]
    form.programme.data = str(programme.id)
    page = render_template(
        "clubs/score_card.html",
        form=form,
        programme=programme,
        rows=[
            (gettext("Mỗi mảng hoạt động"), form.area_two, form.area_one, _UNITS["area"]),
            *(
                (gettext(CRITERION_LABEL[key]), form[f"{key}_two"], form[f"{key}_one"], _UNITS[key])
                for key in Criterion
            ),
        ],
        is_sample=card.version == 0,
    )
    return page, code


_UNITS = {
    "area": lazy_gettext("phần trăm số tháng có hoạt động"),
    Criterion.MEETINGS: lazy_gettext("phần trăm số tháng có sinh hoạt"),
    Criterion.BOOKS: lazy_gettext("phần trăm số tháng đã nộp sổ"),
    Criterion.BOARD: lazy_gettext("người"),
    Criterion.FUNDS: lazy_gettext("quỹ"),
    Criterion.FUND_FLOOR: lazy_gettext("đồng"),
}


@needs(Permission.KEEP_REGIMES)
def save_card() -> ResponseReturnValue:
    """Set the card for all clubs of the province."""
    session, form = current.database(), ScoreCardForm()
    programme = _programme(form.programme.data or "")
    card = ratings.card(session, programme.id, current.scope())
    if confirming.asks_to_look():
        return _card_page(form, programme, card)
    if not form.validate():
        return _card_page(form, programme, card, 422)
    with attempt(form=form) as outcome:
        terms = changed(card.terms, form.said())
        seen = paging.whole(form.seen.data or "", 2**31) or 0
        ratings.save_card(session, current.actor(), programme.id, terms, seen, current.now())
    if not outcome.done:
        return _card_page(form, programme, card, outcome.code)
    outcome.flash(gettext("Đã đặt bảng chấm điểm cho các câu lạc bộ trong tỉnh."))
    return redirect(desk_url("club_ratings", programme=programme.id))
