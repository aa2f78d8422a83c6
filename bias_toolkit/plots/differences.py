"""Draw the terms in which two outlets differ: odds where articles allow it, else counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bias_toolkit.attribution import VOICES
from bias_toolkit.cleaning import OTHER
from bias_toolkit.comparison import Comparison
from bias_toolkit.keyness import ALPHA
from bias_toolkit.plots.colours import GREY, RULE, mixed
from bias_toolkit.plots.corpus import GROUP_NAMES, many, outlet_colours, sizes_of, tuples
from bias_toolkit.plots.measuring import width_of, wrapped
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
from bias_toolkit.plots.vocabulary import CUE_LEXICON
from bias_toolkit.profiles import GROUPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOT_TERMS = (CUE_LEXICON, "certainty", "sources")  # words of any text, not of a subject


def term_counts(comparison: Comparison) -> pd.DataFrame:
    """Lexicon terms in the compared words: uses and articles in both outlets.

    Columns: term, lexicons, a_count, b_count, a_articles, b_articles.  A term is a label of a
    referent, whichever of its spellings stands there, or a category's term as its lexicon writes
    it ("crackdown*"); cues and words of certainty are left out.  A place counts once: for a label,
    else for the longest term.  Commonest first, of equals labels, then terms of most words.
    Empty where the two outlets wrote at different times.
    """
    places = _term_places(comparison)
    if not comparison.facts.comparable:
        places = places.iloc[:0]
    rows = places.groupby("term", as_index=False).agg(
        lexicons=("lexicon", _listed), category=("category", "min")
    )
    for short, outlet in (("a", comparison.a), ("b", comparison.b)):
        mine = places[places["outlet"] == outlet].groupby("term")["unit"]
        rows[f"{short}_count"] = mine.size().reindex(rows["term"], fill_value=0).to_numpy()
        rows[f"{short}_articles"] = mine.nunique().reindex(rows["term"], fill_value=0).to_numpy()
    uses, words = rows["a_count"] + rows["b_count"], rows["term"].str.count(" ")
    order = np.lexsort((rows["term"].to_numpy(dtype=str), -words, rows["category"], -uses))
    columns = ["term", "lexicons", "a_count", "b_count", "a_articles", "b_articles"]
    return rows.iloc[order][columns].reset_index(drop=True)


def term_odds(comparison: Comparison, top: int = 20) -> pd.DataFrame:
    """The findings of ``comparison.terms`` that the figure draws: at most *top*, half to each side.

    Words and phrases whose family-wise p-value is at most .05, without function words, outlets'
    own names and house style, which the table marks.  A term's rank is the end of its interval
    nearest to 0, so that rare terms, whose odds are large and uncertain, do not crowd out the
    rest.  Of terms that contain one another and stand in nearly as many articles only the first
    is kept, of equals the longest.  Added are effect, effect_low and effect_high: the log odds, or
    of words found by how often they are used the logarithm of their rates' ratio.  Sorted by
    effect, *a*'s terms first.
    """
    table = comparison.terms
    found = (table["p_fwer"] <= ALPHA) & (table["style"] == "") & (table["kind"] != "category")
    table = _with_effects(table[found])
    table = table[table["effect"].notna()]
    table = table.assign(letters=table["term"].map(len)).sort_values(["letters", "term"])[::-1]
    a_side = table[table["effect"] > 0].sort_values("effect_low", ascending=False, kind="stable")
    b_side = table[table["effect"] < 0].sort_values("effect_high", kind="stable")
    chosen = [_distinct(a_side, "a_articles", top // 2), _distinct(b_side, "b_articles", top // 2)]
    table = pd.concat(chosen).drop(columns="letters")
    return table.sort_values(["effect", "term"], ascending=[False, True], ignore_index=True)


def _with_effects(table: pd.DataFrame) -> pd.DataFrame:
    """*table* with the effect by which each term was found: its log odds, or its log rates."""
    by_rate = table["found_by"] == "rate"
    columns = {"effect": "log_rates", "effect_low": "rates_low", "effect_high": "rates_high"}
    odds = ("log_odds", "low", "high")
    return table.assign(
        **{
            name: table[one].where(~by_rate, table[rate])
            for (name, rate), one in zip(columns.items(), odds, strict=True)
        }
    )


@styled
def terms(
    comparison: Comparison,
    ax: Axes | None = None,
    top: int = 20,
    colours: Mapping[str, str] | None = None,
) -> Axes:
    """Draw the terms in which two outlets differ, or say why none are drawn.

    From ten articles a side: odds of an article carrying the term, with intervals (`term_odds`);
    below: counts of lexicon terms (`term_counts`).  *colours* as `outlet_colours` gives them.
    """
    facts, pair = comparison.facts, _Pair(comparison, colours or outlet_colours(comparison))
    if not facts.comparable:
        return say(pair.title, " ".join(facts.warnings), ax)
    if comparison.contrast.testable:
        rows = term_odds(comparison, top)
        if len(rows):
            return _draw_odds(pair, rows, ax)
        return say(pair.title, " ".join([_nothing(comparison), *comparison.method]), ax)
    rows = term_counts(comparison)
    if len(rows):
        return _draw_counts(pair, rows, top, ax)
    message = f"No term of the lexicons occurs in {GROUP_NAMES[comparison.words]}."
    return say(pair.title, message, ax)


def _nothing(comparison: Comparison) -> str:
    """What is said where no odds are drawn: nothing was found, or only what is marked."""
    table = comparison.terms
    found = int(((table["p_fwer"] <= ALPHA) & (table["style"] != "")).sum())
    if not found:
        return "No word or phrase differs by more than chance alone would give."
    verb = "differs" if found == 1 else "differ"
    return (
        f"{many(found, 'term')} {verb} by more than chance alone would give, and all of these are "
        "function words, names of the outlets or house style."
    )


def _listed(names: pd.Series) -> str:
    return ", ".join(sorted(set(names)))


def _term_places(comparison: Comparison) -> pd.DataFrame:
    """Each place of a label or a subject's term: term, lexicon, category (whether the term is a
    category's), outlet, unit, sentence, start, end."""
    part, voices = comparison.profile, GROUPS[comparison.words]
    entries, hits = part.entries, part.hits
    subject = (entries["kind"] == "category") & ~entries["lexicon"].isin(NOT_TERMS)
    keep = subject.to_numpy()[hits["entry"].to_numpy()] & np.isin(hits["voice"], voices)
    hits = hits[keep & (hits["field"] != OTHER).to_numpy()]
    entry = entries.iloc[hits["entry"].to_numpy()]
    hits = hits.assign(
        term=entry["term"].to_numpy(dtype=object),
        lexicon=entry["lexicon"].to_numpy(dtype=object),
        outlet=part.units["outlet"].to_numpy(dtype=object)[hits["unit"].to_numpy()],
        category=True,
    )
    labels = comparison.mentions.assign(category=False)
    things = labels.groupby("label")["referent"].transform("nunique")
    full = labels["label"] + " (" + labels["referent"] + ")"  # "agreement" of 2020 and of 2023
    labels["term"] = labels["label"].where(things < 2, full)
    labels = labels[labels["voice"].isin([VOICES[code] for code in voices])]
    columns = ["term", "lexicon", "category", "outlet", "unit", "sentence", "start", "end"]
    return _apart(pd.concat([labels[columns], hits[columns]], ignore_index=True))


