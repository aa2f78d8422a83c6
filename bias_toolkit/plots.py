"""Draw a comparison: one function a figure, and one a table with the numbers that it draws.

Figures are laid out in inches.  Names are measured before anything is drawn, so that margins and
height grow with what a figure must hold, and nothing is clipped, shrunk or left to chance.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from bias_toolkit.attribution import VOICES
from bias_toolkit.cleaning import OTHER
from bias_toolkit.comparison import FEWEST_TO_RANK, Comparison, Comparisons
from bias_toolkit.metrics import FEWEST
from bias_toolkit.profiles import GROUPS, Profile
from bias_toolkit.sourcing import cue_classes, speaker_table
from bias_toolkit.wordchoice import mentions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Result = Profile | Comparison | Comparisons
P = ParamSpec("P")
R = TypeVar("R")

WORDING = {"own": "own", "reported": "reported"} | dict.fromkeys(
    ("partial", "scare", "quote"), "quoted"
)
NO_SPEAKER = "(no speaker named)"
NO_SIDE = "(no side known)"
NO_CLASS = "(no class)"

_CUE_LEXICON = "reporting"  # cues have a figure of their own
_NOT_TERMS = (_CUE_LEXICON, "certainty")  # words of any text, not of a subject


# ------------------------------------------------------------------ tables


def category_rates(result: Result, words: str = "outlet") -> pd.DataFrame:
    """Lexicon categories by outlet: lexicon, category, outlet, count, rate.

    `count` is hits in the word group *words*; `rate` is the metric: hits times their terms'
    weights per 1,000 words, nan where an outlet has no words in the group.  Cues are left out.
    Raises KeyError for an unknown group.
    """
    if words not in GROUPS:
        raise KeyError(f"no word group {words!r}; there are {', '.join(GROUPS)}")
    part = _profile(result)
    counts = _category_counts(part, words)
    sums = part.by_outlet()
    rows = []
    for lexicon, category in _categories(part):
        for outlet, mine in sums.items():
            total = mine[f"words.{words}"].sum()
            weighed = mine[f"hits.{lexicon}.{category}.{words}"].sum()
            rate = 1000 * weighed / total if total else np.nan
            count = counts.get((lexicon, category, outlet), 0)
            rows.append((lexicon, category, outlet, count, rate))
    return pd.DataFrame(rows, columns=["lexicon", "category", "outlet", "count", "rate"])


def label_counts(result: Result) -> pd.DataFrame:
    """Uses of each label by outlet and wording.

    Columns: referent, label, side, outlet, own, reported, quoted, count (their sum).  One row for
    every outlet and every label that some outlet uses.  `quoted` is fragments, scare quotes and
    full quotations together.  Uses whose referent stayed open do not count.
    """
    return _label_table(mentions(_profile(result)), list(_profile(result).outlets))


def term_counts(comparison: Comparison) -> pd.DataFrame:
    """Lexicon terms in the compared words: uses and articles in both outlets.

    Columns: term, lexicons, a_count, b_count, a_articles, b_articles.  A term is a label of a
    referent, whichever of its spellings stands there, or a category's term as its lexicon writes
    it ("crackdown*"); cues and words of certainty are left out.  A place counts once: for a label,
    else for the longest term.  Commonest first, of equals labels, then terms of most words.
    Empty where the two outlets wrote at different times.
    """
    places = _term_places(comparison.profile, GROUPS[comparison.words])
    if not comparison.facts.comparable:
        places = places.iloc[:0]
    rows = places.groupby("term", as_index=False).agg(
        lexicons=("lexicon", _listed), category=("category", "min")
    )
    for short, outlet in (("a", comparison.a), ("b", comparison.b)):
        mine = places[places["outlet"] == outlet].groupby("term")["unit"]
        rows[f"{short}_count"] = mine.size().reindex(rows["term"], fill_value=0).to_numpy()
        rows[f"{short}_articles"] = mine.nunique().reindex(rows["term"], fill_value=0).to_numpy()
    uses, words = rows["a_count"] + rows["b_count"], rows["term"].str.count(" ")
    order = np.lexsort((rows["term"].to_numpy(dtype=str), -words, rows["category"], -uses))
    columns = ["term", "lexicons", "a_count", "b_count", "a_articles", "b_articles"]
    return rows.iloc[order][columns].reset_index(drop=True)


def term_odds(comparison: Comparison, top: int = 20) -> pd.DataFrame:
    """The rows of ``comparison.terms`` that the figure draws: at most *top*, half to each side.

    A term's rank is the end of its interval nearest to 0, so that rare terms, whose odds are
    large and uncertain, do not crowd out the rest.  Of terms that contain one another and stand
    in nearly as many articles only the first is kept, of equals the longest.  Sorted by log odds,
    *a*'s terms first.
    """
    table = comparison.terms
    table = table[table["log_odds"].notna()]
    table = table.assign(letters=table["term"].str.len()).sort_values(["letters", "term"])[::-1]
    a_side = table[table["log_odds"] > 0].sort_values("low", ascending=False, kind="stable")
    b_side = table[table["log_odds"] < 0].sort_values("high", kind="stable")
    chosen = [_distinct(a_side, "a_articles", top // 2), _distinct(b_side, "b_articles", top // 2)]
    table = pd.concat(chosen).drop(columns="letters")
    return table.sort_values(["log_odds", "term"], ascending=[False, True], ignore_index=True)


def speaker_words(result: Result, top: int = 6) -> pd.DataFrame:
    """Words by outlet and speaker: outlet, speaker, side, quoted, reported, named.

    The *top* speakers of each outlet by words; then, not `named`, one row for all others together
    and one for attributions without a speaker, so that nothing is lost.
    """
    table = result.speakers if isinstance(result, Comparisons) else speaker_table(_profile(result))
    table = table.assign(named=True)
    rows: list[pd.DataFrame] = []
    for _, mine in table.groupby("outlet", sort=True):
        named = mine[mine["speaker"] != ""]
        others = _summed(named.iloc[top:], f"({_many(len(named) - top, 'other')})")
        nobody = _summed(mine[mine["speaker"] == ""], NO_SPEAKER)
        rows += [named.iloc[:top], others, nobody]
    columns = ["outlet", "speaker", "side", "quoted", "reported", "named"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else table[columns]


def cue_counts(result: Result) -> pd.DataFrame:
    """Cues by outlet, side and class: outlet, side, cue_class, count, share (within the side).

    Every outlet and side that has cues, with every class that occurs anywhere.
    """
    found = result.cue_classes if isinstance(result, Comparisons) else cue_classes(_profile(result))
    found = found[["outlet", "side", "cue_class", "count", "share"]]
    if found.empty:
        return found
    classes = pd.DataFrame({"cue_class": _class_order(result, set(found["cue_class"]))})
    rows = found[["outlet", "side"]].drop_duplicates().merge(classes, how="cross")
    rows = rows.merge(found, on=["outlet", "side", "cue_class"], how="left")
    rows = rows.fillna({"count": 0, "share": 0.0}).astype({"count": int})
    order = rows.assign(last=rows["side"] == "").sort_values(
        ["outlet", "last", "side"], kind="stable"
    )
    return order.drop(columns="last").reset_index(drop=True)


def voice_shares(result: Result) -> pd.DataFrame:
    """Words by outlet and voice: outlet, articles, words, and a share for each of VOICES.

    Shares are nan where an outlet has no words.
    """
    part = _profile(result)
    rows = []
    for outlet, sums in part.by_outlet().items():
        words = sums["words.all"].sum()
        shares = [sums[f"words.{voice}"].sum() / words if words else np.nan for voice in VOICES]
        rows.append((outlet, part.outlets[outlet], int(words), *shares))
    return pd.DataFrame(rows, columns=["outlet", "articles", "words", *VOICES])


def outlet_colours(result: Result) -> dict[str, str]:
    """A colour for each outlet, in alphabetical order (Okabe and Ito 2008; darker after eight)."""
    colours = [*_OKABE_ITO, *(_mixed(colour, "#000000", 0.4) for colour in _OKABE_ITO)]
    return {name: colours[n % len(colours)] for n, name in enumerate(_profile(result).outlets)}


def _profile(result: Result) -> Profile:
    return result if isinstance(result, Profile) else result.profile


def _tuples(table: pd.DataFrame) -> Iterator[tuple]:
    return table.itertuples(index=False, name=None)


def _categories(part: Profile) -> list[tuple[str, str]]:
    """Lexicon and category of all categories but those of cues, in their files' order."""
    return [
        (lexicon.name, category.name)
        for lexicon in part.lexicons
        if lexicon.name != _CUE_LEXICON
        for category in lexicon.categories
    ]


