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
from dataclasses import dataclass, field
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
        skeleton.takes, skeleton.particle = (
            bits[batch.token[skeleton.first]] for bits in self._grammar.complements()
        )
        cues = _find_cues(skeleton)
        scopes = _scopes(skeleton, cues)
        cues, scopes = _settled(skeleton, cues, scopes)
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
    paragraph: Ints  # rising; of one text only
    doc: Ints
    takes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # particles, as bits
    particle: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

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
    asides = _asides(batch, np.where(row < 0, flags, g.QUOTED), keep)
    for start, end in asides:
        keep[start : end + 1] = False
    first = np.flatnonzero(keep)
    row = row[first]
    quoted = np.flatnonzero(row >= 0)
    last = first.copy()
    last[quoted] = quotes.last[row[quoted]]
    opening = np.array([start for start, _ in asides], np.int64)
    last[np.searchsorted(first, opening) - 1] = [end for _, end in asides]
    folded = _quoted_flags(flags, quotes, row[quoted])
    flags = flags[first]
    flags[quoted] = folded
    starts = np.zeros(n, bool)
    starts[batch.sent_ptr[:-1]] = True
    new = starts[first]
    new = _joined_questions(new, flags)
    paragraph = batch.sent_paragraph[batch.sentence[first]]
    if len(new):
        new[0] = True
        new[1:] |= paragraph[1:] != paragraph[:-1]
    begin = np.flatnonzero(new)
    end = np.append(begin[1:], len(first))
    sentence = np.cumsum(new) - 1
    return Skeleton(first, last, flags, sentence, begin, end, quoted, paragraph, batch.doc[first])


def _asides(batch: Batch, flags: Ints, keep: Mask) -> list[tuple[int, int]]:
    """Short brackets after a name, as token ranges: Rep. Earl Blumenauer (D-Ore.) said."""
    signs = np.flatnonzero(keep & ((flags & g.BRACKET) != 0))
    left, right = signs[:-1], signs[1:]
    size = right - left
    near = (size > 1) & (size <= 7) & (left > 0) & (batch.sentence[left] == batch.sentence[right])
    before = np.maximum(left - 1, 0)
    near &= keep[before] & ((flags[before] & g.CAPITAL) != 0)
    near &= batch.sentence[before] == batch.sentence[left]
    found = []
    for start, end in zip(left[near].tolist(), right[near].tolist(), strict=True):
        inside = flags[start + 1 : end]
        text = batch.texts[batch.doc[start]]
        marks = text[batch.start[start]] + text[batch.start[end]]
        if marks == "()" and not (inside & (g.VERB | g.QUOTED)).any() and keep[start:end].all():
            found.append((start, end))
    return found


def _quoted_flags(flags: Ints, quotes: Quotes, rows: Ints) -> Ints:
    """QUOTED, QUOTED_OPENING if it begins like a sentence, QUOTED_FINAL if it ends in "?" or "!"."""
    final = (flags[quotes.last[rows] - quotes.closed[rows]] & g.EXCITED) != 0
    first = np.minimum(quotes.first[rows] + 1, quotes.last[rows])
    opens = (flags[first] & (g.CAPITAL | g.BRACKET)) != 0
    return g.QUOTED | np.where(final, g.QUOTED_FINAL, 0) | np.where(opens, g.QUOTED_OPENING, 0)


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


PHRASAL, TURN, HEADING = 1, 2, 4  # a verb with its particle; colons after a name


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
    kind: Ints  # PHRASAL, TURN, HEADING
    later: Ints  # position of the next cue; far off if none
    opens: Mask  # whether it is the first cue of its sentence

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
    none = np.zeros_like(at)
    return Cues(at, at.copy(), sk.flags[at], begin, end, before, after, none, none, none > 0)


def _find_cues(sk: Skeleton) -> Cues:
    """Words that may report somebody's words, without those that here do not."""
    some = (sk.flags & (g.VERB | g.ACCORDING | g.NOUN_CUE)) != 0
    turns, headings = _turns(sk), _headings(sk)
    some |= turns | headings
    cues = _cues_at(sk, np.flatnonzero(some | (sk.takes != 0)))
    turns, headings = turns[cues.at], headings[cues.at]
    cues.kind = turns * TURN + headings * HEADING
    phrasal, size = _phrasal(sk, cues)
    cues.flags = np.where(phrasal, cues.flags | g.OBJECT, cues.flags)
    cues.kind = cues.kind | phrasal * PHRASAL
    cues.last = cues.last + size
    keep = _verb_cues(sk, cues) | _noun_cues(cues) | _according(cues) | turns | headings
    cues = cues.take(keep)
    short = cues.last == cues.at
    cues.last = cues.last + (short & (_according(cues) | _called_on(cues)))
    # The trailing full stop belongs to nobody's words.
    trailing = sk.has(cues.end - 1, g.STOP)
    cues.later = np.append(cues.at[1:], len(sk.flags) + 999)[: len(cues)]
    cues.opens = np.append(True, cues.begin[1:] != cues.begin[:-1])[: len(cues)]
    cues.end = np.where(trailing & (cues.end - 1 > cues.at), cues.end - 1, cues.end)
    return cues


