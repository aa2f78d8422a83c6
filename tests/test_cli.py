"""The command line: what it prints, where, and with which exit code it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from bias_toolkit import SelfCheck, __version__, profile, selfcheck
from bias_toolkit.cli import main

ROOT = Path(__file__).parents[1]
TASS = "seeds/000_bc626fa2c772027a.txt"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def module(*arguments: str, name: str = "bias_toolkit") -> subprocess.CompletedProcess[str]:
    """``python -m bias_toolkit``, or another module, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples of --help name seeds/, as seen from the top folder."""
    monkeypatch.chdir(ROOT)


def jsonl(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


GOOD = [
    {"id": "1", "outlet": "A", "text": "Baku said the attack was aggression."},
    {"id": "2", "outlet": "B", "text": "The war in Artsakh went on."},
]


# ------------------------------------------------------------------ compare


def test_compare_prints_the_summary_and_says_where_the_report_is(tmp_path: Path) -> None:
    result = run("compare", "seeds", "--out", tmp_path, "--no-plots")
    lines = result.stdout.splitlines()

    assert result.exit_code == 0
    assert lines[0] == "5 articles of 4 outlets"
    assert "exodus [own]" in result.stdout
    assert lines[-2:] == [f"Report: {tmp_path / 'index.html'}", "No row was set aside."]
    assert result.stderr == ""
    assert (tmp_path / "tables" / "mentions.csv").exists()
    assert not (tmp_path / "figures").exists()


def test_compare_draws_figures_unless_told_not_to(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD)

    assert run("compare", path, "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "figures" / "labels.svg").exists()


def test_words_and_lexicons_are_handed_on(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD)
    options = ("--words", "quoted", "--lexicon", "framing", "--lexicon", "lexicons/loaded.toml")
    result = run("compare", path, "--out", tmp_path / "out", "--no-plots", *options)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")

    assert result.exit_code == 0
    assert "the words inside quotation marks" in page
    assert "word list “framing”" in page and "word list “loaded”" in page
    assert "word list “certainty”" not in page


def test_rows_set_aside_are_named_and_change_the_exit_code(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD, {"id": "3", "outlet": "A", "text": " "})
    result = run("compare", path, "--out", tmp_path / "out", "--no-plots")

    assert result.exit_code == 3
    assert result.stderr == (
        f"{path}:3: no text: it is empty or blank; fill in the text, or delete the row\n"
    )
    assert result.stdout.splitlines()[-1] == (
        f"1 row was set aside: see {tmp_path / 'out' / 'tables' / 'rejects.csv'}"
    )


def test_only_twenty_rows_set_aside_are_named(tmp_path: Path) -> None:
    bad = [{"id": f"x{n}", "outlet": "A", "text": ""} for n in range(25)]
    path = jsonl(tmp_path / "a.jsonl", *GOOD, *bad)
    result = run("compare", path, "--out", tmp_path / "out", "--no-plots")
    lines = result.stderr.splitlines()
    table = (tmp_path / "out" / "tables" / "rejects.csv").read_text().splitlines()

    assert (result.exit_code, len(lines), len(table)) == (3, 21, 26)
    assert lines[-1] == "... and 5 more"
    assert result.stdout.splitlines()[-1].startswith("25 rows were set aside: see ")


def test_an_article_given_twice_costs_nothing(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD, GOOD[0])
    result = run("compare", path, "--out", tmp_path / "out", "--no-plots")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "once more" in (tmp_path / "out" / "tables" / "rejects.csv").read_text()
    assert "1 row repeats an article and counts once: see" in result.stdout
    assert "No row was set aside." in result.stdout


def test_outlets_can_be_chosen(tmp_path: Path) -> None:
    third = {"id": "3", "outlet": "C", "text": "The war went on."}
    path = jsonl(tmp_path / "a.jsonl", *GOOD, third)
    out = tmp_path / "out"
    result = run("compare", path, "--out", out, "--no-plots", "--outlet", "C", "--outlet", "A")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("2 articles of 2 outlets\n")
    assert list(pd.read_csv(out / "tables" / "articles.csv")["outlet"]) == ["A", "C"]


def test_an_outlet_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD)
    unknown = run("compare", path, "--out", tmp_path / "out", "--outlet", "A", "--outlet", "TASS")
    single = run("compare", path, "--out", tmp_path / "out", "--outlet", "A")

    assert (unknown.exit_code, single.exit_code) == (1, 1)
    assert unknown.stderr == "Error: no outlet 'TASS'; here are A, B\n"
    assert single.stderr == (
        "Error: a comparison needs two outlets or more, named: A; here are A, B\n"
    )


def test_file_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a\x1b[31m.jsonl", *GOOD, {"id": "3", "outlet": "A", "text": " "})
    result = run("compare", path, "--out", tmp_path / "out", "--no-plots")

    assert result.exit_code == 3
    assert "\x1b" not in result.output


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"outlet": "A", "text": ""}], "Error: no readable article in "),
        (GOOD[:1], "Error: only one outlet here (A): a comparison needs two or more"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    rows: list[dict[str, str]], said: str, tmp_path: Path
) -> None:
    result = run("compare", jsonl(tmp_path / "a.jsonl", *rows), "--out", tmp_path / "out")

    assert result.exit_code == 1
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.output


def test_rows_set_aside_are_named_even_when_nothing_can_be_compared(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", GOOD[0], {"id": "3", "outlet": "B", "text": ""})
    lines = run("compare", path, "--out", tmp_path / "out").stderr.splitlines()

    assert lines[0].startswith(f"{path}:2: no text")
    assert lines[1].startswith("Error: only one outlet here (A)")


def test_an_unknown_word_list_is_one_sentence(tmp_path: Path) -> None:
    result = run("compare", "seeds", "--out", tmp_path, "--lexicon", "framming")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: no lexicon 'framming': give one of the shipped certain")


def test_the_help_names_the_word_lists_of_other_tools() -> None:
    told = " ".join(run("compare", "--help").stdout.split())

    assert (
        "A shipped word list by name, or a file: TOML, or a list of LIWC, quanteda, Lexicoder, "
        "WordStat or Empath, a table (.csv, .tsv), .json or .txt"
    ) in told


def test_a_file_in_the_place_of_the_report_is_one_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    result = run("compare", "seeds", "--out", taken, "--no-plots")

    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: {taken} is a file; give a folder for the report\n",
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "seeds"), "Missing option '--out'"),
        (("compare", "nowhere", "--out", "x"), "Path 'nowhere' does not exist"),
        (("compare", "seeds", "--out", "x", "--words", "mine"), "'mine' is not one of"),
        (("read", "seeds"), "File 'seeds' is a directory"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr


# ------------------------------------------------------------------ profile


def test_a_saved_profile_gives_the_report_that_its_articles_give(tmp_path: Path) -> None:
    saved = run("profile", "seeds", "--out", tmp_path / "p")
    run("compare", "seeds", "--out", tmp_path / "a", "--no-plots")
    run("compare", tmp_path / "p", "--out", tmp_path / "b", "--no-plots")

    assert saved.exit_code == 0
    assert saved.stdout.splitlines() == [
        "Azatutyun/Asbarez: 2 articles",
        "MassisPost: 1 article",
        "NEWS.ru: 1 article",
        "TASS: 1 article",
        "",
        f"Profile: {tmp_path / 'p'}",
        "No row was set aside.",
    ]
    assert (tmp_path / "a/index.html").read_bytes() == (tmp_path / "b/index.html").read_bytes()


def test_a_saved_profile_keeps_its_word_lists(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD)
    run("profile", path, "--out", tmp_path / "p")
    result = run("compare", tmp_path / "p", "--out", tmp_path / "out", "--lexicon", "framing")

    assert result.exit_code == 2
    assert "a saved profile keeps the word lists it was made with" in result.stderr


def test_profile_names_rows_set_aside(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", *GOOD, {"outlet": "A", "text": ""})
    result = run("profile", path, "--out", tmp_path / "p")

    assert result.exit_code == 3
    assert result.stdout.splitlines()[-1] == (
        f"1 row was set aside: see {tmp_path / 'p' / 'profile.json'}"
    )


# ------------------------------------------------------------------ read, lexicon check


def test_read_prints_one_article_with_marks() -> None:
    result = run("read", TASS)

    assert result.exit_code == 0
    assert "partial: it → Baku| " in result.stdout
    assert "WHO SAYS WHAT" in result.stdout
    assert "\x1b" not in result.stdout


def test_read_marks_voices_alone_where_asked_to() -> None:
    shown = run("read", "--voices", TASS).stdout.split("MARKS")[0]

    assert "partial: it → Baku| " in shown
    assert "*" not in shown and "{" not in shown


@pytest.mark.parametrize("name", ["bias_toolkit", "bias_toolkit.cli"])
def test_the_package_and_its_command_line_run_as_modules(name: str) -> None:
    """The second was silent, and ended as if all were well."""
    result = module("read", "--voices", str(TASS), name=name)

    assert result.returncode == 0, result.stderr
    assert "WHO SAYS WHAT" in result.stdout


def test_read_of_a_blank_file_is_one_sentence(tmp_path: Path) -> None:
    blank = tmp_path / "blank.txt"
    blank.write_text(" \n")
    result = run("read", blank)

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: no readable article in {blank}")


def test_shipped_word_lists_pass_their_own_check() -> None:
    result = run("lexicon", "check", "lexicons/framing.toml")

    assert result.exit_code == 0
    assert re.match("Read: 10 categories with [0-9,]+ terms\n", result.stdout)
    assert result.stdout.splitlines()[-1].startswith("lexicons/framing.toml: ")
    assert result.stdout.endswith(" that must not: none failed\n")


def test_a_word_list_that_fails_its_examples_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('name = "bad"\n[categories.war]\nterms = ["war"]\nmisses = ["a trade war"]\n')
    result = run("lexicon", "check", path)

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}: category 'war' matches 'a trade war'; add a `not`")
    assert result.stdout.endswith("0 texts that must match, 1 that must not: 1 failed\n")


def test_a_broken_word_list_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("name = ")
    result = run("lexicon", "check", path)

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {path}: not valid TOML")


# ------------------------------------------------------------------ help


@pytest.mark.parametrize(
    "command", [(), ("compare",), ("read",), ("profile",), ("lexicon",), ("lexicon", "check")]
)
def test_every_help_shows_an_example(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")

    assert result.exit_code == 0
    assert "Example:\n" in result.stdout
    assert f"bias-toolkit {' '.join(command)}".strip() in result.stdout


def test_help_answers_at_once() -> None:
    """In under half a second; thrice that is allowed for a busy machine."""
    started = time.perf_counter()
    result = module("--help")

    assert result.returncode == 0
    assert time.perf_counter() - started < 1.5


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from bias_toolkit.cli import main; main(['--help'], standalone_mode=False);"
        "print(sorted({'numpy', 'pandas', 'jinja2', 'rich', 'matplotlib'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert found.stdout.splitlines()[-1] == "[]"


def test_the_module_is_the_command() -> None:
    assert module("--version").stdout == f"bias-toolkit, version {__version__}\n"
    assert module("compare").returncode == 2


# ------------------------------------------------------------------ tests and self-check


def test_selfcheck_says_what_noise_alone_would_give() -> None:
    result = run("selfcheck", "seeds")

    assert result.exit_code == 0
    assert "no outlet has 20 different articles" in result.stdout


def test_selfcheck_says_of_each_outlet_how_often_it_differs_from_itself(tmp_path: Path) -> None:
    """The sentences of the library, a line each."""
    words = "one two three four five six seven eight nine ten eleven".split()
    rows = [
        {"id": str(n), "outlet": "A", "text": " ".join(words[n % 7 :: 2] + words[: n % 5]) + "."}
        for n in range(24)
    ]
    path = jsonl(tmp_path / "a.jsonl", *rows)
    result = run("selfcheck", path, "--splits", 2, "--words", "all")
    found = selfcheck(profile(path), 2, words="all")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == found.sentences()
    assert re.search(
        "^Split at random into halves of .* A differs from itself", result.stdout, re.M
    )


def test_strata_and_seed_are_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(
        "bias_toolkit.selfcheck",
        lambda *args, **how: seen.append(how) or SelfCheck(pd.DataFrame(), ()),
        raising=False,
    )
    for options in (["--strata", "none"], ["--strata", "topic", "--strata", "month"], []):
        assert run("selfcheck", "seeds", "--seed", 7, *options).exit_code == 0

    assert [how["strata"] for how in seen] == [None, ["topic", "month"], "auto"]
    assert {how["seed"] for how in seen} == {7}


def test_an_unknown_column_is_one_clear_error(tmp_path: Path) -> None:
    result = run("compare", "seeds", "--out", tmp_path, "--strata", "colour")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: no column 'colour' to stratify by; there are id")
