//! One process of `afpi-typeset`, seen from the host.

use crate::engine::Config;
use crate::job::{Error, Job, Output, Rendered};
use crate::protocol::{self, Attached, Limits, Reply, Request, Shelf, frame_length};
use bytes::Bytes;
use std::io::{self, ErrorKind};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufWriter};
use tokio::process::{ChildStderr, ChildStdin, ChildStdout, Command};

/// Jobs of one process. Then a new one takes over.
const JOBS: u32 = 500;

/// The largest frame without the document itself: a reply with its diagnostics.
const REPLY_BYTES: usize = 1 << 20;

/// The most bytes that a job brings, without its package.
const JOB_BYTES: usize = 64 << 20;

pub struct Child {
    process: tokio::process::Child,
    to: BufWriter<ChildStdin>,
    from: ChildStdout,
    words: ChildStderr,
    packages: Shelf<()>,
    jobs: u32,
    output: usize,
    memory: u64,
}

impl Child {
    /// Starts the process and tells it its limits. It ends when this is dropped.
    pub async fn start(config: &Config) -> io::Result<Child> {
        let mut process = Command::new(&config.program)
            // It must not see the host's settings and secrets.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(to), Some(from), Some(words)) = (process.stdin.take(), process.stdout.take(), process.stderr.take())
        else {
            return Err(ErrorKind::BrokenPipe.into());
        };
        let mut child = Child {
            process,
            to: BufWriter::new(to),
            from,
            words,
            packages: Shelf::default(),
            jobs: 0,
            output: usize::try_from(config.output).unwrap_or(usize::MAX),
            memory: config.memory,
        };
        let limits = Limits { memory: config.memory, cpu_seconds: config.time.as_secs().max(1), output: config.output };
        child.say(&serde_json::to_vec(&limits)?).await?;
        Ok(child)
    }

    /// Runs a job. After an I/O error the process is of no more use, see [`Child::end`].
    pub async fn run(&mut self, job: &Job) -> io::Result<Result<Rendered, Error>> {
        let data = serde_json::to_vec(&job.data)?;
        let attachments: &[_] = match &job.output {
            Output::Pdf { attachments, .. } => attachments,
            Output::Svg => &[],
        };
        let brought = job.files.values().chain(attachments.iter().map(|attachment| &attachment.bytes));
        if data.len() + brought.map(Bytes::len).sum::<usize>() > JOB_BYTES {
            return Ok(Err(Error::TooLarge));
        }
        self.jobs += 1;
        let is_known = self.packages.touch(job.package.sha256());
        let request = Request {
            package: *job.package.sha256(),
            package_files: (!is_known).then(|| job.package.files().keys().cloned().collect()),
            entry: job.entry.clone(),
            files: job.files.keys().cloned().collect(),
            date: job.date.timestamp(),
            title: job.title.clone(),
            identifier: job.identifier.clone(),
            lang: job.lang.clone(),
            output: match &job.output {
                Output::Pdf { archival, attachments } => protocol::Output::Pdf {
                    archival: *archival,
                    attachments: attachments
                        .iter()
                        .map(|attachment| Attached {
                            name: attachment.name.clone(),
                            media_type: attachment.media_type.clone(),
                            relationship: attachment.relationship,
                            description: attachment.description.clone(),
                        })
                        .collect(),
                },
                Output::Svg => protocol::Output::Svg,
            },
        };
        self.say(&serde_json::to_vec(&request)?).await?;
        self.say(&data).await?;
        if !is_known {
            for content in job.package.files().values() {
                self.say(content).await?;
            }
            self.packages.put(*job.package.sha256(), ());
        }
        for content in job.files.values().chain(attachments.iter().map(|attachment| &attachment.bytes)) {
            self.say(content).await?;
        }
        self.to.flush().await?;
        self.hear().await
    }

    async fn hear(&mut self) -> io::Result<Result<Rendered, Error>> {
        let reply: Reply = serde_json::from_slice(&frame(&mut self.from, REPLY_BYTES).await?)?;
        let mut left = self.output;
        Ok(match reply {
            Reply::Pdf { pages } => Ok(Rendered::Pdf { bytes: frame(&mut self.from, left).await?, pages }),
            Reply::Svg { pages } => {
                let mut texts = Vec::new();
                for _ in 0..pages {
                    let text = frame(&mut self.from, left).await?;
                    left -= text.len();
                    texts.push(String::from_utf8(text).map_err(io::Error::other)?);
                }
                Ok(Rendered::Svg(texts))
            }
            Reply::Refused(problems) => Err(Error::Template(problems)),
            Reply::TooLarge => Err(Error::TooLarge),
        })
    }

    async fn say(&mut self, content: &[u8]) -> io::Result<()> {
        self.to.write_all(&frame_length(content)?).await?;
        self.to.write_all(content).await
    }

    /// True if somebody ended it while it had nothing to do.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.process.try_wait(), Ok(None))
    }

    /// True if a fresh process should do the next job: after many jobs, or when half of the memory is gone.
    pub fn is_used_up(&self) -> bool {
        self.jobs >= JOBS || self.process.id().and_then(address_space).is_some_and(|bytes| bytes > self.memory / 2)
    }

    /// Ends the process after an I/O error and tells the reason.
    pub async fn end(mut self) -> Error {
        let mut words = Vec::new();
        // The end of the process closes the pipe. A process that still runs is not waited for.
        let mut from = (&mut self.words).take(4096);
        let _ = tokio::time::timeout(Duration::from_secs(1), from.read_to_end(&mut words)).await;
        let _ = self.process.start_kill();
        let status = self.process.wait().await.ok();
        let words = String::from_utf8_lossy(&words);
        let reason = if words.contains("memory allocation of") {
            Error::OutOfMemory
        } else if status.is_some_and(used_its_time) {
            Error::TimedOut
        } else {
            Error::Crashed
        };
        let line = words.lines().next().unwrap_or_default();
        tracing::warn!(?status, line, reason = reason.word(), "a process that makes documents ended");
        reason
    }
}

async fn frame(from: &mut (impl AsyncRead + Unpin), most: usize) -> io::Result<Vec<u8>> {
    let length = from.read_u32_le().await? as usize;
    if length > most {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut content = Vec::with_capacity(length);
    if from.take(length as u64).read_to_end(&mut content).await? < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(content)
}

/// The kernel ended it because of its CPU time.
fn used_its_time(status: ExitStatus) -> bool {
    #[cfg(unix)]
    return std::os::unix::process::ExitStatusExt::signal(&status) == Some(24); // SIGXCPU
    #[cfg(not(unix))]
    return false;
}

/// Bytes of address space. The limit counts these. `None` where there is no `/proc`.
fn address_space(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}
