"""The central database: its engine, its tables' base and its migrations."""
