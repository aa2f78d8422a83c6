"""The command line: parse, call, write.

Exit codes: 0 all well; 1 nothing could be done; 2 wrong usage; 3 done, but some rows of the
input were set aside.  Everything that takes time to import is imported by the command that
needs it, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import bias_toolkit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bias_toolkit.articles import Reject
    from bias_toolkit.lexicon import Lexicon
    from bias_toolkit.profiles import Profile

SET_ASIDE = 3
_MOST_REJECTS = 20
_GROUPS = ("own", "outlet", "quoted", "all")
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

_lexicon_option = click.option(
    "--lexicon",
    "lexicons",
    multiple=True,
    metavar="NAME_OR_FILE",
    help="A shipped word list by name, or a TOML file; may be repeated. Default: all shipped.",
)


@click.group(context_settings=_CONTEXT)
@click.version_option(bias_toolkit.__version__, prog_name="bias-toolkit")
def main() -> None:
    """Compare how news outlets word the same events, and whose words they are.

    \b
    Example:
      bias-toolkit compare seeds/ --out report/
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a sign that the terminal lacks must end nothing
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder for the report."
)
@click.option(
    "--words",
    type=click.Choice(_GROUPS),
    default="outlet",
    show_default=True,
    help="Whose words the lists of differences are drawn from.",
)
@_lexicon_option
@click.option("--no-plots", is_flag=True, help="Leave the figures out, which is faster.")
def compare(path: Path, out: Path, words: str, lexicons: tuple[str, ...], no_plots: bool) -> None:
    """Compare every pair of outlets in PATH and write a report.

    PATH is a folder of articles with an articles.csv, a folder with one sub-folder of .txt files
    an outlet, a .csv, .tsv, .jsonl or .json file, or a profile saved by `bias-toolkit profile`.

    \b
    Example:
      bias-toolkit compare seeds/ --out report/
    """
    with _clear_errors():
        with _progress("Reading and annotating"):
            from bias_toolkit import compare_all
            from bias_toolkit.reports import report, summary

            part = _profile_of(path, lexicons)
        _list_rejects(part.rejects)
        with _progress("Comparing and writing"):
            result = compare_all(part, words=words)
            page = report(result, out, figures=not no_plots)
            said = summary(result)
    click.echo(said)
    click.echo(f"\nReport: {page}")
    _finish(part.rejects, page.parent / "tables" / "rejects.csv")


@main.command()
@click.argument("article", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_lexicon_option
def read(article: Path, lexicons: tuple[str, ...]) -> None:
    """Print one text file with its terms and voices marked.

    \b
    Example:
      bias-toolkit read seeds/000_bc626fa2c772027a.txt
    """
    with _clear_errors(), _progress("Reading"):
        from bias_toolkit import annotate
        from bias_toolkit.articles import read_article
        from bias_toolkit.reports.reading import marked

        articles = read_article(article)
        articles["outlet"] = articles["outlet"].replace("", "(no outlet)")
        notes = annotate(articles, _lexicons_of(lexicons))
        shown = marked(notes, articles["id"].iloc[0], colour=sys.stdout.isatty())
    click.echo(shown, color=True if sys.stdout.isatty() else None)


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder for the profile."
)
@_lexicon_option
def profile(path: Path, out: Path, lexicons: tuple[str, ...]) -> None:
    """Annotate the articles of PATH once and save the profile, to compare later.

    \b
    Example:
      bias-toolkit profile seeds/ --out seeds.profile/
      bias-toolkit compare seeds.profile/ --out report/
    """
    with _clear_errors(), _progress("Reading and annotating"):
        part = _profile_of(path, lexicons)
        part.save(out)
    _list_rejects(part.rejects)
    for outlet, number in part.outlets.items():
        click.echo(f"{_plain(outlet)}: {number} article{'s' * (number != 1)}")
    click.echo(f"\nProfile: {out}")
    _finish(part.rejects, out / "profile.json")


@main.group()
def lexicon() -> None:
    """Work with word lists.

    \b
    Example:
      bias-toolkit lexicon check my_words.toml
    """


@lexicon.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Load FILE and run its own examples: texts that must match, and texts that must not.

    \b
    Example:
      bias-toolkit lexicon check lexicons/framing.toml
    """
    with _clear_errors():
        from bias_toolkit.lexicon import load_lexicon
        from bias_toolkit.reports.examples import check_examples

        checked = check_examples(load_lexicon(file))
    for failure in checked.failures:
        click.echo(_plain(f"{file}: {failure}"), err=True)
    examples = f"{checked.hits} texts that must match, {checked.misses} that must not"
    click.echo(f"{file}: {examples}: {len(checked.failures) or 'none'} failed")
    if checked.failures:
        sys.exit(1)


# ------------------------------------------------------------------ what the commands share


def _profile_of(path: Path, lexicons: Sequence[str]) -> Profile:
    """The profile of the articles at *path*, or the one that is saved there."""
    import bias_toolkit as bt

    if not (path / "profile.json").is_file():
        return bt.profile(path, _lexicons_of(lexicons))
    if lexicons:
        raise click.UsageError(
            "a saved profile keeps the word lists it was made with; leave --lexicon out, or give "
            "the articles themselves"
        )
    return bt.load_profile(path)


def _lexicons_of(names: Sequence[str]) -> list[Lexicon]:
    from bias_toolkit import load_lexicons

    return load_lexicons(*names)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn what the library raises about the user's input into one sentence and exit code 1."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise click.ClickException(_plain(_message(error))) from error


def _message(error: Exception) -> str:
    """What an error says; errors of the operating system say it with the file's name first."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Say on a terminal that work is going on; elsewhere say nothing."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def _list_rejects(rejects: Sequence[Reject]) -> None:
    """Each row that was set aside, on stderr; after twenty only how many more."""
    from bias_toolkit.reports.words import line

    errors = _errors(rejects)
    for reject in errors[:_MOST_REJECTS]:
        click.echo(line(str(reject)), err=True)
    if len(errors) > _MOST_REJECTS:
        click.echo(f"... and {len(errors) - _MOST_REJECTS} more", err=True)


def _errors(rejects: Sequence[Reject]) -> list[Reject]:
    """Those that cost an article; a repeated article costs none."""
    return [reject for reject in rejects if reject.kind == "error"]


def _finish(rejects: Sequence[Reject], where: Path) -> None:
    """Say how many rows were set aside and where they are listed; exit with 3 if any were."""
    number = len(_errors(rejects))
    if not number:
        click.echo("No row was set aside.")
        return
    click.echo(f"{number} row{'s were' if number > 1 else ' was'} set aside: see {where}")
    sys.exit(SET_ASIDE)


def _plain(text: Any) -> str:
    """Text from files, made safe for a terminal."""
    from bias_toolkit.reports.words import clean

    return clean(str(text))
