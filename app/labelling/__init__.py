"""Labels of items, lots and places on paper."""
