"""Arrange how speakers are introduced: classes of cues by side, and what was tested of them.

A share is shown with its counts, and a difference only with the test that was made of it; where
none was possible the page says why, because "not tested" is not "no difference".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bias_toolkit.asymmetry import FEWEST_TO_TEST
from bias_toolkit.comparison import Comparisons
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import outlets

NO_SIDE = "no side known"
NO_CLASS = "not classed"
LEVEL = 0.05  # adjusted p-values up to here are called a difference
_EXAMPLES = 5  # cues shown of one class; all are in the tables
_MOST_SIDES = 8
_MOST_TESTS = 12
_FEWEST = 5  # cues of a side, for per cents to be shown

# What the beginning of a reason in the tables means, in the words of the page.
_REASONS = {
    "the two outlets wrote": "the two outlets wrote at different times",
    "cues of this class": "there are too few reporting words of the class",
    "cues of the other": "there are too few reporting words of the other classes",
    "no cue of this class": "there is no reporting word of the class",
}
_FEW = "articles with cues"
_FEW_OF_OUTLETS = (
    f"fewer than {FEWEST_TO_TEST} articles of one of the two outlets have reporting words of the "
    "side"
)
_FEW_OF_SIDES = (
    f"fewer than {FEWEST_TO_TEST} articles of the outlet have reporting words of one of the two "
    "sides"
)


# ------------------------------------------------------------------ cues


@dataclass(frozen=True)
class CueCell:
    """The reporting words of one class: how many, what part of the side's, and which."""

    count: int
    share: str  # per cent, "" where the side has hardly any cues
    interval: str
    said: str


@dataclass(frozen=True)
class CueRow:
    """The reporting words of one outlet for one side, by class."""

    outlet: str
    side: str
    total: int
    articles: int
    cells: tuple[CueCell, ...]  # in the order of the classes


@dataclass(frozen=True)
class Cues:
    """What the table of reporting words shows, and what it leaves to the files."""

    classes: tuple[tuple[str, str], ...]  # name and meaning
    rows: tuple[CueRow, ...]
    more_sides: int
    more_cues: int


def cue_rows(whole: Comparisons) -> Cues:
    """All classes with what they mean; a row an outlet and side, the sides with most cues."""
    table, classes = whole.cue_shares, _classes(whole)
    sums = table[table["side"] != ""].groupby("side")["count"].sum()
    first = sums.sort_values(ascending=False, kind="stable").index[:_MOST_SIDES].tolist()
    said = said_by(whole, ["outlet", "side", "cue_class"], _EXAMPLES)
    rows = []
    for (outlet, side), mine in table[table["of"] > 0].groupby(["outlet", "side"], sort=False):
        if side in (*first, ""):
            found = mine.set_index("cue_class")
            cells = [_cell(found, name, said.get((outlet, side, name), "")) for name, _ in classes]
            size = int(found["of"].iloc[0]), int(found["of_articles"].iloc[0])
            rows.append(CueRow(outlet, w.line(side) or NO_SIDE, *size, tuple(cells)))
    place = {name: number for number, name in enumerate(outlets(whole))}
    rows.sort(key=lambda row: place[row.outlet])
    rest = sums.drop(first)
    return Cues(tuple(classes), tuple(rows), len(rest), int(rest.sum()))


def _cell(found: pd.DataFrame, name: str, said: str) -> CueCell:
    if name not in found.index:
        return CueCell(0, "", "", "")
    row = found.loc[name]
    enough = row["of"] >= _FEWEST
    return CueCell(
        count=int(row["count"]),
        share=_whole_percent(row["share"]) if enough else "",
        interval=w.interval(100 * row["low"], 100 * row["high"], 0),
        said=said,
    )


def _whole_percent(share: float) -> str:
    return "<1" if 0 < share < 0.005 else w.figure(100 * share, 0)


def said_by(whole: Comparisons, keys: list[str], most: int) -> dict[tuple, str]:
    """The cues of each group of *keys* in words: "said 3, told 1", the *most* commonest.

    A number never stands on another line than its cue; a bare colon stands in quotation marks.
    """
    sizes = whole.cues.groupby([*keys, "cue"], sort=True)["count"].sum().reset_index()
    sizes = sizes.sort_values(["count", "cue"], ascending=[False, True])
    pairs = zip(sizes["cue"], sizes["count"], strict=True)
    sizes["said"] = [f"{_legible(w.line(cue))}\xa0{number}" for cue, number in pairs]
    return sizes.groupby(keys, sort=False)["said"].agg(_some, most).to_dict()


def _legible(cue: str) -> str:
    return cue if any(map(str.isalnum, cue)) else f"“{cue}”"


def _some(said: pd.Series, most: int) -> str:
    """The first of the cues, and how many more there are."""
    more = len(said) - most
    return ", ".join(said[:most]) + (f", and {more} more" if more > 0 else "")


