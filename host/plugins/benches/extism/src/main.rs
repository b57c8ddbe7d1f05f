//! A warm call of an Extism plugin with a record of 1 KB, under its memory limit and time-out. The guest copies its
//! input into its own memory and returns 32 bytes, the least that a plugin can do there. Decoding the record would cost
//! extra; a component gets it decoded.

use extism::{Manifest, Plugin, Wasm};
use std::hint::black_box;
use std::time::{Duration, Instant};

const GUEST: &str = r#"
    (module
      (import "extism:host/env" "input_length" (func $length (result i64)))
      (import "extism:host/env" "input_load_u64" (func $load (param i64) (result i64)))
      (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
      (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
      (import "extism:host/env" "output_set" (func $output (param i64 i64)))
      (memory (export "memory") 1)
      (func (export "editable") (result i32)
        (local $at i64) (local $end i64) (local $answer i64)
        (local.set $end (i64.and (call $length) (i64.const -8)))
        (block $done
          (loop $next
            (br_if $done (i64.ge_u (local.get $at) (local.get $end)))
            (i64.store (i32.wrap_i64 (local.get $at)) (call $load (local.get $at)))
            (local.set $at (i64.add (local.get $at) (i64.const 8)))
            (br $next)))
        (local.set $answer (call $alloc (i64.const 32)))
        (call $store (local.get $answer) (i64.load (i32.const 0)))
        (call $store (i64.add (local.get $answer) (i64.const 8)) (i64.load (i32.const 8)))
        (call $store (i64.add (local.get $answer) (i64.const 16)) (i64.load (i32.const 16)))
        (call $store (i64.add (local.get $answer) (i64.const 24)) (i64.load (i32.const 24)))
        (call $output (local.get $answer) (i64.const 32))
        (i32.const 0)))
"#;

fn main() -> Result<(), extism::Error> {
    let code = Wasm::data(wat::parse_str(GUEST)?);
    let manifest = Manifest::new([code]).with_memory_max(1_024).with_timeout(Duration::from_millis(50));
    let mut plugin = Plugin::new(&manifest, [], false)?;
    let record = vec![b'x'; 1_024];
    let mut batches: Vec<f64> = (0..60)
        .map(|_| {
            let began = Instant::now();
            for _ in 0..1_000 {
                black_box(plugin.call::<&[u8], &[u8]>("editable", &record).map(<[u8]>::len).unwrap_or_default());
            }
            began.elapsed().as_secs_f64() * 1e6 / 1_000.0
        })
        .collect();
    assert_eq!(plugin.call::<&[u8], &[u8]>("editable", &record)?.len(), 32);
    batches.sort_by(f64::total_cmp);
    println!("{:<52}{:>11.3} µs", "Extism, warm call, 1 KB record", batches[batches.len() / 2]);
    let fresh = Instant::now();
    for _ in 0..200 {
        let mut plugin = Plugin::new(&manifest, [], false)?;
        black_box(plugin.call::<&[u8], &[u8]>("editable", &record)?.len());
    }
    println!("{:<52}{:>11.3} µs", "Extism, call on a fresh plugin", fresh.elapsed().as_secs_f64() * 1e6 / 200.0);
    Ok(())
}
