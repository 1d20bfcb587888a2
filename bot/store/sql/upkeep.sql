-- name: numbers
-- The last number given in each table.
SELECT name, seq FROM sqlite_sequence UNION ALL SELECT 'outbox', coalesce(max(id), 0) FROM outbox;

-- name: seen_add
-- This cause is applied now.
INSERT INTO seen (cause, at) VALUES (:cause, :at);

-- name: seen_find
-- Whether a cause has been applied.
SELECT EXISTS (SELECT 1 FROM seen WHERE cause = :cause);

-- name: seen_step
-- The end of the next slice of causes.
SELECT cause FROM seen WHERE cause > :after ORDER BY cause LIMIT 1 OFFSET :slice;

-- name: seen_prune
-- Old causes of one slice.
DELETE FROM seen WHERE cause > :after AND cause <= :upto AND at < :before;

-- name: seen_prune_rest
-- Old causes after the last full slice.
DELETE FROM seen WHERE cause > :after AND at < :before;

-- name: outbox_prune
-- Finished rows that nobody will ask for. The last one stays, so that its number is not given again.
DELETE FROM outbox WHERE id IN (
    SELECT id FROM (SELECT id, state, created FROM outbox WHERE id > :after ORDER BY id LIMIT :slice)
    WHERE created < :before AND id < (SELECT max(id) FROM outbox) AND state NOT IN ('waiting', 'held', 'sending'));

-- name: outbox_step
-- The end of the next slice of rows, and its age.
SELECT id, created FROM outbox WHERE id > :after ORDER BY id LIMIT 1 OFFSET :slice;

-- name: messages_prune
-- Messages of hers that no bot can delete any more.
DELETE FROM message WHERE id IN (SELECT id FROM message WHERE ours = 0 AND at < :before LIMIT :slice);

-- name: dead_letters_prune
-- Dead letters that were kept long enough.
DELETE FROM dead_letter WHERE at < :before;

-- name: health_mark
-- A real write, because only a write can show that writing works.
INSERT INTO meta (name, value) VALUES ('checked', :now) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: health_waiting
-- How many rows wait, and since when the oldest one could have gone.
SELECT count(*), min(CASE WHEN state = 'waiting' THEN created END) FROM outbox WHERE state IN ('waiting', 'held');

-- name: health_unknown
-- How many rows have an unknown outcome.
SELECT count(*) FROM outbox INDEXED BY outbox_chat WHERE person IS NOT NULL AND state = 'unknown';

-- name: health_dead
-- How many updates could not be handled.
SELECT count(*) FROM dead_letter;

-- name: health_timers
-- Since when the oldest due timer waits.
SELECT min(due) FROM timer;
