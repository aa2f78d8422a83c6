"""Testing terms between two outlets: laws, cases by hand, and whether noise stays noise."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit.keyness import (
    FEWEST_DRAWS,
    Carriers,
    Keyness,
    benjamini_hochberg,
    compare_terms,
)
from bias_toolkit.strata import Strata, build_strata, fixed_strata

MIRRORED = {"a_articles": "b_articles", "a_compared": "b_compared"}
TURNED = {
    "log_odds": "log_odds",
    "low": "high",
    "log_rates": "log_rates",
    "z": "z",
    "rates_low": "rates_high",
}
SAME = ["p", "p_bh", "p_fwer", "found_by", "testable"]


def carriers_of(uses: np.ndarray, is_a: np.ndarray, words: np.ndarray | None = None) -> Carriers:
    """Carriers from a table of uses, (terms, articles)."""
    term, article = np.nonzero(uses)
    return Carriers(
        term=term,
        article=article,
        uses=uses[term, article],
        terms=len(uses),
        is_a=is_a,
        words=np.full(uses.shape[1], 300) if words is None else words,
        ids=[f"id {k:04d}" for k in range(uses.shape[1])],
        outlets=("Argus", "Bugle"),
    )


def one_stratum(carriers: Carriers) -> Strata:
    return fixed_strata(np.zeros(len(carriers.is_a), int), carriers.words, carriers.is_a)


def made_up(seed: int = 0, articles: int = 60, terms: int = 120) -> tuple[Carriers, Strata, list]:
    """Articles of uneven length in three topics and on some days, words rare and common."""
    rng = np.random.default_rng(seed)
    words = np.round(rng.lognormal(6, 0.5, articles))
    rates = rng.gamma(0.3, 10, (terms, 1))
    uses = rng.poisson(rates * words / 1000)
    is_a = rng.random(articles) < 0.4
    is_a[:2] = True, False
    carriers = carriers_of(uses, is_a, words)
    topics = rng.choice(["x", "y", "z"], articles)
    days = [str(day) for day in rng.integers(0, articles // 3, articles)]
    return carriers, build_strata([topics], words, is_a), days


def shuffled(
    carriers: Carriers, strata: Strata, days: list, order: np.ndarray
) -> tuple[Carriers, Strata, list]:
    """The same with the articles, and the entries, in another order."""
    place = np.argsort(order)
    entries = np.random.default_rng(1).permutation(len(carriers.term))
    turned = replace(
        carriers,
        term=carriers.term[entries],
        article=place[carriers.article][entries],
        uses=carriers.uses[entries],
        is_a=carriers.is_a[order],
        words=carriers.words[order],
        ids=[carriers.ids[k] for k in order],
    )
    moved = replace(strata, stratum=strata.stratum[order], cell=strata.cell[order])
    return turned, moved, [days[k] for k in order]


def mirrored(carriers: Carriers) -> Carriers:
    return replace(carriers, is_a=~carriers.is_a, outlets=carriers.outlets[::-1])


def assert_mirrors(here: Keyness, there: Keyness) -> None:
    for one, other in MIRRORED.items():
        assert here.terms[one].equals(there.terms[other].rename(one))
    for one, other in TURNED.items():
        assert here.terms[one].equals((-there.terms[other]).rename(one))
    assert here.terms[SAME].equals(there.terms[SAME])
    assert here.units == there.units[::-1]
    assert here.design_effects == there.design_effects[::-1]
    assert [(d.a, d.b) for d in here.detectable] == [(d.b, d.a) for d in there.detectable]


@pytest.mark.parametrize("unit", ["article", "block"])
@pytest.mark.parametrize("seed", range(3))
def test_b_against_a_mirrors_a_against_b_to_the_last_bit(unit, seed):
    carriers, strata, days = made_up(seed)
    here = compare_terms(carriers, strata, days=days, unit=unit, draws=99)
    there = compare_terms(mirrored(carriers), strata, days=days, unit=unit, draws=99)

    assert_mirrors(here, there)


def test_z_ranks_terms_as_their_exact_p_does():
    """Terms found by their rate aside; signs are those of the odds."""
    carriers, strata, days = made_up(5)
    terms = compare_terms(carriers, strata, days=days, unit="article", draws=99).terms
    terms = terms[(terms["found_by"] == "presence") & terms["log_odds"].abs().gt(1e-9)]

    assert len(terms) > 50
    assert scipy.stats.norm.sf(terms["z"].abs()) * 2 == pytest.approx(terms["p"])
    assert (np.sign(terms["z"]) * np.sign(terms["log_odds"]) >= 0).all()


def test_z_ranks_terms_where_days_are_drawn_and_no_p_follows():
    """A term that all of one outlet's days carry lies further out than any other."""
    carriers, strata, days = made_up(6)
    uses = np.zeros((carriers.terms + 1, len(carriers.is_a)), int)
    np.add.at(uses, (carriers.term, carriers.article), carriers.uses)
    uses[-1] = carriers.is_a
    planted = carriers_of(uses, carriers.is_a, carriers.words)
    terms = compare_terms(planted, strata, days=days, unit="block", draws=99).terms

    assert terms["p"].isna().all()
    assert terms["z"].abs().idxmax() == len(terms) - 1 and terms["z"].iloc[-1] > 3


