"""What Evenhand is measured against: each peer a module with `prepare`, `run` and `answer`, as `bench.child` says."""
