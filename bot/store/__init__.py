"""Durable state: the protocol, SQLite behind it, and everything about a person sealed."""
