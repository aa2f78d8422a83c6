"""Figures of distances and shifts: what is drawn is in the tables, and nothing where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import bias_toolkit as bt
from bias_toolkit import plots
from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.lexicon import Category, Lexicon, Term
from bias_toolkit.plots.distances import _labels, _meet, estimated, on_map, round_numbers
from bias_toolkit.shifts import SENTIMENT

ODD = "A very long outlet name: The Daily $Chronicle$ of Everything <b>&"
LEXICON = Lexicon(
    "small",
    "small",
    categories=(
        Category(
            "harsh_words", "", (Term("regime*"), Term("puppet"), Term("clique"), Term("junta"))
        ),
        Category("mild", "", (Term("cabinet"), Term("leaders"))),
    ),
)


def newsroom(outlet: str, number: int, *, harsh: float, tone: str = "", date: str = "2024-01-05"):
    """Articles of chance words and lengths, a share with harsh words, most with *tone*."""
    rng = np.random.default_rng([len(outlet), *outlet.encode()])
    taste = rng.dirichlet(np.full(80, 0.5))
    rows = []
    for n in range(number):
        words = rng.choice([f"word{k}" for k in range(80)], rng.integers(35, 60), p=taste).tolist()
        hard = (
            "regime regimes puppet clique junta" if rng.random() < harsh else "and so on they say"
        )
        mood = tone if rng.random() < 0.7 else "It was a day."
        text = f"The {' '.join(words)} {hard} cabinet met. {mood}"
        rows.append({"id": f"{outlet}{n}", "outlet": outlet, "date": date, "text": text})
    return pd.DataFrame(rows).assign(title="")


def compared(*articles: pd.DataFrame) -> Comparisons:
    return bt.compare_all(bt.profile(pd.concat(articles, ignore_index=True), [LEXICON]), draws=499)


@pytest.fixture(scope="module")
def whole() -> Comparisons:
    """Three outlets of twenty articles that differ in words, and one of four."""
    return compared(
        newsroom("Ant", 20, harsh=0.95, tone="It was a terrible murder."),
        newsroom("Bee", 20, harsh=0.05, tone="It was a wonderful gift."),
        newsroom(ODD, 20, harsh=0.5),
        newsroom("Few", 4, harsh=0.5),
    )


@pytest.fixture(scope="module")
def pair(whole: Comparisons) -> Comparison:
    return next(pair for pair in whole if (pair.a, pair.b) == ("Ant", "Bee"))


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def dots(ax: Axes) -> list[float]:
    """Where dots and rings stand, x."""
    return [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"]


def lines(ax: Axes) -> list[tuple[float, float]]:
    """The ends of intervals; other lines are placed in shares of the axes."""
    found = [line for line in ax.lines if len(line.get_xdata()) == 2]
    return [tuple(map(float, x.get_xdata())) for x in found if x.get_transform() == ax.transData]


def boxes(figure: Figure) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """The texts of a figure as drawn, in pixels: left, bottom, right, top."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    for ax in figure.axes:
        for text in ax.texts:
            box = text.get_window_extent(renderer)
            yield text.get_text(), (box.x0, box.y0, box.x1, box.y1)


# ------------------------------------------------------------------ laws


def test_nothing_is_clipped_and_no_text_overlaps_another(whole: Comparisons, pair: Comparison):
    figures = [plots.outlet_map(whole).figure, plots.outlet_distances(whole).figure]
    figures += [plots.word_shifts(pair), plots.word_shift(pair, SENTIMENT).figure]
    for figure in figures:
        width, height = figure.bbox.width, figure.bbox.height
        found = list(boxes(figure))
        for text, (left, low, right, high) in found:
            assert left >= 0 and low >= 0 and right <= width and high <= height, text
        for n, (one, a) in enumerate(found):
            for other, b in found[:n]:
                apart = a[0] >= b[2] or b[0] >= a[2] or a[1] + 1 >= b[3] or b[1] + 1 >= a[3]
                assert apart, (one, other)


@given(st.lists(st.tuples(st.floats(1, 5), st.floats(1, 5)), min_size=3, max_size=8))
def test_names_stand_beside_their_points_and_hardly_ever_on_one_another(points):
    """Of eight names within four inches none covers a name; where points coincide, dots may be."""
    names = [f"Outlet {n}" for n in range(len(points))]
    found = _labels(names, points)

    assert [label.outlet for label in found] == names
    for label, (x, y) in zip(found, points, strict=True):
        assert abs(label.at[0] - x) < 0.2 and abs(label.at[1] - y) < 0.8
    assert not any(_meet(a.box, b.box) for n, a in enumerate(found) for b in found[:n])


