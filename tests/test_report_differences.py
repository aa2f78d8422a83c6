"""The report on differences: what chance gives, how far apart, by which words, and what not."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import bias_toolkit as bt
from bias_toolkit.comparison import CHECK_DRAWS, CHECK_SPLITS, Comparisons
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.reports import (
    apart,
    limits,
    marked,
    noise,
    report,
    shifting,
    summary,
    words,
)
from bias_toolkit.reports.cautions import cautions
from bias_toolkit.selfchecks import SelfCheck

ROOT = Path(__file__).parents[1]
HOSTILE = "Odd <b>& Co</b>"
LEXICON = Lexicon(
    "small",
    "small",
    categories=(
        Category(
            "harsh_words", "", (Term("regime"), Term("puppet"), Term("clique"), Term("junta"))
        ),
        Category("mild", "", (Term("cabinet"),)),
    ),
)


def newsroom(outlet: str, number: int, *, harsh: float, **columns: str) -> pd.DataFrame:
    """Articles of chance words and lengths, a share of them with harsh words."""
    rng = np.random.default_rng([len(outlet), *outlet.encode()])
    taste = rng.dirichlet(np.full(60, 2.0))
    rows = []
    for n in range(number):
        words = rng.choice([f"word{k}" for k in range(60)], rng.integers(35, 60), p=taste).tolist()
        hard = "regime puppet clique junta" if rng.random() < harsh else "so they say again"
        mood = "A murder." if rng.random() < harsh else "A gift."
        text = f"The {' '.join(words)} {hard} cabinet met. {mood}"
        rows.append({"id": f"{outlet}{n}", "outlet": outlet, "date": "2024-01-05", "text": text})
    return pd.DataFrame(rows).assign(**{"title": "", **columns})


def compared(*articles: pd.DataFrame, **how: Any) -> Comparisons:
    part = bt.profile(pd.concat(articles, ignore_index=True), [LEXICON])
    return bt.compare_all(part, **{"draws": 499, **how})


def page_of(whole: Comparisons, folder: Path) -> str:
    return report(whole, folder, figures=False).read_text(encoding="utf-8")


def said(page: str, section: str) -> str:
    """What a reader sees of one section."""
    begin = page.index(f'<section id="{section}"')
    end = page.find('\n<section id="', begin + 5)
    text = re.sub(r"<[^>]+>", " ", page[begin : end if end > 0 else len(page)])
    return " ".join(unescape(text).split())


@pytest.fixture(scope="module")
def whole() -> Comparisons:
    """Two outlets that differ, a third like the second, and one of three articles."""
    return compared(
        newsroom("Ant", 24, harsh=0.95),
        newsroom("Bee", 24, harsh=0.05),
        newsroom(HOSTILE, 24, harsh=0.5),
        newsroom("Few", 3, harsh=0.5),
    )


@pytest.fixture(scope="module")
def folder(whole: Comparisons, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(whole, tmp_path_factory.mktemp("report")).parent


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        whole = bt.compare_all(bt.profile("seeds", bt.load_lexicons("framing", "nagorno_karabakh")))
        return page_of(whole, tmp_path_factory.mktemp("seeds"))


# ------------------------------------------------------------------ laws


def test_every_number_of_the_page_is_in_a_table(folder: Path, whole: Comparisons):
    tables = {
        name: json.loads((folder / "tables" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("selfcheck", "outlet_distances", "categories", "word_shifts")
    }

    assert len(tables["selfcheck"]) == CHECK_SPLITS
    assert len(tables["outlet_distances"]) == len(whole.pairs) == 6
    assert len(tables["categories"]) == 2 * 6
    first = tables["word_shifts"][0]
    shift = whole.pairs[0].shifts[first["measure"]].terms.iloc[0]
    assert (first["a"], first["b"], first["term"]) == ("Ant", "Bee", shift["term"])
    assert first["contribution"] == shift["contribution"]


def test_names_of_outlets_are_only_ever_text(page: str):
    assert HOSTILE not in page and "Odd &lt;b&gt;&amp; Co&lt;/b&gt;" in page


def test_figures_stand_in_the_page_and_beside_it(folder: Path, page: str):
    names = {path.name for path in (folder / "figures").iterdir()}

    for name in ("map", "distances", "shifts-ant-bee"):
        assert {f"{name}.png", f"{name}.svg"} <= names
    assert 'alt="Map: outlets whose articles' in page
    assert 'alt="Word shifts of Ant and Bee' in page


# ------------------------------------------------------------------ chance alone


def test_every_report_says_what_chance_alone_gives(whole: Comparisons, page: str):
    text = said(page, "noise")

    assert whole.noise.draws == CHECK_DRAWS == 199
    for sentence in whole.noise.sentences():
        assert sentence.replace("  ", " ") in text
    assert "Split at random into halves of 12 articles, Ant differs from itself in" in text
    assert "Too few different articles to split (20 are needed): Few." in text
    assert "* Chance alone: 20 random splits of outlets into halves." in summary(whole)


def test_what_was_found_between_outlets_stands_beside_it(whole: Comparisons, page: str):
    rows = noise.between(whole)
    pair = whole.pairs[0]

    assert len(rows) == 3 and (rows[0].a, rows[0].b) == ("Ant", "Bee")
    words = pair.terms[pair.terms["kind"] != "category"]
    assert rows[0].terms == len(words)
    assert rows[0].found == (words["p_fwer"] <= 0.05).sum()
    assert rows[0].over_all == (3 * words["p_fwer"] <= 0.05).sum()
    assert "Over all 3 pairs together that chance may be as many times as large" in said(
        page, "noise"
    )
    assert rows[0].categories == 1
    assert "24 against 24" in said(page, "noise")


def test_without_articles_enough_nothing_could_be_tried(seeds: str):
    text = said(seeds, "noise")

    assert "No self-check: no outlet has 20 different articles" in text
    assert "Nothing is tested between the outlets either: the report counts and quotes." in text


def test_a_corpus_in_which_halves_differ_is_not_to_be_trusted(whole: Comparisons, tmp_path: Path):
    table = whole.noise.table.assign(found=1, which="“word1”")
    noisy = compared(newsroom("Ant", 12, harsh=0.9), newsroom("Bee", 12, harsh=0.1))
    noisy.__dict__["noise"] = SelfCheck(table, ())
    text = said(page_of(noisy, tmp_path), "noise")

    assert "That is more than chance allows (p = 0.000)" in text
    assert "by at most 1 term: “word1”" in text


# ------------------------------------------------------------------ how far apart


def test_distances_are_told_with_their_intervals_and_in_words(whole: Comparisons, page: str):
    rows = apart.rows(whole)
    table = whole.outlet_distances.query("low == low").sort_values("distance")
    text = said(page, "apart")

    assert [row.value for row in rows[:3]] == [f"{1000 * x:,.1f}" for x in table["distance"]]
    assert rows[0].interval in text
    assert (rows[-1].value, rows[-1].said) == (
        "–",
        "Not told: an interval needs 5 articles of either outlet.",
    )
    assert "with articles alike in month and length" in text
    assert "neither outlet is the measure of the other" in text


@pytest.mark.parametrize(
    ("ends", "meaning"),
    [
        (((-1, 2), (-1, 3)), "Not told apart from 0"),
        (((1, 2), (-1, 3)), "all of it may be topic, time or length"),
        (((1, 2), (np.nan, np.nan)), "too few are alike to say what it is of"),
        (((1, 2), (1, 3)), "also where the articles are alike"),
    ],
)
def test_intervals_are_put_into_words(ends: tuple, meaning: str):
    row = SimpleNamespace(reason="", a_articles=10, b_articles=10)

    assert meaning in apart._said(row, *ends)


def test_distances_of_few_articles_are_described():
    """Nine articles have an interval; nothing is said to follow from it."""
    row = SimpleNamespace(reason="", a_articles=9, b_articles=40)

    assert apart._said(row, (1, 2), (1, 2)).startswith("Described, not tested")


def test_the_seeds_get_no_distance_and_the_reasons(seeds: str):
    text = said(seeds, "apart")

    assert "No distance is given, and no map drawn:" in text
    assert "how alike its own articles are is unknown" in text
    assert "Not told: the two outlets wrote at different times." in text


def test_two_outlets_get_a_number_and_no_map(tmp_path: Path):
    two = compared(newsroom("Ant", 12, harsh=0.9), newsroom("Bee", 12, harsh=0.1), strata=None)
    text = said(page_of(two, tmp_path), "apart")

    assert "No map is drawn of two outlets: it would only show the one number." in text
    assert "with articles alike in length" in text


# ------------------------------------------------------------------ by which words


def test_a_finding_stands_with_its_strongest_terms_left_out(whole: Comparisons, page: str):
    found = shifting.pair_shifts(whole.pairs[0])
    (row,) = found.categories
    table = whole.pairs[0].categories.set_index("measure").loc["small.harsh_words"]

    assert found.tested == 2 and found.found
    assert row.strongest == table["counts"] and row.rest == words.figure(table["rest"], 2)
    text = said(page, "pairs")
    assert row.strongest in text and "It holds without these." in text
    assert "a family of their own" in text


@pytest.mark.parametrize(
    ("changes", "meaning"),
    [
        ({"rest_terms": 0}, "These are all of its terms here."),
        ({"rest_low": -1}, "it hangs on them"),
        ({"rest_low": np.nan}, "it hangs on them"),
        ({"rest": -2, "rest_low": -3, "rest_high": -1}, "it turns round"),
        ({"low": -1}, "The plain rates cannot be told apart"),
        ({"low": -1, "rest_low": -1}, "The plain rates cannot be told apart"),
        ({}, "It holds without these."),
    ],
)
def test_whether_a_finding_hangs_on_three_terms_is_said(changes: dict[str, float], meaning: str):
    row = {
        "rest_terms": 6,
        "difference": 5,
        "low": 3,
        "high": 7,
        "rest": 2,
        "rest_low": 1,
        "rest_high": 3,
    }

    assert meaning in shifting._said(SimpleNamespace(**{**row, **changes}))


def test_each_term_of_a_shift_stands_with_its_interval(whole: Comparisons, page: str):
    parts = shifting.pair_shifts(whole.pairs[0]).parts
    shift = whole.pairs[0].shifts["small.harsh_words"]

    assert [part.name for part in parts] == ["tone (VADER)", "small: harsh words"]
    assert parts[1].terms[0].term == shift.terms["term"][0]
    assert parts[1].terms[0].interval in said(page, "pairs")
    assert "Tone adds up the feeling of single words: context, never a finding." in said(
        page, "pairs"
    )


def test_the_seeds_get_counts_and_no_finding(seeds: str):
    text = said(seeds, "pairs")

    assert "Word lists: where the counts are furthest apart" in text
    assert "Counts of these articles, with no test and no interval" in text
    assert "what differs, and by which words" not in text
    assert "95 % interval" not in text


def test_where_no_category_differs_the_page_says_so(tmp_path: Path):
    alike = newsroom("Ant", 12, harsh=0.5)
    twin = alike.assign(outlet="Bee", id=[f"b{n}" for n in range(12)])
    text = said(page_of(compared(alike, twin), tmp_path), "pairs")

    assert "of the word lists differs by more than chance alone would give." in text
    assert "That does not show that the two are alike." in text


# ------------------------------------------------------------------ guard rails


def test_what_cannot_be_tested_is_told_from_no_difference(whole: Comparisons, page: str):
    words = whole.pairs[0].terms.query("kind != 'category'")
    unable = int((~words["testable"].astype(bool)).sum())

    assert unable
    assert f"{unable} of {len(words)} terms stand in too few articles" in said(page, "pairs")
    assert "of these say “cannot be tested”, not “no difference”." in said(page, "pairs")


def test_below_25_articles_only_large_differences_can_show(whole: Comparisons, page: str):
    assert "Below 25 articles a side only very large differences can show" in said(page, "pairs")
    (text,) = [text for heading, text in cautions(whole) if heading == "Only large differences"]
    assert "Ant (24 articles)" in text and "Few" not in text


def test_from_100_articles_on_a_list_is_offered_for_exploring(tmp_path: Path):
    many = compared(
        newsroom("Ant", 110, harsh=0.9), newsroom("Bee", 110, harsh=0.1), unit="article"
    )
    pair = many.pairs[0]
    explored = (pair.terms["p_bh"] <= 0.05) & (pair.terms["p_fwer"] > 0.05)
    sentences = " ".join(limits.limits(pair))

    assert explored.any()
    assert f"For exploring: {explored.sum()} further term" in sentences
    assert "Below 25" not in sentences


def test_articles_without_counterpart_and_few_days_are_named(whole: Comparisons):
    """A stratum's share below 70 %, and fewer than twenty days that are drawn."""
    contrast = SimpleNamespace(
        articles=(40, 30),
        built=SimpleNamespace(shares=(0.5, 0.9)),
        keyness=SimpleNamespace(unit="block", units=(12, 30)),
    )
    facts = SimpleNamespace(comparable=True)
    pair = SimpleNamespace(a="A", b="B", facts=facts, contrast=contrast, terms=whole.pairs[0].terms)
    sentences = limits.limits(pair)  # type: ignore[arg-type]

    assert "With fewer than 20 days a side p-values are coarse." in sentences
    assert sentences[1] == (
        "Fewer than 70% of the articles of A have a counterpart: what is found holds for those "
        "that have one."
    )
    assert not any("articles of B" in text for text in sentences)


