"""Write a comparison's tables as CSV for spreadsheets and as JSON for programs.

The JSON files hold every value as it is.  In the CSV files a text that a spreadsheet would take
for a formula, because it starts with = + - @ or a tab, gets an apostrophe before it.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.articles import Reject
from bias_toolkit.comparison import Comparison, Comparisons, Facts
from bias_toolkit.reports.columns import NAME as COLUMNS
from bias_toolkit.reports.columns import column_table
from bias_toolkit.reports.shifting import shift_table

_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_LONGEST_SLUG = 40
_TERMS = "terms_"  # what the names of the tables of pairs begin with

#: What each table holds, for the page.
ABOUT = {
    COLUMNS: "what every column of these tables means",
    "articles": "one row an article, with every measure: for regression",
    "who_said": "who said which label: uses in whose words, by whom, and a sentence each",
    "labels": "uses and shares of each label, by outlet and word group, with intervals",
    "label_differences": "shares of each label in two outlets side by side, and the tests",
    "unlabelled": "articles with and without a label for each thing, by outlet",
    "unlabelled_passages": "sentences that speak of an event in articles without a label for it",
    "mentions": "every use of a label, with its sentence, voice and speaker",
    "metrics": "every measure by outlet, with intervals from five articles on",
    "speakers": "quoted and reported words of each speaker, by outlet",
    "cues": "reporting words by outlet, side and speaker",
    "cue_classes": "classes of reporting words, by outlet and side",
    "cue_shares": "the same with shares and intervals, all classes of every side that is heard",
    "cue_asymmetry": "shares of the classes in two outlets side by side, and the tests",
    "side_asymmetry": "shares of the classes for two sides in one outlet, and the tests",
    "sources": "quoted and reported words by kind, side and actor of the source, zeros included",
    "diversity": "how many different sources are heard, by outlet: indices with intervals",
    "adoption": "labels that an outlet quotes, and whether and when it words them itself",
    "first_uses": "which outlet carried each label first, at all, quoted, and as its wording",
    "distance": "labels in scare quotes, under distancing and under attacking reporting words; "
    "count and share are of all three",
    "actor_tones": "tone of the sentences that name an actor, by outlet: context only",
    "selfcheck": "what random halves of each outlet give: one row a split, all of it chance",
    "outlet_distances": "how far apart outlets are in their words, with intervals or the reason "
    "why not",
    "categories": "categories of the word lists by pair of outlets: rates, tests, and what is left "
    "without the three strongest terms",
    "word_shifts": "the terms that a difference of a rate or of tone comes from, with intervals",
    "pairs": "what makes each pair of outlets fair or unfair to compare",
    "rejects": "rows of the input that were set aside, and why",
}


def tables_of(whole: Comparisons) -> dict[str, pd.DataFrame]:
    """All tables of a report by name; terms of each pair that wrote at the same time."""
    tables = {
        "articles": whole.profile.table(),
        "who_said": whole.who_said,
        "labels": whole.labels,
        "label_differences": whole.label_differences,
        "unlabelled": whole.unlabelled,
        "unlabelled_passages": whole.unlabelled_passages,
        "mentions": whole.mentions,
        "metrics": whole.metrics,
        "speakers": whole.speakers,
        "cues": whole.cues,
        "cue_classes": whole.cue_classes,
        "cue_shares": whole.cue_shares,
        "cue_asymmetry": whole.cue_asymmetry,
        "side_asymmetry": whole.side_asymmetry,
        "sources": whole.sources,
        "diversity": whole.diversity,
        "adoption": whole.adoption,
        "first_uses": whole.first_uses,
        "distance": whole.distance,
        "actor_tones": whole.actor_tones,
        "selfcheck": whole.noise.table,
        "outlet_distances": whole.outlet_distances,
        "categories": whole.categories,
        "word_shifts": shift_table(whole),
        "pairs": pair_table(whole),
        "rejects": reject_table(whole.profile.rejects),
    }
    names = slugs(whole.profile.outlets)
    for pair in whole.pairs:
        if pair.facts.comparable:
            tables[terms_name(names, pair.a, pair.b)] = pair.terms
    measures = {m.name: f"{m.about} ({m.unit})" for m in whole.profile.metric_list}
    return {COLUMNS: column_table(tables, measures, whole.profile.outlets), **tables}


def has_all_terms(pair: Comparison) -> bool:
    """Whether the table of a pair's terms leaves none out."""
    return not pair.contrast.testable


