//! All limits of plugins in one place, with defaults for production.

use crate::compile::{CompileLimits, ComplexityBudget};
use afpi_plugin_manifest::{Capability, Kind, Manifest};
use std::time::Duration;

/// The limits of calls, instances and quarantine. A manifest may request less, or more up to the maxima here.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The CPU time of one call of a pure plugin, and the maximum that a manifest can request. On a machine that is not
    /// overloaded, the wall time is the same.
    pub pure_call: Duration,
    pub pure_call_most: Duration,
    /// The factor by which a pure call may take longer on an overloaded machine, by the wall clock.
    pub pure_stretch: u32,
    /// The time of one call of a plugin that may wait, including waits, and the maximum that a manifest can request.
    pub notifier_call: Duration,
    pub connector_call: Duration,
    pub hook_call: Duration,
    pub waiting_call_most: Duration,
    /// The CPU time of a hook before a change, and its wall time, which includes waits for the host's stores. A person
    /// waits for the answer.
    pub before_cpu: Duration,
    pub before_wall: Duration,
    /// The wall and CPU time of a lookup, and its host calls. A person types and waits.
    pub lookup_wall: Duration,
    pub lookup_cpu: Duration,
    pub lookup_host_budget: u32,
    /// The time for one job of a plugin.
    pub job_call: Duration,
    /// The longest chain of events and jobs that plugins may cause.
    pub max_depth: u8,
    /// The CPU time of the guest in one call that may wait.
    pub waiting_cpu: Duration,
    /// How long a call may wait for a free place before it is refused as busy, and how many calls of one seat may wait.
    pub queue: Duration,
    pub seat_queue: usize,
    /// The memories and tables of one instance together, in MiB. The manifest may change it.
    pub memory_mib: u32,
    /// The memories and tables of all instances of the process together, including warm ones, in bytes.
    pub memory_total: u64,
    /// The largest number of bytes from guest to host in one host call.
    pub hostcall_bytes: usize,
    /// The cost units of host calls in one call, for pure and waiting kinds. A log line costs 1, and a request costs
    /// 200.
    pub pure_host_budget: u32,
    pub waiting_host_budget: u32,
    /// The number of warm instances per plugin and site, and for how many calls and how long they are kept.
    pub warm: usize,
    pub warm_calls: u32,
    pub warm_idle: Duration,
    /// The number of concurrent calls: pure calls (each uses a core) and waiting calls.
    pub pure_parallel: usize,
    pub waiting_parallel: usize,
    /// The number of concurrent reads and writes of plugins in the host's stores. It prevents plugins from holding all
    /// database connections.
    pub store_parallel: usize,
    /// The log lines that a plugin may write on a site: the burst, and the rate per second.
    pub log_burst: u32,
    pub log_per_second: u32,
    /// The failed calls that the host logs per plugin and site: the burst, and the rate per second. All of them are
    /// counted.
    pub failure_burst: u32,
    pub failure_per_second: u32,
    /// The events that a plugin may announce on a site: the burst, and the rate per second.
    pub event_burst: u32,
    pub event_per_second: u32,
    pub quarantine: Quarantine,
    pub http: HttpPolicy,
    pub complexity: ComplexityBudget,
    pub compile: CompileLimits,
}

/// When a plugin is switched off on a site automatically.
#[derive(Clone, Debug)]
pub struct Quarantine {
    /// The number of faults that switches it off.
    pub faults: u32,
    /// The time within which the faults must happen.
    pub window: Duration,
    /// The length of the first quarantine. Each relapse doubles it.
    pub first: Duration,
    /// The longest quarantine.
    pub longest: Duration,
}

/// Limits of the HTTP capability.
#[derive(Clone, Debug)]
pub struct HttpPolicy {
    pub connect: Duration,
    pub total_most: Duration,
    /// The bytes of one response body after decompression.
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
            lookup_wall: Duration::from_secs(4),
            lookup_cpu: Duration::from_millis(500),
            // Some requests, and the pieces of their answers.
            lookup_host_budget: 2_000,
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
    /// The deadline that the guest sees.
    pub deadline: Duration,
    pub memory_mib: u32,
    pub host_budget: u32,
    pub mode: CallMode,
    /// The largest depth of an event or job that the call may cause.
    pub max_depth: u8,
}

/// What a call may do with its grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallMode {
    Acting,
    /// A change is being decided and may still be refused, so the call must have no effects.
    Deciding,
    /// The answer depends only on the arguments, whatever was granted.
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
    /// The number of places that one plugin may take on one site. It is half of them, so that other seats always have
    /// some. If there is only one place, seats take turns.
    pub(crate) fn seat_share(places: usize) -> usize {
        places.div_ceil(2).min(places.saturating_sub(1)).max(1)
    }

    /// The limits for calls of the plugin's own interface.
    pub(crate) fn limits(&self, manifest: &Manifest) -> CallLimits {
        match manifest.kind {
            Kind::Workflow | Kind::Objectives => self.pure_limits(manifest),
            Kind::Notifier => self.waiting_limits(manifest, self.notifier_call),
            Kind::Connector => self.waiting_limits(manifest, self.connector_call),
            Kind::Hook => self.waiting_limits(manifest, self.hook_call),
            Kind::App => self.waiting_limits(manifest, self.job_call),
        }
    }

    /// The limits for calls whose answer depends only on the arguments.
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

    /// The limits for a hook before a change. No manifest can request more.
    pub(crate) fn before_limits(&self, manifest: &Manifest) -> CallLimits {
        CallLimits {
            wall: self.before_wall,
            cpu: self.before_cpu,
            deadline: self.before_cpu,
            mode: CallMode::Deciding,
            ..self.limits(manifest)
        }
    }

    /// The limits for a job of a plugin.
    pub(crate) fn job_limits(&self, manifest: &Manifest) -> CallLimits {
        self.waiting_limits(manifest, self.job_call)
    }

    /// The limits for a lookup. No manifest can request more.
    pub(crate) fn lookup_limits(&self, manifest: &Manifest) -> CallLimits {
        CallLimits {
            wall: self.lookup_wall,
            cpu: self.lookup_cpu,
            deadline: self.lookup_wall,
            host_budget: self.lookup_host_budget,
            ..self.waiting_limits(manifest, self.lookup_wall)
        }
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
