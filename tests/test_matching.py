"""Matching: the rules of the lexicon format, one by one, and a slow matcher that agrees."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit.lexicon import (
    Actor,
    Category,
    Label,
    Lexicon,
    Referent,
    Term,
    load_lexicon,
    shipped_lexicons,
)
from bias_toolkit.matching import Entry, Matcher, entries_of, words_of
from bias_toolkit.tokens import Reader

DATA = Path(
    os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parent.parent.parent / "shared/data")
)
law = settings(deadline=None, max_examples=100)  # no deadline: the machine may be busy


def lexicon_of(**categories: Sequence[str | Term]) -> Lexicon:
    return Lexicon(
        "own",
        "",
        categories=tuple(
            Category(name, "", tuple(Term(t) if isinstance(t, str) else t for t in terms))
            for name, terms in categories.items()
        ),
    )


Row = tuple[int, int, Entry]


def rows_of(reader: Reader, matcher: Matcher, texts: Sequence[str]) -> list[list[Row]]:
    """Start, end and entry of the hits of each text, in the order the matcher gives them."""
    batch = reader.read(texts)
    hits = matcher.find(batch)
    found: list[list[Row]] = [[] for _ in texts]
    for row in range(len(hits)):
        entry = matcher.entries[hits.entry[row]]
        doc = batch.doc[hits.first[row]]
        found[doc].append((int(hits.start[row]), int(hits.end[row]), entry))
    return found


def find(lexicon: Lexicon, text: str) -> list[Row]:
    reader = Reader()
    return rows_of(reader, Matcher(reader, [lexicon]), [text])[0]


def said(lexicon: Lexicon, text: str) -> list[str]:
    """Hits in a readable form: "category: the words of the text"."""
    return [f"{entry.category}: {text[start:end]}" for start, end, entry in find(lexicon, text)]


# ------------------------------------------------------------------ slow and obvious

_MARKS = set("\"'“”„‟«»‘’‚‛‹›`") | {"''", "``", "‘‘", "’’"}
_CONTRACTED = set(
    "it's he's she's that's what's who's there's here's let's where's how's when's why's".split()
)


class Token(NamedTuple):
    """A token as it stands in its text."""

    surface: str
    start: int
    end: int
    sentence: int


class Candidate(NamedTuple):
    """A place where a term may stand: offsets, tokens, and how telling its words are."""

    start: int
    end: int
    tokens: set[int]
    telling: list[tuple[int, int]]
    number: int


_READER = Reader()


def tokens_of(text: str) -> list[Token]:
    batch = _READER.read([text])
    return [
        Token(text[start:end], start, end, sentence)
        for start, end, sentence in zip(
            batch.start.tolist(), batch.end.tolist(), batch.sentence.tolist(), strict=True
        )
    ]


@cache
def bare(token: str) -> str:
    """Straight signs, nothing invisible, no possessive; capitals kept."""
    for curly, straight in ("’'", "ʼ'", "‘'", "‐-", "‑-"):
        token = token.replace(curly, straight)
    token = "".join(sign for sign in token if sign not in "\u00ad\u200c\u200d")
    if token.lower().endswith("'s") and len(token) > 2 and token.lower() not in _CONTRACTED:
        return token[:-2]
    return token.rstrip("'") or token


@cache
def words(term: str) -> list[str]:
    """A term's words with its stars: a star is written as a letter, read, and put back."""
    found = []
    for word in term.split():
        read = [token.surface for token in tokens_of(word.replace("*", "x"))]
        if word.endswith("*"):
            read[-1] = read[-1][:-1] + "*"
        found += [bare(token) if not token.endswith("*") else token for token in read]
    found = [word for word in found if word not in _MARKS]
    while not any(sign.isalnum() or sign == "*" for sign in found[0]):
        found = found[1:]
    while not any(sign.isalnum() or sign == "*" for sign in found[-1]):
        found = found[:-1]
    return found


