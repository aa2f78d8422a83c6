"""Sentiment: the arrays say what vaderSentiment says, to the last digit, masked or not."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vaderSentiment import vaderSentiment as vader

from bias_toolkit.sentiment import Vader, normalise, tone_source
from bias_toolkit.tokens import Batch, Reader

DATA = Path(
    os.environ.get("BIAS_TOOLKIT_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")
)
REFERENCE = vader.SentimentIntensityAnalyzer()
READER = Reader()
VADER = Vader(READER)

SAMPLE = """
The talks were good.
The talks were not good.
The talks weren't good.
The talks weren’t good.
“The talks were good,” he said.
The 'great' plan was a 'horrible' failure.
‘Great’ was the word, “terrible” the deed.
The ceasefire—a triumph—was welcomed.
A disaster – no, a catastrophe – followed.
It was, well… wonderful.
The offer was very good.
The offer was VERY good.
The offer was extremely very good.
The offer was hardly good.
The offer was somewhat bad and slightly worse.
The offer was barely a success, and scarcely a victory.
The offer was really quite awful.
The offer was incredibly, unbelievably bad.
The offer was REALLY BAD.
THE OFFER WAS REALLY BAD.
The OFFER was really bad.
The offer was GOOD.
A GREAT DAY FOR FREEDOM
NATO and the EU condemned the brutal attack.
U.S. forces killed 12 people in a terrible raid.
I love it, I hate it.
She never said it was good.
She never was so good.
It was never so good.
It was never this bad.
Never so happy were the people.
Never this angry had the crowd been.
It has so rarely been good.
Without doubt a good deal.
Without doubt the good won.
Without a doubt this is good.
It is without doubt really good.
It is without doubt good.
It is without a doubt good.
It was never so clearly good.
It was sort of very good.
Narrow\u2004spaces: good\u2004bad.
Without hope, without joy, without peace.
There is no doubt that it was a crime.
There is no good reason.
No good deed goes unpunished.
No peace, no justice.
No.
NO! This is TERRIBLE!
No one was hurt, no one was killed.
No harm or damage was done.
No violence nor hatred nor fear.
Neither hope nor fear guided them.
Nor did they enjoy peace.
Nothing good came of it.
None of the victims died.
Nowhere was the anger greater.
It was the least good option.
It was at least good.
The very least good of all.
Least honest of all was the minister.
They were, at the very least, happy.
Least loved, most hated.
The plan was good, but the result was terrible.
The plan was bad, but the result was great.
But peace is good.
Peace is good but
They won, but they lost, but they won again.
Good but bad but good.
Nice, nice, nice, but awful, awful, awful.
A win (1.5) and a fail, but a happy and hopeful end after a wonderful win.
Good good good but good good good.
The love, the hope and the joy, BUT the hate!
He laughed and laughed, but nobody was amused; he cried, but she was glad.
It was the shit.
It was the bomb, everyone loved it.
They found the bomb near the bus stop.
Yeah right, a great success.
It was the kiss of death for the deal.
A car to die for.
They were ready to die for their country.
He was the beating heart of the movement.
That is one bad ass general.
A badass general won.
It was kind of good.
It was kind of bad, really.
What kind of victory is this?
He is kind.
A kind of peace, a sort of freedom, a love of war.
The result is sort of sad.
It was just enough good news.
There was just enough hope for them to win.
They were kind of, sort of happy.
The kindest kind of love.
We were sorta happy and kinda sad.
Happy!
Happy!!
Happy!!!
Happy!!!!
Happy!!!!!!!
Really? Happy??
Sad???
Sad????
Why?! Why was he killed?!
Terrible!?!?!?
Is it good? Is it? Is it? Is it?
!!!
???
***
—
— — —
:)
:( and :)
That was fun :D and sad :'(
;-) whatever
<3 you all
The deal ❤️ was signed.
😀😀😀 what a win
A win😀for us.
He was sad 😢.
© 2023 A Happy Company. All rights reserved.
Copyright © Azatutyun ™ and others ®.
ℹ good news
lol, wtf, omg
The peacekeepers stressed that security was guaranteed.
Security forces were accused of a massacre.
The regime slaughtered its own people.
Great Britain supported the United Nations.
He denied the allegations and rejected the claims.
The minister threatened to destroy the agreement.
The president praised the brave soldiers who died.
Thousands of refugees fled the ethnic cleansing.
Terrorists attacked a peaceful village, killing 12.
An act of large-scale aggression against a friendly people.
It's a well-known, high-risk, anti-terrorist operation.
The so-called "liberation" brought misery.
They “won”; they (lost); they [cried]; they {laughed}.
"Good," "bad," and "ugly."
good.bad.ugly
good/bad
good,bad
'tis good
rock 'n' roll is fun
Don't be sad, don't worry, be happy.
Dont be sad.
He ain't happy.
They can't win, won't win, shouldn't win.
She couldn't have been more excited.
She couldn’t’ve cared less about the horror.
He cannot be trusted.
Despite the success he was unhappy.
Rarely happy, seldom sad.
Hardly anybody was hurt.
Almost killed, almost happy, almost.
Less violence, more peace, most hope.
Little hope, little joy, little fear.
So good, so so good, so very so good.
This good man, this bad man.
He was so not happy with this wonderful mess.
Total war, total peace, utter chaos.
Major victory. Major General. A major crisis.
FRIGGIN awesome, EFFING terrible.
Uber happy!
I'd say it's great; they'd say it's poor.
It was not very good.
It was not really all that good.
It was not in any way good.
It was very not good.
Isn't it great that they aren't dead?
He neither cried nor laughed nor hoped.
The mar\u00adriage was hap\u00adpy.
A good \u00ad bad day.
No\xa0good\u2009came\u202fof\u3000it.
Tabs\tare\tgood, \tbad.
«Good» said the „bad” man.
Хорошо, good. Ցտեսություն, bad.
İstanbul was happy. IĞDIR WAS sad.
x marks the good spot, X marks the BAD one
100,000 people were killed at 14:33 in 2023.
Mr. Smith, Dr. No and Gen. Love died.
e.g. good, i.e. bad, etc.
http://good.example/bad?worse!
user@evil.example loves #happy #sad $good
ok OK Ok o.k. O.K.
"""
WORDS = (
    "good bad great terrible happy sad killed peace war love hate crisis deal the a of it was and "
    "no not never neither nor or none nothing without doubt least at very so this despite rarely "
    "isn't can't wouldn't didn’t but But BUT kind sort of just enough kinda almost hardly really "
    "extremely less more VERY REALLY SO GOOD BAD TERRIBLE NO NOT I A U.S. shit bomb ass bus stop "
    "yeah right kiss death to die for beating heart bad badass :) :( :D <3 ❤ 😀 © ™ — – … ! !! "
    '!!! ? ?? ???? . , “good” ‘bad’ "war" (love) good, bad! sad? x X 12 2,000 well-known *** '
    "mar\u00adriage \u00ad \u200b ℹ Mr. good.Bad n't t"
).split()


def sentence_texts(batch: Batch) -> list[str]:
    return [normalise(batch.text_of(i)) for i in range(len(batch.sent_doc))]


def has_words(text: str) -> bool:
    """The slow twin of "nothing that could have a tone"."""
    words = vader.SentiText(text).words_and_emoticons
    named = any(sign.isalnum() or sign in REFERENCE.emojis for sign in text)
    return named or any(word.lower() in REFERENCE.lexicon for word in words)


def slow_scores(texts: list[str]) -> list[float]:
    """vaderSentiment itself, a sentence at a time."""
    return [
        REFERENCE.polarity_scores(text)["compound"] if has_words(text) else np.nan for text in texts
    ]


def slow_masked(batch: Batch, masked: NDArray[np.bool_]) -> list[float]:
    """Write "x" over each word that a masked token touches, and ask vaderSentiment."""
    texts, plain = [], sentence_texts(batch)
    for i, text in enumerate(plain):
        tokens = range(int(batch.sent_ptr[i]), int(batch.sent_ptr[i + 1]))
        touched = {
            place - int(batch.sent_start[i])
            for token in tokens
            if masked[token]
            for place in range(int(batch.start[token]), int(batch.end[token]))
        }
        words, place = [], 0
        for part in re.split(r"(\s+)", text):
            if part.strip() and touched & set(range(place, place + len(part))):
                words.append("X" if part.isupper() else "x")
                words += [sign for sign in part if sign in "!?"]
            else:
                words.append(part)
            place += len(part)
        texts.append("".join(words))
    scores = slow_scores(texts)
    return [s if has_words(text) else np.nan for s, text in zip(scores, plain, strict=True)]


def some_mask(batch: Batch, share: float = 0.15) -> NDArray[np.bool_]:
    return np.random.default_rng(len(batch)).random(len(batch)) < share


def batches_of(texts: list[str]) -> list[Batch]:
    return [READER.read(texts[i : i + 100]) for i in range(0, len(texts), 100)]


# ------------------------------------------------------------------ laws


def test_normalising_keeps_every_offset():
    text = "“It’s ‘good’ — or — bad…\xa0«no»” – 100‑ton\u2028"

    assert len(normalise(text)) == len(text)
    assert normalise(text) == '"It\'s \'good\'   or   bad. "no""   100-ton '


def test_one_article_scores_as_in_a_batch():
    lines = SAMPLE.strip().split("\n")
    alone = [score for line in lines for score in VADER.scores(READER.read([line])).tolist()]

    np.testing.assert_array_equal(VADER.scores(READER.read(lines)), alone)


def test_a_fresh_reader_scores_as_one_that_has_read_much():
    reader = Reader()
    batch = reader.read([SAMPLE])

    np.testing.assert_array_equal(Vader(reader).scores(batch), VADER.scores(READER.read([SAMPLE])))


def test_scores_survive_a_reader_that_forgets_its_pieces(monkeypatch: pytest.MonkeyPatch):
    reader = Reader()
    scorer = Vader(reader)
    before = scorer.scores(reader.read([SAMPLE]))
    monkeypatch.setattr("bias_toolkit.tokens.MAX_PIECES", 10)

    np.testing.assert_array_equal(scorer.scores(reader.read([SAMPLE])), before)


def test_an_empty_mask_changes_nothing():
    batch = READER.read([SAMPLE])
    plain, masked = VADER.scores_and_masked(batch, np.zeros(len(batch), bool))

    np.testing.assert_array_equal(plain, VADER.scores(batch))
    np.testing.assert_array_equal(masked, plain)


def test_a_mask_over_everything_leaves_no_tone():
    batch = READER.read([SAMPLE])
    plain, masked = VADER.scores_and_masked(batch, np.ones(len(batch), bool))

    np.testing.assert_array_equal(np.isnan(masked), np.isnan(plain))
    assert not np.nan_to_num(masked).any()


@pytest.mark.parametrize("texts", [[], [""], ["  \n "], ["", "\n", "\u200b"]])
def test_texts_without_sentences_have_no_scores(texts: list[str]):
    batch = READER.read(texts)

    assert VADER.scores(batch).shape == (0,)
    assert [x.shape for x in VADER.scores_and_masked(batch, np.zeros(0, bool))] == [(0,), (0,)]


# ------------------------------------------------------------------ cases by hand


def test_the_score_is_valence_over_its_own_size():
    """good is 1.9: 1.9 / sqrt(1.9² + 15) = 0.4404."""
    assert VADER.scores(READER.read(["good"])).tolist() == [0.4404]


@pytest.mark.parametrize(
    ("sentence", "valence"),
    [
        ("not good", 1.9 * -0.74),
        ("really good", 1.9 + 0.293),
        ("really very good", 1.9 + 0.293 + 0.293 * 0.95),
        ("barely good", 1.9 - 0.293),
        ("a GOOD day", 1.9 + 0.733),
        ("good!", 1.9 + 0.292),
        ("good!!!!!!", 1.9 + 4 * 0.292),
        ("good??", 1.9 + 2 * 0.18),
        ("good????", 1.9 + 0.96),
        ("good but great", 1.9 * 0.5 + 3.1 * 1.5),
        ("it was never so good", (1.9 + 0.293) * 1.25),
        ("the least good", 1.9 * -0.74),
        ("at least good", 1.9),
        ("“isn’t good”", 1.9 * -0.74),
        ("only a kind of good thing", 1.9 - 0.293),
        ("the bomb was found", 3.0),
    ],
)
def test_each_rule_by_hand(sentence: str, valence: float):
    expected = valence / (valence**2 + 15) ** 0.5
    if sentence in ("it was never so good", "the bomb was found"):
        expected = REFERENCE.polarity_scores(sentence)["compound"]

    assert VADER.scores(READER.read([sentence]))[0] == pytest.approx(expected, abs=5.1e-5)


def test_a_value_equal_to_a_changed_one_changes_that_again():
    """brilliantly is 3.0, agree 1.5.  Halved, 3.0 is 1.5, and `index` finds it instead of agree.

    So 3.0 is halved twice and 1.5 stays: 0.75 + 1.5 = 2.25, not 1.5 + 2.25 = 3.75.
    """
    score = VADER.scores(READER.read(["brilliantly but agree"]))[0]

    assert score == pytest.approx(2.25 / (2.25**2 + 15) ** 0.5, abs=5.1e-5)
    assert score == REFERENCE.polarity_scores("brilliantly but agree")["compound"]


def test_lines_without_words_are_undefined():
    scores = VADER.scores(READER.read(["***\n—\n!!!\n:)\n😀\n12\nx"]))

    np.testing.assert_array_equal(np.isnan(scores), [True, True, True, False, False, False, False])


def test_a_masked_name_has_no_tone_and_the_verb_keeps_its_own():
    batch = READER.read(["Security forces killed two peacekeepers."])
    tokens = [batch.texts[0][s:e] for s, e in zip(batch.start, batch.end, strict=True)]
    mask = np.isin(tokens, ["Security", "forces", "peacekeepers"])
    plain, masked = VADER.scores_and_masked(batch, mask)

    assert [plain.tolist(), masked.tolist()] == [
        slow_scores(["Security forces killed two peacekeepers."]),
        slow_scores(["x x killed two x"]),
    ]
    assert plain[0] > masked[0]


def test_a_masked_word_neither_boosts_nor_negates_nor_contrasts():
    batch = READER.read(["bad but very good", "never very good"])
    _, masked = VADER.scores_and_masked(batch, np.array([0, 1, 1, 0, 1, 1, 0], bool))

    assert masked.tolist() == slow_scores(["bad x x good", "x x good"])


def test_a_masked_word_keeps_its_marks_and_its_capitals():
    """Else NATO in a headline would make the other capitals stand out once it is masked."""
    batch = READER.read(["NATO KILLED NINE", "Great! a success", "NATO KILLED THE BUS STOP"])
    mask = np.zeros(len(batch), bool)
    mask[[0, 3, 7]] = True
    _, masked = VADER.scores_and_masked(batch, mask)

    expected = ["X KILLED NINE", "x! a success", "X KILLED THE BUS STOP"]
    assert masked.tolist() == slow_scores(expected)


@pytest.mark.parametrize(
    ("first", "second"), [("Good!", "bad and sad"), ("Good!\u200b", "bad and sad")]
)
def test_a_field_that_changes_inside_a_piece_makes_two_sentences(first: str, second: str):
    edge, size = len(first), len(first + second)
    batch = READER.read([first + second], fields=[[(0, edge, 0), (edge, size, 1)]])

    assert sentence_texts(batch) == ["Good!", second]
    assert VADER.scores(batch).tolist() == slow_scores(["Good!", second])


def test_the_source_of_the_tone_is_named():
    assert "vaderSentiment 3." in tone_source()


# ------------------------------------------------------------------ oracles


def test_the_sample_is_large_and_scores_as_vadersentiment():
    batch = READER.read(SAMPLE.strip().split("\n"))
    texts = sentence_texts(batch)

    assert len(texts) >= 150
    np.testing.assert_array_equal(VADER.scores(batch), slow_scores(texts))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_the_masked_sample_scores_as_vadersentiment_on_the_text_with_x(share: float):
    batch = READER.read(SAMPLE.strip().split("\n"))
    mask = some_mask(batch, share)
    plain, masked = VADER.scores_and_masked(batch, mask)

    np.testing.assert_array_equal(plain, slow_scores(sentence_texts(batch)))
    np.testing.assert_array_equal(masked, slow_masked(batch, mask))


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.lists(st.sampled_from(WORDS), max_size=14), st.integers(0, 3), st.integers(0, 2**31))
@example(["good", "\u00ad", "bad"], 0, 0)
@example(["no", "never", "so", "good"], 1, 1)
def test_any_string_of_telling_words_scores_as_vadersentiment(
    words: list[str], field_at: int, seed: int
):
    text = " ".join(words)
    cut = len(text) * field_at // 4
    fields = [[(0, cut, 0), (cut, len(text), 1)]] if 0 < cut < len(text) else None
    batch = READER.read([text], fields)
    mask = np.random.default_rng(seed).random(len(batch)) < 0.25
    plain, masked = VADER.scores_and_masked(batch, mask)

    np.testing.assert_array_equal(plain, slow_scores(sentence_texts(batch)))
    np.testing.assert_array_equal(masked, slow_masked(batch, mask))


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(max_size=40))
def test_any_text_at_all_scores_as_vadersentiment(text: str):
    batch = READER.read([text])
    mask = some_mask(batch, 0.3)
    plain, masked = VADER.scores_and_masked(batch, mask)

    np.testing.assert_array_equal(plain, slow_scores(sentence_texts(batch)))
    np.testing.assert_array_equal(masked, slow_masked(batch, mask))


def test_20000_sentences_of_news_score_as_vadersentiment():
    """Plain and masked; at most one sentence in a hundred needs vaderSentiment itself."""
    path = DATA / "allsides.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared articles")
    with gzip.open(path, "rt", encoding="utf8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(500), strict=False)]
    done = 0
    for batch in batches_of(texts):
        mask = some_mask(batch)
        plain, masked = VADER.scores_and_masked(batch, mask)
        np.testing.assert_array_equal(plain, slow_scores(sentence_texts(batch)))
        np.testing.assert_array_equal(masked, slow_masked(batch, mask))
        done += len(plain)
        if done >= 20_000:
            break

    assert done >= 20_000
