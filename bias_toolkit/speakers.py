"""Name the speaker behind each attribution: by name, by role, by pronoun, or not at all.

Sources are taken in reading order within one text.  A full name is remembered, so that later
"Peskov", "the Kremlin spokesman" and "he" can lead back to it.  Naming the wrong speaker harms
a person: where the text leaves a doubt, the speaker is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, pairwise, takewhile
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.attribution import OWN, REPORTED, Attributions
from bias_toolkit.quotation import MARKS
from bias_toolkit.tokens import Batch, Reader, ragged

RESOLUTIONS = ("none", "named", "role", "pronoun", "inherited")
NOBODY, NAMED, ROLE, PRONOUN, INHERITED = range(5)
_MOST_PHRASES = 20_000  # kept with what is known of them; names grow without end
_OPENING = 8  # tokens at the beginning of a sentence in which its subject is looked for
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
    | {"sen.", "rep.", "mp"},
    "senator": {"sen."},
    "congressman": {"rep.", "representative"},
    "congresswoman": {"rep.", "representative"},
    "representative": {"rep.", "congressman", "congresswoman"},
    "chief": {"head", "director"},
    "head": {"chief", "director", "chairman", "chairwoman"},
    "chair": {"chairman", "chairwoman"},
    "chairman": {"chair"},
    "chairwoman": {"chair"},
    "leader": {"president", "premier", "prime", "chief", "head", "chairman", "chairwoman"},
}
_NEW = frozenset("a an one another some".split())  # "a former official" is nobody named before
# The vice president is not the president, nor is the former minister the minister.
_RANKS = frozenset("former ex vice deputy acting assistant opposition".split())
_GENERIC = frozenset("official leader politician diplomat expert analyst lawyer author".split())
_WOMAN = frozenset(
    "she spokeswoman congresswoman chairwoman businesswoman mrs. ms. miss queen".split()
)
_MAN = frozenset("he spokesman congressman chairman businessman mr. king pope".split())
_METONYMS = g.metonyms()
_NO_OFFICE: tuple[set[str], set[str]] = (set(), set())
_FIRST_NAMES = g.first_names()
_SENTENCE_END = ",;:.!? \n\t"


@dataclass
class Speakers:
    """Per attribution: the name ("" if none), how it was found, and the row that names it."""

    names: list[str]
    resolution: NDArray[np.int8]
    antecedent: NDArray[np.int64]


class _Phrase:
    """A source phrase and all that can be said of it without its text; worked out once."""

    __slots__ = (
        "common", "flags", "human", "is_role", "key", "lower", "many", "mask", "name", "nations",
        "pronoun", "roles", "surname", "words",
    )  # fmt: skip

    def __init__(self, words: list[str], flags: list[int]) -> None:
        if not MARKS.keys().isdisjoint(words):
            words, flags = _without_nickname(words, flags)
        self.words, self.flags = words, flags
        self.lower = frozenset(map(str.lower, words))
        self.mask = reduce(or_, flags)
        one = len(words) == 1
        self.pronoun = words[0].lower() if one and flags[0] & _PRONOUN else ""
        definite = bool(flags[0] & g.DETERMINER) and words[0].lower() not in _NEW
        self.is_role = definite and not self.pronoun and _is_role(self)
        # A: in an interview is no name
        nobody = one and (bool(flags[0] & g.NOBODY) or len(words[0]) == 1)
        nobody |= not one and _is_no_phrase(words, flags)
        self.name = "" if self.pronoun or nobody else _name_in(self)
        self.common = "" if self.pronoun or nobody or self.name else _common_name(self)
        self.many = (self.has(g.PLURAL) and _is_plural(flags)) or " and " in self.name
        self.human = bool(self.name) and _is_human(self)
        self.key = _spelling(self.name)
        self.surname = self.key.rpartition(" ")[2]
        self.roles, self.nations = _office(words, flags) if self.is_role else _NO_OFFICE

    def has(self, mask: int) -> bool:
        """Whether any of its words carries a flag of *mask*."""
        return bool(self.mask & mask)


_PRONOUN = g.HE | g.IT | g.SUBJECT
_FUNCTION_WORD = (
    _PRONOUN | g.OBJECT_PRONOUN | g.DETERMINER | g.AUXILIARY | g.ADVERB | g.PREPOSITION
    | g.SUBORDINATOR | g.COORDINATOR | g.DAY | g.DIGIT
)  # fmt: skip


# What may end a name, stand in one, and stand before one: a word is a part of a name where its
# flags, of those in the first two, are CAPITAL alone.
_LAST_OF_NAME = g.CAPITAL | g.INSTITUTION | g.ROLE
_IN_NAME = g.CAPITAL | g.ROLE | g.TITLE | g.DETERMINER | g.POSSESSIVE | g.BOUNDARY
_BEFORE_NAME = g.ROLE | g.TITLE | g.INSTITUTION | g.POSSESSIVE
_CAPITALISED = g.CAPITAL | g.DETERMINER
_NAMING = g.CAPITAL | g.ROLE | g.INSTITUTION


@dataclass(eq=False, slots=True)
class _Person:
    """Somebody named so far in one text, and all the words that described them."""

    row: int
    name: str
    sentence: int
    human: bool
    words: set[str] = field(default_factory=set)
    many: bool = False  # several persons: nobody that "he" or "the official" could be
    nested: bool = False  # last named in somebody's words


class Resolver:
    """Resolves the speakers in the batches of one reader."""

    def __init__(self, reader: Reader, grammar: g.Grammar) -> None:
        self._reader = reader
        self._grammar = grammar
        self._known: dict[int | tuple[int, ...], _Phrase] = {}

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
        rivals = _Rivals(batch, found, self._grammar(), self._reader.tokens.strings)
        text, previous = _Text(result, rivals), -1
        for row in rows:
            if docs[row] != previous:
                text, previous = _Text(result, rivals), docs[row]
            phrase = phrases[row]
            if phrase is None:
                _copy(result, row, inherits[row])
            else:
                mention = _Mention(row, sentences[row], phrase, parents[row] >= 0)
                text.settle(mention, parents[row])
        for row in rows:  # a participle before its verb: echoing Putin, he said
            if phrases[row] is None and not result.names[row]:
                _copy(result, row, inherits[row])
        return result

    def _phrases(self, batch: Batch, found: Attributions) -> list[_Phrase | None]:
        """The source phrase of each attribution; None where it has none."""
        if len(self._known) > _MOST_PHRASES:
            self._known.clear()
        known, strings = self._known, self._reader.tokens.strings
        first = found.source_first
        size = np.where(first >= 0, found.source_last - first + 1, 0)
        at, _ = ragged(size, first)
        token = batch.token[at]
        tokens, flags = token.tolist(), self._grammar()[token].tolist()
        phrases: list[_Phrase | None] = []
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
                phrase = known[key] = _Phrase(words, flags[start:end])
            phrases.append(phrase)
            start = end
        return phrases


class _Mention(NamedTuple):
    """A source phrase where it stands: the attribution's row, the sentence, the phrase.

    `nested` says whether it stands in the words of another: asked whether the colonel would go.
    """

    row: int
    sentence: int
    phrase: _Phrase
    nested: bool


def _copy(result: Speakers, row: int, other: int) -> None:
    """Give *row* the speaker of *other*, if that one has been found."""
    if other >= 0 and result.names[other]:
        result.names[row] = result.names[other]
        result.antecedent[row] = result.antecedent[other]
        result.resolution[row] = INHERITED


class _Text:
    """Who has been named in one text so far, the latest last."""

    def __init__(self, result: Speakers, rivals: _Rivals) -> None:
        self._result = result
        self._rivals = rivals
        self._people: dict[int, _Person] = {}  # by the number of their object, the latest last
        self._by_name: dict[str, _Person] = {}
        self._by_surname: dict[str, _Person] = {}
        self._by_row: dict[int, _Person] = {}

    def settle(self, mention: _Mention, parent: int) -> None:
        """Find the speaker of one attribution and remember whom its source names."""
        if mention.phrase.pronoun:
            self._pronoun(mention, parent)
        elif mention.phrase.is_role:
            self._role(mention)
        elif mention.phrase.name:
            self._named(mention)
        elif mention.phrase.common:
            self._credit(mention.row, _Person(mention.row, mention.phrase.common, 0, False), NAMED)

    def _named(self, mention: _Mention) -> None:
        phrase = mention.phrase
        name, human = phrase.name, phrase.human
        known = self._known(phrase)
        if known is None:
            known = _Person(mention.row, name, mention.sentence, human)
        else:
            del self._people[id(known)]
            if human and len(name.split()) > len(known.name.split()):
                known.name = name
        known.human |= human
        known.sentence = mention.sentence
        known.words |= phrase.lower
        known.many, known.nested = phrase.many, mention.nested
        self._people[id(known)] = known
        self._by_row[known.row] = known
        self._by_name[phrase.key] = known
        self._by_surname.setdefault(phrase.surname, known)
        self._credit(mention.row, known, NAMED)

    def _known(self, phrase: _Phrase) -> _Person | None:
        """The person or body of that name; by surname where one of the two is just that."""
        same = self._by_name.get(phrase.key)
        if same is not None:
            return same
        person = self._by_surname.get(phrase.surname)
        if person is None or not (phrase.human or person.human):
            return None
        return person if phrase.key == phrase.surname or " " not in person.name else None

    def _credit(self, row: int, person: _Person, resolution: int) -> None:
        self._result.names[row] = person.name
        self._result.antecedent[row] = person.row
        self._result.resolution[row] = resolution

    def _role(self, mention: _Mention) -> None:
        """The Russian presidential spokesman: the last one named with that role, if any."""
        last = islice(reversed(self._people.values()), _MOST_LOOKED_AT)
        fitting = [person for person in last if _fits_role(mention, person)]
        if not fitting:
            self._named(mention)
            return
        if not mention.phrase.nations and len(fitting) > 1:
            return  # two ministers: which one is not said
        person = fitting[0]
        person.words |= mention.phrase.lower
        person.sentence = mention.sentence
        del self._people[id(person)]
        self._people[id(person)] = person
        self._credit(mention.row, person, ROLE)

    def _pronoun(self, mention: _Mention, parent: int) -> None:
        word = mention.phrase.pronoun
        if word not in ("he", "she", "it"):
            return  # "they" and "we" seldom lead back to one speaker
        holder = self._holder(parent)
        if holder is not None:
            if _agrees(word, holder):
                holder.sentence = mention.sentence
                self._credit(mention.row, holder, PRONOUN)
            return
        reach = takewhile(
            lambda person: mention.sentence - person.sentence <= _REACH,
            reversed(self._people.values()),
        )
        near = [*reach][::-1]
        fitting = [p for p in near if _agrees(word, p)]
        if not fitting or (word != "it" and (_rivals(fitting) or _perhaps_human(near[-1]))):
            return
        person = fitting[-1]
        inside = person.nested and person.sentence == mention.sentence
        if inside or self._rivals.between(person, mention):
            return
        person.sentence = mention.sentence
        self._credit(mention.row, person, PRONOUN)

    def _holder(self, parent: int) -> _Person | None:
        """The speaker of the attribution that holds this one: Baku announced it was ..."""
        if parent < 0 or not self._result.names[parent]:
            return None
        row = self._result.antecedent[parent]
        return self._by_row.get(row)


class _Rivals:
    """Who else is named between a person's last mention and a pronoun, by the narration."""

    def __init__(
        self, batch: Batch, found: Attributions, flags: NDArray[np.int64], strings: list[str]
    ) -> None:
        self._batch, self._voice, self._source = batch, found.voice, found.source_first
        self._flags, self._strings = flags, strings

    def between(self, person: _Person, mention: _Mention) -> bool:
        """Whether a sentence after the person's mention opens with another name.

        "We won," Ruth Ames said. Tom Berg applauded. "It was fraud," he added.  Nor may a name
        stand after "from" or "by" before the pronoun: in a letter from Dumas, she warned.
        """
        sentences = range(person.sentence + 1, mention.sentence)
        return self._is_from(person, mention) or any(self._names(n, person) for n in sentences)

    def _is_from(self, person: _Person, mention: _Mention) -> bool:
        """Whether the pronoun's sentence names where something is from before it comes."""
        place = int(self._source[mention.row])
        first = int(self._batch.sent_ptr[self._batch.sentence[place]])
        tokens = self._batch.token[max(first, place - 2 * _OPENING) : place].tolist()
        return any(
            self._strings[one].lower() in ("from", "by")
            and self._flags[other] & (g.CAPITAL | g.INSTITUTION) == g.CAPITAL
            and self._strings[other].lower() not in person.words
            for one, other in pairwise(tokens)
        )

    def _names(self, sentence: int, person: _Person) -> bool:
        """Two capitals together near the beginning, outside quotation, that are not the person."""
        first = int(self._batch.sent_ptr[sentence])
        last = min(int(self._batch.sent_ptr[sentence + 1]), first + _OPENING)
        if self._voice[first] not in (OWN, REPORTED):
            return False
        tokens = self._batch.token[first:last].tolist()
        run = 0
        for token in tokens:
            flag = int(self._flags[token])
            named = flag & g.CAPITAL and not flag & (_FUNCTION_WORD | g.INSTITUTION)
            run = run + 1 if named or (run and flag & g.TITLE) else 0
            if run >= 2 and self._strings[token].lower() not in person.words:
                return True
        return False


