"""Turn texts into flat arrays of tokens and sentences whose offsets are exact.

The idea to know: a text is cut at its spaces into *pieces*, and everything that can be said
of a piece without its neighbours (its tokens, whether it may end a sentence) is worked out
once per distinct piece, then spread over all its occurrences by array look-ups.  There are
three levels of types: piece (``“Russia’s,``), token (``Russia’s``, exactly as
written) and word (``russia``: lower case, straight apostrophe, no possessive).  Pieces are
recognised by a hash of their characters, which costs no string.
"""

from __future__ import annotations

import inspect
import re
import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from weakref import WeakMethod

import numpy as np
from numpy.typing import DTypeLike, NDArray

MAX_PIECES = 2_000_000  # pieces are a cache: numbers, links and typing errors grow without end

# ------------------------------------------------------------------ types and what is known of them


class Types:
    """Strings numbered 0, 1, 2, ... by whoever adds them, who knows that they are new."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.strings)

    def add(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Ids of *texts*, int32, in their order."""
        self.strings.extend(texts)
        return np.arange(len(self) - len(texts), len(self), dtype=np.int32)

    def forget(self) -> None:
        """Drop all strings; facts about them are dropped with them."""
        self.strings = []
        self.epoch += 1


class Vocab(defaultdict[str, int]):
    """Strings and their ids 0, 1, 2, ...; looking up an unseen string adds it."""

    epoch = 0  # nothing is ever forgotten

    def __init__(self) -> None:
        super().__init__(count().__next__)
        self._strings: list[str] = []

    @property
    def strings(self) -> list[str]:
        """All strings, by id."""
        new = len(self) - len(self._strings)
        if new:
            self._strings += list(islice(reversed(self), new))[::-1]
        return self._strings

    def ids(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Ids of *texts*, int32, in their order."""
        return np.fromiter(map(self.__getitem__, texts), np.int32, len(texts))


class Growing:
    """An array that is appended to; its room doubles, so that appending stays cheap."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: NDArray = np.empty(1024, dtype)
        self._size = 0
        self._waiting: list[int] = []
        self.push = self._waiting.append  # adds one value at the end: `append`, but faster

    @property
    def size(self) -> int:
        """How many values there are."""
        return self._size + len(self._waiting)

    def append(self, values: Sequence | NDArray) -> None:
        """Add *values* at the end."""
        if self._waiting:
            waiting = self._waiting.copy()
            self._waiting.clear()
            self.append(waiting)
        need = self._size + len(values)
        if need > len(self._room):
            room = np.empty(max(need, 2 * len(self._room)), self._room.dtype)
            room[: self._size] = self._room[: self._size]
            self._room = room
        self._room[self._size : need] = values
        self._size = need

    def array(self) -> NDArray:
        """The values so far, without a copy."""
        if self._waiting:
            self.append(())
        return self._room[: self._size]


class Facts:
    """Parallel arrays over a vocabulary, extended by *learn* whenever it has grown.

    Spread them over a batch by `take`, which for int32 ids is twice as fast as brackets.

    *learn* takes the new strings and returns one sequence a name, each as long as they are.  A
    method is held weakly: its owner holds these facts, and types by the hundred thousand should
    go with their owner, not wait for a search for circular garbage.
    """

    def __init__(
        self,
        vocab: Types | Vocab,
        learn: Callable[[list[str]], Mapping[str, Sequence | NDArray]],
        **dtypes: DTypeLike,
    ) -> None:
        self._vocab, self._dtypes = vocab, dtypes
        self._learn = WeakMethod(learn) if inspect.ismethod(learn) else lambda: learn
        self._start_again()

    def _start_again(self) -> None:
        self._columns = {name: Growing(dtype) for name, dtype in self._dtypes.items()}
        self._known, self._epoch = 0, self._vocab.epoch

    def __call__(self) -> dict[str, NDArray]:
        """All facts by name, each array indexed by the vocabulary's ids."""
        if self._epoch != self._vocab.epoch:
            self._start_again()
        if self._known < len(self._vocab.strings):
            new = self._vocab.strings[self._known :]
            learn = self._learn()
            assert learn is not None, "facts do not outlive what learns them"
            for name, values in learn(new).items():
                self._columns[name].append(values)
            self._known += len(new)
        return {name: column.array() for name, column in self._columns.items()}


def ragged(
    counts: NDArray[np.int64], starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Expand rows of a ragged table: positions in its payload, and the row each belongs to.

    >>> ragged(np.array([2, 0, 1]), np.array([10, 12, 12]))
    (array([10, 11, 12]), array([0, 0, 2]))
    """
    end = np.cumsum(counts)
    size = int(end[-1]) if len(end) else 0
    # Counting the ends before each place is faster than repeating each row's number.
    owner = np.cumsum(np.bincount(end[:-1], minlength=size + 1)[:size])
    at = (starts - (end - counts)).take(owner)
    at += np.arange(size)
    return at, owner


# ------------------------------------------------------------------ what a piece says by itself

# Titles keep their dot and never end a sentence; the second set may, before a function word.
TITLES = frozenset(
    "Mr. Mrs. Ms. Mx. Dr. Prof. Sen. Sens. Rep. Reps. Gov. Govs. Gen. Lt. Col. Sgt. Cpl. Pvt. "
    "Capt. Cmdr. Adm. Maj. Brig. Rev. Hon. St. Mt. Ft. No. Nos. Pres. Sec. Supt. Det. Messrs. "
    "Amb. Atty. vs. v. Vol. Fig. pp. cf. viz. e.g. i.e. approx. ca. Jan. Feb. Mar. Apr. Jun. "
    "Jul. Aug. Sep. Sept. Oct. Nov. Dec.".split()
)
PERHAPS_FINAL = frozenset(
    "Inc. Corp. Co. Ltd. Bros. Jr. Sr. Esq. Ave. Blvd. Rd. Dept. Univ. Assn. Est. LLC. Ph.D. "
    "M.D. B.A. M.A. etc. al. Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ill. Ind. Kan. "
    "Ky. La. Md. Mass. Mich. Minn. Miss. Mo. Mont. Neb. Nev. Okla. Ore. Pa. Tenn. Tex. Va. "
    "Vt. Wash. Wis. Wyo. a.m. p.m.".split()
)
OPENING = "\"'`“‘‚„«‹([{<*•·"
CLOSING = "\"'”’›»)]}>*"
QUOTE_ENDS = tuple("\"'”’›»")
FINAL = frozenset(".!?…։؟。")  # with the Armenian, Arabic and Chinese full stops
_LAST = FINAL | frozenset(CLOSING)  # of pieces that may end a sentence
NONE, WEAK, STRONG = 0, 1, 2  # a sentence ends between two pieces where end + begin >= 3
STARTERS = frozenset(
    "the a an he she it they we i you this that these those there here in on at by for from "
    "with to of but and so or if when while as after before since until because although "
    "though despite during under over his her its their our my your what who how why where "
    "which not no one some many most both all each another last even still yet now then is "
    "are was were do does did has have had however meanwhile moreover nevertheless also asked "
    "according".split()
)

# Soft hyphens and Armenian marks stand inside words; a doubled sign is a dash or a quotation mark.
_HIDDEN = r"[\u00ad\u200c\u200d\u055a-\u055f]"
_SIGN = r"(?:[-‐‑]['’ʼ]?|['’ʼ][-‐‑]?|\.(?=[a-z\d]))"
_JOINER = rf"(?:{_HIDDEN}+(?:{_SIGN}{_HIDDEN}*)?|{_SIGN}{_HIDDEN}*)"
_NUMBER = r"\d+(?:[.,:]\d+)+"  # 100,000   14:33   0.5
_DOTS = r"(?:[^\W\d_]\.){2,}"  # U.S.   p.m.
_WORD = rf"(?:{_NUMBER}|{_DOTS}|\w(?:[\w\u0300-\u036f])*)"
TOKEN = re.compile(
    r"(?:https?://|www\.)[^\s\"”<>)]*[\w/]"  # a link is one token
    rf"|{_WORD}(?:{_JOINER}{_WORD})*"  # anti-terrorist   Azatutyun.am   U.S.-led
    r"|'(?=''(?!['\w]))|''|``|‘‘|’’(?!’)|\.{2,}|-{2,}"
    r"|[^\s\u00ad\u200b-\u200f\u2060\ufeff]"  # anything else that can be seen, a sign at a time
)
_LONE = '"“”(),;:?!.[]'  # signs that are always tokens of their own, but for two dots
_AFTER = frozenset(_LONE) - {"."}
_BEFORE_STARTER = OPENING + "-‐‑.…#@$£€"
_AFTER_STARTER = string.punctuation + "”’…"
_LONE_INITIAL = re.compile(r"[^\W\d_]\.")
_DOTTED = re.compile(_DOTS)


def tokens_of(piece: str) -> list[tuple[int, int]]:
    """Start and end of each token in a text without spaces.

    >>> [("“Mr. Aliyev’s".replace(" ", ""))[s:e] for s, e in tokens_of("“Mr.Aliyev’s")]
    ['“', 'Mr', '.', 'Aliyev’s']
    >>> [piece[s:e] for piece in ("Mr.", "(U.S.),", "don’t!") for s, e in tokens_of(piece)]
    ['Mr.', '(', 'U.S.', ')', ',', 'don’t', '!']
    """
    if piece.isalpha():
        return [(0, len(piece))]
    size = len(piece)
    if piece[:-1].isalpha() and piece[-1] in _LONE:
        if piece[-1] == "." and (size == 2 or piece in TITLES):
            return [(0, size)]
        return [(0, size - 1), (size - 1, size)]
    core = piece.strip(_LONE)
    if core.isalpha() and "." not in piece:  # letters between signs, as most pieces are
        left = piece.index(core)
        right = left + len(core)
        after = [(at, at + 1) for at in range(right, size)]
        return [*[(at, at + 1) for at in range(left)], (left, right), *after]
    if "." not in piece:
        return _signs(piece, 0, len(piece))
    left = len(piece) - len(piece.lstrip(OPENING))
    dotted = piece[left:].rstrip(CLOSING + ",;:")
    if dotted[-1:] == "." and _keeps_its_dot(dotted):
        stop = left + len(dotted)
        return [*_signs(piece, 0, left), (left, stop), *_signs(piece, stop, len(piece))]
    return _signs(piece, 0, len(piece))


def _signs(piece: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in TOKEN.finditer(piece, start, end)]


def _keeps_its_dot(piece: str) -> bool:
    """Whether the full stop of *piece* is its own: a title (Mr., then-Sen.), an initial (D.)."""
    return piece.rpartition("-")[2] in TITLES or _LONE_INITIAL.fullmatch(piece) is not None


def end_class(piece: str) -> int:
    """How readily a sentence ends after *piece*: 2 surely, 1 if a function word follows, 0 not.

    >>> [end_class(p) for p in ("said.”", "U.S.", "Mr.", "D.", "said,")]
    [2, 1, 0, 1, 0]
    """
    core = piece.rstrip(CLOSING)
    if core[-1:] not in FINAL or not core:
        return NONE
    core = core.lstrip(OPENING)
    if core[-1] != ".":
        return STRONG
    name = core.rpartition("-")[2]  # then-Sen. D-Calif.
    if name == "No." or _LONE_INITIAL.fullmatch(name):  # “Plan B.” The end of World War I. But
        return STRONG if piece.endswith(QUOTE_ENDS) else WEAK
    if name in TITLES:
        return NONE
    return WEAK if name in PERHAPS_FINAL or _DOTTED.fullmatch(name) else STRONG


def begin_class(piece: str) -> int:
    """How readily a sentence begins with *piece*: 2 a function word, 1 a capital or digit, 0 not.

    >>> [begin_class(p) for p in ("“The", "Baku", "14", "and")]
    [2, 1, 1, 0]
    """
    if piece[:1].islower():
        return NONE
    if piece.isalpha():
        return STRONG if piece.lower() in STARTERS else WEAK
    core = piece.lstrip(_BEFORE_STARTER)
    first = core[:1]
    if not (first.isupper() or first.isdigit() or (first.isalpha() and not first.islower())):
        return NONE
    if len(core) == 2 and _LONE_INITIAL.fullmatch(core):  # J. A. Smith: not the article
        return WEAK
    word = core.rstrip(_AFTER_STARTER).lower()
    if not word.isalpha():
        word = word.replace("’", "'").partition("'")[0]
    return STRONG if word in STARTERS else WEAK


_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "‐": "-", "‑": "-"})
_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200c\u200d"))
_CONTRACTED = frozenset(
    "it's he's she's that's what's who's there's here's let's where's how's when's why's".split()
)


def word_of(token: str) -> str:
    """The dictionary form that terms are counted by: lower case, no possessive, plain signs.

    >>> [word_of(t) for t in ("Russia’s", "It’s", "İlham", "peace\\u00adkeepers", "U.S.’s")]
    ['russia', "it's", 'i̇lham', 'peacekeepers', 'u.s.']
    """
    return plain(token.lower())


def plain(token: str) -> str:
    """*token* in its own capitals, but without a possessive, and with plain signs."""
    if token.isalpha():
        return token
    word = token.translate(_APOSTROPHES)
    if not word.isascii():
        word = word.translate(_INVISIBLE)
    if word.endswith(("'s", "'S")) and len(word) > 2 and word.lower() not in _CONTRACTED:
        return word[:-2]
    return word.rstrip("'") or word


# ------------------------------------------------------------------ texts to pieces

# Line ends and dashes are pieces of their own, wherever they stand.
_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_ALONE = _LINE_ENDS + "—–"
_SPACES = " \t\xa0\u2009\u202f\u200a\u2002\u2003\u3000"
_INSIDE, _SPACE, _OWN = 0, 1, 2  # what a character does to the piece that it stands in
_KINDS = np.zeros(0x10000, np.int8)  # characters beyond are all inside
_KINDS[[ord(sign) for sign in _SPACES]] = _SPACE
_KINDS[[ord(sign) for sign in _ALONE]] = _OWN

_AT_ONCE = 1 << 17  # characters: their arrays stay in the processor's cache
_BASE, _MIX = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93  # odd, so that powers have inverses


def _codes(text: str) -> NDArray[np.uint32]:
    """The code points of *text*; lone surrogates pass."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _cut(codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Start and end of each piece."""
    kind = _KINDS[np.minimum(codes, 0xFFFF)]
    edge = np.ones(len(kind) + 1, bool)  # whether a piece may begin here and end before
    edge[1:-1] = (kind[1:] != _INSIDE) | (kind[:-1] != _INSIDE)
    seen = kind != _SPACE
    return np.flatnonzero(edge[:-1] & seen), np.flatnonzero(edge[1:] & seen) + 1


def _next_break(codes: NDArray[np.uint32], at: int) -> int:
    """Where a piece ends at or after *at*, looked for in stretches."""
    while at < len(codes):
        kind = _KINDS[np.minimum(codes[at : at + 4096], 0xFFFF)]
        found = np.flatnonzero(kind)
        if len(found):
            return at + int(found[0])
        at += 4096
    return len(codes)


class _Hashes:
    """64-bit hashes of the pieces of a text: sum of code times power of a base, modulo 2**64.

    A running sum over all characters gives them without looking at one piece at a time.
    """

    def __init__(self) -> None:
        self._grow(1)

    def _grow(self, size: int) -> None:
        inverse = pow(_BASE, -1, 1 << 64)
        self._powers, self._inverses = (
            np.multiply.accumulate(np.full(size, base, np.uint64)) for base in (_BASE, inverse)
        )

    def __call__(
        self, codes: NDArray[np.uint32], start: NDArray[np.int64], end: NDArray[np.int64]
    ) -> NDArray[np.uint64]:
        """The hash of each ``codes[start:end]``; never 0."""
        if len(codes) > len(self._powers):
            self._grow(len(codes))
        total = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(codes * self._powers[: len(codes)], out=total[1:])
        value = (total[end] - total[start]) * self._inverses[start]
        value += (end - start).astype(np.uint64) * np.uint64(_MIX)
        value ^= value >> np.uint64(32)
        value *= np.uint64(_MIX)
        return np.maximum(value, np.uint64(1))


class Table:
    """Ids by hash: open addressing, looked up and filled by whole arrays."""

    def __init__(self) -> None:
        self._room(1 << 15)
        self.size = 0

    def _room(self, size: int) -> None:
        self._keys = np.zeros(size, np.uint64)  # 0 is an empty slot
        self._ids = np.full(size, -1, np.int32)

    def _slot(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return (keys >> np.uint64(65 - len(self._keys).bit_length())).astype(np.int64)

    def ids(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The id of each key; -1 of one that has not been put in."""
        slot = self._slot(keys)
        there = self._keys[slot]
        astray = np.flatnonzero((there != keys) & (there != 0))
        while len(astray):
            slot[astray] = (slot[astray] + 1) & (len(self._keys) - 1)
            there = self._keys[slot[astray]]
            astray = astray[(there != keys[astray]) & (there != 0)]
        return self._ids[slot]

    def put(self, keys: NDArray[np.uint64], ids: NDArray[np.int32]) -> None:
        """Add *keys*, all different and none of them known."""
        self.size += len(keys)
        if 3 * self.size > len(self._keys):
            old = self._keys != 0
            known, numbers = self._keys[old], self._ids[old]
            self._room(1 << (4 * self.size).bit_length())
            self._fill(known, numbers)
        self._fill(keys, ids)

    def _fill(self, keys: NDArray[np.uint64], ids: NDArray[np.int32]) -> None:
        slot = self._slot(keys)
        while len(keys):
            free = self._keys[slot] == 0
            self._keys[slot[free]] = keys[free]  # of several for one slot the last stays
            put = self._keys[slot] == keys
            self._ids[slot[put]] = ids[put]
            keys, ids = keys[~put], ids[~put]
            slot = (slot[~put] + 1) & (len(self._keys) - 1)


# ------------------------------------------------------------------ pieces to tokens


@dataclass(frozen=True)
class Batch:
    """Tokens, sentences and pieces of some texts, as parallel arrays.

    Tokens: `doc` (which text), `start`, `end` (offsets in code points: ``text[start:end]`` is the
    token), `token` and `word` (ids in the reader's vocabularies), `field` and `sentence`.
    Sentences: `sent_doc`, `sent_start`, `sent_end`, `sent_paragraph` (rising through the batch,
    another number in every line and text), and `sent_ptr`: the tokens of sentence *i* are
    ``sent_ptr[i]:sent_ptr[i + 1]``.  Pieces: `piece` (id), `piece_sentence`.
    """

    texts: Sequence[str]
    doc: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    token: NDArray[np.int32]
    word: NDArray[np.int32]
    field: NDArray[np.int8]
    sentence: NDArray[np.int32]
    sent_doc: NDArray[np.int32]
    sent_start: NDArray[np.int32]
    sent_end: NDArray[np.int32]
    sent_paragraph: NDArray[np.int32]
    sent_ptr: NDArray[np.int64]
    piece: NDArray[np.int32]
    piece_sentence: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.token)

    def text_of(self, sentence: int) -> str:
        """The sentence as it stands in its text."""
        text = self.texts[self.sent_doc[sentence]]
        return text[self.sent_start[sentence] : self.sent_end[sentence]]


class Reader:
    """All types met so far.  One a process; reading one text or five hundred is the same path."""

    def __init__(self) -> None:
        self.pieces, self.tokens, self.words = Types(), Vocab(), Vocab()
        self._hashes = _Hashes()
        self._forget_pieces()
        self.piece_facts = Facts(
            self.pieces,
            self._learn_pieces,
            end=np.int8,
            begin=np.int8,
            newline=bool,
            count=np.int32,
            first=np.int64,
        )
        self.token_facts = Facts(self.tokens, self._learn_tokens, word=np.int32, length=np.int32)

    def _forget_pieces(self) -> None:
        self.pieces.forget()
        self._table = Table()
        self._token, self._shift = Growing(np.int32), Growing(np.int32)

    def _learn_pieces(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        """Tokens of each new piece (into the ragged payload) and what it says of sentences."""
        count = self._add_tokens(new)
        return {
            "end": [end_class(p) if p[-1] in _LAST else NONE for p in new],
            "begin": [NONE if p[0].islower() else begin_class(p) for p in new],
            "newline": [p in _LINE_ENDS for p in new],
            "count": count,
            "first": self._token.size - count.sum() + np.cumsum(count) - count,
        }

    def _add_tokens(self, new: list[str]) -> NDArray[np.int64]:
        """Put the tokens of new pieces into the payload; how many each has."""
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for piece in new:
            if piece.isalpha():
                texts.append(piece)
                starts.append(0)
            elif piece[-1] in _AFTER and (word := piece[:-1]).isalpha():  # as tokens_of says
                texts += (word, piece[-1])
                starts += (0, len(word))
            else:
                for start, end in tokens_of(piece):
                    texts.append(piece[start:end])
                    starts.append(start)
            ends.append(len(texts))
        self._token.append(self.tokens.ids(texts))
        self._shift.append(starts)
        edges = np.array([0, *ends], np.int64)
        return edges[1:] - edges[:-1]

    def _learn_tokens(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        return {
            "word": self.words.ids([t.lower() if t.isalpha() else word_of(t) for t in new]),
            "length": list(map(len, new)),
        }

    def read(
        self, texts: Sequence[str], fields: Sequence[Iterable[tuple[int, int, int]]] | None = None
    ) -> Batch:
        """Tokenise *texts*; *fields* gives for each its spans (start, end, field code).

        Without *fields* every token has field 0.  A sentence ends where the field changes.
        """
        if len(self.pieces) > MAX_PIECES:
            self._forget_pieces()
        joined = "\n".join(texts)
        piece, start = self._pieces_of(joined)
        size = np.fromiter(map(len, texts), np.int64, len(texts))
        base = np.cumsum(size + 1) - size - 1
        first = np.searchsorted(start, np.append(base, len(joined) + 1))
        doc = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(first))
        return self._expand(texts, fields, piece, doc, (start - base[doc]).astype(np.int32))

    def _pieces_of(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Ids of the pieces of *text*, and where they start."""
        codes = _codes(text)
        found: list[tuple[NDArray[np.int32], NDArray[np.int64]]] = []
        begin = 0
        while begin < len(codes):
            end = _next_break(codes, begin + _AT_ONCE)
            start, stop = _cut(codes[begin:end])
            keys = self._hashes(codes[begin:end], start, stop)
            ids = self._table.ids(keys)
            new = np.flatnonzero(ids < 0)
            if len(new):
                _, first = np.unique(keys[new], return_index=True)
                first = new[np.sort(first)]  # in the order of the text
                self._meet(text, keys[first], start[first] + begin, stop[first] + begin)
                ids[new] = self._table.ids(keys[new])
            found.append((ids, start + begin))
            begin = end
        if not found:
            return np.zeros(0, np.int32), np.zeros(0, np.int64)
        return np.concatenate([ids for ids, _ in found]), np.concatenate([at for _, at in found])

    def _meet(
        self,
        text: str,
        keys: NDArray[np.uint64],
        start: NDArray[np.int64],
        stop: NDArray[np.int64],
    ) -> None:
        """Give new pieces their ids."""
        spans = zip(start.tolist(), stop.tolist(), strict=True)
        self._table.put(keys, self.pieces.add([text[s:e] for s, e in spans]))

    def _expand(
        self,
        texts: Sequence[str],
        fields: Sequence[Iterable[tuple[int, int, int]]] | None,
        piece: NDArray[np.int32],
        doc: NDArray[np.int32],
        start: NDArray[np.int32],
    ) -> Batch:
        """Spread what is known of the pieces over their tokens, and cut sentences."""
        facts = self.piece_facts()
        breaks = np.cumsum(facts["newline"].take(piece), dtype=np.int32)
        real = np.flatnonzero((facts["count"].take(piece) > 0) & ~facts["newline"].take(piece))
        piece, doc, start, breaks = piece[real], doc[real], start[real], breaks[real]
        count = facts["count"].take(piece)
        at, owner = ragged(count, facts["first"].take(piece))
        token = self._token.array().take(at)
        types = self.token_facts()
        begin = start.take(owner) + self._shift.array().take(at)
        doc_of = doc.take(owner)
        field = _field_of(fields, texts, doc_of, begin)
        new = np.zeros(len(token), bool)
        first = np.cumsum(count) - count
        new[first] = _breaks(facts["end"].take(piece), facts["begin"].take(piece), breaks, doc)
        if fields is not None and len(field):
            new[1:] |= field[1:] != field[:-1]
        sentence = np.cumsum(new, dtype=np.int32) - 1
        end = begin + types["length"].take(token)
        ptr = np.append(np.flatnonzero(new), len(token))
        return Batch(
            texts=texts,
            doc=doc_of,
            start=begin,
            end=end,
            token=token,
            word=types["word"].take(token),
            field=field,
            sentence=sentence,
            sent_doc=doc_of[ptr[:-1]],
            sent_start=begin[ptr[:-1]],
            sent_end=end[ptr[1:] - 1],
            sent_paragraph=(breaks + doc)[owner[ptr[:-1]]],
            sent_ptr=ptr,
            piece=piece,
            piece_sentence=sentence[first],
        )


def _breaks(
    end: NDArray[np.int8],
    begin: NDArray[np.int8],
    newlines: NDArray[np.int32],
    doc: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Whether a sentence begins at each piece: by its neighbours, a newline, or a new text."""
    new = np.ones(len(end), bool)
    before, here = end[:-1], begin[1:]
    new[1:] = (before > 0) & (here > 0) & (before + here >= WEAK + STRONG)
    new[1:] |= (newlines[1:] != newlines[:-1]) | (doc[1:] != doc[:-1])
    return new


def _field_of(
    fields: Sequence[Iterable[tuple[int, int, int]]] | None,
    texts: Sequence[str],
    doc: NDArray[np.int32],
    start: NDArray[np.int32],
) -> NDArray[np.int8]:
    """The field code of each token, from the spans of its text."""
    if fields is None:
        return np.zeros(len(start), np.int8)
    size = np.fromiter(map(len, texts), np.int64, len(texts))
    base = np.cumsum(size + 1) - size - 1
    spans = [(base[i] + s, code) for i, cut in enumerate(fields) for s, _, code in cut]
    edges = np.array([s for s, _ in spans], np.int64)
    codes = np.array([code for _, code in spans], np.int8)
    first = np.searchsorted(base[doc] + start, edges)
    return np.repeat(codes, np.diff(np.append(first, len(start))))
