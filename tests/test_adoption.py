"""Adoption of labels, who carried them first, and how often they are held at arm's length."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.adoption import (
    Wording,
    adoption,
    distance,
    distance_of_two,
    first_uses,
    manners,
)
from bias_toolkit.articles import read_articles
from bias_toolkit.lexicon import Lexicon, load_lexicon, load_lexicons
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.wordchoice import mentions

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku"]
[[actors]]
name = "Armenia"
side = "Armenia"
aliases = ["Yerevan"]
[[referents]]
name = "the fighting"
labels = [
  { label = "measures", side = "Azerbaijan", terms = ["measure*"] },
  { label = "aggression", side = "Armenia", terms = ["aggression"] },
]
"""

QUOTED = "Baku announced what it called “local measures” there."
SAID = "“The measures go on,” Yerevan said."
OWN = "The measures went on."
REPORTED = "Baku said that the measures went on."
SCARE = "Thousands left after the “measures” there."
NONE = "Nothing happened."


@pytest.fixture(scope="module")
def seeds() -> Profile:
    return profile(ROOT / "seeds", load_lexicons("nagorno_karabakh"))


def made_of(small: list[Lexicon], *rows: tuple[str | None, str] | dict) -> Profile:
    """Articles a0, a1, ... of one outlet, as dates and texts, or as rows with any columns."""
    full = [row if isinstance(row, dict) else {"date": row[0], "text": row[1]} for row in rows]
    filled = [
        {"id": f"a{n}", "outlet": "A", "title": "", "date": None, **row}
        for n, row in enumerate(full)
    ]
    return profile(pd.DataFrame(filled), small)


def row_of(table: pd.DataFrame, **keys: str) -> pd.Series:
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def journey(small: list[Lexicon], *rows: tuple[str | None, str] | dict, words: str = "outlet"):
    return row_of(adoption(made_of(small, *rows), words=words), label="measures")


def test_the_sentences_used_here_stand_in_the_voices_meant(small):
    texts = {QUOTED: "partial", SAID: "quote", OWN: "own", REPORTED: "reported", SCARE: "scare"}
    for text, voice in texts.items():
        assert mentions(made_of(small, (None, text)))["voice"].tolist() == [voice]


# ------------------------------------------------------------------ within one article


@pytest.mark.parametrize("later", [OWN, REPORTED])
def test_marks_dropped_within_an_article(small, later):
    """First in Baku's quotation, then without marks: adopted, in the same article."""
    row = journey(small, ("2023-09-19", f"{QUOTED} {later}"))

    assert row[["first", "adopted", "dropped", "later"]].tolist() == ["quoted", True, 1, 0]
    assert row[["speaker", "speaker_side"]].tolist() == ["Baku", "Azerbaijan"]
    assert row[["quoted_date", "quoted_article"]].tolist() == ["2023-09-19", "a0"]
    assert row[["dropped_date", "dropped_article"]].tolist() == ["2023-09-19", "a0"]
    assert row["dropped_voice"] == ("own" if later == OWN else "reported")
    assert row[["quoted", "scare", "wording"]].tolist() == [1, 0, 1]


def test_an_outlet_that_uses_the_label_first_drops_no_marks(small):
    row = journey(small, ("2023-09-19", f"{OWN} {QUOTED} {OWN}"))

    assert row[["first", "adopted", "dropped", "later"]].tolist() == ["wording", False, 0, 0]


def test_the_headline_is_read_before_the_text(small):
    """A title that the text does not repeat: the label stands in it before the quotation."""
    article = {"date": "2023-09-19", "title": "Measures at last", "text": f"{QUOTED} {OWN}"}
    row = journey(small, article)

    assert row[["first", "dropped", "wording"]].tolist() == ["wording", 0, 2]


def test_reading_order_decides_without_any_date(small):
    row = journey(small, (None, f"{QUOTED} {OWN}"))

    assert row[["first", "adopted", "dropped", "quoted_date"]].tolist() == [
        "quoted", True, 1, None,
    ]  # fmt: skip


def test_a_label_that_stays_in_marks_is_not_adopted(small):
    row = journey(small, ("2023-09-19", f"{QUOTED} {SAID} {SCARE}"))

    assert row[["quoted", "scare", "wording", "adopted"]].tolist() == [2, 1, 0, False]
    assert row["first"] == "quoted"


