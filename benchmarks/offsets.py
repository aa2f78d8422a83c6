"""Whether every token of a large corpus stands in its text where its offsets say.

Usage: python -m benchmarks.offsets [ARTICLES.jsonl[.gz]]
Without a path the shared AllSides articles are read from the folder BIAS_TOOLKIT_DATA.

Three things are counted: tokens that are not what stands at their offsets, tokens that overlap
the one before them, and letters or digits that stand in no token.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from bias_toolkit.tokens import Batch, Reader

HERE = Path(__file__).resolve()
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", HERE.parents[2] / "shared" / "data"))
BATCH = 500


def batches(path: Path) -> Iterator[list[str]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf8") as lines:
        while texts := [json.loads(line)["text"] for line in islice(lines, BATCH)]:
            yield texts


def faults(reader: Reader, batch: Batch) -> Counter[str]:
    """How many tokens stand wrong or overlap, and how many letters and digits are in none."""
    found: Counter[str] = Counter(tokens=len(batch), texts=len(batch.texts))
    strings = reader.tokens.strings
    ptr = np.searchsorted(batch.doc, np.arange(len(batch.texts) + 1)).tolist()
    starts, ends, tokens = batch.start.tolist(), batch.end.tolist(), batch.token.tolist()
    for text, first, last in zip(batch.texts, ptr, ptr[1:], strict=False):
        before = 0
        gaps = []
        for at in range(first, last):
            start, end = starts[at], ends[at]
            found["wrong"] += text[start:end] != strings[tokens[at]]
            found["overlapping"] += start < before
            gaps.append(text[before:start])
            before = end
        gaps.append(text[before:])
        found["left out"] += sum(map(str.isalnum, "".join(gaps)))
    return found


def main(path: Path) -> int:
    reader, total = Reader(), Counter[str]()
    for texts in batches(path):
        total += faults(reader, reader.read(texts))
    bad = {name: total[name] for name in ("wrong", "overlapping", "left out")}
    print(
        f"{total['tokens']:,} tokens of {total['texts']:,} texts: {bad['wrong']} wrong, "
        f"{bad['overlapping']} overlapping, {bad['left out']} letters or digits left out"
    )
    return int(any(bad.values()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "allsides.jsonl.gz"))
