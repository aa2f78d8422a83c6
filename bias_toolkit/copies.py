"""Find articles that are nearly the same: reprints, updates, agency texts.

Two articles are copies where at least four fifths of their runs of five words are in both
(Jaccard similarity; Broder 1997).  Which pairs to compare at all is told by sketches: of each
article the smallest hash in each of 64 classes, cut into bands; those who share a band are held
against each other exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.cleaning import OTHER, TITLE
from bias_toolkit.hashing import Bools, Hashes, Ints, Words, hashes, mixed, powers
from bias_toolkit.profiles import unpack

SAME = 0.8  # Jaccard similarity from which two articles are copies
RUN = 5  # words
SHORTEST = 20  # words; shorter texts are copies only where they and their titles are the same

_CLASSES = 64
_BAND = 4  # classes a band: at SAME, one pair in 5,000 shares none of the 16
_ROOM = 1 << 20  # tokens looked at together
_CROWD = 32  # articles in a band; of more, each is held against the first and the one before
_EMPTY = np.uint64(2**64 - 1)


class Alike(NamedTuple):
    """Pairs of units whose similarity is SAME or more; *one* is the earlier by rank."""

    one: Ints
    other: Ints
    similarity: NDArray[np.float64]

    def at(self, where: Bools) -> Alike:
        """Some of the pairs."""
        return Alike(self.one[where], self.other[where], self.similarity[where])


def alike(words: Words, aside: Bools) -> Alike:
    """All pairs of units, of one outlet or two, that are nearly the same without *aside*.

    Titles do not tell, except in texts of fewer than SHORTEST words.
    """
    one, other = _candidates(_sketches(words, aside), words.rank)
    runs = _runs_of(words, aside, np.union1d(one, other))
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    similarity = np.array([jaccard(runs[a], runs[b]) for a, b in pairs], float)
    order = np.lexsort((words.rank[other], words.rank[one]))
    found = Alike(one[order], other[order], similarity[order])
    return found.at(found.similarity >= SAME)


def originals(found: Alike, words: Words) -> Ints:
    """The earliest unit of its outlet that each unit is a copy of, -1 if it is none's.

    A copy of a copy is none: each is held against the original itself, so that an article
    rewritten step by step does not end as a copy of what it began as.
    """
    copy_of = np.full(len(words.outlet), -1)
    within = found.at(words.outlet[found.one] == words.outlet[found.other])
    order = np.lexsort((words.rank[within.one], words.rank[within.other]))
    pairs = zip(within.one[order].tolist(), within.other[order].tolist(), strict=True)
    for one, other in pairs:
        if copy_of[other] < 0 and copy_of[one] < 0:
            copy_of[other] = one
    return copy_of


def jaccard(one: Hashes, other: Hashes) -> float:
    """The share of what two sorted sets hold together that is in both."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


class _Stretch(NamedTuple):
    """The runs of words of some units: hash and unit of each."""

    run: Hashes
    unit: Ints


def _stretches(words: Words, aside: Bools, units: Bools) -> Iterator[_Stretch]:
    """The runs of the *units*, so many at a time that memory stays bounded."""
    part = words.part
    ends = np.searchsorted(part.unit, np.arange(len(part.units)), "right")
    begin = 0
    while begin < len(part.word):
        # Whole units: as many as have room, but one at least.
        last = max(np.searchsorted(ends, begin + _ROOM, "right") - 1, part.unit[begin])
        end = int(ends[last])
        yield _runs(words, aside, units, slice(begin, end))
        begin = end


