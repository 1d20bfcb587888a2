"""Use cases: the only callers of ``Store.commit``."""
