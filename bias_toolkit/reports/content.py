"""Arrange a comparison into what a report shows, as plain records without any markup.

The page and the terminal text are written from the same records, and every record is read off
a table of the comparison, so that no number is worked out twice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from bias_toolkit import plots, whosaid
from bias_toolkit.comparison import Comparison, Comparisons, Facts
from bias_toolkit.keyness import ALPHA
from bias_toolkit.lexicon import Label, Referent
from bias_toolkit.profiles import Profile
from bias_toolkit.reports import words as w
from bias_toolkit.reports.limits import by_rate, rests_on
from bias_toolkit.wordchoice import referents

HOW = whosaid.WAYS  # the three ways in which a label can stand in a text, by voice
WAYS = ("own", "reported", "quoted")
_REACH = 170  # characters of a sentence shown on either side of a term
_SPARE = 40  # a cut that saves less than this is not worth its dots
_MOST_TERMS = 30
_MOST_SPEAKERS = 3  # shown for one label of one outlet in one way; the rest is in the tables

Counts = dict[str, dict[str, int]]
# Mentions by referent, label, outlet and way.
Places = dict[tuple[str, str, str, str], list[dict[str, Any]]]


@dataclass(frozen=True)
class Use:
    """Uses of one label by one outlet in one way and from one speaker, and one sentence."""

    outlet: str
    how: str
    speaker: str  # as shown: "Dmitry Peskov", "it (→ Baku)", or ""
    cue: str
    credit: str
    count: int
    before: str
    term: str
    after: str
    place: str  # "headline", "picture caption", or "" for the body
    article: str
    date: str


@dataclass(frozen=True)
class LabelRow:
    """One label of a referent: who prefers it, how often each outlet uses it, and the uses."""

    label: str
    side: str  # who prefers it, "" if nobody
    official: str
    note: str
    counts: Counts  # outlet -> way -> uses
    shares: Mapping[str, str]  # outlet -> share in the compared words, where there is an interval
    uses: tuple[Use, ...]
    more: int  # uses by further speakers, which are in the tables only

    @property
    def total(self) -> int:
        """All uses by all outlets."""
        return sum(sum(ways.values()) for ways in self.counts.values())


@dataclass(frozen=True)
class ReferentPart:
    """One thing and the labels for it: those used here, and the names of those that are not."""

    name: str
    about: str
    dated: bool
    time: str  # when the labels can mean it: "from 20 September 2023 on", or ""
    labels: tuple[LabelRow, ...]
    unused: tuple[str, ...]
    out_of_time: tuple[str, ...]  # outlets without an article of the time the labels count for
    silent: tuple[tuple[str, str], ...]  # outlets, and their articles that use none of the labels

    @property
    def contested(self) -> bool:
        """Whether a label that one side prefers is used for it."""
        return any(row.side for row in self.labels)

    @property
    def competing(self) -> bool:
        """Whether several labels stand side by side in several outlets' texts."""
        counts = [item for row in self.labels for item in row.counts.items()]
        return len(self.labels) > 1 and len({name for name, n in counts if any(n.values())}) > 1


def as_comparisons(result: Comparison | Comparisons) -> Comparisons:
    """*result* itself, or the one pair in the form of all pairs, its order of outlets kept.

    Raises TypeError for anything else.
    """
    if not isinstance(result, (Comparison, Comparisons)):
        raise TypeError(
            f"a {type(result).__name__} is no comparison; give what compare or compare_all returns"
        )
    return result if isinstance(result, Comparisons) else Comparisons(result.profile, [result])


def outlets(whole: Comparisons) -> list[str]:
    """The outlets in the order of a single pair, else in that of the profile."""
    if len(whole.pairs) == 1:
        return [whole.pairs[0].a, whole.pairs[0].b]
    return list(whole.profile.outlets)


# ------------------------------------------------------------------ labels


