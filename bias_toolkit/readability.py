"""Say how hard sentences are to read, by six classical formulas over plain sums.

The idea to know: every formula is a function of five sums (words, sentences, syllables, long
words, characters), so sums are all that is kept of a sentence; they add up over any set of
sentences, and a formula takes scalars and arrays alike.  What a word adds to the sums is worked
out once per distinct word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bias_toolkit.tokens import Batch, Facts, Reader

LONG = 3  # syllables from which on a word counts as long ("polysyllable", "complex word")
SMOG_SENTENCES = 30  # the size of sample that SMOG was made for

Numbers = float | NDArray[np.float64]
Counts = float | NDArray

# ------------------------------------------------------------------ syllables

# Second halves of compounds and endings before which an e is silent: base-ball, state-ment.
_TAILS = (
    "ball body book by day ful fuls fully ground guard hold hood house land less lessly lessness "
    "life lihood like line lines ly made maker makers making man men ment ments ness one paper "
    "people person place port room shift ship show side some storm table theless thing things "
    "time times town ty ville ward ware wide where wise woman women work worker workers works "
    "worthy"
).replace(" ", "|")

_VOWELS = re.compile("[aeiouy]+")
_IS_VOWEL = np.zeros(128, bool)
_IS_VOWEL[list(b"aeiouy")] = True


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for words, also for many of them at once, a line each."""
    return re.compile(pattern.replace("[^", r"[^\n"), re.VERBOSE | re.MULTILINE)


# Where a group of vowels is two syllables, or where a consonant makes one by itself.  Each
# alternative takes one letter; what must follow comes first, what must stand before comes last.
_MORE = _compiled(
    r"""
    i (?: (?= a(?!ge) ) (?<![cgjlstx]i)                 # media, trial; not special, marriage
        | (?= at(?!iv) | ar[iy] | abl | abil | alit | as[mt] | et )  # associate, judiciary, quiet
        | (?= ances?$ ) (?<!gi)                         # alliance; not allegiance
        | (?= ot | ol | os?$ )                          # riot, violent, ratio
        | (?= o(?!r) ) (?<![cglnstxh]i)                 # period; not million, nation
        | (?= or ) (?<=ri)                              # prior; not senior
        | (?= u ) (?<!gi)                               # medium; not Belgium
        | (?= en ) (?<![cftn]i) (?<!fri)                # client; not patient, friend
        | (?= en ) (?<=^sci) | (?= enti ) (?<=sci)      # science; not conscience
        | (?= el ) (?<=ri)                              # Gabriel
        | (?= ers?$ | est$ ) (?<![ct]i)                 # earlier; not frontier
        | (?= re(?:[sd]|ly|ments?)?$ ) (?<![aeo]i) )   # en-ti-re, as CMUdict has it
  | e (?: (?= a(?:ct|s[si]|lit|li[sz]|ff|llo|pp|uth|rr|rm) ) (?<=^re)  # react, reassure
        | (?= at[eio](?!ur) ) (?<=cre)                  # create; not great
        | (?= as?$ ) (?<=[dkm]e) | (?= as?$ ) (?<=[aeo]re)  # idea, area; not sea
        | (?= an ) (?<=ope|bbe|ore|ile)                 # European, Caribbean
        | (?= ar ) (?<=nucle|.line)                     # nuclear, linear
        | (?= at[er] ) (?<=the) | (?= age$ )            # theater, lineage
        | (?= o(?!ple|pard|rg|ul|ff|u|n|v) )            # video, theory; not people, moreover
        | (?= on ) (?<!ge) (?<!che)                     # Napoleon; not surgeon
        | (?= ous ) (?<![cgt]e) | (?= um )              # simultaneous, museum
        | (?= i(?:t|m|n[sfv]) | un ) (?<=^re)           # reiterate, reunite
        | (?= is ) (?<=the)                             # atheist
        | (?= e(?:le|lect|n|st|x|m) ) (?<=^re)          # re-election
        | (?= e[mx] ) (?<=^pre) )                       # preempt
  | u (?: (?= a(?!de|ge|ve) ) (?<![gjq]u) | (?= abl ) (?<=gu)  # actual; not guard, persuade
        | (?= en | els?$ | ele ) (?<![gq]u)             # influence, fuel
        | (?= o ) (?<!qu)                               # continuous
        | (?= i(?:t[iy]|n[es]?$|nou|cid) ) (?<![gqc]u)  # tuition, ruin, suicide; not guilt
        | (?= id ) (?<=lu) | (?= is ) (?<=lou)          # fluid, Louisiana
        | (?= ye ) )                                    # buyer
  | o (?: (?= al[ie] | au | or?d | opera | inc ) (?<=^co)  # coalition, coordinate
        | (?= act ) (?<=ro) | (?= ah | asis )           # proactive, Noah
        | (?= e(?:ve|x|rc|ts?$|tr|ms?$|con) )           # whoever, coexist, poet
        | (?= i[cn] ) (?<=hero) )                       # heroic
  | a (?: (?= o[^u] ) | (?= ics?$ ) | (?= els?$ ) (?<=ra) )  # chaos, archaic, Israel
  | y (?: (?= [aeiou] ) (?<=[ao]y) (?! ed$ | ing)       # mayor, loyal; not played
        | (?= [ao] ) (?<=ey) | (?= an | er ) (?<=[rlfd]y) )  # beyond, Ryan, flyer
  | [aeiouy] (?= ing | ism )                            # saying, heroism
  | m (?= s?$ ) (?<=[sh]m) | m (?= c ) (?<=^m)          # terrorism, rhythm, McCain
  | l (?= e[sd]?$ ) (?<=[^aeiouylrw]l)                  # table, struggled
  | r (?= e[sd]?$ ) (?<=[^aeiouyrw]r)                   # massacre, hundred
  | n (?= t$ ) (?<=[dst]n)                              # didn't
    """
)

