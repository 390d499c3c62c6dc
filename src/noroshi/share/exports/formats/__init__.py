"""One module per format; a module with a ``FORMAT`` is one."""
