"""How well it is told whose words are whose, on twelve articles labelled by hand.

Usage: python -m benchmarks.attribution_gold
The texts are read from allsides.jsonl.gz in the folder BIAS_TOOLKIT_DATA (default ../shared/data).

The labels in gold/attributions.json, with the protocol they follow, hold offsets and names but
no text; they were written before any output on these articles was seen.  Each article becomes
one row of sums and each measure is a function of sums, so the jackknife over articles needs
nothing else.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

import bias_toolkit as bt

HERE = Path(__file__).resolve()
GOLD = HERE.parent / "gold" / "attributions.json"
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", HERE.parents[2] / "shared" / "data"))
VOICES = ("own", "reported", "scare", "partial", "quote")  # marks outrank what they stand in
TITLES = frozenset("mr mrs ms president ayatollah sen rep".split())
ATTRIBUTED = ("reported", "partial", "quote")

Span = tuple[int, int]


class Estimate(NamedTuple):
    """A share, and the ends of its interval."""

    value: float
    low: float
    high: float


class Guess(NamedTuple):
    """One attribution that the toolkit found: its rows of `notes.attributions` put together."""

    pieces: list[Span]
    cue: Span | None
    source: Span | None
    speaker: str
    speech: bool  # it, or one that it is nested in, is speech


def load_gold(path: Path = GOLD) -> list[dict[str, Any]]:
    """Load the labelled articles: id, sha256 of the text, and spans."""
    return json.loads(path.read_text(encoding="utf-8"))["articles"]


def load_articles(ids: Iterable[str], data: Path = DATA) -> pd.DataFrame:
    """Load the rows with these *ids* from the shared articles.

    Raises FileNotFoundError where the shared articles are absent.
    """
    path, wanted = data / "allsides.jsonl.gz", set(ids)
    if not path.exists():
        raise FileNotFoundError(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of shared data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return pd.DataFrame([row for row in rows if row["id"] in wanted])


def guesses_of(rows: pd.DataFrame) -> list[Guess]:
    """The attributions in one article's rows of `notes.attributions`, in their order."""
    first = rows.drop_duplicates("id").set_index("id")
    act, parent = first["act"].to_dict(), first["parent"].to_dict()

    def speech(number: int) -> bool:
        return number in act and (act[number] == "speech" or speech(parent[number]))

    pieces: dict[int, list[Span]] = {number: [] for number in first.index}
    for row in rows.itertuples():
        if row.content_end > row.content_start:
            pieces[row.id].append((int(row.content_start), int(row.content_end)))
    return [
        Guess(
            pieces[row.Index],
            _span(row.cue_start, row.cue_end),
            _span(row.source_start, row.source_end),
            row.speaker,
            speech(row.Index),
        )
        for row in first.itertuples()
    ]


def gold_voices(spans: Sequence[dict[str, Any]], starts: NDArray[np.integer]) -> list[str]:
    """The voice that the labels give to the tokens which begin at *starts*."""
    found = np.zeros(len(starts), int)
    for span in spans:
        rank = VOICES.index(span["voice"])
        found[inside(starts, span["content"]) & (found < rank)] = rank
    return [VOICES[rank] for rank in found]


def inside(starts: NDArray[np.integer], pieces: Iterable[Sequence[int]]) -> NDArray[np.bool_]:
    """Which tokens begin within any of the pieces; bool, shape of *starts*."""
    found = np.zeros(len(starts), bool)
    for start, end in pieces:
        found |= (start <= starts) & (starts < end)
    return found


def matched_cues(gold: Sequence[Span], guessed: Sequence[Span]) -> dict[Span, Span]:
    """Gold cues and the guessed cues they overlap, one to one, the longest overlaps first."""
    pairs = [(shared, a, b) for a in gold for b in guessed if (shared := overlap(a, b)) > 0]
    found: dict[Span, Span] = {}
    for _, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if a not in found and b not in found.values():
            found[a] = b
    return found


def overlap(a: Sequence[int], b: Sequence[int]) -> int:
    """Characters that two spans share; 0 or less where they are apart."""
    return min(a[1], b[1]) - max(a[0], b[0])


def same_speaker(gold: str, guess: str) -> bool:
    """Whether the last word of a gold name, or of one of two joined by "and", is in the guess.

    >>> same_speaker("Pete Buttigieg and Amy Klobuchar", "Sen. Klobuchar's")
    True
    """
    return any(_words(name)[-1] in _words(guess) for name in gold.split(" and "))


def shortened(gold: str, guess: str) -> bool:
    """Whether the guess is the beginning of the gold name, more than a title.

    >>> shortened("Amnesty International", "Amnesty"), shortened("President Trump", "President")
    (True, False)
    """
    words = _words(guess)
    return _words(gold)[: len(words)] == words and not TITLES.issuperset(words)


