"""Staff: who of an organisation may act, in which role, for which purposes."""
