"""What several figures say of the articles that they draw: outlets, colours, sizes, cautions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.metrics import FEWEST
from bias_toolkit.plots.colours import OKABE_ITO, WORDING_COLOURS, mixed
from bias_toolkit.plots.pages import Row
from bias_toolkit.profiles import Profile

Result = Profile | Comparison | Comparisons

VOICE_NAMES = {
    "own": "own words",
    "reported": "reported speech",
    "partial": "quoted fragments",
    "scare": "scare quotes",
    "quote": "full quotations",
}
WORDING_NAMES = {"own": "own words", "reported": "reported speech", "quoted": "quoted"}
WORDING_KEY = tuple((WORDING_COLOURS[words], WORDING_NAMES[words]) for words in WORDING_COLOURS)
GROUP_NAMES = {
    "own": "what outlets assert in their own words",
    "outlet": "outlets' own wording (own words and reported speech)",
    "quoted": "words inside quotation marks",
    "all": "all words, own, reported and quoted",
}
NO_SIDE = "(no side known)"
NONE = "·"
FEW = 5  # below, shading is paler


def outlet_colours(result: Result) -> dict[str, str]:
    """A colour for each outlet, in alphabetical order (Okabe and Ito 2008; darker after eight)."""
    colours = [*OKABE_ITO, *(mixed(colour, "#000000", 0.4) for colour in OKABE_ITO)]
    return {name: colours[n % len(colours)] for n, name in enumerate(profile_of(result).outlets)}


def profile_of(result: Result) -> Profile:
    """The profile that *result* is, or is made from."""
    return result if isinstance(result, Profile) else result.profile


def tuples(table: pd.DataFrame) -> Iterator[tuple]:
    """The rows of a table."""
    return table.itertuples(index=False, name=None)


def many(count: int, one: str, more: str = "") -> str:
    """A count with its noun: "1 article", "1,200 words"."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def percent(share: float) -> str:
    """A share in whole per cent: "12%", "<1%", "0%"."""
    return f"{share:.0%}" if share >= 0.005 or not share else "<1%"


def colours_of(part: Profile) -> list[str]:
    """The colour of each outlet, in their order."""
    return list(outlet_colours(part).values())


def strength(count: int) -> float:
    """How dark a row may be: one or two hits must not look like a finding."""
    return 1.0 if count >= FEW else 0.5


def size_of(articles: int, words: int) -> str:
    """How much was read: "2 articles, 954 words"."""
    return f"{many(articles, 'article')}, {many(words, 'word')}"


def sizes_of(part: Profile, words: str = "all") -> list[str]:
    """Articles and words of each outlet, on two lines."""
    return [
        f"{many(part.outlets[outlet], 'article')}\n"
        f"{many(int(sums[f'words.{words}'].sum()), 'word')}"
        for outlet, sums in part.by_outlet().items()
    ]


def corpus_size(part: Profile) -> str:
    """How much was read of all outlets."""
    return f"{size_of(len(part.units), int(part.sums['words.all'].sum()))} in all."


def few_articles(part: Profile) -> str:
    """Which outlets have too few articles to stand for more than these."""
    few = [f"{outlet} ({many(n, 'article')})" for outlet, n in part.outlets.items() if n < FEWEST]
    if not few:
        return ""
    return f"Fewer than five articles: {', '.join(few)}; counts describe these articles only."


def rows_by_outlet(
    part: Profile, table: pd.DataFrame, named: Callable[[Any], Row]
) -> list[tuple[Row, Any]]:
    """Rows of a table under the headings of their outlets; headings have no row of the table."""
    rows: list[tuple[Row, Any]] = []
    for outlet, size, colour in zip(part.outlets, sizes_of(part), colours_of(part), strict=True):
        rows.append((Row(outlet, size.replace("\n", ", "), heading=True, colour=colour), None))
        mine = table[table["outlet"] == outlet]
        rows += [(named(row), row) for row in mine.itertuples()]
        if mine.empty:
            rows.append((Row("(none found)"), None))
    return rows
