"""Annotations: one path through all modules, the same for an article alone as among others."""

from __future__ import annotations

import gzip
import json
import os
from itertools import islice
from pathlib import Path

import pandas as pd
import pytest

from bias_toolkit import annotation
from bias_toolkit.annotation import Annotations, Annotator, annotate, chunks_of, is_word
from bias_toolkit.articles import as_articles, read_articles
from bias_toolkit.attribution import VOICES
from bias_toolkit.lexicon import Lexicon, load_lexicon, load_lexicons

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", ROOT.parent / "shared/data"))
TABLES = ("tokens", "sentences", "hits", "actors", "attributions")

SMALL = """
name = "small"
[categories.harsh]
terms = ["regime", "terror*", { term = "slam*", weight = 0.5 }]
[categories.state]
terms = ["regime"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku", "Azerbaijani"]
[[actors]]
name = "Azerbaijani Defense Ministry"
side = "Azerbaijan"
aliases = []
[[actors]]
name = "Kremlin"
side = "Russia"
aliases = ["Peskov", "Kremlin spokesman"]
[[referents]]
name = "the flight"
labels = [{ label = "exodus", side = "Armenia", terms = ["exodus"] }]
"""
# Texts that are hardly texts: nothing to see, signs only, a mark never closed, other scripts.
ODD = (
    "\u200b", "…", "“", "'", "—\n\n—", "_so-called_ regime", "“Really?”", "A", "Բաքու «ահաբեկիչ»",
    "Peskov said", "said", "“No,” he said. “No.", "\u00ad\u00ad x", "Baku\u00a0said: regime!",
)  # fmt: skip


def frame(*texts: str, title: str = "") -> pd.DataFrame:
    """Articles of one outlet with the ids a0, a1, ..."""
    return pd.DataFrame(
        {"id": [f"a{i}" for i in range(len(texts))], "outlet": "A", "title": title, "text": texts}
    )


def small_lexicon(folder: Path) -> Lexicon:
    path = folder / "small.toml"
    path.write_text(SMALL, encoding="utf8")
    return load_lexicon(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Lexicon]:
    return [small_lexicon(tmp_path_factory.mktemp("lexicons"))]


@pytest.fixture(scope="module")
def seeds() -> pd.DataFrame:
    return read_articles(ROOT / "seeds")


@pytest.fixture(scope="module")
def notes(seeds: pd.DataFrame, small: list[Lexicon]) -> Annotations:
    return annotate(seeds, small)


@pytest.fixture(scope="module")
def news() -> pd.DataFrame:
    """Every eightieth article of a set of US news."""
    path = DATA / "allsides.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"no {path}: set BIAS_TOOLKIT_DATA to the folder of the shared data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return as_articles(pd.DataFrame([json.loads(s) for s in islice(lines, 0, 7200, 80)]))


def seen(found: Annotations) -> dict[str, dict[str, list]]:
    """What is said of each article, without the numbers of attributions: strings and offsets."""
    said: dict[str, dict[str, list]] = {identity: {} for identity in found.articles["id"]}
    for name in TABLES:
        table = getattr(found, name)
        if name == "attributions":
            table = _linked(table)
        for article, rows in table.groupby("article"):
            said[article][name] = rows.astype(str).to_numpy().tolist()
    return said


def _linked(table: pd.DataFrame) -> pd.DataFrame:
    """Attributions whose parent and own number are told by what they stand at."""
    place = [f"{a}:{p}:{c}:{s}" for a, p, c, s in
             zip(table["article"], table["part"], table["cue_start"], table["content_start"],
                 strict=True)]  # fmt: skip
    first = dict(zip(reversed(table["id"].tolist()), reversed(place), strict=True))
    return table.assign(
        id=[first[number] for number in table["id"]],
        parent=["" if number < 0 else first[number] for number in table["parent"]],
    )


# ------------------------------------------------------------------ laws


def test_a_seed_alone_is_annotated_as_among_the_others(seeds, small, notes):
    """Tokens, voices, hits, actors and attributions, by strings and offsets."""
    together = seen(notes)

    for row in range(len(seeds)):
        alone = seen(annotate(seeds.iloc[[row]], small))

        assert alone == {seeds["id"].iloc[row]: together[seeds["id"].iloc[row]]}


def noted(articles: pd.DataFrame, annotator: Annotator) -> Annotations:
    """The notes of a given annotator, which may have read other articles before."""
    titles, texts = articles["title"].tolist(), articles["text"].tolist()
    return Annotations(articles, annotator, list(chunks_of(annotator, titles, texts)))


def test_odd_texts_alone_are_annotated_as_among_the_others(small):
    articles = frame(*ODD)
    annotator = Annotator(small)
    together = seen(annotate(articles, small))
    for row in range(len(articles)):
        one = as_articles(articles.iloc[[row]])
        alone = seen(noted(one, annotator))

        assert alone[f"a{row}"] == together[f"a{row}"], ODD[row]


