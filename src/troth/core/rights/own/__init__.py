"""The own store as a source: all that this installation holds, found from the models."""
