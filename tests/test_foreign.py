"""Word lists of other tools: all are read, every fault is named, what is written comes back."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit import lexicon as loader
from bias_toolkit.foreign import READERS, inflected, read_foreign, save_lexicon
from bias_toolkit.lexicon import (
    Category,
    Lexicon,
    LexiconError,
    Term,
    load_lexicon,
    shipped_lexicons,
    term_fault,
)
from bias_toolkit.matching import Matcher
from bias_toolkit.tokens import Reader

ROOT = Path(__file__).parent.parent
Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file of the name and text given."""

    def _write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return _write


def terms(lexicon: Lexicon) -> dict[str, list[str]]:
    return {
        category.name: [term.text for term in category.terms] for category in lexicon.categories
    }


def weights(lexicon: Lexicon) -> dict[str, float]:
    return {term.text: term.weight for category in lexicon.categories for term in category.terms}


def found(lexicon: Lexicon, text: str) -> list[tuple[str, str]]:
    """Category and wording of each hit."""
    reader = Reader()
    matcher = Matcher(reader, [lexicon])
    hits = matcher.find(reader.read([text]))
    return [
        (matcher.entries[entry].category, text[start:end])
        for start, end, entry in zip(hits.start, hits.end, hits.entry, strict=True)
    ]


# ------------------------------------------------------------------ LIWC

HEAD = "%\n1\tkindly\n02\tharsh\n3\tpeople\n4\tfiller\n%\n"


def test_liwc_entries_stand_in_their_categories(write: Write):
    path = write("own.dic", HEAD + "gentle\t1\nbrut*\t02\nneighbour\t1\t3\n")

    lexicon = load_lexicon(path)
    assert lexicon.name == "own"
    assert lexicon.source == "read from own.dic"
    assert terms(lexicon) == {
        "kindly": ["gentle", "neighbour"],
        "harsh": ["brut*"],
        "people": ["neighbour"],
    }


def test_liwc_spaces_tabs_blank_lines_and_zeros_do_no_harm(write: Write):
    """Without a tab the numbers at the end of a line are its codes."""
    path = write(
        "own.dic",
        "\n % \n\t01 kindly\n\n\t\t2\t\tharsh \n 3\tunused\n%\t\n\n"
        "gentle  \t\t\t1\n\n  brut*\t 2 \t\t 001 \nsoft 1 2\r\n"
        "not at all\t02\n24 hours\t2\nwar 1\n sort of <so>1/2 2\n",
    )

    assert terms(load_lexicon(path)) == {
        "kindly": ["gentle", "brut*", "soft", "war", "sort of so"],
        "harsh": ["brut*", "soft", "not at all", "24 hours", "sort of", "sort of so"],
    }


def test_liwc_repeated_entries_join_their_codes(write: Write):
    path = write("own.dic", HEAD + "calm\t1\ncalm\t1 3\nCalm\t3\n")

    assert terms(load_lexicon(path)) == {"kindly": ["calm"], "people": ["calm"]}


def test_liwc_names_may_be_described(write: Write):
    path = write(
        "own.dic", "%\n1\tanger\tAbout anger\n2\tjoy (Joyful words)\n3\tjoy (again)\n%\na\t1 2 3\n"
    )

    assert list(terms(load_lexicon(path))) == ["anger", "joy", "joy (again)"]


def test_a_liwc_word_before_of_counts_elsewhere(write: Write):
    """ "sort of" is filler, other sorts are kindly; people (unconditional) count both."""
    lexicon = load_lexicon(write("own.dic", HEAD + "sort\t<of>4/1\t3\n"))

    assert found(lexicon, "It is sort of cold.") == [("people", "sort of"), ("filler", "sort of")]
    assert found(lexicon, "A good sort lives here.") == [("kindly", "sort"), ("people", "sort")]


def test_a_liwc_word_after_a_category_does_not_count_as_the_other(write: Write):
    """What only counts after a word of a category is left out, and said to be."""
    lexicon = load_lexicon(write("own.dic", HEAD + "like\t(03 2)1/4 (3)1\nwe\t3\nbrut*\t2\n"))

    assert found(lexicon, "It was, like, cold.") == [("filler", "like")]
    assert found(lexicon, "We like it.") == [("people", "We")]
    assert found(lexicon, "Brutes like it.") == [("harsh", "Brutes")]
    assert lexicon.notes == (
        "Left out: like (line 7: code 1 only after words of 3 2); "
        "like (line 7: code 1 only after words of 3)."
    )