def _opening_colons(sk: Skeleton, most: int) -> tuple[Ints, Ints]:
    """Colons within the first *most* words of a paragraph, and where it begins."""
    at = np.flatnonzero((sk.flags & g.COLON) != 0)
    begin = sk.begin[sk.sentence[at]]
    opens = (begin == 0) | (sk.paragraph[np.maximum(begin - 1, 0)] != sk.paragraph[begin])
    near = opens & (at - begin >= 1) & (at - begin <= most)
    near &= at == sk.after(g.COLON, begin)
    return at[near], begin[near]


def _turns(sk: Skeleton) -> Mask:
    """TAPPER: Well, you said ...: colons after names in capitals, in a text with several.

    Q: is the outlet's own question; A: an answer by somebody who is not named there.
    """
    found = np.zeros(len(sk.flags), bool)
    at, begin = _opening_colons(sk, 6)
    loud = (sk.flags & (g.UPPER | g.BOUNDARY)) != 0
    quiet = np.concatenate([[0], np.cumsum(~loud)])
    at, begin = at[quiet[at] == quiet[begin]], begin[quiet[at] == quiet[begin]]
    turns = np.bincount(sk.doc[at], minlength=int(sk.doc[-1]) + 1) if len(at) else at
    found[at[turns[sk.doc[at]] >= 3]] = True
    return found


def _headings(sk: Skeleton) -> Mask:
    """Poll: Trump trails in Ohio.  /  Peskov: ‘We regret this’.  /  Cuban: I'd consider a bid.

    Only where the name is an office's or a document's, or the rest shows that somebody speaks;
    "Syria: what we know" names a topic.
    """
    found = np.zeros(len(sk.flags), bool)
    at, begin = _opening_colons(sk, 3)
    end = sk.end[sk.sentence[at]]
    alone = (end >= len(sk.paragraph)) | (
        sk.paragraph[np.minimum(end, len(sk.paragraph) - 1)] != sk.paragraph[begin]
    )
    small = (sk.flags & g.CAPITAL) == 0
    lower = np.concatenate([[0], np.cumsum(small)])
    named = lower[at] == lower[begin]
    office = g.ROLE | g.INSTITUTION | g.EVIDENT
    offices = np.concatenate([[0], np.cumsum((sk.flags & office) != 0)])
    speaks = offices[at] > offices[begin]
    spoken = np.concatenate([[0], np.cumsum((sk.flags & (g.FIRST_PERSON | g.QUOTED)) != 0)])
    speaks |= spoken[end] > spoken[at + 1]
    found[at[alone & named & speaks & (end - at >= 4) & (end - at <= 25)]] = True
    return found


def _phrasal(sk: Skeleton, cues: Cues) -> tuple[Mask, Ints]:
    """Talked about; made (it) clear that; was sceptical of: and how far off the particle is."""
    takes = sk.takes[cues.at]
    adjective = (cues.flags & g.ADJECTIVE) != 0
    be = sk.has(_before_adverbs(sk, cues), g.BE)
    fits = ~adjective | be
    size = np.zeros(len(cues), np.int64)
    for step in (2, 1):
        at = np.minimum(cues.at + step, len(sk.flags) - 1)
        here = fits & (cues.at + step < cues.end) & ((takes & sk.particle[at]) != 0)
        if step == 2:
            here &= (cues.after & g.IT) != 0
        size = np.where(here, step, size)
    # "that" belongs to the content
    that = adjective & ((cues.after & g.THAT) != 0)
    return size > 0, np.where(that, 0, size)


def _according(cues: Cues) -> Mask:
    return ((cues.flags & g.ACCORDING) != 0) & ((cues.after & g.TO) != 0)


def _noun_cues(cues: Cues) -> Mask:
    """The accusation that Russia allegedly did not support Armenia enough is baseless."""
    return ((cues.flags & g.NOUN_CUE) != 0) & ((cues.after & g.THAT) != 0)


def _verb_cues(sk: Skeleton, cues: Cues) -> Mask:
    """Verbs of reporting, less nouns, names, idioms and forms that are usually something else."""
    ok = ((cues.flags & g.VERB) != 0) & ((cues.flags & g.PREPOSITION) == 0)
    for veto in (_is_noun, _is_name, _is_bare_passive, _is_adjective, _is_naming, _is_empty):
        ok &= ~veto(sk, cues)
    phrasal = (cues.kind & PHRASAL) != 0
    plain = ok & ~phrasal
    for veto in (_is_idiom, _is_weak, _is_without_evidence):
        plain &= ~veto(sk, cues)
    return plain | (ok & phrasal & ~_is_phrasal_noun(cues))


