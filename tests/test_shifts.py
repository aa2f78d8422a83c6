"""Word shifts: contributions that add up to a difference, each with its interval."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.metrics import FEWEST, difference, ratio
from bias_toolkit.profiles import GROUPS, Profile, profile
from bias_toolkit.shifts import (
    NO_WORD,
    SENTIMENT,
    STRONGEST,
    VALENCE,
    WordShift,
    without_strongest,
    word_shift,
)

LEXICON = Lexicon(
    "test",
    "test",
    categories=(
        Category("war", "", (Term("attack*"), Term("war"), Term("military operation"))),
        Category("mild", "", (Term("concern"), Term("tension*", weight=0.5), Term("unease"))),
    ),
)
MEASURES = [SENTIMENT, VALENCE, "test.war", "test.mild"]
WORDS = (
    "attack attacks war concern tension unease good great terrible not very but happy river table "
    "town morning people said walked saw bridge road house window"
).split()


def newsroom(outlet: str, n: int = 9, seed: int = 0) -> pd.DataFrame:
    """Articles of random sentences, some of them quoted; outlets differ in what they like."""
    rng = np.random.default_rng([seed, *outlet.encode()])
    taste = rng.dirichlet(np.full(len(WORDS), 3))
    rows = []
    for number in range(n):
        sentences = []
        for _ in range(rng.integers(3, 8)):
            words = " ".join(rng.choice(WORDS, rng.integers(5, 14), p=taste))
            sentence = f"The {words} military operation." if rng.random() < 0.2 else f"The {words}."
            sentences.append(f'"{sentence}" he said.' if rng.random() < 0.2 else sentence)
        text = " ".join(sentences)
        rows.append({"id": f"{outlet}{number}", "outlet": outlet, "title": "", "text": text})
    return pd.DataFrame(rows).assign(date="2020-01-01")


def profiled(*articles: pd.DataFrame) -> Profile:
    return profile(pd.concat(articles, ignore_index=True), [LEXICON])


def written(**texts: list[str]) -> Profile:
    rows = [(f"{o}{k}", o, "", t) for o, own in texts.items() for k, t in enumerate(own)]
    table = pd.DataFrame(rows, columns=["id", "outlet", "title", "text"])
    return profile(table.assign(date="2020-01-01"), [LEXICON])


@pytest.fixture(scope="module")
def part() -> Profile:
    return profiled(newsroom("Ant"), newsroom("Bee", 7))


def row_of(shift: WordShift, term: str) -> pd.Series:
    return shift.terms.set_index("term").loc[term]


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("words", GROUPS)
@pytest.mark.parametrize("measure", MEASURES)
def test_contributions_add_up_to_the_difference(part: Profile, measure: str, words: str):
    shift = word_shift(part, "Ant", "Bee", measure, words=words)

    assert math.fsum(shift.terms["contribution"]) == pytest.approx(
        shift.difference.value, rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_a_contribution_is_that_of_use_and_that_of_score(part: Profile, measure: str):
    terms = word_shift(part, "Ant", "Bee", measure).terms

    assert len(terms) > 1
    np.testing.assert_allclose(
        terms["by_use"] + terms["by_score"], terms["contribution"], atol=1e-12
    )


@pytest.mark.parametrize("name", ["sentiment", "test.war.outlet", "test.mild.quoted"])
def test_the_difference_is_that_of_the_metric(part: Profile, name: str):
    """The number that is taken apart is the one in the table of metrics, interval and all."""
    metric = next(metric for metric in part.metric_list if metric.name == name)
    sums = part.by_outlet()
    measure, _, words = name.rpartition(".")
    shift = word_shift(part, "Ant", "Bee", measure or name, words=words if measure else "outlet")

    assert shift.difference == pytest.approx(difference(metric, sums["Ant"], sums["Bee"]), rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES)
def test_exchanging_the_outlets_mirrors_every_bit(part: Profile, measure: str):
    one, other = word_shift(part, "Ant", "Bee", measure), word_shift(part, "Bee", "Ant", measure)

    assert one.difference == tuple(-x for x in np.array(other.difference)[[0, 2, 1]])
    for ours, theirs in (
        ("contribution", "contribution"),
        ("low", "high"),
        ("by_use", "by_use"),
        ("by_score", "by_score"),
    ):
        np.testing.assert_array_equal(one.terms[ours], -other.terms[theirs])
    assert one.terms["term"].tolist() == other.terms["term"].tolist()
    assert one.terms["a_uses"].tolist() == other.terms["b_uses"].tolist()


@pytest.mark.parametrize("measure", MEASURES)
def test_another_outlet_changes_no_bit(part: Profile, measure: str):
    more = profiled(newsroom("Ape"), newsroom("Ant"), newsroom("Bee", 7))
    one, other = (word_shift(p, "Ant", "Bee", measure) for p in (part, more))

    assert one.difference == other.difference
    pd.testing.assert_frame_equal(one.terms, other.terms, check_exact=True)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_order_of_the_articles_changes_no_bit(part: Profile, measure: str):
    shuffled = pd.concat([newsroom("Bee", 7), newsroom("Ant")]).sample(frac=1, random_state=4)
    one, other = (word_shift(p, "Ant", "Bee", measure) for p in (part, profiled(shuffled)))

    assert one.difference == other.difference
    pd.testing.assert_frame_equal(one.terms, other.terms, check_exact=True)


# ------------------------------------------------------------------ by hand


def test_contributions_of_a_category_by_hand():
    """2 of 10 words against 1 of 5: nothing; 0 against 1 of 5: -200 per 1,000."""
    part = written(Ant=["The war and the war went on all the day."], Bee=["A war, an attack came."])
    shift = word_shift(part, "Ant", "Bee", "test.war")

    assert shift.difference.value == pytest.approx(-200)
    assert shift.unit == "per 1,000 words"
    assert shift.terms["term"].tolist() == ["attack*", "war"]
    assert shift.terms["contribution"].tolist() == pytest.approx([-200, 0])
    assert row_of(shift, "war")[["a_rate", "b_rate", "a_uses", "b_uses"]].tolist() == [
        200,
        200,
        2,
        1,
    ]
    assert repr(shift) == "<WordShift of test.war, Ant less Bee: 2 terms>"


def test_weights_count():
    """A tension of weight 1/2 in 4 words is 125 per 1,000, a concern in 4 words 250."""
    shift = word_shift(
        written(Ant=["The tension was here."], Bee=["The concern was here."]),
        "Ant",
        "Bee",
        "test.mild",
    )

    assert shift.terms["contribution"].tolist() == pytest.approx([-250, 125])
    assert row_of(shift, "tension*")["a_score"] == 0.5
    assert math.isnan(row_of(shift, "tension*")["b_score"])


def test_a_contribution_of_valence_is_its_rate_times_its_value():
    """VADER values good at 1.9: once in 4 words against once in 8."""
    part = written(Ant=["The road was good."], Bee=["The road was good for all the people."])
    shift = word_shift(part, "Ant", "Bee", VALENCE)

    assert shift.terms["term"].tolist() == ["good"]
    assert shift.difference.value == pytest.approx(1000 * 1.9 * (1 / 4 - 1 / 8))


def test_the_one_valued_word_of_a_sentence_owns_its_compound():
    """Negation, boosters and signs are heard: what they made of the sentence is the word's."""
    vader = SentimentIntensityAnalyzer()
    texts = ["The road was not good.", "The road was very good!"]
    shift = word_shift(written(Ant=texts[:1], Bee=texts[1:]), "Ant", "Bee", SENTIMENT)
    scores = [vader.polarity_scores(text)["compound"] for text in texts]
    row = row_of(shift, "good")

    assert row[["a_score", "b_score"]].tolist() == pytest.approx(scores, abs=1e-9)
    assert row["by_use"] == 0
    assert row["by_score"] == row["contribution"] == pytest.approx(scores[0] - scores[1], abs=1e-9)


