"""How catalogs are made: pages in, rows out."""
