"""Find the words that may report somebody's words: candidate cues, less those that here do not.

A cue is a verb, a noun before "that", "according to", an adjective of attitude with its
complement, or a colon after a name.  Each veto is a function over all candidates at once, and its
docstring is the sentence that it exists for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.skeleton import Ints, Mask, Skeleton

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


def find_cues(sk: Skeleton) -> Cues:
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
    keep = _verb_cues(sk, cues) | _noun_cues(sk, cues) | is_according(cues) | turns | headings
    cues = cues.take(keep)
    short = cues.last == cues.at
    cues.last = cues.last + (short & (is_according(cues) | _called_on(cues)))
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
    # Opinion: I saw it; Data: witnesses in figures: the heading of a page, not a speaker
    page = ((sk.flags[begin] & g.NOBODY) != 0) | sk.is_one(begin, "page")
    speaks &= ~((at - begin == 1) & page)
    keep = alone & named & speaks & (end - at >= 4) & (end - at <= 25)
    at, begin, end = at[keep], begin[keep], end[keep]
    found[at[~(_is_claimed(sk, at, end) | _is_topic(sk, at, begin, end))]] = True
    return found


def _is_claimed(sk: Skeleton, at: Ints, end: Ints) -> Mask:
    """Brexit: My plan is best, says May: the words after the colon have a speaker there."""
    claimed = np.zeros(len(at), bool)
    for row, (first, last) in enumerate(zip(at.tolist(), end.tolist(), strict=True)):
        flags = sk.flags[first:last]
        says = ((flags & g.SAY) != 0) & ((flags & (g.WEAK | g.ING)) == 0)
        after = (flags[:-1] & (g.COMMA | g.QUOTED)) != 0
        claimed[row] = bool((says[1:] & after).any() or says[-1])
    return claimed


def _is_topic(sk: Skeleton, at: Ints, begin: Ints, end: Ints) -> Mask:
    """Ukraine: I saw the bombs fall; Letters: Why I left: no country and no page says "I"."""
    first_person = np.concatenate([[0], np.cumsum((sk.flags & g.FIRST_PERSON) != 0)])
    personal = first_person[end] > first_person[at + 1]
    role = np.concatenate([[0], np.cumsum((sk.flags & g.ROLE) != 0)])
    page = sk.has(at - 1, g.EVIDENT | g.INSTITUTION) & (role[at] == role[begin])
    return personal & (page | sk.is_one(at - 1, "places"))


def _phrasal(sk: Skeleton, cues: Cues) -> tuple[Mask, Ints]:
    """Talked about; made (it) clear that; was sceptical of: and how far off the particle is."""
    takes = sk.takes[cues.at]
    adjective = (cues.flags & g.ADJECTIVE) != 0
    be = sk.has(before_adverbs(sk, cues), g.BE)
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


def is_according(cues: Cues) -> Mask:
    """According to Peskov."""
    return ((cues.flags & g.ACCORDING) != 0) & ((cues.after & g.TO) != 0)


def _noun_cues(sk: Skeleton, cues: Cues) -> Mask:
    """The accusation that Russia allegedly did not help; not: claims that were dropped."""
    found = ((cues.flags & g.NOUN_CUE) != 0) & ((cues.after & g.THAT) != 0)
    at = cues.at[found] + 2
    found[found] = ~sk.has(at, g.AUXILIARY) | sk.has(at, g.NEGATION)
    return found


# ------------------------------------------------------------------ vetoes


def _verb_cues(sk: Skeleton, cues: Cues) -> Mask:
    """Verbs of reporting, less nouns, names, idioms and forms that are usually something else."""
    ok = ((cues.flags & g.VERB) != 0) & ((cues.flags & g.PREPOSITION) == 0)
    vetoes = (_is_noun, _is_name, _is_bare_passive, _is_adjective, _is_naming, _is_empty)
    for veto in (*vetoes, _is_before_name):
        ok &= ~veto(sk, cues)
    phrasal = (cues.kind & PHRASAL) != 0
    plain = ok & ~phrasal
    for veto in (_is_idiom, _is_growth, _is_weak, _is_without_evidence):
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


def is_heard(sk: Skeleton, cues: Cues) -> Mask:
    """Asked whether; if told that; is accused of: the subject hears, and nobody is named."""
    heard = ((cues.flags & g.HEARER) != 0) & ((cues.flags & g.PAST) != 0)
    clausal = g.THAT | g.SUBJECT | g.DETERMINER | g.COORDINATOR
    loose = ((cues.before & g.SUBORDINATOR) != 0) & ((cues.before & clausal) == 0)
    loose |= (cues.at == cues.begin) | is_passive(sk, cues)
    linked = (cues.after & (g.THAT | g.SUBORDINATOR | g.OF | g.QUOTED)) != 0
    linked |= ((cues.after & g.COMMA) != 0) & sk.has(cues.at + 2, g.QUOTED)
    return heard & loose & (linked | ((cues.kind & PHRASAL) != 0))


FUNCTION = (
    g.BOUNDARY | g.THAT | g.TO | g.BY | g.AS | g.DETERMINER | g.SUBORDINATOR | g.PREPOSITION
    | g.OBJECT_PRONOUN | g.SUBJECT | g.HE | g.IT | g.DAY | g.ADVERB | g.AUXILIARY
)  # fmt: skip


def _is_adjective(sk: Skeleton, cues: Cues) -> Mask:
    """Twenty pledged delegates; Sanders' stated plans; as expected; if asked."""
    participle = ((cues.flags & g.PAST) != 0) & ((cues.kind & PHRASAL) == 0)
    noun_follows = (cues.after & (FUNCTION | g.CAPITAL | g.DIGIT)) == 0
    numbered = (cues.before & g.DIGIT) != 0
    numbered &= ~(sk.has(cues.at - 2, g.PREPOSITION) & sk.has(cues.at - 3, g.DIGIT))  # four in ten
    numbered |= (cues.before & g.POSSESSIVE) != 0
    clausal = g.THAT | g.SUBJECT | g.DETERMINER | g.COORDINATOR
    after_conjunction = ((cues.before & g.SUBORDINATOR) != 0) & ((cues.before & clausal) == 0)
    # Rather, he said, continued struggles will help; but: Tim Cook, the chief, said sales rose
    loose = ((cues.before & g.COMMA) != 0) & ((cues.after & g.PLURAL) != 0) & noun_follows
    loose &= ((cues.flags & (g.OBJECT | g.INFINITIVE)) == 0) & ~sk.has(cues.at - 2, g.QUOTED)
    loose &= ~sk.is_one(cues.at, "said")
    adjective = (numbered & noun_follows) | after_conjunction | loose
    return participle & adjective & ~is_heard(sk, cues)


