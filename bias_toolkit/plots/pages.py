"""Lay a figure out in inches: names, heads, notes, and the marks among them.

Everything is measured before anything is drawn, so that margins and height grow with what a
figure must hold, and nothing is clipped, shrunk or left to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

from bias_toolkit.plots.colours import GREY, INK, PAPER, RULE, ink_on, mixed, shade
from bias_toolkit.plots.measuring import FAMILY, clean, line_height, width_of, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")
R = TypeVar("R")

TITLE_SIZE, NAME_SIZE, SMALL_SIZE = 11.0, 8.5, 7.5  # points
PAD = 0.15  # inches round a figure
ROW, BAR, GAP = 0.25, 0.16, 0.2  # inches: a row, a bar, between panels


def styled(function: Callable[P, R]) -> Callable[P, R]:
    """Draw under matplotlib's defaults, whatever the user's settings are, and leave theirs."""

    @wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with settings():
            return function(*args, **kwargs)

    return drawn


@contextmanager
def settings(**ours: str) -> Iterator[None]:
    """Matplotlib's defaults, and *ours* with a point for each underscore, for a while."""
    import matplotlib

    chosen: Any = {name.replace("_", "."): value for name, value in ours.items()}
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(chosen)
        yield


@dataclass(frozen=True)
class Row:
    """What a row is called, what is said of it in grey, and the colour of a heading's mark."""

    name: str
    aside: str = ""
    heading: bool = False
    colour: str = ""

    def room(self) -> float:
        """Inches that the row's name takes on one line."""
        aside = width_of(self.aside, SMALL_SIZE) + 0.09 if self.aside else 0.0
        return width_of(self.name, NAME_SIZE, self.heading) + aside + (0.15 if self.colour else 0)

    def lines(self, room: float) -> list[tuple[str, str]]:
        """The lines of the name in *room* inches, each with what is said in grey after it."""
        if self.heading:
            return [(wrapped(self.name, 3.6, NAME_SIZE, 1, bold=True)[0], self.aside)]
        *first, last = wrapped(self.name, room, NAME_SIZE, 3)
        lines = [(line, "") for line in first]
        if replace(self, name=last).room() <= room:
            return [*lines, (last, self.aside)]
        return [*lines, (last, ""), ("", wrapped(self.aside, room, SMALL_SIZE, 1)[0])]


class Rows:
    """Rows one under the other: the room their names take, and the height each one stands at."""

    def __init__(self, rows: Sequence[Row], widest: float = 2.6) -> None:
        self.rows = rows
        rooms = [row.room() for row in rows if not row.heading]
        self.left = min(max([0.6, *rooms]) + 0.16, widest)
        self.lines = [row.lines(self.left - 0.15) for row in rows]
        extra = [0.14 * (len(lines) - 1) for lines in self.lines]
        spaces = [0.1 if row.heading and n else 0.0 for n, row in enumerate(rows)]
        heights = [ROW + more + space for more, space in zip(extra, spaces, strict=True)]
        self.ends = np.cumsum(heights).tolist()
        self.middles = [end - (ROW + more) / 2 for end, more in zip(self.ends, extra, strict=True)]

    def span(self) -> float:
        """Inches that the longest heading takes."""
        rows = zip(self.rows, self.lines, strict=True)
        rooms = [replace(row, name=lines[0][0]).room() for row, lines in rows if row.heading]
        return max(rooms, default=0.0)

    def write(self, sheet: Sheet) -> None:
        """Write the names to the left of the marks."""
        for row, lines, middle in zip(self.rows, self.lines, self.middles, strict=True):
            left = -sheet.page.left
            if row.colour:
                sheet.write("■", (0, middle), frame="row", shift=(left, 0), color=row.colour)
                left += 0.15
            looks: Any = {"frame": "row", "weight": "bold" if row.heading else "normal"}
            grey: Any = {"frame": "row", "size": SMALL_SIZE, "color": GREY}
            for number, (name, aside) in enumerate(lines):
                up = 0.14 * ((len(lines) - 1) / 2 - number)
                sheet.write(name, (0, middle), shift=(left, up), **looks)
                after = width_of(name, NAME_SIZE, row.heading) + 0.09 if name else 0.0
                sheet.write(aside, (0, middle), shift=(left + after, up), **grey)


