"""Which articles speak of an event and use none of its labels.

A label that is avoided leaves no trace among labels, so such articles are found by the context
words that a lexicon gives a referent.  These words were chosen to decide between two referents
of one label, not to recognise an event: they do so only while it is news.  The rule is narrow,
because a wrong hit would accuse; what it finds is a lower bound, and mostly it can say nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.annotation import PARTS
from bias_toolkit.attribution import VOICES
from bias_toolkit.cleaning import OTHER
from bias_toolkit.lexicon import Lexicon, Referent
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.wordchoice import LabelSums, mentions, share_intervals

FRESH = 31  # days after an event's last: as long its context words are held to speak of it

NO_EVENT = "it is no event with a first and a last day, so no article is known to avoid its labels"
NO_CONTEXT = "the word list has no context words for it that are not words of the whole topic"
NO_TOPIC = "the word list has no topic words to go with its context words"
NO_ARTICLE = f"no article is dated from its first day to {FRESH} days after its last"

_THING = ["lexicon", "referent"]
_WORDING = [VOICES[code] for code in GROUPS["outlet"]]
_COUNTS = "in_time labelled wording quoted_only fresh fresh_labelled".split()


def unlabelled(part: Profile, *, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row a referent and outlet: articles that use its labels, and that use none of them.

    Columns: lexicon, referent, outlet; in_time (articles of the time in which labels can mean
    it, undated ones among them); labelled (articles with a label, in whosever words), wording
    (of these, with one in the outlet's wording), quoted_only (of these, the others); fresh
    (articles dated from the event's first day to FRESH days after its last), fresh_labelled (of
    these, with a label), unlabelled (of these, see `unlabelled_passages`); share (unlabelled of
    unlabelled and fresh_labelled), low, high (95 %, see `share_intervals`); reason.

    unlabelled and share are nan where they cannot be known; `reason` says why, else it is "".
    Referents that no outlet labels or speaks of are left out.  Higher share: more articles do
    without the labels; whether on purpose, only reading tells.  *table* is `mentions(part)`.
    """
    table = mentions(part) if table is None else table
    uses = table.loc[table["resolved"].to_numpy(bool), [*_THING, "outlet", "unit", "voice"]]
    uses = uses.assign(wording=uses.pop("voice").isin(_WORDING).to_numpy(bool))
    by_outlet = {key: rows for key, rows in uses.groupby([*_THING, "outlet"], sort=False)}
    silent = unlabelled_passages(part).groupby([*_THING, "outlet"]).size().to_dict()
    names = {key[:2] for key in (*by_outlet, *silent)}
    none, days = uses.iloc[:0], _days(part.units["date"])
    outlet_of = part.units["outlet"].to_numpy(object)
    rows = []
    for thing in _things(part):
        name = (thing.lexicon, thing.referent.name)
        for outlet in part.outlets if name in names else ():
            mine = by_outlet.get((*name, outlet), none)
            counts = _counts(thing, days, outlet_of == outlet, mine)
            why = thing.reason or ("" if counts[4] else NO_ARTICLE)
            number = np.nan if why else silent.get((*name, outlet), 0)
            rows.append((*name, outlet, *counts, number, why))
    columns = [*_THING, "outlet", *_COUNTS, "unlabelled", "reason"]
    found = pd.DataFrame(rows, columns=columns)
    return _with_shares(found.astype(dict.fromkeys(_COUNTS, np.int64) | {"unlabelled": float}))


def unlabelled_passages(part: Profile) -> pd.DataFrame:
    """One row an article and event that it speaks of without a label: where it does so first.

    Columns: lexicon, referent, article, outlet, date, unit, sentence, start, end (of the context
    word), part; as `with_sentences` takes them.  All of this must hold:

    - the referent has a first and a last day, and the article is dated from the first to FRESH
      days after the last (and not later than its labels count);
    - a sentence outside page chrome holds a context word of the referent that is no topic word
      of the lexicon, and a topic word apart from it;
    - the context word is a name, a date or a phrase ("Yevlakh", "September 19", "44-day"), or
      there are two different ones: a plain word such as "four" or "theatre" tells little;
    - no other such event of the lexicon has a context word in that sentence;
    - none of the referent's labels stands anywhere in the article, not even where it would not
      count.

    Missed are articles that tell of the event in other words, or later, or without a date, and
    whatever a lexicon gives no context words for.
    """
    hits = part.hits[(part.hits["field"] != OTHER).to_numpy()]
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    kind = entry["kind"].to_numpy(object)
    places = pd.DataFrame(
        {
            **{name: entry[name].to_numpy(object) for name in (*_THING, "term")},
            **{name: hits[name].to_numpy() for name in ("unit", "sentence", "start", "end")},
        }
    )
    context = places[kind == "context"]
    context = _alone(context[_speaking(part, context)])
    context = _beside(context[_telling(context)], places[kind == "topic"])
    keys = pd.MultiIndex.from_frame(context[[*_THING, "unit"]])
    context = context[~keys.isin(_labels_anywhere(part))]
    context = context.sort_values([*_THING, "unit", "sentence", "start"])
    first = context.drop_duplicates([*_THING, "unit"]).drop(columns="term").reset_index(drop=True)
    units = part.units.iloc[first["unit"].to_numpy()]
    for place, (name, column) in enumerate(_OF_UNITS.items(), start=2):
        first.insert(place, name, units[column].to_numpy(object))
    which = part.sentences["part"].to_numpy()[first["sentence"].to_numpy()]
    return first.assign(part=np.array(PARTS, object)[which])


