//! Where Redis is: one server, a master that sentinels name, or the node of a cluster that owns a key. All keys of an
//! installation lie in one slot, so one ordinary connection to one node is enough in each case.

use std::sync::Arc;
use std::time::Duration;

use ::redis::{
    Client, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo, RedisError, TlsCertificates, cmd,
};
use futures::FutureExt;
use futures::future::select_ok;

use crate::{JobsError, Result};

/// How long one node may take to say which one is responsible.
const ASK: Duration = Duration::from_secs(2);
/// How long an inspection may take.
const INSPECT: Duration = Duration::from_secs(4);
/// A cluster points from one node to another at most this often.
const HOPS: usize = 5;

/// How to reach Redis. Clones share it.
#[derive(Clone)]
pub struct Redis {
    topology: Arc<Topology>,
    /// A private authority in PEM, instead of the system's.
    authority: Option<Arc<Vec<u8>>>,
}

enum Topology {
    Single(ConnectionInfo),
    Cluster(Vec<ConnectionInfo>),
    Sentinel { sentinels: Vec<ConnectionInfo>, master: String },
}

impl Redis {
    /// One server: `redis://[user:password@]host[:port][/database]`, or `rediss://…` with TLS.
    pub fn single(url: &str) -> Result<Redis> {
        Ok(Redis::at(Topology::Single(address(url)?)))
    }

    /// A cluster, of which these nodes are known: `host:port` or addresses as of a single server, separated by commas.
    /// Account and TLS of the first one are those of all.
    pub fn cluster(nodes: &str) -> Result<Redis> {
        let nodes = addresses(nodes)?;
        if nodes.iter().any(|node| node.redis_settings().db() != 0) {
            return Err(JobsError::Refused("a cluster has no numbered databases".into()));
        }
        Ok(Redis::at(Topology::Cluster(nodes)))
    }

    /// The master of this name, which these sentinels know. Account, database and TLS of the first address are those of
    /// all servers.
    pub fn sentinel(sentinels: &str, master: &str) -> Result<Redis> {
        Ok(Redis::at(Topology::Sentinel { sentinels: addresses(sentinels)?, master: master.to_owned() }))
    }

    fn at(topology: Topology) -> Redis {
        Redis { topology: Arc::new(topology), authority: None }
    }

    /// Trusts this authority (PEM) instead of the system's. Refused without TLS.
    pub fn trusting(self, authority: Vec<u8>) -> Result<Redis> {
        let tls = self.addresses().iter().all(|node| matches!(node.addr(), ConnectionAddr::TcpTls { .. }));
        if !tls {
            return Err(JobsError::Refused("an authority needs addresses that begin with rediss://".into()));
        }
        let redis = Redis { authority: Some(Arc::new(authority)), ..self };
        for node in redis.addresses() {
            redis.open(node.clone()).map_err(|error| JobsError::Refused(format!("authority of Redis: {error}")))?;
        }
        Ok(redis)
    }

    /// Asks the server that is responsible for this key. Returns its settings that lose acknowledged jobs, with their
    /// values.
    ///
    /// # Errors
    /// [`JobsError::Refused`] when it does not take the account or is no Redis, [`JobsError::Unavailable`] while it is
    /// away.
    pub async fn inspect(&self, key: &str) -> Result<Vec<(&'static str, String)>> {
        let ask = async {
            let mut connection = self.client(key).await?.get_multiplexed_async_connection().await?;
            cmd("PING").exec_async(&mut connection).await?;
            Ok(super::server::forgetful(&mut connection).await)
        };
        match tokio::time::timeout(INSPECT, ask).await {
            Ok(answer) => answer.map_err(|error: RedisError| {
                let refused = matches!(
                    error.kind(),
                    ErrorKind::AuthenticationFailed
                        | ErrorKind::Parse
                        | ErrorKind::InvalidClientConfig
                        | ErrorKind::MasterNameNotFoundBySentinel
                ) || matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM" | "ERR"));
                if refused { JobsError::Refused(error.to_string()) } else { JobsError::Unavailable(error.to_string()) }
            }),
            Err(_) => Err(JobsError::Unavailable("no answer in time".into())),
        }
    }

    /// Whether a server may take over from another one, which may not know what was written last.
    pub(super) fn fails_over(&self) -> bool {
        !matches!(*self.topology, Topology::Single(_))
    }

    pub(super) fn is_cluster(&self) -> bool {
        matches!(*self.topology, Topology::Cluster(_))
    }

    /// The server that is responsible for this key now.
    pub async fn client(&self, key: &str) -> Result<Client, RedisError> {
        match &*self.topology {
            Topology::Single(node) => self.open(node.clone()),
            Topology::Cluster(nodes) => first(nodes.iter().map(|node| self.owner(node, key))).await,
            Topology::Sentinel { sentinels, master } => {
                first(sentinels.iter().map(|sentinel| self.master(sentinel, master))).await
            }
        }
    }

