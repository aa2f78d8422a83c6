"""Say how far coders agree: Krippendorff's alpha by category and group of coders.

Agreement says that coders read the category alike, not that they read it rightly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pandas as pd

from bias_toolkit.metrics import FEWEST, Estimate
from bias_toolkit.validity.records import DRAWS, Coding, Floats, Ints

TENTATIVE, RELIABLE = 0.667, 0.800  # Krippendorff 2004, Content Analysis, p. 241


def coder_table(coding: Coding) -> pd.DataFrame:
    """One row a coder: coder, side, coded, unsure, missing, and ones, the share of codes 1."""
    rows = []
    for coder, mine in coding.answers.groupby("coder"):
        number = mine["answer"].value_counts()
        yes, no, unsure, missing = (int(number.get(key, 0)) for key in ("1", "0", "unsure", ""))
        ones = yes / (yes + no) if yes + no else math.nan
        rows.append((coder, mine["side"].iloc[0], yes + no, unsure, missing, ones))
    columns = ["coder", "side", "coded", "unsure", "missing", "ones"]
    return pd.DataFrame(rows, columns=columns)


def coded_twice(coding: Coding) -> pd.DataFrame:
    """One row a category: category, hits and others, sentences that two coders or more answered."""
    twice = np.sum(~np.isnan(coding.codes), axis=1) >= 2
    items = coding.key.items
    hit = items["hit"].to_numpy(bool)
    rows = [
        (name, int((twice & hit & mine).sum()), int((twice & ~hit & mine).sum()))
        for name in coding.key.categories
        for mine in [(items["category"] == name).to_numpy()]
    ]
    return pd.DataFrame(rows, columns=["category", "hits", "others"])


def sentences_needed(alpha: float, share: float = 0.5) -> int:
    """Sentences that two must code to conclude, at the .05 level, that *alpha* is reached.

    *share* is that of the rarer answer: the rarer, the more sentences.  Krippendorff (2019) after
    Bloch and Kraemer (1989, eq. 3.7).

    >>> sentences_needed(0.667), sentences_needed(0.8)
    (60, 103)
    """
    z = 1.645
    spread = (1 + alpha) * (3 - alpha) / (4 * share * (1 - share) * (1 - alpha))
    return math.ceil(2 * z * z * (spread - alpha))


def agreement(coding: Coding, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Krippendorff's (2004) alpha by category and group of coders, with 95 % intervals.

    Columns: category ("" for all), group ("all coders", "within SIDE", "between SIDE and SIDE"),
    coders (number), items (with two codes or more), alpha (1: perfect, 0: as by chance), low,
    high, reason (why one of them is nan).  Codes are binary with nominal distance; unsure and
    missing ones are left out.  Between sides alpha is the mean over pairs of one coder of each, as
    far as it is defined.
    Intervals are percentiles of *draws* bootstrap samples of items; hits and others are of equal
    number in the sample, and alpha is of the sample, not of running text.
    """
    category = coding.key.items["category"].to_numpy(object)
    rows = []
    for name in ["", *coding.key.categories]:
        codes = coding.codes[(category == name) | (name == "")]
        for group, sets in _groups(list(coding.coders.values())):
            found, items, reason = _alpha_of(codes, sets, draws, seed)
            coders = len({column for columns in sets for column in columns})
            rows.append((name, group, coders, items, *found, reason))
    columns = ["category", "group", "coders", "items", "alpha", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _groups(sides: Sequence[str]) -> Iterator[tuple[str, list[list[int]]]]:
    """Groups of coders by name: the sets of columns whose alphas are averaged."""
    yield "all coders", [list(range(len(sides)))]
    declared = sorted({side for side in sides if side})
    columns = {side: [n for n, mine in enumerate(sides) if mine == side] for side in declared}
    for side in declared:
        yield f"within {side}", [columns[side]]
    for a, b in combinations(declared, 2):
        yield f"between {a} and {b}", [list(pair) for pair in product(columns[a], columns[b])]


def _alpha_of(
    codes: Floats, sets: Sequence[Sequence[int]], draws: int, seed: int
) -> tuple[Estimate, int, str]:
    """Alpha with its interval, the number of items that it rests on, and why one is nan."""
    parts = [codes[:, list(columns)] for columns in sets]
    paired = np.any([np.sum(~np.isnan(part), axis=1) >= 2 for part in parts], axis=0)
    items = int(paired.sum())
    if not items:
        few = all(len(columns) < 2 for columns in sets)
        reason = "only one coder" if few else "no sentence was coded by two of them"
        return Estimate(math.nan, math.nan, math.nan), 0, reason
    alphas = [_nltk_alpha(part) for part in parts]
    parts = [part for part, alpha in zip(parts, alphas, strict=True) if not math.isnan(alpha)]
    if not parts:
        reason = "all codes are alike: no variation to agree on"
        return Estimate(math.nan, math.nan, math.nan), items, reason
    alpha = float(np.nanmean(alphas))
    if items < FEWEST:
        reason = f"no interval from fewer than {FEWEST} sentences"
        return Estimate(alpha, math.nan, math.nan), items, reason
    weights = np.random.default_rng(seed).multinomial(items, np.full(items, 1 / items), draws)
    drawn = np.mean([_alphas(_alpha_sums(part[paired]), weights) for part in parts], axis=0)
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn) or np.ptp(drawn) == 0:
        reason = "the coders never disagree: no interval by resampling"
        return Estimate(alpha, math.nan, math.nan), items, reason
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(alpha, float(low), float(high)), items, ""


def _nltk_alpha(codes: Floats) -> float:
    """Alpha of items x coders; nan where all codes that can be paired are alike, or none can."""
    from nltk.metrics.agreement import AnnotationTask  # takes a second to import
    from nltk.metrics.distance import binary_distance

    rows = codes[np.sum(~np.isnan(codes), axis=1) >= 2]
    if len(np.unique(rows[~np.isnan(rows)])) < 2:
        return math.nan
    item, coder = np.nonzero(~np.isnan(rows))
    labels = rows[item, coder].astype(int)
    triples = zip(coder.tolist(), item.tolist(), labels.tolist(), strict=True)
    return float(AnnotationTask(list(triples), distance=binary_distance).alpha())


def _alpha_sums(codes: Floats) -> Floats:
    """Per item: codes that can be paired, ones among them, and disagreeing pairs (items x 3)."""
    number = np.sum(~np.isnan(codes), axis=1).astype(float)
    ones = np.nansum(codes, axis=1)
    paired = number >= 2
    apart = ones * (number - ones) / np.maximum(number - 1, 1)
    return np.stack([number, ones, apart], axis=1) * paired[:, None]


def _alphas(sums: Floats, weights: Ints) -> Floats:
    """Alpha of each draw of items, nan where its codes are all alike (Krippendorff 2004, p. 223).

    With n codes, n1 ones and n0 zeros: 1 - (n - 1) * sum of n1u * n0u / (m_u - 1) / (n1 * n0).
    """
    n, ones, apart = (weights @ sums).T
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = ones * (n - ones)
        return np.where(chance > 0, 1 - (n - 1) * apart / chance, np.nan)
