"""The impure shell: files, locks, the DuckDB door, Dagster and the command line. It wires and computes no figure."""
