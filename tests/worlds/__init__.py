"""The simulated worlds that tests and benchmarks run in: everything a desk can meet, with its truth known.

- `people`, `walkers`, `visits`: bodies of known size at known places; people who walk past a camera; whole visits.
- `drawn_people`, `boards`, `footage`: what models report of people; printed boards; pictures and sources made on the spot.
- `host_figures`: the host's head, face and body, and labelled footage of one.
- `phone_scripts`, `phone_signals`: what happens at a telephone, and what its line shows on a pin.
- `messages`, `desk_facts`, `moments`: any message at all; what a desk has measured; what there is to be shown.
- `delivery`: brokers, certificates and real processes between a desk and the central service.
"""
