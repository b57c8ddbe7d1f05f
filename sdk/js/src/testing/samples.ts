//! Records for tests, the same as in the SDK for Rust.

import type { Entry } from '../contract/records.js';
import type { Actor, Entreprise, Opportunite } from '../contract/types.js';

/** An opportunité in the middle of its way. `with` replaces some fields. */
export function opportunite(with_: Partial<Opportunite> = {}): Opportunite {
  return {
    id: '0195a000-0000-7000-8000-000000000001',
    numero: 'OPP-2026-00001',
    title: 'Habilitation électrique B1V',
    kind: 'intra-entreprise',
    section: 'collecte',
    status: 'en_cours_collecte',
    amount: 480_000,
    budget: 500_000,
    entreprise: '0195a000-0000-7000-8000-000000000002',
    entrepriseName: 'Fonderies d’essai',
    commercial: '0195a000-0000-7000-8000-000000000003',
    localisation: '0195a000-0000-7000-8000-000000000004',
    createdAt: 1_767_600_000_000,
    sectionSince: 1_767_600_000_000,
    data: '{}',
    state: '{}',
    ...with_,
  };
}

/** An entreprise. `with` replaces some fields. */
export function entreprise(with_: Partial<Entreprise> = {}): Entreprise {
  return {
    id: '0195a000-0000-7000-8000-000000000002',
    name: 'Fonderies d’essai',
    siret: '73282932000074',
    postcode: '80000',
    city: 'Amiens',
    localisation: '0195a000-0000-7000-8000-000000000004',
    active: true,
    createdAt: 1_767_600_000_000,
    updatedAt: 1_767_600_000_000,
    data: '{}',
    ...with_,
  };
}

/** A person with this role who is not the record's own commercial, unless `with` says so. */
export function actor(role: string, with_: Partial<Actor> = {}): Actor {
  return { id: '0195a000-0000-7000-8000-000000000005', name: 'Personne d’essai', role, owner: false, ...with_ };
}

let numbered = 0;

/** An entry of this kind with this data and an id of its own; `with` replaces the rest of it. */
export function entry(kind: string, data: object, with_: Partial<Entry> = {}): Entry {
  numbered += 1;
  return {
    kind,
    id: `0195a000-0000-7000-8001-${numbered.toString(16).padStart(12, '0')}`,
    site: '0195a000-0000-7000-8000-000000000004',
    version: 1,
    label: `${kind} ${numbered}`,
    updatedAt: 1_767_600_000_000,
    data: JSON.stringify(data),
    ...with_,
  };
}
