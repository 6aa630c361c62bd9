"""Folders of tiny random weights that the real loading code takes for real models.

Each has the parts, classes and files of a published model, at a few hundred kilobytes, and is made
without a network. What such a model makes is coloured noise: good for every test but that of looks.
"""

from longtake_engine.testing.tiny_weights.make import FAMILIES as FAMILIES
from longtake_engine.testing.tiny_weights.make import make_tiny as make_tiny
