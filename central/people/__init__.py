"""People under their pseudonyms, and what they worked as, where and when."""
