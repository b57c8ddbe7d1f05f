/** A hook for browser tests. Its settings name the move that it vetoes and the reason, or make it fail. */
import { afpi, inScratch, packed, project, write } from './author';
import { PluginFile, rewritten } from './plugin-file';

const MANIFEST = `
id = "barriere"
kind = "hook"
version = "1.0.0"
on-failure = "closed"

[name]
fr = "Barrière"
en = "Gate"

[description]
fr = "Interdit une action, pour les essais."
en = "Forbids a move, for trials."
`;

/** A minimal hook with its own form for settings. */
export const LIB = `
//! Forbids a move, or breaks down, as its settings say.

use afpi_sdk::Plugin;
use afpi_sdk::hook::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    #[schemars(title = "Action interdite", extend("x-title-en" = "Forbidden move"))]
    pub forbidden: String,
    #[schemars(title = "Motif", extend("x-title-en" = "Reason"))]
    pub reason: String,
    #[schemars(title = "En panne", extend("x-title-en" = "Broken"))]
    pub broken: bool,
}

pub struct Gate;

impl Plugin for Gate {
    type Config = Settings;
}

impl Hook for Gate {
    fn subscriptions(_: &Settings) -> Vec<Subscription> {
        vec![Subscription::before("opportunite.moved")]
    }

    fn before(settings: &Settings, event: &Event) -> Result<Verdict> {
        assert!(!settings.broken, "the gate is broken");
        let move_of = serde_json::from_str::<serde_json::Value>(&event.data).ok();
        let wanted = move_of.as_ref().and_then(|data| data["transition"].as_str()).unwrap_or_default();
        if !settings.forbidden.is_empty() && wanted == settings.forbidden {
            return Ok(Verdict::veto(settings.reason.as_str(), settings.reason.as_str()));
        }
        Ok(Verdict::Allow)
    }
}

afpi_sdk::hook::export!(Gate);
`;

let built: Promise<Buffer> | undefined;

/** The hook with this id and name, unsigned. It is compiled once for all tests of a file. */
export async function gate(id: string, name: string): Promise<PluginFile> {
  built ??= build();
  return rewritten(await built, { id, name: { fr: name, en: name } });
}

async function build(): Promise<Buffer> {
  return inScratch(async (scratch) => {
    const dir = await project(scratch, 'barriere', 'hook');
    write(dir, { 'src/lib.rs': LIB, 'plugin.toml': MANIFEST });
    await afpi(dir, 'pack');
    return packed(dir, 'barriere').buffer;
  });
}
