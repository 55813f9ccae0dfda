"""What two browsers have to tell each other before they see each other, and the end of it."""
