"""Profiles: they add, select, save and load without losing a link, and their sums add up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bias_toolkit import annotation
from bias_toolkit.annotation import annotate, is_word
from bias_toolkit.articles import Reject, iter_articles, read_articles
from bias_toolkit.attribution import ACTS, VOICES
from bias_toolkit.cleaning import FIELDS, OTHER
from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.profiles import GROUPS, Profile, load_profile, pack, profile, unpack
from bias_toolkit.readability import flesch
from bias_toolkit.wordchoice import mentions

ROOT = Path(__file__).parent.parent

SMALL = """
name = "small"
topic = ["Karabakh", { term = "Artsakh", case = true }]
[categories.harsh]
terms = ["regime", "terror*", { term = "war", weight = 0.5 }, "crackdown", "peacekeep*"]
[categories.state]
terms = ["regime", "government", "genocide"]
[[actors]]
name = "Armenia"
side = "Armenia"
aliases = ["Armenian", "Yerevan", "Pashinyan"]
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku", "Azerbaijani"]
[[referents]]
name = "the action of 2023"
from = 2023-09-19
to = 2023-09-20
mentions_until = 2030-01-01
[[referents.labels]]
label = "measures"
side = "Azerbaijan"
terms = [{ term = "anti-terrorist measures", until = 2029-12-31 }]
note = "a note"
[[referents.labels]]
label = "aggression"
side = "Armenia"
terms = ["aggression*", { term = "attack", in_topic = true }]
official = "somebody"
"""


def write_lexicon(folder: Path, text: str = SMALL) -> Lexicon:
    path = folder / "small.toml"
    path.write_text(text, encoding="utf8")
    return load_lexicon(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Lexicon]:
    return [write_lexicon(tmp_path_factory.mktemp("lexicons"))]


@pytest.fixture(scope="module")
def seeds() -> pd.DataFrame:
    return read_articles(ROOT / "seeds")


@pytest.fixture(scope="module")
def whole(seeds: pd.DataFrame, small: list[Lexicon]) -> Profile:
    return profile(seeds, small)


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    """Articles with what a test does not say filled in."""
    plain = [{"id": f"a{n}", "outlet": "A", "title": "", "text": "Baku won."} for n in range(99)]
    return pd.DataFrame([{**plain[n], **row} for n, row in enumerate(rows)])


# ------------------------------------------------------------------ what a profile says


def seen(part: Profile) -> dict[str, dict[str, list]]:
    """What a profile says of each article, by strings and offsets; links told by content."""
    names = part.units["id"].tolist()
    said: dict[str, dict[str, list]] = {identity: {} for identity in names}
    tables = {
        "tokens": _tokens(part),
        "sentences": part.sentences.drop(columns="unit").astype(str).to_numpy().tolist(),
        "hits": _hits(part),
        "attributions": _attributions(part),
    }
    units = {"tokens": part.unit.tolist()}
    units |= {name: getattr(part, name)["unit"].tolist() for name in list(tables)[1:]}
    for name, rows in tables.items():
        for unit, row in zip(units[name], rows, strict=True):
            said[names[unit]].setdefault(name, []).append(row)
    for unit, row in enumerate(part.table().drop(columns=["path", "row"]).astype(str).to_numpy()):
        said[names[unit]]["table"] = row.tolist()
        said[names[unit]]["content"] = [int(part.content[unit])]
    return said


def _tokens(part: Profile) -> list[tuple]:
    voice, field, act = unpack(part.marks)
    sentence = np.repeat(np.arange(len(part.sentences)), np.diff(part.pointer))
    starts = part.sentences["start"].to_numpy()[sentence]
    columns = (part.vocabulary[part.word], voice, field, act, starts)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _sentence_of(part: Profile, table: pd.DataFrame) -> list[tuple]:
    """What each row's sentence is: its article, part and offsets."""
    rows = part.sentences.iloc[table["sentence"].to_numpy()]
    ids = part.units["id"].to_numpy()[rows["unit"].to_numpy()].tolist()
    return list(zip(ids, rows["part"].tolist(), rows["start"].tolist(), strict=True))


