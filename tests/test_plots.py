"""Plots: the number drawn is the number in the table, nothing is clipped, bytes repeat."""

from __future__ import annotations

import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import bias_toolkit as bt
from bias_toolkit import plots
from bias_toolkit.attribution import VOICES
from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.plots.colours import VOICE_COLOURS, WORDING_COLOURS, mixed
from bias_toolkit.plots.measuring import clean, width_of, wrapped

SEEDS = Path(__file__).resolve().parents[1] / "seeds"

LEXICON = """
name = "test"
title = "For the tests of plots"
language = "en"

[categories.war]
terms = ["attack*", "shelling"]

[categories.aid]
terms = ["food parcels", { term = "tents", weight = 0.5 }]

[categories.unused]
terms = ["zeppelin"]

[[actors]]
name = "North"
side = "North"
aliases = ["General Smith"]

[[actors]]
name = "South"
side = "South"
aliases = ["Minister Brown"]

[[referents]]
name = "the march of $5"
labels = [
  { label = "raid", side = "South", terms = ["raid*"] },
  { label = "operation", side = "North", terms = ["operation*"] },
  { label = "advance", terms = ["advance*"] },
]

[[referents]]
name = "the capital"
labels = [{ label = "Port Mary", terms = ["Port Mary"] }]
"""

ALPHA = [
    "The raid began. The raid ended. The attack on Port Mary went on.",
    "Minister Brown claimed that the operation had failed. "
    "“The raid is a crime and we shall not forget it,” Minister Brown said. Tents arrived.",
]
BETA = [
    "General Smith said that the operation went well. Food parcels and tents came. "
    "“The operation goes on as it was planned,” General Smith said.",
]

NAMES = (
    "Costs $5 and $10",
    "x_{1}^2 \\frac{",
    "A very long outlet name: The Daily Chronicle of Everything, Weekend and Holiday Edition",
    "Արմենպրես",
    "新华社",
    "Bell\x07 and override\u202e",
    "<b>&amp;</b>",
)

DRAWN = (
    plots.profile_heatmap,
    plots.labels,
    plots.sources,
    plots.speakers,
    plots.cues,
    plots.voices,
)


# ------------------------------------------------------------------ what is drawn


@pytest.fixture(scope="module")
def lexicons(tmp_path_factory: pytest.TempPathFactory) -> list[bt.Lexicon]:
    path = tmp_path_factory.mktemp("lexicon") / "test.toml"
    path.write_text(LEXICON, encoding="utf8")
    return bt.load_lexicons(path)


def articles(texts: dict[str, list[str]], dates: dict[str, str] | None = None) -> pd.DataFrame:
    rows = [
        {"id": f"{outlet}-{n}", "outlet": outlet, "title": "", "text": text}
        for outlet, mine in texts.items()
        for n, text in enumerate(mine)
    ]
    frame = pd.DataFrame(rows)
    frame["date"] = [(dates or {}).get(outlet, "2023-05-01") for outlet in frame["outlet"]]
    return frame


@pytest.fixture(scope="module")
def small(lexicons: list[bt.Lexicon]) -> Comparisons:
    texts = {"Alpha": ALPHA, "Beta": BETA}
    return bt.compare_all(bt.profile(articles(texts), lexicons))


TREES = "amber birch cedar dune ember fjord grove heath islet jetty knoll lagoon".split()


def unlike(outlet: str, number: int, animal: str) -> str:
    """An article that shares hardly more than its animal with the others."""
    tree = outlet + TREES[number]
    return f"A {animal} and no other. The {tree} day went {tree}ly by {tree}ton and {tree}burg."


@pytest.fixture(scope="module")
def many(lexicons: list[bt.Lexicon]) -> Comparison:
    """Twelve articles a side: "zebra" in 10 of A's and 2 of B's, "otter" in 10 of B's.

    No two articles are alike in the rest: copies would count once.
    """
    texts = {
        "A": [unlike("a", n, "zebra" if n < 10 else "horse") for n in range(12)],
        "B": [unlike("b", n, "zebra" if n < 2 else "otter") for n in range(12)],
    }
    return bt.compare(bt.profile(articles(texts), lexicons), "A", "B")


@pytest.fixture(scope="module")
def seeds() -> Comparisons:
    return bt.compare_all(bt.profile(SEEDS))


@pytest.fixture(scope="module")
def odd_names(lexicons: list[bt.Lexicon]) -> Comparisons:
    texts = {name: ALPHA if n % 2 else BETA for n, name in enumerate(NAMES)}
    return bt.compare_all(bt.profile(articles(texts), lexicons))


def words(ax: Axes) -> list[str]:
    """All texts of an axes, in the order they were written."""
    return [text.get_text() for text in ax.texts]


