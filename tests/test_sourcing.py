"""Who is quoted, how much, and with which verbs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.annotation import annotate
from bias_toolkit.articles import read_articles
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.sourcekinds import KINDS
from bias_toolkit.sourcing import (
    _outermost,
    attributed,
    credited,
    cue_classes,
    cue_table,
    speaker_table,
    tone_by_actor,
)

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
[[actors]]
name = "Armenia"
side = "Armenia"
aliases = ["Yerevan", "Pashinyan", "Armenian"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku", "Aliyev"]
"""


@pytest.fixture(scope="module")
def seeds() -> pd.DataFrame:
    return read_articles(ROOT / "seeds")


@pytest.fixture(scope="module")
def whole(seeds: pd.DataFrame, small: list[Lexicon]) -> Profile:
    return profile(seeds, small)


def made_of(small: list[Lexicon], *texts: str, outlet: str = "A") -> Profile:
    return profile(pd.DataFrame({"outlet": outlet, "text": texts}), small)


# ------------------------------------------------------------------ laws


def test_cues_equal_a_slow_recount_of_the_annotations(seeds, small, whole):
    """One attribution is one cue, however many stretches its words stand in."""
    notes, outlet = annotate(seeds, small), dict(zip(seeds["id"], seeds["outlet"], strict=True))
    text = dict(zip(seeds["id"], seeds["text"], strict=True))
    expected: Counter[tuple[str, ...]] = Counter()
    done = set()
    for row in notes.attributions.itertuples():
        if row.cue_start >= 0 and row.id not in done:
            done.add(row.id)
            cue = text[row.article][row.cue_start : row.cue_end].lower()
            expected[outlet[row.article], row.side, row.speaker, row.cue_class, cue] += 1
    table = cue_table(whole)
    keys = table[["outlet", "side", "speaker", "cue_class", "cue"]].itertuples(index=False)

    assert dict(zip(map(tuple, keys), table["count"], strict=True)) == expected


def test_the_words_of_speakers_are_the_attributed_words(whole):
    """Nothing is credited twice, and nothing that was said is lost."""
    table, sums = attributed(whole), whole.sums
    for voice in ("reported", "partial", "quote"):
        assert table[f"words_{voice}"].sum() == sums[f"words.{voice}"].sum()
    speakers = speaker_table(whole)

    assert speakers["reported"].sum() == sums["words.reported"].sum()
    assert speakers["quoted"].sum() == table["words_quoted"].sum()
    assert speakers["attributions"].sum() == len(table)


def test_shares_of_classes_add_up_to_one(whole):
    shares = cue_classes(whole).groupby(["outlet", "side"])["share"].sum()

    assert shares.tolist() == pytest.approx([1] * len(shares))
    table = attributed(whole)
    claimed = (table["cue"] != "") & ~table["negated"]
    assert cue_classes(whole)["count"].sum() == claimed.sum() <= cue_table(whole)["count"].sum()


def test_tables_do_not_depend_on_how_a_profile_was_made(seeds, small, whole):
    backwards = profile(seeds.iloc[::-1], small)
    added = whole["TASS"] + whole["NEWS.ru"] + whole["Azatutyun/Asbarez"] + whole["MassisPost"]
    for make in (cue_table, cue_classes, speaker_table, tone_by_actor):
        for other in (backwards, added):
            assert make(other).to_csv() == make(whole).to_csv()


def test_another_outlet_changes_no_row_of_an_outlet(whole):
    for make in (cue_table, cue_classes, speaker_table, tone_by_actor):
        every = make(whole)
        mine = every[every["outlet"] == "TASS"].reset_index(drop=True)

        assert make(whole["TASS"]).to_csv() == mine.to_csv()


# ------------------------------------------------------------------ by hand


def test_cues_are_counted_by_side_speaker_class_and_cue(small):
    """Commonest first; the side is the actor's, "" for somebody no lexicon knows."""
    text = (
        "Pashinyan claimed that it was over. Pashinyan claimed that it was late. "
        "Baku said that it was not. John Smith said that it was."
    )
    table = cue_table(made_of(small, text))

    assert table.to_dict("split")["data"] == [
        ["A", "Armenia", "Pashinyan", "distancing", "claimed", 2],
        ["A", "", "John Smith", "neutral", "said", 1],
        ["A", "Azerbaijan", "Baku", "neutral", "said", 1],
    ]
    assert list(table) == ["outlet", "side", "speaker", "cue_class", "cue", "count"]


def test_classes_of_cues_by_side(small):
    """Of Armenia's three cues two are distancing."""
    text = (
        "Pashinyan claimed that it was over. Yerevan said that it was late. "
        "Pashinyan alleged that it was early."
    )
    table = cue_classes(made_of(small, text)).set_index("cue_class")

    assert table["count"].to_dict() == {"distancing": 2, "neutral": 1}
    assert table["share"].to_dict() == pytest.approx({"distancing": 2 / 3, "neutral": 1 / 3})
    assert set(table["side"]) == {"Armenia"}


def test_capitals_do_not_make_another_cue(small):
    table = cue_table(
        made_of(small, "According to Baku, it was over. The war was lost, according to Baku.")
    )

    assert table[["cue", "count"]].to_numpy().tolist() == [["according to", 2]]