def test_liwc_codes_in_parentheses_alone_are_codes(write: Write):
    assert terms(load_lexicon(write("own.dic", HEAD + "calm\t(1 3)\n"))) == {
        "kindly": ["calm"],
        "people": ["calm"],
    }


def test_a_word_that_counts_by_one_wording_counts(write: Write):
    lexicon = load_lexicon(write("own.dic", HEAD + "sort\t<of>4/1\nsort\t1\n"))

    assert [term.exceptions for term in lexicon.categories[1].terms] == [()]


def test_emoticons_are_left_out_and_named(write: Write):
    """The letter of ":D" would match any D."""
    lexicon = load_lexicon(write("own.dic", HEAD + ":)\t1\n:D\t1\n8)\t1\ncalm\t1\n<3*\t1\n"))

    assert terms(lexicon) == {"kindly": ["calm"]}
    assert lexicon.notes.startswith("Left out: :) (line 7: holds no word); :D (line 8:")


def test_of_many_entries_left_out_twenty_are_named(write: Write):
    signs = "".join(f"{':' * n})\t1\n" for n in range(1, 31))

    assert load_lexicon(write("own.dic", HEAD + signs + "calm\t1\n")).notes.endswith(
        "; and 10 more."
    )


# ------------------------------------------------------------------ the others


def test_lexicoder_categories_begin_with_a_plus(write: Write):
    text = "+kind words\ngentle\n soft*\n\n+HARSH+\nnot kind \n"
    expected = {"kind words": ["gentle", "soft*"], "HARSH": ["not kind"]}

    assert terms(load_lexicon(write("own.lc3", text))) == expected
    assert terms(load_lexicon(write("own.lcd", text))) == expected


def test_wordstat_indents_nest_and_numbers_weigh(write: Write):
    text = (
        "MOOD\n\tGLAD\n\t\tJOYFUL* (1)\n\t\tON_TOP (0.5)\n\tSAD\n\t\tTEARFUL (2)\n\tGRIM (1)\n"
        "\t@NEARLY [GLAD NEAR SAD /S 3] (1)\nPLACE\n   \tBAKU (1)\n"
    )
    lexicon = load_lexicon(write("own.cat", text))

    assert terms(lexicon) == {
        "MOOD.GLAD": ["JOYFUL*", "ON TOP"],
        "MOOD.SAD": ["TEARFUL"],
        "MOOD": ["GRIM"],
        "PLACE": ["BAKU"],
    }
    assert weights(lexicon)["ON TOP"] == 0.5
    assert "line 8: a rule of proximity" in lexicon.notes


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_may_stand_in_any_order_under_other_names(write: Write, delimiter: str):
    rows = [
        ["Score", " WORD ", "Emotion"],
        ["0.25", "gentle", "kind"],
        ["", "brut*", "harsh"],
        [""],
    ]
    text = "\n".join(delimiter.join(row) for row in rows)
    lexicon = load_lexicon(write("own.csv", text))

    assert terms(lexicon) == {"kind": ["gentle"], "harsh": ["brut*"]}
    assert weights(lexicon) == {"gentle": 0.25, "brut*": 1.0}


def test_a_table_of_a_spreadsheet_that_writes_decimal_commas_is_read(write: Write):
    """As does a first line that tells spreadsheets how cells are parted."""
    lexicon = load_lexicon(write("own.csv", "sep=;\nterm;weight\ncalm;0,5\n"))

    assert lexicon.categories[0].terms == (Term("calm", weight=0.5),)


def test_a_fault_below_a_told_separator_is_named_with_its_line(write: Write):
    path = write("own.csv", "sep=;\nterm;weight\ncalm;0,5,1\n")

    with pytest.raises(LexiconError, match=r"own.csv:3: 'calm': weight '0.5,1' is no number"):
        load_lexicon(path)


