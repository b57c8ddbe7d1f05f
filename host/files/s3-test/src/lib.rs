//! Only tests: see `tests/s3.rs`.