def referent_parts(whole: Comparisons) -> list[ReferentPart]:
    """Every referent that is named here: events first, then what sides call by their own names."""
    places: Places = defaultdict(list)
    for row in mention_rows(whole, resolved=True):
        places[row["referent"], row["label"], row["outlet"], HOW[row["voice"]]].append(row)
    named = {key[0] for key in places}
    known = referents(whole.profile).values()
    shares, silent = _shares(whole), _silent(whole)
    parts = [
        _part(referent, places, whole, shares, silent.get(referent.name, ()))
        for referent in known
        if referent.name in named
    ]
    return sorted(parts, key=lambda part: (not part.dated, not part.contested, not part.competing))


def unresolved_uses(whole: Comparisons) -> list[tuple[str, str, Use]]:
    """Uses that could mean several referents: the referents, the label, and the use."""
    rows = mention_rows(whole, resolved=False)
    return [(row["referent"], row["label"], use_of(row, 1)) for row in rows]


def mention_rows(
    whole: Comparisons, resolved: bool, of: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Mentions as dictionaries, with the writer of each article, "" where none is recorded.

    *of* are values that columns must have, as in {"outlet": "TASS"}.
    """
    table, units = whole.mentions, whole.profile.units
    keep = table["resolved"].astype(bool) == resolved
    for name, value in (of or {}).items():
        keep &= table[name] == value
    table = table[keep]
    writers = units["writer"].tolist() if "writer" in units else [""] * len(units)
    rows = table.to_dict("records")
    for row in rows:
        writer = writers[row["unit"]]
        row["writer"] = writer if isinstance(writer, str) else ""
    return rows


# Shares of labels as shown, by referent, label and outlet.
Shares = Mapping[tuple[str, str, str], str]


def _shares(whole: Comparisons) -> Shares:
    """Shares of labels in the compared words, where articles are enough for an interval."""
    table = whole.labels[(whole.labels["words"] == whole.words).to_numpy(bool)]
    found = {}
    for row in table.to_dict("records"):
        for name in outlets(whole):
            share, low, high = (row[f"{name}.{end}"] for end in ("share", "low", "high"))
            if low >= 0:
                found[row["referent"], row["label"], name] = w.share(share, low, high)
    return found


def _silent(whole: Comparisons) -> dict[str, tuple[tuple[str, str], ...]]:
    """By referent, the outlets whose articles speak of it without its labels: "2 beside 5"."""
    table = whole.unlabelled[(whole.unlabelled["unlabelled"] > 0).to_numpy(bool)]
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in table.to_dict("records"):
        beside = f"{w.whole(row['unlabelled'])} beside {w.whole(row['fresh_labelled'])}"
        known = found.get(row["referent"], ())
        found[row["referent"]] = (*known, (row["outlet"], beside))
    return found


def _part(
    referent: Referent,
    places: Places,
    whole: Comparisons,
    shares: Shares,
    silent: tuple[tuple[str, str], ...],
) -> ReferentPart:
    names = outlets(whole)
    labels = [_label_row(referent, label, places, names, shares) for label in referent.labels]
    away = [name for name in names if not _in_time(whole.profile, name, referent)]
    return ReferentPart(
        name=referent.name,
        about=referent.about,
        dated=referent.start is not None,
        time=w.time_of(referent.start, _end_that_matters(whole.profile, referent)),
        labels=tuple(sorted((row for row in labels if row.total), key=lambda row: -row.total)),
        unused=tuple(row.label for row in labels if not row.total),
        out_of_time=tuple(away),
        silent=silent,
    )


def _end_that_matters(part: Profile, referent: Referent) -> dt.date | None:
    """The last day on which labels can mean *referent*, if any article here is later."""
    last = referent.mentions_until
    return last if last and any(part.units["date"].dropna() > last.isoformat()) else None


def _in_time(part: Profile, outlet: str, referent: Referent) -> bool:
    """Whether an outlet has an article, dated or not, that could name *referent*."""
    first = referent.start.isoformat() if referent.start else ""
    last = referent.mentions_until.isoformat() if referent.mentions_until else "9999"
    days = part.units.loc[part.units["outlet"] == outlet, "date"]
    return any(not isinstance(day, str) or first <= day <= last for day in days)


def _label_row(
    referent: Referent, label: Label, places: Places, names: list[str], shares: Shares
) -> LabelRow:
    counts: Counts = {name: dict.fromkeys(WAYS, 0) for name in names}
    shown: list[Use] = []
    more = 0
    for name, way in product(names, WAYS):
        rows = places.get((referent.name, label.label, name, way), [])
        counts[name][way] = len(rows)
        uses = list(_uses(rows))
        shown += uses[:_MOST_SPEAKERS]
        more += sum(use.count for use in uses[_MOST_SPEAKERS:])
    side = "" if label.side == "neutral" else label.side
    mine = {
        name: shares[key] for name in names if (key := (referent.name, label.label, name)) in shares
    }
    return LabelRow(label.label, side, label.official, label.note, counts, mine, tuple(shown), more)


def _uses(rows: list[dict[str, Any]]) -> Iterator[Use]:
    """The uses of one label by one outlet in one way, a speaker at a time, commonest first."""
    by_speaker: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_speaker[row["speaker"]].append(row)
    for _, mine in sorted(by_speaker.items(), key=lambda item: (-len(item[1]), item[0])):
        yield use_of(mine[0], len(mine))


def use_of(row: Mapping[str, Any], number: int) -> Use:
    """One row of `mention_rows` as it is shown, standing for *number* uses."""
    before, term, after = excerpt(row["text"], row["text_start"], row["text_end"])
    return Use(
        outlet=row["outlet"],
        how=HOW[row["voice"]],
        speaker=w.shown_speaker(row),
        cue=w.cue_note(row),
        credit=w.credit(row, w.writer_of(w.line(row["outlet"]), w.line(row["writer"]))),
        count=number,
        before=before,
        term=term,
        after=after,
        place=w.PLACES.get(row["field"], ""),
        article=row["article"],
        date=row["date"] if isinstance(row["date"], str) else "",
    )


def excerpt(text: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands before a term in its sentence, the term, and what follows, cut at words.

    >>> excerpt("They called it an act of aggression.", 25, 35)
    ('They called it an act of ', 'aggression', '.')
    """
    before, after = text[:start], text[end:]
    if len(before) > _REACH + _SPARE:
        before = "… " + before[-_REACH:].partition(" ")[2]
    if len(after) > _REACH + _SPARE:
        after = after[:_REACH].rpartition(" ")[0] + " …"
    return _one_line(before), _one_line(text[start:end]), _one_line(after)


def _one_line(text: str) -> str:
    """*text* cleaned, every run of white space one space, those at its ends kept."""
    text = w.clean(text)
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return " " * text[0].isspace() + inner + " " * text[-1].isspace()


# ------------------------------------------------------------------ pairs


@dataclass(frozen=True)
class TermRow:
    """A term that two outlets differ in: articles that carry it, and odds of doing so.

    Where it was found by how often it is used, the logarithm is that of the rates' ratio.
    """

    term: str
    a_articles: int
    b_articles: int
    log_odds: float
    low: float
    high: float
    rates: str = ""  # uses per 1,000 words, where it was found by these
    rests: str = ""  # where half or more of its uses stand in one article, day or writer


@dataclass(frozen=True)
class PairPart:
    """Two outlets: their facts, their labels side by side, and the words they differ in."""

    facts: Facts
    side_by_side: tuple[tuple[str, str, str], ...]  # referent, labels of a, labels of b
    only_a: tuple[str, ...]  # referents that only a names
    only_b: tuple[str, ...]
    ranked: tuple[TermRow, ...]  # what was found, where there are articles enough to test
    counted: tuple[tuple[str, str], ...]  # else: where words of the lists stand, and which
    further: int  # found and not ranked here: beyond the first, or part of one of these
    articles: tuple[int, int]  # that count, of either: all but repeated ones
    compared: int  # how many words and phrases were tested; 0 where none were
    method: tuple[str, ...]  # how, in sentences, or why not

    @property
    def resting(self) -> bool:
        """Whether any of the ranked terms rests on one article, day or writer."""
        return any(row.rests for row in self.ranked)

    @property
    def rated(self) -> bool:
        """Whether any of the ranked terms was found by how often it is used."""
        return any(row.rates for row in self.ranked)


def pair_parts(whole: Comparisons, parts: list[ReferentPart]) -> list[PairPart]:
    """Every pair of outlets, with what the referents of *parts* say of it."""
    return [_pair(result, parts) for result in whole.pairs]


def _pair(result: Comparison, parts: list[ReferentPart]) -> PairPart:
    named = [(p.name, _labels_of(p, result.a), _labels_of(p, result.b)) for p in parts]
    ranked = tuple(_ranked(result)) if result.facts.comparable else ()
    words = result.terms[(result.terms["kind"] != "category").to_numpy(bool)]
    found = ((words["p_fwer"] <= ALPHA) & (words["style"] == "")).sum()
    return PairPart(
        facts=result.facts,
        side_by_side=tuple((name, a, b) for name, a, b in named if a and b),
        only_a=tuple(_only(parts, result.a, result.b)),
        only_b=tuple(_only(parts, result.b, result.a)),
        ranked=ranked,
        counted=tuple(_counted(result)) if result.facts.comparable and not ranked else (),
        further=int(found) - len(ranked),
        articles=result.contrast.articles,
        compared=int(words["p_fwer"].notna().sum()),
        method=tuple(result.method),
    )


def _labels_of(part: ReferentPart, outlet: str) -> str:
    """An outlet's labels for a referent: "exodus (1 own); flight (1 own, 2 reported)"."""
    found = []
    for row in part.labels:
        ways = [f"{n} {way}" for way, n in row.counts[outlet].items() if n]
        if ways:
            found.append(f"{row.label} ({', '.join(ways)})")
    return "; ".join(found)


def _only(parts: list[ReferentPart], mine: str, other: str) -> Iterator[str]:
    """What one outlet names and the other, though it could, does not."""
    for part in parts:
        if _labels_of(part, mine) and not _labels_of(part, other) and other not in part.out_of_time:
            yield part.name


def _ranked(result: Comparison) -> Iterator[TermRow]:
    """The findings that the figure draws, the surest to either side."""
    for row in plots.term_odds(result).itertuples(index=False):
        counts, ends = (row.a_articles, row.b_articles), (row.effect_low, row.effect_high)
        yield TermRow(row.term, *counts, row.effect, *ends, by_rate(row), rests_on(row))


def _counted(result: Comparison) -> Iterator[tuple[str, str]]:
    """Words of the lists in only one outlet and in both, with their uses, commonest first."""
    table = plots.term_counts(result)
    a, b = table["a_count"], table["b_count"]
    for name, mine in ((result.a, (a > 0) & (b == 0)), (result.b, (a == 0) & (b > 0))):
        rows = table[mine]
        uses = [f"{row.term} {row.a_count + row.b_count}" for row in rows.itertuples(index=False)]
        yield f"only {name}", _some(uses)
    rows = table[(a > 0) & (b > 0)]
    uses = [f"{row.term} {row.a_count}:{row.b_count}" for row in rows.itertuples(index=False)]
    yield f"both ({result.a}:{result.b})", _some(uses)


def _some(uses: list[str]) -> str:
    """The first uses in a row, and how many more there are; a dash where there are none."""
    more = len(uses) - _MOST_TERMS
    return (", ".join(uses[:_MOST_TERMS]) or w.NONE) + (f", and {more} more" if more > 0 else "")
