"""Tell the furniture of an outlet's pages from the sentences that its newsroom writes again.

Both recur.  What recurs is furniture only where a named sign says so: an invitation to click,
a copyright line, a rubric set off by a bar from the headline.  Without a sign, and always inside
quotation marks, it is left to be a stock sentence, which nobody sets aside.  All is decided
outlet by outlet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from bias_toolkit.cleaning import CAPTION, OTHER, TITLE
from bias_toolkit.hashing import Bools, Hashes, Ints, Kinds, Words, hashes, kinds_of, powers
from bias_toolkit.tokens import ragged

FEWEST_ARTICLES = 8  # of an outlet, that furniture stands in ...
SMALLEST_SHARE = 0.002  # ... and of all its articles: in 100,000, eight times is chance

# --------------------------------------------------------------------- opinions: the signs


class Sign(NamedTuple):
    """What marks a recurring piece of text as the page's furniture, not the article's.

    The pattern is searched in the piece's words, lower-case and parted by spaces; in it, OWN
    is the outlet's name.  A sign that is strong enough for a piece *joined* to other text, at
    the beginning or end of a sentence, says so.
    """

    name: str
    pattern: str
    joined: bool
    fires: tuple[str, ...]
    silent: tuple[str, ...]


# The page and its parts, as no event is called.
_PAGE = (
    r"(?:newsletters?|inbox|mailing list|app|website|web site|webpage|home ?page|facebook|twitter"
    r"|instagram|telegram|youtube|podcasts?|episodes?|videos?|stor(?:y|ies)|articles?|columns?"
    r"|photos?|gallery|here|below|e-?mails?|alerts?|comments?|promo code|subscri\w+|flipboard"
    r"|coverage|headlines|journalism|live blog|online|links?)"
)
_INVITING = (
    r"(?:read|watch|listen|see|check|follow|join|share|subscribe|sign|download|get|visit|submit"
    r"|send|e-?mail|tweet|support|donate|register|browse|explore|catch|find|learn|view|contact"
    r"|consider|help|tell|pitch|stay|keep|tune|want|looking|like|love|enjoy)"
)
_OURS = r"(?:our|(?<!the )us)"  # in lower case, "the us" is a country
_ARTICLE = (
    r"this (?:article|story|post|report|column|commentary|transcript|piece|page|text|version|video"
    r"|essay|excerpt|editorial|op-ed|interview|item)"
)
_STAFF = (
    r"(?:editor|columnist|contributor|correspondent|reporter|anchor|host|writer|producer"
    r"|commentator|editor-at-large|blogger|intern|staff)s?"
)

SIGNS = (
    Sign(
        "rights",
        r"copyright (?:©|\( c \)|by|\d)|© ?\d|© \w+|all rights reserved|reprint permission"
        r"|not be (?:published , )?(?:reproduced|broadcast|rewritten|redistributed)"
        r"|terms of (?:use|service)|privacy policy",
        True,
        ("copyright © 2019 the daily example , llc .", "all rights reserved ."),
        ("the law of copyright is old .", "they reserved all their rights ."),
    ),
    Sign(
        "subscription",
        r"\b(?:sign|signed) up (?:for|to|here|now|today|below)\b.*\b(?:newsletters?|here|alerts?"
        r"|e-?mails?|updates|briefing|free)\b|\byour inbox\b"
        r"|^\W*(?:subscribe|sign up) (?:to|on|for|now|here|today)\b",
        True,
        (
            "sign up for the future perfect newsletter .",
            "want example news first in your inbox every day ?",
            "sign up here .",
            "subscribe on apple podcasts or wherever you listen .",
        ),
        (
            "about 10,000 people signed up for the programme .",
            "they subscribe to the theory that the war was lost .",
        ),
    ),
    Sign(
        "click",
        r"^\W*(?:click|tap|swipe) (?:here|on|to|for|below|through)\b|\bclick here\b",
        True,
        ("click here to read more .", "to catch him live at noon , click here ."),
        ("he clicked his tongue .", "it all began to click for them ."),
    ),
    Sign(
        "invitation",
        rf"^\W*(?:please |and |to )?{_INVITING}\b.*(?:\b(?:{_PAGE}|{_OURS}|your?|OWN)\b|\w ?@ ?\w"
        r"|https?)",
        False,
        (
            "check out the OWN electoral map and game out your own strategy .",
            "watch the latest video at video.example.com",
            "share your top six picks .",
            "please consider making a contribution to OWN today .",
        ),
        (
            *("read my lips .", "consider this .", "see what happened ?", "follow the money ."),
            "support for the us army fell .",
        ),
    ),
    Sign(
        "reader",
        rf"(?=.*\b(?:you|your|you'll|you're|you'd)\b)(?=.*\b(?:we|{_OURS}|{_PAGE}|OWN)\b)",
        False,
        (
            "our mission is this : to empower you through understanding .",
            "if you have an idea for a piece , pitch us at ideas @ example.com .",
            "twice a week , you'll get a roundup in your e-mail .",
        ),
        ("you can see why .", "our soldiers held the line .", "what would you have done ?"),
    ),
    Sign(
        "contact",
        r"\b(?:reached?|follow|contact|e-?mail|write to) (?:(?:him|her|them|me|us|the author) )?"
        r"(?:at|on|via|by)\b.*(?:@|https?|twitter|e-?mail|facebook)|\bcan be reached at\b",
        True,
        ("he can be reached at desk @ example.com .", "follow her on twitter : @ desk"),
        ("they followed him on foot .", "an accord was reached at noon ."),
    ),
    Sign(
        "address",
        r"https?\b|\bwww\.|\w ?@ ?\w|^\W*@ ?\w",
        False,
        ("ask ken : politics @ example.org", "http : live.example.com", "@ desk"),
        ("the site example.com was closed .",),
    ),
    Sign(
        "about the page",
        rf"\b(?:opinions|views)(?: and \w+)? expressed\b|\b(?:based|contributed|reporting)\b[^.]*"
        rf"\bto {_ARTICLE}|{_ARTICLE} (?:has been|have been|was|is|had been|may be|will be|first"
        r"|originally|also) (?:\w+ )?(?:updated|corrected|edited|adapted|excerpted|published"
        r"|produced|reprinted|republished|translated|revised|appeared|provided|based|generated"
        r"|written by)\b|\bedited for (?:length|clarity|space|style)\b"
        rf"|{_ARTICLE} (?:may|might) not be|\bavailability may vary\b|\bour (?:original|earlier)"
        r" (?:post|story|report)\b|\bedited transcript\b"
        r"|\btranscript of (?:our|the) (?:conversation|interview)\b"
        r"|^\W*(?:editor note|correction|corrections|update) :",
        False,
        (
            "the opinions expressed by columnists are their own .",
            "this story has been updated with additional information .",
            "a lightly edited transcript of our conversation follows .",
            "this article is based in part on wire service reports .",
            "editor note : want to support us ?",
        ),
        (
            "this story is far from over .",
            "he expressed opinions that few share .",
            "this report was damning .",
        ),
    ),
    Sign(
        "staff",
        rf"\b(?:is|are|was)\b[^.]*\b(?:{_STAFF}|editorial board)\b.*\bOWN\b"
        rf"|\bOWN\b[^.]*\b(?:is|are)\b.*\b(?:{_STAFF}|editorial board)\b",
        False,
        (
            "ann lee is digital politics editor for OWN .",
            "OWN editorial opinions are decided by its editorial board .",
        ),
        ("OWN was told so by an editor in baku .", "ann lee is a member of parliament ."),
    ),
    Sign(
        "house",
        r"\bOWN\b.*\b(?:transcripts?|programming|newsletters?|podcasts?|app|website|subscribers"
        r"|readers|journalism|advertis\w+)\b|\b(?:transcripts?|programming|newsletters?|podcasts?"
        r"|app|website|subscribers|readers|journalism|advertis\w+)\b.*\bOWN\b",
        False,
        (
            "OWN transcripts are created on a rush deadline .",
            "the authoritative record of OWN programming is the audio record .",
        ),
        ("OWN has learned that the minister will go .", "the transcript was published ."),
    ),
    Sign(
        "teaser",
        r"^\W*(?:photos?|videos?|gallery|slideshow|related|recommended|special coverage|see also"
        r"|read(?: more| also| next)?|watch(?: \w+)?|listen|also on \w+|more on this|also read"
        r"|more from \w+)\W* : ?\S",
        False,
        (
            "photos : top ten bridges",
            "special coverage : health care reform",
            "related : how the truce came about",
        ),
        ("the photos : nobody had seen them .", "the listener : a play ."),
    ),
)

_DASHES = frozenset("— – - -- ―".split())
_LONGEST_RUBRIC = 8  # words between such signs
_LONGEST_EDGE = 40  # tokens of a piece joined to other text
_SHORTEST_EDGE = 4
_NAMELESS = frozenset(
    "the online web news com net org info www en ru am az ua uk tv agency newspaper website"
    " media".split()
)


def own_name(outlet: str) -> str:
    """A pattern for an outlet's name as its own pages write it.

    >>> [own_name(name) for name in ("CNN (Web News)", "Fox Online News", "censor.net", "NEWS.ru")]
    ['cnn', 'fox', 'censor', 'news\\\\W{0,3}ru']
    """
    names = []
    for name in re.sub(r"\(.*?\)", " ", outlet.casefold()).split("/"):
        words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", name)
        telling = [word for word in words if word not in _NAMELESS] or words
        if telling:
            names.append(r"\W{0,3}".join(map(re.escape, telling)))
    return "|".join(dict.fromkeys(names)) or r"(?!)"


# ------------------------------------------------------------------ what is set aside


class _Pieces(NamedTuple):
    """Stretches of tokens that may be furniture, their units, and what kinds they are of."""

    begin: Ints
    end: Ints
    unit: Ints
    kinds: Kinds


def find_furniture(words: Words, single: Bools) -> tuple[Bools, pd.DataFrame]:
    """The tokens to be set aside, and a table of what they say and which sign gave them away.

    *single* says which units are counted: those that are no double of another.  A piece must
    stand in FEWEST_ARTICLES of an outlet's and in SMALLEST_SHARE of them.  Table: outlet, text,
    sign, articles, share, first, last (dates).
    """
    needed = needed_articles(words, single)
    aside = np.zeros(len(words.part.word), bool)
    rows = _judged(words, _sentences(words, single), needed, sign_of, aside)
    rows += _judged(words, _rubrics(words, single), needed, _rubric_sign, aside)
    rows += _judged(words, _signatures(words, single), needed, _signature_sign, aside)
    rows += _judged(words, _edges(words, single, needed, aside), needed, _joined_sign, aside)
    columns = ["outlet", "text", "sign", "articles"]
    table = pd.DataFrame([row[:4] for row in rows], columns=columns)
    articles = np.bincount(words.outlet[single], minlength=len(words.names))
    sizes = dict(zip(words.names, articles.tolist(), strict=True))
    table["share"] = table["articles"] / table["outlet"].map(sizes).astype(float)
    table["first"], table["last"] = [row[4] for row in rows], [row[5] for row in rows]
    order = ["outlet", "articles", "text"]
    return aside, table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def needed_articles(words: Words, counted: Bools) -> Ints:
    """In how many of each outlet's *counted* units a piece must stand to be furniture."""
    articles = np.bincount(words.outlet[counted], minlength=len(words.names))
    return np.maximum(FEWEST_ARTICLES, np.ceil(SMALLEST_SHARE * articles)).astype(np.int64)


