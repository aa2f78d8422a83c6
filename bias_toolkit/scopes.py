"""Give each cue its content and its source: rules in order, the first that fits decides.

A rule is a function over cues, in positions of the skeleton, and its docstring is the sentence
that it exists for.  The approach follows rule-based quotation extraction (Pouliquen et al. 2007;
Krestel et al. 2008; Schneider et al. 2010), on arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.cues import (
    FUNCTION,
    TURN,
    Cues,
    before_adverbs,
    is_according,
    is_by_agent,
    is_heard,
    is_passive,
    name_start,
)
from bias_toolkit.skeleton import Ints, Mask, Skeleton

# ------------------------------------------------------------------ noun phrases

_LEFT_STOP = g.BOUNDARY | g.SUBORDINATOR | g.AUXILIARY | g.ACCORDING


_RIGHT_STOP = g.BOUNDARY | g.SUBORDINATOR | g.AUXILIARY | g.DAY | g.TO | g.BY | g.ACCORDING


def phrase_before(sk: Skeleton, end: Ints, floor: Ints) -> tuple[Ints, Ints]:
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
    loose = np.flatnonzero(sk.has(start, g.PREPOSITION) | (end - start > 14))
    end_there, floor_there = end[loose], floor[loose]
    name = np.maximum(name_start(sk, end_there, floor_there), start[loose])
    # in a Congress | noted for; not: after Putin | said
    inside = sk.has(name - 1, g.PREPOSITION, name > floor_there)
    inside &= ~sk.has(name - 1, g.SUBORDINATOR)
    start[loose] = np.where(inside, end_there, name)
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


def _phrase_after(sk: Skeleton, start: Ints, ceiling: Ints, stop: int = 0) -> tuple[Ints, Ints]:
    """The noun phrase that begins at *start*; an apposition after a comma is left out.

    A name after an office is no apposition: said its chairwoman, Olga Lind.
    """
    end = np.minimum(sk.after(_RIGHT_STOP | stop, start), ceiling)
    loose = sk.after(g.PREPOSITION & ~g.OF, start)  # of, for and in stay inside a name
    long = end - start > 9
    end = np.where(long, np.minimum(np.maximum(loose, start + 1), end), end)
    pronoun = sk.has(start, g.HE | g.IT | g.OBJECT_PRONOUN)
    end = _without_date(sk, start, np.where(pronoun, start + 1, end))
    office = sk.has(end - 1, g.ROLE) & ~sk.has(end - 1, g.CAPITAL) & sk.has(end, g.COMMA)
    office &= sk.has(end + 1, g.CAPITAL) & sk.has(end + 2, g.CAPITAL) & (end + 2 < ceiling)
    end = end + 3 * office
    end = end + (office & sk.has(end, g.CAPITAL) & (end < ceiling))
    return start, np.minimum(np.maximum(start, end), start + 14)


def _skip_auxiliaries(sk: Skeleton, cues: Cues) -> Ints:
    """The last position before the cue that is neither auxiliary nor adverb."""
    at = cues.at - 1
    for _ in range(5):
        some = sk.has(at, g.AUXILIARY | g.ADVERB) & ~sk.has(at, g.HE)  # he's (long) sought
        at = at - (some & (at >= cues.begin) & ~_name_like(sk, at))
    return at


def _name_like(sk: Skeleton, at: Ints) -> Mask:
    """An adverb's ending on a name: Kelly, Italy."""
    return sk.has(at, g.CAPITAL) & ~sk.has(at, g.AUXILIARY)


# ------------------------------------------------------------------ scopes

NOWHERE = -1


class Scopes:
    """For each cue up to two stretches of content, and its source, as skeleton ranges."""

    def __init__(self, size: int) -> None:
        self.first = np.full((size, 2), NOWHERE)
        self.second = np.full((size, 2), NOWHERE)
        self.source = np.full((size, 2), NOWHERE)
        self.rule = np.full(size, NOWHERE)

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


def find_scopes(sk: Skeleton, cues: Cues) -> Scopes:
    """Each cue's scope, by the first rule that fits."""
    scopes = Scopes(len(cues))
    for number, rule in enumerate(RULES):
        rows = np.flatnonzero((scopes.rule == NOWHERE) & _may_fit(rule, cues))
        if len(rows):
            scopes.settle(number, rows, rule(sk, cues.take(rows)))
    _clip_to_outer(cues, scopes)
    return scopes


