"""The parts that pages are made of: tied together for screen readers, light, nothing inline."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from lth.blueprints.web import assets

LTH = Path(__file__).resolve().parent.parent / "lth"
STATIC = LTH / "static"
TEMPLATES = sorted((LTH / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]
SCRIPTS = tuple(f"js/{path.name}" for path in sorted((STATIC / "js").glob("*.js")))
OF_A_PAGE = {"js/book.js", "js/book-worker.js", "js/drafting.js", "js/lines.js"}
"""Scripts that only the pages for writing fetch, or a club's book."""
FETCHED = (
    "lth.css",
    *(name for name in SCRIPTS if name not in OF_A_PAGE),
    "vendor/htmx.min.js",
    "vendor/bootstrap-reboot.min.css",
)
IMPORTS = (
    '{% import "macros/ui.html" as ui %}{% import "macros/forms.html" as forms %}<div>%s</div>'
)


class Act(FlaskForm):
    number = StringField("Số văn bản", [InputRequired("Hãy ghi số văn bản")])
    sign_form = RadioField(
        "Hình thức ký", [InputRequired("Hãy chọn")], choices=[SelectChoice("ct", "CT")]
    )
    reason = TextAreaField("Lý do", [InputRequired("Hãy ghi lý do")])
    mode = SelectField("Cách xử lý", choices=[SelectChoice("approve", "Phê duyệt")])
    day = DateField("Ngày", [InputRequired("Hãy ghi ngày")])


@pytest.fixture(scope="module")
def small_app() -> Iterator[Flask]:
    app = Flask("lth")
    app.config["SECRET_KEY"] = "only for this test"
    Babel(app, default_locale="vi")
    CSRFProtect(app)
    assets.register(app)
    app.jinja_env.globals.update(form_role=lambda: 12, AS_ROLE="as_role")
    with app.test_request_context("/", method="POST"):
        yield app


@pytest.fixture
def render(small_app):
    def to_tree(body: str, **context):
        html = render_template_string(IMPORTS.replace("%s", body), **context)
        return html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)

    return to_tree


def ids_of(tree) -> list[str]:
    return [node.get("id") for node in tree.iter() if node.get("id")]


def text_of(node) -> str:
    return " ".join(" ".join(node.itertext()).split())


@pytest.fixture
def failed_form(small_app) -> Act:
    form = Act(meta={"csrf": False})
    assert not form.validate()
    return form


def test_a_field_is_tied_to_its_label_hint_and_error(render, failed_form):
    tree = render('{{ forms.field(f, hint="Như trên văn bản") }}', f=failed_form.number)
    control = tree.find(".//input")
    assert control.get("aria-invalid") == "true"
    assert control.get("aria-describedby").split() == ["number-hint", "number-error"]
    assert tree.find(".//label").get("for") == control.get("id") == "number"
    error = next(node for node in tree.iter() if node.get("id") == "number-error")
    assert text_of(error) == "Lỗi: Hãy ghi số văn bản"


def test_choices_are_a_fieldset_with_a_legend(render, failed_form):
    tree = render("{{ forms.field(f) }}", f=failed_form.sign_form)
    fieldset = tree.find(".//fieldset")
    assert fieldset.get("aria-describedby") == "sign_form-error"
    assert text_of(fieldset.find("legend")) == "Hình thức ký"


def test_the_summary_links_to_every_field_in_error(render, failed_form):
    fields = "".join(f"{{{{ forms.field(form.{name}) }}}}" for name in failed_form.data)
    tree = render("{{ forms.error_summary(form) }}" + fields, form=failed_form)
    targets = [a.get("href").removeprefix("#") for a in tree.iterfind(".//li/a")]
    assert targets == ["number", "sign_form-0", "reason", "mode", "day"]
    assert set(targets) <= set(ids_of(tree))
    summary = next(node for node in tree.iter() if node.get("role") == "alert")
    assert summary.get("tabindex") == "-1"
    assert summary.get("aria-labelledby") in ids_of(tree)


