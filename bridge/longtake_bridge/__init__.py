"""Longtake's bridge: timelines to jobs and back."""