def _is_phrasal_noun(cues: Cues) -> Mask:
    """Talks about a ceasefire; calls for help: a verb has a subject or an auxiliary before it."""
    bare = (cues.flags & (g.PAST | g.ING | g.ADJECTIVE)) == 0
    subject = g.CAPITAL | g.AUXILIARY | g.HE | g.IT | g.SUBJECT | g.ADVERB | g.TO | g.ROLE
    many = ((cues.before & g.PLURAL) != 0) & ((cues.flags & g.PLURAL) == 0)  # officials talk about
    return bare & ((cues.before & subject) == 0) & ~many


def _is_noun(sk: Skeleton, cues: Cues) -> Mask:
    """The claim was made; Armenia's demands; a wave of attacks; but: Peskov's said to be ill."""
    ing = (cues.flags & g.ING) != 0
    after_determiner = (cues.before & g.DETERMINER) != 0
    after_determiner &= (cues.before & (g.THAT | g.SUBJECT)) == 0
    relative = (cues.before & g.SUBORDINATOR) != 0  # the report, which notes that
    after_determiner &= ~(relative & ((cues.after & (g.THAT | g.QUOTED | g.COMMA)) != 0))
    some = ((cues.before & g.NOBODY) != 0) & ((cues.flags & (g.SAY | g.THINK)) != 0)
    clause = g.THAT | g.DETERMINER | g.CAPITAL | g.HE | g.IT | g.SUBJECT | g.TO
    after_determiner &= ~(some & ((cues.after & clause) != 0))  # most believe that
    after_possessive = (cues.before & g.POSSESSIVE) != 0
    after_possessive &= (cues.flags & g.PAST) == 0
    after_preposition = (cues.before & g.PREPOSITION) != 0
    after_preposition &= ((cues.before & (g.TO | g.AS)) == 0) & ~ing
    return after_determiner | after_possessive | after_preposition


def _heard(sk: Skeleton, cues: Cues) -> Mask:
    """Asked whether; if told that; is accused of: the subject is the hearer, no speaker is named."""
    heard = ((cues.flags & g.HEARER) != 0) & ((cues.flags & g.PAST) != 0)
    clausal = g.THAT | g.SUBJECT | g.DETERMINER | g.COORDINATOR
    loose = ((cues.before & g.SUBORDINATOR) != 0) & ((cues.before & clausal) == 0)
    loose |= (cues.at == cues.begin) | _passive(sk, cues)
    linked = (cues.after & (g.THAT | g.SUBORDINATOR | g.OF | g.QUOTED)) != 0
    linked |= ((cues.after & g.COMMA) != 0) & sk.has(cues.at + 2, g.QUOTED)
    return heard & loose & (linked | ((cues.kind & PHRASAL) != 0))


_FUNCTION = (
    g.BOUNDARY | g.THAT | g.TO | g.BY | g.AS | g.DETERMINER | g.SUBORDINATOR | g.PREPOSITION
    | g.OBJECT_PRONOUN | g.SUBJECT | g.HE | g.IT | g.DAY | g.ADVERB | g.AUXILIARY
)  # fmt: skip


def _is_adjective(sk: Skeleton, cues: Cues) -> Mask:
    """Twenty pledged delegates; Sanders' stated plans; as expected; if asked."""
    participle = ((cues.flags & g.PAST) != 0) & ((cues.kind & PHRASAL) == 0)
    noun_follows = (cues.after & (_FUNCTION | g.CAPITAL | g.DIGIT)) == 0
    numbered = (cues.before & g.DIGIT) != 0
    numbered &= ~(sk.has(cues.at - 2, g.PREPOSITION) & sk.has(cues.at - 3, g.DIGIT))  # four in ten
    numbered |= (cues.before & g.POSSESSIVE) != 0
    clausal = g.THAT | g.SUBJECT | g.DETERMINER | g.COORDINATOR
    after_conjunction = ((cues.before & g.SUBORDINATOR) != 0) & ((cues.before & clausal) == 0)
    # Rather, he said, continued struggles will help
    loose = ((cues.before & g.COMMA) != 0) & ((cues.after & g.PLURAL) != 0) & noun_follows
    loose &= ((cues.flags & (g.OBJECT | g.INFINITIVE)) == 0) & ~sk.has(cues.at - 2, g.QUOTED)
    adjective = (numbered & noun_follows) | after_conjunction | loose
    return participle & adjective & ~_heard(sk, cues)


def _is_naming(sk: Skeleton, cues: Cues) -> Mask:
    """A new group called Black Votes Matter."""
    called = ((cues.flags & g.CALL) != 0) & ((cues.flags & g.PAST) != 0)
    subject = _FUNCTION | g.CAPITAL | g.ROLE | g.QUOTED | g.STOP
    named = ((cues.after & g.CAPITAL) != 0) & ((cues.after & g.POSSESSIVE) == 0)
    return called & ((cues.before & subject) == 0) & named & ~sk.has(cues.at - 2, g.POSSESSIVE)


