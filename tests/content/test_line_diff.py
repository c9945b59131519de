"""A plan's parts beside those that were sent before: by key, field by field."""

import pytest
from sqlalchemy import select
from support import draftworld as world
from support.draftworld import NOON

from lth.access.scope import Scope
from lth.content import line_diff
from lth.content.line_diff import LineState
from lth.drafting import parts, reading
from lth.models import PartLine
from lth.models.parts import Part
from lth.workflow import documents, remarks, revisions


@pytest.fixture
def session(drafting_session):
    return drafting_session


class Draft:
    """Tập Sơn's plan, whose budget its clerk writes."""

    def __init__(self, session):
        self.session, self.document = session, world.start(session)

    def add(self, name, part=Part.BUDGET, **values):
        values = values or {"activity": name, "amount": "100 triệu"}
        return self._do(parts.add, part, values, seen=0).keys[0]

    def save(self, key, part=Part.BUDGET, **values):
        result = self._do(parts.save_line, part, key, values, seen=self._version(key))
        assert result.saved

    def remove(self, key, part=Part.BUDGET):
        assert self._do(parts.remove, part, key, seen=self._version(key))

    def up(self, key, seen, part=Part.BUDGET):
        assert self._do(parts.move, part, key, up=True, seen=seen)

    def _version(self, key):
        revision = world.head(self.session, self.document)
        statement = select(PartLine.version).where(
            PartLine.revision_id == revision.id, PartLine.line_key == key
        )
        return self.session.scalars(statement).one()

    def _do(self, act, *args, **kwargs):
        actor = world.acting(self.session, "clerk@tapson")
        return act(self.session, actor, self.document.id, *args, now=NOON, **kwargs)

    def send_and_return(self):
        """Sent once and given back whole, so that the next revision is compared with it."""
        world.give_back(self.session, self.document, {})

    def read(self):
        """The newest revision beside the one that was sent, as its own page reads it."""
        scope = Scope.of(world.acting(self.session, "clerk@tapson"))
        document = documents.get(self.session, self.document.id, scope)
        seen = revisions.all_seen(self.session, document.id, scope)
        before = seen.get(revisions.sent_before(seen, document.head_number) or 0)
        said = remarks.of_document(self.session, document.id, scope)
        newest = seen[document.head_number]
        return reading.content(self.session, document, newest, before, said, scope)

    def budget(self):
        (found,) = [one for one in self.read().line_parts if one.part is Part.BUDGET]
        return found


@pytest.fixture
def draft(session):
    return Draft(session)


def states(diff):
    return {entry.line.activity: entry.state for entry in diff.entries}


def test_before_it_was_sent_nothing_is_new(draft):
    draft.add("Tập huấn")
    content = draft.read()
    assert states(draft.budget()) == {"Tập huấn": LineState.SAME}
    assert content.changes == 0


def test_lines_are_compared_by_their_keys(draft):
    kept, changed, gone = (draft.add(name) for name in ("Giữ", "Sửa", "Bỏ"))
    draft.send_and_return()
    draft.save(changed, amount="200 triệu", year="2021")
    draft.remove(gone)
    draft.add("Mới")
    diff = draft.budget()
    assert states(diff) == {
        "Giữ": LineState.SAME,
        "Sửa": LineState.CHANGED,
        "Bỏ": LineState.REMOVED,
        "Mới": LineState.ADDED,
    }
    by_key = {entry.key: entry for entry in diff.entries}
    assert [one.name for one in by_key[changed].changed] == ["year", "amount"]
    assert (by_key[changed].before.amount, by_key[changed].now.amount) == (10**8, 2 * 10**8)
    assert by_key[kept].changed == by_key[gone].changed == []
    assert not diff.reordered
    assert draft.read().changes == 3


def test_a_removed_line_is_shown_where_it_stood(draft):
    keys = [draft.add(name) for name in ("Một", "Hai", "Ba")]
    draft.send_and_return()
    draft.remove(keys[0])
    draft.remove(keys[1])
    assert [entry.line.activity for entry in draft.budget().entries] == ["Một", "Hai", "Ba"]


def test_another_order_is_one_change(draft):
    _, second = draft.add("Một"), draft.add("Hai")
    draft.send_and_return()
    draft.up(second, 2)
    diff = draft.budget()
    assert [entry.line.activity for entry in diff.entries] == ["Hai", "Một"]
    assert set(states(diff).values()) == {LineState.SAME}
    assert diff.reordered
    assert draft.read().changes == 1


def test_a_part_that_was_removed_whole_is_shown_still(draft):
    key = draft.add("Một")
    draft.send_and_return()
    draft.remove(key)
    assert states(draft.budget()) == {"Một": LineState.REMOVED}


def test_remarks_stand_by_their_line(session, draft):
    key = draft.add("Tập huấn")
    world.give_back(session, draft.document, {key: "Nguồn nào?"})
    (entry,) = draft.budget().entries
    assert [one.text for one in entry.remarks] == ["Nguồn nào?"]


def test_indicators_come_with_the_lines_that_name_them(draft):
    draft.add("", Part.BASELINE, indicator="clubs_existing", value="4")
    draft.add("Tập huấn")
    content = draft.read()
    assert set(content.named_indicators) == {"clubs_existing"}
    assert {one.part for one in content.line_parts} == {Part.BASELINE, Part.BUDGET}


def test_an_entry_without_a_line_is_a_mistake():
    with pytest.raises(ValueError, match="no line budget-1"):
        _ = line_diff.ComparedLine("budget-1", Part.BUDGET).line
