"""Compare outlets: terms, labels, metrics, cues, and the evidence for each number.

A comparison begins with what makes it fair or unfair: dates, how far apart they are, whether
both write of the same event, whether they share a writer.  Outlets that wrote at different
times get their labels side by side and no list of differences.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.adoption import adoption, distance, distance_of_two, first_uses
from bias_toolkit.annotation import PARTS, Annotator
from bias_toolkit.asymmetry import cue_asymmetry, cue_shares, holm, side_asymmetry
from bias_toolkit.attribution import VOICES
from bias_toolkit.avoidance import unlabelled, unlabelled_passages
from bias_toolkit.balance import source_balance, source_balance_of_two
from bias_toolkit.categories import COLUMNS, category_table, counted_part
from bias_toolkit.classical import classical_measures
from bias_toolkit.cleaning import FIELDS, OTHER, TITLE
from bias_toolkit.diversity import diversity, diversity_of_two
from bias_toolkit.keyness import ALPHA, DRAWS
from bias_toolkit.keysentences import about
from bias_toolkit.keyterms import AUTO, FEWEST_TO_TEST, Contrast, in_words
from bias_toolkit.labeltests import KEYS as LABEL_KEYS
from bias_toolkit.labeltests import LabelTests, label_tests, untested
from bias_toolkit.labeltests import in_words as labels_in_words
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.matching import words_of
from bias_toolkit.metrics import FEWEST, difference, estimate
from bias_toolkit.outletmaps import distances
from bias_toolkit.profiles import GROUPS, Profile, pack, unpack
from bias_toolkit.selfchecks import SelfCheck, selfcheck
from bias_toolkit.shifts import SENTIMENT, WordShift, word_shift
from bias_toolkit.sourcing import cue_classes, cue_table, speaker_table, tone_by_actor
from bias_toolkit.whosaid import who_said
from bias_toolkit.wordchoice import (
    SHARE_COLUMNS,
    label_shares,
    mentions,
    share_differences,
    with_sentences,
)

NEAR = 31  # days: articles further apart than this are not held to report on one event
_OVERLAP = 0.2  # of one outlet's articles must lie near some of the other's: else, what differs
# between two lists of articles that hardly meet in time is the news
FEWEST_TO_RANK = FEWEST_TO_TEST  # articles a side: below, terms are described, never ranked
_HARDLY, _MOSTLY = 0.1, 0.5  # of an outlet's articles have a headline
CHECK_SPLITS = 20  # of outlets into halves, for `Comparisons.noise`
CHECK_DRAWS = 199  # of each of its tests: enough for p = .05, and ten times faster
_WRITERS = ("writer", "author", "authors", "byline", "written_by")  # columns, best first
_NOBODY = frozenset(  # what stands in the place of a writer's name and names nobody
    "staff|staff writer|staff reporter|news desk|newsroom|web desk|editor|editors|editorial|"
    "editorial board|editorial team|admin|administrator|author|contributor|guest|anonymous|"
    "unknown|none|null|nan|n/a|na|-|–|?".split("|")
)
_NEVER_NEGATIVE = ("per 1,000 words", "share of words")  # units of metrics
_BY = re.compile(r"by\s+", re.IGNORECASE)
_MOST_WRITERS = 3  # that a warning names


@dataclass(frozen=True)
class Facts:
    """What makes a comparison fair: sizes, dates, events, writers.

    `days` is the smallest number of days between an article of each; `a_far` and `b_far` are the
    dated articles with none of the other outlet within NEAR days; `comparable` is whether at
    least a fifth of one outlet's dated articles are nearer; `events` are the dated referents that
    both mention; `writers` those they share.  Where an outlet has no dated article `days` is None
    and the comparison allowed, with a warning.  `no_titles` is
    the outlet whose articles have no headlines where the other's have: then headlines are set
    aside in what is tested, because like can only be held against like; "" where both have them
    or neither.
    """

    a: str
    b: str
    a_articles: int
    b_articles: int
    a_dates: tuple[str, str] | None
    b_dates: tuple[str, str] | None
    days: int | None
    a_far: int
    b_far: int
    comparable: bool
    events: tuple[str, ...]
    writers: tuple[str, ...]
    warnings: tuple[str, ...]
    no_titles: str = ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two outlets side by side.  Tables are made when first asked for."""

    profile: Profile
    a: str
    b: str
    words: str
    facts: Facts
    contrast: Contrast
    mentions: pd.DataFrame
    """One row a use of a label in either outlet; see `wordchoice.mentions`."""

    def __repr__(self) -> str:
        return f"<Comparison of {self.a} and {self.b}, {self.words} words>"

    @cached_property
    def terms(self) -> pd.DataFrame:
        """One row a term: counts, effect, interval, tests, evidence.

        term; kind (word, phrase of two or three, category or pattern of a lexicon); a_articles,
        b_articles (that carry it), a_units, b_units (that count), a_uses, b_uses, a_rate, b_rate
        (per 1,000 words of the group).  Furniture of the page, copies and repeated stock
        sentences do not count.

        Where both outlets have ten articles: a_compared, b_compared (carriers that have a
        counterpart in the other outlet); log_odds of an article carrying it (Mantel-Haenszel
        1959, natural logarithm, positive: more in *a*), low, high (95 %, Robins, Breslow and
        Greenland 1986); log_rates, rates_low, rates_high (uses a word); z (how far from chance, as
        a normal value: terms are ranked by it); p (exact mid-p; nan where days are drawn), p_bh
        (Benjamini-Hochberg, for exploring), p_fwer (over all rows, min-P over draws of whole
        articles within strata), found_by (presence or rate), testable (False: could never be
        found here, which is not "no difference").  Below ten all of these are nan or False.

        group (spelling it shares with another term), style (function word, own name, house
        style): marked, never removed.  For findings: largest_article, largest_writer,
        largest_day (shares of the uses), survives (still found without the largest article),
        survives_writer (without all articles of the largest writer).

        Empty where the outlets wrote at different times; from ten articles a side on, only terms
        of three articles, and of nested phrases that the same articles carry only the longest.
        """
        return self.contrast.table if self.facts.comparable else self.contrast.table.iloc[:0]

    @cached_property
    def method(self) -> list[str]:
        """How the terms were tested, in sentences; or why they were not."""
        if not self.facts.comparable:
            return ["No test: the two outlets wrote at different times."]
        return in_words(self.contrast)

    @cached_property
    def categories(self) -> pd.DataFrame:
        """One row a category of the word lists; see `categories.category_table`.

        Empty where the outlets wrote at different times.
        """
        if not self.facts.comparable:
            return pd.DataFrame(columns=COLUMNS)
        return category_table(self.contrast, self._counted)

    @cached_property
    def shifts(self) -> dict[str, WordShift]:
        """The means in which the two were found to differ, taken apart; see `shift`.

        Sentiment, where its 95 % interval leaves 0 out; then categories whose p_fwer is at most
        .05, the surest first.  None where the outlets wrote at different times or one has fewer
        than ten articles.
        """
        if not (self.facts.comparable and self.contrast.testable):
            return {}
        table = self.categories
        found = table[table["p_fwer"] <= ALPHA].sort_values(["p_fwer", "measure"])["measure"]
        tone = self.shift(SENTIMENT)
        differs = tone.difference.low > 0 or tone.difference.high < 0
        first = {SENTIMENT: tone} if differs else {}
        return first | {measure: self.shift(measure) for measure in found}

    def shift(self, measure: str) -> WordShift:
        """Which words a difference comes from; see `shifts.word_shift`.

        Page furniture and copies do not count.  Raises KeyError for an unknown measure.
        """
        return word_shift(self._counted, self.a, self.b, measure, words=self.words)

    @cached_property
    def _counted(self) -> Profile:
        return counted_part(self.contrast)

    @cached_property
    def classical(self) -> pd.DataFrame:
        """Classical keyness of the same terms, for comparison with published work.

        term, kind and the columns of `classical.classical_measures`.  They count words as if each
        were drawn by itself, and overstate certainty.
        """
        table = self.terms
        carriers, sizes = self.contrast.carriers, self.contrast.sizes[self.contrast.compared]
        totals = (float(sizes[carriers.is_a].sum()), float(sizes[~carriers.is_a].sum()))
        uses = [table[f"{side}_uses"].to_numpy() for side in "ab"]
        found = classical_measures(uses[0], uses[1], totals)
        return pd.concat([table[["term", "kind"]], found], axis=1)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """One row a referent, label and word group: uses and shares in both outlets, and tests.

        Columns: referent, label, side, words; a_count, b_count of a_of, b_of uses of any label of
        the referent in that group; a_articles, b_articles of a_of_articles, b_of_articles; a_share,
        a_low, a_high and b_share, b_low, b_high (see `wordchoice.label_shares`); difference of the
        shares, low, high; then those of `labeltests.LabelTests`, for the comparison's own word
        group.  Outlets that wrote at different times are described and not tested.
        """
        shares = [
            self.tested_labels if words == self.words else self._labels_of(words)
            for words in GROUPS
        ]
        return pd.concat(shares, ignore_index=True).astype({"testable": bool})

    @cached_property
    def tested_labels(self) -> pd.DataFrame:
        """The rows of `labels` in the comparison's own word group, which is the one tested."""
        return self._labels_of(self.words)

    def _labels_of(self, words: str) -> pd.DataFrame:
        shares = label_shares(self.profile, (self.a, self.b), words, table=self.mentions)
        difference, low, high = share_differences(shares, self.a, self.b)
        names = {
            f"{outlet}.{name}": f"{short}_{name}"
            for short, outlet in (("a", self.a), ("b", self.b))
            for name in SHARE_COLUMNS
        }
        table = shares.rename(columns=names).assign(difference=difference, low=low, high=high)
        if words != self.words:
            return untested(table, f"tested in the word group {self.words!r}")
        if not self.facts.comparable:
            return untested(table, "the two outlets wrote at different times")
        return table.merge(self.label_tests.table, on=LABEL_KEYS, how="left", validate="1:1")

    @cached_property
    def label_tests(self) -> LabelTests:
        """Which labels differ, in the comparison's word group; see `labeltests.label_tests`."""
        return label_tests(self.contrast, self.mentions)

    @cached_property
    def label_method(self) -> list[str]:
        """How the labels were tested, in sentences; or why they were not."""
        if not self.facts.comparable:
            return ["No label was tested: the two outlets wrote at different times."]
        return labels_in_words(self.label_tests)

    @cached_property
    def who_said(self) -> pd.DataFrame:
        """Who said which label, with a sentence each; see `whosaid.who_said`."""
        return who_said(self.profile, (self.a, self.b), table=self.mentions)

    def label_sentences(self, label: str, referent: str | None = None) -> pd.DataFrame:
        """The uses of one label, of one referent or any: rows of `mentions` with their sentences.

        Added are text, text_start and text_end, as `wordchoice.with_sentences` has them.  Raises
        KeyError for a label that neither outlet uses, else as `Profile.texts`.
        """
        table = self.mentions
        mine = (table["label"] == label) & table["resolved"].astype(bool)
        mine &= True if referent is None else table["referent"] == referent
        if not mine.any():
            here = ", ".join(sorted(table["label"].unique())) or "none"
            of = f" of {referent!r}" if referent else ""
            raise KeyError(f"no use of a label {label!r}{of}; labels used here: {here}")
        return with_sentences(self.profile, table[mine.to_numpy(bool)].reset_index(drop=True))

    @cached_property
    def unlabelled(self) -> pd.DataFrame:
        """Articles that speak of an event and use no label of it; see `avoidance.unlabelled`."""
        return unlabelled(self.profile, table=self.mentions)

    @cached_property
    def unlabelled_passages(self) -> pd.DataFrame:
        """Where they do so, with the sentences; see `avoidance.unlabelled_passages`."""
        return with_sentences(self.profile, unlabelled_passages(self.profile))

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row a metric: a, b, difference, low, high, unit; intervals from five articles."""
        sums = self.profile.by_outlet()
        rows = []
        for metric in self.profile.metric_list:
            found = difference(metric, sums[self.a], sums[self.b])
            a, b = (estimate(metric, sums[name]).value for name in (self.a, self.b))
            rows.append((metric.name, a, b, *found, metric.unit))
        return pd.DataFrame(rows, columns=["metric", "a", "b", "difference", "low", "high", "unit"])

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Words by kind, side and actor of their source; see `balance.source_balance_of_two`."""
        return source_balance_of_two(self.profile, self.a, self.b)

    @cached_property
    def diversity(self) -> pd.DataFrame:
        """How many different sources either hears; see `diversity.diversity_of_two`."""
        return diversity_of_two(self.profile, self.a, self.b)

    @cached_property
    def cue_asymmetry(self) -> pd.DataFrame:
        """Classes of cues by side, and whether the outlets differ; see `asymmetry.cue_asymmetry`.

        Outlets that wrote at different times are described and not tested.
        """
        table = cue_asymmetry(self.profile, self.a, self.b, seed=self.contrast.seed)
        if self.facts.comparable:
            return table
        reason = "the two outlets wrote at different times"
        return table.assign(p=np.nan, p_fwer=np.nan, draws=0, reason=reason)

    @cached_property
    def side_asymmetry(self) -> pd.DataFrame:
        """Classes of cues of every two sides within either outlet; see `asymmetry`."""
        return side_asymmetry(self.profile, seed=self.contrast.seed)

    @cached_property
    def adoption(self) -> pd.DataFrame:
        """Labels that either quotes, and when they became its wording; see `adoption.adoption`."""
        return adoption(self.profile, table=self.mentions)

    @cached_property
    def first_uses(self) -> pd.DataFrame:
        """Which of the two carried each label first; see `adoption.first_uses`."""
        return first_uses(self.profile, table=self.mentions)

    @cached_property
    def distance(self) -> pd.DataFrame:
        """How often labels are held at arm's length; see `adoption.distance_of_two`."""
        return distance_of_two(self.profile, self.a, self.b, table=self.mentions)

    def about(self, term: str) -> str:
        """What is known of one term, in words: counts, direction, size, and what follows.

        *term* is a row of `terms`, or any word or phrase of up to three, also one that stands in
        too few articles to be a row: "cannot be tested" is said apart from "no difference was
        found".  Raises ValueError for a term of no word or of more than three.
        """
        if not self.facts.comparable:
            return f"Not compared: {self.a} and {self.b} wrote at different times."
        return about(self.contrast, term)

    def sentences(self, term: str) -> pd.DataFrame:
        """The evidence: every sentence of either outlet in which *term* stands.

        *term* as in a lexicon: "anti-terrorist *", "terror*".  Columns: outlet, article, date,
        sentence, start, end (of the term in the article's text or title), voice, speaker, url,
        field, part (which of the two the offsets point into).  Texts are read again from where
        they came from; raises as `Profile.texts`, and ValueError for a term without a word.
        """
        return evidence(self.profile, term, (self.a, self.b))


