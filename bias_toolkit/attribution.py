"""Decide whose words each token is: voices, and the attributions that own them.

The narration is read as a skeleton in which each quotation is one token (`skeleton`); there,
cues are found (`cues`) and get their content and source (`scopes`).  Here all of it is laid back
on the tokens: the innermost attribution owns a token, and quotation marks decide its voice.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.cues import TURN, Cues, find_cues
from bias_toolkit.ends import Words, cut
from bias_toolkit.quotation import Pairing, Quotes
from bias_toolkit.scopes import (
    NOWHERE,
    RULES,
    Scopes,
    by_block,
    by_hearer,
    by_noun,
    by_preposition,
    by_question,
    find_scopes,
    parents_of,
    phrase_before,
    settled,
)
from bias_toolkit.skeleton import Ints, Mask, Skeleton, fold
from bias_toolkit.tokens import Batch, Reader, ragged

VOICES = ("own", "reported", "partial", "scare", "quote")


OWN, REPORTED, PARTIAL, SCARE, QUOTE = range(5)


ACTS = ("", "speech", "attitude")


NO_ACT, SPEECH, ATTITUDE = range(3)


@dataclass(frozen=True)
class Attributions:
    """Whose words, per token and per attribution.

    Tokens: `voice` (position in VOICES) and `owner` (the innermost attribution that the token is
    content of, -1 if none).  Attributions, one row each: cue and source as token ranges
    [first, last], -1 where absent; `act`; `parent`, the attribution whose content holds this
    one, -1 if none; `inherits`, the attribution whose source is meant where this one has none of
    its own, -1 if none; `negated`, whether it does not say that somebody said or believes it, but
    denies, supposes or asks it.  A quotation without a cue is a row too.
    """

    voice: NDArray[np.int8]
    owner: Ints
    cue_first: Ints
    cue_last: Ints
    source_first: Ints
    source_last: Ints
    act: NDArray[np.int8]
    parent: Ints
    inherits: Ints
    negated: Mask

    def __len__(self) -> int:
        return len(self.cue_first)

    def places(self) -> Ints:
        """A token where each attribution stands: its cue, or else the first that it owns."""
        at = np.flatnonzero(self.owner >= 0)[::-1]
        place = np.zeros(len(self) + 1, np.int64)
        place[self.owner[at]] = at  # of several the last one written, the first, stays
        return np.where(self.cue_first >= 0, self.cue_first, place[:-1])


# Words that rules ask for one by one.
_ASKED_FOR = {
    "said": ("said",),
    "grows": ("add", "adds", "added", "adding"),
    "goes on": ("continue", "continues", "continued", "continuing"),
    "supposed": ("if", "unless", "had", "should", "were"),  # at the beginning of a sentence
    "fronting": tuple(
        "after although as because before if once since though unless until when whenever whereas "
        "while".split()
    ),
    "not": ("not",),
    "unsure": ("if", "unless", "whether"),
    "no one": ("no", "neither", "none", "nobody", "not"),
    "places": tuple(sorted(g.places())),
    # before a colon they name what follows: Data: the war in figures; but Poll: Trump trails
    "page": tuple(
        "data document documents figures letter memo network news numbers paper press radio "
        "release research statistics television".split()
    ),
}


class Attributor:
    """Finds attributions in the batches of one reader."""

    def __init__(self, reader: Reader, grammar: g.Grammar) -> None:
        self._grammar = grammar
        self._pairing = Pairing(reader)
        self._ids = {
            name: np.array([reader.words[word] for word in words])
            for name, words in _ASKED_FOR.items()
        }

    def attribute(self, batch: Batch) -> Attributions:
        """All attributions of *batch*; the same for a text alone as among others."""
        quotes = self._pairing.pair(batch)
        flags = self._grammar().take(batch.token)
        skeleton = fold(batch, flags, quotes)
        token = batch.token.take(skeleton.first)
        skeleton.takes, skeleton.particle = (
            bits.take(token) for bits in self._grammar.complements()
        )
        skeleton.word, skeleton.ids = batch.word.take(skeleton.first), self._ids
        cues = find_cues(skeleton)
        scopes = find_scopes(skeleton, cues)
        cut(skeleton, cues, scopes, Words(self._grammar.turns(), token), flags)
        cues, scopes = settled(skeleton, cues, scopes)
        return _label(batch, flags, skeleton, cues, scopes, quotes)


def _label(
    batch: Batch, flags: Ints, sk: Skeleton, cues: Cues, scopes: Scopes, quotes: Quotes
) -> Attributions:
    """Voices of all tokens, and the attributions that own them."""
    owner = _owners(sk, scopes)
    parents = parents_of(cues, scopes)
    _quote_the_speaker(owner, sk, cues, parents)
    alone = _alone(batch, flags, sk, cues, owner, quotes)
    size = len(cues)
    owner[alone.at] = size + np.arange(len(alone.at))
    token_owner = _spread(owner, sk, len(batch))
    voice = np.where(token_owner >= 0, REPORTED, OWN).astype(np.int8)
    kinds = _quote_voices(batch, flags, sk, owner)
    at, row = ragged(*_lengths(sk.first[sk.quoted], sk.last[sk.quoted] + 1))
    voice[at] = kinds[row]
    voice[_word_for_word(sk, cues, scopes, token_owner) & (voice == REPORTED)] = QUOTE
    token_owner[at] = np.where(kinds[row] == OWN, -1, token_owner[at])
    act = np.where((cues.flags & (g.ATTITUDE | g.ADJECTIVE)) != 0, ATTITUDE, SPEECH)
    mine = [sk.first[cues.at], sk.last[cues.last], *_source_tokens(sk, scopes), act, parents]
    mine += [_inherited(sk, cues, scopes), _negated(sk, cues, scopes)]
    none = np.full(len(alone.at), NOWHERE)
    speech, plain = np.full(len(none), SPEECH), np.zeros(len(none), bool)
    theirs = [none, none, *_source_tokens(sk, alone), speech, none, alone.inherits, plain]
    both = [np.concatenate(pair) for pair in zip(mine, theirs, strict=True)]
    both[4] = both[4].astype(np.int8)
    return Attributions(voice, token_owner, *both)


def _word_for_word(sk: Skeleton, cues: Cues, scopes: Scopes, token_owner: Ints) -> Mask:
    """Tokens of turns and block quotations: the speaker's words, though no marks say so."""
    whole = (scopes.rule == RULES.index(by_block)) | ((cues.kind & TURN) != 0)
    if not whole.any():
        return np.zeros(len(token_owner), bool)
    rows = max(int(token_owner.max()), len(whole)) + 2
    return np.append(whole, np.zeros(rows - len(whole), bool))[token_owner]  # -1 is none's


