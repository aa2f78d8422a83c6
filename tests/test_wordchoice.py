"""Labels for one thing: which referent each use means, and in whose words it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, norm, t

from bias_toolkit.annotation import annotate
from bias_toolkit.articles import read_articles
from bias_toolkit.attribution import VOICES
from bias_toolkit.lexicon import Lexicon, load_lexicon
from bias_toolkit.profiles import GROUPS, Profile, load_profile, profile
from bias_toolkit.wordchoice import (
    SHARE_COLUMNS,
    LabelSums,
    in_group,
    label_shares,
    mentions,
    referents,
    share_differences,
    share_intervals,
    with_sentences,
)

ROOT = Path(__file__).parent.parent

# "war" may be that of 2020 or that of 2023; a territory has no date.
SMALL = """
name = "small"
[[actors]]
name = "Azerbaijan"
side = "Azerbaijan"
aliases = ["Baku"]
[[referents]]
name = "2020"
from = 2020-09-27
to = 2020-11-10
mentions_until = 2022-12-31
context = ["44-day", "Shusha"]
labels = [
  { label = "war", side = "neutral", terms = ["war"] },
  { label = "aggression", side = "Armenia", terms = ["aggression of 2020"] },
]
[[referents]]
name = "2022"
from = 2022-09-12
context = ["Jermuk"]
labels = [
  { label = "war", side = "neutral", terms = ["war"] },
  { label = "clashes", side = "Azerbaijan", terms = ["clashes"] },
]
[[referents]]
name = "territory"
labels = [
  { label = "Karabakh", side = "neutral", terms = ["Karabakh", "Nagorno-Karabakh"] },
  { label = "Artsakh", side = "Armenia", terms = ["Artsakh"] },
]
"""


def lexicon(folder: Path, text: str = SMALL, name: str = "small") -> Lexicon:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf8")
    return load_lexicon(path)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Lexicon]:
    return [lexicon(tmp_path_factory.mktemp("lexicons"))]


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    filled = {"outlet": "A", "date": None, "title": ""}
    return pd.DataFrame([{"id": f"a{n}", **filled, **row} for n, row in enumerate(rows)])


def made_of(small: list[Lexicon], *rows: dict[str, object]) -> Profile:
    return profile(frame(*rows), small)


def meant(small: list[Lexicon], text: str, date: str | None) -> list[tuple[str, bool]]:
    """Referents that the uses of labels in one article are held to mean, and whether surely."""
    table = mentions(made_of(small, {"text": text, "date": date}))
    return list(zip(table["referent"], table["resolved"], strict=True))


# ------------------------------------------------------------------ bare words

BARE = """
name = "bare"
topic = ["Karabakh", "peacekeep*"]
[[referents]]
name = "the statement"
from = 2020-11-09
[[referents.labels]]
label = "deal"
terms = [{ term = "the deal", in_topic = true, until = 2021-11-10 }, "trilateral deal"]
"""


@pytest.mark.parametrize(
    ("text", "date", "count"),
    [
        ("The deal sends peacekeepers.", "2020-11-12", 1),  # the sentence is on the topic
        ("The deal is dead. Karabakh waits.", "2020-11-12", 0),  # another sentence is
        ("The trilateral deal is dead.", "2020-11-12", 1),  # this term needs no topic
        ("The deal sends peacekeepers.", "2021-11-10", 1),  # the last day
        ("The deal sends peacekeepers.", "2021-11-11", 0),
        ("The trilateral deal is dead.", "2021-11-11", 1),  # `until` is the term's
        ("The deal sends peacekeepers.", None, 1),  # undated articles stay
    ],
)
def test_bare_words_count_on_topic_and_in_time(
    tmp_path: Path, text: str, date: str | None, count: int
):
    small = [lexicon(tmp_path, BARE, "bare")]

    assert len(meant(small, text, date)) == count


def test_topic_and_until_are_saved_with_a_profile(tmp_path: Path):
    made = made_of([lexicon(tmp_path, BARE, "bare")], {"text": "The deal sends peacekeepers."})
    made.save(tmp_path / "saved")

    assert load_profile(tmp_path / "saved").lexicons == made.lexicons


# ------------------------------------------------------------------ which referent


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2020-09-26", []),  # the day before: nothing that the label could mean
        ("2020-09-27", [("2020", True)]),
        ("2022-09-11", [("2020", True)]),
        ("2022-09-12", [("2020 or 2022", False)]),
        ("2022-12-31", [("2020 or 2022", False)]),
        ("2023-01-01", [("2022", True)]),
        ("2090-01-01", [("2022", True)]),  # no mentions_until: for ever
        (None, [("2020 or 2022", False)]),
    ],
)
def test_dates_decide_what_a_label_means(small, date, expected):
    """A label counts from the first day of its referent to the last day of mentions_until."""
    assert meant(small, "The war was long.", date) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The 44-day war was long.", [("2020", True)]),
        ("The war at Jermuk was long.", [("2022", True)]),
        # Another sentence decides nothing; nor do two contexts.
        ("The war was long. It began at Jermuk.", [("2020 or 2022", False)]),
        ("The 44-day war did not reach Jermuk.", [("2020 or 2022", False)]),
        # Each use for itself.
        ("The 44-day war ended. The war did not.", [("2020", True), ("2020 or 2022", False)]),
    ],
)
def test_context_in_the_sentence_decides_where_dates_do_not(small, text, expected):
    assert meant(small, text, "2022-10-01") == expected
    assert meant(small, text, None) == expected


def test_context_does_not_outdo_dates(small):
    """In 2021 the war at Jermuk had not been fought."""
    assert meant(small, "The war at Jermuk was long.", "2021-01-01") == [("2020", True)]


def test_a_referent_without_dates_is_always_in_time(small):
    for date in (None, "1995-01-01", "2020-10-10"):
        assert meant(small, "In Karabakh.", date) == [("territory", True)]


def test_uses_of_unknown_time_are_marked(small):
    """Undated articles, and things of a certain time."""
    texts = ({"text": "The war in Karabakh.", "date": day} for day in (None, "2022-10-01"))
    table = mentions(made_of(small, *texts))
    found = zip(table["date"].notna(), table["label"], table["undated"], strict=True)

    assert set(found) == {
        (False, "war", True),
        (False, "Karabakh", False),
        (True, "war", False),
        (True, "Karabakh", False),
    }


def test_undated_articles_keep_the_labels_of_dated_referents(small):
    assert meant(small, "The clashes and the aggression of 2020.", None) == [
        ("2022", True),
        ("2020", True),
    ]


def test_unresolved_uses_are_counted_in_no_share(small):
    part = made_of(small, {"text": "The war and the clashes.", "date": "2022-10-01"})
    shares = label_shares(part, ("A",))

    assert shares[["referent", "label", "A.count", "A.share"]].to_numpy().tolist() == [
        ["2022", "clashes", 1, 1.0]
    ]


def test_lexicons_do_not_compete(small, tmp_path):
    """The same word in two lexicons is one use in each, even under one name with other dates."""
    text = SMALL.replace('name = "small"', 'name = "other"').replace("2020-09-27", "2020-10-10")
    both = [*small, lexicon(tmp_path, text, "other")]
    found = mentions(profile(frame({"text": "The war.", "date": "2020-10-01"}), both))
    later = mentions(profile(frame({"text": "The war.", "date": "2020-10-10"}), both))

    assert found[["lexicon", "referent", "resolved"]].to_numpy().tolist() == [
        ["small", "2020", True]
    ]
    assert later["lexicon"].tolist() == ["small", "other"]
    assert later["resolved"].all()


TOPICAL = """
name = "topical"
topic = ["Karabakh", "Armenian*"]
[[referents]]
name = "the truce"
from = 2020-11-09
labels = [
  { label = "deal", side = "neutral", terms = [{ term = "the deal", in_topic = true }, "truce"] },
  { label = "accord", side = "neutral", terms = [{ term = "accord", until = 2021-12-31 }] },
]
"""


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("The deal was signed.", []),
        ("The deal on Karabakh was signed.", ["deal"]),
        ("Karabakh waits. The deal was signed.", []),  # the sentence, not the article
        ("The truce was signed.", ["deal"]),  # this term says enough by itself
        ("The deal pleased “Armenians”.", ["deal"]),
    ],
)
def test_a_bare_word_counts_only_in_a_sentence_on_the_topic(tmp_path, text, labels):
    part = profile(frame({"text": text, "date": "2020-11-10"}), [lexicon(tmp_path, TOPICAL)])

    assert mentions(part)["label"].tolist() == labels


def test_the_topic_of_another_lexicon_does_not_count(tmp_path):
    first = lexicon(tmp_path, TOPICAL.replace("Karabakh", "Artsakh"), "first")
    other = TOPICAL.replace('"topical"', '"other"').replace("the deal", "the pact")
    both = [first, lexicon(tmp_path, other, "other")]

    assert mentions(profile(frame({"text": "The deal on Karabakh."}), both)).empty
    assert len(mentions(profile(frame({"text": "The deal on Artsakh."}), both))) == 1


@pytest.mark.parametrize(
    ("date", "count"), [("2021-12-31", 1), ("2022-01-01", 0), (None, 1), ("2020-11-08", 0)]
)
def test_a_label_may_end_before_its_referent(tmp_path, date, count):
    part = profile(frame({"text": "An accord.", "date": date}), [lexicon(tmp_path, TOPICAL)])

    assert len(mentions(part)) == count


def test_referents_are_found_by_name(small):
    part = made_of(small, {"text": "No."})

    assert list(referents(part)) == ["2020", "2022", "territory"]


# ------------------------------------------------------------------ in whose words

SPOKEN = (
    "Artsakh fell. Baku said that Karabakh was calm. “Karabakh is ours and always was,” Baku "
    "said. Thousands left the “Artsakh” that was."
)


def test_a_mention_tells_voice_speaker_and_side(small):
    """`side` prefers the label, `speaker_side` speaks: they need not be one."""
    table = mentions(made_of(small, {"text": SPOKEN, "date": "2021-01-01", "outlet": "B"}))

    columns = ["outlet", "label", "side", "voice", "speaker", "speaker_side", "cue", "resolution"]
    assert table[columns].to_numpy().tolist() == [
        ["B", "Artsakh", "Armenia", "own", "", "", "", ""],
        ["B", "Karabakh", "neutral", "reported", "Baku", "Azerbaijan", "said", "named"],
        ["B", "Karabakh", "neutral", "quote", "Baku", "Azerbaijan", "said", "named"],
        ["B", "Artsakh", "Armenia", "scare", "", "", "", ""],
    ]
    assert table["date"].tolist() == ["2021-01-01"] * 4
    assert table["field"].tolist()[0] == "lead"


def test_shares_are_those_of_the_word_group(small):
    part = made_of(small, {"text": SPOKEN})
    found = {
        group: label_shares(part, ("A",), group).set_index("label")["A.count"].to_dict()
        for group in GROUPS
    }

    assert found == {
        "own": {"Artsakh": 1},
        "outlet": {"Artsakh": 1, "Karabakh": 1},
        "quoted": {"Artsakh": 1, "Karabakh": 1},
        "all": {"Artsakh": 2, "Karabakh": 2},
    }


def test_counts_of_all_words_are_those_of_the_four_ways(small):
    """own + reported = outlet, and outlet + quoted = all, for every label."""
    part = profile(read_articles(ROOT / "seeds"), small)
    counts = {
        group: label_shares(part, tuple(part.outlets), group)
        .set_index(["referent", "label"])
        .filter(like=".count")
        for group in GROUPS
    }
    summed = counts["outlet"].add(counts["quoted"], fill_value=0).astype(int)

    assert summed.to_dict() == counts["all"].to_dict()
    assert counts["all"].to_numpy().sum() == mentions(part)["resolved"].sum()


def test_a_share_is_undefined_where_an_outlet_never_names_the_thing(small):
    """A says Artsakh twice and Karabakh once, in two articles; B names only the clashes."""
    part = made_of(
        small,
        {"text": "Artsakh, Artsakh and Karabakh."},
        {"text": "Artsakh."},
        {"text": "The clashes.", "outlet": "B"},
    )
    rows = label_shares(part, ("A", "B")).set_index(["referent", "label"])

    assert rows.loc[("territory", "Artsakh"), ["A.count", "A.articles"]].tolist() == [3, 2]
    assert rows["A.share"].to_dict() == pytest.approx(
        {
            ("2022", "clashes"): np.nan,
            ("territory", "Artsakh"): 0.75,
            ("territory", "Karabakh"): 0.25,
        },
        nan_ok=True,
    )
    assert rows["B.share"].isna().tolist() == [False, True, True]


def test_an_outlet_that_is_not_asked_for_adds_no_row(small):
    part = made_of(small, {"text": "Artsakh."}, {"text": "The clashes.", "outlet": "B"})

    assert label_shares(part, ("A",))["label"].tolist() == ["Artsakh"]


# ------------------------------------------------------------------ intervals


def plain_share(
    used: list[int], named: list[int]
) -> tuple[int, int, int, int, float, float, float]:
    """The columns of one label by a loop over articles: uses of it and of all labels in each."""
    pairs = [(p, w) for p, w in zip(used, named, strict=True) if w]
    n, uses, of = len(pairs), sum(p for p, _ in pairs), sum(w for _, w in pairs)
    carriers = sum(p > 0 for p, _ in pairs)
    if not of:
        return 0, 0, 0, 0, np.nan, np.nan, np.nan
    share = uses / of
    if n < 5:
        return uses, carriers, of, n, share, np.nan, np.nan
    variance = sum((p - share * w) ** 2 for p, w in pairs) / of**2 * n / (n - 1)
    scarce = min(carriers, sum(p < w for p, w in pairs)) < 5
    worth = share * (1 - share) / variance if variance > 0 else np.inf
    if not scarce:
        worth *= (norm.ppf(0.975) / t.ppf(0.975, n - 1)) ** 2
    worth = min(worth, n if scarce else of)
    low = beta.ppf(0.025, worth * share, worth - worth * share + 1) if share > 0 else 0.0
    high = beta.ppf(0.975, worth * share + 1, worth - worth * share) if share < 1 else 1.0
    return uses, carriers, of, n, share, low, high


@pytest.mark.parametrize("seed", range(4))
def test_shares_and_intervals_are_those_of_a_loop_over_articles(small, seed):
    """Two outlets, from 3 to 40 articles, labels in runs: Artsakh in few articles of one outlet."""
    rng = np.random.default_rng(seed)
    rows, counts = [], {"A": [], "B": []}
    for outlet, number, chance in (("A", 40, 0.4), ("B", (3, 6, 12, 30)[seed], 0.05)):
        for _ in range(number):
            named = int(rng.integers(0, 5))
            one = int(rng.binomial(named, rng.beta(chance, 1 - chance)))
            words = ["Artsakh"] * one + ["Karabakh"] * (named - one)
            rows.append({"outlet": outlet, "text": " and ".join(["Rain", *words]) + "."})
            counts[outlet].append((one, named))
    table = label_shares(made_of(small, *rows), ("A", "B")).set_index("label")
    for outlet, pairs in counts.items():
        used, named = map(list, zip(*pairs, strict=True))
        found = table.loc["Artsakh", [f"{outlet}.{name}" for name in SHARE_COLUMNS]]

        assert found.tolist() == pytest.approx(plain_share(used, named), nan_ok=True)


def test_shares_of_a_referent_add_up_to_one(small):
    part = profile(read_articles(ROOT / "seeds"), small)
    for group in GROUPS:
        shares = label_shares(part, tuple(part.outlets), group).filter(regex=r"referent|\.share$")
        sums = shares.groupby("referent").sum(min_count=1).to_numpy()

        assert sums[~np.isnan(sums)] == pytest.approx(1.0)


def test_the_order_of_articles_changes_no_bit_of_an_interval(small):
    texts = ["Artsakh.", "Karabakh and Artsakh.", "Karabakh.", "Artsakh, Artsakh, Karabakh."] * 3
    rows = [{"text": text, "id": f"n{n}"} for n, text in enumerate(texts)]
    one, other = (label_shares(made_of(small, *some), ("A",)) for some in (rows, rows[::-1]))

    assert one["A.low"].notna().all()
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_what_none_of_ten_articles_uses_may_be_used_by_three_in_ten(small):
    """The exact bound: (1 - .308) ** 10 = .025.  Of all ten, the same from above."""
    rows = [{"text": "Karabakh."}] * 10 + [{"text": "Artsakh.", "outlet": "B"}]
    table = label_shares(made_of(small, *rows), ("A", "B")).set_index("label")

    assert table.loc["Artsakh", ["A.low", "A.high"]].tolist() == pytest.approx([0, 0.3084971])
    assert table.loc["Karabakh", ["A.low", "A.high"]].tolist() == pytest.approx([0.6915029, 1])


def test_four_articles_have_a_share_and_no_interval(small):
    rows = [{"text": "Artsakh."}] * 3 + [{"text": "Karabakh."}]
    table = label_shares(made_of(small, *rows), ("A",))

    assert table["A.share"].tolist() == [0.75, 0.25]
    assert table[["A.low", "A.high"]].isna().all(axis=None)


def test_intervals_cover_the_share_they_are_of():
    """In 95 % of samples or more, whether articles keep to one label or mix them."""
    rng = np.random.default_rng(0)
    for n, share, alike in ((6, 0.1, 0.9), (12, 0.5, 0.3), (30, 0.9, 0.0), (100, 0.2, 0.3)):
        of = 1 + rng.poisson(2, (3000, n))
        spread = (1 - alike) / alike if alike else np.inf
        chance = rng.beta(share * spread, (1 - share) * spread, of.shape) if alike else share
        used = rng.binomial(of, chance)
        columns = (used, of, used > 0, of > 0, used == of, used**2, used * of, of**2)
        low, high = share_intervals(LabelSums(*(column.sum(axis=1) for column in columns)))

        assert ((low <= share) & (share <= high)).mean() >= 0.945


def test_a_difference_has_an_interval_where_each_share_is_certain(small):
    """All of A's ten against none of B's ten: 1, and at least 1 - sqrt(2) x .308."""
    rows = [{"text": "Karabakh."}] * 10 + [{"text": "Artsakh.", "outlet": "B"}] * 10
    shares = label_shares(made_of(small, *rows), ("A", "B"))
    value, low, high = (column[1] for column in share_differences(shares, "A", "B"))

    assert shares["label"].tolist() == ["Artsakh", "Karabakh"]
    assert (value, low, high) == pytest.approx((1, 1 - 2**0.5 * 0.3084971, 1))


def test_exchanging_the_outlets_turns_the_difference_round(small):
    texts = ["Artsakh.", "Karabakh and Artsakh.", "Karabakh."] * 4
    rows = [{"text": text} for text in texts] + [
        {"text": text, "outlet": "B"} for text in texts[:7]
    ]
    shares = label_shares(made_of(small, *rows), ("A", "B"))
    one, other = (share_differences(shares, *pair) for pair in (("A", "B"), ("B", "A")))

    assert [column.tolist() for column in one] == [
        (-other[0]).tolist(), (-other[2]).tolist(), (-other[1]).tolist()
    ]  # fmt: skip


def test_a_table_at_hand_gives_the_same_shares(small):
    part = profile(read_articles(ROOT / "seeds"), small)
    outlets = tuple(part.outlets)

    pd.testing.assert_frame_equal(
        label_shares(part, outlets, table=mentions(part)), label_shares(part, outlets)
    )


def test_an_unknown_word_group_is_named(small):
    part = made_of(small, {"text": "Artsakh."})

    with pytest.raises(KeyError, match="no word group 'mine'; there are own, outlet, quoted, all"):
        in_group(mentions(part), "mine")


# ------------------------------------------------------------------ sentences

TITLED = {
    "title": "Karabakh is calm",
    "text": "One sentence. No war in Artsakh today. Another.\n\nThe war.",
    "date": "2021-01-01",
}


def sentences_of(part: Profile) -> list[list[str]]:
    """Sentence, label's words in it, and which part of the article."""
    table = with_sentences(part, mentions(part))
    rows = zip(*(table[n] for n in ("text", "text_start", "text_end", "part")), strict=True)
    return [[text, text[start:end], which] for text, start, end, which in rows]


