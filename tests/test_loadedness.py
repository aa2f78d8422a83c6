"""The score of loadedness: its laws, its arithmetic by hand, and what it refuses."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import bias_toolkit as bt
from bias_toolkit import loadedness as scoring
from bias_toolkit.attribution import VOICES
from bias_toolkit.loadedness import (
    EMPHASIS,
    FAINTEST,
    NEGATED,
    SUREST,
    VOICE_SHARE,
    ValenceError,
    gaps,
    join,
    load_valences,
    loaded_phrases,
    loadedness,
    markers,
    supplement_valences,
    valences,
    word_signs,
)

TEXTS = (
    "The senator slammed the shameful deal. It was not a disgrace, and she did not fume.",
    'The minister said the regime was finished. "This is a witch hunt," he told reporters.',
    "The bank opened a branch in Oslo on Monday.",
    "Obviously, they were slaughtered. Peacekeepers came, and the Security Council met.",
)


def annotated(*texts: str, titles: tuple[str, ...] = ()) -> bt.Annotations:
    frame = pd.DataFrame({"text": texts, "title": titles or [""] * len(texts), "outlet": "x"})
    frame["id"] = [str(number) for number in range(len(frame))]
    return bt.annotate(frame, lexicons=bt.load_lexicons("loaded"))


@pytest.fixture(scope="module")
def notes() -> bt.Annotations:
    return annotated(*TEXTS)


def word(text: str, wanted: str, **options: bool) -> pd.Series:
    """The row of one word of a text."""
    words = word_signs(annotated(text), **options)
    return words[words["text"] == wanted].iloc[0]


# ------------------------------------------------------------------ laws


def test_all_scores_lie_between_0_and_1(notes):
    found = loadedness(notes)
    words = found.words[["evidence", "shown", "score"]]
    sentences = found.sentences[["score", "shown", "peak"]]

    assert words.to_numpy().min() >= 0
    assert words.to_numpy().max() <= 1
    assert sentences.to_numpy().min() >= 0
    assert sentences.to_numpy().max() <= 1


def test_an_outlet_has_no_more_than_what_is_shown(notes):
    found = loadedness(notes)

    assert (found.words["score"] <= found.words["shown"]).all()
    assert (found.sentences["score"] <= found.sentences["shown"] + 1e-9).all()


def test_the_score_of_a_sentence_is_the_join_of_its_units(notes):
    """Against the obvious loop: one unit a hit or a single word, its greatest score."""
    words = word_signs(notes)
    for row in loadedness(notes).sentences.itertuples():
        inside = (words["article"] == row.article) & (words["sentence"] == row.sentence)
        missed = 1.0
        for _, unit in words[inside].groupby("unit"):
            missed *= 1 - max(unit["score"])

        assert row.score == pytest.approx(1 - missed, abs=1e-6)


def test_articles_are_scored_alone_as_in_a_batch(notes):
    together = loadedness(notes).sentences
    alone = pd.concat([loadedness(annotated(text)).sentences for text in TEXTS])
    columns = ["start", "end", "words", "score", "shown", "peak", "load"]

    pd.testing.assert_frame_equal(
        together[columns].reset_index(drop=True), alone[columns].reset_index(drop=True)
    )


def test_a_sentence_without_signs_scores_0(notes):
    found = loadedness(notes)
    bank = found.sentences[found.sentences["article"] == "2"].iloc[0]

    assert (bank["score"], bank["shown"], bank["peak"], bank["load"]) == (0, 0, 0, 0)
    assert bank["words"] == 9
    assert "2" not in set(found.words["article"])


@given(st.floats(0, 1), st.floats(0, 1))
def test_join_is_symmetric_stays_below_1_and_never_lowers(a, b):
    first, second = np.array([a]), np.array([b])

    assert join(first, second) == pytest.approx(join(second, first))
    assert max(a, b) - 1e-12 <= join(first, second)[0] <= 1


def test_every_voice_has_a_share_and_the_outlets_own_has_all():
    shares = [VOICE_SHARE[voice] for voice in ("own", "reported", "scare", "partial", "quote")]

    assert set(VOICE_SHARE) == set(VOICES)
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (1, 0)


def test_exchanging_the_supplement_changes_only_valences(notes):
    with_it, without = word_signs(notes), word_signs(notes, supplement=False)
    same = ["article", "start", "lexicon", "stance", "emphasis", "negated", "unit"]

    pd.testing.assert_frame_equal(with_it[same], without[same])
    assert (with_it["valence"] != without["valence"]).any()


# ------------------------------------------------------------------ by hand


def test_a_listed_word_is_worth_its_weight_times_surest():
    slams = word("The senator lambasted it.", "lambasted")

    assert (slams["lexicon"], slams["valence"]) == (1.0, 0.0)
    assert slams["score"] == pytest.approx(SUREST)


def test_a_word_that_only_vader_knows_weighs_little():
    """Killed is -3.5 of 4: 0.1 x 3.5 / 4 = 0.0875."""
    killed = word("Nine people were killed.", "killed")

    assert killed["lexicon"] == 0
    assert killed["score"] == pytest.approx(FAINTEST * 3.5 / 4) == pytest.approx(0.0875)


def test_signs_are_joined():
    """Shameful: weight 1 and valence -2.2: 1 - (1 - 0.9)(1 - 0.1 x 2.2 / 4) = 0.9055."""
    shameful = word("It was shameful.", "shameful")

    assert shameful["valence"] == -2.2
    assert shameful["score"] == pytest.approx(1 - 0.1 * (1 - 0.055)) == pytest.approx(0.9055)


def test_a_marker_of_stance_is_a_faint_sign():
    assert word("Frankly, the vote was held.", "Frankly")["score"] == pytest.approx(FAINTEST)


def test_an_intensifier_near_by_raises_and_one_far_off_does_not():
    near = word("It was a truly appalling act.", "appalling")
    far = word("It was truly an act, in a way, appalling.", "appalling")

    assert (near["emphasis"], far["emphasis"]) == (1, 0)
    assert near["shown"] == pytest.approx(1 - (1 - far["shown"]) * (1 - EMPHASIS))


def test_an_intensifier_raises_nothing_where_there_is_nothing():
    assert word("It was a truly large bank.", "bank")["score"] == 0


def test_negation_halves_within_three_words():
    plain, negated = (
        word("It was a disgrace.", "disgrace"),
        word("It was not a disgrace.", "disgrace"),
    )
    far = word("It was not as he had put it a disgrace.", "disgrace")

    assert negated["score"] == pytest.approx(NEGATED * plain["score"])
    assert far["score"] == plain["score"]


def test_a_headline_raises_its_words():
    notes = annotated("The senator spoke on Monday.", titles=("Senator lambasts rival",))
    title = loadedness(notes).words.iloc[0]

    assert (title["text"], title["part"], title["emphasis"]) == ("lambasts", "title", 1)
    assert title["shown"] == pytest.approx(1 - (1 - SUREST) * (1 - EMPHASIS))


def test_the_words_of_a_quotation_are_shown_but_not_the_outlets():
    sentence = loadedness(annotated('"This is shameful," the senator said.')).sentences.iloc[0]

    assert sentence["score"] == 0
    assert sentence["shown"] > 0.9


def test_reported_words_count_in_part():
    said = word("The senator said that the deal was shameful.", "shameful")

    assert said["voice"] == "reported"
    assert said["score"] == pytest.approx(VOICE_SHARE["reported"] * said["shown"])


def test_the_words_of_one_hit_count_once():
    """Two words "witch hunt" make the peak, not twice the peak."""
    found = loadedness(annotated("It was a witch hunt."))
    words = found.words[found.words["lexicon"] > 0]

    assert list(words["text"]) == ["witch", "hunt"]
    assert found.sentences["score"].iloc[0] == pytest.approx(found.sentences["peak"].iloc[0])


def test_names_have_no_valence():
    """VADER hears 1.4 in security; the Security Council is a name."""
    council = word("On Monday the Security Council met.", "Security", supplement=False)
    plain = word("On Monday the security was better.", "security", supplement=False)

    assert (council["valence"], plain["valence"]) == (0, 1.4)


def test_articles_are_means_of_their_sentences(notes):
    found = loadedness(notes)
    mine = found.sentences[found.sentences["article"] == "0"]
    row = found.articles.set_index("article").loc["0"]

    assert row["sentences"] == len(mine) == 2
    assert row["score"] == pytest.approx(mine["score"].mean())


def test_words_point_into_the_text(notes):
    for row in loadedness(notes).words.itertuples():
        assert TEXTS[int(row.article)][row.start : row.end] == row.text


def test_page_chrome_has_no_score():
    chrome = "Copyright 2019 Outrageous News. All rights reserved."
    found = loadedness(annotated(f"The senator lambasted it on Monday.\n\n{chrome}"))

    assert set(found.sentences["field"]) <= {"lead", "body", "title", "subhead", "caption"}
    assert "Outrageous" not in set(found.words["text"])


# ------------------------------------------------------------------ phrases


def phrases(text: str) -> list[str]:
    found = loaded_phrases(annotated(text))
    return [text[start:end] for start, end in zip(found["start"], found["end"], strict=True)]


def test_a_phrase_is_an_epithet_and_what_it_describes():
    assert phrases("It was a pathetic answer, and it failed.") == ["pathetic answer"]


def test_a_phrase_bridges_three_words_and_not_four():
    assert phrases("the thugs and all their cronies") == ["thugs and all their cronies"]
    assert phrases("the thugs and all of their cronies") == ["thugs", "cronies"]


def test_a_phrase_ends_with_its_sentence_and_before_function_words():
    assert phrases("They were thugs. Cronies, he said.") == ["thugs", "Cronies"]
    assert phrases("It was ludicrous of him to ask.") == ["ludicrous"]


def test_a_text_without_loaded_words_has_no_phrase():
    assert phrases("The bank opened a branch in Oslo.") == []


# ------------------------------------------------------------------ valences


def test_the_supplement_fills_the_gaps_that_are_known():
    """Slaughtered 0, helped 0, peacekeepers +1.6."""
    plain, ours = valences(supplement=False), valences()

    assert ("slaughtered" in plain, ours["slaughtered"]) == (False, -3.5)
    assert (plain["peacekeepers"], ours["peacekeepers"]) == (1.6, 0.0)
    assert (plain["killed"], ours["killed"]) == (-3.5, -3.5)


def test_without_the_supplement_valences_are_vaders():
    reference = SentimentIntensityAnalyzer().lexicon

    assert dict(valences(supplement=False)) == reference


def test_the_supplement_leaves_sentiment_alone():
    """The compound is VADER's own, whatever the score of loadedness makes of the words."""
    notes = annotated("They were slaughtered by peacekeepers, and nobody helped.")
    loadedness(notes)
    expected = SentimentIntensityAnalyzer().polarity_scores(notes.articles["text"].iloc[0])

    assert notes.sentences["sentiment"].iloc[0] == expected["compound"]


