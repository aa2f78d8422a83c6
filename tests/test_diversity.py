"""Indices of diversity: their formulas, their correction for few articles, their intervals."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from bias_toolkit.articles import read_articles
from bias_toolkit.diversity import BY, COVERED, INDICES, SEEN, Tally, diversity, diversity_of_two
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.metrics import FEWEST
from bias_toolkit.profiles import Profile, profile

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
[[actors]]
name = "Armenia"
side = "Armenia"
kind = "government"
aliases = ["Yerevan"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
kind = "government"
aliases = ["Baku"]
"""

Rows = list[tuple[int, str, int]]  # article, source, words


def made_of(small: list[Lexicon], *texts: str, outlets: str = "") -> Profile:
    names = list(outlets) or ["A"] * len(texts)
    return profile(pd.DataFrame({"outlet": names, "text": texts}), small)


def tally(rows: Rows) -> Tally:
    article, source, words = (np.array(column) for column in zip(*rows, strict=True))
    return Tally.of(article, source, words.astype(float))


def random_rows(seed: int, articles: int = 8) -> Rows:
    rng = np.random.default_rng(seed)
    names = list("abcdef")
    return [
        (int(a), str(rng.choice(names)), int(rng.integers(1, 40)))
        for a in range(articles)
        for _ in range(rng.integers(1, 6))
    ]


# ------------------------------------------------------------------ formulas, written out


def plain(rows: Rows, index: str) -> float:
    words: Counter[str] = Counter()
    for _, source, number in rows:
        words[source] += number
    p = [number / sum(words.values()) for number in words.values()]
    squares = sum(x * x for x in p)
    return {
        "simpson": 1 - squares,
        "effective": 1 / squares,
        "exp_shannon": math.exp(-sum(x * math.log(x) for x in p)),
    }[index]


def unbiased_simpson(rows: Rows) -> float:
    """Of all pairs of words from different articles the part with different sources."""
    pairs = different = 0
    for one, other in combinations(rows, 2):
        if one[0] != other[0]:
            pairs += one[2] * other[2]
            different += one[2] * other[2] * (one[1] != other[1])
    return different / pairs


def without(rows: Rows, article: int) -> Rows:
    return [row for row in rows if row[0] != article]


def jackknifed(values: list[float], corrected: float) -> tuple[float, float]:
    """Ends of the interval from the values with each article left out."""
    n = len(values)
    error = math.sqrt((n - 1) / n * sum((v - np.mean(values)) ** 2 for v in values))
    reach = student.ppf(0.975, n - 1) * error
    return corrected - reach, corrected + reach


@pytest.mark.parametrize("seed", range(5))
def test_indices_equal_their_formulas_with_each_article_left_out(seed):
    rows = random_rows(seed)
    articles = sorted({row[0] for row in rows})
    found = tally(rows).indices()
    for index in INDICES:
        assert found[index].value == pytest.approx(plain(rows, index))
    left = [unbiased_simpson(without(rows, a)) for a in articles]
    low, high = jackknifed(left, unbiased_simpson(rows))
    simpson = found["simpson"]

    assert simpson.corrected == pytest.approx(unbiased_simpson(rows))
    assert (simpson.low, simpson.high) == pytest.approx((max(low, 0), min(high, 1)))
    left = [plain(without(rows, a), "exp_shannon") for a in articles]
    n = len(articles)
    corrected = n * plain(rows, "exp_shannon") - (n - 1) * np.mean(left)
    assert found["exp_shannon"].corrected == pytest.approx(corrected)
    if tally(rows).seen >= SEEN:
        low, high = jackknifed(left, corrected)
        ends = (found["exp_shannon"].low, found["exp_shannon"].high)
        assert ends == pytest.approx((max(low, 1), high))


@pytest.mark.parametrize("seed", range(3))
def test_effective_sources_are_simpson_turned_round(seed):
    assert tally(random_rows(seed)).coverage >= COVERED
    found = tally(random_rows(seed)).indices()
    simpson, effective = found["simpson"], found["effective"]
    for name in ("value", "corrected", "low", "high"):
        with np.errstate(divide="ignore"):
            expected = np.divide(1, 1 - getattr(simpson, name))

        assert getattr(effective, name) == pytest.approx(expected)


