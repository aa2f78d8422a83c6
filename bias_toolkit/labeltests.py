"""Test whether two outlets choose different labels for the same thing, articles as the evidence.

Only articles that name the thing say anything about the choice of its name; so each takes part
once for every thing that it names, and is held against articles of its cell that name it as
often: who names a thing ten times has used more of its labels than who names it once.  Articles
with the label are then counted and drawn as `keyness` does it for terms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.keyness import ALPHA, Carriers, Keyness, compare_terms
from bias_toolkit.keyterms import FEWEST_TO_TEST, Contrast
from bias_toolkit.strata import SMALLEST, Strata, build_strata
from bias_toolkit.wordchoice import in_group

Integers = NDArray[np.int64]

KEYS = ["referent", "label", "side"]
COUNTED = ("compared", "naming")  # for either outlet
NUMBERS = ("log_odds", "odds_low", "odds_high", "p", "p_fwer")
ONLY_LABEL = "no other label of it is used"
NO_COUNTERPART = "no article that names it has a counterpart in the other outlet"
OUT_OF_REACH = "cannot be tested: however its articles were shared out, it could not be found"


@dataclass(frozen=True, eq=False)
class LabelTests:
    """What the tests of two outlets' labels found.

    `table` has a row a label: referent, label, side; a_compared, b_compared (articles that carry
    the label) of a_naming, b_naming that name the referent and have a counterpart in the other
    outlet; log_odds of an article that names the referent carrying this label (positive: more
    in *a*), odds_low, odds_high (95 %); p (exact mid-p; nan where days are drawn), p_fwer (over
    all rows that are tested, of all referents), found_by ("presence", or "share" where nearly
    all articles carry the label), testable, and reason: why there is no test, or why it could
    find nothing, else "".

    `unit` is article or block, "" where nothing was tested; `cells` says what articles are alike
    in, besides how often they name the thing.
    """

    table: pd.DataFrame
    unit: str
    cells: tuple[str, ...]

    @property
    def tested(self) -> pd.DataFrame:
        """The rows with a p-value."""
        return self.table[self.table["p_fwer"].notna()]

    @property
    def found(self) -> pd.DataFrame:
        """The rows that differ, the surest first."""
        rows = self.table[self.table["p_fwer"] <= ALPHA]
        return rows.sort_values(["p_fwer", "p", *KEYS], kind="stable")


def label_tests(contrast: Contrast, uses: pd.DataFrame) -> LabelTests:
    """Test the labels of two outlets, in the contrast's word group.

    *uses* are `mentions(contrast.part)`.  Copies of articles and repeated stock sentences do not
    count.  A referent is tested where FEWEST_TO_TEST articles of either outlet name it and more
    than one label is used.
    """
    every = in_group(uses, contrast.words)[KEYS].drop_duplicates().sort_values(KEYS)
    every = every.reset_index(drop=True)
    uses = _counted(contrast, uses)
    reasons = _reasons(contrast, uses, every)
    table = untested(every, every["referent"].map(reasons).astype(object))
    rows = np.flatnonzero(table["reason"] == "")
    if not len(rows):
        return LabelTests(table, "", ())
    stack = _Stack.of(contrast, uses, every, rows)
    found = stack.test(contrast)
    _fill(table, stack, found)
    return LabelTests(table, found.unit, contrast.labels)


def in_words(found: LabelTests) -> list[str]:
    """How the labels were tested, in sentences; or why not."""
    if not len(found.tested):
        return [
            f"No label was tested: that takes {FEWEST_TO_TEST} articles of each outlet that name "
            "one thing, by more than one label, and that can be held against each other."
        ]
    return [
        f"{sizes_in_words(found)}.",
        "Each was tested among the articles that name the thing: does the label stand in more of "
        "one outlet’s than of the other’s?",
        f"Articles are held against articles alike in {alike_in_words(found)}; p-values are over "
        "all labels that were tested.",
    ]


def sizes_in_words(found: LabelTests) -> str:
    """How many labels were tested, how many of them with any prospect, and what was drawn."""
    tested = found.tested
    labels, things = len(tested), tested["referent"].nunique()
    able = int(tested["testable"].sum())
    unit = "whole articles" if found.unit == "article" else "an outlet’s articles of one day"
    return (
        f"{labels:,} labels of {things:,} {'thing' if things == 1 else 'things'} were tested, "
        f"{able:,} of them in articles enough for a difference to be found; {unit} were drawn"
    )


def alike_in_words(found: LabelTests) -> str:
    """What articles must be alike in to be held against each other."""
    return " and ".join([*found.cells, "in how often they name it"])


def _counted(contrast: Contrast, uses: pd.DataFrame) -> pd.DataFrame:
    """Uses that count in tests: none of copies, and stock sentences once an outlet."""
    part = contrast.part
    some = np.diff(np.append(0, np.cumsum(contrast.counted))[part.pointer]) > 0
    uses = in_group(uses, contrast.words)
    keep = contrast.compared[uses["unit"].to_numpy()] & some[uses["sentence"].to_numpy()]
    return uses[keep]


def _reasons(contrast: Contrast, uses: pd.DataFrame, every: pd.DataFrame) -> dict[str, str]:
    """Why each referent of *every* label is not tested, "" where it is."""
    named = uses.drop_duplicates(["referent", "unit"])
    is_a = contrast.in_a[named["unit"].to_numpy()]
    sides = [named.loc[side, "referent"].value_counts() for side in (is_a, ~is_a)]
    labels = uses.drop_duplicates(KEYS)["referent"].value_counts()
    reasons = {}
    for referent in every["referent"].unique():
        articles = [int(side.get(referent, 0)) for side in sides]
        if min(articles) < FEWEST_TO_TEST:
            # Outlets by name, so that the sentence is the same from either side.
            pairs = sorted(zip((contrast.a, contrast.b), articles, strict=True))
            here = ", ".join(f"{name} {n:,}" for name, n in pairs)
            reasons[referent] = (
                f"articles that name it: {here}; a test needs {FEWEST_TO_TEST} of each"
            )
        else:
            reasons[referent] = ONLY_LABEL if labels[referent] < 2 else ""
    return reasons


# ------------------------------------------------------------------ the tests


@dataclass(frozen=True, eq=False)
class _Stack:
    """Articles once for each referent that they name, and the labels that they carry there.

    `row` (labels,) is a label's row in the table, `referent` its number; `named` and `unit`
    (articles,) are what each stacked article names and which unit it is, `namings` how often.
    `label` and `article` are parallel, an entry for each label in each stacked article, with
    its `uses`.
    """

    row: Integers
    referent: Integers
    names: list[str]
    named: Integers
    unit: Integers
    namings: Integers
    label: Integers
    article: Integers
    uses: Integers
    strata: Strata
    is_a: NDArray[np.bool_]

    @classmethod
    def of(
        cls, contrast: Contrast, uses: pd.DataFrame, every: pd.DataFrame, row: Integers
    ) -> _Stack:
        """Stack the articles that name the referents of some *row*s of *every* label."""
        number, names = pd.factorize(every["referent"].iloc[row])
        labels = pd.MultiIndex.from_frame(every.iloc[row][KEYS])
        label = labels.get_indexer(pd.MultiIndex.from_frame(uses[KEYS]))
        uses, label = uses[label >= 0], label[label >= 0]
        places = np.stack([number[label], uses["unit"].to_numpy(np.int64)])
        (named, unit), article, namings = np.unique(
            places, axis=1, return_inverse=True, return_counts=True
        )
        (label, article), times = np.unique(
            np.stack([label, article.ravel()]), axis=1, return_counts=True
        )
        is_a = contrast.in_a[unit]
        return cls(
            row=row,
            referent=number,
            names=list(names),
            named=named,
            unit=unit,
            namings=namings,
            label=label,
            article=article,
            uses=times,
            strata=_strata(contrast, named, unit, namings),
            is_a=is_a,
        )

    def test(self, contrast: Contrast) -> Keyness:
        """Compare all labels at once, so that p-values are over all of them."""
        units = contrast.part.units
        ids = units["id"].astype(str).to_numpy()[self.unit]
        things = np.array(self.names, object)[self.named]
        carriers = Carriers(
            term=self.label,
            article=self.article,
            uses=self.uses,
            terms=len(self.row),
            is_a=self.is_a,
            words=self.namings,
            ids=[f"{one}\0{thing}" for one, thing in zip(ids, things, strict=True)],
            outlets=(contrast.a, contrast.b),
        )
        return compare_terms(
            carriers,
            self.strata,
            days=units["date"].fillna("").astype(str).to_numpy()[self.unit].tolist(),
            unit=contrast.unit,
            seed=contrast.seed,
            draws=contrast.draws,
        )

    def naming(self) -> tuple[Integers, Integers]:
        """Articles of either outlet that name each label's referent and have a counterpart."""
        stratum = self.strata.stratum
        shared = np.intersect1d(stratum[self.is_a], stratum[~self.is_a])
        inside = np.isin(stratum, shared[shared >= 0])
        a, b = (
            np.bincount(self.named[inside & side], minlength=len(self.names))[self.referent]
            for side in (self.is_a, ~self.is_a)
        )
        return a, b


