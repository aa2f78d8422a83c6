"""Say how far apart outlets are in their words, with error bars, and draw a map of it.

The distance is a difference of mean similarities: how alike two articles of one outlet are, less
how alike two of different outlets are.  Every mean is over pairs of articles and every word is
weighed by what the articles outside the pair tell, so neither few articles nor many move it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum, sqrt
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.cleaning import OTHER
from bias_toolkit.metrics import Estimate, welch
from bias_toolkit.permutation import Units, drawn_sides, states
from bias_toolkit.profiles import GROUPS, Profile, unpack
from bias_toolkit.repeats import Repeats, find_repeats
from bias_toolkit.strata import ENOUGH, SMALLEST, Strata, build_strata, label_column

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWS = 999  # of sides, for a p-value
FEWEST_TO_TEST = 10  # articles a side: below, a distance is described and never tested
_POWERS = 3  # of rarity: as many as five articles a side can tell without bias
_BINOMIAL = ((1,), (1, 1), (1, 2, 1), (1, 3, 3, 1))
_EQUAL = 1e-12  # distances of two draws that differ by less are one


def distances(
    part: Profile,
    *,
    words: str = "outlet",
    strata: str | Sequence[str] | None = "auto",
    seed: int | None = None,
    found: Repeats | None = None,
) -> pd.DataFrame:
    """Distances between the wordings of every two outlets, with 95 % intervals.

    One row a pair: a, b (in alphabetical order), distance, low, high, p; stratified,
    stratified_low, stratified_high, stratified_p: what would be left if both outlets had written
    the same mix of *strata* and lengths; articles (of both), a_articles, b_articles, strata (their
    number), share_used (of the articles of that outlet which loses more, in strata with two or
    more articles of each), labelled (of those that can be compared: the share not matched by
    length alone).

    The distance is the unbiased squared maximum mean discrepancy (Gretton et al. 2012) of cosines
    between articles, words weighed by sublinear tf-idf (see `_squared_idf`).  0 is no difference
    beyond that between articles of one outlet, and estimates of it fall on both sides of 0.  It
    is one of style, topics, length and house dialect together, and no measure of bias; the
    stratified one is that of style and dialect, as far as the strata tell topics apart.

    Intervals: delete-one-article jackknife, Welch's t, idf held; none below five articles a side.
    p, for a *seed*: articles change sides, DRAWS times; none below FEWEST_TO_TEST a side.  Titles
    count, page chrome and furniture do not, copies and stock sentences count once an outlet:
    *found* is what `find_repeats` found in *part*, and is looked for if not given.  *strata*:
    "auto" (topic and month as far as there are such columns), names of columns ("month" is
    derived from dates), or None; length always.

    Raises KeyError for an unknown word group or column, ValueError for fewer than two outlets or
    repeats of another profile.
    """
    if words not in GROUPS:
        raise KeyError(f"no word group {words!r}; there are {', '.join(GROUPS)}")
    if len(part.outlets) < 2:
        raise ValueError(
            f"only one outlet here ({', '.join(part.outlets)}): a distance needs two or more"
        )
    labels = label_columns(part.units, strata)
    found = find_repeats(part) if found is None else found
    bags = count_bags(part, words, found, labels)
    return pd.DataFrame([pair_row(bags, a, b, seed) for a, b in combinations(part.outlets, 2)])


def map_of(table: pd.DataFrame, column: str = "distance") -> pd.DataFrame:
    """Coordinates of outlets on a map whose squared distances are near those of the *table*.

    One row an outlet, in alphabetical order: outlet, x, y.  Classical scaling (Torgerson 1952)
    of *column* of a table by `distances`, which are squared already; ``attrs["shown"]`` is the
    share of their spread that two dimensions show.  Estimates below 0 count as they are, so that
    no noise is turned into distance.  The map may be turned round at will: the first outlet that
    is far from the middle is put to the right and to the top.
    Raises KeyError for an unknown column, ValueError for a pair that is missing or has no
    distance.
    """
    if column not in table:
        raise KeyError(f"no column {column!r} in the table; give one that `distances` made")
    outlets = sorted({*table["a"], *table["b"]})
    squared = np.full((len(outlets), len(outlets)), np.nan)
    np.fill_diagonal(squared, 0.0)
    for a, b, value in table[["a", "b", column]].itertuples(index=False):
        i, j = outlets.index(a), outlets.index(b)
        squared[i, j] = squared[j, i] = value
    missing = np.argwhere(~np.isfinite(squared))
    if len(missing):
        a, b = (outlets[i] for i in missing[0])
        raise ValueError(f"no {column} between {a!r} and {b!r}: leave one of them out of the table")
    places, shown = _scaled(squared)
    result = pd.DataFrame({"outlet": outlets, "x": places[:, 0], "y": places[:, 1]})
    result.attrs["shown"] = shown
    return result


def _scaled(squared: Floats) -> tuple[Floats, float]:
    """Places in two dimensions, (outlets, 2), and the share of the spread that they show."""
    n = len(squared)
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    values = np.maximum(values[::-1], 0.0)
    places = np.zeros((n, 2))
    for axis in range(min(n, 2)):
        place = vectors[:, n - 1 - axis] * sqrt(values[axis])
        far = np.flatnonzero(np.abs(place) >= np.abs(place).max() / 2)[0]
        places[:, axis] = place if place[far] >= 0 else -place
    total = float(values.sum())
    return places, float(values[:2].sum()) / total if total > 0 else 1.0


# ------------------------------------------------------------------ articles as bags of words


@dataclass(frozen=True)
class Bags:
    """The articles that count, in the order of outlet and id.

    `tf` is CSR, articles x words, sublinear (1 + ln of the uses), columns in the order of the
    words' spelling; the rest is (articles,).
    """

    tf: Any
    outlet: NDArray[np.object_]
    ids: NDArray[np.object_]
    words: Integers
    labels: list[NDArray[np.object_]]

    def of(self, outlet: str) -> slice:
        """The rows of one outlet."""
        rows = np.flatnonzero(self.outlet == outlet)
        return slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)

    def dealt(self, rows: Integers, outlets: Sequence[str]) -> Bags:
        """Some of the articles, each given to another outlet: to see what chance would show."""
        outlet = np.array(outlets, object)
        order = np.lexsort((self.ids[rows].astype(str), outlet.astype(str)))
        at = rows[order]
        labels = [column[at] for column in self.labels]
        return Bags(self.tf[at], outlet[order], self.ids[at], self.words[at], labels)


def label_columns(
    units: pd.DataFrame, strata: str | Sequence[str] | None
) -> list[NDArray[np.object_]]:
    """The columns that articles must be alike in, as strings; "" is unknown.

    *strata* and KeyError as in `distances`.
    """
    if strata is None:
        names: list[str] = []
    elif strata == "auto":
        names = [name for name in ("topic", "month") if name in units or name == "month"]
    else:
        names = [strata] if isinstance(strata, str) else list(strata)
    return [label_column(units, name) for name in names]


def count_bags(
    part: Profile, words: str, found: Repeats, labels: list[NDArray[np.object_]]
) -> Bags:
    """Count the words of each article, without what recurs.

    *labels* as from `label_columns`.  Raises ValueError for repeats of another profile.
    """
    from scipy.sparse import csr_array

    if len(found.aside) != len(part.word) or len(found.copy_of) != len(part.units):
        raise ValueError(
            f"these repeats were found in {len(found.copy_of):,} articles and the profile has "
            f"{len(part.units):,}: find_repeats must be given the same profile"
        )
    voice, field, _ = unpack(part.marks)
    counted = part.is_word & (field != OTHER) & np.isin(voice, GROUPS[words]) & found.once(part)
    unit = part.unit[counted]
    outlet, ids = (part.units[name].to_numpy(object) for name in ("outlet", "id"))
    order = np.lexsort((ids.astype(str), outlet.astype(str)))
    order = order[np.bincount(unit, minlength=len(order))[order] > 0]
    place = np.full(len(outlet), -1)
    place[order] = np.arange(len(order))
    used, word = np.unique(part.word[counted], return_inverse=True)
    spelling = np.empty(len(used), np.int64)
    spelling[np.argsort(part.vocabulary[used].astype(str), kind="stable")] = np.arange(len(used))
    keys, uses = np.unique(place[unit] * len(used) + spelling[word], return_counts=True)
    row, column = np.divmod(keys, max(len(used), 1))
    pointer = np.searchsorted(row, np.arange(len(order) + 1))
    return Bags(
        tf=csr_array((1 + np.log(uses), column, pointer), shape=(len(order), len(used))),
        outlet=outlet[order],
        ids=ids[order],
        words=np.bincount(place[unit], minlength=len(order)),
        labels=[column[order] for column in labels],
    )


# ------------------------------------------------------------------ two outlets


@dataclass(frozen=True)
class _Pair:
    """Two outlets' articles; `tf` has only the columns of words that they use."""

    tf: Any
    is_a: Flags
    ids: NDArray[np.object_]
    words: Integers
    labels: list[NDArray[np.object_]]


