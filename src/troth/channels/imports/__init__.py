"""Import of people: lists that come in with a proof of permission for each row."""
