"""Ask people whether a category means what it says: draw sentences, read codes, measure.

For each category sentences are drawn from strata, one of hits and one of the other sentences for
each outlet.  Coders see neither; the key keeps each stratum's size, so that what the list missed
can be estimated for all sentences from the few that were read.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.annotation import PARTS
from bias_toolkit.cleaning import OTHER
from bias_toolkit.exact import scrambled
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.metrics import FEWEST, Estimate
from bias_toolkit.permutation import states
from bias_toolkit.profiles import Profile, load_profile, profile

__all__ = [
    "Coding",
    "Key",
    "Sample",
    "agreement",
    "coder_table",
    "described",
    "draw_sample",
    "evidence_of",
    "majorities",
    "precision",
    "read_key",
    "read_sheets",
    "recall",
    "save_evidence",
    "write_key",
    "write_sheets",
]

TENTATIVE, RELIABLE = 0.667, 0.800  # Krippendorff 2004, Content Analysis, p. 241
PER_CATEGORY = 60
DRAWS = 2000
COLUMNS = (
    "item", "category", "about", "before", "sentence", "after", "code", "note", "coder", "side",
    "key",
)  # fmt: skip
_NEEDED = ("item", "code", "coder", "side", "key")
_ANSWERS = {"1": "1", "1.0": "1", "0": "0", "0.0": "0", "unsure": "unsure", "u": "unsure", "": ""}
_FORMAT = 1
_WARNING = (
    "Do not give this file to the coders: it says which sentences the word list hit. "
    "Keep it to read their sheets back."
)
# What a spreadsheet takes for a formula; apostrophes before it are counted, so that one can be
# put before it and taken away again whatever stood there.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SHOWN = 10  # entries of false hits
_SHORTEST_NAME = 3  # letters: shorter names of outlets are words too often to be hidden

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Key:
    """What the coders must not see, and what is needed to read their sheets.

    `items`: one row an item: item, category, outlet, article, part ("text" or "title"), start,
    end (of the sentence in it), hit (whether a term of the category stands in it) and terms.
    `strata`: one row a category, outlet and hit: size (sentences in all) and drawn.
    `lexicon_checksum` is that of the lexicon's content.
    """

    lexicon: str
    version: str
    lexicon_checksum: str
    seed: int
    items: pd.DataFrame
    strata: pd.DataFrame

    @cached_property
    def checksum(self) -> str:
        """Sixteen signs that every sheet of this key carries."""
        return _digest(_as_json(self))

    @property
    def categories(self) -> list[str]:
        """Those that sentences were drawn for, in the lexicon's order."""
        drawn = self.strata[self.strata["drawn"] > 0]
        return list(dict.fromkeys(drawn["category"].tolist()))

    @property
    def left_out(self) -> list[str]:
        """Categories of the lexicon that hit nothing, so that there was nothing to draw."""
        names = dict.fromkeys(self.strata["category"].tolist())
        return [name for name in names if name not in self.categories]


@dataclass(frozen=True, eq=False)
class Sample:
    """Sentences to be coded.

    `sheet`: item, category, about, before, sentence, after, in shuffled order; names of outlets
    in the text are hidden.  `key`: what belongs to each item.
    """

    sheet: pd.DataFrame
    key: Key


@dataclass(frozen=True, eq=False)
class Coding:
    """What coders answered.

    `answers`: one row an item of the key and coder: item, coder, side, answer ("1", "0",
    "unsure", "" where none was given), note.
    """

    key: Key
    answers: pd.DataFrame

    @cached_property
    def coders(self) -> dict[str, str]:
        """The side that each coder declared, "" if none."""
        first = self.answers.drop_duplicates("coder")
        return dict(zip(first["coder"].tolist(), first["side"].tolist(), strict=True))

    @cached_property
    def codes(self) -> Floats:
        """Items of the key x coders: 1, 0, and nan where unsure or missing."""
        number = self.answers["answer"].map({"1": 1.0, "0": 0.0}).to_numpy(float)
        return number.reshape(len(self.coders), -1).T


# ------------------------------------------------------------------ drawing


def draw_sample(
    lexicon: Lexicon,
    articles: pd.DataFrame | str | Path | Profile,
    *,
    per_category: int = PER_CATEGORY,
    seed: int = 0,
) -> Sample:
    """Draw sentences for coders: half hits and half others, outlets in equal parts.

    *articles* are a DataFrame, a path, or a profile made with *lexicon*.  A sentence's place in
    the draw depends on *seed*, category, article and sentence alone, so that other articles move
    it as little as possible.  A category without a hit is left out.  Page chrome is never drawn.

    Raises ValueError where *lexicon* has no category or none that hits, for a profile made
    without it, for *per_category* below 2, and as `profile` and `Profile.texts`.
    """
    if per_category < 2:
        raise ValueError(f"{per_category} sentences a category: needs 2 or more, a hit and another")
    if not lexicon.categories:
        raise ValueError(
            f"the lexicon {lexicon.name!r} has no categories that could be coded; give one with "
            "[categories.NAME]"
        )
    part = _profiled(lexicon, articles)
    population = _population(part, seed)
    drawn, strata = _drawn(part, lexicon, population, per_category, seed)
    if drawn.empty:
        raise ValueError(
            f"no term of the lexicon {lexicon.name!r} stands in these articles; give articles that "
            "hold some"
        )
    items = drawn.sort_values("order", ignore_index=True)
    items.insert(0, "item", np.arange(1, len(items) + 1))
    key = Key(
        lexicon.name,
        lexicon.version,
        content_checksum(lexicon),
        seed,
        _key_items(part, lexicon, items),
        strata,
    )
    return Sample(_sheet(part, lexicon, items), key)


