"""Keep the tables of a profile on disk: Parquet files, and what they cannot hold as JSON.

Nothing is read by unpickling, so that a profile from somebody else is only data.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bias_toolkit.articles import Reject
from bias_toolkit.lexicon import Actor, Category, Label, Lexicon, Referent, Term

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("units", "sentences", "hits", "attributions", "entries")

_FORMAT = 1
_PLAIN = frozenset("string empty boolean integer floating date datetime".split())


def write(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    lexicons: Sequence[Lexicon],
    rejects: Sequence[Reject],
) -> None:
    """Write tables, `units` among them, lexicons and rejects into a folder, made where needed."""
    folder.mkdir(parents=True, exist_ok=True)
    units, as_json = _storable(tables["units"])
    for name, frame in {**tables, "units": units}.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    about = {
        "format": _FORMAT,
        "json_columns": as_json,
        "lexicons": [asdict(lexicon) for lexicon in lexicons],
        "rejects": [asdict(reject) for reject in rejects],
    }
    (folder / "profile.json").write_text(json.dumps(about, default=str), encoding="utf8")


def read(folder: Path) -> tuple[dict[str, pd.DataFrame], tuple[Lexicon, ...], list[Reject]]:
    """What `write` wrote: tables by name, lexicons, rejects.

    Raises FileNotFoundError where a part is missing, ValueError for another format.
    """
    import pandas as pd

    about = _about(folder)
    names = ("tokens", "contents", *TABLES)
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    for name in about["json_columns"]:
        column = tables["units"][name]
        tables["units"][name] = pd.Series([json.loads(text) for text in column], dtype=object)
    lexicons = tuple(_lexicon_of(values) for values in about["lexicons"])
    return tables, lexicons, [Reject(**values) for values in about["rejects"]]


def _storable(units: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """*units* with the columns that Parquet has no type for as JSON, and their names."""
    import pandas as pd

    odd = [
        name
        for name, column in units.items()
        if column.dtype == object and pd.api.types.infer_dtype(column) not in _PLAIN
    ]
    texts = {
        name: [json.dumps(value, default=str) for value in units[name].tolist()] for name in odd
    }
    return units.assign(**texts), odd


def _about(folder: Path) -> dict[str, Any]:
    """What profile.json says, if it is of this format and nothing beside it is missing."""
    _insist_on(folder / "profile.json")
    try:
        about = json.loads((folder / "profile.json").read_text(encoding="utf8"))
        written = about.get("format")
    except (ValueError, AttributeError):
        raise ValueError(
            f"{folder / 'profile.json'} was not written by Profile.save; profile the articles again"
        ) from None
    if written != _FORMAT:
        raise ValueError(
            f"{folder} is a profile of format {written!r}, this version reads "
            f"{_FORMAT}; profile the articles again"
        )
    for name in ("tokens", "contents", *TABLES):
        _insist_on(folder / f"{name}.parquet")
    return about


def _insist_on(part: Path) -> None:
    if not part.is_file():
        raise FileNotFoundError(
            f"{part.parent} holds no profile: {part.name} is missing; give a folder that "
            "Profile.save wrote"
        )


# ------------------------------------------------------------------ lexicons from JSON


def _lexicon_of(values: Mapping[str, Any]) -> Lexicon:
    """A lexicon from what `asdict` and JSON made of it."""
    return Lexicon(
        **{
            **values,
            "categories": tuple(_record(Category, v) for v in values["categories"]),
            "actors": tuple(_record(Actor, v) for v in values["actors"]),
            "referents": tuple(_referent_of(v) for v in values["referents"]),
            "topic": tuple(_record(Term, v) for v in values["topic"]),
        }
    )


def _record(kind: type, values: Mapping[str, Any]) -> Any:
    filled: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    for name in ("terms", "context"):
        if name in filled:
            filled[name] = tuple(_record(Term, term) for term in filled[name])
    if kind is Term:
        filled["until"] = _day(filled["until"])
    return kind(**filled)


def _referent_of(values: Mapping[str, Any]) -> Referent:
    days = {name: _day(values[name]) for name in ("start", "end", "mentions_until")}
    labels = tuple(_record(Label, label) for label in values["labels"])
    rest = {k: v for k, v in values.items() if k != "labels"}
    return replace(_record(Referent, {**rest, "labels": ()}), labels=labels, **days)


def _day(written: str | None) -> dt.date | None:
    return dt.date.fromisoformat(written) if written else None
