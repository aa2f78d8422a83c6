"""Find the terms of lexicons in a batch of tokens: longest first, leftmost first.

A term is a path of words through a small automaton.  The first step is worked out once per
distinct word and kept as a fact of the vocabulary, so that a text costs one look-up a token;
only where a longer term may go on does anything run per place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.lexicon import Lexicon, Term
from bias_toolkit.tokens import (
    Batch,
    Facts,
    Growing,
    Reader,
    Table,
    plain,
    ragged,
    tokens_of,
    word_of,
)

QUOTATION_MARKS = frozenset("\"'“”„‟«»‘’‚‛‹›`") | {"''", "``"}
_HYPHEN = re.compile("[-‐‑]")
_SIMPLE = re.compile(r"[a-zA-Z]+\*?(?: [a-zA-Z]+\*?| \*)*").fullmatch


def _has_hyphen(token: str) -> bool:
    return "-" in token or (not token.isascii() and _HYPHEN.search(token) is not None)


_LINK = ("http://", "https://", "www.")


class Entry(NamedTuple):
    """One term in one place of one lexicon: what a hit is a hit of."""

    lexicon: str
    kind: str  # "category", "label", "actor", "context" or "topic"
    category: str  # the category, the label, the actor; for context the referent
    referent: str
    side: str
    term: Term


@dataclass(frozen=True)
class Hits:
    """Places where terms stand: `first` token and `count` of tokens, offsets, and the entry."""

    first: NDArray[np.int64]
    count: NDArray[np.int64]
    start: NDArray[np.integer]
    end: NDArray[np.integer]
    entry: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.entry)

    def at(self, rows: NDArray) -> Hits:
        """The hits of *rows* (an index or mask)."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows  # five columns: one search
        return Hits(
            self.first.take(at),
            self.count.take(at),
            self.start.take(at),
            self.end.take(at),
            self.entry.take(at),
        )


def entries_of(lexicon: Lexicon) -> list[list[Entry]]:
    """The entries of a lexicon in groups that compete: vocabulary, actors, contexts, topic."""
    vocabulary = [
        Entry(lexicon.name, "category", category.name, "", "", term)
        for category in lexicon.categories
        for term in category.terms
    ]
    labels = [
        Entry(lexicon.name, "label", label.label, referent.name, label.side, term)
        for referent in lexicon.referents
        for label in referent.labels
        for term in label.terms
    ]
    actors = [
        # A name of one word counts in capitals only: "US", not "us".
        Entry(
            lexicon.name,
            "actor",
            actor.name,
            "",
            actor.side,
            Term(alias, case=alias.isupper()),
        )
        for actor in lexicon.actors
        for alias in actor.aliases
    ]
    contexts = [
        Entry(lexicon.name, "context", referent.name, referent.name, "", term)
        for referent in lexicon.referents
        for term in referent.context
    ]
    topic = [Entry(lexicon.name, "topic", "", "", "", term) for term in lexicon.topic]
    return [group for group in (vocabulary + labels, actors, contexts, topic) if group]


# ------------------------------------------------------------------ the automaton


Edge = tuple[int, int]  # from one node to another, on some word
_PLAIN, _SIGN = 0, 1  # classes of words on no edge
_MARKS = 62  # marks of nodes; nodes share them, which costs time only
_EDGE_BITS = 20
_AT_ONCE = 1 << 16  # steps
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HEAD = 4  # letters of a prefix by which it is found
_NO_EDGES: list[tuple[int, list[tuple[int, int]]]] = []
_STAR = 1 << _MARKS  # the mark of a node that a lone star leaves, and of every word it may take


