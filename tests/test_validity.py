"""Validity: what coders see and do not see, and what is concluded from their codes."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import bias_toolkit as bt
from bias_toolkit.cli import main
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.profiles import Profile
from bias_toolkit.validity import (
    VOCABULARY,
    Coding,
    Key,
    Sample,
    agreement,
    coder_table,
    content_checksum,
    described,
    draw_sample,
    evidence_of,
    guarded,
    majorities,
    precision,
    read_key,
    read_sheets,
    recall,
    restored,
    save_evidence,
    sentences_needed,
    sheet_text,
    standing,
    standings,
    wilson,
    write_key,
    write_sheets,
)
from bias_toolkit.validity.evidence import shortfall
from bias_toolkit.validity.reliability import coded_twice

LEXICON = Lexicon(
    "own",
    "",
    version="2",
    categories=(
        Category("war", "War as such.", (Term("siege"), Term("battle*")), hits=("a siege",)),
        Category("=trade", "Buying and selling.", (Term("tariff*"),)),
        Category("never", "Nothing.", (Term("unicorn"),)),
    ),
)
# True uses carry a mark that only the perfect coder of these tests knows.
TRUE = "truly"
SIZES = {"Alpha News": (30, 12), "Beta": (40, 20), "Gamma/Post": (9, 2)}


def articles() -> pd.DataFrame:
    """Three outlets; in each so many hits of "siege", and some of them false; missed ones too."""
    rows = []
    for outlet, (hits, false) in SIZES.items():
        for n in range(hits):
            mark = "wrongly" if n < false else TRUE
            text = f"Number {n} says so. The siege of town {n} was {mark} a siege. {outlet} knows."
            missed = TRUE if n % 5 == 0 else "hardly"
            text += f" They came to {missed} fight for hill {n}. A tariff {n} came."
            rows.append((f"{outlet}-{n}", outlet, f"Title {n} of {outlet}", text))
    return pd.DataFrame(rows, columns=["id", "outlet", "title", "text"])


@pytest.fixture(scope="module")
def part() -> Profile:
    return bt.profile(articles(), [LEXICON])


@pytest.fixture(scope="module")
def sample(part: Profile) -> Sample:
    return draw_sample(LEXICON, part, per_category=24, seed=1)


@pytest.fixture(scope="module")
def large(part: Profile) -> Sample:
    """As large as evidence needs; of tariffs and of sieges there are 79 hits each."""
    return draw_sample(LEXICON, part, seed=1)


def coding_of(codes: Sequence[Sequence[float]], sides: Sequence[str] = ()) -> Coding:
    """Coders x items of one category and outlet; every item is a hit."""
    size = len(codes[0])
    return coding_with(codes, ["c"] * size, ["A"] * size, [True] * size, sides)


def coding_with(
    codes: Sequence[Sequence[float]],
    categories: Sequence[str],
    outlets: Sequence[str],
    hits: Sequence[bool],
    sides: Sequence[str] = (),
    sizes: dict[tuple[str, bool], int] | None = None,
) -> Coding:
    """Codes as they would be read: 1, 0, -1 for unsure, nan for missing."""
    items = pd.DataFrame(
        {"item": range(1, len(hits) + 1), "category": categories, "outlet": outlets, "hit": hits}
    )
    items["terms"] = [["siege"] if hit else [] for hit in hits]
    counts = items.groupby(["category", "outlet", "hit"]).size()
    strata = [
        (
            c,
            o,
            h,
            (sizes or {}).get((o, h), int(counts.get((c, o, h), 0))),
            counts.get((c, o, h), 0),
        )
        for c in dict.fromkeys(categories)
        for o in sorted(set(outlets))
        for h in (True, False)
    ]
    names = ["category", "outlet", "hit", "size", "drawn"]
    key = Key("own", "2", "", 0, items, pd.DataFrame(strata, columns=names))
    answer = {1: "1", 0: "0", -1: "unsure"}
    frames = [
        pd.DataFrame(
            {
                "item": items["item"],
                "coder": f"coder{n}",
                "side": sides[n] if sides else "",
                "answer": [answer.get(value, "") for value in row],
                "note": "",
            }
        )
        for n, row in enumerate(codes)
    ]
    return Coding(key, pd.concat(frames, ignore_index=True))


def filled(
    sample: Sample,
    answer: Callable[[str], str],
    coder: str = "Anna",
    side: str = "",
    note: Callable[[str], str] = lambda sentence: "",
) -> str:
    """A sheet as a coder gives it back; answers depend on the sentence alone."""
    rows = list(csv.DictReader(io.StringIO(sheet_text(sample, coder))))
    for row in rows:
        row["code"], row["side"] = answer(row["sentence"]), guarded(side)
        row["note"] = guarded(note(row["sentence"]))
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if any("\r" in row["note"] for row in rows) else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n", quoting=quoting)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def saved(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8-sig", newline="")
    return path


def perfect(sentence: str) -> str:
    return str(int(TRUE in sentence))


# ------------------------------------------------------------------ the sample


def test_the_same_seed_gives_the_same_bytes(part: Profile, sample: Sample, tmp_path: Path):
    """From a profile, from articles, and from articles in another order."""
    mixed = articles().sample(frac=1, random_state=3).reset_index(drop=True)
    for n, source in enumerate([part, articles(), mixed]):
        again = draw_sample(LEXICON, source, per_category=24, seed=1)
        write_key(again.key, tmp_path / f"{n}.json")

        assert sheet_text(again, "Anna") == sheet_text(sample, "Anna")
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == 1


def test_another_seed_gives_another_sample(part: Profile, sample: Sample):
    other = draw_sample(LEXICON, part, per_category=24, seed=2)

    assert sheet_text(other, "Anna") != sheet_text(sample, "Anna")


def test_a_saved_profile_serves_as_articles(part: Profile, sample: Sample, tmp_path: Path):
    """One of files, whose texts can be read again."""
    articles().to_csv(tmp_path / "all.csv", index=False)
    bt.profile(tmp_path / "all.csv", [LEXICON]).save(tmp_path / "saved")
    again = draw_sample(LEXICON, tmp_path / "saved", per_category=24, seed=1)

    assert again.sheet.equals(sample.sheet)


def test_outlets_and_kinds_are_balanced(sample: Sample):
    """24 a category: 12 hits, 4 an outlet, and 12 others, 4 an outlet."""
    drawn = sample.key.strata.set_index(["category", "hit"])["drawn"]

    assert drawn[("war", True)].tolist() == drawn[("=trade", False)].tolist() == [4, 4, 4]


def test_an_outlet_with_few_hits_gives_all_and_others_give_more(part: Profile):
    """100 a category: 50 hits; Gamma has 9 of them, the others share 41 within one."""
    strata = draw_sample(LEXICON, part, per_category=100).key.strata
    drawn = strata[(strata["category"] == "war") & strata["hit"]].set_index("outlet")["drawn"]

    assert drawn["Gamma/Post"] == 9
    assert sorted(drawn.drop("Gamma/Post")) == [20, 21]


def test_sizes_are_those_of_all_sentences(sample: Sample, part: Profile):
    """Each article has six sentences with its title; in one of them is a siege."""
    strata = sample.key.strata.set_index(["category", "outlet", "hit"])["size"]
    for outlet, (hits, _) in SIZES.items():
        assert strata[("war", outlet, True)] == hits
        assert strata[("war", outlet, False)] == 5 * hits


def test_a_category_without_a_hit_is_left_out(sample: Sample):
    assert sample.key.left_out == ["never"]
    assert sample.key.categories == ["war", "=trade"]
    assert "never" not in set(sample.sheet["category"])


def test_the_key_knows_whether_a_term_stands_in_the_sentence(sample: Sample):
    words = {"war": "siege", "=trade": "tariff"}
    rows = sample.sheet.merge(sample.key.items, on=["item", "category"])
    for row in rows.itertuples():
        assert (words[row.category] in row.sentence) == row.hit
        assert row.terms == ([f"{words[row.category]}{'*' * (row.category != 'war')}"] * row.hit)


def test_the_key_points_to_the_sentence_and_its_neighbours_stand_beside_it(sample: Sample):
    texts = articles().set_index("id")
    rows = sample.sheet.merge(sample.key.items, on="item")
    for row in rows[rows["sentence"].str.startswith("The siege")].itertuples():
        whole = texts.loc[row.article, row.part]

        assert whole[row.start : row.end] == row.sentence
        assert row.before.startswith("Number ")
        assert row.after == "[outlet] knows."
    assert set(rows.loc[rows["part"] == "title", ["before", "after"]].to_numpy().ravel()) == {""}


# ------------------------------------------------------------------ blinding


def test_coders_see_no_outlet_no_hit_and_no_term(sample: Sample):
    """Names of outlets are hidden in the text too; "Gamma/Post" is two of them."""
    sheet = sheet_text(sample, "Anna")

    assert "hit" not in sheet.splitlines()[0]
    assert not any(name in sheet for name in ("Alpha News", "Beta", "Gamma", "Post"))
    assert next(csv.DictReader(io.StringIO(sheet))).keys() == {
        *("item", "category", "about", "before", "sentence", "after"),
        *("code", "note", "coder", "side", "key"),
    }


def test_a_short_or_part_of_a_name_is_left_in_the_text():
    lexicon = Lexicon("x", "", categories=(Category("x", "", (Term("war"),)),))
    rows = [("1", "Sun", "The war in Sunland, says A to Sun. None."), ("2", "A", "No. A war.")]
    frame = pd.DataFrame(rows, columns=["id", "outlet", "text"]).assign(title="")
    sheet = draw_sample(lexicon, frame).sheet

    assert "The war in Sunland, says A to [outlet]." in set(sheet["sentence"])


def test_the_order_says_nothing(part: Profile):
    """Over 40 seeds the mean place of hits, and of each outlet, is that of the others."""
    places: dict[object, list[float]] = {}
    for seed in range(40):
        items = draw_sample(LEXICON, part, per_category=24, seed=seed).key.items
        middle = (items["item"] - items["item"].mean()) / len(items)
        for name in ("hit", "outlet", "category"):
            for value, some in middle.groupby(items[name]):
                places.setdefault((name, value), []).append(float(some.mean()))
    for found in places.values():
        # Four standard errors of the mean of 40 means.
        assert abs(np.mean(found)) < 4 * np.std(found) / math.sqrt(40)


def test_a_note_or_version_of_the_lexicon_makes_no_other_content():
    more = replace(LEXICON, version="3", notes="n", source="s", title="t")
    first, *rest = LEXICON.categories

    assert content_checksum(more) == content_checksum(LEXICON)
    asked = replace(LEXICON, categories=(replace(first, about="Battles."), *rest))
    assert content_checksum(asked) != content_checksum(LEXICON)
    longer = replace(LEXICON, categories=(replace(first, terms=first.terms[:1]), *rest))
    assert content_checksum(longer) != content_checksum(LEXICON)
    example = replace(LEXICON, categories=(replace(first, misses=("seat",)), *rest))
    assert content_checksum(example) == content_checksum(LEXICON)


# ------------------------------------------------------------------ sheets and key as files


def test_what_is_written_is_read_back(sample: Sample, tmp_path: Path):
    write_key(sample.key, tmp_path / "key.json")
    paths = write_sheets(sample, tmp_path / "coders", ["Anna", "Ben B."])
    key = read_key(tmp_path / "key.json", LEXICON)
    coding = read_sheets(paths, key)

    assert [path.name for path in paths] == ["sheet_anna.csv", "sheet_ben-b.csv"]
    assert key.checksum == sample.key.checksum
    assert key.items.equals(sample.key.items)
    assert coding.coders == {"Anna": "", "Ben B.": ""}
    assert coder_table(coding)["missing"].tolist() == [len(sample.sheet)] * 2


def test_another_key_is_not_written_over(sample: Sample, tmp_path: Path):
    """Without it what coders wrote could not be read; the same key may be written again."""
    path = tmp_path / "key.json"
    write_key(sample.key, path)
    write_key(sample.key, path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError) as error:
        write_key(replace(sample.key, seed=99), path)

    assert str(error.value) == (
        f"{path}: another key is there, without which its sheets cannot be read; give another "
        "folder, or move it away"
    )
    assert path.read_bytes() == before


def test_a_spreadsheet_takes_no_checksum_for_a_number(sample: Sample):
    checksums = [replace(sample.key, seed=seed).checksum for seed in range(50)]

    assert {checksum[0] for checksum in checksums} == {"k"}
    assert len(set(checksums)) == 50


def test_a_coded_sheet_is_not_written_over(sample: Sample, tmp_path: Path):
    """The same sheet with nothing coded may be."""
    (path,) = write_sheets(sample, tmp_path, ["Anna"])
    write_sheets(sample, tmp_path, ["Anna"])
    saved(path, coded_text := filled(sample, perfect))
    with pytest.raises(FileExistsError) as error:
        write_sheets(sample, tmp_path, ["Ben", "Anna"])

    assert str(error.value) == (
        f"{path}: another sheet is there, which may hold codes; give another folder, or move it "
        "away"
    )
    assert path.read_text("utf-8-sig") == coded_text
    assert [found.name for found in tmp_path.iterdir()] == ["sheet_anna.csv"]


def test_the_key_begins_with_a_warning(sample: Sample, tmp_path: Path):
    write_key(sample.key, tmp_path / "key.json")
    first = next(iter(json.loads((tmp_path / "key.json").read_text("utf-8")).items()))

    assert first[0] == "warning"
    assert first[1].startswith("Do not give this file to the coders")


@given(st.text(max_size=20) | st.from_regex(r"'*\s*[=+@\-].*", fullmatch=True))
def test_a_guarded_text_is_no_formula_and_comes_back(text: str):
    safe = guarded(text)

    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert restored(safe) == text


LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(notes=st.lists(LINES, min_size=1, max_size=4), mark=st.sampled_from(",;\t"))
def test_hostile_texts_survive_the_sheet(
    notes: list[str], mark: str, sample: Sample, tmp_path_factory: pytest.TempPathFactory
):
    """Quotation marks, line ends, formulas, separators; whatever parts the columns."""
    numbers = {row.sentence: n for n, row in enumerate(sample.sheet.itertuples())}
    text = filled(sample, perfect, note=lambda s: notes[numbers[s] % len(notes)])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    out = io.StringIO()
    csv.writer(out, delimiter=mark, quoting=csv.QUOTE_ALL).writerows(rows)
    path = saved(tmp_path_factory.mktemp("sheets") / "a.csv", out.getvalue())
    coding = read_sheets([path], sample.key)

    wanted = [notes[numbers[sentence] % len(notes)] for sentence in sample.sheet["sentence"]]
    assert coding.answers["note"].tolist() == wanted
    assert coding.answers["answer"].tolist() == [perfect(s) for s in sample.sheet["sentence"]]


def test_formulas_of_the_lexicon_and_the_text_are_harmless():
    lexicon = Lexicon("x", "", categories=(Category("=c()", "+a", (Term("war"),)),))
    frame = pd.DataFrame({"id": ["1"], "outlet": ["@o"], "title": [""], "text": ["=1+1 war. No."]})
    sheet = sheet_text(draw_sample(lexicon, frame), "-coder")
    cells = [cell for row in csv.reader(io.StringIO(sheet)) for cell in row]

    assert {"'=c()", "'+a", "'=1+1 war.", "'-coder"} <= set(cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_answers_are_taken_as_spreadsheets_write_them(sample: Sample, tmp_path: Path):
    answers = iter(["1.0", " 0 ", "Unsure", "U", "", "0.0"] + [""] * 100)
    text = filled(sample, lambda sentence: next(answers)).replace("\n1,", "\n1.0,", 1)
    coding = read_sheets([saved(tmp_path / "a.csv", text)], sample.key)

    assert coding.answers["answer"].tolist()[:6] == ["1", "0", "unsure", "unsure", "", "0"]


def test_a_row_that_a_sheet_lacks_is_missing(sample: Sample, tmp_path: Path):
    text = "".join(filled(sample, perfect).splitlines(keepends=True)[:11]) + ",,,\n"
    table = coder_table(read_sheets([saved(tmp_path / "a.csv", text)], sample.key))

    assert table["coded"].tolist() == [10]
    assert table["missing"].tolist() == [len(sample.sheet) - 10]


def test_one_declaration_serves_a_whole_sheet(sample: Sample, tmp_path: Path):
    lines = filled(sample, perfect, coder="", side="").split("\n")
    lines[3] = lines[3].replace(f",,,{sample.key.checksum}", f",Zoe,north,{sample.key.checksum}")
    coding = read_sheets([saved(tmp_path / "a.csv", "\n".join(lines))], sample.key)

    assert coding.coders == {"Zoe": "north"}


# ------------------------------------------------------------------ what is refused


def refused(path: Path, key: Key) -> str:
    with pytest.raises(ValueError) as error:
        read_sheets([path], key)
    return str(error.value)


def test_a_fault_of_a_sheet_is_named_with_file_line_and_remedy(sample: Sample, tmp_path: Path):
    key, good = sample.key, filled(sample, perfect)
    head, first, *rest = good.splitlines(keepends=True)
    faults = {
        first.replace(",0,,Anna", ",yes,,Anna").replace(",1,,Anna", ",yes,,Anna"): (
            "2: item 1: the code 'yes' is unknown; write 1, 0 or unsure, or leave it empty"
        ),
        first.replace("1,", "999,", 1): "2: item '999' is not in the key; restore its number",
        first.replace("1,", "one,", 1): "2: item 'one' is not in the key; restore its number",
        first + first: "3: item 1 stands here twice; remove one of the rows",
        first.replace(key.checksum, "0" * 16): (
            f"2: belongs to the key '{'0' * 16}', not to '{key.checksum}'; give the key.json that "
            "was written with this sheet"
        ),
        first.replace(",Anna,", ",Ben,"): "3: coder 'Anna' after 'Ben'; a sheet has one coder",
    }
    for number, (row, message) in enumerate(faults.items()):
        path = saved(tmp_path / f"{number}.csv", head + row + "".join(rest))

        assert refused(path, key) == f"{path}:{message}"


def test_a_column_that_was_sorted_alone_is_noticed(sample: Sample, tmp_path: Path):
    """Its answers would be read as answers to other sentences."""
    rows = list(csv.DictReader(io.StringIO(filled(sample, perfect))))
    for row, other in zip(rows, sorted(row["sentence"] for row in rows), strict=True):
        row["sentence"] = other
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path = saved(tmp_path / "a.csv", out.getvalue())
    first = rows[0]["sentence"]

    assert refused(path, sample.key) == (
        f"{path}:2: item 1 was another sentence than {first[:40]!r}; undo what changed it: sort "
        "whole rows, never single columns"
    )


def test_rows_may_be_sorted_and_signs_may_change(sample: Sample, tmp_path: Path):
    head, *rows = filled(sample, perfect).splitlines(keepends=True)
    text = head + "".join(sorted(rows)).replace("’", "'").replace(".", " .")
    plain, mixed = (
        read_sheets([saved(tmp_path / "a.csv", some)], sample.key).answers["answer"].tolist()
        for some in (head + "".join(rows), text)
    )

    assert mixed == plain


def test_a_sheet_without_the_sentences_is_read(sample: Sample, tmp_path: Path):
    frame = pd.read_csv(io.StringIO(filled(sample, perfect)), dtype=str, keep_default_na=False)
    path = saved(tmp_path / "a.csv", frame.drop(columns="sentence").to_csv(index=False))

    assert coder_table(read_sheets([path], sample.key))["coded"].tolist() == [len(frame)]


def test_a_line_is_that_where_the_row_begins(sample: Sample, tmp_path: Path):
    """A note of three lines stands before it."""
    head, first, second, *_ = filled(sample, perfect).splitlines(keepends=True)
    first = first.replace(",,Anna", ',"a\nb\nc",Anna')
    path = saved(tmp_path / "a.csv", head + first + second.replace("2,", "77777,", 1))

    assert refused(path, sample.key).startswith(f"{path}:5: item '77777'")


def test_two_sides_in_a_sheet_are_refused(sample: Sample, tmp_path: Path):
    sides = iter("ab")
    rows = list(csv.DictReader(io.StringIO(filled(sample, perfect))))[:2]
    lines = [",".join(rows[0])]
    lines += [f"{r['item']},,,,,,1,,Anna,{next(sides)},{r['key']}" for r in rows]
    path = saved(tmp_path / "a.csv", "\n".join(lines))

    assert refused(path, sample.key) == f"{path}:3: side 'b' after 'a'; a sheet has one side"


def test_a_sheet_needs_its_columns_a_coder_and_utf8(sample: Sample, tmp_path: Path):
    text = filled(sample, perfect)
    path = saved(tmp_path / "a.csv", text.replace(",code,", ",kode,", 1))

    assert refused(path, sample.key) == (
        f"{path}:1: the column 'code' is missing; keep all columns of the sheet"
    )
    saved(path, filled(sample, perfect, coder=""))
    assert refused(path, sample.key) == (
        f"{path}: names no coder; write the coder's name into the column coder"
    )
    path.write_bytes(text.encode().replace(b",,Anna", b",\xe9,Anna", 1))
    assert refused(path, sample.key) == f'{path}:2: not UTF-8; save it as "CSV UTF-8"'
    saved(path, "")
    assert "the column 'item' is missing" in refused(path, sample.key)


def test_sheets_must_be_there_and_of_different_coders(sample: Sample, tmp_path: Path):
    a, b = (saved(tmp_path / name, filled(sample, perfect)) for name in ("a.csv", "b.csv"))
    with pytest.raises(ValueError) as twice:
        read_sheets([a, b], sample.key)
    with pytest.raises(FileNotFoundError) as absent:
        read_sheets([tmp_path / "c.csv"], sample.key)
    with pytest.raises(ValueError) as none:
        read_sheets([], sample.key)

    assert str(twice.value) == (
        f"{b}: coder 'Anna' has a sheet already, {a}; give one sheet a coder, or correct the "
        "column coder"
    )
    assert str(absent.value) == f"{tmp_path / 'c.csv'}: no such sheet; check the path"
    assert str(none.value) == "no sheet is given; give the CSV file of each coder"


def test_a_key_must_be_there_whole_and_of_the_lexicon(sample: Sample, tmp_path: Path):
    path = tmp_path / "key.json"
    remedy = "the key.json that was written with the sheets"
    with pytest.raises(FileNotFoundError) as absent:
        read_key(path)
    assert str(absent.value) == f"{path}: no such key; give {remedy}"
    for text in ("item,code", "[1]"):
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError) as other:
            read_key(path)
        assert str(other.value) == f"{path}: is no key; give {remedy}"
    path.unlink()
    write_key(sample.key, path)
    whole = path.read_text("utf-8")
    for text in ("{}", whole.replace('"hit": true', '"hit": false', 1)):
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError) as changed:
            read_key(path)
        assert str(changed.value) == f"{path}: is not a key as it was written; take {remedy}"
    path.write_text(whole, "utf-8")
    with pytest.raises(ValueError) as foreign:
        read_key(path, replace(LEXICON, categories=LEXICON.categories[:1]))
    assert str(foreign.value) == (
        f"{path}: the sheets were made of 'own' with another content than that of 'own' now; give "
        "the lexicon as it was, or draw new sheets"
    )


def test_what_cannot_be_drawn_is_said(part: Profile, sample: Sample, tmp_path: Path):
    bare = Lexicon("bare", "", categories=())
    faults: list[tuple[Callable[[], object], str]] = [
        (
            lambda: draw_sample(LEXICON, part, per_category=1),
            "1 sentences a category: needs 2 or more, a hit and another",
        ),
        (
            lambda: draw_sample(bare, part),
            "the lexicon 'bare' has no categories that could be coded; give one with "
            "[categories.NAME]",
        ),
        (
            lambda: draw_sample(replace(LEXICON, name="other"), part),
            "this profile was made without the lexicon 'other' as it is now; give the articles "
            "themselves",
        ),
        (
            lambda: draw_sample(replace(LEXICON, categories=LEXICON.categories[2:]), articles()),
            "no term of the lexicon 'own' stands in these articles; give articles that hold some",
        ),
        (
            lambda: write_sheets(sample, tmp_path, []),
            "no coder is named; give a name for each sheet",
        ),
        (
            lambda: write_sheets(sample, tmp_path, ["Anna", "anna!"]),
            "the coder's name 'anna!' makes no file name of its own as 'Anna' does; give names "
            "that differ in letters or digits",
        ),
        (
            lambda: write_sheets(sample, tmp_path, ["?"]),
            "the coder's name '?' makes no file name of its own; give names that differ in letters "
            "or digits",
        ),
    ]
    for act, message in faults:
        with pytest.raises(ValueError) as error:
            act()

        assert str(error.value) == message


# ------------------------------------------------------------------ agreement


def row_of(table: pd.DataFrame, **wanted: object) -> pd.Series:
    for name, value in wanted.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def slow_alpha(codes: Iterable[Iterable[float]]) -> float:
    """Krippendorff's coincidence matrix, pair by pair; coders x items."""
    units = [[c for c in unit if c in (0, 1)] for unit in zip(*codes, strict=True)]
    matrix = np.zeros((2, 2))
    for unit in (u for u in units if len(u) >= 2):
        for i, first in enumerate(unit):
            for j, second in enumerate(unit):
                if i != j:
                    matrix[int(first), int(second)] += 1 / (len(unit) - 1)
    n0, n1 = matrix.sum(axis=1)
    n = n0 + n1
    return float(1 - (matrix[0, 1] / n) / (n0 * n1 / (n * (n - 1))))


