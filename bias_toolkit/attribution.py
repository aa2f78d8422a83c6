"""Decide whose words each token is: quotation marks, cues, scopes, sources.

The idea to know: every quoted span is replaced by one token, so that all grammar is read on
the narration alone (the *skeleton*).  There, each candidate cue gets its scope from the first
rule that fits; a rule is a function over all cues of a batch at once, and its docstring is
the sentence that it exists for.  The approach follows rule-based quotation extraction
(Pouliquen et al. 2007; Krestel et al. 2008; Schneider et al. 2010), on arrays.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.cleaning import FIELDS
from bias_toolkit.quotation import Pairing, Quotes
from bias_toolkit.tokens import Batch, Reader, ragged

VOICES = ("own", "reported", "partial", "scare", "quote")
OWN, REPORTED, PARTIAL, SCARE, QUOTE = range(5)
ACTS = ("", "speech", "attitude")
NO_ACT, SPEECH, ATTITUDE = range(3)
OTHER = FIELDS.index("other")

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Attributions:
    """Whose words, per token and per attribution.

    Tokens: `voice` (position in VOICES) and `owner` (the innermost attribution that the token is
    content of, -1 if none).  Attributions, one row each: cue and source as token ranges
    [first, last], -1 where absent; `act`; `parent`, the attribution whose content holds this
    one, -1 if none; `inherits`, the attribution whose source is meant where this one has none of
    its own, -1 if none; `negated`, whether it says that somebody did *not* say or believe it.  A
    quotation without a cue is a row too.
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


class Attributor:
    """Finds attributions in the batches of one reader."""

    def __init__(self, reader: Reader, grammar: g.Grammar) -> None:
        self._grammar = grammar
        self._pairing = Pairing(reader)

    def attribute(self, batch: Batch) -> Attributions:
        """All attributions of *batch*; the same for a text alone as among others."""
        quotes = self._pairing.pair(batch)
        flags = self._grammar()[batch.token]
        skeleton = _skeleton(batch, flags, quotes)
        cues = _find_cues(skeleton)
        scopes = _scopes(skeleton, cues)
        cues, scopes = _settled(cues, scopes)
        return _label(batch, flags, skeleton, cues, scopes)


# ------------------------------------------------------------------ the skeleton


# What rules look for from afar; most words carry none of it.
_TELLING = (
    g.BOUNDARY | g.SUBORDINATOR | g.AUXILIARY | g.ACCORDING | g.VERB | g.PREPOSITION | g.THAT | g.TO
    | g.BY | g.AS | g.OF | g.DAY | g.WITH | g.COORDINATOR | g.EVIDENT
)  # fmt: skip


@dataclass
class Skeleton:
    """The narration: tokens outside quotations, and one token for each quotation.

    `first` and `last` are token positions, `flags` grammar flags, `sentence` the number of the
    skeleton's own sentence, `begin` and `end` its bounds for each sentence.  `quote` is the row
    of the quotation at each position in `quoted`.
    """

    first: Ints
    last: Ints
    flags: Ints
    sentence: Ints
    begin: Ints
    end: Ints
    quoted: Ints

    def __post_init__(self) -> None:
        self._places: dict[int, Ints] = {}
        self._padded = np.concatenate([[0], self.flags, [0]])  # beyond the text: no flags
        self._telling = np.flatnonzero(self.flags & _TELLING)
        self._told = self.flags[self._telling]

    def _where(self, mask: int) -> Ints:
        """Positions with a flag of *mask*, between -1 and one that is far off."""
        if mask not in self._places:
            found = self._telling[(self._told & mask) != 0]
            self._places[mask] = np.concatenate([[-1], found, [len(self.flags) + 999]])
        return self._places[mask]

    def after(self, mask: int, at: Ints) -> Ints:
        """The first position >= *at* that carries a flag of *mask*; far off if none."""
        places = self._where(mask)
        return places.take(np.searchsorted(places, np.maximum(at, 0)), mode="clip")

    def before(self, mask: int, at: Ints) -> Ints:
        """The last position < *at* that carries a flag of *mask*; -1 if none."""
        places = self._where(mask)
        return places.take(np.searchsorted(places, at) - 1, mode="clip")

    def has(self, at: Ints, mask: int, inside: Mask | None = None) -> Mask:
        """Whether the flags at *at* meet *mask*; false outside the text and *inside*."""
        found = (self._padded.take(at + 1, mode="clip") & mask) != 0
        return found if inside is None else found & inside


def _skeleton(batch: Batch, flags: Ints, quotes: Quotes) -> Skeleton:
    """Fold quotations into one token each, drop page chrome, and number sentences anew."""
    n = len(batch)
    keep = batch.field != OTHER
    edge = np.zeros(n + 1, np.int8)
    edge[quotes.first] += 1
    edge[quotes.last + 1] -= 1
    keep &= np.cumsum(edge[:n], dtype=np.int8) == 0
    row = np.full(n, -1, np.int64)
    row[quotes.first] = np.arange(len(quotes))
    keep[quotes.first] = batch.field[quotes.first] != OTHER
    first = np.flatnonzero(keep)
    row = row[first]
    quoted = np.flatnonzero(row >= 0)
    last = first.copy()
    last[quoted] = quotes.last[row[quoted]]
    flags = flags[first]
    flags[quoted] = _quoted_flags(batch, quotes, row[quoted])
    starts = np.zeros(n, bool)
    starts[batch.sent_ptr[:-1]] = True
    new = starts[first]
    new = _joined_questions(new, flags)
    if len(new):
        paragraph = batch.sent_paragraph[batch.sentence[first]]  # of one text only
        new[0] = True
        new[1:] |= paragraph[1:] != paragraph[:-1]
    begin = np.flatnonzero(new)
    end = np.append(begin[1:], len(first))
    return Skeleton(first, last, flags, np.cumsum(new) - 1, begin, end, quoted)