def _is_empty(sk: Skeleton, cues: Cues) -> Mask:
    """Said nothing about it; I said it; easier said than done; that said, ...; to, say, ten."""
    says = (cues.flags & g.SAY) != 0
    after = (g.BOUNDARY & ~g.QUOTED) | (g.PREPOSITION & ~g.OF) | g.COORDINATOR | g.PAST
    after = sk.has(cues.at + 2, after) & ~sk.has(cues.at + 2, g.OF)
    stops = sk.has(cues.at + 2, g.COMMA | g.STOP) | (cues.at + 2 >= cues.end)
    after = np.where((cues.after & g.IT) != 0, stops, after | stops)
    pro = ((cues.after & g.PROFORM) != 0) & after
    ends = sk.has(cues.at + 3, g.BOUNDARY | g.PREPOSITION) | (cues.at + 3 >= cues.end)
    pro |= ((cues.after & g.PROFORM) != 0) & ((cues.after & g.SUBORDINATOR) != 0) & ends
    aside = ((cues.after & g.COMMA) != 0) & ((cues.before & (g.THAT | g.COMMA)) != 0)
    aside &= ~sk.has(cues.at - 2, g.QUOTED) & (cues.at - cues.begin <= 1)
    return says & (pro | aside)


def _is_name(sk: Skeleton, cues: Cues) -> Mask:
    """Secretary of State John Kerry — unless in a headline, where every verb has a capital."""
    capital = (cues.flags & g.CAPITAL) != 0
    inside = (cues.before & (g.STOP | g.COMMA | g.QUOTED | g.COLON | g.DASH)) == 0
    return capital & inside & ~_in_headline(sk, cues)


def _in_headline(sk: Skeleton, cues: Cues) -> Mask:
    """Whether three words in four of the sentence begin with a capital.

    With a full stop only if it is long: Peskov Met Lavrov. is a sentence of names.
    """
    capitals = np.concatenate([[0], np.cumsum((sk.flags & g.CAPITAL) != 0)])
    words = np.concatenate([[0], np.cumsum((sk.flags & g.WORD) != 0)])
    share = capitals[cues.end] - capitals[cues.begin]
    of = words[cues.end] - words[cues.begin]
    stopped = sk.has(cues.end - 1, g.STOP) & (of < 6)
    return (share * 4 >= of * 3 - 2) & (of >= 3) & ~stopped


def _is_idiom(sk: Skeleton, cues: Cues) -> Mask:
    """The exodus added to tensions; calling into question; he responded by leaving."""
    wrong = ((cues.flags & g.OBJECT) == 0) & ((cues.flags & g.INFINITIVE) == 0)
    wrong &= (cues.after & (g.TO | g.BY)) != 0
    wrong &= (cues.flags & (g.TELL | g.RELAY | g.THINK)) == 0
    wrong &= (cues.before & g.BE) == 0
    wrong &= ~_is_postposed(sk, cues, g.QUOTED)  # but: “X,” she said to cheers
    that = sk.after(g.THAT | g.BOUNDARY, cues.at)  # he confided to her that
    wrong &= ~(sk.has(that, g.THAT) & (that <= cues.at + 8))
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
    named = g.CAPITAL | g.HE | g.IT | g.SUBJECT | g.EVIDENT | g.ROLE | g.INSTITUTION
    noun = ((cues.flags & g.PLURAL) != 0) & ((cues.before & named) == 0)  # the states that vote
    shown = ((cues.after & g.THAT) != 0) & ~noun
    shown |= (cues.after & (g.QUOTED | g.COLON)) != 0
    shown |= (cues.before & (g.HE | g.IT | g.SUBJECT)) != 0
    shown |= ((cues.before & g.QUOTED) != 0) | ((cues.flags & g.RELAY) != 0)
    shown |= ((cues.flags & g.EVIDENCE) != 0) & _has_evident_subject(sk, cues)
    firm = (cues.flags & g.LOOSE) == 0
    shown |= firm & (_has_named_subject(sk, cues) | _has_auxiliary(cues))
    shown |= ((cues.after & g.COMMA) != 0) & sk.has(cues.at + 2, g.QUOTED)
    return weak & ~shown & ~_is_by_agent(cues) & ~_called_on(cues)


def _has_named_subject(sk: Skeleton, cues: Cues) -> Mask:
    """Trump wants to; four in ten want a; X, Frank notes, Y; but: the Trump plans were."""
    named = ((cues.before & g.CAPITAL) != 0) & ((cues.before & (g.DETERMINER | g.POSSESSIVE)) == 0)
    counted = (cues.before & (g.DIGIT | g.NOBODY | g.PLURAL)) != 0
    counted &= ((cues.before & (g.VERB | _FUNCTION)) == 0) & ((cues.flags & g.PLURAL) == 0)
    goes_on = (cues.after & (g.DETERMINER | g.TO | g.OBJECT_PRONOUN | g.CAPITAL)) != 0
    closes = ((cues.after & (g.COMMA | g.STOP)) != 0) & _is_postposed(sk, cues, g.COMMA | g.QUOTED)
    return (named & (goes_on | closes)) | (counted & goes_on)


