"""A living exercise: a team investigates and acts, and the simulated organisation answers.

No screen and no command line in here: whoever shows an exercise calls this.
"""

from __future__ import annotations
