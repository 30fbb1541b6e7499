"""Why it cannot ship: where every unit is, what keeps it, and what frees it."""
