"""Metrics: functions of sums, with jackknife intervals over articles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bias_toolkit import readability
from bias_toolkit.metrics import FEWEST, Metric, Sums, difference, estimate, ratio, table, welch

RATE = ratio("rate", "", "per 1,000 words", ("hits", "words"), 1000)
MEAN = ratio("mean", "", "mean", ("hits", "words"))

law = settings(deadline=None)
pairs = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 900)), min_size=1, max_size=12)


def sums(rows: list[tuple[float, float]]) -> Sums:
    """Hits and words of some articles."""
    table = np.array(rows, float).reshape(-1, 2)
    return {"hits": table[:, 0], "words": table[:, 1]}


def slow_rate(rows: list[tuple[float, float]]) -> float:
    """Hits per 1,000 words, by adding one article after the other."""
    hits = words = 0.0
    for hit, word in rows:
        hits += hit
        words += word
    return 1000 * hits / words if words else math.nan


def slow_spread(rows: list[tuple[float, float]]) -> float:
    """The jackknife's standard error, leaving out one article after the other."""
    n = len(rows)
    without = [slow_rate(rows[:i] + rows[i + 1 :]) for i in range(n)]
    middle = sum(without) / n
    return math.sqrt((n - 1) / n * sum((value - middle) ** 2 for value in without))


# ------------------------------------------------------------------ laws


@law
@given(pairs)
def test_an_estimate_equals_its_slow_twin(rows):
    """The value is that of the sums; the interval is Student's t times the jackknife's error."""
    value, low, high = estimate(RATE, sums(rows))
    spread = slow_spread(rows) if len(rows) > 1 else math.nan

    assert value == pytest.approx(slow_rate(rows), nan_ok=True)
    if len(rows) < FEWEST or math.isnan(spread) or spread < 1e-9:
        assert math.isnan(low) and math.isnan(high)
    else:
        reach = stats.t.ppf(0.975, len(rows) - 1) * spread
        assert (low, high) == pytest.approx((value - reach, value + reach))


@law
@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_no_bit(rows, random):
    shuffled = random.sample(rows, len(rows))

    assert str(estimate(RATE, sums(rows))) == str(estimate(RATE, sums(shuffled)))


@law
@given(st.lists(st.floats(-1, 1), min_size=5, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_no_bit_of_sums_of_fractions(tones, random):
    rows = [(tone, 7.0) for tone in tones]
    shuffled = random.sample(rows, len(rows))

    assert str(estimate(MEAN, sums(rows))) == str(estimate(MEAN, sums(shuffled)))


@law
@given(pairs, pairs)
def test_exchanging_the_sides_mirrors_the_difference(a, b):
    """Not nearly but bit for bit: the ends of the interval change places and signs."""
    value, low, high = difference(RATE, sums(a), sums(b))
    mirrored = difference(RATE, sums(b), sums(a))

    assert str([abs(x) for x in mirrored]) == str([abs(x) for x in (-value, -high, -low)])
    assert mirrored == pytest.approx((-value, -high, -low), nan_ok=True)


@law
@given(pairs)
def test_the_metric_of_a_union_comes_from_the_added_sums(rows):
    """Sums are all that a metric needs: those of two halves add up to those of the whole."""
    half = len(rows) // 2
    parts = [sums(rows[:half]), sums(rows[half:])]
    added = {name: np.array([part[name].sum() for part in parts]) for name in ("hits", "words")}

    assert estimate(RATE, added).value == pytest.approx(
        estimate(RATE, sums(rows)).value, nan_ok=True
    )


# ------------------------------------------------------------------ by hand


def test_a_jackknife_interval_by_hand():
    """Five articles of 100 words with 0, 1, 2, 3, 4 hits: 10 in 500 words are 20 per 1,000.

    Without each there are 10, 9, 8, 7, 6 hits in 400 words: 25, 22.5, 20, 17.5, 15, mean 20.
    Squares about it: 25 + 6.25 + 0 + 6.25 + 25 = 62.5; times 4/5 = 50; the error is root 50.
    Student's t with 4 degrees of freedom is 2.776445: the reach is 19.63.
    """
    value, low, high = estimate(RATE, sums([(i, 100) for i in range(5)]))

    assert value == 20
    assert (low, high) == pytest.approx((20 - 19.6324, 20 + 19.6324), abs=1e-4)


def test_equal_weights_give_the_interval_of_a_mean():
    """With equal words an article the jackknife of a ratio is the classical interval of a mean."""
    values = np.array([3.0, 1, 4, 1, 5, 9])
    rows = [(value, 50) for value in values]
    value, low, high = estimate(MEAN, sums(rows))
    mean, error = values.mean() / 50, values.std(ddof=1) / math.sqrt(6) / 50

    assert value == pytest.approx(mean)
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 5, mean, error))