@given(st.floats(-50, 0), st.floats(0.001, 900))
def test_round_numbers_are_within_and_hold_0(low: float, high: float):
    found = round_numbers(low, high)

    assert 0.0 in found and 2 <= len(found) <= 9
    assert low <= found[0] and found[-1] <= high


def test_the_same_articles_give_the_same_bytes(pair: Comparison, tmp_path: Path):
    for name in ("one.svg", "one.png"):
        written = []
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir(exist_ok=True)
            plots.save(plots.word_shifts(pair), tmp_path / folder / name)
            written.append((tmp_path / folder / name).read_bytes())

        assert written[0] == written[1]


# ------------------------------------------------------------------ distances


def test_the_distances_drawn_are_those_of_the_table(whole: Comparisons):
    table = estimated(whole)
    ax = plots.outlet_distances(whole)
    drawn = 1000 * table[["distance", "stratified"]].to_numpy().ravel()

    assert len(table) == 3  # the outlet of four articles has none
    assert table["distance"].is_monotonic_increasing
    assert dots(ax) == pytest.approx(drawn[~np.isnan(drawn)].tolist(), nan_ok=True)
    assert lines(ax)[0] == pytest.approx(tuple(1000 * table.loc[0, ["low", "high"]]))


def test_the_map_is_the_scaling_of_the_table(whole: Comparisons):
    """Inches on the map are in proportion to the roots of the distances."""
    places = plots.map_table(whole).set_index("outlet")
    ax = plots.outlet_map(whole)
    named = [
        text for text in ax.texts if text.get_text() in {"Ant", "Bee"} or "…" in text.get_text()
    ]
    points = {
        text.get_text(): line.get_xydata()[0] for text, line in zip(named, ax.lines, strict=True)
    }
    column = places.attrs["column"]

    assert sorted(places.index) == sorted(["Ant", "Bee", ODD])
    assert len(ax.lines) == 3 and column in ("distance", "stratified")
    a, b = (places.loc[name, ["x", "y"]].to_numpy(float) for name in ("Ant", "Bee"))
    table = estimated(whole).set_index(["a", "b"])
    assert ((a - b) ** 2).sum() == pytest.approx(table.loc[("Ant", "Bee"), column], rel=1e-6)
    inch = np.linalg.norm(points["Ant"] - points["Bee"])
    (long,) = set(points) - {"Ant", "Bee"}
    other = np.linalg.norm(points["Ant"] - points[long])
    c = places.loc[ODD, ["x", "y"]].to_numpy(float)
    assert inch / other == pytest.approx(np.linalg.norm(a - b) / np.linalg.norm(a - c))


def test_the_map_says_who_is_not_on_it(whole: Comparisons):
    said = " ".join(texts(plots.outlet_map(whole)))

    assert "Not on the map, for want of articles or of a common time: Few." in said
    assert "Only the distances between points mean something" in said


def test_an_outlet_with_a_missing_pair_is_left_off_the_map():
    """Of A, B, C and D the pair C-D is missing: D, the last, is left out."""
    pairs = [("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")]

    assert on_map(pd.DataFrame(pairs, columns=["a", "b"])) == ["A", "B", "C"]
    assert on_map(pd.DataFrame(pairs[:2], columns=["a", "b"])) == []


def test_two_outlets_get_a_number_and_no_map(tmp_path: Path):
    two = compared(newsroom("Ant", 12, harsh=1), newsroom("Bee", 12, harsh=0))

    assert plots.map_table(two).empty and len(estimated(two)) == 1
    assert "No map: it needs three outlets" in " ".join(texts(plots.outlet_map(two)))
    names = [name for name, _ in plots.figures(two)]
    assert "distances" in names and "map" not in names


def test_nothing_is_drawn_of_too_few_articles_or_of_different_times():
    few = compared(newsroom("Ant", 4, harsh=1), newsroom("Bee", 12, harsh=0))
    late = newsroom("Bee", 12, harsh=0, date="2020-01-01")
    apart = compared(newsroom("Ant", 12, harsh=1), late)

    for result in (few, apart):
        assert estimated(result).empty
        said = " ".join(texts(plots.outlet_distances(result)))
        assert (
            "No two outlets have the five articles each that this needs." in said or result is apart
        )
        names = [name for name, _ in plots.figures(result)]
        assert not {"distances", "map"} & set(names)
        assert not [name for name in names if name.startswith("shifts")]


