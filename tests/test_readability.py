"""Readability: sums that add up, formulas as published, syllables as spoken."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit.readability import (
    LONG,
    Readability,
    ari,
    coleman_liau,
    flesch,
    flesch_kincaid,
    fog,
    smog,
    smog_caution,
    syllables,
    syllables_of,
    why_undefined,
)
from bias_toolkit.tokens import Batch, Reader, word_of

READER = Reader()
READABILITY = Readability(READER)
TEXT = (
    "“Russia’s peacekeepers stayed,” Mr. Pashinyan said on Sept. 19, 2023.  It isn’t an "
    "anti-terrorist operation — it’s aggression!\n***\nThe U.S. and CNN.com reported 100,000 "
    "refugees…  Хорошо. İstanbul. naïve café"
)
SPOKEN = {
    1: "a the said what like eye league vague tongue played called pushed through world scarce "
    "they're don't won't 2023 1990s 100,000 20th schools isle",
    2: "people stated places pages table little peaceful statement baseball something special "
    "patient million Russian Asian marriage union being didn't isn't riot lion poet chaos fuel "
    "ruin mayor rhythm u.s. mr. McCain hundred houses business unique surgeon friendly eastward",
    3: "area idea media radio period alliance violent theater museum announcement government "
    "influence cnn fbi foreseeing earlier actual heroic continue everyone somebody massacre "
    "ceasefire moreover peacekeepers basically entire U.S.-led 9-11-01",
    4: "terrorism security society situation coalition coordinate January military apostrophe "
    "reunited aggressively",
    5: "association judiciary ideology anti-terrorist university politically communicated",
    6: "humanitarian responsibility",
    8: "humanitarianism",
}


def numbers(sums: dict[str, np.ndarray]) -> list[int]:
    return [int(sums[name].sum()) for name in sums]


def slow_sums(batch: Batch) -> dict[str, list[int]]:
    """The slow twin: a loop over the tokens of each sentence, as strings."""
    sums: dict[str, list[int]] = {
        name: [0] * len(batch.sent_doc)
        for name in ("words", "syllables", "polysyllables", "characters")
    }
    for i in range(len(batch)):
        token = batch.texts[batch.doc[i]][batch.start[i] : batch.end[i]]
        if any(sign.isalnum() for sign in token):
            spoken, at = syllables(word_of(token)), batch.sentence[i]
            sums["words"][at] += 1
            sums["syllables"][at] += spoken
            sums["polysyllables"][at] += spoken >= LONG
            sums["characters"][at] += sum(sign.isalnum() for sign in token)
    return sums


# ------------------------------------------------------------------ laws


def test_sums_of_a_batch_are_those_of_its_articles():
    texts = [TEXT, "", "One sentence. Two.", "\n"]
    together = READABILITY.sentence_sums(READER.read(texts))
    alone = [READABILITY.sentence_sums(READER.read([text])) for text in texts]

    for name, values in together.items():
        assert values.dtype == np.int32
        assert values.tolist() == [n for sums in alone for n in sums[name].tolist()]


def test_characters_are_the_letters_and_digits_of_the_sentence():
    batch = READER.read([TEXT])
    texts = [batch.text_of(i) for i in range(len(batch.sent_doc))]

    assert READABILITY.sentence_sums(batch)["characters"].tolist() == [
        sum(map(str.isalnum, text)) for text in texts
    ]


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(max_size=60))
def test_sums_equal_their_slow_twin_on_any_text(text: str):
    batch = READER.read([text, TEXT])
    sums = READABILITY.sentence_sums(batch)

    assert {name: values.tolist() for name, values in sums.items()} == slow_sums(batch)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.text(min_size=1, max_size=20))
def test_every_word_has_a_syllable(word: str):
    assert syllables(word) >= 1


NEWS_WORDS = (
    "statement announcement chao reiterate re-election state states e y ea cnn d.c. 3rd 100,000 "
    "l'état didn't people moreover пресса i̇lham nuclear realignment business politically st"
).split()


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(st.sampled_from(NEWS_WORDS) | st.text(min_size=1, max_size=12).map(word_of)))
def test_syllables_of_many_words_are_those_of_each(words: list[str]):
    assert syllables_of(words).tolist() == [syllables(word) for word in words]


@pytest.mark.parametrize("word", ["١٩٤٨", "१९४८", "１２", "x١", "²", "½"])
def test_digits_of_any_script_are_read(word: str):
    assert syllables(word) == 1
    assert syllables_of([word, "stated"]).tolist() == [1, 2]


@pytest.mark.parametrize("word", ["Terrorism", "anti-terrorist", "O'Brien", "İstanbul"])
def test_capitals_and_curly_signs_do_not_change_syllables(word: str):
    assert syllables(word) == syllables(word.upper()) == syllables(word.replace("'", "’"))


def test_a_hyphenated_word_has_the_syllables_of_its_parts():
    assert syllables("ceasefire-monitoring-mission") == sum(
        map(syllables, ["ceasefire", "monitoring", "mission"])
    )


FORMULAS: list[tuple[Callable, int]] = [
    (flesch, 3),
    (flesch_kincaid, 3),
    (fog, 3),
    (smog, 2),
    (ari, 3),
    (coleman_liau, 3),
]


@pytest.mark.parametrize(("formula", "size"), FORMULAS)
def test_a_formula_of_arrays_is_that_of_each_of_their_numbers(formula: Callable, size: int):
    sums = np.random.default_rng(0).integers(1, 100, (size, 5))
    each = [formula(*column) for column in sums.T.tolist()]

    np.testing.assert_array_equal(formula(*sums), each)
    assert all(isinstance(value, float) for value in each)


@pytest.mark.parametrize(("formula", "size"), FORMULAS)
def test_without_words_a_formula_is_undefined(formula: Callable, size: int):
    sums = np.array([[0, 10]] * size)

    assert np.isnan(formula(*[0] * size))
    np.testing.assert_array_equal(np.isnan(formula(*sums)), [True, False])


@pytest.mark.parametrize(
    ("formula", "sums"),
    [(flesch, (9, 0, 9)), (fog, (9, 0, 0)), (smog, (0, 3)), (ari, (0, 1, 0))],
)
def test_undefined_is_nan_and_never_zero(formula: Callable, sums: tuple[int, ...]):
    assert np.isnan(formula(*sums))


def test_the_reason_for_undefined_is_given():
    assert why_undefined(0, 0) == "no words"
    assert why_undefined(3, 0) == "no sentence that holds a word"
    assert why_undefined(3, 1) == ""


def test_smog_of_fewer_than_thirty_sentences_is_given_with_a_caution():
    assert smog_caution(30) == ""
    assert smog_caution(12) == "12 sentences, scaled up: SMOG was made for 30 or more"


def test_a_text_without_sentences_has_no_sums():
    for texts in ([], [""], [" \n"]):
        assert numbers(READABILITY.sentence_sums(READER.read(texts))) == [0, 0, 0, 0]


# ------------------------------------------------------------------ cases by hand


@pytest.mark.parametrize(
    ("word", "count"), [(word, count) for count, words in SPOKEN.items() for word in words.split()]
)
def test_syllables_as_spoken(word: str, count: int):
    assert syllables(word) == count


def test_sums_by_hand():
    """Russia's peacekeepers stayed: 2 + 3 + 1 syllables; 7 + 12 + 6 letters."""
    sums = READABILITY.sentence_sums(READER.read(["Russia’s peacekeepers stayed!\n***"]))

    assert {name: values.tolist() for name, values in sums.items()} == {
        "words": [3, 0],
        "syllables": [6, 0],
        "polysyllables": [1, 0],
        "characters": [25, 0],
    }