def test_what_rests_on_one_article_or_day_is_flagged():
    row = {"largest_article": 0.62, "largest_writer": np.nan, "largest_day": 0.5, "survives": False}
    row["survives_writer"] = None

    assert limits.rests_on(SimpleNamespace(**row)) == (
        "one article has 62\xa0% of the uses; one day has 50\xa0% of the uses; not found without "
        "the article that uses it most"
    )
    little = {"largest_article": 0.1, "largest_day": 0.2, "survives": None}
    assert limits.rests_on(SimpleNamespace(**{**row, **little})) == ""


def test_what_rests_on_one_writer_is_flagged_where_that_writer_has_half_of_it():
    row = {"largest_article": 0.1, "largest_day": 0.1, "survives": True, "survives_writer": False}

    assert limits.rests_on(SimpleNamespace(**row, largest_writer=0.9)) == (
        "one writer has 90\xa0% of the uses, and it is not found without them"
    )
    # Without a fifth of the articles a true difference may be lost for want of articles.
    assert limits.rests_on(SimpleNamespace(**row, largest_writer=0.2)) == ""


def test_two_outlets_alike_but_for_one_writer_are_said_to_be_so(tmp_path: Path):
    """Thirty of one outlet's sixty articles are by somebody with a word of her own."""
    a, b = newsroom("Ant", 60, harsh=0.5), newsroom("Bee", 60, harsh=0.5)
    hers = np.arange(60) < 30
    a["text"] += np.where(hers, " A zugzwang it was.", " Nothing it was.")
    a["Author"] = np.where(hers, "By Ann Lee", "Bob Roe")
    b["Author"] = "Staff"
    two = compared(a, b, unit="article")
    (pair,) = two.pairs
    found = pair.terms[pair.terms["term"].str.contains("zugzwang") & (pair.terms["p_fwer"] <= 0.05)]
    text = said(page_of(two, tmp_path), "pairs").replace("\xa0", " ")

    assert len(found) and (found["largest_writer"] == 1).all()
    assert found["survives"].tolist() == [True] * len(found)
    assert found["survives_writer"].tolist() == [False] * len(found)
    assert "one writer has 100 % of the uses, and it is not found without them" in text
    assert "30:0†" in summary(two) and "† rests on one article, day or writer" in summary(two)


