"""Tests of labels: exact, mirrored, and about the choice of a name, not how often it is needed."""

from __future__ import annotations

import importlib.util
import itertools
import os
import sys
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.comparison import Comparison, compare, compare_all
from bias_toolkit.labeltests import (
    NO_COUNTERPART,
    ONLY_LABEL,
    OUT_OF_REACH,
    in_words,
    untested,
)
from bias_toolkit.lexicon import Lexicon, load_lexicons
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.wordchoice import mentions

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", ROOT / "../shared/data"))

SMALL = """
name = "small"
[[referents]]
name = "the city"
labels = [
  { label = "Kyiv", side = "Ukraine", terms = ["Kyiv"] },
  { label = "Kiev", side = "Russia", terms = ["Kiev"] },
]
[[referents]]
name = "the fighting"
labels = [
  { label = "war", side = "neutral", terms = ["war"] },
  { label = "operation", side = "Russia", terms = ["operation"] },
  { label = "invasion", side = "Ukraine", terms = ["invasion"] },
]
"""


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    filled = {"date": "2023-09-20", "title": ""}
    return pd.DataFrame([{"id": f"a{n:03}", **filled, **row} for n, row in enumerate(rows)])


def naming(outlet: str, *texts: tuple[str, int], **columns: object) -> list[dict[str, object]]:
    """Articles of an outlet: each text so many times, each time in words of its own: no copies."""
    tail = "".join(map(str, columns.values()))
    return [
        {"outlet": outlet, "text": f"{text} was named in piece {outlet}{n}{tail}.", **columns}
        for text, times in texts
        for n in range(times)
    ]


def labels_of(result: Comparison) -> pd.DataFrame:
    return result.label_tests.table.set_index(["referent", "label"])


# Words by chance: A likes "Kiev" and "operation".
WEIGHTS = {"A": (5, 2, 3, 4, 1), "B": (2, 5, 3, 1, 4), "C": (1, 1, 1, 1, 1)}
NAMES = np.array(["Kiev", "Kyiv", "war", "operation", "invasion"])


def random_articles(outlets: str, seed: int, number: int = 30) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for outlet in outlets:
        chances = np.array(WEIGHTS[outlet]) / sum(WEIGHTS[outlet])
        for n in range(number):
            words = " and ".join(rng.choice(NAMES, rng.integers(1, 5), p=chances))
            day = f"2023-09-{rng.integers(1, 29):02}"
            rows.append({"id": f"{outlet}{n}", "outlet": outlet, "text": f"{words}.", "date": day})
    return frame(*rows)


@pytest.fixture(scope="module")
def corpus(small: list[Lexicon]) -> Profile:
    return profile(random_articles("ABC", 0), small)


# ------------------------------------------------------------------ laws


def mirrored(table: pd.DataFrame) -> pd.DataFrame:
    """The table seen from the other outlet."""
    names = {f"{x}_{n}": f"{y}_{n}" for x, y in ("ab", "ba") for n in ("compared", "naming")}
    return table.rename(columns=names).assign(
        log_odds=-table["log_odds"], odds_low=-table["odds_high"], odds_high=-table["odds_low"]
    )[list(table)]


@pytest.mark.parametrize("unit", ["article", "block"])
def test_exchanging_the_outlets_mirrors_the_tests(corpus: Profile, unit: str):
    """To the last bit, reasons too."""
    one, other = (
        compare(corpus, a, b, unit=unit).label_tests.table for a, b in (("A", "B"), ("B", "A"))
    )

    assert one["p_fwer"].notna().any() and one["log_odds"].abs().gt(0).any()
    pd.testing.assert_frame_equal(mirrored(other), one, check_exact=True)


def test_the_order_of_articles_changes_nothing(small: list[Lexicon], corpus: Profile):
    shuffled = profile(random_articles("ABC", 0).sample(frac=1, random_state=3), small)

    pd.testing.assert_frame_equal(
        compare(shuffled, "A", "B").labels, compare(corpus, "A", "B").labels, check_exact=True
    )


