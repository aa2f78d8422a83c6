"""Lexicons: every key works, every fault is named with its remedy, every example holds."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from bias_toolkit.lexicon import (
    KINDS,
    Actor,
    Category,
    Label,
    Lexicon,
    LexiconError,
    Referent,
    Term,
    load_lexicon,
    load_lexicons,
    shipped_lexicons,
)
from bias_toolkit.matching import Matcher
from bias_toolkit.reports.examples import check_examples
from bias_toolkit.tokens import Reader

ROOT = Path(__file__).parent.parent
HEAD = 'name = "own"\n'
Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A lexicon file of the text given."""

    def _write(text: str | bytes) -> Path:
        path = tmp_path / "own.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return _write


# ------------------------------------------------------------------ every key

EVERY_KEY = """
name = "own"
title = "A lexicon of one's own"
version = "1.0"
language = "en"
licence = "CC0-1.0"
source = "made up"
notes = '''
Prose of
several lines.'''
topic = ["Karabakh", "Armenia*"]

[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
kind = "government"
aliases = ["Baku", "Azerbaijan*"]

[[actors]]
name = "Nobody"
side = "none"

[categories.security]
about = "Violence as a matter of security"
terms = ["terror*", "anti-terrorist  measure*", { term = "US", case = true, weight = 2 },
         { term = "strike", not = ["strike* a deal", "lightning strike"], weight = 0.5 }]
verbs = ["slam", { verb = "point out", not = ["point out that"] }]
nouns = ["war crime", { noun = "enemy", weight = 0.1 }]
hits = ["launched anti-terrorist measures"]
misses = ["the unions struck a deal"]

[[referents]]
name = "the action of September 2023"
about = "what happened on two days"
from = 2023-09-19
to = 2023-09-20
mentions_until = 2030-01-01
context = ["September", { term = "2023", weight = 3 }]

[[referents.labels]]
label = "measures"
side = "Azerbaijan"
terms = [{ term = "measure*", in_topic = true, until = 2024-01-01 }]
official = "the ministry"
note = "usage"
hits = ["the measures"]
misses = ["an aggression"]

[[referents.labels]]
label = "attack"
verbs = ["attack"]

[[referents.labels]]
label = "aggression"
nouns = [{ noun = "aggression", case = true }]

[[referents]]
name = "the place"
labels = [{ label = "Artsakh", terms = ["Artsakh"] }]
"""


def test_every_key_is_read(write: Write):
    lexicon = load_lexicon(write(EVERY_KEY))

    strike = ("strike* a deal", "lightning strike")
    terms = (
        Term("terror*"),
        Term("anti-terrorist measure*"),
        Term("US", case=True, weight=2.0),
        Term("strike", weight=0.5, exceptions=strike),
        *map(Term, ("slam", "slams", "slammed", "slamming")),
        *(
            Term(f"{form} out", exceptions=("point out that",))
            for form in ("point", "points", "pointed", "pointing")
        ),
        *map(Term, ("war crime", "war crimes")),
        *(Term(form, weight=0.1) for form in ("enemy", "enemies")),
    )
    assert lexicon == Lexicon(
        name="own",
        title="A lexicon of one's own",
        version="1.0",
        language="en",
        licence="CC0-1.0",
        source="made up",
        notes="Prose of\nseveral lines.",
        categories=(
            Category(
                "security",
                "Violence as a matter of security",
                terms,
                ("launched anti-terrorist measures",),
                ("the unions struck a deal",),
            ),
        ),
        actors=(
            Actor("Azerbaijan", "Azerbaijan", ("Azerbaijan", "Baku", "Azerbaijan*"), "government"),
            Actor("Nobody", "none", ("Nobody",)),
        ),
        referents=(
            Referent(
                "the action of September 2023",
                (
                    Label(
                        "measures",
                        "Azerbaijan",
                        (Term("measure*", in_topic=True, until=dt.date(2024, 1, 1)),),
                        "the ministry",
                        "usage",
                        ("the measures",),
                        ("an aggression",),
                    ),
                    Label(
                        "attack", "", tuple(map(Term, "attack attacks attacked attacking".split()))
                    ),
                    Label(
                        "aggression",
                        "",
                        (Term("aggression", case=True), Term("aggressions", case=True)),
                    ),
                ),
                "what happened on two days",
                dt.date(2023, 9, 19),
                dt.date(2023, 9, 20),
                dt.date(2030, 1, 1),
                (Term("September"), Term("2023", weight=3.0)),
            ),
            Referent("the place", (Label("Artsakh", "", (Term("Artsakh"),)),)),
        ),
        topic=(Term("Karabakh"), Term("Armenia*")),
    )