def row(ax: Axes, name: str) -> list[str]:
    """What stands at the height of the row called *name*, after the name."""
    (at,) = {text.get_position()[1] for text in ax.texts if text.get_text() == name}
    mine = [text.get_text() for text in ax.texts if text.get_position()[1] == at]
    return [text for text in mine if text != name]


def widths(ax: Axes, colour: str) -> list[float]:
    """Widths of the blocks of one colour, in the axes' unit."""
    blocks = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    mine = [block for block in blocks if to_hex(block.get_facecolor()) == colour.lower()]
    return [round(block.get_width(), 9) for block in mine]


def drawn_texts(figure: Figure) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Each text of a figure with its box in pixels."""
    assert isinstance(figure.canvas, FigureCanvasAgg)
    renderer = figure.canvas.get_renderer()
    with matplotlib.rc_context({"text.hinting": "none"}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)  # Chinese is not in DejaVu
        figure.draw(renderer)
        for ax in figure.axes:
            for text in ax.texts:
                yield text.get_text(), text.get_window_extent(renderer).extents


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("draw", DRAWN)
def test_a_figure_is_drawn_on_the_axes_it_was_given(draw: Any, small: Comparisons) -> None:
    figure = Figure()
    FigureCanvasAgg(figure)
    first, ax = figure.subplots(1, 2)

    assert draw(small, ax=ax) is ax
    assert ax.texts and not first.texts


@pytest.mark.parametrize("draw", DRAWN)
def test_a_profile_a_pair_and_all_pairs_can_be_drawn(draw: Any, small: Comparisons) -> None:
    assert words(draw(small.profile)) == words(draw(small)) == words(draw(small.pairs[0]))


def test_terms_are_drawn_on_the_axes_they_were_given(small: Comparisons, many: Comparison) -> None:
    figure = Figure()
    FigureCanvasAgg(figure)
    a, b = figure.subplots(1, 2)

    assert plots.terms(small.pairs[0], ax=a) is a
    assert plots.terms(many, ax=b) is b


def test_the_users_settings_neither_change_nor_matter(small: Comparisons, tmp_path: Path) -> None:
    plots.save(plots.voices(small), tmp_path / "a.png")
    with matplotlib.rc_context({"text.usetex": True, "font.size": 30, "savefig.bbox": "tight"}):
        before = dict(matplotlib.rcParams)
        plots.save(plots.voices(small), tmp_path / "b.png")

        assert dict(matplotlib.rcParams) == before
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_importing_draws_nothing_and_drawing_leaves_pyplot_alone() -> None:
    code = (
        "import sys; from bias_toolkit import plots; assert 'matplotlib' not in sys.modules; "
        "from bias_toolkit.plots.pages import say; say('a', 'b', None); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SEEDS.parent)


def test_the_same_articles_give_the_same_bytes(lexicons: list[bt.Lexicon], tmp_path: Path) -> None:
    saved = []
    for folder in ("one", "two"):
        result = bt.compare_all(bt.profile(articles({"A": ALPHA, "B": BETA}), lexicons))
        saved.append(plots.save_all(result, tmp_path / folder))

    assert list(saved[0]) == list(saved[1])
    for name, path in saved[0].items():
        assert path.read_bytes() == saved[1][name].read_bytes(), name


def test_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    code = (
        "import sys; import bias_toolkit as bt; from bias_toolkit import plots; "
        "p = bt.profile('seeds', bt.load_lexicons('framing', 'nagorno_karabakh')); "
        "plots.save(plots.labels_overview(p), sys.argv[1]); "
        "plots.save(plots.cues(p), sys.argv[2])"
    )
    for seed in ("1", "2"):
        paths = [str(tmp_path / seed) + name for name in ("labels.svg", "cues.svg")]
        subprocess.run(
            [sys.executable, "-c", code, *paths],
            check=True,
            cwd=SEEDS.parent,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        )
    for name in ("labels.svg", "cues.svg"):
        assert _plain(tmp_path / f"1{name}") == _plain(tmp_path / f"2{name}")


def _plain(path: Path) -> str:
    """An SVG without the ids that the file's name salts."""
    tree = ET.parse(path)
    return "|".join(
        f"{node.tag} {node.text} {node.get('d')} {node.get('style')}" for node in tree.iter()
    )


@pytest.mark.parametrize("which", ["seeds", "odd_names"])
def test_nothing_is_clipped_and_no_text_overlaps_another(
    which: str, request: pytest.FixtureRequest
) -> None:
    result = request.getfixturevalue(which)
    for name, figure in plots.figures(result):
        boxes = list(drawn_texts(figure))
        width, height = figure.bbox.size
        for text, (left, low, right, high) in boxes:
            assert left >= 0 and low >= 0 and right <= width and high <= height, (name, text)
        _no_overlap(name, boxes)


