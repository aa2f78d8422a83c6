"""Load lexicons, check them, and say what is wrong with them in one sentence.

A lexicon holds *categories* (a meaning and its terms), *actors* (who acts, with aliases and
sides) and *referents* (one thing, and the labels that compete for it).  Everything here is
plain frozen records; `matching` finds their terms in texts.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from bias_toolkit.inflection import noun_forms, verb_forms

T = TypeVar("T")

KINDS = (
    "government", "head", "military", "diplomacy", "spokesperson", "legislature", "authorities",
    "people", "international", "media", "opposition",
)  # fmt: skip


class LexiconError(ValueError):
    """A lexicon file that cannot be used: the message names file, key and remedy."""


@dataclass(frozen=True)
class Term:
    """One way of saying it: words, each literal, a prefix ("terror*") or any word ("*")."""

    text: str
    case: bool = False  # whether capitals must agree
    weight: float = 1.0
    exceptions: tuple[str, ...] = ()  # where it overlaps one of these phrases, it does not count
    in_topic: bool = False  # as a label, counts only in a sentence with one of `Lexicon.topic`
    until: dt.date | None = None  # as a label, no longer counts in articles after this day


@dataclass(frozen=True)
class Category:
    """A meaning and its terms, with texts that must and must not match."""

    name: str
    about: str
    terms: tuple[Term, ...]
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Somebody who acts or speaks: a state, an office, a person, a group."""

    name: str
    side: str
    aliases: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Label:
    """One of the wordings that compete for a referent, and who prefers it."""

    label: str
    side: str
    terms: tuple[Term, ...]
    official: str = ""
    note: str = ""
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Referent:
    """One thing that happened or exists, and the labels for it.

    A label counts for the referent in articles dated from `start` to `mentions_until`.
    `context` are terms that decide for this referent where a label fits two.
    """

    name: str
    labels: tuple[Label, ...]
    about: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    mentions_until: dt.date | None = None
    context: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Categories, actors and referents, with their source and licence."""

    name: str
    title: str
    version: str = ""
    language: str = "en"
    licence: str = ""
    source: str = ""
    notes: str = ""
    categories: tuple[Category, ...] = ()
    actors: tuple[Actor, ...] = ()
    referents: tuple[Referent, ...] = ()
    topic: tuple[Term, ...] = ()  # words that show what a sentence is about


def load_lexicons(*names: str | Path) -> list[Lexicon]:
    """Load lexicons by the names of shipped ones or by paths of files; all shipped if none given.

    Raises LexiconError for an unknown name, for two lexicons of one name, and for every fault of
    a file.

    >>> [lexicon.name for lexicon in load_lexicons("certainty")]
    ['certainty']
    """
    shipped = shipped_lexicons()
    chosen = [shipped.get(str(name), Path(name)) for name in names] or list(shipped.values())
    for name, path in zip(names, chosen, strict=False):
        if not path.is_file():
            raise LexiconError(
                f"no lexicon {str(name)!r}: give one of the shipped {', '.join(shipped)}, or the "
                f"path of a file: TOML, or a word list of another tool ({', '.join(_FOREIGN)})"
            )
    found: dict[str, Path] = {}
    lexicons = []
    for path in chosen:
        lexicons.append(lexicon := load_lexicon(path))
        if lexicon.name in found:
            raise LexiconError(
                f"{path}: name: {lexicon.name!r} is the name of {found[lexicon.name]} too; "
                "change one, or load only one of them"
            )
        found[lexicon.name] = path
    return lexicons


def shipped_lexicons() -> dict[str, Path]:
    """The shipped lexicon files by name, sorted: in the installed package or in the checkout."""
    checkout = Path(__file__).parent.parent / "lexicons"
    try:
        folder = Path(str(resources.files("bias_toolkit.lexicons")))
    except ModuleNotFoundError:  # a plain checkout that was never installed
        folder = checkout
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


# Endings of other tools' files; `foreign` reads them.
_FOREIGN = tuple(".dic .yml .yaml .lc3 .lcd .cat .csv .tsv .json .txt".split())


def load_lexicon(path: str | Path, *, inflect: bool = False) -> Lexicon:
    """Load one lexicon file: TOML, or by its ending a word list of another tool.

    Others are LIWC (.dic), quanteda (.yml), Lexicoder (.lc3, .lcd), WordStat (.cat), tables
    (.csv, .tsv), Empath (.tsv), JSON and plain lists (.txt).  With *inflect* the terms' inflected
    forms match too, see `foreign.inflected`.

    Raises LexiconError where the file is not what its ending says, a key is unknown, missing or
    of the wrong kind, or a term stands twice in one category of a TOML file.
    """
    path = Path(path)
    known = path.suffix.lower() in _FOREIGN
    if known or inflect:
        from bias_toolkit.foreign import inflected, read_foreign  # makes records of this module

        lexicon = read_foreign(path) if known else _load_toml(path)
        return inflected(lexicon) if inflect else lexicon
    return _load_toml(path)


def _load_toml(path: Path) -> Lexicon:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise LexiconError(f"{path}: no such file; check the path") from None
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise LexiconError(f"{path}:{line}: not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        endings = f"; lists of other tools are told by their endings: {', '.join(_FOREIGN)}"
        remedy = "" if path.suffix.lower() == ".toml" else endings
        raise LexiconError(f"{path}: not valid TOML: {error}{remedy}") from None
    except RecursionError:
        raise LexiconError(f"{path}: nested too deep; a lexicon is tables of lists") from None
    return _lexicon(_Table(tables, str(path), ""))


# ------------------------------------------------------------------ reading tables strictly


class _Table:
    """A TOML table that knows where it stands and complains in whole sentences."""

    def __init__(self, values: Any, file: str, place: str) -> None:
        self.file, self.place = file, place
        if not isinstance(values, dict):
            raise self.error("", f'is {values!r}; write a table: {{ key = "text" }}')
        self.values = dict(values)

    def error(self, key: str, message: str) -> LexiconError:
        where = ".".join(part for part in (self.place, key) if part) or "top level"
        return LexiconError(f"{self.file}: {where}: {message}")

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """The value of *key*, of type *kind*; without a default the key must be there."""
        if key not in self.values:
            if default is None:
                remedy = _HEADERS.get(key) or f"{key} = {_EXAMPLES[kind]}"
                raise self.error(key, f"is missing; add {remedy}")
            return default
        value = self.values.pop(key)
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind or (value == "" and default is None):
            remedy = _HEADERS.get(key) or f"{key} = {_EXAMPLES[kind]}"
            raise self.error(key, f"is {value!r}; write {remedy}")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty if absent."""
        values = self.take(key, list, [])
        for value in values:
            if not isinstance(value, str) or not value.strip():
                raise self.error(key, f"holds {value!r}; every entry is a text in quotation marks")
        return tuple(values)

    def day(self, key: str) -> dt.date | None:
        value = self.values.pop(key, None)
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            raise self.error(key, f"is {value!r}; write a date without quotation marks: 2023-09-19")
        return value

    def finish(self, known: str) -> None:
        """Complain about keys that nobody asked for."""
        for key in self.values:
            raise self.error(key, f"unknown key; known here: {known}")


