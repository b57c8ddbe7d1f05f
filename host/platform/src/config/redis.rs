//! Where Redis is: one server, a cluster, or a master behind sentinels.

use afpi_jobs::Redis;
use anyhow::{Context, Result, bail, ensure};

/// Reads
/// - `REDIS_URL`: one server, `redis://[user:password@]host[:port][/database]`, with TLS `rediss://…`; or
/// - `REDIS_CLUSTER_NODES`: some nodes of a cluster, such as `rediss://user:password@one:6379,two:6379`; or
/// - `REDIS_SENTINEL_NODES` with `REDIS_SENTINEL_MASTER`: sentinels, and the name of the master they watch;
/// - `REDIS_CA_FILE`: a private authority (PEM) that has signed the certificates of the servers.
pub fn read(var: impl Fn(&'static str) -> Option<String>) -> Result<Option<Redis>> {
    const PLACES: [&str; 3] = ["REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];
    let set: Vec<&str> = PLACES.into_iter().filter(|name| var(name).is_some()).collect();
    let master = var("REDIS_SENTINEL_MASTER");
    let authority = var("REDIS_CA_FILE");
    let [place] = set[..] else {
        ensure!(set.is_empty(), "{} exclude each other: Redis is in one place", set.join(" and "));
        for (name, value) in [("REDIS_SENTINEL_MASTER", &master), ("REDIS_CA_FILE", &authority)] {
            ensure!(value.is_none(), "{name} needs one of {}", PLACES.join(", "));
        }
        return Ok(None);
    };
    if place != "REDIS_SENTINEL_NODES" && master.is_some() {
        bail!("REDIS_SENTINEL_MASTER belongs to REDIS_SENTINEL_NODES, not to {place}");
    }
    let value = var(place).unwrap_or_default();
    let redis = match place {
        "REDIS_URL" => Redis::single(&value),
        "REDIS_CLUSTER_NODES" => Redis::cluster(&value),
        _ => Redis::sentinel(&value, &master.context("REDIS_SENTINEL_NODES needs REDIS_SENTINEL_MASTER")?),
    };
    let mut redis = redis.context(place)?;
    if let Some(path) = authority {
        let pem = std::fs::read(&path).with_context(|| format!("REDIS_CA_FILE: {path} cannot be read"))?;
        redis = redis.trusting(pem).context("REDIS_CA_FILE")?;
    }
    Ok(Some(redis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(set: &[(&str, &str)]) -> Result<Option<Redis>> {
        read(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn redis_is_in_one_place_or_none() {
        assert!(outcome(&[]).unwrap().is_none());
        for good in [
            &[("REDIS_URL", "redis://:secret@host/3")][..],
            &[("REDIS_CLUSTER_NODES", "one:7000, two:7001,three")],
            &[("REDIS_CLUSTER_NODES", "rediss://afpi:secret@one:7000,two")],
            &[("REDIS_SENTINEL_NODES", "one,two:26380"), ("REDIS_SENTINEL_MASTER", "afpi")],
        ] {
            assert!(outcome(good).unwrap().is_some(), "{good:?}");
        }
    }

    #[test]
    fn a_combination_that_cannot_be_meant_is_refused_by_name() {
        for (set, said) in [
            (
                &[("REDIS_URL", "redis://a"), ("REDIS_CLUSTER_NODES", "a")][..],
                "REDIS_URL and REDIS_CLUSTER_NODES exclude",
            ),
            (&[("REDIS_SENTINEL_NODES", "a")], "needs REDIS_SENTINEL_MASTER"),
            (&[("REDIS_SENTINEL_MASTER", "m")], "REDIS_SENTINEL_MASTER needs one of"),
            (&[("REDIS_URL", "redis://a"), ("REDIS_SENTINEL_MASTER", "m")], "not to REDIS_URL"),
            (&[("REDIS_CA_FILE", "/ca.pem")], "REDIS_CA_FILE needs one of"),
            (&[("REDIS_URL", "rediss://a"), ("REDIS_CA_FILE", "/no/such.pem")], "cannot be read"),
            (&[("REDIS_URL", "redis://a"), ("REDIS_CA_FILE", "/dev/null")], "rediss://"),
            (&[("REDIS_CLUSTER_NODES", "redis://a/2")], "no numbered databases"),
            (&[("REDIS_CLUSTER_NODES", " , ")], "no address"),
            (&[("REDIS_URL", "http://a")], "REDIS_URL"),
        ] {
            let Err(error) = outcome(set) else { panic!("{set:?} was accepted") };
            assert!(format!("{error:#}").contains(said), "{set:?}: {error:#}");
        }
    }
}