def test_alpha_is_that_of_krippendorffs_example():
    """Krippendorff 2011, example A: 4 of 10 apart, 14 zeros and 6 ones: 1 - 19 * 4 / (14 * 6)."""
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    row = row_of(agreement(coding_of([meg, owen])), category="")

    assert row["alpha"] == pytest.approx(1 - 76 / 84)
    assert row["low"] < row["alpha"] < row["high"]
    assert (row["items"], row["coders"], row["reason"]) == (10, 2, "")


CODE = st.sampled_from([0, 1, -1, math.nan])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda n: st.lists(st.lists(CODE, min_size=12, max_size=12), min_size=n, max_size=n)
    )
)
def test_alpha_is_that_of_counting_pairs(codes: list[list[float]]):
    """With unsure and missing codes, and coders that coded nothing."""
    row = row_of(agreement(coding_of(codes), draws=20), category="")
    units = [[c for c in unit if c in (0, 1)] for unit in zip(*codes, strict=True)]
    paired = {code for unit in units if len(unit) >= 2 for code in unit}

    if len(paired) < 2:
        assert math.isnan(row["alpha"])
        assert row["reason"]
    else:
        assert row["alpha"] == pytest.approx(slow_alpha(codes))


def test_alpha_of_each_category_is_of_its_sentences():
    codes = [[1, 0, 1, 1, 0, 0], [1, 0, 1, 0, 1, 0]]
    table = agreement(coding_with(codes, list("aaabbb"), ["A"] * 6, [True] * 6))

    assert row_of(table, category="a")["alpha"] == 1
    expected = slow_alpha([row[3:] for row in codes])
    assert row_of(table, category="b")["alpha"] == pytest.approx(expected)


