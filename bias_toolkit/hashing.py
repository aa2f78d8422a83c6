"""Know the words of a profile by hashes of their strings, so that equal texts are found fast.

A word's number says when it was first met; its hash is the same in every profile.  A stretch of
tokens has one hash too, in which order tells, so pieces of text are compared as numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.profiles import Profile
from bias_toolkit.tokens import ragged

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no power of it is 0
_NUMBER = re.compile(
    r"(?=.*\d)[\d.,:/’'%-]+(?:st|nd|rd|th|am|pm|a\.m\.?|p\.m\.?)?"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)


class Words:
    """A profile's words and sentences as arrays, as those need them who look for repeats.

    `code` is one hash a token, `evened` the same with all numbers, months and days of the week
    as one word: "© 2019" and "© 2020" are one line.  `outlet` is one position in `names` a unit;
    `rank` is the unit's place by day and id, undated ones last: what is called first is first
    in it.  `unit`, `field`, `words`, `quoted` and `end` have one value a sentence.
    """

    def __init__(self, part: Profile) -> None:
        self.part = part
        self.pointer = part.pointer
        self.unit = part.sentences["unit"].to_numpy(np.int64)
        self.field = part.sentences["field"].to_numpy()
        self.words = part.sentences["words"].to_numpy(np.int64)
        self.quoted = part.sentences["quoted_words"].to_numpy(np.int64)
        self.dates = part.units["date"].fillna("").astype(str).to_numpy(object)
        outlets = part.units["outlet"].to_numpy(object).astype(str)
        names, outlet = np.unique(outlets, return_inverse=True)
        self.names: list[str] = names.tolist()
        self.outlet = outlet.astype(np.int64)
        ids = part.units["id"].to_numpy(object).astype(str)
        order = np.lexsort((ids, self.dates.astype(str), self.dates == ""))
        self.rank = np.empty(len(order), np.int64)
        self.rank[order] = np.arange(len(order))

    @cached_property
    def code(self) -> Hashes:
        """One hash a token."""
        return codes(self.part.vocabulary.tolist())[self.part.word]

    @cached_property
    def evened(self) -> Hashes:
        """One hash a token, all numbers and dates being one word."""
        strings = self.part.vocabulary.tolist()
        even = ["#" if _NUMBER.fullmatch(word) else word for word in strings]
        return codes(even)[self.part.word]

    def text(self, begin: int, end: int) -> str:
        """The words of the tokens from *begin* to *end*."""
        return " ".join(self.part.vocabulary[self.part.word[begin:end]])

    def days(self, units: Ints) -> list[str]:
        """The dates of some units, each once, in order."""
        return sorted(set(self.dates[units].tolist()) - {""})


def codes(strings: Sequence[str]) -> Hashes:
    """A 64-bit hash of each string, the same in every process."""
    digests = (blake2b(text.encode("utf8", "replace"), digest_size=8) for text in strings)
    return np.frombuffer(b"".join(d.digest() for d in digests), "<u8").astype(np.uint64)


def powers(n: int) -> Hashes:
    """What the word at each of *n* places is multiplied with, so that order tells."""
    return np.multiply.accumulate(np.append(np.uint64(1), np.full(max(n - 1, 0), _FACTOR)))[:n]


def hashes(code: Hashes, begin: Ints, end: Ints) -> Hashes:
    """One hash for each stretch of tokens, of which none is empty."""
    if not len(begin):
        return np.zeros(0, np.uint64)
    size = end - begin
    at, owner = ragged(size, begin)
    first = np.cumsum(size) - size
    place = np.arange(len(at)) - first[owner]
    return np.add.reduceat(code[at] * powers(int(size.max()))[place], first)


def mixed(values: Hashes) -> Hashes:
    """Hashes each of whose bits hangs on all bits of the given ones (Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


class Kinds(NamedTuple):
    """Pieces of text told apart: the kind of each, and of each kind how many units, counted
    once each, have it, and which of its pieces is the first."""

    kind: Ints
    units: Ints
    first: Ints

    def pieces(self, kinds: Ints) -> list[Ints]:
        """The pieces of some kinds, a list for each."""
        order = np.argsort(self.kind, kind="stable")
        edges = np.searchsorted(self.kind[order], [kinds, kinds + 1])
        return [order[low:high] for low, high in edges.T.tolist()]


def kinds_of(key: Hashes, unit: Ints, counted: Bools, words: Words) -> Kinds:
    """Tell pieces apart by their *key* and outlet; only *counted* units are counted.

    *key* and *unit* have one value a piece, *counted* one a unit.  First are counted units, and
    of them the earliest by rank.
    """
    both = mixed(key + mixed(words.outlet[unit].astype(np.uint64) + np.uint64(1)))
    order = np.lexsort((words.rank[unit], ~counted[unit], both))
    sorted_keys, sorted_units = both[order], unit[order]
    new = np.ones(len(order), bool)
    new[1:] = sorted_keys[1:] != sorted_keys[:-1]
    fresh = new.copy()
    fresh[1:] |= sorted_units[1:] != sorted_units[:-1]
    number = np.cumsum(new) - 1
    kind = np.empty(len(order), np.int64)
    kind[order] = number
    units = np.bincount(number, fresh & counted[sorted_units], minlength=int(new.sum()))
    return Kinds(kind, units.astype(np.int64), order[new])
