"""Draw how often each outlet uses the words of each lexicon category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bias_toolkit.plots.corpus import (
    GROUP_NAMES,
    NONE,
    Result,
    colours_of,
    few_articles,
    profile_of,
    sizes_of,
    strength,
    tuples,
)
from bias_toolkit.plots.pages import Heads, Page, Row, Rows, Sheet, middles_of, say, styled
from bias_toolkit.profiles import GROUPS, Profile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CUE_LEXICON = "reporting"  # cues have a figure of their own


def category_rates(result: Result, words: str = "outlet") -> pd.DataFrame:
    """Lexicon categories by outlet: lexicon, category, outlet, count, rate.

    `count` is hits in the word group *words*; `rate` is the metric: hits times their terms'
    weights per 1,000 words, nan where an outlet has no words in the group.  Cues are left out.
    Raises KeyError for an unknown group.
    """
    if words not in GROUPS:
        raise KeyError(f"no word group {words!r}; there are {', '.join(GROUPS)}")
    part = profile_of(result)
    counts = _category_counts(part, words)
    sums = part.by_outlet()
    rows = []
    for lexicon, category in _categories(part):
        for outlet, mine in sums.items():
            total = mine[f"words.{words}"].sum()
            weighed = mine[f"hits.{lexicon}.{category}.{words}"].sum()
            rate = 1000 * weighed / total if total else np.nan
            count = counts.get((lexicon, category, outlet), 0)
            rows.append((lexicon, category, outlet, count, rate))
    return pd.DataFrame(rows, columns=["lexicon", "category", "outlet", "count", "rate"])


@styled
def profile_heatmap(result: Result, words: str = "outlet", ax: Axes | None = None) -> Axes:
    """Draw how often each outlet uses words of each lexicon category; see `category_rates`.

    A row is shaded from its own largest rate, so that rare categories show too.  Raises KeyError
    for an unknown word group.
    """
    part, table = profile_of(result), category_rates(result, words)
    title = "Vocabulary: words of each category, outlet by outlet"
    uses = table.groupby(["lexicon", "category"])["count"].transform("sum")
    if not uses.any():
        return say(title, f"No term of the lexicons occurs in {GROUP_NAMES[words]}.", ax)
    rows = _category_rows(table[uses > 0])
    column, outlets = 1.12, list(part.outlets)
    page = Page(
        title,
        width=column * len(outlets),
        names=Rows([row for row, _ in rows]),
        heads=Heads(
            outlets,
            [column * (n + 0.5) for n in range(len(outlets))],
            1.0,
            asides=sizes_of(part, words),
            colours=colours_of(part),
            ha="center",
        ),
        about=f"Hits per 1,000 words; in brackets the number of hits. Counted: "
        f"{GROUP_NAMES[words]}.",
        note=_category_note(part, table, words) + few_articles(part),
    )
    sheet = Sheet(page, ax, (0, len(outlets)))
    for middle, (_, cells) in zip(middles_of(page), rows, strict=True):
        if cells is not None:
            shares = cells["rate"] / cells["rate"].max() * strength(cells["count"].sum())
            texts = [_rate_text(*cell) for cell in tuples(cells[["rate", "count"]])]
            sheet.cells(middle, shares.tolist(), texts)
    return sheet.ax


def _categories(part: Profile) -> list[tuple[str, str]]:
    """Lexicon and category of all categories but those of cues, in their files' order."""
    return [
        (lexicon.name, category.name)
        for lexicon in part.lexicons
        if lexicon.name != CUE_LEXICON
        for category in lexicon.categories
    ]


def _category_counts(part: Profile, words: str) -> dict[tuple, int]:
    hits = part.hits[np.isin(part.hits["voice"], GROUPS[words])]
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    table = entry[["lexicon", "category"]].reset_index(drop=True)
    table["outlet"] = part.units["outlet"].to_numpy(dtype=object)[hits["unit"].to_numpy()]
    table = table[(entry["kind"] == "category").to_numpy()]
    return table.groupby(["lexicon", "category", "outlet"]).size().to_dict()


def _category_rows(table: pd.DataFrame) -> list[tuple[Row, pd.DataFrame | None]]:
    """Rows of categories under the headings of their lexicons."""
    rows: list[tuple[Row, pd.DataFrame | None]] = []
    for lexicon, mine in table.groupby("lexicon", sort=False):
        rows.append((Row(_spoken(str(lexicon)).capitalize(), heading=True), None))
        for category, cells in mine.groupby("category", sort=False):
            rows.append((Row(_spoken(str(category))), cells))
    return rows


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _rate_text(rate: float, count: int) -> str:
    if np.isnan(rate):
        return "–"
    shown = f"{rate:.1f}" if rate >= 0.095 else f"{rate:.2f}"
    return f"{shown} ({count:,})" if count else NONE


def _category_note(part: Profile, table: pd.DataFrame, words: str) -> str:
    notes = [
        "Each row is shaded from its own largest rate, and paler where it has fewer than five "
        "hits: compare along a row, not down a column. Word lists count vocabulary, not frames. "
    ]
    total = {o: sums[f"words.{words}"].sum() for o, sums in part.by_outlet().items()}
    plain = 1000 * table["count"] / table["outlet"].map(total)
    if (plain - table["rate"]).abs().max() > 1e-9:
        notes.append("Terms of weight below 1 make a rate lower than its hits suggest. ")
    unused = table.groupby(["lexicon", "category"], sort=False)["count"].sum()
    names = [_spoken(category) for (_, category), count in unused.items() if not count]
    notes.append(f"No hit anywhere: {', '.join(names)}. " if names else "")
    return "".join(notes)
