"""Keep what was noticed in many articles in a form ready to be compared.

A `Profile` is a stream of word ids, one byte of marks a token, and a few tables.  It holds no
texts: evidence is read again from where the articles came from.  Profiles add: words, speakers
and lexicon entries are matched by their strings, never by their numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit import readability
from bias_toolkit.annotation import PARTS, Annotator, Chunk, chunks_of, is_word
from bias_toolkit.articles import Articles, Reject, as_articles, iter_batches, read_again
from bias_toolkit.attribution import ACTS, OWN, PARTIAL, QUOTE, REPORTED, SCARE, VOICES
from bias_toolkit.cleaning import FIELDS, OTHER
from bias_toolkit.collector import collector_paused
from bias_toolkit.lexicon import Lexicon, load_lexicons
from bias_toolkit.matching import Entry
from bias_toolkit.metrics import Metric, Sums, ratio, table
from bias_toolkit.speakers import RESOLUTIONS
from bias_toolkit.storage import TABLES, read, write
from bias_toolkit.tokens import Facts, Growing, Vocab

if TYPE_CHECKING:
    import pandas as pd

GROUPS: dict[str, tuple[int, ...]] = {
    "own": (OWN,),  # what the outlet asserts in its own words
    "outlet": (OWN, REPORTED),  # the outlet's wording, whoever asserts it
    "quoted": (PARTIAL, SCARE, QUOTE),  # the words it lets others say
    "all": (OWN, REPORTED, PARTIAL, SCARE, QUOTE),  # what the reader sees
}


def pack(voice: NDArray, field_code: NDArray, act: NDArray) -> NDArray[np.uint8]:
    """Voice, field and act of tokens in one byte each."""
    return (voice + len(VOICES) * (field_code + len(FIELDS) * act)).astype(np.uint8)


def unpack(marks: NDArray[np.uint8]) -> tuple[NDArray, NDArray, NDArray]:
    """Voice, field and act of packed marks.

    >>> [int(part[0]) for part in unpack(pack(np.array([4]), np.array([5]), np.array([2])))]
    [4, 5, 2]
    """
    voice, rest = marks % len(VOICES), marks // len(VOICES)
    return voice, rest % len(FIELDS), rest // len(FIELDS)


class _Table:
    """A table that may be given as a function: it is made when somebody asks for it.

    Making a profile needs no tables, and to import pandas takes as long as 300 articles.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, part: Profile | None, owner: type | None = None) -> pd.DataFrame:
        if part is None:  # dataclasses ask for a default
            raise AttributeError(self._name)
        given = vars(part)[self._name]
        if callable(given):
            given = vars(part)[self._name] = given()
        return given

    def __set__(self, part: Profile, value: pd.DataFrame | Callable[[], pd.DataFrame]) -> None:
        vars(part)[self._name] = value