class Heads:
    """Names over columns, each with lines in grey and a line in its colour.

    *places* are inches from the left end of the marks to what *ha* says of each name; *asides*
    and *colours* may be omitted.
    """

    def __init__(
        self,
        names: Sequence[str],
        places: Sequence[float],
        width: float,
        *,
        asides: Sequence[str] = (),
        colours: Sequence[str] = (),
        ha: str = "left",
    ) -> None:
        self.places, self.width, self.colours, self.ha = places, width, colours, ha
        self.texts = []
        for number, name in enumerate(names):
            grey = asides[number].split("\n") if asides else []
            bold = [
                (line, NAME_SIZE, INK) for line in wrapped(name, width, NAME_SIZE, 3, bold=True)
            ]
            plain = [line for aside in grey for line in wrapped(aside, width, SMALL_SIZE, 2)]
            self.texts.append([*bold, *((line, SMALL_SIZE, GREY) for line in plain)])
        heights = [sum(line_height(size) for _, size, _ in lines) for lines in self.texts]
        self.height = max(heights) + 0.12

    def write(self, sheet: Sheet) -> None:
        """Write the names over the marks."""
        for place, lines in zip(self.places, self.texts, strict=True):
            up = 0.1 + sum(line_height(size) for _, size, _ in lines)
            for text, size, colour in lines:
                up -= line_height(size)
                looks: Any = {"size": size, "color": colour, "ha": self.ha, "va": "baseline"}
                looks["weight"] = "bold" if size == NAME_SIZE else "normal"
                at = (place / sheet.page.width, 1)
                sheet.write(text, at, frame="page", shift=(0, up), **looks)
        back = {"left": 0.0, "center": 0.5, "right": 1.0}[self.ha] * self.width
        for place, colour in zip(self.places, self.colours, strict=False):
            begin = (place - back) / sheet.page.width
            end = begin + self.width / sheet.page.width
            sheet.line((begin, end), 0.04, colour)


