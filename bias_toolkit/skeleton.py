"""Fold a text to its narration: each quotation becomes one token, so that grammar can be read.

The idea to know: positions in the skeleton are not token positions; `first` and `last` lead back.
What rules look for ("the last comma before the cue") is found by search in sorted positions of
the telling tokens, for all cues of a batch at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.cleaning import OTHER
from bias_toolkit.quotation import Quotes
from bias_toolkit.tokens import Batch

Ints = NDArray[np.int64]


Mask = NDArray[np.bool_]


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
    paragraph: NDArray[np.int32]  # rising; of one text only
    doc: NDArray[np.int32]
    takes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # particles, as bits
    particle: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    word: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    ids: dict[str, Ints] = field(default_factory=dict)  # of the words that `is_one` asks for

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

    def is_one(self, at: Ints, name: str) -> Mask:
        """Whether the words at *at* are among `ids` of *name*; false outside the text."""
        inside = (at >= 0) & (at < len(self.word))
        return inside & np.isin(self.word.take(at, mode="clip"), self.ids[name])

    def has(self, at: Ints, mask: int, inside: Mask | None = None) -> Mask:
        """Whether the flags at *at* meet *mask*; false outside the text and *inside*."""
        found = (self._padded.take(at + 1, mode="clip") & mask) != 0
        return found if inside is None else found & inside


def fold(batch: Batch, flags: Ints, quotes: Quotes) -> Skeleton:
    """Fold quotations into one token each, drop page chrome, and number sentences anew.

    Nicknames are left out, as if nothing stood there.
    """
    n = len(batch)
    nicknames = _are_nicknames(batch, flags, quotes)
    names, quotes = quotes.at(nicknames), quotes.at(~nicknames)
    keep = batch.field != OTHER
    edge = np.zeros(n + 1, np.int8)
    edge[quotes.first] += 1
    edge[quotes.last + 1] -= 1
    keep &= np.cumsum(edge[:n], dtype=np.int8) == 0
    row = np.full(n, -1, np.int64)
    row[quotes.first] = np.arange(len(quotes))
    keep[quotes.first] = batch.field[quotes.first] != OTHER
    asides = _asides(batch, np.where(row < 0, flags, g.QUOTED), keep)
    for opening, closing in asides:
        keep[opening : closing + 1] = False
    for opening, closing in zip(names.first.tolist(), names.last.tolist(), strict=True):
        if keep[opening - 1 : closing + 1].all():
            asides.append((opening, closing))
            keep[opening : closing + 1] = False
    first = np.flatnonzero(keep)
    row = row[first]
    quoted = np.flatnonzero(row >= 0)
    last = first.copy()
    last[quoted] = quotes.last[row[quoted]]
    aside = np.array([start for start, _ in asides], np.int64)
    last[np.searchsorted(first, aside) - 1] = [end for _, end in asides]
    folded = _quoted_flags(flags, quotes, row[quoted])
    flags = flags.take(first)
    flags[quoted] = folded
    paragraph = batch.sent_paragraph.take(batch.sentence.take(first))
    new = _sentence_starts(batch, first, flags, paragraph)
    begin = np.flatnonzero(new)
    end = np.append(begin[1:], len(first))
    sentence = np.cumsum(new) - 1
    return Skeleton(
        first, last, flags, sentence, begin, end, quoted, paragraph, batch.doc.take(first)
    )


def _sentence_starts(batch: Batch, first: Ints, flags: Ints, paragraph: NDArray[np.int32]) -> Mask:
    """Where a sentence of the narration begins: a question in quotation marks ends none."""
    starts = np.zeros(len(batch), bool)
    starts[batch.sent_ptr[:-1]] = True
    new = _joined_questions(starts.take(first), flags)
    if len(new):
        new[0] = True
        new[1:] |= paragraph[1:] != paragraph[:-1]
    return new


def _are_nicknames(batch: Batch, flags: Ints, quotes: Quotes) -> Mask:
    """One or two words in capitals in the midst of a name: Tom “Lucky” Brewer warned.

    Not in headlines, where every word has a capital.
    """
    before, after = np.maximum(quotes.first - 1, 0), np.minimum(quotes.last + 1, len(batch) - 1)
    found = quotes.closed & (quotes.last - quotes.first <= 3)
    for at in (before, after):
        found &= (flags[at] & (g.CAPITAL | g.POSSESSIVE | g.INSTITUTION)) == g.CAPITAL
        found &= batch.sentence[at] == batch.sentence[quotes.first]
    found &= (flags[before] & (g.VERB | g.DETERMINER | g.PREPOSITION | g.ADVERB)) == 0
    for at in (quotes.first + 1, quotes.last - 1):
        found &= (flags[at] & g.CAPITAL) != 0
    if found.any():
        capitals = np.append(0, np.cumsum((flags & g.CAPITAL) != 0))
        sentence = batch.sentence[quotes.first]
        begin, end = batch.sent_ptr[sentence], batch.sent_ptr[sentence + 1]
        found &= 2 * (capitals[end] - capitals[begin]) < end - begin
    return found


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
    """QUOTED, and _OPENING if it begins like a sentence, _FINAL if it ends in "?" or "!"."""
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
