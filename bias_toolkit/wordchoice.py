"""Which label each outlet chooses for the same thing, and in whose words.

A *referent* is one thing that happened or exists; its *labels* compete.  A mention is one use
of a label.  Where a label fits two referents, dates decide, then context words in the same
sentence; if neither does, the mention stays unresolved and is counted apart.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.annotation import PARTS
from bias_toolkit.attribution import ACTS, VOICES
from bias_toolkit.cleaning import FIELDS, OTHER
from bias_toolkit.lexicon import Referent
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.sourcing import attributed


def mentions(part: Profile) -> pd.DataFrame:
    """One row a use of a label: article, outlet, date, lexicon, referent, label, side, voice,
    field, speaker, speaker_side, resolution, cue, cue_class, resolved, unit, sentence, start,
    end, and part, which says whether the offsets point into the text or the title.

    `side` is who prefers the label, `speaker_side` who speaks; `resolved` is false where dates
    and context leave more than one referent, whose names then stand together in `referent`.
    """
    hits = part.hits
    entries = part.entries
    kind = entries["kind"].to_numpy()[hits["entry"].to_numpy()]
    labels = hits[(kind == "label") & (hits["field"] != OTHER).to_numpy()]
    table = _described(part, labels)
    keep = _in_time(part, table) & _on_topic(part, table, hits[kind == "topic"])
    table = table[keep].drop(columns=["in_topic", "until"]).reset_index(drop=True)
    table = _decided(table, _contexts(part, hits[kind == "context"]))
    return _with_speakers(part, table)


def _described(part: Profile, labels: pd.DataFrame) -> pd.DataFrame:
    """Label hits with what their entries, units and sentences say of them."""
    entry = part.entries.iloc[labels["entry"].to_numpy()]
    unit = part.units.iloc[labels["unit"].to_numpy()]
    sentence = part.sentences.iloc[labels["sentence"].to_numpy()]
    return pd.DataFrame(
        {
            "article": unit["id"].to_numpy(),
            "outlet": unit["outlet"].to_numpy(),
            "date": unit["date"].to_numpy(),
            "lexicon": entry["lexicon"].to_numpy(),
            "referent": entry["referent"].to_numpy(),
            "label": entry["category"].to_numpy(),
            "in_topic": entry["in_topic"].to_numpy(),
            "until": entry["until"].to_numpy(),
            "side": entry["side"].to_numpy(),
            "voice": np.array(VOICES, object)[labels["voice"].to_numpy()],
            "field": np.array(FIELDS, object)[labels["field"].to_numpy()],
            "unit": labels["unit"].to_numpy(),
            "sentence": labels["sentence"].to_numpy(),
            "start": labels["start"].to_numpy(),
            "end": labels["end"].to_numpy(),
            "part": np.array(PARTS, object)[sentence["part"].to_numpy()],
            "attribution": labels["attribution"].to_numpy(),
        }
    )


def referents(part: Profile) -> dict[str, Referent]:
    """All referents of the profile's lexicons by name."""
    return {r.name: r for lexicon in part.lexicons for r in lexicon.referents}