def test_agreement_is_shown_within_and_between_sides():
    """Between: the mean over the four pairs of one coder of either side."""
    codes = [
        [1, 1, 0, 0, 1, 0],
        [1, 1, 0, 0, 0, 0],
        [0, 1, 0, 1, 1, 0],
        [0, 1, 0, 1, 1, 1],
        [0] * 6,
    ]
    coding = coding_of(codes, ["north", "north", "south", "south", ""])
    table = agreement(coding).query("category == ''").set_index("group")
    pairs = [slow_alpha([codes[a], codes[b]]) for a in (0, 1) for b in (2, 3)]

    assert list(table.index) == [
        *("all coders", "within north", "within south", "between north and south"),
    ]
    assert table.loc["within north", "alpha"] == pytest.approx(slow_alpha(codes[:2]))
    assert table.loc["between north and south", "alpha"] == pytest.approx(np.mean(pairs))
    assert table["coders"].tolist() == [5, 2, 2, 4]


def test_between_sides_only_pairs_with_an_alpha_count():
    """The third coder says yes throughout and shares no sentence with variation with the first."""
    nan = math.nan
    codes = [[1, 1, nan, 1, 1, 1], [1, 0, 0, 1, 1, 0], [1, 1, nan, 1, 1, 1], [1, 0, 1, 1, 0, 0]]
    table = agreement(coding_of(codes, ["n", "n", "s", "s"])).query("category == ''")
    pairs = [slow_alpha([codes[a], codes[b]]) for a, b in ((0, 3), (1, 2), (1, 3))]

    found = row_of(table, group="between n and s")["alpha"]
    assert found == pytest.approx(np.mean(pairs))


