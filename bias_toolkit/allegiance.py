"""Say which actor a source belongs to, by where in its phrase the actor is named.

"Iran hawks in Congress" name two actors and speak for neither.  A name counts at the head of the
phrase or before it ("the Russian minister"), and after "of" or "for" where an office or a body
stands before these ("a spokesman for the Russian president"); never after another preposition,
and not where it only says what somebody is for, against, or an expert of.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.attribution import Attributions
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.matching import Entry, Hits
from bias_toolkit.tokens import Batch, Facts, Reader

Ints = NDArray[np.int64]

# Nouns before which a name says for or against whom or what somebody is: Trump critics.
_STANCE = """critic hawk dove opponent supporter backer sceptic skeptic sympathiser sympathizer foe
enemy rival adversary detractor defender apologist admirer fan follower lover hater advocate
dissident defector exile protester protestor""".split()
# Nouns before which it says what somebody knows or looks at.  A body's own are its staff: UN
# experts; a state's are not: a Russian analyst does not speak for Russia.
_STUDY = """expert analyst watcher observer scholar specialist historian researcher scientist
pundit commentator correspondent""".split()
# Bodies that bear a name and are not the state's: American Enterprise Institute.
_BODIES = """institute institution university college school academy foundation association society
center centre observatory church union chamber league forum fund enterprise hospital museum airlines
bank company corporation times post journal herald tribune news radio television tv club network
project""".split()
# What is made about somebody rather than by him: a poll of Republicans.
_ABOUT = """study report research analysis data figures review survey poll paper letter document
statement resolution""".split()
# Whoever is part of a whole speaks for it as an office does: some of Putin's aides.
_PART = """member members one some many most several all both two three four five none part majority
number pair group bloc handful panel team delegation dozens scores hundreds""".split()
# What may be joined to a name by a hyphen and leave it the speaker's: the Hamas-run ministry.
_JOINED = frozenset("al el ex then run led controlled dominated majority".split())

_OFFICE, _ROLE, _IS_STANCE, _IS_STUDY, _IS_BODY, _FOR = (1 << i for i in range(6))
_CLOSING = g.PREPOSITION | g.SUBORDINATOR
_BREAK = _CLOSING | g.COORDINATOR | g.BOUNDARY
_STATE = ("government", "head", "")  # of an actor whose name also stands for the whole country
_PARTY = "people"  # its members are called by its name alone: Republican critics are Republicans

_MOST_PHRASES = 20_000  # whose actors are kept; names grow without end


class Allegiance:
    """Finds the actor of each source of a batch; it keeps the words it has met."""

    def __init__(
        self,
        reader: Reader,
        grammar: g.Grammar,
        entries: Sequence[Entry],
        lexicons: Sequence[Lexicon],
    ) -> None:
        self._grammar, self._words = grammar, _word_kinds()
        self._strings = reader.words.strings
        self._facts = Facts(reader.words, self._learn, kind=np.int8)
        kinds = {(lexicon.name, a.name): a.kind for lexicon in lexicons for a in lexicon.actors}
        self._kind = [kinds.get((entry.lexicon, entry.category), "") for entry in entries]
        self._hyphened = ["-" in entry.term.text for entry in entries]
        self._known: dict[tuple[bytes, tuple[tuple[int, int, int], ...]], int] = {}
        self._is_actor = np.array([entry.kind == "actor" for entry in entries], bool)

    def _learn(self, new: list[str]) -> dict[str, list[int]]:
        # Of a word with a hyphen the last part says what it is: then-secretary.
        return {"kind": [self._words.get(word.rpartition("-")[2], 0) for word in new]}

    def actors(self, batch: Batch, hits: Hits, found: Attributions) -> Ints:
        """The entry of the actor that each source belongs to, -1 if none.

        Of several names that count the longest, of equally long ones the last.
        """
        actor = np.full(len(found), -1)
        hits = hits.at(np.flatnonzero(self._is_actor[hits.entry]))
        low = np.searchsorted(hits.first, found.source_first)
        high = np.searchsorted(hits.first, found.source_last, "right")
        names = [*zip(hits.first.tolist(), hits.count.tolist(), hits.entry.tolist(), strict=True)]
        rows = np.flatnonzero((high > low) & (found.source_first >= 0))
        columns = (rows, low[rows], high[rows], found.source_first[rows], found.source_last[rows])
        if len(self._known) > _MOST_PHRASES:
            self._known.clear()
        for row, begin, end, first, last in zip(*(c.tolist() for c in columns), strict=True):
            # The same words with the same names in them belong to the same actor.
            mine = tuple((at - first, size, entry) for at, size, entry in names[begin:end])
            key = batch.token[first : last + 1].tobytes(), mine
            if key not in self._known:
                self._known[key] = self._actor(batch, mine, first, last)
            actor[row] = self._known[key]
        return actor

    def _actor(
        self, batch: Batch, names: Sequence[tuple[int, int, int]], first: int, last: int
    ) -> int:
        """The entry of the actor that the phrase from *first* to *last* belongs to, or -1.

        *names* are places in the phrase, sizes and entries.
        """
        flags, kinds = self._grammar(), self._facts()["kind"]
        places, sizes, entries = zip(*names, strict=True)
        ends = [place + size for place, size in zip(places, sizes, strict=True)]
        phrase = _Phrase(
            flags[batch.token[first : last + 1]].tolist(),
            kinds[batch.word[first : last + 1]].tolist(),
            dict(zip(places, ends, strict=True)),
        )
        best, actor = 0, -1
        for place, end, entry in zip(places, ends, entries, strict=True):
            word = self._strings[batch.word[first + place]]
            if (
                end - place >= best
                and phrase.open[place]
                and self._stands(entry, word)
                and phrase.belongs(end, self._kind[entry])
            ):
                best, actor = end - place, entry
        return actor

    def _stands(self, entry: int, word: str) -> bool:
        """Whether a name stands by itself, or joined to what leaves it the speaker's."""
        parts = word.split("-")
        return len(parts) == 1 or self._hyphened[entry] or not _JOINED.isdisjoint(parts)