def test_another_outlet_moves_no_number(small: list[Lexicon], corpus: Profile):
    alone = profile(random_articles("AB", 0), small)

    pd.testing.assert_frame_equal(
        compare(alone, "A", "B").labels, compare(corpus, "A", "B").labels, check_exact=True
    )


def test_an_article_added_twice_changes_nothing(small: list[Lexicon]):
    articles = random_articles("AB", 0)
    twice = pd.concat([articles, articles.head(7)], ignore_index=True)

    pd.testing.assert_frame_equal(
        compare(profile(twice, small), "A", "B").labels,
        compare(profile(articles, small), "A", "B").labels,
        check_exact=True,
    )


def test_a_copy_under_another_id_is_no_evidence(small: list[Lexicon]):
    """It counts among the uses, which the page shows, and not in the test."""
    articles = random_articles("AB", 0)
    story = " ".join(f"Word{n} went on to say thing{n} of place{n}." for n in range(40))
    articles.loc[0, "text"] += f" Kiev. {story}"
    copied = pd.concat([articles, articles.head(1).assign(id="copy")], ignore_index=True)
    one, other = (
        compare(profile(rows, small), "A", "B", strata=None) for rows in (articles, copied)
    )

    assert other.labels["a_count"].sum() > one.labels["a_count"].sum()
    pd.testing.assert_frame_equal(other.label_tests.table, one.label_tests.table, check_exact=True)


def test_chance_alone_is_rarely_called_a_difference(small: list[Lexicon]):
    """Of 12 pairs that choose alike, at most 3 may have a finding: more has a chance of .003."""
    found = 0
    for seed in range(12):
        rows = random_articles("CC", seed)
        rows["outlet"] = ["A"] * 30 + ["B"] * 30
        rows["id"] = [f"{seed}-{n}" for n in range(60)]
        result = compare(profile(rows, small), "A", "B", strata=None, draws=99)
        found += len(result.label_tests.found) > 0

    assert found <= 3


# ------------------------------------------------------------------ by hand


def all_deals(carriers: int, a: int, total: int) -> dict[int, float]:
    """Chances of the number of carriers among the first *a* of *total* articles, by dealing all."""
    deals = list(itertools.combinations(range(total), a))
    counts = [sum(article < carriers for article in deal) for deal in deals]
    return {n: counts.count(n) / len(deals) for n in set(counts)}


def mid_p(chances: dict[int, float], seen: int) -> float:
    """Twice the smaller tail, what was seen counting half."""
    at = chances[seen] / 2
    below = sum(p for n, p in chances.items() if n < seen) + at
    above = sum(p for n, p in chances.items() if n > seen) + at
    return min(2 * min(below, above), 1.0)


def test_p_is_that_of_dealing_the_articles_anew(small: list[Lexicon]):
    """7 of A's 10 articles and 2 of B's 10 say Kiev: all 184,756 deals of 20 articles."""
    rows = naming("A", ("Kiev", 7), ("Kyiv", 3)) + naming("B", ("Kiev", 2), ("Kyiv", 8))
    found = labels_of(compare(profile(frame(*rows), small), "A", "B", strata=None, unit="article"))
    expected = mid_p(all_deals(9, 10, 20), 7)

    assert expected == pytest.approx(
        2 * (sum(comb(9, n) * comb(11, 10 - n) for n in (8, 9)) + comb(9, 7) * comb(11, 3) / 2)
        / comb(20, 10)
    )  # fmt: skip
    assert found["p"].tolist() == pytest.approx([expected, expected])
    row = found.loc[("the city", "Kiev")]
    assert [row[n] for n in ("a_compared", "a_naming", "b_compared", "b_naming")] == [7, 10, 2, 10]


