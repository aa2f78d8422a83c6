"""Hashes of words: the same wherever the word stands in a vocabulary, and order tells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bias_toolkit.hashing import Words, codes, hashes, kinds_of, mixed
from bias_toolkit.profiles import Profile, profile


def part(*rows: tuple[str, str, str | None, str]) -> Profile:
    """A profile of articles: id, outlet, date, text."""
    return profile(pd.DataFrame(rows, columns=["id", "outlet", "date", "text"]), [])


def sentence_hashes(words: Words, even: bool = False) -> list[int]:
    code = words.evened if even else words.code
    return hashes(code, words.pointer[:-1], words.pointer[1:]).tolist()


def test_a_sentence_has_one_hash_in_every_profile():
    """Its words have other numbers there, but the same strings."""
    one = sentence_hashes(Words(part(("a", "A", None, "Baku won the war."))))
    other = sentence_hashes(Words(part(("b", "B", None, "The war is over. Baku won the war."))))

    assert other[1:] == one


def test_the_order_of_the_words_tells():
    one, other = sentence_hashes(
        Words(part(("a", "A", None, "Baku beat Yerevan.\nYerevan beat Baku.")))
    )

    assert one != other


def test_numbers_months_and_weekdays_are_one_word_when_evened():
    texts = (
        "Updated 3:15 p.m. on Monday, May 4, 2019.",
        "Updated 10:20 p.m. on Friday, June 12, 2020.",
    )
    words = Words(part(("a", "A", None, "\n".join(texts))))

    assert len(set(sentence_hashes(words))) == 2
    assert len(set(sentence_hashes(words, even=True))) == 1


def test_no_two_of_many_strings_share_a_hash():
    many = codes([f"w{n}" for n in range(50_000)])

    assert len(np.unique(many)) == len(many) == len(np.unique(mixed(many)))


def test_rank_is_by_date_then_id_and_undated_come_last():
    words = Words(
        part(
            ("d", "A", None, "x"),
            ("c", "A", "2020-01-02", "x"),
            ("b", "A", "2020-01-01", "x"),
            ("a", "A", "2020-01-02", "x"),
        )
    )

    assert words.rank.tolist() == [3, 2, 0, 1]


def test_kinds_are_of_one_outlet_and_count_each_unit_once():
    """A says "yes" twice in one article and once in another; B says it too; c is not counted."""
    words = Words(
        part(
            ("a", "A", "2020-01-02", "Yes.\nNo.\nYes."),
            ("b", "A", "2020-01-01", "Yes."),
            ("c", "A", "2019-01-01", "Yes."),
            ("d", "B", "2020-01-01", "Yes."),
        )
    )
    key = np.array(sentence_hashes(words), np.uint64)
    kinds = kinds_of(key, words.unit, np.array([True, True, False, True]), words)
    yes, no, again, b, c, d = kinds.kind.tolist()

    assert yes == again == b == c != d
    assert kinds.units[[yes, no, d]].tolist() == [2, 1, 1]
    assert kinds.first[yes] == 3  # the earliest that is counted: b's
    assert [found.tolist() for found in kinds.pieces(np.array([yes, d]))] == [[0, 2, 3, 4], [5]]


def test_dates_of_units_are_sorted_and_each_told_once():
    words = Words(
        part(("a", "A", "2020-01-02", "x"), ("b", "A", None, "x"), ("c", "A", "2020-01-01", "x"))
    )

    assert words.days(np.array([0, 1, 2, 0])) == ["2020-01-01", "2020-01-02"]