def _attributions(part: Profile) -> list[tuple]:
    table = part.attributions
    entry = part.entries["category"].to_numpy(dtype=object)
    actors = [entry[number] if number >= 0 else "" for number in table["actor"].tolist()]
    plain = ["cue", "cue_class", "cue_start", "speaker", "resolution", "act"]
    plain += [name for name in table if name.startswith("words_")]
    columns = [table[name].astype(str).tolist() for name in plain]
    alone = list(zip(_sentence_of(part, table), actors, *columns, strict=True))
    parents = [alone[row] if row >= 0 else () for row in table["parent"].tolist()]
    return list(zip(alone, parents, strict=True))


def _hits(part: Profile) -> list[tuple]:
    table = part.hits
    what = part.entries.iloc[table["entry"].to_numpy()].astype(str).to_numpy().tolist()
    found = _attributions(part)
    owners = [found[row] if row >= 0 else () for row in table["attribution"].tolist()]
    plain = ["start", "end", "voice", "field"]
    columns = [table[name].tolist() for name in plain]
    return list(zip(_sentence_of(part, table), what, owners, *columns, strict=True))


def numbers(part: Profile) -> str:
    """All metrics and mentions as text, in an order that does not depend on the articles'."""
    uses = mentions(part).drop(columns=["unit", "sentence"]).astype(str)
    uses = uses.sort_values(list(uses.columns))
    return part.metrics().to_csv() + uses.to_csv(index=False)


# ------------------------------------------------------------------ laws


def test_an_article_alone_is_profiled_as_among_the_others(seeds, small, whole):
    together = seen(whole)

    for row in range(len(seeds)):
        identity = seeds["id"].iloc[row]

        assert seen(profile(seeds.iloc[[row]], small)) == {identity: together[identity]}


def test_the_order_of_articles_changes_nothing_but_order(seeds, small, whole):
    backwards = profile(seeds.iloc[::-1], small)

    assert backwards.units["id"].tolist() == seeds["id"].tolist()[::-1]
    assert seen(backwards) == seen(whole)
    assert numbers(backwards) == numbers(whole)


def test_a_streamed_path_equals_a_data_frame(seeds, small, whole):
    streamed = profile(ROOT / "seeds", small)

    assert seen(streamed) == seen(whole)
    assert numbers(streamed) == numbers(whole)
    assert streamed.units["row"].tolist() == whole.units["row"].tolist()
    assert streamed.units["id"].tolist() == whole.units["id"].tolist()


@pytest.mark.parametrize("size", [1, 2, 4])
def test_frames_of_any_size_and_batches_of_any_size_give_the_same(small, whole, size, monkeypatch):
    monkeypatch.setattr(annotation, "BATCH", size)
    streamed = profile(iter_articles(ROOT / "seeds", size=3), small)

    assert seen(streamed) == seen(whole)
    assert numbers(streamed) == numbers(whole)


def test_parts_added_are_the_whole(seeds, small, whole):
    """Profiles of single articles, each with its own numbers of words, speakers and sentences."""
    parts = [profile(seeds.iloc[[row]], small) for row in (3, 0, 4, 1, 2)]
    added = parts[0]
    for part in parts[1:]:
        added = added + part

    assert seen(added) == seen(whole)
    assert numbers(added) == numbers(whole)
    assert added.units["id"].tolist() == [seeds["id"].iloc[row] for row in (3, 0, 4, 1, 2)]


def test_adding_is_commutative_in_its_numbers(whole):
    a, b = whole["TASS"], whole["Azatutyun/Asbarez"]

    assert seen(a + b) == seen(b + a)
    assert numbers(a + b) == numbers(b + a)


