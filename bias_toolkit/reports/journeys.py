"""Arrange how labels travel: quoted first and worded later, first used where, held at arm's length.

Each row comes with its sentences, because only they can show whether an outlet took a label over
or merely needed the word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bias_toolkit.adoption import manners, wordings
from bias_toolkit.comparison import Comparisons
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import Use, mention_rows, outlets, use_of

_QUOTED = ("partial", "quote")
_WORDED = ("own", "reported")
_LABEL = ["referent", "label", "side"]
_MOST_ADOPTED = 12
_MOST_FIRST = 15
_MOST_HELD = 12
_NEUTRAL = "neutral"
_OFF = ("scare", "distancing")  # ways in which the outlet itself holds a label off

Mention = dict[str, Any]


# ------------------------------------------------------------------ adoption


@dataclass(frozen=True)
class Step:
    """A use of a label in the outlet's wording after somebody's quotation of it."""

    how: str  # "in the same article" or "in a later article"
    articles: int
    caution: str  # what makes it a weaker sign, "" if nothing is known
    use: Use


@dataclass(frozen=True)
class AdoptionRow:
    """A label that an outlet first quoted and then used as its wording."""

    outlet: str
    label: str
    referent: str
    side: str  # who prefers it, "" if nobody
    quoted: Use
    quoted_times: int
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Tally:
    """What became of the labels that one outlet quotes."""

    outlet: str
    quoted: int
    adopted: int
    narrated: int  # of the adopted ones, those that stand in the outlet's narration
    worded_first: int  # stood in the outlet's wording before it quoted them
    unordered: int  # same day, or without a date
    never: int  # quoted first, and not worded afterwards


@dataclass(frozen=True)
class Adoptions:
    """The tally of each outlet, the labels with a side, then those without, and how many more."""

    tallies: tuple[Tally, ...]
    sided: tuple[AdoptionRow, ...]
    neutral: tuple[AdoptionRow, ...]
    more: int


def adoptions(whole: Comparisons) -> Adoptions:
    """The labels that outlets took over from those whom they quote, with the sentences of each."""
    table = whole.adoption
    taken = table[table["adopted"].to_numpy(bool)].to_dict("records")
    taken.sort(key=lambda row: not _narrated(row))
    sided = [row for row in taken if row["side"] != _NEUTRAL]
    neutral = [row for row in taken if row["side"] == _NEUTRAL]
    shown = [[_adopted(whole, row) for row in rows[:_MOST_ADOPTED]] for rows in (sided, neutral)]
    return Adoptions(
        tallies=tuple(_tally(table[table["outlet"] == name], name) for name in outlets(whole)),
        sided=tuple(shown[0]),
        neutral=tuple(shown[1]),
        more=len(taken) - len(shown[0]) - len(shown[1]),
    )


def _tally(table: pd.DataFrame, outlet: str) -> Tally:
    first, adopted = table["first"], table["adopted"].to_numpy(bool)
    return Tally(
        outlet=outlet,
        quoted=len(table),
        adopted=int(adopted.sum()),
        narrated=sum(map(_narrated, table[adopted].to_dict("records"))),
        worded_first=int((first == "wording").sum()),
        unordered=int(first.isin(["same day", "undated"]).sum()),
        never=int(((first == "quoted") & ~adopted).sum()),
    )


def _narrated(row: dict[str, Any]) -> bool:
    """Whether the outlet took the label into its narration, not only into reported speech."""
    return "own" in f"{row['dropped_voice']} {row['later_voice']}".split()


def _letters(text: str) -> str:
    """A sentence without its marks and spaces, which differ between two prints of it."""
    return "".join(filter(str.isalnum, text.casefold()))


def _uses(whole: Comparisons, row: dict[str, Any]) -> list[Mention]:
    """Uses of one label of one outlet, in reading order of their articles, titles first.

    Each with its `place` in its article, its `words`, see `adoption.Wording`, and `held`, see
    `adoption.manners`.
    """
    of = {name: row[name] for name in ("outlet", *_LABEL)}
    uses = mention_rows(whole, resolved=True, of=of)
    for use in uses:
        use["place"] = ("title" not in (use["part"], use["field"]), use["start"])
    uses.sort(key=lambda use: use["place"])
    if uses:
        table = pd.DataFrame(uses)
        found = (wordings(whole.profile, table), manners(whole.profile, table).tolist())
        for use, words, held in zip(uses, *found, strict=True):
            use.update(words=words, held=held)
    return uses


def _adopted(whole: Comparisons, row: dict[str, Any]) -> AdoptionRow:
    uses = _uses(whole, row)
    pairs = list(_pairs(row, uses))
    quoted = pairs[0][1]
    return AdoptionRow(
        outlet=row["outlet"],
        label=row["label"],
        referent=row["referent"],
        side=_side(row["side"]),
        quoted=use_of(quoted, 1),
        quoted_times=int(row["quoted"]),
        steps=tuple(
            Step(_HOW[event], int(row[event]), _caution(quoted, use), use_of(use, 1))
            for event, _, use in pairs
        ),
    )


_HOW = {"dropped": "in the same article", "later": "in a later article"}


def _pairs(row: dict[str, Any], uses: list[Mention]) -> Iterator[tuple[str, Mention, Mention]]:
    """For each event a quotation, and the first use as wording that takes up its words."""
    for event in _HOW:
        if row[event]:
            there = f" or {row[f'{event}_article']} or "
            worded = (
                use
                for use in uses
                if use["voice"] in _WORDED
                and not use["held"]
                and f" or {use['article']} or " in there
            )
            yield next(
                (event, quoted, use)
                for use in worded
                for quoted in uses
                if quoted["voice"] in _QUOTED
                and quoted["words"].same(use["words"])
                and _precedes(quoted, use, event)
            )


def _precedes(quoted: Mention, use: Mention, event: str) -> bool:
    """Whether a quotation stands before a use: in the same article, or in one of an earlier day."""
    if event == "later":
        return str(quoted["date"]) < str(use["date"])
    return quoted["article"] == use["article"] and quoted["place"] < use["place"]


def _caution(quoted: Mention, use: Mention) -> str:
    """What makes a use in the outlet's wording a weaker sign of adoption."""
    if _letters(use["text"]) == _letters(quoted["text"]):
        return "The same sentence again: perhaps one text printed twice, read once as quoted."
    if use["voice"] == "reported" and use["speaker"] == quoted["speaker"] != "":
        return "Still told as what the same speaker said."
    return ""