def fits(word: str, token: str, case: bool, last: bool) -> bool:
    """Whether one word of a term is one token of a text."""
    token = bare(token)
    if not case:
        word, token = word.lower(), token.lower()
    if word == "*":
        return any(sign.isalnum() for sign in token)
    if word.endswith("*"):
        return token.startswith(word[:-1].replace("’", "'"))
    return token == word or (last and len(word) == 1 and word.isalpha() and token == word + ".")


class Stretch:
    """Tokens without quotation marks, and where each bare word stands."""

    def __init__(self, tokens: Sequence[tuple[int, Token]]) -> None:
        self.tokens = [(i, token) for i, token in tokens if token.surface not in _MARKS]
        self.at: dict[str, list[int]] = {}
        for at, (_, token) in enumerate(self.tokens):
            self.at.setdefault(bare(token.surface).lower(), []).append(at)

    def places(self, term: str, case: bool) -> list[tuple[int, int]]:
        """First and last token of every place where *term* stands."""
        wanted = words(term)
        found = [self.tokens[at : at + len(wanted)] for at in self._starts(wanted[0].lower())]
        return [
            (there[0][0], there[-1][0])
            for there in found
            if len(there) == len(wanted)
            and len({token.sentence for _, token in there}) == 1
            and all(
                fits(word, token.surface, case, i == len(wanted) - 1)
                for i, (word, (_, token)) in enumerate(zip(wanted, there, strict=True))
            )
        ]

    def _starts(self, word: str) -> list[int]:
        """Where a term may begin: nowhere but at its first word, or anywhere after a lone star."""
        if word.endswith("*"):
            keys = [key for key in self.at if key.startswith(word[:-1].replace("’", "'"))]
            return sorted(at for key in keys for at in self.at[key])
        return self.at.get(word, []) + self.at.get(word + ".", [])


def slow_find(lexicon: Lexicon, text: str) -> list[Row]:
    found: list[Row] = []
    tokens = tokens_of(text)
    for group in entries_of(lexicon):
        candidates = [c for c in candidates_of(group, tokens) if not excepted(group, c, tokens)]
        found += [(c.start, c.end, group[c.number]) for c in longest(candidates, group)]
    return found


def candidates_of(group: list[Entry], tokens: list[Token]) -> list[Candidate]:
    """Every term at every place, and one-word terms in every part of a hyphenated word."""
    stretch, parts = Stretch(list(enumerate(tokens))), parts_of(tokens)
    found = []
    for number, entry in enumerate(group):
        text, case = entry.term.text, entry.term.case
        telling = [(1, -len(w)) if w.endswith("*") else (0, 0) for w in words(text)]
        for first, last in stretch.places(text, case):
            covered = set(range(first, last + 1))
            start, end = tokens[first].start, tokens[last].end
            found.append(Candidate(start, end, covered, telling, number))
        for part, there in parts.items() if len(words(text)) == 1 else ():
            if fits(words(text)[0], part, case, True):
                found += [Candidate(s, e, {i}, telling, number) for i, s, e in there]
    return found


def parts_of(tokens: list[Token]) -> dict[str, list[tuple[int, int, int]]]:
    """The parts of hyphenated words, with token, start and end wherever they stand."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for i, token in enumerate(tokens):
        parts = token.surface.replace("‐", "-").replace("‑", "-").split("-")
        at = token.start
        if len(parts) > 1 and not token.surface.startswith(("http", "www.")):
            for part in parts:
                found.setdefault(part, []).append((i, at, at + len(part)))
                at += len(part) + 1
    return found


def excepted(group: list[Entry], candidate: Candidate, tokens: list[Token]) -> bool:
    """Whether one of the entry's own exceptions overlaps the candidate."""
    exceptions = group[candidate.number].term.exceptions
    if not exceptions:
        return False
    around = range(max(0, min(candidate.tokens) - 30), max(candidate.tokens) + 30)
    stretch = Stretch([(i, tokens[i]) for i in around if i < len(tokens)])
    return any(
        candidate.tokens & set(range(first, last + 1))
        for phrase in exceptions
        for first, last in stretch.places(phrase, False)
    )