@dataclass(eq=False, kw_only=True)
class Profile:
    """Outlets ready to be compared.

    `units` has one row an article with all the user's columns but the text.  `word` (int32,
    positions in `vocabulary`) and `marks` (see `unpack`) are the token stream.  `sentences`,
    `hits` and `attributions` are tables whose column `unit` is a row of `units`; a sentence's
    tokens are ``pointer[i]:pointer[i + 1]``.  `entries` says what each hit is a hit of.
    `content` (uint32, one a unit) is a checksum of title and text.
    """

    units: _Table = _Table()
    content: NDArray[np.uint32]
    vocabulary: NDArray[np.object_]
    word: NDArray[np.int32]
    marks: NDArray[np.uint8]
    sentences: _Table = _Table()
    hits: _Table = _Table()
    attributions: _Table = _Table()
    entries: _Table = _Table()
    lexicons: tuple[Lexicon, ...]
    rejects: list[Reject] = field(default_factory=list)
    source: pd.DataFrame | None = None  # id, title, text of articles that came from no file

    def __repr__(self) -> str:
        sizes = ", ".join(f"{outlet}: {n}" for outlet, n in self.outlets.items())
        return f"<Profile of {len(self.units)} articles ({sizes})>"

    @property
    def outlets(self) -> dict[str, int]:
        """Articles by outlet, in alphabetical order."""
        return dict(sorted(self.units["outlet"].value_counts().items()))

    @cached_property
    def pointer(self) -> NDArray[np.int64]:
        """Where the tokens of each sentence begin, and the end of the last."""
        return np.append(0, np.cumsum(self.sentences["tokens"].to_numpy(np.int64)))

    @cached_property
    def unit(self) -> NDArray[np.int64]:
        """The unit of each token."""
        return np.repeat(self.sentences["unit"].to_numpy(np.int64), np.diff(self.pointer))

    @cached_property
    def is_word(self) -> NDArray[np.bool_]:
        """Whether each token is a word or number rather than a sign."""
        return np.array([is_word(word) for word in self.vocabulary], bool)[self.word]

    # ---- parts and sums of profiles

    def __getitem__(self, outlet: str) -> Profile:
        """The part of one outlet."""
        if outlet not in self.outlets:
            raise KeyError(f"no outlet {outlet!r}; here are {', '.join(self.outlets)}")
        return self.select((self.units["outlet"] == outlet).to_numpy())

    def select(self, keep: NDArray[np.bool_]) -> Profile:
        """The part of the units in the mask *keep*."""
        number = np.cumsum(keep) - 1
        tokens = keep[self.unit]
        sentence = keep[self.sentences["unit"].to_numpy()]
        rows = {}
        for name in ("hits", "attributions"):
            frame = getattr(self, name)
            rows[name] = frame[keep[frame["unit"].to_numpy()]].reset_index(drop=True)
            rows[name]["unit"] = number[rows[name]["unit"]]
            rows[name]["sentence"] = (np.cumsum(sentence) - 1)[rows[name]["sentence"]]
        kept = np.cumsum(keep[self.attributions["unit"].to_numpy()]) - 1
        for name, column in (("hits", "attribution"), ("attributions", "parent")):
            old = rows[name][column].to_numpy()
            rows[name][column] = np.where(old >= 0, np.append(kept, -1)[old], -1)
        sentences = self.sentences[sentence].reset_index(drop=True)
        sentences["unit"] = number[sentences["unit"]]
        return replace(
            self,
            units=self.units[keep].reset_index(drop=True),
            content=self.content[keep],
            word=self.word[tokens],
            marks=self.marks[tokens],
            sentences=sentences,
            **rows,
        )

    def __add__(self, other: Profile) -> Profile:
        """Both profiles together; an article in both counts once.

        Raises ValueError where one id has different contents, or where the lexicons differ.
        """
        import pandas as pd

        if self.lexicons != other.lexicons:
            raise ValueError(
                "these profiles were made with different lexicons; profile the articles of one "
                "of them again"
            )
        other = other.select(_new_units(self, other))
        words = _union(self.vocabulary, other.vocabulary)
        shift = len(self.units), len(self.sentences), len(self.attributions)
        return replace(
            self,
            units=pd.concat([self.units, other.units], ignore_index=True),
            content=np.concatenate([self.content, other.content]),
            vocabulary=words[0],
            word=np.concatenate([self.word, words[1][other.word]]).astype(np.int32),
            marks=np.concatenate([self.marks, other.marks]),
            **{
                name: pd.concat(
                    [getattr(self, name), _shifted(getattr(other, name), *shift)],
                    ignore_index=True,
                )
                for name in ("sentences", "hits", "attributions")
            },
            rejects=list(dict.fromkeys([*self.rejects, *other.rejects])),
            source=_both(self.source, other.source),
        )

    # ---- numbers

    @cached_property
    def sums(self) -> dict[str, NDArray[np.float64]]:
        """All sums that metrics are made of, one value a unit, by name."""
        return _unit_sums(self)

    @cached_property
    def metric_list(self) -> list[Metric]:
        """The metrics that this profile's lexicons allow."""
        return _metrics(self)

    def by_outlet(self) -> dict[str, Sums]:
        """The sums of the units of each outlet."""
        return {name: dict(sums) for name, sums in self._by_outlet.items()}

    @cached_property
    def _by_outlet(self) -> dict[str, dict[str, NDArray[np.float64]]]:
        outlet = self.units["outlet"].to_numpy()
        rows = {name: np.flatnonzero(outlet == name) for name in self.outlets}
        return {n: {key: sums[at] for key, sums in self.sums.items()} for n, at in rows.items()}

    def metrics(self) -> pd.DataFrame:
        """One row a metric and outlet: metric, outlet, articles, value, low, high, unit.

        Intervals (95 %, over articles) only where an outlet has at least five.
        """
        import pandas as pd

        return pd.DataFrame(table(self.metric_list, self.by_outlet()))

    def table(self) -> pd.DataFrame:
        """One row an article: the user's columns, counts, and every metric; for regression.

        A column of the user's with the name of one of ours is called user_NAME.
        """
        import pandas as pd

        counts = {f"words_{group}": self.sums[f"words.{group}"] for group in GROUPS}
        columns = {**counts, **{m.name: m.function(self.sums) for m in self.metric_list}}
        users = self.units.rename(columns={n: f"user_{n}" for n in columns if n in self.units})
        return pd.concat([users, pd.DataFrame(columns, index=users.index)], axis=1)

    # ---- texts

    def texts(self, units: NDArray[np.int64]) -> pd.DataFrame:
        """Title and text of some units, read again: id, title, text, in their order.

        Raises as `read_again`; ValueError where the profile was made from a DataFrame that it
        no longer has, or where a text is not what it was.
        """
        import pandas as pd

        rows = self.units.iloc[units]
        if self.source is None:
            found = read_again(rows)
        else:
            here = rows["id"].isin(self.source["id"])
            found = pd.concat([self.source, read_again(rows[~here])], ignore_index=True)
            found = found.set_index("id").loc[rows["id"].tolist()].reset_index()
        changed = np.flatnonzero(_frame_contents(found) != self.content[units])
        if len(changed):
            row = rows.iloc[changed[0]]
            raise ValueError(
                f"{row['path'] or 'DataFrame'}: the text of article {row['id']!r} is not the one "
                "that was profiled; profile the articles again"
            )
        return found

    # ---- on disk

    def save(self, path: str | Path) -> None:
        """Write the profile as a folder of Parquet tables and one JSON file."""
        import pandas as pd

        voice, field_code, act = unpack(self.marks)
        sentence = np.repeat(np.arange(len(self.sentences), dtype=np.int32), np.diff(self.pointer))
        tokens = pd.DataFrame(
            {
                "unit": self.unit.astype(np.int32),
                "sentence": sentence,
                "word": pd.Categorical.from_codes(self.word, list(self.vocabulary)),
                "voice": pd.Categorical.from_codes(voice, list(VOICES)),
                "field": pd.Categorical.from_codes(field_code, list(FIELDS)),
                "act": pd.Categorical.from_codes(act, list(ACTS)),
            }
        )
        tables = {name: getattr(self, name) for name in TABLES}
        content = pd.DataFrame({"content": self.content})
        tables |= {"tokens": tokens, "contents": content}
        write(Path(path), tables, self.lexicons, self.rejects)