def _has_auxiliary(cues: Cues) -> Mask:
    """Will discuss the deal, has supported it; but: has plans."""
    helped = ((cues.before & g.AUXILIARY) != 0) & ((cues.before & g.BE) == 0)
    helped &= ((cues.flags & g.PLURAL) == 0) & ((cues.flags & g.ING) == 0)
    return helped & ((cues.after & (g.DETERMINER | g.CAPITAL | g.TO | g.OBJECT_PRONOUN)) != 0)


def _is_postposed(sk: Skeleton, cues: Cues, boundary: int) -> Mask:
    """A name or pronoun between a boundary and the cue: X, Frank notes."""
    start = _name_start(sk, cues.at, cues.begin)
    named = (cues.before & (g.CAPITAL | g.HE | g.SUBJECT)) != 0
    return named & sk.has(start - 1, boundary, start > cues.begin)


def _is_without_evidence(sk: Skeleton, cues: Cues) -> Mask:
    """A poll found 52 %; but: police found a gun."""
    only = ((cues.flags & g.EVIDENCE) != 0) & ((cues.flags & (g.SAY | g.THINK)) == 0)
    return only & ~_has_evident_subject(sk, cues) & ((cues.after & g.THAT) == 0)


def _has_evident_subject(sk: Skeleton, cues: Cues) -> Mask:
    """A poll, study or document stands before the verb: campaign finance records show."""
    subject = sk.before(g.EVIDENT, cues.at)
    return (subject >= cues.begin) & (cues.at - subject <= 14)


def _is_bare_passive(sk: Skeleton, cues: Cues) -> Mask:
    """Believed to be negligible; were expected to meet: nobody is named, so nobody is quoted."""
    passive = _passive(sk, cues) & ((cues.after & g.BY) == 0)
    passive &= (cues.flags & g.ADJECTIVE) == 0
    return passive & ((cues.flags & g.SAYING) == 0) & ~_heard(sk, cues)


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

    def settle(self, rule: int, rows: Ints, found: Found) -> None:
        """Take what *rule* found for the cues *rows*."""
        fits = np.flatnonzero(found.fits)
        rows = rows[fits]
        self.rule[rows] = rule
        for name in ("first", "second", "source"):
            span = getattr(found, name)
            if span is not None:
                getattr(self, name)[rows] = np.stack(span, axis=1)[fits]

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
        rows = np.flatnonzero((scopes.rule == _NOWHERE) & _may_fit(rule, cues))
        if len(rows):
            scopes.settle(number, rows, rule(sk, cues.take(rows)))
    return scopes


def _may_fit(rule: Rule, cues: Cues) -> Mask:
    """Cues that a rule need look at: those with the flag that it asks for."""
    flag = _ASKS_FOR.get(rule)
    return np.ones(len(cues), bool) if flag is None else (cues.flags & flag) != 0


def _clause_first(sk: Skeleton, cues: Cues) -> Ints:
    """Where the words before a post-posed cue begin: at the sentence, after a leading "But"."""
    return cues.begin + sk.has(cues.begin, g.COORDINATOR)


def _by_colon(sk: Skeleton, cues: Cues) -> Found:
    """TAPPER: Well, you said that we should go.  /  Peskov: ‘We regret this’."""
    turn = (cues.kind & TURN) != 0
    close = np.searchsorted(sk.paragraph, sk.paragraph[cues.at], "right")
    end = np.where(turn, close, cues.end)
    return Found(cues.kind != 0, (cues.at + 1, end), None, (cues.begin, cues.at))


def _by_block(sk: Skeleton, cues: Cues) -> Found:
    """Reporter Jomana Karadsheh says:  (and what she says is the next paragraph)"""
    fits = _introduces_block(sk, cues)
    start = np.minimum(sk.end[sk.sentence[cues.at]], len(sk.flags) - 1)
    close = np.searchsorted(sk.paragraph, sk.paragraph[start], "right")
    end = np.where(sk.has(start, g.QUOTED), start + 1, close)
    source = np.full((2, len(cues)), _NOWHERE)
    source[:, fits] = _subject(sk, cues.take(fits))
    return Found(fits, (start, end), None, (source[0], source[1]))


def _introduces_block(sk: Skeleton, cues: Cues) -> Mask:
    """Reporter Jomana Karadsheh says: (and what she says is the next paragraph)."""
    last = sk.end[sk.sentence[cues.at]]
    following = np.minimum(last, len(sk.flags) - 1)
    says = ((cues.flags & g.SAY) != 0) & ((cues.flags & (g.WEAK | g.ING)) == 0)
    says &= sk.has(last - 1, g.COLON) & (last - cues.at <= 8) & (last < len(sk.flags))
    says &= (sk.doc[following] == sk.doc[cues.at]) & (sk.before(g.VERB, last) <= cues.at)
    return says & (sk.paragraph[following] != sk.paragraph[cues.at])


def _by_according(sk: Skeleton, cues: Cues) -> Found:
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


