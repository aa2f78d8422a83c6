"""How well it is told whose words are whose: against two sets of annotators, and how fast.

Usage: python benchmarks/attribution.py [--errors]
Reads polnear_dev, polnear_train, basil and allsides from BIAS_TOOLKIT_DATA (default
../shared/data).  PolNeAR (Newell et al. 2018) marks source, cue and content of every
attribution, thoughts and wishes included; two of its annotators agree at content F1 .912 and
cue F1 .815.  --errors sorts what remains wrong, on 300 articles of the training part, which is
what the rules were read against.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import bias_toolkit as bt

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
ATTRIBUTED = ("reported", "partial", "quote")
PIECE = 100  # articles annotated at a time, so that memory stays small

Row = dict[str, Any]
Span = tuple[int, int]


def rows_of(name: str) -> list[Row]:
    """The rows of a shared set."""
    path = DATA / f"{name}.jsonl.gz"
    if not path.exists():
        sys.exit(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared data")
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def f1(right: int, false: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    p, r = right / max(right + false, 1), right / max(right + missed, 1)
    return p, r, 2 * p * r / max(p + r, 1e-9)


# ------------------------------------------------------------------ one article, gold and guess


@dataclass
class Article:
    """One text with the annotators' attributions and ours; masks are over its words."""

    row: Row
    gold: NDArray[np.int64]  # the annotators' attribution of each word, -1 if none
    voice: NDArray[np.object_]
    speech: NDArray[np.bool_]
    mine: pd.DataFrame  # our attributions that have a cue, one row each

    @property
    def guess(self) -> NDArray[np.bool_]:
        """Words that we attribute."""
        return np.isin(self.voice, ATTRIBUTED)


def articles(rows: list[Row]) -> Iterator[Article]:
    """Annotate *rows* and lay both annotations over their words."""
    for first in range(0, len(rows), PIECE):
        some = rows[first : first + PIECE]
        frame = pd.DataFrame(
            [{k: r.get(k, "") for k in ("id", "outlet", "date", "text")} for r in some]
        )
        notes = bt.annotate(frame.assign(title=""), lexicons=[])
        tokens = dict(tuple(notes.tokens.groupby("article", sort=False)))
        found = notes.attributions
        found = found[found["cue_end"] > found["cue_start"]]
        spans = dict(tuple(found.drop_duplicates(["article", "id"]).groupby("article")))
        for row in some:
            mine = spans.get(row["id"], found.iloc[:0]).drop_duplicates(["cue_start", "cue_end"])
            yield _article(row, tokens[row["id"]], mine)


def _article(row: Row, tokens: pd.DataFrame, mine: pd.DataFrame) -> Article:
    size = len(row["text"])
    gold = np.full(size, -1)
    for number, one in enumerate(row["attributions"]):
        for start, end in one["content"]:
            gold[start:end] = number
    voice, speech = np.full(size, "own", object), np.zeros(size, bool)
    values = zip(tokens["start"], tokens["end"], tokens["voice"], tokens["act"], strict=True)
    for start, end, said, act in values:
        voice[start:end], speech[start:end] = said, act == "speech"
    at = [match.start() for match in WORD.finditer(row["text"])]
    return Article(row, gold[at], voice[at], speech[at], mine)


# ------------------------------------------------------------------ PolNeAR


@dataclass
class Score:
    """Sums over articles."""

    content: NDArray[np.int64] = field(default_factory=lambda: np.zeros(3, int))
    speech: NDArray[np.int64] = field(default_factory=lambda: np.zeros(3, int))
    cues: NDArray[np.int64] = field(default_factory=lambda: np.zeros(3, int))
    quoted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, int))
    direct: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, int))
    heads: list[bool] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)

    def add(self, article: Article) -> None:
        """Count one article."""
        gold, guess = article.gold >= 0, article.guess
        spoken = guess & (article.speech | (article.voice == "quote"))
        for sums, mine in ((self.content, guess), (self.speech, spoken)):
            sums += [(gold & mine).sum(), (~gold & mine).sum(), (gold & ~mine).sum()]
        quote = article.voice == "quote"
        self.quoted += [(gold & quote).sum(), quote.sum()]
        kinds = [one.get("quote_type") for one in article.row["attributions"]]
        direct = np.array([kind == "direct" for kind in kinds] + [False])[article.gold]
        self.direct += [(direct & guess).sum(), direct.sum()]
        self._add_cues(article)

    def _add_cues(self, article: Article) -> None:
        known = [a for a in article.row["attributions"] if a["cue"]]
        met = set()
        columns = ["cue_start", "cue_end", "source_start", "source_end"]
        for start, end, *source in article.mine[columns].itertuples(index=False):
            pairs = [a for a in known if a["cue"][0][0] < end and start < a["cue"][-1][1]]
            if not pairs:
                self.cues[1] += 1
                continue
            self.cues[0] += 1
            met.add(id(pairs[0]))
            if pairs[0]["source"] and source[1] > source[0]:
                self._add_source(article.row["text"], pairs[0]["source"], (source[0], source[1]))
        self.cues[2] += sum(id(a) not in met for a in known)

    def _add_source(self, text: str, gold: list[Span], mine: Span) -> None:
        start, end = gold[0][0], gold[-1][1]
        shared = max(0, min(end, mine[1]) - max(start, mine[0]))
        self.overlaps.append(2 * shared / ((end - start) + (mine[1] - mine[0])))
        words = [match.end() for match in WORD.finditer(text[mine[0] : mine[1]])]
        self.heads.append(bool(words) and start <= mine[0] + words[-1] - 1 < end)


