"""Run the command line as ``python -m bias_toolkit``."""

from bias_toolkit.cli import main

if __name__ == "__main__":
    main(prog_name="bias-toolkit")