def _category_counts(part: Profile, words: str) -> dict[tuple, int]:
    hits = part.hits[np.isin(part.hits["voice"], GROUPS[words])]
    entry = part.entries.iloc[hits["entry"].to_numpy()]
    table = entry[["lexicon", "category"]].reset_index(drop=True)
    table["outlet"] = part.units["outlet"].to_numpy(dtype=object)[hits["unit"].to_numpy()]
    table = table[(entry["kind"] == "category").to_numpy()]
    return table.groupby(["lexicon", "category", "outlet"]).size().to_dict()


def _label_table(uses: pd.DataFrame, outlets: list[str]) -> pd.DataFrame:
    """The table of `label_counts` from mentions."""
    table = uses[uses["resolved"].astype(bool)]
    keys = ["referent", "label", "side"]
    known = table[keys].drop_duplicates().sort_values(keys)
    rows = known.merge(pd.DataFrame({"outlet": outlets}), how="cross")
    sizes = table.assign(words=table["voice"].map(WORDING)).groupby([*keys, "outlet", "words"])
    found = sizes.size().to_dict()
    for words in _WORDING:
        rows[words] = [found.get((*row, words), 0) for row in _tuples(rows[[*keys, "outlet"]])]
    rows["count"] = rows[list(_WORDING)].sum(axis=1)
    return rows.reset_index(drop=True)


def _listed(names: pd.Series) -> str:
    return ", ".join(sorted(set(names)))


def _term_places(part: Profile, voices: tuple[int, ...]) -> pd.DataFrame:
    """Each place of a label or a subject's term: term, lexicon, category (whether the term is a
    category's), outlet, unit, sentence, start, end."""
    entries, hits = part.entries, part.hits
    subject = (entries["kind"] == "category") & ~entries["lexicon"].isin(_NOT_TERMS)
    keep = subject.to_numpy()[hits["entry"].to_numpy()] & np.isin(hits["voice"], voices)
    hits = hits[keep & (hits["field"] != OTHER).to_numpy()]
    entry = entries.iloc[hits["entry"].to_numpy()]
    hits = hits.assign(
        term=entry["term"].to_numpy(dtype=object),
        lexicon=entry["lexicon"].to_numpy(dtype=object),
        outlet=part.units["outlet"].to_numpy(dtype=object)[hits["unit"].to_numpy()],
        category=True,
    )
    labels = mentions(part).assign(category=False)
    things = labels.groupby("label")["referent"].transform("nunique")
    full = labels["label"] + " (" + labels["referent"] + ")"  # "agreement" of 2020 and of 2023
    labels["term"] = labels["label"].where(things < 2, full)
    labels = labels[labels["voice"].isin([VOICES[code] for code in voices])]
    columns = ["term", "lexicon", "category", "outlet", "unit", "sentence", "start", "end"]
    return _apart(pd.concat([labels[columns], hits[columns]], ignore_index=True))


def _apart(places: pd.DataFrame) -> pd.DataFrame:
    """*places* without those that overlap a label or a longer term."""
    length = places["end"] - places["start"]
    places = places.iloc[np.lexsort((places["start"], -length, places["category"]))]
    taken: dict[int, list[tuple[int, int]]] = {}
    keep = []
    for sentence, start, end in _tuples(places[["sentence", "start", "end"]]):
        others = taken.setdefault(sentence, [])
        keep.append(not any(start < right and left < end for left, right in others))
        if keep[-1]:
            others.append((start, end))
    return places[np.array(keep, bool)]


def _distinct(ranked: pd.DataFrame, articles: str, most: int) -> pd.DataFrame:
    """The first *most* rows without terms that are nearly always part of one another.

    "barack" and "barack obama" say one thing: of two such terms whose *articles* differ by less
    than a fifth the first is kept.
    """
    kept: list[tuple[str, int]] = []
    rows = []
    pairs = zip(ranked["term"], ranked[articles], strict=True)
    for row, (term, count) in enumerate(pairs):
        if len(kept) == most:
            break
        if not any(_same(term, count, *other) for other in kept):
            kept.append((term, count))
            rows.append(row)
    return ranked.iloc[rows]


def _same(term: str, count: int, other: str, others: int) -> bool:
    within = f" {term} " in f" {other} " or f" {other} " in f" {term} "
    return within and abs(count - others) < 0.2 * max(count, others)


def _summed(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """All *rows* of an outlet as one, called *name*; none where they hold no words."""
    words = rows[["quoted", "reported"]].sum()
    if not words.sum():
        return rows.iloc[:0]
    return rows.iloc[:1].assign(speaker=name, side="", **words, named=False)


def _class_order(result: Result, found: set[str]) -> list[str]:
    """Classes of cues that occur, as the lexicon orders them; those without a class last."""
    known = [str(name) for name in _profile(result).attributions["cue_class"].cat.categories]
    return sorted(found, key=lambda name: (name == "", known.index(name)))


# ------------------------------------------------------------------ colours and measures

_OKABE_ITO = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F", "#F0E442",
)  # fmt: skip
# Blues for the outlet's wording, browns for the speakers'; neighbours differ in lightness.
_VOICE = {
    "own": "#24486b",
    "reported": "#6496c3",
    "partial": "#f3dca6",
    "scare": "#7a4416",
    "quote": "#dda94f",
}
_WORDING = {"own": _VOICE["own"], "reported": _VOICE["reported"], "quoted": _VOICE["quote"]}
_VOICE_NAMES = {
    "own": "own words",
    "reported": "reported speech",
    "partial": "quoted fragments",
    "scare": "scare quotes",
    "quote": "full quotations",
}
_WORDING_NAMES = {"own": "own words", "reported": "reported speech", "quoted": "quoted"}
_GROUP_NAMES = {
    "own": "what outlets assert in their own words",
    "outlet": "outlets' own wording (own words and reported speech)",
    "quoted": "words inside quotation marks",
    "all": "all words, own, reported and quoted",
}
_INK, _GREY, _RULE, _PAPER = "#1f1f1f", "#666666", "#e3e3e3", "#ffffff"
_SHADES = ("#ffffff", "#e9f1f8", "#cadded", "#a5c6e1", "#7fadd3", "#5b93c4")  # ink reads on all
_TITLE, _NAME, _SMALL = 11.0, 8.5, 7.5  # points
_PAD = 0.15  # inches round a figure
_ROW, _BAR, _GAP = 0.25, 0.16, 0.2  # inches: a row, a bar, between panels
_FEW_HITS = 5  # below, shading is paler
_NONE = "·"
_FAMILY = "DejaVu Sans"


