"""What can be said of a source phrase by itself: its name, its office, whether it is a person.

A phrase comes back again and again ("Dmitry Peskov", "the ministry"), so each is read once and
kept.  How phrases that stand apart in a text belong together is the work of `speakers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from bias_toolkit import grammar as g
from bias_toolkit.inflection import irregular_pasts
from bias_toolkit.quotation import MARKS

Words = frozenset[str]

METONYMS = g.metonyms()
PLACES = g.places()
FUNCTION_WORD = (
    g.HE | g.IT | g.SUBJECT | g.OBJECT_PRONOUN | g.DETERMINER | g.AUXILIARY | g.ADVERB
    | g.PREPOSITION | g.SUBORDINATOR | g.COORDINATOR | g.DAY | g.DIGIT
)  # fmt: skip

_PRONOUN = g.HE | g.IT | g.SUBJECT
_NEW = frozenset("a an one another some".split())  # "a former official" is nobody named before
_PRONOUNS = frozenset("i you he she it we they there".split())
_POINTING = frozenset("this that these those what which who".split())
_NO_ONE = frozenset("no neither none nobody not nor few which whom".split())  # no official said
_SAID = frozenset("said says wrote told".split())
_ARTICLES = frozenset("a an the his her its their".split())
_RANKS = frozenset("former then late".split())
_LEADS_ON = frozenset("half out up off down".split())  # before an article: half the voters
_BREAKERS = (
    _SAID | _ARTICLES | {"also", "to", "and", "or"}
    | {word for word, flag in g.word_flags().items() if flag & g.EVIDENCE}
)  # fmt: skip
_PARTIES = frozenset("r- d- i-".split())
_SOMEBODYS = frozenset("his her their my our its".split())  # "his brother Paul"
_PARTICLES = frozenset("de von van der den bin al el la le du da di dos ben ibn".split())
_MARKS = frozenset(MARKS)
_TRIMMED = _MARKS | _PARTICLES | {"(", "whose", "no"}
_SENTENCE_END = ",;:.!? \n\t"
_NONE: Words = frozenset()

# What may end a name, stand in one, and stand before one: a word is a part of a name where its
# flags, of those in the first two, are CAPITAL alone.
_LAST_OF_NAME = g.CAPITAL | g.INSTITUTION | g.ROLE
_IN_NAME = g.CAPITAL | g.ROLE | g.TITLE | g.DETERMINER | g.POSSESSIVE | g.BOUNDARY
_BEFORE_NAME = g.ROLE | g.TITLE | g.INSTITUTION | g.POSSESSIVE
_NOUN_BEFORE_NAME = g.WORD | g.CAPITAL | FUNCTION_WORD
_CAPITALISED = g.CAPITAL | g.DETERMINER
_OFFICE = g.ROLE | g.INSTITUTION
_NAMING = g.CAPITAL | _OFFICE
_PERSONAL = g.ROLE | g.TITLE
_NO_OPENING = g.AUXILIARY & ~(g.HE | g.IT)
_BEFORE_ARTICLE = (
    g.CAPITAL | g.DETERMINER | g.PREPOSITION | g.COORDINATOR | g.SUBORDINATOR | g.TO | g.POSSESSIVE
)
_NO_INFINITIVE = g.CAPITAL | g.DETERMINER | g.PLURAL | g.ROLE | g.INSTITUTION | g.DIGIT
_IN_PHRASE = g.PREPOSITION | g.CAPITAL
_ING, _ADVERB = g.ING, g.ADVERB
_PLAIN_PLURAL = g.PLURAL | g.CAPITAL | g.ROLE | g.INSTITUTION
_IN_ADVERB = g.ADVERB | g.CAPITAL
_HEARER_OR_LINK = g.RECIPIENT | g.TO | g.PREPOSITION
_NO_WORD_ALONE = g.NOBODY | g.DAY | g.DIGIT
_LINK = g.DETERMINER | g.OBJECT_PRONOUN | g.COORDINATOR
_HEAD = g.PLURAL | g.ROLE | g.INSTITUTION  # the survivors of; the left of
_PAST = irregular_pasts()
_NO_VERB = g.DETERMINER | g.ADVERB | g.PREPOSITION | g.COORDINATOR | g.SUBORDINATOR
# Flags as names of this module: asked for millions of times.
_CAPITAL, _COMMA, _DETERMINER, _PLURAL = g.CAPITAL, g.COMMA, g.DETERMINER, g.PLURAL
_PREPOSITION, _WORD = g.PREPOSITION, g.WORD


class Phrase:
    """A source phrase and all that can be said of it without its text; worked out once.

    `name` is the name in it ("" if none), `key` its spelling with transliterations folded,
    `common` what nameless speakers are called.  `is_role` marks a definite description, with
    its `roles` and `nations`; `offices` are its words that are not another's office.  `personal`
    marks a bare name, `own` its words, `short` one of one word.
    """

    __slots__ = (
        "common", "flags", "human", "is_role", "key", "kin", "lower", "many", "mask", "name",
        "nations", "new", "offices", "own", "personal", "pronoun", "roles", "short", "surname",
        "words",
    )  # fmt: skip

    def __init__(self, words: list[str], flags: list[int]) -> None:
        words, flags = _trimmed(words, flags)
        self.words, self.flags = words, flags
        lower = [word.lower() for word in words]
        self.lower = frozenset(lower)
        first, opening, one = flags[0], lower[0], len(words) == 1
        if opening[:3] == "ex-":
            self.lower |= {"former", opening[3:]}
        self.mask = mask = reduce(or_, flags)
        self.pronoun = opening if one and first & _PRONOUN else ""
        self.new = opening in _NEW
        self.is_role = self.kin = self.many = self.human = self.personal = self.short = False
        self.name = self.common = self.key = self.surname = ""
        self.own = self.roles = self.nations = _NONE
        if not self.pronoun and not _is_nobody(words, flags, opening):
            if first & _DETERMINER:
                self.is_role = not self.new and bool(mask & _OFFICE) and _is_role(flags)
                self.kin = _is_kin(lower, flags)
            self.name = _name_in(self)
            if self.name:
                self._learn_name()
            else:
                self.common = _common_name(self)
        if mask & _PLURAL and not self.many:
            self.many = _is_plural(flags)
            self.personal &= not self.many
        if self.personal:
            self._learn_own_name()
        qualifiers = _qualifiers(lower) if mask & _PREPOSITION else _NONE
        if self.is_role:
            self.roles, self.nations = _office(lower, flags, qualifiers)
        self.offices = self.lower - qualifiers if qualifiers else self.lower

    def _learn_name(self) -> None:
        name = self.name
        self.key = _spelling(name)
        self.surname = self.key.rpartition(" ")[2]
        self.many = " and " in name
        self.personal = not self.many and _is_bare(name)
        self.human = _is_human(self)

    def _learn_own_name(self) -> None:
        self.own = frozenset(self.name.lower().split())
        self.short = " " not in self.name and self.key not in PLACES

    def has(self, mask: int) -> bool:
        """Whether any of its words carries a flag of *mask*."""
        return bool(self.mask & mask)


def nations(words: Iterable[str]) -> Words:
    """Stems of capitalised qualifiers in lower case: Russia, Russian and Kremlin are one."""
    bare = [word.removesuffix("’s").removesuffix("'s") for word in words]
    return frozenset([METONYMS.get(word, word)[:5] for word in bare])


# ------------------------------------------------------------------ what belongs to the phrase


def _trimmed(words: list[str], flags: list[int]) -> tuple[list[str], list[int]]:
    """The phrase without what was read into it, and particles as parts of names."""
    if flags[0] & _COMMA and len(words) > 1:
        words, flags = words[1:], flags[1:]  # Adam Schiff, D-Calif. | , the manager, said
    if flags[-1] & _IN_ADVERB == _ADVERB and len(words) > 1:
        words, flags = words[:-1], flags[:-1]  # with the president endlessly | touting it
    if _TRIMMED.isdisjoint(words):
        return words, flags
    if "(" in words and words[0] != "(":
        words, flags = _without_brackets(words, flags)
    if not _MARKS.isdisjoint(words):
        words, flags = _without_marks(*_without_nickname(words, flags))
    if not _PARTICLES.isdisjoint(words):
        flags = _with_particles(words, flags)
    if words[0] == "no" and len(words) > 2 and flags[1] & g.COORDINATOR:
        words, flags = words[2:], flags[2:]  # Aliyev said no and Pashinyan said yes
    if "whose" in words and all(flag & _CAPITAL for flag in flags[-2:]):
        cut = words.index("whose") + 1  # Vogt, whose rival, Karl Brandt, said
        words, flags = words[cut:], flags[cut:]
    return words, flags


def _without_brackets(words: list[str], flags: list[int]) -> tuple[list[str], list[int]]:
    """Diana DeGette (D-Colo.), a member, is Diana DeGette, a member."""
    depth, kept = 0, []
    for at, word in enumerate(words):
        depth += word == "("
        if not depth:
            kept.append(at)
        depth -= word == ")" and depth > 0
    return [words[at] for at in kept], [flags[at] for at in kept]


def _without_nickname(words: list[str], flags: list[int]) -> tuple[list[str], list[int]]:
    """Tom “Lucky” Brewer is Tom Brewer."""
    marks = [at for at, word in enumerate(words) if word in MARKS]
    if len(marks) != 2 or not 0 < marks[0] < marks[1] < len(words) - 1:
        return words, flags
    first, last = marks
    return words[:first] + words[last + 1 :], flags[:first] + flags[last + 1 :]


def _with_particles(words: list[str], flags: list[int]) -> list[int]:
    """Bill de Blasio: a particle between two capitals is a part of the name."""
    found = list(flags)
    for at in range(1, len(words) - 1):
        if words[at] in _PARTICLES and flags[at - 1] & flags[at + 1] & _CAPITAL:
            found[at] = _WORD | _CAPITAL
    return found


def _without_marks(words: list[str], flags: list[int]) -> tuple[list[str], list[int]]:
    """What a quotation left over at either end is no part of the name: ” Obama."""
    left = next((at for at, word in enumerate(words) if word not in MARKS), 0)
    right = next((at for at, word in enumerate(words[::-1]) if word not in MARKS), 0)
    return words[left : len(words) - right], flags[left : len(flags) - right]


# ------------------------------------------------------------------ nobody, several, somebody


def _is_nobody(words: list[str], flags: list[int], opening: str) -> bool:
    """No official; A: in an interview; parts of a clause that were taken for its subject."""
    if opening in _NO_ONE or flags[0] & _NO_OPENING:
        return True
    if len(words) == 1:
        if flags[0] & _NO_WORD_ALONE or len(opening) == 1:
            return True
        if flags[0] & _ADVERB and not opening.endswith("ly"):
            return True  # now think
        if opening[:2] in _PARTIES and words[0][2:3].isupper():
            return True  # Joe Barton, R-Texas, said
    elif _is_no_phrase(words, flags):
        return True
    return _opens_clause(opening, flags)


def _is_no_phrase(words: list[str], flags: list[int]) -> bool:
    """Parts of a clause that were taken for its subject: honoring its duties; Trump and his."""
    if words[0] == "I":
        return True  # “Live: I saw the tower fall, says witness”
    if flags[-1] & _LINK and not flags[-1] & _CAPITAL:
        return True
    if words[0].islower() and _is_remainder(words[0], flags):
        return True
    if _holds_clause(words, flags):
        return True
    if not flags[1] & _DETERMINER:
        return False
    verb = words[0].islower() and not flags[0] & _NO_VERB
    return verb or bool(flags[0] & g.ING)


def _is_remainder(first: str, flags: list[int]) -> bool:
    """What is left of a longer phrase: on his team; paid to; familiar with the plan."""
    if flags[0] & _PREPOSITION:
        return True
    if not flags[1] & _PREPOSITION or flags[0] & _HEAD:
        return False
    participle = first.endswith("ed") and not first.endswith("eed")
    return participle or first in _PAST or bool(flags[0] & g.ADJECTIVE)


def _holds_clause(words: list[str], flags: list[int]) -> bool:
    """A noun and a clause on it, or a whole clause: a charge the mayor; a bill that Trump said."""
    if flags[0] & _ING and flags[1] & _HEARER_OR_LINK:
        return True  # telling reporters; speaking to; running for
    if words[-1].endswith(("s'", "s’")):
        return True  # closer to experts' | estimates
    # the three states Trump | won
    if flags[-2] & _PLAIN_PLURAL == _PLURAL and flags[0] & _DETERMINER and len(words) > 2:
        return flags[-1] & _CAPITALISED == _CAPITAL
    if _BREAKERS.isdisjoint(words):
        return False
    # after a comma a clause may stand: the pastor, who owns the place
    end = next((at for at, flag in enumerate(flags) if flag & _COMMA), len(words))
    return any([_breaks_off(words, flags, at) for at in range(1, end) if words[at] in _BREAKERS])


def _breaks_off(words: list[str], flags: list[int], at: int) -> bool:
    """Whether a word within a phrase shows that it is none: Ann Lee said; polls show voters."""
    flag, before = flags[at], flags[at - 1]
    if flag & _CAPITAL:
        return False
    if words[at] in _SAID or words[at] == "also":
        return True
    if flag & _DETERMINER and words[at] in _ARTICLES:
        return not before & _BEFORE_ARTICLE and words[at - 1] not in _LEADS_ON
    if flag & g.EVIDENCE and before & g.EVIDENT and at + 1 < len(words):
        return True
    if flag & g.TO and before & _PLURAL and at + 2 < len(words):
        verb = flags[at + 1] & _WORD and not flags[at + 1] & _NO_INFINITIVE
        return bool(verb) and words[at + 1] not in _RANKS  # citizens to vote for Roy Moore
    ended = flag & g.COORDINATOR and at > 2 and flags[0] & _DETERMINER
    return bool(ended) and words[at - 1].endswith("ened")  # the war worsened and the city


def _opens_clause(opening: str, flags: list[int]) -> bool:
    """There's a chance; It leads to; I'll let Guy: no names.  He Jiankui is one."""
    first, mark, _ = opening.replace("’", "'").partition("'")
    if first in _PRONOUNS:
        return bool(mark) or len(flags) == 1 or not flags[1] & _CAPITAL
    return first in _POINTING and (bool(mark) or len(flags) == 1)


def _is_plural(flags: list[int]) -> bool:
    """Whether a phrase is headed by a plural: sources close to Trump; not the sales chief."""
    end = next((at for at, flag in enumerate(flags) if flag & _PREPOSITION), len(flags))
    for at, flag in enumerate(flags[:end]):
        # a capital may be that of the sentence
        first = at == 0 and len(flags) > 1 and not flags[1] & _CAPITAL
        if flag & _PLURAL and (first or not flag & _CAPITAL):
            after = flags[at + 1 : end]
            return not any(one & _NAMING for one in after)
    return False


def _is_human(source: Phrase) -> bool:
    """A title or office before a name, or a name of two words that is no institution's."""
    flags = source.flags
    office = source.mask & _PERSONAL
    if (office and _ends_in_name(flags)) or flags[0] & g.TITLE:
        return True
    if source.mask & g.INSTITUTION:
        if office and _has_own_name(source):
            return True
        return bool(flags[-1] & _CAPITAL and source.mask & g.ROLE)
    if office or source.kin:
        return True
    capitals = [flag for flag in flags if flag & _CAPITALISED == _CAPITAL]
    return len(capitals) >= 2 and _is_bare(source.name)


