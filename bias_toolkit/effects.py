"""How large a difference is: odds ratios, rate ratios, and the smallest that could show.

Each estimate is of what one would find between further articles of the same strata, so its
interval comes from articles, never from words.  All are of the first outlet over the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

FEWEST_CARRIERS = 5  # articles a side: with fewer, no interval of a rate ratio covers
BASES = (0.02, 0.1, 0.3)  # shares of articles for which `smallest_detectable` is asked
POWER = 0.8
_PSEUDO = 2.0  # articles' worth of "no difference" added to all strata together


class Interval(NamedTuple):
    """Values and the ends of their 95 % intervals; float64 arrays, one entry a term."""

    value: Floats
    low: Floats
    high: Floats

    def mirrored(self) -> Interval:
        """The same seen from the other outlet, for a logarithm."""
        return Interval(-self.value, -self.high, -self.low)


@dataclass(frozen=True, eq=False)
class Margins:
    """Carriers of each term in each stratum, where there are any, sorted by term and stratum.

    `carriers` of both outlets and `carriers_first` of the first are parallel to `stratum`;
    `pointer` leads from a term to its entries, as in CSR.  `first` and `second` are the
    articles of both outlets in each stratum; neither is ever 0.
    """

    pointer: Integers
    stratum: Integers
    carriers: Integers
    carriers_first: Integers
    first: Integers
    second: Integers

    @property
    def term(self) -> Integers:
        """The term of each entry."""
        return np.repeat(np.arange(len(self.pointer) - 1), np.diff(self.pointer))

    def matrix(self) -> Any:
        """Carriers of both outlets as scipy CSR, terms x strata."""
        from scipy.sparse import csr_array

        shape = (len(self.pointer) - 1, len(self.first))
        return csr_array((self.carriers, self.stratum, self.pointer), shape=shape)

    def variances(self) -> Any:
        """Variance of the first outlet's count over share x (1 - share), as CSR."""
        matrix = self.matrix().astype(float)
        size = (self.first + self.second)[matrix.indices]
        matrix.data *= (size - matrix.data) / np.maximum(size - 1, 1)
        return matrix

    def per_term(self, values: NDArray) -> Floats:
        """Sums of the entries' *values* over each term's strata."""
        return np.bincount(self.term, values, len(self.pointer) - 1).astype(float)


def common_log_odds(margins: Margins) -> Interval:
    """Mantel-Haenszel log odds ratios of an article carrying each term.

    Variance after Robins, Breslow and Greenland (1986).  Two articles' worth of pseudo-counts,
    shared out over the strata in proportion to their margins, keep every value defined; they
    cost no coverage.  nan for a term that no stratum's articles carry.
    """
    strata = len(margins.first)
    none = _mantel_haenszel(np.zeros(strata), np.zeros(strata), margins, np.arange(strata))
    some = _mantel_haenszel(
        margins.carriers_first, margins.carriers - margins.carriers_first, margins, margins.stratum
    )
    # Most strata hold no carrier of most terms: they are summed once, and only the others differ.
    r, s, pr, ps_qr, qs = (
        empty.sum() + margins.per_term(part - empty[margins.stratum])
        for part, empty in zip(some, none, strict=True)
    )
    with np.errstate(invalid="ignore"):
        variance = pr / (2 * r**2) + ps_qr / (2 * r * s) + qs / (2 * s**2)
        value = np.log(r / s)
    value[margins.per_term(margins.carriers) == 0] = np.nan
    reach = _normal_quantile(0.975) * np.sqrt(variance)
    return Interval(value, value - reach, value + reach)


def _mantel_haenszel(
    a: NDArray, c: NDArray, margins: Margins, stratum: Integers
) -> tuple[Floats, ...]:
    """R, S, PR, PS + QR and QS of 2 x 2 tables with *a* and *c* carriers in the outlets."""
    first, second = margins.first[stratum], margins.second[stratum]
    share = _PSEUDO / 2 / max(len(margins.first), 1) / (first + second)
    extra_first, extra_second = share * first, share * second
    b, d = first - a + extra_first, second - c + extra_second
    a, c = a + extra_first, c + extra_second
    total = a + b + c + d
    r, s, p, q = a * d / total, b * c / total, (a + d) / total, (b + c) / total
    return r, s, p * r, p * s + q * r, q * s


