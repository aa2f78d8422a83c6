"""Read articles from files and set bad rows aside, so that none of them costs the others.

Every kind of file becomes a stream of records, each a dictionary and the place it was written
at.  All records then pass one gate, which finds the columns by their names, checks what an
article needs, and either keeps the record or says why not, where, and what to do about it.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import re
import sys
import zlib
from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    register_error,
)
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.dates import DateColumn

if TYPE_CHECKING:  # a profile is made without tables, and they take long to import
    import pandas as pd

__all__ = ["Reject", "as_articles", "iter_articles", "read_again", "read_article", "read_articles"]

FIELDS = ("id", "outlet", "date", "title", "text", "url")

#: Other names of a column, best first; an exact name always wins over these.
ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("article_id", "doc_id", "uid"),
    "outlet": (
        "source",
        "publisher",
        "news_outlet",
        "media_outlet",
        "publication",
        "newspaper",
        "site",
        "media",
        "paper",
    ),
    "date": (
        "published",
        "publish_date",
        "published_at",
        "published_on",
        "publication_date",
        "date_published",
        "pubdate",
        "pub_date",
        "datetime",
        "timestamp",
        "time",
    ),
    "title": ("headline", "head", "article_title"),
    "text": ("content", "body", "article", "article_text", "article_body", "full_text"),
    "url": ("link", "href"),
}

_SPACE = re.compile(r"[\s_.-]+")
_NO_DATE = frozenset({"", "nan", "nat", "none", "null", "na", "n/a", "<na>", "unknown", "-"})
_CHUNK = 1 << 18
# A CSV row longer than this is no article; the csv module's own limit is 131,072 characters.
_LONGEST_FIELD = 2**31 - 1
_MOST_RETRIES = 100
_INDEX = "articles.csv"


@dataclass(frozen=True)
class Reject:
    """One row that was set aside, or remarked on, and why.

    ``kind`` is "error" for a row that cannot be used, "duplicate" for one that repeats an
    article already read, and "note" for a remark on an article that was kept.  ``line`` is
    1-based; in a DataFrame it is the 1-based position of the row.
    """

    file: str
    line: int
    reason: str
    remedy: str
    kind: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}; {self.remedy}"

    def __deepcopy__(self, memo: dict[int, Any]) -> Reject:
        # pandas deep-copies `attrs` at every step; a frozen record need not be copied.
        return self


Report = Callable[[Reject], None]


# ------------------------------------------------------------------ the public functions


def read_articles(path: str | Path) -> pd.DataFrame:
    """Read all articles of a folder or file into a DataFrame, one row an article.

    *path* is a folder with an index ``articles.csv`` (columns file, outlet, ...), a folder of
    sub-folders of .txt named after their outlets, or a .csv, .tsv, .jsonl, .ndjson or .json
    (array) file, each also as .gz.  Columns: id, outlet, date (ISO string or None), title,
    text, url, path, row, then every other column of the file; its own columns called path or
    row become user_path and user_row.  Texts and titles get ``\\n`` for ``\\r\\n`` and ``\\r``;
    nothing else in them is changed.  A missing id is a hash of outlet, title and text.

    ``attrs["rejects"]`` lists the rows set aside, ``attrs["notes"]`` remarks on rows that were
    kept, ``attrs["date_forms"]`` counts the forms dates were written in.

    Raises FileNotFoundError when *path* does not exist, and ValueError when there is no
    readable article in it or it is of no known kind.
    """
    return next(iter_articles(path, size=sys.maxsize))


def iter_articles(
    path: str | Path, size: int = 500, rejects: list[Reject] | None = None
) -> Iterator[pd.DataFrame]:
    """Read the articles of `read_articles` in file order, *size* at a time, in bounded memory.

    What grows is one number per id, to notice repeated ones.  Each frame's ``attrs`` speak of
    its own part of the file; rejects are also appended to the list *rejects*, as they are met.
    A JSON array is streamed too, unless it is broken.

    Raises as `read_articles`; that there was no readable article is known only at the end.
    """
    return (articles.frame() for articles in iter_batches(path, size, rejects))


def iter_batches(
    path: str | Path, size: int = 500, rejects: list[Reject] | None = None
) -> Iterator[Articles]:
    """`iter_articles` before tables are made of them."""
    if size < 1:
        raise ValueError(f"size is {size}: a batch needs 1 article or more")
    place = _existing(path)
    _kind(place)  # a file of unknown kind is an error now, not at the first batch
    return _batches(place, size, [] if rejects is None else rejects)


def read_article(path: str | Path) -> pd.DataFrame:
    """Read one text file as a DataFrame of one row.

    Its outlet, date and title come from an ``articles.csv`` that lists the file, in its folder
    or one above; without such an index the outlet is "".

    Raises FileNotFoundError when there is no such file, ValueError when it holds no readable
    text.
    """
    place = _existing(path)
    if not place.is_file():
        raise ValueError(f"{place} is a folder, not one article; read it with read_articles")
    if _ending(place) in _TABLES:
        raise ValueError(f"{place} may hold many articles; read it with read_articles")
    gate = _Gate(outlet_needed=False)
    values = _listed(place, {}) or {"outlet": ""}
    for record in _with_text(place, _Record(values, str(place), 1, str(place), 0), gate.report):
        gate.add(record)
    gate.insist(place)
    return gate.take(1).frame()


def read_again(units: pd.DataFrame) -> pd.DataFrame:
    """Read title and text of some articles again from the files they came from.

    *units* needs the columns id, path and row; the result has id, title and text, one row for
    each of *units*, in its order.

    Raises FileNotFoundError when a file is gone, and ValueError when an article did not come
    from a file or the file holds another article in its place now.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    keys = list(zip(units["path"], units["row"], units["id"], strict=True))
    for path, row, identity in keys:
        if not path:
            raise ValueError(
                f"article {identity!r} came from a DataFrame, not from a file: its text cannot "
                "be read again; give the DataFrame itself"
            )
        wanted[path].add(row)
    indexes: dict[Path, dict[Path, dict[str, Any]]] = {}
    import pandas as pd

    found = {path: _pick(Path(path), rows, indexes) for path, rows in wanted.items()}
    rows = [_same(found[path].get(row, []), path, row, identity) for path, row, identity in keys]
    return pd.DataFrame(rows, columns=["id", "title", "text"], dtype=object)


