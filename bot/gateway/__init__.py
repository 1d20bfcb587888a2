"""Telegram: what comes in, what goes out, in which order, how often, and what became of it."""
