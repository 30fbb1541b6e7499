"""Scenarios of costing, run through the product's own posting code in a scratch company."""