class Comparisons:
    """Every pair of some outlets, and what is shown of all of them together."""

    def __init__(self, part: Profile, pairs: Sequence[Comparison]) -> None:
        if not pairs:
            raise ValueError(
                f"only one outlet here ({', '.join(part.outlets)}): a comparison needs two or more"
            )
        self.profile = part
        self.words = pairs[0].words
        self.pairs = list(pairs)

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        return f"<Comparisons of {', '.join(self.profile.outlets)}>"

    @cached_property
    def terms(self) -> pd.DataFrame:
        """`Comparison.terms` of every pair, after columns a and b, with p_fwer_all.

        p_fwer is over the terms of one pair, p_fwer_all over those of all pairs; see `over_pairs`.
        """
        return self._of_pairs([pair.terms for pair in self.pairs])

    @cached_property
    def categories(self) -> pd.DataFrame:
        """`Comparison.categories` of every pair, after columns a and b, their names.

        p_fwer is over the categories of one pair, p_fwer_all, as in `terms`, over those of all.
        """
        return self._of_pairs([pair.categories for pair in self.pairs])

    def _of_pairs(self, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """One table of all pairs, after columns a and b, with p_fwer_all after p_fwer."""
        over_all = over_pairs([table["p_fwer"].to_numpy(float) for table in tables])
        found = []
        for pair, table, p in zip(self.pairs, tables, over_all, strict=True):
            table = table.copy()
            table.insert(0, "a", pair.a)
            table.insert(1, "b", pair.b)
            table.insert(list(table).index("p_fwer") + 1, "p_fwer_all", p)
            found.append(table)
        some = [table for table in found if len(table)]  # an empty one has no types to keep
        return pd.concat(some, ignore_index=True) if some else found[0]

    @cached_property
    def noise(self) -> SelfCheck:
        """What random halves of these outlets give: `selfchecks.selfcheck`, CHECK_SPLITS times."""
        how = self.pairs[0].contrast
        return selfcheck(
            self.profile,
            CHECK_SPLITS,
            words=self.words,
            strata=how.strata,
            seed=how.seed,
            unit=how.unit,
            draws=CHECK_DRAWS,
        )

    @cached_property
    def outlet_distances(self) -> pd.DataFrame:
        """How far apart the outlets' wordings are; see `outletmaps.distances`, without p-values.

        One row a pair, with `reason`: why there is no distance or no interval, "" where there is.
        Pairs that wrote at different times have none.
        """
        return _distances_of(self)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """One row a referent, label and word group, by outlet; see `wordchoice.label_shares`."""
        outlets, table = tuple(self.profile.outlets), self._labels_used
        shares = [label_shares(self.profile, outlets, words, table=table) for words in GROUPS]
        return pd.concat(shares, ignore_index=True)

    @cached_property
    def label_differences(self) -> pd.DataFrame:
        """`Comparison.labels` in the compared word group of every pair, after columns a and b.

        p_fwer is over the labels of one pair, p_fwer_all, as in `terms`, over those of all pairs.
        """
        return self._of_pairs([pair.tested_labels for pair in self.pairs])

    @cached_property
    def who_said(self) -> pd.DataFrame:
        """Who said which label, with a sentence each; see `whosaid.who_said`."""
        return who_said(self.profile, table=self._labels_used)

    @cached_property
    def unlabelled(self) -> pd.DataFrame:
        """Articles that speak of an event and use no label of it; see `avoidance.unlabelled`."""
        return unlabelled(self.profile, table=self._labels_used)

    @cached_property
    def unlabelled_passages(self) -> pd.DataFrame:
        """Where they do so, with the sentences; see `avoidance.unlabelled_passages`."""
        return with_sentences(self.profile, unlabelled_passages(self.profile))

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """One row a use of a label, with its sentence."""
        return with_sentences(self.profile, self._labels_used)

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row a metric and outlet; see `Profile.metrics`.

        Of a rate of words without negative weights, and of a share, no interval reaches below 0,
        where neither can be.
        """
        table = self.profile.metrics()
        sums = self.profile.sums
        never = {
            metric.name
            for metric in self.profile.metric_list
            if metric.unit in _NEVER_NEGATIVE and all((sums[n] >= 0).all() for n in metric.needs)
        }
        return table.assign(
            low=table["low"].mask(table["metric"].isin(never), table["low"].clip(0))
        )

    @cached_property
    def cues(self) -> pd.DataFrame:
        """Cues by outlet, side and speaker; see `sourcing.cue_table`."""
        return cue_table(self.profile)

    @cached_property
    def cue_classes(self) -> pd.DataFrame:
        """Cues by outlet, side and class; see `sourcing.cue_classes`."""
        return cue_classes(self.profile)

    @cached_property
    def speakers(self) -> pd.DataFrame:
        """Words by outlet and speaker; see `sourcing.speaker_table`."""
        return speaker_table(self.profile)

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Words by kind, side and actor of their source; see `balance.source_balance`."""
        return source_balance(self.profile)

    @cached_property
    def diversity(self) -> pd.DataFrame:
        """How many different sources each outlet hears; see `diversity.diversity`."""
        return diversity(self.profile)

    @cached_property
    def cue_shares(self) -> pd.DataFrame:
        """Classes of cues by outlet and side, with intervals; see `asymmetry.cue_shares`."""
        return cue_shares(self.profile)

    @cached_property
    def cue_asymmetry(self) -> pd.DataFrame:
        """`Comparison.cue_asymmetry` of every pair, after columns a and b, their names.

        p_fwer is over the rows of one pair, p_fwer_all (Holm 1979) over those of all pairs.
        """
        tables = []
        for pair in self.pairs:
            table = pair.cue_asymmetry.copy()
            table.insert(0, "a", pair.a)
            table.insert(1, "b", pair.b)
            tables.append(table)
        every = pd.concat(tables, ignore_index=True)
        every.insert(list(every).index("p_fwer") + 1, "p_fwer_all", holm(every["p"].to_numpy()))
        return every

    @cached_property
    def side_asymmetry(self) -> pd.DataFrame:
        """Classes of cues of every two sides within each outlet; see `asymmetry`."""
        return side_asymmetry(self.profile, seed=self.pairs[0].contrast.seed)

    @cached_property
    def adoption(self) -> pd.DataFrame:
        """Labels that outlets quote, and when they became their wording; see `adoption`."""
        return adoption(self.profile, table=self._labels_used)

    @cached_property
    def first_uses(self) -> pd.DataFrame:
        """Which outlet carried each label first; see `adoption.first_uses`."""
        return first_uses(self.profile, table=self._labels_used)

    @cached_property
    def distance(self) -> pd.DataFrame:
        """How often labels are held at arm's length; see `adoption.distance`."""
        return distance(self.profile, table=self._labels_used)

    @cached_property
    def _labels_used(self) -> pd.DataFrame:
        return mentions(self.profile)

    @cached_property
    def actor_tones(self) -> pd.DataFrame:
        """Tone of sentences by the actor that they name; see `sourcing.tone_by_actor`."""
        return tone_by_actor(self.profile)


def compare(
    part: Profile,
    a: str,
    b: str | None = None,
    *,
    words: str = "outlet",
    strata: str | Sequence[str] | None = AUTO,
    seed: int = 0,
    unit: str = "auto",
    draws: int = DRAWS,
) -> Comparison:
    """Compare outlet *a* with *b*, or with all others together where *b* is omitted.

    *words* is the group whose terms are compared: own, outlet, quoted or all.  *strata* are what
    articles must be alike in to be held against each other, always together with their length:
    "auto" (stories where most articles have one, else topic and month as far as there are such
    columns), None, a column or several, "month", or "clusters" of the texts.  *unit* is what is
    drawn: "article", "block" (an outlet's articles of one day), or "auto": blocks where articles
    of one day hang together.  *draws* are the permutations, *seed* makes them.  Who wrote an
    article is read from a column writer, author or byline, if there is one.

    Raises KeyError for an unknown outlet, group or column, ValueError where *a* and *b* are the
    same, for an unknown unit, a seed below 0 or too few draws, TypeError for no profile and for a
    seed or draws that are no whole numbers.
    """
    _check_profile(part)
    for outlet in (a, b):
        if outlet is not None and outlet not in part.outlets:
            raise KeyError(f"no outlet {outlet!r}; here are {', '.join(part.outlets)}")
    part = _with_writers(part)
    if b is None:
        part, b = _against_the_rest(part, a)
    elif a == b:
        raise ValueError(f"{a!r} cannot be compared with itself; name two outlets")
    Contrast(part, a, b, words, strata, seed, unit, draws).check()
    both = part.select(part.units["outlet"].isin([a, b]).to_numpy())
    uses = mentions(both)
    facts = _facts(both, a, b, uses)
    like = _without_titles(both) if facts.no_titles else both
    contrast = Contrast(like, a, b, words, strata, seed, unit, draws)
    return Comparison(both, a, b, words, facts, contrast, uses)


def compare_all(
    part: Profile,
    *,
    outlets: Sequence[str] | None = None,
    words: str = "outlet",
    strata: str | Sequence[str] | None = AUTO,
    seed: int = 0,
    unit: str = "auto",
    draws: int = DRAWS,
) -> Comparisons:
    """Compare every pair of the profile's outlets, or of *outlets*; arguments as `compare`.

    The articles of other outlets are left out of everything.  Raises KeyError for an unknown
    outlet or word group, ValueError where fewer than two outlets are named or here, TypeError
    where *outlets* is one string, else as `compare`.
    """
    _check_profile(part)
    part = _with_writers(part if outlets is None else _only(part, outlets))
    how: dict[str, Any] = {"strata": strata, "seed": seed, "unit": unit, "draws": draws}
    pairs = combinations(part.outlets, 2)
    return Comparisons(part, [compare(part, a, b, words=words, **how) for a, b in pairs])


def _check_profile(part: object) -> None:
    if not isinstance(part, Profile):
        raise TypeError(
            f"a {type(part).__name__} is no profile; make one with bias_toolkit.profile(articles)"
        )


def _only(part: Profile, outlets: Sequence[str]) -> Profile:
    """The articles of the named outlets."""
    if isinstance(outlets, str):
        raise TypeError(f"outlets {outlets!r}: must be a list of names")
    unknown = [name for name in outlets if name not in part.outlets]
    if unknown:
        raise KeyError(f"no outlet {unknown[0]!r}; here are {', '.join(part.outlets)}")
    if len(set(outlets)) < 2:
        named = ", ".join(dict.fromkeys(outlets)) or "none"
        raise ValueError(
            f"a comparison needs two outlets or more, named: {named}; "
            f"here are {', '.join(part.outlets)}"
        )
    return part.select(part.units["outlet"].isin(list(outlets)).to_numpy())


def _with_writers(part: Profile) -> Profile:
    """The profile with a column `writer`, where one of its columns says who wrote the articles.

    "By Ann Lee" is Ann Lee; "Staff" is nobody, whom two outlets do not share.
    """
    folded = {re.sub(r"[\s_-]+", "_", str(name)).casefold(): name for name in part.units}
    found = next((folded[name] for name in _WRITERS if name in folded), None)
    if found is None:
        return part
    names = pd.Series(list(map(_writer, part.units[found])), part.units.index, dtype=object)
    if found == "writer" and names.equals(part.units[found].fillna("").astype(object)):
        return part
    return replace(part, units=part.units.assign(writer=names))


def _writer(cell: object) -> str:
    """A writer's name as it stands in a table; "" where it names nobody."""
    name = _BY.sub("", " ".join(cell.split()), count=1) if isinstance(cell, str) else ""
    return "" if name.casefold() in _NOBODY else name


def _distances_of(whole: Comparisons) -> pd.DataFrame:
    """The table of `Comparisons.outlet_distances`."""
    unlike = any(pair.facts.no_titles for pair in whole.pairs)
    part = _without_titles(whole.profile) if unlike else whole.profile
    table = distances(part, words=whole.words, strata=_columns_of(whole.pairs[0]))
    of_pair = {frozenset((row.a, row.b)): number for number, row in enumerate(table.itertuples())}
    order = [of_pair[frozenset((pair.a, pair.b))] for pair in whole.pairs]
    table = table.iloc[order].reset_index(drop=True).drop(columns=["p", "stratified_p"])
    apart = [not pair.facts.comparable for pair in whole.pairs]
    numbers = [name for name in table if name.endswith(("distance", "low", "high", "stratified"))]
    table.loc[apart, numbers] = np.nan
    rows = zip(table.itertuples(), whole.pairs, strict=True)
    reasons = [_no_distance(row, pair) for row, pair in rows]
    return table.assign(reason=reasons)


def _no_distance(row: Any, pair: Comparison) -> str:
    """Why two outlets have no distance, or no interval; "" where they have both."""
    few = min(row.a_articles, row.b_articles)
    if not pair.facts.comparable:
        return "the two outlets wrote at different times"
    if few < 2:
        return "an outlet has only one article: how alike its own articles are is unknown"
    return f"an interval needs {FEWEST} articles of either outlet" if few < FEWEST else ""


def _columns_of(pair: Comparison) -> str | list[str] | None:
    """The strata of a comparison as distances take them: columns, but no clusters of the texts."""
    asked = pair.contrast.strata
    if asked is None or asked == AUTO:
        return asked
    names = [asked] if isinstance(asked, str) else list(asked)
    return [name for name in names if name != "clusters"]


def over_pairs(families: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """P-values over several families of tests, from those over each: Bonferroni's.

    Each is multiplied by the number of families with a test; nan stays nan.  Holm's steps over
    the families would hold for the claim that a pair differs at all, and not for its single
    terms: a pair whose surest term is true holds others that may be false, and stays in the count.
    """
    tested = sum(bool((~np.isnan(p)).any()) for p in families)
    return [np.minimum(p * tested, 1.0) for p in families]


def _against_the_rest(part: Profile, a: str) -> tuple[Profile, str]:
    outlet = part.units["outlet"]
    rest = "all others"
    while rest in part.outlets:  # an outlet of that very name is one of them
        rest += "*"
    if len(part.outlets) < 2:
        raise ValueError(f"only one outlet here ({a}): a comparison needs two or more")
    units = part.units.assign(outlet=outlet.where(outlet == a, rest))
    return replace(part, units=units), rest


# ------------------------------------------------------------------ facts


def _facts(part: Profile, a: str, b: str, uses: pd.DataFrame) -> Facts:
    units = part.units
    mine, theirs = (units[units["outlet"] == name] for name in (a, b))
    days = _days_between(mine, theirs)
    far = _far_off(mine, theirs), _far_off(theirs, mine)
    dated = [int(side["date"].notna().sum()) for side in (mine, theirs)]
    comparable = days is None or _overlap(far, dated) >= _OVERLAP
    events = _shared_events(part, a, b, uses) if comparable else ()
    writers = _shared_writers(mine, theirs)
    facts = Facts(
        a=a,
        b=b,
        a_articles=len(mine),
        b_articles=len(theirs),
        a_dates=_dates(mine),
        b_dates=_dates(theirs),
        days=days,
        a_far=far[0],
        b_far=far[1],
        comparable=comparable,
        events=events,
        writers=writers,
        warnings=(),
        no_titles=_without_headlines(part, a, b),
    )
    return replace(facts, warnings=tuple(_warnings(facts, dated)))


def _overlap(far: Sequence[int], dated: Sequence[int]) -> float:
    """The larger of the two outlets' shares of dated articles that lie near some of the other's."""
    return max(1 - some / n for some, n in zip(far, dated, strict=True))


def _without_headlines(part: Profile, a: str, b: str) -> str:
    """The outlet that hardly ever has headlines while the other mostly has; "" if none."""
    _, field, _ = unpack(part.marks)
    titled = np.zeros(len(part.units), bool)
    titled[part.unit[field == TITLE]] = True
    outlet = part.units["outlet"].to_numpy(object)
    (fewer, name), (more, _) = sorted(
        (float(titled[outlet == name].mean()), name) for name in (a, b)
    )
    return name if fewer < _HARDLY <= _MOSTLY <= more else ""


def _without_titles(part: Profile) -> Profile:
    """The profile with its headlines as field `other`, and without the hits in them."""
    voice, field, act = unpack(part.marks)
    rows = part.sentences["field"]
    return replace(
        part,
        marks=pack(voice, np.where(field == TITLE, OTHER, field), act),
        sentences=part.sentences.assign(field=rows.where(rows != TITLE, OTHER).astype(rows.dtype)),
        hits=part.hits[(part.hits["field"] != TITLE).to_numpy()].reset_index(drop=True),
    )


def _dates(units: pd.DataFrame) -> tuple[str, str] | None:
    days = units["date"].dropna()
    return (min(days), max(days)) if len(days) else None


def _ordinals(units: pd.DataFrame) -> NDArray[np.int64]:
    days = units["date"].dropna()
    return np.array(sorted(dt.date.fromisoformat(day).toordinal() for day in days), np.int64)


def _days_between(mine: pd.DataFrame, theirs: pd.DataFrame) -> int | None:
    """The smallest distance in days between an article of each; None where one has no dates."""
    a, b = _ordinals(mine), _ordinals(theirs)
    if not (len(a) and len(b)):
        return None
    right = np.searchsorted(b, a)
    near = np.minimum(np.abs(a - b[np.clip(right, 0, len(b) - 1)]), np.abs(a - b[right - 1]))
    return int(near.min())


def _shared_events(part: Profile, a: str, b: str, uses: pd.DataFrame) -> tuple[str, ...]:
    """Dated referents that both outlets mention; *uses* are the mentions in either."""
    table = uses[uses["resolved"]]
    dated = {r.name for lexicon in part.lexicons for r in lexicon.referents if r.start}
    named = [set(table.loc[table["outlet"] == name, "referent"]) & dated for name in (a, b)]
    return tuple(sorted(named[0] & named[1]))


def _shared_writers(mine: pd.DataFrame, theirs: pd.DataFrame) -> tuple[str, ...]:
    if "writer" not in mine:
        return ()
    names = [{w for w in side["writer"] if isinstance(w, str) and w} for side in (mine, theirs)]
    return tuple(sorted(names[0] & names[1]))


def _warnings(facts: Facts, dated: Sequence[int]) -> Iterator[str]:
    """What a reader must know before any number, most important first.

    *dated* are the articles of either that have a date.
    """
    if facts.days is None:
        none = "either outlet" if not any(dated) else facts.b if dated[0] else facts.a
        yield (
            f"No article of {none} has a date: whether both outlets wrote at the same time is "
            "unknown."
        )
    elif not facts.comparable:
        yield (
            f"The two outlets wrote at different times: {_how_far(facts, dated)}. Labels stand "
            "side by side; no list of differences is drawn."
        )
    if facts.writers:
        more = len(facts.writers) - _MOST_WRITERS
        named = ", ".join(facts.writers[:_MOST_WRITERS]) + (f", and {more:,} more" * (more > 0))
        yield (
            f"Both carry text by the same writer{'s' * (len(facts.writers) > 1)} ({named}): "
            "agreement between them is no independent evidence."
        )
    if facts.no_titles:
        other = facts.b if facts.no_titles == facts.a else facts.a
        yield (
            f"Hardly any article of {facts.no_titles} has a headline here: those of {other} are "
            "left out where words are compared, so that like is held against like."
        )
    fewest = min(facts.a_articles, facts.b_articles)
    if fewest < FEWEST_TO_RANK:
        yield (
            f"Articles: {facts.a_articles:,} against {facts.b_articles:,}, enough to describe, not "
            "to test. Differences may be those of two articles, not of two outlets."
        )
    sides = ((facts.a, facts.a_far, dated[0]), (facts.b, facts.b_far, dated[1]))
    for name, count, of in sides:
        if count and facts.comparable:
            yield (
                f"{count:,} of the {of:,} dated articles of {name} {'is' if count == 1 else 'are'} "
                f"more than {NEAR} days from any of the other outlet."
            )


def _how_far(facts: Facts, dated: Sequence[int]) -> str:
    """How little two outlets meet in time."""
    if facts.days is not None and facts.days > NEAR:
        return f"their nearest articles are {facts.days:,} days apart"
    a, b = dated[0] - facts.a_far, dated[1] - facts.b_far
    return (
        f"only {a:,} of the {dated[0]:,} dated articles of {facts.a} and {b:,} of the "
        f"{dated[1]:,} of {facts.b} lie within {NEAR} days of one of the other outlet"
    )


def _far_off(mine: pd.DataFrame, theirs: pd.DataFrame) -> int:
    """Articles of *mine* with none of *theirs* within NEAR days."""
    a, b = _ordinals(mine), _ordinals(theirs)
    if not (len(a) and len(b)):
        return 0
    near = np.searchsorted(b, a + NEAR, "right") > np.searchsorted(b, a - NEAR)
    return int((~near).sum())


# ------------------------------------------------------------------ evidence


def evidence(part: Profile, term: str, outlets: tuple[str, ...]) -> pd.DataFrame:
    """Every sentence of *outlets* in which *term* stands; see `Comparison.sentences`."""
    _check_term(term)
    terms = tuple(map(Term, _spellings(term)))
    lexicon = Lexicon("term", "term", categories=(Category("term", "", terms),))
    units = np.flatnonzero(part.units["outlet"].isin(outlets).to_numpy() & _may_hold(part, term))
    annotator = Annotator([lexicon])
    texts = part.texts(units)
    chunk = annotator.annotate(texts["title"].tolist(), texts["text"].tolist())
    hits, batch = chunk.hits, chunk.batch
    doc = batch.doc[hits.first]
    rows = part.units.iloc[units[chunk.row[doc]]].reset_index(drop=True)
    names = np.array([*chunk.speakers.names, ""], object)
    sentence = batch.sentence[hits.first]
    return pd.DataFrame(
        {
            "outlet": rows["outlet"],
            "article": rows["id"],
            "date": rows["date"],
            "sentence": [batch.text_of(number) for number in sentence.tolist()],
            "start": hits.start,
            "end": hits.end,
            "voice": np.array(VOICES, object)[chunk.hit_voice],
            "speaker": names[chunk.hit_owner],
            "url": rows["url"],
            "field": np.array(FIELDS, object)[batch.field[hits.first]],
            "part": np.array(PARTS, object)[chunk.part[doc]],
        }
    )


def _check_term(term: str) -> None:
    """A term must hold a word, and a star may only end one."""
    if not any(map(str.isalnum, term)):
        raise ValueError(f"{term!r} holds no word; write at least one letter or digit")
    if any("*" in word[:-1] for word in term.split()):
        raise ValueError(f'{term!r}: a star may only end a word; write "terror*"')


def _spellings(term: str) -> list[str]:
    """*term*, and as it is written in texts where tables have "sen." or "then-gov." for a title."""
    capital = re.sub(r"(?<![^\s-])[a-z](?=[a-z]+\.(?!\S))", lambda m: m[0].upper(), term)
    return list(dict.fromkeys([term, capital]))


def _may_hold(part: Profile, term: str) -> NDArray[np.bool_]:
    """Units whose words could begin *term*: the others need not be read again."""
    first = words_of(term).split()[0]
    star = first.endswith("*")
    stem = first.rstrip("*")
    some = np.array(
        [
            stem in word
            if "-" in word
            else (word.startswith(stem) if star else word.rstrip(".") == stem.rstrip("."))
            for word in part.vocabulary
        ],
        bool,
    )
    keep = np.zeros(len(part.units), bool)
    _, field, _ = unpack(part.marks)
    keep[np.unique(part.unit[some[part.word] & (field != OTHER)])] = True
    return keep
