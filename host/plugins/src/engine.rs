//! The single wasmtime engine: its settings and its epoch ticker. It knows nothing about plugins.
//!
//! There is one engine per process (RUSTSEC-2026-0222), no WASI, and no proposal that Rust, JS and Python guests do not
//! need.

use crate::compile::Effort;
use std::time::Duration;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, RegallocAlgorithm,
};

/// The epoch's step, which is the precision of deadlines.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// The largest number of stores at the same time.
const INSTANCES: u32 = 512;

/// Settings that affect compiled code. The compiling child must use exactly these.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    // Without component-model async a call costs 0.3 µs instead of 1.2 (bytecodealliance/wasmtime#12836).
    config.concurrency_support(false);
    config.epoch_interruption(true);
    config.max_wasm_stack(512 << 10);
    // Host futures, including TLS handshakes, run on the stack of the fiber. So that stack is much larger than the
    // guest's part.
    config.async_stack_size(2 << 20);
    config.wasm_memory64(false);
    // Only code of the engine needs this: the code between two nested components, as in JS guests. The budget refuses
    // it in guests.
    config.wasm_multi_memory(true);
    config.wasm_tail_call(false);
    config.wasm_relaxed_simd(false);
    config.wasm_backtrace_max_frames(std::num::NonZeroUsize::new(16));
    config
}

/// The settings for the compiler. The effort does not change the meaning of code, and not which engine can load it.
pub(crate) fn compiling(effort: Effort) -> Config {
    let mut config = config();
    if effort == Effort::Quick {
        config.cranelift_opt_level(OptLevel::None);
        config.cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass);
    }
    config
}

/// The engine that runs plugins. If there is enough address space, instances come from a pool (13 µs for a call on a
/// new instance). Otherwise each instance gets new mappings (31 µs).
pub(crate) fn build() -> wasmtime::Result<Engine> {
    let mut pooled = config();
    pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    match Engine::new(&pooled) {
        Ok(engine) => Ok(engine),
        Err(error) => {
            tracing::warn!(%error, "no address space for an instance pool; plugins start a little slower");
            Engine::new(&config())
        }
    }
}

/// Reserves address space for all instances. Only running instances use memory, plus a few pages per used slot.
fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        // A component of Rust has three core instances (main, shim, fix-up). JS and Python components have ten or more,
        // with up to three memories.
        .total_core_instances(INSTANCES * 4)
        .total_memories(INSTANCES * 2)
        .total_tables(INSTANCES * 3)
        .total_stacks(128)
        .max_core_instances_per_component(32)
        .max_memories_per_component(4)
        .max_tables_per_component(8)
        .max_memories_per_module(1)
        .max_tables_per_module(4)
        .max_memory_size((afpi_plugin_manifest::MAX_MEMORY_MIB as usize) << 20)
        .table_elements(20_000)
        .linear_memory_keep_resident(64 << 10)
        // On Linux 6.7 and newer, only the pages that a guest has touched are cleared, and they stay mapped.
        .pagemap_scan(Enabled::Auto)
        .table_keep_resident(4 << 10)
        .max_unused_warm_slots(32);
    pool
}

/// Starts the thread that advances the epoch, which ends guests that run too long. It is an OS thread, because guests
/// may occupy all async workers. It ends with the engine. It also calls `sweep` from time to time.
pub(crate) fn start_ticker(engine: &Engine, sweep: impl Fn() + Send + 'static) -> std::io::Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new().name("afpi-plugin-epoch".into()).spawn(move || {
        for tick in 1u64.. {
            std::thread::sleep(TICK);
            match engine.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => return,
            }
            if tick.is_multiple_of(5_000) {
                sweep();
            }
        }
    })?;
    Ok(())
}

/// A duration in epoch ticks, at least one.
pub(crate) fn ticks(duration: Duration) -> u64 {
    (duration.as_millis() / TICK.as_millis()).max(1) as u64
}
