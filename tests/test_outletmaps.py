"""Distances between outlets: 0 within one, the same at any size, with honest intervals."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import bias_toolkit as bt
from bias_toolkit.cleaning import OTHER
from bias_toolkit.outletmaps import (
    DRAWS,
    FEWEST_TO_TEST,
    Bags,
    _in_twos,
    count_bags,
    distances,
    label_columns,
    map_of,
    pair_row,
)
from bias_toolkit.profiles import GROUPS, Profile, profile, unpack
from bias_toolkit.repeats import find_repeats
from bias_toolkit.strata import Strata

COLUMNS = ["distance", "low", "high", "stratified", "stratified_low", "stratified_high"]
FURNITURE = "\nShare your weekly story with us below."


def newsroom(
    outlet: str,
    n: int = 12,
    *,
    house: float = 0.0,
    words: tuple[int, int] = (60, 120),
    seed: int = 0,
) -> pd.DataFrame:
    """Articles of words by Zipf's law, some of them (*house*) of the outlet's own."""
    rng = np.random.default_rng([seed, *outlet.encode()])
    rows = []
    for number in range(n):
        topic = rng.integers(0, 2)
        size = int(rng.integers(*words))
        common = np.minimum(rng.zipf(1.3, size), 3000)
        text = [
            f"{outlet.lower()}{k}" if own else (f"t{topic}x{k}" if k > 30 else f"w{k}")
            for k, own in zip(common.tolist(), rng.random(size) < house, strict=True)
        ]
        rows.append(
            {
                "id": f"{outlet}{number:04}",
                "outlet": outlet,
                "date": f"2020-0{1 + number % 2}-{1 + number % 28:02}",
                "title": f"title {text[0]}",
                "text": " ".join(text) + ".",
                "topic": f"topic {topic}",
            }
        )
    return pd.DataFrame(rows)


def two(n: int = 12, m: int | None = None) -> pd.DataFrame:
    articles = [newsroom("Ant", n, house=0.1), newsroom("Bee", m or n, house=0.1)]
    return pd.concat(articles, ignore_index=True)


def bags_of(articles: pd.DataFrame, strata: str | None = None) -> Bags:
    part = profile(articles, [])
    return count_bags(part, "outlet", find_repeats(part), label_columns(part.units, strata))


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return two(24, 27)


@pytest.fixture(scope="module")
def table(articles: pd.DataFrame) -> pd.DataFrame:
    return distances(profile(articles, []), seed=1)


# ------------------------------------------------------------------ laws


def test_the_public_name_is_this_function():
    assert bt.distances is distances


def test_the_order_of_the_articles_changes_no_bit(articles: pd.DataFrame, table: pd.DataFrame):
    shuffled = articles.sample(frac=1, random_state=3)

    pd.testing.assert_frame_equal(distances(profile(shuffled, []), seed=1), table, check_exact=True)


def test_exchanging_the_outlets_changes_no_bit(articles: pd.DataFrame, table: pd.DataFrame):
    """The names decide only which is called a."""
    names = articles["outlet"].map({"Ant": "Bee", "Bee": "Ant"})
    mirrored = distances(profile(articles.assign(outlet=names), []))

    pd.testing.assert_frame_equal(mirrored[COLUMNS], table[COLUMNS], check_exact=True)
    assert mirrored["a_articles"][0] == table["b_articles"][0]


def test_another_outlet_changes_no_bit(articles: pd.DataFrame, table: pd.DataFrame):
    """Not the idf, which is the pair's own, nor any sum."""
    more = pd.concat([newsroom("Ape", 9, house=0.3), articles], ignore_index=True)
    rows = distances(profile(more, []), seed=1)
    same = rows[(rows["a"] == "Ant") & (rows["b"] == "Bee")].reset_index(drop=True)

    assert rows["a"].tolist() == ["Ant", "Ant", "Ape"]
    pd.testing.assert_frame_equal(same, table, check_exact=True)


def test_adding_profiles_is_profiling_together(articles: pd.DataFrame, table: pd.DataFrame):
    summed = profile(articles[9:], []) + profile(articles[:9], [])

    pd.testing.assert_frame_equal(distances(summed, seed=1), table, check_exact=True)


