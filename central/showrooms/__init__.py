"""Companies, their regions and showrooms, and when a showroom is open."""
