"""Drawing sides, and what the best of many terms reaches by chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import binom, norm

from bias_toolkit.permutation import (
    HIGHEST,
    ByDeviance,
    ByMean,
    ByTable,
    Units,
    counter_type,
    critical_score,
    deviance_root,
    drawn_sides,
    rounded,
    states,
    step_down,
)

IDS = [f"article {n}" for n in range(40)]


def singles(ids: list[str], is_first: np.ndarray, stratum: np.ndarray, seed: int = 0) -> Units:
    return Units(np.arange(len(ids)), is_first, stratum, states(ids, seed))


def all_sides(units: Units, draws: int) -> np.ndarray:
    return np.concatenate(list(drawn_sides(units, draws)), axis=1)


@pytest.fixture
def units() -> Units:
    rng = np.random.default_rng(1)
    return singles(IDS, rng.random(40) < 0.3, rng.integers(0, 3, 40))


def test_a_draw_keeps_how_many_articles_each_outlet_has_in_a_stratum(units):
    sides = all_sides(units, 300)

    for stratum in range(3):
        inside = units.stratum == stratum
        assert (sides[inside].sum(axis=0) == units.is_first[inside].sum()).all()


def test_the_order_of_the_articles_changes_no_draw(units):
    order = np.random.default_rng(2).permutation(40)
    turned = singles([IDS[n] for n in order], units.is_first[order], units.stratum[order])

    assert (all_sides(turned, 300) == all_sides(units, 300)[order]).all()


def test_what_is_outside_a_stratum_does_not_touch_its_draws(units):
    inside = np.flatnonzero(units.stratum == 1)
    alone = singles([IDS[n] for n in inside], units.is_first[inside], units.stratum[inside])

    assert (all_sides(alone, 300) == all_sides(units, 300)[inside]).all()


def test_more_draws_begin_with_the_same(units):
    assert (all_sides(units, 700)[:, :300] == all_sides(units, 300)).all()


def test_each_article_is_drawn_as_often_as_its_stratum_says(units):
    shares = all_sides(units, 4000).mean(axis=1)
    expected = [units.is_first[units.stratum == s].mean() for s in units.stratum]

    assert shares == pytest.approx(expected, abs=0.04)


def test_seeds_differ():
    assert not (states(IDS, 0) == states(IDS, 1)).any()


def test_articles_of_a_block_change_sides_together():
    units = Units(
        np.array([0, 0, 1, 2, 2, 2]),
        np.array([True, False, False]),
        np.zeros(3, int),
        states(["x", "y", "z"], 0),
    )
    sides = all_sides(units, 50)

    assert (sides[0] == sides[1]).all() and (sides[3] == sides[5]).all()
    assert set(sides.sum(axis=0).tolist()) == {1, 2, 3}


def slow_step_down(scores: np.ndarray) -> np.ndarray:
    """Westfall and Young's algorithm, term by term; the first column is as observed."""
    observed = scores[:, 0]
    order = sorted(range(len(scores)), key=lambda term: -int(observed[term]))
    adjusted, least = np.empty(len(scores)), 0.0
    for term in order:
        rivals = scores[observed <= observed[term]]
        beaten = (rivals.max(axis=0) >= observed[term]).sum()
        least = max(least, beaten / scores.shape[1])
        adjusted[term] = least
    return adjusted


def test_step_down_agrees_with_the_slow_algorithm(units):
    rng = np.random.default_rng(3)
    presence = csr_array((rng.random((700, 40)) < rng.random((700, 1))).astype(np.int16))
    table = rng.integers(0, 3000, 41).astype(np.uint16)
    family = ByTable(presence, np.zeros(700, int), table)
    observed = units.is_first[:, None].astype(np.int16)
    sides = np.concatenate([observed, all_sides(units, 300)], axis=1)

    [(p, best)] = step_down([family], observed, units, 300)

    assert p.tolist() == slow_step_down(table[presence @ sides]).tolist()
    assert best.tolist() == table[presence @ sides[:, 1:]].max(axis=0).tolist()


def test_a_family_without_terms_has_no_p_values(units):
    empty = ByMean(np.empty((0, 40)), np.empty(0), np.empty(0))

    [(p, best)] = step_down([empty], units.is_first[:, None].astype(np.int16), units, 50)

    assert len(p) == 0 and best.tolist() == [0] * 50


@pytest.mark.parametrize("alpha", [0.05, 0.025, 0.2])
def test_the_critical_score_is_the_least_whose_p_is_at_most_alpha(alpha):
    best = np.random.default_rng(4).integers(0, 500, 199).astype(np.uint16)
    p = [(1 + (best >= score).sum()) / 200 for score in range(501)]

    assert critical_score(best, alpha) == next(s for s, value in enumerate(p) if value <= alpha)


def test_too_few_draws_make_every_score_too_low():
    assert critical_score(np.zeros(10, np.uint16), 0.05) > HIGHEST


def test_a_sum_is_scored_by_its_distance_in_standard_deviations():
    """Sums of 5 and 1, expected 3 with a standard deviation of 0.5: 4 both."""
    family = ByMean(np.array([[5.0, 1.0]]), np.array([3.0]), np.array([0.5]))

    assert family.scores(slice(0, 1), np.eye(2, dtype=np.int16)).tolist() == [[4000, 4000]]


def test_the_deviance_root_by_hand():
    """9 of 10 where 5 are expected: 2 (9 log 9/5 + 1 log 1/5) = 7.361, root 2.713."""
    root = deviance_root(*(np.array([n]) for n in (9.0, 5.0, 10.0, 2.5)))

    assert root == pytest.approx([2.7132], abs=1e-4)


def test_a_count_of_smaller_variance_deviates_more():
    """A quarter of the binomial variance: twice the root."""
    root = deviance_root(*(np.array([n]) for n in (9.0, 5.0, 10.0, 2.5 / 4)))

    assert root == pytest.approx([2 * 2.7132], abs=1e-4)


@pytest.mark.parametrize("total", [3, 8, 30, 100])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9])
def test_the_deviance_root_is_about_as_unlikely_as_the_binomial_mid_p(total, share):
    """Also where all carriers are on one side; for normal values from 1 to 6."""
    count = np.arange(total + 1.0)
    above = binom.sf(count, total, share) + binom.pmf(count, total, share) / 2
    exact = np.abs(norm.isf(above))
    root = deviance_root(count, total * share, total, total * share * (1 - share))
    seen = (exact > 1) & (exact < 6)

    assert np.abs(root - exact)[seen].max() < 0.25


def test_what_no_draw_can_change_scores_nothing():
    assert deviance_root(*(np.array([n]) for n in (4.0, 4.0, 4.0, 0.0))).tolist() == [0.0]


def test_deviance_expects_by_what_was_drawn():
    """The first outlet drew 3 of 4 articles and 3 of 4 carriers: as expected, whatever the draw."""
    ones = csr_array(np.ones((1, 4), np.int16))
    member = csr_array(np.full((1, 4), 0.25, np.float32))
    four, varied = (csr_array(np.array([[n]], np.float32)) for n in (4.0, 1.0))
    family = ByDeviance(ones, four, varied, member, np.ones(1))
    sides = np.array([[1, 1, 1, 0], [1, 0, 0, 0]], np.int16).T

    assert family.scores(slice(0, 1), sides).tolist() == [[0, 0]]


def test_scores_end_at_the_highest():
    assert rounded(np.array([0.0004, 1.2345, 99.0])).tolist() == [0, 1234, HIGHEST]


def test_counts_of_many_articles_do_not_overflow():
    assert counter_type(2**15 - 1) is np.int16
    assert counter_type(2**15) is np.int32
