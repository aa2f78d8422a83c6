"""The tests of terms against slow, obvious twins: enumeration, loops, published numbers."""

from __future__ import annotations

import csv
import gzip
import itertools
import os
from collections import defaultdict
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.stats import chi2_contingency

from bias_toolkit.classical import classical_measures, dirichlet_z, dispersion, weighted_log_odds
from bias_toolkit.effects import Margins, common_log_odds, smallest_detectable
from bias_toolkit.exact import null_tables
from bias_toolkit.keyness import Carriers, benjamini_hochberg, compare_terms
from bias_toolkit.strata import build_strata, fixed_strata

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
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


def one_stratum(is_a: np.ndarray) -> object:
    return fixed_strata(np.zeros(len(is_a), int), np.full(len(is_a), 500), is_a)


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


# ------------------------------------------------------------------ laws of the comparison


def random_case(seed: int, articles: int = 60, terms: int = 80) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    words = rng.integers(100, 900, articles)
    uses = rng.poisson(rng.gamma(0.3, 1, terms) * words[:, None] / 400)
    is_a = rng.permutation(np.arange(articles) < articles // 3)
    return uses, is_a, words


@pytest.mark.parametrize("seed", range(3))
def test_a_against_b_mirrors_b_against_a_bit_for_bit(seed: int):
    uses, is_a, words = random_case(seed)
    days = [f"2024-01-{1 + i % 20:02}" for i in range(len(is_a))]
    ab = compare_terms(
        carriers(uses > 0, is_a, words=words, uses=uses), build_strata([], words, is_a),
        days=days, draws=199,
    )  # fmt: skip
    ba = compare_terms(
        carriers(uses > 0, ~is_a, words=words, uses=uses, outlets=("B", "A")),
        build_strata([], words, ~is_a), days=days, draws=199,
    )  # fmt: skip

    for name in ("p", "p_bh", "p_fwer", "testable", "found_by"):
        assert ab.terms[name].equals(ba.terms[name])
    for one, other in (("log_odds", "log_odds"), ("low", "high"), ("rates_low", "rates_high")):
        assert np.array_equal(ab.terms[one], -ba.terms[other], equal_nan=True)
    assert ab.units == ba.units[::-1]


def test_the_order_of_articles_changes_nothing():
    uses, is_a, words = random_case(7)
    ids = [f"x{i}" for i in range(len(is_a))]
    order = np.random.default_rng(2).permutation(len(is_a))
    results = [
        compare_terms(
            carriers(uses[o] > 0, is_a[o], words=words[o], uses=uses[o], ids=[ids[i] for i in o]),
            build_strata([], words[o], is_a[o]),
            draws=99,
        ).terms
        for o in (np.arange(len(is_a)), order)
    ]

    assert results[0].equals(results[1])


def test_random_halves_are_hardly_ever_told_apart():
    """Forty corpora of noise, articles of unequal length: false findings in a few at most."""
    hits = 0
    for seed in range(40):
        uses, is_a, words = random_case(100 + seed, articles=60, terms=150)
        strata = build_strata([], words, is_a)
        found = compare_terms(carriers(uses > 0, is_a, words=words, uses=uses), strata, draws=199)
        hits += bool((found.terms["p_fwer"] <= 0.05).any())

    assert hits <= 6  # 2 expected; more than 6 in one of 300 cases


def test_the_longer_outlet_gains_nothing_from_its_length():
    """One outlet's articles are twice as long; every term has the same rate in both."""
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(15):
        is_a = np.arange(120) < 60
        words = np.where(is_a, rng.integers(300, 1200, 120), rng.integers(200, 700, 120))
        uses = rng.poisson(rng.gamma(0.5, 0.6, 200) * words[:, None] / 400)
        found = compare_terms(
            carriers(uses > 0, is_a, words=words, uses=uses), build_strata([], words, is_a),
            draws=199,
        )  # fmt: skip
        hits += bool((found.terms["p_fwer"] <= 0.05).any())

    assert hits <= 3


def test_what_was_planted_is_found():
    """A term in half of A's fifty articles and in 2 % of B's, among two hundred of noise."""
    rng = np.random.default_rng(6)
    is_a = np.arange(100) < 50
    presence = rng.random((100, 201)) < rng.uniform(0.02, 0.6, 201)
    presence[:, 0] = np.where(is_a, rng.permutation(100)[:100] % 2 == 0, np.arange(100) == 99)
    found = compare_terms(carriers(presence, is_a), one_stratum(is_a), draws=499)

    assert found.terms["p_fwer"][0] <= 0.05 and found.terms["log_odds"][0] > 1
    assert found.terms["testable"][0]


def test_a_term_of_one_article_cannot_be_tested():
    is_a = np.arange(40) < 20
    presence = np.zeros((40, 2), bool)
    presence[0, 0] = True
    presence[is_a, 1] = True
    found = compare_terms(carriers(presence, is_a), one_stratum(is_a), draws=99)

    assert found.terms["testable"].tolist() == [False, True]
    assert found.terms["p_fwer"][1] <= 0.05


def test_articles_of_a_day_that_repeat_each_other_are_drawn_together():
    """Each day's five articles are alike: days are the evidence, and no term has its own p."""
    rng = np.random.default_rng(8)
    day = np.repeat(np.arange(40), 5)
    is_a = np.repeat(rng.permutation(np.arange(40) < 20), 5)
    presence = (rng.random((40, 120)) < 0.3)[day]
    found = compare_terms(
        carriers(presence, is_a), one_stratum(is_a), days=[f"d{n}" for n in day], draws=199
    )

    assert found.unit == "block" and found.units == (20, 20)
    assert found.terms["p"].isna().all() and found.terms["p_bh"].isna().all()
    assert (found.terms["p_fwer"] > 0.05).all()


# ------------------------------------------------------------------ effects


def slow_log_odds(tables: list[tuple[float, float, float, float]]) -> float:
    """Mantel-Haenszel with two pseudo-articles, a stratum at a time."""
    r = s = 0.0
    for a, b, c, d in tables:
        first, second = a + b, c + d
        share = 1 / len(tables) / (first + second)
        a, b, c, d = a + share * first, b + share * first, c + share * second, d + share * second
        r += a * d / (a + b + c + d)
        s += b * c / (a + b + c + d)
    return float(np.log(r / s))


@law
@given(st.lists(st.tuples(*[st.integers(0, 6)] * 4), min_size=1, max_size=4))
def test_log_odds_are_those_of_a_loop_over_strata(tables: list[tuple[int, int, int, int]]):
    tables = [(a, b + 1, c, d + 1) for a, b, c, d in tables]  # both outlets in each stratum
    a, b, c, d = (np.array(column) for column in zip(*tables, strict=True))
    kept = np.flatnonzero(a + c)
    margins = Margins(
        pointer=np.array([0, len(kept)]),
        stratum=kept,
        carriers=(a + c)[kept],
        carriers_first=a[kept],
        first=a + b,
        second=c + d,
    )
    found = common_log_odds(margins)

    if len(kept):
        assert found.value[0] == pytest.approx(slow_log_odds(tables), abs=1e-9)
        assert found.low[0] < found.value[0] < found.high[0]
    else:
        assert np.isnan(found.value[0])


def test_intervals_of_the_odds_cover():
    """Two strata, true odds ratio 4, thirty articles a side: 95 % in 1,000 cases, to 2 %."""
    rng = np.random.default_rng(9)
    first, second = np.array([15, 15]), np.array([15, 15])
    other = np.array([0.2, 0.4])
    own = 4 * other / (1 + 3 * other)
    inside = 0
    for _ in range(1000):
        a, c = rng.binomial(first, own), rng.binomial(second, other)
        margins = Margins(np.array([0, 2]), np.array([0, 1]), a + c, a, first, second)
        found = common_log_odds(margins)
        inside += found.low[0] <= np.log(4) <= found.high[0]

    assert 0.93 <= inside / 1000 <= 0.99


def test_more_articles_show_smaller_differences():
    few, many = (smallest_detectable(n, n, 1e-4)[0] for n in (25, 250))

    assert many.a < few.a <= 1
    assert np.isnan(smallest_detectable(3, 3, 1e-4)[0].a)


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


def test_a_label_parts_what_is_large_enough_and_length_always():
    rng = np.random.default_rng(10)
    topic = ["war"] * 100 + ["trade"] * 100
    words = rng.integers(100, 1000, 200)
    is_a = rng.random(200) < 0.5
    found = build_strata([topic], words, is_a)
    names = np.array(topic)

    for stratum in set(found.stratum.tolist()) - {-1}:
        assert len(set(names[found.stratum == stratum])) == 1
    assert len(set(found.stratum.tolist()) - {-1}) >= 8  # five bins of length or more each
    assert abs(found.length_gap) < 0.1 and found.labelled == 1.0 and found.enough


def test_labels_that_leave_too_little_to_compare_are_given_up():
    """A writes of one topic only, B of another: topics are pooled, and it is said."""
    is_a = np.arange(80) < 40
    found = build_strata([["one"] * 40 + ["two"] * 40], np.full(80, 500), is_a)

    assert found.shares == (1.0, 1.0) and found.labelled == 0.0


# ------------------------------------------------------------------ classical measures


def test_classical_measures_by_hand():
    table = classical_measures(np.array([30, 5]), np.array([10, 20]), (1000.0, 2000.0))
    seen = np.array([[30, 970], [10, 1990]])
    g2 = chi2_contingency(seen, correction=False, lambda_="log-likelihood").statistic

    assert table["g2"][0] == pytest.approx(g2) and table["g2"][1] < 0
    assert table["chi2"][0] == pytest.approx(chi2_contingency(seen, correction=False).statistic)
    assert table["log_ratio"][0] == pytest.approx(np.log2(6))
    assert table["percent_difference"][0] == pytest.approx(500)


def test_dispersion_by_hand():
    """Two articles of 100 words: once all uses in one (DP .5), once spread evenly (0)."""
    found = dispersion(csr_array(np.array([[4, 0], [2, 2], [0, 0]])), np.array([100, 100]))

    assert found[:2].tolist() == [0.5, 0.0] and np.isnan(found[2])


def oracle(name: str) -> Path:
    path = DATA / "oracles" / name
    if not path.exists():
        pytest.skip(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared data")
    return path


@pytest.mark.parametrize(("name", "informative"), [("informative", True), ("uninformative", False)])
def test_weighted_log_odds_are_those_of_tidylo(name: str, informative: bool):
    with oracle(f"tidylo_toy_{name}.csv").open(encoding="utf8") as lines:
        rows = list(csv.DictReader(lines))
    outlets = sorted({row["document"] for row in rows})
    words = sorted({row["word"] for row in rows})
    uses = np.zeros((len(outlets), len(words)))
    for row in rows:
        uses[outlets.index(row["document"]), words.index(row["word"])] = float(row["frequency"])
    found = weighted_log_odds(uses, informative=informative)

    for row in rows:
        value = found[outlets.index(row["document"]), words.index(row["word"])]
        assert value == pytest.approx(float(row["log_odds_weighted"]), abs=1e-6)


def test_weighted_log_odds_are_those_of_tidylo_on_austens_bigrams():
    with gzip.open(oracle("austen_bigram_counts.csv.gz"), "rt", encoding="utf8") as lines:
        counts = list(csv.DictReader(lines))
    books = {row["book"]: i for i, row in enumerate({r["book"]: r for r in counts}.values())}
    bigrams: dict[str, int] = {}
    for row in counts:
        bigrams.setdefault(row["bigram"], len(bigrams))
    uses = np.zeros((len(books), len(bigrams)))
    for row in counts:
        uses[books[row["book"]], bigrams[row["bigram"]]] = float(row["n"])
    found = weighted_log_odds(uses)
    with oracle("tidylo_austen_bigrams_top2000.csv").open(encoding="utf8") as lines:
        for row in csv.DictReader(lines):
            value = found[books[row["book"]], bigrams[row["bigram"]]]
            assert value == pytest.approx(float(row["log_odds_weighted"]), abs=1e-6)


def test_an_unknown_prior_is_refused():
    with pytest.raises(ValueError, match="a prior of 0: pseudo-counts must be above 0"):
        dirichlet_z(np.array([1.0]), np.array([1.0]), np.array([0.0]))


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"is_a": np.ones(4, bool)}, "no article of 'B': both sides need at least one"),
        ({"outlets": ("A", "A")}, "both outlets are called 'A': two names are needed"),
        ({"ids": ["x", "y", "x", "z"]}, "article id 'x' stands 2 times: ids must be distinct"),
        ({"words": np.array([1, 2, -3, 4])}, "an article of -3 words: must be 0 or more"),
        ({"uses": np.array([0, 1])}, "uses of 0: a term that is listed is used 1 or more"),
        ({"term": np.array([0, 9])}, "term 9 is not one of 0 to 1"),
        ({"article": np.array([0, 7])}, "article 7 is not one of 0 to 3"),
        ({"uses": np.array([1])}, "term, article and uses have lengths 2, 2, 1"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(change: dict[str, object], message: str):
    good = {
        "term": np.array([0, 1]),
        "article": np.array([0, 1]),
        "uses": np.array([1, 1]),
        "terms": 2,
        "is_a": np.array([True, True, False, False]),
        "words": np.array([10, 10, 10, 10]),
        "ids": ["a", "b", "c", "d"],
        "outlets": ("A", "B"),
    }

    with pytest.raises(ValueError, match=message):
        Carriers(**{**good, **change})