def test_words_share_a_compound_by_their_values():
    """3.1 and -2.1 make 1; without rules each owns its value over sqrt(1 + 15), less rounding."""
    part = written(Ant=["The great town was terrible."], Bee=["The town was here."])
    terms = word_shift(part, "Ant", "Bee", SENTIMENT).terms.set_index("term")["contribution"]

    assert terms.to_dict() == pytest.approx({"great": 3.1 / 4, "terrible": -2.1 / 4}, abs=1e-4)


def test_a_tone_without_words_is_told_as_such():
    """An emoji has a tone and is no word."""
    part = written(Ant=["He came home 😀."], Bee=["He came home."])
    shift = word_shift(part, "Ant", "Bee", SENTIMENT)

    assert shift.terms["term"].tolist() == [NO_WORD]
    assert shift.difference.value > 0


def test_sentences_mostly_quoted_are_not_the_outlets_tone():
    part = written(
        Ant=['The road is here. "A terrible war, a terrible war," he said.'], Bee=["It rains."]
    )

    assert not len(word_shift(part, "Ant", "Bee", SENTIMENT).terms)


def test_few_articles_and_rare_terms_have_no_interval():
    """Nor do terms that fewer than five articles carry; the whole difference may have one."""
    texts = ["The war was here.", *["The road was here and there."] * 5]
    few = word_shift(written(Ant=texts[:4], Bee=texts), "Ant", "Bee", "test.war")
    rare = word_shift(written(Ant=texts, Bee=texts[1:]), "Ant", "Bee", "test.war")
    enough = word_shift(
        written(Ant=texts[:1] * 5 + texts[1:], Bee=texts[1:]), "Ant", "Bee", "test.war"
    )

    assert FEWEST == 5
    assert math.isnan(few.difference.low) and few.terms[["low", "high"]].isna().all(axis=None)
    assert not math.isnan(rare.difference.low) and rare.terms["low"].isna().all()
    assert enough.terms["low"][0] < enough.terms["contribution"][0] < enough.terms["high"][0]


