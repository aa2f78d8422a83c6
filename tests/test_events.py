"""Stories: articles of different outlets on one event are found, and chance is measured."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import bias_toolkit as bt
from bias_toolkit import events
from bias_toolkit.articles import read_articles
from bias_toolkit.events import FALLBACK, MOST_FALSE, SHIFTS, Stories, find_stories, stories
from bias_toolkit.profiles import Profile, profile

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", ROOT / "../shared/data"))
DAY = dt.date(2020, 1, 1)


def on(day: int) -> str:
    return (DAY + dt.timedelta(days=int(day))).isoformat()


def newsroom(seed: int, days: int = 160, outlets: str = "ABC") -> pd.DataFrame:
    """Every other day an event that each outlet covers with chance .8, and one article of its own.

    An event has 24 words of its own, all articles share 150; column `event` tells the truth.
    """
    rng = np.random.default_rng(seed)
    common = [f"word{n}" for n in range(150)]
    rows = []
    for day in range(days):
        for outlet in outlets:
            events = [f"own{day}{outlet.lower()}"]
            if day % 2 == 0 and rng.random() < 0.8:
                events.append(f"event{day}")
            for event in events:
                telling = [f"{event}x{n}" for n in range(24)]
                text = [*rng.choice(telling, 25), *rng.choice(common, 45)]
                rng.shuffle(text)
                rows.append(
                    {
                        "id": f"{outlet}{day}{event[0]}",
                        "outlet": outlet,
                        "date": on(day + rng.integers(0, 2)),
                        "title": " ".join(rng.choice(telling, 4)),
                        "text": " ".join(text) + ".",
                        "event": event,
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def corpus() -> pd.DataFrame:
    return newsroom(7)


@pytest.fixture(scope="module")
def found(corpus: pd.DataFrame) -> Stories:
    return find_stories(corpus)


def groups(story: pd.Series | np.ndarray, ids: pd.Series) -> set[frozenset[str]]:
    """The articles of each story, by id."""
    told = pd.Series(np.asarray(story, object), index=np.asarray(ids, object))
    return {frozenset(part.index) for name, part in told.groupby(told) if name}


# ------------------------------------------------------------------ laws


def test_the_order_of_the_articles_changes_nothing(corpus: pd.DataFrame, found: Stories):
    mixed = corpus.sample(frac=1, random_state=1)
    again = find_stories(mixed)

    assert dict(zip(mixed["id"], again.story, strict=True)) == dict(
        zip(corpus["id"], found.story, strict=True)
    )
    pd.testing.assert_frame_equal(again.matches, found.matches)
    pd.testing.assert_frame_equal(again.curve, found.curve)


def test_other_names_for_the_outlets_change_nothing(corpus: pd.DataFrame, found: Stories):
    swapped = corpus.assign(outlet=corpus["outlet"].map({"A": "C", "B": "A", "C": "B"}))
    again = find_stories(swapped)

    assert again.story.tolist() == found.story.tolist()
    assert again.curve.equals(found.curve)


def test_later_dates_for_all_change_only_the_names_of_the_stories(
    corpus: pd.DataFrame, found: Stories
):
    dates = pd.to_datetime(corpus["date"]) + pd.Timedelta(days=1000)
    again = find_stories(corpus.assign(date=dates.dt.strftime("%Y-%m-%d")))

    assert groups(again.story, corpus["id"]) == groups(found.story, corpus["id"])
    assert again.curve.equals(found.curve)


def test_a_profile_has_the_stories_of_its_articles(corpus: pd.DataFrame, found: Stories):
    again = find_stories(profile(corpus, []))

    assert again.story.tolist() == found.story.tolist()
    pd.testing.assert_frame_equal(again.matches, found.matches)


def test_real_texts_are_opened_alike_from_a_profile_and_from_a_frame():
    """With titles repeated in the text, page chrome, captions, and openings longer than a text."""
    seeds = read_articles(ROOT / "seeds")
    whole = profile(seeds, [])
    for words in (5, 150, 10_000):
        one = find_stories(seeds, cosine=0.1, window=14, words=words)
        other = find_stories(whole, cosine=0.1, window=14, words=words)

        pd.testing.assert_frame_equal(one.matches, other.matches)
        assert one.story.tolist() == other.story.tolist()
    assert len(one.matches)  # TASS, MassisPost and Asbarez wrote of one week


def test_a_search_in_small_blocks_finds_the_same(
    corpus: pd.DataFrame, found: Stories, monkeypatch: pytest.MonkeyPatch
):
    """Blocks of a few cosines, and losing pairs dropped after each hundred."""
    monkeypatch.setattr(events, "_AT_ONCE", 10)
    monkeypatch.setattr(events, "_MOST_PAIRS", 100)
    again = find_stories(corpus)

    pd.testing.assert_frame_equal(again.matches, found.matches)
    pd.testing.assert_frame_equal(again.curve, found.curve)


def test_a_match_is_the_nearest_of_each_other_outlet_for_both(found: Stories):
    matches = found.matches
    sides = [("article", "other_outlet"), ("other", "outlet")]
    keys = [pair for side in sides for pair in matches[list(side)].itertuples(index=False)]

    assert len(keys) == len({tuple(key) for key in keys})
    assert (matches["outlet"] != matches["other_outlet"]).all()
    assert matches["days"].between(0, 2).all()
    assert (matches["cosine"] >= found.cosine - 1e-6).all()


def test_a_story_spans_no_more_than_the_window_and_has_two_outlets(
    corpus: pd.DataFrame, found: Stories
):
    told = corpus.assign(story=found.story, date=pd.to_datetime(corpus["date"]))
    told = told[told["story"] != ""].groupby("story")

    assert (told["date"].max() - told["date"].min() <= pd.Timedelta(days=2)).all()
    assert (told["outlet"].nunique() >= 2).all()


# ------------------------------------------------------------------ truth


def test_events_are_found_and_little_else(corpus: pd.DataFrame, found: Stories):
    """Nearly all events are one story each; false matches stay within what is allowed."""
    told = corpus.assign(story=found.story)
    covered = told.groupby("event")["outlet"].nunique() >= 2
    together = told[told["event"].map(covered)]
    event = told.set_index("id")["event"]
    pairs = found.matches
    wrong = event[pairs["article"]].to_numpy() != event[pairs["other"]].to_numpy()

    assert (together.groupby("event")["story"].nunique() == 1).mean() > 0.95
    assert (together["story"] != "").mean() > 0.95
    assert wrong.mean() <= MOST_FALSE
    assert found.false_match_rate <= MOST_FALSE
    assert found.covered == pytest.approx((told["story"] != "").mean())


def test_the_measured_rate_of_false_matches_is_the_true_one():
    """At a cosine where many matches are wrong, decoys foretell how many.

    Decoys stand for articles that have no true match; here half of the articles have one, so
    that they are false for at most that share.
    """
    corpus = newsroom(11, days=400)
    found = find_stories(corpus, cosine=0.15)
    event = corpus.set_index("id")["event"]
    pairs = found.matches
    wrong = (event[pairs["article"]].to_numpy() != event[pairs["other"]].to_numpy()).mean()

    assert wrong > 0.02
    assert wrong <= found.false_match_rate <= 2.5 * wrong


def test_a_running_topic_without_events_gives_no_stories():
    """Chance matches a month apart are as many as those of one week: none can be believed."""
    rng = np.random.default_rng(3)
    topic = [f"topic{n}" for n in range(60)]
    rows = [
        {"outlet": outlet, "date": on(day), "text": " ".join(rng.choice(topic, 40))}
        for day in range(150)
        for outlet in "AB"
    ]
    found = find_stories(pd.DataFrame(rows))

    assert math.isnan(found.cosine) and math.isnan(found.false_match_rate)
    assert not found.story.any() and found.covered == 0
    assert found.about.startswith("no cosine keeps chance matches to 5%")


def test_a_corpus_too_short_for_decoys_falls_back_on_a_fixed_cosine(corpus: pd.DataFrame):
    few = corpus[corpus["date"] < on(20)]
    found = find_stories(few)

    assert found.cosine == FALLBACK and math.isnan(found.false_match_rate)
    assert found.covered > 0.3
    assert "how many by chance cannot be told" in found.about


def test_few_matches_without_a_decoy_fall_back_too():
    """Four matches of four: a decoy more than was found would be a false share of 1 in 16."""
    rows = [
        {"outlet": outlet, "date": on(200 * n), "text": f"only{n} a{n} b{n} c{n} d{n} e{n}"}
        for n in range(4)
        for outlet in "AB"
    ]
    rows += [
        {"outlet": outlet, "date": on(day), "text": f"{outlet}{day}"}
        for outlet in "AB"
        for day in range(600)
    ]
    found = find_stories(pd.DataFrame(rows))

    assert found.cosine == FALLBACK
    assert len(found.matches) == 4 and math.isnan(found.false_match_rate)


# ------------------------------------------------------------------ by hand


def articles(*rows: tuple[str, int | None, str]) -> pd.DataFrame:
    """Articles of outlet, day and text; their ids are a, b, c, ..."""
    return pd.DataFrame(
        [
            {
                "id": "abcdefgh"[n],
                "outlet": outlet,
                "date": None if day is None else on(day),
                "text": text,
            }
            for n, (outlet, day, text) in enumerate(rows)
        ]
    )


TRUCE = "truce signed geneva envoys delegation"
FLOOD = "flood river dam village rescue"


def test_articles_of_one_outlet_never_match():
    found = find_stories(articles(("A", 0, TRUCE), ("A", 0, TRUCE)), cosine=0.3)

    assert not len(found.matches) and found.covered == 0


def test_a_story_is_named_after_its_first_article():
    found = find_stories(
        articles(("A", 1, TRUCE), ("B", 0, TRUCE), ("A", 1, FLOOD), ("C", 1, FLOOD)), cosine=0.3
    )

    assert found.story.tolist() == [f"{on(0)} b", f"{on(0)} b", f"{on(1)} c", f"{on(1)} c"]
    assert found.matches["article"].tolist() == ["b", "c"]
    assert found.matches["days"].tolist() == [1, 0]


def test_articles_further_apart_than_the_window_do_not_match():
    told = articles(("A", 0, TRUCE), ("B", 3, TRUCE), ("C", 40, FLOOD))

    assert not len(find_stories(told, cosine=0.3).matches)
    assert len(find_stories(told, cosine=0.3, window=3).matches) == 1


def test_of_equal_articles_the_one_fewer_days_away_matches():
    found = find_stories(
        articles(("A", 0, TRUCE), ("A", 2, TRUCE), ("B", 2, TRUCE), ("C", 9, FLOOD)), cosine=0.3
    )

    assert found.matches[["article", "other"]].to_numpy().tolist() == [["b", "c"]]


def test_undated_articles_are_in_no_story_and_are_counted():
    found = find_stories(articles(("A", 0, TRUCE), ("B", None, TRUCE), ("C", 1, TRUCE)), cosine=0.3)

    assert found.story[1] == "" and found.undated == 1
    assert found.story[0] == found.story[2] != ""
    assert found.covered == pytest.approx(2 / 3)


def test_no_dates_and_no_words_are_no_error():
    blank = find_stories(articles(("A", 0, "..."), ("B", 0, "...")))
    undated = find_stories(articles(("A", None, TRUCE), ("B", None, TRUCE)))

    assert not blank.story.any() and not undated.story.any()
    assert undated.undated == 2 and math.isnan(undated.curve["false_match_rate"].iloc[0])


def test_matches_do_not_chain_through_time():
    """a-b and b-c match, two days apart each: one story would span four days."""
    found = find_stories(
        articles(("A", 0, TRUCE), ("B", 2, TRUCE), ("C", 4, TRUCE), ("C", 30, FLOOD)), cosine=0.3
    )

    assert len(found.matches) == 2
    assert found.story[0] == found.story[1] != ""
    assert found.story[2] == ""
    assert found.matches["story"].tolist() == [found.story[0], ""]


def test_matches_do_not_chain_through_an_article_on_two_events():
    """c is on both events and matches with both; the flood and the truce stay two stories."""
    told = articles(
        ("A", 0, TRUCE),
        ("B", 0, TRUCE),
        ("C", 0, f"{TRUCE} {FLOOD} and more words beside these two events here"),
        ("D", 0, FLOOD),
        ("E", 0, FLOOD),
        ("F", 30, "something else altogether"),
    )
    found = find_stories(told, cosine=0.35)

    pairs = set(map(frozenset, found.matches[["article", "other"]].to_numpy().tolist()))
    assert {frozenset("ac"), frozenset("cd")} <= pairs
    assert found.story[0] == found.story[1] != found.story[3] == found.story[4]


def test_an_outlets_two_articles_may_be_in_one_story():
    """The news matches another's news, the comment another's comment, and all fit together."""
    news = f"{TRUCE} tuesday border"
    told = articles(
        ("A", 0, news),
        ("A", 1, f"{news} why it matters"),
        ("B", 0, news),
        ("C", 1, f"{news} why it matters"),
        ("B", 30, FLOOD),
    )
    found = find_stories(told, cosine=0.3)

    assert len(set(found.story[:4])) == 1 and found.story[0] != ""


def test_only_the_opening_words_count():
    """After 3 words the texts have nothing in common."""
    told = articles(
        ("A", 0, "truce signed geneva alpha beta gamma delta"),
        ("B", 0, "truce signed geneva one two three four"),
        ("C", 0, "alpha beta gamma delta one two three four"),
    )

    assert find_stories(told, cosine=0.3, words=3).matches["cosine"].tolist() == pytest.approx([1])
    assert find_stories(told, cosine=0.3, words=7).matches["cosine"].max() < 0.9


def test_a_word_of_the_title_counts_twice():
    """tf = 1 + log(2) in the title, 1 in the text; both words have the same idf."""
    rows = [
        {"id": "a", "outlet": "A", "title": "truce", "text": "flood", "date": on(0)},
        {"id": "b", "outlet": "B", "title": "flood", "text": "truce", "date": on(0)},
    ]
    double = 1 + math.log(2)

    assert find_stories(pd.DataFrame(rows), cosine=0.1).matches["cosine"][0] == pytest.approx(
        2 * double / (1 + double**2), abs=1e-6
    )


# ------------------------------------------------------------------ the column


def test_stories_adds_a_column_and_plain_numbers(corpus: pd.DataFrame, found: Stories):
    told = stories(corpus.assign(story="mine"))

    assert told["story"].tolist() == found.story.tolist()
    assert told.attrs["stories"] == found.summary == json.loads(json.dumps(found.summary))
    assert found.summary["matches"] == len(found.matches)
    assert "story" not in corpus


def test_stories_of_a_profile_are_a_column_of_its_units(
    corpus: pd.DataFrame, found: Stories, tmp_path: Path
):
    told = bt.stories(profile(corpus, []))
    told.save(tmp_path)

    assert isinstance(told, Profile)
    assert told.units["story"].tolist() == found.story.tolist()
    assert bt.load_profile(tmp_path).units["story"].tolist() == found.story.tolist()


def test_the_column_goes_through_profile(corpus: pd.DataFrame, found: Stories):
    assert profile(bt.stories(corpus), []).units["story"].tolist() == found.story.tolist()


def test_what_was_found_is_said_in_a_sentence(found: Stories):
    assert repr(found) == f"<Stories: {found.about}>"
    assert f"{len(found.matches)} matches at cosine {found.cosine:.2f} or more" in found.about
    assert "0 articles have no date" in found.about


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"window": 15}, "window is 15 days: give 0 to 14, because decoys are looked for 30 days"),
        ({"window": -1}, "window is -1 days"),
        ({"cosine": 0.05}, "cosine is 0.05: give 0.1 to 1, or none to have it chosen from decoys"),
        ({"cosine": 1.5}, "cosine is 1.5"),
        ({"words": 0}, "words is 0: an article's opening needs 1 word or more"),
    ],
)
def test_an_option_out_of_range_is_an_error(options: dict, message: str):
    with pytest.raises(ValueError, match=message):
        find_stories(articles(("A", 0, TRUCE)), **options)


def test_articles_must_be_a_frame_or_a_profile():
    with pytest.raises(TypeError, match="articles are a list; give a pandas DataFrame"):
        bt.stories([TRUCE])


# ------------------------------------------------------------------ slow twin


def vectors(corpus: pd.DataFrame) -> list[dict[str, float]]:
    """TF-IDF by dictionaries."""
    counts = []
    for title, text in zip(corpus["title"], corpus["text"], strict=True):
        words = Counter(title.split())
        counts.append(words + words + Counter(text.rstrip(".").split()[:150]))
    df = Counter(word for count in counts for word in count)
    weigh: Callable[[str, int], float] = lambda word, uses: (  # noqa: E731
        (1 + math.log(uses)) * (1 + math.log((1 + len(counts)) / (1 + df[word])))
        if df[word] > 1
        else 0.0
    )
    weighed = [{word: weigh(word, n) for word, n in count.items()} for count in counts]
    lengths = [math.sqrt(sum(v * v for v in vector.values())) for vector in weighed]
    return [
        {word: value / length for word, value in vector.items()}
        for vector, length in zip(weighed, lengths, strict=True)
    ]


def slow_matches(corpus: pd.DataFrame, shift: int) -> list[tuple[str, str, float]]:
    """Mutually nearest articles of each pair of outlets, the second *shift* days later."""
    vector = dict(zip(corpus["id"], vectors(corpus), strict=True))
    day = dict(zip(corpus["id"], pd.to_datetime(corpus["date"]), strict=True))
    pairs = []
    for a, b in combinations(sorted(corpus["outlet"].unique()), 2):
        near: dict[tuple[str, str], float] = {}
        for i in corpus.loc[corpus["outlet"] == a, "id"]:
            for j in corpus.loc[corpus["outlet"] == b, "id"]:
                if abs((day[j] - day[i]).days - shift) <= 2:
                    shared = vector[i].keys() & vector[j].keys()
                    near[i, j] = sum(vector[i][word] * vector[j][word] for word in shared)
        for (i, j), cosine in near.items():
            best_i = max(value for (one, _), value in near.items() if one == i)
            best_j = max(value for (_, other), value in near.items() if other == j)
            if cosine >= 0.1 and cosine >= best_i and cosine >= best_j:
                pairs.append((i, j, cosine))
    return pairs


@pytest.mark.parametrize("seed", range(3))
def test_matches_and_decoys_are_those_of_a_slow_search(seed: int):
    corpus = newsroom(seed, days=100, outlets="AB" if seed else "ABC").iloc[::2]
    found = find_stories(corpus, cosine=0.1)
    ours = {
        frozenset((one, other)): cosine
        for one, other, cosine in found.matches[["article", "other", "cosine"]].to_numpy().tolist()
    }
    slow = {frozenset((i, j)): cosine for i, j, cosine in slow_matches(corpus, 0)}

    assert ours.keys() == slow.keys()
    assert [ours[pair] for pair in slow] == pytest.approx(list(slow.values()), abs=1e-5)
    decoys = [cosine for shift in SHIFTS for _, _, cosine in slow_matches(corpus, shift)]
    curve = found.curve.set_index("cosine")["decoys"]
    above = [sum(cosine >= at for cosine in decoys) for at in curve.index]
    assert curve.to_numpy() / max(curve.iloc[0], 1e-9) == pytest.approx(
        np.array(above) / max(above[0], 1e-9)
    )


def test_decoys_are_weighed_by_the_chances_to_find_them():
    """Two outlets, one article a day each for 100 days, window 0.

    An article has another outlet's on its own day 200 times in all; 30 days away for 70 of
    each outlet's articles, 45 days away for 55, forward and backward: 2 x 2 x (70 + 55) = 500.
    """
    rng = np.random.default_rng(5)
    words = [f"w{n}" for n in range(30)]
    rows = [
        {"id": f"{outlet}{day}", "outlet": outlet, "date": on(day), "title": ""}
        for outlet in "AB"
        for day in range(100)
    ]
    corpus = pd.DataFrame(rows)
    corpus["text"] = [" ".join(rng.choice(words, 20)) for _ in rows]
    curve = find_stories(corpus, window=0).curve

    # Every pair of the same words has a cosine over .1, and is mutual: there is but one.
    assert curve["matches"].iloc[0] == 100
    assert curve["decoys"].iloc[0] == pytest.approx(250 * 200 / 500)
    assert curve["false_match_rate"].iloc[0] == 1


# ------------------------------------------------------------------ real articles


def test_real_outlets_share_stories():
    """AllSides of 2018: dozens of matches, at most 5 % of them by chance."""
    path = DATA / "allsides.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared data")
    whole = pd.read_json(path, lines=True)
    whole["date"] = whole["date"].dt.strftime("%Y-%m-%d")
    year = whole[whole["date"].str.startswith("2018", na=False)]
    found = find_stories(year)

    assert found.false_match_rate <= MOST_FALSE
    assert len(found.matches) >= 50
    assert 0.2 <= found.cosine <= 0.4
