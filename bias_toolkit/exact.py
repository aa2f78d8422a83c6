"""Exact chances of how a term's carriers fall to two outlets, over all strata.

Given the margins, the first outlet's share of a stratum's carriers is hypergeometric, and the
sum over strata has the convolution of these as its distribution.  Only positive numbers are
ever added and multiplied, so the far tails are as exact as the middle; normal approximations
fail there first, and rare words and small outlets live there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

FLOOR = 1e-50  # smaller p-values are given as this one
_NEGLIGIBLE = np.log(1e65)  # what is less likely than its inverse is cut away; far below FLOOR
_BATCH = 65536  # numbers held at once: they stay in the processor's cache
_MERGED = 16  # outcomes: up to that many, strata are convolved with each other first


@dataclass(frozen=True, eq=False)
class NullTables:
    """Two-sided mid-p of every possible count, for many terms: ``p[start[term] + count]``.

    `p` is flat float64; `start` is (terms,) and may be negative; `lowest` and `highest` are the
    counts that the margins allow.
    """

    p: Floats
    start: Integers
    lowest: Integers
    highest: Integers

    def attainable(self) -> Floats:
        """The smallest p-value that each term's margins allow."""
        return np.minimum(self.p[self.start + self.lowest], self.p[self.start + self.highest])


def null_tables(carried: Any, first: Integers, second: Integers) -> NullTables:
    """Mid-p (Lancaster 1961) of each count of carriers of the first outlet, for every term.

    *carried* is a scipy CSR matrix of counts, terms x strata; *first* and *second* are the
    articles of both outlets in each stratum.  Terms of equal margins are worked out once.
    Mehta, Patel and Gray (1985) give the distribution.  Two-sided: twice the smaller tail.
    """
    carried.sort_indices()
    leader, group = _same_margins(carried, first, second)
    picked = carried[leader]
    strata, m = picked.indices, picked.data.astype(np.int64)
    low = np.maximum(m - second[strata], 0)
    high = np.minimum(m, first[strata])
    row = np.repeat(np.arange(len(leader)), np.diff(picked.indptr))
    lowest, highest = (np.bincount(row, edge, len(leader)).astype(np.int64) for edge in (low, high))
    support = highest - lowest
    begin = np.cumsum(support + 1) - (support + 1)
    p = np.full(int((support + 1).sum()), FLOOR)
    for rows in _batches(support):
        cells = _padded(picked[rows], first, second)
        chances, offset = _convolved(*cells)
        place = offset[:, None] + np.arange(chances.shape[1])
        inside = place <= support[rows, None]
        p[(begin[rows, None] + place)[inside]] = mid_p(chances)[inside]
    return NullTables(p, (begin - lowest)[group], lowest[group], highest[group])


def mid_p(chances: Floats) -> Floats:
    """Two-sided mid-p of every outcome; each row of *chances* is a distribution."""
    half = chances / 2
    below = np.cumsum(chances, axis=1) - half
    above = np.cumsum(chances[:, ::-1], axis=1)[:, ::-1] - half
    return np.clip(2 * np.minimum(below, above), FLOOR, 1.0)


def scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers that look random, a different one for each (the mixer of splitmix64)."""
    mixed = numbers ^ (numbers >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _same_margins(carried: Any, first: Integers, second: Integers) -> tuple[Integers, Integers]:
    """One term of each set of equal margins, and the set of each term.

    Strata of equal size are alike here.  Terms are told apart by the sum of their cells'
    64-bit marks: two of a million differ and share a sum with a chance below 1e-7.
    """
    alike = np.unique(np.stack([first, second], axis=1), axis=0, return_inverse=True)[1].ravel()
    largest = int((first + second).max(initial=0)) + 1
    cell = alike[carried.indices].astype(np.uint64) * np.uint64(largest)
    cell += carried.data.astype(np.uint64) + np.uint64(1)
    sums = np.concatenate(
        [[np.uint64(0)], np.cumsum(scrambled(cell * np.uint64(2) + np.uint64(1)))]
    )
    marks = sums[carried.indptr[1:]] - sums[carried.indptr[:-1]]  # wraps around, and back
    _, leader, group = np.unique(marks, return_index=True, return_inverse=True)
    return leader, group


def _batches(support: Integers) -> Iterator[Integers]:
    """Rows of about the same width together, the widest first."""
    wide = 1 + np.minimum(support, 2 * np.sqrt(support * (_NEGLIGIBLE / 2)))
    order = np.argsort(-support, kind="stable")
    at = 0
    while at < len(order):
        rows = order[at : at + max(1, int(_BATCH / wide[order[at]]))]
        at += len(rows)
        yield rows


def _padded(carried: Any, first: Integers, second: Integers) -> tuple[Integers, Integers, Integers]:
    """Carriers, and both outlets' articles, of each row's strata, widest support first.

    Each is (rows, slots); rows of fewer strata are filled up with empty ones.
    """
    slots = np.diff(carried.indptr)
    row = np.repeat(np.arange(len(slots)), slots)
    m, first, second = (
        carried.data.astype(np.int64),
        first[carried.indices],
        second[carried.indices],
    )
    support = np.minimum(np.minimum(m, first + second - m), np.minimum(first, second))
    order = np.argsort(row * (int(support.max(initial=0)) + 1) - support, kind="stable")
    place = row, np.arange(len(row)) - np.repeat(np.cumsum(slots) - slots, slots)
    columns = []
    for column in (m, first, second):
        filled = np.zeros((len(slots), int(slots.max(initial=0))), np.int64)
        filled[place] = column[order]
        columns.append(filled)
    return columns[0], columns[1], columns[2]


def _convolved(m: Integers, first: Integers, second: Integers) -> tuple[Floats, Integers]:
    """Chances of each row's sums, and the sum over the least possible of the first column."""
    bottom = np.maximum(m - second, 0)
    support = np.minimum(m, first) - bottom
    middle = m * (first / np.maximum(first + second, 1)) - bottom
    low, high = _window(support, middle)
    sum_low, sum_high = _window(np.cumsum(support, axis=1), np.cumsum(middle, axis=1))
    chances, offset = np.ones((len(m), 1)), np.zeros(len(m), np.int64)
    width = (high - low).max(axis=0, initial=0) + 1
    for begin, end in _runs(width[width > 1]):
        run = slice(begin, end)
        counts = (bottom + low)[:, run, None] + np.arange(width[begin])
        pmf, step = _merged(_hypergeometric(m[:, run], first[:, run], second[:, run], counts))
        for slot in range(pmf.shape[1]):
            last = min(begin + (slot + 1) * step, end) - 1
            chances = _product(chances, pmf[:, slot])
            offset += low[:, begin + slot * step : last + 1].sum(axis=1)
            chances, offset = _cut(chances, offset, sum_low[:, last], sum_high[:, last])
    return chances, offset


