"""What to buy: credentials, learners, the integer program, the proof and the answer."""