def test_every_family_corrects_something_and_says_why():
    found = gaps()

    assert (found["vader"] != found["value"]).all()
    assert found["reason"].str.len().min() > 20
    assert found["reason"].nunique() == len(scoring._tables()["families"])
    assert found["value"].abs().max() <= 4


def test_the_supplement_is_what_its_file_says():
    path = scoring.resources.files("bias_toolkit").joinpath("valence.toml")

    assert load_valences(str(path)) == supplement_valences()


def test_no_word_is_both_a_negator_and_an_intensifier():
    assert not markers("negators") & markers("intensifiers")
    assert all(markers(kind) for kind in ("stance", "intensifiers", "negators", "engaged"))


# ------------------------------------------------------------------ errors


def test_notes_without_the_lexicon_are_refused():
    frame = pd.DataFrame({"text": ["A text."], "title": "", "outlet": "x"})
    notes = bt.annotate(frame, lexicons=bt.load_lexicons("certainty"))

    with pytest.raises(ValueError, match="made without the lexicon 'loaded', with certainty; make"):
        loadedness(notes)


def test_notes_without_any_lexicon_are_refused():
    frame = pd.DataFrame({"text": ["A text."], "title": "", "outlet": "x"})

    with pytest.raises(ValueError, match="'loaded', with none; make them with annotate"):
        loadedness(bt.annotate(frame, lexicons=[]))


