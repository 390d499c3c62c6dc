"""Syslog of Unix hosts, firewalls and appliances, CEF and LEEF included."""