def test_a_table_of_terms_alone_is_one_category(write: Write):
    assert terms(load_lexicon(write("mild.csv", "term\ngentle\n\nsoft\n"))) == {
        "mild": ["gentle", "soft"]
    }


def test_a_table_may_say_capitals_and_exceptions(write: Write):
    path = write("own.csv", 'term,case,not\nUS,true,\nstrike,,"struck a deal ;  lucky  strike"\n')

    assert load_lexicon(path).categories[0].terms == (
        Term("US", case=True),
        Term("strike", exceptions=("struck a deal", "lucky strike")),
    )


def test_a_tsv_with_a_header_is_a_table(write: Write):
    assert weights(load_lexicon(write("own.tsv", "term\tweight\ngentle\t0.1\n"))) == {"gentle": 0.1}


def test_empath_rows_begin_with_the_category(write: Write):
    path = write("own.tsv", "kind\tgentle\tgood_will\n\nharsh\tbrutal\t\n")

    assert terms(load_lexicon(path)) == {"kind": ["gentle", "good will"], "harsh": ["brutal"]}


def test_json_categories_hold_texts_and_objects(write: Write):
    tree = {
        "kind": ["gentle", {"word": "soft", "weight": 0.5}],
        "harsh": {
            "deeds": [{"term": "strike", "not": ["a deal"]}],
            "__": [{"term": "US", "case": True}],
        },
    }
    lexicon = load_lexicon(write("own.json", json.dumps(tree)))

    assert [(c.name, c.terms) for c in lexicon.categories] == [
        ("kind", (Term("gentle"), Term("soft", weight=0.5))),
        ("harsh.deeds", (Term("strike", exceptions=("a deal",)),)),
        ("harsh", (Term("US", case=True),)),
    ]


def test_a_json_list_of_objects_names_the_categories(write: Write):
    rows = [{"term": "gentle", "category": "kind", "score": 2}, "plain"]

    assert terms(load_lexicon(write("own.json", json.dumps(rows)))) == {
        "kind": ["gentle"],
        "own": ["plain"],
    }


def test_json_may_give_each_term_a_number(write: Write):
    path = write("own.json", '{"gentle": 0.5, "more": {"soft": 2}}')

    assert weights(load_lexicon(path)) == {"gentle": 0.5, "soft": 2.0}
    assert list(terms(load_lexicon(path))) == ["own", "more"]


def test_a_plain_list_is_one_category_called_as_the_file(write: Write):
    path = write("mild.TXT", "# a remark\n;another\n#\ngentle\n#MeToo\nnot at all\n")

    assert terms(load_lexicon(path)) == {"mild": ["gentle", "#MeToo", "not at all"]}


# ------------------------------------------------------------------ YAML

YAML = """# a remark
kind:
  quiet: [gentle, "soft*"]
  loud:
    - yes
    - no
harsh:
  - __
  - brutal
"""


def test_yaml_keys_nest_and_words_stay_words(write: Write):
    """YAML takes a bare "no" for a truth value; a word list means the word."""
    pytest.importorskip("yaml", reason="PyYAML is not installed")
    lexicon = load_lexicon(write("own.yml", YAML.replace("  - __\n", "")))

    assert terms(lexicon) == {
        "kind.quiet": ["gentle", "soft*"],
        "kind.loud": ["yes", "no"],
        "harsh": ["brutal"],
    }


def test_yaml_underscores_hold_the_terms_of_the_category_above(write: Write):
    pytest.importorskip("yaml", reason="PyYAML is not installed")
    path = write("own.yaml", "kind:\n  quiet: [gentle]\n  __: [good]\n")

    assert terms(load_lexicon(path)) == {"kind.quiet": ["gentle"], "kind": ["good"]}


YAML_FAULTS = {
    "an alias": ("a: &x [calm]\nb: *x\n", ":1: 'b': uses an alias (*name); write the terms out"),
    "a glob": ("a:\n  - wom?n\n", ":2: 'wom?n': a ? for one letter is not read; list the words"),
    "a broken list": (
        "a: [calm\nb: 1\n",
        ":2: not valid YAML: expected ',' or ']', but got ':'; mend it here",
    ),
    "a forbidden sign": (
        "a: [\x01]",
        ": not valid YAML: a character that YAML forbids; mend it here",
    ),
    "a list as a name": ("? [a]\n: [calm]\n", ":1: a category's name must be a text"),
    "a hole": ("[" * 5000, ": nested too deep; make it a list of terms by category"),
    "nothing": ("# nothing\n", ": holds no terms; is this the right file?"),
}