def _apart(places: pd.DataFrame) -> pd.DataFrame:
    """*places* without those that overlap a label or a longer term."""
    length = places["end"] - places["start"]
    places = places.iloc[np.lexsort((places["start"], -length, places["category"]))]
    taken: dict[int, list[tuple[int, int]]] = {}
    keep = []
    for sentence, start, end in tuples(places[["sentence", "start", "end"]]):
        others = taken.setdefault(sentence, [])
        keep.append(not any(start < right and left < end for left, right in others))
        if keep[-1]:
            others.append((start, end))
    return places[np.array(keep, bool)]


def _distinct(ranked: pd.DataFrame, articles: str, most: int) -> pd.DataFrame:
    """The first *most* rows without terms that are nearly always part of one another.

    "barack" and "barack obama" say one thing: of two such terms whose *articles* differ by less
    than a fifth the first is kept.
    """
    kept: list[tuple[str, int]] = []
    rows = []
    pairs = zip(ranked["term"], ranked[articles], strict=True)
    for row, (term, count) in enumerate(pairs):
        if len(kept) == most:
            break
        if not any(_same(term, count, *other) for other in kept):
            kept.append((term, count))
            rows.append(row)
    return ranked.iloc[rows]


def _same(term: str, count: int, other: str, others: int) -> bool:
    within = f" {term} " in f" {other} " or f" {other} " in f" {term} "
    return within and abs(count - others) < 0.2 * max(count, others)


