"""Examine a lexicon on a corpus: which entries do nothing, which do too much, which mislead.

Lexicons do not compete with each other, so each entry is also matched as a lexicon of its own:
where that matches and the lexicon as a whole does not, a longer or earlier entry has covered it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.annotation import PARTS
from bias_toolkit.articles import Reject
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.matching import Entry, entries_of, words_of
from bias_toolkit.profiles import Profile, profile
from bias_toolkit.wordchoice import with_sentences

__all__ = ["Examined", "Pair", "contents", "described", "examine", "pairs", "pairs_described"]

_KINDS = ("category", "label", "actor")  # contexts and topics only decide about others
_COMMONEST = 10
_EXAMPLES = 3  # sentences an ambiguous entry
_AT_ONCE = 2000  # articles whose texts are in memory together
_MIXED = 0.1  # share of hits with, and without, a capital that makes a word look like a name too
_SHOWN = 10  # lines a section
_WINDOW = 80  # signs on either side of a term
_MARKS = "\"'“”„«»‘’‚‹›( \n\t"  # before the first word of a sentence


class Pair(NamedTuple):
    """Two entries that match the same words.

    `relation` is "duplicate" where they are the same wording, "overlap" where the second matches
    whatever the first does; `same` says whether they stand in the same category, where the first
    then adds nothing.
    """

    relation: str
    first: Entry
    second: Entry
    same: bool


@dataclass(frozen=True)
class Examined:
    """What a corpus says about a lexicon; tables are in the lexicon's order, `ambiguous` is in the
    order of how many hits are.

    `entries`: one row an entry: kind, category, referent, term, matches (alone), hits (among the
    others), articles with a hit, fate ("used", "dead", "shadowed") and covered_by.
    `coverage`: one row a category and outlet: hits, articles, share of the outlet's articles with
    a hit, and hits per thousand words of the outlet.
    `commonest`: one row a category and wording, ten a category: hits and share of its hits.
    `dominance`: one row a category: hits, terms, used, top_term and top_share of the hits.
    `ambiguous`: one row an example sentence: category, referent, term, reason, outlet, article,
    text, and the term's text_start and text_end in it; at most three sentences an entry.
    """

    pairs: tuple[Pair, ...]
    entries: pd.DataFrame
    coverage: pd.DataFrame
    commonest: pd.DataFrame
    dominance: pd.DataFrame
    ambiguous: pd.DataFrame
    rejects: tuple[Reject, ...]


def contents(lexicon: Lexicon) -> str:
    """What was read from a lexicon, so that a list that was read otherwise than meant shows.

    >>> contents(Lexicon("x", "", categories=(Category("war", "", (Term("war"),)),)))
    'Read: 1 category with 1 term'
    """
    terms = sum(len(category.terms) for category in lexicon.categories)
    labels = [label for referent in lexicon.referents for label in referent.labels]
    wordings = sum(len(label.terms) for label in labels)
    parts = (
        (lexicon.categories, f"{_count(lexicon.categories, 'category')} with {_some(terms)}"),
        (
            lexicon.referents,
            f"{_count(lexicon.referents, 'thing')} with {_count(labels, 'label')} of "
            f"{_some(wordings)}",
        ),
        (lexicon.actors, _count(lexicon.actors, "actor")),
    )
    return "Read: " + "; ".join(text for some, text in parts if some)


def _count(things: Sequence[object], noun: str) -> str:
    many = "categories" if noun == "category" else f"{noun}s"
    return f"{len(things):,} {noun if len(things) == 1 else many}"


def _some(terms: int) -> str:
    return f"{terms:,} term{'s' * (terms != 1)}"


def examine(lexicon: Lexicon, articles: pd.DataFrame | str | Path) -> Examined:
    """Match *lexicon* against *articles* (a DataFrame or a path) and look at each entry.

    Raises as `profile` does.
    """
    entries = _watched(lexicon)
    part = profile(articles, [lexicon, *_alone(entries)])
    of_lexicon = sum(map(len, entries_of(lexicon)))
    number = part.hits["entry"].to_numpy(np.int64)
    position = _positions(lexicon)
    hits = part.hits[number < of_lexicon]
    hits = hits.assign(entry=position[hits["entry"].to_numpy()])
    hits = _with_wordings(part, hits[hits["entry"] >= 0].reset_index(drop=True))
    alone = part.hits[number >= of_lexicon]
    alone = alone.assign(entry=alone["entry"] - of_lexicon).reset_index(drop=True)
    table = _fates(entries, hits, alone)
    return Examined(
        pairs=tuple(pairs(lexicon)),
        entries=table,
        coverage=_coverage(part, table, hits),
        commonest=_commonest(table, hits),
        dominance=_dominance(table),
        ambiguous=_ambiguous(part, table, hits),
        rejects=tuple(part.rejects),
    )


def _watched(lexicon: Lexicon) -> list[Entry]:
    return [entry for group in entries_of(lexicon) for entry in group if entry.kind in _KINDS]


def _positions(lexicon: Lexicon) -> NDArray[np.int64]:
    """The position among the watched entries of each entry of the matcher, -1 if not watched."""
    kinds = [entry.kind in _KINDS for group in entries_of(lexicon) for entry in group]
    return np.where(kinds, np.cumsum(kinds) - 1, -1).astype(np.int64)


def _alone(entries: Iterable[Entry]) -> list[Lexicon]:
    """A lexicon for each entry, so that none can cover another."""
    return [
        Lexicon(f"\0{number}", "", categories=(Category(str(number), "", (entry.term,)),))
        for number, entry in enumerate(entries)
    ]


# ------------------------------------------------------------------ pairs, without a corpus


def pairs(lexicon: Lexicon) -> list[Pair]:
    """Entries that match the same words as another of the lexicon's categories and labels do.

    Those that mean the same category twice come first, then duplicates.  Time grows with the
    number of entries and the length of their words, not with the number of pairs that could be.
    """
    entries = [entry for entry in _watched(lexicon) if entry.kind != "actor"]
    patterns = [words_of(entry.term.text) for entry in entries]
    tree = _tree(patterns)
    found = []
    for number, pattern in enumerate(patterns):
        first = entries[number]
        for other in _covering(tree, pattern.split(), 0):
            second, equal = entries[other], patterns[other] == pattern
            same = (first.category, first.referent) == (second.category, second.referent)
            again = equal and other < number and first.term.case == second.term.case
            if (
                other == number
                or again
                or _is_stricter(second.term, first.term, equal and not same)
            ):
                continue  # a duplicate is told once, from the earlier entry
            found.append(Pair("duplicate" if equal else "overlap", first, second, same))
    return sorted(found, key=lambda pair: (not pair.same, pair.relation))


def _is_stricter(term: Term, than: Term, only_case: bool) -> bool:
    """Whether *term* lets go some of the places where *than* counts."""
    more = not set(term.exceptions) <= set(than.exceptions) or term.in_topic > than.in_topic
    return term.case > than.case or (more and not only_case)


def _tree(patterns: Sequence[str]) -> dict[str, Any]:
    """Patterns by their words; under "" the entries that end there."""
    tree: dict[str, Any] = {}
    for number, pattern in enumerate(patterns):
        node = tree
        for word in pattern.split():
            node = node.setdefault(word, {})
        node.setdefault("", []).append(number)
    return tree


def _covering(node: dict[str, Any], words: list[str], at: int) -> Iterator[int]:
    """Entries that match whatever *words* match."""
    if at == len(words):
        yield from node.get("", ())
        return
    word = words[at]
    stem = word.removesuffix("*")
    ways = [word, *(f"{stem[:size]}*" for size in range(len(stem) + 1))]
    for way in dict.fromkeys(ways):
        if way in node:
            yield from _covering(node[way], words, at + 1)


# ------------------------------------------------------------------ entries


def _fates(entries: Sequence[Entry], hits: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """What became of each entry."""
    size = len(entries)
    table = pd.DataFrame(
        {
            "kind": [entry.kind for entry in entries],
            "category": [entry.category for entry in entries],
            "referent": [entry.referent for entry in entries],
            "term": [entry.term.text for entry in entries],
            "case": [entry.term.case for entry in entries],
            "matches": np.bincount(alone["entry"].to_numpy(np.int64), minlength=size),
            "hits": np.bincount(hits["entry"].to_numpy(np.int64), minlength=size),
        }
    )
    each = hits.drop_duplicates(["entry", "unit"])["entry"].to_numpy(np.int64)
    table["articles"] = np.bincount(each, minlength=size)
    dead, used = table["matches"] + table["hits"] == 0, table["hits"] > 0
    table["fate"] = np.select([dead, used], ["dead", "used"], "shadowed")
    table["covered_by"] = _coverers(table, hits, alone)
    return table


def _coverers(table: pd.DataFrame, hits: pd.DataFrame, alone: pd.DataFrame) -> list[str]:
    """For each shadowed entry the term that covers it most often; actors compete apart."""
    shadowed = (table["fate"] == "shadowed").to_numpy()
    columns = ["sentence", "start", "end", "entry"]
    mine = alone.loc[shadowed[alone["entry"].to_numpy()], columns]
    both = mine.merge(hits[columns], on="sentence", suffixes=("", "_of"))
    both = both[(both["start"] < both["end_of"]) & (both["start_of"] <= both["start"])]
    actor = (table["kind"] == "actor").to_numpy()
    both = both[actor[both["entry"].to_numpy()] == actor[both["entry_of"].to_numpy()]]
    covered = [""] * len(table)
    counts = both.groupby(["entry", "entry_of"]).size().sort_values(kind="stable")
    for entry, other in counts.index:  # the commonest comes last
        covered[entry] = str(table["term"].iloc[other])
    return covered


# ------------------------------------------------------------------ categories


def _coverage(part: Profile, table: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Hits and articles by category and outlet, in the lexicon's and alphabetical order."""
    outlet = part.units["outlet"].to_numpy()
    words = part.sums["words.all"]
    keys = ["kind", "category", "referent"]
    found = table.loc[hits["entry"], keys].reset_index(drop=True)
    found = found.assign(outlet=outlet[hits["unit"].to_numpy()], unit=hits["unit"].to_numpy())
    count = found.groupby([*keys, "outlet"]).size()
    articles = found.drop_duplicates().groupby([*keys, "outlet"]).size()
    rows = []
    for name in table[keys].drop_duplicates().itertuples(index=False):
        for each, number in part.outlets.items():
            place = (*name, each)
            n, some = int(count.get(place, 0)), int(articles.get(place, 0))
            rate = 1000 * n / max(float(words[outlet == each].sum()), 1.0)
            rows.append((*place, n, some, some / number, rate))
    return pd.DataFrame(
        rows, columns=[*keys, "outlet", "hits", "articles", "share", "per_1000_words"]
    )