@pytest.mark.parametrize("fault", YAML_FAULTS)
def test_a_fault_of_yaml_is_named(write: Write, fault: str):
    pytest.importorskip("yaml", reason="PyYAML is not installed")
    text, message = YAML_FAULTS[fault]
    path = write("own.yml", text)

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == f"{path}{message}"


def test_without_pyyaml_the_extra_is_named(write: Write, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "yaml", None)
    path = write("own.yml", YAML)

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == (
        f"{path}: reading YAML needs PyYAML; install it with: pip install 'bias-toolkit[yaml]'"
    )


# ------------------------------------------------------------------ every fault

FAULTS = {
    "an exception that is the term": (
        "own.csv",
        "term,not\nwar,trade war; war\n",
        ":2: 'war': not 'war' stands in all that it matches, so that it never counts; write a "
        "longer phrase",
    ),
    "liwc without a header": (
        "own.dic",
        "gentle\t1\n",
        ": no header; a LIWC dictionary begins with a line %, a code and a name a line, and "
        "another line %",
    ),
    "liwc with three bounds": (
        "own.dic",
        HEAD + "calm\t1\n%\n",
        ":8: a third line %; only two stand around the categories",
    ),
    "a liwc header without a code": (
        "own.dic",
        "%\nkind\n%\n",
        ":2: 'kind' declares no category; write a number, a tab and a name",
    ),
    "a liwc code declared twice": (
        "own.dic",
        "%\n1\ta\n01\tb\n%\n",
        ":3: code 1 is declared twice; remove or rename one",
    ),
    "a liwc name declared twice": (
        "own.dic",
        "%\n1\ta\n2\ta\n%\n",
        ":3: category 'a' is declared twice; remove or rename one",
    ),
    "a liwc code not declared": (
        "own.dic",
        HEAD + "\nlamb\t1\t7\n",
        ":8: 'lamb': code 7 is not declared; add it between the two lines %, or remove it here",
    ),
    "a liwc condition not declared": (
        "own.dic",
        HEAD + "lamb\t(9)1/2\n",
        ":7: 'lamb': code 9 is not declared; add it between the two lines %, or remove it here",
    ),
    "a liwc entry without a code": (
        "own.dic",
        HEAD + "not at all\n",
        ":7: 'not at all' has no code; write a tab and its numbers",
    ),
    "a liwc code that is a name": (
        "own.dic",
        HEAD + "calm\t1\tkindly\n",
        ":7: 'calm': 'kindly' is no code; write numbers",
    ),
    "a liwc condition without a code": (
        "own.dic",
        HEAD + "calm\t<of>\n",
        ":7: 'calm': '<of>' is no code; write numbers",
    ),
    "a star in the middle": (
        "own.dic",
        HEAD + "wom*n\t1\n",
        ":7: 'wom*n': a star may only end a word; write \"terror*\"",
    ),
    "a star at the beginning": (
        "own.txt",
        "calm\n* of\n",
        ":2: '* of' begins with a lone star; begin with a word",
    ),
    "a star alone": ("own.txt", "*\n", ":1: '*' holds no word; write at least one letter or digit"),
    "lexicoder without a category": (
        "own.lc3",
        "calm\n",
        ":1: 'calm' has no category; write a line +NAME above it",
    ),
    "lexicoder without a name": ("own.lc3", "+\n", ":1: '+' names no category; write +NAME"),
    "wordstat without a category": (
        "own.cat",
        "CALM (1)\n",
        ":1: 'CALM (1)' has no category; write its name in a line above",
    ),
    "a wordstat weight in words": (
        "own.cat",
        "A\n\tCALM (much)\n",
        ":2: 'CALM': weight 'much' is no number; write one above 0",
    ),
    "a list with tabs": (
        "own.txt",
        "calm\t1\n",
        ":1: 'calm\\t1' holds a tab; write one term a line, or save a table as .tsv",
    ),
    "a table without names": (
        "own.tsv",
        "calm\tjoy\t0\nwild\tjoy\t1\n",
        ":1: 'calm\\tjoy\\t0': a table needs the names of its columns in the first line: term, "
        "category, weight",
    ),
    "an empath category alone": (
        "own.tsv",
        "kind\tcalm\nharsh\n",
        ":2: 'harsh' has no terms; write a category, a tab and its terms",
    ),
    "an empath category without a name": (
        "own.tsv",
        "kind\tcalm\n \t\tcalm\n",
        ":2: 'calm' has no terms; write a category, a tab and its terms",
    ),
    "an unknown column": (
        "own.csv",
        "term,catgory\ncalm,kind\n",
        ":1: column 'catgory' is unknown; rename or remove it; known are term (or word, phrase, "
        "entry, token, lemma, ngram), category (or label, class, dimension, emotion, topic, "
        "dictionary), weight (or score, value, valence, intensity, strength), case, not",
    ),
    "two columns of one meaning": (
        "own.csv",
        "term,word\n",
        ":1: columns 'term' and 'word' both say term; remove one",
    ),
    "no column of terms": (
        "own.csv",
        "category,weight\nkind,1\n",
        ":1: no column term; name the columns in the first line",
    ),
    "a cell too many": (
        "own.csv",
        "term,category\nhe, she,people\n",
        ":2: 'he': 3 cells, but 2 columns; put a text that holds the separator into quotation "
        "marks",
    ),
    "no term in a row": (
        "own.csv",
        "term,category\n,kind\n",
        ":2: no term in this row; write one, or remove the row",
    ),
    "no category in a row": (
        "own.csv",
        "term,category\ncalm,\n",
        ":2: 'calm' has no category; write its name",
    ),
    "case in words": (
        "own.csv",
        "term,case\nUS,upper\n",
        ":2: 'US': case is 'upper'; write true or false",
    ),
    "a weight in words": (
        "own.csv",
        "term,weight\ncalm,high\n",
        ":2: 'calm': weight 'high' is no number; write one above 0",
    ),
    "a weight below nothing": (
        "own.csv",
        "term,weight\ncalm,-2.5\n",
        ":2: 'calm': weight -2.5; write a number above 0, and put terms that weigh less than "
        "nothing into a category of their own",
    ),
    "two weights of one term": (
        "own.csv",
        "term,weight\ncalm,1\nCalm,2\n",
        ":3: 'Calm': weight 2 in 'own', but 1 in line 2; keep one of them",
    ),
    "a broken exception": (
        "own.csv",
        "term,not\ncalm,a*b\n",
        ":2: 'a*b': a star may only end a word; write \"terror*\"",
    ),
    "a cell without end": (
        "own.csv",
        "term,category\n" + '"' + "a" * 200_000,
        ":2: not a table: a cell of more than 10,000 characters; mend its quotation marks",
    ),
    "broken json": ("own.json", '{\n"a": [}', ":2: not valid JSON: Expecting value; mend it here"),
    "json in a hole": (
        "own.json",
        "[" * 100_000,
        ": not JSON that can be read: nested too deep, or a number with thousands of digits; make "
        "it a list of terms by category",
    ),
    "json that is a number": ("own.json", "5", ': is 5; write { "category": ["term", ...] }'),
    "a json category that is a text": (
        "own.json",
        '{"kind": "calm"}',
        ": kind: is 'calm'; write a list: [\"term\", ...]",
    ),
    "a number among json terms": (
        "own.json",
        '{"kind": ["calm", 5]}',
        ': kind, entry 2: is 5; write "term", or { "term": "...", "weight": 1 }',
    ),
    "an unknown key of json": (
        "own.json",
        '[{"term": "calm", "wieght": 1}]',
        ": entry 1: key 'wieght' is unknown; known are term, category, weight, case, not",
    ),
    "a key of json twice": (
        "own.json",
        '[{"term": "calm", "term": "wild"}]',
        ": entry 1: key 'term' stands twice (as term); known are term, category, weight, case, not",
    ),
    "a json term that is a number": (
        "own.json",
        '[{"term": 5}]',
        ': entry 1: term is 5; write "term": "..."',
    ),
    "json case in words": (
        "own.json",
        '[{"term": "US", "case": 1}]',
        ": entry 1: 'US': case is 1; write true or false",
    ),
    "a json exception in a text": (
        "own.json",
        '[{"term": "US", "not": "us"}]',
        ": entry 1: 'US': not is 'us'; write [\"phrase\", ...]",
    ),
    "a json category that is a number": (
        "own.json",
        '[{"term": "US", "category": 1}]',
        ': entry 1: \'US\': category is 1; write "category": "..."',
    ),
    "a json weight that is true": (
        "own.json",
        '[{"term": "calm", "weight": true}]',
        ": entry 1: 'calm': weight True is no number; write one above 0",
    ),
    "a json weight without bounds": (
        "own.json",
        '[{"term": "calm", "weight": Infinity}]',
        ": entry 1: 'calm': weight inf; write a number above 0, and put terms that weigh less than "
        "nothing into a category of their own",
    ),
    "an empty file": ("own.txt", "", ": holds no terms; is this the right file?"),
    "a file of emoticons": ("own.txt", ":)\n", ": holds no terms; is this the right file?"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_line_and_remedy(write: Write, fault: str):
    name, text, message = FAULTS[fault]
    path = write(name, text)

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == f"{path}{message}"


def test_a_liwc_condition_of_too_many_words_is_refused(write: Write):
    many = "".join(f"w{n}\t3\n" for n in range(1001))
    path = write("own.dic", HEAD + many + "like\t(3)1/4\n")

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == (
        f"{path}:1008: 'like': the condition (3) stands for 1001 words, at most 1000 can be "
        "looked for; name smaller categories"
    )


def test_an_unknown_ending_is_answered_with_the_known_ones(write: Write):
    path = write("own.xlsx", "")

    with pytest.raises(LexiconError) as error:
        read_foreign(path)
    assert (
        str(error.value) == f"{path}: unknown ending '.xlsx'; known are .toml, {', '.join(READERS)}"
    )


def test_the_loader_knows_the_endings_that_are_read():
    assert set(READERS) == set(loader._FOREIGN)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path):
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(LexiconError, match=r"gone\.dic: no such file; check the path"):
        load_lexicon(tmp_path / "gone.dic")
    with pytest.raises(LexiconError, match=r"folder\.csv: cannot be read: Is a directory"):
        load_lexicon(tmp_path / "folder.csv")


# ------------------------------------------------------------------ hostile files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_utf8_and_marked_encodings_are_read(write: Write, encoding: str):
    path = write("own.txt", "Ağdam\r\ncafé\rnaïve".encode(encoding))

    assert terms(load_lexicon(path)) == {"own": ["Ağdam", "café", "naïve"]}


def test_another_encoding_is_refused_with_its_line(write: Write):
    path = write("own.txt", b"calm\ncaf\xe9\n")

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == (
        f"{path}:2: byte 0xe9 is not valid UTF-8; save it as UTF-8 (perhaps it is Windows-1252)"
    )


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("data", [b"PK\x03\x04\x00\xff\xfe", b"calm\0\n", bytes(range(256))])
def test_a_binary_file_gives_one_clear_error(write: Write, ending: str, data: bytes):
    path = write(f"own{ending}", data)

    with pytest.raises(LexiconError) as error:
        load_lexicon(path)
    assert str(error.value) == (
        f"{path}: holds NUL bytes, so it is no text file; export it as text in UTF-8 (UTF-16 is "
        "read only with a byte order mark)"
    )


@given(data=st.text(max_size=60), ending=st.sampled_from(sorted(set(READERS) - {".yml", ".yaml"})))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: str, ending: str
):
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(data.encode("utf-8", "surrogatepass"))
    try:
        lexicon = load_lexicon(path)
    except LexiconError as error:
        assert str(path) in str(error)
    else:
        assert not any(term_fault(t.text) for c in lexicon.categories for t in c.terms)


