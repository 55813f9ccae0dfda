"""The console's pages of cases, and what people see of them."""
