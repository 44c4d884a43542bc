"""Pixels to metres and degrees: lens, floor and head, every value with its error."""
