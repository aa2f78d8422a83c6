"""Decide where indirect speech ends before its sentence does: rules, each with its sentence.

What was said runs on to the full stop unless, after a comma, a dash or a semicolon, the grammar
shows that the outlet takes over.  It shows in the tense: "said" shifts what was said back, and what
is not shifted is the outlet's (Quirk et al. 1985, ch. 14).  It shows in another speaker, in a word
on the words themselves, and in appositions and relative clauses after a comma, which belong to who
writes rather than to who is reported (Potts 2005).  Where nothing of this shows, nothing is cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit import scopes as rules
from bias_toolkit.cues import Cues
from bias_toolkit.scopes import RULES, Scopes
from bias_toolkit.skeleton import Ints, Mask, Skeleton
from bias_toolkit.tokens import ragged

# Rules of `scopes` whose content runs on after the cue; and those whose content is taken up again.
# In RULES' order, and False for no rule at all.
_AHEAD, _AGAIN = (
    np.array([*(rule in some for rule in RULES), False])
    for some in (
        (rules.by_hearer, rules.by_question, rules.by_judgement, rules.by_preposition),
        (rules.by_inversion, rules.by_postposition),
    )
)
_SIGN = g.COMMA | g.DASH | g.SEMICOLON
_SUBJECT = (
    g.SUBJECT | g.HE | g.IT | g.DETERMINER | g.CAPITAL | g.ROLE | g.INSTITUTION | g.PLURAL
    | g.DIGIT | g.NOBODY | g.DAY
)  # fmt: skip
_MOST = 6  # turns looked at in one content: a sentence of a thousand commas takes linear time
_FAR = 1 << 60


@dataclass(frozen=True)
class Words:
    """Grammar's turns at positions of the skeleton: by token id, and the ids."""

    turns: NDArray[np.int32]
    token: NDArray[np.int32]

    def at(self, at: Ints) -> Ints:
        """What the words at *at* tell of tense and of a new clause; 0 beyond the text."""
        token = self.token.take(at, mode="clip")
        return np.where(at < len(self.token), self.turns.take(token), 0)


@dataclass
class Turn:
    """Places in the contents of cues where the outlet may take over: positions in the skeleton.

    `opens` is the first word after the sign at `at`, and `kind` what it is; `verb` is the finite
    verb that follows and `tense` its tense; `spoken` is the tense of the first verb of the content.
    Tenses and kinds are grammar's turns, 0 where there is none near.
    """

    at: Ints
    opens: Ints
    kind: Ints
    verb: Ints
    tense: Ints
    spoken: Ints
    next: Ints  # the next sign after `opens`
    end: Ints  # of the content, if nothing is cut
    past: Mask  # whether the cue is in the past
    speech: Mask  # whether it is a cue of speech
    cue: Ints  # the next cue after `opens`
    words: Words

    def has(self, at: Ints, mask: int) -> Mask:
        """Whether the words at *at* tell what *mask* asks for."""
        return (self.words.at(at) & mask) != 0

    @property
    def last(self) -> Mask:
        """Whether no other sign follows in the content."""
        return self.next >= self.end


@dataclass
class _Contents:
    """Stretches that may be too long, and the row of the cue that each belongs to."""

    cue: Ints
    resumed: int  # from this one on they are contents that were taken up again
    start: Ints
    end: Ints


def cut(sk: Skeleton, cues: Cues, scopes: Scopes, words: Words, flags: Ints) -> None:
    """End the contents in *scopes* where the outlet takes over; *flags* are those of all tokens."""
    contents = _contents(scopes)
    where, turn = _turns_in(sk, cues, contents, words, flags)
    fits = np.zeros(len(where), bool)
    for rule in ENDS:
        fits |= rule(sk, turn)
    found = np.flatnonzero(fits)[::-1]  # the first turn of a content is written last
    at, cue = turn.at[found], contents.cue[where[found]]
    resumed = where[found] >= contents.resumed
    for spans, some in ((scopes.first, ~resumed), (scopes.second, resumed)):
        spans[cue[some], 1] = at[some] + sk.has(at[some], g.QUOTED)
    _end_together(cues, scopes.first, np.unique(cue[~resumed]))


def _contents(scopes: Scopes) -> _Contents:
    """What runs on after its cue, and then what is taken up again after its cue."""
    ahead, again = (np.flatnonzero(kind[scopes.rule]) for kind in (_AHEAD, _AGAIN))
    spans = np.concatenate([scopes.first[ahead], scopes.second[again]])
    return _Contents(np.concatenate([ahead, again]), len(ahead), spans[:, 0], spans[:, 1])


def _end_together(cues: Cues, first: Ints, cut_ones: Ints) -> None:
    """Peskov said he hoped that X, but Y: where his saying ends, so does what he hopes."""
    for step in (1, 2):
        outer = cut_ones[cut_ones < len(cues) - step]
        inner = outer + step
        start, end = first[outer].T
        held = (start <= cues.at[inner]) & (cues.at[inner] < end) & (first[inner, 1] > end)
        first[inner[held], 1] = end[held]