def _no_overlap(name: str, boxes: list) -> None:
    """Boxes may touch: a line's box holds room for letters that it may not have."""
    edges = np.array([box for _, box in boxes]) + np.array([1.5, 4, -1.5, -4])
    for n, (left, low, right, high) in enumerate(edges):
        others = edges[n + 1 :]
        apart = (others[:, 0] >= right) | (others[:, 2] <= left)
        apart |= (others[:, 1] >= high) | (others[:, 3] <= low)

        assert apart.all(), (name, boxes[n], boxes[n + 1 + int(np.argmin(apart))])


def test_no_figure_speaks_of_bias(seeds: Comparisons) -> None:
    said = [text for _, figure in plots.figures(seeds) for ax in figure.axes for text in words(ax)]

    assert len(said) > 500
    assert not [text for text in said if "bias" in text.lower()]


def test_every_figure_says_how_much_was_read(seeds: Comparisons) -> None:
    for name, figure in plots.figures(seeds):
        said = " ".join(text for ax in figure.axes for text in words(ax))

        assert "article" in said, name


# ------------------------------------------------------------------ the heat map


def test_the_heat_map_prints_rates_and_counts(small: Comparisons) -> None:
    """Alpha: 12 + 10 of its words are its own wording, one attack: 1,000 / n; tents weigh 1/2."""
    ax = plots.profile_heatmap(small)
    sums = small.profile.by_outlet()
    n = {outlet: sums[outlet]["words.outlet"].sum() for outlet in ("Alpha", "Beta")}

    assert row(ax, "war") == [f"{1000 / n['Alpha']:.1f} (1)", "·"]
    assert row(ax, "aid") == [f"{500 / n['Alpha']:.1f} (1)", f"{1500 / n['Beta']:.1f} (2)"]


def test_the_heat_map_draws_its_table(seeds: Comparisons) -> None:
    ax = plots.profile_heatmap(seeds)
    table = plots.category_rates(seeds)
    for (_, category), cells in table.groupby(["lexicon", "category"]):
        expected = [
            f"{r.rate:.1f} ({r.count_})" if r.count_ else "·"
            for r in cells.rename(columns={"count": "count_"}).itertuples()
        ]
        if any(cells["count"]):
            assert row(ax, category.replace("_", " ")) == expected
        else:
            assert category.replace("_", " ") not in words(ax)


def test_rates_are_the_metrics(seeds: Comparisons) -> None:
    metrics = seeds.metrics.set_index(["metric", "outlet"])["value"]
    for group in ("own", "outlet", "quoted", "all"):
        for r in plots.category_rates(seeds, group).itertuples():
            value = metrics[f"{r.lexicon}.{r.category}.{group}", r.outlet]

            assert r.rate == pytest.approx(value, nan_ok=True)


def test_categories_without_a_hit_share_one_line(small: Comparisons) -> None:
    said = words(plots.profile_heatmap(small))

    assert "unused" not in said
    assert "No hit anywhere: unused." in " ".join(said)


def test_a_rate_of_no_words_is_a_dash(lexicons: list[bt.Lexicon]) -> None:
    texts = {"Mute": ["The attack went on."], "Loud": [*BETA, "“The attack goes on,” he said."]}
    result = bt.compare_all(bt.profile(articles(texts), lexicons))
    rates = plots.category_rates(result, "quoted").set_index(["category", "outlet"])["rate"]

    assert np.isnan(rates["war", "Mute"])
    assert row(plots.profile_heatmap(result, "quoted"), "war")[1] == "–"


def test_few_hits_are_shaded_paler(small: Comparisons, seeds: Comparisons) -> None:
    """One attack must not look like twenty."""
    darkest = [
        min(sum(to_rgb(patch.get_facecolor())) for patch in plots.profile_heatmap(r).patches)
        for r in (small, seeds)
    ]

    assert darkest[0] > darkest[1] + 0.3


def test_an_unknown_word_group_is_named(small: Comparisons) -> None:
    with pytest.raises(KeyError, match="no word group 'mine'; there are own, outlet, quoted, all"):
        plots.profile_heatmap(small, "mine")


# ------------------------------------------------------------------ labels


