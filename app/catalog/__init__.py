"""Items, units, packagings, codes, lots, places and partners: what exists, not how much of it."""
