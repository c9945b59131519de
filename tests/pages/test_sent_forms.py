"""Every POST form of every page, sent as it should be and as it should not.

The pages of the demo are walked once; of each route the first form is filled in and sent, and with
``--attack long`` more of them, with more values.
"""

from itertools import cycle, islice

from support.nasty import HEADERS, PARTS, URLENCODED, VALUES, urlencoded
from support.sentforms import Pairs
from support.sentwalk import LAST, Found

from .test_form_roles import value_for

OF_LEVEL = {
    "commune": "clerk",
    "district": "district specialist",
    "province": "province specialist",
    "admin": "unit administrator",
    "mail": "unit administrator",
    "notices": "clerk",
    "account": "clerk",
    "auth": "clerk",
}
PLANS = {"commune": "xã Tập Sơn", "district": "huyện Trà Cú", "province": "tỉnh Trà Vinh"}


AT_ONCE = {
    "inbox_many": "each document has a transaction of its own; sent again, its version refuses",
    "work_many": "as the inbox",
    "enter": "a try is counted whatever becomes of the answer",
}
"""What is committed before the answer is built, and why that doubles nothing."""


DOES = {
    "checks_off",
    "document_answer_quotas",
    "document_do",
    "document_explain",
    "document_note_older",
    "document_remark",
    "document_save_draft",
    "document_settle",
    "document_start",
    "document_take_over",
    "make_feed",
    "offices_create",
    "read_all",
    "switch_language",
}
"""Routes whose forms, filled in here, do something: what is held of them is not held in vain."""


def test_nothing_is_committed_before_the_answer_can_be_built(found, commits, guarded, monkeypatch):
    """Whatever a form does is taken back where its answer cannot be made; then it does it."""
    breaks: list[bool] = []
    make = guarded.make_response

    def make_response(value):
        if breaks:
            breaks.clear()
            raise RuntimeError("the answer cannot be built")
        return make(value)

    monkeypatch.setattr(guarded, "make_response", make_response)
    monkeypatch.setitem(guarded.config, "PROPAGATE_EXCEPTIONS", False)
    done = set()
    for one in found:
        pairs = one.filled()
        if not pairs:
            continue  # what came before has taken it off its page
        commits()
        breaks.append(True)
        answer = one.send(pairs)
        assert answer.status_code >= 400, one
        if one.name not in AT_ONCE:
            assert not breaks, one
            assert answer.status_code == 500, one
            assert not commits(), (one.endpoint, one.action, commits.what)
        breaks.clear()
        pairs = one.filled()
        commits()
        one.send(pairs)
        if commits():
            done.add(one.name)
    assert done >= DOES, DOES - done


OF_MANY = {
    "document_answer_quotas",
    "document_confirm",
    "document_explain",
    "document_hand_down",
    "document_note_older",
    "document_save_draft",
    "document_save_part",
    "club_book_save",
    "club_book_correct",
}
"""Forms about many things, of which the touched are written: they are sent as they were shown."""
MAY_LACK = {
    ("switch_language", "next"): "leads home",
    ("switch_role", "next"): "leads home",
    ("document_remark", "anchor"): "leads to the top",
    ("document_do", "reason"): "what was said before stays; a guard wants its reasons",
    ("document_settle", "value"): "read only where another figure is given",
    ("enter", "code"): "a try is counted",
    ("people_create", "seen"): "nothing is there yet",
    ("people_create", "position"): "nothing is there yet",
    ("offices_create", "seen"): "nothing is there yet",
    ("deadlines_create", "seen"): "nothing is there yet",
    ("score_card_save", "seen"): "nothing is there yet",
    ("document_add_item", "seen"): "tells only a second press of the button",
    ("document_take_item", "seen"): "tells only a second press of the button",
    ("document_hand_over", "receivers"): "a new package, with no .edxml then",
    ("document_hand_over", "boxes"): "as no receivers",
    ("club_visit_plan", "boxes"): "a new visit: a box that is not ticked",
    ("settings_save", "clearance_needed"): "a box that is not ticked, which `boxes` names",
}
"""Fields that may be left out, and why."""


