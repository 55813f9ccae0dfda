"""The pages: the customer's and the console's."""
