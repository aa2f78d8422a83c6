"""One batch of articles through all the modules that notice something in a text.

`Annotator` owns what is learned about types and does the work, a batch at a time; a `Chunk`
is what it noticed, as arrays.  `Annotations` shows chunks to the user as tables, which are
made when asked for.  A profile is made from the same chunks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.allegiance import Allegiance
from bias_toolkit.articles import as_articles
from bias_toolkit.attribution import (
    ACTS,
    NO_ACT,
    PARTIAL,
    REPORTED,
    VOICES,
    Attributions,
    Attributor,
)
from bias_toolkit.cleaning import FIELDS, OTHER, TITLE, Span, fields, holds_title
from bias_toolkit.lexicon import Lexicon, load_lexicon, load_lexicons, shipped_lexicons
from bias_toolkit.matching import Hits, Matcher, words_of
from bias_toolkit.readability import Readability
from bias_toolkit.sentiment import Vader
from bias_toolkit.speakers import RESOLUTIONS, Resolver, Speakers
from bias_toolkit.tokens import Batch, Facts, Reader, ragged

if TYPE_CHECKING:  # annotating needs no tables, and they take long to import
    import pandas as pd

BATCH = 250  # articles: few enough for the cache, enough to make calls on arrays worth it
PARTS = ("text", "title")  # what offsets point into

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Chunk:
    """What was noticed in one batch of articles.

    `batch` holds one text an article, and one more for a title that the text does not repeat;
    `row` and `part` say which article and which part each text is.  `hits` are those of
    categories, labels and actors outside page chrome, with `hit_voice` and `hit_owner` (row of
    `found`, -1).  `cue_class` and `actor` are positions in CUE_CLASSES and entries of the
    matcher, -1 if none.  `tone` and `masked_tone` are VADER compounds a sentence; `sums` are
    counts a sentence.
    """

    batch: Batch
    row: Ints
    part: NDArray[np.int8]
    hits: Hits
    hit_voice: NDArray[np.int8]
    hit_owner: Ints
    found: Attributions
    speakers: Speakers
    cue_class: NDArray[np.int8]
    actor: Ints
    tone: NDArray[np.float64]
    masked_tone: NDArray[np.float64]
    sums: dict[str, NDArray]


_FUNCTION_WORD = (
    g.DETERMINER
    | g.AUXILIARY
    | g.ADVERB
    | g.PREPOSITION
    | g.SUBORDINATOR
    | g.COORDINATOR
    | g.SUBJECT
)


class Annotator:
    """Annotates batches of articles; it keeps the types it has met, so use one for all."""

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self.lexicons = tuple(lexicons)
        self.reader = Reader()
        self.matcher = Matcher(self.reader, lexicons)
        self._grammar = g.Grammar(self.reader)
        self._attributor = Attributor(self.reader, self._grammar)
        self._resolver = Resolver(self.reader, self._grammar)
        self._classes = CueClasses(self.reader)
        self._vader = Vader(self.reader)
        self._readability = Readability(self.reader)
        self.cue_classes = self._classes.names
        kinds = [entry.kind for entry in self.matcher.entries]
        entries = self.matcher.entries
        self._allegiance = Allegiance(self.reader, self._grammar, entries, lexicons)
        self._names_things = np.array([kind in ("actor", "label") for kind in kinds], bool)

    def annotate(self, titles: Sequence[str], texts: Sequence[str]) -> Chunk:
        """Everything noticed in some articles, given as titles and texts."""
        parts = list(_parts(titles, texts))
        row = np.array([part[0] for part in parts], np.int64)
        batch = self.reader.read([part[2] for part in parts], [part[3] for part in parts])
        hits = self._hits(batch)
        found = self._attributor.attribute(batch)
        speakers = self._resolver.resolve(batch, found)
        voice, owner = _voices_of_hits(batch, found, hits)
        tone, masked = self._vader.scores_and_masked(batch, self._masked(batch, hits, found))
        return Chunk(
            batch=batch,
            row=row,
            part=np.array([part[1] for part in parts], np.int8),
            hits=hits,
            hit_voice=voice,
            hit_owner=owner,
            found=found,
            speakers=speakers,
            cue_class=self._classes.classes(batch, found),
            actor=self._actors(batch, hits, found, speakers),
            tone=tone,
            masked_tone=masked,
            sums=self._readability.sentence_sums(batch),
        )

    def _hits(self, batch: Batch) -> Hits:
        hits = self.matcher.find(batch)
        return hits.at(batch.field[hits.first] != OTHER)

    def _masked(self, batch: Batch, hits: Hits, found: Attributions) -> NDArray[np.bool_]:
        """Tokens that name or report rather than judge: names, roles, cues, actors, labels.

        VADER hears praise in "peacekeepers", "Security Council" and "stressed".
        """
        flags = self._grammar().take(batch.token)
        masked = (flags & (g.ROLE | g.TITLE)) != 0
        capital = (flags & g.CAPITAL) != 0
        first = np.zeros(len(batch), bool)
        first[batch.sent_ptr[:-1]] = True
        function_word = (flags & _FUNCTION_WORD) != 0  # a negation in capitals is no name
        stop = batch.word == self.reader.words["."]
        masked |= capital & ~first & ~function_word & ~_in_headline_style(batch, capital, stop)
        named = np.flatnonzero(self._names_things[hits.entry])
        at, _ = ragged(hits.count[named].astype(np.int64), hits.first[named].astype(np.int64))
        masked[at] = True
        cued = np.flatnonzero(found.cue_first >= 0)
        cue_first = found.cue_first[cued]
        at, _ = ragged(found.cue_last[cued] - cue_first + 1, cue_first)
        masked[at] = True
        return masked

    def _actors(self, batch: Batch, hits: Hits, found: Attributions, speakers: Speakers) -> Ints:
        """The actor that each source belongs to; of a mere "he" the antecedent's."""
        actor = self._allegiance.actors(batch, hits, found)
        known = speakers.antecedent >= 0
        theirs = np.where(known, actor[np.where(known, speakers.antecedent, 0)], -1)
        if not len(found):
            return actor
        return np.where(actor >= 0, actor, theirs)


