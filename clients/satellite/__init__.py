"""The reference satellite: a polite crawler that takes missions from Mission Control over its public API alone."""