def test_words_found_by_their_rate_are_shown_with_rates(tmp_path: Path):
    """Every article has "dam" and "the"; one outlet has them many times as often."""
    a, b = newsroom("Ant", 40, harsh=0.5), newsroom("Bee", 40, harsh=0.5)
    for rows, times in ((a, 9), (b, 1)):
        more = [[f"The x{n}y{k} dam z{n}y{k}." for k in range(times)] for n in range(40)]
        rows["text"] += [" ".join(["", *sentences]) for sentences in more]
        rows["text"] += [" so"] * 40 if times > 1 else [" so" * 32] * 40  # as long as the others
    two = compared(a, b, unit="article", strata=None)
    (pair,) = two.pairs
    terms = pair.terms.set_index("term")
    dam, the = (limits.by_rate(terms.loc[term]) for term in ("dam", "the"))
    drawn = bt.plots.term_odds(pair).set_index("term").loc["dam"]
    text = said(page_of(two, tmp_path), "pairs")

    assert terms.loc["dam", "found_by"] == "rate" and terms.loc["dam", "a_articles"] == 40
    assert re.fullmatch(r"[\d.]+:[\d.]+ per 1,000 words", dam)
    assert drawn["effect"] == drawn["log_rates"] > 0
    assert f"of the rates, {dam}" in text and f"the {the}" in text
    assert f"dam {dam}" in summary(two)


