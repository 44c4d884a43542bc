"""The clauses of a standard, one file each, named by the clause's place in the standard.

A new clause is a new file here, beside its limits and its words in ``protocol/standard.py``: ``smile_teeth.py`` judges
``smile.teeth`` and declares it by its ``CLAUSE``. It is found by being in this folder (`central.scoring.judging`), and shown by
every page and table in the standard's order.
"""