def test_an_article_added_twice_changes_nothing(articles: pd.DataFrame, table: pd.DataFrame):
    again = articles.iloc[[3]].assign(id="zzz")
    doubled = pd.concat([articles, again], ignore_index=True)

    pd.testing.assert_frame_equal(distances(profile(doubled, []), seed=1), table, check_exact=True)


def test_furniture_of_one_outlet_changes_nothing(articles: pd.DataFrame, table: pd.DataFrame):
    tails = articles["outlet"].map({"Ant": FURNITURE, "Bee": ""})
    found = distances(profile(articles.assign(text=articles["text"] + tails), []), seed=1)

    pd.testing.assert_frame_equal(found, table, check_exact=True)


def test_repeats_given_are_those_used(articles: pd.DataFrame, table: pd.DataFrame):
    part = profile(articles, [])

    pd.testing.assert_frame_equal(distances(part, seed=1, found=find_repeats(part)), table)


def test_one_outlet_lies_as_far_from_another_as_the_columns_say(table: pd.DataFrame):
    """House words make a distance, an interval holds its estimate, and the draws notice."""
    row = table.iloc[0]

    assert row["low"] < row["distance"] < row["high"]
    assert row["low"] > 0
    assert row["stratified_low"] < row["stratified"] < row["stratified_high"]
    assert row["p"] == row["stratified_p"] == 1 / (1 + DRAWS)
    assert row["articles"] == row["a_articles"] + row["b_articles"] == 51


# ------------------------------------------------------------------ null, size and length


@pytest.fixture(scope="module")
def one_outlet() -> Bags:
    return bags_of(newsroom("Ant", 420, words=(30, 300)), "topic")


def halves(bags: Bags, n: int, splits: int) -> pd.DataFrame:
    rng = np.random.default_rng(n)
    rows = []
    for _ in range(splits):
        drawn = rng.permutation(len(bags.ids))[: 2 * n]
        rows.append(pair_row(bags.dealt(drawn, ["A"] * n + ["B"] * n), "A", "B", None))
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("n", "splits"), [(5, 300), (15, 120), (60, 50)])
def test_two_halves_of_one_outlet_lie_at_0_at_any_size(one_outlet: Bags, n: int, splits: int):
    """Beyond what so many splits leave to chance; the intervals say so."""
    found = halves(one_outlet, n, splits)
    for column in ("distance", "stratified"):
        values = found[column].dropna()

        assert abs(values.mean()) < 3 * values.std() / math.sqrt(len(values))
    assert ((found["low"] <= 0) & (found["high"] >= 0)).mean() >= 0.9


def test_p_is_as_often_small_as_chance_says(one_outlet: Bags):
    """Of 40 halves 2 are expected at or below .05, and 8 or more in one of 600 such tests."""
    rng = np.random.default_rng(5)
    found = []
    for seed in range(40):
        bags = one_outlet.dealt(rng.permutation(420)[:30], ["A"] * 15 + ["B"] * 15)
        row = pair_row(bags, "A", "B", seed)
        found.append((row["p"], row["stratified_p"]))

    assert (np.array(found) <= 0.05).sum(axis=0).max() < 8
    assert (np.array(found) > 0.5).mean() > 0.3


def test_long_articles_lie_at_0_from_short_ones_of_their_length(one_outlet: Bags):
    """Four in five long against four in five short: length alone makes a distance."""
    bags = replace(one_outlet, labels=[])
    short, long = np.array_split(np.argsort(bags.words, kind="stable"), 2)
    rng = np.random.default_rng(1)
    rows = []
    for _ in range(30):
        x, y = rng.permutation(long)[:60], rng.permutation(short)[:60]
        drawn = np.concatenate([x[:48], y[:12], x[48:], y[12:]])
        rows.append(pair_row(bags.dealt(drawn, ["A"] * 60 + ["B"] * 60), "A", "B", None))
    found = pd.DataFrame(rows)

    assert found["distance"].mean() > 0.005
    assert abs(found["stratified"].mean()) < 0.001
    assert found["share_used"].min() > 0.5