def test_an_undefined_alpha_says_why():
    reasons = {
        "only one coder": [[1, 0, 1, 0, 1]],
        "no sentence was coded by two of them": [[1, -1, math.nan, 0], [math.nan, 1, 0, -1]],
        "all codes are alike: no variation to agree on": [[1] * 6, [1] * 6],
    }
    for reason, codes in reasons.items():
        row = row_of(agreement(coding_of(codes)), category="")

        assert row["reason"] == reason
        assert np.isnan([row["alpha"], row["low"], row["high"]]).all()


def test_an_interval_without_ground_is_not_given():
    few = row_of(agreement(coding_of([[1, 0, 1], [1, 0, 0]])), category="")
    same = row_of(agreement(coding_of([[1, 0] * 5, [1, 0] * 5])), category="")

    assert few["reason"] == "no interval from fewer than 5 sentences"
    assert same["alpha"] == 1
    assert same["reason"] == "the coders never disagree: no interval by resampling"
    assert np.isnan([few["low"], few["high"], same["low"], same["high"]]).all()


def test_the_interval_covers_alpha_as_often_as_it_says():
    """200 studies of 80 sentences; coders are right in 85 of 100, ones and zeros as frequent.

    Two such coders agree in .85 ** 2 + .15 ** 2 = .745, by chance in .5: alpha is .49.
    """
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(200):
        truth = rng.random(80) < 0.5
        codes = [np.where(rng.random(80) < 0.85, truth, ~truth).astype(float) for _ in range(2)]
        row = row_of(agreement(coding_of(codes), draws=400).query("category == ''"), coders=2)
        covered += row["low"] <= 0.49 <= row["high"]

    assert covered >= 180  # 95 % of 200 is 190, four standard errors below it 178


