"""Say which spans of one article's text are title, subhead, lead, body, caption, or page chrome.

Nothing is removed and no offset moves: `fields` covers the text with spans.  A line is prose
until a named rule says otherwise, because prose called chrome is evidence lost.  So most lines
cost one look at how they begin and end, and only the few odd ones are read closely.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

# The fields of a text; the code of a field is its position here.
FIELDS = ("title", "subhead", "lead", "body", "caption", "other")
TITLE, SUBHEAD, LEAD, BODY, CAPTION, OTHER = range(len(FIELDS))


class Span(NamedTuple):
    """A stretch of a text, `text[start:end]`, and the code of its field."""

    start: int
    end: int
    field: int


class Rule(NamedTuple):
    """One sort of line that is not plain prose, with lines that it must fit and must not.

    The pattern fits whole lines.  Each named group is a piece in the field of that name
    (`other_2` is a second piece of `other`); without groups, the whole line is `other`.

    So that ordinary lines cost nothing, a rule is tried only where one of its cues stands: at
    the line's opening ("sign up…", of which five characters count, in any case), at its closing
    ("…this report.": seven characters), or, in lines without a final stop, anywhere within
    ("… via …"; "…" alone is every such line that opens with a date or without a letter).
    """

    name: str
    cues: tuple[str, ...]
    pattern: str
    fires: tuple[str, ...]
    silent: tuple[str, ...]


# --------------------------------------------------------------------- opinions: the words

AGENCIES = (
    "AFP|AP|Agence France-Presse|Anadolu|Anadolu Agency|Armenpress|ARMENPRESS|Associated Press"
    "|Azatutyun|Azatutyun.am|Azertac|AZERTAC|BBC|Bloomberg|Bloomberg News|CNN|CNN Business"
    "|CNN Money|CNN Opinion|CNN Politics|CNNMoney|DPA|dpa|EPA|EPA-EFE|Getty|Getty Images|Interfax"
    "|Interfax-Ukraine|ITAR-TASS|Landov|MCT|NPR|PAN Photo|Photolure|POLITICO|Reuters|REUTERS"
    "|RFE/RL|RIA Novosti|Shutterstock|Sputnik|TASS|The Associated Press|Ukrinform|UKRINFORM|UNIAN"
    "|UPI|USA TODAY|USA TODAY Network|USA TODAY NETWORK|USAToday|VPC|Xinhua|ZUMA Press"
).split("|")
AGENCY = "(?:" + "|".join(map(re.escape, sorted(AGENCIES, key=len, reverse=True))) + ")"
SITE = r"(?:[\w-]{1,40}\.){1,3}(?:com|org|net|info|gov|mil|tv|ru|am|az|ua|tr|ge|ir|il|eu|uk|de|fr)"
MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?"
    r"|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
WEEKDAY = r"(?:Mon|Tue|Tues|Wed|Wednes|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day|\.)?"
NAME = r"[A-ZÀ-Þ][\w.’'&-]*"  # one capitalised word
NAMES = rf"{NAME}(?:,? (?:and |& |of |for |de |van |von |al-)?{NAME})"  # to be repeated
ROLE = (
    r"(?:[Ss]pokes(?:man|woman|person)|[Mm]inister|[Pp]resident|[Pp]remier|[Cc]hancellor"
    r"|[Ss]ecretary|[Ss]enator|[Cc]ongress(?:man|woman)|[Gg]overnor|[Mm]ayor|[Aa]mbassador"
    r"|[Ee]nvoy|[Ll]eader|[Cc]hief|[Cc]hair(?:man|woman)|[Cc]ommander|[Dd]irector|[Cc]andidate)"
)

# Words of which the category lines above a headline are made, and nothing else is.
RUBRICS = frozenset(
    "africa americas analysis armenia artsakh asia azerbaijan breaking business caucasus culture"
    " defence defense diaspora east economy editorial education entertainment europe exclusive"
    " featured global headlines health home international interviews karabakh latest law local"
    " middle military national news opinion politics region russia science security society sport"
    " sports stories technology top turkey ukraine uncategorized us video videos world".split()
)

# What pages print between paragraphs, in any case, with or without brackets or a colon.
NOTICES = frozenset(
    (
        "advertisement|advertisements|analysis|analysis/opinion|article continues below|audio-clip"
        "|close|continue reading|continue reading below|continue reading the main story|exclusive"
        "|image|loading|opinion|play video|please enable javascript to watch this video|pullquote"
        "|read the full story|story continued below|story continues below|story highlights"
        "|story continues below advertisement|youtube"
    ).split("|")
)

# Headings below which the page goes on without the article, and how long (in characters) a
# finished sentence below them must be to be the article again.  Below a comment form none is.
TAILS = dict.fromkeys(
    (
        "leave a comment|leave a reply|leave a response|post a comment"
        "|your email address will not be published"
        "|your email address will not be published. required fields are marked"
    ).split("|"),
    sys.maxsize,
)
TAILS |= dict.fromkeys(
    (
        "latest news|more news|more stories|most popular|most read|most viewed|popular posts"
        "|recommended for you|recommended stories|related articles|related news|related posts"
        "|related stories|trending now|you may also like|you might also like"
    ).split("|"),
    120,
)
TAILS |= dict.fromkeys(
    (
        "also read|also see|further reading|more on this|more on this story|read also|read more"
        "|read next|related|see also|see related|sign up for our newsletter"
        "|sign up for our newsletters"
    ).split("|"),
    60,
)

# ----------------------------------------------------------------- opinions: the sorts of line

RULES = (
    Rule(
        "breadcrumbs",
        ("…»…", "…›…"),
        r"[^«»‹›]{1,60}(?: [»›] [^«»‹›]{1,160}){1,6}",
        ("Home » Ministers Meet in Geneva", "News › World › Caucasus"),
        ("«Мы » не уйдём", "A sign »was painted» there"),
    ),
    Rule(
        "copyright",
        ("copyright…", "…©…"),
        r"(?:(?i:copyright) (?:©|\([cC]\)|by |(?:19|20)\d\d)|© ?(?:19|20)\d\d).{0,300}",
        (
            "Copyright © 2019 The Daily Example, LLC. Click here for reprint permission.",
            "© 2021 AP",
        ),
        ("Copyright law is older than the press, she wrote.", "© sign"),
    ),
    Rule(
        "newsletter",
        ("sign up…", "subscribe…", "…newsletter…", "…your inbox…", "…your inbox.", "…up here."),
        r"\W{0,3}(?:Sign|SIGN|Subscribe|SUBSCRIBE|Get|GET|Want|Receive|Start|Daily)\b"
        r".{0,160}?\b(?i:your inbox|newsletters?|sign up here)\b.{0,60}",
        ("Sign up for Daily Newsletters Manage Newsletters", "Get daily news direct to your inbox"),
        ("Sign up by Friday, the ministry told refugees.", "They signed up for newsletters."),
    ),
    Rule(
        "newsletter form",
        ("…at any time.", "…Service apply.", "…page Subscribe"),
        r".{0,330}\b[Bb]y signing up,? you agree\b.{0,330}",
        ("Morning Brief Email Sign Up By signing up you agree to get letters at any time.",),
        ("By signing up, you agreed to fight, the officer told them for the last time.",),
    ),
    Rule(
        "call to click",
        ("click…", "download the…", "get the…", "like what you…", "…click here."),
        r"(?:CLICK|Click) (?i:here|to|for more)\b.{0,140}|(?:GET|Get|DOWNLOAD|Download)"
        r" (?i:the) [\w ]{2,40} (?:APP|App|app)\b.{0,60}|Like what you[’']re reading\?.{0,80}"
        r"|[^“”\"]{2,120} [Cc]lick here\.",
        ("CLICK HERE TO GET THE APP", "Click for more from the wires.", "GET THE NEWS APP"),
        ("Click farms flourished, the report says.", "Get the troops out, he said of the app."),
    ),
    Rule(
        "sharing",
        ("share…", "tweet…", "print…", "read or share…", "email…"),
        r"(?i:share all sharing options for: ).{2,200}|Read or Share this story: \S{4,300}"
        r"|(?i:share|tweet|print|e-?mail)(?i:[ ,|/·]{1,3}(?:share|tweet|print|pin|e-?mail|save"
        r"|facebook|twitter|whatsapp|telegram|linkedin|reddit|copy link|this|story|article|on|via))"
        r"{0,14}",
        ("Share This Story Tweet Share Share Pin Email", "Read or Share this story: http://e.g/1"),
        ("Share prices fell", "Print is dead", "Email by Clinton", "Share the burden"),
    ),
    Rule(
        "follow us",
        ("follow…", "- follow…", "– follow…", "join us…"),
        r"(?:[-–•*] ?)?(?:Follow|Join) (?:@\w.{0,100}|us on \w+\.com\S{0,60}"
        r"|[^,.]{1,60} on (?:Twitter|Facebook|Instagram|Telegram|YouTube)\b"
        r"(?:[ ,:.]{1,2}(?:and|or|at|@\w+|[A-Z]\w*)){0,8}\.?)",
        ("Follow us on Twitter @example.", "- Follow the Desk on Twitter: @desk", "Follow @desk"),
        ("Follow the north road, and on Twitter the same names come up", "Follow the money"),
    ),
    Rule(
        "other stories",
        (
            *("read:…", "read more…", "watch…", "see also…", "see related…", "also on…", "more:…"),
            *("more on…", "related…", "listen…", "photo…", "video…", "gallery…", "slideshow…"),
            *("recommended:…", "…(…"),
        ),
        r"\( [^()]{3,160}[^().!?:;]\)|\(?(?:(?:READ|Read)(?: MORE| more| NEXT| next| ALSO| also)?"
        r"|WATCH|Watch|(?:SEE|See) (?:ALSO|also|RELATED)|(?:ALSO|Also) (?:READ|read|SEE|see|on \w+)"
        r"|MORE|More|RELATED|Related|LISTEN|PHOTOS?|Photos|VIDEOS?|GALLERY|SLIDESHOW|Recommended)"
        r"\s?:.{2,160}[^.:,]",
        ("READ: Minister resigns over leak", "More:What the deal says", "( PHOTOS: Ten rallies)"),
        (
            "Read: it was, he said, a trap.",
            "Related: the war, which nobody had wanted.",
            "More men",
        ),
    ),
    Rule(
        "linked headline",  # the label was a link's first half: no space follows the colon
        ("…:…",),
        r"[A-Z][^:.]{2,60}:[A-Z][a-z’'-].{8,160}\w",
        ("Iran tensions:Gibraltar releases oil tanker", "Opinion:The deal is good for nobody"),
        ("Iran tensions: Gibraltar releases oil tanker", "Update at 3:15 PM: NATO's statement"),
    ),
    Rule(
        "byline",
        ("…By …", "…BY …"),
        rf"(?:By|BY) (?!{WEEKDAY} |{MONTH} |The |A ){NAMES}{{1,7}}(?:, [^.!?]{{2,70}})?",
        ("By John Smith", "By Ann Lee and Bo Ek, Example News", "By Hambersom Aghbashian"),
        ("By Friday Afternoon", "By Obama's own admission, it failed", "By then Moscow had left."),
    ),
    Rule(
        "contributors",
        ("contributing:…", "reporting by…", "(reporting…", "additional reporting…", "editing by…"),
        rf"\(?(?:Contributing: .{{3,250}}|(?:Additional )?[Rr]eporting by {NAMES}{{1,9}}"
        rf"(?:; .{{3,120}})?\)?|Editing by {NAMES}{{1,5}}\)?)",
        ("Contributing: Ann Lee, in Geneva", "(Reporting by Ann Lee; Editing by Bo Ek)"),
        ("Reporting by the agency showed that nobody had paid.", "Contributing to peace"),
    ),
    Rule(
        "contributed to this report",
        ("…this report", "…this report.", "…this story", "…this story.", "…this article."),
        r"[^“”\"]{2,250} contributed (?:reporting )?to this (?:report|story|article)\.?",
        ("Ann Lee and The Associated Press contributed to this report.",),
        (
            "He wrote this report.",
            "“I contributed to this report.",
            "War gave birth to this story.",
        ),
    ),
    Rule(
        "date line",
        ("…", "updated…", "published…", "posted…"),
        r"(?:(?:Published|Updated|Posted|Last [Uu]pdated|UPDATED|PUBLISHED)\b:? ?"
        rf"(?:at |on )?)?(?=\d|{WEEKDAY}\b|{MONTH})"
        rf"(?=.{{0,60}}?(?:\d:\d\d|{MONTH}(?!\w)|\bago\b|\d [ap]\.?m\b))"
        rf"(?>(?:{WEEKDAY}(?!\w)|{MONTH}(?!\w)|\d{{1,2}}:\d\d|\d{{1,4}}(?:st|nd|rd|th)?\b|[ap]\.?m\b"
        r"\.?|[ECMP][SD]?T\b|E\.T\.|GMT|UTC|MSK|at\b|on\b|ago\b|years?\b|months?\b|days?\b|hours?\b"
        r"|minutes?\b|views?\b)[ ,.:|/()·–—-]{0,3}){2,14}+",
        ("14:33, 28 September 2020 163", "Updated at 8:35 p.m. ET", "6 years ago"),
        ("May 9 parade", "2016", "March on Washington", "100 days", "In May 2016"),
    ),
    Rule(
        "source",
        ("source…",),
        rf"Source ?: (?:{SITE}|{AGENCY}|{NAME}(?: {NAME}){{0,2}})",
        ("Source : Asbarez", "Source: Columbus Dispatch", "Source: azatutyun.am"),
        ("Source: the suspect has not talked", "Sources: Two Dead", "Source : He Has Not Talked"),
    ),
    Rule(
        "tags",
        ("tags:…", "topics…", "category…", "categories…", "filed under…", "…tagged under…"),
        r"(?i:tags|topics|category|categories|filed under|this article tagged under) ?:"
        r".{2,200}[^.:]",
        ("Tags: Armenia, Azerbaijan", "Filed under: Russia"),
        ("Topics were many", "Tags: none of the soldiers wore any."),
    ),
    Rule(
        "video teaser",
        ("just watched…",),
        r"JUST WATCHED .{2,300}MUST WATCH.{0,200}",
        ("JUST WATCHED Truce holds Replay More Videos ... MUST WATCH Truce holds 01:02",),
        ("JUST WATCHED the news", "Just watched them go"),
    ),
    Rule(
        "audio player",
        ("…·…",),
        r".{2,300} Listen · \d+:\d\d.{0,10}",
        ("A Truce In Doubt A Truce In Doubt Listen · 3:57 3:57",),
        ("They Listen · Always",),
    ),
    Rule(
        "image viewer",
        ("prev …", "next …", "enlarge…", "toggle…"),
        r"(?:prev |next )*Image \d+ of \d+|(?:Enlarge this image|toggle caption)\b.{0,160}",
        ("prev next Image 2 of 3", "Enlarge this image Ann Lee/AP"),
        ("Next of kin", "Image 2 of the series", "Enlarge the army, he said"),
    ),
    Rule(
        "address",
        ("…/…", "poster=…"),
        r"(?:[a-z]+=\")?https?://\S{3,400}",
        ("https://example.org/story", 'poster="http://example.org/still.jpg"'),
        ("See https://example.org/story",),
    ),
    Rule(
        "separator",
        ("…",),
        r"[\W_]+",
        ("***", "___", "- - -"),
        ("* A", "- 1"),
    ),
    Rule(
        "signature",
        ("special for…", "special to…"),
        rf"Special (?:for|to) {NAME}(?: {NAME}){{0,3}}",
        ("Special for USA TODAY", "Special to The Example"),
        ("Special to me", "Special forces left"),
    ),
    Rule(
        "photo credit",
        ("…/…", "… via …", "photo…", "image…", "illustration…", "picture…", "credit…"),
        rf"\(?{AGENCY}(?: [Pp]hotos?| Images)?/[^/]{{2,60}}\)?"
        rf"|\(?[A-Z][^/|!?:;\"“”@]{{1,80}}(?:/[^/|!?:;\"“”@]{{1,40}}){{0,2}}/ ?(?:{AGENCY}|{SITE})"
        rf"(?:(?: via | )(?:{AGENCY}|Photos?|Pool))?\)?"
        rf"|{NAMES}{{1,6}}(?:/{NAME}(?: {NAME})?)? via {AGENCY}"
        rf"|(?:Photo|Image|Illustration|Picture|Photograph|Credit)s?(?: credit)?(?: by| courtesy of"
        rf"|:) {NAME},?(?: (?:(?:of|for|and|via|the|from) )?{NAME},?){{0,9}}",
        (
            *("Ibrahim Hashimov/RIA Novosti", "Ministry of Defense/facebook.com"),
            *("AP Photo/Ann Lee", "REUTERS/Bo Ek", "Bo Ek/Pool via Getty Images"),
            *("Photo: Ann Lee, Example Journal via AP", "Illustration by Bo Ek"),
        ),
        (
            *("A 50/50 chance", "He/she decides", "Gas reached Europe via Ukraine"),
            *("Photo: In the cell of one of the men", "Image by image, it grew"),
        ),
    ),
    Rule(
        "caption with a credit",
        ("…hoto…",),
        r"(?P<caption>[^()]{2,400}(?:\([^()]{1,40}\)[^()]{0,200}){0,3}?)"
        rf"(?P<other>\((?:{AGENCY} [Pp]hotos?/|(?:File )?[Pp]hotos?(?::| by| courtesy))"
        r"[^()]{1,90}\)(?: Story Highlights)?)(?P<subhead>.{0,200})",
        ("A man waits in Napa, Aug. 24, 2014. (Photo: Ann Lee, AP)", "Envoy (AP Photo/Ann Lee)"),
        ("He took it (Photo, he said, of the year)",),
    ),
    Rule(
        "caption with a piped credit",
        ("…|…",),
        r"(?P<caption>[^|]{8,400}[.!?\"”’'])"
        rf"(?P<other> \| (?:(?:[^|/]{{2,50}}/|[^|/,]{{2,40}}(?:,| for) )?{AGENCY}(?: Photos?)?\b"
        rf"|{NAME} {NAME}\Z))(?P<subhead>.{{0,300}})",
        ("His edge came from the islands. | AP Photos", "He has won. | JO HILL/POLITICO The end"),
        ("Ministers meet | The Example", "One in two left. | Two in three stayed"),
    ),
    Rule(
        "dated caption",
        tuple(f"…{mark} {year}." for mark in ",yrhletr" for year in range(1990, 2050)),
        r"(?P<caption>[A-Z][^“”\"]{10,300}\. "
        rf"(?:{MONTH} \d{{1,2}}, \d{{4}}|\d{{1,2}} {MONTH},? \d{{4}})\.)",
        ("Two soldiers fix a flag to a vehicle near Martuni. November 13, 2020.",),
        ("The truce was signed on November 13, 2020.", "It fell. In November 2020."),
    ),
    Rule(
        "file photo",
        ("file photo…", "file -…", "file –…", "file:…"),
        r"(?P<caption>(?:FILE|File)(?: PHOTO| photo)?(?: ?[:–—]| -).{10,400})",
        ("FILE - In this May 3, 2019 photo, a man waits.", "FILE PHOTO: The envoy in Baku"),
        ("File a complaint, he said", "Filed - at last"),
    ),
    Rule(
        "slide",
        ("hide caption…", "show caption…"),
        r"(?P<other>(?:Show caption )?Hide caption )(?P<caption>.{4,350}?)"
        r"(?P<other_2> Previous Next .{2,80})?",
        ("Hide caption A man waits at the border. Previous Next Ann Lee/AP",),
        ("Hide captions", "Show caption writers the door"),
    ),
    Rule(
        "video caption",
        ("close …",),
        rf"(?P<other>CLOSE )(?P<caption>.{{10,380}}?)(?P<other_2>(?: \({MONTH} \d{{1,2}}\))?"
        rf"(?: Wochit| Time| {AGENCY}))?",
        ("CLOSE Residents return to Napa after the quake. (Aug. 25) AP",),
        ("CLOSE CALL", "Close the border now, he said."),
    ),
    Rule(
        "story highlights",
        ("story highlights…",),
        r"(?P<other>(?i:story highlights):? )(?P<subhead>.{4,300})",
        ("Story highlights Truce holds, envoys say",),
        ("Story highlighted by many",),
    ),
    Rule(
        "editor's note",
        ("editor's note…", "[editor…", "(editor…"),
        r"(?P<body>[(\[]?(?i:editor)[’']?[sS]?[’']? (?i:notes?)\b.{0,1500})",
        ("Editor's note: Ann Lee is a columnist.", "(Editors’ note: this text was cut.)"),
        ("Editors noted the change.", "Editor Ann Lee noted it"),
    ),
)

# Datelines: what stands before the lead's first word.  The line itself is prose.
_PLACE = r"(?:Mc|Mac|La|De)?[A-Z][A-Z.'’-]++(?: [A-Z][A-Z.'’-]*+){0,3}+"
_TOWN = rf"[A-Z][\w.'’-]++(?: (?!{MONTH} )[A-Z][\w.'’-]*+){{0,4}}+"
_REGION = r"(?:, ?[A-Z][\w.’']{1,20}(?: [A-Z][\w.’']{1,20}){0,2})"
_DAY = rf"(?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH})(?:, \d{{4}})?"
_DASH = r"(?: ?(?:--|[–—―])| -)"
_NOT_PLACES = (
    r"(?:A|AN|AND|ARE|AS|AT|BREAKING|BY|CORRECTION|EDITOR|EXCLUSIVE|FOR|FROM|HAS|HIS|HOW|II|III"
    r"|IN|IS|IT|NEWS|NOT|NOTE|OF|OFF|ON|OPINION|ORIGINAL|OUT|OVER|POST|THE|THIS|TO|UP|UPDATE"
    r"|UPDATED|US|VIDEO|WAS|WATCH|WE|WHAT|WHO|WHY|WILL|WITH|YOU)"
)
_BUREAU = rf"(?:/[\w -]{{2,30}}/|\({AGENCY}\)|(?:{AGENCY}|Trend|APA|UNN|REPORT)(?=[ .:,/]|$))"
DATELINE = re.compile(
    rf"{_TOWN}{_REGION}{{0,2}}(?:[.,]|(?<=\.)) {_DAY}[.,]?(?: {_BUREAU}[.:,]?(?:{_DASH} ?| |$)|$)"
    rf"|(?:{_TOWN}{_REGION}? )?\((?:{AGENCY}|{SITE})\)(?:{_DASH} ?| |$)"
    rf"|(?!(?:[A-Z.'’-]+ ){{0,3}}{_NOT_PLACES}\b){_PLACE}{_REGION}?(?:,? {_DAY})?,?"
    rf"(?: \([A-Z][\w./& ]{{1,30}}\))?{_DASH} ?(?=[\"'“‘$]?\w|$)"
)
DATELINES = (
    "MOSCOW, September 25. /TASS/. ",
    "BAKU. Sept 27 (Interfax) - ",
    "BAKU, Azerbaijan, Sept. 27. Trend: ",
    "Kyiv, 24 May, Interfax-Ukraine – ",
    "MOSCOW – ",
    "YEREVAN (Azatutyun.am)—",
    "WASHINGTON (AP) — ",
    "HONOLULU — ",
    "(CNN) ",
    "Washington (CNN) -- ",
    "West Palm Beach, Florida (CNN) ",
    "GAZA CITY, Gaza Strip (AP) — ",
    "ST. LOUIS, Mo., Jan. 5 (UPI) -- ",
)
NOT_DATELINES = (
    "BREAKING THIS MORNING — ",
    "TRUMP MASKS UP — ",
    "UPDATE III - ",
    "Sen. Ted Cruz (R-Texas) ",
    "Baltimore — ",
    "The ban — ",
    "U.S.-backed forces ",
    "(Applause) ",
)

# ------------------------------------------------------------------------------- machinery

Patterns = tuple[re.Pattern[str], ...]
Pieces = list[tuple[int, int]]  # of one line: where each piece begins, its field
Marks = dict[int, Pieces]  # by line number; a line without marks is body

_ALL_OTHER: Pieces = [(0, OTHER)]
_LONGEST_ODD = 450  # no rule is tried on a longer line, which bounds every pattern's work
_LONGEST_SUBHEAD = 200
_LONGEST_TITLE = 250
_LONGEST_HEADING = 110
_LONGEST_LABEL = 80  # notices and headings of tails
_SHORTEST_PARAGRAPH = 60  # below a heading
_MOST_SUBHEADS = 8  # above the lead; more are a list
_MOST_ABOVE_TITLE = 30
_FEWEST_SPACES_OF_LINK = 6
_MOST_LINKS = 5  # in capitals; more are the section headings of a newsletter
_LONGEST_SHOW_NAME = 150

_EVENED = tuple(zip("\r\u2028\t\xa0\u202f\ufeff", "\n\n    ", strict=True))
_STOPS = frozenset(".!?…։。\"”’':;,")
_WORD = re.compile(r"\w+")
_CRUMBS = re.compile(r"(?:[^»›]{1,60} [»›] )+(.+)")
_INNER_STOP = re.compile(r"[.!?][\"”’']? [A-Z]")
_NAMES_ONLY = re.compile(rf"{NAMES}{{1,9}}")
_OFFICE_HOLDER = re.compile(rf"(?:{NAME} ){{0,4}}{ROLE}(?: {NAME}){{2,3}}")
_SLIDE_COUNTER = re.compile(r"Hide Caption \d+ of \d+(?: |$)")


def fields(text: str, title: str = "") -> list[Span]:
    """Return spans that cover *text* from 0 to its end exactly once, in order.

    Neighbouring spans differ in field; the code of a field is its position in `FIELDS`.  When
    the article's *title* is known apart from the text, a line at the top that repeats it is
    field title.  Blank lines belong to the span before them; an empty text has no spans.
    """
    lines = _lines(text)
    # Ordinary paragraphs leave here.  (`_is_odd` is written out: a call would cost as much.)
    odd = [
        n
        for n, line in enumerate(lines)
        if line
        and (
            line[-1] not in _STOPS
            or line[:5] in _OPENING
            or line[-7:] in _CLOSING
            or line[0] == " "
        )
    ]
    marks: Marks = {}
    lead = _mark_opening(lines, title, marks)
    _mark_body(lines, odd, lead, marks)
    return _spans(lines, marks, len(text))


def holds_title(spans: Iterable[Span]) -> bool:
    """Whether one of the spans of a text is its title, so that a title given counts once."""
    return any(field == TITLE for _, _, field in spans)


def _lines(text: str) -> list[str]:
    """Split at line ends; lengths stay those of the text as given."""
    for old, new in _EVENED:  # one character for one
        if old in text:
            text = text.replace(old, new)
    return text.split("\n")


def _next_filled(lines: list[str], n: int) -> int:
    """The first line at or below *n* that is not blank; the number of lines if there is none."""
    while n < len(lines) and not lines[n].strip():
        n += 1
    return n


def _spans(lines: list[str], marks: Marks, length: int) -> list[Span]:
    """Turn marks into spans; what no mark covers is body."""
    starts = list(accumulate(map(len, lines), initial=0))  # without the n line ends before n
    cuts, codes = [], []
    field = -1
    n = 0
    for marked in sorted(marks):
        if field != BODY and n < marked and (n := _next_filled(lines, n)) < marked:
            cuts.append(starts[n] + n)
            codes.append(field := BODY)
        for at, code in marks[marked]:
            if code != field:
                cuts.append(starts[marked] + marked + (at and at + _indent(lines[marked])))
                codes.append(field := code)
        n = marked + 1
    if field != BODY and ((n := _next_filled(lines, n)) < len(lines) or not cuts):
        cuts.append(starts[n] + n)
        codes.append(BODY)
    begins, ends = [0, *cuts[1:]], [*cuts[1:], length]
    return list(map(Span, begins, ends, codes)) if length else []


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


# The lines above the lead, and the lead.


def _mark_opening(lines: list[str], title: str, marks: Marks) -> int:
    """Mark the lines above the lead, and the lead; return the lead's number."""
    untitled = not title.strip()
    named = _title_line(lines, _last_crumb(lines) if untitled else title)
    lead, open_lines = _find_lead(lines, named, marks)
    for n in open_lines:
        marks[n] = [(0, SUBHEAD)]
    if untitled and named is None and _is_headline(lines, open_lines, lead, marks):
        marks[open_lines[0]] = [(0, TITLE)]
    _mark_lead(lines, lead, marks)
    return lead


