"""Say in plain sentences what coders' answers show, for a terminal.

Every number stands with what it rests on, and every missing one with the reason.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from bias_toolkit.validity.accuracy import majorities, precision, recall
from bias_toolkit.validity.evidence import VOCABULARY, shortfall
from bias_toolkit.validity.records import DRAWS, Coding
from bias_toolkit.validity.reliability import (
    RELIABLE,
    TENTATIVE,
    agreement,
    coded_twice,
    coder_table,
)

_SHOWN = 10  # entries of false hits


def described(coding: Coding, *, draws: int = DRAWS, seed: int = 0) -> Iterator[str]:
    """What the coding says, as lines for a terminal."""
    agreed = agreement(coding, draws=draws, seed=seed)
    both = precision(coding).merge(
        recall(coding, draws=draws, seed=seed), on=["category", "outlet"], suffixes=("", "_of")
    )
    twice = coded_twice(coding).set_index("category")
    for row in coder_table(coding).itertuples():
        side = f" ({row.side})" if row.side else " (no side declared)"
        yield f"{row.coder}{side}: {row.coded} coded, {row.unsure} unsure, {row.missing} missing"
    yield ""
    yield "Krippendorff's alpha, all categories"
    yield from _alphas_told(agreed[agreed["category"] == ""])
    for category in coding.key.categories:
        mine = agreed[agreed["category"] == category]
        yield ""
        yield category
        yield from _alphas_told(mine[(mine["group"] == "all coders") | mine["alpha"].notna()])
        for row in both[both["category"] == category].itertuples():
            yield from _outlet_told(row) if row.outlet else _category_told(row)
        yield from _false_hits_told(coding, category)
        yield _verdict(agreed, twice.loc[category], category)


def _verdict(agreed: pd.DataFrame, twice: pd.Series, category: str) -> str:
    """Whether this validates the category, and what is lacking."""
    (row,) = agreed[
        (agreed["category"] == category) & (agreed["group"] == "all coders")
    ].itertuples()
    lacking = shortfall(row.alpha, row.coders, int(twice["hits"]), int(twice["others"]))
    if lacking:
        return f"  {VOCABULARY}: {lacking}"
    return f"  validated: {twice['hits']} hits and {twice['others']} others coded twice"


def _category_told(row: Any) -> Iterator[str]:
    """Precision and recall over all outlets, each in a sentence."""
    aside = _aside(row)
    if row.read:
        yield (
            f"  in {row.seen} of {row.read} sentences where the list hit the coders saw "
            f"{row.category}: precision {_short(row.precision)}{_ends(row.low, row.high)}{aside}"
        )
    else:
        yield f"  precision unknown: no hit was decided{aside}"
    if math.isnan(row.recall):
        yield f"  recall unknown: {row.reason}"
        return
    yield (
        f"  in {row.missed} of {row.read_of} sentences where it did not hit they saw it too: "
        f"recall about {_short(row.recall)}{_ends(row.low_of, row.high_of)}"
    )
    if row.reason:
        yield f"    {row.reason}"


def _outlet_told(row: Any) -> Iterator[str]:
    """Precision and recall of one outlet on a line."""
    right = f"precision {_short(row.precision)}{_ends(row.low, row.high)}, {row.seen} of {row.read}"
    back = f"recall about {_short(row.recall)}{_ends(row.low_of, row.high_of)}"
    missed = f"missed {row.missed} of {row.read_of}"
    right = right if row.read else "precision unknown"
    back = "recall unknown" if math.isnan(row.recall) else f"{back}, {missed}"
    yield f"    {row.outlet}: {right}; {back}"


def _false_hits_told(coding: Coding, category: str) -> Iterator[str]:
    """The entries to look at first: those of hits that the coders did not see as the category."""
    items = majorities(coding)
    false = items[(items["category"] == category) & items["hit"] & (items["majority"] == 0)]
    counts = Counter(term for terms in false["terms"] for term in terms)
    if counts:
        told = [f"{term} {n}" for term, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
        more = f", and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
        yield f"  entries of hits where they did not: {', '.join(told[:_SHOWN])}{more}"


def _alphas_told(rows: pd.DataFrame) -> Iterator[str]:
    for row in rows.itertuples():
        # Three digits, so that none looks like a mark that it has not reached.
        what = f"  alpha {row.group}: {_short(row.alpha, 3)}"
        if math.isnan(row.alpha):
            yield f"{what}: {row.reason}"
            continue
        ends = _ends(row.low, row.high, 3) or f" ({row.reason})"
        sentences = f"{row.items} sentence{'s' * (row.items != 1)}"
        yield f"{what}{ends} over {sentences}: {_mark(row.alpha)}"


def _mark(alpha: float) -> str:
    """What Krippendorff (2004) would conclude from."""
    if alpha >= RELIABLE:
        return "at or above .800, which Krippendorff (2004) asks for"
    if alpha >= TENTATIVE:
        return "between .667 and .800, for tentative conclusions only (Krippendorff 2004)"
    return "below .667, the least that Krippendorff (2004) accepts"


def _aside(row: Any) -> str:
    """Ties and sentences without a code, which do not count."""
    parts = [f"{row.ties} tied"] * (row.ties > 0) + [f"{row.uncoded} uncoded"] * (row.uncoded > 0)
    return f"; {' and '.join(parts)} set aside" if parts else ""


def _short(value: float, digits: int = 2) -> str:
    """A share or an alpha without the zero before its point.

    >>> _short(0.816), _short(-0.1), _short(0.9999), _short(0.6667, 3)
    ('.82', '-.10', '1.00', '.667')
    """
    text = f"{value:.{digits}f}"
    return "undefined" if math.isnan(value) else text.replace("0.", ".", 1)


def _ends(low: float, high: float, digits: int = 2) -> str:
    return "" if math.isnan(low) else f" ({_short(low, digits)} to {_short(high, digits)})"