# Where a group of vowels is silent.
_FEWER = _compiled(
    rf"""
    e (?: (?= $ ) (?<=[^aeiouy]e)                       # state
        | (?= s$ ) (?<=[^aeiouycgsxz]e) (?<![cs]he)     # states; not places, clashes
        | (?= d$ ) (?<=[^aeiouydt]e)                    # called; not stated
        | (?= (?:{_TAILS})$ ) (?<=[aeiouy][^aeiouywx]e) # statement
        | (?= (?:{_TAILS})$ ) (?<=[nr]ce|[rnl]se|[nd]ge|[rl]ve)  # announcement
        | (?= s(?:m[ae]n|wom[ae]n|person|people|ville)$ )  # spokesman
        | (?= [bcfghjkmptw] | s[ehi] | l[aio] )         # homeland, foresee
          (?<= ^(?:base|care|fire|fore|gate|home|life|safe|side|some) )
        | (?= [bcfghjkmptw] | s[ehi] | l[aio] )         # household, whereby
          (?<= ^(?:cease|house|peace|smoke|stone|store|there|trade|waste|where|white|whole) )
        | (?= ry[dtw] | rag ) (?<=[ae]ve) )             # everything, average
  | u (?= e(?:[sd]?|ly|ness)$ ) (?<=[aeiouyn][gq]u)     # league, unique
  | a (?= lly$ ) (?<=ica)                               # basically
  | i (?= ness ) (?<=busi)                              # business
    """
)

# Words that the rules get wrong, initialisms that look like words, titles and months as spoken.
_EXCEPTIONS = {
    word: count
    for count, words in {
        1: "aisle aisles isle isles ms pier piers priest priests st",
        2: "ahmed ap aug. bloodshed cafe capt. chocolate choir clement col. colonel could've "
        "crooked eu evening evenings giant giants headache headaches jesse lion lions "
        "liar liars mrs naive naked premier quiet sgt. should've soldier soldiers someone uk un "
        "whereas wicked women would've",
        3: "albeit caveat cia dec. diego dna dossier element elements everyone fbi gen. gov. hbo "
        "hiv irs libya lt mohamed mohammed nausea nov. nsa oct. prof. recipe recipes reunion "
        "seattle sen. sens. sept. sierra suv suvs usa vip watershed",
        4: "apostrophe catastrophe feb. hyperbole jan. marijuana usda venezuela",
        5: "naacp politically rep. reps.",
    }.items()
    for word in words.split()
}
_PARTS = re.compile(r"[a-z]+|[0-9][0-9.,:]*(?:st|nd|rd|th|s)?")


