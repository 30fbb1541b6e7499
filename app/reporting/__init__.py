"""Reports: what sales earn by anything, and which items matter most."""
