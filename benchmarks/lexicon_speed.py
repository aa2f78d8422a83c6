"""Seconds to load a lexicon of 20,000 terms, and megabytes of text a second that it is found in.

Usage: python benchmarks/lexicon_speed.py [ARTICLES.jsonl[.gz]] [--terms N] [--articles N]

The lexicon is made up of words and phrases drawn from the articles, as a large real one would be:
single words but for the commonest, prefixes with a star, phrases of two to four words, some with a
lone star or with exceptions, and lemmas whose forms are listed by inflection.  It is written as
TOML and loaded from there.  Matching is timed alone, with the tokens given: the whole corpus in one
go, first with every word new to the matcher, then again.  Times are of the processor, the best of
some runs, because a machine is shared.  Without a path it reads allsides.jsonl.gz from
BIAS_TOOLKIT_DATA (default ../shared/data).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from bias_toolkit.collector import collector_paused
from bias_toolkit.inflection import noun_forms, verb_forms
from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.matching import Matcher
from bias_toolkit.tokens import Reader

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
COMMONEST = 200  # words that no list would hold by themselves
CATEGORIES = 20
RUNS = 3
MOST_SECONDS, LEAST_SPEED = 1.0, 40.0


def texts_of(path: Path, most: int | None) -> list[str]:
    content = path.read_bytes()
    lines = (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()
    return [json.loads(line)["text"] for line in lines[:most]]


def entries(texts: list[str], rng: random.Random) -> Iterator[tuple[str, str, list[str]]]:
    """Without end: the list that an entry belongs into, its TOML, and the terms that it makes."""
    words = [re.findall("[a-z]{3,}", text.lower()) for text in rng.sample(texts, 800)]
    common = {w for w, _ in Counter(w for text in words for w in text).most_common(COMMONEST)}
    running = [w for text in words for w in text]
    rare = sorted(set(running) - common)
    shapes = ("word", "prefix", "phrase", "gap", "but", "verbs", "nouns")
    while True:
        shape = rng.choices(shapes, (44, 10, 28, 3, 3, 6, 6))[0]
        word, at = rng.choice(rare), rng.randrange(len(running) - 4)
        if shape == "verbs":
            yield shape, f'"{word}"', verb_forms(word)
        elif shape == "nouns":
            yield shape, f'"{word}"', noun_forms(word)
        elif shape == "but":
            yield "terms", f'{{ term = "{word}", not = ["{running[at]} {word}"] }}', [word]
        else:
            phrase = running[at : at + rng.choice((2, 2, 2, 3, 3, 4))]
            if shape == "gap":
                phrase[1:2] = ["*", running[at + 2]]
            if shape in ("phrase", "gap") and common.issuperset(phrase[1:]) and phrase[0] in common:
                continue  # "of the": no list's phrase
            text = {"word": word, "prefix": f"{word[: max(5, len(word) - 2)]}*"}.get(shape)
            text = text or " ".join(phrase)
            yield "terms", f'"{text}"', [text]


def made_up(texts: list[str], terms: int) -> str:
    """A lexicon of *terms* terms or a few more as TOML; none stands twice in a category."""
    made = entries(texts, random.Random(2026))
    lists: list[dict[str, list[str]]] = [{} for _ in range(CATEGORIES)]
    known: list[set[str]] = [set() for _ in range(CATEGORIES)]
    while (number := sum(map(len, known))) < terms:
        kind, entry, forms = next(made)
        row = number % CATEGORIES
        if known[row].isdisjoint(forms):
            lists[row].setdefault(kind, []).append(entry)
            known[row].update(forms)
    lines = ['name = "made_up"']
    for row, kinds in enumerate(lists):
        lines.append(f"[categories.c{row}]")
        lines += [f"{kind} = [{', '.join(listed)}]" for kind, listed in kinds.items()]
    return "\n".join(lines)


def seconds(work: Callable[[], object]) -> float:
    with collector_paused():
        start = time.process_time()
        work()
        return time.process_time() - start


def speeds(lexicon: Lexicon, texts: list[str]) -> tuple[float, float, float, int]:
    """Seconds to build the matcher, to match new words, and to match them again; and the hits."""
    reader = Reader()
    batch = reader.read(texts)
    built: list[Matcher] = []
    build = seconds(lambda: built.append(Matcher(reader, [lexicon])))
    first = seconds(lambda: built[0].find(batch))
    again = seconds(lambda: built[0].find(batch))
    return build, first, again, len(built[0].find(batch))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=DATA / "allsides.jsonl.gz")
    parser.add_argument("--terms", type=int, default=20_000)
    parser.add_argument("--articles", type=int)
    options = parser.parse_args()
    texts = texts_of(options.path, options.articles)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made_up.toml"
        path.write_text(made_up(texts, options.terms), encoding="utf-8")
        load = min(seconds(lambda: load_lexicon(path)) for _ in range(RUNS))
        lexicon = load_lexicon(path)
    terms = sum(len(category.terms) for category in lexicon.categories)
    runs = [speeds(lexicon, texts) for _ in range(RUNS)]
    build, first, again = (min(run[column] for run in runs) for column in range(3))
    print(f"{terms:,} terms, {len(texts):,} articles of {megabytes:.1f} MB, {runs[0][3]:,} hits")
    print(f"load the file     {load:6.2f} s   (wanted: below {MOST_SECONDS:.0f})")
    print(f"build the matcher {build:6.2f} s")
    for name, time_taken in (("words new", first), ("words known", again)):
        speed = megabytes / time_taken
        print(
            f"match, {name:<11}{time_taken:6.2f} s  {speed:6.1f} MB/s (wanted: {LEAST_SPEED:.0f})"
        )


if __name__ == "__main__":
    main()