def load_profile(path: str | Path) -> Profile:
    """Load a profile that `Profile.save` wrote.

    Raises FileNotFoundError where there is none or a part of it is missing, ValueError for one
    of another format.
    """
    tables, lexicons, rejects = read(Path(path))
    tokens, contents = tables.pop("tokens"), tables.pop("contents")
    # Parquet may drop categories that do not occur: codes are those of the names, not its own.
    names = {"voice": VOICES, "field": FIELDS, "act": ACTS}
    codes = [tokens[key].cat.set_categories(known).cat.codes for key, known in names.items()]
    return Profile(
        content=contents["content"].to_numpy(np.uint32),
        vocabulary=np.array(tokens["word"].cat.categories, object),
        word=tokens["word"].cat.codes.to_numpy(np.int32),
        marks=pack(*(code.to_numpy(np.int64) for code in codes)),
        lexicons=lexicons,
        rejects=rejects,
        **tables,
    )


def profile(
    articles: pd.DataFrame | str | Path | Iterable[pd.DataFrame],
    lexicons: Sequence[Lexicon] | None = None,
) -> Profile:
    """Make a profile of articles: a DataFrame, a path that is streamed, or several DataFrames.

    *lexicons* from `load_lexicons`, all shipped ones if omitted.  Rows set aside are in
    ``rejects``.  An article that comes twice counts once; an id that another article had before
    is set aside.  Raises as `read_articles` and `as_articles`.
    """
    lexicons = load_lexicons() if lexicons is None else list(lexicons)
    with collector_paused():  # until all types are let go again
        return _profile(articles, lexicons)