def test_labels_are_counted_by_wording(small: Comparisons) -> None:
    """Alpha: raid twice in its own words and once quoted, operation once in reported speech."""
    table = plots.label_counts(small).set_index(["label", "outlet"])
    columns = ["own", "reported", "quoted", "count"]

    assert table.loc[("raid", "Alpha"), columns].tolist() == [2, 0, 1, 3]
    assert table.loc[("operation", "Alpha"), columns].tolist() == [0, 1, 0, 1]
    assert table.loc[("operation", "Beta"), columns].tolist() == [0, 1, 1, 2]
    assert table.loc[("raid", "Beta"), columns].tolist() == [0, 0, 0, 0]
    assert "advance" not in table.index


def test_label_counts_are_those_of_the_comparison(seeds: Comparisons) -> None:
    counts = plots.label_counts(seeds)
    theirs = seeds.labels.set_index(["words", "referent", "label"])
    for r in counts[counts["count"] > 0].rename(columns={"count": "uses"}).itertuples():
        for group, mine in (("own", r.own), ("quoted", r.quoted), ("all", r.uses)):
            key = (group, r.referent, r.label)
            count = theirs.loc[key, f"{r.outlet}.count"] if key in theirs.index else 0

            assert int(count) == mine


def test_bars_are_as_long_as_the_label_is_frequent(small: Comparisons) -> None:
    ax = plots.labels(small)

    assert sorted(widths(ax, WORDING_COLOURS["own"])) == [2]
    assert sorted(widths(ax, WORDING_COLOURS["reported"])) == [1, 1]
    assert sorted(widths(ax, WORDING_COLOURS["quoted"])) == [1, 1]
    assert row(ax, "raid") == ["South", "2", "1", "·"]


def test_numbers_that_do_not_fit_stand_after_the_bar(lexicons: list[bt.Lexicon]) -> None:
    text = " ".join(["The raid went on."] * 300) + " “A raid it was and will be,” he said."
    result = bt.profile(articles({"A": [text], "B": ALPHA}), lexicons)
    ax = plots.labels(result)

    assert sorted(widths(ax, WORDING_COLOURS["own"])) == [2, 300]
    assert row(ax, "raid") == ["South", "300", "+", "1", "2", "+", "1"]


def test_the_referent_named_most_is_drawn_unless_another_is_asked_for(small: Comparisons) -> None:
    assert words(plots.labels(small))[0] == "Labels: what each outlet calls the march of $5"
    assert "Port Mary" in words(plots.labels(small, "the capital"))


def test_referents_that_most_outlets_name_come_first(seeds: Comparisons) -> None:
    table = plots.label_counts(seeds)
    used = table[table["count"] > 0]
    outlets = used.groupby("referent")["outlet"].nunique()
    names = {name[:1].upper() + name[1:]: count for name, count in outlets.items()}
    titles = [words(ax)[0] for ax in plots.labels_overview(seeds).axes[1:]]
    counts = [names[title] for title in titles]

    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 3


def test_an_unknown_referent_is_named(small: Comparisons) -> None:
    message = "no label of a referent 'the moon' in these articles; here are: the capital, the mar"
    with pytest.raises(KeyError, match=message):
        plots.labels(small, "the moon")


def test_the_overview_shows_referents_that_can_be_compared(small: Comparisons) -> None:
    """The capital has one label in one outlet: nothing to compare."""
    said = [text for ax in plots.labels_overview(small).axes for text in words(ax)]

    assert "The march of $5" in said
    assert "The capital" not in said


