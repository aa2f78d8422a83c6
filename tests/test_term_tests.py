"""The tests of terms against slow, obvious twins: enumeration in fractions, and definitions."""

from __future__ import annotations

import itertools
from collections import defaultdict
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from bias_toolkit.exact import null_tables
from bias_toolkit.keyness import Carriers, benjamini_hochberg, compare_terms
from bias_toolkit.strata import build_strata, fixed_strata

law = settings(max_examples=60, deadline=None)


def carriers(
    presence: np.ndarray,
    is_a: np.ndarray,
    *,
    words: np.ndarray | None = None,
    uses: np.ndarray | None = None,
    outlets: tuple[str, str] = ("A", "B"),
    ids: list[str] | None = None,
) -> Carriers:
    """Carriers from a table of articles x terms."""
    counts = presence.astype(int) if uses is None else uses
    article, term = np.nonzero(counts)
    n = len(presence)
    return Carriers(
        term=term,
        article=article,
        uses=counts[article, term],
        terms=presence.shape[1],
        is_a=is_a,
        words=np.full(n, 500) if words is None else words,
        ids=[f"id{i:04}" for i in range(n)] if ids is None else ids,
        outlets=outlets,
    )


# ------------------------------------------------------------------ exact p-values

strata_of_a_term = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10)).map(
        lambda t: (t[0], t[1], min(t[2], t[0] + t[1]))
    ),
    min_size=1,
    max_size=4,
)


def enumerated(strata: list[tuple[int, int, int]]) -> dict[int, Fraction]:
    """The distribution of the first outlet's carriers, over every table of every stratum."""
    found: dict[int, Fraction] = {0: Fraction(1)}
    for first, second, m in strata:
        after: dict[int, Fraction] = defaultdict(Fraction)
        for count, chance in found.items():
            for k in range(max(0, m - second), min(m, first) + 1):
                share = Fraction(comb(first, k) * comb(second, m - k), comb(first + second, m))
                after[count + k] += chance * share
        found = after
    return found


@law
@given(strata_of_a_term)
def test_exact_p_values_are_those_of_enumeration(strata: list[tuple[int, int, int]]):
    first, second, m = (np.array(column) for column in zip(*strata, strict=True))
    tables = null_tables(csr_array(m[None, :]), first, second)
    chances = enumerated(strata)

    for count, chance in chances.items():
        below = sum((p for k, p in chances.items() if k < count), Fraction())
        above = sum((p for k, p in chances.items() if k > count), Fraction())
        expected = min(2 * float(min(below, above) + chance / 2), 1.0)
        assert tables.p[tables.start[0] + count] == pytest.approx(expected, abs=1e-12)


def test_p_values_are_those_of_all_ways_to_deal_the_articles():
    """Nine articles in two strata, five and four: every assignment of sides, one by one."""
    rng = np.random.default_rng(1)
    stratum = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])
    is_a = np.array([1, 1, 0, 0, 0, 1, 0, 1, 0], bool)
    presence = rng.random((9, 6)) < 0.5
    presence[0] = True
    found = compare_terms(
        carriers(presence, is_a), fixed_strata(stratum, np.full(9, 500), is_a), draws=39
    )
    ways = [
        [i in one or i in other for i in range(9)]
        for one in itertools.combinations(range(5), 2)
        for other in itertools.combinations(range(5, 9), 2)
    ]
    counts = np.array([(presence & np.array(way)[:, None]).sum(axis=0) for way in ways])
    seen = (presence & is_a[:, None]).sum(axis=0)
    below, same = (counts < seen).mean(axis=0), (counts == seen).mean(axis=0)
    above = 1 - below - same

    expected = np.minimum(2 * np.minimum(below, above) + same, 1)
    assert found.terms["p"].to_numpy() == pytest.approx(expected)


# ------------------------------------------------------------------ many terms


@law
@given(st.lists(st.floats(0.0001, 1), min_size=1, max_size=12))
def test_benjamini_and_hochberg_by_their_own_words(values: list[float]):
    """Reject all up to the largest k with p(k) <= k q / m; adjusted: the least q that rejects."""
    p = np.array(values)
    found = benjamini_hochberg(p, np.zeros(len(p)))
    ranked = np.sort(p)
    for i, value in enumerate(p):
        least = min(ranked[k] * len(p) / (k + 1) for k in range(len(p)) if ranked[k] >= value)
        assert found[i] == pytest.approx(min(least, 1))


# ------------------------------------------------------------------ strata


@law
@given(
    st.lists(st.tuples(st.sampled_from("xyz "), st.integers(0, 900), st.booleans()), min_size=2,
             max_size=80)
)  # fmt: skip
def test_every_stratum_has_articles_of_both_outlets(rows: list[tuple[str, int, bool]]):
    label, words, side = (list(column) for column in zip(*rows, strict=True))
    is_a = np.array(side)
    if is_a.all() or not is_a.any():
        return
    found = build_strata([[one.strip() for one in label]], np.array(words), is_a)

    for stratum in set(found.stratum.tolist()) - {-1}:
        inside = found.stratum == stratum
        assert is_a[inside].any() and (~is_a[inside]).any()
    assert found.shares[0] == pytest.approx((found.stratum[is_a] >= 0).mean())


# ------------------------------------------------------------------ bad input
