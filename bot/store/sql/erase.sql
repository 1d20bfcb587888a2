-- name: erase_session
-- Her session.
DELETE FROM session WHERE person = :person;

-- name: erase_cases
-- Her cases.
DELETE FROM casefile WHERE person = :person;

-- name: erase_words
-- Words relayed in her cases, in both directions.
DELETE FROM word WHERE person = :person;

-- name: erase_consents
-- Her consent records.
DELETE FROM consent WHERE person = :person;

-- name: erase_timers
-- Promises to her.
DELETE FROM timer WHERE person = :person;

-- name: erase_dead_letters
-- Updates of hers that could not be handled.
DELETE FROM dead_letter WHERE person = :person;

-- name: erase_audit
-- What she did herself.
DELETE FROM audit WHERE actor = :person;

-- name: erase_audit_cases
-- What staff did with her cases loses the case.
UPDATE audit SET case_id = NULL WHERE case_id IN (SELECT id FROM casefile WHERE person = :person);

-- name: erase_outbox
-- Everything queued or done for her, except what is in flight.
DELETE FROM outbox WHERE person = :person AND state <> 'sending';

-- name: erase_outbox_move
-- What is in flight now belongs to the remainder, and is not tried again.
UPDATE outbox SET person = :remainder, payload = NULL, stopped = 1, case_id = NULL WHERE person = :person;

-- name: erase_copies
-- Copies about her cases that wait for staff are not sent.
UPDATE outbox SET state = 'cancelled', settled = :now, payload = NULL, person = NULL, ref = NULL, case_id = NULL
WHERE case_id IN (SELECT id FROM casefile WHERE person = :person)
  AND state IN ('waiting', 'held', 'unknown', 'expired') AND call <> 'tidy';

-- name: erase_copies_stop
-- Copies about her cases that are in flight to staff are not tried again.
UPDATE outbox SET stopped = 1, payload = NULL
WHERE case_id IN (SELECT id FROM casefile WHERE person = :person) AND state = 'sending' AND call <> 'tidy';

-- name: erase_copies_unlink
-- Rows of staff no longer name her cases.
UPDATE outbox SET case_id = NULL WHERE case_id IN (SELECT id FROM casefile WHERE person = :person);

-- name: erase_messages_move
-- Her messages can still be deleted, by the remainder.
UPDATE message SET person = :remainder WHERE person = :person;

-- name: erase_messages
-- The messages of a remainder that is done.
DELETE FROM message WHERE person = :person;

-- name: erase_all_outbox
-- The rows of a remainder that is done.
DELETE FROM outbox WHERE person = :person;
