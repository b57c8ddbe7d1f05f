//! The harness as a child process: one line out, one line back.

use crate::protocol::{Ask, Numbered, Outcome, Reply};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Process {
    child: Child,
    /// `None` after the process is told to end.
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
    asked: u64,
}

impl Process {
    pub fn start(file: &Path) -> Self {
        let mut command = Command::new(afpi());
        command.args(["plugin", "harness"]).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("{} cannot be started: {error}", afpi().display()));
        let (to, from) = (child.stdin.take(), child.stdout.take().expect("its output is piped"));
        Process { child, to, from: BufReader::new(from), asked: 0 }
    }

    pub fn ask(&mut self, ask: Ask) -> Outcome {
        self.asked += 1;
        let mut line = serde_json::to_string(&Numbered { id: self.asked, ask }).expect("the protocol is JSON");
        line.push('\n');
        let sent = self.to.as_mut().is_some_and(|to| to.write_all(line.as_bytes()).and_then(|()| to.flush()).is_ok());
        let mut answer = String::new();
        if !sent || self.from.read_line(&mut answer).unwrap_or(0) == 0 {
            panic!("the harness ended; what it said stands above");
        }
        let reply: Reply =
            serde_json::from_str(&answer).unwrap_or_else(|error| panic!("the harness said {answer}: {error}"));
        assert_eq!(reply.id, self.asked, "the harness answers in order");
        reply.result
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Closing its input ends the harness.
        self.to = None;
        let _ended = self.child.wait();
    }
}

/// The `afpi` program: `AFPI_BIN`, otherwise the one that cargo has built beside this test, otherwise the installed
/// one.
pub(crate) fn afpi() -> PathBuf {
    if let Some(given) = std::env::var_os("AFPI_BIN") {
        return given.into();
    }
    let name = format!("afpi{}", std::env::consts::EXE_SUFFIX);
    // Tests lie in `target/<profile>/deps`.
    let test = std::env::current_exe().ok();
    let beside = test.as_deref().and_then(Path::parent).and_then(Path::parent).map(|profile| profile.join(&name));
    beside.filter(|path| path.exists()).unwrap_or_else(|| name.into())
}