def _styled(function: Callable[P, R]) -> Callable[P, R]:
    """Draw under matplotlib's defaults, whatever the user's settings are, and leave theirs."""

    @wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with _settings():
            return function(*args, **kwargs)

    return drawn


@contextmanager
def _settings(**ours: str) -> Iterator[None]:
    """Matplotlib's defaults, and *ours* with a point for each underscore, for a while."""
    import matplotlib

    settings: Any = {name.replace("_", "."): value for name, value in ours.items()}
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        yield


def _mixed(colour: str, other: str, share: float) -> str:
    """*colour* with a *share* of *other*."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _shade(share: float) -> str:
    """From white for 0 to blue for 1; darkness rises evenly, so it reads in grey too."""
    place = min(max(share, 0.0), 1.0) * (len(_SHADES) - 1)
    below = min(int(place), len(_SHADES) - 2)
    return _mixed(_SHADES[below], _SHADES[below + 1], place - below)


def _ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on *colour*."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return _INK if 0.299 * red + 0.587 * green + 0.114 * blue > 115 else _PAPER


def _clean(text: str) -> str:
    """*text* on one line, without what XML forbids or what would turn its neighbours about."""
    kinds = ((letter, unicodedata.category(letter)) for letter in str(text))
    plain = ("" if kind == "Cf" else " " if kind[0] == "C" else letter for letter, kind in kinds)
    return " ".join("".join(plain).split())


@cache
def _advance(letter: str, bold: bool) -> float:
    """Width of a letter as a share of the font size; 1 where the font lacks it."""
    font = _font(bold)
    if not font.get_char_index(ord(letter)):
        return 1.0
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 / 100


@cache
def _font(bold: bool) -> Any:  # FT2Font has no stable place to import a type from
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    font = FT2Font(findfont(FontProperties(family=_FAMILY, weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return font


def _width(text: str, size: float, bold: bool = False) -> float:
    """Inches that *text* takes at *size* points, at most: hinting may widen letters by 2 %."""
    return sum(_advance(letter, bold) for letter in _clean(text)) * size / 72 * 1.02


def _wrapped(text: str, width: float, size: float, most: int = 99, bold: bool = False) -> list[str]:
    """*text* in at most *most* lines of *width* inches, broken at spaces, slashes and hyphens."""
    lines = [""]
    for piece in re.findall(r"[^\s/_-]*[/_-]+|[^\s/_-]+\s*|\s+", _clean(text)):
        if _width(lines[-1] + piece.rstrip(), size, bold) > width and lines[-1]:
            lines.append("")
        while _width(piece.rstrip(), size, bold) > width and len(piece) > 1:
            end = _fitting(piece, width, size, bold)
            lines[-1:] = [piece[:end], ""]
            piece = piece[end:]
        lines[-1] += piece
    lines = [line.strip() for line in lines]
    if len(lines) > most:
        last = _fitting(" ".join(lines[most - 1 :]), width - _width("…", size, bold), size, bold)
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])[:last].rstrip() + "…"]
    return lines


def _fitting(text: str, width: float, size: float, bold: bool) -> int:
    """How many letters of *text* fit in *width*, at least one."""
    ends = np.cumsum([_advance(letter, bold) for letter in text]) * size / 72 * 1.02
    return max(int(np.searchsorted(ends, width, "right")), 1)


def _many(count: int, one: str, more: str = "") -> str:
    """A count with its noun: "1 article", "1,200 words"."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


# ------------------------------------------------------------------ rows, heads and pages


def _line(size: float) -> float:
    """Inches from one line of text to the next."""
    return size * 1.32 / 72


@dataclass(frozen=True)
class _Row:
    """What a row is called, what is said of it in grey, and the colour of a heading's mark."""

    name: str
    aside: str = ""
    heading: bool = False
    colour: str = ""

    def room(self) -> float:
        """Inches that the row's name takes on one line."""
        aside = _width(self.aside, _SMALL) + 0.09 if self.aside else 0.0
        return _width(self.name, _NAME, self.heading) + aside + (0.15 if self.colour else 0)

    def lines(self, room: float) -> list[tuple[str, str]]:
        """The lines of the name in *room* inches, each with what is said in grey after it."""
        if self.heading:
            return [(_wrapped(self.name, 3.6, _NAME, 1, bold=True)[0], self.aside)]
        *first, last = _wrapped(self.name, room, _NAME, 3)
        lines = [(line, "") for line in first]
        if replace(self, name=last).room() <= room:
            return [*lines, (last, self.aside)]
        return [*lines, (last, ""), ("", _wrapped(self.aside, room, _SMALL, 1)[0])]


class _Rows:
    """Rows one under the other: the room their names take, and the height each one stands at."""

    def __init__(self, rows: Sequence[_Row], widest: float = 2.6) -> None:
        self.rows = rows
        rooms = [row.room() for row in rows if not row.heading]
        self.left = min(max([0.6, *rooms]) + 0.16, widest)
        self.lines = [row.lines(self.left - 0.15) for row in rows]
        extra = [0.14 * (len(lines) - 1) for lines in self.lines]
        spaces = [0.1 if row.heading and n else 0.0 for n, row in enumerate(rows)]
        heights = [_ROW + more + space for more, space in zip(extra, spaces, strict=True)]
        self.ends = np.cumsum(heights).tolist()
        self.middles = [end - (_ROW + more) / 2 for end, more in zip(self.ends, extra, strict=True)]

    def span(self) -> float:
        """Inches that the longest heading takes."""
        rows = zip(self.rows, self.lines, strict=True)
        rooms = [replace(row, name=lines[0][0]).room() for row, lines in rows if row.heading]
        return max(rooms, default=0.0)

    def write(self, sheet: _Sheet) -> None:
        """Write the names to the left of the marks."""
        for row, lines, middle in zip(self.rows, self.lines, self.middles, strict=True):
            left = -sheet.page.left
            if row.colour:
                sheet.write("■", (0, middle), frame="row", shift=(left, 0), color=row.colour)
                left += 0.15
            looks: Any = {"frame": "row", "weight": "bold" if row.heading else "normal"}
            grey: Any = {"frame": "row", "size": _SMALL, "color": _GREY}
            for number, (name, aside) in enumerate(lines):
                up = 0.14 * ((len(lines) - 1) / 2 - number)
                sheet.write(name, (0, middle), shift=(left, up), **looks)
                after = _width(name, _NAME, row.heading) + 0.09 if name else 0.0
                sheet.write(aside, (0, middle), shift=(left + after, up), **grey)


class _Heads:
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
            bold = [(line, _NAME, _INK) for line in _wrapped(name, width, _NAME, 3, bold=True)]
            plain = [line for aside in grey for line in _wrapped(aside, width, _SMALL, 2)]
            self.texts.append([*bold, *((line, _SMALL, _GREY) for line in plain)])
        heights = [sum(_line(size) for _, size, _ in lines) for lines in self.texts]
        self.height = max(heights) + 0.12

    def write(self, sheet: _Sheet) -> None:
        """Write the names over the marks."""
        for place, lines in zip(self.places, self.texts, strict=True):
            up = 0.1 + sum(_line(size) for _, size, _ in lines)
            for text, size, colour in lines:
                up -= _line(size)
                looks: Any = {"size": size, "color": colour, "ha": self.ha, "va": "baseline"}
                looks["weight"] = "bold" if size == _NAME else "normal"
                at = (place / sheet.page.width, 1)
                sheet.write(text, at, frame="page", shift=(0, up), **looks)
        back = {"left": 0.0, "center": 0.5, "right": 1.0}[self.ha] * self.width
        for place, colour in zip(self.places, self.colours, strict=False):
            begin = (place - back) / sheet.page.width
            end = begin + self.width / sheet.page.width
            sheet.line((begin, end), 0.04, colour)