def test_a_field_that_is_not_sent_changes_nothing(found, commits, deep):
    wrong, done = [], set()
    for one in found:
        form, name = one.read(), one.name
        if form is None:
            continue
        for left_out in form.names()[: 99 if deep else 6]:
            pairs = form.pairs() if name in OF_MANY else one.filled()
            commits()
            answer = one.send([pair for pair in pairs if pair[0] != left_out])
            if commits() and (name, left_out) not in MAY_LACK:
                wrong.append((name, left_out, answer.status_code, one.action, commits.what))
        pairs = one.filled()
        commits()
        one.send(pairs)
        if commits():
            done.add(name)
    assert wrong == []
    assert done >= {"document_do", "document_note_older", "document_save_draft", "make_feed"}


EACH = 3
"""How many fields of a form are broken, each with one value."""


# --- What nobody types ----------------------------------------------------------------------


def send_bytes(one: Found, pairs: Pairs):
    """Send fields as the bytes that they are."""
    data = urlencoded(pairs)
    return one.visitor.client.post(one.action, data=data, content_type=URLENCODED)


def test_no_field_breaks_an_answer(found, deep, guarded, monkeypatch):
    """Each field of each form in turn, with values that take turns; see `support/nasty.py`."""
    monkeypatch.setitem(guarded.config, "PROPAGATE_EXCEPTIONS", False)
    turn = cycle(VALUES)
    broken = []
    for one in found:
        form = one.read()
        if form is None or one.endpoint in LAST:
            continue
        for name in form.names()[: 99 if deep else EACH]:
            for value in islice(turn, len(VALUES) if deep else 1):
                pairs = [pair for pair in form.pairs() if pair[0] != name]
                answer = send_bytes(one, [*pairs, (name, value)])
                if answer.status_code >= 500:
                    broken.append((one.action, name, value[:40]))
            answer = send_bytes(one, [*form.pairs(), (f"{name}\x00\ud800", "x")])
            if answer.status_code >= 500:
                broken.append((one.action, f"{name}\\0", "x"))
    assert broken == []


def test_no_address_breaks_an_answer(deep, guarded, visitor, document_of, monkeypatch):
    """Each part of each address, and each argument that lists read, whoever asks."""
    monkeypatch.setitem(guarded.config, "PROPAGATE_EXCEPTIONS", False)
    browsers = {who: visitor(who) for who in OF_LEVEL.values()}
    known = {level: document_of(name).id for level, name in PLANS.items()}
    turn, broken = cycle(PARTS), []
    for rule in guarded.url_map.iter_rules():
        level = rule.endpoint.partition(".")[0]
        browser = browsers[OF_LEVEL.get(level, "unit administrator")]
        values = {name: value_for(one) for name, one in rule._converters.items()}
        if "document_id" in values:
            values["document_id"] = known[level]
        for name, value in values.items():
            marked = {**values, name: 987_654 if isinstance(value, int) else "MARK"}
            if getattr(rule._converters[name], "items", None):
                continue  # one of a few words: there is no other address
            address = rule.build(marked, append_unknown=False)[1]
            for part in islice(turn, len(PARTS) if deep else 1):
                asked = address.replace("987654", part).replace("MARK", part)
                for method in sorted(rule.methods & {"GET", "POST"}):
                    answer = browser.client.open(asked, method=method)
                    if answer.status_code >= 500:
                        broken.append((method, asked[:80], answer.status_code))
    assert broken == []


ARGUMENTS = (
    *("page", "q", "line", "state", "added", "more", "add", "period", "kind", "order", "text"),
    *("act", "document", "only", "source", "level", "next", "month", "ticked", "result", "late"),
)


def test_no_argument_or_header_breaks_an_answer(guarded, visitor, document_of, monkeypatch):
    monkeypatch.setitem(guarded.config, "PROPAGATE_EXCEPTIONS", False)
    turn, headers, broken = cycle(VALUES), cycle(HEADERS), []
    for level, who in OF_LEVEL.items():
        browser = visitor(who)
        for rule in guarded.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint.partition(".")[0] != level:
                continue
            values = {name: value_for(one) for name, one in rule._converters.items()}
            if "document_id" in values:
                values["document_id"] = document_of(PLANS[level]).id
            address = rule.build(values, append_unknown=False)[1]
            pairs = [(name, next(turn)) for name in ARGUMENTS]
            for asked, sent in (
                (f"{address}?{urlencoded(pairs).decode()}", {}),
                (address, next(headers)),
            ):
                answer = browser.client.get(asked, headers=sent)
                if answer.status_code >= 500:
                    broken.append((asked[:120], sent))
    assert broken == []
