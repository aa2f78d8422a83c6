"""Say of each pair what its test could not have shown, and what a finding rests on.

A list of findings invites two errors: to take what is not on it for alike, and to take what one
article or one day brought about for the habit of an outlet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bias_toolkit.comparison import Comparison
from bias_toolkit.keyness import ALPHA
from bias_toolkit.reports import words as w
from bias_toolkit.strata import ENOUGH

_MUCH = 0.5  # of a term's uses in one article, day or writer: to be said beside the term
ENOUGH_TO_LIST = 25  # articles a side: below, only very large differences can show
_MANY = 100  # articles a side: from here on a list may be explored by p_bh
_FEW_DAYS = 20


def rests_on(row: Any) -> str:
    """What a finding rests on, where that is little: "one day has 80 % of the uses".

    *row* has the columns of `Comparison.terms`; "" where no article, writer or day has half.
    """
    shares = (
        ("article", row.largest_article),
        ("writer", row.largest_writer),
        ("day", row.largest_day),
    )
    lost = {"writer": ", and it is not found without them"} if row.survives_writer is False else {}
    said = [
        f"one {name} has {w.figure(100 * share, 0)}\xa0% of the uses{lost.get(name, '')}"
        for name, share in shares
        if share >= _MUCH
    ]
    if row.survives is not None and not row.survives:
        said.append("not found without the article that uses it most")
    return "; ".join(said)


def by_rate(row: Any) -> str:
    """Uses of a term per 1,000 words, where these are what was found; "" for its articles.

    *row* has the columns of `Comparison.terms`.
    """
    if row.found_by != "rate":
        return ""
    return f"{w.figure(row.a_rate, 1)}:{w.figure(row.b_rate, 1)} per 1,000 words"


def limits(pair: Comparison) -> list[str]:
    """What a reader of the pair's list must not conclude from it; [] where nothing was tested."""
    if not pair.facts.comparable or pair.contrast.keyness is None:
        return []
    return [*_of_size(pair), *_of_strata(pair), *_of_terms(pair)]


def _of_size(pair: Comparison) -> Iterator[str]:
    tested = pair.contrast.keyness
    assert tested is not None
    if min(pair.contrast.articles) < ENOUGH_TO_LIST:
        yield (
            f"Below {ENOUGH_TO_LIST} articles a side only very large differences can show, as of a "
            "term in half of one outlet’s articles and hardly any of the other’s."
        )
    if tested.unit == "block" and min(tested.units) < _FEW_DAYS:
        yield f"With fewer than {_FEW_DAYS} days a side p-values are coarse."


def _of_strata(pair: Comparison) -> Iterator[str]:
    for share, name in zip(pair.contrast.built.shares, (pair.a, pair.b), strict=True):
        if share < ENOUGH:
            yield (
                f"Fewer than {ENOUGH:.0%} of the articles of {w.line(name)} have a counterpart: "
                "what is found holds for those that have one."
            )


def _of_terms(pair: Comparison) -> Iterator[str]:
    table = pair.terms[(pair.terms["kind"] != "category").to_numpy()]
    unable = int((~table["testable"].astype(bool)).sum())
    if unable:
        yield (
            f"{unable:,} of {len(table):,} terms stand in too few articles ever to be found here: "
            "of these say “cannot be tested”, not “no difference”."
        )
    more = int(((table["p_bh"] <= ALPHA) & (table["p_fwer"] > ALPHA)).sum())
    if more and min(pair.contrast.articles) >= _MANY:
        yield (
            f"For exploring: {w.count(more, 'further term')} of the table have a p_bh of at most "
            ".05; about one in twenty of such a list may be there by chance."
        )
