"""Putting Longtake's plugins where editors look for them, and taking them away again."""
