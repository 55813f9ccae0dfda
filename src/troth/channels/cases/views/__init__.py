"""The console's pages of cases."""
