"""How many different sources an outlet hears: indices of diversity, with intervals over articles.

A share of each source is a probability; an index says how far the words are spread over sources.
What few articles show is too little spread, so that beside the index of the articles at hand
stands one corrected for their number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.metrics import FEWEST, Estimate
from bias_toolkit.profiles import Profile
from bias_toolkit.sourcing import credited

Floats = NDArray[np.float64]

BY = ("speaker", "kind", "side", "actor")
INDICES = ("simpson", "effective", "exp_shannon")
COVERED = 0.5  # of what there is to hear: below, the unheard outweigh what could be corrected by
SEEN = 0.95  # share of words whose source recurs; below, an entropy's interval misses too often
_ROUNDING = 1e-12  # of the value: a smaller spread is no spread, only the error of the sums


@dataclass(frozen=True)
class Index:
    """One index of some articles: as they stand, corrected for their number, and its interval.

    `error` is the standard error of `corrected`, nan where no difference should be built on it.
    """

    value: float
    corrected: float
    error: float
    low: float
    high: float


def diversity(part: Profile) -> pd.DataFrame:
    """One row an outlet, grouping and index: how evenly its words are spread over sources.

    Columns: outlet; by (speaker, kind, side, actor); index; articles (with a known source);
    sources (different ones); known (the share of the quoted and reported words whose outermost
    source is known: only these are looked at); seen (the share of these words whose source is
    heard in two articles or more); coverage (estimated from how many sources are heard in one
    article only and in two: the chance that a source of a further article is among those heard,
    Chao and Jost 2012, for articles as Chao et al. 2014); value; corrected, low, high; reason
    (why a number is not corrected, else "").  With p the share of each source, in words:

    simpson      1 - sum p^2 (Gini 1912; Simpson 1949): the chance that two words have different
                 sources; 0: all have one.  `corrected` is without bias: the two words come from
                 different articles.
    effective    1 / sum p^2 (Hill 1973, order 2): so many sources heard equally would give the
                 same; corrected and bounded through simpson.
    exp_shannon  exp(-sum p ln p) (Shannon 1948; Hill 1973, order 1): likewise, rare sources
                 counting more.  Corrected by the jackknife over articles.  Zahl (1977) proposed
                 it for the entropy, over the quadrats of a sample; here it is taken of the
                 exponential, which is what is shown.

    A source is whoever bears its name: two persons of one name are one here, and one person under
    two names (Peskov in this article, Dmitry Peskov in that) is two.

    `corrected`, low and high (95 %, delete-one jackknife, Student's t) only from FEWEST articles
    on.  No number of sources is corrected where coverage is below COVERED: where most were heard
    once, how many there are is extrapolated from next to nothing.  The interval of exp_shannon
    only where SEEN of the words have a source that recurs: before, each further article brings
    new sources, and how many there are cannot be told.
    Higher: more different sources.
    """
    rows = []
    for outlet, by, known, tally in _tallies(part):
        for name, found in tally.indices().items():
            about = (tally.articles, tally.sources, known, tally.seen, tally.coverage)
            values = (found.value, found.corrected, found.low, found.high)
            why = tally.reason(by) if np.isnan(found.corrected) else ""
            rows.append((outlet, by, name, *about, *values, why))
    columns = ["outlet", "by", "index", "articles", "sources", "known", "seen", "coverage"]
    return pd.DataFrame(rows, columns=[*columns, "value", "corrected", "low", "high", "reason"])


def diversity_of_two(part: Profile, a: str, b: str) -> pd.DataFrame:
    """One row a grouping and index: what two outlets have, and the difference.

    Columns: by, index, a, b (of the articles as they stand), a_corrected, b_corrected,
    difference (of the corrected ones, a less b), low, high (95 %, Welch 1947).  The interval is
    nan where either outlet has none of its own, and for `effective`: whether that differs is
    what simpson says.
    """
    found = {
        (outlet, by): (tally.articles, tally.indices()) for outlet, by, _, tally in _tallies(part)
    }
    rows = []
    for by in BY:
        (n_a, mine), (n_b, theirs) = found[a, by], found[b, by]
        for name in INDICES:
            x, y = mine[name], theirs[name]
            values = (x.value, y.value, x.corrected, y.corrected)
            rows.append((by, name, *values, *_difference(x, y, n_a, n_b)))
    columns = ["by", "index", "a", "b", "a_corrected", "b_corrected", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


# ------------------------------------------------------------------ counting


def _tallies(part: Profile) -> Iterator[tuple[str, str, float, Tally]]:
    """Outlet, grouping, share of words whose source is known, and the words of the known ones."""
    table = credited(part)
    words = (table["words_quoted"] + table["words_reported"]).to_numpy(float)
    outlets, unit = table["outlet"].to_numpy(dtype=object), table["unit"].to_numpy()
    for outlet in part.outlets:
        mine = (outlets == outlet) & (words > 0)
        total = words[mine].sum()
        for by in BY:
            source = table[f"outer_{by}"].to_numpy(dtype=object)
            some = mine & (source != "") & (source != "unknown")
            known = float(words[some].sum() / total) if total else np.nan
            yield outlet, by, known, Tally.of(unit[some], source[some], words[some])


@dataclass(frozen=True)
class Tally:
    """Words of each source in each article, one row a pair that occurs; articles from 0."""

    article: NDArray[np.int64]
    source: NDArray[np.int64]
    words: Floats
    articles: int
    sources: int

    @classmethod
    def of(cls, unit: NDArray, source: NDArray, words: Floats) -> Tally:
        """The tally of words that stand in *unit* and are *source*'s."""
        units, article = np.unique(unit, return_inverse=True)
        names, group = np.unique(source.astype(str), return_inverse=True)
        # Summed in the order of names, so that the order of articles changes no bit.
        pairs, at = np.unique(article * max(len(names), 1) + group, return_inverse=True)
        article, group = np.divmod(pairs, max(len(names), 1))
        return cls(article, group, _summed(at, words, len(pairs)), len(units), len(names))

    @property
    def seen(self) -> float:
        """The share of the words whose source is heard in two articles or more."""
        if not self.sources:
            return np.nan
        again = np.bincount(self.source, minlength=self.sources)[self.source] > 1
        return float(self.words[again].sum() / self.words.sum())

    @property
    def coverage(self) -> float:
        """The estimated chance that a source of a further article is one of these.

        With Q1 and Q2 sources heard in one and in two of T articles, and U pairs of a source and
        an article: 1 - Q1/U * (T-1) Q1 / ((T-1) Q1 + 2 Q2); where Q2 is 0, the fraction is
        (T-1) (Q1-1) / ((T-1) (Q1-1) + 2) (Chao and Jost 2012; for articles Chao et al. 2014).
        """
        if self.articles < 2:
            return np.nan
        heard_in = np.bincount(self.source, minlength=self.sources)
        once, twice = int((heard_in == 1).sum()), int((heard_in == 2).sum())
        more = (self.articles - 1) * (once if twice else once - 1)
        if once == 0 or more == 0:
            return 1.0
        return 1 - once / len(self.source) * more / (more + 2 * max(twice, 1))

    def reason(self, by: str) -> str:
        """Why the number of sources is not corrected, "" if it is."""
        if not self.articles:
            return "no known source"
        if self.articles < FEWEST:
            return f"fewer than {FEWEST} articles with a known source"
        why = f"most {by}s were heard in one article only: too little to tell"
        return why if self._thin else ""

    @property
    def _thin(self) -> bool:
        return not self.coverage >= COVERED

    def indices(self) -> dict[str, Index]:
        """The indices of all articles, by name."""
        if not self.articles:
            return dict.fromkeys(INDICES, Index(*[np.nan] * 5))
        simpson = self._simpson()
        return {
            "simpson": simpson,
            "effective": self._effective(simpson),
            "exp_shannon": self._exp_shannon(),
        }

    def _by_article(self, values: Floats) -> Floats:
        return _summed(self.article, values, self.articles)

    def _totals(self) -> tuple[Floats, Floats, Floats]:
        """Words of all sources; those of each row's source, with the row's article and without."""
        total = _summed(self.source, self.words, self.sources)
        whole = total[self.source]
        return total, whole, whole - self.words

    def _simpson(self) -> Index:
        total, whole, rest = self._totals()
        n = total.sum()
        size, within = self._by_article(self.words), self._by_article(self.words**2)
        lost = self._by_article(whole**2 - rest**2)
        # Pairs of words from different articles, and those of them with one source; all, and
        # without each article.  Whole numbers, so that no order of summing matters.
        same = (total**2).sum() - within.sum()
        pairs = n**2 - (size**2).sum()
        pairs_without = pairs - 2 * size * (n - size)
        with np.errstate(divide="ignore", invalid="ignore"):
            corrected = float(1 - np.divide(same, pairs))
            without = 1 - (same - lost + within) / pairs_without
        value = float(1 - (total**2).sum() / n**2)
        return _bounded(value, corrected, without, (0.0, 1.0))

    def _effective(self, simpson: Index) -> Index:
        if self._thin:
            with np.errstate(divide="ignore"):
                return Index(float(1 / np.subtract(1, simpson.value)), *[np.nan] * 4)
        with np.errstate(divide="ignore"):
            values = [
                float(1 / np.subtract(1, x))
                for x in (simpson.value, simpson.corrected, simpson.low, simpson.high)
            ]
        value, corrected, low, high = values
        return Index(value, corrected, np.nan, low, high)

    def _exp_shannon(self) -> Index:
        total, whole, rest = self._totals()
        n = total.sum()
        left = n - self._by_article(self.words)
        logs = math.fsum(_t_log_t(total))
        lost = self._by_article(_t_log_t(whole) - _t_log_t(rest))
        with np.errstate(divide="ignore", invalid="ignore"):
            without = np.exp(np.log(left) - (logs - lost) / left)
        value = math.exp(math.log(n) - logs / n)
        if self._thin:
            return Index(value, *[np.nan] * 4)
        corrected = self.articles * value - (self.articles - 1) * _mean(without)
        found = _bounded(value, corrected, without, (1.0, np.inf))
        if self.seen >= SEEN:
            return found
        return Index(value, found.corrected, np.nan, np.nan, np.nan)


def _summed(group: NDArray[np.integer], values: Floats, size: int) -> Floats:
    """The sum of the values of each group."""
    return np.asarray(np.bincount(group, values, minlength=size), float)


def _t_log_t(values: Floats) -> Floats:
    return values * np.log(np.maximum(values, 1))


def _mean(values: Floats) -> float:
    """The mean, the same to the last bit in whatever order the articles come."""
    return math.fsum(values) / len(values)


# ------------------------------------------------------------------ intervals


def _bounded(value: float, corrected: float, without: Floats, bounds: tuple[float, float]) -> Index:
    """An index with its jackknife error and interval; *without* leaves out one article each."""
    n = len(without)
    if n < FEWEST:
        return Index(value, np.nan, np.nan, np.nan, np.nan)
    middle = _mean(without)
    error = math.sqrt((n - 1) / n * math.fsum((without - middle) ** 2))
    if not error > _ROUNDING * abs(middle):
        return Index(value, corrected, np.nan, np.nan, np.nan)
    reach = _t_quantile(n - 1) * error
    low, high = np.clip([corrected - reach, corrected + reach], *bounds)
    return Index(value, corrected, error, float(low), float(high))


def _difference(a: Index, b: Index, n_a: int, n_b: int) -> Estimate:
    if not np.isfinite([a.corrected, b.corrected]).all():
        return Estimate(np.nan, np.nan, np.nan)
    value = a.corrected - b.corrected
    error = float(np.hypot(a.error, b.error))
    if not error > 0:
        return Estimate(value, np.nan, np.nan)
    reach = _t_quantile(error**4 / (a.error**4 / (n_a - 1) + b.error**4 / (n_b - 1))) * error
    return Estimate(value, value - reach, value + reach)


def _t_quantile(freedom: float) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.special import stdtrit  # scipy.stats would add a second to every start

    return float(stdtrit(freedom, 0.975))
