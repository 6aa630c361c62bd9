"""Open-weights video models, run by diffusers: one small module per family on one base.

Torch and diffusers are imported when a model runs, never before: what a model is called and can do
is known from its entry in the catalogue.
"""
