//! The real program as a child process, measured from outside: start time, CPU and memory.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::Connection;

/// How long starting and stopping may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The unit of the kernel's CPU times: USER_HZ is 100.
const TICK: Duration = Duration::from_millis(10);

/// Where a service keeps its data.
#[derive(Clone)]
pub struct Place<'a> {
    pub folder: &'a Path,
    pub database_url: &'a str,
    pub redis_url: Option<&'a str>,
}

impl Place<'_> {
    /// Fills it with the demo's companies and people. Production refuses a demo's database, so the e-mail addresses
    /// change: they end with `@bench.afpi`.
    pub fn fill(&self) {
        Service::start(self, &["demo"]).stop();
        let io = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        io.block_on(async {
            let db = afpi_db::Db::connect(self.database_url, 1).await.expect("database");
            let mut tx = db.begin().await.expect("transaction");
            afpi_db::sql("UPDATE users SET email = REPLACE(email, '@demo.afpi', '@bench.afpi')")
                .execute(&mut tx)
                .await
                .expect("update");
            tx.commit().await.expect("commit");
            db.close().await;
        });
    }
}

/// A running `afpi`. If it is dropped without [`Service::stop`], it is killed.
pub struct Service {
    child: Child,
    pub port: u16,
    /// The time from before the process was created to the first 200 of `/readyz`.
    pub ready_after: Duration,
}

impl Service {
    /// Starts `afpi <arguments>` and waits until it is ready.
    pub fn start(place: &Place, arguments: &[&str]) -> Service {
        let port = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_afpi"));
        command.args(arguments).env_clear().env("RUST_LOG", "warn").env("PORT", port.to_string());
        command.env("AFPI_DATA_DIR", place.folder).env("DATABASE_URL", place.database_url);
        if let Some(url) = place.redis_url {
            command.env("REDIS_URL", url);
        }
        if arguments.first() != Some(&"demo") {
            command.env("AFPI_SECRET", "q8Zr2mVx0LwT7bYc5NfJ1kHs9PdG4aEu").env("AFPI_PUBLIC_URL", "https://crm.bench");
        }
        Service::run(command, port)
    }

    /// Starts a program that answers `/readyz` on this port, and waits until it is ready.
    pub fn run(mut command: Command, port: u16) -> Service {
        let started = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("the program starts");
        let mut service = Service { child, port, ready_after: Duration::ZERO };
        while !Connection::open(port).and_then(|mut c| c.get("/readyz", None)).is_ok_and(|answer| answer.status == 200)
        {
            let ended = service.child.try_wait().expect("the child can be asked");
            assert!(ended.is_none(), "{command:?} ended: {ended:?}");
            assert!(started.elapsed() < PATIENCE, "{command:?} is not ready after {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(1));
        }
        service.ready_after = started.elapsed();
        service
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The CPU time that the service uses while `work` runs.
    pub fn cpu_of(&self, work: impl FnOnce()) -> Duration {
        let before = cpu(self.id());
        work();
        cpu(self.id()) - before
    }

    /// Resident memory, in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a Linux machine");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a VmRSS line");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }

    /// Asks the process to stop and waits for its end.
    pub fn stop(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal to a child");
        let asked = Instant::now();
        while self.child.try_wait().expect("the child can be asked").is_none() {
            assert!(asked.elapsed() < PATIENCE, "afpi does not stop");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // After `stop` the process is gone. Then both calls fail, and the result does not matter.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The CPU time of all threads of a process so far, user and system. It has steps of 10 ms, so measure over seconds.
pub fn cpu(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a Linux machine");
    // proc_pid_stat(5): fields 14 and 15 are in clock ticks. The second field may contain blanks, but it ends with the
    // last `)`.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks: u64 = [11, 12].iter().map(|at| fields[*at].parse::<u64>().expect("a number")).sum();
    TICK * u32::try_from(ticks).expect("less than a year")
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}