def _rivals(people: list[_Person]) -> bool:
    """Two persons named in one and the same sentence: "he" may be either."""
    last = people[-1]
    return any(p is not last and p.sentence == last.sentence and p.human for p in people)


def _perhaps_human(person: _Person) -> bool:
    """A bare name of one word, of which nothing is known: Klobuchar argued; she added."""
    name = person.name
    known = name.lower() in _METONYMS or person.human or person.many
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


def _without_nickname(words: list[str], flags: list[int]) -> tuple[list[str], list[int]]:
    """Tom “Lucky” Brewer is Tom Brewer."""
    marks = [at for at, word in enumerate(words) if word in MARKS]
    if len(marks) != 2 or not 0 < marks[0] < marks[1] < len(words) - 1:
        return words, flags
    first, last = marks
    return words[:first] + words[last + 1 :], flags[:first] + flags[last + 1 :]


def _is_plural(flags: list[int]) -> bool:
    """Whether a phrase is headed by a plural: sources close to Trump; not the sales chief."""
    end = next((at for at, flag in enumerate(flags) if flag & g.PREPOSITION), len(flags))
    for at, flag in enumerate(flags[:end]):
        # a capital may be that of the sentence
        first = at == 0 and len(flags) > 1 and not flags[1] & g.CAPITAL
        if flag & g.PLURAL and (first or not flag & g.CAPITAL):
            after = flags[at + 1 : end]
            return not any(one & (g.CAPITAL | g.ROLE | g.INSTITUTION) for one in after)
    return False