def matches(
    spans: Sequence[dict[str, Any]], guesses: Sequence[Guess], cues: dict[Span, Span]
) -> list[tuple[dict[str, Any], Guess]]:
    """Labelled attributions with the guess at each: by cue or, where there is no cue, content.

    Records of one cue share source and speaker and count once.
    """
    by_cue: dict[Span, Guess] = {}
    for guess in guesses:
        if guess.cue and (guess.cue not in by_cue or not by_cue[guess.cue].speaker):
            by_cue[guess.cue] = guess
    found, seen = [], set()
    for span in spans:
        cue = _cue(span)
        if cue is None and span["voice"] != "scare":
            best = max(guesses, key=lambda guess: _shared(span["content"], guess), default=None)
            if best and 2 * _shared(span["content"], best) >= _length(span["content"]):
                found.append((span, best))
        elif cue in cues and cue not in seen:
            seen.add(cue)
            found.append((span, by_cue[cues[cue]]))
    return found


def sums_of(
    spans: Sequence[dict[str, Any]], tokens: pd.DataFrame, guesses: Sequence[Guess]
) -> Counter[str]:
    """What the measures need of one article: its labels against its tokens and attributions."""
    starts = tokens["start"].to_numpy()
    sums: Counter[str] = Counter()
    gold = np.isin(gold_voices(spans, starts), ATTRIBUTED)
    sums += _agreement("content", gold, tokens["voice"].isin(ATTRIBUTED).to_numpy())
    spoken = [span for span in spans if span["act"] == "speech" and span["voice"] != "scare"]
    gold_speech = inside(starts, [piece for span in spoken for piece in span["content"]])
    told = [piece for guess in guesses if guess.speech for piece in guess.pieces]
    speech = inside(starts, told) & tokens["voice"].isin(ATTRIBUTED).to_numpy()
    sums += _agreement("speech", gold_speech, speech)
    sums["speech in content"] = int((speech & gold).sum())
    gold_cues = sorted({cue for span in spans if (cue := _cue(span))})
    guessed = sorted({guess.cue for guess in guesses if guess.cue})
    cues = matched_cues(gold_cues, guessed)
    sums["cue right"] = len(cues)
    sums["cue extra"] = len(guessed) - len(cues)
    sums["cue missed"] = len(gold_cues) - len(cues)
    for span, guess in matches(spans, guesses, cues):
        sums += _source_sums(span, guess, tokens)
        sums += _speaker_sums(span["speaker"], guess.speaker)
    return sums


def ratio(part: float, whole: float) -> float:
    """Part of whole, nan of nothing."""
    return part / whole if whole else np.nan


Measure = Callable[[pd.Series], float]


def precision(name: str, sums: pd.Series) -> float:
    """Right of all that was given."""
    return ratio(sums[f"{name} right"], sums[f"{name} right"] + sums[f"{name} extra"])


def recall(name: str, sums: pd.Series) -> float:
    """Right of all that was labelled."""
    return ratio(sums[f"{name} right"], sums[f"{name} right"] + sums[f"{name} missed"])


def f1(name: str, sums: pd.Series) -> float:
    """Harmonic mean of precision and recall."""
    right = 2 * sums[f"{name} right"]
    return ratio(right, right + sums[f"{name} extra"] + sums[f"{name} missed"])


def share(part: str, whole: Sequence[str], sums: pd.Series) -> float:
    """One sum over the total of others."""
    return ratio(sums[part], sums[list(whole)].sum())


MEASURES: Mapping[str, Measure] = {
    f"{text}: {kind}": partial(measure, name)
    for name, text in {
        "content": "attributed content, tokens",
        "speech": "speech only, tokens",
        "cue": "cues",
    }.items()
    for kind, measure in (("precision", precision), ("recall", recall), ("F1", f1))
} | {
    name: partial(share, part, whole)
    for name, part, whole in (
        (
            "speech tokens within any attributed content",
            "speech in content",
            ["speech right", "speech extra"],
        ),
        ("source head right, of sources given", "source right", ["source given"]),
        ("source head right, of sources labelled", "source right", ["source gold"]),
        ("source overlap, of sources given", "source overlap", ["source given"]),
        (
            "speaker: precision",
            "speaker right",
            ["speaker right", "speaker wrong", "speaker invented"],
        ),
        ("speaker: recall", "speaker right", ["speaker right", "speaker wrong", "speaker open"]),
        (
            "speaker: precision, short names right",
            "speaker right or short",
            ["speaker right", "speaker wrong", "speaker invented"],
        ),
        (
            "speaker: recall, short names right",
            "speaker right or short",
            ["speaker right", "speaker wrong", "speaker open"],
        ),
    )
}
SUMS = (
    [f"{name} {kind}" for name in ("content", "speech", "cue") for kind in ("right", "extra")]
    + ["content missed", "speech missed", "cue missed", "speech in content"]
    + [f"source {kind}" for kind in ("gold", "given", "right", "overlap")]
    + [f"speaker {kind}" for kind in ("right or short", "right", "wrong", "invented", "open")]
)


