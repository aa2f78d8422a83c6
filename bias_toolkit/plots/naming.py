"""Draw which labels each outlet uses for one thing, and in whose words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from bias_toolkit.plots.colours import GREY, WORDING_COLOURS
from bias_toolkit.plots.corpus import (
    NONE,
    WORDING_KEY,
    Result,
    colours_of,
    corpus_size,
    few_articles,
    many,
    profile_of,
    tuples,
)
from bias_toolkit.plots.measuring import width_of
from bias_toolkit.plots.pages import (
    GAP,
    NAME_SIZE,
    PAD,
    TITLE_SIZE,
    Heads,
    Page,
    Row,
    Rows,
    Sheet,
    bar_reach,
    figure_of,
    say,
    styled,
)
from bias_toolkit.profiles import Profile
from bias_toolkit.wordchoice import mentions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDING = {"own": "own", "reported": "reported"} | dict.fromkeys(
    ("partial", "scare", "quote"), "quoted"
)
_MOST_DRAWN = 12  # referents: a taller picture cannot be read
_LABELS = "Labels: what each outlet calls the same thing"
_ABOUT_LABELS = "Number of uses of each label, by whose words it stands in."


def label_counts(result: Result) -> pd.DataFrame:
    """Uses of each label by outlet and wording.

    Columns: referent, label, side, outlet, own, reported, quoted, count (their sum).  One row for
    every outlet and every label that some outlet uses.  `quoted` is fragments, scare quotes and
    full quotations together.  Uses whose referent stayed open do not count.
    """
    return _label_table(mentions(profile_of(result)), list(profile_of(result).outlets))


@styled
def labels(result: Result, referent: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the labels that each outlet uses for one referent, by wording; see `label_counts`.

    Without *referent*, the one mentioned most.  Raises KeyError for one that no outlet mentions.
    """
    part = profile_of(result)
    uses = mentions(part)
    table = _label_table(uses, list(part.outlets))
    if table.empty and referent is None:
        return say(_LABELS, "No label of the lexicons' referents occurs in these articles.", ax)
    counts = table.groupby("referent")["count"].sum()
    referent = str(counts.idxmax()) if referent is None else referent
    if referent not in counts:
        known = ", ".join(counts.index) or "none"
        raise KeyError(f"no label of a referent {referent!r} in these articles; here are: {known}")
    panel = _Panel(table[table["referent"] == referent], part)
    page = replace(
        panel.page(panel.stride),
        title=f"Labels: what each outlet calls {referent}",
        about=f"{_ABOUT_LABELS} {corpus_size(part)}",
        key=WORDING_KEY,
        note=_label_note(uses) + few_articles(part),
        size=TITLE_SIZE,
    )
    return panel.draw(page, ax, panel.stride)


@styled
def labels_overview(result: Result) -> Figure:
    """Draw the labels of referents that have two of them, or one in two outlets.

    Referents that most outlets name stand first; of more than 12 the rest is counted.
    """
    part = profile_of(result)
    uses = mentions(part)
    table = _label_table(uses, list(part.outlets))
    groups = [rows for _, rows in table.groupby("referent") if _compared(rows)]
    panels = [_Panel(rows, part) for rows in sorted(groups, key=_breadth)[:_MOST_DRAWN]]
    left_out = many(len(groups) - len(panels), "thing")
    rest = f"{left_out} more, named less widely: see the table of labels. "
    if not panels:
        message = "No referent has two labels in these articles, or one label in two outlets."
        return figure_of(say(_LABELS, message, None))
    left = max(panel.names.left for panel in panels)
    stride = max(panel.stride for panel in panels)
    pages = [replace(panel.page(stride), left=left) for panel in panels]
    cover = Page(
        _LABELS,
        width=pages[0].width,
        left=left,
        marks=sum(page.tall + GAP for page in pages),
        about=f"{_ABOUT_LABELS} {corpus_size(part)}",
        note="Each referent has a scale of its own. "
        + (rest if len(groups) > len(panels) else "")
        + _label_note(uses)
        + few_articles(part),
        key=WORDING_KEY,
    )
    figure, top = figure_of(Sheet(cover, None).ax), PAD + cover.above + GAP / 2
    for panel, page in zip(panels, pages, strict=True):
        panel.draw(page, page.place(figure, top), stride)
        top += page.tall + GAP
    return figure


