"""The central scoring service."""
