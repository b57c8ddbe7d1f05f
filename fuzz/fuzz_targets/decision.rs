//! A guest returns any bytes as its decision.
#![no_main]

#[path = "../../host/plugins/tests/common/mod.rs"]
mod common;

thread_local!(static LIAR: common::fuzz::Liar = common::fuzz::Liar::seated());

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    LIAR.with(|liar| liar.decision(bytes));
});
