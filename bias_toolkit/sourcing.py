"""Who is quoted, how much, and with which verbs.

Tables made from a profile's attributions: one row a cue and speaker, one row a speaker.  Words
inside quotation marks are the speaker's; in indirect speech the proposition is the speaker's,
the wording the outlet's, so the two are counted apart.  Where one source speaks inside another's
words ("Moscow believes, Galuzin said"), the outermost one is who the outlet let speak.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.profiles import Profile
from bias_toolkit.sourcekinds import source_kinds

_QUOTED = ["words_partial", "words_scare", "words_quote"]


def attributed(part: Profile) -> pd.DataFrame:
    """One row an attribution, with outlet, article, actor and side beside its own columns."""
    table = part.attributions.copy()
    units = part.units.iloc[table["unit"].to_numpy()]
    table["outlet"] = units["outlet"].to_numpy()
    table["article"] = units["id"].to_numpy()
    entry = table["actor"].to_numpy()
    named = entry >= 0
    for column, name in (("category", "actor"), ("side", "side")):
        values = part.entries[column].to_numpy(dtype=object)
        found = np.full(len(table), "", object)
        found[named] = values[entry[named]]
        table[name] = found
    table["words_quoted"] = table[_QUOTED].sum(axis=1)
    return table


def credited(part: Profile) -> pd.DataFrame:
    """`attributed`, with the kind of each source, and with the outermost source of its words.

    Added: kind (see `source_kinds`); outer (row of the outermost attribution, its own where none
    holds it); outer_speaker, outer_actor, outer_side and outer_kind of that one; nested, whether
    the words are told inside the words of somebody else.  Who goes on speaking inside his own
    words is not nested.
    """
    table = attributed(part).assign(kind=source_kinds(part))
    outer = _outermost(table["parent"].to_numpy(np.int64))
    table["outer"] = outer
    for name in ("speaker", "actor", "side", "kind"):
        table[f"outer_{name}"] = table[name].to_numpy(dtype=object)[outer]
    speaker, theirs = (table[name].to_numpy(dtype=object) for name in ("speaker", "outer_speaker"))
    himself = (speaker == theirs) & (speaker != "")
    table["nested"] = (outer != np.arange(len(table))) & ~himself
    return table


def _outermost(parent: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row the last one that its parents lead to; each step doubles the reach."""
    outer = np.where(parent >= 0, parent, np.arange(len(parent)))
    for _ in range(len(parent).bit_length()):
        further = outer[outer]
        if np.array_equal(further, outer):
            break
        outer = further
    return outer


def cue_table(part: Profile) -> pd.DataFrame:
    """Cues by outlet, side and speaker: cue_class, cue (as written, lower case), and count.

    Sides come from the lexicons' actors; "" where the speaker is nobody they know.
    """
    table = attributed(part)
    table = table[table["cue"] != ""]
    keys = ["outlet", "side", "speaker", "cue_class", "cue"]
    return _counted(table, keys)


def cue_classes(part: Profile) -> pd.DataFrame:
    """Cues by outlet, side and class: count, and the share of the class in that cell.

    Negated ones introduce nobody's words and are left out.
    """
    table = attributed(part)
    table = table[((table["cue"] != "") & ~table["negated"]).to_numpy(bool)]
    counts = _counted(table, ["outlet", "side", "cue_class"])
    total = counts.groupby(["outlet", "side"])["count"].transform("sum")
    return counts.assign(share=counts["count"] / total)


def speaker_table(part: Profile) -> pd.DataFrame:
    """Words by outlet and speaker: quoted and reported words, attributions, articles, side.

    Credited to the innermost source; rows without a speaker have speaker "".
    """
    table = attributed(part)
    grouped = table.groupby(["outlet", "speaker"], observed=True, sort=True)
    found = grouped.agg(
        quoted=("words_quoted", "sum"),
        reported=("words_reported", "sum"),
        attributions=("cue", "size"),
        articles=("article", "nunique"),
    )
    for place, name in enumerate(("actor", "side")):
        values = _commonest(table, name).reindex(found.index, fill_value="")
        found.insert(place, name, values.to_numpy(dtype=object))
    found = found.reset_index()
    found["speaker"] = found["speaker"].astype(str)
    order = np.lexsort((found["speaker"], -(found["quoted"] + found["reported"]), found["outlet"]))
    return found.iloc[order].reset_index(drop=True)


def tone_by_actor(part: Profile) -> pd.DataFrame:
    """Tone of the sentences that name an actor, by outlet and side.

    Columns: outlet, actor, side, sentences, articles, sentiment, sentiment_masked (means of VADER
    compounds; the masked one leaves out names, roles, cues and labels).  A sentence counts once an
    actor; those that are for the most part quotation are left out.  Context, never a finding.
    """
    rows = part.sentences
    own = (rows["quoted_words"] * 2 <= rows["words"]) & rows["sentiment"].notna()
    kind = part.entries["kind"].to_numpy()[part.hits["entry"].to_numpy()]
    named = part.hits[kind == "actor"]
    named = named[own.to_numpy()[named["sentence"].to_numpy()]]
    entry = part.entries.iloc[named["entry"].to_numpy()]
    table = pd.DataFrame(
        {
            "outlet": part.units["outlet"].to_numpy()[named["unit"].to_numpy()],
            "actor": entry["category"].to_numpy(),
            "side": entry["side"].to_numpy(),
            "sentence": named["sentence"].to_numpy(),
            "unit": named["unit"].to_numpy(),
        }
    ).drop_duplicates(["actor", "side", "sentence"])
    for name in ("sentiment", "sentiment_masked"):
        table[name] = rows[name].to_numpy()[table["sentence"].to_numpy()]
    grouped = table.groupby(["outlet", "actor", "side"], sort=True)
    found = grouped.agg(
        sentences=("sentence", "size"),
        articles=("unit", "nunique"),
        sentiment=("sentiment", _mean),
        sentiment_masked=("sentiment_masked", _mean),
    )
    return found.reset_index()


def _mean(values: pd.Series) -> float:
    """The mean, the same to the last bit in whatever order the articles come."""
    return math.fsum(values) / len(values)


def _commonest(table: pd.DataFrame, name: str) -> pd.Series:
    """By outlet and speaker the commonest value of a column that is not empty.

    Of equally common ones the first in the alphabet.
    """
    keys = ["outlet", "speaker"]
    some = table[table[name] != ""]
    counts = some.groupby([*keys, name], observed=True).size().rename("count").reset_index()
    counts = counts.sort_values(["count", name], ascending=[False, True], kind="stable")
    return counts.drop_duplicates(keys).set_index(keys)[name]


def _counted(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    plain = table[keys].astype(str)
    counts = plain.groupby(keys, sort=True).size().rename("count").reset_index()
    return counts.sort_values(
        ["outlet", "count", *keys[1:]], ascending=[True, False, *[True] * (len(keys) - 1)]
    ).reset_index(drop=True)