def test_quoted_words_are_the_speakers_and_reported_words_are_apart(small):
    """Baku: three words quoted (no big war), four reported (that it was over)."""
    text = "Baku said that it was over. “No big war,” Baku said."
    row = speaker_table(made_of(small, text)).iloc[0]

    assert row[["speaker", "quoted", "reported", "attributions", "articles"]].tolist() == [
        "Baku", 3, 4, 2, 1,
    ]  # fmt: skip
    assert (row["actor"], row["side"]) == ("Azerbaijan", "Azerbaijan")


def test_a_speaker_is_counted_in_the_articles_that_quote_him(small):
    said = "Baku said that it was over."
    table = speaker_table(made_of(small, said, f"{said} It was late.", "Nobody spoke."))

    assert table[["speaker", "articles", "attributions"]].to_numpy().tolist() == [["Baku", 2, 2]]


def test_speakers_are_ordered_by_their_words_within_an_outlet(small):
    text = "Baku said no. Yerevan said that it was over and that all was lost."
    both = made_of(small, text, outlet="B") + made_of(small, f"{text} ", outlet="A")
    table = speaker_table(both)

    assert table[["outlet", "speaker"]].to_numpy().tolist() == [
        ["A", "Yerevan"],
        ["A", "Baku"],
        ["B", "Yerevan"],
        ["B", "Baku"],
    ]


def test_words_are_credited_to_the_innermost_source(small):
    """Baku reports what Yerevan said: the last words are Yerevan's."""
    table = attributed(made_of(small, "Baku said that Yerevan claimed that the war was over."))
    words = dict(zip(table["speaker"], table["words_reported"], strict=True))

    assert words == {"Baku": 3, "Yerevan": 5}
    assert table["actor"].tolist() == ["Azerbaijan", "Armenia"]


def test_the_outermost_source_is_credited(small):
    """Baku reports Yerevan, who reports Tbilisi: Baku, whom the outlet heard, is credited."""
    text = "Baku said that Yerevan claimed that Tbilisi believed that the war was over."
    table = credited(made_of(small, text))

    assert table["speaker"].tolist() == ["Baku", "Yerevan", "Tbilisi"]
    assert table["outer_speaker"].tolist() == ["Baku"] * 3
    assert table["outer_side"].tolist() == ["Azerbaijan"] * 3
    assert table["outer"].tolist() == [0, 0, 0]
    assert table["nested"].tolist() == [False, True, True]


@pytest.mark.parametrize("seed", range(5))
def test_the_outermost_row_is_found_by_following_parents_one_at_a_time(seed):
    """In any order of rows, and in long chains."""
    rng = np.random.default_rng(seed)
    size = 200
    name = rng.permutation(size)
    parent = np.full(size, -1)
    for place in range(1, size):  # chains of up to two hundred
        parent[name[place]] = name[place - 1] if rng.random() < 0.9 else -1
    expected = []
    for row in range(size):
        while parent[row] >= 0:
            row = parent[row]
        expected.append(row)

    assert _outermost(parent).tolist() == expected
    assert _outermost(np.zeros(0, np.int64)).tolist() == []


def test_credited_rows_keep_every_column_of_attributed(whole):
    table, plain = credited(whole), attributed(whole)

    pd.testing.assert_frame_equal(table[list(plain)], plain)
    assert set(table["kind"]) <= set(KINDS) and set(table["outer_kind"]) <= set(KINDS)


def test_the_order_of_articles_changes_no_bit_of_a_tone(small):
    """Means of many fractions: added up in another order they would differ in the last bit."""
    moods = ("good", "a disaster", "kind", "ugly", "fairly great", "hated", "calm and safe", "evil")
    articles = pd.DataFrame({"outlet": "A", "text": [f"Baku was {mood}." for mood in moods]})
    tones = [
        tone_by_actor(profile(articles.sample(frac=1, random_state=seed), small)).to_csv()
        for seed in range(6)
    ]

    assert len(set(tones)) == 1


def test_tone_by_actor_by_hand(small):
    """A sentence counts once for an actor, however often it names him; quotations do not."""
    good, bad = "Baku, great Baku, was kind.", "Baku and Yerevan met with disaster."
    part = made_of(small, f"{good} {bad} “Baku is evil, evil, evil,” Yerevan said.", "Nothing.")
    tone = part.sentences["sentiment"].tolist()
    table = tone_by_actor(part).set_index("actor")

    assert tone[0] > 0 > tone[1]
    assert table["sentences"].to_dict() == {"Armenia": 1, "Azerbaijan": 2}
    assert table["articles"].to_dict() == {"Armenia": 1, "Azerbaijan": 1}
    assert table["side"].to_dict() == {"Armenia": "Armenia", "Azerbaijan": "Azerbaijan"}
    assert table.loc["Azerbaijan", "sentiment"] == pytest.approx((tone[0] + tone[1]) / 2)
    assert table.loc["Armenia", "sentiment"] == tone[1]


def test_nobody_quoted_gives_empty_tables(small):
    part = made_of(small, "The war was over.")

    assert list(cue_table(part)) == ["outlet", "side", "speaker", "cue_class", "cue", "count"]
    assert list(cue_classes(part)) == ["outlet", "side", "cue_class", "count", "share"]
    assert "quoted" in speaker_table(part)
    assert {"outer_speaker", "outer_kind", "nested"} <= set(credited(part))
    assert len(cue_table(part)) == len(cue_classes(part)) == len(speaker_table(part)) == 0


def test_tables_need_no_lexicon():
    part = made_of([], "Baku said that it was over.")

    assert cue_table(part)["side"].tolist() == [""]
    assert speaker_table(part)["actor"].tolist() == [""]
