"""What is measured inside a process of an installation, with Django set up."""