@dataclass(frozen=True)
class Page:
    """One figure: its marks, what stands around them, and how much room each takes in inches."""

    title: str
    width: float  # of the marks
    names: Rows | None = None
    heads: Heads | None = None
    about: str = ""
    note: str = ""
    key: tuple[tuple[str, str], ...] = ()  # colours and what they mean
    marks: float = 0.0  # height of the marks, where it is more than that of the names
    left: float = 0.0  # room for the names, where it is more than they need
    size: float = TITLE_SIZE

    def __post_init__(self) -> None:
        if self.names:
            object.__setattr__(self, "left", max(self.left, self.names.left))

    @property
    def height(self) -> float:
        """Height of the marks."""
        return max(self.marks, self.names.ends[-1] if self.names else 0.0)

    @property
    def full(self) -> float:
        """Width of everything but the rim."""
        return max(self.left + self.width, self.names.span() if self.names else 0.0, 5.4)

    @cached_property
    def lines(self) -> list[tuple[str, float, str, str]]:
        """Lines of title and subtitle: text, size, colour, weight."""
        bold = wrapped(self.title, self.full, self.size, bold=True)
        plain = wrapped(self.about, self.full, NAME_SIZE) if self.about else []
        lines = [(line, self.size, INK, "bold") for line in bold]
        return [*lines, *((line, NAME_SIZE, GREY, "normal") for line in plain)]

    @cached_property
    def notes(self) -> list[str]:
        """Lines under the marks."""
        return wrapped(self.note, self.full, SMALL_SIZE) if self.note else []

    @property
    def above(self) -> float:
        """Room over the marks."""
        text = sum(line_height(size) for _, size, _, _ in self.lines) + 0.08
        return text + (0.25 if self.key else 0.0) + (self.heads.height if self.heads else 0.0)

    @property
    def tall(self) -> float:
        """Height of everything but the rim."""
        below = 0.12 + len(self.notes) * line_height(SMALL_SIZE) if self.notes else 0.0
        return self.above + self.height + below

    def place(self, figure: Figure, top: float) -> Axes:
        """Make axes for the marks, the page beginning *top* inches below the figure's edge."""
        width, height = figure.get_size_inches()
        low = height - top - self.above - self.height
        box = (PAD + self.left) / width, low / height, self.width / width, self.height / height
        return figure.add_axes(box)

    def figure(self) -> Figure:
        """Make a figure that the page fills, outside of pyplot's care."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        size = self.full + 2 * PAD, self.tall + 2 * PAD
        figure = Figure(size, facecolor=PAPER, label=clean(self.title))
        FigureCanvasAgg(figure)
        return figure


class Sheet:
    """Axes with a page drawn around its marks: y in inches downwards, x in the figure's unit."""

    def __init__(self, page: Page, ax: Axes | None, x: tuple[float, float] = (0, 1)) -> None:
        self.page = page
        self.ax = page.place(page.figure(), PAD) if ax is None else ax
        box, dpi = self.ax.get_window_extent(), self.ax.figure.dpi
        self.height = box.height / dpi
        # On axes of the user's that are too small, letters shrink with everything else.
        self.scale = min(1.0, box.width / dpi / page.width, self.height / page.height)
        self.ax.set_axis_off()
        self.ax.set_xlim(*x)
        self.ax.set_ylim(page.height, 0)
        # Points of the marks; of a row, x in fractions of the axes; fractions of the axes.
        across, within = self.ax.get_yaxis_transform(), self.ax.transAxes
        self.frames = {"data": self.ax.transData, "row": across, "page": within}
        self._captions()
        for part in (page.names, page.heads):
            if part:
                part.write(self)

    def write(
        self,
        text: str,
        at: tuple[float, float],
        *,
        frame: str = "data",
        shift: tuple[float, float] = (0, 0),
        **looks: Any,
    ) -> None:
        """Write one line of *text* at a point of *frame*, moved by inches right and up."""
        from matplotlib.transforms import ScaledTranslation

        if not (text := clean(text)):
            return
        style = {"size": NAME_SIZE, "color": INK, "ha": "left", "va": "center_baseline", **looks}
        style["size"] *= self.scale
        right, up = (inches * self.scale for inches in shift)
        moved = ScaledTranslation(right, up, self.ax.figure.dpi_scale_trans)
        style["transform"] = self.frames[frame] + moved if right or up else self.frames[frame]
        self.ax.text(*at, text, clip_on=False, family=FAMILY, parse_math=False, **style)

    def _captions(self) -> None:
        """Write title, subtitle, key and notes."""
        page, left, up = self.page, -self.page.left, self.page.above
        looks: Any = {"frame": "page", "va": "baseline"}
        for text, size, colour, weight in page.lines:
            up -= line_height(size)
            style: Any = {"size": size, "color": colour, "weight": weight, **looks}
            self.write(text, (0, 1), shift=(left, up + 0.03), **style)
        for colour, meaning in page.key:
            self.write("■", (0, 1), shift=(left, up - 0.17), color=colour, **looks)
            self.write(meaning, (0, 1), shift=(left + 0.14, up - 0.17), color=GREY, **looks)
            left += 0.36 + width_of(meaning, NAME_SIZE)
        looks |= {"size": SMALL_SIZE, "color": GREY}
        for number, text in enumerate(page.notes, start=1):
            down = 0.07 + number * line_height(SMALL_SIZE)
            self.write(text, (0, 0), shift=(-page.left, -down), **looks)

    def line(self, x: tuple[float, float], up: float, colour: str) -> None:
        """Draw a level line *up* inches over the axes; *x* in fractions of their width."""
        from matplotlib.lines import Line2D

        looks: Any = {"color": colour, "linewidth": 2.5 * self.scale, "clip_on": False}
        looks["solid_capstyle"] = "butt"
        y = 1 + up * self.scale / self.height
        self.ax.add_artist(Line2D(x, (y, y), transform=self.ax.transAxes, **looks))

    def rules(self) -> None:
        """Draw thin lines between rows, across names and marks."""
        from matplotlib.collections import LineCollection

        begin = -self.page.left / self.page.width
        ends = self.page.names.ends[:-1] if self.page.names else []
        looks: Any = {"colors": RULE, "linewidths": 0.7, "clip_on": False, "zorder": 0}
        across = self.ax.get_yaxis_transform()
        lines = [((begin, end), (1, end)) for end in ends]
        self.ax.add_collection(LineCollection(lines, transform=across, **looks), autolim=False)

    def block(
        self, at: tuple[float, float], size: tuple[float, float], colour: str, edge: float = 0.6
    ) -> None:
        """Draw a rectangle from *at*, its left or right end, middle height; *size* is signed."""
        from matplotlib.patches import Rectangle

        corner = at[0], at[1] - size[1] / 2
        looks: Any = {"facecolor": colour, "edgecolor": PAPER, "linewidth": edge}
        self.ax.add_patch(Rectangle(corner, *size, **looks))

    def cells(self, middle: float, shares: Sequence[float], texts: Sequence[str]) -> None:
        """Draw one row of shaded cells, each one unit wide, with their texts."""
        for number, (share, text) in enumerate(zip(shares, texts, strict=True)):
            colour = shade(0.0 if np.isnan(share) else share)
            self.block((number, middle), (1, ROW), colour)
            self.write(text, (number + 0.5, middle), ha="center")

    def bar(self, at: tuple[float, float], parts: Sequence[tuple[int, str]], unit: float) -> None:
        """Draw a stacked bar of counts from *at*, with the numbers in it or after it.

        *unit* is inches a count; x is in counts.
        """
        x, y = at
        inside = fits_inside([count for count, _ in parts], unit)
        for count, colour in parts:
            if not count:
                continue
            # A white rim would swallow what is hardly wider than itself.
            self.block((x, y), (count, BAR), colour, edge=min(0.6, 10 * count * unit))
            if inside:
                looks: Any = {"size": SMALL_SIZE, "ha": "center", "color": ink_on(colour)}
                self.write(f"{count:,}", (x + count / 2, y), **looks)
            x += count
        if not inside:
            self.numbers((x, y), parts)

    def numbers(self, at: tuple[float, float], parts: Sequence[tuple[int, str]]) -> None:
        """Write counts in their colours, joined by plus signs, to the right of *at*."""
        right = 0.05
        for number, (count, colour) in enumerate(part for part in parts if part[0]):
            pieces = [("+", GREY)] if number else []
            for text, ink in [*pieces, (f"{count:,}", mixed(colour, "#000000", 0.35))]:
                self.write(text, at, shift=(right, 0), size=SMALL_SIZE, color=ink)
                right += width_of(text, SMALL_SIZE)


