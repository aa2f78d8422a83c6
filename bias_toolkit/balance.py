"""Whom an outlet lets speak: quoted and reported words by kind of source, side and actor.

Words are credited to the outermost source, because that is whom the outlet turned to; what a
source says inside another's words is counted apart as nested.  Who is never heard stands in the
tables with 0.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.profiles import Profile
from bias_toolkit.shares import Cell, Counts, by_outlet, side_by_side
from bias_toolkit.sourcekinds import KINDS
from bias_toolkit.sourcing import credited

BY = ("kind", "side", "actor")
WORDS = {
    "quoted": ("words_quoted",),
    "reported": ("words_reported",),
    "both": ("words_quoted", "words_reported"),
}
_KEYS = ("by", "source", "words")
_EXTRA = ("nested",)


def source_balance(part: Profile) -> pd.DataFrame:
    """One row an outlet, source and kind of words: how many words the source was given.

    Columns: outlet; by (kind, side or actor); source (one of KINDS, a side, an actor; "" for
    sources on no side or of no actor that the lexicons know); words (quoted, reported, both);
    count (words credited to the source as the outermost one) of `of` words of all sources;
    articles, of_articles; share, low, high (see `shares.by_outlet`); nested (words that the
    source says inside the words of somebody else, who is credited with them).

    All kinds, all sides of the lexicons' actors, and all actors heard in any outlet are listed.
    Higher share: more of what the outlet hands over is this source's.
    """
    return by_outlet(part, _KEYS, _cells(part), _EXTRA)


def source_balance_of_two(part: Profile, a: str, b: str) -> pd.DataFrame:
    """`source_balance` of two outlets side by side, with the difference of their shares.

    Columns: by, source, words, then those of `shares.side_by_side`, and a_nested and b_nested.
    """
    return side_by_side(part, (a, b), _KEYS, _cells(part), _EXTRA)


def _cells(part: Profile) -> Iterator[Cell]:
    table = credited(part)
    unit = table["unit"].to_numpy()
    said = {words: table[list(names)].sum(axis=1).to_numpy(float) for words, names in WORDS.items()}
    whole = {words: _by_unit(part, unit, values) for words, values in said.items()}
    for by in BY:
        own, outer = (table[name].to_numpy(dtype=object) for name in (by, f"outer_{by}"))
        inside = table["nested"].to_numpy(bool)
        for source in _listed(part, by, table):
            mine, nested = outer == source, inside & (own == source)
            for words, values in said.items():
                yield Cell(
                    (by, source, words),
                    _by_unit(part, unit[mine], values[mine]),
                    whole[words],
                    {"nested": _by_unit(part, unit[nested], values[nested])},
                )


def _by_unit(part: Profile, unit: NDArray[np.integer], values: Counts) -> Counts:
    return np.asarray(np.bincount(unit, values, minlength=len(part.units)), float)


def _listed(part: Profile, by: str, table: pd.DataFrame) -> list[str]:
    """The sources that get a row each, those on no side or of no actor last."""
    if by == "kind":
        return list(KINDS)
    heard = {*table[by], *table[f"outer_{by}"]}
    if by == "side":
        heard |= {actor.side for lexicon in part.lexicons for actor in lexicon.actors}
    return [*sorted(heard - {""}), ""]
