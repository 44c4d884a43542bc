"""A frame and where frames come from."""