def _has_own_name(source: Phrase) -> bool:
    """AARP President Nancy Lee in a statement: her name holds no common noun."""
    if " " not in source.name or not _is_bare(source.name):
        return False
    name = source.name.split()
    own = [flag for word, flag in zip(source.words, source.flags, strict=True) if word in name]
    return not any([flag & _OFFICE for flag in own])


# ------------------------------------------------------------------ offices


def _is_role(flags: list[int]) -> bool:
    """A definite description whose head is a common noun: the ministry, the spokesman for X."""
    headed = any([flag & _OFFICE and not flag & _CAPITAL for flag in flags])
    return headed and not _ends_in_name(flags)


def _ends_in_name(flags: list[int]) -> bool:
    """... spokeswoman, Maria Zakharova: two capitals at the end are somebody's name."""
    if len(flags) < 2:
        return False
    last, before = flags[-1], flags[-2]
    return bool(last & before & _CAPITAL) and not (last | before) & _OFFICE


def _office(lower: list[str], flags: list[int], qualifiers: Words) -> tuple[Words, Words]:
    """The common nouns of office in a description, and the nations and bodies that it names."""
    pairs = list(zip(lower, flags, strict=True))
    roles = [word for word, flag in pairs if flag & _OFFICE and not flag & _CAPITAL]
    named = [word for word, flag in pairs if flag & _CAPITALISED == _CAPITAL]
    return frozenset(roles) - qualifiers, nations(named)


