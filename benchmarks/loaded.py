"""How well loaded words and sentences are found, against four sets that people annotated.

Usage: python benchmarks/loaded.py [even|odd|all|audit]
Reads babe, ptc and basil from BIAS_TOOLKIT_DATA (default ../shared/data).  The even rows are the
half that was looked at while the lexicon and the score were written, the odd ones were kept
apart.  Nothing here is fitted but the estimator, on the other rows than those it is tested on.
`audit` counts the lexicon's words in allsides and ruwa by outlet, and says which are one-sided.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score, f1_score

import bias_toolkit as bt
from bias_toolkit.estimators import LoadedLanguage
from bias_toolkit.loadedness import Loadedness, loaded_phrases, loadedness

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
WORD = re.compile(r"\w+")
LOADED = ("Loaded_Language", "Name_Calling,Labeling")
# Share of sentences that people called biased, as the sample's own description has it.
HUMAN = {
    "Reuters": 0.10,
    "USA Today": 0.16,
    "Fox News": 0.31,
    "MSNBC": 0.39,
    "HuffPost": 0.50,
    "Breitbart": 0.63,
    "Alternet": 0.75,
    "Federalist": 0.81,
}

BASE = 0.056  # share of BASIL's sentences with lexical bias

Row = dict[str, Any]
Masks = NDArray[np.bool_]


def rows_of(name: str, half: str) -> list[Row]:
    """The rows of a shared set, all or every second one; none where the set is absent."""
    path = DATA / f"{name}.jsonl.gz"
    if not path.exists():
        print(f"{name}: skipped, no {path}; set BIAS_TOOLKIT_DATA to the folder of the data")
        return []
    with gzip.open(path, "rt", encoding="utf8") as lines:
        rows = [json.loads(line) for line in lines]
    if name == "babe":
        rows = [row for row in rows if row["label_bias"] in ("Biased", "Non-biased")]
    return rows[{"even": 0, "odd": 1, "all": 0}[half] :: 1 if half == "all" else 2]


def annotated(texts: Iterable[str]) -> bt.Annotations:
    """Annotations of some texts; their ids are their numbers."""
    frame = pd.DataFrame({"text": list(texts), "title": "", "outlet": "x"})
    frame["id"] = [str(number) for number in range(len(frame))]
    return bt.annotate(frame, lexicons=bt.load_lexicons("loaded"))


def noted(texts: Iterable[str]) -> tuple[pd.DataFrame, Loadedness]:
    """Hits and scores of some texts."""
    notes = annotated(texts)
    return notes.hits, loadedness(notes)


def f1(right: int, false: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    p, r = right / max(right + false, 1), right / max(right + missed, 1)
    return p, r, 2 * p * r / max(p + r, 1e-9)


def line(what: str, value: float, least: float, aim: float, more: str = "") -> None:
    """Print a figure beside those asked for."""
    verdict = "aim reached" if value >= aim else "reached" if value >= least else "SHORT"
    print(f"{what:<46} {value:.3f}  (asked {least:.3f}, aim {aim:.3f}) {verdict}  {more}")


# ------------------------------------------------------------------ BABE


def babe(half: str) -> None:
    rows = rows_of("babe", half)
    if not rows:
        return
    hits, scores = noted(row["text"] for row in rows)
    found = dict(tuple(hits.groupby("article")))
    gold, guess = [], []
    for number, row in enumerate(rows):
        gold.append({w for words in row["biased_words"] for w in WORD.findall(words.lower())})
        mine = found.get(str(number), hits.iloc[:0])
        spans = zip(mine["start"], mine["end"], strict=True)
        guess.append({w for a, b in spans for w in WORD.findall(row["text"][a:b].lower())})
    pairs = list(zip(gold, guess, strict=True))
    p, r, value = f1(
        *(
            sum(len(part) for part in parts)
            for parts in zip(*((g & m, m - g, g - m) for g, m in pairs), strict=True)
        )
    )
    line("BABE, loaded words, F1", value, 0.33, 0.42, f"P {p:.3f} R {r:.3f}")
    truth = [row["label_bias"] == "Biased" for row in rows]
    value = f1_score(truth, [bool(words) for words in guess], average="macro")
    line("BABE, sentences by any hit, macro-F1", value, 0.63, 0.70)
    articles = scores.articles.set_index("article")["score"]
    means = articles.loc[[str(n) for n in range(len(rows))]].to_numpy()
    ap = average_precision_score(truth, means)
    print(f"{'BABE, sentences by score, average precision':<46} {ap:.3f}")
    outlets(rows, means)


def outlets(rows: list[Row], scores: NDArray[np.float64]) -> None:
    """The order of the outlets by score against that by the share that people called biased."""
    means = pd.Series(scores).groupby([row["outlet"] for row in rows]).mean()
    order = spearmanr([means[outlet] for outlet in HUMAN], list(HUMAN.values()))
    line("BABE, 8 outlets, rank correlation", order.statistic, 0.80, 0.93)
    print("   ", ", ".join(f"{outlet} {means[outlet]:.2f}" for outlet in HUMAN))


def fitted(half: str) -> None:
    """The estimator, fitted on one half of the rows and tested on the other."""
    train, test = ("even", "odd") if half != "even" else ("even", "even")
    rows, others = rows_of("babe", train), rows_of("babe", test)
    if not rows:
        return
    if half == "even":  # within the half that may be looked at
        rows, others = rows[::2], rows[1::2]
    text, label = [row["text"] for row in rows], [row["label_bias"] for row in rows]
    truth = [row["label_bias"] for row in others]
    for words in (None, (1, 2)):
        model = LoadedLanguage(ngrams=words).fit(text, label)
        said = model.predict([row["text"] for row in others])
        value = f1_score(truth, said, average="macro")
        name = f"BABE, estimator {'with n-grams' if words else 'on features alone'}, macro-F1"
        line(name, value, 0.72, 0.78, f"fitted on {len(rows)}, tested on {len(others)}")


# ------------------------------------------------------------------ PTC and BASIL


def covered(text: str, spans: Iterable[tuple[int, int]]) -> Masks:
    """Which words of a text touch one of the spans."""
    marked = np.zeros(len(text) + 1, bool)
    for start, end in spans:
        marked[start:end] = True
    return np.array([marked[m.start() : m.end()].any() for m in WORD.finditer(text)], bool)


def ptc(half: str) -> None:
    rows = rows_of("ptc", half)
    if not rows:
        return
    notes = annotated(row["text"] for row in rows)
    for name, spans in (("words", notes.hits), ("phrases", loaded_phrases(notes))):
        found = dict(tuple(spans.groupby("article")))
        counts = np.zeros(3, int)
        for number, row in enumerate(rows):
            marked = [(s["start"], s["end"]) for s in row["spans"] if s["technique"] in LOADED]
            gold = covered(row["text"], marked)
            mine = found.get(str(number), spans.iloc[:0])
            guess = covered(row["text"], zip(mine["start"], mine["end"], strict=True))
            counts += [(gold & guess).sum(), (guess & ~gold).sum(), (gold & ~guess).sum()]
        p, r, value = f1(*counts.tolist())
        line(f"PTC, loaded {name}, F1 over words", value, 0.22, 0.30, f"P {p:.3f} R {r:.3f}")


def basil(half: str) -> None:
    rows = rows_of("basil", half)
    if not rows:
        return
    _, scores = noted(" ".join(row["sentences"]) for row in rows)
    found = dict(tuple(scores.words.groupby("article")))
    truth: list[bool] = []
    columns: dict[str, list[float]] = {"score": [], "shown": []}
    for number, row in enumerate(rows):
        lexical = {span["id"] for span in row["spans"] if span["bias"] == "lex"}
        words, at = found.get(str(number), scores.words.iloc[:0]), 0
        for place, sentence in enumerate(row["sentences"]):
            inside = words[(words["start"] >= at) & (words["start"] < at + len(sentence))]
            at += len(sentence) + 1
            truth.append(f"p{place}" in lexical)
            for name, values in columns.items():
                values.append(float(inside[name].max()) if len(inside) else 0.0)
    for name, values in columns.items():
        value = average_precision_score(truth, values)
        more = f"base rate here {np.mean(truth):.3f}"
        line(f"BASIL, average precision by the most {name}", value, 3 * BASE, 4 * BASE, more)


# ------------------------------------------------------------------ audit

SIDES = {
    "allsides": (
        {"Vox", "CNN (Web News)", "NPR Online News", "Politico"},
        {"Fox News", "Washington Times", "Townhall"},
    ),
    "ruwa": ({"tass.com", "rt.com", "en.news-front.info"}, {"ukrinform.net", "censor.net"}),
}
SAME = {"Fox Online News": "Fox News"}  # one outlet under two names
SEEN, ONE_SIDED = 20, 0.9  # uses, and share of a side's rate in both sides' rates
Counts = tuple[pd.DataFrame, pd.Series]


def counted(name: str) -> Counts | None:
    """All hits in the outlets' own and reported words of a shared set, and words by outlet."""
    rows = rows_of(name, "all")
    hits, words = [], pd.Series(dtype=float)
    for start in range(0, len(rows), 1000):
        frame = pd.DataFrame(rows[start : start + 1000])
        frame["outlet"] = frame["outlet"].replace(SAME)
        if "text" not in frame:
            frame["text"] = frame["desc"]
        frame["text"] = frame["text"].fillna("")
        frame["title"] = frame["title"].fillna("")
        bare = frame["text"].str.strip() == ""
        frame.loc[bare, "text"] = frame.loc[bare, "title"]
        frame["id"] = [str(start + number) for number in range(len(frame))]
        frame = frame[frame["text"].str.strip() != ""][["id", "outlet", "title", "text"]]
        notes = bt.annotate(frame, lexicons=bt.load_lexicons("loaded"))
        outlet = frame.set_index("id")["outlet"]
        size = notes.sentences.groupby("article")["words"].sum()
        words = words.add(size.groupby(outlet.reindex(size.index)).sum(), fill_value=0)
        mine = notes.hits[notes.hits["voice"].isin(["own", "reported"])]
        hits.append(mine.assign(outlet=mine["article"].map(outlet))[["outlet", "category", "term"]])
    return (pd.concat(hits), words) if rows else None


