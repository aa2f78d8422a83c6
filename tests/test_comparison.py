"""Comparisons: mirrored, indifferent to third parties, and every number leads to its sentences."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from bias_toolkit.annotation import annotate, is_word
from bias_toolkit.articles import read_articles
from bias_toolkit.comparison import (
    CHECK_DRAWS,
    CHECK_SPLITS,
    FEWEST_TO_RANK,
    NEAR,
    Comparison,
    Comparisons,
    compare,
    compare_all,
    evidence,
    over_pairs,
)
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.outletmaps import distances
from bias_toolkit.profiles import GROUPS, Profile, load_profile, profile
from bias_toolkit.selfchecks import selfcheck

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

SMALL = """
name = "small"
[categories.harsh]
terms = ["regime", "terror*", { term = "war", weight = 0.5 }]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku"]
[[actors]]
name = "Armenia"
side = "Armenia"
aliases = ["Yerevan"]
[[referents]]
name = "the fighting"
from = 2023-09-01
labels = [
  { label = "war", side = "Armenia", terms = ["war"] },
  { label = "measures", side = "Azerbaijan", terms = ["measures"] },
]
[[referents]]
name = "the territory"
labels = [
  { label = "Artsakh", side = "Armenia", terms = ["Artsakh"] },
  { label = "Karabakh", side = "neutral", terms = ["Karabakh"] },
]
"""


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    filled = {"date": "2023-09-20", "title": "", "text": "Baku won."}
    return pd.DataFrame([{"id": f"a{n}", **filled, **row} for n, row in enumerate(rows)])


def random_articles(outlets: str, seed: int) -> pd.DataFrame:
    """Twelve articles an outlet: sentences of its own, reported and quoted, words by chance."""
    rng = np.random.default_rng(seed)
    words = "war measures regime terrorists Artsakh Karabakh peace talks border army".split()
    rows = []
    for outlet in outlets:
        for n in range(12):
            said = [" ".join(rng.choice(words, rng.integers(3, 9))) for _ in range(5)]
            text = f"The {said[0]}. Baku said that the {said[1]}. “The {said[2]},” Yerevan said. "
            text += f"Baku fears “{said[3]}” now. The {said[4]} again."
            day = f"2023-09-{rng.integers(1, 29):02}"
            rows.append({"id": f"{outlet}{n}", "outlet": outlet, "text": text, "date": day})
    return frame(*rows)


@pytest.fixture(scope="module")
def corpus(small: list[Lexicon]) -> Profile:
    return profile(random_articles("ABC", 0), small)


@pytest.fixture(scope="module")
def seeds(small: list[Lexicon]) -> Profile:
    return profile(SEEDS, small)


def csv(table: pd.DataFrame) -> str:
    return table.to_csv(index=False)


def all_of(result: Comparison) -> dict[str, str]:
    """Everything that a comparison says, as text."""
    said = {name: csv(getattr(result, name)) for name in ("terms", "labels", "metrics", "mentions")}
    return {**said, "facts": repr(result.facts)}


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("words", list(GROUPS))
def test_exchanging_the_outlets_mirrors_every_number(corpus, words):
    """Bit for bit: counts and rates change sides, differences change signs, ends change places."""
    ab, ba = compare(corpus, "A", "B", words=words), compare(corpus, "B", "A", words=words)
    counted = ("articles", "units", "uses", "rate", "count", "share", "compared", "naming")
    counted += ("of", "of_articles", "low", "high")
    swap = {f"{x}_{n}": f"{y}_{n}" for x, y in ("ab", "ba") for n in counted}
    terms = ba.terms.rename(columns=swap).assign(
        log_odds=-ba.terms["log_odds"],
        low=-ba.terms["high"],
        high=-ba.terms["low"],
        log_rates=-ba.terms["log_rates"],
        z=-ba.terms["z"],
        rates_low=-ba.terms["rates_high"],
        rates_high=-ba.terms["rates_low"],
    )
    metrics = ba.metrics.rename(columns={"a": "b", "b": "a"}).assign(
        difference=-ba.metrics["difference"], low=-ba.metrics["high"], high=-ba.metrics["low"]
    )

    labels = ba.labels.rename(columns=swap).assign(
        difference=-ba.labels["difference"],
        low=-ba.labels["high"],
        high=-ba.labels["low"],
        log_odds=-ba.labels["log_odds"],
        odds_low=-ba.labels["odds_high"],
        odds_high=-ba.labels["odds_low"],
    )

    assert ab.terms["log_odds"].notna().any() and ab.terms["log_odds"].ne(0).any()
    pd.testing.assert_frame_equal(terms[list(ab.terms)], ab.terms, check_exact=True)
    pd.testing.assert_frame_equal(metrics[list(ab.metrics)], ab.metrics, check_exact=True)
    pd.testing.assert_frame_equal(labels[list(ab.labels)], ab.labels, check_exact=True)
    assert csv(ab.mentions) == csv(ba.mentions)


def test_facts_are_mirrored_too(seeds):
    one, other = (compare(seeds, a, b).facts for a, b in (("TASS", "NEWS.ru"), ("NEWS.ru", "TASS")))

    assert (one.a_dates, one.b_dates) == (other.b_dates, other.a_dates)
    for name in ("days", "comparable", "events", "writers"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize("words", list(GROUPS))
def test_another_outlet_changes_no_number(corpus, small, words):
    """Nor a word of the warnings, nor the order of a row."""
    alone = profile(random_articles("AB", 0), small)
    assert set(corpus.outlets) == {"A", "B", "C"}

    assert all_of(compare(corpus, "A", "B", words=words)) == all_of(
        compare(alone, "A", "B", words=words)
    )


def test_the_order_of_articles_changes_nothing_but_order(corpus, small):
    mixed = random_articles("ABC", 0).sample(frac=1, random_state=4)
    one, other = compare(corpus, "A", "B"), compare(profile(mixed, small), "A", "B")
    plain = [c.mentions.drop(columns=["unit", "sentence"]) for c in (one, other)]
    keys = ["article", "part", "start", "end"]

    for name in ("terms", "labels", "metrics", "facts"):
        assert repr(getattr(one, name)) == repr(getattr(other, name))
        if name != "facts":
            assert csv(getattr(one, name)) == csv(getattr(other, name))
    assert csv(plain[0].sort_values(keys)) == csv(plain[1].sort_values(keys))


HASHED = """
import hashlib, sys
import bias_toolkit as bt
part = bt.profile(sys.argv[1], bt.load_lexicons("loaded", "nagorno_karabakh"))
every = bt.compare_all(part)
tables = [part.metrics(), part.table().drop(columns="path"), every.labels, every.mentions]
tables += [every.cues, every.cue_classes, every.speakers]
tables += [table for pair in every for table in (pair.terms, pair.metrics, pair.mentions)]
text = "".join(table.to_csv() for table in tables)
print(hashlib.sha256((text + repr([pair.facts for pair in every])).encode()).hexdigest())
"""


def test_the_same_bytes_come_out_for_any_hash_seed():
    """Python's hashes of strings change with every process; no table may."""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", HASHED, str(SEEDS)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "77")
    ]
    found = [run.communicate()[0] for run in runs]

    assert len(found[0].strip()) == hashlib.sha256().digest_size * 2
    assert found[0] == found[1]