def _qualifiers(lower: list[str]) -> Words:
    """What follows "of" or "for" qualifies the office: the spokesman for the president."""
    for at, word in enumerate(lower):
        if word in ("for", "of"):
            return frozenset(lower[at:])
    return _NONE


def _is_kin(lower: list[str], flags: list[int]) -> bool:
    """His brother Paul: somebody's, by a common noun, and a name of one word."""
    somebodys = lower[0] in _SOMEBODYS
    return somebodys and len(lower) > 2 and flags[-1] & _LAST_OF_NAME == _CAPITAL


# ------------------------------------------------------------------ names


def _is_bare(name: str) -> bool:
    """Whether a name is a person's or body's own, with no common noun in it: Boris Johnson.

    Not "spokesman for Boris Johnson": who is called Johnson later is not the spokesman.
    """
    if not name[:1].isupper() or "'" in name or "’" in name:
        return False
    words = name.split()
    if len(words) == 1:
        return True
    # Bill de Blasio; Abdel Fattah al-Sisi
    small = [word for word in words if not word[0].isupper()]
    return not small or all([word in _PARTICLES or word[:3] in g.ARABIC for word in small])


def _name_in(source: Phrase) -> str:
    """The name in a source, without office and article: Dmitry Peskov; else the phrase.

    Empty where the phrase names nobody: a pronoun, a number, a common noun without an office.
    """
    mask, flags, words = source.mask, source.flags, source.words
    if not mask & _NAMING:
        return ""
    end = _before_place(flags) if mask & _PREPOSITION else len(words)
    ends = [end]
    if mask & _COMMA and end == len(words):  # either side of an apposition
        ends = [*[at for at, flag in enumerate(flags) if flag & _COMMA], end]
    left = 0
    for right in ends:
        start = _bare_name(flags, left, right, source.kin)
        if start < right and not (mask & _PREPOSITION and _is_of_another(flags, left, start)):
            two = "and" in words and _two_of_them(words, flags, left, start)
            return _plain(words[left if two else start : right])
        left = right + 1
    start = int(bool(flags[0] & _DETERMINER))
    return _plain(words[start : ends[0]] or words)