def test_scare_quotes_are_nobody_s_quotation(small):
    """They are the outlet's own act: no row without a quotation of somebody."""
    assert adoption(made_of(small, ("2023-09-19", f"{SCARE} {OWN}"))).empty


# ------------------------------------------------------------------ the same words

WORDS = """
name = "words"
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku"]
[[referents]]
name = "the people"
labels = [
  { label = "residents", side = "neutral", terms = [
    "residents of Ruritania", "Ruritania* resident*", "Ruritania* population",
  ] },
  { label = "guards", side = "neutral", terms = ["guards"] },
  { label = "Sylvanian guards", side = "neutral", terms = ["Sylvanian guards"] },
]
"""
PEOPLE = "“The residents of Ruritania will stay,” Baku said."
GUARDS = "“The guards will stay,” Baku said."


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[Lexicon]:
    path = tmp_path_factory.mktemp("lexicons") / "words.toml"
    path.write_text(WORDS, encoding="utf8")
    return [load_lexicon(path)]


def test_other_words_of_one_label_are_not_taken_over(words):
    """Baku's residents are the outlet's population, in one article and in the next."""
    own = "The Ruritanian population left."
    rows = [("2023-09-19", f"{PEOPLE} {own}"), ("2023-09-20", own)]
    row = row_of(adoption(made_of(words, *rows)), label="residents")

    assert row[["first", "quoted", "wording"]].tolist() == ["quoted", 1, 2]
    assert row[["dropped", "later", "adopted"]].tolist() == [0, 0, False]


def test_the_same_words_are_the_same_in_another_order_and_form(words):
    own = "Every Ruritanian resident left."
    rows = [("2023-09-19", f"{PEOPLE} {own}"), ("2023-09-20", own)]
    row = row_of(adoption(made_of(words, *rows)), label="residents")

    assert row[["dropped", "later", "adopted"]].tolist() == [1, 1, True]


def test_words_that_stood_in_a_longer_label_before_are_not_adopted(words):
    """The outlet wrote of Sylvanian guards itself before Baku said guards."""
    rows = [("2023-09-19", f"The Sylvanian guards came. {GUARDS} The guards left.")]
    row = row_of(adoption(made_of(words, *rows)), label="guards")

    assert row[["first", "wording", "dropped", "adopted"]].tolist() == ["wording", 1, 0, False]


def test_a_longer_label_is_not_in_the_words_of_a_shorter_one(words):
    """Who wrote of guards has not yet named them as Baku does."""
    said = "“The Sylvanian guards will stay,” Baku said. The Sylvanian guards left."
    row = row_of(
        adoption(made_of(words, ("2023-09-19", f"The guards came. {said}"))),
        label="Sylvanian guards",
    )

    assert row[["first", "dropped", "adopted"]].tolist() == ["quoted", 1, True]


def test_a_title_inside_the_text_is_read_first(words):
    """As TASS prints it: the headline stands in the text."""
    text = f"Guards stay at the border\n\n{GUARDS} The guards left."
    article = {"date": "2023-09-19", "title": "Guards stay at the border", "text": text}
    row = row_of(adoption(made_of(words, article)), label="guards")

    assert row[["first", "wording", "adopted"]].tolist() == ["wording", 2, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("residents of Karabakh", "Karabakh resident*", True),
        ("ceasefire", "cease-fire", True),
        ("local measures", "measure*", True),
        ("Defence Ministry", "Defense Ministry", True),
        ("Artsakh", "Karabakh", False),
        ("residents of Karabakh", "Karabakh population", False),
    ],
)
def test_what_the_same_words_are(one, other, same):
    assert Wording.of(one).same(Wording.of(other)) is same
    assert Wording.of(other).same(Wording.of(one)) is same


# ------------------------------------------------------------------ across articles


def test_a_later_article_adopts_the_label(small):
    """Two later articles; the first of them is named."""
    row = journey(small, ("2023-09-21", OWN), ("2023-09-19", QUOTED), ("2023-09-20", REPORTED))

    assert row[["first", "adopted", "dropped", "later"]].tolist() == ["quoted", True, 0, 2]
    assert row[["later_date", "later_article", "later_voice"]].tolist() == [
        "2023-09-20", "a2", "reported",
    ]  # fmt: skip
    assert row["dropped_date"] is None and row["dropped_article"] == ""