@dataclass(frozen=True)
class _Page:
    """One figure: its marks, what stands around them, and how much room each takes in inches."""

    title: str
    width: float  # of the marks
    names: _Rows | None = None
    heads: _Heads | None = None
    about: str = ""
    note: str = ""
    key: tuple[tuple[str, str], ...] = ()  # colours and what they mean
    marks: float = 0.0  # height of the marks, where it is more than that of the names
    left: float = 0.0  # room for the names, where it is more than they need
    size: float = _TITLE

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
        bold = _wrapped(self.title, self.full, self.size, bold=True)
        plain = _wrapped(self.about, self.full, _NAME) if self.about else []
        lines = [(line, self.size, _INK, "bold") for line in bold]
        return [*lines, *((line, _NAME, _GREY, "normal") for line in plain)]

    @cached_property
    def notes(self) -> list[str]:
        """Lines under the marks."""
        return _wrapped(self.note, self.full, _SMALL) if self.note else []

    @property
    def above(self) -> float:
        """Room over the marks."""
        text = sum(_line(size) for _, size, _, _ in self.lines) + 0.08
        return text + (0.25 if self.key else 0.0) + (self.heads.height if self.heads else 0.0)

    @property
    def tall(self) -> float:
        """Height of everything but the rim."""
        below = 0.12 + len(self.notes) * _line(_SMALL) if self.notes else 0.0
        return self.above + self.height + below

    def place(self, figure: Figure, top: float) -> Axes:
        """Make axes for the marks, the page beginning *top* inches below the figure's edge."""
        width, height = figure.get_size_inches()
        low = height - top - self.above - self.height
        box = (_PAD + self.left) / width, low / height, self.width / width, self.height / height
        return figure.add_axes(box)

    def figure(self) -> Figure:
        """Make a figure that the page fills, outside of pyplot's care."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        size = self.full + 2 * _PAD, self.tall + 2 * _PAD
        figure = Figure(size, facecolor=_PAPER, label=_clean(self.title))
        FigureCanvasAgg(figure)
        return figure


class _Sheet:
    """Axes with a page drawn around its marks: y in inches downwards, x in the figure's unit."""

    def __init__(self, page: _Page, ax: Axes | None, x: tuple[float, float] = (0, 1)) -> None:
        self.page = page
        self.ax = page.place(page.figure(), _PAD) if ax is None else ax
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

        if not (text := _clean(text)):
            return
        style = {"size": _NAME, "color": _INK, "ha": "left", "va": "center_baseline", **looks}
        style["size"] *= self.scale
        right, up = (inches * self.scale for inches in shift)
        moved = ScaledTranslation(right, up, self.ax.figure.dpi_scale_trans)
        style["transform"] = self.frames[frame] + moved if right or up else self.frames[frame]
        self.ax.text(*at, text, clip_on=False, family=_FAMILY, parse_math=False, **style)

    def _captions(self) -> None:
        """Write title, subtitle, key and notes."""
        page, left, up = self.page, -self.page.left, self.page.above
        looks: Any = {"frame": "page", "va": "baseline"}
        for text, size, colour, weight in page.lines:
            up -= _line(size)
            style: Any = {"size": size, "color": colour, "weight": weight, **looks}
            self.write(text, (0, 1), shift=(left, up + 0.03), **style)
        for colour, meaning in page.key:
            self.write("■", (0, 1), shift=(left, up - 0.17), color=colour, **looks)
            self.write(meaning, (0, 1), shift=(left + 0.14, up - 0.17), color=_GREY, **looks)
            left += 0.36 + _width(meaning, _NAME)
        looks |= {"size": _SMALL, "color": _GREY}
        for number, text in enumerate(page.notes, start=1):
            down = 0.07 + number * _line(_SMALL)
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
        looks: Any = {"colors": _RULE, "linewidths": 0.7, "clip_on": False, "zorder": 0}
        across = self.ax.get_yaxis_transform()
        lines = [((begin, end), (1, end)) for end in ends]
        self.ax.add_collection(LineCollection(lines, transform=across, **looks), autolim=False)

    def block(
        self, at: tuple[float, float], size: tuple[float, float], colour: str, edge: float = 0.6
    ) -> None:
        """Draw a rectangle from *at*, its left or right end, middle height; *size* is signed."""
        from matplotlib.patches import Rectangle

        corner = at[0], at[1] - size[1] / 2
        looks: Any = {"facecolor": colour, "edgecolor": _PAPER, "linewidth": edge}
        self.ax.add_patch(Rectangle(corner, *size, **looks))

    def cells(self, middle: float, shares: Sequence[float], texts: Sequence[str]) -> None:
        """Draw one row of shaded cells, each one unit wide, with their texts."""
        for number, (share, text) in enumerate(zip(shares, texts, strict=True)):
            colour = _shade(0.0 if np.isnan(share) else share)
            self.block((number, middle), (1, _ROW), colour)
            self.write(text, (number + 0.5, middle), ha="center")

    def bar(self, at: tuple[float, float], parts: Sequence[tuple[int, str]], unit: float) -> None:
        """Draw a stacked bar of counts from *at*, with the numbers in it or after it.

        *unit* is inches a count; x is in counts.
        """
        x, y = at
        inside = _inside([count for count, _ in parts], unit)
        for count, colour in parts:
            if not count:
                continue
            # A white rim would swallow what is hardly wider than itself.
            self.block((x, y), (count, _BAR), colour, edge=min(0.6, 10 * count * unit))
            if inside:
                looks: Any = {"size": _SMALL, "ha": "center", "color": _ink_on(colour)}
                self.write(f"{count:,}", (x + count / 2, y), **looks)
            x += count
        if not inside:
            self.numbers((x, y), parts)

    def numbers(self, at: tuple[float, float], parts: Sequence[tuple[int, str]]) -> None:
        """Write counts in their colours, joined by plus signs, to the right of *at*."""
        right = 0.05
        for number, (count, colour) in enumerate(part for part in parts if part[0]):
            pieces = [("+", _GREY)] if number else []
            for text, ink in [*pieces, (f"{count:,}", _mixed(colour, "#000000", 0.35))]:
                self.write(text, at, shift=(right, 0), size=_SMALL, color=ink)
                right += _width(text, _SMALL)


def _inside(counts: Sequence[int], unit: float) -> bool:
    """Whether every number fits into its segment of a bar."""
    return all(count * unit >= _width(f"{count:,}", _SMALL) + 0.05 for count in counts if count)


def _reach(counts: Sequence[int], unit: float) -> float:
    """Inches that a bar takes with its numbers."""
    after = "" if _inside(counts, unit) else "+".join(f"{count:,}" for count in counts if count)
    return sum(counts) * unit + (0.05 + _width(after, _SMALL) if after else 0)


# ------------------------------------------------------------------ figures


