"""Arrange numbers by outlet for a report: articles, voices, speakers, rates, tone.

Every record is read off a table of the comparison.  A number that is undefined carries the
reason, which the page shows beside its dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bias_toolkit import plots
from bias_toolkit.attribution import VOICES
from bias_toolkit.comparison import Comparisons
from bias_toolkit.metrics import FEWEST
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.readability import smog_caution, why_undefined
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import outlets
from bias_toolkit.reports.introductions import said_by
from bias_toolkit.validity.evidence import VOCABULARY, standings

NO_SPEAKER = "(speaker not found)"
_MOST_CUES = 14  # shown of one speaker; all are in the tables
_INSIDE_MARKS = ("partial", "scare", "quote")
_TONES = ("sentiment", "sentiment_masked")
_FIRST = "framing"  # the lexicon shown before all others
_NAMES = {
    "sentiment": "Tone",
    "sentiment_masked": "Tone, names and labels masked",
    "readability.flesch": "Flesch Reading Ease",
    "readability.flesch_kincaid": "Flesch-Kincaid",
    "readability.fog": "Gunning Fog",
    "readability.smog": "SMOG",
    "readability.ari": "Automated Readability Index",
    "readability.coleman_liau": "Coleman-Liau",
}


@dataclass(frozen=True)
class Cell:
    """One number as shown: its value, what it rests on, its interval.

    `why` is the reason why it is undefined, or what else must be known of it.
    """

    value: str
    basis: str = ""
    interval: str = ""
    why: str = ""


# ------------------------------------------------------------------ articles


@dataclass(frozen=True)
class ArticleRow:
    """What is known of one article."""

    id: str
    outlet: str
    title: str
    url: str  # "" unless it is an address on the web
    date: str
    basis: str
    origin: str  # writer, and through whom it came
    language: str
    file: str  # "" where all articles are of one file, which would say nothing
    words: int


def article_rows(part: Profile) -> list[ArticleRow]:
    """Every article, by outlet and date."""
    units = part.units.assign(counted=part.sums["words.all"])
    rows = units.to_dict("records")
    rows.sort(key=lambda row: (str(row["outlet"]), _text(row, "date"), str(row["id"])))
    several = len({_text(row, "path") for row in rows}) > 1
    return [_article(row, several) for row in rows]


def _article(row: dict, several_files: bool) -> ArticleRow:
    url = _text(row, "url")
    return ArticleRow(
        id=str(row["id"]),
        outlet=str(row["outlet"]),
        title=w.line(_text(row, "title")),
        url=url if url.lower().startswith(("http://", "https://")) else "",
        date=w.day(row["date"]),
        basis=w.line(_text(row, "date_basis")),
        origin=_origin(row),
        language=w.line(_text(row, "original_language")),
        file=w.line(_text(row, "path")) if several_files else "",
        words=int(row["counted"]),
    )


def _origin(row: dict) -> str:
    """Writer, and those through whom the text came: "RFE/RL, via Asbarez, published by X"."""
    writer, via, publisher = (w.line(_text(row, name)) for name in ("writer", "via", "publisher"))
    outlet = w.line(row["outlet"])
    parts = [writer] if writer else []
    parts += [f"via {via}"] if via else []
    if publisher and publisher not in (outlet, writer):
        parts.append(f"published by {publisher}")
    return ", ".join(parts)


def _text(row: dict, column: str) -> str:
    """A cell as text; "" where the column or the value is missing."""
    value = row.get(column)
    return value if isinstance(value, str) else ""


# ------------------------------------------------------------------ voices and speakers


@dataclass(frozen=True)
class VoiceRow:
    """How much of an outlet's text stands in each voice."""

    outlet: str
    articles: int
    words: int
    shares: tuple[Cell, ...]  # in the order of VOICES
    quoted: str  # fragments, scare quotes and full quotations together, in per cent