def test_the_order_of_articles_changes_nothing_but_order(seeds, small, notes):
    backwards = annotate(seeds.iloc[::-1], small)

    assert seen(backwards) == seen(notes)
    assert backwards.tokens["article"].unique().tolist() == seeds["id"].tolist()[::-1]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_batches_changes_no_table(seeds, small, notes, size, monkeypatch):
    """Attributions are numbered through all batches, and links stay right."""
    monkeypatch.setattr(annotation, "BATCH", size)
    cut = annotate(seeds, small)

    for name in TABLES[:-1]:
        pd.testing.assert_frame_equal(getattr(cut, name), getattr(notes, name))
    assert seen(cut) == seen(notes)
    assert cut.attributions["id"].nunique() == notes.attributions["id"].nunique()


def test_news_in_another_order_and_other_batches_is_annotated_alike(news, small, monkeypatch):
    annotator = Annotator(small)
    given = seen(noted(news, annotator))
    mixed = news.sample(frac=1, random_state=7).reset_index(drop=True)
    monkeypatch.setattr(annotation, "BATCH", 23)
    annotator = Annotator(small)
    again = seen(noted(mixed, annotator))

    assert [i for i in given if given[i] != again[i]] == []


def test_a_text_that_ends_in_a_question_leaves_the_next_alone(small):
    """“Really?” closes one article; the next begins with a cue, and is no part of the question."""
    both = seen(annotate(frame("“Really?”", "Tillerson said."), small))

    alone = seen(annotate(frame("Tillerson said.").assign(id="a1"), small))

    assert both["a1"] == alone["a1"]


def test_a_title_that_is_a_question_leaves_the_text_alone(small):
    """No span of an attribution points into the text while another points into the title."""
    found = annotate(frame("Tillerson said.\n\nBaku won.", title="“Really?”"), small).attributions

    assert not (found["cue_start"] >= 0).any()


def test_offsets_give_the_strings(seeds, notes, small):
    """text[start:end] is the token, the hit, the cue: in the text or the title, as `part` says."""
    articles = pd.concat([seeds, frame("A regime. Said he.", title="Regime Slams It, Baku Says")])
    found = annotate(articles, small)
    strings = articles.set_index("id")[["text", "title"]]
    for table in (found.tokens, found.hits, found.actors):
        rows = zip(*(table[n] for n in ("article", "part", "start", "end", "text")), strict=True)
        for article, part, start, end, text in rows:
            assert strings.at[article, part][start:end] == text
    cues = found.attributions[found.attributions["cue_start"] >= 0]
    rows = zip(*(cues[n] for n in ("article", "part", "cue_start", "cue_end")), strict=True)
    said = {strings.at[a, part][start:end] for a, part, start, end in rows}

    assert {"said", "told", "According to", "described", "Says"} <= said
    assert (found.tokens["part"] == "title").any()


def test_tokens_stand_inside_their_sentences(notes):
    both = notes.tokens.merge(notes.sentences, on=["article", "sentence"], suffixes=("", "_s"))

    assert len(both) == len(notes.tokens)
    assert (both["start"] >= both["start_s"]).all() and (both["end"] <= both["end_s"]).all()
    assert (both["field"] == both["field_s"]).all() and (both["part"] == both["part_s"]).all()
    for _, rows in notes.sentences.groupby("article"):
        assert rows["sentence"].tolist() == list(range(len(rows)))


def test_the_words_of_sentences_are_the_word_tokens(notes):
    words = notes.tokens[notes.tokens["text"].map(is_word)]
    counts = words.groupby(["article", "sentence"]).size()
    rows = notes.sentences.set_index(["article", "sentence"])["words"]

    assert rows.sum() == len(words)
    assert rows[rows > 0].to_dict() == counts.to_dict()


def test_every_token_of_a_stretch_has_its_voice(notes):
    """Stretches cover exactly the tokens that are attributed, each once, in one voice."""
    tokens = notes.tokens
    covered = []
    for row in notes.attributions.itertuples():
        inside = tokens[
            (tokens["article"] == row.article)
            & (tokens["part"] == row.part)
            & (tokens["start"] >= row.content_start)
            & (tokens["end"] <= row.content_end)
        ]
        assert set(inside["voice"]) == {row.voice}
        covered += inside.index.tolist()

    assert len(covered) == len(set(covered))
    assert set(tokens.index[tokens["act"] != ""]) == set(covered)