def _quoted_flags(batch: Batch, quotes: Quotes, rows: Ints) -> Ints:
    """QUOTED, and QUOTED_FINAL where a question or exclamation ends inside the marks."""
    inner = quotes.last[rows] - quotes.closed[rows]
    final = np.zeros(len(rows), bool)
    for number, at in enumerate(inner.tolist()):
        final[number] = batch.texts[batch.doc[at]][batch.end[at] - 1] in "?!"
    return np.where(final, g.QUOTED | g.QUOTED_FINAL, g.QUOTED)


def _joined_questions(new: Mask, flags: Ints) -> Mask:
    """“Really?” Peskov asked. — one sentence, though its first part ends in a question mark."""
    at = np.flatnonzero(new[1:] & ((flags[:-1] & g.QUOTED_FINAL) != 0)) + 1
    sentence = np.cumsum(new)
    for step in range(1, 5):
        there = np.minimum(at + step, len(flags) - 1)
        said = ((flags[there] & g.SAY) != 0) & ((flags[there] & g.WEAK) == 0)
        said &= sentence[there] == sentence[at]
        stops = np.minimum(there + 1, len(flags) - 1)
        ends = (flags[stops] & (g.BOUNDARY | g.PREPOSITION)) != 0
        ends |= sentence[stops] != sentence[at]
        new[at[said & ends]] = False
    return new


# ------------------------------------------------------------------ cues