def _commonest(table: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """The ten commonest wordings of each category, in small letters."""
    keys = ["kind", "category", "referent"]
    found = table.loc[hits["entry"], keys].reset_index(drop=True)
    found["wording"] = hits["wording"].str.lower()
    counts = found.groupby([*keys, "wording"], sort=False).size().rename("hits").reset_index()
    counts["share"] = counts["hits"] / counts.groupby(keys)["hits"].transform("sum")
    order = {name: n for n, name in enumerate(table[keys].itertuples(index=False, name=None))}
    counts["order"] = [order[row] for row in counts[keys].itertuples(index=False, name=None)]
    counts = counts.sort_values(["order", "hits", "wording"], ascending=[True, False, True])
    top = counts.groupby(keys, sort=False).head(_COMMONEST)
    return top.drop(columns="order").reset_index(drop=True)


def _dominance(table: pd.DataFrame) -> pd.DataFrame:
    """How much of each category hangs on its commonest term."""
    rows = []
    for name, mine in table.groupby(["kind", "category", "referent"], sort=False):
        total, top = int(mine["hits"].sum()), mine["hits"].idxmax()
        share = mine["hits"].loc[top] / total if total else float("nan")
        term = mine["term"].loc[top] if total else ""
        rows.append((*name, total, len(mine), int((mine["hits"] > 0).sum()), term, share))
    columns = ["kind", "category", "referent", "hits", "terms", "used", "top_term", "top_share"]
    return pd.DataFrame(rows, columns=columns)


# ------------------------------------------------------------------ ambiguous entries


def _with_wordings(part: Profile, hits: pd.DataFrame) -> pd.DataFrame:
    """*hits* with `part`, `wording`, the words as they stand, and `inside`, whether they stand in
    prose with words of the sentence before them.
    """
    sentence = hits["sentence"].to_numpy()
    hits = hits.assign(
        part=np.array(PARTS, object)[part.sentences["part"].to_numpy()[sentence]],
        begin=part.sentences["start"].to_numpy()[sentence],
        stop=part.sentences["end"].to_numpy()[sentence],
    )
    wording, inside = [""] * len(hits), np.zeros(len(hits), bool)
    unit = hits["unit"].to_numpy()
    for first in range(0, len(part.units), _AT_ONCE):
        rows = np.flatnonzero((unit >= first) & (unit < first + _AT_ONCE))
        units = np.unique(unit[rows])
        texts = part.texts(units)
        where = np.searchsorted(units, unit[rows])
        names = ("part", "begin", "start", "end", "stop")
        columns = (hits[name].to_numpy()[rows] for name in names)
        for row, at, which, begin, start, end, stop in zip(rows, where, *columns, strict=True):
            text = texts[which].iloc[at]
            wording[row] = " ".join(text[start:end].split())
            inside[row] = text[begin:start].strip(_MARKS) != "" and _is_prose(text[begin:stop])
    return hits.assign(wording=pd.Series(wording, hits.index, dtype=object), inside=inside)


def _is_prose(sentence: str) -> bool:
    """Whether at most half of the words have capitals; In Headlines Most Have."""
    words = [word for word in sentence.split() if word[0].isalpha()]
    return 2 * sum(word[0].isupper() for word in words) <= len(words)


def _ambiguous(part: Profile, table: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Entries whose words count as two things, or look like a name too, with sentences."""
    place = ["sentence", "start", "end"]
    names = table.loc[hits["entry"], ["kind", "category", "referent"]].reset_index(drop=True)
    rivals = hits[place].join(names)
    rivals = rivals[rivals["kind"] != "actor"].drop_duplicates()
    size = rivals.groupby(place)["category"].transform("size")
    meanings = _titles(rivals[size > 1]).groupby([rivals[size > 1][name] for name in place])
    reasons = {key: f"counts in {' and '.join(sorted(group))}" for key, group in meanings}
    keys = hits[place].itertuples(index=False, name=None)
    hits = hits.assign(reason=[reasons.get(key, "") for key in keys])
    hits.loc[(names["kind"] == "actor").to_numpy(), "reason"] = ""
    hits.loc[(hits["reason"] == "").to_numpy() & _names(table, hits), "reason"] = "also a name"
    found = hits[hits["reason"] != ""].sort_values(["entry", "reason", "unit", "start"])
    found = found.assign(size=-found.groupby(["entry", "reason"])["unit"].transform("size"))
    found = found.drop_duplicates(["entry", "reason", "sentence"])
    # Different outlets may mean different things, so each gives a sentence before any gives two.
    outlet = part.units["outlet"].to_numpy()[found["unit"].to_numpy()]
    turn = found.groupby(["entry", "reason", outlet]).cumcount()
    found = found.assign(turn=turn).sort_values(
        ["size", "entry", "reason", "turn", "unit", "start"]
    )
    found = found.groupby(["entry", "reason"]).head(_EXAMPLES)
    shown = with_sentences(part, found).reset_index(drop=True)
    told = table.loc[shown["entry"], ["category", "referent", "term"]].reset_index(drop=True)
    units = part.units.iloc[shown["unit"].to_numpy()]
    told = told.assign(
        reason=shown["reason"], outlet=units["outlet"].to_numpy(), article=units["id"].to_numpy()
    )
    return told.join(shown[["text", "text_start", "text_end"]])


def _titles(names: pd.DataFrame) -> pd.Series:
    """Categories by name, labels with their referents."""
    referent = names["referent"].where(names["referent"] == "", " (" + names["referent"] + ")")
    return "'" + names["category"] + "'" + referent


def _names(table: pd.DataFrame, hits: pd.DataFrame) -> NDArray[np.bool_]:
    """Hits with a capital inside a sentence, of entries that stand there without one as well.

    Only of terms written small in the lexicon: "may" and "May", "hill" and "Hill".
    """
    term = table["term"]
    small = ((term == term.str.lower()) & ~table["case"] & (table["kind"] != "actor")).to_numpy()
    entry = hits["entry"].to_numpy(np.int64)
    plain = hits["inside"].to_numpy(bool) & (hits["part"] == "text").to_numpy() & small[entry]
    capital = plain & hits["wording"].str[:1].str.isupper().to_numpy(bool)
    total = np.bincount(entry[plain], minlength=len(table))
    share = np.bincount(entry[capital], minlength=len(table)) / np.maximum(total, 1)
    mixed = (share >= _MIXED) & (share <= 1 - _MIXED)
    return capital & mixed[entry]


# ------------------------------------------------------------------ in words


def described(found: Examined) -> Iterator[str]:
    """*found* as lines for a terminal, at most ten a section."""
    entries = found.entries
    dead, shadowed = (entries[entries["fate"] == fate] for fate in ("dead", "shadowed"))
    yield from _section(
        f"Dead ({len(dead)} of {len(entries)} entries): match nothing in the corpus",
        (f"{_owner(row)}: {row.term}" for row in dead.itertuples()),
    )
    yield from _section(
        f"Shadowed ({len(shadowed)}): always covered by a longer or earlier entry",
        (f"{_owner(row)}: {row.term} (by {row.covered_by})" for row in shadowed.itertuples()),
    )
    for row in found.dominance.itertuples():
        yield ""
        yield from _category(found, row)
    ambiguous = found.ambiguous.groupby(["category", "referent", "term", "reason"], sort=False)
    yield ""
    yield from _section(
        f"Ambiguous ({len(ambiguous)}): may mean more than one thing",
        (line for _, rows in ambiguous for line in _examples(rows)),
        _SHOWN * (_EXAMPLES + 1),
    )


def pairs_described(found: Sequence[Pair]) -> Iterator[str]:
    """*found* as lines for a terminal."""
    parts = (
        ("Superfluous ({}): another of the category matches as much", (True, False)),
        ("Duplicate ({}): stand in two categories", (False, "duplicate")),
        ("Overlapping ({}): matched by an entry of another category", (False, "overlap")),
    )
    for title, wanted in parts:
        some = [pair for pair in found if (pair.same, not pair.same and pair.relation) == wanted]
        if some:
            yield from _section(title.format(len(some)), map(_pair, some))


def _pair(pair: Pair) -> str:
    first, second = pair.first, pair.second
    if pair.same:
        return f"{_owner(first)}: {first.term.text} (matched by {second.term.text})"
    other = f" ({second.term.text})" * (pair.relation == "overlap")
    return f"{first.term.text}: {_owner(first)} and {_owner(second)}{other}"


def _category(found: Examined, row: Any) -> Iterator[str]:
    """One category: how much it rests on one term, its commonest wordings, and each outlet."""
    if not row.hits:
        yield f"{_owner(row)}: no hits"
        return
    yield (
        f"{_owner(row)}: {row.hits} hit{'s' * (row.hits != 1)} of {row.used} of {row.terms} terms; "
        f"{row.top_share:.0%} are {row.top_term}"
    )
    wordings = _rows_of(found.commonest, row)
    yield "  " + ", ".join(f"{w.wording} {w.hits}" for w in wordings.itertuples())
    for outlet in _rows_of(found.coverage, row).itertuples():
        yield (
            f"  {outlet.outlet}: in {outlet.share:.0%} of articles, "
            f"{outlet.per_1000_words:.2f} per 1000 words"
        )


def _rows_of(table: pd.DataFrame, row: Any) -> pd.DataFrame:
    """The rows of the category or label that *row* is about."""
    names = ("kind", "category", "referent")
    keep = np.logical_and.reduce([table[name] == getattr(row, name) for name in names])
    return table[keep]


def _examples(rows: pd.DataFrame) -> Iterator[str]:
    """An ambiguous entry, and its sentences with the term in brackets."""
    first = rows.iloc[0]
    yield f"{_owner(first)}: {first.term}: {first.reason}"
    for row in rows.itertuples():
        start, end = int(row.text_start), int(row.text_end)
        left, right = max(start - _WINDOW, 0), end + _WINDOW
        text = f"{row.text[left:start]}[{row.text[start:end]}]{row.text[end:right]}"
        text = "…" * (left > 0) + text + "…" * (right < len(row.text))
        yield f"  {row.outlet}: {' '.join(text.split())}"


def _owner(row: Any) -> str:
    """The category, or the label with its referent."""
    return f"{row.category} ({row.referent})" if row.referent else str(row.category)


def _section(title: str, lines: Iterable[str], most: int = _SHOWN) -> Iterator[str]:
    """A title and its first lines, indented."""
    yield title
    some = list(lines)
    yield from (f"  {line}" for line in some[:most])
    if len(some) > most:
        yield f"  ... and {len(some) - most} more"
