"""Reading articles: what is kept, what is set aside, and what is said about it."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import random
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bias_toolkit.articles as module
from bias_toolkit.articles import (
    Reject,
    as_articles,
    iter_articles,
    read_again,
    read_article,
    read_articles,
)

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", ROOT.parent / "shared" / "data"))
FIRST = ["id", "outlet", "date", "title", "text", "url", "path", "row"]

GOOD = {
    "id": "a",
    "outlet": "TASS",
    "date": "2023-09-25",
    "title": "T",
    "text": "Words.",
    "url": "",
}

OUTLETS = "source, publisher, news_outlet, media_outlet, publication, newspaper, site, media, paper"


def article(**changes: object) -> dict[str, object]:
    return {**GOOD, **changes}


def jsonl(path: Path, *records: object) -> Path:
    """A JSON Lines file; bytes are written as they are."""
    lines = [r if isinstance(r, bytes) else json.dumps(r).encode() for r in records]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def rejects(frame: pd.DataFrame) -> list[str]:
    return [str(reject) for reject in frame.attrs["rejects"]]


def dates(tmp_path: Path, *written: object) -> list[str | None]:
    records = [article(id=str(i), date=day) for i, day in enumerate(written)]
    return read_articles(jsonl(tmp_path / "dates.jsonl", *records))["date"].tolist()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """1,203 articles of three outlets, some with ids, some bad, some repeated."""
    rng = random.Random(1)
    records: list[object] = []
    for i in range(1203):
        text = " ".join(rng.choices(["Baku", "said", "“peace”", "war", "\r\n"], k=20))
        one = {"outlet": f"O{i % 3}", "headline": f"Title {i}", "text": text, "topic": i % 7}
        records.append(one | ({"id": f"n{i}"} if i % 2 else {}) | {"date": f"2023-01-{i % 40:02}"})
        if i % 100 == 7:
            records += [b"{broken", {"outlet": "O1", "text": ""}, records[-1]]
    return jsonl(tmp_path / "news.jsonl", *records)


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("name", ["Published On", "published-on", " PUBLISHED_ON ", "pub date"])
def test_a_column_is_known_however_its_name_is_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{name},Media Outlet,Article Body\n2020-09-27,TASS,Words.\n", encoding="utf8")
    row = read_articles(path).iloc[0]

    assert (row["date"], row["outlet"], row["text"]) == ("2020-09-27", "TASS", "Words.")


@pytest.mark.parametrize("size", [1, 2, 500, 1203, 10_000])
def test_streaming_equals_reading(news: Path, size: int) -> None:
    """Frames of any size, put together, are the frame that is read at once."""
    whole = read_articles(news)

    frames = list(iter_articles(news, size=size))

    together = pd.concat(frames, ignore_index=True)
    pd.testing.assert_frame_equal(together, whole)
    assert [len(frame) for frame in frames[:-1]] == [size] * (len(frames) - 1)
    assert [r for f in frames for r in f.attrs["rejects"]] == whole.attrs["rejects"]
    assert [n for f in frames for n in f.attrs["notes"]] == whole.attrs["notes"]
    counted = sum(f.attrs["date_forms"]["YYYY-MM-DD"] for f in frames if f.attrs["date_forms"])
    assert counted == whole.attrs["date_forms"]["YYYY-MM-DD"]


def test_streaming_fills_the_list_of_rejects_it_is_given(news: Path) -> None:
    found: list[Reject] = []

    for _ in iter_articles(news, size=100, rejects=found):
        pass

    assert found == read_articles(news).attrs["rejects"]
    assert [r.kind for r in found].count("duplicate") == 12


def test_reading_again_equals_reading(news: Path) -> None:
    """Any articles, in any order and as often as one likes."""
    units = read_articles(news).sample(300, replace=True, random_state=2)

    again = read_again(units)

    expected = units[["id", "title", "text"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, expected)


def test_ids_do_not_depend_on_the_order_or_on_other_articles(news: Path, tmp_path: Path) -> None:
    lines = [line for line in news.read_bytes().splitlines() if b"{broken" not in line]
    records = [json.loads(line) for line in lines]
    random.Random(3).shuffle(records)

    shuffled = read_articles(jsonl(tmp_path / "shuffled.jsonl", *records[:600]))

    known = read_articles(news).set_index("title")["id"]
    assert shuffled["id"].tolist() == known[shuffled["title"]].tolist()


def test_the_id_of_an_article_without_one_never_changes(tmp_path: Path) -> None:
    """The hash is of outlet, title and text with clean line ends, so it can be written down."""
    content = b"TASS\0Title\0One.\nTwo."
    expected = hashlib.blake2b(content, digest_size=8).hexdigest()
    record = {"outlet": " TASS ", "title": "Title", "text": "One.\r\nTwo."}

    frame = read_articles(jsonl(tmp_path / "a.jsonl", record))

    assert frame["id"].tolist() == [expected] == ["9d0c29e603e4c812"]
    assert as_articles(pd.DataFrame([record]))["id"].tolist() == [expected]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.one_of(
                st.binary(max_size=30),
                st.dictionaries(
                    st.sampled_from(["id", "outlet", "text", "title", "date", "topic", "\ud800"]),
                    st.one_of(
                        st.text(max_size=5),
                        st.sampled_from(["\ud800", "\0", "x", " ", "01/02/2020", "3/4/2020"]),
                        st.none(),
                        st.floats(),
                        st.integers(),
                        st.lists(st.integers(), max_size=2),
                    ),
                ).map(lambda r: json.dumps(r).encode()),
            ),
            max_size=12,
        ).map(b"\n".join),
    )
)
def test_any_bytes_as_json_lines_are_articles_or_rejects(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Every line that is not blank is the one or the other, and nothing else is raised."""
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_bytes(content)
    found: list[Reject] = []
    read: list[int] = []

    try:
        for frame in iter_articles(path, size=3, rejects=found):
            read += frame["row"].tolist()
            read_again(frame)
            frame[["outlet", "text"]].to_json()
    except ValueError as error:
        assert str(error).startswith(f"no readable article in {path}")

    if not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        clean = content.removeprefix(b"\xef\xbb\xbf")
        lines = [n for n, line in enumerate(clean.split(b"\n")) if line and not line.isspace()]
        assert sorted(read + [reject.line - 1 for reject in found]) == lines


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    suffix=st.sampled_from(["csv", "tsv", "json", "jsonl.gz", "csv.gz", "json.gz"]),
    content=st.one_of(
        st.binary(max_size=200),
        st.text('ab,"\n\r\t[]{}:ä\0', max_size=60).map(
            lambda t: ('outlet,text\nA,"b"\n' + t).encode()
        ),
        st.text('ab,"\n\r\t[]{}:ä\0', max_size=60).map(
            lambda t: ('[{"outlet": "A", "text": "b"},' + t).encode()
        ),
        st.integers(0, 90).map(lambda n: gzip.compress(b'{"outlet":"A","text":"b"}\n' * 9)[:n]),
    ),
)
def test_any_bytes_as_any_file_raise_only_what_is_documented(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any.{suffix}"
    path.write_bytes(content)

    try:
        frame = read_articles(path)
    except ValueError as error:
        assert str(error).startswith(f"no readable article in {path}")
    else:
        assert list(frame.columns[:8]) == FIRST
        assert read_again(frame)["text"].tolist() == frame["text"].tolist()


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text("0123456789/-.: TZ,apmSeptFri+", max_size=25)))
def test_any_date_is_an_iso_date_or_none(written: str) -> None:
    """Whatever stands in the column, nothing is raised, and no text is lost."""
    frame = as_articles(pd.DataFrame([article(date=written)], dtype=object))

    (day,) = frame["date"]
    assert day is None or dt.date.fromisoformat(day).isoformat() == day