_EXAMPLES = {str: '"text"', list: '["text", ...]', bool: "true", float: "0.5"}
_HEADERS = {
    "categories": "[categories.NAME]",
    "actors": "[[actors]]",
    "referents": "[[referents]]",
    "labels": 'labels = [{ label = "text", terms = ["text", ...] }]',
}


def _lexicon(table: _Table) -> Lexicon:
    file = table.file
    categories = table.take("categories", dict, {})
    lexicon = Lexicon(
        name=table.take("name", str),
        title=table.take("title", str, ""),
        version=table.take("version", str, ""),
        language=table.take("language", str, "en"),
        licence=table.take("licence", str, ""),
        source=table.take("source", str, ""),
        notes=table.take("notes", str, ""),
        categories=tuple(
            _category(name, _Table(values, file, f"categories.{name}"))
            for name, values in categories.items()
        ),
        actors=tuple(_each(table, "actors", _actor)),
        referents=tuple(_each(table, "referents", _referent)),
        topic=tuple(
            _term(entry, "term", table, "topic") for entry in table.take("topic", list, [])
        ),
    )
    table.finish(
        "name, title, version, language, licence, source, notes, topic, categories, actors, "
        "referents"
    )
    if not (lexicon.categories or lexicon.actors or lexicon.referents):
        raise table.error("", "holds no categories, actors or referents; add [categories.NAME]")
    _check_names("actors", (actor.name for actor in lexicon.actors), table)
    _check_names("referents", (referent.name for referent in lexicon.referents), table)
    _check_topic(lexicon, table)
    return lexicon