def _is_naming(sk: Skeleton, cues: Cues) -> Mask:
    """A new group called Black Votes Matter."""
    called = ((cues.flags & g.CALL) != 0) & ((cues.flags & g.PAST) != 0)
    subject = FUNCTION | g.CAPITAL | g.ROLE | g.QUOTED | g.STOP
    named = ((cues.after & g.CAPITAL) != 0) & ((cues.after & g.POSSESSIVE) == 0)
    return called & ((cues.before & subject) == 0) & named & ~sk.has(cues.at - 2, g.POSSESSIVE)


def _is_empty(sk: Skeleton, cues: Cues) -> Mask:
    """Said nothing about it; I said it; easier said than done; that said, ...; to, say, ten."""
    says = (cues.flags & g.SAY) != 0
    closing = (g.BOUNDARY & ~g.QUOTED) | (g.PREPOSITION & ~g.OF) | g.COORDINATOR | g.PAST
    after = sk.has(cues.at + 2, closing) & ~sk.has(cues.at + 2, g.OF)
    stops = sk.has(cues.at + 2, g.COMMA | g.STOP) | (cues.at + 2 >= cues.end)
    after = np.where((cues.after & g.IT) != 0, stops, after | stops)
    pro = ((cues.after & g.PROFORM) != 0) & after
    ends = sk.has(cues.at + 3, g.BOUNDARY | g.PREPOSITION) | (cues.at + 3 >= cues.end)
    pro |= ((cues.after & g.PROFORM) != 0) & ((cues.after & g.SUBORDINATOR) != 0) & ends
    aside = ((cues.after & g.COMMA) != 0) & ((cues.before & (g.THAT | g.COMMA)) != 0)
    aside &= ~sk.has(cues.at - 2, g.QUOTED) & (cues.at - cues.begin <= 1)
    # school, or, say, a job
    bare = (cues.flags & (g.PAST | g.PLURAL | g.ING)) == 0
    aside |= bare & ((cues.before & cues.after & g.COMMA) != 0) & ~sk.has(cues.at - 2, g.QUOTED)
    return says & (pro | aside)


def _is_name(sk: Skeleton, cues: Cues) -> Mask:
    """Secretary of State John Kerry — unless in a headline, where every verb has a capital."""
    capital = (cues.flags & g.CAPITAL) != 0
    inside = (cues.before & (g.STOP | g.COMMA | g.QUOTED | g.COLON | g.DASH)) == 0
    return capital & inside & ~_in_headline(sk, cues)


