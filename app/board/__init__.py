"""Live screens: what pages listen to, and the supervisors' board."""
