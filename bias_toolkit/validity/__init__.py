"""Ask people whether a category means what it says: draw sentences, read codes, measure.

The steps in their order: `sampling` draws what coders see, `keys` and `sheets` write it and read
it back, `reliability` says how far the coders agree, `accuracy` what the list gets right,
`evidence` what that validates, and `telling` puts it into words.
"""

from bias_toolkit.validity.accuracy import majorities, precision, recall, wilson
from bias_toolkit.validity.evidence import (
    VOCABULARY,
    evidence_of,
    save_evidence,
    standing,
    standings,
)
from bias_toolkit.validity.keys import read_key, write_key
from bias_toolkit.validity.records import Coding, Key, Sample, content_checksum
from bias_toolkit.validity.reliability import agreement, coder_table, sentences_needed
from bias_toolkit.validity.sampling import PER_CATEGORY, draw_sample
from bias_toolkit.validity.sheets import (
    COLUMNS,
    guarded,
    read_sheets,
    restored,
    sheet_text,
    write_sheets,
)
from bias_toolkit.validity.telling import described

__all__ = [
    "COLUMNS",
    "PER_CATEGORY",
    "VOCABULARY",
    "Coding",
    "Key",
    "Sample",
    "agreement",
    "coder_table",
    "content_checksum",
    "described",
    "draw_sample",
    "evidence_of",
    "guarded",
    "majorities",
    "precision",
    "read_key",
    "read_sheets",
    "recall",
    "restored",
    "save_evidence",
    "sentences_needed",
    "sheet_text",
    "standing",
    "standings",
    "wilson",
    "write_key",
    "write_sheets",
]
