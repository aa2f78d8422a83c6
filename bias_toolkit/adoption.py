"""How labels travel: from somebody's quotation into an outlet's wording, or held at arm's length.

A label that first stood in quotation marks and later without them has been adopted: within one
article the marks were dropped, or a later article speaks the label as its own.  What is known is
the order of reading within an article and of dates between articles; which of two articles of
one day came first is not, and is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.attribution import VOICES
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.shares import Cell, by_outlet, side_by_side
from bias_toolkit.wordchoice import mentions

FIRST = ("quoted", "wording", "same day", "undated")
_QUOTED = ("partial", "quote")  # somebody's words; a scare quote is nobody's but the outlet's
_HELD_OFF = ("distancing", "attacking")
_LABEL = ["referent", "label", "side"]
_KEYS = ("by", "referent", "label", "side")
_EXTRA = ("scare", *_HELD_OFF)


# ------------------------------------------------------------------ adoption


def adoption(
    part: Profile, *, words: str = "outlet", table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row an outlet and label that it quotes: who was quoted, and when it became its wording.

    Columns: outlet, referent, label, side; quoted, scare, wording (uses inside somebody's
    quotation marks, in scare quotes, and in the words of the group *words*: "outlet", which is
    own and reported, or "own"); first, what came first: "quoted", "wording", "same day" (in
    articles of one day, whose order is unknown) or "undated" (an article without a date may be
    the first); quoted_date, quoted_article, speaker, speaker_side of the first quotation;
    dropped (articles that quote the label and later in reading order use it without marks, not
    having done so before), dropped_date, dropped_article, dropped_voice (own or reported) of the
    first; later (articles dated after the first quotation that use it as wording), later_date,
    later_article, later_voice of the first; adopted, whether the quotation came first and either
    followed.

    Several articles of the first day stand together, joined by " or ", and so do their speakers
    and voices.  Only uses whose referent is certain count.  *table* is `mentions(part)`, where it
    is at hand.  Raises KeyError for other *words*.
    """
    voices = _wording(words)
    rows = [
        (*keys, *_journey(uses, voices))
        for keys, uses in _by_label(_uses(part, table), ["outlet", *_LABEL])
        if uses["voice"].isin(_QUOTED).any()
    ]
    columns = ["outlet", *_LABEL, *_JOURNEY]
    counts = dict.fromkeys(("quoted", "scare", "wording", "dropped", "later"), np.int64)
    return pd.DataFrame(rows, columns=columns, dtype=object).astype(counts | {"adopted": bool})


_JOURNEY = """quoted scare wording first quoted_date quoted_article speaker speaker_side dropped
dropped_date dropped_article dropped_voice later later_date later_article later_voice
adopted""".split()


