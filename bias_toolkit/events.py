"""Find the articles of different outlets that report the same event.

Two articles match where each is the other's nearest in the other's outlet within a few days.
How near is near enough is read off the corpus itself: the same search with dates shifted by a
month or more finds chance matches only (decoys), and the threshold is the first cosine at which
decoys are at most a twentieth of the matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from bias_toolkit.annotation import is_word
from bias_toolkit.articles import as_articles
from bias_toolkit.cleaning import OTHER, TITLE, Span, fields, holds_title
from bias_toolkit.profiles import Profile, unpack
from bias_toolkit.tokens import Facts, Reader

MOST_FALSE = 0.05  # decoys a match, at most
SHIFTS = (-45, -30, 30, 45)  # days; far enough that the event is over, near enough in topics
FALLBACK = 0.4  # cosine where no decoys can be had; .5 % false on a corpus where they could
WIDEST = 14  # days; a wider window would reach into the decoys' windows

_TITLE_WEIGHT = 2  # a word of the headline counts like two of the text
_LOWEST = 10  # per cent: cosines below are never matches, and need not be kept
_HIGHEST = 90
_FEWEST = 5  # matches below which no share of decoys can be told
_AT_ONCE = 1 << 22  # cosines in memory at a time
_MOST_PAIRS = 1 << 22  # before those that cannot win are dropped
_BATCH = 250
_PIECE = re.compile(r"\S+")

Ints = NDArray[np.int64]
Articles = TypeVar("Articles", pd.DataFrame, Profile)


@dataclass(frozen=True, eq=False)
class Stories:
    """Which articles report the same event, and how far that may be trusted.

    `story` (one string an article, in the articles' order) is "" for articles in no story.
    `matches` has one row a pair: article and other (ids, the earlier first), outlet,
    other_outlet, date (of the earlier), days (between them), cosine, and story ("" where the
    pair was too loose a link to join what hangs on it).  `curve` has one row a threshold:
    cosine, matches, decoys (expected by chance), false_match_rate.

    `cosine` is the threshold used, nan where none was good enough; `false_match_rate` the share
    of matches that chance alone would give (nan where it cannot be told), and at least the
    share that is false: chance matches to a story that runs on for months are not seen.
    `covered` is the share of all articles that are in a story, `undated` those that cannot be.
    """

    story: NDArray[np.object_]
    matches: pd.DataFrame
    curve: pd.DataFrame
    cosine: float
    false_match_rate: float
    covered: float
    undated: int

    def __repr__(self) -> str:
        return f"<Stories: {self.about}>"

    @property
    def about(self) -> str:
        """What was found, in one sentence."""
        if np.isnan(self.cosine):
            return (
                f"no cosine keeps chance matches to {MOST_FALSE:.0%}, so no article was put "
                "into a story"
            )
        rate = self.false_match_rate
        sure = "how many by chance cannot be told" if np.isnan(rate) else f"{rate:.1%} by chance"
        stories = len(set(self.story.tolist()) - {""})
        return (
            f"{len(self.matches):,} matches at cosine {self.cosine:.2f} or more ({sure}); "
            f"{stories:,} stories cover {self.covered:.0%} of {len(self.story):,} articles; "
            f"{self.undated:,} articles have no date"
        )

    @property
    def summary(self) -> dict[str, float]:
        """The plain numbers: cosine, false_match_rate, covered, matches, stories, undated."""
        return {
            "cosine": self.cosine,
            "false_match_rate": self.false_match_rate,
            "covered": self.covered,
            "matches": len(self.matches),
            "stories": len(set(self.story.tolist()) - {""}),
            "undated": self.undated,
        }


def stories(
    articles: Articles, *, window: int = 2, cosine: float | None = None, words: int = 150
) -> Articles:
    """Add a column `story` to articles, or to the units of a profile; see `find_stories`.

    A DataFrame is completed as by `as_articles`, and its ``attrs["stories"]`` are the plain
    numbers of `Stories.summary`.  A column `story` that was there is replaced.  Raises as
    `find_stories`.
    """
    if isinstance(articles, Profile):
        found = find_stories(articles, window=window, cosine=cosine, words=words)
        return replace(articles, units=articles.units.assign(story=found.story))
    completed = as_articles(articles)
    found = find_stories(completed, window=window, cosine=cosine, words=words)
    told = completed.assign(story=found.story)
    told.attrs["stories"] = found.summary
    return told


def find_stories(
    articles: pd.DataFrame | Profile,
    *,
    window: int = 2,
    cosine: float | None = None,
    words: int = 150,
) -> Stories:
    """Match articles of different outlets, and join matches into stories.

    An article is its title (counted twice) and its first *words* words without page chrome, as
    TF-IDF with 1 + log(uses), idf over all articles.  Two articles may match within *window*
    days.  *cosine* omitted, the threshold is chosen from decoys.  A story spans at most
    *window* days, and two groups join only where their articles are on average as near to each
    other as two matched articles must be: no chain of loose links runs through a busy week.

    Raises TypeError where *articles* is neither DataFrame nor Profile, ValueError for a window,
    cosine or number of words out of range, and as `as_articles`.
    """
    _check(window, cosine, words)
    if isinstance(articles, Profile):
        units, opening = articles.units, _from_profile(articles, words)
    else:
        units = as_articles(articles)
        opening = _from_frame(units, words)
    days = pd.to_datetime(units["date"], errors="coerce").to_numpy("datetime64[D]")
    line = _line_of(units, days, opening)
    matches = _mutual(_pairs(line, 0, window), line)
    curve = _curve(matches.cosine, _decoys(line, window), _chances(line, window))
    chosen = _threshold(curve) if cosine is None else cosine
    matches = matches.at(matches.cosine >= chosen)
    group = _join(matches, line, window, chosen)
    story = np.full(len(units), "", object)
    story[line.row] = _names(group, units.iloc[line.row], days[line.row])
    return Stories(
        story=story,
        matches=_table(matches, group, units, line, story),
        curve=curve,
        cosine=chosen,
        false_match_rate=_rate_at(curve, chosen),
        covered=float((story != "").mean()),
        undated=len(units) - len(line.row),
    )


def _check(window: int, cosine: float | None, words: int) -> None:
    if not 0 <= window <= WIDEST:
        raise ValueError(
            f"window is {window} days: give 0 to {WIDEST}, because decoys are looked for "
            f"{min(map(abs, SHIFTS))} days away"
        )
    if cosine is not None and not _LOWEST / 100 <= cosine <= 1:
        raise ValueError(
            f"cosine is {cosine}: give {_LOWEST / 100} to 1, or none to have it chosen from decoys"
        )
    if words < 1:
        raise ValueError(f"words is {words}: an article's opening needs 1 word or more")


# ------------------------------------------------------------------ openings


class _Opening(NamedTuple):
    """The words that stand for each article: the article's row, the word, how often it counts."""

    row: Ints
    word: Ints
    weight: NDArray[np.float32]
    vocabulary: NDArray[np.object_]


def _from_profile(part: Profile, words: int) -> _Opening:
    _, field, _ = unpack(part.marks)
    at, weight = _opening(part.unit, field, part.is_word, words)
    return _Opening(part.unit[at], part.word[at].astype(np.int64), weight, part.vocabulary)


def _from_frame(articles: pd.DataFrame, words: int) -> _Opening:
    """The same from texts, of which no more is read than is needed."""
    reader = Reader()
    facts = Facts(reader.words, lambda new: {"word": list(map(is_word, new))}, word=bool)
    found = [_read(reader, facts, part, words) for part in _batches(articles)]
    row, word, weight = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return _Opening(row, word, weight, np.array(reader.words.strings, object))


def _batches(articles: pd.DataFrame) -> Iterator[list[tuple[int, str, str]]]:
    """Row, title and text of some articles at a time."""
    titles, texts = articles["title"].tolist(), articles["text"].tolist()
    rows = list(zip(range(len(titles)), titles, texts, strict=True))
    for at in range(0, max(len(rows), 1), _BATCH):
        yield rows[at : at + _BATCH]


def _read(
    reader: Reader, facts: Facts, articles: list[tuple[int, str, str]], words: int
) -> tuple[Ints, Ints, NDArray[np.float32]]:
    """Row, word and weight of the opening words of some articles."""
    rows, texts, spans = [], [], []
    for row, title, text in articles:
        found = fields(text, title)
        if title and not holds_title(found):
            rows.append(row)
            texts.append(title)
            spans.append([Span(0, len(title), TITLE)])
        rows.append(row)
        end = _enough(text, found, words)
        texts.append(text[:end])
        spans.append([span for span in found if span.start < end])
    batch = reader.read(texts, spans)
    unit = np.array(rows, np.int64)[batch.doc]
    at, weight = _opening(unit, batch.field, facts()["word"][batch.word], words)
    return unit[at], batch.word[at].astype(np.int64), weight


def _enough(text: str, spans: list[Span], words: int) -> int:
    """Where the first *words* words outside page chrome have surely been passed."""
    left = words
    for start, end, field in spans:
        if field in (OTHER, TITLE):
            continue
        for piece in _PIECE.finditer(text, start, end):
            left -= any(map(str.isalnum, piece.group()))
            if not left:
                return piece.end()
    return len(text)


def _opening(
    unit: Ints, field: NDArray, word: NDArray[np.bool_], words: int
) -> tuple[Ints, NDArray[np.float32]]:
    """Positions of the tokens of titles and first words, and the weight of each."""
    said = word & (field != OTHER)
    title = said & (field == TITLE)
    body = said & ~title
    count = np.cumsum(body)
    begins = np.flatnonzero(np.diff(unit, prepend=-1))
    before = np.repeat(count[begins] - body[begins], np.diff(np.append(begins, len(unit))))
    at = np.flatnonzero(title | (body & (count - before <= words)))
    return at, np.where(title[at], _TITLE_WEIGHT, 1).astype(np.float32)


# ------------------------------------------------------------------ pairs


class _Line(NamedTuple):
    """The dated articles in order of day and id, which makes all that follows independent of
    the order they came in: `row` (in the articles as given), `day`, `outlet`, unit vectors."""

    row: Ints
    day: Ints
    outlet: Ints
    vectors: sparse.csr_matrix


class _Pairs(NamedTuple):
    """Pairs of articles, as positions in the line, with their cosines and days apart."""

    i: Ints
    j: Ints
    cosine: NDArray[np.float32]
    days: Ints

    def at(self, where: NDArray) -> _Pairs:
        return _Pairs(*(column[where] for column in self))


def _line_of(units: pd.DataFrame, days: NDArray[np.datetime64], opening: _Opening) -> _Line:
    dated = np.flatnonzero(~np.isnat(days))
    ids = units["id"].to_numpy(object)[dated].astype(str)
    row = dated[np.lexsort((ids, days[dated]))]
    _, outlet = np.unique(units["outlet"].to_numpy(object).astype(str), return_inverse=True)
    vectors = _vectors(opening, len(units))[row]
    return _Line(row, days[row].astype(np.int64), outlet[row].astype(np.int64), vectors)


def _vectors(opening: _Opening, n: int) -> sparse.csr_matrix:
    """TF-IDF of length 1, articles x words; words in alphabetical order, lest sums differ.

    tf = 1 + log(uses), idf = 1 + log((1 + articles) / (1 + articles with the word)).  A word of
    one article only can match nothing, and would but make long names look far apart.
    """
    used, word = np.unique(opening.word, return_inverse=True)
    rank = np.empty(len(used), np.int64)
    rank[np.argsort(opening.vocabulary[used], kind="stable")] = np.arange(len(used))
    shape = (n, max(len(used), 1))
    uses = sparse.csr_matrix((opening.weight, (opening.row, rank[word])), shape)
    uses.sum_duplicates()
    articles = np.bincount(uses.indices, minlength=shape[1])
    idf = np.where(articles > 1, 1 + np.log((1 + n) / (1 + articles)), 0)
    uses.data = ((1 + np.log(uses.data)) * idf[uses.indices]).astype(np.float32)
    length = np.sqrt(np.bincount(_rows_of(uses), uses.data.astype(float) ** 2, minlength=n))
    uses.data /= np.maximum(length, 1e-9)[_rows_of(uses)].astype(np.float32)
    return uses


def _rows_of(matrix: sparse.csr_matrix) -> Ints:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))


