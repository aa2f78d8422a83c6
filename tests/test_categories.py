"""Categories: a family of their own, the same test as for words, and what they hang on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bias_toolkit import profile
from bias_toolkit.categories import (
    COLUMNS,
    category_keyness,
    category_names,
    category_table,
    counted_part,
)
from bias_toolkit.comparison import compare, compare_all
from bias_toolkit.keyness import ALPHA
from bias_toolkit.keyterms import Contrast
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.profiles import Profile
from bias_toolkit.shifts import without_strongest

COLOURS = "red blue green grey black white brown pink".split()
LEXICON = Lexicon(
    "hues",
    "hues",
    categories=(
        Category("colour", "", tuple(map(Term, COLOURS))),
        Category("animal", "", (Term("horse"), Term("cow"))),
        Category("unused", "", (Term("zeppelin"),)),
    ),
)


def newsroom(outlet: str, number: int, colours: int, seed: int = 0) -> pd.DataFrame:
    """Articles of chance words; the first *colours* hold a colour, each in turn another."""
    rng = np.random.default_rng([seed, *outlet.encode()])
    plain = [f"word{n}" for n in range(60)]
    rows = []
    for n in range(number):
        words = rng.choice(plain, 40).tolist()
        words += [COLOURS[n % len(COLOURS)]] if n < colours else ["thing"]
        words += ["horse"] if n % 2 else ["cart"]
        text = "The " + " ".join(words) + "."
        rows.append({"id": f"{outlet}{n}", "outlet": outlet, "title": "", "text": text})
    return pd.DataFrame(rows).assign(date="2024-01-05")


def profiled(*articles: pd.DataFrame) -> Profile:
    return profile(pd.concat(articles, ignore_index=True), [LEXICON])


@pytest.fixture(scope="module")
def part() -> Profile:
    return profiled(newsroom("A", 24, 20), newsroom("B", 24, 2))


# ------------------------------------------------------------------ laws


def test_exchanging_the_outlets_mirrors_the_tests(part: Profile):
    ab, ba = compare(part, "A", "B").categories, compare(part, "B", "A").categories

    assert (ab["p_fwer"].dropna() == ba["p_fwer"].dropna()).all()
    assert (ab["log_odds"].dropna() == -ba["log_odds"].dropna()).all()
    assert (ab["odds_low"].dropna() == -ba["odds_high"].dropna()).all()
    assert ab["a_uses"].tolist() == ba["b_uses"].tolist()


def test_the_order_of_the_articles_changes_nothing(part: Profile):
    rows = pd.concat([newsroom("A", 24, 20), newsroom("B", 24, 2)], ignore_index=True)
    shuffled = profiled(rows.sample(frac=1, random_state=3))

    pd.testing.assert_frame_equal(
        compare(part, "A", "B").categories, compare(shuffled, "A", "B").categories
    )


def test_copies_do_not_count():
    """An article printed twice, word for word but for one, changes no number."""
    rows = pd.concat([newsroom("A", 24, 20), newsroom("B", 24, 2)], ignore_index=True)
    twice = rows[:1].assign(id="again", text=rows["text"][0].replace("horse", "pony") + " Again.")
    one, other = (compare(profiled(*some), "A", "B") for some in ([rows], [rows, twice]))
    columns = ["measure", "a_articles", "b_articles", "a_uses", "b_uses", "difference", "p_fwer"]

    assert other.contrast.articles == (24, 24)
    pd.testing.assert_frame_equal(one.categories[columns], other.categories[columns])


# ------------------------------------------------------------------ cases


def test_a_category_is_found_whose_words_are_not(part: Profile):
    """20 of 24 articles against 2, and no colour in more than three."""
    result = compare(part, "A", "B")
    table = result.categories.set_index("measure")
    words = result.terms[result.terms["term"].isin(COLOURS)]

    assert table.loc["hues.colour", "p_fwer"] <= ALPHA
    assert table.loc["hues.colour", ["a_articles", "b_articles"]].tolist() == [20, 2]
    assert table.loc["hues.colour", "log_odds"] > 2
    assert (words["p_fwer"] > ALPHA).all()
    assert table.loc["hues.animal", "p_fwer"] > 0.5


def test_the_family_is_that_of_categories(part: Profile):
    contrast = compare(part, "A", "B").contrast

    assert category_names(contrast) == ["hues.animal", "hues.colour"]
    assert len(category_keyness(contrast).terms) == 2


def test_what_too_few_carry_is_not_tested(part: Profile):
    row = compare(part, "A", "B").categories.set_index("measure").loc["hues.unused"]

    assert np.isnan(row["p_fwer"]) and not row["testable"] and row["found_by"] == ""


def test_below_ten_articles_categories_are_described():
    few = profiled(newsroom("A", 9, 9), newsroom("B", 24, 0))
    table = compare(few, "A", "B").categories

    assert table["p_fwer"].isna().all() and not table["testable"].any()
    assert table["a_articles"].tolist()[:2] == [9, 4]
    assert table["low"].notna().any()  # an interval takes five articles


def test_the_rates_are_those_of_the_articles_that_count(part: Profile):
    contrast = compare(part, "A", "B").contrast
    counted = counted_part(contrast)
    table = category_table(contrast, counted)

    assert list(table) == COLUMNS
    pd.testing.assert_frame_equal(
        table[COLUMNS[:15]], without_strongest(counted, "A", "B")[COLUMNS[:15]]
    )


def test_a_profile_without_word_lists_has_no_categories():
    rows = pd.concat([newsroom("A", 12, 3), newsroom("B", 12, 3)])
    bare = profile(rows, [])

    assert compare(bare, "A", "B").categories.empty
    assert category_keyness(Contrast(bare, "A", "B")) is None


def test_over_all_pairs_p_values_are_adjusted_again():
    whole = compare_all(profiled(*(newsroom(o, 12, n) for o, n in (("A", 12), ("B", 0), ("C", 6)))))
    table = whole.categories

    assert table[["a", "b"]].drop_duplicates().to_numpy().tolist() == [
        ["A", "B"],
        ["A", "C"],
        ["B", "C"],
    ]
    tested = table["p_fwer"].notna()
    assert (table["p_fwer_all"][tested] >= table["p_fwer"][tested]).all()
    assert table["p_fwer_all"][~tested].isna().all()


def test_outlets_of_different_times_have_no_categories():
    late = newsroom("B", 12, 0).assign(date="2020-01-01")
    whole = compare_all(profiled(newsroom("A", 12, 9), late))

    assert list(whole.pairs[0].categories) == COLUMNS
    assert whole.categories.empty and whole.pairs[0].shifts == {}