def jackknife(table: pd.DataFrame, measure: Measure) -> Estimate:
    """Estimate a measure over articles with a 95 % t interval on the jackknife.

    *table* has a row of sums an article.  Articles are left out whole, because the spans of one
    share an author.  The variance is Tukey's: (n - 1) / n times the sum of squares of what is
    estimated without each article, about their mean.  Fewer than two articles,
    or a measure undefined without one of them, give an interval of nan.
    """
    total, n = table.sum(), len(table)
    value = measure(total)
    if n < 2:
        return Estimate(value, np.nan, np.nan)
    without = np.array([measure(total - row) for _, row in table.iterrows()])
    error = np.sqrt((n - 1) / n * np.square(without - without.mean()).sum())
    reach = student.ppf(0.975, n - 1) * error
    return Estimate(value, *np.clip([value - reach, value + reach], 0, 1).tolist())


def word_tokens(tokens: pd.DataFrame) -> pd.DataFrame:
    """The rows of `notes.tokens` that are words of the text: no signs, nothing of the title."""
    words = [any(map(str.isalnum, text)) for text in tokens["text"]]
    return tokens[np.array(words, bool) & (tokens["field"] != "title").to_numpy()]


def score(gold: Sequence[dict[str, Any]], notes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums, one row a labelled article; and tokens by gold voice (rows) and voice given."""
    tokens, rows = word_tokens(notes.tokens), notes.attributions
    rows = rows[rows["field"] != "title"]
    sums: list[Counter[str]] = []
    confusion = pd.DataFrame(0, index=VOICES, columns=VOICES)
    for article in gold:
        mine = tokens[tokens["article"] == article["id"]]
        guesses = guesses_of(rows[rows["article"] == article["id"]])
        sums.append(sums_of(article["spans"], mine, guesses))
        voices = gold_voices(article["spans"], mine["start"].to_numpy())
        for (given, found), count in Counter(zip(voices, mine["voice"], strict=True)).items():
            confusion.loc[given, found] += count
    return pd.DataFrame([[each[name] for name in SUMS] for each in sums], columns=SUMS), confusion


def main() -> int:
    gold = load_gold()
    try:
        articles = load_articles([article["id"] for article in gold])
    except FileNotFoundError as absent:
        print(f"skipped: {absent}")
        return 0
    table, confusion = score(gold, bt.annotate(articles, bt.load_lexicons()))
    spans = sum(len(article["spans"]) for article in gold)
    print(f"word tokens by voice: labelled (rows), given (columns)\n{confusion.to_string()}\n")
    print(f"{'':44s}value   95 % interval")
    for name, measure in MEASURES.items():
        value, low, high = jackknife(table, measure)
        print(f"{name:44s}{value:5.3f}   {low:5.3f} to {high:5.3f}")
    right, wrong, invented, left = table[SUMS[-4:]].sum().astype(int)
    short = int(table["speaker right or short"].sum()) - right
    print(
        f"speakers: {right} right, {wrong} wrong ({short} of them the beginning of the right "
        f"name), {invented} made up, {left} left open"
    )
    print(f"{spans} spans in {len(gold)} articles: content F1 {f1('content', table.sum()):.3f}")
    return 0


def _span(start: int, end: int) -> Span | None:
    return (int(start), int(end)) if end > start >= 0 else None


def _cue(span: dict[str, Any]) -> Span | None:
    return (span["cue"][0], span["cue"][1]) if span["cue"] else None


def _words(name: str) -> list[str]:
    return [word.strip(".'-") for word in re.findall(r"[\w.'-]+", _plain(name)) if word.strip(".")]


def _plain(name: str) -> str:
    return re.sub(r"'s\b", "", name.casefold().replace("’", "'"))


def _length(pieces: Iterable[Sequence[int]]) -> int:
    return sum(end - start for start, end in pieces)


def _shared(pieces: Iterable[Sequence[int]], guess: Guess) -> int:
    return sum(max(0, overlap(a, b)) for a in pieces for b in guess.pieces)


def _agreement(name: str, gold: NDArray[np.bool_], guess: NDArray[np.bool_]) -> Counter[str]:
    found = {"right": gold & guess, "extra": ~gold & guess, "missed": gold & ~guess}
    return Counter({f"{name} {kind}": int(tokens.sum()) for kind, tokens in found.items()})


def _source_sums(span: dict[str, Any], guess: Guess, tokens: pd.DataFrame) -> Counter[str]:
    """Sources of a matched attribution; the head is the last word of the source given."""
    if not span["source"]:
        return Counter()
    sums = Counter({"source gold": 1})
    if guess.source:
        gold, given = span["source"], guess.source
        words = tokens.loc[inside(tokens["start"].to_numpy(), [given]), "start"]
        sums["source given"] = 1
        sums["source right"] = int(len(words) > 0 and gold[0] <= words.iloc[-1] < gold[1])
        shared = 2 * max(0, overlap(gold, given)) / _length([gold, given])
        sums["source overlap"] = shared  # type: ignore[assignment]  # a share, not a count
    return sums


def _speaker_sums(gold: str, guess: str) -> Counter[str]:
    if not gold:
        return Counter({"speaker invented": 1}) if guess else Counter()
    if not guess:
        return Counter({"speaker open": 1})
    right = same_speaker(gold, guess)
    sums = Counter({"speaker right" if right else "speaker wrong": 1})
    if right or shortened(gold, guess):
        sums["speaker right or short"] = 1
    return sums


if __name__ == "__main__":
    sys.exit(main())
