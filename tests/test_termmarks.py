"""Marks: function words, outlets' own names, house style, and spellings of one word."""

from __future__ import annotations

import pytest

from bias_toolkit.termmarks import spelling_groups, styles


@pytest.mark.parametrize(
    ("term", "style"),
    [
        ("of the", "function word"),
        ("that he", "function word"),
        ("war", ""),
        ("of war", ""),
        ("the regime", ""),
        ("mr", "house style"),
        ("said on monday", "house style"),
        ("p.m", "house style"),
        ("14:33", "house style"),
        ("e.", "house style"),
        ("tass", "own name"),
        ("according to tass", "own name"),
        ("azatutyun", "own name"),
        ("news.ru", "own name"),
        ("fox", "own name"),
        ("post", ""),
        ("times", ""),
    ],
)
def test_what_a_term_is_besides_a_word(term: str, style: str):
    outlets = ["TASS", "Azatutyun/Asbarez", "NEWS.ru", "Fox News", "The Washington Post"]

    assert styles([term], outlets) == [style]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kiev", "kyiv"),
        ("zaporozhye", "zaporizhzhia"),
        ("colour", "color"),
        ("honoured", "honored"),
        ("organise", "organize"),
        ("organisations", "organizations"),
        ("analyse", "analyze"),
        ("centre", "center"),
        ("defence", "defense"),
        ("travelled", "traveled"),
        ("dialogue", "dialog"),
        ("programme", "program"),
        ("towards", "toward"),
        ("nikol pashinyan", "nikol pashinian"),
    ],
)
def test_spellings_of_one_word_share_a_group(one: str, other: str):
    groups = spelling_groups([one, other, "unrelated"])

    assert groups[0] == groups[1] != ""
    assert groups[2] == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("hour", "hor"), ("four", "for"), ("rise", "rize"), ("wise", "wize"), ("fire", "fier"),
     ("fence", "fense"), ("war", "wars")],
)  # fmt: skip
def test_other_words_do_not(one: str, other: str):
    assert spelling_groups([one, other]) == ["", ""]


def test_a_spelling_alone_has_no_group():
    assert spelling_groups(["kiev", "colour", "war"]) == ["", "", ""]