def test_outlets_without_a_length_in_common_have_no_stratified_distance(one_outlet: Bags):
    order = np.argsort(one_outlet.words, kind="stable")
    bags = replace(one_outlet, labels=[]).dealt(
        np.concatenate([order[:50], order[-50:]]), ["A"] * 50 + ["B"] * 50
    )
    row = pair_row(bags, "A", "B", 0)

    assert row["distance"] > 0.01
    assert math.isnan(row["stratified"]) and math.isnan(row["stratified_p"])
    assert row["share_used"] == row["strata"] == row["labelled"] == 0


def test_topics_that_one_outlet_prefers_are_not_told_as_its_wording(one_outlet: Bags):
    topic = one_outlet.labels[0]
    one, other = (np.flatnonzero(topic == f"topic {k}") for k in (0, 1))
    rng = np.random.default_rng(2)
    rows = []
    for _ in range(30):
        x, y = rng.permutation(one)[:60], rng.permutation(other)[:60]
        drawn = np.concatenate([x[:48], y[:12], x[48:], y[12:]])
        rows.append(pair_row(one_outlet.dealt(drawn, ["A"] * 60 + ["B"] * 60), "A", "B", None))
    found = pd.DataFrame(rows)

    assert found["distance"].mean() > 0.003
    assert abs(found["stratified"].mean()) < found["distance"].mean() / 8


def test_a_distance_does_not_drift_with_the_number_of_articles():
    """Five articles a side tell on average what sixty do."""
    bags = bags_of(pd.concat([newsroom("Ant", 200, house=0.05), newsroom("Bee", 200, house=0.05)]))
    rng = np.random.default_rng(7)
    means = []
    for n, draws in ((5, 240), (60, 20)):
        rows = []
        for _ in range(draws):
            drawn = np.concatenate([rng.permutation(200)[:n], 200 + rng.permutation(200)[:n]])
            both = bags.dealt(drawn, bags.outlet[drawn].tolist())
            rows.append(pair_row(both, "Ant", "Bee", None)["distance"])
        means.append(np.mean(rows))

    assert means[0] == pytest.approx(means[1], rel=0.08)


# ------------------------------------------------------------------ by hand


