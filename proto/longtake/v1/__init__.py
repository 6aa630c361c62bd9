"""Version 1 of the wire contract: generated code beside the `.proto` files it comes from."""
