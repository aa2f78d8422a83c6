"""How often the 95 % interval of the common odds ratio holds the true one.

Usage: python -m benchmarks.keyness_coverage [--repeats N] [--seed N]

Made-up comparisons of 5, 15, 50 and 150 articles a side in one stratum, in five, and in pairs; a
true odds ratio of 1 and of 4; a term in a tenth and in four tenths of the other outlet's articles
(in several strata with a standard deviation of 1 of the logit).  A comparison in which no article
carries the term has no odds, and is left out.
"""

from __future__ import annotations

import argparse
from itertools import product

import numpy as np
from scipy.special import expit, logit

from bias_toolkit.effects import Margins, common_log_odds

SIDES = (5, 15, 50, 150)
STRATA = ("one stratum", "five strata", "pairs")
ODDS = (1.0, 4.0)
SHARES = (0.1, 0.4)
ASKED = 0.925


def margins(a: np.ndarray, b: np.ndarray, articles: np.ndarray) -> Margins:
    """Of carriers in both outlets, (repeats, strata) each: a repeat stands for a term."""
    both = a + b
    repeat, stratum = np.nonzero(both)
    pointer = np.append(0, np.cumsum(np.count_nonzero(both, axis=1)))
    carried = both[repeat, stratum], a[repeat, stratum]
    return Margins(pointer, stratum, *carried, first=articles, second=articles)


def coverage(
    side: int, strata: str, odds: float, share: float, repeats: int, rng: np.random.Generator
) -> float:
    """The share of intervals that hold the true odds ratio."""
    count = {"one stratum": 1, "five strata": 5, "pairs": side}[strata]
    articles = np.full(count, side // count)
    level = logit(share) + rng.normal(0, count > 1, (repeats, count))
    a = rng.binomial(articles, expit(level + np.log(odds)))
    b = rng.binomial(articles, expit(level))
    found = common_log_odds(margins(a, b, articles))
    used = ~np.isnan(found.value)
    holds = (found.low <= np.log(odds)) & (np.log(odds) <= found.high)
    return float(holds[used].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    worst = []
    for side in SIDES:
        cells = {
            cell: coverage(side, *cell, options.repeats, rng)
            for cell in product(STRATA, ODDS, SHARES)
        }
        (strata, odds, share), least = min(cells.items(), key=lambda item: item[1])
        worst.append(least)
        print(
            f"{side} a side: {np.mean(list(cells.values())):.3f} on average, {least:.3f} in the "
            f"worst cell ({strata}, odds ratio {odds:g}, in {share:.0%})"
        )
    print(f"coverage of 95 % intervals, worst cell: {min(worst):.3f} (asked {ASKED})")


if __name__ == "__main__":
    main()
