"""Appraisals: drafted from what was measured, signed by a person with reasons, contested, and frozen."""