def _profile(
    articles: pd.DataFrame | str | Path | Iterable[pd.DataFrame], lexicons: Sequence[Lexicon]
) -> Profile:
    rejects: list[Reject] = []
    annotator = Annotator(lexicons)
    keep = _Keep(annotator)
    sources: list[pd.DataFrame] = []
    if isinstance(articles, (str, Path)):
        parts = _read(articles, rejects)
    else:
        parts = _checked(articles, rejects, sources)
    for part in parts:
        keep.begin(part)
        for chunk in chunks_of(annotator, part.titles, part.texts):
            keep.add(chunk)
    return keep.profile(tuple(lexicons), rejects, _joined(sources) if sources else None)


class _Part(NamedTuple):
    """Some of the articles: their titles and texts, and all their columns but the text."""

    titles: list[str]
    texts: list[str]
    units: Articles | pd.DataFrame


def _read(path: str | Path, rejects: list[Reject]) -> Iterator[_Part]:
    """The articles of a path, in batches."""
    for articles in iter_batches(path, rejects=rejects):
        rejects += articles.attrs["notes"]
        yield _Part(articles.column("title"), articles.column("text"), articles.without("text"))


def _checked(
    articles: pd.DataFrame | Iterable[pd.DataFrame],
    rejects: list[Reject],
    sources: list[pd.DataFrame],
) -> Iterator[_Part]:
    """The articles of the user's frames; what came from no file is put into *sources*."""
    import pandas as pd

    seen: dict[str, int] = {}
    for given in [articles] if isinstance(articles, pd.DataFrame) else articles:
        frame = as_articles(given)
        rejects += frame.attrs["rejects"]
        notes = frame.attrs["notes"]
        frame = _unseen(frame, seen, rejects)
        rejects += notes
        own = frame.loc[frame["path"] == "", ["id", "title", "text"]]
        if len(own):
            sources.append(own)
        units = frame.drop(columns="text")
        units.attrs = {}  # rejects and notes, which no table on disk can hold
        yield _Part(frame["title"].tolist(), frame["text"].tolist(), units)
    if not seen:
        raise ValueError("no articles: the iterable of DataFrames is empty")


def _unseen(frame: pd.DataFrame, seen: dict[str, int], rejects: list[Reject]) -> pd.DataFrame:
    """The articles of *frame* that no frame before it had; the others are set aside."""
    contents = dict(zip(frame["id"].tolist(), _frame_contents(frame).tolist(), strict=True))
    again = frame["id"].isin(seen).to_numpy()
    for path, row, identity in frame.loc[again, ["path", "row", "id"]].itertuples(index=False):
        where = (path or "DataFrame", row + 1)
        if seen[identity] == contents[identity]:
            reason = f"the article {identity!r} once more, with equal content"
            rejects.append(Reject(*where, reason, "nothing to do: it counts once", "duplicate"))
        else:
            reason = f"the id {identity!r} belongs to another article before it"
            rejects.append(Reject(*where, reason, "give each article an id of its own"))
    for identity, content in contents.items():
        seen.setdefault(identity, content)
    return frame[~again].reset_index(drop=True)


def _frame_contents(frame: pd.DataFrame) -> NDArray[np.uint32]:
    return _contents(frame["title"].tolist(), frame["text"].tolist())


