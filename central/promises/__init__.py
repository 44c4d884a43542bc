"""Promises to customers: weighed against four sides and what is measured, published, kept or not, and withdrawn."""
