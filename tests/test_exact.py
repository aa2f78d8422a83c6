"""Exact chances: laws, cases by hand, and two slow twins."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import hypergeom

from bias_toolkit.exact import FLOOR, NullTables, mid_p, null_tables, scrambled


def tables_of(carried: list[list[int]], first: list[int], second: list[int]) -> NullTables:
    return null_tables(csr_array(np.array(carried)), np.array(first), np.array(second))


def p_values(tables: NullTables, term: int) -> np.ndarray:
    counts = np.arange(tables.lowest[term], tables.highest[term] + 1)
    return tables.p[tables.start[term] + counts]


def slow_p(carried: list[int], first: list[int], second: list[int]) -> np.ndarray:
    """One term at a time, by numpy's convolution of scipy's hypergeometric."""
    chances = np.ones(1)
    for m, a, b in zip(carried, first, second, strict=True):
        counts = np.arange(max(m - b, 0), min(m, a) + 1)
        chances = np.convolve(chances, hypergeom.pmf(counts, a + b, a, m))
    return mid_p(chances[None, :])[0]


def enumerated_p(strata: list[tuple[list[int], int]]) -> dict[int, float]:
    """Mid-p of every count, from all equally likely choices of the first outlet's articles.

    *strata* are (which articles carry the term, how many articles are the first outlet's).
    """
    choices = [list(combinations(carry, n)) for carry, n in strata]
    totals = [sum(map(sum, choice)) for choice in product(*choices)]
    n = len(totals)
    return {
        count: min(
            1.0,
            2
            * min(
                sum(t < count for t in totals) / n + sum(t == count for t in totals) / n / 2,
                sum(t > count for t in totals) / n + sum(t == count for t in totals) / n / 2,
            ),
        )
        for count in set(totals)
    }


def test_one_stratum_by_hand():
    """3 of 6 articles carry it, 3 are the first outlet's: chances 1, 9, 9, 1 of 20."""
    tables = tables_of([[3]], [3], [3])

    assert p_values(tables, 0) == pytest.approx([1 / 20, (1 + 4.5) / 10, (1 + 4.5) / 10, 1 / 20])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 1), min_size=2, max_size=5), st.integers(1, 4)),
        min_size=1,
        max_size=3,
    )
)
def test_the_tables_hold_what_enumerating_all_permutations_gives(strata):
    strata = [(carry, min(n, len(carry) - 1)) for carry, n in strata]
    carried = [sum(carry) for carry, _ in strata]
    first = [n for _, n in strata]
    second = [len(carry) - n for carry, n in strata]

    tables = tables_of([carried], first, second)

    for count, p in enumerated_p(strata).items():
        assert tables.p[tables.start[0] + count] == pytest.approx(p, rel=1e-10)


@pytest.mark.parametrize("balanced", [True, False])
def test_the_tables_agree_with_a_slow_convolution_far_into_the_tails(balanced):
    """Common terms of large strata, rare ones, and lopsided margins alike."""
    rng = np.random.default_rng(7)
    first = rng.integers(1, 60, 8)
    second = rng.integers(1, 60 if balanced else 600, 8)
    shares = rng.random((60, 1)) * rng.choice([0.02, 0.5, 1.0], (60, 1))
    carried = rng.binomial(first + second, shares)

    tables = tables_of(carried.tolist(), first.tolist(), second.tolist())

    for term in range(len(carried)):
        slow = slow_p(carried[term], first, second)
        assert np.log(p_values(tables, term)) == pytest.approx(np.log(slow), abs=1e-8)


def test_a_term_in_more_than_400_articles_is_exact():
    """900 of 20 against 1,000: choosing an approximation by frequency once broke this."""
    tables = tables_of([[900]], [20], [1000])
    exact = (
        sum(comb(20, k) * comb(1000, 900 - k) for k in range(10))
        + comb(20, 10) * comb(1000, 890) // 2
    )

    assert tables.p[tables.start[0] + 10] == pytest.approx(2 * exact / comb(1020, 900), rel=1e-9)


def test_swapping_the_outlets_mirrors_the_table():
    carried, first, second = [[7, 3, 0, 12]], [5, 9, 4, 20], [11, 2, 8, 30]

    here, there = tables_of(carried, first, second), tables_of(carried, second, first)

    assert p_values(here, 0) == pytest.approx(p_values(there, 0)[::-1], rel=1e-9)


def test_terms_of_equal_margins_share_their_table():
    """The second term has the first's counts, in strata that are as large."""
    tables = tables_of([[2, 1, 4], [1, 2, 4], [2, 2, 4]], [3, 3, 9], [5, 5, 2])

    assert tables.start[0] == tables.start[1] != tables.start[2]


def test_a_term_that_nobody_carries_has_p_1():
    tables = tables_of([[0, 0], [1, 0]], [3, 3], [3, 3])

    assert p_values(tables, 0).tolist() == [1.0]


def test_a_term_that_everybody_carries_has_p_1():
    tables = tables_of([[6, 6]], [3, 3], [3, 3])

    assert p_values(tables, 0).tolist() == [1.0]


def test_the_smallest_p_is_what_the_extremes_give():
    """5 of 10 carry it, 5 a side: 1 way of 252, half of it twice."""
    assert tables_of([[5]], [5], [5]).attainable() == pytest.approx([1 / 252])


def test_p_values_have_a_floor():
    assert tables_of([[500]], [500], [500]).attainable().tolist() == [FLOOR]


def test_no_terms_and_no_strata_are_no_trouble():
    assert len(null_tables(csr_array((0, 1), dtype=int), np.array([3]), np.array([3])).start) == 0


def test_scrambled_numbers_are_distinct_and_look_random():
    marks = scrambled(np.arange(10_000, dtype=np.uint64))
    ones = np.unpackbits(marks.view(np.uint8)).mean()

    assert len(set(marks.tolist())) == 10_000
    assert ones == pytest.approx(0.5, abs=0.005)
