"""Spans of the fields: laws on any text, each rule's own examples, the seeds, real articles."""

from __future__ import annotations

import gzip
import json
import os
import re
import time
from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit import cleaning
from bias_toolkit.cleaning import (
    DATELINE,
    DATELINES,
    FIELDS,
    NOT_DATELINES,
    NOTICES,
    RULES,
    TAILS,
    Span,
    fields,
    holds_title,
)

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BIAS_TOOLKIT_DATA", ROOT.parent / "shared" / "data"))

ABOVE = "The envoys met for nine hours in the old town hall, and nothing was signed."
BELOW = "Neither side would say when the talks will go on, or where, or with whom at the table."


def title_is_repeated(text: str, title: str) -> bool:
    """Whether a line at the top of *text* says *title* again."""
    return holds_title(fields(text, title))


def pieces(text: str, title: str = "") -> list[tuple[str, str]]:
    """Each span as (field, text without outer blanks), in order."""
    return [(FIELDS[s.field], text[s.start : s.end].strip()) for s in fields(text, title)]


def of_field(field: str, text: str, title: str = "") -> list[str]:
    """The texts of all spans of one field."""
    return [piece for name, piece in pieces(text, title) if name == field]


def between_paragraphs(line: str) -> list[tuple[str, str]]:
    """What a line is made of when it stands below a lead and a paragraph, above another."""
    found = pieces("\n\n".join([ABOVE, ABOVE, line, BELOW]))

    assert found[0] == ("lead", ABOVE)
    return found[1:]


# ------------------------------------------------------------------------------------ laws

LINES = [
    *(line for rule in RULES for line in (*rule.fires, *rule.silent)),
    *(dateline + BELOW for dateline in (*DATELINES, *NOT_DATELINES)),
    *(*NOTICES, *TAILS, ABOVE, BELOW, "A short heading", "«Мы» не уйдём.", "Հայաստան։", "", " "),
]
PAGES = st.lists(
    st.sampled_from([*LINES, *(f"\t{line}\xa0" for line in LINES)]) | st.text(max_size=30),
    max_size=12,
).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\u2028", " "]).map(
        lambda end: end.join(lines)
    )
)


def assert_covers(text: str, spans: list[Span]) -> None:
    """Spans run from 0 to the end, touch, and differ; none is empty, none begins in a word."""
    if not text:
        assert spans == []
        return
    assert (spans[0].start, spans[-1].end) == (0, len(text))
    assert all(span.start < span.end and 0 <= span.field < len(FIELDS) for span in spans)
    assert all(a.end == b.start and a.field != b.field for a, b in pairwise(spans))
    assert not any(text[s.start - 1 : s.start + 1].isalpha() for s in spans[1:])


@settings(deadline=None)
@given(text=st.text(), title=st.text(max_size=40))
def test_spans_cover_any_text_exactly_once(text, title):
    assert_covers(text, fields(text, title))


@settings(max_examples=300, deadline=None)
@given(text=PAGES, title=st.sampled_from(["", *LINES]))
def test_spans_cover_any_page_exactly_once(text, title):
    assert_covers(text, fields(text, title))


@settings(deadline=None)
@given(text=PAGES)
def test_the_result_depends_on_nothing_but_the_text(text):
    first = fields(text)
    fields("Some other text.\n\nRead more:\n\nA headline")

    assert fields(text) == first


