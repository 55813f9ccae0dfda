"""Backup and restore: one sealed file for both databases, and erasures done again afterwards."""
