"""Sound that goes on past a join: the room without its words, its hum, its music's last chord."""