def test_adding_counts_an_equal_article_once(whole):
    tass = whole["TASS"]

    assert seen(whole + whole) == seen(whole)
    assert seen(whole + tass) == seen(tass + whole) == seen(whole)
    assert numbers(whole + whole) == numbers(whole)
    assert (whole + whole).outlets == whole.outlets


def test_selecting_keeps_every_link(whole):
    """Hits to attributions, attributions to parents, both to sentences; resolved by content."""
    before = seen(whole)
    rng = np.random.default_rng(3)
    for _ in range(6):
        keep = rng.random(len(whole.units)) < 0.6
        after = seen(whole.select(keep))

        assert after == {i: before[i] for i in whole.units["id"][keep]}


def test_an_outlet_is_the_selection_of_its_articles(whole):
    part = whole["Azatutyun/Asbarez"]

    assert part.outlets == {"Azatutyun/Asbarez": 2}
    assert seen(part) == {i: seen(whole)[i] for i in part.units["id"]}
    assert sum(len(whole[name].word) for name in whole.outlets) == len(whole.word)


def test_selecting_nothing_leaves_an_empty_profile(whole):
    none = whole.select(np.zeros(5, bool))

    assert none.outlets == {} and len(none.word) == len(none.hits) == len(none.metrics()) == 0
    assert seen(none + whole) == seen(whole + none) == seen(whole)


def test_saving_and_loading_gives_the_same_profile(whole, tmp_path):
    whole.save(tmp_path / "deep" / "profile")
    again = load_profile(tmp_path / "deep" / "profile")

    assert seen(again) == seen(whole)
    assert numbers(again) == numbers(whole)
    assert again.lexicons == whole.lexicons
    assert again.entries.equals(whole.entries.astype(again.entries.dtypes))
    for name in ("word", "marks", "content", "vocabulary"):
        assert (getattr(again, name) == getattr(whole, name)).all()
    for name in ("units", "sentences", "hits", "attributions"):
        mine, theirs = getattr(again, name), getattr(whole, name)
        assert list(mine) == list(theirs)
        assert mine.astype(str).to_csv() == theirs.astype(str).to_csv()


def test_a_loaded_profile_is_selected_and_added_like_the_first(whole, tmp_path):
    whole.save(tmp_path)
    again = load_profile(tmp_path)

    assert seen(again["TASS"] + whole["NEWS.ru"]) == seen(whole["TASS"] + again["NEWS.ru"])
    assert seen(again + whole) == seen(whole)


def test_a_part_that_lacks_voices_and_fields_survives_the_disk(small, tmp_path):
    """Parquet drops names that do not occur; their numbers must not move up."""
    text = "The regime fell.\n\nNothing more.\n\n“Baku lost,” Pashinyan said.\n"
    part = profile(frame({"text": text}), small)
    part.save(tmp_path)

    assert set(unpack(part.marks)[0].tolist()) < set(range(len(VOICES)))
    assert seen(load_profile(tmp_path)) == seen(part)


# ------------------------------------------------------------------ sums


def slow_words(notes: annotation.Annotations, identity: str, voices: set[str]) -> int:
    """Word tokens outside page chrome in some voices, one at a time."""
    count = 0
    for row in notes.tokens[notes.tokens["article"] == identity].itertuples():
        count += row.field != "other" and is_word(row.text) and row.voice in voices
    return count


def test_word_sums_equal_a_slow_count(seeds, small, whole):
    """Every word outside page chrome is in exactly one voice's sum; groups are sums of voices."""
    notes, sums = annotate(seeds, small), whole.sums
    for row, identity in enumerate(seeds["id"]):
        for voice in VOICES:
            assert sums[f"words.{voice}"][row] == slow_words(notes, identity, {voice})
        for group, codes in GROUPS.items():
            names = {VOICES[code] for code in codes}
            assert sums[f"words.{group}"][row] == slow_words(notes, identity, names)

    assert (sums["words"] == sums["words.all"]).all()  # those of readability are the same words


