"""Our nouns to other people's systems, and back."""

from __future__ import annotations
