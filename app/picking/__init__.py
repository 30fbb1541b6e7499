"""Picking: what was promised to released orders is taken from its places and brought together."""
