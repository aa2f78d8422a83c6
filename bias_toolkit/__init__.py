"""Compare how news outlets word the same events, whose words they are, and how sure one may be.

The names below stand in the order of the work: read articles, annotate them, keep a
profile, compare outlets, report.  Each is imported when first used, so that importing the
package costs nothing.  No module bears the name of a public function (`profiles.profile`,
`comparison.compare`), because importing a submodule would replace the function here.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from bias_toolkit.collector import collector_paused

_HOME = {
    "read_articles": "articles",
    "load_lexicons": "lexicon",
    "Lexicon": "lexicon",
    "annotate": "annotation",
    "Annotations": "annotation",
    "profile": "profiles",
    "load_profile": "profiles",
    "Profile": "profiles",
    "stories": "events",
    "compare": "comparison",
    "compare_all": "comparison",
    "Comparison": "comparison",
    "distances": "outletmaps",
    "selfcheck": "selfchecks",
    "SelfCheck": "selfchecks",
    "loaded_phrases": "loadedness",
    "LoadedLanguage": "estimators",
    "draw_sample": "validity",
    "read_key": "validity",
    "read_sheets": "validity",
    "agreement": "validity",
    "evidence_of": "validity",
    "plots": "plots",
    "report": "reports",
}

__all__ = list(_HOME)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the module that *name* lives in, and return the name."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with collector_paused():  # the libraries behind it are large
        module = import_module(f"{__name__}.{_HOME[name]}")
    found = module if name == "plots" else getattr(module, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
