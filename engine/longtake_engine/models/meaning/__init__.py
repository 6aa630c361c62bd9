"""Which texts mean alike."""
