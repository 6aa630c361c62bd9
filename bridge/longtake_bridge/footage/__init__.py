"""The user's own footage: what there is, what is said of it, and what of it fits a wish."""
