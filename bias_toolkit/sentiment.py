"""Say how positive or negative each sentence of a batch sounds, exactly as vaderSentiment would.

The idea to know: of a hundred words VADER cares for a dozen, so each distinct piece of text is
looked up once, and the rules (negation, boosting, capitals, "but") run as array operations on
the *hits* alone, the words that have a value of their own, in the order in which vaderSentiment
does its arithmetic, so that not even the last bit differs.  What is too rare to deserve arrays
(idioms, emoji, invisible signs) is handed to vaderSentiment itself, a sentence at a time.
"""

from __future__ import annotations

import heapq
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vaderSentiment import vaderSentiment as vader

from bias_toolkit.tokens import TOKEN, Batch, Facts, Reader


def tone_source() -> str:
    """What gives the tone, and in which version."""
    from importlib.metadata import version  # it drags the reading of e-mails along

    return (
        f"VADER (Hutto and Gilbert 2014) as implemented by vaderSentiment "
        f"{version('vaderSentiment')}, compound of each sentence, after curly quotation "
        "marks, apostrophes and dashes were made plain; made for social media, so it knows "
        "little of the words of war and diplomacy"
    )


# ------------------------------------------------------------------ plain signs

_SPACES = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_DASHES = "—–"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛‹›ʼ", "'"),
        **dict.fromkeys("‐‑", "-"),
        "…": ".",
        **dict.fromkeys(_DASHES + _SPACES, " "),
    }
)


def normalise(text: str) -> str:
    """*text* in the signs that VADER knows, as long as it was: “isn’t” scores only as "isn't".

    >>> normalise("It “isn’t good” — really…")
    'It "isn\\'t good"   really.'
    """
    return text.translate(_PLAIN)


def _bare_word(plain: str) -> str:
    """A piece without the marks around it, unless too little would be left: it may be ":)"."""
    stripped = plain.strip(string.punctuation)
    return stripped if len(stripped) > 2 else plain


def _each(test: Callable[[str], bool], words: list[str]) -> NDArray[np.bool_]:
    """*test* of each of *words*."""
    return np.fromiter(map(test, words), bool, len(words))


def _is_bare(word: str) -> bool:
    """Whether a word holds no letter and no digit."""
    return not word[:1].isalnum() and not any(map(str.isalnum, word))


# ------------------------------------------------------------------ what VADER knows of a word

# Flags of a piece.  A piece without any of them is passed over, and most are.
HIT, UPPER, BUT, IDIOM, RARE, MARKED, DASH, BARE = (1 << bit for bit in range(8))

# Rows that are no words: one VADER does not know, one before the sentence, an unlisted "...n't".
_UNKNOWN, _OUTSIDE, _CONTRACTED = range(3)
_RULED = "no or nor least at very never so this without doubt but".split()
_DAMPERS = {tuple(p.split()): v for p, v in vader.BOOSTER_DICT.items() if " " in p}
_COMMON = frozenset("the to of for".split())
# Idioms are noticed by two words that stand together seldom: "die for", not "to die".
_IDIOMS = {
    tuple(w[1:] if len(w) > 2 and w[0] in _COMMON else w[:2])
    for w in map(str.split, vader.SPECIAL_CASES)
    if len(w) > 1
}
_CODED = sorted({*_RULED, *(word for pair in (*_DAMPERS, *_IDIOMS) for word in pair)})
_CODE = {word: code for code, word in enumerate(_CODED, start=1)}


class _Known:
    """One row for each word that a rule speaks of; columns are indexed by row."""

    def __init__(self, lexicon: Mapping[str, float]) -> None:
        words = sorted({*lexicon, *vader.BOOSTER_DICT, *vader.NEGATE, *_CODE})
        self.row = {word: row for row, word in enumerate(words, start=3)}
        rows = ["", "", "n't", *words]
        self.value = np.array([lexicon.get(word, 0.0) for word in rows])
        self.listed = np.array([word in lexicon for word in rows])
        self.free = ~self.listed  # only words outside the lexicon modify others
        self.free[_OUTSIDE] = False
        self.boost = np.array([vader.BOOSTER_DICT.get(word, 0.0) for word in rows])
        self.negates = np.array([word in vader.NEGATE or "n't" in word for word in rows])
        self.code = np.array([_CODE.get(word, 0) for word in rows], np.int8)
        self.flags = np.zeros(len(rows), np.uint8)
        self.flags[self.listed & (self.boost == 0)] |= HIT
        self.flags[self.row["but"]] |= BUT
        for word in {word for pair in _IDIOMS for word in pair} - _COMMON:
            self.flags[self.row[word]] |= IDIOM


