"""The conflict packs' labels claim no more than their terms, and general words need their topic."""

from __future__ import annotations

import pandas as pd
import pytest

from bias_toolkit.lexicon import load_lexicons
from bias_toolkit.profiles import profile
from bias_toolkit.wordchoice import mentions

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
        ("ukraine", "Russia fired high-precision missiles.", "high-precision weapons"),
        ("ukraine", "Men left because of Putin’s mobilisation.", "draft or mobilisation"),
    ],
)
def test_a_label_is_called_by_what_its_terms_say(pack, text, label):
    assert label in labels(pack, text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("General mobilization {}", "general mobilisation"),
        ("The evacuation of fighters {}", "evacuation"),
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
