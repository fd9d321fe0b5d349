//! Users: accounts, as far as authentication lets a caller see and change them.

use futures_util::{StreamExt, stream};
use hexachord_contracts::{
    CallError, Caller, Context, LibraryAccess,
    authentication::{
        Account, AuthenticationError, CreateAccount, FindAccount, GetMe, ListAccounts,
        RemoveAccount, ResetPassword, UpdateAccount,
    },
    context::Role,
    ids::LibraryId,
    payment::{Entitlements, ListPlans},
};
use serde::Serialize;

use super::super::{
    call::{Call, Outcome, folder_number},
    failure::Failure,
    model::User,
    parameters::number,
    rows,
    signing_in::plain,
};

const MOST: u32 = 50_000;
/// Accounts whose plan is asked for at the same time.
const AT_ONCE: usize = 32;

pub(super) async fn one(call: &Call) -> Outcome {
    let username = call.parameters.required("username")?;
    let me = call.edge.authentication.call(call.context(), GetMe {}).await?;
    let is_me = me.username.to_lowercase() == username.to_lowercase();
    let (account, entitlements) = if is_me {
        (me, call.edge.allowances.of(call.context()).await.entitlements)
    } else {
        let account = find(call, username).await?;
        let entitlements = allowed(call, &account).await;
        (account, entitlements)
    };
    let folders = Folders::of(call).await?;
    call.answer("user", &User::new(account.clone(), entitlements, folders.seen_by(&account)))
}

pub(super) async fn all(call: &Call) -> Outcome {
    #[derive(Serialize)]
    struct Users {
        user: Vec<User>,
    }
    let accounts = rows::all(MOST, |paging| async move {
        Ok(call.edge.authentication.call(call.context(), ListAccounts { paging }).await?)
    })
    .await?;
    let folders = Folders::of(call).await?;
    let user = stream::iter(accounts).map(async |account| {
        let (allowed, seen) = (allowed(call, &account).await, folders.seen_by(&account));
        User::new(account, allowed, seen)
    });
    let user = user.buffered(AT_ONCE).collect().await;
    call.answer("users", &Users { user })
}

/// The libraries that there are, with their numbers.
struct Folders(Vec<LibraryId>);

impl Folders {
    async fn of(call: &Call) -> Result<Self, Failure> {
        Ok(Self(call.libraries().await?.into_iter().map(|library| library.id).collect()))
    }

    fn seen_by(&self, account: &Account) -> Vec<i32> {
        let seen = self.0.iter().filter(|library| account.libraries.allows(**library));
        seen.map(|library| folder_number(*library)).collect()
    }

    /// What `musicFolderId` says; `None` where it says nothing.
    fn asked(&self, call: &Call) -> Result<Option<LibraryAccess>, Failure> {
        let numbers = call.parameters.all("musicFolderId").filter(|text| !text.is_empty());
        let numbers = numbers.map(|text| number::<i32>("musicFolderId", text));
        let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
        let library = |number: &i32| {
            let found = self.0.iter().find(|library| folder_number(**library) == *number);
            found.copied().ok_or_else(|| Failure::not_found("music folder"))
        };
        let libraries = numbers.iter().map(library).collect::<Result<Vec<_>, _>>()?;
        Ok((!libraries.is_empty()).then(|| LibraryAccess::Only(libraries.into())))
    }
}

/// An account by its name, for administrators.
async fn find(call: &Call, username: &str) -> Result<Account, Failure> {
    let find = FindAccount { username: username.to_owned() };
    call.edge.authentication.call(call.context(), find).await.map_err(|error| match error {
        CallError::Refused(AuthenticationError::NotFound { .. }) => Failure::not_found("user"),
        error => error.into(),
    })
}

fn role(call: &Call) -> Result<Option<Role>, Failure> {
    let is_admin = call.parameters.flag("adminRole")?;
    Ok(is_admin.map(|is| if is { Role::Administrator } else { Role::Listener }))
}

/// What an account may do by its plan.
async fn allowed(call: &Call, account: &Account) -> Entitlements {
    let Account { id, role, libraries, .. } = account.clone();
    let caller = Caller::Account { id, role, libraries };
    let as_it = Context::new(call.context().request_id, caller, call.context().remaining());
    call.edge.allowances.of(&as_it).await.entitlements
}

/// What a new account may do: administrators everything, others what the free plan allows.
async fn allowed_at_first(call: &Call, role: Role) -> Result<Entitlements, Failure> {
    if role == Role::Administrator {
        return Ok(Entitlements::EVERYTHING);
    }
    let plans = match call.edge.payment.call(call.context(), ListPlans { archived: false }).await {
        Ok(plans) => plans,
        Err(error @ CallError::Refused(_)) => return Err(error.into()),
        // While payment is away nobody is held to a plan.
        Err(_away) => return Ok(Entitlements::EVERYTHING),
    };
    let free = plans.into_iter().find(|plan| plan.free);
    Ok(free.map_or(Entitlements::EVERYTHING, |plan| plan.entitlements))
}

