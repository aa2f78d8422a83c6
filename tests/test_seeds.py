"""What the five seed articles must yield, without being told; by public names alone."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import bias_toolkit as bt

SEEDS = Path(__file__).parent.parent / "seeds"
TASS, MASSIS = "tass-2023-09-25", "massispost-2023-09-20"
ASBAREZ, AZATUTYUN = "azatutyun-asbarez-2023-10-09", "azatutyun-2020-11-13"
NEWS_RU = "news-ru-2020-09-28"
OUTLETS = ("Azatutyun/Asbarez", "MassisPost", "NEWS.ru", "TASS")


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return bt.read_articles(SEEDS)


@pytest.fixture(scope="module")
def notes(articles: pd.DataFrame) -> Any:
    return bt.annotate(articles, bt.load_lexicons("nagorno_karabakh"))


@pytest.fixture(scope="module")
def profile() -> Any:
    return bt.profile(SEEDS)


@pytest.fixture(scope="module")
def every(profile: Any) -> Any:
    return bt.compare_all(profile, words="all")


def text_of(articles: pd.DataFrame, identity: str) -> str:
    return str(articles.set_index("id").at[identity, "text"])


def attribution(notes: Any, identity: str, phrase: str) -> dict[str, Any]:
    """The attribution whose words a phrase belongs to, its cue and source as strings."""
    text = text_of(notes.articles, identity)
    start = text.index(phrase)
    rows = notes.attributions
    rows = rows[(rows["article"] == identity) & (rows["part"] == "text")]
    inside = rows[(rows["content_start"] <= start) & (rows["content_end"] >= start + len(phrase))]
    (row,) = inside.to_dict("records")
    for name in ("cue", "source"):
        row[name] = text[row[f"{name}_start"] : row[f"{name}_end"]]
    return row


def cues(every: Any, outlet: str, speaker: str) -> dict[str, str]:
    """The class of each cue that an outlet uses for a speaker."""
    table = every.cues
    mine = table[(table["outlet"] == outlet) & (table["speaker"] == speaker)]
    return dict(zip(mine["cue"], mine["cue_class"], strict=True))


def uses(every: Any, words: str) -> list[tuple[str, str, str, str]]:
    """Outlet, article, voice and speaker of each label whose own words hold *words*."""
    table = every.mentions
    held = [
        words in text[start:end].lower()
        for text, start, end in zip(
            table["text"], table["text_start"], table["text_end"], strict=True
        )
    ]
    found = table.loc[held, ["outlet", "article", "voice", "speaker"]]
    return [tuple(row) for row in found.to_numpy().tolist()]


def pair(every: Any, a: str, b: str) -> Any:
    return next(result for result in every if {result.a, result.b} == {a, b})


# ------------------------------------------------------------------ the words of others


def test_tass_hands_the_anti_terrorist_measures_to_baku(notes):
    """ "what it described as": it is Baku, which announced; the words are a quoted fragment."""
    found = attribution(notes, TASS, "local anti-terrorist measures")
    parents = notes.attributions.set_index("id")
    announced = parents.loc[[found["parent"]]].iloc[0]

    assert (found["voice"], found["speaker"]) == ("partial", "Baku")
    assert (found["source"], found["resolution"]) == ("it", "pronoun")
    assert (found["cue"], found["cue_class"]) == ("described", "distancing")
    assert found["side"] == "Azerbaijan"
    assert (announced["speaker"], announced["voice"]) == ("Baku", "reported")


def test_tass_hands_the_aggression_to_yerevan(notes):
    """ "Yerevan, in turn, said there were no Armenian forces in Karabakh, calling ..." """
    found = attribution(notes, TASS, "an act of large-scale aggression")

    assert (found["voice"], found["speaker"], found["side"]) == ("partial", "Yerevan", "Armenia")
    assert found["cue"] == "calling"


@pytest.mark.parametrize("family", ["anti-terror*", "terror*", "aggress*"])
def test_neither_word_family_occurs_in_any_other_seed(every, articles, family):
    """In no field but page chrome; here the plain texts do not hold it at all."""
    outlets = {outlet for result in every for outlet in result.sentences(family)["outlet"]}
    plain = articles.set_index("id")["text"].str.lower().str.contains(family.rstrip("*"))

    assert outlets == {"TASS"}
    assert plain[plain].index.tolist() == [TASS]


def test_the_evidence_names_voice_and_speaker(every):
    rows = pair(every, "TASS", "MassisPost").sentences("anti-terrorist *")

    assert rows[["voice", "speaker"]].to_numpy().tolist() == [
        ["partial", "Baku"],
        ["reported", "Azerbaijani Defense Ministry"],
    ]
    assert set(rows["url"]) == {"https://tass.com/politics/1680113/amp"}


def test_tass_itself_writes_crackdown_where_the_ministry_asserts(notes, every, profile):
    """The proposition is the ministry's; the wording is TASS's, so it counts in outlet words."""
    found = attribution(notes, TASS, "anti-terrorist crackdown")
    terms = {
        words: set(bt.compare(profile, "TASS", "MassisPost", words=words).terms["term"])
        for words in ("own", "outlet", "quoted")
    }

    assert (found["voice"], found["act"]) == ("reported", "speech")
    assert found["speaker"] == "Azerbaijani Defense Ministry"
    assert (found["side"], found["cue"]) == ("Azerbaijan", "said")
    assert "anti-terrorist crackdown" in terms["outlet"] - terms["own"] - terms["quoted"]
    assert "anti-terrorist measures" in terms["quoted"] - terms["outlet"]


def test_the_labels_for_the_action_stand_beside_each_other(every):
    """Mentions by the words that were matched, whatever the labels are called."""
    assert uses(every, "anti-terrorist measures") == [("TASS", TASS, "partial", "Baku")]
    assert uses(every, "aggression") == [("TASS", TASS, "partial", "Yerevan")]
    assert uses(every, "anti-terrorist crackdown") == [
        ("TASS", TASS, "reported", "Azerbaijani Defense Ministry")
    ]


# ------------------------------------------------------------------ the outlets' own words


@pytest.mark.parametrize(
    ("outlet", "article", "phrase", "label"),
    [
        ("Azatutyun/Asbarez", ASBAREZ, "The fall of Karabakh", "fall of karabakh"),
        ("Azatutyun/Asbarez", ASBAREZ, "resulting exodus", "exodus"),
        ("NEWS.ru", NEWS_RU, "self-proclaimed Nagorno-Karabakh Republic", "self-proclaimed"),
        ("NEWS.ru", NEWS_RU, "under occupation", "occupation"),
    ],
)
def test_labels_that_outlets_use_in_their_own_words(notes, every, outlet, article, phrase, label):
    start = text_of(notes.articles, article).index(phrase)

    assert notes.voice_of(article, start, start + len(phrase)) == "own"
    assert uses(every, label) == [(outlet, article, "own", "")]


def test_the_same_sentence_can_be_read_beside_the_label(every):
    table = every.mentions
    sentences = table.loc[table["article"] == ASBAREZ, "text"].tolist()

    assert any(
        text.startswith("The fall of Karabakh and the resulting exodus") for text in sentences
    )


# ------------------------------------------------------------------ cues


def test_tass_lets_pashinyan_claim_and_allege(every):
    """Nothing but distancing cues for him, in the one sentence that he gets."""
    assert cues(every, "TASS", "Nikol Pashinyan") == {
        "claimed": "distancing",
        "alleged": "distancing",
    }


def test_tass_lets_peskov_stress_and_also_merely_say(every):
    """The whole table, not the telling half: five neutral cues beside three emphatic ones."""
    assert cues(every, "TASS", "Dmitry Peskov") == {
        "stressed": "emphatic",
        "emphasized": "emphatic",
        "vowed": "emphatic",
        "told": "neutral",
        "said": "neutral",
        "added": "neutral",
        "according to": "neutral",
    }


def test_classes_of_cues_stand_by_outlet_and_side(every):
    table = every.cue_classes.set_index(["outlet", "side", "cue_class"])["count"]

    assert table["TASS", "Armenia", "distancing"] == 2
    assert table["TASS", "Russia", "emphatic"] >= 3
    assert table["TASS", "Azerbaijan", "distancing"] == 1  # what it described as
    assert ("TASS", "Russia", "distancing") not in table.index
    assert set(every.cues["outlet"]) == set(OUTLETS)


# ------------------------------------------------------------------ the pairs


def test_there_are_six_pairs(every):
    assert [(result.a, result.b) for result in every] == list(combinations(OUTLETS, 2))


@pytest.mark.parametrize(
    ("a", "b", "days", "comparable"),
    [
        ("TASS", "MassisPost", 5, True),
        ("TASS", "Azatutyun/Asbarez", 14, True),
        ("MassisPost", "Azatutyun/Asbarez", 19, True),
        ("NEWS.ru", "TASS", 1092, False),
        ("NEWS.ru", "MassisPost", 1087, False),
        ("NEWS.ru", "Azatutyun/Asbarez", 46, False),
    ],
)
def test_pairs_open_with_dates_days_and_comparability(every, a, b, days, comparable):
    """2020 against 2023: labels side by side, no list of differences."""
    result = pair(every, a, b)

    assert (result.facts.days, result.facts.comparable) == (days, comparable)
    assert bool(len(result.terms)) == bool(result.facts.events) == comparable
    assert len(result.labels) and len(result.mentions)
    warning = "The two outlets wrote at different times"
    assert any(text.startswith(warning) for text in result.facts.warnings) != comparable


def test_the_dates_of_each_outlet_are_stated(every):
    dates = {}
    for result in every:
        dates |= {result.a: result.facts.a_dates, result.b: result.facts.b_dates}

    assert dates == {
        "Azatutyun/Asbarez": ("2020-11-13", "2023-10-09"),
        "MassisPost": ("2023-09-20", "2023-09-20"),
        "NEWS.ru": ("2020-09-28", "2020-09-28"),
        "TASS": ("2023-09-25", "2023-09-25"),
    }


def test_the_pair_from_one_newsroom_is_marked(every):
    """MassisPost's body is Azatutyun's text too; no other pair shares a writer."""
    shared = {(result.a, result.b): result.facts.writers for result in every}
    newsroom = ("RFE/RL Armenian Service (Azatutyun)",)

    assert shared.pop(("Azatutyun/Asbarez", "MassisPost")) == newsroom
    assert set(shared.values()) == {()}
    warnings = pair(every, "MassisPost", "Azatutyun/Asbarez").facts.warnings
    assert any("Both carry text by the same writer (RFE/RL" in text for text in warnings)


def test_five_articles_are_described_and_not_tested(every, profile):
    assert profile.metrics()[["low", "high"]].isna().all(axis=None)
    for result in every:
        assert any("enough to describe, not to test" in text for text in result.facts.warnings)
        assert result.terms[["log_odds", "low", "high"]].isna().all(axis=None)


# ------------------------------------------------------------------ what must not count


def test_teasers_below_massispost_s_article_count_nowhere(every, notes, profile):
    """One of them has “Armenian Genocide” in its headline."""
    result = pair(every, "MassisPost", "TASS")

    assert "Armenian Genocide" in text_of(notes.articles, MASSIS)
    assert not result.terms["term"].str.contains("genocide|newsletter").any()
    assert uses(every, "genocide") == []
    assert result.sentences("Armenian Genocide").empty
    assert "other" not in set(notes.hits["field"]) | set(every.mentions["field"])
    tail = text_of(notes.articles, MASSIS).index("Leave a Reply")
    words = notes.tokens[(notes.tokens["article"] == MASSIS) & ~notes.tokens["ignored"]]
    assert (words["end"] <= tail).all()
    table = profile.table().set_index("id")
    signs = ~words["text"].str.contains(r"\w")
    assert table.loc[MASSIS, "words_all"] == len(words) - signs.sum()


def test_a_title_that_the_text_repeats_counts_once(notes):
    assert set(notes.tokens["part"]) == {"text"}
    for identity in (TASS, ASBAREZ, AZATUTYUN, NEWS_RU):
        words = notes.tokens[(notes.tokens["article"] == identity)]
        title = notes.articles.set_index("id").at[identity, "title"]

        assert " ".join(words.loc[words["field"] == "title", "text"]).startswith(title.split()[0])


# ------------------------------------------------------------------ even-handed

SIDES = """
name = "sides"
[[actors]]
name = "Armenia"
side = "Armenia"
aliases = ["Armenian", "Yerevan", "Pashinyan"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Azerbaijani", "Baku", "Aliyev"]
"""
PAIRS = {"Armenia": "Azerbaijan", "Armenian": "Azerbaijani", "Armenians": "Azerbaijanis",
         "Yerevan": "Baku", "Pashinyan": "Aliyev", "Nikol": "Ilham"}  # fmt: skip


def exchanged(text: str) -> str:
    """A text with the names of the two sides exchanged everywhere."""
    both = PAIRS | {second: first for first, second in PAIRS.items()}
    return re.sub(r"\w+", lambda word: both.get(word[0], word[0]), text)


def test_exchanging_the_two_sides_exchanges_their_figures_and_nothing_else(articles, tmp_path):
    """All measures but those of readability: Baku is shorter to say than Yerevan."""
    (tmp_path / "sides.toml").write_text(SIDES, encoding="utf8")
    lexicons = bt.load_lexicons(tmp_path / "sides.toml", "framing", "loaded", "certainty")
    plain = articles.drop(columns=["path", "row"])
    other = plain.assign(text=plain["text"].map(exchanged), title=plain["title"].map(exchanged))
    mine, theirs = bt.profile(plain, lexicons), bt.profile(other, lexicons)
    cues = bt.compare_all(mine).cues
    back = bt.compare_all(theirs).cues
    back[["side", "speaker"]] = back[["side", "speaker"]].map(exchanged)
    measures = [name for name in mine.table() if not name.startswith(("readability", "title"))]

    assert {"Armenia", "Azerbaijan"} <= set(cues["side"])
    assert sorted(cues.to_numpy().tolist()) == sorted(back.to_numpy().tolist())
    assert mine.table()[measures].to_csv() == theirs.table()[measures].to_csv()
