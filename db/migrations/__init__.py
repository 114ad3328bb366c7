"""Alembic migrations. They import no tables: each says for itself how the database looks at its time."""
