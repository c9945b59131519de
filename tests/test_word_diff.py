"""Two texts compared word by word."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lth.core import word_diff
from lth.core.word_diff import RunKind, WordRun

WORDS = st.lists(
    st.sampled_from(["xã", "Tập", "Sơn", "câu lạc bộ", "50", "người,", "\n", "\n\n", "  ", "hằng"]),
    max_size=30,
).map(" ".join)


def side(runs: list[WordRun], left_out: RunKind) -> str:
    return "".join(run.text for run in runs if run.kind is not left_out)


@given(before=WORDS, now=WORDS)
def test_the_runs_make_both_texts_again_and_no_two_neighbours_are_of_one_kind(before, now):
    runs = word_diff.compare(before, now)
    assert side(runs, RunKind.DELETED) == now
    assert side(runs, RunKind.INSERTED) == before
    assert all(one.kind is not other.kind for one, other in pairwise(runs))
    assert all(run.text for run in runs)


def test_only_the_word_that_was_changed_is_marked():
    runs = word_diff.compare("Thành lập 3 câu lạc bộ mới.", "Thành lập 5 câu lạc bộ mới.")
    assert runs == [
        WordRun(RunKind.KEPT, "Thành lập "),
        WordRun(RunKind.DELETED, "3 "),
        WordRun(RunKind.INSERTED, "5 "),
        WordRun(RunKind.KEPT, "câu lạc bộ mới."),
    ]


@given(text=WORDS)
def test_a_text_differs_from_itself_in_nothing(text):
    assert word_diff.compare(text, text) == ([WordRun(RunKind.KEPT, text)] if text else [])


@given(before=WORDS, now=WORDS)
def test_an_excerpt_keeps_every_change_and_few_words_around_it(before, now):
    runs = word_diff.excerpt(before, now, context=2)
    changes = (RunKind.DELETED, RunKind.INSERTED)
    assert [run for run in runs if run.kind in changes] == [
        run for run in word_diff.compare(before, now) if run.kind in changes
    ]
    kept = [run for run in runs if run.kind is RunKind.KEPT]
    assert all(len(word_diff.WORD.findall(run.text)) <= 5 for run in kept)


def test_texts_made_to_be_compared_slowly_are_shown_whole():
    before = " ".join("ab"[at % 2] for at in range(2000))
    now = " ".join("ba"[at // 2 % 2] for at in range(2000))
    assert word_diff.compare(before, now) == [
        WordRun(RunKind.DELETED, before),
        WordRun(RunKind.INSERTED, now),
    ]


def test_a_long_text_that_changed_at_both_ends_is_marked_there_alone():
    paragraphs = [f"Đoạn {at}: " + "câu lạc bộ sinh hoạt hằng tháng. " * 40 for at in range(60)]
    before = "\n".join(["Mở đầu cũ.", *paragraphs, "Kết thúc cũ."])
    now = "\n".join(["Mở đầu mới.", *paragraphs, "Kết thúc mới."])
    changes = [run for run in word_diff.compare(before, now) if run.kind is not RunKind.KEPT]
    assert [run.text.strip() for run in changes] == ["cũ.", "mới.", "cũ.", "mới."]


def test_a_paragraph_with_another_end_of_line_is_not_marked_whole():
    runs = word_diff.compare("Một hai ba.\nBốn.", "Một hai ba.\n\nBốn.")
    assert all(len(run.text.split()) <= 1 for run in runs if run.kind is not RunKind.KEPT)