def pair_row(bags: Bags, a: str, b: str, seed: int | None) -> dict[str, Any]:
    """The row of `distances` for the outlets *a* and *b*, p only for a *seed*."""
    pair = _pair(bags, a, b)
    sizes = int(pair.is_a.sum()), int((~pair.is_a).sum())
    whole = Estimate(np.nan, np.nan, np.nan)
    within, used, p = whole, np.full(len(pair.ids), -1), (np.nan, np.nan)
    labelled = 0.0
    if min(sizes) >= 2:
        likeness = _likeness(pair)
        every = np.zeros(len(pair.ids), np.int64)
        whole = _estimate(likeness, every)
        used, labelled = _strata(pair)
        within = _estimate(likeness, used)
        if seed is not None:
            p = _p(pair, every, seed), _p(pair, used, seed)
    shares = [float((used[side] >= 0).mean()) for side in (pair.is_a, ~pair.is_a) if side.any()]
    return {
        "a": a,
        "b": b,
        **dict(zip(("distance", "low", "high"), whole, strict=True)),
        "p": p[0],
        **dict(zip(("stratified", "stratified_low", "stratified_high"), within, strict=True)),
        "stratified_p": p[1],
        "articles": sum(sizes),
        "a_articles": sizes[0],
        "b_articles": sizes[1],
        "strata": int(used.max(initial=-1)) + 1,
        "share_used": min(shares, default=0.0),
        "labelled": labelled,
    }