def _table(pairs: Mapping[tuple[str, ...], float]) -> NDArray[np.float64]:
    """Pairs of words as a matrix over their codes."""
    table = np.zeros((len(_CODE) + 1, len(_CODE) + 1))
    for (first, second), value in pairs.items():
        table[_CODE[first], _CODE[second]] = value
    return table


_DAMP = _table(_DAMPERS)
_IDIOMATIC = _table(dict.fromkeys(_IDIOMS, 1.0)) > 0
_NO, _OR, _NOR, _LEAST, _AT, _VERY, _NEVER, _SO, _THIS, _WITHOUT, _DOUBT = (
    _CODE[word] for word in _RULED[:-1]
)
_KIND, _OF = _CODE["kind"], _CODE["of"]


# ------------------------------------------------------------------ a batch as VADER sees it

_HERE, _NEXT = 0, 4  # rows of a window: the hit, one, two and three words before it, one after


@dataclass(frozen=True)
class _Stream:
    """The words of a batch in VADER's sense; dashes, which are spaces to it, are left out.

    One a word: `piece_at` (which piece of the batch), `row` (of `_Known`), `sentence`, `upper`
    (in capitals).  `hit` and `but` are places among them.  One a sentence: `mixed` (some words
    are in capitals, but not all), `emphasis` (of its ! and ?) and `wordless`.
    """

    piece_at: NDArray[np.int64]
    row: NDArray[np.int16]
    sentence: NDArray[np.int32]
    upper: NDArray[np.bool_]
    hit: NDArray[np.int64]
    but: NDArray[np.int64]
    mixed: NDArray[np.bool_]
    emphasis: NDArray[np.float64]
    wordless: NDArray[np.bool_]


@dataclass(frozen=True)
class _Window:
    """Hits and their neighbours, five rows of each: see `_HERE` and `_NEXT`.

    `place` in the stream, `row` (of `_Known`; `_OUTSIDE` beyond the sentence), and `shout`:
    whether a word's capitals stand out in its sentence.
    """

    place: NDArray[np.int64]
    row: NDArray[np.int16]
    shout: NDArray[np.bool_]

    def masked(self, columns: NDArray[np.int64], covered: NDArray[np.bool_]) -> _Window:
        """Some of the hits with covered words unknown to VADER; *covered* is as `place` is."""
        row = self.row[:, columns]
        row = np.where(covered[:, columns] & (row != _OUTSIDE), _UNKNOWN, row)
        return _Window(self.place[:, columns], row, self.shout[:, columns])


