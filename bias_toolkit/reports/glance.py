"""Put what is found of each outlet into one row: whose words, who is heard, what becomes of labels.

Every number stands further down with its counts, its sentences and its cautions.
"""

from __future__ import annotations

from dataclasses import dataclass

from bias_toolkit.comparison import Comparisons
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import outlets
from bias_toolkit.reports.heard import SourceRow, kind_rows, side_rows
from bias_toolkit.reports.journeys import adoptions, distance_rows
from bias_toolkit.reports.measures import voice_rows

_MOST = 3  # kinds and sides in one cell


@dataclass(frozen=True)
class Glance:
    """One outlet in a row; shares in per cent of its words, or of the words of others."""

    outlet: str
    own: str
    reported: str
    quoted: str
    kinds: tuple[str, ...]  # "officials 94 %", largest first
    sides: tuple[str, ...]
    adopted: int
    labels_quoted: int
    held_off: int
    uses: int


def glances(whole: Comparisons) -> list[Glance]:
    """A row for each outlet."""
    kinds, sides = kind_rows(whole), side_rows(whole)
    tallies, distances = adoptions(whole).tallies, distance_rows(whole)
    voices = {row.outlet: row for row in voice_rows(whole)}
    found = []
    for place, name in enumerate(outlets(whole)):
        own, reported, *_ = (cell.value for cell in voices[name].shares)
        held = [row.cells[place] for row in distances]
        found.append(
            Glance(
                outlet=name,
                own=own,
                reported=reported,
                quoted=voices[name].quoted,
                kinds=_largest(kinds, place),
                sides=_largest(sides, place),
                adopted=tallies[place].adopted,
                labels_quoted=tallies[place].quoted,
                held_off=sum(cell.off for cell in held),
                uses=sum(cell.uses for cell in held),
            )
        )
    return found


def _largest(rows: list[SourceRow], place: int) -> tuple[str, ...]:
    """The sources with most words in one outlet, each with its share."""
    some = [(row.name, row.cells[place]) for row in rows if row.cells[place].words]
    some.sort(key=lambda pair: -pair[1].words)
    total = sum(cell.words for _, cell in some)
    return tuple(f"{name} {_percent(cell.words / total)}\xa0%" for name, cell in some[:_MOST])


def _percent(share: float) -> str:
    return "<1" if 0 < share < 0.005 else w.figure(100 * share, 0)
