"""Draw how far apart outlets are in their words: each distance with its interval, and a map.

The map puts outlets on a sheet so that the squares of its distances are near those of the table;
how sure each of them is only the other figure can show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.outletmaps import map_of
from bias_toolkit.plots.colours import GREY, INK, RULE
from bias_toolkit.plots.corpus import GROUP_NAMES, outlet_colours
from bias_toolkit.plots.measuring import clean, width_of, wrapped
from bias_toolkit.plots.pages import (
    NAME_SIZE,
    SMALL_SIZE,
    Page,
    Row,
    Rows,
    Sheet,
    say,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

THOUSAND = 1000.0  # distances are small numbers; they are drawn and told in thousandths
FEWEST_ON_MAP = 3
_MOST_PAIRS = 30
_SIDE = 4.2  # inches of the longer side of the map
_LINE = 0.16  # inches from one name to the next

Box = tuple[float, float, float, float]


def estimated(result: Comparison | Comparisons) -> pd.DataFrame:
    """The rows of `Comparisons.outlet_distances` with an interval, nearest pairs first."""
    whole = result if isinstance(result, Comparisons) else Comparisons(result.profile, [result])
    table = whole.outlet_distances
    table = table[table["low"].notna()]
    return table.sort_values(["distance", "a", "b"], ignore_index=True)


def on_map(table: pd.DataFrame) -> list[str]:
    """The outlets of a table of `estimated` distances that a map can hold, all pairs known.

    Where a pair is missing, the outlet with most missing ones is left out, of equals the last in
    the alphabet; [] if fewer than three remain.
    """
    known = {frozenset(pair) for pair in zip(table["a"], table["b"], strict=True)}
    names = sorted({*table["a"], *table["b"]})
    while True:
        missing = [p for p in combinations(names, 2) if frozenset(p) not in known]
        if not missing:
            return names if len(names) >= FEWEST_ON_MAP else []
        names.remove(max(names, key=lambda name: (sum(name in p for p in missing), name)))


def map_table(result: Comparison | Comparisons) -> pd.DataFrame:
    """The map that is drawn: outlet, x, y; no rows where three outlets cannot be mapped.

    ``attrs["shown"]`` is the share of the distances' spread that two dimensions show,
    ``attrs["column"]`` what is mapped: "stratified" where every pair has it, else "distance".
    """
    table = estimated(result)
    names = on_map(table)
    table = table[table["a"].isin(names) & table["b"].isin(names)]
    if not names:
        return pd.DataFrame({"outlet": [], "x": [], "y": []})
    column = "stratified" if table["stratified"].notna().all() else "distance"
    places = map_of(table, column)
    places.attrs["column"] = column
    return places


# ------------------------------------------------------------------ each distance


@styled
def outlet_distances(result: Comparison | Comparisons, ax: Axes | None = None) -> Axes:
    """Draw the distance of every two outlets with its 95 % interval, or say that there is none.

    In thousandths.  Dots: with topics, times and lengths in it; rings: as far as these are alike.
    """
    table, title = estimated(result), "How far apart outlets are in their words"
    if table.empty:
        return say(title, "No two outlets have the five articles each that this needs.", ax)
    drawn = _nearest_and_farthest(table)
    names = Rows([Row(f"{row.a} – {row.b}") for row in drawn.itertuples()], widest=3.4)
    ends = THOUSAND * drawn[["low", "high", "stratified_low", "stratified_high"]].to_numpy()
    left, right = min(0.0, float(np.nanmin(ends))), float(np.nanmax(ends))
    rim = 0.04 * (right - left)
    page = Page(
        title,
        width=3.8,
        names=names,
        marks=names.ends[-1] + 0.25,
        about="Squared distance of mean articles, in thousandths; 0: articles of the two are as "
        f"alike as articles of one outlet. Counted: {GROUP_NAMES[_words(result)]}.",
        note=_distance_note(len(table), len(drawn)),
    )
    sheet = Sheet(page, ax, (left - rim, right + rim))
    sheet.rules()
    _axis(sheet, (left, right), names.ends[-1])
    for middle, row in zip(names.middles, drawn.itertuples(), strict=True):
        _whisker(sheet, middle - 0.05, (row.distance, row.low, row.high), filled=True)
        within = row.stratified, row.stratified_low, row.stratified_high
        _whisker(sheet, middle + 0.05, within, filled=False)
    return sheet.ax


def _words(result: Comparison | Comparisons) -> str:
    return result.words


def _nearest_and_farthest(table: pd.DataFrame) -> pd.DataFrame:
    if len(table) <= _MOST_PAIRS:
        return table
    half = _MOST_PAIRS // 2
    return pd.concat([table.iloc[:half], table.iloc[-half:]], ignore_index=True)


def _distance_note(pairs: int, drawn: int) -> str:
    notes = [
        "Dots: articles as they are; rings: as far as the articles are alike in length and in "
        "what strata there are (topic, month). Lines: 95 % interval over articles. A distance is "
        "of style, topic and house dialect together; it has no direction and says nothing of "
        "who is right."
    ]
    if drawn < pairs:
        notes.append(f"The {drawn // 2} nearest and the {drawn // 2} farthest of {pairs} pairs.")
    return " ".join(notes)


def _axis(sheet: Sheet, ends: tuple[float, float], bottom: float) -> None:
    """Draw upright lines at round numbers, the one at 0 darker, and write the numbers."""
    from matplotlib.collections import LineCollection

    ticks = round_numbers(*ends)
    colours = [GREY if x == 0 else RULE for x in ticks]
    lines = LineCollection([((x, 0), (x, bottom)) for x in ticks], colors=colours, linewidths=0.8)
    sheet.ax.add_collection(lines, autolim=False)
    for x in ticks:
        text = f"{x:g}".replace("-", "−")
        sheet.write(text, (x, bottom + 0.13), size=SMALL_SIZE, color=GREY, ha="center")


def round_numbers(low: float, high: float) -> list[float]:
    """Round numbers from *low* to *high*, three to seven of them, 0 if it lies between.

    >>> round_numbers(-1, 23), round_numbers(0, 0.9)
    ([0.0, 5.0, 10.0, 15.0, 20.0], [0.0, 0.2, 0.4, 0.6, 0.8])
    """
    size = max(high - low, 1e-9)
    power = 10.0 ** np.floor(np.log10(size / 3))
    step = power * max(n for n in (1, 2, 5) if n == 1 or n * power <= size / 3)
    first, last = int(np.ceil(low / step)), int(np.floor(high / step))
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


def _whisker(sheet: Sheet, y: float, value: tuple[float, float, float], *, filled: bool) -> None:
    """Draw an interval and a dot or ring; nothing where there is no value."""
    if np.isnan(value[0]):
        return
    middle, low, high = (THOUSAND * x for x in value)
    looks: Any = {"color": INK if filled else GREY, "scalex": False, "scaley": False}
    sheet.ax.plot([low, high], [y, y], linewidth=1.2, zorder=2, **looks)
    face = looks["color"] if filled else "white"
    sheet.ax.plot([middle], [y], marker="o", markersize=4, markerfacecolor=face, zorder=3, **looks)


# ------------------------------------------------------------------ the map


@styled
def outlet_map(result: Comparison | Comparisons, ax: Axes | None = None) -> Axes:
    """Draw outlets so that those lie near one another whose words are alike, or say why not.

    See `map_table`.  The axes mean nothing, nor do top and bottom, left and right.
    """
    title, places = "A map of the outlets by their words", map_table(result)
    if places.empty:
        message = (
            "No map: it needs three outlets of five articles or more, every two of which wrote "
            "at the same time."
        )
        return say(title, message, ax)
    corners = places[["x", "y"]].to_numpy()
    span = np.maximum(np.ptp(corners, axis=0), 1e-12)
    inch = _SIDE / span.max()  # inches a unit, the same both ways
    at = (corners - corners.min(axis=0)) * inch
    rim = max(width_of(name, NAME_SIZE) for name in places["outlet"].map(_short)) + 0.25
    width, height = float(at[:, 0].max()) + 2 * rim, float(at[:, 1].max()) + 0.7
    points = [(x + rim, height - 0.35 - y) for x, y in at.tolist()]
    page = Page(
        title,
        width=width,
        marks=height,
        about=f"Near: alike in words. Counted: {GROUP_NAMES[_words(result)]}.",
        note=_map_note(result, places),
    )
    sheet = Sheet(page, ax, (0, width))
    colours = outlet_colours(result)
    for label, point in zip(_labels(places["outlet"], points), points, strict=True):
        looks: Any = {"color": colours[label.outlet], "scalex": False, "scaley": False}
        sheet.ax.plot(*([c] for c in point), marker="o", markersize=7, **looks)
        sheet.write(_short(label.outlet), label.at, ha=label.ha)
    return sheet.ax


def _short(name: str) -> str:
    return wrapped(clean(name), 2.0, NAME_SIZE, 1)[0]


def _map_note(result: Comparison | Comparisons, places: pd.DataFrame) -> str:
    like = places.attrs["column"] == "stratified"
    mapped = (
        "Mapped are the distances that are left where articles are alike in length and strata."
        if like
        else "Mapped are the distances of the articles as they are, topics and lengths included."
    )
    absent = [name for name in outlet_colours(result) if name not in set(places["outlet"])]
    notes = [
        f"{mapped} Classical scaling; the two dimensions show {places.attrs['shown']:.0%} of their "
        "spread. Only the distances between points mean something: the map may be turned or "
        "mirrored. Topic, style and house dialect all count: near does not mean like-minded. How "
        "sure each distance is, their intervals say."
    ]
    if absent:
        notes.append(
            f"Not on the map, for want of articles or of a common time: {', '.join(absent)}."
        )
    return " ".join(notes)


class _Label(NamedTuple):
    """Where an outlet's name stands; all in inches."""

    outlet: str
    at: tuple[float, float]
    ha: str
    box: Box


