"""Quotation marks: every way of writing them, and what stays open, wrong or ambiguous."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bias_toolkit.quotation import MARKS, Pairing, Quotes
from bias_toolkit.tokens import Batch, Reader

law = settings(deadline=None)  # the machine may be busy

Span = tuple[int, int, bool]


def pair(texts: Sequence[str]) -> tuple[Batch, Quotes]:
    reader = Reader()
    batch = reader.read(texts)
    return batch, Pairing(reader).pair(batch)


def spans_of(text: str) -> list[Span]:
    """Offsets of the quoted spans with their marks, and whether they are closed."""
    batch, quotes = pair([text])
    return [
        (int(batch.start[first]), int(batch.end[last]), bool(closed))
        for first, last, closed in zip(quotes.first, quotes.last, quotes.closed, strict=True)
    ]


def marked(text: str) -> str:
    """*text* with ⟦ ⟧ around its quotations, and ⟦ ⌋ around those without a closing mark."""
    for start, end, closed in reversed(spans_of(text)):
        text = f"{text[:start]}⟦{text[start:end]}{'⟧' if closed else '⌋'}{text[end:]}"
    return text


# ------------------------------------------------------------------ laws

PIECES = """said “Yes,” “no” "well "then" end." 'one two' ‘three four’ forces' President’s '90s ’em
''old style'' ``tex'' ‘‘globe’’ «guillemets» „deutsch“ »wrong« ”wrong“ (“bracket”) [“square”]
—“dash”— 6'2" 5’6” don't that? ‘ ’ " ' “ ” « » `` '' ‚ „ … , . The and Baku """.split(" ")
texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " ", "\n"]))).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
)


@law
@given(st.lists(texts, max_size=4))
def test_spans_are_ordered_apart_and_within_one_text(some: list[str]):
    batch, quotes = pair(some)

    assert (quotes.first < quotes.last).all()
    assert (quotes.first[1:] > quotes.last[:-1]).all()
    assert (batch.doc[quotes.first] == batch.doc[quotes.last]).all()


@law
@given(texts)
def test_a_span_begins_with_a_mark_and_ends_with_one_if_closed(text: str):
    for start, end, closed in spans_of(text):
        assert any(text.startswith(mark, start) for mark in MARKS)
        assert not closed or any(text.endswith(mark, start, end) for mark in MARKS)
        assert end - start >= 2


@law
@given(texts)
def test_a_span_stays_in_its_paragraph(text: str):
    assert not any("\n" in text[start:end] for start, end, _ in spans_of(text))


@law
@given(st.lists(texts, min_size=1, max_size=4))
def test_a_text_has_the_same_spans_alone_and_in_a_batch(some: list[str]):
    batch, quotes = pair(some)
    together: list[list[Span]] = [[] for _ in some]
    for first, last, closed in zip(quotes.first, quotes.last, quotes.closed, strict=True):
        span = int(batch.start[first]), int(batch.end[last]), bool(closed)
        together[batch.doc[first]].append(span)

    assert [spans_of(text) for text in some] == together


# Quotations as newspapers print them: closed, one family of marks, what follows is narration.
WORDS = "the talks in Baku began on Tuesday and the forces left it was late they could not".split()
some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
quotation = st.tuples(some_words, st.sampled_from([",", ".", "?", ""])).map("".join)
sentences = st.lists(st.tuples(some_words, quotation, some_words), min_size=1, max_size=5)


def written(sentences: list[tuple[str, str, str]], opening: str, closing: str) -> str:
    """Sentences with a quotation each, two in a paragraph."""
    return "".join(
        f"It {before} {opening}{quoted}{closing} he {after}.{' ' if i % 2 else chr(10)}"
        for i, (before, quoted, after) in enumerate(sentences)
    )


