//! `hexachord user`: accounts from the command line of the machine that owns the data.

use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
};

use clap::Subcommand;
use hexachord_contracts::{Page, Role, authentication::Account};
use http::Method;
use serde_json::{Value, json};

use super::{
    backend::{Backend, BackendError},
    output::{say, tell},
};
use crate::{config::Config, http::app_key::AppKey, percent::percent_encoded, qr::Qr};

type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account; asks for its password.
    Add {
        name: String,
        /// An administrator rather than a listener.
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input, one line.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List all accounts.
    List,
    /// Set a new password and end all sessions and device keys.
    Reset {
        name: String,
        /// Read the password from standard input, one line.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Make a key for an app or a device; the last word printed is the key.
    DeviceKey {
        name: String,
        /// What the key is for.
        #[arg(long, value_name = "TEXT")]
        label: String,
        /// Draw the QR code for a phone where no terminal is, too.
        #[arg(long)]
        qr: bool,
        /// Print everything as JSON instead.
        #[arg(long, conflicts_with = "qr")]
        json: bool,
    },
}

pub(super) async fn run(config: Config, command: UserCommand) -> Result<ExitCode, Error> {
    // Before the stores are opened: a person may think about a password for long.
    let password = match &command {
        UserCommand::Add { password_stdin, .. } | UserCommand::Reset { password_stdin, .. } => {
            read_password(*password_stdin)?
        }
        UserCommand::List | UserCommand::DeviceKey { .. } => String::new(),
    };
    let mut backend = Backend::find(config).await?;
    let done = carry_out(&mut backend, command, password).await;
    backend.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(
    backend: &mut Backend,
    command: UserCommand,
    password: String,
) -> Result<(), BackendError> {
    match command {
        UserCommand::Add { name, admin, .. } => {
            let role = if admin { Role::Administrator } else { Role::Listener };
            let body = json!({ "username": name, "password": password, "role": role });
            let account: Account =
                backend.ask(Method::POST, "/api/v1/admin/accounts", Some(body)).await?;
            say(format_args!("made {} {} ({})", role_name(role), account.username, account.id));
        }
        UserCommand::List => list(backend).await?,
        UserCommand::Reset { name, .. } => {
            let account = find(backend, &name).await?;
            let path = format!("/api/v1/admin/accounts/{}/password", account.id);
            let body = json!({ "password": password });
            let _no_body: Value = backend.ask(Method::PUT, &path, Some(body)).await?;
            say(format_args!(
                "{} has a new password; all sessions and device keys ended",
                account.username
            ));
        }
        UserCommand::DeviceKey { name, label, qr, json } => {
            let account = find(backend, &name).await?;
            let path = format!("/api/v1/admin/accounts/{}/device-keys", account.id);
            let body = Some(json!({ "label": label }));
            let made: Value = backend.ask(Method::POST, &path, body).await?;
            if json {
                say(made);
                return Ok(());
            }
            let made: AppKey = serde_json::from_value(made)
                .map_err(|error| BackendError::NoAnswer(error.to_string()))?;
            show(&made, qr);
        }
    }
    Ok(())
}

/// All that an app asks for. What goes to a pipe is one line.
fn show(made: &AppKey, always_draw: bool) {
    let AppKey { key, address, username, link, .. } = made;
    if (always_draw || std::io::stderr().is_terminal())
        && let Some(qr) = Qr::of(link)
    {
        tell(qr.half_blocks());
        tell("scan it with the phone's camera: it opens a page with what the app asks for");
    }
    tell(format_args!("server address: {address}"));
    tell(format_args!("username: {username}"));
    tell(
        "the key (as API key or password) is shown this once: keep it where the device can use it",
    );
    say(format_args!("{username} {} {}", key.id, key.secret.reveal()));
}

async fn list(backend: &mut Backend) -> Result<(), BackendError> {
    let mut path = "/api/v1/admin/accounts?limit=500".to_owned();
    loop {
        let page: Page<Account> = backend.ask(Method::GET, &path, None).await?;
        for account in page.items {
            let state = if account.enabled { "" } else { ", disabled" };
            let seen = account.last_seen_at.map(|at| format!(", last seen {at}"));
            let (role, seen) = (role_name(account.role), seen.unwrap_or_default());
            say(format_args!("{} {} {role}{state}{seen}", account.id, account.username));
        }
        let Some(cursor) = page.next_cursor else { return Ok(()) };
        path = format!("/api/v1/admin/accounts?limit=500&cursor={cursor}");
    }
}

async fn find(backend: &mut Backend, name: &str) -> Result<Account, BackendError> {
    let path = format!("/api/v1/admin/accounts?username={}", percent_encoded(name));
    let page: Page<Account> = backend.ask(Method::GET, &path, None).await?;
    let nobody = || BackendError::Refused {
        status: http::StatusCode::NOT_FOUND,
        detail: format!("there is no account called {name}"),
    };
    page.items.into_iter().next().ok_or_else(nobody)
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => "administrator",
        Role::Listener => "listener",
    }
}

fn read_password(from_stdin: bool) -> Result<String, Error> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        let password = line.trim_end_matches(['\r', '\n']).to_owned();
        return if password.is_empty() {
            Err("no password came on standard input".into())
        } else {
            Ok(password)
        };
    }
    if !std::io::stdin().is_terminal() {
        return Err("there is no terminal to ask for the password: use --password-stdin".into());
    }
    let password = rpassword::prompt_password("Password: ")?;
    if rpassword::prompt_password("Again: ")? != password {
        return Err("the two passwords differ".into());
    }
    Ok(password)
}
