"""The page of `make demo` in a real browser, with the real bots behind it."""
