"""Render the page on which a coder answers: one HTML file that works from a disk.

The sentences lie in the page as JSON and are shown as text, never as markup.  The page's own
security policy lets its one script run and nothing else: no network, no other file.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2

from bias_toolkit.validity import COLUMNS, Sample

__all__ = ["coding_page", "write_page"]


def coding_page(sample: Sample) -> str:
    """The page for *sample*; it holds what the sheet holds, and nothing of the key."""
    script = _read("coding.js.jinja").strip()
    digest = hashlib.sha256(script.encode()).digest()
    return _template().render(
        css=_read("report.css") + _read("coding.css"),
        script=script,
        script_hash=f"sha256-{base64.b64encode(digest).decode('ascii')}",
        sample=_embedded(sample),
        total=len(sample.sheet),
    )


def write_page(sample: Sample, path: str | Path) -> Path:
    """Write the page for *sample*; returns its path."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(coding_page(sample), "utf-8", "backslashreplace", "\n")
    return path


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("coding.html.jinja")


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _embedded(sample: Sample) -> str:
    """The sheet as JSON in which nothing can end the element that holds it."""
    columns = [sample.sheet[name].tolist() for name in sample.sheet]
    names = list(sample.sheet)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    content = {"key": sample.key.checksum, "columns": COLUMNS, "rows": rows}
    text = json.dumps(content)  # ASCII
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
