"""Reports: what the page, the tables and the terminal text say, and what they never say."""

from __future__ import annotations

import json
import math
import re
import shutil
import time
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bias_toolkit as bt
from bias_toolkit.articles import Reject
from bias_toolkit.collector import collector_paused
from bias_toolkit.lexicon import load_lexicon
from bias_toolkit.reports import (
    cautions,
    content,
    glance,
    heard,
    introductions,
    journeys,
    measures,
    report,
    summary,
    tables,
    words,
)
from bias_toolkit.reports.examples import check_examples
from bias_toolkit.reports.reading import marked, pieces

ROOT = Path(__file__).parents[1]
UNPAIRED = {"meta", "img", "col", "link", "br"}
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> & \"quotes\" '"


@pytest.fixture(scope="module")
def seeds() -> Iterator[Any]:
    """The comparison of the five seeds, read from a relative path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        yield bt.compare_all(bt.profile("seeds"))


@pytest.fixture(scope="module")
def folder(seeds: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on the seeds, without figures."""
    return report(seeds, tmp_path_factory.mktemp("report"), figures=False).parent


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def notes(seeds: Any) -> Any:
    return bt.annotate(bt.read_articles("seeds"))


def article(**changes: object) -> dict[str, object]:
    good = {
        "id": "a",
        "outlet": "A",
        "date": "2023-09-20",
        "title": "",
        "text": "Words.",
        "url": "",
    }
    return {**good, **changes}


def compared(*articles: dict[str, object], lexicons: Any = None) -> Any:
    return bt.compare_all(bt.profile(pd.DataFrame(articles), lexicons))


@pytest.fixture(scope="module")
def hostile() -> Any:
    """Outlets, titles and texts that would like to be more than text."""
    text = (
        f'{HOSTILE} Baku said it was "anti-terrorist measures {HOSTILE}". \x1b[31mRed\x1b[0m\u202e.'
    )
    return compared(
        article(id="=1+1", outlet=f"../../{HOSTILE}", title=HOSTILE, text=text, note="-2+3"),
        article(id="@b", outlet="TASS", text=f"The {HOSTILE} said so.", url="javascript:alert(1)"),
        article(id="c", outlet="Tass", text=text, url='https://e.org/"><script>', note="fine"),
    )


class Page(HTMLParser):
    """The elements of a page, their attributes, and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.shown: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in UNPAIRED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.shown.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.shown).split())

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


# ------------------------------------------------------------------ laws


def test_the_same_input_gives_the_same_bytes(seeds: Any, folder: Path, tmp_path: Path) -> None:
    again = bt.compare_all(bt.profile("seeds"))
    report(again, tmp_path, figures=False)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())

    assert files == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert all((folder / f).read_bytes() == (tmp_path / f).read_bytes() for f in files)


def test_tables_hold_what_the_comparison_holds(seeds: Any, folder: Path) -> None:
    """CSV and JSON, read back, are the DataFrames of the comparison."""
    expected = {
        "articles": seeds.profile.table(),
        "labels": seeds.labels,
        "mentions": seeds.mentions,
        "metrics": seeds.metrics,
        "speakers": seeds.speakers,
        "cues": seeds.cues,
        "cue_classes": seeds.cue_classes,
        "cue_shares": seeds.cue_shares,
        "cue_asymmetry": seeds.cue_asymmetry,
        "side_asymmetry": seeds.side_asymmetry,
        "sources": seeds.sources,
        "diversity": seeds.diversity,
        "adoption": seeds.adoption,
        "first_uses": seeds.first_uses,
        "distance": seeds.distance,
        "terms_massispost_vs_tass": bt.compare(seeds.profile, "MassisPost", "TASS").terms,
    }
    for name, table in expected.items():
        rows = table.astype(object).to_dict("records")

        assert csv(folder, name).to_dict("records") == [
            {column: as_text(value) for column, value in row.items()} for row in rows
        ]
        assert records(folder, name) == [
            {column: as_value(value) for column, value in row.items()} for row in rows
        ]


def csv(folder: Path, name: str) -> pd.DataFrame:
    path = folder / "tables" / f"{name}.csv"
    return pd.read_csv(path, keep_default_na=False, dtype=str)


def records(folder: Path, name: str) -> list[dict[str, Any]]:
    text = (folder / "tables" / f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def as_text(value: Any) -> str:
    """A cell as CSV holds it: the shortest digits that give the same number back."""
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if missing else str(value)


def as_value(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def test_every_link_and_anchor_leads_somewhere(seeds: Any, folder: Path, page: str) -> None:
    found = Page(page)
    ids = found.values("id")
    links = found.values("href")
    urls = set(seeds.profile.units["url"])

    assert len(ids) == len(set(ids))
    for link in links:
        if link.startswith("#"):
            assert link[1:] in ids
        elif not link.startswith("https://"):
            assert (folder / link).exists(), link
        else:
            assert link in urls


def test_the_page_asks_for_nothing_and_runs_nothing(
    page: str, hostile: Any, tmp_path: Path
) -> None:
    for text in (page, report(hostile, tmp_path, figures=False).read_text(encoding="utf-8")):
        found = Page(text)
        tags = {tag for tag, _ in found.tags}

        assert not tags & {"script", "iframe", "object", "embed", "link", "form", "base", "svg"}
        assert not [a for _, attrs in found.tags for a in attrs if a.startswith("on")]
        assert all(source.startswith("data:image/") for source in found.values("src"))
        assert "default-src 'none'" in found.values("content")[1]
        assert "url(" not in text and "@import" not in text
        assert not found.open


def test_text_from_articles_is_only_ever_text(hostile: Any, tmp_path: Path) -> None:
    """Markup in outlets, titles and texts is shown as written; a script's address is no link."""
    text = report(hostile, tmp_path, figures=False).read_text(encoding="utf-8")
    found = Page(text)
    addresses = found.values("href")

    assert "anti-terrorist measures <script>alert('x')</script>" in found.text
    assert "../../<script>" in found.text
    assert not [link for link in addresses if link.startswith("javascript")]
    assert 'https://e.org/"><script>' in addresses
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", text)


def test_files_stay_in_the_folder_whatever_outlets_are_called(hostile: Any, tmp_path: Path) -> None:
    report(hostile, tmp_path / "inner" / "report", figures=False)
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    names = [p.name.lower() for p in files]

    assert all(p.is_relative_to(tmp_path / "inner" / "report") for p in files)
    assert all(re.fullmatch(r"[a-z0-9_-]+\.(csv|json|html)", name) for name in names)
    assert len(names) == len(set(names))
    assert sum(name.startswith("terms_") for name in names) == 2 * 3