def _pair(bags: Bags, a: str, b: str) -> _Pair:
    from scipy.sparse import vstack

    one, other = bags.of(a), bags.of(b)
    both = np.r_[one, other]
    return _Pair(
        tf=_with_used_columns(vstack([bags.tf[one], bags.tf[other]], format="csr")),
        is_a=np.arange(len(both)) < one.stop - one.start,
        ids=bags.ids[both],
        words=bags.words[both],
        labels=[column[both] for column in bags.labels],
    )


def _with_used_columns(matrix: Any) -> Any:
    """A CSR matrix without its empty columns."""
    from scipy.sparse import csr_array

    used = np.bincount(matrix.indices, minlength=matrix.shape[1]) > 0
    number = np.cumsum(used) - 1
    shape = (matrix.shape[0], int(used.sum()))
    return csr_array((matrix.data, number[matrix.indices], matrix.indptr), shape=shape)


def _strata(pair: _Pair) -> tuple[Integers, float]:
    """Strata with two or more articles of each outlet, numbered from 0; -1 elsewhere.

    And the share of the articles in them that still have a label.

    Labels are pooled until ENOUGH of either outlet's articles stand in such strata.  Where one
    outlet's articles are all longer than the other's, none may.
    """
    labels = [column.tolist() for column in pair.labels]
    smallest = SMALLEST
    while True:
        built = build_strata(labels, pair.words, pair.is_a, smallest=smallest)
        used = _in_twos(built, pair.is_a)
        shares = min(float((used[side] >= 0).mean()) for side in (pair.is_a, ~pair.is_a))
        if shares >= ENOUGH or not labels or smallest > len(used):
            return used, built.labelled
        smallest *= 2


