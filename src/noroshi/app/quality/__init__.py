"""How right extraction is: labelled sets, hard lines and texts made to be slow."""