@_styled
def profile_heatmap(result: Result, words: str = "outlet", ax: Axes | None = None) -> Axes:
    """Draw how often each outlet uses words of each lexicon category; see `category_rates`.

    A row is shaded from its own largest rate, so that rare categories show too.  Raises KeyError
    for an unknown word group.
    """
    part, table = _profile(result), category_rates(result, words)
    title = "Vocabulary: words of each category, outlet by outlet"
    uses = table.groupby(["lexicon", "category"])["count"].transform("sum")
    if not uses.any():
        return _say(title, f"No term of the lexicons occurs in {_GROUP_NAMES[words]}.", ax)
    rows = _category_rows(table[uses > 0])
    column, outlets = 1.12, list(part.outlets)
    page = _Page(
        title,
        width=column * len(outlets),
        names=_Rows([row for row, _ in rows]),
        heads=_Heads(
            outlets,
            [column * (n + 0.5) for n in range(len(outlets))],
            1.0,
            asides=_sizes(part, words),
            colours=_colours(part),
            ha="center",
        ),
        about=f"Hits per 1,000 words; in brackets the number of hits. Counted: "
        f"{_GROUP_NAMES[words]}.",
        note=_category_note(part, table, words) + _few(part),
    )
    sheet = _Sheet(page, ax, (0, len(outlets)))
    for middle, (_, cells) in zip(_middles(page), rows, strict=True):
        if cells is not None:
            shares = cells["rate"] / cells["rate"].max() * _strength(cells["count"].sum())
            texts = [_rate_text(*cell) for cell in _tuples(cells[["rate", "count"]])]
            sheet.cells(middle, shares.tolist(), texts)
    return sheet.ax


