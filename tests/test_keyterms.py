"""From articles to tested terms, where the strata are the stories that both outlets report."""

from __future__ import annotations

from functools import reduce
from math import comb, log

import numpy as np
import pandas as pd
import pytest

from bias_toolkit.comparison import Comparison, compare
from bias_toolkit.events import stories
from bias_toolkit.profiles import profile

EVENTS = 16
TWICE = 6  # of these, on which one outlet has two articles
LONE = 4  # articles an outlet that no other outlet has
SYLLABLES = ("ka", "lo", "mi", "re", "su", "ta", "vo", "ne")


def invented(rng: np.random.Generator, count: int) -> list[str]:
    """Words of three syllables."""
    return ["".join(rng.choice(SYLLABLES, 3)) for _ in range(count)]


def newspapers() -> pd.DataFrame:
    """Two outlets' articles: one or two on each of 16 events, and a few that nobody else has.

    East says "raid" in most of its articles, West in few; both say "town" in every second.
    """
    rng = np.random.default_rng(4)
    rows: list[dict] = []
    for event in range(EVENTS + 2 * LONE):
        words, one = invented(rng, 14), ("East", "West")[event % 2]
        twice = [one] if event < TWICE else []
        for outlet in ["East", "West", *twice] if event < EVENTS else [one]:
            said = [*rng.permutation(words), *invented(rng, 5)]
            said += ["raid"] * (rng.random() < (0.9 if outlet == "East" else 0.3))
            said += ["town"] * (rng.random() < 0.5)
            rows.append({
                "id": f"n{len(rows):03}", "outlet": outlet, "event": event, "title": "",
                "date": f"2024-{1 + event // 4:02}-{1 + 7 * (event % 4):02}",
                "text": f"The {' '.join(said[:12])}. Here {' '.join(said[12:])}.",
            })  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def told() -> pd.DataFrame:
    return stories(newspapers(), cosine=0.3)


@pytest.fixture(scope="module")
def result(told: pd.DataFrame) -> Comparison:
    return compare(profile(told, []), "East", "West", strata="story", unit="article", draws=199)


def tables(told: pd.DataFrame, term: str) -> list[tuple[int, int, int, int]]:
    """Of each story: East's articles with and without a term, and West's."""
    has = told["text"].str.casefold().str.contains(rf"\b{term}\b")
    east = told["outlet"] == "East"
    return [
        tuple(int((rows & side & is_so).sum()) for side in (east, ~east) for is_so in (has, ~has))
        for rows in (told["story"] == name for name in sorted(set(told["story"]) - {""}))
    ]


def exact_p(story_tables: list[tuple[int, int, int, int]]) -> float:
    """Two-sided mid-p of East's count: each story hypergeometric, their sum convolved."""
    chances, low = [], 0
    for a, b, c, d in story_tables:
        most, least = min(a + c, a + b), max(0, a + c - c - d)
        ways = [comb(a + b, k) * comb(c + d, a + c - k) for k in range(least, most + 1)]
        chances.append(np.array(ways) / sum(ways))
        low += least
    sums = reduce(np.convolve, chances)
    at = sum(a for a, *_ in story_tables) - low
    half = sums[at] / 2
    return min(1.0, 2 * min(sums[:at].sum() + half, sums[at + 1 :].sum() + half))


def slow_log_odds(story_tables: list[tuple[int, int, int, int]]) -> float:
    """Mantel and Haenszel's, with two articles' worth of no difference shared out."""
    r = s = 0.0
    for a, b, c, d in story_tables:
        east, west = (n / (a + b + c + d) / len(story_tables) for n in (a + b, c + d))
        n = a + b + c + d + 2 * (east + west)
        r += (a + east) * (d + west) / n
        s += (b + east) * (c + west) / n
    return log(r / s)


def test_an_event_is_one_story_of_both_outlets(told: pd.DataFrame):
    """Of two articles of one outlet on an event, the nearer to the other outlet's is matched."""
    named = told[told["story"] != ""]

    assert named["story"].nunique() == EVENTS
    assert (named.groupby("event")["story"].nunique() == 1).all()
    assert (named.groupby("story")["outlet"].nunique() == 2).all()
    assert (named["event"] < EVENTS).all()


def test_articles_in_stories_are_held_against_each_other_alone(
    told: pd.DataFrame, result: Comparison
):
    """What is in no story is pooled, and held against its like in length."""
    built = result.contrast.built
    story = result.profile.units["story"].to_numpy()
    inside = story != ""

    assert len(set(built.stratum[inside].tolist())) == EVENTS
    assert all(len(set(built.stratum[story == name].tolist())) == 1 for name in set(story[inside]))
    assert not set(built.stratum[inside].tolist()) & set(built.stratum[~inside].tolist())


def test_the_share_of_articles_matched_by_story_is_said(result: Comparison):
    """32 of 46 articles are in stories; the others have counterparts as long as they, or none."""
    built, (first, second, *_) = result.contrast.built, result.method
    in_stories = result.profile.units["story"].to_numpy() != ""

    assert built.labelled == pytest.approx(in_stories.sum() / (built.stratum >= 0).sum())
    assert "alike in story and length" in first
    assert f"{1 - built.labelled:.0%} are matched by length alone" in second


@pytest.mark.parametrize("term", ["raid", "town", "the"])
@pytest.mark.parametrize("given", [False, True])
def test_terms_in_stories_alone_are_tested_as_by_a_slow_twin(
    told: pd.DataFrame, term: str, given: bool
):
    """In pairs, as found; and in stories of two and three articles, as somebody may know them."""
    known = told["event"].map("event {}".format).where(told["event"] < EVENTS, "")
    inside = told.assign(story=known) if given else told
    inside = inside[inside["story"] != ""]
    found = compare(
        profile(inside, []), "East", "West", strata="story", unit="article", draws=199
    ).terms
    row = found[found["term"] == term].iloc[0]
    twin = tables(inside, term)

    assert row["a_compared"] == sum(a for a, *_ in twin)
    assert row["b_compared"] == sum(c for _, _, c, _ in twin)
    assert row["p"] == pytest.approx(exact_p(twin))
    assert row["log_odds"] == pytest.approx(slow_log_odds(twin))


def test_what_one_outlet_says_of_the_same_stories_is_found(result: Comparison):
    terms = result.terms.set_index("term")

    assert terms.loc["raid", "p_fwer"] <= 0.05
    assert terms.loc["raid", "log_odds"] > 0
    assert terms.loc["town", "p_fwer"] > 0.05


def test_stories_that_were_not_looked_for_are_missed_with_the_columns_there_are():
    with pytest.raises(KeyError, match="no column 'story' to stratify by; there are id, outlet"):
        compare(profile(newspapers(), []), "East", "West", strata="story")
