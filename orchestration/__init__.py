"""The impure shell: files, locks, the DuckDB door, Dagster, the command line. It wires; it computes nothing.

Read `definitions.py` first: it is the index from which the way of the data can be read in one look.
"""