def test_all_pairs_are_those_compared_one_by_one(seeds):
    every = compare_all(seeds)

    assert [(pair.a, pair.b) for pair in every] == [
        ("Azatutyun/Asbarez", "MassisPost"),
        ("Azatutyun/Asbarez", "NEWS.ru"),
        ("Azatutyun/Asbarez", "TASS"),
        ("MassisPost", "NEWS.ru"),
        ("MassisPost", "TASS"),
        ("NEWS.ru", "TASS"),
    ]
    assert len(every) == 6
    for pair in every:
        assert all_of(pair) == all_of(compare(seeds, pair.a, pair.b))


def test_labels_of_all_outlets_are_those_of_each_pair(seeds):
    """One row a referent, label and word group, whichever outlets stand beside it."""
    keys = ["referent", "label", "words"]
    every = compare_all(seeds)
    wide = every.labels.set_index(keys)
    for pair in every:
        for row in pair.labels.to_dict("records"):
            there = wide.loc[tuple(row[key] for key in keys)]
            for side, outlet in (("a", pair.a), ("b", pair.b)):
                for name in ("count", "articles", "share"):
                    assert str(row[f"{side}_{name}"]) == str(there[f"{outlet}.{name}"])

    uses = every.labels.loc[every.labels["words"] == "all"].filter(like=".count")
    assert uses.to_numpy().sum() == len(every.mentions) > 20


def test_page_chrome_is_in_no_table(small):
    """MassisPost's teasers: one has “Armenian Genocide” in its headline."""
    part = profile(SEEDS, small)
    for words in GROUPS:
        result = compare(part, "MassisPost", "TASS", words=words)

        assert not result.terms["term"].str.contains("genocide|newsletter|margulies").any()
    for term in ("genocide", "Armenian Genocide", "newsletter*", "Leave a Reply", "Turkish *"):
        assert result.sentences(term).empty
    assert not result.mentions["field"].eq("other").any()


def test_a_loaded_profile_is_compared_as_the_first(seeds, tmp_path):
    seeds.save(tmp_path)
    again = load_profile(tmp_path)

    assert all_of(compare(again, "TASS", "MassisPost")) == all_of(
        compare(seeds, "TASS", "MassisPost")
    )


# ------------------------------------------------------------------ terms


def peaceful(of_a: int, of_b: int) -> pd.DataFrame:
    """Twelve articles of A and ten of B, all of four words, *of_a* and *of_b* with "peace"."""
    rows = [{"outlet": "A", "text": f"{'Peace' if n < of_a else 'War'} came to Town{n}."}
            for n in range(12)]  # fmt: skip
    rows += [{"outlet": "B", "text": f"{'Peace' if n < of_b else 'War'} left the Hill{n}."}
             for n in range(10)]  # fmt: skip
    return frame(*rows)


def test_presence_odds_by_hand(small):
    """9 of 12 articles of A carry the word, 3 of 10 of B, all of one length: one stratum.

    Two pseudo-articles of no difference: 12/22 is added to A's cells, 10/22 to B's, so the odds
    ratio is 9.545455 x 7.454545 / (3.545455 x 3.454545), its logarithm 1.759532.  The exact
    mid-p is twice the chance of ten or more of the twelve carriers plus half that of nine.
    """
    terms = compare(profile(peaceful(9, 3), small), "A", "B").terms.set_index("term")
    row = terms.loc["peace"]

    counts = ["a_articles", "b_articles", "a_units", "b_units", "a_uses", "b_uses"]
    assert row[counts].tolist() == [9, 3, 12, 10, 9, 3]
    assert row["log_odds"] == pytest.approx(1.759532, abs=1e-6)
    assert row["low"] < row["log_odds"] < row["high"]
    assert row["a_rate"] == pytest.approx(1000 * 9 / 48)
    assert row["p"] == pytest.approx(
        2 * (hypergeom.sf(9, 22, 12, 12) + hypergeom.pmf(9, 22, 12, 12) / 2)
    )
    assert row["p"] <= row["p_fwer"] <= 1 and row["testable"]


def test_a_term_that_one_side_never_uses_has_finite_odds(corpus):
    terms = compare(corpus, "A", "B").terms
    lone = terms[(terms["b_compared"] == 0) | (terms["a_compared"] == 0)]
    lone = lone[lone["a_compared"] + lone["b_compared"] > 0]

    assert len(lone) and np.isfinite(lone[["log_odds", "low", "high"]]).all(axis=None)


@pytest.mark.parametrize(("n", "ranked"), [(FEWEST_TO_RANK - 1, False), (FEWEST_TO_RANK, True)])
def test_below_ten_articles_a_side_no_term_has_odds(small, n, ranked):
    rows = [{"outlet": "A", "text": f"War came to Town{k}."} for k in range(12)]
    rows += [{"outlet": "B", "text": f"War came to Hill{k}."} for k in range(n)]
    result = compare(profile(frame(*rows), small), "B", "A")
    terms = result.terms

    assert terms[["log_odds", "low", "high", "p_fwer"]].notna().all(axis=None) == ranked
    assert terms["a_units"].tolist()[0] == n
    assert result.method[0].startswith("No test: ") != ranked


def test_terms_count_the_words_of_the_group(corpus):
    """Nine articles a side: every term is a row then, and nothing is tested."""
    few = corpus.select((corpus.units.groupby("outlet").cumcount() < 9).to_numpy())
    for words in GROUPS:
        result = compare(few, "A", "C", words=words)
        single = result.terms[result.terms["kind"] == "word"]
        sums = result.profile.by_outlet()

        assert single["a_uses"].sum() == sums["A"][f"words.{words}"].sum()
        assert single["b_rate"].sum() == pytest.approx(1000)