# ------------------------------------------------------------------ precision and recall


def coded(sample: Sample, tmp_path: Path) -> Coding:
    path = saved(tmp_path / "perfect.csv", filled(sample, perfect))
    return read_sheets([path], sample.key)


def test_a_perfect_coder_of_all_sentences_finds_the_true_shares(part: Profile, tmp_path: Path):
    """Everything is read: 18 of 30, 20 of 40 and 7 of 9 hits are true; one in five was missed."""
    coding = coded(draw_sample(LEXICON, part, per_category=10_000), tmp_path)
    found, missed = precision(coding), recall(coding)
    for outlet, (hits, false) in SIZES.items():
        true, lost = hits - false, -(-hits // 5)
        row = row_of(found, category="war", outlet=outlet)

        assert (row["seen"], row["read"]) == (true, hits)
        assert row["precision"] == row["weighted"] == pytest.approx(true / hits)
        back = row_of(missed, category="war", outlet=outlet)
        assert back["recall"] == pytest.approx(true / (true + lost))
        assert (back["missed"], back["others"]) == (lost, 5 * hits)
    whole = row_of(missed, category="war", outlet="")
    assert whole["recall"] == pytest.approx(45 / (45 + 16))


def test_recall_is_estimated_without_bias_from_few(part: Profile, tmp_path: Path):
    """Mean of 40 samples of 60 sentences; the truth is 45 / 61 = .738."""
    found = []
    for seed in range(40):
        coding = coded(draw_sample(LEXICON, part, per_category=60, seed=seed), tmp_path)
        found.append(row_of(recall(coding, draws=10), category="war", outlet="")["recall"])

    assert np.mean(found) == pytest.approx(45 / 61, abs=4 * np.std(found) / math.sqrt(40))


def test_the_interval_of_recall_covers_the_truth(part: Profile, tmp_path: Path):
    """Though few or none of the missed sentences are among the 40 others that are read."""
    covered = []
    for seed in range(40):
        coding = coded(draw_sample(LEXICON, part, per_category=80, seed=seed), tmp_path)
        row = row_of(recall(coding, draws=400), category="war", outlet="")
        covered.append(row["low"] <= 45 / 61 <= row["high"])

    assert np.mean(covered) >= 0.9


def test_recall_weighs_strata_by_their_sizes():
    """Of 100 hits half are true: 50.  Of 1000 others one in four was missed: 250.  50 / 300."""
    hits = [True, True, False, False, False, False]
    coding = coding_with(
        [[1, 0, 1, 0, 0, 0]],
        ["c"] * 6,
        ["A"] * 6,
        hits,
        sizes={("A", True): 100, ("A", False): 1000},
    )
    row = row_of(recall(coding), outlet="")

    assert row["recall"] == pytest.approx(50 / 300)
    assert row["low"] < 50 / 300 < row["high"]
    assert (row["hits"], row["others"], row["missed"], row["read"]) == (100, 1000, 1, 4)


def test_outlets_of_which_nothing_was_read_are_taken_to_be_like_the_others():
    """B has 300 others unread: 1 of 2 in A, so 200 of 400.  Hits: 10 of 10.  10 / 210."""
    sizes = {("A", True): 10, ("A", False): 100, ("B", True): 0, ("B", False): 300}
    coding = coding_with(
        [[1, 1, 0, math.nan]], ["c"] * 4, list("AAAB"), [True, False, False, False], sizes=sizes
    )
    table = recall(coding)

    assert row_of(table, outlet="")["recall"] == pytest.approx(10 / 210)
    assert row_of(table, outlet="B")["reason"] == "no sentence without a hit was decided"
    assert row_of(table, outlet="B")["uncoded"] == 1


def test_no_missed_sentence_found_is_not_none_missed():
    """0 of 20 read: a share up to .117 (97.5 % point of Beta(.5, 20.5)) of 1000 may be missed."""
    hits = [True] * 10 + [False] * 20
    codes = [[1] * 10 + [0] * 20]
    sizes = {("A", True): 100, ("A", False): 1000}
    table = recall(coding_with(codes, ["c"] * 30, ["A"] * 30, hits, sizes=sizes), draws=100_000)
    row = row_of(table, outlet="")

    assert (row["recall"], row["high"]) == (1, 1)
    assert row["low"] == pytest.approx(100 / (100 + 117), abs=0.03)
    told, _, most = row["reason"].partition(": up to ")
    assert told == "no missed sentence among the 20 read of 1000 without a hit"
    assert int(most.removesuffix(" may be missed all the same")) == pytest.approx(117, abs=4)


def test_an_undefined_recall_says_why():
    hits = [True, True, False, False]
    reasons: dict[str, list[float]] = {
        "no sentence with a hit was decided": [math.nan, -1, 1, 0],
        "no sentence without a hit was decided": [1, 0, math.nan, math.nan],
        "the coders saw it in no sentence": [0, 0, 0, 0],
    }
    for reason, codes in reasons.items():
        row = row_of(recall(coding_with([codes], ["c"] * 4, ["A"] * 4, hits)), outlet="")

        assert row["reason"] == reason
        assert np.isnan([row["recall"], row["low"], row["high"]]).all()


def test_where_a_kind_of_sentence_is_not_there_recall_has_no_interval():
    reasons = {
        "the list hits nothing here": (False, 0),
        "the list hits every sentence here": (True, 1),
    }
    for reason, (kind, value) in reasons.items():
        row = row_of(recall(coding_with([[1, 0]], ["c"] * 2, ["A"] * 2, [kind] * 2)), outlet="")

        assert (row["recall"], row["reason"]) == (value, reason)
        assert np.isnan([row["low"], row["high"]]).all()


def test_precision_is_of_the_majority_and_ties_stand_aside():
    """Sentences: 2 of 3 say yes; 1 of 1; a tie; nobody; 1 of 3.  Two of three are seen."""
    nan = math.nan
    codes = [[1, 1, 1, nan, 0], [1, nan, 0, -1, 1], [0, nan, -1, nan, 0]]
    coding = coding_of(codes)
    row = row_of(precision(coding), outlet="")

    assert majorities(coding)["state"].tolist() == [
        *("decided", "decided", "tie", "uncoded", "decided"),
    ]
    assert (row["seen"], row["read"], row["ties"], row["uncoded"]) == (2, 3, 1, 1)
    assert row["precision"] == pytest.approx(2 / 3)


def test_precision_of_all_outlets_is_also_given_by_their_sizes():
    """A: 2 of 2 of 100 hits; B: 1 of 2 of 300 hits.  Equal say 3 / 4; weighted 250 / 400."""
    sizes = {("A", True): 100, ("B", True): 300}
    coding = coding_with([[1, 1, 1, 0]], ["c"] * 4, list("AABB"), [True] * 4, sizes=sizes)
    row = row_of(precision(coding), outlet="")

    assert (row["precision"], row["weighted"]) == (0.75, 0.625)


def test_wilsons_interval_is_as_published():
    """Newcombe 1998, table I: 81 of 263 gives .2553 to .3662; 0 of 20 gives 0 to .1611."""
    assert wilson(81, 263)[1:] == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20)[1:] == pytest.approx((0, 0.1611), abs=5e-5)
    assert np.isnan(wilson(0, 0)).all()


