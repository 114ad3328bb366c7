"""The column types that revisions use, and nothing of the tables as they are today."""

from sqlalchemy import BigInteger, DateTime

INSTANT = DateTime(timezone=True).with_variant(BigInteger(), "sqlite")
