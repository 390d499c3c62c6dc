"""Zeek logs: tab-separated with a header, or JSON."""
