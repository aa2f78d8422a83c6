"""Which articles may be held against each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit.strata import BINS, ENOUGH, SMALLEST, Strata, build_strata, fixed_strata


def sides(a: int, b: int) -> np.ndarray:
    """Which of a + b articles are a's, one after the other as evenly as can be."""
    return (np.arange(a + b) * a) % (a + b) < a


def sizes(strata: Strata) -> list[int]:
    return sorted(np.unique(strata.stratum[strata.stratum >= 0], return_counts=True)[1].tolist())


def partition(numbers: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(numbers == n).tolist()) for n in set(numbers.tolist())}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(12, 120))
def test_the_order_of_the_articles_changes_nothing(seed, n):
    rng = np.random.default_rng(seed)
    labels = rng.choice(["x", "y", "", "z"], n, p=[0.5, 0.2, 0.1, 0.2])
    words, is_a = rng.integers(1, 80, n), rng.random(n) < 0.5
    is_a[:2] = True, False
    order = rng.permutation(n)

    here = build_strata([labels], words, is_a)
    there = build_strata([labels[order]], words[order], is_a[order])

    assert {frozenset(order[list(group)].tolist()) for group in partition(there.stratum)} == (
        partition(here.stratum)
    )
    assert there.shares == here.shares


def test_swapping_the_outlets_changes_only_whose_share_is_whose():
    rng = np.random.default_rng(1)
    words, is_a = rng.integers(100, 900, 60), rng.random(60) < 0.3

    here, there = build_strata([], words, is_a), build_strata([], words, ~is_a)

    assert here.stratum.tolist() == there.stratum.tolist()
    assert here.shares == there.shares[::-1]
    assert here.length_gap == pytest.approx(-there.length_gap)


def test_length_always_divides_even_without_labels():
    """100 articles, 50 a side: ten bins of ten."""
    strata = build_strata([], np.arange(100), sides(50, 50))

    assert sizes(strata) == [10] * 10
    assert strata.stratum[0] == strata.stratum[9] != strata.stratum[10]


@pytest.mark.parametrize(
    ("a", "b", "bins"), [(25, 25, 5), (50, 50, 10), (150, 150, 10), (10, 290, 6), (15, 15, 5)]
)
def test_the_counts_decide_how_many_bins_there_are(a, b, bins):
    """Five to ten: ten articles to a bin, and no more than a fifth of them left alone."""
    assert len(sizes(build_strata([], np.arange(a + b), sides(a, b)))) == bins


def test_articles_of_equal_length_are_never_parted():
    strata = build_strata([], np.repeat([5, 7], 50), sides(50, 50))

    assert sizes(strata) == [50, 50]


def test_labels_are_crossed_with_length():
    """Two topics of 50 articles: five bins of ten in each."""
    topics = np.repeat(["budget", "war"], 50)
    strata = build_strata([topics], np.tile(np.arange(50), 2), sides(50, 50))

    assert sizes(strata) == [10] * 10
    assert strata.labelled == 1.0
    assert not set(strata.stratum[:50]) & set(strata.stratum[50:])


