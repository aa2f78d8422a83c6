"""Keep what a coding says about a lexicon, and say which categories it validates.

Agreement on a few sentences may be luck, so a category is validated only where enough sentences
were coded twice, and enough of them hits: what is validated is what the list counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bias_toolkit.lexicon import Lexicon
from bias_toolkit.validity.accuracy import precision, recall
from bias_toolkit.validity.keys import json_object
from bias_toolkit.validity.records import DRAWS, Coding, content_checksum
from bias_toolkit.validity.reliability import (
    RELIABLE,
    TENTATIVE,
    agreement,
    coded_twice,
    sentences_needed,
)

VOCABULARY = "vocabulary, not validated as a frame"
# Fewer hits would leave the precision that goes with the alpha open by more than a third.
FEWEST_HITS = 30
_FORMAT = 2
_REMEDY = "a file that `bias-toolkit validate --save` wrote"


def save_evidence(
    coding: Coding, path: str | Path, *, corpus: str = "", draws: int = DRAWS, seed: int = 0
) -> None:
    """Write what the coding says about the lexicon as a small JSON file, for `evidence_of`.

    By category: items, coders, alpha, precision and recall with intervals, counts, and how many
    hits and other sentences two coders or more answered.  Undefined numbers are null.
    """
    tables = _category_tables(coding, draws, seed)
    content = {
        "format": _FORMAT,
        "lexicon": coding.key.lexicon,
        "version": coding.key.version,
        "lexicon_checksum": coding.key.lexicon_checksum,
        "corpus": corpus,
        "key": coding.key.checksum,
        "seed": seed,
        "coders": len(coding.coders),
        "sides": sorted({side for side in coding.coders.values() if side}),
        "categories": {
            name: {kind: _plain(row) for kind, row in rows.items()} for name, rows in tables.items()
        },
    }
    text = json.dumps(content, indent=1, ensure_ascii=True, allow_nan=False)
    Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")


def _category_tables(
    coding: Coding, draws: int, seed: int
) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Of each category the rows of all coders and all outlets."""
    tables = {
        "agreement": agreement(coding, draws=draws, seed=seed).query("group == 'all coders'"),
        "coded_twice": coded_twice(coding),
        "precision": precision(coding).query("outlet == ''"),
        "recall": recall(coding, draws=draws, seed=seed).query("outlet == ''"),
    }
    rows = {kind: table.set_index("category") for kind, table in tables.items()}
    return {
        name: {kind: table.loc[name].to_dict() for kind, table in rows.items()}
        for name in coding.key.categories
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON knows it, without the names of its group."""
    plain = {}
    for name, value in row.items():
        value = value.item() if isinstance(value, np.generic) else value
        if name not in ("group", "outlet"):
            plain[name] = None if isinstance(value, float) and math.isnan(value) else value
    return plain


def evidence_of(lexicon: Lexicon, path: str | Path) -> tuple[str, ...]:
    """The categories that coders validated; all others are vocabulary, see `VOCABULARY`.

    Asked for are an alpha of at least .667 (Krippendorff 2004, p. 241), two coders or more, as
    many sentences coded twice as `sentences_needed` says, and 30 hits among them.  Raises
    FileNotFoundError where there is no evidence, ValueError for another file, and for evidence on
    a lexicon of other content.
    """
    rows = _rows_of(lexicon, Path(path))
    validated = {name for name, row in rows.items() if not _lacks(row)}
    return tuple(c.name for c in lexicon.categories if c.name in validated)


def standing(lexicon: Lexicon, path: str | Path | None = None) -> dict[str, str]:
    """What each category may be called in a report: `VOCABULARY`, or that coders validated it.

    *path* is a file of evidence, None where there is none.  From .667 to .800 alpha allows
    tentative conclusions only (Krippendorff 2004, p. 241), and the words say so.  Raises as
    `evidence_of`.
    """
    rows = {} if path is None else _rows_of(lexicon, Path(path))
    return {
        c.name: _standing(rows[c.name]) if c.name in rows else VOCABULARY
        for c in lexicon.categories
    }


def standings(
    lexicons: Sequence[Lexicon], paths: Sequence[str | Path] = ()
) -> dict[tuple[str, str], str]:
    """What each category of some lexicons may be called: `standing` by lexicon and category.

    *paths* are files of evidence, one a lexicon at most.  Raises ValueError for evidence on a
    lexicon that is not here or that another file is on, and as `standing`.
    """
    of: dict[str, Path] = {}
    for path in map(Path, paths):
        name = json_object(path, "evidence", _REMEDY).get("lexicon")
        if name not in {lexicon.name for lexicon in lexicons} or name in of:
            why = f"{of[name]} is on it too" if name in of else "that lexicon is not used here"
            raise ValueError(f"{path}: this evidence is on the lexicon {name!r}, and {why}")
        of[name] = path
    return {
        (lexicon.name, category): said
        for lexicon in lexicons
        for category, said in standing(lexicon, of.get(lexicon.name)).items()
    }


def _standing(row: Mapping[str, Any]) -> str:
    if _lacks(row):
        return VOCABULARY
    alpha, coders = row["agreement"]["alpha"], row["agreement"]["coders"]
    how = "validated" if alpha >= RELIABLE else "validated for tentative conclusions"
    return f"{how} by {coders} coders (alpha {alpha:.3f})".replace("0.", ".")


def _rows_of(lexicon: Lexicon, path: Path) -> dict[str, Mapping[str, Any]]:
    """The evidence by category, which must be on *lexicon* as it is now."""
    content = json_object(path, "evidence", _REMEDY)
    try:
        known = content["lexicon_checksum"]
        rows = dict(content["categories"])
        complete = content["format"] == _FORMAT
        for row in rows.values():
            _lacks(row)
    except (KeyError, TypeError, ValueError, AttributeError):
        complete = False
    if not complete:
        raise ValueError(f"{path}: is no evidence; give {_REMEDY}")
    if known != content_checksum(lexicon):
        raise ValueError(
            f"{path}: this evidence is on another content of the lexicon than {lexicon.name!r} has "
            "now; validate it again"
        )
    return rows


def _lacks(row: Mapping[str, Any]) -> str:
    """What the kept evidence of a category lacks."""
    agreed, twice = row["agreement"], row["coded_twice"]
    alpha = math.nan if agreed["alpha"] is None else float(agreed["alpha"])
    return shortfall(alpha, agreed["coders"], twice["hits"], twice["others"])


def shortfall(alpha: float, coders: int, hits: int, others: int) -> str:
    """What a category lacks to count as validated, "" if nothing.

    *alpha* may be nan; *hits* and *others* are sentences that two coders or more answered.
    """
    needed = sentences_needed(TENTATIVE)
    if coders < 2:
        return "only one coder"
    if hits + others < needed:
        return f"{hits + others} sentences coded twice, {needed} are needed"
    if hits < FEWEST_HITS:
        return f"{hits} hits coded twice, {FEWEST_HITS} are needed"
    if math.isnan(alpha):
        return "alpha is undefined, the codes are all alike"
    if alpha < TENTATIVE:
        return f"alpha {alpha:.3f} is below {TENTATIVE}".replace("0.", ".")
    return ""
