"""Which terms two outlets use differently: counted, tested where there is enough, and marked.

From a profile of two outlets to the arrays that `keyness` tests, and back to one table.  Page
furniture is set aside, an article that copies another of its outlet is left out, a sentence that
an outlet writes again and again counts once.  Strata are always crossed with article length.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.cleaning import OTHER
from bias_toolkit.exact import null_tables
from bias_toolkit.keyness import (
    ALPHA,
    DRAWS,
    FEWEST_DRAWS,
    UNITS,
    Carriers,
    Keyness,
    compare_terms,
)
from bias_toolkit.ngrams import TermCounts, count_terms
from bias_toolkit.profiles import GROUPS, Profile, unpack
from bias_toolkit.repeats import Repeats, find_repeats
from bias_toolkit.strata import ENOUGH, SMALLEST, Strata, build_strata, label_column
from bias_toolkit.termmarks import spelling_groups, styles

FEWEST_TO_TEST = 10  # articles a side: below, terms are described and never tested
FEWEST_CARRIERS = 3  # articles that carry a term, of all that are compared, for it to be a row
CLUSTERS = 12  # of texts, where strata are asked for and nothing else is known
AUTO = "auto"


def check_number(name: str, value: object, least: int, why: str = "") -> None:
    """Raise TypeError where *value* is no whole number, ValueError where it is below *least*."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} {value!r}: must be a whole number")
    if value < least:
        raise ValueError(f"{value} {name}: {least} or more are needed{why}")


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two outlets' words, ready to be counted and tested.

    `part` is a profile of just these two; `words` a word group; `strata` as `compare` takes it.
    `repeats` is what recurs in *part*; found here where None.
    """

    part: Profile
    a: str
    b: str
    words: str = "outlet"
    strata: str | Sequence[str] | None = AUTO
    seed: int = 0
    unit: str = "auto"
    draws: int = DRAWS
    given: Repeats | None = None

    # ---- what counts

    @cached_property
    def repeats(self) -> Repeats:
        """What recurs in the two outlets' articles."""
        return find_repeats(self.part) if self.given is None else self.given

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Tokens that count: no furniture, no copies, stock sentences once an outlet."""
        return self.repeats.once(self.part)

    @cached_property
    def compared(self) -> NDArray[np.bool_]:
        """Units that count: all but copies."""
        return self.repeats.copy_of < 0

    @cached_property
    def in_a(self) -> NDArray[np.bool_]:
        """Which units are *a*'s."""
        return (self.part.units["outlet"] == self.a).to_numpy()

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Words of each unit that count, in the word group."""
        voice, field, _ = unpack(self.part.marks)
        ok = self.counted & self.part.is_word & (field != OTHER)
        ok &= np.isin(voice, GROUPS[self.words])
        return np.bincount(self.part.unit[ok], minlength=len(self.part.units))

    @property
    def articles(self) -> tuple[int, int]:
        """Articles of *a* and of *b* that count."""
        mine = int((self.in_a & self.compared).sum())
        return mine, int(self.compared.sum()) - mine

    @property
    def testable(self) -> bool:
        """Whether both outlets have articles enough for a test."""
        return min(self.articles) >= FEWEST_TO_TEST

    def check(self) -> None:
        """Raise where something is asked for that there is not.

        KeyError for an unknown word group or column of strata, ValueError for an unknown unit, a
        seed below 0 or too few draws, TypeError for a seed or draws that are no whole numbers.
        """
        if self.words not in GROUPS:
            raise KeyError(f"no word group {self.words!r}; there are {', '.join(GROUPS)}")
        if self.unit not in UNITS:
            raise ValueError(f"no unit {self.unit!r}: must be one of {', '.join(UNITS)}")
        check_number("seed", self.seed, 0)
        check_number("draws", self.draws, FEWEST_DRAWS, f" to reach p = {ALPHA}")
        for name in self.labels:
            if name != "clusters":
                self._label(name)

    # ---- strata

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The columns that strata are made of; "story", "topic" and "month" may be among them."""
        if self.strata is None:
            return ()
        if self.strata != AUTO:
            if isinstance(self.strata, str) or not isinstance(self.strata, Sequence):
                return (self.strata,)
            return tuple(dict.fromkeys(self.strata))
        if "story" in self.part.units and self._covered_by_stories():
            return ("story",)
        topic = ("topic",) if "topic" in self.part.units else ()
        return (*topic, "month")

    @cached_property
    def unknown(self) -> tuple[str, ...]:
        """Those of `labels` that no article here has: it is not by them that any are matched."""
        given = (name for name in self.labels if name != "clusters")
        return tuple(name for name in given if not (self._label(name) != "").any())

    def _covered_by_stories(self) -> bool:
        """Whether enough articles of either outlet share a story with the other."""
        story = self._label("story")
        shared = np.intersect1d(story[self.in_a], story[~self.in_a])
        inside = np.isin(story, shared[shared != ""])
        return min(inside[self.in_a].mean(), inside[~self.in_a].mean()) >= ENOUGH

    def _columns(self, name: str) -> list[NDArray[np.str_]]:
        """A label as columns that are pooled one after the other: months too small, by year."""
        label = self._label(name)
        if name == "month" and name not in self.part.units:
            return [label.astype("U4"), label]
        return [label]

    def _label(self, name: str) -> NDArray[np.str_]:
        """A column of labels, "" where unknown.  Raises KeyError for an unknown one."""
        units = self.part.units
        if name == "clusters" and name not in units:
            return _clusters(self)
        if name not in units and name != "month":
            known = ", ".join([*map(str, units.columns), "month", "clusters"])
            hint = "; bias_toolkit.stories adds a column story" if "stor" in str(name) else ""
            raise KeyError(f"no column {name!r} to stratify by; there are {known}{hint}")
        return label_column(units, name).astype(str)

    @cached_property
    def built(self) -> Strata:
        """The strata of the units that count; -1 for all others."""
        keep = self.compared
        columns = [column[keep].tolist() for name in self.labels for column in self._columns(name)]
        smallest = 2 if self.labels == ("story",) else SMALLEST
        return build_strata(columns, self.sizes[keep], self.in_a[keep], smallest=smallest)

    # ---- terms

    @cached_property
    def counts(self) -> TermCounts:
        """Uses of words, bigrams and trigrams in units; where tested, of the longest only."""
        fewest = FEWEST_CARRIERS if self.testable else 1
        found = count_terms(self.part, GROUPS[self.words], fewest, self.counted)
        return found.longest() if self.testable else found

    @cached_property
    def lexical(self) -> pd.DataFrame:
        """Uses of lexicon categories, and of their terms with stars, in units.

        Columns: row (a number), name, kind, unit, uses.
        """
        part = self.part
        hits = part.hits
        entry = part.entries.iloc[hits["entry"].to_numpy()]
        sentence = hits["sentence"].to_numpy()
        whole = np.bincount(
            np.repeat(np.arange(len(part.sentences)), np.diff(part.pointer)),
            self.counted,
            minlength=len(part.sentences),
        )
        ok = (entry["kind"] == "category").to_numpy() & np.isin(hits["voice"], GROUPS[self.words])
        ok &= (hits["field"] != OTHER).to_numpy() & (whole[sentence] > 0)
        hits, entry = hits[ok], entry[ok].astype({"lexicon": str, "category": str, "term": str})
        names = [entry["lexicon"] + ": " + entry["category"], entry["term"]]
        starred = entry["term"].str.contains("*", regex=False).to_numpy()
        rows = [
            pd.DataFrame({"name": names[0].to_numpy(), "unit": hits["unit"].to_numpy()}),
            pd.DataFrame({"name": names[1].to_numpy(), "unit": hits["unit"].to_numpy()})[starred],
        ]
        for table, kind in zip(rows, ("category", "pattern"), strict=True):
            table["kind"] = kind
        every = pd.concat(rows, ignore_index=True)
        if not len(every):
            return every.assign(row=np.zeros(0, np.int64), uses=np.zeros(0, np.int64))
        found = every.groupby(["kind", "name", "unit"], sort=True).size().rename("uses")
        found = found.reset_index()
        carriers = found.groupby(["kind", "name"])["unit"].transform("size")
        found = found[carriers >= FEWEST_CARRIERS].reset_index(drop=True)
        keys = found["kind"] + " " + found["name"]
        return found.assign(row=np.unique(keys, return_inverse=True)[1])

    @cached_property
    def carriers(self) -> Carriers:
        """All rows as the tests take them: words and phrases, then categories and patterns."""
        term = np.concatenate([self.counts.term, len(self.counts.words) + self.lexical["row"]])
        unit = np.concatenate([self.counts.unit, self.lexical["unit"]]).astype(np.int64)
        uses = np.concatenate([self.counts.uses, self.lexical["uses"]]).astype(np.int64)
        keep = self.compared
        place = np.cumsum(keep) - 1
        return Carriers(
            term=term[keep[unit]].astype(np.int64),
            article=place[unit[keep[unit]]],
            uses=uses[keep[unit]],
            terms=len(self.names),
            is_a=self.in_a[keep],
            words=self.sizes[keep],
            ids=self.part.units["id"].astype(str).to_numpy()[keep].tolist(),
            outlets=(self.a, self.b),
        )

    @cached_property
    def names(self) -> list[str]:
        """The terms in the order of their numbers."""
        return [*self.counts.strings(), *self._lexical_rows["name"]]

    @cached_property
    def _lexical_rows(self) -> pd.DataFrame:
        return self.lexical.drop_duplicates("row").sort_values("row", ignore_index=True)

    @cached_property
    def kinds(self) -> list[str]:
        """What each term is: word, phrase, category or pattern (of a lexicon)."""
        size = (self.counts.words >= 0).sum(axis=1)
        return [*np.where(size == 1, "word", "phrase").tolist(), *self._lexical_rows["kind"]]

    @cached_property
    def keyness(self) -> Keyness | None:
        """The tests; None where there are too few articles."""
        if not self.testable:
            return None
        days = self.part.units["date"].fillna("").astype(str).to_numpy()[self.compared]
        return compare_terms(
            self.carriers,
            self.built,
            days=days.tolist(),
            unit=self.unit,
            seed=self.seed,
            draws=self.draws,
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a term; see `Comparison.terms`."""
        table = self._uses()
        tested = self.keyness
        columns = ["log_odds", "low", "high", "log_rates", "rates_low", "rates_high"]
        columns += ["z", "p", "p_bh", "p_fwer"]
        if tested is None:
            table = table.assign(a_compared=0, b_compared=0, **dict.fromkeys(columns, np.nan))
            table = table.assign(found_by="", testable=False)
        else:
            ours = tested.terms[["a_compared", "b_compared", *columns, "found_by", "testable"]]
            table = pd.concat([table, ours.reset_index(drop=True)], axis=1)
        table["group"] = spelling_groups(table["term"].tolist())
        lexical = table["kind"].isin(["category", "pattern"]).to_numpy()
        style = np.array(styles(table["term"], (self.a, self.b)), object)
        table["style"] = np.where(lexical, "", style)
        table = table.join(_evidence(self, table))
        return table.sort_values(["term", "kind"], kind="stable", ignore_index=True)

    def _uses(self) -> pd.DataFrame:
        carriers = self.carriers
        here = np.asarray(carriers.is_a)[carriers.article]
        columns: dict[str, Any] = {"term": self.names, "kind": self.kinds}
        totals = self.sizes[self.compared]
        n = carriers.terms
        for side, rows, mask in (
            ("a", here, carriers.is_a),
            ("b", ~here, ~np.asarray(carriers.is_a)),
        ):
            columns[f"{side}_articles"] = np.bincount(carriers.term[rows], minlength=n)
            columns[f"{side}_units"] = int(np.sum(mask))
            uses = np.bincount(carriers.term[rows], carriers.uses[rows], minlength=n)
            columns[f"{side}_uses"] = uses.astype(np.int64)
            with np.errstate(divide="ignore", invalid="ignore"):
                columns[f"{side}_rate"] = 1000 * uses / totals[mask].sum()
        return pd.DataFrame(columns)


# ------------------------------------------------------------------ in words


def in_words(contrast: Contrast) -> list[str]:
    """How the terms were tested, in sentences; or why not."""
    a, b = contrast.a, contrast.b
    if contrast.keyness is None:
        few = " and ".join(
            f"{n:,} article{'s' * (n != 1)} of {name}"
            for n, name in zip(contrast.articles, (a, b), strict=True)
        )
        return [
            *_copies_in_words(contrast),
            f"No test: {few} can be compared, and below {FEWEST_TO_TEST} articles a side hardly "
            "any difference could be told from chance.",
        ]
    return [
        *_copies_in_words(contrast),
        *_strata_in_words(contrast),
        _unit_in_words(contrast),
        _power_in_words(contrast),
    ]


def _copies_in_words(contrast: Contrast) -> list[str]:
    """How many articles repeat another one of their outlet, and so do not count."""
    sides = ((contrast.a, contrast.in_a), (contrast.b, ~contrast.in_a))
    copies = [(name, int((~contrast.compared & side).sum())) for name, side in sides]
    said = " and ".join(f"{n:,} of {name}" for name, n in copies if n)
    return [f"Left out because they repeat another article: {said}."] if said else []


def _strata_in_words(contrast: Contrast) -> list[str]:
    built, names = contrast.built, (contrast.a, contrast.b)
    shares = [f"{share:.0%} of {n}" for share, n in zip(built.shares, names, strict=True)]
    known = [name for name in contrast.labels if name not in contrast.unknown]
    within = [*known, "length"] if built.labelled else ["length"]
    sentences = [
        f"Articles are compared with articles alike in {_listed(within)}: "
        f"{' and '.join(shares)} have a counterpart."
    ]
    if known and built.labelled < 1:
        like = " and are of like length" if known == ["story"] else ""
        part = f"Of these, {1 - built.labelled:.0%}" if built.labelled else "They"
        sentences.append(
            f"{part} are matched by length alone: too few articles of the two outlets share "
            f"{_a_or_an(known)}{like}."
        )
    if contrast.unknown:
        sentences.append(f"No article here has a known {_listed(contrast.unknown, 'or')}.")
    if "clusters" in contrast.labels:
        sentences.append(
            "The clusters were made from the texts themselves and absorb some true difference: "
            "read this as a check of sensitivity."
        )
    if abs(built.length_gap) > 0.1:
        longer = contrast.a if built.length_gap > 0 else contrast.b
        sentences.append(
            f"Within these groups the articles of {longer} are still "
            f"{np.expm1(abs(built.length_gap)):.0%} longer, which favours its terms."
        )
    return sentences


def _listed(names: Sequence[str], last: str = "and") -> str:
    """One; one and another; one, another and a third."""
    head = ", ".join(map(str, names[:-1]))
    return f"{head} {last} {names[-1]}" if head else str(names[-1])


def _a_or_an(labels: Sequence[str]) -> str:
    """A story; an event; a topic and month."""
    article = "an" if str(labels[0])[:1].lower() in "aeiou" else "a"
    return f"{article} {_listed(labels)}"


def _unit_in_words(contrast: Contrast) -> str:
    tested = contrast.keyness
    assert tested is not None
    effects = [effect for effect in tested.design_effects if effect is not None]
    spread = max((effect.high for effect in effects), default=float("nan"))
    known = "" if np.isnan(spread) else f" (design effect {spread:.2f})"
    if tested.unit == "article":
        why = ": no two articles that are alike are of one outlet and day"
        return f"The unit of evidence is the article{why if contrast.unit == 'block' else known}."
    return (
        f"Articles of one outlet and day hang together{known}, so days are drawn, not articles: "
        f"{tested.units[0]:,} against {tested.units[1]:,}. No term has a p-value of its own then."
    )


def _power_in_words(contrast: Contrast) -> str:
    """The smallest difference that would have been found in four cases of five."""
    tested = contrast.keyness
    assert tested is not None
    if not len(tested.terms):
        return f"No term stands in {FEWEST_CARRIERS} articles, so none can be tested."
    for found in tested.detectable:
        if not np.isnan(found.a):
            return (
                f"To be found here, a term in {found.base:.0%} of {contrast.b}'s articles must "
                f"stand in some {found.a:.0%} of {contrast.a}'s."
            )
    return "No difference, however large, could be found with these articles."


# ------------------------------------------------------------------ what a finding rests on

_SHARES = ("largest_article", "largest_writer", "largest_day")
_LEFT = ("survives", "survives_writer")


def _evidence(contrast: Contrast, table: pd.DataFrame) -> pd.DataFrame:
    """Of each finding: shares of its uses in one article, by one writer, on one day.

    Shares are of the side that uses it more.  `survives` says whether the term would still be
    found without the article that uses it most, `survives_writer` without all articles of the
    writer who uses it most; None where it is no finding by presence.  An outlet that is given as
    the writer of its articles is none.
    """
    found = pd.DataFrame({name: np.full(len(table), np.nan) for name in _SHARES}, index=table.index)
    for name in _LEFT:
        found[name] = pd.Series([None] * len(table), dtype=object, index=table.index)
    tested = contrast.keyness
    if tested is None:
        return found
    carriers = contrast.carriers
    units = contrast.part.units[contrast.compared]
    writer = _writers(units) if "writer" in units else None
    day = units["date"].fillna("").astype(str).to_numpy()
    order = np.argsort(carriers.term, kind="stable")
    ends = np.cumsum(np.bincount(carriers.term, minlength=carriers.terms))
    for row in np.flatnonzero((table["p_fwer"] <= ALPHA).to_numpy()).tolist():
        rows = order[ends[row - 1] if row else 0 : ends[row]]
        more = np.asarray(carriers.is_a)[carriers.article[rows]] == (table["z"][row] > 0)
        rows = rows[more]
        article, uses = np.asarray(carriers.article)[rows], np.asarray(carriers.uses)[rows]
        if not uses.sum():
            continue
        found.loc[row, "largest_article"] = uses.max() / uses.sum()
        found.loc[row, "largest_day"] = _largest(day[article], uses)
        if writer is not None:
            found.loc[row, "largest_writer"] = _largest(writer[article], uses)
        if table["found_by"][row] == "presence" and tested.unit == "article":
            # of equally large ones the first by id, whatever the order of the articles
            ids = [carriers.ids[one] for one in article.tolist()]
            without = min(range(len(ids)), key=lambda i: (-uses[i], ids[i]))
            found.at[row, "survives"] = _survives(contrast, row, article[[without]])
            name = "" if writer is None else _commonest(writer[article], uses)
            if name:
                theirs = np.flatnonzero(writer == name)
                found.at[row, "survives_writer"] = _survives(contrast, row, theirs)
    return found


def _writers(units: pd.DataFrame) -> NDArray[np.str_]:
    """Who wrote each article; "" where nobody is known, or only the outlet."""
    writer = units["writer"].fillna("").astype(str)
    same = writer.str.casefold() == units["outlet"].astype(str).str.casefold()
    return writer.mask(same, "").to_numpy(str)


def _commonest(labels: NDArray[np.str_], uses: NDArray[np.int64]) -> str:
    """The label with most uses that is known, of equals the first; "" where none is."""
    names, number = np.unique(labels, return_inverse=True)
    sums = np.bincount(number, np.where(labels == "", 0, uses))
    return str(names[sums.argmax()]) if sums.any() else ""


def _largest(labels: NDArray, uses: NDArray[np.int64]) -> float:
    """The share of uses under the commonest label that is known; nan where none is."""
    _, number = np.unique(labels, return_inverse=True)
    sums = np.bincount(number, np.where(labels == "", 0, uses))
    return float(sums.max() / uses.sum()) if sums.any() else float("nan")


def _survives(contrast: Contrast, term: int, without: NDArray[np.integer]) -> bool:
    """Whether a term stays under the critical p-value when some articles are taken out."""
    from scipy.sparse import csr_array

    tested, carriers = contrast.keyness, contrast.carriers
    assert tested is not None
    stratum = contrast.built.stratum.copy()
    stratum[without] = -1
    is_a = np.asarray(carriers.is_a)
    used = stratum >= 0
    n = int(stratum.max(initial=0)) + 1
    first = np.bincount(stratum[used & is_a], minlength=n)
    second = np.bincount(stratum[used & ~is_a], minlength=n)
    both = (first > 0) & (second > 0)
    article = np.asarray(carriers.article)[np.asarray(carriers.term) == term]
    article = article[used[article]]
    article = article[both[stratum[article]]]
    carried = np.bincount(stratum[article], minlength=n)
    count = int(is_a[article].sum())
    kept = np.flatnonzero(both)
    if not len(kept):
        return False
    tables = null_tables(csr_array(carried[kept][None, :]), first[kept], second[kept])
    return bool(tables.p[tables.start[0] + count] <= tested.critical)


# ------------------------------------------------------------------ clusters


def _clusters(contrast: Contrast) -> NDArray[np.str_]:
    """Clusters of texts by their words, where nothing is known of their topics.

    They look at the words that are tested, and so absorb some true difference: a sensitivity
    analysis.  k-means (scikit-learn) on TF-IDF, articles in the order of their ids.
    """
    from scipy.sparse import csr_array
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfTransformer

    counts, units = contrast.counts, contrast.part.units
    single = (counts.words >= 0).sum(axis=1)[counts.term] == 1
    shape = (len(units), len(counts.words))
    places = counts.unit[single].astype(np.int32), counts.term[single].astype(np.int32)
    matrix = csr_array((counts.uses[single].astype(float), places), shape)
    order = np.argsort(units["id"].astype(str).to_numpy(), kind="stable")
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(matrix[order])
    number = min(CLUSTERS, max(len(units) // 10, 1))
    means = KMeans(number, n_init=4, random_state=contrast.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer kinds of texts than clusters
        found = means.fit_predict(weights)
    labels = np.empty(len(units), "U8")
    labels[order] = [f"cluster {one}" for one in found]
    return labels
