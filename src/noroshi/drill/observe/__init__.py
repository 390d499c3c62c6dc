"""What sensors saw of what happened, what they did not, and what can be known when."""