def test_small_cells_lose_their_last_label_first():
    """Months of 20 stay, single months pool within the topic, a small topic with the rest."""
    topics = ["war"] * 40 + ["chess"] * (SMALLEST - 1) + [""] * 13
    months = ["1"] * 20 + [str(n) for n in range(2, 22)] + ["1"] * (SMALLEST - 1) + ["1"] * 13
    n = len(topics)
    strata = build_strata([topics, months], np.full(n, 100), sides(n // 2, n - n // 2))

    assert sizes(strata) == [20, 20, SMALLEST - 1 + 13]
    assert strata.labelled == pytest.approx(40 / n)


def test_smaller_cells_are_kept_when_asked_for():
    """Stories of two: one article a side, not to be divided by length."""
    stories = [f"story {n // 2}" for n in range(40)]
    strata = build_strata([stories], np.arange(40), sides(20, 20), smallest=2)

    assert sizes(strata) == [2] * 20


def test_articles_of_a_small_story_that_differ_in_length_leave_it():
    """300 words against 450 are alike, 300 against 451 are not; those are matched by length."""
    stories = np.repeat([f"story {n:02}" for n in range(40)], 2)
    longer = np.where(np.arange(40) < 20, 450, 451)
    words = np.stack([np.full(40, 300), longer], axis=1).ravel()
    is_a = np.stack([np.arange(40) % 2 == 0, np.arange(40) % 2 == 1], axis=1).ravel()
    strata = build_strata([stories], words, is_a, smallest=2)

    assert sizes(strata) == [2] * 20 + [20, 20]
    assert strata.labelled == pytest.approx(0.5)


def test_a_story_is_parted_into_articles_of_like_length():
    """Of 100, 140, 400 and 500 words the short stay together, and the long."""
    words = np.tile([400, 100, 500, 140], 10)
    is_a = np.tile([True, True, False, False], 10)
    stratum = build_strata(
        [np.repeat(np.arange(10).astype(str), 4)], words, is_a, smallest=2
    ).stratum

    assert sorted(np.bincount(stratum)) == [2] * 20
    assert (stratum[words == 400] == stratum[words == 500]).all()
    assert (stratum[words == 100] == stratum[words == 140]).all()


def test_which_outlets_articles_are_long_does_not_change_how_stories_are_parted():
    rng = np.random.default_rng(3)
    stories = np.repeat([f"story {n:02}" for n in range(30)], 2)
    words = rng.integers(100, 1000, 60)
    one = np.tile([True, False], 30)
    swapped = np.where(np.repeat(rng.random(30) < 0.5, 2), ~one, one)
    paired = [build_strata([stories], words, is_a, smallest=2).cell for is_a in (one, swapped)]

    assert np.array_equal(*paired)


def test_the_longer_outlet_is_not_ahead_story_by_story():
    """The longer article of a pair is A's in four stories of five: by a third if left together."""
    rng = np.random.default_rng(5)
    stories = np.repeat([f"story {n:03}" for n in range(150)], 2)
    words = np.sort(np.exp(rng.normal(6.4, 0.5, (150, 2))), axis=1)
    a_is_longer = rng.random(150) < 0.8
    is_a = np.stack([~a_is_longer, a_is_longer], axis=1).ravel()
    logs = np.log(words)
    left_together = np.where(a_is_longer, 1, -1) @ (logs[:, 1] - logs[:, 0]) / 150
    strata = build_strata([stories], words.ravel(), is_a, smallest=2)

    assert left_together > 0.25
    assert strata.length_gap < 0.1
    assert strata.enough


def test_labels_are_pooled_until_enough_can_be_compared():
    """Eight topics of ten articles, each one outlet's: nothing could be compared within them."""
    topics = np.repeat(list("abcdefgh"), 10)
    is_a = np.repeat(np.arange(8) % 2 == 0, 10)
    strata = build_strata([topics], np.tile(np.arange(10), 8), is_a)

    assert strata.enough and min(strata.shares) >= ENOUGH
    assert strata.labelled == 0.0


def test_what_cannot_be_compared_is_said():
    """Long articles here, short ones there: no bin of length has both."""
    strata = build_strata([], np.arange(100), np.arange(100) < 50)

    assert (strata.stratum == -1).all()
    assert strata.shares == (0.0, 0.0)
    assert not strata.enough
    assert np.isnan(strata.length_gap)


def test_the_length_gap_is_that_within_strata():
    """In both strata a's article is twice as long: log 2."""
    strata = fixed_strata(np.array([0, 0, 1, 1]), np.array([20, 10, 600, 300]), sides(2, 2))

    assert strata.length_gap == pytest.approx(np.log(2))


def test_bins_take_most_of_the_length_gap_away():
    rng = np.random.default_rng(5)
    is_a = np.arange(400) < 200
    words = rng.lognormal(6 + 0.5 * is_a, 0.6)

    assert abs(build_strata([], words, is_a).length_gap) < 0.1
    assert fixed_strata(np.zeros(400, int), words, is_a).length_gap > 0.4


def test_fixed_strata_are_taken_as_given():
    strata = fixed_strata(
        np.array([7, 7, 3, 3, 3, -1]), np.ones(6), np.array([1, 0, 1, 1, 0, 1]) > 0
    )

    assert sizes(strata) == [2, 3]
    assert strata.stratum[5] == -1
    assert strata.shares == (0.75, 1.0)


def test_a_stratum_with_one_outlet_only_takes_no_part():
    strata = fixed_strata(np.array([0, 0, 1]), np.ones(3), np.array([True, False, True]))

    assert strata.stratum.tolist() == [0, 0, -1]


def test_where_lengths_hardly_overlap_the_bins_stay_narrow():
    """All long against all short: five bins would compare the middle one, by length alone."""
    is_a = np.arange(200) < 100
    strata = build_strata([], np.where(is_a, 80, 0) + np.arange(200) % 100, is_a)

    assert max(sizes(strata)) <= 200 // BINS[1]
    assert not strata.enough


@pytest.mark.parametrize(
    ("labels", "words", "is_a", "message"),
    [
        ([["x"]], [1, 2], [True, False], "have lengths 2, 2, 1: they must be equally long"),
        ([], [1, -2], [True, False], "an article of -2 words: must be 0 or more"),
        ([], [1, np.nan], [True, False], "an article of nan words: must be 0 or more"),
        ([], [1, 2], [True, True], "outlet b has no articles: both need at least one"),
        ([], [1, 2], [False, False], "outlet a has no articles: both need at least one"),
    ],
)
def test_bad_input_is_refused(labels, words, is_a, message):
    with pytest.raises(ValueError, match=message):
        build_strata(labels, np.array(words), np.array(is_a))
