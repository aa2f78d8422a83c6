"""Which label each outlet chooses for the same thing, and in whose words.

A *referent* is one thing that happened or exists; its *labels* compete.  A mention is one use
of a label.  Where a label fits two referents, dates decide, then context words in the same
sentence; if neither does, the mention stays unresolved and is counted apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.annotation import PARTS
from bias_toolkit.attribution import ACTS, VOICES
from bias_toolkit.cleaning import FIELDS, OTHER
from bias_toolkit.lexicon import Referent
from bias_toolkit.metrics import FEWEST
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.sourcing import attributed

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

_KEYS = ["referent", "label", "side"]
_ESTIMATE = ("share", "low", "high")
SHARE_COLUMNS = ("count", "articles", "of", "of_articles", *_ESTIMATE)


def mentions(part: Profile) -> pd.DataFrame:
    """One row a use of a label: article, outlet, date, lexicon, referent, label, side, voice,
    field, speaker, speaker_side, resolution, cue, cue_class, resolved, undated, unit, sentence,
    start, end, and part, which says whether the offsets point into the text or the title.

    `side` is who prefers the label, `speaker_side` who speaks; `resolved` is false where dates
    and context leave more than one referent, whose names then stand together in `referent`.
    `undated` is true where the label means the referent only in articles of a certain time, and
    the article has no date: such uses count, because many corpora have no dates, but a "ceasefire
    agreement" in them may be that of any year.
    """
    hits = part.hits
    entries = part.entries
    kind = entries["kind"].to_numpy()[hits["entry"].to_numpy()]
    labels = hits[(kind == "label") & (hits["field"] != OTHER).to_numpy()]
    table = _described(part, labels)
    keep = _in_time(part, table) & _on_topic(part, table, hits[kind == "topic"])
    table = table.assign(undated=_of_unknown_time(part, table))
    table = table[keep].drop(columns=["in_topic", "until"]).reset_index(drop=True)
    table = _decided(table, _contexts(part, hits[kind == "context"]))
    return _with_speakers(part, table)


def _described(part: Profile, labels: pd.DataFrame) -> pd.DataFrame:
    """Label hits with what their entries, units and sentences say of them."""
    entry = part.entries.iloc[labels["entry"].to_numpy()]
    unit = part.units.iloc[labels["unit"].to_numpy()]
    sentence = part.sentences.iloc[labels["sentence"].to_numpy()]
    return pd.DataFrame(
        {
            "article": unit["id"].to_numpy(),
            "outlet": unit["outlet"].to_numpy(),
            "date": unit["date"].to_numpy(),
            "lexicon": entry["lexicon"].to_numpy(),
            "referent": entry["referent"].to_numpy(),
            "label": entry["category"].to_numpy(),
            "in_topic": entry["in_topic"].to_numpy(),
            "until": entry["until"].to_numpy(),
            "side": entry["side"].to_numpy(),
            "voice": np.array(VOICES, object)[labels["voice"].to_numpy()],
            "field": np.array(FIELDS, object)[labels["field"].to_numpy()],
            "unit": labels["unit"].to_numpy(),
            "sentence": labels["sentence"].to_numpy(),
            "start": labels["start"].to_numpy(),
            "end": labels["end"].to_numpy(),
            "part": np.array(PARTS, object)[sentence["part"].to_numpy()],
            "attribution": labels["attribution"].to_numpy(),
        }
    )


def referents(part: Profile) -> dict[str, Referent]:
    """All referents of the profile's lexicons by name."""
    return {r.name: r for lexicon in part.lexicons for r in lexicon.referents}


