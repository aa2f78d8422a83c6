"""Say what each column of a report's tables means, for whoever has only the tables.

Columns of one name mean the same wherever they can; what a single table means by one wins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

NAME = "columns"  # of the table that this makes
YOURS = "as in your file"
_ARTICLES, _TERMS = "articles", "terms"
_SIDES = {"a_": "of a: ", "b_": "of b: "}


def column_table(
    tables: Mapping[str, pd.DataFrame], measures: Mapping[str, str], outlets: Iterable[str]
) -> pd.DataFrame:
    """One row a table and column: table, column, meaning; tables of terms as one, "terms".

    *measures* says what each measure is, by its name; *outlets* are those before a full stop in
    the names of columns.  A column of articles that is none of ours is the user's.  Raises KeyError
    for a column of another table that nothing is known of.
    """
    kinds = {_TERMS if name.startswith(f"{_TERMS}_") else name: name for name in tables}
    rows = [
        (kind, str(column), _meaning(kind, str(column), measures, tuple(outlets)))
        for kind, name in kinds.items()
        for column in tables[name].columns
    ]
    ours = [(NAME, column, meaning) for column, meaning in _known()["own"][NAME].items()]
    return pd.DataFrame([*rows, *ours], columns=["table", "column", "meaning"])


def _meaning(table: str, column: str, measures: Mapping[str, str], outlets: tuple[str, ...]) -> str:
    if column in measures and table == _ARTICLES:
        return measures[column]
    said = _plain(table, column)
    if said or table == _ARTICLES:
        return said or YOURS
    for outlet in outlets:
        rest = column.removeprefix(f"{outlet}.")
        if rest != column and (said := _plain(table, rest)):
            return f"of {outlet}: {said}"
    raise KeyError(f"column {column!r} of table {table!r} has no meaning in columns.toml")


def _plain(table: str, column: str) -> str:
    """What a column means, by its own name or as one of outlet a or b; "" where it is unknown."""
    own, every = _known()["own"].get(table, {}), _known()["every"]
    if said := own.get(column) or (every.get(column) if table != _ARTICLES else ""):
        return str(said)
    if table == _ARTICLES:
        return str(every[column]) if column in ("outlet", "date") else ""
    for start, whose in _SIDES.items():
        rest = column.removeprefix(start)
        if rest != column and (said := own.get(rest) or every.get(rest)):
            return f"{whose}{said}"
    return ""


@cache
def _known() -> dict[str, Any]:
    text = resources.files("bias_toolkit.reports").joinpath("columns.toml").read_text("utf-8")
    return tomllib.loads(text)
