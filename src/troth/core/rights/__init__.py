"""Rights: what a person asks for, done completely, in time, everywhere, and shown to be done."""