def _find_lead(lines: list[str], named: int | None, marks: Marks) -> tuple[int, list[int]]:
    """Find the first line of prose; mark title and chrome above it, and list its subheads.

    Lines without a final stop are subheads only where prose follows; else they are the text.
    """
    open_lines: list[int] = []
    n = -1
    while (n := _next_filled(lines, n + 1)) < len(lines) and len(open_lines) <= _MOST_SUBHEADS:
        line = lines[n].strip()
        closed = _is_closed(line)
        if n == named:
            marks[n] = [(0, TITLE)]
        elif closed and not _is_odd(line) and " | " not in line:
            return n, open_lines
        elif len(lines) > 1 and (pieces := _pieces(line)):
            marks[n] = pieces
        elif (dateline := _dateline_end(line)) == len(line) and len(lines) > 1:
            marks[n] = _ALL_OTHER
        elif dateline or closed or _is_no_heading(line, _LONGEST_SUBHEAD):
            return n, open_lines
        elif named is not None and (n < named or line == lines[named].strip()):
            marks[n] = _ALL_OTHER  # kickers above the title; the title once more
        elif _is_category_line(line) or _is_signed_name(lines, n):
            marks[n] = _ALL_OTHER
        else:
            open_lines.append(n)
    return (open_lines[0] if open_lines else n), []


