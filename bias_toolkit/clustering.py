"""How far an outlet's articles of one day hang together, and what to test where they do.

An outlet that writes five pieces a day on one event repeats itself; permuting its articles
singly then finds differences between two halves of one outlet in every fourth split.  Blocks,
an outlet's articles of one day in one cell of labels, change sides as a whole instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.effects import Margins
from bias_toolkit.exact import scrambled
from bias_toolkit.permutation import ByDeviance, Scores, Units, deviance_root, rounded

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

HIGH_DESIGN = 1.1  # times what chance gives: from there on blocks change sides, not articles
FEWEST_FOR_DESIGN = 20  # articles with a term: the ratio of two variances needs some
_TERMS = 1000  # are enough to tell
_DEALS = 19  # random dealings of articles to days
_NUMBERS = 1_000_000  # held at once


class DesignEffect(NamedTuple):
    """How much more counts vary from day to day than if an outlet's articles stood by themselves.

    Variance between days over variance between articles, of terms in FEWEST_FOR_DESIGN or more
    of the outlet's articles; `by_chance` and `by_chance_most` are the mean and the maximum of
    what `high` comes to when the same articles are dealt to the days at random.
    """

    median: float
    high: float  # 95th percentile
    by_chance: float
    by_chance_most: float

    @property
    def asks_for_blocks(self) -> bool:
        """Whether days differ by more than chance would make them."""
        return self.high > max(HIGH_DESIGN * self.by_chance, self.by_chance_most)


def blocks(is_first: Flags, cell: Integers, day: Integers, state: NDArray[np.uint64]) -> Units:
    """Units of an outlet's articles of one day in one cell; keys from each one's first article."""
    table = np.stack([cell, is_first.astype(np.int64), day], axis=1)
    _, first, number = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return Units(number.ravel(), is_first[first], cell[first], state[first])


def design_effect(presence: Any, units: Units, state: NDArray[np.uint64]) -> DesignEffect | None:
    """The design effect of one outlet's blocks; None where too few terms or days are there to tell.

    *presence* is CSR, terms x articles, of ones; *state* (articles,) as in `permutation.states`.
    """
    carriers = np.diff(presence.indptr)
    order = np.argsort(carriers, kind="stable")[(carriers < FEWEST_FOR_DESIGN).sum() :]
    presence = presence[order[:: max(1, -(-len(order) // _TERMS))]].astype(np.int64)
    ratio = _variance_ratio(presence, units, units.of_article)
    if not len(ratio):
        return None
    cell = units.stratum[units.of_article]
    places = units.of_article[np.argsort(cell, kind="stable")]
    dealt, chance = np.empty_like(places), []
    for deal in range(1, _DEALS + 1):
        dealt[np.lexsort([scrambled(state ^ np.uint64(deal)), cell])] = places
        chance.append(float(np.quantile(_variance_ratio(presence, units, dealt), 0.95)))
    median, high = np.quantile(ratio, [0.5, 0.95])
    return DesignEffect(float(median), float(high), float(np.mean(chance)), max(chance))


def _variance_ratio(presence: Any, units: Units, of_article: Integers) -> Floats:
    """Variance between blocks over that between articles, within cells, by term."""
    cells = int(units.stratum.max(initial=-1)) + 1
    size = np.bincount(of_article, minlength=len(units.stratum))
    blocks = np.bincount(units.stratum, minlength=cells).astype(float)
    articles = np.bincount(units.stratum, size, cells)
    squared_size = np.bincount(units.stratum, size**2, cells)
    counts = presence @ _dealt(of_article, len(units.stratum))
    in_cell = _dealt(units.stratum, cells)
    carriers, squares, products = (
        _summed(counts, data, in_cell)
        for data in (counts.data, counts.data**2, counts.data * size[counts.indices])
    )
    use = blocks[carriers.indices] > 1
    at, term = carriers.indices[use], _rows(carriers)[use]
    carriers, squares, products = (part.data[use] for part in (carriers, squares, products))
    rate = carriers / articles[at]
    between = squares - 2 * rate * products + rate**2 * squared_size[at]
    between *= (blocks / np.maximum(blocks - 1, 1))[at]
    within = carriers * (1 - rate) * (articles / np.maximum(articles - 1, 1))[at]
    top, bottom = (np.bincount(term, part, presence.shape[0]) for part in (between, within))
    return top[bottom > 0] / bottom[bottom > 0]


def _rows(matrix: Any) -> Integers:
    """The row of each entry of a CSR matrix."""
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _dealt(number: Integers, columns: int) -> Any:
    """Membership as CSR: rows x columns, a one in each row."""
    from scipy.sparse import csr_array

    rows = len(number)
    return csr_array((np.ones(rows, np.int64), number, np.arange(rows + 1)), shape=(rows, columns))


def _summed(counts: Any, data: NDArray, group: Any) -> Any:
    """Sums of *data* over groups of columns, as CSR with sorted columns."""
    from scipy.sparse import csr_array

    sums = csr_array((data, counts.indices, counts.indptr), shape=counts.shape) @ group
    sums.sort_indices()
    return sums


class BlockTest(NamedTuple):
    """Terms scored by blocks, and the best score (thousandths) that each one's blocks allow."""

    family: ByDeviance
    attainable: Scores


