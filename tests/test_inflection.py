"""Inflection: every form that news uses, and both spellings where two exist."""

from __future__ import annotations

import pytest

from bias_toolkit.inflection import noun_forms, verb_forms


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("say", "say says said saying"),
        ("vow", "vow vows vowed vowing"),
        ("deny", "deny denies denied denying"),
        ("convey", "convey conveys conveyed conveying"),
        ("stress", "stress stresses stressed stressing"),
        ("accuse", "accuse accuses accused accusing"),
        ("admit", "admit admits admitted admitting"),
        ("quip", "quip quips quipped quipping"),
        ("panic", "panic panics panicked panicking"),
        ("die", "die dies died dying"),
        ("flee", "flee flees fled fleeing"),
        ("fix", "fix fixes fixed fixing"),
        ("offer", "offer offers offered offering"),
        ("write", "write writes wrote written writing"),
        ("be", "be is are am was were been being"),
        ("fact-check", "fact-check fact-checks fact-checked fact-checking"),
        ("signal", "signal signals signaled signalled signaling signalling"),
        ("focus", "focus focuses focused focussed focusing focussing"),
        ("veto", "veto vetoes vetoed vetoing"),
    ],
)
def test_verbs_inflect(lemma: str, forms: str):
    assert verb_forms(lemma) == forms.split()


@pytest.mark.parametrize(
    ("lemma", "plural"),
    [
        ("gunman", "gunmen"),
        ("human shield", "human shields"),
        ("German", "Germans"),
        ("atrocity", "atrocities"),
        ("ploy", "ploys"),
        ("crisis", "crises"),
        ("witch hunt", "witch hunts"),
        ("ex-wife", "ex-wives"),
        ("embargo", "embargoes"),
    ],
)
def test_nouns_inflect(lemma: str, plural: str):
    assert noun_forms(lemma) == [lemma, plural]
