//! Device keys.

use std::time::Duration;

use hexachord_contracts::{
    Context,
    authentication::{
        AuthenticationError, CreateDeviceKey, CredentialId, ListDeviceKeys, NewDeviceKey,
        RevokeDeviceKey,
    },
    ids::{AccountId, DeviceKeyId},
};

use crate::house::{
    Answer, DAY, House, as_account, both_ways, invalid_field, not_found, refused, settings, system,
};

async fn create(
    house: &House,
    who: &Context,
    label: &str,
    account: Option<AccountId>,
) -> Answer<NewDeviceKey> {
    house.ask(who, CreateDeviceKey { label: label.to_owned(), account }).await
}

#[tokio::test]
async fn a_key_from_its_making_to_its_end() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let berta = house.listener("berta").await;
        let me = as_account(&anna);
        let phone = create(&house, &me, " Phone ", None).await.unwrap();
        assert_eq!(phone.label, "Phone");
        let text = phone.secret.reveal();
        assert!(text.starts_with("hxk_") && text.len() == 36, "{text}");
        house.clock.advance(Duration::from_secs(1));
        let car = create(&house, &me, "Phone", Some(anna.id)).await.unwrap();
        house.clock.advance(1000 * DAY);
        let identity = house.identify(&phone.secret).await.unwrap();
        assert_eq!(identity.account.id, anna.id);
        assert_eq!(identity.credential, CredentialId::DeviceKey(phone.id));
        assert_eq!(identity.valid_until, None);
        let listed = house.ask(&me, ListDeviceKeys {}).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|key| (key.id, key.last_used_at)).collect();
        assert_eq!(ids, [(car.id, None), (phone.id, Some(house.clock.now()))]);

        for (who, key) in [(as_account(&berta), phone.id), (me.clone(), DeviceKeyId(1))] {
            let error = refused(house.ask(&who, RevokeDeviceKey { key }).await);
            assert_eq!(error, not_found("device key"));
        }
        house.ask(&me, RevokeDeviceKey { key: phone.id }).await.unwrap();
        let error = refused(house.identify(&phone.secret).await);
        assert_eq!(error, AuthenticationError::InvalidCredential);
        house.identify(&car.secret).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_program_and_administrators_make_keys_for_others() {
    both_ways(settings(), async |house| {
        let anna = house.listener("anna").await;
        let root = as_account(&house.administrator("root").await);
        for who in [&system(), &root] {
            let key = create(&house, who, "radio", Some(anna.id)).await.unwrap();
            assert_eq!(house.identify(&key.secret).await.unwrap().account.id, anna.id);
            let error = refused(create(&house, who, "radio", Some(AccountId(1))).await);
            assert_eq!(error, not_found("account"));
        }
        assert_eq!(invalid_field(create(&house, &system(), "radio", None).await), "account");
    })
    .await;
}

#[tokio::test]
async fn labels_and_numbers_have_bounds() {
    both_ways(settings(), async |house| {
        let me = as_account(&house.listener("anna").await);
        for label in ["", "  ", "a\nb", &"x".repeat(65)] {
            assert_eq!(invalid_field(create(&house, &me, label, None).await), "label");
        }
        for n in 0..100 {
            create(&house, &me, &format!("key {n}"), None).await.unwrap();
        }
        assert_eq!(invalid_field(create(&house, &me, "one more", None).await), "label");
        assert_eq!(house.ask(&me, ListDeviceKeys {}).await.unwrap().len(), 100);
    })
    .await;
}
