"""Measurements of whole commands and of their parts; each file says how it is run."""