def polnear() -> None:
    """Print the figures on PolNeAR's development part."""
    score = Score()
    for article in articles(rows_of("polnear_dev")):
        score.add(article)
    print("PolNeAR, development part           measured   at least   aim")
    print(f"content, words: precision           {f1(*score.content)[0]:.3f}")
    print(f"content, words: recall              {f1(*score.content)[1]:.3f}")
    print(f"content, words: F1                  {f1(*score.content)[2]:.3f}      .855       .88")
    print(f"cues: F1                            {f1(*score.cues)[2]:.3f}      .73        .78")
    print(f"source: head right, given the cue   {np.mean(score.heads):.3f}      .91        .94")
    print(f"source: overlap                     {np.mean(score.overlaps):.3f}      .86        .90")
    print(f"direct quotation: recall            {_share(score.direct):.3f}      .995       .998")
    print(f"voice quote: precision              {_share(score.quoted):.3f}      .98        .985")
    print(f"speech only: precision              {f1(*score.speech)[0]:.3f}      .88        .92")


def _share(pair: NDArray[np.int64]) -> float:
    return pair[0] / max(pair[1], 1)


# ------------------------------------------------------------------ BASIL


def basil() -> None:
    """Print how often a biased span is rightly told to be inside or outside quotation marks."""
    rows = rows_of("basil")
    texts = {row["id"]: " ".join(row["sentences"]) for row in rows}
    frame = pd.DataFrame({"id": list(texts), "text": list(texts.values())})
    notes = bt.annotate(frame.assign(outlet="x", date="", title=""), lexicons=[])
    found: dict[str, list[bool]] = {"lex": [], "inf": []}
    for row in rows:
        lengths = [len(sentence) + 1 for sentence in row["sentences"]]
        starts = np.cumsum([0, *lengths]).tolist()
        for span in row["spans"]:
            number = span["id"].removeprefix("p")
            if number == span["id"] or not number.isdigit() or int(number) >= len(lengths):
                continue  # a span of the title
            at = starts[int(number)]
            voice = notes.voice_of(row["id"], at + span["start"], at + span["end"])
            inside = voice in ("quote", "partial", "scare")
            found[span["bias"]].append(inside == (span["quote"] == "yes"))
    floors = {"lex": ("lexical", ".92        .93"), "inf": ("informational", ".97        .98")}
    for bias, (name, floor) in floors.items():
        label = f"BASIL, {name} ({len(found[bias])})"
        print(f"{label:<36}{np.mean(found[bias]):.3f}      {floor}")


# ------------------------------------------------------------------ speed


def speed() -> None:
    """Print articles a second: reading, attribution and speakers, in batches, one core."""
    from bias_toolkit.attribution import Attributor
    from bias_toolkit.grammar import Grammar
    from bias_toolkit.speakers import Resolver
    from bias_toolkit.tokens import Reader

    texts = [row["text"] for row in rows_of("allsides")[:3000]]
    words = sum(len(text.split()) for text in texts)
    best = float("inf")
    for _ in range(3):
        reader = Reader()
        grammar = Grammar(reader)
        attributor, resolver = Attributor(reader, grammar), Resolver(reader, grammar)
        start = time.process_time()
        for first in range(0, len(texts), 250):
            batch = reader.read(texts[first : first + 250])
            resolver.resolve(batch, attributor.attribute(batch))
        best = min(best, time.process_time() - start)
    each = words / 750 / best
    print(f"articles of 750 words a second       {each:,.0f}     1,500      3,000")


HOSTILE = {
    "quotation marks": '"',
    "unclosed marks": "“x ",
    "cues in one sentence": "he said ",
    "brackets": "Xx ( a ",
    "colons": "AA: a\n",
}