def tiny(*texts: str) -> pd.DataFrame:
    """Half of the texts are Ant's, the rest Bee's."""
    outlets = ["Ant"] * (len(texts) // 2) + ["Bee"] * (len(texts) // 2)
    ids = [f"{k}" for k in range(len(texts))]
    columns = {"id": ids, "outlet": outlets, "title": "", "text": texts, "date": "2020-01-01"}
    return pd.DataFrame(columns)


def test_the_distance_of_four_articles_by_hand():
    """Cosines: within 1/2 and 1/2; between 1/2, 0, 0, 1/2, mean 1/4: 1/2 + 1/2 - 2/4."""
    part = profile(tiny("apple plum", "apple fig", "pear plum", "pear fig"), [])
    row = distances(part, strata=None).iloc[0]

    assert row["distance"] == pytest.approx(0.5)
    assert math.isnan(row["low"]) and math.isnan(row["high"]) and math.isnan(row["p"])


def test_uses_count_by_their_logarithm():
    """ "fig" twice: 1 + ln 2 = 1.693; length of "apple fig fig" sqrt(1 + 1.693 ** 2) = 1.966."""
    part = profile(tiny("apple plum", "apple fig fig", "pear plum", "pear fig"), [])
    within = 1 / math.sqrt(2) / 1.9664
    between = (0.5 + 0 + 0 + 1.6931 / 1.9664 / math.sqrt(2)) / 4

    assert distances(part, strata=None)["distance"][0] == pytest.approx(
        within + 0.5 - 2 * between, abs=1e-4
    )


def test_titles_count_as_words():
    bare = tiny("apple plum", "apple fig", "pear plum", "pear fig")
    titled = tiny("plum", "fig", "plum", "fig").assign(title=["apple", "apple", "pear", "pear"])

    one, other = (distances(profile(rows, []), strata=None) for rows in (bare, titled))
    assert one["distance"][0] == other["distance"][0]


def test_quoted_words_belong_to_another_group():
    texts = [
        f'He said: "{word} and {word} again tomorrow." Rain fell.' for word in "kiwi lime".split()
    ]
    part = profile(tiny(*texts, *(t.replace("Rain", "Snow") for t in texts)), [])
    words = {
        group: count_bags(part, group, find_repeats(part), []).words.tolist() for group in GROUPS
    }

    assert words["quoted"] == [5, 5, 5, 5]
    assert words["all"] == [q + o for q, o in zip(words["quoted"], words["outlet"], strict=True)]


@pytest.mark.parametrize(("n", "numbers"), [(1, 0), (2, 1), (4, 1), (5, 3)])
def test_few_articles_give_an_estimate_and_fewer_none(n: int, numbers: int):
    """One a side has no others to be like; below five there is no interval."""
    row = distances(profile(two(n), []), strata=None, seed=0).iloc[0]

    assert row[["distance", "low", "high"]].notna().sum() == numbers
    assert math.isnan(row["p"])


@pytest.mark.parametrize("n", [FEWEST_TO_TEST - 1, FEWEST_TO_TEST])
def test_fewer_than_ten_articles_a_side_are_not_tested(n: int):
    row = distances(profile(two(n), []), strata=None, seed=0).iloc[0]

    assert math.isnan(row["p"]) == (n < FEWEST_TO_TEST)


def test_articles_without_words_are_no_articles():
    articles = two(6)
    articles.loc[0, ["title", "text"]] = ["", "..."]
    row = distances(profile(articles, [])).iloc[0]

    assert (row["a_articles"], row["b_articles"]) == (5, 6)


def test_without_a_seed_nothing_is_drawn(articles: pd.DataFrame, table: pd.DataFrame):
    found = distances(profile(articles, []))

    assert found[["p", "stratified_p"]].isna().all(axis=None)
    pd.testing.assert_frame_equal(found[COLUMNS], table[COLUMNS], check_exact=True)


def test_strata_are_columns_or_months_and_unknown_ones_are_pooled():
    units = pd.DataFrame(
        {"date": ["2020-01-05", None], "topic": [None, "war"], "desk": [1, 2], "outlet": ["A", "B"]}
    )

    assert [c.tolist() for c in label_columns(units, "auto")] == [["", "war"], ["2020-01", ""]]
    assert [c.tolist() for c in label_columns(units[["date"]], "auto")] == [["2020-01", ""]]
    assert next(c.tolist() for c in label_columns(units, ["desk", "month"])) == ["1", "2"]
    assert [c.tolist() for c in label_columns(units.assign(month="m"), "month")] == [["m", "m"]]
    assert label_columns(units, None) == []


def test_a_bin_with_one_article_of_an_outlet_joins_the_next_of_its_cell():
    """The first with the second, the fourth with the third; the fifth's cell has no other."""
    a, b = [1, 2, 3, 1, 1], [3, 2, 2, 1, 2]
    stratum = np.repeat([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], a + b)
    cell = np.array([0, 0, 0, 0, 1])[stratum]
    is_a = np.arange(len(stratum)) < sum(a)
    built = Strata(np.append(stratum, -1), np.append(cell, 1), (1, 1), 1.0, 0.0)

    assert _in_twos(built, np.append(is_a, True)).tolist() == [
        *np.array([0, 0, 1, 1, -1])[stratum].tolist(),
        -1,
    ]


# ------------------------------------------------------------------ slow, obvious twins


def counted(part: Profile) -> dict[str, list[Counter[str]]]:
    """The words of each article of each outlet, in the order of their ids."""
    voice, field, _ = unpack(part.marks)
    ids, outlets = part.units["id"].tolist(), part.units["outlet"].tolist()
    found = {name: Counter[str]() for name in ids}
    for at in range(len(part.word)):
        if part.is_word[at] and field[at] != OTHER and voice[at] in GROUPS["outlet"]:
            found[ids[part.unit[at]]][part.vocabulary[part.word[at]]] += 1
    order = sorted(range(len(ids)), key=lambda k: ids[k])
    return {
        name: [found[ids[k]] for k in order if outlets[k] == name] for name in sorted(set(outlets))
    }


def chance_without(word: str, others: list[list[Counter[str]]], taken: tuple[int, int]) -> float:
    """The share of sets of so many of either outlet's others none of which has the word."""
    shares = []
    for side, k in zip(others, taken, strict=True):
        sets = list(combinations(side, k))
        shares.append(sum(all(word not in bag for bag in s) for s in sets) / len(sets))
    return shares[0] * shares[1]


def squared_idf(word: str, others: list[list[Counter[str]]]) -> float:
    """1 + q + q^2 / 2 + q^3 / 3, each factor q from either outlet with the same chance."""
    value = 1.0
    for power in (1, 2, 3):
        for k in range(power + 1):
            ways = math.comb(power, k) / 2**power
            value += ways * chance_without(word, others, (k, power - k)) / power
    return value


def similarities(sides: list[list[Counter[str]]]) -> dict[tuple, float]:
    """The similarity of every two articles, known by their side and place."""
    places = [(s, k) for s in (0, 1) for k in range(len(sides[s]))]

    def without(*left: tuple[int, int]) -> list[list[Counter[str]]]:
        return [[bag for k, bag in enumerate(sides[s]) if (s, k) not in left] for s in (0, 1)]

    def tf(place: tuple[int, int], word: str) -> float:
        return 1 + math.log(sides[place[0]][place[1]][word])

    length = {
        p: math.sqrt(sum(tf(p, w) ** 2 * squared_idf(w, without(p)) for w in sides[p[0]][p[1]]))
        for p in places
    }
    found = {}
    for p, q in combinations(places, 2):
        shared = sides[p[0]][p[1]].keys() & sides[q[0]][q[1]].keys()
        total = sum(tf(p, w) * tf(q, w) * squared_idf(w, without(p, q)) for w in shared)
        found[p, q] = found[q, p] = total / length[p] / length[q]
    return found


def looped(alike: dict[tuple, float], cells: dict[tuple[int, int], int]) -> float:
    """The distance of mean articles of one mix of strata, by a double loop over strata."""
    strata = sorted(set(cells.values()))
    members = {
        (s, h): [p for p in cells if p[0] == s and cells[p] == h] for s in (0, 1) for h in strata
    }
    sizes = {h: [len(members[s, h]) for s in (0, 1)] for h in strata}
    strata = [h for h in strata if min(sizes[h]) > 1]
    weight = {h: sizes[h][0] * sizes[h][1] / sum(sizes[h]) for h in strata}
    total = 0.0
    for h in strata:
        for g in strata:
            mean = {}
            for s, t in ((0, 0), (1, 1), (0, 1)):
                pairs = [(p, q) for p in members[s, h] for q in members[t, g] if p != q]
                mean[s, t] = sum(alike[pair] for pair in pairs) / len(pairs)
            total += weight[h] * weight[g] * (mean[0, 0] + mean[1, 1] - 2 * mean[0, 1])
    return total / sum(weight.values()) ** 2


def jackknifed(alike: dict[tuple, float], cells: dict[tuple[int, int], int]) -> tuple[float, ...]:
    """The distance, and the ends of its interval from computing it without each article."""
    value = looped(alike, cells)
    errors, sizes = [], []
    for side in (0, 1):
        mine = [p for p in cells if p[0] == side]
        without = [looped(alike, {q: h for q, h in cells.items() if q != p}) for p in mine]
        n = len(mine)
        errors.append(math.sqrt((n - 1) / n * sum((w - np.mean(without)) ** 2 for w in without)))
        sizes.append(n)
    error = math.hypot(*errors)
    freedom = error**4 / sum(e**4 / (n - 1) for e, n in zip(errors, sizes, strict=True))
    reach = stats.t.ppf(0.975, freedom) * error
    return value, value - reach, value + reach


def twins() -> Profile:
    small = [newsroom(name, 9, house=0.2, words=(12, 30)) for name in ("Ant", "Bee")]
    return profile(pd.concat([*small[:1], small[1][:7]], ignore_index=True), [])


def test_the_distance_is_that_of_two_loops_over_articles():
    part = twins()
    sides = list(counted(part).values())
    cells = {(s, k): 0 for s in (0, 1) for k in range(len(sides[s]))}
    row = distances(part, strata=None).iloc[0]

    assert row[["distance", "low", "high"]].tolist() == pytest.approx(
        jackknifed(similarities(sides), cells), abs=1e-12
    )


def test_the_stratified_distance_is_that_of_loops_over_strata(monkeypatch: pytest.MonkeyPatch):
    """Strata of 3 and 2, 4 and 3, 2 and 2 articles: the jackknife loses some of them."""
    part = twins()
    sides = list(counted(part).values())
    stratum = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2, 0, 0, 1, 1, 1, 2, 2])
    places = [(s, k) for s in (0, 1) for k in range(len(sides[s]))]
    monkeypatch.setattr("bias_toolkit.outletmaps._strata", lambda pair: (stratum, 1.0))
    row = distances(part).iloc[0]

    found = row[["stratified", "stratified_low", "stratified_high"]].tolist()
    cells = dict(zip(places, stratum.tolist(), strict=True))
    assert found == pytest.approx(jackknifed(similarities(sides), cells), abs=1e-12)
    assert row["share_used"] == 1 and row["strata"] == 3