def _quote_the_speaker(owner: Ints, sk: Skeleton, cues: Cues, parents: Ints) -> None:
    """Galuzin said, Moscow believes that “...”: what is quoted was said, so it is Galuzin's."""
    rows = owner[sk.quoted]
    only_thought = (cues.flags & (g.THINK | g.SAY | g.OBJECT)) == g.THINK
    if len(cues):
        deeper = (rows >= 0) & only_thought[rows] & (parents[rows] >= 0)
        owner[sk.quoted[deeper]] = parents[rows[deeper]]


def _negated(sk: Skeleton, cues: Cues, scopes: Scopes) -> Mask:
    """Moscow does not believe that ...; police never said that ...

    Nor does anybody say it where nobody does, or where it is only supposed or asked: no official
    said that ...; if Smith says that ...; refused to say whether ...
    """
    found = (cues.before & g.NEGATION) != 0
    at = cues.at - 1
    for _ in range(4):
        at = at - sk.has(at, g.AUXILIARY | g.ADVERB, at > cues.begin)
        found |= sk.has(at, g.NEGATION, at >= cues.begin)
    source = np.maximum(scopes.source[:, 0], cues.begin)
    found |= sk.is_one(source, "no one") & (scopes.source[:, 0] >= 0)
    found |= sk.is_one(source - 1, "unsure") & (source > cues.begin)
    found |= sk.is_one(source - 1, "not") & (source > cues.begin)
    supposed = sk.is_one(cues.begin, "supposed") & (source == cues.begin + 1)
    found |= supposed & (scopes.rule == RULES.index(by_preposition))
    return found | (scopes.rule == RULES.index(by_question))


