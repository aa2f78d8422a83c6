"""The build of the package: one line of imports, every module explained, and a light start."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "bias_toolkit"

# A module imports only from those before it.
LINE = """collector dates articles cleaning tokens inflection lexicon foreign matching grammar
quotation skeleton cues scopes ends attribution phrases speakers sentiment readability allegiance
annotation metrics storage profiles shares sourcekinds sourcing balance diversity asymmetry hashing
furniture copies repeats events ngrams exact effects strata permutation clustering keyness
classical termmarks keyterms keysentences shifts categories selfchecks outletmaps wordchoice
labeltests avoidance whosaid workbench validity adoption comparison loadedness estimators plots
reports cli""".split()

# The loader hands files of other tools to `foreign`, inside a function; that makes its records.
DEFERRED = {"lexicon": {"foreign"}}

DOORS = ("__init__.py", "__main__.py")  # they stand outside the line
MODULES = sorted(PACKAGE.rglob("*.py"))
IN_LINE = [path for path in MODULES if path.parent != PACKAGE or path.name not in DOORS]


def name_of(path: Path) -> str:
    """The module's place in the line: its file, or its package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def homes() -> dict[str, str]:
    """The public names and the modules that `__init__` fetches them from."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    return next(
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOME"
    )


def imported(path: Path) -> Iterator[str]:
    """The modules of this package that a module imports, wherever in its text."""
    package = ["bias_toolkit", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            near = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*near, *filter(None, [node.module])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            top, *rest = name.split(".")
            if top == "bias_toolkit" and rest and not rest[0].startswith("__"):
                yield homes().get(rest[0], rest[0])


@pytest.mark.parametrize("path", IN_LINE, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_from_those_before_it(path: Path):
    name = name_of(path)
    before = set(LINE[: LINE.index(name)]) | ({name} if path.parent != PACKAGE else set())
    before |= DEFERRED.get(name, set())

    assert set(imported(path)) <= before


def test_every_module_stands_in_the_line():
    assert {name_of(path) for path in IN_LINE} <= set(LINE)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_a_module_says_what_it_is_for(path: Path):
    """One sentence of purpose in the first line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring and docstring.splitlines()[0].rstrip().endswith(".")


def test_no_module_is_a_drawer():
    assert not {path.stem for path in MODULES} & {"utils", "util", "helpers", "common", "misc"}


def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, bias_toolkit; print(*{name.split('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not {"numpy", "pandas", "scipy", "sklearn", "nltk", "matplotlib"} & set(
        run.stdout.split()
    )


def test_a_profile_is_made_without_tables():
    """They are made when somebody asks for them, and so is the library of tables imported."""
    code = (
        "import sys, bias_toolkit as bt; p = bt.profile('seeds'); print('pandas' in sys.modules);"
        "print(len(p.units)); print('pandas' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )

    assert run.stdout.split() == ["False", "5", "True"]


def test_importing_the_package_takes_no_time():
    """Best of three, and a bare interpreter's start is not ours."""

    def seconds(code: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - start

    bare = min(seconds("pass") for _ in range(3))
    ours = min(seconds("import bias_toolkit") for _ in range(3))

    assert ours - bare < 0.3


def test_every_public_name_is_found_where_it_is_said_to_live():
    """`__init__` names a module for each; those that exist hold the name."""
    assert set(homes().values()) <= set(LINE)
    for name, home in homes().items():
        path = PACKAGE / f"{home}.py"
        if path.is_file() and name != home:
            defined = {
                getattr(node, "name", "") for node in ast.parse(path.read_text("utf-8")).body
            }
            assert name in defined, f"{home} has no {name}"


def test_every_package_is_shipped():
    """An editable install would hide it: a wheel holds only what setup.cfg lists."""
    config = ConfigParser()
    config.read(PACKAGE.parent / "setup.cfg", encoding="utf-8")
    listed = set(config["options"]["packages"].split())
    folders = {path.parent.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("__init__.py")}

    assert listed == {".".join(folder.parts) for folder in folders} | {"bias_toolkit.lexicons"}
