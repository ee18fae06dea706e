"""Bytes of one-stop-shop portal exports into typed rows without personal data.

A pure library: it reads a file it is given and returns frames; it knows no database, no scheduler, no folder
layout. The way a file walks: `recognition` says what the bytes are, a reader (`workbook`, `delimited`,
`webtable`, `national`) offers sheets, `headers` finds the listed columns and only those are read,
`understanding` makes typed columns of the texts, `lines` sets layout lines aside, `judging` says which rows
can be believed, `quarantine` keeps the others without what could be a person's.
"""
