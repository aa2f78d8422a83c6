"""Score how loaded each word and each sentence is, from what was noticed in the articles.

The idea to know: every sign that a word is loaded is a share between 0 and 1, and shares are joined
as independent chances are, ``1 - (1 - a)(1 - b)``: so scores stay between 0 and 1, every sign adds,
and none is counted twice.  What a word is worth in itself (`evidence`) is raised by emphasis,
halved by negation, and counted by whose word it is:

    evidence = SUREST * weight (+) FAINTEST * |valence| / 4 (+) FAINTEST if a marker of stance
    shown    = (evidence (+) EMPHASIS for each: an intensifier near by, a headline) * negation
    score    = shown * VOICE_SHARE of its voice
    a sentence's score = the join (+) of the scores of its words; the words of one hit count once

with a (+) b = 1 - (1 - a)(1 - b).  The constants are round
conventions, with reasons in docs/loaded.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from vaderSentiment import vaderSentiment as vader

from bias_toolkit import grammar as g
from bias_toolkit.annotation import Annotations, is_word
from bias_toolkit.inflection import noun_forms, verb_forms
from bias_toolkit.sentiment import normalise
from bias_toolkit.tokens import ragged

SUREST = 0.9
"""What a word of the lexicon with the full weight 1 is worth: even such a word may be the fair one.

Below 1, so that two such words in a sentence weigh more than one.
"""
FAINTEST = 0.1
"""The most that a sign outside the lexicon weighs: a quarter of the lexicon's weakest word (0.4).

VADER was made to rate feeling, not wording: news of a war is full of words that it feels strongly
about, and they add up.  Its strongest word alone stays below the weakest judged one.
"""
EMPHASIS = 0.2
"""What an intensifier or a headline adds: a fifth of the way to 1, for a raised voice."""
NEGATED = 0.5
"""The share that a negated word keeps: "no disgrace" denies the charge, and utters it."""
REACH = 2
"""Words before a word in which an intensifier is near: "so very shameful"."""
NEGATION_REACH = 3
"""Words before a word in which a negator still governs it, as in VADER."""
VOICE_SHARE: Mapping[str, float] = {
    "own": 1.0,  # narration: the outlet's word and its claim
    "reported": 0.75,  # indirect speech: the outlet's word, somebody else's claim
    "scare": 0.5,  # quoted without a source: the outlet's choice, held at a distance
    "partial": 0.25,  # a fragment with a source: that source's word, picked by the outlet
    "quote": 0.0,  # direct quotation: somebody else's words
}
"""How far a word in each voice is the outlet's own."""

_WORST = 4.0  # the end of VADER's scale

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Loadedness:
    """How loaded some articles are, a table a level; higher = more loaded, all from 0 to 1.

    `sentences`: article, sentence, start, end, part, field, words, then `score` (of the outlet's
    own wording), `shown` (of all that stands there, whoever says it), `peak` (the score of its
    most loaded word), `load` (the sum of its words' scores per hundred words).
    `words`: the words that carry a sign: article, sentence, start, end, text, part, field, voice,
    the signs (`lexicon`, the weight; `category`; `valence`, from -4 to 4; `stance`; `emphasis`, how
    many; `negated`), and evidence, shown, score as in this module's formula.
    """

    sentences: pd.DataFrame
    words: pd.DataFrame

    @property
    def articles(self) -> pd.DataFrame:
        """One row an article, in order: article, sentences, and the means of score and shown."""
        groups = self.sentences.groupby("article", sort=False)
        counted = {"sentences": ("score", "size"), "score": ("score", "mean")}
        return groups.agg(**counted, shown=("shown", "mean")).reset_index()


BRIDGE = 3
"""Words between two loaded words that make one phrase: "thugs and their shameless cronies"."""
_FUNCTION = (
    g.DETERMINER | g.SUBJECT | g.AUXILIARY | g.PREPOSITION | g.SUBORDINATOR | g.COORDINATOR
    | g.OBJECT_PRONOUN | g.THAT | g.TO | g.BY | g.AS | g.OF
)  # fmt: skip
_COLUMNS = (
    "article sentence start end text part field voice lexicon category valence stance emphasis "
    "negated evidence shown score"
).split()


class ValenceError(ValueError):
    """A file of valences that cannot be used: the message names file, family and remedy."""


