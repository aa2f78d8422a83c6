"""Seconds and memory of testing 34,000 terms in 10,000 articles with 1,000 draws, on one core.

Usage: OMP_NUM_THREADS=1 python benchmarks/keyness_speed.py [--articles N] [--terms N] [--draws N]

Articles are made up: lengths and topics as uneven as in news, terms in 50 articles or more and
some in nearly all, 7.5 million presences.  Counting terms is not included; building the strata
is.  The peak is that of the whole process, the made-up articles included.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from bias_toolkit.keyness import Carriers, compare_terms
from bias_toolkit.strata import build_strata

TOPICS = 44
FEWEST = 50  # articles of the rarest term
MEAN = 220  # articles of a term


def made_up(articles: int, terms: int) -> tuple[Carriers, list[str]]:
    rng = np.random.default_rng(2026)
    weight = 1 / np.arange(1, TOPICS + 1) ** 0.8
    topics = [f"topic {k}" for k in rng.choice(TOPICS, articles, p=weight / weight.sum())]
    words = np.round(rng.lognormal(6.4, 0.6, articles))
    rank = np.arange(1, terms + 1)
    steps = np.linspace(0.3, 1.2, 200)
    sizes = [np.minimum(FEWEST * (terms / rank) ** step, 0.9 * articles) for step in steps]
    size = min(sizes, key=lambda n: abs(n.mean() - MEAN)).astype(int)
    article = np.concatenate([rng.choice(articles, n, replace=False) for n in size])
    carriers = Carriers(
        term=np.repeat(np.arange(terms, dtype=np.int32), size),
        article=article.astype(np.int32),
        uses=np.minimum(rng.geometric(0.6, len(article)), 50).astype(np.int32),
        terms=terms,
        is_a=rng.random(articles) < 0.4,
        words=words,
        ids=[f"{n:08x}" for n in rng.permutation(articles)],
        outlets=("A", "B"),
    )
    return carriers, topics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--terms", type=int, default=34_000)
    parser.add_argument("--draws", type=int, default=1000)
    options = parser.parse_args()
    carriers, topics = made_up(options.articles, options.terms)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    strata = build_strata([topics], carriers.words, carriers.is_a)
    result = compare_terms(carriers, strata, draws=options.draws)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = int((result.terms["p_fwer"] < 0.05).sum())
    print(
        f"{options.articles} articles, {options.terms} terms, "
        f"{len(carriers.term) / 1e6:.1f} million "
        f"presences, {strata.stratum.max() + 1} strata, {options.draws} draws: {found} found; "
        f"{seconds:.1f} s, peak {peak:.0f} MB ({before:.0f} MB before)"
    )


if __name__ == "__main__":
    main()
