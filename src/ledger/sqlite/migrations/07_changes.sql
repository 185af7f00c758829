-- What changed, in order, for whoever follows the wire, written with the change itself. `changes` is not the record of
-- anything: what is too old goes.

CREATE TABLE changes (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL
) STRICT;

CREATE INDEX posts_by_change ON posts (channel, state, changed_at);

CREATE TRIGGER story_recorded AFTER INSERT ON stories BEGIN
    INSERT INTO changes (at, kind, subject) VALUES (NEW.recorded_at, 'story.recorded', json_object(
        'sequence', NEW.sequence, 'story', NEW.id, 'revision', NEW.revision, 'sport', NEW.sport, 'game', NEW.game,
        'told', json(iif(NEW.told, 'true', 'false'))));
END;

CREATE TRIGGER post_made AFTER INSERT ON posts BEGIN
    INSERT INTO changes (at, kind, subject) VALUES (NEW.changed_at, 'post.' || NEW.state, json_object(
        'post', NEW.id, 'story', NEW.story, 'revision', NEW.revision, 'sport', NEW.sport, 'game', NEW.game,
        'channel', NEW.channel, 'state', NEW.state, 'attempt', NEW.attempt, 'reason', NEW.reason));
END;

CREATE TRIGGER post_changed AFTER UPDATE ON posts WHEN OLD.state <> NEW.state OR OLD.text <> NEW.text BEGIN
    INSERT INTO changes (at, kind, subject) VALUES (NEW.changed_at, 'post.' || NEW.state, json_object(
        'post', NEW.id, 'story', NEW.story, 'revision', NEW.revision, 'sport', NEW.sport, 'game', NEW.game,
        'channel', NEW.channel, 'state', NEW.state, 'attempt', NEW.attempt, 'reason', NEW.reason));
END;

-- Switches carry no time of their own: an operator throws them now.
CREATE TRIGGER switches_set AFTER INSERT ON switches BEGIN
    INSERT INTO changes (at, kind, subject)
    VALUES (CAST(unixepoch('subsec') * 1000000000 AS INTEGER), 'switch.changed', NEW.body);
END;

CREATE TRIGGER switches_changed AFTER UPDATE ON switches WHEN OLD.body <> NEW.body BEGIN
    INSERT INTO changes (at, kind, subject)
    VALUES (CAST(unixepoch('subsec') * 1000000000 AS INTEGER), 'switch.changed', NEW.body);
END;
