"""The benchmarks: how fast the promises of docs/benchmarks.md are kept. Never run by the tests."""