def test_groups_are_sums_of_voices(whole):
    for kind in ("words", "hits.small.harsh", "hits.small.state"):
        sums = {group: whole.sums[f"{kind}.{group}"] for group in GROUPS}

        assert (sums["all"] == sums["outlet"] + sums["quoted"]).all()
        assert (sums["own"] <= sums["outlet"]).all()


def test_hit_sums_equal_a_slow_recount(seeds, small, whole):
    """Weights count: a “war” of this lexicon is half a hit."""
    hits = annotate(seeds, small).hits
    assert {"harsh", "state"} <= set(hits["category"])

    for row, identity in enumerate(seeds["id"]):
        for category in ("harsh", "state"):
            for group, codes in GROUPS.items():
                expected = sum(
                    hit.weight
                    for hit in hits[hits["article"] == identity].itertuples()
                    if hit.category == category and hit.voice in {VOICES[code] for code in codes}
                )
                assert whole.sums[f"hits.small.{category}.{group}"][row] == expected


def test_a_metric_of_a_union_is_that_of_the_added_sums(whole):
    """The pooled rate, not the mean of articles' rates."""
    two = whole["Azatutyun/Asbarez"]
    table = two.metrics().set_index("metric")["value"]
    sums = {name: values.sum() for name, values in two.sums.items()}

    assert table["small.harsh.outlet"] == pytest.approx(
        1000 * sums["hits.small.harsh.outlet"] / sums["words.outlet"]
    )
    assert table["sentiment"] == pytest.approx(sums["sentiment"] / sums["sentences.outlet"])
    assert table["readability.flesch"] == pytest.approx(
        float(flesch(sums["words"], sums["sentences"], sums["syllables"]))
    )
    assert sum(table[f"share.{voice}"] for voice in VOICES) == pytest.approx(1)


def test_page_chrome_is_in_no_sum(small):
    """The article without its teasers has the same sums, hits and attributions."""
    text = (ROOT / "seeds" / "001_c18513d2de862493.txt").read_text(encoding="utf8")
    body = text[: text.index("Leave a Reply")]
    part = profile(frame({"id": "x", "text": text}, {"id": "y", "text": body}), small)
    table = part.table().drop(columns=["id", "path", "row"]).astype(str)

    assert "Genocide" in text and "Genocide" not in body
    assert table.iloc[0].tolist() == table.iloc[1].tolist()
    assert part.sums["hits.small.state.all"][0] == part.sums["hits.small.state.all"][1]
    assert "other" not in {FIELDS[code] for code in part.hits["field"]}
    assert (unpack(part.marks)[1] == OTHER).any()


def test_sums_by_hand(small):
    """Seven words: two own, two reported, three quoted, in two sentences, one mostly quotation."""
    text = "Baku said regime fell. “A regime war,” said Baku."
    part = profile(frame({"text": text}), small)
    sums = {name: values[0] for name, values in part.sums.items()}

    assert [sums[f"words.{voice}"] for voice in VOICES] == [4, 2, 0, 0, 3]
    assert [sums[f"words.{group}"] for group in GROUPS] == [4, 6, 3, 9]
    assert [sums[f"hits.small.harsh.{group}"] for group in GROUPS] == [0, 1, 1.5, 2.5]
    assert [sums[f"hits.small.state.{group}"] for group in GROUPS] == [0, 1, 1, 2]
    assert (sums["sentences"], sums["sentences.outlet"]) == (2, 1)


def test_undefined_is_nan_and_never_zero(small):
    """A text without a quotation has no rate of quoted words, one without words none at all."""
    part = profile(frame({"text": "Baku won the war."}, {"text": "…"}), small)
    table = part.table()

    assert table["small.harsh.own"].tolist()[0] == 125
    assert table["small.harsh.quoted"].isna().all()
    assert np.isnan(
        table.loc[1, ["small.harsh.own", "sentiment", "readability.fog"]].astype(float)
    ).all()
    assert table["words_all"].tolist() == [4, 0]


