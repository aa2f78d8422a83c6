"""Offer the loadedness of texts to scikit-learn, as features and as a classifier.

The idea to know: without labels `LoadedLanguage` only measures (`transform`, `lexicon_score`), and
nothing in it was learned from annotated texts.  With the user's own labels `fit` weighs the same
measures, and if wished the words of the user's texts, by a regularised logistic regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from bias_toolkit.annotation import Annotations, annotate
from bias_toolkit.attribution import VOICES
from bias_toolkit.lexicon import Lexicon, load_lexicons
from bias_toolkit.loadedness import loadedness, word_signs

LEXICONS = ("loaded", "certainty")
"""The lexicons whose categories are features; only `loaded` makes the score."""
NGRAM_WEIGHT = 10.0
"""What a text's n-grams count beside its measures before both are regularised alike.

The n-grams of a text have length 1 together, spread over some thirty of them; each measure has
variance 1.  Ten gives an n-gram of a short text about the size of a measure.
"""
MOST_DEVIATIONS = 4.0
"""Measures farther from their mean are cut to this: short texts have wild rates."""
_PER = 100  # words to which rates refer
_SCORES = ("score", "shown", "peak", "load")
_SIGNS = ("stance", "intensifier", "negator", "engaged", "named")
_MARKS = {
    "question_marks": ("?",),
    "exclamation_marks": ("!",),
    "dashes": ("—", "–", "--", "-"),
    "colons": (":", ";"),
    "commas": (",",),
    "brackets": ("(", ")", "[", "]"),
}

Floats = NDArray[np.float64]


class LoadedLanguage(ClassifierMixin, TransformerMixin, BaseEstimator):
    """Measures of loaded language in texts, and a classifier made of them.

    Texts are strings, a sentence or an article each.  `transform` needs no fitting; its columns
    are named by `get_feature_names_out`.  `fit` learns from the user's labels, two or more kinds.

    Parameters: *supplement*: whether valence.toml corrects VADER's valences.  *ngrams*: None, or
    the shortest and longest word n-grams of the user's texts to learn as well, such as (1, 2).
    *C*: the inverse strength of regularisation.

    >>> score = LoadedLanguage().lexicon_score(["The regime slammed it.", "The bank opened."])
    >>> score.round(2).tolist()
    [0.97, 0.0]
    """

    def __init__(
        self, *, supplement: bool = True, ngrams: tuple[int, int] | None = None, C: float = 0.05
    ) -> None:
        self.supplement = supplement
        self.ngrams = ngrams
        self.C = C

    # ---- without labels

    def transform(self, X: Sequence[str]) -> Floats:
        """The measures of each text: float64, texts x features, in the order of the names.

        Raises TypeError for anything but a sequence of strings.
        """
        texts = _checked(X)
        if not any(map(str.strip, texts)):  # nothing to annotate
            return np.zeros((len(texts), len(_feature_names())))
        return _measures(_annotated(texts), len(texts), bool(self.supplement)).to_numpy(float)

    def lexicon_score(self, X: Sequence[str]) -> Floats:
        """How loaded each text is by lexicon and formula alone: float64, one a text, 0 to 1.

        The mean of its sentences' scores; needs no fitting.  Raises as `transform`.
        """
        texts = _checked(X)
        if not any(map(str.strip, texts)):
            return np.zeros(len(texts))
        scored = loadedness(_annotated(texts), supplement=bool(self.supplement)).articles
        return _aligned(scored.set_index("article")["score"], len(texts))

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[np.object_]:
        """Names of the columns of `transform`; *input_features* is ignored, as for all texts."""
        return np.array(_feature_names(), dtype=object)

    # ---- with labels

    def fit(self, X: Sequence[str], y: ArrayLike | None = None) -> Self:
        """Learn to tell the labels *y* of the texts *X*; without *y* there is nothing to learn.

        Raises TypeError for anything but a sequence of strings, ValueError where X and y differ
        in length, where y lacks a label or has fewer than two kinds of them, or for *ngrams* that
        are no range.
        """
        texts = _checked(X)
        if y is None:
            return self
        check_consistent_length(texts, y)
        _check_labels(y)
        check_classification_targets(y)
        self.classes_ = np.unique(np.asarray(y))
        if len(self.classes_) < 2:
            only = self.classes_.tolist()
            raise ValueError(f"all labels are in {only}: a classifier needs two kinds or more")
        measures = self.transform(texts)
        self.scaler_ = StandardScaler().fit(measures)
        self.vectorizer_ = None if self.ngrams is None else _vectorizer(self.ngrams).fit(texts)
        self.classifier_ = LogisticRegression(C=self.C, max_iter=2000)
        self.classifier_.fit(self._columns(texts, measures), y)
        return self

    def predict(self, X: Sequence[str]) -> NDArray:
        """The likeliest label of each text.

        Raises NotFittedError before `fit` with labels, ValueError where there is no text.
        """
        return self._classifier("predict").predict(self._columns(_checked(X)))

    def predict_proba(self, X: Sequence[str]) -> Floats:
        """The probability of each label: texts x `classes_`.  Raises as `predict`."""
        return self._classifier("predict_proba").predict_proba(self._columns(_checked(X)))

    def decision_function(self, X: Sequence[str]) -> Floats:
        """The log-odds of the second label, or of each of more.  Raises as `predict`."""
        return self._classifier("decision_function").decision_function(self._columns(_checked(X)))

    def weights(self) -> pd.DataFrame:
        """What was learned: feature, then a column a label (for two labels, the second's log-odds).

        Measures are per standard deviation.  Raises NotFittedError before `fit` with labels.
        """
        learned = self._classifier("weights").coef_
        names = [*_feature_names()]
        if self.vectorizer_ is not None:
            names += [f"ngram:{gram}" for gram in self.vectorizer_.get_feature_names_out()]
        labels = self.classes_[1:] if len(learned) == 1 else self.classes_
        table = pd.DataFrame(learned.T, columns=[str(label) for label in labels])
        table.insert(0, "feature", names)
        return table

    def _classifier(self, method: str) -> LogisticRegression:
        """The fitted classifier; *method* is named where there is none."""
        check_is_fitted(
            self,
            "classifier_",
            msg=f"this LoadedLanguage has seen no labels; call fit(texts, labels) before {method}, "
            "or use transform or lexicon_score, which need none",
        )
        return self.classifier_

    def _columns(self, texts: list[str], measures: Floats | None = None) -> sparse.csr_matrix:
        """What the classifier sees: scaled measures, and n-grams if there are any."""
        if not texts:
            raise ValueError("X holds 0 texts; a classifier needs one or more")
        scaled = self.scaler_.transform(self.transform(texts) if measures is None else measures)
        blocks = [sparse.csr_matrix(np.clip(scaled, -MOST_DEVIATIONS, MOST_DEVIATIONS))]
        if self.vectorizer_ is not None:
            blocks.append(NGRAM_WEIGHT * self.vectorizer_.transform(texts))
        return sparse.hstack(blocks, format="csr")

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "classifier_")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.target_tags.required = False
        tags.requires_fit = False
        return tags


# ------------------------------------------------------------------ texts in


def _checked(X: Sequence[str]) -> list[str]:
    """The texts as a list."""
    if isinstance(X, str):
        raise TypeError(f"X is one text ({X[:20]!r}...); give a sequence of texts, [text]")
    if isinstance(X, pd.DataFrame):  # a list of it would be the names of its columns
        raise TypeError(f"X is a table; give the column of texts: X[{str(X.columns[0])!r}]")
    texts = list(X)
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"X[{number}] is {text!r}; every text must be a string")
    return texts


def _check_labels(y: ArrayLike) -> None:
    """Every text needs a label; nan would become one of its own."""
    labels = pd.Series(np.asarray(y, dtype=object).ravel())
    if len(missing := labels[labels.isna()]):
        place, label = missing.index[0], missing.iloc[0]
        raise ValueError(
            f"y[{place}] is {label!r}; every text needs a label: leave out those without"
        )


def _vectorizer(ngrams: tuple[int, int]) -> TfidfVectorizer:
    shortest, longest = ngrams if isinstance(ngrams, Sequence) and len(ngrams) == 2 else (0, 0)
    if not (isinstance(shortest, int) and isinstance(longest, int) and 1 <= shortest <= longest):
        raise ValueError(f"ngrams is {ngrams!r}; give (shortest, longest), such as (1, 2), or None")
    return TfidfVectorizer(ngram_range=(shortest, longest), min_df=2, sublinear_tf=True)


@cache
def _lexicons() -> tuple[Lexicon, ...]:
    return tuple(load_lexicons(*LEXICONS))


def _annotated(texts: list[str]) -> Annotations:
    """The texts as articles numbered from 0, without titles; blank ones are left out."""
    numbers = [str(number) for number in range(len(texts))]
    frame = pd.DataFrame({"id": numbers, "outlet": "text", "title": "", "text": texts})
    return annotate(frame[frame["text"].str.strip() != ""], lexicons=_lexicons())


# ------------------------------------------------------------------ measures out


def _measures(notes: Annotations, n_texts: int, supplement: bool) -> pd.DataFrame:
    """One row a text, a column a measure; a text without words has 0 everywhere."""
    words = word_signs(notes, supplement=supplement)
    size = _aligned(words.groupby("article").size(), n_texts)
    columns = {
        **_of_sentences(loadedness(notes, supplement=supplement).sentences, n_texts),
        **_of_words(words, n_texts),
    }
    counts = {**_category_weights(notes, n_texts), **_marks(notes, n_texts)}
    counts["attributions"] = _aligned(
        notes.attributions.groupby("article")["id"].nunique(), n_texts
    )
    columns |= {name: _PER * count / np.maximum(size, 1) for name, count in counts.items()}
    columns["log_words"] = np.log1p(size)
    return pd.DataFrame(columns)


@cache
def _feature_names() -> tuple[str, ...]:
    return tuple(_measures(_annotated(["One text."]), 1, True).columns)


def _of_sentences(sentences: pd.DataFrame, n_texts: int) -> dict[str, Floats]:
    """Mean and largest of the scores of the sentences."""
    groups = sentences.groupby("article")
    return {
        f"{name}_{kind}": _aligned(groups[name].agg(kind), n_texts)
        for name in _SCORES
        for kind in ("mean", "max")
    }


def _of_words(words: pd.DataFrame, n_texts: int) -> dict[str, Floats]:
    """Rates of signs per hundred words, shares of voices, and the heaviest word."""
    text, voice = words["text"].str, words["voice"]
    rates = {
        "negative_valence": -words["valence"].clip(upper=0),
        "positive_valence": words["valence"].clip(lower=0),
        **{name: words[name] for name in _SIGNS},
        "numbers": text[0].str.isdigit(),
        "capitals": text.isupper() & (text.len() > 3),
        "adverbs_in_ly": text.endswith("ly"),
    }
    rates = {name: _PER * column.astype(float) for name, column in rates.items()}
    shares = {f"voice_{name}": (voice == name).astype(float) for name in VOICES}
    means = {**rates, **shares, "word_length": text.len().astype(float)}
    groups = pd.DataFrame(means).groupby(words["article"]).mean()
    found = {name: _aligned(groups[name], n_texts) for name in means}
    found["heaviest"] = _aligned(words.groupby("article")["lexicon"].max(), n_texts)
    return found


def _category_weights(notes: Annotations, n_texts: int) -> dict[str, Floats]:
    """The summed weights of the hits of each category."""
    hits = notes.hits
    found = {}
    for lexicon in _lexicons():
        for category in lexicon.categories:
            mine = (hits["lexicon"] == lexicon.name) & (hits["category"] == category.name)
            total = hits[mine].groupby("article")["weight"].sum()
            found[f"{lexicon.name}_{category.name}"] = _aligned(total, n_texts)
    return found


def _marks(notes: Annotations, n_texts: int) -> dict[str, Floats]:
    """How many marks of punctuation of each kind."""
    tokens = notes.tokens
    return {
        name: _aligned(tokens[tokens["text"].isin(signs)].groupby("article").size(), n_texts)
        for name, signs in _MARKS.items()
    }


def _aligned(values: pd.Series, n_texts: int) -> Floats:
    """One value a text, in the order of the texts; 0 for a text that has none."""
    numbers = [str(number) for number in range(n_texts)]
    return values.reindex(numbers).fillna(0.0).to_numpy(float)