class Automaton:
    """Patterns over words.  A state is a set of nodes; state 0 is dead, state 1 the start.

    Words that lie on the same edges are of one *class*, so that a step is a look-up of state
    and class.  States are made when a text first needs them, so that ambiguous prefixes
    ("terror*" beside "terrorist attack") cost nothing until they meet.  `accepts` gives for each
    state a row of `accepted`, the patterns that end there, or -1.

    Most patterns of several words begin with a common one, so that most steps lead nowhere.
    `leaves` marks for each state the nodes from which it goes on, `follows` for each class the
    nodes from which its words lead on: a step can succeed only where they share a mark.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self.literal: dict[str, list[Edge]] = {}
        self.prefix: dict[str, list[Edge]] = {}
        self._pattern = [-1]  # by node
        self._star: dict[int, int] = {}  # where a lone star leads from a node
        self._goes_on: set[int] = set()  # nodes that a word leads on from
        self._add(patterns)
        self._classes: dict[tuple[tuple[Edge, ...], bool], int] = {((), True): 0, ((), False): 1}
        self._ways: list[tuple[dict[int, list[int]], bool]] = [({}, True), ({}, False)]
        self._members: list[tuple[int, ...]] = [(), (0,)]
        self._number = {(): 0, (0,): 1}
        self._steps = Table()
        self._edge_at, self._seen = np.zeros(1 << _EDGE_BITS, bool), 0
        self.accepted: list[list[int]] = []
        self._only = Growing(np.int64)  # the node of a state that has only one, and no star
        self._only.append([-1, -1])
        self.accepts, self.leaves = Growing(np.int64), Growing(np.int64)
        self.accepts.append([-1, -1])
        self.leaves.append([0, self._marks_of([0])])
        # By class: the state after a first word, and marks.
        self.begins, self.follows = Growing(np.int64), Growing(np.int64)
        self.begins.append([self.step(1, _PLAIN), self.step(1, _SIGN)])
        self.follows.append([_STAR, 0])

    def _add(self, patterns: Iterable[str]) -> None:
        nodes = {"": 0}  # by the words that lead there
        for number, pattern in enumerate(patterns):
            self._pattern[self._node(pattern, nodes)] = number

    def _node(self, words: str, nodes: dict[str, int]) -> int:
        """The node that *words* lead to, made where there is none yet."""
        node = nodes.get(words)
        if node is None:
            before, _, last = words.rpartition(" ")
            at = self._node(before, nodes) if before else 0
            node = nodes[words] = len(self._pattern)
            self._pattern.append(-1)
            self._add_edge(at, last, node)
        return node

    def _add_edge(self, at: int, word: str, to: int) -> None:
        if word == "*":
            self._star[at] = to
            return
        self._goes_on.add(at)
        edges, word = (self.prefix, word[:-1]) if word[-1] == "*" else (self.literal, word)
        edges.setdefault(word, []).append((at, to))

    def class_of(self, edges: tuple[Edge, ...], is_word: bool) -> int:
        """The class of words on *edges*, the more telling first; a lone star takes no signs."""
        key = (edges, is_word)
        if key not in self._classes:
            self._classes[key] = len(self._ways)
            ways: dict[int, list[int]] = {}
            for start, end in edges:
                ways.setdefault(start, []).append(end)
            self._ways.append((ways, is_word))
            self.begins.push(self.step(1, self._classes[key]))
            self.follows.push(_mask(ways) | (_STAR if is_word else 0))
        return self._classes[key]

    def _marks_of(self, nodes: Iterable[int]) -> int:
        """The marks of those nodes that have a way on."""
        found = 0
        for node in nodes:
            if node in self._star:
                found |= _STAR
            if node in self._goes_on:
                found |= 1 << node % _MARKS
        return found

    def step(self, state: int, kind: int) -> int:
        """The state after a word of class *kind*; 0 if no pattern goes on."""
        ways, is_word = self._ways[kind]
        reached: list[int] = []
        for node in self._members[state]:
            reached += ways.get(node, ())
            if is_word and node in self._star:
                reached.append(self._star[node])
        return self._state(tuple(reached))

    def steps(self, states: NDArray[np.int64], kinds: NDArray[np.int32]) -> NDArray[np.int64]:
        """`step` for arrays; steps once taken are kept by state and class.

        A state of one node goes on only where an edge of the class begins at it.
        """
        result = np.zeros(len(states), np.int64)
        begun = self._edges_begun()
        for at in range(0, len(states), _AT_ONCE):  # what one part learns the next ones know
            part = slice(at, at + _AT_ONCE)
            only = self._only.array()[states[part]]
            on = at + np.flatnonzero((only < 0) | begun.take(_edge_slot(only, kinds[part])))
            result[on] = self._taken(states[on], kinds[on])
        return result

    def _taken(self, states: NDArray[np.int64], kinds: NDArray[np.int32]) -> NDArray[np.int32]:
        keys = (states << 32 | kinds).view(np.uint64)
        mixed = keys * _ODD  # takes no two keys to one
        reached = self._steps.ids(mixed)
        unknown = np.flatnonzero(reached < 0)
        if len(unknown):
            new = np.unique(keys[unknown])
            taken = [self.step(key >> 32, key & 0xFFFFFFFF) for key in new.tolist()]
            self._steps.put(new * _ODD, np.array(taken, np.int32))
            reached[unknown] = self._steps.ids(mixed[unknown])
        return reached

    def _edges_begun(self) -> NDArray[np.bool_]:
        """Whether an edge has the slot of its node and class; some that are none have it too."""
        if len(self._ways) > self._seen:
            new = self._ways[self._seen :]
            kind = np.repeat(np.arange(self._seen, len(self._ways)), [len(w) for w, _ in new])
            node = np.fromiter(chain.from_iterable(ways for ways, _ in new), np.int64, len(kind))
            self._edge_at[_edge_slot(node, kind)] = True
            self._seen = len(self._ways)
        return self._edge_at

    def _state(self, members: tuple[int, ...]) -> int:
        if members not in self._number:
            self._number[members] = len(self._members)
            self._members.append(members)
            # A literal word is more telling than a prefix, a long prefix than a short one.
            patterns = [self._pattern[node] for node in members if self._pattern[node] >= 0]
            self.accepts.push(len(self.accepted) if patterns else -1)
            if patterns:
                self.accepted.append(patterns)
            self.leaves.push(self._marks_of(members))
            lone = len(members) == 1 and members[0] not in self._star
            self._only.push(members[0] if lone else -1)
        return self._number[members]


def _edge_slot(node: NDArray[np.integer], kind: NDArray[np.integer]) -> NDArray[np.int64]:
    """A number below 2 ** _EDGE_BITS for a node and a class, by multiplicative hashing."""
    mixed = (node.astype(np.uint64) << np.uint64(32) | kind.astype(np.uint64)) * _ODD
    return (mixed >> np.uint64(64 - _EDGE_BITS)).astype(np.int64)


def _mask(nodes: Iterable[int]) -> int:
    """The marks of *nodes*, as bits."""
    found = 0
    for node in nodes:
        found |= 1 << node % _MARKS
    return found


class _Edges:
    """The edges of several automata that a word lies on, found by one look-up a word."""

    def __init__(self, automata: Sequence[Automaton]) -> None:
        self._automata = automata
        # by word or prefix: automata, and edges in each
        self._literal: dict[str, list[tuple[int, list[Edge]]]] = {}
        self._prefix: dict[str, list[tuple[int, list[Edge]]]] = {}
        for number, automaton in enumerate(automata):
            for mine, theirs in (
                (self._literal, automaton.literal),
                (self._prefix, automaton.prefix),
            ):
                for word, edges in theirs.items():
                    mine.setdefault(word, []).append((number, edges))
        self._by_head: dict[str, list[str]] = {}  # few words begin like any prefix
        for prefix in sorted(self._prefix, key=len, reverse=True):
            self._by_head.setdefault(prefix[:_HEAD], []).append(prefix)
        self._sizes = sorted(set(map(len, self._by_head)), reverse=True)

    def classes(self, word: str) -> list[tuple[int, int]]:
        """Automaton and class, for each automaton where *word* lies on an edge."""
        found = self._literal.get(word, _NO_EDGES)
        for size in self._sizes:
            for prefix in self._by_head.get(word[:size], ()):
                if word.startswith(prefix):
                    found = found + self._prefix[prefix]
        if not found:
            return []
        mine: dict[int, tuple[Edge, ...]] = {}
        for number, edges in found:
            mine[number] = mine[number] + tuple(edges) if number in mine else tuple(edges)
        is_word = word.isalnum() or _is_word(word)
        return [(n, self._automata[n].class_of(edges, is_word)) for n, edges in mine.items()]

    def some(self, words: list[str]) -> list[tuple[int, str]]:
        """Those of *words* that may lie on an edge, and their positions."""
        literal, heads = self._literal, self._by_head
        a, b, c, d = range(1, _HEAD + 1)
        return [
            (at, w)
            for at, w in enumerate(words)
            if w in literal or w[:d] in heads or w[:c] in heads or w[:b] in heads or w[:a] in heads
        ]


def _is_word(word: str) -> bool:
    return any(map(str.isalnum, word))


def words_of(term: str) -> str:
    """A term as the automaton reads it: words as `word_of` makes them, stars kept.

    Signs inside a term must stand in the text too, but for quotation marks; signs around it not.

    >>> words_of("Azerbaijan’s so-called measure*"), words_of("9/11"), words_of("Acme Inc.")
    ('azerbaijan so-called measure*', '9 / 11', 'acme inc')
    """
    if _SIMPLE(term):  # most terms: nothing to cut
        return " ".join(term.lower().split())
    return " ".join(word.lower() if word.endswith("*") else word_of(word) for word in _words(term))


def _words(term: str) -> list[str]:
    """The words of a term, and the signs between them, with their capitals."""
    words = []
    for piece in term.split():
        star = piece.endswith("*")
        if star:  # a letter instead of the star: "covid-*" is one word
            piece = piece[:-1] + "x"
        words += [plain(piece[s:e]) for s, e in tokens_of(piece)]
        if star:
            words[-1] = words[-1][:-1] + "*"
    words = [word for word in words if word not in QUOTATION_MARKS]
    real = [i for i, word in enumerate(words) if any(map(str.isalnum, word)) or word == "*"]
    return words[real[0] : real[-1] + 1]


def _patterns_of(term: str) -> list[str]:
    """What to look for: "Plan B" too where the stop of its sentence stands as in "George B."."""
    words = words_of(term)
    if words[-2:-1] not in ("", " ") or not words[-1:].isalpha():
        return [words]
    return [words, words + "."]


# ------------------------------------------------------------------ searches


class _Walk(NamedTuple):
    """Patterns that were met: place in the stream, number of words, row of `accepted`."""

    at: NDArray[np.int64]
    size: NDArray[np.int64]
    accepted: NDArray[np.int64]


class _Search:
    """An automaton, and the entries that each of its patterns stands for."""

    def __init__(self, phrases: Iterable[tuple[str, int]]) -> None:
        owners: dict[str, list[int]] = defaultdict(list)
        for phrase, number in phrases:
            if phrase.isalpha() and len(phrase) > 1:  # most terms
                owners[phrase.lower()].append(number)
            else:
                for pattern in _patterns_of(phrase):
                    owners[pattern].append(number)
        self._rows = list(owners.values())
        self.longest = max((pattern.count(" ") + 1 for pattern in owners), default=0)
        self.automaton = Automaton(owners)
        self._count, self._first = Growing(np.int64), Growing(np.int64)
        self._entry = Growing(np.int64)

    def entries(self, accepted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Entries of rows of `accepted`, and the position in *accepted* each belongs to."""
        new = self.automaton.accepted[self._count.size :]
        if new:
            rows = [[entry for pattern in row for entry in self._rows[pattern]] for row in new]
            counts = np.array(list(map(len, rows)))
            self._first.append(self._entry.size + np.cumsum(counts) - counts)
            self._count.append(counts)
            self._entry.append(list(chain.from_iterable(rows)))
        payload, owner = ragged(self._count.array()[accepted], self._first.array()[accepted])
        return self._entry.array()[payload], owner


