"""Web analytics that keep their word: visits are counted, and known, only as the policy says."""
