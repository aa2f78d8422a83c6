"""N-grams are counted where their words truly stand together, and nowhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit.annotation import annotate, is_word
from bias_toolkit.attribution import OWN, QUOTE, REPORTED, VOICES
from bias_toolkit.cleaning import BODY, FIELDS, OTHER, TITLE
from bias_toolkit.ngrams import LONGEST, TermCounts, count_terms
from bias_toolkit.profiles import GROUPS, Profile, pack, profile
from bias_toolkit.tokens import word_of

ROOT = Path(__file__).parent.parent

Token = tuple[str, int, int]  # word, voice, field
Uses = dict[tuple[str, int], int]

law = settings(deadline=None, max_examples=60)
tokens = st.tuples(
    st.sampled_from(["baku", "the", "war", "anti-terrorist", "9/11", ",", "“", "…"]),
    st.sampled_from([OWN, REPORTED, QUOTE]),
    st.sampled_from([TITLE, BODY, BODY, OTHER]),
)
units = st.lists(st.lists(st.lists(tokens, min_size=1, max_size=7), max_size=3), max_size=4)


def slow(articles: Iterable[list[list[Token]]], voices: tuple[int, ...]) -> Uses:
    """The slow, obvious twin: every window of every sentence, looked at word by word."""
    uses: Counter[tuple[str, int]] = Counter()
    for unit, sentences in enumerate(articles):
        for sentence in sentences:
            for n in range(1, LONGEST + 1):
                for first in range(len(sentence) - n + 1):
                    window = sentence[first : first + n]
                    words, spoken, fields = zip(*window, strict=True)
                    if (
                        all(map(is_word, words))
                        and all(voice in voices for voice in spoken)
                        and set(fields) != {OTHER}
                        and len(set(fields)) == 1
                    ):
                        uses[" ".join(words), unit] += 1
    return dict(uses)


def fast(part: Profile, voices: tuple[int, ...], fewest: int = 1) -> Uses:
    return as_uses(count_terms(part, voices, fewest))


def as_uses(counts: TermCounts) -> Uses:
    terms = counts.strings()
    rows = zip(counts.term.tolist(), counts.unit.tolist(), counts.uses.tolist(), strict=True)
    return {(terms[term], unit): uses for term, unit, uses in rows}


def made_of(articles: list[list[list[Token]]]) -> Profile:
    """A profile that is nothing but its token stream."""
    flat = [token for article in articles for sentence in article for token in sentence]
    vocabulary = sorted({word for word, _, _ in flat})
    sentences = [(unit, len(s)) for unit, article in enumerate(articles) for s in article]
    marks = [np.array([token[column] for token in flat], np.int64) for column in (1, 2)]
    return Profile(
        units=pd.DataFrame({"id": range(len(articles)), "outlet": "A"}),
        content=np.zeros(len(articles), np.uint32),
        vocabulary=np.array(vocabulary, object),
        word=np.array([vocabulary.index(word) for word, _, _ in flat], np.int32),
        marks=pack(*marks, np.zeros(len(flat), np.int64)),
        sentences=pd.DataFrame(sentences, columns=["unit", "tokens"], dtype=np.int64),
        hits=pd.DataFrame(),
        attributions=pd.DataFrame(),
        entries=pd.DataFrame(),
        lexicons=(),
    )


@pytest.fixture(scope="module")
def seeds() -> Profile:
    return profile(ROOT / "seeds", [])


# ------------------------------------------------------------------ laws


@law
@given(units)
def test_counts_equal_their_slow_twin_on_any_stream(articles):
    part = made_of(articles)

    for voices in GROUPS.values():
        assert fast(part, voices) == slow(articles, voices)


@law
@given(units, st.integers(1, 3))
def test_rare_terms_are_left_out_and_others_untouched(articles, fewest):
    """*fewest* counts articles, not uses."""
    part = made_of(articles)
    every = fast(part, GROUPS["all"])
    carried = Counter(term for term, _ in every)

    assert fast(part, GROUPS["all"], fewest) == {
        key: uses for key, uses in every.items() if carried[key[0]] >= fewest
    }


def test_counts_equal_their_slow_twin_on_the_seeds(seeds):
    found = annotate(pd.DataFrame(seeds.units).assign(text=seeds.texts(np.arange(5))["text"]), [])
    articles = []
    for identity in seeds.units["id"]:
        rows = found.tokens[found.tokens["article"] == identity]
        articles.append(
            [
                [
                    (word_of(t), VOICES.index(v), FIELDS.index(f))
                    for t, v, f in zip(s["text"], s["voice"], s["field"], strict=True)
                ]
                for _, s in rows.groupby("sentence")
            ]
        )

    for voices in GROUPS.values():
        assert fast(seeds, voices) == slow(articles, voices)


def test_words_alone_count_every_word_of_the_group(seeds):
    """The uses of single words are the words of the group: each is counted once."""
    for group, voices in GROUPS.items():
        uses = fast(seeds, voices)
        singles = sum(n for (term, _), n in uses.items() if " " not in term)

        assert singles == seeds.sums[f"words.{group}"].sum()


def test_the_uses_of_a_selection_are_its_part_of_all_uses(seeds):
    keep = np.array([True, False, True, False, True])
    place = np.cumsum(keep) - 1
    every = fast(seeds, GROUPS["outlet"])
    part = {(term, int(place[unit])): n for (term, unit), n in every.items() if keep[unit]}

    assert fast(seeds.select(keep), GROUPS["outlet"]) == part


# ------------------------------------------------------------------ by hand


def sentence(text: str, voice: int = OWN, field: int = BODY) -> list[Token]:
    return [(word, voice, field) for word in text.split()]


def terms(*sentences: list[Token], voices: tuple[int, ...] = GROUPS["outlet"]) -> list[str]:
    """Terms of two words or more."""
    return sorted({term for term, _ in fast(made_of([list(sentences)]), voices) if " " in term})


def test_a_sentence_has_its_bigrams_and_trigrams():
    assert terms(sentence("fall of karabakh")) == ["fall of", "fall of karabakh", "of karabakh"]


def test_punctuation_parts_words():
    assert terms(sentence("baku , yerevan and “ moscow ”")) == ["yerevan and"]


def test_a_sentence_end_parts_words():
    assert terms(sentence("baku won"), sentence("yerevan lost")) == ["baku won", "yerevan lost"]


def test_a_new_field_parts_words():
    """A title and a lead may be one sentence to the tokeniser's neighbours, never to us."""
    assert terms(sentence("baku won", field=TITLE) + sentence("yerevan lost")) == [
        "baku won",
        "yerevan lost",
    ]


