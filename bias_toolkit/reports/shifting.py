"""Say which words a difference of rates or of tone comes from, and whether it hangs on a few.

What was found is shown with its intervals, and again without the three terms that make it
most.  Where nothing may be tested the largest differences are counted, and called counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bias_toolkit import plots
from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.keyness import ALPHA
from bias_toolkit.plots.differences import NOT_TERMS
from bias_toolkit.plots.shifts import spoken, why_no_shift
from bias_toolkit.reports import words as w
from bias_toolkit.shifts import SENTIMENT, WordShift

_MOST_COUNTED = 5  # categories of a pair that is only described
_MOST_IN_TABLE = 100  # terms of one shift in the table of all shifts


@dataclass(frozen=True)
class CategoryRow:
    """One category that differs, or is counted: rates, the difference, and what it hangs on."""

    name: str
    a_value: str
    b_value: str
    a_uses: str
    b_uses: str
    articles: str  # that carry it, "79 against 145"
    difference: str
    interval: str
    strongest: str  # "court 99:195, lawsuit 13:38"
    rest: str
    rest_interval: str
    said: str


@dataclass(frozen=True)
class TermRow:
    """One term of a word shift."""

    term: str
    contribution: str
    interval: str
    by_use: str
    by_score: str
    a: str  # "12 uses in 5 articles"
    b: str


@dataclass(frozen=True)
class ShiftPart:
    """One mean that differs, and the terms that it comes from."""

    name: str
    unit: str
    difference: str
    interval: str
    scored: bool  # whether what a use scores can differ, as in tone
    terms: tuple[TermRow, ...]


@dataclass(frozen=True)
class PairShifts:
    """What is said of the shifts between two outlets."""

    categories: tuple[CategoryRow, ...]
    tested: int  # categories; 0 where none were
    found: bool  # else the rows are counts
    parts: tuple[ShiftPart, ...]
    why_none: str


def parts(whole: Comparisons) -> dict[str, Any]:
    """Everything that the pairs show of it, by the template's names."""
    return {
        "shifts": [pair_shifts(pair) for pair in whole.pairs],
        "shift_pictures": [f"{name}.svg" for name in plots.pair_names(whole.pairs, "shifts")],
    }


def pair_shifts(pair: Comparison) -> PairShifts:
    """What differs between two outlets, or the largest counts where nothing may be tested."""
    table = pair.categories
    tested = int(table["p_fwer"].notna().sum())
    found = table[table["p_fwer"] <= ALPHA].sort_values(["p_fwer", "measure"])
    chosen = found if pair.contrast.testable else _largest(table)
    return PairShifts(
        categories=tuple(_category(row, tested > 0) for row in chosen.itertuples()),
        tested=tested,
        found=pair.contrast.testable,
        parts=tuple(_part(pair, shift) for shift in pair.shifts.values()),
        why_none="" if pair.shifts else why_no_shift(pair),
    )


def _largest(table: pd.DataFrame) -> pd.DataFrame:
    """The categories of subjects, not of cues and the like, whose rates are furthest apart."""
    subject = ~table["measure"].str.partition(".")[0].isin(NOT_TERMS) if len(table) else []
    table = table[subject] if len(table) else table
    order = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order][:_MOST_COUNTED]


def _category(row: Any, tested: bool) -> CategoryRow:
    return CategoryRow(
        name=spoken(row.measure),
        a_value=w.figure(row.a_value, 2),
        b_value=w.figure(row.b_value, 2),
        a_uses=w.count(row.a_uses, "use"),
        b_uses=w.count(row.b_uses, "use"),
        articles=f"{row.a_articles:,} against {row.b_articles:,}",
        difference=w.figure(row.difference, 2),
        interval=w.interval(row.low, row.high, 2),
        strongest=w.line(row.counts),
        rest=w.figure(row.rest, 2),
        rest_interval=w.interval(row.rest_low, row.rest_high, 2),
        said=_said(row) if tested else "",
    )


def _said(row: Any) -> str:
    """Whether what was found holds without its strongest terms."""
    turned = row.rest * row.difference < 0
    if row.rest_terms == 0:
        return "These are all of its terms here."
    if row.low <= 0 <= row.high:
        return "The plain rates cannot be told apart; found within strata, or by articles."
    if row.rest_low <= 0 <= row.rest_high or row.rest_low != row.rest_low:
        return "Without these nothing is left that can be told from 0: it hangs on them."
    if turned:
        return "Without these it turns round: read the terms, not the category."
    return "It holds without these."


def _part(pair: Comparison, shift: WordShift) -> ShiftPart:
    digits = 4 if shift.measure == SENTIMENT else 2
    value, low, high = shift.difference
    table = plots.shift_terms(shift)
    return ShiftPart(
        name=spoken(shift.measure),
        unit=shift.unit,
        difference=w.figure(value, digits),
        interval=w.interval(low, high, digits),
        scored=shift.measure == SENTIMENT,
        terms=tuple(_term(row, digits) for row in table.itertuples()),
    )


def _term(row: Any, digits: int) -> TermRow:
    return TermRow(
        term=w.line(row.term),
        contribution=w.figure(row.contribution, digits),
        interval=w.interval(row.low, row.high, digits),
        by_use=w.figure(row.by_use, digits),
        by_score=w.figure(row.by_score, digits),
        a=_uses(row.a_uses, row.a_articles),
        b=_uses(row.b_uses, row.b_articles),
    )


def _uses(uses: float, articles: float) -> str:
    """ "12 in 5 articles"; only the uses where articles are not counted."""
    if not uses or articles != articles:
        return w.whole(uses)
    return f"{w.whole(uses)} in {w.count(articles, 'article')}"


def shift_table(whole: Comparisons) -> pd.DataFrame:
    """The terms of all shifts: a, b, measure and `WordShift.terms`, of each the 100 strongest."""
    tables = [
        shift.terms[:_MOST_IN_TABLE].assign(a=pair.a, b=pair.b, measure=measure)
        for pair in whole.pairs
        for measure, shift in pair.shifts.items()
    ]
    if not tables:
        return pd.DataFrame(columns=["a", "b", "measure", "term", "contribution", "low", "high"])
    table = pd.concat(tables, ignore_index=True)
    first = ["a", "b", "measure"]
    return table[[*first, *(name for name in table if name not in first)]]
