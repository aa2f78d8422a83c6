"""The largest difference between our VADER scores and vaderSentiment's, over 50,000 sentences.

Usage: python -m benchmarks.vader_parity [ARTICLES.jsonl[.gz]] [SENTENCES]
Without a path the shared AllSides articles are read from the folder BIAS_TOOLKIT_DATA.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from bias_toolkit.sentiment import Vader, normalise
from bias_toolkit.tokens import Reader

HERE = Path(__file__).resolve()
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", HERE.parents[2] / "shared" / "data"))
BATCH = 100


def batches(path: Path) -> Iterator[list[str]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf8") as lines:
        while texts := [json.loads(line)["text"] for line in islice(lines, BATCH)]:
            yield texts


def main(path: Path, wanted: int) -> None:
    reader, reference = Reader(), SentimentIntensityAnalyzer()
    vader, done, undefined, worst = Vader(reader), 0, 0, 0.0
    ours = theirs = 0.0
    for texts in batches(path):
        batch = reader.read(texts)
        begin = time.perf_counter()
        scores = vader.scores(batch)
        middle = time.perf_counter()
        expected = [
            reference.polarity_scores(normalise(batch.text_of(i)))["compound"]
            for i in range(len(scores))
        ]
        ours, theirs = ours + middle - begin, theirs + time.perf_counter() - middle
        undefined += int(np.isnan(scores).sum())  # no words: vaderSentiment says 0.0
        worst = max(worst, float(np.abs(np.nan_to_num(scores) - expected).max(initial=0)))
        done += len(scores)
        if done >= wanted:
            break
    print(f"{done} sentences of {path.name}, {undefined} of them without words")
    print(f"{theirs / ours:.1f} x faster than vaderSentiment (types learned within that time)")
    print(f"largest difference {worst}")


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "allsides.jsonl.gz"
    if not source.exists():
        sys.exit(f"no {source}: name a JSONL file of articles, or set BIAS_TOOLKIT_DATA")
    main(source, int(sys.argv[2]) if len(sys.argv) > 2 else 50_000)
