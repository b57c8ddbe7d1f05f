//! Everything HTTP that is not about a resource: reading requests, writing problems, paging, ids, the router.

pub mod address;
pub mod bounds;
pub mod dates;
pub mod idempotency;
pub mod input;
pub mod openapi;
pub mod origin;
pub mod paging;
pub mod problem;
pub mod request_id;
pub mod schema;
pub mod seats;
pub mod serve;
pub mod sheet;
pub mod texts;
pub mod web;
