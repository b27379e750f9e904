"""What a change does to every stack: `python -m preview diff BASE HEAD`."""