def test_fewer_than_five_articles_have_no_interval(small):
    rows = [{"id": str(n), "text": f"The regime fell. {'War came. ' * n}"} for n in range(9)]
    for n, row in enumerate(rows):
        row["outlet"] = "A" if n < 4 else "B"
    found = profile(frame(*rows), small).metrics()
    rate = found[found["metric"] == "small.harsh.own"].set_index("outlet")

    assert rate["articles"].to_dict() == {"A": 4, "B": 5}
    assert rate["low"].isna().to_dict() == {"A": True, "B": False}
    assert rate.loc["B", "low"] < rate.loc["B", "value"] < rate.loc["B", "high"]


# ------------------------------------------------------------------ tables


def test_the_table_has_a_row_an_article_with_every_measure(whole, seeds):
    table = whole.table()

    assert table["id"].tolist() == seeds["id"].tolist()
    assert set(seeds.columns) - {"text"} <= set(table)
    assert "text" not in table
    assert {f"words_{group}" for group in GROUPS} <= set(table)
    assert {metric.name for metric in whole.metric_list} <= set(table)
    assert table.columns.is_unique


def test_a_user_s_column_named_like_a_measure_keeps_its_values(small):
    part = profile(frame({"sentiment": "angry", "words_all": 7}), small)
    table = part.table()

    assert table.columns.is_unique
    assert table.loc[0, ["user_sentiment", "user_words_all", "words_all"]].tolist() == [
        "angry",
        7,
        2,
    ]


def test_metrics_have_a_row_a_metric_and_outlet(whole):
    found = whole.metrics()

    assert list(found) == ["metric", "outlet", "articles", "value", "low", "high", "unit"]
    assert len(found) == len(whole.metric_list) * len(whole.outlets)
    assert set(found["unit"]) == {
        "share of words", "per 1,000 words", "mean of sentences", "score", "school grade",
    }  # fmt: skip
    assert all(metric.about for metric in whole.metric_list)


def test_outlets_are_in_alphabetical_order(whole):
    assert list(whole.outlets.items()) == [
        ("Azatutyun/Asbarez", 2),
        ("MassisPost", 1),
        ("NEWS.ru", 1),
        ("TASS", 1),
    ]
    assert repr(whole) == (
        "<Profile of 5 articles (Azatutyun/Asbarez: 2, MassisPost: 1, NEWS.ru: 1, TASS: 1)>"
    )


def test_marks_are_one_byte_and_lose_nothing():
    shape = (len(VOICES), len(FIELDS), len(ACTS))
    codes = [grid.ravel() for grid in np.indices(shape)]
    back = unpack(pack(*codes))

    assert len(np.unique(pack(*codes))) == np.prod(shape) <= 256
    assert all((a == b).all() for a, b in zip(codes, back, strict=True))


# ------------------------------------------------------------------ rejects and duplicates


def test_rejects_are_carried_through_everything(small, tmp_path):
    given = frame({"id": "1"}, {"id": "2", "text": ""}, {"id": "1"}, {"id": "1", "text": "Else."})
    part = profile(given, small)
    part.save(tmp_path)
    kinds = [(reject.line, reject.kind) for reject in part.rejects]

    assert kinds == [(2, "error"), (3, "duplicate"), (4, "error")]
    assert load_profile(tmp_path).rejects == part.rejects
    assert part["A"].rejects == part.rejects
    assert (part + part).rejects == part.rejects


def test_rejects_of_a_path_are_those_of_reading_it(small, tmp_path):
    path = tmp_path / "a.jsonl"
    rows = [{"outlet": "A", "text": "Baku won."}, {"outlet": "A"}, {"outlet": "A", "text": "No."}]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf8")
    streamed, at_once = profile(path, small), profile(read_articles(path), small)

    assert len(streamed.units) == 2
    assert (
        streamed.rejects
        == at_once.rejects
        == [Reject(str(path), 2, "no text: its columns are outlet", streamed.rejects[0].remedy)]
    )