def is_word(token: str) -> bool:
    """Whether a token or word is a word or number rather than a sign.

    >>> [is_word(token) for token in ("9/11", "_so-called_", "…", "_")]
    [True, True, False, False]
    """
    return token.isalpha() or any(map(str.isalnum, token))


def _parts(
    titles: Sequence[str], texts: Sequence[str]
) -> Iterator[tuple[int, int, str, list[Span]]]:
    """Row, part, text and fields of all that is read of some articles."""
    for row, (title, text) in enumerate(zip(titles, texts, strict=True)):
        spans = fields(text, title)
        if title and not holds_title(spans):
            yield row, 1, title, [Span(0, len(title), TITLE)]
        yield row, 0, text, spans


def _in_headline_style(
    batch: Batch, capital: NDArray[np.bool_], stop: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Tokens of sentences where more than half of the tokens have capitals: they name nothing.

    A full stop at the end, or before the closing mark, makes it prose: The Security Council met.
    """
    share = np.bincount(batch.sentence, weights=capital, minlength=len(batch.sent_doc))
    size = np.diff(batch.sent_ptr)
    last = batch.sent_ptr[1:] - 1
    prose = stop[last] | stop[np.maximum(last - 1, batch.sent_ptr[:-1])]
    return ((share * 2 > size) & ~prose).take(batch.sentence)


def _voices_of_hits(
    batch: Batch, found: Attributions, hits: Hits
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """The voice of each hit, and the attribution that owns it.

    The voice is that of most of its tokens, of equals the first in VOICES; but words of which
    some stand in quotation marks are not the outlet's: "anti-terrorist" measures.
    """
    voice, owner = found.voice.take(hits.first), found.owner.take(hits.first)
    several = np.flatnonzero(hits.count > 1)
    at, row = ragged(hits.count[several].astype(np.int64), hits.first[several].astype(np.int64))
    keys = row * len(VOICES) + found.voice.take(at)
    votes = np.bincount(keys, minlength=len(several) * len(VOICES)).reshape(-1, len(VOICES))
    marked = votes[:, PARTIAL:].any(axis=1)
    inside = PARTIAL + votes[:, PARTIAL:].argmax(axis=1)
    voice[several] = np.where(marked, inside, votes.argmax(axis=1))
    at, row = (column[found.voice.take(at) >= PARTIAL] for column in (at, row))
    row, first = np.unique(row, return_index=True)
    owner[several[row]] = found.owner.take(at[first])
    return voice, owner


# ------------------------------------------------------------------ classes of cues


class CueClasses:
    """The class of each cue (neutral, emphatic, ...), as lexicons/reporting.toml has it.

    A term with stars ("what * describe* as") is a *frame* around a cue and outdoes its own class.
    """

    def __init__(self, reader: Reader) -> None:
        self.names, self._class, self._frames = _cue_terms()
        self._longest = max((len(words) for words, _ in self._frames), default=0)
        self._by_opener: dict[str, list[tuple[list[str], int]]] = {}
        for frame, number in self._frames:
            self._by_opener.setdefault(frame[0], []).append((frame, number))
        self._reader = reader
        self._facts = Facts(reader.words, self._learn, **{"class": np.int8, "opens": bool})

    def _learn(self, new: list[str]) -> dict[str, Sequence]:
        return {
            "class": [self._class.get(word, -1) for word in new],
            "opens": [word in self._by_opener for word in new],
        }

    def classes(self, batch: Batch, found: Attributions) -> NDArray[np.int8]:
        """The class of each attribution's cue; -1 where there is none or it is not classed."""
        classes = self._facts()["class"]
        some = found.cue_first >= 0
        first = np.where(some, found.cue_first, 0)
        result = np.full(len(found), -1, np.int8)
        if not len(batch):
            return result
        result[some] = classes[batch.word[first]][some]
        strings = self._reader.words.strings
        for row in np.flatnonzero(some & (found.cue_last > found.cue_first)).tolist():
            span = batch.word[found.cue_first[row] : found.cue_last[row] + 1].tolist()
            phrase = " ".join(strings[word] for word in span)
            result[row] = self._class.get(phrase, int(result[row]))
        self._apply_frames(batch, found, result)
        return result

    def _apply_frames(self, batch: Batch, found: Attributions, result: NDArray[np.int8]) -> None:
        """Class cues by the frames that begin before them in their sentence."""
        opens, cue = self._facts()["opens"], found.cue_first
        strings = self._reader.words.strings
        for back in range(1, self._longest):
            at = np.maximum(cue - back, 0)
            near = (cue >= back) & (batch.sentence[at] == batch.sentence[np.maximum(cue, 0)])
            for row in np.flatnonzero(near & opens[batch.word[at]]).tolist():
                first = int(at[row])
                last = int(batch.sent_ptr[batch.sentence[first] + 1])
                ids = batch.word[first : min(first + self._longest, last)].tolist()
                words = [strings[number] for number in ids]
                for frame, number in self._by_opener[words[0]]:
                    long = len(frame) > back < len(words)
                    # The cue itself tells most frames apart, so it is looked at first.
                    cued = long and words[back].startswith(frame[back].rstrip("*"))
                    if cued and _fits(frame, words):
                        result[row] = number


@cache
def _cue_terms() -> tuple[tuple[str, ...], dict[str, int], list[tuple[list[str], int]]]:
    """Names of the classes, the class of each cue, and of each frame; read once a process."""
    lexicon = load_lexicon(shipped_lexicons()["reporting"])
    classes: dict[str, int] = {}
    frames: list[tuple[list[str], int]] = []
    for number, category in enumerate(lexicon.categories):
        for words in (words_of(term.text) for term in category.terms):
            if "*" in words:
                frames.append((words.split(), number))
            else:
                classes.setdefault(words, number)
    return tuple(category.name for category in lexicon.categories), classes, frames


def _fits(frame: list[str], words: list[str]) -> bool:
    """Whether *words* begin with *frame*: literal words, prefixes, and any word for a lone star."""
    return len(words) >= len(frame) and all(
        word.startswith(want[:-1]) and is_word(word) if want.endswith("*") else word == want
        for want, word in zip(frame, words, strict=False)
    )


# ------------------------------------------------------------------ tables for the user


class Annotations:
    """Everything noticed in some articles, as tables with offsets.

    Made by `annotate`.  `articles` are those annotated, completed and in order; the tables are
    made when first asked for.  Offsets are code points, into the article's text, or into its
    title where the column `part` says so.
    """

    def __init__(self, articles: pd.DataFrame, annotator: Annotator, chunks: list[Chunk]) -> None:
        self.articles = articles
        self._annotator = annotator
        self._chunks = chunks
        ids = articles["id"].to_numpy(dtype=object)
        self._ids = [ids[i : i + BATCH] for i in range(0, len(ids), BATCH)]

    @property
    def lexicons(self) -> tuple[Lexicon, ...]:
        """The lexicons whose terms were looked for."""
        return self._annotator.lexicons

    def _each(self) -> Iterator[tuple[Chunk, NDArray[np.object_]]]:
        """Each chunk, and the article id of each of its texts."""
        for chunk, ids in zip(self._chunks, self._ids, strict=True):
            yield chunk, ids[chunk.row]

    @cached_property
    def tokens(self) -> pd.DataFrame:
        """One row a token: article, offsets, text, sentence, voice, act, field, ignored, part."""
        strings = np.array(self._annotator.reader.tokens.strings, object)
        return _table(
            {
                "article": ids[chunk.batch.doc],
                "start": chunk.batch.start,
                "end": chunk.batch.end,
                "text": strings[chunk.batch.token],
                "sentence": _numbered(chunk)[chunk.batch.sentence],
                "voice": _NAMES["voice"][chunk.found.voice],
                "act": _NAMES["act"][_acts(chunk)],
                "field": _NAMES["field"][chunk.batch.field],
                "ignored": chunk.batch.field == OTHER,
                "part": _NAMES["part"][chunk.part[chunk.batch.doc]],
            }
            for chunk, ids in self._each()
        )

    @cached_property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence: article, sentence, start, end, field, part, sums and tones."""
        return _table(
            {
                "article": ids[chunk.batch.sent_doc],
                "sentence": _numbered(chunk),
                "start": chunk.batch.sent_start,
                "end": chunk.batch.sent_end,
                "field": _NAMES["field"][chunk.batch.field[chunk.batch.sent_ptr[:-1]]],
                "part": _NAMES["part"][chunk.part[chunk.batch.sent_doc]],
                **chunk.sums,
                "sentiment": chunk.tone,
                "sentiment_masked": chunk.masked_tone,
            }
            for chunk, ids in self._each()
        )

    @cached_property
    def hits(self) -> pd.DataFrame:
        """One row a hit of a lexicon's category or label, with its voice and speaker."""
        return _table(
            self._hit_columns(chunk, ids, ("category", "label")) for chunk, ids in self._each()
        )

    @cached_property
    def actors(self) -> pd.DataFrame:
        """One row a mention of an actor; the columns of `hits`."""
        return _table(self._hit_columns(chunk, ids, ("actor",)) for chunk, ids in self._each())

    def _hit_columns(
        self, chunk: Chunk, ids: NDArray[np.object_], kinds: tuple[str, ...]
    ) -> dict[str, NDArray]:
        entries = self._annotator.matcher.entries
        wanted = np.array([entry.kind in kinds for entry in entries], bool)
        rows = np.flatnonzero(wanted[chunk.hits.entry]) if len(chunk.hits) else np.zeros(0, int)
        hits, batch = chunk.hits.at(rows), chunk.batch
        doc = batch.doc[hits.first]
        owner = chunk.hit_owner[rows]
        names = np.array([*chunk.speakers.names, ""], object)
        places = zip(doc.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True)
        mine = [entries[number] for number in hits.entry.tolist()]
        return {
            "article": ids[doc],
            "lexicon": _objects(entry.lexicon for entry in mine),
            "category": _objects(entry.category for entry in mine),
            "term": _objects(entry.term.text for entry in mine),
            "start": hits.start,
            "end": hits.end,
            "text": _objects(batch.texts[d][s:e] for d, s, e in places),
            "voice": _NAMES["voice"][chunk.hit_voice[rows]],
            "act": _NAMES["act"][_acts(chunk)[hits.first]],
            "field": _NAMES["field"][batch.field[hits.first]],
            "speaker": names[owner],
            "sentence": _numbered(chunk)[batch.sentence[hits.first]],
            "referent": _objects(entry.referent for entry in mine),
            "side": _objects(entry.side for entry in mine),
            "weight": np.array([entry.term.weight for entry in mine], float),
            "part": _NAMES["part"][chunk.part[doc]],
        }

    @cached_property
    def attributions(self) -> pd.DataFrame:
        """One row a stretch of attributed words; stretches of one attribution share `id`.

        A stretch is of one voice.  Absent spans are -1, -1; so is the content of an attribution
        whose words all belong to others inside it.  `resolution` says how the speaker was found:
        named, role, pronoun, inherited, or none.  `negated` says that the words are not said to be
        theirs: denied, supposed, or asked for (did not say that, if he says that, whether).
        """
        offset = 0
        tables = []
        for chunk, ids in self._each():
            tables.append(self._attribution_columns(chunk, ids, offset))
            offset += len(chunk.found)
        return _table(tables)

    def _attribution_columns(
        self, chunk: Chunk, ids: NDArray[np.object_], offset: int
    ) -> dict[str, NDArray]:
        batch, found = chunk.batch, chunk.found
        owner, first, last = _stretches_and_bare(chunk)
        place = np.where(first >= 0, first, found.cue_first[owner])
        content = _offsets(batch, first, last)
        entries = self._annotator.matcher.entries
        actors = [entries[number] if number >= 0 else None for number in chunk.actor.tolist()]
        parent = np.where(found.parent >= 0, found.parent + offset, -1)
        cue = _offsets(batch, found.cue_first[owner], found.cue_last[owner])
        source = _offsets(batch, found.source_first[owner], found.source_last[owner])
        classes = np.array([*self._annotator.cue_classes, ""], object)
        return {
            "id": owner + offset,
            "parent": parent[owner],
            "article": ids[batch.doc[place]],
            "field": _NAMES["field"][batch.field[place]],
            "voice": _NAMES["voice"][np.where(first >= 0, found.voice[first], REPORTED)],
            "act": _NAMES["act"][found.act[owner]],
            "negated": found.negated[owner],
            "content_start": content[0],
            "content_end": content[1],
            "cue_start": cue[0],
            "cue_end": cue[1],
            "cue_class": classes[chunk.cue_class[owner]],
            "source_start": source[0],
            "source_end": source[1],
            "speaker": np.array([*chunk.speakers.names, ""], object)[owner],
            "resolution": _NAMES["resolution"][chunk.speakers.resolution[owner]],
            "actor": _objects("" if e is None else e.category for e in actors)[owner],
            "side": _objects("" if e is None else e.side for e in actors)[owner],
            "sentence": _numbered(chunk)[batch.sentence[place]],
            "part": _NAMES["part"][chunk.part[batch.doc[place]]],
        }

    def voice_of(self, article_id: str, start: int, end: int, field: str | None = None) -> str:
        """The voice of most words of a span of an article; of equals the first in VOICES.

        Offsets point into the text; with field="title" into whatever holds the title: the title
        itself where there is one that the text does not repeat.  Raises KeyError for an unknown
        article or field, ValueError for a span without tokens.
        """
        if field not in (None, *FIELDS):
            raise KeyError(f"no field {field!r}; there are {', '.join(FIELDS)}")
        if article_id not in self._known:
            raise KeyError(f"no article {article_id!r} here; ids are in articles['id']")
        tokens = self._by_article.get(article_id, self.tokens.iloc[:0])
        apart = field == "title" and bool((tokens["part"] == "title").any())
        there = tokens["part"] == ("title" if apart else "text")
        there &= (tokens["start"] < end) & (tokens["end"] > start)
        if field is not None:
            there &= tokens["field"] == field
        signs = tokens[there]
        words = signs[signs["text"].map(is_word).astype(bool)]
        words = signs if words.empty else words
        if words.empty:
            raise ValueError(f"nothing stands at {start}:{end} of article {article_id!r}")
        counts = words["voice"].value_counts()
        return max(VOICES, key=lambda voice: counts.get(voice, 0))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.articles["id"])

    @cached_property
    def _by_article(self) -> dict[str, pd.DataFrame]:
        return dict(iter(self.tokens.groupby("article", sort=False)))


