"""Show one article with its voices and terms marked, to read rather than to count.

Marks are only ever inserted: leave them out and the text is the article's own, letter for
letter, but for control characters, which a terminal would obey instead of showing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import groupby
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from bias_toolkit.annotation import Annotations
from bias_toolkit.reports import words as w

_STYLES = {
    "own": "",
    "reported": "cyan",
    "partial": "yellow",
    "scare": "magenta",
    "quote": "green",
    "left out": "bright_black",
}
_MEANINGS = {
    "reported": "somebody's claim in the article's wording",
    "partial": "a quoted fragment with a source",
    "scare": "a quoted fragment without a source",
    "quote": "a full quotation",
    "left out": "not part of the article: navigation, datelines, forms, credits",
}
_CUES = "reporting"  # its words stand in the list below the text, as cues, with their classes
_RESOLUTIONS = {
    "named": "named",
    "role": "by role",
    "pronoun": "by pronoun",
    "inherited": "carried over",
    "none": "not found",
}


@dataclass(frozen=True)
class Piece:
    """A piece of what is shown: of the article itself, or a mark that was put in."""

    text: str
    style: str
    added: bool


@dataclass(frozen=True)
class _Span:
    """A stretch of text and what to say of it."""

    start: int
    end: int
    name: str  # a voice, "left out", or "" for a term
    about: str


def marked(notes: Annotations, article_id: str, *, colour: bool = False) -> str:
    """One article with terms and voices marked, a legend, and its attributions as a list.

    Voices stand in brackets, ``[quote:Peskov| ... ]``; a term between asterisks, followed by
    what it is a term of, ``*crackdown*{framing.security_terror}``.  With *colour* the same in
    colours, as terminal escapes; those in the article itself are left out.

    Raises KeyError for an unknown article.
    """
    known = notes.articles["id"]
    if article_id not in set(known):
        raise KeyError(f"no article {article_id!r} here; ids are in articles['id']")
    shown = Text()
    for piece in pieces(notes, article_id):
        shown.append(w.clean(piece.text), style=piece.style)
    for line in (*_legend(), *_attribution_lines(notes, article_id)):
        shown.append("\n")
        shown.append(line)
    return _rendered(shown, colour)


def _rendered(shown: Text, colour: bool) -> str:
    """Text as a string; not wrapped, since a terminal wraps by itself and a file must not."""
    console = Console(
        file=StringIO(),
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as captured:
        console.print(shown, soft_wrap=True, end="")
    return captured.get()


def pieces(notes: Annotations, article_id: str) -> Iterator[Piece]:
    """The article in pieces; those not `added` are its title, where it stands apart, and text."""
    row = notes.articles[notes.articles["id"] == article_id].iloc[0]
    if len(_tokens(notes, article_id, "title")):  # else the text repeats it, or there is none
        yield from _marked_part(notes, row, "title")
        yield Piece("\n\n", "", True)
    yield from _marked_part(notes, row, "text")


def _marked_part(notes: Annotations, article: pd.Series, part: str) -> Iterator[Piece]:
    voices = [*_voices(notes, article["id"], part)]
    return _inserted(article[part], voices, [*_terms(notes, article["id"], part)])


def _inserted(text: str, voices: list[_Span], terms: list[_Span]) -> Iterator[Piece]:
    """*text* with marks put in; voices do not overlap each other, nor do terms."""
    marks: dict[int, list[tuple[int, Piece]]] = {}
    for span in terms:
        marks.setdefault(span.start, []).append((2, Piece("*", "dim", True)))
        marks.setdefault(span.end, []).append((0, Piece(f"*{{{span.about}}}", "dim", True)))
    for span in voices:
        opening = f"[{span.name}{':' if span.about else ''}{span.about}| "
        marks.setdefault(span.start, []).append((1, Piece(opening, "dim", True)))
        marks.setdefault(span.end, []).append((0, Piece(" ]", "dim", True)))
    edges = sorted({0, len(text), *marks})
    for place, following in zip(edges, [*edges[1:], len(text)], strict=True):
        # At one place what ends comes before what begins; an inner mark ends first.
        yield from (piece for _, piece in sorted(marks.get(place, []), key=lambda mark: mark[0]))
        style = " ".join((_style_at(place, voices), _style_of_term(place, terms))).strip()
        if following > place:
            yield Piece(text[place:following], style, False)


def _style_at(place: int, voices: list[_Span]) -> str:
    return next((_STYLES[s.name] for s in voices if s.start <= place < s.end), "")


def _style_of_term(place: int, terms: list[_Span]) -> str:
    return "bold underline" if any(s.start <= place < s.end for s in terms) else ""


# ------------------------------------------------------------------ what to mark


def _tokens(notes: Annotations, article_id: str, part: str) -> pd.DataFrame:
    table = notes.tokens
    return table[(table["article"] == article_id) & (table["part"] == part)]


def _voices(notes: Annotations, article_id: str, part: str) -> Iterator[_Span]:
    """Attributed stretches, and those that are not of the article."""
    table = notes.attributions
    texts = _texts(notes, article_id)
    for row in table[(table["article"] == article_id) & (table["part"] == part)].to_dict("records"):
        yield _Span(row["content_start"], row["content_end"], row["voice"], _speaker(row, texts))
    tokens = _tokens(notes, article_id, part)
    left_out = zip(tokens["ignored"], tokens["start"], tokens["end"], strict=True)
    for ignored, run in groupby(left_out, key=lambda token: token[0]):
        if ignored:
            found = list(run)
            yield _Span(found[0][1], found[-1][2], "left out", "")


def _texts(notes: Annotations, article_id: str) -> dict[str, str]:
    row = notes.articles[notes.articles["id"] == article_id].iloc[0]
    return {"text": row["text"], "title": row["title"]}


def _speaker(row: dict[str, Any], texts: dict[str, str]) -> str:
    """The speaker of an attribution, with the words of the text where it was inferred."""
    name = w.line(row["speaker"])
    source = _between(row, texts, "source")
    if row["resolution"] in ("pronoun", "role") and source:
        return f"{source} → {name}" if name else source
    if row["resolution"] == "inherited":
        return f"→ {name}"
    return name or source or "?"


def _between(row: dict[str, Any], texts: dict[str, str], what: str) -> str:
    """The words of an attribution's cue or source; "" where it has none."""
    if row[f"{what}_start"] < 0:
        return ""
    return w.line(texts[row["part"]][row[f"{what}_start"] : row[f"{what}_end"]])


