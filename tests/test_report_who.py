"""The head of the labels on the page: who said which label, and where the choice differs."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from bias_toolkit.comparison import Comparisons, compare, compare_all
from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.profiles import profile
from bias_toolkit.reports import content, html, who

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
[categories.harsh]
terms = ["regime"]
[[referents]]
name = "the city"
labels = [
  { label = "Kyiv", side = "Ukraine", terms = ["Kyiv"] },
  { label = "Kiev", side = "Russia", terms = ["Kiev"] },
]
[[referents]]
name = "the fighting"
labels = [{ label = "war", terms = ["war"] }, { label = "operation", terms = ["operation"] }]
"""


@pytest.fixture(scope="module")
def seeds() -> Comparisons:
    return compare_all(profile(ROOT / "seeds"))


def compared(small: list[Lexicon], **words: list[str]) -> Comparisons:
    """Outlets whose articles name the city by these words, in texts that are no copies."""
    rows = [
        {
            "outlet": outlet,
            "id": f"{outlet}{n}",
            "text": f"The regime fell on {word} for {n} hours.",
        }
        for outlet, names in words.items()
        for n, word in enumerate(names)
    ]
    return compare_all(profile(pd.DataFrame(rows).assign(date="2023-09-20", title=""), small))


def text_of(whole: Comparisons) -> str:
    """The section as plain text."""
    page = html.page(whole, [], {})
    section = page[page.index('<section id="who">') : page.index('<h3 id="each">')]
    return " ".join(unescape(re.sub("<[^>]+>", " ", section)).split())


def parts(whole: Comparisons) -> dict[str, object]:
    return who.parts(whole, content.referent_parts(whole))


def test_the_seeds_get_counts_sentences_and_the_reason_why_nothing_is_tested(seeds: Comparisons):
    said = text_of(seeds)

    assert "“anti-terrorist measures” preferred by: Azerbaijan TASS 0 0 1 Baku (inferred)" in said
    assert 'quoted Baku announced it was launching what it described as "local anti-terror' in said
    assert "TASS 0 1 Azerbaijani Defense Ministry 0 reported On September 20, the Azerb" in said
    assert "No label was tested: that takes 10 articles of each of two outlets that wrote" in said
    assert "more than chance alone would give" not in said


def test_numbers_are_those_of_the_table(seeds: Comparisons):
    table = seeds.who_said.set_index(["referent", "label", "outlet"])
    shown = [
        ((thing.name, label.label, row.outlet), (row.own, row.reported, row.quoted))
        for thing in parts(seeds)["who"]
        for label in thing.labels
        for row in label.rows
    ]

    assert len(shown) > 20
    for key, counts in shown:
        assert tuple(table.loc[key, ["own", "reported", "quoted"]]) == counts


def test_only_things_with_several_labels_stand_at_the_head(seeds: Comparisons):
    names = {thing.name for thing in parts(seeds)["who"]}
    several = {part.name for part in content.referent_parts(seeds) if len(part.labels) > 1}

    assert names and names <= several


def test_a_label_stands_marked_in_its_sentence(small: list[Lexicon]):
    found = parts(compared(small, A=["Kiev", "Kyiv"], B=["Kyiv"]))
    (thing,) = found["who"]
    kyiv, kiev = thing.labels

    assert (thing.name, kyiv.label, kiev.label, kiev.side) == ("the city", "Kyiv", "Kiev", "Russia")
    assert [row.outlet for row in kyiv.rows] == ["A", "B"]
    (row,) = kiev.rows
    assert (row.how, row.before, row.term) == ("own", "The regime fell on ", "Kiev")
    assert row.after == " for 0 hours."


def test_a_finding_stands_with_shares_intervals_and_articles(small: list[Lexicon]):
    whole = compared(small, A=["Kiev"] * 15, B=["Kyiv"] * 15)
    said = text_of(whole)

    assert "“Kiev” the city A 100 % (78 to 100) 15 of 15 " in said
    assert " B 0 % (0 to 22) 0 of 15" in said
    assert "2 labels of 1 thing were tested" in said
    assert [(f.label, f.a, f.b) for f in parts(whole)["findings"]] == [
        ("Kiev", "A", "B"), ("Kyiv", "A", "B")
    ]  # fmt: skip


def test_nothing_found_is_not_called_alike(small: list[Lexicon]):
    said = text_of(compared(small, A=["Kiev", "Kyiv"] * 8, B=["Kyiv", "Kiev"] * 8))

    assert "No label differs by more than chance alone would give. That does not show" in said