def _clip_to_outer(cues: Cues, scopes: Scopes) -> None:
    """Milley warned China | , Woodward wrote: who warns does not say who wrote it."""
    outer = np.isin(scopes.rule, [RULES.index(rule) for rule in (by_inversion, by_postposition)])
    for step in (1, 2):
        inner = np.arange(len(cues) - step)
        there = inner + step
        begin, end = scopes.first[there].T
        held = outer[there] & (begin <= cues.at[inner]) & (cues.at[inner] < end)
        first = scopes.first[inner]
        held &= (cues.begin[inner] == cues.begin[there]) & (first[:, 1] > end)
        rows = inner[held & (scopes.rule[inner] == RULES.index(by_preposition))]
        scopes.first[rows, 1] = np.maximum(scopes.first[rows + step, 1], scopes.first[rows, 0])
        scopes.second[rows] = NOWHERE


def _may_fit(rule: Rule, cues: Cues) -> Mask:
    """Cues that a rule need look at: those with the flag that it asks for."""
    flag = _ASKS_FOR.get(rule)
    return np.ones(len(cues), bool) if flag is None else (cues.flags & flag) != 0


def _clause_first(sk: Skeleton, cues: Cues) -> Ints:
    """Where the words before a post-posed cue begin: at the sentence, after "But" or "Update:"."""
    colon = sk.after(g.COLON, cues.begin)
    headed = (colon - cues.begin <= 2) & (colon + 1 < cues.at) & (colon > cues.begin)
    begin = np.where(headed & sk.has(cues.begin, g.CAPITAL), colon + 1, cues.begin)
    return begin + sk.has(begin, g.COORDINATOR)


# ------------------------------------------------------------------ rules


def _by_colon(sk: Skeleton, cues: Cues) -> Found:
    """TAPPER: Well, you said that we should go.  /  Peskov: ‘We regret this’."""
    turn = (cues.kind & TURN) != 0
    close = np.searchsorted(sk.paragraph, sk.paragraph[cues.at], "right")
    end = np.where(turn, close, cues.end)
    return Found(cues.kind != 0, (cues.at + 1, end), None, (cues.begin, cues.at))


def by_block(sk: Skeleton, cues: Cues) -> Found:
    """Reporter Jomana Karadsheh says:  (and what she says is the next paragraph)"""
    fits = _introduces_block(sk, cues)
    start = np.minimum(sk.end[sk.sentence[cues.at]], len(sk.flags) - 1)
    close = np.searchsorted(sk.paragraph, sk.paragraph[start], "right")
    end = np.where(sk.has(start, g.QUOTED), start + 1, close)
    source = np.full((2, len(cues)), NOWHERE)
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
    fits = is_according(cues)
    source = _phrase_after(sk, cues.last + 1, cues.end)
    # "the statement, X": what follows the next comma; an apposition may stand between
    comma = np.minimum(sk.after(g.COMMA, source[1]), sk.after(g.QUOTED, source[1]))
    leading = cues.at - cues.begin <= 3
    lead_end = np.minimum(comma + sk.has(comma, g.COMMA), cues.end)
    tail = np.minimum(source[1] + 1, cues.end)
    goes_on = sk.has(source[1], g.COMMA) & (cues.end - tail > 3)
    first = np.where(leading, lead_end, _clause_first(sk, cues))
    stop = np.where(leading, cues.end, cues.at - sk.has(cues.at - 1, g.COMMA))
    second = np.where(~leading & goes_on, tail, NOWHERE)
    second_end = np.where(~leading & goes_on, cues.end, NOWHERE)
    return Found(fits, (first, stop), (second, second_end), source)


def by_noun(sk: Skeleton, cues: Cues) -> Found:
    """The accusation that Russia did not support Armenia; Peskov's claim that X."""
    fits = ((cues.flags & g.NOUN_CUE) != 0) & ((cues.after & g.THAT) != 0)
    verb = ((cues.flags & g.VERB) != 0) & (cues.before & (g.DETERMINER | g.POSSESSIVE) == 0)
    end = np.minimum(sk.after(g.COMMA | g.AUXILIARY, cues.at + 4), cues.end)
    owner = (cues.before & g.POSSESSIVE) != 0
    start = np.where(owner, name_start(sk, cues.at, cues.begin), NOWHERE)
    return Found(fits & ~verb, (cues.at + 1, end), None, (start, np.where(owner, cues.at, NOWHERE)))


