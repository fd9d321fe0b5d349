//! nginx, where it is installed: the peer for files from the disk to the socket.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::child::Child;

/// Serves the files of `folder`; `None` without nginx. It writes into `scratch` only.
pub(crate) fn start(folder: &Path, scratch: &Path) -> Option<Child> {
    let port = {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        free.local_addr().expect("it is bound").port()
    };
    let file = scratch.join("nginx.conf");
    std::fs::write(&file, configuration(folder, scratch, port)).expect("it is ours");
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&file).arg("-p").arg(scratch).arg("-e").arg("stderr");
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let process = command.spawn().ok()?;
    let child = Child::new(process, SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let began = Instant::now();
    while TcpStream::connect(child.address).is_err() {
        assert!(began.elapsed() < Duration::from_secs(5), "nginx does not listen");
        std::thread::sleep(Duration::from_millis(10));
    }
    Some(child)
}

/// One process in the foreground, so that its CPU time is that of its id.
fn configuration(folder: &Path, scratch: &Path, port: u16) -> String {
    let scratch = scratch.display();
    let spool = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {scratch}/{kind};\n"))
        .concat();
    format!(
        "daemon off;\nmaster_process off;\npid {scratch}/nginx.pid;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n{spool}access_log off;\nsendfile on;\ntcp_nopush on;\nkeepalive_requests 100000;\n\
         server {{ listen 127.0.0.1:{port}; root {}; }}\n}}\n",
        folder.display(),
    )
}