def syllables(word: str) -> int:
    """Syllables of an English word, by rules; at least 1.

    Groups of vowels, with corrections for silent e, for vowels that are spoken apart and for
    consonants that make a syllable.  The rules were written while looking at one half of the
    44,000 words of American news that CMUdict knows; on the other half they agree with its
    first pronunciation for 95.7 % of the words and 99.0 % of the running text (hyphenation by
    pyphen, which textstat falls back on: 72 and 89 %; groups of vowels less a final e: 81 and
    91 %), and the total is right to 0.1 %.

    A number counts as one syllable, an initialism without vowels (CNN) as the names of its
    letters, a hyphenated word as its parts, a word in another alphabet as one.

    >>> [syllables(word) for word in "Russian terrorism idea stated anti-terrorist CNN".split()]
    [2, 4, 3, 2, 5, 3]
    """
    word = word.lower()
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    return max(1, sum(map(_syllables_of_part, _parts(word))))


def _parts(word: str) -> list[str]:
    """The runs of Latin letters, and the numbers, in a word in lower case."""
    if word.isascii() and word.isalpha():
        return [word]
    plain = word.replace("'", "").replace("’", "")
    if not plain.isascii():
        plain = unicodedata.normalize("NFD", plain)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _PARTS.findall(plain)


def _syllables_of_part(part: str) -> int:
    """Syllables of Latin letters that stand together, or of a number."""
    if part in _EXCEPTIONS:
        return _EXCEPTIONS[part]
    groups = len(_VOWELS.findall(part))
    if not groups:
        return 1 if part[0].isdigit() else len(part) + 2 * part.count("w")
    return max(1, groups + len(_MORE.findall(part)) - len(_FEWER.findall(part)))


def syllables_of(words: Sequence[str]) -> NDArray[np.int64]:
    """`syllables` of many words in lower case at once, several times faster.

    >>> syllables_of(["stated", "anti-terrorist"])
    array([2, 5])
    """
    fixed = np.array([_EXCEPTIONS.get(word, 0) for word in words], np.int64)
    parts = [[] if known else _parts(word) for word, known in zip(words, fixed, strict=True)]
    counts = np.fromiter(map(len, parts), np.int64, len(parts))
    total = np.append(0, np.cumsum(_syllables_of_parts(list(chain.from_iterable(parts)))))
    end = np.cumsum(counts)
    return np.where(fixed > 0, fixed, np.maximum(1, total[end] - total[end - counts]))


def _syllables_of_parts(parts: list[str]) -> NDArray[np.int64]:
    """`_syllables_of_part` of each: the patterns run over all of them, a line each."""
    text = "\n".join(parts)
    size = np.fromiter(map(len, parts), np.int64, len(parts))
    begin = np.cumsum(size + 1) - size - 1

    def number(places: Sequence[int] | NDArray) -> NDArray[np.int64]:
        at = np.searchsorted(begin, np.asarray(places, np.int64), "right") - 1
        return np.bincount(at, minlength=len(parts))

    vowel = _IS_VOWEL[np.frombuffer(text.encode("ascii"), np.uint8)]
    first = vowel & ~np.append(False, vowel[:-1])[: len(vowel)]
    groups = number(np.flatnonzero(first))
    more, fewer = ([found.start() for found in p.finditer(text)] for p in (_MORE, _FEWER))
    result = np.maximum(1, groups + number(more) - number(fewer))
    special = [row for row, part in enumerate(parts) if part in _EXCEPTIONS]
    for row in {*special, *np.flatnonzero(groups == 0).tolist()}:
        result[row] = _syllables_of_part(parts[row])
    return result


# ------------------------------------------------------------------ sums


class Readability:
    """What each sentence of a batch adds to the sums that the formulas need.

    >>> reader = Reader()
    >>> sums = Readability(reader).sentence_sums(reader.read(["Terrorism is bad. No, 2 bad!"]))
    >>> {name: sum_.tolist() for name, sum_ in sums.items()}  # doctest: +NORMALIZE_WHITESPACE
    {'words': [3, 3], 'syllables': [6, 3], 'polysyllables': [1, 0], 'characters': [14, 6]}
    """

    def __init__(self, reader: Reader) -> None:
        self._words = Facts(reader.words, _learn_words, words=np.int8, syllables=np.int32)
        self._tokens = Facts(reader.tokens, _learn_tokens, characters=np.int32)

    def sentence_sums(self, batch: Batch) -> dict[str, NDArray[np.int32]]:
        """Sums of each sentence, int32: words, syllables, polysyllables, characters.

        A word is a token with a letter or a digit.  Syllables are those of its dictionary form
        (of "Russia" in "Russia's"); polysyllables are words of three or more; characters are
        the letters and digits of the text.  A sentence counts where `words` is not 0.
        """
        words, tokens = self._words(), self._tokens()
        spoken = words["syllables"].take(batch.word)
        return {
            "words": _summed(words["words"].take(batch.word), batch),
            "syllables": _summed(spoken, batch),
            "polysyllables": _summed(spoken >= LONG, batch),
            "characters": _summed(tokens["characters"].take(batch.token), batch),
        }


