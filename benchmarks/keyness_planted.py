"""How many planted differences are found, and what share of the exploring list is false.

Usage: OMP_NUM_THREADS=1 python -m benchmarks.keyness_planted [--splits N] [--draws N]

Random halves of one outlet of allsides.jsonl.gz (BIAS_TOOLKIT_DATA, default ../shared/data), in
which every natural term is null.  Into each split ten terms are planted: carried by a share of b's
articles drawn at random, and by a larger one of a's.  Half of them are used once an article, half
in bursts.  Recall: planted terms with p_fwer < .05.  False share: natural terms of all that have
p_bh < .05, a mean over splits in which 0 of 0 is 0.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from benchmarks.keyness_null import Corpus, Split, articles, compared
from bias_toolkit.keyness import DRAWS

PLANTED = 10  # terms a split
BURST = 0.3  # of the geometric distribution of uses: 3.3 an article that has the word at all


class Case(NamedTuple):
    """A difference to plant, and what recall is asked."""

    side: int  # articles
    b_share: float
    a_share: float
    asked: float


CASES = (Case(50, 0.02, 0.5, 0.95), Case(150, 0.2, 0.5, 0.85))
ASKED_FALSE = 0.05


def with_planted(corpus: Corpus, split: Split, case: Case, rng: np.random.Generator) -> Corpus:
    """The corpus with PLANTED more terms, the last columns, in the articles of the split."""
    uses = np.zeros((len(corpus.words), PLANTED), np.int32)
    for is_a, share in ((True, case.a_share), (False, case.b_share)):
        rows = split.rows[split.is_a == is_a]
        for term in range(PLANTED):
            carriers = rows[rng.random(len(rows)) < share]
            uses[carriers, term] = 1 if term % 2 else rng.geometric(BURST, len(carriers))
    return corpus._replace(uses=hstack([corpus.uses, csr_matrix(uses)], "csr"))


def recall_and_false(k: int, case: Case, draws: int) -> tuple[float, float, int]:
    """Of split number *k*: recall, false share under BH, false family-wise findings."""
    rng = np.random.default_rng([2028, case.side, k])
    corpora = articles()
    corpus = corpora[k % len(corpora)]
    split = Split(
        rng.permutation(len(corpus.words))[: 2 * case.side], np.arange(2 * case.side) < case.side
    )
    terms = compared(with_planted(corpus, split, case, rng), split, [], k, draws).terms
    planted = np.arange(len(terms)) >= len(terms) - PLANTED
    found, explored = (terms["p_fwer"] < 0.05).to_numpy(), (terms["p_bh"] < 0.05).to_numpy()
    false = (explored & ~planted).sum() / max(explored.sum(), 1)
    return float(found[planted].mean()), float(false), int((found & ~planted).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=40)
    parser.add_argument("--draws", type=int, default=DRAWS)
    options = parser.parse_args()
    for case in CASES:
        rows = [recall_and_false(k, case, options.draws) for k in range(options.splits)]
        recall, false, found = (np.array(column) for column in zip(*rows, strict=True))
        error = recall.std(ddof=1) / np.sqrt(len(recall))
        print(
            f"{case.b_share:g} > {case.a_share:g} at {case.side} a side, {len(rows)} splits: "
            f"recall {recall.mean():.3f} (standard error {error:.3f}; asked {case.asked}); "
            f"false share under BH {false.mean():.3f} (asked {ASKED_FALSE}); "
            f"{found.mean():.3f} false family-wise findings a split",
            flush=True,
        )


if __name__ == "__main__":
    main()