@pytest.mark.parametrize("unit", ["article", "block"])
def test_the_order_of_the_articles_changes_not_a_bit(unit):
    carriers, strata, days = made_up(4)
    order = np.random.default_rng(2).permutation(60)
    here = compare_terms(carriers, strata, days=days, unit=unit, draws=99)
    carriers, strata, days = shuffled(carriers, strata, days, order)
    there = compare_terms(carriers, strata, days=days, unit=unit, draws=99)

    pd.testing.assert_frame_equal(here.terms, there.terms, check_exact=True)
    assert here.critical == there.critical


def test_the_names_of_the_strata_change_not_a_bit():
    carriers, strata, _ = made_up(5)
    renamed = replace(strata, stratum=np.where(strata.stratum < 0, -1, 1000 - 7 * strata.stratum))

    here, there = (compare_terms(carriers, s, draws=99) for s in (strata, renamed))

    pd.testing.assert_frame_equal(here.terms, there.terms, check_exact=True)


def test_articles_that_take_no_part_change_only_the_raw_counts():
    """An article of an outlet of its own stratum."""
    carriers, _, _ = made_up(6)
    number = np.zeros(60, int)
    alone = np.r_[number[:-1], -1]
    less = replace(
        carriers,
        term=carriers.term[carriers.article < 59],
        uses=carriers.uses[carriers.article < 59],
        article=carriers.article[carriers.article < 59],
        is_a=carriers.is_a[:59],
        words=carriers.words[:59],
        ids=carriers.ids[:59],
    )
    here = compare_terms(
        carriers, fixed_strata(alone, carriers.words, carriers.is_a), draws=99
    ).terms.drop(columns=["a_articles", "b_articles"])
    there = compare_terms(
        less, fixed_strata(number[:59], less.words, less.is_a), draws=99
    ).terms.drop(columns=["a_articles", "b_articles"])

    pd.testing.assert_frame_equal(here, there, check_exact=True)


def test_same_seed_same_result_and_another_seed_another():
    carriers, strata, _ = made_up(7, terms=8)
    first, again, other = (
        compare_terms(carriers, strata, draws=199, seed=seed).terms["p_fwer"] for seed in (1, 1, 2)
    )

    assert first.equals(again)
    assert not first.equals(other)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_p_is_what_enumerating_all_permutations_gives(seed):
    """Two strata of four and five articles: every choice of a's articles, equally likely."""
    rng = np.random.default_rng(seed)
    stratum = np.array([0] * 4 + [1] * 5)
    is_a = np.array([1, 1, 0, 0, 1, 1, 0, 0, 0], bool)
    uses = rng.integers(0, 2, (6, 9))
    carriers = carriers_of(uses, is_a)
    found = compare_terms(carriers, fixed_strata(stratum, carriers.words, is_a), draws=39).terms
    upper, lower = combinations(range(4), 2), list(combinations(range(4, 9), 2))
    choices = [[*left, *right] for left in upper for right in lower]

    for term, row in enumerate(uses):
        counts = np.array([row[choice].sum() for choice in choices])
        seen = row[is_a].sum()
        tails = ((counts < seen).mean(), (counts > seen).mean())
        p = min(1.0, 2 * min(tails) + (counts == seen).mean())
        assert found["p"][term] == pytest.approx(p)