def hostile() -> None:
    """Print seconds a megabyte for texts that try to be slow, at two sizes."""
    print("\nseconds a megabyte            1 MB     5 MB")
    for name, unit in HOSTILE.items():
        took = []
        for size in (1_000_000, 5_000_000):
            text = unit * (size // len(unit))
            frame = pd.DataFrame(
                [{"id": "x", "outlet": "x", "date": "", "title": "", "text": text}]
            )
            start = time.process_time()
            bt.annotate(frame, lexicons=[])
            took.append((time.process_time() - start) / size * 1e6)
        print(f"{name:<28}{took[0]:6.2f}   {took[1]:6.2f}")


# ------------------------------------------------------------------ what remains wrong

KINDS = {  # of missed content, by words of the annotators' cue; the first that fits
    "seem, appear, look as if": "seem* appear* look* sound*",
    "hearsay without a speaker (is expected, is seen as, reportedly)": "expected seen viewed "
    "considered known believed reportedly allegedly regarded",
    "votes and support (backed, voted for, prefers)": "support* back* vot* prefer* oppos* "
    "endors* favor* nominat*",
    "want, seek, plan, need, try": "want* seek* sought plan* need* try* tried attempt* aim* "
    "intend* propos*",
    "showing and containing (shows, includes, lists)": "show* includ* list* contain* find* found "
    "reveal* indicat* suggest*",
    "see, feel, know, remember": "see sees saw feel* felt know* knew remember* understand* learn*",
    "a noun (criticism of, the fear, plans to)": "criticism* view* proposal* question* fear* "
    "speech* call* claim* argument* statement* message* opposition decision* policy remark* "
    "comment* concern*",
    "a preposition alone (in the poll, under the plan)": "in for under of on to from by at with "
    "about",
    "tell, say, ask and their like, vetoed or in a form not read": "say* said tell* told ask* "
    "report* call* argu* describ* accus* announc* claim* not* add* declar* warn* promis* pledg*",
}


def _kind_of(cue: str) -> str:
    """The first of KINDS that a word of *cue* belongs to."""
    if not any(map(str.isalpha, cue)):
        return "a colon or dash after a name, or no cue at all"
    for kind, words in KINDS.items():
        alone = kind.startswith("a preposition")
        some = [cue] if alone else cue.split()
        for word in words.split():
            stem = word.removesuffix("*")
            if any(one == word or (stem != word and one.startswith(stem)) for one in some):
                return kind
    return "other verbs and phrases (lay out, take aim at, is upset, brag)"


def errors() -> None:
    """Print the kinds of error that remain, in words of content, on part of PolNeAR's train."""
    counts: Counter[str] = Counter()
    total = 0
    for article in articles(rows_of("polnear_train")[:300]):
        total += int((article.gold >= 0).sum())
        _count_missed(article, counts)
        _count_false(article, counts)
    print(f"\nkinds of error, of {total:,} words of content")
    for name, count in counts.most_common(20):
        print(f"{count:6,}  {name}")


def _count_missed(article: Article, counts: Counter[str]) -> None:
    cues = list(article.mine[["cue_start", "cue_end"]].itertuples(index=False))
    for number, one in enumerate(article.row["attributions"]):
        missed = int(((article.gold == number) & ~article.guess).sum())
        if not missed:
            continue
        spans = one["cue"]
        if spans and any(s < spans[-1][1] and spans[0][0] < e for s, e in cues):
            kind = (
                "quotation" if one.get("quote_type") in ("direct", "mixed") else "indirect speech"
            )
            counts[f"missed: cue found, its content cut short or elsewhere ({kind})"] += missed
            continue
        text = article.row["text"][spans[0][0] : spans[-1][1]].lower() if spans else ""
        counts[f"missed: {_kind_of(text)}"] += missed


def _count_false(article: Article, counts: Counter[str]) -> None:
    false = article.guess & (article.gold < 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], article.guess.astype(int), [0]])))
    for first, end in edges.reshape(-1, 2):
        wrong = false[first:end]
        if not wrong.any():
            continue
        quoted = article.voice[first] == "quote"
        if wrong.all():
            act = "speech" if article.speech[first] else "attitude"
            kind = f"a cue of {act} that they do not count"
            counts["false: " + ("a quotation that they leave out" if quoted else kind)] += int(
                wrong.sum()
            )
            continue
        lead = int(np.argmin(wrong)) if wrong[0] else 0
        trail = int(np.argmin(wrong[::-1])) if wrong[-1] else 0
        counts["false: words before the content"] += lead
        act = "speech" if article.speech[first] else "attitude"
        counts[f"false: words after the content ({act})"] += trail
        counts["false: words inside, between two contents"] += int(wrong.sum()) - lead - trail


def main() -> None:
    """Run all, print all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="sort what remains wrong instead")
    if parser.parse_args().errors:
        errors()
        return
    polnear()
    basil()
    speed()
    hostile()


if __name__ == "__main__":
    main()