def test_an_article_that_two_frames_hold_counts_once(small):
    first, second = frame({"id": "1"}, {"id": "2", "text": "Yerevan won."}), frame({"id": "1"})
    part = profile(iter([first, second]), small)

    assert part.units["id"].tolist() == ["1", "2"]
    assert [str(reject) for reject in part.rejects] == [
        "DataFrame:1: the article '1' once more, with equal content; nothing to do: it counts once"
    ]
    assert part.rejects[0].kind == "duplicate"


def test_an_id_that_another_frame_gave_to_another_article_is_set_aside(small):
    clash = frame({"id": "9"}, {"id": "1", "text": "Kyiv won."})
    part = profile([frame({"id": "1"}), clash], small)

    assert part.units["id"].tolist() == ["1", "9"]
    assert [str(reject) for reject in part.rejects] == [
        "DataFrame:2: the id '1' belongs to another article before it; give each article an id of "
        "its own"
    ]


def test_frames_are_taken_one_at_a_time(small):
    """A stream of frames is never held as a whole."""
    taken: list[int] = []

    def frames() -> Iterator[pd.DataFrame]:
        for n in range(3):
            taken.append(n)
            yield frame({"id": str(n), "text": f"War number {n}."})

    assert len(profile(frames(), small).units) == 3
    assert taken == [0, 1, 2]


# ------------------------------------------------------------------ texts


def test_texts_come_from_files_frames_and_both(small):
    from_files = profile(ROOT / "seeds", small)
    given = frame({"id": "mine", "title": "A title", "text": "A text."})
    from_frame = profile(given, small)
    for both in (from_files + from_frame, from_frame + from_files):
        ids = both.units["id"].tolist()
        units = np.array([ids.index("mine"), ids.index("tass-2023-09-25")])
        found = both.texts(units)

        assert found["id"].tolist() == ["mine", "tass-2023-09-25"]
        assert found.loc[0, ["title", "text"]].tolist() == ["A title", "A text."]
        assert "anti-terrorist crackdown" in found.loc[1, "text"]

    assert len(from_files.texts(np.zeros(0, np.int64))) == 0


def test_texts_of_a_loaded_profile_that_came_from_a_frame_are_gone(small, tmp_path):
    profile(frame({"id": "mine"}), small).save(tmp_path)

    with pytest.raises(ValueError, match="'mine' came from a DataFrame, not from a file"):
        load_profile(tmp_path).texts(np.array([0]))


def test_texts_that_have_changed_are_an_error(small, tmp_path):
    """An id of the user's own stays when the text is edited: offsets would point anywhere."""
    path = tmp_path / "a.jsonl"
    row = {"id": "1", "outlet": "A", "text": "Baku won the war."}
    path.write_text(json.dumps(row), encoding="utf8")
    part = profile(path, small)
    path.write_text(json.dumps({**row, "text": "Baku lost the war."}), encoding="utf8")

    with pytest.raises(ValueError, match=f"{path.name}: the text of article '1' is not the one"):
        part.texts(np.array([0]))


# ------------------------------------------------------------------ errors


def test_adding_the_same_id_with_another_text_is_an_error(small):
    """Also where the other text has the same lengths: Baku and Kyiv have four letters each."""
    mine = profile(frame({"id": "1", "text": "Baku won."}), small)
    for other in ({"text": "Kyiv won."}, {"outlet": "B"}, {"title": "Else"}):
        theirs = profile(frame({"id": "1", **other}), small)

        with pytest.raises(ValueError, match="article '1' is in both profiles with different cont"):
            mine + theirs