@dataclass(frozen=True)
class _Stretch:
    """The words of a batch without quotation marks: their sentences, and facts of each word."""

    sentences: NDArray[np.int32]
    words: NDArray[np.int32]
    facts: dict[str, NDArray]


def _walk(automaton: Automaton, places: NDArray[np.int64], text: _Stretch, number: int) -> _Walk:
    """All patterns that begin at *places*: the longest may fall by capitals or exceptions.

    *number* is that of the search which *automaton* belongs to.
    """
    kinds = text.facts[f"class {number}"]
    state = text.facts[f"begin {number}"].take(text.words.take(places))
    begun = np.flatnonzero(state)
    at, state = places.take(begun), state.take(begun).astype(np.int64)
    found = []
    length = 1
    while True:
        accepted = automaton.accepts.array().take(state)
        here = np.flatnonzero(accepted >= 0)
        found.append((at.take(here), np.full(len(here), length), accepted.take(here)))
        leaves = automaton.leaves.array().take(state)
        on = np.flatnonzero((leaves != 0) & (at + length < len(text.words)))
        at, state = at[on], state[on]
        kind = kinds.take(text.words.take(at + length))
        shared = leaves[on] & automaton.follows.array().take(kind)
        on = np.flatnonzero((shared != 0) & (text.sentences[at + length] == text.sentences[at]))
        at, state = at[on], state[on]
        if not len(at):
            return _Walk(*map(np.concatenate, zip(*found, strict=True)))
        # For a state that only a star takes on, all words are alike.
        state = automaton.steps(state, np.where(shared[on] == _STAR, _PLAIN, kind[on]))
        on = np.flatnonzero(state)
        at, state = at.take(on), state.take(on)
        length += 1


