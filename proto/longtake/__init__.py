"""Longtake's wire contract; the messages and services are in `longtake.v1`."""
