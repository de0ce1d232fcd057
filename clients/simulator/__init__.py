"""A client like any other that plays a believable crawl over the public API. See docs/simulator.md."""