@dataclass(frozen=True)
class _Pair:
    """Two outlets, and the colours of all."""

    comparison: Comparison
    colours: Mapping[str, str]

    @property
    def title(self) -> str:
        """What a figure of their terms is called."""
        return f"Terms: {self.comparison.a} and {self.comparison.b}"

    @property
    def counted(self) -> str:
        """Which words were counted."""
        return f"Counted: {GROUP_NAMES[self.comparison.words]}."

    @property
    def names(self) -> tuple[str, str]:
        """The outlets, in the comparison's order."""
        return self.comparison.a, self.comparison.b

    @property
    def inks(self) -> list[str]:
        """Their colours."""
        return [self.colours[name] for name in self.names]

    def heads(self, places: Sequence[float], width: float) -> Heads:
        """Their names over two columns, with what was counted of each, and its dates."""
        part, facts = self.comparison.profile, self.comparison.facts
        sizes = dict(zip(part.outlets, sizes_of(part, self.comparison.words), strict=True))
        asides = []
        for name, dates in zip(self.names, (facts.a_dates, facts.b_dates), strict=True):
            days = " to ".join(dict.fromkeys(dates)) if dates else "no dates"
            asides.append(f"{sizes[name]}\n{days}")
        return Heads(self.names, places, width, asides=asides, colours=self.inks)


def _draw_counts(pair: _Pair, rows: pd.DataFrame, top: int, ax: Axes | None) -> Axes:
    """Draw counts of lexicon terms to both sides of their names."""
    blocks = _blocks(pair, rows, top)
    drawn = pd.concat([block for _, block in blocks])
    unit = min(0.17, 1.4 / drawn[["a_count", "b_count"]].to_numpy().max())  # inches a use
    side = max(_tip(pair, row, unit) for row in drawn.itertuples())
    gutter = min(max(width_of(term, NAME_SIZE) for term in drawn["term"]), 2.4) + 0.3
    page = Page(
        pair.title,
        width=gutter + 2 * side,
        marks=0.22 * len(drawn) + 0.32 * len(blocks),
        heads=pair.heads([0, side + gutter], side),
        about=f"Uses of the lexicons' terms. {pair.counted}",
        note=_counts_note(pair, drawn, len(rows)),
    )
    sheet = Sheet(page, ax, (-page.width / 2 / unit, page.width / 2 / unit))
    y = 0.0
    for title, block in blocks:
        y += 0.32
        said = wrapped(title, page.width, SMALL_SIZE, 1)[0]
        sheet.write(said, (0, y - 0.12), size=SMALL_SIZE, color=GREY, ha="center")
        for row in block.itertuples():
            y += 0.22
            name = wrapped(row.term, gutter - 0.2, NAME_SIZE, 1)[0]
            sheet.write(name, (0, y - 0.11), ha="center")
            _mirrored(sheet, (gutter / 2 / unit, y - 0.11), row, pair)
    return sheet.ax


def _blocks(pair: _Pair, rows: pd.DataFrame, top: int) -> list[tuple[str, pd.DataFrame]]:
    """Terms only in one outlet, in both, and only in the other: the commonest of each, *top* all.

    By turns, so that the outlet with more words does not fill the figure.
    """
    a, b = rows["a_count"] > 0, rows["b_count"] > 0
    block = np.select([a & ~b, a & b], [0, 1], 2)
    turn = rows.groupby(block).cumcount()
    drawn = np.lexsort((np.arange(len(rows)), turn))[:top]
    titles = (f"only in {pair.names[0]}", "in both", f"only in {pair.names[1]}")
    chosen = [np.sort(drawn[block[drawn] == n]) for n in range(len(titles))]
    return [(title, rows.iloc[at]) for title, at in zip(titles, chosen, strict=True) if len(at)]


def _sides(pair: _Pair, row: Any) -> list[tuple[int, int, str]]:
    """For each outlet: the direction of its bar, its count, and what is written after it."""
    facts = pair.comparison.facts
    sides = []
    for sign, count, articles, of in (
        (-1, row.a_count, row.a_articles, facts.a_articles),
        (1, row.b_count, row.b_articles, facts.b_articles),
    ):
        within = f" ({articles} of {of})" if count and of > 1 else ""
        sides.append((sign, count, f"{count:,}{within}"))
    return sides


def _tip(pair: _Pair, row: Any, unit: float) -> float:
    """Inches from the names to the end of a row's longer side, at least those of a short name."""
    ends = [count * unit + width_of(text, SMALL_SIZE) for _, count, text in _sides(pair, row)]
    return max(*ends, 1.5) + 0.1


def _mirrored(sheet: Sheet, at: tuple[float, float], row: Any, pair: _Pair) -> None:
    """Draw one term's counts to both sides of its name."""
    edge, y = at
    for (sign, count, text), colour in zip(_sides(pair, row), pair.inks, strict=True):
        if count:
            sheet.block((sign * edge, y), (sign * count, BAR), colour)
        looks: Any = {"size": SMALL_SIZE, "color": GREY, "ha": "left" if sign > 0 else "right"}
        sheet.write(text, (sign * (edge + count), y), shift=(sign * 0.06, 0), **looks)


