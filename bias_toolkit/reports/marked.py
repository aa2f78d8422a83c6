"""Set apart what differs without telling of the news: function words, names, house style, spelling.

Such terms are part of the test and stay in the table of all terms; a list of their own keeps them
from crowding out the rest, and keeps a spelling that takes sides in sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from bias_toolkit.comparison import Comparison
from bias_toolkit.keyness import ALPHA
from bias_toolkit.reports import words as w
from bias_toolkit.reports.limits import by_rate

_MOST = 20  # terms of one kind
_LEXICAL = ("category", "pattern")  # rows that are no words of their own
_KINDS = {
    "function word": "function words",
    "own name": "names of the two outlets",
    "house style": "house style",
}


@dataclass(frozen=True)
class Marked:
    """Findings of one pair that are marked, and spellings of one word that the two share out."""

    found: int  # words and phrases in all
    kinds: tuple[tuple[str, str], ...]  # "house style", "mr. 3:257, mrs. 0:51"; see `_counted`
    spellings: tuple[str, ...]  # "kiev 80:0, kyiv 0:330"


def marked_terms(pair: Comparison) -> Marked:
    """The marked findings of a pair, in articles of a and of b that carry each, the surest first.

    What was found by how often it is used has its uses per 1,000 words instead.
    Nothing where the pair was not tested.
    """
    table = pair.terms
    table = table[~table["kind"].isin(_LEXICAL)]
    found = table[table["p_fwer"] <= ALPHA]
    found = found.iloc[found["z"].abs().argsort(kind="stable")[::-1]]
    rows = [(name, found[found["style"] == style]) for style, name in _KINDS.items()]
    return Marked(
        found=len(found),
        kinds=tuple((name, _listed(mine)) for name, mine in rows if len(mine)),
        spellings=tuple(_spellings(table, found)),
    )


def _listed(rows: pd.DataFrame) -> str:
    """The first terms with their articles, and how many more there are."""
    shown = ", ".join(_counted(row) for row in rows[:_MOST].itertuples())
    return shown + (f", and {len(rows) - _MOST} more" if len(rows) > _MOST else "")


def _counted(row: Any) -> str:
    """What was found of a term: "mr. 3:257" articles, or "the 51.2:33.1 per 1,000 words"."""
    return f"{w.line(row.term)} {by_rate(row) or f'{row.a_articles}:{row.b_articles}'}"


def _spellings(table: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """Spellings of one word of which at least one was found, all with their articles."""
    groups = sorted(set(found.loc[found["kind"] == "word", "group"]) - {""})
    words = table[(table["kind"] == "word") & table["group"].isin(groups)]
    return [
        ", ".join(_counted(row) for row in words[words["group"] == group].itertuples())
        for group in groups[:_MOST]
    ]