def test_of_many_pairs_the_nearest_and_the_farthest_are_drawn(monkeypatch: pytest.MonkeyPatch):
    """Of 36 pairs of nine outlets, thirty."""
    letters = "ABCDEFGHI"
    whole = compared(*(newsroom(letter * 3, 6, harsh=0.5) for letter in letters))
    ax = plots.outlet_distances(whole)

    assert sum(" – " in text for text in texts(ax)) == 30
    assert "The 15 nearest and the 15 farthest of 36 pairs." in " ".join(texts(ax)).replace(
        "  ", " "
    )


# ------------------------------------------------------------------ word shifts


def test_the_shifts_drawn_are_those_of_the_table(pair: Comparison):
    shift = pair.shift("small.harsh_words")
    ax = plots.word_shift(pair, "small.harsh_words")
    terms = shift.terms
    certain = terms[terms["low"].notna()]

    assert dots(ax) == pytest.approx(terms["contribution"].tolist())
    ends = certain[["low", "high"]].itertuples(index=False, name=None)
    assert lines(ax) == [pytest.approx(pair) for pair in ends]
    first = terms.iloc[0]
    assert f"{first['a_uses']} ({first['a_articles']})" in texts(ax)


def test_the_first_outlets_side_is_the_left_one(pair: Comparison):
    """Contributions above 0 raise the first outlet's mean, and x runs from right to left."""
    ax = plots.word_shift(pair, "small.harsh_words")
    left, right = ax.get_xlim()

    assert left > 0 > right
    assert pair.shift("small.harsh_words").terms["contribution"][0] > 0
    assert {"raises Ant", "raises Bee"} <= set(texts(ax))


def test_measures_are_drawn_that_were_found_to_differ(pair: Comparison, whole: Comparisons):
    assert list(pair.shifts) == [SENTIMENT, "small.harsh_words"]
    said = [text for ax in plots.word_shifts(pair).axes for text in texts(ax)]

    assert {"Tone (VADER)", "Small: harsh words"} <= set(said)
    assert not any("Small: mild" in text for text in said)
    assert "context and never a finding" in " ".join(said)
    names = [name for name, _ in plots.figures(whole)]
    assert "shifts-ant-bee" in names and "shifts-ant-few" not in names


def test_all_other_terms_are_one_row_and_add_up(pair: Comparison):
    shift = pair.shift("small.harsh_words")
    rows = plots.shift_terms(shift, top=2)

    assert rows["term"].tolist()[2:] == ["2 other terms"]
    assert rows["contribution"].sum() == pytest.approx(shift.difference.value)
    assert rows["a_uses"].sum() == shift.terms["a_uses"].sum()
    assert len(plots.shift_terms(shift, top=4)) == 4  # nothing is left to be told apart


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (
            (newsroom("Ant", 9, harsh=1), newsroom("Bee", 20, harsh=0)),
            "No word shift: below 10 articles a side a difference is described, not taken apart.",
        ),
        (
            (newsroom("Ant", 12, harsh=1), newsroom("Bee", 12, harsh=0, date="2020-01-01")),
            "No word shift: the two outlets wrote at different times.",
        ),
        (
            (
                newsroom("Ant", 12, harsh=1),
                newsroom("Ant", 12, harsh=1).assign(outlet="Bee", id=""),
            ),
            "No word shift: neither tone nor any category of the word lists differs by more than "
            "chance alone would give.",
        ),
    ],
)
def test_where_nothing_differs_the_figure_says_why(articles: tuple, said: str):
    rows = pd.concat(articles, ignore_index=True)
    rows["id"] = [f"a{n}" for n in range(len(rows))]
    result = compared(rows).pairs[0]

    assert result.shifts == {}
    assert said in " ".join(texts(plots.word_shifts(result).axes[0]))


def test_a_measure_without_a_term_says_so(whole: Comparisons):
    rows = pd.concat([newsroom("Ant", 12, harsh=0), newsroom("Bee", 12, harsh=0)])
    result = compared(rows).pairs[0]

    assert "No term of it occurs in" in " ".join(
        texts(plots.word_shift(result, "small.harsh_words"))
    )
    with pytest.raises(KeyError, match="no measure 'small' to take apart"):
        plots.word_shift(result, "small")
