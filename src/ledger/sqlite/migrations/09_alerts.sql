-- What the operator was told of without asking, and what waits to be told: one book.

CREATE TABLE alerts (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    body TEXT    NOT NULL
) STRICT;
