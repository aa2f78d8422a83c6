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
from bias_toolkit.balance import source_balance, source_balance_of_two
from bias_toolkit.classical import classical_measures
from bias_toolkit.cleaning import FIELDS, OTHER
from bias_toolkit.diversity import diversity, diversity_of_two
from bias_toolkit.keyness import ALPHA, DRAWS, FEWEST_DRAWS, UNITS
from bias_toolkit.keysentences import about
from bias_toolkit.keyterms import AUTO, FEWEST_TO_TEST, Contrast, in_words
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.matching import words_of
from bias_toolkit.metrics import difference, estimate
from bias_toolkit.profiles import GROUPS, Profile, unpack
from bias_toolkit.sourcing import cue_classes, cue_table, speaker_table, tone_by_actor
from bias_toolkit.wordchoice import label_shares, mentions, with_sentences

NEAR = 31  # days: articles further apart than this are not held to report on one event
FEWEST_TO_RANK = FEWEST_TO_TEST  # articles a side: below, terms are described, never ranked


@dataclass(frozen=True)
class Facts:
    """What makes a comparison fair: sizes, dates, events, writers.

    `days` is the smallest number of days between an article of each; `comparable` whether that
    is at most NEAR; `events` the dated referents that both mention; `writers` those they share.
    Undated articles leave `days` None and the comparison allowed, with a warning.
    """

    a: str
    b: str
    a_articles: int
    b_articles: int
    a_dates: tuple[str, str] | None
    b_dates: tuple[str, str] | None
    days: int | None
    comparable: bool
    events: tuple[str, ...]
    writers: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two outlets side by side.  Tables are made when first asked for."""

    profile: Profile
    a: str
    b: str
    words: str
    facts: Facts
    contrast: Contrast

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
        largest_day (shares of the uses), survives (still found without the largest article).

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
        """One row a referent, label and word group: uses and shares in both outlets.

        Columns: referent, label, side, words, a_count, b_count, a_articles, b_articles, a_share,
        b_share (of the referent's labels in that outlet and group).
        """
        return pd.concat([self._labels_of(words) for words in GROUPS], ignore_index=True)

    def _labels_of(self, words: str) -> pd.DataFrame:
        shares = label_shares(self.profile, (self.a, self.b), words)
        names = {}
        for short, outlet in (("a", self.a), ("b", self.b)):
            for column in ("count", "articles", "share"):
                names[f"{outlet}.{column}"] = f"{short}_{column}"
        return shares.rename(columns=names)

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
    def mentions(self) -> pd.DataFrame:
        """One row a use of a label in either outlet; see `wordchoice.mentions`."""
        table = mentions(self.profile)
        return table[table["outlet"].isin([self.a, self.b])].reset_index(drop=True)

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
        table = cue_asymmetry(self.profile, self.a, self.b)
        if self.facts.comparable:
            return table
        reason = "the two outlets wrote at different times"
        return table.assign(p=np.nan, p_fwer=np.nan, draws=0, reason=reason)

    @cached_property
    def side_asymmetry(self) -> pd.DataFrame:
        """Classes of cues of every two sides within either outlet; see `asymmetry`."""
        return side_asymmetry(self.profile)

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

    def __init__(self, part: Profile, words: str, how: dict[str, Any]) -> None:
        self.profile = part
        self.words = words
        outlets = list(part.outlets)
        if len(outlets) < 2:
            raise ValueError(
                f"only one outlet here ({', '.join(outlets)}): a comparison needs two or more"
            )
        self.pairs = [compare(part, a, b, words=words, **how) for a, b in combinations(outlets, 2)]

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        return f"<Comparisons of {', '.join(self.profile.outlets)}>"

    @cached_property
    def terms(self) -> pd.DataFrame:
        """`Comparison.terms` of every pair, after columns a and b, with p_fwer_all.

        p_fwer_all is over the terms of all pairs: Holm's (1979) steps over the pairs, each by its
        smallest p_fwer.
        """
        tables = [
            pair.terms.assign(a=pair.a, b=pair.b)[["a", "b", *pair.terms.columns]]
            for pair in self.pairs
        ]
        over_all = _over_pairs([table["p_fwer"].to_numpy() for table in tables])
        for table, p in zip(tables, over_all, strict=True):
            table.insert(list(table).index("p_fwer") + 1, "p_fwer_all", p)
        return pd.concat(tables, ignore_index=True)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """One row a referent, label and word group: count, articles and share by outlet."""
        outlets = tuple(self.profile.outlets)
        return pd.concat(
            [label_shares(self.profile, outlets, words) for words in GROUPS], ignore_index=True
        )

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """One row a use of a label, with its sentence."""
        return with_sentences(self.profile, self._labels_used)

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """One row a metric and outlet; see `Profile.metrics`."""
        return self.profile.metrics()

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
        return side_asymmetry(self.profile)

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
    of one day hang together.  *draws* are the permutations, *seed* makes them.

    Raises KeyError for an unknown outlet, group or column, ValueError where *a* and *b* are the
    same, for an unknown unit or too few draws.
    """
    if words not in GROUPS:
        raise KeyError(f"no word group {words!r}; there are {', '.join(GROUPS)}")
    for outlet in (a, b):
        if outlet is not None and outlet not in part.outlets:
            raise KeyError(f"no outlet {outlet!r}; here are {', '.join(part.outlets)}")
    if unit not in UNITS:
        raise ValueError(f"no unit {unit!r}: must be one of {', '.join(UNITS)}")
    if draws < FEWEST_DRAWS:
        raise ValueError(f"{draws} draws: {FEWEST_DRAWS} or more are needed to reach p = {ALPHA}")
    if b is None:
        part, b = _against_the_rest(part, a)
    elif a == b:
        raise ValueError(f"{a!r} cannot be compared with itself; name two outlets")
    both = part.select(part.units["outlet"].isin([a, b]).to_numpy())
    contrast = Contrast(both, a, b, words, strata, seed, unit, draws)
    contrast.check()
    return Comparison(both, a, b, words, _facts(both, a, b), contrast)


def compare_all(
    part: Profile,
    *,
    words: str = "outlet",
    strata: str | Sequence[str] | None = AUTO,
    seed: int = 0,
    unit: str = "auto",
    draws: int = DRAWS,
) -> Comparisons:
    """Compare every pair of the profile's outlets; arguments as `compare`.

    Raises KeyError for an unknown word group, ValueError where there is only one outlet.
    """
    how = {"strata": strata, "seed": seed, "unit": unit, "draws": draws}
    return Comparisons(part, words, how)


def _over_pairs(families: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Family-wise p-values over several families, by Holm's steps over their smallest ones."""
    best = [np.nanmin(p) if len(p) and not np.isnan(p).all() else np.nan for p in families]
    able = [i for i in np.argsort(best, kind="stable").tolist() if not np.isnan(best[i])]
    found = [np.full(len(p), np.nan) for p in families]
    floor = 0.0
    for rank, i in enumerate(able):
        steps = len(able) - rank
        found[i] = np.minimum(np.maximum(families[i] * steps, floor), 1.0)
        floor = max(floor, min(best[i] * steps, 1.0))
    return found


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


def _facts(part: Profile, a: str, b: str) -> Facts:
    units = part.units
    mine, theirs = (units[units["outlet"] == name] for name in (a, b))
    days = _days_between(mine, theirs)
    comparable = days is None or days <= NEAR
    events = _shared_events(part, a, b) if comparable else ()
    writers = _shared_writers(mine, theirs)
    facts = Facts(
        a=a,
        b=b,
        a_articles=len(mine),
        b_articles=len(theirs),
        a_dates=_dates(mine),
        b_dates=_dates(theirs),
        days=days,
        comparable=comparable,
        events=events,
        writers=writers,
        warnings=(),
    )
    return replace(facts, warnings=tuple(_warnings(facts, mine, theirs)))


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


def _shared_events(part: Profile, a: str, b: str) -> tuple[str, ...]:
    """Dated referents that both outlets mention."""
    table = mentions(part)
    table = table[table["resolved"]]
    dated = {r.name for lexicon in part.lexicons for r in lexicon.referents if r.start}
    named = [set(table.loc[table["outlet"] == name, "referent"]) & dated for name in (a, b)]
    return tuple(sorted(named[0] & named[1]))


def _shared_writers(mine: pd.DataFrame, theirs: pd.DataFrame) -> tuple[str, ...]:
    if "writer" not in mine:
        return ()
    names = [{w for w in side["writer"] if isinstance(w, str) and w} for side in (mine, theirs)]
    return tuple(sorted(names[0] & names[1]))


def _warnings(facts: Facts, mine: pd.DataFrame, theirs: pd.DataFrame) -> Iterator[str]:
    """What a reader must know before any number, most important first."""
    if facts.days is None:
        yield "Some articles have no date: whether both outlets wrote at the same time is unknown."
    elif not facts.comparable:
        yield (
            f"The two outlets wrote at different times: their nearest articles are "
            f"{facts.days:,} days apart. Labels stand side by side; no list of differences is "
            "drawn."
        )
    if facts.writers:
        yield (
            f"Both carry text by the same writer ({', '.join(facts.writers)}): agreement between "
            "them is no independent evidence."
        )
    fewest = min(facts.a_articles, facts.b_articles)
    if fewest < FEWEST_TO_RANK:
        yield (
            f"Articles: {facts.a_articles:,} against {facts.b_articles:,}, enough to describe, not "
            "to test. Differences may be those of two articles, not of two outlets."
        )
    far = [_far_off(side, other) for side, other in ((mine, theirs), (theirs, mine))]
    for name, count, side in zip((facts.a, facts.b), far, (mine, theirs), strict=True):
        if count and facts.comparable:
            yield (
                f"{count} of the {len(side)} articles of {name} {'is' if count == 1 else 'are'} "
                f"more than {NEAR} days from any of the other outlet."
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