@pytest.mark.parametrize(
    "later",
    [
        "Yerevan denounced what Baku described as measures.",
        "Baku claimed that the measures went on.",
        "Baku did not claim that the measures went on.",
    ],
)
def test_words_that_are_held_off_are_not_adopted(small, later):
    row = journey(small, ("2023-09-19", QUOTED), ("2023-09-20", later))

    assert (row["first"], row["later"], row["adopted"]) == ("quoted", 0, False)
    assert journey(small, ("2023-09-19", QUOTED), ("2023-09-20", REPORTED))["adopted"]


def test_only_own_words_may_be_asked_for(small):
    rows = (("2023-09-19", QUOTED), ("2023-09-20", REPORTED), ("2023-09-21", OWN))

    assert journey(small, *rows, words="own")[["later", "later_article"]].tolist() == [1, "a2"]
    assert journey(small, *rows[:2], words="own")["adopted"] == np.False_


def test_an_earlier_article_had_it_first(small):
    row = journey(small, ("2023-09-18", OWN), ("2023-09-19", QUOTED), ("2023-09-20", OWN))

    assert row[["first", "adopted", "later"]].tolist() == ["wording", False, 1]


def test_the_order_of_one_day_is_unknown(small):
    """One article quotes, another of that day does not: who was first cannot be told."""
    row = journey(small, ("2023-09-19", QUOTED), ("2023-09-19", OWN), ("2023-09-20", OWN))

    assert row[["first", "adopted", "later"]].tolist() == ["same day", False, 1]


def test_the_order_of_one_day_does_not_matter_where_all_begin_alike(small):
    """Both quote before they use it: whichever was first, the quotation was."""
    text = f"{QUOTED} {OWN}"
    row = journey(small, ("2023-09-19", text), ("2023-09-19", f"{SAID} {OWN}"))

    assert row[["first", "adopted", "dropped"]].tolist() == ["quoted", True, 2]
    assert row["quoted_article"] == "a0 or a1" and row["dropped_article"] == "a0 or a1"
    assert row["speaker"] == "Baku or Yerevan"
    assert row["speaker_side"] == "Armenia or Azerbaijan"


def test_an_article_without_a_date_may_be_the_first(small):
    unknown = journey(small, ("2023-09-19", QUOTED), (None, OWN))
    certain = journey(small, ("2023-09-19", QUOTED), (None, f"{SAID} {OWN}"))

    assert unknown[["first", "adopted", "later"]].tolist() == ["undated", False, 0]
    assert certain[["first", "adopted", "dropped"]].tolist() == ["quoted", True, 1]


def test_outlets_and_labels_are_apart(small):
    """B's wording adopts nothing that A quoted."""
    part = made_of(
        small,
        ("2023-09-19", QUOTED),
        {"outlet": "B", "date": "2023-09-20", "text": OWN},
        {"outlet": "B", "date": "2023-09-20", "text": "Yerevan called it “an act of aggression.”"},
    )
    table = adoption(part)

    assert table[["outlet", "label", "adopted"]].to_numpy().tolist() == [
        ["A", "measures", False],
        ["B", "aggression", False],
    ]
    alone = adoption(part["A"])
    assert alone.to_csv() == table.iloc[:1].to_csv()


# ------------------------------------------------------------------ laws


def test_the_order_of_articles_changes_nothing(small):
    articles = read_articles(ROOT / "seeds")
    lexicons = load_lexicons("nagorno_karabakh")
    one, other = profile(articles, lexicons), profile(articles.iloc[::-1], lexicons)
    for make in (adoption, first_uses, distance):
        assert make(one).to_csv() == make(other).to_csv()


def test_mentions_at_hand_give_the_same_tables(seeds):
    table = mentions(seeds)
    for make in (adoption, first_uses, distance):
        assert make(seeds, table=table).to_csv() == make(seeds).to_csv()