def test_an_outlet_without_words_has_no_mean():
    part = written(Ant=["The war was here."] * 1, Bee=['"The war is here," he said.'])
    shift = word_shift(part, "Ant", "Bee", "test.war", words="quoted")

    assert math.isnan(shift.difference.value)
    assert shift.terms["contribution"].isna().all()


def test_without_its_strongest_terms_a_difference_may_be_none():
    """Three terms make the whole of war's difference, none of mild's is left either."""
    part = written(
        Ant=["The war, the war and an attack there."], Bee=["A concern, an unease, a tension."]
    )
    table = without_strongest(part, "Ant", "Bee").set_index("measure")

    assert table.index.tolist() == ["test.war", "test.mild"]
    assert table.loc["test.war", "difference"] == pytest.approx(3000 / 8)
    assert table.loc["test.war", "left_out"] == "war, attack*"
    assert table["counts"].tolist() == [
        "war 2:0, attack* 1:0",
        "concern 0:1, unease 0:1, tension* 0:1",
    ]
    assert table[["a_uses", "b_uses"]].to_numpy().tolist() == [[3, 0], [0, 3]]
    assert table[["a_articles", "b_articles"]].to_numpy().tolist() == [[1, 0], [0, 1]]
    assert table["rest"].tolist() == [0, 0]
    assert table.loc["test.mild", "terms"] == STRONGEST == 3


@pytest.mark.parametrize("measure", ["test.war", "test.mild"])
def test_the_rest_is_the_difference_of_the_other_terms(part: Profile, measure: str):
    terms = word_shift(part, "Ant", "Bee", measure).terms
    row = without_strongest(part, "Ant", "Bee").set_index("measure").loc[measure]

    with_it = terms[terms["contribution"] * row["difference"] > 0]
    without = terms[~terms["term"].isin(with_it["term"][:STRONGEST])]
    assert row["left_out"] == ", ".join(with_it["term"][:STRONGEST])
    assert row["rest"] == pytest.approx(math.fsum(without["contribution"]), abs=1e-12)
    assert row["rest_terms"] == len(without)
    sizes = terms["contribution"].abs()
    assert all(x >= y for x, y in pairwise(sizes))


def test_terms_that_work_against_a_difference_are_not_what_it_hangs_on():
    """Ant: one attack; Bee: ten wars. Without "attack*" the difference would only be wider."""
    part = written(Ant=["An attack here."], Bee=["War " * 10 + "there."])
    row = without_strongest(part, "Ant", "Bee").set_index("measure").loc["test.war"]

    assert row["difference"] < 0
    assert (row["left_out"], row["terms"], row["rest_terms"]) == ("war", 2, 1)
    assert row["rest"] > 0


@pytest.mark.parametrize("words", GROUPS)
def test_all_categories_at_once_are_each_by_itself(part: Profile, words: str):
    """Differences and intervals are those of a word shift of one category after the other."""
    table = without_strongest(part, "Ant", "Bee", words=words).set_index("measure")
    for measure in ("test.war", "test.mild"):
        shift = word_shift(part, "Ant", "Bee", measure, words=words)

        assert tuple(table.loc[measure, ["difference", "low", "high"]]) == pytest.approx(
            shift.difference, nan_ok=True
        )
        assert table.loc[measure, "a_value"] - table.loc[measure, "b_value"] == pytest.approx(
            shift.difference.value
        )
        assert table.loc[measure, "a_uses"] == shift.terms["a_uses"].sum()


