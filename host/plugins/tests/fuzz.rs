//! A limited run of the fuzz targets with fixed seeds, on the stable toolchain. `fuzz/` runs the same functions without
//! a limit.

mod common;

use afpi_plugins::Outcome;
use common::fuzz::{self, Liar};
use common::{HOOK_WISHES, toml, wat};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::collections::HashMap;

/// Changes the seed: flips bits, replaces bytes, and moves, repeats or removes pieces.
fn bend(seed: &[u8], random: &mut SmallRng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..random.random_range(1..5) {
        let at = random.random_range(0..bytes.len().max(1)).min(bytes.len().saturating_sub(1));
        let end = (at + random.random_range(1..40)).min(bytes.len());
        match random.random_range(0..7) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << random.random_range(0..8),
            1 if !bytes.is_empty() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.random_range(0..5)],
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let piece = bytes[at..end].to_vec();
                let to = random.random_range(0..=bytes.len());
                bytes.splice(to..to, piece);
            }
            5 => {
                let other = random.random_range(0..seed.len());
                let piece = &seed[other..(other + 16).min(seed.len())];
                bytes.splice(at..end, piece.iter().copied());
            }
            _ => bytes.insert(at, random.random()),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Small valid plugins of two kinds.
fn plugins() -> Vec<Vec<u8>> {
    [("workflow", ""), ("hook", HOOK_WISHES)]
        .map(|(kind, wishes)| {
            let mut file = wat::component(
                kind,
                1,
                "(func $f (param i32) (result i32) (loop (br_if 0 (local.get 0))) (i32.const 3))",
            )
            .unwrap();
            let wishes = wishes.replace("jobs = { quota-waiting = 3 }", "");
            let manifest = afpi_plugin_tool::read_manifest(&toml("bent", kind, "1.0.0", &wishes)).unwrap();
            afpi_plugins::manifest::embed(&mut file, &manifest).unwrap();
            file
        })
        .into()
}

#[test]
fn the_loader_takes_any_bytes() {
    let mut random = SmallRng::seed_from_u64(1);
    let seeds = plugins();
    assert!(seeds.iter().all(|seed| fuzz::loader(seed)), "the unchanged seeds are valid");
    let taken = (0..1_200).filter(|turn| fuzz::loader(&bend(&seeds[turn % seeds.len()], &mut random))).count();
    assert!((1..1_200).contains(&taken), "some files must load and some must be refused: {taken} loaded");
}

#[test]
fn the_manifest_takes_any_bytes() {
    let mut random = SmallRng::seed_from_u64(2);
    let seeds: Vec<Vec<u8>> = ["workflow", "hook", "connector"]
        .map(|kind| {
            let wishes = if kind == "workflow" { "" } else { HOOK_WISHES };
            serde_json::to_vec(&afpi_plugin_tool::read_manifest(&toml("bent", kind, "1.0.0", wishes)).unwrap()).unwrap()
        })
        .into();
    assert!(seeds.iter().all(|seed| fuzz::manifest(seed)), "the unchanged seeds are valid");
    let read = (0..40_000).filter(|turn| fuzz::manifest(&bend(&seeds[turn % seeds.len()], &mut random))).count();
    assert!((1..40_000).contains(&read), "some manifests must be read and some refused: {read} read");
}

/// Random words. Most of them point into the returned memory, so that lists and texts are found there.
fn words(random: &mut SmallRng) -> Vec<u8> {
    let (count, wild) = (random.random_range(1..200), random.random_range(1..40));
    let word = |random: &mut SmallRng| -> u32 {
        match random.random_range(0..200) {
            // The larger `wild` is, the more words are random. The other words are zero.
            calm if calm > wild => 0,
            calm if calm % 5 == 0 => random.random(),
            calm if calm % 5 == 1 => u32::MAX - random.random_range(0..16),
            calm if calm % 5 == 2 => random.random_range(0..70_000),
            calm if calm % 5 == 3 => 1_024 + 4 * random.random_range(0..200),
            _ => random.random_range(0..4),
        }
    };
    (0..count).flat_map(|_| word(random).to_le_bytes()).collect()
}

#[test]
fn a_decision_may_be_any_bytes() {
    let mut random = SmallRng::seed_from_u64(3);
    let liar = Liar::seated();
    let mut ends: HashMap<Outcome, u32> = HashMap::new();
    *ends.entry(liar.decision(&[0; 256])).or_default() += 1;
    assert_eq!(ends.get(&Outcome::Ok), Some(&1), "zeros are a valid, empty decision");
    for _ in 0..1_500 {
        *ends.entry(liar.decision(&words(&mut random))).or_default() += 1;
    }
    assert!(
        ends[&Outcome::Ok] > 10 && ends[&Outcome::Trap] > 100,
        "some decisions must be accepted and some must trap: {ends:?}"
    );
    assert!(!ends.contains_key(&Outcome::Timeout), "{ends:?}");
}
