//! The scripts. Each one runs as one step in Redis, on the keys of one queue.

use std::sync::LazyLock;

use ::redis::{Script, ScriptInvocation};

use super::RedisQueue;
use crate::now_ms;

macro_rules! scripts {
    ($($name:ident $file:literal)+) => {
        $(pub(super) static $name: LazyLock<Script> = LazyLock::new(|| {
            Script::new(concat!(include_str!("scripts/common.lua"), include_str!(concat!("scripts/", $file))))
        });)+
    };
}

scripts! {
    ADD "add.lua"
    EXCHANGE "exchange.lua"
    RENEW "renew.lua"
    PROGRESS "progress.lua"
    RECOVER "recover.lua"
    REVIVE "revive.lua"
    FORGET "forget.lua"
    PAUSE "pause.lua"
    ADOPT "adopt.lua"
}

/// The keys of a queue, in the order of `scripts/common.lua`.
const KEYS: [&str; 12] = [
    "wait",
    "active",
    "prioritized",
    "delayed",
    "completed",
    "failed",
    "stalled",
    "events",
    "meta",
    "marker",
    "pc",
    "id",
];

impl RedisQueue {
    /// The set of the names of all queues that any node has used.
    pub(super) fn names_key(&self) -> String {
        format!("{}:queues", self.prefix)
    }

    /// A key of this queue, or of one of its jobs.
    pub(super) fn key(&self, queue: &str, name: impl std::fmt::Display) -> String {
        format!("{}:{queue}:{name}", self.prefix)
    }

    /// A call of the script on this queue, with the arguments that every script gets.
    pub(super) fn call<'s>(&self, script: &'s Script, queue: &str) -> ScriptInvocation<'s> {
        let mut call = script.prepare_invoke();
        for name in KEYS {
            call.key(self.key(queue, name));
        }
        call.key(self.names_key()).arg(self.key(queue, "")).arg(now_ms());
        call
    }
}
