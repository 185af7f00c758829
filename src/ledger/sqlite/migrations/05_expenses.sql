-- What paid writers cost. A row is made before the call, with the most it can come to, and put right after it; one that
-- is never settled stays as it is. Money is in millionths of a dollar.

CREATE TABLE expenses (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    payee         TEXT    NOT NULL,
    model         TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    settled       INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    money         INTEGER NOT NULL
) STRICT;

CREATE INDEX expenses_by_time ON expenses (payee, at);
