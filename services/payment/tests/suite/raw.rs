//! What stands in the tables, byte for byte.

use hexachord_contracts::ids::AccountId;
use hexachord_storage::Store;
use redb::{ReadTransaction, ReadableTable, TableDefinition, TableHandle, Value};

type Bytes = &'static [u8];

/// The tables of which some row has the account's id, in any of the ways to write it.
pub(crate) async fn tables_with(store: &Store, account: AccountId) -> Vec<String> {
    let found = store.read(move |read| {
        let mut tables = Vec::new();
        let mut known = 0;
        let mut note = |name: &'static str, rows: Vec<Vec<u8>>| {
            known += 1;
            if rows.iter().any(|row| has(row, account)) {
                tables.push(name.to_owned());
            }
        };
        for name in ["plans", "subscriptions", "payments", "journal"] {
            note(name, rows::<u64, Bytes>(read, name));
        }
        for name in ["subscriptions_by_state", "payments_by_state"] {
            note(name, rows::<(u8, u64), ()>(read, name));
        }
        for name in ["subscriptions_by_account", "payments_by_account", "journal_by_member"] {
            note(name, rows::<(u64, u64), ()>(read, name));
        }
        for name in ["references", "numbers"] {
            note(name, rows::<&str, u64>(read, name));
        }
        note("balances", rows::<(u8, u64, &str), i64>(read, "balances"));
        note("accounts", rows::<u64, ()>(read, "accounts"));
        note("feed", rows::<(), (u64, u64)>(read, "feed"));
        note("time", rows::<(), Bytes>(read, "time"));
        let others = read.list_tables()?.filter(|table| table.name() != "meta").count();
        assert_eq!(known, others, "every table is looked at");
        Ok(tables)
    });
    found.await.unwrap()
}

fn rows<K: redb::Key + 'static, V: Value + 'static>(
    read: &ReadTransaction,
    name: &'static str,
) -> Vec<Vec<u8>> {
    let table = read.open_table(TableDefinition::<K, V>::new(name)).unwrap();
    let bytes = table.iter().unwrap().map(|entry| {
        let (key, value) = entry.unwrap();
        let mut bytes = K::as_bytes(&key.value()).as_ref().to_vec();
        bytes.extend_from_slice(V::as_bytes(&value.value()).as_ref());
        bytes
    });
    bytes.collect()
}

fn has(bytes: &[u8], account: AccountId) -> bool {
    let mut varint = Vec::new();
    let mut rest = account.0;
    while rest >= 0x80 {
        varint.push(u8::try_from(rest & 0x7f).unwrap() | 0x80);
        rest >>= 7;
    }
    varint.push(u8::try_from(rest).unwrap());
    let ways = [account.0.to_le_bytes().to_vec(), account.0.to_be_bytes().to_vec(), varint];
    ways.iter().any(|way| bytes.windows(way.len()).any(|part| part == way))
}