def slow_p_fwer(uses: np.ndarray, is_a: np.ndarray) -> list[float]:
    """Step-down min-P over all choices of a's articles, by the exact mid-p of one stratum."""
    n = len(is_a)
    choices = np.array([np.isin(np.arange(n), c) for c in combinations(range(n), is_a.sum())])
    counts = uses @ choices.T
    p = np.empty(counts.shape)
    for term, row in enumerate(counts):
        for value in set(row.tolist()):
            tails = (row < value).mean(), (row > value).mean()
            p[term, row == value] = min(1.0, 2 * min(tails) + (row == value).mean())
    seen = p[:, np.flatnonzero((choices == is_a).all(axis=1))[0]]
    adjusted, largest = np.empty(len(uses)), 0.0
    for term in np.argsort(seen, kind="stable"):
        best = p[seen >= seen[term] - 1e-9].min(axis=0)
        largest = max(largest, float((best <= seen[term] + 1e-9).mean()))
        adjusted[term] = largest
    return adjusted.tolist()


def test_p_fwer_approaches_step_down_over_all_permutations():
    """5 against 5 articles, all 252 choices; 20,000 draws come within a percentage point."""
    rng = np.random.default_rng(8)
    is_a = np.arange(10) < 5
    uses = (rng.random((12, 10)) < 0.35).astype(int)
    uses[0] = is_a
    carriers = carriers_of(uses, is_a)
    found = compare_terms(carriers, one_stratum(carriers), draws=20_000).terms

    assert (uses.sum(axis=1) <= 5).all()
    assert found["p_fwer"].tolist() == pytest.approx(slow_p_fwer(uses, is_a), abs=0.01)


def test_a_word_of_one_outlet_is_found_and_points_to_it():
    """In 20 of 30 articles of a and none of b's; the rest is noise."""
    rng = np.random.default_rng(9)
    is_a = np.arange(60) < 30
    uses = rng.poisson(0.2, (200, 60))
    uses[0] = (np.arange(60) < 20) * 2
    found = compare_terms(carriers_of(uses, is_a), one_stratum(carriers_of(uses, is_a))).terms

    assert found["p_fwer"][0] <= 0.001
    assert found["log_odds"][0] > found["low"][0] > 0
    assert found.loc[0, ["a_articles", "b_articles"]].tolist() == [20, 0]
    assert (found["p_fwer"][1:] > 0.05).all()


def test_a_ubiquitous_word_is_found_by_its_rate():
    """In every article, three times as often in a's: presence cannot tell."""
    rng = np.random.default_rng(10)
    is_a = np.arange(80) < 40
    uses = rng.poisson(0.2, (50, 80))
    uses[0] = 1 + rng.poisson(np.where(is_a, 6, 2))
    carriers = carriers_of(uses, is_a)
    found = compare_terms(carriers, one_stratum(carriers)).terms.iloc[0]

    assert found["p"] == 1
    assert found["p_fwer"] <= 0.002
    assert found["found_by"] == "rate"
    assert found["testable"]
    assert found["rates_low"] > 0


def test_without_ubiquitous_words_presence_has_the_whole_level():
    """Its smallest p_fwer is 1 in draws + 1, not twice that."""
    is_a = np.arange(60) < 30
    uses = np.zeros((2, 60), int)
    uses[0, :25] = 1
    alone = compare_terms(carriers_of(uses, is_a), one_stratum(carriers_of(uses, is_a)), draws=99)
    uses[1] = 1
    beside = compare_terms(carriers_of(uses, is_a), one_stratum(carriers_of(uses, is_a)), draws=99)

    assert alone.terms["p_fwer"][0] == 0.01
    assert beside.terms["p_fwer"][0] == 0.02


def test_a_term_too_rare_to_be_found_is_said_to_be_untestable():
    """Once among two articles of a and 400 of b: p can be .005 at best, and 300 terms compete."""
    rng = np.random.default_rng(11)
    is_a = np.arange(402) < 2
    uses = (rng.random((300, 402)) < 0.05).astype(int)
    uses[0] = 0
    uses[0, 0] = 1
    found = compare_terms(carriers_of(uses, is_a), one_stratum(carriers_of(uses, is_a))).terms

    assert found["p"][0] == pytest.approx(2 / 402)
    assert not found["testable"][0]
    assert found["p_fwer"][0] > 0.05


def test_whatever_is_found_was_testable():
    for seed in range(5):
        carriers, strata, days = made_up(seed, terms=40)
        for unit in ("article", "block"):
            found = compare_terms(carriers, strata, days=days, unit=unit, draws=99).terms

            assert found["testable"][found["p_fwer"] <= 0.05].all()


def test_blocks_give_no_p_of_a_terms_own():
    carriers, strata, days = made_up(12)
    found = compare_terms(carriers, strata, days=days, unit="block", draws=99)

    assert found.unit == "block"
    assert sum(found.units) < 60
    assert found.terms[["p", "p_bh"]].isna().all(axis=None)
    assert found.terms["p_fwer"].between(0.01, 1).all()