def longest(candidates: list[Candidate], group: list[Entry]) -> list[Candidate]:
    """Leftmost, then longest; of equal spans one a category, the most telling."""
    kept: list[Candidate] = []
    for one in sorted(candidates, key=lambda c: (c.start, -c.end, c.telling, c.number)):
        same = [c for c in kept if (c.start, c.end) == (one.start, one.end)]
        if same:
            meanings = [_meaning(group[c.number]) for c in same]
            if _meaning(group[one.number]) not in meanings:
                kept.append(one)
        elif not kept or one.start >= max(c.end for c in kept[-9:]):
            kept.append(one)
    return kept


def _meaning(entry: Entry) -> tuple[str, str, str]:
    return entry.kind, entry.category, entry.referent


def in_order(rows: list[Row]) -> list[tuple]:
    return sorted((s, e, x.kind, x.category, x.referent, x.side, x.term.text) for s, e, x in rows)


# ------------------------------------------------------------------ laws

WORDS = ["terror", "terrorist", "attack", "US", "us", "U.S.", "plan", "B"]
SIGNS = [" ", " ", " ", " ", "-", ", ", ". The ", " “", "” ", "’s ", "’ ", " — ", "\n", " - ", "/"]

term_texts = st.lists(
    st.sampled_from([*WORDS, "terror*", "att*", "*", "plan-B", "US-*"]), min_size=1, max_size=3
).map(" ".join)
term_texts = term_texts.filter(lambda text: any(sign.isalnum() for sign in text))
terms = st.builds(
    Term,
    term_texts,
    case=st.booleans(),
    exceptions=st.one_of(st.just(()), st.lists(term_texts, max_size=2).map(tuple)),
)
some_terms = st.lists(terms, min_size=1, max_size=5).map(tuple)
lexicons = st.builds(
    Lexicon,
    st.just("own"),
    st.just(""),
    categories=st.tuples(
        st.builds(Category, st.just("x"), st.just(""), some_terms),
        st.builds(Category, st.just("y"), st.just(""), some_terms),
    ),
    actors=st.lists(
        st.builds(Actor, st.sampled_from("AB"), st.just("a"), st.tuples(term_texts, term_texts)),
        max_size=2,
    ).map(tuple),
    referents=st.lists(
        st.builds(
            Referent,
            st.sampled_from("rs"),
            st.tuples(
                st.builds(Label, st.just("l"), st.just("a"), some_terms),
                st.builds(Label, st.just("m"), st.just("b"), some_terms),
            ),
            context=st.lists(terms, max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
)
texts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(SIGNS)), min_size=1, max_size=12
).map(lambda pairs: "".join(word + sign for word, sign in pairs))


@law
@given(lexicons, texts)
def test_the_slow_matcher_agrees(lexicon: Lexicon, text: str):
    assert in_order(find(lexicon, text)) == in_order(slow_find(lexicon, text))


@law
@given(lexicons, st.lists(texts, min_size=1, max_size=4))
def test_a_text_has_the_same_hits_alone_and_in_a_batch(lexicon: Lexicon, some: list[str]):
    reader, used = Reader(), Reader()
    together = rows_of(reader, Matcher(reader, [lexicon]), some)
    matcher = Matcher(used, [lexicon])

    assert [find(lexicon, text) for text in some] == together
    assert [rows_of(used, matcher, [text])[0] for text in reversed(some)][::-1] == together


@law
@given(lexicons, lexicons, texts)
def test_lexicons_do_not_compete(one: Lexicon, other: Lexicon, text: str):
    reader = Reader()
    together = rows_of(reader, Matcher(reader, [one, other]), [text])[0]

    assert in_order(together) == in_order(find(one, text) + find(other, text))


@law
@given(lexicons, texts)
def test_hits_of_a_category_never_overlap(lexicon: Lexicon, text: str):
    reader = Reader()
    matcher = Matcher(reader, [lexicon])
    hits = matcher.find(reader.read([text]))

    spans: dict[tuple, list[tuple[int, int]]] = {}
    for start, end, number in zip(hits.start, hits.end, hits.entry, strict=True):
        spans.setdefault(_meaning(matcher.entries[number]), []).append((start, end))
    for of_one in spans.values():
        assert all(a[1] <= b[0] for a, b in zip(sorted(of_one), sorted(of_one)[1:], strict=False))


@law
@given(lexicons, texts)
def test_hits_come_in_the_order_of_the_text_and_know_their_tokens(lexicon: Lexicon, text: str):
    reader = Reader()
    batch = reader.read([text])
    hits = Matcher(reader, [lexicon]).find(batch)
    last = hits.first + hits.count - 1

    assert (np.diff(hits.first) >= 0).all() and (np.diff(hits.start) >= 0).all()
    assert (batch.start[hits.first] <= hits.start).all()
    assert (hits.end <= batch.end[last]).all()
    assert (batch.sentence[hits.first] == batch.sentence[last]).all()


@pytest.fixture(scope="module")
def news() -> list[str]:
    """Every thirty-sixth article of a set of US news, 200 in all."""
    path = DATA / "allsides.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in islice(lines, 0, 7200, 36)]


@pytest.mark.parametrize("name", shipped_lexicons())
def test_the_slow_matcher_agrees_on_real_news(news: list[str], name: str):
    """The shipped lexicons on 200 articles, the first 1,500 characters of each."""
    lexicon = load_lexicon(shipped_lexicons()[name])
    reader = Reader()
    text = "\n".join(article[:1500] for article in news)
    fast = rows_of(reader, Matcher(reader, [lexicon]), [text])[0]

    assert in_order(fast) == in_order(slow_find(lexicon, text))


# ------------------------------------------------------------------ every rule by hand

RULES: dict[str, tuple[list[str | Term], str, list[str]]] = {
    "case is ignored": (["war"], "War and WAR", ["War", "WAR"]),
    "capitals count where asked": ([Term("US", case=True)], "US us Us US's", ["US", "US's"]),
    "capitals count in every word": (
        [Term("White House", case=True)],
        "White House, white house, White house",
        ["White House"],
    ),
    "capitals count in a prefix": (
        [Term("Trump*", case=True)],
        "Trumpism trumps Trump’s",
        ["Trumpism", "Trump’s"],
    ),
    "capitals count in a part": ([Term("US", case=True)], "US-led us-led", ["US"]),
    "capitals count over marks": ([Term("US Army", case=True)], 'the "US" Army', ['US" Army']),
    "a possessive is ignored": (
        ["Azerbaijan"], "Azerbaijan's Azerbaijan’s", ["Azerbaijan's", "Azerbaijan’s"]),
    "a possessive in the term is ignored": (
        ["today's war"], "today war, today’s war", ["today war", "today’s war"]),
    "a possessive plural is ignored": (["forces tanks"], "the forces’ tanks", ["forces’ tanks"]),
    "curly is straight": (["don't"], "don’t don't", ["don’t", "don't"]),
    "a contraction stays": (["it"], "it's it", ["it"]),
    "a prefix": (["terror*"], "terror terrorists counterterror", ["terror", "terrorists"]),
    "a prefix is not a literal": (["terror"], "terrorists terror", ["terror"]),
    "a lone star is one word": (
        ["attack * Gaza"], "attack on Gaza, attack Gaza", ["attack on Gaza"]),
    "a lone star is no sign": (["attack * Gaza"], "attack / Gaza", []),
    "a lone star skips marks": (["a * c"], 'a "b" c', ['a "b" c']),
    "a star at the end": (["war on *"], "war on drugs. War on", ["war on drugs"]),
    "a star at the beginning": (["* war"], "the war. War", ["the war"]),
    "a part": (["terrorist"], "terrorist-linked ex-terrorist", ["terrorist", "terrorist"]),
    "a part of a part": (["war"], "post-war-era", ["war"]),
    "a prefix in a part": (["terror*"], "anti-terrorist", ["terrorist"]),
    "a part with its possessive": (["war"], "post-war’s end", ["war’s"]),
    "a part by another hyphen": (["war"], "post\u2011war post‐war", ["war", "war"]),
    "no part of a link": (["war"], "https://a.b/war-on-x www.war-x.com", []),
    "the whole word outdoes its part": (["war", "post-war"], "post-war", ["post-war"]),
    "a phrase outdoes a part": (["war", "post-war era"], "post-war era", ["post-war era"]),
    "a part stays beside a phrase that fails": (["war", "post-war era"], "post-war", ["war"]),
    "no phrase in parts": (["war crime"], "war-crime", []),
    "a hyphenated term": (
        ["anti-terrorist measure*"], "anti-terrorist measures", ["anti-terrorist measures"]),
    "hyphens are alike": (
        ["cease-fire"], "cease\u2011fire cease‐fire", ["cease\u2011fire", "cease‐fire"]),
    "a soft hyphen is nothing": (["ceasefire"], "cease\u00adfire", ["cease\u00adfire"]),
    "longest wins": (["war", "war crime", "war crime court"], "war crime trial", ["war crime"]),
    "leftmost wins": (["a b", "b c c"], "a b c c", ["a b"]),
    "after the leftmost it goes on": (["a b", "b c", "c d"], "a b c d", ["a b", "c d"]),
    "no comma inside": (["war crime"], "war, crime", []),
    "no dash inside": (["war crime"], "war — crime – war–crime", []),
    "no bracket inside": (["war crime"], "war (crime)", []),
    "no sentence end inside": (["war The"], "A war. The end", []),
    "no line inside": (["war crime"], "war\ncrime", []),
    "quotation marks inside": (
        ["war crime"], "“war” crime, war `crime'", ["war” crime", "war `crime"]),
    "marks around": (["war crime"], "“war crime”", ["war crime"]),
    "an abbreviation": (["U.S."], "the U.S., U.S.’s U.S.-led", ["U.S.", "U.S.’s", "U.S."]),
    "an abbreviation in capitals": ([Term("U.S.", case=True)], "U.S. u.s.", ["U.S."]),
    "a phrase with an abbreviation": (["U.S. Army"], "the U.S. Army", ["U.S. Army"]),
    "a title": (["Mr. Smith", "Dr. No"], "Mr. Smith, Dr. No", ["Mr. Smith", "Dr. No"]),
    "a firm": (["Acme Inc."], "Acme Inc. said. Acme Inc", ["Acme Inc", "Acme Inc"]),
    "an initial": (["George W. Bush"], "George W. Bush", ["George W. Bush"]),
    "a letter at the end": (["Plan B"], "Plan B? Plan B.", ["Plan B", "Plan B."]),
    "a letter in capitals": ([Term("Plan B", case=True)], "“Plan B.” plan b", ["Plan B."]),
    "a slash": (["9/11"], "9/11 and 9 11", ["9/11"]),
    "a slash in a phrase": (["9/11 attack*"], "the 9/11 attacks", ["9/11 attacks"]),
    "an ampersand": (["AT&T"], "AT&T AT T", ["AT&T"]),
    "a number with a hyphen": (
        ["COVID-19"], "Covid-19's COVID\u201119", ["Covid-19's", "COVID\u201119"]),
    "a prefix with a hyphen": (["covid-*"], "Covid-19 covid", ["Covid-19"]),
    "a part with a number": (["covid"], "COVID-19", ["COVID"]),
    "a number": (
        ["44-day", "1994", "100,000"], "44-day 1994 100,000 94", ["44-day", "1994", "100,000"]),
    "a sign around a term": (["#MeToo"], "#MeToo MeToo", ["MeToo", "MeToo"]),
    "an elision": (
        ["rock 'n' roll"], "rock 'n' roll, rock ’n’ roll", ["rock 'n' roll", "rock ’n’ roll"]),
    "a dotted capital İ": (["İlham*"], "İlham İLHAM", ["İlham", "İLHAM"]),
    "Armenian": (["Արցախ*"], "Արցախում արցախ", ["Արցախում", "արցախ"]),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str):
    terms, text, expected = RULES[rule]

    assert said(lexicon_of(x=terms), text) == [f"x: {words}" for words in expected]


def without(term: str, *exceptions: str) -> Term:
    return Term(term, exceptions=exceptions)


EXCEPTIONS: dict[str, tuple[list[str | Term], str, list[str]]] = {
    "an exception takes its term": (
        [without("strike*", "strike* a deal")], "strikes a deal, strikes", ["strikes"]),
    "an exception may stand around the term": (
        [without("war", "the culture war again")], "the culture war again, war", ["war"]),
    "an exception may only touch the term": (
        [without("war crime", "crime scene")], "a war crime scene, war crime", ["war crime"]),
    "an exception is one term's own": (
        [without("war", "war game"), "game"], "war game", ["game"]),
    "an exception need not be the longest phrase": (
        [without("war", "war on"), without("drugs", "war on drugs a lot")],
        "war on drugs", ["drugs"]),
    "an exception lets a shorter term stand": (
        [without("war crime", "war crime scene"), "war"], "war crime scene", ["war"]),
    "an exception lets a later term stand": (
        [without("war crime", "war crime scene"), "crime scene"],
        "war crime scene", ["crime scene"]),
    "an exception with a lone star": (
        [without("war", "war on *")], "war on drugs, war on. War", ["war", "War"]),
    "an exception ends at a comma": (
        [without("war", "war game")], "war, game", ["war"]),
    "an exception over marks": ([without("war", "war game")], "the ‘war’ game", []),
    "an exception in any case": (
        [Term("West", case=True, exceptions=("west bank",))], "West Bank, West", ["West"]),
    "an exception that is a word with a hyphen": (
        [without("trade", "trade-off*")], "trade-offs, trade-war", ["trade"]),
    "an exception with signs": (
        [without("attack*", "9/11 attack*")], "the 9/11 attacks, attacks", ["attacks"]),
    "an exception does not fit inside a word": (
        [without("war", "crime scene")], "war-crime scene", ["war"]),
    "an exception of a phrase": (
        [without("human shield*", "human shields law")],
        "human shields law, human shields", ["human shields"]),
    "small letters let a shorter term stand": (
        [Term("US Open", case=True), "us"], "us open, US Open", ["us", "US Open"]),
    "small letters let a prefix stand": (
        [Term("Right", case=True), "right*"], "Right, rightly", ["Right", "rightly"]),
}  # fmt: skip


@pytest.mark.parametrize("rule", EXCEPTIONS)
def test_rule_of_exceptions(rule: str):
    terms, text, expected = EXCEPTIONS[rule]

    assert said(lexicon_of(x=terms), text) == [f"x: {words}" for words in expected]


def test_equal_spans_of_two_categories_both_stay():
    assert said(lexicon_of(x=["war"], y=["war"]), "war") == ["x: war", "y: war"]


def test_a_prefix_of_one_category_stays_beside_a_literal_of_another():
    """What one category lists does not take words from another that lists them too."""
    lexicon = lexicon_of(x=["terror*"], y=["terrorist"])

    assert said(lexicon, "terrorist terror") == ["x: terrorist", "y: terrorist", "x: terror"]


def test_a_word_counts_once_in_a_category_by_its_most_telling_term():
    lexicon = lexicon_of(x=["t*", "terror*", Term("Terrorist", case=True), "terrorist"])
    terms = [entry.term for _, _, entry in find(lexicon, "Terrorist terrorist terrors tea")]

    assert terms == [Term("Terrorist", case=True), *map(Term, ("terrorist", "terror*", "t*"))]


def test_a_longer_term_of_another_category_covers_a_shorter_one():
    assert said(lexicon_of(x=["war"], y=["war crime"]), "war crime") == ["y: war crime"]


def test_parts_come_in_the_order_of_the_word():
    assert said(lexicon_of(x=["war", "terror"]), "terror-war") == ["x: terror", "x: war"]


NAMES = Lexicon(
    "names",
    "",
    actors=(
        Actor("America", "US", ("America", "US", "U.S.", "U.S. Army", "Biden")),
        Actor("Turkey", "TR", ("Turkey", "Ankara")),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the US and us", ["America: US"]),
        ("the U.S. and u.s.", ["America: U.S."]),
        ("the U.S.’s policy, US’s", ["America: U.S.’s", "America: US’s"]),
        ("US-led, us-led", ["America: US"]),
        ("the U.S. Army", ["America: U.S. Army"]),
        ("america, AMERICA’S", ["America: america", "America: AMERICA’S"]),
        ("ankara", ["Turkey: ankara"]),
    ],
)
def test_a_name_in_capitals_counts_in_capitals(text: str, expected: list[str]):
    assert said(NAMES, text) == expected


def test_names_labels_and_contexts_know_what_they_are_of():
    lexicon = Lexicon(
        "own",
        "",
        categories=(Category("x", "", (Term("attack"),)),),
        actors=(Actor("Baku", "A", ("Baku",)),),
        referents=(
            Referent(
                "r",
                (Label("l", "A", (Term("attack"),)), Label("m", "B", (Term("measures"),))),
                context=(Term("September"), Term("Baku")),
            ),
        ),
    )
    found = find(lexicon, "Baku: attack, measures of September")

    assert [(e.lexicon, e.kind, e.category, e.referent, e.side) for _, _, e in found] == [
        ("own", "actor", "Baku", "", "A"),
        ("own", "context", "r", "r", ""),
        ("own", "category", "x", "", ""),
        ("own", "label", "l", "r", "A"),
        ("own", "label", "m", "r", "B"),
        ("own", "context", "r", "r", ""),
    ]


def test_labels_compete_with_categories_but_names_do_not():
    lexicon = Lexicon(
        "own",
        "",
        categories=(Category("x", "", (Term("Baku war"),)),),
        actors=(Actor("Baku", "A", ("Baku",)),),
        referents=(Referent("r", (Label("l", "", (Term("war"),)),)),),
    )

    assert said(lexicon, "Baku war") == ["x: Baku war", "Baku: Baku"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("  War   Crime ", "war crime"),
        ("Azerbaijan’s", "azerbaijan"),
        ("9/11", "9 / 11"),
        ("Acme Inc.", "acme inc"),
        ("#MeToo", "metoo"),
        ("“so-called” state*", "so-called state*"),
        ("covid-*", "covid-*"),
        ("U.S.-led *", "u.s.-led *"),
        ("* (war)", "* ( war"),
    ],
)
def test_terms_are_read_as_texts_are(term: str, expected: str):
    assert words_of(term) == expected