# ------------------------------------------------------------------ the map


def square(**values: float) -> pd.DataFrame:
    rows = [(*pair, value) for pair, value in values.items()]
    return pd.DataFrame(rows, columns=["a", "b", "distance"])


def test_a_map_has_the_distances_of_its_table():
    """Sides 3, 4 and 5, whose squares are the distances."""
    found = map_of(square(AB=9.0, AC=16.0, BC=25.0))
    places = found[["x", "y"]].to_numpy()

    assert found["outlet"].tolist() == ["A", "B", "C"]
    assert found.attrs["shown"] == pytest.approx(1)
    for (i, j), squared in zip(combinations(range(3), 2), (9, 16, 25), strict=True):
        assert ((places[i] - places[j]) ** 2).sum() == pytest.approx(squared)


def test_a_map_is_the_same_whatever_the_order_of_its_rows():
    table = square(AB=9.0, AC=16.0, BC=25.0, AD=2.0, BD=7.0, CD=11.0)
    turned = table.rename(columns={"a": "b", "b": "a"})[::-1]

    pd.testing.assert_frame_equal(map_of(table), map_of(turned))


def test_the_first_outlet_far_from_the_middle_stands_right_and_above():
    found = map_of(square(AB=9.0, AC=16.0, BC=25.0))
    for axis in ("x", "y"):
        far = found[axis][found[axis].abs() >= found[axis].abs().max() / 2]

        assert far.iloc[0] > 0


