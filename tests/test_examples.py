"""Examples: each runs as it is, from the top folder of a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(name: str, *arguments: str) -> list[str]:
    """What an example prints, line by line; its warnings are errors."""
    found = subprocess.run(
        [sys.executable, "-W", "error", f"examples/{name}", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (found.returncode, found.stderr) == (0, "")
    return found.stdout.splitlines()


def test_compare_sources_names_pairs_quoted_labels_and_the_report(tmp_path: Path) -> None:
    lines = run("compare_sources.py", "seeds/", str(tmp_path / "report"))

    assert lines[0].startswith("Azatutyun/Asbarez and MassisPost: Both carry text by the same")
    assert any(line.split()[0] == "TASS" and "anti-terrorist measures" in line for line in lines)
    assert lines[-1] == f"Report: {tmp_path / 'report' / 'index.html'}"
    assert (tmp_path / "report" / "figures" / "labels.png").exists()


def test_every_example_is_short_and_says_what_it_does() -> None:
    for path in (ROOT / "examples").glob("*.py"):
        text = path.read_text(encoding="utf-8")

        assert text.startswith('"""'), path
        assert len(text.splitlines()) <= 20, path
