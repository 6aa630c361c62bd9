"""Training of Longtake's own networks on scenes that a program draws.

Not part of the running engine: `python -m longtake_engine.training --help`.
"""
