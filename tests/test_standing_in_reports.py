"""A report calls a category vocabulary until evidence says that coders validated it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import bias_toolkit as bt
from bias_toolkit.cli import main
from bias_toolkit.lexicon import load_lexicons
from bias_toolkit.reports import report
from bias_toolkit.validity import VOCABULARY, content_checksum

TEXTS = {"A": "The war went on, and troops shelled the town.", "B": "Refugees fled the war."}


@pytest.fixture(scope="module")
def result() -> bt.Comparison:
    rows = [{"id": o, "outlet": o, "title": "", "text": text} for o, text in TEXTS.items()]
    part = bt.profile(pd.DataFrame(rows), load_lexicons("framing", "certainty"))
    return bt.compare(part, "A", "B")


def evidence(path: Path, **categories: float) -> Path:
    """A file as `validate` saves it, with an alpha for each category."""
    (lexicon,) = load_lexicons("framing")
    content = {
        "format": 2,
        "lexicon": "framing",
        "lexicon_checksum": content_checksum(lexicon),
        "categories": {
            name: {
                "agreement": {"alpha": alpha, "coders": 3},
                "coded_twice": {"hits": 40, "others": 40},
            }
            for name, alpha in categories.items()
        },
    }
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_without_evidence_every_category_is_called_vocabulary(result, tmp_path: Path):
    text = report(result, tmp_path, figures=False).read_text("utf-8")

    assert text.count(f"Every category here is {VOCABULARY}: ") == 1  # certainty hits nothing
    assert "validated by" not in text


def test_with_evidence_each_category_says_what_coders_made_of_it(result, tmp_path: Path):
    path = evidence(tmp_path / "evidence.json", war_conflict=0.84, humanitarian=0.5)
    text = report(result, tmp_path, figures=False, evidence=[path]).read_text("utf-8")

    assert "<small>validated by 3 coders (alpha .840)</small>" in text
    assert f"<small>{VOCABULARY}</small>" in text
    assert "Every category here is" not in text


def test_evidence_on_a_lexicon_that_was_not_used_is_refused(result, tmp_path: Path):
    path = evidence(tmp_path / "evidence.json")
    path.write_text(path.read_text("utf-8").replace('"framing"', '"other"'), "utf-8")
    with pytest.raises(ValueError, match="on the lexicon 'other', and that lexicon is not used"):
        report(result, tmp_path, figures=False, evidence=[path])


def compared(out: Path, *options: object) -> Result:
    rows = [{"outlet": o, "text": text} for o, text in TEXTS.items()]
    path = out.with_suffix(".jsonl")
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    arguments = ["compare", path, "--out", out, "--no-plots", "--lexicon", "framing", *options]
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_the_command_line_takes_evidence(tmp_path: Path):
    path = evidence(tmp_path / "evidence.json", war_conflict=0.84)
    found = compared(tmp_path / "report", "--evidence", path)

    assert found.exit_code == 0, found.output
    assert "validated by 3 coders" in (tmp_path / "report" / "index.html").read_text("utf-8")


def test_the_command_line_refuses_what_is_no_evidence(tmp_path: Path):
    path = tmp_path / "articles.json"
    path.write_text("[]", "utf-8")
    found = compared(tmp_path / "report", "--evidence", path)

    assert found.exit_code == 1
    assert str(path) in found.output
    assert "Traceback" not in found.output