def _turns_in(
    sk: Skeleton, cues: Cues, contents: _Contents, words: Words, flags: Ints
) -> tuple[Ints, Turn]:
    """The first turns in *contents*, and which of these each stands in."""
    signs = np.flatnonzero((sk.flags & (_SIGN | g.QUOTED)) != 0)
    opening = _opening(sk, signs, words, flags)
    quoted = sk.has(contents.start, g.QUOTED)  # “We lost,” but
    low = np.searchsorted(opening, contents.start + 2 - quoted)
    count = np.clip(np.searchsorted(opening, contents.end) - low, 0, _MOST)
    which, of = ragged(count, low)
    opens, start, end, row = opening[which], contents.start[of], contents.end[of], contents.cue[of]
    verb = _first_verb(sk, words, opens + 1, np.minimum(end, opens + 9), 8)
    spoken = _first_verb(sk, words, start, np.minimum(opens - 1, start + 14), 14)
    cue = np.append(cues.at, _FAR)[np.searchsorted(cues.at, opens + 1)]
    return of, Turn(
        at=opens - 1, opens=opens, kind=words.at(opens), verb=verb, tense=words.at(verb),
        spoken=words.at(spoken), next=np.append(signs, _FAR)[np.searchsorted(signs, opens)],
        end=end, past=(cues.flags[row] & g.PAST) != 0, speech=(cues.flags[row] & g.SAY) != 0,
        cue=cue, words=words,
    )  # fmt: skip


def _opening(sk: Skeleton, signs: Ints, words: Words, flags: Ints) -> Ints:
    """Words that may open what the outlet adds: after a sign, or a quotation that ends in one."""
    at = signs[(words.at(signs + 1) & g.OPENS_TURN) != 0]
    inside = flags[np.maximum(sk.last[at] - 1, 0)]  # “a crime,” but
    return at[sk.has(at, _SIGN) | ((inside & g.COMMA) != 0)] + 1


def _first_verb(sk: Skeleton, words: Words, start: Ints, stop: Ints, most: int) -> Ints:
    """The first finite verb from *start* on, before *stop* and any quotation; far off if none."""
    at = start[:, None] + np.arange(most)
    turns, quoted = words.at(at), sk.has(at, g.QUOTED)
    # "the proposed law" has no verb
    noun = sk.has(at - 1, g.DETERMINER | g.POSSESSIVE) & ~sk.has(at - 1, g.SUBJECT | g.THAT)
    finite = ((turns & g.FINITE) != 0) & ~(noun & ((turns & g.ENDS_IN_ED) != 0))
    finite &= (at < stop[:, None]) & (np.cumsum(quoted, axis=1) == 0)
    return np.where(finite.any(axis=1), start + finite.argmax(axis=1), _FAR)


# ------------------------------------------------------------------ rules


def _new_subject(sk: Skeleton, turn: Turn) -> Mask:
    """But the army left; but on Monday it left; not: but that it left, but in the city, but is."""
    at = turn.opens + 1
    at = at + 2 * (sk.has(at, g.PREPOSITION) & sk.has(at + 1, g.DAY))
    return sk.has(at, _SUBJECT) & ~sk.has(at, g.SUBORDINATOR | g.PREPOSITION | g.AUXILIARY)