def content_checksum(lexicon: Lexicon) -> str:
    """Sixteen signs that change with what a lexicon matches or asks; not with notes or examples."""
    content = asdict(lexicon)
    kept = {name: content[name] for name in ("name", "categories", "actors", "referents", "topic")}
    for category in kept["categories"]:
        del category["hits"], category["misses"]
    return _digest(kept)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _profiled(lexicon: Lexicon, articles: pd.DataFrame | str | Path | Profile) -> Profile:
    """A profile with *lexicon*: the one given or saved, or a new one."""
    saved = isinstance(articles, (str, Path)) and (Path(articles) / "profile.json").is_file()
    if not saved and not isinstance(articles, Profile):
        return profile(articles, [lexicon])
    part = articles if isinstance(articles, Profile) else load_profile(articles)
    wanted = content_checksum(lexicon)
    if wanted not in {content_checksum(mine) for mine in part.lexicons}:
        raise ValueError(
            f"this profile was made without the lexicon {lexicon.name!r} as it is now; give the "
            "articles themselves"
        )
    return part


def _population(part: Profile, seed: int) -> pd.DataFrame:
    """Sentences that may be drawn: sentence, outlet, and state, random-looking bits of each."""
    table = part.sentences
    number = table.groupby("unit").cumcount()
    keep = ((table["field"] != OTHER) & (table["words"] > 0)).to_numpy()
    units = part.units.iloc[table.loc[keep, "unit"].to_numpy()]
    pairs = zip(units["id"].tolist(), number[keep].tolist(), strict=True)
    return pd.DataFrame(
        {
            "sentence": np.flatnonzero(keep),
            "outlet": units["outlet"].to_numpy(object),
            "state": states([f"{article}\0{place}" for article, place in pairs], seed),
        }
    )


def _category_hits(part: Profile, lexicon: Lexicon) -> pd.DataFrame:
    """Hits of the lexicon's categories: sentence, category, term."""
    entry = part.entries.iloc[part.hits["entry"].to_numpy()].reset_index(drop=True)
    found = entry[["category", "term"]].assign(sentence=part.hits["sentence"].to_numpy())
    return found[(entry["lexicon"] == lexicon.name) & (entry["kind"] == "category")]


def _drawn(
    part: Profile, lexicon: Lexicon, population: pd.DataFrame, size: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences drawn (sentence, outlet, category, hit, order), and the strata."""
    hits = _category_hits(part, lexicon)
    drawn, strata = [], []
    for category in lexicon.categories:
        wanted = hits.loc[hits["category"] == category.name, "sentence"]
        is_hit = population["sentence"].isin(wanted).to_numpy()
        order = scrambled(population["state"].to_numpy() ^ states([category.name], seed))
        frame = population.assign(category=category.name, hit=is_hit, order=order)
        for hit, number in ((True, (size + 1) // 2), (False, size // 2)):
            stratum = frame[frame["hit"] == hit]
            chosen = _balanced(stratum, number if is_hit.any() else 0, seed)
            # The smallest were drawn, which differ between strata: mixed again for the order.
            drawn.append(chosen.assign(order=scrambled(~chosen["order"].to_numpy(np.uint64))))
            counts = [stratum["outlet"].value_counts(), chosen["outlet"].value_counts()]
            strata += [
                (category.name, outlet, hit, *(int(count.get(outlet, 0)) for count in counts))
                for outlet in part.outlets
            ]
    columns = ["category", "outlet", "hit", "size", "drawn"]
    return pd.concat(drawn, ignore_index=True), pd.DataFrame(strata, columns=columns)


def _balanced(stratum: pd.DataFrame, number: int, seed: int) -> pd.DataFrame:
    """*number* rows: outlets take turns, each gives its smallest first."""
    rows = stratum.sort_values("order")
    rows = rows.assign(turn=rows.groupby("outlet").cumcount())
    rows = rows[rows["turn"] < number]
    # Who gives one more than others changes with the category, it is not always the same outlet.
    pairs = rows[["outlet", "category"]].drop_duplicates()
    names = [f"{outlet}\0{category}" for outlet, category in pairs.itertuples(index=False)]
    first = dict(zip(pairs["outlet"], states(names, seed), strict=True))
    rows = rows.assign(first=[first[outlet] for outlet in rows["outlet"]])
    rows = rows.sort_values(["turn", "first", "outlet"]).head(number)
    return rows.drop(columns=["turn", "first"])


def _key_items(part: Profile, lexicon: Lexicon, items: pd.DataFrame) -> pd.DataFrame:
    """The rows of the key for *items*."""
    place = part.sentences.iloc[items["sentence"].to_numpy()]
    hits = _category_hits(part, lexicon).groupby(["category", "sentence"])["term"]
    terms = {key: sorted(set(group)) for key, group in hits}
    pairs = zip(items["category"], items["sentence"], strict=True)
    return pd.DataFrame(
        {
            "item": items["item"],
            "category": items["category"],
            "outlet": items["outlet"],
            "article": part.units["id"].iloc[place["unit"].to_numpy()].to_numpy(object),
            "part": np.array(PARTS, object)[place["part"].to_numpy()],
            "start": place["start"].to_numpy(np.int64),
            "end": place["end"].to_numpy(np.int64),
            "hit": items["hit"],
            "terms": [terms.get(pair, []) for pair in pairs],
        }
    )


def _sheet(part: Profile, lexicon: Lexicon, items: pd.DataFrame) -> pd.DataFrame:
    """What coders see of *items*."""
    number = items["sentence"].to_numpy(np.int64)
    wanted = [_neighbours(part, number, step) for step in (-1, 0, 1)]
    hidden = _names_pattern(part.outlets)
    shown = [hidden.sub("[outlet]", text) for text in _sentences(part, np.concatenate(wanted))]
    before, sentence, after = np.array(shown, object).reshape(3, -1)
    about = {category.name: category.about for category in lexicon.categories}
    return pd.DataFrame(
        {
            "item": items["item"],
            "category": [_one_line(name) for name in items["category"]],
            "about": [_one_line(about[name]) for name in items["category"]],
            "before": before,
            "sentence": sentence,
            "after": after,
        }
    )


def _neighbours(part: Profile, number: Ints, step: int) -> Ints:
    """The sentences *step* further on in the same title or text, -1 where there is none."""
    unit, which, field = (part.sentences[name].to_numpy() for name in ("unit", "part", "field"))
    at = np.clip(number + step, 0, len(unit) - 1)
    beside = (at == number + step) & (unit[at] == unit[number]) & (which[at] == which[number])
    return np.where(beside & (field[at] != OTHER), at, -1)


def _sentences(part: Profile, number: Ints) -> list[str]:
    """Sentences on one line each, "" for the number -1."""
    rows = part.sentences.iloc[number[number >= 0]]
    units, where = np.unique(rows["unit"].to_numpy(), return_inverse=True)
    texts = part.texts(units)
    columns = [texts[name].tolist() for name in PARTS]
    places = zip(where, rows["part"], rows["start"], rows["end"], strict=True)
    found = iter([_one_line(columns[which][at][start:end]) for at, which, start, end in places])
    return [next(found) if at >= 0 else "" for at in number.tolist()]


def _names_pattern(outlets: Iterable[str]) -> re.Pattern[str]:
    """Any outlet's name as a whole word; of "A/B" each part too."""
    names = {part.strip() for outlet in outlets for part in (outlet, *outlet.split("/"))}
    known = sorted((n for n in names if len(n) >= _SHORTEST_NAME), key=lambda n: (-len(n), n))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)" if known else r"(?!)")