_OF_UNITS = {"article": "id", "outlet": "outlet", "date": "date"}


@dataclass(frozen=True)
class _Thing:
    """A referent in its lexicon, and the days in which its context words speak of it."""

    lexicon: str
    referent: Referent
    context: frozenset[str]  # context words that are no topic words
    reason: str

    @classmethod
    def of_lexicon(cls, lexicon: Lexicon, referent: Referent) -> _Thing:
        topic = {term.text.lower() for term in lexicon.topic}
        context = frozenset(t.text for t in referent.context if t.text.lower() not in topic)
        reason = "" if topic else NO_TOPIC
        reason = reason if context else NO_CONTEXT
        event = referent.start is not None and referent.end is not None
        return cls(lexicon.name, referent, context, reason if event else NO_EVENT)

    def in_time(self, days: NDArray[np.str_]) -> NDArray[np.bool_]:
        """Whether labels in articles of those days, "" if unknown, can mean the referent."""
        first, last = self.referent.start or dt.date.min, self.referent.mentions_until or _EVER
        return (days == "") | ((days >= first.isoformat()) & (days <= last.isoformat()))

    def fresh(self, days: NDArray[np.str_]) -> NDArray[np.bool_]:
        """Whether the event was news on those days."""
        if self.referent.end is None:
            return np.zeros(len(days), bool)
        last = self.referent.end + dt.timedelta(FRESH)
        return self.in_time(days) & (days != "") & (days <= last.isoformat())


_EVER = dt.date.max


def _things(part: Profile) -> list[_Thing]:
    return [_Thing.of_lexicon(one, thing) for one in part.lexicons for thing in one.referents]


def _days(dates: pd.Series) -> NDArray[np.str_]:
    """Dates as text, "" where there is none."""
    return dates.fillna("").to_numpy(str)


def _counts(
    thing: _Thing, days: NDArray[np.str_], mine: NDArray[np.bool_], uses: pd.DataFrame
) -> tuple[int, ...]:
    """The columns of _COUNTS for the articles of one outlet and its uses of the labels."""
    labelled = np.unique(uses["unit"].to_numpy())
    worded = np.unique(uses["unit"].to_numpy()[uses["wording"].to_numpy()])
    return (
        int(thing.in_time(days[mine]).sum()),
        len(labelled),
        len(worded),
        len(labelled) - len(worded),
        int(thing.fresh(days[mine]).sum()),
        int(thing.fresh(days[labelled]).sum()),
    )


def _alone(context: pd.DataFrame) -> pd.DataFrame:
    """Context words in sentences that have those of one event only."""
    things = context.groupby(["lexicon", "sentence"])["referent"].transform("nunique")
    return context[(things == 1).to_numpy(bool)]


def _telling(context: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a context word is more than a plain word, or has another one in its sentence."""
    several = context.groupby([*_THING, "sentence"])["term"].transform("nunique") > 1
    strong = [bool(_NAME_OR_PHRASE.search(term)) for term in context["term"]]
    return np.array(strong, bool) | several.to_numpy(bool)


_NAME_OR_PHRASE = re.compile(r"[A-Z]|\S[ -]\S")


def _speaking(part: Profile, context: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a context word is none of the topic, in an article of the days of the event."""
    days = _days(part.units["date"])[context["unit"].to_numpy()]
    found = np.zeros(len(context), bool)
    things = {(thing.lexicon, thing.referent.name): thing for thing in _things(part)}
    for key, rows in context.groupby(_THING, sort=False).indices.items():
        thing = things[key]
        tells = context["term"].iloc[rows].isin(thing.context).to_numpy(bool)
        found[rows] = tells & thing.fresh(days[rows])
    return found


def _beside(context: pd.DataFrame, topic: pd.DataFrame) -> pd.DataFrame:
    """The context words with a topic word in their sentence, apart from them."""
    keys = ["lexicon", "sentence"]
    context = context.reset_index(drop=True)
    own = context[[*keys, "start", "end"]].reset_index()
    pairs = own.merge(topic[[*keys, "start", "end"]], on=keys, suffixes=("", "_topic"))
    apart = (pairs["end_topic"] <= pairs["start"]) | (pairs["end"] <= pairs["start_topic"])
    return context.loc[np.unique(pairs.loc[apart, "index"].to_numpy(np.int64))]


def _labels_anywhere(part: Profile) -> pd.MultiIndex:
    """Lexicon, referent and unit of all label words, those that count for nothing too."""
    entry = part.entries.iloc[part.hits["entry"].to_numpy()]
    every = entry[_THING].assign(unit=part.hits["unit"].to_numpy())
    return pd.MultiIndex.from_frame(every[(entry["kind"] == "label").to_numpy(bool)])


def _with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """*table* with the share of unlabelled articles, and its interval; `reason` last."""
    silent = np.nan_to_num(table["unlabelled"].to_numpy(float)).astype(np.int64)
    both = silent + table["fresh_labelled"].to_numpy(np.int64)
    # Each article counts once: sums of squares and products are the counts themselves.
    sums = LabelSums(silent, both, silent, both, silent, silent, silent, both)
    low, high = share_intervals(sums)
    unknown = table["unlabelled"].isna().to_numpy()
    for name, values in (("share", sums.share), ("low", low), ("high", high)):
        table[name] = np.where(unknown, np.nan, values)
    table["reason"] = table.pop("reason")
    return table