def _is_before_name(sk: Skeleton, cues: Cues) -> Mask:
    """“X,” state Senator Lee said: a bare verb right after a quotation, another after it."""
    bare = (cues.flags & (g.PAST | g.ING | g.PLURAL)) == 0
    bare &= ((cues.before & g.QUOTED) != 0) & ((cues.after & (g.CAPITAL | g.ROLE)) != 0)
    some = np.flatnonzero(bare)
    verb = sk.after(g.VERB, cues.at[some] + 1)
    bare[some] = (verb < cues.end[some]) & sk.has(verb, g.SAY)
    return bare


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
    return wrong | (bare_object & into & ~is_by_agent(cues))


def _is_growth(sk: Skeleton, cues: Cues) -> Mask:
    """The economy added 200,000 jobs; the officer continued walking."""
    found = np.zeros(len(cues), bool)
    for follows, verb in ((g.DIGIT, "grows"), (g.ING, "goes on")):
        some = np.flatnonzero((cues.after & follows) != 0)
        found[some] |= sk.is_one(cues.at[some], verb)
    return found


def is_by_agent(cues: Cues) -> Mask:
    """Condemned by the ministry."""
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
    return weak & ~shown & ~is_by_agent(cues) & ~_called_on(cues)


def _has_named_subject(sk: Skeleton, cues: Cues) -> Mask:
    """Trump wants to; four in ten want a; X, Frank notes, Y; but: the Trump plans were."""
    named = ((cues.before & g.CAPITAL) != 0) & ((cues.before & (g.DETERMINER | g.POSSESSIVE)) == 0)
    counted = (cues.before & (g.DIGIT | g.NOBODY | g.PLURAL)) != 0
    counted &= ((cues.before & (g.VERB | FUNCTION)) == 0) & ((cues.flags & g.PLURAL) == 0)
    goes_on = (cues.after & (g.DETERMINER | g.TO | g.OBJECT_PRONOUN | g.CAPITAL)) != 0
    that = sk.after(g.THAT | g.BOUNDARY, cues.at)  # Kim reports from Moscow that
    goes_on |= ((cues.after & g.PREPOSITION) != 0) & sk.has(that, g.THAT) & (that <= cues.at + 6)
    closes = ((cues.after & (g.COMMA | g.STOP)) != 0) & _is_postposed(sk, cues, g.COMMA | g.QUOTED)
    return (named & (goes_on | closes)) | (counted & goes_on)


def _has_auxiliary(cues: Cues) -> Mask:
    """Will discuss the deal, has supported it; but: has plans."""
    helped = ((cues.before & g.AUXILIARY) != 0) & ((cues.before & g.BE) == 0)
    helped &= ((cues.flags & g.PLURAL) == 0) & ((cues.flags & g.ING) == 0)
    return helped & ((cues.after & (g.DETERMINER | g.CAPITAL | g.TO | g.OBJECT_PRONOUN)) != 0)


def _is_postposed(sk: Skeleton, cues: Cues, boundary: int) -> Mask:
    """A name or pronoun between a boundary and the cue: X, Frank notes."""
    start = name_start(sk, cues.at, cues.begin)
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
    passive = is_passive(sk, cues) & ((cues.after & g.BY) == 0)
    passive &= (cues.flags & g.ADJECTIVE) == 0
    return passive & ((cues.flags & g.SAYING) == 0) & ~is_heard(sk, cues)


def is_passive(sk: Skeleton, cues: Cues) -> Mask:
    """A participle after a form of "be", with adverbs between."""
    at = cues.at - 1
    for _ in range(2):
        at = at - (sk.has(at, g.ADVERB) & (at > cues.begin))
    return ((cues.flags & g.PAST) != 0) & sk.has(at, g.BE, at >= cues.begin)


def name_start(sk: Skeleton, end: Ints, floor: Ints) -> Ints:
    """Where the run of capitals that ends before *end* begins, with a determiner before it."""
    start = end - 1
    for _ in range(6):
        start = start - sk.has(start - 1, g.CAPITAL | g.TITLE, start > floor)
    return start - sk.has(start - 1, g.DETERMINER, start > floor)


def before_adverbs(sk: Skeleton, cues: Cues) -> Ints:
    """The last position before the cue that is no adverb: he | repeatedly and openly said."""
    at = cues.at - 1
    for _ in range(2):
        at = at - (sk.has(at, g.ADVERB) & (at > cues.begin))
    return at