def annotate(articles: pd.DataFrame, lexicons: Sequence[Lexicon] | None = None) -> Annotations:
    """Annotate articles: tokens, sentences, attributions, lexicon hits, sentiment.

    *articles* as from `read_articles` or a DataFrame with at least outlet and text; *lexicons*
    from `load_lexicons` (all shipped ones if omitted).  Raises as `as_articles`.
    """
    articles = as_articles(articles)
    annotator = Annotator(load_lexicons() if lexicons is None else lexicons)
    titles, texts = articles["title"].tolist(), articles["text"].tolist()
    return Annotations(articles, annotator, list(chunks_of(annotator, titles, texts)))


def chunks_of(annotator: Annotator, titles: Sequence[str], texts: Sequence[str]) -> Iterator[Chunk]:
    """Annotate articles in batches of BATCH."""
    for at in range(0, len(texts), BATCH):
        yield annotator.annotate(titles[at : at + BATCH], texts[at : at + BATCH])


def stretches(chunk: Chunk) -> tuple[Ints, Ints]:
    """First and last token of each run of tokens with one owner, voice and text."""
    found, doc = chunk.found, chunk.batch.doc
    edge = np.ones(len(doc) + 1, bool)
    edge[1:-1] = (found.owner[1:] != found.owner[:-1]) | (found.voice[1:] != found.voice[:-1])
    edge[1:-1] |= doc[1:] != doc[:-1]
    first = np.flatnonzero(edge[:-1])
    last = np.flatnonzero(edge[1:])
    owned = found.owner[first] >= 0
    return first[owned], last[owned]


