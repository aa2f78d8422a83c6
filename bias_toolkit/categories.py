"""Test which categories of the word lists two outlets use differently, and say by which words.

Categories are a family of their own: they were written down before the articles were read, so
they need not pay for the thousands of words that the articles bring with them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bias_toolkit.keyness import Carriers, Keyness, compare_terms
from bias_toolkit.keyterms import Contrast
from bias_toolkit.profiles import Profile
from bias_toolkit.repeats import without_furniture
from bias_toolkit.shifts import without_strongest

COLUMNS = (
    "measure a_articles b_articles a_uses b_uses a_value b_value difference low high terms "
    "left_out counts rest rest_low rest_high rest_terms log_odds odds_low odds_high p_fwer "
    "found_by testable"
).split()
_TESTED = ["log_odds", "odds_low", "odds_high", "p_fwer", "found_by", "testable"]


def counted_part(contrast: Contrast) -> Profile:
    """The articles that count, each once, page furniture set aside."""
    found = contrast.repeats
    return without_furniture(contrast.part, found).select(contrast.compared)


def category_keyness(contrast: Contrast) -> Keyness | None:
    """The tests of `keyness.compare_terms` of the categories alone; None where nothing is tested.

    Its rows are those of `category_names`.
    """
    words = contrast.keyness
    if words is None or not category_names(contrast):
        return None
    days = contrast.part.units["date"].fillna("").astype(str).to_numpy()[contrast.compared]
    return compare_terms(
        _carriers(contrast),
        contrast.built,
        days=days.tolist() if words.unit == "block" else None,
        unit=words.unit,  # what hangs together for words does so for their categories
        seed=contrast.seed,
        draws=contrast.draws,
    )


def category_names(contrast: Contrast) -> list[str]:
    """The categories that enough articles carry, as "lexicon.category"."""
    rows = contrast.lexical[contrast.lexical["kind"] == "category"]
    return [name.replace(": ", ".", 1) for name in rows.drop_duplicates("row")["name"]]


def category_table(contrast: Contrast, counted: Profile) -> pd.DataFrame:
    """Every category of the word lists in two outlets, and what its difference hangs on.

    One row a category: the columns of `shifts.without_strongest` (weighted hits per 1,000 words of
    the group, their difference, its 95 % interval, and the same without the three strongest
    terms); log_odds, odds_low, odds_high (of an article carrying it, within strata); p_fwer (over
    all categories of this table); found_by, testable as in `Comparison.terms`.  nan and False
    where nothing is tested or too few articles carry it.

    *counted* is `counted_part` of *contrast*.  The rates are raw: strata are in the tests alone.
    """
    table = without_strongest(counted, contrast.a, contrast.b, words=contrast.words)
    tested = category_keyness(contrast)
    if tested is None:
        table[_TESTED[:4]] = np.nan
        return table.assign(found_by="", testable=False)
    rows = tested.terms.rename(columns={"low": "odds_low", "high": "odds_high"})[_TESTED]
    rows.index = pd.Index(category_names(contrast))
    rows = rows.reindex(table["measure"]).reset_index(drop=True)
    rows = rows.assign(
        found_by=rows["found_by"].where(rows["found_by"].notna(), ""),
        testable=rows["testable"].eq(True),
    )
    return pd.concat([table, rows], axis=1)


def _carriers(contrast: Contrast) -> Carriers:
    """The carriers of the categories alone."""
    every = contrast.carriers
    rows = np.flatnonzero(np.array(contrast.kinds) == "category")
    number = np.full(every.terms, -1)
    number[rows] = np.arange(len(rows))
    term = number[every.term]
    kept = term >= 0
    return replace(
        every,
        term=term[kept],
        article=np.asarray(every.article)[kept],
        uses=np.asarray(every.uses)[kept],
        terms=len(rows),
    )
