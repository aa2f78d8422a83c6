"""Shares of something in something, by outlet and side by side, with intervals over articles.

A *cell* is one thing that is counted (the words of officials, the uses of a label) beside what
it is a part of, both an array over all units of a profile.  Measures make cells; the tables made
of them here all have the same columns, and list what never occurs as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.metrics import Estimate, Sums, difference, estimate, ratio
from bias_toolkit.profiles import Profile

Counts = NDArray[np.float64]

_SHARE = ratio("share", "A part of the whole", "share", ("part", "whole"))


@dataclass(frozen=True)
class Cell:
    """One thing that is counted: what names it, and one value a unit of the profile.

    `part` is what counts, `whole` what it is a share of; `extra` are further counts to be summed.
    """

    keys: tuple[str, ...]
    part: Counts
    whole: Counts
    extra: Mapping[str, Counts] = field(default_factory=dict)


def by_outlet(
    part: Profile, keys: tuple[str, ...], cells: Iterable[Cell], extra: tuple[str, ...] = ()
) -> pd.DataFrame:
    """One row an outlet and cell: what is counted, its share, and the share's interval.

    Columns: outlet, *keys*, count, of, articles, of_articles, share, low, high.  `count` is the
    sum of the part, `of` that of the whole; `articles` are those with any of the part,
    `of_articles` those with any of the whole.  `share` is nan where `of` is 0; `low` and `high`
    (95 %, delete-one jackknife, Student's t) are nan below FEWEST `of_articles` or where the
    share is the same in all.  Columns of *extra* follow.  Outlets in alphabetical order, cells
    as they come.
    """
    masks = _masks(part, tuple(part.outlets))
    rows: list[tuple] = []
    for cell in cells:
        for place, (outlet, mask) in enumerate(masks.items()):
            sums = _sums(cell, mask)
            found = _bounded(_estimate(sums))
            counts = _counted(sums)
            more = [float(cell.extra[name][mask].sum()) for name in extra]
            rows.append((place, outlet, *cell.keys, *counts, *found, *more))
    columns = ["outlet", *keys, *_COUNTS, "share", "low", "high", *extra]
    table = pd.DataFrame(rows, columns=["place", *columns]).sort_values("place", kind="stable")
    return _typed(table[columns].reset_index(drop=True), keys, [*_COUNTS, *extra])


def side_by_side(
    part: Profile,
    outlets: tuple[str, str],
    keys: tuple[str, ...],
    cells: Iterable[Cell],
    extra: tuple[str, ...] = (),
) -> pd.DataFrame:
    """One row a cell, for two outlets *a* and *b*.

    Columns: *keys*; a_count, b_count, a_of, b_of, a_articles, b_articles, a_of_articles,
    b_of_articles, a_share, b_share (see `by_outlet`); difference (of the shares, a less b), low,
    high (95 %, Welch on jackknife errors, nan below FEWEST articles a side); a_ and b_ of *extra*.
    """
    masks = _masks(part, outlets)
    rows: list[tuple] = []
    for cell in cells:
        a, b = (_sums(cell, masks[name]) for name in outlets)
        shares = (_value(a), _value(b))
        counts = [n for pair in zip(_counted(a), _counted(b), strict=True) for n in pair]
        more = [
            float(cell.extra[name][masks[outlet]].sum()) for name in extra for outlet in outlets
        ]
        rows.append((*cell.keys, *counts, *shares, *_difference(a, b), *more))
    counted = [f"{side}_{name}" for name in _COUNTS for side in "ab"]
    further = [f"{side}_{name}" for name in extra for side in "ab"]
    columns = [*keys, *counted, "a_share", "b_share", "difference", "low", "high", *further]
    return _typed(pd.DataFrame(rows, columns=columns), keys, [*counted, *further])


_COUNTS = ("count", "of", "articles", "of_articles")


def _masks(part: Profile, outlets: tuple[str, ...]) -> dict[str, NDArray[np.bool_]]:
    outlet = part.units["outlet"].to_numpy()
    return {name: outlet == name for name in outlets}


def _sums(cell: Cell, mask: NDArray[np.bool_]) -> Sums:
    """The articles of one outlet that have any of the whole: the others tell nothing of a share."""
    some = mask & (cell.whole > 0)
    return {"part": cell.part[some], "whole": cell.whole[some]}


def _counted(sums: Sums) -> tuple[float, float, int, int]:
    part, whole = sums["part"], sums["whole"]
    return float(part.sum()), float(whole.sum()), int((part > 0).sum()), len(whole)


def _value(sums: Sums) -> float:
    whole = float(sums["whole"].sum())
    return float(sums["part"].sum()) / whole if whole > 0 else np.nan


def _estimate(sums: Sums) -> Estimate:
    if not sums["part"].any():  # what never occurs varies in no article
        return Estimate(_value(sums), np.nan, np.nan)
    return estimate(_SHARE, sums)


def _bounded(found: Estimate) -> Estimate:
    """A share lies between 0 and 1, and so does what it may be."""
    low, high = np.clip([found.low, found.high], 0, 1)
    return Estimate(found.value, float(low), float(high))


def _difference(a: Sums, b: Sums) -> Estimate:
    if not (a["part"].any() or b["part"].any()):
        return Estimate(_value(a) - _value(b), np.nan, np.nan)
    return difference(_SHARE, a, b)


def _typed(table: pd.DataFrame, keys: tuple[str, ...], counts: list[str]) -> pd.DataFrame:
    """Counts as whole numbers, keys as text, also where there is no row."""
    types = {**dict.fromkeys(counts, np.int64), **dict.fromkeys(keys, object)}
    rest = [name for name in table if name not in types and name != "outlet"]
    types |= dict.fromkeys(rest, np.float64)
    return table.astype(types | ({"outlet": object} if "outlet" in table else {}))
