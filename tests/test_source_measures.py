"""The measures of sources, cues and labels, as a comparison of outlets shows them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.attribution import VOICES
from bias_toolkit.comparison import Comparison, Comparisons, compare, compare_all
from bias_toolkit.lexicon import Lexicon, load_lexicons
from bias_toolkit.profiles import Profile, load_profile, profile
from bias_toolkit.sourcekinds import KINDS

ROOT = Path(__file__).parent.parent
PAIR = ("sources", "diversity", "cue_asymmetry", "side_asymmetry", "adoption", "first_uses",
        "distance")  # fmt: skip
ALL = (*PAIR, "cue_shares")

SMALL = """
name = "small"
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
kind = "government"
aliases = ["Baku"]
[[actors]]
name = "Armenia"
side = "Armenia"
kind = "government"
aliases = ["Yerevan"]
[[referents]]
name = "the fighting"
labels = [
  { label = "war", side = "Armenia", terms = ["war"] },
  { label = "measures", side = "Azerbaijan", terms = ["measures"] },
]
"""


def random_articles(outlets: str, seed: int = 0) -> pd.DataFrame:
    """Fourteen articles an outlet: reported, quoted, nested and scare-quoted labels by chance."""
    sentences = [
        "Baku said that the measures went on.",
        "Yerevan claimed that the war was lost.",
        "Residents claimed that the war was over.",
        "“The war is not over,” Yerevan said.",
        "Baku announced what it called “local measures” there.",
        "Baku said that Yerevan denied that the war was over.",
        "Analysts said that it was late.",
        "Thousands left after the “measures” there.",
        "The war and the measures went on.",
    ]
    rows = []
    for outlet in outlets:
        rng = np.random.default_rng([seed, ord(outlet)])  # whichever others stand beside it
        for n in range(14):
            text = " ".join(rng.choice(sentences, rng.integers(3, 12)))
            day = f"2023-09-{rng.integers(1, 29):02}"
            rows.append({"id": f"{outlet}{n}", "outlet": outlet, "text": text, "date": day})
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def corpus(small: list[Lexicon]) -> Profile:
    return profile(random_articles("ABC"), small)


@pytest.fixture(scope="module")
def seeds() -> Profile:
    return profile(ROOT / "seeds", load_lexicons("nagorno_karabakh"))


def csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False)


def mirrored(table: pd.DataFrame) -> pd.DataFrame:
    """*table* with a and b exchanged: names of columns, signs of differences, ends of intervals."""
    swap = {"a": "b", "b": "a"}
    names = {
        name: swap[name[0]] + name[1:]
        for name in table
        if name in swap or name.startswith(("a_", "b_"))
    }
    found = table.rename(columns=names)
    if "difference" in table:
        found["difference"] = -table["difference"]
    if "a_share" in table or "a" in table:
        found["low"], found["high"] = -table["high"], -table["low"]
    return found[list(table)]


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("name", PAIR)
def test_exchanging_the_outlets_mirrors_every_number(corpus, name):
    ab, ba = (getattr(compare(corpus, *pair), name) for pair in (("A", "B"), ("B", "A")))
    other = mirrored(ba) if name in ("sources", "diversity", "cue_asymmetry", "distance") else ba
    columns = [column for column in ab if column != "reason"]  # which names the outlets in order

    assert len(ab)
    pd.testing.assert_frame_equal(other[columns], ab[columns], check_exact=True)


@pytest.mark.parametrize("name", PAIR)
def test_another_outlet_changes_nothing(corpus, small, name):
    alone = profile(random_articles("AB"), small)

    assert csv(getattr(compare(corpus, "A", "B"), name)) == csv(
        getattr(compare(alone, "A", "B"), name)
    )


@pytest.mark.parametrize("name", ALL)
def test_the_order_of_articles_and_a_trip_to_the_disk_change_nothing(corpus, small, name, tmp_path):
    mixed = profile(random_articles("ABC").sample(frac=1, random_state=1), small)
    corpus.save(tmp_path)
    expected = csv(getattr(compare_all(corpus), name))

    assert csv(getattr(compare_all(mixed), name)) == expected
    assert csv(getattr(compare_all(load_profile(tmp_path)), name)) == expected


@pytest.mark.parametrize("name", ALL)
def test_every_measure_says_something_of_the_seeds(seeds, name):
    assert len(getattr(compare_all(seeds), name))


def test_outlets_against_the_rest(corpus):
    """All others together are one outlet."""
    result = compare(corpus, "A")
    rest = {name: getattr(result, name) for name in PAIR}

    assert all(len(table) for table in rest.values())
    assert rest["sources"]["b_of_articles"].max() == 28


# ------------------------------------------------------------------ what is shown


def test_shares_of_words_by_voice_are_among_the_metrics(corpus):
    """Of every voice, with the difference and its interval over articles."""
    table = compare(corpus, "A", "B").metrics.set_index("metric")
    shares = table.loc[[f"share.{voice}" for voice in VOICES]]

    assert shares["a"].sum() == pytest.approx(1) and shares["b"].sum() == pytest.approx(1)
    assert (shares["a"] - shares["b"]).tolist() == pytest.approx(shares["difference"].tolist())
    assert shares.loc["share.quote", ["low", "high"]].notna().all()
    each = compare_all(corpus).metrics.set_index(["metric", "outlet"])
    assert each.loc[("share.quote", "A"), ["low", "high"]].notna().all()


def test_a_comparison_of_two_holds_the_numbers_of_all(corpus):
    """A pair's counts are those of the table of all outlets; zeros aside."""
    two, every = compare(corpus, "A", "B"), compare_all(corpus)
    for name, keys in (
        ("sources", ["by", "source", "words"]),
        ("distance", ["by", "referent", "label", "side"]),
    ):
        wide = getattr(two, name).set_index(keys)
        long = getattr(every, name).set_index(["outlet", *keys])
        for side, outlet in (("a", "A"), ("b", "B")):
            mine = long.loc[outlet].reindex(wide.index)
            for column in ("count", "of", "share"):
                assert wide[f"{side}_{column}"].tolist() == pytest.approx(
                    mine[column].tolist(), nan_ok=True
                )


