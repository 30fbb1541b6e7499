"""Sales orders: what customers want, what is promised to them, and what keeps it from shipping."""