def _strata(contrast: Contrast, named: Integers, unit: Integers, namings: Integers) -> Strata:
    """Strata of the stacked articles: of one referent, one cell, and named about as often."""
    cells = np.full(len(contrast.part.units), -1)
    cells[contrast.compared] = contrast.built.cell
    stratum, cell = np.empty(len(named), np.int64), np.empty(len(named), np.int64)
    smallest = 2 if contrast.labels == ("story",) else SMALLEST
    next_stratum = next_cell = 0
    for rows in _groups(named):
        columns = [cells[unit[rows]].astype(str).tolist()] if contrast.labels else []
        is_a = contrast.in_a[unit[rows]]
        built = build_strata(columns, namings[rows], is_a, smallest=smallest)
        stratum[rows] = np.where(built.stratum < 0, -1, built.stratum + next_stratum)
        cell[rows] = built.cell + next_cell
        next_stratum += int(built.stratum.max()) + 1
        next_cell += int(built.cell.max()) + 1
    return Strata(stratum, cell, shares=(np.nan, np.nan), labelled=np.nan, length_gap=np.nan)


def _groups(numbers: Integers) -> Iterator[Integers]:
    """The places of each number, which are in ascending order."""
    return iter(np.split(np.arange(len(numbers)), np.flatnonzero(np.diff(numbers)) + 1))


