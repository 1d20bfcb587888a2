-- name: case_version
-- The version a case stands at.
SELECT version FROM casefile WHERE id = :id;

-- name: case_add
-- A new case.
INSERT INTO casefile (id, person, state, queue, holder, lease_until, version, opened, body)
VALUES (:id, :person, :state, :queue, :holder, :lease_until, 1, :opened, :body);

-- name: case_save
-- A case that changed.
UPDATE casefile SET state = :state, queue = :queue, holder = :holder, lease_until = :lease_until,
                    version = version + 1, body = :body
WHERE id = :id;

-- name: case_find
-- One case.
SELECT person, version, body FROM casefile WHERE id = :id;

-- name: cases_in
-- All cases in one state, oldest first.
SELECT id, person, opened, body FROM casefile WHERE state = :state ORDER BY opened, id;

-- name: case_person
-- Whom a case is about.
SELECT person FROM casefile WHERE id = :id;

-- name: word_save
-- One relayed message, new or changed.
INSERT INTO word (id, person, case_id, side, source, ref, state, at, body)
VALUES (:id, :person, :case_id, :side, :source, :ref, :state, :at, :body)
ON CONFLICT (id) DO UPDATE SET side = excluded.side, source = excluded.source, ref = excluded.ref,
    state = excluded.state, at = excluded.at, body = excluded.body;

-- name: words_of
-- The relayed words of a case, oldest first.
SELECT id, person, case_id, side, source, ref, state, at, body FROM word WHERE case_id = :case_id ORDER BY at, rowid;

-- name: words_forget
-- The talk is over.
DELETE FROM word WHERE case_id = :case_id;

-- name: consent_add
-- One answer to one question, for ever.
INSERT INTO consent (id, person, body) VALUES (:id, :person, :body);

-- name: consents_of
-- Every answer of a person, oldest first.
SELECT id, body FROM consent WHERE person = :person ORDER BY id;

-- name: timer_set
-- Setting a timer again moves it, under a new number.
INSERT OR REPLACE INTO timer (id, person, name, due, token) VALUES (:id, :person, :name, :due, :token);

-- name: timer_drop
-- One timer by name.
DELETE FROM timer WHERE person = :person AND name = :name;

-- name: timer_drop_prefix
-- All timers whose name starts so.
DELETE FROM timer WHERE person = :person AND substr(name, 1, length(:prefix)) = :prefix;

-- name: timer_done
-- The timer whose promise this commit keeps.
DELETE FROM timer WHERE id = :id;

-- name: timers_due
-- Timers whose time has come.
SELECT t.id, t.person, t.name, t.due, t.token, p.door, p.chat FROM timer t JOIN person p ON p.id = t.person
WHERE t.due <= :now ORDER BY t.due, t.id LIMIT :limit;

-- name: timer_later
-- A timer of a person whose key is missing: looked at again, without standing in the way.
UPDATE timer SET due = :due WHERE id = :id;

-- name: dead_letter_add
-- An update that could not be handled.
INSERT INTO dead_letter (id, person, at, body) VALUES (:id, :person, :at, :body);

-- name: audit_add
-- Who did what when.
INSERT INTO audit (actor, what, at, case_id) VALUES (:actor, :what, :at, :case_id);