def _by_saying(sk: Skeleton, cues: Cues) -> Found:
    """“X,” the statement cited Putin as saying.  /  Peskov was quoted (by Y) as saying that X."""
    relay = sk.before(g.RELAY, cues.at)
    fits = ((cues.flags & g.SAYING) != 0) & ((cues.before & g.AS) != 0)
    fits &= (relay >= cues.begin) & (cues.at - relay <= 16)
    passive = sk.has(relay + 1, g.AS | g.BY)
    subject = relay
    for _ in range(3):
        subject = subject - sk.has(subject - 1, g.AUXILIARY | g.ADVERB)
    theirs = phrase_before(sk, subject, cues.begin)
    source = (
        np.where(passive, theirs[0], relay + 1),
        np.where(passive, theirs[1], cues.at - 1),
    )
    boundary = np.maximum(sk.before(g.COMMA, relay), sk.before(g.QUOTED, relay))
    post = (boundary >= cues.begin) & (cues.end - cues.at <= 3)
    first = np.where(post, _clause_first(sk, cues), _content_start(sk, cues))
    stop = np.where(post, boundary + 1, cues.end)
    return Found(fits, (first, stop), None, source)


def _by_relay(sk: Skeleton, cues: Cues) -> Found:
    """X, RIA Novosti quotes Peskov."""
    boundary = np.maximum(sk.before(g.COMMA, cues.at), sk.before(g.QUOTED, cues.at))
    source = _phrase_after(sk, cues.at + 1, cues.end)
    fits = ((cues.flags & g.RELAY) != 0) & ((cues.flags & g.ING) == 0)
    fits &= boundary - cues.begin >= 3
    fits &= (cues.at - boundary <= 5) & (source[1] >= cues.end) & (source[1] > source[0])
    return Found(fits, (_clause_first(sk, cues), boundary), None, source)


def _by_passive(sk: Skeleton, cues: Cues) -> Found:
    """Moves condemned by the Russian Foreign Ministry as “unfriendly”."""
    fits = is_by_agent(cues) & ((cues.flags & (g.OBJECT | g.CLAUSE)) != 0)
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


def by_hearer(sk: Skeleton, cues: Cues) -> Found:
    """Asked whether he would resign, ...  /  Russia is accused of X.  /  They were told that X."""
    start = cues.last + 1
    comma = sk.after(g.COMMA, start)
    leading = (cues.at - cues.begin <= 1) & (comma < cues.end)
    end = np.where(leading, comma, _content_end(sk, cues, start))
    # accused of “war crimes” by the UN
    by = sk.after(g.BY, start)
    agent = (by < end) & sk.has(by - 1, g.QUOTED) & ((cues.flags & g.ACCUSE) != 0)
    source = _phrase_after(sk, by + 1, cues.end)
    source = (np.where(agent, source[0], NOWHERE), np.where(agent, source[1], NOWHERE))
    return Found(is_heard(sk, cues), (start, np.where(agent, by, end)), None, source)


def by_question(sk: Skeleton, cues: Cues) -> Found:
    """Vogt refused to say (would not say) whether he knew: nobody claims that he did."""
    verb = g.SAY | g.THINK
    refuses = ((cues.after & g.TO) != 0) & ((cues.flags & g.INFINITIVE) != 0)
    refuses &= sk.has(cues.at + 2, verb)
    denies = ((cues.flags & verb) != 0) & ((cues.before & g.NEGATION) != 0)
    start = cues.at + np.where(refuses, 3, 1)
    fits = (refuses | denies) & sk.has(start, g.SUBORDINATOR)
    fits &= ~sk.has(start, g.THAT | g.AS | g.COORDINATOR | g.PREPOSITION)
    return Found(fits & (start < cues.end), (start, _content_end(sk, cues, start)))