def _mark_lead(lines: list[str], lead: int, marks: Marks) -> None:
    """Mark the lead, and a dateline before it or before the paragraph below it."""
    for n, field in ((lead, LEAD), (_next_filled(lines, lead + 1), BODY)):
        line = lines[n].strip() if n < len(lines) else ""
        dateline = _dateline_end(line)
        if 0 < dateline < len(line):
            marks[n] = [(0, OTHER), (dateline, field)]
        elif line and field == LEAD:
            marks[n] = [(0, LEAD)]


def _dateline_end(line: str) -> int:
    """Where prose begins after a dateline; 0 where there is no dateline."""
    if len(line) > _LONGEST_LABEL and not line[1].isupper():
        head = line[:_LONGEST_LABEL]
        if not ("(" in head or "—" in head or "–" in head or "--" in head or "/" in head):
            return 0  # the pattern would find nothing, more slowly
    dateline = DATELINE.match(line)
    return dateline.end() if dateline else 0


def _title_line(lines: list[str], title: str) -> int | None:
    """Find the line at the top that says the title again; prose ends the search."""
    n = _next_filled(lines, 0)
    if n == len(lines) or (len(lines[n]) > 2 * len(title) + 20 and not _is_odd(lines[n])):
        return None
    words = _WORD.findall(title.casefold()) if len(title) <= 2 * _LONGEST_TITLE else []
    for _ in range(_MOST_ABOVE_TITLE if words else 0):
        line = lines[n].strip()
        if len(line) <= _LONGEST_TITLE and _says_again(line, words) and not _pieces(line):
            return n
        if len(line) > _LONGEST_SUBHEAD or (_is_closed(line) and not _pieces(line)):
            return None
        if (n := _next_filled(lines, n + 1)) == len(lines):
            return None
    return None


