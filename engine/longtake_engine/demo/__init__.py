"""The engine's part of `longtake demo`: a scene that nobody shot, and a sheet of its joins."""