def test_counts_are_those_of_the_mentions(seeds):
    table = mentions(seeds)
    for row in adoption(seeds).itertuples():
        mine = table[
            table["resolved"]
            & (table["outlet"] == row.outlet)
            & (table["referent"] == row.referent)
            & (table["label"] == row.label)
        ]
        assert row.quoted == mine["voice"].isin(["partial", "quote"]).sum() > 0
        assert row.wording == mine["voice"].isin(["own", "reported"]).sum()
        assert row.scare == (mine["voice"] == "scare").sum()


def test_the_seeds_by_hand(seeds):
    """TASS leaves both sides' labels in marks; the peacekeepers stand in its own headline first.

    Azatutyun quotes "residents of Karabakh" and writes of "Karabakh's population": other words.
    """
    table = adoption(seeds)
    tass = table[table["outlet"] == "TASS"].set_index("label")

    for label, speaker in (("anti-terrorist measures", "Baku"), ("aggression", "Yerevan")):
        assert tass.loc[label, ["speaker", "adopted", "wording"]].tolist() == [speaker, False, 0]
    assert tass.loc["peacekeepers", ["speaker", "first", "adopted", "dropped"]].tolist() == [
        "Dmitry Peskov", "wording", False, 0,
    ]  # fmt: skip
    others = row_of(table, outlet="Azatutyun/Asbarez", label="Karabakh residents")
    assert others[["first", "wording", "dropped", "adopted"]].tolist() == ["quoted", 1, 0, False]
    assert "anti-terrorist crackdown" not in tass.index  # TASS's own word, quoted from nobody


# ------------------------------------------------------------------ who was first


def test_the_outlet_of_the_first_day_carried_it_first(small):
    part = made_of(
        small,
        {"outlet": "A", "date": "2023-09-20", "text": QUOTED},
        {"outlet": "B", "date": "2023-09-19", "text": OWN},
        {"outlet": "C", "date": "2023-09-20", "text": SAID},
    )
    row = row_of(first_uses(part), label="measures")

    assert row[["date", "outlet"]].tolist() == ["2023-09-19", "B"]
    assert row[["quoted_date", "quoted_outlet"]].tolist() == ["2023-09-20", "A or C"]
    assert row[["wording_date", "wording_outlet"]].tolist() == ["2023-09-19", "B"]


def test_an_outlet_without_dates_may_have_been_first(small):
    part = made_of(
        small,
        {"outlet": "A", "date": "2023-09-20", "text": OWN},
        {"outlet": "B", "text": OWN},
    )
    row = row_of(first_uses(part), label="measures")

    assert row[["date", "outlet"]].tolist() == ["2023-09-20", "A or B"]
    assert row[["quoted_date", "quoted_outlet"]].tolist() == [None, ""]


# ------------------------------------------------------------------ distance


def test_distance_equals_a_slow_recount(seeds):
    """Use by use: scare quotes, a distancing or attacking cue, or a negated one."""
    table = mentions(seeds)
    expected: dict[tuple[str, ...], list[int]] = {}
    for row in table[table["resolved"]].itertuples():
        cued = row.voice != "own" and row.cue_class in ("distancing", "attacking")
        held = row.voice == "scare" or row.negated or cued
        for key in (
            ("label", row.referent, row.label, row.side),
            ("side", "", "", row.side),
        ):
            cell = expected.setdefault((row.outlet, *key), [0, 0])
            cell[0] += held
            cell[1] += 1
    found = distance(seeds)
    keys = ["outlet", "by", "referent", "label", "side"]
    counts = found[found["of"] > 0].set_index(keys)[["count", "of"]]

    assert {key: row.tolist() for key, row in counts.iterrows()} == expected
    kinds = found[["scare", "distancing", "attacking", "negated"]].sum(axis=1)
    assert kinds.tolist() == found["count"].tolist()


def test_what_counts_as_distance(small):
    """Scare quotes, "claimed", "accused": three of five uses; a quotation alone is none."""
    text = (
        f"{SCARE} Yerevan claimed that the measures went on. Yerevan accused Baku of measures "
        f"against it. {OWN} {SAID}"
    )
    table = distance(made_of(small, ("2023-09-19", text)))
    row = row_of(table, by="label", label="measures")

    assert row[["count", "of", "scare", "distancing", "attacking"]].tolist() == [3, 5, 1, 1, 1]
    assert row["share"] == 3 / 5 and np.isnan(row["low"])
    assert row_of(table, by="side", side="Azerbaijan")["count"] == 3


