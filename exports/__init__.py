"""Figures become bytes: csv, Parquet, documents, pages, manifests.

A pure library: it is given rows and facts and answers bytes or text. It opens no database, reads no clock and no environment,
and computes no figure. `documents` is its index; a package each: the `report`, the `workbook`, the `page` for citizens.
"""
