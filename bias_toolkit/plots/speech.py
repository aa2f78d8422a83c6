"""Draw who speaks: the voices of a text, its speakers, and the cues that introduce them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bias_toolkit.attribution import VOICES
from bias_toolkit.comparison import Comparisons
from bias_toolkit.plots.colours import VOICE_COLOURS, WORDING_COLOURS
from bias_toolkit.plots.corpus import (
    FEW,
    NO_SIDE,
    NONE,
    VOICE_NAMES,
    WORDING_NAMES,
    Result,
    corpus_size,
    few_articles,
    many,
    percent,
    profile_of,
    rows_by_outlet,
    size_of,
    strength,
    tuples,
)
from bias_toolkit.plots.pages import (
    BAR,
    Heads,
    Page,
    Row,
    Rows,
    Sheet,
    bar_reach,
    middles_of,
    say,
    styled,
)
from bias_toolkit.sourcing import cue_classes, speaker_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NO_SPEAKER = "(no speaker named)"
NO_CLASS = "(no class)"
_MOST_SIDES = 8  # in the figure of cues
_ADDED = 20  # cues added to each row before its shares are shaded


def speaker_words(result: Result, top: int = 6) -> pd.DataFrame:
    """Words by outlet and speaker: outlet, speaker, side, quoted, reported, named.

    The *top* speakers of each outlet by words; then, not `named`, one row for all others together
    and one for attributions without a speaker, so that nothing is lost.
    """
    table = (
        result.speakers if isinstance(result, Comparisons) else speaker_table(profile_of(result))
    )
    table = table.assign(named=True)
    rows: list[pd.DataFrame] = []
    for _, mine in table.groupby("outlet", sort=True):
        named = mine[mine["speaker"] != ""]
        others = _summed(named.iloc[top:], f"({many(len(named) - top, 'other')})")
        nobody = _summed(mine[mine["speaker"] == ""], NO_SPEAKER)
        rows += [named.iloc[:top], others, nobody]
    columns = ["outlet", "speaker", "side", "quoted", "reported", "named"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else table[columns]


def cue_counts(result: Result, top: int | None = None) -> pd.DataFrame:
    """Cues by outlet, side and class: outlet, side, cue_class, count, share (within the side).

    Every outlet and side that has cues, with every class that occurs anywhere.  With *top*, the
    sides with most cues in all outlets, and one row for all others that an outlet lets speak.
    """
    found = (
        result.cue_classes if isinstance(result, Comparisons) else cue_classes(profile_of(result))
    )
    found = found[["outlet", "side", "cue_class", "count", "share"]]
    if found.empty:
        return found
    if top is not None:
        found = _of_foremost(found, top)
    classes = pd.DataFrame({"cue_class": _class_order(result, set(found["cue_class"]))})
    rows = found[["outlet", "side"]].drop_duplicates().merge(classes, how="cross")
    rows = rows.merge(found, on=["outlet", "side", "cue_class"], how="left")
    rows = rows.fillna({"count": 0, "share": 0.0}).astype({"count": int})
    last = (rows["side"] == "") * 2 + rows["side"].str.startswith("(")
    order = rows.assign(last=last).sort_values(["outlet", "last", "side"], kind="stable")
    return order.drop(columns="last").reset_index(drop=True)


def voice_shares(result: Result) -> pd.DataFrame:
    """Words by outlet and voice: outlet, articles, words, and a share for each of VOICES.

    Shares are nan where an outlet has no words.
    """
    part = profile_of(result)
    rows = []
    for outlet, sums in part.by_outlet().items():
        words = sums["words.all"].sum()
        shares = [sums[f"words.{voice}"].sum() / words if words else np.nan for voice in VOICES]
        rows.append((outlet, part.outlets[outlet], int(words), *shares))
    return pd.DataFrame(rows, columns=["outlet", "articles", "words", *VOICES])


@styled
def speakers(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the words that each outlet gives to its speakers; see `speaker_words`."""
    part, table = profile_of(result), speaker_words(result)
    title = "Speakers: whose words each outlet carries, and how many"
    if table.empty:
        return say(title, "No speaker and no quotation was found in these articles.", ax)
    words = table[["quoted", "reported"]].sum(axis=1)
    unit = 3.6 / max(words[table["named"]].max() if table["named"].any() else 0, 1)  # inches a word
    counts = [(r.quoted, r.reported) for r in table[table["named"]].itertuples()]
    rows = rows_by_outlet(
        part, table, lambda r: Row(r.speaker, "" if r.side == r.speaker else r.side)
    )
    page = Page(
        title,
        width=max([1.0, *(bar_reach(pair, unit) for pair in counts)]) + 0.1,
        names=Rows([row for row, _ in rows]),
        about=f"Words of the six speakers with most of them in each outlet. {corpus_size(part)}",
        key=tuple((WORDING_COLOURS[name], WORDING_NAMES[name]) for name in ("quoted", "reported")),
        note="Quoted words are the speaker's; in reported speech the claim is the speaker's and "
        "the wording the outlet's. Speakers bear the names that the articles give them, and in "
        "grey the side that the lexicons give them. " + few_articles(part),
    )
    sheet = Sheet(page, ax, (0, page.width / unit))
    sheet.rules()
    for middle, (_, row) in zip(middles_of(page), rows, strict=True):
        if row is not None:
            parts = [
                (row.quoted, WORDING_COLOURS["quoted"]),
                (row.reported, WORDING_COLOURS["reported"]),
            ]
            if row.named:
                sheet.bar((0, middle), parts, unit)
            else:  # a bar of a hundred speakers would dwarf all others
                sheet.numbers((0, middle), parts)
    return sheet.ax