@settings(deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_characters="\n\r\u2028"), min_size=1))
def test_a_text_of_one_line_is_the_lead_but_for_a_dateline(text):
    names = [name for name, _ in pieces(text)]

    assert names in (["lead"], ["other", "lead"], ["body"])
    assert names != ["body"] or not text.replace("\ufeff", " ").strip()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n" * 5_000_000, ""),
        (" \n" * 1_000_000, ""),
        ("word " * 1_000_000, "word " * 1_000),
        ("Short line\n" * 100_000, "Short line"),
        ("A heading\n\n" + f"{BELOW}\n\n" * 50_000, ""),
        ("A" * 1_000_000, ""),
        ("AB " * 300_000, ""),
        ("ABC-" * 250_000 + "\n", ""),
        ("MOSCOW, " * 100_000, ""),
        ("Home » " * 100_000, ""),
        ("Hide Caption 1 of 2 " * 50_000 + "\n\n" + BELOW, ""),
        ("Related\n" * 100_000, ""),
        ("A man waits\nAnn Lee/AP\n" * 50_000, ""),
        ("x y z\n" * 10, "x " * 500_000),
    ],
    ids=lambda value: f"{len(value)}:{value[:10]!r}",
)
def test_hostile_texts_take_linear_time(text, title):
    """The longest, five million line ends, takes some two seconds; a square law would never end."""
    begun = time.perf_counter()
    assert_covers(text, fields(text, title))
    title_is_repeated(text, title)

    assert time.perf_counter() - begun < 15


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([line for line in LINES if line.strip()]),
    st.sampled_from(
        ["A", "Aa ", "1:", "/", " ", "(", ".", "| ", "» ", "AP ", "Jan 1 ", "of ", ", "]
    ),
    st.sampled_from(LINES),
)
def test_no_pattern_backtracks_for_long(start, middle, end):
    """Each example, broken open and filled up to the longest line that rules are tried on."""
    line = (start[: len(start) // 2] + middle * 450 + end[len(end) // 2 :])[:448] + " x"
    begun = time.perf_counter()
    between_paragraphs(line)
    DATELINE.match(line)

    assert time.perf_counter() - begun < 1  # it takes a tenth of a millisecond


# ----------------------------------------------------------------------------------- rules

FIRES = [
    pytest.param(rule, line, id=f"{rule.name}: {line[:30]}")
    for rule in RULES
    for line in rule.fires
]
SILENT = [
    pytest.param(rule, line, id=f"{rule.name}: {line[:30]}")
    for rule in RULES
    for line in rule.silent
]


@pytest.mark.parametrize(("rule", "line"), FIRES)
def test_a_rule_fits_its_examples(rule, line):
    assert re.fullmatch(rule.pattern, line)


@pytest.mark.parametrize(("rule", "line"), FIRES)
def test_a_rule_is_applied_to_its_examples_between_paragraphs(rule, line):
    """The line leaves the body, except for an editor's note, which is the outlet's own words."""
    found = between_paragraphs(line)

    if rule.name == "editor's note":
        assert found == [("body", f"{ABOVE}\n\n{line}\n\n{BELOW}")]
    else:
        assert found[0] == ("body", ABOVE)
        assert found[-1] == ("body", BELOW)
        assert " ".join(piece for _, piece in found[1:-1]).replace(" ", "") == line.replace(" ", "")
        assert {name for name, _ in found[1:-1]} <= {"other", "caption", "subhead"}


@pytest.mark.parametrize(("rule", "line"), SILENT)
def test_a_rule_leaves_its_counterexamples_alone(rule, line):
    assert not re.fullmatch(rule.pattern, line)


@pytest.mark.parametrize(("rule", "line"), SILENT)
def test_counterexamples_are_not_taken_for_chrome_by_any_rule(rule, line):
    """Some of them read like section headings; none is set aside."""
    assert {name for name, _ in between_paragraphs(line)} <= {"body", "subhead"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rules_are_well_formed(rule):
    """Examples of both sorts, cues of the length that is looked at, groups that are fields."""
    groups = re.compile(rule.pattern).groupindex
    match = re.fullmatch(rule.pattern, rule.fires[0])

    assert rule.fires
    assert rule.silent
    assert all(len(cue) > 5 for cue in rule.cues if cue[0] != "…")
    assert all(len(cue) > 7 for cue in rule.cues if cue[-1] != "…")
    assert all(group.removesuffix("_2") in FIELDS for group in groups)
    assert not groups or min(match.start(group) for group in groups if match[group]) == 0


def test_no_two_rules_share_a_name():
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("dateline", DATELINES)
def test_a_dateline_is_other_and_the_sentence_after_it_the_lead(dateline):
    text = f"{dateline}{ABOVE}\n\n{BELOW}"

    assert pieces(text) == [("other", dateline.strip()), ("lead", ABOVE), ("body", BELOW)]


@pytest.mark.parametrize("start", NOT_DATELINES)
def test_what_only_resembles_a_dateline_stays_in_the_lead(start):
    text = f"{start}{ABOVE}\n\n{BELOW}"

    assert pieces(text) == [("lead", f"{start}{ABOVE}"), ("body", BELOW)]


@pytest.mark.parametrize("notice", sorted(NOTICES))
@pytest.mark.parametrize("form", ["{}", "[{}]", "{}:", "{}..."])
def test_a_notice_between_paragraphs_is_other_for_its_line_only(notice, form):
    line = form.format(notice.upper())

    assert between_paragraphs(line) == [("body", ABOVE), ("other", line), ("body", BELOW)]


@pytest.mark.parametrize("heading", sorted(TAILS))
def test_teasers_below_a_closing_heading_do_not_count(heading):
    text = (
        f"{ABOVE}\n\n{BELOW}\n\n{heading.title()}:\n\nRebels Take A Town\n\nYEREVAN — Rebels said…"
    )

    assert pieces(text)[:2] == [("lead", ABOVE), ("body", BELOW)]
    assert [name for name, _ in pieces(text)[2:]] == ["other"]


@pytest.mark.parametrize("heading", [name for name, reach in TAILS.items() if reach < 1000])
def test_the_article_goes_on_below_a_box_of_links(heading):
    prose = f"{ABOVE} {BELOW}"
    text = f"{ABOVE}\n\n{heading.upper()}\n\nRebels Take A Town\n\n{prose}"

    assert pieces(text)[-1] == ("body", prose)


def test_nothing_below_a_comment_form_is_the_article():
    text = f"{ABOVE}\n\n{BELOW}\n\nLeave a Reply\n\n{ABOVE} {BELOW}\n\n{ABOVE}"

    assert [name for name, _ in pieces(text)] == ["lead", "body", "other"]


# ----------------------------------------------------------------------------- hand cases


@pytest.mark.parametrize(
    "sentence",
    [
        "They signed up for newsletters that no one in the ministry had ever read to the end.",
        "Read more carefully, the statement promises nothing, and the envoys knew it.",
        "The advertisement said that the army was hiring; by noon the queue was a mile long.",
        "He left a reply on her desk, and she left a comment, and then the war came.",
        "By Sunday evening, Moscow had sent its envoy, and the guns had fallen silent.",
        "Share prices fell after the agency, Reuters, said that the deal was off.",
        "Copyright was the least of their worries, the editor of the paper said.",
        "Related or not, the two men had the same passport and the same address in the city.",
        "The photo, by a man who gave his name as Ann Lee of the AP, shows the bridge in ruins.",
        "Follow the pipeline north, and on Twitter the same five names come up again and again.",
        "Updated figures, published on Friday, put the number of the dead at one hundred.",
        "Contributing to the anger was a report that 11:30 p.m. raids had become the rule.",
        "Close to the border, a woman sold tea to soldiers of both armies.",
        "Source: it was, the officer said, “a man who has never been wrong before.”",
    ],
)
def test_a_sentence_that_only_contains_such_words_is_body(sentence):
    assert between_paragraphs(sentence) == [("body", f"{ABOVE}\n\n{sentence}\n\n{BELOW}")]


@pytest.mark.parametrize(
    "text",
    [
        "Переговоры начались в понедельник.\n\nСтороны ни о чём не договорились\n\n«Мы» не уйдём.",
        "Բանակցությունները սկսվեցին։\n\nԿողմերը չհամաձայնեցին\n\nԱյսօր ոչինչ չի ստորագրվել։",
    ],
)
def test_other_scripts_pass_through_as_lead_and_body(text):
    assert [name for name, _ in pieces(text)] == ["lead", "body"]


def test_a_text_without_words_is_body():
    assert fields(" \n\t\n") == [Span(0, 4, FIELDS.index("body"))]


def test_blank_lines_belong_to_the_span_before_them():
    text = f"\n  {ABOVE}\n\n\n  {BELOW}\n"
    lead_end = text.index(BELOW) - 2

    assert fields(text) == [Span(0, lead_end, 2), Span(lead_end, len(text), 3)]


def test_carriage_returns_tabs_and_hard_spaces_change_no_field():
    plain = f"{ABOVE}\n\nLeave a Reply\n\nAsk us"
    odd = f"\ufeff{ABOVE}\r\n\r\n\tLeave\xa0a\u202fReply\r\n\r\nAsk us"

    assert [name for name, _ in pieces(odd)] == [name for name, _ in pieces(plain)]
    assert of_field("other", odd)[0].startswith("Leave")


TITLE = "Envoys Leave Geneva Without A Deal"


@pytest.mark.parametrize(
    "line",
    [
        "Envoys Leave Geneva Without A Deal",
        "ENVOYS LEAVE GENEVA WITHOUT A DEAL",
        "‘Envoys leave Geneva without a deal’",
        "Envoys Leave Geneva Without Any Deal",
        "Envoys Leave Geneva Without A Deal | The Example",
    ],
)
def test_a_repeated_title_is_found_in_other_case_quotes_and_nearly_the_same_words(line):
    text = f"{line}\n\n{ABOVE}\n\n{BELOW}"

    assert title_is_repeated(text, TITLE)
    assert pieces(text, TITLE) == [("title", line), ("lead", ABOVE), ("body", BELOW)]


@pytest.mark.parametrize(
    "line",
    ["Geneva", "Envoys Leave", "Guns fall silent on the border", "Geneva talks leave envoys tired"],
)
def test_another_line_at_the_top_is_not_the_title(line):
    assert not title_is_repeated(f"{line}\n\n{ABOVE}\n\n{BELOW}", TITLE)


def test_prose_above_ends_the_search_for_the_title():
    assert not title_is_repeated(f"{ABOVE}\n\n{TITLE}\n\n{BELOW}", TITLE)


@pytest.mark.parametrize("title", ["", "  ", "!?"])
def test_a_title_without_words_is_repeated_nowhere(title):
    assert not title_is_repeated(f"{title}\n\n{ABOVE}", title)


def test_chrome_above_a_repeated_title_is_other():
    """Breadcrumbs by their sign, the other lines because they stand above the title."""
    top = f"Home » {TITLE}\nCaucasus Review Weekend\n14:33, 28 September 2020 163"
    text = f"{top}\n{TITLE}\n\n{ABOVE}\n\n{BELOW}"

    assert pieces(text, TITLE) == [
        ("other", top),
        ("title", TITLE),
        ("lead", ABOVE),
        ("body", BELOW),
    ]


def test_breadcrumbs_name_the_title_of_an_untitled_text():
    text = f"Home » {TITLE}\nCaucasus Review Weekend\n{TITLE}\n\n{ABOVE}"

    assert of_field("title", text) == [TITLE]
    assert len(of_field("other", text)) == 1


def test_a_title_that_comes_twice_counts_once():
    assert of_field("title", f"{TITLE}\n\n{TITLE}\n\n{ABOVE}\n\n{BELOW}", TITLE) == [TITLE]


def test_an_untitled_text_gets_its_headline_as_title():
    assert pieces(f"{TITLE}\n{ABOVE}") == [("title", TITLE), ("lead", ABOVE)]


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee and Bo Ek",  # writers
        "The envoys left early. Guns are silent",  # a caption run together with a headline
        "Two men at a table | Guns are silent",
        "Geneva",
        "one of the many towns on the border",
    ],
)
def test_what_may_be_no_headline_is_not_made_the_title(line):
    assert of_field("title", f"{line}\n\n{ABOVE}\n\n{BELOW}") == []


def test_a_list_of_highlights_holds_no_title():
    lines = ["Talks end in Geneva without a deal", "Both armies stay", "No date for more is set"]
    text = "\n\n".join([*lines, ABOVE, BELOW])

    assert of_field("title", text) == []
    assert of_field("subhead", text) == ["\n\n".join(lines)]


def test_a_line_between_title_and_lead_is_a_subhead():
    subhead = '"We strongly oppose attempts to blame us," the spokesman stressed'

    assert pieces(f"{TITLE}\n{subhead}\n{ABOVE}\n{BELOW}", TITLE) == [
        ("title", TITLE),
        ("subhead", subhead),
        ("lead", ABOVE),
        ("body", BELOW),
    ]


def test_open_lines_above_no_prose_are_the_text_itself():
    text = "Seven for, two against\n\nThe chair did not vote"

    assert [name for name, _ in pieces(text)] == ["lead", "body"]


def test_a_post_at_the_top_is_prose():
    post = "Nothing signed. Nothing agreed — Ann Lee (@annlee) May 3, 2019"

    assert pieces(f"{post}\n\n{ABOVE}", TITLE)[0] == ("lead", post)


def test_a_writers_name_above_the_outlets_is_other():
    text = f"Ann Lee and Bo Ek\n\nUSA TODAY\n\nGENEVA – {ABOVE}\n\n{BELOW}"

    assert pieces(text, TITLE) == [
        ("other", "Ann Lee and Bo Ek\n\nUSA TODAY\n\nGENEVA –"),
        ("lead", ABOVE),
        ("body", BELOW),
    ]


def test_an_editors_note_is_body_and_the_lead_comes_after_it():
    note = "Editor's note: Ann Lee teaches law in Geneva."

    assert pieces(f"{note}\n\nGeneva (CNN) -- {ABOVE}") == [
        ("body", note),
        ("other", "Geneva (CNN) --"),
        ("lead", ABOVE),
    ]


def test_a_dateline_on_its_own_line_is_other():
    assert pieces(f"GENEVA –\n\n{ABOVE}", TITLE) == [("other", "GENEVA –"), ("lead", ABOVE)]


def test_a_short_open_line_between_paragraphs_is_a_section_heading():
    assert ("subhead", "What the truce is worth") in between_paragraphs("What the truce is worth")


@pytest.mark.parametrize(
    "line",
    [
        "what the truce is worth",
        "What is the truce worth?",
        "• What the truce is worth",
        "What the truce is worth http://example.org/truce",
        "What the truce is worth " * 6,
    ],
)
def test_what_may_be_no_section_heading_is_body(line):
    assert {name for name, _ in between_paragraphs(line)} == {"body"}


def test_a_line_that_introduces_a_list_or_a_quotation_makes_no_heading_of_the_next():
    text = f"{ABOVE}\n\nThe ministry wrote:\n\nAn act of war\n\n{BELOW}"

    assert of_field("subhead", text) == []


def test_a_line_that_comes_again_is_a_speaker_and_no_heading():
    text = "\n\n".join([ABOVE, "Ann Lee", BELOW, "Bo Ek", ABOVE, "Ann Lee", BELOW])

    assert of_field("subhead", text) == ["Bo Ek"]


@pytest.mark.parametrize(
    "line", ["Kremlin spokesman Dmitry Peskov", "President Ann Lee", "Swiss Foreign Minister Bo Ek"]
)
def test_an_office_holders_name_alone_between_paragraphs_is_a_caption(line):
    assert ("caption", line) in between_paragraphs(line)


def test_open_lines_among_photo_credits_are_captions():
    text = f"{ABOVE}\n\n{BELOW}\n\nAnn Lee/AP\n\nA house in ruins\n\nBo Ek/RIA Novosti"

    assert of_field("caption", text) == ["A house in ruins"]
    assert of_field("other", text) == ["Ann Lee/AP", "Bo Ek/RIA Novosti"]


def test_a_heading_above_a_picture_is_not_its_caption():
    """The credit stands a blank line below, and no other credit above."""
    text = f"{ABOVE}\n\n{BELOW}\n\nA house in ruins\n\nBo Ek/RIA Novosti\n\n{BELOW}"

    assert of_field("caption", text) == []


def test_a_credit_in_the_captions_line_is_other():
    text = f"{ABOVE}\n\nHis edge came from the islands. | AP Photos\n\n{BELOW}"

    assert of_field("caption", text) == ["His edge came from the islands."]
    assert of_field("other", text) == ["| AP Photos"]


def test_the_name_of_a_picture_show_counts_once():
    show = " ".join(
        f"Photos: The siege {caption} Hide Caption {n} of 3"
        for n, caption in enumerate(["A tank waits.", "Boys run.", "Buildings fall."], 1)
    )
    text = f"{ABOVE}\n\n{show}\n\n{BELOW}"

    assert of_field("caption", text) == [
        "Photos: The siege A tank waits.",
        "Boys run.",
        "Buildings fall.",
    ]


def test_a_long_headline_in_capitals_links_to_another_story():
    link = "ENVOYS CLASH OVER GAS AS GENEVA TALKS ENTER SECOND WEEK"

    assert between_paragraphs(link) == [("body", ABOVE), ("other", link), ("body", BELOW)]


def test_headings_in_capitals_throughout_are_the_texts_own():
    headings = [f"ENVOYS CLASH OVER GAS AS TALKS ENTER WEEK {n}" for n in range(6)]
    text = "\n\n".join([ABOVE, *(line for heading in headings for line in (heading, BELOW))])

    assert of_field("other", text) == []


# ----------------------------------------------------------------------------------- seeds


def seed(start: str) -> str:
    """The text of the seed whose file name begins so."""
    return next((ROOT / "seeds").glob(f"{start}_*.txt")).read_text(encoding="utf-8")


KREMLIN = "Kremlin stands up for Russian peacekeepers in Karabakh"
GALUZIN = "Russia Says Peacekeepers Will Continue to be Deployed in Karabakh"
UNFAIR = "Russia Calls ‘Unfair’ Accusations From ‘Some Armenian Circles’"
FIRST = "Kremlin makes first statement on situation in Nagorno-Karabakh"


@pytest.mark.parametrize("title", [KREMLIN, ""])
def test_tass_repeats_its_title_and_a_quotation_above_the_lead(title):
    found = pieces(seed("000"), title)

    assert [name for name, _ in found] == ["title", "subhead", "other", "lead", "body"]
    assert found[0][1] == KREMLIN
    assert found[1][1].endswith("Dmitry Peskov stressed")
    assert found[2][1] == "MOSCOW, September 25. /TASS/."
    assert found[3][1].startswith("Although Moscow can appreciate")


def test_massispost_ends_at_the_comment_form():
    found = pieces(seed("001"))

    assert [name for name, _ in found] == ["other", "lead", "body", "other"]
    assert found[0][1] == "MOSCOW –"
    assert found[2][1].endswith("in unclear circumstances on Wednesday.")
    assert found[3][1].startswith("Leave a Reply")
    assert "Armenian Genocide" in found[3][1]


@pytest.mark.parametrize("title", [GALUZIN, ""])
def test_asbarez_opens_with_chrome_and_ends_with_its_source(title):
    found = pieces(seed("002"), title)

    assert [name for name, _ in found] == ["other", "title", "other", "lead", "body", "other"]
    assert found[0][1].startswith("Home »")
    assert found[0][1].endswith("National Security News Russia")
    assert found[1][1] == GALUZIN
    assert found[2][1] == "YEREVAN (Azatutyun.am)—"
    assert found[5][1] == "Source : Asbarez"


@pytest.mark.parametrize("title", [UNFAIR, ""])
def test_azatutyun_has_captions_above_the_lead_and_between_paragraphs(title):
    found = pieces(seed("003"), title)

    assert [name for name, _ in found] == ["title", "caption", "lead", "body", "caption", "body"]
    assert found[1][1].endswith("Nagorno-Karabakh. November 13, 2020.")
    assert found[2][1].startswith("Kremlin spokesman Dmitry Peskov has called")
    assert found[4][1] == "Kremlin spokesman Dmitry Peskov"


@pytest.mark.parametrize("title", [FIRST, ""])
def test_news_ru_ends_in_a_gallery(title):
    text = seed("004")
    found = pieces(text, title)

    assert [name for name, _ in found][:4] == ["title", "other", "lead", "body"]
    assert found[1][1] == "14:33, 28 September 2020 163"
    assert of_field("caption", text, title) == [
        "General mobilization in Armenia",
        "Residential house destroyed by shelling in Azerbaijan's Tartar district",
    ]
    assert found[3][1].endswith("martial law in the Republic.")
    assert {name for name, _ in found[4:]} == {"other", "caption"}


@pytest.mark.parametrize("start", ["000", "002", "003", "004"])
def test_four_seeds_repeat_their_title(start):
    title = {"000": KREMLIN, "002": GALUZIN, "003": UNFAIR, "004": FIRST}[start]

    assert title_is_repeated(seed(start), title)


def test_massispost_does_not_repeat_its_title():
    """Its last teasers are other stories' headlines, and stand below the prose."""
    assert not title_is_repeated(
        seed("001"), "Karabakh Armenians Expect No Progress In Peace Talks"
    )


# ---------------------------------------------------------------------------- real articles


@pytest.fixture(scope="module")
def articles() -> list[dict[str, str]]:
    """Every eighth of the shared AllSides articles."""
    path = DATA / "allsides.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is absent: set BIAS_TOOLKIT_DATA to the folder that holds it")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, 0, None, 8)]


