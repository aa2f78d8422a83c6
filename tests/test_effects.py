"""How large a difference is, and whether its interval covers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.special import expit

from bias_toolkit.effects import (
    FEWEST_CARRIERS,
    Margins,
    common_log_odds,
    rate_ratios,
    smallest_detectable,
    two_sided,
)


def margins_of(a: np.ndarray, c: np.ndarray, first: np.ndarray, second: np.ndarray) -> Margins:
    """Margins from carriers of both outlets, (terms, strata) each."""
    both = csr_array(a + c)
    both.sort_indices()
    term = np.repeat(np.arange(len(a)), np.diff(both.indptr))
    return Margins(
        both.indptr.astype(np.int64),
        both.indices.astype(np.int64),
        both.data,
        a[term, both.indices],
        first,
        second,
    )


def slow_log_odds(a, c, first, second) -> tuple[float, float]:
    """Mantel-Haenszel and Robins, Breslow and Greenland for one term, stratum by stratum."""
    r = s = pr = psqr = qs = 0.0
    for a_h, c_h, n1, n0 in zip(a, c, first, second, strict=True):
        extra1, extra0 = n1 / (n1 + n0) / len(first), n0 / (n1 + n0) / len(first)
        w, x, y, z = a_h + extra1, n1 - a_h + extra1, c_h + extra0, n0 - c_h + extra0
        total = w + x + y + z
        r_h, s_h, p, q = w * z / total, x * y / total, (w + z) / total, (x + y) / total
        r, s, pr = r + r_h, s + s_h, pr + p * r_h
        psqr, qs = psqr + p * s_h + q * r_h, qs + q * s_h
    return np.log(r / s), pr / (2 * r * r) + psqr / (2 * r * s) + qs / (2 * s * s)


def test_the_odds_ratio_agrees_with_one_term_at_a_time():
    rng = np.random.default_rng(1)
    first, second = rng.integers(1, 30, 6), rng.integers(1, 30, 6)
    a, c = (rng.binomial(n, rng.random((40, 1)) * 0.4) for n in (first, second))
    found = common_log_odds(margins_of(a, c, first, second))
    slow = np.array([slow_log_odds(*row, first, second) for row in zip(a, c, strict=True)])
    carried = (a + c).sum(axis=1) > 0

    assert found.value[carried] == pytest.approx(slow[carried, 0], rel=1e-9)
    assert (found.high - found.low)[carried] == pytest.approx(
        2 * 1.959964 * np.sqrt(slow[carried, 1]), rel=1e-6
    )


def test_one_stratum_by_hand():
    """8 of 20 against 3 of 20, 1/2 added to each cell: 8.5 x 17.5 over 12.5 x 3.5."""
    one = np.array([20])
    found = common_log_odds(margins_of(np.array([[8]]), np.array([[3]]), one, one))

    assert np.exp(found.value[0]) == pytest.approx(8.5 * 17.5 / (12.5 * 3.5))


def test_swapping_the_outlets_mirrors_the_interval():
    a, c, one = np.array([[4, 2]]), np.array([[1, 9]]), np.array([10, 12])
    here = common_log_odds(margins_of(a, c, one, one))
    there = common_log_odds(margins_of(c, a, one, one))

    assert np.concatenate(there.mirrored()) == pytest.approx(np.concatenate(here))


def test_a_term_on_one_side_only_still_has_an_interval():
    one = np.array([20])
    found = common_log_odds(margins_of(np.array([[9]]), np.array([[0]]), one, one))

    assert np.isfinite(np.concatenate(found)).all()
    assert found.low[0] > 0


def test_a_term_that_nobody_carries_has_none():
    one = np.array([20])

    assert np.isnan(common_log_odds(margins_of(np.array([[0]]), np.array([[0]]), one, one)).value)


@pytest.mark.parametrize("articles", [5, 15, 50, 150])
@pytest.mark.parametrize("strata", ["one", "five", "pairs"])
def test_the_odds_ratios_interval_covers(articles, strata):
    """2,000 comparisons of a common odds ratio of 1 and of 4: at least 92.5 % cover."""
    rng = np.random.default_rng(articles)
    count = {"one": 1, "five": 5, "pairs": articles}[strata]
    first = np.full(count, articles // count)
    for base, odds in ((0.1, 1.0), (0.1, 4.0), (0.4, 1.0), (0.4, 4.0)):
        level = np.log(base / (1 - base)) + rng.normal(0, count > 1, (2000, count))
        a = rng.binomial(first, expit(level + np.log(odds)))
        c = rng.binomial(first, expit(level))
        found = common_log_odds(margins_of(a, c, first, first))
        used = ~np.isnan(found.value)
        covers = (found.low <= np.log(odds)) & (np.log(odds) <= found.high)

        assert covers[used].mean() >= 0.925


def bursts(
    rng: np.random.Generator, words: np.ndarray, rate: np.ndarray, repeats: int
) -> csr_array:
    """Uses per article that come in bursts: negative binomial, (repeats, articles)."""
    return csr_array(rng.poisson(rate * words / 1000 * rng.gamma(1, 1, (repeats, len(words)))))


@pytest.mark.parametrize("articles", [15, 50, 150])
def test_the_rate_ratios_interval_covers(articles):
    rng = np.random.default_rng(articles)
    words, is_first = rng.lognormal(6.4, 0.6, 2 * articles), np.arange(2 * articles) < articles
    for ratio in (1.0, 2.0):
        uses = bursts(rng, words, np.where(is_first, 2 * ratio, 2), 1000)
        found = rate_ratios(uses, is_first, words)
        used = ~np.isnan(found.value)
        covers = (found.low <= np.log(ratio)) & (np.log(ratio) <= found.high)

        assert covers[used].mean() >= 0.925


def test_a_rate_ratio_by_hand():
    """60 uses in 1,000 words against 20 in 2,000; 1/2 added to each count."""
    uses = csr_array(np.array([[10, 10, 10, 10, 20, 4, 4, 4, 4, 4]]))
    words = np.array([200.0] * 5 + [400.0] * 5)
    found = rate_ratios(uses, np.arange(10) < 5, words)

    assert np.exp(found.value) == pytest.approx([60.5 / 1000 / (20.5 / 2000)])
    assert found.low < found.value < found.high


def test_a_rate_ratio_needs_enough_carriers_on_both_sides():
    uses = csr_array(np.array([[1] * 10, [1] * 5 + [9] * (FEWEST_CARRIERS - 1) + [0]]))
    found = rate_ratios(uses, np.arange(10) < 5, np.full(10, 100.0))

    assert np.isnan(found.value).tolist() == [False, True]


def test_an_outlet_without_words_has_no_rate():
    uses = csr_array(np.ones((1, 10), int))
    found = rate_ratios(uses, np.arange(10) < 5, np.r_[np.full(5, 100.0), np.zeros(5)])

    assert np.isnan(found.low).all() and np.isnan(found.high).all()


def test_the_smallest_difference_shrinks_with_more_articles():
    """Against 2 % of the other outlet's articles."""
    needed = [smallest_detectable(n, n, 1e-5)[0].a for n in (25, 50, 100, 400)]

    assert needed == sorted(needed, reverse=True)
    assert needed[0] > 0.5 > needed[1]


