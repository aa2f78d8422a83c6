"""Render the page: one HTML file that holds its style and its figures and asks for nothing.

Whatever comes from articles is escaped by the template engine; the page carries no script, and
its own security policy forbids any.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

import bias_toolkit
from bias_toolkit import plots
from bias_toolkit.asymmetry import FEWEST_TO_TEST
from bias_toolkit.attribution import VOICES
from bias_toolkit.comparison import NEAR, Comparisons
from bias_toolkit.metrics import FEWEST
from bias_toolkit.profiles import GROUPS
from bias_toolkit.reports import (
    apart,
    content,
    glance,
    heard,
    introductions,
    journeys,
    measures,
    noise,
    shifting,
    tables,
    who,
)
from bias_toolkit.reports import words as w
from bias_toolkit.reports.cautions import cautions
from bias_toolkit.reports.limits import limits
from bias_toolkit.reports.marked import marked_terms
from bias_toolkit.sentiment import tone_source
from bias_toolkit.validity.evidence import VOCABULARY

# How much the page shows; everything is in the tables.
_MOST = {
    "articles": 200,
    "open": 25,
    "labels_open": 15,
    "speakers": 12,
    "folded": 200,
    "unresolved": 60,
    "pairs": 10,
}
_MOST_NAMES = 4
_ABOUT_TERMS = "all words and phrases of two outlets, with counts and rates"

VOICE_NAMES = {
    "own": "own words",
    "reported": "reported speech",
    "partial": "quoted fragments",
    "scare": "scare quotes",
    "quote": "full quotations",
}
GROUP_NAMES = {
    "own": "own",
    "outlet": "own + reported",
    "quoted": "quoted",
    "all": "all",
}
GROUP_WORDS = {
    "own": "the outlets’ own words",
    "outlet": "the outlets’ wording (own words and reported speech)",
    "quoted": "the words inside quotation marks",
    "all": "all words",
}


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: w.clean(value) if type(value) is str else value,
    )
    environment.filters |= {"line": w.line, "day": w.day, "listed": w.listed, "figure": w.figure}
    environment.globals |= {"words": w, "count": w.count, "number": w.whole}
    return environment.get_template("index.html.jinja")


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def page(
    whole: Comparisons,
    files: list[str],
    pictures: Mapping[str, Path],
    evidence: Sequence[str | Path] = (),
) -> str:
    """The whole page; *files* are the names of the tables written beside it."""
    return _template().render(
        css=_read("report.css"),
        **_about(whole),
        **_parts(whole),
        rates=measures.rate_parts(whole, evidence),
        vocabulary=VOCABULARY,
        tables=[(name, tables.ABOUT.get(name, _ABOUT_TERMS)) for name in files],
        pictures={name: _embedded(path) for name, path in pictures.items() if name[-4:] == ".svg"},
    )


def _about(whole: Comparisons) -> dict[str, Any]:
    """What was compared, with what, and what to know first."""
    part = whole.profile
    rows = measures.article_rows(part)
    shown = _first_of_each(rows, len(part.outlets))
    names = content.outlets(whole)
    return {
        "title": _title(names),
        "outlets": names,
        "sizes": part.outlets,
        "articles": shown,
        "articles_more": len(rows) - len(shown),
        "with_basis": "date_basis" in part.units,
        "span": _span(whole),
        "periods": [_period(whole, name) for name in names],
        "rejects": [reject for reject in part.rejects if reject.kind == "error"],
        "duplicates": sum(reject.kind == "duplicate" for reject in part.rejects),
        "cautions": cautions(whole),
        "lexicons": part.lexicons,
        "version": bias_toolkit.__version__,
        "tone_source": tone_source(),
        "group_words": GROUP_WORDS[whole.words],
        "near": NEAR,
        "fewest": FEWEST,
        "fewest_to_test": FEWEST_TO_TEST,
    }


def _span(whole: Comparisons) -> str:
    days = whole.profile.units["date"].dropna()
    return w.period((min(days), max(days)) if len(days) else None)


def _period(whole: Comparisons, outlet: str) -> tuple[str, int, int, str]:
    """An outlet, its articles and their words, and the time they are of."""
    units = whole.profile.units
    mine = (units["outlet"] == outlet).to_numpy()
    days = units.loc[mine, "date"].dropna()
    when = w.period((min(days), max(days)) if len(days) else None)
    return outlet, int(mine.sum()), int(whole.profile.sums["words.all"][mine].sum()), when


def _first_of_each(rows: list[measures.ArticleRow], outlets: int) -> list[measures.ArticleRow]:
    """All articles, or of many the first of each outlet: no outlet fills the list alone."""
    if len(rows) <= _MOST["articles"]:
        return rows
    room = Counter[str]()
    shown = []
    for row in rows:
        room[row.outlet] += 1
        if room[row.outlet] <= max(_MOST["articles"] // outlets, 1):
            shown.append(row)
    return shown


def _parts(whole: Comparisons) -> dict[str, Any]:
    """The findings, in the order of the page."""
    referents = content.referent_parts(whole)
    readability = measures.readability_rows(whole)
    return {
        "referents": referents,
        **who.parts(whole, referents),
        "unresolved": content.unresolved_uses(whole),
        "pairs": content.pair_parts(whole, referents),
        "term_files": _term_files(whole),
        "all_terms": [tables.has_all_terms(pair) for pair in whole.pairs],
        "pair_pictures": [f"{name}.svg" for name in plots.pair_names(whole.pairs)],
        "voices": measures.voice_rows(whole),
        "voice_names": [VOICE_NAMES[voice] for voice in VOICES],
        "speakers": measures.speaker_rows(whole),
        "glances": glance.glances(whole),
        "limits": [limits(pair) for pair in whole.pairs],
        "marked": [marked_terms(pair) for pair in whole.pairs],
        **noise.parts(whole),
        **shifting.parts(whole),
        **apart.parts(whole),
        **heard.parts(whole),
        **introductions.parts(whole),
        **journeys.parts(whole),
        "groups": [GROUP_NAMES[group] for group in GROUPS],
        "intervals": measures.intervals_possible(whole),
        "tones": measures.tone_rows(whole),
        "actor_tones": measures.actor_tone_rows(whole),
        "readability": readability,
        "footnotes": measures.footnotes(whole, readability),
        "most": _MOST,
    }


def _term_files(whole: Comparisons) -> list[str]:
    names = tables.slugs(whole.profile.outlets)
    return [tables.terms_name(names, pair.a, pair.b) for pair in whole.pairs]


def _title(names: list[str]) -> str:
    few = len(names) <= _MOST_NAMES
    subject = w.listed(map(w.line, names)) if few else f"{len(names)} outlets"
    return f"How {subject} word the same things"


def _embedded(path: Path) -> str:
    """A drawing as an address that holds the drawing itself.

    Shown as an image, a drawing can run nothing and ask for nothing, whatever it holds.
    """
    return "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
