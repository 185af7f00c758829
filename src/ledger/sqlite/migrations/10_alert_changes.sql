-- Alerts that are told, and told to be over, are changes too. The book is one row, so what changed is what it has more than
-- before: an alert that is open and was not, and one that is over and was open.

INSERT INTO alerts (one, body) VALUES (1, '{}') ON CONFLICT DO NOTHING;

CREATE TRIGGER alerts_changed AFTER UPDATE ON alerts WHEN OLD.body <> NEW.body BEGIN
    INSERT INTO changes (at, kind, subject)
    SELECT CAST(round(unixepoch(coalesce(alert ->> 'resolved_at', alert ->> 'raised_at'), 'subsec') * 1000) AS INTEGER) * 1000000,
           iif(alert ->> 'resolved_at' IS NULL, 'alert.raised', 'alert.resolved'), alert
    FROM (SELECT value AS alert FROM json_each(NEW.body, '$.alerts'))
    WHERE alert ->> 'raised_at' IS NOT NULL
      AND (alert ->> 'resolved_at' IS NOT NULL) = EXISTS (
        SELECT 1 FROM json_each(OLD.body, '$.alerts')
        WHERE value ->> 'kind' = alert ->> 'kind' AND value ->> 'subject' = alert ->> 'subject'
          AND value ->> 'raised_at' IS NOT NULL AND value ->> 'resolved_at' IS NULL);
END;
