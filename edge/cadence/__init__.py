"""How telephones ring, by country: the table of cadences and reading it."""
