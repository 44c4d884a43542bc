"""Regular evaluations: how far the service is used, how deep, and with what effect; drafted by the program, signed by a person, followed up at the next."""
