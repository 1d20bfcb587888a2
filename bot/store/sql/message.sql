-- name: message_expect
-- A message we are about to send.
INSERT INTO message (person, ref, ours, at, case_id) VALUES (:person, :ref, 1, :at, :case_id)
ON CONFLICT (person, ref) WHERE ref IS NOT NULL DO NOTHING;

-- name: message_seen
-- A message of hers.
INSERT INTO message (person, message_id, ours, at, case_id) VALUES (:person, :message_id, 0, :at, :case_id)
ON CONFLICT (person, message_id) DO NOTHING;

-- name: message_find
-- Where the message of that name is, if it is there to be edited.
SELECT message_id, at FROM message
WHERE person = :person AND ref = :ref AND state = 'live' AND message_id IS NOT NULL;

-- name: message_named
-- The same, also when it is to be deleted next: its words go first, in case the deletion is late.
SELECT message_id, at FROM message WHERE person = :person AND ref = :ref AND message_id IS NOT NULL;

-- name: message_number
-- Telegram has told us the number of a message we sent.
UPDATE OR REPLACE message SET message_id = :message_id, at = :at
WHERE person = :person AND ref = :ref AND message_id IS NULL
RETURNING state;

-- name: message_second
-- A second message of the same name has arrived: the first keeps its number, to be deleted one day.
UPDATE message SET ref = NULL
WHERE person = :person AND ref = :ref AND message_id <> :message_id;

-- name: message_unname
-- The message of that name is replaced by a newer one: a doomed one stays to be deleted.
UPDATE message SET ref = NULL
WHERE person = :person AND ref = :ref AND message_id IS NOT NULL AND message_id <> :message_id AND state = 'doomed';

-- name: message_replace
-- A message that was sent anew under its old name.
INSERT OR REPLACE INTO message (person, ref, message_id, ours, at, case_id)
VALUES (:person, :ref, :message_id, 1, :at, :case_id);

-- name: message_lost
-- An answer was lost: a copy may lie in the chat unseen.
UPDATE message SET lost = 1, at = CASE WHEN message_id IS NULL THEN :at ELSE at END
WHERE person = :person AND ref = :ref;

-- name: message_never
-- A message that was never sent.
DELETE FROM message WHERE person = :person AND ref = :ref AND message_id IS NULL AND lost = 0;

-- name: doom_ref
-- One message by name.
UPDATE message SET state = 'doomed' WHERE person = :person AND ref = :ref;

-- name: doom_number
-- One message by number.
UPDATE message SET state = 'doomed' WHERE person = :person AND message_id = :message_id;

-- name: doom_everything
-- All messages of a chat, or of one case in it, but one.
UPDATE message SET state = 'doomed'
WHERE person = :person AND (:case_id IS NULL OR case_id = :case_id) AND (:spare IS NULL OR ref IS NULL OR ref <> :spare);

-- name: doomed
-- What a Tidy is to delete.
SELECT id, message_id, ours, at, lost FROM message WHERE person = :person AND state = 'doomed' ORDER BY id;

-- name: message_before
-- The last known number before a message whose own is not known.
SELECT max(message_id) FROM message WHERE person = :person AND (at < :at OR (at = :at AND id < :id));

-- name: message_after
-- The first known number after a message whose own is not known.
SELECT min(message_id) FROM message WHERE person = :person AND (at > :at OR (at = :at AND id > :id));

-- name: message_below
-- The last known number below another.
SELECT max(message_id) FROM message WHERE person = :person AND message_id < :message_id;

-- name: message_between
-- Numbers in a gap that are known and stay.
SELECT message_id FROM message
WHERE person = :person AND message_id BETWEEN :low AND :high AND state = 'live';

-- name: message_gone
-- One deleted message.
DELETE FROM message WHERE person = :person AND message_id = :message_id AND state = 'doomed';

-- name: message_lost_gone
-- Lost copies that were looked for.
DELETE FROM message WHERE person = :person AND state = 'doomed' AND message_id IS NULL AND lost = 1;
