"""What can be bought: the catalog's CSVs, their schema, loading and checking."""