def voice_rows(whole: Comparisons) -> list[VoiceRow]:
    """Words and shares of each voice, an outlet a row."""
    table = plots.voice_shares(whole).set_index("outlet")
    return [
        VoiceRow(
            name,
            int(table.at[name, "articles"]),
            int(table.at[name, "words"]),
            tuple(_percent(table.at[name, voice]) for voice in VOICES),
            w.figure(100 * sum(table.at[name, voice] for voice in _INSIDE_MARKS)),
        )
        for name in outlets(whole)
    ]


def _percent(share: float) -> Cell:
    value = w.figure(100 * share)
    return Cell(value, why="no words" if value == w.NONE else "")


@dataclass(frozen=True)
class SpeakerRow:
    """One speaker in one outlet: words, uses, and the reporting words that go with them."""

    speaker: str
    side: str
    quoted: int
    reported: int
    attributions: int
    articles: int
    cues: str


def speaker_rows(whole: Comparisons) -> list[tuple[str, list[SpeakerRow]]]:
    """The speakers of each outlet, those with most words first, nobody last."""
    cues = said_by(whole, ["outlet", "speaker"], _MOST_CUES)
    table = whole.speakers
    found = []
    for name in outlets(whole):
        mine = table[table["outlet"] == name]
        mine = pd.concat([mine[mine["speaker"] != ""], mine[mine["speaker"] == ""]])
        rows = mine.to_dict("records")
        found.append((name, [_speaker(row, cues.get((name, row["speaker"]), "")) for row in rows]))
    return found


def _speaker(row: dict, cues: str) -> SpeakerRow:
    return SpeakerRow(
        speaker=w.line(row["speaker"]) or NO_SPEAKER,
        side=w.line(row["side"]),
        quoted=int(row["quoted"]),
        reported=int(row["reported"]),
        attributions=int(row["attributions"]),
        articles=int(row["articles"]),
        cues=cues,
    )


# ------------------------------------------------------------------ rates


@dataclass(frozen=True)
class CategoryRows:
    """One category: for each outlet a cell in each of the four word groups."""

    name: str
    about: str
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]  # outlet, cells in the order of GROUPS
    standing: str = VOCABULARY  # or that coders validated it


@dataclass(frozen=True)
class LexiconRates:
    """The categories of one lexicon that were found, and the names of those never found."""

    name: str
    title: str
    categories: tuple[CategoryRows, ...]
    never: tuple[str, ...]

    @property
    def validated(self) -> bool:
        """Whether coders validated any of the categories."""
        return any(category.standing != VOCABULARY for category in self.categories)


def rate_parts(whole: Comparisons, evidence: Sequence[str | Path] = ()) -> list[LexiconRates]:
    """Rates per 1,000 words of every lexicon's categories, framing first.

    *evidence* are files that say which categories coders validated.
    """
    cells = _rate_cells(whole)
    standing = standings(whole.profile.lexicons, evidence)
    parts = []
    for lexicon in sorted(whole.profile.lexicons, key=lambda lexicon: lexicon.name != _FIRST):
        found, never = [], []
        for category in lexicon.categories:
            key = (lexicon.name, category.name)
            named = [name for name in outlets(whole) if (*key, name) in cells]
            rows = tuple((name, cells[*key, name]) for name in named)
            if any(cell.basis not in ("", "0") for _, mine in rows for cell in mine):
                said = standing[lexicon.name, category.name]
                found.append(CategoryRows(_spaced(category.name), category.about, rows, said))
            elif rows:
                never.append(_spaced(category.name))
        if found or never:
            parts.append(LexiconRates(lexicon.name, lexicon.title, tuple(found), tuple(never)))
    return parts


def _rate_cells(whole: Comparisons) -> dict[tuple[str, str, str], tuple[Cell, ...]]:
    """Lexicon, category and outlet -> the cells of the four word groups."""
    ends = {
        (row.metric, row.outlet): (row.low, row.high)
        for row in whole.metrics.itertuples(index=False)
    }
    found: dict[tuple[str, str, str], list[Cell]] = {}
    for group in GROUPS:
        for row in plots.category_rates(whole, group).itertuples(index=False):
            low, high = ends[f"{row.lexicon}.{row.category}.{group}", row.outlet]
            cell = _rate(row.rate, row.count, w.interval(low, high), group)
            found.setdefault((row.lexicon, row.category, row.outlet), []).append(cell)
    return {key: tuple(cells) for key, cells in found.items()}