def test_of_many_things_those_named_most_are_drawn_and_the_rest_is_counted(
    seeds: Comparisons, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = plots.labels_overview(seeds).axes
    monkeypatch.setattr("bias_toolkit.plots.naming._MOST_DRAWN", 3)
    some = plots.labels_overview(seeds).axes
    said = " ".join(text for ax in some for text in words(ax))

    assert [words(ax)[0] for ax in some[1:]] == [words(ax)[0] for ax in everything[1:4]]
    assert f"{len(everything) - 4} things more" in " ".join(said.split())


def test_uses_that_may_mean_two_things_are_left_out_and_said(tmp_path: Path) -> None:
    another = (
        '\n[[referents]]\nname = "another march"\nlabels = [{ label = "raid", terms = ["raid*"] }]'
    )
    path = tmp_path / "two.toml"
    path.write_text(LEXICON + another, encoding="utf8")
    part = bt.profile(articles({"Alpha": ALPHA, "Beta": BETA}), bt.load_lexicons(path))
    ax = plots.labels(part)

    assert "3 uses that may mean two things are left out." in " ".join(words(ax))
    assert "raid" not in words(ax)


# ------------------------------------------------------------------ terms


def test_terms_of_few_articles_are_counted(small: Comparisons) -> None:
    table = plots.term_counts(small.pairs[0]).set_index("term")
    columns = ["a_count", "b_count", "a_articles", "b_articles"]

    assert table.loc["raid", columns].tolist() == [2, 0, 1, 0]
    assert table.loc["operation", columns].tolist() == [1, 1, 1, 1]
    assert table.loc["tents", columns].tolist() == [1, 1, 1, 1]
    assert table.loc["attack*", "lexicons"] == "test"


def test_mirrored_bars_are_as_long_as_the_counts(small: Comparisons) -> None:
    pair = small.pairs[0]
    ax, table = plots.terms(pair), plots.term_counts(pair)
    colours = plots.outlet_colours(pair)

    assert sorted(widths(ax, colours["Alpha"])) == sorted(-table["a_count"][table["a_count"] > 0])
    assert sorted(widths(ax, colours["Beta"])) == sorted(table["b_count"][table["b_count"] > 0])
    assert row(ax, "raid") == ["2 (1 of 2)", "0"]
    assert "Counts, not findings." in " ".join(words(ax))


def test_a_place_counts_once_for_its_label_or_its_longest_term(tmp_path: Path) -> None:
    """In "air raids on forts" one place is a label, in "heavy air raid" one is a category's."""
    path = tmp_path / "two.toml"
    path.write_text(
        'name = "two"\n'
        '[categories.war]\nterms = ["raid*", "fort*"]\n'
        '[[referents]]\nname = "it"\nlabels = [{ label = "bombing", terms = ["air raids"] }]\n',
        encoding="utf8",
    )
    other = tmp_path / "three.toml"
    other.write_text('name = "three"\n[categories.sky]\nterms = ["heavy air raid"]\n')
    texts = {"A": ["They flew air raids on forts."], "B": ["A heavy air raid came. A raid."]}
    part = bt.profile(articles(texts), bt.load_lexicons(path, other))
    table = plots.term_counts(bt.compare(part, "A", "B")).set_index("term")

    assert table[["a_count", "b_count"]].T.to_dict("list") == {
        "bombing": [1, 0],
        "fort*": [1, 0],
        "heavy air raid": [0, 1],
        "raid*": [0, 1],
    }


def test_terms_are_drawn_by_turns_so_that_no_outlet_fills_the_figure(seeds: Comparisons) -> None:
    pair = next(p for p in seeds if (p.a, p.b) == ("Azatutyun/Asbarez", "TASS"))
    table, drawn = plots.term_counts(pair).set_index("term"), words(plots.terms(pair, top=9))
    cut = tuple(name.removesuffix("…") for name in drawn if name.endswith("…"))  # long ones
    names = set(drawn) - {pair.a, pair.b}  # which stand over the columns
    shown = table[table.index.isin(names) | table.index.str.startswith(cut)]

    assert len(shown) == 9
    assert (shown["a_count"] == 0).sum() == (shown["b_count"] == 0).sum() == 3


def test_outlets_of_different_times_get_words_and_no_list(lexicons: list[bt.Lexicon]) -> None:
    frame = articles({"A": ALPHA, "B": BETA}, {"A": "2020-01-01", "B": "2023-01-01"})
    pair = bt.compare(bt.profile(frame, lexicons), "A", "B")
    ax = plots.terms(pair)

    assert plots.term_counts(pair).empty
    assert not ax.patches
    assert "no list of differences is drawn" in " ".join(words(ax))
    assert "1,096 days apart" in " ".join(words(ax))


def test_odds_are_drawn_where_the_table_has_them(many: Comparison) -> None:
    """zebra: 10 of 12 against 2 of 12: log(10.5 * 10.5 / (2.5 * 2.5)) = 2.870."""
    table = plots.term_odds(many)
    ax = plots.terms(many)
    lines = [line for line in ax.lines if line.get_transform() == ax.transData]
    marks = [np.asarray(line.get_xdata(), float).tolist() for line in lines]
    dots = sorted(x[0] for x in marks if len(x) == 1)
    spans = sorted(tuple(x) for x in marks if len(x) == 2)
    zebra = table.set_index("term").loc["a zebra and"]

    assert zebra["log_odds"] == pytest.approx(np.log(10.5 * 10.5 / 2.5 / 2.5))
    assert dots == sorted(table["log_odds"])
    assert spans == sorted(zip(table["low"], table["high"], strict=True))
    assert row(ax, "a zebra and") == ["10 of 12", "2 of 12"]


def test_of_terms_within_one_another_the_longest_is_kept(many: Comparison) -> None:
    """Two trigrams hold "zebra" in as many articles; neither holds the other."""
    kept = plots.term_odds(many)["term"].tolist()

    assert "zebra" not in kept and "a zebra" not in kept
    assert {"a zebra and", "zebra and no"} <= set(kept)


def test_terms_of_the_first_outlet_stand_left(many: Comparison) -> None:
    left, right = plots.terms(many).get_xlim()

    assert left > right  # positive odds are the first outlet's
    table = plots.term_odds(many)
    assert (table["log_odds"].diff().dropna() <= 0).all()


def test_at_most_top_terms_are_drawn(many: Comparison, seeds: Comparisons) -> None:
    assert len(plots.term_odds(many, 4)) == 4
    assert len(plots.term_odds(seeds.pairs[0])) == 0  # too few articles for odds


def test_outlets_keep_their_colours_in_every_figure(seeds: Comparisons) -> None:
    pair = next(p for p in seeds if (p.a, p.b) == ("MassisPost", "TASS"))
    colours = plots.outlet_colours(seeds)
    ax = plots.terms(pair, colours=colours)

    assert widths(ax, colours["MassisPost"]) and widths(ax, colours["TASS"])
    assert not widths(ax, colours["NEWS.ru"])


def test_twelve_outlets_have_twelve_colours(lexicons: list[bt.Lexicon]) -> None:
    part = bt.profile(articles({f"Outlet {n}": ALPHA for n in range(12)}), lexicons)

    assert len(set(plots.outlet_colours(part).values())) == 12


# ------------------------------------------------------------------ speakers, cues, voices


def test_speakers_words_add_up(seeds: Comparisons) -> None:
    table, everyone = plots.speaker_words(seeds, top=2), seeds.speakers
    for outlet, mine in everyone.groupby("outlet"):
        drawn = table[table["outlet"] == outlet]

        assert drawn["named"].sum() == 2
        assert drawn[["quoted", "reported"]].sum().tolist() == (
            mine[["quoted", "reported"]].sum().tolist()
        )


def test_speakers_bars_are_their_words(seeds: Comparisons) -> None:
    ax, table = plots.speakers(seeds), plots.speaker_words(seeds)
    named = table[table["named"]]
    for wording in ("quoted", "reported"):
        counts = named[wording][named[wording] > 0]

        assert sorted(widths(ax, WORDING_COLOURS[wording])) == sorted(counts)
    assert row(ax, "Mikhail Galuzin")[1:] == [
        str(table.set_index("speaker").loc["Mikhail Galuzin", w]) for w in ("quoted", "reported")
    ]


def test_cues_are_drawn_as_they_are_counted(seeds: Comparisons) -> None:
    ax, table = plots.cues(seeds), plots.cue_counts(seeds)
    drawn = [text.split(" ")[0].replace("·", "0") for text in words(ax) if _is_cell(text)]

    assert drawn == [str(n) for n in table["count"]]
    assert table["count"].sum() == seeds.cue_classes["count"].sum()


def _is_cell(text: str) -> bool:
    number = text.split(" ")[0].replace(",", "")
    return text == "·" or (number.isdigit() and (text == number or text.endswith("%)")))


def test_sides_with_few_cues_stand_together(seeds: Comparisons) -> None:
    """No cue is lost: the rows of the others sum to what the two foremost sides leave."""
    every, few = plots.cue_counts(seeds), plots.cue_counts(seeds, 2)
    sums = every[every["side"] != ""].groupby("side")["count"].sum()
    first = set(sums.nlargest(2).index)
    others = few[few["side"].str.startswith("(")]

    assert set(few["side"]) - set(others["side"]) == {*first, ""}
    assert others["count"].sum() == sums.drop(list(first)).sum()
    assert few["count"].sum() == every["count"].sum()
    assert few.groupby(["outlet", "side"])["share"].sum().tolist() == pytest.approx(
        [1.0] * len(few.drop_duplicates(["outlet", "side"]))
    )


def test_one_cue_of_one_is_not_the_darkest(lexicons: list[bt.Lexicon]) -> None:
    """One "claimed" of one weighs 1 / 21, ten of forty weigh 10 / 60."""
    one = "Minister Brown claimed that it rained. "
    forty = ["General Smith said it rained."] * 30 + ["General Smith claimed it rained."] * 10
    frame = articles({"A": [one + " ".join(forty)], "B": ["Rain fell."]})
    ax = plots.cues(bt.profile(frame, lexicons))
    cells = [text.get_text() for text in ax.texts if _is_cell(text.get_text())]
    shades = {
        text: sum(to_rgb(patch.get_facecolor()))
        for text, patch in zip(cells, ax.patches, strict=True)
        if text != "·"
    }

    assert shades["10 (25%)"] < shades["1"]


def test_cues_of_speakers_without_a_side_come_last(seeds: Comparisons) -> None:
    sides = plots.cue_counts(seeds).drop_duplicates(["outlet", "side"])
    for _, mine in sides.groupby("outlet"):
        assert "" not in mine["side"].tolist()[:-1]


def test_voices_fill_the_bar(seeds: Comparisons) -> None:
    ax, table = plots.voices(seeds), plots.voice_shares(seeds)
    for voice in VOICES:
        drawn = widths(ax, VOICE_COLOURS[voice])

        assert drawn == pytest.approx(table[voice].tolist(), abs=1e-8)
    assert table[list(VOICES)].sum(axis=1).tolist() == pytest.approx([1] * 4)
    assert f"{table[VOICES[0]][0]:.1%}" in words(ax)


def test_an_outlet_without_words_has_no_shares(lexicons: list[bt.Lexicon]) -> None:
    part = bt.profile(articles({"A": ALPHA, "Signs": ["?! … !!"]}), lexicons)
    table = plots.voice_shares(part).set_index("outlet")

    assert table.loc["Signs", list(VOICES)].isna().all()
    assert words(plots.voices(part)).count("–") == len(VOICES)


# ------------------------------------------------------------------ who is heard


@pytest.mark.parametrize("by", ["kind", "side", "actor"])
def test_source_words_lose_no_word(seeds: Comparisons, by: str) -> None:
    """Quoted and reported words of all rows are all words of others, however many rows."""
    table = seeds.sources[(seeds.sources["by"] == by) & (seeds.sources["words"] == "both")]
    whole = table.groupby("outlet")["count"].sum()
    for top in (1, 3, 99):
        rows = plots.source_words(seeds, by, top)

        assert (rows["quoted"] + rows["reported"] == rows["count"]).all()
        assert rows.groupby("outlet")["count"].sum().to_dict() == whole.to_dict()
        assert rows.groupby("outlet")["nested"].sum().to_dict() == (
            table.groupby("outlet")["nested"].sum().to_dict()
        )


def test_who_is_never_heard_stands_with_0(small: Comparisons) -> None:
    ax = plots.sources(small)
    table = plots.source_words(small).set_index(["outlet", "source"])["count"]

    assert table["Alpha", "civilians"] == table["Beta", "civilians"] == 0
    assert row(ax, "civilians") == ["0", "0"]


def test_bars_of_sources_are_their_shares(small: Comparisons) -> None:
    """Of the words of others; those of unknown kind are paler."""
    ax = plots.sources(small, "side")
    rows = plots.source_words(small, "side")
    known = rows[~rows["source"].str.startswith("(")]
    for wording in ("quoted", "reported"):
        shares = (known[wording] / known["of"])[known[wording] > 0]

        assert sorted(widths(ax, WORDING_COLOURS[wording])) == pytest.approx(sorted(shares))
    of = rows.groupby("outlet")["of"].first()
    assert f"{of['Alpha']} words of others" in words(ax)


def test_what_is_not_known_is_drawn_paler(lexicons: list[bt.Lexicon]) -> None:
    """Nobody says who Jones is: neither his kind nor his side is known."""
    texts = {"A": ["Jones said that it rained."], "B": ["General Smith said that it snowed."]}
    part = bt.profile(articles(texts), lexicons)
    kinds, sides = _colours(plots.sources(part)), _colours(plots.sources(part, "side"))
    pale = mixed(WORDING_COLOURS["reported"], "#ffffff", 0.6)

    assert kinds == sides == {WORDING_COLOURS["reported"], pale}


def _colours(ax: Axes) -> set[str]:
    return {to_hex(patch.get_facecolor()) for patch in ax.patches}


def test_intervals_of_sources_are_those_of_the_table(lexicons: list[bt.Lexicon]) -> None:
    """Lines from five articles on, and none below."""
    said = "General Smith said that it rained. Minister Brown said that " + "it snowed, " * 3
    texts = {"A": [f"{said} {'and it snowed ' * n}." for n in range(6)], "B": BETA}
    result = bt.compare_all(bt.profile(articles(texts), lexicons))
    ax, rows = plots.sources(result, "side"), plots.source_words(result, "side")
    there = rows["low"].notna()
    lines = [line for line in ax.lines if line.get_transform() == ax.transData]
    spans = sorted(float(np.ptp(np.asarray(line.get_xdata(), float))) for line in lines)

    assert there.any() and not there[rows["outlet"] == "B"].any()
    assert spans == pytest.approx(sorted((rows["high"] - rows["low"])[there]))
    assert "Lines: 95 % interval" in " ".join(words(ax))


def test_sources_by_something_else_are_refused(small: Comparisons) -> None:
    with pytest.raises(KeyError, match="no sources by 'age'; there are kind, side, actor"):
        plots.sources(small, "age")


# ------------------------------------------------------------------ nothing to draw


def test_figures_of_nothing_say_so(lexicons: list[bt.Lexicon]) -> None:
    plain = {"A": ["Rain fell."], "B": ["Snow lay."]}
    result = bt.compare_all(bt.profile(articles(plain), lexicons))
    said = {name: " ".join(words(f.axes[0])) for name, f in plots.figures(result)}

    assert "No term of the lexicons occurs" in said["profile"]
    assert "No referent has two labels" in said["labels"]
    assert "No label of the lexicons' referents" in " ".join(words(plots.labels(result)))
    assert "No speaker and no quotation" in said["speakers"]
    assert "No cue" in said["cues"]
    assert "Nobody is quoted or reported" in said["sources"]
    assert "Nobody is quoted or reported" in said["sides"]
    assert "No term of the lexicons occurs" in said["terms-a-b"]


def test_one_label_is_enough_for_a_figure(lexicons: list[bt.Lexicon]) -> None:
    part = bt.profile(articles({"A": ["They came to Port Mary."], "B": ["Snow lay."]}), lexicons)

    assert row(plots.labels(part), "Port Mary") == ["1", "·"]


def test_no_odds_differ_between_equal_outlets(lexicons: list[bt.Lexicon]) -> None:
    texts = {name: [f"Rain {n} fell." for n in range(10)] for name in ("A", "B")}
    pair = bt.compare(bt.profile(articles(texts), lexicons), "A", "B")

    assert "No word or phrase differs by more than chance" in " ".join(words(plots.terms(pair)))


# ------------------------------------------------------------------ files


def test_all_figures_are_written_twice(small: Comparisons, tmp_path: Path) -> None:
    paths = plots.save_all(small, tmp_path / "new" / "folder")
    names = "profile labels sources sides speakers cues voices terms-alpha-beta".split()

    assert list(paths) == [f"{name}.{suffix}" for name in names for suffix in ("png", "svg")]
    assert all(path.read_bytes()[:4] == b"\x89PNG" for n, path in paths.items() if "png" in n)


def test_svg_holds_names_as_text(odd_names: Comparisons, tmp_path: Path) -> None:
    """Dollars are no mathematics, control characters are gone, and mark-up is escaped."""
    plots.save(plots.voices(odd_names), tmp_path / "voices.svg")
    tree = ET.parse(tmp_path / "voices.svg")
    said = [node.text for node in tree.iter() if node.tag.endswith("}text")]

    assert {"Costs $5 and $10", "x_{1}^2 \\frac{", "Bell and override", "<b>&amp;</b>"} <= set(said)
    assert {"Արմենպրես", "新华社"} <= set(said)


def test_svg_names_a_font_for_readers_without_dejavu(small: Comparisons, tmp_path: Path) -> None:
    plots.save(plots.voices(small), tmp_path / "v.svg")

    assert "'DejaVu Sans', Verdana, sans-serif" in (tmp_path / "v.svg").read_text(encoding="utf8")


def test_other_formats_are_refused(small: Comparisons, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"v\.pdf: figures are written as \.png or \.svg, not"):
        plots.save(plots.voices(small), tmp_path / "v.pdf")


def test_pairs_have_names_of_their_own(odd_names: Comparisons) -> None:
    names = plots.pair_names(odd_names.pairs)

    assert len(set(names)) == len(names) == 21
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)


