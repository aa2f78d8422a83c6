"""Shares by outlet and side by side: the same columns for whatever is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from bias_toolkit.metrics import FEWEST
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.shares import Cell, by_outlet, side_by_side

KEYS = ("thing",)


def made_of(outlets: str) -> Profile:
    rows = [{"outlet": name, "text": f"Text {n}."} for n, name in enumerate(outlets)]
    return profile(pd.DataFrame(rows), [])


def cell(part: list[float], whole: list[float], name: str = "x", **extra: list[float]) -> Cell:
    arrays = {key: np.array(values, float) for key, values in extra.items()}
    return Cell((name,), np.array(part, float), np.array(whole, float), arrays)


# ------------------------------------------------------------------ laws


def test_the_interval_is_the_jackknife_written_out():
    """Leave out each article in turn; articles without any of the whole are not articles of it."""
    part, whole = [1, 0, 4, 2, 2, 0], [4, 3, 5, 6, 2, 0]
    row = by_outlet(made_of("AAAAAA"), KEYS, [cell(part, whole)]).iloc[0]
    without = [(9 - x) / (20 - n) for x, n in zip(part[:5], whole[:5], strict=True)]
    error = np.sqrt(4 / 5 * sum((v - np.mean(without)) ** 2 for v in without))

    assert row[["count", "of", "articles", "of_articles"]].tolist() == [9, 20, 4, 5]
    assert row["share"] == 9 / 20
    assert row["low"] == pytest.approx(max(9 / 20 - student.ppf(0.975, 4) * error, 0))
    assert row["high"] == pytest.approx(min(9 / 20 + student.ppf(0.975, 4) * error, 1))


def test_exchanging_the_outlets_mirrors_every_number():
    rng = np.random.default_rng(0)
    whole = rng.integers(0, 9, 20).astype(float)
    one = Cell(("x",), np.minimum(whole, rng.integers(0, 5, 20)), whole, {"more": whole})
    part = made_of("AB" * 10)
    ab = side_by_side(part, ("A", "B"), KEYS, [one], ("more",))
    ba = side_by_side(part, ("B", "A"), KEYS, [one], ("more",))
    names = {n: f"{'ba'['ab'.index(n[0])]}{n[1:]}" for n in ba if n[:2] in ("a_", "b_")}
    mirrored = ba.rename(columns=names).assign(
        difference=-ba["difference"], low=-ba["high"], high=-ba["low"]
    )

    assert ab["low"].notna().all()
    pd.testing.assert_frame_equal(mirrored[list(ab)], ab, check_exact=True)


def test_both_tables_hold_the_same_counts_and_shares():
    rng = np.random.default_rng(1)
    whole = rng.integers(1, 9, 12).astype(float)
    cells = [Cell((name,), np.minimum(whole, n), whole) for n, name in enumerate("xyz")]
    part = made_of("AABB" * 3)
    long = by_outlet(part, KEYS, cells).set_index(["outlet", "thing"])
    wide = side_by_side(part, ("A", "B"), KEYS, cells).set_index("thing")

    for side, outlet in (("a", "A"), ("b", "B")):
        for name in ("count", "of", "articles", "of_articles", "share"):
            assert wide[f"{side}_{name}"].tolist() == long.loc[outlet][name].tolist()


# ------------------------------------------------------------------ by hand


def test_what_never_occurs_has_a_share_of_0_and_no_interval():
    table = by_outlet(made_of("AAAAAB"), KEYS, [cell([0] * 6, [3, 2, 2, 2, 2, 0])])

    assert table["share"].tolist()[0] == 0
    assert np.isnan(table["share"].tolist()[1])  # 0 of 0 is undefined
    assert table[["low", "high"]].isna().all(axis=None)


def test_too_few_articles_give_no_interval():
    """Four articles with any of the whole are too few, however many others there are."""
    part, whole = [1, 0, 2, 1, 0, 0, 0], [2, 2, 3, 3, 0, 0, 0]
    few = by_outlet(made_of("A" * 7), KEYS, [cell(part, whole)]).iloc[0]
    enough = by_outlet(made_of("A" * 7), KEYS, [cell(part, [*whole[:6], 1])]).iloc[0]

    assert (few["of_articles"], enough["of_articles"]) == (FEWEST - 1, FEWEST)
    assert np.isnan(few["low"]) and not np.isnan(enough["low"])


def test_an_interval_stays_within_what_a_share_can_be():
    row = by_outlet(made_of("A" * 5), KEYS, [cell([0, 0, 0, 0, 9], [9] * 5)]).iloc[0]

    assert (row["low"], row["share"]) == (0, 0.2)
    assert 0.2 < row["high"] < 1


def test_extra_counts_are_summed():
    one = cell([1, 1], [2, 2], more=[5, 7])

    assert by_outlet(made_of("AB"), KEYS, [one], ("more",))["more"].tolist() == [5, 7]
    assert side_by_side(made_of("AB"), ("A", "B"), KEYS, [one], ("more",))[
        ["a_more", "b_more"]
    ].to_numpy().tolist() == [[5, 7]]


def test_nothing_to_count_gives_the_columns():
    long = by_outlet(made_of("AB"), KEYS, [], ("more",))
    wide = side_by_side(made_of("AB"), ("A", "B"), KEYS, [], ("more",))

    assert long.empty and wide.empty
    assert {"outlet", "thing", "count", "share", "low", "more"} <= set(long)
    assert {"thing", "a_count", "b_share", "difference", "a_more"} <= set(wide)