def test_two_outlets_lie_on_a_line_and_none_apart_where_the_estimate_is_below_0():
    assert map_of(square(AB=4.0))["x"].tolist() == pytest.approx([1, -1])
    assert map_of(square(AB=4.0))["y"].tolist() == pytest.approx([0, 0])
    assert map_of(square(AB=-0.001))["x"].tolist() == [0, 0]


def test_a_map_of_what_distances_says(table: pd.DataFrame):
    found = map_of(table, "stratified")

    assert (found["x"].iloc[0] - found["x"].iloc[1]) ** 2 == pytest.approx(table["stratified"][0])


# ------------------------------------------------------------------ errors


def test_bad_input_says_what_would_be_right(articles: pd.DataFrame):
    part = profile(articles, [])
    with pytest.raises(KeyError, match="no word group 'mine'; there are own, outlet, quoted, all"):
        distances(part, words="mine")
    with pytest.raises(KeyError, match="no column 'desk' to stratify by; here are id, outlet,"):
        distances(part, strata="desk")
    with pytest.raises(ValueError, match=r"only one outlet here \(Ant\): a distance needs two"):
        distances(part["Ant"])
    with pytest.raises(ValueError, match="found in 24 articles and the profile has 51"):
        distances(part, found=find_repeats(part["Ant"]))


def test_a_map_needs_every_distance():
    with pytest.raises(KeyError, match="no column 'apart' in the table"):
        map_of(square(AB=1.0), "apart")
    with pytest.raises(ValueError, match="no distance between 'A' and 'C': leave one of them out"):
        map_of(square(AB=1.0, BC=2.0))
    with pytest.raises(ValueError, match="no distance between 'A' and 'B'"):
        map_of(square(AB=math.nan))
