"""Recipes, production orders, and what they cost."""