def _one_line(text: str) -> str:
    """*text* on one line, without control signs."""
    return " ".join(_CONTROL.sub(" ", text).split())


# ------------------------------------------------------------------ writing


def write_sheets(sample: Sample, folder: str | Path, coders: Sequence[str]) -> list[Path]:
    """Write one CSV sheet a coder into *folder*; returns the paths.

    Texts that a spreadsheet would take for a formula get an apostrophe before them, which
    `read_sheets` takes away.  Raises ValueError where no coder is named or two names are alike,
    FileExistsError where another sheet is there, which may hold somebody's codes.
    """
    folder = Path(folder)
    if not coders:
        raise ValueError("no coder is named; give a name for each sheet")
    paths = _sheet_paths(folder, coders)
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    sheets = {path: f"\ufeff{sheet_text(sample, coder)}" for path, coder in paths.items()}
    for path, text in sheets.items():
        if path.exists() and path.read_bytes() != text.encode("utf-8", "backslashreplace"):
            raise FileExistsError(
                f"{path}: another sheet is there, which may hold codes; give another folder, or "
                "move it away"
            )
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in sheets.items():
        path.write_text(text, "utf-8", "backslashreplace", "\n")
    return list(paths)


def _sheet_paths(folder: Path, coders: Sequence[str]) -> dict[Path, str]:
    """The coder of each sheet."""
    paths: dict[Path, str] = {}
    for coder in coders:
        slug = re.sub(r"[^\w]+", "-", coder.casefold()).strip("-")
        path = folder / f"sheet_{slug}.csv"
        if not slug or path in paths:
            other = f" as {paths[path]!r} does" if slug else ""
            raise ValueError(
                f"the coder's name {coder!r} makes no file name of its own{other}; give names that "
                "differ in letters or digits"
            )
        paths[path] = coder
    return paths


def sheet_text(sample: Sample, coder: str) -> str:
    """The sheet of one coder as CSV, with nothing coded."""
    whole = sample.sheet.assign(
        code="", note="", coder=_one_line(coder), side="", key=sample.key.checksum
    )
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in whole[list(COLUMNS)].itertuples(index=False):
        writer.writerow([guarded(str(value)) for value in row])
    return lines.getvalue()


