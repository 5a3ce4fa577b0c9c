"""Formats: recognise lines and make batches of them."""
