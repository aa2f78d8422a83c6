"""How labels travel: from somebody's quotation into an outlet's wording, or held at arm's length.

A label that first stood in quotation marks and later, in the same words, without them has been
adopted: within one article the marks were dropped, or a later article speaks the label as its
own.  Who quotes "residents of Karabakh" and writes of its "population" has taken over nothing,
though one label holds both.  What is known is
the order of reading within an article and of dates between articles; which of two articles of
one day came first is not, and is said to be unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit import grammar as g
from bias_toolkit.attribution import VOICES
from bias_toolkit.cleaning import FIELDS, TITLE
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.shares import Cell, by_outlet, side_by_side
from bias_toolkit.wordchoice import mentions

TITLE_FIELD = FIELDS[TITLE]  # read first, wherever the text repeats it
FIRST = ("quoted", "wording", "same day", "undated")
_QUOTED = ("partial", "quote")  # somebody's words; a scare quote is nobody's but the outlet's
_HELD_OFF = ("distancing", "attacking")
_LABEL = ["referent", "label", "side"]
_KEYS = ("by", "referent", "label", "side")
_EXTRA = ("scare", *_HELD_OFF, "negated")
# In front of a label, in the outlet's own words: what holds it off, and what denies it.
_SO_CALLED = frozenset("so-called alleged purported supposed putative ostensible".split())
_NOT = frozenset("not never n't isn't wasn't aren't weren't cannot".split())
_NONE = frozenset("no neither nor".split())
_FRONTED = _SO_CALLED | _NOT | _NONE
_BEFORE = 3  # words before a label in which that is looked for: not a second genocide


# ------------------------------------------------------------------ adoption


def adoption(
    part: Profile, *, words: str = "outlet", table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """One row an outlet and label that it quotes: who was quoted, and when it became its wording.

    Columns: outlet, referent, label, side; quoted, scare, wording (uses inside somebody's
    quotation marks, in scare quotes, and in the words of the group *words*: "outlet", which is
    own and reported, or "own"); first, what came first: "quoted", "wording", "same day" (in
    articles of one day, whose order is unknown) or "undated" (an article without a date may be
    the first), where a longer label of the referent that holds all the quoted words counts as
    wording too ("Russian peacekeepers" before "peacekeepers"); quoted_date, quoted_article,
    speaker, speaker_side of the first quotation; dropped (articles that quote the label and later
    in reading order use the same words without marks, not having used the label so before),
    dropped_date, dropped_article, dropped_voice (own or reported) of the first; later (articles
    that use as wording the words of a quotation of an earlier day), later_date, later_article,
    later_voice of the first; adopted, whether the quotation came first and either followed.  Words
    that are held off (under "what it described as", a claim, an attack or a denied claim; after
    "so-called", "not a" or "no") are wording, and adopt nothing.

    The same words are those of one lexicon term, or of two that differ in names, endings,
    spelling or words beside (see `Wording.same`).
    Several articles of the first day stand together, joined by " or ", and so do their speakers
    and voices.  Only uses whose referent is certain count.  *table* is `mentions(part)`, where it
    is at hand.  Raises KeyError for other *words*.
    """
    voices = _wording(words)
    every = _uses(part, table)
    every["words"] = wordings(part, every)
    every["held"] = manners(part, every) != ""
    of_referent = dict(_by_label(every, ["outlet", "referent"]))
    rows = [
        (*keys, *_journey(uses, _longer(uses, of_referent[keys[:2]], voices), voices))
        for keys, uses in _by_label(every, ["outlet", *_LABEL])
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


# ------------------------------------------------------------------ wordings


@dataclass(frozen=True)
class Wording:
    """The words of a label as a lexicon's term has them, cut to their beginnings.

    `words` are all but function words, `common` those that are no names, or all where all are.
    """

    words: frozenset[str]
    common: frozenset[str]

    @classmethod
    @cache
    def of(cls, term: str) -> Wording:
        """The wording of a term.

        >>> Wording.of("residents of Karabakh").common
        frozenset({'resid'})
        """
        content = [word for word in re.findall(r"[^\W\d_]+", term) if not _is_function(word)]
        common = [word for word in content if word[0].islower()] or content
        return cls(
            *(frozenset(word[:_STEM].lower() for word in some) for some in (content, common))
        )

    def same(self, other: Wording) -> bool:
        """Whether two uses of one label are in the same words, names apart.

        One may have words beside: (local) measures.  Endings and spellings do not matter.
        """
        return self.common <= other.common or other.common <= self.common

    def holds(self, other: Wording) -> bool:
        """Whether all words of *other*, names too, are among these."""
        return other.words <= self.words


_STEM = 5  # letters: measures and measure, defence and defense; within one label little else agrees


def _is_function(word: str) -> bool:
    return bool(
        g.word_flags().get(word.lower(), 0) & (g.PREPOSITION | g.DETERMINER | g.COORDINATOR)
    )


def wordings(part: Profile, uses: pd.DataFrame) -> list[Wording]:
    """The wording of each row of *uses*, which are rows of `mentions(part)`."""
    entries, hits = part.entries, part.hits
    mine = hits[np.isin(hits["unit"].to_numpy(), uses["unit"].unique())]
    mine = mine[(entries["kind"] == "label").to_numpy()[mine["entry"].to_numpy()]]
    entry = mine["entry"].to_numpy()
    terms = entries["term"].tolist()
    columns = [mine[name].to_numpy() for name in _PLACE]
    columns += [entries[name].to_numpy(object)[entry] for name in ("lexicon", "category")]
    known = dict(zip(zip(*(c.tolist() for c in columns), strict=True), entry.tolist(), strict=True))
    keys = zip(*(uses[name].tolist() for name in (*_PLACE, "lexicon", "label")), strict=True)
    return [Wording.of(terms[known[key]]) for key in keys]


_PLACE = ("unit", "sentence", "start", "end")


def _longer(uses: pd.DataFrame, others: pd.DataFrame, wording: tuple[str, ...]) -> pd.DataFrame:
    """Uses of longer labels of one referent that hold the words in which *uses* are quoted."""
    quoted = uses.loc[uses["voice"].isin(_QUOTED), "words"].tolist()
    label = uses["label"].iloc[0]
    there = others[others["voice"].isin(wording) & (others["label"] != label)]
    keep = [any(words.holds(one) for one in quoted) for words in there["words"]]
    return there[np.array(keep, bool)]


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
    place = ((table["part"] != "title") & (table["field"] != TITLE_FIELD)).to_numpy()
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
    speaker: tuple[str, str] = ("", "")  # of its first quotation, and the side
    quotes: list[Wording] = field(default_factory=list)
    worded: list[tuple[Wording, str]] = field(default_factory=list)  # and the voices
    dropped: str = ""  # the voice of its first use in words that it quoted before

    def quote(self, words: Wording, speaker: tuple[str, str]) -> None:
        """Take in a quotation."""
        self.begins = self.begins or "quoted"
        if not self.quotes:
            self.speaker = speaker
        self.quotes.append(words)

    def word(self, words: Wording, voice: str) -> None:
        """Take in a use in the outlet's wording."""
        self.begins = self.begins or "wording"
        self.worded.append((words, voice))
        if any(map(words.same, self.quotes)):
            self.dropped = self.dropped or voice

    def takes_up(self, quotes: list[tuple[str, Wording]]) -> str:
        """The voice of its first use in words that were quoted on an earlier day, else ""."""
        before = [words for day, words in quotes if self.date and day < self.date]
        voices = (voice for words, voice in self.worded if any(map(words.same, before)))
        return next(voices, "")