@pytest.mark.parametrize(
    ("name", "head", "line"),
    [
        ("own.dic", HEAD, "word{n}\t1 2\n"),
        ("own.cat", "A\n", "\tWORD{n} (1)\n"),
        ("own.csv", "term,category\n", "word{n},a\n"),
        ("own.tsv", "", "cat{n}\tword\n"),
        ("own.dic", HEAD, "a" + " " * 400 + "b{n}\t1\n"),
        ("own.dic", HEAD + "x" + " " * 200_000 + "\t1\n", "w{n}\t1" + "\t" * 100 + "\n"),
    ],
)
def test_the_time_grows_with_the_file(write: Write, name: str, head: str, line: str):
    """Ten times the lines take nowhere near a hundred times as long."""

    def seconds(lines: int) -> float:
        path = write(name, head + "".join(line.format(n=n) for n in range(lines)))
        start = time.process_time()
        load_lexicon(path)
        return time.process_time() - start

    seconds(10)
    small = max(min(seconds(1000) for _ in range(2)), 0.02)
    large = min(seconds(10_000) for _ in range(2))  # the machine may be busy
    assert large < 40 * small


def test_one_line_of_a_million_signs_takes_no_time(write: Write):
    start = time.process_time()
    for text in (
        HEAD + "a\t" + "1 " * 200_000,
        HEAD + "a " + "(" * 500_000,
        HEAD + "a" + " 1" * 200_000 + " x",
    ):
        path = write("own.dic", text)
        with suppress(LexiconError):
            load_lexicon(path)

    assert time.process_time() - start < 5


