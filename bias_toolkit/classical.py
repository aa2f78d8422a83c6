"""Classical keyness: measures that count words as if each were drawn by itself.

They are here so that results can be set beside published ones.  Words of one article come
together, so every certainty below is overstated: between two random halves of one outlet, G2 at
p < .001 finds dozens of "key" words.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LABEL = "word-level; overstates certainty"


def classical_measures(a: NDArray, b: NDArray, totals: tuple[float, float]) -> pd.DataFrame:
    """Word-level measures of each term's uses in two outlets; positive: more in *a*.

    *a* and *b* are (terms,) counts of uses, *totals* the outlets' words.  Columns: g2 and chi2
    (signed, one degree of freedom), log_ratio (binary logarithm, 1/2 for 0; Hardie 2014),
    percent_difference (Gabrielatos and Marchi 2011; inf where *b* has none), odds_ratio, pmi of
    the term with *a* (bits), z (log-odds with informative Dirichlet prior, Monroe et al. 2008).
    Raises ValueError where a term has more uses than its outlet has words.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    for name, uses, total in (("a", a, totals[0]), ("b", b, totals[1])):
        if (uses > total).any() or (uses < 0).any():
            raise ValueError(
                f"a term has {uses[(uses > total) | (uses < 0)][0]:g} uses in the {total:g} words "
                f"of {name}: uses must lie between 0 and the outlet's words"
            )
    with np.errstate(divide="ignore", invalid="ignore"):
        rate_a, rate_b = a / totals[0], b / totals[1]
        together = (a + b) / sum(totals)
        return pd.DataFrame(
            {
                "g2": np.sign(rate_a - rate_b) * _g2(a, b, totals),
                "chi2": np.sign(rate_a - rate_b) * _chi2(a, b, totals),
                "log_ratio": np.log2(np.where(a > 0, a, 0.5) / totals[0])
                - np.log2(np.where(b > 0, b, 0.5) / totals[1]),
                "percent_difference": 100 * (rate_a - rate_b) / rate_b,
                "odds_ratio": (a * (totals[1] - b)) / (b * (totals[0] - a)),
                "pmi": np.log2(rate_a / together),
                "z": dirichlet_z(a, b, a + b),
            }
        )


def dirichlet_z(a: NDArray, b: NDArray, prior: NDArray) -> Floats:
    """Log-odds with informative Dirichlet prior, as z (Monroe, Colaresi and Quinn 2008, eq. 22).

    *a* and *b* are (terms,) counts, *prior* the pseudo-counts of each term; positive: more in
    *a*.  The totals are those of the terms given.  Raises ValueError for a prior not above 0.
    """
    a, b, prior = (np.asarray(counts, float) for counts in (a, b, prior))
    if not (prior > 0).all():
        raise ValueError(f"a prior of {prior[~(prior > 0)][0]:g}: pseudo-counts must be above 0")
    delta = np.zeros(len(a))
    for sign, counts in ((1, a), (-1, b)):
        rest = counts.sum() + prior.sum() - counts - prior
        delta += sign * (np.log(counts + prior) - np.log(rest))
    return delta / np.sqrt(1 / (a + prior) + 1 / (b + prior))


def weighted_log_odds(uses: NDArray, *, informative: bool = True) -> Floats:
    """Weighted log odds of each term in each of several outlets against all of them together.

    *uses* is (outlets, terms); a term that an outlet never uses gives nan there.  The prior is
    the term's uses in all outlets, or 1 where not *informative*.  As in tidylo (Silge, Schnoebelen
    and Hayes), which counts the prior once for every outlet that uses the term.
    """
    uses = np.asarray(uses, float)
    prior = uses.sum(axis=0) if informative else np.ones(uses.shape[1])
    raised = np.where(uses > 0, uses + prior, 0.0)
    outlet, term, total = raised.sum(axis=1, keepdims=True), raised.sum(axis=0), raised.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(raised / (outlet - raised)) - np.log(term / (total - term))
        return np.where(uses > 0, delta / np.sqrt(1 / raised + 1 / term), np.nan)


def dispersion(uses: Any, words: NDArray) -> Floats:
    """Deviation of proportions, DP: 0 where a term is spread like the words, near 1 where not.

    *uses* is a scipy CSR matrix, terms x articles; *words* (articles,).  Half the sum of
    |share of the term's uses - share of the words| over articles (Gries 2008); nan for a term
    without uses.
    """
    share = np.asarray(words, float) / np.sum(words)
    counts = uses.astype(float)
    total = np.asarray(counts.sum(axis=1)).ravel()
    term = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    with np.errstate(invalid="ignore"):
        own = counts.data / total[term]
    expected = share[counts.indices]
    # Articles without the term add their whole share; so 1 at first, mended where it is carried.
    excess = np.bincount(term, np.abs(own - expected) - expected, counts.shape[0])
    return np.where(total > 0, (1 + excess) / 2, np.nan)


def _tables(a: Floats, b: Floats, totals: tuple[float, float]) -> tuple[Floats, Floats]:
    """Observed and expected uses: the term and all other words, in both outlets; (4, terms)."""
    seen = np.stack([a, b, totals[0] - a, totals[1] - b])
    n, (one, other) = sum(totals), totals
    with_term, without = a + b, n - a - b
    expected = np.stack([with_term * one, with_term * other, without * one, without * other]) / n
    return seen, expected


def _g2(a: Floats, b: Floats, totals: tuple[float, float]) -> Floats:
    """Log-likelihood ratio (Dunning 1993)."""
    seen, expected = _tables(a, b, totals)
    return 2 * np.where(seen > 0, seen * np.log(seen / expected), 0.0).sum(axis=0)


def _chi2(a: Floats, b: Floats, totals: tuple[float, float]) -> Floats:
    """Pearson's chi-squared, without continuity correction."""
    seen, expected = _tables(a, b, totals)
    return ((seen - expected) ** 2 / expected).sum(axis=0)
