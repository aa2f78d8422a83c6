"""How many articles of different outlets are matched, and how many of the matches are chance.

Usage: python -m benchmarks.stories [ARTICLES.jsonl[.gz]] [--show N]
Without a path the shared AllSides articles are read from the folder BIAS_TOOLKIT_DATA.

False matches are estimated by decoys (the same search with dates shifted by 30 and 45 days).
Where the articles have a column `topic`, the share of matches of one topic is told beside the
share that two articles of different outlets drawn at random have: a check from outside.
--show prints N matches drawn at random, to be judged by eye.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import bias_toolkit as bt
from bias_toolkit.events import Stories, find_stories

HERE = Path(__file__).resolve()
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", HERE.parents[2] / "shared" / "data"))


def of_one_topic(articles: pd.DataFrame, found: Stories) -> str:
    """The share of matches of one topic, and of random pairs of two outlets."""
    topic = articles.set_index("id")["topic"]
    pairs = found.matches[["article", "other"]].apply(lambda ids: topic[ids].to_numpy())
    rng = np.random.default_rng(0)
    one, other = (articles.iloc[rng.integers(0, len(articles), 50_000)] for _ in range(2))
    apart = one["outlet"].to_numpy() != other["outlet"].to_numpy()
    chance = (one["topic"].to_numpy() == other["topic"].to_numpy())[apart].mean()
    return f"one topic: {(pairs['article'] == pairs['other']).mean():.2f} (chance {chance:.2f})"


def show(articles: pd.DataFrame, found: Stories, n: int) -> None:
    texts = articles.set_index("id")
    for match in found.matches.sample(n, random_state=0).itertuples(index=False):
        print(f"{match.cosine:.2f} {match.date} +{match.days} {match.story and 'in a story'}")
        for name, outlet in ((match.article, match.outlet), (match.other, match.other_outlet)):
            opening = " ".join(texts.at[name, "text"].split())[:150]
            print(f"    {outlet[:10]:10} | {texts.at[name, 'title'][:80]} | {opening}")


def main(path: Path, shown: int) -> None:
    articles = bt.read_articles(path)
    start = time.perf_counter()
    found = find_stories(articles)
    seconds = time.perf_counter() - start
    curve = found.curve[found.curve["cosine"].mul(100).round().astype(int) % 5 == 0]
    print(curve.to_string(index=False, float_format="{:.3f}".format))
    sizes = pd.Series(found.story[found.story != ""]).value_counts().value_counts()
    print("stories by number of articles:", dict(sorted(sizes.items())))
    print("matches too loose for a story:", int((found.matches["story"] == "").sum()))
    if "topic" in articles:
        print(of_one_topic(articles, found))
    if shown:
        show(articles, found, shown)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{found.about}; {seconds:.1f} s from texts, peak {peak:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=DATA / "allsides.jsonl.gz")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    if not options.path.exists():
        sys.exit(f"no {options.path}: give a JSONL file of articles, or set BIAS_TOOLKIT_DATA")
    main(options.path, options.show)
