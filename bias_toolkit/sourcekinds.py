"""Say of what kind each source is: official, soldier, civilian, expert, other media, unnamed.

A source phrase is read like a title: what hides the source wins, then the head of the phrase,
then the rest of it.  The words stand in sources.toml, and with each list what it leaves out.
Whom neither the lexicons' actors nor the words of the phrase tell of is unknown.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.matching import Hits, Matcher
from bias_toolkit.profiles import Profile
from bias_toolkit.speakers import RESOLUTIONS
from bias_toolkit.tokens import Batch, Reader

KINDS = ("officials", "military", "civilians", "experts", "media", "anonymous", "unknown")
UNKNOWN = KINDS.index("unknown")
_ANONYMOUS = KINDS.index("anonymous")
# What the lexicons call an actor; a people or an opposition is of no kind until a word says so.
_OF_ACTOR = {
    **dict.fromkeys(
        "government head diplomacy spokesperson legislature authorities international".split(),
        "officials",
    ),
    "military": "military",
    "media": "media",
}
# An Armenian analyst is no Armenian official, although "Armenian" is a name of the government.
_OUTDOING = ~np.isin(KINDS, ["officials", "anonymous"])
_AFTER_HEAD = frozenset(
    ", ( — – of for at from in to with on by near close familiar who whom whose which that "
    "and".split()
)
_HEAD_ENDS = re.compile(rf",|\b(?:{'|'.join(sorted(filter(str.isalpha, _AFTER_HEAD)))})\b")
_HIDDEN = ("anonymity", "anonymously")  # in the sentence: on condition of anonymity
_DIRECT = [RESOLUTIONS.index(name) for name in ("none", "named", "role")]


def source_kinds(part: Profile) -> NDArray[np.object_]:
    """The kind of each attribution's source, one of KINDS, in the order of `attributions`.

    A phrase that hides its source makes it anonymous.  Else a head that names an expert, a
    civilian, a soldier or other media decides; else the kind of the lexicons' actor; else any
    word of the phrase.  A speaker keeps the kind that was found first in the article.
    """
    rows = part.attributions
    phrases = rows["source"].astype("category").cat
    words = read_phrases(list(phrases.categories.astype(str)))
    codes = phrases.codes.to_numpy()
    spoken = words.loc[codes].reset_index(drop=True)
    kind = _decided(spoken, _actor_kinds(part))
    direct = np.isin(_resolution(rows), _DIRECT)
    own = np.where(direct, kind, UNKNOWN)
    kind = np.where(kind == _ANONYMOUS, kind, _of_speakers(rows, own, kind))
    kind[_hidden(part)] = _ANONYMOUS
    return np.array(KINDS, object)[kind]


def read_phrases(phrases: list[str]) -> pd.DataFrame:
    """One row a source phrase: kind (position in KINDS), and whether its head says so.

    >>> found = read_phrases(["a military analyst", "the widow of a police officer", "Baku"])
    >>> [KINDS[kind] for kind in found["kind"]]
    ['experts', 'civilians', 'unknown']
    """
    reader = Reader()
    matcher = Matcher(reader, [_lexicon()])
    batch = reader.read(phrases)
    hits = matcher.find(batch)
    found = pd.DataFrame({"kind": np.full(len(phrases), UNKNOWN), "head": False})
    if not len(hits):
        return found
    entries = [matcher.entries[number] for number in hits.entry.tolist()]
    kind = np.array([KINDS.index(entry.category) for entry in entries])
    strong = np.array([entry.term.weight >= 1 for entry in entries])
    head = hits.first < _ends_of_heads(reader, batch, len(phrases))[batch.doc[hits.first]]
    best = _best(hits, batch, kind, strong, head)
    doc = batch.doc[hits.first[best]]
    found.loc[doc, "kind"] = kind[best]
    found.loc[doc, "head"] = (head & strong)[best]
    return found


@cache
def _lexicon() -> Lexicon:
    return load_lexicon(Path(__file__).with_name("sources.toml"))


def _ends_of_heads(reader: Reader, batch: Batch, size: int) -> NDArray[np.int64]:
    """For each phrase the first token after its head; beyond its last where the head is all."""
    ends = np.full(size, len(batch))
    known = np.array([word in _AFTER_HEAD for word in reader.words.strings], bool)
    begins = np.ones(len(batch), bool)
    begins[1:] = batch.doc[1:] != batch.doc[:-1]
    at = np.flatnonzero(known[batch.word] & ~begins)[::-1]
    ends[batch.doc[at]] = at  # of several the last one written, the first, stays
    return ends


def _best(hits: Hits, batch: Batch, kind: NDArray, strong: NDArray, head: NDArray) -> NDArray:
    """The hit that decides for each phrase that has any.

    What hides the source, wherever; then the last strong word of the head, the first strong one
    after it; then the weak ones likewise.
    """
    tier = np.where(kind == _ANONYMOUS, 0, np.where(strong, 1, 3) + ~head)
    place = np.where(head, -hits.first, hits.first)
    doc = batch.doc[hits.first]
    order = np.lexsort((place, tier, doc))
    first = np.ones(len(order), bool)
    first[1:] = doc[order][1:] != doc[order][:-1]
    return order[first]


def _resolution(rows: pd.DataFrame) -> NDArray[np.int64]:
    return pd.Categorical(rows["resolution"], list(RESOLUTIONS)).codes.astype(np.int64)


def _actor_kinds(part: Profile) -> NDArray[np.int64]:
    """The kind that the lexicons give the actor of each attribution, UNKNOWN if none."""
    kinds = {
        (lexicon.name, actor.name): KINDS.index(_OF_ACTOR.get(actor.kind, "unknown"))
        for lexicon in part.lexicons
        for actor in lexicon.actors
    }
    entries = part.entries
    of_entry = [
        kinds[lexicon, name] if kind == "actor" else UNKNOWN
        for lexicon, kind, name in zip(
            entries["lexicon"], entries["kind"], entries["category"], strict=True
        )
    ]
    return np.array([*of_entry, UNKNOWN])[part.attributions["actor"].to_numpy()]


def _decided(spoken: pd.DataFrame, actor: NDArray[np.int64]) -> NDArray[np.int64]:
    """The kind of each source by its own phrase and actor alone."""
    kind = spoken["kind"].to_numpy()
    outdoes = spoken["head"].to_numpy(bool) & _OUTDOING[kind]
    mine = (kind == _ANONYMOUS) | outdoes | (actor == UNKNOWN)
    return np.where(mine, kind, actor)


def _of_speakers(
    rows: pd.DataFrame, direct: NDArray[np.int64], kind: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Each source's kind: that of its speaker's first telling phrase in the article, if any.

    Who is named once as somebody behind a hidden source is not hidden for that.
    """
    speakers = rows["speaker"].astype("category").cat
    table = pd.DataFrame({"unit": rows["unit"].to_numpy(), "speaker": speakers.codes.to_numpy()})
    names = list(speakers.categories.astype(str))
    unnamed = np.array([_is_unnamed(name) for name in names], bool)[table["speaker"]]
    nobody = (speakers.categories == "")[table["speaker"]]
    told = (direct != UNKNOWN) & ~nobody & (unnamed | (direct != _ANONYMOUS))
    order = np.lexsort((rows["cue_start"].to_numpy(), rows["sentence"].to_numpy()))
    telling = order[told[order]]
    first = table.iloc[telling].assign(found=direct[telling])
    first = first.drop_duplicates(["unit", "speaker"])
    found = table.merge(first, how="left", on=["unit", "speaker"])["found"].to_numpy()
    return np.where(np.isnan(found), kind, found).astype(np.int64)


def _hidden(part: Profile) -> NDArray[np.int64]:
    """Attributions to somebody unnamed in a sentence that speaks of anonymity.

    "He had no choice," a diplomat said on condition of anonymity.
    """
    ids = np.flatnonzero(np.isin(part.vocabulary, _HIDDEN))
    at = np.flatnonzero(np.isin(part.word, ids))
    told = np.searchsorted(part.pointer, at, "right") - 1
    rows = part.attributions
    near = np.flatnonzero(np.isin(rows["sentence"].to_numpy(), told))
    names = rows["speaker"].astype(str).to_numpy()[near]
    phrases = rows["source"].astype(str).to_numpy()[near]
    unnamed = [_is_unnamed(n or p) for n, p in zip(names, phrases, strict=True)]
    return near[np.array(unnamed, bool)]


def _is_unnamed(phrase: str) -> bool:
    """Whether the head of a phrase is a common noun: "U.S. official", not "Jane Roe"."""
    head = _HEAD_ENDS.split(phrase)[0].split()
    return bool(head) and head[-1].islower()
