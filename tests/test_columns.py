"""What a report's columns mean: each is explained, and nothing is explained that is not there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

import bias_toolkit as bt
from bias_toolkit.reports.columns import YOURS, column_table
from bias_toolkit.reports.tables import ABOUT, tables_of

ROOT = Path(__file__).parents[1]
TEXT = ROOT / "bias_toolkit" / "reports" / "columns.toml"


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    articles = bt.read_articles(ROOT / "seeds").assign(Mood="calm")
    return tables_of(bt.compare_all(bt.profile(articles)))


@pytest.fixture(scope="module")
def told(found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return found["columns"]


def test_every_column_of_every_table_has_a_meaning(
    found: dict[str, pd.DataFrame], told: pd.DataFrame
) -> None:
    by_table = told.groupby("table")["column"].agg(set)
    for name, table in found.items():
        kind = "terms" if name.startswith("terms_") else name
        assert by_table[kind] == set(table.columns)

    assert told["meaning"].str.len().gt(2).all()
    assert not told.duplicated(["table", "column"]).any()


def test_nothing_is_explained_that_no_table_has(
    found: dict[str, pd.DataFrame], told: pd.DataFrame
) -> None:
    known = tomllib.loads(TEXT.read_text("utf-8"))
    plain = told.assign(column=told["column"].str.replace(r"^([ab]_|.*\.)", "", regex=True))
    both = pd.concat([told, plain])
    here = both.groupby("table")["column"].agg(set)

    assert set(known["every"]) <= set(both["column"])
    assert {table for table in known["own"] if table not in here} == set()
    for table, columns in known["own"].items():
        if table == "terms" or len(found[table]):  # an empty one may lack columns
            assert set(columns) <= here[table], table


def test_whose_column_it_is_is_said(told: pd.DataFrame) -> None:
    of = told.set_index(["table", "column"])["meaning"]

    assert of["terms", "a_uses"] == "of a: how often it is used"
    assert of["labels", "TASS.count"] == "of TASS: how many are counted"
    assert of["articles", "Mood"] == YOURS
    assert of["articles", "sentiment"].startswith("VADER compound")
    assert "columns" in ABOUT


def test_a_column_without_a_meaning_is_an_error() -> None:
    tables = {"cues": pd.DataFrame(columns=["outlet", "wobble"])}
    with pytest.raises(KeyError) as raised:
        column_table(tables, {}, ["A"])

    said = "column 'wobble' of table 'cues' has no meaning in columns.toml"
    assert raised.value.args[0] == said
