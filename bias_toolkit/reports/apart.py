"""Say in words how far apart outlets are, what that means, and where it cannot be said.

Distances are told in thousandths: 0 is as alike as articles of one outlet are among themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bias_toolkit import plots
from bias_toolkit.comparison import Comparisons
from bias_toolkit.keyterms import AUTO, FEWEST_TO_TEST
from bias_toolkit.plots.distances import FEWEST_ON_MAP, THOUSAND
from bias_toolkit.reports import words as w
from bias_toolkit.strata import label_column

_MOST = 60


@dataclass(frozen=True)
class DistanceRow:
    """One pair: its distance as it is and within strata, with intervals; or why there is none."""

    a: str
    b: str
    articles: str
    value: str
    interval: str
    within: str
    within_interval: str
    used: str  # which part of the articles the stratified distance is of
    said: str


def rows(whole: Comparisons) -> list[DistanceRow]:
    """Every pair, the nearest first, those without an interval last."""
    table = whole.outlet_distances.assign(unknown=whole.outlet_distances["low"].isna())
    return [_row(row) for row in table.sort_values(["unknown", "distance", "a", "b"]).itertuples()]


def _row(row: Any) -> DistanceRow:
    value, low, high, within, within_low, within_high = (
        THOUSAND * x
        for x in (
            row.distance,
            row.low,
            row.high,
            row.stratified,
            row.stratified_low,
            row.stratified_high,
        )
    )
    return DistanceRow(
        a=row.a,
        b=row.b,
        articles=f"{row.a_articles:,} against {row.b_articles:,}",
        value=w.figure(value) if low == low else w.NONE,  # nan is not itself
        interval=w.interval(low, high),
        within=w.figure(within) if within_low == within_low else w.NONE,
        within_interval=w.interval(within_low, within_high),
        used=_used(row) if within_low == within_low else "",
        said=_said(row, (low, high), (within_low, within_high)),
    )


def _used(row: Any) -> str:
    """Of how many articles the stratified distance is, and how many have only like length."""
    used = f"{w.figure(100 * row.share_used, 0)}\xa0% of the articles"
    alone = 1 - row.labelled
    return f"{used}, {w.figure(100 * alone, 0)}\xa0% by length alone" if alone >= 0.005 else used


def _said(row: Any, whole: tuple[float, float], within: tuple[float, float]) -> str:
    """What the intervals say, in a few words; of few articles, of these alone."""
    if row.reason:
        return f"Not told: {row.reason}."
    if min(row.a_articles, row.b_articles) < FEWEST_TO_TEST:
        return "Described, not tested: so few articles may be no fair sample of an outlet."
    if not _above(whole):
        return "Not told apart from 0: they may be as alike as articles of one outlet."
    if within[0] != within[0]:
        return "Further apart than articles of one outlet; too few are alike to say what it is of."
    if not _above(within):
        return "Further apart than articles of one outlet; all of it may be topic, time or length."
    return "Further apart than articles of one outlet, also where the articles are alike."


def _above(ends: tuple[float, float]) -> bool:
    return ends[0] > 0


def parts(whole: Comparisons) -> dict[str, Any]:
    """Everything that the section shows, by the template's names."""
    every, places = rows(whole), plots.map_table(whole)
    some = [row for row in every if row.interval]
    return {
        "apart": every[:_MOST],
        "apart_more": max(len(every) - _MOST, 0),
        "apart_known": bool(some),
        "apart_reasons": sorted({row.said for row in every if not row.interval}),
        "apart_strata": _alike(whole),
        "no_map": _no_map(whole, len(places)),
    }


def _alike(whole: Comparisons) -> str:
    """What articles are alike in, in the second column: "topic, month and length"."""
    asked = whole.pairs[0].contrast.strata
    units = whole.profile.units
    if asked == AUTO:
        asked = ["topic", "month"] if "topic" in units else ["month"]
    names = [asked] if isinstance(asked, str) else list(asked or [])
    names = [
        name for name in names if name != "clusters" and (label_column(units, name) != "").any()
    ]
    return w.listed([*map(w.line, names), "length"])


def _no_map(whole: Comparisons, mapped: int) -> str:
    """Why there is no map; "" where there is one."""
    if mapped:
        return ""
    if len(whole.profile.outlets) < FEWEST_ON_MAP:
        return "No map is drawn of two outlets: it would only show the one number."
    return (
        "No map is drawn: it needs three outlets of five articles or more, every two of which "
        "wrote at the same time."
    )