def test_a_welch_interval_by_hand():
    """Errors 3 and 4 make 5; of five articles each, the degrees of freedom are
    5^4 / (3^4 / 4 + 4^4 / 4) = 625 / 84.25 = 7.4184.
    """
    # Five values m - d, m - d/2, m, m + d/2, m + d: the error of their mean is d root(2.5/4/5).
    step = 1 / math.sqrt(2.5 / 4 / 5)
    a = [(10 + 3 * step * k, 1) for k in (-1, -0.5, 0, 0.5, 1)]
    b = [(4 + 4 * step * k, 1) for k in (-1, -0.5, 0, 0.5, 1)]
    reach = stats.t.ppf(0.975, 625 / 84.25) * 5

    assert difference(MEAN, sums(a), sums(b)) == pytest.approx((6, 6 - reach, 6 + reach))


def test_welch_is_the_interval_of_two_jackknife_errors():
    low, high = welch(np.array([1.0, 2.0]), (np.array([0.3, 0.0]), np.array([0.4, 0.0])), (8, 6))
    freedom = 0.5**4 / (0.3**4 / 7 + 0.4**4 / 5)

    assert high[0] - 1 == pytest.approx(stats.t.ppf(0.975, freedom) * 0.5)
    assert low[0] + high[0] == pytest.approx(2)
    assert np.isnan([low[1], high[1]]).all()  # nothing varies


def test_welch_equals_scipy_where_the_ratio_is_a_mean():
    rng = np.random.default_rng(0)
    a, b = rng.normal(5, 1, 9), rng.normal(4, 3, 6)
    value, low, high = difference(MEAN, sums([(x, 1) for x in a]), sums([(x, 1) for x in b]))
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval()

    assert value == pytest.approx(a.mean() - b.mean())
    assert (low, high) == pytest.approx((theirs.low, theirs.high))


@pytest.mark.parametrize("n", range(1, FEWEST))
def test_fewer_than_five_articles_give_a_value_and_no_interval(n):
    few, many = sums([(i, 100) for i in range(n)]), sums([(i, 100) for i in range(9)])

    assert not math.isnan(estimate(RATE, few).value)
    for found in (estimate(RATE, few), difference(RATE, few, many), difference(RATE, many, few)):
        assert math.isnan(found.low) and math.isnan(found.high)


def test_without_words_a_rate_is_undefined_and_never_zero():
    found = estimate(RATE, sums([(0, 0)] * 6))

    assert all(map(math.isnan, found))


def test_a_value_without_articles_is_undefined():
    assert all(map(math.isnan, estimate(RATE, sums([]))))
    assert all(map(math.isnan, difference(RATE, sums([]), sums([(1, 2)] * 6))))


def test_articles_that_are_all_alike_give_no_interval():
    """Nobody used the term, or everybody alike: a width of 0 would feign certainty.

    Thirteen words of seven hundred are no round number, so the sums err in the last bit.
    """
    for rows in ([(0, 100)] * 8, [(13, 700)] * 7, [(0.1, 0.3)] * 9):
        found = estimate(RATE, sums(rows))
        apart = difference(RATE, sums(rows), sums(rows))

        assert found.value == pytest.approx(slow_rate(rows))
        assert math.isnan(found.low) and math.isnan(found.high)
        assert apart.value == 0 and math.isnan(apart.low) and math.isnan(apart.high)


def test_one_article_that_holds_all_words_gives_no_interval():
    """Left out, it leaves nothing to divide by: how far the value varies cannot be said."""
    found = estimate(RATE, sums([(3, 100), *[(0, 0)] * 6]))

    assert found.value == 30
    assert math.isnan(found.low)


def test_a_metric_of_three_sums_has_an_interval_too():
    """Flesch is no ratio: leave-one-out takes any function of sums."""
    metric = Metric(
        "flesch", "", "score", ("w", "s", "y"), lambda t: readability.flesch(*t.values())
    )
    rng = np.random.default_rng(1)
    articles = {"w": rng.integers(100, 300, 8) * 1.0, "s": rng.integers(5, 20, 8) * 1.0}
    articles["y"] = articles["w"] * 1.5 + rng.integers(0, 40, 8)
    value, low, high = estimate(metric, articles)
    without = [
        float(readability.flesch(*(np.delete(articles[name], i).sum() for name in "wsy")))
        for i in range(8)
    ]
    spread = math.sqrt(7 / 8 * sum((x - np.mean(without)) ** 2 for x in without))

    assert value == pytest.approx(float(readability.flesch(*(articles[n].sum() for n in "wsy"))))
    assert (high - low) / 2 == pytest.approx(stats.t.ppf(0.975, 7) * spread)


def test_a_table_has_a_row_a_metric_and_outlet():
    rows = table([RATE], {"A": sums([(1, 100)] * 2), "B": sums([(0, 0)])})

    assert [(row["metric"], row["outlet"], row["articles"], row["unit"]) for row in rows] == [
        ("rate", "A", 2, "per 1,000 words"),
        ("rate", "B", 1, "per 1,000 words"),
    ]
    assert rows[0]["value"] == 10 and math.isnan(rows[1]["value"])