def _is_no_phrase(words: list[str], flags: list[int]) -> bool:
    """Parts of a clause that were taken for its subject: honoring its duties; Trump and his."""
    link = g.DETERMINER | g.OBJECT_PRONOUN | g.COORDINATOR
    if flags[-1] & link and not flags[-1] & g.CAPITAL:
        return True
    function = g.DETERMINER | g.ADVERB | g.PREPOSITION | g.COORDINATOR | g.SUBORDINATOR
    verb = words[0].islower() and not flags[0] & function
    verb |= bool(flags[0] & g.ING)
    return bool(verb and flags[1] & g.DETERMINER)


def _is_role(source: _Phrase) -> bool:
    """A definite description whose head is a common noun: the ministry, the spokesman for X."""
    if not source.has(g.ROLE | g.INSTITUTION):
        return False
    office = g.ROLE | g.INSTITUTION
    headed = any([flag & office and not flag & g.CAPITAL for flag in source.flags])
    return headed and not _ends_in_name(source)


def _ends_in_name(source: _Phrase) -> bool:
    """... spokeswoman, Maria Zakharova: two capitals at the end are somebody's name."""
    tail = source.flags[-2:]
    return len(tail) == 2 and all(f & g.CAPITAL and not f & (g.ROLE | g.INSTITUTION) for f in tail)


