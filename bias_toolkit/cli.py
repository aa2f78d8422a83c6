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
    help="A shipped word list by name, or a file: TOML, or a list of LIWC, quanteda, Lexicoder, "
    "WordStat or Empath, a table (.csv, .tsv), .json or .txt; may be repeated. Default: all "
    "shipped.",
)
_TELLING = (  # lists whose words are worth a mark in a text that a person reads
    "loaded", "framing", "certainty", "nagorno_karabakh", "ukraine", "middle_east", "us_politics",
)  # fmt: skip
_strata_option = click.option(
    "--strata",
    multiple=True,
    metavar="COLUMN",
    help="What articles must be alike in, beside length, to be compared; may be repeated. "
    '"auto" (stories, else topic and month), "none", "month" or "clusters". Default: auto.',
)
_seed_option = click.option(
    "--seed", default=0, show_default=True, help="Decides whatever is drawn at random."
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
@click.option(
    "--outlet",
    "outlets",
    multiple=True,
    metavar="NAME",
    help="Compare only these outlets, named as in the articles: give it twice or more. Default: "
    "all.",
)
@_lexicon_option
@_strata_option
@_seed_option
@click.option(
    "--evidence",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `validate --save` kept of coders' work; may be given several times.",
)
@click.option("--no-plots", is_flag=True, help="Leave the figures out, which is faster.")
def compare(
    path: Path,
    out: Path,
    words: str,
    outlets: tuple[str, ...],
    lexicons: tuple[str, ...],
    strata: tuple[str, ...],
    seed: int,
    evidence: tuple[Path, ...],
    no_plots: bool,
) -> None:
    """Compare every pair of outlets in PATH, or of those chosen, and write a report.

    PATH is a folder of articles with an articles.csv, a folder with one sub-folder of .txt files
    an outlet, a .csv, .tsv, .jsonl or .json file, or a profile saved by `bias-toolkit profile`.

    \b
    Example:
      bias-toolkit compare seeds/ --out report/
      bias-toolkit compare seeds/ --outlet TASS --outlet MassisPost --out report/
    """
    with _clear_errors():
        with _progress("Reading and annotating"):
            from bias_toolkit import compare_all
            from bias_toolkit.reports import report, summary

            part = _profile_of(path, lexicons)
        _list_rejects(part.rejects)
        with _progress("Comparing and writing"):
            how: dict[str, Any] = {"strata": _strata_of(strata), "seed": seed}
            result = compare_all(part, outlets=outlets or None, words=words, **how)
            page = report(result, out, figures=not no_plots, evidence=evidence)
            said = summary(result)
    click.echo(said)
    click.echo(f"\nReport: {page}")
    _finish(part.rejects, page.parent / "tables" / "rejects.csv")


@main.command()
@click.argument("article", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_lexicon_option
@click.option("--voices", is_flag=True, help="Mark only who speaks, and no words of the lists.")
def read(article: Path, lexicons: tuple[str, ...], voices: bool) -> None:
    """Print one text file with its terms and voices marked.

    Without --lexicon the words of the conflict packs, loaded words, framing and certainty are
    marked; those of the lists that hold words of any text are not.

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
        notes = annotate(articles, _lexicons_of(lexicons or _TELLING))
        colour = sys.stdout.isatty()
        shown = marked(notes, articles["id"].iloc[0], colour=colour, terms=not voices)
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


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--splits", default=100, show_default=True, help="How often outlets are halved.")
@click.option(
    "--words",
    type=click.Choice(_GROUPS),
    default="outlet",
    show_default=True,
    help="Whose words are compared.",
)
@_lexicon_option
@_strata_option
@_seed_option
def selfcheck(
    path: Path,
    splits: int,
    words: str,
    lexicons: tuple[str, ...],
    strata: tuple[str, ...],
    seed: int,
) -> None:
    """Compare random halves of each outlet of PATH: what noise alone would give.

    Halves of one outlet differ by chance only, so whatever is found between them is false. An
    outlet needs 20 different articles to be halved.

    \b
    Example:
      bias-toolkit selfcheck seeds/
    """
    with _clear_errors(), _progress("Halving and comparing"):
        from bias_toolkit import selfcheck as check

        part = _profile_of(path, lexicons)
        found = check(part, splits, words=words, strata=_strata_of(strata), seed=seed)
    _list_rejects(part.rejects)
    for text in found.sentences():
        click.echo(_plain(text))


@main.group()
def lexicon() -> None:
    """Work with word lists.

    \b
    Example:
      bias-toolkit lexicon check my_words.toml
    """


@lexicon.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--corpus",
    type=click.Path(exists=True, path_type=Path),
    help="Articles, as `compare` takes them, to say what each entry does there.",
)
def check(file: Path, corpus: Path | None) -> None:
    """Load FILE, run its own examples, and look for entries that do harm or nothing.

    FILE is a TOML file, or a word list of LIWC, quanteda, Lexicoder, WordStat or Empath, a table
    (.csv, .tsv), .json or .txt. With --corpus: dead and shadowed entries, each category's
    commonest hits and its share in each outlet, and ambiguous entries with sentences.

    \b
    Example:
      bias-toolkit lexicon check lexicons/framing.toml --corpus seeds/
    """
    with _clear_errors(), _progress("Checking"):
        from bias_toolkit import workbench
        from bias_toolkit.lexicon import load_lexicon
        from bias_toolkit.reports.examples import check_examples

        words = load_lexicon(file)
        checked = check_examples(words)
        said = [workbench.contents(words)]
        said += [words.notes] if words.notes.startswith("Left out: ") else []
        said += workbench.pairs_described(workbench.pairs(words))
        found = workbench.examine(words, corpus) if corpus else None
        said += workbench.described(found) if found else []
    _list_rejects(found.rejects if found else ())
    for text in said:
        click.echo(_plain(text))
    for failure in checked.failures:
        click.echo(_plain(f"{file}: {failure}"), err=True)
    examples = f"{checked.hits} texts that must match, {checked.misses} that must not"
    click.echo(f"{file}: {examples}: {len(checked.failures) or 'none'} failed")
    if checked.failures:
        sys.exit(1)


@main.command()
@click.argument("lexicon", metavar="LEXICON")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.argument("more", nargs=-1, metavar="")
@click.option(
    "--sheet",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Draw sentences and write the sheets, the page and the key into this folder.",
)
@click.option("--per-category", default=80, show_default=True, help="Sentences a category.")
@click.option("--coders", multiple=True, metavar="NAME...", help="Who will code: a sheet for each.")
@click.option(
    "--read",
    "sheets",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="SHEET...",
    help="Read the coders' sheets back.",
)
@click.option("--key", type=click.Path(path_type=Path), help="The key.json of these sheets.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --read: keep the evidence in this JSON file.",
)
@_seed_option
def validate(
    lexicon: str,
    path: Path,
    more: tuple[str, ...],
    folder: Path | None,
    per_category: int,
    coders: tuple[str, ...],
    sheets: tuple[Path, ...],
    key: Path | None,
    save: Path | None,
    seed: int,
) -> None:
    """Have people judge whether the categories of LEXICON mean what they say in PATH.

    First draw sentences for coders, who see neither outlet nor hit; then read their sheets back:
    Krippendorff's alpha, precision and recall. The coders get the folder coders/, never key.json.

    \b
    Example:
      bias-toolkit validate framing seeds/ --sheet coding/ --coders anna ben
      bias-toolkit validate framing seeds/ --read coding/coders/*.csv --key coding/key.json
    """
    if (folder is None) == (not sheets) or (more and not (coders or sheets)):
        raise click.UsageError(
            "give either --sheet FOLDER [--coders NAME...] or --read SHEET... --key KEY"
        )
    if (sheets and (key is None or coders)) or (folder and (key or save)):
        raise click.UsageError(
            "--read goes with --key and --save, --sheet with --coders and --per-category"
        )
    with _clear_errors():
        words = _one_lexicon(lexicon)
        if folder:
            _draw_sheets(words, path, folder, (*coders, *more), per_category, seed)
        elif key:
            _read_sheets(words, path, [*sheets, *map(Path, more)], key, save, seed)


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


def _draw_sheets(
    words: Lexicon,
    path: Path,
    folder: Path,
    coders: Sequence[str],
    per_category: int,
    seed: int,
) -> None:
    """Write sheets and page into ``coders/`` and the key beside it."""
    import bias_toolkit as bt
    from bias_toolkit import validity
    from bias_toolkit.reports.coding import write_page

    with _progress("Reading and drawing"):
        saved = (path / "profile.json").is_file()
        part = bt.load_profile(path) if saved else bt.profile(path, [words])
        sample = validity.draw_sample(words, part, per_category=per_category, seed=seed)
        validity.write_key(sample.key, folder / "key.json")  # first: it refuses to replace another
        written = validity.write_sheets(sample, folder / "coders", coders or ("coder1", "coder2"))
        page = write_page(sample, folder / "coders" / "coding.html")
    _list_rejects(part.rejects)
    click.echo(f"{len(sample.sheet)} sentences in {len(sample.key.categories)} categories")
    if sample.key.left_out:
        click.echo(_plain(f"No hit, left out: {', '.join(sample.key.left_out)}"))
    for sheet in (*written, page):
        click.echo(f"For coders: {sheet}")
    click.echo(f"Key, not for coders: {folder / 'key.json'}")
    if _errors(part.rejects):
        sys.exit(SET_ASIDE)


def _read_sheets(
    words: Lexicon, path: Path, sheets: Sequence[Path], key: Path, save: Path | None, seed: int
) -> None:
    """Print what the coders' sheets say, and keep it if asked."""
    from bias_toolkit import validity

    coding = validity.read_sheets(sheets, validity.read_key(key, words))
    for text in validity.described(coding, seed=seed):
        click.echo(_plain(text))
    if save:
        validity.save_evidence(coding, save, corpus=str(path), seed=seed)
        click.echo(f"\nEvidence: {save}")


def _one_lexicon(name: str) -> Lexicon:
    """A shipped lexicon by name, or one of a file."""
    return _lexicons_of([name])[0]


def _strata_of(names: Sequence[str]) -> str | list[str] | None:
    """What was asked for: "auto", columns, or None."""
    if not names or list(names) == ["auto"]:
        return "auto"
    return None if list(names) == ["none"] else list(names)


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
    except KeyError as error:  # a column or outlet that is not there
        raise click.ClickException(_plain(error.args[0])) from error


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
    if again := sum(reject.kind == "duplicate" for reject in rejects):
        rows = f"{again} rows repeat articles" if again > 1 else "1 row repeats an article"
        click.echo(f"{rows} and {'count' if again > 1 else 'counts'} once: see {where}")
    if not number:
        click.echo("No row was set aside.")
        return
    click.echo(f"{number} row{'s were' if number > 1 else ' was'} set aside: see {where}")
    sys.exit(SET_ASIDE)


def _plain(text: Any) -> str:
    """Text from files, made safe for a terminal."""
    from bias_toolkit.reports.words import clean

    return clean(str(text))


if __name__ == "__main__":
    main(prog_name="bias-toolkit")