# ------------------------------------------------------------------ evidence and words


def evidence(tmp_path: Path, sample: Sample, *answers: Callable[[str], str]) -> Path:
    paths = [
        saved(tmp_path / f"{n}.csv", filled(sample, answer, coder=f"coder {n}", side="ns"[n % 2]))
        for n, answer in enumerate(answers)
    ]
    save_evidence(read_sheets(paths, sample.key), tmp_path / "evidence.json", corpus="corpus/")
    return tmp_path / "evidence.json"


def wavering(sentence: str) -> str:
    """One who agrees on sieges only."""
    return perfect(sentence) if "siege" in sentence else str(len(sentence) % 2)


def test_categories_that_two_coders_agree_on_are_validated(large: Sample, tmp_path: Path):
    path = evidence(tmp_path, large, perfect, perfect)
    kept = json.loads(path.read_text("utf-8"))

    assert evidence_of(LEXICON, path) == ("war", "=trade")
    assert (kept["lexicon"], kept["version"], kept["corpus"]) == ("own", "2", "corpus/")
    assert (kept["coders"], kept["sides"]) == (2, ["n", "s"])
    war = kept["categories"]["war"]
    assert war["agreement"]["alpha"] == 1
    assert war["agreement"]["low"] is None
    assert war["agreement"]["items"] == 80
    assert war["coded_twice"] == {"hits": 40, "others": 40}
    assert set(war) == {"agreement", "coded_twice", "precision", "recall"}