def _says_again(line: str, words: list[str]) -> bool:
    """Whether a line and a title of these words are one headline.

    They share four fifths of their words, or one is the other cut short ("... Listen· 3:46").
    """
    folded = line.casefold()
    if 5 * sum(map(folded.__contains__, words[:5])) < 4 * len(words[:5]):
        return False  # most lines leave here
    others = _WORD.findall(folded)
    shorter, longer = sorted((words, others), key=len)
    shared = sum(word in longer for word in shorter)
    alike = shared >= 3 and 5 * shared >= 4 * len(longer)
    cut = 5 <= len(shorter) > len(longer) // 2 and longer[: len(shorter)] == shorter
    return words == others or alike or cut


def _last_crumb(lines: list[str]) -> str:
    """The name that a page's breadcrumbs give it, or an empty string."""
    n = _next_filled(lines, 0)
    crumbs = _CRUMBS.fullmatch(lines[n].strip()[:_LONGEST_ODD]) if n < len(lines) else None
    return crumbs[1] if crumbs else ""


def _is_category_line(line: str) -> bool:
    """Whether a line lists a site's sections: "Defence Featured Global News Military Russia"."""
    words = line.casefold().split()
    return words[0] in RUBRICS and all(word in RUBRICS for word in words)


def _is_signed_name(lines: list[str], n: int) -> bool:
    """Whether a line is a writer's name above the name of the outlet or agency."""
    below = _next_filled(lines, n + 1)
    return (
        _NAMES_ONLY.fullmatch(lines[n].strip()) is not None
        and below < len(lines)
        and _is_signature(lines[below].strip())
    )