def fits_inside(counts: Sequence[int], unit: float) -> bool:
    """Whether every number fits into its segment of a bar."""
    return all(
        count * unit >= width_of(f"{count:,}", SMALL_SIZE) + 0.05 for count in counts if count
    )


def bar_reach(counts: Sequence[int], unit: float) -> float:
    """Inches that a bar takes with its numbers."""
    after = "" if fits_inside(counts, unit) else "+".join(f"{count:,}" for count in counts if count)
    return sum(counts) * unit + (0.05 + width_of(after, SMALL_SIZE) if after else 0)


def say(title: str, message: str, ax: Axes | None) -> Axes:
    """Say in words what a figure cannot draw."""
    lines = wrapped(message, 5.8, NAME_SIZE)
    page = Page(title, width=5.8, marks=line_height(NAME_SIZE) * (len(lines) + 1))
    sheet = Sheet(page, ax)
    for number, line in enumerate(lines):
        sheet.write(line, (0, line_height(NAME_SIZE) * (number + 0.5)), color=GREY)
    return sheet.ax


def figure_of(ax: Axes) -> Figure:
    """The figure that was made for *ax*."""
    from matplotlib.figure import Figure

    assert isinstance(ax.figure, Figure)
    return ax.figure


def middles_of(page: Page) -> list[float]:
    """Inches from the top of the marks to the middle of each row."""
    return page.names.middles if page.names else []