def guarded(text: str) -> str:
    """*text* with an apostrophe before it if a spreadsheet would take it for a formula.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'tis")
    ("'=1+1", "''=1+1", "'tis")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What `guarded` was given.

    >>> [restored(guarded(text)) for text in ("=1+1", "'=1+1", "'tis")]
    ['=1+1', "'=1+1", "'tis"]
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def write_key(key: Key, path: str | Path) -> None:
    """Write the key as JSON, with a warning not to give it to coders as its first line."""
    content = {"warning": _WARNING, "checksum": key.checksum, **_as_json(key)}
    text = json.dumps(content, indent=1, ensure_ascii=True)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def _as_json(key: Key) -> dict[str, Any]:
    """The key's content as JSON knows it."""
    return {
        "format": _FORMAT,
        "lexicon": key.lexicon,
        "version": key.version,
        "lexicon_checksum": key.lexicon_checksum,
        "seed": key.seed,
        "items": _rows(key.items),
        "strata": _rows(key.strata),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [table[name].tolist() for name in table]
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]


# ------------------------------------------------------------------ reading


def read_key(path: str | Path, lexicon: Lexicon | None = None) -> Key:
    """Read a key that `write_key` wrote.

    Raises FileNotFoundError where there is none; ValueError for another file, one that was
    changed, or where *lexicon* is given and is not the one that the sheets were made of.
    """
    content = _json_file(Path(path), "key", "the key.json that was written with the sheets")
    try:
        tables = [pd.DataFrame(content[name]) for name in ("items", "strata")]
        fields = ("lexicon", "version", "lexicon_checksum", "seed")
        key = Key(*(content[name] for name in fields), *tables)
        same = key.checksum == content["checksum"] and content["format"] == _FORMAT
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        raise ValueError(
            f"{path}: is not a key as it was written; take the key.json that was written with the "
            "sheets"
        )
    if lexicon is not None and content_checksum(lexicon) != key.lexicon_checksum:
        raise ValueError(
            f"{path}: the sheets were made of {key.lexicon!r} with another content than that of "
            f"{lexicon.name!r} now; give the lexicon as it was, or draw new sheets"
        )
    return key


def _json_file(path: Path, what: str, remedy: str) -> Mapping[str, Any]:
    """A JSON file that holds an object."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such {what}; give {remedy}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ValueError(f"{path}: is no {what}; give {remedy}")
    return content


def read_sheets(paths: Sequence[str | Path], key: Key) -> Coding:
    """Read coders' sheets: what each answered to each item of *key*.

    A coder is named in the column `coder`, once or in each row, and the side declared in `side`.
    Commas, semicolons or tabs may part the columns.  Rows that a sheet lacks count as missing.

    Raises FileNotFoundError, and ValueError naming file and line for: text that is not UTF-8,
    missing columns, no name or two names of coders, two sheets of one coder, two sides, unknown
    or repeated items, unknown codes, and sheets of another key.
    """
    if not paths:
        raise ValueError("no sheet is given; give the CSV file of each coder")
    tables: dict[str, tuple[Path, pd.DataFrame]] = {}
    for path in map(Path, paths):
        table = _Sheet(path).answers(key)
        coder = table["coder"].iloc[0]
        if coder in tables:
            raise ValueError(
                f"{path}: coder {coder!r} has a sheet already, {tables[coder][0]}; give one sheet "
                "a coder, or correct the column coder"
            )
        tables[coder] = path, table
    whole = [tables[coder][1] for coder in sorted(tables)]
    return Coding(key, pd.concat(whole, ignore_index=True))


class _Sheet:
    """A coder's CSV file, which says where it is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = self._rows(_text_of(path))

    def _rows(self, text: str) -> list[tuple[int, dict[str, str]]]:
        """The line and the cells by column of each row."""
        header = text.partition("\n")[0]
        mark = max(",;\t", key=header.count)
        # The first of equally common ones is the comma.
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        names = [name.strip().lower() for name in next(reader, [])]
        for name in _NEEDED:
            if name not in names:
                raise ValueError(
                    f"{self.path}:1: the column {name!r} is missing; keep all columns of the sheet"
                )
        rows, line = [], reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                values = zip(names, map(restored, cells), strict=False)
                rows.append((line, {name: "" for name in names} | dict(values)))
            line = reader.line_num + 1
        return rows

    def answers(self, key: Key) -> pd.DataFrame:
        """The answers to all items of *key*, in their order."""
        given: dict[int, tuple[str, str]] = {}
        known = set(key.items["item"].tolist())
        for line, row in self.rows:
            if row["key"].strip() != key.checksum:
                raise self.error(
                    line,
                    f"belongs to the key {row['key'].strip()!r}, not to {key.checksum!r}",
                    "give the key.json that was written with this sheet",
                )
            item = self._item(line, row["item"].strip(), known)
            if item in given:
                raise self.error(line, f"item {item} stands here twice", "remove one of the rows")
            given[item] = self._answer(line, item, row["code"]), row.get("note", "")
        frame = pd.DataFrame({"item": key.items["item"]})
        coder = self._declared("coder")
        if not coder:
            raise ValueError(
                f"{self.path}: names no coder; write the coder's name into the column coder"
            )
        answers = [given.get(item, ("", "")) for item in frame["item"].tolist()]
        return frame.assign(
            coder=coder,
            side=self._declared("side"),
            answer=[answer for answer, _ in answers],
            note=[note for _, note in answers],
        )

    def _item(self, line: int, written: str, known: set[int]) -> int:
        plain = written.removesuffix(".0")  # as spreadsheets write numbers
        if not (plain.isdecimal() and int(plain) in known):
            raise self.error(line, f"item {written!r} is not in the key", "restore its number")
        return int(plain)

    def _answer(self, line: int, item: int, written: str) -> str:
        answer = _ANSWERS.get(written.strip().lower())
        if answer is None:
            raise self.error(
                line,
                f"item {item}: the code {written!r} is unknown",
                "write 1, 0 or unsure, or leave it empty",
            )
        return answer

    def _declared(self, column: str) -> str:
        """The one value of *column*, "" if it is empty throughout."""
        found = ""
        for line, row in self.rows:
            value = " ".join(row[column].split())
            if found and value and value != found:
                raise self.error(
                    line, f"{column} {value!r} after {found!r}", f"a sheet has one {column}"
                )
            found = value or found
        return found

    def error(self, line: int, message: str, remedy: str) -> ValueError:
        return ValueError(f"{self.path}:{line}: {message}; {remedy}")