def test_a_name_and_one_category_are_enough(write: Write):
    lexicon = load_lexicon(write(HEAD + '[categories.x]\nterms = ["war"]'))

    assert (lexicon.title, lexicon.language) == ("", "en")
    assert lexicon.categories == (Category("x", "", (Term("war"),)),)


def test_an_alias_equal_to_the_name_counts_once(write: Write):
    path = write(HEAD + '[[actors]]\nname = "Baku"\nside = "A"\naliases = ["Baku", "Aliyev"]')

    assert load_lexicon(path).actors[0].aliases == ("Baku", "Aliyev")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(write: Write):
    text = (HEAD + '[categories.x]\nterms = ["war"]').replace("\n", "\r\n")

    assert load_lexicon(write(b"\xef\xbb\xbf" + text.encode())).name == "own"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_actor_is_known(write: Write, kind: str):
    path = write(HEAD + f'[[actors]]\nname = "A"\nside = "A"\nkind = "{kind}"')

    assert load_lexicon(path).actors[0].kind == kind


def test_one_term_may_stand_in_two_categories_and_label_two_things(write: Write):
    path = write(
        HEAD + '[categories.x]\nterms = ["war"]\n[categories.y]\nterms = ["war"]\n'
        '[[referents]]\nname = "r"\nlabels = [{ label = "a", terms = ["war"] }]\n'
        '[[referents]]\nname = "s"\nlabels = [{ label = "a", terms = ["war"] }]'
    )
    lexicon = load_lexicon(path)

    assert (len(lexicon.categories), len(lexicon.referents)) == (2, 2)


def test_capitals_make_two_terms_of_one_word(write: Write):
    path = write(HEAD + '[categories.x]\nterms = ["us", { term = "US", case = true }]')

    assert load_lexicon(path).categories[0].terms == (Term("us"), Term("US", case=True))


def test_a_form_that_an_exception_names_is_left_out(write: Write):
    path = write(HEAD + '[categories.x]\nverbs = [{ verb = "waffle", not = ["waffles"] }]')

    assert [term.text for term in load_lexicon(path).categories[0].terms] == [
        "waffle",
        "waffled",
        "waffling",
    ]


def test_a_lone_star_in_a_lemma_is_one_word(write: Write):
    path = write(HEAD + '[categories.x]\nverbs = ["accuse * of"]')

    assert [term.text for term in load_lexicon(path).categories[0].terms] == [
        "accuse * of",
        "accuses * of",
        "accused * of",
        "accusing * of",
    ]


# ------------------------------------------------------------------ every fault

X = "[categories.x]\n"
ACTOR = '[[actors]]\nname = "Baku"\nside = "A"\n'
EVENT = '[[referents]]\nname = "r"\nlabels = [{ label = "a", terms = ["war"] }]\n'
LABELS = '[[referents]]\nname = "r"\nlabels = '