def test_no_summary_without_an_error(render):
    assert text_of(render("{{ forms.error_summary(form) }}", form=Act(meta={"csrf": False}))) == ""


def test_an_act_is_a_form_with_its_token_and_what_it_carries(render):
    tree = render('{{ forms.button_form("/do", "Thu hồi", "danger", {"seen": 7}, "Chắc?") }}')
    form = tree.find(".//details/form")
    assert (form.get("method"), form.get("action")) == ("post", "/do")
    values = {node.get("name"): node.get("value") for node in form.iterfind(".//input")}
    assert values["seen"] == "7"
    assert values["csrf_token"]
    assert values["as_role"] == "12"


def test_a_target_names_its_inputs_and_describes_them(render):
    tree = render(
        '{{ forms.target_inputs("c1", "Số thành viên", "v", "206", "người", [("gte", "ít nhất"),'
        ' ("between", "từ")], "k", "gte", "w", "", "c1-quota c1-problem", "Sai") }}'
        '<p id="c1-quota">150</p><p id="c1-problem">Sai</p>'
    )
    control = next(node for node in tree.iter("input") if node.get("id") == "c1")
    assert control.get("aria-invalid") == "true"
    assert set(control.get("aria-describedby").split()) <= set(ids_of(tree))
    assert all(node.get("aria-label") for node in tree.iter() if node.tag in {"input", "select"})
    assert tree.find(".//option[@selected]").get("value") == "gte"


def test_the_road_says_in_words_where_the_plan_is(render):
    steps = [
        {"unit": "Xã Tập Sơn", "level": "Xã", "state": "done"},
        {"unit": "Huyện Trà Cú", "level": "Huyện", "state": "here", "holder": "Chuyên viên"},
        {"unit": "Tỉnh Trà Vinh", "level": "Tỉnh", "state": "ahead"},
    ]
    items = list(render("{{ ui.road(steps) }}", steps=steps).iterfind(".//li"))
    assert [item.get("aria-current") for item in items] == [None, "step", None]
    words = ("Đã qua", "Đang ở đây", "Chưa tới")
    assert all(word in text_of(item) for word, item in zip(words, items, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [("153", "135", ["del", "ins"]), (None, "135", ["ins"]), ("5", None, ["del"]), ("5", "5", [])],
)
def test_a_change_shows_what_was_and_what_is(render, old, new, seen):
    tree = render("{{ ui.diff(old, new) }}", old=old, new=new)
    assert [node.tag for node in tree.iter() if node.tag in {"del", "ins"}] == seen


@pytest.mark.parametrize(("value", "of", "width"), [(16, 17, "94.1"), (0, 0, "0"), (9, 3, "100")])
def test_a_bar_stays_within_itself(render, value, of, width):
    tree = render('{{ ui.bar(value, of, "") }}', value=value, of=of)
    filled = next(node for node in tree.iter() if node.get("class") == "bar-fill")
    assert float(filled.get("width")) == float(width)


def test_the_pager_shows_the_ends_and_the_middle(render):
    page = SimpleNamespace(number=5, pages=12, url=lambda n: f"?page={n}")
    tree = render("{{ ui.pager(page) }}", page=page)
    shown = [a.get("href").removeprefix("?page=") for a in tree.iterfind(".//li/a")]
    assert shown == ["1", "4", "5", "6", "12"]
    assert tree.find(".//a[@aria-current]").get("href") == "?page=5"


def test_every_symbol_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    asked = {
        (path.name, name)
        for path in TEMPLATES
        for name in re.findall(r'(?:icon\(|icon_name=)"(\w+)"', path.read_text("utf-8"))
    }
    assert asked
    assert {pair for pair in asked if pair[1] not in drawn} == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_template_holds_nothing_inline_and_names_no_other_host(path):
    source = path.read_text("utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=[\x22\x27]|javascript:|//[a-z]+\.[a-z]", source
    )
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


def test_the_first_visit_is_light():
    packed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in FETCHED)
    assert packed < 48_000
    assert (STATIC / "lth.css").stat().st_size < 42 * 1024
