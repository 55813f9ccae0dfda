"""What people ask for about their data: how it comes in, and what they and the staff see of it."""
