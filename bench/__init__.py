"""The benchmark behind ``./saoku bench``: our rates as ratios of the database's own limit."""