def _in_twos(built: Strata, is_a: Flags) -> Integers:
    """Strata in which an outlet has but one article join the next of their cell by length.

    Pooling their labels instead would give up topics for the sake of finer lengths.
    """
    kept = built.stratum >= 0
    many = int(built.stratum.max(initial=-1)) + 1
    size = [np.bincount(built.stratum[kept & side], minlength=many) for side in (is_a, ~is_a)]
    cell = np.zeros(many, np.int64)
    cell[built.stratum[kept]] = built.cell[kept]

    def single(group: list[int]) -> bool:
        return min(int(count[group].sum()) for count in size) < 2

    groups: list[list[int]] = []
    for number in np.unique(built.stratum[kept]).tolist():  # by cell, and within it by length
        if groups and cell[groups[-1][0]] == cell[number] and single(groups[-1]):
            groups[-1].append(number)
        else:
            groups.append([number])
    for at in range(len(groups) - 1, 0, -1):
        if single(groups[at]) and cell[groups[at][0]] == cell[groups[at - 1][0]]:
            groups[at - 1] += groups.pop(at)
    groups = [group for group in groups if not single(group)]
    joined = np.full(many + 1, -1)
    for new, group in enumerate(groups):
        joined[group] = new
    return joined[built.stratum]


def _squared_idf(carriers: Sequence[Floats], articles: Sequence[int], powers: int) -> Floats:
    """Squares of words' inverse document frequencies, which two articles' product is weighed by.

    *carriers* are both outlets' other articles that have each word, of so many *articles*.  With q
    the share of articles without the word, mean of both outlets, the square is
    1 + q + q^2 / 2 + q^3 / 3, where the logarithm's series 1 - ln(1 - q) begins.  The whole
    logarithm grows with the number of articles, and distances shrink with it; a power of q is
    reckoned here as the share of sets of so many articles none of which has the word, whose mean
    is the same whatever their number (Hoeffding 1948).
    """
    one, other = (_without(n, total, powers) for n, total in zip(carriers, articles, strict=True))
    squared = np.ones(len(carriers[0]))
    for power in range(1, powers + 1):
        for k, ways in enumerate(_BINOMIAL[power]):
            # Both ways round at once, so that exchanging the outlets changes no bit.
            sets = one[k] * other[power - k] + one[power - k] * other[k]
            squared += ways * sets / 2 ** (power + 1) / power
    return squared


def _without(carriers: Floats, articles: int, powers: int) -> list[Floats]:
    """Shares of the sets of 0, 1, ... articles none of which has the word."""
    shares = [np.ones(len(carriers))]
    for taken in range(powers):
        left = np.maximum(articles - carriers - taken, 0) / (articles - taken)
        shares.append(shares[-1] * left)
    return shares


class _Likeness(NamedTuple):
    """What similarities of articles are made of.

    `matrix` is CSR, articles x words: tf over the article's length in tf-idf.  Entries of two
    articles of b, of two of a, and of one each are multiplied with `own[0]`, `own[1]` and
    `across`, (words,), the squared idf as the other articles have it.  `side` is (articles,): 0 is
    b, 1 is a.
    """

    matrix: Any
    own: Floats
    across: Floats
    side: Integers


def _likeness(pair: _Pair) -> _Likeness:
    tf, side = pair.tf, pair.is_a.astype(np.int64)
    row, of = _entries(tf, side)
    sizes = np.bincount(side, minlength=2)
    carriers = [_counts(tf.indices[of == s], tf.shape[1]) for s in (0, 1)]
    powers = min(_POWERS, int(sizes.min()) - 2)

    def squared(b_less: int, a_less: int) -> Floats:
        """What the articles tell that remain without so many of either outlet, which carry it."""
        others = carriers[0] - b_less, carriers[1] - a_less
        return _squared_idf(others, (sizes[0] - b_less, sizes[1] - a_less), powers)

    alone = np.stack([squared(1, 0), squared(0, 1)])
    length = np.sqrt(np.bincount(row, tf.data**2 * alone[of, tf.indices], tf.shape[0]))
    matrix = tf.copy()
    matrix.data = tf.data / length[row]
    return _Likeness(matrix, np.stack([squared(2, 0), squared(0, 2)]), squared(1, 1), side)