def test_no_interval_of_a_rate_or_share_reaches_below_0(small):
    """One article of ten says "regime": the symmetric interval would reach below 0."""
    rows = [{"outlet": name, "text": "The regime fell." if n == 0 else "The sun rose at last."}
            for n in range(10) for name in "AB"]  # fmt: skip
    part = profile(frame(*rows), small)
    table = compare_all(part).metrics
    rate = table["metric"] == "small.harsh.own"
    plain = part.metrics()

    assert (plain["low"][rate] < 0).all() and (table["low"][rate] == 0).all()
    assert (table["high"][rate] > table["value"][rate]).all()
    assert table.drop(columns="low").equals(plain.drop(columns="low"))
    tone = table["metric"].str.startswith("sentiment")
    assert table["low"][tone].equals(plain["low"][tone])


# ------------------------------------------------------------------ tests of terms


def town_and_hill(a: int, b: int, *, topic: str = "", day: str = "2023-09-20") -> pd.DataFrame:
    """A writes "regime" in every article, B "government"; else no word stands twice."""
    rows = [
        {"outlet": outlet, "text": f"The {word} of Place{outlet}{n} met Envoy{outlet}{n}."}
        for outlet, word, count in (("A", "regime", a), ("B", "government", b))
        for n in range(count)
    ]
    return frame(*rows).assign(topic=topic, date=day)


def test_what_differs_is_found_and_says_what_it_rests_on(small):
    result = compare(profile(town_and_hill(30, 40), small), "A", "B")
    found = result.terms[result.terms["p_fwer"] <= 0.05].set_index("term")

    assert found.loc["small: harsh", "kind"] == "category"  # of the lexicon: regime
    found = found[found["kind"] == "phrase"]
    assert set(found.index) == {"the regime of", "the government of"}  # the longest stand for all
    assert (found["log_odds"] * [-1, 1]).gt(0).all()
    assert found["survives"].tolist() == [True, True]
    assert found["largest_article"].tolist() == [1 / 40, 1 / 30]
    assert found["largest_day"].tolist() == [1.0, 1.0]
    assert found["largest_writer"].isna().all()


def test_the_method_is_said_in_sentences(small):
    part = profile(town_and_hill(30, 40, topic="war"), small)
    method = compare(part, "A", "B").method

    assert method == [
        "Articles are compared with articles alike in topic, month and length: 100% of A and "
        "100% of B have a counterpart.",
        method[1],
        "To be found here, a term in 2% of B's articles must stand in some "
        + method[2].rpartition("some ")[2],
    ]
    assert method[1].startswith("The unit of evidence is the article")


@pytest.mark.parametrize(
    ("strata", "within"),
    [
        (None, "alike in length"),
        ("topic", "alike in topic and length"),
        (["topic", "month"], "alike in topic, month and length"),
        ("clusters", "alike in clusters and length"),
        ("auto", "alike in topic, month and length"),
    ],
)
def test_strata_are_what_was_asked_for(small, strata, within):
    part = profile(town_and_hill(30, 40, topic="war"), small)

    assert within in compare(part, "A", "B", strata=strata).method[0]


def test_months_of_few_articles_are_pooled_by_year_before_they_are_given_up(small):
    rows = town_and_hill(30, 30)
    days = [f"{2019 + n % 2}-{1 + n % 12:02d}-05" for n in range(60)]
    contrast = compare(profile(rows.assign(date=days), small), "A", "B", strata="month").contrast
    years = [day[:4] for day in days]

    assert pd.crosstab(years, contrast.built.cell).gt(0).sum(axis=1).tolist() == [1, 1]
    assert contrast.built.labelled == 1.0


def test_stories_are_strata_where_most_articles_have_one(small):
    rows = town_and_hill(30, 30).assign(story=[f"s{n % 30}" for n in range(60)])
    result = compare(profile(rows, small), "A", "B")

    assert "alike in story and length" in result.method[0]
    without = compare(profile(rows.assign(story=""), small), "A", "B")
    assert without.contrast.labels == ("topic", "month")


def test_a_column_that_is_not_there_is_named(small):
    part = profile(town_and_hill(12, 12), small)

    with pytest.raises(KeyError, match="no column 'colour' to stratify by; there are id, outlet"):
        compare(part, "A", "B", strata="colour")
    with pytest.raises(ValueError, match="no unit 'word': must be one of auto, article, block"):
        compare(part, "A", "B", unit="word")
    with pytest.raises(ValueError, match="5 draws: 39 or more are needed"):
        compare(part, "A", "B", draws=5)


def test_another_outlet_and_the_order_of_articles_change_nothing(small):
    rows = town_and_hill(14, 15, topic="war")
    third = frame({"outlet": "C", "text": "The regime fell in Town."}).assign(id="c", topic="war")
    mixed = pd.concat([third, rows.sample(frac=1, random_state=3)], ignore_index=True)
    one, other = (compare(profile(f, small), "A", "B", seed=4).terms for f in (rows, mixed))

    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_an_article_that_comes_twice_changes_nothing(small):
    """Once more under its own id, or as a copy under another."""
    rows = town_and_hill(14, 15)
    copy = rows.iloc[[3]].assign(id="copy", date="2023-09-21")
    once, twice = (
        compare(profile(f, small), "A", "B", strata=None).terms
        for f in (rows, pd.concat([rows, copy], ignore_index=True))
    )

    shared = ["term", "a_articles", "b_articles", "a_units", "a_uses", "log_odds", "p", "p_fwer"]
    pd.testing.assert_frame_equal(once[shared], twice[shared], check_exact=True)


def test_the_seed_decides_the_draws_and_nothing_else(small):
    half = town_and_hill(15, 15)
    half.loc[half.index % 2 == 0, "text"] += " A truce held."
    half.loc[:8, "text"] += " Shops were open."
    part = profile(half, small)
    zero, again, one = (compare(part, "A", "B", seed=seed).terms for seed in (0, 0, 1))

    pd.testing.assert_frame_equal(zero, again, check_exact=True)
    assert (zero["p"] == one["p"]).all() and (zero["p_fwer"] != one["p_fwer"]).any()


def test_all_pairs_have_a_p_value_over_all_of_them(small):
    extra = town_and_hill(30, 0).assign(outlet="C").assign(id=lambda f: "c" + f["id"])
    extra["text"] = extra["text"].str.replace("PlaceA", "PlaceC").str.replace("EnvoyA", "EnvoyC")
    every = compare_all(profile(pd.concat([town_and_hill(30, 30), extra]), small))
    terms = every.terms

    assert (terms["p_fwer_all"] >= terms["p_fwer"]).all()
    found = terms[terms["p_fwer_all"] <= 0.05]
    assert set(zip(found["a"], found["b"], strict=True)) == {("A", "B"), ("B", "C")}


