"""Arrange who said which label, and where two outlets' choices differ, for the head of the labels.

The cells are those of `Comparisons.who_said` and `Comparisons.label_differences`; nothing is
counted again here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bias_toolkit.comparison import Comparisons
from bias_toolkit.keyness import ALPHA
from bias_toolkit.keyterms import FEWEST_TO_TEST
from bias_toolkit.labeltests import sizes_in_words
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import ReferentPart, excerpt
from bias_toolkit.whosaid import INFERRED, MARK, PARTING

_MOST_THINGS = 12
_OPEN = 4  # things that the page shows unfolded
_MOST_LABELS = 8  # of one thing
_MOST_OUTLETS = 6  # of one label, those that use it most
_MOST_SPEAKERS = 3  # of a label of one outlet in one way
_MOST_FINDINGS = 40
_MOST_UNDATED = 5  # things of which is said how many uses hang on articles without a date
_MOST_PAIRS = 6  # whose method is told one by one


@dataclass(frozen=True)
class Said:
    """One label in one outlet: uses in each of the three ways, whose they are, and a sentence."""

    outlet: str
    own: int
    reported: int
    quoted: int
    told_of: str
    said_by: str
    how: str  # the way in which the label stands in the sentence
    before: str
    term: str
    after: str


@dataclass(frozen=True)
class SaidLabel:
    """One label: who prefers it, and the outlets that use it."""

    label: str
    side: str
    rows: tuple[Said, ...]
    more: int  # outlets that use it and are not among the rows


@dataclass(frozen=True)
class SaidThing:
    """One thing, its labels, and how many further labels are used for it."""

    name: str
    labels: tuple[SaidLabel, ...]
    more: int


@dataclass(frozen=True)
class Finding:
    """A label that two outlets choose differently: shares of its uses, and articles."""

    a: str
    b: str
    referent: str
    label: str
    a_share: str
    b_share: str
    a_articles: str
    b_articles: str
    p: str


def parts(whole: Comparisons, referents: Sequence[ReferentPart]) -> dict[str, Any]:
    """What the template asks for; *referents* are those of the page, in its order."""
    things = [part for part in referents if len(part.labels) > 1]
    things = [part for part in things if part.contested or part.competing]
    table = whole.label_differences
    found = _found(table, len(whole.pairs))
    return {
        "who": _things(whole.who_said, things[:_MOST_THINGS]),
        "who_open": _OPEN,
        "who_more": len(referents) - len(things[:_MOST_THINGS]),
        "who_undated": _undated(whole.mentions),
        "findings": list(_findings(_by_thing(found.head(_MOST_FINDINGS)))),
        "findings_more": max(len(found) - _MOST_FINDINGS, 0),
        "label_method": list(_method(whole, table, found)),
        "label_intervals": any(row.shares for part in referents for row in part.labels),
    }


def _undated(uses: pd.DataFrame) -> str:
    """How many uses hang on articles without a date, and of which things; "" if none does."""
    uses = uses[uses["resolved"].to_numpy(bool)]
    loose = uses[uses["undated"].to_numpy(bool)]
    if loose.empty:
        return ""
    every, counts = uses["referent"].value_counts(), loose["referent"].value_counts()
    order = sorted(counts.index, key=lambda name: (-counts[name], name))
    shown = [
        f"{w.line(name)} {counts[name]:,} of {every[name]:,}" for name in order[:_MOST_UNDATED]
    ]
    more = [f"and {len(order) - len(shown):,} more"] if len(order) > len(shown) else []
    return (
        f"{len(loose):,} of {w.count(len(uses), 'use')} of labels stand in articles without a "
        "date and are for things of a certain time. They are counted, whatever year they were "
        f"written in, and may be about something else: {'; '.join([*shown, *more])}. Give the "
        "articles dates to be sure."
    )


def _things(table: pd.DataFrame, things: Sequence[ReferentPart]) -> list[SaidThing]:
    used = table[(table[["own", "reported", "quoted"]].sum(axis=1) > 0).to_numpy()]
    rows = {key: group for key, group in used.groupby(["referent", "label"], sort=False)}
    found = []
    for thing in things:
        labels = [
            _label(row.label, row.side, rows[thing.name, row.label])
            for row in thing.labels[:_MOST_LABELS]
        ]
        more = len(thing.labels) - len(labels)
        found.append(SaidThing(thing.name, tuple(labels), more))
    return found


def _label(label: str, side: str, rows: pd.DataFrame) -> SaidLabel:
    """One label, its outlets in their order, of many those that use it most."""
    uses = rows[["own", "reported", "quoted"]].sum(axis=1)
    most = uses.sort_values(ascending=False, kind="stable").index[:_MOST_OUTLETS]
    shown = tuple(_said(rows[rows.index.isin(most)]))
    return SaidLabel(label, side, shown, len(rows) - len(shown))


def _said(rows: pd.DataFrame) -> Iterator[Said]:
    for row in rows.to_dict("records"):
        how = next(way for way in ("own", "reported", "quoted") if row[way])
        before, term, after = row[f"{how}_sentence"].split(MARK)
        text = before + term + after
        cut = excerpt(text, len(before), len(before) + len(term))
        yield Said(
            row["outlet"],
            row["own"],
            row["reported"],
            row["quoted"],
            _speakers(row["told_of"], row["reported"]),
            _speakers(row["said_by"], row["quoted"]),
            how,
            *cut,
        )


def _speakers(named: str, uses: int) -> str:
    """The first speakers, and how many more there are; of a single use without its number.

    >>> _speakers("Baku 1 (1 inferred)", 1), _speakers("Baku 1; Yerevan 1; Moscow 1; Paris 1", 4)
    ('Baku (inferred)', 'Baku 1, Yerevan 1, and 2 more')
    """
    if uses == 1:
        alone = named.removesuffix(f" (1 {INFERRED})")
        return w.line(alone.removesuffix(" 1") + (f" ({INFERRED})" if alone != named else ""))
    every = named.split(PARTING)
    shown = every if len(every) <= _MOST_SPEAKERS else every[: _MOST_SPEAKERS - 1]
    more = [f"and {len(every) - len(shown):,} more"] if len(every) > len(shown) else []
    return w.line(", ".join([*shown, *more]))


# ------------------------------------------------------------------ differences


def _found(table: pd.DataFrame, pairs: int) -> pd.DataFrame:
    """What differs by more than chance, over all pairs, the surest first."""
    name = "p_fwer_all" if pairs > 1 else "p_fwer"
    rows = table[(table[name] <= ALPHA).to_numpy(bool)].assign(p_shown=lambda rows: rows[name])
    return rows.sort_values(["p_shown", "p", "a", "b", "referent", "label"], kind="stable")


def _by_thing(found: pd.DataFrame) -> pd.DataFrame:
    """Findings on one thing together, those of a label side by side."""
    return found.sort_values(["referent", "label", "a", "b"], kind="stable")


def _findings(found: pd.DataFrame) -> Iterator[Finding]:
    for row in found.to_dict("records"):
        yield Finding(
            a=row["a"],
            b=row["b"],
            referent=row["referent"],
            label=row["label"],
            a_share=w.share(row["a_share"], row["a_low"], row["a_high"]),
            b_share=w.share(row["b_share"], row["b_low"], row["b_high"]),
            a_articles=f"{row['a_compared']:,} of {row['a_naming']:,}",
            b_articles=f"{row['b_compared']:,} of {row['b_naming']:,}",
            p=f"{row['p_shown']:.2g}",
        )


def _method(whole: Comparisons, table: pd.DataFrame, found: pd.DataFrame) -> Iterator[str]:
    """How labels were tested, by pair where there are few; and what follows where nothing was."""
    tested = table[table["p_fwer"].notna().to_numpy()]
    if not len(tested):
        yield (
            f"No label was tested: that takes {FEWEST_TO_TEST} articles of each of two outlets "
            "that wrote at the same time and name one thing, by more than one label. The table "
            "says what these articles hold; another choice of articles may hold something else."
        )
        return
    if not len(found):
        yield (
            "No label differs by more than chance alone would give. That does not show that the "
            "outlets choose alike."
        )
    if len(whole.pairs) == 1:
        yield " ".join(whole.pairs[0].label_method)
        return
    yield (
        "Each label was tested among the articles that name the thing: does it stand in more of "
        "one outlet’s than of the other’s? Articles are held against articles that name it as "
        "often and are alike in whatever the words of the two outlets are compared by, such as "
        "topic and month."
    )
    done = [pair for pair in whole.pairs if pair.facts.comparable and len(pair.label_tests.tested)]
    if len(whole.pairs) <= _MOST_PAIRS:
        for pair in done:
            yield f"{w.line(pair.a)} and {w.line(pair.b)}: {sizes_in_words(pair.label_tests)}."
    yield f"Pairs of outlets with a label tested: {len(done):,} of {len(whole.pairs):,}."