def _runs(words: Words, aside: Bools, units: Bools, tokens: slice) -> _Stretch:
    """The runs of words of the *units* among some tokens; of short texts the whole as one."""
    unit = words.part.unit[tokens]
    _, field, _ = unpack(words.part.marks[tokens])
    kept = words.part.is_word[tokens] & ~aside[tokens] & units[unit] & (field != OTHER)
    title = field == TITLE
    length = np.bincount(unit[kept & ~title], minlength=len(units))
    short = length[unit] < SHORTEST
    code = words.code[tokens]
    long = np.flatnonzero(kept & ~title & ~short)
    code_of, unit_of = code[long], unit[long]
    size = max(len(long) - RUN + 1, 0)
    run = np.zeros(size, np.uint64)
    for place, power in enumerate(powers(RUN)):
        run += code_of[place : place + size] * power
    whole = unit_of[:size] == unit_of[RUN - 1 :]
    few = np.flatnonzero(kept & short)
    first = np.flatnonzero(np.diff(unit[few], prepend=-1))
    texts = hashes(code[few], first, np.append(first, len(few))[1:])
    return _Stretch(
        mixed(np.concatenate([run[whole], texts])),
        np.concatenate([unit_of[:size][whole], unit[few][first]]),
    )


def _sketches(words: Words, aside: Bools) -> Hashes:
    """Of each unit the smallest hash in each class of hashes: units x _CLASSES."""
    n = len(words.outlet)
    sketch = np.full(n * _CLASSES, _EMPTY)
    for stretch in _stretches(words, aside, np.ones(n, bool)):
        place = (stretch.run >> np.uint64(58)).astype(np.int64)
        np.minimum.at(sketch, stretch.unit * _CLASSES + place, stretch.run)
    return sketch.reshape(n, _CLASSES)


def _candidates(sketch: Hashes, rank: Ints) -> tuple[Ints, Ints]:
    """Pairs of units that share a band of their sketches, each once, the earlier first."""
    found = [np.zeros(0, np.int64)]
    order, n = np.argsort(rank), len(rank)
    for at in range(0, _CLASSES, _BAND):
        band = sketch[order, at : at + _BAND]
        filled = np.flatnonzero((band != _EMPTY).any(axis=1))
        key = hashes(band[filled].ravel(), *_rows(len(filled)))
        by_key = np.argsort(key, kind="stable")
        pairs = _pairs_within(key[by_key], filled[by_key])
        found.append(pairs[:, 0] * n + pairs[:, 1])
    pair = np.unique(np.concatenate(found))
    return order[pair // max(n, 1)], order[pair % max(n, 1)]


def _rows(n: int) -> tuple[Ints, Ints]:
    begin = np.arange(n) * _BAND
    return begin, begin + _BAND


def _pairs_within(key: Hashes, place: Ints) -> NDArray[np.int64]:
    """Pairs of places with equal keys; the keys are sorted, and within each the places."""
    new = np.ones(len(key), bool)
    new[1:] = key[1:] != key[:-1]
    begin = np.flatnonzero(new)
    size = np.diff(np.append(begin, len(key)))
    group = np.cumsum(new) - 1
    crowded = size[group] > _CROWD
    pairs = [np.zeros((0, 2), np.int64)]
    for back in range(1, int(min(size.max(initial=1), _CROWD))):
        two = np.flatnonzero((group[back:] == group[:-back]) & ((back == 1) | ~crowded[back:]))
        pairs.append(np.stack([place[two], place[two + back]], axis=1))
    late = np.flatnonzero(crowded & ~new)
    pairs.append(np.stack([place[begin[group[late]]], place[late]], axis=1))
    return np.concatenate(pairs)


def _runs_of(words: Words, aside: Bools, units: Ints) -> dict[int, Hashes]:
    """The runs of some units, sorted, each once."""
    wanted = np.zeros(len(words.outlet), bool)
    wanted[units] = True
    found: dict[int, Hashes] = {}
    for stretch in _stretches(words, aside, wanted):
        order = np.lexsort((stretch.run, stretch.unit))
        unit, run = stretch.unit[order], stretch.run[order]
        begin = np.flatnonzero(np.diff(unit, prepend=-1))
        ends = np.append(begin, len(unit))[1:]
        for low, high in zip(begin.tolist(), ends.tolist(), strict=True):
            found[int(unit[low])] = np.unique(run[low:high])
    return found
