"""How often the tests find differences between two parts of one outlet, where there are none.

Usage: OMP_NUM_THREADS=1 python benchmarks/keyness_null.py [ROW ...] [--splits N] [--draws N]

Rows: none, topic, month (random parts of 15, 50, 150 a side and 10 against 290, strata of that
name beside length), length (80 % long articles against 80 % short), topics (80 % of one half of
the topics against 80 % of the other, topic strata), stories (75 random pairs that pass for
stories, the longer article on one side in 80 %), days (whole days of headlines, 50:50 and 10:90;
the design effect chooses the unit).  All but the last read allsides.jsonl.gz, the last
ruwa.jsonl.gz, from BIAS_TOOLKIT_DATA (default ../shared/data).  Terms are 1-3-grams of
scikit-learn's CountVectorizer in three or more articles of a split.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from bias_toolkit.keyness import DRAWS, Carriers, Keyness, compare_terms
from bias_toolkit.strata import SMALLEST, build_strata

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
SIZES = [(15, 15), (50, 50), (150, 150), (10, 290)]
LABELS: dict[str, list[str]] = {  # a month too small to be a stratum is pooled by year first
    "none": [],
    "topic": ["topic"],
    "month": ["year", "month"],
    "length": [],
    "topics": ["topic"],
    "stories": ["story"],
    "days": ["event"],
}
ROWS = tuple(LABELS)
HEADLINES = ("censor.net", "reuters.com", "ukrinform.net")
CHROME = 8  # articles of an outlet: a line that recurs in as many is left out
MOST_HEADLINES = 1500


class Corpus(NamedTuple):
    """One outlet: uses (articles x terms), words, and columns by name."""

    uses: Any
    words: np.ndarray
    columns: dict[str, np.ndarray]


class Split(NamedTuple):
    """Some articles of an outlet, parted in two."""

    rows: np.ndarray
    is_a: np.ndarray


def read(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        sys.exit(f"no {path}: set BIAS_TOOLKIT_DATA to the folder that holds it")
    return [json.loads(line) for line in gzip.open(path, "rt", encoding="utf8")]


def counted(texts: list[str], **columns: list[str]) -> Corpus:
    terms = CountVectorizer(
        ngram_range=(1, 3), min_df=3, token_pattern=r"(?u)\b\w+\b", dtype=np.int32
    )
    uses = terms.fit_transform(texts).tocsr()
    words = np.array([len(text.split()) for text in texts])
    return Corpus(uses, words, {name: np.array(column) for name, column in columns.items()})


def without_recurring_lines(texts: list[str]) -> list[str]:
    """The texts of one outlet without lines that stand in CHROME of them or more."""
    often = Counter(line for text in texts for line in set(text.split("\n")))
    return ["\n".join(x for x in text.split("\n") if often[x] < CHROME) for text in texts]


@cache
def articles() -> list[Corpus]:
    """The outlets of AllSides, lines that recur in them left out."""
    found = []
    rows = read("allsides.jsonl.gz")
    for outlet, n in sorted(Counter(row["outlet"] for row in rows).items()):
        own = [row for row in rows if row["outlet"] == outlet]
        texts = without_recurring_lines([row["text"] for row in own])
        if n >= 300:
            month = [str(row["date"])[:7] for row in own]
            topic, year = [row["topic"] or "" for row in own], [name[:4] for name in month]
            story = [f"pair {place // 2}" for place in np.random.default_rng(n).permutation(n)]
            found.append(counted(texts, topic=topic, year=year, month=month, story=story))
    return found


@cache
def headlines() -> list[Corpus]:
    """Distinct titles of three outlets that write several pieces a day."""
    found = []
    for outlet in HEADLINES:
        own = {r["title"]: r for r in read("ruwa.jsonl.gz") if r["outlet"] == outlet and r["title"]}
        days, events = ([row[key] for row in own.values()] for key in ("date", "event"))
        found.append(counted(list(own), event=events, day=days))
    return found


def at_random(corpus: Corpus, rng: np.random.Generator, k: int) -> Split:
    a, b = SIZES[k % len(SIZES)]
    return Split(rng.permutation(len(corpus.words))[: a + b], np.arange(a + b) < a)


def mixed(group: np.ndarray, rng: np.random.Generator, a_side: int) -> Split:
    """80 % of one group against 80 % of the other."""
    one, other = (rng.permutation(np.flatnonzero(group == g)) for g in (True, False))
    many = min(int(0.8 * a_side), len(one) * 4 // 5, len(other) * 4 // 5)
    few = many // 4
    a = np.concatenate([one[:many], other[:few]])
    b = np.concatenate([one[many : many + few], other[few : few + many]])
    return Split(np.concatenate([a, b]), np.arange(len(a) + len(b)) < len(a))


def by_length(corpus: Corpus, rng: np.random.Generator, k: int) -> Split:
    return mixed(corpus.words > np.median(corpus.words), rng, 75)


def by_topic(corpus: Corpus, rng: np.random.Generator, k: int) -> Split:
    names = rng.permutation(np.unique(corpus.columns["topic"]))
    return mixed(np.isin(corpus.columns["topic"], names[::2]), rng, (50, 93)[k % 2])


def by_story(corpus: Corpus, rng: np.random.Generator, k: int) -> Split:
    order = np.lexsort([corpus.words, corpus.columns["story"]])
    story = corpus.columns["story"][order]
    _, first, size = np.unique(story, return_index=True, return_counts=True)
    first = rng.permutation(first[size == 2])[:75]
    longer_is_a = rng.random(len(first)) < 0.8
    rows = np.concatenate([order[first], order[first + 1]])
    return Split(rows, np.concatenate([~longer_is_a, longer_is_a]))


def by_day(corpus: Corpus, rng: np.random.Generator, k: int) -> Split:
    pairs = zip(corpus.columns["event"], corpus.columns["day"], strict=True)
    block = np.unique([" ".join(pair) for pair in pairs], return_inverse=True)[1]
    order = rng.permutation(block.max() + 1)
    kept = order[np.cumsum(np.bincount(block)[order]) <= MOST_HEADLINES]
    side = rng.random(block.max() + 1) < (0.5, 0.1)[k % 2]
    rows = np.flatnonzero(np.isin(block, kept))
    return Split(rows, side[block[rows]])


def compared(corpus: Corpus, split: Split, labels: list[str], seed: int, draws: int) -> Keyness:
    rows, is_a = split
    some = corpus.uses[rows]
    carriers = np.bincount(some.indices, minlength=some.shape[1])
    uses = some[:, carriers >= 3].tocoo()
    words = corpus.words[rows]
    columns = [corpus.columns[label][rows] for label in labels]
    smallest = 2 if labels == ["story"] else SMALLEST
    strata = build_strata(columns, words, is_a, smallest=smallest)
    found = Carriers(
        uses.col,
        uses.row,
        uses.data,
        uses.shape[1],
        is_a,
        words,
        rows.astype(str).tolist(),
        ("A", "B"),
    )
    days = corpus.columns["day"][rows] if "day" in corpus.columns else None
    return compare_terms(found, strata, days=days, seed=seed, draws=draws)


def splits(row: str, number: int) -> Iterator[tuple[Corpus, Split, list[str]]]:
    how = {"length": by_length, "topics": by_topic, "stories": by_story, "days": by_day}.get(
        row, at_random
    )
    labels = LABELS[row]
    corpora = headlines() if row == "days" else articles()
    for k in range(number):
        rng = np.random.default_rng([2026, k])
        corpus = corpora[k % len(corpora)]
        yield corpus, how(corpus, rng, k), labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", default=ROWS, metavar="ROW")
    parser.add_argument("--splits", type=int, default=100)
    parser.add_argument("--draws", type=int, default=DRAWS)
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        sys.exit(f"no row {', '.join(sorted(unknown))}: there are {', '.join(ROWS)}")
    figures = []
    for row in options.rows:
        start, hits, by_bh, in_blocks = time.perf_counter(), 0, 0, 0
        for k, (corpus, split, labels) in enumerate(splits(row, options.splits)):
            found = compared(corpus, split, labels, k, options.draws)
            hits += bool((found.terms["p_fwer"] < 0.05).any())
            by_bh += int((found.terms["p_bh"] < 0.05).sum())
            in_blocks += found.unit == "block"
        figures.append(f"{row} {hits} of {options.splits}")
        print(
            f"{row}: {hits} of {options.splits} splits with a family-wise finding, "
            f"{by_bh / options.splits:.3f} false BH terms a split, {in_blocks} by blocks, "
            f"{time.perf_counter() - start:.0f} s",
            flush=True,
        )
    print("null splits with any family-wise finding: " + "; ".join(figures))


if __name__ == "__main__":
    main()
