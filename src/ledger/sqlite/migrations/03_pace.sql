-- How often a post has failed by itself, what it costs, and an index over what left a channel. Prices are millionths of a
-- dollar.

ALTER TABLE posts ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE posts ADD COLUMN arm_price INTEGER NOT NULL DEFAULT 0;

-- Until now every attempt counted.
UPDATE posts SET failures = attempt;

CREATE INDEX posts_by_departure ON posts (channel, arm_at) WHERE arm_at IS NOT NULL;
