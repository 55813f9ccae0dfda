"""A small application on the core: one model sealed, and the same model unsealed."""
