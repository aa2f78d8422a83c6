"""Draw who is heard: the words of each kind of source, each side and each actor.

A column is an outlet, so that a row compares outlets; a bar is a share of the words that the
outlet hands over, because outlets differ in how much they print.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bias_toolkit.balance import BY, source_balance
from bias_toolkit.comparison import Comparisons
from bias_toolkit.plots.colours import GREY, INK, PAPER, WORDING_COLOURS, mixed
from bias_toolkit.plots.corpus import (
    NO_SIDE,
    WORDING_NAMES,
    Result,
    colours_of,
    corpus_size,
    few_articles,
    many,
    percent,
    profile_of,
)
from bias_toolkit.plots.measuring import width_of
from bias_toolkit.plots.pages import (
    BAR,
    NAME_SIZE,
    SMALL_SIZE,
    Heads,
    Page,
    Row,
    Rows,
    Sheet,
    say,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNKNOWN = "unknown"  # the kind of the sources of which the article does not say it
NO_ACTOR = "(nobody the word lists know)"

_NAMELESS = {"side": NO_SIDE, "actor": NO_ACTOR}
_NOT_KNOWN = (UNKNOWN, *_NAMELESS.values())
_PALE = 0.6  # of white in the bars of these
_PARTS = ("quoted", "reported")
_COUNTS = [*_PARTS, "count", "nested"]
_TITLES = {"kind": "kind of source", "side": "side", "actor": "actor"}
_NOTES = {
    "kind": "A kind is what the article itself says of the source: a bare surname or a pronoun "
    "stays unknown, whoever it is. ",
    "side": "Sides are those that the word lists give to their actors. ",
    "actor": "Actors are those that the word lists know. ",
}


def source_words(result: Result, by: str = "kind", top: int = 10) -> pd.DataFrame:
    """Words by outlet and source: outlet, source, quoted, reported, count, nested, of, share,
    low, high.

    *by* is kind, side or actor.  `count` is the sum of quoted and reported words, credited to the
    outermost source; `share` is of all such words of the outlet (`of`), with its interval where
    there is one; `nested` words stand inside those of somebody else.  All kinds; the *top* sides
    or actors by words in all outlets, then one row for all others that are heard and one for the
    words of none of them.  Raises KeyError for another *by*.
    """
    if by not in BY:
        raise KeyError(f"no sources by {by!r}; there are {', '.join(BY)}")
    known = result.sources if isinstance(result, Comparisons) else None
    table = source_balance(profile_of(result)) if known is None else known
    table = table[table["by"] == by]
    rows = table[table["words"] == "both"].drop(columns=["by", "words"]).reset_index(drop=True)
    for words in _PARTS:
        rows[words] = table.loc[table["words"] == words, "count"].to_numpy()
    columns = ["outlet", "source", *_COUNTS, "of", "share", "low", "high"]
    rows = rows[columns]
    return rows if by == "kind" else _foremost(rows, by, top)


def _foremost(rows: pd.DataFrame, by: str, top: int) -> pd.DataFrame:
    """The *top* sources that are heard, all others as one, and the nameless ones."""
    heard = rows.groupby("source")[["count", "nested"]].sum()
    heard = heard[(heard["count"] + heard["nested"] > 0) & (heard.index != "")]
    names = heard.sort_values("count", ascending=False, kind="stable").index.tolist()
    first, others = names[:top], names[top:]
    found = []
    for _, mine in rows.groupby("outlet", sort=False):
        at = mine.set_index("source")
        found.append(at.reindex(first).reset_index())
        if others:
            found.append(_together(at.loc[others], f"({many(len(others), 'other')})"))
        found.append(at.loc[[""]].reset_index().assign(source=_NAMELESS[by]))
    return pd.concat(found, ignore_index=True)[rows.columns]


def _together(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """All *rows* of one outlet as one, without an interval."""
    sums = rows[_COUNTS].sum()
    of = rows["of"].iloc[0]
    share = sums["count"] / of if of else np.nan
    whole = {"outlet": rows["outlet"].iloc[0], "source": name, "of": of, "share": share}
    return pd.DataFrame([{**whole, **sums, "low": np.nan, "high": np.nan}])


@styled
def sources(result: Result, by: str = "kind", ax: Axes | None = None) -> Axes:
    """Draw whose words each outlet carries, by kind, side or actor; see `source_words`.

    Raises KeyError for another *by*.
    """
    part, table = profile_of(result), source_words(result, by)
    title = f"Who is heard: words of others, by {_TITLES[by]}"
    if not table["of"].any():
        return say(title, "Nobody is quoted or reported in these articles.", ax)
    outlets = list(part.outlets)
    columns = _Columns(table, len(outlets))
    sources = list(dict.fromkeys(table["source"]))
    totals = table.groupby("outlet")["of"].first()
    page = Page(
        title,
        width=columns.stride * len(outlets),
        names=Rows([Row(source) for source in sources]),
        heads=Heads(
            outlets,
            [columns.stride * n for n in range(len(outlets))],
            columns.stride - 0.2,
            asides=[f"{many(int(totals[name]), 'word')} of others" for name in outlets],
            colours=colours_of(part),
        ),
        about="Share of the words that an outlet quotes or reports; in grey their number. "
        f"{corpus_size(part)}",
        key=tuple((WORDING_COLOURS[name], WORDING_NAMES[name]) for name in _PARTS),
        note=_note(table, by) + few_articles(part),
    )
    sheet = Sheet(page, ax, (0, page.width / columns.unit))
    sheet.rules()
    middles = dict(zip(sources, page.names.middles if page.names else [], strict=True))
    for row in table.itertuples():
        begin = outlets.index(row.outlet) * columns.stride / columns.unit
        _draw(sheet, (begin, middles[row.source]), row)
    return sheet.ax


@dataclass(frozen=True)
class _Columns:
    """How much room an outlet's bars and numbers take."""

    table: pd.DataFrame
    outlets: int

    @cached_property
    def unit(self) -> float:
        """Inches of a bar for a share of 1."""
        longest = float(np.nanmax(self.table[["share", "high"]].to_numpy(float)))
        return min(max(5.0 / self.outlets, 0.5), 1.4) / longest

    @cached_property
    def stride(self) -> float:
        """Inches from one outlet's bars to the next one's."""
        reach = [_end(row) * self.unit + _text_width(row) for row in self.table.itertuples()]
        return max(max(reach) + 0.25, 1.3)