def _text_of(path: Path) -> str:
    """The text of a sheet."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such sheet; check the path")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f'{path}:{line}: not UTF-8; save it as "CSV UTF-8"') from None


# ------------------------------------------------------------------ agreement


def coder_table(coding: Coding) -> pd.DataFrame:
    """One row a coder: coder, side, coded, unsure, missing, and ones, the share of codes 1."""
    rows = []
    for coder, mine in coding.answers.groupby("coder"):
        number = mine["answer"].value_counts()
        yes, no, unsure, missing = (int(number.get(key, 0)) for key in ("1", "0", "unsure", ""))
        ones = yes / (yes + no) if yes + no else math.nan
        rows.append((coder, mine["side"].iloc[0], yes + no, unsure, missing, ones))
    columns = ["coder", "side", "coded", "unsure", "missing", "ones"]
    return pd.DataFrame(rows, columns=columns)


def agreement(coding: Coding, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Krippendorff's (2004) alpha by category and group of coders, with 95 % intervals.

    Columns: category ("" for all), group ("all coders", "within SIDE", "between SIDE and SIDE"),
    coders (number), items (with two codes or more), alpha (1: perfect, 0: as by chance), low,
    high, reason (why one of them is nan).  Codes are binary with nominal distance; unsure and
    missing ones are left out.  Between sides alpha is the mean over pairs of one coder of each, as
    far as it is defined.
    Intervals are percentiles of *draws* bootstrap samples of items; hits and others are of equal
    number in the sample, and alpha is of the sample, not of running text.
    """
    category = coding.key.items["category"].to_numpy(object)
    rows = []
    for name in ["", *coding.key.categories]:
        codes = coding.codes[(category == name) | (name == "")]
        for group, sets in _groups(list(coding.coders.values())):
            found, items, reason = _alpha_of(codes, sets, draws, seed)
            coders = len({column for columns in sets for column in columns})
            rows.append((name, group, coders, items, *found, reason))
    columns = ["category", "group", "coders", "items", "alpha", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _groups(sides: Sequence[str]) -> Iterator[tuple[str, list[list[int]]]]:
    """Groups of coders by name: the sets of columns whose alphas are averaged."""
    yield "all coders", [list(range(len(sides)))]
    declared = sorted({side for side in sides if side})
    columns = {side: [n for n, mine in enumerate(sides) if mine == side] for side in declared}
    for side in declared:
        yield f"within {side}", [columns[side]]
    for a, b in combinations(declared, 2):
        yield f"between {a} and {b}", [list(pair) for pair in product(columns[a], columns[b])]


def _alpha_of(
    codes: Floats, sets: Sequence[Sequence[int]], draws: int, seed: int
) -> tuple[Estimate, int, str]:
    """Alpha with its interval, the number of items that it rests on, and why one is nan."""
    parts = [codes[:, list(columns)] for columns in sets]
    paired = np.any([np.sum(~np.isnan(part), axis=1) >= 2 for part in parts], axis=0)
    items = int(paired.sum())
    if not items:
        few = all(len(columns) < 2 for columns in sets)
        reason = "only one coder" if few else "no sentence was coded by two of them"
        return Estimate(math.nan, math.nan, math.nan), 0, reason
    alphas = [_nltk_alpha(part) for part in parts]
    parts = [part for part, alpha in zip(parts, alphas, strict=True) if not math.isnan(alpha)]
    if not parts:
        reason = "all codes are alike: no variation to agree on"
        return Estimate(math.nan, math.nan, math.nan), items, reason
    alpha = float(np.nanmean(alphas))
    if items < FEWEST:
        reason = f"no interval from fewer than {FEWEST} sentences"
        return Estimate(alpha, math.nan, math.nan), items, reason
    weights = np.random.default_rng(seed).multinomial(items, np.full(items, 1 / items), draws)
    drawn = np.mean([_alphas(_alpha_sums(part[paired]), weights) for part in parts], axis=0)
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn) or np.ptp(drawn) == 0:
        reason = "the coders never disagree: no interval by resampling"
        return Estimate(alpha, math.nan, math.nan), items, reason
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(alpha, float(low), float(high)), items, ""


def _nltk_alpha(codes: Floats) -> float:
    """Alpha of items x coders; nan where all codes that can be paired are alike, or none can."""
    from nltk.metrics.agreement import AnnotationTask  # takes a second to import
    from nltk.metrics.distance import binary_distance

    rows = codes[np.sum(~np.isnan(codes), axis=1) >= 2]
    if len(np.unique(rows[~np.isnan(rows)])) < 2:
        return math.nan
    item, coder = np.nonzero(~np.isnan(rows))
    labels = rows[item, coder].astype(int)
    triples = zip(coder.tolist(), item.tolist(), labels.tolist(), strict=True)
    return float(AnnotationTask(list(triples), distance=binary_distance).alpha())