def test_a_label_of_another_outlet_has_0_of_0(small):
    part = made_of(small, ("2023-09-19", OWN), {"outlet": "B", "text": "The aggression."})
    row = row_of(distance(part), outlet="A", by="label", label="aggression")

    assert row[["count", "of"]].tolist() == [0, 0] and np.isnan(row["share"])


def test_five_articles_give_an_interval(small):
    rows = [(None, OWN), (None, f"{SCARE} {OWN}"), (None, SCARE), (None, OWN), (None, f"{OWN} No.")]
    row = row_of(distance(made_of(small, *rows)), by="side", side="Azerbaijan")

    assert row[["count", "of", "of_articles"]].tolist() == [2, 6, 5]
    assert 0 <= row["low"] < 1 / 3 < row["high"] < 1


def test_two_outlets_side_by_side_hold_what_each_has(seeds):
    both = seeds.select(seeds.units["outlet"].isin(["TASS", "MassisPost"]).to_numpy())
    keys = ["by", "referent", "label", "side"]
    long = distance(both).set_index(["outlet", *keys])
    wide = distance_of_two(both, "TASS", "MassisPost").set_index(keys)

    for side, outlet in (("a", "TASS"), ("b", "MassisPost")):
        for name in ("count", "of", "share", "scare", "attacking"):
            pd.testing.assert_series_equal(
                wide[f"{side}_{name}"], long.loc[outlet][name], check_names=False
            )


# ------------------------------------------------------------------ doors


def test_no_labels_give_empty_tables(small):
    for lexicons in (small, []):
        part = profile(pd.DataFrame({"outlet": ["A", "B"], "text": [NONE, "Nobody."]}), lexicons)
        tables = (adoption(part), first_uses(part), distance(part), distance_of_two(part, "A", "B"))
        for table, columns in zip(
            tables,
            (
                {"outlet", "label", "first", "adopted", "dropped", "later", "speaker"},
                {"label", "date", "outlet", "quoted_outlet", "wording_outlet"},
                {"outlet", "by", "label", "share", "low", "scare"},
                {"by", "label", "a_share", "difference", "b_scare"},
            ),
            strict=True,
        ):
            assert table.empty and columns <= set(table)


def test_wording_is_the_outlet_s(small):
    for make in (adoption, first_uses):
        with pytest.raises(
            KeyError, match="no wording 'quoted' of an outlet; there are own, outlet"
        ):
            make(made_of(small, (None, OWN)), words="quoted")


@pytest.mark.parametrize(
    "text",
    [
        "There were no measures.",
        "These were not local measures.",
        "It was never a measure of that kind.",
        "The so-called measures went on.",
        "The alleged local measures went on.",
        "Baku did not say that measures went on.",
        "If Baku says that measures went on, Yerevan will leave.",
        "Baku refused to say whether measures went on.",
    ],
)
def test_a_label_that_is_denied_or_doubted_is_not_adopted(small, text):
    row = journey(small, ("2023-09-19", f"{QUOTED} {text}"))

    assert row["adopted"] is np.False_ or row["adopted"] is False
    assert row[["dropped", "later"]].tolist() == [0, 0]


def test_a_label_that_is_denied_or_doubted_is_held_at_arms_length(small):
    """The label's own place in the sentence decides, not another use beside it."""
    text = (
        "The measures, not the so-called measures, went on. This was not a measure. "
        "Not only measures went on. There were no measures."
    )
    row = row_of(distance(made_of(small, ("2023-09-19", text))), by="label", label="measures")

    assert row[["count", "of", "distancing", "negated", "scare"]].tolist() == [2, 5, 1, 1, 0]


def test_each_use_has_one_manner(small):
    text = (
        "The “measures” began. These were not measures. The so-called measures went on. There were "
        "no measures. Baku claimed that measures went on. The measures ended."
    )
    part = made_of(small, ("2023-09-19", text))
    uses = mentions(part).sort_values("start")

    assert manners(part, uses).tolist() == [
        "scare", "negated", "distancing", "none", "distancing", ""
    ]  # fmt: skip
