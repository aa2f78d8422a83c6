"""Write coding sheets and read them back, through whatever spreadsheet was between.

A cell that a spreadsheet would take for a formula gets an apostrophe, which is taken away again;
a sheet that does not fit its key is refused with file and line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from bias_toolkit.validity.records import Coding, Key, Sample, letters_checksum
from bias_toolkit.validity.sampling import one_line

COLUMNS = (
    "item", "category", "about", "before", "sentence", "after", "code", "note", "coder", "side",
    "key",
)  # fmt: skip
_NEEDED = ("item", "code", "coder", "side", "key")
_ANSWERS = {"1": "1", "1.0": "1", "0": "0", "0.0": "0", "unsure": "unsure", "u": "unsure", "": ""}
# What a spreadsheet takes for a formula; apostrophes before it are counted, so that one can be
# put before it and taken away again whatever stood there.
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")


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
        code="", note="", coder=one_line(coder), side="", key=sample.key.checksum
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


def read_sheets(paths: Sequence[str | Path], key: Key) -> Coding:
    """Read coders' sheets: what each answered to each item of *key*.

    A coder is named in the column `coder`, once or in each row, and the side declared in `side`.
    Commas, semicolons or tabs may part the columns.  Rows that a sheet lacks count as missing.

    Raises FileNotFoundError, and ValueError naming file and line for: text that is not UTF-8,
    missing columns, no name or two names of coders, two sheets of one coder, two sides, unknown
    or repeated items, sentences that are not their item's, unknown codes, and sheets of another
    key.
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
            self._check_sentence(line, item, row.get("sentence", ""), key)
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

    def _check_sentence(self, line: int, item: int, sentence: str, key: Key) -> None:
        """A column that was sorted without the others would give answers to other sentences."""
        letters = key.letters.get(item, "")
        if sentence.strip() and letters and letters_checksum(sentence) != letters:
            raise self.error(
                line,
                f"item {item} was another sentence than {sentence[:40]!r}",
                "undo what changed it: sort whole rows, never single columns",
            )

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
