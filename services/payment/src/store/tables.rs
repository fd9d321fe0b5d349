//! The tables, opened once a transaction.

use hexachord_storage::{Record, StoreError};
use redb::{
    Key, ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, Value,
    WriteTransaction,
};

type Bytes = &'static [u8];
type ById = TableDefinition<'static, u64, Bytes>;
/// An id of the account, or the code of the state, and an id.
type Index<A> = TableDefinition<'static, (A, u64), ()>;
/// Kind and number of a ledger account, and a currency, in the order of the ledger's accounts.
type BalanceKey = (u8, u64, &'static str);

/// Plan id → [`super::PlanRow`].
const PLANS: ById = TableDefinition::new("plans");
/// Subscription id → [`super::SubscriptionRow`]. Ids of subscriptions and payments ascend.
const SUBSCRIPTIONS: ById = TableDefinition::new("subscriptions");
const SUBSCRIPTIONS_BY_STATE: Index<u8> = TableDefinition::new("subscriptions_by_state");
const SUBSCRIPTIONS_BY_ACCOUNT: Index<u64> = TableDefinition::new("subscriptions_by_account");
/// Payment id → [`super::PaymentRow`].
const PAYMENTS: ById = TableDefinition::new("payments");
const PAYMENTS_BY_STATE: Index<u8> = TableDefinition::new("payments_by_state");
const PAYMENTS_BY_ACCOUNT: Index<u64> = TableDefinition::new("payments_by_account");
/// Reference of an open payment → its id.
const REFERENCES: TableDefinition<'static, &str, u64> = TableDefinition::new("references");
/// Number → [`super::rows::EntryRow`].
const JOURNAL: ById = TableDefinition::new("journal");
/// Account and number of an entry with a posting of this member.
const JOURNAL_BY_MEMBER: Index<u64> = TableDefinition::new("journal_by_member");
/// What the postings of a ledger account in a currency add up to.
const BALANCES: TableDefinition<'static, BalanceKey, i64> = TableDefinition::new("balances");
/// The accounts that there are, as authentication says.
const ACCOUNTS: TableDefinition<'static, u64, ()> = TableDefinition::new("accounts");
/// What is numbered → its last number.
const NUMBERS: TableDefinition<'static, &str, u64> = TableDefinition::new("numbers");
/// How far authentication's feed was followed: epoch and sequence.
const FEED: TableDefinition<'static, (), (u64, u64)> = TableDefinition::new("feed");
/// The last look at the clock.
const TIME: TableDefinition<'static, (), Bytes> = TableDefinition::new("time");

/// All tables, to be changed.
pub(super) struct Tables<'w> {
    pub(super) plans: Table<'w, u64, Bytes>,
    pub(super) subscriptions: Table<'w, u64, Bytes>,
    pub(super) subscriptions_by_state: Table<'w, (u8, u64), ()>,
    pub(super) subscriptions_by_account: Table<'w, (u64, u64), ()>,
    pub(super) payments: Table<'w, u64, Bytes>,
    pub(super) payments_by_state: Table<'w, (u8, u64), ()>,
    pub(super) payments_by_account: Table<'w, (u64, u64), ()>,
    pub(super) references: Table<'w, &'static str, u64>,
    pub(super) journal: Table<'w, u64, Bytes>,
    pub(super) journal_by_member: Table<'w, (u64, u64), ()>,
    pub(super) balances: Table<'w, BalanceKey, i64>,
    pub(super) accounts: Table<'w, u64, ()>,
    pub(super) numbers: Table<'w, &'static str, u64>,
    pub(super) feed: Table<'w, (), (u64, u64)>,
    pub(super) time: Table<'w, (), Bytes>,
}

