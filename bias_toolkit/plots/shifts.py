"""Draw which words a difference between two outlets comes from, each with its error bar.

A panel is one mean that differs, a row one term: its dot lies on the side of the outlet whose mean
it raises above the other's, and all contributions together are the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bias_toolkit.comparison import FEWEST_TO_RANK, Comparison
from bias_toolkit.plots.colours import GREY, INK, RULE, mixed
from bias_toolkit.plots.corpus import GROUP_NAMES, many, outlet_colours
from bias_toolkit.plots.distances import round_numbers
from bias_toolkit.plots.measuring import wrapped
from bias_toolkit.plots.pages import (
    GAP,
    PAD,
    SMALL_SIZE,
    Heads,
    Page,
    Row,
    Rows,
    Sheet,
    figure_of,
    say,
    styled,
)
from bias_toolkit.shifts import SENTIMENT, WordShift

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_PANELS = 6
_FIELD, _COLUMN = 3.6, 1.2  # inches: of the contributions, and of each outlet's uses
_SIZE = 9.5  # points of a panel's title


def shift_terms(shift: WordShift, top: int = 10) -> pd.DataFrame:
    """The rows of a word shift that are drawn: its *top* strongest terms, and all others as one.

    Columns of `WordShift.terms`; the last row, without a term's interval, is called "7 other
    terms" and holds the sum of their contributions and uses.
    """
    table = shift.terms.iloc[:top].reset_index(drop=True)
    others = shift.terms.iloc[top:]
    if others.empty:
        return table
    sums = {name: others[name].sum() for name in ("contribution", "a_uses", "b_uses")}
    rest = pd.DataFrame([{"term": many(len(others), "other term"), **sums}])
    return pd.concat([table, rest], ignore_index=True)


@styled
def word_shift(
    comparison: Comparison,
    measure: str,
    ax: Axes | None = None,
    top: int = 10,
    colours: Mapping[str, str] | None = None,
) -> Axes:
    """Draw what the difference of one mean comes from; see `shift_terms`.

    *measure* as `Comparison.shift` takes it, which raises KeyError for an unknown one.  *colours*
    as `outlet_colours` gives them.
    """
    panel = _Panel(comparison, measure, top, colours or outlet_colours(comparison))
    if panel.rows.empty:
        nothing = f"No term of it occurs in {GROUP_NAMES[comparison.words]}."
        return say(f"Word shift: {spoken(measure)}", nothing, ax)
    page = panel.page()
    page = replace(page, note=_note(comparison, [measure]))
    return panel.draw(page, ax)


@styled
def word_shifts(
    comparison: Comparison, top: int = 10, colours: Mapping[str, str] | None = None
) -> Figure:
    """Draw a panel for each of ``comparison.shifts``, or say why there is none."""
    title = f"Word shifts: {comparison.a} and {comparison.b}"
    measures, inks = list(comparison.shifts)[:_MOST_PANELS], colours or outlet_colours(comparison)
    if not measures:
        return figure_of(say(title, why_no_shift(comparison), None))
    panels = [_Panel(comparison, measure, top, inks) for measure in measures]
    left = max(panel.names.left for panel in panels)
    pages = [replace(panel.page(), left=left) for panel in panels]
    cover = Page(
        title,
        width=pages[0].width,
        left=left,
        marks=sum(page.tall + GAP for page in pages),
        about="Which terms raise one outlet's mean above the other's, and by how much. Counted: "
        f"{GROUP_NAMES[comparison.words]}.",
        note=_note(comparison, measures),
    )
    figure, top_edge = figure_of(Sheet(cover, None).ax), PAD + cover.above + GAP / 2
    for panel, page in zip(panels, pages, strict=True):
        panel.draw(page, page.place(figure, top_edge))
        top_edge += page.tall + GAP
    return figure


def why_no_shift(comparison: Comparison) -> str:
    """Why a comparison has no `shifts`, in a sentence."""
    if not comparison.facts.comparable:
        return "No word shift: the two outlets wrote at different times."
    if not comparison.contrast.testable:
        return (
            f"No word shift: below {FEWEST_TO_RANK} articles a side a difference is described, "
            "not taken apart."
        )
    return (
        "No word shift: neither tone nor any category of the word lists differs by more than "
        "chance alone would give."
    )


def spoken(measure: str) -> str:
    """A measure as it is called in a text: "framing: security terror"; tone for sentiment."""
    return "tone (VADER)" if measure == SENTIMENT else measure.replace(".", ": ").replace("_", " ")


def _note(comparison: Comparison, measures: list[str]) -> str:
    notes = [
        "Dots: contribution of a term to the difference; lines: its 95 % interval over articles, "
        "of each term by itself. Drawn are the strongest terms, so more of the lines than one in "
        "twenty miss 0 by chance. On the right: uses, in brackets the articles that carry the "
        "term. No line where fewer than five articles do. "
        "Means are of the articles as they are, topics and times included."
    ]
    if SENTIMENT in measures:
        notes.append("Tone adds up the feeling of single words; it is context and never a finding.")
    left_out = len(comparison.shifts) - len(measures)
    if left_out > 0 and len(measures) > 1:
        notes.append(f"{many(left_out, 'further category', 'further categories')} in the table.")
    return " ".join([*notes, *comparison.facts.warnings])


class _Panel:
    """One measure: a row a term, the contributions, and uses in both outlets."""

    def __init__(
        self, comparison: Comparison, measure: str, top: int, colours: Mapping[str, str]
    ) -> None:
        known = comparison.shifts
        self.shift = known[measure] if measure in known else comparison.shift(measure)
        self.digits = 3 if measure == SENTIMENT else 2
        self.rows = shift_terms(self.shift, top)
        self.names = Rows([Row(term) for term in self.rows["term"]])
        self.inks = [colours[name] for name in (comparison.a, comparison.b)]
        ends = self.rows[["contribution", "low", "high"]].to_numpy(float)
        self.reach = float(np.nanmax(np.abs(ends), initial=1e-9)) * 1.06

    def page(self) -> Page:
        """The panel as a page."""
        value, low, high = self.shift.difference
        ends = [self._number(x) for x in (low, high)]
        interval = f" (95 % interval {ends[0]} to {ends[1]})" if np.isfinite(low) else ""
        places = [_FIELD + 0.2 + n * _COLUMN for n in (0, 1)]
        return Page(
            spoken(self.shift.measure)[:1].upper() + spoken(self.shift.measure)[1:],
            width=_FIELD + 0.2 + 2 * _COLUMN,
            names=self.names,
            heads=Heads((self.shift.a, self.shift.b), places, _COLUMN - 0.1, colours=self.inks),
            marks=self.names.ends[-1] + 0.45,
            about=f"{self.shift.a} less {self.shift.b}: {self._number(value)}{interval}, "
            f"{self.shift.unit}.",
            size=_SIZE,
        )

    def draw(self, page: Page, ax: Axes | None) -> Axes:
        """Draw the panel; x is in the measure's unit, the first outlet's side on the left."""
        unit = _FIELD / 2 / self.reach
        sheet = Sheet(page, ax, (self.reach, self.reach - page.width / unit))
        sheet.rules()
        self._axis(sheet)
        for middle, row in zip(self.names.middles, self.rows.itertuples(), strict=True):
            self._mark(sheet, middle, row)
            for number, text in enumerate(_uses(row)):
                x = self.reach - (_FIELD + 0.2 + number * _COLUMN) / unit
                sheet.write(text, (x, middle), size=SMALL_SIZE)
        return sheet.ax

    def _mark(self, sheet: Sheet, middle: float, row: Any) -> None:
        ours = GREY if pd.isna(row.a_articles) else self.inks[0 if row.contribution > 0 else 1]
        looks: Any = {"color": ours, "linewidth": 1.4, "scalex": False, "scaley": False}
        if np.isfinite(row.low):
            sheet.ax.plot([row.low, row.high], [middle, middle], zorder=2, **looks)
        sheet.ax.plot([row.contribution], [middle], marker="o", markersize=5, zorder=3, **looks)

    def _axis(self, sheet: Sheet) -> None:
        """Draw lines at round contributions, and say whose mean each side raises."""
        from matplotlib.collections import LineCollection

        bottom = self.names.ends[-1]
        ticks = round_numbers(-self.reach, self.reach)
        colours = [INK if x == 0 else RULE for x in ticks]
        lines = [((x, 0), (x, bottom)) for x in ticks]
        drawn = LineCollection(lines, colors=colours, linewidths=0.8)
        sheet.ax.add_collection(drawn, autolim=False)
        for x in ticks:
            looks: Any = {"size": SMALL_SIZE, "color": GREY, "ha": "center"}
            sheet.write(f"{abs(x):g}", (x, bottom + 0.13), **looks)
        sides = ((self.shift.a, "right", -1), (self.shift.b, "left", 1))
        for (name, ha, sign), ink in zip(sides, self.inks, strict=True):
            text = wrapped(f"raises {name}", 1.7, SMALL_SIZE, 1)[0]
            looks = {"size": SMALL_SIZE, "color": mixed(ink, "#000000", 0.3), "ha": ha}
            sheet.write(text, (0, bottom + 0.34), shift=(0.08 * sign, 0), **looks)

    def _number(self, value: float) -> str:
        return f"{value:.{self.digits}f}".replace("-", "−")


def _uses(row: Any) -> tuple[str, str]:
    """Uses in both outlets, with the articles that carry the term: "12 (5)"."""
    texts = []
    for uses, articles in ((row.a_uses, row.a_articles), (row.b_uses, row.b_articles)):
        within = f" ({int(articles):,})" if uses and not pd.isna(articles) else ""
        texts.append(f"{int(uses):,}{within}")
    return texts[0], texts[1]
