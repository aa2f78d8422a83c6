"""Put what was found into plain English, one true sentence at a time.

Who asserts a thing and who chose the words for it are two questions.  In indirect speech the
proposition is the speaker's and the wording the outlet's; only quotation marks hand the wording
to a speaker.  Every sentence here keeps the two apart.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MOST_WRITERS = 3  # that two outlets share and that are named
NONE = "–"  # what stands for an undefined number or an absent date

# Cues that hand over a proposition; who denies, attacks, praises or asks does something else.
_PROPOSING = frozenset({"neutral", "emphatic", "factive", "distancing"})
_ASKING = re.compile("urg|call(s|ed|ing)? (on|for)|demand|ask|order|request|invit|appeal|seek|want")

# Institutions take an article; so do common nouns, but names of people and places do not.
_INSTITUTIONS = frozenset(
    """administration agency alliance army assembly association authority bank bureau cabinet
    chamber church coalition commission committee congress contingent council court department
    duma embassy federation force forces foundation front general government house institute
    kremlin league mandate ministry mission movement nations office organization organisation
    parliament party pentagon police prosecutor readout republic secretariat senate service
    spokesman spokesperson spokeswoman staff state states statement tribunal union
    university eu un us uk osce csto""".split()
)
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")

PLACES = {"title": "headline", "subhead": "second headline", "caption": "picture caption"}


def clean(text: str) -> str:
    """*text* without terminal escapes, control characters and marks that turn its direction.

    Line ends and tabs stay.

    >>> clean("a \\x1b[31mred\\x1b[0m word\\x07")
    'a red word'
    """
    return _UNCLEAN.sub("", _ESCAPE.sub("", text))


def line(text: str) -> str:
    """*text* cleaned and on one line."""
    return " ".join(clean(text).split())


def count(number: float, noun: str) -> str:
    """A number and its noun, in the plural where it takes one.

    >>> count(1, "article"), count(2, "day"), count(0.5, "use"), count(1234, "body")
    ('1 article', '2 days', '0.5 uses', '1,234 bodies')
    """
    return f"{whole(number)} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """The plural of one of the few nouns used here."""
    return noun[:-1] + "ies" if re.search("[^aeiou]y$", noun) else noun + "s"


def whole(number: float) -> str:
    """A count; one that weights made fractional gets a decimal."""
    number = round(float(number), 1)
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def figure(value: float, digits: int = 1) -> str:
    """A measured number, with a true minus sign; a dash where it is undefined.

    >>> figure(2.345), figure(-0.5), figure(float("nan"))
    ('2.3', '−0.5', '–')
    """
    if not math.isfinite(value):
        return NONE
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")


def interval(low: float, high: float, digits: int = 1) -> str:
    """The ends of an interval, or "" where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{figure(low, digits)} to {figure(high, digits)}"


def share(value: float, low: float, high: float) -> str:
    """A share in per cent, with its interval where there is one.

    One that is near 0 or 100 has a decimal.

    >>> share(0.5, 0.4321, 0.5679), share(0.001, 0.0, 0.004), share(1.0, math.nan, math.nan)
    ('50 % (43 to 57)', '0.1 % (0.0 to 0.4)', '100 %')
    """
    digits = 1 if high < 0.01 or low > 0.99 else 0
    inside = interval(100 * low, 100 * high, digits)
    return f"{figure(100 * value, digits)} %" + (f" ({inside})" if inside else "")


def listed(names: Iterable[str], last: str = "and") -> str:
    """Names in a row: "A, B and C"."""
    *before, end = [*names] or [""]
    return f"{', '.join(before)} {last} {end}" if before else end


def day(iso: object) -> str:
    """A date as it is written in a text; a dash where there is none.

    >>> day("2023-09-25"), day(None)
    ('25 September 2023', '–')
    """
    if not isinstance(iso, str) or not iso:
        return NONE
    when = dt.date.fromisoformat(iso)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


# Not strftime: its month names follow the machine's language.
_MONTHS = """January February March April May June July August September October November
December""".split()


def period(dates: tuple[str, str] | None) -> str:
    """The first and last day of some articles."""
    if dates is None:
        return "no dates"
    return day(dates[0]) if dates[0] == dates[1] else f"{day(dates[0])} to {day(dates[1])}"


