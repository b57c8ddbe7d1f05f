//! All limits for plugins in one place, with defaults for production.

use crate::compile::{CompileLimits, ComplexityBudget};
use afpi_plugin_manifest::{Capability, Kind, Manifest};
use std::time::Duration;

/// Limits of calls, instances and quarantine. A manifest may ask for less or, up to the maxima here, for more.
#[derive(Clone, Debug)]
pub struct Policy {
    /// CPU for one call into a pure plugin (equal to its time on a machine that is not overloaded), and the most that a
    /// manifest can ask for.
    pub pure_call: Duration,
    pub pure_call_most: Duration,
    /// The factor by which a pure call may take longer by the wall clock on an overloaded machine.
    pub pure_stretch: u32,
    /// Time for one call into a plugin that may wait, including waits, and the most that a manifest can ask for.
    pub notifier_call: Duration,
    pub connector_call: Duration,
    pub hook_call: Duration,
    pub waiting_call_most: Duration,
    /// Guest CPU of a hook before a change, and its wall time, which includes waits for the host's stores. A person
    /// waits for the answer.
    pub before_cpu: Duration,
    pub before_wall: Duration,
    /// Time for one job of a plugin.
    pub job_call: Duration,
    /// The longest chain of events and jobs that plugins cause.
    pub max_depth: u8,
    /// Guest CPU within one call that may wait.
    pub waiting_cpu: Duration,
    /// How long a call may queue for a free place before it is refused as busy, and how many calls of one seat may
    /// queue.
    pub queue: Duration,
    pub seat_queue: usize,
    /// Memories and tables of one instance together, in MiB, unless the manifest says otherwise.
    pub memory_mib: u32,
    /// Memories and tables of all instances of the process together, including warm ones, in bytes.
    pub memory_total: u64,
    /// Most bytes from guest to host in one host call.
    pub hostcall_bytes: usize,
    /// Cost units of host calls within one call, for pure and waiting kinds. A log line costs 1, a request 200.
    pub pure_host_budget: u32,
    pub waiting_host_budget: u32,
    /// Warm instances kept per plugin and site, and for how many calls and how long.
    pub warm: usize,
    pub warm_calls: u32,
    pub warm_idle: Duration,
    /// Concurrent calls: pure ones (each uses a core) and waiting ones.
    pub pure_parallel: usize,
    pub waiting_parallel: usize,
    /// Concurrent reads and writes of plugins in the host's stores, so that plugins never hold all database
    /// connections.
    pub store_parallel: usize,
    /// Log lines that a plugin may write on a site: burst, and rate per second.
    pub log_burst: u32,
    pub log_per_second: u32,
    /// Failed calls that the host logs, per plugin and site: burst, and rate per second. All of them are counted.
    pub failure_burst: u32,
    pub failure_per_second: u32,
    /// Events that a plugin may announce on a site: burst, and rate per second.
    pub event_burst: u32,
    pub event_per_second: u32,
    pub quarantine: Quarantine,
    pub http: HttpPolicy,
    pub complexity: ComplexityBudget,
    pub compile: CompileLimits,
}

/// When a plugin is automatically switched off on a site.
#[derive(Clone, Debug)]
pub struct Quarantine {
    /// This many faults …
    pub faults: u32,
    /// … within this time …
    pub window: Duration,
    /// … switch it off for this long, doubled on every relapse …
    pub first: Duration,
    /// … at most this long.
    pub longest: Duration,
}

/// Limits of the HTTP capability.
#[derive(Clone, Debug)]
pub struct HttpPolicy {
    pub connect: Duration,
    pub total_most: Duration,
    /// Bytes of one response body after decompression.
    pub response_bytes: u64,
    pub request_bytes: usize,
    pub request_headers: usize,
    pub response_headers: usize,
}

