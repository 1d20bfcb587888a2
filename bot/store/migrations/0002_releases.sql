-- Who published, went back to or withdrew which version, and what changed for the people who read it.
-- About flows and those who write them, never about a survivor.
CREATE TABLE release (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    what       TEXT NOT NULL CHECK (what IN ('published', 'reverted', 'withdrawn')),
    version    TEXT NOT NULL,
    by         TEXT NOT NULL,
    note       TEXT NOT NULL,
    difference TEXT NOT NULL
) STRICT;

-- Not empty: whoever still stands in this version is taken to that step at her next touch.
ALTER TABLE version ADD COLUMN withdrawn_to TEXT NOT NULL DEFAULT '';