def test_page_and_figure_tell_one_number_of_terms_tested(tmp_path: Path):
    """Categories of the word lists are a family of their own."""
    two = compared(newsroom("Ant", 30, harsh=0.95), newsroom("Bee", 30, harsh=0.0), unit="article")
    (pair,) = two.pairs
    assert (pair.terms["kind"] == "category").any()
    bt.plots.save(bt.plots.terms(pair), tmp_path / "terms.svg")
    drawn = re.sub(r"<[^>]+>\s*", " ", (tmp_path / "terms.svg").read_text(encoding="utf8"))
    text = said(page_of(two, tmp_path), "pairs")
    number = re.search(r"Found among ([\d,]+) terms", text)

    assert number and f"Found among {number[1]} terms" in " ".join(drawn.split())


def test_articles_of_one_file_do_not_name_it_each(tmp_path: Path):
    rows = pd.concat([newsroom("Ant", 2, harsh=0.5), newsroom("Bee", 2, harsh=0.5)])
    rows.to_csv(tmp_path / "all_of_it.csv", index=False)
    whole = bt.compare_all(bt.profile(tmp_path / "all_of_it.csv", [LEXICON]))

    assert "all_of_it.csv" not in said(page_of(whole, tmp_path / "out"), "compared")


def test_a_finding_of_one_day_is_flagged_beside_its_term(tmp_path: Path):
    """All articles of either outlet are of one day, and so is every finding."""
    two = compared(newsroom("Ant", 30, harsh=0.95), newsroom("Bee", 30, harsh=0.0), unit="article")
    text = said(page_of(two, tmp_path), "pairs")

    assert "Rests on" in text and "one day has 100 % of the uses" in text.replace("\xa0", " ")


