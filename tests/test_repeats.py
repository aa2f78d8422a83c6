"""What recurs: furniture set aside, copies counted once, stock sentences kept and listed."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.cleaning import OTHER
from bias_toolkit.lexicon import load_lexicon
from bias_toolkit.profiles import Profile, profile, unpack
from bias_toolkit.repeats import (
    STOCK_ARTICLES,
    STOCK_WORDS,
    Repeats,
    find_repeats,
    without_furniture,
)

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", ROOT / "../shared/data"))

FURNITURE = "Share your weekly story with us below."
STOCK = "The region is internationally recognised as part of the neighbouring state."
BOTH = f"\n{FURNITURE}\n{STOCK}"


def newsroom(outlet: str, n: int = 12, seed: int = 1, tail: str = BOTH) -> pd.DataFrame:
    """Articles of six random sentences of ten words and what each ends with."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(n):
        sentences = [
            "The " + " ".join(f"{outlet.lower()}{k}" for k in rng.integers(0, 4000, 9)) + "."
            for _ in range(6)
        ]
        rows.append(
            {
                "id": f"{outlet}{number:03}",
                "outlet": outlet,
                "date": f"2020-01-{1 + number % 28:02}",
                "title": f"Title {outlet.lower()}{number}",
                "text": " ".join(sentences) + tail,
            }
        )
    return pd.DataFrame(rows)


def doubled(articles: pd.DataFrame, row: int = 0) -> pd.DataFrame:
    """The articles, and one of them once more under another, later id."""
    again = articles.iloc[[row]].assign(id=articles["id"].iloc[row] + "-again")
    return pd.concat([articles, again], ignore_index=True)


def said(part: Profile, found: Repeats) -> dict[str, list[tuple]]:
    """Of each article what is said of its sentences and of itself, by strings."""
    texts = found.stock_sentences["text"].to_numpy(object)
    stock = ["" if row < 0 else texts[row] for row in found.stock.tolist()]
    ids = part.units["id"].to_numpy(object)
    told: dict[str, list[tuple]] = defaultdict(list)
    for unit, *rest in zip(
        part.sentences["unit"].tolist(),
        found.set_aside.tolist(),
        stock,
        found.again.tolist(),
        strict=True,
    ):
        told[ids[unit]].append(tuple(rest))
    for unit, row in enumerate(found.copy_of.tolist()):
        told[ids[unit]].append(("copy of", ids[row] if row >= 0 else ""))
        told[ids[unit]].append(("shared", bool(found.shared[unit])))
    return told


@pytest.fixture(scope="module")
def part() -> Profile:
    return profile(newsroom("A"), [])


@pytest.fixture(scope="module")
def found(part: Profile) -> Repeats:
    return find_repeats(part)


# ------------------------------------------------------------------ laws


def test_the_order_of_the_articles_changes_nothing():
    articles = doubled(pd.concat([newsroom("A"), newsroom("B", 9)], ignore_index=True))
    one, other = (profile(rows, []) for rows in (articles, articles.sample(frac=1, random_state=5)))
    ours, theirs = find_repeats(one), find_repeats(other)

    assert said(one, ours) == said(other, theirs)
    for name in ("furniture", "stock_sentences", "copies"):
        pd.testing.assert_frame_equal(getattr(ours, name), getattr(theirs, name))


@pytest.mark.parametrize("n", [7, 12])
def test_an_article_added_twice_changes_nothing(n: int):
    """Seven articles and a double are not eight: what they share stays no furniture."""
    articles = newsroom("A", n)
    one, other = profile(articles, []), profile(doubled(articles), [])
    ours, theirs = find_repeats(one), find_repeats(other)
    told = said(other, theirs)

    assert ("copy of", "A000") in told.pop("A000-again")
    assert told == said(one, ours)
    pd.testing.assert_frame_equal(theirs.furniture, ours.furniture)
    columns = ["outlet", "text", "articles", "quoted"]
    pd.testing.assert_frame_equal(theirs.stock_sentences[columns], ours.stock_sentences[columns])
    assert len(ours.furniture) == (n >= 8)


def test_another_outlet_changes_nothing():
    mine, other = newsroom("A"), newsroom("B", 30, seed=2)
    alone = profile(mine, [])
    both = profile(pd.concat([other, mine]), [])
    ours, theirs = find_repeats(alone), find_repeats(both)

    told = said(both, theirs)
    assert {name: rows for name, rows in told.items() if name[0] == "A"} == said(alone, ours)
    rows = theirs.furniture[theirs.furniture["outlet"] == "A"]
    pd.testing.assert_frame_equal(rows.reset_index(drop=True), ours.furniture)


