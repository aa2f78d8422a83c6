"""Draw sentences for coders, who must not see what the list hit.

For each category sentences are drawn from strata, one of hits and one of the other sentences for
each outlet.  The key keeps each stratum's size, so that what the list missed can be estimated for
all sentences from the few that were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from bias_toolkit.annotation import PARTS
from bias_toolkit.cleaning import OTHER
from bias_toolkit.exact import scrambled
from bias_toolkit.lexicon import Lexicon
from bias_toolkit.permutation import states
from bias_toolkit.profiles import Profile, load_profile, profile
from bias_toolkit.validity.records import (
    Ints,
    Key,
    Sample,
    content_checksum,
    letters_checksum,
)

# Half of them hits: where a quarter stays without two codes, as many are left as evidence needs.
PER_CATEGORY = 80
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SHORTEST_NAME = 3  # letters: shorter names of outlets are words too often to be hidden


def draw_sample(
    lexicon: Lexicon,
    articles: pd.DataFrame | str | Path | Profile,
    *,
    per_category: int = PER_CATEGORY,
    seed: int = 0,
) -> Sample:
    """Draw sentences for coders: half hits and half others, outlets in equal parts.

    *articles* are a DataFrame, a path, or a profile made with *lexicon*.  A sentence's place in
    the draw depends on *seed*, category, article and sentence alone, so that other articles move
    it as little as possible.  A category without a hit is left out.  Page chrome is never drawn.

    Raises ValueError where *lexicon* has no category or none that hits, for a profile made
    without it, for *per_category* below 2, and as `profile` and `Profile.texts`.
    """
    if per_category < 2:
        raise ValueError(f"{per_category} sentences a category: needs 2 or more, a hit and another")
    if not lexicon.categories:
        raise ValueError(
            f"the lexicon {lexicon.name!r} has no categories that could be coded; give one with "
            "[categories.NAME]"
        )
    part = _profiled(lexicon, articles)
    population = _population(part, seed)
    drawn, strata = _drawn(part, lexicon, population, per_category, seed)
    if drawn.empty:
        raise ValueError(
            f"no term of the lexicon {lexicon.name!r} stands in these articles; give articles that "
            "hold some"
        )
    items = drawn.sort_values("order", ignore_index=True)
    items.insert(0, "item", np.arange(1, len(items) + 1))
    sheet = _sheet(part, lexicon, items)
    key_items = _key_items(part, lexicon, items).assign(
        letters=[letters_checksum(sentence) for sentence in sheet["sentence"]]
    )
    checksum = content_checksum(lexicon)
    return Sample(sheet, Key(lexicon.name, lexicon.version, checksum, seed, key_items, strata))


def _profiled(lexicon: Lexicon, articles: pd.DataFrame | str | Path | Profile) -> Profile:
    """A profile with *lexicon*: the one given or saved, or a new one."""
    saved = isinstance(articles, (str, Path)) and (Path(articles) / "profile.json").is_file()
    if not saved and not isinstance(articles, Profile):
        return profile(articles, [lexicon])
    part = articles if isinstance(articles, Profile) else load_profile(articles)
    wanted = content_checksum(lexicon)
    if wanted not in {content_checksum(mine) for mine in part.lexicons}:
        raise ValueError(
            f"this profile was made without the lexicon {lexicon.name!r} as it is now; give the "
            "articles themselves"
        )
    return part


def _population(part: Profile, seed: int) -> pd.DataFrame:
    """Sentences that may be drawn: sentence, outlet, and state, random-looking bits of each."""
    table = part.sentences
    number = table.groupby("unit").cumcount()
    keep = ((table["field"] != OTHER) & (table["words"] > 0)).to_numpy()
    units = part.units.iloc[table.loc[keep, "unit"].to_numpy()]
    pairs = zip(units["id"].tolist(), number[keep].tolist(), strict=True)
    return pd.DataFrame(
        {
            "sentence": np.flatnonzero(keep),
            "outlet": units["outlet"].to_numpy(object),
            "state": states([f"{article}\0{place}" for article, place in pairs], seed),
        }
    )


def _category_hits(part: Profile, lexicon: Lexicon) -> pd.DataFrame:
    """Hits of the lexicon's categories: sentence, category, term."""
    entry = part.entries.iloc[part.hits["entry"].to_numpy()].reset_index(drop=True)
    found = entry[["category", "term"]].assign(sentence=part.hits["sentence"].to_numpy())
    return found[(entry["lexicon"] == lexicon.name) & (entry["kind"] == "category")]


