"""Whether one side's speakers "say" and the other's "claim": classes of cues, tested over articles.

Cues of one article share a writer and an event, so whole articles are exchanged, never cues.
Between two outlets articles change places; between two sides in one outlet the sides change
places within each article.  Where articles are too few for a test, the table says so.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, groupby, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.lexicon import load_lexicon, shipped_lexicons
from bias_toolkit.profiles import Profile
from bias_toolkit.shares import Cell, by_outlet, side_by_side
from bias_toolkit.sourcing import attributed

FEWEST_TO_TEST = 10  # articles a side
DRAWS = 1999  # random exchanges where there are too many to try all
FEWEST_EXPECTED = 5  # cues of the class, and of the others, on either side
RESIDUAL = "speakers of no known side are described, not tested"
_ALL = 200_000  # exchanges: up to here each is tried
_BLOCK = 250  # exchanges at a time, which bounds the memory
_KEYS = ("side", "cue_class")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@cache
def cue_class_names() -> tuple[str, ...]:
    """The classes of cues, in the order of lexicons/reporting.toml."""
    return tuple(c.name for c in load_lexicon(shipped_lexicons()["reporting"]).categories)


def cue_shares(part: Profile) -> pd.DataFrame:
    """One row an outlet, side and class: how often the class introduces that side's speakers.

    Columns: outlet; side ("" for speakers of no known side); cue_class ("" for cues of no
    class, where there are any); count of `of` cues of that side; articles, of_articles; share,
    low, high (see `shares.by_outlet`).  All classes are listed for every side that any outlet
    lets speak.  A cue that is negated introduces nobody's words ("did not claim", "if he admits
    that") and is not counted.
    """
    return by_outlet(part, _KEYS, _cells(part))


def cue_asymmetry(part: Profile, a: str, b: str, *, seed: int = 0) -> pd.DataFrame:
    """One row a side and class: whether two outlets introduce a side's speakers differently.

    Columns: side, cue_class, those of `shares.side_by_side`, then p, p_fwer, draws and reason.
    The test exchanges whole articles with cues of the side between the outlets, the number of
    each being kept.  Its statistic is the difference of the shares over its own standard error,
    so that neither more cues an article nor a smaller outlet passes for another choice of cues
    (Janssen 1997; Chung and Romano 2013).  Every exchange is tried where there are at most
    200,000 (`draws` is 0), else DRAWS random ones with p = (1 + hits) / (1 + draws) (Phipson and
    Smyth 2010).  p is two-sided; p_fwer is Holm's (1979) over all rows with a p.

    Speakers of no known side (side "") are described and not tested: they are whoever the
    lexicons do not know, of any side, and another mix of them is no other treatment of a side.
    Nor is there a p below FEWEST_TO_TEST articles a side or FEWEST_EXPECTED cues of the class to
    be expected in each outlet, or of the other classes (Cochran 1954).  `reason` then says so,
    else it is "".
    """
    cells = list(_cells(part))
    keys = _Keys(part, seed)
    outlet = part.units["outlet"].to_numpy()
    found: list[_Test] = []
    for side, group in groupby(cells, lambda cell: cell.keys[0]):
        of_side = list(group)
        if not side:
            found += [_untested(RESIDUAL)] * len(of_side)
            continue
        rows = np.flatnonzero((of_side[0].whole > 0) & np.isin(outlet, (a, b)))
        masks = {name: outlet[rows] == name for name in (a, b)}
        first = masks[min(a, b)]  # so that a and b can change places and change no bit
        cues = [(cell.part[rows], cell.whole[rows]) for cell in of_side]
        whys = [
            _untestable({name: (count[m], of[m]) for name, m in masks.items()})
            for count, of in cues
        ]
        tested = [pair for pair, why in zip(cues, whys, strict=True) if not why]
        tests = iter(_two_samples(tested, first, keys, rows) if tested else [])
        found += [_untested(why) if why else next(tests) for why in whys]
    return _with_tests(side_by_side(part, (a, b), _KEYS, cells), found)


def side_asymmetry(part: Profile, *, seed: int = 0) -> pd.DataFrame:
    """One row an outlet, two sides and a class: whether the outlet introduces them differently.

    Columns: outlet, side, other_side, cue_class, count, other_count (cues of the class), of,
    other_of (all cues of the side), of_articles, other_of_articles, share, other_share,
    difference (of the shares, the first side's less the other's), p, p_fwer, draws, reason.  The
    test exchanges the two sides within each article; else as `cue_asymmetry`.  Sides in
    alphabetical order; speakers of no known side are left out.  p_fwer is over all rows of one
    outlet, so that another outlet moves no number.
    """
    keys = _Keys(part, seed)
    cells = {cell.keys: cell for cell in _cells(part)}
    sides = sorted({side for side, _ in cells} - {""})
    classes = list(dict.fromkeys(name for _, name in cells))
    outlet = part.units["outlet"].to_numpy()
    tables = []
    for name in part.outlets:
        mine = outlet == name
        heard = [side for side in sides if cells[side, classes[0]].whole[mine].any()]
        rows, tests = [], []
        for (one, other), kind in product(combinations(heard, 2), classes):
            pair = _Pair(cells[one, kind], cells[other, kind], mine)
            rows.append((name, one, other, kind, *pair.described()))
            tests.append(pair.test(keys))
        tables.append(_with_tests(pd.DataFrame(rows, columns=_SIDES), tests))
    return pd.concat(tables, ignore_index=True)


_SIDES = """outlet side other_side cue_class count other_count of other_of of_articles
other_of_articles share other_share difference""".split()


# ------------------------------------------------------------------ counting


def _cells(part: Profile) -> Iterator[Cell]:
    """Cues of each side and class in each article, of all cues of that side."""
    table = attributed(part)
    table = table[((table["cue"] != "") & ~table["negated"]).to_numpy(bool)]
    unit = table["unit"].to_numpy()
    side, kind = (table[name].astype(str).to_numpy(object) for name in ("side", "cue_class"))
    names = [*cue_class_names(), *([""] if (kind == "").any() else [])]
    for one in [*sorted(set(side) - {""}), *([""] if (side == "").any() else [])]:
        theirs = side == one
        whole = np.bincount(unit[theirs], minlength=len(part.units)).astype(float)
        for name in names:
            count = np.bincount(unit[theirs & (kind == name)], minlength=len(part.units))
            yield Cell((one, name), count.astype(float), whole)


# ------------------------------------------------------------------ tests


@dataclass(frozen=True)
class _Test:
    """p and the number of random draws (0: all exchanges tried), or why there is no p."""

    p: float
    draws: int
    reason: str = ""


def _untested(reason: str) -> _Test:
    return _Test(np.nan, 0, reason)


def _untestable(cues: dict[str, tuple[Floats, Floats]]) -> str:
    """Why no test is made, "" if one is; *cues* are counts and cues by article, by name."""
    sizes = {name: int((of > 0).sum()) for name, (_, of) in cues.items()}
    if min(sizes.values()) < FEWEST_TO_TEST:
        here = ", ".join(f"{name} {n}" for name, n in sizes.items())
        return f"articles with cues of the side: {here}; a test needs {FEWEST_TO_TEST} of each"
    counts, totals = ([float(pair[i].sum()) for pair in cues.values()] for i in (0, 1))
    if not sum(counts):
        return "no cue of this class"
    for what, number in (
        ("this class", sum(counts)),
        ("the other classes", sum(totals) - sum(counts)),
    ):
        expected = [number * total / sum(totals) for total in totals]
        if min(expected) < FEWEST_EXPECTED:
            here = ", ".join(f"{name} {n:.1f}" for name, n in zip(cues, expected, strict=True))
            return f"cues of {what} to be expected: {here}; a test needs {FEWEST_EXPECTED} of each"
    return ""


def _two_samples(
    cues: list[tuple[Floats, Floats]], mine: NDArray[np.bool_], keys: _Keys, rows: Ints
) -> list[_Test]:
    """The test that exchanges whole articles, for several classes of cues in the same articles."""
    moments = np.concatenate([_moments(*pair) for pair in cues], axis=1)
    size = int(mine.sum())
    every = math.comb(len(mine), size) <= _ALL
    chosen = _subsets(len(mine), size) if every else keys.smallest(rows, size)
    sums = [mine @ moments, *_sums_of_members(moments, chosen)]
    theirs = np.stack(sums).reshape(len(sums), len(cues), 5)
    others = moments.sum(axis=0).reshape(len(cues), 5) - theirs
    tests = []
    for kind in range(len(cues)):
        one, spread = _share(theirs[:, kind], size)
        other, its_spread = _share(others[:, kind], len(mine) - size)
        tests.append(_tested(one - other, spread + its_spread, 0 if every else DRAWS))
    return tests


def _moments(count: Floats, of: Floats) -> Floats:
    """What sums of articles must be known of: articles x 5, whole numbers."""
    return np.stack([count, of, count**2, count * of, of**2], axis=1)


def _sums_of_members(moments: Floats, chosen: Ints) -> Iterator[Floats]:
    """The sum of the moments of each row of chosen articles, a block at a time."""
    for at in range(0, len(chosen), _BLOCK):
        block = chosen[at : at + _BLOCK]
        members = np.zeros((len(block), len(moments)))
        np.put_along_axis(members, block, 1.0, axis=1)
        yield from members @ moments


def _share(sums: Floats, size: int) -> tuple[Floats, Floats]:
    """Share of the class and its squared error, of sums of the moments of *size* articles.

    The error of a ratio by linearisation (Cochran 1977, 6.3).
    """
    x, n, xx, xn, nn = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        share = x / n
        return share, (xx - 2 * share * xn + share**2 * nn) / n**2 * size / (size - 1)


def _sign_flips(one: tuple[Floats, Floats], other: tuple[Floats, Floats], keys: Floats) -> _Test:
    """The test that exchanges two sides, given as counts and cues by article, within articles."""
    size = len(one[0])
    every = 2**size <= _ALL
    if every:
        flips = (np.arange(2**size)[:, None] >> np.arange(size) & 1).astype(float)
    else:
        flips = (keys < 0.5).T.astype(float)
    flips = np.vstack([np.zeros(size), flips])
    (x, n), (y, m) = one, other
    as_they_are = np.stack([x, n, y, m, x * x, x * n, n * n, y * y, y * m, m * m, x * m, y * n])
    flipped = np.stack([y, m, x, n, y * y, y * m, m * m, x * x, x * n, n * n, y * n, x * m])
    sums = as_they_are.sum(axis=1) + flips @ (flipped - as_they_are).T
    x1, n1, x2, n2, xx1, xn1, nn1, xx2, xn2, nn2, x1n2, x2n1 = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        r1, r2 = x1 / n1, x2 / n2
        error = (xx1 - 2 * r1 * xn1 + r1**2 * nn1) / n1**2
        error = error + (xx2 - 2 * r2 * xn2 + r2**2 * nn2) / n2**2
        both = (x * y).sum() - r1 * x2n1 - r2 * x1n2 + r1 * r2 * (n * m).sum()
        error = error - 2 * both / (n1 * n2)
    return _tested(r1 - r2, error, 0 if every else keys.shape[1])


def _tested(difference: Floats, error: Floats, draws: int) -> _Test:
    """Two-sided p of the first row among the others: of differences over their errors.

    A difference without an error, or of nothing, counts as further off: that can only raise p.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.abs(difference) / np.sqrt(np.maximum(error, 0))
    far[np.isnan(far)] = np.where(difference[np.isnan(far)] == 0, 0.0, np.inf)
    reached = far[1:] >= far[0] * (1 - 1e-9)
    one = min(draws, 1)  # the articles as they are count as one of the random draws
    return _Test(float((reached.sum() + one) / (len(reached) + one)), draws)


