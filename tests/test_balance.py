"""Whom an outlet lets speak: credited to the outermost source, with zeros listed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bias_toolkit.articles import read_articles
from bias_toolkit.balance import BY, WORDS, source_balance, source_balance_of_two
from bias_toolkit.lexicon import Lexicon, load_lexicons
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.sourcekinds import KINDS
from bias_toolkit.sourcing import attributed, credited

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
[[actors]]
name = "Armenia"
side = "Armenia"
kind = "government"
aliases = ["Yerevan"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
kind = "government"
aliases = ["Baku"]
[[actors]]
name = "Georgia"
side = "Georgia"
kind = "government"
aliases = ["Tbilisi"]
"""


@pytest.fixture(scope="module")
def seeds() -> Profile:
    return profile(ROOT / "seeds", load_lexicons("nagorno_karabakh"))


def made_of(small: list[Lexicon], *texts: str, outlets: str = "") -> Profile:
    names = list(outlets) or ["A"] * len(texts)
    return profile(pd.DataFrame({"outlet": names, "text": texts}), small)


def counts(table: pd.DataFrame, by: str, words: str, column: str = "count") -> dict[str, int]:
    rows = table[(table["by"] == by) & (table["words"] == words)]
    return dict(zip(rows["source"], rows[column], strict=True))


# ------------------------------------------------------------------ laws


def test_counts_equal_a_slow_recount(seeds):
    """Word by word of every attribution, following parents one at a time."""
    rows = attributed(seeds).to_dict("records")
    kind = credited(seeds)["kind"].tolist()
    expected: dict[tuple[str, ...], int] = {}
    for row in rows:
        outer = row
        while outer["parent"] >= 0:
            outer = rows[outer["parent"]]
        said = {"quoted": row["words_quoted"], "reported": row["words_reported"]}
        for words, number in said.items():
            for by, source in (
                ("kind", kind[rows.index(outer)]),
                ("side", outer["side"]),
                ("actor", outer["actor"]),
            ):
                for group in (words, "both"):
                    key = (row["outlet"], by, source, group)
                    expected[key] = expected.get(key, 0) + number
    table = source_balance(seeds)
    found = table.set_index(["outlet", "by", "source", "words"])["count"].to_dict()

    assert {key: number for key, number in found.items() if number} == {
        key: number for key, number in expected.items() if number
    }


@pytest.mark.parametrize("by", BY)
def test_every_word_is_credited_once(seeds, by):
    table = source_balance(seeds)
    sums = attributed(seeds).groupby("outlet")[["words_quoted", "words_reported"]].sum()
    for outlet, row in sums.iterrows():
        mine = table[(table["outlet"] == outlet) & (table["by"] == by)]
        total = mine.groupby("words")["count"].sum()

        assert total["quoted"] == row["words_quoted"]
        assert total["reported"] == row["words_reported"]
        assert total["both"] == row.sum()
        assert mine.groupby("words")["share"].sum().tolist() == pytest.approx([1] * len(WORDS))
        assert (mine.groupby("words")["of"].nunique() == 1).all()


def test_swapping_the_sides_in_the_texts_swaps_their_figures(small):
    """Even-handed: nothing else changes."""
    texts = [
        "Baku said that it was over. “No,” Yerevan said. Baku claimed that Yerevan said it was.",
        "Yerevan, which fled, vowed to return. “It is late,” Baku said.",
    ]
    swapped = [
        text.replace("Baku", "?").replace("Yerevan", "Baku").replace("?", "Yerevan")
        for text in texts
    ]
    one, other = (source_balance(made_of(small, *t)) for t in (texts, swapped))
    swap = {"Armenia": "Azerbaijan", "Azerbaijan": "Armenia"}
    other["source"] = other["source"].replace(swap)
    keys = ["by", "words", "source"]

    assert one.sort_values(keys).to_csv(index=False) == other.sort_values(keys).to_csv(index=False)


def test_tables_do_not_depend_on_how_a_profile_was_made(small):
    articles = read_articles(ROOT / "seeds")
    whole, backwards = profile(articles, small), profile(articles.iloc[::-1], small)

    assert source_balance(backwards).to_csv() == source_balance(whole).to_csv()


def test_another_outlet_adds_zeros_and_changes_no_number(seeds):
    every = source_balance(seeds)
    mine = every[every["outlet"] == "TASS"].drop(columns="outlet")
    alone = source_balance(seeds["TASS"]).drop(columns="outlet")
    keys = ["by", "source", "words"]
    joined = mine.merge(alone, on=keys, how="left", suffixes=("", "_alone"))
    missing = joined["count_alone"].isna()

    assert (joined.loc[missing, "count"] == 0).all()
    kept = mine.merge(alone[keys], on=keys)
    assert kept.to_csv(index=False) == alone.to_csv(index=False)


# ------------------------------------------------------------------ by hand


