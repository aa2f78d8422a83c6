"""The conflict packs' labels claim no more than their terms, and general words need their topic."""

from __future__ import annotations

import pandas as pd
import pytest

from bias_toolkit.lexicon import load_lexicons
from bias_toolkit.profiles import profile
from bias_toolkit.wordchoice import mentions

BOMBARDED = "onslaught or bombardment"
# Terms of no name that nothing but this war has brought up: they need no topic beside them.
OWN_WORDS = ("rash", "rasc", "rusc", "busification", "eight years of genocide", "racist occup")
OWN_WORDS += ("de-occup", "deoccup", "pseudo-referend", "quasi-referend")


def labels(pack: str, text: str, date: str | None = None) -> list[str]:
    """The labels that count in a text of one article."""
    article = {"id": "a", "outlet": "A", "date": date, "title": "", "text": text}
    return mentions(profile(pd.DataFrame([article]), load_lexicons(pack)))["label"].tolist()


@pytest.mark.parametrize(
    ("pack", "text", "label"),
    [
        ("us_politics", "They marched against police violence.", "police violence"),
        ("us_politics", "They marched against police brutality.", "police brutality"),
        ("us_politics", "He was murdered by police.", "police murder"),
        ("us_politics", "They spoke of death panels.", "death panels"),
        ("us_politics", "The fugitive Edward Snowden was there.", "fugitive"),
        ("us_politics", "They are election deniers.", "election denial"),
        ("us_politics", "They saw kids in cages.", "kids in cages"),
        ("nagorno_karabakh", "The expulsion of Azerbaijanis was remembered.", "expulsion"),
        ("nagorno_karabakh", "The annexation of Artsakh was feared.", "annexation"),
        ("ukraine", "Russia struck with high-precision weapons.", "high-precision weapons"),
        ("ukraine", "They spoke of Russia’s nuclear terrorism.", "Russian nuclear terrorism"),
        ("ukraine", "The left bank of the Dnieper is flat.", "Dnieper"),
        ("us_politics", "He promised to drain the swamp of Congress.", "the swamp"),
        ("us_politics", "A bill of tax reform came.", "tax reform"),
        ("us_politics", "They spoke of a public option.", "public option"),
        ("us_politics", "Anti-gun groups came.", "anti-gun"),
        ("us_politics", "He read the national news media.", "news media"),
        ("middle_east", "They spoke of Israeli terrorism.", "terrorism"),
        ("middle_east", "The bombardment of Gaza by Israel: Israel’s bombardment.", BOMBARDED),
        ("middle_east", "The town is in the biblical heartland.", "biblical heartland"),
        ("ukraine", "Men left because of Putin’s mobilisation.", "draft or mobilisation"),
    ],
)
def test_a_label_is_called_by_what_its_terms_say(pack, text, label):
    assert label in labels(pack, text)


@pytest.mark.parametrize(
    ("pack", "text", "label"),
    [
        ("us_politics", "Thailand’s amnesty bill failed.", "amnesty"),
        ("us_politics", "The militants carried assault rifles.", "assault weapons"),
        ("us_politics", "Civil unrest was feared in Honduras.", "unrest"),
        ("us_politics", "The border fence with Serbia stood.", "border barrier"),
        ("us_politics", "The new travel ban keeps tourists home.", "travel ban"),
        ("us_politics", "They warned of a flood of illegal leaks.", "surge, wave or flow"),
        ("us_politics", "He spoke at the National Press Club.", "news media"),
        ("middle_east", "Fire threatened the coastal enclave of Malibu.", "Gaza Strip"),
        ("middle_east", "Hawaii knew settler violence.", "extremists or settler violence"),
        ("middle_east", "Local health officials counted the dead.", "Gaza Health Ministry"),
        ("middle_east", "An Islamic militant group claimed the attack.", "militant group"),
        ("middle_east", "Talks on a Palestinian state failed.", "State of Palestine"),
        (
            "ukraine",
            "Ukrainian soldiers captured by Russian forces came home.",
            "Russian-controlled",
        ),
        ("ukraine", "Kyiv hopes for the liberation of Mariupol.", "liberated"),
        ("ukraine", "Russian forces in Syria left.", "Russian forces"),
        ("nagorno_karabakh", "The ceasefire in the north held.", "ceasefire"),
    ],
)
def test_what_was_read_in_the_news_and_is_no_use_of_a_label_does_not_count(pack, text, label):
    """Sentences like those in which a corpus of news misled an earlier list."""
    assert label not in labels(pack, text, "2020-03-20" if pack == "us_politics" else None)


@pytest.mark.parametrize(
    ("text", "referent"),
    [
        ("The Rada extended general mobilization in Ukraine.", "Ukraine's mobilisation"),
        ("The Russian Duma denied general mobilization.", "Russia's mobilisation"),
    ],
)
def test_whose_mobilisation_is_meant_the_sentence_decides(text, referent):
    article = {"id": "a", "outlet": "A", "date": "2022-10-20", "title": "", "text": text}
    found = mentions(profile(pd.DataFrame([article]), load_lexicons("ukraine")))
    found = found[found["label"] == "general mobilisation"]

    assert found["referent"].tolist() == [referent]


def test_a_travel_ban_is_that_of_2017_until_the_pandemic():
    text = "The travel ban came."

    assert labels("us_politics", text, "2017-02-01") == ["travel ban"]
    assert labels("us_politics", text, "2020-03-20") == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("General mobilization {}", "general mobilisation"),
        ("The evacuation of the defenders {}", "evacuation"),
        ("A partial mobilization {}", "partial mobilisation"),
        ("The kidnapping of children {}", "abduction"),
    ],
)
def test_general_words_count_only_where_the_sentence_is_on_the_war(text, label):
    on, off = (
        labels("ukraine", text.format(rest), "2022-10-20")
        for rest in ("was the news from Kyiv.", "was the news from Armenia.")
    )

    assert label in on
    assert off == []


def test_no_general_word_of_the_war_in_ukraine_counts_everywhere():
    (lexicon,) = load_lexicons("ukraine")
    topic = [term.text.rstrip("*").lower() for term in lexicon.topic]
    free = [
        term.text
        for referent in lexicon.referents
        for label in referent.labels
        for term in label.terms
        if not term.in_topic
        and not any(word[0].isupper() for word in term.text.split())
        and not any(name in term.text.lower() for name in topic)
    ]

    assert [term for term in free if not term.startswith(OWN_WORDS)] == []