impl Default for Policy {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        Policy {
            pure_call: Duration::from_millis(50),
            pure_call_most: Duration::from_secs(1),
            pure_stretch: 10,
            notifier_call: Duration::from_secs(10),
            connector_call: Duration::from_secs(120),
            hook_call: Duration::from_secs(10),
            before_cpu: Duration::from_millis(50),
            before_wall: Duration::from_millis(500),
            job_call: Duration::from_secs(60),
            max_depth: 4,
            waiting_call_most: Duration::from_secs(120),
            waiting_cpu: Duration::from_secs(5),
            queue: Duration::from_secs(2),
            seat_queue: 256,
            memory_mib: 64,
            memory_total: crate::machine::quarter_of_memory(),
            hostcall_bytes: 4 << 20,
            pure_host_budget: 2_000,
            waiting_host_budget: 200_000,
            warm: 2,
            warm_calls: 1_000,
            warm_idle: Duration::from_secs(60),
            // One core always stays free for the rest of the host.
            pure_parallel: cores.saturating_sub(1).max(1),
            waiting_parallel: 64,
            store_parallel: 4,
            log_burst: 200,
            log_per_second: 20,
            failure_burst: 20,
            failure_per_second: 1,
            event_burst: 100,
            event_per_second: 1,
            quarantine: Quarantine {
                faults: 5,
                window: Duration::from_secs(60),
                first: Duration::from_secs(30),
                longest: Duration::from_secs(3_600),
            },
            http: HttpPolicy {
                connect: Duration::from_secs(10),
                total_most: Duration::from_secs(120),
                response_bytes: 256 << 20,
                request_bytes: 1 << 20,
                request_headers: 64,
                response_headers: 100,
            },
            complexity: ComplexityBudget::default(),
            compile: CompileLimits::default(),
        }
    }
}

/// The limits of one call of one plugin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLimits {
    pub wall: Duration,
    pub cpu: Duration,
    /// The deadline that the guest is told.
    pub deadline: Duration,
    pub memory_mib: u32,
    pub host_budget: u32,
    pub mode: CallMode,
    /// The greatest depth of an event or job that it may cause.
    pub max_depth: u8,
}

/// What a call may do with what was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallMode {
    Acting,
    /// A change is being decided that may not come to be: nothing may be set in motion on its account.
    Deciding,
    /// The answer depends on the arguments and nothing else, whatever was granted.
    Pure,
}

impl CallMode {
    pub fn admits(self, capability: Capability) -> bool {
        match self {
            CallMode::Acting => true,
            CallMode::Deciding => !matches!(capability, Capability::HttpClient | Capability::Jobs | Capability::Events),
            CallMode::Pure => false,
        }
    }
}

impl Policy {
    /// How many of these places one plugin may take on one site: half, so that others always have some. If there is
    /// only one place, seats take turns.
    pub(crate) fn seat_share(places: usize) -> usize {
        places.div_ceil(2).min(places.saturating_sub(1)).max(1)
    }

    /// For calls of the plugin's own interface.
    pub(crate) fn limits(&self, manifest: &Manifest) -> CallLimits {
        match manifest.kind {
            Kind::Workflow | Kind::Objectives => self.pure_limits(manifest),
            Kind::Notifier => self.waiting_limits(manifest, self.notifier_call),
            Kind::Connector => self.waiting_limits(manifest, self.connector_call),
            Kind::Hook => self.waiting_limits(manifest, self.hook_call),
            Kind::App => self.waiting_limits(manifest, self.job_call),
        }
    }

    /// For calls whose answer depends on their arguments alone.
    pub(crate) fn pure_limits(&self, manifest: &Manifest) -> CallLimits {
        let deadline = asked(manifest, self.pure_call).min(self.pure_call_most);
        CallLimits {
            wall: deadline * self.pure_stretch,
            cpu: deadline,
            deadline,
            host_budget: self.pure_host_budget,
            memory_mib: manifest.limits.memory_mib.unwrap_or(self.memory_mib),
            mode: CallMode::Pure,
            max_depth: self.max_depth,
        }
    }

    /// For a hook before a change. No manifest can ask for more.
    pub(crate) fn before_limits(&self, manifest: &Manifest) -> CallLimits {
        CallLimits {
            wall: self.before_wall,
            cpu: self.before_cpu,
            deadline: self.before_cpu,
            mode: CallMode::Deciding,
            ..self.limits(manifest)
        }
    }

    /// For a job of a plugin.
    pub(crate) fn job_limits(&self, manifest: &Manifest) -> CallLimits {
        self.waiting_limits(manifest, self.job_call)
    }

    fn waiting_limits(&self, manifest: &Manifest, usual: Duration) -> CallLimits {
        let deadline = asked(manifest, usual).min(self.waiting_call_most);
        CallLimits {
            wall: deadline,
            cpu: self.waiting_cpu.min(deadline),
            deadline,
            host_budget: self.waiting_host_budget,
            memory_mib: manifest.limits.memory_mib.unwrap_or(self.memory_mib),
            mode: CallMode::Acting,
            max_depth: self.max_depth,
        }
    }
}

fn asked(manifest: &Manifest, usual: Duration) -> Duration {
    manifest.limits.call_ms.map_or(usual, |ms| Duration::from_millis(ms.into()))
}