def _by_noun(sk: Skeleton, cues: Cues) -> Found:
    """The accusation that Russia did not support Armenia; Peskov's claim that X."""
    fits = ((cues.flags & g.NOUN_CUE) != 0) & ((cues.after & g.THAT) != 0)
    verb = ((cues.flags & g.VERB) != 0) & (cues.before & (g.DETERMINER | g.POSSESSIVE) == 0)
    end = np.minimum(sk.after(g.COMMA | g.AUXILIARY, cues.at + 4), cues.end)
    owner = (cues.before & g.POSSESSIVE) != 0
    start = np.where(owner, _name_start(sk, cues.at, cues.begin), _NOWHERE)
    return Found(
        fits & ~verb, (cues.at + 1, end), None, (start, np.where(owner, cues.at, _NOWHERE))
    )


def _by_saying(sk: Skeleton, cues: Cues) -> Found:
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


def _by_relay(sk: Skeleton, cues: Cues) -> Found:
    """X, RIA Novosti quotes Peskov."""
    boundary = sk.before(g.COMMA | g.QUOTED, cues.at)
    source = _phrase_after(sk, cues.at + 1, cues.end)
    fits = ((cues.flags & g.RELAY) != 0) & ((cues.flags & g.ING) == 0)
    fits &= boundary - cues.begin >= 3
    fits &= (cues.at - boundary <= 5) & (source[1] >= cues.end) & (source[1] > source[0])
    return Found(fits, (_clause_first(sk, cues), boundary), None, source)


def _by_passive(sk: Skeleton, cues: Cues) -> Found:
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


def _by_hearer(sk: Skeleton, cues: Cues) -> Found:
    """Asked whether he would resign, ...  /  Russia is accused of X.  /  They were told that X."""
    start = cues.last + 1
    comma = sk.after(g.COMMA, start)
    leading = (cues.at - cues.begin <= 1) & (comma < cues.end)
    end = np.where(leading, comma, _content_end(sk, cues, start))
    return Found(_heard(sk, cues), (start, end))


def _by_inversion(sk: Skeleton, cues: Cues) -> Found:
    """“X,” said Dmitry Peskov, the spokesman.  /  X, said the ministry."""
    says = ((cues.flags & (g.SAY | g.THINK)) != 0) & ((cues.flags & (g.ING | g.TELL)) == 0)
    quoted_before = (cues.before & g.QUOTED) != 0
    quoted_near = quoted_before | (
        ((cues.before & g.COMMA) != 0) & sk.has(cues.at - 2, g.QUOTED, cues.at - 2 >= cues.begin)
    )
    opens = quoted_before | ((cues.before & g.COMMA) != 0)
    start, end = _phrase_after(sk, cues.at + 1, cues.end)
    named = (cues.after & (g.CAPITAL | g.DETERMINER | g.TITLE | g.ROLE | g.INSTITUTION | g.HE)) != 0
    described = ((cues.after & g.WORD) != 0) & ((cues.after & _FUNCTION) == 0)  # former, one
    named |= described & quoted_near
    named &= (cues.after & g.THAT) == 0
    closes = (end >= cues.end) | sk.has(end, g.BOUNDARY | g.DAY | g.SUBORDINATOR | g.PREPOSITION)
    # "X came, said Mr. Y envisioned": a verb follows the name, so the name is content
    far = cues.at - cues.begin >= 4
    fits = says & opens & named & closes & (end > start) & (quoted_near | far)
    fits &= (sk.after(g.THAT, cues.at) >= end) | quoted_near
    plainly = sk.has(end, g.BOUNDARY & ~g.QUOTED) | (end >= cues.end)
    plainly &= sk.after(g.VERB | g.AUXILIARY, cues.at + 2) >= end
    fits &= quoted_near | plainly | ~_is_apposed(sk, cues)
    quote = sk.after(g.QUOTED, end)
    more = quote < cues.end
    second = np.where(more, quote, _NOWHERE)
    return Found(
        fits,
        (_clause_first(sk, cues), cues.at),
        (second, np.where(more, cues.end, _NOWHERE)),
        (start, end),
    )


def _is_apposed(sk: Skeleton, cues: Cues) -> Mask:
    """Asa Khalif, an organizer with the coalition, said the march would go on."""
    comma = sk.after(g.COMMA, cues.begin)
    verb = sk.after(g.VERB | g.AUXILIARY, cues.begin)
    noun = sk.has(cues.begin, g.CAPITAL | g.DETERMINER | g.COORDINATOR | g.ADVERB)
    return noun & (comma < cues.at - 1) & (verb > comma)


