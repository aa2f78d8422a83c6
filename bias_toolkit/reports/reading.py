"""Show one article with its voices and terms marked, to read rather than to count.

Marks are only ever inserted: leave them out and the text is the article's own, letter for
letter, but for control characters, which a terminal would obey instead of showing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import groupby, pairwise
from typing import Any

import pandas as pd
from rich.console import Console
from rich.text import Text

from bias_toolkit.annotation import Annotations
from bias_toolkit.profiles import profile
from bias_toolkit.reports import words as w
from bias_toolkit.wordchoice import mentions

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
# Their words stand in the list below the text, as cues with their classes and as sources.
_LISTED = ("reporting", "sources")
_LONGEST = 96  # letters of an attribution's words that are repeated in the list
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
    number: int = 0  # of the attribution in the list; 0 for none

    @property
    def opening(self) -> str:
        """What stands before a voice: "[3 reported: Baku| "."""
        number = f"{self.number} " if self.number else ""
        return f"[{number}{self.name}{': ' if self.about else ''}{self.about}| "


def marked(notes: Annotations, article_id: str, *, colour: bool = False, terms: bool = True) -> str:
    """One article with terms and voices marked, a legend, and its attributions as a list.

    Voices stand in brackets, ``[3 quote: Peskov| ... ]``, with the number of the attribution in
    the list; its cue bears the same number, ``said^3``.  A term stands between asterisks, followed
    by what it is a term of, ``*crackdown*{framing.security_terror}``; one that a bracket cuts has
    asterisks round each of its parts.  A label is marked where it counts: at the time of what it
    names, and where it needs one, in a sentence on the topic.  Without *terms* no term is marked.
    With *colour* the same in colours, as terminal escapes; those in the article itself are left
    out.

    Raises KeyError for an unknown article.
    """
    known = notes.articles["id"]
    if article_id not in set(known):
        raise KeyError(f"no article {article_id!r} here; ids are in articles['id']")
    shown = Text()
    for piece in pieces(notes, article_id, terms=terms):
        shown.append(w.clean(piece.text), style=piece.style)
    for line in (*map(Text, _legend(terms)), *_attribution_lines(notes, article_id)):
        shown.append("\n")
        shown.append_text(line)
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


def pieces(notes: Annotations, article_id: str, *, terms: bool = True) -> Iterator[Piece]:
    """The article in pieces; those not `added` are its title, where it stands apart, and text."""
    row = notes.articles[notes.articles["id"] == article_id].iloc[0]
    found = _marked_terms(notes, article_id) if terms else pd.DataFrame()
    if len(_tokens(notes, article_id, "title")):  # else the text repeats it, or there is none
        yield from _marked_part(notes, row, "title", found)
        yield Piece("\n\n", "", True)
    yield from _marked_part(notes, row, "text", found)


def _marked_part(
    notes: Annotations, article: pd.Series, part: str, terms: pd.DataFrame
) -> Iterator[Piece]:
    name, text = article["id"], article[part]
    # A bracket round nothing, or round signs only, would say that somebody said a comma.
    voices = [
        span
        for span in _voices(notes, name, part)
        if span.start >= 0 and any(map(str.isalnum, text[span.start : span.end]))
    ]
    here = terms[terms["part"] == part] if len(terms) else terms
    return _inserted(text, voices, [*_terms(here)], [*_cues(notes, name, part)])


def _inserted(
    text: str, voices: list[_Span], terms: list[_Span], cues: list[tuple[int, int]]
) -> Iterator[Piece]:
    """*text* with marks put in; voices do not overlap each other, nor do terms.

    *cues* are where a cue ends, and its number.
    """
    marks: dict[int, list[tuple[int, Piece]]] = {}
    voice_at, term_at = _Row(voices), _Row(terms)
    cuts = sorted({edge for voice in voices for edge in (voice.start, voice.end)})
    for span in terms:
        parts = [*_uncut(text, span, cuts)]
        for start, end in parts:
            about = f"{{{span.about}}}" if end == parts[-1][1] else ""
            marks.setdefault(start, []).append((4, Piece("*", "dim", True)))
            marks.setdefault(end, []).append((0, Piece(f"*{about}", "dim", True)))
    for place, number in cues:
        marks.setdefault(place, []).append((1, Piece(f"^{number}", "bold", True)))
    for span in voices:
        marks.setdefault(span.start, []).append((3, Piece(span.opening, "dim", True)))
        marks.setdefault(span.end, []).append((2, Piece(" ]", "dim", True)))
    edges = sorted({0, len(text), *marks})
    for place, following in zip(edges, [*edges[1:], len(text)], strict=True):
        # At one place what ends comes before what begins; an inner mark ends first.
        yield from (piece for _, piece in sorted(marks.get(place, []), key=lambda mark: mark[0]))
        voice, term = voice_at(place), term_at(place)
        style = f"{_STYLES[voice.name] if voice else ''} {'bold underline' if term else ''}".strip()
        if following > place:
            yield Piece(text[place:following], style, False)


class _Row:
    """Spans that do not overlap, asked for the one that holds a place."""

    def __init__(self, spans: list[_Span]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]

    def __call__(self, place: int) -> _Span | None:
        at = bisect_right(self._starts, place) - 1
        return self._spans[at] if at >= 0 and place < self._spans[at].end else None


def _uncut(text: str, term: _Span, cuts: list[int]) -> Iterator[tuple[int, int]]:
    """The parts of a term between the brackets that begin or end inside it, without their spaces.

    So that marks never cross: "*noted* [1 reported: X| *that*{...}".  *cuts* are in order.
    """
    inside = cuts[bisect_right(cuts, term.start) : bisect_left(cuts, term.end)]
    edges = [term.start, *inside, term.end]
    for start, end in pairwise(edges):
        part = text[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


# ------------------------------------------------------------------ what to mark


def _tokens(notes: Annotations, article_id: str, part: str) -> pd.DataFrame:
    table = notes.tokens
    return table[(table["article"] == article_id) & (table["part"] == part)]


def _voices(notes: Annotations, article_id: str, part: str) -> Iterator[_Span]:
    """Attributed stretches, and those that are not of the article."""
    texts, numbers = _texts(notes, article_id), _numbers(notes, article_id)
    for row in _attributions(notes, article_id, part):
        place = row["content_start"], row["content_end"]
        yield _Span(*place, row["voice"], _speaker(row, texts), numbers[row["id"]])
    for name, run in groupby(_unattributed(notes, article_id, part), key=lambda token: token[0]):
        if name:
            found = list(run)
            yield _Span(found[0][1], found[-1][2], name, "")


def _unattributed(notes: Annotations, article_id: str, part: str) -> Iterator[tuple[str, int, int]]:
    """For each token its place, and what it is where no attribution tells: left out, scare, ""."""
    tokens = _tokens(notes, article_id, part)
    columns = (tokens[name].tolist() for name in ("ignored", "voice", "start", "end"))
    for ignored, voice, start, end in zip(*columns, strict=True):
        yield "left out" if ignored else "scare" * (voice == "scare"), start, end


def _cues(notes: Annotations, article_id: str, part: str) -> Iterator[tuple[int, int]]:
    """Where each cue ends, and the number of its attribution."""
    numbers = _numbers(notes, article_id)
    ends = {row["id"]: row["cue_end"] for row in _attributions(notes, article_id, part)}
    yield from ((end, numbers[name]) for name, end in ends.items() if end >= 0)


def _attributions(notes: Annotations, article_id: str, part: str) -> list[dict[str, Any]]:
    table = notes.attributions
    return table[(table["article"] == article_id) & (table["part"] == part)].to_dict("records")


def _numbers(notes: Annotations, article_id: str) -> dict[int, int]:
    """The number of each attribution of an article, from 1, by its id."""
    table = notes.attributions
    ids = table.loc[table["article"] == article_id, "id"].unique().tolist()
    return {name: number for number, name in enumerate(ids, start=1)}


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


def _marked_terms(notes: Annotations, article_id: str) -> pd.DataFrame:
    """Hits of categories, and the labels that count: columns start, end, part, about."""
    table = notes.hits
    about: list[tuple[int, int, str, str]] = []
    if len(table):
        rows = table[(table["article"] == article_id) & (table["referent"] == "")]
        rows = rows[~rows["lexicon"].isin(_LISTED)]
        about = [
            (row.start, row.end, row.part, f"{row.lexicon}.{row.category}")
            for row in rows.itertuples(index=False)
        ]
    if any(lexicon.referents for lexicon in notes.lexicons):
        article = notes.articles[notes.articles["id"] == article_id]
        packs = [lexicon for lexicon in notes.lexicons if lexicon.referents]
        about += [
            (row.start, row.end, row.part, f"{row.referent}: {row.label}")
            for row in mentions(profile(article, packs)).itertuples(index=False)
        ]
    table = pd.DataFrame(about, columns=["start", "end", "part", "about"])
    return table.sort_values(["start", "end"], kind="stable")


def _terms(rows: pd.DataFrame) -> Iterator[_Span]:
    """Terms of lexicons; where they overlap, all of them as one span."""
    names: list[str] = []
    start = end = 0
    for row in rows.itertuples(index=False):
        if row.start >= end and names:
            yield _Span(start, end, "", "; ".join(dict.fromkeys(names)))
            names = []
        start = row.start if not names else start
        end = max(end, row.end) if names else row.end
        names.append(row.about)
    if names:
        yield _Span(start, end, "", "; ".join(dict.fromkeys(names)))


# ------------------------------------------------------------------ below the text


def _legend(terms: bool) -> Iterator[str]:
    yield ""
    yield "MARKS"
    for name, meaning in _MEANINGS.items():
        number, who = ("", "") if name in ("left out", "scare") else ("3 ", ": speaker")
        yield f"  [{number}{name}{who}| ... ]  {meaning}"
    yield "  said^3  the reporting word of number 3 in the list below"
    if terms:
        yield "  *term*{lexicon.category} or *term*{thing: label}  a word of a word list"
    yield '  he → Name  the text says "he", the name was inferred; → Name  carried over'
    yield "  ?  nobody was found who says it"
    yield "  speech: it was said; attitude: it was thought, wanted, praised or condemned"
    yield "  What stands in no bracket is the article's own narration."


def _attribution_lines(notes: Annotations, article_id: str) -> Iterator[Text]:
    """For each attribution who says it, with which cue, where the name is from, and the words."""
    table = notes.attributions
    mine = table[table["article"] == article_id]
    texts, numbers = _texts(notes, article_id), _numbers(notes, article_id)
    speakers = dict(zip(mine["id"], mine["speaker"], strict=True))
    yield Text("")
    yield Text(f"WHO SAYS WHAT ({w.count(len(numbers), 'attribution')}, numbered as above)")
    for name, number in numbers.items():
        rows = mine[mine["id"] == name].to_dict("records")
        yield _headline(rows, texts, number)
        source = _between(rows[0], texts, "source")
        yield Text(f"      source: {source or w.NONE} ({_found_how(rows[0])})")
        yield Text(f"      words:  {_shortened(_content(rows, texts))}")
        parent = rows[0]["parent"]
        if parent in numbers:
            teller = w.with_article(w.line(speakers[parent])) or "nobody known"
            yield Text(f"      nested: inside {numbers[parent]}, told by {teller}")


def _found_how(row: dict[str, Any]) -> str:
    """How the speaker was found; "residents" are nobody's name, and stand as they are written."""
    named = any(word[0].isupper() for word in w.line(row["speaker"]).split())
    how = _RESOLUTIONS[row["resolution"]]
    return "as written" if how == "named" and not named else how