def _end(row: Any) -> float:
    """Where a row's bar and interval end, in shares."""
    return float(np.nanmax([row.share, row.high, 0.0]))


def _texts(row: Any) -> tuple[str, str]:
    """What stands after a bar: the share, and in grey the words."""
    if not row.of:
        return "–", ""
    nested = f" + {row.nested:,} nested" if row.nested and not row.count else ""
    return (percent(row.share), f"{row.count:,}{nested}") if row.count else ("0", nested.strip())


def _text_width(row: Any) -> float:
    share, words = _texts(row)
    return width_of(share, NAME_SIZE) + width_of(words, SMALL_SIZE) + 0.12


def _draw(sheet: Sheet, at: tuple[float, float], row: Any) -> None:
    """Draw the bar of one source in one outlet, its interval, share and words."""
    x, y = at
    for words in _PARTS:
        part = getattr(row, words) / row.of if row.of else 0.0
        if part:
            # What is not known is no finding, and must not look like one.
            pale = _PALE if row.source in _NOT_KNOWN else 0.0
            colour = mixed(WORDING_COLOURS[words], PAPER, pale)
            sheet.block((x, y), (part, BAR), colour, edge=min(0.6, 10 * part))
        x += part
    if np.isfinite(row.low):
        looks: Any = {"color": INK, "linewidth": 0.9 * sheet.scale, "zorder": 3}
        ends = [at[0] + row.low, at[0] + row.high]
        sheet.ax.plot(ends, [y, y], scalex=False, scaley=False, **looks)
    share, words = _texts(row)
    right = 0.06 if _end(row) else 0.0
    place = (at[0] + _end(row), y)
    sheet.write(share, place, shift=(right, 0), color=INK if row.count else GREY)
    right += width_of(share, NAME_SIZE) + 0.06
    sheet.write(words, place, shift=(right, 0), size=SMALL_SIZE, color=GREY)


def _note(table: pd.DataFrame, by: str) -> str:
    note = "Words are credited to the outermost source. " + _NOTES[by]
    if table["low"].notna().any():
        note += "Lines: 95 % interval of the share over articles, from five articles on. "
    return note