def test_lexicon_categories_and_patterns_are_tested_too(small):
    rows = random_articles("AB", 7)
    terms = compare(profile(rows, small), "A", "B").terms

    kinds = terms.groupby("kind")["term"].agg(list)
    assert all(": " in term for term in kinds["category"])
    assert all("*" in term for term in kinds.get("pattern", []))


def test_function_words_own_names_and_spellings_are_marked(small):
    rows = [
        {"outlet": "TASS", "text": f"The envoy of Place{n} left Kiev, TASS said."}
        for n in range(12)
    ]
    rows += [
        {"outlet": "B", "text": f"The envoy of Hill{n} left Kyiv, he said."} for n in range(12)
    ]
    terms = compare(profile(frame(*rows), small), "TASS", "B").terms.set_index("term")

    assert terms.loc["left kiev", "style"] == ""
    assert terms.loc["tass said", "style"] == "own name"
    assert terms.loc["left kiev", "group"] == terms.loc["left kyiv", "group"] == "left kyiv"
    assert (terms["style"] == "function word").any() or "the" not in terms.index


def test_classical_measures_say_what_they_are(small):
    result = compare(profile(town_and_hill(30, 40), small), "A", "B")
    table = result.classical.set_index("term")

    assert table.loc["the regime of", "g2"] > 0 > table.loc["the government of", "g2"]
    assert "overstate certainty" in (type(result).classical.__doc__ or "")


def test_a_group_without_words_has_no_terms(small):
    part = profile(frame({"outlet": "A"}, {"outlet": "B"}), small)

    assert compare(part, "A", "B", words="quoted").terms.empty


def test_outlets_that_wrote_at_different_times_have_no_list_of_differences(seeds):
    """The columns stay, for whoever reads the table."""
    apart, near = compare(seeds, "TASS", "NEWS.ru"), compare(seeds, "TASS", "MassisPost")

    assert len(near.terms) > 100
    assert apart.terms.empty and list(apart.terms) == list(near.terms)
    assert len(apart.labels) and len(apart.mentions) and len(apart.metrics)


# ------------------------------------------------------------------ labels and metrics


def test_labels_stand_side_by_side_for_each_word_group(small):
    part = profile(
        frame(
            {"outlet": "A", "text": "Artsakh and Karabakh. “Artsakh,” Yerevan said."},
            {"outlet": "B", "text": "Karabakh."},
        ),
        small,
    )
    labels = compare(part, "A", "B").labels
    rows = labels.set_index(["words", "label"])[["a_count", "b_count", "a_share", "b_share"]]

    assert rows.loc["outlet"].to_dict("index") == {
        "Artsakh": {"a_count": 1, "b_count": 0, "a_share": 0.5, "b_share": 0.0},
        "Karabakh": {"a_count": 1, "b_count": 1, "a_share": 0.5, "b_share": 1.0},
    }
    assert rows.loc[("all", "Artsakh"), "a_share"] == pytest.approx(2 / 3)
    assert rows.loc[("quoted", "Artsakh")].fillna(-1).tolist() == [1, 0, 1, -1]


def test_metrics_are_those_of_the_profile(corpus):
    result = compare(corpus, "A", "B").metrics.set_index("metric")
    found = corpus.metrics().set_index(["metric", "outlet"])["value"]
    for metric, row in result.iterrows():
        assert str(row["a"]) == str(found[metric, "A"])
        assert str(row["b"]) == str(found[metric, "B"])
        assert str(row["difference"]) == str(row["a"] - row["b"])

    assert result.loc["small.harsh.outlet", ["low", "high"]].notna().all()


def test_five_articles_give_no_interval_to_anything(seeds):
    for pair in compare_all(seeds):
        assert pair.metrics[["low", "high"]].isna().all(axis=None)
        if len(pair.terms):
            assert pair.terms[["log_odds", "low", "high"]].isna().all(axis=None)


# ------------------------------------------------------------------ against the rest


def test_without_b_an_outlet_is_compared_with_all_others(corpus):
    result = compare(corpus, "A")
    ab, ac = compare(corpus, "A", "B").terms, compare(corpus, "A", "C").terms
    uses = [table.set_index("term")["b_uses"] for table in (ab, ac)]
    rest = result.terms.set_index("term")["b_uses"]

    assert (result.a, result.b, result.facts.b_articles) == ("A", "all others", 24)
    both = uses[0].index.intersection(uses[1].index)  # others stand in one article only
    assert len(both) > 50
    assert rest[both].to_dict() == (uses[0][both] + uses[1][both]).to_dict()
    assert set(corpus.outlets) == {"A", "B", "C"}  # the profile itself is left alone


def test_the_rest_of_two_is_the_other(corpus, small):
    two = profile(random_articles("AB", 0), small)
    drop = ["outlet", "unit", "sentence"]
    rest, named = compare(two, "A"), compare(two, "A", "B")

    assert csv(rest.terms) == csv(named.terms)
    assert csv(rest.metrics) == csv(named.metrics)
    assert csv(rest.mentions.drop(columns=drop)) == csv(named.mentions.drop(columns=drop))


# ------------------------------------------------------------------ all pairs together


def test_ready_pairs_can_be_shown_together(corpus):
    """Nothing is compared again, and the words are those of the pairs."""
    pairs = [compare(corpus, "A", "B", words="own"), compare(corpus, "A", "C", words="own")]
    whole = Comparisons(corpus, pairs)

    assert list(whole) == pairs and whole.words == "own"
    assert set(zip(whole.terms["a"], whole.terms["b"], strict=True)) == {("A", "B"), ("A", "C")}


def test_noise_is_that_of_the_comparisons_own_settings(small):
    part = profile(pd.concat([random_articles("A", 1), random_articles("B", 2)]), small)
    twice = pd.concat([random_articles("A", seed).assign(id=f"{seed}") for seed in (1, 2)])
    twice["id"] = [f"A{n}" for n in range(len(twice))]
    large = profile(pd.concat([twice, random_articles("B", 3)]), small)
    whole = compare_all(large, words="all", strata=None, seed=5, unit="article")
    alone = selfcheck(
        large, CHECK_SPLITS, words="all", strata=None, seed=5, unit="article", draws=CHECK_DRAWS
    )

    pd.testing.assert_frame_equal(whole.noise.table, alone.table)
    assert whole.noise.too_small == ("B",)
    assert compare_all(part).noise.table.empty


