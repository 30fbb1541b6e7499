"""Moves, balances, allocations and cost: the only writer of stock and value."""