def _window(support: NDArray, middle: NDArray) -> tuple[Integers, Integers]:
    """The first and last of 0 ... *support* whose chance is worth keeping.

    The count is a sum of *support* independent yes-or-no draws (Vatutin and Mikhailov 1982), so
    Hoeffding's inequality (1963) bounds what lies further from its mean.
    """
    reach = np.sqrt(support * (_NEGLIGIBLE / 2))
    low = np.maximum(np.floor(middle - reach), 0)
    high = np.minimum(np.ceil(middle + reach), support)
    return low.astype(np.int64), high.astype(np.int64)


def _runs(width: Integers) -> Iterator[tuple[int, int]]:
    """Where stretches of equal width begin and end."""
    edges = (np.flatnonzero(np.diff(width)) + 1).tolist()
    return iter(zip([0, *edges], [*edges, len(width)], strict=True) if len(width) else ())


def _hypergeometric(m: Integers, first: Integers, second: Integers, count: Integers) -> Floats:
    """Chances of the *count*s, (rows, slots, counts); 0 for more than there can be."""
    logs = _log_factorials(int((first + second).max()))
    total = logs[m] + logs[first + second - m] - logs[first + second]
    total += logs[first] + logs[second]
    most = np.minimum(m, first)[..., None]
    inside = count <= most
    count = np.minimum(count, most)
    rest = m[..., None] - count
    weight = logs[count] + logs[first[..., None] - count]
    weight += logs[rest] + logs[second[..., None] - rest]
    return np.exp(total[..., None] - weight) * inside


_LOGS: list[Floats] = []


def _log_factorials(largest: int) -> Floats:
    """Logarithms of 0! to at least *largest*!; kept, because each batch asks for them."""
    from scipy.special import gammaln

    if not _LOGS or len(_LOGS[0]) <= largest:
        _LOGS[:] = [gammaln(np.arange(2 * largest + 2) + 1.0)]
    return _LOGS[0]


def _merged(pmf: Floats) -> tuple[Floats, int]:
    """Neighbouring slots convolved until they have some _MERGED outcomes; and how many of each."""
    step = 1
    while pmf.shape[1] > 1 and pmf.shape[2] <= _MERGED:
        if pmf.shape[1] % 2:
            pmf = np.pad(pmf, ((0, 0), (0, 1), (0, 0)))
            pmf[:, -1, 0] = 1.0
        pmf = _product(pmf[:, 0::2], pmf[:, 1::2])
        step *= 2
    return pmf, step


def _product(one: Floats, other: Floats) -> Floats:
    """Convolution along the last axis: widths v and w give v + w - 1."""
    if one.shape[-1] < other.shape[-1]:
        one, other = other, one
    wide = one.shape[-1]
    sums = np.zeros((*one.shape[:-1], wide + other.shape[-1] - 1))
    part = np.empty(one.shape)
    for k in range(other.shape[-1]):
        np.multiply(one, other[..., k, None], out=part)
        sums[..., k : k + wide] += part
    return sums


def _cut(
    chances: Floats, offset: Integers, low: Integers, high: Integers
) -> tuple[Floats, Integers]:
    """Leave out what lies below *low* and above *high*, once that is worth the moving."""
    spare = np.maximum(low - offset, 0)
    if spare.max() * 8 < chances.shape[1]:
        return chances[:, : int((high - offset).max()) + 1], offset
    offset = offset + spare
    place = spare[:, None] + np.arange(int((high - offset).max()) + 1)
    inside = place < chances.shape[1]
    place = np.minimum(place, chances.shape[1] - 1)
    return np.take_along_axis(chances, place, axis=1) * inside, offset
