"""Word-level measures, against hand and published numbers."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import chi2_contingency

from bias_toolkit.classical import (
    classical_measures,
    dirichlet_z,
    dispersion,
    weighted_log_odds,
)

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
ORACLES = DATA / "oracles"
needs_oracles = pytest.mark.skipif(not ORACLES.is_dir(), reason=f"no {ORACLES}")


def rows_of(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(text.splitlines()))


def crossed(
    rows: list[dict[str, str]], names: tuple[str, str, str]
) -> tuple[list, list, np.ndarray]:
    """Groups, terms, and the table of counts."""
    groups, terms = (sorted({row[name] for row in rows}) for name in names[:2])
    at_group, at_term = ({name: n for n, name in enumerate(found)} for found in (groups, terms))
    table = np.zeros((len(groups), len(terms)))
    for row in rows:
        table[at_group[row[names[0]]], at_term[row[names[1]]]] = float(row[names[2]])
    return groups, terms, table


def test_the_outlets_mirror_each_other():
    a, b = np.array([30, 0, 5]), np.array([10, 7, 5])
    here = classical_measures(a, b, (1000, 800))
    there = classical_measures(b, a, (800, 1000))

    for name in ("g2", "chi2", "log_ratio", "z"):
        assert here[name].to_numpy() == pytest.approx(-there[name].to_numpy())


def test_g2_and_chi2_are_those_of_a_two_by_two_table():
    table = np.array([[30, 970], [10, 790]])
    found = classical_measures(np.array([30]), np.array([10]), (1000, 800)).iloc[0]

    assert found["chi2"] == pytest.approx(chi2_contingency(table, correction=False)[0])
    assert found["g2"] == pytest.approx(
        chi2_contingency(table, correction=False, lambda_="log-likelihood")[0]
    )


def test_the_simple_ratios_by_hand():
    """30 of 1,000 against 10 of 800: 3 % against 1.25 %."""
    found = classical_measures(np.array([30]), np.array([10]), (1000, 800)).iloc[0]

    assert found["log_ratio"] == pytest.approx(np.log2(2.4))
    assert found["percent_difference"] == pytest.approx(140)
    assert found["odds_ratio"] == pytest.approx(30 * 790 / (10 * 970))
    assert found["pmi"] == pytest.approx(np.log2(0.03 / (40 / 1800)))


def test_a_term_of_one_outlet_has_a_log_ratio_and_no_finite_percentage():
    found = classical_measures(np.array([8]), np.array([0]), (1000, 1000)).iloc[0]

    assert found["log_ratio"] == pytest.approx(4)
    assert np.isinf(found["percent_difference"])


def test_more_uses_than_words_are_refused():
    with pytest.raises(ValueError, match="12 uses in the 10 words of b: uses must lie between"):
        classical_measures(np.array([1]), np.array([12]), (10, 10))


def test_negative_uses_are_refused():
    with pytest.raises(ValueError, match="-1 uses in the 10 words of a"):
        classical_measures(np.array([-1]), np.array([1]), (10, 10))


def test_dirichlet_z_by_hand():
    """Counts 3, 1 and 2, 4, prior 1: log(4/2) - log(3/5), variance 1/4 + 1/3."""
    z = dirichlet_z(np.array([3, 1]), np.array([2, 4]), np.array([1, 1]))

    assert z[0] == pytest.approx(np.log(4 / 2 / (3 / 5)) / np.sqrt(1 / 4 + 1 / 3))


def test_a_prior_must_be_positive():
    with pytest.raises(ValueError, match="a prior of 0: pseudo-counts must be above 0"):
        dirichlet_z(np.array([1, 2]), np.array([1, 2]), np.array([1, 0]))


def test_dispersion_by_hand():
    """All uses in one of four equal articles: half of 3/4 + 3 x 1/4; evenly spread: 0."""
    uses = csr_array(np.array([[4, 0, 0, 0], [2, 2, 2, 2], [0, 0, 0, 0]]))
    found = dispersion(uses, np.full(4, 100))

    assert found[:2] == pytest.approx([0.75, 0])
    assert np.isnan(found[2])


@needs_oracles
@pytest.mark.parametrize("informative", [True, False])
def test_weighted_log_odds_agree_with_tidylo_on_its_toy(informative):
    name = "informative" if informative else "uninformative"
    rows = rows_of(ORACLES / f"tidylo_toy_{name}.csv")
    groups, terms, table = crossed(rows, ("document", "word", "frequency"))
    z = weighted_log_odds(table, informative=informative)

    for row in rows:
        found = z[groups.index(row["document"]), terms.index(row["word"])]
        assert found == pytest.approx(float(row["log_odds_weighted"]), abs=1e-6)


@needs_oracles
def test_weighted_log_odds_agree_with_tidylo_on_austen():
    """The 2,000 most telling bigrams of six novels, from 300,903 counts."""
    counts = rows_of(ORACLES / "austen_bigram_counts.csv.gz")
    groups, terms, table = crossed(counts, ("book", "bigram", "n"))
    z, at = weighted_log_odds(table), {term: n for n, term in enumerate(terms)}
    expected = rows_of(ORACLES / "tidylo_austen_bigrams_top2000.csv")
    found = [z[groups.index(row["book"]), at[row["bigram"]]] for row in expected]

    assert found == pytest.approx([float(row["log_odds_weighted"]) for row in expected], abs=1e-6)


class Listed(NamedTuple):
    """An oracle's words with their prior, its total uses in all outlets, and z."""

    words: list[str]
    prior: np.ndarray
    total: np.ndarray
    z: np.ndarray


