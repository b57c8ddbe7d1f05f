//! Keys of the API: how other programs sign in. A key is an account of its own: it has a role and sites like a person, so
//! every rule about scope, rights and authorship holds for it, but nobody can sign in as it. On top of the role its
//! scopes say which areas of the API it may read or write. [`gate`] lets a key in; knows nothing of how keys are managed.

pub mod gate;
pub mod scopes;
pub mod secret;

pub use gate::Gate;
pub use scopes::{Access, Area, Scope};
pub use secret::{PREFIX, Secret};
