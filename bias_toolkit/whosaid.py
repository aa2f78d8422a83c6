"""Who said which label: each label of each thing, by outlet, in whose words, with a sentence.

Only quotation marks hand a word to a speaker.  In indirect speech the wording is the outlet's,
and the speaker is merely whom it is told of; quotation marks without a source are the outlet's.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from bias_toolkit.profiles import Profile
from bias_toolkit.wordchoice import mentions, with_sentences

WAYS = {
    "own": "own",
    "reported": "reported",
    "partial": "quoted",
    "scare": "quoted",
    "quote": "quoted",
}
MARK = "**"  # before and after the label in a sentence
UNKNOWN = "nobody named"
OWN_MARKS = "the outlet’s own marks"  # scare quotes
INFERRED = "inferred"
PARTING = "; "  # between speakers

_KEYS = ["referent", "label", "side"]
_HOW = ("own", "reported", "quoted")
_ASIDE = (OWN_MARKS, UNKNOWN)  # these stand last, they name no speaker


def who_said(
    part: Profile, outlets: tuple[str, ...] | None = None, *, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row a label and outlet: how often, in whose words, by whom, with one sentence each.

    Columns: referent, label, side (who prefers the label), outlet; own, reported, quoted (uses in
    its narration, in indirect speech, and inside quotation marks); told_of (of whom the reported
    uses are told, in the outlet's wording); said_by (who is credited with the quoted uses); and
    for each of the three ways the article and the sentence of one use, with the label between two
    asterisks: own_article, own_sentence and so on, "" where there is none.

    Speakers stand with their uses, the commonest first: "Baku 2 (1 inferred)", where inferred
    means that the sentence does not name them.  Uses without a known source are "nobody named",
    scare quotes "the outlet's own marks".  The sentence is of the earliest article, of one day
    the first by id; sources that are known come first.  A label that another outlet uses and
    this one does not has zeros.  Only uses whose referent is certain count.  *outlets* are all of
    the profile if omitted, *table* is `mentions(part)`.  Raises as `Profile.texts`.
    """
    outlets = tuple(part.outlets) if outlets is None else outlets
    table = mentions(part) if table is None else table
    uses = table[table["resolved"].to_numpy(bool) & table["outlet"].isin(outlets).to_numpy()]
    uses = _in_order(uses.assign(how=uses["voice"].map(WAYS), who=_sources(uses)))
    labels = uses[_KEYS].drop_duplicates().sort_values(_KEYS)
    rows = labels.merge(pd.DataFrame({"outlet": outlets}, dtype=object), how="cross")
    keys = [*_KEYS, "outlet", "how"]
    groups = {key: group for key, group in uses.groupby(keys, sort=False)}
    shown = _marked(part, uses.drop_duplicates(keys))
    columns: dict[str, list[Any]] = {}
    for how in _HOW:
        cells = [(*row, how) for row in rows.itertuples(index=False, name=None)]
        columns[how] = [len(groups[cell]) if cell in groups else 0 for cell in cells]
        named = [_named(groups[cell]) if cell in groups else "" for cell in cells]
        columns |= {"reported": {"told_of": named}, "quoted": {"said_by": named}}.get(how, {})
        for name in ("article", "sentence"):
            columns[f"{how}_{name}"] = [shown[name].get(cell, "") for cell in cells]
    found = rows.assign(**columns).astype(dict.fromkeys(_HOW, np.int64))
    return found[[*rows, *_HOW, "told_of", "said_by", *_EVIDENCE]].reset_index(drop=True)


_EVIDENCE = [f"{how}_{name}" for how in _HOW for name in ("article", "sentence")]


def _in_order(uses: pd.DataFrame) -> pd.DataFrame:
    """Uses with those first that are shown: with a source, early, by article and place."""
    unknown = uses["who"].isin(_ASIDE).to_numpy()
    days = [day if isinstance(day, str) else "9999" for day in uses["date"]]
    names = uses["article"].astype(str).to_numpy(str)
    order = np.lexsort(
        (uses["start"].to_numpy(), uses["part"].to_numpy(str), names, np.array(days, str), unknown)
    )
    return uses.iloc[order]


def _sources(uses: pd.DataFrame) -> list[str]:
    """Whose the words of each use are, or of whom they are told."""
    pairs = zip(uses["speaker"], uses["voice"], strict=True)
    return [OWN_MARKS if voice == "scare" else str(speaker) or UNKNOWN for speaker, voice in pairs]


def _named(uses: pd.DataFrame) -> str:
    """Speakers with their uses, commonest first: "Baku 2 (1 inferred); Yerevan 1"."""
    counts = Counter(uses["who"])
    inferred = Counter(uses.loc[_is_inferred(uses), "who"])
    ordered = sorted(counts, key=lambda name: (name in _ASIDE, -counts[name], name))
    return PARTING.join(
        f"{name} {counts[name]}"
        + (f" ({inferred[name]} {INFERRED})" if inferred[name] and name not in _ASIDE else "")
        for name in ordered
    )


def _is_inferred(uses: pd.DataFrame) -> list[bool]:
    """Whether the sentence of each use does not give the speaker's name."""
    rows = zip(uses["resolution"], uses["speaker"], uses["source"], strict=True)
    return [
        how == "inherited" or (how in ("pronoun", "role") and str(name) != str(source))
        for how, name, source in rows
    ]


def _marked(part: Profile, uses: pd.DataFrame) -> dict[str, dict[tuple[Any, ...], str]]:
    """Article and marked sentence of each of *uses*, by label, outlet and way."""
    table = with_sentences(part, uses)
    keys = list(table[[*_KEYS, "outlet", "how"]].itertuples(index=False, name=None))
    sentences = [
        mark(text, start, end)
        for text, start, end in zip(
            table["text"], table["text_start"], table["text_end"], strict=True
        )
    ]
    return {
        "article": dict(zip(keys, table["article"].astype(str), strict=True)),
        "sentence": dict(zip(keys, sentences, strict=True)),
    }


def mark(text: str, start: int, end: int) -> str:
    """A sentence with the words from *start* to *end* between asterisks, all white space one space.

    >>> mark("An act of aggression.", 10, 20)
    'An act of **aggression**.'
    """
    before, label, after = map(_apart, (text[:start], text[start:end], text[end:]))
    return " ".join(f"{before}{MARK}{label}{MARK}{after}".split())


def _apart(text: str) -> str:
    """A text in which no asterisk touches another, nor one that is put around it: f* * *."""
    parted = re.sub(r"\*(?=\*)", "* ", text)
    return f"{' ' * parted.startswith('*')}{parted}{' ' * parted.endswith('*')}"
