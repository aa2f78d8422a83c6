"""Say which words a difference between two outlets comes from, each with its error bar.

A mean is a sum over terms of how often a term is used times what a use scores.  So the difference
of two means falls apart into one contribution a term, and as each contribution is again a
difference of two means over articles, the jackknife says how sure it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from vaderSentiment import vaderSentiment as vader

from bias_toolkit.cleaning import OTHER
from bias_toolkit.metrics import (
    FEWEST,
    Estimate,
    Metric,
    difference,
    ratio,
    welch,
)
from bias_toolkit.profiles import GROUPS, Profile, unpack

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SENTIMENT = "sentiment"  # mean compound of the sentences that are not mostly quotation
VALENCE = "valence"  # VADER's values of the single words, whatever stands around them
NO_WORD = "(no word)"  # tone of sentences none of whose words has a value: emoji, idioms
STRONGEST = 3  # terms are left out to see what a difference hangs on
_PER = 1000.0  # words that hits are counted in
_PART = "\x1f"  # parts a category from a term, which holds no control character
_SPREAD = 15.0  # VADER: compound = sum / sqrt(sum ** 2 + 15)
_ROUNDING = 1e-12  # of the value: a smaller spread is only the error of the sums


@dataclass(frozen=True, eq=False)
class WordShift:
    """What a difference of means between outlets *a* and *b* is made of.

    `difference` is a's mean less b's, in `unit`, with its 95 % interval.  `terms` has one row a
    term that either outlet uses, the largest contribution first:
    contribution, low, high (in `unit`; positive: it raises a above b; 95 %, of each term by
    itself), by_use (the part that comes from using the term more or less often), by_score (the
    part that comes from what a use scores), a_rate, b_rate (uses per 1,000 words; of `sentiment`
    per 1,000 sentences), a_score, b_score (mean score of a use), a_uses, b_uses, a_articles,
    b_articles (that carry it).  The contributions add up to the difference.
    """

    measure: str
    a: str
    b: str
    words: str
    unit: str
    difference: Estimate
    terms: pd.DataFrame

    def __repr__(self) -> str:
        return f"<WordShift of {self.measure}, {self.a} less {self.b}: {len(self.terms)} terms>"


def word_shift(part: Profile, a: str, b: str, measure: str, *, words: str = "outlet") -> WordShift:
    """Decompose the difference of one mean, outlet *a* less outlet *b*, into terms.

    *measure* is a category ("framing.security": its weighted hits per 1,000 words), `sentiment`
    (the metric of that name) or `valence` (values of VADER's words per 1,000 words).  *words* is
    the group whose words are counted; `sentiment` is of whole sentences and knows none.

    Generalised word shift (Gallagher et al. 2021; reference score 0, so that words without a
    score contribute nothing): with p uses per word and s the score of a use, a term's
    contribution is (p_a - p_b) (s_a + s_b) / 2 + (s_a - s_b) (p_a + p_b) / 2, `by_use` and
    `by_score`; their sum is p_a s_a - p_b s_b.  The s of one term differ between outlets in
    `sentiment`, where context tells (see `_tones`), and for terms of several weights.

    Intervals: delete-one-article jackknife, Welch's t.  None below five articles a side, nor for
    terms in fewer than five articles of both together.  Page furniture counts unless the profile
    is one of `repeats.without_furniture`.  Raises KeyError for an unknown outlet, word group or
    measure, ValueError where *a* and *b* are the same.
    """
    _check(part, a, b, words)
    _check_measure(part, measure)
    metric, scored = _scored(part, measure, words)
    sides = _side(part, a, metric, scored), _side(part, b, metric, scored)
    terms = _terms(*sides, scored.names, metric)
    return WordShift(measure, a, b, words, metric.unit, _difference(metric, *sides), terms)


def without_strongest(part: Profile, a: str, b: str, *, words: str = "outlet") -> pd.DataFrame:
    """Whether each category's difference hangs on a few terms.

    One row a category: measure, a_articles, b_articles (that carry it), a_uses, b_uses, a_value,
    b_value (weighted uses per 1,000 words), difference, low, high (a less b), terms (used by
    either), left_out (the STRONGEST terms of those that make the difference what it is; terms
    that work against it stay, else leaving them out would only widen it), counts (the same with
    their uses by a and by b: "war 12:3, attack* 4:0"), rest, rest_low, rest_high (the difference
    that remains), rest_terms (that it is made of).  Raises as `word_shift`.
    """
    _check(part, a, b, words)
    measures = _categories(part)
    metric, scored = _every_hit(part, words)
    sides = _side(part, a, metric, scored), _side(part, b, metric, scored)
    terms = _terms(*sides, scored.names, metric)
    terms["measure"] = [term.partition(_PART)[0] for term in terms["term"]]
    terms["name"] = [term.partition(_PART)[2] for term in terms["term"]]
    every = [_gathered(side, scored.names, measures) for side in sides]
    whole = _differences(every, _PER)
    turn = terms["measure"].map(dict(zip(measures, np.sign(whole[0]), strict=True)))
    carrying = terms[(terms["contribution"] * turn > 0).to_numpy(bool)]
    strongest = carrying.groupby("measure", sort=False).head(STRONGEST)
    kept = ~np.isin(scored.names, strongest["term"].tolist())
    rest = [_gathered(side.only(kept), scored.names[kept], measures) for side in sides]
    one, other = (_means(side) for side in every)
    table = {"measure": measures, "a_articles": one.articles, "b_articles": other.articles}
    table |= {f"{x}_uses": side.uses.astype(np.int64) for x, side in (("a", one), ("b", other))}
    table |= {"a_value": _PER * one.value, "b_value": _PER * other.value}
    table |= dict(zip(("difference", "low", "high"), whole, strict=True))
    number, out = (some["measure"].value_counts() for some in (terms, strongest))
    table |= {"terms": number.reindex(measures, fill_value=0).to_numpy()}
    table |= _listed(strongest, measures)
    table |= dict(zip(("rest", "rest_low", "rest_high"), _differences(rest, _PER), strict=True))
    table |= {"rest_terms": table["terms"] - out.reindex(measures, fill_value=0).to_numpy()}
    return pd.DataFrame(table)


def _every_hit(part: Profile, words: str) -> tuple[Metric, _Scored]:
    """Hits of all categories in the words of a group; names are category, _PART and term."""
    entries, hits = part.entries, part.hits
    entry = hits["entry"].to_numpy()
    category = (entries["kind"] == "category").to_numpy()
    used = category[entry] & np.isin(hits["voice"].to_numpy(), GROUPS[words])
    some, place = np.unique(entry[used], return_inverse=True)
    columns = (entries[name].iloc[some].tolist() for name in ("lexicon", "category", "term"))
    full = [f"{lexicon}.{name}{_PART}{term}" for lexicon, name, term in zip(*columns, strict=True)]
    names, number = np.unique(np.array(full, object), return_inverse=True)
    weight = entries["weight"].to_numpy(float)[entry[used]]
    metric = ratio("", "", "per 1,000 words", ("total", f"words.{words}"), _PER)
    unit = hits["unit"].to_numpy(np.int64)[used]
    return metric, _Scored(unit, number[place], weight, names)


def _gathered(side: _Side, names: NDArray[np.object_], measures: list[str]) -> _Side:
    """The same with one column a category, the sum of its terms."""
    from scipy.sparse import csr_array

    place = {measure: number for number, measure in enumerate(measures)}
    home = [place[name.partition(_PART)[0]] for name in names]
    ones = np.ones(len(home)), (np.arange(len(home)), np.array(home, np.int64))
    into = csr_array(ones, shape=(len(home), len(measures)))
    return side._replace(scores=csr_array(side.scores @ into), uses=csr_array(side.uses @ into))


def _differences(sides: Sequence[_Side], scale: float) -> tuple[Floats, Floats, Floats]:
    """Differences of all columns' means, and the ends of their intervals."""
    one, other = (_means(side) for side in sides)
    value = scale * (one.value - other.value)
    spreads = scale * one.spread, scale * other.spread
    return value, *welch(value, spreads, (len(sides[0].base), len(sides[1].base)))


def _listed(strongest: pd.DataFrame, measures: list[str]) -> dict[str, list[str]]:
    """The strongest terms of each category, and the same with their uses by either outlet."""
    names: dict[str, list[str]] = {measure: [] for measure in measures}
    counts: dict[str, list[str]] = {measure: [] for measure in measures}
    for row in strongest.itertuples():
        names[row.measure].append(row.name)
        counts[row.measure].append(f"{row.name} {row.a_uses}:{row.b_uses}")
    return {
        "left_out": [", ".join(some) for some in names.values()],
        "counts": [", ".join(some) for some in counts.values()],
    }


# ------------------------------------------------------------------ the door


def _check(part: Profile, a: str, b: str, words: str) -> None:
    if words not in GROUPS:
        raise KeyError(f"no word group {words!r}; there are {', '.join(GROUPS)}")
    for outlet in (a, b):
        if outlet not in part.outlets:
            raise KeyError(f"no outlet {outlet!r}; here are {', '.join(part.outlets)}")
    if a == b:
        raise ValueError(f"{a!r} cannot be compared with itself; name two outlets")


def _check_measure(part: Profile, measure: str) -> None:
    known = [SENTIMENT, VALENCE, *_categories(part)]
    if measure not in known:
        raise KeyError(f"no measure {measure!r} to take apart; here are {', '.join(known)}")


def _categories(part: Profile) -> list[str]:
    """The categories of the profile's lexicons, as "lexicon.category"."""
    entries = part.entries[part.entries["kind"] == "category"]
    pairs = entries[["lexicon", "category"]].drop_duplicates().itertuples(index=False)
    return [f"{lexicon}.{category}" for lexicon, category in pairs]


# ------------------------------------------------------------------ what a use scores


class _Scored(NamedTuple):
    """Uses of terms: three parallel arrays, and the terms' names, sorted."""

    unit: Integers
    term: Integers
    score: Floats
    names: NDArray[np.object_]


def _scored(part: Profile, measure: str, words: str) -> tuple[Metric, _Scored]:
    """The mean to be taken apart, as a metric over sums, and what it sums."""
    base = f"words.{words}"
    if measure == SENTIMENT:
        unit = "mean of sentences"
        return ratio(measure, "", unit, ("total", "sentences.outlet")), _tones(part)
    if measure == VALENCE:
        unit = "VADER valence per 1,000 words"
        return ratio(measure, "", unit, ("total", base), 1000), _valences(part, words)
    return ratio(measure, "", "per 1,000 words", ("total", base), 1000), _hits(part, measure, words)


def _hits(part: Profile, category: str, words: str) -> _Scored:
    """Hits of a category in the words of a group, each with its term's weight."""
    entries = part.entries
    mine = (entries["kind"] == "category") & (
        entries["lexicon"] + "." + entries["category"] == category
    )
    entry = part.hits["entry"].to_numpy()
    used = mine.to_numpy()[entry] & np.isin(part.hits["voice"].to_numpy(), GROUPS[words])
    names, term = np.unique(entries["term"].to_numpy(object)[entry[used]], return_inverse=True)
    weight = entries["weight"].to_numpy(float)[entry[used]]
    return _Scored(part.hits["unit"].to_numpy(np.int64)[used], term, weight, names)


def _valences(part: Profile, words: str) -> _Scored:
    """Tokens of a word group that VADER has a value for."""
    voice, field, _ = unpack(part.marks)
    value = _values(part)[part.word]
    used = (value != 0) & part.is_word & (field != OTHER) & np.isin(voice, GROUPS[words])
    word, term = np.unique(part.word[used], return_inverse=True)
    return _named(_Scored(part.unit[used], term, value[used], part.vocabulary[word]))


def _tones(part: Profile) -> _Scored:
    """What each word contributes to the compound of its sentence.

    A compound is f(v_1 + v_2 + ...), f(t) = t / sqrt(t ** 2 + 15).  Of it a word of value v owns
    v / sqrt(t ** 2 + 15), the share of Aumann and Shapley (1974), t being what the compound says
    the sum was.  Negation, boosters, capitals and "but" change values in ways a profile does not
    keep: what they made of the sentence is shared out by the size of the words' values.
    """
    rows = part.sentences
    own = (rows["field"] != OTHER) & (rows["words"] > 0) & rows["sentiment"].notna()
    own &= rows["quoted_words"] * 2 <= rows["words"]
    compound = rows["sentiment"].where(own, 0.0).to_numpy(float)
    sentence = np.repeat(np.arange(len(rows)), np.diff(part.pointer))
    value = _values(part)[part.word]
    used = np.flatnonzero((value != 0) & own.to_numpy()[sentence])
    value, of = value[used], sentence[used]
    score = value * np.sqrt((1 - compound**2) / _SPREAD)[of]
    rules = compound - np.bincount(of, score, len(rows))
    sizes = np.bincount(of, np.abs(value), len(rows))
    score += rules[of] * np.abs(value) / sizes[of]
    silent = np.flatnonzero((sizes == 0) & (compound != 0))
    word, term = np.unique(part.word[used], return_inverse=True)
    return _named(
        _Scored(
            np.append(part.unit[used], rows["unit"].to_numpy(np.int64)[silent]),
            np.append(term, np.full(len(silent), len(word))),
            np.append(score, compound[silent]),
            np.append(part.vocabulary[word], NO_WORD),
        )
    )


@cache
def _vader_values() -> dict[str, float]:
    """VADER's value of each word that has one; boosters only change others'."""
    lexicon = vader.SentimentIntensityAnalyzer().lexicon
    return {word: value for word, value in lexicon.items() if word not in vader.BOOSTER_DICT}


def _values(part: Profile) -> Floats:
    """VADER's value of each word of the vocabulary, 0 where it has none."""
    known = _vader_values()
    return np.array([known.get(word, 0.0) for word in part.vocabulary.tolist()], float)


def _named(scored: _Scored) -> _Scored:
    """The same with terms numbered in the order of their names."""
    order = np.argsort(scored.names.astype(str), kind="stable")
    return scored._replace(term=np.argsort(order)[scored.term], names=scored.names[order])


# ------------------------------------------------------------------ one outlet


class _Side(NamedTuple):
    """One outlet's articles, in the order of their ids: scores and uses are articles x terms."""

    scores: Any
    uses: Any
    base: Floats  # words or sentences of each article

    def only(self, kept: Flags) -> _Side:
        """The same with the terms *kept* alone."""
        columns = np.flatnonzero(kept)
        return self._replace(scores=self.scores[:, columns], uses=self.uses[:, columns])

    def sums(self, metric: Metric) -> dict[str, Floats]:
        """What the metric needs, one value an article."""
        return {metric.needs[0]: self.scores.sum(axis=1), metric.needs[1]: self.base}


def _side(part: Profile, outlet: str, metric: Metric, scored: _Scored) -> _Side:
    from scipy.sparse import csr_array

    units = np.flatnonzero((part.units["outlet"] == outlet).to_numpy())
    units = units[np.argsort(part.units["id"].to_numpy(object)[units].astype(str), kind="stable")]
    place = np.full(len(part.units), -1)
    place[units] = np.arange(len(units))
    row = place[scored.unit]
    at = (row[row >= 0], scored.term[row >= 0])
    shape = (len(units), len(scored.names))
    scores = csr_array((scored.score[row >= 0], at), shape=shape)
    uses = csr_array((np.ones(len(at[0])), at), shape=shape)
    for matrix in (scores, uses):
        matrix.sum_duplicates()
    return _Side(scores, uses, _base(part, metric.needs[1])[units])


def _base(part: Profile, need: str) -> Floats:
    """One of the profile's sums, words of a group without the trouble of making all others."""
    kind, _, group = need.partition(".")
    if kind != "words":
        return part.sums[need]
    voice, field, _ = unpack(part.marks)
    counted = part.is_word & (field != OTHER) & np.isin(voice, GROUPS[group])
    return np.bincount(part.unit[counted], minlength=len(part.units)).astype(float)


def _difference(metric: Metric, a: _Side, b: _Side) -> Estimate:
    return difference(metric, a.sums(metric), b.sums(metric))


class _Means(NamedTuple):
    """One outlet's share of each term's contribution; all arrays are (terms,).  Scale 1."""

    value: Floats
    spread: Floats
    uses: Floats
    rate: Floats
    score: Floats
    articles: Integers


def _means(side: _Side) -> _Means:
    total, uses = side.scores.sum(axis=0), side.uses.sum(axis=0)
    base = float(side.base.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        value, rate, score = total / base, uses / base, total / uses
    articles = np.bincount(side.uses.indices, minlength=len(uses))
    return _Means(value, _spreads(side, value, base), uses, rate, score, articles)


def _spreads(side: _Side, value: Floats, base: float) -> Floats:
    """Jackknife errors of all terms' means at once.

    Without article i a mean moves by (mean * w_i - x_i) / (base - w_i); squares of that are sums
    over the articles that carry the term, and over all articles, which are the same for all.
    """
    n = len(side.base)
    if n < 2:
        return np.full(len(value), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = np.where(side.base < base, 1 / (base - side.base), np.nan)
    share = side.base * rest
    squares = side.scores.copy()
    squares.data = squares.data**2
    moved = value * share.sum() - side.scores.T @ rest
    moved2 = value**2 * (share**2).sum() - 2 * value * (side.scores.T @ (share * rest))
    moved2 += squares.T @ rest**2
    spread = np.sqrt((n - 1) / n * np.maximum(moved2 - moved**2 / n, 0))
    return np.where(spread <= _ROUNDING * np.abs(value), 0.0, spread)


# ------------------------------------------------------------------ two outlets


def _terms(a: _Side, b: _Side, names: NDArray[np.object_], metric: Metric) -> pd.DataFrame:
    """The table of contributions; see `WordShift`."""
    one, other = _means(a), _means(b)
    scale = float(metric.function({metric.needs[0]: np.ones(1), metric.needs[1]: np.ones(1)})[0])
    value, low, high = _differences((a, b), scale)
    rare = one.articles + other.articles < FEWEST
    # Where one outlet never uses a term, it has no score of its own to differ in.
    score_a = np.where(one.uses > 0, one.score, other.score)
    score_b = np.where(other.uses > 0, other.score, one.score)
    table = pd.DataFrame(
        {
            "term": names,
            "contribution": value,
            "low": np.where(rare, np.nan, low),
            "high": np.where(rare, np.nan, high),
            "by_use": scale * (one.rate - other.rate) * (score_a + score_b) / 2,
            "by_score": scale * (score_a - score_b) * (one.rate + other.rate) / 2,
            "a_rate": 1000 * one.rate,
            "b_rate": 1000 * other.rate,
            "a_score": one.score,
            "b_score": other.score,
            "a_uses": one.uses.astype(np.int64),
            "b_uses": other.uses.astype(np.int64),
            "a_articles": one.articles,
            "b_articles": other.articles,
        }
    )
    table = table[one.uses + other.uses > 0]
    order = np.lexsort((table["term"].astype(str), -table["contribution"].abs()))
    return table.iloc[order].reset_index(drop=True)
