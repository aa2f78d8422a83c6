"""Articles that speak of an event and use none of its labels: found narrowly, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.avoidance import (
    NO_ARTICLE,
    NO_CONTEXT,
    NO_EVENT,
    NO_TOPIC,
    unlabelled,
    unlabelled_passages,
)
from bias_toolkit.comparison import compare, compare_all
from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.wordchoice import with_sentences

SMALL = """
name = "small"
topic = ["Karabakh", "Baku", "Armenia*", "Shusha"]
[[referents]]
name = "the action"
from = 2023-09-19
to = 2023-09-20
mentions_until = 2023-12-31
context = ["19 September", "one-day", "Shusha", "troops", "guns", "Agdam"]
labels = [
  { label = "operation", side = "Baku", terms = ["operation", { term = "deal", in_topic = true }] },
  { label = "aggression", side = "Armenia", terms = ["aggression"] },
]
[[referents]]
name = "the truce"
from = 2023-09-20
to = 2023-09-20
context = ["Yevlakh", "Agdam"]
labels = [{ label = "ceasefire", side = "neutral", terms = ["ceasefire"] }]
[[referents]]
name = "the town"
context = ["Stepanakert"]
labels = [{ label = "town", terms = ["town"] }]
[[referents]]
name = "the road"
from = 2022-12-12
to = 2023-09-24
labels = [{ label = "blockade", terms = ["blockade"] }]
"""
TELLING = "On 19 September Baku acted."


def lexicon(folder: Path, text: str = SMALL) -> list[Lexicon]:
    path = folder / "small.toml"
    path.write_text(text, encoding="utf8")
    return [load_lexicon(path)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Lexicon]:
    return lexicon(tmp_path_factory.mktemp("lexicons"))


def made_of(lexicons: list[Lexicon], *rows: dict[str, object]) -> Profile:
    filled = {"outlet": "A", "date": "2023-09-25", "title": ""}
    frame = pd.DataFrame([{"id": f"a{n}", **filled, **row} for n, row in enumerate(rows)])
    return profile(frame, lexicons)


def things(part: Profile) -> list[str]:
    return unlabelled_passages(part)["referent"].tolist()


# ------------------------------------------------------------------ which articles


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TELLING, ["the action"]),
        ("A one-day affair in Karabakh.", ["the action"]),  # a hyphen makes a phrase
        ("The troops of Armenia.", []),  # a plain word tells little
        ("The troops and guns of Armenia.", ["the action"]),  # two of them more
        ("On 19 September it rained.", []),  # no word of the topic
        ("Karabakh waits. On 19 September it rained.", []),  # in another sentence
        ("Shusha waits.", []),  # a context word that is one of the topic's is no sign
        ("Baku and Armenia met.", []),
        ("Agdam is in Karabakh.", []),  # the context word of two events
        ("Baku went to Yevlakh.", ["the truce"]),
        ("Baku spoke of Stepanakert.", []),  # a town is no event
        (TELLING + " The operation ended.", []),  # a label
        (TELLING + " “Aggression,” Yerevan said.", []),  # in whosever words
        (TELLING + " It was a deal.", []),  # and where the bare word counts for nothing
        (TELLING + " A ceasefire held.", ["the action"]),  # a label of another thing
    ],
)
def test_an_article_speaks_of_an_event_without_its_labels(
    small: list[Lexicon], text: str, found: list[str]
):
    assert things(made_of(small, {"text": text})) == found


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("2023-09-18", False),
        ("2023-09-19", True),
        ("2023-10-21", True),  # 31 days after the last
        ("2023-10-22", False),
        ("2024-09-19", False),
        (None, False),  # labels count in undated articles, silence does not
    ],
)
def test_an_event_is_spoken_of_while_it_is_news(
    small: list[Lexicon], date: str | None, found: bool
):
    assert (things(made_of(small, {"text": TELLING, "date": date})) != []) == found


def test_labels_that_count_no_longer_end_the_news(tmp_path: Path):
    text = SMALL.replace("mentions_until = 2023-12-31", "mentions_until = 2023-09-30")
    part = made_of(
        lexicon(tmp_path, text), *({"text": TELLING, "date": f"2023-{day}"} for day in
        ("09-30", "10-01"))
    )  # fmt: skip

    assert unlabelled_passages(part)["article"].tolist() == ["a0"]


def test_a_passage_is_the_first_of_its_article_and_leads_to_its_sentence(small: list[Lexicon]):
    part = made_of(small, {"text": f"Rain fell. {TELLING} A one-day affair in Karabakh."})
    (row,) = with_sentences(part, unlabelled_passages(part)).to_dict("records")

    assert (row["article"], row["outlet"], row["date"]) == ("a0", "A", "2023-09-25")
    assert row["text"] == TELLING
    assert row["text"][row["text_start"] : row["text_end"]] == "19 September"


def test_forms_and_teasers_of_the_page_speak_of_nothing(small: list[Lexicon]):
    text = "Rain fell on the hills all day long.\n\nLeave a Reply\n\n" + TELLING

    assert things(made_of(small, {"text": text})) == []


# ------------------------------------------------------------------ counts


def rows_of(part: Profile) -> pd.DataFrame:
    return unlabelled(part).set_index(["referent", "outlet"])


def test_articles_are_counted_by_what_they_do(small: list[Lexicon]):
    """Two say operation, one only quotes aggression, one says nothing of the kind."""
    part = made_of(
        small,
        {"text": "The operation ended.", "date": "2023-09-20"},
        {"text": "The operation ended. “Aggression,” Baku said.", "date": "2023-12-01"},
        {"text": "“It was plain aggression,” Yerevan said.", "date": "2023-09-21"},
        {"text": TELLING},
        {"text": "Rain fell.", "date": "2019-01-01"},
        {"text": "Rain fell.", "date": None},
    )
    row = rows_of(part).loc[("the action", "A")]

    columns = "in_time labelled wording quoted_only fresh fresh_labelled unlabelled share".split()
    assert row[columns].tolist() == pytest.approx([5, 3, 2, 1, 3, 2, 1, 1 / 3])
    assert row["reason"] == "" and np.isnan(row["low"])  # 3 articles give no interval


def test_shares_have_exact_intervals_from_five_articles_on(small: list[Lexicon]):
    """None of six: the chance of that is 2.5 % where 46 % are silent; all of six mirrors it."""
    said, silent = {"text": "The operation ended."}, {"text": TELLING}
    none = rows_of(made_of(small, *[said] * 6)).loc[("the action", "A")]
    every = made_of(small, *[silent] * 6, {"text": "The operation ended.", "outlet": "B"})
    every_row = rows_of(every).loc[("the action", "A")]

    assert none[["share", "low"]].tolist() == [0, 0]
    assert none["high"] == pytest.approx(1 - 0.025 ** (1 / 6))
    assert every_row[["share", "high"]].tolist() == [1, 1]
    assert every_row["low"] == pytest.approx(0.025 ** (1 / 6))


def test_what_cannot_be_known_is_undefined_with_a_reason(small: list[Lexicon], tmp_path: Path):
    """0 would say that somebody looked and found nothing."""
    text = "The town lay under blockade in the operation. Baku called a ceasefire."
    part = made_of(small, {"text": text}, {"text": "The operation.", "outlet": "B", "date": None})
    table = rows_of(part)
    no_topic = SMALL.replace('topic = ["Karabakh", "Baku", "Armenia*", "Shusha"]', "").replace(
        "{ term = \"deal\", in_topic = true }", '"deal"'
    )  # fmt: skip
    alone = rows_of(made_of(lexicon(tmp_path, no_topic), {"text": text}))

    assert table.loc["the town", "reason"].tolist() == [NO_EVENT, NO_EVENT]
    assert table.loc["the road", "reason"].tolist() == [NO_CONTEXT, NO_CONTEXT]
    assert table.loc["the action", "reason"].tolist() == ["", NO_ARTICLE]
    assert alone.loc[("the action", "A"), "reason"] == NO_TOPIC
    unknown = table["reason"] != ""
    assert table.loc[unknown, ["unlabelled", "share", "low", "high"]].isna().all(axis=None)
    assert table.loc[~unknown, "unlabelled"].eq(0).all()


def test_the_order_of_articles_and_other_outlets_change_nothing(small: list[Lexicon]):
    texts = [TELLING, "The operation ended.", "Rain.", "Baku went to Yevlakh."]
    rows = [{"text": text, "outlet": outlet} for outlet in "AB" for text in texts]
    named = [{**row, "id": f"x{n}"} for n, row in enumerate(rows)]
    part, turned = made_of(small, *named), made_of(small, *named[::-1])
    third = made_of(small, *named, {"text": TELLING, "outlet": "C", "id": "c"})

    pd.testing.assert_frame_equal(unlabelled(turned), unlabelled(part))
    pd.testing.assert_frame_equal(
        compare(third, "A", "B").unlabelled, compare(part, "A", "B").unlabelled
    )


def test_comparisons_show_the_table_and_the_sentences(small: list[Lexicon]):
    part = made_of(small, {"text": TELLING}, {"text": "The operation ended.", "outlet": "B"})
    one, every = compare(part, "A", "B"), compare_all(part)

    pd.testing.assert_frame_equal(one.unlabelled, every.unlabelled)
    assert one.unlabelled_passages["text"].tolist() == [TELLING]
    assert every.unlabelled_passages["text"].tolist() == [TELLING]
