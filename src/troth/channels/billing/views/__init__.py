"""The pages of billing: for everybody, for a customer, for the staff."""
