"""The pages of surveys: the console for the staff, what is open for everybody."""
