-- What a game's channels were last told is looked up before its next story is written.

CREATE INDEX posts_by_game ON posts (game, id);
