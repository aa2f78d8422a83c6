"""What noise alone would give: the same comparison on random halves of the user's own outlets.

Two halves of one outlet do not differ but by chance.  Whatever the comparison "finds" between
them is false; how often it does so on this corpus says how far its findings can be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import comb, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.categories import category_keyness, category_names
from bias_toolkit.keyness import ALPHA, DRAWS
from bias_toolkit.keyterms import AUTO, FEWEST_TO_TEST, Contrast, check_number
from bias_toolkit.permutation import states
from bias_toolkit.profiles import Profile
from bias_toolkit.repeats import find_repeats

HALVES = ("one half", "the other half")
_COUNTED = ("repeats", "counted", "compared", "sizes", "counts", "lexical", "names", "kinds")
_Z = 1.959963984540054  # the normal value of a 95 % interval
_MOST_NAMED = 5  # false findings of one split that are named


@dataclass(frozen=True)
class SelfCheck:
    """What random halves of outlets gave.

    `table` has one row a split: outlet, articles (in the smaller half), terms, found (terms with
    p_fwer at most .05), which (the first of these, parted by "; "), found_bh (with p_bh at most
    .05), categories (of word lists, with p_fwer at most .05 among these), which_categories, unit.
    Categories are counted in their own family alone.
    All that is found is false.  `too_small` are the outlets that cannot be halved; `draws` the
    permutations of each test.
    """

    table: pd.DataFrame
    too_small: tuple[str, ...]
    draws: int = DRAWS

    @property
    def share(self) -> float:
        """The share of splits with any term found; nan without splits."""
        return float((self.table["found"] > 0).mean()) if len(self.table) else float("nan")

    @property
    def chance(self) -> float:
        """The chance of as many splits with a finding, or more, if 5 % of them are to have one.

        Binomial, as if splits were independent; nan without splits.
        """
        n, hits = len(self.table), int((self.table["found"] > 0).sum())
        below = sum(comb(n, k) * ALPHA**k * (1 - ALPHA) ** (n - k) for k in range(hits))
        return 1 - below if n else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Between what `share` may lie, having so few splits: 95 %, Wilson (1927); nan without."""
        n = len(self.table)
        if not n:
            return float("nan"), float("nan")
        middle = (n * self.share + _Z**2 / 2) / (n + _Z**2)
        reach = _Z * sqrt(n * self.share * (1 - self.share) + _Z**2 / 4) / (n + _Z**2)
        return max(middle - reach, 0.0), min(middle + reach, 1.0)

    def sentences(self) -> list[str]:
        """What was found, in plain words: all splits together, then each outlet by itself."""
        if not len(self.table):
            return [
                f"No self-check: no outlet has {2 * FEWEST_TO_TEST} different articles, so none "
                "can be halved and tested."
            ]
        return [self._together(), *self._each(), *self._cautions()]

    def __str__(self) -> str:
        return "\n".join(self.sentences())

    def _together(self) -> str:
        splits = len(self.table)
        hits, lists = (int((self.table[name] > 0).sum()) for name in ("found", "categories"))
        low, high = self.interval
        return (
            f"{_count(splits, 'random split')} of outlets into halves. The halves differed in some "
            f"term in {hits or 'none'} of them ({self.share:.0%}; with so many splits anything "
            f"from {low:.0%} to {high:.0%} may be behind it), in some category of "
            f"the word lists in {lists or 'none'} ({lists / splits:.0%}). All of it is chance, "
            f"which may show in about {ALPHA:.0%} of splits.{self._exploring()}"
        )

    def _exploring(self) -> str:
        """What the exploring list held, where there was one: days have no p-values of terms."""
        some = self.table[self.table["unit"] == "article"]
        if not len(some):
            return ""
        return f" The exploring list (p_bh) held {some['found_bh'].mean():.2f} false terms a split."

    def _each(self) -> Iterator[str]:
        for outlet, mine in self.table.groupby("outlet", sort=True):
            text = (
                f"Split at random into halves of {int(mine['articles'].iloc[0]):,} articles, "
                f"{outlet} differs from itself in {int((mine['found'] > 0).sum()) or 'none'} of "
                f"{_count(len(mine), 'split')}"
            )
            if mine["found"].any():
                worst = mine.loc[mine["found"].idxmax()]
                text += f", by at most {_count(int(worst['found']), 'term')}: {worst['which']}"
            if mine["categories"].any():
                which = "; ".join(mine["which_categories"]).replace("_", " ").replace(".", ": ")
                names = sorted(set(which.split("; ")) - {""})
                times = int((mine["categories"] > 0).sum())
                text += f"; in a category of the word lists in {times}: {', '.join(names)}"
            yield f"{text}."

    def _cautions(self) -> Iterator[str]:
        if self.chance < ALPHA:
            yield (
                f"That is more than chance allows (p = {self.chance:.3f}): trust the lists of "
                "differences of this corpus less than they claim."
            )
        if self.too_small:
            yield (
                f"Too few different articles to split ({2 * FEWEST_TO_TEST} are needed): "
                f"{', '.join(self.too_small)}."
            )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


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

    Arguments as `compare`.  Copies of an article are left out first; outlets of fewer than twenty
    others are not halved.  What recurs in an outlet and its phrases are looked for once, in both
    halves together.  Each article draws its key from (seed, split, id), so their order changes
    nothing.  Raises ValueError for a number of splits below one, TypeError for one that is not
    whole, else as `compare`.
    """
    check_number("splits", splits, 1)
    Contrast(part, *HALVES, words, strata, seed, unit, draws).check()
    outlets = {name: _singles(part[name]) for name in part.outlets}
    large = [n for n, mine in outlets.items() if len(mine.units) >= 2 * FEWEST_TO_TEST]
    whole: dict[str, Contrast] = {}
    rows = []
    for split in range(splits if large else 0):
        name = large[split % len(large)]
        contrast = Contrast(_halved(outlets[name], split, seed), *HALVES, words, strata, seed)
        contrast = replace(contrast, unit=unit, draws=draws)
        first = whole.setdefault(name, contrast)
        rows.append((name, *_found(_alike(contrast, first))))
    columns = "outlet articles terms found which found_bh categories which_categories unit"
    small = tuple(name for name in outlets if name not in large)
    return SelfCheck(pd.DataFrame(rows, columns=columns.split()), small, draws)


def _singles(outlet: Profile) -> Profile:
    """An outlet without the copies of its articles, where there may be enough others."""
    if len(outlet.units) < 2 * FEWEST_TO_TEST:
        return outlet
    return outlet.select(find_repeats(outlet).copy_of < 0)


def _halved(outlet: Profile, split: int, seed: int) -> Profile:
    """The articles of an outlet, dealt to two halves."""
    first = _half(outlet.units["id"].astype(str).tolist(), [seed, split])
    return replace(outlet, units=outlet.units.assign(outlet=np.where(first, *HALVES)))


def _alike(contrast: Contrast, first: Contrast) -> Contrast:
    """*contrast* with what an outlet's first one has counted, which no split can change."""
    if first is not contrast:
        contrast.__dict__.update({name: getattr(first, name) for name in _COUNTED})
    return contrast


