"""Say what a reader must know before any number, as true sentences about these very articles.

What holds for every comparison comes last; what makes this one weaker comes first.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bias_toolkit.comparison import FEWEST_TO_RANK, NEAR, Comparisons, Facts
from bias_toolkit.metrics import FEWEST
from bias_toolkit.reports import words as w
from bias_toolkit.reports.content import outlets
from bias_toolkit.reports.limits import ENOUGH_TO_LIST

_MOST_WRITERS = 3  # that are named one by one
_MOST_NAMED = 6  # outlets, or pairs of them, in one sentence

# A heading of a few words, and the sentences: a line end parts the fact from what follows of it.
Caution = tuple[str, str]

_LANGUAGES = {
    "ar": "Arabic", "az": "Azerbaijani", "de": "German", "en": "English", "es": "Spanish",
    "fa": "Persian", "fr": "French", "he": "Hebrew", "hy": "Armenian", "it": "Italian",
    "ka": "Georgian", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


def cautions(whole: Comparisons) -> list[Caution]:
    """Everything to know first, most important first."""
    special = (_size, _chance, _times, _copies, _writers, _fields, _dates, _rejects)
    return [found for say in special for found in say(whole)] + [_translation(whole), *_ALWAYS]


def _size(whole: Comparisons) -> Iterator[Caution]:
    articles, sizes = len(whole.profile.units), _different(whole)
    total = f"{w.count(articles, 'article')} of {w.count(len(sizes), 'outlet')}"
    if min(sizes.values()) >= FEWEST_TO_RANK:
        yield (
            "Sample",
            f"{total}.\nHow they were chosen the report cannot know: its figures hold for these "
            "articles, and for the outlets only if the choice was a fair one.",
        )
        return
    tested = _tested(whole, total)
    text = tested or f"{total} can be described, not tested."
    between = "outlets that are only described" if tested else "outlets here"
    text += f"\nA difference between two {between} may be a difference between two articles."
    if max(sizes.values()) < FEWEST:
        text += f" No outlet has the {FEWEST} articles that an interval needs: none is given."
    yield "Few articles", text


def _different(whole: Comparisons) -> dict[str, int]:
    """The articles of each outlet that count where words are compared: all but repeated ones."""
    found: dict[str, int] = {}
    for pair in whole.pairs:
        for name, number in zip((pair.a, pair.b), pair.contrast.articles, strict=True):
            found.setdefault(name, number)
    return found


def _tested(whole: Comparisons, total: str) -> str:
    """Of which pairs the words are tested, and which outlets are too small; "" if no pair is."""
    tested = [
        pair.facts for pair in whole.pairs if pair.facts.comparable and pair.contrast.testable
    ]
    if not tested:
        return ""
    sizes = _different(whole)
    small = [name for name in outlets(whole) if sizes[name] < FEWEST_TO_RANK]
    few = [f"{w.line(name)} ({w.count(sizes[name], 'article')})" for name in small]
    pairs = [f"{w.line(f.a)} and {w.line(f.b)}" for f in tested]
    return (
        f"{total}: the words of {_first(pairs, 'pair', '; ')} are tested against each other; "
        f"{_first(few, 'outlet')} can only be described, because a test needs {FEWEST_TO_RANK} "
        "articles an outlet."
    )


def _chance(whole: Comparisons) -> Iterator[Caution]:
    """Between outlets of ten to twenty-four articles hardly anything can be found."""
    sizes = _different(whole)
    some = [n for n in outlets(whole) if FEWEST_TO_RANK <= sizes[n] < ENOUGH_TO_LIST]
    if some and _tested(whole, ""):
        few = [f"{w.line(name)} ({w.count(sizes[name], 'article')})" for name in some]
        yield (
            "Only large differences",
            f"Below {ENOUGH_TO_LIST} articles only very large differences can show, as of a term "
            "in half of one outlet’s articles and hardly any of the other’s.\nWhat is not found "
            f"there is not shown to be alike. This is so of {_first(few, 'outlet')}.",
        )


def _fields(whole: Comparisons) -> Iterator[Caution]:
    """Where one outlet has headlines and another has none."""
    without = {pair.facts.no_titles for pair in whole.pairs} - {""}
    if without:
        named = [w.line(name) for name in outlets(whole) if name in without]
        yield (
            "Headlines",
            f"Hardly any article of {_first(named, 'outlet')} has a headline here.\nWhere its "
            "words are compared with those of an outlet that has, headlines are left out of both.",
        )


def _first(names: list[str], noun: str, sign: str = ", ") -> str:
    """The first names of a list, and how many more there are."""
    more = len(names) - _MOST_NAMED
    if more > 0:
        return f"{sign.join(names[:_MOST_NAMED])} and {w.count(more, f'more {noun}')}"
    return w.listed(names) if sign == ", " else sign.join(names)


def _writers(whole: Comparisons) -> Iterator[Caution]:
    units = whole.profile.units
    if "writer" not in units:
        yield (
            "Writers",
            "The articles do not say who wrote them, so reprints cannot be told.\nA column of "
            "writers must have a name that is understood: writer, author or byline.",
        )
        return
    named = units[units["writer"].map(lambda name: isinstance(name, str) and name != "")]
    outlets_of = named.groupby("writer", sort=True)["outlet"].nunique()
    shared = outlets_of.index[outlets_of > 1].tolist()
    if not shared:
        return
    if len(shared) <= _MOST_WRITERS:
        said = [_carried(named[named["writer"] == name], len(units)) for name in shared]
    else:
        by = f"{w.count(len(shared), 'writer')} whose text stands in more than one outlet"
        number = int(named["writer"].isin(shared).sum())
        said = [f"{number:,} of the {w.count(len(units), 'article')} are by {by}"]
    yield (
        "One writer, several outlets",
        f"{'; '.join(said)}.\nTheir wording is the writer’s, a person’s or a newsroom’s: where "
        "outlets agree in it that is no independent evidence.",
    )


def _carried(mine: pd.DataFrame, articles: int) -> str:
    """Which outlets carry articles of one writer."""
    carried = mine["outlet"].value_counts().sort_index()
    by = w.listed(f"{w.line(name)} ({n})" for name, n in carried.items())
    return (
        f"{len(mine)} of the {w.count(articles, 'article')} are by "
        f"{w.line(mine['writer'].iloc[0])}, carried by {by}"
    )


def _copies(whole: Comparisons) -> Iterator[Caution]:
    """Articles that repeat another one of their outlet: they are quoted, but not tested twice."""
    different, sizes = _different(whole), whole.profile.outlets
    left = {name: sizes[name] - different[name] for name in outlets(whole) if name in sizes}
    some = [f"{number:,} of {w.line(name)}" for name, number in left.items() if number]
    if some:
        yield (
            "Repeated articles",
            f"Articles that repeat another one of their outlet: {_first(some, 'outlet')}.\nThey "
            "count in the tables of labels and measures, and once only where words are compared.",
        )


def _times(whole: Comparisons) -> Iterator[Caution]:
    apart = [pair.facts for pair in whole.pairs if not pair.facts.comparable]
    if apart:
        pairs = w.listed(f"{w.line(f.a)} and {w.line(f.b)}{_gap(f)}" for f in apart[:12])
        more = f", and {w.count(len(apart) - 12, 'more pair')}" if len(apart) > 12 else ""
        yield (
            "Different times",
            f"More than {NEAR} days lie between all, or nearly all, articles of {pairs}{more}.\n"
            "For these pairs labels stand side by side and no list of differences is drawn: what "
            "differs may be the news and not the outlets.",
        )
    dates = whole.profile.units["date"]
    undated = int(dates.isna().sum())
    if undated == len(dates):
        yield (
            "No date",
            "No article has a date: whether the outlets wrote at the same time cannot be told.\nA "
            "column of dates must have a name that is understood, such as date or published.",
        )
    elif undated:
        yield (
            "No date",
            f"{w.count(undated, 'article')} without a date: whether the outlets wrote at the same "
            "time cannot be told for them.",
        )


def _gap(facts: Facts) -> str:
    """The days between the nearest articles, where these are more than NEAR."""
    return (
        f" (the nearest: {facts.days:,} days)"
        if facts.days is not None and facts.days > NEAR
        else ""
    )


def _dates(whole: Comparisons) -> Iterator[Caution]:
    units = whole.profile.units
    if "date_basis" in units:
        inferred = int((units["date_basis"] == "inferred").sum())
        if inferred:
            yield (
                "Inferred dates",
                f"{inferred} of {w.count(len(units), 'date')} "
                f"{'is' if inferred == 1 else 'are'} inferred, not stated in the text.",
            )


def _rejects(whole: Comparisons) -> Iterator[Caution]:
    errors = [reject for reject in whole.profile.rejects if reject.kind == "error"]
    if errors:
        verb = "was" if len(errors) == 1 else "were"
        yield (
            "Set aside",
            f"{w.count(len(errors), 'row')} of the input could not be read as an article and "
            f"{verb} set aside; tables/rejects.csv says which and why.",
        )


def _translation(whole: Comparisons) -> Caution:
    text = (
        "What was said in another language reached these pages in translation: even inside "
        "quotation marks the English words may be an editor’s or a translator’s choice.\nAnd an "
        "outlet’s English edition need not word things as its home edition does."
    )
    units = whole.profile.units
    if "original_language" in units:
        by = list(_translated(units, outlets(whole)))
        if by:
            text = f"Marked as first written in another language: {w.listed(by)}.\n{text}"
    return "English editions, translated quotations", text


def _translated(units: pd.DataFrame, names: list[str]) -> Iterator[str]:
    """Outlets with texts first written in another language than they are printed in."""
    printed = units["language"] if "language" in units else pd.Series("en", units.index)
    foreign = units[(units["original_language"] != printed) & units["original_language"].notna()]
    foreign = foreign[foreign["original_language"] != ""]
    for name in names:
        mine = foreign[foreign["outlet"] == name]
        if len(mine):
            codes = sorted(set(mine["original_language"].astype(str)))
            spoken = w.listed(_LANGUAGES.get(code.lower(), w.line(code)) for code in codes)
            yield f"{w.count(len(mine), 'article')} of {w.line(name)} ({spoken})"


_ALWAYS: list[Caution] = [
    (
        "Rules decide who speaks",
        "Whose words a passage is was decided by rules, and rules err.\nRead the sentence before "
        "you rely on a row. A name after an arrow, as in “it (→ Baku)”, was inferred.",
    ),
    (
        "Word lists are vocabulary, not frames",
        "A list shows which vocabulary a text draws on, not what the text argues.\nThe rates "
        "count its words, and a label that no list knows is not counted.",
    ),
    (
        "Tone is no finding",
        "VADER adds up the feeling of single words.\nIt hears praise in “peacekeepers” and "
        "“security”, and knows nothing of who did what to whom. It is given as context.",
    ),
]