def by_inversion(sk: Skeleton, cues: Cues) -> Found:
    """“X,” said Dmitry Peskov, the spokesman.  /  X, said the ministry."""
    says = ((cues.flags & (g.SAY | g.THINK)) != 0) & ((cues.flags & (g.ING | g.TELL)) == 0)
    quoted_before = (cues.before & g.QUOTED) != 0
    quoted_near = quoted_before | (
        ((cues.before & g.COMMA) != 0) & sk.has(cues.at - 2, g.QUOTED, cues.at - 2 >= cues.begin)
    )
    opens = quoted_before | ((cues.before & g.COMMA) != 0)
    start, end = _phrase_after(sk, cues.at + 1, cues.end)
    # read a sign held by Tom Berg: the name does not stand alone
    held = sk.has(end, g.BY, end < cues.end) & sk.has(start, g.DETERMINER)
    held &= ~sk.has(end - 1, g.DAY | g.BOUNDARY)
    end = np.where(held, _phrase_after(sk, end + 1, cues.end)[1], end)
    named = (cues.after & (g.CAPITAL | g.DETERMINER | g.TITLE | g.ROLE | g.INSTITUTION | g.HE)) != 0
    described = ((cues.after & g.WORD) != 0) & ((cues.after & FUNCTION) == 0)  # former, one
    named |= described & quoted_near
    named &= (cues.after & g.THAT) == 0
    closes = (end >= cues.end) | sk.has(end, g.BOUNDARY | g.DAY | g.SUBORDINATOR | g.PREPOSITION)
    # "X came, said Mr. Y envisioned": a verb follows the name, so the name is content
    far = cues.at - cues.begin >= 4
    fits = says & opens & named & closes & (end > start) & (quoted_near | far)
    fits &= (sk.after(g.THAT, cues.at) >= end) | quoted_near
    plainly = sk.has(end, g.BOUNDARY & ~g.QUOTED) | (end >= cues.end)
    plainly &= sk.after(g.VERB | g.AUXILIARY, cues.at + 2) >= end
    apposed, named_first = _is_apposed(sk, cues)
    fits &= quoted_near | (_joint(sk, cues.at, cues.begin) < 0)
    fits &= quoted_near | ~(named_first | (apposed & ~plainly))
    quote = sk.after(g.QUOTED, end)
    more = quote < cues.end
    second = np.where(more, quote, NOWHERE)
    return Found(
        fits,
        (_clause_first(sk, cues), cues.at),
        (second, np.where(more, cues.end, NOWHERE)),
        (start, end),
    )


def _is_apposed(sk: Skeleton, cues: Cues) -> tuple[Mask, Mask]:
    """Asa Khalif, an organizer with the coalition, said the march would go on.

    The second mask: where the sentence surely begins with a bare name, as here.
    """
    comma = sk.after(g.COMMA, cues.begin)
    verb = sk.after(g.VERB | g.AUXILIARY, cues.begin)
    noun = sk.has(cues.begin, g.CAPITAL | g.DETERMINER | g.COORDINATOR | g.ADVERB)
    apposed = noun & (comma < cues.at - 1) & (verb > comma)
    bare = name_start(sk, np.minimum(comma, len(sk.flags) - 1), cues.begin) == cues.begin
    return apposed, apposed & bare & (comma - cues.begin <= 4)


def _by_as(sk: Skeleton, cues: Cues) -> Found:
    """As Clinton told the News, X.  /  X, as Peskov said in April.  /  Still, as he said, X."""
    says = ((cues.flags & (g.SAY | g.TELL)) != 0) & ((cues.flags & (g.ING | g.WEAK)) == 0)
    start, end = phrase_before(sk, _skip_auxiliaries(sk, cues) + 1, cues.begin)
    at = start - 1
    joined = sk.has(at, g.AS, at >= cues.begin)
    bare = (cues.after & (g.BOUNDARY | g.PREPOSITION | g.DAY | g.ADVERB)) != 0
    bare |= (cues.flags & g.TELL) != 0
    leading = at == _clause_first(sk, cues)
    trailing = ~leading & sk.has(at - 1, g.COMMA | g.QUOTED | g.DASH)
    comma = sk.after(g.COMMA, cues.at)
    resumes = (comma < cues.end - 2) & (leading | (at - cues.begin <= 4))
    fits = says & joined & (end > start) & bare & (resumes | trailing)
    # "she believed that, as he had claimed, X": what follows, not her believing
    inserted = sk.has(at - 2, g.THAT, at - 2 >= cues.begin) & (comma < cues.end - 2)
    first = np.where(leading | inserted, comma + 1, _clause_first(sk, cues))
    stop = np.where(leading | inserted, cues.end, at - 1 + sk.has(at - 1, g.QUOTED))
    resumes &= ~leading & ~inserted
    second = (np.where(resumes, comma + 1, NOWHERE), np.where(resumes, cues.end, NOWHERE))
    return Found(fits, (first, stop), second, (start, end))


