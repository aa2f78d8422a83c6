"""Kinds of source: what the words of a source phrase, and the lexicons' actors, say of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bias_toolkit import sourcekinds
from bias_toolkit.articles import read_articles
from bias_toolkit.lexicon import KINDS as ACTOR_KINDS
from bias_toolkit.lexicon import Lexicon, load_lexicon, load_lexicons
from bias_toolkit.profiles import Profile, load_profile, profile
from bias_toolkit.sourcekinds import KINDS, read_phrases, source_kinds
from bias_toolkit.sourcing import attributed

ROOT = Path(__file__).parent.parent
WORDS = load_lexicon(Path(sourcekinds.__file__).with_name("sources.toml"))

SMALL = """
name = "small"
[[actors]]
name = "Armenia"
side = "Armenia"
kind = "government"
aliases = ["Yerevan", "Armenian"]
[[actors]]
name = "Armenian army"
side = "Armenia"
kind = "military"
aliases = ["Armenian army", "Hakobyan"]
[[actors]]
name = "TASS"
side = "media"
kind = "media"
aliases = ["TASS"]
[[actors]]
name = "Armenians"
side = "Armenia"
kind = "people"
aliases = ["Armenian people"]
"""


def made_of(lexicons: list[Lexicon], *texts: str) -> Profile:
    return profile(pd.DataFrame({"outlet": "A", "text": texts}), lexicons)


def kinds(part: Profile) -> list[tuple[str, str]]:
    """Speaker and kind of every attribution, in reading order."""
    table = attributed(part).assign(kind=source_kinds(part))
    table = table.sort_values(["unit", "sentence", "cue_start"], kind="stable")
    return list(zip(table["speaker"].astype(str), table["kind"], strict=True))


def kind_of(phrase: str) -> str:
    return KINDS[read_phrases([phrase])["kind"].iloc[0]]


# ------------------------------------------------------------------ phrases


@pytest.mark.parametrize("category", WORDS.categories, ids=lambda c: c.name)
def test_every_list_names_a_kind_and_keeps_its_promises(category):
    """Texts that must be of the kind, and texts with its words in other senses."""
    assert category.name in KINDS
    assert category.hits and category.misses
    found = {phrase: kind_of(phrase) for phrase in category.hits}

    assert found == dict.fromkeys(category.hits, category.name)
    assert category.name not in {kind_of(phrase) for phrase in category.misses}


def test_a_phrase_alone_is_read_as_among_others():
    phrases = [hit for category in WORDS.categories for hit in (*category.hits, *category.misses)]
    phrases += ["", "Baku", "…", "a resident", "residents, and a soldier"]
    together = read_phrases(phrases)

    for row, phrase in enumerate(phrases):
        alone = read_phrases([phrase]).iloc[0]
        assert alone.tolist() == together.iloc[row].tolist(), phrase


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        # The head decides: the last word before a preposition or comma.
        ("a military analyst", "experts"),
        ("the widow of a police officer", "civilians"),
        ("relatives of soldiers", "civilians"),
        ("a spokesman for the Defense Ministry", "military"),
        ("a former army officer, now an analyst", "military"),
        # Where the head says nothing, the rest does.
        ("Armen Grigoryan, the secretary of Armenia’s Security Council", "officials"),
        ("Laurence Broers of a London think tank", "experts"),
        # What hides the source wins wherever it stands.
        ("a senior official who spoke on condition of anonymity", "anonymous"),
        ("three people familiar with the matter", "anonymous"),
        ("officials who asked not to be named", "anonymous"),
        ("a source in the ministry", "anonymous"),
        # Heads that say: none of these.
        ("immigrant rights advocates", "unknown"),
        ("the victims’ lawyer", "unknown"),
        ("a company spokesman", "unknown"),
        ("a spokesman", "officials"),
        # Capitals and stops are read as they are written.
        ("Sen. Ruth Ames", "officials"),
        ("Maj. Gen. Tom Berg", "military"),
        ("who", "unknown"),
        ("WHO", "officials"),
        ("Baku", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_a_phrase_says_of_who_speaks(phrase, kind):
    assert kind_of(phrase) == kind


def test_no_phrases_give_no_rows():
    assert list(read_phrases([])) == ["kind", "head"]
    assert read_phrases([]).empty


# ------------------------------------------------------------------ sources in articles


def test_the_lexicons_know_kinds_that_a_name_does_not_tell(small):
    part = made_of(
        small,
        "Hakobyan said that it was over. TASS said that it was late. "
        "Yerevan said that it was early. John Smith said that it was not.",
    )

    assert kinds(part) == [
        ("Hakobyan", "military"),
        ("TASS", "media"),
        ("Yerevan", "officials"),
        ("John Smith", "unknown"),
    ]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Armenian analysts", "experts"),
        ("An Armenian resident", "civilians"),
        ("Armenian journalists", "media"),
        ("Armenian lawyers", "unknown"),
        ("An Armenian official", "officials"),
        ("The Armenian side", "officials"),
        ("The Armenian people", "unknown"),  # a people is of no kind until a word says so
    ],
)
def test_an_armenian_analyst_is_no_armenian_official(small, source, kind):
    """The adjective is a name of the government, but the head of the phrase is another noun."""
    assert [found for _, found in kinds(made_of(small, f"{source} said that it was over."))] == [
        kind
    ]


def test_a_speaker_keeps_the_kind_of_his_first_telling_phrase(small):
    text = (
        "Professor Ruth Ames said that it was over. Ames said that it was late. She added that it "
        "was early. “It was not,” Ames said."
    )
    found = kinds(made_of(small, text, "Ruth Ames said that it was over."))

    assert [kind for _, kind in found[:-1]] == ["experts"] * (len(found) - 1)
    assert found[-1] == ("Ruth Ames", "unknown")  # another article, which does not say who she is


def test_a_hidden_source_is_seen_in_its_sentence(small):
    """Only who is not named is hidden."""
    told = "said on condition of anonymity that it was over."

    assert kinds(made_of(small, f"A diplomat {told}")) == [("diplomat", "anonymous")]
    assert kinds(made_of(small, f"Senator Ruth Ames {told}")) == [("Ruth Ames", "officials")]


def test_every_kind_of_actor_is_a_kind_of_source_or_waits_for_a_word():
    waiting = {"people", "opposition"}

    assert set(sourcekinds._OF_ACTOR) == set(ACTOR_KINDS) - waiting
    assert set(sourcekinds._OF_ACTOR.values()) <= set(KINDS)


def test_kinds_do_not_depend_on_how_a_profile_was_made(small, tmp_path):
    """Nor does an article's kind depend on the articles beside it."""
    articles = read_articles(ROOT / "seeds")
    whole = profile(articles, small)
    whole.save(tmp_path)
    expected = source_kinds(whole).tolist()
    assert source_kinds(load_profile(tmp_path)).tolist() == expected
    for outlet in whole.outlets:
        mine = (attributed(whole)["outlet"] == outlet).to_numpy()
        assert source_kinds(whole[outlet]).tolist() == source_kinds(whole)[mine].tolist()


def test_the_seeds_by_hand():
    """Peskov and Galuzin are officials, the defence ministries military, TASS media."""
    part = profile(ROOT / "seeds", load_lexicons("nagorno_karabakh"))
    table = attributed(part).assign(kind=source_kinds(part))
    found = table.groupby("speaker", observed=True)["kind"].agg(set).to_dict()

    for speaker, kind in {
        "Dmitry Peskov": "officials",
        "Mikhail Galuzin": "officials",
        "Armen Grigoryan": "officials",
        "Baku": "officials",
        "Azerbaijani Defense Ministry": "military",
        "official TASS news agency": "media",
        "journalists": "media",
        "opposition parties": "unknown",
    }.items():
        assert found[speaker] == {kind}, speaker


def test_nobody_quoted_gives_no_kinds(small):
    for lexicons in (small, []):
        assert source_kinds(made_of(lexicons, "The war was over.")).tolist() == []