def test_exchanging_the_outlets_mirrors_categories(part: Profile):
    one, other = (without_strongest(part, *pair) for pair in (("Ant", "Bee"), ("Bee", "Ant")))

    assert one["left_out"].tolist() == other["left_out"].tolist()
    for name, low, high in (("difference", "low", "high"), ("rest", "rest_low", "rest_high")):
        assert (one[name] == -other[name]).all()
        np.testing.assert_array_equal(one[low], -other[high])


def test_a_category_that_nobody_uses_differs_by_nothing():
    table = without_strongest(written(Ant=["War."], Bee=["Peace."]), "Ant", "Bee")
    row = table.set_index("measure").loc["test.mild"]

    assert (row["difference"], row["terms"], row["left_out"], row["counts"]) == (0, 0, "", "")
    silent = without_strongest(written(Ant=["Peace."], Bee=["Peace."]), "Ant", "Bee")
    assert silent["difference"].tolist() == [0, 0]


# ------------------------------------------------------------------ slow, obvious twins


def by_looking(part: Profile, category: str) -> dict[str, dict[int, float]]:
    """Weighted hits in the outlet's words, by term and unit, one row after the other."""
    found: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for hit in part.hits.itertuples():
        entry = part.entries.iloc[hit.entry]
        if entry["category"] == category and hit.voice in GROUPS["outlet"]:
            found[entry["term"]][hit.unit] += entry["weight"]
    return found


@pytest.mark.parametrize("category", ["war", "mild"])
def test_intervals_are_those_of_each_term_as_a_metric_of_its_own(part: Profile, category: str):
    """Leaving out one article after the other, term by term, as `metrics.difference` does."""
    shift = word_shift(part, "Ant", "Bee", f"test.{category}")
    metric = ratio("", "", "", ("hits", "words"), 1000)
    outlets = part.units["outlet"].to_numpy()
    for term, uses in by_looking(part, category).items():
        hits = np.array([uses[unit] for unit in range(len(outlets))])
        sides = [
            {"hits": hits[outlets == name], "words": part.sums["words.outlet"][outlets == name]}
            for name in ("Ant", "Bee")
        ]
        expected = difference(metric, *sides)
        row = row_of(shift, term)

        assert row["contribution"] == pytest.approx(expected.value, abs=1e-12)
        if row["a_articles"] + row["b_articles"] >= FEWEST:
            assert (row["low"], row["high"]) == pytest.approx(expected[1:], abs=1e-10)
        assert row["a_articles"] == (sides[0]["hits"] > 0).sum()


def test_tones_are_those_of_single_sentences_one_by_one(part: Profile):
    """Each compound shared out word by word: by value first, then what the rules added."""
    values = SentimentIntensityAnalyzer().lexicon
    total: dict[tuple[str, str], float] = defaultdict(float)
    sentences: dict[str, int] = defaultdict(int)
    for number, row in enumerate(part.sentences.itertuples()):
        if row.quoted_words * 2 > row.words or math.isnan(row.sentiment):
            continue
        outlet = part.units["outlet"][row.unit]
        sentences[outlet] += 1
        tokens = part.vocabulary[part.word[part.pointer[number] : part.pointer[number + 1]]]
        worth = [(w, values[w]) for w in tokens if w in values and w not in ("very", "but")]
        scale = math.sqrt((1 - row.sentiment**2) / 15)
        rules = row.sentiment - sum(v * scale for _, v in worth)
        for word, value in worth:
            share = abs(value) / sum(abs(v) for _, v in worth)
            total[outlet, word] += value * scale + rules * share
    terms = word_shift(part, "Ant", "Bee", SENTIMENT).terms
    for term, contribution in terms[["term", "contribution"]].itertuples(index=False):
        a, b = (total[outlet, term] / sentences[outlet] for outlet in ("Ant", "Bee"))

        assert contribution == pytest.approx(a - b, abs=1e-12)


# ------------------------------------------------------------------ errors


def test_bad_input_says_what_would_be_right(part: Profile):
    with pytest.raises(KeyError, match="no outlet 'Cat'; here are Ant, Bee"):
        word_shift(part, "Ant", "Cat", SENTIMENT)
    with pytest.raises(ValueError, match="'Ant' cannot be compared with itself; name two outlets"):
        word_shift(part, "Ant", "Ant", SENTIMENT)
    with pytest.raises(KeyError, match="no word group 'mine'; there are own, outlet, quoted, all"):
        without_strongest(part, "Ant", "Bee", words="mine")
    with pytest.raises(
        KeyError, match=r"no measure 'war' to take apart; here are sentiment, valence, test\.war"
    ):
        word_shift(part, "Ant", "Bee", "war")
