"""What only the hub can look at: the served site, the channels' places, the machine's packages."""