def _is_of_another(flags: list[int], left: int, start: int) -> bool:
    """A spokesman for Sen. Ted Cruz is not Ted Cruz; the Bank of America chief Ann Lee is she."""
    small = [at for at in range(left + 1, start) if flags[at] & _IN_PHRASE == _PREPOSITION]
    at = small[-1] if small else left
    if at <= left:
        return False
    head, between = flags[at - 1], flags[at + 1 : start]
    if between and between[0] & _PERSONAL and not between[0] & g.INSTITUTION:
        return True
    if head & _CAPITAL:
        return bool(head & g.ROLE) and not flags[at] & g.OF
    bare = not any([flag & (_PERSONAL | _CAPITALISED | g.POSSESSIVE) for flag in between])
    return not (flags[at] & g.OF and bare)  # the secretary of state Ann Lee


def _two_of_them(words: list[str], flags: list[int], left: int, start: int) -> bool:
    """Mr. Crane and Mr. Judd are two; the founder and chairman Ann Lee is one."""
    for at in range(left + 1, start - 1):
        if words[at] == "and":
            before = flags[at - 1] & _LAST_OF_NAME == _CAPITAL
            return before and bool(flags[at + 1] & _PERSONAL)
    return False


def _before_place(flags: list[int]) -> int:
    """Where a person's name ends: Lucian Kim | of NPR, Ana Bell | in Moscow."""
    for at, flag in enumerate(flags):
        if flag & _PREPOSITION:
            if at < 2:
                return len(flags)
            before = flags[:at]
            person = all([one & _LAST_OF_NAME == _CAPITAL or one & g.TITLE for one in before])
            person |= _ends_in_name(before) and all([one & _CAPITAL for one in before])
            return at if person else len(flags)
    return len(flags)