def _found(contrast: Contrast) -> tuple[int, int, int, str, int, int, str, str]:
    """The row of `SelfCheck.table`, without the outlet."""
    tested, lists = contrast.keyness, category_keyness(contrast)
    assert tested is not None  # no half has fewer than FEWEST_TO_TEST articles
    single = np.array([kind != "category" for kind in contrast.kinds], bool)
    found = np.flatnonzero((tested.terms["p_fwer"] <= ALPHA).to_numpy() & single)
    named = [f"“{contrast.names[term]}”" for term in found.tolist()]
    more = len(named) - _MOST_NAMED
    named[_MOST_NAMED:] = [f"and {more:,} more"] if more > 0 else []
    differ = [] if lists is None else (lists.terms["p_fwer"] <= ALPHA).tolist()
    categories = [name for name, one in zip(category_names(contrast), differ, strict=False) if one]
    return (
        min(contrast.articles),
        int(single.sum()),
        len(found),
        "; ".join(named),
        int(((tested.terms["p_bh"] <= ALPHA).to_numpy() & single).sum()),
        len(categories),
        "; ".join(categories),
        tested.unit,
    )


def _half(ids: list[str], seeds: list[int]) -> NDArray[np.bool_]:
    """A random half of the articles: those with the smallest keys."""
    order = np.argsort(np.array(ids), kind="stable")
    keys = states(
        [ids[i] for i in order.tolist()], int(np.random.default_rng(seeds).integers(2**62))
    )
    first = np.zeros(len(ids), bool)
    first[order[np.argsort(keys, kind="stable")[: len(ids) // 2]]] = True
    return first