@styled
def cues(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the classes of cues by outlet and by the speaker's side; see `cue_counts`.

    What is shaded is a class's share of its row, against the largest of its column: which side's
    speakers "claim" more than others do.
    """
    part, table = profile_of(result), cue_counts(result, _MOST_SIDES)
    title = "Cues: how each outlet introduces the speakers of each side"
    if table.empty:
        return say(title, "No cue (said, claimed, according to) was found in these articles.", ax)
    table["cues"] = table.groupby(["outlet", "side"])["count"].transform("sum")
    table["shade"] = _cue_shades(table)
    column, classes = 0.9, list(dict.fromkeys(table["cue_class"]))
    sides = table.drop_duplicates(["outlet", "side"])
    rows = rows_by_outlet(part, sides, lambda r: Row(r.side or NO_SIDE, many(r.cues, "cue")))
    names = [name or NO_CLASS for name in classes]
    places = [column * (n + 0.5) for n in range(len(classes))]
    page = Page(
        title,
        width=column * len(classes),
        names=Rows([row for row, _ in rows]),
        heads=Heads(names, places, column, ha="center"),
        about=f"Number of cues of each class. {corpus_size(part)}",
        note="Shaded: a class's share of its row (twenty cues added to each, so that few weigh "
        "little), from the largest in its column; paler for a class of fewer than five. Sides are "
        "those that the lexicons give to speakers. A class is what its words usually suggest, not "
        "what they meant in each place. " + few_articles(part),
    )
    sheet = Sheet(page, ax, (0, len(classes)))
    for middle, (_, row) in zip(middles_of(page), rows, strict=True):
        if row is not None:
            mine = table[(table["outlet"] == row.outlet) & (table["side"] == row.side)]
            texts = [_cue_text(*cell) for cell in tuples(mine[["count", "share", "cues"]])]
            sheet.cells(middle, mine["shade"].tolist(), texts)
    return sheet.ax


@styled
def voices(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the share of each outlet's words that stand in each voice; see `voice_shares`."""
    part, table = profile_of(result), voice_shares(result)
    bars, column = 3.2, 0.92  # inches
    rows = [Row(r.outlet, size_of(r.articles, r.words)) for r in table.itertuples()]
    places = [bars + 0.1 + column * (n + 0.95) for n in range(len(VOICES))]
    spoken, colours = list(VOICE_NAMES.values()), list(VOICE_COLOURS.values())
    page = Page(
        "Whose words: the share of each outlet's words in each voice",
        width=bars + 0.1 + column * len(VOICES),
        names=Rows(rows, widest=3.2),
        heads=Heads(spoken, places, 0.78, colours=colours, ha="right"),
        about="Share of words. In the blue parts the wording is the outlet's; the others stand "
        f"in quotation marks. {corpus_size(part)}",
        note="Quoted fragments have a source, scare quotes have none. " + few_articles(part),
    )
    sheet = Sheet(page, ax, (0, page.width / bars))
    sheet.rules()
    for middle, shares in zip(middles_of(page), tuples(table[list(VOICES)]), strict=True):
        begin = 0.0
        for voice, share, place in zip(VOICES, shares, places, strict=True):
            known = not np.isnan(share)
            sheet.write(f"{share:.1%}" if known else "–", (place / bars, middle), ha="right")
            if known:
                sheet.block((begin, middle), (share, BAR), VOICE_COLOURS[voice])
                begin += share
    return sheet.ax


def _summed(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """All *rows* of an outlet as one, called *name*; none where they hold no words."""
    words = rows[["quoted", "reported"]].sum()
    if not words.sum():
        return rows.iloc[:0]
    return rows.iloc[:1].assign(speaker=name, side="", **words, named=False)


def _class_order(result: Result, found: set[str]) -> list[str]:
    """Classes of cues that occur, as the lexicon orders them; those without a class last."""
    known = [str(name) for name in profile_of(result).attributions["cue_class"].cat.categories]
    return sorted(found, key=lambda name: (name == "", known.index(name)))


def _of_foremost(found: pd.DataFrame, top: int) -> pd.DataFrame:
    """Counts of the *top* sides, and of all others of an outlet together: "(3 other sides)"."""
    sums = found[found["side"] != ""].groupby("side")["count"].sum()
    first = sums.sort_values(ascending=False, kind="stable").index[:top]
    other = ~found["side"].isin([*first, ""])
    sizes = found[other].groupby("outlet")["side"].nunique()
    names = found["outlet"].map(sizes).map(lambda n: f"({many(int(n), 'other side')})", "ignore")
    found = found.assign(side=found["side"].mask(other, names))
    found = found.groupby(["outlet", "side", "cue_class"], as_index=False)["count"].sum()
    cues = found.groupby(["outlet", "side"])["count"].transform("sum")
    return found.assign(share=found["count"] / cues)


def _cue_shades(table: pd.DataFrame) -> pd.Series:
    """A class's share of its row, against the largest in its column.

    Twenty cues are added to each row, so that one cue of one does not outshine ten of forty.
    """
    classes = table["cue_class"]
    share = table["count"] / (table["cues"] + _ADDED)
    sums = table.groupby(classes)["count"].transform("sum")
    return share / share.groupby(classes).transform("max") * sums.map(strength)


def _cue_text(count: int, share: float, cues: int) -> str:
    if not count:
        return NONE
    return f"{count:,} ({percent(share)})" if cues >= FEW else f"{count:,}"