FORMS = """
%Y-%m-%d|%Y/%m/%d|%Y%m%d|%Y-%m-%dT23:59:59Z|%d %B %Y|%B %d, %Y|%b. %d, %Y|%d-%b-%Y
%A, %B %d, %Y|%a, %d %b %Y 14:33:00 +0300|14:33, %d %B %Y
"""


@settings(max_examples=100, deadline=None)
@given(st.dates(dt.date(1600, 1, 1), dt.date(2099, 12, 31)))
@pytest.mark.parametrize("form", FORMS.strip().replace("\n", "|").split("|"))
def test_every_day_is_read_in_every_form(form: str, day: dt.date) -> None:
    written = day.strftime(form.replace("%Y", f"{day.year:04}"))

    frame = as_articles(pd.DataFrame([article(date=written)]))

    assert frame["date"].tolist() == [day.isoformat()]


def test_a_frame_made_by_hand_equals_the_same_read_from_a_file(news: Path) -> None:
    """A user who reads the lines himself gets the same ids, dates and columns."""
    lines = [line for line in news.read_bytes().splitlines() if b"{broken" not in line]
    own = pd.DataFrame([json.loads(line) for line in lines])
    own["text"] = own["text"].str.replace("\r\n", "\n")

    mine, theirs = as_articles(own), read_articles(news)

    columns = ["id", "outlet", "date", "title", "text", "url"]
    pd.testing.assert_frame_equal(mine[columns], theirs[columns])
    assert mine["topic"].tolist() == theirs["topic"].tolist()


def test_checking_twice_changes_nothing(news: Path) -> None:
    read = read_articles(news)

    twice = as_articles(as_articles(read))

    pd.testing.assert_frame_equal(twice, read)
    assert twice.attrs == read.attrs


# ------------------------------------------------------------------ kinds of files


