"""Whether an outlet's days hang together, and tests that allow for it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from bias_toolkit.clustering import FEWEST_FOR_DESIGN, blocks, by_blocks, design_effect
from bias_toolkit.effects import Margins
from bias_toolkit.permutation import Units, drawn_sides, states


def articles(days: int, per_day: int, copied: float, terms: int = 200) -> tuple[csr_array, Units]:
    """Presence of terms in one outlet's articles, *copied* of which repeat their day's first."""
    rng = np.random.default_rng(int(days + 1000 * copied))
    n = days * per_day
    table = rng.random((terms, n)) < 0.3
    day = np.repeat(np.arange(days), per_day)
    repeats = rng.random(n) < copied
    table[:, repeats] = table[:, (day * per_day)[repeats]]
    state = states([str(k) for k in range(n)], 0)
    return csr_array(table.astype(np.int16)), blocks(np.ones(n, bool), np.zeros(n, int), day, state)


def effect_of(presence: csr_array, units: Units):
    return design_effect(presence, units, states([str(k) for k in range(presence.shape[1])], 0))


def slow_ratio(presence: np.ndarray, block: np.ndarray) -> np.ndarray:
    """Variance between blocks over that between articles, one stratum, from deviations."""
    n, names = presence.shape[1], np.unique(block)
    off = presence - presence.mean(axis=1, keepdims=True)
    sums = np.stack([off[:, block == name].sum(axis=1) for name in names], axis=1)
    between = (sums**2).sum(axis=1) * len(names) / (len(names) - 1)
    return between / ((off**2).sum(axis=1) * n / (n - 1))


def test_the_design_effect_is_that_of_the_deviations():
    presence, units = articles(40, 3, 0.3)
    enough = presence.toarray()[presence.sum(axis=1) >= FEWEST_FOR_DESIGN]
    ratio = slow_ratio(enough, units.of_article)
    effect = effect_of(presence, units)

    assert effect is not None
    assert (effect.median, effect.high) == pytest.approx(tuple(np.quantile(ratio, [0.5, 0.95])))


def test_days_that_repeat_themselves_ask_for_blocks():
    effect = effect_of(*articles(60, 4, 0.5))

    assert effect is not None and effect.asks_for_blocks
    assert effect.median > 1.3


def test_independent_articles_do_not():
    effect = effect_of(*articles(60, 4, 0.0))

    assert effect is not None and not effect.asks_for_blocks
    assert effect.high == pytest.approx(effect.by_chance, rel=0.1)


def test_without_terms_in_enough_articles_there_is_nothing_to_tell():
    presence, units = articles(5, 2, 0.5)

    assert effect_of(presence, units) is None


def test_one_day_is_nothing_to_tell_from():
    presence, units = articles(1, 100, 0.0)

    assert effect_of(presence, units) is None


def test_a_block_is_an_outlets_articles_of_one_day_in_one_cell():
    is_first = np.array([True, True, False, True, True])
    units = blocks(is_first, np.array([0, 0, 0, 1, 1]), np.array([3, 3, 3, 3, 4]), np.arange(5))

    assert units.of_article[0] == units.of_article[1]
    assert len(set(units.of_article.tolist())) == 4 == len(units.state)
    assert units.is_first[units.of_article].tolist() == is_first.tolist()


@pytest.fixture
def clustered() -> tuple[csr_array, Margins, np.ndarray, Units]:
    """Two strata in one cell, 30 days of uneven size, 20 terms."""
    rng = np.random.default_rng(5)
    day = np.sort(rng.integers(0, 30, 90))
    is_first = rng.random(30)[day] < 0.4
    stratum = rng.integers(0, 2, 90)
    presence = (rng.random((20, 90)) < rng.random((20, 1))).astype(np.int16)
    carriers = np.stack([presence[:, stratum == h].sum(axis=1) for h in (0, 1)], axis=1)
    ours = np.stack([presence[:, (stratum == h) & is_first].sum(axis=1) for h in (0, 1)], axis=1)
    margins = Margins(
        np.arange(21) * 2,
        np.tile([0, 1], 20),
        carriers.ravel(),
        ours.ravel(),
        np.bincount(stratum, is_first).astype(int),
        np.bincount(stratum, ~is_first).astype(int),
    )
    units = blocks(is_first, np.zeros(90, int), day, states([str(k) for k in range(90)], 0))
    return csr_array(presence), margins, stratum, units


def residuals(presence: csr_array, margins: Margins, stratum: np.ndarray) -> np.ndarray:
    """Each article's presence less what its stratum leads to expect; (terms, articles)."""
    size = margins.first + margins.second
    share = margins.carriers.reshape(-1, 2) / size
    return presence.toarray() - share[:, stratum]


def test_terms_are_scaled_by_the_spread_of_their_draws(clustered):
    """Over 4,000 draws of blocks: the variance, over what it is on average expected to be."""
    presence, margins, stratum, units = clustered
    family = by_blocks(presence, margins, stratum, units).family
    sides = np.concatenate(list(drawn_sides(units, 4000)), axis=1)
    spread = (residuals(presence, margins, stratum) @ sides).var(axis=1)
    size = (margins.first + margins.second)[:, None]
    share = np.stack([sides[stratum == h].sum(axis=0) for h in (0, 1)]) / size
    carriers = margins.carriers.reshape(-1, 2)
    varied = carriers * (size.T - carriers) / (size.T - 1)
    scale = np.sqrt(spread / (varied @ (share * (1 - share)).mean(axis=1)))

    assert family.scale == pytest.approx(scale, rel=0.05)


def test_scores_over_all_draws_have_a_variance_of_about_one(clustered):
    presence, margins, stratum, units = clustered
    family = by_blocks(presence, margins, stratum, units).family
    sides = np.concatenate(list(drawn_sides(units, 4000)), axis=1)
    scores = family.scores(slice(0, 20), sides) / 1000

    assert np.median((scores**2).mean(axis=1)) == pytest.approx(1, abs=0.2)


def test_no_draw_beats_what_is_attainable_by_much(clustered):
    """The bound takes the expectation of the mean draw, so it is near, not exact."""
    presence, margins, stratum, units = clustered
    family, attainable = by_blocks(presence, margins, stratum, units)
    sides = np.concatenate(list(drawn_sides(units, 500)), axis=1)
    best = family.scores(slice(0, 20), sides).max(axis=1)

    assert (best < 1.5 * attainable).all()