def _lengths(first: Ints, end: Ints) -> tuple[Ints, Ints]:
    return end - first, first


def _owners(sk: Skeleton, scopes: Scopes) -> Ints:
    """The innermost attribution at each position: short scopes are laid over long ones."""
    first = np.concatenate([scopes.first[:, 0], scopes.second[:, 0]])
    end = np.concatenate([scopes.first[:, 1], scopes.second[:, 1]])
    row = np.tile(np.arange(len(scopes.rule)), 2)
    size = end - first
    order = np.argsort(-size, kind="stable")
    order = order[size[order] > 0]
    owner = np.full(len(sk.flags), NOWHERE)
    if size[order].sum() > 20 * len(owner):  # a sentence of a thousand cues: keep time linear
        _sweep(owner, first[order], end[order], row[order])
    else:
        at, which = ragged(size[order], first[order])
        owner[at] = row[order][which]
    return owner


def _sweep(owner: Ints, first: Ints, end: Ints, row: Ints) -> None:
    """Lay ranges, the longest first, over *owner*: of those open at a place the last wins."""
    edges = np.unique(np.concatenate([first, end]))
    opens = np.argsort(first, kind="stable")
    open_ones: list[int] = []  # a heap of ranges, the innermost (last laid) on top
    begun = 0
    for left, right in pairwise(edges.tolist()):
        while begun < len(opens) and first[opens[begun]] <= left:
            heapq.heappush(open_ones, -int(opens[begun]))
            begun += 1
        while open_ones and end[-open_ones[0]] <= left:
            heapq.heappop(open_ones)
        if open_ones:
            owner[left:right] = row[-open_ones[0]]


def _spread(owner: Ints, sk: Skeleton, size: int) -> Ints:
    """From skeleton positions to tokens; a quotation's tokens share its owner."""
    tokens = np.full(size, NOWHERE)
    tokens[sk.first] = owner
    folded = np.flatnonzero(sk.last > sk.first)
    at, row = ragged(*_lengths(sk.first[folded], sk.last[folded] + 1))
    tokens[at] = owner[folded[row]]
    return tokens


def _source_tokens(sk: Skeleton, scopes: Scopes | _Alone) -> tuple[Ints, Ints]:
    start, end = scopes.source.T
    some = end > start
    first = np.where(some, sk.first[np.where(some, start, 0)], NOWHERE) if len(some) else start
    if not len(some):
        return first, end
    at = np.where(some, end - 1, 0)
    quoted = sk.has(at, g.QUOTED)  # else a bracket after the name is left out
    return first, np.where(some, np.where(quoted, sk.last[at], sk.first[at]), NOWHERE)


def _inherited(sk: Skeleton, cues: Cues, scopes: Scopes) -> Ints:
    """Participles and second verbs take the source of the verb before them in the sentence."""
    lacks = scopes.source[:, 1] <= scopes.source[:, 0]
    # "he denied claims that ...": not his claims; "asked whether ..., he": not his question
    unnamed = [RULES.index(rule) for rule in (by_noun, by_hearer, by_question)]
    lacks &= ~np.isin(scopes.rule, unnamed)
    some = np.flatnonzero(lacks)
    lacks[some] = ~_is_of_a_noun(sk, cues.take(some))
    sentence = sk.sentence[cues.at]
    named = scopes.source[:, 1] > scopes.source[:, 0]
    rows = np.arange(len(cues))
    found = np.full(len(cues), NOWHERE)
    for step in (-1, -2, -3, 1):
        other = rows + step
        ok = (other >= 0) & (other < len(cues))
        other = np.where(ok, other, 0)
        ok &= (sentence[other] == sentence) & named[other] & lacks & (found < 0)
        participle = ((cues.flags & g.ING) != 0) & (cues.at - cues.begin <= 1)
        ok &= participle if step > 0 else ~participle
        found = np.where(ok, other, found)
    return found