class Vader:
    """VADER's compound score of every sentence of a batch.

    >>> reader = Reader()
    >>> Vader(reader).scores(reader.read(["A good deal. It was not good at all!"]))
    array([ 0.4404, -0.4015])
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._reference = vader.SentimentIntensityAnalyzer()
        self._known = _Known(self._reference.lexicon)
        emoji = {sign: name for sign, name in self._reference.emojis.items() if len(sign) == 1}
        self._emoji = frozenset(emoji)
        # VADER reads an emoji as its name; "©" alone is the word "copyright".
        self._spelt = {sign: name for sign, name in emoji.items() if name.isalpha()}
        self._invisible: set[str] = set()  # signs met in pieces that hold no token
        self._facts = Facts(
            reader.pieces, self._learn, row=np.int16, flags=np.uint8, marks=np.int8, asks=np.int8
        )

    def scores(self, batch: Batch) -> NDArray[np.float64]:
        """Compound score of each sentence, from -1 to 1, float64.  Higher = more positive.

        nan where a sentence holds nothing that could have a tone: no letter, no digit and no
        entry of VADER's lexicon (a line of asterisks).
        """
        stream, rare = self._stream(batch)
        valence = self._valences(self._window(stream))
        return self._plain(batch, stream, rare, valence)

    def scores_and_masked(
        self, batch: Batch, masked: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The scores, and those that remain under a mask over the batch's tokens.

        A word that holds a masked token is read as "x" (as "X" if it was in capitals, so that
        those of other words keep their effect); its ! and ? stay.  So it has no value, and
        neither boosts nor negates nor contrasts.  That goes for every word: a negation that
        is to go on counting must be left out of the mask.  nan in the same places.
        """
        stream, rare = self._stream(batch)
        window = self._window(stream)
        valence = self._valences(window)
        plain = self._plain(batch, stream, rare, valence)
        covered = self._covered(batch, masked, stream)
        near = covered[window.place]
        touched = np.flatnonzero(near.any(axis=0))  # the mask changes nothing for other hits
        valence[touched] = self._valences(window.masked(touched, near))
        valence[near[_HERE]] = 0.0
        other = self._compound(stream, valence, stream.but[~covered[stream.but]])
        for i in rare.tolist():
            some = masked[batch.sent_ptr[i] : batch.sent_ptr[i + 1]].any()
            other[i] = self._ask(_masked_text(batch, i, masked)) if some else plain[i]
        other[np.isnan(plain)] = np.nan
        return plain, other

    # ---- once a type

    def _learn(self, new: list[str]) -> dict[str, Sequence | NDArray]:
        """What VADER makes of each new piece."""
        plain = list(new)
        for i in np.flatnonzero(~_each(str.isascii, new)).tolist():
            plain[i] = self._spelt.get(new[i]) or normalise(new[i])
        words = [(p if p.isalpha() else _bare_word(p)).lower() for p in plain]
        find = self._known.row.get
        row = np.fromiter((find(w, _UNKNOWN) for w in words), np.int16, len(new))
        unknown = [(i, words[i]) for i in np.flatnonzero(row == _UNKNOWN).tolist()]
        row[[i for i, w in unknown if "n't" in w]] = _CONTRACTED
        flags = self._known.flags[row]
        flags[_each(str.isupper, plain)] |= UPPER
        flags[[i for i, p in enumerate(new) if "!" in p or "?" in p]] |= MARKED
        flags[[i for i, w in unknown if not w.isalpha() and _is_bare(w)]] |= BARE
        self._learn_rare(new, flags)
        marked = np.flatnonzero(flags & MARKED).tolist()
        marks, asks = np.zeros(len(new), np.int8), np.zeros(len(new), np.int8)
        # VADER counts no more than four of either in a sentence.
        marks[marked] = [min(new[i].count("!"), 4) for i in marked]
        asks[marked] = [min(new[i].count("?"), 4) for i in marked]
        return {"row": row, "flags": flags, "marks": marks, "asks": asks}

    def _learn_rare(self, new: list[str], flags: NDArray[np.uint8]) -> None:
        """Flag dashes, and pieces that are several words to VADER or that hide something."""
        odd = ~(_each(str.isascii, new) & _each(str.isprintable, new))
        for i in np.flatnonzero(odd).tolist():
            piece = new[i]
            if not piece.isascii():
                if piece in ("—", "–"):
                    flags[i] = DASH
                elif piece not in self._spelt and not self._emoji.isdisjoint(piece):
                    flags[i] |= RARE
            if not piece.isprintable():
                flags[i] |= RARE
                if not TOKEN.search(piece):
                    self._invisible.update(normalise(piece).replace(" ", ""))

    # ---- once a batch

    def _stream(self, batch: Batch) -> tuple[_Stream, NDArray[np.int64]]:
        """The batch as VADER sees it, and the sentences that it had better see itself."""
        facts, size = self._facts(), len(batch.sent_doc)
        flags = facts["flags"].take(batch.piece)
        words = np.flatnonzero(flags != DASH)
        flags, piece, sentence = (
            column.take(words) for column in (flags, batch.piece, batch.piece_sentence)
        )
        some = np.flatnonzero(flags)
        flag = flags[some]

        def at(wanted: int) -> NDArray[np.int64]:
            return some[(flag & wanted) != 0]

        def number(places: NDArray[np.int64]) -> NDArray[np.int64]:
            return np.bincount(sentence[places], minlength=size)

        words_of = np.bincount(sentence, minlength=size)
        upper = number(at(UPPER))
        marked = at(MARKED)
        stream = _Stream(
            piece_at=words,
            row=facts["row"].take(piece),
            sentence=sentence,
            upper=(flags & UPPER) != 0,
            hit=at(HIT),
            but=at(BUT),
            mixed=(upper > 0) & (upper < words_of),
            emphasis=_emphasis(
                np.bincount(sentence[marked], facts["marks"][piece[marked]], size),
                np.bincount(sentence[marked], facts["asks"][piece[marked]], size),
            ),
            wordless=number(at(BARE)) == words_of,
        )
        return stream, self._rare(batch, stream, at(RARE), at(IDIOM))

    def _rare(
        self,
        batch: Batch,
        stream: _Stream,
        rare: NDArray[np.int64],
        idiom: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Sentences for vaderSentiment itself; one too many does no harm."""
        sentence = stream.sentence
        around = np.clip(idiom + np.array([[-1], [0], [1]]), 0, max(len(sentence) - 1, 0))
        before, here, after = self._known.code[stream.row[around]]
        pairs = _IDIOMATIC[before, here] | _IDIOMATIC[here, after]
        # A sentence may begin inside a piece that holds invisible signs: take the next one too.
        found: list[NDArray] = [sentence[idiom[pairs]], sentence[rare], sentence[rare] + 1]
        found += [_cut_pieces(batch), self._with_invisible(batch)]
        every = np.unique(np.concatenate(found))
        return every[every < len(batch.sent_doc)]

    def _with_invisible(self, batch: Batch) -> NDArray[np.int64]:
        """Sentences with a sign that makes no token, but a word for VADER if it stands alone."""
        found: list[int] = []
        if self._invisible:
            sign = re.compile("[" + re.escape("".join(sorted(self._invisible))) + "]")
            for doc, text in enumerate(batch.texts):
                if not text.isascii() and any(s in text for s in self._invisible):
                    places = [match.start() for match in sign.finditer(text)]
                    first, stop = np.searchsorted(batch.sent_doc, [doc, doc + 1])
                    starts = batch.sent_start[first:stop]
                    found += (first + np.searchsorted(starts, places, "right") - 1).tolist()
        return np.array([i for i in found if i >= 0], np.int64)

    def _window(self, stream: _Stream) -> _Window:
        """The hits of a batch with their neighbours."""
        last, sentence = len(stream.sentence) - 1, stream.sentence[stream.hit]
        exact = stream.hit - np.array([[0], [1], [2], [3], [-1]])
        place = np.clip(exact, 0, max(last, 0))
        inside = (stream.sentence[place] == sentence) & (place == exact)
        row = np.where(inside, stream.row[place], _OUTSIDE)
        return _Window(place, row, stream.upper[place] & stream.mixed[sentence])

    def _covered(
        self, batch: Batch, masked: NDArray[np.bool_], stream: _Stream
    ) -> NDArray[np.bool_]:
        """Whether each word of the stream holds a masked token."""
        count = self._reader.piece_facts()["count"].take(batch.piece)
        end = np.cumsum(count)[stream.piece_at]
        running = np.zeros(len(masked) + 1, np.int32)
        np.cumsum(masked, out=running[1:])
        return running[end] > running[end - count[stream.piece_at]]

    def _plain(
        self,
        batch: Batch,
        stream: _Stream,
        rare: NDArray[np.int64],
        valence: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """The scores without a mask."""
        scores = self._compound(stream, valence, stream.but)
        scores[stream.wordless] = np.nan
        scores[rare] = [self._ask(normalise(batch.text_of(i))) for i in rare.tolist()]
        return scores

    def _ask(self, text: str) -> float:
        """The score by vaderSentiment itself, of a text in plain signs."""
        if any(sign.isalnum() or sign in self._emoji for sign in text) or any(
            _bare_word(word).lower() in self._reference.lexicon for word in text.split()
        ):
            return self._reference.polarity_scores(text)["compound"]
        return np.nan

    def _compound(
        self, stream: _Stream, valence: NDArray[np.float64], but: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Sum the valences of each sentence, add the emphasis, and bring it between -1 and 1."""
        sentence = stream.sentence[stream.hit]
        turn = np.full(len(stream.mixed), -1)
        turn[stream.sentence[but[::-1]]] = but[::-1]  # so that the first "but" stays
        valence = _contrasted(valence, stream.hit, sentence, turn[sentence])
        # bincount adds in the order of the words, as VADER does; other sums would not be equal.
        total = np.bincount(sentence, valence, len(stream.mixed)).astype(float)
        total += np.sign(total) * stream.emphasis
        return _rounded(total / np.sqrt(total * total + 15))

    def _valences(self, window: _Window) -> NDArray[np.float64]:
        """What each hit is worth after the words around it were heard."""
        known, row = self._known, window.row
        here, first, second, third = known.code[row[:_NEXT]]
        value = known.value[row[_HERE]]
        valence = value.copy()
        valence[(here == _NO) & known.listed[row[_NEXT]]] = 0.0  # "no" before a hit only negates
        no = (first == _NO) | (second == _NO) | ((third == _NO) & _either(first, _OR, _NOR))
        valence[no] = value[no] * vader.N_SCALAR
        loud = window.shout[_HERE]
        valence[loud] += np.where(valence[loud] > 0, vader.C_INCR, -vader.C_INCR)
        for distance, damped in ((1, 1.0), (2, 0.95), (3, 0.9)):
            free = np.flatnonzero(known.free[row[distance]])
            so_far = valence[free]
            so_far += self._boosts(window, distance, free, so_far) * damped
            valence[free] = so_far * self._factors(distance, row[1:_NEXT, free])
        # "kind of good": after the third word, and only where that is outside the lexicon.
        third_free = known.free[row[3]]
        valence[third_free] += _DAMP[third, second][third_free]
        valence[third_free] += _DAMP[second, first][third_free]
        least = (first == _LEAST) & ~_either(second, _AT, _VERY)
        valence[least] *= vader.N_SCALAR
        valence[(here == _KIND) & (known.code[row[_NEXT]] == _OF)] = 0.0
        return valence

    def _boosts(
        self, window: _Window, distance: int, free: NDArray[np.int64], valence: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What boosters at *distance* add to the hits *free*, of that *valence* so far."""
        boost = self._known.boost[window.row[distance, free]]
        some = np.flatnonzero(boost)
        part, worth = boost[some], valence[some]
        part = np.where(worth < 0, -part, part)
        loud = window.shout[distance, free[some]]
        part[loud] += np.where(worth[loud] > 0, vader.C_INCR, -vader.C_INCR)
        boost[some] = part
        return boost

    def _factors(self, distance: int, rows: NDArray[np.int16]) -> NDArray[np.float64]:
        """What a word at *distance* multiplies a hit by; *rows* are the three words before."""
        factor = np.where(self._known.negates[rows[distance - 1]], vader.N_SCALAR, 1.0)
        first, second, third = self._known.code[rows]
        if distance == 2:
            factor[(second == _WITHOUT) & (first == _DOUBT)] = 1.0
            factor[(second == _NEVER) & _either(first, _SO, _THIS)] = 1.25
        elif distance == 3:
            factor[(third == _WITHOUT) & ((second == _DOUBT) | (first == _DOUBT))] = 1.0
            never = (third == _NEVER) & _either(second, _SO, _THIS)
            factor[never | _either(first, _SO, _THIS)] = 1.25  # so VADER's own code has it
        return factor


# ------------------------------------------------------------------ rules that need no tables


def _either(code: NDArray[np.int8], one: int, other: int) -> NDArray[np.bool_]:
    return (code == one) | (code == other)


def _emphasis(exclaims: NDArray, asks: NDArray) -> NDArray[np.float64]:
    """What the ! and ? of sentences add to their sums, away from zero."""
    asking = np.where(asks > 3, 0.96, np.where(asks > 1, asks * 0.18, 0.0))
    return np.minimum(exclaims, 4) * 0.292 + asking


_MOST_LAGS = 50  # hits of one sentence that are compared pair by pair


def _contrasted(
    valence: NDArray[np.float64],
    place: NDArray[np.int64],
    sentence: NDArray[np.int32],
    turn: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Halve what stands before a sentence's first "but", and add half to what stands after it.

    All arrays are parallel; *turn* is the place of the "but", -1 where there is none.
    vaderSentiment looks for each value by `list.index` while it changes the list, so that a
    value equal to an earlier, already changed one changes that one again.  So do we.
    """
    rows = np.flatnonzero(turn >= 0)
    before, place, turn, sentence = valence[rows], place[rows], turn[rows], sentence[rows]
    factor = np.where(place < turn, 0.5, 1.5)
    after = before * factor
    for number in _recurring(before, after, sentence).tolist():
        mine = slice(*np.searchsorted(sentence, [number, number + 1]).tolist())
        after[mine] = _as_by_index(before[mine].tolist(), factor[mine].tolist())
    contrasted = valence.copy()
    contrasted[rows] = after
    return contrasted


def _as_by_index(values: list[float], factors: list[float]) -> list[float]:
    """What `values[values.index(values[i])] *= ...` for each i does, in less than square time."""
    places: dict[float, list[int]] = {}
    for at, value in enumerate(values):
        places.setdefault(value, []).append(at)  # ascending, so a heap already
    for i in range(len(values)):
        if values[i]:
            at = heapq.heappop(places[values[i]])
            values[at] *= factors[at]
            heapq.heappush(places.setdefault(values[at], []), at)
    return values


def _recurring(
    before: NDArray[np.float64], after: NDArray[np.float64], owner: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Sentences where a value equals what an earlier one of the same sentence was changed to."""
    many = np.bincount(owner) > _MOST_LAGS if len(owner) else np.zeros(0, bool)
    found = [np.flatnonzero(many).astype(owner.dtype)]  # taken as recurring without a look
    row, lag = np.flatnonzero(~many[owner]), 1
    while len(row):
        row = row[row + lag < len(owner)]
        row = row[owner[row] == owner[row + lag]]
        found.append(owner[row[(after[row] == before[row + lag]) & (after[row] != 0)]])
        lag += 1
    return np.unique(np.concatenate(found))


def _rounded(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Four decimals, as Python's `round` has them: numpy's may differ in a tie."""
    rounded = np.round(scores, 4)
    for i in np.flatnonzero(np.abs(np.abs(scores * 1e4) % 1 - 0.5) < 1e-6).tolist():
        rounded[i] = round(float(scores[i]), 4)
    return rounded


def _cut_pieces(batch: Batch) -> NDArray[np.int32]:
    """Sentences on both sides of a change of field that has no space: it may cut a piece."""
    cut = (batch.field[1:] != batch.field[:-1]) & (batch.start[1:] == batch.end[:-1])
    places = np.flatnonzero(cut)
    return batch.sentence[np.concatenate([places, places + 1])]


def _masked_text(batch: Batch, sentence: int, masked: NDArray[np.bool_]) -> str:
    """A sentence in plain signs with "x" for each word that holds a masked token."""
    first, stop = batch.sent_ptr[sentence], batch.sent_ptr[sentence + 1]
    tokens = first + np.flatnonzero(masked[first:stop])
    spans = list(zip(batch.start[tokens].tolist(), batch.end[tokens].tolist(), strict=True))
    offset = int(batch.sent_start[sentence])

    def neutral(word: re.Match[str]) -> str:
        start, end = word.start() + offset, word.end() + offset
        if not any(begin < end and start < stop for begin, stop in spans):
            return word[0]
        return ("X" if word[0].isupper() else "x") + re.sub("[^!?]", "", word[0])

    return re.sub(r"\S+", neutral, normalise(batch.text_of(sentence)))
