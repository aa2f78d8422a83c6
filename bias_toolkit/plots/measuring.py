"""Measure text in inches before it is drawn, and break it into lines that fit.

Measured are the letters of the font itself, so that no figure has to be drawn to be laid out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import numpy as np

FAMILY = "DejaVu Sans"


def clean(text: str) -> str:
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

    font = FT2Font(findfont(FontProperties(family=FAMILY, weight="bold" if bold else "normal")))
    font.set_size(100, 72)
    return font


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Inches that *text* takes at *size* points, at most: hinting may widen letters by 2 %."""
    return sum(_advance(letter, bold) for letter in clean(text)) * size / 72 * 1.02


def wrapped(text: str, width: float, size: float, most: int = 99, bold: bool = False) -> list[str]:
    """*text* in at most *most* lines of *width* inches, broken at spaces, slashes and hyphens."""
    lines = [""]
    for piece in re.findall(r"[^\s/_-]*[/_-]+|[^\s/_-]+\s*|\s+", clean(text)):
        if width_of(lines[-1] + piece.rstrip(), size, bold) > width and lines[-1]:
            lines.append("")
        while width_of(piece.rstrip(), size, bold) > width and len(piece) > 1:
            end = _fitting(piece, width, size, bold)
            end = piece.rfind(".", 1, end) + 1 or end  # "www.paper.com" at its points
            lines[-1:] = [piece[:end], ""]
            piece = piece[end:]
        lines[-1] += piece
    lines = [line.strip() for line in lines]
    if len(lines) > most:
        last = _fitting(" ".join(lines[most - 1 :]), width - width_of("…", size, bold), size, bold)
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])[:last].rstrip() + "…"]
    return lines


def _fitting(text: str, width: float, size: float, bold: bool) -> int:
    """How many letters of *text* fit in *width*, at least one."""
    ends = np.cumsum([_advance(letter, bold) for letter in text]) * size / 72 * 1.02
    return max(int(np.searchsorted(ends, width, "right")), 1)


def line_height(size: float) -> float:
    """Inches from one line of text to the next."""
    return size * 1.32 / 72
