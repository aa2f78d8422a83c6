"""Page furniture: recurring lines with a sign are set aside, all others stay."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.furniture import (
    FEWEST_ARTICLES,
    SIGNS,
    SMALLEST_SHARE,
    Sign,
    find_furniture,
    own_name,
    sign_of,
)
from bias_toolkit.hashing import Words
from bias_toolkit.profiles import Profile, profile

CASES = [(sign, text) for sign in SIGNS for text in sign.fires]
SILENT = [(sign, text) for sign in SIGNS for text in sign.silent]
STOCK = "The region is internationally recognised as part of the neighbouring state."
ASIDE = "Please consider making a contribution to our newsletter today."


def corpus(
    line: str, n: int = 10, outlet: str = "Example News", before: str = "\n", after: str = "\n"
) -> pd.DataFrame:
    """*n* articles of 40 random words, each with *line* between *before* and *after*."""
    rng = np.random.default_rng(4)
    rows = []
    for number in range(n):
        words = [f"w{k}" for k in rng.integers(0, 5000, 40)]
        body = " ".join(words[:20]).capitalize(), " ".join(words[20:]).capitalize()
        text = f"{body[0]}.{before}{line}{after}{body[1]}."
        rows.append({"id": f"{outlet}{number}", "outlet": outlet, "title": "", "text": text})
    return pd.DataFrame(rows)


def found(articles: pd.DataFrame) -> tuple[Profile, list[str], pd.DataFrame]:
    """The profile, what is set aside in each article that has any, and the table."""
    part = profile(articles, [])
    words = Words(part)
    aside, table = find_furniture(words, np.ones(len(part.units), bool))
    told = [
        " ".join(part.vocabulary[part.word[aside & (part.unit == unit)]])
        for unit in range(len(part.units))
    ]
    return part, [text for text in told if text], table


# ------------------------------------------------------------------ the signs


@pytest.mark.parametrize(("sign", "text"), CASES, ids=[text[:40] for _, text in CASES])
def test_a_sign_fires(sign: Sign, text: str):
    assert re.search(sign.pattern.replace("OWN", "example"), text.replace("OWN", "example"))


@pytest.mark.parametrize(("sign", "text"), SILENT, ids=[text[:40] for _, text in SILENT])
def test_prose_bears_no_sign(sign: Sign, text: str):
    assert sign_of(text.replace("OWN", "example"), "Example") == ""


@pytest.mark.parametrize(
    "text",
    [
        "nagorno-karabakh is internationally recognised as part of azerbaijan , but has been under"
        " the control of ethnic armenians since 1994 .",
        "the two sides fought a war in the early 1990s that killed some 30,000 people .",
        "the white house did not immediately respond to a request for comment .",
        "about 20 million people gained health coverage under the law .",
        "russia has denied the allegations .",
        "the us and its allies have imposed sanctions on the country .",
        "example has learned that the minister will step down .",
        "clinton walks on her stage with her family after winning the new york primary in april .",
        "the company did not reply to an e-mail that asked for comment .",
        "the video was first published by an online outlet .",
    ],
)
def test_background_sentences_bear_no_sign(text: str):
    assert sign_of(text, "Example") == ""


def test_strong_signs_alone_hold_for_joined_pieces():
    assert sign_of("sign up for our newsletter", "Example", joined=True) == "subscription"
    assert sign_of("share your top six picks .", "Example", joined=True) == ""


@pytest.mark.parametrize(
    ("outlet", "words"),
    [
        ("The Washington Times", "washington times"),
        ("USA TODAY", "usa today"),
        ("Azatutyun/Asbarez", "asbarez"),
        ("en.news-front.info", "news-front"),
        ("News Online", "news online"),
    ],
)
def test_an_outlet_is_known_by_its_name(outlet: str, words: str):
    assert re.fullmatch(own_name(outlet), words)


def test_an_outlet_without_a_name_has_none_to_be_known_by():
    assert not re.search(own_name("—"), "— any words")


# ------------------------------------------------------------------ laws


def test_the_order_of_the_articles_changes_nothing():
    articles = corpus(ASIDE)
    _, _, table = found(articles)
    _, _, again = found(articles.sample(frac=1, random_state=3))

    pd.testing.assert_frame_equal(table, again)
    assert len(table) == 1


def test_another_outlet_changes_nothing():
    """Neither by writing the same line nor by being large."""
    one = corpus(ASIDE)
    other = corpus(ASIDE, n=FEWEST_ARTICLES - 1, outlet="Other")
    _, told, table = found(pd.concat([one, other]))

    assert len(told) == 10
    pd.testing.assert_frame_equal(table, found(one)[2])


def test_articles_that_are_not_counted_make_nothing_recur():
    part = profile(corpus(ASIDE, n=9), [])
    single = np.arange(9) < FEWEST_ARTICLES - 1

    assert not find_furniture(Words(part), single)[0].any()
    assert find_furniture(Words(part), np.ones(9, bool))[0].any()


# ------------------------------------------------------------------ by hand


def test_a_line_in_eight_articles_is_set_aside_with_its_sign():
    _, told, table = found(corpus(ASIDE, n=FEWEST_ARTICLES))

    assert told == ["please consider making a contribution to our newsletter today ."] * 8
    assert table.to_dict("records") == [
        {
            "outlet": "Example News",
            "text": told[0],
            "sign": "invitation",
            "articles": 8,
            "share": 1.0,
            "first": "",
            "last": "",
        }
    ]


def test_a_line_in_seven_articles_stays():
    assert found(corpus(ASIDE, n=FEWEST_ARTICLES - 1))[1] == []


def test_a_line_in_too_small_a_share_of_the_articles_stays():
    """Of 5,000 articles, 2 in 1,000 are 10: eight of them are chance."""
    many = pd.DataFrame({"outlet": "Example News", "text": [f"Word{n}." for n in range(5000)]})
    lines = corpus(ASIDE, n=FEWEST_ARTICLES)

    assert SMALLEST_SHARE * 5000 > FEWEST_ARTICLES
    assert found(pd.concat([lines, many]))[1] == []


def test_a_sentence_without_a_sign_stays_however_often_it_recurs():
    assert found(corpus(STOCK, n=50))[1] == []


def test_furniture_within_a_paragraph_is_set_aside_alone():
    _, told, _ = found(corpus(ASIDE, before=" ", after=" "))

    assert told == ["please consider making a contribution to our newsletter today ."] * 10


def test_numbers_and_dates_do_not_hide_that_a_line_recurs():
    articles = corpus("", n=10)
    articles["text"] += [
        f"\nThis story has been updated with figures of May {n + 1}, 20{n + 10}." for n in range(10)
    ]
    _, told, table = found(articles)

    assert len(told) == 10 and len(table) == 1
    assert table["sign"].tolist() == ["about the page"]


def test_a_quotation_is_never_furniture():
    assert (
        found(corpus("“Please consider making a contribution to our newsletter today.”"))[1] == []
    )


def test_a_line_joined_to_the_text_is_set_aside_where_its_sign_is_strong():
    """The sentence that follows is the article's, and stays."""
    articles = corpus("Sign up for our daily newsletter ", before="\n", after="")
    _, told, table = found(articles)

    assert told == ["sign up for our daily newsletter"] * 10
    assert table["sign"].tolist() == ["subscription"]


