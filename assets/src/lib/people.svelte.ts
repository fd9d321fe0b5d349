// The accounts by their ids, for lists that name nobody.
import type { Account, Page } from "@/api/types";
import { query } from "@/stores/query.svelte";

/** The most names that are asked for. */
const MOST = 500;

/** What an account is called; its id while that is not known. */
export function people(): { name: (id: string) => string; readonly all: readonly Account[] } {
  const accounts = query<Page<Account>>(() => "/admin/accounts", () => ({ limit: MOST }));
  const all = $derived(accounts.current?.data?.items ?? []);
  const names = $derived(new Map(all.map((account) => [account.id, account.username])));
  return {
    name: (id) => names.get(id) ?? id,
    get all() {
      return all;
    },
  };
}