def _pairs(line: _Line, shift: int, window: int) -> _Pairs:
    """Pairs of two outlets, the second *shift* days after the first, give or take *window*.

    Only those remain that are the nearest for at least one of the two; a pair that is not can
    neither match nor keep another from matching.
    """
    kept, size = [_nothing()], 0
    for found in _blocks(line, shift, window):
        kept.append(found)
        size += len(found.i)
        if size > _MOST_PAIRS:
            kept = [_nearest(_joined(kept), line, shift)]
            size = 0
    return _nearest(_joined(kept), line, shift)


def _mutual(pairs: _Pairs, line: _Line, shift: int = 0) -> _Pairs:
    """The pairs in which each is the other's nearest."""
    return _nearest(pairs, line, shift, both=True)


def _nothing() -> _Pairs:
    none = np.zeros(0, np.int64)
    return _Pairs(none, none, np.zeros(0, np.float32), none)


def _joined(parts: list[_Pairs]) -> _Pairs:
    return _Pairs(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _blocks(line: _Line, shift: int, window: int) -> Iterator[_Pairs]:
    """The pairs of one day at a time whose cosine is not below _LOWEST."""
    first = shift - window if shift else 0  # without a shift, each pair is met once
    for day in np.unique(line.day).tolist():
        begin, end = np.searchsorted(line.day, [day, day + 1]).tolist()
        low, high = np.searchsorted(line.day, [day + first, day + shift + window + 1]).tolist()
        step = max(_AT_ONCE // max(high - low, 1), 1)
        others = line.vectors[low:high].T
        for at in range(begin, end if high > low else begin, step):
            stop = min(at + step, end)
            near = (line.vectors[at:stop] @ others).tocoo()
            some = np.flatnonzero(near.data >= np.float32(_LOWEST / 100))
            i = near.row[some].astype(np.int64) + at
            j = near.col[some].astype(np.int64) + low
            good = (line.outlet[i] != line.outlet[j]) & (j > i if not shift else True)
            i, j = i[good], j[good]
            found = _Pairs(i, j, near.data[some][good], np.abs(line.day[j] - line.day[i] - shift))
            yield _nearest(found, line, shift)


def _nearest(pairs: _Pairs, line: _Line, shift: int, both: bool = False) -> _Pairs:
    """The pairs that are the nearest for one of their articles, or for *both*.

    The nearest of an article in another outlet; of equals the one fewer days away, then the
    first in line.  Under a shift, outlet A a month later is another search than B a month later.
    """
    order = np.lexsort((pairs.j, pairs.i, pairs.days, -pairs.cosine))
    pairs = pairs.at(order)
    outlets = int(line.outlet.max(initial=0)) + 1
    keys = np.empty((len(order), 2), np.int64)
    keys[:, 0] = pairs.i * outlets + line.outlet[pairs.j]
    keys[:, 1] = pairs.j * outlets + line.outlet[pairs.i]
    keys[:, 1] += bool(shift) * len(line.row) * outlets
    first = np.zeros(keys.size, bool)
    first[np.unique(keys, return_index=True)[1]] = True
    nearest = first.reshape(keys.shape)
    return pairs.at(np.asarray(nearest.all(axis=1) if both else nearest.any(axis=1)))


# ------------------------------------------------------------------ decoys and the threshold


def _decoys(line: _Line, window: int) -> NDArray[np.float32]:
    """Cosines of the matches that each of SHIFTS finds."""
    found = [_mutual(_pairs(line, s, window), line, s).cosine for s in SHIFTS if s > 0]
    return np.concatenate(found)  # a shift of one outlet forward is one of the other backward


def _chances(line: _Line, window: int) -> float:
    """How much likelier an article finds another outlet's in its window than in all of SHIFTS.

    At the ends of a corpus, and in a short one, few articles have any a month away; nan where
    they are too few to tell anything.
    """
    if not len(line.row):
        return np.nan
    day = line.day - line.day[0]
    reach = max(SHIFTS) + window
    length = int(day[-1]) + 1
    everyone = np.bincount(day, minlength=length)
    counts = dict.fromkeys((0, *SHIFTS), 0.0)
    for outlet in np.unique(line.outlet):
        own = np.bincount(day[line.outlet == outlet], minlength=length)
        padded = np.pad(np.cumsum(np.pad(own, reach)), (1, 0))
        for shift in counts:
            low = reach + shift - window
            high = low + 2 * window + 1
            here = padded[high : high + length] > padded[low : low + length]
            counts[shift] += float((everyone - own)[here].sum())
    target = counts.pop(0)
    decoy = sum(counts.values())
    return target / decoy if decoy and decoy >= target else np.nan


def _curve(
    matches: NDArray[np.float32], decoys: NDArray[np.float32], chances: float
) -> pd.DataFrame:
    """Matches, decoys and the rate of false matches at each threshold.

    One decoy more than was found is counted, so that no decoy among few matches does not
    pass for certainty (Levitsky et al. 2017).
    """
    grid = np.arange(_LOWEST, _HIGHEST + 1) / 100
    kept, chance = (
        len(found) - np.searchsorted(np.sort(found), grid.astype(np.float32))
        for found in (matches, decoys)
    )
    expected = chance * chances
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(kept > 0, np.minimum((chance + 1) * chances / kept, 1), np.nan)
    names = ("cosine", "matches", "decoys", "false_match_rate")
    return pd.DataFrame(dict(zip(names, (grid, kept, expected, rate), strict=True)))


def _threshold(curve: pd.DataFrame) -> float:
    """The first cosine with few enough false matches, FALLBACK where none can be told."""
    rate = curve["false_match_rate"].to_numpy()
    good = rate <= MOST_FALSE
    if good.any():
        return float(curve["cosine"].to_numpy()[good.argmax()])
    matches, decoys = curve[["matches", "decoys"]].to_numpy()[_place(FALLBACK)]
    untold = np.isnan(rate).all() or (matches < _FEWEST and not decoys)
    return FALLBACK if untold else np.nan


def _rate_at(curve: pd.DataFrame, cosine: float) -> float:
    """The rate of false matches at a threshold; nan where too few matches tell it."""
    if np.isnan(cosine) or curve["matches"].iloc[_place(cosine)] < _FEWEST:
        return np.nan
    return float(curve["false_match_rate"].iloc[_place(cosine)])


def _place(cosine: float) -> int:
    """The row of the curve that a threshold belongs to."""
    return min(int(cosine * 100 + 1e-6), _HIGHEST) - _LOWEST


# ------------------------------------------------------------------ stories


def _join(matches: _Pairs, line: _Line, window: int, cosine: float) -> Ints:
    """The group of each article of the line: the position of its first member.

    The nearest matches join first; see `find_stories` for what keeps groups apart.
    """
    group = np.arange(len(line.row))
    members: dict[int, list[int]] = {}
    order = np.lexsort((matches.j, matches.i, matches.days, -matches.cosine))
    for i, j in zip(matches.i[order].tolist(), matches.j[order].tolist(), strict=True):
        one, other = sorted((int(group[i]), int(group[j])))
        if one == other:
            continue
        first, second = members.get(one, [one]), members.get(other, [other])
        days = line.day[[*first, *second]]
        if days.max() - days.min() > window:
            continue
        if len(first) + len(second) > 2 and _mean(line, first, second) < cosine:
            continue
        members[one] = sorted([*first, *second])
        group[members[one]] = one
    return group


def _mean(line: _Line, some: list[int], others: list[int]) -> float:
    """The mean cosine between two groups."""
    return float((line.vectors[some] @ line.vectors[others].T).mean())


def _names(group: Ints, units: pd.DataFrame, days: NDArray[np.datetime64]) -> NDArray[np.object_]:
    """The name of each article's story: day and id of its first article; "" for a lone one."""
    ids = units["id"].tolist()
    names = [f"{days[at]} {ids[at]}" for at in group.tolist()]
    alone = np.bincount(group, minlength=len(group))[group] < 2
    return np.where(alone, "", np.array(names, object))


def _table(
    matches: _Pairs, group: Ints, units: pd.DataFrame, line: _Line, story: NDArray[np.object_]
) -> pd.DataFrame:
    order = np.lexsort((matches.j, matches.i))
    i, j = matches.i[order], matches.j[order]
    one, other = line.row[i], line.row[j]
    ids, outlets = units["id"].to_numpy(object), units["outlet"].to_numpy(object)
    return pd.DataFrame(
        {
            "article": ids[one],
            "other": ids[other],
            "outlet": outlets[one],
            "other_outlet": outlets[other],
            "date": units["date"].to_numpy(object)[one],
            "days": line.day[j] - line.day[i],
            "cosine": matches.cosine[order].astype(float),
            "story": np.where(group[i] == group[j], story[one], ""),
        }
    )
