"""The same contact form in plain Django: what a site without Troth would have."""