def _stretches_and_bare(chunk: Chunk) -> tuple[Ints, Ints, Ints]:
    """Owner, first and last token of all stretches; -1 for attributions that own no token.

    All in reading order, a bare attribution where its cue stands.
    """
    first, last = stretches(chunk)
    cue = chunk.found.cue_first
    bare = np.setdiff1d(np.flatnonzero(cue >= 0), chunk.found.owner)
    order = np.argsort(np.concatenate([first, cue[bare]]), kind="stable")
    none = np.full(len(bare), -1)
    owner = np.concatenate([chunk.found.owner[first], bare])
    return owner[order], np.append(first, none)[order], np.append(last, none)[order]


def _acts(chunk: Chunk) -> NDArray[np.int8]:
    """The act of each token: that of the attribution that owns it."""
    found = chunk.found
    return np.append(found.act, NO_ACT).astype(np.int8)[found.owner]


_NAMES = {
    "voice": np.array(VOICES, object),
    "act": np.array(ACTS, object),
    "field": np.array(FIELDS, object),
    "part": np.array(PARTS, object),
    "resolution": np.array(RESOLUTIONS, object),
}


def _numbered(chunk: Chunk) -> Ints:
    """Sentence numbers counted from 0 within each article."""
    row = chunk.row[chunk.batch.sent_doc]
    number = np.arange(len(row))
    first = np.searchsorted(row, row)
    return number - first


def _offsets(batch: Batch, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    some = first >= 0
    at = np.where(some, first, 0)
    until = np.where(some, last, 0)
    if not len(batch):
        return first, last
    return np.where(some, batch.start[at], -1), np.where(some, batch.end[until], -1)


def _objects(values: Iterator) -> NDArray[np.object_]:
    found = list(values)
    array = np.empty(len(found), object)
    array[:] = found
    return array


def _table(columns: Iterator[dict[str, NDArray]] | list[dict[str, NDArray]]) -> pd.DataFrame:
    import pandas as pd

    frames = [pd.DataFrame(chunk) for chunk in columns]
    filled = [frame for frame in frames if len(frame)]  # empty ones would change the types
    return pd.concat(filled or frames[:1], ignore_index=True) if frames else pd.DataFrame()