def _by_as(sk: Skeleton, cues: Cues) -> Found:
    """As Clinton told the Daily News, X.  /  X, as Peskov said in April.  /  Still, as he said, X."""
    says = ((cues.flags & (g.SAY | g.TELL)) != 0) & ((cues.flags & (g.ING | g.WEAK)) == 0)
    start, end = _phrase_before(sk, _skip_auxiliaries(sk, cues) + 1, cues.begin)
    at = start - 1
    joined = sk.has(at, g.AS, at >= cues.begin)
    bare = (cues.after & (g.BOUNDARY | g.PREPOSITION | g.DAY | g.ADVERB)) != 0
    bare |= (cues.flags & g.TELL) != 0
    leading = at == _clause_first(sk, cues)
    trailing = ~leading & sk.has(at - 1, g.COMMA | g.QUOTED | g.DASH)
    comma = sk.after(g.COMMA, cues.at)
    resumes = (comma < cues.end - 2) & (leading | (at - cues.begin <= 4))
    fits = says & joined & (end > start) & bare & (resumes | trailing)
    first = np.where(leading, comma + 1, _clause_first(sk, cues))
    stop = np.where(leading, cues.end, at - 1 + sk.has(at - 1, g.QUOTED))
    resumes &= ~leading
    second = (np.where(resumes, comma + 1, _NOWHERE), np.where(resumes, cues.end, _NOWHERE))
    return Found(fits, (first, stop), second, (start, end))


def _by_postposition(sk: Skeleton, cues: Cues) -> Found:
    """“X,” he said.  /  X, Peskov said on Monday.  /  Russia, Peskov stressed, simply did not."""
    says = ((cues.flags & (g.CLAUSE | g.TELL)) != 0) & ((cues.flags & g.ING) == 0)
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
    introduces = sk.has(cues.at + 2, g.QUOTED_OPENING, cues.at + 2 < cues.end) & inserted
    that = sk.after(g.THAT, cues.at)
    resumes = sk.has(that - 1, g.COMMA) & (that < cues.end)
    ends |= quoted & (cues.end - cues.at <= 5) & (sk.after(g.QUOTED, cues.at) >= cues.end)
    ends &= inserted | resumes | (that > np.minimum(cues.at + 9, cues.end))
    ends &= ~(((cues.after & (g.QUOTED | g.COLON)) != 0) | introduces) | quoted
    long = boundary - cues.begin >= 4
    leading = sk.has(cues.begin, g.PREPOSITION | g.SUBORDINATOR | g.ING) & ~quoted
    leading &= boundary == sk.after(g.COMMA, cues.begin)
    ends &= ~leading | ((cues.after & (g.COMMA | g.STOP)) != 0)
    fits = says & bounded & (end > start) & ends & (long | quoted | inserted | resumes)
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
    that = sk.after(g.THAT, cues.at)
    resumes = sk.has(that - 1, g.COMMA) & (that <= cues.at + 10)
    comma = ((cues.after & g.COMMA) != 0) | resumes
    follows = np.where(resumes, that, cues.at + 2)
    short = sk.has(cues.begin, g.SUBORDINATOR) | (cues.at - cues.begin <= 4)
    short &= sk.after(g.QUOTED, cues.begin) > cues.at
    unfit = sk.has(follows, g.ING | g.PREPOSITION | g.SUBORDINATOR | g.VERB) & ~short
    unfit &= ~sk.has(follows, g.QUOTED | g.THAT)
    quote = sk.after(g.QUOTED, cues.at + 1)
    start = np.where(comma & ~unfit & (follows < cues.end), follows, quote)
    fits = start < cues.end
    return np.where(fits, start, _NOWHERE), np.where(fits, cues.end, _NOWHERE)


def _by_preposition(sk: Skeleton, cues: Cues) -> Found:
    """Peskov said (that) X.  /  Baku demanded X.  /  calling what was happening “an act”."""
    fits = (cues.flags & g.VERB) != 0
    fits &= ~(((cues.flags & g.RELAY) != 0) & sk.has(cues.at + 1, g.STOP))
    source = _subject(sk, cues)
    start = _content_start(sk, cues)
    end = _content_end(sk, cues, start)
    passive = _passive(sk, cues) & ((cues.flags & g.ADJECTIVE) == 0)
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
    take = none & (second > first) & cues.opens
    start, end = np.where(take, first, start), np.where(take, second, end)
    none &= ~take
    return np.where(none, _NOWHERE, start), np.where(none, _NOWHERE, end)


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
    later = cues.later
    ing_later = sk.has(later, g.ING)
    second = sk.has(later - 1, g.COORDINATOR) & ~ing_later
    second |= sk.has(later - 1, g.COMMA) & ing_later
    end = np.where((later < end) & (later > start + 2) & second, later - 1, end)
    relative = (cues.before & (g.SUBJECT | g.SUBORDINATOR)) != 0
    relative &= sk.has(cues.at - 2, g.COMMA)  # Cruz, who says X, said ...
    comma = sk.after(g.COMMA, start + 1)
    resumes = sk.has(comma + 1, g.VERB | g.AUXILIARY) & ~sk.has(comma + 1, g.ING)
    end = np.where(relative & resumes & (comma < end), comma, end)
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
    end = np.where(bounded & aside_ok & (aside < end), aside, end)
    return np.where(bounded, np.minimum(end, _object_end(sk, start)), end)