def test_p_holds_articles_against_those_of_their_stratum(small: list[Lexicon]):
    """Two events: the count of one deal is the sum of those of the events."""
    rows = naming("A", ("Kiev", 7), ("Kyiv", 1), event="one") + naming(
        "A", ("Kiev", 1), ("Kyiv", 3), event="two"
    )
    rows += naming("B", ("Kiev", 3), ("Kyiv", 3), event="one") + naming(
        "B", ("Kiev", 1), ("Kyiv", 6), event="two"
    )
    part = profile(frame(*rows), small)
    found = labels_of(compare(part, "A", "B", strata="event", unit="article"))
    one, two = all_deals(10, 8, 14), all_deals(2, 4, 11)
    both: dict[int, float] = {}
    for (n, p), (m, q) in itertools.product(one.items(), two.items()):
        both[n + m] = both.get(n + m, 0) + p * q

    assert found.loc[("the city", "Kiev"), "p"] == pytest.approx(mid_p(both, 8))


def test_who_names_a_thing_more_often_has_not_chosen_otherwise(small: list[Lexicon]):
    """Both outlets say Kiev for one use in five; only A's articles have five uses each."""
    often = "Kiev and Kyiv and Kyiv and Kyiv and Kyiv"
    rows = naming("A", (often, 30)) + naming("B", ("Kiev", 6), ("Kyiv", 24))
    result = compare(profile(frame(*rows), small), "A", "B", strata=None)
    labels = result.labels[result.labels["words"] == "outlet"].set_index("label")

    assert labels.loc["Kiev", ["a_share", "b_share"]].tolist() == [0.2, 0.2]
    assert labels.loc["Kiev", ["a_articles", "b_articles"]].tolist() == [30, 6]
    assert result.label_tests.found.empty
    assert set(labels_of(result)["reason"]) == {NO_COUNTERPART}


def test_p_over_all_is_over_the_labels_of_all_things(corpus: Profile):
    """Some of five reach by chance what one would not."""
    found = labels_of(compare(corpus, "A", "B", unit="article"))

    assert len(found) == 5 and found["p_fwer"].notna().all()
    assert (found["p_fwer"] > found["p"]).all()


# ------------------------------------------------------------------ what is not tested


def reasons(result: Comparison) -> dict[str, str]:
    table = result.labels[result.labels["words"] == result.words]
    assert table.loc[table["reason"] != "", "testable"].eq(False).all()
    return dict(zip(table["label"], table["reason"], strict=True))


def test_below_ten_articles_a_side_labels_are_described(small: list[Lexicon]):
    """However many articles do not name the thing."""
    rows = naming("A", ("Kiev", 9), ("Rain", 20)) + naming("B", ("Kyiv", 40))
    result = compare(profile(frame(*rows), small), "A", "B")
    expected = "articles that name it: A 9, B 40; a test needs 10 of each"

    assert reasons(result) == {"Kiev": expected, "Kyiv": expected}
    assert result.labels["p"].isna().all() and result.labels["p_fwer"].isna().all()
    assert result.label_method == in_words(result.label_tests)
    assert result.label_method[0].startswith("No label was tested: that takes 10 articles")


def test_the_only_label_of_a_thing_is_no_choice(small: list[Lexicon]):
    rows = naming("A", ("Kiev", 12)) + naming("B", ("Kiev", 12))

    assert reasons(compare(profile(frame(*rows), small), "A", "B")) == {"Kiev": ONLY_LABEL}


def test_a_label_of_one_article_cannot_be_tested(small: list[Lexicon]):
    rows = naming("A", ("Kiev", 1), ("Kyiv", 11), ("war", 14), ("invasion", 14))
    rows += naming("B", ("Kyiv", 12), ("war", 14), ("invasion", 14))
    result = compare(profile(frame(*rows), small), "A", "B", unit="article")

    assert reasons(result) == {
        "Kiev": OUT_OF_REACH, "Kyiv": OUT_OF_REACH, "war": "", "invasion": ""
    }  # fmt: skip
    assert result.labels.loc[result.labels["words"] == "outlet", "p"].notna().all()