def test_function_words_and_spellings_stand_apart(tmp_path: Path):
    a, b = newsroom("Ant", 30, harsh=0.5), newsroom("Bee", 30, harsh=0.5)
    for rows, name in ((a, "Kiev"), (b, "Kyiv, Bee")):
        rows["text"] += [f" Word{n % 9} {name} word{n % 7}." for n in range(30)]
    pair = compared(a, b, unit="article").pairs[0]
    found = marked.marked_terms(pair)
    text = said(page_of(Comparisons(pair.profile, [pair]), tmp_path), "pairs")

    assert found.spellings == ("kiev 30:0, kyiv 0:30",)
    assert dict(found.kinds)["names of the two outlets"].startswith("bee 0:30")
    assert "kiev 30:0, kyiv 0:30" in text and "a spelling may be a choice of side." in text


def test_the_page_does_not_call_it_nothing_where_house_style_differs(tmp_path: Path):
    """Only function words and the outlet's name differ: that is neither a list nor nothing."""
    a = newsroom("Ant", 30, harsh=0.5)
    b = a.assign(outlet="Bee", id=[f"b{n}" for n in range(30)], text=a["text"] + " Said the Bee.")
    pair = compared(a, b, unit="article").pairs[0]
    assert marked.marked_terms(pair).found
    text = said(page_of(Comparisons(pair.profile, [pair]), tmp_path), "pairs")

    assert "only function words, names of the outlets or house style are among them" in text
    assert not re.search(r"None of \d+ words and phrases differs", text)


def test_headlines_that_only_one_outlet_has_are_left_out_and_said(tmp_path: Path):
    titled = newsroom("Ant", 12, harsh=0.5, title="Zeppelin over the town")
    whole = compared(titled, newsroom("Bee", 12, harsh=0.5))
    text = said(page_of(whole, tmp_path), "first")

    assert "Hardly any article of Bee has a headline here." in text
    assert not whole.pairs[0].terms["term"].str.contains("zeppelin").any()
    assert "zeppelin" in " ".join(whole.profile.vocabulary)


def test_many_articles_are_folded_and_summed_up(page: str):
    text = said(page, "compared")

    assert "From and to" in text and "5 January 2024" in text
    assert "<details>\n<summary>The articles</summary>" in page


# ------------------------------------------------------------------ what a newcomer found


def test_the_terminal_tells_the_words_that_differ(whole: Comparisons):
    text = summary(whole)
    begin = text.index("WORDS THAT DIFFER BY MORE THAN CHANCE")
    told = text[begin : text.index("WHICH LABEL EACH OUTLET USES")]

    assert "  Ant, Bee (24, 24 articles): " in told
    assert "at most 5 %" in told
    assert "Few" not in told  # three articles are not tested
    tested = [pair for pair in whole.pairs if pair.contrast.testable]
    none = sum(len(bt.plots.term_odds(pair)) == 0 for pair in tested)
    assert (f"none between {none} pair" in told) == (none > 0)
    assert max(map(len, text.splitlines())) <= 100 >= len(text.splitlines())


def test_the_terminal_tells_no_differences_of_what_was_not_tested():
    few = compared(newsroom("Ant", 5, harsh=0.9), newsroom("Bee", 5, harsh=0.1))

    assert "MORE THAN CHANCE" not in summary(few)