def _in_time(part: Profile, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the article is dated when its label can mean the referent; undated ones stay."""
    spans = {
        (lexicon.name, r.name): (r.start or dt.date.min, r.mentions_until or dt.date.max)
        for lexicon in part.lexicons
        for r in lexicon.referents
    }
    keep = []
    columns = ("lexicon", "referent", "date", "until")
    for *name, day, until in zip(*(table[column] for column in columns), strict=True):
        first, last = (limit.isoformat() for limit in spans[tuple(name)])
        dated = isinstance(day, str)
        keep.append(not dated or first <= day <= min(last, until or last))
    return np.array(keep, bool)


def _of_unknown_time(part: Profile, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a label means its referent at a certain time only, in an article without a date."""
    timed = {
        (lexicon.name, r.name): bool(r.start or r.mentions_until)
        for lexicon in part.lexicons
        for r in lexicon.referents
    }
    columns = ("lexicon", "referent", "date", "until")
    rows = zip(*(table[column] for column in columns), strict=True)
    found = [
        not isinstance(day, str) and (timed[lexicon, referent] or bool(until))
        for lexicon, referent, day, until in rows
    ]
    return np.array(found, bool)


def _on_topic(part: Profile, table: pd.DataFrame, hits: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a bare word such as "the deal" stands in a sentence on its lexicon's topic."""
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    known = set(zip(hits["sentence"].tolist(), entry["lexicon"], strict=True))
    places = zip(table["sentence"].tolist(), table["lexicon"], strict=True)
    there = np.array([place in known for place in places], bool)
    return there | ~table["in_topic"].to_numpy(bool)


def _contexts(part: Profile, hits: pd.DataFrame) -> set[tuple[int, str, str]]:
    """Sentences with a context word, and the lexicon and referent that it speaks for."""
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    return set(zip(hits["sentence"].tolist(), entry["lexicon"], entry["referent"], strict=True))


def _decided(table: pd.DataFrame, contexts: set[tuple[int, str, str]]) -> pd.DataFrame:
    """One row a place and lexicon: of several referents context decides, or nothing does."""
    table = table.assign(resolved=True)
    place = ["lexicon", "unit", "sentence", "start", "end"]
    rivals = table.groupby(place)["referent"].transform("nunique") > 1
    keep = ~rivals.to_numpy()
    for _, rows in table[rivals].groupby(place, sort=False):
        chosen = [
            row
            for row in rows.index
            if tuple(rows.loc[row, ["sentence", "lexicon", "referent"]]) in contexts
        ]
        if len(chosen) == 1:
            keep[chosen[0]] = True
        else:
            first = rows.index[0]
            keep[first] = True
            table.at[first, "referent"] = " or ".join(sorted(set(rows["referent"])))
            table.at[first, "resolved"] = False
    return table[keep].reset_index(drop=True)


def _with_speakers(part: Profile, table: pd.DataFrame) -> pd.DataFrame:
    """Who says it: the innermost attribution's speaker, how found, and their side."""
    found = attributed(part)
    found["act"] = np.array(ACTS, object)[found["act"].to_numpy()]
    row = table.pop("attribution").to_numpy()
    some = row >= 0
    for name, column in (
        ("speaker", "speaker"),
        ("speaker_side", "side"),
        ("source", "source"),
        ("resolution", "resolution"),
        ("act", "act"),
        ("cue", "cue"),
        ("cue_class", "cue_class"),
    ):
        values = np.full(len(table), "", object)
        values[some] = found[column].to_numpy(dtype=object)[row[some]]
        table[name] = values
    negated = np.zeros(len(table), bool)
    negated[some] = found["negated"].to_numpy()[row[some]]
    return table.assign(negated=negated)


# ------------------------------------------------------------------ shares


def label_shares(
    part: Profile,
    outlets: tuple[str, ...],
    words: str = "outlet",
    *,
    table: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a referent and label: uses and share of the referent's labels, by outlet.

    Columns: referent, label, side, words, then for each of *outlets* count of `of` uses of any
    label of the referent; articles that use this one, of_articles that use any; share, low, high
    (95 %, over articles, see `share_intervals`).  Only resolved mentions count; shares are nan
    where an outlet never names the referent.  *table* is `mentions(part)`, where it is at hand.
    Raises KeyError for an unknown word group.
    """
    table = mentions(part) if table is None else table
    table = in_group(table, words)
    table = table[table["outlet"].isin(outlets)]
    rows = table[_KEYS].drop_duplicates().sort_values(_KEYS).reset_index(drop=True)
    rows["words"] = words
    index = pd.MultiIndex.from_frame(rows[_KEYS])
    columns: dict[str, NDArray] = {}
    for outlet in outlets:
        sums = _label_sums(table[table["outlet"] == outlet], index)
        low, high = share_intervals(sums)
        counts = (sums.count, sums.articles, sums.of, sums.of_articles)
        for name, values in zip(SHARE_COLUMNS, (*counts, sums.share, low, high), strict=True):
            columns[f"{outlet}.{name}"] = values
    return pd.concat([rows, pd.DataFrame(columns, index=rows.index)], axis=1)


def in_group(table: pd.DataFrame, words: str) -> pd.DataFrame:
    """The rows of `mentions` in a word group, whose referent is certain.

    Raises KeyError for an unknown group.
    """
    if words not in GROUPS:
        raise KeyError(f"no word group {words!r}; there are {', '.join(GROUPS)}")
    voices = [VOICES[code] for code in GROUPS[words]]
    return table[table["resolved"].to_numpy(bool) & table["voice"].isin(voices).to_numpy()]


@dataclass(frozen=True, eq=False)
class LabelSums:
    """What articles add up to, one entry a label; whole numbers, in any order the same.

    `count` of `of` uses of any label of the referent, `articles` with this label, `of_articles`
    with any, `only` with no other; `squares`, `products` and `of_squares` are sums over articles
    of count x count, count x of and of x of.
    """

    count: Counts
    of: Counts
    articles: Counts
    of_articles: Counts
    only: Counts
    squares: Counts
    products: Counts
    of_squares: Counts

    @property
    def share(self) -> Floats:
        """Share of the label in the uses of all labels; nan where there are none."""
        return np.where(self.of > 0, self.count / np.maximum(self.of, 1), np.nan)


def _label_sums(table: pd.DataFrame, labels: pd.MultiIndex) -> LabelSums:
    """The sums of one outlet's mentions for each of *labels* (referent, label, side)."""
    label = labels.get_indexer(pd.MultiIndex.from_frame(table[_KEYS]))
    referent, _ = pd.factorize(labels.get_level_values(0))
    unit = table["unit"].to_numpy()
    size = len(labels)
    (at, article), count = np.unique(np.stack([label, unit]), axis=1, return_counts=True)
    pairs = np.stack([referent[label], unit])
    (thing, named), of = np.unique(pairs, axis=1, return_counts=True)
    place = dict(zip(zip(thing.tolist(), named.tolist(), strict=True), of.tolist(), strict=True))
    here = zip(referent[at].tolist(), article.tolist(), strict=True)
    whole = np.array([place[key] for key in here], np.int64)

    def by_label(values: Counts | None = None) -> Counts:
        return np.bincount(at, values, size).astype(np.int64)

    def by_referent(values: Counts | None = None) -> Counts:
        return np.bincount(thing, values, size).astype(np.int64)[referent]

    return LabelSums(
        count=by_label(count),
        of=by_referent(of),
        articles=by_label(),
        of_articles=by_referent(),
        only=by_label(count == whole),
        squares=by_label(count**2),
        products=by_label(count * whole),
        of_squares=by_referent(of**2),
    )


def share_intervals(sums: LabelSums) -> tuple[Floats, Floats]:
    """Ends of the 95 % intervals of shares of labels, over articles.

    The exact binomial interval (Clopper and Pearson 1934) for as many independent namings as the
    articles are worth, by the spread of their shares (Korn and Graubard 1998): uses in one
    article are one writer's choice.  Unlike a symmetric interval it stays inside 0 and 1, and it
    says something of a label that no article uses.  Where fewer than FEWEST articles use the
    label, or fewer use another, the spread is hardly known, and no more than one naming an
    article counts.  nan where fewer than FEWEST articles name the referent.
    """
    from scipy.special import betaincinv, ndtri, stdtrit  # late: scipy slows every start

    n, of, share = sums.of_articles, np.maximum(sums.of, 1), sums.share
    enough = n >= FEWEST
    spread = sums.squares - 2 * share * sums.products + share**2 * sums.of_squares
    variance = np.maximum(spread, 0) / of**2 * n / np.maximum(n - 1, 1)
    scarce = np.minimum(sums.articles, n - sums.only) < FEWEST
    most = np.where(scarce, n, of).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = share * (1 - share) / variance
        unsure = (ndtri(0.975) / stdtrit(np.maximum(n - 1, 1), 0.975)) ** 2  # of the spread
        worth *= np.where(scarce, 1.0, unsure)
        worth = np.fmin(worth, most)  # nan, where nothing varies, gives way to the other
        uses = worth * share
        low = np.where(share > 0, betaincinv(uses, worth - uses + 1, 0.025), 0.0)
        high = np.where(share < 1, betaincinv(uses + 1, worth - uses, 0.975), 1.0)
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def share_differences(shares: pd.DataFrame, a: str, b: str) -> tuple[Floats, Floats, Floats]:
    """Share of *a* less that of *b* of each row of `label_shares`, and its 95 % interval.

    From the two intervals, by the square rule (Newcombe 1998, method 10; Zou and Donner 2008):
    it needs no share to be far from 0 or 1.
    """
    one, low, high = (shares[f"{a}.{name}"].to_numpy(float) for name in _ESTIMATE)
    other, its_low, its_high = (shares[f"{b}.{name}"].to_numpy(float) for name in _ESTIMATE)
    difference = one - other
    return (
        difference,
        difference - np.sqrt((one - low) ** 2 + (its_high - other) ** 2),
        difference + np.sqrt((high - one) ** 2 + (other - its_low) ** 2),
    )


def with_sentences(part: Profile, table: pd.DataFrame) -> pd.DataFrame:
    """*table* with the sentence of each row, and where in it the term stands.

    *table* needs unit, sentence, start, end and part; added are `text` (the sentence), and
    `text_start` and `text_end`, the term's offsets in it.
    """
    units = np.unique(table["unit"].to_numpy())
    texts = part.texts(units)
    where = {int(unit): row for row, unit in enumerate(units)}
    start = part.sentences["start"].to_numpy()[table["sentence"].to_numpy()]
    end = part.sentences["end"].to_numpy()[table["sentence"].to_numpy()]
    sentences = [
        texts.iloc[where[int(unit)]][which][s:e]
        for unit, which, s, e in zip(table["unit"], table["part"], start, end, strict=True)
    ]
    return table.assign(
        text=sentences,
        text_start=table["start"].to_numpy() - start,
        text_end=table["end"].to_numpy() - start,
    )
