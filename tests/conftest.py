"""Fixtures that several test modules use."""

from __future__ import annotations

import pytest

from bias_toolkit.lexicon import Lexicon, load_lexicon


@pytest.fixture(scope="module")
def small(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Lexicon]:
    """The lexicon that the test's module spells out in SMALL."""
    path = tmp_path_factory.mktemp("lexicons") / "small.toml"
    path.write_text(request.module.SMALL, encoding="utf8")
    return [load_lexicon(path)]