def test_days_of_one_article_each_leave_articles_as_the_unit():
    carriers, strata, _ = made_up(13)
    found = compare_terms(carriers, strata, days=[""] * 60, unit="block", draws=99)

    assert found.unit == "article"
    assert found.terms["p"].notna().all()


def outlet_of_templates(days: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Uses and days of an outlet that repeats its day's words in five articles."""
    day = np.repeat(np.arange(days), 5)
    uses = (rng.random((150, days)) < 0.15)[:, day] & (rng.random((150, 5 * days)) < 0.9)
    return uses | (rng.random(uses.shape) < 0.02), day


def split_by_day(seed: int, unit: str) -> Keyness:
    """One such outlet, whole days dealt to two names."""
    rng = np.random.default_rng(seed)
    uses, day = outlet_of_templates(60, rng)
    is_a = rng.permutation(np.arange(60) < 30)[day]
    carriers = carriers_of(uses.astype(int), is_a)
    return compare_terms(
        carriers, one_stratum(carriers), days=day.astype(str).tolist(), unit=unit, draws=199
    )


@pytest.mark.parametrize(("unit", "least", "most"), [("article", 10, 12), ("block", 0, 2)])
def test_where_days_hang_together_articles_find_what_is_not_there(unit, least, most):
    """12 splits by whole days: nearly all with findings, or hardly any."""
    found = [(split_by_day(seed, unit).terms["p_fwer"] < 0.05).any() for seed in range(12)]

    assert least <= sum(found) <= most


def test_blocks_are_taken_where_the_design_effect_asks_for_them():
    found = split_by_day(0, "auto")

    assert found.unit == "block"
    assert found.units == (30, 30)
    assert all(effect and effect.asks_for_blocks for effect in found.design_effects)


def test_articles_stay_the_unit_where_days_are_nothing_special():
    carriers, strata, days = made_up(14, articles=200)

    assert compare_terms(carriers, strata, days=days, draws=39).unit == "article"


@pytest.mark.parametrize(("a", "b"), [(15, 15), (50, 50), (10, 150)])
def test_halves_of_one_outlet_hardly_ever_differ(a, b):
    """40 splits of made-up articles of uneven length: 2 expected at .05, 6 most unlikely."""
    any_found = 0
    for seed in range(40):
        rng = np.random.default_rng([seed, a])
        words = np.round(rng.lognormal(6, 0.6, a + b))
        uses = rng.poisson(
            rng.gamma(0.2, 8, (400, 1)) * words / 1000 * rng.gamma(1, 1, (400, a + b))
        )
        is_a = rng.permutation(a + b) < a
        carriers = carriers_of(uses, is_a, words)
        found = compare_terms(carriers, build_strata([], words, is_a), seed=seed, draws=199).terms
        any_found += bool((found["p_fwer"] < 0.05).any())

    assert any_found <= 5


def test_long_against_short_articles_of_one_outlet_hardly_ever_differ():
    """80 % long against 80 % short: with bins of length nothing, without them many a word."""
    with_bins = without = 0
    for seed in range(15):
        rng = np.random.default_rng(seed)
        words = np.r_[rng.integers(600, 1200, 60), rng.integers(150, 500, 60)]
        is_a = np.r_[np.arange(60) < 48, np.arange(60) < 12]
        uses = rng.poisson(rng.gamma(0.5, 3, (300, 1)) * words / 1000)
        carriers = carriers_of(uses, is_a, words)
        binned = compare_terms(carriers, build_strata([], words, is_a), draws=199).terms
        pooled = compare_terms(carriers, one_stratum(carriers), draws=199).terms
        with_bins += bool((binned["p_fwer"] < 0.05).any())
        without += bool((pooled["p_fwer"] < 0.05).any())

    assert with_bins <= 2
    assert without >= 8


def test_a_large_difference_is_found_at_fifty_articles_a_side():
    """2 % against 50 %, among 2,000 terms of noise."""
    rng = np.random.default_rng(15)
    is_a = np.arange(100) < 50
    uses = rng.poisson(rng.gamma(0.3, 0.5, (2000, 1)), (2000, 100))
    uses[:40] = rng.random((40, 100)) < np.where(is_a, 0.5, 0.02)
    words = np.round(rng.lognormal(6, 0.5, 100))
    carriers = carriers_of(uses, is_a, words)
    found = compare_terms(carriers, build_strata([], words, is_a)).terms

    assert (found["p_fwer"][:40] < 0.05).mean() >= 0.9
    assert (found["p_bh"][40:] < 0.05).sum() <= 2


def test_where_nothing_can_be_compared_nothing_is_claimed():
    carriers, _, _ = made_up(16)
    apart = fixed_strata(np.where(carriers.is_a, 0, 1), carriers.words, carriers.is_a)
    found = compare_terms(carriers, apart)
    terms = found.terms

    assert terms[["log_odds", "p", "p_bh", "p_fwer", "log_rates"]].isna().all(axis=None)
    assert not terms["testable"].any()
    assert terms["a_articles"].sum() > 0
    assert np.isnan(found.critical) and np.isnan(found.detectable[0].a)
    assert found.units == (0, 0)


def test_no_terms_give_an_empty_table():
    carriers = carriers_of(np.zeros((0, 20), int), np.arange(20) < 10)

    assert len(compare_terms(carriers, one_stratum(carriers), draws=39).terms) == 0


def test_a_term_that_no_compared_article_carries_has_no_odds():
    is_a = np.arange(20) < 10
    uses = np.zeros((2, 20), int)
    uses[0, :4] = 1
    carriers = carriers_of(uses, is_a)
    found = compare_terms(carriers, one_stratum(carriers), draws=39).terms.iloc[1]

    assert np.isnan(found["log_odds"])
    assert found["p"] == found["p_fwer"] == 1
    assert not found["testable"]


def test_benjamini_hochberg_by_hand():
    """.01 x 4, .02 x 4 / 2, .04 x 4 / 3 and .5, each no more than the next."""
    adjusted = benjamini_hochberg(np.array([0.5, 0.01, 0.04, 0.02]), np.zeros(4))

    assert adjusted == pytest.approx([0.5, 0.04, 0.04 * 4 / 3, 0.04])


def test_terms_that_could_never_be_found_burden_no_other():
    adjusted = benjamini_hochberg(np.array([0.01, 0.9]), np.array([0.001, 0.2]))

    assert adjusted.tolist() == [0.01, 1.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"uses": np.array([1])}, "term, article and uses have lengths 3, 3, 1"),
        ({"words": np.array([1])}, "is_a, words and ids have lengths 4, 1, 4"),
        ({"term": np.array([0, 1, 2])}, "term 2 is not one of 0 to 1"),
        ({"article": np.array([0, 1, -1])}, "article -1 is not one of 0 to 3"),
        ({"uses": np.array([1, -2, 1])}, "uses of -2: a term that is listed is used 1 or more"),
        ({"words": np.array([9, 9, -3, 9])}, "an article of -3 words: must be 0 or more"),
        ({"outlets": ("TASS", "TASS")}, "both outlets are called 'TASS': two names are needed"),
        ({"is_a": np.ones(4, bool)}, "no article of 'B': both sides need at least one"),
        ({"is_a": np.zeros(4, bool)}, "no article of 'A': both sides need at least one"),
        ({"ids": ["x", "y", "x", "z"]}, "article id 'x' stands 2 times: ids must be distinct"),
    ],
)
def test_carriers_that_do_not_fit_are_refused(change, message):
    good = {
        "term": np.array([0, 1, 1]),
        "article": np.array([0, 1, 2]),
        "uses": np.array([1, 2, 1]),
        "terms": 2,
        "is_a": np.array([True, True, False, False]),
        "words": np.full(4, 9),
        "ids": list("wxyz"),
        "outlets": ("A", "B"),
    }
    Carriers(**good)

    with pytest.raises(ValueError, match=message):
        Carriers(**good | change)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"days": ["1"]}, "is_a and days have lengths 60, 1: they must be equally long"),
        ({"unit": "week"}, "no unit 'week': must be one of auto, article, block"),
        ({"unit": "block"}, "blocks are an outlet's articles of one day: days are needed"),
        ({"draws": FEWEST_DRAWS - 1}, "38 draws: 39 or more are needed to reach p = 0.05"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, message):
    carriers, strata, _ = made_up()

    with pytest.raises(ValueError, match=message):
        compare_terms(carriers, strata, **options)


def test_strata_of_other_articles_are_refused():
    carriers, strata, _ = made_up()
    short = replace(strata, stratum=strata.stratum[:9])

    with pytest.raises(ValueError, match="is_a and stratum have lengths 60, 9"):
        compare_terms(carriers, short)
