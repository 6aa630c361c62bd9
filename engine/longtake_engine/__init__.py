"""Longtake's engine: pixels and samples in, pixels and samples out."""
