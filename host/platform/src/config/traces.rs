//! Where traces go. The names are those of OpenTelemetry.

use anyhow::{Context, Result, ensure};
use url::Url;
use zeroize::Zeroizing;

use super::Vars;

/// `OTEL_EXPORTER_OTLP_ENDPOINT`: a receiver of traces over OTLP (HTTP, protobuf), e.g. `http://collector:4318`. Without it
/// there are none.
#[derive(Clone)]
pub struct Traces {
    /// With the path `v1/traces`.
    pub endpoint: Url,
    /// `OTEL_EXPORTER_OTLP_HEADERS` (`name=value,…`): may hold a secret.
    pub headers: Vec<(String, Zeroizing<String>)>,
    /// `OTEL_SERVICE_NAME` (default `afpi`).
    pub service: String,
}

pub fn read(vars: &Vars) -> Result<Option<Traces>> {
    const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let Some(text) = vars.get(ENDPOINT) else { return Ok(None) };
    let mut endpoint = Url::parse(&text).with_context(|| format!("{ENDPOINT} is no address"))?;
    ensure!(matches!(endpoint.scheme(), "http" | "https"), "{ENDPOINT} must begin with http:// or https://");
    endpoint
        .path_segments_mut()
        .map_err(|()| anyhow::anyhow!("{ENDPOINT} has no host"))?
        .pop_if_empty()
        .extend(["v1", "traces"]);
    let header = |one: &str| {
        let (name, value) = one.split_once('=').context("OTEL_EXPORTER_OTLP_HEADERS must be name=value,name=value")?;
        Ok((name.trim().to_owned(), Zeroizing::new(value.trim().to_owned())))
    };
    let headers = vars.get("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default();
    let headers = headers.split(',').filter(|one| !one.trim().is_empty()).map(header).collect::<Result<_>>()?;
    let service = vars.get("OTEL_SERVICE_NAME").unwrap_or_else(|| "afpi".into());
    Ok(Some(Traces { endpoint, headers, service }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(set: &[(&str, &str)]) -> Result<Option<Traces>> {
        read(&Vars::of(set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))))
    }

    #[test]
    fn traces_go_to_one_place_or_nowhere() {
        assert!(outcome(&[]).unwrap().is_none());
        for (text, endpoint) in [
            ("http://collector:4318", "http://collector:4318/v1/traces"),
            ("https://otlp.example.fr/otlp/", "https://otlp.example.fr/otlp/v1/traces"),
        ] {
            let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer x=y, a = b");
            let traces = outcome(&[("OTEL_EXPORTER_OTLP_ENDPOINT", text), headers]).unwrap().unwrap();
            assert_eq!(traces.endpoint.as_str(), endpoint);
            assert_eq!((traces.headers[0].0.as_str(), traces.headers[0].1.as_str()), ("authorization", "Bearer x=y"));
            assert_eq!(traces.headers[1].1.as_str(), "b");
        }
        for wrong in ["collector:4318", "grpc://collector:4317", "collector"] {
            let error = outcome(&[("OTEL_EXPORTER_OTLP_ENDPOINT", wrong)]).err().unwrap();
            assert!(error.to_string().starts_with("OTEL_EXPORTER_OTLP_ENDPOINT"), "{error:#}");
        }
    }
}
