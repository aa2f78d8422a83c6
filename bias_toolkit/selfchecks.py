"""What noise alone would give: the same comparison on random halves of the user's own outlets.

Two halves of one outlet do not differ but by chance.  Whatever the comparison "finds" between
them is false; how often it does so on this corpus says how far its findings can be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.keyness import ALPHA, DRAWS
from bias_toolkit.keyterms import AUTO, FEWEST_TO_TEST, Contrast
from bias_toolkit.permutation import states
from bias_toolkit.profiles import Profile


@dataclass(frozen=True)
class SelfCheck:
    """What random halves of outlets gave.

    `table` has one row a split: outlet, articles (in each half), terms, found (terms with p_fwer
    at most .05), found_bh (with p_bh at most .05), unit.  All that is found is false.
    """

    table: pd.DataFrame
    too_small: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of splits with anything found; nan without splits."""
        return float((self.table["found"] > 0).mean()) if len(self.table) else float("nan")

    def __str__(self) -> str:
        if not len(self.table):
            return (
                f"No self-check: no outlet has {2 * FEWEST_TO_TEST} articles, "
                "so none can be halved and tested."
            )
        hits, splits = int((self.table["found"] > 0).sum()), len(self.table)
        left_out = (
            f" Too small to be halved: {', '.join(self.too_small)}." if self.too_small else ""
        )
        return (
            f"Random halves of one outlet, {splits} times: {hits} "
            f"({self.share:.0%}) with any false finding, where about {ALPHA:.0%} are allowed; "
            f"{self.table['found_bh'].mean():.2f} false terms a split in the exploring list."
            f"{left_out}"
        )


def selfcheck(
    part: Profile,
    splits: int = 100,
    *,
    words: str = "outlet",
    strata: str | Sequence[str] | None = AUTO,
    seed: int = 0,
    unit: str = "auto",
    draws: int = DRAWS,
) -> SelfCheck:
    """Split the outlets in turn at random into halves, and compare the halves.

    Arguments as `compare`.  Outlets of fewer than twenty articles are left out.  Each article
    draws its key from (seed, split, id), so their order changes nothing.
    Raises ValueError for a number of splits below one.
    """
    if splits < 1:
        raise ValueError(f"{splits} splits: at least one is needed")
    large = [name for name, n in part.outlets.items() if n >= 2 * FEWEST_TO_TEST]
    small = tuple(name for name in part.outlets if name not in large)
    halves = {name: part[name] for name in large}
    rows = []
    for split in range(splits if large else 0):
        name = large[split % len(large)]
        contrast = _split(halves[name], split, seed, (words, strata, unit, draws))
        found = contrast.table
        rows.append(
            (
                name,
                contrast.articles[0],
                len(found),
                int((found["p_fwer"] <= ALPHA).sum()),
                int((found["p_bh"] <= ALPHA).sum()),
                contrast.keyness.unit if contrast.keyness else "",
            )
        )
    columns = ["outlet", "articles", "terms", "found", "found_bh", "unit"]
    return SelfCheck(pd.DataFrame(rows, columns=columns), small)


def _split(
    outlet: Profile, split: int, seed: int, how: tuple[str, str | Sequence[str] | None, str, int]
) -> Contrast:
    """Two random halves of an outlet, as a contrast."""
    first = _half(outlet.units["id"].astype(str).tolist(), [seed, split])
    units = outlet.units.assign(outlet=np.where(first, "one half", "the other half"))
    words, strata, unit, draws = how
    both = replace(outlet, units=units)
    return Contrast(both, "one half", "the other half", words, strata, seed, unit, draws)


def _half(ids: list[str], seeds: list[int]) -> NDArray[np.bool_]:
    """A random half of the articles: those with the smallest keys."""
    order = np.argsort(np.array(ids), kind="stable")
    keys = states(
        [ids[i] for i in order.tolist()], int(np.random.default_rng(seeds).integers(2**62))
    )
    first = np.zeros(len(ids), bool)
    first[order[np.argsort(keys, kind="stable")[: len(ids) // 2]]] = True
    return first
