"""The invariants, by what they are about; every module's ``INVARIANTS`` is found by itself."""
