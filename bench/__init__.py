"""How fast Waymark is, beside a plain echo bot, in one run. See ``docs/BENCHMARK.md``."""
