"""Say what chance alone would have shown of these very outlets, before any difference is shown.

The sentences are those of the self-check; beside them stands what was found between outlets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bias_toolkit.comparison import Comparisons, over_pairs
from bias_toolkit.keyness import ALPHA
from bias_toolkit.reports import words as w

_MOST = 30  # pairs of outlets in the table


@dataclass(frozen=True)
class Between:
    """What was found between two outlets, to be held against what was found within each."""

    a: str
    b: str
    articles: str  # "300 against 300"
    terms: int
    found: int
    over_all: int  # of these, found over all pairs
    exploring: str  # terms of the exploring list; a dash where days are drawn
    categories: int


def parts(whole: Comparisons) -> dict[str, Any]:
    """Everything that the section shows, by the template's names."""
    rows = between(whole)
    draws = whole.pairs[0].contrast.draws
    return {
        "noise": [w.line(text) for text in whole.noise.sentences()],
        "noise_tried": len(whole.noise.table) > 0,
        "noise_draws": whole.noise.draws,
        "noise_own_draws": draws,
        "over_all_able": len(rows) / (1 + draws) <= ALPHA,
        "between": rows[:_MOST],
        "between_more": max(len(rows) - _MOST, 0),
    }


def between(whole: Comparisons) -> list[Between]:
    """The pairs of outlets that were tested, and how much was found."""
    found = []
    tested = [pair for pair in whole.pairs if pair.facts.comparable and pair.contrast.testable]
    tables = [pair.terms[(pair.terms["kind"] != "category").to_numpy()] for pair in tested]
    over_all = over_pairs([table["p_fwer"].to_numpy(float) for table in tables])
    for pair, table, p in zip(tested, tables, over_all, strict=True):
        lists = pair.categories
        explored = table["p_bh"].notna().any()
        found.append(
            Between(
                a=pair.a,
                b=pair.b,
                articles=" against ".join(f"{n:,}" for n in pair.contrast.articles),
                terms=len(table),
                found=int((table["p_fwer"] <= ALPHA).sum()),
                over_all=int((p <= ALPHA).sum()),
                exploring=f"{int((table['p_bh'] <= ALPHA).sum()):,}" if explored else w.NONE,
                categories=int((lists["p_fwer"] <= ALPHA).sum()),
            )
        )
    return found
