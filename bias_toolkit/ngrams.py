"""Count words, bigrams and trigrams of a profile, only where their words truly stand together.

A profile keeps tokens, not n-grams: those of 7,302 articles are 6.2 million distinct strings.
A term's words stand side by side in one sentence, none of them page chrome, all of one field
and all in the compared word group; punctuation between them parts them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.cleaning import OTHER
from bias_toolkit.profiles import Profile, unpack

LONGEST = 3


@dataclass(frozen=True)
class TermCounts:
    """Uses of each term in each unit, as three parallel arrays, and the terms' words.

    `words` is terms x LONGEST, ids in the profile's vocabulary, -1 beyond a term's end.
    """

    term: NDArray[np.int64]
    unit: NDArray[np.int64]
    uses: NDArray[np.int64]
    words: NDArray[np.int64]
    vocabulary: NDArray[np.object_]

    def strings(self) -> list[str]:
        """The terms, their words joined by spaces."""
        rows = self.words.tolist()
        return [" ".join(self.vocabulary[i] for i in row if i >= 0) for row in rows]

    def longest(self) -> TermCounts:
        """Without the terms that stand inside a longer one which the same units carry.

        Where all that have "special military" have "special military operation", the latter
        stands for both.
        """
        carriers = self._carriers()
        place = _Places(self.words, len(self.vocabulary))
        inside = np.zeros(len(self.words), bool)
        size = (self.words >= 0).sum(axis=1)
        for n in range(2, LONGEST + 1):
            long = np.flatnonzero(size == n)
            for shift in (0, 1):
                part = place.of(self.words[long, shift : shift + n - 1])
                same = (part >= 0) & (carriers[part] == carriers[long])
                inside[part[same]] = True
        return self._without(inside)

    def _carriers(self) -> NDArray[np.uint64]:
        """A number for the set of units that carry each term: equal sets, equal numbers."""
        random = np.random.default_rng(2).integers(1, 2**63, int(self.unit.max(initial=0)) + 1)
        order = np.argsort(self.term, kind="stable")
        sums = np.zeros(len(order) + 1, np.uint64)
        np.cumsum(random.astype(np.uint64)[self.unit[order]], out=sums[1:])  # wraps around
        ends = np.cumsum(np.bincount(self.term, minlength=len(self.words)))
        return np.diff(sums[np.append(0, ends)])

    def _without(self, out: NDArray[np.bool_]) -> TermCounts:
        keep = ~out[self.term]
        number = np.cumsum(~out) - 1
        return TermCounts(
            term=number[self.term[keep]],
            unit=self.unit[keep],
            uses=self.uses[keep],
            words=self.words[~out],
            vocabulary=self.vocabulary,
        )

    def table(self, in_a: NDArray[np.bool_]) -> pd.DataFrame:
        """One row a term, sorted: term, and articles and uses in the units of *in_a* and others."""
        columns: dict[str, list[str] | NDArray] = {"term": self.strings()}
        n = len(self.words)
        for side, mask in (("a", in_a), ("b", ~in_a)):
            rows = mask[self.unit]
            columns[f"{side}_articles"] = np.bincount(self.term[rows], minlength=n)
            columns[f"{side}_uses"] = np.bincount(
                self.term[rows], self.uses[rows], minlength=n
            ).astype(np.int64)
        return pd.DataFrame(columns).sort_values("term", ignore_index=True)


def count_terms(
    part: Profile,
    voices: tuple[int, ...],
    fewest: int = 1,
    counted: NDArray[np.bool_] | None = None,
) -> TermCounts:
    """Terms in the words of some voices that at least *fewest* units carry.

    *counted* is a mask over the profile's tokens, all if omitted.
    """
    voice, field, _ = unpack(part.marks)
    ok = part.is_word & np.isin(voice, voices) & (field != OTHER)
    if counted is not None:
        ok &= counted
    sentence = np.repeat(np.arange(len(part.sentences)), np.diff(part.pointer))
    found = [_grams(part, ok, field, sentence, n, fewest) for n in range(1, LONGEST + 1)]
    shift = np.cumsum([0, *(len(words) for _, _, _, words in found)])
    return TermCounts(
        term=np.concatenate([f[0] + s for f, s in zip(found, shift, strict=False)]),
        unit=np.concatenate([f[1] for f in found]),
        uses=np.concatenate([f[2] for f in found]),
        words=np.concatenate([f[3] for f in found]),
        vocabulary=part.vocabulary,
    )


def _grams(
    part: Profile,
    ok: NDArray[np.bool_],
    field: NDArray,
    sentence: NDArray[np.int64],
    n: int,
    fewest: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Term number, unit, uses, and words of all n-grams of one length."""
    size = max(len(ok) - n + 1, 0)
    begins = ok[:size].copy()
    for k in range(1, n):
        begins &= ok[k : size + k] & (sentence[k : size + k] == sentence[:size])
        begins &= field[k : size + k] == field[:size]
    at = np.flatnonzero(begins)
    grams = np.stack([part.word[at + k] for k in range(n)], axis=1).astype(np.int64)
    words, number = _distinct(grams, len(part.vocabulary))
    units = len(part.units)
    pairs, uses = np.unique(number * units + part.unit[at], return_counts=True)
    term, unit = pairs // units, pairs % units
    carried = np.bincount(term, minlength=len(words)) >= fewest
    keep = carried[term]
    renumbered = np.cumsum(carried) - 1
    padded = np.full((int(carried.sum()), LONGEST), -1)
    padded[:, :n] = words[carried]
    return renumbered[term[keep]], unit[keep], uses[keep], padded


def _distinct(grams: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct rows, and the number of each row's; two words at a time, so keys fit 64 bits."""
    _, first, number = np.unique(grams[:, 0], return_index=True, return_inverse=True)
    for k in range(1, grams.shape[1]):
        keys = number * size + grams[:, k]
        _, first, number = np.unique(keys, return_index=True, return_inverse=True)
    return grams[first], number


class _Places:
    """Where each term stands in a table of words, by its words."""

    def __init__(self, words: NDArray[np.int64], size: int) -> None:
        self._size = size
        keys = self._keys(words)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def of(self, words: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each term of *words*, which may have fewer columns; -1 if it has none."""
        keys = self._keys(words)
        at = np.minimum(np.searchsorted(self._sorted, keys), max(len(self._sorted) - 1, 0))
        found = self._sorted[at] == keys if len(self._sorted) else np.zeros(len(keys), bool)
        return np.where(found, self._order[at] if len(self._order) else 0, -1)

    def _keys(self, words: NDArray[np.int64]) -> NDArray[np.object_] | NDArray[np.int64]:
        """One number a row; Python's own integers where three words pass 63 bits."""
        big = (self._size + 1) ** LONGEST >= 2**63
        keys = np.zeros(len(words), object if big else np.int64)
        for column in range(LONGEST):
            word = words[:, column] + 1 if column < words.shape[1] else 0
            keys = keys * (self._size + 1) + word
        return keys
