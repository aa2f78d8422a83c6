"""Draw a comparison: one function a figure, and one a table with the numbers that it draws.

A figure takes the axes it is to be drawn on, or makes its own, and returns them.  Each subject
has a file; the files below them know how to lay a page out in inches.
"""

from __future__ import annotations

from bias_toolkit.plots.corpus import outlet_colours
from bias_toolkit.plots.differences import term_counts, term_odds, terms
from bias_toolkit.plots.distances import map_table, outlet_distances, outlet_map
from bias_toolkit.plots.files import figures, pair_names, save, save_all
from bias_toolkit.plots.heard import source_words, sources
from bias_toolkit.plots.naming import label_counts, labels, labels_overview
from bias_toolkit.plots.shifts import shift_terms, word_shift, word_shifts
from bias_toolkit.plots.speech import (
    cue_counts,
    cues,
    speaker_words,
    speakers,
    voice_shares,
    voices,
)
from bias_toolkit.plots.vocabulary import category_rates, profile_heatmap

__all__ = [
    "category_rates",
    "cue_counts",
    "cues",
    "figures",
    "label_counts",
    "labels",
    "labels_overview",
    "map_table",
    "outlet_colours",
    "outlet_distances",
    "outlet_map",
    "pair_names",
    "profile_heatmap",
    "save",
    "save_all",
    "shift_terms",
    "source_words",
    "sources",
    "speaker_words",
    "speakers",
    "term_counts",
    "term_odds",
    "terms",
    "voice_shares",
    "voices",
    "word_shift",
    "word_shifts",
]
