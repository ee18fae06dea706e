"""Bytes of one export become typed rows. A pure library: it knows no database and no scheduler."""
