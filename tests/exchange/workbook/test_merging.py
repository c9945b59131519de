"""The algebra of three hands on one cell: whatever happens, nobody's word is lost in silence."""

from hypothesis import given
from hypothesis import strategies as st

from lth.exchange.workbook.merging import OPEN, WANTED, MergeState, merge_state, merged

VALUE = st.one_of(st.none(), st.sampled_from("abc"))


@given(VALUE, VALUE, st.booleans())
def test_what_the_plan_says_already_is_the_same(base, value, known):
    assert merge_state(base, value, value, known=known) is MergeState.SAME


@given(VALUE, VALUE)
def test_a_file_that_nobody_touched_changes_nothing(base, theirs):
    state = merge_state(base, base, theirs)
    assert state in {MergeState.SAME, MergeState.KEPT}
    assert merged(state, base, theirs, accepted=True) == theirs


@given(VALUE, VALUE, VALUE, st.booleans())
def test_what_somebody_changed_meanwhile_is_never_written_over_unasked(base, mine, theirs, known):
    state = merge_state(base, mine, theirs, known=known)
    if known and theirs not in {base, mine}:
        assert state not in WANTED
    if not known and theirs is not None:
        assert state not in WANTED


@given(VALUE, VALUE, VALUE, st.booleans())
def test_accepting_makes_the_same_and_refusing_leaves_it(base, mine, theirs, known):
    state = merge_state(base, mine, theirs, known=known)
    assert merged(state, mine, theirs, accepted=False) == theirs
    after = merged(state, mine, theirs, accepted=True)
    if state in OPEN:
        assert after == mine
        assert merge_state(base, mine, after, known=known) is MergeState.SAME
    else:
        assert after == theirs


@given(VALUE, VALUE, VALUE)
def test_the_file_alone_changed_it(base, mine, theirs):
    state = merge_state(base, mine, theirs)
    if theirs == base != mine:
        kinds = {MergeState.NEW: base is None, MergeState.EMPTIED: mine is None}
        assert state in WANTED
        assert kinds.get(state, base is not None and mine is not None)


@given(VALUE, VALUE, VALUE)
def test_a_conflict_is_one_for_both_sides(base, mine, theirs):
    there = merge_state(base, mine, theirs) is MergeState.CONFLICT
    back = merge_state(base, theirs, mine) is MergeState.CONFLICT
    assert there == back


@given(VALUE, VALUE)
def test_an_empty_cell_says_nothing_where_nobody_knows_what_was_exported(base, theirs):
    state = merge_state(base, None, theirs, known=False)
    assert state in {MergeState.SAME, MergeState.KEPT}
