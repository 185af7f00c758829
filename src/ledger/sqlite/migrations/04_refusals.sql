-- The texts that were refused of a story, and how many ever were, by who wrote them and why.

ALTER TABLE stories ADD COLUMN refused TEXT NOT NULL DEFAULT '[]';

CREATE TABLE refusals (
    writer TEXT    NOT NULL,
    code   TEXT    NOT NULL,
    texts  INTEGER NOT NULL,
    PRIMARY KEY (writer, code)
) STRICT, WITHOUT ROWID;