def test_distances_are_those_of_the_profile_with_reasons(corpus):
    whole = compare_all(corpus, strata=None)
    table = whole.outlet_distances
    alone = distances(corpus, strata=None)

    assert table["reason"].tolist() == ["", "", ""]
    pd.testing.assert_frame_equal(
        table.drop(columns="reason"), alone.drop(columns=["p", "stratified_p"])
    )


def test_no_distance_is_told_without_its_reason(small):
    """One article; four; and articles of another year."""
    some = random_articles("ABCD", 0)
    kept = pd.concat([some[:12], some[12:13], some[24:28], some[36:].assign(date="2019-01-01")])
    table = compare_all(profile(kept, small)).outlet_distances.set_index(["a", "b"])

    assert table.loc[("A", "B"), "reason"] == (
        "an outlet has only one article: how alike its own articles are is unknown"
    )
    assert table.loc[("A", "C"), "reason"] == "an interval needs 5 articles of either outlet"
    assert np.isfinite(table.loc[("A", "C"), "distance"]) and np.isnan(table.loc[("A", "C"), "low"])
    assert table.loc[("A", "D"), "reason"] == "the two outlets wrote at different times"
    assert table.loc[("A", "D"), ["distance", "low", "stratified", "stratified_high"]].isna().all()


def test_a_distance_against_the_rest_keeps_the_pairs_order(corpus):
    pair = compare(corpus, "B")
    table = Comparisons(pair.profile, [pair]).outlet_distances

    assert len(table) == 1 and {table["a"][0], table["b"][0]} == {"B", "all others"}


# ------------------------------------------------------------------ like fields


def test_headlines_of_one_outlet_alone_are_left_out_of_what_is_tested(small):
    """Terms, categories and distances are those of the texts, labels keep their headlines."""
    rows = random_articles("AB", 0)
    titled = rows.assign(title=np.where(rows["outlet"] == "A", "Artsakh regime war", ""))
    with_titles, without = (
        compare(profile(titled, small), "A", "B"),
        compare(profile(rows, small), "A", "B"),
    )

    assert with_titles.facts.no_titles == "B" and without.facts.no_titles == ""
    assert (
        "Hardly any article of B has a headline here: those of A are left out where words are "
        "compared, so that like is held against like." in with_titles.facts.warnings
    )
    pd.testing.assert_frame_equal(with_titles.terms, without.terms)
    pd.testing.assert_frame_equal(with_titles.categories, without.categories)
    both = [Comparisons(pair.profile, [pair]).outlet_distances for pair in (with_titles, without)]
    pd.testing.assert_frame_equal(*both)
    assert len(with_titles.mentions) == len(without.mentions) + 24


def test_headlines_that_both_have_count(small):
    rows = random_articles("AB", 0).assign(title="Zeppelin over Baku")
    result = compare(profile(rows, small), "A", "B")

    assert result.facts.no_titles == ""
    assert result.terms["term"].str.contains("zeppelin").any()


# ------------------------------------------------------------------ facts


def facts(mine: list[str | None], theirs: list[str | None], small: list[Lexicon], **more: object):
    rows = [{"outlet": "A", "date": day, **more} for day in mine]
    rows += [{"outlet": "B", "date": day, **more} for day in theirs]
    return compare(profile(frame(*rows), small), "A", "B").facts


@pytest.mark.parametrize(
    ("mine", "theirs", "days"),
    [
        (["2023-09-20"], ["2023-09-20"], 0),
        (["2023-09-20"], ["2023-09-25"], 5),
        (["2023-09-25"], ["2023-09-20"], 5),
        (["2020-01-01", "2023-09-20"], ["2021-06-01", "2023-12-31"], 102),
        (["2020-01-01", "2023-09-20"], ["2019-12-30", "2026-12-31"], 2),
        (["2024-02-28"], ["2024-03-01"], 2),  # a leap year
        (["2023-09-20", None], [None, "2023-09-21"], 1),
        ([None], ["2023-09-20"], None),
        ([None], [None], None),
    ],
)
def test_days_are_those_between_the_nearest_articles(mine, theirs, days, small):
    assert facts(mine, theirs, small).days == days


@pytest.mark.parametrize(("day", "comparable"), [("2023-10-21", True), ("2023-10-22", False)])
def test_outlets_are_comparable_up_to_a_month_apart(day, comparable, small):
    """From 20 September to 21 October are 31 days."""
    found = facts(["2023-09-20"], [day], small)

    assert found.days == (NEAR if comparable else NEAR + 1)
    assert found.comparable is comparable
    assert (found.warnings[0].startswith("The two outlets wrote at different times")) != comparable


def test_dates_are_the_first_and_the_last(small):
    found = facts(["2023-09-20", "2023-09-02", None], [None], small)

    assert found.a_dates == ("2023-09-02", "2023-09-20")
    assert found.b_dates is None
    assert (found.a_articles, found.b_articles) == (3, 1)


def test_undated_outlets_are_compared_with_a_warning(small):
    found = facts([None], ["2023-09-20"], small)

    assert found.comparable
    assert found.warnings[0] == (
        "No article of A has a date: whether both outlets wrote at the same time is unknown."
    )


def test_articles_far_from_all_of_the_other_outlet_are_counted(small):
    """2020 lies far from both of B's; what lies near either of them does not."""
    found = facts(["2020-01-01", "2023-09-20", "2023-12-01"], ["2023-09-01", "2023-12-31"], small)
    far = [warning for warning in found.warnings if "more than" in warning]

    assert far == [
        "1 of the 3 dated articles of A is more than 31 days from any of the other outlet."
    ]


def test_a_shared_dated_event_is_named_and_a_territory_is_not(small):
    war = facts(["2023-09-20"], ["2023-09-21"], small, text="War in Karabakh.")

    assert war.events == ("the fighting",)
    assert facts(["2023-09-20"], ["2023-09-21"], small, text="In Karabakh.").events == ()


def test_events_are_not_shared_by_outlets_that_wrote_years_apart(small):
    assert facts(["2023-09-20"], ["2025-09-21"], small, text="War.").events == ()


def test_shared_writers_are_named_and_warned_of(small):
    rows = [
        {"outlet": "A", "writer": "RFE/RL"},
        {"outlet": "A", "writer": None},
        {"outlet": "B", "writer": "RFE/RL"},
        {"outlet": "B", "writer": ""},
        {"outlet": "C", "writer": ""},
    ]
    part = profile(frame(*rows), small)
    found = compare(part, "A", "B").facts

    assert found.writers == ("RFE/RL",)
    assert found.warnings[0].startswith("Both carry text by the same writer (RFE/RL): agreement")
    assert compare(part, "B", "C").facts.writers == compare(part, "A", "C").facts.writers == ()


