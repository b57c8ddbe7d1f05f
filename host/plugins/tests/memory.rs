//! The memory of all plugins together: what one plugin with a high demand takes on many sites, and what happens to
//! calls without free memory.

mod common;

use afpi_plugins::{HookPlugin, Outcome, Plugin, PluginFailure, Policy};
use common::{Bench, context, site, toml};
use std::sync::Arc;

const MIB: u64 = 1 << 20;

/// A hook that allocates this many MiB when the host asks for its subscriptions, and traps if it cannot.
fn hungry(bench: &Bench, mib: u32) -> Arc<Plugin> {
    let body = format!(
        "(func $subscriptions (result i32) \
           (if (i32.eq (memory.grow (i32.const {})) (i32.const -1)) (then unreachable)) (i32.const 0))",
        mib * 16
    );
    let mut file = common::wat::component("hook", 1, &body).unwrap();
    let manifest = toml("hungry", "hook", "1.0.0", "[limits]\nmemory-mib = 256\n");
    let manifest = afpi_plugin_tool::read_manifest(&manifest).unwrap();
    afpi_plugins::manifest::embed(&mut file, &manifest).unwrap();
    bench.runtime.load(&file).unwrap()
}

fn seated(bench: &Bench, plugin: &Arc<Plugin>, number: u8) -> HookPlugin {
    let registry = bench.runtime.registry();
    if registry.plugin("hungry").is_none() {
        registry.put(plugin.clone()).unwrap();
    }
    bench.bind(plugin, site(number), "{}", Default::default());
    registry.hooks(&format!("site-{number}")).remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_hungry_plugin_at_fourteen_sites_stays_within_the_budget() {
    let bench = Bench::with(Policy { memory_total: 64 * MIB, ..Policy::default() });
    let plugin = hungry(&bench, 30);
    for number in 1..=14 {
        let hook = seated(&bench, &plugin, number);
        hook.subscriptions(&context()).await.unwrap_or_else(|error| panic!("site {number}: {error}"));
        let (used, most) = bench.runtime.registry().memory();
        assert!(used <= most, "{used} of {most} bytes");
    }
    // All calls start at once. Calls without free memory wait for the others.
    let hooks: Vec<_> = (1..=14).map(|number| seated(&bench, &plugin, number)).collect();
    let calls = hooks.iter().map(|hook| async { hook.subscriptions(&context()).await.map(drop) });
    for answer in futures::future::join_all(calls).await {
        answer.unwrap();
    }
    let warm: usize = bench.runtime.registry().seats().iter().map(|seat| seat.idle_instances).sum();
    assert!((1..=2).contains(&warm), "{warm} warm instances of 30 MiB in 64");
    bench.runtime.registry().remove("hungry").unwrap();
    drop(hooks);
    assert_eq!(bench.runtime.registry().memory().0, 0);
}

#[tokio::test]
async fn who_never_fits_is_told_so_and_blamed_for_nothing() {
    let bench = Bench::with(Policy {
        memory_total: 64 * MIB,
        queue: std::time::Duration::from_millis(20),
        ..Policy::default()
    });
    let plugin = hungry(&bench, 100);
    let hook = seated(&bench, &plugin, 1);
    for _ in 0..8 {
        let failure = hook.subscriptions(&context()).await.unwrap_err();
        assert!(
            matches!(failure, PluginFailure::NoRoom) && failure.outcome() == Outcome::NoRoom && !failure.is_fault(),
            "{failure}"
        );
    }
    let view = bench.runtime.registry().health("site-1", "hungry").unwrap();
    assert!(view.health.quarantined.is_none() && view.health.faults == 0);
    assert_eq!(bench.runtime.registry().memory().0, 0);
}
