"""The lexicon of loaded words: what it must find, what it must not, what its notes promise."""

from __future__ import annotations

import pandas as pd
import pytest

import bias_toolkit as bt
from bias_toolkit.grammar import word_flags
from bias_toolkit.lexicon import load_lexicon, shipped_lexicons

LEXICON = load_lexicon(shipped_lexicons()["loaded"])
TERMS = {(c.name, t.text): t for c in LEXICON.categories for t in c.terms}


def hits(*texts: str) -> list[set[str]]:
    """The loaded words of each text, lower case."""
    frame = pd.DataFrame({"text": texts, "title": "", "outlet": "x"})
    frame["id"] = [str(number) for number in range(len(frame))]
    found = bt.annotate(frame, lexicons=[LEXICON]).hits
    words = found["text"].str.lower()
    return [set(words[found["article"] == str(number)]) for number in range(len(texts))]


NEUTRAL = [
    "The unions strike a deal with the port.",
    "It was her third attack on goal before the break.",
    "The state terrorism law was amended in March.",
    "He is recovering after radical surgery.",
    "The blast furnace will be relit in the autumn.",
    "The game ended with a slam dunk by the guard.",
    "The Nazi Party took power in Germany in 1933.",
    "Doctors removed a cancerous tumor from his lung.",
    "He was charged with a hate crime.",
    "The court ruled on unreasonable searches.",
    "Children went trick or treating.",
    "A CNN/ORC poll was published on Monday.",
    "In spite of the rain, the match was played.",
    "The army used special operations forces.",
    "The tax regime takes effect in May.",
]


@pytest.mark.parametrize("text", NEUTRAL)
def test_other_senses_are_silent(text):
    assert hits(text) == [set()]


LOADED = {
    "The radical left slammed his ludicrous, baseless claim.": {
        "radical left",
        "slammed",
        "ludicrous",
        "baseless",
    },
    "The far-right and its cronies prop up the regime.": {
        "far-right",
        "cronies",
        "prop up",
        "regime",
    },
    "He called reporters the enemy of the people.": {"enemy of the people"},
    "They are vermin, he said, the dregs of society.": {"vermin", "dregs of society"},
    "The shortsighted mayor sat idly by.": {"shortsighted", "sat idly by"},
}


@pytest.mark.parametrize("text", LOADED)
def test_loaded_words_are_found(text):
    assert hits(text) == [LOADED[text]]


def test_no_word_is_more_often_plain_than_the_notes_promise():
    """Weights run from 0.4 to 1."""
    weights = {term.weight for term in TERMS.values()}

    assert min(weights) == 0.4
    assert max(weights) == 1


def test_every_category_has_texts_that_must_and_must_not_match():
    for category in LEXICON.categories:
        assert len(category.hits) >= 8
        assert len(category.misses) >= 8


def test_few_phrases_begin_with_a_function_word():
    """They are slow to match: fewer than one term in a hundred."""
    function = set("a an and as at by for from in into of on or the to with".split())
    phrases = [text for _, text in TERMS if " " in text and text.split()[0].lower() in function]

    assert len(phrases) < len(TERMS) / 100
    assert function <= set(word_flags())


# What one camp calls the other, and what is called back: the same category, the same weight.
PAIRS = [
    ("far-left", "far-right"),
    ("hard left", "hard right"),
    ("radical left", "radical right"),
    ("left-wing", "right-wing"),
    ("leftist", "rightist"),
    ("left-winger", "right-winger"),
    ("left-wing mob", "right-wing mob"),
    ("left-wing extremism", "right-wing extremism"),
    ("left-wing agenda", "right-wing agenda"),
    ("left-wing media", "right-wing media"),
    ("authoritarian left", "authoritarian right"),
    ("radical democrat", "radical republican"),
    ("libtard", "wingnut"),
    ("rino", "DINO"),
    ("woke mob", "maga mob"),
    ("cult of obama", "cult of trump"),
    ("obama derangement syndrome", "trump derangement syndrome"),
    ("obama regime", "trump regime"),
    ("soros-funded", "koch-funded"),
    ("limousine liberal", "fat cat"),
    ("gun-grabber", "gun nut"),
    ("baby killer", "forced-birther"),
    ("pro-abortion", "anti-choice"),
    ("aliyev regime", "pashinyan regime"),
    ("russian-backed", "western-backed"),
    ("putin's regime", "kiev regime"),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_what_is_thrown_is_thrown_back(one, other):
    """Both stand in the same category with the same weight."""
    places = [
        {(name, term.weight) for (name, _), term in TERMS.items() if term.text.lower() == wanted}
        for wanted in (one.lower(), other.lower())
    ]

    assert places[0]
    assert places[0] == places[1]
