"""What browsers call, and the pages of the console."""
