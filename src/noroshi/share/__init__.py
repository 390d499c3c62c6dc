"""Our nouns to other people's systems."""