def one_sided(hits: pd.DataFrame, words: pd.Series, sides: tuple[set, set]) -> pd.DataFrame:
    """Terms seen often whose uses are nearly all on one side, by rate: term, uses, share."""
    rates, uses = [], []
    for side in sides:
        count = hits.loc[hits["outlet"].isin(side), "term"].str.lower().value_counts()
        uses.append(count)
        rates.append(count / words[words.index.isin(side)].sum())
    table = pd.DataFrame({"first": rates[0], "second": rates[1]}).fillna(0.0)
    table["uses"] = uses[0].add(uses[1], fill_value=0)
    table["share"] = table["second"] / (table["first"] + table["second"])
    far = (table["share"] > ONE_SIDED) | (table["share"] < 1 - ONE_SIDED)
    return table[far & (table["uses"] >= SEEN)].sort_values("share")


def audit() -> None:
    """Print rates by outlet and category, one-sided terms, and the rates without them."""
    for name, sides in SIDES.items():
        found = counted(name)
        if found is None:
            continue
        hits, words = found
        rates = pd.crosstab(hits["outlet"], hits["category"]).div(words / 10_000, axis=0)
        lonely = one_sided(hits, words, sides)
        rest = hits[~hits["term"].str.lower().isin(lonely.index)]
        rates["all"] = rates.sum(axis=1)
        rates["without one-sided"] = rest["outlet"].value_counts() / (words / 10_000)
        print(f"\n{name}: hits per 10,000 words in own and reported words\n")
        print(rates.sort_values("all").round(1).to_string())
        for side, share in zip(sides, (lonely["share"] < 0.5, lonely["share"] > 0.5), strict=True):
            terms = [f"{term} {int(uses)}" for term, uses in lonely.loc[share, "uses"].items()]
            print(f"\n{', '.join(sorted(side))} ({len(terms)}): {'; '.join(terms)}")


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    if wanted not in ("even", "odd", "all", "audit"):
        sys.exit(f"no half {wanted!r}: give even, odd, all or audit")
    if wanted == "audit":
        audit()
        sys.exit()
    for measure in (babe, ptc, basil, fitted):
        measure(wanted)