def terms_name(names: Mapping[str, str], a: str, b: str) -> str:
    """The name of the table of a pair's terms, without its ending."""
    return f"{_TERMS}{names[a]}_vs_{names[b]}"


def pair_table(whole: Comparisons) -> pd.DataFrame:
    """The facts of each pair, one row a pair; several values of one cell parted by "; "."""
    return pd.DataFrame([_fact_row(pair.facts) for pair in whole.pairs])


def _fact_row(facts: Facts) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in asdict(facts).items():
        if name in ("a_dates", "b_dates"):
            first, last = value or (None, None)
            row[f"{name[0]}_first"], row[f"{name[0]}_last"] = first, last
        else:
            row[name] = "; ".join(value) if isinstance(value, tuple) else value
    return row


def reject_table(rejects: Iterable[Reject]) -> pd.DataFrame:
    """Rows set aside: kind, file, line, reason, remedy."""
    columns = ["kind", "file", "line", "reason", "remedy"]
    return pd.DataFrame([asdict(reject) for reject in rejects], columns=columns)


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as ``NAME.csv`` and ``NAME.json`` into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{_TERMS}*"):  # of an earlier report on other outlets
        old.unlink()
    for name, table in tables.items():
        text = _guarded(table).to_csv(index=False, lineterminator="\n")
        _write(folder / f"{name}.csv", text)
        _write(folder / f"{name}.json", as_json(table))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def _guarded(table: pd.DataFrame) -> pd.DataFrame:
    """*table* with its text columns, and its columns' names, safe to open in a spreadsheet."""
    safe = table.rename(columns=guard)
    for place, kind in enumerate(table.dtypes):
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)):
            safe.isetitem(place, table.iloc[:, place].astype(object).map(guard))
    return safe


def guard(value: Any) -> Any:
    """*value*, with an apostrophe before it if it is a text that looks like a formula.

    >>> guard("=1+1"), guard("-5 %"), guard("plain"), guard(-5)
    ("'=1+1", "'-5 %", 'plain', -5)
    """
    if not isinstance(value, str) or value[:1].isalnum():  # as most texts are
        return value
    return f"'{value}" if _FORMULA.match(value) else value


def as_json(table: pd.DataFrame) -> str:
    """*table* as a JSON array with one object a line; undefined values are null."""
    cells = {str(name): _cells(str(name), column) for name, column in table.items()}
    rows = ("{" + ", ".join(row) + "}" for row in zip(*cells.values(), strict=True))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _cells(name: str, column: pd.Series) -> list[str]:
    """A column's values as JSON writes them, each after the column's name.

    Most columns hold few different values, each of which is written only once.
    """
    values: NDArray = column.to_numpy(object)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iufb":
        plain = column.to_numpy()
        # by their bits: 0.0 and -0.0 are equal, and written differently
        bits = plain.view(f"u{plain.itemsize}")
        _, first, number = np.unique(bits, return_index=True, return_inverse=True)
    else:
        texts = np.array([type(value) is str for value in values], bool)
        if texts.all():
            number, _ = pd.factorize(values)
            first = np.unique(number, return_index=True)[1]
        else:
            number = first = np.arange(len(values))
    head = _encoded(name)
    written = [f"{head}: {_cell(value)}" for value in values[first].tolist()]
    return np.array(written, object)[number].tolist()


_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _cell(value: Any) -> str:
    """One value as JSON writes it; the common kinds without asking the encoder."""
    if type(value) is float:
        return repr(value) if math.isfinite(value) else "null"
    return encode_basestring(value) if type(value) is str else _encoded(_plain(value))


def _plain(value: Any) -> Any:
    """A value as JSON knows it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return None if value is pd.NA or value is pd.NaT else str(value)


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A short name of letters, digits and hyphens for each of *names*, no two alike.

    They serve as parts of file names and as anchors, also where capitals do not tell files
    apart.

    >>> slugs(["TASS", "Tass", "../NEWS.ru"])
    {'TASS': 'tass', 'Tass': 'tass-2', '../NEWS.ru': 'news-ru'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "outlet"
        slug, number = stem, 1
        while slug in taken:
            number += 1
            slug = f"{stem}-{number}"
        taken.add(slug)
        found[name] = slug
    return found
