"""Names on the net: ordered, confirmed by their owner, entered in a registry, shown as chosen."""
