"""Retention: what the policy's keep clauses say, carried out; holds, previews, runs and reports."""
