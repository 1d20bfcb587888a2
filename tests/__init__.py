"""What Waymark promises, as tests; `make test` runs them all."""
