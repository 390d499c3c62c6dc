"""Suricata's eve.json."""
