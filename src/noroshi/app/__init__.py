"""The one edge: command line, settings, and the jobs that lead evidence through the house."""