def test_formulas_by_hand():
    """100 words in 5 sentences, 150 syllables, 10 long words, 450 characters."""
    assert flesch(100, 5, 150) == pytest.approx(206.835 - 1.015 * 20 - 84.6 * 1.5)
    assert flesch_kincaid(100, 5, 150) == pytest.approx(0.39 * 20 + 11.8 * 1.5 - 15.59)
    assert fog(100, 5, 10) == pytest.approx(0.4 * (20 + 10))
    assert smog(5, 10) == pytest.approx(3.1291 + 1.043 * 60**0.5)
    assert ari(100, 5, 450) == pytest.approx(4.71 * 4.5 + 0.5 * 20 - 21.43)
    assert coleman_liau(100, 5, 450) == pytest.approx(0.0588 * 450 - 0.296 * 5 - 15.8)


# ------------------------------------------------------------------ oracle: textstat


def textstat_of(
    monkeypatch: pytest.MonkeyPatch, module: str, formula: str, counts: dict[str, float]
) -> Callable[..., float]:
    """One of textstat's formulas, fed with our counts in place of its own."""
    metric = importlib.import_module(f"textstat.backend.metrics.{module}")
    for name, value in counts.items():
        monkeypatch.setattr(metric, name, lambda *_, value=value: value)
    return getattr(metric, formula)


