"""Pair the quotation marks of a batch of texts, however they are written.

Straight, curly, angled and doubled marks are paired first, within a paragraph; single marks
only outside those, because they are also apostrophes.  What stays open ends where a reader
would end it.  Every mark is looked at a bounded number of times, so the time is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.tokens import Batch, Facts, Reader

NO_MARK, DOUBLE, DOUBLE_OPEN, DOUBLE_CLOSE, ANGLE_OPEN, ANGLE_CLOSE = range(6)
SINGLE, SINGLE_OPEN, SINGLE_CLOSE = range(6, 9)
MARKS = {
    '"': DOUBLE, "''": DOUBLE, "“": DOUBLE_OPEN, "„": DOUBLE_OPEN, "‟": DOUBLE_OPEN,
    "``": DOUBLE_OPEN, "‘‘": DOUBLE_OPEN, "”": DOUBLE_CLOSE, "’’": DOUBLE_CLOSE,
    "«": ANGLE_OPEN, "»": ANGLE_CLOSE, "'": SINGLE, "`": SINGLE, "‘": SINGLE_OPEN,
    "‚": SINGLE_OPEN, "‹": SINGLE_OPEN, "’": SINGLE_CLOSE, "›": SINGLE_CLOSE,
}  # fmt: skip
_BEFORE_OPENING = frozenset("([{—–-/:“‘\"'«<>=…") | {"--", "...", "``", "‘‘"}
# ’em and ’til begin with an apostrophe; '90s and '08 too
_ELIDED = frozenset("em til tis twas cause n bout round cuz cos s d ll re ve m t nuff".split())
_YEAR = re.compile(r"\d\d(s|ers)?")
_FEET = re.compile(r"\d+['’]\d+")  # the sign after it is inches
# Words that no possessive stands before: in "the forces' and" the sign closes.
_NO_NOUN = frozenset(
    "a an and are as at be been before but by can could did do does for from had has have if in "
    "into is may might must nor of on or over said says should than that the to was were what "
    "when which while who will with would".split()
)
LONGEST_SINGLE = 2_500  # characters: beyond this two apostrophes have met by chance
_MOST_TRIED = 40  # closing candidates looked at for one single mark

OTHER_KIND, OPENING_KIND, WORD_KIND, FEET_KIND = range(4)


@dataclass(frozen=True)
class Quotes:
    """Quoted spans in token positions, ordered and not overlapping.

    `first` is the opening mark, `last` the closing mark, or the last quoted token where the
    mark is missing (`closed` false).  Paragraphs of one long quotation share a `group`.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    closed: NDArray[np.bool_]
    group: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    def at(self, rows: NDArray) -> Quotes:
        """The spans of *rows* (an index or mask)."""
        return Quotes(self.first[rows], self.last[rows], self.closed[rows], self.group[rows])


@dataclass(slots=True)
class _Mark:
    """One mark and what touches it."""

    at: int
    kind: int
    doc: int
    paragraph: int
    can_open: bool
    can_close: bool
    starts_paragraph: bool
    start: int  # in its text


