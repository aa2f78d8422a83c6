"""Who said which label: credit only inside quotation marks, and a sentence for each way."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bias_toolkit.comparison import compare, compare_all
from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.whosaid import OWN_MARKS, UNKNOWN, mark, who_said
from bias_toolkit.wordchoice import label_shares

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
[[referents]]
name = "the land"
labels = [
  { label = "Karabakh", side = "neutral", terms = ["Karabakh"] },
  { label = "Artsakh", side = "Armenia", terms = ["Artsakh"] },
]
"""
SPOKEN = (
    "Artsakh fell. Baku said that Karabakh was calm. It said that Karabakh was quiet. “Karabakh "
    "is ours and always was,” Baku said. Thousands left the “Artsakh” that was."
)


def made_of(lexicons: list[Lexicon], *rows: dict[str, object]) -> Profile:
    filled = {"outlet": "A", "date": "2023-09-25", "title": ""}
    frame = pd.DataFrame([{"id": f"a{n}", **filled, **row} for n, row in enumerate(rows)])
    return profile(frame, lexicons)


@pytest.fixture(scope="module")
def seeds() -> Profile:
    return profile(ROOT / "seeds")


def cell(table: pd.DataFrame, label: str, outlet: str) -> dict[str, object]:
    (row,) = table[(table["label"] == label) & (table["outlet"] == outlet)].to_dict("records")
    return row


# ------------------------------------------------------------------ laws


def test_uses_are_those_of_the_shares(seeds: Profile):
    """own; own and reported; quoted; and all three, for every label and outlet."""
    table = who_said(seeds).set_index(["referent", "label", "outlet"])
    sums = {
        "own": table["own"],
        "outlet": table["own"] + table["reported"],
        "quoted": table["quoted"],
        "all": table["own"] + table["reported"] + table["quoted"],
    }
    for group, counts in sums.items():
        shares = label_shares(seeds, tuple(seeds.outlets), group).set_index(["referent", "label"])
        expected = {
            (*key, outlet): row[f"{outlet}.count"]
            for key, row in shares.iterrows()
            for outlet in seeds.outlets
        }

        assert {key: n for key, n in counts.items() if n} == {
            k: n for k, n in expected.items() if n
        }


def test_every_use_has_a_way_with_a_sentence_and_none_without(seeds: Profile):
    table = who_said(seeds)
    for how in ("own", "reported", "quoted"):
        there = table[how] > 0

        assert (table[f"{how}_sentence"].str.count(r"\*\*") == there * 2).all()
        assert ((table[f"{how}_article"] != "") == there).all()
    assert ((table["told_of"] != "") == (table["reported"] > 0)).all()
    assert ((table["said_by"] != "") == (table["quoted"] > 0)).all()


def test_the_order_of_articles_changes_nothing(small: list[Lexicon]):
    rows = [{"text": SPOKEN, "id": f"x{n}", "outlet": "AB"[n % 2]} for n in range(4)]
    one, other = (who_said(made_of(small, *some)) for some in (rows, rows[::-1]))

    pd.testing.assert_frame_equal(one, other)


def test_comparisons_hold_the_table(small: list[Lexicon]):
    part = made_of(small, {"text": SPOKEN}, {"text": "Rain.", "outlet": "B"})

    pd.testing.assert_frame_equal(compare(part, "A", "B").who_said, who_said(part))
    pd.testing.assert_frame_equal(compare_all(part).who_said, who_said(part))
    assert compare(part, "B", "A").who_said["outlet"].tolist() == ["B", "A", "B", "A"]


def test_every_use_of_a_label_leads_to_its_sentence(small: list[Lexicon]):
    part = made_of(small, {"text": SPOKEN}, {"text": "Rain.", "outlet": "B"})
    result = compare(part, "A", "B")
    found = result.label_sentences("Karabakh")
    words = [
        text[start:end]
        for text, start, end in zip(
            found["text"], found["text_start"], found["text_end"], strict=True
        )
    ]

    assert words == ["Karabakh"] * 3
    assert found["voice"].tolist() == ["reported", "reported", "quote"]
    pd.testing.assert_frame_equal(result.label_sentences("Karabakh", "the land"), found)


def test_a_label_that_nobody_uses_is_an_error_with_those_used(small: list[Lexicon]):
    result = compare(made_of(small, {"text": SPOKEN}, {"text": "x", "outlet": "B"}), "A", "B")

    with pytest.raises(KeyError, match="no use of a label 'war'; labels used here: Artsakh, Kar"):
        result.label_sentences("war")
    with pytest.raises(KeyError, match="no use of a label 'Artsakh' of 'the sea'; labels used"):
        result.label_sentences("Artsakh", "the sea")


