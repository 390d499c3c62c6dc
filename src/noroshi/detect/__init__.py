"""Analytics: rules, indicators and statistics; one module each, events in, findings out."""