def _in_time(part: Profile, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the article is dated when its label can mean the referent; undated ones stay."""
    spans = {
        (lexicon.name, r.name): (r.start or dt.date.min, r.mentions_until or dt.date.max)
        for lexicon in part.lexicons
        for r in lexicon.referents
    }
    keep = []
    columns = ("lexicon", "referent", "date", "until")
    for *name, day, until in zip(*(table[column] for column in columns), strict=True):
        first, last = (limit.isoformat() for limit in spans[tuple(name)])
        dated = isinstance(day, str)
        keep.append(not dated or first <= day <= min(last, until or last))
    return np.array(keep, bool)


def _on_topic(part: Profile, table: pd.DataFrame, hits: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether a bare word such as "the deal" stands in a sentence on its lexicon's topic."""
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    known = set(zip(hits["sentence"].tolist(), entry["lexicon"], strict=True))
    places = zip(table["sentence"].tolist(), table["lexicon"], strict=True)
    there = np.array([place in known for place in places], bool)
    return there | ~table["in_topic"].to_numpy(bool)


def _contexts(part: Profile, hits: pd.DataFrame) -> set[tuple[int, str, str]]:
    """Sentences with a context word, and the lexicon and referent that it speaks for."""
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    return set(zip(hits["sentence"].tolist(), entry["lexicon"], entry["referent"], strict=True))


def _decided(table: pd.DataFrame, contexts: set[tuple[int, str, str]]) -> pd.DataFrame:
    """One row a place and lexicon: of several referents context decides, or nothing does."""
    table = table.assign(resolved=True)
    place = ["lexicon", "unit", "sentence", "start", "end"]
    rivals = table.groupby(place)["referent"].transform("nunique") > 1
    keep = ~rivals.to_numpy()
    for _, rows in table[rivals].groupby(place, sort=False):
        chosen = [
            row
            for row in rows.index
            if tuple(rows.loc[row, ["sentence", "lexicon", "referent"]]) in contexts
        ]
        if len(chosen) == 1:
            keep[chosen[0]] = True
        else:
            first = rows.index[0]
            keep[first] = True
            table.at[first, "referent"] = " or ".join(sorted(set(rows["referent"])))
            table.at[first, "resolved"] = False
    return table[keep].reset_index(drop=True)


def _with_speakers(part: Profile, table: pd.DataFrame) -> pd.DataFrame:
    """Who says it: the innermost attribution's speaker, how found, and their side."""
    found = attributed(part)
    found["act"] = np.array(ACTS, object)[found["act"].to_numpy()]
    row = table.pop("attribution").to_numpy()
    some = row >= 0
    for name, column in (
        ("speaker", "speaker"),
        ("speaker_side", "side"),
        ("source", "source"),
        ("resolution", "resolution"),
        ("act", "act"),
        ("cue", "cue"),
        ("cue_class", "cue_class"),
    ):
        values = np.full(len(table), "", object)
        values[some] = found[column].to_numpy(dtype=object)[row[some]]
        table[name] = values
    negated = np.zeros(len(table), bool)
    negated[some] = found["negated"].to_numpy()[row[some]]
    return table.assign(negated=negated)


def label_shares(part: Profile, outlets: tuple[str, ...], words: str = "outlet") -> pd.DataFrame:
    """One row a referent and label: uses and share of the referent's labels, by outlet.

    Columns: referent, label, side, words, then count, articles and share for each of *outlets*.
    Only resolved mentions count; shares are nan where an outlet never names the referent.
    """
    table = mentions(part)
    voices = [VOICES[code] for code in GROUPS[words]]
    table = table[table["resolved"] & table["voice"].isin(voices) & table["outlet"].isin(outlets)]
    keys = ["referent", "label", "side"]
    rows = table[keys].drop_duplicates().sort_values(keys).reset_index(drop=True)
    rows["words"] = words
    for outlet in outlets:
        mine = table[table["outlet"] == outlet].groupby(keys)
        index = pd.MultiIndex.from_frame(rows[keys])
        count = mine.size().reindex(index, fill_value=0).to_numpy()
        rows[f"{outlet}.count"] = count
        rows[f"{outlet}.articles"] = mine["article"].nunique().reindex(index, fill_value=0).values
        total = rows.groupby("referent")[f"{outlet}.count"].transform("sum")
        rows[f"{outlet}.share"] = np.where(total > 0, count / np.maximum(total, 1), np.nan)
    return rows


def with_sentences(part: Profile, table: pd.DataFrame) -> pd.DataFrame:
    """*table* with the sentence of each row, and where in it the term stands.

    *table* needs unit, sentence, start, end and part; added are `text` (the sentence), and
    `text_start` and `text_end`, the term's offsets in it.
    """
    units = np.unique(table["unit"].to_numpy())
    texts = part.texts(units)
    where = {int(unit): row for row, unit in enumerate(units)}
    start = part.sentences["start"].to_numpy()[table["sentence"].to_numpy()]
    end = part.sentences["end"].to_numpy()[table["sentence"].to_numpy()]
    sentences = [
        texts.iloc[where[int(unit)]][which][s:e]
        for unit, which, s, e in zip(table["unit"], table["part"], start, end, strict=True)
    ]
    return table.assign(
        text=sentences,
        text_start=table["start"].to_numpy() - start,
        text_end=table["end"].to_numpy() - start,
    )