def _is_signature(line: str) -> bool:
    return line in _SIGNATURES or line.startswith(("Special for ", "Special to "))


def _is_headline(lines: list[str], open_lines: list[int], lead: int, marks: Marks) -> bool:
    """Whether the first of a text's open lines is surely its headline.

    Nothing but chrome stands above it, at most one subhead below, and it is no caption.
    """
    if not 1 <= len(open_lines) <= 2:
        return False
    line = lines[open_lines[0]].strip()
    return (
        all(marks[n] is _ALL_OTHER for n in marks if n < open_lines[0])
        and "A" <= line[0] <= "Z"
        and 20 <= len(line) < len(lines[lead])
        and "|" not in line
        and _INNER_STOP.search(line) is None
        and not (_NAMES_ONLY.fullmatch(line) and (" and " in line or line.count(" ") < 3))
    )


# The lines below the lead.


def _mark_body(lines: list[str], odd: list[int], lead: int, marks: Marks) -> None:
    """Mark what is not prose among the *odd* lines below the lead."""
    open_lines = []
    tail = lead + 1  # the line at which the last tail ended
    for n in odd:
        line = lines[n].strip()
        if n < tail or n in marks or not line:
            continue
        if line[:5] in _LABEL_CUES and (reach := TAILS.get(_label(line))):
            tail = _mark_tail(lines, n, reach, marks)
        elif pieces := _pieces(line):
            marks[n] = pieces
        elif line[-1] not in _STOPS:
            open_lines.append(n)
    if open_lines:
        _mark_open_lines(lines, open_lines, marks)


