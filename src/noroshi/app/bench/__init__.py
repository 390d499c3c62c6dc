"""Benchmarks: one module each, ``run(data) -> dict``, started by ``noroshi bench``."""