def first_uses(
    part: Profile, *, words: str = "outlet", table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row a label: which outlet carried it first, at all, in quotation marks, and as wording.

    Columns: referent, label, side; then date and outlet of the first use, quoted_date and
    quoted_outlet of the first inside somebody's quotation marks, wording_date and wording_outlet
    of the first in the words of the group *words*.  Outlets that carried it on one and the same
    day stand together, joined by " or ": their order is unknown.  So do those with a use in an
    article without a date, which may be the first; the date is then that of the first dated use,
    None if there is none.  First among the articles at hand, not in the world.  *table* is
    `mentions(part)`, where it is at hand.  Raises KeyError for other *words*.
    """
    voices = _wording(words)
    rows = []
    for keys, uses in _by_label(_uses(part, table), _LABEL):
        quoted, own = (uses["voice"].isin(kinds) for kinds in (_QUOTED, voices))
        found = [_carriers(some) for some in (uses, uses[quoted], uses[own])]
        rows.append((*keys, *(cell for pair in found for cell in pair)))
    names = ["date", "outlet", "quoted_date", "quoted_outlet", "wording_date", "wording_outlet"]
    return pd.DataFrame(rows, columns=[*_LABEL, *names], dtype=object)


def _wording(words: str) -> tuple[str, ...]:
    if words not in ("own", "outlet"):
        raise KeyError(f"no wording {words!r} of an outlet; there are own, outlet")
    return tuple(VOICES[code] for code in GROUPS[words])


def _uses(part: Profile, table: pd.DataFrame | None) -> pd.DataFrame:
    """Uses of labels in reading order of their articles, titles first."""
    table = mentions(part) if table is None else table
    table = table[table["resolved"].to_numpy(bool)]
    days = [day if isinstance(day, str) else None for day in table["date"]]
    table = table.assign(date=pd.Series(days, table.index, object))
    place = (table["part"] != "title").to_numpy()
    order = np.lexsort((table["start"], place, table["article"].astype(str)))
    return table.iloc[order].reset_index(drop=True)


def _by_label(
    uses: pd.DataFrame, keys: list[str]
) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    for key, rows in uses.groupby(keys, sort=True):
        yield tuple(key), rows


@dataclass
class _Article:
    """What one article does with a label, in reading order."""

    name: str
    date: str | None
    begins: str = ""  # quoted or wording, whichever comes first; "" if neither is there
    quoted: bool = False
    speaker: tuple[str, str] = ("", "")  # of its first quotation, and the side
    voice: str = ""  # of its first use as wording, "" if it has none

    def read(self, voice: str, speaker: tuple[str, str], wording: tuple[str, ...]) -> None:
        """Take in the next use."""
        if voice in _QUOTED:
            self.begins = self.begins or "quoted"
            if not self.quoted:
                self.quoted, self.speaker = True, speaker
        elif voice in wording:
            self.begins = self.begins or "wording"
            self.voice = self.voice or voice


def _articles(uses: pd.DataFrame, wording: tuple[str, ...]) -> list[_Article]:
    found: dict[str, _Article] = {}
    columns = ("article", "date", "voice", "speaker", "speaker_side")
    for name, day, voice, *speaker in zip(*(uses[c].tolist() for c in columns), strict=True):
        article = found.setdefault(name, _Article(name, day))
        article.read(voice, (speaker[0], speaker[1]), wording)
    return [article for article in found.values() if article.begins]


def _journey(uses: pd.DataFrame, wording: tuple[str, ...]) -> tuple:
    """The columns of _JOURNEY for the uses of one label in one outlet."""
    articles = _articles(uses, wording)
    voice = uses["voice"]
    counts = [int(voice.isin(kinds).sum()) for kinds in (_QUOTED, ("scare",), wording)]
    first = _first(articles)
    quoting = _earliest(article for article in articles if article.quoted)
    day = quoting[0].date
    dropped = [article for article in articles if article.begins == "quoted" and article.voice]
    later = [
        article
        for article in articles
        if article.voice and day and article.date and article.date > day
    ]
    return (
        *counts,
        first,
        day,
        _either(article.name for article in quoting),
        _either(article.speaker[0] for article in quoting),
        _either(article.speaker[1] for article in quoting),
        *_event(dropped),
        *_event(later),
        first == "quoted" and bool(dropped or later),
    )


def _first(articles: list[_Article]) -> str:
    """What came first, one of FIRST: an undated article may be earlier than any other."""
    day = min((article.date for article in articles if article.date), default=None)
    undated = {article.begins for article in articles if not article.date}
    known = {article.begins for article in articles if article.date and article.date == day}
    if len(undated | known) == 1:
        return next(iter(undated | known))
    return "undated" if undated else "same day"


def _earliest(articles: Iterable[_Article]) -> list[_Article]:
    """Those of the first day; the undated ones where no other is there."""
    every = list(articles)
    day = min((article.date for article in every if article.date), default=None)
    return [article for article in every if article.date == day]


def _event(articles: list[_Article]) -> tuple[int, str | None, str, str]:
    """How many articles, and date, names and voices of the first of them."""
    if not articles:
        return 0, None, "", ""
    first = _earliest(articles)
    names, voices = ([getattr(a, key) for a in first] for key in ("name", "voice"))
    return len(articles), first[0].date, _either(names), _either(voices)


def _either(names: Iterable[str]) -> str:
    return " or ".join(sorted(set(names) - {""}))


def _carriers(uses: pd.DataFrame) -> tuple[str | None, str]:
    """Date of the first dated use, and the outlets that may have been first."""
    dates = uses["date"].tolist()
    day = min((date for date in dates if date), default=None)
    pairs = zip(uses["outlet"], dates, strict=True)
    return day, _either(outlet for outlet, date in pairs if date in (day, None))


# ------------------------------------------------------------------ distance


def distance(part: Profile, *, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row an outlet and label, or side of labels: how often it is held at arm's length.

    Columns: outlet; by (label or side); referent, label (both "" where by is side), side (who
    prefers the label); count of `of` uses that stand in scare quotes or are attributed with a
    distancing or attacking cue ("claimed", "what it described as"); articles, of_articles;
    share, low, high (see `shares.by_outlet`); scare, distancing, attacking (uses; one in scare
    quotes counts as scare only).  A label that only another outlet uses has 0 of 0.
    Higher share: more distance.  Only uses whose referent is certain count.  *table* is
    `mentions(part)`, where it is at hand.
    """
    return by_outlet(part, _KEYS, _cells(part, table), _EXTRA)


def distance_of_two(
    part: Profile, a: str, b: str, *, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """`distance` of two outlets side by side, with the difference of their shares.

    Columns: by, referent, label, side, then those of `shares.side_by_side`, and a_ and b_ of
    scare, distancing and attacking.
    """
    return side_by_side(part, (a, b), _KEYS, _cells(part, table), _EXTRA)


def _cells(part: Profile, table: pd.DataFrame | None) -> Iterator[Cell]:
    uses = _uses(part, table)
    manner = _manner(uses)
    for by, names in (("label", _LABEL), ("side", ["side"])):
        groups = uses.groupby(names, sort=True).indices
        for key, rows in sorted(
            (k if isinstance(k, tuple) else (k,), r) for k, r in groups.items()
        ):
            units, how = uses["unit"].to_numpy()[rows], manner[rows]
            extra = {name: _by_unit(part, units[how == name]) for name in _EXTRA}
            keys = (by, *key) if by == "label" else (by, "", "", *key)
            yield Cell(keys, _by_unit(part, units[how != ""]), _by_unit(part, units), extra)


def _manner(uses: pd.DataFrame) -> NDArray[np.object_]:
    """How each use is held off: scare, distancing, attacking, or "" for not at all."""
    voice, cue = (uses[name].astype(str).to_numpy(object) for name in ("voice", "cue_class"))
    held = np.where(np.isin(cue, _HELD_OFF) & (voice != "own"), cue, "")
    return np.where(voice == "scare", "scare", held).astype(object)


def _by_unit(part: Profile, units: NDArray[np.integer]) -> NDArray[np.float64]:
    return np.bincount(units, minlength=len(part.units)).astype(float)