    /// The node of the cluster that owns this key, as this node says.
    async fn owner(&self, node: &ConnectionInfo, key: &str) -> Result<Client, RedisError> {
        let mut node = node.clone();
        for _ in 0..HOPS {
            let client = self.open(node.clone())?;
            let mut connection = client.get_multiplexed_async_connection().await?;
            match cmd("EXISTS").arg(key).exec_async(&mut connection).await {
                Ok(()) => return Ok(client),
                Err(error) => {
                    let Some((address, _)) = error.redirect_node() else { return Err(error) };
                    node = elsewhere(&node, address)?;
                }
            }
        }
        Err((ErrorKind::Client, "the cluster does not agree who owns a key").into())
    }

    /// The master, as this sentinel says. A sentinel knows no numbered database.
    async fn master(&self, sentinel: &ConnectionInfo, name: &str) -> Result<Client, RedisError> {
        let asked = sentinel.redis_settings().clone().set_db(0);
        let client = self.open(sentinel.clone().set_redis_settings(asked))?;
        let mut connection = client.get_multiplexed_async_connection().await?;
        let found: Option<(String, String)> =
            cmd("SENTINEL").arg("get-master-addr-by-name").arg(name).query_async(&mut connection).await?;
        let Some((host, port)) = found else {
            return Err((ErrorKind::MasterNameNotFoundBySentinel, "the sentinel knows no such master").into());
        };
        self.open(elsewhere(sentinel, &format!("{host}:{port}"))?)
    }

    fn open(&self, node: ConnectionInfo) -> Result<Client, RedisError> {
        if !matches!(node.addr(), ConnectionAddr::TcpTls { .. }) {
            return Client::open(node);
        }
        // Another part of the process may have chosen the same one before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Client::build_with_tls(
            node,
            TlsCertificates { client_tls: None, root_cert: self.authority.as_deref().cloned() },
        )
    }

    fn addresses(&self) -> &[ConnectionInfo] {
        match &*self.topology {
            Topology::Single(node) => std::slice::from_ref(node),
            Topology::Cluster(nodes) | Topology::Sentinel { sentinels: nodes, .. } => nodes,
        }
    }
}

/// The first answer, in a limited time. All nodes are asked at once, because some may be frozen.
async fn first(
    asks: impl IntoIterator<Item = impl Future<Output = Result<Client, RedisError>> + Send>,
) -> Result<Client, RedisError> {
    match tokio::time::timeout(ASK, select_ok(asks.into_iter().map(FutureExt::boxed))).await {
        Ok(found) => found.map(|(client, _)| client),
        Err(_) => Err((ErrorKind::Client, "no node answers in time").into()),
    }
}

fn address(url: &str) -> Result<ConnectionInfo> {
    let url = url.trim();
    let info =
        if url.contains("://") { url.into_connection_info() } else { format!("redis://{url}").into_connection_info() };
    info.map_err(|error| JobsError::Refused(format!("Redis address: {error}")))
}

fn addresses(list: &str) -> Result<Vec<ConnectionInfo>> {
    let mut nodes = list.split(',').filter(|node| !node.trim().is_empty()).map(address).collect::<Result<Vec<_>>>()?;
    let Some((first, others)) = nodes.split_first_mut() else {
        return Err(JobsError::Refused("no address of Redis".into()));
    };
    for other in others {
        let (host, port) = host_and_port(other.addr())?;
        *other = elsewhere(first, &format!("{host}:{port}"))
            .map_err(|error| JobsError::Refused(format!("Redis address: {error}")))?;
    }
    Ok(nodes)
}

fn host_and_port(address: &ConnectionAddr) -> Result<(&str, u16)> {
    match address {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => Ok((host, *port)),
        _ => Err(JobsError::Refused("a list of Redis servers has hosts and ports only".into())),
    }
}

/// The same account and TLS at another `host:port`. A node that does not know its own host names only the port.
fn elsewhere(from: &ConnectionInfo, address: &str) -> Result<ConnectionInfo, RedisError> {
    let wrong = || RedisError::from((ErrorKind::Client, "unreadable address of a Redis server"));
    let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
    let port = port.parse().map_err(|_| wrong())?;
    let addr = match from.addr().clone() {
        ConnectionAddr::Tcp(known, _) => ConnectionAddr::Tcp(pick(host, known), port),
        ConnectionAddr::TcpTls { host: known, insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host: pick(host, known), port, insecure, tls_params }
        }
        _ => return Err(wrong()),
    };
    Ok(from.clone().set_addr(addr))
}

fn pick(named: &str, known: String) -> String {
    let named = named.trim_matches(['[', ']']);
    if named.is_empty() || named == "?" { known } else { named.to_owned() }
}