def _another_speaks(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , but Kyiv denied it (an email shows they had not)."""
    verb = np.minimum(turn.cue, _plain_past(sk, turn))
    shown = sk.has(verb, g.EVIDENCE) & sk.has(verb - 1, g.EVIDENT)  # but an email shows that
    near = (verb - turn.opens >= 2) & (verb - turn.opens <= 6) & (verb < turn.end)
    for mask in (g.BOUNDARY, g.SUBORDINATOR):
        near &= sk.after(mask, turn.opens + 1) > verb
    # but Kyiv rejected it; not: and those accused on Monday were freed
    answers = sk.has(verb, g.OBJECT | g.INFINITIVE) & sk.has(verb, g.PAST)
    answers &= ~sk.has(verb + 1, g.PREPOSITION)
    says = (sk.has(verb, g.SAY) | answers | shown) & ~sk.has(verb, g.ING)
    shifted = ((turn.tense & (g.HAD | g.MODAL)) != 0) & (turn.verb < verb)
    return ((turn.kind & (g.CONTRAST | g.PARALLEL)) != 0) & near & says & ~shifted


def _plain_past(sk: Skeleton, turn: Turn) -> Ints:
    """The next verb that speaks in the past, though it be no cue: denied it; far off if none."""
    verb = sk.after(g.VERB, turn.opens + 1)
    past = sk.has(verb, g.PAST) & ~sk.has(verb, g.WEAK | g.ING | g.THINK)
    return np.where(
        past & ~sk.has(verb - 1, g.DETERMINER | g.POSSESSIVE | g.PREPOSITION), verb, _FAR
    )


def _is_silent(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , though he did not say when."""
    verb = sk.after(g.VERB, turn.opens + 1)
    near = (verb - turn.opens >= 3) & (verb - turn.opens <= 6) & (verb < turn.end)
    silent = sk.has(verb - 1, g.NEGATION) | sk.has(verb - 2, g.NEGATION)
    silent &= sk.has(verb, g.SAY | g.OBJECT) & ((turn.tense & (g.HAD | g.MODAL)) == 0)
    return ((turn.kind & g.CONTRAST) != 0) & near & silent


def _is_unshifted(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , but the army is still there (left it on Monday)."""
    now = ((turn.tense & g.PRESENT) != 0) & ((turn.spoken & g.PRESENT) == 0)
    dated = sk.after(g.DAY, turn.opens + 1) < np.minimum(turn.end, turn.next)
    shifted = (turn.spoken & (g.HAD | g.MODAL)) != 0
    then = ((turn.tense & g.PAST_TENSE) != 0) & shifted & dated
    return turn.past & ((turn.kind & g.BUT) != 0) & (now | then) & _new_subject(sk, turn)


def _is_clause(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov urged the army to leave | , but the generals stayed: that was no clause, this is."""
    listed = turn.at - sk.before(g.COMMA, turn.at) <= 4  # the sea, the city, and the hills
    joined = ((turn.kind & g.CONTRAST) != 0) | (((turn.kind & g.PARALLEL) != 0) & ~listed)
    told = (turn.tense & (g.PAST_TENSE | g.PRESENT)) != 0
    return turn.past & joined & (turn.spoken == 0) & told & _new_subject(sk, turn)


def _is_occasion(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , hours after (even as) the army left the city."""
    at = turn.opens
    for _ in range(3):
        lead = sk.has(at, g.ADVERB | g.DIGIT | g.DETERMINER) | turn.has(at, g.SPAN)
        at = at + (lead & ~turn.has(at, g.WHEN))
    told = (
        ((turn.tense & g.PAST_TENSE) != 0) & (turn.verb > at + 1) & sk.has(at + 1, _SUBJECT | g.BE)
    )
    return turn.has(at, g.WHEN) & turn.past & told & turn.last


def _is_effect(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , which surprised the delegates (adding to fears)."""
    which = ((turn.kind & g.WHICH) != 0) & turn.has(turn.opens + 1, g.EFFECT) & turn.last
    participle = ((turn.kind & g.EFFECT) != 0) & sk.has(turn.opens, g.ING)
    participle &= ~sk.has(turn.opens, g.SAY) | sk.has(turn.opens + 1, g.TO)
    return turn.past & (which | participle)


def _is_apposed(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , a sign of X; that he met Berg | , the chancellor."""
    named = ((turn.kind & g.THE) != 0) & sk.has(turn.at - 1, g.CAPITAL)
    # while he had met Berg, the chancellor had left: no apposition, but a clause
    clause = (turn.tense != 0) & ((turn.tense & g.ENDS_IN_ED) == 0)
    named &= ~clause | (sk.after(g.SUBORDINATOR, turn.opens) < turn.verb)
    # that a drone was shot down | , the third such incident this month
    named |= ((turn.kind & g.THE) != 0) & turn.has(turn.opens + 1, g.RANK) & ~clause
    return (((turn.kind & g.ARTICLE) != 0) | named) & sk.has(turn.at, g.COMMA) & turn.last


def _is_gloss(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said he would meet Berg | , who has led the country since her father died."""
    who = ((turn.kind & g.WHO) != 0) & (turn.end - turn.opens > 8)
    where = ((turn.kind & g.WHERE) != 0) & turn.past
    unshifted = sk.has(turn.opens + 1, g.AUXILIARY) & ((turn.tense & (g.HAD | g.MODAL)) == 0)
    which = ((turn.kind & g.WHICH) != 0) & (unshifted | ~turn.speech)
    return (who | where | which) & sk.has(turn.at, g.COMMA) & turn.last


def _is_manner(sk: Skeleton, turn: Turn) -> Mask:
    """Peskov said the talks had failed | , without giving details (, speaking in Sochi)."""
    spoke = sk.has(turn.opens, g.ING) & sk.has(turn.opens + 1, g.PREPOSITION | g.DAY)
    spoke &= ~sk.has(turn.opens + 1, g.OF) & turn.past
    silent = ~sk.has(turn.opens, g.ING) & turn.has(turn.opens + 1, g.GIVING)
    return ((turn.kind & g.MANNER) != 0) & (spoke | silent) & turn.speech & turn.last


End = Callable[[Skeleton, Turn], Mask]


ENDS: tuple[End, ...] = (
    _another_speaks,
    _is_silent,
    _is_unshifted,
    _is_clause,
    _is_occasion,
    _is_effect,
    _is_apposed,
    _is_gloss,
    _is_manner,
)
