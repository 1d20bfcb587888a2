-- name: person_by_lookup
-- Who has this chat.
SELECT id FROM person WHERE lookup = :lookup;

-- name: person_load
-- One person with her session and her newest case, closed or not.
SELECT p.id, p.door, p.chat, s.version, s.state, c.id, c.version, c.body
FROM person p
LEFT JOIN session s ON s.person = p.id
LEFT JOIN casefile c ON c.id = (
    SELECT id FROM casefile WHERE person = p.id ORDER BY opened DESC, id DESC LIMIT 1)
WHERE p.id = :id;

-- name: person_for_commit
-- What a commit checks before it writes anything, and whether something may go to her at once.
SELECT p.blocked, p.quiet_until, s.version, s.structure,
       EXISTS (SELECT 1 FROM seen WHERE cause = :cause),
       EXISTS (SELECT 1 FROM outbox WHERE person = p.id AND (
           state IN ('waiting', 'sending') OR (state = 'held' AND not_before <= :now)))
FROM person p LEFT JOIN session s ON s.person = p.id
WHERE p.id = :id AND p.erased IS NULL;

-- name: person_add
-- A new person, or the nameless remainder of an erased one (lookup NULL, erased set).
INSERT INTO person (id, door, lookup, chat, created, erased, dull)
VALUES (:id, :door, :lookup, :chat, :created, :erased, :dull);

-- name: person_erased
-- Whether this is the remainder of an erased person.
SELECT erased FROM person WHERE id = :id;

-- name: person_reach
-- Whether something may be sent to a person now, and whether something comes before it.
SELECT p.door, p.chat, p.blocked, p.quiet_until,
       EXISTS (SELECT 1 FROM outbox WHERE person = p.id AND (
           state IN ('waiting', 'sending') OR (state = 'held' AND not_before <= :now)))
FROM person p WHERE p.id = :id;

-- name: person_unlink
-- A person whose key is lost cannot be found by her chat any more: she starts anew.
UPDATE person SET lookup = NULL WHERE id = :id;

-- name: person_block
-- She blocked the bot, or has come back.
UPDATE person SET blocked = :blocked WHERE id = :id;

-- name: person_quiet
-- Telegram asked this chat to wait.
UPDATE person SET quiet_until = :until WHERE id = :id;

-- name: person_dull
-- The content of her last Tidy.
SELECT dull FROM person WHERE id = :id;

-- name: person_set_dull
-- Remember the content of her last Tidy.
UPDATE person SET dull = :dull WHERE id = :id;

-- name: person_remove
-- The last row of a person.
DELETE FROM person WHERE id = :id;

-- name: remainders_done
-- Remainders with nothing left to send, or older than any message that could be deleted.
SELECT id FROM person p WHERE erased IS NOT NULL AND (erased < :before OR NOT EXISTS (
    SELECT 1 FROM outbox WHERE person = p.id AND state IN ('waiting', 'held', 'sending')));

-- name: remainder_busy
-- Whether a remainder still has something to send.
SELECT EXISTS (SELECT 1 FROM outbox WHERE person = :person AND state IN ('waiting', 'held', 'sending'));

-- name: session_add
-- The first session of a person.
INSERT INTO session (person, version, structure, state) VALUES (:person, 1, :structure, :state);

-- name: session_save
-- The same structure as before: the hot path, which touches no index.
UPDATE session SET version = version + 1, state = :state WHERE person = :person;

-- name: session_move
-- A session that now stands in another structure.
UPDATE session SET version = version + 1, structure = :structure, state = :state WHERE person = :person;
