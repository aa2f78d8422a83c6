"""Colours that stay apart for every eye, in print and in grey.

Blues are the outlet's wording and browns its speakers', in every figure.
"""

from __future__ import annotations

OKABE_ITO = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F", "#F0E442",
)  # fmt: skip
# Blues for the outlet's wording, browns for the speakers'; neighbours differ in lightness.
VOICE_COLOURS = {
    "own": "#24486b",
    "reported": "#6496c3",
    "partial": "#f3dca6",
    "scare": "#7a4416",
    "quote": "#dda94f",
}
WORDING_COLOURS = {
    "own": VOICE_COLOURS["own"],
    "reported": VOICE_COLOURS["reported"],
    "quoted": VOICE_COLOURS["quote"],
}
INK, GREY, RULE, PAPER = "#1f1f1f", "#666666", "#e3e3e3", "#ffffff"
_SHADES = ("#ffffff", "#e9f1f8", "#cadded", "#a5c6e1", "#7fadd3", "#5b93c4")  # ink reads on all


def mixed(colour: str, other: str, share: float) -> str:
    """*colour* with a *share* of *other*."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def shade(share: float) -> str:
    """From white for 0 to blue for 1; darkness rises evenly, so it reads in grey too."""
    place = min(max(share, 0.0), 1.0) * (len(_SHADES) - 1)
    below = min(int(place), len(_SHADES) - 2)
    return mixed(_SHADES[below], _SHADES[below + 1], place - below)


def ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on *colour*."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 115 else PAPER
