"""The report: a verified plan as one HTML page that asks for nothing else."""