def as_articles(frame: pd.DataFrame) -> pd.DataFrame:
    """Check and complete a DataFrame of articles that the user made; *frame* is not changed.

    Columns are found by the same names as in files, dates brought to ISO form, missing ids
    filled with a hash of the content, missing columns with defaults; texts are left exactly as
    they are.  Other columns keep their type.  ``path`` and ``row`` are kept where the frame
    came from `read_articles`, else they are "" and the position in *frame*.  Rows set aside
    are in ``attrs["rejects"]``.

    Raises TypeError when *frame* is no DataFrame, ValueError when a column is missing or
    named twice, or when no row is a readable article.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"articles are a {type(frame).__name__}; give a pandas DataFrame")
    if not all(isinstance(name, str) for name in frame.columns):
        frame = frame.rename(columns=str)
    columns = _frame_columns(frame)
    gate = _Gate(lambda key: frame[key].tolist(), newlines=False)
    names = [name for name in map(columns.of, FIELDS) if name is not None]
    cells = zip(*(frame[name].tolist() for name in names), strict=True)
    kept = []
    for position, (values, (path, row)) in enumerate(zip(cells, _origins(frame), strict=True)):
        record = dict(zip(names, values, strict=True))
        if gate.add(_Record(record, "DataFrame", position + 1, path, row)):
            kept.append(position)
    gate.insist("the DataFrame")
    others = [name for name in frame.columns if name not in names]
    return _completed(gate.take(len(kept)).frame(), frame[others].iloc[kept])


@dataclass(eq=False)
class Articles:
    """Articles as they were read, by column: what a frame is made of.

    `cells` (articles x names) are Python values; `row` is where each stands in its file, `attrs`
    what the frame will carry.
    """

    names: list[str]
    cells: NDArray[np.object_]
    row: NDArray[np.int64]
    attrs: dict[str, Any]

    def __len__(self) -> int:
        return len(self.row)

    def column(self, name: str) -> list[Any]:
        """The values of a column."""
        values: list[Any] = self.cells[:, self.names.index(name)].tolist()
        return values

    def without(self, name: str) -> Articles:
        """The articles without a column, and without `attrs`."""
        at = self.names.index(name)
        kept = np.asfortranarray(np.delete(self.cells, at, axis=1))
        return Articles(self.names[:at] + self.names[at + 1 :], kept, self.row, {})

    def frame(self) -> pd.DataFrame:
        """The articles as a DataFrame, with `row` behind the path."""
        import pandas as pd

        # One block of Python strings: pandas would otherwise look at each and copy it.
        frame = pd.DataFrame(self.cells, columns=self.names, dtype=object, copy=False)
        frame.insert(self.names.index("path") + 1, "row", self.row)
        frame.attrs = self.attrs
        return frame


# ------------------------------------------------------------------ the gate


class _Record(NamedTuple):
    """What a file says of one article: *file* and *line* say so, *path* and *row* hold it."""

    values: dict[str, Any]
    file: str
    line: int
    path: str
    row: int


class _Columns(NamedTuple):
    """Which of a record's names is which field (None: absent), and all its other names."""

    id: str | None
    outlet: str | None
    date: str | None
    title: str | None
    text: str | None
    url: str | None
    rest: tuple[str, ...]

    def of(self, field: str) -> str | None:
        """The name of the column that is *field*."""
        name: str | None = getattr(self, field)
        return name


class _Article(NamedTuple):
    """A checked article, and a fingerprint of its content: equal for equal articles."""

    id: str
    outlet: str
    title: str
    text: str
    url: str
    fingerprint: int