def _labels(names: Sequence[str], points: Sequence[tuple[float, float]]) -> list[_Label]:
    """Names beside their points, on the first side on which they cover nothing."""
    dots = [(x - 0.06, y - 0.06, x + 0.06, y + 0.06) for x, y in points]
    placed: list[_Label] = []
    for name, point in zip(names, points, strict=True):
        options = list(_options(name, point))
        taken = [*dots, *(label.box for label in placed)]
        placed.append(min(options, key=lambda option: sum(_meet(option.box, b) for b in taken)))
    return placed


def _options(name: str, point: tuple[float, float]) -> Iterator[_Label]:
    """To the right of a point, to its left, and further and further over and under it."""
    (x, y), width = point, width_of(_short(name), NAME_SIZE)
    for lines in (0, -1, 1, -2, 2, -3, 3, -4, 4):
        middle = y + lines * _LINE
        top, bottom = middle - _LINE / 2, middle + _LINE / 2
        yield _Label(name, (x + 0.1, middle), "left", (x + 0.1, top, x + 0.1 + width, bottom))
        yield _Label(name, (x - 0.1, middle), "right", (x - 0.1 - width, top, x - 0.1, bottom))


def _meet(one: Box, other: Box) -> bool:
    """Whether two boxes (left, top, right, bottom) share a place."""
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]
