"""A mutation run over the SQL of the rules: which changes of it would no test notice? `python -m tests.mutations --help`."""