def _classes(whole: Comparisons) -> list[tuple[str, str]]:
    """Every class of cues, and what its lexicon says of it; those without a class if any."""
    about = {c.name: c.about for x in whole.profile.lexicons for c in x.categories}
    names = [str(name) for name in whole.profile.attributions["cue_class"].cat.categories]
    classes = [(name, about.get(name, "")) for name in names if name]
    if (whole.cues["cue_class"] == "").any():
        classes.append(("", "reporting words that are in no class"))
    return classes


# ------------------------------------------------------------------ tests


@dataclass(frozen=True)
class Contrast:
    """One test: what was compared, the two shares with their counts, and p."""

    where: str  # the outlet, or "" where outlets are compared
    what: str  # the side, or "" where sides are compared
    cue_class: str
    names: tuple[str, str]
    shares: tuple[str, str]
    counts: tuple[str, str]
    interval: str  # of the difference of the shares, in points; "" where there is none
    p: str
    adjusted: str
    found: bool


@dataclass(frozen=True)
class Contrasts:
    """What was tested, what came out, and why the rest was not tested."""

    rows: tuple[Contrast, ...]  # the smallest p-values
    tested: int
    found: int
    untested: tuple[tuple[str, int], ...]  # a reason in words, and how often it holds

    @property
    def rest(self) -> int:
        """Comparisons that could not be tested."""
        return sum(number for _, number in self.untested)


def outlet_tests(whole: Comparisons) -> Contrasts:
    """Whether two outlets introduce the speakers of one side differently."""
    table = whole.cue_asymmetry
    table = table[(table["side"] != "").to_numpy()]  # those of no known side are no side
    rows = [
        Contrast(
            where="",
            what=w.line(row["side"]),
            names=(w.line(row["a"]), w.line(row["b"])),
            shares=(_percent(row["a_share"]), _percent(row["b_share"])),
            counts=(_of(row["a_count"], row["a_of"]), _of(row["b_count"], row["b_of"])),
            interval=w.interval(100 * row["low"], 100 * row["high"], 0),
            **_tested(row, "p_fwer_all"),
        )
        for row in _smallest(table, "p_fwer_all")
    ]
    return _contrasts(table, "p_fwer_all", rows, _FEW_OF_OUTLETS)


def side_tests(whole: Comparisons) -> Contrasts:
    """Whether one outlet introduces the speakers of two sides differently."""
    table = whole.side_asymmetry
    rows = [
        Contrast(
            where=w.line(row["outlet"]),
            what="",
            names=(w.line(row["side"]), w.line(row["other_side"])),
            shares=(_percent(row["share"]), _percent(row["other_share"])),
            counts=(_of(row["count"], row["of"]), _of(row["other_count"], row["other_of"])),
            interval="",
            **_tested(row, "p_fwer"),
        )
        for row in _smallest(table, "p_fwer")
    ]
    return _contrasts(table, "p_fwer", rows, _FEW_OF_SIDES)


def _smallest(table: pd.DataFrame, adjusted: str) -> list[dict]:
    rows = table[table["p"].notna()].sort_values([adjusted, "p"], kind="stable")
    return rows.head(_MOST_TESTS).to_dict("records")


def _tested(row: dict, adjusted: str) -> dict:
    return {
        "cue_class": row["cue_class"] or NO_CLASS,
        "p": p_value(row["p"]),
        "adjusted": p_value(row[adjusted]),
        "found": bool(row[adjusted] <= LEVEL),
    }


def _contrasts(table: pd.DataFrame, adjusted: str, rows: list[Contrast], few: str) -> Contrasts:
    p = table[adjusted].to_numpy(float)
    return Contrasts(
        rows=tuple(rows),
        tested=int(np.isfinite(p).sum()),
        found=int((p <= LEVEL).sum()),
        untested=tuple(_reasons(table, few)),
    )


def _reasons(table: pd.DataFrame, few: str) -> list[tuple[str, int]]:
    """Why rows were not tested, the commonest reason first."""
    known = _REASONS | {_FEW: few}
    found: Counter[str] = Counter()
    for reason in table["reason"]:
        if reason:
            starts = (said for start, said in known.items() if reason.startswith(start))
            found[next(starts, re.sub(r"\d+(\.\d+)?", "…", reason))] += 1
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def p_value(p: float) -> str:
    """A p-value as it is printed: never 0, and two or three digits.

    >>> p_value(0.0004), p_value(0.0296), p_value(0.25)
    ('<0.001', '0.030', '0.25')
    """
    if p < 0.001:
        return "<0.001"
    return w.figure(p, 3 if p < 0.1 else 2)


def _percent(share: float) -> str:
    return f"{w.figure(100 * share)} %"


def _of(count: float, of: float) -> str:
    return f"{w.whole(count)} of {w.whole(of)}"


def parts(whole: Comparisons) -> dict[str, Any]:
    """Everything that the section shows, by the template's names."""
    return {
        "cues": cue_rows(whole),
        "outlet_tests": outlet_tests(whole),
        "side_tests": side_tests(whole),
        "level": w.figure(LEVEL, 2),
    }