def sign_of(text: str, outlet: str, joined: bool = False) -> str:
    """The first sign by which a recurring piece of text is furniture; "" if there is none.

    *text* is lower-case, its words and signs parted by spaces; *joined* asks only for signs
    that hold where it is joined to other text.

    >>> sign_of("sign up here .", "Example"), sign_of("the war began in 1988 .", "Example")
    ('subscription', '')
    """
    return next((name for name, sign in _signs(outlet, joined) if sign.search(text)), "")


def _joined_sign(text: str, outlet: str) -> str:
    return sign_of(text, outlet, joined=True)


@cache
def _signs(outlet: str, joined: bool) -> list[tuple[str, re.Pattern[str]]]:
    own = f"(?:{own_name(outlet)})"
    return [
        (sign.name, re.compile(sign.pattern.replace("OWN", own)))
        for sign in SIGNS
        if sign.joined or not joined
    ]


def _judged(
    words: Words,
    pieces: _Pieces,
    needed: Ints,
    judge: Callable[[str, str], str],
    aside: Bools,
) -> list[tuple]:
    """Mark in *aside* the tokens of pieces that recur and bear a sign; their rows of the table."""
    rows: list[tuple] = []
    found: list[int] = []
    first = pieces.kinds.first
    outlet = words.outlet[pieces.unit[first]]
    for kind in np.flatnonzero(pieces.kinds.units >= needed[outlet]).tolist():
        begin, end = pieces.begin[first[kind]], pieces.end[first[kind]]
        name, text = words.names[outlet[kind]], words.text(begin, end)
        if sign := judge(text, name):
            found.append(kind)
            rows.append((name, text, sign, int(pieces.kinds.units[kind])))
    places = pieces.kinds.pieces(np.array(found, np.int64))
    for number, place in enumerate(places):
        days = words.days(pieces.unit[place])
        rows[number] += (days[0], days[-1]) if days else ("", "")
        at, _ = ragged(pieces.end[place] - pieces.begin[place], pieces.begin[place])
        aside[at] = True
    return rows