def _contents(titles: list[str], texts: list[str]) -> NDArray[np.uint32]:
    """A checksum of each article's title and text."""
    pairs = zip(titles, texts, strict=True)
    sums = [zlib.crc32(text.encode(), zlib.crc32(f"{title}\0".encode())) for title, text in pairs]
    return np.array(sums, np.uint32)


# ------------------------------------------------------------------ from chunks to a profile


class _Keep:
    """Collects of each chunk what a profile keeps."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator
        self._units: list[Articles | pd.DataFrame] = []
        self._contents: list[NDArray[np.uint32]] = []
        self._columns: dict[str, dict[str, Growing]] = {}
        self._speakers, self._cues, self._sources = Vocab(), Vocab(), Vocab()
        self._speakers[""]
        self._read = self._total = self._sentences = self._found = 0
        self._is_word = Facts(
            annotator.reader.words,
            lambda new: {"word": list(map(is_word, new))},
            word=bool,
        )

    def begin(self, part: _Part) -> None:
        """Take over what is kept of the articles of *part* as they are."""
        self._units.append(part.units)
        self._contents.append(_contents(part.titles, part.texts))
        self._read, self._total = self._total, self._total + len(part.texts)

    def add(self, chunk: Chunk) -> None:
        """Take over what is kept of *chunk*, the next one of the part that was begun."""
        unit = self._read + chunk.row
        batch, found = chunk.batch, chunk.found
        act = np.append(found.act, 0)[found.owner]
        self._put("tokens", word=batch.word, marks=pack(found.voice, batch.field, act))
        self._put("sentences", **self._sentence_columns(chunk, unit))
        self._put("hits", **self._hit_columns(chunk, unit))
        self._put("attributions", **self._attribution_columns(chunk, unit))
        self._read += int(chunk.row[-1]) + 1 if len(chunk.row) else 0
        self._sentences += len(batch.sent_doc)
        self._found += len(found)

    def _put(self, table: str, **columns: NDArray) -> None:
        mine = self._columns.setdefault(table, {})
        for name, values in columns.items():
            if name not in mine:
                mine[name] = Growing(values.dtype)
            mine[name].append(values)

    def _joined(self, table: str) -> dict[str, NDArray]:
        """The columns of a table."""
        return {name: column.array() for name, column in self._columns[table].items()}

    def _sentence_columns(self, chunk: Chunk, unit: NDArray[np.int64]) -> dict[str, NDArray]:
        batch = chunk.batch
        quoted = np.isin(chunk.found.voice, GROUPS["quoted"])
        words = self._is_word()["word"].take(batch.word)
        count = np.bincount(batch.sentence, weights=quoted & words, minlength=len(batch.sent_doc))
        return {
            "unit": unit[batch.sent_doc].astype(np.int32),
            "part": chunk.part[batch.sent_doc],
            "field": batch.field[batch.sent_ptr[:-1]],
            "start": batch.sent_start,
            "end": batch.sent_end,
            "tokens": np.diff(batch.sent_ptr).astype(np.int32),
            **chunk.sums,
            "quoted_words": count.astype(np.int32),
            "sentiment": chunk.tone,
            "sentiment_masked": chunk.masked_tone,
        }

    def _hit_columns(self, chunk: Chunk, unit: NDArray[np.int64]) -> dict[str, NDArray]:
        hits, batch = chunk.hits, chunk.batch
        owner = chunk.hit_owner
        return {
            "unit": unit[batch.doc[hits.first]].astype(np.int32),
            "sentence": (self._sentences + batch.sentence[hits.first]).astype(np.int32),
            "entry": hits.entry.astype(np.int32),
            "start": hits.start.astype(np.int32),
            "end": hits.end.astype(np.int32),
            "voice": chunk.hit_voice,
            "field": batch.field[hits.first],
            "attribution": np.where(owner >= 0, owner + self._found, -1).astype(np.int32),
        }

    def _attribution_columns(self, chunk: Chunk, unit: NDArray[np.int64]) -> dict[str, NDArray]:
        batch, found = chunk.batch, chunk.found
        place = found.places()
        words = _words_by_voice(chunk, self._is_word()["word"].take(batch.word))
        some = found.cue_first >= 0
        return {
            "unit": unit[batch.doc[place]].astype(np.int32),
            "sentence": (self._sentences + batch.sentence[place]).astype(np.int32),
            "cue": self._ids(self._cues, chunk, found.cue_first, found.cue_last, lower=True),
            "source": self._ids(self._sources, chunk, found.source_first, found.source_last),
            "cue_class": chunk.cue_class,
            "cue_start": np.where(some, batch.start[place], -1).astype(np.int32),
            "speaker": self._speakers.ids(chunk.speakers.names),
            "resolution": chunk.speakers.resolution,
            "actor": chunk.actor.astype(np.int32),
            "act": found.act,
            "negated": found.negated,
            "parent": np.where(found.parent >= 0, found.parent + self._found, -1).astype(np.int32),
            **{f"words_{name}": words[:, code] for code, name in enumerate(VOICES) if code},
        }

    def _ids(
        self,
        vocab: Vocab,
        chunk: Chunk,
        first: NDArray[np.int64],
        last: NDArray[np.int64],
        lower: bool = False,
    ) -> NDArray[np.int32]:
        """Ids of the words from each *first* to its *last* token, "" where there are none."""
        batch, strings = chunk.batch, self._annotator.reader.tokens.strings
        alone, several = np.flatnonzero(first == last), np.flatnonzero(first != last)
        # Most are one token, of few types; -1 is none.
        types, of_type = np.unique(
            np.where(first < 0, -1, batch.token[first])[alone], return_inverse=True
        )
        texts = [strings[token] if token >= 0 else "" for token in types.tolist()]
        spans = batch.doc[first], batch.start[first], batch.end[last]
        columns = (column[several].tolist() for column in spans)
        texts += [batch.texts[doc][start:end] for doc, start, end in zip(*columns, strict=True)]
        ids = vocab.ids(list(map(str.lower, texts)) if lower else texts)
        result = np.zeros(len(first), np.int32)
        result[alone], result[several] = ids[: len(types)][of_type], ids[len(types) :]
        return result

    def profile(
        self,
        lexicons: tuple[Lexicon, ...],
        rejects: list[Reject],
        source: pd.DataFrame | None,
    ) -> Profile:
        """Everything taken over, as one profile."""
        tokens = self._joined("tokens")
        classes = [*self._annotator.cue_classes, ""]
        vocabs = {"cue": self._cues, "source": self._sources, "speaker": self._speakers}
        strings = {name: vocab.strings for name, vocab in vocabs.items()}
        return Profile(
            units=partial(_joined, self._units),
            content=np.concatenate(self._contents),
            vocabulary=np.array(self._annotator.reader.words.strings, object),
            word=tokens["word"],
            marks=tokens["marks"],
            sentences=partial(_plain_table, self._joined("sentences")),
            hits=partial(_plain_table, self._joined("hits")),
            attributions=partial(
                _attribution_table, self._joined("attributions"), strings, classes
            ),
            entries=partial(_entry_table, self._annotator.matcher.entries),
            lexicons=lexicons,
            rejects=rejects,
            source=source,
        )


# ------------------------------------------------------------------ tables, when asked for


def _joined(parts: list[Articles | pd.DataFrame]) -> pd.DataFrame:
    """Articles of several batches in one table."""
    import pandas as pd

    frames = [part.frame() if isinstance(part, Articles) else part for part in parts]
    return pd.concat(frames, ignore_index=True)


def _plain_table(columns: dict[str, NDArray]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns, copy=False)


def _attribution_table(
    columns: dict[str, NDArray], strings: dict[str, list[str]], classes: list[str]
) -> pd.DataFrame:
    """The attributions, with strings for ids; the last of *classes* is for a cue of none."""
    import pandas as pd

    table = _plain_table(columns)
    for name, known in strings.items():
        table[name] = pd.Categorical.from_codes(table[name], known)
    codes = np.where(table["cue_class"] < 0, len(classes) - 1, table["cue_class"])
    table["cue_class"] = pd.Categorical.from_codes(codes, classes)
    table["resolution"] = pd.Categorical.from_codes(table["resolution"], list(RESOLUTIONS))
    return table


def _entry_table(entries: list[Entry]) -> pd.DataFrame:
    """What each entry number stands for: lexicon, kind, category, referent, side, term, weight."""
    import pandas as pd

    names = ("lexicon", "kind", "category", "referent", "side")
    columns: dict[str, list] = {name: [getattr(e, name) for e in entries] for name in names}
    columns["term"] = [entry.term.text for entry in entries]
    columns["weight"] = [entry.term.weight for entry in entries]
    columns["in_topic"] = [entry.term.in_topic for entry in entries]
    untils = [entry.term.until for entry in entries]
    columns["until"] = ["" if until is None else until.isoformat() for until in untils]
    return pd.DataFrame(columns)


def _words_by_voice(chunk: Chunk, is_word: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Words that each attribution owns, by voice: attributions x VOICES."""
    found = chunk.found
    some = (found.owner >= 0) & is_word
    keys = found.owner[some] * len(VOICES) + found.voice[some]
    counts = np.bincount(keys, minlength=len(found) * len(VOICES))
    return counts.reshape(-1, len(VOICES)).astype(np.int32)


