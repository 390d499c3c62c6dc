"""Made-up events for measuring."""