def by_blocks(presence: Any, margins: Margins, stratum: Integers, units: Units) -> BlockTest:
    """Score terms by deviance, each on the scale of its blocks' own spread.

    *stratum* (articles,) is what counts are expected by; *units* change sides within cells,
    which are unions of strata.  Spread and expectation are those over all draws, so that they
    favour no side.
    """
    member = _stratum_shares(margins, stratum)
    dealt = _dealt(units.of_article, len(units.state))
    shares = (member @ dealt.astype(np.float32)).tocsr()
    carried, varied = margins.matrix().astype(np.float32), margins.variances().astype(np.float32)
    counts = presence.astype(np.int32) @ dealt.astype(np.int32)
    spread = [
        _spread(counts[rows].toarray() - (carried[rows] @ shares).toarray(), units)
        for rows in _some(*counts.shape)
    ]
    chance, moved = _share_moments(shares, units)
    variance = varied @ (chance * (1 - chance) - moved)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(np.concatenate(spread) / variance)
    scale = np.where(scale > 0, scale, np.inf)
    total, expected = np.asarray(carried.sum(axis=1)).ravel(), carried @ chance
    best = [
        deviance_root(edge, expected, total, variance) / scale for edge in _extremes(counts, units)
    ]
    family = ByDeviance(presence, carried, varied, member, scale)
    return BlockTest(family, rounded(np.maximum(*best)))


def _share_moments(shares: Any, units: Units) -> tuple[Floats, Floats]:
    """Mean and variance over all draws of the first outlet's share of each stratum's articles.

    *shares* is CSR, strata x units: each unit's share of the stratum.
    """
    cells = np.bincount(units.stratum).astype(float)
    ours = np.bincount(units.stratum, units.is_first)
    cell = np.zeros(shares.shape[0], np.int64)
    cell[_rows(shares)] = units.stratum[shares.indices]
    weight = (ours * (cells - ours) / (cells * np.maximum(cells - 1, 1)))[cell]
    squares = np.bincount(_rows(shares), shares.data.astype(float) ** 2, shares.shape[0])
    return (ours / cells)[cell], weight * (squares - 1 / cells[cell])


def _stratum_shares(margins: Margins, stratum: Integers) -> Any:
    """Membership as CSR, strata x articles, each row adding up to 1."""
    member = _dealt(stratum, len(margins.first)).T.tocsr().astype(np.float32)
    size = np.diff(member.indptr)
    member.data /= np.repeat(size, size)
    return member


def _extremes(counts: Any, units: Units) -> tuple[Floats, Floats]:
    """The least and the most carriers that the first outlet could draw."""
    cells = np.bincount(units.stratum)
    ours = np.bincount(units.stratum, units.is_first)
    term = _rows(counts)
    cell = units.stratum[counts.indices]
    order = np.lexsort([-counts.data, cell, term])
    term, cell, count = term[order], cell[order], counts.data[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(term) != 0) | (np.diff(cell) != 0)][: len(term)])
    rank = np.arange(len(term)) - np.repeat(starts, np.diff(np.r_[starts, len(term)]))
    most = np.where(rank < ours[cell], count, 0)
    least = np.where(rank >= (cells - ours)[cell], count, 0)
    least_sum, most_sum = (np.bincount(term, n, counts.shape[0]) for n in (least, most))
    return least_sum.astype(float), most_sum.astype(float)


def _spread(residual: NDArray, units: Units) -> Floats:
    """Variance of the first outlet's sum of block residuals over all draws within cells."""
    cells = np.bincount(units.stratum).astype(float)
    ours = np.bincount(units.stratum, units.is_first)
    weight = ours * (cells - ours) / (cells * np.maximum(cells - 1, 1))
    sums = residual @ _dealt(units.stratum, len(cells))
    return residual**2 @ weight[units.stratum] - sums**2 @ (weight / cells)


def _some(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, _NUMBERS // max(columns, 1))
    return (slice(begin, min(begin + step, rows)) for begin in range(0, rows, step))
