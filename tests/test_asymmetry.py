"""Cue asymmetry: classes of cues by side, and tests that exchange whole articles."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.articles import read_articles
from bias_toolkit.asymmetry import (
    DRAWS,
    FEWEST_EXPECTED,
    FEWEST_TO_TEST,
    _Keys,
    _two_samples,
    cue_asymmetry,
    cue_class_names,
    cue_shares,
    holm,
    side_asymmetry,
)
from bias_toolkit.lexicon import Lexicon, load_lexicons
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.sourcing import attributed

ROOT = Path(__file__).parent.parent
_KEYS = ("outlet", "side", "cue_class")

SMALL = """
name = "small"
[[actors]]
name = "Armenia"
side = "Armenia"
aliases = ["Yerevan"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku"]
"""


def text_of(cues: dict[str, tuple[int, int]]) -> str:
    """An article in which each speaker claims so often, and says so often."""
    sentences = []
    for speaker, (claims, says) in cues.items():
        sentences += [f"{speaker} claimed that it was over."] * claims
        sentences += [f"{speaker} said that it was late."] * says
    return " ".join(sentences) or "Nobody spoke."


def made_of(small: list[Lexicon], cues: dict[str, list[dict[str, tuple[int, int]]]]) -> Profile:
    """Articles of each outlet with the cues given."""
    rows = [
        {"id": f"{outlet}{n}", "outlet": outlet, "text": f"{text_of(of_one)} {outlet} {n}."}
        for outlet, articles in cues.items()
        for n, of_one in enumerate(articles)
    ]
    return profile(pd.DataFrame(rows), small)


def random_cues(seed: int, sizes: dict[str, int], claims: float) -> dict[str, list]:
    rng = np.random.default_rng(seed)
    made = {}
    for outlet, size in sizes.items():
        made[outlet] = [
            {
                speaker: (int(rng.binomial(n, claims)), int(n))
                for speaker, n in (("Baku", rng.integers(1, 5)), ("Yerevan", rng.integers(0, 4)))
            }
            for _ in range(size)
        ]
    return made


def row_of(table: pd.DataFrame, **keys: str) -> pd.Series:
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


# ------------------------------------------------------------------ the tests, written out


def studentised(x: np.ndarray, n: np.ndarray, chosen: tuple[int, ...]) -> float:
    """Difference of two shares over its error, each error by linearisation."""
    inside = np.isin(np.arange(len(x)), chosen)
    shares, errors = [], []
    for side in (inside, ~inside):
        share = x[side].sum() / n[side].sum()
        rest = x[side] - share * n[side]
        size = side.sum()
        shares.append(share)
        errors.append((rest**2).sum() / n[side].sum() ** 2 * size / (size - 1))
    return abs(shares[0] - shares[1]) / np.sqrt(sum(errors))


def test_between_outlets_every_exchange_of_articles_is_tried(small):
    """Ten articles a side: p is the share of the 184,756 exchanges that go as far."""
    cues = random_cues(1, {"A": 10, "B": 10}, 0.5)
    part = made_of(small, cues)
    row = row_of(cue_asymmetry(part, "A", "B"), side="Azerbaijan", cue_class="distancing")
    pairs = [article["Baku"] for outlet in "AB" for article in cues[outlet]]
    x = np.array([claims for claims, _ in pairs], float)
    n = np.array([claims + says for claims, says in pairs], float)
    observed = studentised(x, n, tuple(range(10)))
    rng = np.random.default_rng(0)
    every = list(combinations(range(20), 10))
    some = [every[i] for i in rng.choice(len(every), 3000, replace=False)]
    reached = np.mean([studentised(x, n, one) >= observed * (1 - 1e-9) for one in some])

    assert row["draws"] == 0 and row["reason"] == ""
    assert row["p"] == pytest.approx(reached, abs=4 * np.sqrt(0.25 / 3000))
    assert row["p"] * len(every) == pytest.approx(round(row["p"] * len(every)))


def flipped(one: np.ndarray, other: np.ndarray, flips: tuple[int, ...]) -> float:
    """The same for two sides, after their exchange in some articles; the errors are joint."""
    swap = np.array(flips, bool)[:, None]
    first, second = np.where(swap, other, one), np.where(swap, one, other)
    shares = [side[:, 0].sum() / side[:, 1].sum() for side in (first, second)]
    rest = sum(
        sign * (side[:, 0] - share * side[:, 1]) / side[:, 1].sum()
        for sign, side, share in zip((1, -1), (first, second), shares, strict=True)
    )
    return abs(shares[0] - shares[1]) / np.sqrt((rest**2).sum())


def test_between_sides_every_exchange_within_articles_is_tried(small):
    """Ten articles: p is the share of the 1,024 exchanges that go as far."""
    cues = {"A": [{"Baku": (n % 3, 1 + n % 2), "Yerevan": (1, 1 + n % 4)} for n in range(10)]}
    row = row_of(side_asymmetry(made_of(small, cues)), cue_class="distancing")
    one = np.array([[1, 2 + n % 4] for n in range(10)], float)  # Armenia's, first in the alphabet
    other = np.array([[n % 3, n % 3 + 1 + n % 2] for n in range(10)], float)
    far = [flipped(one, other, flips) for flips in product((0, 1), repeat=10)]
    expected = np.mean(np.array(far) >= far[0] * (1 - 1e-9))

    assert (row["side"], row["other_side"], row["draws"]) == ("Armenia", "Azerbaijan", 0)
    assert row["p"] == pytest.approx(expected)


def test_random_exchanges_come_close_to_all_of_them(small, monkeypatch):
    cues = random_cues(4, {"A": 10, "B": 10}, 0.4)
    part = made_of(small, cues)
    every = cue_asymmetry(part, "A", "B")
    monkeypatch.setattr("bias_toolkit.asymmetry._ALL", 0)
    drawn = cue_asymmetry(part, "A", "B")
    some = every["p"].notna()

    assert some.any() and (drawn.loc[some, "draws"] == DRAWS).all()
    assert drawn.loc[some, "p"].to_numpy() == pytest.approx(
        every.loc[some, "p"].to_numpy(), abs=0.05
    )


# ------------------------------------------------------------------ laws


@pytest.fixture(scope="module")
def corpus(small: list[Lexicon]) -> Profile:
    return made_of(small, random_cues(2, {"A": 14, "B": 25, "C": 12}, 0.3))


@pytest.fixture(scope="module")
def pair(corpus: Profile) -> Profile:
    return corpus.select(corpus.units["outlet"].isin(["A", "B"]).to_numpy())


def test_exchanging_the_outlets_mirrors_every_number(pair):
    ab, ba = cue_asymmetry(pair, "A", "B"), cue_asymmetry(pair, "B", "A")
    swap = {f"{x}_{n[2:]}": f"{y}_{n[2:]}" for x, y in ("ab", "ba") for n in ba if n[:2] == "a_"}
    mirrored = ba.rename(columns=swap).assign(
        difference=-ba["difference"], low=-ba["high"], high=-ba["low"]
    )
    columns = [name for name in ab if name != "reason"]

    assert ab["p"].notna().any() and ab["draws"].max() == DRAWS
    pd.testing.assert_frame_equal(mirrored[columns], ab[columns], check_exact=True)


def test_exchanging_the_sides_in_the_texts_changes_no_p(small):
    cues = random_cues(6, {"A": 14}, 0.4)
    swapped = {
        "A": [{"Baku": one["Yerevan"], "Yerevan": one["Baku"]} for one in cues["A"]],
    }
    one, other = (side_asymmetry(made_of(small, c)) for c in (cues, swapped))

    assert one["p"].notna().any()
    assert other["p"].to_numpy() == pytest.approx(one["p"].to_numpy(), nan_ok=True, abs=1e-12)
    assert other["difference"].to_numpy() == pytest.approx(-one["difference"].to_numpy())


def test_the_order_of_articles_and_another_outlet_change_nothing(small, pair):
    cues = random_cues(2, {"A": 14, "B": 25, "C": 12}, 0.3)
    backwards = made_of(small, dict(reversed(cues.items())))
    both = backwards.select(backwards.units["outlet"].isin(["A", "B"]).to_numpy())

    assert cue_asymmetry(both, "A", "B").to_csv() == cue_asymmetry(pair, "A", "B").to_csv()
    mine = side_asymmetry(backwards).query("outlet == 'A'")
    assert mine.to_csv(index=False) == side_asymmetry(pair["A"]).to_csv(index=False)


def test_a_seed_is_an_argument(pair):
    first, again, other = (cue_asymmetry(pair, "A", "B", seed=seed)["p"] for seed in (0, 0, 1))
    some = first.notna()

    assert first.equals(again) and not first.equals(other)
    assert np.abs(first - other)[some].max() < 0.06


@pytest.mark.parametrize(
    ("na", "nb", "talk"),
    [(10, 40, 1), (40, 12, 1), (30, 30, 3)],
    ids=["small against large", "large against small", "talkative against terse"],
)
def test_outlets_that_choose_cues_alike_are_seldom_told_apart(na, nb, talk):
    """Neither more articles nor three times as many cues in each pass for another choice.

    Of 60 pairs 5 % is 3; the chance of more than 9 is below 1 in 1,000.  The test itself is
    called, because texts would take long.
    """
    size = na + nb
    keys = _Keys(SimpleNamespace(units=pd.DataFrame({"id": np.arange(size)})), 0)  # type: ignore[arg-type]
    mine = np.arange(size) < na
    found = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        of = rng.integers(1, 5, size) * np.where(mine, talk, 1)
        count = rng.binomial(of, rng.beta(4, 6, size))  # each writer has habits
        cues = [(count.astype(float), of.astype(float))]
        found += _two_samples(cues, mine, keys, np.arange(size))[0].p <= 0.05

    assert found <= 9


def test_another_choice_of_cues_is_found(small):
    """A's Baku claims in three of four cues, B's in one of four."""
    cues = {
        "A": [{"Baku": (3, 1)} for _ in range(12)],
        "B": [{"Baku": (1, 3)} for _ in range(11)] + [{"Baku": (2, 2)}],
    }
    row = row_of(
        cue_asymmetry(made_of(small, cues), "A", "B"), side="Azerbaijan", cue_class="distancing"
    )

    assert row[["a_count", "b_count", "a_of", "b_of"]].tolist() == [36, 13, 48, 48]
    assert row["difference"] == pytest.approx(23 / 48)
    assert row["p"] == pytest.approx(1 / (1 + DRAWS))  # no random exchange goes as far
    assert row["p_fwer"] <= 0.05


def test_speakers_of_no_known_side_are_described_and_not_tested(small):
    """ "John Roe" is on no side: what he adds to the tables moves no p-value of a side."""
    cues = {
        "A": [{"Baku": (3, 1), "John Roe": (3, 1)} for _ in range(12)],
        "B": [{"Baku": (1, 3), "John Roe": (1, 3)} for _ in range(12)],
    }
    table = cue_asymmetry(made_of(small, cues), "A", "B")
    rest = table[table["side"] == ""]
    without = {
        name: [{"Baku": article["Baku"]} for article in articles] for name, articles in cues.items()
    }
    sides = table[table["side"] != ""].reset_index(drop=True)

    assert row_of(rest, cue_class="distancing")[["a_count", "b_count"]].tolist() == [36, 12]
    assert rest["p"].isna().all() and rest["p_fwer"].isna().all() and (rest["draws"] == 0).all()
    assert set(rest["reason"]) == {"speakers of no known side are described, not tested"}
    assert sides["p"].notna().sum() == 2
    pd.testing.assert_series_equal(
        sides["p_fwer"], cue_asymmetry(made_of(small, without), "A", "B")["p_fwer"]
    )


# ------------------------------------------------------------------ why there is no test


def test_too_few_articles_are_said_to_be_too_few(small):
    cues = {"A": [{"Baku": (3, 3)}] * FEWEST_TO_TEST, "B": [{"Baku": (3, 3)}] * 9}
    cues["B"] += [{"Yerevan": (1, 1)}]  # an article without a cue of the side does not count
    row = row_of(
        cue_asymmetry(made_of(small, cues), "A", "B"), side="Azerbaijan", cue_class="neutral"
    )

    assert np.isnan(row["p"]) and np.isnan(row["p_fwer"])
    assert row["reason"] == "articles with cues of the side: A 10, B 9; a test needs 10 of each"


def test_too_few_cues_are_said_to_be_too_few(small):
    """Six of 80 cues claim, half of them to be expected in either outlet: 3.0."""
    cues = {name: [{"Baku": (int(n < 3), 4 - int(n < 3))} for n in range(10)] for name in "AB"}
    table = cue_asymmetry(made_of(small, cues), "A", "B")

    assert row_of(table, side="Azerbaijan", cue_class="distancing")["reason"] == (
        f"cues of this class to be expected: A 3.0, B 3.0; a test needs {FEWEST_EXPECTED} of each"
    )
    assert row_of(table, side="Azerbaijan", cue_class="neutral")["reason"] == (
        "cues of the other classes to be expected: A 3.0, B 3.0; a test needs "
        f"{FEWEST_EXPECTED} of each"
    )
    assert row_of(table, side="Azerbaijan", cue_class="denying")["reason"] == (
        "no cue of this class"
    )


def test_seeds_are_described_and_not_tested():
    part = profile(ROOT / "seeds", load_lexicons("nagorno_karabakh"))
    table = side_asymmetry(part)
    row = row_of(table, outlet="TASS", side="Armenia", other_side="Russia", cue_class="distancing")

    assert row[["count", "other_count"]].tolist() == [2, 0]  # claimed, alleged
    assert table["p"].isna().all() and (table["reason"] != "").all()


# ------------------------------------------------------------------ tables


def test_cue_shares_hold_the_counts_of_all_cues_that_introduce(small):
    """A slow recount: all cues but the negated ones, which introduce nobody's words."""
    part = profile(read_articles(ROOT / "seeds"), small)
    table = cue_shares(part)
    counts = table[table["count"] > 0].set_index(["outlet", "side", "cue_class"])["count"]
    cues = attributed(part)
    cues = cues[cues["cue"] != ""]
    introduce = cues[~cues["negated"].astype(bool)]

    assert counts.to_dict() == Counter(zip(*(introduce[key] for key in _KEYS), strict=True))
    assert len(introduce) < len(cues)
    shares = table[table["of"] > 0].groupby(["outlet", "side"])["share"].sum()
    assert shares.tolist() == pytest.approx([1] * len(shares))


def test_classes_that_never_occur_are_listed_with_0(small):
    part = made_of(small, {"A": [{"Baku": (1, 2)}], "B": [{"Yerevan": (0, 1)}]})
    table = cue_shares(part)
    mine = table[(table["outlet"] == "A") & (table["side"] == "Azerbaijan")]
    rest = table[(table["outlet"] == "A") & (table["side"] == "Armenia")]

    assert mine["cue_class"].tolist() == list(cue_class_names())
    assert mine.set_index("cue_class")["count"].to_dict() == {
        **dict.fromkeys(cue_class_names(), 0), "distancing": 1, "neutral": 2,
    }  # fmt: skip
    assert rest["share"].isna().all() and (rest["of"] == 0).all()


def test_holm_steps_down_and_leaves_the_untested_out():
    """Three tested: .01 x 3, then .03 x 2, then .04 x 1, never smaller than before."""
    p = np.array([0.04, np.nan, 0.01, 0.03])

    assert holm(p).tolist() == pytest.approx([0.06, np.nan, 0.03, 0.06], nan_ok=True)
    assert holm(np.array([0.9, 0.8])).tolist() == [1, 1]
    assert holm(np.array([])).tolist() == []


def test_no_cues_give_empty_tables(small):
    part = made_of(small, {"A": [{}], "B": [{}]})
    for table in (cue_shares(part), cue_asymmetry(part, "A", "B"), side_asymmetry(part)):
        assert table.empty
    assert {"side", "cue_class", "a_share", "p", "p_fwer", "draws", "reason"} <= set(
        cue_asymmetry(part, "A", "B")
    )
    assert {"outlet", "side", "other_side", "p", "reason"} <= set(side_asymmetry(part))
    assert {"outlet", "side", "cue_class", "share", "low"} <= set(cue_shares(part))


def test_a_negated_cue_introduces_nobodys_words(small):
    text = "Baku did not claim that it was over. Baku said that it was late."
    articles = pd.DataFrame({"outlet": ["A"], "text": [text]})
    table = cue_shares(profile(articles, small))

    assert table[table["count"] > 0][["cue_class", "count", "of"]].to_numpy().tolist() == [
        ["neutral", 1, 1]
    ]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_seed_alone_decides_random_exchanges(small, seed):
    """25 articles a side: too many exchanges to try all."""
    rng = np.random.default_rng(3)
    outlets = {name: [{"Baku": tuple(rng.integers(1, 5, 2))} for _ in range(25)] for name in "AB"}
    part = made_of(small, outlets)
    first, again, other = (
        cue_asymmetry(part, "A", "B", seed=number)["p"].dropna().tolist()
        for number in (seed, seed, seed + 1)
    )

    assert first == again and first != other