@law
@given(
    sentences,
    st.sampled_from(["“”", '""', "«»", "„“", "„”", "”“", "»«", "‘’", "''", "““", "””", "`'"]),
)
def test_however_the_marks_are_written_the_spans_are_the_same(sentences, marks: str):
    text = written(sentences, *marks)

    assert [text[s + 1 : e - 1] for s, e, _ in spans_of(text)] == [q for _, q, _ in sentences]
    assert all(closed for *_, closed in spans_of(text))


@law
@given(sentences, st.sampled_from([("''", "''"), ("``", "''"), ("‘‘", "’’"), ("``", '"')]))
def test_doubled_marks_are_marks_like_others(sentences, marks: tuple[str, str]):
    text = written(sentences, *marks)
    width = len(marks[1])

    assert [text[s + 2 : e - width] for s, e, _ in spans_of(text)] == [q for _, q, _ in sentences]


leads = st.sampled_from([" “", " (“", "—“", ": “", " [“", " “‘", " “[", " “…"])
tails = st.sampled_from(["” ", "”) ", "”—", "”, ", ",” ", ".” ", "’” ", "…” ", "?”; ", "—” "])
turns = st.lists(st.tuples(some_words, leads, some_words, tails), min_size=1, max_size=3)
paragraphs = st.lists(st.tuples(turns, st.booleans(), st.booleans()), min_size=1, max_size=4)


@law
@given(paragraphs, st.sampled_from(["“”", "‘’"]))
def test_curly_marks_made_straight_change_nothing(paragraphs, marks: str):
    """Quotations that touch brackets, dashes and other marks, begin paragraphs, and stay open."""
    lines = []
    for turns, begins, stays_open in paragraphs:
        line = "".join("".join(turn) for turn in turns)
        line = "“" * begins + line.rstrip("” ") if stays_open else line
        lines.append(line.lstrip() + " they said.")
    curly = "\n".join(lines)
    if marks == "‘’":
        curly = curly.replace("‘", "").replace("’", "").replace("“", "‘").replace("”", "’")

    assert spans_of(curly.translate(STRAIGHT)) == spans_of(curly)


STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def test_what_is_ambiguous_without_direction():
    """Straight marks inside straight marks: the inner opening one ends what was open."""
    assert marked("He said “she said “no” to me” then.") == "He said ⟦“she said “no” to me”⟧ then."
    assert (
        marked('He said "she said "no" to me" then.') == 'He said ⟦"she said⌋ ⟦"no"⟧ to me" then.'
    )


# ------------------------------------------------------------------ by hand