def test_one_coder_or_little_agreement_validates_nothing(large: Sample, tmp_path: Path):
    one = evidence(tmp_path, large, perfect)
    assert evidence_of(LEXICON, one) == ()

    two = evidence(tmp_path, large, perfect, wavering)
    assert evidence_of(LEXICON, two) == ()


def test_agreement_on_few_sentences_validates_nothing(sample: Sample, tmp_path: Path):
    """Perfect agreement, but on 24 sentences a category."""
    path = evidence(tmp_path, sample, perfect, perfect)

    assert evidence_of(LEXICON, path) == ()
    assert set(standing(LEXICON, path).values()) == {VOCABULARY}


@pytest.mark.parametrize(
    ("alpha", "coders", "hits", "others", "lacking"),
    [
        (0.667, 2, 30, 30, ""),
        (0.95, 3, 40, 40, ""),
        (math.nan, 1, 40, 40, "only one coder"),
        (0.9, 2, 30, 29, "59 sentences coded twice, 60 are needed"),
        (0.9, 2, 29, 40, "29 hits coded twice, 30 are needed"),
        (math.nan, 2, 30, 30, "alpha is undefined, the codes are all alike"),
        (0.6664, 2, 30, 30, "alpha .666 is below .667"),
        (-0.1, 2, 30, 30, "alpha -.100 is below .667"),
    ],
)
def test_evidence_needs_coders_sentences_hits_and_agreement(alpha, coders, hits, others, lacking):
    assert shortfall(alpha, coders, hits, others) == lacking


@pytest.mark.parametrize(
    ("alpha", "share", "sentences"),
    [(0.667, 0.5, 60), (0.8, 0.5, 103), (0.667, 0.25, 81), (0.8, 0.25, 139)],
)
def test_sentences_needed_are_as_published(alpha, share, sentences):
    """Krippendorff's table of sample sizes for the level .05: by alpha and share of the answer."""
    assert sentences_needed(alpha, share) == sentences


def test_sentences_that_one_coder_answered_are_not_coded_twice():
    """Of five sentences: a hit by both, a hit by one, a hit and an unsure, two others by both."""
    nan = math.nan
    codes = [[1, 1, 1, 0, 0], [1, nan, -1, 0, 1]]
    coding = coding_with(codes, ["c"] * 5, ["A"] * 5, [True] * 3 + [False] * 2)

    assert coded_twice(coding).to_numpy().tolist() == [["c", 1, 2]]


def test_without_evidence_every_category_is_vocabulary(large: Sample, tmp_path: Path):
    """With it, what alpha allows is said; a category that was never drawn stays vocabulary."""
    path = evidence(tmp_path, large, perfect, perfect)

    assert standing(LEXICON) == dict.fromkeys(("war", "=trade", "never"), VOCABULARY)
    assert VOCABULARY == "vocabulary, not validated as a frame"
    assert standing(LEXICON, path) == {
        "war": "validated by 2 coders (alpha 1.000)",
        "=trade": "validated by 2 coders (alpha 1.000)",
        "never": VOCABULARY,
    }


def test_evidence_is_read_for_the_lexicon_that_it_is_on(large: Sample, tmp_path: Path):
    path = evidence(tmp_path, large, perfect, perfect)
    other = replace(LEXICON, name="other")
    said = standings([other, LEXICON], [path])

    assert said["own", "war"] == "validated by 2 coders (alpha 1.000)"
    assert said["other", "war"] == VOCABULARY
    with pytest.raises(ValueError) as absent:
        standings([other], [path])
    assert str(absent.value) == (
        f"{path}: this evidence is on the lexicon 'own', and that lexicon is not used here"
    )
    with pytest.raises(ValueError) as twice:
        standings([LEXICON], [path, path])
    assert str(twice.value).endswith(f"on the lexicon 'own', and {path} is on it too")


def test_between_the_marks_a_category_is_validated_for_tentative_conclusions_only(
    tmp_path: Path,
):
    """Of 80 sentences 40 are 1 for both, 32 are 0 for both, and on 8 they differ.

    88 ones and 72 zeros in 160 codes: alpha is 1 - 159 * 8 / (88 * 72) = .799.
    """
    codes = [[1] * 40 + [0] * 32 + [1] * 8, [1] * 40 + [0] * 40]
    coding = coding_with(codes, ["war"] * 80, ["A"] * 80, [True] * 40 + [False] * 40)
    key = replace(coding.key, lexicon_checksum=content_checksum(LEXICON))
    save_evidence(replace(coding, key=key), tmp_path / "evidence.json", draws=50)
    found = standing(LEXICON, tmp_path / "evidence.json")

    assert found["war"] == "validated for tentative conclusions by 2 coders (alpha .799)"


def test_evidence_on_another_content_is_refused(large: Sample, tmp_path: Path):
    path = evidence(tmp_path, large, perfect, perfect)
    with pytest.raises(ValueError) as changed:
        evidence_of(replace(LEXICON, categories=LEXICON.categories[:2]), path)

    assert str(changed.value) == (
        f"{path}: this evidence is on another content of the lexicon than 'own' has now; validate "
        "it again"
    )
    assert evidence_of(replace(LEXICON, version="9", notes="new"), path) == ("war", "=trade")


def test_evidence_of_an_older_format_is_refused(large: Sample, tmp_path: Path):
    """It did not say how many sentences were coded twice."""
    path = evidence(tmp_path, large, perfect, perfect)
    content = json.loads(path.read_text("utf-8")) | {"format": 1}
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ValueError, match="is no evidence"):
        evidence_of(LEXICON, path)


