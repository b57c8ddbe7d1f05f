//! Everything a workflow plugin needs: the types of a relay, and the trait that runs it. Pure: no clock, no network.
//!
//! The deciding function of a relay in which only managers win:
//!
//! ```
//! use afpi_sdk::workflow::*;
//!
//! fn win(subject: &Opportunite, actor: &Actor) -> Result<Decision> {
//!     if actor.role != "manager" {
//!         return Err(Error::denied("Réservé aux managers.", "For managers only."));
//!     }
//!     Ok(Decision {
//!         section: subject.section.clone(),
//!         status: "won".into(),
//!         outcome: Outcome::Won,
//!         amount: subject.amount,
//!         due: None,
//!         data: subject.data.clone(),
//!         state: subject.state.clone(),
//!         steps: vec![Step { transition: "win".into(), source: subject.status.clone(), target: "won".into(), reason: String::new() }],
//!         facts: vec![Fact { kind: "gagne".into(), day: "2026-01-05".into(), amount: subject.amount, key: String::new() }],
//!         bookings: None,
//!         numberings: Vec::new(),
//!     })
//! }
//! # let subject = afpi_sdk::testing::opportunite();
//! # assert!(win(&subject, &afpi_sdk::testing::actor("commercial")).is_err());
//! # assert_eq!(win(&subject, &afpi_sdk::testing::actor("manager")).unwrap().status, "won");
//! ```
//!
//! The whole trait is implemented [below](Workflow); `afpi plugin new NAME --kind workflow` writes one with forms and
//! tests.

pub use crate::bindings::workflow::exports::afpi::plugin::workflow::{
    Booking, Decision, Direction, Fact, Moment, Numbering, Offer, Outcome, Section, Status, Step, Transition,
    WorkflowDefinition,
};
pub use crate::export_workflow as export;
pub use crate::host::{context, log};
pub use crate::types::*;

use crate::bindings::workflow::exports::afpi::plugin::workflow::Guest;
use crate::{Plugin, config};

/// The rules of a relay. Every function is pure: the same question gets the same answer, so decisions can be replayed.
///
/// The smallest one, in which a record is open for ever:
///
/// ```
/// use afpi_sdk::{NoSettings, Plugin, workflow::*};
///
/// struct Open;
///
/// impl Plugin for Open {
///     type Config = NoSettings;
/// }
///
/// impl Workflow for Open {
///     fn definition(_: &NoSettings) -> WorkflowDefinition {
///         let status = Status {
///             id: "open".into(),
///             label: Text::new("Ouverte", "Open"),
///             section: String::new(),
///             outcome: Outcome::Open,
///             probability: 50,
///             waits_for: Vec::new(),
///         };
///         let label = Text::new("Ouverte", "Open");
///         WorkflowDefinition { id: "open".into(), label, sections: Vec::new(), statuses: vec![status], transitions: Vec::new() }
///     }
///
///     fn start(_: &NoSettings, subject: &Opportunite, _: &Actor, _: &Moment) -> Result<Decision> {
///         Ok(Decision {
///             section: String::new(),
///             status: "open".into(),
///             outcome: Outcome::Open,
///             amount: subject.budget,
///             due: None,
///             data: "{}".into(),
///             state: "{}".into(),
///             steps: vec![Step { transition: String::new(), source: String::new(), target: "open".into(), reason: String::new() }],
///             facts: Vec::new(),
///             bookings: None,
///             numberings: Vec::new(),
///         })
///     }
///
///     fn decide(_: &NoSettings, _: &Opportunite, transition: &str, _: &str, _: &Actor, _: &Moment) -> Result<Decision> {
///         Err(Error::NotFound(transition.into()))
///     }
///
///     fn edit(_: &NoSettings, _: &Opportunite, section: &str, _: &str, _: &Actor, _: &Moment) -> Result<Decision> {
///         Err(Error::NotFound(section.into()))
///     }
///
///     fn offers(_: &NoSettings, _: &Opportunite, _: &Actor, _: &Moment) -> Vec<Offer> {
///         Vec::new()
///     }
///
///     fn editable(_: &NoSettings, _: &Opportunite, _: &Actor) -> Vec<String> {
///         Vec::new()
///     }
/// }
///
/// afpi_sdk::workflow::export!(Open);
/// # fn main() {}
/// ```
pub trait Workflow: Plugin {
    /// The sections, statuses, transitions and forms.
    fn definition(config: &Self::Config) -> WorkflowDefinition;

    /// Starts a new opportunité. Its `section`, `status`, `numero` and `state` are still empty.
    ///
    /// # Errors
    /// [`Error::Denied`] when the actor may not start one, [`Error::Invalid`] for what is missing.
    fn start(config: &Self::Config, subject: &Opportunite, actor: &Actor, moment: &Moment) -> Result<Decision>;

    /// `actor` wants to take `transition`, with `input` as JSON that fits the transition's form.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Conflict`] when the record does not stand where the move starts, [`Error::Invalid`].
    fn decide(
        config: &Self::Config,
        subject: &Opportunite,
        transition: &str,
        input: &str,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision>;

    /// `actor` wants to replace the document of `section`; `document` is JSON that fits the section's form.
    ///
    /// # Errors
    /// As for [`Workflow::decide`].
    fn edit(
        config: &Self::Config,
        subject: &Opportunite,
        section: &str,
        document: &str,
        actor: &Actor,
        moment: &Moment,
    ) -> Result<Decision>;

    /// The moves that this actor may take now; blocked ones have the missing conditions. Moves of other roles are left
    /// out.
    fn offers(config: &Self::Config, subject: &Opportunite, actor: &Actor, moment: &Moment) -> Vec<Offer>;

    /// The sections this actor may edit now.
    fn editable(config: &Self::Config, subject: &Opportunite, actor: &Actor) -> Vec<String>;
}

impl<W: Workflow> Guest for W {
    fn definition() -> WorkflowDefinition {
        W::definition(&config::load_or_default())
    }

    fn start(subject: Opportunite, actor: Actor, moment: Moment) -> Result<Decision> {
        W::start(&config::load()?, &subject, &actor, &moment)
    }

    fn decide(
        subject: Opportunite,
        transition: String,
        input: String,
        actor: Actor,
        moment: Moment,
    ) -> Result<Decision> {
        W::decide(&config::load()?, &subject, &transition, &input, &actor, &moment)
    }

    fn edit(subject: Opportunite, section: String, document: String, actor: Actor, moment: Moment) -> Result<Decision> {
        W::edit(&config::load()?, &subject, &section, &document, &actor, &moment)
    }

    fn offers(subject: Opportunite, actor: Actor, moment: Moment) -> Vec<Offer> {
        W::offers(&config::load_or_default(), &subject, &actor, &moment)
    }

    fn editable(subject: Opportunite, actor: Actor) -> Vec<String> {
        W::editable(&config::load_or_default(), &subject, &actor)
    }
}

/// Makes a type that implements [`Workflow`](crate::workflow::Workflow) the component's workflow, once per plugin: the
/// last line of the [example](crate::workflow::Workflow).
#[macro_export]
macro_rules! export_workflow {
    ($plugin:ident) => {
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::base::export_base!($plugin with_types_in $crate::bindings::base);
        #[cfg(target_arch = "wasm32")]
        $crate::bindings::workflow::export_kind!($plugin with_types_in $crate::bindings::workflow);

        // A native build exports nothing (and linkers reject the names), but the types are still checked.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn keeps_its_promise<P: $crate::workflow::Workflow>() {}
            keeps_its_promise::<$plugin>()
        };
    };
}
