"""Distances where there ought to be none, how they move with the number of articles, and time.

Usage: python -m benchmarks.distances [ARTICLES.jsonl[.gz]] [--splits N]
Without a path the shared AllSides articles are read from the folder BIAS_TOOLKIT_DATA.

Null: two random halves of one outlet.  Length: of one outlet, a side of which four in five are of
its longer half against one of which four in five are of its shorter half.  All long against all
short articles have no length in common: there the stratified distance ought to be missing.
Drift: mean distance of all pairs at so many articles a side, against that at a hundred.
Coverage: how often a pair's interval holds the distance of all its articles.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import bias_toolkit as bt
from bias_toolkit.outletmaps import Bags, count_bags, label_columns, pair_row
from bias_toolkit.repeats import find_repeats

HERE = Path(__file__).resolve()
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", HERE.parents[2] / "shared" / "data"))
ALIASES = {"Fox Online News": "Fox News"}
SIZES = (5, 15, 50, 100)
AT_LEAST, AIM = 0.001, 0.0005  # of the mean distance of two halves of one outlet
DRIFT_AT_LEAST, DRIFT_AIM = 0.08, 0.05

Rows = NDArray[np.int64]


def distance(bags: Bags, a: Rows, b: Rows) -> dict:
    """The row of two sets of articles as if they were two outlets."""
    both = bags.dealt(np.concatenate([a, b]), ["A"] * len(a) + ["B"] * len(b))
    return pair_row(both, "A", "B", None)


def pools(bags: Bags) -> dict[str, Rows]:
    return {name: np.flatnonzero(bags.outlet == name) for name in np.unique(bags.outlet)}


def halves(bags: Bags, n: int, m: int, splits: int) -> Iterator[dict]:
    """Random sides of *n* and *m* articles of one outlet after the other."""
    for number, rows in enumerate(pools(bags).values()):
        rng = np.random.default_rng([1, n, m, number])
        for _ in range(splits):
            drawn = rng.permutation(rows)[: n + m]
            yield distance(bags, drawn[:n], drawn[n:])


def by_length(bags: Bags, n: int, share: float, splits: int) -> Iterator[dict]:
    """Sides of *n* articles, *share* of one from the outlet's longer half, of the other shorter."""
    most = round(n * share)
    for number, rows in enumerate(pools(bags).values()):
        rng = np.random.default_rng([2, n, most, number])
        rows = rows[np.argsort(bags.words[rows], kind="stable")]
        for _ in range(splits):
            short, long = (rng.permutation(part) for part in np.array_split(rows, 2))
            a = np.concatenate([long[:most], short[: n - most]])
            b = np.concatenate([short[n - most : n], long[most:n]])
            yield distance(bags, a, b)


def of_pairs(bags: Bags, n: int, draws: int) -> pd.DataFrame:
    """Distances of all pairs from *n* articles a side: one row a pair and draw."""
    every = pools(bags)
    rows = []
    for number, (a, b) in enumerate(combinations(every, 2)):
        rng = np.random.default_rng([3, n, number])
        for _ in range(draws):
            one, other = (rng.permutation(every[name])[:n] for name in (a, b))
            rows.append({**distance(bags, one, other), "pair": (a, b)})
    return pd.DataFrame(rows)


def tell(name: str, rows: Iterator[dict]) -> tuple[float, float]:
    """Print the mean distances of what is one outlet, and return their sizes."""
    table = pd.DataFrame(list(rows))
    parts = []
    for column, low, high in (
        ("distance", "low", "high"),
        ("stratified", "stratified_low", "stratified_high"),
    ):
        values = table[column].dropna()
        ends = table[[low, high]].dropna()
        if not len(values):
            parts.append(f"{column} never")
            continue
        told = f"{column} {values.mean():+.5f} ({values.std() / len(values) ** 0.5:.5f})"
        holds = ((ends[low] <= 0) & (ends[high] >= 0)).mean() if len(ends) else np.nan
        parts.append(f"{told} in {len(values)}, intervals with 0 {holds:.3f}")
    shared = table["share_used"].mean()
    print(f"{name:22}{len(table):5} splits: {'; '.join(parts)}; share used {shared:.2f}")
    return abs(table["distance"].mean()), abs(table["stratified"].mean())


def main(path: Path, splits: int) -> None:
    part = bt.profile(path, [])
    part.units["outlet"] = part.units["outlet"].replace(ALIASES)
    start = time.perf_counter()
    found = find_repeats(part)
    repeats = time.perf_counter() - start
    table = bt.distances(part, found=found)
    seconds = time.perf_counter() - start
    bags = count_bags(part, "outlet", found, label_columns(part.units, "auto"))
    unlabelled = replace(bags, labels=[])

    print("mean of distances within one outlet (and its standard error)")
    null = [tell(f"halves, {n} a side", halves(bags, n, n, splits * SIZES[-1] // n)) for n in SIZES]
    null.append(tell("halves, 10 and 250", halves(bags, 10, 250, splits)))
    long = []
    for n in (50, 100):
        long.append(tell(f"long 80/20, {n} a side", by_length(unlabelled, n, 0.8, splits)))
    tell("all long, 100 a side", by_length(unlabelled, 100, 1.0, splits // 10))

    print("mean of distances of pairs of outlets, drift from a hundred articles a side, coverage")
    truth = {(row.a, row.b): row for row in table.itertuples()}
    means = {}
    for n in reversed(SIZES):
        drawn = of_pairs(bags, n, max(2, splits * 5 // n))
        whole = np.array([truth[pair].distance for pair in drawn["pair"]])
        holds = ((drawn["low"] <= whole) & (whole <= drawn["high"])).mean()
        # Pairs differ among themselves: the error is that of draws within them.
        spread = drawn.groupby("pair")["distance"].agg(["var", "size"])
        error = (spread["var"] / spread["size"]).sum() ** 0.5 / len(spread)
        means[n] = drawn["distance"].mean()
        print(
            f"{n:4} a side, {len(drawn):5} draws: {means[n]:.5f} ({error:.5f}), "
            f"drift {means[n] / means[SIZES[-1]] - 1:+.1%}, coverage {holds:.3f}; "
            f"stratified {drawn['stratified'].mean():.5f}"
        )
    drift = max(abs(mean / means[SIZES[-1]] - 1) for mean in means.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"halves: {max(pair[0] for pair in null):.5f} at most, stratified "
        f"{max(pair[1] for pair in null):.5f} (floor {AT_LEAST}, aim {AIM}); "
        f"long against short, stratified: {max(pair[1] for pair in long):.5f}; "
        f"drift {drift:.1%} (floor {DRIFT_AT_LEAST:.0%}, aim {DRIFT_AIM:.0%}); "
        f"{int(table['articles'].sum() / (len(part.outlets) - 1)):,} articles, {len(table)} pairs "
        f"in {seconds:.1f} s, {repeats:.1f} s of them for what recurs, peak {peak:.0f} MB"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=DATA / "allsides.jsonl.gz")
    parser.add_argument("--splits", type=int, default=40, help="of each outlet")
    options = parser.parse_args()
    if not options.path.exists():
        sys.exit(f"no {options.path}: give a JSONL file of articles, or set BIAS_TOOLKIT_DATA")
    main(options.path, options.splits)
