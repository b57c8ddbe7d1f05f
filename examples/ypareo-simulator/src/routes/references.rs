//! Sites and the other reference lists.

use super::{code, unknown};
use crate::container::object;
use crate::data::{Record, fixed, places, references as data};
use crate::guard::Call;
use crate::options::Options;
use axum::Extension;
use axum::extract::Path;
use axum::response::Response;

/// A handler that serves one small list.
macro_rules! lists {
    ($($handler:ident => $list:path;)*) => {
        $(pub async fn $handler(Extension(call): Extension<Call>) -> Response {
            call.shape.list(fixed($list(&call.options)))
        })*
    };
}

lists! {
    sites => all_sites;
    periods => data::periods;
    years => data::years;
    statuses => data::statuses;
    formations => data::formations;
    countries => data::countries;
    nationalities => data::nationalities;
    event_kinds => data::event_kinds;
}

pub async fn formation(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let wanted = code(&wanted);
    let found = data::formations(&call.options).into_iter().find(|(code, _)| Some(*code) == wanted);
    found.map_or_else(|| unknown(&call), |(_, record)| object(record))
}

fn all_sites(options: &Options) -> Vec<Record> {
    let shown = |code: u64| options.only_sites.as_ref().is_none_or(|only| only.contains(&code));
    (0..places::SITES.len()).map(|index| places::site(options, index)).filter(|(code, _)| shown(*code)).collect()
}