def _mark_tail(lines: list[str], heading: int, reach: int, marks: Marks) -> int:
    """Mark a heading and the teasers below it; return where the article begins again."""
    marks[heading] = _ALL_OTHER
    n = heading
    while (n := _next_filled(lines, n + 1)) < len(lines):
        line = lines[n].strip()
        if len(line) >= reach and _is_closed(line) and not line.endswith(("…", "...")):
            break
        marks[n] = _ALL_OTHER
    return n


def _mark_open_lines(lines: list[str], open_lines: list[int], marks: Marks) -> None:
    """Tell captions, section headings and links among the lines that end without a stop.

    A heading that comes twice is a speaker's name in an interview, or a cell of a table.
    """
    links = _linked_headlines(lines, open_lines)
    marks.update(dict.fromkeys(links, _ALL_OTHER))
    headings: dict[str, list[int]] = {}
    for n in open_lines:
        below = _next_filled(lines, n + 1)
        if n in links or below == len(lines):
            continue
        line, paragraph = lines[n].strip(), lines[below].strip()
        if "/" in paragraph and paragraph[-1] not in _STOPS and _is_photo_credit(paragraph):
            if len(line) <= _LONGEST_SUBHEAD and (below == n + 1 or _above(lines, n) in marks):
                marks[n] = [(0, CAPTION)]
        elif _heads_paragraph(line, paragraph) and _ends_above(lines, n, marks):
            headings.setdefault(line, []).append(n)
    for line, (n, *again) in headings.items():
        if not again:
            marks[n] = [(0, CAPTION if _OFFICE_HOLDER.fullmatch(line) else SUBHEAD)]


