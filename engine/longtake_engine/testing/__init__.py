"""Stand-ins and makers of small clips, for tests of the engine and of what uses it."""
