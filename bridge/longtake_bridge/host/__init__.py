"""The host session: what an editor's plugin says to Longtake and hears from it, as JSON lines.

The words are in PROTOCOL.md; `longtake host` speaks them on its standard streams.
"""