/// Whether somebody streams, downloads, and how fast is decided by plans. Who wishes something else
/// hears so: an answer that all went well would be a lie. The other roles are of what nobody can do
/// here, or everybody; they are passed over.
fn check_roles(
    call: &Call,
    plan: Entitlements,
    streams: bool,
    is_new: bool,
) -> Result<(), Failure> {
    let parameters = &call.parameters;
    let decided = |name: &str, how: String| {
        let message = format!("parameter {name}: plans decide it, and this user's {how}");
        Err(Failure::new(Failure::GENERIC, message))
    };
    if streams && parameters.flag("streamRole")? == Some(false) {
        return decided("streamRole", "allows streams".to_owned());
    }
    let downloads = parameters.flag("downloadRole")?;
    // Of a new user `false` is what the API takes it for where nothing is said, and what libraries of
    // clients send without being asked.
    let downloads = downloads.filter(|wished| *wished || !is_new);
    if downloads.is_some_and(|wished| wished != plan.downloads) {
        let allows = if plan.downloads { "allows" } else { "does not allow" };
        return decided("downloadRole", format!("{allows} downloads"));
    }
    let most = plan.max_bitrate_kbps.unwrap_or(0);
    if parameters.number::<u32>("maxBitRate")?.is_some_and(|wished| wished != most) {
        let most = if most == 0 { "any bitrate".to_owned() } else { format!("{most} kbit/s") };
        return decided("maxBitRate", format!("allows {most}"));
    }
    Ok(())
}

pub(super) async fn create(call: &Call) -> Outcome {
    let username = call.parameters.required("username")?.to_owned();
    let password = plain("password", call.parameters.required("password")?)?;
    let role = role(call)?.unwrap_or(Role::Listener);
    if !call.context().may_administer() {
        return Err(Failure::forbidden("accounts are made by administrators"));
    }
    check_roles(call, allowed_at_first(call, role).await?, true, true)?;
    let libraries = Folders::of(call).await?.asked(call)?.unwrap_or(LibraryAccess::All);
    let create = CreateAccount { username, password, role, libraries };
    call.edge.authentication.call(call.context(), create).await?;
    call.done()
}

pub(super) async fn update(call: &Call) -> Outcome {
    let known = find(call, call.parameters.required("username")?).await?;
    let account = known.id;
    let password = call.parameters.text("password").filter(|text| !text.is_empty());
    let password = password.map(|sent| plain("password", sent)).transpose()?;
    let (role, libraries) = (role(call)?, Folders::of(call).await?.asked(call)?);
    check_wishes(call, &known, role).await?;
    let (authentication, context) = (&call.edge.authentication, call.context());
    // What may be refused goes first.
    if let Some(password) = password {
        authentication.call(context, ResetPassword { account, password }).await?;
        call.edge.mirror.forget(account);
    }
    if role.is_some() || libraries.is_some() {
        let update = UpdateAccount { account, role, libraries, enabled: None };
        authentication.call(context, update).await?;
        call.edge.mirror.forget(account);
    }
    call.done()
}

/// Apps send back what they were told: what is so now is no wish, nor what is so with the new role.
async fn check_wishes(call: &Call, known: &Account, role: Option<Role>) -> Result<(), Failure> {
    let now = allowed(call, known).await;
    let Err(refused) = check_roles(call, now, known.enabled, false) else { return Ok(()) };
    match role.filter(|role| *role != known.role) {
        Some(role) => check_roles(call, allowed_at_first(call, role).await?, known.enabled, false),
        None => Err(refused),
    }
}

pub(super) async fn delete(call: &Call) -> Outcome {
    let account = find(call, call.parameters.required("username")?).await?.id;
    call.edge.authentication.call(call.context(), RemoveAccount { account }).await?;
    call.edge.mirror.forget(account);
    call.done()
}

/// The account's password, with which people sign in to the page. It ends all device keys of the
/// account. Who is no administrator needs the old password for it, and so the page.
pub(super) async fn change_password(call: &Call) -> Outcome {
    let username = call.parameters.required("username")?;
    let password = plain("password", call.parameters.required("password")?)?;
    if !call.context().may_administer() {
        let message = "a device key does not change passwords: sign in to the page for it";
        return Err(Failure::forbidden(message));
    }
    let account = find(call, username).await?.id;
    let reset = ResetPassword { account, password };
    call.edge.authentication.call(call.context(), reset).await?;
    call.edge.mirror.forget(account);
    call.done()
}
