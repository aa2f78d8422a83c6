"""Write the key of a sample and read it back.

The key says which sentences the list hit, so it stays with whoever drew them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bias_toolkit.lexicon import Lexicon
from bias_toolkit.validity.records import KEY_FORMAT, Key, content_checksum, key_content

_WARNING = (
    "Do not give this file to the coders: it says which sentences the word list hit. "
    "Keep it to read their sheets back."
)


def write_key(key: Key, path: str | Path) -> None:
    """Write the key as JSON, with a warning not to give it to coders as its first line.

    Raises FileExistsError where another key is there: without it the sheets that were written
    with it, and whatever coders wrote into them, cannot be read.
    """
    path = Path(path)
    content = {"warning": _WARNING, "checksum": key.checksum, **key_content(key)}
    text = json.dumps(content, indent=1, ensure_ascii=True) + "\n"
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        raise FileExistsError(
            f"{path}: another key is there, without which its sheets cannot be read; give another "
            "folder, or move it away"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def read_key(path: str | Path, lexicon: Lexicon | None = None) -> Key:
    """Read a key that `write_key` wrote.

    Raises FileNotFoundError where there is none; ValueError for another file, one that was
    changed, or where *lexicon* is given and is not the one that the sheets were made of.
    """
    content = json_object(Path(path), "key", "the key.json that was written with the sheets")
    try:
        tables = [pd.DataFrame(content[name]) for name in ("items", "strata")]
        fields = ("lexicon", "version", "lexicon_checksum", "seed")
        key = Key(*(content[name] for name in fields), *tables)
        same = key.checksum == content["checksum"] and content["format"] == KEY_FORMAT
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        raise ValueError(
            f"{path}: is not a key as it was written; take the key.json that was written with the "
            "sheets"
        )
    if lexicon is not None and content_checksum(lexicon) != key.lexicon_checksum:
        raise ValueError(
            f"{path}: the sheets were made of {key.lexicon!r} with another content than that of "
            f"{lexicon.name!r} now; give the lexicon as it was, or draw new sheets"
        )
    return key


def json_object(path: Path, what: str, remedy: str) -> Mapping[str, Any]:
    """A JSON file that holds an object."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such {what}; give {remedy}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ValueError(f"{path}: is no {what}; give {remedy}")
    return content