def _entries(matrix: Any, side: Integers) -> tuple[Integers, Integers]:
    """The row of each entry of a CSR matrix, and its side."""
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return row, side[row]


def _counts(number: Integers, many: int, weights: Floats | None = None) -> Floats:
    return np.bincount(number, weights, minlength=many).astype(float)


# ------------------------------------------------------------------ the distance and its error


class _Cells(NamedTuple):
    """Strata of the articles that take part, each with two or more of either outlet.

    `side` and `stratum` are (articles,), `size` is (2, strata), b's first, `weight` (strata,).
    """

    side: Integers
    stratum: Integers
    size: Floats
    weight: Floats


class _Sums(NamedTuple):
    """Similarities of each article summed, (articles,) all of them.

    `own` to the others of its outlet in its stratum, `across` to those of the other outlet in it;
    `own_far` and `across_far` to those in other strata, of each the mean times its weight.
    """

    own: Floats
    across: Floats
    own_far: Floats
    across_far: Floats


def _estimate(likeness: _Likeness, stratum: Integers) -> Estimate:
    """The distance of outlets that are given one mix of strata, and its interval.

    Strata weigh n_a n_b / n in both outlets' mean articles, whose distance this is.  Articles in
    different strata are compared too, which only the mix makes fair: the mean of the distances
    within strata, each from a few articles, varies several times as much.  -1 takes no part.
    """
    kept = np.flatnonzero(stratum >= 0)
    if not len(kept):
        return Estimate(np.nan, np.nan, np.nan)
    side, stratum = likeness.side[kept], stratum[kept]
    many = int(stratum.max()) + 1
    size = np.stack([_counts(stratum[side == s], many) for s in (0, 1)])
    cells = _Cells(side, stratum, size, size.prod(axis=0) / size.sum(axis=0))
    value, without = _jackknifed(cells, _sums(likeness, kept, cells))
    spreads = _spread(without[side == 1]), _spread(without[side == 0])
    low, high = welch(value, spreads, (int((side == 1).sum()), int((side == 0).sum())))
    return Estimate(value, float(low), float(high))


def _jackknifed(cells: _Cells, sums: _Sums) -> tuple[float, Floats]:
    """The distance, and what it is without each article.

    A stratum that keeps one article of a side drops out.
    """
    side, stratum, size, weight = cells
    totals = [
        np.stack([_counts(stratum[side == s], size.shape[1], part[side == s]) for s in (0, 1)])
        for part in sums
    ]
    own, across, own_far, across_far = totals
    near = own / (size * (size - 1)) - across / size.prod(axis=0)
    far = (own_far - across_far) / size
    near_sum, far_sum = near.sum(axis=0), far.sum(axis=0)
    squared, whole = fsum(weight**2 * near_sum + weight * far_sum), fsum(weight)
    here, other = (side, stratum), (1 - side, stratum)
    n, m = size[here] - 1, size[other]
    moved = (own[here] - 2 * sums.own) / np.maximum(n * (n - 1), 1) + own[other] / (m * (m - 1))
    moved -= (across[here] + across[other] - 2 * sums.across) / (n * m)
    moved_far = (far[here] * (n + 1) - sums.own_far + sums.across_far) / n + far[other]
    before, after = weight[stratum], np.where(n > 1, n * m / (n + m), 0.0)
    without = squared - before**2 * near_sum[stratum] - 2 * before * far_sum[stratum]
    without += after**2 * moved + 2 * after * moved_far
    left = whole - before + after
    without = np.where(left > 0, without, np.nan) / np.where(left > 0, left, 1.0) ** 2
    return squared / whole**2, without


def _sums(likeness: _Likeness, kept: Integers, cells: _Cells) -> _Sums:
    """The sums of the articles *kept*, two passes over their words."""
    matrix = likeness.matrix[kept]
    side, stratum, size, weight = cells
    shares = weight / size
    every_own, every_across = _similar(likeness, matrix, side, shares[side, stratum])
    own, across = np.zeros(len(kept)), np.zeros(len(kept))
    for number in range(len(weight)):
        rows = np.flatnonzero(stratum == number)
        own[rows], across[rows] = _similar(likeness, matrix[rows], side[rows], np.ones(len(rows)))
    return _Sums(
        own=own - _with_itself(likeness, matrix, side),
        across=across,
        own_far=every_own - shares[side, stratum] * own,
        across_far=every_across - shares[1 - side, stratum] * across,
    )