def _check_names(key: str, names: Iterable[str], table: _Table) -> None:
    """No two may be called alike: their figures would be mixed."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise table.error(key, f"{name!r} stands twice; join the two or rename one")
        seen.add(name)


def _check_topic(lexicon: Lexicon, table: _Table) -> None:
    """What counts only beside a topic word never counts where there are none."""
    for referent in lexicon.referents:
        for term in (term for label in referent.labels for term in label.terms):
            if term.in_topic and not lexicon.topic:
                raise table.error(
                    f"referents[{referent.name}]",
                    f"{term.text!r} counts only in_topic, but the lexicon has no topic words; add "
                    'topic = ["text", ...] at the top',
                )


def _each(table: _Table, key: str, read: Callable[[_Table], T]) -> Iterator[T]:
    for number, values in enumerate(table.take(key, list, []), start=1):
        name = values.get("name") if isinstance(values, dict) else None
        yield read(_Table(values, table.file, f"{key}[{name or number}]"))


def _category(name: str, table: _Table) -> Category:
    category = Category(
        name=name,
        about=table.take("about", str, ""),
        terms=_terms(table),
        hits=table.strings("hits"),
        misses=table.strings("misses"),
    )
    table.finish("about, terms, verbs, nouns, hits, misses")
    return category


def _actor(table: _Table) -> Actor:
    name = table.take("name", str)
    aliases = table.strings("aliases")
    actor = Actor(
        name=name,
        side=table.take("side", str),
        aliases=aliases if name in aliases else (name, *aliases),
        kind=table.take("kind", str, ""),
    )
    if actor.kind not in ("", *KINDS):
        raise table.error("kind", f"{actor.kind!r} is unknown; write one of {', '.join(KINDS)}")
    for alias in actor.aliases:
        _check(alias, table)
    table.finish("name, side, aliases, kind")
    return actor


def _referent(table: _Table) -> Referent:
    labels = [
        _label(_Table(values, table.file, f"{table.place}.labels[{number}]"))
        for number, values in enumerate(table.take("labels", list), start=1)
    ]
    context = table.take("context", list, [])
    referent = Referent(
        name=table.take("name", str),
        labels=tuple(labels),
        about=table.take("about", str, ""),
        start=table.day("from"),
        end=table.day("to"),
        mentions_until=table.day("mentions_until"),
        context=tuple(_term(entry, "term", table, "context") for entry in context),
    )
    table.finish("name, about, from, to, mentions_until, context, labels")
    _check_days(referent, table)
    _check_labels(referent, table)
    return referent


def _check_days(referent: Referent, table: _Table) -> None:
    """What happened must begin before it ends, and end before it is forgotten."""
    days = {
        "from": referent.start,
        "to": referent.end,
        "mentions_until": referent.mentions_until,
    }
    known = [(key, day) for key, day in days.items() if day is not None]
    for (earlier, first), (later, last) in pairwise(known):
        if last < first:
            raise table.error(later, f"{last} is before {earlier} = {first}; swap or correct them")


def _check_labels(referent: Referent, table: _Table) -> None:
    """One use is one choice: labels have names and terms of their own, and some time to count."""
    if not referent.labels:
        raise table.error("labels", f"holds no label; add {_HEADERS['labels']}")
    _check_names("labels", (label.label for label in referent.labels), table)
    found: dict[tuple[str, bool], str] = {}
    for label in referent.labels:
        for term in label.terms:
            other = found.setdefault(_name_of(term), label.label)
            if other != label.label:
                raise table.error(
                    "labels",
                    f"{term.text!r} stands under {other!r} and {label.label!r}, so that one use "
                    "would be two choices; keep it under one of them",
                )
            if term.until and referent.start and term.until < referent.start:
                raise table.error(
                    "labels",
                    f"{term.text!r}: until = {term.until} is before from = {referent.start}; "
                    "correct one of them",
                )


def _label(table: _Table) -> Label:
    label = Label(
        label=table.take("label", str),
        side=table.take("side", str, ""),
        terms=_terms(table),
        official=table.take("official", str, ""),
        note=table.take("note", str, ""),
        hits=table.strings("hits"),
        misses=table.strings("misses"),
    )
    table.finish("label, side, terms, verbs, nouns, official, note, hits, misses")
    return label


# ------------------------------------------------------------------ terms

_INFLECT: dict[str, tuple[str, Callable[[str], list[str]]]] = {
    "terms": ("term", lambda text: [text]),
    "verbs": ("verb", verb_forms),
    "nouns": ("noun", noun_forms),
}


def _terms(table: _Table) -> tuple[Term, ...]:
    """Terms, verbs and nouns of a category or label, inflected; none may stand twice."""
    found: dict[tuple[str, bool], Term] = {}
    for key, (inner, inflect) in _INFLECT.items():
        for entry in table.take(key, list, []):
            lemma = _term(entry, inner, table, key)
            for form in inflect(lemma.text):
                if "*" in form.replace("* ", " ").removesuffix("*"):
                    remedy = "remove the star: every form of a lemma matches"
                    raise table.error(key, f"{lemma.text!r}: {remedy}")
                term = replace(lemma, text=form)
                if swallowing(term):  # of "waffle" without "waffles" the other forms stay
                    continue
                name = _name_of(term)
                if name in found:
                    raise table.error(key, f"{form!r} (of {entry!r}) stands twice; remove one")
                found[name] = term
    if not found:
        raise table.error("", 'holds no terms; add terms = ["text", ...]')
    return tuple(found.values())


def _name_of(term: Term) -> tuple[str, bool]:
    """What makes two terms one: their words, and whether capitals count."""
    plain = term.text.replace("’", "'")
    return plain if term.case else plain.lower(), term.case


def _term(entry: Any, inner: str, table: _Table, key: str) -> Term:
    """One entry of a list of terms: a string or an inline table."""
    if isinstance(entry, str):
        entry = {inner: entry}
    if not isinstance(entry, dict):
        remedy = f'every entry is "text" or {{ {inner} = "text" }}'
        raise table.error(key, f"holds {entry!r}; {remedy}")
    other = next((name for name, _ in _INFLECT.values() if name in entry), inner)
    if inner not in entry and other != inner:
        text = f'{inner} = "{entry[other]}"'
        raise table.error(key, f'holds a {other}, "{entry[other]}"; write {text}, or move it')
    row = _Table(entry, table.file, f"{table.place}.{key}".lstrip("."))
    term = Term(
        text=" ".join(row.take(inner, str).split()),
        case=row.take("case", bool, False),
        weight=row.take("weight", float, 1.0),
        exceptions=row.strings("not"),
        in_topic=row.take("in_topic", bool, False),
        until=row.day("until"),
    )
    row.finish(f"{inner}, case, not, weight, in_topic, until")
    for text in (term.text, *term.exceptions):
        _check(text, row)
    if phrase := swallowing(term):
        raise row.error(
            "not",
            f"{phrase!r} stands in all that {term.text!r} matches, so that it never counts; write "
            "a longer phrase",
        )
    if not 0 < term.weight < math.inf:
        raise row.error("weight", f"is {term.weight}; write a number above 0")
    return term


def _check(text: str, table: _Table) -> None:
    if fault := term_fault(text):
        raise table.error("", fault)


def term_fault(text: str) -> str:
    """What is wrong with a term, "" if nothing: it must hold a word, and a star may only end one.

    >>> term_fault("terror*"), term_fault("* of")
    ('', "'* of' begins with a lone star; begin with a word")
    """
    if not any(letter.isalnum() for letter in text):
        return f"{text!r} holds no word; write at least one letter or digit"
    if text.split()[0] == "*":
        return f"{text!r} begins with a lone star; begin with a word"
    if any("*" in word[:-1] for word in text.split()):
        return f'{text!r}: a star may only end a word; write "terror*"'
    return ""


def swallowing(term: Term) -> str:
    """The first of a term's exceptions that stands in whatever the term matches, "" if none does.

    >>> swallowing(Term("war crimes", exceptions=("war",)))
    'war'
    """
    words = term.text.lower().split()
    for phrase in term.exceptions:
        parts = phrase.lower().split()
        for at in range(len(words) - len(parts) + 1):
            if all(map(_covers, parts, words[at:])):
                return phrase
    return ""


def _covers(part: str, word: str) -> bool:
    """Whether a word of a phrase matches all that a word of a term matches."""
    return part == word or (part.endswith("*") and word.startswith(part[:-1]))
