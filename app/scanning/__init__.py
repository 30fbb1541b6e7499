"""What a scanned code means: pure parsers of codes, and the reading of codes from photos."""
