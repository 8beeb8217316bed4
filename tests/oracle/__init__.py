"""Independent searches: random instances, a search over days, and a second solver, from the contract alone."""