def _drawn(
    part: Profile, lexicon: Lexicon, population: pd.DataFrame, size: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences drawn (sentence, outlet, category, hit, order), and the strata."""
    hits = _category_hits(part, lexicon)
    drawn, strata = [], []
    for category in lexicon.categories:
        wanted = hits.loc[hits["category"] == category.name, "sentence"]
        is_hit = population["sentence"].isin(wanted).to_numpy()
        order = scrambled(population["state"].to_numpy() ^ states([category.name], seed))
        frame = population.assign(category=category.name, hit=is_hit, order=order)
        for hit, number in ((True, (size + 1) // 2), (False, size // 2)):
            stratum = frame[frame["hit"] == hit]
            chosen = _balanced(stratum, number if is_hit.any() else 0, seed)
            # The smallest were drawn, which differ between strata: mixed again for the order.
            drawn.append(chosen.assign(order=scrambled(~chosen["order"].to_numpy(np.uint64))))
            counts = [stratum["outlet"].value_counts(), chosen["outlet"].value_counts()]
            strata += [
                (category.name, outlet, hit, *(int(count.get(outlet, 0)) for count in counts))
                for outlet in part.outlets
            ]
    columns = ["category", "outlet", "hit", "size", "drawn"]
    return pd.concat(drawn, ignore_index=True), pd.DataFrame(strata, columns=columns)


def _balanced(stratum: pd.DataFrame, number: int, seed: int) -> pd.DataFrame:
    """*number* rows: outlets take turns, each gives its smallest first."""
    rows = stratum.sort_values("order")
    rows = rows.assign(turn=rows.groupby("outlet").cumcount())
    rows = rows[rows["turn"] < number]
    # Who gives one more than others changes with the category, it is not always the same outlet.
    pairs = rows[["outlet", "category"]].drop_duplicates()
    names = [f"{outlet}\0{category}" for outlet, category in pairs.itertuples(index=False)]
    first = dict(zip(pairs["outlet"], states(names, seed), strict=True))
    rows = rows.assign(first=[first[outlet] for outlet in rows["outlet"]])
    rows = rows.sort_values(["turn", "first", "outlet"]).head(number)
    return rows.drop(columns=["turn", "first"])


def _key_items(part: Profile, lexicon: Lexicon, items: pd.DataFrame) -> pd.DataFrame:
    """The rows of the key for *items*."""
    place = part.sentences.iloc[items["sentence"].to_numpy()]
    hits = _category_hits(part, lexicon).groupby(["category", "sentence"])["term"]
    terms = {key: sorted(set(group)) for key, group in hits}
    pairs = zip(items["category"], items["sentence"], strict=True)
    return pd.DataFrame(
        {
            "item": items["item"],
            "category": items["category"],
            "outlet": items["outlet"],
            "article": part.units["id"].iloc[place["unit"].to_numpy()].to_numpy(object),
            "part": np.array(PARTS, object)[place["part"].to_numpy()],
            "start": place["start"].to_numpy(np.int64),
            "end": place["end"].to_numpy(np.int64),
            "hit": items["hit"],
            "terms": [terms.get(pair, []) for pair in pairs],
        }
    )


def _sheet(part: Profile, lexicon: Lexicon, items: pd.DataFrame) -> pd.DataFrame:
    """What coders see of *items*."""
    number = items["sentence"].to_numpy(np.int64)
    wanted = [_neighbours(part, number, step) for step in (-1, 0, 1)]
    hidden = _names_pattern(part.outlets)
    shown = [hidden.sub("[outlet]", text) for text in _sentences(part, np.concatenate(wanted))]
    before, sentence, after = np.array(shown, object).reshape(3, -1)
    about = {category.name: category.about for category in lexicon.categories}
    return pd.DataFrame(
        {
            "item": items["item"],
            "category": [one_line(name) for name in items["category"]],
            "about": [one_line(about[name]) for name in items["category"]],
            "before": before,
            "sentence": sentence,
            "after": after,
        }
    )


def _neighbours(part: Profile, number: Ints, step: int) -> Ints:
    """The sentences *step* further on in the same title or text, -1 where there is none."""
    unit, which, field = (part.sentences[name].to_numpy() for name in ("unit", "part", "field"))
    at = np.clip(number + step, 0, len(unit) - 1)
    beside = (at == number + step) & (unit[at] == unit[number]) & (which[at] == which[number])
    return np.where(beside & (field[at] != OTHER), at, -1)


def _sentences(part: Profile, number: Ints) -> list[str]:
    """Sentences on one line each, "" for the number -1."""
    rows = part.sentences.iloc[number[number >= 0]]
    units, where = np.unique(rows["unit"].to_numpy(), return_inverse=True)
    texts = part.texts(units)
    columns = [texts[name].tolist() for name in PARTS]
    places = zip(where, rows["part"], rows["start"], rows["end"], strict=True)
    found = iter([one_line(columns[which][at][start:end]) for at, which, start, end in places])
    return [next(found) if at >= 0 else "" for at in number.tolist()]


def _names_pattern(outlets: Iterable[str]) -> re.Pattern[str]:
    """Any outlet's name as a whole word; of "A/B" each part too."""
    names = {part.strip() for outlet in outlets for part in (outlet, *outlet.split("/"))}
    known = sorted((n for n in names if len(n) >= _SHORTEST_NAME), key=lambda n: (-len(n), n))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)" if known else r"(?!)")


def one_line(text: str) -> str:
    """*text* on one line, without control signs."""
    return " ".join(_CONTROL.sub(" ", text).split())