# ------------------------------------------------------------------ inflection


def lexicon_of(*texts: str | Term, language: str = "en") -> Lexicon:
    entries = tuple(text if isinstance(text, Term) else Term(text) for text in texts)
    return Lexicon("own", "", language=language, categories=(Category("x", "", entries),))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("attack", "attack attacks attacked attacking"),
        ("strike", "strike strikes struck stricken striking"),
        ("ATTACK", "ATTACK attacks attacked attacking attack"),
        ("Baku", "Baku"),
        ("terror*", "terror*"),
        ("anti-terror", "anti-terror"),
        ("US", "US"),
    ],
)
def test_inflected_forms_are_those_of_the_word(text: str, forms: str):
    assert set(terms(inflected(lexicon_of(text)))["x"]) - {"us"} == set(forms.split()) - (
        {"attack"} if text == "ATTACK" else set()
    )


def test_the_stemmer_turns_away_what_only_looks_like_a_form():
    """The stem of "news" is "news", not "new"."""
    assert "news" not in terms(inflected(lexicon_of("new")))["x"]


def test_a_phrase_inflects_its_first_and_last_word():
    forms = terms(inflected(lexicon_of("war crime", "point out")))["x"]

    assert {"war crimes", "pointed out", "pointing out"} <= set(forms)


