"""Which articles of two outlets may be held against each other: those alike in labels and length.

Presence in an article grows with its length, so labels (topic, month, ...) are always crossed
with bins of article length.  What is too small to be crossed is pooled.  Both are decided by
counts of articles and their lengths, never by their terms: else the test would choose its data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

ENOUGH = 0.7  # of each outlet's articles must stand in strata with both outlets
SMALLEST = 8  # articles of a labelled cell: smaller ones are pooled, to be divided by length
LIKE = 1.5  # times the words; articles of a cell too small for bins must not be further apart
BINS = (5, 10)  # of length
_PER_BIN = 10  # articles, where there are enough for more than the fewest bins
# The most bins, and the share of a cell's articles that may be expected to end up in bins with
# one outlet only: tried in this order before labels are pooled further, the first two without.
_DIVISIONS = ((BINS[1], 0.2), (BINS[0], 0.2), (BINS[0], 0.1), (BINS[0], 0.05))


@dataclass(frozen=True, eq=False)
class Strata:
    """Strata of articles of two outlets.

    `stratum` is (articles,), -1 where no article of the other outlet is alike; `cell` is the
    stratum before it was divided by length.  `shares` are the shares of a's and b's articles
    that can be compared; `labelled` that of all compared articles which still stand in cells
    with a label.  `length_gap` is how much longer a's articles still are within strata (mean
    difference of natural logarithms of words; nan where nothing is compared).
    """

    stratum: Integers
    cell: Integers
    shares: tuple[float, float]
    labelled: float
    length_gap: float

    @property
    def enough(self) -> bool:
        """Whether ENOUGH of each outlet's articles can be compared."""
        return min(self.shares) >= ENOUGH


