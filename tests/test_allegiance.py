"""Whose side a source phrase is on: the actor at its head, or whose office or body it is."""

from __future__ import annotations

import pandas as pd
import pytest

from bias_toolkit.annotation import annotate

# Source phrases and the sides that they belong to; "" for none that the lexicons know.
PHRASES = {
    "Russian officials": "Russia",
    "The spokesman for the Russian president": "Russia",
    "The leaders of Hamas": "Hamas",
    "The Ministry of Agriculture of Armenia": "Armenia",
    "The head of the Kremlin": "Russia",
    "Many of Putin’s aides": "Russia",
    "A member of the Republican Party": "Republicans",
    "Officials in Iran": "",
    "A threat from Hamas": "",
    "A source close to the Kremlin": "",
    "An envoy to Russia": "",
    "A Turkish envoy to Russia": "Turkey",
    "A poll of Republicans": "",
    "The Committee for Peace in Iran": "",
    "Some Iran hawks in Congress": "",
    "Kremlin critics": "",
    "Putin’s opponents": "",
    "Russia experts": "",
    "A Russian analyst": "",
    "UN experts": "United Nations",
    "Republican critics": "Republicans",
    "A Washington-based fellow": "",
    "The Iran-backed militia": "",
    "The Hamas-run ministry": "Hamas",
    "An American Enterprise Institute fellow": "",
    "The then-president of Russia": "Russia",
    "John Roe, the spokesman for Hamas,": "Hamas",
    "John Roe, an analyst in Moscow, Russia,": "",
    "The officer from Ohio, a Democrat,": "Democrats",
}


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    """The attributions of one article a phrase."""
    texts = [f"{phrase} said that the plan had failed." for phrase in PHRASES]
    articles = pd.DataFrame({"id": list(PHRASES), "outlet": "A", "title": "", "text": texts})
    return annotate(articles).attributions.drop_duplicates("article").set_index("article")


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_source_is_on_the_side_that_it_belongs_to(found, phrase):
    assert found.loc[phrase, "side"] == PHRASES[phrase]


@pytest.mark.parametrize("phrase", PHRASES)
def test_the_source_is_the_whole_phrase(found, phrase):
    """Else the test above would test nothing."""
    row = found.loc[phrase]
    name = phrase.split(",")[0] if phrase.startswith("John") else phrase.strip(",")

    assert row["source_start"] <= (0 if "," not in phrase else len(phrase))
    assert row["source_end"] - row["source_start"] >= len(name) - len("The ")


def test_an_alias_that_names_a_critic_is_a_name():
    """The longest name wins: a Russian dissident is no Russian official."""
    text = "Russian dissidents said that the plan had failed."
    articles = pd.DataFrame({"id": ["a"], "outlet": "A", "title": "", "text": [text]})
    row = annotate(articles).attributions.iloc[0]

    assert (row["actor"], row["side"]) == ("Russian opposition", "Russian opposition")
