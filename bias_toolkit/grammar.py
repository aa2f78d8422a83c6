"""What each token may be to the grammar of reporting: a set of flags, learned once a token.

`grammar.toml` holds the words, this module only turns them into bits, so that a rule reads
``flags & (COMMA | QUOTED)``.  A word may carry several frames: "urge" takes a clause, an
object, and an object with an infinitive; which one it is, its neighbours decide.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from bias_toolkit.inflection import verb_forms
from bias_toolkit.tokens import TITLES, Facts, Reader, plain, word_of

_NAMES = """SAY THINK OBJECT INFINITIVE EVIDENCE RELAY WEAK ATTITUDE ING PAST NOUN_CUE DETERMINER
SUBJECT AUXILIARY ADVERB PREPOSITION SUBORDINATOR COORDINATOR DAY ROLE INSTITUTION EVIDENT RECIPIENT
THAT TO BY AS OF ACCORDING TELL COMMA STOP COLON SEMICOLON DASH BRACKET QUOTED QUOTED_FINAL
QUOTED_OPENING CAPITAL POSSESSIVE WORD TITLE HE IT OBJECT_PRONOUN DIGIT SAYING BE WITH ACCUSE CALL
AIM NEGATION NOBODY ADJECTIVE HEARER PROFORM UPPER FIRST_PERSON PLURAL LOOSE EXCITED""".split()
(
    SAY, THINK, OBJECT, INFINITIVE, EVIDENCE, RELAY, WEAK, ATTITUDE, ING, PAST, NOUN_CUE,
    DETERMINER, SUBJECT, AUXILIARY, ADVERB, PREPOSITION, SUBORDINATOR, COORDINATOR, DAY, ROLE,
    INSTITUTION, EVIDENT, RECIPIENT, THAT, TO, BY, AS, OF, ACCORDING, TELL, COMMA, STOP, COLON,
    SEMICOLON, DASH, BRACKET, QUOTED, QUOTED_FINAL, QUOTED_OPENING, CAPITAL, POSSESSIVE, WORD,
    TITLE, HE, IT, OBJECT_PRONOUN, DIGIT, SAYING, BE, WITH, ACCUSE, CALL, AIM,
    NEGATION, NOBODY, ADJECTIVE, HEARER, PROFORM, UPPER, FIRST_PERSON, PLURAL, LOOSE, EXCITED,
) = (1 << i for i in range(len(_NAMES)))  # fmt: skip

# What tells where indirect speech may end: a verb's tense, and what opens the next clause.
(
    PAST_TENSE, PRESENT, HAD, MODAL, BUT, THOUGH, PARALLEL, WHEN, SPAN, ARTICLE, THE, WHO, WHERE,
    WHICH, EFFECT, ENDS_IN_ED, RANK, MANNER, GIVING,
) = (1 << i for i in range(19))  # fmt: skip
FINITE = PAST_TENSE | PRESENT | HAD | MODAL
CONTRAST = BUT | THOUGH
OPENS_TURN = (
    CONTRAST | PARALLEL | WHEN | SPAN | ARTICLE | THE | WHO | WHERE | WHICH | EFFECT | MANNER
)  # fmt: skip

ARABIC = ("al-", "el-")  # articles that a name may begin with: al-Sisi

VERB = SAY | THINK | OBJECT | INFINITIVE | EVIDENCE | RELAY
CLAUSE = SAY | THINK | EVIDENCE
BOUNDARY = COMMA | STOP | COLON | SEMICOLON | DASH | BRACKET | QUOTED

_SIGNS = {
    ",": COMMA, ".": STOP, "!": STOP | EXCITED, "?": STOP | EXCITED, "…": STOP, "...": STOP,
    "։": STOP, ":": COLON, ";": SEMICOLON, "—": DASH, "–": DASH, "--": DASH, "(": BRACKET,
    ")": BRACKET, "[": BRACKET, "]": BRACKET,
}  # fmt: skip
_SINGLE = {
    "that": THAT, "to": TO, "by": BY, "as": AS, "of": OF, "according": ACCORDING,
    "he": HE, "she": HE, "it": IT, "they": IT, "he's": HE, "he'd": HE, "she's": HE, "she'd": HE,
    "with": WITH, "on": AIM, "for": AIM, "upon": AIM,
}  # fmt: skip
_LISTS = {
    "determiner": DETERMINER, "subject_pronoun": SUBJECT, "pronoun_object": OBJECT_PRONOUN,
    "auxiliary": AUXILIARY, "adverb": ADVERB, "preposition": PREPOSITION,
    "subordinator": SUBORDINATOR, "coordinator": COORDINATOR, "day": DAY, "role": ROLE,
    "institution": INSTITUTION, "evidence_subject": EVIDENT, "recipient": RECIPIENT,
    "noun_cue": NOUN_CUE, "negation": NEGATION, "nobody": NOBODY,
    "proform": PROFORM, "first_person": FIRST_PERSON,
}  # fmt: skip
_FRAMES = {
    "say": SAY, "think": THINK, "object": OBJECT, "infinitive": INFINITIVE, "evidence": EVIDENCE,
    "relay": RELAY, "attitude": ATTITUDE, "hearer": HEARER,
}  # fmt: skip
_TURNS = {
    "past": PAST_TENSE, "present": PRESENT, "had": HAD, "modal": MODAL, "but": BUT,
    "though": THOUGH, "parallel": PARALLEL, "when": WHEN, "span": SPAN, "article": ARTICLE,
    "the": THE, "who": WHO, "where": WHERE, "which": WHICH,
    "rank": RANK, "manner": MANNER, "giving": GIVING,
}  # fmt: skip


@cache
def _tables() -> dict[str, Any]:
    text = resources.files("bias_toolkit").joinpath("grammar.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


def metonyms() -> dict[str, str]:
    """Seats of power, lower case, and the adjective of their state."""
    return _tables()["metonyms"]


@cache
def places() -> frozenset[str]:
    """Names of states and continents, lower case, and seats of power: never a "he"."""
    return frozenset(_tables()["places"]["names"].split()) | metonyms().keys()


@cache
def word_flags() -> dict[str, int]:
    """Flags of the words in grammar.toml, lower case; words that are not there have none."""
    return _load()


def first_names() -> dict[str, frozenset[str]]:
    """First names that go with "he" (male) or "she" (female), lower case."""
    return {kind: frozenset(names.split()) for kind, names in _tables()["first_names"].items()}


def _load() -> dict[str, int]:
    """Word -> flags, from grammar.toml."""
    tables = _tables()
    flags: dict[str, int] = {}

    def put(words: Iterable[str], flag: int) -> None:
        for word in words:
            flags[word] = flags.get(word, 0) | flag

    for name, flag in _FRAMES.items():
        for lemma in tables["verbs"][name].split():
            forms = verb_forms(lemma)
            put(forms, flag)
            put((form for form in forms if form.endswith("ing")), ING)
            put((form for form in forms[2:] if not form.endswith("ing")), PAST)
    put(tables["forms"]["weak"].split(), WEAK)
    for lemma in tables["forms"]["loose"].split():
        put(verb_forms(lemma), WEAK | LOOSE)
    for name, flag in _LISTS.items():
        put(tables["words"][name].split(), flag)
    for word, flag in (*_SINGLE.items(), *_SIGNS.items()):
        put([word], flag)
    put(verb_forms("tell"), TELL)
    put(["saying"], SAYING)
    put(verb_forms("be"), BE)
    put(verb_forms("accuse"), ACCUSE)
    put(verb_forms("call"), CALL)
    put((word_of(title) for title in TITLES), TITLE)
    return flags


def _load_complements() -> tuple[dict[str, int], dict[str, int], set[str]]:
    """Word -> the particles it takes, as bits; particle -> its bit; the adjectives among them."""
    takes: dict[str, int] = {}
    particles: dict[str, int] = {}
    adjectives: set[str] = set()
    for number, (particle, kinds) in enumerate(_tables()["complements"].items()):
        particles[particle] = bit = 1 << number
        verbs = [form for lemma in kinds.get("verbs", "").split() for form in verb_forms(lemma)]
        described = kinds.get("adjectives", "").split()
        adjectives.update(described)
        for word in (*verbs, *described):
            takes[word] = takes.get(word, 0) | bit
    return takes, particles, adjectives


def _load_turns() -> dict[str, int]:
    """Word -> what it tells of tense and of a new clause."""
    words = {name: _tables()["turns"][name].split() for name in (*_TURNS, "effect")}
    turns: dict[str, int] = {}
    for name, flag in _TURNS.items():
        turns.update((word, turns.get(word, 0) | flag) for word in words[name])
    for form in (form for lemma in words["effect"] for form in verb_forms(lemma)):
        turns[form] = turns.get(form, 0) | EFFECT
    return turns


class Grammar:
    """Flags of the tokens of one reader, int64, by token id; their complements and turns."""

    def __init__(self, reader: Reader) -> None:
        self._words = _load()
        self._takes, self._particles, adjectives = _load_complements()
        self._turn_words = _load_turns()
        self._no_past = frozenset(_tables()["turns"]["no_past"].split())
        self._no_adverb = frozenset(_tables()["words"]["no_adverb"].split())
        for word in adjectives:
            self._words[word] = self._words.get(word, 0) | ADJECTIVE
        self._facts = Facts(
            reader.tokens,
            self._learn,
            flags=np.int64,
            takes=np.int32,
            particle=np.int32,
            turns=np.int32,
        )

    def __call__(self) -> np.ndarray:
        """The flags of all tokens met so far."""
        return self._facts()["flags"]

    def complements(self) -> tuple[np.ndarray, np.ndarray]:
        """By token the particles that it takes, and the one that it is; bits of one set."""
        facts = self._facts()
        return facts["takes"], facts["particle"]

    def turns(self) -> np.ndarray:
        """What each token tells of tense and of a new clause, int32, by token id."""
        return self._facts()["turns"]

    def _learn(self, new: list[str]) -> dict[str, list[int]]:
        lower = [token.lower() for token in new]
        return {
            "flags": list(map(self._flags, new, lower)),
            "takes": [self._takes.get(word, 0) for word in lower],
            "particle": [self._particles.get(word, 0) for word in lower],
            "turns": list(map(self._turns, new, lower)),
        }

    def _turns(self, token: str, lower: str) -> int:
        """A word in -ed is taken to be a verb in the past, unless a capital makes it a name."""
        turns = self._turn_words.get(lower, 0)
        past = lower.endswith("ed") and not lower.endswith("eed") and len(lower) > 3
        if past and token == lower and lower not in self._no_past:
            turns |= PAST_TENSE | ENDS_IN_ED
        return turns

    def _flags(self, token: str, lower: str) -> int:
        first = token[0]
        if not (first.isalpha() or first.isdigit()):
            return self._words.get(token, 0)
        flags = self._words.get(lower)
        if flags is None:
            bare = lower.removeprefix("ex-")  # ex-president
            flags = 0 if lower.isalpha() else self._words.get(plain(bare), 0)
            if lower.endswith("ly") and lower not in self._no_adverb:
                flags |= ADVERB
            elif lower.endswith("ing") and len(lower) > 4:
                flags |= ING
        if first.isupper() or (token[:3] in ARABIC and token[3:4].isupper()):
            flags |= CAPITAL | (UPPER if token.isupper() else 0)
        elif first.isdigit():
            flags |= DIGIT
        if lower.endswith(("'s", "’s")):
            flags |= POSSESSIVE
        elif lower.endswith("s") and not lower.endswith(("ss", "us")):
            flags |= PLURAL  # or the third person of a verb
        return flags | WORD