def _side(side: str) -> str:
    return "" if side == _NEUTRAL else w.line(side)


# ------------------------------------------------------------------ first uses


@dataclass(frozen=True)
class First:
    """Who was first, on which day, and why the order may be unknown."""

    outlet: str  # several are joined by " or "; "" for nobody
    day: str
    why: str


@dataclass(frozen=True)
class FirstRow:
    """Which outlet carried a label first: at all, in quotation marks, in its wording."""

    label: str
    referent: str
    side: str
    outlets: int  # that carry it
    any: First
    quoted: First
    worded: First


def first_rows(whole: Comparisons) -> tuple[list[FirstRow], int]:
    """Labels that a side prefers and several outlets carry; and how many other labels there are."""
    table = whole.first_uses
    carried = _carriers(whole)
    rows = [row for row in table.to_dict("records") if carried[_key(row)] > 1]
    sided = [row for row in rows if row["side"] != _NEUTRAL]
    sided.sort(key=lambda row: (-carried[_key(row)], row["date"] or "9999"))
    found = [_first_row(whole, row, carried[_key(row)]) for row in sided[:_MOST_FIRST]]
    return found, len(rows) - len(found)


def _key(row: dict[str, Any]) -> tuple:
    return tuple(row[name] for name in _LABEL)


def _carriers(whole: Comparisons) -> dict[tuple, int]:
    """How many outlets carry each label."""
    table = whole.mentions
    table = table[table["resolved"].to_numpy(bool)]
    return table.groupby(_LABEL)["outlet"].nunique().to_dict()