def test_words_are_credited_to_the_outermost_source(small):
    """Baku reports what Yerevan claimed: all 8 words are Baku's, 5 of them Yerevan's nested ones.

    "that Yerevan claimed" is Baku's own; "that the war was over" is what Yerevan claimed.
    """
    part = made_of(small, "Baku said that Yerevan claimed that the war was over.")
    table = source_balance(part)

    assert counts(table, "side", "reported") == {
        "Armenia": 0, "Azerbaijan": 8, "Georgia": 0, "": 0,
    }  # fmt: skip
    assert counts(table, "side", "reported", "nested") == {
        "Armenia": 5, "Azerbaijan": 0, "Georgia": 0, "": 0,
    }  # fmt: skip
    assert counts(table, "kind", "both")["officials"] == 8


def test_who_goes_on_speaking_inside_his_own_words_is_not_nested(small):
    text = "Baku announced that it was launching what it described as “local measures.”"
    table = credited(made_of(small, text))

    assert set(table["speaker"]) == {"Baku"} and (table["parent"] >= 0).any()
    assert not table["nested"].any()


def test_sources_never_heard_are_listed_with_0(small):
    """All kinds, all sides of the lexicon, and the actors heard by the other outlet."""
    part = made_of(
        small, "Baku said that it was over.", "Yerevan said that it was late.", outlets="AB"
    )
    table = source_balance(part)
    a = table[table["outlet"] == "A"]

    assert list(counts(a, "kind", "both")) == list(KINDS)
    assert counts(a, "side", "both") == {"Armenia": 0, "Azerbaijan": 4, "Georgia": 0, "": 0}
    assert counts(a, "actor", "both") == {"Armenia": 0, "Azerbaijan": 4, "": 0}
    assert a.loc[a["count"] == 0, "share"].dropna().eq(0).all()


def test_quoted_words_and_reported_words_are_apart(small):
    """Baku: "no big war" quoted, "that it was over" reported; Yerevan: one word quoted."""
    text = "Baku said that it was over. “No big war,” Baku said. “Never,” Yerevan said."
    table = source_balance(made_of(small, text))
    shares = table.set_index(["by", "words", "source"])["share"]

    assert counts(table, "side", "quoted")["Azerbaijan"] == 3
    assert counts(table, "side", "reported")["Azerbaijan"] == 4
    assert shares["side", "quoted", "Azerbaijan"] == 3 / 4
    assert shares["side", "both", "Armenia"] == 1 / 8


def test_the_seeds_by_hand(seeds):
    """TASS lets Peskov speak most; Baku and Yerevan get a quoted fragment each."""
    table = source_balance(seeds)
    tass = table[table["outlet"] == "TASS"]
    by_actor = counts(tass, "actor", "both")

    assert by_actor["Azerbaijani Defense Ministry"] > 10
    assert by_actor["Kremlin spokesman"] > by_actor["Azerbaijan"] > 10
    assert by_actor["Turkish Foreign Ministry"] == 0  # heard in NEWS.ru only
    assert counts(tass, "kind", "both")["military"] == by_actor["Azerbaijani Defense Ministry"]
    assert counts(tass, "kind", "both")["civilians"] == 0
    assert counts(tass, "side", "quoted")["Azerbaijan"] == 3  # "local anti-terrorist measures"
    assert counts(tass, "side", "quoted")["Armenia"] == 5  # "an act of large-scale aggression"
    assert table[["low", "high"]].isna().all(axis=None)  # no outlet has five articles


def test_five_articles_give_an_interval(small):
    texts = [f"Baku said that it was over{' and late' * n}. “No,” Yerevan said." for n in range(5)]
    table = source_balance(made_of(small, *texts)).set_index(["by", "words", "source"])
    row = table.loc[("side", "both", "Azerbaijan")]

    assert 0 < row["low"] < row["share"] < row["high"] <= 1
    assert table.loc[("side", "both", "Georgia"), ["low", "high"]].isna().all()


# ------------------------------------------------------------------ two outlets


def test_two_outlets_side_by_side_hold_what_each_has(seeds):
    both = seeds.select(seeds.units["outlet"].isin(["TASS", "NEWS.ru"]).to_numpy())
    long = source_balance(both).set_index(["outlet", "by", "source", "words"])
    wide = source_balance_of_two(both, "TASS", "NEWS.ru").set_index(["by", "source", "words"])

    for side, outlet in (("a", "TASS"), ("b", "NEWS.ru")):
        for name in ("count", "of", "share", "nested", "articles"):
            pd.testing.assert_series_equal(
                wide[f"{side}_{name}"], long.loc[outlet][name], check_names=False
            )
    shown = wide["a_share"] - wide["b_share"]
    pd.testing.assert_series_equal(wide["difference"], shown, check_names=False)


def test_nobody_quoted_gives_zeros(small):
    table = source_balance(made_of(small, "The war was over."))

    assert table["count"].eq(0).all() and table["share"].isna().all()
    assert set(table["by"]) == set(BY)
    assert source_balance(made_of([], "The war was over."))["source"].tolist()[-1] == ""
