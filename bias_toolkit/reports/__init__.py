"""Write a comparison down: a page, tables and figures for the desk, a text for the terminal.

Everything here is derived from the tables of a comparison, never the other way round, so that
every number on the page can be found in a file beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bias_toolkit import plots
from bias_toolkit.comparison import Comparison, Comparisons
from bias_toolkit.reports import html, tables, terminal
from bias_toolkit.reports.content import as_comparisons

__all__ = ["report", "summary"]


def report(
    result: Comparison | Comparisons,
    path: str | Path,
    *,
    figures: bool = True,
    evidence: Sequence[str | Path] = (),
) -> Path:
    """Write ``index.html``, ``tables/`` and ``figures/`` into the folder *path*.

    The page is self-contained: it can be sent by mail or printed.  Equal input gives equal
    bytes.  In the CSV files a text that starts like a formula has an apostrophe before it; the
    JSON files hold every value as it is.  Returns the path of the page.

    *evidence* are files that `validate` saved: categories without it are called vocabulary, not
    validated as a frame.

    Raises NotADirectoryError where *path* is a file, as `validity.standings`, and as
    `Profile.texts` where the articles cannot be read again.
    """
    folder = Path(path)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; give a folder for the report")
    whole = as_comparisons(result)
    found = tables.tables_of(whole)
    tables.write_tables(found, folder / "tables")
    pictures = plots.save_all(whole, folder / "figures") if figures else {}
    page = folder / "index.html"
    text = html.page(whole, list(found), pictures, evidence)
    page.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    return page


def summary(result: Comparison | Comparisons) -> str:
    """A comparison in plain text for the terminal: at most 100 lines of at most 100 signs.

    Outlets and dates, what to know first, and for each thing the labels by outlet, in whose
    words.  Control characters and terminal escapes in texts are left out.
    """
    return terminal.text(as_comparisons(result))