def test_a_profile_added_up_has_the_repeats_of_one_made_at_once():
    articles = pd.concat([newsroom("A"), newsroom("B", 9)], ignore_index=True)
    whole = profile(articles, [])
    summed = profile(articles.iloc[:5], []) + profile(articles.iloc[5:], [])

    assert said(summed, find_repeats(summed)) == said(whole, find_repeats(whole))


# ------------------------------------------------------------------ by hand


def test_the_furniture_is_set_aside_and_the_stock_sentence_stays(part: Profile, found: Repeats):
    told = said(part, found)["A005"]
    stock = "the region is internationally recognised as part of the neighbouring state ."

    assert (True, "", False) in told
    assert told.count((False, stock, True)) == 1
    assert sum(aside for aside, *_ in told[:-2]) == 1
    assert found.furniture["text"].tolist() == ["share your weekly story with us below ."]


def test_a_stock_sentence_is_listed_with_its_dates():
    part = profile(newsroom("A", 3, tail=f"\n{STOCK}"), [])

    assert find_repeats(part).stock_sentences.to_dict("records") == [
        {
            "outlet": "A",
            "text": "the region is internationally recognised as part of the neighbouring state .",
            "articles": 3,
            "quoted": 0.0,
            "first": "2020-01-01",
            "last": "2020-01-03",
            "dates": "2020-01-01, 2020-01-02, 2020-01-03",
        }
    ]


def test_a_stock_sentence_counts_in_the_first_article_only(part: Profile, found: Repeats):
    again = pd.Series(found.again[found.stock >= 0])

    assert again.tolist() == [False] + [True] * 11


def test_each_outlet_counts_its_stock_sentence_once():
    articles = pd.concat([newsroom("A", 4), newsroom("B", 4, seed=2)])
    part = profile(articles, [])
    found = find_repeats(part)
    rows = part.sentences["unit"].to_numpy()[(found.stock >= 0) & ~found.again]

    assert part.units["id"].to_numpy()[rows].tolist() == ["A000", "B000"]
    assert found.stock_sentences["outlet"].tolist() == ["A", "B"]


def test_short_sentences_are_written_anew_each_time():
    words = STOCK.split()[: STOCK_WORDS - 1]
    part = profile(newsroom("A", 20, tail="\n" + " ".join(words) + "."), [])

    assert not len(find_repeats(part).stock_sentences)


def test_a_heading_of_many_articles_is_stock_however_short():
    part = profile(newsroom("A", 12, tail="\nWhat we know\nThe end of it was near."), [])

    assert find_repeats(part).stock_sentences["text"].tolist() == ["what we know"]


def test_a_sentence_of_one_article_is_no_stock():
    assert STOCK_ARTICLES == 2
    part = profile(newsroom("A", 1, tail=f"\n{STOCK}\n{STOCK}"), [])

    assert not len(find_repeats(part).stock_sentences)


def test_a_repeated_quotation_is_stock_and_says_so():
    part = profile(newsroom("A", 9, tail=f"\n“{STOCK}”"), [])
    table = find_repeats(part).stock_sentences

    assert table["quoted"].tolist() == [1.0]


def test_what_a_copy_repeats_is_no_stock():
    """An article of 60 words and its reprint: one copy, no sentence said again."""
    articles = doubled(newsroom("A", 2, tail=""))
    part = profile(articles, [])
    found = find_repeats(part)

    assert found.copy_of.tolist() == [-1, -1, 0]
    assert not len(found.stock_sentences)
    assert found.copies[["article", "other", "similarity", "kind"]].to_numpy().tolist() == [
        ["A000-again", "A000", 1.0, "copy"]
    ]


def test_copies_between_outlets_are_marked_and_kept():
    articles = newsroom("A", 3, tail="")
    wire = articles.iloc[[1]].assign(id="B1", outlet="B", date="2020-02-01")
    part = profile(pd.concat([articles, wire]), [])
    found = find_repeats(part)

    assert (found.copy_of == -1).all()
    assert found.shared.tolist() == [False, True, False, True]
    assert found.copies.to_dict("records") == [
        {
            "article": "B1",
            "outlet": "B",
            "date": "2020-02-01",
            "other": "A001",
            "other_outlet": "A",
            "other_date": "2020-01-02",
            "similarity": 1.0,
            "kind": "shared",
        }
    ]


def test_furniture_does_not_make_reprints_differ():
    """Another outlet's tail: without it the texts are the same, with it they are not."""
    articles = newsroom("A", 9, tail="\n" + f"{FURNITURE} " * 4)
    wire = newsroom("A", 9, tail="").assign(outlet="B")
    wire["id"] = "B" + wire["id"]
    part = profile(pd.concat([articles, wire]), [])

    assert find_repeats(part).shared.all()


