"""Cost elements of a company: formulas with units, their versions, what they come to."""