def test_spans_cover_real_articles_and_leave_most_of_them_prose(articles):
    """Lead and body hold 93 % of the characters; the rest is mostly CNN's picture shows."""
    prose = total = 0
    for article in articles:
        spans = fields(article["text"], article["title"])
        assert_covers(article["text"], spans)
        prose += sum(s.end - s.start for s in spans if FIELDS[s.field] in ("lead", "body"))
        total += len(article["text"])

    assert 0.90 < prose / total < 0.97


def test_npr_repeats_its_titles_and_townhall_does_not(articles):
    repeats = {
        outlet: [
            title_is_repeated(a["text"], a["title"]) for a in articles if a["outlet"] == outlet
        ]
        for outlet in ("NPR Online News", "Townhall")
    }

    assert sum(repeats["NPR Online News"]) > 0.85 * len(repeats["NPR Online News"])
    assert sum(repeats["Townhall"]) == 0


def test_cues_only_save_time(articles):
    """Where a pattern fits a line without a final stop, a cue of its rule has it tried."""
    patterns = [re.compile(rule.pattern) for rule in RULES]
    for article in articles[::3]:
        for line in filter(None, map(str.strip, article["text"].split("\n"))):
            if 45 < len(line) <= 450 and line[-1] not in ".!?…\"”’':;,":
                fits = any(pattern.fullmatch(line) for pattern in patterns)
                assert bool(cleaning._pieces(line)) == fits or "Hide Caption" in line, line