# ------------------------------------------------------------------ the table


def untested(labels: pd.DataFrame, reason: str | pd.Series) -> pd.DataFrame:
    """*labels* with the columns of the tests and no result, for a reason or one for each row."""
    counts = [f"{side}_{name}" for name in COUNTED for side in "ab"]
    return labels.assign(
        **dict.fromkeys(counts, 0),
        **dict.fromkeys(NUMBERS, np.nan),
        found_by="",
        testable=False,
        reason=reason,
    )


def _fill(table: pd.DataFrame, stack: _Stack, found: Keyness) -> None:
    """Write results into the rows that were tested."""
    a_naming, b_naming = stack.naming()
    terms = found.terms
    alone = np.minimum(a_naming, b_naming) == 0
    values = {
        "a_compared": terms["a_compared"],
        "b_compared": terms["b_compared"],
        "a_naming": a_naming,
        "b_naming": b_naming,
        "log_odds": terms["log_odds"],
        "odds_low": terms["low"],
        "odds_high": terms["high"],
        "p": terms["p"].where(~alone),
        "p_fwer": terms["p_fwer"].where(~alone),
        "found_by": terms["found_by"].replace("rate", "share"),
        "testable": terms["testable"].to_numpy(bool) & ~alone,
    }
    for name, column in values.items():
        table.loc[stack.row, name] = np.asarray(column)
    able = np.asarray(values["testable"])
    reason = np.where(alone, NO_COUNTERPART, np.where(able, "", OUT_OF_REACH))
    table.loc[stack.row, "reason"] = reason
