"""Flow files: from YAML to checked data to one shared state machine. Knows no languages."""
