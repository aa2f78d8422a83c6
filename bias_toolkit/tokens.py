"""Turn texts into flat arrays of tokens and sentences whose offsets are exact.

The idea to know: a text is cut at its spaces into *pieces*, and everything that can be said
of a piece without its neighbours (its tokens, whether it may end a sentence) is worked out
once per distinct piece, then spread over all its occurrences by array look-ups.  There are
three levels of types, each a `Vocab`: piece (``“Russia’s,``), token (``Russia’s``, exactly as
written) and word (``russia``: lower case, straight apostrophe, no possessive).
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

MAX_PIECES = 2_000_000  # pieces are a cache: numbers, links and typing errors grow without end

# ------------------------------------------------------------------ types and what is known of them


class Vocab(dict[str, int]):
    """Strings and their ids 0, 1, 2, ...; looking up an unseen string adds it."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self.epoch = 0

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self.strings.append(text)
        return number

    def ids(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Ids of *texts*, int32, in their order."""
        return np.fromiter(map(self.__getitem__, texts), np.int32, len(texts))

    def forget(self) -> None:
        """Drop all strings; facts about them are dropped with them."""
        self.clear()
        self.strings = []
        self.epoch += 1


class Growing:
    """An array that is appended to; its room doubles, so that appending stays cheap."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: NDArray = np.zeros(1024, dtype)
        self.size = 0

    def append(self, values: Sequence | NDArray) -> None:
        """Add *values* at the end."""
        need = self.size + len(values)
        if need > len(self._room):
            room = np.zeros(max(need, 2 * len(self._room)), self._room.dtype)
            room[: self.size] = self._room[: self.size]
            self._room = room
        self._room[self.size : need] = values
        self.size = need

    def array(self) -> NDArray:
        """The values so far, without a copy."""
        return self._room[: self.size]


class Facts:
    """Parallel arrays over a vocabulary, extended by *learn* whenever it has grown.

    *learn* takes the new strings and returns one sequence a name, each as long as they are.
    """

    def __init__(
        self,
        vocab: Vocab,
        learn: Callable[[list[str]], Mapping[str, Sequence | NDArray]],
        **dtypes: DTypeLike,
    ) -> None:
        self._vocab, self._learn, self._dtypes = vocab, learn, dtypes
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
            for name, values in self._learn(new).items():
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
    owner = np.repeat(np.arange(len(counts)), counts)
    at = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    at += np.arange(len(at))
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
    r"|''|``|‘‘|’’(?!’)|\.{2,}|-{2,}"
    r"|[^\s\u00ad\u200b-\u200f\u2060\ufeff]"  # anything else that can be seen, a sign at a time
)
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
    core = piece[:-1]
    if core.isalpha() and piece[-1] in ".,;:?!" and not _keeps_its_dot(piece):
        return [(0, len(core)), (len(core), len(piece))]
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
    core = piece.lstrip(OPENING + "-‐‑.…#@$£€")
    first = core[:1]
    if not (first.isupper() or first.isdigit() or (first.isalpha() and not first.islower())):
        return NONE
    if _LONE_INITIAL.fullmatch(core):  # J. A. Smith: not the article
        return WEAK
    word = core.rstrip(string.punctuation + "”’…").lower().replace("’", "'").split("'")[0]
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


# ------------------------------------------------------------------ texts to arrays

# Newlines and dashes are pieces of their own.  The signs are glued to what stands before them,
# so such a piece starts one character early and takes no room (see `Reader._learn_pieces`).
_ALONE = ("\n", "—", "–")
_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_SPACES = "\t\xa0\u2009\u202f\u200a\u2002\u2003\u3000"


