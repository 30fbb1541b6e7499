"""Alembic migrations: the only thing that changes the shape of the database."""