def test_weights_and_exceptions_are_inherited_and_what_is_written_wins():
    term = Term("attack", weight=0.5, exceptions=("heart attack",))
    grown = inflected(lexicon_of(term, Term("attacks", weight=3.0), Term("US", case=True)))

    assert {t.text: t.weight for t in grown.categories[0].terms} == {
        "attack": 0.5,
        "attacks": 3.0,
        "US": 1.0,
        "attacked": 0.5,
        "attacking": 0.5,
    }
    assert grown.categories[0].terms[-1].exceptions == ("heart attack",)


def test_any_file_is_inflected_on_request(write: Write):
    toml = write(
        "a.toml",
        'name = "a"\n[[referents]]\nname = "r"\nlabels = [{ label = "war", terms = ["attack"] }]',
    )

    assert "attacked" in terms(load_lexicon(write("own.txt", "attack\n"), inflect=True))["own"]
    assert Term("attacked") in load_lexicon(toml, inflect=True).referents[0].labels[0].terms
    assert Term("attacked") not in load_lexicon(toml).referents[0].labels[0].terms


def test_only_english_is_inflected():
    with pytest.raises(LexiconError) as error:
        inflected(lexicon_of("guerre", language="fr"))
    assert str(error.value) == (
        "lexicon 'own': only English is inflected, not 'fr'; load it without inflect"
    )


# ------------------------------------------------------------------ writing


@pytest.mark.parametrize("name", shipped_lexicons())
def test_a_shipped_lexicon_comes_back_from_toml(tmp_path: Path, name: str):
    lexicon = load_lexicon(shipped_lexicons()[name])
    save_lexicon(lexicon, path := tmp_path / f"{name}.toml")

    assert load_lexicon(path) == lexicon


