"""What an item costs and why: pools, layers, entries and the chain behind a figure."""
