"""Waymark: see README.md for the way of one update through these packages."""