def test_every_parent_is_in_the_table(news, small):
    """Also one whose words all belong to others inside it: its content is -1, -1."""
    annotator = Annotator(small)
    found = noted(news, annotator).attributions
    bare = found[found["content_start"] < 0]

    assert set(found["parent"]) - {-1} <= set(found["id"])
    assert (bare["content_end"] == -1).all() and (bare["cue_start"] >= 0).all()
    assert not set(bare["id"]) & set(found.loc[found["content_start"] >= 0, "id"])


def test_page_chrome_is_ignored_and_never_hit(notes):
    """MassisPost's page ends in teasers of other stories: tokens, but no hits, voices or actors."""
    tokens = notes.tokens
    chrome = tokens[tokens["ignored"]]

    assert {"Genocide", "Newsletters"} <= set(chrome["text"])
    assert set(chrome["field"]) == {"other"} and set(chrome["voice"]) == {"own"}
    assert not tokens.loc[~tokens["ignored"], "text"].eq("Genocide").any()
    for name in ("hits", "actors", "attributions"):
        assert "other" not in set(getattr(notes, name)["field"])


def test_the_user_s_frame_is_left_alone(small):
    given = frame("Baku said no.").drop(columns="title")
    before = given.copy()
    annotate(given, small)

    pd.testing.assert_frame_equal(given, before)


# ------------------------------------------------------------------ by hand


def test_a_hit_tells_category_voice_and_speaker(small):
    """“Regime” is in two categories, so it is two hits; a slam weighs half."""
    text = "Peskov said on Monday that the regime fell. Baku slams “terrorists” again."
    hits = annotate(frame(text), small).hits

    columns = ["category", "text", "voice", "speaker", "weight", "sentence", "start"]
    assert sorted(hits[columns].to_numpy().tolist()) == [
        ["harsh", "regime", "reported", "Peskov", 1.0, 0, 31],
        ["harsh", "slams", "own", "", 0.5, 1, 49],
        ["harsh", "terrorists", "partial", "Baku", 1.0, 1, 56],
        ["state", "regime", "reported", "Peskov", 1.0, 0, 31],
    ]


def test_labels_are_hits_and_actors_are_not(small):
    found = annotate(frame("Baku saw the exodus."), small)

    assert found.hits[["category", "referent", "side"]].to_numpy().tolist() == [
        ["exodus", "the flight", "Armenia"]
    ]
    assert found.actors[["category", "side", "text"]].to_numpy().tolist() == [
        ["Azerbaijan", "Azerbaijan", "Baku"]
    ]


def test_the_longest_name_in_a_source_is_its_actor(small):
    """The Azerbaijani Defense Ministry is more than Azerbaijan."""
    text = "The Azerbaijani Defense Ministry said on Monday that the agreement was reached."
    found = annotate(frame(text), small).attributions

    assert found[["speaker", "actor", "side"]].to_numpy().tolist() == [
        ["Azerbaijani Defense Ministry", "Azerbaijani Defense Ministry", "Azerbaijan"]
    ]


def test_a_pronoun_has_the_actor_of_its_antecedent(small):
    text = "Kremlin spokesman Dmitry Peskov said the talks failed. He said that it was over."
    found = annotate(frame(text), small).attributions

    assert found[["speaker", "resolution", "actor"]].to_numpy().tolist() == [
        ["Dmitry Peskov", "named", "Kremlin"],
        ["Dmitry Peskov", "pronoun", "Kremlin"],
    ]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Peskov said that it was over.", {"said": "neutral"}),
        ("Peskov vowed that it was over.", {"vowed": "emphatic"}),
        ("Peskov claimed that it was over.", {"claimed": "distancing"}),
        ("Peskov acknowledged that it was over.", {"acknowledged": "factive"}),
        ("According to Peskov, it was over.", {"According to": "neutral"}),
        ("Russia called on both sides to stop.", {"called on": "emphatic"}),
        # A frame around the cue outdoes the cue's own class, but reaches into no other sentence.
        ("It was what Baku described as “local measures” there.", {"described": "distancing"}),
        ("Guess what. Baku described it as “local measures” there.", {"described": "neutral"}),
    ],
)
def test_cues_have_the_classes_of_the_reporting_lexicon(text, classes, small):
    found = annotate(frame(text), small).attributions

    assert {
        text[start:end]: kind
        for start, end, kind in zip(
            found["cue_start"], found["cue_end"], found["cue_class"], strict=True
        )
        if start >= 0
    } == classes


def test_a_masked_score_leaves_out_names_cues_and_labels():
    """VADER hears praise in “Security” and scorn in “stressed”; neither is the outlet's."""
    text = "The Security Council met on Monday. Peskov stressed that it met. A disaster followed."
    rows = annotate(frame(text), []).sentences

    assert rows["sentiment"].tolist()[0] > 0 > rows["sentiment"].tolist()[1]
    assert rows["sentiment_masked"].tolist()[:2] == [0, 0]
    assert rows["sentiment_masked"].tolist()[2] == rows["sentiment"].tolist()[2] < 0