def by_postposition(sk: Skeleton, cues: Cues) -> Found:
    """“X,” he said.  /  X, Peskov said on Monday.  /  Russia, Peskov stressed, simply did not."""
    says = ((cues.flags & (g.CLAUSE | g.TELL)) != 0) & ((cues.flags & g.ING) == 0)
    noun_end = _skip_auxiliaries(sk, cues) + 1
    closing = noun_end - 1
    apposed = sk.has(closing, g.COMMA, closing >= cues.begin)
    noun_end = np.where(apposed, _before_apposition(sk, cues), noun_end)
    start, end = phrase_before(sk, noun_end, cues.begin)
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
    last_quote = sk.after(g.QUOTED | g.COLON, cues.at) >= cues.end
    opens = sk.has(boundary, g.QUOTED_OPENING) & ((cues.after & g.THAT) == 0)
    ends |= ((quoted & (cues.end - cues.at <= 5)) | opens) & last_quote
    theirs = that > np.minimum(np.minimum(cues.at + 9, cues.end), cues.later)
    ends &= inserted | resumes | theirs
    ends &= ~(((cues.after & (g.QUOTED | g.COLON)) != 0) | introduces) | quoted
    long = boundary - cues.begin >= 4
    leading = sk.has(cues.begin, g.PREPOSITION | g.SUBORDINATOR | g.ING) & ~quoted
    leading &= boundary == sk.after(g.COMMA, cues.begin)
    ends &= ~leading | ((cues.after & (g.COMMA | g.STOP)) != 0)
    fits = says & bounded & (end > start) & ends & (long | quoted | inserted | resumes)
    fits &= ~is_by_agent(cues) & ~sk.has(noun_end - 1, g.COORDINATOR)
    # the city had failed — a charge the mayor has denied
    claim = sk.has(start, g.DETERMINER) & sk.has(start + 2, g.DETERMINER, start + 2 < end)
    fits &= ~(sk.has(boundary, g.DASH | g.COMMA) & claim)
    fits &= ~_is_nickname(sk, cues, boundary)
    first = (_clause_first(sk, cues), boundary + sk.has(boundary, g.QUOTED))
    return Found(fits, first, _resumed(sk, cues), (start, np.maximum(end, start)))


def _is_nickname(sk: Skeleton, cues: Cues, quote: Ints) -> Mask:
    """“Iron Lady” Margaret Thatcher said there was no such thing: the quotation is no content."""
    bare = sk.has(quote, g.QUOTED) & ~sk.has(quote, g.QUOTED_FINAL) & ((cues.flags & g.TELL) == 0)
    some = np.flatnonzero(bare)
    after, place = cues.after[some], quote[some]
    follows = (after & g.WORD) != 0
    follows &= (after & (g.PREPOSITION | g.SUBORDINATOR | g.DAY | g.ADVERB | g.ING)) == 0
    follows &= sk.last[place] - sk.first[place] <= 4
    bare[some] = follows & (cues.end[some] - cues.at[some] > 3)
    return bare