FAULTS = {
    "not TOML": (
        "name = own",
        "not valid TOML: Invalid value (at line 1, column 8)",
    ),
    "a table twice": (
        HEAD + X + 'terms = ["a"]\n' + X,
        "not valid TOML: Cannot declare ('categories', 'x') twice (at line 4, column 14)",
    ),
    "no name": (
        X + 'terms = ["a"]',
        'name: is missing; add name = "text"',
    ),
    "an empty name": (
        'name = ""\n' + X + 'terms = ["a"]',
        "name: is ''; write name = \"text\"",
    ),
    "a name of the wrong kind": (
        "name = 5\n" + X + 'terms = ["a"]',
        'name: is 5; write name = "text"',
    ),
    "nothing in it": (
        HEAD,
        "top level: holds no categories, actors or referents; add [categories.NAME]",
    ),
    "an unknown key": (
        HEAD + 'license = "CC0"\n' + X + 'terms = ["a"]',
        "license: unknown key; known here: name, title, version, language, licence, source, notes, "
        "topic, categories, actors, referents",
    ),
    "an unknown key of a category": (
        HEAD + X + 'terms = ["a"]\nterm = ["b"]',
        "categories.x.term: unknown key; known here: about, terms, verbs, nouns, hits, misses",
    ),
    "an unknown key of an actor": (
        HEAD + ACTOR + 'alias = ["b"]',
        "actors[Baku].alias: unknown key; known here: name, side, aliases, kind",
    ),
    "an unknown key of a referent": (
        HEAD + EVENT + "until = 2030-01-01",
        "referents[r].until: unknown key; known here: name, about, from, to, mentions_until, "
        "context, labels",
    ),
    "an unknown key of a label": (
        HEAD + LABELS + '[{ label = "a", terms = ["war"], sides = "A" }]',
        "referents[r].labels[1].sides: unknown key; known here: label, side, terms, verbs, nouns, "
        "official, note, hits, misses",
    ),
    "an unknown key of a term": (
        HEAD + X + 'terms = [{ term = "a", cases = true }]',
        "categories.x.terms.cases: unknown key; known here: "
        "term, case, not, weight, in_topic, until",
    ),
    "a verb among the terms": (
        HEAD + X + 'terms = [{ verb = "slam" }]',
        'categories.x.terms: holds a verb, "slam"; write term = "slam", or move it',
    ),
    "a term among the nouns": (
        HEAD + X + 'nouns = ["war", { term = "mob", weight = 0.5 }]',
        'categories.x.nouns: holds a term, "mob"; write noun = "mob", or move it',
    ),
    "a term of no kind": (
        HEAD + X + "terms = [{ weight = 0.5 }]",
        'categories.x.terms.term: is missing; add term = "text"',
    ),
    "an exception that is the term": (
        HEAD + X + 'terms = [{ term = "caravan", not = ["caravan park", "Caravan"] }]',
        "categories.x.terms.not: 'Caravan' stands in all that 'caravan' matches, so that it never "
        "counts; write a longer phrase",
    ),
    "an exception inside the term": (
        HEAD + X + 'terms = [{ term = "war crime*", not = ["war*"] }]',
        "categories.x.terms.not: 'war*' stands in all that 'war crime*' matches, so that it never "
        "counts; write a longer phrase",
    ),
    "two actors of one name": (
        HEAD + ACTOR + ACTOR,
        "actors: 'Baku' stands twice; join the two or rename one",
    ),
    "two things of one name": (
        HEAD + EVENT + EVENT,
        "referents: 'r' stands twice; join the two or rename one",
    ),
    "no label": (
        HEAD + LABELS + "[]",
        "referents[r].labels: holds no label; "
        'add labels = [{ label = "text", terms = ["text", ...] }]',
    ),
    "two labels of one name": (
        HEAD + LABELS + '[{ label = "a", terms = ["war"] }, { label = "a", terms = ["raid"] }]',
        "referents[r].labels: 'a' stands twice; join the two or rename one",
    ),
    "a term under two labels": (
        HEAD + LABELS + '[{ label = "a", terms = ["war"] }, { label = "b", terms = ["War"] }]',
        "referents[r].labels: 'War' stands under 'a' and 'b', so that one use would be two "
        "choices; keep it under one of them",
    ),
    "a topic that is not there": (
        HEAD + LABELS + '[{ label = "a", terms = [{ term = "war", in_topic = true }] }]',
        "referents[r]: 'war' counts only in_topic, but the lexicon has no topic words; add "
        'topic = ["text", ...] at the top',
    ),
    "a term that ends before its thing begins": (
        HEAD + LABELS + '[{ label = "a", terms = [{ term = "war", until = 2020-01-01 }] }]\n'
        "from = 2022-02-24",
        "referents[r].labels: 'war': until = 2020-01-01 is before from = 2022-02-24; "
        "correct one of them",
    ),
    "tables without end": (
        "a = " + "[" * 5000 + "]" * 5000,
        "nested too deep; a lexicon is tables of lists",
    ),
    "a category that is no table": (
        HEAD + 'categories = ["x"]',
        "categories: is ['x']; write [categories.NAME]",
    ),
    "a category that is a text": (
        HEAD + '[categories]\nx = "war"',
        "categories.x: is 'war'; write a table: { key = \"text\" }",
    ),
    "one bracket too few": (
        HEAD + '[actors]\nname = "Baku"',
        "actors: is {'name': 'Baku'}; write [[actors]]",
    ),
    "actors that are texts": (
        HEAD + 'actors = ["Baku"]',
        "actors[1]: is 'Baku'; write a table: { key = \"text\" }",
    ),
    "an actor without a side": (
        HEAD + '[[actors]]\nname = "Baku"',
        'actors[Baku].side: is missing; add side = "text"',
    ),
    "an actor without a name": (
        HEAD + ACTOR + '[[actors]]\nside = "A"',
        'actors[2].name: is missing; add name = "text"',
    ),
    "an unknown kind": (
        HEAD + ACTOR + 'kind = "goverment"',
        f"actors[Baku].kind: 'goverment' is unknown; write one of {', '.join(KINDS)}",
    ),
    "an alias without a letter": (
        HEAD + ACTOR + 'aliases = ["—"]',
        "actors[Baku]: '—' holds no word; write at least one letter or digit",
    ),
    "aliases in a text": (
        HEAD + ACTOR + 'aliases = "Aliyev"',
        "actors[Baku].aliases: is 'Aliyev'; write aliases = [\"text\", ...]",
    ),
    "an alias that is a number": (
        HEAD + ACTOR + "aliases = [5]",
        "actors[Baku].aliases: holds 5; every entry is a text in quotation marks",
    ),
    "an empty category": (
        HEAD + X + 'about = "nothing"',
        'categories.x: holds no terms; add terms = ["text", ...]',
    ),
    "terms in a text": (
        HEAD + X + 'terms = "war"',
        "categories.x.terms: is 'war'; write terms = [\"text\", ...]",
    ),
    "a number among the terms": (
        HEAD + X + "terms = [1994]",
        'categories.x.terms: holds 1994; every entry is "text" or { term = "text" }',
    ),
    "a number among the verbs": (
        HEAD + X + "verbs = [1]",
        'categories.x.verbs: holds 1; every entry is "text" or { verb = "text" }',
    ),
    "an empty term": (
        HEAD + X + 'terms = [" "]',
        "categories.x.terms: '' holds no word; write at least one letter or digit",
    ),
    "a star alone": (
        HEAD + X + 'terms = ["*"]',
        "categories.x.terms: '*' holds no word; write at least one letter or digit",
    ),
    "a star in the middle": (
        HEAD + X + 'terms = ["a war*time"]',
        "categories.x.terms: 'a war*time': a star may only end a word; write \"terror*\"",
    ),
    "a star at the beginning": (
        HEAD + X + 'terms = ["*terror"]',
        "categories.x.terms: '*terror': a star may only end a word; write \"terror*\"",
    ),
    "a star in the middle of an exception": (
        HEAD + X + 'terms = [{ term = "war", not = ["war*time"] }]',
        "categories.x.terms: 'war*time': a star may only end a word; write \"terror*\"",
    ),
    "a star after a verb": (
        HEAD + X + 'verbs = ["strike* out"]',
        "categories.x.verbs: 'strike* out': remove the star: every form of a lemma matches",
    ),
    "a star after a noun": (
        HEAD + X + 'nouns = ["terror*"]',
        "categories.x.nouns: 'terror*': remove the star: every form of a lemma matches",
    ),
    "a term twice": (
        HEAD + X + 'terms = ["War", "war"]',
        "categories.x.terms: 'war' (of 'war') stands twice; remove one",
    ),
    "a term twice with another apostrophe": (
        HEAD + X + 'terms = ["don’t", "don\'t"]',
        "categories.x.terms: \"don't\" (of \"don't\") stands twice; remove one",
    ),
    "a term that a verb brings too": (
        HEAD + X + 'terms = ["slammed"]\nverbs = [{ verb = "slam" }]',
        "categories.x.verbs: 'slammed' (of {'verb': 'slam'}) stands twice; remove one",
    ),
    "a noun that is a verb": (
        HEAD + X + 'verbs = ["attack"]\nnouns = ["attack"]',
        "categories.x.nouns: 'attack' (of 'attack') stands twice; remove one",
    ),
    "an exception in a text": (
        HEAD + X + 'terms = [{ term = "war", not = "war on drugs" }]',
        "categories.x.terms.not: is 'war on drugs'; write not = [\"text\", ...]",
    ),
    "a number for yes": (
        HEAD + X + 'terms = [{ term = "US", case = 1 }]',
        "categories.x.terms.case: is 1; write case = true",
    ),
    "a weight in a text": (
        HEAD + X + 'terms = [{ term = "US", weight = "2" }]',
        "categories.x.terms.weight: is '2'; write weight = 0.5",
    ),
    "a weight of nothing": (
        HEAD + X + 'terms = [{ term = "US", weight = 0 }]',
        "categories.x.terms.weight: is 0.0; write a number above 0",
    ),
    "a weight that is no number": (
        HEAD + X + 'terms = [{ term = "US", weight = nan }]',
        "categories.x.terms.weight: is nan; write a number above 0",
    ),
    "an example that is a number": (
        HEAD + X + 'terms = ["a"]\nhits = [5]',
        "categories.x.hits: holds 5; every entry is a text in quotation marks",
    ),
    "an empty example": (
        HEAD + X + 'terms = ["a"]\nmisses = [""]',
        "categories.x.misses: holds ''; every entry is a text in quotation marks",
    ),
    "a referent without labels": (
        HEAD + '[[referents]]\nname = "r"',
        "referents[r].labels: is missing; "
        'add labels = [{ label = "text", terms = ["text", ...] }]',
    ),
    "labels that are texts": (
        HEAD + LABELS + '["war"]',
        "referents[r].labels[1]: is 'war'; write a table: { key = \"text\" }",
    ),
    "a label without a name": (
        HEAD + LABELS + '[{ terms = ["war"] }]',
        'referents[r].labels[1].label: is missing; add label = "text"',
    ),
    "a label without terms": (
        HEAD + LABELS + '[{ label = "war" }]',
        'referents[r].labels[1]: holds no terms; add terms = ["text", ...]',
    ),
    "a date in a text": (
        HEAD + EVENT + 'from = "2023-09-19"',
        "referents[r].from: is '2023-09-19'; write a date without quotation marks: 2023-09-19",
    ),
    "a time instead of a date": (
        HEAD + EVENT + "to = 2023-09-19T00:00:00",
        "referents[r].to: is datetime.datetime(2023, 9, 19, 0, 0); "
        "write a date without quotation marks: 2023-09-19",
    ),
    "an end before the beginning": (
        HEAD + EVENT + "from = 2023-09-20\nto = 2023-09-19",
        "referents[r].to: 2023-09-19 is before from = 2023-09-20; swap or correct them",
    ),
    "forgotten before it began": (
        HEAD + EVENT + "from = 2023-09-20\nmentions_until = 2023-09-19",
        "referents[r].mentions_until: 2023-09-19 is before from = 2023-09-20; "
        "swap or correct them",
    ),
    "a star in a context": (
        HEAD + EVENT + 'context = ["a*b"]',
        "referents[r].context: 'a*b': a star may only end a word; write \"terror*\"",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_key_and_remedy(write: Write, fault: str):
    text, message = FAULTS[fault]
    path = write(text)

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == f"{path}: {message}"


def test_a_file_in_another_encoding_is_refused(write: Write):
    path = write(HEAD.encode() + "# Ağdam".encode("cp1254"))

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == f"{path}:2: not UTF-8; save it as UTF-8"


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(LexiconError) as error:
        load_lexicon(tmp_path / "gone.toml")
    assert str(error.value) == f"{tmp_path / 'gone.toml'}: no such file; check the path"


def test_a_folder_is_no_lexicon(tmp_path: Path):
    with pytest.raises(LexiconError) as error:
        load_lexicon(tmp_path)
    assert str(error.value) == f"{tmp_path}: cannot be read: Is a directory"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(LexiconError) as error:
        load_lexicons("framin")
    assert str(error.value) == (
        f"no lexicon 'framin': give one of the shipped {', '.join(shipped_lexicons())}, or the "
        "path of a file: TOML, or a word list of another tool (.dic, .yml, .yaml, .lc3, .lcd, "
        ".cat, .csv, .tsv, .json, .txt)"
    )


def test_a_file_of_an_unknown_ending_is_told_the_known_ones(tmp_path: Path):
    """Such a file is read as TOML, which a plain list of words is not."""
    path = tmp_path / "words.lst"
    path.write_text("siege\nbattle\n")
    with pytest.raises(LexiconError) as error:
        load_lexicon(path)

    assert str(error.value).startswith(f"{path}: not valid TOML: ")
    assert str(error.value).endswith(
        "; lists of other tools are told by their endings: .dic, .yml, .yaml, .lc3, .lcd, .cat, "
        ".csv, .tsv, .json, .txt"
    )


def test_two_lexicons_of_one_name_are_refused(write: Write, tmp_path: Path):
    """Their hits could not be told apart."""
    path = write(HEAD + X + 'terms = ["a"]')
    other = shutil.copy(path, tmp_path / "other.toml")

    with pytest.raises(LexiconError) as error:
        load_lexicons(path, other)
    assert str(error.value) == (
        f"{other}: name: 'own' is the name of {path} too; change one, or load only one of them"
    )


def test_a_lexicon_error_is_a_value_error():
    assert issubclass(LexiconError, ValueError)


# ------------------------------------------------------------------ the shipped lexicons


def test_names_and_paths_load_alike(write: Write):
    own = write(HEAD + X + 'terms = ["a"]')
    name, path = next(iter(shipped_lexicons().items()))

    assert load_lexicons(name, own) == [load_lexicon(path), load_lexicon(own)]
    assert load_lexicons(str(path)) == load_lexicons(name)


def test_without_names_all_shipped_lexicons_load():
    assert [lexicon.name for lexicon in load_lexicons()] == list(shipped_lexicons())


def test_a_lexicon_is_called_as_its_file_and_says_where_it_is_from():
    for name, path in shipped_lexicons().items():
        lexicon = load_lexicon(path)

        assert lexicon.name == name
        assert lexicon.licence == "CC0-1.0"
        assert lexicon.title and lexicon.version and lexicon.source
        assert all(category.about for category in lexicon.categories)


@cache
def _matcher(file: str) -> tuple[Reader, Matcher]:
    reader = Reader()
    return reader, Matcher(reader, [load_lexicon(ROOT / "lexicons" / file)])


def _examples(key: str) -> Iterator[tuple[str, str, str, str]]:
    """File, referent (or nothing), category or label, and text; read with tomllib alone."""
    for path in sorted((ROOT / "lexicons").glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError:  # another test says so
            continue
        for name, category in tables.get("categories", {}).items():
            for text in category.get(key, []):
                yield path.name, "", name, text
        for referent in tables.get("referents", []):
            for label in referent["labels"]:
                for text in label.get(key, []):
                    yield path.name, referent["name"], label["label"], text


def _found(file: str, referent: str, name: str, text: str) -> list[str]:
    """What the matcher finds of one category or label in one text."""
    reader, matcher = _matcher(file)
    hits = matcher.find(reader.read([text]))
    return [
        text[start:end]
        for start, end, number in zip(hits.start, hits.end, hits.entry, strict=True)
        for entry in [matcher.entries[number]]
        if entry.kind in ("category", "label")
        and (entry.referent, entry.category) == (referent, name)
    ]


@pytest.mark.parametrize(("file", "referent", "name", "text"), [*_examples("hits")])
def test_a_shipped_example_hits(file: str, referent: str, name: str, text: str):
    assert _found(file, referent, name, text)


@pytest.mark.parametrize(("file", "referent", "name", "text"), [*_examples("misses")])
def test_a_shipped_example_misses(file: str, referent: str, name: str, text: str):
    assert _found(file, referent, name, text) == []


@pytest.mark.parametrize("path", sorted((ROOT / "lexicons").glob("*.toml")), ids=lambda p: p.name)
def test_a_shipped_lexicon_loads(path: Path):
    lexicon = load_lexicon(path)

    assert lexicon.categories or lexicon.actors or lexicon.referents


# ------------------------------------------------------------------ the package


def _setup() -> dict[str, dict[str, list[str]]]:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return {
        section: {
            key: value.replace("\n", ",").strip(",").split(",") for key, value in keys.items()
        }
        for section, keys in config.items()
    }


def test_what_loads_by_name_is_what_the_folder_holds():
    files = sorted((ROOT / "lexicons").glob("*.toml"))

    assert shipped_lexicons() == {path.stem: path for path in files}


def test_the_package_takes_every_data_file_along():
    """Each file that is no Python and lies in a package matches a pattern of its package."""
    config = _setup()
    folders = {"bias_toolkit.lexicons": ROOT / "lexicons"}
    assert config["options"]["package_dir"] == ["bias_toolkit.lexicons = lexicons"]

    for package in config["options"]["packages"]:
        patterns = [p.strip() for p in config["options.package_data"].get(package, [])]
        folder = folders.get(package, ROOT / package.replace(".", "/"))
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.is_file() and path.suffix != ".py":
                assert any(fnmatch(path.name, pattern) for pattern in patterns), path


def test_the_lexicons_are_a_package():
    """Only so does an installed toolkit find them through importlib.resources."""
    assert "bias_toolkit.lexicons" in _setup()["options"]["packages"]
    assert (ROOT / "lexicons" / "__init__.py").is_file()


def test_an_installed_toolkit_finds_its_lexicons(tmp_path: Path):
    """Laid out as an install lays it out: the lexicons inside the package."""
    package = tmp_path / "bias_toolkit"
    package.mkdir()
    for name in ("__init__", "collector", "tokens", "inflection", "lexicon"):
        shutil.copy(ROOT / "bias_toolkit" / f"{name}.py", package)
    shutil.copytree(ROOT / "lexicons", package / "lexicons")
    code = (
        "from bias_toolkit.lexicon import load_lexicons, shipped_lexicons\n"
        "print(*[lexicon.name for lexicon in load_lexicons()])\n"
        "print({path.parent.parent.name for path in shipped_lexicons().values()})"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env={}
    )

    assert run.stdout.splitlines() == [" ".join(shipped_lexicons()), "{'bias_toolkit'}"], run.stderr


def test_the_examples_of_the_docs_are_lexicons(write: Write):
    """They load, and the first passes its own examples."""
    text = (ROOT / "docs" / "lexicons.md").read_text(encoding="utf8")
    first, second = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    checked = check_examples(load_lexicon(write(first)))

    assert (checked.hits, checked.misses, checked.failures) == (1, 1, ())
    assert len(load_lexicon(write(HEAD + second)).referents[0].labels) == 2