def rate_ratios(uses: Any, is_first: NDArray[np.bool_], words: Floats) -> Interval:
    """Logarithms of the ratio of uses per word, with a jackknife over articles.

    *uses* is a scipy CSR matrix, terms x articles.  1/2 is added to each count of uses, and
    Student's t has Welch's (1947) degrees of freedom: no bootstrap is safe for rare words that
    come in bursts.  nan where fewer than FEWEST_CARRIERS articles of either outlet carry the
    term, or an outlet's words number 0.
    """
    rates, errors, freedom, enough = [], [], [], np.full(uses.shape[0], True)
    for side in (is_first, ~is_first):
        rate, error, carriers = _log_rates(uses, side, words)
        rates.append(rate)
        errors.append(error**2)
        freedom.append(max(int(side.sum()) - 1, 1))
        enough &= carriers >= FEWEST_CARRIERS
    with np.errstate(invalid="ignore", divide="ignore"):
        welch = (errors[0] + errors[1]) ** 2
        welch /= errors[0] ** 2 / freedom[0] + errors[1] ** 2 / freedom[1]
        reach = _t_quantile(welch) * np.sqrt(errors[0] + errors[1])
        value = np.where(enough, rates[0] - rates[1], np.nan)
    return Interval(value, value - reach, value + reach)


def _log_rates(uses: Any, side: NDArray[np.bool_], words: Floats) -> tuple[Floats, Floats, Floats]:
    """Log rates of one outlet, their standard errors, and the articles that carry each term.

    The error is the jackknife's: an article's deviation counts for as much as the rate would
    change without it.
    """
    length = np.where(side, words, 0.0)
    total = length.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.where(side, 1 / (1 - length / total) ** 2, 0.0)
        count = uses @ side.astype(float)
        rate = count / total
        spread = _squared(uses) @ weight - 2 * rate * (uses @ (length * weight))
        spread += rate**2 * (length**2 @ weight)
        error = np.sqrt(np.maximum(spread, 0)) / (count + 0.5)
        return np.log((count + 0.5) / total), error, _ones(uses) @ side.astype(float)


def _squared(uses: Any) -> Any:
    squares = uses.copy()
    squares.data = uses.data.astype(float) ** 2
    return squares


def _ones(uses: Any) -> Any:
    ones = uses.copy()
    ones.data = np.ones(len(uses.data))
    return ones


class Detectable(NamedTuple):
    """The smallest share of articles that would show where the other outlet's share is `base`.

    `a`: what a's share must be if b's is `base`, to be found in POWER of such comparisons; `b`
    the other way round; nan where not even 1 would show.
    """

    base: float
    a: float
    b: float


def smallest_detectable(a: int, b: int, critical: float) -> tuple[Detectable, ...]:
    """The smallest differences that *a* against *b* articles could show, for the shares in BASES.

    Of stratified articles, give those that are as telling without strata; *critical* is the
    exact p-value that a term must reach.
    """
    return tuple(
        Detectable(base, _needed(a, b, base, critical), _needed(b, a, base, critical))
        for base in BASES
    )


def _needed(here: int, there: int, base: float, critical: float) -> float:
    """The share of *here* articles found in POWER of cases against *base* of *there* articles."""
    from scipy.special import bdtr

    if not here or not there:
        return float("nan")
    # The other outlet's count at evenly spaced points of its distribution.
    chances = bdtr(np.arange(there + 1), there, base)
    others = np.searchsorted(chances, (np.arange(20) + 0.5) / 20)
    needed = np.array([_least_count(here, there, int(count), critical) for count in others])

    def power(share: float) -> float:
        return float(np.mean(np.where(needed > here, 0, 1 - bdtr(needed - 1.0, here, share))))

    low, high = base, 1.0
    if np.mean(needed <= here) < POWER:
        return float("nan")
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle) >= POWER else (middle, high)
    return high


def _least_count(here: int, there: int, other: int, critical: float) -> int:
    """The least carriers of *here* articles whose mid-p against *other* is *critical* or less."""
    low, high = int(np.ceil(other * here / there)), here + 1
    while low < high:
        middle = (low + high) // 2
        if 2 * _upper_mid_p(middle, here, there, other) <= critical:
            high = middle
        else:
            low = middle + 1
    return low


def _upper_mid_p(count: int, here: int, there: int, other: int) -> float:
    """Chance of more than *count* carriers here, and half that of just as many."""
    total = count + other
    k = np.arange(count, min(total, here) + 1)
    logs = _log_choose(here, k) + _log_choose(there, total - k) - _log_choose(here + there, total)
    chances = np.exp(logs)
    return float(chances.sum() - chances[0] / 2)


def two_sided(z: float) -> float:
    """The chance that a standard normal value lies further out than *z*."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def normal_value(p: Floats) -> Floats:
    """How far out a standard normal value lies whose two-sided chance is *p*; 0 or more."""
    from scipy.special import ndtri

    return -ndtri(np.minimum(p, 1.0) / 2) + 0.0


def _log_choose(n: int, k: NDArray | int) -> NDArray:
    from scipy.special import gammaln

    return gammaln(n + 1) - gammaln(np.add(k, 1)) - gammaln(np.subtract(n, k) + 1)


def _normal_quantile(share: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(share))


def _t_quantile(freedom: Floats) -> Floats:
    """The 97.5 % points of Student's t."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, 0.975))
