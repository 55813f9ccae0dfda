"""The gate: may this data be used, collected or disclosed, and by which clause."""