@given(st.lists(st.text(max_size=60), unique=True, max_size=12))
def test_slugs_are_distinct_and_safe(names: list[str]) -> None:
    found = tables.slugs(names)

    assert list(found) == names
    assert len(set(found.values())) == len(names)
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in found.values())


@given(st.text(max_size=20))
def test_no_guarded_text_is_a_formula(text: str) -> None:
    """What starts like a formula gets an apostrophe, everything else stays as it is."""
    found = tables.guard(text)

    assert found.lstrip()[:1] not in ("=", "+", "-", "@")
    assert found in (text, f"'{text}")


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_an_excerpt_is_the_sentence_in_three_parts(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    if len(text) > 160:
        text = text[:160]
        start, end = min(start, 160), min(end, 160)
    found = "".join(content.excerpt(text, start, end))
    clean = "".join(words.clean(part) for part in (text[:start], text[start:end], text[end:]))

    assert "".join(found.split()) == "".join(clean.split())


@given(st.text())
def test_clean_text_can_neither_steer_a_terminal_nor_turn_its_direction(text: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", words.clean(text))


@pytest.mark.parametrize("number", range(5))
def test_without_its_marks_a_marked_article_is_the_article(notes: Any, number: int) -> None:
    row = notes.articles.iloc[number]
    own = "".join(piece.text for piece in pieces(notes, row["id"]) if not piece.added)

    assert own in (row["text"], row["title"] + row["text"])


# ------------------------------------------------------------------ never


def test_neither_page_nor_text_gives_a_verdict(seeds: Any, page: str) -> None:
    for text in (Page(page).text.lower(), summary(seeds).lower()):
        assert "biased" not in text
        assert not re.search(r"\bscores?\b", text)
        assert not re.search(r"\bnan\b|\bnone none\b|\bnat\b|\{\{|%\}", text)


def test_the_page_knows_neither_the_machine_nor_the_hour(page: str) -> None:
    assert str(ROOT) not in page
    assert f"{Path.home()}/" not in page
    assert "seeds/000_bc626fa2c772027a.txt" in page
    assert not re.search(r"\d\d:\d\d:\d\d", page)


# ------------------------------------------------------------------ the five seeds


def uses(seeds: Any, label: str) -> list[content.Use]:
    rows = [row for part in content.referent_parts(seeds) for row in part.labels]
    return [use for row in rows if row.label == label for use in row.uses]


def test_baku_is_credited_with_its_measures_inside_quotation_marks(seeds: Any) -> None:
    (use,) = uses(seeds, "anti-terrorist measures")

    assert (use.outlet, use.how, use.count) == ("TASS", "quoted", 1)
    assert use.speaker.endswith("(→ Baku)")
    assert use.credit == "Inside quotation marks, a fragment ascribed to Baku."
    assert use.before.endswith('what it described as "local ')


def test_the_crackdown_is_the_ministrys_proposition_in_tass_wording(seeds: Any, page: str) -> None:
    (use,) = uses(seeds, "anti-terrorist crackdown")

    assert (use.outlet, use.how) == ("TASS", "reported")
    assert (
        use.credit
        == "Told as the Azerbaijani Defense Ministry’s proposition; the wording is TASS’s."
    )
    assert use.credit in Page(page).text


def test_words_of_another_newsroom_are_credited_to_it(seeds: Any) -> None:
    (use,) = uses(seeds, "exodus")

    assert (use.outlet, use.how) == ("Azatutyun/Asbarez", "own")
    assert use.credit == (
        "Narration, worded by RFE/RL Armenian Service (Azatutyun): no source was found for it."
    )


def test_an_outlet_outside_the_time_of_a_label_gets_a_dash_not_a_zero(
    seeds: Any, page: str
) -> None:
    """NEWS.ru wrote in 2020 and could not name an event of 2023."""
    part = next(p for p in content.referent_parts(seeds) if p.name.startswith("the action of 19"))

    assert part.out_of_time == ("NEWS.ru",)
    assert "only in articles dated from 19 September 2023 on; NEWS.ru has none here" in page


def test_labels_on_the_page_are_those_of_the_table(seeds: Any) -> None:
    """Uses by label and outlet, summed over own, reported and quoted, are the group `all`."""
    table = seeds.labels[seeds.labels["words"] == "all"]
    expected = {
        (row["referent"], row["label"], name): row[f"{name}.count"]
        for row in table.to_dict("records")
        for name in seeds.profile.outlets
    }
    found = {
        (part.name, row.label, name): sum(ways.values())
        for part in content.referent_parts(seeds)
        for row in part.labels
        for name, ways in row.counts.items()
    }

    assert found == expected


def test_outlets_of_different_times_get_no_list_of_differences(seeds: Any, folder: Path) -> None:
    parts = {(p.facts.a, p.facts.b): p for p in content.pair_parts(seeds, [])}

    assert not parts["NEWS.ru", "TASS"].counted and not parts["NEWS.ru", "TASS"].ranked
    assert parts["MassisPost", "TASS"].counted
    assert not (folder / "tables" / "terms_news-ru_vs_tass.csv").exists()
    assert (folder / "tables" / "terms_massispost_vs_tass.csv").exists()


def test_each_pair_opens_with_its_dates(page: str) -> None:
    text = Page(page).text

    assert "MassisPost and TASS Dates. MassisPost: 1 article, 20 September 2023. TASS: 1 " in text
    assert "Their nearest articles are 1,092 days apart." in text
    assert "One writer? Yes: RFE/RL Armenian Service (Azatutyun)." in text


def test_every_reporting_word_stands_with_its_outlet_side_and_class(seeds: Any) -> None:
    cues = introductions.cue_rows(seeds)
    names = [name for name, _ in cues.classes]
    armenia = next(row for row in cues.rows if (row.outlet, row.side) == ("TASS", "Armenia"))
    said = dict(zip(names, armenia.cells, strict=True))["distancing"]

    assert (said.count, said.said) == (2, "alleged\xa01, claimed\xa01")
    counted = seeds.cue_classes["count"].sum()  # negated cues introduce nobody's words
    assert sum(row.total for row in cues.rows) + cues.more_cues == counted


def test_peskov_is_shown_with_all_his_verbs(seeds: Any) -> None:
    rows = dict(measures.speaker_rows(seeds))["TASS"]
    peskov = next(row for row in rows if row.speaker == "Dmitry Peskov")

    cues = peskov.cues.replace("\xa0", " ").split(", ")

    assert {"added 1", "emphasized 1", "said 1", "stressed 1", "vowed 1"} <= set(cues)


def test_what_to_know_comes_before_all_findings(page: str) -> None:
    order = "compared first glance labels pairs heard cues adoption distance rates tone".split()
    ids = [name for name in Page(page).values("id") if name in order]

    assert ids == order


def test_cautions_of_the_seeds(page: str) -> None:
    text = Page(page).text
    for said in (
        "5 articles of 4 outlets can be described, not tested.",
        "3 of the 5 articles are by RFE/RL Armenian Service (Azatutyun), carried by "
        "Azatutyun/Asbarez (2) and MassisPost (1).",
        "More than 31 days lie between all, or nearly all, articles of Azatutyun/Asbarez and "
        "NEWS.ru (the nearest: ",
        "4 of 5 dates are inferred",
        "1 article of NEWS.ru (Russian)",
        "even inside quotation marks the English words may be an editor’s",
        "Word lists are vocabulary, not frames",
        "Tone is no finding",
    ):
        assert said in text


def test_one_small_outlet_does_not_keep_the_others_from_being_tested() -> None:
    """Ten articles of A and of B, three of C: one pair is tested, two are described."""
    sizes = {"A": 10, "B": 10, "C": 3}
    result = compared(
        *(
            article(id=f"{o}{n}", outlet=o, text=f"{o} {n}.")
            for o, k in sizes.items()
            for n in range(k)
        ),
        lexicons=[],
    )

    assert (
        "23 articles of 3 outlets: the words of A and B are tested against each other; C (3 "
        "articles) can only be described, because a test needs 10 articles an outlet."
    ) in dict(cautions.cautions(result))["Few articles"]
    assert [pair.contrast.testable for pair in result.pairs] == [True, False, False]
    assert "described, not tested" not in " ".join(summary(result).split())


def test_summary_fits_a_terminal_and_names_the_labels(seeds: Any) -> None:
    text = summary(seeds)
    lines = text.splitlines()

    assert 60 <= len(lines) <= 100
    assert max(map(len, lines)) <= 100
    assert "(→ Baku)]" in text
    for said in (
        "anti-terrorist crackdown [reported: Azerbaijani Defense Ministry]",
        "aggression [quoted: (→ Yerevan)]",
        "fall of Karabakh [own]",
        "exodus [own]",
        "self-proclaimed Nagorno-Karabakh Republic [own]",
        "occupation [own]",
    ):
        assert said in " ".join(text.split())


def test_a_report_takes_under_a_second(seeds: Any, tmp_path: Path) -> None:
    """Without figures; thrice the time is allowed for a busy machine."""
    started = time.process_time()
    report(bt.compare_all(seeds.profile), tmp_path, figures=False)

    assert time.process_time() - started < 3


# ------------------------------------------------------------------ other comparisons


def test_one_pair_keeps_the_order_it_was_asked_in(seeds: Any, tmp_path: Path) -> None:
    pair = bt.compare(seeds.profile, "TASS", "MassisPost")
    path = report(pair, tmp_path, figures=False)

    assert path == tmp_path / "index.html"
    assert "<h1>How TASS and MassisPost word the same things</h1>" in path.read_text("utf-8")
    assert (tmp_path / "tables" / "terms_tass_vs_massispost.csv").exists()


def test_one_outlet_against_the_rest(seeds: Any, tmp_path: Path) -> None:
    text = report(bt.compare(seeds.profile, "TASS"), tmp_path, figures=False).read_text("utf-8")

    assert "How TASS and all others word the same things" in text


def test_figures_are_inside_the_page_and_beside_it(tmp_path: Path) -> None:
    result = compared(
        article(id="1", text='Baku said "anti-terrorist measures" began.'),
        article(id="2", outlet="B", text="Yerevan alleged aggression in Nagorno-Karabakh."),
    )
    found = Page(report(result, tmp_path).read_text(encoding="utf-8"))
    pictures = [attrs for tag, attrs in found.tags if tag == "img"]

    assert len(pictures) == 8
    assert all(str(attrs["src"]).startswith("data:image/svg+xml;base64,") for attrs in pictures)
    assert all(attrs["alt"] for attrs in pictures)
    assert (tmp_path / "figures" / "labels.png").exists()


def test_articles_without_hits_quotations_or_dates(tmp_path: Path) -> None:
    """Nothing to show is said, never left blank."""
    result = compared(
        article(id="1", text="Plain words.", date=None),
        article(id="2", outlet="B", text="Nothing else.", date=None),
        lexicons=bt.load_lexicons("framing"),
    )
    text = Page(report(result, tmp_path, figures=False).read_text(encoding="utf-8")).text

    assert "No label of the word lists was found in these articles." in text
    assert "No reporting word was found." in text
    assert "There is nothing for which both have a listed label." in text
    assert (
        "No article has a date: whether the outlets wrote at the same time cannot be told." in text
    )
    assert "No label of the word lists was found in these articles." in summary(result)


def test_a_dash_has_its_reason(tmp_path: Path) -> None:
    """An outlet that quotes nobody has no rate of quoted words, rather than a rate of 0."""
    result = compared(
        article(id="1", text='He said: "The attack was a massacre of civilians."'),
        article(id="2", outlet="B", text="The war went on."),
    )
    text = report(result, tmp_path, figures=False).read_text(encoding="utf-8")
    rates = {part.name: part for part in measures.rate_parts(content.as_comparisons(result))}
    rows = dict(next(c for c in rates["framing"].categories if c.name == "war conflict").rows)

    assert rows["B"][2] == measures.Cell("–", why="no words in the group “quoted”")
    assert '<span class="undefined" title="no words in the group “quoted”">–</span>' in text


def many(outlet: str, number: int) -> Iterator[dict[str, object]]:
    for n in range(number):
        extra = "The war and the attack went on." * (n % 3)
        text = f"Some {outlet} text number {n}. {extra} The word{n % 4} stands here."
        yield article(id=f"{outlet}{n}", outlet=outlet, text=text)


def test_intervals_stand_from_five_articles_on(tmp_path: Path) -> None:
    result = compared(*many("A", 5), *many("B", 4))
    (part,) = [p for p in measures.rate_parts(result) if p.name == "framing"]
    rows = dict(next(c for c in part.categories if c.name == "war conflict").rows)
    table = result.metrics.set_index(["metric", "outlet"])
    low, high = table.loc[("framing.war_conflict.outlet", "A"), ["low", "high"]]

    assert rows["A"][1].interval == words.interval(low, high) != ""
    assert rows["B"][1].interval == ""


def differing(outlet: str, word: str) -> Iterator[dict[str, object]]:
    """Sixteen articles that all hold *word* and else nothing in common."""
    for n in range(16):
        text = f"The {word} of Place{outlet}{n} met Envoy{outlet}{n}."
        yield article(id=f"{outlet}{n}", outlet=outlet, text=text)


def test_findings_are_ranked_from_ten_articles_a_side_on(tmp_path: Path) -> None:
    """The rows on the page are findings of the table, with the same odds; the method is said."""
    result = compared(*differing("Alpha", "regime"), *differing("Beta", "cabinet"))
    (part,) = content.pair_parts(result, [])
    table = result.pairs[0].terms.set_index("term")
    page = report(result, tmp_path, figures=False).read_text(encoding="utf-8")
    written = {row["term"] for row in records(tmp_path, "terms_alpha_vs_beta")}

    assert [row.term for row in part.ranked] == ["the regime of", "the cabinet of"]
    assert all(row.log_odds == table.loc[row.term, "log_odds"] for row in part.ranked)
    assert written == set(table.index)
    assert "Words in which the two differ" in page
    assert all(sentence in unescape(page) for sentence in result.pairs[0].method)


def test_where_nothing_is_found_the_page_says_so(tmp_path: Path) -> None:
    """Two outlets with the same sentences, and two that differ in their own names alone."""
    named = [*many("Alpha", 12), *many("Beta", 12)]
    plain = [{**one, "text": re.sub("Alpha|Beta", "", str(one["text"]))} for one in named]
    for articles, said in (
        (plain, r"None of \d+ words and phrases differs by more than chance"),
        (named, r"only function words, names of the outlets or house style are among them"),
    ):
        result = compared(*articles)
        (part,) = content.pair_parts(result, [])
        page = report(result, tmp_path, figures=False).read_text(encoding="utf-8")

        assert not part.ranked and part.compared > 0
        assert re.search(said, page)


def test_uses_that_may_mean_two_things_stand_apart(tmp_path: Path) -> None:
    lexicon = tmp_path / "two.toml"
    lexicon.write_text(
        'name = "two"\n'
        + "".join(
            f'[[referents]]\nname = "{name}"\nlabels = [{{ label = "deal", terms = ["deal"] }}]\n'
            for name in ("the first thing", "the second thing")
        )
    )
    result = compared(
        article(id="1", text="The deal was signed."),
        article(id="2", outlet="B", text="No more."),
        lexicons=[load_lexicon(lexicon)],
    )
    text = Page(report(result, tmp_path / "out", figures=False).read_text("utf-8")).text

    assert "Uses that may mean more than one thing" in text
    assert "the first thing or the second thing" in text
    assert "1 use may mean more than one thing and is not counted here." in summary(result)


def test_rows_set_aside_are_counted_on_the_page_and_listed(seeds: Any, tmp_path: Path) -> None:
    rejects = [
        Reject("a.csv", 3, "no outlet", "name it"),
        Reject("a.csv", 4, "the article 'x' once more", "nothing to do", "duplicate"),
    ]
    part = bt.profile("seeds")
    part.rejects = rejects
    text = Page(report(bt.compare_all(part), tmp_path, figures=False).read_text("utf-8")).text

    assert "1 row of the input was set aside as unreadable." in text
    assert "1 row repeated an article and was counted once." in text
    assert records(tmp_path, "rejects")[0] == {
        "kind": "error",
        "file": "a.csv",
        "line": 3,
        "reason": "no outlet",
        "remedy": "name it",
    }


def test_csv_guards_text_but_not_numbers(hostile: Any, tmp_path: Path) -> None:
    report(hostile, tmp_path, figures=False)
    found = csv(tmp_path, "articles")
    exact = records(tmp_path, "articles")

    assert list(found["id"]) == ["'=1+1", "'@b", "c"]
    assert found["note"].iloc[0] == "'-2+3"
    assert [row["id"] for row in exact] == ["=1+1", "@b", "c"]
    assert (
        tables.as_json(pd.DataFrame({"x": [-1.5, np.nan]})) == '[\n{"x": -1.5},\n{"x": null}\n]\n'
    )


def test_json_by_columns_is_that_of_cell_after_cell() -> None:
    """Every kind of column, with what is not a number, both zeros and few or many values."""
    table = pd.DataFrame(
        {
            "a": [1, -0.0, np.nan, np.inf, 0.0, 1e-300],
            "b": [True, None, "x", 2, 2.5, "x"],
            "c": pd.to_datetime(["2020-01-01", None, "2021-01-01", "2020-01-01", None, None]),
            "d": [True, False, True, True, False, True],
            "e": pd.array([1, None, 3, 3, 1, None], dtype="Int64"),
            "f": pd.Categorical(["a", "b", None, "a", "a", "b"]),
            'g"\n': ["é", "=1", '"', "\\", "\u2028", "é"],
            3: [np.int64(3), np.float64(2), np.bool_(True), (1, 2), pd.NA, pd.NaT],
        }
    )
    columns = [table.iloc[:, place].tolist() for place in range(table.shape[1])]
    lines = [
        json.dumps(
            dict(zip(map(str, table.columns), map(tables._plain, row), strict=True)),
            ensure_ascii=False,
        )
        for row in zip(*columns, strict=True)
    ]

    assert tables.as_json(table) == "[\n" + ",\n".join(lines) + "\n]\n"
    assert tables.as_json(table[:0]) == tables.as_json(table[[]]) == "[\n\n]\n"


def test_summary_of_hostile_and_of_many_outlets_fits_too(hostile: Any) -> None:
    labels = 'Baku said "anti-terrorist measures" and aggression in Nagorno-Karabakh, Artsakh.'
    crowd = compared(
        *(
            article(id=str(n), outlet=f"Outlet number {n}", text=labels, writer="W")
            for n in range(14)
        )
    )
    for result in (hostile, crowd):
        text = summary(result)
        lines = text.splitlines()

        assert len(lines) <= 100 and max(map(len, lines)) <= 100
        assert "\x1b" not in text and "\u202e" not in text
    assert "  and 2 more" in summary(crowd).splitlines()


def test_a_file_in_the_place_of_the_folder_is_an_error(seeds: Any, tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.write_text("")
    with pytest.raises(NotADirectoryError) as error:
        report(seeds, path)

    assert str(error.value) == f"{path} is a file; give a folder for the report"


def test_a_report_needs_the_texts(tmp_path: Path) -> None:
    """The sentences are read again from the files; a file that is gone is named."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    result = bt.compare_all(bt.profile(tmp_path / "seeds"))
    shutil.rmtree(tmp_path / "seeds")
    with pytest.raises(FileNotFoundError, match="gone, so its articles cannot be read again"):
        report(result, tmp_path / "out", figures=False)


# ------------------------------------------------------------------ who is heard


def test_kinds_of_source_are_those_of_the_table(seeds: Any) -> None:
    """All kinds, zeros included; quoted and reported words sum to the words."""
    table = seeds.sources[(seeds.sources["by"] == "kind") & (seeds.sources["words"] == "both")]
    expected = table.set_index(["source", "outlet"])["count"].to_dict()
    found = {
        (row.name, outlet): cell.words
        for row in heard.kind_rows(seeds)
        for outlet, cell in zip(seeds.profile.outlets, row.cells, strict=True)
    }

    assert found == expected
    assert all(c.words == c.quoted + c.reported for r in heard.kind_rows(seeds) for c in r.cells)
    assert heard.totals(seeds) == table.groupby("outlet")["of"].first().tolist()


def test_no_interval_is_shown_of_fewer_than_five_articles(seeds: Any, page: str) -> None:
    assert not [c.interval for r in heard.kind_rows(seeds) for c in r.cells if c.interval]
    assert "No outlet has the five articles that an interval needs." in page
    assert "No number is corrected and none has an interval: no outlet has five" in page


def test_the_unknown_share_is_said_first_and_as_the_largest_where_it_is() -> None:
    """A's only source is a bare surname, B's an official."""
    result = compared(
        article(id="1", text="Jones said that it rained."),
        article(id="2", outlet="B", text="A government official said that it snowed."),
    )

    assert heard.unknown_note(result) == (
        "Of unknown kind: 100 % in A and 0 % in B. That is the largest share in A. Somebody spoke "
        "these words, so every other share may in truth be larger."
    )


def test_nobody_heard_is_no_share(tmp_path: Path) -> None:
    result = compared(article(id="1", text="It rained."), article(id="2", outlet="B", text="Snow."))
    text = Page(report(result, tmp_path, figures=False).read_text(encoding="utf-8")).text

    assert heard.unknown_note(result) == "No outlet quotes or reports anybody."
    assert "nan" not in text.lower().split()
    assert {cell.share for row in heard.kind_rows(result) for cell in row.cells} == {"–"}


def test_who_is_named_and_not_heard_is_listed(seeds: Any, page: str) -> None:
    """TASS names the Karabakh Armenians and credits no word to them."""
    rows = {row.outlet: dict(row.sides) for row in heard.unheard(seeds)}
    table = seeds.sources[(seeds.sources["by"] == "side") & (seeds.sources["words"] == "both")]
    said = set(map(tuple, table.loc[table["count"] > 0, ["outlet", "source"]].to_numpy()))

    assert rows["TASS"]["Karabakh Armenians"] >= 1
    assert not [(o, side) for o, sides in rows.items() for side in sides if (o, side) in said]
    assert "rules miss some speakers" in page


def test_who_stands_in_a_source_phrase_is_not_called_unheard(tmp_path: Path) -> None:
    """A report of a body hears it; "credited with no word" would claim more than was measured."""
    path = tmp_path / "lands.toml"
    lands = ("Ruritania", "Sylvania")
    actors = [f'[[actors]]\nname = "{n}"\nside = "{n}"\naliases = []\n' for n in lands]
    path.write_text('name = "lands"\n' + "".join(actors))
    text = "It rained in Ruritania and Sylvania. A report from Ruritania said that roads were shut."
    result = compared(
        article(id="1", text=text), article(id="2", outlet="B"), lexicons=bt.load_lexicons(path)
    )
    page = report(result, tmp_path / "report", figures=False).read_text(encoding="utf-8")

    assert heard.unheard(result)[0].sides == (("Sylvania", 1),)
    assert "Named in the articles, and not found as the speaker of any words" in page
    assert "credited with no word" not in page


def test_a_name_that_two_lexicons_know_is_named_once(tmp_path: Path) -> None:
    paths = []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.toml")
        paths[-1].write_text(
            f'name = "{name}"\n[[actors]]\nname = "Ruritania"\nside = "Ruritania"\naliases = []\n'
        )
    result = compared(
        article(id="1", text="It rained in Ruritania."),
        article(id="2", outlet="B", text="Snow."),
        lexicons=bt.load_lexicons(*paths),
    )

    assert heard.unheard(result)[0].sides == (("Ruritania", 1),)


def test_the_first_table_repeats_what_stands_below(seeds: Any) -> None:
    """Whose words, who is heard, and labels: each number as in its own table."""
    rows = {row.outlet: row for row in glance.glances(seeds)}
    tass = rows["TASS"]
    officials = next(row for row in heard.kind_rows(seeds) if row.name == "officials")
    place = list(rows).index("TASS")
    share = 100 * officials.cells[place].words / heard.totals(seeds)[place]
    voices = [float(tass.own), float(tass.reported), float(tass.quoted)]

    assert f"officials {share:.0f}\xa0%" in tass.kinds
    assert sum(voices) == pytest.approx(100, abs=0.2)
    assert sum(row.labels_quoted for row in rows.values()) == len(seeds.adoption)
    assert sum(row.uses for row in rows.values()) == seeds.mentions["resolved"].sum()


def test_the_effective_number_of_sources_is_told_with_its_formula(seeds: Any, page: str) -> None:
    table = seeds.diversity.set_index(["outlet", "by", "index"])["value"]
    rows = dict(heard.spreads(seeds))

    assert rows["TASS"][0].value == words.figure(table["TASS", "speaker", "effective"])
    assert rows["TASS"][0].why == "fewer than 5 articles with a known source"
    assert "square it, add the squares, and divide 1 by the sum" in page


# ------------------------------------------------------------------ how speakers are introduced


def test_what_could_not_be_tested_is_said_with_its_reason(seeds: Any, page: str) -> None:
    tests = introductions.outlet_tests(seeds)
    reasons = dict(tests.untested)

    assert tests.tested == tests.found == 0 and not tests.rows
    assert tests.rest == (seeds.cue_asymmetry["side"] != "").sum() < len(seeds.cue_asymmetry)
    assert "Speakers of no known side stand in the table above and are not tested" in page
    assert set(reasons) == {
        "the two outlets wrote at different times",
        "fewer than 10 articles of one of the two outlets have reporting words of the side",
    }
    assert "could be tested, so nothing can be said of a difference." in Page(page).text


def introduced(outlet: str, cue: str) -> Iterator[dict[str, object]]:
    """Twelve articles in which Baku speaks twice with *cue* and once with another."""
    for n in range(12):
        text = f"Baku {cue} that it rained on day {n}. Baku {cue} that it snowed. Baku said no."
        yield article(id=f"{outlet}{n}", outlet=outlet, text=text)


def test_a_difference_is_shown_with_its_counts_and_its_adjusted_p(tmp_path: Path) -> None:
    result = compared(*introduced("A", "claimed"), *introduced("B", "said"))
    tests = introductions.outlet_tests(result)
    table = result.cue_asymmetry
    row = next(row for row in tests.rows if row.cue_class == "distancing")
    text = Page(report(result, tmp_path, figures=False).read_text(encoding="utf-8")).text

    assert row.what == "Azerbaijan" and row.names == ("A", "B")
    assert row.counts[1].startswith("0 of ") and row.found
    assert tests.tested == table["p"].notna().sum()
    assert tests.found == (table["p_fwer_all"] <= introductions.LEVEL).sum() > 0
    assert f"{tests.found} differ by more than chance alone would bring" in text


@pytest.mark.parametrize(
    ("p", "shown"), [(0.0001, "<0.001"), (0.0296, "0.030"), (0.25, "0.25"), (1.0, "1.00")]
)
def test_a_p_value_is_never_0(p: float, shown: str) -> None:
    assert introductions.p_value(p) == shown


def test_few_of_many_are_not_rounded_to_nothing() -> None:
    assert [introductions._whole_percent(share) for share in (0.0, 0.004, 0.5)] == ["0", "<1", "50"]


# ------------------------------------------------------------------ how labels travel

TRAVEL = (
    'Baku said: "The anti-terrorist measures in Karabakh go on as we planned them." '
    "The anti-terrorist measures went on in Karabakh. "
)


def travelled(**changes: object) -> Any:
    """Outlet A quotes a label and drops its marks; B words it the same day."""
    return compared(
        article(id="1", text=TRAVEL, **changes),
        article(id="2", outlet="B", text="The anti-terrorist measures in Karabakh began."),
        article(id="3", outlet="B", text="Snow lay in Karabakh.", date="2023-09-22"),
    )


def test_an_adopted_label_stands_with_the_sentence_of_each_use(tmp_path: Path) -> None:
    result = travelled()
    found = journeys.adoptions(result)
    (row,) = [row for row in found.sided if row.label == "anti-terrorist measures"]
    (step,) = row.steps
    text = Page(report(result, tmp_path, figures=False).read_text(encoding="utf-8")).text

    assert (row.outlet, row.side, row.quoted.how) == ("A", "Azerbaijan", "quoted")
    assert row.quoted.after.startswith(" in Karabakh go on as we planned them")
    assert (step.how, step.use.how, step.caution) == ("in the same article", "own", "")
    assert step.use.after == " went on in Karabakh."
    assert "A: “anti-terrorist measures”" in text and "then in the same article" in text


def test_tallies_part_the_labels_that_are_quoted(seeds: Any) -> None:
    """Adopted, worded before, order unknown, never worded: each quoted label is one of these."""
    for found in (journeys.adoptions(seeds), journeys.adoptions(travelled())):
        for t in found.tallies:
            assert t.quoted == t.adopted + t.worded_first + t.unordered + t.never
            assert t.narrated <= t.adopted
    table = seeds.adoption

    assert sum(t.quoted for t in journeys.adoptions(seeds).tallies) == len(table)


def test_the_same_speakers_claim_is_a_weaker_sign() -> None:
    """TASS quotes Peskov's peacekeepers and then tells his own claim in other words."""
    quoted = {"speaker": "Peskov", "text": "“Our peacekeepers stay,” Peskov said."}
    told = {"speaker": "Peskov", "text": "He said the peacekeepers stay.", "voice": "reported"}
    again = {"speaker": "", "text": "Our peacekeepers stay, Peskov said", "voice": "own"}

    assert journeys._caution(quoted, told) == "Still told as what the same speaker said."
    assert journeys._caution(quoted, again).startswith("The same sentence again: perhaps one text")
    assert journeys._caution(quoted, {**again, "text": "The peacekeepers stay."}) == ""


def test_of_one_day_the_order_is_unknown(tmp_path: Path) -> None:
    result = travelled()
    rows, _ = journeys.first_rows(result)
    (row,) = [row for row in rows if row.label == "anti-terrorist measures"]
    text = Page(report(result, tmp_path, figures=False).read_text(encoding="utf-8")).text

    assert row.any == journeys.First("A or B", "20 September 2023", "same day: order unknown")
    assert row.quoted == journeys.First("A", "20 September 2023", "")
    assert "A or B 20 September 2023 (same day: order unknown)" in text


def test_an_undated_article_may_be_the_first() -> None:
    rows, _ = journeys.first_rows(travelled(date=None))
    found = [row.any for row in rows if row.label == "anti-terrorist measures"]

    assert found[0].why == "same day or no date: order unknown"


def test_labels_held_off_are_counted_apart_from_attacks(tmp_path: Path) -> None:
    """Scare quotes and "claimed" are the outlet's; under "accused" the speaker attacks."""
    where = "in Karabakh"
    result = compared(
        article(id="1", text=f'The so-called "anti-terrorist measures" {where} went on.'),
        article(id="2", text=f"Baku claimed that its anti-terrorist measures {where} went on."),
        article(id="3", text=f"Baku said that its anti-terrorist measures {where} went on."),
        article(id="4", outlet="B", text="Yerevan accused Baku of an attack on Karabakh."),
    )
    rows = {row.side: row.cells for row in journeys.distance_rows(result)}
    held, more = journeys.held_rows(result)
    labels = [(row.outlet, row.label) for row in held if row.side]
    text = Page(report(result, tmp_path, figures=False).read_text(encoding="utf-8")).text

    assert rows["Azerbaijan"][0] == journeys.Held(3, scare=1, distancing=1, attacking=0)
    assert (rows["Armenia"][1].off, rows["Armenia"][1].attacking) == (0, 1)
    assert labels == [("A", "anti-terrorist measures")] and more == 0
    assert "1 in scare quotes, 1 under a distancing word" in text
    assert "apart: 1 under an attacking word" in text


def test_each_example_of_distance_is_held_off(seeds: Any) -> None:
    held, _ = journeys.held_rows(seeds)
    table = seeds.distance.set_index(["outlet", "by", "referent", "label"])

    assert held
    for row in held:
        counts = table.loc[(row.outlet, "label", row.referent, row.label)]

        assert row.held.off == counts["scare"] + counts["distancing"] > 0
        assert row.use.cue or row.held.scare


def test_so_called_without_any_mark_or_cue_has_its_example() -> None:
    """The word before the label is all that holds it off."""
    result = compared(
        article(id="1", text="The so-called anti-terrorist measures in Karabakh went on."),
        article(id="2", outlet="B", text="Azerbaijan's attack on Karabakh went on."),
    )
    held, _ = journeys.held_rows(result)

    assert [(row.label, row.held.distancing) for row in held] == [("anti-terrorist measures", 1)]
    assert held[0].use.before.endswith("so-called ")


def test_hostile_text_in_a_journey_is_only_text(tmp_path: Path) -> None:
    text = (
        f'Baku said: "The anti-terrorist measures {HOSTILE} go on as they were planned." '
        f"The anti-terrorist measures {HOSTILE} went on in Karabakh. "
        f'The so-called "anti-terrorist measures" {HOSTILE} in Karabakh ended.'
    )
    result = compared(
        article(id="1 or 2", outlet=f"A or {HOSTILE}", text=text),
        article(id="1", outlet="B", text=text),
    )
    html = report(result, tmp_path, figures=False).read_text(encoding="utf-8")

    assert journeys.adoptions(result).sided
    assert not {"script"} & {tag for tag, _ in Page(html).tags}
    assert "<script>alert" in Page(html).text


# ------------------------------------------------------------------ one article, marked


def test_voices_stand_in_brackets_and_terms_before_their_meaning(notes: Any) -> None:
    text = marked(notes, "tass-2023-09-25")

    assert ' partial: it → Baku| "local *anti-terrorist measures*{' in text
    assert " reported: Azerbaijani Defense Ministry| that an " in text
    assert "*anti-terrorist crackdown*{" in text
    assert "[left out| MOSCOW, September 25. /TASS/. ]" in text
    assert "\x1b" not in text


def test_numbers_join_brackets_reporting_words_and_the_list(notes: Any) -> None:
    """Each attribution bears one number: on its words, on its cue, and in the list."""
    text = marked(notes, "tass-2023-09-25")
    (number,) = re.findall(r"Nikol Pashinyan claimed\^(\d+) ", text)
    table = notes.attributions[notes.attributions["article"] == "tass-2023-09-25"]
    listed = re.findall(r"^ *(\d+)\. ", text, re.MULTILINE)

    assert f"[{number} reported: Nikol Pashinyan| that the " in text
    assert f" {number}. Nikol Pashinyan: “claimed” (distancing, speech), reported\n" in text
    assert listed == [str(n) for n in range(1, table["id"].nunique() + 1)]


def test_the_list_says_source_act_words_and_what_is_nested(notes: Any) -> None:
    text = marked(notes, "tass-2023-09-25")
    (inner,) = re.findall(r"\d+\. Baku: “described” \(distancing, speech\)[^\d]*\d*", text)

    assert "\n      source: it (by pronoun)\n" in inner
    assert '\n      words:  as … "local anti-terrorist measures"\n' in inner
    assert re.search(r"\n      nested: inside \d+, told by Baku\n", text)


def test_brackets_stand_round_words_only() -> None:
    """Neither before the headline, for words that all are another's, nor round a comma."""
    text = "It rained, and it snowed. Jane Roe said that it was late."
    notes = bt.annotate(pd.DataFrame([article(text=text)]))
    table = notes.attributions
    nothing = table.iloc[:1].assign(id=99, content_start=-1, content_end=-1)
    signs = table.iloc[:1].assign(id=98, content_start=9, content_end=11)
    notes.__dict__["attributions"] = pd.concat([table, nothing, signs], ignore_index=True)
    shown = marked(notes, "a").split("\n")[0]

    assert shown.startswith("It rained, and it snowed. ")
    assert shown.count("[") == 1


@pytest.mark.parametrize("number", range(5))
def test_marks_never_cross(notes: Any, number: int) -> None:
    """What was opened last is closed first, brackets and asterisks alike."""
    depth: list[str] = []
    for piece in pieces(notes, notes.articles["id"].iloc[number]):
        if not piece.added or piece.text.startswith("^") or not piece.text.strip():
            continue
        if piece.text.startswith("*") and depth[-1:] == ["*"]:
            depth.pop()
        elif piece.text == " ]":
            assert depth.pop() == "["
        else:
            depth.append(piece.text[0])

    assert depth == []


def test_a_term_that_a_bracket_cuts_is_marked_in_parts(notes: Any) -> None:
    """ "noted that" is a term of which the second word stands inside the bracket."""
    text = marked(notes, "news-ru-2020-09-28")

    assert "He *noted*^2 [2 reported: He → Dmitry Peskov| *that*{certainty.factives} from" in text


def test_a_label_is_marked_where_it_counts(notes: Any) -> None:
    """Armenia's mobilisation is not Ukraine's, nor is an attack of 2020 one of 2023."""
    text = marked(notes, "news-ru-2020-09-28")

    assert "*General mobilization*{framing.war_conflict} in Armenia" in text
    assert "Ukraine's mobilisation" not in text
    assert "the action of 19-20 September 2023" not in text


def test_a_speaker_without_a_name_is_as_written(notes: Any) -> None:
    text = marked(notes, "news-ru-2020-09-28")

    assert "source: The journalists (as written)" in text
    assert "source: Moscow (named)" in text


def test_voices_may_stand_alone(notes: Any) -> None:
    text = marked(notes, "tass-2023-09-25", terms=False)

    assert ' partial: it → Baku| "local anti-terrorist measures"' in text
    assert "*" not in text.split("MARKS")[0] and "{" not in text


def test_scare_quotes_are_marked_though_nobody_said_them() -> None:
    notes = bt.annotate(pd.DataFrame([article(text='The so-called "peacekeepers" left.')]))

    assert '[scare| "' in marked(notes, "a")
    assert '" ] left.' in marked(notes, "a")
    assert "WHO SAYS WHAT (0 attributions" in marked(notes, "a")


def test_who_thinks_is_told_from_who_speaks() -> None:
    notes = bt.annotate(pd.DataFrame([article(text="Mr. Smith wants peace.")]))

    assert "1. Smith: “wants” (neutral, attitude), reported" in marked(notes, "a")


def test_colours_are_added_only_where_asked_for(notes: Any) -> None:
    text = marked(notes, "tass-2023-09-25", colour=True)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)

    assert bare == marked(notes, "tass-2023-09-25") != text


def test_escapes_of_the_article_do_not_reach_the_terminal() -> None:
    text = 'A \x1b[31mred\x1b[0m word, "\x1b]0;title\x07he" said.'
    notes = bt.annotate(pd.DataFrame([article(text=text, title="T\x1b[2J")]))

    assert "\x1b" not in marked(notes, "a")
    assert "\x07" not in marked(notes, "a", colour=True)
    assert "A red word" in marked(notes, "a")
    assert marked(notes, "a").startswith("T\n\n")


def test_an_unknown_article_is_an_error(notes: Any) -> None:
    with pytest.raises(KeyError, match="no article 'x' here; ids are in articles"):
        marked(notes, "x")


# ------------------------------------------------------------------ sentences


@pytest.mark.parametrize(
    ("voice", "speaker", "cue_class", "said"),
    [
        ("own", "", "", "Narration, worded by TASS: no source was found for it."),
        ("reported", "Peskov", "neutral", "Told as Peskov’s proposition; the wording is TASS’s."),
        ("reported", "Peskov", "denying", "Ascribed to Peskov; the wording is TASS’s."),
        (
            "reported",
            "",
            "",
            "Ascribed to a source that was not found; the wording is TASS’s.",
        ),
        (
            "quote",
            "Kremlin",
            "neutral",
            "Inside quotation marks, a quotation ascribed to the Kremlin.",
        ),
        ("quote", "", "", "Inside quotation marks; whose words they are was not found."),
        ("scare", "", "", "Inside quotation marks without a source: the marks are TASS’s."),
    ],
)
def test_a_speaker_is_credited_with_words_only_inside_quotation_marks(
    voice: str, speaker: str, cue_class: str, said: str
) -> None:
    mention = {"voice": voice, "speaker": speaker, "cue": "said", "cue_class": cue_class}

    assert words.credit(mention, "TASS") == said


def test_who_asks_proposes_nothing() -> None:
    mention = {"voice": "reported", "speaker": "Baku", "cue": "demanded", "cue_class": "emphatic"}

    assert words.credit(mention, "TASS") == "Ascribed to Baku; the wording is TASS’s."


@pytest.mark.parametrize(
    ("name", "how", "source", "shown"),
    [
        ("Baku", "pronoun", "it", "it (→ Baku)"),
        ("Baku", "pronoun", "", "a pronoun (→ Baku)"),
        (
            "Dmitry Peskov",
            "role",
            "the Kremlin spokesman",
            "the Kremlin spokesman (→ Dmitry Peskov)",
        ),
        ("Yerevan", "inherited", "", "(→ Yerevan)"),
        ("Dmitry Peskov", "named", "Peskov", "Dmitry Peskov"),
        ("", "none", "they", ""),
    ],
)
def test_an_inferred_speaker_is_shown_as_inferred(
    name: str, how: str, source: str, shown: str
) -> None:
    assert words.shown_speaker({"speaker": name, "resolution": how, "source": source}) == shown


def test_articles_and_genitives() -> None:
    names = ["Ministry of Defense of Armenia", "United States", "Vladimir Putin", "journalists"]
    found = [words.possessive(words.with_article(name)) for name in names]

    assert found == [
        "the Ministry of Defense of Armenia’s",
        "the United States’s",
        "Vladimir Putin’s",
        "the journalists’",
    ]


def test_numbers_dates_and_lists() -> None:
    assert words.figure(-0.04) == "0.0"
    assert words.figure(1234.56) == "1,234.6"
    assert words.interval(math.nan, 1.0) == ""
    assert words.whole(2.5) == "2.5"
    assert words.period(None) == "no dates"
    assert words.listed([]) == ""
    assert words.distance(0) == "Their nearest articles are of the same day."
    assert words.distance(None).startswith("How far apart they wrote is unknown")
    assert words.one_event((), True) == "No dated event of the word lists is named by both."


# ------------------------------------------------------------------ examples of lexicons


def test_a_lexicon_whose_examples_fail_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(
        'name = "bad"\n[categories.war]\nterms = ["strike*"]\n'
        'hits = ["an air strike", "a battle"]\nmisses = ["the unions struck", "strike a deal"]\n'
        '[[referents]]\nname = "the thing"\n'
        'labels = [{ label = "deal", terms = ["deal"], hits = ["an accord"] }]\n'
    )
    checked = check_examples(load_lexicon(path))

    assert (checked.hits, checked.misses) == (3, 2)
    assert checked.failures == (
        "category 'war' does not match 'a battle'; add a term for it, or drop it from hits",
        "category 'war' matches 'strike a deal'; add a `not` phrase for it, or drop it from misses",
        "label 'deal' of 'the thing' does not match 'an accord'; add a term for it, or drop it "
        "from hits",
    )


def test_marking_a_text_takes_time_in_proportion_to_it():
    """Looked for among all spans at every mark, four times the text would take sixteen times."""

    def seconds(times: int) -> float:
        row = {"id": ["a"], "outlet": ["A"], "text": ["he said the thugs were bad and " * times]}
        notes = bt.annotate(pd.DataFrame(row), bt.load_lexicons("loaded"))
        assert len(notes.attributions) and len(notes.hits) and len(notes.tokens)
        with collector_paused():  # it searches what all other tests have left, too
            start = time.process_time()
            shown = sum(len(piece.text) for piece in pieces(notes, "a") if not piece.added)
            taken = time.process_time() - start
        assert shown == 31 * times
        return taken

    seconds(10)  # the first call imports and learns
    small, large = seconds(500), seconds(2_000)

    assert large < 8 * small + 0.2