def _headline(rows: list[dict[str, Any]], texts: dict[str, str], number: int) -> Text:
    """Speaker, cue, class, act and voices: "3. Baku: “announced” (neutral, speech), reported"."""
    row = rows[0]
    cue = _between(row, texts, "cue")
    said = f"“{cue}”" if cue else "no reporting word"
    kind = f"{row['cue_class'] or 'not classed'}, {row['act']}" if cue else row["act"]
    voices = dict.fromkeys(row["voice"] for row in rows)
    line = Text(f"{number:>4}. ")
    line.append(w.line(row["speaker"]) or "nobody known", style="bold")
    line.append(f": {said} ({kind}), ")
    for place, voice in enumerate(voices):
        line.append(" + " if place else "")
        line.append(voice, style=_STYLES[voice])
    return line


def _content(rows: list[dict[str, Any]], texts: dict[str, str]) -> str:
    """The words of an attribution, its pieces joined by dots."""
    pieces = (texts[r["part"]][r["content_start"] : r["content_end"]] for r in rows)
    return " … ".join(w.line(piece) for piece in pieces)


def _shortened(text: str) -> str:
    """*text* with its middle left out where it is long: both ends are what one checks."""
    if len(text) <= _LONGEST:
        return text
    start = text[: _LONGEST * 2 // 3].rpartition(" ")[0]
    end = text[-_LONGEST // 3 :].partition(" ")[2]
    return f"{start} … {end}" if start and end else text[:_LONGEST] + "…"