@pytest.mark.parametrize("some", [[], [""], ["  "], ["...", "", "“”"], ["peace"]])
def test_nothing_is_found_in_nothing(some: list[str]):
    reader = Reader()
    batch = reader.read(some)
    lexicon = lexicon_of(x=[without("war", "war game"), "a * b", Term("US", case=True)])

    assert len(Matcher(reader, [lexicon]).find(batch)) == 0
    assert len(Matcher(reader, []).find(batch)) == 0
    assert len(Matcher(reader, [Lexicon("empty", "")]).find(batch)) == 0


def test_a_matcher_may_come_late_or_early():
    """One made before its reader has read anything and one made after find the same."""
    reader = Reader()
    early = Matcher(reader, [lexicon_of(x=["war", "terror*", "war crime"])])
    first = rows_of(reader, early, ["post-war terror, war crime"])
    late = Matcher(reader, [lexicon_of(x=["war", "terror*", "war crime"])])

    assert rows_of(reader, late, ["post-war terror, war crime"]) == first
    assert rows_of(reader, early, ["a war"]) == rows_of(reader, late, ["a war"])


@pytest.mark.parametrize("unit", ["war ", "war-", "a b ", "x ", "“war” ", "war, ", "war/"])
def test_time_grows_with_the_text_and_not_faster(unit: str):
    """Twice the text in at most four times the time: a square would need it at any size."""
    lexicon = lexicon_of(
        x=["war", without("war war war war", "war * war"), "a b a b c", "* x", "war-war"]
    )

    def seconds(size: int) -> float:
        runs = []
        for _ in range(2):
            reader = Reader()
            batch = reader.read([unit * (size // len(unit))])
            matcher = Matcher(reader, [lexicon])
            start = time.process_time()
            matcher.find(batch)
            runs.append(time.process_time() - start)
        return min(runs)

    small, large = seconds(40_000), seconds(80_000)

    assert large < 4 * small + 0.05
