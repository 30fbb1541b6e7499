"""Counting: blind counts, recounts by others, and what the differences are worth."""
