"""How far the findings of one half of two outlets' articles come back in the other half.

Usage: OMP_NUM_THREADS=1 python -m benchmarks.keyness_replication [--splits N] [--draws N]

For every pair of the outlets of allsides.jsonl.gz (BIAS_TOOLKIT_DATA, default ../shared/data) but
the two that are one house, disjoint random halves of 25 and of 100 articles a side; strata are
length alone.  Overlap: the share of the 20 terms with the largest |z| that both halves have.
Replication: of the family-wise findings of the first half of 100, the share with the same sign
and |z| > 1.96 in the second, where a term is looked up also if a longer one stands for it there.

All is done twice, on the same articles.  With the package's own terms: furniture is set aside
also where it is joined to other text, quoted words are left out, nested phrases collapsed.  And
with words and bigrams of texts from which only whole recurring lines were taken: there "story
highlights", "toggle caption" or "also on" remain of the pages of four outlets (JOINED), and what
comes back in both halves is to a good part these.  The pairs without the four are shown apart,
and the four pairs that are furthest apart by `bias_toolkit.distances`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

import bias_toolkit as bt
from benchmarks.keyness_null import DATA, read, without_recurring_lines
from bias_toolkit.keyness import ALPHA, FEWEST_DRAWS, Carriers, compare_terms
from bias_toolkit.keyterms import Contrast
from bias_toolkit.ngrams import count_terms
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.repeats import find_repeats, without_furniture
from bias_toolkit.strata import build_strata

SIZES = (25, 100)
TOP = 20
AGAIN = 1.96  # |z| of a finding that comes back
ONE_HOUSE = {"Fox News", "Fox Online News"}
JOINED = {"CNN (Web News)", "NPR Online News", "Politico", "USA TODAY"}
OWN, LINES = "furniture set aside", "whole lines taken out"
ASKED = {25: 0.28, 100: 0.58}
ASKED_REPLICATION = 0.95

Pair = tuple[str, str]


class Half(NamedTuple):
    """Terms by name: z, p_fwer and found_by where they are tested; z of any that are there."""

    tested: pd.DataFrame
    every: pd.Series


def corpus() -> Profile:
    """All articles, without furniture."""
    path = DATA / "allsides.jsonl.gz"
    if not path.exists():
        sys.exit(f"no {path}: set BIAS_TOOLKIT_DATA to the folder that holds it")
    part = bt.profile(path, bt.load_lexicons("reporting"))
    return without_furniture(part, find_repeats(part))


def plain_texts(part: Profile) -> np.ndarray:
    """The texts of the profile's articles without whole lines that recur in their outlet."""
    rows = {row["id"]: row for row in read("allsides.jsonl.gz")}
    texts = np.array([rows[name]["text"] for name in part.units["id"]], object)
    for outlet in part.outlets:
        own = (part.units["outlet"] == outlet).to_numpy()
        texts[own] = without_recurring_lines(texts[own].tolist())
    return texts


def halves(part: Profile, pair: Pair, size: int, rng: np.random.Generator) -> np.ndarray:
    """Masks of two disjoint samples of *size* articles of each outlet; (2, units)."""
    outlet = part.units["outlet"].to_numpy()
    drawn = [rng.permutation(np.flatnonzero(outlet == name))[: 2 * size] for name in pair]
    masks = np.zeros((2, len(outlet)), bool)
    for rows in drawn:
        masks[0, rows[:size]] = masks[1, rows[size:]] = True
    return masks


def own_terms(part: Profile, pair: Pair, draws: int) -> Half:
    """Words and phrases as the package counts and tests them."""
    contrast = Contrast(part, *pair, strata=None, unit="article", draws=draws)
    table = contrast.table
    table = table[table["kind"].isin(["word", "phrase"])].set_index("term")
    counts = count_terms(part, GROUPS[contrast.words], 1, contrast.counted)
    keep = contrast.compared
    kept = keep[counts.unit]
    every = Carriers(
        term=counts.term[kept],
        article=(np.cumsum(keep) - 1)[counts.unit[kept]],
        uses=counts.uses[kept],
        terms=len(counts.words),
        is_a=contrast.in_a[keep],
        words=contrast.sizes[keep],
        ids=part.units["id"][keep].tolist(),
        outlets=pair,
    )
    z = compare_terms(every, contrast.built, draws=FEWEST_DRAWS).terms["z"]
    return Half(table, z.set_axis(counts.strings()))