def _linked_headlines(lines: list[str], open_lines: list[int]) -> list[int]:
    """Long headlines in capitals: other stories', unless capitals are this text's own style."""
    shouts = [n for n in open_lines if lines[n].isupper() and lines[n].count(" ") > 1]
    if len(shouts) > _MOST_LINKS:
        return []
    return [n for n in shouts if lines[n].count(" ") >= _FEWEST_SPACES_OF_LINK]


def _is_photo_credit(line: str) -> bool:
    return len(line) <= _LONGEST_ODD and _CREDIT.fullmatch(line) is not None


def _heads_paragraph(line: str, paragraph: str) -> bool:
    """Whether a line and the one below look like a section's heading and its first paragraph."""
    return (
        ("A" <= line[0] <= "Z" or "0" <= line[0] <= "9")
        and len(paragraph) >= _SHORTEST_PARAGRAPH
        and not paragraph[0].islower()
        and _is_closed(paragraph)
        and not _is_no_heading(line, _LONGEST_HEADING)
    )


def _is_no_heading(line: str, longest: int) -> bool:
    """Whether a line is too long for a heading, or a post from a social network."""
    return len(line) > longest or "@" in line or "//" in line


def _above(lines: list[str], n: int) -> int:
    """The next line above *n* that is not blank; -1 if there is none."""
    n -= 1
    while n >= 0 and not lines[n].strip():
        n -= 1
    return n


