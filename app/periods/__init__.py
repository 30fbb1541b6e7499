"""Months that are closed, and what stock was worth at their end."""
