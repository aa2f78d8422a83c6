"""From JSONL to profile, against counting words and against the usual stack of tools.

Usage: python benchmarks/throughput.py [ARTICLES.jsonl[.gz]] [--articles N]

Each figure is a ratio measured in the same run, because machines differ and are shared:
the time of `profile` over that of scikit-learn's CountVectorizer((1, 1)) on the same texts
(median of three pairs, each in a fresh process), and how many times faster it is than
vaderSentiment by sentence + textstat + NLTKWordTokenizer + CountVectorizer on a sample.
Without a path it reads allsides.jsonl.gz from BIAS_TOOLKIT_DATA (default ../shared/data).
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))

PROFILE = """
import sys, time, resource
import bias_toolkit as bt
lexicons = bt.load_lexicons()
start = time.perf_counter()
bt.profile(sys.argv[1], lexicons)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
COUNT = """
import sys, time, json
from sklearn.feature_extraction.text import CountVectorizer
start = time.perf_counter()
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf8")]
CountVectorizer().fit_transform(texts)
print(time.perf_counter() - start, 0)
"""


def timed(code: str, path: Path) -> tuple[float, float]:
    """Seconds and megabytes that *code* prints when run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    seconds, memory = map(float, done.stdout.split()[-2:])
    return seconds, memory


def usual_stack(texts: list[str]) -> float:
    """Seconds a text for sentiment, readability, tokens and counts by the usual tools."""
    import textstat
    from nltk.tokenize import NLTKWordTokenizer
    from sklearn.feature_extraction.text import CountVectorizer
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    counter = importlib.import_module("textstat.backend.counts._count_syllables")
    counter.get_cmudict = lambda lang: None  # it would ask the network
    vader, words = SentimentIntensityAnalyzer(), NLTKWordTokenizer()
    cut = re.compile(r"(?<=[.!?])[\"”’]?\s+(?=[A-Z“\"])")
    start = time.perf_counter()
    for text in texts:
        for sentence in cut.split(text):
            vader.polarity_scores(sentence)
        words.tokenize(text)
        textstat.flesch_reading_ease(text)
        textstat.gunning_fog(text)
        textstat.smog_index(text)
    CountVectorizer().fit_transform(texts)
    return (time.perf_counter() - start) / len(texts)


def lines_of(path: Path, most: int | None) -> list[str]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return content.decode("utf8").splitlines()[:most]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=DATA / "allsides.jsonl.gz")
    parser.add_argument("--articles", type=int, default=None, help="only the first N")
    options = parser.parse_args()
    if not options.path.exists():
        sys.exit(f"no {options.path}: give a JSONL file of articles, or set BIAS_TOOLKIT_DATA")
    lines = lines_of(options.path, options.articles)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf8")
        pairs = [(timed(PROFILE, path), timed(COUNT, path)) for _ in range(3)]
    ratios = sorted(ours[0] / theirs[0] for ours, theirs in pairs)
    memory = max(ours[1] for ours, _ in pairs)
    seconds = statistics.median(ours[0] for ours, _ in pairs)
    texts = [json.loads(line)["text"] for line in lines]
    times = usual_stack(texts[:200]) / (seconds / len(texts))
    size = sum(map(len, texts)) / 1e6 / seconds
    print(
        f"{len(texts)} articles: {statistics.median(ratios):.2f} x CountVectorizer((1,1)) "
        f"(runs {', '.join(f'{ratio:.2f}' for ratio in ratios)}), {times:.1f} x faster than the "
        f"usual stack, {size:.1f} MB/s, peak {memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
