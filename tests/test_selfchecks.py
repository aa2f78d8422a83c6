"""Self-check: halves of one outlet, the same halves every time, and what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bias_toolkit import profile, selfcheck
from bias_toolkit.profiles import Profile


def articles(outlet: str, number: int, seed: int) -> pd.DataFrame:
    """News by chance: words with the unequal frequencies of a language."""
    rng = np.random.default_rng(seed)
    words = [f"word{n}" for n in range(300)]
    chances = 1 / np.arange(3, 303)
    chances /= chances.sum()
    rows = [
        {
            "id": f"{outlet}{n}",
            "outlet": outlet,
            "date": f"2024-01-{rng.integers(1, 29):02}",
            "text": " ".join(rng.choice(words, rng.integers(60, 200), p=chances)) + ".",
        }
        for n in range(number)
    ]
    return pd.DataFrame(rows).assign(title="")


@pytest.fixture(scope="module")
def part() -> Profile:
    every = [articles("A", 44, 1), articles("B", 30, 2), articles("Tiny", 19, 3)]
    return profile(pd.concat(every, ignore_index=True), [])


def test_halves_of_outlets_hardly_ever_differ(part: Profile):
    found = selfcheck(part, 12, draws=199)

    assert found.table["outlet"].tolist() == ["A", "B"] * 6
    assert set(found.table["articles"]) == {22, 15}
    assert (found.table["terms"] > 50).all()
    assert found.share <= 2 / 12
    assert found.too_small == ("Tiny",)


def test_a_false_finding_is_counted_as_one(part: Profile, monkeypatch: pytest.MonkeyPatch):
    """Halves by whether they hold a word that half of the articles hold: found every time."""
    marked = articles("A", 40, 4)
    marked.loc[:19, "text"] += " Regime."
    ids = set(marked["id"][:20])
    monkeypatch.setattr(
        "bias_toolkit.selfchecks._half", lambda names, seeds: np.array([i in ids for i in names])
    )
    found = selfcheck(profile(marked, []), 2, draws=199)

    assert found.table["found"].tolist() == [1, 1] and found.share == 1.0
    assert str(found).startswith("Random halves of one outlet, 2 times: 2 (100%) with any false")


def test_the_same_seed_gives_the_same_halves_in_any_order(part: Profile):
    rows = pd.concat([articles("A", 44, 1), articles("B", 30, 2)], ignore_index=True)
    shuffled = profile(rows.sample(frac=1, random_state=9), [])
    one, other = selfcheck(part, 4, draws=99), selfcheck(shuffled, 4, draws=99)

    pd.testing.assert_frame_equal(one.table, other.table)
    assert not selfcheck(part, 4, seed=1, draws=99).table.equals(one.table)


def test_it_says_so_where_nothing_can_be_halved():
    found = selfcheck(profile(articles("A", 19, 1), []), 5)

    assert np.isnan(found.share) and found.table.empty
    assert str(found) == (
        "No self-check: no outlet has 20 articles, so none can be halved and tested."
    )


def test_no_split_is_refused(part: Profile):
    with pytest.raises(ValueError, match="0 splits: at least one is needed"):
        selfcheck(part, 0)