impl<'w> Tables<'w> {
    pub(super) fn open(write: &'w WriteTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            plans: write.open_table(PLANS)?,
            subscriptions: write.open_table(SUBSCRIPTIONS)?,
            subscriptions_by_state: write.open_table(SUBSCRIPTIONS_BY_STATE)?,
            subscriptions_by_account: write.open_table(SUBSCRIPTIONS_BY_ACCOUNT)?,
            payments: write.open_table(PAYMENTS)?,
            payments_by_state: write.open_table(PAYMENTS_BY_STATE)?,
            payments_by_account: write.open_table(PAYMENTS_BY_ACCOUNT)?,
            references: write.open_table(REFERENCES)?,
            journal: write.open_table(JOURNAL)?,
            journal_by_member: write.open_table(JOURNAL_BY_MEMBER)?,
            balances: write.open_table(BALANCES)?,
            accounts: write.open_table(ACCOUNTS)?,
            numbers: write.open_table(NUMBERS)?,
            feed: write.open_table(FEED)?,
            time: write.open_table(TIME)?,
        })
    }
}

/// The tables that are read, as they are in one transaction.
pub(super) struct View {
    pub(super) plans: ReadOnlyTable<u64, Bytes>,
    pub(super) subscriptions: ReadOnlyTable<u64, Bytes>,
    pub(super) subscriptions_by_state: ReadOnlyTable<(u8, u64), ()>,
    pub(super) subscriptions_by_account: ReadOnlyTable<(u64, u64), ()>,
    pub(super) payments: ReadOnlyTable<u64, Bytes>,
    pub(super) payments_by_state: ReadOnlyTable<(u8, u64), ()>,
    pub(super) payments_by_account: ReadOnlyTable<(u64, u64), ()>,
    pub(super) journal: ReadOnlyTable<u64, Bytes>,
    pub(super) balances: ReadOnlyTable<BalanceKey, i64>,
    pub(super) accounts: ReadOnlyTable<u64, ()>,
    pub(super) feed: ReadOnlyTable<(), (u64, u64)>,
    pub(super) time: ReadOnlyTable<(), Bytes>,
}

impl View {
    pub(super) fn open(read: &ReadTransaction) -> Result<Self, StoreError> {
        Ok(Self {
            plans: read.open_table(PLANS)?,
            subscriptions: read.open_table(SUBSCRIPTIONS)?,
            subscriptions_by_state: read.open_table(SUBSCRIPTIONS_BY_STATE)?,
            subscriptions_by_account: read.open_table(SUBSCRIPTIONS_BY_ACCOUNT)?,
            payments: read.open_table(PAYMENTS)?,
            payments_by_state: read.open_table(PAYMENTS_BY_STATE)?,
            payments_by_account: read.open_table(PAYMENTS_BY_ACCOUNT)?,
            journal: read.open_table(JOURNAL)?,
            balances: read.open_table(BALANCES)?,
            accounts: read.open_table(ACCOUNTS)?,
            feed: read.open_table(FEED)?,
            time: read.open_table(TIME)?,
        })
    }
}

/// The row of `key`.
pub(super) fn get<K: Key + 'static, R: Record>(
    table: &impl ReadableTable<K, Bytes>,
    key: &K::SelfType<'_>,
) -> Result<Option<R>, StoreError> {
    table.get(key)?.map(|row| R::from_bytes(row.value())).transpose()
}

/// The row of `key`, which another row names.
pub(super) fn get_named<R: Record>(
    table: &impl ReadableTable<u64, Bytes>,
    key: u64,
) -> Result<R, StoreError> {
    let what = std::any::type_name::<R>();
    get(table, &key)?.ok_or_else(|| StoreError::Damaged(format!("{what}: {key} is missing")))
}

/// The second numbers of an index under `first`, in ascending order, below `before`.
pub(super) fn under<A, T>(
    index: &T,
    first: A,
    before: u64,
) -> Result<impl DoubleEndedIterator<Item = Result<u64, StoreError>> + use<'_, A, T>, StoreError>
where
    A: Copy + 'static,
    T: ReadableTable<(A, u64), ()>,
    for<'v> (A, u64): Key + Value<SelfType<'v> = (A, u64)>,
{
    let range = index.range((first, u64::MIN)..(first, before))?;
    Ok(range.map(|entry| Ok(entry?.0.value().1)))
}
