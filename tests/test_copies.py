"""Copies: all pairs that share four fifths of their five-word runs are found, and no others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from bias_toolkit import copies
from bias_toolkit.copies import RUN, SAME, SHORTEST, alike, jaccard, originals
from bias_toolkit.hashing import Words
from bias_toolkit.profiles import Profile, profile


def draft(rng: np.random.Generator, words: int = 200) -> list[str]:
    return [f"w{n}" for n in rng.integers(0, 3000, words)]


def edited(rng: np.random.Generator, text: list[str], changes: int) -> list[str]:
    """The text with so many of its words replaced."""
    text = list(text)
    for at in rng.choice(len(text), changes, replace=False):
        text[at] = f"new{rng.integers(0, 10**6)}"
    return text


def press(*texts: list[str] | str, outlets: str = "") -> pd.DataFrame:
    """One article a text, a day apart; all of outlet A unless *outlets* says otherwise."""
    days = pd.date_range("2020-01-01", periods=len(texts)).strftime("%Y-%m-%d")
    return pd.DataFrame(
        {
            "id": [f"a{n:04}" for n in range(len(texts))],
            "outlet": list(outlets or "A" * len(texts)),
            "date": days,
            "title": "",
            "text": [text if isinstance(text, str) else " ".join(text) + "." for text in texts],
        }
    )


def pairs(part: Profile, aside: np.ndarray | None = None) -> dict[tuple[str, str], float]:
    """The copies found, by id, with their similarity."""
    aside = np.zeros(len(part.word), bool) if aside is None else aside
    found = alike(Words(part), aside)
    ids = part.units["id"].to_numpy()
    both = zip(ids[found.one], ids[found.other], found.similarity.tolist(), strict=True)
    return {(one, other): value for one, other, value in both}


def slow_similarity(one: str, other: str) -> float:
    """Jaccard similarity of sets of strings."""
    runs = []
    for text in (one, other):
        words = text.rstrip(".").split()
        runs.append({tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)})
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


@pytest.fixture(scope="module")
def mixed() -> pd.DataFrame:
    """40 families of five texts, with 0, 2, 4, 8 and 16 of 200 words replaced."""
    rng = np.random.default_rng(12)
    texts = []
    for _ in range(40):
        first = draft(rng)
        texts += [edited(rng, first, changes) for changes in (0, 2, 4, 8, 16)]
    return press(*texts, outlets="AB" * 100)


def test_the_pairs_are_those_of_a_slow_search(mixed: pd.DataFrame):
    """Of all 19,900 pairs, by sets of strings."""
    found = pairs(profile(mixed, []))
    rows = list(mixed[["id", "text"]].itertuples(index=False))
    slow = {
        (one.id, other.id): slow_similarity(one.text, other.text)
        for n, one in enumerate(rows)
        for other in rows[n + 1 : n + 5]  # a family; others share no run
    }
    slow = {pair: value for pair, value in slow.items() if value >= SAME}

    assert len(slow) > 60
    assert found.keys() == slow.keys()
    assert [found[pair] for pair in slow] == pytest.approx(list(slow.values()))


def test_the_order_of_the_articles_changes_nothing(mixed: pd.DataFrame):
    assert pairs(profile(mixed, [])) == pairs(profile(mixed.sample(frac=1, random_state=2), []))


def test_texts_read_piece_by_piece_give_the_same(
    mixed: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    part = profile(mixed, [])
    whole = pairs(part)
    monkeypatch.setattr(copies, "_ROOM", 1000)

    assert pairs(part) == whole


def test_a_crowd_of_copies_is_told_without_holding_all_against_all(
    monkeypatch: pytest.MonkeyPatch,
):
    """Each is held against the first; 12 originals remain 12."""
    rng = np.random.default_rng(6)
    texts = [text for text in [draft(rng) for _ in range(12)] for _ in range(40)]
    part = profile(press(*texts), [])
    words = Words(part)
    found = originals(alike(words, np.zeros(len(part.word), bool)), words)

    assert (found < 0).sum() == 12
    assert set(found.tolist()) == {-1, *range(0, 480, 40)}


def test_signs_and_page_furniture_and_titles_do_not_tell():
    rng = np.random.default_rng(8)
    text = draft(rng)
    articles = press(
        " ".join(text) + ".", ", ".join(text) + "!", " ".join(text) + ". Read us daily."
    )
    articles["title"] = ["One title", "Another one", "And a third"]
    part = profile(articles, [])

    assert pairs(part)["a0000", "a0001"] == 1
    assert pairs(part)["a0000", "a0002"] == pytest.approx(196 / 199)
    aside = np.isin(part.vocabulary[part.word], ("read", "us", "daily"))
    assert pairs(part, aside)["a0000", "a0002"] == 1


def test_short_texts_are_copies_only_with_their_titles():
    text = " ".join(f"w{n}" for n in range(SHORTEST - 1))
    articles = press(text, text, text, text + " more")
    articles["title"] = ["One", "Another", "One", "One"]

    assert pairs(profile(articles, [])) == {("a0000", "a0002"): 1.0}


def test_texts_without_words_are_no_copies():
    assert pairs(profile(press("...", "...", "!"), [])) == {}


def test_an_article_is_the_copy_of_its_outlets_earliest():
    text = draft(np.random.default_rng(1))
    part = profile(press(text, text, text, text, outlets="BAAB").iloc[::-1], [])
    words = Words(part)
    found = originals(alike(words, np.zeros(len(part.word), bool)), words)

    # In the profile's order: a3 of B, a2 and a1 of A, a0 of B.
    assert found.tolist() == [3, 2, -1, -1]


def test_a_text_rewritten_step_by_step_ends_as_an_original():
    """Each version is near the one before, the last far from the first."""
    rng = np.random.default_rng(2)
    versions = [draft(rng)]
    for _ in range(6):
        versions.append(edited(rng, versions[-1], 2))
    part = profile(press(*versions), [])
    near = [slow_similarity(" ".join(a), " ".join(b)) for a, b in pairwise(versions)]
    words = Words(part)
    found = originals(alike(words, np.zeros(len(part.word), bool)), words)

    assert min(near) > SAME > slow_similarity(" ".join(versions[0]), " ".join(versions[-1]))
    assert found[1] == 0 and (found < 0).sum() > 1
    assert all(found[at] < 0 for at in found[found >= 0])


def test_jaccard_is_the_shared_part_of_the_union():
    """{1, 2, 3} and {2, 3, 4}: 2 of 4."""
    one, other = np.array([1, 2, 3], np.uint64), np.array([2, 3, 4], np.uint64)

    assert jaccard(one, other) == 0.5
