"""Say what a word list gets right and what it misses, as the coders' majority sees it.

Hits and other sentences were drawn in equal numbers: precision reads off the hits, recall weighs
each stratum by its size among all sentences.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from bias_toolkit.metrics import Estimate
from bias_toolkit.validity.records import DRAWS, Coding, Floats


def majorities(coding: Coding) -> pd.DataFrame:
    """The key's items with majority (1, 0, nan), and state: decided, tie or uncoded."""
    ones = np.nansum(coding.codes, axis=1)
    number = np.sum(~np.isnan(coding.codes), axis=1)
    zeros = number - ones
    state = np.select([number == 0, ones == zeros], ["uncoded", "tie"], "decided")
    majority = np.where(state == "decided", (ones > zeros).astype(float), np.nan)
    return coding.key.items.assign(majority=majority, state=state)


def precision(coding: Coding) -> pd.DataFrame:
    """How many of the list's hits the coders' majority sees as the category, with intervals.

    Columns: category, outlet ("" for all), seen, read (hits with a majority), ties, uncoded,
    precision (seen / read), low, high (95 %, Wilson 1927), weighted (as precision, each outlet
    weighing as many hits as it has).  In the sample outlets have an equal say.
    """
    rows = []
    for category, outlet, strata in _by_category_and_outlet(coding):
        counted = strata[strata["hit"]]
        seen, read, ties, uncoded = (
            int(counted[name].sum()) for name in ("ones", "read", "ties", "uncoded")
        )
        weighted = _in_all(counted) / counted["size"].sum() if read else math.nan
        rows.append((category, outlet, seen, read, ties, uncoded, *wilson(seen, read), weighted))
    columns = "category outlet seen read ties uncoded precision low high weighted"
    return pd.DataFrame(rows, columns=columns.split())


def recall(coding: Coding, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """How much of what the coders see as the category the list hits, estimated for all sentences.

    Columns: category, outlet ("" for all), hits, others (sentences in all), missed (others coded
    1), read (others with a majority), ties, uncoded (of both kinds), recall, low, high, reason.
    Each stratum's share of ones stands for all its sentences (Horvitz and Thompson 1952).  The
    95 % interval is of *draws* Bayesian bootstrap samples of items, see `_redrawn`.
    """
    rows = []
    for category, outlet, strata in _by_category_and_outlet(coding):
        others = strata[~strata["hit"]]
        sizes = [int(strata.loc[strata["hit"] == hit, "size"].sum()) for hit in (True, False)]
        counts = [int(others["ones"].sum()), int(others["read"].sum())]
        aside = [int(strata[name].sum()) for name in ("ties", "uncoded")]
        found, reason = _recall_of(strata, draws, seed)
        rows.append((category, outlet, *sizes, *counts, *aside, *found, reason))
    columns = "category outlet hits others missed read ties uncoded recall low high reason"
    return pd.DataFrame(rows, columns=columns.split())


def wilson(ones: int, n: int) -> Estimate:
    """The share of ones with its 95 % score interval (Wilson 1927); nan where n is 0.

    >>> [round(end, 3) for end in wilson(41, 50)]
    [0.82, 0.692, 0.902]
    """
    if not n:
        return Estimate(math.nan, math.nan, math.nan)
    z = 1.959963984540054
    share = ones / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = max(middle - reach, 0.0), min(middle + reach, 1.0)
    return Estimate(share, 0.0 if not ones else low, 1.0 if ones == n else high)


def _by_category_and_outlet(coding: Coding) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Category, outlet ("" for all) and its strata with ones, read, ties and uncoded items."""
    items = majorities(coding)
    keys = ["category", "outlet", "hit"]
    counts = {
        "ones": items["majority"] == 1,
        "read": items["state"] == "decided",
        "ties": items["state"] == "tie",
        "uncoded": items["state"] == "uncoded",
    }
    found = items[keys].assign(**counts).groupby(keys)[list(counts)].sum()
    strata = coding.key.strata.join(found, on=keys)
    strata[list(counts)] = strata[list(counts)].fillna(0).astype(int)
    for category in coding.key.categories:
        mine = strata[strata["category"] == category]
        yield category, "", mine
        for outlet, part in mine.groupby("outlet"):
            yield category, str(outlet), part


def _in_all(strata: pd.DataFrame) -> float:
    """Ones among all sentences of *strata*, estimated; nan where none was read.

    Strata of which nothing was read are taken to be like the others.
    """
    total = float(strata["size"].sum())
    read = strata[(strata["read"] > 0) & (strata["size"] > 0)]
    if read.empty:
        return math.nan if total else 0.0
    size = read["size"].to_numpy(float)
    shares = read["ones"].to_numpy() / read["read"].to_numpy()
    return float(shares @ size / size.sum() * total)


def _recall_of(strata: pd.DataFrame, draws: int, seed: int) -> tuple[Estimate, str]:
    """Recall with its interval, and why one of them is nan or what else must be known."""
    kinds = [strata[strata["hit"] == hit] for hit in (True, False)]
    hit, missed = map(_in_all, kinds)
    if math.isnan(hit) or math.isnan(missed):
        which = "with a hit" if math.isnan(hit) else "without a hit"
        return Estimate(math.nan, math.nan, math.nan), f"no sentence {which} was decided"
    if not hit + missed:
        return Estimate(math.nan, math.nan, math.nan), "the coders saw it in no sentence"
    value = hit / (hit + missed)
    if not (kinds[0]["size"].sum() and kinds[1]["size"].sum()):
        which = "the list hits nothing here" if not hit else "the list hits every sentence here"
        return Estimate(value, math.nan, math.nan), which
    rng = np.random.default_rng(seed)
    drawn = [_redrawn(kind, draws, rng) for kind in kinds]
    low, high = np.quantile(drawn[0] / (drawn[0] + drawn[1]), [0.025, 0.975])
    found = Estimate(value, min(float(low), value), max(float(high), value))
    return found, "" if missed else _unmissed(kinds[1], drawn[1])


def _redrawn(strata: pd.DataFrame, draws: int, rng: np.random.Generator) -> Floats:
    """Ones among all sentences of *strata* in Bayesian bootstrap samples (Rubin 1981) of its items.

    Half an item of either answer is added (Jeffreys), because a plain bootstrap of sentences with
    no one among them would be sure that there is none.  Where outlets were not drawn by their
    size the items count as as many as would say equally much if they had been (Kish 1965).
    """
    read = strata[(strata["read"] > 0) & (strata["size"] > 0)]
    size = read["size"].to_numpy(float)
    number = size.sum() ** 2 / float((size**2 / read["read"].to_numpy()).sum())
    total = float(strata["size"].sum())
    ones = number * _in_all(strata) / total
    return total * rng.beta(ones + 0.5, number - ones + 0.5, draws)


def _unmissed(others: pd.DataFrame, drawn: Floats) -> str:
    """What must be known where no missed sentence was found."""
    most = math.ceil(np.quantile(drawn, 0.975))
    return (
        f"no missed sentence among the {int(others['read'].sum())} read of "
        f"{int(others['size'].sum())} without a hit: up to {most} may be missed all the same"
    )