# ------------------------------------------------------------------ voice_of

TASS = "tass-2023-09-25"


def voice(notes: Annotations, phrase: str, article: str = TASS, field: str | None = None) -> str:
    text = notes.articles.set_index("id").at[article, "text"]
    start = text.index(phrase)
    return notes.voice_of(article, start, start + len(phrase), field)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("tensions flared up again", "own"),
        ("the anti-terrorist crackdown", "reported"),
        ("local anti-terrorist measures", "partial"),
        ("Armenia remains our ally", "quote"),
    ],
)
def test_voice_of_a_phrase(notes, phrase, expected):
    assert voice(notes, phrase) == expected


def test_voice_of_a_scare_quote(small):
    text = "Thousands fled the “republic” in a week."
    found = annotate(frame(text), small)

    assert found.voice_of("a0", text.index("republic"), text.index("” in")) == "scare"


def test_voice_of_counts_words_and_not_signs(small):
    """Three signs and one word: the word decides."""
    text = "Baku said: “—!?— no”"
    found = annotate(frame(text), small)
    start = text.index("—!")

    assert found.voice_of("a0", start, len(text)) in ("partial", "quote")
    assert set(VOICES) >= set(found.tokens["voice"])


def test_voice_of_equals_is_the_first_of_the_voices(small):
    text = "Baku said no."
    found = annotate(frame(text), small)

    assert found.voice_of("a0", 0, 9) == "own"
    assert found.voice_of("a0", 10, 12) == "reported"


def test_voice_of_a_title_points_into_the_title(small):
    """Offsets 0:4 are “Baku” in the title and “Kiev” in the text's own headline."""
    found = annotate(frame("Kiev talks\n\nNo.", title="“Baku wins,” Kremlin says"), small)

    assert found.voice_of("a0", 0, 10, field="title") in ("quote", "partial")
    assert found.voice_of("a0", 0, 4) == "own"


def test_voice_of_a_title_that_the_text_repeats_points_into_the_text(notes):
    assert voice(notes, "Kremlin stands up", field="title") == "own"


def test_voice_of_says_what_is_wrong(notes, small):
    blank = annotate(frame("\u200b"), small)

    with pytest.raises(KeyError, match=r"no article 'x' here; ids are in articles\['id'\]"):
        notes.voice_of("x", 0, 1)
    with pytest.raises(KeyError, match="no field 'head'; there are title, subhead"):
        notes.voice_of(TASS, 0, 1, field="head")
    with pytest.raises(ValueError, match=f"nothing stands at 54:55 of article {TASS!r}"):
        notes.voice_of(TASS, 54, 55)
    with pytest.raises(ValueError, match="nothing stands at 0:1 of article 'a0'"):
        blank.voice_of("a0", 0, 1)


# ------------------------------------------------------------------ nothing there


def test_a_text_without_tokens_has_empty_tables(small):
    found = annotate(frame("\u200b"), small)

    assert [len(getattr(found, name)) for name in TABLES] == [0] * 5
    assert "voice" in found.tokens and "content_start" in found.attributions


def test_no_lexicons_leave_hits_empty():
    found = annotate(frame("Baku said that the regime fell."), [])

    assert len(found.hits) == len(found.actors) == 0
    assert found.attributions["speaker"].tolist() == ["Baku"]


def test_all_shipped_lexicons_are_used_where_none_are_named():
    found = annotate(frame("Baku said that the so-called regime fell."))

    assert set(found.hits["lexicon"]) <= {lexicon.name for lexicon in load_lexicons()}
    assert {"loaded", "reporting"} <= set(found.hits["lexicon"])


def test_articles_that_are_no_articles_are_an_error():
    with pytest.raises(ValueError, match="no column for the text"):
        annotate(pd.DataFrame({"outlet": ["A"]}))


def test_negated_attributions_say_so():
    text = "Baku did not say that it was over. Yerevan said that it was late."
    notes = annotate(pd.DataFrame({"outlet": ["A"], "text": [text]}), [])

    assert notes.attributions["negated"].tolist() == [True, False]


def test_words_of_which_some_are_in_marks_are_not_the_outlets(tmp_path):
    """Baku began "anti-terrorist" measures: only one of the label's two words is held off."""
    path = tmp_path / "pack.toml"
    path.write_text(
        'name = "pack"\n[categories.x]\nterms = ["anti-terrorist measures", "great loss"]\n',
        encoding="utf8",
    )
    text = (
        "Baku began “anti-terrorist” measures. Peskov said the “great” loss of life was a lie. "
        "It was a great loss of life."
    )
    found = annotate(frame(text), [load_lexicon(path)]).hits

    assert found["voice"].tolist() == ["scare", "partial", "own"]
    assert found["speaker"].tolist() == ["", "Peskov", ""]