def _eligible(words: Words) -> Bools:
    """Sentences that may be furniture, or begin or end with it: no headlines, captions, quotes."""
    return ~np.isin(words.field, (OTHER, TITLE, CAPTION)) & (words.quoted == 0) & (words.words > 0)


def _sentences(words: Words, single: Bools) -> _Pieces:
    """Whole sentences, numbers and dates in them being equal."""
    some = np.flatnonzero(_eligible(words))
    return _pieces(words, words.evened, words.pointer[some], words.pointer[some + 1], single)


def _pieces(words: Words, code: Hashes, begin: Ints, end: Ints, single: Bools) -> _Pieces:
    unit = words.part.unit[begin]
    return _Pieces(begin, end, unit, kinds_of(hashes(code, begin, end), unit, single, words))


# Rubrics: "Talks resume « War in Ukraine | Example.net".


def _rubrics(words: Words, single: Bools) -> _Pieces:
    """What bars and angle quotes part within a sentence, but for its least recurrent stretch.

    The least recurrent is the headline; angle quotes in pairs are quotation marks.
    """
    opening, closing, bar = (_is_one_of(words, marks) for marks in ({"«", "‹"}, {"»", "›"}, {"|"}))
    pair = _any(words, opening) & _any(words, closing)
    split = bar | ((opening | closing) & ~np.repeat(pair, np.diff(words.pointer)))
    begin, end, sentence = _stretches(words, split)
    every = _pieces(words, words.code, begin, end, single)
    often = every.kinds.units[every.kinds.kind]
    order = np.lexsort((begin, often, sentence))
    _, least = np.unique(sentence[order], return_index=True)
    rubric = np.ones(len(begin), bool)
    rubric[order[least]] = False
    count = np.append(0, np.cumsum(words.part.is_word))
    rubric &= count[end] - count[begin] <= _LONGEST_RUBRIC
    return _pieces(words, words.code, begin[rubric], end[rubric], single)


