"""Name the speaker behind each attribution: by name, by role, by pronoun, or not at all.

Sources are taken in reading order within one text.  A full name is remembered, so that later
"Peskov", "the Kremlin spokesman" and "he" can lead back to it.  Naming the wrong speaker harms
a person: where the text leaves a doubt, the speaker is none.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.attribution import REPORTED, Attributions
from bias_toolkit.phrases import FUNCTION_WORD, METONYMS, PLACES, Phrase, nations
from bias_toolkit.tokens import Batch, Reader, ragged

RESOLUTIONS = ("none", "named", "role", "pronoun", "inherited")
NOBODY, NAMED, ROLE, PRONOUN, INHERITED = range(5)
_MOST_PHRASES = 40_000  # kept with what is known of them; names grow without end
_OPENING = 8  # tokens at the beginning of a sentence in which its subject is looked for
_NEAR = 16  # tokens before a pronoun in which "from Dumas" is looked for
_MOST_LOOKED_AT = 40  # persons, the latest first, that a role may mean
_REACH = 3  # sentences that a pronoun or role may look back
# What somebody called so may have been called before.  It goes one way: "the leader" may be
# President Aliyev, but "the president" is not Majority Leader McConnell.
_MAY_BE = {
    "spokesman": {"spokesperson", "secretary"},
    "spokeswoman": {"spokesperson", "secretary"},
    "spokesperson": {"spokesman", "spokeswoman", "secretary"},
    "premier": {"prime"},
    "diplomat": {"minister", "ambassador", "envoy"},
    "ambassador": {"envoy"},
    "envoy": {"ambassador"},
    "lawmaker": {"senator", "congressman", "congresswoman", "representative", "deputy"}
    | {"sen.", "rep.", "mp", "democrat", "republican"},
    "senator": {"sen."},
    "congressman": {"rep.", "representative"},
    "congresswoman": {"rep.", "representative"},
    "representative": {"rep.", "congressman", "congresswoman"},
    "chief": {"head", "director"},
    "head": {"chief", "director", "chairman", "chairwoman"},
    "chair": {"chairman", "chairwoman"},
    "doctor": {"dr."},
    "chairman": {"chair"},
    "chairwoman": {"chair"},
    "leader": {"president", "premier", "prime", "chief", "head", "chairman", "chairwoman"},
}
# The vice president is not the president, nor is the former minister the minister.
_RANKS = frozenset("former ex vice deputy acting assistant opposition".split())
_GENERIC = frozenset("official leader politician diplomat expert analyst lawyer author".split())
_WOMAN = frozenset(
    "she spokeswoman congresswoman chairwoman businesswoman mrs. ms. miss queen "
    "wife mother sister daughter widow woman".split()
)
_MAN = frozenset(
    "he spokesman congressman chairman businessman mr. king pope "
    "husband father brother son widower man".split()
)
_PLACED = frozenset("in at near across around inside outside throughout".split())
# Who adds or continues has spoken just before, so that nobody spoken to is meant.
_GOES_ON = frozenset("added adds continued continues concluded concludes reiterated".split())
_FLAGS = g.word_flags()
_FIRST_NAMES = g.first_names()
_FIRSTS = _FIRST_NAMES["male"] | _FIRST_NAMES["female"]


@dataclass
class Speakers:
    """Per attribution: the name ("" if none), how it was found, and the row that names it."""

    names: list[str]
    resolution: NDArray[np.int8]
    antecedent: NDArray[np.int64]


@dataclass(eq=False, slots=True)
class _Person:
    """Somebody named so far in one text, and all the words that described them.

    Without a name: somebody of whom is known only that it is one of several.
    """

    row: int  # of the attribution that names them; -1 for who only hears
    name: str
    sentence: int
    human: bool
    words: frozenset[str]
    offices: frozenset[str] = frozenset()  # those words that are not another's office
    own: frozenset[str] = frozenset()  # the words of the name, if it is a person's
    many: bool = False  # several persons: nobody that "he" or "the official" could be
    nested: bool = False  # last named in somebody's words
    phrase: Phrase | None = None  # the last that named them


class Resolver:
    """Resolves the speakers in the batches of one reader."""

    def __init__(self, reader: Reader, grammar: g.Grammar) -> None:
        self._reader = reader
        self._grammar = grammar
        self._known: dict[int | tuple[int, ...], Phrase] = {}
        self._unsure = [reader.words[word] for word in ("or", "nor", "not")]

    def resolve(self, batch: Batch, found: Attributions) -> Speakers:
        """The speakers of *found*, text by text in reading order."""
        size = len(found)
        result = Speakers([""] * size, np.zeros(size, np.int8), np.full(size, -1))
        if not size:
            return result
        place = found.places()
        order = np.argsort(place, kind="stable")
        phrases = self._phrases(batch, found)
        columns = (order, batch.doc[place], batch.sentence[place], found.parent, found.inherits)
        rows, docs, sentences, parents, inherits = (column.tolist() for column in columns)
        strings = self._reader.tokens.strings
        names = _Names(batch, found, self._grammar(), strings, self._unsure)
        text, previous = _Text(result, names), -1
        for row in rows:
            if docs[row] != previous:
                text, previous = _Text(result, names), docs[row]
            phrase = phrases[row]
            if phrase is None:
                _copy(result, row, inherits[row])
            else:
                mention = _Mention(row, sentences[row], phrase, parents[row])
                text.settle(mention)
        for row in rows:  # a participle before its verb: echoing Putin, he said
            if phrases[row] is None and not result.names[row]:
                _copy(result, row, inherits[row])
        return result

    def _phrases(self, batch: Batch, found: Attributions) -> list[Phrase | None]:
        """The source phrase of each attribution; None where it has none."""
        if len(self._known) > _MOST_PHRASES:
            self._known.clear()
        known, strings = self._known, self._reader.tokens.strings
        first = found.source_first
        size = np.where(first >= 0, found.source_last - first + 1, 0)
        at, _ = ragged(size, first)
        token = batch.token[at]
        tokens, flags = token.tolist(), self._grammar()[token].tolist()
        phrases: list[Phrase | None] = []
        start = 0
        for count in size.tolist():
            if not count:
                phrases.append(None)
                continue
            end = start + count
            key = tokens[start] if count == 1 else tuple(tokens[start:end])
            phrase = known.get(key)
            if phrase is None:
                words = [strings[token] for token in tokens[start:end]]
                phrase = known[key] = Phrase(words, flags[start:end])
            phrases.append(phrase)
            start = end
        return phrases


class _Mention(NamedTuple):
    """A source phrase where it stands: the attribution's row, the sentence, the phrase.

    `parent` is the attribution in whose words it stands, -1 if none: asked whether the colonel
    would go.
    """

    row: int
    sentence: int
    phrase: Phrase
    parent: int


def _copy(result: Speakers, row: int, other: int) -> None:
    """Give *row* the speaker of *other*, if that one has been found."""
    if other >= 0 and result.names[other]:
        result.names[row] = result.names[other]
        result.antecedent[row] = result.antecedent[other]
        result.resolution[row] = INHERITED


class _Text:
    """Who has been named in one text so far, the latest last."""

    def __init__(self, result: Speakers, names: _Names) -> None:
        self._result = result
        self._names = names
        self._people: dict[int, _Person] = {}  # by the number of their object, the latest last
        self._by_name: dict[str, _Person] = {}
        self._by_surname: dict[str, _Person] = {}
        self._by_row: dict[int, _Person] = {}

    def settle(self, mention: _Mention) -> None:
        """Find the speaker of one attribution and remember whom its source names."""
        phrase = mention.phrase
        if phrase.pronoun:
            self._pronoun(mention)
            return
        if self._names.unsure[mention.row]:
            return  # either Smith or Jones said; not one official said
        if mention.row in self._names.heard:
            self._hear(mention)
        if phrase.is_role:
            self._role(mention)
        elif phrase.name:
            self._named(mention)
        elif phrase.common:
            somebody = _Person(mention.row, phrase.common, 0, False, phrase.lower)
            self._credit(mention.row, somebody, NAMED)

    def _hear(self, mention: _Mention) -> None:
        """John Smith told Peter Jones that ...: before him who speaks stands who hears."""
        words = self._names.heard[mention.row]
        lower = frozenset(map(str.lower, words))
        human = len(words) > 1
        person = _Person(-1, " ".join(words), mention.sentence, human, lower, own=lower)
        self._people[id(person)] = person

    def _named(self, mention: _Mention) -> None:
        phrase = mention.phrase
        if phrase.short and self._is_turn(mention):
            return
        if phrase.short and self._names.shared[mention.row] and self._is_shared(mention):
            self._doubt(mention, phrase.lower)
            return
        name, human = phrase.name, phrase.human
        known = None if phrase.new else self._known(phrase)
        if known is None:
            known = _Person(mention.row, name, mention.sentence, human, phrase.lower)
            known.offices, known.own = phrase.offices, phrase.own
            self._remember(known, phrase)
        else:
            self._people.pop(id(known), None)
            if human and len(name.split()) > len(known.name.split()):
                known.name = name
        known.sentence = mention.sentence
        known.many, known.nested = phrase.many, mention.parent >= 0
        self._people[id(known)] = known
        if known.phrase is not phrase:
            known.human |= human
            known.words |= phrase.lower
            known.offices |= phrase.offices
            known.own |= phrase.own
            self._remember(known, phrase)
        self._credit(mention.row, known, NAMED)

    def _remember(self, known: _Person, phrase: Phrase) -> None:
        """Let a person be found by a phrase that names them."""
        known.phrase = phrase
        self._by_row[known.row] = known
        self._by_name[phrase.key] = known
        if phrase.personal:
            self._by_surname.setdefault(phrase.surname, known)

    def _is_turn(self, mention: _Mention) -> bool:
        """JH: You lost.  Initials before a colon are a name's that the text gives, or nobody's."""
        initials = mention.phrase.name
        if len(initials) > 3 or not initials.isupper() or mention.phrase.has(g.INSTITUTION):
            return False
        if self._names.cue(mention.row) != ":":
            return False
        name = self._names.of_initials(mention.row, initials.lower())
        if name:
            lower = mention.phrase.lower
            person = _Person(mention.row, name, mention.sentence, True, lower)
            self._credit(mention.row, person, NAMED)
        return True

    def _is_shared(self, mention: _Mention) -> bool:
        """Bill Clinton ... Hillary Clinton ... Clinton said: one of two, and not said which."""
        other = _other_gender(mention.phrase.lower)
        firsts = self._names.firsts_before(mention.row)
        return len({first for first in firsts if first[0] not in other}) > 1

    def _doubt(self, mention: _Mention, words: Iterable[str]) -> None:
        """Remember that somebody spoke, and not who: a later "he" may be just them."""
        person = _Person(mention.row, "", mention.sentence, True, frozenset(words))
        self._people[id(person)] = person

    def _known(self, phrase: Phrase) -> _Person | None:
        """The person or body of that name; by surname where one of the two is just that."""
        same = self._by_name.get(phrase.key)
        if same is not None:
            return same
        person = self._by_surname.get(phrase.surname) if phrase.personal else None
        if person is None or not (phrase.human or person.human):
            return None
        if phrase.key == phrase.surname:
            return person
        # After President Trump, Ivanka Trump is another; President Donald Trump is not.
        titled = {word for word in person.offices if _FLAGS.get(word, 0) & g.ROLE}
        one = not titled or bool(titled & phrase.offices)
        return person if one and " " not in person.name else None

    def _credit(self, row: int, person: _Person, resolution: int) -> None:
        self._result.names[row] = person.name
        self._result.antecedent[row] = person.row
        self._result.resolution[row] = resolution

    def _role(self, mention: _Mention) -> None:
        """The Russian presidential spokesman: the last one named with that role, if any."""
        last = islice(reversed(self._people.values()), _MOST_LOOKED_AT)
        holding = [person for person in last if _holds_office(mention, person)]
        phrase = mention.phrase
        fitting = [person for person in holding if _is_of_nation(phrase, person)]
        if not fitting:
            self._named(mention)
            return
        person = fitting[0]
        if phrase.nations:
            doubt = holding[0] is not person and not _is_qualified(holding[0])
        else:
            doubt = len(fitting) > 1 or self._names.holders_after(person, mention)
        if doubt:
            self._doubt(mention, phrase.lower)  # two ministers: which one is not said
            return
        person.words |= phrase.lower
        person.offices |= phrase.offices
        self._mention_again(person, mention)
        self._credit(mention.row, person, ROLE)

    def _mention_again(self, person: _Person, mention: _Mention) -> None:
        """Put a person last among those named."""
        person.sentence = mention.sentence
        self._people.pop(id(person), None)
        self._people[id(person)] = person

    def _pronoun(self, mention: _Mention) -> None:
        word = mention.phrase.pronoun
        if word not in ("he", "she", "it"):
            return  # "they" and "we" seldom lead back to one speaker
        if mention.parent >= 0:
            self._holder(mention, word)
            return
        person = self._antecedent(mention, word)
        if person is None:
            if word != "it":
                self._doubt(mention, {word})
            return
        person.sentence = mention.sentence
        self._credit(mention.row, person, PRONOUN)

    def _antecedent(self, mention: _Mention, word: str) -> _Person | None:
        """The last one named whom the pronoun fits; None where another may be meant."""
        reach = takewhile(
            lambda person: mention.sentence - person.sentence <= _REACH,
            reversed(self._people.values()),
        )
        goes_on = self._names.cue(mention.row) in _GOES_ON
        fitting = [p for p in reach if _may_be(word, p) and not (goes_on and p.row < 0 and p.name)]
        if not fitting or not _agrees(word, fitting[0]) or not fitting[0].name:
            return None
        person = fitting[0]
        # "he" may be either of two in one sentence, "it" any of several bodies in a row
        last = mention.sentence - 2 if word == "it" else person.sentence
        if any(p.sentence >= min(last, person.sentence) for p in fitting[1:]):
            return None
        if person.row < 0 and not _surely(word, person):
            return None
        inside = person.nested and person.sentence == mention.sentence
        return None if inside or self._names.between(person, mention, word) else person

    def _holder(self, mention: _Mention, word: str) -> None:
        """The speaker of the attribution that holds this one: Baku announced it was ...

        Nobody where another is named between: Smith said that Jones lied when he said ...
        """
        if not self._result.names[mention.parent]:
            return
        holder = self._by_row.get(int(self._result.antecedent[mention.parent]))
        if holder is None or not _agrees(word, holder):
            return
        if not self._names.inside(mention, holder, word):
            holder.sentence = mention.sentence
            self._credit(mention.row, holder, PRONOUN)


class _Names:
    """Names in the narration of a batch, as runs of capitals: whom else a pronoun may mean.

    Of each run the first and last token.  By the attribution's row `heard` are the words of the
    name that follows a verb of telling or accusing, `unsure` says whether one of the words
    *unsure* stands right before the source, `shared` whether several full names end like it.
    """

    def __init__(
        self,
        batch: Batch,
        found: Attributions,
        flags: NDArray[np.int64],
        strings: list[str],
        unsure: list[int],
    ) -> None:
        self._batch, self._found, self._token = batch, found, batch.token
        self._flags, self._strings = flags, strings
        self._types = int(batch.word.max()) + 1
        named = (flags & _RUN) == g.CAPITAL
        at = np.flatnonzero(named.take(batch.token) & (found.voice <= REPORTED))
        sentence = batch.sentence.take(at)
        new = np.ones(len(at) + 1, bool)
        owners = (flags.take(batch.token.take(at)) & g.POSSESSIVE) != 0  # Kyiv's | Ann Cole
        new[1:-1] = (at[1:] != at[:-1] + 1) | (sentence[1:] != sentence[:-1]) | owners[:-1]
        first = at[new[:-1]]
        self._runs = first
        self._first, self._last = first.tolist(), at[new[1:]].tolist()
        self.heard = self._heard()
        titled = flags.take(batch.token.take(np.maximum(first - 1, 0))) & (g.ROLE | g.CAPITAL)
        self._titled = first[titled == g.ROLE | g.CAPITAL].tolist()
        self._full, self._full_keys, several = self._full_names(at[new[1:]])
        before = batch.word[np.maximum(found.source_first - 1, 0)]
        self.unsure = np.isin(before, unsure).tolist()
        place = np.maximum(found.source_last, 0)
        key = batch.doc[place].astype(np.int64) * self._types + batch.word[place]
        self.shared = np.isin(key, several).tolist()

    def cue(self, row: int) -> str:
        """The attribution's cue, its first word, lower case."""
        at = int(self._found.cue_first[row])
        return self._word(at) if at >= 0 else ""

    def of_initials(self, row: int, initials: str) -> str:
        """The one name in the text of an attribution that begins with these letters, or ""."""
        place = int(self._found.source_first[row])
        doc = self._batch.doc
        low = bisect_left(self._first, int(np.searchsorted(doc, doc[place])))
        found = set()
        for run in range(low, min(bisect_left(self._first, place), low + 10 * _MOST_LOOKED_AT)):
            words = self._spelled(run)
            if "".join(word[0] for word in words).lower() == initials:
                found.add(" ".join(words))
        return found.pop() if len(found) == 1 else ""

    def firsts_before(self, row: int) -> set[tuple[str, ...]]:
        """First names with which the surname that a source is stands in its text before it.

        "Donald J. Trump" and "Donald Trump" are one, George H.W. and George W. Bush are two.
        """
        place = int(self._found.source_last[row])
        key = self._key(place)
        high = bisect_right(self._full_keys, key + place)
        low = max(bisect_left(self._full_keys, key, 0, high), high - _MOST_LOOKED_AT)
        if high - low < 2:
            return set()
        runs = self._full[low:high]
        if len({self._token.item(self._first[run]) for run in runs}) == 1:
            runs = [run for run in runs if self._last[run] - self._first[run] > 1]
        lower = {tuple(map(str.lower, self._spelled(run)[:-1])) for run in runs}
        long = [words for words in lower if len(words) > 1]
        several = {words for words in long if sum(w[0] == words[0] for w in long) > 1}
        return {words for words in several | {w[:1] for w in lower} if words[0] in _FIRSTS}

    def between(self, person: _Person, mention: _Mention, word: str) -> bool:
        """Whether another is named between a person's last mention and a pronoun.

        "We won," Ruth Ames said. Tom Berg applauded. "It was fraud," he added.  Nor may a name
        stand before the pronoun as where something is from, or in a clause of its own: in a
        letter from Dumas, she warned; when Putin left, he said.
        """
        if word == "it":
            return False
        place = int(self._found.source_first[mention.row])
        ptr = self._batch.sent_ptr
        here = int(ptr[self._batch.sentence[place]])
        if self._is_from(max(here, place - _NEAR), place, person):
            return True
        after = int(ptr[person.sentence + 1])
        low = bisect_left(self._first, after)
        high = bisect_left(self._first, int(ptr[mention.sentence]), low)
        if high - low > _MOST_LOOKED_AT:
            return True
        if any(self._is_rival(run, person, word) for run in range(low, high)):
            return True
        return any(
            self._opens_with_office(n, person) for n in range(person.sentence + 1, mention.sentence)
        )

    def inside(self, mention: _Mention, holder: _Person, word: str) -> bool:
        """Whether another is named between the cue of who speaks and a pronoun in their words."""
        start = int(self._found.cue_first[mention.parent])
        place = int(self._found.source_first[mention.row])
        low = bisect_left(self._first, start)
        high = bisect_left(self._first, place, low)
        if word == "it":
            return any(not self._flag(last) & g.POSSESSIVE for last in self._last[low:high])
        return (
            place < start
            or high - low > _MOST_LOOKED_AT
            or any(self._is_rival(run, holder, word, anywhere=True) for run in range(low, high))
        )

    def holders_after(self, person: _Person, mention: _Mention) -> bool:
        """Whether somebody else of the office is named after a person, though not as a source.

        President Aliyev said no. President Putin hosted the talks. The president said ...
        """
        place = int(self._found.source_first[mention.row])
        low = bisect_left(self._titled, int(self._batch.sent_ptr[person.sentence]))
        high = bisect_left(self._titled, place, low)
        some = self._titled[max(low, high - _MOST_LOOKED_AT) : high]
        phrase = mention.phrase
        return any(
            self._word(first - 1) in phrase.roles
            and self._ranks_before(first - 1) == _RANKS & phrase.lower
            and not self._is_same(bisect_left(self._first, first), person)
            for first in some
        )

    def _ranks_before(self, at: int) -> set[str]:
        """What makes an office another's: former, vice."""
        return {self._word(place) for place in range(max(at - 3, 0), at)} & _RANKS

    def _word(self, at: int) -> str:
        return self._strings[self._token.item(at)].lower()

    def _flag(self, at: int) -> int:
        return self._flags.item(self._token.item(at))

    def _heard(self) -> dict[int, list[str]]:
        """The name right after a verb of telling or accusing, or before "was told by"."""
        found, batch = self._found, self._batch
        cue = np.flatnonzero(found.cue_first >= 0)
        at = found.cue_last[cue]
        tells = (self._flags.take(batch.token[found.cue_first[cue]]) & _ADDRESSES) != 0
        cue, at = cue[tells], at[tells]
        run = np.searchsorted(self._runs, at)
        near = np.append(self._runs, len(batch) + 99)[run] - at <= 3
        words = self._told_by(cue, at, run)
        near &= ~np.isin(cue, list(words))
        for row, start, number in zip(
            cue[near].tolist(), at[near].tolist(), run[near].tolist(), strict=True
        ):
            first = self._first[number]
            before = [self._flag(i) for i in range(start + 1, first)]
            named = not self._flag(self._last[number]) & g.POSSESSIVE
            if named and all(flag & (g.ROLE | g.TITLE | g.INSTITUTION) for flag in before):
                name = self._spelled(number)
                if name[-1].lower() not in PLACES:
                    words[row] = name
        return words

    def _told_by(self, cue: NDArray, at: NDArray, run: NDArray) -> dict[int, list[str]]:
        """Peter Vogt was warned by Karl Brandt: the subject of the passive is who hears."""
        batch = self._batch
        after = self._flags.take(batch.token[np.minimum(at + 1, len(batch) - 1)])
        before = np.maximum(run - 1, 0)
        passive = np.flatnonzero(((after & g.BY) != 0) & (run > 0))
        words = {}
        for row, number in zip(cue[passive].tolist(), before[passive].tolist(), strict=True):
            if batch.sentence[self._first[number]] == batch.sentence[self._found.cue_first[row]]:
                words[row] = self._spelled(number)
        return words

    def _spelled(self, run: int) -> list[str]:
        tokens = self._batch.token[self._first[run] : self._last[run] + 1].tolist()
        return [self._strings[token] for token in tokens]

    def _key(self, at: int) -> int:
        """A number for a token's text and word, which leaves room for the place."""
        text = self._batch.doc.item(at) * self._types
        return (text + self._batch.word.item(at)) * len(self._batch)

    def _full_names(
        self, last: NDArray[np.int64]
    ) -> tuple[list[int], list[int], NDArray[np.int64]]:
        """Runs of two words or more, by text and last word and place; and the keys of that.

        Then the texts and last words, as one number, which stand in two runs that differ.
        """
        batch, size = self._batch, len(self._batch)
        run = np.flatnonzero(last > self._runs)
        end = last[run]
        word = batch.doc[end].astype(np.int64) * self._types + batch.word[end]
        key = word * size + end
        order = np.argsort(key)
        word, first = word[order], batch.token[self._runs[run[order]]]
        length = (end - self._runs[run])[order]
        again = word[1:] == word[:-1]
        differs = (first[1:] != first[:-1]) | (length[1:] > 1)
        return run[order].tolist(), key[order].tolist(), np.unique(word[1:][again & differs])

    def _is_from(self, start: int, place: int, person: _Person) -> bool:
        """A name after "from", "by" or a conjunction before the pronoun of its sentence."""
        low = bisect_left(self._first, start + 1)
        high = bisect_left(self._first, place, low)
        for run in range(low, high):
            before = self._first[run] - 1
            joined = self._word(before) in ("from", "by") or self._flag(before) & g.SUBORDINATOR
            if joined and not self._is_same(run, person):
                return True
        return False

    def _is_same(self, run: int, person: _Person) -> bool:
        """Whether a run of capitals is the person's name or a part of it."""
        first, last = self._word(self._first[run]), self._word(self._last[run])
        return first in person.own and last in person.own

    def _is_rival(self, run: int, person: _Person, word: str, anywhere: bool = False) -> bool:
        """Whether a name may be another whom the pronoun means: not in Moscow, not the Hague.

        Of one word only where it is a surname of the text, follows a title, or is a subject.
        """
        first, last = self._first[run], self._last[run]
        start = int(self._batch.sent_ptr[self._batch.sentence[first]])
        before = self._flag(first - 1) if first > start else 0
        if self._flag(last) & g.POSSESSIVE:
            return False
        articled = before & g.DETERMINER and not before & (g.THAT | g.SUBORDINATOR)
        if articled or (first > start and self._word(first - 1) in _PLACED):
            return False
        name, surname = self._word(first), self._word(last)
        if surname in PLACES or self._is_same(run, person) or name in _other_gender({word}):
            return False
        if last > first or before & g.TITLE or anywhere:
            return True
        return self._is_surname(last) or self._is_subject(last, start)

    def _is_surname(self, at: int) -> bool:
        """Whether a word ends a longer name somewhere in its text."""
        key = self._key(at)
        low = bisect_left(self._full_keys, key)
        return low < len(self._full_keys) and self._full_keys[low] < key + len(self._batch)

    def _is_subject(self, at: int, start: int) -> bool:
        """Whether a bare name near the beginning of its sentence has a verb after it."""
        if at - start >= _OPENING or at + 1 >= len(self._batch):
            return False
        after = self._flag(at + 1)
        if after & (g.VERB | g.AUXILIARY) or (after & g.COMMA and at == start):
            return True
        return self._word(at + 1).endswith("ed")

    def _opens_with_office(self, sentence: int, person: _Person) -> bool:
        """The president laughed: a sentence about another, called by an office."""
        first = int(self._batch.sent_ptr[sentence])
        last = min(int(self._batch.sent_ptr[sentence + 1]), first + _OPENING // 2)
        if self._found.voice[first] > REPORTED or not self._flag(first) & g.DETERMINER:
            return False
        for at in range(first + 1, last):
            flag = self._flag(at)
            if flag & g.ROLE and not flag & (g.PLURAL | g.POSSESSIVE | g.CAPITAL):
                return self._word(at) not in person.offices
        return False


# A word of a name in the narration: a capital and none of these.
_RUN = (
    g.CAPITAL | FUNCTION_WORD | g.INSTITUTION | g.ROLE | g.TITLE | g.RECIPIENT | g.NOBODY
)  # fmt: skip
_ADDRESSES = g.TELL | g.HEARER


def _other_gender(words: Iterable[str]) -> frozenset[str]:
    """First names that somebody called so cannot bear: of men where "she" or Mrs. is said."""
    lower = set(words)
    if lower & _WOMAN:
        return _FIRST_NAMES["male"]
    return _FIRST_NAMES["female"] if lower & _MAN else frozenset()


def _may_be(word: str, person: _Person) -> bool:
    """Whether a pronoun may mean somebody, of whom perhaps too little is known."""
    if word == "it" or person.human:
        return _agrees(word, person)
    return _perhaps_human(person)


def _surely(word: str, person: _Person) -> bool:
    """Whether a first name goes with the pronoun and with no other."""
    first = person.name.partition(" ")[0].lower()
    return first in _FIRST_NAMES["male" if word == "he" else "female"]


def _perhaps_human(person: _Person) -> bool:
    """A bare name of one word, of which nothing is known: Klobuchar argued; she added."""
    name = person.name
    known = name.lower() in METONYMS or person.human or person.many
    return not known and " " not in name and name[:1].isupper() and not name.isupper()


def _agrees(word: str, person: _Person) -> bool:
    """Whether a pronoun can mean somebody, as far as the words used of them tell."""
    if person.many:
        return False
    if word == "it":
        return not person.human and not person.words & (_MAN | _WOMAN)
    first = person.name.partition(" ")[0].lower()
    if person.words & (_WOMAN if word == "he" else _MAN):
        return False
    return person.human and first not in _FIRST_NAMES["female" if word == "he" else "male"]


def _holds_office(mention: _Mention, person: _Person) -> bool:
    """Whether somebody holds the office of a description, or a general one and is close by."""
    phrase = mention.phrase
    ranks = _RANKS & phrase.lower
    if person.many != phrase.many or ranks - person.words or not person.name:
        return False
    ranked = ranks == _RANKS & person.words
    # the administration is no administration official, nor the campaign its manager
    office = any([_FLAGS.get(role, 0) & g.ROLE for role in phrase.roles])
    if not office and (person.human or _has_office(person)):
        return False
    # a counterpart holds the same office, whichever that is
    same = "counterpart" in person.offices or any(
        (ranked and role in person.offices) or person.offices & _MAY_BE.get(role, set())
        for role in phrase.roles
    )
    near = mention.sentence - person.sentence <= _REACH and person.human
    return same or (near and bool(phrase.roles & _GENERIC))


def _has_office(person: _Person) -> bool:
    """Whether somebody was called by an office that a person holds."""
    return any([_FLAGS.get(word, 0) & g.ROLE for word in person.offices])


def _is_of_nation(phrase: Phrase, person: _Person) -> bool:
    """Whether somebody is of the nationality or body that a description names, if any."""
    return not phrase.nations or bool(phrase.nations & nations(person.words))


def _is_qualified(person: _Person) -> bool:
    """Whether more is said of somebody than an office: of Sen. Graham the party is not."""
    described = person.words - person.own - _RANKS
    return any(not _FLAGS.get(word, 0) & (g.ROLE | g.TITLE | g.DETERMINER) for word in described)
