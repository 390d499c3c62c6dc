"""Indicator life: how much an indicator is worth today, and why."""