def test_the_order_of_articles_changes_no_bit():
    rows = random_rows(3)
    other = [(100 - article, source, words) for article, source, words in reversed(rows)]

    assert tally(rows).indices() == tally(other).indices()


def test_the_corrected_simpson_is_right_on_average():
    """Five articles out of two hundred: the plain index falls short, the corrected one does not."""
    rng = np.random.default_rng(0)
    p = np.array([0.5, 0.3, 0.1, 0.06, 0.04])
    plain_values, corrected = [], []
    for _ in range(300):
        rows = [(a, str(s), 10) for a in range(5) for s in rng.choice(5, 3, p=p)]
        index = tally(rows).indices()["simpson"]
        plain_values.append(index.value)
        corrected.append(index.corrected)
    truth = 1 - (p**2).sum()
    error = np.std(corrected) / math.sqrt(300)

    assert abs(np.mean(corrected) - truth) < 3 * error
    assert np.mean(plain_values) < truth - 3 * error


# ------------------------------------------------------------------ by hand


def test_four_sources_heard_equally_count_as_four():
    """1 - 4 x 1/16 = 3/4; 1 / (1/4) = 4; exp(ln 4) = 4."""
    found = tally([(0, name, 5) for name in "abcd"]).indices()

    assert [found[index].value for index in INDICES] == pytest.approx([0.75, 4, 4])
    assert all(np.isnan(found[index].corrected) for index in INDICES)  # one article


def test_one_source_is_no_diversity():
    found = tally([(a, "a", 5) for a in range(6)]).indices()

    assert [found[index].value for index in INDICES] == pytest.approx([0, 1, 1])
    assert found["simpson"].corrected == 0
    assert np.isnan(found["simpson"].low)  # all articles are alike: a width of 0 feigns certainty


def test_sources_that_never_recur_could_be_any_number():
    """Six articles, six sources: no pair of words from two articles shares one."""
    found = tally([(a, str(a), 10) for a in range(6)])

    assert found.seen == 0
    assert found.indices()["simpson"].corrected == 1
    for index in ("effective", "exp_shannon"):
        assert np.isnan(found.indices()[index].corrected)
    assert found.reason("speaker") == (
        "most speakers were heard in one article only: too little to tell"
    )


def test_coverage_by_hand():
    """Five articles; a in three, b in two, c and d in one: U 7, Q1 2, Q2 1.

    1 - 2/7 * (4 * 2) / (4 * 2 + 2 * 1) = 1 - 2/7 * 8/10 = 27/35.  Without b, U is 5 and Q2 is 0:
    1 - 2/5 * (4 * 1) / (4 * 1 + 2) = 1 - 2/5 * 4/6 = 11/15.
    """
    rows = [(0, "a", 1), (1, "a", 9), (2, "a", 1), (3, "c", 2), (4, "d", 3)]

    assert tally([*rows, (0, "b", 1), (4, "b", 1)]).coverage == pytest.approx(27 / 35)
    assert tally(rows).coverage == pytest.approx(11 / 15)
    assert tally([(a, "a", 5) for a in range(6)]).coverage == 1
    assert np.isnan(tally(rows[:1]).coverage)


def test_coverage_is_right_on_average():
    """The chance that the next article's source is known, of 40 articles with one source each."""
    rng = np.random.default_rng(5)
    p = 1 / np.arange(1, 61)
    p /= p.sum()
    errors = []
    for _ in range(300):
        heard = rng.choice(60, 40, p=p)
        estimate = tally([(a, str(s), 5) for a, s in enumerate(heard)]).coverage
        errors.append(estimate - p[np.unique(heard)].sum())

    assert abs(np.mean(errors)) < 0.02


def test_hardly_any_coverage_gives_no_number_to_compare():
    """130 speakers in 20 articles, one of them heard in two: no thousand is printed of it."""
    rows = [(n % 20, f"speaker {n}", 10) for n in range(130)] + [(1, "speaker 0", 10)]
    found = tally(rows)

    assert found.coverage < COVERED
    assert found.indices()["effective"].value > 100
    assert np.isnan(found.indices()["effective"].corrected)
    assert np.isnan(found.indices()["effective"].low)


