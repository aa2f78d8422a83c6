"""Make every figure of a comparison, and write figures to files that repeat byte for byte."""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bias_toolkit.collector import collector_paused
from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.plots.corpus import outlet_colours
from bias_toolkit.plots.differences import terms
from bias_toolkit.plots.distances import estimated, map_table, outlet_distances, outlet_map
from bias_toolkit.plots.heard import sources
from bias_toolkit.plots.measuring import FAMILY
from bias_toolkit.plots.naming import labels_overview
from bias_toolkit.plots.pages import figure_of, settings
from bias_toolkit.plots.shifts import word_shifts
from bias_toolkit.plots.speech import cues, speakers, voices
from bias_toolkit.plots.vocabulary import profile_heatmap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def figures(result: Comparison | Comparisons) -> Iterator[tuple[str, Figure]]:
    """Make each figure in turn, with a name fit for a file.

    Names: profile, labels, sources, sides, speakers, cues, voices, and those of `pair_names`;
    where they can be drawn distances, map, and `pair_names` of the kind "shifts".
    """
    yield "profile", figure_of(profile_heatmap(result))
    yield "labels", labels_overview(result)
    yield "sources", figure_of(sources(result))
    yield "sides", figure_of(sources(result, "side"))
    yield "speakers", figure_of(speakers(result))
    yield "cues", figure_of(cues(result))
    yield "voices", figure_of(voices(result))
    if len(estimated(result)):
        yield "distances", figure_of(outlet_distances(result))
    if len(map_table(result)):
        yield "map", figure_of(outlet_map(result))
    colours = outlet_colours(result)
    pairs = list(result) if isinstance(result, Comparisons) else [result]
    for name, pair in zip(pair_names(pairs), pairs, strict=True):
        yield name, figure_of(terms(pair, colours=colours))
    for name, pair in zip(pair_names(pairs, "shifts"), pairs, strict=True):
        if pair.shifts:
            yield name, word_shifts(pair, colours=colours)


def pair_names(pairs: Sequence[Comparison], kind: str = "terms") -> list[str]:
    """A distinct name for a figure of each pair: its kind, and the outlets' letters and digits."""
    names: list[str] = []
    for pair in pairs:
        plain = (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in (pair.a, pair.b))
        name = "-".join([kind, *(part[:40] or "x" for part in plain)])
        names.append(name if name not in names else f"{name}-{len(names) + 1}")
    return names


def save_all(result: Comparison | Comparisons, folder: str | Path) -> dict[str, Path]:
    """Write every figure as PNG and SVG; the paths by file name.

    The same input gives the same bytes.  Letters that DejaVu lacks are boxes in the PNG; the SVG
    holds them as text.  Raises OSError where the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    with collector_paused():  # a figure is thousands of small objects
        for name, figure in figures(result):
            for suffix in ("png", "svg"):
                path = folder / f"{name}.{suffix}"
                save(figure, path)
                paths[path.name] = path
            del figure
            gc.collect(0)
    return paths


def save(drawn: Axes | Figure, path: str | Path) -> None:
    """Write one figure as PNG (150 dots an inch) or SVG (text as text), always the same bytes.

    Raises ValueError for another suffix.
    """
    from matplotlib.axes import Axes

    figure = figure_of(drawn) if isinstance(drawn, Axes) else drawn
    path = Path(path)
    about: dict[str, dict[str, str | None]] = {
        ".png": {"Software": None},
        ".svg": {"Date": None, "Creator": "bias_toolkit", "Title": str(figure.get_label())},
    }
    if path.suffix not in about:
        raise ValueError(f"{path}: figures are written as .png or .svg, not {path.suffix!r}")
    # The salt makes ids that last, and that differ between the figures on one web page.  Letters
    # without hinting are as wide as they were measured, and a quarter faster to draw.
    ours = {"svg_fonttype": "none", "svg_hashsalt": path.stem, "text_hinting": "none"}
    fast: Any = {"pil_kwargs": {"compress_level": 3}} if path.suffix == ".png" else {}
    with settings(**ours), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure.savefig(path, dpi=150, metadata=about[path.suffix], **fast)
    if path.suffix == ".svg":
        svg = path.read_text(encoding="utf8")
        fonts = f"'{FAMILY}', Verdana, sans-serif"  # Verdana is as wide, where DejaVu is missing
        path.write_text(svg.replace(f"'{FAMILY}'", fonts), encoding="utf8", newline="\n")
