"""Inflect English verbs and nouns, so that lexicons and cue lists can be written as lemmas.

Only the regular rules, the doubling of consonants, and the irregular forms of words that news
uses.  Where British and American spelling differ both forms are given; a form too many in a
list of literal terms costs nothing, a missing one loses evidence.
"""

from __future__ import annotations

# lemma: past and participle; third person and -ing follow the rules
_IRREGULAR_PASTS = """
arise arose arisen; awake awoke awoken; be was were been; bear bore borne; beat beat beaten
become became become; beget begot begotten; begin began begun; bend bent; bet bet; bid bid bade
bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred
bring brought; broadcast broadcast; build built; burn burned burnt; burst burst; buy bought
cast cast; catch caught; choose chose chosen; cling clung; come came come; cost cost
creep crept; cut cut; deal dealt; dig dug; do did done; draw drew drawn; dream dreamed dreamt
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt
fight fought; find found; flee fled; fling flung; fly flew flown; forbid forbade forbidden
forecast forecast forecasted; foresee foresaw foreseen; foretell foretold
forget forgot forgotten; forgive forgave forgiven; forgo forwent forgone; freeze froze frozen
get got gotten; give gave given; go went gone; grind ground; grow grew grown; hang hung hanged
have had; hear heard; hide hid hidden; hit hit; hold held; hurt hurt; keep kept; kneel knelt
know knew known; lay laid; lead led; leap leapt leaped; learn learned learnt; leave left
lend lent; let let; lie lay lain lied; lose lost; make made; mean meant; meet met
mislead misled; misread misread; mistake mistook mistaken; misunderstand misunderstood
offset offset; outbid outbid; overcome overcame overcome; overhear overheard
overrun overran overrun; oversee oversaw overseen; overstate overstated
overtake overtook overtaken; overthrow overthrew overthrown; pay paid; plead pleaded pled
prove proved proven; put put; quit quit; read read; rend rent; retell retold; rid rid
ride rode ridden; ring rang rung; rise rose risen; run ran run; say said; see saw seen
seek sought; sell sold; send sent; set set; shake shook shaken; shed shed; shine shone
shoot shot; show showed shown; shrink shrank shrunk; shut shut; sing sang sung; sink sank sunk
sit sat; slay slew slain; sleep slept; sling slung; slit slit; smell smelled smelt
sow sowed sown; speak spoke spoken; spell spelled spelt; spend spent; spill spilled spilt
spin spun; spit spat; split split; spoil spoiled spoilt; spread spread; spring sprang sprung
stand stood; steal stole stolen; stick stuck; sting stung; stink stank stunk
strew strewed strewn; stride strode; strike struck stricken; string strung
strive strove striven; swear swore sworn; sweep swept; swell swelled swollen; swim swam swum
swing swung; take took taken; teach taught; tear tore torn; tell told; think thought
throw threw thrown; thrust thrust; tread trod trodden; undergo underwent undergone
understand understood; undertake undertook undertaken; undo undid undone; unwind unwound
uphold upheld; upset upset; wake woke woken; wear wore worn; weave wove woven; weep wept
win won; wind wound; withdraw withdrew withdrawn; withhold withheld; withstand withstood
wring wrung; write wrote written; rewrite rewrote rewritten; outrun outran; rebuild rebuilt
rethink rethought; behold beheld; beset beset; disprove disproved disproven; dive dived dove
dwell dwelt dwelled; hamstring hamstrung; lean leaned leant; light lit lighted
misspeak misspoke misspoken; outdo outdid outdone; outgrow outgrew outgrown; outsell outsold
outshine outshone; outspend outspent; overdo overdid overdone; overhang overhung
override overrode overridden; overshoot overshot; oversell oversold; overspend overspent
partake partook partaken; recast recast; redo redid redone; redraw redrew redrawn
remake remade; rerun reran rerun; resell resold; reset reset; retake retook retaken
rewind rewound; slide slid; sneak sneaked snuck; speed sped speeded; squat squatted
undercut undercut; underlie underlay underlain; unbind unbound; waylay waylaid; wed wed wedded
"""
_PASTS = {
    entry.split()[0]: entry.split()[1:]
    for line in _IRREGULAR_PASTS.strip().splitlines()
    for entry in line.split(";")
}

_OTHER_WORDS = frozenset("left saw bit thought felt ground wound born borne dove spoke".split())
_PRESENT = {"be": ["is", "are", "am"], "have": ["has"]}

# Longer verbs stressed on the last syllable: admitted, but not *deliverred.
_DOUBLING = frozenset(
    "abet abhor abut acquit admit airdrop allot annul beget begin beset commit compel concur "
    "confer control corral debar debug defer demur deter disbar dispel eavesdrop embed emit enrol "
    "entrap equip excel expel extol forbid forget format handicap hobnob impel incur infer inter "
    "kidnap leapfrog mob occur offset omit outbid outrun outstrip outwit overlap overrun overstep "
    "patrol permit prefer propel readmit rebel rebut recap recommit recur refer refit regret remit "
    "repel rerun reset retrofit sandbag sidestep squat submit transfer transmit undercut unplug "
    "unwrap unzip upset wiretap worship zigzag backpedal".split()
)
# Both spellings occur: labelled and labeled.
_DOUBLING_IN_BRITAIN = frozenset(
    "backpedal bedevil cancel cavil channel counsel cudgel dial dishevel duel enrol equal "
    "fuel fulfil funnel gambol grovel initial label level libel marshal marvel model parcel "
    "pedal pencil pummel quarrel ravel rebel rival shovel shrivel signal snivel spiral swivel "
    "total travel trammel trowel tunnel unravel yodel bias focus kidnap program worship".split()
)
_NOT_MEN = ("german", "norman", "roman", "human", "shaman", "ottoman", "talisman")
_HARD_CH = ("garch", "narch", "iarch", "epoch", "tech", "stomach", "czech")  # oligarchs
_ENDING_IN_OES = frozenset(
    "do echo embargo forego forgo go outdo overdo redo torpedo undergo undo veto".split()
)
_PREPOSITIONS = frozenset(
    "against at by for from in into like of on over to under with without".split()
)
_VOWELS = "aeiou"
_NOUNS = {
    "man": "men", "woman": "women", "person": "people", "life": "lives", "knife": "knives",
    "thief": "thieves", "leaf": "leaves", "wolf": "wolves", "half": "halves", "shelf": "shelves",
    "calf": "calves", "elf": "elves", "loaf": "loaves", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "louse": "lice", "ox": "oxen", "series": "series",
    "species": "species", "criterion": "criteria", "phenomenon": "phenomena",
    "stimulus": "stimuli", "hero": "heroes", "potato": "potatoes", "tomato": "tomatoes",
    "cargo": "cargoes", "tornado": "tornadoes", "mosquito": "mosquitoes", "volcano": "volcanoes",
}  # fmt: skip


