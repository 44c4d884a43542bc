"""Competitions between people, desks and showrooms, and desks whose practice is worth imitating."""