# ------------------------------------------------------------------ adding


def _new_units(mine: Profile, other: Profile) -> NDArray[np.bool_]:
    """Units of *other* that are not in *mine*; an id with other contents is an error."""
    known, theirs = _fingerprints(mine), _fingerprints(other)
    for identity, content in theirs.items():
        if known.get(identity, content) != content:
            raise ValueError(
                f"article {identity!r} is in both profiles with different contents; give one "
                "of them another id"
            )
    return np.array([identity not in known for identity in theirs], bool)


def _fingerprints(part: Profile) -> dict[str, tuple[str, int]]:
    """What tells articles of one id apart: the outlet, and the checksum of title and text."""
    outlets, ids = part.units["outlet"].tolist(), part.units["id"].tolist()
    return dict(zip(ids, zip(outlets, part.content.tolist(), strict=True), strict=True))


def _union(mine: NDArray, other: NDArray) -> tuple[NDArray, NDArray[np.int64]]:
    """Strings of both, and where those of *other* stand among them."""
    vocab = Vocab()
    vocab.ids(list(mine))
    where = vocab.ids(list(other)).astype(np.int64)
    return np.array(vocab.strings, object), where


def _shifted(frame: pd.DataFrame, units: int, sentences: int, found: int) -> pd.DataFrame:
    frame = frame.copy()
    for name, by in (("unit", units), ("sentence", sentences)):
        if name in frame:
            frame[name] = frame[name] + by
    for name in ("attribution", "parent"):
        if name in frame:
            frame[name] = np.where(frame[name] >= 0, frame[name] + found, -1)
    return frame