def test_what_is_no_evidence_is_refused(tmp_path: Path):
    path = tmp_path / "evidence.json"
    remedy = "give a file that `bias-toolkit validate --save` wrote"
    with pytest.raises(FileNotFoundError) as absent:
        evidence_of(LEXICON, path)

    assert str(absent.value) == f"{path}: no such evidence; {remedy}"
    for text in ("", "[]", "{}", '{"lexicon_checksum": "", "categories": {"a": {}}}'):
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError) as other:
            evidence_of(LEXICON, path)
        assert str(other.value) == f"{path}: is no evidence; {remedy}"


def test_the_summary_says_it_in_plain_words():
    """41 of 50 hits are seen by both coders; 1 of 10 others."""
    codes = [1] * 41 + [0] * 9 + [1] + [0] * 9
    other = [*codes[:50], 0, *codes[51:]]
    hits = [True] * 50 + [False] * 10
    sizes = {("A", True): 50, ("A", False): 100}
    coding = coding_with([codes, other, codes], ["war"] * 60, ["A"] * 60, hits, "nns", sizes)
    lines = list(described(coding))
    alpha = row_of(agreement(coding), category="war", group="all coders")

    assert lines[:3] == [
        "coder0 (n): 60 coded, 0 unsure, 0 missing",
        "coder1 (n): 60 coded, 0 unsure, 0 missing",
        "coder2 (s): 60 coded, 0 unsure, 0 missing",
    ]
    ends = f"{alpha['alpha']:.3f} ({alpha['low']:.3f} to {alpha['high']:.3f})".replace("0.", ".")
    assert (
        f"  alpha all coders: {ends} over 60 sentences: at or above .800, which Krippendorff "
        "(2004) asks for"
    ) in lines
    assert (
        "  in 41 of 50 sentences where the list hit the coders saw war: precision .82 (.69 to .90)"
    ) in lines
    recalled = [line for line in lines if line.startswith("  in 1 of 10 sentences")]
    assert recalled[0].startswith(
        "  in 1 of 10 sentences where it did not hit they saw it too: recall about .80 ("
    )
    assert "  entries of hits where they did not: siege 9" in lines
    assert "  validated: 50 hits and 10 others coded twice" in lines
    outlet = [line for line in lines if line.startswith("    A: ")]
    assert outlet[0].startswith("    A: precision .82 (.69 to .90), 41 of 50; recall about .80 (")
    assert outlet[0].endswith("), missed 1 of 10")


def test_the_summary_names_what_is_unknown_and_set_aside():
    nan = math.nan
    hits = [True, True, True, False]
    lines = list(
        described(coding_with([[1, 1, nan, nan], [1, 0, nan, -1]], ["c"] * 4, ["A"] * 4, hits))
    )

    assert "coder1 (no side declared): 2 coded, 1 unsure, 1 missing" in lines
    assert any(line.endswith("; 1 tied and 1 uncoded set aside") for line in lines)
    assert "  recall unknown: no sentence without a hit was decided" in lines
    silent = list(described(coding_of([[nan, nan], [1, 0]])))
    assert "  alpha all coders: undefined: no sentence was coded by two of them" in silent
    alone = list(described(coding_of([[nan, nan], [nan, nan]])))
    assert "  precision unknown: no hit was decided; 2 uncoded set aside" in alone


@pytest.mark.parametrize(
    ("flips", "told"),
    [
        (0, "at or above .800, which Krippendorff (2004) asks for"),
        (5, "between .667 and .800, for tentative conclusions only (Krippendorff 2004)"),
        (20, "below .667, the least that Krippendorff (2004) accepts"),
    ],
)
def test_krippendorffs_own_marks_are_named(flips: int, told: str):
    """Of 40 sentences *flips* are coded differently: 5 of 40 give 1 - 79 * 5 / (40 * 40) = .75."""
    first = [1, 0] * 20
    second = [1 - code if n < flips else code for n, code in enumerate(first)]
    lines = list(described(coding_of([first, second])))

    assert lines[4].endswith(told)


# ------------------------------------------------------------------ the command


SEEDS = str(Path(__file__).parents[1] / "seeds")


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["validate", *map(str, arguments)])
    return result.exit_code, result.output


def test_the_command_draws_reads_and_keeps(tmp_path: Path):
    """Names after --coders and files after --read follow each other without the option."""
    draw = ("framing", SEEDS, "--sheet", tmp_path, "--per-category", 4, "--coders", "anna", "ben")
    code, said = run(*draw)
    sheets = sorted((tmp_path / "coders").glob("*.csv"))

    assert code == 0
    assert f"Key, not for coders: {tmp_path / 'key.json'}" in said
    assert "No hit, left out: " in said
    assert [path.name for path in sheets] == ["sheet_anna.csv", "sheet_ben.csv"]
    assert {path.name for path in tmp_path.iterdir()} == {"coders", "key.json"}
    assert (tmp_path / "coders" / "coding.html").is_file()
    for path in sheets:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(
                {**row, "code": "01u"[n % 3], "side": path.stem} for n, row in enumerate(rows)
            )
    evidence_path = tmp_path / "evidence.json"
    key = ("--key", tmp_path / "key.json")
    code, said = run("framing", SEEDS, "--read", *sheets, *key, "--save", evidence_path)

    assert code == 0
    assert said.splitlines()[0].startswith("anna (sheet_anna): ")
    assert "  alpha all coders: 1.000" in said
    assert f"Evidence: {evidence_path}" in said
    framing = bt.load_lexicons("framing")[0]
    assert set(evidence_of(framing, evidence_path)) <= {c.name for c in framing.categories}
    code, said = run("certainty", SEEDS, "--read", *sheets, *key)
    assert code == 1
    assert "the sheets were made of 'framing' with another content" in said


def test_the_command_says_how_it_is_used(tmp_path: Path):
    either = "give either --sheet FOLDER [--coders NAME...] or --read SHEET... --key KEY"
    goes = "--read goes with --key and --save, --sheet with --coders and --per-category"
    for arguments, message in (
        ((), either),
        (("--sheet", tmp_path, "extra"), either),
        (("--sheet", tmp_path, "--read", "a.csv"), either),
        (("--read", "a.csv"), goes),
        (("--sheet", tmp_path, "--save", tmp_path / "e.json"), goes),
    ):
        code, said = run("framing", SEEDS, *arguments)

        assert code == 2
        assert message in " ".join(said.split())
