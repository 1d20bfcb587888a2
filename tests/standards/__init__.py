"""What outside criteria ask of a guide like this: a register, the tests that show it, a table."""
