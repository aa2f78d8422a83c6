"""What the best of many terms reaches by chance, when whole articles change sides.

Each unit, an article or the articles of a day, draws a key from the seed and its own id; within
a stratum the first outlet takes the smallest keys, as many as it has units there.  So neither
the order of the articles nor anything outside a stratum touches its draws.

A family is a set of terms with one kind of score, comparable between terms: the higher, the
less likely by chance.  Its step-down adjusted p-values are those of Westfall and Young (1993).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.exact import scrambled

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Scores = NDArray[np.uint16]

STEP = 1000.0  # scores are whole thousandths, so that equal ones tie in spite of rounding
HIGHEST = 65535  # score
_COLUMNS = 256  # draws held at once: their sides stay in the processor's cache
_ROWS = 512  # terms scored at once
_EDGE = np.float32(0.3)  # carriers; see `deviance_root`
_NOTHING = np.float32(1e-6)  # smaller variances of a carrier are rounding
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Units(NamedTuple):
    """What changes sides as one: articles, or blocks of them.

    `of_article` (articles,) leads from an article to its unit; the rest is (units,).  `state`
    is what a unit's keys are drawn from.
    """

    of_article: Integers
    is_first: Flags
    stratum: Integers
    state: NDArray[np.uint64]


class Family(Protocol):
    """Terms with a score each in every draw."""

    def scores(self, rows: slice, sides: NDArray) -> Scores:
        """(rows, draws) scores, given the (articles, draws) sides: 1 is the first outlet."""

    def __getitem__(self, order: Integers) -> Self:
        """The same terms in another order."""

    def __len__(self) -> int: ...


def states(ids: Sequence[str], seed: int) -> NDArray[np.uint64]:
    """64 random-looking bits of each id and the seed."""
    key = str(seed).encode()
    digests = (
        blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
        for name in ids
    )
    return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64)


def drawn_sides(units: Units, draws: int) -> Iterator[NDArray]:
    """Sides of all articles, (articles, draws), some draws at a time; 1 is the first outlet."""
    order = np.argsort(units.stratum, kind="stable")
    edges = np.flatnonzero(np.diff(units.stratum[order])) + 1
    strata = np.split(order, edges)
    kind = counter_type(len(units.of_article))
    for begin in range(0, draws, _COLUMNS):
        numbers = np.arange(begin + 1, min(begin + _COLUMNS, draws) + 1, dtype=np.uint64)
        sides = np.empty((len(units.state), len(numbers)), kind)
        for stratum in strata:
            sides[stratum] = _smallest(
                units.state[stratum], numbers, int(units.is_first[stratum].sum())
            ).T
        yield sides[units.of_article]


def counter_type(articles: int) -> type[np.integer]:
    """The smallest type that counts that many: carriers are summed fastest in few bits."""
    return np.int16 if articles < 2**15 else np.int32


def _smallest(state: NDArray[np.uint64], numbers: NDArray[np.uint64], taken: int) -> Flags:
    """Which units have the *taken* smallest keys in each draw; (draws, units).

    Two 64-bit keys of one draw are never equal in practice: 1 in 10^12 for a million of them.
    """
    keys = scrambled(state[None, :] + numbers[:, None] * _GOLDEN)
    return keys <= np.partition(keys, taken - 1, axis=1)[:, taken - 1 : taken]


def step_down(
    families: Sequence[Family], observed: NDArray, units: Units, draws: int
) -> list[tuple[Floats, Scores]]:
    """Adjusted p-values of each family's terms, and the family's best score in each draw.

    *observed* is (articles, 1): the sides as they are, which count as one draw more (Phipson
    and Smyth 2010).
    """
    races = [_Race(family, observed) for family in families if len(family)]
    for sides in drawn_sides(units, draws):
        for race in races:
            race.add(sides)
    done = iter(race.result() for race in races)
    empty = (np.empty(0), np.zeros(draws, np.uint16))
    return [next(done) if len(family) else empty for family in families]


def observed_scores(family: Family, observed: NDArray) -> Scores:
    """The scores of a family's terms for the sides as they are, (articles, 1)."""
    if not len(family):
        return np.zeros(0, np.uint16)
    return np.concatenate([family.scores(rows, observed) for rows in _chunks(len(family))])[:, 0]


class _Race:
    """Counts the draws in which some term that did no better than a term beats its score."""

    def __init__(self, family: Family, observed: NDArray) -> None:
        scores = observed_scores(family, observed)
        self.order = np.argsort(scores, kind="stable")
        self.family = family[self.order]
        self.score = scores[self.order, None]
        self.beaten = np.zeros(len(family), np.int64)
        self.best: list[Scores] = []

    def add(self, sides: NDArray) -> None:
        """Take some more draws into account."""
        best = np.zeros(sides.shape[1], np.uint16)
        for rows in _chunks(len(self.family)):
            scores = self.family.scores(rows, sides)
            np.maximum(scores[0], best, out=scores[0])
            np.maximum.accumulate(scores, axis=0, out=scores)
            best = scores[-1]
            self.beaten[rows] += (scores >= self.score[rows]).sum(axis=1)
        self.best.append(best)

    def result(self) -> tuple[Floats, Scores]:
        """Adjusted p-values in the family's order, and the best score of each draw."""
        best = np.concatenate(self.best)
        stepped = (1 + self.beaten) / (1 + len(best))
        p = np.empty(len(stepped))
        p[self.order[::-1]] = np.maximum.accumulate(stepped[::-1])
        return p, best


