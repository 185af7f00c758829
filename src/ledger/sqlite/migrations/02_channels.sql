-- What is known of a channel as a whole: whether it is halted, and since when.

CREATE TABLE channels (
    channel TEXT PRIMARY KEY,
    halted  TEXT
) STRICT, WITHOUT ROWID;