def test_a_mention_s_sentence_is_cut_from_the_text_or_the_title(small):
    """Offsets point into the title where the text does not repeat it."""
    assert sentences_of(made_of(small, TITLED)) == [
        ["Karabakh is calm", "Karabakh", "title"],
        ["No war in Artsakh today.", "war", "text"],
        ["No war in Artsakh today.", "Artsakh", "text"],
        ["The war.", "war", "text"],
    ]


def test_every_sentence_of_the_seeds_holds_its_label(small, tmp_path):
    """From files, from a frame, from a part of them, and after a trip to the disk."""
    articles = read_articles(ROOT / "seeds")
    from_files = profile(ROOT / "seeds", small)
    from_files.save(tmp_path)
    plain = articles.drop(columns=["path", "row"])
    expected = sentences_of(from_files)
    texts = " ".join(articles["text"])

    assert len(expected) > 20
    for text, words, _ in expected:
        assert text in texts and words in text
        assert words.lower().removesuffix("’s") in {"karabakh", "nagorno-karabakh", "war"}
    assert sentences_of(profile(plain, small)) == expected
    assert sentences_of(load_profile(tmp_path)) == expected
    assert sentences_of(from_files["TASS"] + from_files["NEWS.ru"]) == [
        row for row in expected if row in sentences_of(from_files["TASS"] + from_files["NEWS.ru"])
    ]


