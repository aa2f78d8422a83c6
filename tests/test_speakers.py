"""Speakers: names, roles, pronouns, and the cases where nobody may be named."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from bias_toolkit import grammar as g
from bias_toolkit.annotation import annotate
from bias_toolkit.attribution import Attributor
from bias_toolkit.grammar import Grammar
from bias_toolkit.phrases import Phrase
from bias_toolkit.speakers import RESOLUTIONS, Resolver
from bias_toolkit.tokens import Reader


def speakers(text: str) -> list[tuple[str, str, str]]:
    """Cue, speaker, resolution of each attribution with a cue, in reading order."""
    reader = Reader()
    grammar = Grammar(reader)
    batch = reader.read([text])
    found = Attributor(reader, grammar).attribute(batch)
    who = Resolver(reader, grammar).resolve(batch, found)
    rows = [
        (int(cue), text[batch.start[cue] : batch.end[last]], who.names[i], who.resolution[i])
        for i, (cue, last) in enumerate(zip(found.cue_first, found.cue_last, strict=True))
        if cue >= 0
    ]
    return [(cue, name, RESOLUTIONS[how]) for _, cue, name, how in sorted(rows)]


PESKOV = "Kremlin Spokesman Dmitry Peskov told reporters that talks go on. "
ZAKHAROVA = "“We see no change,” said Maria Zakharova, the ministry's spokeswoman. "


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (PESKOV, ("told", "Dmitry Peskov", "named")),
        (PESKOV + "“It is hard,” Peskov stressed.", ("stressed", "Dmitry Peskov", "named")),
        (PESKOV + "He added that talks go on.", ("added", "Dmitry Peskov", "pronoun")),
        (
            PESKOV + "The Russian presidential spokesman said talks go on.",
            ("said", "Dmitry Peskov", "role"),
        ),
        (PESKOV + "The spokesman said talks go on.", ("said", "Dmitry Peskov", "role")),
        (
            "Russia’s Deputy Foreign Minister Mikhail Galuzin said talks go on. "
            "The Russian diplomat also said that Moscow hopes for peace.",
            ("said", "Mikhail Galuzin", "role"),
        ),
        (
            "The Russian Defense Ministry denied the report. "
            "But it reported that peacekeepers left.",
            ("reported", "Russian Defense Ministry", "pronoun"),
        ),
        (
            "Human Rights Watch researcher Ana Bell said talks failed.",
            ("said", "Ana Bell", "named"),
        ),
        (
            "According to Lucian Kim in Moscow, talks failed.",
            ("According to", "Lucian Kim", "named"),
        ),
        ("“Talks failed,” said Lucian Kim of NPR.", ("said", "Lucian Kim", "named")),
        ("The Bank of England said rates rise.", ("said", "Bank of England", "named")),
        (
            "One source close to Rex Tillerson said talks failed.",
            ("said", "One source close to Rex Tillerson", "named"),
        ),
        (
            "Mr. Kim, her boss, said nobody came. “It is sad,” he said.",
            ("said", "Kim", "pronoun"),
        ),
        # a man's first name is never "she"
        ("Robby Mook said it was late. “We lost,” she said.", ("said", "", "none")),
        ("Maria Berg said it was late. “We lost,” she said.", ("said", "Maria Berg", "pronoun")),
        (
            "Baku announced it was launching what it described as “measures.”",
            ("described", "Baku", "pronoun"),
        ),
        (
            "Prime Minister Nikol Pashinyan said no. Nikol Pashinian said it was late.",
            ("said", "Nikol Pashinyan", "named"),
        ),
        (
            "The Russian Foreign Ministry spokeswoman, Maria Zakharova, accused Armenia of greed.",
            ("accused", "Maria Zakharova", "named"),
        ),
        ("Opposition parties denounced the deal.", ("denounced", "Opposition parties", "named")),
    ],
)
def test_the_speaker_is_found(text: str, last: tuple[str, str, str]):
    said = [row for row in speakers(text) if row[0] == last[0]]

    assert said[-1] == last


@pytest.mark.parametrize(
    "text",
    [
        # another nation's spokesman was not named
        PESKOV + "The Azerbaijani presidential spokesman said talks go on.",
        # "she" is not Peskov
        PESKOV + "She added that talks go on.",
        # a ministry is no "he"
        "The Russian Defense Ministry denied the report. He said that it was late.",
        # nobody was named at all
        "He said that talks go on.",
        # "they" may be anybody
        PESKOV + "They said that talks go on.",
    ],
)
def test_a_doubtful_speaker_is_not_named(text: str):
    _, name, how = speakers(text)[-1]

    assert name not in ("Dmitry Peskov", "Russian Defense Ministry")
    assert how in ("none", "named")


@pytest.mark.parametrize(
    "text",
    [
        "“We won,” Ruth Ames said. Tom Berg applauded. “It was fraud,” he added.",
        "Minister Anna Roe praised it. Her rival John Pike left. He said it was theft.",
        "Nurse Jo Lamb warned of floods. Mr. Smith disagreed. She said it was wrong.",
        "Nobody claimed that it was murder.",
    ],
)
def test_another_name_in_between_leaves_the_pronoun_open(text: str):
    assert speakers(text)[-1][1:] == ("", "none")


@pytest.mark.parametrize(
    ("text", "last"),
    [
        # an office fits only who was called so, or more exactly so
        (
            "Majority Leader Ed Moss praised it. The president said it was late.",
            ("said", "president", "named"),
        ),
        (
            "Azerbaijan's President Ilham Aliyev praised it. The Azerbaijani leader said no.",
            ("said", "Ilham Aliyev", "role"),
        ),
        # "a former official" is nobody who was named before, nor is one official several people
        (
            "Press secretary Jo Lamb praised it. A former spokesman said it was late.",
            ("said", "former spokesman", "named"),
        ),
        (
            "Republican lawmakers and officials praised it. The official said it was late.",
            ("said", "official", "named"),
        ),
        # the vice president is not the president, nor the former one the one in office
        (
            "Vice President Kamala Hart praised it. The president said it was late.",
            ("said", "president", "named"),
        ),
        (
            "President Joe Bell praised it. The former president said it was late.",
            ("said", "former president", "named"),
        ),
        # of two ministers "the minister" may be either
        (
            "Russian Minister Ed Moss praised it. Turkish Minister Jo Lamb praised it. "
            "The minister said it was late.",
            ("said", "", "none"),
        ),
        (
            "Sources close to Donald Trump praised it. He said it was late.",
            ("said", "", "none"),
        ),
        # of a bare name nothing is known: the pronoun may be Klobuchar's
        (
            "“Fine,” said Faiz Shakir. Klobuchar argued that it was late. She said it was bad.",
            ("said", "", "none"),
        ),
        # a newspaper or channel is nobody's "he"
        ("Fox News praised the bill. He said it was late.", ("said", "", "none")),
        # a name in the question, or after "from", may be whom the pronoun means
        (
            "Ed Moss praised it. Asked whether the colonel would testify, he said: “Ask him.”",
            ("said", "", "none"),
        ),
        (
            "Union leader Petra Stahl praised it. In a letter from Dumas, she warned of ruin.",
            ("warned of", "", "none"),
        ),
        # a description between commas, with marks in it, does not hide the subject
        (
            "Colonel Ivan Petrov, nicknamed “the Butcher” by his enemies, said they had won.",
            ("said", "Ivan Petrov", "named"),
        ),
        ("“Fine,” said its chairwoman, Olga Lind.", ("said", "Olga Lind", "named")),
        (
            "Police chief Tom “Lucky” Brewer warned of floods in the south.",
            ("warned of", "Tom Brewer", "named"),
        ),
        # parts of a clause are no names
        ("Considering a recent ABC poll shows a lead, they are glad.", ("shows", "", "none")),
        ("They broke it up, honoring the deal said nobody.", ("said", "", "none")),
    ],
)
def test_who_is_not_to_be_confused(text: str, last: tuple[str, str, str]):
    assert speakers(text)[-1] == last


@pytest.mark.parametrize(
    "text",
    [
        "Bell's government says it left. “Both lie,” a resident who gave one name, Ann, said.",
        "The spokesman, Dan Reuss, said it left.\n\n“We buried them, said Mira Tal. It is murder.",
    ],
)
def test_a_quotation_that_may_have_a_speaker_of_its_own_inherits_none(text: str):
    notes = annotate(pd.DataFrame({"outlet": ["A"], "text": [text]}), [])
    quoted = notes.attributions[notes.attributions["voice"] == "quote"]

    assert quoted["speaker"].tolist() == [""]


def test_a_quotation_of_its_own_sentence_goes_on_with_the_speaker_before_it():
    text = "“We buried them,” said Mira Tal.\n\n“It is murder, and we will not forget it.”"
    notes = annotate(pd.DataFrame({"outlet": ["A"], "text": [text]}), [])

    assert set(notes.attributions["speaker"]) == {"Mira Tal"}
    assert notes.attributions["resolution"].tolist() == ["named", "inherited"]


def test_two_persons_in_one_sentence_leave_he_open():
    text = "Ilham Aliyev said no and Nikol Pashinyan said yes. He added that talks go on."

    assert speakers(text)[-1] == ("added", "", "none")


def test_one_text_does_not_know_the_persons_of_another():
    assert speakers("“It is hard,” Peskov said.")[-1] == ("said", "Peskov", "named")


@pytest.mark.parametrize(
    "text",
    [
        # a rival named by surname only, or late in a sentence between
        "Vladimir Moss said no. Putin laughed at the remark. “They will lose,” he said.",
        "Ivan Moss said no. At a meeting with generals on Monday, Ed Pike smiled. He said it was.",
        "Ivan Moss said no. The remarks were dismissed by Ed Pike. He said it was late.",
        "Ivan Moss said no. The mayor laughed out loud. He said it was late.",
        "“It is over,” the coach said. Vogt, 34, nodded. “I am done,” he said.",
        # in another's words
        "John Smith said Peter Jones lied when he said the vote was stolen.",
        # two of one surname
        "Bill Clinton said yes. Hillary Clinton said no. Clinton said it was late.",
        "Bill Clinton introduced Hillary Clinton on stage. Clinton said it was late.",
        "George H.W. Bush said yes. George W. Bush said no. Bush said it was late.",
        "Karl Lay's mother, Eva Lay, said no. Lay said it was late.",
        # one official is not another
        "One official said yes. Another official said no. The official said it was late.",
        "The official said yes. A second official said no. The official said it was late.",
        # whom somebody tells may speak next
        "John Smith told Peter Jones that it was late. He said it was brilliant.",
        "Smith told Jones that it was late. He said it was brilliant.",
        "Peter Jones was warned by John Smith that it was late. He said it was brilliant.",
        "Germany accused Gazprom of blackmail. It said the pipes were closed.",
        "Gazprom said yes. Germany said no. It said the pipes were closed.",
        # nobody, or one of two
        "Neither John Smith nor Mary Jones said the plan was ready.",
        "Either John Smith or Peter Jones said the plan was ready.",
        "No official said the plan was ready.",
        "Not one official said the plan was ready.",
        # two of one office, though only one is a source
        "President Ilham Moss said no. President Ed Pike hosted talks. The president said it was.",
        "Republican Sen. Susan Moss said no. Sen. Lindsey Pike said yes. "
        "The Republican senator said it was late.",
        "Dr. Anthony Moss said no. Dr. Deborah Pike said yes. The doctor said it was late.",
        "The Russian minister, Sergei Moss, said no. His Turkish counterpart Hakan Pike said yes. "
        "The minister said it was late.",
        # an open "he" stays open
        "John Smith told Peter Jones it was late. He said it was. He said it was brilliant.",
    ],
)
def test_where_two_may_be_meant_nobody_is_named(text: str):
    assert speakers(text)[-1][1:] == ("", "none")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # who adds goes on; a woman is no "he", and the one told may be the one meant
        ("John Smith told Peter Jones it was late. He added that it was over.", "John Smith"),
        ("John Smith told Mary Jones it was late. She said she was glad.", "Mary Jones"),
        ("John Smith told Mary Jones it was late. He said he was glad.", "John Smith"),
        # a place is nobody, and neither is what has an article
        ("John Smith said it was late. It rained in New York. He said it was over.", "John Smith"),
        ("John Smith said it was late. Russia agreed. He said it was over.", "John Smith"),
        ("John Smith said it was late. The United States agreed. He said it was.", "John Smith"),
        # a spokesman's name is not his master's, nor the other way round
        ("A spokesman for Boris Moss said no. Moss said it was late.", "Moss"),
        (
            "A spokesman for the president, Ed Moss, said no. The president said it was.",
            "president",
        ),
        ("Sources close to Donald Moss said no. Moss said it was late.", "Moss"),
        ("President Moss said no. Ivanka Moss said yes. Moss said it was late.", "Moss"),
        # a rank or a nation tells two offices apart
        (
            "Mayor Eric Moss said no. Former Mayor Bill de Pike said yes. "
            "The mayor said it was late.",
            "Eric Moss",
        ),
        (
            "French Minister Ann Moss said no. German Minister Eva Pike said yes. "
            "The French minister said it was late.",
            "Ann Moss",
        ),
        ("Ex-President Ed Moss said no. The former president said it was late.", "Ed Moss"),
        # names without what stands around them
        ("“He ran,” his brother Paul said.", "Paul"),
        ("Former Mayor Bill de Blasio said it was late.", "Bill de Blasio"),
        ("Secretary of State Antony Blinken said it was late.", "Antony Blinken"),
        ("“We will win,” said Vogt, whose rival, Karl Moss, said he would lose.", "Karl Moss"),
        ("Ed Moss said no and Ann Pike said it was late.", "Ann Pike"),
        ("“The mayor lied,” read a sign held by Tom Berg.", "sign held by Tom Berg"),
    ],
)
def test_who_is_meant_though_others_are_near(text: str, name: str):
    assert speakers(text)[-1][1] == name


def test_a_sign_that_somebody_holds_is_not_somebody():
    assert speakers("“He lied,” read a sign held by Tom Berg. He said it was.")[-1][1] == ""


def test_initials_before_a_colon_are_those_of_a_name_in_the_text_or_nobodys():
    turns = "JH: You lost.\nMK: I did not.\nJH: You did.\nXY: No."
    named = speakers(f"Jane Hale spoke with Mark Kerr on Monday.\n{turns}")

    assert [name for _, name, _ in named] == ["Jane Hale", "Mark Kerr", "Jane Hale", ""]
    assert {name for _, name, _ in speakers(turns)} == {""}


def test_time_is_linear_in_names_and_pronouns():
    """Each look back is bounded, however many names there are."""
    unit = "Bill Moss told Ed Pike so. Hillary Moss left. He said it. Moss said it. "

    def seconds(count: int) -> float:
        start = time.process_time()
        speakers(unit * count)
        return time.process_time() - start

    short = min(seconds(500) for _ in range(3))

    assert min(seconds(4000) for _ in range(2)) < 24 * short


@pytest.mark.parametrize(
    "text",
    [
        "“There’s a chance the court says it was late,” one lawyer’s note read.",
        "I’ll let Guy Moss say that it was late.",
        "They tend to say that it was late.",
        "That says that it was late.",
    ],
)
def test_the_beginning_of_a_clause_is_nobodys_name(text: str):
    names = [name for _, name, _ in speakers(text)]

    assert not {"There", "They", "That", "I’ll"} & {name.split()[0] for name in names if name}


def test_a_surname_that_looks_like_a_pronoun_is_a_name():
    assert speakers("He Jiankui said that it was late.")[0][1] == "He Jiankui"


def test_a_mark_left_over_from_a_quotation_is_no_part_of_a_name():
    assert Phrase(["”", "Obama"], [0, g.CAPITAL | g.WORD]).name == "Obama"


def test_what_somebody_finds_unfair_to_say_is_the_words_of_those_who_say_it():
    text = (
        "The spokesman for the Russian president said it was unfair of some circles in Armenian "
        "society to say that “Russia has betrayed Armenia.”"
    )
    notes = annotate(pd.DataFrame({"outlet": ["A"], "text": [text]}))
    rows = notes.attributions
    quote = rows[rows["voice"] == "quote"].iloc[0]
    outer = rows[rows["id"] == quote["parent"]].iloc[0]

    assert quote["speaker"] == "circles in Armenian society"
    assert outer["speaker"] == "spokesman for the Russian president"
    assert text[outer["content_start"] : outer["content_end"]].startswith("it was unfair")


@pytest.mark.parametrize(
    "text",
    [
        "Peskov said it was time for the ministry to say that talks failed.",
        "It is a matter of time to say that talks failed.",
    ],
)
def test_nobody_is_said_to_have_said_what_they_are_to_say(text: str):
    assert not any(name in ("ministry", "time") for _, name, _ in speakers(text))


@pytest.mark.parametrize(
    "phrase",
    [
        "paid to the allegations",
        "went on record",
        "on his team",
        "occupied by patients",
        "wary of the direction",
    ],
)
def test_what_is_left_of_a_longer_phrase_names_nobody(phrase: str):
    found = phrase_of(phrase)

    assert (found.name, found.common) == ("", "")


@pytest.mark.parametrize("phrase", ["members of the Senate", "needs of residents", "armed groups"])
def test_a_noun_with_its_complement_names_somebody(phrase: str):
    found = phrase_of(phrase)

    assert found.name or found.common


def phrase_of(words: str) -> Phrase:
    """A phrase with the flags that grammar gives its words."""
    reader = Reader()
    grammar = Grammar(reader)
    token = reader.read([f"So {words}"]).token[1:]
    return Phrase(words.split(), grammar()[token].tolist())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # whose spokesman it is did not say it himself
        ("A spokesman for Sen. Ted Cruz said it was late.", "spokesman for Sen. Ted Cruz"),
        ("The wife of Sen. Ted Cruz said it was late.", "wife of Sen. Ted Cruz"),
        (
            "A lawyer for GOP candidate Roy Moore said it was late.",
            "lawyer for GOP candidate Roy Moore",
        ),
        ("The secretary of state Ann Lee said it was late.", "Ann Lee"),
        ("Bank of America chief Ann Lee said it was late.", "Ann Lee"),
        (
            "Washington Institute for Near East Policy fellow Ann Lee said it was late.",
            "Ann Lee",
        ),
        # two are two
        ("Mr. Crane and Mr. Judd said it was late.", "Mr. Crane and Mr. Judd"),
        # an age, a party and a place are no names
        ("“It is bad,” Jim Lee, 73, a retiree from Ohio, said on Monday.", "Jim Lee"),
        ("Kelly Dodd, 31, from Leeds, said the shop was wrong.", "Kelly Dodd"),
        ("Ann Lee (D-Ohio), a member of the committee, said it was late.", "Ann Lee"),
        ("Egypt's president, Abdel Fattah al-Sisi, said it was late.", "Abdel Fattah al-Sisi"),
        # an office before a name is no part of it
        ("Witness Paul Grant said he saw smoke.", "Paul Grant"),
        ("Chief Executive Tim Ward said sales fell.", "Tim Ward"),
        # nouns that end like adverbs
        ("The family said they were sad.", "family"),
    ],
)
def test_a_name_within_a_phrase_is_not_always_who_speaks(text: str, name: str):
    assert speakers(text)[0][1] == name


@pytest.mark.parametrize(
    "text",
    [
        # a name after a preposition is no subject
        "On a show with Ann Lee, chair of the committee Sen. Mark Bell (D-Va.), said it was late.",
        "In a Congress noted for its quarrels, laws are slow.",
        "They were stopped at Walmart to talk about it.",
        # clauses
        "A resident who is running for an open seat said it was late.",
        "Parlave, the director, underscored it, telling reporters it's believed that he fled.",
        "The three states Trump tweeted about are calm.",
        "It is a charge the mayor denied in May.",
        "The war worsened and the city declined to pay.",
        # neither a day nor an order
        "Earlier Saturday, he flew home, accusing her of theft.",
        "Now think about it.",
    ],
)
def test_what_is_no_subject_speaks_no_words(text: str):
    named = {name for _, name, _ in speakers(text)}

    assert not named & {"Ann Lee", "Congress", "Walmart", "Saturday", "Now", "charge the mayor"}
    assert not any(name.startswith(("running", "telling", "three", "war")) for name in named)


@pytest.mark.parametrize(
    "text",
    [
        "Obama said it was late, and laws that reject it stayed.",
        "Obama said it was late, despite neighbors suggesting that it rained.",
    ],
)
def test_a_clause_on_a_noun_does_not_take_over_the_speaker(text: str):
    assert [name for _, name, _ in speakers(text)] == ["Obama", ""]


def test_a_body_is_nobody_who_works_for_it():
    text = "A senior administration official said no. The administration said yes."
    other = "Clinton campaign manager Rob Mook said no. The Clinton campaign said yes."

    assert speakers(text)[1][1] == "administration"
    assert speakers(other)[1][1] == "Clinton campaign"


def test_a_lawmaker_may_be_any_democrat():
    text = "Sen. Mark Lee said no. One House Democrat said yes. The lawmaker said it was late."

    assert speakers(text)[2][1:] == ("", "none")