def _ends_above(lines: list[str], n: int, marks: Marks) -> bool:
    """Whether a paragraph, or page chrome, ends above a line."""
    above = _above(lines, n)
    last = lines[above].strip()
    return above in marks or (_is_closed(last) and last[-1] != ":")


# One line.


def _is_closed(line: str) -> bool:
    """Whether a line ends as a sentence does, or hangs on the next line by a colon."""
    return line.rstrip("\"”’')]")[-1:] in _STOPS


def _is_odd(line: str) -> bool:
    """Whether a line may be more than prose: no final stop, or a cue opens or closes it."""
    return line[-1] not in _STOPS or line[:5] in _OPENING or line[-7:] in _CLOSING


def _label(line: str) -> str:
    """A short line without case, brackets and final marks, as `NOTICES` and `TAILS` have it."""
    return line[:_LONGEST_LABEL].casefold().strip(" .:…*[]()")


def _pieces(line: str) -> Pieces | None:
    """The pieces of a line by the first rule that fits it, if any."""
    if len(line) > _LONGEST_ODD or "Hide Caption" in line:
        return _slides(line)
    if line[:5] in _LABEL_CUES and ((label := _label(line)) in NOTICES or label in TAILS):
        return _ALL_OTHER
    for pattern in _OPENING.get(line[:5], ()):
        if match := pattern.fullmatch(line):
            return _groups(match)
    for pattern in _CLOSING.get(line[-7:], ()):
        if match := pattern.fullmatch(line):
            return _groups(match)
    return _pieces_within(line) if line[-1] not in _STOPS or " | " in line else None


def _pieces_within(line: str) -> Pieces | None:
    """The pieces of a line without a final stop by the cues within it."""
    if line in _SIGNATURES:
        return _ALL_OTHER
    if (line[:3] in _DATES or not line[0].isalpha()) and _WITHOUT_CUE.fullmatch(line):
        return _ALL_OTHER
    for cue, patterns in _WITHIN.items():
        if cue in line:
            for pattern in patterns:
                if match := pattern.fullmatch(line):
                    return _groups(match)
    return None


def _groups(match: re.Match[str]) -> Pieces:
    if not match.re.groups:
        return _ALL_OTHER
    return [
        (match.start(group), FIELDS.index(group.partition("_")[0]))
        for group, part in match.groupdict().items()
        if part
    ]


def _slides(line: str) -> Pieces | None:
    """The captions of a picture show on one line: "Photos: Rallies In Nice. Hide Caption 1 of 9".

    The show's name comes again with each picture; only the first counts.
    """
    counters = [counter.span() for counter in _SLIDE_COUNTER.finditer(line)]
    if not counters:
        return None
    starts = [0, *(end for _, end in counters)]
    ends = [*(start for start, _ in counters), len(line)]
    name = _shared_words([line[start : start + _LONGEST_SHOW_NAME] for start in starts[:-1]])
    pieces = [(0, CAPTION)] if ends[0] else []
    for (counter, start), end in zip(counters, ends[1:], strict=True):
        pieces.append((counter, OTHER))
        start += len(name) if line.startswith(name, start) else 0
        if start < end:
            pieces.append((start, CAPTION))
    return pieces


def _shared_words(texts: list[str]) -> str:
    """The words with which all texts begin."""
    first, last = min(texts), max(texts)  # in order of characters these two differ soonest
    differ = (n for n, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: first.rfind(" ", 0, next(differ, len(first))) + 1]


def _rule(name: str) -> re.Pattern[str]:
    return re.compile(next(rule.pattern for rule in RULES if rule.name == name))


def _cased(cue: str) -> set[str]:
    return {cue, cue.lower(), cue.upper(), cue.capitalize(), cue.title()}


def _by_cue(part: slice, cues: Iterable[tuple[str, re.Pattern[str]]]) -> dict[str, Patterns]:
    """The patterns to try on lines in which *part* reads as in their cue, in any usual case."""
    found: dict[str, Patterns] = {}
    for cue, pattern in cues:
        for key in _cased(cue[part]):
            found[key] = (*found.get(key, ()), pattern)
    return {key: tuple(dict.fromkeys(patterns)) for key, patterns in found.items()}


_CUES = [(cue, re.compile(rule.pattern)) for rule in RULES for cue in rule.cues]
_LABEL_CUES = {key for label in (*NOTICES, *TAILS) for key in _cased(label[:5])}
_LABEL_CUES |= {f"[{cue[:4]}" for cue in _LABEL_CUES}
_OPENING = dict.fromkeys(_LABEL_CUES, ()) | _by_cue(
    slice(5), ((cue[:-1], pattern) for cue, pattern in _CUES if cue[0] != "…")
)
_CLOSING = _by_cue(slice(-7, None), ((cue, pattern) for cue, pattern in _CUES if cue[-1] != "…"))
_WITHIN: dict[str, list[re.Pattern[str]]] = {}
for _cue, _pattern in _CUES:
    if _cue[0] == _cue[-1] != _cue:
        _WITHIN.setdefault(_cue[1:-1], []).append(_pattern)
_WITHOUT_CUE = re.compile("|".join(rule.pattern for rule in RULES if "…" in rule.cues))
_CREDIT = _rule("photo credit")
_SIGNATURES = frozenset(AGENCIES)
_DATES = frozenset(
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun".split()
)