def _alpha_sums(codes: Floats) -> Floats:
    """Per item: codes that can be paired, ones among them, and disagreeing pairs (items x 3)."""
    number = np.sum(~np.isnan(codes), axis=1).astype(float)
    ones = np.nansum(codes, axis=1)
    paired = number >= 2
    apart = ones * (number - ones) / np.maximum(number - 1, 1)
    return np.stack([number, ones, apart], axis=1) * paired[:, None]


def _alphas(sums: Floats, weights: Ints) -> Floats:
    """Alpha of each draw of items, nan where its codes are all alike (Krippendorff 2004, p. 223).

    With n codes, n1 ones and n0 zeros: 1 - (n - 1) * sum of n1u * n0u / (m_u - 1) / (n1 * n0).
    """
    n, ones, apart = (weights @ sums).T
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = ones * (n - ones)
        return np.where(chance > 0, 1 - (n - 1) * apart / chance, np.nan)


# ------------------------------------------------------------------ precision and recall


def majorities(coding: Coding) -> pd.DataFrame:
    """The key's items with majority (1, 0, nan), and state: decided, tie or uncoded."""
    ones = np.nansum(coding.codes, axis=1)
    number = np.sum(~np.isnan(coding.codes), axis=1)
    zeros = number - ones
    state = np.select([number == 0, ones == zeros], ["uncoded", "tie"], "decided")
    majority = np.where(state == "decided", (ones > zeros).astype(float), np.nan)
    return coding.key.items.assign(majority=majority, state=state)


def precision(coding: Coding) -> pd.DataFrame:
    """How many of the list's hits the coders' majority sees as the category, with intervals.

    Columns: category, outlet ("" for all), seen, read (hits with a majority), ties, uncoded,
    precision (seen / read), low, high (95 %, Wilson 1927), weighted (as precision, each outlet
    weighing as many hits as it has).  In the sample outlets have an equal say.
    """
    rows = []
    for category, outlet, strata in _by_category_and_outlet(coding):
        counted = strata[strata["hit"]]
        seen, read, ties, uncoded = (
            int(counted[name].sum()) for name in ("ones", "read", "ties", "uncoded")
        )
        weighted = _in_all(counted) / counted["size"].sum() if read else math.nan
        rows.append((category, outlet, seen, read, ties, uncoded, *wilson(seen, read), weighted))
    columns = "category outlet seen read ties uncoded precision low high weighted"
    return pd.DataFrame(rows, columns=columns.split())