# ------------------------------------------------------------------ measuring


@given(st.text(st.characters(codec="utf-8"), max_size=120), st.floats(0.5, 3), st.booleans())
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float, bold: bool) -> None:
    lines = wrapped(text, width, 8.5, bold=bold)

    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")
    assert all(width_of(line, 8.5, bold) <= width + 1e-9 or len(line) == 1 for line in lines)


def test_an_address_breaks_at_a_point_and_not_within_a_word() -> None:
    assert wrapped("www.paper.com", width_of("www.paper.c", 8.5), 8.5) == ["www.paper.", "com"]


def test_a_text_too_long_for_its_lines_ends_in_dots() -> None:
    lines = wrapped("one two three four five six seven", 0.6, 8.5, 2)

    assert len(lines) == 2 and lines[1].endswith("…")
    assert width_of(lines[1], 8.5) <= 0.6


def test_measured_widths_are_those_drawn() -> None:
    """Within 3 %: measured at most 2 % too wide, hinting and kerning aside."""
    text = "Azatutyun/Asbarez 1,234 words: “peacekeepers”"
    figure = Figure(dpi=300)
    canvas = FigureCanvasAgg(figure)
    drawn = figure.text(0, 0, text, size=8.5, family="DejaVu Sans")
    with matplotlib.rc_context({"text.hinting": "none"}):
        extent = drawn.get_window_extent(canvas.get_renderer()).width / 300

    assert extent <= width_of(text, 8.5) <= extent * 1.03