def test_adding_profiles_of_other_lexicons_is_an_error(small, whole, tmp_path):
    changed = write_lexicon(tmp_path, SMALL.replace('"regime", "terror*"', '"regime", "terror"'))
    other = profile(frame({}), [changed])

    with pytest.raises(ValueError, match="made with different lexicons; profile the articles"):
        whole + other


def test_an_unknown_outlet_is_an_error(whole):
    with pytest.raises(KeyError, match="no outlet 'Tass'; here are Azatutyun/Asbarez, MassisPost"):
        whole["Tass"]


def test_no_articles_are_an_error(small, tmp_path):
    empty = tmp_path / "a.jsonl"
    empty.write_text("{}\n", encoding="utf8")

    with pytest.raises(ValueError, match="no articles: the iterable of DataFrames is empty"):
        profile([], small)
    with pytest.raises(ValueError, match="no readable article in"):
        profile(empty, small)
    with pytest.raises(TypeError, match="articles are a dict; give a pandas DataFrame"):
        profile([{"outlet": "A", "text": "x"}], small)


def test_a_folder_without_a_profile_is_an_error(whole, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds no profile: profile\.json is missing"):
        load_profile(tmp_path)
    whole.save(tmp_path)
    (tmp_path / "hits.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=r"hits\.parquet is missing; give a folder that Pr"):
        load_profile(tmp_path)


@pytest.mark.parametrize("text", ["[]", "{not json", "3"])
def test_a_file_that_is_no_profile_is_an_error(text, tmp_path):
    (tmp_path / "profile.json").write_text(text, encoding="utf8")

    with pytest.raises(ValueError, match=r"profile\.json was not written by Profile\.save"):
        load_profile(tmp_path)


def test_a_profile_of_another_format_is_an_error(tmp_path):
    (tmp_path / "profile.json").write_text('{"format": 99}', encoding="utf8")

    with pytest.raises(ValueError, match="a profile of format 99, this version reads 1; profile"):
        load_profile(tmp_path)


# ------------------------------------------------------------------ what users bring


def test_columns_of_any_kind_survive_the_disk(small, tmp_path):
    """Numbers and words in one column, lists, dates, truth values, and nothing at all."""
    given = frame(
        {"id": "1", "mixed": 1, "tags": ["a", "b"], "ok": True, "n": 1.5, "none": None},
        {"id": "2", "mixed": "x", "tags": {"k": [1]}, "ok": False, "n": None, "none": None},
    ).assign(when=pd.to_datetime(["2023-09-19", "2023-09-20"]))
    part = profile(given, small)
    part.save(tmp_path)
    units = load_profile(tmp_path).units

    assert list(units) == list(part.units)
    assert units["mixed"].tolist() == [1, "x"]
    assert units["tags"].tolist() == [["a", "b"], {"k": [1]}]
    assert units["ok"].tolist() == [True, False]
    assert units["when"].tolist() == part.units["when"].tolist()
    assert units["n"].isna().tolist() == [False, True] and units["none"].isna().all()


def test_texts_without_tokens_are_units_all_the_same(small, tmp_path):
    part = profile(frame({"text": "\u200b"}, {"text": "Baku won the war."}), small)
    part.save(tmp_path)

    assert part.table()["words_all"].tolist() == [0, 4]
    assert seen(load_profile(tmp_path)) == seen(part)
    assert seen(part.select(np.array([True, False])) + part) == seen(part)


def test_no_lexicons_leave_words_tone_and_readability():
    part = profile(frame({"text": "Baku said that the war was lost."}), [])
    names = {metric.name.partition(".")[0] for metric in part.metric_list}

    assert names == {"share", "sentiment", "sentiment_masked", "readability"}
    assert part.table().loc[0, "words_all"] == 7
    assert len(part.hits) == 0


def test_profiles_are_compared_by_identity(whole):
    """Equality of tables has no truth value, so == must not try."""
    assert whole == whole
    assert whole["TASS"] != whole["TASS"]
    assert len({whole, whole}) == 1