def _common_name(source: Phrase) -> str:
    """Speakers without a name, as they are called: opposition parties, residents.

    A noun in the singular needs an article, or is an office: else no speaker was read there.
    """
    several = len(source.flags) > 1 and source.flags[1] & _PREPOSITION  # many of them
    start = int(bool(source.flags[0] & _DETERMINER) and not several)
    nouns = [flag & _WORD and not flag & FUNCTION_WORD for flag in source.flags[start:]]
    alone = not start and not source.flags[-1] & (_PLURAL | _OFFICE)
    return _plain(source.words[start:]) if nouns and nouns[-1] and not alone else ""


def _bare_name(flags: list[int], left: int, right: int, kin: bool) -> int:
    """Where the run of capitals that ends at *right* begins, if it is a name after an office."""
    if right <= left or flags[right - 1] & _LAST_OF_NAME != _CAPITAL:
        return right
    start = right - 1
    while start > left and flags[start - 1] & _IN_NAME == _CAPITAL:
        start -= 1
    # Secretary of State Antony Blinken
    if right - start > 2 and start - 2 >= left and flags[start - 1] & g.OF:
        return right - 2 if flags[start - 2] & g.ROLE else right
    if start == left or flags[start - 1] & _BEFORE_NAME:
        return start
    # the Human Rights Watch researcher Ana Bell: a common noun right before two capitals
    noun = flags[start - 1] & _NOUN_BEFORE_NAME == _WORD
    return start if noun and (kin or right - start >= 2) else right


def _plain(words: list[str]) -> str:
    """Words as a name: no possessive at the end, no full stop."""
    return " ".join(words).removesuffix("’s").removesuffix("'s").rstrip(_SENTENCE_END)


def _spelling(name: str) -> str:
    """Transliterations folded: Pashinyan and Pashinian, Aliyev and Aliev."""
    return name.lower().replace("y", "i").replace("ii", "i").replace("’", "'")