def test_sources_list_every_kind_and_side(corpus):
    table = compare(corpus, "A", "B").sources
    kinds = table[(table["by"] == "kind") & (table["words"] == "both")].set_index("source")

    assert kinds.index.tolist() == list(KINDS)
    assert kinds.loc["military", ["a_count", "b_count"]].tolist() == [0, 0]
    assert (kinds.loc[["officials", "civilians", "experts"], ["a_count", "b_count"]] > 0).all(
        axis=None
    )
    assert kinds.loc[["officials", "civilians"], ["low", "high"]].notna().all(axis=None)


def test_cues_of_all_pairs_stand_with_their_outlets(corpus):
    """Holm over the rows of one pair and over those of all pairs."""
    whole = compare_all(corpus)
    table = whole.cue_asymmetry
    first = table[(table["a"] == "A") & (table["b"] == "B")]
    pair = whole.pairs[0].cue_asymmetry

    assert csv(first[list(pair)]) == csv(pair)
    assert set(zip(table["a"], table["b"], strict=True)) == {("A", "B"), ("A", "C"), ("B", "C")}
    tested = table.dropna(subset="p")
    assert len(tested) and (tested["p_fwer_all"] >= tested["p_fwer"]).all()
    assert tested["p_fwer_all"].notna().all()


def test_outlets_of_different_times_are_described_and_not_tested(small):
    articles = random_articles("AB")
    later = articles["date"].str.replace("2023", "2020").where(articles["outlet"] == "A")
    result = compare(profile(articles.assign(date=later.fillna(articles["date"])), small), "A", "B")
    table = result.cue_asymmetry

    assert not result.facts.comparable
    assert table["p"].isna().all() and table["a_share"].notna().any()
    assert set(table["reason"]) == {"the two outlets wrote at different times"}


def test_adoption_of_either_outlet(corpus):
    """Rows of both outlets; who carried a label first names one of them or both."""
    result = compare(corpus, "A", "B")

    assert set(result.adoption["outlet"]) == {"A", "B"}
    assert set(result.first_uses["outlet"]) <= {"A", "B", "A or B"}


@pytest.mark.parametrize("texts", [("Nothing.", "Nobody."), ("", "")])
def test_nothing_to_measure_gives_tables_with_their_columns(small, texts):
    """Nobody speaks, no label stands anywhere."""
    articles = pd.DataFrame({"outlet": ["A", "B"], "text": [f"{text} x" for text in texts]})
    part = profile(articles, small)
    full = profile(random_articles("AB"), small)
    pairs: list[tuple[Comparison | Comparisons, Comparison | Comparisons, tuple[str, ...]]] = [
        (compare(part, "A", "B"), compare(full, "A", "B"), PAIR),
        (compare_all(part), compare_all(full), ALL),
    ]
    for empty, filled, names in pairs:
        for name in names:
            table = getattr(empty, name)

            assert list(table) == list(getattr(filled, name)), name
            shown = [column for column in ("count", "a_count") if column in table]
            assert table[shown].eq(0).all(axis=None)
