-- Who may use the API, and who changed what.

CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    name       TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    issued_at  INTEGER NOT NULL,
    issued_by  TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_log (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    token   TEXT,
    address TEXT,
    action  TEXT    NOT NULL,
    request TEXT,
    status  INTEGER,
    detail  TEXT
) STRICT;
