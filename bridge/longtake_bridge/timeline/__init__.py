"""Timelines: what is on them, what an extension would take, and how it is put back.

The only package that imports OpenTimelineIO; `api` is what the commands call.
"""