class _Phrase:
    """A source phrase: which of its tokens are open to a name of whom it belongs to."""

    def __init__(self, flags: list[int], kinds: list[int], names: dict[int, int]) -> None:
        self._flags, self._kinds = flags, kinds
        self._names = names  # where a name begins, and what stands after it
        self.open = self._opened()

    def _opened(self) -> list[bool]:
        found, still, after_of = [], True, False
        for at, flag in enumerate(self._flags):
            if flag & _CLOSING and not flag & g.COORDINATOR:
                still = still and self._passes(at, after_of)
                after_of = still
            elif flag & g.BOUNDARY and not still:
                still, after_of = not self._goes_on(at), False
            found.append(still)
        return found

    def _passes(self, at: int, after_of: bool) -> bool:
        """Whether the preposition at *at* leads on to whom an office or a body belongs to."""
        flag, before = self._flags[at], self._kinds[at - 1] if at else 0
        if flag & g.OF:
            named = after_of and self._flags[at - 1] & g.CAPITAL  # Ministry of Defence of ...
            return bool(named or before & _OFFICE)
        return bool(self._kinds[at] & _FOR and before & _ROLE)

    def _goes_on(self, at: int) -> bool:
        """Whether a name alone follows the sign at *at*: officials in Iran, Syria and Turkey."""
        end = self._names.get(at + 1)
        return end is not None and (
            end >= len(self._flags) or bool(self._flags[end] & (g.BOUNDARY | g.COORDINATOR))
        )

    def belongs(self, end: int, kind: str) -> bool:
        """Whether what follows a name leaves it the source's: no critics, no private institute."""
        end = min(end, len(self._flags))
        possessive = bool(self._flags[end - 1] & g.POSSESSIVE)
        named = not possessive
        for flag, word in zip(self._flags[end:], self._kinds[end:], strict=True):
            if flag & _BREAK:
                break
            named = named and bool(flag & g.CAPITAL)
            if named and word & _IS_BODY and kind in _STATE:
                return False
            if word & _IS_STANCE and (possessive or kind != _PARTY):
                return False
            if word & _IS_STUDY and kind in _STATE:
                return False
        return True


def _word_kinds() -> dict[str, int]:
    """Word, lower case, to what it is in a source phrase, as bits."""
    kinds: dict[str, int] = {"for": _FOR}

    def put(words: Sequence[str], kind: int, *endings: str) -> None:
        for word in words:
            for ending in ("", *endings):
                kinds[word + ending] = kinds.get(word + ending, 0) | kind

    flags = g.word_flags()
    roles = [word for word, flag in flags.items() if flag & g.ROLE and word not in _STUDY]
    bodies = [word for word, flag in flags.items() if flag & g.INSTITUTION]
    put([word for word in roles if word not in _STANCE], _OFFICE | _ROLE, "s")
    put([word for word in bodies if word not in _ABOUT], _OFFICE, "s")
    put(_PART, _OFFICE)
    put(["spokesmen", "spokeswomen", "spokespeople"], _OFFICE | _ROLE)
    put(_STANCE, _IS_STANCE, "s")
    put(_STUDY, _IS_STUDY, "s")
    put(_BODIES, _IS_BODY)
    return kinds
