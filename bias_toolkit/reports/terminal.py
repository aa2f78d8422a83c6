"""Write a comparison as plain text that fits a terminal and a journalist's patience.

At most MOST_LINES lines of WIDTH signs: what does not fit is counted and left to the page.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pandas as pd

from bias_toolkit import plots
from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.reports import words as w
from bias_toolkit.reports.cautions import cautions
from bias_toolkit.reports.content import (
    LabelRow,
    ReferentPart,
    outlets,
    referent_parts,
    unresolved_uses,
)
from bias_toolkit.reports.limits import by_rate, rests_on

WIDTH = 100
MOST_LINES = 96  # with what the command adds, a hundred
_MOST_OUTLETS = 12
_MOST_CAUTIONS = 7
_MOST_OF_CAUTION = 4  # lines
_MOST_PAIRS = 6
_MOST_OF_PAIR = 3  # lines
_MOST_FOUND = 8  # words of a pair
_RESTS = "†"  # after a word that rests on one article, day or writer
_MOST_LABELS = 6
_MOST_NAMES = 2


def text(whole: Comparisons) -> str:
    """The whole text, without a line end at its end."""
    head = [*_head(whole), "", *_first(whole), "", *_differences(whole), _TITLE, *_LEGEND]
    tail = list(_open(whole))
    room = MOST_LINES - len(head) - len(tail) - 2
    return "\n".join([*head, *_fitted(list(_blocks(whole)), room), *tail])


def _blocks(whole: Comparisons) -> Iterator[list[str]]:
    """One block of lines a referent; one that a single outlet names takes no heading."""
    names = outlets(whole)
    after_single = False
    for part in referent_parts(whole):
        single = len(_naming(part, names)) == 1
        if single:
            said = f"{w.line(part.name)} | {_outlet_line(part, names)}"
            yield [*([] if after_single else [""]), *_wrapped(said, "      ")]
        else:
            yield ["", _cut(w.line(part.name)), *_by_outlet(part, names)]
        after_single = single


def _naming(part: ReferentPart, names: list[str]) -> list[str]:
    """The outlets that use a label of this referent."""
    return [name for name in names if any(any(row.counts[name].values()) for row in part.labels)]


_TITLE = "WHICH LABEL EACH OUTLET USES, AND IN WHOSE WORDS"
_CHANCE = [
    "Of each pair the surest; the chance that any found between two outlets is there by chance is",
    "at most 5 %. Style and names of outlets are left out: see the page.",
]
_LEGEND = [
    "own = the article's narration; reported = somebody's claim in the outlet's wording;",
    'quoted = inside quotation marks. "it (→ Baku)": the text says "it", Baku was inferred.',
]


def _head(whole: Comparisons) -> Iterator[str]:
    sizes = whole.profile.outlets
    yield f"{w.count(sum(sizes.values()), 'article')} of {w.count(len(sizes), 'outlet')}"
    units = whole.profile.units
    for name in outlets(whole)[:_MOST_OUTLETS]:
        days = units.loc[units["outlet"] == name, "date"].dropna()
        when = w.period((min(days), max(days)) if len(days) else None)
        yield _cut(f"  {w.line(name)}: {w.count(sizes[name], 'article')}, {when}")
    if len(sizes) > _MOST_OUTLETS:
        yield f"  and {len(sizes) - _MOST_OUTLETS} more"


def _first(whole: Comparisons) -> Iterator[str]:
    yield "WHAT TO KNOW FIRST"
    for heading, said in cautions(whole)[:_MOST_CAUTIONS]:
        fact = said.partition("\n")[0]  # what follows from it stands on the page
        lines = _wrapped(f"* {heading}: {fact}", "  ")
        yield from lines[:_MOST_OF_CAUTION]
        if len(lines) > _MOST_OF_CAUTION:
            yield "  ..."
    yield from _wrapped(f"* Chance alone: {whole.noise.sentences()[0]}", "  ")


def _differences(whole: Comparisons) -> Iterator[str]:
    """The words found between the outlets that were tested, some of each pair; else nothing."""
    tested = [pair for pair in whole.pairs if pair.facts.comparable and pair.contrast.testable]
    if not tested:
        return
    yield from ("WORDS THAT DIFFER BY MORE THAN CHANCE, AND THE ARTICLES THAT CARRY THEM", *_CHANCE)
    found = [(pair, rows) for pair in tested if len(rows := plots.term_odds(pair))]
    said = [_found(pair, rows) for pair, rows in found[:_MOST_PAIRS]]
    for text in said:
        yield from _wrapped(f"  {text}", "      ")[:_MOST_OF_PAIR]
    if len(found) > _MOST_PAIRS:
        yield f"  and between {w.count(len(found) - _MOST_PAIRS, 'more pair')}: see the page"
    if any(_RESTS in text for text in said):
        yield f"  {_RESTS} rests on one article, day or writer: the page says on which"
    if len(found) < len(tested):
        yield f"  none between {w.count(len(tested) - len(found), 'pair')} of outlets"
    yield ""


def _found(pair: Comparison, rows: pd.DataFrame) -> str:
    """The surest words of one pair: "A, B (30, 40 articles): war 12:3, talks 0:9, and 3 more"."""
    sizes = ", ".join(f"{n:,}" for n in pair.contrast.articles)
    surest = rows.iloc[rows["z"].abs().argsort(kind="stable")[::-1]]
    shown = [_counted(row) for row in surest[:_MOST_FOUND].itertuples()]
    more = [f"and {len(rows) - _MOST_FOUND} more"] if len(rows) > _MOST_FOUND else []
    return f"{w.line(pair.a)}, {w.line(pair.b)} ({sizes} articles): {', '.join([*shown, *more])}"


def _counted(row: Any) -> str:
    """A word with its articles, or its uses, and a mark where it rests on little."""
    mark = _RESTS if rests_on(row) else ""
    return f"{w.line(row.term)} {by_rate(row) or f'{row.a_articles}:{row.b_articles}'}{mark}"


def _by_outlet(part: ReferentPart, names: list[str]) -> Iterator[str]:
    """The labels of each outlet, in its own line or lines."""
    for name in _naming(part, names):
        yield from _wrapped(f"  {_outlet_line(part, [name])}", "      ")


def _outlet_line(part: ReferentPart, names: list[str]) -> str:
    """What outlets call a thing: "TASS: crackdown [reported: Baku]; attack [own 2]"."""
    lines = []
    for name in _naming(part, names):
        labels = [_label(row, name) for row in part.labels if any(row.counts[name].values())]
        more = len(labels) - _MOST_LABELS
        labels[_MOST_LABELS:] = [f"and {w.count(more, 'more label')}"] if more > 0 else []
        lines.append(f"{w.line(name)}: {'; '.join(labels)}")
    return "; ".join(lines)


def _label(row: LabelRow, outlet: str) -> str:
    """One label of one outlet: "crackdown [own 2 / reported: it (→ Baku)]"."""
    ways = []
    for way, number in row.counts[outlet].items():
        if number:
            uses = [use for use in row.uses if (use.outlet, use.how) == (outlet, way)]
            names = list(dict.fromkeys(use.speaker for use in uses if use.speaker))
            times = f" {number}" if number > 1 else ""
            ways.append(f"{way}{times}{': ' if names else ''}{', '.join(names[:_MOST_NAMES])}")
    return f"{w.line(row.label)} [{' / '.join(ways)}]"


def _open(whole: Comparisons) -> Iterator[str]:
    number = len(unresolved_uses(whole))
    if number:
        yield ""
        verb = "is" if number == 1 else "are"
        yield f"{w.count(number, 'use')} may mean more than one thing and {verb} not counted here."


def _fitted(blocks: list[list[str]], room: int) -> Iterator[str]:
    """The blocks that fit into *room* lines, in order, and how many did not."""
    if not blocks:
        yield "  No label of the word lists was found in these articles."
    for number, block in enumerate(blocks):
        if len(block) > room:
            yield from ("", f"... and labels of {w.count(len(blocks) - number, 'more thing')}.")
            return
        room -= len(block)
        yield from block


def _wrapped(said: str, indent: str) -> list[str]:
    """*said* in lines of WIDTH; an arrow stays with the name that it points to."""
    said = w.clean(said).replace("→ ", "→\xa0")
    lines = textwrap.wrap(said, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace("\xa0", " ") for line in lines]


def _cut(said: str) -> str:
    return said if len(said) <= WIDTH else said[: WIDTH - 1] + "…"