def _fits_role(mention: _Mention, person: _Person) -> bool:
    """Same office, or a general one close by, and no other nationality or body."""
    phrase = mention.phrase
    ranks = _RANKS & phrase.lower
    if person.many != phrase.many or ranks - person.words:
        return False
    ranked = ranks == _RANKS & person.words
    same = any(
        (ranked and role in person.words) or person.words & _MAY_BE.get(role, set())
        for role in phrase.roles
    )
    near = mention.sentence - person.sentence <= _REACH and person.human
    if not same and not (near and phrase.roles & _GENERIC):
        return False
    return not phrase.nations or bool(phrase.nations & _nations(person.words))


def _nations(words: Iterable[str]) -> set[str]:
    """Stems of the capitalised qualifiers: Russia, Russian and Kremlin are one."""
    lower = [word.lower().removesuffix("’s").removesuffix("'s") for word in words]
    return {_METONYMS.get(word, word)[:5] for word in lower}


def _office(words: list[str], flags: list[int]) -> tuple[set[str], set[str]]:
    """The common nouns of office in a description, and the nations and bodies that it names."""
    office = g.ROLE | g.INSTITUTION
    pairs = list(zip(words, flags, strict=True))
    roles = {word.lower() for word, flag in pairs if flag & office and not flag & g.CAPITAL}
    named = [word for word, flag in pairs if flag & g.CAPITAL and not flag & g.DETERMINER]
    return roles - _qualifiers(words), _nations(named)