def _counts_note(pair: _Pair, drawn: pd.DataFrame, terms: int) -> str:
    facts = pair.comparison.facts
    notes = ["Counts, not findings."]
    if max(facts.a_articles, facts.b_articles) > 1:
        notes.append("In brackets: articles that carry the term.")
    if drawn["term"].str.contains("*", regex=False).any():
        notes.append("A star stands for any ending, or any word.")
    if terms > len(drawn):
        notes.append(f"The commonest of {terms:,} terms are drawn, by turns of the three groups.")
    return " ".join([*notes, *facts.warnings])


def _draw_odds(pair: _Pair, rows: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw odds with intervals, terms of the first outlet on the left, and articles beside."""
    names = Rows([Row(term) for term in rows["term"]])
    field, column = 3.8, 1.05  # inches for the intervals, and for each outlet's articles
    reach = float(np.abs(rows[["effect_low", "effect_high"]].to_numpy()).max()) * 1.04
    unit = field / 2 / reach  # inches a unit of log odds
    places = [field + 0.2 + n * column for n in (0, 1)]
    page = Page(
        pair.title,
        width=field + 0.2 + 2 * column,
        names=names,
        heads=pair.heads(places, column - 0.1),
        marks=names.ends[-1] + 0.45,
        about=f"Odds that an article carries the term, as a multiple of the other outlet's. "
        f"{pair.counted}",
        note=_odds_note(pair, rows),
    )
    # Positive odds are the first outlet's: its side is the left one, so x runs backwards.
    sheet = Sheet(page, ax, (reach, reach - page.width / unit))
    sheet.rules()
    _odds_axis(sheet, reach, names.ends[-1], pair)
    for middle, row in zip(names.middles, rows.itertuples(), strict=True):
        _interval(sheet, middle, row, pair.inks[0 if row.effect > 0 else 1])
        for place, text in zip(places, _beside(row), strict=True):
            sheet.write(text, (reach - place / unit, middle), size=SMALL_SIZE)
    return sheet.ax


def _beside(row: Any) -> tuple[str, str]:
    """What either outlet has of a term: articles, or uses where it was found by these."""
    if row.found_by == "rate":
        return f"{row.a_rate:.1f} per 1,000", f"{row.b_rate:.1f} per 1,000"
    return f"{row.a_articles} of {row.a_units}", f"{row.b_articles} of {row.b_units}"


def _interval(sheet: Sheet, middle: float, row: Any, colour: str) -> None:
    looks: Any = {"color": colour, "linewidth": 1.4, "scalex": False, "scaley": False}
    sheet.ax.plot([row.effect_low, row.effect_high], [middle, middle], zorder=2, **looks)
    marker = "D" if row.found_by == "rate" else "o"
    sheet.ax.plot([row.effect], [middle], marker=marker, markersize=5, zorder=3, **looks)


def _odds_axis(sheet: Sheet, reach: float, bottom: float, pair: _Pair) -> None:
    """Draw lines at round odds, and say what they mean and which side is whose."""
    from matplotlib.collections import LineCollection

    step = next((s for s in (2, 3, 10, 100, 1000) if 3.4 * np.log(s) > reach), 10**4)
    ticks = [n * np.log(step) for n in range(-4, 5) if abs(n * np.log(step)) < reach]
    lines = LineCollection([((x, 0), (x, bottom)) for x in ticks], colors=RULE, linewidths=0.8)
    sheet.ax.add_collection(lines, autolim=False)
    for x in ticks:
        text = f"{round(np.exp(abs(x))):,}×" if x else "equal"
        sheet.write(text, (x, bottom + 0.13), size=SMALL_SIZE, color=GREY, ha="center")
    for name, ha, sign, ink in zip(pair.names, ("right", "left"), (-1, 1), pair.inks, strict=True):
        text = wrapped(f"more articles of {name}", 1.8, SMALL_SIZE, 1)[0]
        looks: Any = {"size": SMALL_SIZE, "color": mixed(ink, "#000000", 0.3), "ha": ha}
        sheet.write(text, (0, bottom + 0.34), shift=(0.08 * sign, 0), **looks)


def _odds_note(pair: _Pair, rows: pd.DataFrame) -> str:
    table = pair.comparison.terms  # categories are a family of their own
    tested = int((table["p_fwer"].notna() & (table["kind"] != "category")).sum())
    notes = [
        "Dots: odds ratio of an article carrying the term; lines: 95 % interval. On the right: "
        f"articles that carry it. Found among {many(tested, 'term')} with a chance of at most 5 % "
        "that any of them is there by chance."
    ]
    if (rows["found_by"] == "rate").any():
        notes.append(
            "Diamonds: words of more than half of the articles, found by how often they are used: "
            "the ratio of their uses per word, and on the right uses per 1,000 words."
        )
    return " ".join([*notes, *pair.comparison.method, *pair.comparison.facts.warnings])
