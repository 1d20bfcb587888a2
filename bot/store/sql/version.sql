-- name: version_add
-- A published set of files becomes the current one; publishing it again takes a withdrawal back.
INSERT INTO version (hash, structure, published, turn)
VALUES (:hash, :structure, :published, (SELECT coalesce(max(turn), 0) + 1 FROM version))
ON CONFLICT (hash) DO UPDATE SET turn = excluded.turn, published = excluded.published, withdrawn_to = '';

-- name: version_blob
-- One file, kept once.
INSERT INTO blob (hash, bytes) VALUES (:hash, :bytes) ON CONFLICT (hash) DO NOTHING;

-- name: version_file
-- One file of a version.
INSERT INTO version_file (version, path, blob) VALUES (:version, :path, :blob) ON CONFLICT (version, path) DO NOTHING;

-- name: version_current
-- The version published last.
SELECT hash, structure, published, withdrawn_to FROM version ORDER BY turn DESC LIMIT 1;

-- name: versions_pinned
-- Every version of a structure that somebody stands in, the newest first.
SELECT hash, structure, published, withdrawn_to FROM version v
WHERE EXISTS (SELECT 1 FROM session WHERE structure = v.structure)
ORDER BY turn DESC;

-- name: versions_all
-- Every version that is kept, the newest first.
SELECT hash, structure, published, withdrawn_to FROM version ORDER BY turn DESC;

-- name: version_files
-- The files of one version.
SELECT f.path, b.bytes FROM version_file f JOIN blob b ON b.hash = f.blob WHERE f.version = :version ORDER BY f.path;

-- name: version_withdraw
-- Whoever stands in a structure of this version is taken to another step.
UPDATE version SET withdrawn_to = :step
WHERE structure = (SELECT structure FROM version WHERE hash = :hash);

-- name: versions_unneeded
-- Versions nobody stands in, beyond the newest ones.
SELECT hash FROM version v
WHERE turn NOT IN (SELECT turn FROM version ORDER BY turn DESC LIMIT :newest)
  AND NOT EXISTS (SELECT 1 FROM session WHERE structure = v.structure);

-- name: version_forget_files
-- The list of files of one version.
DELETE FROM version_file WHERE version = :hash;

-- name: version_forget
-- One version; its record of release stays.
DELETE FROM version WHERE hash = :hash;

-- name: blobs_forget
-- Files that no version has any more.
DELETE FROM blob WHERE hash NOT IN (SELECT blob FROM version_file);

-- name: release_add
-- What was done with a version, by whom, and what it changed.
INSERT INTO release (at, what, version, by, note, difference)
VALUES (:at, :what, :version, :by, :note, :difference);

-- name: releases_all
-- Everything that was done with versions, the newest first.
SELECT at, what, version, by, note, difference FROM release ORDER BY id DESC;

-- name: sessions_all
-- Where everybody stands, sealed.
SELECT person, structure, state FROM session;
