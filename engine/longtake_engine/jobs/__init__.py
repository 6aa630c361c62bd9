"""The queue of work: what is asked for, in which order it runs, and what became of it."""