def test_tokens_count_once(part: Profile, found: Repeats):
    """All but furniture and what was said before."""
    once = found.once(part)
    words = part.vocabulary[part.word]

    assert (words == "share").sum() == 12 and (words[once] == "share").sum() == 0
    assert (words == "region").sum() == 12 and (words[once] == "region").sum() == 1
    assert once[words == "a1"].all()


def test_tokens_of_copies_do_not_count():
    part = profile(doubled(newsroom("A", 3, tail="")), [])

    assert find_repeats(part).once(part).sum() == np.isin(part.unit, (0, 1, 2)).sum()


def test_without_furniture_its_words_are_page_chrome(part: Profile, found: Repeats):
    clean = without_furniture(part, found)
    _, field, _ = unpack(clean.marks)

    assert (field[found.aside] == OTHER).all()
    assert (clean.sentences["field"][found.set_aside] == OTHER).all()
    assert (clean.marks[~found.aside] == part.marks[~found.aside]).all()
    assert clean.sentences.dtypes.equals(part.sentences.dtypes)
    assert part.sums["words"].sum() - clean.sums["words"].sum() == 12 * 7
    assert not find_repeats(clean).aside.any()


def test_hits_in_furniture_are_dropped(tmp_path: Path):
    path = tmp_path / "small.toml"
    path.write_text('name = "small"\n[categories.c]\nterms = ["weekly", "state"]\n', "utf8")
    part = profile(newsroom("A"), [load_lexicon(path)])
    clean = without_furniture(part, find_repeats(part))

    assert len(part.hits) == 24
    assert len(clean.hits) == 12


def test_what_was_found_is_told_in_a_line(found: Repeats):
    assert repr(found) == (
        "<Repeats: 12 sentences set aside, 11 stock sentences said again, 0 copies>"
    )


def test_texts_without_words_repeat_nothing():
    part = profile(
        pd.DataFrame({"outlet": ["A"] * 9, "text": [f"{'.' * n}" for n in range(1, 10)]}), []
    )
    found = find_repeats(part)

    assert not found.aside.any() and (found.copy_of < 0).all() and not len(found.stock_sentences)


# ------------------------------------------------------------------ slow twin


def test_stock_and_furniture_are_those_of_a_search_with_strings():
    """Sentences as strings, by outlet, in dictionaries."""
    rng = np.random.default_rng(9)
    pool = [
        f"{' '.join(f'p{k}' for k in rng.integers(0, 500, rng.integers(4, 14)))}."
        for _ in range(40)
    ]
    pool += [f"Share your {word} with us below." for word in "one two three four".split()]
    rows = []
    for number in range(200):
        chosen = [pool[k] for k in rng.integers(0, len(pool), 5)]
        own = " ".join(f"own{k}" for k in rng.integers(0, 9000, 40)) + "."
        rows.append(
            {"outlet": "AB"[number % 2], "id": f"n{number:03}", "text": "\n".join([own, *chosen])}
        )
    part = profile(pd.DataFrame(rows), [])
    found = find_repeats(part)
    articles: dict[tuple[str, str], set[int]] = defaultdict(set)
    sentences = []
    for unit, low, high in zip(
        part.sentences["unit"], part.pointer[:-1], part.pointer[1:], strict=True
    ):
        key = (part.units["outlet"][unit], " ".join(part.vocabulary[part.word[low:high]]))
        sentences.append((key, unit))
        articles[key].add(unit)

    aside = [key[1].startswith("share your") and len(articles[key]) >= 8 for key, _ in sentences]
    stock = [
        not out and len(key[1].split()) > 8 and len(articles[key]) >= 2
        for out, (key, _) in zip(aside, sentences, strict=True)
    ]
    again = [
        held and unit != min(articles[key])
        for held, (key, unit) in zip(stock, sentences, strict=True)
    ]
    assert (found.copy_of < 0).all()
    assert found.set_aside.tolist() == aside and any(aside)
    assert (found.stock >= 0).tolist() == stock and any(stock)
    assert found.again.tolist() == again


# ------------------------------------------------------------------ real articles


def test_little_of_real_articles_is_set_aside():
    """578 articles of Vox: the local rules have taken most furniture before."""
    path = DATA / "allsides.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared data")
    articles = pd.read_json(path, lines=True)
    articles = articles[articles["outlet"] == "Vox"].assign(date=None)
    part = profile(articles, [])
    found = find_repeats(part)

    assert 0 < found.aside.mean() < 0.01
    assert (
        found.furniture["sign"].isin(["subscription", "invitation", "reader", "house"]).mean() > 0.5
    )
