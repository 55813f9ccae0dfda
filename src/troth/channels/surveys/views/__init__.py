"""The pages of campaigns: the console for the staff, the archive for everybody."""
