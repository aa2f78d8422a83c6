"""Run a lexicon's own examples through the matcher, and say which of them fail.

A category or label ships texts that must match and texts that must not; the second are the
interesting ones, since they are the other senses of its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bias_toolkit.lexicon import Category, Label, Lexicon
from bias_toolkit.matching import Matcher
from bias_toolkit.tokens import Reader


@dataclass(frozen=True)
class Checked:
    """What was checked of a lexicon, and a sentence for each example that fails."""

    hits: int
    misses: int
    failures: tuple[str, ...]


def check_examples(lexicon: Lexicon) -> Checked:
    """Match every example of *lexicon*; an example is read as a text of its own."""
    examples = [*_examples(lexicon)]
    reader = Reader()
    matcher = Matcher(reader, [lexicon])
    batch = reader.read([text for _, _, _, text in examples])
    found = matcher.find(batch)
    entries = matcher.entries
    docs = batch.doc[found.first].tolist()
    matched = {
        (doc, entries[entry].referent, entries[entry].category)
        for doc, entry in zip(docs, found.entry.tolist(), strict=True)
    }
    failures = []
    for number, (referent, name, wanted, text) in enumerate(examples):
        if ((number, referent, name) in matched) != wanted:
            failures.append(_failure(referent, name, wanted, text))
    hits = sum(wanted for _, _, wanted, _ in examples)
    return Checked(hits, len(examples) - hits, tuple(failures))


def _examples(lexicon: Lexicon) -> Iterator[tuple[str, str, bool, str]]:
    """Referent ("" for a category), category or label, whether it must match, and the text."""
    owners: list[tuple[str, str, Category | Label]] = [
        ("", category.name, category) for category in lexicon.categories
    ]
    owners += [(r.name, label.label, label) for r in lexicon.referents for label in r.labels]
    for referent, name, owner in owners:
        yield from ((referent, name, True, text) for text in owner.hits)
        yield from ((referent, name, False, text) for text in owner.misses)


def _failure(referent: str, name: str, wanted: bool, text: str) -> str:
    place = f"label {name!r} of {referent!r}" if referent else f"category {name!r}"
    if wanted:
        return f"{place} does not match {text!r}; add a term for it, or drop it from hits"
    return f"{place} matches {text!r}; add a `not` phrase for it, or drop it from misses"