def _summed(values: NDArray, batch: Batch) -> NDArray[np.int32]:
    """Sums over the tokens of each sentence; every sentence has at least one token."""
    if not len(batch.sent_doc):
        return np.zeros(0, np.int32)
    return np.add.reduceat(values, batch.sent_ptr[:-1], dtype=np.int32)


def _learn_words(new: list[str]) -> dict[str, Sequence | NDArray]:
    is_word = [word.isalpha() or any(map(str.isalnum, word)) for word in new]
    return {
        "words": is_word,
        "syllables": np.where(is_word, syllables_of(new), 0),
    }


def _learn_tokens(new: list[str]) -> dict[str, Sequence | NDArray]:
    return {"characters": [len(t) if t.isalnum() else sum(map(str.isalnum, t)) for t in new]}


# ------------------------------------------------------------------ formulas


def flesch(words: Counts, sentences: Counts, syllables: Counts) -> Numbers:
    """Reading Ease (Flesch 1948), about 0 to 100.  Higher = easier to read.

    206.835 - 1.015 words per sentence - 84.6 syllables per word; nan without words.
    """
    return 206.835 - 1.015 * _per(words, sentences) - 84.6 * _per(syllables, words)


def flesch_kincaid(words: Counts, sentences: Counts, syllables: Counts) -> Numbers:
    """School grade (Kincaid, Fishburne, Rogers and Chissom 1975).  Higher = harder to read.

    0.39 words per sentence + 11.8 syllables per word - 15.59; nan without words.
    """
    return 0.39 * _per(words, sentences) + 11.8 * _per(syllables, words) - 15.59


def fog(words: Counts, sentences: Counts, polysyllables: Counts) -> Numbers:
    """School grade by the Fog index (Gunning 1952).  Higher = harder to read.

    0.4 (words per sentence + 100 long words per word); nan without words.  Gunning leaves out
    names, compounds of short words and verbs long only by -ed or -es; here, every word of
    three syllables or more counts, so figures are somewhat higher than by hand.
    """
    return 0.4 * (_per(words, sentences) + 100 * _per(polysyllables, words))


def smog(sentences: Counts, polysyllables: Counts) -> Numbers:
    """School grade by SMOG (McLaughlin 1969).  Higher = harder to read.

    3.1291 + 1.0430 sqrt(30 long words per sentence); nan without sentences.  McLaughlin counts
    in a sample of 30 sentences; where there are fewer, their long words are scaled up to 30,
    which makes the figure uncertain rather than wrong: see `smog_caution`.
    """
    return 3.1291 + 1.0430 * np.sqrt(SMOG_SENTENCES * _per(polysyllables, sentences))


def ari(words: Counts, sentences: Counts, characters: Counts) -> Numbers:
    """School grade by the Automated Readability Index (Smith and Senter 1967).  Higher = harder.

    4.71 characters per word + 0.5 words per sentence - 21.43; nan without words.
    """
    return 4.71 * _per(characters, words) + 0.5 * _per(words, sentences) - 21.43


def coleman_liau(words: Counts, sentences: Counts, characters: Counts) -> Numbers:
    """School grade (Coleman and Liau 1975).  Higher = harder to read.

    0.0588 characters per 100 words - 0.296 sentences per 100 words - 15.8; nan without words.
    The authors count letters; here digits count too, as in the Automated Readability Index.
    """
    return 5.88 * _per(characters, words) - 29.6 * _per(sentences, words) - 15.8


def why_undefined(words: float, sentences: float) -> str:
    """Why all six formulas are nan for these sums; empty where they are defined."""
    if words and sentences:
        return ""
    return "no words" if not words else "no sentence that holds a word"


def smog_caution(sentences: float) -> str:
    """What to say beside a SMOG grade; empty from thirty sentences on."""
    if sentences >= SMOG_SENTENCES:
        return ""
    return f"{sentences:g} sentences, scaled up: SMOG was made for {SMOG_SENTENCES} or more"


def _per(count: Counts, base: Counts) -> Numbers:
    """*count* per *base*, nan where *base* is 0; scalars or arrays."""
    base = np.asarray(base, np.float64)
    return np.asarray(count, np.float64) / np.where(base > 0, base, np.nan)
