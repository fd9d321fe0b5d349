//! The real program as a child process: commands that end, and a server that goes on.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    ops::Deref,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{Api, PATIENCE};

/// Where commands are typed: arguments, environment and folder of the next one.
pub(crate) struct Console {
    command: Command,
    stdin: Option<String>,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `hexachord serve`, ready; killed when it is dropped.
pub(crate) struct Running {
    api: Api,
    child: Child,
    /// The code of the claim link, if the console showed one.
    pub(crate) claim: Option<String>,
    /// What it showed to whoever started it.
    pub(crate) shown: String,
    /// Its log until it was ready.
    pub(crate) said: String,
    rest: Receiver<String>,
}

impl Console {
    /// In `folder`, with an empty environment and nobody at the keyboard.
    pub(crate) fn new(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hexachord"));
        command.current_dir(folder).env_clear().stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, stdin: None }
    }

    /// Arguments, parted by spaces.
    pub(crate) fn words(mut self, words: &str) -> Self {
        self.command.args(words.split_whitespace());
        self
    }

    pub(crate) fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn typing(mut self, line: &str) -> Self {
        self.command.stdin(Stdio::piped());
        self.stdin = Some(format!("{line}\n"));
        self
    }

    /// Runs the command to its end.
    #[track_caller]
    pub(crate) fn run(self) -> Ended {
        let mut child = self.spawn();
        let stdout = lines(child.stdout.take().expect("it is piped"));
        let stderr = lines(child.stderr.take().expect("it is piped"));
        let (stdout, stderr) = (rest(&stdout, &mut child), rest(&stderr, &mut child));
        let code = child.wait().expect("a child can be waited for").code();
        Ended { code, stdout, stderr }
    }

    /// Runs a command that must succeed; its standard output.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        let ended = self.run();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    }

    /// Runs a command that must fail; what it complains about, after `hexachord: `.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> String {
        let ended = self.run();
        assert_eq!(ended.code, Some(code), "{ended:?}");
        let complaint = ended.stderr.lines().find_map(|line| line.strip_prefix("hexachord: "));
        complaint.unwrap_or_else(|| panic!("it complains about nothing: {ended:?}")).to_owned()
    }

    /// Starts the server with its data in `data` and waits until it is ready.
    #[track_caller]
    pub(crate) fn serve(self, data: &Path) -> Running {
        let console = self.words("--listen 127.0.0.1:0 --data").argument(data);
        let mut child = console.spawn();
        let shown = lines(child.stdout.take().expect("it is piped"));
        let rest = lines(child.stderr.take().expect("it is piped"));
        let mut said = String::new();
        let address = loop {
            let Ok(line) = rest.recv_timeout(PATIENCE) else {
                child.kill().expect("a child can be killed");
                panic!("the server is not ready: {said}");
            };
            said.push_str(&line);
            if let Some(address) = ready_address(&line) {
                break address;
            }
        };
        // What it shows is between two empty lines, and was written before it said that it is ready.
        let shown: String = shown.iter().skip(1).take_while(|line| line != "\n").collect();
        let code = shown.split_once("/#claim=").and_then(|(_, rest)| rest.lines().next());
        let claim = code.map(str::to_owned);
        let api = Api { address, control: data.join("control.sock") };
        Running { api, child, claim, shown, said, rest }
    }

    fn spawn(mut self) -> Child {
        let mut child = self.command.spawn().expect("the program can be run");
        if let Some(typed) = self.stdin {
            let mut stdin = child.stdin.take().expect("it is piped");
            // A command may end without having read it.
            drop(stdin.write_all(typed.as_bytes()));
        }
        child
    }
}

impl Running {
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the server runs");
    }

    /// Waits until it has ended: its exit code, and its log since it was ready.
    #[track_caller]
    pub(crate) fn ended(mut self) -> (Option<i32>, String) {
        let said = rest(&self.rest, &mut self.child);
        (self.child.wait().expect("a child can be waited for").code(), said)
    }

    /// Asks it to end, which it does well.
    #[track_caller]
    pub(crate) fn stop(self) {
        self.signal(Signal::TERM);
        let (code, said) = self.ended();
        assert_eq!(code, Some(0), "{said}");
    }
}

impl Deref for Running {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A folder below `folder`, made.
pub(crate) fn subfolder(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(&path).expect("a folder can be made");
    path
}

/// The address in the line of the log that says that it is ready, as text or as JSON.
fn ready_address(line: &str) -> Option<SocketAddr> {
    let address = if let Ok(event) = serde_json::from_str::<Value>(line) {
        event["address"].as_str().filter(|_| event["message"] == "ready")?.to_owned()
    } else {
        line.split_once("ready address=")?.1.split_whitespace().next()?.to_owned()
    };
    Some(address.parse().expect("an address and a port"))
}

/// Lines as they come, each with its end, read on a thread so that no pipe fills up.
fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|count| count > 0) {
            let line = String::from_utf8_lossy(&bytes).into_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    });
    lines
}

/// All that still comes until the pipe is closed.
#[track_caller]
fn rest(lines: &Receiver<String>, child: &mut Child) -> String {
    let mut all = String::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => all.push_str(&line),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return all,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                child.kill().expect("a child can be killed");
                panic!("it does not end: {all}");
            }
        }
    }
}
