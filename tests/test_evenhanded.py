"""Even-handed packs: exchange the two sides of a conflict everywhere in a text, and their figures
change places, and nothing else changes.

Each pack has a table of what to exchange, and texts written for this test.  A second law looks at
the packs' lists alone: an alias that names one side names the other when the sides are exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pandas as pd
import pytest

import bias_toolkit as bt
from bias_toolkit.lexicon import load_lexicons
from bias_toolkit.matching import Matcher
from bias_toolkit.sourcing import cue_table, speaker_table, tone_by_actor
from bias_toolkit.tokens import Reader
from bias_toolkit.wordchoice import mentions


@dataclass(frozen=True)
class Pack:
    """What stands for what on the two sides, and texts in which both appear.

    `words` are exchanged in texts and in names of actors; `names` are names of referents, labels
    and sides that are no such words.  `alone` are words in aliases without a mirror.
    """

    words: Mapping[str, str]
    texts: tuple[str, ...]
    date: str
    names: Mapping[str, str] = field(default_factory=dict)
    alone: tuple[str, ...] = ()

    def exchanged(self, text: str) -> str:
        """*text* with the two sides' words exchanged everywhere, longer ones first."""
        return _exchanged(text, tuple(self.words.items()))

    def renamed(self, name: str) -> str:
        """The name of an actor, referent, label or side after the exchange."""
        both = {**self.names, **{second: first for first, second in self.names.items()}}
        return both.get(name) or self.exchanged(name)