def _rubric_sign(text: str, outlet: str) -> str:
    return "rubric" if any(map(str.isalpha, text)) else ""


# Signatures: "... of the city. — Example."


def _signatures(words: Words, single: Bools) -> _Pieces:
    """What dashes part within a sentence, if it is its first or last stretch."""
    begin, end, sentence = _stretches(words, _is_one_of(words, _DASHES))
    edge = (begin == words.pointer[sentence]) | (end == words.pointer[sentence + 1])
    edge &= end - begin <= _LONGEST_RUBRIC
    return _pieces(words, words.code, begin[edge], end[edge], single)


def _signature_sign(text: str, outlet: str) -> str:
    rest = "|".join(sorted(_NAMELESS))
    pattern = rf"\W*(?:{own_name(outlet)})(?:\W+(?:{rest}))*\W*"
    return "signature" if re.fullmatch(pattern, text) else ""


def _is_one_of(words: Words, marks: Collection[str]) -> Bools:
    types = np.array([word in marks for word in words.part.vocabulary.tolist()], bool)
    return types[words.part.word]


def _any(words: Words, tokens: Bools) -> Bools:
    """Whether each sentence has one of the *tokens*."""
    return np.diff(np.append(0, np.cumsum(tokens))[words.pointer]) > 0


def _stretches(words: Words, split: Bools) -> tuple[Ints, Ints, Ints]:
    """Begin, end and sentence of the stretches of all sentences that have a *split* within."""
    sentence = np.repeat(np.arange(len(words.unit)), np.diff(words.pointer))
    split &= words.field[sentence] != OTHER
    begins = split.copy()
    begins[words.pointer[:-1]] = True
    begins &= _any(words, split)[sentence]
    begin = np.flatnonzero(begins)
    owner = sentence[begin]
    end = np.append(begin[1:], 0)
    last = np.append(owner[1:] != owner[:-1], True)[: len(begin)]
    return begin, np.where(last, words.pointer[owner + 1], end), owner


