"""Self-check: halves of one outlet, the same halves every time, and what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bias_toolkit import SelfCheck, profile, selfcheck
from bias_toolkit.keyterms import Contrast
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.profiles import Profile
from bias_toolkit.repeats import find_repeats
from bias_toolkit.selfchecks import HALVES, _found, _halved


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
    assert "Too few different articles to split (20 are needed): Tiny." in found.sentences()
    assert (
        "Split at random into halves of 15 articles, B differs from itself in none of 6 splits."
        in found.sentences()
    ) == (not found.table.query("outlet == 'B'")[["found", "categories"]].any(axis=None))


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
    assert found.table["which"].tolist() == ["“regime”", "“regime”"]
    assert found.sentences() == [
        "2 random splits of outlets into halves. The halves differed in some term in 2 "
        "of them (100%; with so many splits anything from 34% to 100% may be behind it), in some "
        "category of the word lists in none (0%). All of it is chance, which may show in about 5% "
        "of splits. The exploring list (p_bh) held 1.00 false terms a split.",
        "Split at random into halves of 20 articles, A differs from itself in 2 of 2 splits, by at "
        "most 1 term: “regime”.",
        "That is more than chance allows (p = 0.003): trust the lists of differences of this "
        "corpus less than they claim.",
    ]


def test_a_category_found_between_halves_is_named(monkeypatch: pytest.MonkeyPatch):
    """Each marked article holds another word of the list: no word differs, and the list does."""
    marked = articles("A", 40, 4)
    kinds = [f"regime{n}" for n in range(20)]
    marked.loc[:19, "text"] += [f" {kind.capitalize()}." for kind in kinds]
    ids = set(marked["id"][:20])
    monkeypatch.setattr(
        "bias_toolkit.selfchecks._half", lambda names, seeds: np.array([i in ids for i in names])
    )
    words = Category("hard_words", "", tuple(map(Term, kinds)))
    found = selfcheck(profile(marked, [Lexicon("test", "test", categories=(words,))]), 1, draws=199)

    assert found.table["categories"].tolist() == [1]
    assert found.sentences()[1].endswith(
        "; in a category of the word lists in 1: test: hard words."
    )


def test_splits_share_what_no_split_can_change(part: Profile):
    """The second split of an outlet gives what it gives where nothing was counted before."""
    together = selfcheck(part, 4, draws=99).table.iloc[2]
    outlet = _halved(part["A"], 2, 0)
    alone = _found(Contrast(outlet, *HALVES, draws=99, given=find_repeats(part["A"])))

    assert tuple(together)[1:] == alone


def test_copies_are_left_out_before_outlets_are_halved():
    """Of 24 articles six are copies of others: 18 are too few."""
    rows = articles("A", 24, 5)
    rows.loc[18:, "text"] = rows["text"][:6].to_numpy() + " " + rows["text"][6:12].to_numpy()
    rows.loc[:5, "text"] = rows["text"][18:].to_numpy()

    assert selfcheck(profile(rows, []), 2).too_small == ("A",)


def test_the_chance_of_as_many_hits_is_binomial():
    """4 or more of 20 at .05: 1 - .9841 = .0159, by the table of the binomial."""
    table = pd.DataFrame({"found": [1] * 4 + [0] * 16})

    assert SelfCheck(table, ()).chance == pytest.approx(0.0159, abs=1e-4)
    assert np.isnan(SelfCheck(table[:0], ()).chance)


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
        "No self-check: no outlet has 20 different articles, so none can be halved and tested."
    )


def test_no_split_is_refused(part: Profile):
    with pytest.raises(ValueError, match="0 splits: 1 or more are needed"):
        selfcheck(part, 0)


@pytest.mark.parametrize("splits", [1.5, "2", True])
def test_splits_are_whole_numbers(part: Profile, splits: object):
    with pytest.raises(TypeError, match=r"splits .*: must be a whole number"):
        selfcheck(part, splits)  # type: ignore[arg-type]


def test_options_are_checked_where_nothing_can_be_halved():
    few = profile(articles("A", 5, 1), [])

    with pytest.raises(KeyError, match="no column 'desk' to stratify by"):
        selfcheck(few, 2, strata="desk")


def test_few_splits_are_not_stated_as_more_than_they_are():
    """None of 20: Wilson's interval ends at 3.84 / 23.84 = .161; 5 of 100: .022 to .112."""
    twenty = SelfCheck(pd.DataFrame({"found": [0] * 20}), ())
    hundred = SelfCheck(pd.DataFrame({"found": [1] * 5 + [0] * 95}), ())

    assert twenty.interval == pytest.approx((0, 0.161), abs=1e-3)
    assert hundred.interval == pytest.approx((0.022, 0.112), abs=1e-3)
    assert np.isnan(SelfCheck(twenty.table[:0], ()).interval).all()


def test_a_category_is_counted_in_its_own_family_alone(monkeypatch: pytest.MonkeyPatch):
    """One word list of one word: as a word and as a category it is found, and named once each."""
    marked = articles("A", 40, 4)
    marked.loc[:19, "text"] += " Regime."
    ids = set(marked["id"][:20])
    monkeypatch.setattr(
        "bias_toolkit.selfchecks._half", lambda names, seeds: np.array([i in ids for i in names])
    )
    words = Lexicon("test", "test", categories=(Category("hard", "", (Term("regime"),)),))
    row = selfcheck(profile(marked, [words]), 1, draws=199).table.iloc[0]

    assert (row["found"], row["which"]) == (1, "“regime”")
    assert (row["categories"], row["which_categories"]) == (1, "test.hard")
