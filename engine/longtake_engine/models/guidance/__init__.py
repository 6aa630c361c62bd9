"""What a person wishes, put as models take it: words, drawn control videos, pictures."""