def _before_apposition(sk: Skeleton, cues: Cues) -> Ints:
    """Before the first comma of "Grigoryan, the secretary of the council, said"."""
    closing = _skip_auxiliaries(sk, cues)
    opening = sk.before(g.BOUNDARY, closing)
    place = name_start(sk, closing, cues.begin) == opening + 1  # from Monsey, New York, said
    wider = sk.before(g.BOUNDARY, opening)
    place &= sk.has(wider, g.COMMA) & (wider > cues.begin)
    # Petrov, nicknamed “the Butcher” by his enemies, said
    described = sk.has(opening, g.QUOTED) & sk.has(wider - 1, g.CAPITAL)
    described &= sk.has(wider, g.COMMA) & (wider > cues.begin)
    aged = sk.has(opening - 1, g.DIGIT) & (wider == opening - 2)  # Jim Lee, 73, a retiree, said
    aged &= sk.has(wider, g.COMMA) & (wider > cues.begin)
    opening = np.where(place | described | aged, wider, opening)
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
    joined = sk.has(follows, g.COORDINATOR)  # he said, and demanded a recount
    joined &= sk.has(follows + 1 + sk.has(follows + 1, g.ADVERB), g.VERB)
    unfit = joined | sk.has(follows, g.ING | g.PREPOSITION | g.SUBORDINATOR | g.VERB) & ~short
    unfit &= ~sk.has(follows, g.QUOTED | g.THAT)
    quote = sk.after(g.QUOTED, cues.at + 1)
    start = np.where(comma & ~unfit & (follows < cues.end), follows, quote)
    fits = start < cues.end
    return np.where(fits, start, NOWHERE), np.where(fits, cues.end, NOWHERE)


def by_judgement(sk: Skeleton, cues: Cues) -> Found:
    """It was unfair of some circles to say that X: X is theirs, whoever finds it unfair."""
    of = sk.before(g.OF, cues.at - 1)
    fits = ((cues.flags & g.SAY) != 0) & ((cues.before & g.TO) != 0)
    fits &= (of >= cues.begin) & (cues.at - of <= 12) & (sk.before(g.BOUNDARY, cues.at) < of)
    be = of - 2 - sk.has(of - 2, g.ADVERB)  # so unfair
    fits &= sk.has(be, g.BE)
    for _ in range(2):
        be = be - sk.has(be - 1, g.AUXILIARY)  # would have been
    fits &= sk.has(be - 1, g.IT)
    start = _content_start(sk, cues)
    end = _content_end(sk, cues, start)
    return Found(fits & (end > start), (start, end), None, (of + 1, cues.at - 1))


def by_preposition(sk: Skeleton, cues: Cues) -> Found:
    """Peskov said (that) X.  /  Baku demanded X.  /  calling what was happening “an act”."""
    fits = (cues.flags & g.VERB) != 0
    fits &= ~(((cues.flags & g.RELAY) != 0) & sk.has(cues.at + 1, g.STOP))
    saying = sk.after(g.SAYING, cues.at)  # Interfax quoted him as saying X: one attribution, his
    relays = ((cues.flags & g.RELAY) != 0) & (saying < np.minimum(cues.at + 16, cues.end))
    fits &= ~(relays & sk.has(saying - 1, g.AS))
    source = _subject(sk, cues)
    start = _content_start(sk, cues)
    end = _content_end(sk, cues, start)
    passive = is_passive(sk, cues) & ((cues.flags & g.ADJECTIVE) == 0)
    to_infinitive = (cues.before & g.TO) != 0
    named = sk.has(cues.at - 2, g.CAPITAL, cues.at - 2 >= cues.begin)
    named &= ~sk.has(cues.at - 2, g.DAY)
    some = np.flatnonzero(to_infinitive & named)  # shopping at Walmart to talk about it
    name = name_start(sk, cues.at[some] - 1, cues.begin[some])
    named[some] = ~sk.has(name - 1, g.PREPOSITION, name > cues.begin[some])
    fits &= ~passive & ~is_by_agent(cues) & (~to_infinitive | named) & (end > start)
    return Found(fits, (start, end), None, source)


# ------------------------------------------------------------------ sources and ends


