"""The pure core: what one event does to a session, and what must then happen."""