def _similar(
    likeness: _Likeness, matrix: Any, side: Integers, shares: Floats
) -> tuple[Floats, Floats]:
    """Each article's similarities to all of its outlet and all of the other, times *shares*."""
    row, of = _entries(matrix, side)
    at, value, width = matrix.indices, matrix.data, matrix.shape[1]
    given = value * shares[row]
    total = np.stack([_counts(at[of == s], width, given[of == s]) for s in (0, 1)])
    own = value * total[of, at] * likeness.own[of, at]
    across = value * total[1 - of, at] * likeness.across[at]
    return _counts(row, len(side), own), _counts(row, len(side), across)


def _with_itself(likeness: _Likeness, matrix: Any, side: Integers) -> Floats:
    """What of an article's similarity to its outlet is that to itself."""
    row, of = _entries(matrix, side)
    return _counts(row, len(side), matrix.data**2 * likeness.own[of, matrix.indices])


def _spread(without: Floats) -> float:
    """The jackknife error of a number, given what it is without each article."""
    n = len(without)
    return sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))


# ------------------------------------------------------------------ permutation


def _p(pair: _Pair, stratum: Integers, seed: int) -> float:
    """The share of draws of sides within strata whose distance is as large as the observed one.

    The idf is that of both outlets' articles together, which no draw changes.
    """
    kept = np.flatnonzero(stratum >= 0)
    is_a, stratum = pair.is_a[kept], stratum[kept]
    if min(is_a.sum(), (~is_a).sum()) < FEWEST_TO_TEST:
        return np.nan
    unit = _unit_rows(pair.tf)[kept]
    cells = [np.flatnonzero(stratum == number) for number in np.unique(stratum)]
    bags = [_with_used_columns(unit[rows]) for rows in cells]

    def distance(sides: NDArray) -> Floats:
        """The distance in each draw, (articles, draws), times what is the same in all."""
        shares = np.empty(sides.shape)
        self_pairs = np.zeros(sides.shape[1])
        for rows, bag in zip(cells, bags, strict=True):
            shares[rows], more = _drawn(bag, sides[rows])
            self_pairs += more
        return ((unit.T @ shares) ** 2).sum(axis=0) + self_pairs

    observed = distance(is_a[:, None])[0] - _EQUAL
    units = Units(np.arange(len(kept)), is_a, stratum, states(pair.ids[kept].tolist(), seed))
    beaten = sum(int((distance(sides) >= observed).sum()) for sides in drawn_sides(units, DRAWS))
    return (1 + beaten) / (1 + DRAWS)


def _unit_rows(tf: Any) -> Any:
    """Articles as tf-idf of length 1."""
    rare = 1 - np.bincount(tf.indices, minlength=tf.shape[1]) / tf.shape[0]
    idf = np.sqrt(1 + rare + rare**2 / 2 + rare**3 / 3)
    row = np.repeat(np.arange(tf.shape[0]), np.diff(tf.indptr))
    unit = tf.copy()
    unit.data = tf.data * idf[tf.indices]
    unit.data /= np.sqrt(np.bincount(row, unit.data**2, tf.shape[0]))[row]
    return unit


def _drawn(unit: Any, sides: NDArray) -> tuple[Floats, Floats]:
    """Of one stratum: what each article counts for in each draw, and the excess of self-pairs.

    *sides* is (articles, draws), 1 is a.  An article counts for its outlet's share of the
    stratum's weight, positive in a and negative in b.
    """
    n, ours = len(sides), float(sides[:, 0].sum())
    theirs = n - ours
    weight = ours * theirs / n
    of_a = unit.T @ sides.astype(float)
    of_b = unit.sum(axis=0)[:, None] - of_a
    excess = np.zeros(sides.shape[1])
    for size, total in ((ours, of_a), (theirs, of_b)):
        excess += weight**2 * ((total**2).sum(axis=0) / size**2 - 1) / (size - 1)
    return np.where(sides, weight / ours, -weight / theirs), excess
