"""Linux audit records: raw ``audit.log``, ``ausearch`` interpreted, and AUOMS through syslog."""
