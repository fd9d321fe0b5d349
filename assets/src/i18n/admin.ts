// The English texts of administration: imported by what says them, and loaded with it.
import { admin } from "./en/admin";
import { addTexts } from "./index.svelte";

addTexts(admin);