def _both(mine: pd.DataFrame | None, other: pd.DataFrame | None) -> pd.DataFrame | None:
    import pandas as pd

    if mine is None or other is None:
        return mine if other is None else other
    return pd.concat([mine, other], ignore_index=True).drop_duplicates("id")


# ------------------------------------------------------------------ sums and metrics


def _unit_sums(part: Profile) -> dict[str, NDArray[np.float64]]:
    """Sums a unit: words by voice and group, hits by category and group, sentences, tones."""
    n = len(part.units)
    voice, field_code, _ = unpack(part.marks)
    counted = part.is_word & (field_code != OTHER)
    by_voice = _count(part.unit[counted], voice[counted], n, len(VOICES))
    sums = {f"words.{name}": by_voice[:, code] for code, name in enumerate(VOICES)}
    for group, voices in GROUPS.items():
        sums[f"words.{group}"] = by_voice[:, list(voices)].sum(axis=1)
    sums |= _hit_sums(part, n)
    sums |= _sentence_sums(part, n)
    return sums


def _count(
    rows: NDArray, columns: NDArray, n: int, width: int, weights: NDArray | None = None
) -> NDArray[np.float64]:
    keys = rows.astype(np.int64) * width + columns
    return np.bincount(keys, weights, minlength=n * width).reshape(n, width).astype(float)


