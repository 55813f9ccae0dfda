"""Stories with a name, told with consent to their very words."""
