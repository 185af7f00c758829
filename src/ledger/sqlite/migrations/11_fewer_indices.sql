-- A post passes through three states within a second, and an index over all states is written at each. What is looked up is
-- what has ended: those that left, in the order of time, and the few that did not, in the order of their numbers.

DROP INDEX posts_by_state;
DROP INDEX posts_by_change;

CREATE INDEX posts_departed ON posts (channel, state, changed_at) WHERE state = 'sent' OR state = 'failed';
CREATE INDEX posts_unsent ON posts (state, id)
    WHERE state = 'failed' OR state = 'expired' OR state = 'discarded' OR state = 'superseded';