class Pairing:
    """Pairs the marks in the batches of one reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._facts = Facts(
            reader.tokens,
            lambda new: {
                "mark": [MARKS.get(token, NO_MARK) for token in new],
                "kind": [_kind(token) for token in new],
            },
            mark=np.int8,
            kind=np.int8,
        )

    def pair(self, batch: Batch) -> Quotes:
        """The quoted spans of all texts of *batch*."""
        facts = self._facts()
        mark = facts["mark"].take(batch.token)
        at = np.flatnonzero(mark)
        marks = self._marks(batch, at, mark[at], facts["kind"])
        spans = _pair_doubles([m for m in marks if DOUBLE <= m.kind <= DOUBLE_CLOSE], batch)
        angles = _outside([m for m in marks if ANGLE_OPEN <= m.kind <= ANGLE_CLOSE], spans)
        spans += [span for span in _pair_doubles(angles, batch) if span[2]]  # » is also a bullet
        singles = _outside([m for m in marks if m.kind >= SINGLE], sorted(spans))
        return _quotes(spans + self._pair_singles(singles, batch))

    def _marks(
        self, batch: Batch, at: NDArray[np.int64], kinds: NDArray[np.int8], kind: NDArray[np.int8]
    ) -> list[_Mark]:
        """The marks with what stands left and right of them, worked out for all at once."""
        n = len(batch)
        before, after = np.maximum(at - 1, 0), np.minimum(at + 1, n - 1)
        same_doc = batch.doc[before] == batch.doc[at]
        left = (at > 0) & same_doc & (batch.end[before] == batch.start[at])
        same_doc = batch.doc[after] == batch.doc[at]
        right = (at < n - 1) & same_doc & (batch.end[at] == batch.start[after])
        before_kind, after_kind = kind[batch.token[before]], kind[batch.token[after]]
        can_open = right & (~left | (before_kind == OPENING_KIND))
        can_close = left & ~(right & (after_kind >= WORD_KIND))
        inches = left & (before_kind == FEET_KIND) & np.isin(kinds, (DOUBLE, DOUBLE_CLOSE))
        kinds = np.where(inches, NO_MARK, kinds)
        paragraph = batch.sent_paragraph.take(batch.sentence)
        first = (at == 0) | (paragraph[before] != paragraph[at])
        place = (batch.doc[at], paragraph[at])
        columns = (at, kinds, *place, can_open, can_close, first, batch.start[at])
        return [_Mark(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]

    def _pair_singles(self, marks: list[_Mark], batch: Batch) -> list[tuple[int, int, bool, int]]:
        """Single marks: an opening one, and the closing one that is no possessive."""
        strings = self._reader.tokens.strings
        token = batch.token
        spans = []
        number = 0
        while number < len(marks):
            mark = marks[number]
            number += 1
            if not _opens_single(mark, strings[token[min(mark.at + 1, len(batch) - 1)]]):
                continue
            best = -1
            for other in range(number, min(number + _MOST_TRIED, len(marks))):
                there = marks[other]
                if not _within(mark, there):
                    break
                if there.can_open and (there.kind == SINGLE_OPEN or not there.can_close):
                    if best >= 0:
                        break
                    continue
                if there.can_close and there.at > mark.at + 1:
                    best = other
                    if not _possessive(there.at, batch, strings):
                        break
            if best >= 0:
                spans.append((mark.at, marks[best].at, True, mark.at))
                number = best + 1
        return spans


def _kind(token: str) -> int:
    if token[0].isalnum():
        return FEET_KIND if _FEET.fullmatch(token) else WORD_KIND
    return OPENING_KIND if token in _BEFORE_OPENING else OTHER_KIND


def _pair_doubles(marks: list[_Mark], batch: Batch) -> list[tuple[int, int, bool, int]]:
    """Double marks, one after the other; a span is (first, last, closed, group)."""
    spans: list[tuple[int, int, bool, int]] = []
    opened: _Mark | None = None
    group = skip = 0
    for number, mark in enumerate(marks):
        if skip:
            skip -= 1
            continue
        if opened is not None and mark.paragraph != opened.paragraph:
            goes_on = _goes_on(opened, mark, batch)
            spans.append((opened.at, _end_of_open(opened, batch, goes_on), False, group))
            opened = mark if goes_on else None
            if goes_on:
                continue
        if opened is None:
            if _opens(mark):
                opened, group = mark, mark.at
        elif _closes(mark):
            spans.append((opened.at, mark.at, True, group))
            opened = None
        elif _encloses(marks[number : number + 3]):
            skip = 1
        elif mark.can_open and _opens(mark):  # the closing mark before it was forgotten
            end = min(_end_of_open(opened, batch, False), mark.at - 1)
            spans.append((opened.at, end, False, group))
            opened, group = mark, mark.at
    if opened is not None:
        spans.append((opened.at, _end_of_open(opened, batch, False), False, group))
    return spans


def _goes_on(opened: _Mark, mark: _Mark, batch: Batch) -> bool:
    """Whether *mark* takes up the quotation that the paragraph before it left open."""
    begins = mark.starts_paragraph and mark.can_open and mark.doc == opened.doc
    return begins and _last_of_paragraph(opened, batch) + 1 == mark.at


def _encloses(marks: list[_Mark]) -> bool:
    """Whether the next mark closes this one, and the one after it what stands around both."""
    kinds = [mark.kind for mark in marks]
    inside = kinds in (
        [DOUBLE_OPEN, DOUBLE_CLOSE, DOUBLE_CLOSE],
        [ANGLE_OPEN, ANGLE_CLOSE, ANGLE_CLOSE],
    )
    return inside and marks[0].paragraph == marks[2].paragraph


def _opens(mark: _Mark) -> bool:
    """A closing shape opens only where it can do nothing else (”like this“)."""
    if mark.kind in (DOUBLE_CLOSE, ANGLE_CLOSE):
        return mark.can_open and not mark.can_close
    return mark.can_open or mark.kind in (DOUBLE_OPEN, ANGLE_OPEN) or not mark.can_close


def _closes(mark: _Mark) -> bool:
    if mark.kind in (DOUBLE_OPEN, ANGLE_OPEN):
        return mark.can_close and not mark.can_open
    return mark.kind in (DOUBLE_CLOSE, ANGLE_CLOSE) or mark.can_close or not mark.can_open


def _last_of_paragraph(mark: _Mark, batch: Batch) -> int:
    # A key of another type would have the whole array copied, once a mark.
    after = np.searchsorted(batch.sent_paragraph, np.int32(mark.paragraph), "right")
    return int(batch.sent_ptr[after]) - 1


def _end_of_open(mark: _Mark, batch: Batch, goes_on: bool) -> int:
    """Where a quotation without a closing mark ends: its paragraph, or only its sentence."""
    before = mark.at - 1
    text = batch.texts[mark.doc]
    introduced = mark.starts_paragraph or text[batch.end[before] - 1] in ",:"
    if goes_on or introduced:
        return _last_of_paragraph(mark, batch)
    return int(batch.sent_ptr[batch.sentence[mark.at] + 1]) - 1


def _outside(marks: list[_Mark], spans: list[tuple[int, int, bool, int]]) -> list[_Mark]:
    """The marks that stand in none of *spans*."""
    if not (marks and spans):
        return marks
    firsts = np.array([first for first, *_ in spans])
    lasts = np.maximum.accumulate([last for _, last, *_ in spans])
    at = np.array([mark.at for mark in marks])
    span = np.searchsorted(firsts, at, "right") - 1
    inside = (span >= 0) & (at <= lasts[span])
    return [mark for mark, within in zip(marks, inside.tolist(), strict=True) if not within]


def _opens_single(mark: _Mark, following: str) -> bool:
    if not mark.can_open or mark.kind == SINGLE_CLOSE:
        return False
    return not _YEAR.fullmatch(following) and following.lower() not in _ELIDED


def _within(mark: _Mark, other: _Mark) -> bool:
    """Whether *other* is near enough to close *mark*: same paragraph, not too far."""
    return other.paragraph == mark.paragraph and other.start - mark.start <= LONGEST_SINGLE


def _possessive(at: int, batch: Batch, strings: list[str]) -> bool:
    """The sign after forces in "the forces' vehicle": a plural before, a small letter after."""
    if at + 1 >= len(batch) or batch.sentence[at + 1] != batch.sentence[at]:
        return False
    before, after = strings[batch.token[at - 1]], strings[batch.token[at + 1]]
    return before.endswith("s") and after[0].islower() and after not in _NO_NOUN


def _quotes(spans: list[tuple[int, int, bool, int]]) -> Quotes:
    """Spans as arrays, in order; a span inside another goes, and so does an empty one."""
    table = np.array(sorted(spans), np.int64).reshape(-1, 4)
    first, last, closed, group = table.T
    reach = np.maximum.accumulate(last) if len(last) else last
    keep = last - closed > first
    keep[1:] &= first[1:] > reach[:-1]
    return Quotes(first[keep], last[keep], closed[keep].astype(bool), group[keep])