def _object_end(sk: Skeleton, start: Ints) -> Ints:
    """Praised the deal on Monday | , a sign that ...: an object ends at a day or a new clause."""
    comma = sk.after(g.COMMA, start + 1)
    anew = g.DETERMINER | g.ING | g.VERB | g.AUXILIARY | g.COORDINATOR | g.HE | g.SUBJECT
    end = np.where(sk.has(comma + 1, anew), comma, len(sk.flags) + 999)
    day = sk.after(g.DAY, start + 1)
    end = np.minimum(end, day - sk.has(day - 1, g.PREPOSITION))
    verb = sk.after(g.COORDINATOR, start + 1)
    end = np.where(sk.has(verb + 1, g.VERB), np.minimum(end, verb), end)
    clause = sk.after(g.THAT, start) < end  # expressed doubts that, if it came, it would
    return np.where(clause, len(sk.flags) + 999, end)


Rule = Callable[[Skeleton, Cues], Found]
RULES: tuple[Rule, ...] = (
    _by_colon,
    _by_block,
    _by_according,
    _by_noun,
    _by_saying,
    _by_relay,
    _by_passive,
    _by_hearer,
    _by_inversion,
    _by_as,
    _by_postposition,
    _by_preposition,
)


_ASKS_FOR: dict[Rule, int] = {
    _by_colon: g.COLON,
    _by_block: g.SAY,
    _by_according: g.ACCORDING,
    _by_noun: g.NOUN_CUE,
    _by_saying: g.SAYING,
    _by_relay: g.RELAY,
    _by_passive: g.PAST,
    _by_hearer: g.HEARER,
}


def _settled(sk: Skeleton, cues: Cues, scopes: Scopes) -> tuple[Cues, Scopes]:
    """Only cues that a rule gave some content, and that are more than a part of another's."""
    keep = (scopes.rule >= 0) & (scopes.first[:, 1] > scopes.first[:, 0])
    cues, scopes = cues.take(keep), scopes.take(keep)
    keep = ~_is_part_of_speech(sk, cues, scopes)
    return cues.take(keep), scopes.take(keep)


def _is_part_of_speech(sk: Skeleton, cues: Cues, scopes: Scopes) -> Mask:
    """Peskov said he hoped that X: what he hopes is what he says, one attribution, not two."""
    nested = _parents(cues, scopes) >= 0
    weak = (cues.flags & g.WEAK) != 0
    first, end = scopes.source.T
    pronoun = (end - first == 1) & sk.has(first, g.HE | g.IT | g.SUBJECT)
    thought = (cues.flags & (g.THINK | g.INFINITIVE)) != 0
    return nested & (weak | (pronoun & thought))


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
    voice[_word_for_word(sk, cues, scopes, token_owner) & (voice == REPORTED)] = QUOTE
    token_owner[at] = np.where(kinds[row] == OWN, -1, token_owner[at])
    act = np.where((cues.flags & (g.ATTITUDE | g.ADJECTIVE)) != 0, ATTITUDE, SPEECH)
    mine = [sk.first[cues.at], sk.last[cues.last], *_source_tokens(sk, scopes), act, parents]
    mine += [_inherited(sk, cues, scopes), _negated(sk, cues)]
    none = np.full(len(alone.at), _NOWHERE)
    speech, plain = np.full(len(none), SPEECH), np.zeros(len(none), bool)
    theirs = [none, none, *_source_tokens(sk, alone), speech, none, alone.inherits, plain]
    both = [np.concatenate(pair) for pair in zip(mine, theirs, strict=True)]
    both[4] = both[4].astype(np.int8)
    return Attributions(voice, token_owner, *both)


def _word_for_word(sk: Skeleton, cues: Cues, scopes: Scopes, token_owner: Ints) -> Mask:
    """Tokens of turns and block quotations: the speaker's words, though no marks say so."""
    whole = (scopes.rule == RULES.index(_by_block)) | ((cues.kind & TURN) != 0)
    if not whole.any():
        return np.zeros(len(token_owner), bool)
    return (token_owner >= 0) & (token_owner < len(whole)) & whole[token_owner % len(whole)]


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
    tokens[sk.first] = owner
    folded = np.flatnonzero(sk.last > sk.first)
    at, row = ragged(*_lengths(sk.first[folded], sk.last[folded] + 1))
    tokens[at] = owner[folded[row]]
    return tokens


def _source_tokens(sk: Skeleton, scopes: Scopes | _Alone) -> tuple[Ints, Ints]:
    start, end = scopes.source.T
    some = end > start
    first = np.where(some, sk.first[np.where(some, start, 0)], _NOWHERE) if len(some) else start
    if not len(some):
        return first, end
    at = np.where(some, end - 1, 0)
    quoted = sk.has(at, g.QUOTED)  # else a bracket after the name is left out
    return first, np.where(some, np.where(quoted, sk.last[at], sk.first[at]), _NOWHERE)


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
    # "he denied claims that ...": not his claims; "asked whether ..., he": not his question
    lacks &= ~np.isin(scopes.rule, [RULES.index(_by_noun), RULES.index(_by_hearer)])
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
    whole = _is_sentence(flags, sk, at)
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