# ------------------------------------------------------------------ by hand


def test_only_quotation_marks_hand_a_label_to_a_speaker(small: list[Lexicon]):
    """Two uses are told of Baku in the outlet's wording, one of them as "it"; one is Baku's."""
    row = cell(who_said(made_of(small, {"text": SPOKEN})), "Karabakh", "A")

    assert [row[name] for name in ("own", "reported", "quoted")] == [0, 2, 1]
    assert row["told_of"] == "Baku 2 (1 inferred)"
    assert row["said_by"] == "Baku 1"
    assert row["reported_sentence"] == "Baku said that **Karabakh** was calm."
    assert row["own_sentence"] == row["own_article"] == ""


def test_marks_without_a_source_are_the_outlets(small: list[Lexicon]):
    row = cell(who_said(made_of(small, {"text": SPOKEN})), "Artsakh", "A")

    assert [row[name] for name in ("own", "reported", "quoted")] == [1, 0, 1]
    assert row["said_by"] == f"{OWN_MARKS} 1"
    assert row["own_sentence"] == "**Artsakh** fell."
    assert row["quoted_sentence"] == "Thousands left the “**Artsakh**” that was."


def test_a_source_that_was_not_found_is_said_so(small: list[Lexicon]):
    """It stands after all who are named, and its sentence is not the one that is shown."""
    text = "“Karabakh was calm, and it was well.”\n\nRain fell. “Karabakh is ours,” Baku said."
    row = cell(who_said(made_of(small, {"text": text})), "Karabakh", "A")

    assert row["said_by"] == f"Baku 1; {UNKNOWN} 1"
    assert row["quoted_sentence"] == "“**Karabakh** is ours,” Baku said."


def test_a_label_that_only_another_outlet_uses_has_zeros(small: list[Lexicon]):
    part = made_of(small, {"text": "Artsakh."}, {"text": "Karabakh.", "outlet": "B"})
    row = cell(who_said(part), "Artsakh", "B")

    assert [row[n] for n in ("own", "reported", "quoted", "own_sentence")] == [0, 0, 0, ""]


def test_the_sentence_is_of_the_earliest_article(small: list[Lexicon]):
    """An article without a date comes last; of one day the first by id."""
    part = made_of(
        small,
        {"text": "Undated Artsakh.", "date": None, "id": "a"},
        {"text": "Late Artsakh.", "date": "2023-09-26", "id": "b"},
        {"text": "Early Artsakh.", "date": "2023-09-20", "id": "d"},
        {"text": "First Artsakh.", "date": "2023-09-20", "id": "c"},
    )
    row = cell(who_said(part), "Artsakh", "A")

    assert (row["own"], row["own_article"], row["own_sentence"]) == (4, "c", "First **Artsakh**.")


def test_baku_and_the_ministry_of_the_seeds(seeds: Profile):
    """Baku is quoted with its measures; the crackdown is the outlet's word for what was said."""
    table = who_said(seeds)
    measures = cell(table, "anti-terrorist measures", "TASS")
    crackdown = cell(table, "anti-terrorist crackdown", "TASS")

    assert (measures["quoted"], measures["said_by"]) == (1, "Baku 1 (1 inferred)")
    assert "local **anti-terrorist measures**" in str(measures["quoted_sentence"])
    assert (crackdown["reported"], crackdown["quoted"]) == (1, 0)
    assert crackdown["told_of"] == "Azerbaijani Defense Ministry 1"


def test_asterisks_of_a_text_are_parted():
    """So that the label alone stands between two."""
    text = "A **bold** act\nof  war."

    assert mark(text, 19, 22) == "A * *bold* * act of **war**."


@given(st.text("* a", max_size=9), st.text("* a", max_size=9), st.text("* a", max_size=9))
def test_a_marked_label_can_always_be_found_again(before: str, label: str, after: str):
    text = before + label + after
    marked = mark(text, len(before), len(before) + len(label))
    parts = marked.split("**")

    if label.strip():
        assert len(parts) == 3
        assert "".join(parts[1].split()) == "".join(label.split())


def test_uses_that_may_mean_two_things_are_left_out(tmp_path: Path):
    path = tmp_path / "two.toml"
    path.write_text(
        'name = "two"\n'
        '[[referents]]\nname = "one"\nlabels = [{ label = "deal", terms = ["deal"] }]\n'
        '[[referents]]\nname = "other"\nlabels = [{ label = "deal", terms = ["deal"] }]\n',
        encoding="utf8",
    )

    assert who_said(made_of([load_lexicon(path)], {"text": "The deal."})).empty
