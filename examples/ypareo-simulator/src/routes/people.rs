//! Groups, apprentices, staff, contracts, prospects.

use super::{code, filter, is_path_date, unknown};
use crate::container::object;
use crate::data::{Record, fixed, people as data};
use crate::guard::Call;
use crate::spoil;
use axum::Extension;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use std::collections::BTreeSet;

type Query = RawQuery;

/// Applies the filters `codesPeriode` and `codesSite` and the token's sites.
fn admitted(call: &Call, query: Option<&str>, record: &Value) -> bool {
    let row = record.get("inscriptions").and_then(|rows| rows.get(0)).unwrap_or(record);
    let has = |field: &str, codes: Option<&BTreeSet<u64>>| match (codes, row.get(field).and_then(Value::as_u64)) {
        (Some(codes), Some(code)) => codes.contains(&code),
        _ => true,
    };
    has("codePeriode", filter(query, "codesPeriode").as_ref())
        && has("codeSite", filter(query, "codesSite").as_ref())
        && has("codeSite", call.options.only_sites.as_ref())
}

fn list(call: &Call, query: Option<&str>, records: impl Iterator<Item = Record>) -> Response {
    call.shape.list(fixed(records.filter(|(_, record)| admitted(call, query, record)).collect()))
}

pub async fn long_groups(Extension(call): Extension<Call>, RawQuery(query): Query) -> Response {
    list(&call, query.as_deref(), data::groups(&call.options, true).into_iter())
}

pub async fn long_apprentices(Extension(call): Extension<Call>, RawQuery(query): Query) -> Response {
    list(&call, query.as_deref(), data::apprentices(&call.options))
}

/// Known only from comments, so served only in the hypothetical profile.
pub async fn short_groups(
    Extension(call): Extension<Call>,
    Path((from, to)): Path<(String, String)>,
    RawQuery(query): Query,
) -> Response {
    refused_dates(&call, &from, &to)
        .unwrap_or_else(|| list(&call, query.as_deref(), data::groups(&call.options, false).into_iter()))
}

pub async fn short_apprentices(
    Extension(call): Extension<Call>,
    Path((from, to)): Path<(String, String)>,
    RawQuery(query): Query,
) -> Response {
    let short = data::apprentices(&call.options).enumerate().filter(|(n, _)| n % 3 == 2).map(|(_, record)| record);
    refused_dates(&call, &from, &to).unwrap_or_else(|| list(&call, query.as_deref(), short))
}

fn refused_dates(call: &Call, from: &str, to: &str) -> Option<Response> {
    if !call.options.profile.hypothetical {
        return Some(spoil::page(StatusCode::NOT_FOUND));
    }
    (!is_path_date(from) || !is_path_date(to)).then(bad_date)
}

fn bad_date() -> Response {
    (StatusCode::BAD_REQUEST, "Date invalide").into_response()
}

pub async fn group(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let wanted = code(&wanted);
    let found = (0..data::GROUPS).map(|n| data::group(&call.options, n)).find(|(code, _)| Some(*code) == wanted);
    found.map_or_else(|| unknown(&call), |(_, record)| object(record))
}

pub async fn apprentices_of_group(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let wanted = code(&wanted);
    if !(0..data::GROUPS).any(|n| Some(data::group_code(&call.options, n)) == wanted) {
        return unknown(&call);
    }
    let members = data::apprentices(&call.options)
        .filter(|(_, record)| record["informationsCourantes"]["codeGroupe"].as_u64() == wanted);
    list(&call, None, members)
}

pub async fn apprentice(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let wanted = code(&wanted);
    let found = data::apprentices(&call.options).find(|(code, _)| Some(*code) == wanted);
    found.map_or_else(|| unknown(&call), |(_, record)| object(record))
}

pub async fn attendances(Extension(call): Extension<Call>, RawQuery(query): Query) -> Response {
    list(&call, query.as_deref(), (0..call.options.apprentices).map(|n| data::attendance(&call.options, n)))
}

/// At least one of name, first name, INE, codes or badge must be given.
pub async fn search(Extension(call): Extension<Call>, RawQuery(query): Query) -> Response {
    let query = query.unwrap_or_default();
    let wanted = |name: &str| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_uppercase))
            .filter(|value| !value.is_empty())
    };
    let fields = [
        ("nomApprenant", "nomApprenant"),
        ("prenomApprenant", "prenomApprenant"),
        ("ine", "codeIne"),
        ("numeroBadge", "numeroBadge"),
    ];
    let fields: Vec<(&str, String)> = fields.iter().filter_map(|(name, field)| Some((*field, wanted(name)?))).collect();
    let codes = filter(Some(&query), "codesApprenant");
    if fields.is_empty() && codes.is_none() {
        return (StatusCode::BAD_REQUEST, "Au moins un critère est nécessaire").into_response();
    }
    let fits = |(code, record): &Record| {
        codes.as_ref().is_none_or(|codes| codes.contains(code))
            && fields
                .iter()
                .all(|(field, value)| record[*field].as_str().is_some_and(|own| own.to_uppercase() == *value))
    };
    list(&call, None, data::apprentices(&call.options).filter(fits))
}

pub async fn staff(Extension(call): Extension<Call>) -> Response {
    call.shape.list(fixed(data::staff(&call.options)))
}

pub async fn staff_member(Extension(call): Extension<Call>, Path(wanted): Path<String>) -> Response {
    let wanted = code(&wanted);
    let found = data::staff(&call.options).into_iter().find(|(code, _)| Some(*code) == wanted);
    found.map_or_else(|| unknown(&call), |(_, record)| object(record))
}

pub async fn contracts(Extension(call): Extension<Call>, RawQuery(query): Query) -> Response {
    let of = filter(query.as_deref(), "codesApprenant");
    let all = (0..call.options.apprentices).map(|n| data::contract(&call.options, n));
    let fits = |(_, record): &Record| {
        of.as_ref().is_none_or(|of| record["codeApprenant"].as_u64().is_some_and(|code| of.contains(&code)))
    };
    list(&call, query.as_deref(), all.filter(fits))
}

pub async fn prospects(Extension(call): Extension<Call>, RawQuery(query): Query) -> Response {
    list(&call, query.as_deref(), (0..call.options.apprentices / 4).map(|n| data::prospect(&call.options, n)))
}

pub async fn prospects_between(
    Extension(call): Extension<Call>,
    Path(parts): Path<(String, String, String, String, String)>,
) -> Response {
    let (kind, step, from, to, closed) = parts;
    if !is_path_date(&from) || !is_path_date(&to) {
        return bad_date();
    }
    if !matches!(closed.as_str(), "0" | "1") {
        return (StatusCode::BAD_REQUEST, "evtClotures vaut 0 ou 1").into_response();
    }
    let fits = |(_, record): &Record| {
        let event = &record["evenementsRacines"][0]["dernierEvenement"];
        event["codeTypeEvenement"].as_u64() == code(&kind) && event["codeEtapeEvenement"].as_u64() == code(&step)
    };
    list(&call, None, (0..call.options.apprentices / 4).map(|n| data::prospect(&call.options, n)).filter(fits))
}