def _articles(uses: pd.DataFrame, longer: pd.DataFrame, wording: tuple[str, ...]) -> list[_Article]:
    """The articles that quote or word a label, or a longer one that holds its words."""
    found: dict[str, _Article] = {}
    columns = ("article", "date", "voice", "speaker", "speaker_side", "held", "words")
    both = pd.concat([uses, longer]).sort_index()
    mine = both.index.isin(uses.index).tolist()
    rows = zip(*(both[c].tolist() for c in columns), strict=True)
    for own, (name, day, voice, *speaker, held, words) in zip(mine, rows, strict=True):
        article = found.setdefault(name, _Article(name, day))
        if voice in _QUOTED:
            article.quote(words, (speaker[0], speaker[1]))
        elif held:
            continue  # what Baku described as measures; Baku did not claim that measures began
        elif own and voice in wording:
            article.word(words, voice)
        elif not own:
            article.begins = article.begins or "wording"
    return [article for article in found.values() if article.begins]


def _journey(uses: pd.DataFrame, longer: pd.DataFrame, wording: tuple[str, ...]) -> tuple:
    """The columns of _JOURNEY for the uses of one label in one outlet."""
    articles = _articles(uses, longer, wording)
    voice = uses["voice"]
    counts = [int(voice.isin(kinds).sum()) for kinds in (_QUOTED, ("scare",), wording)]
    first = _first(articles)
    quoting = _earliest(article for article in articles if article.quotes)
    quotes = [(a.date, words) for a in articles if a.date for words in a.quotes]
    dropped = [(a, a.dropped) for a in articles if a.begins == "quoted" and a.dropped]
    later = [(a, voice) for a in articles if (voice := a.takes_up(quotes))]
    return (
        *counts,
        first,
        quoting[0].date,
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


def _event(articles: list[tuple[_Article, str]]) -> tuple[int, str | None, str, str]:
    """How many articles, and date, names and voices of the first of them."""
    if not articles:
        return 0, None, "", ""
    voices = {article.name: voice for article, voice in articles}
    first = _earliest(article for article, _ in articles)
    names = [article.name for article in first]
    return len(articles), first[0].date, _either(names), _either(voices[name] for name in names)


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
    prefers the label); count of `of` uses that stand in scare quotes, are attributed with a
    distancing or attacking cue ("claimed", "what it described as"), follow "so-called" or the
    like (which counts as distancing), or are negated ("not a genocide", "did not say that it was
    one"); articles, of_articles; share, low, high (see `shares.by_outlet`); scare, negated,
    distancing, attacking (uses, each counted once, in that order).  A label that only another
    outlet uses has 0 of 0.
    Higher share: more distance.  Only uses whose referent is certain count.  *table* is
    `mentions(part)`, where it is at hand.
    """
    return by_outlet(part, _KEYS, _cells(part, table), _EXTRA)


def distance_of_two(
    part: Profile, a: str, b: str, *, table: pd.DataFrame | None = None
) -> pd.DataFrame:
    """`distance` of two outlets side by side, with the difference of their shares.

    Columns: by, referent, label, side, then those of `shares.side_by_side`, and a_ and b_ of
    scare, distancing, attacking and negated.
    """
    return side_by_side(part, (a, b), _KEYS, _cells(part, table), _EXTRA)


def _cells(part: Profile, table: pd.DataFrame | None) -> Iterator[Cell]:
    uses = _uses(part, table)
    manner = manners(part, uses)
    for by, names in (("label", _LABEL), ("side", ["side"])):
        groups = uses.groupby(names, sort=True).indices
        for key, rows in sorted(
            (k if isinstance(k, tuple) else (k,), r) for k, r in groups.items()
        ):
            units, how = uses["unit"].to_numpy()[rows], manner[rows]
            extra = {name: _by_unit(part, units[how == name]) for name in _EXTRA}
            keys = (by, *key) if by == "label" else (by, "", "", *key)
            held = units[np.isin(how, _EXTRA)]
            yield Cell(keys, _by_unit(part, held), _by_unit(part, units), extra)


def manners(part: Profile, uses: pd.DataFrame) -> NDArray[np.object_]:
    """How each of *uses*, rows of `mentions(part)`, is held off, (rows,).

    "scare", "negated", "distancing" or "attacking", as `distance` counts them; "none" after "no";
    "" for not at all.  Who says that there were no Armenian forces there holds the name of such
    forces not at arm's length, but has not taken it over either.
    """
    before = _fronted(part, uses)
    voice, cue = (uses[name].astype(str).to_numpy(object) for name in ("voice", "cue_class"))
    held = np.where(np.isin(cue, _HELD_OFF) & (voice != "own"), cue, "").astype(object)
    held[(before == "none") & (held == "")] = "none"
    held[before == "distancing"] = "distancing"
    held[(before == "negated") | uses["negated"].to_numpy(bool)] = "negated"
    held[voice == "scare"] = "scare"
    return held


def _fronted(part: Profile, uses: pd.DataFrame) -> NDArray[np.object_]:
    """What stands before each use: "distancing" (so-called), "negated" (not a), "none" (no), ""."""
    found = np.full(len(uses), "", object)
    sentences = {
        number: part.vocabulary[part.word[slice(*part.pointer[number : number + 2])]].tolist()
        for number in set(uses["sentence"].tolist())
    }
    fronted = {n for n, tokens in sentences.items() if not _FRONTED.isdisjoint(tokens)}
    rows = np.flatnonzero(uses["sentence"].isin(fronted))
    there = uses.iloc[rows]
    offsets = there["start"].to_numpy() - part.sentences["start"].to_numpy()[there["sentence"]]
    columns = (rows.tolist(), there["sentence"], offsets.tolist(), wordings(part, there))
    for row, sentence, offset, words in zip(*columns, strict=True):
        tokens = sentences[sentence]
        at = _place(tokens, offset, words)
        before = tokens[max(at - _BEFORE, 0) : at]
        if not _SO_CALLED.isdisjoint(before):
            found[row] = "distancing"
        elif not _NOT.isdisjoint(before) and "only" not in before:  # not only a genocide
            found[row] = "negated"
        elif not _NONE.isdisjoint(before):
            found[row] = "none"
    return found


def _place(tokens: list[str], offset: int, words: Wording) -> int:
    """The token at which a label begins: of those that begin like it the nearest to *offset*.

    Tokens of a profile have no offsets; a space after each word is near enough to tell two uses
    of one label apart.
    """
    ends = np.cumsum([len(token) + token[0].isalnum() for token in tokens]).tolist()
    begins = [0, *ends]
    stems = [token.partition("-")[0][:_STEM].lower() for token in tokens]
    alike = [at for at, stem in enumerate(stems) if stem in words.words]
    return min(alike, key=lambda at: abs(begins[at] - offset), default=0)


def _by_unit(part: Profile, units: NDArray[np.integer]) -> NDArray[np.float64]:
    return np.bincount(units, minlength=len(part.units)).astype(float)