def _subject(sk: Skeleton, cues: Cues) -> tuple[Ints, Ints]:
    """The noun phrase before the cue; empty for participles and second verbs, which inherit."""
    noun_end = _skip_auxiliaries(sk, cues) + 1
    apposed = sk.has(noun_end - 1, g.COMMA, noun_end > cues.begin)
    name_end = np.where(apposed, _before_apposition(sk, cues), noun_end)
    infinitive = (cues.before & g.TO) != 0
    name_end = np.where(infinitive, cues.at - 1, name_end)
    start, end = phrase_before(sk, name_end, cues.begin)
    end = np.where(infinitive, end, _with_apposition(sk, end, noun_end - 1))
    start = np.where(infinitive, name_start(sk, name_end, cues.begin), start)
    participle = (cues.flags & g.ING) != 0
    participle &= ~sk.has(before_adverbs(sk, cues), g.BE)
    absolute = participle & ((cues.before & (g.BOUNDARY | g.COORDINATOR)) == 0)
    absolute &= sk.before(g.WITH, cues.at) >= np.maximum(cues.at - 6, cues.begin)
    with_end = sk.before(g.WITH, cues.at) + 1
    start = np.where(absolute, with_end, start)
    end = np.where(absolute, cues.at, end)
    none = (participle & ~absolute) | (end <= start)
    joined = sk.has(name_end - 1, g.COORDINATOR | g.SUBORDINATOR, name_end > cues.begin)
    none |= joined & ~sk.has(name_end - 1, g.SUBJECT)
    first, second = _sentence_subject(sk, cues)
    # in a Congress noted for it: the noun before the verb is known, and is no subject
    noun = (cues.before & g.WORD) != 0
    noun &= (cues.before & (FUNCTION | g.COORDINATOR)) == 0
    take = none & (second > first) & cues.opens & (participle | ~noun)
    start, end = np.where(take, first, start), np.where(take, second, end)
    none &= ~take
    return np.where(none, NOWHERE, start), np.where(none, NOWHERE, end)


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
    named = (end > opened) & ~sk.has(opened, g.DAY)  # Saturday, he flew home, accusing her
    return start, np.where(named, end, start)


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
        day = sk.has(plain, g.DAY, plain < cues.end) & ~sk.has(plain, g.POSSESSIVE)
        plain = plain + 2 * dated + day
    to = sk.after(g.TO, start)
    infinitive = (cues.flags & g.INFINITIVE) != 0
    infinitive &= (to < np.minimum(start + 10, cues.end)) & ~near
    result = np.where((aside | told) & near, that, plain)
    result = np.where(infinitive & ((cues.flags & g.OBJECT) == 0), to, result)
    return result + sk.has(result, g.COLON | g.COMMA, result < cues.end)


def _content_end(sk: Skeleton, cues: Cues, start: Ints) -> Ints:
    """The end of the sentence, or where a second verb or what encloses the cue takes over."""
    end = cues.end.copy()
    later = cues.later
    ing_later = sk.has(later, g.ING)
    joint = _joint(sk, later, start)
    second = (joint >= 0) & ~ing_later
    second |= sk.has(later - 1, g.COMMA) & ing_later
    stop = np.where(joint >= 0, joint, later - 1)
    end = np.where((later < end) & (later > start + 2) & second, stop, end)
    end = np.where(_is_fronted(sk, cues), np.minimum(sk.after(g.COMMA, start), end), end)
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
    bounded = ((cues.flags & g.OBJECT) != 0) & ((cues.flags & g.CLAUSE) == 0)
    aside = sk.after(g.SUBORDINATOR, start + 2)
    likened = np.flatnonzero(bounded & sk.has(aside, g.AS) & ((cues.flags & g.RELAY) == 0))
    likened = likened[sk.has(aside[likened] + 1, g.QUOTED | g.DETERMINER)]
    after = aside[likened] + 1  # described the storm as | “the worst in years”
    close = np.where(sk.has(after, g.QUOTED), after + 1, sk.after(g.SUBORDINATOR, after))
    end[likened], aside[likened] = np.minimum(close, end[likened]), close
    aside_ok = sk.has(aside, g.PREPOSITION) | sk.has(aside, g.COORDINATOR)
    end = np.where(bounded & aside_ok & (aside < end), aside, end)
    # accused him on Monday of X: the object is what follows "of"
    of = sk.after(g.OF, start)
    accused = ((cues.flags & g.ACCUSE) != 0) & (of < end)
    return np.where(bounded, np.minimum(end, _object_end(sk, np.where(accused, of, start))), end)


def _is_fronted(sk: Skeleton, cues: Cues) -> Mask:
    """If (but when) Smith says X | , Jones will resign: the clause ends where the main one begins.

    Not if X is followed by a further object or clause of Smith's: ", and Y"; ", which Z".
    """
    opens = g.SUBORDINATOR | g.COORDINATOR | g.ADVERB | g.AUXILIARY  # few sentences: look there
    some = np.flatnonzero((cues.at - cues.begin <= 9) & sk.has(cues.begin, opens))
    at, first = cues.at[some], cues.begin[some]
    begin = first + sk.has(first, g.COORDINATOR | g.ADVERB)
    comma = sk.after(g.COMMA, begin)
    goes_on = sk.has(comma + 1, g.COORDINATOR | g.SUBORDINATOR | g.ING)
    fits = sk.is_one(begin, "fronting") | sk.is_one(first, "supposed")
    fits &= (at - begin <= 8) & (comma > at) & ~goes_on
    found = np.zeros(len(cues), bool)
    found[some] = fits & (sk.after(g.VERB, begin + 1) == at)
    return found