def _terms(notes: Annotations, article_id: str, part: str) -> Iterator[_Span]:
    """Terms of lexicons; where they overlap, all of them as one span."""
    table = notes.hits
    if table.empty:
        return
    rows = table[(table["article"] == article_id) & (table["part"] == part)]
    rows = rows[rows["lexicon"] != _CUES]
    names: list[str] = []
    start = end = 0
    for row in rows.sort_values(["start", "end"], kind="stable").to_dict("records"):
        if row["start"] >= end and names:
            yield _Span(start, end, "", "; ".join(dict.fromkeys(names)))
            names = []
        start = row["start"] if not names else start
        end = max(end, row["end"]) if names else row["end"]
        names.append(_meaning(row))
    if names:
        yield _Span(start, end, "", "; ".join(dict.fromkeys(names)))


def _meaning(row: dict[str, Any]) -> str:
    """What a hit is a hit of: a category, or a label and the thing it is a label for."""
    if row["referent"]:
        return f"{row['referent']}: {row['category']}"
    return f"{row['lexicon']}.{row['category']}"


# ------------------------------------------------------------------ below the text


def _legend() -> Iterator[str]:
    yield ""
    yield "MARKS"
    for name, meaning in _MEANINGS.items():
        who = "" if name in ("scare", "left out") else ":speaker"
        yield f"  [{name}{who}| ... ]  {meaning}"
    yield "  *term*{lexicon.category} or *term*{thing: label}  a word of a word list"
    yield '  he → Name  the text says "he", the name was inferred; → Name  carried over'
    yield "  What stands in no bracket is the article's own narration."


def _attribution_lines(notes: Annotations, article_id: str) -> Iterator[str]:
    """One line an attribution: voices, cue and class, source, speaker, how found."""
    table = notes.attributions
    mine = table[table["article"] == article_id]
    texts = _texts(notes, article_id)
    yield ""
    yield f"WHO SAYS WHAT ({w.count(mine['id'].nunique(), 'attribution')})"
    for number, (_, rows) in enumerate(mine.groupby("id", sort=False), start=1):
        row = rows.iloc[0].to_dict()
        voices = "+".join(dict.fromkeys(rows["voice"]))
        cue = _between(row, texts, "cue")
        said = f"“{cue}” ({row['cue_class'] or 'not classed'})" if cue else "no reporting word"
        source = _between(row, texts, "source")
        speaker = w.line(row["speaker"]) or "nobody known"
        found = f"speaker: {speaker} ({_RESOLUTIONS[row['resolution']]})"
        yield f"  {number}. {voices}, {said}, source: {source or w.NONE}, {found}"