# Edges: "Sign up for our newsletters Baku and Yerevan agreed to ...".


def _edges(words: Words, single: Bools, needed: Ints, aside: Bools) -> _Pieces:
    """The longest beginning and end that recur of each sentence from which nothing is *aside*."""
    some = np.flatnonzero(_eligible(words) & ~_any(words, aside))
    first, length, often = _recurring_edge(words, single, needed, some, False)
    last, backward, seen = _recurring_edge(words, single, needed, some, True)
    begin = np.concatenate([words.pointer[first], words.pointer[last + 1] - backward])
    pieces = _pieces(words, words.evened, begin, begin + np.append(length, backward), single)
    units = np.zeros_like(pieces.kinds.units)
    # Where longer ones were found in other sentences, the shorter one recurs in those too.
    np.maximum.at(units, pieces.kinds.kind, np.append(often, seen))
    return pieces._replace(kinds=pieces.kinds._replace(units=units))


def _recurring_edge(
    words: Words, single: Bools, needed: Ints, active: Ints, at_end: bool
) -> tuple[Ints, Ints, Ints]:
    """Sentences that share a beginning (or end), its length in tokens, and in how many units."""
    size = np.diff(words.pointer)
    value = np.zeros(len(size), np.uint64)
    length, often = np.zeros(len(size), np.int64), np.zeros(len(size), np.int64)
    for k, power in enumerate(powers(_LONGEST_EDGE), start=1):
        active = active[size[active] > k]
        token = words.pointer[active + 1] - k if at_end else words.pointer[active] + k - 1
        value[active] += words.evened[token] * power
        if k < _SHORTEST_EDGE:
            continue
        unit = words.unit[active]
        kinds = kinds_of(value[active], unit, single, words)
        units = kinds.units[kinds.kind]
        recurs = units >= needed[words.outlet[unit]]
        active = active[recurs]
        length[active], often[active] = k, units[recurs]
    found = np.flatnonzero(length)
    return found, length[found], often[found]