def test_words_seen_again_are_those_of_sources_in_two_articles():
    """a speaks 10 + 5 words in two articles, b 5 in one."""
    assert tally([(0, "a", 10), (0, "b", 5), (1, "a", 5)]).seen == 15 / 20


def test_speakers_kinds_sides_and_actors_of_an_outlet(small):
    """Baku 4 words, Yerevan 4, John Smith 4: three speakers, one kind and two sides known."""
    text = (
        "Baku said that it was over. Yerevan said that it was late. John Smith said that it was "
        "not."
    )
    table = diversity(made_of(small, text)).set_index(["by", "index"])

    assert table.loc[("speaker", "effective"), "value"] == pytest.approx(3)
    assert table.loc[("kind", "effective"), ["sources", "value"]].tolist() == [1, 1]
    assert table.loc[("side", "effective"), ["sources", "value"]].tolist() == [2, 2]
    assert table.loc[("side", "effective"), "known"] == pytest.approx(2 / 3)
    assert table.loc[("speaker", "effective"), "known"] == 1
    assert table["corrected"].isna().all()


def test_nested_words_are_the_outermost_source_s(small):
    part = made_of(small, "Baku said that Yerevan claimed that the war was over.")
    table = diversity(part).set_index(["by", "index"])

    assert table.loc[("speaker", "effective"), ["sources", "value"]].tolist() == [1, 1]


def test_few_articles_are_described_and_not_corrected(small):
    said = "Baku said that it was over. Yerevan said that it was late{}."
    texts = [said.format(" and dark" * n) for n in range(FEWEST)]
    few, enough = (diversity(made_of(small, *t)) for t in (texts[1:], texts))
    few, enough = (t.set_index(["by", "index"]).loc[("side", "simpson")] for t in (few, enough))

    assert np.isnan(few["corrected"]) and not np.isnan(few["value"])
    assert few["reason"] == "fewer than 5 articles with a known source"
    assert enough["reason"] == ""
    assert 0 < enough["low"] < enough["corrected"] < enough["high"] < 1


# ------------------------------------------------------------------ outlets


def test_exchanging_the_outlets_mirrors_the_difference(small):
    rng = np.random.default_rng(2)
    texts = [
        " ".join(f"{rng.choice(['Baku', 'Yerevan'])} said that it was over." for _ in range(4))
        + f" {n}"
        for n in range(14)
    ]
    part = made_of(small, *texts, outlets="AB" * 7)
    ab, ba = diversity_of_two(part, "A", "B"), diversity_of_two(part, "B", "A")
    swap = {"a": "b", "b": "a", "a_corrected": "b_corrected", "b_corrected": "a_corrected"}
    mirrored = ba.rename(columns=swap).assign(
        difference=-ba["difference"], low=-ba["high"], high=-ba["low"]
    )

    assert ab.set_index(["by", "index"]).loc[("side", "simpson"), "low"] < 0
    pd.testing.assert_frame_equal(mirrored[list(ab)], ab, check_exact=True)


def test_two_outlets_hold_what_each_has(small):
    part = made_of(small, "Baku said no. Yerevan said yes.", "Baku said that it was.", outlets="AB")
    long = diversity(part).set_index(["outlet", "by", "index"])["value"]
    wide = diversity_of_two(part, "A", "B").set_index(["by", "index"])

    assert wide["a"].tolist() == pytest.approx(long.loc["A"].tolist(), nan_ok=True)
    assert wide["b"].tolist() == pytest.approx(long.loc["B"].tolist(), nan_ok=True)
    assert wide["difference"].isna().all()  # one article each


def test_another_outlet_changes_no_row(small):
    part = profile(read_articles(ROOT / "seeds"), small)
    every = diversity(part)
    mine = every[every["outlet"] == "TASS"].reset_index(drop=True)

    assert diversity(part["TASS"]).to_csv() == mine.to_csv()


def test_nobody_quoted_gives_undefined_indices(small):
    table = diversity(made_of(small, "The war was over."))

    assert list(table["by"].unique()) == list(BY)
    assert table[["value", "corrected", "low", "high", "known"]].isna().all(axis=None)
    assert table[["articles", "sources"]].eq(0).all(axis=None)
