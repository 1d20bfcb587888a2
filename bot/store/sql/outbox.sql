-- name: outbox_add
-- One decided call.
INSERT INTO outbox (id, person, kind, call, state, urgency, created, not_before, not_after, lease_until,
                    case_id, ref, tries, payload)
VALUES (:id, :person, :kind, :call, :state, :urgency, :created, :not_before, :not_after, :lease_until,
        :case_id, :ref, :tries, :payload);

-- name: outbox_due
-- The first due row of each chat that has none in flight, most urgent first.
SELECT o.id, o.person, p.door, p.chat, o.kind, o.payload, o.created, o.not_after, o.case_id, o.unknown
FROM outbox o JOIN person p ON p.id = o.person
WHERE o.state IN ('waiting', 'held') AND coalesce(o.not_before, 0) <= :now AND p.quiet_until <= :now
  AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.person = o.person AND e.state = 'sending')
  AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.person = o.person AND e.state = 'waiting' AND e.id < o.id)
  AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.person = o.person AND e.state = 'held' AND e.id < o.id
                  AND e.not_before <= :now)
ORDER BY o.urgency, o.id LIMIT :limit;

-- name: outbox_next
-- The first due row of one chat, with what may keep it back.
SELECT p.quiet_until, EXISTS (SELECT 1 FROM outbox WHERE person = p.id AND state = 'sending'),
       o.id, p.id, p.door, p.chat, o.kind, o.payload, o.created, o.not_after, o.case_id, o.unknown
FROM person p JOIN outbox o ON o.id = (
    SELECT min(id) FROM outbox WHERE person = p.id AND state IN ('waiting', 'held')
    AND coalesce(not_before, 0) <= :now)
WHERE p.id = :person;

-- name: outbox_claim
-- Hand one row to the sender.
UPDATE outbox SET state = 'sending', lease_until = :lease_until, tries = tries + 1 WHERE id = :id;

-- name: outbox_flying
-- A row in flight, as settling it needs it: whose it is now, and whether anything else is open for her.
SELECT o.person, o.call, o.ref, o.case_id, p.erased IS NOT NULL
    OR EXISTS (SELECT 1 FROM outbox WHERE person = o.person AND state IN ('waiting', 'held'))
FROM outbox o JOIN person p ON p.id = o.person
WHERE o.id = :id AND o.state = 'sending';

-- name: outbox_sent
-- Telegram accepted it. Neither its words nor whom it was for is needed any more.
UPDATE outbox SET state = 'sent', settled = :now, message_id = :message_id, lease_until = NULL,
                  payload = NULL, person = NULL, ref = NULL, case_id = NULL
WHERE id = :id;

-- name: outbox_row
-- One row as it stands, for settling.
SELECT person, kind, call, state, ref, case_id, unknown, stopped, not_after FROM outbox WHERE id = :id;

-- name: outbox_wait
-- Surely not accepted, or to be repeated: back into the queue.
UPDATE outbox SET state = 'waiting', unknown = unknown + :lost, lease_until = NULL WHERE id = :id;

-- name: outbox_end
-- A row that will not be tried again.
UPDATE outbox SET state = :state, unknown = unknown + :lost, settled = :now, lease_until = NULL,
                  payload = NULL, person = NULL, ref = NULL, case_id = NULL
WHERE id = :id;

-- name: outbox_keep
-- A row that will not be tried again, but whose words somebody may still ask for.
UPDATE outbox SET state = :state, unknown = unknown + :lost, settled = :now, lease_until = NULL WHERE id = :id;

-- name: outbox_release
-- Claimed rows nobody received (their reader went away) go back, untried.
UPDATE outbox SET state = 'waiting', lease_until = NULL, tries = tries - 1
WHERE id = :id AND state = 'sending' AND payload IS NOT NULL AND stopped = 0;

-- name: outbox_stale
-- Rows that waited longer than is safe.
SELECT id, person, kind, call, ref FROM outbox INDEXED BY outbox_due
WHERE state IN ('waiting', 'held') AND not_after <= :now LIMIT 1000;

-- name: outbox_overdue
-- Rows in flight past their lease: whoever held them is gone.
SELECT id FROM outbox INDEXED BY outbox_chat
WHERE person IS NOT NULL AND state = 'sending' AND lease_until <= :now ORDER BY id LIMIT 1000;

-- name: outbox_untold
-- Relayed words that did not surely arrive, and of which nobody has been told.
SELECT o.state, o.id, o.person, p.door, p.chat, o.kind, o.payload, o.created, o.not_after, o.case_id, o.unknown
FROM outbox o INDEXED BY outbox_chat JOIN person p ON p.id = o.person
WHERE o.person IS NOT NULL AND o.kind = 'relay' AND o.state IN ('expired', 'unknown', 'refused')
ORDER BY o.id LIMIT 1000;

-- name: outbox_told
-- Now somebody knows.
UPDATE outbox SET payload = NULL, person = NULL, ref = NULL, case_id = NULL WHERE id = :id;

-- name: outbox_when
-- When the next row is due or stale, among chats with none in flight.
SELECT min(min(max(coalesce(o.not_before, o.created), p.quiet_until), coalesce(o.not_after, 9223372036854775807)))
FROM outbox o JOIN person p ON p.id = o.person
WHERE o.state IN ('waiting', 'held')
  AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.person = o.person AND e.state = 'sending');

-- name: outbox_lease_when
-- When the first lease ends.
SELECT min(lease_until) FROM outbox INDEXED BY outbox_chat WHERE person IS NOT NULL AND state = 'sending';

-- name: cancel_find
-- Sends that will never be made, so that their message rows can go.
SELECT ref FROM outbox WHERE person = :person AND state IN ('waiting', 'held') AND call = 'send' AND unknown = 0
  AND (:case_id IS NULL OR case_id = :case_id);

-- name: cancel_doomed
-- Sends whose message is to be deleted anyway and that nobody has tried: they must not ring first.
SELECT o.id, o.ref FROM outbox o JOIN message m ON m.person = o.person AND m.ref = o.ref
WHERE o.person = :person AND o.state IN ('waiting', 'held') AND o.call = 'send' AND o.unknown = 0
  AND m.state = 'doomed' AND m.message_id IS NULL;

-- name: cancel_waiting
-- Nothing that waits is sent. Deletions are always wanted, so tidying stays.
UPDATE outbox SET state = 'cancelled', settled = :now, payload = NULL, person = NULL, ref = NULL, case_id = NULL
WHERE person = :person AND state IN ('waiting', 'held', 'unknown') AND call <> 'tidy'
  AND (:case_id IS NULL OR case_id = :case_id);

-- name: cancel_in_flight
-- What is in flight is not tried again.
UPDATE outbox SET stopped = 1
WHERE person = :person AND state = 'sending' AND call <> 'tidy' AND (:case_id IS NULL OR case_id = :case_id);

-- name: cancel_gone
-- The chat cannot be reached: everything that waits for it ends.
UPDATE outbox SET state = 'cancelled', settled = :now, payload = NULL, person = NULL, ref = NULL, case_id = NULL
WHERE person = :person AND state IN ('waiting', 'held', 'unknown');

-- name: tidy_waits
-- Whether a Tidy is already queued for a chat.
SELECT EXISTS (SELECT 1 FROM outbox WHERE person = :person AND state IN ('waiting', 'held') AND call = 'tidy');
