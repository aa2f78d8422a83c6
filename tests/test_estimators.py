"""`LoadedLanguage` among scikit-learn's estimators: its conventions, its measures, its errors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.utils import estimator_checks

from bias_toolkit.estimators import LEXICONS, LoadedLanguage
from bias_toolkit.lexicon import load_lexicons

LOADED = [
    "The shameless regime slammed the heroic protesters.",
    "What a disgraceful, utterly pathetic stunt by these crooks!",
    "The far-left mob whined about its phony outrage again.",
    "A bombshell exposes the corrupt cronies of the tyrant.",
    "His vile smear campaign is a travesty, plain and simple.",
    "They peddle baseless hoaxes to gullible voters.",
]
PLAIN = [
    "The bank opened a branch in Oslo on Monday.",
    "The committee will meet at noon to vote on the bill.",
    "Officials said 14 people were treated in hospital.",
    "The company reported sales of 3.2 million dollars.",
    "Rain is expected in the north until Thursday.",
    "The minister travelled to Geneva for the talks.",
]
TEXTS = [*LOADED, *PLAIN]
LABELS = ["loaded"] * len(LOADED) + ["plain"] * len(PLAIN)


@pytest.fixture(scope="module")
def fitted() -> LoadedLanguage:
    return LoadedLanguage(ngrams=(1, 2)).fit(TEXTS, LABELS)


# ------------------------------------------------------------------ scikit-learn's conventions

# The others fit on matrices of numbers, which no estimator of texts can.
CHECKS = """check_estimator_cloneable check_estimator_repr check_estimator_tags_renamed
check_get_params_invariance check_no_attributes_set_in_init check_parameters_default_constructible
check_set_params check_valid_tag_types check_mixin_order check_estimators_unfitted""".split()


@pytest.mark.parametrize("name", CHECKS)
def test_scikit_learns_own_checks_pass(name: str):
    check = getattr(estimator_checks, name, None)
    if check is None:
        pytest.skip(f"this scikit-learn has no {name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check("LoadedLanguage", LoadedLanguage())


def test_parameters_are_kept_as_given_and_cloned():
    model = LoadedLanguage(supplement=False, ngrams=(1, 3), C=2.0)

    assert clone(model).get_params() == {"supplement": False, "ngrams": (1, 3), "C": 2.0}
    assert model.set_params(C=0.5).C == 0.5


def test_a_clone_has_learned_nothing(fitted):
    with pytest.raises(NotFittedError):
        clone(fitted).predict(TEXTS)


def test_it_is_a_step_of_a_pipeline():
    pipeline = make_pipeline(LoadedLanguage(), LogisticRegression(max_iter=5000))

    assert pipeline.fit(TEXTS, LABELS).score(TEXTS, LABELS) == 1


def test_it_is_the_last_step_of_a_pipeline():
    pipeline = make_pipeline(FeatureTrim(), LoadedLanguage())

    assert list(pipeline.fit(TEXTS, LABELS).classes_) == ["loaded", "plain"]
    assert pipeline.predict_proba(TEXTS).shape == (12, 2)


class FeatureTrim(LogisticRegression):
    """A step that strips texts; it has nothing to learn."""

    def fit(self, X: list[str], y: Any = None) -> FeatureTrim:
        return self

    def transform(self, X: list[str]) -> list[str]:
        return [text.strip() for text in X]


def test_a_grid_search_chooses_its_parameters():
    search = GridSearchCV(
        LoadedLanguage(), {"C": [0.01, 1.0], "ngrams": [None, (1, 1)]}, cv=2, scoring="f1_macro"
    )
    search.fit(TEXTS, LABELS)

    assert search.best_score_ > 0.9
    assert len(search.cv_results_["params"]) == 4


def test_features_have_names_in_unions_and_frames():
    model = LoadedLanguage().set_output(transform="pandas")
    union = FeatureUnion([("loaded", LoadedLanguage())]).fit(TEXTS, LABELS)

    assert list(model.transform(TEXTS).columns) == list(model.get_feature_names_out())
    assert union.get_feature_names_out()[0] == "loaded__score_mean"


def test_names_are_as_many_as_columns_and_differ():
    model = LoadedLanguage()
    names = model.get_feature_names_out()

    assert model.transform(TEXTS).shape == (len(TEXTS), len(names))
    assert len(set(names)) == len(names)


def test_every_category_is_a_feature():
    names = set(LoadedLanguage().get_feature_names_out())
    categories = {
        f"{lex.name}_{c.name}" for lex in load_lexicons(*LEXICONS) for c in lex.categories
    }

    assert categories <= names


# ------------------------------------------------------------------ measuring


def test_without_labels_it_measures():
    model = LoadedLanguage()
    scores = model.lexicon_score(TEXTS)

    assert scores[: len(LOADED)].min() > 0.8
    assert scores[len(LOADED) :].max() < 0.1


def test_fitting_changes_no_measure(fitted):
    np.testing.assert_array_equal(fitted.transform(TEXTS), LoadedLanguage().transform(TEXTS))
    np.testing.assert_array_equal(
        fitted.lexicon_score(TEXTS), LoadedLanguage().lexicon_score(TEXTS)
    )


def test_a_text_is_measured_alone_as_among_others():
    model = LoadedLanguage()
    alone = np.vstack([model.transform([text]) for text in TEXTS])

    np.testing.assert_allclose(model.transform(TEXTS), alone)


def test_equal_texts_have_equal_measures_and_order_is_kept():
    model = LoadedLanguage()
    rows = model.transform([TEXTS[0], TEXTS[6], TEXTS[0]])

    np.testing.assert_array_equal(rows[0], rows[2])
    np.testing.assert_array_equal(model.transform(TEXTS[::-1]), model.transform(TEXTS)[::-1])


def test_blank_texts_are_all_zeros():
    model = LoadedLanguage()

    assert not model.transform(["", " \n"]).any()
    assert not model.transform([TEXTS[0], ""])[1].any()
    assert model.lexicon_score([""]).tolist() == [0]
    assert model.transform([]).shape == (0, len(model.get_feature_names_out()))


def test_measures_are_what_their_names_say():
    """Ten words: one of weight 1 gives a rate of 10 per hundred words."""
    model = LoadedLanguage()
    row = dict(
        zip(
            model.get_feature_names_out(),
            model.transform(["He botched it on 3 May, in Oslo, at noon!"])[0],
            strict=True,
        )
    )

    assert row["loaded_emotive_verbs"] == pytest.approx(100 * 1 / 10)
    assert row["exclamation_marks"] == row["numbers"] == pytest.approx(10)
    assert row["commas"] == pytest.approx(20)
    assert row["heaviest"] == 1
    assert row["voice_own"] == 1
    assert row["log_words"] == pytest.approx(np.log(11))


def test_series_and_arrays_are_read_like_lists():
    model = LoadedLanguage()
    expected = model.transform(TEXTS)

    np.testing.assert_array_equal(model.transform(pd.Series(TEXTS, index=range(5, 17))), expected)
    np.testing.assert_array_equal(model.transform(np.array(TEXTS)), expected)


def test_the_supplement_can_be_switched_off():
    text = ["They were slaughtered at dawn."]
    names = list(LoadedLanguage().get_feature_names_out())
    place = names.index("negative_valence")

    assert LoadedLanguage().transform(text)[0, place] == pytest.approx(100 * 3.5 / 5)
    assert LoadedLanguage(supplement=False).transform(text)[0, place] == 0


# ------------------------------------------------------------------ learning


def test_it_learns_the_users_labels(fitted):
    assert fitted.score(TEXTS, LABELS) == 1
    assert list(fitted.predict(["A shameless, pathetic stunt.", "The bank met on Monday."])) == [
        "loaded",
        "plain",
    ]


def test_probabilities_and_decisions_agree(fitted):
    chances, decisions = fitted.predict_proba(TEXTS), fitted.decision_function(TEXTS)

    np.testing.assert_allclose(chances.sum(axis=1), 1)
    np.testing.assert_allclose(chances[:, 1], 1 / (1 + np.exp(-decisions)))
    assert (fitted.classes_[chances.argmax(axis=1)] == fitted.predict(TEXTS)).all()


def test_learning_twice_gives_the_same(fitted):
    again = LoadedLanguage(ngrams=(1, 2)).fit(TEXTS, LABELS)

    np.testing.assert_array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))


def test_more_than_two_labels_are_learned():
    labels = ["a"] * 4 + ["b"] * 4 + ["c"] * 4
    model = LoadedLanguage().fit(TEXTS, labels)

    assert model.predict_proba(TEXTS).shape == (12, 3)
    assert list(model.weights().columns) == ["feature", "a", "b", "c"]


def test_weights_name_measures_and_ngrams(fitted):
    table = fitted.weights()
    ngrams = table["feature"].str.startswith("ngram:")

    assert list(table.columns) == ["feature", "plain"]
    assert list(table["feature"][~ngrams]) == list(fitted.get_feature_names_out())
    assert "ngram:the" in set(table["feature"])
    assert table.set_index("feature").loc["score_mean", "plain"] < 0


def test_fitting_without_labels_only_measures():
    model = LoadedLanguage().fit(TEXTS)

    assert model.transform(TEXTS).shape[0] == len(TEXTS)
    assert not hasattr(model, "classifier_")


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize("method", ["predict", "predict_proba", "decision_function"])
def test_what_needs_labels_says_so(method):
    with pytest.raises(
        NotFittedError, match=rf"no labels; call fit\(texts, labels\) before {method}"
    ):
        getattr(LoadedLanguage(), method)(TEXTS)


def test_weights_before_fitting_say_what_to_do():
    with pytest.raises(NotFittedError, match="before weights, or use transform or lexicon_score"):
        LoadedLanguage().weights()


def test_one_text_is_not_a_sequence_of_texts():
    with pytest.raises(TypeError, match=r"X is one text \('A text\.'\.\.\.\); give a sequence"):
        LoadedLanguage().transform("A text.")


def test_what_is_no_text_is_named_with_its_place():
    with pytest.raises(TypeError, match=r"X\[1\] is None; every text must be a string"):
        LoadedLanguage().transform(["A text.", None])


def test_a_table_is_not_read_as_the_names_of_its_columns():
    with pytest.raises(TypeError, match=r"X is a table; give the column of texts: X\['text'\]"):
        LoadedLanguage().transform(pd.DataFrame({"text": ["A text."]}))


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_label_is_named_with_its_place(missing: object):
    with pytest.raises(ValueError, match=r"y\[1\] is .*; every text needs a label: leave out"):
        LoadedLanguage().fit(["A text.", "Another.", "More."], ["a", missing, "b"])


def test_nothing_can_be_classified_without_a_text(fitted):
    with pytest.raises(ValueError, match="X holds 0 texts; a classifier needs one or more"):
        fitted.predict([])


@pytest.mark.parametrize("ngrams", ["words", 3, (1, 2, 3), (1, "2")])
def test_ngrams_that_are_no_pair_are_refused(ngrams: object):
    with pytest.raises(ValueError, match=r"give \(shortest, longest\), such as \(1, 2\), or None"):
        LoadedLanguage(ngrams=ngrams).fit(["A text.", "Another."], ["a", "b"])


def test_one_kind_of_label_cannot_be_learned():
    with pytest.raises(ValueError, match=r"all labels are in \['a'\]: a classifier needs two"):
        LoadedLanguage().fit(TEXTS, ["a"] * 12)


def test_texts_and_labels_must_be_as_many():
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        LoadedLanguage().fit(TEXTS, LABELS[:3])


@pytest.mark.parametrize("ngrams", [(0, 1), (2, 1)])
def test_ngrams_must_be_a_range(ngrams):
    with pytest.raises(ValueError, match=r"ngrams is \(\d, 1\); give \(shortest, longest\)"):
        LoadedLanguage(ngrams=ngrams).fit(TEXTS, LABELS)