def _label_table(uses: pd.DataFrame, outlets: list[str]) -> pd.DataFrame:
    """The table of `label_counts` from mentions."""
    table = uses[uses["resolved"].astype(bool)]
    keys = ["referent", "label", "side"]
    known = table[keys].drop_duplicates().sort_values(keys)
    rows = known.merge(pd.DataFrame({"outlet": outlets}), how="cross")
    sizes = table.assign(words=table["voice"].map(WORDING)).groupby([*keys, "outlet", "words"])
    found = sizes.size().to_dict()
    for words in WORDING_COLOURS:
        rows[words] = [found.get((*row, words), 0) for row in tuples(rows[[*keys, "outlet"]])]
    rows["count"] = rows[list(WORDING_COLOURS)].sum(axis=1)
    return rows.reset_index(drop=True)


def _compared(rows: pd.DataFrame) -> bool:
    """Whether a referent's rows let something be compared: two labels, or two outlets."""
    used = rows[rows["count"] > 0]
    return used["label"].nunique() > 1 or used["outlet"].nunique() > 1


def _breadth(rows: pd.DataFrame) -> tuple[int, int]:
    """What sorts referents: outlets that name it, then uses, most first."""
    used = rows[rows["count"] > 0]
    return -int(used["outlet"].nunique()), -int(used["count"].sum())


def _label_note(uses: pd.DataFrame) -> str:
    note = (
        "In reported speech the claim is the source's and the wording the outlet's; quoted: "
        "fragments, scare quotes and full quotations. In grey, who prefers a label. A label of an "
        "event counts only in articles dated from the event on. "
    )
    unclear = int((~uses["resolved"].astype(bool)).sum())
    verb = "is" if unclear == 1 else "are"
    left_out = f"{many(unclear, 'use')} that may mean two things {verb} left out. "
    return note + (left_out if unclear else "")


class _Panel:
    """The labels of one referent: a row a label, a column an outlet, stacked bars."""

    def __init__(self, rows: pd.DataFrame, part: Profile) -> None:
        totals = rows.groupby(["label", "side"], as_index=False)["count"].sum()
        order = totals.sort_values(["count", "label", "side"], ascending=[False, True, True])
        self.labels = list(tuples(order[["label", "side"]]))
        self.referent = str(rows["referent"].iloc[0])
        self.names = Rows(
            [Row(label, "" if side == "neutral" else side) for label, side in self.labels]
        )
        self.outlets, self.colours = list(part.outlets), colours_of(part)
        cells = tuples(rows[["label", "side", "outlet", *WORDING_COLOURS]])
        self.counts = {tuple(cell[:3]): cell[3:] for cell in cells}
        room = min(max(8 / len(self.outlets), 0.8), 1.8)  # inches for the longest bar
        self.unit = min(0.17, room / max(sum(counts) for counts in self.counts.values()))
        reach = max(bar_reach(counts, self.unit) for counts in self.counts.values())
        longest = max(width_of(outlet, NAME_SIZE, bold=True) for outlet in self.outlets)
        self.stride = max(reach, min(longest, room), 0.95) + 0.2

    def page(self, stride: float) -> Page:
        """The panel as a page, its columns *stride* inches apart."""
        uses = [
            sum(sum(self.counts[*label, outlet]) for label in self.labels)
            for outlet in self.outlets
        ]
        return Page(
            self.referent[:1].upper() + self.referent[1:],
            width=stride * len(self.outlets),
            names=self.names,
            heads=Heads(
                self.outlets,
                [stride * n for n in range(len(self.outlets))],
                stride - 0.2,
                asides=[many(n, "use") for n in uses],
                colours=self.colours,
            ),
            size=9.5,
        )

    def draw(self, page: Page, ax: Axes | None, stride: float) -> Axes:
        """Draw the panel; x is in uses."""
        sheet = Sheet(page, ax, (0, page.width / self.unit))
        sheet.rules()
        for middle, label in zip(self.names.middles, self.labels, strict=True):
            for number, outlet in enumerate(self.outlets):
                counts = self.counts[*label, outlet]
                at = number * stride / self.unit, middle
                sheet.bar(at, list(zip(counts, WORDING_COLOURS.values(), strict=True)), self.unit)
                if not sum(counts):
                    sheet.write(NONE, at, color=GREY)
        return sheet.ax
