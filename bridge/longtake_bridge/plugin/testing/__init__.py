"""Stand-ins for editors that cannot be had, and drivers of their plugins; for tests."""