@lru_cache(maxsize=4)
def _subsets(n: int, size: int) -> Ints:
    """All subsets of *size* of n rows: subsets x size."""
    count = math.comb(n, size)
    flat = np.fromiter((i for chosen in combinations(range(n), size) for i in chosen), np.int64)
    return flat.reshape(count, size)


class _Keys:
    """Random numbers that belong to an article, whichever others stand beside it."""

    def __init__(self, part: Profile, seed: int) -> None:
        self._ids = part.units["id"].tolist()
        self._seed = seed
        self._known: dict[int, NDArray[np.float64]] = {}

    def of(self, rows: Ints) -> Floats:
        """Keys in [0, 1) of the articles in *rows*: articles x DRAWS."""
        return np.array([self._of_one(int(row)) for row in rows]).reshape(len(rows), DRAWS)

    def smallest(self, rows: Ints, size: int) -> Ints:
        """For each draw the *size* articles of *rows* with the smallest keys: DRAWS x size."""
        table = self.of(rows)
        blocks = [
            np.argpartition(table[:, at : at + _BLOCK], size - 1, axis=0)[:size].T
            for at in range(0, DRAWS, _BLOCK)
        ]
        return np.concatenate(blocks)

    def _of_one(self, row: int) -> NDArray[np.float64]:
        if row not in self._known:
            digest = hashlib.sha256(f"{self._seed}\0{self._ids[row]}".encode()).digest()
            key = int.from_bytes(digest[:16], "little")
            self._known[row] = np.random.Generator(np.random.Philox(key=key)).random(DRAWS)
        return self._known[row]


