"""What a team did and wrote, judged against what happened and what could have been known."""

from __future__ import annotations