@dataclass
class Cues:
    """Candidate cues: positions `at`..`last` in the skeleton, flags, and sentence bounds."""

    at: Ints
    last: Ints
    flags: Ints
    begin: Ints
    end: Ints
    before: Ints  # flags of the neighbours; STOP beyond the sentence
    after: Ints

    def __len__(self) -> int:
        return len(self.at)

    def take(self, keep: NDArray) -> Cues:
        """The cues of *keep*."""
        return Cues(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def _cues_at(sk: Skeleton, at: Ints) -> Cues:
    sentence = sk.sentence[at]
    begin, end = sk.begin[sentence], sk.end[sentence]
    before = np.where(at > begin, sk.flags[np.maximum(at - 1, 0)], g.STOP)
    after = np.where(at + 1 < end, sk.flags[np.minimum(at + 1, len(sk.flags) - 1)], g.STOP)
    return Cues(at, at.copy(), sk.flags[at], begin, end, before, after)


def _find_cues(sk: Skeleton) -> Cues:
    """Words that may report somebody's words, without those that here do not."""
    cues = _cues_at(sk, np.flatnonzero(sk.flags & (g.VERB | g.ACCORDING | g.NOUN_CUE)))
    keep = _verb_cues(sk, cues) | _noun_cues(cues) | _according(cues)
    cues = cues.take(keep)
    cues.last = cues.last + (_according(cues) | _called_on(cues))
    # The trailing full stop belongs to nobody's words.
    trailing = sk.has(cues.end - 1, g.STOP)
    cues.end = np.where(trailing & (cues.end - 1 > cues.at), cues.end - 1, cues.end)
    return cues


def _according(cues: Cues) -> Mask:
    return ((cues.flags & g.ACCORDING) != 0) & ((cues.after & g.TO) != 0)


def _noun_cues(cues: Cues) -> Mask:
    """The accusation that Russia allegedly did not support Armenia enough is baseless."""
    return ((cues.flags & g.NOUN_CUE) != 0) & ((cues.after & g.THAT) != 0)


def _verb_cues(sk: Skeleton, cues: Cues) -> Mask:
    """Verbs of reporting, less nouns, names, idioms and forms that are usually something else."""
    ok = (cues.flags & g.VERB) != 0
    for veto in (_is_noun, _is_name, _is_idiom, _is_weak, _is_without_evidence, _is_bare_passive):
        ok &= ~veto(sk, cues)
    return ok


def _is_noun(sk: Skeleton, cues: Cues) -> Mask:
    """The claim was made; Armenia's demands; a wave of attacks; but: Peskov's said to be ill."""
    ing = (cues.flags & g.ING) != 0
    after_determiner = (cues.before & g.DETERMINER) != 0
    after_determiner &= (cues.before & (g.THAT | g.SUBJECT)) == 0
    after_possessive = (cues.before & g.POSSESSIVE) != 0
    after_possessive &= (cues.flags & g.PAST) == 0
    after_preposition = (cues.before & g.PREPOSITION) != 0
    after_preposition &= ((cues.before & (g.TO | g.AS)) == 0) & ~ing
    return after_determiner | after_possessive | after_preposition


def _is_name(sk: Skeleton, cues: Cues) -> Mask:
    """Secretary of State John Kerry — unless in a headline, where every verb has a capital."""
    capital = (cues.flags & g.CAPITAL) != 0
    inside = (cues.before & (g.STOP | g.COMMA | g.QUOTED | g.COLON | g.DASH)) == 0
    return capital & inside & ~_in_headline(sk, cues)


def _in_headline(sk: Skeleton, cues: Cues) -> Mask:
    """Whether three words in four of the sentence begin with a capital, and it has no full stop."""
    capitals = np.concatenate([[0], np.cumsum((sk.flags & g.CAPITAL) != 0)])
    words = np.concatenate([[0], np.cumsum((sk.flags & g.WORD) != 0)])
    share = capitals[cues.end] - capitals[cues.begin]
    of = words[cues.end] - words[cues.begin]
    return (share * 4 >= of * 3 - 2) & (of >= 3) & ~sk.has(cues.end - 1, g.STOP)


def _is_idiom(sk: Skeleton, cues: Cues) -> Mask:
    """The exodus added to tensions; calling into question; he responded by leaving."""
    wrong = ((cues.flags & g.OBJECT) == 0) & ((cues.flags & g.INFINITIVE) == 0)
    wrong &= (cues.after & (g.TO | g.BY)) != 0
    wrong &= (cues.flags & (g.TELL | g.RELAY | g.THINK)) == 0
    wrong &= (cues.before & g.BE) == 0
    bare_object = (cues.flags & (g.OBJECT | g.INFINITIVE)) != 0
    bare_object &= (cues.flags & g.CLAUSE) == 0
    into = (cues.after & g.PREPOSITION) != 0
    into &= (cues.after & (g.TO | g.AS | g.BY | g.OF)) == 0
    into &= ~_called_on(cues)
    return wrong | (bare_object & into & ~_is_by_agent(cues))


def _is_by_agent(cues: Cues) -> Mask:
    return ((cues.flags & g.PAST) != 0) & ((cues.after & g.BY) != 0)


def _called_on(cues: Cues) -> Mask:
    """Russia called on both sides to cease fire; he called for talks."""
    return ((cues.flags & g.CALL) != 0) & ((cues.after & g.AIM) != 0)


def _is_weak(sk: Skeleton, cues: Cues) -> Mask:
    """Reports, plans, found, felt: cues only beside what shows that they report."""
    weak = (cues.flags & g.WEAK) != 0
    shown = (cues.after & (g.THAT | g.QUOTED | g.COLON)) != 0
    shown |= (cues.before & (g.HE | g.IT | g.SUBJECT)) != 0
    shown |= ((cues.before & g.QUOTED) != 0) | ((cues.flags & g.RELAY) != 0)
    return weak & ~shown & ~_is_by_agent(cues) & ~_called_on(cues)


def _is_without_evidence(sk: Skeleton, cues: Cues) -> Mask:
    """A poll found 52 %; but: police found a gun."""
    only = ((cues.flags & g.EVIDENCE) != 0) & ((cues.flags & (g.SAY | g.THINK)) == 0)
    subject = sk.before(g.EVIDENT, cues.at)
    near = (subject >= cues.begin) & (cues.at - subject <= 9)
    return only & ~near & ((cues.after & g.THAT) == 0)


def _is_bare_passive(sk: Skeleton, cues: Cues) -> Mask:
    """Believed to be negligible; were expected to meet: nobody is named, so nobody is quoted."""
    passive = _passive(sk, cues) & ((cues.after & g.BY) == 0)
    return passive & ((cues.flags & g.SAYING) == 0)


def _passive(sk: Skeleton, cues: Cues) -> Mask:
    """A participle after a form of "be", with adverbs between."""
    at = cues.at - 1
    for _ in range(2):
        at = at - (sk.has(at, g.ADVERB) & (at > cues.begin))
    return ((cues.flags & g.PAST) != 0) & sk.has(at, g.BE, at >= cues.begin)


# ------------------------------------------------------------------ noun phrases

_LEFT_STOP = g.BOUNDARY | g.SUBORDINATOR | g.AUXILIARY | g.ACCORDING
_RIGHT_STOP = g.BOUNDARY | g.SUBORDINATOR | g.AUXILIARY | g.DAY | g.TO | g.BY | g.ACCORDING


def _phrase_before(sk: Skeleton, end: Ints, floor: Ints) -> tuple[Ints, Ints]:
    """The noun phrase that ends before position *end*, as a range; empty if there is none."""
    stop = np.maximum(sk.before(_LEFT_STOP, end), floor - 1)
    verb = _finite_cue_before(sk, end, stop)
    start = np.maximum(stop, verb) + 1
    pronoun = sk.has(end - 1, g.HE | g.IT | g.SUBJECT) & (end - 1 >= floor)
    start = np.where(pronoun, end - 1, start)
    for _ in range(4):
        start = start + (sk.has(start, g.ADVERB | g.COORDINATOR | g.DAY) & (start < end - 1))
        dated = sk.has(start, g.PREPOSITION) & sk.has(start + 1, g.DAY | g.DIGIT)
        start = start + 2 * (dated & (start < end - 2))
    end = _without_date(sk, start, end)
    loose = sk.has(start, g.PREPOSITION) | (end - start > 14)
    start = np.where(loose, np.maximum(_name_start(sk, end, floor), start), start)
    return start, np.maximum(start, end)


def _without_date(sk: Skeleton, start: Ints, end: Ints) -> Ints:
    """Putin on Wednesday | defended: the day is no part of the name."""
    end = end - (sk.has(end - 1, g.DAY) & (end - 1 > start))
    return end - (sk.has(end - 1, g.PREPOSITION) & (end - 1 > start))


def _finite_cue_before(sk: Skeleton, end: Ints, stop: Ints) -> Ints:
    """ "... said Russia believes": the phrase of the second verb begins after the first."""
    verb = sk.before(g.VERB, end)
    finite = sk.has(verb, g.VERB) & ~sk.has(verb, g.WEAK | g.CAPITAL | g.ING | g.NOUN_CUE)
    noun = sk.has(verb - 1, g.DETERMINER | g.POSSESSIVE | g.PREPOSITION)
    return np.where(finite & ~noun & (verb > stop), verb, -1)


def _name_start(sk: Skeleton, end: Ints, floor: Ints) -> Ints:
    """Where the run of capitals that ends before *end* begins, with a determiner before it."""
    start = end - 1
    for _ in range(6):
        start = start - sk.has(start - 1, g.CAPITAL | g.TITLE, start > floor)
    return start - sk.has(start - 1, g.DETERMINER, start > floor)


def _phrase_after(sk: Skeleton, start: Ints, ceiling: Ints, stop: int = 0) -> tuple[Ints, Ints]:
    """The noun phrase that begins at *start*; an apposition after a comma is left out."""
    end = np.minimum(sk.after(_RIGHT_STOP | stop, start), ceiling)
    loose = sk.after(g.PREPOSITION & ~g.OF, start)  # of, for and in stay inside a name
    long = end - start > 9
    end = np.where(long, np.minimum(np.maximum(loose, start + 1), end), end)
    pronoun = sk.has(start, g.HE | g.IT | g.OBJECT_PRONOUN)
    end = _without_date(sk, start, np.where(pronoun, start + 1, end))
    return start, np.minimum(np.maximum(start, end), start + 14)


def _skip_auxiliaries(sk: Skeleton, cues: Cues) -> Ints:
    """The last position before the cue that is neither auxiliary nor adverb."""
    at = cues.at - 1
    for _ in range(5):
        at = at - (sk.has(at, g.AUXILIARY | g.ADVERB) & (at >= cues.begin) & ~_name_like(sk, at))
    return at


def _name_like(sk: Skeleton, at: Ints) -> Mask:
    """An adverb's ending on a name: Kelly, Italy."""
    return sk.has(at, g.CAPITAL) & ~sk.has(at, g.AUXILIARY)


# ------------------------------------------------------------------ scopes

_NOWHERE = -1


class Scopes:
    """For each cue up to two stretches of content, and its source, as skeleton ranges."""

    def __init__(self, size: int) -> None:
        self.first = np.full((size, 2), _NOWHERE)
        self.second = np.full((size, 2), _NOWHERE)
        self.source = np.full((size, 2), _NOWHERE)
        self.rule = np.full(size, _NOWHERE)

    def settle(self, rule: int, found: Found) -> None:
        """Take what *rule* found, where no earlier rule fitted."""
        rows = np.flatnonzero(found.fits & (self.rule == _NOWHERE))
        self.rule[rows] = rule
        for name in ("first", "second", "source"):
            span = getattr(found, name)
            if span is not None:
                getattr(self, name)[rows] = np.stack(span, axis=1)[rows]

    def take(self, keep: NDArray) -> Scopes:
        """The scopes of *keep*."""
        taken = Scopes(0)
        for name in ("first", "second", "source", "rule"):
            setattr(taken, name, getattr(self, name)[keep])
        return taken


@dataclass
class Found:
    """What a rule says of all cues: where it fits, and the spans there."""

    fits: Mask
    first: tuple[Ints, Ints] | None = None
    second: tuple[Ints, Ints] | None = None
    source: tuple[Ints, Ints] | None = None


def _scopes(sk: Skeleton, cues: Cues) -> Scopes:
    """Each cue's scope, by the first rule that fits."""
    scopes = Scopes(len(cues))
    for number, rule in enumerate(RULES):
        scopes.settle(number, rule(sk, cues, scopes))
    return scopes


def _clause_first(sk: Skeleton, cues: Cues) -> Ints:
    """Where the words before a post-posed cue begin: at the sentence, after a leading "But"."""
    return cues.begin + sk.has(cues.begin, g.COORDINATOR)


def _by_according(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """According to Peskov, X.  /  X, according to Peskov.  /  Moreover, according to Peskov, X."""
    fits = _according(cues)
    source = _phrase_after(sk, cues.last + 1, cues.end)
    # "the statement, X": what follows the next comma; an apposition may stand between
    comma = sk.after(g.COMMA | g.QUOTED, source[1])
    leading = cues.at - cues.begin <= 3
    lead_end = np.minimum(comma + sk.has(comma, g.COMMA), cues.end)
    tail = np.minimum(source[1] + 1, cues.end)
    goes_on = sk.has(source[1], g.COMMA) & (cues.end - tail > 3)
    first = np.where(leading, lead_end, _clause_first(sk, cues))
    stop = np.where(leading, cues.end, cues.at - sk.has(cues.at - 1, g.COMMA))
    second = np.where(~leading & goes_on, tail, _NOWHERE)
    second_end = np.where(~leading & goes_on, cues.end, _NOWHERE)
    return Found(fits, (first, stop), (second, second_end), source)


def _by_noun(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """The accusation that Russia did not support Armenia; Peskov's claim that X."""
    fits = ((cues.flags & g.NOUN_CUE) != 0) & ((cues.after & g.THAT) != 0)
    verb = ((cues.flags & g.VERB) != 0) & (cues.before & (g.DETERMINER | g.POSSESSIVE) == 0)
    end = np.minimum(sk.after(g.COMMA | g.AUXILIARY, cues.at + 4), cues.end)
    owner = (cues.before & g.POSSESSIVE) != 0
    start = np.where(owner, _name_start(sk, cues.at, cues.begin), _NOWHERE)
    return Found(
        fits & ~verb, (cues.at + 1, end), None, (start, np.where(owner, cues.at, _NOWHERE))
    )


def _by_saying(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """“X,” the statement cited Putin as saying.  /  Peskov was quoted as saying that X."""
    relay = sk.before(g.RELAY, cues.at)
    fits = ((cues.flags & g.SAYING) != 0) & ((cues.before & g.AS) != 0)
    fits &= (relay >= cues.begin) & (cues.at - relay <= 8)
    passive = sk.has(relay + 1, g.AS)
    subject = relay
    for _ in range(3):
        subject = subject - sk.has(subject - 1, g.AUXILIARY | g.ADVERB)
    theirs = _phrase_before(sk, subject, cues.begin)
    source = (
        np.where(passive, theirs[0], relay + 1),
        np.where(passive, theirs[1], cues.at - 1),
    )
    boundary = sk.before(g.COMMA | g.QUOTED, relay)
    post = (boundary >= cues.begin) & (cues.end - cues.at <= 3)
    first = np.where(post, _clause_first(sk, cues), _content_start(sk, cues))
    stop = np.where(post, boundary + 1, cues.end)
    return Found(fits, (first, stop), None, source)


def _by_relay(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """X, RIA Novosti quotes Peskov."""
    boundary = sk.before(g.COMMA | g.QUOTED, cues.at)
    source = _phrase_after(sk, cues.at + 1, cues.end)
    fits = ((cues.flags & g.RELAY) != 0) & ((cues.flags & g.ING) == 0)
    fits &= boundary - cues.begin >= 3
    fits &= (cues.at - boundary <= 5) & (source[1] >= cues.end) & (source[1] > source[0])
    return Found(fits, (_clause_first(sk, cues), boundary), None, source)


def _by_passive(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """Moves condemned by the Russian Foreign Ministry as “unfriendly”."""
    fits = _is_by_agent(cues) & ((cues.flags & (g.OBJECT | g.CLAUSE)) != 0)
    fits &= (cues.before & g.HE) == 0
    accused = (cues.flags & g.ACCUSE) != 0
    start, end = _phrase_after(sk, cues.at + 2, cues.end)
    of = sk.after(g.OF, start)
    end = np.where(accused & (of < end), of, end)
    # "a treaty discussed by the sides should ...": without a link there are no words of theirs
    fits &= sk.has(end, g.AS | g.OF | g.TO | g.AIM | g.QUOTED | g.THAT, end < cues.end)
    fits &= ~sk.has(end + 1, g.DAY, end + 1 < cues.end)  # by Putin on Thursday
    until = np.minimum(sk.after(g.COMMA | g.SUBORDINATOR & ~g.AS, end + 1), cues.end)
    return Found(fits, (end, np.where(until > end, until, end)), None, (start, end))


def _by_inversion(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """“X,” said Dmitry Peskov, the spokesman.  /  X, said the ministry."""
    says = ((cues.flags & (g.SAY | g.THINK)) != 0) & ((cues.flags & g.ING) == 0)
    quoted_before = (cues.before & g.QUOTED) != 0
    quoted_near = quoted_before | (
        ((cues.before & g.COMMA) != 0) & sk.has(cues.at - 2, g.QUOTED, cues.at - 2 >= cues.begin)
    )
    opens = quoted_before | ((cues.before & g.COMMA) != 0)
    start, end = _phrase_after(sk, cues.at + 1, cues.end)
    named = (cues.after & (g.CAPITAL | g.DETERMINER | g.TITLE | g.ROLE | g.INSTITUTION | g.HE)) != 0
    named &= (cues.after & g.THAT) == 0
    closes = (end >= cues.end) | sk.has(end, g.BOUNDARY | g.DAY | g.SUBORDINATOR | g.PREPOSITION)
    # "X came, said Mr. Y envisioned": a verb follows the name, so the name is content
    far = cues.at - cues.begin >= 4
    fits = says & opens & named & closes & (end > start) & (quoted_near | far)
    fits &= (sk.after(g.THAT, cues.at) >= end) | quoted_near
    quote = sk.after(g.QUOTED, end)
    more = quote < cues.end
    second = np.where(more, quote, _NOWHERE)
    return Found(
        fits,
        (_clause_first(sk, cues), cues.at),
        (second, np.where(more, cues.end, _NOWHERE)),
        (start, end),
    )


def _by_postposition(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """“X,” he said.  /  X, Peskov said on Monday.  /  Russia, Peskov stressed, simply did not."""
    says = ((cues.flags & (g.SAY | g.THINK | g.TELL)) != 0) & ((cues.flags & g.ING) == 0)
    noun_end = _skip_auxiliaries(sk, cues) + 1
    closing = noun_end - 1
    apposed = sk.has(closing, g.COMMA, closing >= cues.begin)
    noun_end = np.where(apposed, _before_apposition(sk, cues), noun_end)
    start, end = _phrase_before(sk, noun_end, cues.begin)
    end = _with_apposition(sk, end, closing)
    boundary = start - 1
    bounded = sk.has(boundary, g.COMMA | g.QUOTED | g.DASH | g.BRACKET, boundary > cues.begin)
    bounded |= sk.has(boundary, g.QUOTED, boundary >= cues.begin)
    quoted = sk.has(boundary, g.QUOTED) | (
        sk.has(boundary - 1, g.QUOTED, boundary - 1 >= cues.begin)
    )
    ends = (cues.after & (g.BOUNDARY | g.PREPOSITION | g.DAY | g.SUBORDINATOR)) != 0
    ends |= (cues.flags & g.TELL) != 0
    inserted = sk.has(boundary, g.COMMA) & ((cues.after & g.COMMA) != 0)
    ends &= inserted | (sk.after(g.THAT, cues.at) > np.minimum(cues.at + 9, cues.end))
    ends &= ~((cues.after & (g.QUOTED | g.COLON)) != 0) | quoted
    long = boundary - cues.begin >= 4
    leading = sk.has(cues.begin, g.PREPOSITION | g.SUBORDINATOR | g.ING) & ~quoted
    leading &= boundary == sk.after(g.COMMA, cues.begin)
    ends &= ~leading | ((cues.after & (g.COMMA | g.STOP)) != 0)
    fits = says & bounded & (end > start) & ends & (long | quoted | inserted)
    fits &= ~_is_by_agent(cues)
    first = (_clause_first(sk, cues), boundary + sk.has(boundary, g.QUOTED))
    return Found(fits, first, _resumed(sk, cues), (start, np.maximum(end, start)))


def _before_apposition(sk: Skeleton, cues: Cues) -> Ints:
    """Before the first comma of "Grigoryan, the secretary of the council, said"."""
    closing = _skip_auxiliaries(sk, cues)
    opening = sk.before(g.BOUNDARY, closing)
    inside = sk.has(opening, g.COMMA) & (opening > cues.begin) & (closing - opening <= 15)
    return np.where(inside, opening, closing)


def _with_apposition(sk: Skeleton, end: Ints, closing: Ints) -> Ints:
    """The source goes on to the closing comma where what stands between names it again."""
    again = sk.has(end, g.COMMA) & (end < closing) & sk.has(closing, g.COMMA)
    again &= sk.has(end + 1, g.DETERMINER | g.CAPITAL | g.ROLE)
    return np.where(again, closing, end)


def _resumed(sk: Skeleton, cues: Cues) -> tuple[Ints, Ints]:
    """The second stretch after an inserted cue: ", simply did not have" or a further quotation."""
    comma = (cues.after & g.COMMA) != 0
    follows = cues.at + 2
    unfit = sk.has(follows, g.ING | g.PREPOSITION | g.SUBORDINATOR | g.VERB) & ~sk.has(
        follows, g.QUOTED
    )
    quote = sk.after(g.QUOTED, cues.at + 1)
    start = np.where(comma & ~unfit & (follows < cues.end), follows, quote)
    fits = start < cues.end
    return np.where(fits, start, _NOWHERE), np.where(fits, cues.end, _NOWHERE)


def _by_preposition(sk: Skeleton, cues: Cues, scopes: Scopes) -> Found:
    """Peskov said (that) X.  /  Baku demanded X.  /  calling what was happening “an act”."""
    fits = (cues.flags & g.VERB) != 0
    fits &= ~(((cues.flags & g.RELAY) != 0) & sk.has(cues.at + 1, g.STOP))
    source = _subject(sk, cues)
    start = _content_start(sk, cues)
    end = _content_end(sk, cues, start)
    passive = _passive(sk, cues)
    to_infinitive = (cues.before & g.TO) != 0
    named = sk.has(cues.at - 2, g.CAPITAL, cues.at - 2 >= cues.begin)
    named &= ~sk.has(cues.at - 2, g.DAY)
    fits &= ~passive & ~_is_by_agent(cues) & (~to_infinitive | named) & (end > start)
    return Found(fits, (start, end), None, source)


def _subject(sk: Skeleton, cues: Cues) -> tuple[Ints, Ints]:
    """The noun phrase before the cue; empty for participles and second verbs, which inherit."""
    noun_end = _skip_auxiliaries(sk, cues) + 1
    apposed = sk.has(noun_end - 1, g.COMMA, noun_end > cues.begin)
    name_end = np.where(apposed, _before_apposition(sk, cues), noun_end)
    infinitive = (cues.before & g.TO) != 0
    name_end = np.where(infinitive, cues.at - 1, name_end)
    start, end = _phrase_before(sk, name_end, cues.begin)
    end = np.where(infinitive, end, _with_apposition(sk, end, noun_end - 1))
    start = np.where(infinitive, _name_start(sk, name_end, cues.begin), start)
    participle = (cues.flags & g.ING) != 0
    participle &= ~sk.has(_before_adverbs(sk, cues), g.BE)
    absolute = participle & ((cues.before & (g.BOUNDARY | g.COORDINATOR)) == 0)
    absolute &= sk.before(g.WITH, cues.at) >= np.maximum(cues.at - 6, cues.begin)
    with_end = sk.before(g.WITH, cues.at) + 1
    start = np.where(absolute, with_end, start)
    end = np.where(absolute, cues.at, end)
    none = (participle & ~absolute) | (end <= start)
    joined = sk.has(name_end - 1, g.COORDINATOR | g.SUBORDINATOR, name_end > cues.begin)
    none |= joined & ~sk.has(name_end - 1, g.SUBJECT)
    first, second = _sentence_subject(sk, cues)
    take = none & (second > first) & _first_in_sentence(cues)
    start, end = np.where(take, first, start), np.where(take, second, end)
    none &= ~take
    return np.where(none, _NOWHERE, start), np.where(none, _NOWHERE, end)


def _first_in_sentence(cues: Cues) -> Mask:
    """Cues before which no other stands in the sentence."""
    first = np.ones(len(cues), bool)
    first[1:] = cues.begin[1:] != cues.begin[:-1]
    return first


def _sentence_subject(sk: Skeleton, cues: Cues) -> tuple[Ints, Ints]:
    """However, Aliyev withdrew from the talks, citing ...: the name that opens the sentence."""
    start = cues.begin + 0
    start = start + 2 * (sk.has(start, g.ADVERB | g.COORDINATOR) & sk.has(start + 1, g.COMMA))
    start = start + sk.has(start, g.ADVERB | g.COORDINATOR)
    end = start + sk.has(start, g.DETERMINER)
    opened = end.copy()
    function_word = g.DETERMINER | g.PREPOSITION | g.SUBORDINATOR | g.SUBJECT | g.ING | g.ADVERB
    for _ in range(6):
        end = end + (
            sk.has(end, g.CAPITAL | g.TITLE) & ~sk.has(end, function_word) & (end < cues.at)
        )
    return start, np.where(end > opened, end, start)


def _before_adverbs(sk: Skeleton, cues: Cues) -> Ints:
    at = cues.at - 1
    for _ in range(2):
        at = at - (sk.has(at, g.ADVERB) & (at > cues.begin))
    return at


def _content_start(sk: Skeleton, cues: Cues) -> Ints:
    """After the cue, its recipient and its circumstances: told reporters in Moscow that ..."""
    start = cues.last + 1
    that = np.minimum(sk.after(g.THAT, start), sk.after(g.QUOTED | g.COLON, start))
    near = that < np.minimum(cues.end, start + 12)
    aside = (cues.after & (g.PREPOSITION | g.DAY | g.COMMA | g.ADVERB)) != 0
    aside &= (cues.flags & g.SAY) != 0
    told = (cues.flags & g.TELL) != 0
    plain = start.copy()
    for _ in range(5):
        recipient = sk.has(plain, g.RECIPIENT | g.CAPITAL | g.DETERMINER | g.OBJECT_PRONOUN)
        plain = plain + (told & recipient & (plain < cues.end - 1))
    for _ in range(2):
        dated = sk.has(plain, g.PREPOSITION) & sk.has(plain + 1, g.DAY, plain + 1 < cues.end)
        plain = plain + 2 * dated + sk.has(plain, g.DAY, plain < cues.end)
    to = sk.after(g.TO, start)
    infinitive = (cues.flags & g.INFINITIVE) != 0
    infinitive &= (to < np.minimum(start + 10, cues.end)) & ~near
    result = np.where((aside | told) & near, that, plain)
    result = np.where(infinitive & ((cues.flags & g.OBJECT) == 0), to, result)
    return result + sk.has(result, g.COLON | g.COMMA, result < cues.end)


def _content_end(sk: Skeleton, cues: Cues, start: Ints) -> Ints:
    """The end of the sentence, or where a second verb, a relative or a "but" takes over."""
    end = cues.end.copy()
    later = np.append(cues.at[1:], len(sk.flags) + 999)
    before_later = np.append(cues.before[1:], 0)
    ing_later = np.append((cues.flags[1:] & g.ING) != 0, False)
    second = ((before_later & g.COORDINATOR) != 0) & ~ing_later
    second |= ((before_later & g.COMMA) != 0) & ing_later
    end = np.where((later < end) & (later > start + 2) & second, later - 1, end)
    according = sk.after(g.ACCORDING, start)
    end = np.where(according < end, according - sk.has(according - 1, g.COMMA), end)
    leading = ((cues.flags & g.ING) != 0) & (cues.at - cues.begin <= 1)
    first_comma = sk.after(g.COMMA, start)  # "Echoing Putin's statements, he said ..."
    end = np.where(leading & (first_comma < end), first_comma, end)
    comma = sk.after(g.COMMA, start + 2)
    breaks = sk.has(comma + 1, g.SUBORDINATOR)
    breaks &= sk.has(comma + 2, g.AUXILIARY, comma + 2 < cues.end)
    end = np.where((comma < end) & breaks, comma, end)
    bounded = ((cues.flags & g.OBJECT) != 0) & ((cues.flags & g.CLAUSE) == 0)
    aside = sk.after(g.SUBORDINATOR & ~g.THAT & ~g.AS, start + 2)
    aside_ok = sk.has(aside, g.PREPOSITION) | sk.has(aside, g.COORDINATOR)
    return np.where(bounded & aside_ok & (aside < end), aside, end)


Rule = Callable[[Skeleton, Cues, Scopes], Found]
RULES: tuple[Rule, ...] = (
    _by_according,
    _by_noun,
    _by_saying,
    _by_relay,
    _by_passive,
    _by_inversion,
    _by_postposition,
    _by_preposition,
)


def _settled(cues: Cues, scopes: Scopes) -> tuple[Cues, Scopes]:
    """Only cues that a rule gave some content."""
    keep = (scopes.rule >= 0) & (scopes.first[:, 1] > scopes.first[:, 0])
    return cues.take(keep), scopes.take(keep)


# ------------------------------------------------------------------ voices


def _label(batch: Batch, flags: Ints, sk: Skeleton, cues: Cues, scopes: Scopes) -> Attributions:
    """Voices of all tokens, and the attributions that own them."""
    owner = _owners(sk, scopes)
    parents = _parents(cues, scopes)
    _quote_the_speaker(owner, sk, cues, parents)
    alone = _alone(batch, flags, sk, cues, owner)
    size = len(cues)
    owner[alone.at] = size + np.arange(len(alone.at))
    token_owner = _spread(owner, sk, len(batch))
    voice = np.where(token_owner >= 0, REPORTED, OWN).astype(np.int8)
    kinds = _quote_voices(batch, flags, sk, owner)
    at, row = ragged(*_lengths(sk.first[sk.quoted], sk.last[sk.quoted] + 1))
    voice[at] = kinds[row]
    token_owner[at] = np.where(kinds[row] == OWN, -1, token_owner[at])
    act = np.where((cues.flags & g.ATTITUDE) != 0, ATTITUDE, SPEECH)
    mine = [sk.first[cues.at], sk.last[cues.last], *_source_tokens(sk, scopes), act, parents]
    mine += [_inherited(sk, cues, scopes), _negated(sk, cues)]
    none = np.full(len(alone.at), _NOWHERE)
    speech, plain = np.full(len(none), SPEECH), np.zeros(len(none), bool)
    theirs = [none, none, *_source_tokens(sk, alone), speech, none, alone.inherits, plain]
    both = [np.concatenate(pair) for pair in zip(mine, theirs, strict=True)]
    both[4] = both[4].astype(np.int8)
    return Attributions(voice, token_owner, *both)


def _quote_the_speaker(owner: Ints, sk: Skeleton, cues: Cues, parents: Ints) -> None:
    """Galuzin said, Moscow believes that “...”: what is quoted was said, so it is Galuzin's."""
    rows = owner[sk.quoted]
    only_thought = (cues.flags & (g.THINK | g.SAY | g.OBJECT)) == g.THINK
    if len(cues):
        deeper = (rows >= 0) & only_thought[rows] & (parents[rows] >= 0)
        owner[sk.quoted[deeper]] = parents[rows[deeper]]


def _negated(sk: Skeleton, cues: Cues) -> Mask:
    """Moscow does not believe that ...; police never said that ..."""
    found = (cues.before & g.NEGATION) != 0
    at = cues.at - 1
    for _ in range(4):
        at = at - sk.has(at, g.AUXILIARY | g.ADVERB, at > cues.begin)
        found |= sk.has(at, g.NEGATION, at >= cues.begin)
    return found


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
    owner = np.full(len(sk.flags), _NOWHERE)
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
    tokens = np.full(size, _NOWHERE)
    at, row = ragged(*_lengths(sk.first, sk.last + 1))
    tokens[at] = owner[row]
    return tokens


def _source_tokens(sk: Skeleton, scopes: Scopes | _Alone) -> tuple[Ints, Ints]:
    start, end = scopes.source.T
    some = end > start
    first = np.where(some, sk.first[np.where(some, start, 0)], _NOWHERE) if len(some) else start
    last = np.where(some, sk.last[np.where(some, end - 1, 0)], _NOWHERE) if len(some) else end
    return first, last


def _parents(cues: Cues, scopes: Scopes) -> Ints:
    """The nearest attribution whose content holds the cue; nearest means smallest.

    A parent is always larger than its child (or stands before it), so there are no circles.
    """
    parent = np.full(len(cues), _NOWHERE)
    size = np.full(len(cues), np.iinfo(np.int64).max)
    rows = np.arange(len(cues))
    width = (scopes.first[:, 1] - scopes.first[:, 0]) + (scopes.second[:, 1] - scopes.second[:, 0])
    for step in (-4, -3, -2, -1, 1, 2, 3):
        other = rows + step
        ok = (other >= 0) & (other < len(cues))
        other = np.where(ok, other, 0)
        ok &= (width[other] > width) | ((width[other] == width) & (step < 0))
        holds = np.zeros(len(cues), bool)
        for span in (scopes.first, scopes.second):
            holds |= (span[other, 0] <= cues.at) & (cues.at < span[other, 1])
        better = ok & holds & (width[other] < size)
        parent, size = np.where(better, other, parent), np.where(better, width[other], size)
    return parent


def _inherited(sk: Skeleton, cues: Cues, scopes: Scopes) -> Ints:
    """Participles and second verbs take the source of the verb before them in the sentence."""
    lacks = scopes.source[:, 1] <= scopes.source[:, 0]
    lacks &= scopes.rule != RULES.index(_by_noun)  # "he denied claims that ...": not his claims
    sentence = sk.sentence[cues.at]
    named = scopes.source[:, 1] > scopes.source[:, 0]
    rows = np.arange(len(cues))
    found = np.full(len(cues), _NOWHERE)
    for step in (-1, -2, -3, 1):
        other = rows + step
        ok = (other >= 0) & (other < len(cues))
        other = np.where(ok, other, 0)
        ok &= (sentence[other] == sentence) & named[other] & lacks & (found < 0)
        participle = ((cues.flags & g.ING) != 0) & (cues.at - cues.begin <= 1)
        ok &= participle if step > 0 else ~participle
        found = np.where(ok, other, found)
    return found


@dataclass
class _Alone:
    """Quotations that no cue owns but that have a speaker all the same."""

    at: Ints  # positions in the skeleton
    source: NDArray[np.int64]  # ranges in the skeleton
    inherits: Ints


def _alone(batch: Batch, flags: Ints, sk: Skeleton, cues: Cues, owner: Ints) -> _Alone:
    """A subject whose verb stands inside the marks; a quotation that goes on after another."""
    at = sk.quoted[owner[sk.quoted] < 0]
    begin = sk.begin[sk.sentence[at]]
    source = np.full((len(at), 2), _NOWHERE)
    start, end = _phrase_before(sk, at, begin)
    held = _holds_verb(batch, sk, at) & (end > start) & (start - begin <= 2)
    held &= sk.has(start, g.CAPITAL | g.DETERMINER)
    source[held] = np.stack([start, end], axis=1)[held]
    whole = _is_sentence(batch, sk, at)
    introduced = _is_introduced(flags, sk, at) & ~whole  # nobody's, but no scare quote
    previous = np.searchsorted(cues.at, at) - 1
    if len(cues):
        there = cues.at[np.maximum(previous, 0)]
        paragraph = batch.sent_paragraph[batch.sentence]
        near = paragraph[sk.first[at]] - paragraph[sk.first[there]] <= 2
        near &= batch.doc[sk.first[at]] == batch.doc[sk.first[there]]
        near &= sk.sentence[at] - sk.sentence[there] <= 2
        previous = np.where((previous >= 0) & near, previous, _NOWHERE)
    else:
        previous = np.full(len(at), _NOWHERE)
    take = held | whole | introduced
    inherits = np.where(held | introduced, _NOWHERE, previous)
    return _Alone(at[take], source[take], inherits[take])


def _holds_verb(batch: Batch, sk: Skeleton, at: Ints) -> Mask:
    """The Turkish Foreign Ministry 'strongly condemned the attack by Armenia'."""
    found = np.zeros(len(at), bool)
    loose = ~sk.has(at - 1, g.BOUNDARY | g.PREPOSITION | g.DETERMINER)
    for row in np.flatnonzero(loose).tolist():
        first, last = int(sk.first[at[row]]) + 1, int(sk.last[at[row]])
        text = batch.texts[batch.doc[first]]
        for token in range(first, min(first + 2, last)):
            word = text[batch.start[token] : batch.end[token]]
            found[row] |= word.islower() and word.endswith("ed")
    return found


def _is_sentence(batch: Batch, sk: Skeleton, at: Ints) -> Mask:
    """Whether the quotation opens its sentence and has the length or the stop of one."""
    opens = at == sk.begin[sk.sentence[at]]
    size = sk.last[at] - sk.first[at]
    final = np.zeros(len(at), bool)
    for row, place in enumerate(at.tolist()):
        end = sk.last[place]
        text = batch.texts[batch.doc[end]]
        final[row] = any(
            sign in ".?!," for sign in text[max(batch.end[end] - 2, 0) : batch.end[end]]
        )
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
