"""B-roll on a timeline: what is wished, found or made for each wish, and laid on a track."""
