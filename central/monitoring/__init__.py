"""Standing monitoring: what is looked at from time to time of customers, market, competitors and team, and what was found."""
