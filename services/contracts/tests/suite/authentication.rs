//! Every call of authentication as JSON.

use hexachord_contracts::authentication::{
    AccountsSnapshot, ChangePassword, Claim, CreateAccount, CreateDeviceKey, CreateInvite,
    FindAccount, FollowAccounts, GetAccount, GetMe, Identify, IdentifyDevice, IssueClaim,
    ListAccounts, ListDeviceKeys, ListInvites, ListSessions, Register, RemoveAccount,
    ResetPassword, RevokeDeviceKey, RevokeInvite, RevokeOtherSessions, RevokeSession, SignIn,
    SignOut, UpdateAccount,
};
use serde_json::json;

use crate::house::{declared_in, travels};

#[test]
fn every_call_travels() {
    let origin = json!({"address": "192.0.2.7", "agent": "player"});
    let account = json!({"account": "ac-0000000000001"});
    let session = json!({"session": "se-0000000000001"});
    let travelled = [
        travels::<SignIn>(&json!({"username": "ida", "password": "p", "origin": origin})),
        travels::<Register>(
            &json!({"username": "ida", "password": "p", "invite": null, "origin": origin}),
        ),
        travels::<Claim>(
            &json!({"code": "c", "username": "ida", "password": "p", "origin": origin}),
        ),
        travels::<IssueClaim>(&json!({})),
        travels::<Identify>(&json!({"credential": "c", "origin": origin})),
        travels::<IdentifyDevice>(
            &json!({"username": "ida", "proof": {"secret": "k"}, "origin": origin}),
        ),
        travels::<GetMe>(&json!({})),
        travels::<ChangePassword>(
            &json!({"current": "p", "new": "q", "keep": null, "origin": origin}),
        ),
        travels::<SignOut>(&session),
        travels::<ListSessions>(&json!({"current": "se-0000000000001"})),
        travels::<RevokeSession>(&session),
        travels::<RevokeOtherSessions>(&json!({"keep": "se-0000000000001"})),
        travels::<CreateDeviceKey>(&json!({"label": "phone", "account": null})),
        travels::<ListDeviceKeys>(&json!({})),
        travels::<RevokeDeviceKey>(&json!({"key": "dk-0000000000001"})),
        travels::<CreateInvite>(
            &json!({"role": "listener", "libraries": "all", "valid_seconds": 60}),
        ),
        travels::<ListInvites>(&json!({})),
        travels::<RevokeInvite>(&json!({"invite": "in-0000000000001"})),
        travels::<CreateAccount>(&json!({
            "username": "ida", "password": "p", "role": "administrator", "libraries": [],
        })),
        travels::<ListAccounts>(&json!({"paging": {"limit": 5, "cursor": "c"}})),
        travels::<GetAccount>(&account),
        travels::<FindAccount>(&json!({"username": "ida"})),
        travels::<UpdateAccount>(&json!({
            "account": "ac-0000000000001", "role": null, "enabled": false,
            "libraries": ["li-0000000000001"],
        })),
        travels::<ResetPassword>(&json!({"account": "ac-0000000000001", "password": "p"})),
        travels::<RemoveAccount>(&account),
        travels::<FollowAccounts>(
            &json!({"after": {"epoch": 1, "sequence": 2}, "limit": 5, "wait_ms": 9}),
        ),
        travels::<AccountsSnapshot>(&json!({"after": null, "limit": 5})),
    ];
    assert_eq!(travelled[..], declared_in(include_str!("../../src/authentication.rs")));
}