def test_offsets_of_mentions_are_those_of_the_article(small):
    articles = read_articles(ROOT / "seeds")
    table = mentions(profile(articles, small))
    text = dict(zip(articles["id"], articles["text"], strict=True))
    found = {
        text[article][start:end].lower()
        for article, start, end in zip(table["article"], table["start"], table["end"], strict=True)
    }

    assert set(table["part"]) == {"text"}
    assert found == {"karabakh", "karabakh’s", "nagorno-karabakh", "war"}


def test_mentions_equal_the_hits_of_annotations(small):
    """Dates aside: of every label hit outside page chrome there is one mention."""
    articles = read_articles(ROOT / "seeds").assign(date=None)
    hits = annotate(articles, small).hits.drop_duplicates(["article", "part", "start", "end"])
    table = mentions(profile(articles, small))

    assert table[["article", "start", "end", "voice"]].to_numpy().tolist() == (
        hits[["article", "start", "end", "voice"]].to_numpy().tolist()
    )
    assert set(table["voice"]) <= set(VOICES)


def test_teasers_below_an_article_mention_nothing(small):
    text = (ROOT / "seeds" / "001_c18513d2de862493.txt").read_text(encoding="utf8")
    table = mentions(made_of(small, {"text": text}))
    last = text.index("Leave a Reply")

    assert text.rindex("Karabakh Armenians Expect") > last
    assert (table["end"] < last).all() and len(table) > 3


def test_no_labels_give_empty_tables_with_all_their_columns(small):
    for lexicons in (small, []):
        part = profile(frame({"text": "Nothing here."}), lexicons)
        table = mentions(part)

        assert table.empty and {"referent", "resolved", "speaker", "part"} <= set(table)
        assert with_sentences(part, table).empty
        for group in GROUPS:
            shares = label_shares(part, ("A",), group)
            assert shares.empty and {"referent", "label", "A.share"} <= set(shares)
