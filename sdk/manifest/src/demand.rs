//! What an administrator reads before a plugin may run: every section of the manifest that asks for something, in a
//! sentence. The one place that puts them together.

use crate::{Capability, Facet, Kind, Limits, Manifest, OnFailure, Text};
use serde::Serialize;
use strum::VariantArray as _;

/// One sentence, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Demand {
    /// The capability's word, `records-query:<kind>`, `schedule:<name>`, a facet's interface, `on-failure` or `limits`.
    pub id: String,
    pub sentence: Text,
    /// The addresses, secrets, kinds of records, fields, events, metrics or times it is about; empty where there is
    /// nothing to name.
    pub params: Vec<String>,
}

impl Manifest {
    /// All that is asked for, in a fixed order.
    pub fn demands(&self) -> Vec<Demand> {
        let mut all = Vec::new();
        for capability in Capability::VARIANTS.iter().copied().filter(|capability| self.capabilities.wants(*capability))
        {
            if capability == Capability::RecordsQuery {
                all.extend(self.capabilities.records_query.iter().map(|asked| Demand {
                    id: format!("{capability}:{}", asked.kind.as_str()),
                    sentence: asked.kind.sentence(),
                    params: asked.fields.clone(),
                }));
                continue;
            }
            let params = self.capabilities.params(capability);
            all.push(Demand { id: capability.as_str().into(), sentence: capability.sentence(), params });
        }
        all.extend(self.schedules.iter().map(|schedule| Demand {
            id: format!("schedule:{}", schedule.name),
            sentence: schedule.sentence.clone(),
            params: vec![schedule.cron.clone()],
        }));
        let own_sentence = |facet: &Facet| *facet != Facet::JobHandler;
        all.extend(self.facets().filter(own_sentence).map(|facet| Demand {
            id: facet.interface().into(),
            sentence: facet.sentence(),
            params: Vec::new(),
        }));
        if self.kind == Kind::Hook {
            all.push(self.on_failure.unwrap_or_default().demand());
        }
        all.extend(self.limits.demand());
        all
    }
}

impl OnFailure {
    fn demand(self) -> Demand {
        let (fr, en) = match self {
            OnFailure::Open => {
                ("Un changement passe quand elle ne répond pas.", "A change passes when it does not answer.")
            }
            OnFailure::Closed => {
                ("Un changement est refusé quand elle ne répond pas.", "A change is refused when it does not answer.")
            }
        };
        Demand { id: "on-failure".into(), sentence: Text { fr: fr.into(), en: en.into() }, params: Vec::new() }
    }
}

impl Limits {
    /// Nothing where the host's own limits hold.
    fn demand(self) -> Option<Demand> {
        let memory = self.memory_mib.map(|mib| format!("{mib} MiB"));
        let time = self.call_ms.map(|ms| format!("{ms} ms"));
        let params: Vec<String> = memory.into_iter().chain(time).collect();
        let sentence = Text {
            fr: "Peut prendre jusqu’à cette mémoire et ce temps par appel.".into(),
            en: "May take up to this memory and this time for a call.".into(),
        };
        (!params.is_empty()).then(|| Demand { id: "limits".into(), sentence, params })
    }
}
