"""Read the dates of one column, whatever form they are written in, as calendar days.

03/04/2020 is the third of April or the fourth of March: a column speaks one language, so that
its other dates decide.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateutil.parser import parser

_YEARS = range(1600, 2100)  # newspapers begin in 1605; a year beyond is a slip or an overflow
_LONGEST_DATE = 60
_ENOUGH = 1000
_MEMORY = 100_000

_ISO = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{6}Z?)?")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)")
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s*[ap]\.?m\.?)?"
_TIME_FIRST = re.compile(rf"{_CLOCK}[,\s]+", re.IGNORECASE | re.ASCII)
_TIME_LAST = re.compile(
    rf"(?:,|\s|T|\bat\b)+{_CLOCK}(?:\s*[a-z]{{1,5}})?(?:\s*[+-]\d\d:?(?:\d\d)?)?(?:\s*\(\w+\))?$",
    re.IGNORECASE | re.ASCII,
)
_WORDS = re.compile(r"[^\W\d_]+\.?|\d+")


def _full_year(year: int) -> int:
    return year if year > 99 else year + (1900 if year > 68 else 2000)


class DateColumn:
    """Reads the dates of one column; 03/04/2020 is read as the column's other dates suggest.

    A date is the calendar day as written, whatever its time zone; epoch seconds are UTC.
    *values* gives all dates of the column, and is asked only when an ambiguous one is met.
    """

    def __init__(self, values: Callable[[], Iterable[str]]) -> None:
        self._values = values
        self._known: dict[str, tuple[str | None, str]] = {}
        self._day_first: dict[str, tuple[bool, str]] = {}

    def read(self, written: str) -> tuple[str | None, str]:
        """The ISO date and the name of its form; None and "" when it cannot be read."""
        found = self._known.get(written)
        if found is None:
            if len(self._known) > _MEMORY:
                self._known.clear()
            found = self._known[written] = self._work_out(written.strip())
        return found

    def _work_out(self, written: str) -> tuple[str | None, str]:
        if len(written) > _LONGEST_DATE:
            return None, ""
        start = _without_time(written)
        timed = ", time" if start != written else ""
        if parts := _ISO.fullmatch(start):
            mark = parts[2]
            day, form = _iso(parts[1], parts[3], parts[4]), f"YYYY{mark}MM{mark}DD"
        elif parts := _COMPACT.fullmatch(start):
            day, form = _iso(*parts.groups()), "YYYYMMDD"
        elif parts := _NUMERIC.fullmatch(start):
            day, form = self._numeric(*parts.groups())
        elif parts := _EPOCH.fullmatch(written):
            day, form = _epoch(parts)
        else:
            day, form = _named(start)
        return (day, form + timed) if day else (None, "")

    def _numeric(self, first: str, mark: str, second: str, year: str) -> tuple[str | None, str]:
        """A date of three numbers: a number over 12 tells the day, else the column does."""
        day_first, assumed = int(first) > 12, ""
        if not day_first and int(second) <= 12:
            day_first, assumed = self._order(mark)
        day, month = (first, second) if day_first else (second, first)
        names = ("DD", "MM") if day_first else ("MM", "DD")
        form = mark.join((*names, "Y" * len(year))) + assumed
        return _iso(str(_full_year(int(year))), month, day), form

    def _order(self, mark: str) -> tuple[bool, str]:
        """Whether the day comes first between *mark*s: as most of the column's plain cases say."""
        if mark not in self._day_first:
            votes = list(itertools.islice(self._votes(mark), _ENOUGH))
            days, months = votes.count(True), votes.count(False)
            # Dots are a European habit; dashes and slashes are read as in America.
            tie = (mark == ".", " (assumed)")
            self._day_first[mark] = tie if days == months else (days > months, "")
        return self._day_first[mark]

    def _votes(self, mark: str) -> Iterator[bool]:
        """Whether the day comes first, for each date of the column that leaves no doubt."""
        for written in self._values():
            parts = _NUMERIC.fullmatch(_without_time(written[:_LONGEST_DATE].strip()))
            if parts and parts[2] == mark and (int(parts[1]) > 12) != (int(parts[3]) > 12):
                yield int(parts[1]) > 12


def _without_time(written: str) -> str:
    """A date without the time of day before or after it."""
    start = _TIME_LAST.sub("", written)
    return _TIME_FIRST.sub("", start, count=1) if _TIME_FIRST.match(start) else start


@cache
def _parser() -> parser:
    """A parser that reads two-digit years as POSIX does, and not by the year of the reading."""
    from dateutil import parser  # most dates are numbers

    class Century(parser.parserinfo):
        def convertyear(self, year: int, century_specified: bool = False) -> int:
            return year if century_specified else _full_year(year)

    return parser.parser(Century())


def _iso(year: str, month: str, day: str) -> str | None:
    """The date in ISO form, None if there is no such day or no such newspaper."""
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _epoch(parts: re.Match[str]) -> tuple[str | None, str]:
    """The day, in UTC, of seconds or milliseconds since 1970."""
    seconds = int(parts[1]) if parts[1] else int(parts[2]) // 1000
    day = datetime.fromtimestamp(seconds, UTC).date().isoformat()
    return day, "epoch seconds" if parts[1] else "epoch milliseconds"


def _named(start: str) -> tuple[str | None, str]:
    """A date with a month's name in it, read by dateutil; None where it is not a whole date."""
    if not any(map(str.isalpha, start)):
        return None, ""
    try:
        # What a date leaves out is taken from the default: two defaults show what that was.
        days = {_parser().parse(start, default=when, ignoretz=True).date() for when in _DEFAULTS}
    except _DATEUTIL_ERRORS:
        return None, ""
    if len(days) > 1:
        return None, ""
    (day,) = days
    return (day.isoformat() if day.year in _YEARS else None), _WORDS.sub(_part, start)


_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))
# Beside ParserError, a ValueError, it lets these through on strings that are no dates.
_DATEUTIL_ERRORS = (ValueError, ArithmeticError, TypeError, LookupError, AttributeError)
_MONTHS = frozenset("jan feb mar apr may jun jul aug sep oct nov dec".split())
_WEEKDAYS = frozenset("mon tue wed thu fri sat sun".split())


def _part(part: re.Match[str]) -> str:
    """What a word or number of a date stands for."""
    word = part[0].lower()
    if word.isdigit():
        return "YYYY" if len(word) == 4 else "D"
    if word[:3] in _MONTHS:
        return "Month"
    return "Weekday" if word[:3] in _WEEKDAYS else part[0]