def _qualifiers(source_words: list[str]) -> set[str]:
    """What follows "of" or "for" qualifies the office: the spokesman for the president."""
    words = [word.lower() for word in source_words]
    cut = next((i for i, word in enumerate(words) if word in ("for", "of")), len(words))
    return set(words[cut:])


def _is_human(source: _Phrase) -> bool:
    """A title or office before a name, or a name of two words that is no institution's."""
    office = source.mask & (g.ROLE | g.TITLE)
    if office and _ends_in_name(source):
        return True
    if source.mask & g.INSTITUTION:
        return bool(source.flags[-1] & g.CAPITAL and source.mask & g.ROLE)
    capitals = [flag for flag in source.flags if flag & _CAPITALISED == g.CAPITAL]
    return bool(office) or len(capitals) >= 2


def _name_in(source: _Phrase) -> str:
    """The name in a source, without office and article: Dmitry Peskov; else the phrase.

    Empty where the phrase names nobody: a pronoun, a number, a common noun without an office.
    """
    if not source.mask & _NAMING:
        return ""
    edges = [-1, _before_place(source)]
    if source.mask & g.COMMA and edges[1] == len(source.words):
        edges[1:1] = [i for i, flag in enumerate(source.flags) if flag & g.COMMA]
    for left, right in pairwise(edges):  # either side of an apposition
        start = _bare_name(source.flags, left + 1, right)
        if start < right:
            return _plain(source.words[start:right])
    start = int(bool(source.flags[0] & g.DETERMINER))
    return _plain(source.words[start : edges[1]] or source.words)


def _before_place(source: _Phrase) -> int:
    """Where a person's name ends: Lucian Kim | of NPR, Ana Bell | in Moscow."""
    if not source.has(g.PREPOSITION):
        return len(source.words)
    for at, flag in enumerate(source.flags):
        if flag & g.PREPOSITION:
            before = source.flags[:at]
            person = all(one & _LAST_OF_NAME == g.CAPITAL or one & g.TITLE for one in before)
            return at if person and at >= 2 else len(source.words)
    return len(source.words)


def _common_name(source: _Phrase) -> str:
    """Speakers without a name, as they are called: opposition parties, residents.

    A noun in the singular needs an article, or is an office: else no speaker was read there.
    """
    start = int(bool(source.flags[0] & g.DETERMINER))
    nouns = [flag & g.WORD and not flag & _FUNCTION_WORD for flag in source.flags[start:]]
    alone = not start and not source.flags[-1] & (g.PLURAL | g.ROLE | g.INSTITUTION)
    return _plain(source.words[start:]) if nouns and nouns[-1] and not alone else ""


def _bare_name(flags: list[int], left: int, right: int) -> int:
    """Where the run of capitals that ends at *right* begins, if it is a name after an office."""
    if right <= left or flags[right - 1] & _LAST_OF_NAME != g.CAPITAL:
        return right
    start = right - 1
    while start > left and flags[start - 1] & _IN_NAME == g.CAPITAL:
        start -= 1
    if start == left or flags[start - 1] & _BEFORE_NAME:
        return start
    # the Human Rights Watch researcher Ana Bell: a common noun right before two capitals
    noun = flags[start - 1] & (g.WORD | g.CAPITAL | _FUNCTION_WORD) == g.WORD
    return start if noun and right - start >= 2 else right


def _plain(words: list[str]) -> str:
    """Words as a name: no possessive at the end, no full stop."""
    last = words[-1].removesuffix("’s").removesuffix("'s")
    return " ".join([*words[:-1], last]).rstrip(_SENTENCE_END)


def _spelling(name: str) -> str:
    """Transliterations folded: Pashinyan and Pashinian, Aliyev and Aliev."""
    return name.lower().replace("y", "i").replace("ii", "i").replace("’", "'")