def test_own_and_reported_words_stand_together_in_the_outlets_group():
    """Both are the outlet's wording; for its own words alone they part."""
    mixed = sentence("it said") + sentence("baku won", REPORTED)

    assert "said baku" in terms(mixed)
    assert terms(mixed, voices=GROUPS["own"]) == ["it said"]
    assert terms(mixed, voices=GROUPS["quoted"]) == []


def test_quoted_words_part_the_words_around_them():
    mixed = sentence("an") + sentence("unfair", QUOTE) + sentence("war")

    assert terms(mixed) == []


def test_page_chrome_is_in_no_term():
    counts = fast(made_of([[sentence("armenian genocide", field=OTHER)]]), GROUPS["all"])

    assert counts == {}


def test_two_articles_never_share_a_term():
    part = made_of([[sentence("baku")], [sentence("won")]])

    assert fast(part, GROUPS["all"]) == {("baku", 0): 1, ("won", 1): 1}


def test_a_term_used_twice_in_an_article_is_one_row():
    part = made_of([[sentence("war of war")], [sentence("war")]])

    assert fast(part, GROUPS["all"])["war", 0] == 2
    assert fast(part, GROUPS["all"], fewest=2) == {("war", 0): 2, ("war", 1): 1}


def test_nothing_is_counted_where_nothing_is():
    for articles in ([], [[]], [[sentence(",")]]):
        counts = count_terms(made_of(articles), GROUPS["all"])

        assert counts.strings() == []
        assert counts.table(np.zeros(len(articles), bool)).empty


def test_the_table_has_articles_and_uses_of_both_sides():
    part = made_of([[sentence("war war")], [sentence("war")], [sentence("peace")]])
    table = count_terms(part, GROUPS["all"]).table(np.array([True, True, False]))

    assert table.to_dict("records") == [
        {"term": "peace", "a_articles": 0, "a_uses": 0, "b_articles": 1, "b_uses": 1},
        {"term": "war", "a_articles": 2, "a_uses": 3, "b_articles": 0, "b_uses": 0},
        {"term": "war war", "a_articles": 1, "a_uses": 1, "b_articles": 0, "b_uses": 0},
    ]


def test_tables_are_sorted_by_term(seeds):
    in_a = (seeds.units["outlet"] == "TASS").to_numpy()
    found = count_terms(seeds, GROUPS["all"]).table(in_a)["term"].tolist()

    assert all(first < second for first, second in pairwise(found))
    assert not any("genocide" in term for term in found)


def slow_longest(counts: TermCounts) -> set[str]:
    """The terms that no longer one of the same units holds."""
    units: dict[str, set[int]] = {}
    terms = counts.strings()
    for term, unit in zip(counts.term.tolist(), counts.unit.tolist(), strict=True):
        units.setdefault(terms[term], set()).add(unit)
    return {
        term
        for term in units
        if not any(
            f" {term} " in f" {other} " and other != term and units[other] == units[term]
            for other in units
        )
    }


@law
@given(st.lists(st.lists(st.sampled_from("ab cd a x ef".split()), max_size=8), max_size=4))
def test_of_nested_terms_with_the_same_articles_the_longest_stays(articles: list[list[str]]):
    part = made_of([[[(word, OWN, BODY) for word in words]] if words else [] for words in articles])
    counts = count_terms(part, GROUPS["all"])
    found = counts.longest()

    assert set(found.strings()) == slow_longest(counts)
    assert found.uses.sum() == sum(
        uses
        for term, uses in zip(counts.term.tolist(), counts.uses.tolist(), strict=True)
        if counts.strings()[term] in set(found.strings())
    )


def test_tokens_that_do_not_count_part_the_words_around_them():
    part = made_of([[[(word, OWN, BODY) for word in "war in the north".split()]]])
    counted = np.array([part.vocabulary[word] != "the" for word in part.word])

    assert set(count_terms(part, GROUPS["all"], counted=counted).strings()) == {
        "war", "in", "north", "war in",
    }  # fmt: skip