FAULTS = {
    "value = -5.0\nreason = 'r'\nwords = 'a'": r"entry 1: value is -5\.0; give a number from -4\.0",
    "value = 'bad'\nreason = 'r'\nwords = 'a'": r"entry 1: value is 'bad'; give a number from",
    "value = -1.0\nwords = 'a'": r"entry 1: no reason; say why VADER's value is not right",
    "value = -1.0\nreason = 'r'\nwords = 'a'\n"
    "[[families]]\nvalue = 1.0\nreason = 'r'\nwords = 'a'": (
        r"entry 2: 'a' has the value -1\.0 already; keep one of the two"
    ),
}


@pytest.mark.parametrize("text", FAULTS, ids=["off the scale", "no number", "no reason", "twice"])
def test_a_faulty_file_of_valences_is_refused(text, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(f"[[families]]\n{text}\n", encoding="utf8")

    with pytest.raises(ValenceError, match=rf"own\.toml: families, {FAULTS[text]}"):
        load_valences(path)


def test_own_valences_are_inflected(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("[[families]]\nvalue = -1.5\nreason = 'r'\nverbs = 'shell'\n", encoding="utf8")

    assert load_valences(path) == dict.fromkeys(["shell", "shells", "shelled", "shelling"], -1.5)
    assert not math.isnan(valences()["shelled"])