def test_what_is_said_to_be_detectable_is_found_in_four_of_five_cases():
    rng = np.random.default_rng(3)
    base, share, _ = smallest_detectable(60, 90, 1e-4)[1]
    a, c = rng.binomial(60, share, 3000), rng.binomial(90, base, 3000)
    found = common_p(a, c, 60, 90) <= 1e-4

    assert found.mean() == pytest.approx(0.8, abs=0.05)


def common_p(a: np.ndarray, c: np.ndarray, n: int, m: int) -> np.ndarray:
    """One-stratum mid-p by scipy."""
    from scipy.stats import hypergeom

    above = hypergeom.sf(a, n + m, a + c, n) + hypergeom.pmf(a, n + m, a + c, n) / 2
    return 2 * np.minimum(above, 1 - above)


def test_the_other_outlets_share_is_asked_the_other_way_round():
    here, there = smallest_detectable(30, 200, 1e-5)[0], smallest_detectable(200, 30, 1e-5)[0]

    assert (here.a, here.b) == (there.b, there.a)


def test_five_articles_a_side_can_show_nothing():
    assert all(np.isnan(found.a) for found in smallest_detectable(5, 5, 1e-4))


def test_no_articles_can_show_nothing():
    assert np.isnan(smallest_detectable(0, 10, 0.05)[0].a)


def test_two_sided_chances_of_a_normal_value():
    assert two_sided(-1.959964) == pytest.approx(0.05, abs=1e-6)
