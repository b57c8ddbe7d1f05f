//! Fuzz targets that accept any bytes. None of them may panic, hang or end the process. The `cargo fuzz` targets in
//! `fuzz/` and the limited run of `cargo test` share these functions.

use super::{Bench, actor, context, moment, opportunite, site, toml, wat};
use afpi_plugins::manifest::{Capability, Manifest};
use afpi_plugins::{Grants, Outcome, Plugin, Policy, Quarantine};
use std::sync::Arc;

/// Loads a plugin file. A refusal must have a reason. Returns whether the file was loaded.
pub fn loader(bytes: &[u8]) -> bool {
    thread_local!(static BENCH: Bench = Bench::new());
    BENCH.with(|bench| match bench.runtime.load(bytes) {
        Ok(_) => true,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    })
}

/// An accepted manifest must stay the same after writing and reading. Returns whether it was accepted.
pub fn manifest(bytes: &[u8]) -> bool {
    let Ok(manifest) = Manifest::from_json(bytes) else { return false };
    let written = serde_json::to_vec(&manifest).expect("a manifest can be written");
    assert_eq!(Manifest::from_json(&written).expect("an accepted manifest is accepted again"), manifest);
    let read: Vec<Capability> =
        manifest.demands().iter().filter_map(|demand| demand.id.split(':').next()?.parse().ok()).collect();
    assert!(read.iter().all(|capability| manifest.kind.grantable().contains(capability)));
    true
}

/// A guest that returns the bytes of its settings as its decision, so lists and texts point wherever the bytes say.
pub struct Liar {
    bench: Bench,
    plugin: Arc<Plugin>,
    io: tokio::runtime::Runtime,
}

/// Reads the settings (a JSON text of hexadecimal digits), stores their bytes at address 1024 and returns them as its
/// decision.
const LIAR: &str = r#"
    (global $free (mut i32) (i32.const 65536))
    (func $realloc (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
      (global.set $free (i32.add (local.get $at) (local.get $size)))
      (local.get $at))
    (func $digit (param $c i32) (result i32)
      (i32.add (i32.and (local.get $c) (i32.const 15)) (i32.mul (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 9))))
    (func $start (param i32) (result i32)
      (local $text i32) (local $at i32) (local $end i32)
      (call $config.get (i32.const 16))
      (local.set $text (i32.add (i32.load (i32.const 16)) (i32.const 1)))
      (local.set $at (i32.const 1024))
      (local.set $end (i32.add (i32.const 1024) (i32.div_u (i32.sub (i32.load (i32.const 20)) (i32.const 2)) (i32.const 2))))
      (block $done
        (loop $next
          (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
          (i32.store8 (local.get $at) (i32.or
            (i32.shl (call $digit (i32.load8_u (local.get $text))) (i32.const 4))
            (call $digit (i32.load8_u offset=1 (local.get $text)))))
          (local.set $text (i32.add (local.get $text) (i32.const 2)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $next)))
      (i32.const 1024))
    (func $start_post (param i32))
"#;

impl Liar {
    /// The largest number of bytes that the guest can return.
    pub const MOST: usize = 60_000;

    pub fn seated() -> Self {
        let quarantine = Quarantine { faults: u32::MAX, ..Policy::default().quarantine };
        let bench = Bench::with(Policy { quarantine, ..Policy::default() });
        let mut file = wat::component("workflow", 16, LIAR).expect("the guest above is valid");
        let manifest =
            afpi_plugin_tool::read_manifest(&toml("liar", "workflow", "1.0.0", "")).expect("its manifest is valid");
        afpi_plugins::manifest::embed(&mut file, &manifest).expect("the file has no manifest yet");
        let plugin = bench.install(&file);
        let io = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Liar { bench, plugin, io }
    }

    /// Returns these bytes as a decision. The outcome is a decision, a refusal or a counted fault.
    pub fn decision(&self, bytes: &[u8]) -> Outcome {
        let hex: String = bytes.iter().take(Self::MOST).map(|byte| format!("{byte:02x}")).collect();
        self.bench.bind(&self.plugin, site(1), &format!("\"{hex}\""), Grants::none());
        let workflow = self.bench.runtime.registry().workflow("site-1").expect("the plugin was bound just now");
        let (context, subject, actor, moment) = (context(), opportunite(), actor(), moment());
        match self.io.block_on(workflow.start(&context, &subject, &actor, &moment)) {
            // The host stores decisions, so every decision must be serialisable.
            Ok(decision) => {
                let text = serde_json::to_string(&decision).expect("a decision can be written");
                assert_eq!(
                    serde_json::from_str::<afpi_plugins::contract::workflow::Decision>(&text)
                        .expect("a decision can be read"),
                    decision
                );
                Outcome::Ok
            }
            Err(failure) => failure.outcome(),
        }
    }
}
