"""The choice of cookies by category, and the one door that every cookie passes."""
