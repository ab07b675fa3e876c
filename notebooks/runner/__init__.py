"""The parts of notebooks/run.py. Only `execute` and `report` need packages beyond the standard library."""