def irregular_pasts() -> frozenset[str]:
    """Pasts and participles of irregular verbs, as far as they are no other words: went, paid.

    >>> sorted(irregular_pasts() & {"went", "paid", "cut", "left", "dealt"})
    ['dealt', 'paid', 'went']
    """
    forms = {form for past in _PASTS.values() for form in past}
    return frozenset(forms - _PASTS.keys() - _OTHER_WORDS)


def verb_forms(lemma: str) -> list[str]:
    """All forms of a verb, the lemma first; of several words the first is inflected.

    >>> verb_forms("slam")
    ['slam', 'slams', 'slammed', 'slamming']
    >>> verb_forms("point out")
    ['point out', 'points out', 'pointed out', 'pointing out']
    >>> verb_forms("label")
    ['label', 'labels', 'labeled', 'labelled', 'labeling', 'labelling']
    """
    verb, _, rest = lemma.partition(" ")
    prefix = ""
    if "-" in verb and verb not in _PASTS:  # "fact-check" inflects its last part
        prefix, _, verb = verb.rpartition("-")
        prefix += "-"
    stems = _stems(verb)
    pasts = _PASTS.get(verb) or [_with_ed(stem) for stem in stems]
    present = _PRESENT.get(verb) or [_with_s(verb)]
    forms = [verb, *present, *pasts, *(_with_ing(stem) for stem in stems)]
    return [f"{prefix}{form} {rest}".rstrip() for form in dict.fromkeys(forms)]


def noun_forms(lemma: str) -> list[str]:
    """Singular and plural of a noun; of several words the last before a preposition is inflected.

    >>> noun_forms("war crime"), noun_forms("enemy"), noun_forms("abuse of power")
    (['war crime', 'war crimes'], ['enemy', 'enemies'], ['abuse of power', 'abuses of power'])
    """
    words = lemma.split(" ")
    after = next((i for i, word in enumerate(words) if i and word in _PREPOSITIONS), len(words))
    prefix, hyphen, last = words[after - 1].rpartition("-")
    plural = _NOUNS.get(last) or _man(last) or _of_old(last) or _with_s(last)
    words[after - 1] = prefix + hyphen + plural
    return list(dict.fromkeys([lemma, " ".join(words)]))


def _man(noun: str) -> str | None:
    """Gunmen and spokeswomen, but Germans, Romans and humans."""
    if noun.endswith("man") and noun.lower() not in _NOT_MEN:
        return noun[:-3] + "men"
    return None


def _of_old(noun: str) -> str | None:
    """Grandchildren, housewives, diagnoses."""
    for singular, plural in (("child", "children"), ("wife", "wives"), ("sis", "ses")):
        if noun.endswith(singular):
            return noun.removesuffix(singular) + plural
    return None


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word == "quiz":
        return "quizzes"
    if word in _ENDING_IN_OES or word.endswith(("s", "sh", "ch", "x", "z")):
        return word + ("s" if word.lower().endswith(_HARD_CH) else "es")
    return word + "s"


def _stems(verb: str) -> list[str]:
    """What -ed and -ing are put to: the verb, with its last consonant doubled where it is."""
    doubled = verb + verb[-1]
    if verb in _DOUBLING_IN_BRITAIN and verb not in ("rebel", "kidnap"):
        return [verb, doubled]
    if verb in _DOUBLING or _short_and_closed(verb):
        return [doubled]
    return [verb]


def _short_and_closed(verb: str) -> bool:
    """One syllable ending in consonant, vowel, consonant: slam, quip, but not fix or show."""
    vowels = [i for i, letter in enumerate(verb) if letter in _VOWELS]
    if verb[:2] == "qu":
        vowels = vowels[1:]
    one_vowel = len(vowels) == 1 and vowels[0] == len(verb) - 2
    return one_vowel and verb[-1] not in "wxy" + _VOWELS


def _with_ed(stem: str) -> str:
    if stem.endswith("e"):
        return stem + "d"
    if stem.endswith("y") and stem[-2:-1] not in _VOWELS:
        return stem[:-1] + "ied"
    if stem.endswith("ic"):
        return stem + "ked"
    return stem + "ed"


def _with_ing(stem: str) -> str:
    if stem.endswith("ie"):
        return stem[:-2] + "ying"
    if stem.endswith("e") and not stem.endswith(("ee", "oe", "ye")) and stem != "be":
        return stem[:-1] + "ing"
    if stem.endswith("ic"):
        return stem + "king"
    return stem + "ing"
