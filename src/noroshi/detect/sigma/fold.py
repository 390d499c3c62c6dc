"""Case folding: one definition for rule texts and for values.

Sigma compares without regard to case. Here that means the simple (one character to one character)
lower-case mapping of Unicode, as Arrow's ``utf8_lower`` applies it.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def fold(text: str) -> str:
    """Return the text as it is compared."""
    return text.lower() if text.isascii() else str(pc.utf8_lower(pa.scalar(text)).as_py())


def fold_array(values: pa.Array) -> pa.Array:
    """Return a string array as it is compared."""
    return pc.utf8_lower(values)
