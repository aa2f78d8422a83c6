"""What recurs in a large corpus, how long it takes to say, and how many planted copies are found.

Usage: python -m benchmarks.repeats [ARTICLES.jsonl[.gz]] [--show N]
Without a path the shared AllSides articles are read from the folder BIAS_TOOLKIT_DATA.

Copies are planted: 300 articles once more under other ids, half of them in another outlet, with
a share of their words replaced; those that keep a similarity of .8 or more ought to be found.
--show prints N stretches that are set aside, with the words around them, and N stock sentences,
to be judged by eye.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import bias_toolkit as bt
from bias_toolkit.copies import SAME, alike
from bias_toolkit.hashing import Words
from bias_toolkit.repeats import Repeats, find_repeats

HERE = Path(__file__).resolve()
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", HERE.parents[2] / "shared" / "data"))
PLANTED = 300


def planted(articles: pd.DataFrame) -> pd.DataFrame:
    """Copies of some articles, the first with no word replaced, the last with one in twenty."""
    rng = np.random.default_rng(0)
    long = articles[articles["text"].str.len() > 1500].sample(PLANTED, random_state=0)
    texts = []
    for share, text in zip(np.linspace(0, 0.05, PLANTED), long["text"], strict=True):
        words = text.split(" ")
        for at in np.flatnonzero(rng.random(len(words)) < share):
            words[at] = f"another{at}"
        texts.append(" ".join(words))
    outlets = np.where(np.arange(PLANTED) % 2, "Another", long["outlet"])
    copies = long.assign(id="copy of " + long["id"], text=texts, outlet=outlets)
    return pd.concat([long, copies])[["id", "outlet", "date", "title", "text"]]


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def recall(articles: pd.DataFrame) -> tuple[int, int, int]:
    """Planted copies that are near enough, those of them that are found, and other pairs."""
    both = planted(articles)
    part = bt.profile(both, [])
    found = alike(Words(part), np.zeros(len(part.word), bool))
    ids = part.units["id"].to_numpy()
    pairs = {frozenset(pair) for pair in zip(ids[found.one], ids[found.other], strict=True)}
    text = dict(zip(both["id"], both["text"], strict=True))
    near = set()
    for name in both["id"][:PLANTED]:
        one, other = runs(text[name]), runs(text[f"copy of {name}"])
        # Clearly near: words are told apart otherwise here than in a profile.
        if len(one & other) / len(one | other) >= SAME + 0.02:
            near.add(frozenset((name, f"copy of {name}")))
    true = {frozenset((name, f"copy of {name}")) for name in both["id"][:PLANTED]}
    return len(near), len(near & pairs), len(pairs - true)


def show(part: bt.Profile, found: Repeats, n: int) -> None:
    words = part.vocabulary[part.word]
    begins = np.flatnonzero(found.aside & ~np.append(False, found.aside[:-1]))
    rng = np.random.default_rng(0)
    for begin in rng.choice(begins, min(n, len(begins)), replace=False).tolist():
        end = begin + int(np.argmin(np.append(found.aside[begin:], False)))
        before, after = " ".join(words[begin - 8 : begin]), " ".join(words[end : end + 8])
        outlet = part.units["outlet"][part.unit[begin]]
        print(f"{outlet[:10]:10} | {before} [[ {' '.join(words[begin:end])} ]] {after}")
    table = found.stock_sentences
    for row in table.sample(min(n, len(table)), random_state=0).itertuples(index=False):
        print(f"{row.outlet[:10]:10} | {row.articles} x {row.first} to {row.last} | {row.text}")


def main(path: Path, shown: int) -> None:
    articles = bt.read_articles(path)
    part = bt.profile(articles, [])
    start = time.perf_counter()
    found = find_repeats(part)
    seconds = time.perf_counter() - start
    pieces = found.furniture.groupby("sign")["articles"].agg(["size", "sum"])
    print(pieces.rename(columns={"size": "pieces", "sum": "times"}).to_string())
    print(found.copies.groupby("kind").size().to_dict(), "pairs of nearly the same articles")
    if shown:
        show(part, found, shown)
    near, hit, others = recall(articles)
    print(f"planted copies found: {hit} of {near}; pairs that nobody planted: {others}")
    print(
        f"{len(part.units):,} articles in {seconds:.1f} s: {found.aside.sum():,} of "
        f"{len(part.word):,} tokens set aside as furniture of {len(found.furniture)} sorts; "
        f"{len(found.stock_sentences):,} stock sentences, said again {found.again.sum():,} times; "
        f"{(found.copy_of >= 0).sum()} copies"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=DATA / "allsides.jsonl.gz")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    if not options.path.exists():
        sys.exit(f"no {options.path}: give a JSONL file of articles, or set BIAS_TOOLKIT_DATA")
    main(options.path, options.show)
