"""Arrange who is heard for a report: kinds and sides of sources, and how many different ones.

What is not known is a row like any other, and said first where it is the largest: a share of what
is known would look surer than it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from bias_toolkit import plots
from bias_toolkit.cleaning import OTHER
from bias_toolkit.comparison import Comparisons
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.matching import Matcher
from bias_toolkit.profiles import Profile
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import outlets
from bias_toolkit.sourcekinds import KINDS
from bias_toolkit.tokens import Reader

_UNKNOWN = "unknown"
_MOST_SIDES = 12
_MOST_UNHEARD = 8
_SPREAD_BY = ("speaker", "kind", "side")

KIND_ABOUT = {
    "officials": "speak for a state or a body of states: ministers, lawmakers, police, courts",
    "military": "bear arms or command those who do, defence ministries and rebels included",
    "civilians": "residents, witnesses, relatives, refugees, protesters",
    "experts": "analysts, scholars, pollsters and their institutes",
    "media": "other news media, and journalists who ask",
    "anonymous": "the outlet hides who speaks: “on condition of anonymity”, “a source”",
    "unknown": "a bare surname, a pronoun, nobody; also parties, firms, campaigns and documents",
}


# ------------------------------------------------------------------ kinds and sides


@dataclass(frozen=True)
class SourceCell:
    """What one outlet gives to one source: words, their share of all words of others."""

    words: int
    quoted: int
    reported: int
    nested: int  # said inside the words of somebody else, who is credited with them
    share: str  # "88.1", or a dash where the outlet hands over no word at all
    interval: str


@dataclass(frozen=True)
class SourceRow:
    """One kind of source or one side, in all outlets."""

    name: str
    about: str
    cells: tuple[SourceCell, ...]


def kind_rows(whole: Comparisons) -> list[SourceRow]:
    """All kinds of source, those nobody lets speak with 0."""
    table = plots.source_words(whole, "kind")
    return [_row(table, kind, KIND_ABOUT[kind], outlets(whole)) for kind in KINDS]


def side_rows(whole: Comparisons) -> list[SourceRow]:
    """The sides that are heard, most words first; then all others together, and no known side."""
    table = plots.source_words(whole, "side", _MOST_SIDES)
    names = list(dict.fromkeys(table["source"]))
    return [_row(table, name, "", outlets(whole)) for name in names]


def _row(table: pd.DataFrame, source: str, about: str, names: list[str]) -> SourceRow:
    mine = table[table["source"] == source].set_index("outlet")
    return SourceRow(w.line(source), about, tuple(_cell(mine.loc[name]) for name in names))


def _cell(row: pd.Series) -> SourceCell:
    return SourceCell(
        words=int(row["count"]),
        quoted=int(row["quoted"]),
        reported=int(row["reported"]),
        nested=int(row["nested"]),
        share=w.figure(100 * row["share"]),
        interval=w.interval(100 * row["low"], 100 * row["high"]),
    )


def totals(whole: Comparisons) -> list[int]:
    """Words of others, quoted or reported, in each outlet."""
    table = plots.source_words(whole, "kind").groupby("outlet")["of"].first()
    return [int(table[name]) for name in outlets(whole)]


def unknown_note(whole: Comparisons) -> str:
    """How much is of unknown kind in each outlet, and what follows from it."""
    table = plots.source_words(whole, "kind").set_index(["source", "outlet"])["share"]
    unknown = table[_UNKNOWN].dropna()
    if unknown.empty:
        return "No outlet quotes or reports anybody."
    largest = [name for name in unknown.index if unknown[name] == table[:, name].max() > 0]
    shares = w.listed(
        f"{w.figure(100 * unknown[name], 0)} % in {w.line(name)}"
        for name in outlets(whole)
        if name in unknown.index
    )
    text = f"Of unknown kind: {shares}."
    if largest:
        text += f" That is the largest share in {w.listed(map(w.line, sorted(largest)))}."
    if unknown.any():
        text += " Somebody spoke these words, so every other share may in truth be larger."
    return text


# ------------------------------------------------------------------ named and not heard


@dataclass(frozen=True)
class Unheard:
    """Sides whose actors an outlet names, and none of whom was found as a speaker; how often.

    Nor does any source phrase name them: "a report by the UN" hears the UN, whoever the rules
    took for its speaker.
    """

    outlet: str
    sides: tuple[tuple[str, int], ...]
    more: int  # further sides, each named less often


def unheard(whole: Comparisons) -> list[Unheard]:
    """For each outlet the sides that it names and no source of it does, most often first."""
    table = whole.sources
    heard = table[(table["by"] == "side") & (table["words"] == "both")]
    heard = heard[heard["count"] + heard["nested"] > 0]
    speaking = set(zip(heard["outlet"], heard["source"], strict=True))
    speaking |= _in_sources(whole.profile)
    named = _named(whole.profile)
    found = []
    for name in outlets(whole):
        silent = [(side, n) for (o, side), n in named if o == name and (o, side) not in speaking]
        sides = tuple((w.line(side), n) for side, n in silent[:_MOST_UNHEARD])
        found.append(Unheard(name, sides, max(len(silent) - _MOST_UNHEARD, 0)))
    return found


def _in_sources(part: Profile) -> set[tuple[str, str]]:
    """Outlets, and the sides of all actors that their source phrases name, wherever in them."""
    rows = part.attributions
    outlet = part.units["outlet"].to_numpy(dtype=object)[rows["unit"].to_numpy()]
    phrases = {
        (name, phrase)
        for column in ("source", "speaker")
        for name, phrase in zip(outlet, rows[column].astype(str), strict=True)
        if phrase
    }
    reader = Reader()
    matcher = Matcher(reader, [_actors_only(lexicon) for lexicon in part.lexicons])
    pairs = sorted(phrases)
    batch = reader.read([phrase for _, phrase in pairs])
    hits = matcher.find(batch)
    return {
        (pairs[doc][0], matcher.entries[entry].side)
        for doc, entry in zip(batch.doc[hits.first].tolist(), hits.entry.tolist(), strict=True)
    }


def _actors_only(lexicon: Lexicon) -> Lexicon:
    return replace(lexicon, categories=(), referents=(), topic=())


def _named(part: Profile) -> list[tuple[tuple[str, str], int]]:
    """How often each outlet names an actor of each side, in the article's own text.

    A place counts once for a side, however many lexicons know the name.
    """
    entries, hits = part.entries, part.hits
    actors = ((entries["kind"] == "actor") & (entries["side"] != "")).to_numpy()
    hits = hits[actors[hits["entry"].to_numpy()] & (hits["field"] != OTHER).to_numpy()]
    sides = entries["side"].to_numpy(dtype=object)[hits["entry"].to_numpy()]
    places = hits[["unit", "sentence", "start"]].assign(side=sides).drop_duplicates()
    outlet = part.units["outlet"].to_numpy(dtype=object)[places["unit"].to_numpy()]
    sizes = places.assign(outlet=outlet).groupby(["outlet", "side"]).size().to_dict()
    return sorted(((k, int(n)) for k, n in sizes.items()), key=lambda pair: -pair[1])


# ------------------------------------------------------------------ how many different ones


@dataclass(frozen=True)
class Spread:
    """The effective number of sources of one outlet, by speaker, kind or side."""

    by: str
    value: str
    sources: int
    articles: int
    known: str  # per cent of the words whose source is known: only these are looked at
    corrected: str  # for the number of articles; "" where there are too few for it
    interval: str
    why: str  # why there is no corrected number, or no end of its interval


def spreads(whole: Comparisons) -> list[tuple[str, tuple[Spread, ...]]]:
    """The effective numbers of each outlet, in the order of speaker, kind, side."""
    table = whole.diversity
    table = table[table["index"] == "effective"].set_index(["outlet", "by"])
    return [
        (name, tuple(_spread(by, table.loc[(name, by)]) for by in _SPREAD_BY))
        for name in outlets(whole)
    ]


def _spread(by: str, row: pd.Series) -> Spread:
    corrected, low, high = (float(row[name]) for name in ("corrected", "low", "high"))
    return Spread(
        by=by,
        value=w.figure(row["value"]),
        sources=int(row["sources"]),
        articles=int(row["articles"]),
        known=w.figure(100 * row["known"], 0),
        corrected=w.figure(corrected) if np.isfinite(corrected) else "",
        interval=_interval(corrected, low, high),
        why=row["reason"],
    )


def _interval(corrected: float, low: float, high: float) -> str:
    """The ends of the interval; an end without a bound is said to have none."""
    if not np.isfinite(low) or not np.isfinite(corrected):
        return ""
    return w.interval(low, high) if np.isfinite(high) else f"{w.figure(low)} or more"


def parts(whole: Comparisons) -> dict[str, Any]:
    """Everything that the section shows, by the template's names."""
    return {
        "others": totals(whole),
        "kinds": kind_rows(whole),
        "unknown_note": unknown_note(whole),
        "sides": side_rows(whole),
        "unheard": unheard(whole),
        "spreads": spreads(whole),
    }
