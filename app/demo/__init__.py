"""The demo company: a bakery chain, made by the same commands that people use."""