def _is_of_a_noun(sk: Skeleton, cues: Cues) -> Mask:
    """Men disparaging Obama; laws that (directly) reject it; in a Congress noted for X: not his."""
    participle = (cues.flags & g.ING) != 0
    named = ((cues.before & (g.PLURAL | g.CAPITAL)) != 0) & ((cues.before & _NO_NOUN) == 0)
    named &= (cues.before & (g.ING | g.RECIPIENT)) == 0
    at = cues.at - 1
    for _ in range(3):
        at = at - sk.has(at, g.AUXILIARY | g.ADVERB, at > cues.begin)
    relative = sk.has(at, g.THAT) | (sk.has(at, g.DETERMINER) & sk.has(at, g.SUBORDINATOR))
    other = sk.has(at, g.WORD) & ~sk.has(at, _NO_NOUN)
    return np.where(participle, named, relative | other)


_NO_NOUN = (
    g.COORDINATOR | g.SUBORDINATOR | g.PREPOSITION | g.TO | g.DETERMINER | g.AUXILIARY | g.ADVERB
    | g.SUBJECT | g.HE | g.IT | g.OBJECT_PRONOUN | g.DAY | g.NEGATION
)  # fmt: skip


@dataclass
class _Alone:
    """Quotations that no cue owns but that have a speaker all the same."""

    at: Ints  # positions in the skeleton
    source: NDArray[np.int64]  # ranges in the skeleton
    inherits: Ints


def _alone(
    batch: Batch, flags: Ints, sk: Skeleton, cues: Cues, owner: Ints, quotes: Quotes
) -> _Alone:
    """A subject whose verb stands inside the marks; a quotation that goes on after another."""
    at = sk.quoted[owner[sk.quoted] < 0]
    begin = sk.begin[sk.sentence[at]]
    source = np.full((len(at), 2), NOWHERE)
    start, end = phrase_before(sk, at, begin)
    held = _holds_verb(batch, sk, at) & (end > start) & (start - begin <= 2)
    held &= sk.has(start, g.CAPITAL | g.DETERMINER)
    source[held] = np.stack([start, end], axis=1)[held]
    whole = _is_sentence(flags, sk, at)
    introduced = _is_introduced(flags, sk, at) & ~whole  # nobody's, but no scare quote
    previous = np.searchsorted(cues.at, at) - 1
    if len(cues):
        there = cues.at[np.maximum(previous, 0)]
        paragraph = batch.sent_paragraph.take(batch.sentence)
        near = paragraph[sk.first[at]] - paragraph[sk.first[there]] <= 2
        near &= batch.doc[sk.first[at]] == batch.doc[sk.first[there]]
        near &= sk.sentence[at] - sk.sentence[there] <= 2
        previous = np.where((previous >= 0) & near, previous, NOWHERE)
    else:
        previous = np.full(len(at), NOWHERE)
    take = held | whole | introduced
    goes_on = whole & ~held & ~introduced & _stands_alone(sk, at, quotes)
    inherits = np.where(goes_on, previous, NOWHERE)
    return _Alone(at[take], source[take], inherits[take])


