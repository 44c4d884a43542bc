"""Links to ticket systems: their cases, by times, directions and states alone, pulled again and again until they are here."""
