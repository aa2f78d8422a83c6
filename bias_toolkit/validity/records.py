"""Keep what belongs to a validation: the key, the sample, and what coders answered.

Every sheet carries its key's checksum, and a key that of its lexicon's content, so that answers
are never read against other sentences, nor evidence against another list.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bias_toolkit.lexicon import Lexicon

DRAWS = 2000  # of the bootstrap
KEY_FORMAT = 2

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Key:
    """What the coders must not see, and what is needed to read their sheets.

    `items`: one row an item: item, category, outlet, article, part ("text" or "title"), start,
    end (of the sentence in it), hit (whether a term of the category stands in it), terms, and
    letters, a checksum of the sentence's letters, by which a sheet whose columns were sorted
    apart is told.
    `strata`: one row a category, outlet and hit: size (sentences in all) and drawn.
    `lexicon_checksum` is that of the lexicon's content.
    """

    lexicon: str
    version: str
    lexicon_checksum: str
    seed: int
    items: pd.DataFrame
    strata: pd.DataFrame

    @cached_property
    def checksum(self) -> str:
        """Sixteen signs that every sheet of this key carries.

        The first is a letter: a spreadsheet would take 1234567890123456 or 12e45678 for a number
        and write another back.
        """
        return f"k{_digest(key_content(self))[1:]}"

    @property
    def categories(self) -> list[str]:
        """Those that sentences were drawn for, in the lexicon's order."""
        drawn = self.strata[self.strata["drawn"] > 0]
        return list(dict.fromkeys(drawn["category"].tolist()))

    @cached_property
    def letters(self) -> dict[int, str]:
        """The checksum of each item's sentence; empty for a key without them."""
        if "letters" not in self.items:
            return {}
        return dict(zip(self.items["item"].tolist(), self.items["letters"].tolist(), strict=True))

    @property
    def left_out(self) -> list[str]:
        """Categories of the lexicon that hit nothing, so that there was nothing to draw."""
        names = dict.fromkeys(self.strata["category"].tolist())
        return [name for name in names if name not in self.categories]


@dataclass(frozen=True, eq=False)
class Sample:
    """Sentences to be coded.

    `sheet`: item, category, about, before, sentence, after, in shuffled order; names of outlets
    in the text are hidden.  `key`: what belongs to each item.
    """

    sheet: pd.DataFrame
    key: Key


@dataclass(frozen=True, eq=False)
class Coding:
    """What coders answered.

    `answers`: one row an item of the key and coder: item, coder, side, answer ("1", "0",
    "unsure", "" where none was given), note.
    """

    key: Key
    answers: pd.DataFrame

    @cached_property
    def coders(self) -> dict[str, str]:
        """The side that each coder declared, "" if none."""
        first = self.answers.drop_duplicates("coder")
        return dict(zip(first["coder"].tolist(), first["side"].tolist(), strict=True))

    @cached_property
    def codes(self) -> Floats:
        """Items of the key x coders: 1, 0, and nan where unsure or missing."""
        number = self.answers["answer"].map({"1": 1.0, "0": 0.0}).to_numpy(float)
        return number.reshape(len(self.coders), -1).T


def letters_checksum(sentence: str) -> str:
    """Sixteen signs that change with a sentence's letters and digits, not with signs and spaces.

    >>> letters_checksum("'“The war”,  he said.") == letters_checksum('"the war," he said')
    True
    """
    written = sentence.encode("utf-8", "backslashreplace").decode()  # as sheets write it
    return _digest("".join(filter(str.isalnum, written.casefold())))


def content_checksum(lexicon: Lexicon) -> str:
    """Sixteen signs that change with what a lexicon matches or asks; not with notes or examples."""
    content = asdict(lexicon)
    kept = {name: content[name] for name in ("name", "categories", "actors", "referents", "topic")}
    for category in kept["categories"]:
        del category["hits"], category["misses"]
    return _digest(kept)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=8).hexdigest()


def key_content(key: Key) -> dict[str, Any]:
    """The key's content as JSON knows it."""
    return {
        "format": KEY_FORMAT,
        "lexicon": key.lexicon,
        "version": key.version,
        "lexicon_checksum": key.lexicon_checksum,
        "seed": key.seed,
        "items": _rows(key.items),
        "strata": _rows(key.strata),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [table[name].tolist() for name in table]
    return [dict(zip(table, row, strict=True)) for row in zip(*columns, strict=True)]
