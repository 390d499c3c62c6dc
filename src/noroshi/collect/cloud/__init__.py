"""Audit logs of cloud services."""