def label_column(units: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """A column of *units* as strings, "" where unknown; "month" is read off dates if need be.

    Raises KeyError for a column that there is not.
    """
    derived = name == "month" and name not in units
    if name not in units and not derived:
        raise KeyError(f"no column {name!r} to stratify by; here are {', '.join(map(str, units))}")
    column = units["date" if derived else name]
    texts = column.astype(object).where(column.notna(), "").astype(str)
    return (texts.str[:7] if derived else texts).to_numpy(object)


def build_strata(
    labels: Sequence[Sequence[str]],
    words: NDArray,
    is_a: Flags,
    *,
    smallest: int = SMALLEST,
) -> Strata:
    """Cross labels with bins of length, pooling labels until ENOUGH articles can be compared.

    *labels* are columns, the most important first, each (articles,); "" is unknown.  *words* is
    (articles,) the words that are compared.  Cells of fewer than *smallest* articles lose their
    last label, then the one before.  A *smallest* below SMALLEST, as for stories, leaves cells too
    small for bins: these are parted where one article has more than LIKE times the words of
    another, else the longer outlet would be ahead story by story.  Where too few articles can be
    compared, the limit is doubled, and at last no label remains; if even then too few can be,
    `enough` is False.
    Raises ValueError for lengths that differ, negative words, or an outlet without articles.
    """
    words, is_a = np.asarray(words, float), np.asarray(is_a, bool)
    _check(labels, words, is_a)
    if labels and smallest < SMALLEST:
        labels = [*labels[:-1], _parted(labels, words)]
    for cells, labelled in _coarser(labels, smallest, len(words)):
        tried = []
        for most, loss in _DIVISIONS if labelled.any() else _DIVISIONS[:2]:
            stratum = _divided(cells, words, _bins(cells, is_a, most, loss))
            tried.append(_strata(stratum, cells, labelled, words, is_a))
            if tried[-1].enough:
                return tried[-1]
    return tried[0]  # their lengths hardly overlap: fewer bins would only hide that


def fixed_strata(stratum: NDArray[np.integer], words: NDArray, is_a: Flags) -> Strata:
    """Strata as given, not divided by length; articles of negative ones take no part.

    Raises ValueError as `build_strata`.
    """
    words, is_a = np.asarray(words, float), np.asarray(is_a, bool)
    _check([list(map(str, stratum))], words, is_a)
    cells = np.unique(stratum, return_inverse=True)[1]
    return _strata(np.where(np.asarray(stratum) < 0, -1, cells), cells, cells >= 0, words, is_a)


def _check(labels: Sequence[Sequence[str]], words: NDArray, is_a: Flags) -> None:
    lengths = [len(words), len(is_a), *(len(column) for column in labels)]
    if len(set(lengths)) > 1:
        shown = ", ".join(map(str, lengths))
        raise ValueError(f"words, is_a and labels have lengths {shown}: they must be equally long")
    if not (words >= 0).all():
        raise ValueError(f"an article of {words[~(words >= 0)][0]:g} words: must be 0 or more")
    for name, there in (("a", is_a), ("b", ~is_a)):
        if not there.any():
            raise ValueError(f"outlet {name} has no articles: both need at least one")


def _parted(labels: Sequence[Sequence[str]], words: NDArray) -> list[str]:
    """The last label, of small cells parted by length, from the shortest article on.

    Lengths alone decide, not whose they are: no draw of sides within a part can change it.
    """
    table = np.stack([np.asarray(column, dtype=str) for column in labels], axis=1)
    cell = np.unique(table, axis=0, return_inverse=True)[1].ravel()
    small = np.bincount(cell) < SMALLEST
    part = ["" for _ in words]
    last, shortest, number = -1, 0.0, 0
    for at in np.lexsort([words, cell]).tolist():
        if cell[at] != last:
            last, shortest, number = cell[at], max(words[at], 1.0), 0
        elif small[last] and words[at] > LIKE * shortest:
            shortest, number = words[at], number + 1
        if table[at, -1] != "":
            part[at] = f"{last} {number}"
    return part


def _coarser(
    labels: Sequence[Sequence[str]], smallest: int, articles: int
) -> Iterator[tuple[Integers, Flags]]:
    """Cells under growing limits of size, and which articles still have a label."""
    columns = [np.unique(np.asarray(column, dtype=str), return_inverse=True) for column in labels]
    codes = [np.where(names[number] == "", -1, number) for names, number in columns]
    limit = smallest
    while codes and limit <= articles:
        yield _pooled(codes, limit)
        limit *= 2
    yield np.zeros(articles, np.int64), np.zeros(articles, bool)


def _pooled(codes: list[Integers], limit: int) -> tuple[Integers, Flags]:
    """Cells of at least *limit* articles: small ones give up their last label, then the next."""
    table = np.stack(codes, axis=1)
    unknown = np.maximum.accumulate(table < 0, axis=1)  # a label counts only below a known one
    table[unknown] = -1
    for column in reversed(range(table.shape[1])):
        _, cell, size = np.unique(table, axis=0, return_inverse=True, return_counts=True)
        table[size[cell.ravel()] < limit, column:] = -1
    _, cell = np.unique(table, axis=0, return_inverse=True)
    return cell.ravel(), table[:, 0] >= 0


def _divided(cells: Integers, words: NDArray, bins: Integers) -> Integers:
    """Cells crossed with quantile bins of length; articles of equal length are never parted."""
    size = np.bincount(cells)
    order = np.lexsort([words, cells])
    starts = np.r_[True, (np.diff(words[order]) != 0) | (np.diff(cells[order]) != 0)]
    place = np.maximum.accumulate(np.where(starts, np.arange(len(cells)), 0))
    shorter = np.empty(len(cells), np.int64)  # articles of the cell that have fewer words
    shorter[order] = place - (np.cumsum(size) - size)[cells[order]]
    part = shorter * bins[cells] // size[cells]
    return np.unique(cells * (BINS[1] + 1) + part, return_inverse=True)[1]


def _bins(cells: Integers, is_a: Flags, most: int, loss: float) -> Integers:
    """How many bins each cell bears: as many as leave few articles alone in theirs.

    Only the cell's margins are asked, which no draw of sides within its strata can change.
    """
    a, b = np.bincount(cells, is_a), np.bincount(cells, ~is_a)
    wanted = np.clip((a + b) // _PER_BIN, BINS[0], most)
    bins = np.ones(len(a), np.int64)
    for count in range(2, most + 1):
        alone = (1 - 1 / count) ** a * b + (1 - 1 / count) ** b * a
        bins[(alone <= loss * (a + b)) & (count <= wanted)] = count
    return bins


def _strata(
    stratum: Integers, cells: Integers, labelled: Flags, words: NDArray, is_a: Flags
) -> Strata:
    """What can be compared, and how well."""
    a, b = (
        np.bincount(stratum[(stratum >= 0) & side], minlength=stratum.max() + 1)
        for side in (is_a, ~is_a)
    )
    kept = (stratum >= 0) & ((a > 0) & (b > 0))[stratum]
    return Strata(
        stratum=np.where(kept, stratum, -1),
        cell=cells,
        shares=(float(kept[is_a].mean()), float(kept[~is_a].mean())),
        labelled=float(labelled[kept].mean()) if kept.any() else 0.0,
        length_gap=_length_gap(stratum[kept], words[kept], is_a[kept]),
    )


def _length_gap(stratum: Integers, words: NDArray, is_a: Flags) -> float:
    """Mean difference of log words within strata, each as telling as its articles allow."""
    if not len(stratum):
        return float("nan")
    logs = np.log(np.maximum(words, 1))
    a, b = np.bincount(stratum, is_a), np.bincount(stratum, ~is_a)
    used = a > 0
    sums = [np.bincount(stratum, np.where(side, logs, 0.0))[used] for side in (is_a, ~is_a)]
    a, b = a[used], b[used]
    weight = a * b / (a + b)
    return float((weight * (sums[0] / a - sums[1] / b)).sum() / weight.sum())
