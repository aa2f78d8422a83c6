"""Mark what a term is besides a word: function word, name of an outlet, house style, a spelling.

Such terms differ between outlets without saying anything about the news.  They are marked, never
merged or removed: whoever looks for "Kiev" must find it, and the tests are over all terms.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from bias_toolkit import grammar as g
from bias_toolkit.tokens import TITLES, word_of

FUNCTION_WORD, OWN_NAME, HOUSE_STYLE = "function word", "own name", "house style"
_FUNCTION = (
    g.DETERMINER | g.SUBJECT | g.AUXILIARY | g.PREPOSITION | g.SUBORDINATOR | g.COORDINATOR
    | g.OBJECT_PRONOUN | g.THAT | g.TO | g.BY | g.AS | g.OF
)  # fmt: skip
# Clock times, ordinals, initials: 7pm, a.m., 4th, John E. Smith.
_FORM = re.compile(r"\d{1,2}([:.]\d\d)?([ap]m)?|[ap]\.?m\.?|\d+(th|st|nd|rd)|[a-z]\.")


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = resources.files("bias_toolkit").joinpath("termmarks.toml").read_text(encoding="utf8")
    return tomllib.loads(text)


@cache
def _style_words() -> frozenset[str]:
    honorifics = {word_of(title) for title in TITLES}
    return frozenset(honorifics | set(_tables()["house_style"]["words"].split()))


def styles(terms: Iterable[str], outlets: Iterable[str]) -> list[str]:
    """For each term FUNCTION_WORD, OWN_NAME, HOUSE_STYLE or "".

    A term of several words is a function word or house style if all its words are; it holds an
    outlet's own name if a word of an outlet's name stands in it ("ria novosti reported").

    >>> styles(["of the", "tass reported", "mr", "of war"], ["TASS"])
    ['function word', 'own name', 'house style', '']
    """
    flags = g.word_flags()
    names = {word for outlet in outlets for word in _name_words(outlet)}
    return [_style(term.split(), flags, names) for term in terms]


def _style(words: list[str], flags: dict[str, int], names: set[str]) -> str:
    if any(word in names for word in words):
        return OWN_NAME
    function = [bool(flags.get(word, 0) & _FUNCTION) for word in words]
    if all(function):
        return FUNCTION_WORD
    known = _style_words()
    style = [word in known or _FORM.fullmatch(word) is not None for word in words]
    return HOUSE_STYLE if all(map(max, function, style)) else ""


def _name_words(outlet: str) -> list[str]:
    """The telling words of an outlet's name, with and without the ending of its domain."""
    words = re.split(r"[\s/,()&+-]+", word_of(outlet))
    common = {"the", "news", "online", "today", "times", "post", "daily", "radio", "tv", "media"}
    bare = [word.rpartition(".")[0] if "." in word[:-1] else word for word in words]
    found = [word for word in {*words, *bare} if len(word) > 1 and word not in common]
    return sorted(found)


def spelling_groups(terms: Sequence[str]) -> list[str]:
    """For each term the spelling that it shares with another of *terms*; "" where it is alone.

    Transliterations from the package's table (Kiev, Kyiv) and the regular British and American
    endings (colour, color).

    >>> spelling_groups(["kiev", "kyiv", "kiev regime", "colour", "color", "defence"])
    ['kyiv', 'kyiv', '', 'color', 'color', '']
    """
    plain = [" ".join(_spelling(word) for word in term.split()) for term in terms]
    count: dict[str, set[str]] = {}
    for term, common in zip(terms, plain, strict=True):
        count.setdefault(common, set()).add(term)
    return [common if len(count[common]) > 1 else "" for common in plain]


_BRITISH = (
    (re.compile(r"(?<=[a-z]{3})our(?=(?:s|ed|ing|ful|able|ite|ites|al|less|hood)?$)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})yse(?=[sd]?$)"), "yze"),
    (re.compile(r"(?<=[a-z]{2}[^aeiou])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{3})ence(?=s?$)"), "ense"),
    (re.compile(r"(?<=[aeiou])ll(?=(?:ed|ing|er|ers|or|ors)$)"), "l"),
    (re.compile(r"ogue(?=s?$)"), "og"),
    (re.compile(r"(?<=gr)amme(?=s?$)"), "am"),
    (re.compile(r"wards$"), "ward"),
)


@cache
def _spelling(word: str) -> str:
    """One spelling for all that are only spellings of each other."""
    known = _variants().get(word)
    if known is not None:
        return known
    for pattern, other in _BRITISH:
        word = pattern.sub(other, word)
    return word


@cache
def _variants() -> dict[str, str]:
    table = _tables()["spellings"]
    return {variant: name for name, variants in table.items() for variant in variants.split()}
