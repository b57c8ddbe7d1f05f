//! Loads any bytes as a plugin file.
#![no_main]

#[path = "../../host/plugins/tests/common/mod.rs"]
mod common;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    common::fuzz::loader(bytes);
});