@pytest.mark.parametrize("name", shipped_lexicons())
def test_the_categories_of_a_shipped_lexicon_come_back_from_csv(tmp_path: Path, name: str):
    lexicon = load_lexicon(shipped_lexicons()[name])
    kept = replace(lexicon, actors=(), referents=(), topic=())
    if not kept.categories:
        pytest.skip("holds no categories")
    save_lexicon(kept, path := tmp_path / f"{name}.csv")

    assert [(c.name, c.terms) for c in load_lexicon(path).categories] == [
        (c.name, c.terms) for c in kept.categories
    ]


words = st.text(
    st.characters(codec="utf-8", exclude_characters="*", exclude_categories=["Cs"]), max_size=8
).filter(lambda text: text == " ".join(text.split()))
entry = words.map(lambda text: f"a{text}b").filter(lambda text: not term_fault(text))


@given(
    texts=st.lists(entry, min_size=1, unique_by=lambda text: text.replace("’", "'").lower()),
    about=st.text(st.characters(codec="utf-8"), max_size=20),
    name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
    weight=st.floats(0, exclude_min=True, allow_infinity=False, allow_nan=False),
)
@settings(max_examples=100, deadline=None)
def test_whatever_a_lexicon_says_comes_back_from_toml(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], about: str, name: str, weight: float
):
    entries = tuple(Term(" ".join(text.split()), weight=weight) for text in texts)
    lexicon = Lexicon("own", about, notes=about, categories=(Category(name, about, entries),))
    save_lexicon(lexicon, path := tmp_path_factory.getbasetemp() / "own.toml")

    assert load_lexicon(path) == lexicon


def test_a_csv_keeps_weights_capitals_exceptions_and_separators(tmp_path: Path):
    lexicon = lexicon_of(
        Term("one, two", weight=0.1 + 0.2, exceptions=("x y", "z")), Term("US", case=True), 'a"b'
    )
    save_lexicon(lexicon, path := tmp_path / "own.csv")

    assert load_lexicon(path).categories[0].terms == lexicon.categories[0].terms
    assert path.read_text(encoding="utf-8").splitlines()[1] == (
        '"one, two",x,0.30000000000000004,,x y; z'
    )
    assert math.isclose(weights(load_lexicon(path))["one, two"], 0.3)


def test_a_foreign_list_becomes_a_lexicon_file(write: Write, tmp_path: Path):
    lexicon = load_lexicon(write("own.dic", HEAD + "sort\t<of>4/1\ncalm\t1\n"))
    save_lexicon(lexicon, path := tmp_path / "own.toml")

    assert load_lexicon(path) == lexicon


def test_what_a_csv_cannot_keep_is_not_lost_silently(tmp_path: Path):
    with pytest.raises(LexiconError) as error:
        save_lexicon(replace(lexicon_of("calm"), topic=(Term("x"),)), tmp_path / "own.csv")
    assert str(error.value) == (
        f"{tmp_path / 'own.csv'}: a CSV keeps no actors, referents or topics, and 'own' has some; "
        "write a .toml"
    )
    with pytest.raises(LexiconError) as error:
        save_lexicon(lexicon_of(Term("calm", exceptions=("a; b",))), tmp_path / "own.csv")
    assert str(error.value) == (
        f"{tmp_path / 'own.csv'}: 'calm': a CSV keeps no in_topic, no until, and no ';' in a `not` "
        "phrase; write a .toml"
    )


def test_other_endings_are_not_written(tmp_path: Path):
    with pytest.raises(LexiconError) as error:
        save_lexicon(lexicon_of("calm"), tmp_path / "own.dic")
    assert (
        str(error.value) == f"{tmp_path / 'own.dic'}: cannot write '.dic'; write a .toml or a .csv"
    )


def test_reading_toml_imports_no_foreign_reader():
    code = (
        "import sys; from bias_toolkit.lexicon import load_lexicons; load_lexicons('certainty'); "
        "print('bias_toolkit.foreign' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert run.stdout.strip() == "False", run.stderr
