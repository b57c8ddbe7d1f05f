//! “Uses secrets an administrator has entered.” A plugin never sees one: it names it in
//! [`secret_header`](super::http::Request::secret_header) and the host fills it in.

/// Has an administrator entered this secret on this site?
pub fn has(name: &str) -> bool {
    super::side::secrets::has(name)
}