def test_a_writers_initial_ends_no_sentence():
    a, b = (newsroom(name, 5, harsh=0.5, writer="C. Diaz") for name in ("Ant", "St. Bee"))
    text = " ".join(summary(compared(a, b)).split())

    assert (
        "One writer, several outlets: 10 of the 10 articles are by C. Diaz, carried by Ant (5) and "
        "St. Bee (5)."
    ) in text


def test_many_shared_writers_do_not_crowd_out_what_is_graver():
    writers = [f"W. Writer{n}" for n in range(12)]
    a, b = (newsroom(name, 12, harsh=0.5).assign(writer=writers) for name in ("Ant", "Bee"))
    found = cautions(compared(a, b.assign(date="2010-01-05")))
    headings = [heading for heading, _ in found]

    assert headings.count("One writer, several outlets") == 1
    assert headings.index("Different times") < headings.index("One writer, several outlets")
    assert "24 of the 24 articles are by 12 writers whose text stands in more than" in dict(found)[
        "One writer, several outlets"
    ].replace("\n", " ")


def test_what_repeats_one_article_is_not_said_to_be_tested(tmp_path: Path):
    """Twelve times one text is one article: no figure may say that no word differs."""
    same = newsroom("Ant", 12, harsh=0.5)
    whole = compared(same.assign(text=same["text"][0]), newsroom("Bee", 12, harsh=0.5))
    drawn = bt.plots.terms(whole.pairs[0])
    shown = " ".join(text.get_text() for text in drawn.figure.findobj(match=type(drawn.title)))
    page = page_of(whole, tmp_path)

    assert "by more than chance" not in shown
    assert "11 of Ant" in said(page, "first") and "12 of 12" not in said(page, "first")
    assert "Ant (1 article)" in said(page, "first") or "described, not tested" in said(
        page, "first"
    )


def test_of_many_articles_each_outlet_shows_its_first(tmp_path: Path):
    """150 of Ant and 90 of Bee: a hundred and ninety are listed, not 150 and 50."""
    whole = compared(
        newsroom("Ant", 150, harsh=0.5), newsroom("Bee", 90, harsh=0.5), unit="article", draws=99
    )
    text = said(page_of(whole, tmp_path), "compared")

    assert "The first articles of each outlet, 190 in all" in text
    assert "And 50 more articles" in text


def test_findings_that_are_not_shown_are_counted(tmp_path: Path):
    """Thirty words of their own each: ten a side are ranked."""
    a, b = newsroom("Ant", 24, harsh=0.5), newsroom("Bee", 24, harsh=0.5)
    for rows, name in ((a, "ant"), (b, "bee")):
        for n in range(15):
            rows["text"] += [f" The {name}{n}x of odd{k}{n} so." for k in range(24)]
    pair = compared(a, b, unit="article", strata=None).pairs[0]
    words = pair.terms[(pair.terms["kind"] != "category") & (pair.terms["style"] == "")]
    found = int((words["p_fwer"] <= 0.05).sum())
    text = said(page_of(Comparisons(pair.profile, [pair]), tmp_path), "pairs")

    assert found > 20
    assert f"{found - 20} further findings stand in the table." in text


def test_the_strata_of_distances_are_not_said_to_be_what_they_are_not(tmp_path: Path):
    """Without a date there is no month to be alike in; with one day, all articles are of it."""
    a, b = newsroom("Ant", 12, harsh=0.9), newsroom("Bee", 12, harsh=0.1)
    undated = compared(a.assign(date=None), b.assign(date=None))
    text = said(page_of(undated, tmp_path), "apart")

    assert "with articles alike in length" in text and "month" not in text
    assert undated.outlet_distances["labelled"].tolist() == [0.0]
    assert "100 % by length alone" in text.replace("\xa0", " ")
    assert compared(a, b).outlet_distances["labelled"].tolist() == [1.0]


def test_with_too_many_pairs_for_the_draws_it_is_said(whole: Comparisons):
    few = SimpleNamespace(pairs=whole.pairs, noise=whole.noise)
    assert noise.parts(few)["over_all_able"]
    many = SimpleNamespace(pairs=whole.pairs * 9, noise=whole.noise)  # 27 tests of 499 draws

    assert not noise.parts(many)["over_all_able"]


def test_only_comparisons_can_be_reported(whole: Comparisons, tmp_path: Path):
    with pytest.raises(TypeError, match="a Profile is no comparison; give what compare or"):
        report(whole.profile, tmp_path)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a NoneType is no comparison"):
        summary(None)  # type: ignore[arg-type]
