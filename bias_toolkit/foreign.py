"""Read the word lists of other tools, inflect lists on request, and write lexicons to files.

Every reader only says which entry stands in which category and where it was written; one gate,
`_Gathered`, then checks the entry and makes it a `Term`.  What a file says but a term cannot say
(emoticons, rules of proximity) is left out and named in the lexicon's `notes`.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from bias_toolkit.inflection import noun_forms, verb_forms
from bias_toolkit.lexicon import (
    Actor,
    Category,
    Label,
    Lexicon,
    LexiconError,
    Referent,
    Term,
    swallowing,
    term_fault,
)

__all__ = ["inflected", "read_foreign", "save_lexicon"]

#: Names of the columns of a table, best first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "term": ("term", "word", "phrase", "entry", "token", "lemma", "ngram"),
    "category": ("category", "label", "class", "dimension", "emotion", "topic", "dictionary"),
    "weight": ("weight", "score", "value", "valence", "intensity", "strength"),
    "case": ("case",),
    "not": ("not",),
}
_LONGEST_CELL = 10_000  # characters; a longer one is a quotation mark that nobody closed
_FIELD_LIMIT = (
    "field larger than field limit (131072)",
    f"a cell of more than {_LONGEST_CELL:,} characters",
)
_SEPARATOR = ";"  # between the phrases of a cell `not`
_MARKS = (
    (BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (BOM_UTF32_BE, "utf-32-be"),
    (BOM_UTF16_LE, "utf-16-le"),
    (BOM_UTF16_BE, "utf-16-be"),
    (BOM_UTF8, "utf-8"),
)
_MOST_NAMED = 20  # of the entries left out
_MOST_CONTEXT = 1000  # words in the categories of a LIWC condition


def read_foreign(path: str | Path) -> Lexicon:
    """Read a word list of another tool; its ending says which: see `READERS`.

    The lexicon is called as the file.  Raises LexiconError, with file, line, entry and remedy,
    where the file is not text or an entry cannot be used.
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(READERS)
        raise LexiconError(f"{path}: unknown ending {path.suffix!r}; known are .toml, {known}")
    gathered = _Gathered(path)
    reader(_text(path), gathered)
    return gathered.lexicon()


# ------------------------------------------------------------------ the gate