def _spaced(text: str) -> str:
    """*text* with every break a plain space, and spaces around the signs that stand alone."""
    for sign in _LINE_ENDS if not text.isascii() else "\r\x0b\x0c":
        if sign in text:
            text = text.replace(sign, "\n")
    for sign in _SPACES if not text.isascii() else "\t":
        if sign in text:
            text = text.replace(sign, " ")
    for sign in _ALONE if not text.isascii() else "\n":
        if sign in text:
            text = text.replace(sign, f" {sign} ")
    return text


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
        self.pieces, self.tokens, self.words = Vocab(), Vocab(), Vocab()
        self._forget_pieces()
        self.piece_facts = Facts(
            self.pieces,
            self._learn_pieces,
            width=np.int32,
            end=np.int8,
            begin=np.int8,
            newline=bool,
            count=np.int32,
            first=np.int64,
        )
        self.token_facts = Facts(self.tokens, self._learn_tokens, word=np.int32, length=np.int32)

    def _forget_pieces(self) -> None:
        self.pieces.forget()
        self._token, self._shift = Growing(np.int32), Growing(np.int32)

    def _learn_pieces(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        """Tokens of each new piece (into the ragged payload) and what it says of sentences."""
        alone = [piece in _ALONE for piece in new]
        count = self._add_tokens(new, alone)
        return {
            "width": [0 if glued else len(p) + 1 for p, glued in zip(new, alone, strict=True)],
            "end": [NONE if p.isalpha() else end_class(p) for p in new],
            "begin": [NONE if p[:1].islower() else begin_class(p) for p in new],
            "newline": [p == "\n" for p in new],
            "count": count,
            "first": self._token.size - count.sum() + np.cumsum(count) - count,
        }

    def _add_tokens(self, new: list[str], alone: list[bool]) -> NDArray[np.int64]:
        """Put the tokens of new pieces into the payload; how many each has."""
        texts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for piece, glued in zip(new, alone, strict=True):
            if piece.isalpha():
                texts.append(piece)
                starts.append(0)
            else:
                for start, end in tokens_of(piece):
                    texts.append(piece[start:end])
                    starts.append(start - glued)
            ends.append(len(texts))
        self._token.append(self.tokens.ids(texts))
        self._shift.append(starts)
        edges = np.array([0, *ends], np.int64)
        return edges[1:] - edges[:-1]

    def _learn_tokens(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        return {
            "word": self.words.ids([word_of(token) for token in new]),
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
        cut = [self._ids_of_pieces(text) for text in texts]
        piece = np.concatenate(cut) if cut else np.zeros(0, np.int32)
        doc = np.repeat(np.arange(len(cut), dtype=np.int32), list(map(len, cut)))
        start = self._piece_starts(piece, np.array(list(map(len, cut)), np.int64))
        return self._expand(texts, fields, piece, doc, start)

    def _ids_of_pieces(self, text: str) -> NDArray[np.int32]:
        cut = _spaced(text).split(" ")
        return np.fromiter(map(self.pieces.__getitem__, cut), np.int32, len(cut))

    def _piece_starts(
        self, piece: NDArray[np.int32], sizes: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """Offset of each piece in its own text: the sum of the widths before it."""
        width = self.piece_facts()["width"][piece]
        total = np.cumsum(width, dtype=np.int64) - width
        first = np.cumsum(sizes) - sizes
        return (total - np.repeat(total[first[sizes > 0]], sizes[sizes > 0])).astype(np.int32)

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
        breaks = np.cumsum(facts["newline"][piece], dtype=np.int32)
        real = np.flatnonzero((facts["count"][piece] > 0) & ~facts["newline"][piece])
        piece, doc, start, breaks = piece[real], doc[real], start[real], breaks[real]
        count = facts["count"][piece]
        at, owner = ragged(count, facts["first"][piece])
        token = self._token.array()[at]
        types = self.token_facts()
        begin = start[owner] + self._shift.array()[at]
        doc_of = doc[owner]
        field = _field_of(fields, texts, doc_of, begin)
        new = np.zeros(len(token), bool)
        first = np.cumsum(count) - count
        new[first] = _breaks(facts["end"][piece], facts["begin"][piece], breaks, doc)
        if fields is not None and len(field):
            new[1:] |= field[1:] != field[:-1]
        sentence = np.cumsum(new, dtype=np.int32) - 1
        end = begin + types["length"][token]
        ptr = np.append(np.flatnonzero(new), len(token))
        return Batch(
            texts=texts,
            doc=doc_of,
            start=begin,
            end=end,
            token=token,
            word=types["word"][token],
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
