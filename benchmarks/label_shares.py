"""Whether label shares bring out what is known of nine outlets on the war in Ukraine.

Usage: python benchmarks/label_shares.py
Reads ruwa from BIAS_TOOLKIT_DATA (default ../shared/data): headlines and ledes of 2022, with the
shipped lexicon `ukraine`, in the outlets' wording.  Known from plain counts of words: "Kiev" is
the spelling of RT and TASS, and of none of Ukrinform, BBC and Reuters; "invaders" and
"occupiers" are words of Censor.net and Ukrinform; "invasion" is common at the BBC and at Reuters
and hardly used by RT.  (By uses a word the BBC has far more of it than Reuters, because its
headlines name the war far more often, by all labels; shares do not see that, and need not.)
A truth is recovered where all shares of a higher group stand above all of a lower one, and apart
where their 95 % intervals do not meet either.
"""

from __future__ import annotations

import gzip
import json
import os
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd

import bias_toolkit as bt
from bias_toolkit.profiles import Profile
from bias_toolkit.wordchoice import label_shares, mentions

DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).parents[1] / "../shared/data"))
FEWEST_NAMINGS = 10  # articles that name the thing: below, the toolkit describes and tests nothing
RT, TASS, BBC, REUTERS = "rt.com", "tass.com", "bbc.co.uk", "reuters.com"
UKRINFORM, CENSOR = "ukrinform.net", "censor.net"


@dataclass(frozen=True)
class Truth:
    """Labels of a referent, together, and groups of outlets from the highest share down."""

    referent: str
    labels: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """The labels, as one."""
        return "/".join(self.labels)


TRUTHS = (
    Truth("the spelling of Kyiv", ("Kiev",), ((RT, TASS), (UKRINFORM, BBC, REUTERS))),
    Truth(
        "the Russian forces in Ukraine",
        ("invaders", "occupiers"),
        ((CENSOR, UKRINFORM), (RT, TASS, BBC, REUTERS)),
    ),
    Truth("the war since 24 February 2022", ("invasion",), ((BBC, REUTERS), (RT,))),
)
PAIRS = ((RT, UKRINFORM), (RT, REUTERS), (BBC, RT), (CENSOR, REUTERS), (CENSOR, RT))


def articles() -> pd.DataFrame:
    """The headlines and ledes; a headline without a lede stands as the text."""
    with gzip.open(DATA / "ruwa.jsonl.gz", "rt", encoding="utf8") as lines:
        rows = pd.DataFrame([json.loads(line) for line in lines]).fillna("")
    rows["id"] = [str(number) for number in range(len(rows))]
    alone = rows["desc"] == ""
    rows["text"] = rows["desc"].where(~alone, rows["title"])
    rows["title"] = rows["title"].where(~alone, "")
    rows = rows[rows["text"].str.strip() != ""]
    return rows[["id", "outlet", "date", "event", "title", "text"]]


def shares(part: Profile, uses: pd.DataFrame, truth: Truth) -> pd.DataFrame:
    """One row an outlet: its share of the truth's labels, taken as one."""
    together = uses["label"].isin(truth.labels) & (uses["referent"] == truth.referent)
    uses = uses.assign(
        label=uses["label"].mask(together, truth.name), side=uses["side"].mask(together, "")
    )
    outlets = tuple(part.outlets)
    table = label_shares(part, outlets, table=uses)
    row = table[(table["referent"] == truth.referent) & (table["label"] == truth.name)].iloc[0]
    names = ("count", "of", "of_articles", "share", "low", "high")
    rows = {outlet: [row[f"{outlet}.{name}"] for name in names] for outlet in outlets}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(names))


def verdict(table: pd.DataFrame, truth: Truth) -> tuple[bool, bool]:
    """Whether the groups' shares are in the known order, and whether their intervals are apart.

    Outlets that hardly name the thing say nothing.
    """
    known = set(table.index[table["of_articles"] >= FEWEST_NAMINGS])
    groups = [table.loc[[name for name in group if name in known]] for group in truth.groups]
    if any(group.empty for group in groups):
        return False, False
    ordered = all(a["share"].min() > b["share"].max() for a, b in pairwise(groups))
    return ordered, all(a["low"].min() > b["high"].max() for a, b in pairwise(groups))


def show(table: pd.DataFrame, truth: Truth) -> bool:
    """Print a truth and what was found; return whether it was recovered, intervals apart."""
    place = {name: at for at, group in enumerate(truth.groups) for name in group}
    print(f"\n{truth.name}, of all labels for {truth.referent}")
    for outlet, row in table.sort_values("share", ascending=False).iterrows():
        interval = f"{row['low']:6.1%} to {row['high']:6.1%}" if row["low"] >= 0 else "-"
        uses = f"{row['count']:5.0f} of {row['of']:5.0f} uses, {row['of_articles']:5.0f} articles"
        group = ""
        if outlet in place:
            few = row["of_articles"] < FEWEST_NAMINGS
            group = "too few" if few else ("higher", "lower")[place[outlet]]
        print(f"  {outlet:<20} {row['share']:6.1%}  {interval:<17}  {uses}  {group}")
    recovered, apart = verdict(table, truth)
    said = "recovered" if recovered else "NOT RECOVERED"
    print(f"  {said}, intervals {'apart' if apart else 'NOT APART'}")
    return recovered and apart


def tests(part: Profile) -> None:
    """Print what the tests between two outlets say of the labels of the truths."""
    wanted = {(truth.referent, label) for truth in TRUTHS for label in truth.labels}
    print("\nTests between outlets, within event and how often an article names the thing")
    for a, b in PAIRS:
        start = time.perf_counter()
        result = bt.compare(part, a, b, strata="event")
        rows = result.label_tests.table
        took = time.perf_counter() - start
        print(f"  {a} and {b} ({len(result.label_tests.tested)} labels tested, {took:.1f} s)")
        for row in rows.itertuples():
            if (row.referent, row.label) in wanted:
                sizes = f"{row.a_compared}/{row.a_naming} and {row.b_compared}/{row.b_naming}"
                p = f"p {row.p:.1e}, over all {row.p_fwer:.4f}" if row.p_fwer >= 0 else row.reason
                print(f"    {row.label:<10} {sizes:<22} {p}")


def main() -> None:
    path = DATA / "ruwa.jsonl.gz"
    if not path.exists():
        print(f"skipped, no {path}; set BIAS_TOOLKIT_DATA to the folder of the data")
        return
    part = bt.profile(articles(), bt.load_lexicons("ukraine"))
    print(", ".join(f"{outlet} {n:,}" for outlet, n in part.outlets.items()))
    uses = mentions(part)
    tests(part)
    found = [show(shares(part, uses, truth), truth) for truth in TRUTHS]
    print(f"\n{sum(found)} of {len(TRUTHS)} known truths recovered with intervals apart")


if __name__ == "__main__":
    main()
