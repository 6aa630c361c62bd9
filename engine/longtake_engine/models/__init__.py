"""Backends: what completes a canvas."""