@pytest.mark.parametrize("column", ["Author", "byline", "Written by", "authors", "WRITER"])
def test_a_column_of_authors_says_who_wrote(small, column):
    rows = [
        {"outlet": "A", column: "By Ann  Lee"},
        {"outlet": "B", column: "Ann Lee"},
        {"outlet": "B", column: "Staff"},
        {"outlet": "A", column: "staff"},
    ]
    part = profile(frame(*rows), small)
    result = compare(part, "A", "B")

    assert result.facts.writers == ("Ann Lee",)
    assert compare_all(part).profile.units["writer"].tolist().count("") == 2
    assert compare(part, "A", "B", strata=column).contrast.labels == (column,)


def test_of_many_shared_writers_three_are_named(small):
    rows = [{"outlet": name, "writer": f"Writer {n}"} for n in range(5) for name in "AB"]
    found = compare(profile(frame(*rows), small), "A", "B").facts

    assert found.warnings[0].startswith(
        "Both carry text by the same writers (Writer 0, Writer 1, Writer 2, and 2 more): agreement"
    )


def test_outlets_that_are_not_asked_for_are_left_out_of_everything(small):
    part = profile(frame(*({"outlet": name, "text": "War."} for name in "ABCD")), small)
    some = compare_all(part, outlets=["D", "A"])

    assert list(some.profile.outlets) == ["A", "D"]
    assert [(pair.a, pair.b) for pair in some] == [("A", "D")]
    assert set(some.labels.filter(like=".count").columns) == {"A.count", "D.count"}
    only = compare_all(part.select(part.units["outlet"].isin(["A", "D"]).to_numpy()))
    assert some.metrics.equals(only.metrics)


@pytest.mark.parametrize(
    ("names", "error", "said"),
    [
        (["A", "Z"], KeyError, "no outlet 'Z'; here are A, B, C"),
        (["A"], ValueError, "a comparison needs two outlets or more, named: A; here are A, B, C"),
        (["A", "A"], ValueError, "a comparison needs two outlets or more, named: A; here are"),
        ([], ValueError, "a comparison needs two outlets or more, named: none; here are"),
        ("AB", TypeError, "outlets 'AB': must be a list of names"),
    ],
)
def test_outlets_that_cannot_be_chosen_are_one_clear_error(small, names, error, said):
    part = profile(frame(*({"outlet": name} for name in "ABC")), small)
    with pytest.raises(error) as raised:
        compare_all(part, outlets=names)

    assert said in raised.value.args[0]


def test_few_articles_are_warned_of_and_many_are_not(small):
    few = facts(["2023-09-20"] * 9, ["2023-09-20"] * 12, small)
    many = facts(["2023-09-20"] * 10, ["2023-09-20"] * 12, small)

    assert few.warnings == (
        "Articles: 9 against 12, enough to describe, not to test. Differences may be those of two "
        "articles, not of two outlets.",
    )
    assert many.warnings == ()


# ------------------------------------------------------------------ evidence

SAID = (
    "The anti-terrorist crackdown began. Baku said that its “anti-terrorist measures” worked.\n\n"
    "Terrorist-linked groups fled. Peacekeepers watched; peacekeeping failed. It's Russia’s war.\n"
    "\nThen-Sen. Smith met Sen. Roe.\n"
)


@pytest.fixture(scope="module")
def told(small: list[Lexicon]) -> Comparison:
    rows = [
        {"outlet": "A", "text": SAID, "title": "Peacekeepers stay", "url": "u"},
        {"outlet": "B", "text": "Nothing of that."},
        {"outlet": "C", "text": "A terrorist."},
    ]
    return compare(profile(frame(*rows), small), "A", "B")


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("anti-terrorist *", ["anti-terrorist crackdown", "anti-terrorist measures"]),
        ("* measures", ["anti-terrorist measures"]),
        ("anti-terrorist", ["anti-terrorist", "anti-terrorist"]),
        ("peacekeep*", ["Peacekeepers", "Peacekeepers", "peacekeeping"]),
        ("PEACEKEEPERS", ["Peacekeepers", "Peacekeepers"]),
        ("terrorist", ["terrorist", "terrorist", "Terrorist"]),  # inside hyphens
        ("terror*", ["terrorist", "terrorist", "Terrorist-linked"]),  # a prefix takes the whole
        ("linked", ["linked"]),
        ("Russia's war", ["Russia’s war"]),
        ("russia", ["Russia’s"]),
        ("  the   anti-terrorist  crackdown ", ["The anti-terrorist crackdown"]),
        ("“anti-terrorist measures”", ["anti-terrorist measures"]),
        ("it's", ["It's"]),
        ("peacekeepers stay", ["Peacekeepers stay"]),  # only in the title
        ("then-sen. smith", ["Then-Sen. Smith"]),  # as the table of terms has it
        ("sen. roe", ["Sen. Roe"]),
        ("crackdown began. Baku", []),  # not across the end of a sentence
        ("watched peacekeeping", []),  # nor across a semicolon
        ("genocide", []),
        ("peacekeep", []),
    ],
)
def test_evidence_finds_a_term_as_a_lexicon_does(told, term, found):
    table = told.sentences(term)
    text = {"text": SAID, "title": "Peacekeepers stay"}
    rows = zip(table["part"], table["start"], table["end"], table["sentence"], strict=True)
    cut = []
    for part, start, end, sentence in rows:
        cut.append(text[part][start:end])
        assert sentence in text[part] and cut[-1] in sentence

    assert cut == found


def test_evidence_says_where_and_in_whose_words(told):
    rows = told.sentences("anti-terrorist *").to_dict("records")

    assert rows == [
        {
            "outlet": "A", "article": "a0", "date": "2023-09-20",
            "sentence": "The anti-terrorist crackdown began.", "start": 4, "end": 28,
            "voice": "own", "speaker": "", "url": "u", "field": "lead", "part": "text",
        },
        {
            "outlet": "A", "article": "a0", "date": "2023-09-20",
            "sentence": "Baku said that its “anti-terrorist measures” worked.",
            "start": 56, "end": 79,
            "voice": "partial", "speaker": "Baku", "url": "u", "field": "lead", "part": "text",
        },
    ]  # fmt: skip
    assert told.sentences("peacekeepers stay")[["field", "part"]].to_numpy().tolist() == [
        ["title", "title"]
    ]