_TERMS, _EXCEPTIONS = 0, 1  # the two searches
_FACTS = ("class", "begin")  # a word's class in each search, and the state after it


class Matcher:
    """The terms of some lexicons, ready to be found in the batches of one reader.

    All lexicons share one automaton, so that a text is walked once however many there are.
    """

    def __init__(self, reader: Reader, lexicons: Sequence[Lexicon]) -> None:
        self._reader = reader
        groups = [group for lexicon in lexicons for group in entries_of(lexicon)]
        self.entries = [entry for group in groups for entry in group]
        terms = ((entry.term.text, number) for number, entry in enumerate(self.entries))
        exceptions = (
            (text, number)
            for number, entry in enumerate(self.entries)
            for text in entry.term.exceptions
        )
        self._searches = (_Search(terms), _Search(exceptions))
        self._edges = _Edges([search.automaton for search in self._searches])
        self._facts = Facts(
            reader.words,
            self._learn,
            **{f"{name} {i}": np.int32 for i in range(2) for name in _FACTS},
        )
        self._parts = Growing(np.int32)  # rows of three: start and end in the token, accepted
        self._of_part: dict[str, int] = {}
        self._marks = Facts(
            reader.words, lambda new: {"mark": [w in QUOTATION_MARKS for w in new]}, mark=bool
        )
        self._hyphened = Facts(reader.tokens, self._learn_parts, count=np.int64, first=np.int64)
        self._group = np.repeat(np.arange(len(groups)), list(map(len, groups)))
        self._case = np.array([entry.term.case for entry in self.entries], bool)
        self._excepted = np.array([bool(entry.term.exceptions) for entry in self.entries], bool)
        meanings: dict[tuple[str, str, str], int] = {}
        self._meaning = np.array(
            [
                meanings.setdefault((entry.kind, entry.category, entry.referent), len(meanings))
                for entry in self.entries
            ],
            np.int64,
        )

    # ---- once a type

    def _learn(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        """The class of each new word in each search, and the state that it leads to."""
        plain = [_PLAIN if word.isalnum() or _is_word(word) else _SIGN for word in new]
        kinds = np.array([plain, plain], np.int32)
        for row, word in self._edges.some(new):
            for number, kind in self._edges.classes(word):
                kinds[number, row] = kind
        facts: dict[str, Sequence | NDArray] = {}
        for number, search in enumerate(self._searches):
            facts[f"class {number}"] = kinds[number]
            facts[f"begin {number}"] = search.automaton.begins.array()[kinds[number]]
        return facts

    def _learn_parts(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        """One-word patterns that stand in the parts of hyphenated tokens, but not of links."""
        rows = [
            list(self._patterns_in_parts(token))
            if _has_hyphen(token) and not token.startswith(_LINK)
            else []
            for token in new
        ]
        counts = np.array(list(map(len, rows)), np.int64)
        known = self._parts.size // 3
        self._parts.append([value for some in rows for row in some for value in row])
        return {"count": counts, "first": known + np.cumsum(counts) - counts}

    def _patterns_in_parts(self, token: str) -> Iterator[tuple[int, int, int]]:
        start = 0
        for part in _HYPHEN.split(token):
            if part not in self._of_part:
                self._of_part[part] = self._accepted_alone(part) if part else -1
            if self._of_part[part] >= 0:
                yield start, start + len(part), self._of_part[part]
            start += len(part) + 1

    def _accepted_alone(self, part: str) -> int:
        """The row of `accepted` of the one-word patterns for *part*, or -1."""
        automaton = self._searches[_TERMS].automaton
        for number, kind in self._edges.classes(word_of(part)):
            if number == _TERMS:
                return int(automaton.accepts.array()[int(automaton.begins.array()[kind])])
        return -1

    # ---- once a batch

    def find(self, batch: Batch) -> Hits:
        """All hits of *batch*, ordered by place; actors and contexts among them."""
        facts = self._facts()
        stream = np.flatnonzero(~self._marks()["mark"].take(batch.word))  # marks are transparent
        text = _Stretch(batch.sentence[stream], batch.word[stream], facts)
        places = np.flatnonzero(facts["begin 0"].take(text.words))
        terms, exceptions = self._searches
        walk = _walk(terms.automaton, places, text, _TERMS)
        hits = _joined([_hits(terms, walk, stream, batch), self._find_parts(batch)])
        hits = self._with_right_capitals(hits, batch)
        near = self._near_excepted(hits, stream, exceptions.longest)
        walk = _walk(exceptions.automaton, near, text, _EXCEPTIONS)
        hits = self._without_excepted(hits, _hits(exceptions, walk, stream, batch))
        return self._longest(hits, batch)

    def _longest(self, hits: Hits, batch: Batch) -> Hits:
        """Of the hits of one group that overlap the longest, by place; groups do not compete."""
        size = np.fromiter(map(len, batch.texts), np.int64, len(batch.texts))
        base = (np.cumsum(size) - size)[batch.doc[hits.first]]  # texts end to end
        apart = base + self._group[hits.entry] * size.sum()  # and once a group
        kept = _longest(apart + hits.start, apart + hits.end, self._meaning[hits.entry])
        hits, base = hits.at(kept), base[kept]
        return hits.at(np.argsort((base + hits.start) * len(self.entries) + hits.entry))

    def _with_right_capitals(self, hits: Hits, batch: Batch) -> Hits:
        """Hits of terms that want capitals are held against the text."""
        rows = np.flatnonzero(self._case[hits.entry])
        first = hits.first[rows]
        part = (hits.start[rows] != batch.start[first]) | (hits.end[rows] < batch.end[first])
        single = (hits.count[rows] == 1) & ~part
        types = len(self._reader.tokens)
        # Once a term and type for whole tokens, which are most.
        codes, of_code = np.unique(
            hits.entry[rows[single]] * types + batch.token[first[single]], return_inverse=True
        )
        keep = np.ones(len(hits), bool)
        alike = [self._alike(code // types, [code % types]) for code in codes.tolist()]
        keep[rows[single]] = np.array(alike, bool)[of_code]
        for row in rows[~single].tolist():
            at, count, entry = int(hits.first[row]), int(hits.count[row]), int(hits.entry[row])
            if count > 1:
                keep[row] = self._alike(entry, batch.token[at : at + count].tolist())
            else:
                text = batch.texts[batch.doc[at]][hits.start[row] : hits.end[row]]
                keep[row] = _same_capitals(self.entries[entry].term.text, (text,))
        return hits.at(keep)

    def _alike(self, entry: int, tokens: list[int]) -> bool:
        """Whether *tokens* have the capitals of the term of *entry*."""
        strings = self._reader.tokens.strings
        return _same_capitals(
            self.entries[entry].term.text, tuple(strings[token] for token in tokens)
        )

    def _near_excepted(self, hits: Hits, stream: NDArray[np.int64], longest: int) -> NDArray:
        """Places where an exception may begin that reaches a hit: shortly before its end."""
        rows = hits.at(self._excepted[hits.entry])
        end = np.searchsorted(stream, rows.first + rows.count)
        start = np.maximum(np.searchsorted(stream, rows.first) - longest + 1, 0)
        size = len(stream) + 1
        near = np.bincount(start, minlength=size) - np.bincount(end, minlength=size)
        return np.flatnonzero(np.cumsum(near[:-1]) > 0)

    def _without_excepted(self, hits: Hits, exceptions: Hits) -> Hits:
        """Drop hits that overlap one of their own exceptions."""
        rows = np.flatnonzero(self._excepted[hits.entry])
        if not len(exceptions) or not len(rows):
            return hits
        keys, owner = self._covered(hits.at(rows))
        taken, _ = self._covered(exceptions)
        keep = np.ones(len(hits), bool)
        keep[rows[owner[np.isin(keys, taken)]]] = False
        return hits.at(keep)

    def _covered(self, hits: Hits) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """One number for each token and entry that *hits* cover, and the hit it belongs to."""
        token, owner = ragged(hits.count, hits.first)
        return token * len(self.entries) + hits.entry[owner], owner

    def _find_parts(self, batch: Batch) -> Hits:
        """Hits inside hyphenated tokens; hits of the whole token outdo them later."""
        facts = self._hyphened()
        some = np.flatnonzero(facts["count"].take(batch.token))
        token = batch.token[some]
        payload, owner = ragged(facts["count"][token], facts["first"][token])
        start, end, accepted = self._parts.array().reshape(-1, 3)[payload].T
        entry, row = self._searches[_TERMS].entries(accepted)
        first = some[owner[row]]
        begin = batch.start[first]
        ones = np.ones(len(row), np.int64)
        return Hits(first, ones, begin + start[row], begin + end[row], entry)


def _hits(search: _Search, walk: _Walk, stream: NDArray[np.int64], batch: Batch) -> Hits:
    """Patterns to entries, places in the stream to tokens and offsets."""
    entry, row = search.entries(walk.accepted)
    first, last = stream[walk.at[row]], stream[walk.at[row] + walk.size[row] - 1]
    return Hits(first, last - first + 1, batch.start[first], batch.end[last], entry)


@lru_cache(maxsize=100_000)
def _same_capitals(term: str, tokens: tuple[str, ...]) -> bool:
    """Whether *tokens* are *term* with the same capitals; a star stands for any ending."""
    found = [word for word in map(plain, tokens) if word not in QUOTATION_MARKS]
    return all(
        word.startswith(want[:-1]) if want.endswith("*") else word.rstrip(".") == want.rstrip(".")
        for want, word in zip(_words(term), found, strict=True)
    )


def _joined(hits: Sequence[Hits]) -> Hits:
    names = Hits.__dataclass_fields__
    if not hits:
        return Hits(**{name: np.zeros(0, np.int64) for name in names})
    return Hits(**{name: np.concatenate([getattr(p, name) for p in hits]) for name in names})


def _longest(
    left: NDArray[np.int64], right: NDArray[np.int64], meaning: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where spans overlap the leftmost, of those the longest: the rows that stay, by place.

    Equal spans stay if they mean different things: a word counts once in each category.
    """
    code = _span_code(left, right - left)
    order = np.argsort(code, kind="stable")  # the more telling term of a span comes first
    code = code[order]
    tied = np.append(code[1:] == code[:-1], False)[: len(code)]
    tied[1:] |= tied[:-1]
    several = order[tied]
    order[tied] = several[np.lexsort((meaning[several], code[tied]))]
    left, right, said = left[order], right[order], meaning[order]
    again = (left[1:] == left[:-1]) & (right[1:] == right[:-1]) & (said[1:] == said[:-1])
    once = np.append(True, ~again)[: len(order)]
    order, left, right = order[once], left[once], right[once]
    reach = np.maximum.accumulate(right)
    crowded = np.append(False, left[1:] < reach[:-1])[: len(order)]
    keep = ~crowded
    keep[1:] |= (left[1:] == left[:-1]) & (right[1:] == right[:-1])  # holds for the first of a run
    runs = np.flatnonzero(crowded[1:] & crowded[:-1]) + 1
    last = -1
    for row in runs.tolist():
        if row - 1 != last:
            kept = row - 1 if keep[row - 1] else row - 2
        same = left[row] == left[kept] and right[row] == right[kept]
        keep[row] = same or left[row] >= right[kept]
        kept = row if keep[row] else kept
        last = row
    return order[keep]


def _span_code(left: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number a span that rises with its start, and falls with its size.

    Sorting one number is many times faster than sorting by several; sizes are numbered, so that
    a very long token leaves room for the rest.
    """
    sizes, number = np.unique(-size, return_inverse=True)
    return left * (len(sizes) + 1) + number
