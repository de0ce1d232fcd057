"""The benchmarks: `make bench`, or `python -m bench [--quick] [names…]`. See docs/benchmarks.md."""
