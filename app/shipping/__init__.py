"""Packing and shipping: picked goods are checked into cartons and leave the house."""