CASES = {
    "straight": 'He said ⟦"no"⟧ to ⟦"them all."⟧ They left.',
    "curly": "He said ⟦“no”⟧ to ⟦“them all.”⟧ They left.",
    "single straight": "He said ⟦'no'⟧ to ⟦'them all.'⟧ They left.",
    "single curly": "He said ⟦‘no’⟧ to ⟦‘them all.’⟧ They left.",
    "guillemets": "The paper ⟦«Kommersant»⟧ said ⟦«no»⟧.",
    "guillemets with spaces": "He said ⟦« no »⟧ to them.",
    "German": "Er sagte ⟦„nein“⟧, sie ⟦„ja”⟧.",
    "German single": "Er sagte ⟦‚nein‘⟧ dazu.",
    "angled single": "Er sagte ⟦‹nein›⟧ dazu.",
    "two apostrophes": "He said ⟦''no''⟧ to ⟦``them all.''⟧ They left.",
    "two curly apostrophes": "He said ⟦‘‘no,’’⟧ and ⟦“no’’⟧ to them.",
    "a backtick": "He said ⟦`no'⟧ to them.",
    "spaces inside": 'He said ⟦" no "⟧ to them.',
    "opened straight, closed curly": 'He said ⟦"no”⟧ to them.',
    "opened curly, closed straight": 'He said ⟦“no"⟧ to them.',
    "wrong way": "He said ⟦”no“⟧ to them, ⟦”yes”⟧ to us, ⟦“maybe“⟧ to all, ⟦»so«⟧ to me.",
    "an empty pair": 'He said "" and ⟦"no"⟧.',
    # nested
    "single inside double": "He said ⟦“she said ‘no’ to me”⟧ then.",
    "straight single inside straight double": "He said ⟦\"she said 'no' to me\"⟧ then.",
    "both end together": "He said: ⟦“She said: ‘No.’”⟧ Then ⟦\"she said 'no'\"⟧.",
    "double inside single": "He said ⟦‘she said “no” to me’⟧ then.",
    "curly inside guillemets": "He said ⟦«she said “no” to me»⟧ then.",
    "guillemets inside curly": "He said ⟦“I read «Izvestia» daily”⟧ then.",
    "straight inside guillemets": 'He said ⟦«she said "no" to me»⟧ then.',
    "curly inside curly": "He said ⟦“she said “no” to me”⟧ then.",
    "curly inside curly at the end": "He wrote ⟦“a thing called “X”.”⟧ Then he left.",
    # what touches
    "brackets": 'He left (⟦"no"⟧) and [⟦“no”⟧].',
    "dashes": 'He left—⟦"no"⟧—and –⟦“no”⟧–.',
    "double hyphens": 'He left --⟦"no"⟧-- and so on.',
    "a dash before the closing mark": 'He said ⟦"I was—"⟧ and ⟦“I am —”⟧ and left.',
    "ellipses": 'He said ⟦"...no..."⟧, ⟦“… no …”⟧, then left.',
    "a slash": 'He said ⟦"yes"⟧/⟦"no"⟧ to it.',
    "a bracket inside": 'He said ⟦"[the army] left"⟧ and ⟦“[i]t stays”⟧.',
    "no space before": 'He said⟦"no"⟧ to them.',
    "no space after": 'He said ⟦"no"⟧and left.',
    "punctuation after": 'He said ⟦"no"⟧, ⟦"no"⟧; ⟦"no"⟧: ⟦"no"⟧!',
    "footnotes": "He said ⟦“no”⟧[1] to them.",
    "a currency": 'He paid ⟦"$5"⟧ and ⟦“€6”⟧.',
    # single marks beside apostrophes
    "news.ru": (
        "The Kremlin's ⟦'counter-offensive operation'⟧ met the forces' tanks and the army's guns."
    ),
    "news.ru with the plural inside": "He said ⟦'the forces' tanks left Baku'⟧ and went.",
    "a plural at the end": "They call them ⟦'operations'⟧ and the forces' tanks left.",
    "a plural at the end before a full stop": "They call them ⟦'operations'⟧. The forces' tanks.",
    "contractions inside": "He said ⟦'it isn't the army's'⟧ and ⟦‘it’s not’⟧ then.",
    "possessives alone": "The forces' tanks and the rebels' guns met the army's.",
    "curly possessives alone": "The forces’ tanks and the rebels’ guns met the army’s.",
    "a decade": "In the '90s and the ‘60s and ’08 he said ⟦'no'⟧ to it.",
    "elisions": "Get 'em, 'til rock 'n' roll ends, 'twas ⟦'late'⟧ then.",
    "wrong-way elisions": "Get ‘em in the ‘90s, he said ⟦‘no’⟧ then.",
    "a number": "They call it the ⟦'44-day war'⟧ and ⟦'100 days'⟧.",
    "a headline": "Azerbaijan Announces ⟦‘Counter-Terrorism Measures’⟧",
    "a single mark never opens a closing shape": "the ’quoted’ word",
    "single marks in two paragraphs": "He said 'no\nand yes' to it.",
    # inches
    "inches": "He is 6'2\" tall and said ⟦\"no\"⟧.",
    "curly inches": "the 5’6” man said ⟦“no”⟧.",
    "inches inside": 'He said ⟦"I am 6\'2" tall"⟧ then.',
    # open ends
    "open at the paragraph's beginning: to its end": "⟦“He left. He came back.⌋\nThen he slept.",
    "open after a comma: to the paragraph's end": "He said, ⟦“I left. I came.⌋\nThen he slept.",
    "open after a colon: to the paragraph's end": 'He said: ⟦"I left. I came.⌋\nThen he slept.',
    "open elsewhere: to the sentence's end": "He called it ⟦“a war.⌋ Then he left.",
    "open in the last text": "He said ⟦“no and left⌋",
    "a closing mark forgotten before the next": 'He said ⟦"no to⌋ ⟦"them all"⟧.',
    "a forgotten closing mark leaves narration": (
        'He called it ⟦"a war.⌋ Then he said ⟦"no"⟧ to it.'
    ),
    "a curly closing mark forgotten": "⟦“No, he said.⌋ ⟦“Never to them.”⟧ He left.",
    "a closing mark alone": "He said no” to them. He said ⟦“yes”⟧.",
    "straight closing alone": 'He said no" to them. He said ⟦"yes"⟧.',
    "a mark alone in its text": "“",
    "a bullet is no opening": "» Read more\nHe said ⟦“no”⟧. » Back",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_pairs(case: str):
    expected = CASES[case]
    text = "".join(sign for sign in expected if sign not in "⟦⟧⌋")

    assert marked(text) == expected


def test_paragraphs_of_one_quotation_share_a_group():
    """Each paragraph opens anew, only the last closes."""
    text = "“One. Two.\n“Three.\n“Four,” he said. “Five.”"
    _, quotes = pair([text])

    assert marked(text) == "⟦“One. Two.⌋\n⟦“Three.⌋\n⟦“Four,”⟧ he said. ⟦“Five.”⟧"
    assert quotes.group[0] == quotes.group[1] == quotes.group[2] != quotes.group[3]


def test_straight_paragraphs_share_a_group_too():
    _, quotes = pair(['"One.\n\n"Two.\n\n"Three," he said.'])

    assert len(set(quotes.group.tolist())) == 1 and len(quotes) == 3


def test_a_quotation_goes_on_only_in_the_very_next_paragraph():
    text = "“One. Two.\nThen they left.\n“Three,” he said."
    _, quotes = pair([text])

    assert marked(text) == "⟦“One. Two.⌋\nThen they left.\n⟦“Three,”⟧ he said."
    assert quotes.group[0] != quotes.group[1]


def test_a_quotation_opened_within_a_paragraph_goes_on_to_its_end():
    text = "He called it “a war. It was.\n“And it goes on,” he said."

    assert marked(text) == "He called it ⟦“a war. It was.⌋\n⟦“And it goes on,”⟧ he said."


def test_a_quotation_does_not_go_on_in_the_next_text():
    batch, quotes = pair(["“One.", "“Two,” he said."])

    assert batch.doc[quotes.first].tolist() == [0, 1]
    assert quotes.closed.tolist() == [False, True]
    assert quotes.group[0] != quotes.group[1]


def test_single_marks_too_far_apart_have_met_by_chance():
    near, far = "a " * 1000, "a " * 1300

    assert len(spans_of(f"He said ‘{near}b’ then.")) == 1
    assert spans_of(f"He said ‘{far}b’ then.") == []


@pytest.mark.parametrize("some", [[], [""], [" "], ["", "no marks", ""], ['"'], ["''"], ["’"]])
def test_texts_without_quotations_have_none(some: list[str]):
    _, quotes = pair(some)

    assert len(quotes) == 0


@pytest.mark.parametrize(
    "sign", [*MARKS, '"a" ', "'a ", "a' ", "‘a’ ", "“a ", '"a\n', "““”” ", "‘ "]
)
def test_time_grows_with_the_marks_and_not_faster(sign: str):
    """Twice the text in at most four times the time: a square would need it at any size."""

    def seconds(size: int) -> float:
        runs = []
        for _ in range(2):
            reader = Reader()
            batch = reader.read([(sign + " ") * (size // (len(sign) + 1))])
            pairing = Pairing(reader)
            start = time.process_time()
            pairing.pair(batch)
            runs.append(time.process_time() - start)
        return min(runs)

    small, large = seconds(30_000), seconds(60_000)

    assert large < 4 * small + 0.05