def test_with_several_pairs_each_is_told_and_p_is_over_all(small: list[Lexicon]):
    whole = compared(small, A=["Kiev"] * 15, B=["Kyiv"] * 15, C=["Kyiv"] * 3)
    said = text_of(whole)

    assert "A and B: 2 labels of 1 thing were tested" in said
    assert "Pairs of outlets with a label tested: 1 of 3." in said
    assert {(f.a, f.b) for f in parts(whole)["findings"]} == {("A", "B")}


def test_no_label_is_said_so(small: list[Lexicon]):
    said = text_of(compared(small, A=["us"], B=["them"]))

    assert "There is nothing here for which labels compete." in said


def test_many_outlets_and_speakers_are_cut_and_counted(small: list[Lexicon]):
    """The six outlets that use a label most; the rest is in the tables."""
    words = {name: ["Kiev"] * (number + 1) + ["Kyiv"] for number, name in enumerate("ABCDEFG")}
    (thing,) = parts(compared(small, **words))["who"]
    kiev = next(label for label in thing.labels if label.label == "Kiev")

    assert [row.outlet for row in kiev.rows] == list("BCDEFG")
    assert kiev.more == 1


def test_shares_stand_beside_counts_from_five_articles_on(small: list[Lexicon]):
    few = compared(small, A=["Kiev", "Kyiv"] * 2, B=["Kyiv"] * 4)
    more = compared(small, A=["Kiev", "Kyiv"] * 3, B=["Kyiv"] * 4)
    shares = [
        {row.label: row.shares for row in content.referent_parts(whole)[0].labels}
        for whole in (few, more)
    ]

    assert shares[0] == {"Kyiv": {}, "Kiev": {}}
    assert list(shares[1]["Kiev"]) == ["A"]
    assert shares[1]["Kiev"]["A"].startswith("50 % (")
    assert not parts(few)["label_intervals"] and parts(more)["label_intervals"]


def test_articles_that_avoid_the_labels_are_told_of(tmp_path: Path):
    path = tmp_path / "event.toml"
    path.write_text(
        'name = "event"\ntopic = ["Baku"]\n[categories.harsh]\nterms = ["regime"]\n'
        '[[referents]]\nname = "the action"\nfrom = 2023-09-19\nto = 2023-09-20\n'
        'context = ["19 September"]\nlabels = [{ label = "operation", terms = ["operation"] }]\n',
        encoding="utf8",
    )
    texts = {"A": "On 19 September Baku acted.", "B": "The regime ended the operation."}
    rows = [{"outlet": outlet, "id": outlet, "text": text} for outlet, text in texts.items()]
    part = profile(pd.DataFrame(rows).assign(date="2023-09-21", title=""), [load_lexicon(path)])
    (found,) = content.referent_parts(compare_all(part))

    assert found.silent == (("A", "1 beside 0"),)
    assert "and use none of these labels, beside those that use one: A 1 beside 0." in html.page(
        compare_all(part), [], {}
    )


def test_one_pair_tells_its_method_once(small: list[Lexicon]):
    whole = compared(small, A=["Kiev"] * 15, B=["Kyiv"] * 15)
    result = compare(whole.profile, "A", "B")
    as_whole = content.as_comparisons(result)

    assert parts(as_whole)["label_method"] == [" ".join(result.label_method)]


UNDATED = """
name = "timed"
[[referents]]
name = "the truce"
from = 2023-09-20
labels = [{ label = "truce", terms = ["truce"] }, { label = "deal", terms = ["deal"] }]
[[referents]]
name = "the city"
labels = [{ label = "Kyiv", terms = ["Kyiv"] }, { label = "Kiev", terms = ["Kiev"] }]
"""


@pytest.mark.parametrize("dated", [False, True])
def test_uses_in_articles_without_a_date_are_counted_and_told(tmp_path: Path, dated: bool):
    path = tmp_path / "timed.toml"
    path.write_text(UNDATED, encoding="utf8")
    rows = [
        {"outlet": "A", "id": "1", "text": "The truce of Kyiv held.", "date": None},
        {"outlet": "A", "id": "2", "text": "The deal held.", "date": "2023-09-21"},
        {"outlet": "B", "id": "3", "text": "A deal near Kiev held.", "date": "2023-09-21"},
    ][dated:]
    whole = compare_all(profile(pd.DataFrame(rows).assign(title=""), [load_lexicon(path)]))
    told = "1 of 5 uses of labels stand in articles without a date and are for things of a certain"

    assert (told in text_of(whole)) is not dated
    assert ("else: the truce 1 of 3. Give the" in text_of(whole)) is not dated