def listed_by_jmhessel() -> Listed:
    """The list with an informative prior: proportional to the uses in all outlets, 10 at least."""
    found = json.loads((ORACLES / "jmhessel_rt_vs_ukrinform_informative1000.json").read_text())
    prior, z = np.array(found["prior"]), dict(found["z"])
    total = np.rint(10 * prior / prior.min()).astype(int)
    return Listed(found["vocab"], prior, total, np.array([z[word] for word in found["vocab"]]))


def pairwise_z(a, b, prior, totals):
    """Monroe, Colaresi and Quinn (2008), equation 22, for one word."""
    delta = np.log((a + prior) / (totals[0] - a - prior))
    delta -= np.log((b + prior) / (totals[1] - b - prior))
    return delta / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def totals_of(words: Listed) -> np.ndarray:
    """Uses and prior of all words in each outlet, from words that neither outlet uses.

    Without uses, z x sqrt(2 / prior) is the logarithm of (n2 - prior) / (n1 - prior); most of
    the words for which it is nearly the same have none.
    """
    delta = words.z * np.sqrt(2 / words.prior)
    values, times = np.unique(np.round(delta, 3), return_counts=True)
    unused = np.abs(delta - np.median(delta[np.round(delta, 3) == values[times.argmax()]])) < 1e-4
    odds, prior = np.exp(delta[unused]), words.prior[unused]
    sides = np.stack([-odds, np.ones(len(odds))], axis=1)
    return np.linalg.lstsq(sides, prior * (1 - odds), rcond=None)[0]


def counts_behind(words: Listed, totals: np.ndarray) -> np.ndarray:
    """The whole numbers of uses in both outlets that give each word its z; (2, words)."""
    found, missed = np.zeros((2, len(words.z)), int), np.full(len(words.z), np.inf)
    for a in range(1000):
        at = np.flatnonzero(words.total >= a)
        prior, z = words.prior[at], words.z[at]
        low, high = np.zeros(len(at)), (words.total[at] - a).astype(float)
        for _ in range(50):  # z falls with b, but for a few rare words
            middle = (low + high) / 2
            above = pairwise_z(a, middle, prior, totals) > z
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        b = np.rint(low).astype(int)
        error = np.abs(pairwise_z(a, b, prior, totals) - z)
        better = error < missed[at]
        missed[at[better]], found[0, at[better]], found[1, at[better]] = (
            error[better], a, b[better]
        )  # fmt: skip
    for word in np.flatnonzero(missed > 1e-9):  # all pairs of numbers, one by one
        a, b = np.indices((words.total[word] + 1,) * 2)
        error = np.abs(pairwise_z(a, b, words.prior[word], totals) - words.z[word])
        found[:, word] = np.unravel_index(error.argmin(), error.shape)
    return found


@needs_oracles
def test_pairwise_z_agrees_with_jmhessel():
    """RT against Ukrinform with an informative prior of 1,000 words, and with .01 a word.

    The texts behind these lists are more than those at hand.  But uses are whole numbers: those
    of 3,520 words are found from the first list, add up to its totals, and foretell the second.
    """
    words = listed_by_jmhessel()
    totals = totals_of(words)
    counts = counts_behind(words, totals)
    uniform = json.loads((ORACLES / "jmhessel_rt_vs_ukrinform_uniform001.json").read_text())
    place = {word: n for n, word in enumerate(words.words)}
    at = [place[word] for word, _ in uniform]

    assert counts.sum(axis=1) + 1000 == pytest.approx(totals, abs=1e-3)
    assert dirichlet_z(*counts, words.prior) == pytest.approx(words.z, abs=1e-5)
    assert dirichlet_z(*counts[:, at], np.full(len(at), 0.01)) == pytest.approx(
        [z for _, z in uniform], abs=1e-5
    )
