"""Say in one sentence what a comparison knows of one term: where it stands, and what follows.

Three things are kept apart that are easily taken for each other: a difference was found; it was
looked for and not found; it could never have been found with these articles.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bias_toolkit.keyness import ALPHA
from bias_toolkit.keyterms import FEWEST_CARRIERS, FEWEST_TO_TEST, Contrast
from bias_toolkit.matching import words_of
from bias_toolkit.ngrams import LONGEST, count_terms
from bias_toolkit.profiles import GROUPS

_LARGE = 100  # odds: larger ones are said to be that, their size being hardly known


def about(contrast: Contrast, term: str) -> str:
    """What is known of *term*, a word or phrase of up to three or a row of the contrast's table.

    Raises ValueError for a term of no word or of more words than are counted.
    """
    rows = contrast.table[contrast.table["term"] == term]
    if not len(rows):
        term = words_of(term) if any(map(str.isalnum, term)) else ""
        rows = contrast.table[contrast.table["term"] == term]
    if not len(rows):
        return _said_of_rare(contrast, term)
    row = rows.iloc[0].to_dict()
    where = _where(contrast, term, (row["a_articles"], row["b_articles"]))
    return f"{where} {_verdict(contrast, row)}"


def _where(contrast: Contrast, term: str, articles: tuple[int, int]) -> str:
    """“kiev” stands in 68 of 532 articles of RT and in 0 of 5,286 of Ukrinform."""
    (a, b), (n, m) = articles, contrast.articles
    return (
        f"“{term}” stands in {a:,} of {n:,} articles of {contrast.a} and in {b:,} of {m:,} of "
        f"{contrast.b}."
    )


def _verdict(contrast: Contrast, row: dict[str, Any]) -> str:
    if not contrast.testable:
        return f"Not tested: that takes {FEWEST_TO_TEST} articles of each."
    if math.isnan(row["p_fwer"]):
        return "Cannot be tested: none of these articles has a counterpart in the other outlet."
    if row["p_fwer"] <= ALPHA:
        return _found(contrast, row)
    if not row["testable"]:
        return (
            "Cannot be tested: however the articles that carry it were shared out among those "
            "that can be compared, it would be no finding."
        )
    return (
        "No difference was found: what there is may be chance "
        f"(p = {row['p_fwer']:.2g} over all terms)."
    )


def _found(contrast: Contrast, row: dict[str, Any]) -> str:
    """More in RT than chance gives: odds 9 times as high (interval; p = .001 over all terms)."""
    rate = row["found_by"] == "rate"
    names = ("log_rates", "rates_low", "rates_high") if rate else ("log_odds", "low", "high")
    value, low, high = (row[name] for name in names)
    more = contrast.a if value > 0 else contrast.b
    if value < 0:
        value, low, high = -value, -high, -low
    what = "uses a word" if rate else "odds of an article carrying it"
    return (
        f"More in {more} than chance gives: {what} {_times(value)} times as high (95 % interval "
        f"{_times(low)} to {_times(high)}; p = {row['p_fwer']:.2g} over all terms)."
    )


def _times(value: float) -> str:
    """A ratio from its logarithm, in words that do not overstate what is known of it."""
    return f"more than {_LARGE:,}" if value > math.log(_LARGE) else f"{math.exp(value):.2g}"


def _said_of_rare(contrast: Contrast, term: str) -> str:
    """A term that is no row: in too few articles, or always inside a longer one."""
    words = term.split()
    if not 1 <= len(words) <= LONGEST:
        raise ValueError(
            f"{term!r} has {len(words)} words: a term of 1 to {LONGEST} words can be looked up; "
            "for others see Comparison.sentences"
        )
    part = contrast.part
    number = {word: n for n, word in enumerate(part.vocabulary.tolist())}
    ids = [number[word] for word in words if word in number]
    some = contrast.counted & np.isin(part.word, ids)
    counts = count_terms(part, GROUPS[contrast.words], 1, some)
    strings = counts.strings()
    carried = np.zeros(len(part.units), bool)
    if term in strings:
        carried[counts.unit[counts.term == strings.index(term)]] = True
    carried &= contrast.compared
    a, b = int((carried & contrast.in_a).sum()), int((carried & ~contrast.in_a).sum())
    where = _where(contrast, term, (a, b))
    if not a + b or not contrast.testable:
        return where if contrast.testable else f"{where} {_verdict(contrast, {})}"
    if a + b < FEWEST_CARRIERS:
        return f"{where} Cannot be tested: a term of {a + b} articles could never be a finding."
    return f"{where} {_longer(contrast, term, (a, b))}"


def _longer(contrast: Contrast, term: str, articles: tuple[int, int]) -> str:
    """The verdict on the longest phrase in which the same articles carry the term."""
    table = contrast.table
    same = (table["a_articles"] == articles[0]) & (table["b_articles"] == articles[1])
    inside = np.array([f" {term} " in f" {other} " for other in table["term"]], bool)
    rows = table[same & inside & (table["kind"] == "phrase")]
    if not len(rows):
        return "It stands only where longer phrases do, which are tested in its place."
    row = rows.loc[rows["term"].str.len().idxmax()].to_dict()
    return f"So does “{row['term']}”, which is tested in its place. {_verdict(contrast, row)}"
