"""Landed cost: freight, duty and the like, spread over what they brought in."""