def _chunks(rows: int) -> Iterator[slice]:
    return (slice(begin, min(begin + _ROWS, rows)) for begin in range(0, rows, _ROWS))


def critical_score(best: Scores, alpha: float) -> int:
    """The least score whose single-step p-value is at most *alpha*; above HIGHEST if none is."""
    allowed = int(np.floor(alpha * (1 + len(best)) + 1e-9)) - 1
    if allowed < 0:
        return HIGHEST + 1
    return int(np.sort(best)[::-1][allowed]) + 1 if allowed < len(best) else 0


@dataclass(frozen=True, eq=False)
class ByTable:
    """Terms scored by looking up how many of their carriers the first outlet drew.

    `presence` is CSR, terms x articles, of ones; ``table[start[term] + count]`` is the score.
    """

    presence: Any
    start: Integers
    table: Scores

    def scores(self, rows: slice, sides: NDArray) -> Scores:
        """As in `Family`."""
        counts = self.presence[rows] @ sides
        return np.take(self.table, self.start[rows, None] + counts)

    def __getitem__(self, order: Integers) -> ByTable:
        return replace(self, presence=self.presence[order], start=self.start[order])

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False)
class ByDeviance:
    """Terms scored by the root of the deviance from what the articles drawn would carry.

    For blocks, whose size changes what a draw holds.  If the first outlet drew a share of a
    stratum's articles, it is expected to have that share of the carriers (`carried`, CSR, terms
    x strata), and the count to vary by share x (1 - share) x `varied` (the same cells).
    `membership` is CSR, strata x articles, each row adding up to 1; `scale` (terms,) how much
    wider the blocks' counts spread than those of articles by themselves.
    """

    presence: Any
    carried: Any
    varied: Any
    membership: Any
    scale: Floats

    def scores(self, rows: slice, sides: NDArray) -> Scores:
        """As in `Family`."""
        share = self.membership @ sides.astype(np.float32)
        carried = self.carried[rows]
        total = np.asarray(carried.sum(axis=1), np.float32).reshape(-1, 1)
        counts = (self.presence[rows] @ sides).astype(np.float32)
        variance = self.varied[rows] @ (share * (1 - share))
        root = deviance_root(counts, carried @ share, total, variance)
        return rounded(root / self.scale[rows, None])

    def __getitem__(self, order: Integers) -> ByDeviance:
        return replace(
            self,
            presence=self.presence[order],
            carried=self.carried[order],
            varied=self.varied[order],
            scale=self.scale[order],
        )

    def __len__(self) -> int:
        return len(self.scale)


def deviance_root(count: NDArray, expected: NDArray, total: NDArray, variance: NDArray) -> NDArray:
    """Root of the binomial deviance of *count* out of *total*, for a count of that *variance*.

    A normal value, nearly, that is as unlikely as the mid-p of the count.  Where all carriers
    are on one side the root alone would make it much less likely than it is; a count of _EDGE
    less comes within 0.1 of the exact value.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        binomial = expected * (1 - expected / total)
        inside = np.clip(count, _EDGE, total - _EDGE)
        deviance = _half_deviance(inside, expected)
        deviance += _half_deviance(total - inside, total - expected)
        root = np.sqrt(2 * np.maximum(deviance, 0) * binomial / variance)
        certain = (variance <= _NOTHING * total) | (binomial <= _NOTHING * total)
    return np.where(certain, 0, root)


def _half_deviance(count: NDArray, expected: NDArray) -> NDArray:
    """count x log(count / expected)."""
    return count * np.log(count / np.maximum(expected, _NOTHING))


@dataclass(frozen=True, eq=False)
class ByMean:
    """Terms scored by how far the first outlet's sum of a value lies from its expectation.

    `values` is (terms, articles) whole numbers in float64, so that sums are exact in any order;
    `expected` and `spread` (terms,) are the sum's mean and standard deviation over all draws.
    """

    values: Floats
    expected: Floats
    spread: Floats

    def scores(self, rows: slice, sides: NDArray) -> Scores:
        """As in `Family`."""
        sums = self.values[rows] @ sides.astype(float)
        return rounded(np.abs(sums - self.expected[rows, None]) / self.spread[rows, None])

    def __getitem__(self, order: Integers) -> ByMean:
        return ByMean(self.values[order], self.expected[order], self.spread[order])

    def __len__(self) -> int:
        return len(self.values)


def rounded(scores: NDArray) -> Scores:
    """Scores as whole thousandths."""
    return np.rint(np.minimum(scores * STEP, HIGHEST)).astype(np.uint16)