@_styled
def labels(result: Result, referent: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the labels that each outlet uses for one referent, by wording; see `label_counts`.

    Without *referent*, the one mentioned most.  Raises KeyError for one that no outlet mentions.
    """
    part = _profile(result)
    uses = mentions(part)
    table = _label_table(uses, list(part.outlets))
    if table.empty and referent is None:
        return _say(_LABELS, "No label of the lexicons' referents occurs in these articles.", ax)
    counts = table.groupby("referent")["count"].sum()
    referent = str(counts.idxmax()) if referent is None else referent
    if referent not in counts:
        known = ", ".join(counts.index) or "none"
        raise KeyError(f"no label of a referent {referent!r} in these articles; here are: {known}")
    panel = _Panel(table[table["referent"] == referent], part)
    page = replace(
        panel.page(panel.stride),
        title=f"Labels: what each outlet calls {referent}",
        about=f"{_ABOUT_LABELS} {_corpus(part)}",
        key=_WORDING_KEY,
        note=_label_note(uses) + _few(part),
        size=_TITLE,
    )
    return panel.draw(page, ax, panel.stride)


@_styled
def labels_overview(result: Result) -> Figure:
    """Draw the labels of every referent that has two of them, or one in two outlets.

    Referents that most outlets name stand first.
    """
    part = _profile(result)
    uses = mentions(part)
    table = _label_table(uses, list(part.outlets))
    groups = [rows for _, rows in table.groupby("referent") if _compared(rows)]
    panels = [_Panel(rows, part) for rows in sorted(groups, key=_breadth)]
    if not panels:
        message = "No referent has two labels in these articles, or one label in two outlets."
        return _made(_say(_LABELS, message, None))
    left = max(panel.names.left for panel in panels)
    stride = max(panel.stride for panel in panels)
    pages = [replace(panel.page(stride), left=left) for panel in panels]
    cover = _Page(
        _LABELS,
        width=pages[0].width,
        left=left,
        marks=sum(page.tall + _GAP for page in pages),
        about=f"{_ABOUT_LABELS} {_corpus(part)}",
        note="Each referent has a scale of its own. " + _label_note(uses) + _few(part),
        key=_WORDING_KEY,
    )
    figure, top = _made(_Sheet(cover, None).ax), _PAD + cover.above + _GAP / 2
    for panel, page in zip(panels, pages, strict=True):
        panel.draw(page, page.place(figure, top), stride)
        top += page.tall + _GAP
    return figure


@_styled
def terms(
    comparison: Comparison,
    ax: Axes | None = None,
    top: int = 20,
    colours: Mapping[str, str] | None = None,
) -> Axes:
    """Draw the terms in which two outlets differ, or say why none are drawn.

    From ten articles a side: odds of an article carrying the term, with intervals (`term_odds`);
    below: counts of lexicon terms (`term_counts`).  *colours* as `outlet_colours` gives them.
    """
    facts, pair = comparison.facts, _Pair(comparison, colours or outlet_colours(comparison))
    if not facts.comparable:
        return _say(pair.title, " ".join(facts.warnings), ax)
    if min(facts.a_articles, facts.b_articles) >= FEWEST_TO_RANK:
        rows = term_odds(comparison, top)
        if len(rows):
            return _draw_odds(pair, rows, ax)
        return _say(pair.title, "No term stands in more articles of one than of the other.", ax)
    rows = term_counts(comparison)
    if len(rows):
        return _draw_counts(pair, rows, top, ax)
    message = f"No term of the lexicons occurs in {_GROUP_NAMES[comparison.words]}."
    return _say(pair.title, message, ax)


@_styled
def speakers(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the words that each outlet gives to its speakers; see `speaker_words`."""
    part, table = _profile(result), speaker_words(result)
    title = "Speakers: whose words each outlet carries, and how many"
    if table.empty:
        return _say(title, "No speaker and no quotation was found in these articles.", ax)
    words = table[["quoted", "reported"]].sum(axis=1)
    unit = 3.6 / max(words[table["named"]].max() if table["named"].any() else 0, 1)  # inches a word
    counts = [(r.quoted, r.reported) for r in table[table["named"]].itertuples()]
    rows = _by_outlet(part, table, lambda r: _Row(r.speaker, "" if r.side == r.speaker else r.side))
    page = _Page(
        title,
        width=max([1.0, *(_reach(pair, unit) for pair in counts)]) + 0.1,
        names=_Rows([row for row, _ in rows]),
        about=f"Words of the six speakers with most of them in each outlet. {_corpus(part)}",
        key=tuple((_WORDING[name], _WORDING_NAMES[name]) for name in ("quoted", "reported")),
        note="Quoted words are the speaker's; in reported speech the claim is the speaker's and "
        "the wording the outlet's. Speakers bear the names that the articles give them, and in "
        "grey the side that the lexicons give them. " + _few(part),
    )
    sheet = _Sheet(page, ax, (0, page.width / unit))
    sheet.rules()
    for middle, (_, row) in zip(_middles(page), rows, strict=True):
        if row is not None:
            parts = [(row.quoted, _WORDING["quoted"]), (row.reported, _WORDING["reported"])]
            if row.named:
                sheet.bar((0, middle), parts, unit)
            else:  # a bar of a hundred speakers would dwarf all others
                sheet.numbers((0, middle), parts)
    return sheet.ax


@_styled
def cues(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the classes of cues by outlet and by the speaker's side; see `cue_counts`.

    What is shaded is a class's share of its row, against the largest of its column: which side's
    speakers "claim" more than others do.
    """
    part, table = _profile(result), cue_counts(result)
    title = "Cues: how each outlet introduces the speakers of each side"
    if table.empty:
        return _say(title, "No cue (said, claimed, according to) was found in these articles.", ax)
    table["cues"] = table.groupby(["outlet", "side"])["count"].transform("sum")
    table["shade"] = _cue_shades(table)
    column, classes = 0.9, list(dict.fromkeys(table["cue_class"]))
    sides = table.drop_duplicates(["outlet", "side"])
    rows = _by_outlet(part, sides, lambda r: _Row(r.side or NO_SIDE, _many(r.cues, "cue")))
    names = [name or NO_CLASS for name in classes]
    places = [column * (n + 0.5) for n in range(len(classes))]
    page = _Page(
        title,
        width=column * len(classes),
        names=_Rows([row for row, _ in rows]),
        heads=_Heads(names, places, column, ha="center"),
        about=f"Number of cues of each class. {_corpus(part)}",
        note="Shaded: a class's share of its row (five cues added to each, so that few weigh "
        "little), from the largest in its column; paler for a class of fewer than five. Sides are "
        "those that the lexicons give to speakers. A class is what its words usually suggest, not "
        "what they meant in each place. " + _few(part),
    )
    sheet = _Sheet(page, ax, (0, len(classes)))
    for middle, (_, row) in zip(_middles(page), rows, strict=True):
        if row is not None:
            mine = table[(table["outlet"] == row.outlet) & (table["side"] == row.side)]
            texts = [_cue_text(*cell) for cell in _tuples(mine[["count", "share", "cues"]])]
            sheet.cells(middle, mine["shade"].tolist(), texts)
    return sheet.ax


@_styled
def voices(result: Result, ax: Axes | None = None) -> Axes:
    """Draw the share of each outlet's words that stand in each voice; see `voice_shares`."""
    part, table = _profile(result), voice_shares(result)
    bars, column = 3.2, 0.92  # inches
    rows = [_Row(r.outlet, _size(r.articles, r.words)) for r in table.itertuples()]
    places = [bars + 0.1 + column * (n + 0.95) for n in range(len(VOICES))]
    spoken, colours = list(_VOICE_NAMES.values()), list(_VOICE.values())
    page = _Page(
        "Whose words: the share of each outlet's words in each voice",
        width=bars + 0.1 + column * len(VOICES),
        names=_Rows(rows, widest=3.2),
        heads=_Heads(spoken, places, 0.78, colours=colours, ha="right"),
        about="Share of words. In the blue parts the wording is the outlet's; the others stand "
        f"in quotation marks. {_corpus(part)}",
        note="Quoted fragments have a source, scare quotes have none. " + _few(part),
    )
    sheet = _Sheet(page, ax, (0, page.width / bars))
    sheet.rules()
    for middle, shares in zip(_middles(page), _tuples(table[list(VOICES)]), strict=True):
        begin = 0.0
        for voice, share, place in zip(VOICES, shares, places, strict=True):
            known = not np.isnan(share)
            sheet.write(f"{share:.1%}" if known else "–", (place / bars, middle), ha="right")
            if known:
                sheet.block((begin, middle), (share, _BAR), _VOICE[voice])
                begin += share
    return sheet.ax


# ------------------------------------------------------------------ files


def figures(result: Comparison | Comparisons) -> Iterator[tuple[str, Figure]]:
    """Make each figure in turn, with a name fit for a file.

    Names: profile, labels, speakers, cues, voices, and those of `pair_names`.
    """
    yield "profile", _made(profile_heatmap(result))
    yield "labels", labels_overview(result)
    yield "speakers", _made(speakers(result))
    yield "cues", _made(cues(result))
    yield "voices", _made(voices(result))
    colours = outlet_colours(result)
    pairs = list(result) if isinstance(result, Comparisons) else [result]
    for name, pair in zip(pair_names(pairs), pairs, strict=True):
        yield name, _made(terms(pair, colours=colours))


def pair_names(pairs: Sequence[Comparison]) -> list[str]:
    """A distinct name for the figure of each pair: terms, and the outlets' letters and digits."""
    names: list[str] = []
    for pair in pairs:
        plain = (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") for name in (pair.a, pair.b))
        name = "-".join(["terms", *(part[:40] or "x" for part in plain)])
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
    for name, figure in figures(result):
        for suffix in ("png", "svg"):
            path = folder / f"{name}.{suffix}"
            save(figure, path)
            paths[path.name] = path
    return paths


def save(drawn: Axes | Figure, path: str | Path) -> None:
    """Write one figure as PNG (150 dots an inch) or SVG (text as text), always the same bytes.

    Raises ValueError for another suffix.
    """
    from matplotlib.axes import Axes

    figure = _made(drawn) if isinstance(drawn, Axes) else drawn
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
    with _settings(**ours), warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+", UserWarning)
        figure.savefig(path, dpi=150, metadata=about[path.suffix], **fast)
    if path.suffix == ".svg":
        svg = path.read_text(encoding="utf8")
        fonts = f"'{_FAMILY}', Verdana, sans-serif"  # Verdana is as wide, where DejaVu is missing
        path.write_text(svg.replace(f"'{_FAMILY}'", fonts), encoding="utf8", newline="\n")


# ------------------------------------------------------------------ what several figures say

_LABELS = "Labels: what each outlet calls the same thing"
_ABOUT_LABELS = "Number of uses of each label, by whose words it stands in."
_WORDING_KEY = tuple((_WORDING[words], _WORDING_NAMES[words]) for words in _WORDING)


def _made(ax: Axes) -> Figure:
    """The figure that was made for *ax*."""
    from matplotlib.figure import Figure

    assert isinstance(ax.figure, Figure)
    return ax.figure


def _say(title: str, message: str, ax: Axes | None) -> Axes:
    """Say in words what a figure cannot draw."""
    lines = _wrapped(message, 5.8, _NAME)
    page = _Page(title, width=5.8, marks=_line(_NAME) * (len(lines) + 1))
    sheet = _Sheet(page, ax)
    for number, line in enumerate(lines):
        sheet.write(line, (0, _line(_NAME) * (number + 0.5)), color=_GREY)
    return sheet.ax


def _middles(page: _Page) -> list[float]:
    return page.names.middles if page.names else []


def _colours(part: Profile) -> list[str]:
    return list(outlet_colours(part).values())


def _strength(count: int) -> float:
    """How dark a row may be: one or two hits must not look like a finding."""
    return 1.0 if count >= _FEW_HITS else 0.5


def _size(articles: int, words: int) -> str:
    return f"{_many(articles, 'article')}, {_many(words, 'word')}"


def _sizes(part: Profile, words: str = "all") -> list[str]:
    """Articles and words of each outlet, on two lines."""
    return [
        f"{_many(part.outlets[outlet], 'article')}\n"
        f"{_many(int(sums[f'words.{words}'].sum()), 'word')}"
        for outlet, sums in part.by_outlet().items()
    ]


def _corpus(part: Profile) -> str:
    return f"{_size(len(part.units), int(part.sums['words.all'].sum()))} in all."


def _few(part: Profile) -> str:
    """Which outlets have too few articles to stand for more than these."""
    few = [f"{outlet} ({_many(n, 'article')})" for outlet, n in part.outlets.items() if n < FEWEST]
    if not few:
        return ""
    return f"Fewer than five articles: {', '.join(few)}; counts describe these articles only."


def _by_outlet(
    part: Profile, table: pd.DataFrame, named: Callable[[Any], _Row]
) -> list[tuple[_Row, Any]]:
    """Rows of a table under the headings of their outlets; headings have no row of the table."""
    rows: list[tuple[_Row, Any]] = []
    for outlet, size, colour in zip(part.outlets, _sizes(part), _colours(part), strict=True):
        rows.append((_Row(outlet, size.replace("\n", ", "), heading=True, colour=colour), None))
        mine = table[table["outlet"] == outlet]
        rows += [(named(row), row) for row in mine.itertuples()]
        if mine.empty:
            rows.append((_Row("(none found)"), None))
    return rows


def _category_rows(table: pd.DataFrame) -> list[tuple[_Row, pd.DataFrame | None]]:
    """Rows of categories under the headings of their lexicons."""
    rows: list[tuple[_Row, pd.DataFrame | None]] = []
    for lexicon, mine in table.groupby("lexicon", sort=False):
        rows.append((_Row(_spoken(str(lexicon)).capitalize(), heading=True), None))
        for category, cells in mine.groupby("category", sort=False):
            rows.append((_Row(_spoken(str(category))), cells))
    return rows


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _rate_text(rate: float, count: int) -> str:
    if np.isnan(rate):
        return "–"
    shown = f"{rate:.1f}" if rate >= 0.095 else f"{rate:.2f}"
    return f"{shown} ({count:,})" if count else _NONE


def _category_note(part: Profile, table: pd.DataFrame, words: str) -> str:
    notes = [
        "Each row is shaded from its own largest rate, and paler where it has fewer than five "
        "hits: compare along a row, not down a column. Word lists count vocabulary, not frames. "
    ]
    total = {o: sums[f"words.{words}"].sum() for o, sums in part.by_outlet().items()}
    plain = 1000 * table["count"] / table["outlet"].map(total)
    if (plain - table["rate"]).abs().max() > 1e-9:
        notes.append("Terms of weight below 1 make a rate lower than its hits suggest. ")
    unused = table.groupby(["lexicon", "category"], sort=False)["count"].sum()
    names = [_spoken(category) for (_, category), count in unused.items() if not count]
    notes.append(f"No hit anywhere: {', '.join(names)}. " if names else "")
    return "".join(notes)


def _cue_shades(table: pd.DataFrame) -> pd.Series:
    """A class's share of its row, against the largest in its column.

    Five cues are added to each row, so that one cue of one does not outshine ten of twenty.
    """
    classes = table["cue_class"]
    share = table["count"] / (table["cues"] + _FEW_HITS)
    strength = table.groupby(classes)["count"].transform("sum").map(_strength)
    return share / share.groupby(classes).transform("max") * strength


def _cue_text(count: int, share: float, cues: int) -> str:
    if not count:
        return _NONE
    percent = f"{share:.0%}" if share >= 0.005 else "<1%"
    return f"{count:,} ({percent})" if cues >= _FEW_HITS else f"{count:,}"


def _compared(rows: pd.DataFrame) -> bool:
    """Whether a referent's rows let something be compared: two labels, or two outlets."""
    used = rows[rows["count"] > 0]
    return used["label"].nunique() > 1 or used["outlet"].nunique() > 1


def _breadth(rows: pd.DataFrame) -> tuple[int, int]:
    """What sorts referents: outlets that name it, then uses, most first."""
    used = rows[rows["count"] > 0]
    return -int(used["outlet"].nunique()), -int(used["count"].sum())


def _label_note(uses: pd.DataFrame) -> str:
    note = (
        "In reported speech the claim is the source's and the wording the outlet's; quoted: "
        "fragments, scare quotes and full quotations. In grey, who prefers a label. A label of an "
        "event counts only in articles dated from the event on. "
    )
    unclear = int((~uses["resolved"].astype(bool)).sum())
    verb = "is" if unclear == 1 else "are"
    left_out = f"{_many(unclear, 'use')} that may mean two things {verb} left out. "
    return note + (left_out if unclear else "")


class _Panel:
    """The labels of one referent: a row a label, a column an outlet, stacked bars."""

    def __init__(self, rows: pd.DataFrame, part: Profile) -> None:
        totals = rows.groupby(["label", "side"], as_index=False)["count"].sum()
        order = totals.sort_values(["count", "label", "side"], ascending=[False, True, True])
        self.labels = list(_tuples(order[["label", "side"]]))
        self.referent = str(rows["referent"].iloc[0])
        self.names = _Rows(
            [_Row(label, "" if side == "neutral" else side) for label, side in self.labels]
        )
        self.outlets, self.colours = list(part.outlets), _colours(part)
        cells = _tuples(rows[["label", "side", "outlet", *_WORDING]])
        self.counts = {tuple(cell[:3]): cell[3:] for cell in cells}
        room = min(max(8 / len(self.outlets), 0.8), 1.8)  # inches for the longest bar
        self.unit = min(0.17, room / max(sum(counts) for counts in self.counts.values()))
        reach = max(_reach(counts, self.unit) for counts in self.counts.values())
        longest = max(_width(outlet, _NAME, bold=True) for outlet in self.outlets)
        self.stride = max(reach, min(longest, room), 0.95) + 0.2

    def page(self, stride: float) -> _Page:
        """The panel as a page, its columns *stride* inches apart."""
        uses = [
            sum(sum(self.counts[*label, outlet]) for label in self.labels)
            for outlet in self.outlets
        ]
        return _Page(
            self.referent[:1].upper() + self.referent[1:],
            width=stride * len(self.outlets),
            names=self.names,
            heads=_Heads(
                self.outlets,
                [stride * n for n in range(len(self.outlets))],
                stride - 0.2,
                asides=[_many(n, "use") for n in uses],
                colours=self.colours,
            ),
            size=9.5,
        )

    def draw(self, page: _Page, ax: Axes | None, stride: float) -> Axes:
        """Draw the panel; x is in uses."""
        sheet = _Sheet(page, ax, (0, page.width / self.unit))
        sheet.rules()
        for middle, label in zip(self.names.middles, self.labels, strict=True):
            for number, outlet in enumerate(self.outlets):
                counts = self.counts[*label, outlet]
                at = number * stride / self.unit, middle
                sheet.bar(at, list(zip(counts, _WORDING.values(), strict=True)), self.unit)
                if not sum(counts):
                    sheet.write(_NONE, at, color=_GREY)
        return sheet.ax


# ------------------------------------------------------------------ terms of two outlets


@dataclass(frozen=True)
class _Pair:
    """Two outlets, and the colours of all."""

    comparison: Comparison
    colours: Mapping[str, str]

    @property
    def title(self) -> str:
        """What a figure of their terms is called."""
        return f"Terms: {self.comparison.a} and {self.comparison.b}"

    @property
    def counted(self) -> str:
        """Which words were counted."""
        return f"Counted: {_GROUP_NAMES[self.comparison.words]}."

    @property
    def names(self) -> tuple[str, str]:
        """The outlets, in the comparison's order."""
        return self.comparison.a, self.comparison.b

    @property
    def inks(self) -> list[str]:
        """Their colours."""
        return [self.colours[name] for name in self.names]

    def heads(self, places: Sequence[float], width: float) -> _Heads:
        """Their names over two columns, with what was counted of each, and its dates."""
        part, facts = self.comparison.profile, self.comparison.facts
        sizes = dict(zip(part.outlets, _sizes(part, self.comparison.words), strict=True))
        asides = []
        for name, dates in zip(self.names, (facts.a_dates, facts.b_dates), strict=True):
            days = " to ".join(dict.fromkeys(dates)) if dates else "no dates"
            asides.append(f"{sizes[name]}\n{days}")
        return _Heads(self.names, places, width, asides=asides, colours=self.inks)


def _draw_counts(pair: _Pair, rows: pd.DataFrame, top: int, ax: Axes | None) -> Axes:
    """Draw counts of lexicon terms to both sides of their names."""
    blocks = _blocks(pair, rows, top)
    drawn = pd.concat([block for _, block in blocks])
    unit = min(0.17, 1.4 / drawn[["a_count", "b_count"]].to_numpy().max())  # inches a use
    side = max(_tip(pair, row, unit) for row in drawn.itertuples())
    gutter = min(max(_width(term, _NAME) for term in drawn["term"]), 2.4) + 0.3
    page = _Page(
        pair.title,
        width=gutter + 2 * side,
        marks=0.22 * len(drawn) + 0.32 * len(blocks),
        heads=pair.heads([0, side + gutter], side),
        about=f"Uses of the lexicons' terms. {pair.counted}",
        note=_counts_note(pair, drawn, len(rows)),
    )
    sheet = _Sheet(page, ax, (-page.width / 2 / unit, page.width / 2 / unit))
    y = 0.0
    for title, block in blocks:
        y += 0.32
        said = _wrapped(title, page.width, _SMALL, 1)[0]
        sheet.write(said, (0, y - 0.12), size=_SMALL, color=_GREY, ha="center")
        for row in block.itertuples():
            y += 0.22
            name = _wrapped(row.term, gutter - 0.2, _NAME, 1)[0]
            sheet.write(name, (0, y - 0.11), ha="center")
            _mirrored(sheet, (gutter / 2 / unit, y - 0.11), row, pair)
    return sheet.ax


def _blocks(pair: _Pair, rows: pd.DataFrame, top: int) -> list[tuple[str, pd.DataFrame]]:
    """Terms only in one outlet, in both, and only in the other: the commonest of each, *top* all.

    By turns, so that the outlet with more words does not fill the figure.
    """
    a, b = rows["a_count"] > 0, rows["b_count"] > 0
    block = np.select([a & ~b, a & b], [0, 1], 2)
    turn = rows.groupby(block).cumcount()
    drawn = np.lexsort((np.arange(len(rows)), turn))[:top]
    titles = (f"only in {pair.names[0]}", "in both", f"only in {pair.names[1]}")
    chosen = [np.sort(drawn[block[drawn] == n]) for n in range(len(titles))]
    return [(title, rows.iloc[at]) for title, at in zip(titles, chosen, strict=True) if len(at)]


def _sides(pair: _Pair, row: Any) -> list[tuple[int, int, str]]:
    """For each outlet: the direction of its bar, its count, and what is written after it."""
    facts = pair.comparison.facts
    sides = []
    for sign, count, articles, of in (
        (-1, row.a_count, row.a_articles, facts.a_articles),
        (1, row.b_count, row.b_articles, facts.b_articles),
    ):
        within = f" ({articles} of {of})" if count and of > 1 else ""
        sides.append((sign, count, f"{count:,}{within}"))
    return sides


def _tip(pair: _Pair, row: Any, unit: float) -> float:
    """Inches from the names to the end of a row's longer side, at least those of a short name."""
    ends = [count * unit + _width(text, _SMALL) for _, count, text in _sides(pair, row)]
    return max(*ends, 1.5) + 0.1


def _mirrored(sheet: _Sheet, at: tuple[float, float], row: Any, pair: _Pair) -> None:
    """Draw one term's counts to both sides of its name."""
    edge, y = at
    for (sign, count, text), colour in zip(_sides(pair, row), pair.inks, strict=True):
        if count:
            sheet.block((sign * edge, y), (sign * count, _BAR), colour)
        looks: Any = {"size": _SMALL, "color": _GREY, "ha": "left" if sign > 0 else "right"}
        sheet.write(text, (sign * (edge + count), y), shift=(sign * 0.06, 0), **looks)


def _counts_note(pair: _Pair, drawn: pd.DataFrame, terms: int) -> str:
    facts = pair.comparison.facts
    notes = ["Counts, not findings."]
    if max(facts.a_articles, facts.b_articles) > 1:
        notes.append("In brackets: articles that carry the term.")
    if drawn["term"].str.contains("*", regex=False).any():
        notes.append("A star stands for any ending, or any word.")
    if terms > len(drawn):
        notes.append(f"The commonest of {terms:,} terms are drawn, by turns of the three groups.")
    return " ".join([*notes, *facts.warnings])


def _draw_odds(pair: _Pair, rows: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw odds with intervals, terms of the first outlet on the left, and articles beside."""
    names = _Rows([_Row(term) for term in rows["term"]])
    field, column = 3.8, 1.05  # inches for the intervals, and for each outlet's articles
    reach = float(np.abs(rows[["low", "high"]].to_numpy()).max()) * 1.04
    unit = field / 2 / reach  # inches a unit of log odds
    places = [field + 0.2 + n * column for n in (0, 1)]
    page = _Page(
        pair.title,
        width=field + 0.2 + 2 * column,
        names=names,
        heads=pair.heads(places, column - 0.1),
        marks=names.ends[-1] + 0.45,
        about=f"Odds that an article carries the term, as a multiple of the other outlet's. "
        f"{pair.counted}",
        note=_odds_note(pair),
    )
    # Positive odds are the first outlet's: its side is the left one, so x runs backwards.
    sheet = _Sheet(page, ax, (reach, reach - page.width / unit))
    sheet.rules()
    _odds_axis(sheet, reach, names.ends[-1], pair)
    for middle, row in zip(names.middles, rows.itertuples(), strict=True):
        _interval(sheet, middle, row, pair.inks[0 if row.log_odds > 0 else 1])
        articles = ((row.a_articles, row.a_units), (row.b_articles, row.b_units))
        for place, (count, of) in zip(places, articles, strict=True):
            sheet.write(f"{count} of {of}", (reach - place / unit, middle), size=_SMALL)
    return sheet.ax


def _interval(sheet: _Sheet, middle: float, row: Any, colour: str) -> None:
    looks: Any = {"color": colour, "linewidth": 1.4, "scalex": False, "scaley": False}
    sheet.ax.plot([row.low, row.high], [middle, middle], zorder=2, **looks)
    sheet.ax.plot([row.log_odds], [middle], marker="o", markersize=5, zorder=3, **looks)


def _odds_axis(sheet: _Sheet, reach: float, bottom: float, pair: _Pair) -> None:
    """Draw lines at round odds, and say what they mean and which side is whose."""
    from matplotlib.collections import LineCollection

    step = next((s for s in (2, 3, 10, 100, 1000) if 4.5 * np.log(s) > reach), 10**4)
    ticks = [n * np.log(step) for n in range(-4, 5) if abs(n * np.log(step)) < reach]
    lines = LineCollection([((x, 0), (x, bottom)) for x in ticks], colors=_RULE, linewidths=0.8)
    sheet.ax.add_collection(lines, autolim=False)
    for x in ticks:
        text = f"{round(np.exp(abs(x))):,}×" if x else "equal"
        sheet.write(text, (x, bottom + 0.13), size=_SMALL, color=_GREY, ha="center")
    for name, ha, sign, ink in zip(pair.names, ("right", "left"), (-1, 1), pair.inks, strict=True):
        text = _wrapped(f"more articles of {name}", 1.8, _SMALL, 1)[0]
        looks: Any = {"size": _SMALL, "color": _mixed(ink, "#000000", 0.3), "ha": ha}
        sheet.write(text, (0, bottom + 0.34), shift=(0.08 * sign, 0), **looks)


def _odds_note(pair: _Pair) -> str:
    compared = int(pair.comparison.terms["log_odds"].notna().sum())
    notes = (
        "Dots: odds ratio; lines: 95 % interval of each term by itself (Woolf 1955, 1/2 added to "
        f"each count). {_many(compared, 'term')} were compared, so many intervals miss 1 by "
        "chance alone, and longer articles carry more terms: a list to read on from, not of "
        "findings. On the right: articles that carry the term."
    )
    return " ".join([notes, *pair.comparison.facts.warnings])
