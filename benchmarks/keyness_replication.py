"""How far the findings of one half of two outlets' articles come back in the other half.

Usage: OMP_NUM_THREADS=1 python -m benchmarks.keyness_replication [--splits N] [--draws N]

For every pair of the outlets of allsides.jsonl.gz (BIAS_TOOLKIT_DATA, default ../shared/data) but
the two that are one house, disjoint random halves of 25 and of 100 articles a side; furniture and
copies are set aside on the whole corpus, strata are length alone.  Overlap: the share of the 20
words and phrases with the largest |z| that both halves have.  Replication: of the family-wise
findings of the first half of 100, the share with the same sign and |z| > 1.96 in the second.
Shown for all pairs, and for the four that are furthest apart by `bias_toolkit.distances`.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

import bias_toolkit as bt
from bias_toolkit.keyness import ALPHA
from bias_toolkit.keyterms import Contrast
from bias_toolkit.profiles import Profile
from bias_toolkit.repeats import find_repeats, without_furniture

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
SIZES = (25, 100)
TOP = 20
ONE_HOUSE = {"Fox News", "Fox Online News"}
ASKED = {25: 0.28, 100: 0.58}
ASKED_REPLICATION = 0.95


def corpus() -> Profile:
    """All articles, without furniture."""
    path = DATA / "allsides.jsonl.gz"
    if not path.exists():
        sys.exit(f"no {path}: set BIAS_TOOLKIT_DATA to the folder that holds it")
    part = bt.profile(path, bt.load_lexicons("reporting"))
    return without_furniture(part, find_repeats(part))


def halves(part: Profile, pair: tuple[str, str], size: int, rng: np.random.Generator) -> list:
    """The tables of terms of two disjoint samples of *size* articles of each outlet."""
    outlet = part.units["outlet"].to_numpy()
    drawn = [rng.permutation(np.flatnonzero(outlet == name))[: 2 * size] for name in pair]
    masks = np.zeros((2, len(outlet)), bool)
    for rows in drawn:
        masks[0, rows[:size]] = masks[1, rows[size:]] = True
    return [part.select(mask) for mask in masks]


def terms(part: Profile, pair: tuple[str, str], draws: int) -> pd.DataFrame:
    """Words and phrases by name: z and p_fwer."""
    table = Contrast(part, *pair, strata=None, unit="article", draws=draws).table
    return table[table["kind"].isin(["word", "phrase"])].set_index("term")[["z", "p_fwer"]]


def overlap(one: pd.DataFrame, other: pd.DataFrame) -> float:
    tops = [set(table["z"].abs().nlargest(TOP).index) for table in (one, other)]
    return len(tops[0] & tops[1]) / TOP


def replicated(one: pd.DataFrame, other: pd.DataFrame) -> tuple[int, int]:
    """How many findings of *one* come back in *other*, of those that *other* has at all."""
    found = one[one["p_fwer"] <= ALPHA].join(other["z"].rename("again"), how="inner")
    back = (found["again"].abs() > 1.96) & (np.sign(found["again"]) == np.sign(found["z"]))
    return int(back.sum()), int((one["p_fwer"] <= ALPHA).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=1)
    parser.add_argument("--draws", type=int, default=999)
    options = parser.parse_args()
    part = corpus()
    pairs = [p for p in combinations(part.outlets, 2) if set(p) != ONE_HOUSE]
    far = furthest(part, pairs)
    rng = np.random.default_rng(1)
    for size in SIZES:
        rows = []
        for pair in pairs * options.splits:
            draws = options.draws if size == max(SIZES) else 39
            one, other = (terms(sample, pair, draws) for sample in halves(part, pair, size, rng))
            rows.append((pair in far, overlap(one, other), *replicated(one, other)))
        table = pd.DataFrame(rows, columns=["far", "overlap", "again", "found"])
        show(size, "all pairs", table)
        show(size, "the four furthest apart", table[table["far"]])


def furthest(part: Profile, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The four pairs of the largest distance."""
    table = bt.distances(part, strata=None).sort_values("distance", ascending=False)
    ordered = [pair for pair in zip(table["a"], table["b"], strict=True) if pair in pairs]
    return ordered[:4]


def show(size: int, which: str, table: pd.DataFrame) -> None:
    shares = table["overlap"]
    error = shares.std() / np.sqrt(len(shares))
    print(
        f"{size} a side, {which} ({len(table)} splits): overlap {shares.mean():.3f} "
        f"(standard error {error:.3f}; asked {ASKED[size]})"
    )
    if size == max(SIZES):
        again, found = int(table["again"].sum()), int(table["found"].sum())
        print(
            f"    replicated {again} of {found} ({again / max(found, 1):.3f}; asked "
            f"{ASKED_REPLICATION})"
        )


if __name__ == "__main__":
    main()
