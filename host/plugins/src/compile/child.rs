//! Compiles in a child process that gets WebAssembly on stdin and writes native code to stdout. The limits apply before
//! the child reads a byte. The input and the output start with the [`Functions`] that were compiled earlier. These are
//! empty except for an author.

use super::Effort;
use super::functions::{self, Functions};
use crate::failure::LoadError;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The hidden subcommand of an executable that calls [`compile_child_main`].
pub const COMPILE_SUBCOMMAND: &str = "plugin-compile-child";

/// The limits for compiling one plugin.
#[derive(Clone, Copy, Debug)]
pub struct CompileLimits {
    /// Address space of the child.
    pub memory_mib: u32,
    pub cpu: Duration,
    /// The parent kills the child after this time. On a busy machine a child waits for its turn, and that is no fault of
    /// the plugin: only a child that hangs takes so long.
    pub wall: Duration,
}

impl Default for CompileLimits {
    fn default() -> Self {
        CompileLimits { memory_mib: 512, cpu: Duration::from_secs(10), wall: Duration::from_secs(600) }
    }
}

const MEMORY: &str = "AFPI_COMPILE_MEMORY_MIB";
const CPU: &str = "AFPI_COMPILE_CPU_SECONDS";
/// Set if the effort is [`Effort::Quick`].
const QUICK: &str = "AFPI_COMPILE_QUICK";

/// The main function of the child. Never call it in another process, because it limits the process.
pub fn compile_child_main() -> ExitCode {
    match compile_stdin() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn compile_stdin() -> Result<(), String> {
    let effort = if std::env::var_os(QUICK).is_some() { Effort::Quick } else { Effort::Full };
    limit_process(effort).map_err(|error| format!("cannot limit the compiler: {error}"))?;
    let mut told = Vec::new();
    std::io::stdin().lock().read_to_end(&mut told).map_err(|error| error.to_string())?;
    let (before, wasm) = functions::split(&told).ok_or("it was not told what to compile")?;
    let kept = Arc::new(Functions::read(before));
    let failed = |error: wasmtime::Error| format!("{error:#}");
    let mut config = crate::engine::compiling(effort);
    if effort == Effort::Quick {
        config.enable_incremental_compilation(kept.clone()).map_err(failed)?;
    }
    let code = wasmtime::Engine::new(&config).and_then(|engine| engine.precompile_component(wasm)).map_err(failed)?;
    let mut said = Vec::new();
    functions::push(&mut said, &kept.write());
    let mut out = std::io::stdout().lock();
    out.write_all(&said).and_then(|()| out.write_all(&code)).map_err(|error| error.to_string())
}

#[cfg(unix)]
fn limit_process(effort: Effort) -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    let told = |name| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (Some(mib), Some(seconds)) = (told(MEMORY), told(CPU)) else {
        return Err(std::io::Error::other("it was not told its limits"));
    };
    for (resource, most) in [(Resource::As, mib << 20), (Resource::Cpu, seconds), (Resource::Core, 0)] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    // Requests have priority over compiling, unless a person waits for the result.
    if effort == Effort::Full {
        nice(10)?;
    }
    Ok(())
}

/// On other systems only the wall time limits the child.
#[cfg(not(unix))]
fn limit_process(_: Effort) -> std::io::Result<()> {
    Ok(())
}

/// A child's output.
pub(super) struct Made {
    pub code: Vec<u8>,
    /// The functions for the next compilation. Empty if none of them is new.
    pub functions: Vec<u8>,
}

/// Runs the child and waits for it. It blocks. `before` is the [`Made::functions`] of an earlier child.
pub(super) fn compile(
    exe: &Path,
    args: &[String],
    limits: &CompileLimits,
    effort: Effort,
    before: &[u8],
    wasm: &[u8],
) -> Result<Made, LoadError> {
    let failed = |what: &str, error: &dyn std::fmt::Display| LoadError::Compile(format!("{what}: {error}"));
    let mut command = Command::new(exe);
    command
        .args(args)
        // The compiler must not see the host's settings and secrets. The limit counts address space. Two compile
        // threads and one malloc arena keep it close to the used memory.
        .env_clear()
        .env(MEMORY, limits.memory_mib.to_string())
        .env(CPU, limits.cpu.as_secs().max(1).to_string())
        .env("RAYON_NUM_THREADS", "2")
        .env("MALLOC_ARENA_MAX", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if effort == Effort::Quick {
        command.env(QUICK, "1");
    }
    let mut child = command.spawn().map_err(|error| failed("the compiling process did not start", &error))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let deadline = Instant::now() + limits.wall;
    std::thread::scope(|scope| {
        // A child that dies early closes the pipe. Its exit status says more than the error of the write.
        scope.spawn(move || {
            let mut pipe = stdin?;
            let told = [&functions::length(before)[..], before, wasm];
            told.into_iter().try_for_each(|part| pipe.write_all(part)).ok()
        });
        let said = scope.spawn(move || read_all(stdout, usize::MAX));
        let words = scope.spawn(move || read_all(stderr, 4096));
        let status = loop {
            match child.try_wait().map_err(|error| failed("the compiling process", &error))? {
                Some(status) => break status,
                None if Instant::now() > deadline => {
                    child
                        .kill()
                        .and_then(|()| child.wait())
                        .map_err(|error| failed("the compiling process", &error))?;
                    return Err(LoadError::Compile(format!("it took longer than {:?}", limits.wall)));
                }
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        let (said, words) = (said.join().unwrap_or_default(), words.join().unwrap_or_default());
        if status.success()
            && let Some((functions, code)) = functions::split(&said)
        {
            return Ok(Made { code: code.to_owned(), functions: functions.to_owned() });
        }
        let words = String::from_utf8_lossy(&words);
        Err(LoadError::Compile(format!("{status}: {}", words.lines().next().unwrap_or("its memory or time ran out"))))
    })
}

fn read_all(pipe: Option<impl Read>, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // Bytes that were read before an error are still useful. A truncated result fails later, when it is
        // deserialised.
        let _ = pipe.take(most as u64).read_to_end(&mut bytes);
    }
    bytes
}
