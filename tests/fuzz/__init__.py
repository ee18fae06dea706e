"""Damaged exports -> what the readers make of them: `python -m tests.fuzz`.

`seeds` are whole exports, `damage` spoils them, `inputs` makes the n-th input of a run again from its number
alone, `findings` says what must never come of any of them.
"""