def test_outlets_of_different_times_are_described(small: list[Lexicon]):
    rows = naming("A", ("Kiev", 12)) + naming("B", ("Kyiv", 12), date="2020-01-01")
    result = compare(profile(frame(*rows), small), "A", "B")

    assert set(reasons(result).values()) == {"the two outlets wrote at different times"}
    assert result.label_method == ["No label was tested: the two outlets wrote at different times."]


def test_only_the_compared_word_group_is_tested(corpus: Profile):
    result = compare(corpus, "A", "B", words="all")
    labels = result.labels

    assert labels.loc[labels["words"] == "all", "p_fwer"].notna().any()
    assert set(labels.loc[labels["words"] != "all", "reason"]) == {"tested in the word group 'all'"}
    assert labels.loc[labels["words"] != "all", "p_fwer"].isna().all()


def test_days_are_drawn_where_they_are_asked_for(corpus: Profile):
    """A label then has no p-value of its own."""
    found = compare(corpus, "A", "B", unit="block").label_tests

    assert found.unit == "block"
    assert found.table["p"].isna().all() and found.table["p_fwer"].notna().all()


def test_no_labels_give_an_empty_table(small: list[Lexicon]):
    rows = naming("A", ("Rain", 12)) + naming("B", ("Rain", 12))
    result = compare(profile(frame(*rows), small), "A", "B")

    assert result.labels.empty and {"difference", "p_fwer", "reason"} <= set(result.labels)
    assert result.label_tests.table.empty and result.who_said.empty and result.unlabelled.empty


def test_untested_rows_have_all_columns_and_a_reason():
    table = untested(pd.DataFrame({"referent": ["x"], "label": ["y"], "side": [""]}), "no reason")

    assert table.loc[0, ["a_naming", "found_by", "testable", "reason"]].tolist() == [
        0, "", False, "no reason"
    ]  # fmt: skip


# ------------------------------------------------------------------ several outlets, and words


def test_differences_of_all_pairs_have_a_p_over_all_of_them(corpus: Profile):
    """One row a pair and label; never smaller than the pair's own."""
    every = compare_all(corpus)
    table = every.label_differences
    pairs = [pair.labels[pair.labels["words"] == "outlet"] for pair in every]

    assert list(table)[:2] == ["a", "b"]
    assert len(table) == sum(map(len, pairs))
    assert (table["p_fwer_all"] >= table["p_fwer"]).where(table["p_fwer"].notna(), True).all()


def test_the_method_says_what_was_tested_and_how(small: list[Lexicon]):
    rows = naming("A", ("Kiev", 9), ("Kyiv", 5)) + naming("B", ("Kiev", 2), ("Kyiv", 12))
    result = compare(profile(frame(*rows), small), "A", "B", unit="article")

    assert result.label_method == [
        "2 labels of 1 thing were tested, 2 of them in articles enough for a difference to be "
        "found; whole articles were drawn.",
        "Each was tested among the articles that name the thing: does the label stand in more of "
        "one outlet’s than of the other’s?",
        "Articles are held against articles alike in month and in how often they name it; "
        "p-values are over all labels that were tested.",
    ]


def test_known_truths_are_recovered_with_intervals_apart(monkeypatch: pytest.MonkeyPatch):
    """Kiev, invaders and occupiers, and invasion, in headlines and ledes of 2022."""
    if not (DATA / "ruwa.jsonl.gz").exists():
        pytest.skip(f"no {DATA / 'ruwa.jsonl.gz'}; set BIAS_TOOLKIT_DATA to the folder of the data")
    spec = importlib.util.spec_from_file_location("truths", ROOT / "benchmarks/label_shares.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "truths", module)  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    rows = module.articles()
    known = {name for one in module.TRUTHS for group in one.groups for name in group}
    part = profile(rows[rows["outlet"].isin(known)], load_lexicons("ukraine"))
    uses = mentions(part)
    found = [module.verdict(module.shares(part, uses, one), one) for one in module.TRUTHS]

    assert found == [(True, True)] * 3
