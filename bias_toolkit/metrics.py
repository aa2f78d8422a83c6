"""Metrics: functions of sums, with intervals over articles.

A metric maps sums (words, hits, sentences, ...) to a number.  Since sums add, one definition
serves an article, an outlet, and all the leave-one-out outlets of a jackknife at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Sums = Mapping[str, NDArray[np.float64]]

FEWEST = 5  # articles: below, counts and values are shown without an interval
_ROUNDING = 1e-12  # of the value: a smaller spread is no spread, only the error of the sums


class Estimate(NamedTuple):
    """A value and its 95 % interval; nan where undefined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Metric:
    """A number that sums determine.  `needs` are the sums that `function` reads."""

    name: str
    about: str
    unit: str
    needs: tuple[str, ...]
    function: Callable[[Sums], NDArray[np.float64]]


def ratio(name: str, about: str, unit: str, parts: tuple[str, str], scale: float = 1.0) -> Metric:
    """A metric that is one sum over another, times *scale*; nan where the second is 0.

    >>> rate = ratio("rate", "", "per 1,000 words", ("hits", "words"), 1000)
    >>> float(rate.function({"hits": np.array(3.0), "words": np.array(1500.0)}))
    2.0
    """
    above, below = parts

    def function(sums: Sums) -> NDArray[np.float64]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(sums[below] > 0, scale * sums[above] / sums[below], np.nan)

    return Metric(name, about, unit, parts, function)


def estimate(metric: Metric, articles: Sums) -> Estimate:
    """The metric of some articles together, with a 95 % jackknife interval over articles.

    *articles* holds one value an article for each sum.  The interval is the delete-one
    jackknife with Student's t, n - 1 degrees of freedom (Tukey 1958; Efron 1982, ch. 3);
    articles, not words, are what varies.  Fewer than FEWEST articles give no interval, nor do
    articles that are all alike (a term that none has): a width of 0 would feign certainty.
    """
    value, spread, n = _jackknife(metric, articles)
    if n < FEWEST or not spread > 0:
        return Estimate(value, np.nan, np.nan)
    reach = _t_quantile(n - 1) * spread
    return Estimate(value, value - reach, value + reach)


def difference(metric: Metric, a: Sums, b: Sums) -> Estimate:
    """The metric of *a* less that of *b*, with a 95 % interval (Welch 1947 on jackknife errors).

    No interval where either side has fewer than FEWEST articles, or neither side's vary.
    """
    (value_a, spread_a, n_a), (value_b, spread_b, n_b) = (_jackknife(metric, s) for s in (a, b))
    value = value_a - value_b
    low, high = welch(value, (spread_a, spread_b), (n_a, n_b))
    return Estimate(value, float(low), float(high))


def welch(value: Any, spreads: tuple[Any, Any], articles: tuple[int, int]) -> tuple[Any, Any]:
    """The ends of 95 % intervals of differences, given both sides' jackknife errors.

    Student's t with Welch's (1947) degrees of freedom; values and errors are numbers or arrays.
    nan below FEWEST articles a side, or where nothing varies: a width of 0 would feign certainty.
    """
    from scipy.special import stdtrit

    spread = np.hypot(*spreads)
    if min(articles) < FEWEST:
        return spread * np.nan, spread * np.nan
    spread = np.where(spread > 0, spread, np.nan)
    shares = [(one / spread) ** 4 / (n - 1) for one, n in zip(spreads, articles, strict=True)]
    reach = stdtrit(1 / (shares[0] + shares[1]), 0.975) * spread
    return value - reach, value + reach


def _t_quantile(freedom: float) -> float:
    """The 97.5 % point of Student's t."""
    from scipy.special import stdtrit  # scipy.stats would add a second to every start

    return float(stdtrit(freedom, 0.975))


def _jackknife(metric: Metric, articles: Sums) -> tuple[float, float, int]:
    """Value, standard error, and number of articles; the order of articles changes no bit."""
    values = {name: np.asarray(articles[name], float) for name in metric.needs}
    totals = {name: np.array(math.fsum(column)) for name, column in values.items()}
    n = len(next(iter(values.values())))
    value = float(metric.function(totals))
    if n < 2:
        return value, np.nan, n
    without = metric.function({name: totals[name] - column for name, column in values.items()})
    middle = math.fsum(without) / n
    spread = math.sqrt((n - 1) / n * math.fsum((without - middle) ** 2))
    return value, 0.0 if spread <= _ROUNDING * abs(middle) else spread, n


def table(
    metrics: Sequence[Metric], groups: Mapping[str, Sums]
) -> list[dict[str, str | float | int]]:
    """One row a metric and group: metric, outlet, articles, value, low, high, unit."""
    rows: list[dict[str, str | float | int]] = []
    for metric in metrics:
        for outlet, sums in groups.items():
            value, low, high = estimate(metric, sums)
            n = len(sums[metric.needs[0]])
            rows.append(
                {
                    "metric": metric.name,
                    "outlet": outlet,
                    "articles": n,
                    "value": value,
                    "low": low,
                    "high": high,
                    "unit": metric.unit,
                }
            )
    return rows