class _Gathered:
    """The entries of a file by category, checked as they come."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._terms: dict[str, dict[tuple[str, bool], tuple[Term, int | str]]] = {}
        self._left_out: list[str] = []

    def error(self, place: int | str, message: str) -> LexiconError:
        """An error at a line, or at a place that is called otherwise."""
        where = f":{place}" if isinstance(place, int) else f": {place}" if place else ""
        return LexiconError(f"{self.path}{where}: {message}")

    def declare(self, categories: Iterable[str]) -> None:
        """Fix the order of categories; those that stay empty fall away."""
        self._terms = {name: {} for name in categories}

    def leave_out(self, place: int | str, entry: str, why: str) -> None:
        """Remember an entry that cannot become a term."""
        where = f"line {place}" if isinstance(place, int) else place
        self._left_out.append(f"{entry} ({where}: {why})")

    def add(self, category: str, term: Term, place: int | str) -> None:
        """Take *term* into *category*; said twice with one weight it counts once."""
        term = replace(term, text=" ".join(term.text.split()))
        if not category.strip():
            raise self.error(place, f"{term.text!r} has no category; write its name")
        if _is_picture(term.text):
            self.leave_out(place, term.text, "holds no word")
            return
        for text in (term.text, *term.exceptions):
            if fault := term_fault(text):
                raise self.error(place, fault)
        if phrase := swallowing(term):
            raise self.error(
                place,
                f"{term.text!r}: not {phrase!r} stands in all that it matches, so that it never "
                "counts; write a longer phrase",
            )
        if not 0 < term.weight < math.inf:
            raise self.error(
                place,
                f"{term.text!r}: weight {term.weight:g}; write a number above 0, and put terms "
                "that weigh less than nothing into a category of their own",
            )
        plain = term.text.replace("’", "'")
        known = self._terms.setdefault(category.strip(), {})
        name = (plain if term.case else plain.lower(), term.case)
        first, where = known.setdefault(name, (term, place))
        if first.weight != term.weight:
            where = f"line {where}" if isinstance(where, int) else where
            raise self.error(
                place,
                f"{term.text!r}: weight {term.weight:g} in {category!r}, but {first.weight:g} in "
                f"{where}; keep one of them",
            )
        if first.exceptions != term.exceptions:  # what counts by either wording counts
            both = tuple(text for text in first.exceptions if text in term.exceptions)
            known[name] = (replace(first, exceptions=both), where)

    def lexicon(self) -> Lexicon:
        """What was gathered; raises LexiconError if that is nothing."""
        if not any(self._terms.values()):
            raise self.error("", "holds no terms; is this the right file?")
        return Lexicon(
            name=self.path.stem,
            title="",
            source=f"read from {self.path.name}",
            notes=self._notes(),
            categories=tuple(
                Category(name, "", tuple(term for term, _ in terms.values()))
                for name, terms in self._terms.items()
                if terms
            ),
        )

    def _notes(self) -> str:
        if not self._left_out:
            return ""
        more = len(self._left_out) - _MOST_NAMED
        named = "; ".join(self._left_out[:_MOST_NAMED]) + (f"; and {more} more" if more > 0 else "")
        return f"Left out: {named}."


def _is_picture(text: str) -> bool:
    """Whether an entry is an emoticon or signs: the letter of ":D" would match any D."""
    signs = ":;=()[]{}<>|\\/@^&%$#"
    bare = text.strip("*")
    letters = sum(map(str.isalnum, bare[:5]))
    if not any(map(str.isalnum, bare)):
        return bool(bare)  # a star alone is no picture but a mistake
    return len(bare) < 5 and letters <= 2 and (bare[0] in signs or bare[-1] in signs)


def _text(path: Path) -> str:
    """The text of a file in UTF-8, or with a byte order mark UTF-16 or UTF-32; lines end in \\n."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise LexiconError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read: {error.strerror}") from None
    mark, encoding = next((m for m in _MARKS if data.startswith(m[0])), (b"", "utf-8"))
    data = data[len(mark) :]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text, bad = "\0" if b"\0" in data and encoding == "utf-8" else "", error
        if not text:
            line = data.count(b"\n", 0, bad.start) + 1
            raise LexiconError(
                f"{path}:{line}: byte 0x{data[bad.start]:02x} is not valid {encoding.upper()}; "
                "save it as UTF-8 (perhaps it is Windows-1252)"
            ) from None
    if "\0" in text:
        raise LexiconError(
            f"{path}: holds NUL bytes, so it is no text file; export it as text in UTF-8 (UTF-16 "
            "is read only with a byte order mark)"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, numbered from 1."""
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


# ------------------------------------------------------------------ LIWC


class _Codes(NamedTuple):
    """What one code of a LIWC entry says: a category, and the condition for it."""

    code: str
    otherwise: str  # the code that holds where the condition does not, "" if none
    after: tuple[str, ...]  # codes of categories, one of whose words must stand before
    before: str  # the word that must follow


_HEADER_LINE = re.compile(r"\s*+([0-9]++)\s++(.+)", re.DOTALL)
_CODE = re.compile(r"\s*+(?:\(([0-9\s,]++)\)|<([^<>\t]++)>)?+\s*+(?:([0-9]++)(?:/([0-9]++))?+)?+")
_CODE_LIKE = re.compile(r"[0-9()/]+|<[^<>]+>[0-9/]*")


def _read_liwc(text: str, gathered: _Gathered) -> None:
    """LIWC: codes and names between lines of a percent sign, then an entry and its codes a line.

    "kind <of>131/125" counts in 131 before "of" and else in 125.  "like (02 134)125/464" counts in
    125 after a word of 02 or 134, which a term cannot say, and else in 464, which it can.
    """
    lines = list(_lines(text))
    bounds = [at for at, (_, line) in enumerate(lines) if line.strip() == "%"]
    if len(bounds) < 2 or bounds[0] != 0:
        raise gathered.error(
            "",
            "no header; a LIWC dictionary begins with a line %, a code and a name a line, and "
            "another line %",
        )
    if len(bounds) > 2:
        line = lines[bounds[2]][0]
        raise gathered.error(line, "a third line %; only two stand around the categories")
    names = _liwc_names(lines[1 : bounds[1]], gathered)
    gathered.declare(names.values())
    entries = [(n, *_liwc_entry(n, line, gathered)) for n, line in lines[bounds[1] + 1 :]]
    words: dict[str, list[str]] = {}
    for line, entry, codes in entries:
        for code in codes:
            for each in filter(None, (code.code, code.otherwise, *code.after)):
                if each not in names:
                    raise gathered.error(
                        line,
                        f"{entry!r}: code {each} is not declared; add it between the two lines %, "
                        "or remove it here",
                    )
            if not code.after and not code.before:
                words.setdefault(code.code, []).append(entry)
    for line, entry, codes in entries:
        for name, term in _liwc_terms(line, entry, codes, words, gathered):
            gathered.add(names[name], term, line)


def _liwc_names(lines: list[tuple[int, str]], gathered: _Gathered) -> dict[str, str]:
    """Names by code; what follows a name in parentheses or after a tab describes it."""
    names: dict[str, str] = {}
    for number, line in lines:
        found = _HEADER_LINE.fullmatch(line.strip())
        if not found:
            remedy = "write a number, a tab and a name"
            raise gathered.error(number, f"{line.strip()!r} declares no category; {remedy}")
        code = _without_zeros(found[1])
        name = found[2].split("\t")[0].split("(")[0].strip() or found[2].strip()
        if name in names.values():
            name = " ".join(found[2].split())
        if code in names or name in names.values():
            what = f"code {code}" if code in names else f"category {name!r}"
            raise gathered.error(number, f"{what} is declared twice; remove or rename one")
        names[code] = name
    return names


def _liwc_entry(number: int, line: str, gathered: _Gathered) -> tuple[str, list[_Codes]]:
    """An entry and its codes; without a tab the codes are what ends the line."""
    entry, tab, rest = line.strip().partition("\t")
    if not tab:
        words = line.split()
        last = next(
            (n for n in range(len(words), 1, -1) if not _CODE_LIKE.fullmatch(words[n - 1])), 1
        )
        entry, rest = " ".join(words[:last]), " ".join(words[last:])
    entry, rest = " ".join(entry.split()), rest.strip()
    codes: list[_Codes] = []
    at = 0
    while at < len(rest):
        found = _CODE.match(rest, at)
        if not found or found.end() == at or not (found[1] or found[3]):
            wrong = rest[at:].strip().split("\t")[0]
            raise gathered.error(number, f"{entry!r}: {wrong!r} is no code; write numbers")
        at = found.end()
        after = tuple(map(_without_zeros, re.findall("[0-9]+", found[1] or "")))
        if found[3]:
            code, otherwise = _without_zeros(found[3]), _without_zeros(found[4] or "")
            codes.append(_Codes(code, otherwise, after, (found[2] or "").strip()))
        else:  # plain codes in parentheses
            codes += [_Codes(each, "", (), "") for each in after]
    if not codes:
        raise gathered.error(number, f"{entry!r} has no code; write a tab and its numbers")
    return entry, codes


def _without_zeros(code: str) -> str:
    """Codes 01 and 1 are one."""
    return code.lstrip("0") or code[:1]


def _liwc_terms(
    line: int, entry: str, codes: list[_Codes], words: dict[str, list[str]], gathered: _Gathered
) -> Iterator[tuple[str, Term]]:
    """Code and term, for all that an entry says."""
    # The longest match wins, so what counts always must count in the longer wording too.
    longer = list(dict.fromkeys(f"{entry} {code.before}" for code in codes if code.before))
    for code in codes:
        if code.before:
            yield code.code, Term(f"{entry} {code.before}")
            if code.otherwise:
                yield code.otherwise, Term(entry, exceptions=(f"{entry} {code.before}",))
        elif code.after:
            before = [word for each in code.after for word in words.get(each, ())]
            if len(before) > _MOST_CONTEXT:
                raise gathered.error(
                    line,
                    f"{entry!r}: the condition ({' '.join(code.after)}) stands for {len(before)} "
                    f"words, at most {_MOST_CONTEXT} can be looked for; name smaller categories",
                )
            why = f"code {code.code} only after words of {' '.join(code.after)}"
            gathered.leave_out(line, entry, why)
            if code.otherwise:
                contexts = [f"{word} {entry}" for word in before if not _is_picture(word)]
                yield code.otherwise, Term(entry, exceptions=tuple(dict.fromkeys(contexts)))
        else:
            yield from ((code.code, Term(text)) for text in (entry, *longer))


# ------------------------------------------------------------------ lists and trees by line


def _read_lexicoder(text: str, gathered: _Gathered) -> None:
    """Lexicoder: a line "+name" opens a category, the lines below are its terms."""
    category = ""
    for number, line in _lines(text):
        entry = line.strip()
        if entry.startswith("+"):
            category = entry.strip("+ \t")
            if not category:
                raise gathered.error(number, f"{entry!r} names no category; write +NAME")
        elif not category:
            raise gathered.error(number, f"{entry!r} has no category; write a line +NAME above it")
        else:
            gathered.add(category, Term(entry), number)


_WEIGHTED = re.compile(r"(.*\S)\s*\(([^()]*)\)")


def _read_wordstat(text: str, gathered: _Gathered) -> None:
    """WordStat: entries end in "(weight)", other lines open categories; indents say what is in
    what.  Names are joined by "."; "_" joins the words of a phrase.
    """
    open_: list[tuple[int, str]] = []
    for number, line in _lines(text):
        entry = line.strip()
        indent = len(line.expandtabs()) - len(line.expandtabs().lstrip())
        while open_ and open_[-1][0] >= indent:
            open_.pop()
        found = _WEIGHTED.fullmatch(entry)
        if not found:
            open_.append((indent, f"{open_[-1][1]}.{entry}" if open_ else entry))
            continue
        if not open_:
            raise gathered.error(
                number, f"{entry!r} has no category; write its name in a line above"
            )
        if found[1].startswith("@"):
            gathered.leave_out(number, entry, "a rule of proximity")
            continue
        weight = _weight(found[2], found[1], number, gathered)
        gathered.add(open_[-1][1], Term(found[1].replace("_", " "), weight=weight), number)


_REMARK = re.compile(r";|#(\s|#|$)")  # but "#MeToo" is a term


def _read_words(text: str, gathered: _Gathered) -> None:
    """A plain list: a term a line in one category, the file's name; "# " and ";" begin remarks."""
    for number, line in _lines(text):
        entry = line.strip()
        if _REMARK.match(entry):
            continue
        if "\t" in entry:
            raise gathered.error(
                number, f"{entry!r} holds a tab; write one term a line, or save a table as .tsv"
            )
        gathered.add(gathered.path.stem, Term(entry), number)


def _read_tsv(text: str, gathered: _Gathered) -> None:
    """A table with names of columns in its first line; else Empath: category, term, term, ..."""
    lines = list(_lines(text))
    first = lines[0][1].strip("\n").split("\t") if lines else []
    names = [_column(cell) for cell in first]
    if "term" in names and all(names):
        _read_table(text, gathered)
        return
    if 1 < len(first) < 5 and any(map(_is_number, first[1:])):
        raise gathered.error(
            lines[0][0],
            f"{lines[0][1].strip()!r}: a table needs the names of its columns in the first line: "
            "term, category, weight",
        )
    for number, line in lines:
        category, *entries = line.strip().split("\t")
        if not entries:
            raise gathered.error(
                number, f"{category!r} has no terms; write a category, a tab and its terms"
            )
        for entry in filter(str.strip, entries):
            gathered.add(category, Term(entry.replace("_", " ")), number)


# ------------------------------------------------------------------ tables


def _read_table(text: str, gathered: _Gathered) -> None:
    """A table of term, category, weight, case and not, in any order; only term is needed."""
    first = text.split("\n", 1)[0]
    if told := _TOLD_MARK.fullmatch(first.strip()):  # "sep=;", a line for spreadsheets
        text = "\n" + text[len(first) + 1 :]  # lines keep their numbers
    delimiter = told[1] if told else max(",;\t|", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns: dict[str, int] = {}
    try:
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            if max(map(len, row)) > _LONGEST_CELL:
                raise csv.Error(f"a cell of more than {_LONGEST_CELL:,} characters")
            if not columns:
                columns = _columns(row, rows.line_num, gathered)
            else:
                _add_row(row, columns, rows.line_num, gathered)
    except csv.Error as error:
        fault = str(error).replace(*_FIELD_LIMIT)  # Python's own limit may have been raised
        raise gathered.error(
            rows.line_num, f"not a table: {fault}; mend its quotation marks"
        ) from None


_TOLD_MARK = re.compile(r"sep=([,;\t|])", re.IGNORECASE)
_COMMA = re.compile(r"([0-9]+),([0-9]+)")  # a decimal comma, as many spreadsheets write


def _column(cell: str) -> str:
    """Which column a name means, "" if none."""
    name = cell.strip().lower()
    return next((column for column, names in COLUMNS.items() if name in names), "")


def _columns(header: list[str], line: int, gathered: _Gathered) -> dict[str, int]:
    """Where each column stands; of two names for one the better wins."""
    columns: dict[str, int] = {}
    for at, cell in enumerate(header):
        column = _column(cell)
        if not column:
            known = ", ".join(
                f"{name} (or {', '.join(n[1:])})" if n[1:] else name for name, n in COLUMNS.items()
            )
            raise gathered.error(
                line, f"column {cell.strip()!r} is unknown; rename or remove it; known are {known}"
            )
        if column in columns:
            raise gathered.error(
                line,
                f"columns {header[columns[column]]!r} and {cell!r} both say {column}; remove one",
            )
        columns[column] = at
    if "term" not in columns:
        raise gathered.error(line, "no column term; name the columns in the first line")
    return columns


def _add_row(row: list[str], columns: dict[str, int], line: int, gathered: _Gathered) -> None:
    if len(row) != len(columns):
        raise gathered.error(
            line,
            f"{row[0]!r}: {len(row)} cells, but {len(columns)} columns; put a text that holds the "
            "separator into quotation marks",
        )
    cells = {name: row[at].strip() for name, at in columns.items()}
    if not (text := cells["term"]):
        raise gathered.error(line, "no term in this row; write one, or remove the row")
    case = cells.get("case", "").lower()
    if case not in ("", "0", "1", "true", "false"):
        raise gathered.error(line, f"{text!r}: case is {case!r}; write true or false")
    phrases = (" ".join(phrase.split()) for phrase in cells.get("not", "").split(_SEPARATOR))
    term = Term(
        text,
        case=case in ("1", "true"),
        weight=_weight(_COMMA.sub(r"\1.\2", cells.get("weight") or "1"), text, line, gathered),
        exceptions=tuple(filter(None, phrases)),
    )
    gathered.add(cells.get("category", gathered.path.stem), term, line)


def _weight(written: Any, entry: str, place: int | str, gathered: _Gathered) -> float:
    """A weight as a number; the gate looks whether it can be used."""
    if not isinstance(written, bool | list | dict | None) and _is_number(str(written)):
        return float(str(written))
    raise gathered.error(place, f"{entry!r}: weight {written!r} is no number; write one above 0")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


# ------------------------------------------------------------------ JSON and YAML


def _read_json(text: str, gathered: _Gathered) -> None:
    """JSON: categories and their terms, nested as you like, or a list of objects with a term."""
    try:
        tree = json.loads(text, object_pairs_hook=_list_of_pairs)
    except json.JSONDecodeError as error:
        raise gathered.error(error.lineno, f"not valid JSON: {error.msg}; mend it here") from None
    except (RecursionError, ValueError):
        raise gathered.error(
            "",
            "not JSON that can be read: nested too deep, or a number with "
            "thousands of digits; make it a list of terms by category",
        ) from None
    if isinstance(tree, _Pairs):
        _add_tree(tree, "", gathered)
    elif isinstance(tree, list):
        for number, entry in enumerate(tree, start=1):
            _add_object(entry, gathered.path.stem, f"entry {number}", gathered)
    else:
        raise gathered.error("", f'is {tree!r}; write {{ "category": ["term", ...] }}')


class _Pairs(list):
    """The keys and values of a JSON object, those written twice as well."""


def _list_of_pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    """A JSON object with nothing lost."""
    return _Pairs(pairs)


def _add_tree(tree: _Pairs, above: str, gathered: _Gathered) -> None:
    """Categories in categories; their names are joined by "."."""
    for key, value in tree:
        name = _joined(above, key)
        if isinstance(value, _Pairs):
            _add_tree(value, name, gathered)
        elif isinstance(value, list):
            for number, entry in enumerate(value, start=1):
                _add_object(entry, name, f"{name}, entry {number}", gathered)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            place = _joined(above, key)
            category = above or gathered.path.stem
            gathered.add(category, Term(key, weight=_weight(value, key, place, gathered)), place)
        else:
            raise gathered.error(name, f'is {value!r}; write a list: ["term", ...]')


def _add_object(entry: Any, category: str, place: str, gathered: _Gathered) -> None:
    """One entry of a list: a text, or an object with the columns of a table."""
    if isinstance(entry, str) and entry.strip():
        gathered.add(category, Term(entry), place)
        return
    if not isinstance(entry, _Pairs):
        raise gathered.error(
            place, f'is {entry!r}; write "term", or {{ "term": "...", "weight": 1 }}'
        )
    cells: dict[str, Any] = {}
    for key, value in entry:
        column = _column(key)
        if not column or column in cells:
            fault = f"stands twice (as {column})" if column else "is unknown"
            raise gathered.error(place, f"key {key!r} {fault}; known are {', '.join(COLUMNS)}")
        cells[column] = value
    text, case, phrases = cells.get("term"), cells.get("case", False), cells.get("not", [])
    if not isinstance(text, str) or not text.strip():
        raise gathered.error(place, f'term is {text!r}; write "term": "..."')
    if not isinstance(case, bool):
        raise gathered.error(place, f"{text!r}: case is {case!r}; write true or false")
    if type(phrases) is not list or not all(isinstance(phrase, str) for phrase in phrases):
        raise gathered.error(place, f'{text!r}: not is {phrases!r}; write ["phrase", ...]')
    name = cells.get("category", category)
    if not isinstance(name, str):
        raise gathered.error(place, f'{text!r}: category is {name!r}; write "category": "..."')
    weight = _weight(cells.get("weight", 1), text, place, gathered)
    gathered.add(name, Term(text, case, weight, tuple(phrases)), place)


def _joined(above: str, name: str) -> str:
    """The name of a category in another; "__" holds the terms of the other itself."""
    return above if name == "__" and above else f"{above}.{name}" if above else name


def _read_yaml(text: str, gathered: _Gathered) -> None:
    """quanteda YAML: categories in categories, joined by ".", and lists of terms.

    Needs PyYAML.  Nodes are read, not values, so that "no" and "on" stay words and lines are known.
    """
    try:
        yaml = import_module("yaml")
    except ModuleNotFoundError:
        raise gathered.error(
            "", "reading YAML needs PyYAML; install it with: pip install 'bias-toolkit[yaml]'"
        ) from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _add_node(node, "", set(), gathered)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "a character that YAML forbids"
        place = mark.line + 1 if mark else ""
        raise gathered.error(place, f"not valid YAML: {what}; mend it here") from None
    except RecursionError:
        raise gathered.error("", "nested too deep; make it a list of terms by category") from None


def _add_node(node: Any, name: str, seen: set[int], gathered: _Gathered) -> None:
    """A category (mapping), its terms (sequence), or one term (scalar)."""
    if node is None:
        return
    line = node.start_mark.line + 1
    if id(node) in seen:  # one node many times could stand for a world of terms
        raise gathered.error(line, f"{name!r}: uses an alias (*name); write the terms out")
    seen.add(id(node))
    if node.id == "mapping":
        for key, value in node.value:
            if key.id != "scalar":
                raise gathered.error(key.start_mark.line + 1, "a category's name must be a text")
            _add_node(value, _joined(name, key.value), seen, gathered)
    elif node.id == "sequence":
        for part in node.value:
            _add_node(part, name, seen, gathered)
    elif node.value:
        if "?" in node.value.rstrip("?") or node.value.endswith("??"):
            raise gathered.error(
                line, f"{node.value!r}: a ? for one letter is not read; list the words"
            )
        gathered.add(name, Term(node.value), line)


#: Readers by the ending of the file.
READERS: dict[str, Callable[[str, _Gathered], None]] = {
    ".dic": _read_liwc,
    ".yml": _read_yaml,
    ".yaml": _read_yaml,
    ".lc3": _read_lexicoder,
    ".lcd": _read_lexicoder,
    ".cat": _read_wordstat,
    ".csv": _read_table,
    ".tsv": _read_tsv,
    ".json": _read_json,
    ".txt": _read_words,
}


# ------------------------------------------------------------------ inflection


def inflected(lexicon: Lexicon) -> Lexicon:
    """*lexicon* with the inflected forms of its terms, in categories and labels.

    Forms come from the rules and irregular words of `inflection`; of the regular ones those stay
    that NLTK's English Snowball stemmer (Porter, 2001) gives the stem of the word: "attacks" for
    "attack", but not "news" for "new".  Of a phrase the first word is inflected as a verb and the
    last as a noun.  Terms with stars or capitals stay as they are.  Raises LexiconError where the
    language is not English.
    """
    if lexicon.language != "en":
        raise LexiconError(
            f"lexicon {lexicon.name!r}: only English is inflected, not {lexicon.language!r}; load "
            "it without inflect"
        )
    stem = import_module("nltk.stem.snowball").EnglishStemmer().stem
    return replace(
        lexicon,
        categories=tuple(replace(c, terms=_grown(c.terms, stem)) for c in lexicon.categories),
        referents=tuple(
            replace(r, labels=tuple(replace(b, terms=_grown(b.terms, stem)) for b in r.labels))
            for r in lexicon.referents
        ),
    )


def _grown(terms: Iterable[Term], stem: Callable[[str], str]) -> tuple[Term, ...]:
    """*terms* and their forms; what was written wins over what was made."""
    found = {(term.text.lower(), term.case): term for term in terms}
    for term in list(found.values()):
        if not term.case:
            for form in _forms(term.text, stem):
                made = replace(term, text=form)
                if not swallowing(made):  # an exception may be there to leave a form out
                    found.setdefault((form, False), made)
    return tuple(found.values())


def _forms(text: str, stem: Callable[[str], str]) -> Iterator[str]:
    """The inflected forms of a term; names, which have one capital, and stars have none."""
    words = text.split()
    if (
        not all(word.isascii() and word.isalpha() for word in words)
        or text[:1].isupper() > text.isupper()
    ):
        return
    words = [word.lower() for word in words]
    first, last = words[0], words[-1]
    if len(words) > 1:
        yield from (" ".join([form, *words[1:]]) for form in _kept(first, verb_forms(first), stem))
    forms = noun_forms(last) + (verb_forms(last) if len(words) == 1 else [])
    yield from (" ".join([*words[:-1], form]) for form in _kept(last, forms, stem))


def _kept(word: str, forms: list[str], stem: Callable[[str], str]) -> Iterator[str]:
    """Irregular forms, which a table gave, and those regular ones that the stemmer agrees to."""
    if len(word) < 3:
        return
    for form in forms:
        regular = form.startswith(word[:-1]) and form.endswith(("s", "ed", "ing"))
        if not regular or stem(form) == stem(word):
            yield form


# ------------------------------------------------------------------ writing


def save_lexicon(lexicon: Lexicon, path: str | Path) -> None:
    """Write *lexicon* to a .toml, which keeps all of it, or to a .csv.

    A CSV keeps categories with terms, weights, capitals and `not` phrases; descriptions, examples
    and the licence are lost.  `load_lexicon` reads both.  Raises LexiconError for another ending,
    and where a CSV cannot keep what changes the hits: actors, referents, topics.
    """
    path = Path(path)
    if path.suffix.lower() == ".toml":
        text = "\n".join(_toml(lexicon)) + "\n"
    elif path.suffix.lower() == ".csv":
        text = _csv(lexicon, path)
    else:
        raise LexiconError(f"{path}: cannot write {path.suffix!r}; write a .toml or a .csv")
    path.write_text(text, encoding="utf-8", newline="\n")


def _csv(lexicon: Lexicon, path: Path) -> str:
    if lexicon.actors or lexicon.referents or lexicon.topic:
        raise LexiconError(
            f"{path}: a CSV keeps no actors, referents or topics, and {lexicon.name!r} has some; "
            "write a .toml"
        )
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["term", "category", "weight", "case", "not"])
    for category in lexicon.categories:
        for term in category.terms:
            if term.in_topic or term.until or any(_SEPARATOR in text for text in term.exceptions):
                raise LexiconError(
                    f"{path}: {term.text!r}: a CSV keeps no in_topic, no until, and no "
                    f"{_SEPARATOR!r} in a `not` phrase; write a .toml"
                )
            case = "true" if term.case else ""
            phrases = f"{_SEPARATOR} ".join(term.exceptions)
            writer.writerow([term.text, category.name, repr(term.weight), case, phrases])
    return out.getvalue()


def _toml(lexicon: Lexicon) -> Iterator[str]:
    """The lines of a lexicon's TOML file."""
    for key in ("name", "title", "version", "language", "licence", "source", "notes"):
        if value := getattr(lexicon, key):
            yield f"{key} = {_quoted(value)}"
    if lexicon.topic:
        yield from _list("topic", map(_written, lexicon.topic))
    for actor in lexicon.actors:
        yield from _actor(actor)
    for category in lexicon.categories:
        yield from ("", f"[categories.{_quoted(category.name)}]")
        yield from _texts(category, "about")
        yield from _vocabulary(category)
    for referent in lexicon.referents:
        yield from _referent(referent)


def _actor(actor: Actor) -> Iterator[str]:
    yield from ("", "[[actors]]")
    yield from _texts(actor, "name", "side", "kind")
    yield from _list("aliases", map(_quoted, actor.aliases))


def _referent(referent: Referent) -> Iterator[str]:
    yield from ("", "[[referents]]")
    yield from _texts(referent, "name", "about")
    days = (referent.start, referent.end, referent.mentions_until)
    for key, day in zip(("from", "to", "mentions_until"), days, strict=True):
        if day is not None:
            yield f"{key} = {day.isoformat()}"
    if referent.context:
        yield from _list("context", map(_written, referent.context))
    for label in referent.labels:
        yield from ("", "[[referents.labels]]")
        yield from _texts(label, "label", "side", "official", "note")
        yield from _vocabulary(label)


def _vocabulary(owner: Category | Label) -> Iterator[str]:
    """Terms and examples of a category or label."""
    yield from _list("terms", map(_written, owner.terms))
    for key in ("hits", "misses"):
        if texts := getattr(owner, key):
            yield from _list(key, map(_quoted, texts))


def _texts(owner: Any, *keys: str) -> Iterator[str]:
    for key in keys:
        if value := getattr(owner, key):
            yield f"{key} = {_quoted(value)}"


def _list(key: str, entries: Iterable[str]) -> Iterator[str]:
    yield from (f"{key} = [", *(f"  {entry}," for entry in entries), "]")


def _written(term: Term) -> str:
    """A term as a text, or as an inline table where there is more to it."""
    if term == Term(term.text):
        return _quoted(term.text)
    parts = [f"term = {_quoted(term.text)}"]
    parts += ["case = true"] * term.case
    parts += [f"weight = {term.weight!r}"] * (term.weight != 1.0)
    if term.exceptions:
        parts.append(f"not = [{', '.join(map(_quoted, term.exceptions))}]")
    parts += ["in_topic = true"] * term.in_topic
    parts += [f"until = {term.until}"] * (term.until is not None)
    return f"{{ {', '.join(parts)} }}"


def _quoted(text: str) -> str:
    """A TOML string: as JSON's, but that DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
