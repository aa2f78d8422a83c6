"""Test which terms two outlets use differently, the article being the unit of evidence.

Within strata whole articles are drawn to the outlets anew; a term is a finding if its exact
p-value is smaller than what the best of all terms reaches by such chance.  Everything is
reckoned for the alphabetically first outlet, articles in the order of their ids, and turned
round at the very end: so A against B mirrors B against A to the last bit, and the order of the
articles changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.clustering import DesignEffect, blocks, by_blocks, design_effect
from bias_toolkit.effects import (
    Detectable,
    Margins,
    common_log_odds,
    normal_value,
    rate_ratios,
    smallest_detectable,
    two_sided,
)
from bias_toolkit.exact import null_tables
from bias_toolkit.permutation import (
    STEP,
    ByMean,
    ByTable,
    Family,
    Scores,
    Units,
    counter_type,
    critical_score,
    observed_scores,
    rounded,
    states,
    step_down,
)
from bias_toolkit.strata import Strata

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ALPHA = 0.05  # family-wise
DRAWS = 1999
FEWEST_DRAWS = 39  # below, not even the smallest p could be at most ALPHA / 2
UBIQUITOUS = 0.5  # of the articles: presence can say little of words in more than these
RATE_SHARE = 0.5  # of ALPHA is spent on the rates of ubiquitous words, where there are any
UNITS = ("auto", "article", "block")
_WHOLE = 2.0**30  # values summed in draws are whole multiples of its inverse


@dataclass(frozen=True, eq=False)
class Carriers:
    """Which articles of two outlets carry which terms, and how often.

    `term`, `article` and `uses` are parallel, an entry for each term in each article that has
    it.  `is_a` says which articles are outlet a's, `words` how many words were compared in them,
    `ids` are their distinct names; `outlets` names a and b; `terms` is the number of terms.
    Raises ValueError where the arrays do not fit together or a side is empty.
    """

    term: NDArray[np.integer]
    article: NDArray[np.integer]
    uses: NDArray[np.integer]
    terms: int
    is_a: Flags
    words: NDArray
    ids: Sequence[str]
    outlets: tuple[str, str]

    def __post_init__(self) -> None:
        _check_lengths("term, article and uses", self.term, self.article, self.uses)
        _check_lengths("is_a, words and ids", self.is_a, self.words, self.ids)
        _check_range("term", self.term, self.terms)
        _check_range("article", self.article, len(self.is_a))
        if len(self.uses) and np.min(self.uses) < 1:
            raise ValueError(
                f"uses of {np.min(self.uses)}: a term that is listed is used 1 or more"
            )
        if len(self.words) and not np.min(self.words) >= 0:
            raise ValueError(f"an article of {np.min(self.words)} words: must be 0 or more")
        if self.outlets[0] == self.outlets[1]:
            raise ValueError(f"both outlets are called {self.outlets[0]!r}: two names are needed")
        for name, there in zip(self.outlets, (self.is_a, ~np.asarray(self.is_a)), strict=True):
            if not np.any(there):
                raise ValueError(f"no article of {name!r}: both sides need at least one")
        name, times = Counter(self.ids).most_common(1)[0]
        if times > 1:
            raise ValueError(f"article id {name!r} stands {times} times: ids must be distinct")


def _check_lengths(names: str, *arrays: Any) -> None:
    if len({len(array) for array in arrays}) > 1:
        lengths = ", ".join(str(len(array)) for array in arrays)
        raise ValueError(f"{names} have lengths {lengths}: they must be equally long")


def _check_range(name: str, numbers: NDArray, end: int) -> None:
    if len(numbers) and not (np.min(numbers) >= 0 and np.max(numbers) < end):
        wrong = numbers[(numbers < 0) | (numbers >= end)][0]
        raise ValueError(f"{name} {wrong} is not one of 0 to {end - 1}")


@dataclass(frozen=True, eq=False)
class Keyness:
    """What the tests found.

    `terms` has one row a term, in the order of their numbers; nan is undefined:

    - a_articles, b_articles: all that carry it; a_compared, b_compared: those in strata with
      both outlets, on which all that follows rests;
    - log_odds, low, high: of an article carrying it, positive where more of a's do;
    - log_rates, rates_low, rates_high: logarithm of a's uses per word over b's;
    - z: how far the term is from what chance gives, as a normal value, positive where a's; it
      ranks terms, also with blocks, where no p-value follows from it;
    - p, p_bh: exact mid-p, and adjusted for the share of false findings; nan with blocks;
    - p_fwer: adjusted for the chance of any false finding; found_by: presence or rate, the
      test that it is from; testable: whether the margins allow a finding at all.

    `unit` is article or block, `units` how many of them each outlet has in the comparison;
    `design_effects` a's and b's, None where there is too little to tell; `critical` the p-value
    that a term's presence must reach to be found; `detectable` the smallest differences that
    would have been found, a's share before b's.
    """

    terms: pd.DataFrame
    unit: str
    units: tuple[int, int]
    design_effects: tuple[DesignEffect | None, DesignEffect | None]
    critical: float
    detectable: tuple[Detectable, ...]


def compare_terms(
    carriers: Carriers,
    strata: Strata,
    *,
    days: Sequence[str] | None = None,
    unit: str = "auto",
    seed: int = 0,
    draws: int = DRAWS,
) -> Keyness:
    """Test every term between two outlets, within strata.

    *days* (articles,) are what an outlet's articles may hang together by; "" is unknown and
    stands alone.  *unit* is article, block (an outlet's articles of one day in one cell), or
    auto: blocks where the design effect asks for them.
    Raises ValueError for lengths that differ, an unknown unit, blocks without days, or fewer
    than FEWEST_DRAWS draws.
    """
    _check_options(carriers, strata, days, unit, draws)
    matched = _match(carriers, strata)
    state = states(matched.ids, seed)
    units = Units(np.arange(len(state)), matched.is_first, matched.stratum, state)
    effects: list[DesignEffect | None] = [None, None]
    if days is not None and len(state):
        day = _days(matched, days)
        effects = [_design(matched, side, day, state) for side in (True, False)]
        asked = any(effect.asks_for_blocks for effect in effects if effect)
        clumps = blocks(matched.is_first, matched.cell, day, state)
        if len(clumps.state) < len(state) and (unit == "block" or (unit == "auto" and asked)):
            units = clumps
    return _compared(carriers, matched, units, effects, draws)


def _check_options(
    carriers: Carriers, strata: Strata, days: Sequence[str] | None, unit: str, draws: int
) -> None:
    _check_lengths("is_a and stratum", carriers.is_a, strata.stratum)
    if days is not None:
        _check_lengths("is_a and days", carriers.is_a, days)
    if unit not in UNITS:
        raise ValueError(f"no unit {unit!r}: must be one of {', '.join(UNITS)}")
    if unit == "block" and days is None:
        raise ValueError("blocks are an outlet's articles of one day: days are needed")
    if draws < FEWEST_DRAWS:
        raise ValueError(f"{draws} draws: {FEWEST_DRAWS} or more are needed to reach p = {ALPHA}")


def _days(matched: _Matched, days: Sequence[str]) -> Integers:
    """Numbers of the days; an article of an unknown one has a day to itself."""
    known = np.asarray(days, dtype=str)[matched.rows]
    alone = np.char.add("?", np.asarray(matched.ids, dtype=str))
    return np.unique(np.where(known == "", alone, known), return_inverse=True)[1]


def _design(
    matched: _Matched, side: bool, day: Integers, state: NDArray[np.uint64]
) -> DesignEffect | None:
    """The design effect of one outlet's days."""
    own = np.flatnonzero(matched.is_first == side)
    units = blocks(matched.is_first[own], matched.cell[own], day[own], state[own])
    return design_effect(matched.presence[:, own], units, state[own])


@dataclass(frozen=True, eq=False)
class _Matched:
    """The articles that can be compared, in the order of their ids, from the first outlet's side.

    `rows` are their places in the carriers.  `uses` and `presence` are CSR, terms x articles;
    strata and cells count from 0, and every stratum has articles of both outlets.
    """

    rows: Integers
    ids: list[str]
    is_first: Flags
    stratum: Integers
    cell: Integers
    words: Floats
    uses: Any
    presence: Any
    margins: Margins


def _match(carriers: Carriers, strata: Strata) -> _Matched:
    """Leave out what cannot be compared, and put the rest into the order of ids."""
    from scipy.sparse import csr_array

    is_first = np.asarray(carriers.is_a, bool) ^ _mirrored(carriers)
    rows = np.argsort(np.asarray(carriers.ids, dtype=str), kind="stable")
    rows = rows[_shared(strata.stratum, is_first)[rows]]
    place = np.full(len(is_first), -1, np.int32)
    place[rows] = np.arange(len(rows))
    article = place[carriers.article]
    kept = article >= 0
    entries = np.asarray(carriers.uses)[kept], (np.asarray(carriers.term)[kept], article[kept])
    uses = csr_array(entries, shape=(carriers.terms, len(rows)))
    uses.sum_duplicates()
    ones = np.ones(len(uses.data), counter_type(len(rows)))
    presence = csr_array((ones, uses.indices, uses.indptr), shape=uses.shape)
    stratum = _renumbered(strata.stratum[rows])
    return _Matched(
        rows=rows,
        ids=[carriers.ids[row] for row in rows],
        is_first=is_first[rows],
        stratum=stratum,
        cell=_renumbered(strata.cell[rows]),
        words=np.asarray(carriers.words, float)[rows],
        uses=uses,
        presence=presence,
        margins=_margins(presence, is_first[rows], stratum),
    )


def _mirrored(carriers: Carriers) -> bool:
    """Whether b is the first outlet."""
    return carriers.outlets[0] > carriers.outlets[1]


def _shared(stratum: Integers, is_first: Flags) -> Flags:
    """Which articles stand in a stratum with articles of both outlets."""
    both = np.intersect1d(stratum[is_first], stratum[~is_first])
    return np.isin(stratum, both) & (stratum >= 0)


def _renumbered(labels: Integers) -> Integers:
    """Numbers from 0 in the order in which the labels first stand."""
    _, first, number = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[number]


def _margins(presence: Any, is_first: Flags, stratum: Integers) -> Margins:
    """Carriers by term and stratum, both outlets' and the first's, from one product."""
    from scipy.sparse import csr_array

    articles, strata = len(stratum), int(stratum.max(initial=-1)) + 1
    # Both counts ride in one number: the first outlet's above the lower 32 bits.
    both = 1 + (is_first.astype(np.int64) << 32)
    dealt = csr_array((both, stratum, np.arange(articles + 1)), shape=(articles, strata))
    counts = presence @ dealt
    counts.sort_indices()
    return Margins(
        pointer=counts.indptr.astype(np.int64),
        stratum=counts.indices.astype(np.int64),
        carriers=counts.data & (2**32 - 1),
        carriers_first=counts.data >> 32,
        first=np.bincount(stratum[is_first], minlength=strata),
        second=np.bincount(stratum[~is_first], minlength=strata),
    )


class _Presence(NamedTuple):
    """Terms as scored by presence; p-values are nan for blocks, which have none of a term's own.

    `z` is the observed score as a normal value without a sign.  `best` is the score that each
    term's margins allow, `best_p` the p-value.
    """

    family: Family
    z: Floats
    p: Floats
    best: Scores
    best_p: Floats


class _Tests(NamedTuple):
    """Results of the tests, the same from both sides."""

    z: Floats
    p: Floats
    p_bh: Floats
    p_fwer: Floats
    by_rate: Flags
    testable: Flags
    critical: float


def _compared(
    carriers: Carriers,
    matched: _Matched,
    units: Units,
    effects: list[DesignEffect | None],
    draws: int,
) -> Keyness:
    """Tests and effects, turned round where a is not the first outlet."""
    tests = _tested(matched, units, draws)
    singly = _single(units, matched)
    numbers = [int(units.is_first.sum()), int((~units.is_first).sum())]
    weight = _efficiency(matched.margins)
    if not singly:
        weight /= max([1.0, *(effect.median for effect in effects if effect)])
    telling = [int(n.sum() * weight) for n in (matched.margins.first, matched.margins.second)]
    turn = -1 if _mirrored(carriers) else 1
    return Keyness(
        terms=_table(carriers, matched, tests),
        unit="article" if singly else "block",
        units=(numbers[::turn][0], numbers[::turn][1]),
        design_effects=(effects[::turn][0], effects[::turn][1]),
        critical=tests.critical,
        detectable=smallest_detectable(telling[::turn][0], telling[::turn][1], tests.critical),
    )


def _single(units: Units, matched: _Matched) -> bool:
    """Whether every unit is one article."""
    return len(units.state) == len(matched.rows)


def _efficiency(margins: Margins) -> float:
    """What is left of the articles' information after stratifying: 1 in one stratum, 0 in none."""
    a, b = margins.first, margins.second
    if not len(a):
        return 0.0
    return float((a * b / (a + b)).sum() / (a.sum() * b.sum() / (a + b).sum()))


def _tested(matched: _Matched, units: Units, draws: int) -> _Tests:
    """Presence by min-P and, the level shared out, the rates of ubiquitous words by max-T.

    Which words are ubiquitous hangs on both outlets together, so no draw can change it.
    """
    if not len(matched.rows):
        return _untested(len(matched.margins.pointer) - 1)
    total = matched.margins.per_term(matched.margins.carriers)
    often = np.flatnonzero(total > UBIQUITOUS * len(matched.rows))
    presence = _by_article(matched) if _single(units, matched) else _by_block(matched, units)
    observed = matched.is_first[:, None].astype(matched.presence.dtype)
    rates = _rates(matched, often, units)
    families = [presence.family, rates]
    (p_fwer, best), (p_rate, _) = step_down(families, observed, units, draws)
    share = RATE_SHARE if len(often) else 0.0
    p_fwer, p_rate = p_fwer / (1 - share), p_rate / max(share, 1e-9)
    by_rate = np.zeros(len(p_fwer), bool)
    by_rate[often] = p_rate < p_fwer[often]
    p_fwer[often] = np.minimum(p_rate, p_fwer[often])
    z = presence.z.copy()
    z[often] = np.where(by_rate[often], observed_scores(rates, observed) / STEP, z[often])
    p_fwer = np.minimum(p_fwer, 1.0)
    critical = critical_score(best, ALPHA * (1 - share))
    testable = (presence.best >= critical) | (p_fwer <= ALPHA)
    testable[often] = True
    return _Tests(
        z,
        presence.p,
        benjamini_hochberg(presence.p, presence.best_p),
        p_fwer,
        by_rate,
        testable,
        10 ** (-critical / STEP) if _single(units, matched) else two_sided(critical / STEP),
    )


def _untested(terms: int) -> _Tests:
    """What can be said where no stratum has both outlets."""
    none, no = np.full(terms, np.nan), np.zeros(terms, bool)
    return _Tests(none, none, none, none, no, no, float("nan"))


def _by_article(matched: _Matched) -> _Presence:
    """Exact mid-p of each term, and its table of them for all draws."""
    margins = matched.margins
    tables = null_tables(margins.matrix(), margins.first, margins.second)
    count = margins.per_term(margins.carriers_first).astype(np.int64)
    family = ByTable(matched.presence, tables.start, _score(tables.p))
    best_p = tables.attainable()
    p = tables.p[tables.start + count]
    return _Presence(family, normal_value(p), p, _score(best_p), best_p)


def _by_block(matched: _Matched, units: Units) -> _Presence:
    """Deviance on the scale of each term's blocks."""
    family, best = by_blocks(matched.presence, matched.margins, matched.stratum, units)
    observed = matched.is_first[:, None].astype(matched.presence.dtype)
    none = np.full(len(best), np.nan)
    return _Presence(family, observed_scores(family, observed) / STEP, none, best, none)


def _score(p: Floats) -> Scores:
    return rounded(-np.log10(p))


def _rates(matched: _Matched, terms: Integers, units: Units) -> ByMean:
    """Roots of uses per word, less their stratum's mean.

    The root steadies the variance of counts, so that no burst of one word in one article rules
    the sum.  Moments over all draws after Strasser and Weber (1999).
    """
    strata, sizes = matched.stratum, np.bincount(matched.stratum)
    root = np.sqrt(matched.uses[terms].toarray() / np.maximum(matched.words, 1))
    mean = _by_group(root, strata, len(sizes)) / sizes
    values = np.rint((root - mean[:, strata]) * _WHOLE)
    n = np.bincount(units.stratum)
    first = np.bincount(units.stratum, units.is_first)
    unit_sums = _by_group(values, units.of_article, len(units.state))
    sums, squares = (_by_group(part, units.stratum, len(n)) for part in (unit_sums, unit_sums**2))
    variance = (squares - sums**2 / n) @ (first * (n - first) / (n * np.maximum(n - 1, 1)))
    return ByMean(values, sums @ (first / n), np.sqrt(np.maximum(variance, 1.0)))


def _by_group(values: Floats, group: Integers, groups: int) -> Floats:
    """Sums over the columns of each group; (rows, groups)."""
    sums = [np.bincount(group, row, groups) for row in values]
    return np.stack(sums) if sums else np.empty((0, groups))


def benjamini_hochberg(p: Floats, attainable: Floats) -> Floats:
    """Adjusted p-values (Benjamini and Hochberg 1995) among the terms that could reach ALPHA.

    Terms whose margins do not allow a p-value of ALPHA get 1 and burden no other (Gilbert 2005);
    nan stays nan.
    """
    adjusted = np.where(np.isnan(p), np.nan, 1.0)
    able = np.flatnonzero(attainable <= ALPHA)
    order = able[np.argsort(p[able], kind="stable")]
    steps = p[order] * len(able) / np.arange(1, len(able) + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return adjusted


def _table(carriers: Carriers, matched: _Matched, tests: _Tests) -> pd.DataFrame:
    """All terms' counts, effects and p-values, a before b."""
    odds = common_log_odds(matched.margins)
    rates = rate_ratios(matched.uses, matched.is_first, matched.words)
    if _mirrored(carriers):
        odds, rates = odds.mirrored(), rates.mirrored()
    is_a = np.asarray(carriers.is_a, bool)
    here = is_a[carriers.article]
    total = matched.margins.per_term(matched.margins.carriers).astype(np.int64)
    first = matched.margins.per_term(matched.margins.carriers_first).astype(np.int64)
    compared = (total - first, first) if _mirrored(carriers) else (first, total - first)
    direction = np.where(tests.by_rate, rates[0], odds[0])
    columns = {
        "a_articles": np.bincount(carriers.term[here], minlength=carriers.terms),
        "b_articles": np.bincount(carriers.term[~here], minlength=carriers.terms),
        "a_compared": compared[0],
        "b_compared": compared[1],
        **dict(zip(("log_odds", "low", "high"), odds, strict=True)),
        **dict(zip(("log_rates", "rates_low", "rates_high"), rates, strict=True)),
        "z": tests.z * np.sign(direction),
        "p": tests.p,
        "p_bh": tests.p_bh,
        "p_fwer": tests.p_fwer,
        "found_by": np.where(tests.by_rate, "rate", "presence"),
        "testable": tests.testable,
    }
    return pd.DataFrame(columns)