def loadedness(
    notes: Annotations, *, lexicon: str = "loaded", supplement: bool = True
) -> Loadedness:
    """Score the words and sentences of *notes*, which must hold hits of *lexicon*.

    With *supplement* the valences of valence.toml replace VADER's; without, they are VADER's own.
    Page chrome is left out.  Raises ValueError if *notes* were made without the lexicon.
    """
    words = word_signs(notes, lexicon=lexicon, supplement=supplement)
    shown = words.loc[words["evidence"] > 0, _COLUMNS]
    return Loadedness(_sentences(notes, words), shown.reset_index(drop=True))


def word_signs(
    notes: Annotations, *, lexicon: str = "loaded", supplement: bool = True
) -> pd.DataFrame:
    """All words outside page chrome with their signs and scores, loaded or not.

    The columns of `Loadedness.words`, then intensifier, negator, engaged (whether the word is
    one), named, and `unit`: words of one hit share its number.  Raises as `loadedness`.
    """
    known = [known.name for known in notes.lexicons]
    if lexicon not in known:
        raise ValueError(
            f"these notes were made without the lexicon {lexicon!r}, with "
            f"{', '.join(known) or 'none'}; make them with annotate(articles, "
            f"load_lexicons({lexicon!r}))"
        )
    tokens = notes.tokens
    tokens = tokens[~tokens["ignored"].to_numpy(bool)].reset_index(drop=True)
    hits = notes.hits
    if len(hits):
        hits = hits[(hits["lexicon"] == lexicon).to_numpy(bool)]
    return _scored(_signs(tokens, hits, valences(supplement=supplement)))


def loaded_phrases(notes: Annotations, *, lexicon: str = "loaded") -> pd.DataFrame:
    """One row a loaded phrase: article, sentence, start, end, part, field, voice, words, score.

    A phrase is a loaded word, the word that an epithet describes (the next one, unless it is a
    function word or a sign stands between), and what stands between loaded words at most BRIDGE
    words apart.  `voice` is that of its first word, `score` the greatest of its words'.  Raises as
    `loadedness`.
    """
    words = word_signs(notes, lexicon=lexicon)
    sentence = words.groupby(["article", "sentence"], sort=False).ngroup().to_numpy()
    inside = _phrased(words, sentence)
    edge = np.append(True, (inside[1:] != inside[:-1]) | (sentence[1:] != sentence[:-1]))
    number = np.cumsum(edge[: len(words)])
    groups = words[inside].groupby(number[inside], sort=False)
    first = ["article", "sentence", "start", "part", "field", "voice"]
    found = groups.agg(
        **{name: (name, "first") for name in first},
        end=("end", "last"),
        words=("text", "size"),
        score=("score", "max"),
    )
    order = [*first[:3], "end", *first[3:], "words", "score"]
    return found[order].reset_index(drop=True)


def _phrased(words: pd.DataFrame, sentence: Ints) -> NDArray[np.bool_]:
    """Whether each word belongs to a loaded phrase."""
    inside = words["lexicon"].to_numpy(float) > 0
    if not inside.any():
        return inside
    start, end = words["start"].to_numpy(), words["end"].to_numpy()
    beside = (start[1:] == end[:-1] + 1) & (sentence[1:] == sentence[:-1])
    flags = g.word_flags()
    known = {word: flags.get(word.lower(), 0) & _FUNCTION for word in words["text"].unique()}
    content = (words["text"].map(known) == 0).to_numpy(bool)
    inside[1:] |= (words["category"] == "epithets").to_numpy(bool)[:-1] & beside & content[1:]
    at = np.flatnonzero(inside)
    near = (np.diff(at) <= BRIDGE + 1) & (sentence[at[1:]] == sentence[at[:-1]])
    for before, after in zip(at[:-1][near].tolist(), at[1:][near].tolist(), strict=True):
        inside[before:after] = True
    return inside


# ------------------------------------------------------------------ what is known of words


@cache
def valences(*, supplement: bool = True) -> Mapping[str, float]:
    """Valence by word, lower case: VADER's, with the supplement's in their place if wished.

    >>> valences()["slaughtered"], valences(supplement=False).get("slaughtered")
    (-3.5, None)
    """
    found = dict(vader.SentimentIntensityAnalyzer().lexicon)
    return {**found, **supplement_valences()} if supplement else found


@cache
def supplement_valences() -> Mapping[str, float]:
    """The supplement's own valences: every form of the words of valence.toml."""
    return {word: family["value"] for word, family in _forms(_tables(), "valence.toml")}


def load_valences(path: str | Path) -> dict[str, float]:
    """Valence by word of a TOML file of families, every form of their words.

    A family has a value (-4.0 to 4.0), a reason, and verbs, nouns or words.  Raises ValenceError
    for a value off the scale, for a missing reason, and for a form with two values.
    """
    path = Path(path)
    tables = tomllib.loads(path.read_text(encoding="utf8"))
    return {word: family["value"] for word, family in _forms(tables, str(path))}


