-- What tells this ledger from every other one: drawn when it is made, and again when it is restored.

CREATE TABLE identity (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  TEXT    NOT NULL
) STRICT;

INSERT INTO identity (one, id) VALUES (1, lower(hex(randomblob(6))));
