"""Pause the search for circular garbage, which would walk all new objects, over and over.

It pays wherever very many objects are made that all stay: the types of a corpus, a figure, the
modules of a library.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for circular garbage inside the block."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
