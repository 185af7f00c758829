-- Times are nanoseconds since 1970 in UTC. Bodies are JSON.

CREATE TABLE epochs (
    epoch     INTEGER PRIMARY KEY,
    holder    TEXT    NOT NULL,
    minted_at INTEGER NOT NULL
) STRICT;

CREATE TABLE switches (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    body TEXT    NOT NULL
) STRICT;

CREATE TABLE sports (
    sport   TEXT    PRIMARY KEY,
    feed    TEXT    NOT NULL,
    seen_at INTEGER NOT NULL,
    state   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE observations (
    id      INTEGER PRIMARY KEY,
    sport   TEXT    NOT NULL,
    game    TEXT    NOT NULL,
    feed    TEXT    NOT NULL,
    seen_at INTEGER NOT NULL,
    body    TEXT    NOT NULL
) STRICT;

CREATE INDEX observations_by_age ON observations (seen_at);

-- AUTOINCREMENT: a place or a number that was given once is never given again, not even after pruning.
CREATE TABLE stories (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    sport       TEXT    NOT NULL,
    game        TEXT    NOT NULL,
    told        INTEGER NOT NULL CHECK (told IN (0, 1)),
    recorded_at INTEGER NOT NULL,
    written_at  INTEGER,
    notes       TEXT    NOT NULL DEFAULT '[]',
    body        TEXT    NOT NULL,
    UNIQUE (id, revision)
) STRICT;

CREATE INDEX stories_unwritten ON stories (sequence) WHERE told = 1 AND written_at IS NULL;
CREATE INDEX stories_by_sport ON stories (sport, sequence);
CREATE INDEX stories_by_game ON stories (game, sequence);

CREATE TABLE posts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    story           TEXT    NOT NULL,
    revision        INTEGER NOT NULL,
    sequence        INTEGER NOT NULL,
    sport           TEXT    NOT NULL,
    game            TEXT    NOT NULL,
    channel         TEXT    NOT NULL,
    operation       TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('awaiting_approval', 'pending', 'armed', 'sent', 'unknown',
                                                      'failed', 'expired', 'discarded', 'superseded')),
    text            TEXT    NOT NULL,
    title           TEXT,
    author          TEXT    NOT NULL,
    significance    REAL    NOT NULL,
    happened_at     INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    send_before     INTEGER NOT NULL,
    attempt         INTEGER NOT NULL,
    in_doubt        INTEGER NOT NULL CHECK (in_doubt IN (0, 1)),
    not_before      INTEGER,
    reason          TEXT,
    frozen_body     TEXT,
    frozen_key      TEXT,
    arm_epoch       INTEGER,
    arm_at          INTEGER,
    arm_send_before INTEGER,
    arm_settle_by   INTEGER,
    remote_id       TEXT,
    remote_url      TEXT,
    UNIQUE (story, revision, channel),
    FOREIGN KEY (story, revision) REFERENCES stories (id, revision)
) STRICT;

CREATE INDEX posts_open ON posts (channel, sequence, id) WHERE state IN ('awaiting_approval', 'pending', 'armed', 'unknown');
CREATE INDEX posts_by_state ON posts (state, id);
CREATE INDEX posts_by_channel ON posts (channel, id);

CREATE TABLE attempts (
    post       INTEGER NOT NULL REFERENCES posts (id),
    number     INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    armed_at   INTEGER NOT NULL,
    settled_at INTEGER,
    outcome    TEXT,
    PRIMARY KEY (post, number)
) STRICT, WITHOUT ROWID;