@dataclass(frozen=True)
class _Pair:
    """Cues of one class of two sides in the articles of one outlet."""

    one: Cell
    other: Cell
    mine: NDArray[np.bool_]

    def described(self) -> tuple[float, ...]:
        """Counts, cues, articles and shares of both sides, and the difference of the shares."""
        count, of, articles = zip(*map(self._sums, (self.one, self.other)), strict=True)
        share = [c / n for c, n in zip(count, of, strict=True)]
        return (*count, *of, *articles, *share, share[0] - share[1])

    def _sums(self, cell: Cell) -> tuple[int, int, int]:
        whole = cell.whole[self.mine]
        return int(cell.part[self.mine].sum()), int(whole.sum()), int((whole > 0).sum())

    def test(self, keys: _Keys) -> _Test:
        """The test that exchanges the sides within each article."""
        some = self.mine & ((self.one.whole > 0) | (self.other.whole > 0))
        cells = (self.one, self.other)
        cues = {cell.keys[0]: (cell.part[some], cell.whole[some]) for cell in cells}
        if why := _untestable(cues):
            return _untested(why)
        one, other = cues.values()
        return _sign_flips(one, other, keys.of(np.flatnonzero(some)))


def _with_tests(table: pd.DataFrame, tests: list[_Test]) -> pd.DataFrame:
    p = np.array([test.p for test in tests], float)
    return table.assign(
        p=p,
        p_fwer=holm(p),
        draws=np.array([test.draws for test in tests], np.int64),
        reason=np.array([test.reason for test in tests], object),
    )


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's (1979) adjusted p-values of a family; nan, where nothing was tested, stays nan.

    >>> holm(np.array([0.01, np.nan, 0.04, 0.03])).round(2).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    found = np.full(len(p), np.nan)
    order = [row for row in np.argsort(p, kind="stable") if not np.isnan(p[row])]
    steps = p[order] * np.arange(len(order), 0, -1)
    found[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return found
