"""How long a newcomer waits: import, --help, and the comparison of the seeds, from cold.

Usage: python benchmarks/cold_start.py

Each command runs in fresh processes; the median of five (three for the comparison) is printed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def seconds(arguments: list[str], runs: int) -> float:
    """Median wall time of a Python command."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=ROOT)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    bare = seconds(["-c", "pass"], 5)
    imported = seconds(["-c", "import bias_toolkit"], 5) - bare
    helped = seconds(["-m", "bias_toolkit", "--help"], 5)
    with tempfile.TemporaryDirectory() as folder:
        compared = seconds(["-m", "bias_toolkit", "compare", "seeds", "--out", folder], 3)
    print(
        f"import {imported:.2f} s (beyond Python's own start), --help {helped:.2f} s, "
        f"compare seeds with plots {compared:.1f} s"
    )


if __name__ == "__main__":
    main()
