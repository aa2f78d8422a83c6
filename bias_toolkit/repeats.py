"""Decide from a whole profile what recurs: page furniture, copies of articles, stock sentences.

Three things recur, and each wants another treatment.  Furniture of the page ("Sign up for our
newsletter") is set aside.  A copy of an article counts once.  A sentence that the newsroom writes
again and again ("Nagorno-Karabakh is internationally recognised as part of Azerbaijan") is its
framing: it stays, is listed with its dates, and counts once an outlet in tests.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.cleaning import OTHER, TITLE
from bias_toolkit.copies import Alike, alike, originals
from bias_toolkit.furniture import find_furniture, needed_articles
from bias_toolkit.hashing import Bools, Ints, Kinds, Words, hashes, kinds_of
from bias_toolkit.profiles import Profile, pack, unpack

STOCK_ARTICLES = 2  # of an outlet, that a stock sentence stands in
STOCK_WORDS = 8  # in it, at least: "It was not clear why." is written anew each time

_STOPS = frozenset(". ! ? … : , ; ” \" ’ ' ) ]".split())


@dataclass(frozen=True, eq=False)
class Repeats:
    """What recurs in a profile, as arrays parallel to its tokens, sentences and units.

    `aside` (a token) and `set_aside` (a sentence, if all its tokens are): page furniture.
    `stock` (a sentence): row of `stock_sentences`, -1 if none; `again`: whether the outlet had
    it in an article before.  `copy_of` (a unit): the outlet's first article that it copies, -1
    if none; `shared` (a unit): whether another outlet has nearly the same article.

    Tables, with texts in the profile's words and dates from first to last:
    `furniture`: outlet, text, sign (why), articles, share (of the outlet's), first, last.
    `stock_sentences`: outlet, text, articles, quoted (share of its words), first, last, dates.
    `copies`: article, outlet, date, other, other_outlet, other_date (the earlier one's),
    similarity, kind: "copy" within an outlet, which counts once; "shared" between outlets, an
    agency's text or one of the two's, which is marked and stays.
    """

    aside: Bools
    set_aside: Bools
    stock: Ints
    again: Bools
    copy_of: Ints
    shared: Bools
    furniture: pd.DataFrame
    stock_sentences: pd.DataFrame
    copies: pd.DataFrame

    def __repr__(self) -> str:
        return (
            f"<Repeats: {self.set_aside.sum():,} sentences set aside, "
            f"{self.again.sum():,} stock sentences said again, "
            f"{(self.copy_of >= 0).sum():,} copies>"
        )

    def once(self, part: Profile) -> Bools:
        """The tokens of *part*, the profile this was found in, that count in tests."""
        said = self.again | (self.copy_of >= 0)[part.sentences["unit"].to_numpy()]
        return ~self.aside & ~np.repeat(said, np.diff(part.pointer))


def find_repeats(part: Profile) -> Repeats:
    """Find what recurs across the articles of each outlet of a profile.

    Needs no texts.  The order of articles changes nothing, nor what other outlets wrote, except
    for `shared` and the rows of `copies` between outlets.  Of copies and doubles none counts
    towards how often something recurs.
    """
    words = Words(part)
    single = _is_single(words)
    aside, furniture = find_furniture(words, single)
    found = alike(words, aside)
    copy_of = originals(found, words)
    inside = np.append(0, np.cumsum(aside))[part.pointer]
    set_aside = np.diff(inside) == np.diff(part.pointer)
    stock, again, stock_sentences = _stock(words, set_aside, copy_of < 0)
    between = words.outlet[found.one] != words.outlet[found.other]
    shared = np.zeros(len(copy_of), bool)
    shared[found.one[between]] = shared[found.other[between]] = True
    return Repeats(
        aside=aside,
        set_aside=set_aside,
        stock=stock,
        again=again,
        copy_of=copy_of,
        shared=shared,
        furniture=furniture,
        stock_sentences=stock_sentences,
        copies=_copy_table(words, found, copy_of),
    )


def without_furniture(part: Profile, found: Repeats) -> Profile:
    """The profile with what was set aside as field `other`, and no hits in those sentences.

    A hit in a piece that is joined to other text stays: a profile does not say at which token
    it stands.
    """
    voice, field, act = unpack(part.marks)
    field_of = part.sentences["field"].to_numpy()
    sentences = part.sentences.assign(field=np.where(found.set_aside, OTHER, field_of))
    kept = ~found.set_aside[part.hits["sentence"].to_numpy()]
    return replace(
        part,
        marks=pack(voice, np.where(found.aside, OTHER, field), act),
        sentences=sentences.astype({"field": field_of.dtype}),
        hits=part.hits[kept].reset_index(drop=True),
    )


def _is_single(words: Words) -> Bools:
    """Whether each unit is the outlet's first with exactly its words."""
    unit = words.part.unit
    begin = np.flatnonzero(np.diff(unit, prepend=-1))
    key = hashes(words.code, begin, np.append(begin, len(unit))[1:])
    everyone = np.ones(len(words.outlet), bool)
    kinds = kinds_of(key, unit[begin], everyone, words)
    single = everyone.copy()
    single[unit[begin]] = False
    single[unit[begin][kinds.first]] = True
    return single


# ------------------------------------------------------------------ stock sentences


def _stock(words: Words, set_aside: Bools, counted: Bools) -> tuple[Ints, Bools, pd.DataFrame]:
    """Which row of the table each sentence is, whether it was said before, and the table."""
    some = np.flatnonzero(~set_aside & (words.field != OTHER))
    begin, end = words.pointer[some], words.pointer[some + 1]
    kinds = kinds_of(hashes(words.code, begin, end), words.unit[some], counted, words)
    rows = _stock_kinds(words, kinds, some, counted)
    table, order = _stock_table(words, kinds, some, rows)
    row = np.full(len(kinds.units), -1)
    row[rows[order]] = np.arange(len(rows))
    stock = np.full(len(set_aside), -1)
    stock[some] = row[kinds.kind]
    before = np.zeros(len(set_aside), bool)
    before[some] = words.unit[some] != words.unit[some][kinds.first][kinds.kind]
    return stock, before & (stock >= 0), table


def _stock_kinds(words: Words, kinds: Kinds, some: Ints, counted: Bools) -> Ints:
    """The kinds of sentences that are stock.

    Those of STOCK_WORDS in STOCK_ARTICLES; and headings, which are shorter and end with no
    stop, in as many articles as make furniture.
    """
    first = some[kinds.first]
    stops = np.array([word in _STOPS for word in words.part.vocabulary.tolist()], bool)
    stopped = stops[words.part.word[words.pointer[first + 1] - 1]]
    needed = needed_articles(words, counted)[words.outlet[words.unit[first]]]
    long = (words.words[first] >= STOCK_WORDS) & (kinds.units >= STOCK_ARTICLES)
    heading = ~stopped & (words.words[first] > 0) & (kinds.units >= needed)
    return np.flatnonzero(long | (heading & (words.field[first] != TITLE)))


def _stock_table(
    words: Words, kinds: Kinds, some: Ints, rows: Ints
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """The table, and the order in which it has the *rows*."""
    first = some[kinds.first[rows]]
    dates = [words.days(words.unit[some[place]]) for place in kinds.pieces(rows)]
    begin, end = words.pointer[first].tolist(), words.pointer[first + 1].tolist()
    columns = {
        "outlet": [words.names[n] for n in words.outlet[words.unit[first]].tolist()],
        "text": [words.text(low, high) for low, high in zip(begin, end, strict=True)],
        "articles": kinds.units[rows],
        "quoted": words.quoted[first] / np.maximum(words.words[first], 1),
        "first": [days[0] if days else "" for days in dates],
        "last": [days[-1] if days else "" for days in dates],
        "dates": [", ".join(days) for days in dates],
    }
    table = pd.DataFrame(columns).sort_values(
        ["outlet", "articles", "text"], ascending=[True, False, True]
    )
    return table.reset_index(drop=True), table.index.to_numpy(np.int64)


def _copy_table(words: Words, found: Alike, copy_of: Ints) -> pd.DataFrame:
    """The copies of each original, and the originals that two outlets share."""
    within = copy_of[found.other] == found.one
    between = words.outlet[found.one] != words.outlet[found.other]
    between &= (copy_of[found.one] < 0) & (copy_of[found.other] < 0)
    shown = found.at(within | between)
    ids, outlets = (words.part.units[name].to_numpy(object) for name in ("id", "outlet"))
    return pd.DataFrame(
        {
            "article": ids[shown.other],
            "outlet": outlets[shown.other],
            "date": words.dates[shown.other],
            "other": ids[shown.one],
            "other_outlet": outlets[shown.one],
            "other_date": words.dates[shown.one],
            "similarity": shown.similarity,
            "kind": np.where(between[within | between], "shared", "copy").astype(object),
        }
    )