def gaps() -> pd.DataFrame:
    """One row a word that the supplement corrects: word, vader (nan if not listed), value, reason.

    Forms that VADER has at the same value, or that stay at none, are left out.
    """
    listed = valences(supplement=False)
    rows = [
        (word, listed.get(word, np.nan), family["value"], family["reason"])
        for word, family in _forms(_tables(), "valence.toml")
        if listed.get(word, 0.0) != family["value"]
    ]
    return pd.DataFrame(rows, columns=["word", "vader", "value", "reason"])


@cache
def markers(kind: str) -> frozenset[str]:
    """The words of one kind: stance, intensifiers, negators or engaged."""
    return frozenset(_tables()["markers"][kind].split())


@cache
def _tables() -> dict[str, Any]:
    text = resources.files("bias_toolkit").joinpath("valence.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


def _forms(tables: Mapping[str, Any], file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each form with its family; raises ValenceError for a value off the scale or a form twice."""
    seen: dict[str, float] = {}
    for number, family in enumerate(tables["families"], start=1):
        place = f"{file}: families, entry {number}"
        value = family.get("value")
        if not isinstance(value, float) or abs(value) > _WORST:
            raise ValenceError(f"{place}: value is {value!r}; give a number from -4.0 to 4.0")
        if not family.get("reason"):
            raise ValenceError(f"{place}: no reason; say why VADER's value is not right")
        for word in dict.fromkeys(_family_forms(family)):
            if word in seen:
                raise ValenceError(
                    f"{place}: {word!r} has the value {seen[word]} already; keep one of the two"
                )
            seen[word] = value
            yield word, family


def _family_forms(family: Mapping[str, Any]) -> Iterator[str]:
    for verb in family.get("verbs", "").split():
        yield from verb_forms(verb)
    for noun in family.get("nouns", "").split():
        yield from noun_forms(noun)
    yield from family.get("words", "").split()


# ------------------------------------------------------------------ the signs of each token


def _signs(tokens: pd.DataFrame, hits: pd.DataFrame, valence: Mapping[str, float]) -> pd.DataFrame:
    """The tokens that are words, with all signs of loadedness; `unit` numbers what counts once."""
    types, number = np.unique(tokens["text"].to_numpy(str), return_inverse=True)
    known = _type_signs(types.tolist(), valence)
    weight, category, unit = _lexical(tokens, hits)
    found = tokens.assign(lexicon=weight, category=category, unit=unit, named=_named(tokens))
    for name, column in known.items():
        found[name] = column[number]
    found = found[found["word"].to_numpy(bool)].reset_index(drop=True)
    # A name names, and a word that only raises or denies has no worth of its own.
    idle = (found["named"] | found["intensifier"] | found["negator"]).to_numpy(bool)
    found["valence"] = np.where(idle, 0.0, found["valence"])
    sentence = found.groupby(["article", "sentence"], sort=False).ngroup().to_numpy()
    near = _before(found["intensifier"].to_numpy(bool), sentence, REACH)
    found["emphasis"] = near + (found["field"] == "title").to_numpy(bool)
    found["negated"] = _before(found["negator"].to_numpy(bool), sentence, NEGATION_REACH) > 0
    return found


def _type_signs(types: list[str], valence: Mapping[str, float]) -> dict[str, NDArray]:
    """What is known of each type by itself, a column a sign."""
    plain = [normalise(text).lower() for text in types]
    kinds = {"stance": "stance", "intensifier": "intensifiers", "engaged": "engaged"}
    columns = {
        name: np.array([word in markers(kind) for word in plain], bool)
        for name, kind in kinds.items()
    }
    return {
        **columns,
        "word": np.array([is_word(text) for text in types], bool),
        "negator": np.array([_denies(word) for word in plain], bool),
        "valence": np.array([valence.get(word, 0.0) for word in plain], float),
    }


def _denies(word: str) -> bool:
    return word in markers("negators") or word.endswith("n't")


def _named(tokens: pd.DataFrame) -> NDArray[np.bool_]:
    """Tokens with a capital inside a sentence of prose: they name, they do not feel.

    VADER hears praise in "Security Council".  Words all in capitals shout, and count.
    """
    text = tokens["text"].str
    capital = (text[0].str.isupper() & ~(text.isupper() & (text.len() > 1))).to_numpy(bool)
    first = ~tokens.duplicated(["article", "sentence"]).to_numpy(bool)
    return capital & ~first & (tokens["field"] != "title").to_numpy(bool)


def _before(sign: NDArray[np.bool_], sentence: Ints, reach: int) -> Ints:
    """How many of the *reach* words before each word of its sentence bear the sign, int64."""
    count = np.zeros(len(sign), np.int64)
    for back in range(1, reach + 1):
        same = sentence[back:] == sentence[:-back]
        count[back:] += sign[:-back] & same
    return count


def _lexical(tokens: pd.DataFrame, hits: pd.DataFrame) -> tuple[Floats, NDArray[np.object_], Ints]:
    """Weight and category of the heaviest hit over each token, and the number of its unit.

    A unit is all the tokens of one hit, or one token that is in none.
    """
    n = len(tokens)
    weight, category = np.zeros(n), np.full(n, "", object)
    unit = np.arange(n)
    if n and len(hits):
        start, end, first_hit, last_hit = _positions(tokens, hits)
        first = np.searchsorted(end, first_hit, "right")
        count = np.searchsorted(start, last_hit, "left") - first
        order = np.argsort(hits["weight"].to_numpy(float), kind="stable")  # the heaviest is last
        at, owner = ragged(count[order], first[order])
        rows = order[owner]
        weight[at] = hits["weight"].to_numpy(float)[rows]
        category[at] = hits["category"].to_numpy(object)[rows]
        unit[at] = first[rows]
    return weight, category, unit


def _positions(tokens: pd.DataFrame, hits: pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints]:
    """Starts and ends of tokens and of hits on one axis along which all texts are laid."""
    text = [list(zip(t["article"], t["part"], strict=True)) for t in (tokens, hits)]
    code = {key: number for number, key in enumerate(dict.fromkeys(text[0]))}
    stride = int(max(tokens["end"].max(), hits["end"].max())) + 1
    shift = [np.array([code[key] for key in keys], np.int64) * stride for keys in text]
    return (
        shift[0] + tokens["start"].to_numpy(np.int64),
        shift[0] + tokens["end"].to_numpy(np.int64),
        shift[1] + hits["start"].to_numpy(np.int64),
        shift[1] + hits["end"].to_numpy(np.int64),
    )


# ------------------------------------------------------------------ the formula


def join(first: Floats, second: Floats | float) -> Floats:
    """Two shares joined as independent chances: ``1 - (1 - a)(1 - b)``.

    >>> float(join(np.array([0.5]), 0.5)[0])
    0.75
    """
    return 1 - (1 - first) * (1 - second)


def _scored(words: pd.DataFrame) -> pd.DataFrame:
    """The words with `evidence`, `shown` and `score`."""
    felt = FAINTEST * words["valence"].abs().to_numpy() / _WORST
    evidence = join(SUREST * words["lexicon"].to_numpy(), felt)
    evidence = join(evidence, words["stance"].to_numpy() * FAINTEST)
    raised = 1 - (1 - EMPHASIS) ** words["emphasis"].to_numpy()
    shown = np.where(evidence > 0, join(evidence, raised), 0.0)
    shown = shown * np.where(words["negated"], NEGATED, 1.0)
    share = words["voice"].map(VOICE_SHARE).to_numpy(float)
    return words.assign(evidence=evidence, shown=shown, score=shown * share)


def _sentences(notes: Annotations, words: pd.DataFrame) -> pd.DataFrame:
    """One row a sentence outside page chrome; 0 for a sentence without a loaded word."""
    table = notes.sentences[["article", "sentence", "start", "end", "part", "field"]]
    table = table[(table["field"] != "other").to_numpy(bool)].reset_index(drop=True)
    units = words.groupby(["article", "sentence", "unit"], sort=False)[["score", "shown"]].max()
    groups = units.groupby(level=["article", "sentence"], sort=False)
    missed = np.log1p(-units.clip(upper=1 - 1e-12)).groupby(level=[0, 1], sort=False).sum()
    joined = -np.expm1(missed)
    joined["peak"] = groups["score"].max()
    counted = words.groupby(["article", "sentence"], sort=False).size()
    joined["words"] = counted
    joined["load"] = 100 * groups["score"].sum() / counted
    found = table.merge(joined, "left", left_on=["article", "sentence"], right_index=True)
    found = found.fillna({name: 0.0 for name in ("score", "shown", "peak", "load", "words")})
    found["words"] = found["words"].astype(np.int64)
    rounded = ["score", "shown"]
    found[rounded] = found[rounded].round(9)  # log and back lose the last digits
    order = ["article", "sentence", "start", "end", "part", "field", "words"]
    return found[[*order, "score", "shown", "peak", "load"]]