def _joint(sk: Skeleton, at: Ints, floor: Ints) -> Ints:
    """The "and" that joins a verb to the one before it: and then | and, on Monday, demanded."""
    before = at - 1
    for _ in range(2):
        before = before - sk.has(before, g.ADVERB, before > floor)
    joint = np.where(sk.has(before, g.COORDINATOR, before > floor), before, NOWHERE)
    aside = sk.before(g.COORDINATOR, at)
    parted = sk.has(at - 1, g.COMMA) & sk.has(aside + 1, g.COMMA)
    parted &= (aside > floor) & (aside + 1 < at - 1) & (at - aside <= 7)
    return np.where(parted, aside, joint)


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
    by_block,
    _by_according,
    by_noun,
    _by_saying,
    _by_relay,
    _by_passive,
    by_hearer,
    by_question,
    by_inversion,
    _by_as,
    by_postposition,
    by_judgement,
    by_preposition,
)


_ASKS_FOR: dict[Rule, int] = {
    _by_colon: g.COLON,
    by_block: g.SAY,
    _by_according: g.ACCORDING,
    by_noun: g.NOUN_CUE,
    _by_saying: g.SAYING,
    _by_relay: g.RELAY,
    _by_passive: g.PAST,
    by_hearer: g.HEARER,
    by_judgement: g.SAY,
    by_question: g.INFINITIVE | g.SAY | g.THINK,
}


def settled(sk: Skeleton, cues: Cues, scopes: Scopes) -> tuple[Cues, Scopes]:
    """Only cues that a rule gave some content, and that are more than a part of another's."""
    keep = (scopes.rule >= 0) & (scopes.first[:, 1] > scopes.first[:, 0])
    cues, scopes = cues.take(keep), scopes.take(keep)
    keep = ~_is_part_of_speech(sk, cues, scopes)
    return cues.take(keep), scopes.take(keep)


def _is_part_of_speech(sk: Skeleton, cues: Cues, scopes: Scopes) -> Mask:
    """Peskov said he hoped that X: what he hopes is what he says, one attribution, not two."""
    weak = (cues.flags & g.WEAK) != 0
    first, end = scopes.source.T
    pronoun = (end - first == 1) & sk.has(first, g.HE | g.IT | g.SUBJECT)
    thought = (cues.flags & (g.THINK | g.INFINITIVE)) != 0
    part = weak | (pronoun & thought)
    some = np.flatnonzero(part)
    part[some] = parents_of(cues, scopes, some) >= 0
    return part


def parents_of(cues: Cues, scopes: Scopes, rows: Ints | None = None) -> Ints:
    """The nearest attribution whose content holds the cue, of all or of *rows*; -1 if none.

    Nearest means smallest.  A parent is always larger than its child (or stands before it), so
    there are no circles.
    """
    rows = np.arange(len(cues)) if rows is None else rows
    at = cues.at[rows]
    parent = np.full(len(rows), NOWHERE)
    size = np.full(len(rows), np.iinfo(np.int64).max)
    width = (scopes.first[:, 1] - scopes.first[:, 0]) + (scopes.second[:, 1] - scopes.second[:, 0])
    for step in (-4, -3, -2, -1, 1, 2, 3):
        other = rows + step
        ok = (other >= 0) & (other < len(cues))
        other = np.where(ok, other, 0)
        wide = width[other]
        ok &= (wide > width[rows]) | ((wide == width[rows]) & (step < 0))
        holds = np.zeros(len(rows), bool)
        for span in (scopes.first, scopes.second):
            holds |= (span[other, 0] <= at) & (at < span[other, 1])
        better = ok & holds & (wide < size)
        parent, size = np.where(better, other, parent), np.where(better, wide, size)
    return parent
