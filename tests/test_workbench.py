"""The workbench: what each entry of a lexicon does in a corpus, by hand and by brute force."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bias_toolkit.cli import main
from bias_toolkit.lexicon import Actor, Category, Label, Lexicon, Referent, Term, load_lexicon
from bias_toolkit.matching import words_of
from bias_toolkit.workbench import (
    Examined,
    contents,
    described,
    examine,
    pairs,
    pairs_described,
)

ROOT = Path(__file__).parent.parent


def category(name: str, *terms: str | Term) -> Category:
    entries = tuple(term if isinstance(term, Term) else Term(term) for term in terms)
    return Category(name, "", entries)


def lexicon_of(*categories: Category) -> Lexicon:
    return Lexicon("own", "", categories=categories)


def corpus(*texts: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [str(n) for n in range(len(texts))],
            "outlet": [outlet for outlet, _ in texts],
            "title": "",
            "text": [text for _, text in texts],
        }
    )


WAR = lexicon_of(
    category("war", "war", "trade war", "battle*", "siege"),
    category("trade", "tariff*", "war of words", "may"),
)
TEXTS = corpus(
    ("A", "The trade war goes on. Battles of the trade war may end. The battlefield is quiet."),
    ("A", "A tariff is a tariff."),
    ("B", "They may go. In May the talks in the city begin, and in May they end. It may be so."),
)


@pytest.fixture(scope="module")
def found() -> Examined:
    return examine(WAR, TEXTS)


# ------------------------------------------------------------------ entries


def test_each_entry_is_used_dead_or_shadowed(found: Examined):
    """Each "war" of the texts is part of a "trade war"."""
    table = found.entries.set_index("term")

    assert table["fate"].to_dict() == {
        "war": "shadowed",
        "trade war": "used",
        "battle*": "used",
        "siege": "dead",
        "tariff*": "used",
        "war of words": "dead",
        "may": "used",
    }
    assert table["covered_by"]["war"] == "trade war"
    assert table["covered_by"].drop("war").eq("").all()
    assert table.loc["war", ["matches", "hits", "articles"]].tolist() == [2, 0, 0]
    assert table.loc["tariff*", ["matches", "hits", "articles"]].tolist() == [2, 2, 1]


def test_what_is_shadowed_once_it_stands_alone_is_used():
    longer = corpus(("A", "The trade war goes on. War is hell."))

    assert examine(WAR, longer).entries.set_index("term").loc["war", "fate"] == "used"


def test_an_earlier_entry_covers_as_a_longer_one_does():
    """The leftmost wins: "old war" leaves nothing of "war crime"."""
    lexicon = lexicon_of(category("x", "old war", "war crime"))
    table = examine(lexicon, corpus(("A", "An old war crime came up."))).entries

    assert table["fate"].tolist() == ["used", "shadowed"]
    assert table["covered_by"].tolist() == ["", "old war"]


def test_labels_and_actors_are_entries_and_actors_cover_no_words():
    lexicon = Lexicon(
        "own",
        "",
        categories=(category("x", "Baku"),),
        actors=(Actor("Baku", "A", ("Baku", "Nobody")),),
        referents=(Referent("r", (Label("war", "A", (Term("war"),)),), context=(Term("when"),)),),
    )
    table = examine(lexicon, corpus(("A", "In Baku the war ended when it snowed."))).entries

    assert list(zip(table["kind"], table["term"], table["fate"], strict=True)) == [
        ("category", "Baku", "used"),
        ("label", "war", "used"),
        ("actor", "Baku", "used"),
        ("actor", "Nobody", "dead"),
    ]
    assert table["referent"].tolist() == ["", "r", "", ""]


def test_a_corpus_without_a_hit_kills_all_entries():
    found = examine(WAR, corpus(("A", "Nothing to see here.")))

    assert set(found.entries["fate"]) == {"dead"}
    assert found.commonest.empty
    assert found.ambiguous.empty
    assert found.coverage["hits"].sum() == 0
    assert "war: no hits" in list(described(found))


# ------------------------------------------------------------------ categories


def test_coverage_counts_hits_and_articles_of_each_outlet(found: Examined):
    """A: "war" has 2 trade wars, battles, battlefield in 1 of 2 articles; 21 words in all."""
    table = found.coverage.set_index(["category", "outlet"])

    assert table.loc[("war", "A"), ["hits", "articles", "share"]].tolist() == [4, 1, 0.5]
    assert table.loc[("war", "B"), ["hits", "articles", "share"]].tolist() == [0, 0, 0.0]
    assert table.loc[("trade", "A"), ["hits", "articles", "share"]].tolist() == [3, 2, 1.0]
    assert table.loc[("war", "A"), "per_1000_words"] == pytest.approx(1000 * 4 / 21)


def test_the_commonest_wordings_come_first_in_small_letters(found: Examined):
    table = found.commonest[found.commonest["category"] == "war"]

    assert table["wording"].tolist() == ["trade war", "battlefield", "battles"]
    assert table["share"].tolist() == [0.5, 0.25, 0.25]


def test_at_most_ten_wordings_of_a_category():
    letters = "abcdefghijkl"
    lexicon = lexicon_of(category("x", *(f"w{letter}" for letter in letters)))
    text = " ".join(f"w{letter}" for letter in letters) + " wl"
    table = examine(lexicon, corpus(("A", text))).commonest

    assert len(table) == 10
    assert table["wording"].iloc[0] == "wl"


def test_dominance_is_the_share_of_the_commonest_term(found: Examined):
    """Of four hits in "war" two are "trade war" and two are "battle*": the first is named."""
    table = found.dominance.set_index("category")

    assert table.loc["war"].tolist() == ["category", "", 4, 4, 2, "trade war", 0.5]
    assert table.loc["trade", ["hits", "top_term"]].tolist() == [7, "may"]


# ------------------------------------------------------------------ ambiguous entries


def test_a_word_that_is_also_a_month_is_shown_with_its_sentence(found: Examined):
    """Capitals at the beginning of a sentence say nothing; a sentence is shown once."""
    table = found.ambiguous

    assert table["term"].tolist() == ["may"]
    assert set(table["reason"]) == {"also a name"}
    row = table.iloc[0]
    assert row["text"][row["text_start"] : row["text_end"]] == "May"
    assert (row["outlet"], row["article"]) == ("B", "2")


def test_words_that_count_in_two_categories_are_shown():
    lexicon = lexicon_of(category("war", "strike*"), category("work", "strike*", "wage*"))
    found = examine(lexicon, corpus(("A", "The strikes hit wages."))).ambiguous

    assert found[["category", "term", "reason", "text"]].to_numpy().tolist() == [
        ["war", "strike*", "counts in 'war' and 'work'", "The strikes hit wages."],
        ["work", "strike*", "counts in 'war' and 'work'", "The strikes hit wages."],
    ]


def test_three_sentences_are_shown_and_each_outlet_has_its_turn():
    lexicon = lexicon_of(category("war", "strike"), category("work", "strike"))
    texts = corpus(("A", "One strike. Two strike. Three strike. Four strike."), ("B", "A strike."))
    found = examine(lexicon, texts).ambiguous

    assert found["outlet"].tolist() == ["A", "B", "A"] * 2


def test_a_term_written_with_a_capital_is_no_common_word():
    lexicon = lexicon_of(category("x", "May"))

    assert examine(lexicon, corpus(("A", "In May they may go in May."))).ambiguous.empty


def test_capitals_of_headlines_make_no_names():
    lexicon = lexicon_of(category("x", "slam"))
    texts = corpus(("A", "They slam it. We slam it.\n\nLeaders Slam The New Plan For Peace\n\nSo."))

    assert examine(lexicon, texts).ambiguous.empty


def test_what_is_most_ambiguous_comes_first_and_long_sentences_are_cut():
    lexicon = lexicon_of(category("a", "strike", "talks"), category("b", "strike", "talks"))
    text = f"{'No ' * 60}strike. Talks went on. The talks broke down."
    found = examine(lexicon, corpus(("A", text)))

    assert found.ambiguous["term"].tolist() == ["talks"] * 4 + ["strike"] * 2
    assert f"    A: …{('No ' * 60)[-80:].lstrip()}[strike]." in list(described(found))


# ------------------------------------------------------------------ pairs


def told(lexicon: Lexicon) -> list[tuple[str, str, str, bool]]:
    return [(p.relation, p.first.term.text, p.second.term.text, p.same) for p in pairs(lexicon)]


def test_an_entry_that_another_of_its_category_matches_is_superfluous():
    lexicon = lexicon_of(category("x", "terrorist", "terror*", "state terror", "state *", "terro*"))

    assert told(lexicon) == [
        ("overlap", "terrorist", "terro*", True),
        ("overlap", "terrorist", "terror*", True),
        ("overlap", "terror*", "terro*", True),
        ("overlap", "state terror", "state *", True),
    ]


def test_a_wording_in_two_categories_is_told_once():
    lexicon = lexicon_of(category("x", "war", "peace"), category("y", "War", "peac*"))

    assert told(lexicon) == [
        ("duplicate", "war", "War", False),
        ("overlap", "peace", "peac*", False),
    ]


def test_spellings_that_the_matcher_takes_for_one_are_duplicates():
    """A final possessive is ignored."""
    assert told(lexicon_of(category("x", "Putin regime", "Putin's regime"))) == [
        ("duplicate", "Putin regime", "Putin's regime", True)
    ]


def test_a_stricter_entry_makes_no_other_superfluous():
    """With capitals or `not` phrases it leaves places to the other."""
    lexicon = lexicon_of(
        category("x", "us", Term("US", case=True), "strikes", Term("strike*", exceptions=("a",)))
    )

    assert told(lexicon) == [("duplicate", "US", "us", True)]


def _covers(second: str, first: str) -> bool:
    """The slow twin: word by word, a star takes any ending."""
    these, those = words_of(first).split(), words_of(second).split()
    return len(these) == len(those) and all(
        fnmatchcase(this.removesuffix("*"), that) and (that.endswith("*") or this == that)
        for this, that in zip(these, those, strict=True)
    )


@pytest.mark.parametrize("name", ["framing", "certainty"])
def test_pairs_are_those_that_comparing_each_with_each_finds(name: str):
    lexicon = load_lexicon(ROOT / "lexicons" / f"{name}.toml")
    plain = [
        Category(c.name, "", tuple(Term(t.text) for t in c.terms[:60])) for c in lexicon.categories
    ]
    entries = [(c.name, t.text) for c in plain for t in c.terms]
    expected = {
        ((name, text), (other, more))
        for n, (name, text) in enumerate(entries)
        for m, (other, more) in enumerate(entries)
        if n != m and _covers(more, text) and (n < m or words_of(text) != words_of(more))
    }
    found = {
        ((p.first.category, p.first.term.text), (p.second.category, p.second.term.text))
        for p in pairs(lexicon_of(*plain))
    }

    assert found == expected


def test_twenty_thousand_entries_take_seconds():
    terms = [f"w{n}{'*' * (n % 3 == 0)} x{n % 100}" for n in range(20_000)]
    start = time.process_time()
    pairs(lexicon_of(category("x", *terms)))

    assert time.process_time() - start < 10


# ------------------------------------------------------------------ in words


def lines(found: Examined) -> Iterator[str]:
    yield from pairs_described(found.pairs)
    yield from described(found)


def test_all_is_said_in_lines(found: Examined):
    assert list(lines(found)) == [
        "Dead (2 of 7 entries): match nothing in the corpus",
        "  war: siege",
        "  trade: war of words",
        "Shadowed (1): always covered by a longer or earlier entry",
        "  war: war (by trade war)",
        "",
        "war: 4 hits of 2 of 4 terms; 50% are trade war",
        "  trade war 2, battlefield 1, battles 1",
        "  A: in 50% of articles, 190.48 per 1000 words",
        "  B: in 0% of articles, 0.00 per 1000 words",
        "",
        "trade: 7 hits of 2 of 3 terms; 71% are may",
        "  may 5, tariff 2",
        "  A: in 100% of articles, 142.86 per 1000 words",
        "  B: in 100% of articles, 200.00 per 1000 words",
        "",
        "Ambiguous (1): may mean more than one thing",
        "  trade: may: also a name",
        "    B: In [May] the talks in the city begin, and in May they end.",
    ]


def test_pairs_are_said_in_three_sections():
    lexicon = lexicon_of(category("x", "terrorist", "terror*", "war"), category("y", "terrorist"))

    assert list(pairs_described(pairs(lexicon))) == [
        "Superfluous (1): another of the category matches as much",
        "  x: terrorist (matched by terror*)",
        "Duplicate (1): stand in two categories",
        "  terrorist: x and y",
        "Overlapping (1): matched by an entry of another category",
        "  terrorist: y and x (terror*)",
    ]


def test_long_sections_are_cut():
    lexicon = lexicon_of(category("x", *(f"w{n}" for n in range(15))))

    assert "  ... and 5 more" in list(described(examine(lexicon, corpus(("A", "None.")))))


def test_what_was_read_is_counted():
    one = Lexicon(
        "own",
        "",
        categories=(category("x", "a", "b"), category("y", "c")),
        actors=(Actor("Baku", "A", ("Baku",)),),
        referents=(Referent("r", (Label("l", "", (Term("d"),)), Label("m", "", (Term("e"),)))),),
    )

    assert contents(one) == (
        "Read: 2 categories with 3 terms; 1 thing with 2 labels of 2 terms; 1 actor"
    )


# ------------------------------------------------------------------ the command


def test_the_command_says_what_entries_do_in_a_corpus(tmp_path: Path):
    (path := tmp_path / "own.txt").write_text("ceasefire\nunicorn\n:D\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, ["lexicon", "check", str(path), "--corpus", str(ROOT / "seeds")]
    )

    assert result.exit_code == 0
    assert result.stdout.splitlines()[:4] == [
        "Read: 1 category with 2 terms",
        "Left out: :D (line 3: holds no word).",
        "Dead (1 of 2 entries): match nothing in the corpus",
        "  own: unicorn",
    ]
    assert result.stdout.endswith("0 texts that must match, 0 that must not: none failed\n")


def test_the_command_names_a_fault_of_a_foreign_list(tmp_path: Path):
    (path := tmp_path / "own.dic").write_text("%\n1\tkind\n%\ncalm\t2\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["lexicon", "check", str(path)])

    assert result.exit_code == 1
    assert f"{path}:4: 'calm': code 2 is not declared" in result.stderr.replace("\n", " ")