def test_evidence_is_that_of_the_two_outlets_only(told):
    """C's terrorist is in the profile, but was not compared."""
    assert set(told.sentences("terrorist")["outlet"]) == {"A"}


def test_evidence_equals_the_hits_of_annotations(seeds, small):
    """A category's terms, one after the other, lead to its hits."""
    hits = annotate(read_articles(SEEDS), small).hits
    places = hits[hits["category"] == "harsh"][["article", "start", "end", "voice"]]
    outlets = tuple(seeds.outlets)
    found = pd.concat([evidence(seeds, term, outlets) for term in ("regime", "terror*", "war")])
    columns = ["article", "start", "end", "voice"]

    assert sorted(found[columns].to_numpy().tolist()) == sorted(places.to_numpy().tolist())
    assert len(places) > 3


def test_no_unit_that_holds_a_term_is_passed_over(seeds):
    """Articles are read again only where their words could begin the term; none is missed."""
    tokens = annotate(read_articles(SEEDS), []).tokens
    words = tokens[~tokens["ignored"] & tokens["text"].map(is_word)]
    rng = np.random.default_rng(5)
    for word in rng.choice(words["text"].unique(), 12, replace=False):
        expected = set(words.loc[words["text"] == word, "article"])

        assert expected <= set(evidence(seeds, word, tuple(seeds.outlets))["article"])


def test_every_term_of_the_table_leads_to_its_sentences(seeds):
    """Of every term at least as many places are found as it has uses."""
    result = compare(seeds, "TASS", "Azatutyun/Asbarez", words="all")
    rng = np.random.default_rng(6)
    for row in rng.choice(len(result.terms), 15, replace=False):
        term = result.terms.iloc[row]
        outlets = result.sentences(term["term"])["outlet"].tolist()

        assert outlets.count(result.a) >= term["a_uses"], term["term"]
        assert outlets.count(result.b) >= term["b_uses"], term["term"]


def test_evidence_is_the_same_from_files_frames_and_disk(small, seeds, tmp_path):
    from_frame = profile(read_articles(SEEDS).drop(columns=["path", "row"]), small)
    seeds.save(tmp_path)
    parts = [seeds, from_frame, load_profile(tmp_path), seeds["TASS"] + from_frame["MassisPost"]]
    texts = [csv(compare(p, "TASS", "MassisPost").sentences("peacekeep*")) for p in parts]

    assert texts[0].count("TASS") > 5
    assert len(set(texts)) == 1


def test_evidence_without_its_texts_is_an_error(small, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"outlet": "A", "text": "War."}\n{"outlet": "B", "text": "War."}', encoding="utf8"
    )
    from_file = profile(path, small)
    path.unlink()
    profile(frame({"outlet": "A"}, {"outlet": "B"}), small).save(tmp_path / "p")
    from_frame = load_profile(tmp_path / "p")

    with pytest.raises(FileNotFoundError, match=r"a\.jsonl: gone, so its articles cannot be read"):
        compare(from_file, "A", "B").sentences("war")
    with pytest.raises(ValueError, match="'a0' came from a DataFrame, not from a file"):
        compare(from_frame, "A", "B").sentences("Baku")


@pytest.mark.parametrize("term", ["", " ", "*", "“…”", "* *"])
def test_a_term_without_a_word_is_an_error(told, term):
    with pytest.raises(ValueError, match="holds no word; write at least one letter or digit"):
        told.sentences(term)


def test_a_star_inside_a_word_is_an_error(told):
    with pytest.raises(ValueError, match=r"'terror\*ism': a star may only end a word; write"):
        told.sentences("terror*ism")


# ------------------------------------------------------------------ errors


def test_unknown_names_are_errors(seeds):
    with pytest.raises(KeyError, match="no outlet 'Tass'; here are Azatutyun/Asbarez, MassisPost"):
        compare(seeds, "Tass", "NEWS.ru")
    with pytest.raises(KeyError, match="no outlet 'RIA'; here are Azatutyun/Asbarez, MassisPost"):
        compare(seeds, "TASS", "RIA")
    with pytest.raises(KeyError, match="no outlet 'RIA'; here are Azatutyun/Asbarez, MassisPost"):
        compare(seeds, "RIA")
    with pytest.raises(KeyError, match="no word group 'loud'; there are own, outlet, quoted, all"):
        compare(seeds, "TASS", "NEWS.ru", words="loud")
    with pytest.raises(KeyError, match="no word group 'loud'"):
        compare_all(seeds, words="loud")


def test_an_outlet_is_not_compared_with_itself(seeds):
    with pytest.raises(ValueError, match="'TASS' cannot be compared with itself; name two outlets"):
        compare(seeds, "TASS", "TASS")


def test_one_outlet_is_too_few(seeds):
    only = seeds["TASS"]

    with pytest.raises(ValueError, match=r"only one outlet here \(TASS\): a comparison needs two"):
        compare_all(only)
    with pytest.raises(ValueError, match=r"only one outlet here \(TASS\): a comparison needs two"):
        compare(only, "TASS")


def test_comparisons_say_what_they_are(seeds):
    pair = compare(seeds, "TASS", "NEWS.ru", words="own")

    assert repr(pair) == "<Comparison of TASS and NEWS.ru, own words>"
    assert repr(compare_all(seeds)) == (
        "<Comparisons of Azatutyun/Asbarez, MassisPost, NEWS.ru, TASS>"
    )
    assert len({pair, pair}) == 1 and pair == pair


# ------------------------------------------------------------------ what an attacker found


def test_over_all_pairs_the_chance_of_a_false_row_is_five_per_cent():
    """Nine pairs, each with one true row and one that is nothing, in 4,000 worlds.

    Holm's steps over the pairs would let 13 % of the worlds have a false row: a pair with a true
    row would be taken out of the count, and its other row with it.
    """
    rng = np.random.default_rng(1)
    false = 0
    for _ in range(4000):
        families = [np.array([0.0005, p]) for p in rng.random(9)]
        found = over_pairs(families)
        false += any(p[1] <= 0.05 for p in found)

    assert false / 4000 <= 0.06


def test_pairs_without_a_test_do_not_count():
    found = over_pairs([np.array([0.01, np.nan]), np.array([np.nan]), np.array([0.4, 0.9])])

    np.testing.assert_allclose(np.concatenate(found), [0.02, np.nan, np.nan, 0.8, 1.0])


