"""Access logs of web servers and proxies."""