def plain_terms(texts: np.ndarray, units: pd.DataFrame, pair: Pair, draws: int) -> Half:
    """Words and bigrams of three articles or more of the plain texts."""
    counter = CountVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", dtype=np.int32)
    uses = counter.fit_transform(texts).tocsc()
    often = np.diff(uses.indptr) >= 3
    is_a = (units["outlet"] == pair[0]).to_numpy()
    words = np.array([len(text.split()) for text in texts])
    cells, ids = uses.tocoo(), units["id"].tolist()
    carriers = Carriers(cells.col, cells.row, cells.data, uses.shape[1], is_a, words, ids, pair)
    strata = build_strata([], words, is_a)
    every = compare_terms(carriers, strata, draws=FEWEST_DRAWS).terms
    some = uses[:, often].tocoo()
    carriers = Carriers(some.col, some.row, some.data, int(often.sum()), is_a, words, ids, pair)
    names = counter.get_feature_names_out()
    tested = compare_terms(carriers, strata, draws=draws).terms
    return Half(tested.set_axis(names[often]), every["z"].set_axis(names))


def overlap(one: Half, other: Half) -> float:
    """The share of the terms with the largest |z| that both halves have."""
    tops = [set(half.tested["z"].abs().nlargest(TOP).index) for half in (one, other)]
    return len(tops[0] & tops[1]) / TOP


def replication(one: Half, other: Half) -> dict[str, int]:
    """Findings of *one*; of these by presence, with the same sign, and that come back."""
    found = one.tested[one.tested["p_fwer"] <= ALPHA]
    again = other.every.reindex(found.index)
    same = np.sign(again) == np.sign(found["z"])
    back = same & (again.abs() > AGAIN)
    by_presence = found["found_by"] == "presence"
    return {
        "found": len(found),
        "same": int(same.sum()),
        "again": int(back.sum()),
        "found_by_presence": int(by_presence.sum()),
        "again_by_presence": int((back & by_presence).sum()),
    }


def measured(
    part: Profile, texts: np.ndarray, pair: Pair, size: int, rng: np.random.Generator, draws: int
) -> Iterator[dict]:
    """Overlap and replication of two halves, with either kind of terms."""
    masks = halves(part, pair, size, rng)
    own = [own_terms(part.select(mask), pair, draws) for mask in masks]
    plain = [plain_terms(texts[mask], part.units[mask], pair, draws) for mask in masks]
    for name, (one, other) in ((OWN, own), (LINES, plain)):
        yield {"terms": name, "overlap": overlap(one, other), **replication(one, other)}


def furthest(part: Profile, pairs: list[Pair]) -> list[Pair]:
    """The four pairs of the largest distance."""
    table = bt.distances(part, strata=None).sort_values("distance", ascending=False)
    ordered = [pair for pair in zip(table["a"], table["b"], strict=True) if pair in pairs]
    return ordered[:4]


def show(size: int, which: str, table: pd.DataFrame) -> None:
    """Print a line on overlap, and at the largest size one on replication, by kind of terms."""
    for name, rows in table.groupby("terms", sort=False):
        shares = rows["overlap"]
        error = shares.std() / np.sqrt(len(shares))
        print(
            f"{size} a side, {which} ({len(rows)} splits), {name}: overlap {shares.mean():.3f} "
            f"(standard error {error:.3f}; asked {ASKED[size]})",
            flush=True,
        )
        if size == max(SIZES):
            n = rows[["found", "same", "again", "found_by_presence", "again_by_presence"]].sum()
            print(
                f"    replicated {n['again']} of {n['found']} "
                f"({n['again'] / max(n['found'], 1):.3f}; asked {ASKED_REPLICATION}); by presence "
                f"{n['again_by_presence']} of {n['found_by_presence']} "
                f"({n['again_by_presence'] / max(n['found_by_presence'], 1):.3f}); "
                f"same sign {n['same'] / max(n['found'], 1):.3f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=1)
    parser.add_argument("--draws", type=int, default=999)
    options = parser.parse_args()
    part = corpus()
    texts = plain_texts(part)
    pairs = [p for p in combinations(part.outlets, 2) if set(p) != ONE_HOUSE]
    far = furthest(part, pairs)
    rng = np.random.default_rng(1)
    for size in SIZES:
        draws = options.draws if size == max(SIZES) else FEWEST_DRAWS
        table = pd.DataFrame(
            {"pair": pair, **row}
            for pair in pairs * options.splits
            for row in measured(part, texts, pair, size, rng, draws)
        )
        show(size, "all pairs", table)
        show(size, "the four furthest apart", table[table["pair"].isin(far)])
        clean = [not JOINED & set(pair) for pair in table["pair"]]
        show(size, "outlets without joined furniture", table[clean])


if __name__ == "__main__":
    main()
