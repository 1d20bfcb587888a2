"""The commands of ``python -m bot``, one file a kind of work."""
