"""Made-up events and texts for measuring."""