def _stands_alone(sk: Skeleton, at: Ints, quotes: Quotes) -> Mask:
    """Whether it is the whole of its sentence: else its speaker may stand there, unrecognised.

    “Both are lying,” a resident who gave only her first name, Lina, said.  It must end in a mark,
    or be taken up again by the next paragraph: “We have buried eleven people, said Mira Tal.
    """
    _, chain, links = np.unique(quotes.group, return_inverse=True, return_counts=True)
    ended = (quotes.closed | (links[chain] > 1))[np.searchsorted(quotes.first, sk.first[at])]
    after = sk.end[sk.sentence[at]] - at - 1
    return ended & ((after == 0) | ((after == 1) & sk.has(at + 1, g.BOUNDARY)))


def _holds_verb(batch: Batch, sk: Skeleton, at: Ints) -> Mask:
    """The Turkish Foreign Ministry 'strongly condemned the attack by Armenia'."""
    found = np.zeros(len(at), bool)
    loose = ~sk.has(at - 1, g.BOUNDARY | g.PREPOSITION | g.DETERMINER)
    rows = np.flatnonzero(loose)
    first, last = sk.first[at[rows]], sk.last[at[rows]]
    for step in (1, 2):
        token = np.minimum(first + step, len(batch) - 1)
        places = zip(batch.doc[token].tolist(), batch.end[token].tolist(), strict=True)
        ed = np.array([batch.texts[doc].endswith("ed", 0, end) for doc, end in places], bool)
        for row in np.flatnonzero(ed & (first + step < last)).tolist():
            place = slice(batch.start[token[row]], batch.end[token[row]])
            word = batch.texts[batch.doc[token[row]]][place]
            found[rows[row]] |= word.islower() and word.endswith("ed")
    return found


def _is_sentence(flags: Ints, sk: Skeleton, at: Ints) -> Mask:
    """Whether the quotation opens its sentence and has the length or the stop of one."""
    opens = at == sk.begin[sk.sentence[at]]
    size = sk.last[at] - sk.first[at]
    last = sk.last[at]  # the closing mark, before it the sign
    final = ((flags[last] | flags[np.maximum(last - 1, 0)]) & (g.STOP | g.COMMA)) != 0
    return (opens & (final | (size >= 7))) | (size >= 20)


def _is_introduced(flags: Ints, sk: Skeleton, at: Ints) -> Mask:
    """The guards used to ask, “Are you a citizen of the United States?”"""
    first, last = sk.first[at] + 1, sk.last[at]
    capital = (flags[np.minimum(first, len(flags) - 1)] & g.CAPITAL) != 0
    return capital & (last - first >= 5) & sk.has(at - 1, g.COMMA | g.COLON | g.VERB)


def _quote_voices(batch: Batch, flags: Ints, sk: Skeleton, owner: Ints) -> NDArray[np.int8]:
    """The voice of each quotation of the skeleton: quote, partial, scare, or own (a title)."""
    at = sk.quoted
    first, last = sk.first[at] + 1, sk.last[at]
    opens = (flags[np.minimum(first, len(flags) - 1)] & (g.CAPITAL | g.BRACKET)) != 0
    starts = at == sk.begin[sk.sentence[at]]
    introduced = starts | sk.has(at - 1, g.COMMA | g.COLON | g.VERB | g.THAT | g.QUOTED | g.DASH)
    size = last - first
    sentences = batch.sentence[last - 1] - batch.sentence[first] if len(at) else size
    direct = (opens & introduced & (size >= 3)) | (sentences > 0) | (starts & (size >= 3))
    direct |= size >= 25
    owned = owner[at] >= 0
    voice = np.where(owned, np.where(direct, QUOTE, PARTIAL), SCARE).astype(np.int8)
    for row in np.flatnonzero(~owned).tolist():
        text = batch.texts[batch.doc[first[row]]]
        if _is_title(text[batch.start[first[row]] : batch.end[max(last[row] - 1, first[row])]]):
            voice[row] = OWN
    return voice


def _is_title(text: str) -> bool:
    """“War and Peace”: capitals on all but small words; names of works, not scare quotes."""
    words = text.split()
    large = [word for word in words if len(word) > 3]
    return len(words) > 1 and bool(large) and all(word[0].isupper() for word in large)