def _exchanged(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    pattern, both = _pattern(pairs)
    return pattern.sub(lambda found: both[found[0]], text)


@cache
def _pattern(pairs: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    both = {**dict(pairs), **{second: first for first, second in pairs}}
    longest_first = sorted(both, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), both


PACKS = {
    "nagorno_karabakh": Pack(
        words={
            "Armenia": "Azerbaijan",
            "Armenian": "Azerbaijani",
            "Armenians": "Azerbaijanis",
            "Yerevan": "Baku",
            "Nikol Pashinyan": "Ilham Aliyev",
            "Pashinyan": "Aliyev",
            "Nikol Pashinian": "Ilham Aliev",
            "Pashinian": "Aliev",
            "Ararat Mirzoyan": "Jeyhun Bayramov",
            "Ararat Mirzoian": "Ceyhun Bayramov",
            "Mirzoyan": "Bayramov",
        },
        texts=(
            "Armenian aggression was condemned in Baku on Sunday. “We shall not yield to Armenian "
            "provocations,” Ilham Aliyev said. The Azerbaijani Foreign Ministry accused Yerevan of "
            "lying, and Ararat Mirzoyan rejected the charge. He warned that the Azerbaijani attack "
            "had caused suffering.",
            "The Armenian Defense Ministry reported Azerbaijani shelling along the line of "
            "contact. Armenian officials claimed that the Azerbaijani aggression was planned, "
            "according to Pashinyan. Azerbaijani forces denied it. Observers called it an "
            "Azerbaijani provocation, and Armenian diplomats agreed.",
        ),
        date="2020-09-28",
        names={
            "Armenian Prime Minister": "Azerbaijani President",
            "the Armenian forces in Nagorno-Karabakh": "the Azerbaijani forces",
        },
        # A second adjective for one side only, an airport and a party.
        alone=("Azeri", "Heydar Aliyev International", "New Azerbaijan Party"),
    ),
    "ukraine": Pack(
        words={
            "Russia": "Ukraine",
            "Russian": "Ukrainian",
            "Russians": "Ukrainians",
            "Moscow": "Kyiv",
            "Kremlin": "Bankova",
            "Vladimir Putin": "Volodymyr Zelensky",
            "Putin": "Zelensky",
            "Sergey Lavrov": "Dmytro Kuleba",
            "Sergei Lavrov": "Dmitry Kuleba",
            "Lavrov": "Kuleba",
            "Dmitry Peskov": "Serhii Nykyforov",
            "Sergei Shoigu": "Oleksii Reznikov",
        },
        texts=(
            "Russian occupiers shelled the market at dawn, Ukrainian officials said. The Russian "
            "Foreign Ministry called it a lie, and Sergey Lavrov accused Ukrainian militants of "
            "the attack. “Russian war crimes will be punished,” Volodymyr Zelensky insisted. "
            "Ukrainian invaders had burnt the school, Vladimir Putin claimed.",
            "Ukrainian forces withdrew from the village, and Russian troops retreated from the "
            "next. Dmytro Kuleba warned of Russian terrorism. Sergei Shoigu spoke of Ukrainian "
            "Nazis, and the Russian Defense Ministry reported that Ukrainian aggressors were gone. "
            "The Ukrainian government and the Russian government traded blame, while Dmitry Peskov "
            "mocked the Ukrainian atrocities.",
        ),
        date="2023-05-02",
        names={
            "Kremlin": "Ukrainian presidential office",
            "Kremlin spokesman": "Ukrainian presidential spokesman",
            "Russian Foreign Ministry spokeswoman": "Ukrainian Foreign Ministry spokesman",
            "the Russian forces in Ukraine": "the Ukrainian forces",
        },
        # A second name for one capital only, the long name of one state, and an agency.
        alone=("Kiev", "Federation", "Security Service of Ukraine"),
    ),
    "middle_east": Pack(
        words={
            "Israel": "Palestine",
            "Israeli": "Palestinian",
            "Israelis": "Palestinians",
            "Benjamin Netanyahu": "Mahmoud Abbas",
            "Binyamin Netanyahu": "Mahmud Abbas",
            "Netanyahu": "Abbas",
        },
        texts=(
            "Israeli terrorists attacked the village, Palestinian officials said. Mahmoud Abbas "
            "denounced an Israeli massacre, while Benjamin Netanyahu spoke of Palestinian war "
            "crimes. “The Palestinian hostages must return,” an Israeli spokesman insisted. "
            "The Israeli government claimed that Palestinian massacres were planned.",
            "Israeli gunmen opened fire near the bus, and Palestinian militants blamed the "
            "Israeli police. The Palestinian courts denied it. “Palestinian aggression is an old "
            "story,” Netanyahu complained. The Palestinian Foreign Ministry rejected the Israeli "
            "war crimes, and Israelis mourned.",
        ),
        date="2024-02-10",
        names={
            "Israeli Prime Minister": "Palestinian President",
            "the people held in Gaza": "the Palestinians held by Israel",
        },
    ),
    "us_politics": Pack(
        words={
            "Republican": "Democratic",
            "Republicans": "Democrats",
            "McConnell": "Schumer",
            "Mitch McConnell": "Chuck Schumer",
            "Kevin McCarthy": "Nancy Pelosi",
            "McCarthy": "Pelosi",
            "right": "left",
            "rightist": "leftist",
            "right-wing": "left-wing",
            "Right-wing": "Left-wing",
        },
        texts=(
            "Republican senators voted against the bill, and the Democratic Party praised it. "
            "Nancy Pelosi warned of the radical right. “The radical left has won,” Mitch McConnell "
            "complained. House Republicans accused Democratic governors of waste.",
            "Senate Democrats claimed a victory, Schumer said. Kevin McCarthy mocked the extreme "
            "left, and leftist mobs attacked the extreme right. Right-wing groups were paid "
            "by Republican donors, a Democratic strategist insisted.",
        ),
        date="2021-06-01",
        # The noun for a member is the adjective for one party only; a first name; campaign bodies.
        alone=("Charles", "House Democrat", "Senate Democrat", "Committee"),
    ),
}
SIDES = {
    "nagorno_karabakh": ("Armenia", "Azerbaijan"),
    "ukraine": ("Russia", "Ukraine"),
    "middle_east": ("Israel", "Palestinians"),
    "us_politics": ("Republicans", "Democrats"),
}
OTHERS = ("framing", "loaded", "certainty", "reporting")
PACK = pytest.mark.parametrize("name", PACKS)


def side_exchanged(name: str, side: str) -> str:
    """The other side of pack *name*, or *side* itself if it is neither."""
    first, second = SIDES[name]
    camps = {"conservative": "progressive", "progressive": "conservative"}
    return {first: second, second: first, **camps}.get(side, side)


@cache
def _profiles(name: str) -> tuple[bt.Profile, bt.Profile]:
    """The pack's texts, and the same with the sides exchanged, as profiles."""
    pack = PACKS[name]
    lexicons = load_lexicons(name, *OTHERS)
    texts = pd.DataFrame(
        {
            "id": [str(row) for row in range(len(pack.texts))],
            "outlet": "Courier",
            "date": pack.date,
            "title": "Evening report",
            "text": pack.texts,
        }
    )
    other = texts.assign(text=texts["text"].map(pack.exchanged))
    return bt.profile(texts, lexicons), bt.profile(other, lexicons)


def _rows(table: pd.DataFrame, columns: list[str]) -> list[list[object]]:
    """The rows of some columns in an order that depends on nothing but them."""
    return sorted(table[columns].to_numpy().tolist(), key=repr)


def _mirrored(table: pd.DataFrame) -> pd.DataFrame:
    """Mentions without spellings: a name of one side can be spelt in ways the other's cannot."""
    return table[~table["referent"].str.startswith("the spelling of")]


def _entries(part: bt.Profile, lexicons: tuple[str, ...], kinds: tuple[str, ...]) -> pd.DataFrame:
    """One row a hit of some lexicons and kinds, with the place and voice of it."""
    hits = part.hits
    table = part.entries.iloc[hits["entry"].to_numpy()].reset_index(drop=True)
    table["unit"], table["sentence"] = hits["unit"].to_numpy(), hits["sentence"].to_numpy()
    table["voice"] = hits["voice"].to_numpy()
    return table[table["lexicon"].isin(lexicons) & table["kind"].isin(kinds)]


# ------------------------------------------------------------------ whole texts


@PACK
def test_the_exchange_undoes_itself_and_changes_every_text(name: str):
    pack = PACKS[name]

    for text in pack.texts:
        assert pack.exchanged(pack.exchanged(text)) == text != pack.exchanged(text)


@PACK
def test_actors_change_places(name: str):
    """One for one: name, side, voice and sentence of every mention."""
    pack = PACKS[name]
    mine, theirs = (_entries(part, (name,), ("actor",)) for part in _profiles(name))
    columns = ["category", "side", "unit", "sentence", "voice"]
    expected = mine.assign(
        category=[pack.renamed(actor) for actor in mine["category"]],
        side=[side_exchanged(name, side) for side in mine["side"]],
    )

    assert set(SIDES[name]) <= set(mine["side"])
    assert _rows(theirs, columns) == _rows(expected, columns)


@PACK
def test_labels_and_the_sides_that_prefer_them_change_places(name: str):
    """What was a label of one side's doings becomes the same label of the other's."""
    pack = PACKS[name]
    mine, theirs = (_mirrored(mentions(part)) for part in _profiles(name))
    columns = ["referent", "label", "side", "speaker_side", "voice", "unit", "sentence", "cue"]
    expected = mine.assign(
        referent=[" or ".join(sorted(map(pack.renamed, r.split(" or ")))) for r in mine.referent],
        label=mine["label"].map(pack.renamed),
        side=[side_exchanged(name, side) for side in mine["side"]],
        speaker_side=[side_exchanged(name, side) for side in mine["speaker_side"]],
    )

    assert len(mine) >= 4
    assert mine["resolved"].all()
    assert _rows(theirs, columns) == _rows(expected, columns)


@PACK
def test_cues_speakers_and_tone_change_places(name: str):
    """The sides' figures: who is quoted with which cue, how much, and in what tone."""
    pack = PACKS[name]
    for make in (cue_table, speaker_table, tone_by_actor):
        mine, theirs = (make(part) for part in _profiles(name))
        texts = [column for column in ("speaker", "actor") if column in mine]
        expected = mine.assign(
            side=[side_exchanged(name, side) for side in mine["side"]],
            **{column: mine[column].map(pack.renamed) for column in texts},
        )

        assert set(mine["side"]) & set(SIDES[name])
        assert _rows(theirs, list(mine)) == _rows(expected, list(mine)), make.__name__


@PACK
def test_nothing_else_changes(name: str):
    """Other lexicons' hits, voices, sentiment and lengths stay what they are."""
    mine, theirs = _profiles(name)
    columns = ["lexicon", "category", "unit", "sentence", "voice"]
    hits = [_entries(part, OTHERS, ("category",)) for part in (mine, theirs)]
    same = [
        column
        for column in mine.table()
        # Baku is shorter to say than Yerevan.
        if not column.startswith(("readability", "title"))
    ]

    assert len(hits[0])
    assert _rows(hits[0], columns) == _rows(hits[1], columns)
    assert mine.table()[same].to_csv() == theirs.table()[same].to_csv()


# ------------------------------------------------------------------ the lists alone


def _completed(alias: str, pack: Pack) -> str:
    """An alias with a word of the table for a prefix of it: "Ukrain*" becomes "Ukraine"."""
    known = (*pack.words, *pack.words.values())
    return " ".join(
        next((w for w in known if word.endswith("*") and w.startswith(word[:-1])), word.rstrip("*"))
        for word in alias.split()
    )


@PACK
def test_an_alias_that_names_one_side_names_the_other_when_exchanged(name: str):
    """The lists of the two sides are one list with the names changed.

    Looked at are aliases with a word of the table, of actors of either side; those with a word
    that has no mirror are named in the table and left out.
    """
    pack = PACKS[name]
    (lexicon,) = load_lexicons(name)
    cases = [
        (actor.side, _completed(alias, pack))
        for actor in lexicon.actors
        if actor.side in SIDES[name]
        for alias in actor.aliases
        if pack.exchanged(_completed(alias, pack)) != _completed(alias, pack)
        and not any(word in alias for word in pack.alone)
    ]
    reader = Reader()
    matcher = Matcher(reader, [lexicon])
    batch = reader.read([f"{pack.exchanged(alias)} said so." for _, alias in cases])
    hits = matcher.find(batch)
    found = {
        (int(batch.doc[first]), matcher.entries[entry].side)
        for first, start, entry in zip(hits.first, hits.start, hits.entry, strict=True)
        if matcher.entries[entry].kind == "actor" and start == 0
    }
    lost = [
        alias
        for number, (side, alias) in enumerate(cases)
        if (number, side_exchanged(name, side)) not in found
    ]

    assert len(cases) > 25
    assert lost == []