def with_article(speaker: str) -> str:
    """A speaker's name with "the" where English wants it.

    >>> [with_article(name) for name in ("Baku", "Armenian government", "Kremlin", "journalists")]
    ['Baku', 'the Armenian government', 'the Kremlin', 'the journalists']
    """
    if speaker.lower().startswith(("the ", "a ", "an ")):
        return speaker
    head = speaker.partition(" of ")[0].rpartition(" ")[2]  # Ministry, in "Ministry of Defence"
    last = speaker.rpartition(" ")[2]
    common = last.islower() or {head.lower(), last.lower()} & _INSTITUTIONS
    return f"the {speaker}" if common else speaker


def possessive(name: str) -> str:
    """The genitive of a name: TASS’s, Yerevan’s; a plural such as "the journalists’"."""
    plural_noun = name.startswith("the ") and name.rpartition(" ")[2].islower()
    return f"{name}’" if plural_noun and name.endswith("s") else f"{name}’s"


def writer_of(outlet: str, writer: str) -> str:
    """Who wrote what an outlet printed: the outlet itself, or the writer whom it carries."""
    return outlet if not writer or writer.casefold() == outlet.casefold() else writer


def shown_speaker(mention: Mapping[str, Any]) -> str:
    """A speaker, and how the name was found where the sentence does not give it: "it (→ Baku)".

    *mention* has speaker and resolution, and source, the words of the text, where known.
    """
    name, how = line(mention["speaker"]), mention["resolution"]
    source = line(mention.get("source", ""))
    if not name:
        return ""
    if how == "inherited":
        return f"(→ {name})"
    if how in ("pronoun", "role") and source.casefold() != name.casefold():
        return f"{source or 'a ' + how} (→ {name})"
    return name


def credit(mention: Mapping[str, Any], writer: str) -> str:
    """Whose proposition and whose wording one use of a label is, in one sentence.

    *mention* has voice, speaker, cue and cue_class; *writer* is from `writer_of`.
    """
    voice, speaker = mention["voice"], with_article(line(mention["speaker"]))
    if voice == "own":
        return f"Narration, worded by {writer}: no source was found for it."
    if voice == "scare":
        return f"Inside quotation marks without a source: the marks are {possessive(writer)}."
    if voice in ("partial", "quote"):
        if not speaker:
            return "Inside quotation marks; whose words they are was not found."
        kind = "a fragment" if voice == "partial" else "a quotation"
        return f"Inside quotation marks, {kind} ascribed to {speaker}."
    return _reported(speaker, mention, writer)


def _reported(speaker: str, mention: Mapping[str, Any], writer: str) -> str:
    if not speaker:
        return f"Ascribed to a source that was not found; the wording is {possessive(writer)}."
    if mention.get("negated"):
        return f"Ascribed to {speaker} with a “not”; the wording is {possessive(writer)}."
    proposes = mention["cue_class"] in _PROPOSING and mention["cue"]
    if proposes and not _ASKING.match(mention["cue"]):
        return f"Told as {possessive(speaker)} proposition; the wording is {possessive(writer)}."
    return f"Ascribed to {speaker}; the wording is {possessive(writer)}."


def cue_note(mention: Mapping[str, Any]) -> str:
    """The reporting word, in quotation marks; "" where there is none."""
    cue = line(mention["cue"])
    return f"“{cue}”" if cue else ""


# ------------------------------------------------------------------ sentences on a pair


def distance(days: int | None) -> str:
    """How far apart in time two outlets wrote."""
    if days is None:
        return "How far apart they wrote is unknown: not both have dated articles."
    if days == 0:
        return "Their nearest articles are of the same day."
    return f"Their nearest articles are {count(days, 'day')} apart."


def one_event(events: Sequence[str], comparable: bool) -> str:
    """Whether two outlets wrote of the same event, as far as labels tell."""
    if not comparable:
        return "They wrote at different times, so they are not held to report on one event."
    if not events:
        return "No dated event of the word lists is named by both."
    return (
        f"Both name {listed(events)}. To name an event is not yet to report on it: read the "
        "articles before you compare them as accounts of one event."
    )


def writers(names: Sequence[str]) -> str:
    """Whether two outlets carry text by one writer."""
    if not names:
        return "No shared writer is recorded."
    more = len(names) - _MOST_WRITERS
    return f"Yes: {listed(names if more <= 0 else [*names[:_MOST_WRITERS], f'{more:,} more'])}."


def time_of(first: dt.date | None, last: dt.date | None) -> str:
    """The time in which a word list lets labels mean a thing: "from ... to ..."."""
    start = f"from {day(first.isoformat())}" if first else ""
    end = f"to {day(last.isoformat())}" if last else "on" if first else ""
    return f"{start} {end}".strip()
