//! Servers of Redis that a test starts for itself: alone, as a cluster, or watched by sentinels.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running server. It ends with the test.
pub struct Server {
    pub port: u16,
    child: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    // A node of a cluster also listens on the port 10 000 higher.
    loop {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let port = 20_000 + port % 30_000;
        if [port, port + 10_000].iter().all(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok()) {
            return port;
        }
    }
}

impl Server {
    /// Sends SIGKILL.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Starts a server and waits until it accepts connections. Says so if there is no Redis here.
    pub async fn single(options: &[&str]) -> Option<Server> {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let number = port.to_string();
        let tls = options.first().is_some_and(|option| option.starts_with("--tls"));
        let listen =
            if tls { ["--port", "0", "--tls-port", &number] } else { ["--port", &number, "--appendonly", "yes"] };
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--maxmemory-policy", "noeviction"]).args(listen);
        command.args(options).current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        start(command, port, folder).await
    }

    async fn sentinel(master: &Server) -> Option<Server> {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let config = format!(
            "port {port}\nbind 127.0.0.1\nsentinel monitor afpi 127.0.0.1 {} 2\nsentinel down-after-milliseconds afpi 1000\n\
             sentinel failover-timeout afpi 5000\n",
            master.port
        );
        std::fs::write(folder.path().join("sentinel.conf"), config).unwrap();
        let mut command = Command::new("redis-server");
        command.args(["sentinel.conf", "--sentinel"]).current_dir(folder.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        start(command, port, folder).await
    }

    fn ask(&self, question: &[&str]) -> String {
        let port = self.port.to_string();
        let answer = Command::new("redis-cli").args(["-p", &port]).args(question).output();
        answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default()
    }
}

async fn start(mut command: Command, port: u16, folder: tempfile::TempDir) -> Option<Server> {
    let Ok(child) = command.spawn() else {
        eprintln!("skipped: redis-server is missing");
        return None;
    };
    let server = Server { port, child, _folder: folder };
    until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).await.then_some(server)
}

/// Waits for this. Says so if it never happens here.
async fn until(mut so: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !so() {
        if start.elapsed() > Duration::from_secs(20) {
            eprintln!("skipped: the servers of Redis do not come up");
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

/// Six nodes: three masters with a replica each.
pub async fn cluster() -> Option<Vec<Server>> {
    let mut nodes = Vec::new();
    for _ in 0..6 {
        nodes.push(Server::single(&["--cluster-enabled", "yes", "--cluster-node-timeout", "1500"]).await?);
    }
    let mut create = Command::new("redis-cli");
    create.args(["--cluster", "create"]).args(nodes.iter().map(Server::address));
    create.args(["--cluster-replicas", "1", "--cluster-yes"]).stdout(Stdio::null());
    if !create.status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: no cluster can be made here");
        return None;
    }
    let whole = |node: &Server| node.ask(&["cluster", "info"]).contains("cluster_state:ok");
    let linked = |node: &Server| {
        let nodes = node.ask(&["info", "replication"]);
        nodes.contains("role:master") && nodes.contains("connected_slaves:1") || nodes.contains("master_link_status:up")
    };
    until(|| nodes.iter().all(|node| whole(node) && linked(node))).await.then_some(nodes)
}

/// A master, its replica, and three sentinels that know both.
pub async fn watched() -> Option<(Server, Server, Vec<Server>)> {
    let master = Server::single(&[]).await?;
    let port = master.port.to_string();
    let replica = Server::single(&["--replicaof", "127.0.0.1", &port]).await?;
    if !until(|| replica.ask(&["info", "replication"]).contains("master_link_status:up")).await {
        return None;
    }
    let mut sentinels = Vec::new();
    for _ in 0..3 {
        sentinels.push(Server::sentinel(&master).await?);
    }
    let knows = |sentinel: &Server| {
        let known = sentinel.ask(&["info", "sentinel"]);
        known.contains("slaves=1") && known.contains("sentinels=3")
    };
    until(|| sentinels.iter().all(knows)).await.then_some((master, replica, sentinels))
}