def test_outlets_that_hardly_meet_in_time_get_no_list_of_differences(small):
    """Twenty articles of 2013 and one of 2019, twenty of 2019 to 2020: one day in common."""
    early = [f"2013-02-{day:02}" for day in range(1, 21)]
    late = [f"2020-03-{day:02}" for day in range(1, 21)]
    found = facts([*early, "2019-01-01"], ["2019-01-01", *late], small)

    assert found.days == 0 and not found.comparable
    assert (found.a_far, found.b_far) == (20, 20)
    assert found.warnings[0] == (
        "The two outlets wrote at different times: only 1 of the 21 dated articles of A and 1 of "
        "the 21 of B lie within 31 days of one of the other outlet. Labels stand side by side; no "
        "list of differences is drawn."
    )


def test_a_few_articles_amid_many_are_held_against_them(small):
    """Three of 2019 against sixty over five years: far are most of B's and none of A's."""
    days = [f"{year}-{month:02}-15" for year in range(2015, 2020) for month in range(1, 13)]
    found = facts(["2019-01-01", "2019-01-02", "2019-01-03"], days, small)

    assert found.comparable and found.a_far == 0 and found.b_far == 58


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"seed": -1}, ValueError, "-1 seed: 0 or more are needed"),
        ({"seed": "x"}, TypeError, "seed 'x': must be a whole number"),
        ({"seed": None}, TypeError, "seed None: must be a whole number"),
        ({"draws": 99.5}, TypeError, "draws 99.5: must be a whole number"),
        ({"draws": 10}, ValueError, "10 draws: 39 or more are needed to reach p = 0.05"),
        ({"unit": "day"}, ValueError, "no unit 'day': must be one of auto, article, block"),
        ({"words": "mine"}, KeyError, "no word group 'mine'"),
        ({"strata": 5}, KeyError, "no column 5 to stratify by"),
        ({"strata": "stories"}, KeyError, "bias_toolkit.stories adds a column story"),
    ],
)
def test_options_that_make_no_sense_are_refused_at_the_door(small, options, error, message):
    part = profile(town_and_hill(3, 3), small)
    for run in (
        lambda: compare(part, "A", "B", **options),
        lambda: compare_all(part, **options),
        lambda: selfcheck(part, 2, **options),
    ):
        with pytest.raises(error, match=message):
            run()


def test_what_is_no_profile_is_refused():
    with pytest.raises(TypeError, match="a DataFrame is no profile; make one with bias_toolkit"):
        compare(pd.DataFrame(), "A", "B")
    with pytest.raises(TypeError, match="a str is no profile"):
        compare_all("seeds/")


def test_strata_of_numbers_with_gaps_are_labels_like_others(small):
    rows = town_and_hill(30, 30).assign(desk=[1.0, np.nan, 2.0] * 20)
    contrast = compare(profile(rows, small), "A", "B", strata="desk").contrast

    assert sorted(set(contrast._label("desk").tolist())) == ["", "1.0", "2.0"]
    assert contrast.built.labelled > 0.5


def test_strata_named_twice_are_told_once(small):
    part = profile(town_and_hill(30, 30, topic="war"), small)
    result = compare(part, "A", "B", strata=["topic", "topic"])

    assert "alike in topic and length" in result.method[0]


def test_months_that_nobody_knows_are_not_said_to_be_alike(small):
    rows = town_and_hill(30, 30).assign(date=None).drop(columns="topic")
    method = compare(profile(rows, small), "A", "B").method

    assert method[0].startswith("Articles are compared with articles alike in length: 100% of A")
    assert method[1] == "No article here has a known month."


def test_labels_that_no_two_articles_share_match_nothing(small):
    part = profile(town_and_hill(30, 30), small)
    method = compare(part, "A", "B", strata="id").method

    assert "alike in length:" in method[0]
    assert method[1] == (
        "They are matched by length alone: too few articles of the two outlets share an id."
    )


def test_repeated_articles_are_told_and_do_not_make_a_test(small):
    """Twelve times the same text is one article."""
    rows = pd.concat([town_and_hill(12, 0).assign(text="The regime fell."), town_and_hill(0, 12)])
    rows = rows.assign(id=[f"r{n}" for n in range(24)])
    result = compare(profile(rows, small), "A", "B")

    assert result.contrast.articles == (1, 12)
    assert result.method == [
        "Left out because they repeat another article: 11 of A.",
        "No test: 1 article of A and 12 articles of B can be compared, and below 10 articles a "
        "side hardly any difference could be told from chance.",
    ]


def test_without_a_term_nothing_is_said_of_differences_that_could_show(small):
    letters = "abcdefghijklmnopqrstuvwxyz"
    rows = [
        {"outlet": outlet, "text": f"{outlet}{letters[n]}q{letters[n]}z."}
        for outlet in "AB"
        for n in range(12)
    ]
    method = compare(profile(frame(*rows), small), "A", "B").method

    assert method[-1] == "No term stands in 3 articles, so none can be tested."


def test_days_of_one_article_are_no_blocks_and_it_is_said(small):
    days = [f"2023-09-{n + 1:02}" for n in range(24)]
    rows = town_and_hill(24, 24).assign(date=days * 2)
    method = compare(profile(rows, small), "A", "B", strata=None, unit="block").method

    assert (
        "The unit of evidence is the article: no two articles that are alike are of one outlet "
        "and day."
    ) in method


def test_a_word_found_by_its_rate_rests_on_the_side_that_uses_it_more(small):
    """All of A's articles carry it, all but one of B's, which has nine uses to one of A's."""
    letters = "abcdefghijklmnopqrst"
    names = ["".join(f"{letter}{sign}" for sign in "xyz") for letter in letters]
    plain = "here came {0} by {0}road and {0}town near {0}lake in {0}land"
    rows = [{"outlet": "A", "text": f"Foo {plain.format(name)}."} for name in names]
    rows += [{"outlet": "B", "text": f"{'Foo ' * 9}{name} {name}hill {name}sea."} for name in names]
    rows[-1]["text"] = rows[-1]["text"].replace("Foo", "Bar")
    rows[-2]["text"] = "Foo " * 12 + "."
    part = profile(frame(*rows), small)
    table = compare(part, "A", "B", strata=None, unit="article").terms.set_index("term")
    row = table.loc["foo"]

    assert row["found_by"] == "rate" and row["p_fwer"] <= 0.05
    assert row["z"] < 0 < row["log_odds"]
    assert row["largest_article"] == 12 / row["b_uses"] == 12 / (18 * 9 + 12)