def _hit_sums(part: Profile, n: int) -> dict[str, NDArray[np.float64]]:
    entries = part.entries
    wanted = entries[entries["kind"] == "category"]
    pairs = zip(wanted["lexicon"].tolist(), wanted["category"].tolist(), strict=True)
    names = [f"{lexicon}.{category}" for lexicon, category in pairs]
    categories = {name: place for place, name in enumerate(dict.fromkeys(names))}
    number = np.full(max(len(entries), 1), -1)
    number[wanted.index] = [categories[name] for name in names]
    hits = part.hits
    column = number[hits["entry"].to_numpy()] if len(hits) else np.zeros(0, int)
    weight = entries["weight"].to_numpy()[hits["entry"].to_numpy()]
    voice, unit = hits["voice"].to_numpy(), hits["unit"].to_numpy()
    sums = {}
    for group, voices in GROUPS.items():
        rows = (column >= 0) & np.isin(voice, voices)
        counts = _count(unit[rows], column[rows], n, max(len(categories), 1), weight[rows])
        for category, place in categories.items():
            sums[f"hits.{category}.{group}"] = counts[:, place]
    return sums


def _sentence_sums(part: Profile, n: int) -> dict[str, NDArray[np.float64]]:
    rows = part.sentences
    rows = rows[(rows["field"] != OTHER) & (rows["words"] > 0)]
    unit = rows["unit"].to_numpy()
    sums = {
        name: np.bincount(unit, rows[name], minlength=n).astype(float)
        for name in ("words", "syllables", "polysyllables", "characters")
    }
    sums["sentences"] = np.bincount(unit, minlength=n).astype(float)
    # The outlet's own sentences: those that are not for the most part quotation.
    own = rows[(rows["quoted_words"] * 2 <= rows["words"]) & rows["sentiment"].notna()]
    unit = own["unit"].to_numpy()
    sums["sentences.outlet"] = np.bincount(unit, minlength=n).astype(float)
    for name in ("sentiment", "sentiment_masked"):
        sums[name] = np.bincount(unit, own[name], minlength=n).astype(float)
    return sums


def _metrics(part: Profile) -> list[Metric]:
    metrics = [
        ratio(f"share.{voice}", f"Share of words that are {voice}", "share of words",
              (f"words.{voice}", "words.all"))
        for voice in VOICES
    ]  # fmt: skip
    for name in part.sums:
        kind, _, rest = name.partition(".")
        if kind == "hits":
            category, _, group = rest.rpartition(".")
            metrics.append(
                ratio(f"{category}.{group}", f"{category} in {group} words", "per 1,000 words",
                      (name, f"words.{group}"), 1000)
            )  # fmt: skip
    for name, about in _TONES.items():
        metrics.append(ratio(name, about, "mean of sentences", (name, "sentences.outlet")))
    return metrics + _readability_metrics()


_TONES = {
    "sentiment": "VADER compound of the sentences that are not mostly quotation",
    "sentiment_masked": "The same without names, roles, cues and the referents' labels",
}


def _readability_metrics() -> list[Metric]:
    """The six formulas over sums."""
    wanted = {
        "flesch": ("words", "sentences", "syllables"),
        "flesch_kincaid": ("words", "sentences", "syllables"),
        "fog": ("words", "sentences", "polysyllables"),
        "smog": ("sentences", "polysyllables"),
        "ari": ("words", "sentences", "characters"),
        "coleman_liau": ("words", "sentences", "characters"),
    }
    return [_formula(name, needs) for name, needs in wanted.items()]


def _formula(name: str, needs: tuple[str, ...]) -> Metric:
    formula = getattr(readability, name)
    about = (formula.__doc__ or name).splitlines()[0]

    def function(sums: Sums) -> NDArray[np.float64]:
        return np.asarray(formula(*(sums[need] for need in needs)), float)

    unit = "score" if name == "flesch" else "school grade"
    return Metric(f"readability.{name}", about, unit, needs, function)


__all__ = ["GROUPS", "PARTS", "Profile", "load_profile", "profile"]