def same(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return list(frame[["outlet", "title", "text"]].itertuples(index=False, name=None))


TWO = [
    {"outlet": "TASS", "title": "One, two", "text": 'He said "no".\nThen he left.'},
    {"outlet": "NEWS.ru", "title": "", "text": "İ – Степанакерт 🕊"},
]


def as_csv(delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["outlet", "title", "text"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(TWO)
    return out.getvalue()


LINES = "\n".join(json.dumps(record, ensure_ascii=False) for record in TWO)
FILES = {
    "a.csv": as_csv(),
    "semicolon.csv": as_csv(";"),
    "a.tsv": as_csv("\t"),
    "a.jsonl": LINES,
    "a.ndjson": LINES + "\n\n",
    "a.json": json.dumps(TWO, indent=1),
    "lines.json": LINES,
    "A.JSON": json.dumps(TWO),
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_kind_of_file_gives_the_same_articles(
    tmp_path: Path, name: str, packed: bool, encoding: str
) -> None:
    """Plain or packed, with or without a byte order mark."""
    content = FILES[name].encode(encoding)
    path = tmp_path / (name + ".gz" * packed)
    path.write_bytes(gzip.compress(content) if packed else content)

    frame = read_articles(path)

    assert same(frame) == [tuple(record.values()) for record in TWO]
    assert rejects(frame) == []
    assert frame["path"].tolist() == [str(path)] * 2
    assert frame["row"].tolist() == [0, 1]
    assert read_again(frame)["text"].tolist() == frame["text"].tolist()


def test_columns_come_first_and_strings_are_python_strings(tmp_path: Path) -> None:
    record = {"topic": "war", "text": "x", "outlet": "A", "path": "mine", "row": 7, "n": 3}

    frame = read_articles(jsonl(tmp_path / "a.jsonl", record))

    assert list(frame.columns) == [*FIRST, "topic", "user_path", "user_row", "n"]
    assert frame.index.equals(pd.RangeIndex(1))
    assert {type(frame[name][0]) for name in FIRST if name not in ("date", "row")} == {str}
    assert (frame["title"][0], frame["url"][0], frame["date"][0]) == ("", "", None)
    assert (frame["user_path"][0], frame["user_row"][0], frame["n"][0]) == ("mine", 7, 3)


def test_columns_that_only_some_lines_have_are_none_elsewhere(tmp_path: Path) -> None:
    lines = jsonl(tmp_path / "a.jsonl", article(x=1), article(id="b", y=[2]))

    frame = read_articles(lines)

    assert frame["x"].tolist() == [1, None]
    assert frame["y"].tolist() == [None, [2]]


def test_a_folder_with_an_index_gives_each_text_what_the_index_says(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfOne.\r\nTwo.\rThree.")
    (tmp_path / "deep" / "b.txt.gz").write_bytes(gzip.compress(b"Four."))
    index = "File,Source,Date,note\na.txt,TASS,28.09.2020,x\ndeep/b.txt.gz,RIA,,y\n"
    (tmp_path / "articles.csv").write_text(index)

    frame = read_articles(tmp_path)

    assert frame["text"].tolist() == ["One.\nTwo.\nThree.", "Four."]
    assert frame["outlet"].tolist() == ["TASS", "RIA"]
    assert frame["date"].tolist() == ["2020-09-28", None]
    assert frame["note"].tolist() == ["x", "y"]
    assert frame["path"].tolist() == [str(tmp_path / n) for n in ("a.txt", "deep/b.txt.gz")]
    assert frame["row"].tolist() == [0, 0]
    assert read_again(frame[::-1])["text"].tolist() == ["Four.", "One.\nTwo.\nThree."]
    pd.testing.assert_frame_equal(read_articles(tmp_path / "articles.csv"), frame)


def test_a_folder_of_outlets_gives_each_text_its_folders_name(tmp_path: Path) -> None:
    for name in ("TASS/b.txt", "TASS/a.txt", "BBC News/c.txt", ".git/d.txt", "TASS/.e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Text of {name}.")

    frame = read_articles(tmp_path)

    assert frame["outlet"].tolist() == ["BBC News", "TASS", "TASS"]
    assert frame["text"].tolist() == [
        f"Text of {n}." for n in ("BBC News/c.txt", "TASS/a.txt", "TASS/b.txt")
    ]
    assert read_again(frame)["text"].tolist() == frame["text"].tolist()


def test_relative_paths_stay_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jsonl(tmp_path / "a.jsonl", GOOD)
    monkeypatch.chdir(tmp_path)

    assert read_articles("a.jsonl")["path"].tolist() == ["a.jsonl"]


def test_links_that_lead_back_do_not_read_a_text_twice(tmp_path: Path) -> None:
    """A link to the folder itself, a link to itself, a link up, and one to another place."""
    folder = tmp_path / "news"
    (folder / "TASS").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (folder / "TASS" / "a.txt").write_text("Text.")
    (folder / "loose.txt").write_text("Loose.")
    (tmp_path / "elsewhere" / "b.txt").write_text("Other.")
    (folder / "again").symlink_to(folder)
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "RIA").symlink_to(tmp_path / "elsewhere")
    (folder / "TASS" / "down").symlink_to(folder)

    assert read_articles(folder)["outlet"].tolist() == ["RIA", "TASS"]


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "TASS").mkdir()
    (tmp_path / "TASS" / "a.txt").write_text("Text.")
    os.mkfifo(tmp_path / "TASS" / "b.txt")

    assert len(read_articles(tmp_path)) == 1


def test_a_json_array_is_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pieces of seven characters every value is cut somewhere."""
    monkeypatch.setattr(module, "_CHUNK", 7)
    records = [article(id=i, n=12345 * i) for i in range(40)]
    path = tmp_path / "a.json"
    path.write_text("\n[\n" + ",\n".join(map(json.dumps, [*records, 123456789, "x"])) + "\n] tail")

    frame = read_articles(path)

    assert frame["n"].tolist() == [record["n"] for record in records]
    assert [reject.line for reject in frame.attrs["rejects"]] == [43, 44]
    assert read_again(frame.tail(1))["id"].tolist() == ["39"]


# ------------------------------------------------------------------ columns


@pytest.mark.parametrize(
    ("field", "alias"),
    [(field, name) for field in module.ALIASES for name in module.ALIASES[field]],
)
def test_every_alias_is_found_in_any_case(tmp_path: Path, field: str, alias: str) -> None:
    record = {**GOOD, "id": "7"}
    value = record.pop(field)
    record[alias.upper()] = value

    frame = read_articles(jsonl(tmp_path / "a.jsonl", record))

    assert frame[field].tolist() == [value]
    assert alias.upper() not in frame.columns


def test_an_exact_name_wins_over_aliases_and_leaves_them_as_columns(tmp_path: Path) -> None:
    record = {"publisher": "P", "source": "S", "outlet": "O", "Text": "t", "body": "b"}

    frame = read_articles(jsonl(tmp_path / "a.jsonl", record))

    assert frame[["outlet", "text", "publisher", "source", "body"]].values.tolist() == [
        ["O", "t", "P", "S", "b"]
    ]


def test_between_two_aliases_the_documented_order_decides(tmp_path: Path) -> None:
    record = {"publisher": "P", "source": "S", "body": "b", "content": "c"}

    frame = read_articles(jsonl(tmp_path / "a.jsonl", record))

    assert frame[["outlet", "text", "publisher", "body"]].values.tolist() == [["S", "c", "P", "b"]]


def test_numbers_are_written_out_as_ids_and_titles(tmp_path: Path) -> None:
    frame = read_articles(jsonl(tmp_path / "a.jsonl", article(id=5.0, title=1984, url=None)))

    assert frame[["id", "title", "url"]].values.tolist() == [["5", "1984", ""]]


def test_blank_and_repeated_names_in_a_header_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n outlet ,text,,x,x\nA,t,1,2,3\n")

    frame = read_articles(path)

    assert list(frame.columns[8:]) == ["column_3", "x", "x_5"]


# ------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("2020-09-28", "YYYY-MM-DD"),
        ("2020-9-28", "YYYY-MM-DD"),
        ("2020-09-28T23:30:00+03:00", "YYYY-MM-DD, time"),
        ("2020-09-28 23:30:00.123456Z", "YYYY-MM-DD, time"),
        ("20200928", "YYYYMMDD"),
        ("20200928143300", "YYYYMMDD"),
        ("20200928T143300Z", "YYYYMMDD"),
        ("28 September 2020", "D Month YYYY"),
        ("28th of September, 2020", "Dth of Month, YYYY"),
        ("14:33, 28 September 2020", "D Month YYYY, time"),
        ("September 28, 2020", "Month D, YYYY"),
        ("September 28, 2020 at 2:33 p.m. EST", "Month D, YYYY, time"),
        ("Sept. 28, 2020", "Month D, YYYY"),
        ("Mon, 28 Sep 2020 14:33:00 +0300", "Weekday, D Month YYYY, time"),
        ("Mon, 28 Sep 2020 14:33:00 GMT", "Weekday, D Month YYYY, time"),
        ("Mon Sep 28 14:33:00 2020", "Weekday Month D D:D:D YYYY"),
        ("28.09.2020", "DD.MM.YYYY"),
        ("28/9/20", "DD/MM/YY"),
        ("09/28/2020", "MM/DD/YYYY"),
        ("9-28-2020 14:33", "MM-DD-YYYY, time"),
        ("1601303580", "epoch seconds"),
        (1601303580.5, "epoch seconds"),
        (1601303580000, "epoch milliseconds"),
    ],
)
def test_common_forms_of_a_date_are_read_and_named(
    tmp_path: Path, written: object, form: str
) -> None:
    frame = read_articles(jsonl(tmp_path / "a.jsonl", article(date=written)))

    assert frame["date"].tolist() == ["2020-09-28"]
    assert frame.attrs["date_forms"] == {form: 1}
    assert frame.attrs["notes"] == []


@pytest.mark.parametrize("written", [None, "", "  ", "NaN", "n/a", "None", float("nan")])
def test_a_missing_date_is_none_and_goes_without_saying(tmp_path: Path, written: object) -> None:
    frame = read_articles(jsonl(tmp_path / "a.jsonl", article(date=written)))

    assert frame["date"].tolist() == [None]
    assert frame.attrs["notes"] == []
    assert frame.attrs["date_forms"] == {}


NO_DAYS = """
2020-02-30|2020-13-01|31/02/2020|13/13/2020|0000-00-00|9999-12-31|1066-10-14|28 September 1492
September 2020|Monday|2020|yesterday|14:33|28 сентября 2020|99999999999999
"""


@pytest.mark.parametrize(
    "written",
    [
        *NO_DAYS.strip().replace("\n", "|").split("|"),
        *("x" * 5000, [1], {"a": 1}, True, float("inf"), -5),
    ],
)
def test_an_impossible_or_incomplete_date_keeps_the_article(
    tmp_path: Path, written: object
) -> None:
    path = jsonl(tmp_path / "a.jsonl", article(date=written), article(id="b", date=written))

    frame = read_articles(path)

    assert frame["date"].tolist() == [None, None]
    assert rejects(frame) == []
    (note,) = frame.attrs["notes"]
    assert (note.kind, note.line) == ("note", 1)
    assert str(note) == (
        f"{path}:1: the date {str(written)[:40]!r} is impossible, incomplete or unreadable; "
        "write it like 2020-09-28; the article is kept, without a date"
    )


def test_a_column_without_doubtless_dates_is_read_month_first(tmp_path: Path) -> None:
    frame = read_articles(jsonl(tmp_path / "a.jsonl", article(date="03/04/2020")))

    assert frame["date"].tolist() == ["2020-03-04"]
    assert frame.attrs["date_forms"] == {"MM/DD/YYYY (assumed)": 1}


def test_with_dots_the_day_comes_first(tmp_path: Path) -> None:
    assert dates(tmp_path, "03.04.2020") == ["2020-04-03"]


def test_one_doubtless_date_decides_for_its_column_even_from_the_end(tmp_path: Path) -> None:
    """13/04 at the end makes the dates before it day first, also in a stream of ones."""
    written = ["03/04/2020", "05/06/2020 10:00", "13/04/2020"]

    assert dates(tmp_path, *written) == ["2020-04-03", "2020-06-05", "2020-04-13"]
    streamed = list(iter_articles(tmp_path / "dates.jsonl", size=1))
    assert [frame["date"][0] for frame in streamed] == ["2020-04-03", "2020-06-05", "2020-04-13"]
    assert streamed[0].attrs["date_forms"] == {"DD/MM/YYYY": 1}


def test_between_contradicting_dates_the_majority_decides(tmp_path: Path) -> None:
    written = ["03/04/2020", "13/04/2020", "04/13/2020", "04/14/2020"]

    assert dates(tmp_path, *written) == ["2020-03-04", "2020-04-13", "2020-04-13", "2020-04-14"]


def test_slashes_say_nothing_of_dashes(tmp_path: Path) -> None:
    assert dates(tmp_path, "03-04-2020", "13/04/2020") == ["2020-03-04", "2020-04-13"]


def test_only_the_columns_own_dates_decide(tmp_path: Path) -> None:
    """Neither a date in the text nor one in an inner object is in the column."""
    text = 'It was the "date": "13/04/2020" then.'
    inner = {"date": "14/04/2020"}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"meta": inner, **article(date="03/04/2020", text=text)}) + "\n")

    assert read_articles(path)["date"].tolist() == ["2020-03-04"]


def test_an_inner_object_hides_no_date_and_slashes_may_be_escaped(tmp_path: Path) -> None:
    one = json.dumps({"meta": {"date": ""}, **article(date="13/04/2020")}).encode()
    two = json.dumps(article(id="b", date="03/04/2020")).replace("/", "\\/").encode()
    three = json.dumps(article(id="c", date="14/04/2020")).replace("/", "\\/").encode()

    both = read_articles(jsonl(tmp_path / "a.jsonl", one, two))
    escaped = read_articles(jsonl(tmp_path / "b.jsonl", two, three))

    assert both["date"].tolist() == ["2020-04-13", "2020-04-03"]
    assert escaped["date"].tolist() == ["2020-04-03", "2020-04-14"]


@pytest.mark.parametrize("name", ["a.csv", "a.json", "folder"])
def test_every_kind_of_file_decides_by_column(tmp_path: Path, name: str) -> None:
    rows = "file,outlet,Published\nx.txt,A,03/04/2020\ny.txt,A,13/04/2020\n"
    (tmp_path / "x.txt").write_text("Text x.")
    (tmp_path / "y.txt").write_text("Text y.")
    (tmp_path / "articles.csv").write_text(rows)
    (tmp_path / "a.csv").write_text(rows.replace("file", "text"))
    records = [{"outlet": "A", "text": t, "published": d} for t, d in ["x 03/04/2020".split()]]
    records.append({"outlet": "A", "text": "y", "published": "13/04/2020"})
    (tmp_path / "a.json").write_text(json.dumps(records))

    frame = read_articles(tmp_path if name == "folder" else tmp_path / name)

    assert frame["date"].tolist() == ["2020-04-03", "2020-04-13"]


def test_mixed_forms_are_counted(tmp_path: Path) -> None:
    days = ["2020-09-28", "28 September 2020", "2020-09-29", "1601303580"]
    records = [article(id=str(i), date=day) for i, day in enumerate(days)]

    frame = read_articles(jsonl(tmp_path / "a.jsonl", *records))

    assert frame.attrs["date_forms"] == {"YYYY-MM-DD": 2, "D Month YYYY": 1, "epoch seconds": 1}


def test_two_digit_years_do_not_depend_on_the_year_of_the_reading(tmp_path: Path) -> None:
    days = dates(tmp_path, "28/9/68", "28/9/69", "28 Sep 69", "28 Sep 68")

    assert days == ["2068-09-28", "1969-09-28", "1969-09-28", "2068-09-28"]


def test_no_date_is_filled_up_from_today(tmp_path: Path) -> None:
    assert dates(tmp_path, "10 a.m.", "May 5", "5 May at 10:00", "Fri") == [None] * 4


def test_many_distinct_dates_are_not_all_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bias_toolkit.dates._MEMORY", 3)
    days = [f"2020-09-{day:02}" for day in range(1, 20)]

    assert dates(tmp_path, *days, *days) == days + days


# ------------------------------------------------------------------ rows set aside

BAD_LINES = {
    "empty": (
        article(text=""),
        "no text: it is empty or blank; fill in the text, or delete the row",
    ),
    "blank": (
        article(text=" \n\u00a0"),
        "no text: it is empty or blank; fill in the text, or delete the row",
    ),
    "null": (article(text=None), "no text: it is missing; fill in the text, or delete the row"),
    "number": (article(text=5), "the text is a int, not a string; give one string an article"),
    "list": (article(text=["a"]), "the text is a list, not a string; give one string an article"),
    "absent": (
        {"outlet": "A", "words": "x"},
        "no text: its columns are outlet, words; "
        "name it text (or content, body, article, article_text, article_body, full_text)",
    ),
    "no outlet": (
        article(outlet=" "),
        f"no outlet; name it in a column called outlet (or {OUTLETS})",
    ),
    "outlet object": (
        article(outlet={"name": "BBC"}),
        "outlet is a dict, not a string; give one string for outlet",
    ),
    "title list": (
        article(title=["T"]),
        "title is a list, not a string; give one string for title",
    ),
    "clash": (
        article(text="Other words."),
        "the id 'a' belongs to another article before it; give each article an id of its own",
    ),
    "outlet clash": (
        article(outlet="RIA"),
        "the id 'a' belongs to another article before it; give each article an id of its own",
    ),
    "broken": (
        b'{"outlet": "A", "text": ',
        "broken JSON (Expecting value, character 25); write one whole JSON object a line",
    ),
    "cut": (
        b'{"outlet": "A", "text": "Wor',
        "broken JSON (Unterminated string starting at, character 25); "
        "write one whole JSON object a line",
    ),
    "deep": (
        b"[" * 100_000,
        "broken JSON (nested too deeply); write one whole JSON object a line",
    ),
    "array": (b"[1]", 'not a JSON object but a list; write it like {"outlet": ..., "text": ...}'),
    "string": (b'"x"', 'not a JSON object but a str; write it like {"outlet": ..., "text": ...}'),
    "bytes": (
        '{"outlet": "A", "text": "caf\xe9"}'.encode("latin-1"),
        "bad encoding: byte 0xe9 is not valid UTF-8; save it as UTF-8 (perhaps it is Windows-1252)",
    ),
    "surrogate": (
        b'{"outlet": "A", "text": "\\ud83d"}',
        "bad encoding: half of a surrogate pair; write the whole character, or U+FFFD",
    ),
    "surrogate elsewhere": (
        b'{"outlet": "A", "text": "x", "tags": ["\\ud83d"]}',
        "bad encoding: half of a surrogate pair; write the whole character, or U+FFFD",
    ),
    "surrogate in a topic": (
        b'{"outlet": "A", "text": "x", "topic": "\\ud83d"}',
        "bad encoding: half of a surrogate pair; write the whole character, or U+FFFD",
    ),
    "surrogate in a name": (
        b'{"outlet": "A", "text": "x", "\\ud83d": 1}',
        "bad encoding: half of a surrogate pair; write the whole character, or U+FFFD",
    ),
    "nul": (
        b'{"outlet": "A", "text": "a\\u0000b"}',
        "it contains NUL bytes; remove them; UTF-16 is read only with a byte order mark",
    ),
    "raw nul": (
        b'{"outlet": "A", "text": "a\0b"}',
        "broken JSON (Invalid control character at, character 27); "
        "write one whole JSON object a line",
    ),
    "long number": (b'{"n": ' + b"1" * 5000 + b"}", None),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_is_set_aside_and_the_others_go_on(tmp_path: Path, case: str) -> None:
    bad, message = BAD_LINES[case]
    path = jsonl(tmp_path / "a.jsonl", GOOD, bad, b"", article(id="z", text="Last."))

    frame = read_articles(path)

    assert frame["id"].tolist() == ["a", "z"]
    assert frame["row"].tolist() == [0, 3]
    (reject,) = frame.attrs["rejects"]
    assert (reject.file, reject.line, reject.kind) == (str(path), 2, "error")
    if message:
        assert str(reject) == f"{path}:2: {message}"


def test_an_article_that_comes_twice_counts_once_and_is_no_error(tmp_path: Path) -> None:
    """By its id, or, without one, by its content; date and address may differ."""
    nameless = {"outlet": "A", "text": "Same."}
    path = jsonl(tmp_path / "a.jsonl", GOOD, article(url="u"), nameless, {**nameless, "date": "x"})

    frame = read_articles(path)

    assert len(frame) == 2
    assert [(r.line, r.kind) for r in frame.attrs["rejects"]] == [
        (2, "duplicate"),
        (4, "duplicate"),
    ]
    assert rejects(frame)[0] == (
        f"{path}:2: the article 'a' once more, with equal content; nothing to do: it counts once"
    )


def test_the_same_text_in_two_outlets_is_two_articles(tmp_path: Path) -> None:
    records = [{"outlet": name, "text": "Agency copy."} for name in ("A", "B")]

    frame = read_articles(jsonl(tmp_path / "a.jsonl", *records))

    assert frame["id"].is_unique
    assert len(frame) == 2


def csv_rejects(tmp_path: Path, content: str | bytes) -> tuple[list[str], list[str]]:
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    frame = read_articles(path)
    return frame["text"].tolist(), [m.removeprefix(f"{path}:") for m in rejects(frame)]


def test_a_csv_row_with_too_many_or_few_fields_is_set_aside(tmp_path: Path) -> None:
    content = 'outlet,text\nA,one\nA,two, three\nA\n\nA,"four\nlines"\nA,x,y\n'

    texts, found = csv_rejects(tmp_path, content)

    remedy = "put a field that holds delimiters or line ends into quotation marks"
    assert texts == ["one", "four\nlines"]
    assert found == [
        f"3: 3 fields where the header has 2; {remedy}",
        f"4: 1 field where the header has 2; {remedy}",
        f"8: 3 fields where the header has 2; {remedy}",
    ]


def test_a_stray_quotation_mark_costs_only_its_own_row(tmp_path: Path) -> None:
    """What it swallowed is read again, whether another mark follows or the file ends."""
    content = 'outlet,text\nA,one\nA,"two\nA,"three"\nA,four\nA,"five\nA,six\n'

    texts, found = csv_rejects(tmp_path, content)

    remedy = "close each quotation mark, and write one inside a field twice"
    assert texts == ["one", "three", "four", "six"]
    assert found == [
        f"3: broken quotation marks (',' expected after '\"'); {remedy}",
        f"6: broken quotation marks (unexpected end of data); {remedy}",
    ]


def test_a_file_of_stray_quotation_marks_is_given_up(tmp_path: Path) -> None:
    """Every row here swallows all that follow: reading again would take quadratic time."""
    start = time.process_time()

    texts, found = csv_rejects(tmp_path, "outlet,text\nA,one\n" + 'a","b\n' * 30_000)

    assert texts == ["one"]
    assert len(found) == 101
    assert found[-1] == (
        "103: 100 rows with broken quotation marks: from here on nothing was read; "
        "close each quotation mark, and write one inside a field twice"
    )
    assert time.process_time() - start < 20


def test_a_csv_row_with_bytes_that_are_no_text_is_set_aside(tmp_path: Path) -> None:
    texts, found = csv_rejects(tmp_path, b"outlet,text,n\xe9\nA,one,1\nA,caf\xe9,2\nA,three,3\n")

    assert texts == ["one", "three"]
    assert found == [
        "3: bad encoding: some bytes are no text; save it as UTF-8 (perhaps it is Windows-1252)"
    ]


def test_a_csv_field_may_be_longer_than_the_csv_modules_limit(tmp_path: Path) -> None:
    texts, found = csv_rejects(tmp_path, f'outlet,text\nA,"{"long " * 60_000}"\nA,a\0b\n')

    assert [len(text) for text in texts] == [300_000]
    assert found == [
        "3: it contains NUL bytes; remove them; UTF-16 is read only with a byte order mark"
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "outlet,words",
            "no column for the text; call it text (or content, body, article, article_text, "
            "article_body, full_text); the columns are outlet, words",
        ),
        (
            "name,text",
            f"no column for the outlet; call it outlet (or {OUTLETS}); the columns are text, name",
        ),
        (
            "file,name",
            f"no column for the outlet; call it outlet (or {OUTLETS}); the columns are file, name",
        ),
    ],
)
def test_a_header_without_text_or_outlet_is_an_error(
    tmp_path: Path, header: str, message: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\nA,b\n")

    with pytest.raises(
        ValueError, match=re.escape(f"no readable article in {path}: {path}:1: {message}")
    ):
        read_articles(path)


def test_a_broken_header_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('"outlet"x,text\nA,b\n')

    with pytest.raises(ValueError, match=re.escape(f"{path}:1: broken quotation marks")):
        read_articles(path)


def test_an_index_that_names_missing_or_bad_texts_loses_only_those(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("Text.")
    (tmp_path / "bad.txt").write_bytes(b"one\ntwo\ncaf\xe9")
    (tmp_path / "blank.txt").write_text(" \n")
    (tmp_path / "nul.txt").write_bytes("no mark".encode("utf-16-le"))
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(b"Some words.")[:-9])
    rows = [
        "good.txt,A",
        "bad.txt,A",
        "blank.txt,A",
        "nul.txt,A",
        "cut.txt.gz,A",
        "gone.txt,A",
        ",A",
        "good.txt,",
    ]
    index = tmp_path / "articles.csv"
    index.write_text("file,outlet\n" + "\n".join(rows) + "\n")

    frame = read_articles(tmp_path)

    assert frame["path"].tolist() == [str(tmp_path / "good.txt")]
    found = rejects(frame)
    assert found[0] == (
        f"{tmp_path / 'bad.txt'}:3: bad encoding: byte 0xe9 is not valid UTF-8; "
        "save it as UTF-8 (perhaps it is Windows-1252)"
    )
    assert (
        found[1]
        == f"{tmp_path / 'blank.txt'}:1: no text: the file is empty or blank; fill or delete it"
    )
    assert found[2] == (
        f"{index}:5: it contains NUL bytes; remove them; UTF-16 is read only with a byte order mark"
    )
    assert found[3].startswith(
        f"{tmp_path / 'cut.txt.gz'}:1: the compressed file is damaged or cut short here ("
    )
    assert found[3].endswith("); pack or fetch it again")
    assert found[4] == (
        f"{index}:7: there is no file {tmp_path / 'gone.txt'}; "
        "correct the column file, or add the file"
    )
    assert found[5] == f"{index}:8: no file is named; name it in column file"
    assert found[6].startswith(
        f"{index}:9: no outlet; name it in a column called outlet (or source"
    )
    assert len(found) == 7


def test_an_index_remarks_on_texts_it_does_not_list(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.txt").write_text(f"Text {number}.")
    (tmp_path / "articles.csv").write_text("file,outlet\n0.txt,A\n")

    (note,) = read_articles(tmp_path).attrs["notes"]

    assert str(note) == (
        f"{tmp_path / 'articles.csv'}:1: 7 .txt beside it that it does not list: "
        "1.txt, 2.txt, 3.txt, 4.txt, 5.txt, ...; add a row for each that should count"
    )


def test_what_cannot_be_read_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused by hand, because whoever runs the tests as root may read everything."""
    for name in ("A/a.txt", "A/b.txt", "B/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"Text {name}.")
    opened, listed = module._Source, Path.iterdir

    def refuse_b(path: Path) -> module._Source:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path)

    def refuse_folder_b(path: Path) -> object:
        if path.name == "B":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(module, "_Source", refuse_b)
    monkeypatch.setattr(Path, "iterdir", refuse_folder_b)
    frame = read_articles(tmp_path)

    assert rejects(frame) == [
        f"{tmp_path / 'A/b.txt'}:1: {tmp_path / 'A/b.txt'} cannot be read: Permission denied; "
        "check its permissions",
        f"{tmp_path / 'B'}:1: the folder cannot be read: Permission denied; check its permissions",
    ]


def test_texts_beside_the_outlets_folders_have_no_outlet(tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "a.txt").write_text("Text.")
    (tmp_path / "loose.txt").write_text("Text.")

    frame = read_articles(tmp_path)

    assert rejects(frame) == [
        f"{tmp_path / 'loose.txt'}:1: no outlet: it lies outside the outlets' folders; "
        "move it into the folder of its outlet"
    ]


# ------------------------------------------------------------------ damaged files


@pytest.mark.parametrize("kind", ["jsonl", "csv", "json"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_of_a_file_cut_short_all_before_the_cut_is_kept(
    tmp_path: Path, kind: str, share: float
) -> None:
    """No article is cut in half, and the rest is reported once, at the line of the cut."""
    rng = random.Random(5)
    records = [
        {"outlet": "A", "text": f"{i}\n" + "".join(rng.choices("abcdefgh ", k=300)) + "."}
        for i in range(500)
    ]
    content = {
        "jsonl": "\n".join(map(json.dumps, records)),
        "json": json.dumps(records),
        "csv": pd.DataFrame(records).to_csv(index=False),
    }[kind]
    packed = gzip.compress(content.encode())
    path = tmp_path / f"a.{kind}.gz"
    path.write_bytes(packed[: int(len(packed) * share)])

    frame = read_articles(path)

    kept = len(frame)
    assert share * 400 < kept < 500
    assert frame["text"].tolist() == [record["text"] for record in records[:kept]]
    (reject,) = frame.attrs["rejects"]
    assert reject.reason == (
        "the compressed file is damaged or cut short here "
        "(Compressed file ended before the end-of-stream marker was reached)"
    )
    assert reject.remedy == "pack or fetch it again; what came before it was read"
    line = {"jsonl": kept + 1, "csv": reject.line, "json": 1}[kind]
    assert reject.line == line
    assert kind != "csv" or reject.line in (2 * kept + 2, 2 * kept + 3)


def test_a_packed_file_that_is_none_has_no_readable_article(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(b'{"outlet": "A", "text": "x"}')

    with pytest.raises(ValueError, match="Not a gzipped file") as error:
        read_articles(path)

    assert str(error.value).startswith(f"no readable article in {path}: {path}:1: the compressed")


def test_a_json_array_is_read_up_to_where_it_breaks(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"outlet": "A", "text": "one"},\n{"outlet": "A",\n "text" "two"}]')

    frame = read_articles(path)

    assert frame["text"].tolist() == ["one"]
    assert rejects(frame) == [
        f"{path}:4: broken JSON (Expecting ':' delimiter); "
        "correct it there; what comes after it was not read"
    ]


def test_a_json_array_without_an_end_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"outlet": "A", "text": "one"},\n')

    frame = read_articles(path)

    assert rejects(frame) == [
        f"{path}:2: broken JSON (the array has no closing bracket); "
        "correct it there; what comes after it was not read"
    ]


def test_bad_bytes_in_a_json_array_cost_one_article(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(
        b'[{"outlet": "A", "text": "one"},\n{"outlet": "A", "text": "caf\xe9"},\n'
        b'{"outlet": "A", "text": "three"}]'
    )

    frame = read_articles(path)

    assert frame["text"].tolist() == ["one", "three"]
    assert rejects(frame) == [
        f"{path}:2: bad encoding: some bytes are no text; "
        "save it as UTF-8 (perhaps it is Windows-1252)"
    ]


# ------------------------------------------------------------------ nothing to read


def test_a_path_where_nothing_is_says_so(tmp_path: Path) -> None:
    for read in (read_articles, iter_articles, read_article):
        with pytest.raises(FileNotFoundError) as error:
            read(tmp_path / "gone")

        assert str(error.value) == f"{tmp_path / 'gone'}: no such file or folder; check the path"


def test_a_single_text_is_told_where_to_go(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Text.")

    with pytest.raises(ValueError) as error:
        read_articles(path)

    assert str(error.value) == (
        f"{path}: a single text names no outlet; read it with read_article, "
        "or put it into a folder named after its outlet"
    )


def test_an_unknown_kind_of_file_is_told_which_are_known(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_text("Text.")

    with pytest.raises(ValueError) as error:
        iter_articles(path)

    assert str(error.value) == (
        f"{path}: articles are not read from this kind of file; give a folder, or a file ending "
        "in .csv, .tsv, .jsonl, .ndjson, .json (or any of these with .gz)"
    )


def test_a_flat_folder_of_texts_is_told_what_is_missing(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Text.")

    with pytest.raises(ValueError) as error:
        read_articles(tmp_path)

    assert str(error.value) == (
        f"no readable article in {tmp_path}: it has 2 .txt but nothing that names their outlets; "
        "add an index articles.csv with the columns file and outlet (and date, title, url), or "
        "put each outlet's .txt into a sub-folder named after the outlet"
    )


def test_a_folder_without_texts_is_told_of_its_tables(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    jsonl(tmp_path / "a.jsonl", GOOD)

    with pytest.raises(ValueError, match=r"it has no \.txt; add an index") as error:
        read_articles(tmp_path)

    assert str(error.value).endswith(", or give the file a.jsonl itself")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", "", "it holds no rows"),
        ("a.jsonl", "\n \n", "it holds no rows"),
        ("a.csv", "", "it holds no rows"),
        ("a.csv", "outlet,text\n", "it holds no rows"),
        ("a.json", "[]", "it holds no rows"),
        ("a.jsonl", "{broken\n[]\n", "{path}:1: broken JSON (Expecting property name"),
        ("a.json", '{"articles": []}', "{path}:1: no text: its columns are articles; name it text"),
    ],
)
def test_no_readable_article_is_one_sentence_with_the_first_reason(
    tmp_path: Path, name: str, content: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(ValueError) as error:
        read_articles(path)

    start = f"no readable article in {path}: " + reason.replace("{path}", str(path))
    assert str(error.value).startswith(start)
    assert "\n" not in str(error.value)


def test_a_stream_without_an_article_raises_at_its_end(tmp_path: Path) -> None:
    stream = iter_articles(jsonl(tmp_path / "a.jsonl", b"{broken"))

    with pytest.raises(ValueError, match="no readable article in"):
        next(stream)


def test_a_batch_holds_at_least_one_article(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as error:
        iter_articles(jsonl(tmp_path / "a.jsonl", GOOD), size=0)

    assert str(error.value) == "size is 0: a batch needs 1 article or more"


# ------------------------------------------------------------------ one article


def test_one_text_may_go_without_an_outlet(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Text.")

    frame = read_article(path)

    assert frame[["outlet", "title", "text", "path", "row"]].values.tolist() == [
        ["", "", "Text.", str(path), 0]
    ]
    assert read_again(frame)["text"].tolist() == ["Text."]


def test_one_text_takes_what_the_index_beside_it_says() -> None:
    path = SEEDS / "000_bc626fa2c772027a.txt"

    frame = read_article(path)

    whole = read_articles(SEEDS).head(1)
    pd.testing.assert_frame_equal(frame, whole)


@pytest.mark.parametrize("index", ["file,outlet\nb.txt,A\n", "text,outlet\nWords.,A\n"])
def test_an_index_that_does_not_list_a_text_says_nothing_of_it(tmp_path: Path, index: str) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    (tmp_path / "articles.csv").write_text(index)

    assert read_article(tmp_path / "a.txt")["outlet"].tolist() == [""]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.txt",
            b" ",
            "no readable article in {p}: {p}:1: no text: the file is empty or blank; "
            "fill or delete it",
        ),
        (
            "a.txt",
            b"caf\xe9",
            "no readable article in {p}: {p}:1: bad encoding: byte 0xe9 is not valid UTF-8; "
            "save it as UTF-8 (perhaps it is Windows-1252)",
        ),
        ("a.jsonl", b"{}", "{p} may hold many articles; read it with read_articles"),
    ],
)
def test_one_text_that_cannot_be_read_is_an_error(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ValueError) as error:
        read_article(path)

    assert str(error.value) == message.replace("{p}", str(path))


def test_a_folder_is_not_one_text(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as error:
        read_article(tmp_path)

    assert (
        str(error.value) == f"{tmp_path} is a folder, not one article; read it with read_articles"
    )


# ------------------------------------------------------------------ reading again


def test_a_file_that_is_gone_is_one_clear_error(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", GOOD)
    frame = read_articles(path)
    path.unlink()

    with pytest.raises(FileNotFoundError) as error:
        read_again(frame)

    assert str(error.value) == (
        f"{path}: gone, so its articles cannot be read again; put it back, or work in the folder "
        "it was read from"
    )


@pytest.mark.parametrize(
    "now",
    [
        [article(id="b")],
        [b"", GOOD],
        [b"{broken"],
        [article(text="")],
    ],
)
def test_a_file_that_has_changed_is_one_clear_error(tmp_path: Path, now: list[object]) -> None:
    path = jsonl(tmp_path / "a.jsonl", GOOD)
    frame = read_articles(path)
    jsonl(path, *now)

    with pytest.raises(ValueError) as error:
        read_again(frame)

    assert str(error.value) == (
        f"{path}: record 0 is no longer the article 'a': the file has changed since it was read; "
        "read the articles anew"
    )


@pytest.mark.parametrize("name", ["A/a.txt", "a.jsonl"])
def test_a_text_without_an_id_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    (tmp_path / "A").mkdir()
    path = tmp_path / name
    content = {"A/a.txt": "Text.", "a.jsonl": '{"outlet": "A", "text": "Text."}'}[name]
    path.write_text(content)
    frame = read_articles(tmp_path if name == "A/a.txt" else path)
    path.write_text(content.replace("Text.", "Changed."))

    with pytest.raises(ValueError, match="the file has changed since it was read"):
        read_again(frame)


def test_an_article_of_a_frame_cannot_be_read_again() -> None:
    with pytest.raises(ValueError) as error:
        read_again(as_articles(pd.DataFrame([GOOD])))

    assert str(error.value) == (
        "article 'a' came from a DataFrame, not from a file: its text cannot be read again; "
        "give the DataFrame itself"
    )


def test_reading_none_again_gives_an_empty_frame() -> None:
    frame = read_again(read_articles(SEEDS).head(0))

    assert list(frame.columns) == ["id", "title", "text"]
    assert len(frame) == 0


# ------------------------------------------------------------------ frames made by the user


def test_a_frame_is_completed_and_not_changed() -> None:
    own = pd.DataFrame(
        {
            "Source": pd.Categorical(["A", "B"]),
            "body": ["One.\r\nTwo.", "Three."],
            "when": [1.5, 2.5],
            "published": pd.to_datetime(["2020-09-28 14:33", None]),
            "doc_id": [7, 8],
            "path": ["x", "y"],
        },
        index=[5, 5],
    )
    before = own.copy(deep=True)

    frame = as_articles(own)

    pd.testing.assert_frame_equal(own, before)
    assert list(frame.columns) == [*FIRST, "when", "user_path"]
    assert frame[FIRST].values.tolist() == [
        ["7", "A", "2020-09-28", "", "One.\r\nTwo.", "", "", 0],
        ["8", "B", None, "", "Three.", "", "", 1],
    ]
    assert frame["when"].dtype == float
    assert frame.index.equals(pd.RangeIndex(2))
    assert frame.attrs["date_forms"] == {"YYYY-MM-DD, time": 1}


def test_bad_rows_of_a_frame_are_set_aside_with_their_position() -> None:
    texts = ["One.", None, float("nan"), pd.NA, "", "x\ud800", 5, np.str_("Eight."), "a\0"]
    own = pd.DataFrame({"outlet": "A", "text": pd.Series(texts, dtype=object), "n": range(9)})

    frame = as_articles(own)

    assert frame["n"].tolist() == [0, 7]
    assert frame["row"].tolist() == [0, 7]
    assert type(frame["text"][1]) is str
    assert [message.split(";")[0] for message in rejects(frame)] == [
        "DataFrame:2: no text: it is missing",
        "DataFrame:3: no text: it is missing",
        "DataFrame:4: no text: it is missing",
        "DataFrame:5: no text: it is empty or blank",
        "DataFrame:6: bad encoding: half of a surrogate pair",
        "DataFrame:7: the text is a int, not a string",
        "DataFrame:9: it contains NUL bytes",
    ]


def test_repeated_ids_of_a_frame_are_set_aside() -> None:
    own = pd.DataFrame([GOOD, GOOD, article(text="Other.")])

    frame = as_articles(own)

    assert [(r.line, r.kind) for r in frame.attrs["rejects"]] == [(2, "duplicate"), (3, "error")]


def test_a_part_of_what_was_read_still_knows_its_files(news: Path) -> None:
    part = read_articles(news)[lambda frame: frame["outlet"] == "O1"]

    frame = as_articles(part)

    assert read_again(frame)["text"].tolist() == part["text"].tolist()


def test_columns_of_a_frame_may_be_numbers() -> None:
    own = pd.DataFrame([["A", "t", 1]], columns=["outlet", "text", 2020])

    assert list(as_articles(own).columns) == [*FIRST, "2020"]


@pytest.mark.parametrize("dtype", ["object", "string", "str"])
def test_strings_of_any_dtype_will_do(dtype: str) -> None:
    own = pd.DataFrame({"outlet": ["A"], "text": ["t"], "title": [None]}).astype(dtype)
    own["title"] = pd.Series([None], dtype=dtype)

    frame = as_articles(own)

    assert frame[["outlet", "title", "text"]].values.tolist() == [["A", "", "t"]]


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        ([GOOD], TypeError, "articles are a list; give a pandas DataFrame"),
        (
            pd.DataFrame({"outlet": ["A"]}),
            ValueError,
            "the DataFrame has no column for the text; call it text (or content, body, article, "
            "article_text, article_body, full_text); its columns are outlet",
        ),
        (
            pd.DataFrame({"text": ["A"]}),
            ValueError,
            f"the DataFrame has no column for the outlet; call it outlet (or {OUTLETS}); "
            "its columns are text",
        ),
        (
            pd.DataFrame([["A", "t", "u"]], columns=["outlet", "text", "text"]),
            ValueError,
            "the DataFrame has two columns called 'text'; rename one",
        ),
        (
            pd.DataFrame({"outlet": [], "text": []}),
            ValueError,
            "no readable article in the DataFrame: it holds no rows",
        ),
        (
            pd.DataFrame({"outlet": ["A"], "text": [""]}),
            ValueError,
            "no readable article in the DataFrame: DataFrame:1: no text: it is empty or blank; "
            "fill in the text, or delete the row",
        ),
    ],
)
def test_a_frame_that_will_not_do_says_why(
    frame: pd.DataFrame, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        as_articles(frame)

    assert str(raised.value) == message


def test_a_reject_prints_as_place_reason_and_remedy() -> None:
    reject = Reject("a.csv", 3, "no text", "fill it in")

    assert str(reject) == "a.csv:3: no text; fill it in"
    assert copy.deepcopy(reject) is reject
    assert reject.kind == "error"


# ------------------------------------------------------------------ the seeds

SHA256 = {
    "000_bc626fa2c772027a.txt": "050b09b47ad6232b11f15747e60a7df7502772703c5af125b669d453044340a1",
    "001_c18513d2de862493.txt": "256224b474a520988b543d06699eb5b7aab4489b8d080f5ec688194d58e4d0db",
    "002_63d50c998f1c582c.txt": "28a2583caf1917b9813df6246b31863e1b82872b6e71d6fe007a3ccea2080747",
    "003_0615345c2a253c4a.txt": "cbf5337df5da578b777af22978cd3f8de2dee3e8e0274943512e4119f68818d9",
    "004_b49ea12d4c6a61aa.txt": "839033c245ed3cab23e20bfeb97bc10daf7755f5d965cc74deedc720a5601616",
}


@pytest.mark.parametrize("name", SHA256)
def test_the_seeds_are_kept_byte_for_byte(name: str) -> None:
    content = (SEEDS / name).read_bytes()

    assert hashlib.sha256(content).hexdigest() == SHA256[name]


def test_the_index_of_the_seeds_says_what_is_known() -> None:
    frame = read_articles(SEEDS)

    assert frame.attrs == {"rejects": [], "notes": [], "date_forms": {"YYYY-MM-DD": 5}}
    assert frame[["id", "outlet", "date", "date_basis"]].values.tolist() == [
        ["tass-2023-09-25", "TASS", "2023-09-25", "inferred"],
        ["massispost-2023-09-20", "MassisPost", "2023-09-20", "inferred"],
        ["azatutyun-asbarez-2023-10-09", "Azatutyun/Asbarez", "2023-10-09", "inferred"],
        ["azatutyun-2020-11-13", "Azatutyun/Asbarez", "2020-11-13", "inferred"],
        ["news-ru-2020-09-28", "NEWS.ru", "2020-09-28", "stated"],
    ]
    assert frame["text"].tolist() == [(SEEDS / name).read_text("utf-8") for name in SHA256]


def test_three_of_the_seeds_share_a_writer() -> None:
    writers = read_articles(SEEDS)["writer"]

    assert writers.value_counts().to_dict() == {
        "RFE/RL Armenian Service (Azatutyun)": 3,
        "TASS": 1,
        "NEWS.ru": 1,
    }


def test_titles_and_weekdays_of_the_seeds_are_those_of_the_texts() -> None:
    """A title stands in its text; the Wednesday, the Mondays and the Friday are such days."""
    frame = read_articles(SEEDS)

    for title, text in zip(frame["title"], frame["text"], strict=True):
        assert title in text
    days = [dt.date.fromisoformat(day).strftime("%A") for day in frame["date"]]
    assert days == ["Monday", "Wednesday", "Monday", "Friday", "Monday"]


# ------------------------------------------------------------------ the shared articles


@pytest.mark.skipif(
    not (DATA / "allsides.jsonl.gz").exists(),
    reason="no shared articles: set BIAS_TOOLKIT_DATA to the folder with allsides.jsonl.gz",
)
def test_all_shared_articles_are_read_and_found_again() -> None:
    """7,302 articles; five dates like 12/5/16, which others show to be month first."""
    path = DATA / "allsides.jsonl.gz"
    frames = list(iter_articles(path))

    whole = pd.concat(frames, ignore_index=True)
    part = whole.sample(20, random_state=0)
    assert len(whole) == 7302
    assert whole["date"].isna().sum() == 288
    assert sum(frame.attrs["date_forms"].get("MM/DD/YY", 0) for frame in frames) == 5
    assert read_again(part)["text"].tolist() == part["text"].tolist()
