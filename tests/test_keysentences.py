"""Sentences on one term: found, not found, and what could never be found are kept apart."""

from __future__ import annotations

import pandas as pd
import pytest

from bias_toolkit.comparison import compare
from bias_toolkit.profiles import Profile, profile


def corpus(a: int, b: int, *extra: tuple[str, str]) -> Profile:
    """Articles of Town, which say "regime", and of Hill, which say "government"; and more."""
    word = {"Town": "regime", "Hill": "government"}
    said = [("Town", "")] * a + [("Hill", "")] * b + list(extra)
    rows = [
        (f"{n:03d}", outlet, f"The {word[outlet]} of Place{n} met Envoy{n}. {more}")
        for n, (outlet, more) in enumerate(said)
    ]
    return profile(pd.DataFrame(rows, columns=["id", "outlet", "text"]), [])


RARE = [("Town", "Vandals fled."), ("Hill", "Vandals won.")]
SOME = [("Town", "Brigands fled.")] * 2 + [("Hill", "Brigands won.")] * 2
PHRASE = [("Town", "Fallow fields lay bare.")] * 4


@pytest.mark.parametrize(
    ("term", "start", "end"),
    [
        (
            "regime",
            "“regime” stands in 37 of 37 articles of Town and in 0 of 33 of Hill. So does “the "
            "regime of”, which is tested in its place. More in Town "
            "than chance gives: odds of an article carrying it ",
            "over all terms).",
        ),
        (
            "government",
            "“government” stands in 0 of 37 articles of Town and in 33 of 33 of Hill. So does “the "
            "government of”, which is tested in its place. More in Hill "
            "than chance gives: odds of an article carrying it ",
            "over all terms).",
        ),
        (
            "brigands",
            "“brigands” stands in 2 of 37 articles of Town and in 2 of 33 of Hill. Cannot be "
            "tested: however the articles that carry it were shared out",
            "it would be no finding.",
        ),
        (
            "Vandals",
            "“vandals” stands in 1 of 37 articles of Town and in 1 of 33 of Hill. Cannot be "
            "tested: a term of 2 articles could never be a finding.",
            "",
        ),
        ("hoplites", "“hoplites” stands in 0 of 37 articles of Town and in 0 of 33 of Hill.", ""),
        (
            "fallow fields",
            "“fallow fields” stands in 4 of 37 articles of Town and in 0 of 33 of Hill. So does "
            "“fallow fields lay”, which is tested in its place. ",
            "it would be no finding.",
        ),
    ],
)
def test_what_is_known_of_a_term_is_one_true_sentence(term: str, start: str, end: str):
    part = corpus(30, 30, *RARE, *SOME, *PHRASE)
    said = compare(part, "Town", "Hill", draws=199).about(term)

    assert said.startswith(start) and said.endswith(end or start)


def test_what_was_looked_for_and_not_found_may_be_chance():
    rain, snow = "Rain fell.", "Snow lay."
    some = [("Town", rain), ("Town", snow), ("Hill", rain), ("Hill", snow)] * 15
    said = compare(corpus(0, 0, *some), "Town", "Hill", draws=199).about("rain fell")

    assert "No difference was found: what there is may be chance (p = 1 over all terms)." in said


def test_exchanging_the_outlets_says_the_same():
    part = corpus(30, 30)
    said = compare(part, "Town", "Hill", draws=199).about("regime")
    turned = compare(part, "Hill", "Town", draws=199).about("regime")

    assert turned.partition(". ")[2] == said.partition(". ")[2]
    assert "0 of 30 articles of Hill and in 30 of 30 of Town" in turned


def test_few_articles_are_described_and_not_tested():
    few = compare(corpus(3, 4), "Town", "Hill")

    assert few.about("regime").endswith("Not tested: that takes 10 articles of each.")
    assert few.about("hoplites").endswith("Not tested: that takes 10 articles of each.")


def test_outlets_of_different_times_are_not_compared():
    rows = [("Town", "2020-01-01", "A b."), ("Hill", "2023-01-01", "A b.")]
    part = profile(pd.DataFrame(rows, columns=["outlet", "date", "text"]), [])

    said = compare(part, "Town", "Hill").about("b")
    assert said == "Not compared: Town and Hill wrote at different times."


@pytest.mark.parametrize(("term", "words"), [("", 0), ("one two three four", 4)])
def test_a_term_has_one_to_three_words(term: str, words: int):
    with pytest.raises(ValueError, match=f"has {words} words: a term of 1 to 3 words"):
        compare(corpus(12, 12), "Town", "Hill", draws=99).about(term)