def recall(coding: Coding, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """How much of what the coders see as the category the list hits, estimated for all sentences.

    Columns: category, outlet ("" for all), hits, others (sentences in all), missed (others coded
    1), read (others with a majority), ties, uncoded (of both kinds), recall, low, high, reason.
    Each stratum's share of ones stands for all its sentences (Horvitz and Thompson 1952).  The
    95 % interval is of *draws* Bayesian bootstrap samples of items, see `_redrawn`.
    """
    rows = []
    for category, outlet, strata in _by_category_and_outlet(coding):
        others = strata[~strata["hit"]]
        sizes = [int(strata.loc[strata["hit"] == hit, "size"].sum()) for hit in (True, False)]
        counts = [int(others["ones"].sum()), int(others["read"].sum())]
        aside = [int(strata[name].sum()) for name in ("ties", "uncoded")]
        found, reason = _recall_of(strata, draws, seed)
        rows.append((category, outlet, *sizes, *counts, *aside, *found, reason))
    columns = "category outlet hits others missed read ties uncoded recall low high reason"
    return pd.DataFrame(rows, columns=columns.split())


def wilson(ones: int, n: int) -> Estimate:
    """The share of ones with its 95 % score interval (Wilson 1927); nan where n is 0.

    >>> [round(end, 3) for end in wilson(41, 50)]
    [0.82, 0.692, 0.902]
    """
    if not n:
        return Estimate(math.nan, math.nan, math.nan)
    z = 1.959963984540054
    share = ones / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = max(middle - reach, 0.0), min(middle + reach, 1.0)
    return Estimate(share, 0.0 if not ones else low, 1.0 if ones == n else high)


def _by_category_and_outlet(coding: Coding) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Category, outlet ("" for all) and its strata with ones, read, ties and uncoded items."""
    items = majorities(coding)
    keys = ["category", "outlet", "hit"]
    counts = {
        "ones": items["majority"] == 1,
        "read": items["state"] == "decided",
        "ties": items["state"] == "tie",
        "uncoded": items["state"] == "uncoded",
    }
    found = items[keys].assign(**counts).groupby(keys)[list(counts)].sum()
    strata = coding.key.strata.join(found, on=keys)
    strata[list(counts)] = strata[list(counts)].fillna(0).astype(int)
    for category in coding.key.categories:
        mine = strata[strata["category"] == category]
        yield category, "", mine
        for outlet, part in mine.groupby("outlet"):
            yield category, str(outlet), part


def _in_all(strata: pd.DataFrame) -> float:
    """Ones among all sentences of *strata*, estimated; nan where none was read.

    Strata of which nothing was read are taken to be like the others.
    """
    total = float(strata["size"].sum())
    read = strata[(strata["read"] > 0) & (strata["size"] > 0)]
    if read.empty:
        return math.nan if total else 0.0
    size = read["size"].to_numpy(float)
    shares = read["ones"].to_numpy() / read["read"].to_numpy()
    return float(shares @ size / size.sum() * total)


def _recall_of(strata: pd.DataFrame, draws: int, seed: int) -> tuple[Estimate, str]:
    """Recall with its interval, and why one of them is nan or what else must be known."""
    kinds = [strata[strata["hit"] == hit] for hit in (True, False)]
    hit, missed = map(_in_all, kinds)
    if math.isnan(hit) or math.isnan(missed):
        which = "with a hit" if math.isnan(hit) else "without a hit"
        return Estimate(math.nan, math.nan, math.nan), f"no sentence {which} was decided"
    if not hit + missed:
        return Estimate(math.nan, math.nan, math.nan), "the coders saw it in no sentence"
    value = hit / (hit + missed)
    if not (kinds[0]["size"].sum() and kinds[1]["size"].sum()):
        which = "the list hits nothing here" if not hit else "the list hits every sentence here"
        return Estimate(value, math.nan, math.nan), which
    rng = np.random.default_rng(seed)
    drawn = [_redrawn(kind, draws, rng) for kind in kinds]
    low, high = np.quantile(drawn[0] / (drawn[0] + drawn[1]), [0.025, 0.975])
    found = Estimate(value, min(float(low), value), max(float(high), value))
    return found, "" if missed else _unmissed(kinds[1], drawn[1])


def _redrawn(strata: pd.DataFrame, draws: int, rng: np.random.Generator) -> Floats:
    """Ones among all sentences of *strata* in Bayesian bootstrap samples (Rubin 1981) of its items.

    Half an item of either answer is added (Jeffreys), because a plain bootstrap of sentences with
    no one among them would be sure that there is none.  Where outlets were not drawn by their
    size the items count as as many as would say equally much if they had been (Kish 1965).
    """
    read = strata[(strata["read"] > 0) & (strata["size"] > 0)]
    size = read["size"].to_numpy(float)
    number = size.sum() ** 2 / float((size**2 / read["read"].to_numpy()).sum())
    total = float(strata["size"].sum())
    ones = number * _in_all(strata) / total
    return total * rng.beta(ones + 0.5, number - ones + 0.5, draws)


def _unmissed(others: pd.DataFrame, drawn: Floats) -> str:
    """What must be known where no missed sentence was found."""
    most = math.ceil(np.quantile(drawn, 0.975))
    return (
        f"no missed sentence among the {int(others['read'].sum())} read of "
        f"{int(others['size'].sum())} without a hit: up to {most} may be missed all the same"
    )


# ------------------------------------------------------------------ evidence


def save_evidence(
    coding: Coding, path: str | Path, *, corpus: str = "", draws: int = DRAWS, seed: int = 0
) -> None:
    """Write what the coding says about the lexicon as a small JSON file, for `evidence_of`.

    By category: items, coders, alpha, precision and recall with intervals, and counts.  Undefined
    numbers are null.
    """
    tables = _category_tables(coding, draws, seed)
    content = {
        "format": _FORMAT,
        "lexicon": coding.key.lexicon,
        "version": coding.key.version,
        "lexicon_checksum": coding.key.lexicon_checksum,
        "corpus": corpus,
        "key": coding.key.checksum,
        "seed": seed,
        "coders": len(coding.coders),
        "sides": sorted({side for side in coding.coders.values() if side}),
        "categories": {
            name: {kind: _plain(row) for kind, row in rows.items()} for name, rows in tables.items()
        },
    }
    text = json.dumps(content, indent=1, ensure_ascii=True, allow_nan=False)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def _category_tables(
    coding: Coding, draws: int, seed: int
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Of each category the rows of all coders and all outlets."""
    tables = {
        "agreement": agreement(coding, draws=draws, seed=seed).query("group == 'all coders'"),
        "precision": precision(coding).query("outlet == ''"),
        "recall": recall(coding, draws=draws, seed=seed).query("outlet == ''"),
    }
    rows = {kind: table.set_index("category") for kind, table in tables.items()}
    return {
        name: {kind: table.loc[name].to_dict() for kind, table in rows.items()}
        for name in coding.key.categories
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON knows it, without the names of its group."""
    plain = {}
    for name, value in row.items():
        value = value.item() if isinstance(value, np.generic) else value
        if name not in ("group", "outlet"):
            plain[name] = None if isinstance(value, float) and math.isnan(value) else value
    return plain


def evidence_of(lexicon: Lexicon, path: str | Path) -> tuple[str, ...]:
    """The categories that coders agreed on: alpha of at least .667, two coders or more.

    All others are vocabulary, not validated as a frame.  Raises FileNotFoundError where there is
    no evidence, ValueError for another file, and for evidence on a lexicon of other content.
    """
    remedy = "a file that `bias-toolkit validate --save` wrote"
    content = _json_file(Path(path), "evidence", remedy)
    try:
        known = content["lexicon_checksum"]
        rows = {name: rows["agreement"] for name, rows in content["categories"].items()}
        validated = {name for name, row in rows.items() if _is_validated(row)}
    except (KeyError, TypeError, AttributeError):
        raise ValueError(f"{path}: is no evidence; give {remedy}") from None
    if known != content_checksum(lexicon):
        raise ValueError(
            f"{path}: this evidence is on another content of the lexicon than {lexicon.name!r} has "
            "now; validate it again"
        )
    return tuple(c.name for c in lexicon.categories if c.name in validated)


def _is_validated(row: Mapping[str, Any]) -> bool:
    """Whether two coders or more agreed well enough, on a stated number of sentences."""
    alpha = row["alpha"]
    return alpha is not None and alpha >= TENTATIVE and row["coders"] >= 2 and row["items"] > 0


# ------------------------------------------------------------------ in words


def described(coding: Coding, *, draws: int = DRAWS, seed: int = 0) -> Iterator[str]:
    """What the coding says, as lines for a terminal."""
    agreed = agreement(coding, draws=draws, seed=seed)
    both = precision(coding).merge(
        recall(coding, draws=draws, seed=seed), on=["category", "outlet"], suffixes=("", "_of")
    )
    for row in coder_table(coding).itertuples():
        side = f" ({row.side})" if row.side else " (no side declared)"
        yield f"{row.coder}{side}: {row.coded} coded, {row.unsure} unsure, {row.missing} missing"
    yield ""
    yield "Krippendorff's alpha, all categories"
    yield from _alphas_told(agreed[agreed["category"] == ""])
    for category in coding.key.categories:
        mine = agreed[agreed["category"] == category]
        yield ""
        yield category
        yield from _alphas_told(mine[(mine["group"] == "all coders") | mine["alpha"].notna()])
        for row in both[both["category"] == category].itertuples():
            yield from _outlet_told(row) if row.outlet else _category_told(row)
        yield from _false_hits_told(coding, category)


def _category_told(row: Any) -> Iterator[str]:
    """Precision and recall over all outlets, each in a sentence."""
    aside = _aside(row)
    if row.read:
        yield (
            f"  in {row.seen} of {row.read} sentences where the list hit the coders saw "
            f"{row.category}: precision {_short(row.precision)}{_ends(row.low, row.high)}{aside}"
        )
    else:
        yield f"  precision unknown: no hit was decided{aside}"
    if math.isnan(row.recall):
        yield f"  recall unknown: {row.reason}"
        return
    yield (
        f"  in {row.missed} of {row.read_of} sentences where it did not hit they saw it too: "
        f"recall about {_short(row.recall)}{_ends(row.low_of, row.high_of)}"
    )
    if row.reason:
        yield f"    {row.reason}"


def _outlet_told(row: Any) -> Iterator[str]:
    """Precision and recall of one outlet on a line."""
    right = f"precision {_short(row.precision)}{_ends(row.low, row.high)}, {row.seen} of {row.read}"
    back = f"recall about {_short(row.recall)}{_ends(row.low_of, row.high_of)}"
    missed = f"missed {row.missed} of {row.read_of}"
    right = right if row.read else "precision unknown"
    back = "recall unknown" if math.isnan(row.recall) else f"{back}, {missed}"
    yield f"    {row.outlet}: {right}; {back}"


def _false_hits_told(coding: Coding, category: str) -> Iterator[str]:
    """The entries to look at first: those of hits that the coders did not see as the category."""
    items = majorities(coding)
    false = items[(items["category"] == category) & items["hit"] & (items["majority"] == 0)]
    counts = Counter(term for terms in false["terms"] for term in terms)
    if counts:
        told = [f"{term} {n}" for term, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]
        more = f", and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
        yield f"  entries of hits where they did not: {', '.join(told[:_SHOWN])}{more}"


def _alphas_told(rows: pd.DataFrame) -> Iterator[str]:
    for row in rows.itertuples():
        # Three digits, so that none looks like a mark that it has not reached.
        what = f"  alpha {row.group}: {_short(row.alpha, 3)}"
        if math.isnan(row.alpha):
            yield f"{what}: {row.reason}"
            continue
        ends = _ends(row.low, row.high, 3) or f" ({row.reason})"
        sentences = f"{row.items} sentence{'s' * (row.items != 1)}"
        yield f"{what}{ends} over {sentences}: {_mark(row.alpha)}"


def _mark(alpha: float) -> str:
    """What Krippendorff (2004) would conclude from."""
    if alpha >= RELIABLE:
        return "at or above .800, which Krippendorff (2004) asks for"
    if alpha >= TENTATIVE:
        return "between .667 and .800, for tentative conclusions only (Krippendorff 2004)"
    return "below .667, the least that Krippendorff (2004) accepts"


def _aside(row: Any) -> str:
    """Ties and sentences without a code, which do not count."""
    parts = [f"{row.ties} tied"] * (row.ties > 0) + [f"{row.uncoded} uncoded"] * (row.uncoded > 0)
    return f"; {' and '.join(parts)} set aside" if parts else ""


def _short(value: float, digits: int = 2) -> str:
    """A share or an alpha without the zero before its point.

    >>> _short(0.816), _short(-0.1), _short(0.9999), _short(0.6667, 3)
    ('.82', '-.10', '1.00', '.667')
    """
    text = f"{value:.{digits}f}"
    return "undefined" if math.isnan(value) else text.replace("0.", ".", 1)


def _ends(low: float, high: float, digits: int = 2) -> str:
    return "" if math.isnan(low) else f" ({_short(low, digits)} to {_short(high, digits)})"