SUMS = [(100, 5, 150, 10, 450), (1234, 61, 2100, 222, 6001), (7, 1, 9, 0, 31)]


@pytest.mark.parametrize("sums", SUMS)
def test_formulas_equal_textstat_on_equal_counts(
    sums: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
):
    """Coleman-Liau apart: textstat has 0.058 where the paper of 1975 has 0.0588."""
    words, sentences, spoken, long, characters = sums
    counts = {"words_per_sentence": words / sentences, "syllables_per_word": spoken / words}

    def theirs(module: str, formula: str, counts: dict[str, float], *more: str) -> float:
        text = f"{module} of {sums}"  # textstat remembers results by their text
        return textstat_of(monkeypatch, module, formula, counts)(text, *more)

    close = pytest.approx
    assert flesch(words, sentences, spoken) == close(
        theirs("_flesch_reading_ease", "flesch_reading_ease", counts, "en_US"), abs=1e-9
    )
    assert flesch_kincaid(words, sentences, spoken) == close(
        theirs("_flesch_kincaid_grade", "flesch_kincaid_grade", counts, "en_US"), abs=1e-9
    )
    counts = {
        "words_per_sentence": words / sentences,
        "count_difficult_words": long,
        "count_words": words,
    }
    assert fog(words, sentences, long) == close(
        theirs("_gunning_fog", "gunning_fog", counts, "en_US"), abs=1e-9
    )
    counts = {"count_sentences": sentences, "count_polysyllable_words": long}
    assert smog(sentences, long) == close(
        theirs("_smog_index", "smog_index", counts, "en_US"), abs=1e-9
    )
    counts = {"words_per_sentence": words / sentences, "chars_per_word": characters / words}
    assert ari(words, sentences, characters) == close(
        theirs("_automated_readability_index", "automated_readability_index", counts), abs=1e-9
    )
    counts = {"letters_per_word": characters / words, "sentences_per_word": sentences / words}
    assert coleman_liau(words, sentences, characters) == close(
        theirs("_coleman_liau_index", "coleman_liau_index", counts) + 0.08 * characters / words,
        abs=1e-9,
    )


def test_a_plain_text_scores_as_textstat_scores_it(monkeypatch: pytest.MonkeyPatch):
    """Where nobody can differ over words, sentences and syllables, the grades are the same."""
    textstat = importlib.import_module("textstat")
    syllable_module = importlib.import_module("textstat.backend.counts._count_syllables")
    monkeypatch.setattr(syllable_module, "get_cmudict", lambda lang: None)
    text = "The cat sat on the mat. The black dog ran to the window. Then they ate dinner."
    sums = READABILITY.sentence_sums(READER.read([text]))
    words, spoken, long, characters = numbers(sums)
    sentences = int((sums["words"] > 0).sum())

    assert textstat.syllable_count(text) == spoken
    assert textstat.polysyllabcount(text) == long == 0
    assert flesch(words, sentences, spoken) == pytest.approx(textstat.flesch_reading_ease(text))
    assert flesch_kincaid(words, sentences, spoken) == pytest.approx(
        textstat.flesch_kincaid_grade(text)
    )
    assert fog(words, sentences, long) == pytest.approx(textstat.gunning_fog(text))
    assert characters == textstat.letter_count(text)