def _rate(rate: float, number: int, interval: str, group: str) -> Cell:
    value = w.figure(rate)
    if value == w.NONE:
        return Cell(value, why=f"no words in the group “{group}”")
    return Cell(value, w.whole(number), interval)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def intervals_possible(whole: Comparisons) -> bool:
    """Whether any outlet has enough articles for an interval."""
    return any(n >= FEWEST for n in whole.profile.outlets.values())


# ------------------------------------------------------------------ tone and readability


_FEWEST_SENTENCES = 3  # that name an actor, for the tone of them to be shown
_MOST_ACTORS = 12


@dataclass(frozen=True)
class MeasureRow:
    """One measure in all outlets."""

    name: str
    about: str
    cells: tuple[Cell, ...]


def tone_rows(whole: Comparisons) -> list[MeasureRow]:
    """Tone, of all words and with names and labels masked."""
    return [_measure(whole, name, 2) for name in _TONES if name in _abouts(whole)]


def actor_tone_rows(whole: Comparisons) -> list[MeasureRow]:
    """Masked tone of sentences by the actor they name, the most often named first."""
    table = whole.actor_tones
    table = table[table["sentences"] >= _FEWEST_SENTENCES]
    order = table.groupby(["actor", "side"])["sentences"].sum().sort_values(kind="stable")
    rows = []
    for actor, side in reversed(order.index[-_MOST_ACTORS:].tolist()):
        mine = table[(table["actor"] == actor) & (table["side"] == side)].set_index("outlet")
        cells = tuple(_actor_tone(mine, outlet) for outlet in outlets(whole))
        rows.append(MeasureRow(actor, side if side != actor else "", cells))
    return rows


def _actor_tone(table: pd.DataFrame, outlet: str) -> Cell:
    if outlet not in table.index:
        return Cell(w.NONE, why=f"named in fewer than {_FEWEST_SENTENCES} sentences")
    value = w.figure(float(table.at[outlet, "sentiment_masked"]), 2)
    return Cell(value, w.whole(int(table.at[outlet, "sentences"])))


def readability_rows(whole: Comparisons) -> list[MeasureRow]:
    """The six readability formulas."""
    names = [name for name in _abouts(whole) if name.startswith("readability.")]
    return [_measure(whole, name, 1) for name in names]


def footnotes(whole: Comparisons, rows: list[MeasureRow]) -> list[str]:
    """What must be known of numbers that are defined but uncertain: "SMOG, TASS: ..."."""
    return [
        f"{row.name}, {w.line(name)}: {cell.why}."
        for row in rows
        for name, cell in zip(outlets(whole), row.cells, strict=True)
        if cell.why and cell.value != w.NONE
    ]


def _abouts(whole: Comparisons) -> dict[str, str]:
    return {metric.name: metric.about for metric in whole.profile.metric_list}


def _measure(whole: Comparisons, name: str, digits: int) -> MeasureRow:
    table = whole.metrics
    rows = table[table["metric"] == name].set_index("outlet")
    cells = []
    for outlet in outlets(whole):
        value, low, high = (rows.at[outlet, column] for column in ("value", "low", "high"))
        sums = {k: float(v.sum()) for k, v in whole.profile.by_outlet()[outlet].items()}
        cells.append(_measured(name, w.figure(value, digits), w.interval(low, high, digits), sums))
    return MeasureRow(_NAMES.get(name, name), _abouts(whole)[name], tuple(cells))


def _measured(name: str, value: str, interval: str, sums: dict[str, float]) -> Cell:
    caution = smog_caution(sums["sentences"]) if name == "readability.smog" else ""
    if value != w.NONE:
        return Cell(value, "", interval, caution)
    if name in _TONES:
        return Cell(value, why="no sentence that is not mostly quotation")
    return Cell(value, why=why_undefined(sums["words"], sums["sentences"]) or "undefined here")
