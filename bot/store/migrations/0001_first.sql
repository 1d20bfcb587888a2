-- The first tables. Whatever says something about a person is sealed under her own key (BLOB columns);
-- in the clear are only random ids, times, states and hashes of flow structures.
-- Times are microseconds since 1970, UTC.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id          TEXT PRIMARY KEY,
    door        TEXT NOT NULL CHECK (door IN ('survivor', 'staff')),
    lookup      BLOB UNIQUE,                 -- keyed hash of door and chat id; NULL: cannot be found by chat
    chat        BLOB NOT NULL,               -- sealed chat id
    blocked     INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)),
    quiet_until INTEGER NOT NULL DEFAULT 0,  -- Telegram asked this chat to wait until then
    created     INTEGER NOT NULL,
    erased      INTEGER,                     -- not NULL: the nameless remainder of an erased person
    dull        BLOB                         -- sealed content of her last Tidy, for one the store must add
) STRICT, WITHOUT ROWID;
CREATE INDEX person_erased ON person (erased) WHERE erased IS NOT NULL;

-- Apart from person, so that a press rewrites one row and moves no index.
CREATE TABLE session (
    person    TEXT PRIMARY KEY REFERENCES person (id),
    version   INTEGER NOT NULL CHECK (version > 0),
    structure TEXT NOT NULL,
    state     BLOB NOT NULL
) STRICT;
CREATE INDEX session_structure ON session (structure);

CREATE TABLE casefile (
    id          TEXT PRIMARY KEY,
    person      TEXT NOT NULL REFERENCES person (id),
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'paused', 'closed')),
    queue       TEXT NOT NULL,
    holder      TEXT,
    lease_until INTEGER,
    version     INTEGER NOT NULL CHECK (version > 0),
    opened      INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE INDEX casefile_person ON casefile (person, opened);
CREATE INDEX casefile_open ON casefile (state, opened) WHERE state <> 'closed';

-- Every message seen or sent, so that it can be deleted. A row goes when its message is gone.
CREATE TABLE message (
    id         INTEGER PRIMARY KEY,
    person     TEXT NOT NULL REFERENCES person (id),
    ref        TEXT,                        -- our name for it; NULL: hers, or replaced by a newer one
    message_id INTEGER,                     -- NULL: Telegram has not told us (yet)
    ours       INTEGER NOT NULL CHECK (ours IN (0, 1)),
    at         INTEGER NOT NULL,
    case_id    TEXT,
    state      TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'doomed')),
    lost       INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)),  -- an answer was lost: a copy may lie unseen
    CHECK (ref IS NOT NULL OR message_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX message_ref ON message (person, ref) WHERE ref IS NOT NULL;
CREATE UNIQUE INDEX message_number ON message (person, message_id);
CREATE INDEX message_hers ON message (at) WHERE ours = 0;

-- Written twice for every press. Its checks are chains of OR because SQLite builds a table for each IN
-- list anew, which cost as much as all the rest of the insert.
-- A finished row says only that something of that kind was sent: whom it was for goes with its words. So
-- the index by person holds open rows alone, and stays small beside any number of sent ones.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY,
    person      TEXT REFERENCES person (id),
    kind        TEXT NOT NULL CHECK (kind = 'screen' OR kind = 'line' OR kind = 'tidy' OR kind = 'desk' OR kind = 'relay' OR kind = 'nudge' OR kind = 'crisis' OR kind = 'ping'),
    call        TEXT NOT NULL CHECK (call = 'edit' OR call = 'send' OR call = 'tidy'),
    state       TEXT NOT NULL CHECK (state = 'sending' OR state = 'sent' OR state = 'waiting' OR state = 'held' OR state = 'unknown' OR state = 'expired' OR state = 'cancelled' OR state = 'refused'),
    urgency     INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    not_before  INTEGER,
    not_after   INTEGER,
    lease_until INTEGER,
    settled     INTEGER,
    case_id     TEXT,
    ref         TEXT,
    message_id  INTEGER,
    tries       INTEGER NOT NULL DEFAULT 0,
    unknown     INTEGER NOT NULL DEFAULT 0,
    stopped     INTEGER NOT NULL DEFAULT 0,  -- 1: cancelled while in flight, never tried again
    payload     BLOB,                        -- sealed call
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK (payload IS NOT NULL OR (state <> 'waiting' AND state <> 'held')),
    CHECK ((person IS NULL) = (state = 'sent' OR state = 'cancelled'
                               OR (payload IS NULL AND (state = 'expired' OR state = 'unknown' OR state = 'refused'))))
) STRICT;
CREATE INDEX outbox_chat ON outbox (person, state, id) WHERE person IS NOT NULL;
CREATE INDEX outbox_due ON outbox (urgency, id, not_after) WHERE state IN ('waiting', 'held');
CREATE INDEX outbox_case ON outbox (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE seen (
    cause TEXT PRIMARY KEY,
    at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: `timer:<id>` is a cause
    person TEXT NOT NULL REFERENCES person (id),
    name   TEXT NOT NULL,
    due    INTEGER NOT NULL,
    token  TEXT NOT NULL,
    UNIQUE (person, name)
) STRICT;
CREATE INDEX timer_due ON timer (due);

CREATE TABLE consent (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT NOT NULL REFERENCES person (id),
    body   BLOB NOT NULL
) STRICT;
CREATE INDEX consent_person ON consent (person, id);

-- Sealed under the key of the survivor the case is about, whoever wrote it.
CREATE TABLE word (
    id      TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES person (id),
    case_id TEXT NOT NULL,
    side    TEXT NOT NULL CHECK (side IN ('survivor', 'staff')),
    source  INTEGER NOT NULL,
    ref     TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('held', 'queued', 'sent', 'unknown', 'dropped')),
    at      INTEGER NOT NULL,
    body    BLOB NOT NULL
) STRICT;
CREATE INDEX word_case ON word (case_id, at);
CREATE INDEX word_person ON word (person);

CREATE TABLE dead_letter (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    person TEXT REFERENCES person (id),      -- NULL: nobody's; sealed under the system key
    at     INTEGER NOT NULL,
    body   BLOB NOT NULL
) STRICT;
CREATE INDEX dead_letter_person ON dead_letter (person);

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    actor   TEXT NOT NULL,
    what    TEXT NOT NULL,
    at      INTEGER NOT NULL,
    case_id TEXT
) STRICT;
CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_case ON audit (case_id) WHERE case_id IS NOT NULL;

-- Published flow and locale files: not about anybody, so not sealed. Equal files are kept once.
CREATE TABLE version (
    hash      TEXT PRIMARY KEY,
    structure TEXT NOT NULL,
    published INTEGER NOT NULL,
    turn      INTEGER NOT NULL UNIQUE        -- the highest is the current one
) STRICT;
CREATE TABLE blob (
    hash  TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
CREATE TABLE version_file (
    version TEXT NOT NULL REFERENCES version (hash),
    path    TEXT NOT NULL,
    blob    TEXT NOT NULL REFERENCES blob (hash),
    PRIMARY KEY (version, path)
) STRICT, WITHOUT ROWID;