def _first_row(whole: Comparisons, row: dict[str, Any], carried: int) -> FirstRow:
    cells = [
        _first(whole, row[f"{kind}outlet"], row[f"{kind}date"])
        for kind in ("", "quoted_", "wording_")
    ]
    return FirstRow(row["label"], row["referent"], _side(row["side"]), carried, *cells)


def _first(whole: Comparisons, outlet: str, date: str | None) -> First:
    """Who was first and when; of several of one day the order is unknown."""
    day = w.day(date) if date else "no date"
    if not outlet or outlet in whole.profile.outlets:
        return First(w.line(outlet), day if outlet else "", "")
    undated = bool(whole.profile.units["date"].isna().any())
    why = "same day or no date" if undated else "same day"
    return First(w.line(outlet), day, f"{why}: order unknown")


# ------------------------------------------------------------------ distance


@dataclass(frozen=True)
class Held:
    """How often an outlet holds a label, or those of one side, at arm's length."""

    uses: int
    scare: int
    distancing: int
    attacking: int

    @property
    def off(self) -> int:
        """Uses that the outlet itself holds off."""
        return self.scare + self.distancing


@dataclass(frozen=True)
class DistanceRow:
    """The labels that one side prefers, in all outlets."""

    side: str  # "" for the labels that nobody prefers
    cells: tuple[Held, ...]


@dataclass(frozen=True)
class HeldRow:
    """One label that an outlet holds at arm's length, and one of the sentences."""

    outlet: str
    label: str
    referent: str
    side: str  # who prefers it, "" if nobody
    held: Held
    use: Use


def distance_rows(whole: Comparisons) -> list[DistanceRow]:
    """Every side of labels that are used, most uses first, those that nobody prefers last."""
    table = whole.distance
    table = table[table["by"] == "side"]
    rows = []
    for side, mine in table.groupby("side", sort=True):
        found = {row["outlet"]: _held(row) for row in mine.to_dict("records")}
        rows.append(DistanceRow(_side(str(side)), tuple(found[name] for name in outlets(whole))))
    rows.sort(key=lambda row: (row.side == "", -sum(cell.uses for cell in row.cells)))
    return rows


def _held(row: dict[str, Any]) -> Held:
    return Held(*(int(row[name]) for name in ("of", "scare", "distancing", "attacking")))


def held_rows(whole: Comparisons) -> tuple[list[HeldRow], int]:
    """Labels in scare quotes or under a distancing cue, most often first; how many more."""
    table = whole.distance
    held = table["scare"] + table["distancing"]
    table = table.assign(held=held, neutral=table["side"] == _NEUTRAL)
    table = table[(table["by"] == "label") & (held > 0)]
    table = table.sort_values(["neutral", "held"], ascending=[True, False], kind="stable")
    rows = [_held_row(whole, row) for row in table.head(_MOST_HELD).to_dict("records")]
    return rows, len(table) - len(rows)


def _held_row(whole: Comparisons, row: dict[str, Any]) -> HeldRow:
    use = use_of(next(use for use in _uses(whole, row) if use["held"] in _OFF), 1)
    about = (row["outlet"], row["label"], row["referent"], _side(row["side"]))
    return HeldRow(*about, _held(row), use)


def parts(whole: Comparisons) -> dict[str, Any]:
    """Everything that the two sections show, by the template's names."""
    first, first_more = first_rows(whole)
    held, held_more = held_rows(whole)
    return {
        "adoptions": adoptions(whole),
        "first_uses": first,
        "first_uses_more": first_more,
        "distances": distance_rows(whole),
        "held": held,
        "held_more": held_more,
    }
