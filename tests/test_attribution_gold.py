"""The hand-labelled attributions: the file is sound, and its scores are what a hand would give."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "benchmarks" / "gold" / "attributions.json"
KEYS = {"content", "voice", "cue", "source", "speaker", "act", "parent"}


def benchmark() -> ModuleType:
    """The script as a module; benchmarks are not part of the package."""
    spec = importlib.util.spec_from_file_location(
        "attribution_gold", ROOT / "benchmarks" / "attribution_gold.py"
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


scores = benchmark()
ARTICLES = json.loads(GOLD.read_text(encoding="utf-8"))["articles"]
SPANS = [span for article in ARTICLES for span in article["spans"]]

# A text of ten-character words, so that word k stands at 10 k: said stands at 20, Berg at 10.
WORDS = ("Anna", "Berg", "said", "it", "was", "dead", "and", "gone", "she", "hopes", "so")


def tokens_with(voices: dict[int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article": "a",
            "start": [10 * k for k in range(len(WORDS))],
            "end": [10 * k + len(word) for k, word in enumerate(WORDS)],
            "text": WORDS,
            "voice": [voices.get(k, "own") for k in range(len(WORDS))],
            "field": "body",
        }
    )


def record(content: list[list[int]], voice: str, **more: object) -> dict[str, object]:
    plain = {"cue": [20, 24], "source": [0, 14], "speaker": "Anna Berg", "act": "speech"}
    return {"content": content, "voice": voice, "parent": None} | plain | more


def row(number: int, content: tuple[int, int], **more: object) -> dict[str, object]:
    plain = {
        "id": number,
        "parent": -1,
        "article": "a",
        "field": "body",
        "act": "speech",
        "content_start": content[0],
        "content_end": content[1],
        "cue_start": 20,
        "cue_end": 24,
        "source_start": 10,
        "source_end": 14,
        "speaker": "Berg",
    }
    return plain | more


# "it was" is reported, "dead" is a fragment, "so" is what she hopes.
LABELS = [
    record([[30, 44]], "reported"),
    record([[50, 54]], "partial"),
    record([[100, 102]], "reported", cue=[90, 95], source=[80, 83], act="attitude"),
]
# The toolkit misses "it", runs on over "and gone", and misses the hope.
VOICE = {4: "reported", 5: "partial", 6: "reported", 7: "reported"}
ROWS = pd.DataFrame([row(0, (40, 44)), row(0, (50, 54)), row(0, (60, 74))])


def test_no_piece_is_empty_and_pieces_stand_in_order() -> None:
    for span in SPANS:
        ends = [end for piece in span["content"] for end in piece]

        assert span["content"] and len(ends) == 2 * len(span["content"])
        assert ends == sorted(ends) and all(start < end for start, end in span["content"])


def test_every_record_has_the_keys_and_known_values() -> None:
    for span in SPANS:
        assert set(span) == KEYS
        assert span["voice"] in ("quote", "partial", "scare", "reported")
        assert span["act"] in ("speech", "attitude")
        for name in ("cue", "source"):
            assert span[name] is None or 0 <= span[name][0] < span[name][1]


def test_a_parent_stands_before_its_child_and_holds_its_content() -> None:
    for article in ARTICLES:
        for number, span in enumerate(article["spans"]):
            if span["parent"] is None:
                continue
            assert 0 <= span["parent"] < number
            parent = article["spans"][span["parent"]]["content"]

            for start, end in span["content"]:
                assert any(first <= start and end <= last for first, last in parent)


def test_records_of_one_cue_agree_on_source_and_speaker() -> None:
    for article in ARTICLES:
        for cue in {tuple(span["cue"]) for span in article["spans"] if span["cue"]}:
            said = [span for span in article["spans"] if span["cue"] == list(cue)]

            assert len({(str(span["source"]), span["speaker"]) for span in said}) == 1


def test_the_set_is_large_enough() -> None:
    assert len(SPANS) >= 150
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES) == 12


def test_no_text_is_stored() -> None:
    """Names are the only strings of a record, and no name is as long as a sentence."""
    for article in ARTICLES:
        assert set(article) == {"id", "sha256", "spans"}
    for span in SPANS:
        assert all(len(span[name]) < 70 for name in ("speaker", "voice", "act"))
        assert all(isinstance(end, int) for piece in span["content"] for end in piece)


def test_offsets_belong_to_the_shared_texts() -> None:
    """The texts are those that were read, and no piece begins or ends within a word or mark."""
    try:
        rows = scores.load_articles([article["id"] for article in ARTICLES])
    except FileNotFoundError as absent:
        pytest.skip(str(absent))
    texts = dict(zip(rows["id"], rows["text"], strict=True))
    for article in ARTICLES:
        text = texts[article["id"]]

        assert hashlib.sha256(text.encode()).hexdigest() == article["sha256"]
        for span in article["spans"]:
            others = [each for each in (span["cue"], span["source"]) if each]
            for start, end in [*span["content"], *others]:
                assert text[start:end] == text[start:end].strip() and end <= len(text)
                assert not (text[start - 1 : start].isalnum() and text[start].isalnum())
                assert not (text[end : end + 1].isalnum() and text[end - 1].isalnum())


def test_absent_data_is_named_with_the_way_to_give_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no .*allsides.jsonl.gz: set BIAS_TOOLKIT_DATA"):
        scores.load_articles(["a"], tmp_path)


def test_the_script_skips_where_the_data_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(scores.load_articles, "__defaults__", (tmp_path,))

    assert scores.main() == 0
    assert capsys.readouterr().out.startswith("skipped: no ")


def test_marks_outrank_the_reported_content_they_stand_in() -> None:
    spans = [record([[0, 50]], "quote"), record([[10, 30]], "reported", parent=0)]

    assert scores.gold_voices(spans, np.array([0, 10, 40, 50])) == ["quote"] * 3 + ["own"]


def test_sums_are_those_counted_by_hand() -> None:
    """Right: was, dead; extra: and, gone; missed: it, so.  One cue of two; the head is Berg.

    The source given has 4 characters, all within the 14 of the gold source: 2 * 4 / 18.
    """
    sums = scores.sums_of(LABELS, tokens_with(VOICE), scores.guesses_of(ROWS))

    assert [sums[f"content {kind}"] for kind in ("right", "extra", "missed")] == [2, 2, 2]
    assert [sums[f"speech {kind}"] for kind in ("right", "extra", "missed")] == [2, 2, 1]
    assert [sums[f"cue {kind}"] for kind in ("right", "extra", "missed")] == [1, 0, 1]
    assert [sums[f"source {kind}"] for kind in ("gold", "given", "right")] == [1, 1, 1]
    assert sums["source overlap"] == pytest.approx(8 / 18)
    assert (sums["speaker right"], sums["speaker wrong"], sums["speaker open"]) == (1, 0, 0)


def test_a_perfect_guess_scores_one_on_every_measure() -> None:
    rows = pd.DataFrame(
        [
            row(0, (30, 44), source_start=0),
            row(0, (50, 54), source_start=0),
            row(
                1,
                (100, 102),
                act="attitude",
                cue_start=90,
                cue_end=95,
                source_start=80,
                source_end=83,
            ),
        ]
    )
    voices = {3: "reported", 4: "reported", 5: "partial", 10: "reported"}
    notes = SimpleNamespace(tokens=tokens_with(voices), attributions=rows)
    table, confusion = scores.score([{"id": "a", "spans": LABELS}], notes)

    for measure in scores.MEASURES.values():
        assert measure(table.sum()) == 1
    assert np.trace(confusion.to_numpy()) == confusion.to_numpy().sum() == len(WORDS)


def test_the_title_and_signs_are_not_scored() -> None:
    tokens = tokens_with({})
    tokens.loc[0, "text"] = "—"
    tokens.loc[1, "field"] = "title"

    assert list(scores.word_tokens(tokens)["text"]) == list(WORDS[2:])


def test_an_attitude_within_speech_is_spoken_of() -> None:
    """A guess nested in speech counts as speech; one on its own does not."""
    rows = pd.DataFrame(
        [
            row(0, (30, 44)),
            row(1, (50, 54), act="attitude", parent=0),
            row(2, (60, 70), act="attitude"),
        ]
    )

    assert [guess.speech for guess in scores.guesses_of(rows)] == [True, True, False]


def test_an_empty_content_and_an_absent_cue_are_no_spans() -> None:
    (guess,) = scores.guesses_of(pd.DataFrame([row(0, (-1, -1), cue_start=-1, cue_end=-1)]))

    assert guess.pieces == [] and guess.cue is None


def test_cues_are_matched_one_to_one_by_the_longest_overlap() -> None:
    """Two guesses lie on one gold cue: the longer wins and the other is extra."""
    found = scores.matched_cues([(0, 10), (20, 24)], [(0, 3), (2, 10), (30, 34)])

    assert found == {(0, 10): (2, 10)}


def test_a_quotation_without_cue_is_matched_by_content() -> None:
    label = record([[30, 54]], "quote", cue=None, source=None)
    near = scores.guesses_of(pd.DataFrame([row(0, (40, 54), cue_start=-1, cue_end=-1)]))
    far = scores.guesses_of(pd.DataFrame([row(0, (50, 54), cue_start=-1, cue_end=-1)]))

    assert [guess for _, guess in scores.matches([label], near, {})] == near
    assert scores.matches([label], far, {}) == []


@pytest.mark.parametrize(
    ("gold", "guess", "same"),
    [
        ("Dmitry Peskov", "PESKOV", True),
        ("Dmitry Peskov", "the Kremlin", False),
        ("Pete Buttigieg and Amy Klobuchar", "Mayor Pete Buttigieg", True),
        ("U.S.", "the U.S", True),
        ("Clinton’s camp", "Clinton's camp", True),
        ("Anna Berg", "", False),
    ],
)
def test_speakers_agree_by_last_name_or_role_word(gold: str, guess: str, same: bool) -> None:
    assert scores.same_speaker(gold, guess) is same


@pytest.mark.parametrize(
    ("gold", "guess", "kind"),
    [
        ("Anna Berg", "Berg", {"right", "right or short"}),
        ("Anna Berg", "Anna", {"wrong", "right or short"}),
        ("President Berg", "President", {"wrong"}),
        ("Berg", "Olsen", {"wrong"}),
        ("Berg", "", {"open"}),
        ("", "Olsen", {"invented"}),
        ("", "", set()),
    ],
)
def test_each_speaker_has_one_outcome(gold: str, guess: str, kind: set[str]) -> None:
    """The beginning of a name is wrong by the last word, and counted apart; a title is not."""
    label = record([[30, 44]], "reported", speaker=gold)
    guesses = scores.guesses_of(pd.DataFrame([row(0, (30, 44), speaker=guess)]))
    sums = scores.sums_of([label], tokens_with({}), guesses)

    assert {name for name in sums if name.startswith("speaker")} == {f"speaker {k}" for k in kind}


def test_a_wrong_name_costs_precision_and_silence_costs_recall() -> None:
    """6 right, 1 wrong, 1 made up, 3 open: 6 of 8 named, 6 of 10 that have a name."""
    sums = pd.Series(dict(zip(scores.SUMS[-4:], (6, 1, 1, 3), strict=True)))

    assert scores.MEASURES["speaker: precision"](sums) == 6 / 8
    assert scores.MEASURES["speaker: recall"](sums) == 6 / 10


def test_the_jackknife_of_a_mean_is_the_t_interval_of_a_mean() -> None:
    """Shares .2, .4, .6 of equal articles: .4 ± t(.975, 2) * .2 / sqrt(3), cut at 0."""
    table = pd.DataFrame({"part": [2, 4, 6], "whole": [10, 10, 10]})
    value, low, high = scores.jackknife(table, lambda sums: sums["part"] / sums["whole"])

    assert value == pytest.approx(0.4)
    assert low == 0
    assert high == pytest.approx(0.4 + 4.302652729911275 * 0.2 / math.sqrt(3))


def test_one_article_gives_no_interval() -> None:
    table = pd.DataFrame({"part": [2], "whole": [10]})
    value, low, high = scores.jackknife(table, lambda sums: sums["part"] / sums["whole"])

    assert value == 0.2 and math.isnan(low) and math.isnan(high)


def test_nothing_of_nothing_is_undefined() -> None:
    assert math.isnan(scores.ratio(0, 0))
