"""Word-level measures, against hand and published numbers."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

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