def test_a_line_at_the_end_of_a_sentence_is_set_aside_too():
    articles = corpus("", n=9)
    articles["text"] = articles["text"].str.rstrip(".") + " Click here for more from the wires\n"
    _, told, _ = found(articles)

    assert told == ["click here for more from the wires"] * 9


def test_a_weak_sign_does_not_tear_a_sentence_apart():
    assert found(corpus("Share your thoughts with ", before="\n", after=""))[1] == []


def test_rubrics_behind_a_bar_are_set_aside_and_the_headline_stays():
    titles = [f"Minister w{n} speaks v{n} « War in Ukraine | Example.net" for n in range(9)]
    articles = pd.DataFrame({"outlet": "example.net", "title": "", "text": titles})
    _, told, table = found(articles)

    assert told == ["« war in ukraine | example.net"] * 9
    assert set(table["sign"]) == {"rubric"}


def test_rubrics_in_titles_are_set_aside():
    articles = corpus("")
    articles["title"] = [f"Talks u{n} resume | Opinion" for n in range(10)]

    assert found(articles)[1] == ["| opinion"] * 10


def test_a_rubric_before_the_headline_is_set_aside():
    articles = corpus("")
    articles["title"] = [f"Opinion | Why u{n} matters" for n in range(10)]

    assert found(articles)[1] == ["opinion"] * 10


def test_angle_quotes_in_pairs_are_quotation_marks():
    titles = [f"Minister w{n} visits the fighters of «Azov»" for n in range(9)]
    articles = pd.DataFrame({"outlet": "example.net", "title": titles, "text": "A text."})

    assert found(articles)[1] == []


def test_a_title_that_recurs_whole_stays():
    articles = corpus("")
    articles["title"] = "Please read our newsletter"

    assert found(articles)[1] == []


def test_the_outlets_own_name_behind_a_dash_is_its_signature():
    articles = corpus("", outlet="Ukrinform.net")
    articles["text"] = articles["text"].str.rstrip(".") + ". — Ukrinform."
    _, told, table = found(articles)

    assert told == ["— ukrinform ."] * 10
    assert table["sign"].tolist() == ["signature"]


def test_another_name_behind_a_dash_stays():
    articles = corpus("", outlet="Ukrinform.net")
    articles["text"] = articles["text"].str.rstrip(".") + ". — General Staff."

    assert found(articles)[1] == []


def test_an_empty_profile_of_signs_has_an_empty_table():
    part = profile(pd.DataFrame([{"outlet": "A", "text": "..."}]), [])
    aside, table = find_furniture(Words(part), np.ones(1, bool))

    assert not aside.any() and not len(table)
    assert list(table) == ["outlet", "text", "sign", "articles", "share", "first", "last"]