class _Bad(Exception):
    """Why a record is no article: reason, remedy, and the line where that is known better."""

    def __init__(self, reason: str, remedy: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.remedy, self.line = reason, remedy, line


_NOT_UTF8 = "save it as UTF-8 (perhaps it is Windows-1252)"
_HALF_PAIR = ("bad encoding: half of a surrogate pair", "write the whole character, or U+FFFD")
_NUL = ("it contains NUL bytes", "remove them; UTF-16 is read only with a byte order mark")


@lru_cache(maxsize=256)
def _columns(names: tuple[str, ...]) -> _Columns:
    """Find the fields among *names*: the exact name first, then aliases, however they are written.

    "Published On" and "published-on" are published_on.
    """
    "".join(names).encode()  # a name with half a surrogate pair could never be written again
    folded = {_SPACE.sub("_", name.strip().casefold()): name for name in reversed(names)}

    def find(field: str) -> str | None:
        spellings = (s for alias in (field, *ALIASES[field]) for s in (alias, folded.get(alias)))
        return next((name for name in spellings if name in names), None)

    found = [find(field) for field in FIELDS]
    return _Columns._make([*found, tuple(name for name in names if name not in found)])


class _Gate:
    """The door every article comes through: it checks, completes, and remembers what it saw.

    *values* gives all dates of a column, for the day and month of 03/04/2020; *newlines* says
    whether texts get universal newlines; every reject that is no note goes to *rejects* too.
    """

    def __init__(
        self,
        values: Callable[[str], Iterable[object]] = lambda key: (),
        rejects: list[Reject] | None = None,
        newlines: bool = True,
        outlet_needed: bool = True,
    ) -> None:
        self._values, self._all_rejects = values, rejects
        self._newlines, self._outlet_needed = newlines, outlet_needed
        self._seen: dict[str, int] = {}
        self._dates: dict[str, DateColumn] = {}
        self._puzzles: set[str] = set()
        self._first: Reject | None = None
        self._rows: list[tuple[str | None, ...]] = []
        self._places: list[int] = []
        self._rest: list[dict[str, Any]] = []
        self._forms: list[str] = []
        self._rejects: list[Reject] = []
        self._notes: list[Reject] = []

    def __len__(self) -> int:
        """How many articles wait to be taken."""
        return len(self._rows)

    def report(self, reject: Reject) -> None:
        """Remember what was set aside, or remarked."""
        if reject.kind == "note":
            self._notes.append(reject)
            return
        self._rejects.append(reject)
        self._first = self._first or reject
        if self._all_rejects is not None:
            self._all_rejects.append(reject)

    def add(self, record: _Record) -> bool:
        """Let one record in, or report why not."""
        values = record.values
        try:
            columns = _columns(tuple(values))
            article = _article(values, columns, self._newlines, self._outlet_needed)
            rest = _rest(values, columns.rest)
        except (_Bad, UnicodeEncodeError) as error:
            bad = error if isinstance(error, _Bad) else _Bad(*_HALF_PAIR)
            self.report(Reject(record.file, record.line, bad.reason, bad.remedy))
            return False
        if self._repeats(article, record):
            return False
        day, form = self._day(columns.date, record)
        identity, outlet, title, text, url, _ = article
        self._rows.append((identity, outlet, day, title, text, url, record.path))
        self._places.append(record.row)
        self._rest.append(rest)
        self._forms.append(form)
        return True

    def insist(self, where: object) -> None:
        """Raise ValueError if no article ever came through."""
        if not self._seen:
            raise ValueError(f"no readable article in {where}: {self._first or 'it holds no rows'}")

    def take(self, count: int) -> Articles:
        """Hand out the first *count* articles, and forget their texts."""
        rows, self._rows = self._rows[:count], self._rows[count:]
        rest, self._rest = self._rest[:count], self._rest[count:]
        places, self._places = self._places[:count], self._places[count:]
        forms, self._forms = self._forms[:count], self._forms[count:]
        others = list(dict.fromkeys(itertools.chain.from_iterable(rest)))
        columns = [*zip(*rows, strict=True), *([row.get(name) for row in rest] for name in others)]
        cells = np.empty((len(rows), len(columns)), dtype=object, order="F")
        for number, column in enumerate(columns):
            cells[:, number] = column
        names = [*FIELDS, "path", *map(_user_name, others)]
        counts = dict(Counter(filter(None, forms)))
        about = {"rejects": self._rejects, "notes": self._notes, "date_forms": counts}
        self._rejects, self._notes = [], []
        return Articles(names, cells, np.array(places, dtype=np.int64), about)

    def _repeats(self, article: _Article, record: _Record) -> bool:
        """Whether the id was seen before; reports it as a duplicate or as a clash."""
        known = self._seen.get(article.id)
        if known is None:
            self._seen[article.id] = article.fingerprint
            return False
        where = (record.file, record.line)
        if known == article.fingerprint:
            reason = f"the article {article.id!r} once more, with equal content"
            self.report(Reject(*where, reason, "nothing to do: it counts once", "duplicate"))
        else:
            reason = f"the id {article.id!r} belongs to another article before it"
            self.report(Reject(*where, reason, "give each article an id of its own"))
        return True

    def _day(self, key: str | None, record: _Record) -> tuple[str | None, str]:
        """The date in ISO form and how it was written; None and "", with a note, if unreadable."""
        if key is None:
            return None, ""
        value = record.values[key]
        written = value if type(value) is str else _written(value)
        if key not in self._dates:
            self._dates[key] = DateColumn(lambda: map(_written, self._values(key)))
        day, form = self._dates[key].read(written)
        if not form and self._is_puzzle(written.strip().casefold()):
            reason = f"the date {written[:40]!r} is impossible, incomplete or unreadable"
            remedy = "write it like 2020-09-28; the article is kept, without a date"
            self.report(Reject(record.file, record.line, reason, remedy, "note"))
        return day, form

    def _is_puzzle(self, written: str) -> bool:
        """Whether this is more than a missing date, and was not remarked on before."""
        new = written not in _NO_DATE and written not in self._puzzles
        self._puzzles.add(written)
        return new


def _article(
    values: dict[str, Any], columns: _Columns, newlines: bool, outlet_needed: bool
) -> _Article:
    """Check the fields of one article; raises `_Bad` or UnicodeEncodeError."""
    text = values[columns.text] if columns.text is not None else None
    if type(text) is not str:
        text = _checked_text(text, columns, values)
    if not text or text.isspace():
        raise _Bad("no text: it is empty or blank", "fill in the text, or delete the row")
    outlet = _cell(values, columns.outlet).strip()
    if not outlet and outlet_needed:
        raise _Bad("no outlet", f"name it in a column called {_choices('outlet')}")
    title, url = _cell(values, columns.title), _cell(values, columns.url)
    head, body = f"{outlet}\0{title}\0".encode(), text.encode()
    if b"\0" in body or head.count(0) != 2:
        raise _Bad(*_NUL)
    if b"\r" in body or b"\r" in head:
        if newlines:
            title, text = _universal(title), _universal(text)
        head, body = _universal_bytes(head), _universal_bytes(body)
    identity = _cell(values, columns.id).strip()
    url.encode()
    identity.encode()
    # 32 bits and the length will do: they are compared only where two ids are equal.
    fingerprint = zlib.crc32(body, zlib.crc32(head)) << 32 | len(body)
    return _Article(identity or _hash(head + body), outlet, title, text, url, fingerprint)


def _hash(content: bytes) -> str:
    """The id of an article that has none: 16 hexadecimal digits of its content's hash."""
    return blake2b(content, digest_size=8).hexdigest()


def _universal_bytes(text: bytes) -> bytes:
    """*text* with ``\\n`` for every end of a line, so that ids are those of clean texts."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _universal(text: str) -> str:
    """*text* with ``\\n`` for every end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _checked_text(text: object, columns: _Columns, values: dict[str, Any]) -> str:
    """A text that is not simply a string; raises `_Bad` unless it is a kind of string."""
    if columns.text is None:
        names = ", ".join(map(str, values)) or "none"
        raise _Bad(f"no text: its columns are {names}", f"name it {_choices('text')}")
    if isinstance(text, str):
        return str(text)
    if _absent(text):
        raise _Bad("no text: it is missing", "fill in the text, or delete the row")
    raise _Bad(f"the text is a {type(text).__name__}, not a string", "give one string an article")


def _cell(values: dict[str, Any], name: str | None) -> str:
    """One small field as a string, "" where it is missing; numbers are written out."""
    if name is None:
        return ""
    value = values[name]
    if type(value) is str:
        return value
    if isinstance(value, (list, dict, tuple, set)):
        kind = type(value).__name__
        raise _Bad(f"{name} is a {kind}, not a string", f"give one string for {name}")
    return _written(value)


def _rest(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The user's other columns; raises UnicodeEncodeError for what no file could hold."""
    rest = {name: values[name] for name in names}
    for value in rest.values():
        if type(value) is str:
            if not value.isascii():
                value.encode()
        elif isinstance(value, (list, dict)):
            json.dumps(value, ensure_ascii=False).encode()
    return rest


def _absent(value: object) -> bool:
    """Whether *value* is None, NaN, NaT or NA."""
    if value is None or isinstance(value, (str, list, dict)):
        return value is None
    import pandas as pd

    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _written(value: object) -> str:
    """A value as one would write it: "" for a missing one, 5 for 5.0, ISO for a timestamp."""
    if isinstance(value, str):
        return str(value)
    if _absent(value):
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _choices(field: str) -> str:
    """The names a field may have, for messages: text (or content, body, ...)."""
    return f"{field} (or {', '.join(ALIASES[field])})"


def _user_name(name: str) -> str:
    """The name a user's column gets beside ours: only path and row must make way."""
    return f"user_{name}" if name in ("path", "row") else name


# ------------------------------------------------------------------ files and folders


def _existing(path: str | Path) -> Path:
    """*path* as a Path; raises FileNotFoundError when nothing is there."""
    place = Path(path)
    if not place.exists():
        raise FileNotFoundError(f"{place}: no such file or folder; check the path")
    return place


def _kind(path: Path) -> str:
    """The kind of a table by its name, or "folder"; raises ValueError for any other file."""
    if path.is_dir():
        return "folder"
    kind = _ending(path)
    if kind == "txt":
        raise ValueError(
            f"{path}: a single text names no outlet; read it with read_article, "
            "or put it into a folder named after its outlet"
        )
    if kind not in _TABLES:
        raise ValueError(
            f"{path}: articles are not read from this kind of file; give a folder, or a file "
            f"ending in {', '.join(f'.{known}' for known in _TABLES)} (or any of these with .gz)"
        )
    return kind


def _ending(path: Path) -> str:
    """What a file's name ends in, in small letters and without .gz: csv, txt, ..."""
    return path.name.lower().removesuffix(".gz").rpartition(".")[2]


def _batches(path: Path, size: int, rejects: list[Reject]) -> Iterator[Articles]:
    """Batches of *size* articles, the last one of what is left."""
    gate = _Gate(lambda key: _column_values(path, key), rejects)
    for record in _records(path, gate.report):
        # A full batch waits for one article more, so that every reject is in some batch.
        if gate.add(record) and len(gate) > size:
            yield gate.take(size)
    if len(gate):
        yield gate.take(size)
    gate.insist(path)


def _records(path: Path, report: Report) -> Iterator[_Record]:
    """The records of a folder or table, texts included, in the order of the file."""
    kind = _kind(path)
    if kind != "folder":
        return _TABLES[kind](path, report)
    if (path / _INDEX).is_file():
        return _csv(path / _INDEX, report)
    return _outlet_folders(path, report)


def _outlet_folders(folder: Path, report: Report) -> Iterator[_Record]:
    """The texts of sub-folders named after outlets; deeper folders are not entered."""
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    loose = [entry for entry in entries if _is_text(entry)]
    empty = True
    for outlet in entries:
        if not outlet.is_dir() or _leads_back(outlet, folder):
            continue
        try:
            texts = sorted(entry for entry in outlet.iterdir() if _is_text(entry))
        except OSError as error:
            reason = f"the folder cannot be read: {error.strerror}"
            report(Reject(str(outlet), 1, reason, "check its permissions"))
            continue
        for text in texts:
            empty = False
            record = _Record({"outlet": outlet.name}, str(text), 1, str(text), 0)
            yield from _with_text(text, record, report)
    if empty:
        raise ValueError(_no_layout(folder, entries, len(loose)))
    for text in loose:
        reason = "no outlet: it lies outside the outlets' folders"
        report(Reject(str(text), 1, reason, "move it into the folder of its outlet"))


def _no_layout(folder: Path, entries: list[Path], loose: int) -> str:
    """What a folder without index and without outlets' folders is told."""
    found = f"{loose} .txt but nothing that names their outlets" if loose else "no .txt"
    tables = [entry.name for entry in entries if _ending(entry) in _TABLES and entry.is_file()]
    return (
        f"no readable article in {folder}: it has {found}; add an index {_INDEX} with the columns "
        "file and outlet (and date, title, url), or put each outlet's .txt into a sub-folder "
        "named after the outlet" + (f", or give the file {tables[0]} itself" if tables else "")
    )


def _is_text(path: Path) -> bool:
    """Whether *path* is a regular .txt or .txt.gz, and not hidden."""
    return _ending(path) == "txt" and not path.name.startswith(".") and path.is_file()


def _leads_back(path: Path, folder: Path) -> bool:
    """Whether *path* is a link to *folder* itself or to a folder around it."""
    return path.is_symlink() and folder.resolve().is_relative_to(path.resolve())


def _with_text(path: Path, record: _Record, report: Report) -> Iterator[_Record]:
    """*record* with the text of a .txt; nothing where that cannot be read, which is reported."""
    try:
        text = _read_text(path)
    except _Bad as bad:
        file, line = (str(path), bad.line) if bad.line else (record.file, record.line)
        report(Reject(file, line, bad.reason, bad.remedy))
    else:
        if not text or text.isspace():
            report(Reject(str(path), 1, "no text: the file is empty or blank", "fill or delete it"))
            return
        yield record._replace(values={**record.values, "text": text}, path=str(path), row=0)


def _read_text(path: Path) -> str:
    """The text of a .txt, in UTF-8 or, with a byte order mark, UTF-16 or UTF-32."""
    if not path.is_file():
        raise _Bad(f"there is no file {path}", "correct the column file, or add the file")
    try:
        with _Source(path) as source:
            data, encoding = source.rest(), source.encoding
    except OSError as error:
        raise _Bad(f"{path} cannot be read: {error.strerror}", "check its permissions") from None
    if source.damage:
        line = data.count(b"\n") + 1
        raise _Bad(source.broken[0], "pack or fetch it again", line)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Bad(f"bad encoding: {_bytes_of(error)}", _NOT_UTF8, line) from None


def _bytes_of(error: UnicodeDecodeError) -> str:
    """What a decoder stumbled over, in short."""
    bad = error.object[error.start : error.start + 1].hex()
    return f"byte 0x{bad} is not valid {error.encoding.upper()}"


# ------------------------------------------------------------------ bytes, lines, text

_MARKS = (
    (BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
    (BOM_UTF8, "utf-8"),
)

# No decoder yields this half of a surrogate pair, so it marks bytes that are not text.
_MARK = "\udcff"
register_error("bias_toolkit.mark", lambda error: (_MARK, error.end))  # type: ignore[attr-defined]


class _Unpacked(io.RawIOBase):
    """The bytes of a file, unpacked if it is a .gz; damage ends them and is remembered."""

    def __init__(self, path: Path) -> None:
        packed = path.name.lower().endswith(".gz")
        file: Any = gzip.GzipFile(path) if packed else io.FileIO(path)
        self._file, self._read = file, file.read1 if packed else file.read
        self.damage = ""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer* as far as the file goes, or as far as it is sound."""
        try:
            data = self._read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            self.damage = str(error)
            return 0
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class _Source:
    """An open file: its encoding by its byte order mark, and its bytes, lines or text."""

    def __init__(self, path: Path) -> None:
        self._raw = _Unpacked(path)
        self._buffer = io.BufferedReader(self._raw, _CHUNK)
        head = self._buffer.peek(4)[:4]
        mark, self.encoding = next((m for m in _MARKS if head.startswith(m[0])), (b"", "utf-8"))
        self._buffer.read(len(mark))

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *raised: object) -> None:
        self._buffer.close()

    @property
    def damage(self) -> str:
        """What is wrong with the compressed file, "" while all is well."""
        return self._raw.damage

    @property
    def broken(self) -> tuple[str, str]:
        """Reason and remedy for a damaged file."""
        return (
            f"the compressed file is damaged or cut short here ({self.damage})",
            "pack or fetch it again; what came before it was read",
        )

    def rest(self) -> bytes:
        """All bytes still to be read."""
        return self._buffer.read()

    def text(self) -> io.TextIOWrapper:
        """The file as text, ends of lines kept, with `_MARK` for what is not text."""
        return io.TextIOWrapper(self._buffer, self.encoding, "bias_toolkit.mark", newline="")

    def lines(self) -> Iterator[bytes]:
        """The lines as UTF-8, ended by ``\\n`` only; a cut-off last line is left out."""
        lines: Iterator[bytes] = self._buffer
        if self.encoding != "utf-8":
            wrapper = io.TextIOWrapper(
                self._buffer, self.encoding, "bias_toolkit.mark", newline="\n"
            )
            lines = (line.encode("utf-8", "surrogatepass") for line in wrapper)
        for line in lines:
            if self.damage and not line.endswith(b"\n"):
                return
            yield line


# ------------------------------------------------------------------ tables


def _jsonl(
    path: Path, report: Report, wanted: Callable[[int, bytes], bool] | None = None
) -> Iterator[_Record]:
    """The objects of a JSON Lines file; *row* counts its lines from 0, blank ones too.

    *wanted* may tell, by row and line, which lines are worth parsing.
    """
    file, row = str(path), -1
    with _Source(path) as source:
        for row, line in enumerate(source.lines()):
            if (wanted is not None and not wanted(row, line)) or line.isspace():
                continue
            try:
                values = json.loads(line.rstrip(b"\r\n").decode())
            except (ValueError, RecursionError) as error:
                report(Reject(file, row + 1, *_broken_json(error)))
                continue
            if type(values) is dict:
                yield _Record(values, file, row + 1, file, row)
            else:
                report(Reject(file, row + 1, *_no_object(values)))
        if source.damage:
            report(Reject(file, row + 2, *source.broken))


def _broken_json(error: Exception) -> tuple[str, str]:
    """Reason and remedy for a line of JSON that cannot be parsed."""
    if isinstance(error, UnicodeDecodeError):
        return f"bad encoding: {_bytes_of(error)}", _NOT_UTF8
    if isinstance(error, json.JSONDecodeError):
        what = f"{error.msg}, character {error.pos + 1}"
    else:
        what = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return f"broken JSON ({what})", "write one whole JSON object a line"


def _no_object(values: object) -> tuple[str, str]:
    """Reason and remedy for JSON that is something else than an object."""
    kind = type(values).__name__
    return f"not a JSON object but a {kind}", 'write it like {"outlet": ..., "text": ...}'


def _json(path: Path, report: Report) -> Iterator[_Record]:
    """The objects of a JSON array, or of objects one after another; *row* counts them."""
    file = str(path)
    with _Source(path) as source:
        values = _JsonValues(source.text())
        for row, value in enumerate(values):
            if values.marked:
                report(Reject(file, values.line, "bad encoding: some bytes are no text", _NOT_UTF8))
            elif type(value) is dict:
                yield _Record(value, file, values.line, file, row)
            else:
                report(Reject(file, values.line, *_no_object(value)))
        if source.damage:
            report(Reject(file, values.line, *source.broken))
        elif values.broken:
            remedy = "correct it there; what comes after it was not read"
            report(Reject(file, values.line, f"broken JSON ({values.broken})", remedy))


class _JsonValues:
    """The values of a JSON array, parsed one at a time from as much text as each needs.

    ``line`` is where the value at hand begins, or where the text is ``broken``; ``marked``
    says whether bytes in it were no text.
    """

    _GAP = re.compile(r"[\s,]*")

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._buffer, self._at = text, "", 0
        self._decode = json.JSONDecoder().raw_decode
        self.line, self.marked, self.broken = 1, False, ""

    def __iter__(self) -> Iterator[object]:
        array = self._next_mark() == "["
        self._at += array
        while mark := self._next_mark():
            if mark == "]" and array:
                return
            value, end = self._value()
            if self.broken:
                return
            self.marked = self._buffer.find(_MARK, self._at, end) >= 0
            yield value
            self._move(end)
        if array:
            self.broken = "the array has no closing bracket"

    def _next_mark(self) -> str:
        """The next character that is neither space nor comma, "" at the end."""
        while True:
            gap = self._GAP.match(self._buffer, self._at)
            self._move(gap.end() if gap else self._at)
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _value(self) -> tuple[object, int]:
        """The value that begins here, and where it ends."""
        while True:
            try:
                value, end = self._decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if self._more():
                    continue
                self._move(getattr(error, "pos", self._at))
                self.broken = getattr(error, "msg", str(error))
                return None, self._at
            # A number at the end of what was read so far may go on.
            if end < len(self._buffer) or not self._more():
                return value, end

    def _move(self, end: int) -> None:
        self.line += self._buffer.count("\n", self._at, end)
        self._at = end

    def _more(self) -> bool:
        """Read on, at least as much again as waits to be parsed."""
        waiting = self._buffer[self._at :]
        read = self._text.read(max(_CHUNK, len(waiting)))
        self._buffer, self._at = waiting + read, 0
        return bool(read)


def _csv(path: Path, report: Report) -> Iterator[_Record]:
    """The rows of a CSV or TSV; of an index, one without texts but with files, their texts."""
    rows = _rows(path, report)
    first = next(rows, None)
    if first is None:
        return
    names = tuple(first.values)
    columns, file_column = _columns(names), _file_column(names)
    _check_header(path, columns, file_column)
    rows = itertools.chain([first], rows)
    if columns.text is not None or file_column is None:
        yield from rows
        return
    listed = set()
    for record in rows:
        name = record.values[file_column].strip()
        if not name:
            report(Reject(str(path), record.line, "no file is named", "name it in column file"))
            continue
        listed.add(path.parent / name)
        yield from _with_text(path.parent / name, record, report)
    _note_unlisted(path, listed, report)


def _file_column(names: tuple[str, ...]) -> str | None:
    """The column of an index that names the files."""
    return next((name for name in names if name.strip().casefold() == "file"), None)


def _check_header(path: Path, columns: _Columns, file_column: str | None) -> None:
    """Raise ValueError where no row could become an article."""
    for field in ("text", "outlet"):
        if columns.of(field) is None and not (field == "text" and file_column):
            names = ", ".join(name for name in (*columns[:-1], *columns.rest) if name)
            raise ValueError(
                f"no readable article in {path}: {path}:1: no column for the {field}; "
                f"call it {_choices(field)}; the columns are {names}"
            )


def _note_unlisted(index: Path, listed: set[Path], report: Report) -> None:
    """Remark on texts beside an index that it does not name."""
    texts = sorted(path for path in index.parent.iterdir() if _is_text(path))
    unlisted = [text.name for text in texts if text not in listed]
    if unlisted:
        some = ", ".join(unlisted[:5]) + (", ..." if len(unlisted) > 5 else "")
        reason = f"{len(unlisted)} .txt beside it that it does not list: {some}"
        report(Reject(str(index), 1, reason, "add a row for each that should count", "note"))


def _rows(path: Path, report: Report) -> Iterator[_Record]:
    """The rows of a CSV or TSV as dictionaries; *row* counts them from 0, blank ones too.

    A row with broken quotation marks costs only itself: what a stray mark swallowed is read
    again from the next line on.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    file, names = str(path), None
    with _Source(path) as source:
        lines = _Lines(source)
        rows = csv.reader(lines, strict=True, delimiter=lines.delimiter(path))
        for row in itertools.count(-1):  # the header is none of them
            line = lines.start()
            try:
                fields = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                if lines.ended and source.damage:
                    break
                report(Reject(file, line, f"broken quotation marks ({error})", _QUOTING))
                if names is None or not lines.again(report, file):
                    break
                continue
            if not fields:
                continue
            if names is None:
                names = _names(fields)
            elif bad := _bad_row(fields, names):
                report(Reject(file, line, *bad))
            else:
                yield _Record(dict(zip(names, fields, strict=True)), file, line, file, row)
        if source.damage:
            report(Reject(file, lines.number + 1, *source.broken))


_QUOTING = "close each quotation mark, and write one inside a field twice"


class _Lines:
    """The lines of a file as text; those of a broken row can be handed out once more.

    ``number`` counts the lines handed out; ``ended`` says whether the last one was.
    """

    def __init__(self, source: _Source) -> None:
        self._source, self._text = source, source.text()
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._retries = 0
        self.number, self.ended = 0, False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._text.readline()
        if not line or (self._source.damage and not line.endswith(("\n", "\r"))):
            self.ended = True
            raise StopIteration
        self._taken.append(line)
        self.number += 1
        return line

    def start(self) -> int:
        """Begin a row; return the number of its first line, from 1."""
        self._taken.clear()
        return self.number + 1

    def again(self, report: Report, file: str) -> bool:
        """Go back to the second line of a broken row; False when that was done too often."""
        self._waiting.extendleft(reversed(self._taken[1:]))
        self.number, self.ended = self.number - len(self._taken) + 1, False
        self._retries += 1
        if self._retries < _MOST_RETRIES:
            return True
        reason = f"{self._retries} rows with broken quotation marks: from here on nothing was read"
        report(Reject(file, self.number + 1, reason, _QUOTING))
        return False

    def delimiter(self, path: Path) -> str:
        """Tab for a .tsv, else whichever of comma, semicolon and tab the header has most of."""
        header = self._text.readline()
        self._waiting.append(header)
        if _ending(path) == "tsv":
            return "\t"
        return max(",;\t", key=header.count)


def _names(header: list[str]) -> list[str]:
    """The columns' names: blank ones get a number, repeated ones too."""
    names: list[str] = []
    for number, name in enumerate(header, 1):
        name = name.strip().replace(_MARK, "\ufffd") or f"column_{number}"
        names.append(name if name not in names else f"{name}_{number}")
    return names


def _bad_row(fields: list[str], names: list[str]) -> tuple[str, str] | None:
    """Reason and remedy for a row that does not fit the header, or is not text."""
    if len(fields) != len(names):
        count = f"{len(fields)} field{'s' * (len(fields) != 1)} where the header has {len(names)}"
        return count, "put a field that holds delimiters or line ends into quotation marks"
    if _MARK in "".join(fields):
        return "bad encoding: some bytes are no text", _NOT_UTF8
    return None


_TABLES: dict[str, Callable[[Path, Report], Iterator[_Record]]] = {
    "csv": _csv,
    "tsv": _csv,
    "jsonl": _jsonl,
    "ndjson": _jsonl,
    "json": _json,
}


# ------------------------------------------------------------------ reading again


def _ignore(reject: Reject) -> None:
    """Report nothing: the first reading did."""


def _pick(
    path: Path, rows: set[int], indexes: dict[Path, dict[Path, dict[str, Any]]]
) -> dict[int, list[_Article]]:
    """The articles in some rows of a file; a .txt may have been read with or without outlet."""
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: gone, so its articles cannot be read again; put it back, or work in the "
            "folder it was read from"
        )
    if _ending(path) not in _TABLES:
        record = _Record({}, str(path), 1, str(path), 0)
        entry = _listed(path, indexes)
        origins = [entry] if entry else [{"outlet": path.parent.name}, {"outlet": ""}]
        texts = [r.values["text"] for r in _with_text(path, record, _ignore)]
        return {0: _checked({**origin, "text": text} for origin in origins for text in texts)}
    found: dict[int, list[_Article]] = {}
    for record in _table(path, lambda row, line: row in rows):
        if record.row in rows:
            found[record.row] = _checked([record.values])
            if len(found) == len(rows):
                break
    return found


def _table(path: Path, wanted: Callable[[int, bytes], bool]) -> Iterator[_Record]:
    """The rows of a table, texts of an index not included; *wanted* spares JSON Lines."""
    read = _TABLES[_kind(path)]
    if read is _jsonl:
        return _jsonl(path, _ignore, wanted)
    return _rows(path, _ignore) if read is _csv else read(path, _ignore)


def _checked(records: Iterable[dict[str, Any]]) -> list[_Article]:
    """The records that are articles."""
    articles = []
    for values in records:
        with suppress(_Bad, UnicodeEncodeError):
            articles.append(_article(values, _columns(tuple(values)), True, False))
    return articles


def _same(articles: list[_Article], path: str, row: int, identity: str) -> tuple[str, str, str]:
    """Id, title and text of the article that has the id; raises ValueError if none has."""
    for article in articles:
        if article.id == identity:
            return identity, article.title, article.text
    raise ValueError(
        f"{path}: record {row} is no longer the article {identity!r}: the file has changed since "
        "it was read; read the articles anew"
    )


def _listed(text: Path, indexes: dict[Path, dict[Path, dict[str, Any]]]) -> dict[str, Any]:
    """What the nearest index that lists a text says about it; {} where none does."""
    for folder in text.parents:
        index = folder / _INDEX
        if not index.is_file():
            continue
        if index not in indexes:
            indexes[index] = _entries(index)
        if entry := indexes[index].get(text.resolve()):
            return entry
    return {}


def _entries(index: Path) -> dict[Path, dict[str, Any]]:
    """The rows of an index by the file each lists."""
    entries = {}
    for record in _rows(index, _ignore):
        column = _file_column(tuple(record.values))
        if column is None:
            break
        entries[(index.parent / record.values[column].strip()).resolve()] = record.values
    return entries


# ------------------------------------------------------------------ frames made by the user


def _frame_columns(frame: pd.DataFrame) -> _Columns:
    """The columns of a user's frame; raises ValueError when it will not do."""
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise ValueError(f"the DataFrame has two columns called {twice!r}; rename one")
    columns = _columns(tuple(frame.columns))
    for field in ("text", "outlet"):
        if columns.of(field) is None:
            raise ValueError(
                f"the DataFrame has no column for the {field}; call it {_choices(field)}; "
                f"its columns are {', '.join(frame.columns) or 'none'}"
            )
    return columns


def _linked(frame: pd.DataFrame) -> bool:
    """Whether path and row say where texts came from, rather than being the user's own."""
    import pandas as pd

    names = frame.columns
    return "path" in names and "row" in names and pd.api.types.is_integer_dtype(frame["row"])


def _origins(frame: pd.DataFrame) -> Iterator[tuple[str, int]]:
    """The path and row of each article: its file's, or "" and its position in the frame."""
    if not _linked(frame):
        return (("", position) for position in range(len(frame)))
    places = zip(frame["path"].tolist(), frame["row"].tolist(), strict=True)
    return (
        (path, row) if path and isinstance(path, str) else ("", position)
        for position, (path, row) in enumerate(places)
    )


def _completed(articles: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """*articles* with the user's other columns, and with what was known of them before."""
    import pandas as pd

    if not _linked(kept):
        kept = kept.rename(columns=_user_name)
    others = [name for name in kept.columns if name not in articles.columns]
    result = pd.concat([articles, kept[others].reset_index(drop=True)], axis=1)
    before = dict(kept.attrs)
    result.attrs = {**articles.attrs, **before}
    for name in ("rejects", "notes"):
        result.attrs[name] = [*before.get(name, []), *articles.attrs[name]]
    return result


# ------------------------------------------------------------------ the dates of a column


def _column_values(path: Path, key: str) -> Iterator[object]:
    """All values of one column of a table, or of a folder's index."""
    table = path / _INDEX if path.is_dir() else path
    return (record.values.get(key) for record in _table(table, _numeric_dates(key)))


def _numeric_dates(key: str) -> Callable[[int, bytes], bool]:
    """Tell lines of JSON in which *key* may hold a date of three numbers; most need no parsing."""
    name = json.dumps(key).encode()
    start = re.compile(rb"\s*:\s*\"\s*(?:\d\d?:[^\"]{0,20}[,\s])?\d\d?(\\?[-/. ])\d\d?\1\d\d")

    def wanted(row: int, line: bytes) -> bool:
        at = line.find(name)
        if at < 0 or start.match(line, at + len(name)):
            return at >= 0
        return line.find(b"{", 1) > 0  # the name may stand in an inner object before ours

    return wanted
